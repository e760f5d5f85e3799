//! The switches by which a bank of the sandbox is made to fail.
//!
//! One of down, rate-limited, consent-expired and killed holds at a time; slow and stale come on top. `up` clears all.

use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::clock::later;

/// How long a rate-limited bank refuses.
pub const RATE_LIMIT: Duration = Duration::from_secs(3600);

/// What is done to a bank. In JSON: `{"switch": "slow", "seconds": 9}`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "switch", rename_all = "snake_case")]
pub enum Switch {
    /// It answers again; every fault is cleared.
    Up,
    /// It stops answering: 503 with a page of HTML, as a gateway does.
    Down,
    /// It answers after a while.
    Slow {
        /// How long it takes.
        seconds: u64,
    },
    /// It refuses everything for an hour: 429 with `Retry-After`.
    #[serde(alias = "rate-limited")]
    RateLimited,
    /// It says that the consent has ended, of every consent that was given before.
    #[serde(alias = "consent-expired")]
    ConsentExpired,
    /// It refuses us altogether.
    Killed,
    /// It has only figures as of an earlier moment.
    Stale {
        /// When the figures were true.
        as_of: Timestamp,
    },
}

impl Switch {
    /// Reads the words of a conversation's `bank` event: `down`, `slow 9s`, `stale 2026-11-22T08:00:00-05:00`.
    pub fn parse(words: &str) -> Option<Self> {
        match words.split_once(' ').map_or((words, None), |(word, value)| (word, Some(value.trim()))) {
            ("up", None) => Some(Self::Up),
            ("down", None) => Some(Self::Down),
            ("rate-limited", None) => Some(Self::RateLimited),
            ("consent-expired", None) => Some(Self::ConsentExpired),
            ("killed", None) => Some(Self::Killed),
            ("slow", Some(time)) => Some(Self::Slow { seconds: time.strip_suffix('s')?.parse().ok()? }),
            ("stale", Some(moment)) => Some(Self::Stale { as_of: moment.parse().ok()? }),
            _ => None,
        }
    }
}

/// In the words of a conversation's `bank` event; [`Switch::parse`] reads them.
impl std::fmt::Display for Switch {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Up => f.write_str("up"),
            Self::Down => f.write_str("down"),
            Self::Slow { seconds } => write!(f, "slow {seconds}s"),
            Self::RateLimited => f.write_str("rate-limited"),
            Self::ConsentExpired => f.write_str("consent-expired"),
            Self::Killed => f.write_str("killed"),
            Self::Stale { as_of } => write!(f, "stale {as_of}"),
        }
    }
}

/// How a bank refuses every call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outage {
    Down,
    RateLimited {
        until: Timestamp,
    },
    /// Consents that were given up to then have ended; a new one stands.
    ConsentExpired {
        since: Timestamp,
    },
    Killed,
}

/// What is wrong with one bank.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Condition {
    outage: Option<Outage>,
    /// How long it takes to answer.
    pub(super) delay: Option<Duration>,
    /// When its figures were true, if not now.
    pub(super) as_of: Option<Timestamp>,
}

impl Condition {
    /// Sets a switch at `now`.
    pub(super) fn set(&mut self, switch: Switch, now: Timestamp) {
        match switch {
            Switch::Up => *self = Self::default(),
            Switch::Down => self.outage = Some(Outage::Down),
            Switch::Slow { seconds } => self.delay = Some(Duration::from_secs(seconds)),
            Switch::RateLimited => self.outage = Some(Outage::RateLimited { until: later(now, RATE_LIMIT) }),
            Switch::ConsentExpired => self.outage = Some(Outage::ConsentExpired { since: now }),
            Switch::Killed => self.outage = Some(Outage::Killed),
            Switch::Stale { as_of } => self.as_of = Some(as_of),
        }
    }

    /// The switch that a caller meets first at `now`.
    pub(super) fn switch(&self, now: Timestamp) -> Switch {
        match (self.outage(now), self.delay, self.as_of) {
            (Some(Outage::Down), ..) => Switch::Down,
            (Some(Outage::RateLimited { .. }), ..) => Switch::RateLimited,
            (Some(Outage::ConsentExpired { .. }), ..) => Switch::ConsentExpired,
            (Some(Outage::Killed), ..) => Switch::Killed,
            (None, Some(delay), _) => Switch::Slow { seconds: delay.as_secs() },
            (None, None, Some(as_of)) => Switch::Stale { as_of },
            (None, None, None) => Switch::Up,
        }
    }

    /// How the bank refuses at `now`; a rate limit passes by itself.
    pub(super) fn outage(&self, now: Timestamp) -> Option<Outage> {
        self.outage.filter(|outage| !matches!(outage, Outage::RateLimited { until } if *until <= now))
    }
}
