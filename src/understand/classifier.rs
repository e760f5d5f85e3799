//! What was learnt from the examples of one language, and how a text looks in its light.

use super::features::{self, features};
use super::neighbours::Neighbours;
use super::packed::{Cells, Lists, Reader, Writer};
use super::training::Learnt;
use super::vocabulary::{Vector, Vocabulary};
use crate::domain::reading::Intent;

/// What the nearest example of an intent adds to its score: an intent is as near as its nearest example.
pub(super) const NEAR: f32 = 1.0;

/// Whatever is so far behind the best counts as nothing. What certainty makes of a lead is told by it, too.
pub(super) const IN_SIGHT: f32 = 0.8;

/// So many intents are told of an opinion.
const RANKED_MAX: usize = 6;

/// A trained model. Most of what could be learnt of a feature is nothing, so its row only tells of the intents for which
/// there is something.
#[derive(Clone, Debug, Default)]
pub(super) struct Classifier {
    intents: Vec<Intent>,
    vocabulary: Vocabulary,
    /// For each feature what was learnt for the intents, a byte each, to be multiplied by its scale: behind the columns of
    /// some, or, where these are half of all or more, for every column in turn.
    rows: Lists<2>,
    scales: Cells<4>,
    bias: Cells<4>,
    neighbours: Neighbours,
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
    /// The share of words that were ever seen, rare ones counting more.
    pub(super) known: f32,
}

/// What can be said of a text before examples are looked at, which costs about as much again.
#[derive(Debug)]
pub(super) struct Glance {
    vector: Vector,
    ranked: Vec<Ranked>,
    pub(super) known: f32,
}

impl Glance {
    /// The intents with their scores, and with how near an example of theirs can be at most.
    pub(super) fn scores(&self) -> impl Iterator<Item = (Intent, f32, f32)> {
        self.ranked.iter().map(|ranked| (ranked.intent, ranked.score, ranked.near))
    }
}

/// An intent on its way to an opinion.
#[derive(Clone, Copy, Debug)]
struct Ranked {
    intent: Intent,
    column: usize,
    score: f32,
    /// How near the nearest example is; in a glance, how near it can be at most.
    near: f32,
}

impl Ranked {
    /// Takes in how near the nearest example is.
    fn add(&mut self, near: f32) {
        self.near = near;
        self.score += NEAR * near;
    }
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
        let refused = intents.binary_search(&Intent::OutOfScope).ok();
        let neighbours = Neighbours::of(&vectors, &gold, vocabulary.len(), intents.len(), refused);
        let (rows, scales) = pressed(&learnt.rows, intents.len());
        Self { intents, vocabulary, rows, scales, bias: Cells::of_floats(learnt.bias), neighbours }
    }

    pub(super) fn write(&self, out: &mut Writer) {
        let intents: Vec<&str> = self.intents.iter().map(|intent| intent.word()).collect();
        out.section(intents.join("\n").as_bytes());
        self.vocabulary.write(out);
        self.rows.write(out);
        self.scales.write(out);
        self.bias.write(out);
        self.neighbours.write(out);
    }

    pub(super) fn read(from: &mut Reader) -> Option<Self> {
        let intents = from.section()?;
        Some(Self {
            intents: std::str::from_utf8(&intents).ok()?.lines().map(Intent::parse).collect::<Option<_>>()?,
            vocabulary: Vocabulary::read(from)?,
            rows: Lists::read(from)?,
            scales: Cells::read(from)?,
            bias: Cells::read(from)?,
            neighbours: Neighbours::read(from)?,
        })
    }

    /// What the model says of a text, of the intents that are `possible`.
    pub(super) fn opinion<W: AsRef<str>>(&self, words: &[W], possible: impl Fn(Intent) -> bool) -> Option<Opinion> {
        self.closer(&self.glance(words, possible))
    }

    /// The first half of an opinion, of the intents that are `possible`.
    pub(super) fn glance<W: AsRef<str>>(&self, words: &[W], possible: impl Fn(Intent) -> bool) -> Glance {
        let vector = self.vocabulary.vector(&features(words));
        // A column is a byte, so each has its place.
        let mut scores = [0.0_f32; 256];
        scores.iter_mut().zip(self.bias.floats()).for_each(|(score, bias)| *score = bias);
        for entry in &vector {
            let weight = entry.weight * self.scales.float(entry.row).unwrap_or_default();
            add_row(self.rows.get(entry.row), self.intents.len(), weight, &mut scores);
        }
        let columns = self.intents.iter().zip(scores).enumerate().filter(|(_, (intent, _))| possible(**intent));
        let bounds = self.neighbours.bounds(&vector);
        let ranked = |(column, (intent, score)): (usize, (&Intent, f32))| {
            let near = bounds.get(column).copied().unwrap_or_default();
            Ranked { intent: *intent, score, column, near }
        };
        let ranked = columns.map(ranked).collect();
        let known = self
            .vocabulary
            .known_share(words.iter().map(AsRef::as_ref).filter(|word| *word != "?").map(features::word));
        Glance { vector, ranked, known }
    }

    /// The opinion that a glance becomes with the nearest examples.
    pub(super) fn closer(&self, glance: &Glance) -> Option<Opinion> {
        let mut ranked = glance.ranked.clone();
        self.add_nearest(&glance.vector, &mut ranked);
        let better = |a: &Ranked, b: &Ranked| b.score.total_cmp(&a.score).then(a.intent.cmp(&b.intent));
        if ranked.len() > RANKED_MAX {
            ranked.select_nth_unstable_by(RANKED_MAX, better);
            ranked.truncate(RANKED_MAX);
        }
        ranked.sort_unstable_by(better);
        let best = *ranked.first()?;
        Some(Opinion {
            ranked: ranked.iter().map(|ranked| (ranked.intent, ranked.score)).collect(),
            near: best.near,
            known: glance.known,
        })
    }

    /// Adds to each score how near the nearest example is; they come in the order of their columns. Most intents are so
    /// far behind that no example can bring them back into sight: for these none is looked at.
    fn add_nearest(&self, vector: &Vector, ranked: &mut [Ranked]) {
        let Some(first) = ranked.iter_mut().max_by(|a, b| a.score.total_cmp(&b.score)) else { return };
        first.add(self.neighbours.sweep(vector).nearest(first.column));
        let (done, mut best) = (first.column, first.score);
        let mut sweep = self.neighbours.sweep(vector);
        for ranked in ranked.iter_mut().filter(|ranked| ranked.column != done) {
            if ranked.score + NEAR * ranked.near < best - IN_SIGHT {
                ranked.near = 0.0;
                continue;
            }
            ranked.add(sweep.nearest(ranked.column));
            best = best.max(ranked.score);
        }
    }

    /// The examples that share a word with a text, by the number of their lesson, nearest first.
    pub(super) fn nearest<W: AsRef<str>>(&self, words: &[W]) -> Vec<(usize, f32)> {
        self.neighbours.ranked(&self.vocabulary.vector(&features(words)))
    }
}

/// The cells of a row that tells of each of so many columns; one that tells of some has fewer.
fn full(columns: usize) -> usize {
    columns.div_ceil(2)
}

/// Adds what a row of so many columns tells, times a weight, to their scores.
fn add_row(row: &[[u8; 2]], columns: usize, weight: f32, scores: &mut [f32; 256]) {
    if row.len() == full(columns) {
        let learnt = row.as_flattened();
        scores.iter_mut().zip(learnt).for_each(|(score, byte)| *score += weight * f32::from(byte.cast_signed()));
        return;
    }
    for [column, learnt] in row {
        scores[usize::from(*column)] += weight * f32::from(learnt.cast_signed());
    }
}

/// Rows as bytes, each with its own scale; costs less than a tenth of a point and most of the room.
fn pressed(rows: &[f32], columns: usize) -> (Lists<2>, Cells<4>) {
    let rows = || rows.chunks(columns.max(1));
    let scale = |row: &[f32]| {
        let largest = row.iter().fold(0.0_f32, |largest, learnt| largest.max(learnt.abs()));
        if largest > 0.0 { largest / 127.0 } else { 1.0 }
    };
    let row = |row: &[f32]| {
        let scale = scale(row);
        let bytes: Vec<u8> = row.iter().map(|learnt| nearest_byte(learnt / scale).cast_unsigned()).collect();
        let told = bytes.iter().zip(0_u8..).map(|(learnt, column)| [column, *learnt]);
        let some: Vec<[u8; 2]> = told.filter(|[_, learnt]| *learnt != 0).collect();
        if some.len() < full(columns) {
            return some;
        }
        bytes.chunks(2).map(|pair| [pair[0], pair.get(1).copied().unwrap_or_default()]).collect()
    };
    (Lists::of(rows().map(row)), Cells::of_floats(rows().map(scale)))
}

#[expect(clippy::cast_possible_truncation, reason = "rounded and held within the byte before")]
fn nearest_byte(value: f32) -> i8 {
    value.round().clamp(-127.0, 127.0) as i8
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_tells_the_same_of_a_few_columns_and_of_all() {
        for columns in 1..=9 {
            let told = |nth: usize| (0..columns).map(move |column| if column < nth { 127.0 } else { 0.0 });
            let learnt: Vec<f32> = (0..=columns).flat_map(told).collect();
            let (rows, scales) = pressed(&learnt, columns);
            for nth in 0..=columns {
                let mut scores = [0.0; 256];
                add_row(rows.get(nth), columns, scales.float(nth).unwrap_or_default(), &mut scores);
                assert_eq!(scores[..columns], told(nth).collect::<Vec<_>>(), "{nth} of {columns}");
            }
        }
    }
}
