//! Words and phrases, looked up without trying each.

use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasherDefault, Hasher};

use super::tokens::View;

/// FNV-1a: quick for short words. What is hashed from outside is only looked up, never kept, so no text can fill a
/// table with words that collide.
#[derive(Debug)]
pub(super) struct Fnv(u64);

impl Default for Fnv {
    fn default() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }
}

impl Hasher for Fnv {
    fn finish(&self) -> u64 {
        // The table takes its bits from both ends.
        self.0 ^ (self.0 >> 32)
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
    }
}

/// Words by themselves.
pub(super) type WordSet = HashSet<String, BuildHasherDefault<Fnv>>;

/// What words stand for.
pub(super) type WordMap<T> = HashMap<String, T, BuildHasherDefault<Fnv>>;

/// A phrase of a list, as normalised words, and what it means.
pub(super) type Phrases<T> = Vec<(Vec<String>, T)>;

/// A list of phrases, by their first words.
#[derive(Debug)]
pub(super) struct Lexicon<T> {
    phrases: Phrases<T>,
    /// Which phrases begin with a word, in the order of the list.
    first: WordMap<Vec<usize>>,
}

impl<T: Copy> Lexicon<T> {
    /// From phrases in the order in which they are to be tried.
    pub(super) fn of(phrases: Phrases<T>) -> Self {
        let mut first = WordMap::<Vec<usize>>::default();
        for (nth, (phrase, _)) in phrases.iter().enumerate() {
            if let Some(word) = phrase.first() {
                first.entry(word.clone()).or_default().push(nth);
            }
        }
        Self { phrases, first }
    }

    /// All phrases and what they mean.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&[String], &T)> {
        self.phrases.iter().map(|(phrase, meaning)| (phrase.as_slice(), meaning))
    }

    /// The phrases that stand at a place, by how many words they have, and what they mean.
    pub(super) fn at<'a>(&'a self, view: View<'a>, at: usize) -> impl Iterator<Item = (usize, &'a T)> {
        let numbers = self.first.get(view.text(at)).map(Vec::as_slice).unwrap_or_default();
        numbers.iter().filter_map(move |nth| {
            let (phrase, meaning) = self.phrases.get(*nth)?;
            let here = phrase.iter().enumerate().skip(1).all(|(i, word)| view.is(at + i, word));
            here.then_some((phrase.len(), meaning))
        })
    }

    /// Whether some phrase has this word.
    pub(super) fn has(&self, word: &str) -> bool {
        self.phrases.iter().any(|(phrase, _)| phrase.iter().any(|part| part == word))
    }

    /// The same list with its phrases put otherwise.
    pub(super) fn told(&self, tell: impl Fn(Vec<String>) -> Vec<String>) -> Self {
        Self::of(self.phrases.iter().map(|(phrase, meaning)| (tell(phrase.clone()), *meaning)).collect())
    }
}
