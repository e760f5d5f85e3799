//! L1, pure: text -> [`Reading`]: intents, slots, certainty, and which words decided.

use jiff::Zoned;
use jiff::civil::Weekday;

use crate::domain::{
    account::Account,
    bank::Bank,
    fault::{Fault, Source},
    reading::{Part, Reading},
};

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
pub struct Parser {}

impl Parser {
    /// Builds a parser from `words/*.toml`, one file a language; reports every mistake in them.
    pub fn load(_words: &[Source]) -> Result<Self, Vec<Fault>> {
        Ok(Self {})
    }

    /// Understands one text. Never fails and never panics: an honest `unknown` is a reading too.
    pub fn read(&self, _text: &str, _context: &Context<'_>) -> Reading {
        Reading {
            part: Part::new(crate::domain::reading::Intent::Unknown),
            also: Vec::new(),
            confidence: 0.0,
            zone: crate::domain::reading::Zone::Reject,
            lang: "en".to_owned(),
            spans: Vec::new(),
            likely: Vec::new(),
            why: Vec::new(),
        }
    }
}
