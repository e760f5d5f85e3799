//! `[retention]`: how long what is kept stays.

use std::time::Duration;

use super::document::Section;
use super::value::duration;

/// `[retention]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Retention {
    /// The bare ids of messages that were answered.
    pub ids: Duration,
    /// Elements of deliveries that could not be read, or are of an unknown kind.
    pub set_aside: Duration,
    /// Messages that were given up.
    pub given_up: Duration,
    /// The bare ids of replies that were sent.
    pub replies: Duration,
    /// What is remembered of a person with whom nothing happens any more.
    pub silent: Duration,
    /// Entries of the access log.
    pub access: Duration,
}

impl Retention {
    pub(super) fn read(section: &Section<'_>) -> Option<Self> {
        let days = |days: u64| Duration::from_secs(days * 24 * 60 * 60);
        let hours = |hours: u64| Duration::from_secs(hours * 60 * 60);
        // The platform repeats a delivery for a day and a half: whose id is gone by then is answered twice.
        let ids = section.defaulted("ids", |v| duration(v, days(2)..=days(90)));
        let set_aside = section.defaulted("set_aside", |v| duration(v, hours(1)..=days(90)));
        let given_up = section.defaulted("given_up", |v| duration(v, hours(1)..=days(90)));
        let replies = section.defaulted("replies", |v| duration(v, hours(1)..=days(90)));
        let silent = section.defaulted("silent", |v| duration(v, days(1)..=days(3650)));
        let access = section.defaulted("access", |v| duration(v, days(1)..=days(3650)));
        section.finish();
        Some(Self {
            ids: ids?,
            set_aside: set_aside?,
            given_up: given_up?,
            replies: replies?,
            silent: silent?,
            access: access?,
        })
    }
}
