//! The examples that are nearest to a text: the cosine of their words, by an inverted index.

use std::collections::HashSet;
use std::ops::Range;

use super::packed::{Cells, Lists, Reader, Writer};
use super::vocabulary::{Entry, Vector};

/// Most examples that have a place. Of more of them, every second or third is kept.
const PLACES_MAX: usize = 1 << 16;

/// A word of more examples is not looked for in each column.
const RARE_MAX: usize = 64;

/// Sums in another order may be rounded otherwise, by far less than this.
const ROUNDED: f32 = 1e-3;

/// Which examples hold a feature, and how much of them it is.
#[derive(Clone, Debug, Default)]
pub(super) struct Neighbours {
    /// For each row the places of the examples that hold it, rising.
    postings: Lists<2>,
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
        let seen = |lesson: usize| words(lesson).map(|entry| entry.row).collect::<Vec<_>>();
        let mut said = HashSet::new();
        order.retain(|lesson| said.insert((gold[*lesson], seen(*lesson))));
        let mut places = 1..;
        order.retain(|lesson| places.next().is_some_and(|place| place % 2 == 0) || Some(gold[*lesson]) != thin);
        let every = order.len().div_ceil(PLACES_MAX).max(1);
        let order: Vec<usize> = order.into_iter().step_by(every).collect();
        let end = |column: usize| order.partition_point(|lesson| gold[*lesson] <= column);
        let mut found: Vec<Vec<[u8; 2]>> = vec![Vec::new(); rows];
        let mut scales = Vec::with_capacity(order.len());
        for (lesson, place) in order.iter().zip(0_u16..=u16::MAX) {
            let squares: f32 = words(*lesson).map(|entry| entry.rarity * entry.rarity).sum();
            scales.push(1.0 / squares.sqrt().max(1e-6));
            words(*lesson).for_each(|entry| found[entry.row].push(place.to_le_bytes()));
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

    /// For each column at least the cosine of its nearest example, by the inequality of Cauchy and Schwarz: an example, of
    /// unit length as it is, has of a text no more than the words that stand in its column. Words of many examples are
    /// taken to stand in every column, which they do mostly.
    pub(super) fn bounds(&self, text: &Vector) -> Vec<f32> {
        let mut everywhere = ROUNDED;
        let mut squares = vec![0.0_f32; self.ends.len()];
        for entry in text.iter().filter(|entry| entry.is_word) {
            let (postings, square) = (self.postings.get(entry.row), entry.weight * entry.weight);
            if postings.len() > RARE_MAX {
                everywhere += square;
                continue;
            }
            let mut columns =
                squares.iter_mut().zip(self.ends.all()).map(|(sum, end)| (u32::from_le_bytes(*end) as usize, sum));
            let mut end = 0;
            for place in postings.iter().map(place) {
                // The next example stands in a later column mostly, and never in an earlier one.
                if place >= end
                    && let Some((next, sum)) = columns.find(|(end, _)| place < *end)
                {
                    *sum += square;
                    end = next;
                }
            }
        }
        squares.into_iter().map(|square| (everywhere + square).sqrt()).collect()
    }

    /// Looks at the examples that share words with a text, column by column.
    pub(super) fn sweep(&self, text: &Vector) -> Sweep<'_> {
        let word =
            |entry: &Entry| Word { postings: self.postings.get(entry.row), product: entry.rarity * entry.weight };
        let words = text.iter().filter(|entry| entry.is_word).map(word).collect();
        Sweep { neighbours: self, words, products: Vec::new() }
    }

    /// The examples that share a word with a text, by the number of their lesson, nearest first.
    pub(super) fn ranked(&self, text: &Vector) -> Vec<(usize, f32)> {
        let mut products = vec![0.0; self.scales.len()];
        self.sweep(text).multiply(0..products.len(), &mut products);
        let products = products.into_iter().zip(self.scales.floats());
        let cosines = products.map(|(product, scale)| product * scale).enumerate().filter(|(_, cosine)| *cosine > 0.0);
        let mut near: Vec<(usize, f32)> =
            cosines.filter_map(|(place, cosine)| Some((self.lessons.number(place)?, cosine))).collect();
        near.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        near
    }
}

/// A look at examples, which goes over what their index says of a text once, from the first place to the last.
#[derive(Debug)]
pub(super) struct Sweep<'a> {
    neighbours: &'a Neighbours,
    words: Vec<Word<'a>>,
    /// Room for the products of one column.
    products: Vec<f32>,
}

/// A word of the text, and the examples further on that hold it.
#[derive(Debug)]
struct Word<'a> {
    postings: &'a [[u8; 2]],
    /// What an example that holds it has of it, times what the text has.
    product: f32,
}

impl Sweep<'_> {
    /// The cosine of the nearest example of a column. Columns are to be asked for in their order.
    pub(super) fn nearest(&mut self, column: usize) -> f32 {
        let Neighbours { scales, ends, .. } = self.neighbours;
        let start = column.checked_sub(1).and_then(|before| ends.number(before)).unwrap_or_default();
        let end = ends.number(column).unwrap_or_default();
        let Some(scales) = scales.all().get(start..end) else { return 0.0 };
        let mut products = std::mem::take(&mut self.products);
        products.clear();
        products.resize(scales.len(), 0.0);
        self.multiply(start..end, &mut products);
        let nearest = largest(&products, scales);
        self.products = products;
        nearest
    }

    /// Adds up the product of each example at some places with the text: the cosine, but for the example's scale.
    fn multiply(&mut self, places: Range<usize>, products: &mut [f32]) {
        for word in &mut self.words {
            word.take_to(places.start);
            for posting in word.take_to(places.end) {
                if let Some(product) = products.get_mut(place(posting) - places.start) {
                    *product += word.product;
                }
            }
        }
    }
}

impl<'a> Word<'a> {
    /// The examples before a place, which are then left out: by steps that double, for it is near mostly.
    #[inline]
    fn take_to(&mut self, end: usize) -> &'a [[u8; 2]] {
        let before = |posting: &[u8; 2]| place(posting) < end;
        // Most words stand in no example of most columns.
        if !self.postings.first().is_some_and(before) {
            return &[];
        }
        let (mut low, mut step) = (0, 1);
        while self.postings.get(low + step - 1).is_some_and(before) {
            low += step;
            step *= 2;
        }
        let high = self.postings.len().min(low + step);
        let (within, rest) = self.postings.split_at(low + self.postings[low..high].partition_point(before));
        self.postings = rest;
        within
    }
}

/// The place of an example that holds a word.
fn place(posting: &[u8; 2]) -> usize {
    usize::from(u16::from_le_bytes(*posting))
}

/// The largest of some products, each by its scale; none is negative. In lanes of their own, which the compiler turns into
/// one instruction for several: the order of comparing does not matter.
fn largest(products: &[f32], scales: &[[u8; 4]]) -> f32 {
    const LANES: usize = 8;
    let larger = |a: f32, b: f32| if b > a { b } else { a };
    let (lanes, rest) = products.as_chunks::<LANES>();
    let (lane_scales, rest_scales) = scales.as_chunks::<LANES>();
    let mut best = [0.0_f32; LANES];
    for (products, scales) in lanes.iter().zip(lane_scales) {
        for lane in 0..LANES {
            best[lane] = larger(best[lane], products[lane] * f32::from_le_bytes(scales[lane]));
        }
    }
    let rest = rest.iter().zip(rest_scales).map(|(product, scale)| product * f32::from_le_bytes(*scale));
    best.into_iter().chain(rest).fold(0.0, larger)
}

#[cfg(test)]
mod tests {
    use super::super::vocabulary::as_f32;
    use super::*;

    /// A text of words, by their rows and how often each stands in it.
    fn text(words: &[(usize, usize)]) -> Vector {
        let entry = |(row, times): &(usize, usize)| Entry {
            row: *row,
            rarity: 1.0 + as_f32(*row % 7),
            times: *times,
            weight: 0.3,
            is_word: true,
        };
        words.iter().map(entry).collect()
    }

    #[test]
    fn the_nearest_of_some_columns_are_those_of_a_look_at_all_and_within_their_bounds() {
        const COLUMNS: usize = 9;
        let numbers = |lesson: usize| (0..6).map(move |nth| (lesson * 31 + nth * nth * 17) % 40);
        let words = |lesson: usize| {
            // A word that each example holds, and words that only some do.
            let mut rows: Vec<usize> = numbers(lesson).chain([0]).collect();
            rows.sort_unstable();
            rows.dedup();
            rows.into_iter().map(|row| (row, 1 + (row + lesson) % 3)).collect::<Vec<_>>()
        };
        let examples: Vec<Vector> = (0..400).map(|lesson| text(&words(lesson))).collect();
        let gold: Vec<usize> = (0..400).map(|lesson| lesson * lesson % COLUMNS).collect();
        let index = Neighbours::of(&examples, &gold, 40, COLUMNS, None);
        for asked in [text(&[(3, 1), (17, 2), (30, 1)]), text(&words(7)), text(&[(0, 1)]), text(&[])] {
            let all = index.ranked(&asked);
            let best =
                |column: usize| all.iter().find(|(lesson, _)| gold[*lesson] == column).map_or(0.0, |near| near.1);
            let bounds = index.bounds(&asked);
            assert!((0..COLUMNS).all(|column| bounds[column] >= best(column)), "{bounds:?}");
            for step in 1..=COLUMNS {
                let mut sweep = index.sweep(&asked);
                for column in (step - 1..COLUMNS).step_by(step) {
                    assert!((sweep.nearest(column) - best(column)).abs() < 1e-6, "{column} of every {step}th");
                }
            }
        }
    }
}
