//! The examples that are nearest to a text: the cosine of their words, by an inverted index.

use std::collections::HashSet;
use std::ops::Range;

use super::vocabulary::Vector;

/// Which examples hold a feature, and how much of them it is.
#[derive(Debug)]
pub(super) struct Neighbours {
    /// For each row the place in `postings` where its examples begin; the next row's is where they end.
    pub(super) starts: Vec<u32>,
    pub(super) postings: Vec<(u32, f32)>,
    /// For each column the examples of its intent, which stand side by side.
    pub(super) columns: Vec<Range<usize>>,
    /// The number of the lesson that stands at each place.
    pub(super) lessons: Vec<u32>,
}

impl Neighbours {
    /// An index over examples whose features are numbered below `rows`, each of one of so many columns.
    pub(super) fn of(examples: &[Vector], gold: &[usize], rows: usize, columns: usize) -> Self {
        let mut order: Vec<usize> = (0..examples.len()).collect();
        order.sort_by_key(|lesson| gold[*lesson]);
        // Sentences of the same words are equally near: one of them is enough.
        let words = |lesson: usize| examples[lesson].iter().filter(|entry| entry.is_word);
        let seen = |lesson: usize| words(lesson).map(|entry| (entry.row, entry.weight.to_bits())).collect::<Vec<_>>();
        let mut said = HashSet::new();
        order.retain(|lesson| said.insert((gold[*lesson], seen(*lesson))));
        let first = |column: usize| order.partition_point(|lesson| gold[*lesson] < column);
        let columns = (0..columns).map(|column| first(column)..first(column + 1)).collect();
        let mut found: Vec<(usize, u32, f32)> = Vec::new();
        for (lesson, place) in order.iter().zip(0_u32..) {
            found.extend(words(*lesson).map(|entry| (entry.row, place, entry.weight)));
        }
        found.sort_unstable_by_key(|(row, place, _)| (*row, *place));
        let mut starts = Vec::with_capacity(rows + 1);
        let mut at = 0;
        for row in 0..=rows {
            while found.get(at).is_some_and(|posting| posting.0 < row) {
                at += 1;
            }
            starts.push(u32::try_from(at).unwrap_or(u32::MAX));
        }
        let postings = found.into_iter().map(|(_, place, weight)| (place, weight)).collect();
        let lessons = order.into_iter().map(|lesson| u32::try_from(lesson).unwrap_or(u32::MAX)).collect();
        Self { starts, postings, columns, lessons }
    }

    /// Whether every number in it points to something that is there.
    pub(super) fn fit_together(&self, rows: usize, columns: usize) -> bool {
        let many = self.lessons.len();
        self.starts.len() == rows + 1
            && self.starts.is_sorted()
            && self.starts.last().is_some_and(|end| *end as usize == self.postings.len())
            && self.postings.iter().all(|(place, _)| (*place as usize) < many)
            && self.columns.len() == columns
            && self.columns.iter().all(|column| column.start <= column.end && column.end <= many)
    }

    /// The cosine with a text of the nearest example of each column.
    pub(super) fn nearest(&self, text: &Vector) -> Vec<f32> {
        let cosines = self.cosines(text);
        self.columns.iter().map(|places| largest(&cosines[places.clone()])).collect()
    }

    /// The examples that share a word with a text, by the number of their lesson, nearest first.
    pub(super) fn ranked(&self, text: &Vector) -> Vec<(usize, f32)> {
        let cosines = self.lessons.iter().zip(self.cosines(text)).filter(|(_, cosine)| *cosine > 0.0);
        let number = |lesson: &u32| usize::try_from(*lesson).unwrap_or(usize::MAX);
        let mut near: Vec<(usize, f32)> = cosines.map(|(lesson, cosine)| (number(lesson), cosine)).collect();
        near.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        near
    }

    /// The cosine of every example with a text, in the order of the columns.
    fn cosines(&self, text: &Vector) -> Vec<f32> {
        let mut cosines = vec![0.0_f32; self.lessons.len()];
        for entry in text.iter().filter(|entry| entry.is_word) {
            let (from, to) = (self.starts[entry.row] as usize, self.starts[entry.row + 1] as usize);
            for (place, weight) in &self.postings[from..to] {
                cosines[*place as usize] += weight * entry.weight;
            }
        }
        cosines
    }
}

/// The largest of some numbers that are not negative. Their bits stand in the same order, and compare as whole numbers do.
fn largest(numbers: &[f32]) -> f32 {
    f32::from_bits(numbers.iter().fold(0, |best, number| best.max(number.to_bits())))
}
