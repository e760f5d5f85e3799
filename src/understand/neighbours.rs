//! The examples that are nearest to a text: the cosine of their words, by an inverted index.

use super::vocabulary::Vector;

/// Which examples hold a feature, and how much of them it is.
#[derive(Debug)]
pub(super) struct Neighbours {
    /// For each row the place in `postings` where its examples begin; the next row's is where they end.
    starts: Vec<usize>,
    postings: Vec<(u32, f32)>,
    examples: usize,
}

impl Neighbours {
    /// An index over examples whose features are numbered below `rows`.
    pub(super) fn of(examples: &[Vector], rows: usize) -> Self {
        let mut found: Vec<(usize, u32, f32)> = Vec::new();
        for (example, number) in examples.iter().zip(0_u32..) {
            found.extend(example.iter().filter(|entry| entry.is_word).map(|entry| (entry.row, number, entry.weight)));
        }
        found.sort_unstable_by_key(|(row, number, _)| (*row, *number));
        let mut starts = Vec::with_capacity(rows + 1);
        let mut at = 0;
        for row in 0..=rows {
            while found.get(at).is_some_and(|posting| posting.0 < row) {
                at += 1;
            }
            starts.push(at);
        }
        let postings = found.into_iter().map(|(_, number, weight)| (number, weight)).collect();
        Self { starts, postings, examples: examples.len() }
    }

    /// The cosine of every example with a text, in the order of the examples.
    pub(super) fn cosines(&self, text: &Vector) -> Vec<f32> {
        let mut cosines = vec![0.0_f32; self.examples];
        for entry in text.iter().filter(|entry| entry.is_word) {
            let range = self.starts[entry.row]..self.starts[entry.row + 1];
            for (number, weight) in &self.postings[range] {
                if let Some(cosine) = usize::try_from(*number).ok().and_then(|at| cosines.get_mut(at)) {
                    *cosine += weight * entry.weight;
                }
            }
        }
        cosines
    }
}
