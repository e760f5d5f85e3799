//! The languages, and which of them a text is in: the one that knows most of its words; in doubt the person's own, then
//! English. Which words a language has is told by its model, so a language costs nothing until somebody writes in it.

use std::cmp::Reverse;
use std::sync::OnceLock;

use super::model_file::{Key, Model};
use super::packed;
use super::tokens::{Kind, Token};
use super::words::Words;
use super::{Language, Ready, dates, learning};
use crate::domain::fault::{Fault, Source};

/// A language that may be waiting to be written in.
#[derive(Debug)]
pub(super) struct Tongue {
    source: Source,
    key: Key,
    model: Model,
    was_ready: bool,
    language: OnceLock<Option<Language>>,
}

impl Tongue {
    /// Takes the model that was made of these words, or makes it; then reports every mistake in the words.
    pub(super) fn of(source: &Source, models: &[Ready]) -> Result<Self, Vec<Fault>> {
        let key = Key::of(&source.text);
        let ready = models.iter().find_map(|model| match model {
            Ready::CompiledIn(bytes) => Model::compiled_in(bytes, &key),
            Ready::Kept(bytes) => Model::kept(bytes.clone(), &key),
        });
        let was_ready = ready.is_some();
        let model = match ready {
            Some(model) => model,
            None => {
                let (words, surface) = Words::load(source)?;
                learning::model(&words, &surface)
            }
        };
        Ok(Self { source: source.clone(), key, model, was_ready, language: OnceLock::new() })
    }

    pub(super) fn name(&self) -> &str {
        &self.model.language
    }

    pub(super) fn was_ready(&self) -> bool {
        self.was_ready
    }

    pub(super) fn source(&self) -> &Source {
        &self.source
    }

    /// The digest of its words.
    pub(super) fn key(&self) -> &Key {
        &self.key
    }

    /// The bytes of its model.
    pub(super) fn written(&self) -> Vec<u8> {
        self.model.write(&self.key)
    }

    /// The language itself, read when it is first asked for. A model is only made of words without a mistake, so there
    /// is one.
    pub(super) fn language(&self) -> Option<&Language> {
        let read = || {
            let Model { classifier, speller, .. } = self.model.clone();
            let words = Words::without_examples(&self.source, &self.model).ok()?;
            Some(Language { words, speller, classifier })
        };
        self.language.get_or_init(read).as_ref()
    }

    /// The words with their examples, which only learning and explaining need.
    pub(super) fn with_examples(&self) -> Option<Words> {
        Words::load(&self.source).map(|(words, _)| words).ok()
    }
}

/// The text's language. The first of them is the language of last resort.
pub(super) fn of<'a>(languages: &'a [Tongue], tokens: &[Token], locale: &str) -> Option<&'a Tongue> {
    let own = locale.split(['-', '_']).next().unwrap_or_default();
    let words = hashed(tokens);
    let mut best = (0, 0);
    for (place, language) in languages.iter().enumerate() {
        let known = known(languages, language, &words);
        // As many words as others know are enough for one's own language; another must know two more, or them all.
        let score = match language.name() == own {
            true => 2 * known + 1,
            false if place == 0 || known == words.len() => 2 * known,
            false => (2 * known).saturating_sub(3),
        };
        if place == 0 || score > best.0 {
            best = (score, place);
        }
    }
    languages.get(best.1)
}

/// The language that a text is clearly in: it knows two words more than any other, or it alone knows any, and at least
/// every second one. Names and words that languages share ("total", "no") make nothing clear.
pub(super) fn clear<'a>(languages: &'a [Tongue], tokens: &[Token]) -> Option<&'a Tongue> {
    let words = hashed(tokens);
    let mut counts: Vec<(usize, &Tongue)> =
        languages.iter().map(|language| (known(languages, language, &words), language)).collect();
    counts.sort_by_key(|(known, _)| Reverse(*known));
    let (most, language) = *counts.first()?;
    let next = counts.get(1).map_or(0, |(known, _)| *known);
    let alone = most > 0 && next == 0 && 2 * most >= words.len();
    (most >= next + 2 || alone).then_some(language)
}

/// The words of a text and their hashes, by which models know them.
fn hashed(tokens: &[Token]) -> Vec<(&str, u64)> {
    let words = tokens.iter().filter(|token| token.kind == Kind::Word);
    words.map(|token| (token.text.as_str(), packed::hash(token.text.bytes()))).collect()
}

/// How many of these words are of the language. Words of time are known to the grammar itself, in English, and so is
/// what other languages tell it.
fn known(languages: &[Tongue], language: &Tongue, words: &[(&str, u64)]) -> usize {
    let told = |hash: u64| languages.iter().any(|other| other.model.told.has(hash));
    let is_english = language.name() == "en";
    let knows = |(word, hash): &&(&str, u64)| {
        language.model.surface.has(*hash) || (is_english && (dates::is_word_of_time(word) || told(*hash)))
    };
    words.iter().filter(knows).count()
}
