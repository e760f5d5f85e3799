//! What was made of a language's words, as bytes, so that a start need not make again what the words have not changed:
//! what the classifier learnt, what spelling is repaired to, and which words there are. It is read where it lies.
//!
//! The file begins with the digest of the words it was made of: a model of other words, or of another format, is not
//! read, and learning takes its place; neither is one from a disk that was cut short or damaged. Training adds and
//! multiplies in a fixed order, and takes logarithms in twice the precision it keeps, so that the same words give the
//! same bytes on each machine.

use bytes::Bytes;
use sha2::{Digest, Sha256};

use super::classifier::Classifier;
use super::packed::{Reader, WordTable, Writer};
use super::spelling::Speller;

/// Counts up whenever the same words give another model.
const FORMAT: &[u8] = b"balancebot model 4\n";

/// Bytes of a digest.
const DIGEST: usize = 32;

/// The words of a file, as a digest. A model stands for every byte of it, so that a language whose model is ready can be
/// told from others before its file is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Key([u8; DIGEST]);

impl Key {
    pub(super) fn of(words: &str) -> Self {
        Self(Sha256::digest(words).into())
    }

    /// As it is written in the name of a file.
    pub(super) fn hex(&self) -> String {
        hex::encode(self.0)
    }
}

/// What was made of a language's words.
#[derive(Clone, Debug, Default)]
pub(super) struct Model {
    /// The language, as its file calls it.
    pub(super) language: String,
    pub(super) classifier: Classifier,
    pub(super) speller: Speller,
    /// Every word that occurs anywhere in the file, as people type it, but for the names.
    pub(super) surface: WordTable,
    /// Every word of the file as it is told to the grammar.
    pub(super) known: WordTable,
    /// The words of the grammar that they are told in.
    pub(super) told: WordTable,
}

impl Model {
    /// The bytes of a model that was made of what `key` tells.
    pub(super) fn write(&self, key: &Key) -> Vec<u8> {
        let mut out = Writer::default();
        out.section(self.language.as_bytes());
        self.classifier.write(&mut out);
        self.speller.write(&mut out);
        self.surface.write(&mut out);
        self.known.write(&mut out);
        self.told.write(&mut out);
        [FORMAT, &key.0, &seal(key, &out.0), &out.0].concat()
    }

    /// A model that is compiled in, if it was made of what `key` tells. Nobody can have damaged it since, and to look
    /// would be to load all of it.
    pub(super) fn compiled_in(bytes: &'static [u8], key: &Key) -> Option<Self> {
        let (_, body) = parts(Bytes::from_static(bytes), key)?;
        Self::read(body)
    }

    /// A model from a disk, if it was made of what `key` tells and is whole.
    pub(super) fn kept(bytes: Bytes, key: &Key) -> Option<Self> {
        let (sealed, body) = parts(bytes, key)?;
        if *sealed == seal(key, &body) { Self::read(body) } else { None }
    }

    fn read(body: Bytes) -> Option<Self> {
        let mut from = Reader(body);
        Some(Self {
            language: std::str::from_utf8(&from.section()?).ok()?.to_owned(),
            classifier: Classifier::read(&mut from)?,
            speller: Speller::read(&mut from)?,
            surface: WordTable::read(&mut from)?,
            known: WordTable::read(&mut from)?,
            told: WordTable::read(&mut from)?,
        })
    }
}

/// The digest that says that nothing is missing, and what it says it of, if the key is this one.
fn parts(bytes: Bytes, key: &Key) -> Option<(Bytes, Bytes)> {
    let head = FORMAT.len() + DIGEST;
    let rest = bytes.strip_prefix(FORMAT)?.strip_prefix(&key.0)?;
    (rest.len() >= DIGEST).then(|| (bytes.slice(head..head + DIGEST), bytes.slice(head + DIGEST..)))
}

/// The digest of a body and of what it was made of.
fn seal(key: &Key, body: &[u8]) -> [u8; DIGEST] {
    Sha256::new().chain_update(key.0).chain_update(body).finalize().into()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::super::classifier::Lesson;
    use super::*;
    use crate::domain::reading::Intent;

    fn model() -> Model {
        let lesson = |intent, text: &str, pattern| Lesson {
            intent,
            words: text.split(' ').map(str::to_owned).collect(),
            pattern,
        };
        let words: BTreeSet<String> = ["what", "balance", "thanks"].map(str::to_owned).into();
        Model {
            language: "en".to_owned(),
            classifier: Classifier::train(&[
                lesson(Intent::BalanceGet, "what is my balance", 0),
                lesson(Intent::BalanceGet, "balance please", 1),
                lesson(Intent::Thanks, "thanks a lot", 2),
            ]),
            speller: Speller::of(&words, &BTreeSet::new(), &[]),
            surface: WordTable::of(&words),
            known: WordTable::of(&words),
            told: WordTable::default(),
        }
    }

    #[test]
    fn a_model_is_read_as_it_was_written_or_not_at_all() {
        let (key, other) = (Key([1; DIGEST]), Key([2; DIGEST]));
        let written = model().write(&key);
        let read = |bytes: &[u8], key: &Key| Model::kept(Bytes::copy_from_slice(bytes), key);
        let back = read(&written, &key).expect("what was written");
        assert_eq!(back.write(&key), written);
        let words = ["my".to_owned(), "balance".to_owned()];
        let opinion = |model: &Model| format!("{:?}", model.classifier.opinion(&words, |_| true));
        assert_eq!(opinion(&back), opinion(&model()));
        assert!(back.surface.contains("balance") && !back.surface.contains("balances"));
        assert!(read(&written, &other).is_none(), "learnt from other words");
        for at in 0..written.len() {
            let mut damaged = written.clone();
            damaged[at] ^= 1;
            assert!(read(&damaged, &key).is_none(), "byte {at} is not looked at");
            assert!(read(&written[..at], &key).is_none(), "cut at {at}");
        }
        // Nor does one do harm that is sealed, but points to what is not there.
        let mut body = written[FORMAT.len() + 2 * DIGEST..].to_vec();
        for at in 0..body.len() {
            body[at] ^= 0x80;
            let sealed = [FORMAT, &key.0, &seal(&key, &body), &body].concat();
            if let Some(model) = read(&sealed, &key) {
                let _ = (model.classifier.opinion(&words, |_| true), model.classifier.nearest(&words));
                let _ = model.known.contains("balance");
            }
            body[at] ^= 0x80;
        }
    }
}
