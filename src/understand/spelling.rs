//! Short forms are written out, and misspelt words of the field are repaired: only unknown words, only to one winner,
//! and never numbers.

use std::collections::{BTreeSet, HashMap};

use super::lexicon::{WordMap, WordSet};
use super::own::Own;
use super::owners::NOBODY;
use super::tokens::{Kind, Token};
use super::words::Example;

/// Writes out short forms; every word of the long form stands for the same characters.
pub(super) fn expand(tokens: Vec<Token>, abbreviations: &WordMap<Vec<String>>) -> Vec<Token> {
    let mut out = Vec::with_capacity(tokens.len());
    for (at, token) in tokens.iter().enumerate() {
        // "q3", "1 r" and the like are no short forms of words.
        let touches = token.glued && at > 0 && tokens[at - 1].kind == Kind::Number;
        match abbreviations.get(&token.text).filter(|_| !touches) {
            Some(words) => {
                let kind = Kind::Word;
                out.extend(words.iter().map(|word| Token { text: word.clone(), kind, ..token.clone() }));
            }
            None => out.push(token.clone()),
        }
    }
    out
}

/// Words that misspellings are repaired to, found without looking at each: a slip of the finger leaves the letters that
/// are left when one is taken out of either word ("symmetric deletion").
#[derive(Debug)]
pub(super) struct Speller {
    words: Vec<Word>,
    /// What is left of a word without some of its letters, hashed, and which word it was; sorted.
    remains: Vec<(u64, u32)>,
    /// Words that stand side by side in an example, hashed; sorted.
    pairs: Vec<u64>,
}

/// Where a misspelt word stands.
struct Place<'a> {
    before: &'a str,
    after: &'a str,
    /// The text has one word or two.
    short_text: bool,
    lead: Lead,
}

/// What stands before a word, as far as names go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Lead {
    /// Nothing that leads to a name.
    None,
    /// "to", "with": a name, or one of the more frequent words.
    Soft,
    /// "at", "on": a name, or a word of the field.
    Name,
    /// "from", "did", "has": somebody, who is often new here. A short name is no word of the field with a slip in it,
    /// as "carl" is no "card".
    Somebody,
    /// "maya's": a name, a word of the field, or what is short for "what is" and the like.
    Owner,
}

#[derive(Debug)]
struct Word {
    text: String,
    of_field: bool,
    /// How often it stands in the examples; words of the field count more.
    weight: usize,
}

/// What a word of the field or of the person counts beside others.
const OF_FIELD: usize = 100;

/// A winner must be so many times as frequent as the next at the same distance.
const CLEARLY: usize = 4;

/// How much more a repair counts for each neighbour that it stands beside in an example.
const BESIDE: usize = 20;

/// Words of three letters are repaired to words of four only if those are so frequent.
const FREQUENT: usize = 30;

/// Words that lead to a name, in the languages that are read: what follows is no misspelling of just any word.
const LEADS: &[&str] = &["at", "by", "on", "about", "paid", "pay", "called", "named", "en", "bei", "beim"];

/// Words that lead to somebody who paid, charged or refunded.
const SOMEBODY: &[&str] = &["from", "did", "has"];

/// A word of so few letters behind one of these is left as it is, if it may be a name.
const NAME_LETTERS_MAX: usize = 4;

/// Words that may lead to a name, but more often to something else: "talk to an agent".
const SOFT_LEADS: &[&str] = &["to", "with"];

impl Speller {
    /// A speller for all words that are known, some of which are of the field, and how often they occur.
    pub(super) fn of(known: &BTreeSet<String>, field: &BTreeSet<String>, examples: &[&Example]) -> Self {
        let mut counts: HashMap<&str, usize> = HashMap::new();
        let mut pairs = Vec::new();
        for example in examples {
            example.words.iter().for_each(|word| *counts.entry(word).or_default() += 1);
            let ends = |word: &'static str| std::iter::once(word);
            let words = || ends("^").chain(example.words.iter().map(String::as_str)).chain(ends("$"));
            pairs.extend(words().zip(words().skip(1)).map(|(before, after)| pair(before, after)));
        }
        pairs.sort_unstable();
        pairs.dedup();
        pairs.shrink_to_fit();
        let letters = |word: &&String| word.chars().count() >= 3 && word.chars().all(char::is_alphabetic);
        let word = |text: &String| {
            let of_field = field.contains(text);
            let weight = counts.get(text.as_str()).copied().unwrap_or_default() + if of_field { OF_FIELD } else { 1 };
            Word { text: text.clone(), of_field, weight }
        };
        let words: Vec<Word> = known.union(field).filter(letters).map(word).collect();
        let mut remains = Vec::with_capacity(words.len() * 16);
        for (word, number) in words.iter().zip(0_u32..) {
            without_letters(&word.text, |rest| remains.push((rest, number)));
        }
        remains.sort_unstable();
        remains.dedup();
        remains.shrink_to_fit();
        Self { words, remains, pairs }
    }

    /// How often a word counts here: more beside words that it stands beside in an example.
    fn weight_at(&self, place: &Place<'_>, word: &str, weight: usize) -> usize {
        let beside = |before: &str, after: &str| self.pairs.binary_search(&pair(before, after)).is_ok();
        let times = |beside: bool| if beside { BESIDE } else { 1 };
        weight * times(beside(place.before, word)) * times(beside(word, place.after))
    }

    /// The known words that share what is left of a word without some letters.
    fn like(&self, word: &str) -> Vec<&Word> {
        let mut numbers: Vec<u32> = Vec::new();
        without_letters(word, |rest| {
            let first = self.remains.partition_point(|(known, _)| *known < rest);
            let same = self.remains[first..].iter().take_while(|(known, _)| *known == rest);
            numbers.extend(same.map(|(_, number)| *number));
        });
        numbers.sort_unstable();
        numbers.dedup();
        numbers.into_iter().filter_map(|number| self.words.get(usize::try_from(number).ok()?)).collect()
    }

    /// The one word within reach: one edit for up to 7 letters, two for more. Of several at the same distance one must
    /// count far more than the others: words that fit beside their neighbours do, and the person's own and those of the
    /// field.
    fn nearest(&self, word: &str, own: &Own<'_>, place: &Place<'_>) -> Option<String> {
        let length = word.chars().count();
        let reach = match length {
            3..=7 => 1,
            8..=LETTERS_MAX => 2,
            _ => return None,
        };
        let letters = letters_of(word);
        let near = |other: &&str| (letters_of(other) ^ letters).count_ones() <= 2 * u32::try_from(reach).unwrap_or(2);
        let known = self.like(word).into_iter().map(|word| (word.text.as_str(), word.of_field, word.weight));
        let own = own.words().filter(near).map(|word| (word, true, OF_FIELD));
        let mut best: Option<(usize, usize, &str)> = None;
        let mut next_weight = 0;
        for (candidate, of_field, weight) in known.chain(own) {
            let other = candidate.chars().count();
            let believable = match place.lead {
                Lead::None => true,
                Lead::Soft => weight >= FREQUENT,
                Lead::Name => of_field,
                Lead::Somebody if of_field => length > NAME_LETTERS_MAX,
                Lead::Somebody => weight >= FREQUENT,
                Lead::Owner => of_field || NOBODY.contains(&candidate),
            };
            let short =
                length > 3 || (other == 3 && of_field && place.short_text) || (other == 4 && weight >= FREQUENT);
            if other.abs_diff(length) > reach || !short || !believable {
                continue;
            }
            let distance = strsim::osa_distance(word, candidate);
            // Two slips are only believed in words of the field, and not in the first letter: "coverage" is no
            // "average", and "regarding" no "reading".
            let far_fetched = distance > 1 && !(of_field && candidate.chars().next() == word.chars().next());
            if distance > reach || far_fetched || best.is_some_and(|(least, ..)| distance > least) {
                continue;
            }
            let weight = self.weight_at(place, candidate, weight);
            match best {
                Some((least, weightiest, winner)) if distance == least => {
                    if winner == candidate {
                        continue;
                    }
                    next_weight = next_weight.max(weight.min(weightiest));
                    if weight > weightiest {
                        best = Some((distance, weight, candidate));
                    }
                }
                _ => (best, next_weight) = (Some((distance, weight, candidate)), 0),
            }
        }
        best.filter(|(_, weight, _)| *weight >= CLEARLY * next_weight).map(|(.., winner)| winner.to_owned())
    }
}

/// Two words side by side, hashed.
fn pair(before: &str, after: &str) -> u64 {
    let bytes = before.bytes().chain(std::iter::once(b' ')).chain(after.bytes());
    bytes.fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3))
}

/// Longest word that is repaired.
const LETTERS_MAX: usize = 20;

/// From this length on two letters may be wrong.
const LONG: usize = 7;

/// Calls back with the hash of a word, of it without each letter, and of longer ones without each two.
fn without_letters(word: &str, mut found: impl FnMut(u64)) {
    let letters: Vec<char> = word.chars().take(LETTERS_MAX + 1).collect();
    let rest = |first: usize, second: usize| {
        letters
            .iter()
            .enumerate()
            .filter(|(at, _)| *at != first && *at != second)
            .fold(0xcbf2_9ce4_8422_2325, |hash, (_, c)| {
                (hash ^ u64::from(u32::from(*c))).wrapping_mul(0x0000_0100_0000_01b3)
            })
    };
    let none = usize::MAX;
    found(rest(none, none));
    for first in 0..letters.len() {
        found(rest(first, none));
        for second in first + 1..if letters.len() >= LONG { letters.len() } else { 0 } {
            found(rest(first, second));
        }
    }
}

/// Which letters a word has, as bits: words that differ in many have many edits between them.
fn letters_of(word: &str) -> u32 {
    word.chars().fold(0, |letters, c| letters | 1 << (u32::from(c) % 32))
}

/// Repairs the tokens in place and says what was changed.
pub(super) fn repair(tokens: &mut [Token], known: &WordSet, speller: &Speller, own: &Own<'_>) -> Vec<String> {
    let short_text = tokens.iter().filter(|token| token.kind == Kind::Word).count() <= 2;
    let mut changes = Vec::new();
    let mut lead = Lead::None;
    for at in 0..tokens.len() {
        let text = tokens[at].text.as_str();
        let here = lead;
        // "at pret a manger": a name goes on behind its first word, and behind an article.
        lead = match text {
            "a" | "an" | "the" | "my" if here == Lead::Somebody => Lead::None,
            "a" | "an" | "the" | "my" => here,
            _ if LEADS.contains(&text) => Lead::Name,
            _ if SOMEBODY.contains(&text) => Lead::Somebody,
            _ if SOFT_LEADS.contains(&text) => Lead::Soft,
            _ => Lead::None,
        };
        let spelt = |word: &str| known.contains(word) || own.has(word) || super::dates::is_date_word(word);
        // The plural of a word is a word.
        let right = spelt(text) || text.strip_suffix('s').is_some_and(spelt);
        if tokens[at].kind != Kind::Word || right {
            continue;
        }
        let beside = |at: Option<usize>, end: &'static str| {
            at.and_then(|at| tokens.get(at)).filter(|token| token.is_word()).map_or(end, |token| token.text.as_str())
        };
        let (before, after) = (beside(at.checked_sub(1), "^"), beside(Some(at + 1), "$"));
        let plain = without_repeats(text);
        let fixed = if plain != text && (known.contains(&plain) || own.has(&plain)) {
            Some(plain)
        } else {
            let lead = if after == "'s" { Lead::Owner } else { here };
            speller.nearest(&plain, own, &Place { before, after, short_text, lead })
        };
        match fixed {
            Some(fixed) => {
                changes.push(format!("{text} → {fixed}"));
                tokens[at].text = fixed;
            }
            None => lead = here,
        }
    }
    changes
}

/// `sooo` as `so`, `balanceee` as `balance`: letters that stand three times or more stand once.
fn without_repeats(word: &str) -> String {
    let chars: Vec<char> = word.chars().collect();
    let mut out = String::with_capacity(word.len());
    let mut at = 0;
    while at < chars.len() {
        let run = chars[at..].iter().take_while(|c| **c == chars[at]).count();
        out.extend(std::iter::repeat_n(chars[at], if run >= 3 { 1 } else { run }));
        at += run;
    }
    out
}
