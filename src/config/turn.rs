//! `[turn]`: how long a person waits, how often a turn is tried, and how long a conversation is remembered.

use std::time::Duration;

use super::document::{Section, Wrong};
use super::value::{count, duration, in_words};

/// `[turn]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Turn {
    /// Conversations that are thought about at one time.
    pub workers: u32,
    /// When a waiting person is told that it takes a moment.
    pub interim_after: Duration,
    /// When a waiting person has the answer or an apology.
    pub answer_by: Duration,
    /// How long a claim holds; longer than any turn takes.
    pub lease: Duration,
    /// Failed claims after which a turn is buried.
    pub attempts: u32,
    /// How long the last question is context for the next one.
    pub context: Duration,
    /// How long a conversation may rest before the person must show again that it is them.
    pub session: Duration,
    /// How long bank data is reused from memory.
    pub cache: Duration,
}

impl Turn {
    pub(super) fn read(section: &Section<'_>) -> Option<Self> {
        let ms = Duration::from_millis;
        let minutes = |minutes: u64| Duration::from_secs(60 * minutes);
        let workers = section.defaulted("workers", |v| count(v, 1..=1_024));
        let interim_after = section.defaulted("interim_after", |v| duration(v, ms(100)..=ms(30_000)));
        // The platform wants any answer within 30 s, and restricts pages that are slower.
        let answer_by = section.defaulted("answer_by", |v| duration(v, ms(1_000)..=ms(30_000)));
        let lease = section.defaulted("lease", |v| duration(v, ms(2_000)..=minutes(10)));
        let attempts = section.defaulted("attempts", |v| count(v, 1..=20));
        let context = section.defaulted("context", |v| duration(v, minutes(1)..=minutes(24 * 60)));
        let session = section.defaulted("session", |v| duration(v, minutes(1)..=minutes(24 * 60)));
        let cache = section.defaulted("cache", |v| duration(v, ms(0)..=minutes(30)));
        section.finish();
        let turn = Self {
            workers: workers?,
            interim_after: interim_after?,
            answer_by: answer_by?,
            lease: lease?,
            attempts: attempts?,
            context: context?,
            session: session?,
            cache: cache?,
        };
        turn.validate(section);
        Some(turn)
    }

    /// What the settings must be to one another.
    fn validate(&self, section: &Section<'_>) {
        let answer_by = in_words(self.answer_by);
        if self.interim_after >= self.answer_by {
            let wrong = format!("must be shorter than `answer_by` ({answer_by})");
            section.fault("interim_after", Wrong::new(wrong).help("a holding line after the answer helps nobody"));
        }
        if self.lease <= self.answer_by {
            let wrong = format!("must be longer than `answer_by` ({answer_by})");
            section.fault("lease", Wrong::new(wrong).help("or a second worker would think about the same turn"));
        }
    }
}
