//! L1, pure: text -> [`Reading`]: intents, slots, certainty, and which words decided.
//!
//! The order of reading: normalise (`tokens`), repair (`spelling`), look for secrets, find details (`slots`, with
//! `dates`, `amounts`, `accounts`, `merchants`), then what is wanted (`intents`: rules, `ellipsis` with `followup`, `classifier`),
//! and how sure that is; last, `details` keeps what belongs to it. One language has one file of words, which is chosen by `tongue`; there
//! is one grammar, and `grammar` tells it what other languages say.

use std::collections::HashSet;

use jiff::Zoned;
use jiff::civil::Weekday;

use crate::domain::{
    account::Account,
    bank::Bank,
    fault::{Fault, Source},
    reading::{Intent, Part, Reading},
};

use self::certainty::Fitted;
use self::classifier::Classifier;
use self::lexicon::WordSet;
use self::model_file::Key;
use self::spelling::Speller;
use self::words::{Example, Words};

mod accounts;
mod amounts;
mod anchors;
pub mod certainty;
mod classifier;
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
mod lexicon;
mod merchants;
mod model_file;
mod neighbours;
mod numbers;
mod own;
mod owners;
mod phrases;
mod questions;
mod rules;
mod secrets;
mod slots;
mod spelling;
mod tokens;
mod tongue;
mod training;
mod vocabulary;
mod wordings;
mod words;

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

/// Names of categories and accounts that are shorter than this are no goals of repair.
const CALLED_MIN: usize = 5;

/// Reads texts. Made from the word files of `bot-flows/words`; immutable afterwards.
#[derive(Debug)]
pub struct Parser {
    languages: Vec<Language>,
}

/// One language's words and what was learnt from them.
#[derive(Debug)]
struct Language {
    words: Words,
    /// Words that are spelt right.
    right: WordSet,
    speller: Speller,
    classifier: Classifier,
    /// What the classifier was learnt from.
    key: Key,
    /// Whether a model was ready.
    ready: bool,
}

impl Language {
    /// Takes the model that was learnt from these words, or learns it.
    fn of(words: Words, models: &[&[u8]]) -> Self {
        let key = Key::of(&words);
        let ready = models.iter().find_map(|model| model_file::read(model, &key));
        let is_ready = ready.is_some();
        let classifier = ready.unwrap_or_else(|| Classifier::train(&intents::lessons(&words)));
        Self::with(words, classifier, key, is_ready)
    }

    fn with(mut words: Words, classifier: Classifier, key: Key, ready: bool) -> Self {
        let of = |example: &&Example| example.intent == Intent::OutOfScope;
        let (foreign, native): (Vec<&Example>, Vec<&Example>) = words.examples.iter().partition(of);
        fn words_of<'a>(examples: &'a [&Example]) -> impl Iterator<Item = &'a String> {
            examples.iter().flat_map(|example| &example.words)
        }
        let asked: HashSet<&String> = words_of(&native).collect();
        let refused: HashSet<&String> = words_of(&foreign).collect();
        // A slip in a word that only stands where nothing of ours is asked needs no repair.
        let ours = words.surface.iter().filter(|word| asked.contains(word) || !refused.contains(word));
        // What categories and accounts are called is of the field as well; short words would draw in too much.
        let phrases = words.categories.iter().map(|(p, _)| p).chain(words.accounts.iter().map(|(p, _)| p)).flatten();
        let called = phrases.filter(|word| word.chars().count() >= CALLED_MIN && words.surface.contains(*word));
        let field = words.spelling.iter().chain(called).cloned().collect();
        let speller = Speller::of(&ours.cloned().collect(), &field, &native);
        // Their words are in all that was made of them.
        words.examples.iter_mut().for_each(|example| example.words = Vec::new());
        let right: WordSet = words.surface.iter().chain(&words.ordinary).chain(&words.names).cloned().collect();
        Self { right, speller, classifier, key, ready, words }
    }

    /// Whether a word, or what it is the plural of, stands anywhere in the words of the language.
    fn knows(&self, word: &str) -> bool {
        let words = &self.words;
        let known = |word: &str| {
            !words.names.contains(word)
                && (self.right.contains(word) || words.known.contains(word) || dates::is_date_word(word))
        };
        known(word) || word.strip_suffix('s').is_some_and(known) || word.chars().all(|c| c.is_ascii_digit())
    }
}

impl Parser {
    /// Builds a parser from `words/*.toml`, one file a language, and learns from them; reports every mistake in them.
    pub fn load(words: &[Source]) -> Result<Self, Vec<Fault>> {
        Self::with_models(words, &[])
    }

    /// As [`Parser::load`], but what a model was learnt from is not learnt again.
    pub fn with_models(words: &[Source], models: &[&[u8]]) -> Result<Self, Vec<Fault>> {
        let mut languages = Vec::new();
        let mut faults = Vec::new();
        for source in words {
            match Words::load(source) {
                Ok(words) => languages.push(Language::of(words, models)),
                Err(mut found) => faults.append(&mut found),
            }
        }
        // What other languages tell the grammar is English.
        let told: Vec<String> = languages.iter().flat_map(|language| language.words.grammar.told().cloned()).collect();
        languages
            .iter_mut()
            .filter(|l| l.words.language == "en")
            .for_each(|l| l.words.surface.extend(told.iter().cloned()));
        // English is read first: it is the language of last resort.
        languages.sort_by_key(|language| (language.words.language != "en", language.words.language.clone()));
        if languages.is_empty() && faults.is_empty() {
            faults.push(
                Fault::new("words", 0, "there is no word file")
                    .help("the program is built with bot-flows/words/en.toml"),
            );
        }
        if faults.is_empty() { Ok(Self { languages }) } else { Err(faults) }
    }

    /// The model of each language, to be kept beside its words.
    pub fn models(&self) -> Vec<(&str, Vec<u8>)> {
        let model = |language: &Language| model_file::write(&language.classifier, &language.key);
        self.languages.iter().map(|language| (language.words.language.as_str(), model(language))).collect()
    }

    /// The languages that had to be learnt, because no model of their words was ready.
    pub fn learnt(&self) -> impl Iterator<Item = &str> {
        self.languages.iter().filter(|language| !language.ready).map(|language| language.words.language.as_str())
    }

    /// The certainty of each language, fitted anew on its examples: what `[certainty]` of its word file should say.
    pub fn fit(&self) -> Vec<(&str, Fitted)> {
        let fit = |language: &Language| intents::fit(&language.words);
        self.languages.iter().map(|language| (language.words.language.as_str(), fit(language))).collect()
    }

    /// Understands one text. Never fails and never panics: an honest `unknown` is a reading too.
    pub fn read(&self, text: &str, context: &Context<'_>) -> Reading {
        let tokens = tokens::tokenize(text);
        match self.languages.get(tongue::of(&self.languages, &tokens, context.locale)) {
            Some(language) => questions::read(language, text, tokens, context),
            None => intents::nothing("en"),
        }
    }
}
