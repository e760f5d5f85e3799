//! A trained model as bytes, so that a start need not learn again what the words have not changed.
//!
//! The file begins with what it was learnt from, as a digest: a model of other words, of another format, or one that
//! was damaged is not read, and learning takes its place. Training adds and multiplies in a fixed order, and takes
//! logarithms in twice the precision it keeps, so that the same words give the same bytes on each machine.

use std::ops::Range;

use sha2::{Digest, Sha256};

use super::classifier::Classifier;
use super::neighbours::Neighbours;
use super::vocabulary::Vocabulary;
use super::words::Words;
use crate::domain::reading::Intent;

/// Counts up whenever the same words give another model.
const FORMAT: &[u8] = b"balancebot model 1\n";

/// Bytes of a digest.
const DIGEST: usize = 32;

/// What a model is learnt from, as a digest: the examples, and how texts are told before they are compared with them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Key([u8; DIGEST]);

impl Key {
    pub(super) fn of(words: &Words) -> Self {
        let mut digest = Sha256::new();
        let mut part = |text: &str| {
            digest.update(text);
            digest.update([0]);
        };
        for example in &words.examples {
            part(example.intent.word());
            part(&example.text);
        }
        let mut short: Vec<_> = words.abbreviations.iter().collect();
        short.sort();
        for (short, long) in short {
            part(short);
            long.iter().for_each(|word| part(word));
        }
        words.grammar.said().chain(words.grammar.told()).for_each(|word| part(word));
        Self(digest.finalize().into())
    }
}

/// The bytes of a model that was learnt from what `key` tells.
pub(super) fn write(model: &Classifier, key: &Key) -> Vec<u8> {
    let mut out = Writer(Vec::new());
    out.list(&model.intents, |intent, out| out.text(intent.word()));
    out.list(&model.vocabulary.features(), |(hash, rarity), out| {
        out.0.extend(hash.to_le_bytes());
        out.float(*rarity);
    });
    out.float(model.vocabulary.unseen);
    model.rows.chunks(model.intents.len().max(1)).for_each(|row| out.row(row));
    out.list(&model.scales, |scale, out| out.float(*scale));
    out.list(&model.bias, |bias, out| out.float(*bias));
    let near = &model.neighbours;
    out.list(&near.starts, |start, out| out.number(*start));
    out.list(&near.postings, |(place, weight), out| {
        out.number(*place);
        out.float(*weight);
    });
    out.list(&near.columns, |column, out| out.number(u32::try_from(column.end).unwrap_or(u32::MAX)));
    out.list(&near.lessons, |lesson, out| out.number(*lesson));
    [FORMAT, &key.0, &seal(key, &out.0), &out.0].concat()
}

/// The digest that says that nothing is missing.
fn seal(key: &Key, body: &[u8]) -> [u8; DIGEST] {
    Sha256::new().chain_update(key.0).chain_update(body).finalize().into()
}

/// The model, if the bytes are one that was learnt from what `key` tells.
pub(super) fn read(bytes: &[u8], key: &Key) -> Option<Classifier> {
    let rest = bytes.strip_prefix(FORMAT)?.strip_prefix(&key.0)?;
    let (sealed, body) = rest.split_at_checked(DIGEST)?;
    if sealed != seal(key, body) {
        return None;
    }
    let mut body = Reader(body);
    let intents = body.list(|body| Intent::parse(body.text()?))?;
    let features = body.list(|body| Some((u64::from_le_bytes(body.take()?), body.float()?)))?;
    let unseen = body.float()?;
    let mut rows = Vec::with_capacity(features.len().checked_mul(intents.len())?);
    for _ in &features {
        body.row(intents.len(), &mut rows)?;
    }
    let scales = body.list(Reader::float)?;
    let bias = body.list(Reader::float)?;
    let starts = body.list(Reader::number)?;
    let postings = body.list(|body| Some((body.number()?, body.float()?)))?;
    let ends = body.list(Reader::number)?;
    let lessons = body.list(Reader::number)?;
    let neighbours = Neighbours { starts, postings, columns: side_by_side(&ends), lessons };
    let vocabulary = Vocabulary::from_features(&features, unseen);
    let model = Classifier { intents, vocabulary, rows, scales, bias, neighbours };
    model.fits_together().then_some(model)
}

/// Ranges that begin where the one before ends.
fn side_by_side(ends: &[u32]) -> Vec<Range<usize>> {
    let place = |end: &u32| usize::try_from(*end).unwrap_or(usize::MAX);
    let starts = std::iter::once(0).chain(ends.iter().map(place));
    starts.zip(ends.iter().map(place)).map(|(start, end)| start..end).collect()
}

struct Writer(Vec<u8>);

impl Writer {
    fn number(&mut self, number: u32) {
        self.0.extend(number.to_le_bytes());
    }

    fn float(&mut self, number: f32) {
        self.0.extend(number.to_le_bytes());
    }

    /// A row of a model: which of its numbers are not 0, as bits, and those. Most are 0.
    fn row(&mut self, row: &[i8]) {
        for eight in row.chunks(8) {
            let bit = |(place, number): (usize, &i8)| u8::from(*number != 0) << place;
            self.0.push(eight.iter().enumerate().map(bit).sum());
            self.0.extend(eight.iter().filter(|number| **number != 0).flat_map(|number| number.to_le_bytes()));
        }
    }

    fn text(&mut self, text: &str) {
        self.list(text.as_bytes(), |byte, out| out.0.push(*byte));
    }

    fn list<T>(&mut self, list: &[T], each: impl Fn(&T, &mut Self)) {
        self.number(u32::try_from(list.len()).unwrap_or(u32::MAX));
        list.iter().for_each(|one| each(one, self));
    }
}

struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn take<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (first, rest) = self.0.split_first_chunk()?;
        self.0 = rest;
        Some(*first)
    }

    fn number(&mut self) -> Option<u32> {
        self.take().map(u32::from_le_bytes)
    }

    fn float(&mut self) -> Option<f32> {
        self.take().map(f32::from_le_bytes)
    }

    fn bytes(&mut self, many: u32) -> Option<&'a [u8]> {
        let (bytes, rest) = self.0.split_at_checked(usize::try_from(many).ok()?)?;
        self.0 = rest;
        Some(bytes)
    }

    fn row(&mut self, columns: usize, rows: &mut Vec<i8>) -> Option<()> {
        for first in (0..columns).step_by(8) {
            let [bits] = self.take()?;
            for place in 0..(columns - first).min(8) {
                rows.push(if bits >> place & 1 == 1 { self.take().map(i8::from_le_bytes)? } else { 0 });
            }
        }
        Some(())
    }

    fn text(&mut self) -> Option<&'a str> {
        let many = self.number()?;
        std::str::from_utf8(self.bytes(many)?).ok()
    }

    fn list<T>(&mut self, mut each: impl FnMut(&mut Self) -> Option<T>) -> Option<Vec<T>> {
        let many = self.number()?;
        let mut list = (0..many).map(|_| each(self)).collect::<Option<Vec<T>>>()?;
        list.shrink_to_fit();
        Some(list)
    }
}

#[cfg(test)]
mod tests {
    use super::super::classifier::Lesson;
    use super::*;

    fn model() -> Classifier {
        let lesson = |intent, text: &str, pattern| Lesson {
            intent,
            words: text.split(' ').map(str::to_owned).collect(),
            pattern,
        };
        Classifier::train(&[
            lesson(Intent::BalanceGet, "what is my balance", 0),
            lesson(Intent::BalanceGet, "balance please", 1),
            lesson(Intent::Thanks, "thanks a lot", 2),
        ])
    }

    #[test]
    fn a_model_is_read_as_it_was_written_or_not_at_all() {
        let (key, other) = (Key([1; DIGEST]), Key([2; DIGEST]));
        let written = write(&model(), &key);
        let back = read(&written, &key).expect("what was written");
        assert_eq!(write(&back, &key), written);
        let words = ["my".to_owned(), "balance".to_owned()];
        let opinion = |model: &Classifier| format!("{:?}", model.opinion(&words, 0.0, |_| true));
        assert_eq!(opinion(&back), opinion(&model()));
        assert!(read(&written, &other).is_none(), "learnt from other words");
        for at in 0..written.len() {
            let mut damaged = written.clone();
            damaged[at] ^= 1;
            assert!(read(&damaged, &key).is_none(), "byte {at} is not looked at");
            assert!(read(&written[..at], &key).is_none(), "cut at {at}");
        }
        // Nor is one believed that is sealed, but points to what is not there.
        let mut body = written[FORMAT.len() + 2 * DIGEST..].to_vec();
        for at in 0..body.len() {
            body[at] ^= 0x80;
            let sealed = [FORMAT, &key.0, &seal(&key, &body), &body].concat();
            let _ = read(&sealed, &key).map(|model| model.opinion(&words, 0.0, |_| true));
            body[at] ^= 0x80;
        }
    }
}
