//! The texts of a page, in the language of the chat that it belongs to.

use jiff::Zoned;

use crate::domain::say::Say;
use crate::flow::texts::Reader;
use crate::turn::Turn;

/// Puts texts into words for one page.
pub(super) struct Voice<'a> {
    turn: &'a Turn,
    locale: String,
    now: Zoned,
}

impl<'a> Voice<'a> {
    pub(super) fn new(turn: &'a Turn, locale: &str) -> Self {
        Self { turn, locale: locale.to_owned(), now: turn.clock.now().to_zoned(jiff::tz::TimeZone::UTC) }
    }

    /// The same, at the moment that an answer was given, in its zone.
    pub(super) fn at(&self, now: &Zoned) -> Self {
        Self { turn: self.turn, locale: self.locale.clone(), now: now.clone() }
    }

    /// The same, with moments told in a zone.
    pub(super) fn within(mut self, zone: jiff::tz::TimeZone) -> Self {
        self.now = self.now.with_time_zone(zone);
        self
    }

    pub(super) fn say(&self, say: &Say) -> String {
        self.turn.texts.render(say, &Reader { locale: &self.locale, now: &self.now, masked: false })
    }

    pub(super) fn text(&self, id: &str) -> String {
        self.say(&Say::new(id))
    }

    /// The present day in its zone.
    pub(super) fn today(&self) -> jiff::civil::Date {
        self.now.date()
    }

    /// For the `lang` of the document.
    pub(super) fn lang(&self) -> String {
        self.locale.clone()
    }
}
