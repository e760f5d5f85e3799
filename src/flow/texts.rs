//! Texts: Fluent (`bot-flows/texts/*.ftl`), one file a locale, put into words with the values an answer gives.

use std::collections::BTreeSet;

use jiff::Zoned;

use crate::domain::{
    fault::{Fault, Source},
    say::Say,
};

/// Who a text is for.
#[derive(Clone, Debug)]
pub struct Reader<'a> {
    /// The locale, e.g. `en-US`.
    pub locale: &'a str,
    /// The present moment in the person's zone.
    pub now: &'a Zoned,
}

/// All texts of all locales.
#[derive(Default)]
pub struct Texts {}

impl Texts {
    /// Loads `texts/*.ftl`; reports every mistake in them.
    pub fn load(_files: &[Source]) -> Result<Self, Vec<Fault>> {
        Ok(Self {})
    }

    /// The locales that have texts, e.g. `en`.
    pub fn locales(&self) -> Vec<String> {
        Vec::new()
    }

    /// Whether a locale has a text of this id.
    pub fn has(&self, _locale: &str, _id: &str) -> bool {
        false
    }

    /// The placeholders of a text.
    pub fn placeholders(&self, _locale: &str, _id: &str) -> BTreeSet<String> {
        BTreeSet::new()
    }

    /// Puts a text into words.
    pub fn render(&self, _say: &Say, _reader: &Reader<'_>) -> String {
        String::new()
    }
}
