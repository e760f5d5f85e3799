//! L1, pure: text -> [`Reading`]: intents, slots, certainty, and which words decided.
//!
//! The order of reading: normalise (`tokens`), repair (`spelling`), look for secrets, find details (`slots`, with
//! `dates`, `amounts`, `accounts`, `merchants`), then what is wanted (`intents`: rules, `ellipsis` with `followup`, `classifier`),
//! and how sure that is; last, `details` keeps what belongs to it. One language has one file of words, which is chosen by `tongue`; there
//! is one grammar, and `grammar` tells it what other languages say.

use bytes::Bytes;
use jiff::Zoned;
use jiff::civil::Weekday;

use crate::domain::{
    account::Account,
    bank::Bank,
    fault::{Fault, Source},
    reading::{Part, Reading},
};

use self::certainty::Fitted;
use self::classifier::Classifier;
use self::model_file::Key;
use self::spelling::Speller;
use self::tongue::Tongue;
use self::words::Words;

mod accounts;
mod amounts;
mod anchors;
pub mod certainty;
mod classifier;
mod corrections;
mod dates;
mod details;
pub mod effort;
mod ellipsis;
mod exclusion;
pub mod explain;
mod features;
mod followup;
mod grammar;
mod intents;
mod learning;
mod lexicon;
mod merchants;
mod model_file;
mod neighbours;
mod numbers;
mod own;
mod owners;
mod packed;
mod phrases;
mod places;
mod questions;
mod rules;
mod secrets;
mod shapes;
mod slots;
mod spelling;
mod tokens;
mod tongue;
mod training;
mod vocabulary;
mod watching;
mod wordings;
mod words;
mod zones;

/// Whether a text holds a secret that nobody may keep: a PIN, a password, a card number, a one-time code. It takes no
/// language and no context, so that it can be asked before anything else looks at the text.
pub fn holds_secret(text: &str) -> bool {
    secrets::find(tokens::View(&tokens::tokenize(text))).is_some()
}

/// What the parser may know besides the text.
#[derive(Clone, Debug)]
pub struct Context<'a> {
    /// The moment of the message, in the person's zone.
    pub now: Zoned,
    /// The person's locale, e.g. `en-US`.
    pub locale: &'a str,
    /// The first day of the person's week.
    pub week_starts: Weekday,
    /// The person's own accounts, in the order they are listed to them.
    pub accounts: &'a [Account],
    /// The banks that are configured.
    pub banks: &'a [Bank],
    /// Merchant names known to be on the person's rows; may be empty.
    pub merchants: &'a [String],
    /// The last question of the conversation, while it still counts as context.
    pub last: Option<&'a Part>,
}

/// Reads texts. Made from the word files of `bot-flows/words`; immutable afterwards.
#[derive(Debug)]
pub struct Parser {
    languages: Vec<Tongue>,
}

/// A model of words that may be ready.
#[derive(Clone, Debug)]
pub enum Ready {
    /// Compiled into the program.
    CompiledIn(&'static [u8]),
    /// Read from a disk, where it may have been damaged.
    Kept(Bytes),
}

/// The digest of a word file, by which its model is known.
pub fn digest(words: &Source) -> String {
    Key::of(&words.text).hex()
}

/// One language's words and what was made of them.
#[derive(Debug)]
struct Language {
    words: Words,
    speller: Speller,
    classifier: Classifier,
}

impl Language {
    /// Whether a word is spelt right.
    fn is_right(&self, word: &str) -> bool {
        let words = &self.words;
        words.surface.contains(word) || words.ordinary.contains(word) || words.names.contains(word)
    }

    /// Whether a word, or what it is the plural of, stands anywhere in the words of the language.
    fn knows(&self, word: &str) -> bool {
        let words = &self.words;
        let known = |word: &str| {
            !words.names.contains(word)
                && (self.is_right(word) || words.known.contains(word) || dates::is_date_word(word))
        };
        known(word) || word.strip_suffix('s').is_some_and(known) || word.chars().all(|c| c.is_ascii_digit())
    }
}

impl Parser {
    /// Builds a parser from `words/*.toml`, one file a language, and learns from them; reports every mistake in them.
    pub fn load(words: &[Source]) -> Result<Self, Vec<Fault>> {
        Self::with_models(words, &[])
    }

    /// As [`Parser::load`], but what a model was made of is not learnt again, and a language whose model is ready is
    /// not even read before somebody writes in it. English is, for it is the language of last resort.
    pub fn with_models(words: &[Source], models: &[Ready]) -> Result<Self, Vec<Fault>> {
        let mut languages = Vec::new();
        let mut faults = Vec::new();
        for source in words {
            match Tongue::of(source, models) {
                Ok(language) => languages.push(language),
                Err(mut found) => faults.append(&mut found),
            }
        }
        // English is read first.
        languages.sort_by_key(|language| (language.name() != "en", language.name().to_owned()));
        if languages.is_empty() && faults.is_empty() {
            faults.push(
                Fault::new("words", 0, "there is no word file")
                    .help("the program is built with bot-flows/words/en.toml"),
            );
        }
        languages.first().map(Tongue::language);
        zones::prepare();
        if faults.is_empty() { Ok(Self { languages }) } else { Err(faults) }
    }

    /// The model of each language, to be kept beside its words.
    pub fn models(&self) -> Vec<(&str, Vec<u8>)> {
        self.languages.iter().map(|language| (language.name(), language.written())).collect()
    }

    /// The models that had to be made, because none was ready, each under the digest of its words.
    pub fn made(&self) -> impl Iterator<Item = (String, Vec<u8>)> {
        let made = self.languages.iter().filter(|language| !language.was_ready());
        made.map(|language| (language.key().hex(), language.written()))
    }

    /// The languages that had to be learnt, because no model of their words was ready.
    pub fn learnt(&self) -> impl Iterator<Item = &str> {
        self.languages.iter().filter(|language| !language.was_ready()).map(Tongue::name)
    }

    /// The certainty of each language, fitted anew on its examples: what `[certainty]` of its word file should say.
    pub fn fit(&self) -> Vec<(&str, Fitted)> {
        let full = self.languages.iter().filter_map(|language| Some((language.name(), language.with_examples()?)));
        full.map(|(name, words)| (name, intents::fit(&words))).collect()
    }

    /// The language that a text is clearly in, whoever wrote it; words of `names` (of accounts and banks) are of none.
    pub fn language_of(&self, text: &str, names: &[&str]) -> Option<&str> {
        let mut tokens = tokens::tokenize(text);
        let names: Vec<String> = names.iter().map(|name| name.to_lowercase()).collect();
        tokens.retain(|token| !names.iter().any(|name| name.split(' ').any(|part| part == token.text)));
        tongue::clear(&self.languages, &tokens).map(Tongue::name)
    }

    /// Understands one text. Never fails and never panics: an honest `unknown` is a reading too.
    pub fn read(&self, text: &str, context: &Context<'_>) -> Reading {
        let tokens = tokens::tokenize(text);
        match tongue::of(&self.languages, &tokens, context.locale).and_then(Tongue::language) {
            Some(language) => questions::read(language, text, tokens, context),
            None => intents::nothing("en"),
        }
    }
}
