//! The store in one SQLite file: WAL, `synchronous=FULL`, one writer.
//!
//! One process serves from a file; a lock file beside it says which. While it runs, others may look
//! ([`SqliteStore::open_read_only`]) and an operator may retry, drop or forget ([`SqliteStore::open_beside`]): nothing
//! of the store lives in the memory of the server, every change is one `BEGIN IMMEDIATE` transaction, and the fencing
//! tokens are on disk, so a second writer waits its turn (`busy_timeout`) and breaks no promise. That is safe only
//! from SQLite 3.51.3 on, where two connections may checkpoint at once; older libraries are refused.
//!
//! Reads take the same lane as writes. They see what was committed before them, and a batch of reads costs no fsync.

use std::path::Path;
use std::time::Duration;

use async_trait::async_trait;
use jiff::Timestamp;
use rusqlite::Connection;

use crate::domain::{
    access::AccessEntry,
    bank::BankId,
    message::{Conversation, MessageId},
    stop::{Order, Stop},
};
use crate::proof::{copy::Proven, tree::Tree};
use crate::store::{
    Anew, Arrival, Attempt, AttemptKey, Claim, Committed, Due, Held, Leaf, Ordered, Outcome, Outgoing, Position,
    Received, Retention, Row, Stats, Store, StoreError, Unsent,
};

mod access;
mod attempts;
mod conversations;
mod counters;
mod failure;
mod file;
mod held;
mod inbox;
mod keys;
mod leaves;
mod links;
mod outbox;
mod retention;
mod schema;
mod stops;
mod wrapped;
mod writer;

use failure::Failure;
use file::Mode;
use writer::{After, Lane};

pub use schema::VERSION;

/// Who executes the writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Writer {
    /// An own thread, which commits everything that has queued in one transaction: for servers.
    Thread,
    /// The calling task, under a mutex: for runs in virtual time, which a wait for a foreign thread would let jump.
    Inline,
}

/// Switches that break a promise on purpose, for proving that the tests bite. The default breaks none.
#[derive(Clone, Copy, Debug)]
pub struct Tuning {
    /// Off: commits are not flushed to disk, so that a power cut loses acknowledged rows.
    pub synchronous_full: bool,
    /// Off: an event that was seen before counts as new.
    pub dedupe: bool,
    /// Off: a claim that passed to another worker may still be committed.
    pub fence: bool,
    /// A disk that is full at this many pages of 4 KiB.
    pub pages_max: Option<u32>,
}

impl Default for Tuning {
    fn default() -> Self {
        Self { synchronous_full: true, dedupe: true, fence: true, pages_max: None }
    }
}

/// A [`Store`] in one SQLite file.
///
/// Dropping it waits for what has queued, empties the write-ahead log into the file, and releases the lock.
pub struct SqliteStore {
    lane: Lane,
    tuning: Tuning,
}

impl SqliteStore {
    /// Opens the file for serving, makes it (mode 0600) if there is none, and migrates it forward.
    ///
    /// # Errors
    /// `Unavailable` when another process serves from it or it cannot be opened; `Damaged` when it is no store, is of
    /// a newer version, or the library or the file system cannot keep the promise of durability.
    pub fn open(path: &Path, writer: Writer) -> Result<Self, StoreError> {
        Self::open_with(path, writer, Tuning::default())
    }

    /// Like [`open`](Self::open), with switches for tests.
    ///
    /// # Errors
    /// As [`open`](Self::open).
    pub fn open_with(path: &Path, writer: Writer, tuning: Tuning) -> Result<Self, StoreError> {
        let opened = file::open(path, Mode::Serve, tuning).map_err(StoreError::from)?;
        Ok(Self { lane: Lane::start(opened, writer)?, tuning })
    }

    /// Opens a file that may be served from elsewhere, for looking: every write is refused.
    ///
    /// # Errors
    /// As [`open`](Self::open), except that it takes no lock, makes no file and does not migrate.
    pub fn open_read_only(path: &Path) -> Result<Self, StoreError> {
        let tuning = Tuning::default();
        let opened = file::open(path, Mode::Look, tuning).map_err(StoreError::from)?;
        Ok(Self { lane: Lane::start(opened, Writer::Inline)?, tuning })
    }

    /// Opens a file that may be served from elsewhere, for an operator's few writes.
    ///
    /// # Errors
    /// As [`open`](Self::open), except that it takes no lock, makes no file and does not migrate.
    pub fn open_beside(path: &Path) -> Result<Self, StoreError> {
        let tuning = Tuning::default();
        let opened = file::open(path, Mode::Beside, tuning).map_err(StoreError::from)?;
        Ok(Self { lane: Lane::start(opened, Writer::Inline)?, tuning })
    }

    /// A store that lives as long as the value, written inline.
    ///
    /// # Errors
    /// When there is no memory for it.
    pub fn in_memory() -> Result<Self, StoreError> {
        let tuning = Tuning::default();
        let opened = file::in_memory(tuning).map_err(StoreError::from)?;
        Ok(Self { lane: Lane::start(opened, Writer::Inline)?, tuning })
    }

    /// Migrates the file forward and returns its version before and after.
    ///
    /// # Errors
    /// As [`open`](Self::open).
    pub fn migrate(path: &Path) -> Result<(u32, u32), StoreError> {
        file::open(path, Mode::Serve, Tuning::default())
            .map(|opened| (opened.migrated_from, VERSION))
            .map_err(StoreError::from)
    }

    /// Does one piece of work in a transaction and returns when it is on disk.
    async fn work<T: Send + 'static>(
        &self,
        work: impl Fn(&Connection) -> Result<T, Failure> + Send + 'static,
    ) -> Result<T, StoreError> {
        self.lane.run(After::Nothing, work).await
    }
}

/// What follows a commit: the bytes of erased rows live on in the write-ahead log and in the gaps of pages.
fn after(outcome: &Outcome) -> After {
    if outcome.erase { After::ScrubIfSmall } else { After::Nothing }
}

#[async_trait]
impl Store for SqliteStore {
    async fn receive(&self, arrivals: Vec<Arrival>, now: Timestamp) -> Result<Received, StoreError> {
        let tuning = self.tuning;
        self.work(move |db| inbox::receive(db, tuning, &arrivals, now)).await
    }

    async fn receive_and_claim(
        &self,
        arrivals: Vec<Arrival>,
        worker: &str,
        lease: Duration,
        now: Timestamp,
    ) -> Result<(Received, Option<Claim>), StoreError> {
        let (tuning, worker) = (self.tuning, worker.to_owned());
        self.work(move |db| inbox::receive_and_claim(db, tuning, &arrivals, &worker, lease, now)).await
    }

    async fn claim(&self, worker: &str, lease: Duration, now: Timestamp) -> Result<Option<Claim>, StoreError> {
        let worker = worker.to_owned();
        self.work(move |db| conversations::claim(db, &worker, lease, now)).await
    }

    async fn interim(&self, claim: &Claim, outgoing: Outgoing, now: Timestamp) -> Result<bool, StoreError> {
        let tuning = self.tuning;
        let (conversation, token) = (claim.conversation.clone(), claim.token);
        let Some(first) = claim.events.first().map(|event| event.event_id.clone()) else {
            return Err(StoreError::Damaged("a claim without events".to_owned()));
        };
        self.work(move |db| {
            conversations::check(db, tuning, &conversation, token)?;
            outbox::push_interim(db, &conversation, &first, &outgoing, now)
        })
        .await
    }

    async fn opened(&self, claim: &Claim, entries: Vec<AccessEntry>, _now: Timestamp) -> Result<(), StoreError> {
        let tuning = self.tuning;
        let (conversation, token) = (claim.conversation.clone(), claim.token);
        self.work(move |db| {
            conversations::check(db, tuning, &conversation, token)?;
            access::append(db, &conversation, &entries)
        })
        .await
    }

    async fn commit(&self, claim: Claim, outcome: Outcome, now: Timestamp) -> Result<(), StoreError> {
        let tuning = self.tuning;
        let after = after(&outcome);
        let work = move |db: &Connection| conversations::commit(db, tuning, &claim, &outcome, None, now);
        self.lane.run(after, work).await.map(|_| ())
    }

    async fn commit_and_lease(
        &self,
        claim: Claim,
        outcome: Outcome,
        lease: Option<Duration>,
        now: Timestamp,
    ) -> Result<Committed, StoreError> {
        let tuning = self.tuning;
        let after = after(&outcome);
        let work = move |db: &Connection| conversations::commit(db, tuning, &claim, &outcome, lease, now);
        self.lane.run(after, work).await
    }

    async fn postpone(&self, claim: Claim, until: Timestamp, reason: &str, _now: Timestamp) -> Result<(), StoreError> {
        let tuning = self.tuning;
        let reason = reason.to_owned();
        self.work(move |db| conversations::postpone(db, tuning, &claim, until, &reason)).await
    }

    async fn bury(&self, claim: Claim, apology: Vec<Outgoing>, reason: &str, now: Timestamp) -> Result<(), StoreError> {
        let tuning = self.tuning;
        let reason = reason.to_owned();
        self.work(move |db| conversations::bury(db, tuning, &claim, &apology, &reason, now)).await
    }

    async fn next_outgoing(
        &self,
        lease: Duration,
        paused_pages: &[String],
        now: Timestamp,
    ) -> Result<Option<Due>, StoreError> {
        let paused = paused_pages.to_vec();
        self.work(move |db| outbox::next(db, lease, &paused, now)).await
    }

    async fn mark_sent(&self, id: &str, message_id: Option<&MessageId>, now: Timestamp) -> Result<(), StoreError> {
        let (id, message_id) = (id.to_owned(), message_id.cloned());
        self.work(move |db| outbox::mark_sent(db, &id, message_id.as_ref(), now)).await
    }

    async fn mark_sent_and_lease(
        &self,
        id: &str,
        message_id: Option<&MessageId>,
        lease: Duration,
        now: Timestamp,
    ) -> Result<Option<Due>, StoreError> {
        let (id, message_id) = (id.to_owned(), message_id.cloned());
        self.work(move |db| outbox::mark_sent_and_lease(db, &id, message_id.as_ref(), lease, now)).await
    }

    async fn mark_unsent(&self, id: &str, unsent: Unsent, now: Timestamp) -> Result<(), StoreError> {
        let id = id.to_owned();
        self.work(move |db| outbox::mark_unsent(db, &id, &unsent, now)).await
    }

    async fn unsettled(&self, conversation: &Conversation) -> Result<u64, StoreError> {
        let conversation = conversation.clone();
        self.work(move |db| conversations::unsettled(db, &conversation)).await
    }

    async fn links(&self, conversation: &Conversation) -> Result<Vec<(BankId, Vec<u8>)>, StoreError> {
        let conversation = conversation.clone();
        self.work(move |db| links::all(db, &conversation)).await
    }

    async fn put_link(
        &self,
        conversation: &Conversation,
        bank: &BankId,
        link: Option<Vec<u8>>,
        _now: Timestamp,
    ) -> Result<(), StoreError> {
        let (conversation, bank) = (conversation.clone(), bank.clone());
        self.work(move |db| links::put(db, &conversation, &bank, link.as_deref())).await
    }

    async fn begin_attempt(&self, attempt: Attempt, _now: Timestamp) -> Result<bool, StoreError> {
        self.work(move |db| attempts::begin(db, &attempt)).await
    }

    async fn attempt(&self, key: AttemptKey, now: Timestamp) -> Result<Option<Attempt>, StoreError> {
        self.work(move |db| attempts::find(db, &key, now)).await
    }

    async fn advance_attempt(&self, attempt: Attempt, from: u32, now: Timestamp) -> Result<bool, StoreError> {
        self.work(move |db| attempts::advance(db, &attempt, from, now)).await
    }

    async fn end_attempt(&self, id: [u8; 32], _now: Timestamp) -> Result<(), StoreError> {
        self.work(move |db| attempts::end(db, &id)).await
    }

    async fn key(&self, conversation: &Conversation) -> Result<Option<Vec<u8>>, StoreError> {
        let conversation = conversation.clone();
        self.work(move |db| wrapped::find(db, &conversation)).await
    }

    async fn keep_key(&self, conversation: &Conversation, wrapped: Vec<u8>) -> Result<Vec<u8>, StoreError> {
        let conversation = conversation.clone();
        self.work(move |db| wrapped::keep_or_find(db, &conversation, &wrapped)).await
    }

    async fn held(&self, after: Option<Position>, most: u32) -> Result<Vec<Held>, StoreError> {
        self.work(move |db| held::after(db, after, most)).await
    }

    async fn replace_held(&self, anew: Vec<Anew>) -> Result<u64, StoreError> {
        self.work(move |db| held::replace(db, &anew)).await
    }

    async fn dialogue(&self, conversation: &Conversation) -> Result<Option<Vec<u8>>, StoreError> {
        let conversation = conversation.clone();
        self.work(move |db| conversations::dialogue(db, &conversation)).await
    }

    async fn roused(&self, until: Timestamp, most: u32) -> Result<Vec<(Conversation, Timestamp)>, StoreError> {
        self.work(move |db| conversations::roused(db, until, most)).await
    }

    async fn put_off(&self, conversation: &Conversation, from: Timestamp, to: Timestamp) -> Result<(), StoreError> {
        let conversation = conversation.clone();
        self.work(move |db| conversations::put_off(db, &conversation, from, to)).await
    }

    async fn log_access(
        &self,
        conversation: &Conversation,
        entries: Vec<AccessEntry>,
        _now: Timestamp,
    ) -> Result<(), StoreError> {
        let conversation = conversation.clone();
        self.work(move |db| access::append(db, &conversation, &entries)).await
    }

    async fn access_log(&self, conversation: &Conversation) -> Result<Vec<AccessEntry>, StoreError> {
        let conversation = conversation.clone();
        self.work(move |db| access::all(db, &conversation)).await
    }

    async fn tree(&self, size: Option<u64>) -> Result<Option<Tree>, StoreError> {
        self.work(move |db| leaves::tree(db, size)).await
    }

    async fn proven(&self, conversation: &Conversation, size: u64) -> Result<Vec<Proven>, StoreError> {
        let conversation = conversation.clone();
        self.work(move |db| access::proven(db, &conversation, size)).await
    }

    async fn leaves(&self, after: u64, most: u32) -> Result<Vec<Leaf>, StoreError> {
        self.work(move |db| leaves::after(db, after, most)).await
    }

    async fn leafless(&self) -> Result<u64, StoreError> {
        self.work(leaves::leafless).await
    }

    async fn order(&self, order: Order, oldest: Option<Timestamp>, now: Timestamp) -> Result<Ordered, StoreError> {
        self.work(move |db| stops::order(db, &order, oldest, now)).await
    }

    async fn stops(&self) -> Result<Vec<Stop>, StoreError> {
        self.work(stops::all).await
    }

    async fn forget(&self, conversation: &Conversation, _now: Timestamp) -> Result<u64, StoreError> {
        let conversation = conversation.clone();
        // The bytes of erased rows live on in the write-ahead log and in the gaps of pages.
        self.lane.run(After::ScrubIfSmall, move |db| conversations::forget(db, &conversation)).await
    }

    async fn sweep(&self, retention: &Retention, now: Timestamp) -> Result<u64, StoreError> {
        // In small transactions: a long one would make every delivery wait.
        while self.work(move |db| outbox::give_up_expired(db, now)).await? > 0 {}
        let (kept, mut rows) = (*retention, 0);
        loop {
            let went = self.work(move |db| retention::sweep(db, &kept, now)).await?;
            rows += went;
            if went == 0 {
                break;
            }
        }
        self.lane.run(After::Scrub, |_| Ok(())).await?;
        Ok(rows)
    }

    async fn stats(&self) -> Result<Stats, StoreError> {
        self.work(counters::stats).await
    }

    async fn list(&self, state: Option<&str>, most: u32) -> Result<Vec<Row>, StoreError> {
        let state = state.map(str::to_owned);
        self.work(move |db| inbox::list(db, state.as_deref(), most)).await
    }

    async fn show(&self, event_id: &str) -> Result<Option<(Row, Option<Vec<u8>>)>, StoreError> {
        let event_id = event_id.to_owned();
        self.work(move |db| inbox::show(db, &event_id)).await
    }

    async fn retry(&self, event_id: &str, _now: Timestamp) -> Result<bool, StoreError> {
        let event_id = event_id.to_owned();
        self.work(move |db| inbox::retry(db, &event_id)).await
    }

    async fn drop_event(&self, event_id: &str, now: Timestamp) -> Result<bool, StoreError> {
        let event_id = event_id.to_owned();
        self.work(move |db| inbox::drop_event(db, &event_id, now)).await
    }
}
