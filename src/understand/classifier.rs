//! What was learnt from the examples of one language, and how a text looks in its light.

use super::features::{self, features};
use super::neighbours::Neighbours;
use super::training::Learnt;
use super::vocabulary::Vocabulary;
use crate::domain::reading::Intent;

/// What the nearest example of an intent adds to its score: an intent is as near as its nearest example.
const NEAR: f32 = 1.0;

/// So many intents are told of an opinion.
const RANKED_MAX: usize = 6;

/// A trained model. Its rows are single bytes: 57 intents of a feature fit into one line of the processor's cache.
#[derive(Debug)]
pub(super) struct Classifier {
    pub(super) intents: Vec<Intent>,
    pub(super) vocabulary: Vocabulary,
    /// One row a feature, one column an intent, to be multiplied by the row's scale.
    pub(super) rows: Vec<i8>,
    pub(super) scales: Vec<f32>,
    pub(super) bias: Vec<f32>,
    pub(super) neighbours: Neighbours,
}

/// One example, as the classifier reads it.
#[derive(Clone, Debug)]
pub(super) struct Lesson {
    pub(super) intent: Intent,
    pub(super) words: Vec<String>,
    /// Lessons of one pattern have one number.
    pub(super) pattern: usize,
}

/// What the model says of a text.
#[derive(Clone, Debug)]
pub(super) struct Opinion {
    /// The likeliest intents with their scores, best first. Scores above 0 say "this intent", below 0 "another one".
    pub(super) ranked: Vec<(Intent, f32)>,
    /// The cosine of the nearest example of the best intent.
    pub(super) near: f32,
    /// The cosine of the nearest example that is out of scope.
    pub(super) near_outside: f32,
    /// The share of words that were ever seen, rare ones counting more.
    pub(super) known: f32,
}

impl Classifier {
    /// Learns from examples. The same examples give the same model, bit by bit.
    pub(super) fn train(lessons: &[Lesson]) -> Self {
        let mut intents: Vec<Intent> = lessons.iter().map(|lesson| lesson.intent).collect();
        intents.sort_unstable();
        intents.dedup();
        let texts: Vec<_> = lessons.iter().map(|lesson| features(&lesson.words)).collect();
        let vocabulary = Vocabulary::of(&texts);
        let vectors: Vec<_> = texts.iter().map(|text| vocabulary.vector(text)).collect();
        let column = |lesson: &Lesson| intents.binary_search(&lesson.intent).unwrap_or_default();
        let gold: Vec<usize> = lessons.iter().map(column).collect();
        let learnt = Learnt::from(&vectors, &gold, vocabulary.len(), intents.len());
        let neighbours = Neighbours::of(&vectors, &gold, vocabulary.len(), intents.len());
        let (rows, scales) = pressed(&learnt.rows, intents.len());
        Self { intents, vocabulary, rows, scales, bias: learnt.bias, neighbours }
    }

    /// What the model says of a text, of the intents that are `possible`. `refusing_costs` is taken from the score of
    /// "not this bot's job", which has half of all examples and so a strong pull.
    pub(super) fn opinion(
        &self,
        words: &[String],
        refusing_costs: f32,
        possible: impl Fn(Intent) -> bool,
    ) -> Option<Opinion> {
        let vector = self.vocabulary.vector(&features(words));
        let mut scores = self.bias.clone();
        for entry in &vector {
            let row = &self.rows[entry.row * scores.len()..(entry.row + 1) * scores.len()];
            let weight = entry.weight * self.scales[entry.row];
            scores.iter_mut().zip(row).for_each(|(score, learnt)| *score += weight * f32::from(*learnt));
        }
        let nearest = self.neighbours.nearest(&vector);
        let near_of =
            |wanted: Intent| self.intents.iter().position(|intent| *intent == wanted).map_or(0.0, |at| nearest[at]);
        let score = |((intent, score), near): ((&Intent, f32), &f32)| {
            let refusing = if *intent == Intent::OutOfScope { refusing_costs } else { 0.0 };
            (*intent, score + NEAR * near - refusing)
        };
        let mut ranked: Vec<(Intent, f32)> = self.intents.iter().zip(scores).zip(&nearest).map(score).collect();
        ranked.retain(|(intent, _)| possible(*intent));
        let better = |a: &(Intent, f32), b: &(Intent, f32)| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0));
        if ranked.len() > RANKED_MAX {
            ranked.select_nth_unstable_by(RANKED_MAX, better);
            ranked.truncate(RANKED_MAX);
        }
        ranked.sort_unstable_by(better);
        let best = ranked.first()?.0;
        let (near, near_outside) = (near_of(best), near_of(Intent::OutOfScope));
        let known =
            self.vocabulary.known_share(words.iter().filter(|word| *word != "?").map(|word| features::word(word)));
        Some(Opinion { ranked, near, near_outside, known })
    }

    /// Whether every number in it points to something that is there.
    pub(super) fn fits_together(&self) -> bool {
        let (columns, rows) = (self.intents.len(), self.vocabulary.len());
        self.bias.len() == columns
            && self.scales.len() == rows
            && self.rows.len() == rows * columns
            && self.neighbours.fit_together(rows, columns)
    }

    /// The examples that share a word with a text, by the number of their lesson, nearest first.
    pub(super) fn nearest(&self, words: &[String]) -> Vec<(usize, f32)> {
        self.neighbours.ranked(&self.vocabulary.vector(&features(words)))
    }
}

/// Rows as bytes, each with its own scale; costs less than a tenth of a point and a quarter of the room.
fn pressed(rows: &[f32], columns: usize) -> (Vec<i8>, Vec<f32>) {
    let mut bytes = Vec::with_capacity(rows.len());
    let mut scales = Vec::with_capacity(rows.len() / columns.max(1));
    for row in rows.chunks(columns.max(1)) {
        let largest = row.iter().fold(0.0_f32, |largest, learnt| largest.max(learnt.abs()));
        let scale = if largest > 0.0 { largest / 127.0 } else { 1.0 };
        bytes.extend(row.iter().map(|learnt| nearest_byte(learnt / scale)));
        scales.push(scale);
    }
    (bytes, scales)
}

#[expect(clippy::cast_possible_truncation, reason = "rounded and held within the byte before")]
fn nearest_byte(value: f32) -> i8 {
    value.round().clamp(-127.0, 127.0) as i8
}
