//! What the classifier sees of a text: its words, pairs of words, and pieces of words (3 and 4 letters).

use super::tokens::{Kind, Token};

/// A feature's name, hashed; `word` features and `piece` features weigh equally as blocks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Feature {
    pub(super) hash: u64,
    pub(super) is_word: bool,
}

/// FNV-1a with a final mix: fixed for ever, so that a model is the same on each machine.
fn hash(seed: u64, bytes: impl IntoIterator<Item = u8>) -> u64 {
    let mut hash = 0xcbf2_9ce4_8422_2325 ^ seed.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    for byte in bytes {
        hash = (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
    }
    hash ^ (hash >> 29)
}

/// More digits than this are no number of anything that is asked about, and no choice from a list.
const DIGITS_MAX: usize = 16;

/// Words that a classifier reads: slots stand as `{period}` and the like, and what is only a `name` does not stand.
pub(super) fn masked(tokens: &[Token], masks: &[Option<&'static str>], names: &[bool]) -> Vec<String> {
    let mut words: Vec<String> = Vec::with_capacity(tokens.len());
    let mut last = None;
    for ((token, mask), name) in tokens.iter().zip(masks).zip(names) {
        if let Some(mask) = mask {
            if last != Some(*mask) {
                words.push(format!("{{{mask}}}"));
            }
        } else if !name && (token.is_word() || !token.text.is_ascii() || token.text == "?") {
            words.push(match token.kind {
                Kind::Number if token.text.len() > DIGITS_MAX => "##".to_owned(),
                Kind::Number => "#".to_owned(),
                _ => token.text.clone(),
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
        words.extend(masked(&tokens, &masks, &vec![false; tokens.len()]));
        words.extend(placeholder.map(|name| format!("{{{name}")));
    }
    words
}

/// The name of a single word's feature.
pub(super) fn word(word: &str) -> u64 {
    hash(1, word.bytes())
}

/// All features of a text, repeated ones repeatedly.
pub(super) fn features(words: &[String]) -> Vec<Feature> {
    let mut features = Vec::with_capacity(words.len() * 14);
    let mut before: &str = "^";
    for word in words {
        features.push(Feature { hash: self::word(word), is_word: true });
        let pair = before.bytes().chain(std::iter::once(b' ')).chain(word.bytes());
        features.push(Feature { hash: hash(2, pair), is_word: true });
        before = word;
        pieces(word, &mut features);
    }
    features.push(Feature { hash: hash(2, before.bytes().chain(*b" $")), is_word: true });
    features
}

/// Pieces of one word, its ends marked by blanks. Placeholders have none.
fn pieces(word: &str, features: &mut Vec<Feature>) {
    if word.starts_with('{') || word.len() > 40 {
        return;
    }
    let bytes: Vec<u8> = std::iter::once(b' ').chain(word.bytes()).chain(std::iter::once(b' ')).collect();
    for size in 3..=4 {
        for piece in bytes.windows(size) {
            features.push(Feature { hash: hash(3, piece.iter().copied()), is_word: false });
        }
    }
}
