//! Short forms are written out, and misspelt words of the field are repaired: only unknown words, only to one winner,
//! and never numbers.

use std::collections::{BTreeMap, BTreeSet};

use super::tokens::{Kind, Token};

/// Writes out short forms; every word of the long form stands for the same characters.
pub(super) fn expand(tokens: Vec<Token>, abbreviations: &BTreeMap<String, Vec<String>>) -> Vec<Token> {
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

/// Words of three letters are repaired to words of four only if those are so frequent.
const FREQUENT: usize = 30;

/// Words that lead to a name: what follows is no misspelling of just any word.
const LEADS: &[&str] = &["at", "from", "to", "with", "by", "on", "about", "paid", "pay", "called", "named"];

impl Speller {
    /// A speller for all words that are known, some of which are of the field, and how often they occur.
    pub(super) fn of(known: &BTreeSet<String>, field: &BTreeSet<String>, counts: &BTreeMap<String, usize>) -> Self {
        let letters = |word: &&String| word.chars().count() >= 3 && word.chars().all(char::is_alphabetic);
        let word = |text: &String| {
            let of_field = field.contains(text);
            let weight = counts.get(text).copied().unwrap_or_default() + if of_field { OF_FIELD } else { 1 };
            Word { text: text.clone(), of_field, weight }
        };
        let words: Vec<Word> = known.union(field).filter(letters).map(word).collect();
        let mut remains = Vec::with_capacity(words.len() * 16);
        for (word, number) in words.iter().zip(0_u32..) {
            without_letters(&word.text, |rest| remains.push((rest, number)));
        }
        remains.sort_unstable();
        remains.dedup();
        Self { words, remains }
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
    /// be far more frequent than the others; the person's own words and those of the field count much.
    fn nearest(&self, word: &str, own: &BTreeSet<String>, short_text: bool, name: bool) -> Option<String> {
        let length = word.chars().count();
        let reach = match length {
            3..=7 => 1,
            8..=LETTERS_MAX => 2,
            _ => return None,
        };
        let letters = letters_of(word);
        let near =
            |other: &&String| (letters_of(other) ^ letters).count_ones() <= 2 * u32::try_from(reach).unwrap_or(2);
        let known = self.like(word).into_iter().map(|word| (word.text.as_str(), word.of_field, word.weight));
        let own = own.iter().filter(near).map(|word| (word.as_str(), true, OF_FIELD));
        let mut best: Option<(usize, usize, &str)> = None;
        let mut next_weight = 0;
        for (candidate, of_field, weight) in known.chain(own) {
            let other = candidate.chars().count();
            let short = length > 3 || (other == 3 && of_field && short_text) || (other == 4 && weight >= FREQUENT);
            if other.abs_diff(length) > reach || !short || (name && !of_field) {
                continue;
            }
            let distance = strsim::osa_distance(word, candidate);
            // Two slips are only believed in words of the field, and not in the first letter: "coverage" is no
            // "average", and "regarding" no "reading".
            let far_fetched = distance > 1 && !(of_field && candidate.chars().next() == word.chars().next());
            if distance > reach || far_fetched || best.is_some_and(|(least, ..)| distance > least) {
                continue;
            }
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
pub(super) fn repair(
    tokens: &mut [Token],
    known: &BTreeSet<String>,
    speller: &Speller,
    own: &BTreeSet<String>,
) -> Vec<String> {
    let words = tokens.iter().filter(|token| token.kind == Kind::Word).count();
    let mut changes = Vec::new();
    let mut name = false;
    for token in tokens.iter_mut() {
        let in_name = name;
        // "at pret a manger": a name goes on behind its first word, and behind an article.
        name = LEADS.contains(&token.text.as_str()) || (in_name && matches!(token.text.as_str(), "a" | "the" | "my"));
        let spelt = |word: &str| known.contains(word) || own.contains(word) || super::dates::is_date_word(word);
        // The plural of a word is a word.
        let right = spelt(&token.text) || token.text.strip_suffix('s').is_some_and(spelt);
        if token.kind != Kind::Word || right {
            continue;
        }
        let plain = without_repeats(&token.text);
        let fixed = if plain != token.text && (known.contains(&plain) || own.contains(&plain)) {
            Some(plain)
        } else {
            speller.nearest(&plain, own, words <= 2, in_name)
        };
        match fixed {
            Some(fixed) => {
                changes.push(format!("{} → {fixed}", token.text));
                token.text = fixed;
            }
            None => name = in_name,
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
