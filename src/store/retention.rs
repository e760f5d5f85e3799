//! How long what is kept stays. Texts do not wait for any of it: a message is erased when it was answered, a reply when it
//! was sent, and an attempt in a browser ends by itself.

use std::time::Duration;

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// How long each class of rows stays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Retention {
    /// The bare ids of messages that were answered; longer than the platform repeats a delivery.
    pub ids: Duration,
    /// Elements that could not be read or are of an unknown kind, sealed.
    pub set_aside: Duration,
    /// Messages that were given up after too many failures, sealed, for an operator to try again.
    pub given_up: Duration,
    /// The bare ids of replies that were sent; longer than an echo may take.
    pub replies: Duration,
    /// What is remembered of a person who does not write any more: dialogue, links, key.
    pub silent: Duration,
    /// Entries of the access log.
    pub access: Duration,
}

impl Default for Retention {
    fn default() -> Self {
        Self {
            ids: 7 * DAY,
            set_aside: 7 * DAY,
            given_up: 30 * DAY,
            replies: DAY,
            silent: 400 * DAY,
            access: 400 * DAY,
        }
    }
}
