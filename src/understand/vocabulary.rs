//! Which features a model knows, how rare each is, and what a text looks like in their numbers.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

use super::features::Feature;

/// A feature of a text: its row in the model, its weight, and whether it is a word rather than a piece of one.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Entry {
    pub(super) row: usize,
    pub(super) weight: f32,
    pub(super) is_word: bool,
}

/// What pieces weigh beside whole words: they still speak when a word is misspelt.
const PIECES: f32 = 1.3;

/// A text as numbers, by rising row; words and pieces are two blocks, words of unit length.
pub(super) type Vector = Vec<Entry>;

/// The features of a model.
#[derive(Debug, Default)]
pub(super) struct Vocabulary {
    rows: HashMap<u64, (u32, f32), Hashed>,
    /// How rare a feature counts that was never seen.
    pub(super) unseen: f32,
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
        let numbered = kept.into_iter().zip(0_u32..);
        Self { rows: numbered.map(|((hash, count), row)| (hash, (row, rarity(count)))).collect(), unseen: rarity(0) }
    }

    /// Every feature in the order of the rows, with how rare it counts.
    pub(super) fn features(&self) -> Vec<(u64, f32)> {
        let mut features: Vec<(u32, u64, f32)> =
            self.rows.iter().map(|(hash, (row, rarity))| (*row, *hash, *rarity)).collect();
        features.sort_unstable_by_key(|(row, ..)| *row);
        features.into_iter().map(|(_, hash, rarity)| (hash, rarity)).collect()
    }

    /// From the features in the order of the rows.
    pub(super) fn from_features(features: &[(u64, f32)], unseen: f32) -> Self {
        let numbered = features.iter().zip(0_u32..);
        Self { rows: numbered.map(|((hash, rarity), row)| (*hash, (row, *rarity))).collect(), unseen }
    }

    /// How many features there are.
    pub(super) fn len(&self) -> usize {
        self.rows.len()
    }

    /// A text as numbers; features that were never seen are left out.
    pub(super) fn vector(&self, features: &[Feature]) -> Vector {
        let entry = |feature: &Feature| {
            let (row, weight) = self.rows.get(&feature.hash)?;
            Some(Entry { row: usize::try_from(*row).ok()?, weight: *weight, is_word: feature.is_word })
        };
        let mut entries: Vec<Entry> = features.iter().filter_map(entry).collect();
        entries.sort_unstable_by_key(|entry| entry.row);
        let mut vector: Vector = Vec::with_capacity(entries.len());
        for run in entries.chunk_by(|a, b| a.row == b.row) {
            let weight = (1.0 + ln(as_f32(run.len()))) * run[0].weight;
            vector.push(Entry { weight, ..run[0] });
        }
        let length = |word: bool| {
            let squares = vector.iter().filter(|entry| entry.is_word == word).map(|entry| entry.weight * entry.weight);
            squares.sum::<f32>().sqrt().max(1e-6)
        };
        let (words, pieces) = (length(true), length(false));
        for entry in &mut vector {
            entry.weight *= if entry.is_word { 1.0 / words } else { PIECES / pieces };
        }
        vector
    }

    /// The share of a text's single words that were ever seen, rare ones counting more: between 0 and 1.
    pub(super) fn known_share(&self, words: impl IntoIterator<Item = u64>) -> f32 {
        let (mut seen, mut all) = (0.0_f32, 0.0_f32);
        for hash in words {
            let known = self.rows.get(&hash).map(|(_, rarity)| *rarity);
            all += known.unwrap_or(self.unseen);
            seen += known.unwrap_or_default();
        }
        if all > 0.0 { seen / all } else { 0.0 }
    }
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
