//! What a person asks to be kept: the language and the time zone.

use jiff::tz::TimeZone;

use crate::domain::{
    answer::Draft,
    say::{Arg, Say},
};
use crate::flow::engine::Run;

impl Run<'_> {
    /// Keeps the language that was asked for; what is said next is said in it.
    pub(super) fn set_language(&mut self) -> &'static str {
        match &self.asked.slots.lang {
            Some(lang) if self.flows.speaks(lang) => {
                self.dialogue.settings.lang = Some(lang.clone());
                self.dialogue.spoken = None;
                "done"
            }
            _ => "unknown",
        }
    }

    /// Keeps the time zone that was asked for and says the time there; or says which one counts now.
    pub(super) fn set_time_zone(&mut self) -> &'static str {
        let zone = self.asked.slots.kind.as_deref().and_then(|name| TimeZone::get(name).ok());
        let (id, zone, outcome) = match zone {
            Some(zone) => ("time-zone-set", zone, "done"),
            None => ("time-zone-which", self.setting.zone.clone(), "unknown"),
        };
        if outcome == "done" {
            self.dialogue.settings.zone = zone.iana_name().map(str::to_owned);
        }
        let place = zone.iana_name().map_or("UTC", |name| name.rsplit('/').next().unwrap_or(name)).replace('_', " ");
        let clock = Arg::Clock(self.setting.now.to_zoned(zone).time());
        self.drafts.push(Draft::line(Say::new(id).with("time", clock).with("place", place)));
        outcome
    }
}
