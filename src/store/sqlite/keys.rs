//! How conversations and moments are written in rows.

use jiff::Timestamp;
use sha2::{Digest, Sha256};

use super::failure::Failure;
use crate::domain::message::{Conversation, PageId, PersonId};

/// The key of a conversation in every table: bucket, channel, page, person.
pub(super) type Key<'a> = (i64, &'a str, &'a str, &'a str);

/// The key of events and elements that belong to no conversation.
pub(super) const NOBODY: Key<'static> = (0, "", "", "");

/// The key of a conversation.
pub(super) fn key(conversation: &Conversation) -> Key<'_> {
    let bucket = i64::from(conversation.bucket());
    (bucket, &conversation.channel, conversation.page.as_str(), conversation.person.as_str())
}

/// What an event id is found by.
pub(super) fn event(event_id: &str) -> [u8; 16] {
    let mut half = [0; 16];
    half.copy_from_slice(&Sha256::digest(event_id)[..16]);
    half
}

/// The conversation of a key.
pub(super) fn conversation(channel: String, page: String, person: String) -> Conversation {
    Conversation { channel, page: PageId::new(page), person: PersonId::new(person) }
}

/// A moment as it is stored: microseconds since 1970, rounded towards 1970.
pub(super) fn micros(moment: Timestamp) -> i64 {
    moment.as_microsecond()
}

/// A stored moment.
pub(super) fn moment(micros: i64) -> Result<Timestamp, Failure> {
    Timestamp::from_microsecond(micros).map_err(|_| Failure::damaged("a moment outside of time"))
}
