//! The examples that are nearest to a text: the cosine of their words, by an inverted index.

use std::collections::HashSet;

use super::packed::{Cells, Lists, Reader, Writer};
use super::vocabulary::{Vector, weight};

/// Bits of a place. No language has so many examples.
const PLACE_BITS: u32 = 24;

/// Which examples hold a feature, and how much of them it is.
#[derive(Clone, Debug, Default)]
pub(super) struct Neighbours {
    /// For each row its examples: their places, and above `PLACE_BITS` how often more than once they hold it.
    postings: Lists<4>,
    /// What the words of the example at each place are multiplied by, to be of unit length together.
    scales: Cells<4>,
    /// For each column the place where its examples end, which stand side by side.
    ends: Cells<4>,
    /// The number of the lesson that stands at each place.
    lessons: Cells<4>,
}

impl Neighbours {
    /// An index over examples whose features are numbered below `rows`, each of one of so many columns. Of those in the
    /// column `thin` every second one is enough: they are as many as all others, and mostly wordings of each other.
    pub(super) fn of(examples: &[Vector], gold: &[usize], rows: usize, columns: usize, thin: Option<usize>) -> Self {
        let mut order: Vec<usize> = (0..examples.len()).collect();
        order.sort_by_key(|lesson| gold[*lesson]);
        // Sentences of the same words are equally near: one of them is enough.
        let words = |lesson: usize| examples[lesson].iter().filter(|entry| entry.is_word);
        let seen = |lesson: usize| words(lesson).map(|entry| (entry.row, entry.weight.to_bits())).collect::<Vec<_>>();
        let mut said = HashSet::new();
        order.retain(|lesson| said.insert((gold[*lesson], seen(*lesson))));
        let mut places = 1..;
        order.retain(|lesson| places.next().is_some_and(|place| place % 2 == 0) || Some(gold[*lesson]) != thin);
        let end = |column: usize| order.partition_point(|lesson| gold[*lesson] <= column);
        let mut found: Vec<Vec<[u8; 4]>> = vec![Vec::new(); rows];
        let mut scales = Vec::with_capacity(order.len());
        for (lesson, place) in order.iter().zip(0_u32..) {
            let squares: f32 =
                words(*lesson).map(|entry| weight(entry.times, entry.rarity)).map(|weight| weight * weight).sum();
            scales.push(1.0 / squares.sqrt().max(1e-6));
            for entry in words(*lesson) {
                let more = u32::try_from(entry.times - 1).unwrap_or(u32::MAX).min(u32::from(u8::MAX));
                found[entry.row].push((more << PLACE_BITS | place).to_le_bytes());
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
        let (products, scales) = (self.products(text), self.scales.all());
        let mut start = 0;
        let ends = (0..self.ends.len()).filter_map(|column| self.ends.number(column));
        ends.map(|end| {
            let places = std::mem::replace(&mut start, end)..end;
            let column = products.get(places.clone()).zip(scales.get(places));
            column.map_or(0.0, |(products, scales)| largest(products, scales))
        })
        .collect()
    }

    /// The examples that share a word with a text, by the number of their lesson, nearest first.
    pub(super) fn ranked(&self, text: &Vector) -> Vec<(usize, f32)> {
        let products = self.products(text).into_iter().zip(self.scales.floats());
        let cosines = products.map(|(product, scale)| product * scale).enumerate().filter(|(_, cosine)| *cosine > 0.0);
        let mut near: Vec<(usize, f32)> =
            cosines.filter_map(|(place, cosine)| Some((self.lessons.number(place)?, cosine))).collect();
        near.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        near
    }

    /// The product of every example with a text, in the order of the columns: the cosine, but for the example's scale.
    fn products(&self, text: &Vector) -> Vec<f32> {
        let mut products = vec![0.0_f32; self.scales.len()];
        for entry in text.iter().filter(|entry| entry.is_word) {
            let once = weight(1, entry.rarity) * entry.weight;
            for posting in self.postings.get(entry.row) {
                // Nearly all hold it once. Of the others the number alone is no place.
                let posting = u32::from_le_bytes(*posting) as usize;
                match products.get_mut(posting) {
                    Some(product) => *product += once,
                    None => {
                        let (place, times) = (posting % (1 << PLACE_BITS), (posting >> PLACE_BITS) + 1);
                        let weight = weight(times, entry.rarity) * entry.weight;
                        products.get_mut(place).into_iter().for_each(|product| *product += weight);
                    }
                }
            }
        }
        products
    }
}

/// The largest of some products, each by its scale; none is negative. In lanes of their own, which the compiler turns into
/// one instruction for several: the order of comparing does not matter.
fn largest(products: &[f32], scales: &[[u8; 4]]) -> f32 {
    const LANES: usize = 8;
    let larger = |a: f32, b: f32| if b > a { b } else { a };
    let cosine = |(product, scale): (&f32, &[u8; 4])| product * f32::from_le_bytes(*scale);
    let (lanes, rest) = products.as_chunks::<LANES>();
    let (lane_scales, rest_scales) = scales.as_chunks::<LANES>();
    let mut best = [0.0_f32; LANES];
    for (products, scales) in lanes.iter().zip(lane_scales) {
        for (best, cosine) in best.iter_mut().zip(products.iter().zip(scales).map(cosine)) {
            *best = larger(*best, cosine);
        }
    }
    best.into_iter().chain(rest.iter().zip(rest_scales).map(cosine)).fold(0.0, larger)
}
