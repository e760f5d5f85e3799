//! The examples that are nearest to a text: the cosine of their words, by an inverted index.

use std::collections::HashSet;

use super::packed::{Cells, Lists, Reader, Writer};
use super::vocabulary::{Vector, weight};

/// Which examples hold a feature, and how much of them it is.
#[derive(Clone, Debug, Default)]
pub(super) struct Neighbours {
    /// For each row its examples: how often they hold it (the lowest byte), and their places.
    postings: Lists<4>,
    /// What the words of the example at each place are multiplied by, to be of unit length together.
    scales: Cells<4>,
    /// For each column the place where its examples end, which stand side by side.
    ends: Cells<4>,
    /// The number of the lesson that stands at each place.
    lessons: Cells<4>,
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
        let end = |column: usize| order.partition_point(|lesson| gold[*lesson] <= column);
        let mut found: Vec<Vec<[u8; 4]>> = vec![Vec::new(); rows];
        let mut scales = Vec::with_capacity(order.len());
        for (lesson, place) in order.iter().zip(0_u32..) {
            let squares: f32 =
                words(*lesson).map(|entry| weight(entry.times, entry.rarity)).map(|weight| weight * weight).sum();
            scales.push(1.0 / squares.sqrt().max(1e-6));
            for entry in words(*lesson) {
                let times = u32::try_from(entry.times).unwrap_or(u32::MAX).min(u32::from(u8::MAX));
                found[entry.row].push((place << 8 | times).to_le_bytes());
            }
        }
        Self {
            postings: Lists::of(found),
            scales: Cells::of_floats(scales),
            ends: Cells::of_numbers((0..columns).map(end)),
            lessons: Cells::of_numbers(order.iter().copied()),
        }
    }

    pub(super) fn write(&self, out: &mut Writer) {
        self.postings.write(out);
        self.scales.write(out);
        self.ends.write(out);
        self.lessons.write(out);
    }

    pub(super) fn read(from: &mut Reader) -> Option<Self> {
        let (postings, scales) = (Lists::read(from)?, Cells::read(from)?);
        Some(Self { postings, scales, ends: Cells::read(from)?, lessons: Cells::read(from)? })
    }

    /// The cosine with a text of the nearest example of each column.
    pub(super) fn nearest(&self, text: &Vector) -> Vec<f32> {
        let cosines = self.cosines(text);
        let mut start = 0;
        let ends = (0..self.ends.len()).filter_map(|column| self.ends.number(column));
        ends.map(|end| largest(cosines.get(std::mem::replace(&mut start, end)..end).unwrap_or_default())).collect()
    }

    /// The examples that share a word with a text, by the number of their lesson, nearest first.
    pub(super) fn ranked(&self, text: &Vector) -> Vec<(usize, f32)> {
        let cosines = self.cosines(text).into_iter().enumerate().filter(|(_, cosine)| *cosine > 0.0);
        let mut near: Vec<(usize, f32)> =
            cosines.filter_map(|(place, cosine)| Some((self.lessons.number(place)?, cosine))).collect();
        near.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        near
    }

    /// The cosine of every example with a text, in the order of the columns.
    fn cosines(&self, text: &Vector) -> Vec<f32> {
        let mut cosines = vec![0.0_f32; self.scales.len()];
        for entry in text.iter().filter(|entry| entry.is_word) {
            let once = weight(1, entry.rarity) * entry.weight;
            for posting in self.postings.get(entry.row) {
                let posting = u32::from_le_bytes(*posting);
                let Some(cosine) = cosines.get_mut((posting >> 8) as usize) else { continue };
                match posting & 0xff {
                    1 => *cosine += once,
                    times => *cosine += weight(times as usize, entry.rarity) * entry.weight,
                }
            }
        }
        cosines.iter_mut().zip(self.scales.floats()).for_each(|(cosine, scale)| *cosine *= scale);
        cosines
    }
}

/// The largest of some numbers that are not negative. Their bits stand in the same order, and compare as whole numbers do.
fn largest(numbers: &[f32]) -> f32 {
    f32::from_bits(numbers.iter().fold(0, |best, number| best.max(number.to_bits())))
}
