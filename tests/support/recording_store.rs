//! A store that remembers what it was given, and fails when told to. For tests of what stands before the store.

use std::collections::HashSet;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use balancebot::domain::access::AccessEntry;
use balancebot::domain::bank::BankId;
use balancebot::domain::message::{Conversation, MessageId};
use balancebot::domain::stop::{Order, Stop};
use balancebot::proof::copy::Proven;
use balancebot::proof::tree::Tree;
use balancebot::store::{
    Anew, Arrival, Attempt, AttemptKey, Claim, Due, Fate, Held, Leaf, Ordered, Outcome, Outgoing, Position, Received,
    Retention, Row, Stats, Store, StoreError, Unsent,
};
use jiff::Timestamp;

/// Remembers arrivals in order, each event id once.
#[derive(Default)]
pub(crate) struct RecordingStore {
    kept: Mutex<Kept>,
    fails: AtomicBool,
}

#[derive(Default)]
struct Kept {
    seen: HashSet<(Option<Conversation>, String)>,
    arrivals: Vec<Arrival>,
    stats: Stats,
}

impl RecordingStore {
    /// From now on every method says "unavailable", or stops saying it.
    pub(crate) fn fail(&self, fails: bool) {
        self.fails.store(fails, Ordering::SeqCst);
    }

    /// What arrived, in order, duplicates left out.
    pub(crate) fn arrivals(&self) -> Vec<Arrival> {
        self.kept.lock().expect("not poisoned").arrivals.clone()
    }

    /// The counters.
    pub(crate) fn counts(&self) -> Stats {
        self.kept.lock().expect("not poisoned").stats
    }

    fn check(&self) -> Result<(), StoreError> {
        if self.fails.load(Ordering::SeqCst) { Err(StoreError::Unavailable("told to fail".to_owned())) } else { Ok(()) }
    }
}

/// What these tests never come to.
fn beyond<T>() -> Result<T, StoreError> {
    Err(StoreError::Unavailable("the recording store only receives".to_owned()))
}

#[async_trait]
impl Store for RecordingStore {
    async fn receive(&self, arrivals: Vec<Arrival>, _: Timestamp) -> Result<Received, StoreError> {
        self.check()?;
        let mut kept = self.kept.lock().expect("not poisoned");
        let mut received = Received::default();
        for arrival in arrivals {
            kept.stats.received += 1;
            if !kept.seen.insert((arrival.conversation.clone(), arrival.event_id.clone())) {
                received.duplicate += 1;
                continue;
            }
            match arrival.fate {
                Fate::Ignore { .. } => received.ignored += 1,
                Fate::Break { .. } => received.broken += 1,
                Fate::Think(_) => {
                    received.kept += 1;
                    received.wakes = true;
                }
                Fate::Note | Fate::Echo { .. } => received.kept += 1,
            }
            kept.arrivals.push(arrival);
        }
        kept.stats.kept += received.kept;
        kept.stats.duplicate += received.duplicate;
        kept.stats.ignored += received.ignored;
        kept.stats.broken += received.broken;
        Ok(received)
    }

    async fn stats(&self) -> Result<Stats, StoreError> {
        self.check()?;
        Ok(self.counts())
    }

    async fn order(&self, _: Order, _: Option<Timestamp>, _: Timestamp) -> Result<Ordered, StoreError> {
        beyond()
    }

    async fn stops(&self) -> Result<Vec<Stop>, StoreError> {
        beyond()
    }

    async fn claim(&self, _: &str, _: Duration, _: Timestamp) -> Result<Option<Claim>, StoreError> {
        beyond()
    }

    async fn interim(&self, _: &Claim, _: Outgoing, _: Timestamp) -> Result<bool, StoreError> {
        beyond()
    }

    async fn opened(&self, _: &Claim, _: Vec<AccessEntry>, _: Timestamp) -> Result<(), StoreError> {
        beyond()
    }

    async fn commit(&self, _: Claim, _: Outcome, _: Timestamp) -> Result<(), StoreError> {
        beyond()
    }

    async fn postpone(&self, _: Claim, _: Timestamp, _: &str, _: Timestamp) -> Result<(), StoreError> {
        beyond()
    }

    async fn bury(&self, _: Claim, _: Vec<Outgoing>, _: &str, _: Timestamp) -> Result<(), StoreError> {
        beyond()
    }

    async fn next_outgoing(&self, _: Duration, _: &[String], _: Timestamp) -> Result<Option<Due>, StoreError> {
        beyond()
    }

    async fn mark_sent(&self, _: &str, _: Option<&MessageId>, _: Timestamp) -> Result<(), StoreError> {
        beyond()
    }

    async fn mark_unsent(&self, _: &str, _: Unsent, _: Timestamp) -> Result<(), StoreError> {
        beyond()
    }

    async fn unsettled(&self, _: &Conversation) -> Result<u64, StoreError> {
        beyond()
    }

    async fn links(&self, _: &Conversation) -> Result<Vec<(BankId, Vec<u8>)>, StoreError> {
        beyond()
    }

    async fn begin_attempt(&self, _: Attempt, _: Timestamp) -> Result<bool, StoreError> {
        beyond()
    }

    async fn attempt(&self, _: AttemptKey, _: Timestamp) -> Result<Option<Attempt>, StoreError> {
        beyond()
    }

    async fn advance_attempt(&self, _: Attempt, _: u32, _: Timestamp) -> Result<bool, StoreError> {
        beyond()
    }

    async fn end_attempt(&self, _: [u8; 32], _: Timestamp) -> Result<(), StoreError> {
        beyond()
    }

    async fn put_link(&self, _: &Conversation, _: &BankId, _: Option<Vec<u8>>, _: Timestamp) -> Result<(), StoreError> {
        beyond()
    }

    async fn key(&self, _: &Conversation) -> Result<Option<Vec<u8>>, StoreError> {
        beyond()
    }

    async fn keep_key(&self, _: &Conversation, _: Vec<u8>) -> Result<Vec<u8>, StoreError> {
        beyond()
    }

    async fn held(&self, _: Option<Position>, _: u32) -> Result<Vec<Held>, StoreError> {
        beyond()
    }

    async fn replace_held(&self, _: Vec<Anew>) -> Result<u64, StoreError> {
        beyond()
    }

    async fn dialogue(&self, _: &Conversation) -> Result<Option<Vec<u8>>, StoreError> {
        beyond()
    }

    async fn roused(&self, _: Timestamp, _: u32) -> Result<Vec<(Conversation, Timestamp)>, StoreError> {
        beyond()
    }

    async fn put_off(&self, _: &Conversation, _: Timestamp, _: Timestamp) -> Result<(), StoreError> {
        beyond()
    }

    async fn log_access(&self, _: &Conversation, _: Vec<AccessEntry>, _: Timestamp) -> Result<(), StoreError> {
        beyond()
    }

    async fn access_log(&self, _: &Conversation) -> Result<Vec<AccessEntry>, StoreError> {
        beyond()
    }

    async fn tree(&self, _: Option<u64>) -> Result<Option<Tree>, StoreError> {
        beyond()
    }

    async fn proven(&self, _: &Conversation, _: u64) -> Result<Vec<Proven>, StoreError> {
        beyond()
    }

    async fn leaves(&self, _: u64, _: u32) -> Result<Vec<Leaf>, StoreError> {
        beyond()
    }

    async fn leafless(&self) -> Result<u64, StoreError> {
        beyond()
    }

    async fn forget(&self, _: &Conversation, _: Timestamp) -> Result<u64, StoreError> {
        beyond()
    }

    async fn sweep(&self, _: &Retention, _: Timestamp) -> Result<u64, StoreError> {
        beyond()
    }

    async fn list(&self, _: Option<&str>, _: u32) -> Result<Vec<Row>, StoreError> {
        beyond()
    }

    async fn show(&self, _: &str) -> Result<Option<(Row, Option<Vec<u8>>)>, StoreError> {
        beyond()
    }

    async fn retry(&self, _: &str, _: Timestamp) -> Result<bool, StoreError> {
        beyond()
    }

    async fn drop_event(&self, _: &str, _: Timestamp) -> Result<bool, StoreError> {
        beyond()
    }
}
