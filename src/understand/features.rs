//! What the classifier sees of a text: its words, pairs of words, and pieces of words (3 and 4 letters).

use std::borrow::Cow;

use super::tokens::{Kind, Token};

/// A feature's name, hashed; `word` features and `piece` features weigh equally as blocks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Feature {
    pub(super) hash: u64,
    pub(super) is_word: bool,
}

/// FNV-1a with a final mix: fixed for ever, so that a model is the same on each machine.
#[derive(Clone, Copy)]
struct Fnv(u64);

impl Fnv {
    /// Words, pairs and pieces have a seed each, so that none is taken for another.
    const fn of(seed: u64) -> Self {
        Self(0xcbf2_9ce4_8422_2325 ^ seed.wrapping_mul(0x9e37_79b9_7f4a_7c15))
    }

    fn and(self, bytes: &[u8]) -> Self {
        let and = |hash: u64, byte: &u8| (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3);
        Self(bytes.iter().fold(self.0, and))
    }

    fn done(self) -> u64 {
        self.0 ^ (self.0 >> 29)
    }
}

/// More digits than this are no number of anything that is asked about, and no choice from a list.
const DIGITS_MAX: usize = 16;

/// Words that a classifier reads: slots stand as `{period}` and the like, and what is only a `name` does not stand.
pub(super) fn masked<'t>(tokens: &'t [Token], masks: &[Option<&'static str>], names: &[bool]) -> Vec<Cow<'t, str>> {
    let mut words = Vec::with_capacity(tokens.len());
    let mut last = None;
    for ((token, mask), name) in tokens.iter().zip(masks).zip(names) {
        if let Some(mask) = mask {
            if last != Some(*mask) {
                words.push(format!("{{{mask}}}").into());
            }
        } else if !name && (token.is_word() || !token.text.is_ascii() || token.text == "?") {
            words.push(match token.kind {
                Kind::Number if token.text.len() > DIGITS_MAX => Cow::Borrowed("##"),
                Kind::Number => Cow::Borrowed("#"),
                _ => Cow::Borrowed(token.text.as_str()),
            });
        }
        last = *mask;
    }
    words
}

/// The words of an example as it is written in a word file, with its placeholders kept.
pub(super) fn of_example(example: &str) -> Vec<String> {
    let mut words = Vec::new();
    for piece in example.split_inclusive('}') {
        let (plain, placeholder) = piece.split_once('{').map_or((piece, None), |(plain, name)| (plain, Some(name)));
        let tokens = super::tokens::tokenize(plain);
        let masks = vec![None; tokens.len()];
        words.extend(masked(&tokens, &masks, &vec![false; tokens.len()]).into_iter().map(Cow::into_owned));
        words.extend(placeholder.map(|name| format!("{{{name}")));
    }
    words
}

/// The name of a single word's feature.
pub(super) fn word(word: &str) -> u64 {
    Fnv::of(1).and(word.as_bytes()).done()
}

/// All features of a text, repeated ones repeatedly.
pub(super) fn features<W: AsRef<str>>(words: &[W]) -> Vec<Feature> {
    let letters: usize = words.iter().map(|word| word.as_ref().len()).sum();
    let mut features = Vec::with_capacity(2 * letters + 3 * words.len() + 1);
    let mut before: &str = "^";
    let pair = |before: &str, word: &str| {
        let hash = Fnv::of(2).and(before.as_bytes()).and(b" ").and(word.as_bytes()).done();
        Feature { hash, is_word: true }
    };
    for word in words.iter().map(AsRef::as_ref) {
        features.push(Feature { hash: self::word(word), is_word: true });
        features.push(pair(before, word));
        before = word;
        pieces(word, &mut features);
    }
    features.push(pair(before, "$"));
    features
}

/// A longer word has no pieces: it is none that anybody says.
const PIECED_MAX: usize = 40;

/// Pieces of one word, its ends marked by blanks. Placeholders have none.
fn pieces(word: &str, features: &mut Vec<Feature>) {
    let mut room = [b' '; PIECED_MAX + 2];
    if word.starts_with('{') || word.len() > PIECED_MAX {
        return;
    }
    let bytes = &mut room[..word.len() + 2];
    bytes[1..=word.len()].copy_from_slice(word.as_bytes());
    for (at, three) in bytes.windows(3).enumerate() {
        let three = Fnv::of(3).and(three);
        features.push(Feature { hash: three.done(), is_word: false });
        // A piece of four begins with one of three.
        if let Some(fourth) = bytes.get(at + 3..at + 4) {
            features.push(Feature { hash: three.and(fourth).done(), is_word: false });
        }
    }
}
