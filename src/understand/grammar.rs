//! One grammar for all languages: a language tells its words of time, number and money in those of the grammar, which
//! are English, and where its words stand otherwise. What is told so is data, in `bot-flows/words`.
//!
//! "el mes pasado" is told as "the last month", "vor 3 Wochen" as "3 weeks ago", "2.500,00" as "2500,00". Every word that is
//! told stands for the characters it came from.

use std::collections::BTreeMap;

use super::dates;
use super::numbers;
use super::tokens::{Kind, Token, View};
use super::words::split;

/// A piece of a pattern of word order.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Piece {
    Word(String),
    /// A word of time: a unit, a month, a weekday, a season.
    Time,
    /// A count of one word.
    Count,
}

/// The words of a phrase, and the words that it is told as.
type Phrase = (Vec<String>, Vec<String>);

/// What stands in the grammar's order: a piece of what was said, by its place, or a word.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Told {
    Piece(usize),
    Word(String),
}

/// How a language tells what the grammar reads.
#[derive(Clone, Debug, Default)]
pub(super) struct Grammar {
    /// By the first word: phrases, longest first, and the words they are told as.
    phrases: BTreeMap<String, Vec<Phrase>>,
    /// Pieces as they are said, and in which order the grammar wants them.
    orders: Vec<(Vec<Piece>, Vec<Told>)>,
    /// Whether 1.234,56 is a thousand and a bit.
    decimal_comma: bool,
    /// Whether a dot makes an ordinal: "3. Mai".
    ordinal_dot: bool,
}

impl Grammar {
    /// From lists of phrases by what they are told as, and pairs of word orders; reports the first order that is wrong.
    pub(super) fn new(
        lists: &BTreeMap<String, Vec<String>>,
        orders: &[(String, String)],
        decimal_comma: bool,
        ordinal_dot: bool,
    ) -> Result<Self, String> {
        let mut phrases: BTreeMap<String, Vec<Phrase>> = BTreeMap::new();
        for (told, said) in lists {
            for phrase in said {
                let words = split(phrase);
                if let Some(first) = words.first().cloned() {
                    phrases.entry(first).or_default().push((words, split(told)));
                }
            }
        }
        for list in phrases.values_mut() {
            list.sort_by_key(|(words, _)| std::cmp::Reverse(words.len()));
        }
        let orders = orders.iter().map(|(said, told)| order(said, told)).collect::<Result<_, _>>()?;
        Ok(Self { phrases, orders, decimal_comma, ordinal_dot })
    }

    /// Every word that the language has for what the grammar reads.
    pub(super) fn said(&self) -> impl Iterator<Item = &String> {
        self.phrases.values().flatten().flat_map(|(words, _)| words)
    }

    /// Every word that they are told as.
    pub(super) fn told(&self) -> impl Iterator<Item = &String> {
        self.phrases.values().flatten().flat_map(|(_, words)| words)
    }

    /// Tells a text in the words of the grammar.
    pub(super) fn tell(&self, tokens: Vec<Token>) -> Vec<Token> {
        if self.phrases.is_empty() {
            return tokens;
        }
        let tokens = if self.decimal_comma { join_groups(tokens) } else { tokens };
        let tokens = self.words(tokens);
        let tokens = if self.ordinal_dot { name_ordinals(tokens) } else { tokens };
        self.reorder(tokens)
    }

    /// Tells the words of a list or of an example, where no order matters.
    pub(super) fn tell_words(&self, words: Vec<String>) -> Vec<String> {
        let token = |text| Token { text, kind: Kind::Word, from: 0, to: 0, glued: false };
        self.words(words.into_iter().map(token).collect()).into_iter().map(|token| token.text).collect()
    }

    fn words(&self, tokens: Vec<Token>) -> Vec<Token> {
        let mut out: Vec<Token> = Vec::with_capacity(tokens.len());
        let mut at = 0;
        while at < tokens.len() {
            let here = |words: &[String]| words.iter().enumerate().all(|(i, word)| View(&tokens).is(at + i, word));
            let found = self.phrases.get(&tokens[at].text).and_then(|list| list.iter().find(|(words, _)| here(words)));
            let Some((words, told)) = found else {
                out.push(tokens[at].clone());
                at += 1;
                continue;
            };
            let to = tokens[at + words.len() - 1].to;
            for (nth, text) in told.iter().enumerate() {
                let kind = if text.bytes().all(|b| b.is_ascii_digit()) { Kind::Number } else { Kind::Word };
                let glued = nth == 0 && tokens[at].glued;
                out.push(Token { text: text.clone(), kind, from: tokens[at].from, to, glued });
            }
            at += words.len();
        }
        out
    }

    fn reorder(&self, mut tokens: Vec<Token>) -> Vec<Token> {
        let mut at = 0;
        while at < tokens.len() {
            let fits = |(said, _): &&(Vec<Piece>, Vec<Told>)| {
                said.iter().enumerate().all(|(i, piece)| piece.fits(View(&tokens), at + i))
            };
            let Some((said, told)) = self.orders.iter().find(fits) else {
                at += 1;
                continue;
            };
            let group = &tokens[at..at + said.len()];
            let from = group.iter().map(|token| token.from).min().unwrap_or_default();
            let to = group.iter().map(|token| token.to).max().unwrap_or_default();
            let moved: Vec<Token> = told
                .iter()
                .map(|told| match told {
                    Told::Piece(place) => Token { from, to, glued: false, ..group[*place].clone() },
                    Told::Word(text) => Token { text: text.clone(), kind: Kind::Word, from, to, glued: false },
                })
                .collect();
            let end = at + moved.len();
            tokens.splice(at..at + said.len(), moved);
            at = end;
        }
        tokens
    }
}

impl Piece {
    fn parse(text: &str) -> Self {
        match text {
            "{time}" => Self::Time,
            "{n}" => Self::Count,
            word => Self::Word(word.to_owned()),
        }
    }

    fn fits(&self, view: View<'_>, at: usize) -> bool {
        match self {
            Self::Word(word) => view.is(at, word),
            Self::Time => dates::is_date_word(view.text(at)),
            Self::Count => numbers::count(view, at).is_some_and(|(_, end)| end == at + 1) || view.is(at, "a"),
        }
    }
}

/// Reads `["before {n} {time}", "{n} {time} ago"]`: every piece in braces that is told must be said.
fn order(said: &str, told: &str) -> Result<(Vec<Piece>, Vec<Told>), String> {
    let pieces: Vec<&str> = said.split_whitespace().collect();
    let place = |word: &str| match pieces.iter().position(|piece| *piece == word) {
        Some(place) => Ok(Told::Piece(place)),
        None if word.starts_with('{') => Err(format!("the order {said:?} has no {word}")),
        None => Ok(Told::Word(word.to_owned())),
    };
    let told = told.split_whitespace().map(place).collect::<Result<Vec<Told>, _>>()?;
    match pieces.is_empty() || told.is_empty() {
        true => Err(format!("an order of no words: {said:?}, {told:?}")),
        false => Ok((pieces.into_iter().map(Piece::parse).collect(), told)),
    }
}

/// `1.234.567` is one number where the comma parts decimals.
fn join_groups(tokens: Vec<Token>) -> Vec<Token> {
    let mut out: Vec<Token> = Vec::with_capacity(tokens.len());
    let mut at = 0;
    while at < tokens.len() {
        let mut token = tokens[at].clone();
        let begins = View(&tokens).digits(at).is_some_and(|digits| digits.len() <= 3 && !digits.starts_with('0'));
        let group = |at: usize| {
            let view = View(&tokens);
            let three = view.digits(at + 1).is_some_and(|digits| digits.len() == 3);
            begins && view.is(at, ".") && view.glued(at) && view.glued(at + 1) && three
        };
        at += 1;
        while group(at) {
            token.text.push_str(&tokens[at + 1].text);
            token.to = tokens[at + 1].to;
            at += 2;
        }
        out.push(token);
    }
    out
}

/// `3. Mai` is the 3rd of May, `1. bis 15. Oktober` the 1st to the 15th; `3.5.` is 3/5.
fn name_ordinals(mut tokens: Vec<Token>) -> Vec<Token> {
    let mut at = 1;
    while at < tokens.len() {
        let view = View(&tokens);
        let day = view.number(at - 1).is_some_and(|n| (1..=31).contains(&n));
        if !day || !view.is(at, ".") || !view.glued(at) {
            at += 1;
            continue;
        }
        let month = view.number(at + 1).is_some_and(|n| (1..=12).contains(&n)) && view.glued(at + 1);
        let year = view.glued(at + 3) && view.digits(at + 3).is_some();
        if month && view.is(at + 2, ".") && view.glued(at + 2) && !year {
            tokens[at].text = "/".to_owned();
            tokens.remove(at + 2);
            at += 2;
            continue;
        }
        let led = at >= 2 && view.any(at - 2, &["the", "on", "from", "since", "until", "before", "after", "to"]);
        let follows = view.any(at + 1, &["until", "and", "to", "-", "quarter", "half", "week"])
            || dates::is_date_word(view.text(at + 1));
        if (led && !view.glued(at + 1)) || follows {
            tokens[at].text = "th".to_owned();
            tokens[at].kind = Kind::Word;
        }
        at += 1;
    }
    tokens
}
