//! Short forms are written out, and misspelt words of the field are repaired: only unknown words, only to one winner,
//! and never numbers.

use std::collections::{BTreeSet, HashMap};

use super::lexicon::WordMap;
use super::own::Own;
use super::owners::NOBODY;
use super::packed::{Cells, Lists, Reader, WordTable, Writer, hash};
use super::tokens::{Kind, Token};
use super::words::Example;

/// Writes out short forms; every word of the long form stands for the same characters.
pub(super) fn expand(tokens: Vec<Token>, abbreviations: &WordMap<Vec<String>>) -> Vec<Token> {
    let mut out = Vec::with_capacity(tokens.len());
    let mut before = Kind::Symbol;
    for token in tokens {
        // "q3", "1 r" and the like are no short forms of words.
        let touches = token.glued && before == Kind::Number;
        before = token.kind;
        match abbreviations.get(&token.text).filter(|_| !touches) {
            Some(words) => {
                let kind = Kind::Word;
                out.extend(words.iter().map(|word| Token { text: word.clone(), kind, ..token }));
            }
            None => out.push(token),
        }
    }
    out
}

/// Words that misspellings are repaired to. Most are told off by how many letters they have, and which: a look at one
/// costs less than a nanosecond, so that no index over slips of the finger has to be kept.
#[derive(Clone, Debug, Default)]
pub(super) struct Speller {
    /// For each number of letters the first word that has so many; the words stand by rising number.
    by_length: Cells<4>,
    /// Which letters each word has.
    letters: Cells<4>,
    /// How often each stands in the examples, times two; and one more if it is of the field.
    weights: Cells<4>,
    texts: Lists<1>,
    /// Words that stand side by side in an example.
    pairs: WordTable,
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

/// A word that a misspelling may be repaired to.
#[derive(Clone, Copy, Debug)]
struct Word<'a> {
    text: &'a str,
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
        let letters = |word: &&String| word.chars().count() >= 3 && word.chars().all(char::is_alphabetic);
        let mut words: Vec<&String> = known.union(field).filter(letters).collect();
        let length = |word: &String| word.chars().count().min(LETTERS_MAX + FAR + 1);
        words.sort_by_key(|word| length(word));
        let weight = |word: &&String| {
            let of_field = field.contains(*word);
            let weight = counts.get(word.as_str()).copied().unwrap_or_default() + if of_field { OF_FIELD } else { 1 };
            weight * 2 + usize::from(of_field)
        };
        let first = |letters: usize| words.partition_point(|word| length(word) < letters);
        Self {
            by_length: Cells::of_numbers((0..=LETTERS_MAX + FAR + 1).map(first)),
            letters: Cells::of(words.iter().map(|word| letters_of(word).to_le_bytes())),
            weights: Cells::of_numbers(words.iter().map(weight)),
            texts: Lists::of(words.iter().map(|word| word.bytes().map(|byte| [byte]))),
            pairs: WordTable::of_hashes(pairs),
        }
    }

    pub(super) fn write(&self, out: &mut Writer) {
        self.by_length.write(out);
        self.letters.write(out);
        self.weights.write(out);
        self.texts.write(out);
        self.pairs.write(out);
    }

    pub(super) fn read(from: &mut Reader) -> Option<Self> {
        let (by_length, letters, weights) = (Cells::read(from)?, Cells::read(from)?, Cells::read(from)?);
        Some(Self { by_length, letters, weights, texts: Lists::read(from)?, pairs: WordTable::read(from)? })
    }

    /// How often a word counts here: more beside words that it stands beside in an example.
    fn weight_at(&self, place: &Place<'_>, word: &str, weight: usize) -> usize {
        let beside = |before: &str, after: &str| self.pairs.has(pair(before, after));
        let times = |beside: bool| if beside { BESIDE } else { 1 };
        weight * times(beside(place.before, word)) * times(beside(word, place.after))
    }

    /// The known words that may be within reach of one with so many letters, and with these.
    fn like(&self, length: usize, letters: u32, reach: usize) -> Vec<Word<'_>> {
        let (start, end) = (self.first(length.saturating_sub(reach)), self.first(length + reach + 1));
        let known = self.letters.all().get(start..end).unwrap_or_default();
        let near = |known: &[u8; 4]| within(u32::from_le_bytes(*known), letters, reach);
        let mut like = Vec::new();
        // Hardly any word is near: that none of several is, a processor tells of all of them at once.
        for (several, start) in known.chunks(TOGETHER).zip((start..end).step_by(TOGETHER)) {
            if several.iter().fold(false, |any, known| any | near(known)) {
                let numbered = several.iter().zip(start..).filter(|(known, _)| near(known));
                like.extend(numbered.filter_map(|(_, number)| self.word(number)));
            }
        }
        like
    }

    /// The number of the first word with at least so many letters.
    fn first(&self, letters: usize) -> usize {
        self.by_length.number(letters).unwrap_or_default()
    }

    fn word(&self, number: usize) -> Option<Word<'_>> {
        let text = std::str::from_utf8(self.texts.get(number).as_flattened()).ok()?;
        let weight = self.weights.number(number)?;
        Some(Word { text, of_field: weight % 2 == 1, weight: weight / 2 })
    }

    /// The one word within reach: one edit for up to 7 letters, two for more. Of several at the same distance one must
    /// count far more than the others: words that fit beside their neighbours do, and the person's own and those of the
    /// field.
    fn nearest(&self, word: &str, own: &Own<'_>, place: &Place<'_>) -> Option<String> {
        let length = word.chars().count();
        let reach = match length {
            3..=7 => 1,
            8..=LETTERS_MAX => FAR,
            _ => return None,
        };
        let letters = letters_of(word);
        let near = |other: &&str| within(letters_of(other), letters, reach);
        let known = self.like(length, letters, reach).into_iter().map(|word| (word.text, word.of_field, word.weight));
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
            // Two slips are only believed in words of the field, and not in the first letter: "coverage" is no
            // "average", and "regarding" no "reading".
            let reach = if of_field && candidate.chars().next() == word.chars().next() { reach } else { 1 };
            let far = other.abs_diff(length) > reach || !within(letters_of(candidate), letters, reach);
            if far || !short || !believable {
                continue;
            }
            let distance = strsim::osa_distance(word, candidate);
            if distance > reach || best.is_some_and(|(least, ..)| distance > least) {
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
    hash(before.bytes().chain(std::iter::once(b' ')).chain(after.bytes()))
}

/// So many words are looked at together.
const TOGETHER: usize = 16;

/// Longest word that is repaired.
const LETTERS_MAX: usize = 20;

/// So many letters of a long word may be wrong.
const FAR: usize = 2;

/// Which letters a word has, as bits: words that differ in many have many edits between them.
fn letters_of(word: &str) -> u32 {
    word.chars().fold(0, |letters, c| letters | 1 << (u32::from(c) % 32))
}

/// Whether words with these letters can be so near: an edit changes two letters at most.
#[inline]
fn within(a: u32, b: u32, reach: usize) -> bool {
    // One bit less at a time: that takes fewer steps than to count the bits on processors that cannot do so by themselves.
    let less = |bits: u32| bits & bits.wrapping_sub(1);
    let two = less(less(a ^ b));
    (if reach < FAR { two } else { less(less(two)) }) == 0
}

/// Repairs the tokens in place and says what was changed. `known` tells words that are right as they are.
pub(super) fn repair(
    tokens: &mut [Token],
    known: impl Fn(&str) -> bool,
    speller: &Speller,
    own: &Own<'_>,
) -> Vec<String> {
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
        let spelt = |word: &str| known(word) || own.has(word) || super::dates::is_date_word(word);
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
        let fixed = if plain != text && (known(&plain) || own.has(&plain)) {
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
