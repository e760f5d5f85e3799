//! A linear classifier over words and pieces of words: one L2-loss support vector machine for each intent, trained
//! by dual coordinate descent (Hsieh et al. 2008, ICML) when the words are loaded.

use std::collections::{BTreeMap, HashMap};

use super::features::{Feature, features};
use crate::domain::reading::Intent;

/// Misclassification cost; small, because examples are few and features many.
const COST: f32 = 0.5;
/// Where every intent starts: most texts are not it. Only what contradicts that needs learning.
const PRIOR: f32 = -1.0;
/// What is not this bot's job has a third of all examples and so a strong pull; refusing a fair question costs this.
const REFUSAL_COST: f32 = 0.08;
/// Passes over the examples.
const EPOCHS: usize = 4;

/// A trained model. Scores above 0 say "this intent", below 0 "another one".
#[derive(Debug)]
pub(super) struct Classifier {
    intents: Vec<Intent>,
    /// Feature to its row, and its weight by rarity.
    index: HashMap<u64, (usize, f32)>,
    /// One row a feature, one column an intent.
    rows: Vec<f32>,
    bias: Vec<f32>,
}

/// A text as numbers: row and weight, of unit length in each block.
type Vector = Vec<(usize, f32)>;

impl Classifier {
    /// Learns from examples. The same examples give the same model, bit by bit.
    pub(super) fn train(examples: &[(Intent, Vec<String>)]) -> Self {
        let mut intents: Vec<Intent> = examples.iter().map(|(intent, _)| *intent).collect();
        intents.sort_unstable();
        intents.dedup();
        let texts: Vec<Vec<Feature>> = examples.iter().map(|(_, example)| features(example)).collect();
        let index = index(&texts);
        let columns = intents.len();
        let mut model = Self { rows: vec![0.0; index.len() * columns], bias: vec![PRIOR; columns], intents, index };
        let vectors: Vec<Vector> = texts.iter().map(|text| model.vector(text)).collect();
        let gold: Vec<usize> =
            examples.iter().map(|(intent, _)| model.intents.binary_search(intent).unwrap_or_default()).collect();
        model.descend(&vectors, &gold);
        model
    }

    fn vector(&self, text: &[Feature]) -> Vector {
        let mut counts: BTreeMap<usize, (f32, f32, bool)> = BTreeMap::new();
        for feature in text {
            if let Some((row, rarity)) = self.index.get(&feature.hash) {
                counts.entry(*row).or_insert((0.0, *rarity, feature.is_word)).0 += 1.0;
            }
        }
        let weight = |(count, rarity, _): (f32, f32, bool)| (1.0 + count.ln()) * rarity;
        let length = |word: bool| {
            counts.values().filter(|c| c.2 == word).map(|c| weight(*c).powi(2)).sum::<f32>().sqrt().max(1e-6)
        };
        let (words, pieces) = (length(true), length(false));
        counts.iter().map(|(row, count)| (*row, weight(*count) / if count.2 { words } else { pieces })).collect()
    }

    fn add_scores(&self, vector: &Vector, scores: &mut [f32]) {
        let columns = self.intents.len();
        for (row, weight) in vector {
            let row = &self.rows[row * columns..(row + 1) * columns];
            for (score, entry) in scores.iter_mut().zip(row) {
                *score += weight * entry;
            }
        }
    }

    /// All columns descend together: one look at an example serves every intent. Columns that have nothing left to
    /// learn from an example are not looked at again ("shrinking", section 3.2 of the paper), which saves most of the work.
    fn descend(&mut self, vectors: &[Vector], gold: &[usize]) {
        let columns = self.intents.len();
        let mut alphas = vec![0.0_f32; vectors.len() * columns];
        let mut active: Vec<Vec<usize>> = vec![(0..columns).collect(); vectors.len()];
        let softness = 0.5 / COST;
        for epoch in 0..EPOCHS {
            for step in 0..vectors.len() {
                // A fixed stride through the examples mixes the intents; 7919 is prime.
                let at = (step * 7919 + epoch * 31) % vectors.len();
                let vector = &vectors[at];
                let norm: f32 = vector.iter().map(|(_, weight)| weight * weight).sum::<f32>() + 1.0;
                let mut changes: Vec<(usize, f32)> = Vec::new();
                let scores = self.scores_of(vector, &active[at]);
                let mut scores = scores.iter();
                active[at].retain(|column| {
                    let sign = if gold[at] == *column { 1.0 } else { -1.0 };
                    let alpha = &mut alphas[at * columns + column];
                    let gradient = sign * scores.next().copied().unwrap_or_default() - 1.0 + *alpha * softness;
                    let next = (*alpha - gradient / (norm + softness)).max(0.0);
                    let change = (next - *alpha) * sign;
                    *alpha = next;
                    if change.abs() > 1e-3 {
                        changes.push((*column, change));
                    }
                    epoch == 0 || next > 0.0 || gradient < 0.1
                });
                self.update(vector, &changes);
            }
        }
    }

    /// The scores of some columns, in their order.
    fn scores_of(&self, vector: &Vector, columns: &[usize]) -> Vec<f32> {
        let all = self.intents.len();
        if columns.len() == all {
            let mut scores = self.bias.clone();
            self.add_scores(vector, &mut scores);
            return scores;
        }
        columns
            .iter()
            .map(|column| {
                self.bias[*column]
                    + vector.iter().map(|(row, weight)| weight * self.rows[row * all + column]).sum::<f32>()
            })
            .collect()
    }

    fn update(&mut self, vector: &Vector, changes: &[(usize, f32)]) {
        let all = self.intents.len();
        for (column, change) in changes {
            self.bias[*column] += change;
            for (row, weight) in vector {
                self.rows[row * all + column] += change * weight;
            }
        }
    }

    /// Every intent with its score, best first.
    pub(super) fn scores(&self, words: &[String]) -> Vec<(Intent, f32)> {
        let mut scores = self.bias.clone();
        self.add_scores(&self.vector(&features(words)), &mut scores);
        for (intent, score) in self.intents.iter().zip(&mut scores) {
            if *intent == Intent::OutOfScope {
                *score -= REFUSAL_COST;
            }
        }
        let mut ranked: Vec<(Intent, f32)> = self.intents.iter().copied().zip(scores).collect();
        ranked.sort_by(|a, b| b.1.total_cmp(&a.1));
        ranked
    }
}

/// Rows for the features that occur, rare ones weighing more. Pieces that occur in one example only teach nothing.
fn index(texts: &[Vec<Feature>]) -> HashMap<u64, (usize, f32)> {
    let mut counts: HashMap<u64, (usize, usize, bool)> = HashMap::new();
    for (at, text) in texts.iter().enumerate() {
        for feature in text {
            let entry = counts.entry(feature.hash).or_insert((0, usize::MAX, feature.is_word));
            if entry.1 != at {
                *entry = (entry.0 + 1, at, feature.is_word);
            }
        }
    }
    let mut kept: Vec<(u64, usize)> = counts
        .into_iter()
        .filter(|(_, (count, _, word))| *word || *count > 1)
        .map(|(hash, (count, ..))| (hash, count))
        .collect();
    kept.sort_unstable();
    let total = texts.len();
    let rarity = |count: usize| ((1.0 + as_f32(total)) / (1.0 + as_f32(count))).ln() + 1.0;
    kept.into_iter().enumerate().map(|(row, (hash, count))| (hash, (row, rarity(count)))).collect()
}

#[expect(clippy::cast_precision_loss, reason = "counts of examples are far below 2^24")]
fn as_f32(count: usize) -> f32 {
    count as f32
}
