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

/// Repairs the tokens in place and says what was changed.
pub(super) fn repair(
    tokens: &mut [Token],
    known: &BTreeSet<String>,
    field: &BTreeSet<String>,
    own: &BTreeSet<String>,
) -> Vec<String> {
    let words = tokens.iter().filter(|token| token.kind == Kind::Word).count();
    let mut changes = Vec::new();
    for token in tokens.iter_mut().filter(|token| token.kind == Kind::Word) {
        if known.contains(&token.text) || own.contains(&token.text) || super::dates::is_date_word(&token.text) {
            continue;
        }
        let plain = without_repeats(&token.text);
        let fixed = if plain != token.text && (known.contains(&plain) || own.contains(&plain)) {
            Some(plain)
        } else {
            nearest(&plain, field.iter().chain(own), words <= 2)
        };
        if let Some(fixed) = fixed {
            changes.push(format!("{} → {fixed}", token.text));
            token.text = fixed;
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

/// The one word within reach: one edit for 4 to 7 letters, two for more; of three letters only in the shortest texts.
fn nearest<'a>(word: &str, candidates: impl Iterator<Item = &'a String>, short_text: bool) -> Option<String> {
    let length = word.chars().count();
    let reach = match length {
        3 if short_text => 1,
        4..=7 => 1,
        8..=20 => 2,
        _ => return None,
    };
    let mut best: Option<(usize, &String)> = None;
    let mut tied = false;
    for candidate in candidates {
        let other = candidate.chars().count();
        if other.abs_diff(length) > reach || (length == 3 && other != 3) {
            continue;
        }
        let distance = strsim::osa_distance(word, candidate);
        if distance > reach {
            continue;
        }
        match best {
            Some((least, _)) if distance > least => {}
            Some((least, winner)) if distance == least => tied = tied || winner != candidate,
            _ => (best, tied) = (Some((distance, candidate)), false),
        }
    }
    best.filter(|_| !tied).map(|(_, winner)| winner.clone())
}
