//! The call that leads to cash machines: a link to a map. Where the person is, nobody here knows.

use super::Run;
use crate::domain::{
    answer::{Draft, DraftButton},
    say::Say,
    text::label,
};

impl Run<'_> {
    /// Offers a map that looks for cash machines, near the place that was named.
    pub(super) fn say_map(&mut self) -> &'static str {
        let place = self.asked.slots.place.as_deref().map(label).filter(|place| !place.is_empty());
        let mut lines = vec![match &place {
            Some(place) => Say::new("atm-near").with("place", place.as_str()),
            None => Say::new("atm-anywhere"),
        }];
        lines.push(Say::new("atm-nothing-sent"));
        if !self.setting.linked.is_empty() {
            lines.push(Say::new("atm-bank"));
        }
        let buttons = vec![DraftButton::Map { title: Say::new("title-map"), place }];
        self.drafts.push(Draft { lines, buttons, picture: None });
        "done"
    }
}
