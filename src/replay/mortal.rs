//! A process that dies on cue: a store through which every turn goes, and beyond which none gets once its time has come.
//! What the store behind it holds then is what was on disk when the process died.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use jiff::Timestamp;
use tokio::sync::Notify;

use crate::domain::access::AccessEntry;
use crate::domain::bank::BankId;
use crate::domain::message::{Conversation, MessageId};
use crate::domain::stop::{Order, Stop};
use crate::proof::{copy::Proven, tree::Tree};
use crate::store::{
    Anew, Arrival, Attempt, AttemptKey, Claim, Committed, Due, Held, Leaf, Ordered, Outcome, Outgoing, Position,
    Received, Retention, Row, Stats, Store, StoreError, Unsent,
};

/// Where in a turn a process dies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Death {
    /// Everything is thought, nothing of it is kept.
    BeforeCommit,
    /// Everything is kept, nothing of it is sent.
    AfterCommit,
    /// The first bubble is with the platform, and that is not noted.
    AfterSend,
}

/// The store as a mortal process sees it.
pub(super) struct Mortal {
    store: Arc<dyn Store>,
    cue: Mutex<Option<Death>>,
    died: Notify,
    at: Mutex<Option<Death>>,
}

impl Mortal {
    /// Nobody dies yet.
    pub(super) fn new(store: Arc<dyn Store>) -> Self {
        Self { store, cue: Mutex::new(None), died: Notify::new(), at: Mutex::new(None) }
    }

    /// The next turn ends here.
    pub(super) fn dies(&self, at: Death) {
        *lock(&self.cue) = Some(at);
    }

    /// Whether a cue waits for its turn.
    pub(super) fn is_doomed(&self) -> bool {
        lock(&self.cue).is_some()
    }

    /// Comes back when the process has died, which it does once for each cue, and tells where.
    pub(super) async fn died(&self) -> Option<Death> {
        self.died.notified().await;
        lock(&self.at).take()
    }

    /// Where the cue names this point: nothing happens any more, until whoever waits is dropped.
    async fn may_die(&self, here: Death) {
        let is_now = lock(&self.cue).take_if(|at| *at == here).is_some();
        if is_now {
            *lock(&self.at) = Some(here);
            self.died.notify_one();
            std::future::pending::<()>().await;
        }
    }
}

fn lock(of: &Mutex<Option<Death>>) -> MutexGuard<'_, Option<Death>> {
    of.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The methods in which nobody dies: each does what the store behind it does.
macro_rules! lives_through {
    ({ $($name:ident($($arg:ident: $of:ty),*) -> $out:ty;)* } { $($mortal:tt)* }) => {
        #[async_trait]
        impl Store for Mortal {
            $($mortal)*
            $(async fn $name(&self, $($arg: $of),*) -> Result<$out, StoreError> {
                self.store.$name($($arg),*).await
            })*
        }
    };
}

lives_through! {{
    receive(arrivals: Vec<Arrival>, now: Timestamp) -> Received;
    receive_and_claim(arrivals: Vec<Arrival>, worker: &str, lease: Duration, now: Timestamp) -> (Received, Option<Claim>);
    claim(worker: &str, lease: Duration, now: Timestamp) -> Option<Claim>;
    interim(claim: &Claim, outgoing: Outgoing, now: Timestamp) -> bool;
    opened(claim: &Claim, entries: Vec<AccessEntry>, now: Timestamp) -> ();
    postpone(claim: Claim, until: Timestamp, reason: &str, now: Timestamp) -> ();
    bury(claim: Claim, apology: Vec<Outgoing>, reason: &str, now: Timestamp) -> ();
    next_outgoing(lease: Duration, paused_pages: &[String], now: Timestamp) -> Option<Due>;
    mark_unsent(id: &str, unsent: Unsent, now: Timestamp) -> ();
    unsettled(conversation: &Conversation) -> u64;
    links(conversation: &Conversation) -> Vec<(BankId, Vec<u8>)>;
    put_link(conversation: &Conversation, bank: &BankId, link: Option<Vec<u8>>, now: Timestamp) -> ();
    begin_attempt(attempt: Attempt, now: Timestamp) -> bool;
    attempt(key: AttemptKey, now: Timestamp) -> Option<Attempt>;
    advance_attempt(attempt: Attempt, from: u32, now: Timestamp) -> bool;
    end_attempt(id: [u8; 32], now: Timestamp) -> ();
    key(conversation: &Conversation) -> Option<Vec<u8>>;
    keep_key(conversation: &Conversation, wrapped: Vec<u8>) -> Vec<u8>;
    held(after: Option<Position>, most: u32) -> Vec<Held>;
    replace_held(anew: Vec<Anew>) -> u64;
    dialogue(conversation: &Conversation) -> Option<Vec<u8>>;
    roused(until: Timestamp, most: u32) -> Vec<(Conversation, Timestamp)>;
    put_off(conversation: &Conversation, from: Timestamp, to: Timestamp) -> ();
    log_access(conversation: &Conversation, entries: Vec<AccessEntry>, now: Timestamp) -> ();
    access_log(conversation: &Conversation) -> Vec<AccessEntry>;
    tree(size: Option<u64>) -> Option<Tree>;
    proven(conversation: &Conversation, size: u64) -> Vec<Proven>;
    leaves(after: u64, most: u32) -> Vec<Leaf>;
    leafless() -> u64;
    order(order: Order, oldest: Option<Timestamp>, now: Timestamp) -> Ordered;
    stops() -> Vec<Stop>;
    forget(conversation: &Conversation, now: Timestamp) -> u64;
    sweep(retention: &Retention, now: Timestamp) -> u64;
    stats() -> Stats;
    list(state: Option<&str>, most: u32) -> Vec<Row>;
    show(event_id: &str) -> Option<(Row, Option<Vec<u8>>)>;
    retry(event_id: &str, now: Timestamp) -> bool;
    drop_event(event_id: &str, now: Timestamp) -> bool;
} {
    async fn commit(&self, claim: Claim, outcome: Outcome, now: Timestamp) -> Result<(), StoreError> {
        self.may_die(Death::BeforeCommit).await;
        self.store.commit(claim, outcome, now).await?;
        self.may_die(Death::AfterCommit).await;
        Ok(())
    }

    async fn commit_and_lease(
        &self,
        claim: Claim,
        outcome: Outcome,
        lease: Option<Duration>,
        now: Timestamp,
    ) -> Result<Committed, StoreError> {
        self.may_die(Death::BeforeCommit).await;
        let committed = self.store.commit_and_lease(claim, outcome, lease, now).await?;
        self.may_die(Death::AfterCommit).await;
        Ok(committed)
    }

    async fn mark_sent(
        &self,
        id: &str,
        message_id: Option<&MessageId>,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.may_die(Death::AfterSend).await;
        self.store.mark_sent(id, message_id, now).await
    }

    async fn mark_sent_and_lease(
        &self,
        id: &str,
        message_id: Option<&MessageId>,
        lease: Duration,
        now: Timestamp,
    ) -> Result<Option<Due>, StoreError> {
        self.may_die(Death::AfterSend).await;
        self.store.mark_sent_and_lease(id, message_id, lease, now).await
    }
}}
