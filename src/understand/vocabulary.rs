//! Which features a model knows, how rare each is, and what a text looks like in their numbers.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

use super::features::Feature;
use super::packed::{Cells, Hashes, Reader, Writer};

/// A feature of a text.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Entry {
    /// Its row in the model.
    pub(super) row: usize,
    /// How rare it counts.
    pub(super) rarity: f32,
    /// How often it stands in the text.
    pub(super) times: usize,
    /// What it weighs in the text.
    pub(super) weight: f32,
    /// A word rather than a piece of one.
    pub(super) is_word: bool,
}

/// What pieces weigh beside whole words: they still speak when a word is misspelt.
const PIECES: f32 = 1.3;

/// A text as numbers, by rising row; words and pieces are two blocks, words of unit length.
pub(super) type Vector = Vec<Entry>;

/// The features of a model: a row each, in the order of their hashes.
#[derive(Clone, Debug, Default)]
pub(super) struct Vocabulary {
    hashes: Hashes,
    /// How rare each counts.
    rarities: Cells<4>,
    /// How rare a feature counts that was never seen.
    unseen: f32,
}

/// Feature names are hashes already, and none come from outside: hashing them again would buy nothing.
type Hashed = BuildHasherDefault<AsIs>;

/// A hasher that takes a hash as it is.
#[derive(Debug, Default)]
pub(super) struct AsIs(u64);

impl Hasher for AsIs {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = self.0.rotate_left(8) ^ u64::from(*byte);
        }
    }

    fn write_u64(&mut self, hash: u64) {
        self.0 = hash;
    }
}

impl Vocabulary {
    /// The features of these texts, rare ones weighing more. Pieces that occur in one text only teach nothing.
    pub(super) fn of(texts: &[Vec<Feature>]) -> Self {
        let mut counts: HashMap<u64, (usize, usize, bool), Hashed> = HashMap::default();
        for (at, text) in texts.iter().enumerate() {
            for feature in text {
                let entry = counts.entry(feature.hash).or_insert((0, usize::MAX, feature.is_word));
                if entry.1 != at {
                    *entry = (entry.0 + 1, at, feature.is_word);
                }
            }
        }
        let telling = counts.into_iter().filter(|(_, (count, _, word))| *word || *count > 1);
        let mut kept: Vec<(u64, usize)> = telling.map(|(hash, (count, ..))| (hash, count)).collect();
        kept.sort_unstable();
        let rarity = |count: usize| ln((1.0 + as_f32(texts.len())) / (1.0 + as_f32(count))) + 1.0;
        let (hashes, counts): (Vec<u64>, Vec<usize>) = kept.into_iter().unzip();
        Self {
            hashes: Hashes::of(&hashes),
            rarities: Cells::of_floats(counts.into_iter().map(rarity)),
            unseen: rarity(0),
        }
    }

    pub(super) fn write(&self, out: &mut Writer) {
        self.hashes.write(out);
        self.rarities.write(out);
        Cells::of_floats([self.unseen]).write(out);
    }

    pub(super) fn read(from: &mut Reader) -> Option<Self> {
        let (hashes, rarities) = (Hashes::read(from)?, Cells::read(from)?);
        Some(Self { hashes, rarities, unseen: Cells::read(from)?.float(0)? })
    }

    /// How many features there are.
    pub(super) fn len(&self) -> usize {
        self.hashes.len()
    }

    /// A text as numbers; features that were never seen are left out.
    pub(super) fn vector(&self, features: &[Feature]) -> Vector {
        // A row and whether it is a word's, as one number, which sorts quickest.
        let number = |row: usize, is_word: bool| u32::try_from(row * 2 + usize::from(is_word)).ok();
        let found = |feature: &Feature| number(self.hashes.find(feature.hash)?, feature.is_word);
        let mut rows: Vec<u32> = Vec::with_capacity(features.len());
        rows.extend(features.iter().filter_map(found));
        rows.sort_unstable();
        let mut vector: Vector = Vec::with_capacity(rows.len());
        for run in rows.chunk_by(|a, b| a / 2 == b / 2) {
            let (row, is_word) = ((run[0] / 2) as usize, run[0] % 2 == 1);
            let rarity = self.rarities.float(row).unwrap_or_default();
            vector.push(Entry { row, rarity, times: run.len(), weight: weight(run.len(), rarity), is_word });
        }
        let length = |word: bool| {
            let squares = vector.iter().filter(|entry| entry.is_word == word).map(|entry| entry.weight * entry.weight);
            squares.sum::<f32>().sqrt().max(1e-6)
        };
        let (words, pieces) = (1.0 / length(true), PIECES / length(false));
        for entry in &mut vector {
            entry.weight *= if entry.is_word { words } else { pieces };
        }
        vector
    }

    /// The share of a text's single words that were ever seen, rare ones counting more: between 0 and 1.
    pub(super) fn known_share(&self, words: impl IntoIterator<Item = u64>) -> f32 {
        let (mut seen, mut all) = (0.0_f32, 0.0_f32);
        for hash in words {
            let known = self.hashes.find(hash).and_then(|row| self.rarities.float(row));
            all += known.unwrap_or(self.unseen);
            seen += known.unwrap_or_default();
        }
        if all > 0.0 { seen / all } else { 0.0 }
    }
}

/// What a feature weighs that stands so often in a text, before the text is brought to its length.
fn weight(times: usize, rarity: f32) -> f32 {
    // Most stand once, and need no logarithm.
    if times == 1 { rarity } else { (1.0 + ln(as_f32(times))) * rarity }
}

/// A logarithm that is the same on each machine: where their libraries differ, it is behind what is kept of it.
#[expect(clippy::cast_possible_truncation, reason = "rounded on purpose")]
fn ln(number: f32) -> f32 {
    f64::from(number).ln() as f32
}

#[expect(clippy::cast_precision_loss, reason = "counts of examples and words are far below 2^24")]
pub(super) fn as_f32(count: usize) -> f32 {
    count as f32
}
