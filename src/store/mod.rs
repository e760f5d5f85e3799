//! L2: what is kept. Inbox, conversations, outbox, links, access log. The store never learns what a dialogue is:
//! it keeps sealed bytes. Every method takes `now`; whoever claims a conversation ends the claim exactly once,
//! by `commit`, `postpone` or `bury`, which take it by value.
//!
//! The back end is chosen in one `match`, in `app`. No type of a database leaves its folder.

use std::time::Duration;

use async_trait::async_trait;
use jiff::Timestamp;
use serde::Serialize;

use crate::domain::{
    access::AccessEntry,
    bank::BankId,
    message::{Conversation, MessageId},
    stop::{Order, Stop},
};
use crate::proof::{copy::Proven, tree::Tree};

pub mod heads;
mod held;
mod leaves;
mod retention;
pub mod sqlite;
mod stops;

pub use held::{Anew, Held, Position, What};
pub use leaves::{Leaf, LeafEntry};
pub use retention::Retention;
pub use stops::Ordered;

/// Why the store did not do what was asked.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// It cannot be written now (locked, full, failing); the caller should say "later".
    #[error("the store is unavailable: {0}")]
    Unavailable(String),
    /// The lease of a claim has passed to another worker: its result is refused.
    #[error("the lease was lost to another worker")]
    Stale,
    /// What was read back makes no sense; an operator must look.
    #[error("the store is damaged: {0}")]
    Damaged(String),
}

/// Most events that one claim takes: a flood from one person must be answered within a lease.
pub const CLAIM_EVENTS_MAX: u32 = 64;

/// One element of a delivery on its way into the inbox.
#[derive(Clone, Debug)]
pub struct Arrival {
    /// The conversation; `None` for events about a page and for elements set aside.
    pub conversation: Option<Conversation>,
    /// What de-duplication goes by, within the channel and page.
    pub event_id: String,
    /// The platform's time.
    pub at: Timestamp,
    /// The name of the kind, for listings.
    pub kind: String,
    /// What becomes of it.
    pub fate: Fate,
}

/// What becomes of an arrival.
#[derive(Clone, Debug)]
pub enum Fate {
    /// A turn must think about it: its sealed body is kept until then.
    Think(Vec<u8>),
    /// A fact to note; nothing is kept but its id.
    Note,
    /// Our own message came back: confirms the outbox row of that id, if it is ours.
    Echo {
        /// The outbox id from its metadata.
        outbox_id: Option<String>,
        /// The platform's id.
        message_id: MessageId,
    },
    /// An unknown kind, page or object, kept apart with the reason and the sealed raw element.
    Ignore {
        /// Why, without content.
        reason: String,
        /// The sealed element.
        raw: Vec<u8>,
    },
    /// An element that could not be read, kept apart with the reason and the sealed raw element.
    Break {
        /// Why, without content.
        reason: String,
        /// The sealed element.
        raw: Vec<u8>,
    },
}

/// What `receive` did. Each element of the delivery is in exactly one of the counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Received {
    /// New and kept.
    pub kept: u64,
    /// Seen before.
    pub duplicate: u64,
    /// Set aside as unknown.
    pub ignored: u64,
    /// Set aside as unreadable.
    pub broken: u64,
    /// Whether any of the kept ones wait for a turn.
    pub wakes: bool,
}

/// A conversation leased to one worker, with everything that waits in it.
#[derive(Debug)]
pub struct Claim {
    /// Whose.
    pub conversation: Conversation,
    /// The fencing token: grows with every claim, and is checked by every write under the claim.
    pub token: i64,
    /// The person's wrapped key, if there is one.
    pub key: Option<Vec<u8>>,
    /// The sealed dialogue, if there is one.
    pub dialogue: Option<Vec<u8>>,
    /// The sealed links, by bank.
    pub links: Vec<(BankId, Vec<u8>)>,
    /// What waits, in the platform's time order (ties in order of arrival). Never empty.
    pub events: Vec<Waiting>,
    /// How many claims of these events have failed before.
    pub attempts: u32,
}

/// One waiting event of a claim.
#[derive(Clone, Debug)]
pub struct Waiting {
    /// What de-duplication goes by.
    pub event_id: String,
    /// The platform's time.
    pub at: Timestamp,
    /// When it was received.
    pub received: Timestamp,
    /// The sealed body.
    pub body: Vec<u8>,
}

/// A message for the outbox.
#[derive(Clone, Debug)]
pub struct Outgoing {
    /// Our id of it; it travels as the platform's metadata. Unique.
    pub id: String,
    /// The sealed bubble.
    pub body: Vec<u8>,
    /// Not to be sent after this moment (the platform's answer window).
    pub expires: Timestamp,
}

/// What a turn leaves behind, in one transaction.
#[derive(Clone, Debug, Default)]
pub struct Outcome {
    /// The person's wrapped key, if the claim came without one. A commit against another one is [`StoreError::Stale`].
    pub key: Option<Vec<u8>>,
    /// The sealed new dialogue.
    pub dialogue: Vec<u8>,
    /// What to say, in order.
    pub outgoing: Vec<Outgoing>,
    /// What was read.
    pub access: Vec<AccessEntry>,
    /// Links that were made, changed (sealed, whole) or removed (`None`).
    pub links: Vec<(BankId, Option<Vec<u8>>)>,
    /// When the conversation is to be looked at though nobody writes, if ever: [`Store::roused`] tells of it then.
    pub look_at: Option<Timestamp>,
    /// Outbox rows that must not be sent any more.
    pub withdrawn: Vec<String>,
    /// Attempts that are over, by their ids.
    pub attempts_ended: Vec<[u8; 32]>,
    /// Everything that is kept of the conversation goes, in the same transaction: key, dialogue, links, access log, what
    /// was not sent yet. What stays is `outgoing` and `access` of this outcome (the confirmation and the receipt), what
    /// arrived after the claim, and the bare ids of the claimed events, so that they are not answered again.
    pub erase: bool,
}

/// Something that a person has begun in a browser and must end in the chat: linking a bank, or unlocking.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attempt {
    /// SHA-256 of the one-time handle that began it.
    pub id: [u8; 32],
    /// The chat that asked for it.
    pub conversation: Conversation,
    /// How far it has come. Each step is taken once.
    pub step: u32,
    /// SHA-256 of the secret that the next step is taken with.
    pub next: [u8; 32],
    /// What is known of it, sealed.
    pub body: Vec<u8>,
    /// When it is over, finished or not.
    pub expires: Timestamp,
}

/// What an attempt is found by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AttemptKey {
    /// SHA-256 of the secret that its next step is taken with.
    Next([u8; 32]),
    /// The chat that asked for it.
    Of(Conversation),
}

/// What follows a commit.
#[derive(Clone, Debug, Default)]
pub struct Committed {
    /// The first message that was queued, leased to the caller.
    pub leased: Option<Due>,
    /// Whether something waits in the conversation again, or may.
    pub look_again: bool,
}

/// An outbox row that is due, leased to one sender.
#[derive(Clone, Debug)]
pub struct Due {
    /// Our id.
    pub id: String,
    /// To whom.
    pub conversation: Conversation,
    /// The sealed bubble.
    pub body: Vec<u8>,
    /// How often it was tried before.
    pub attempts: u32,
    /// Whether an earlier try may have arrived (sending it again may double it).
    pub uncertain: bool,
}

/// What became of a try to send.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unsent {
    /// Try again at this moment.
    Retry {
        /// When.
        at: Timestamp,
        /// Code, never content.
        reason: String,
    },
    /// It may have arrived: until this moment wait for its echo, then try again (and count it).
    Uncertain {
        /// How long to wait for the echo.
        until: Timestamp,
        /// Code, never content.
        reason: String,
    },
    /// It was not tried, or refused as one of too many: not before this moment, and the try does not count.
    Postponed {
        /// When.
        at: Timestamp,
        /// Code, never content.
        reason: String,
    },
    /// It will never be sent.
    Refused {
        /// Code, never content.
        reason: String,
    },
}

/// Counters of the inbox and outbox since the store was made. Serialised as `inbox stats --json`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Stats {
    /// Elements received in verified deliveries; the sum of the next four.
    pub received: u64,
    /// New events of known kinds.
    pub kept: u64,
    /// Unknown object, page or kind.
    pub ignored: u64,
    /// Unreadable.
    pub broken: u64,
    /// Seen before.
    pub duplicate: u64,
    /// Events that wait for a turn now.
    pub waiting: u64,
    /// Events given up after too many failures, now.
    pub buried: u64,
    /// Outbox rows not yet sent or given up, now.
    pub outgoing: u64,
    /// Outbox rows the platform took.
    pub sent: u64,
    /// Outbox rows given up.
    pub refused: u64,
    /// Tries that may have arrived and were repeated: each may be a double.
    pub uncertain: u64,
}

/// One inbox row for the operator. Holds no content.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Row {
    /// What de-duplication goes by.
    pub event_id: String,
    /// `channel/page/person`, empty for events of no conversation.
    pub conversation: String,
    /// The kind.
    pub kind: String,
    /// `waiting`, `done`, `buried`, `ignored`, `broken`.
    pub state: String,
    /// When it was received.
    pub received: Timestamp,
    /// Failed claims.
    pub attempts: u32,
    /// Why it was buried or set aside.
    pub reason: Option<String>,
}

/// The back end. All methods are durable before they return.
#[async_trait]
pub trait Store: Send + Sync {
    /// Keeps the elements of one delivery, all or none, each once. Many deliveries share one commit.
    async fn receive(&self, arrivals: Vec<Arrival>, now: Timestamp) -> Result<Received, StoreError>;

    /// [`receive`](Self::receive), and in the same transaction the claim of the conversation that a delivery of one
    /// event woke, if nothing else waits in it and nobody holds it. A back end may do without the claim.
    async fn receive_and_claim(
        &self,
        arrivals: Vec<Arrival>,
        worker: &str,
        lease: Duration,
        now: Timestamp,
    ) -> Result<(Received, Option<Claim>), StoreError> {
        let _ = (worker, lease);
        Ok((self.receive(arrivals, now).await?, None))
    }

    /// Leases the conversation whose oldest ready event waits longest, with its waiting events (the first
    /// [`CLAIM_EVENTS_MAX`]), to `worker` until `now + lease`. `None` when nothing is ready.
    async fn claim(&self, worker: &str, lease: Duration, now: Timestamp) -> Result<Option<Claim>, StoreError>;

    /// Makes one interim message of a turn durable before its commit. Unique per first event of the claim: a turn
    /// that is thought again does not repeat it. Returns whether it is new.
    async fn interim(&self, claim: &Claim, outgoing: Outgoing, now: Timestamp) -> Result<bool, StoreError>;

    /// Puts `opened` entries on disk before the first byte leaves for a bank.
    async fn opened(&self, claim: &Claim, entries: Vec<AccessEntry>, now: Timestamp) -> Result<(), StoreError>;

    /// Ends the claim: dialogue, outbox rows, access entries, links and done-marks in ONE transaction.
    async fn commit(&self, claim: Claim, outcome: Outcome, now: Timestamp) -> Result<(), StoreError>;

    /// [`commit`](Self::commit), and with a lease, in the same transaction the lease until `now + lease` of the first
    /// message that it queues, if none was queued before it. A back end may do without the lease.
    async fn commit_and_lease(
        &self,
        claim: Claim,
        outcome: Outcome,
        lease: Option<Duration>,
        now: Timestamp,
    ) -> Result<Committed, StoreError> {
        let _ = lease;
        // Whether more waits is not known: somebody must look.
        self.commit(claim, outcome, now).await.map(|()| Committed { leased: None, look_again: true })
    }

    /// Ends the claim without a result: its events wait until `until` and are claimed again.
    async fn postpone(&self, claim: Claim, until: Timestamp, reason: &str, now: Timestamp) -> Result<(), StoreError>;

    /// Ends the claim for good: its events are buried with the reason, and the person gets `apology`.
    async fn bury(&self, claim: Claim, apology: Vec<Outgoing>, reason: &str, now: Timestamp) -> Result<(), StoreError>;

    /// Leases the oldest due outbox row that is the first unsent one of its conversation, until `now + lease`.
    /// Rows past their expiry are given up on the way. `pages` that must not be sent for are skipped.
    async fn next_outgoing(
        &self,
        lease: Duration,
        paused_pages: &[String],
        now: Timestamp,
    ) -> Result<Option<Due>, StoreError>;

    /// The platform took it.
    async fn mark_sent(&self, id: &str, message_id: Option<&MessageId>, now: Timestamp) -> Result<(), StoreError>;

    /// [`mark_sent`](Self::mark_sent), and in the same transaction the lease until `now + lease` of the next message of
    /// the conversation. A back end may do without the lease.
    async fn mark_sent_and_lease(
        &self,
        id: &str,
        message_id: Option<&MessageId>,
        lease: Duration,
        now: Timestamp,
    ) -> Result<Option<Due>, StoreError> {
        let _ = lease;
        self.mark_sent(id, message_id, now).await.map(|()| None)
    }

    /// It was not taken, or may not have been. A row whose echo has come in the meantime stays sent.
    async fn mark_unsent(&self, id: &str, unsent: Unsent, now: Timestamp) -> Result<(), StoreError>;

    /// How many events and outbox rows of a conversation are not finished.
    async fn unsettled(&self, conversation: &Conversation) -> Result<u64, StoreError>;

    /// The sealed links of a conversation.
    async fn links(&self, conversation: &Conversation) -> Result<Vec<(BankId, Vec<u8>)>, StoreError>;

    /// Makes, replaces or removes (`None`) a link outside a turn.
    async fn put_link(
        &self,
        conversation: &Conversation,
        bank: &BankId,
        link: Option<Vec<u8>>,
        now: Timestamp,
    ) -> Result<(), StoreError>;

    /// Keeps a new attempt; an earlier one of the same conversation is over. Returns `false`, and changes nothing, if its
    /// handle has been used before. Without a body the handle is used up and nothing else.
    async fn begin_attempt(&self, attempt: Attempt, now: Timestamp) -> Result<bool, StoreError>;

    /// The attempt that is under way and not expired.
    async fn attempt(&self, key: AttemptKey, now: Timestamp) -> Result<Option<Attempt>, StoreError>;

    /// Takes an attempt from step `from` to what it is now. Returns `false`, and changes nothing, if somebody else was
    /// first or it is over.
    async fn advance_attempt(&self, attempt: Attempt, from: u32, now: Timestamp) -> Result<bool, StoreError>;

    /// The attempt is over. Its handle stays used.
    async fn end_attempt(&self, id: [u8; 32], now: Timestamp) -> Result<(), StoreError>;

    /// The wrapped key of a person.
    async fn key(&self, conversation: &Conversation) -> Result<Option<Vec<u8>>, StoreError>;

    /// Keeps a wrapped key for a person who has none. Returns the one that is kept.
    async fn keep_key(&self, conversation: &Conversation, wrapped: Vec<u8>) -> Result<Vec<u8>, StoreError>;

    /// What is sealed, in the order of its positions: what follows `after`, at most `most`. A position means nothing once
    /// something was erased; to see everything, look until a whole round shows nothing new.
    async fn held(&self, after: Option<Position>, most: u32) -> Result<Vec<Held>, StoreError>;

    /// Puts what was sealed anew in the place of what it was made from, where that still is. Returns how many it was.
    async fn replace_held(&self, anew: Vec<Anew>) -> Result<u64, StoreError>;

    /// The sealed dialogue of a conversation.
    async fn dialogue(&self, conversation: &Conversation) -> Result<Option<Vec<u8>>, StoreError>;

    /// The conversations to be looked at by `until`, at most `most`, the earliest first: each with its moment.
    async fn roused(&self, until: Timestamp, most: u32) -> Result<Vec<(Conversation, Timestamp)>, StoreError>;

    /// Puts the look at a conversation off, unless its moment has changed from `from` meanwhile.
    async fn put_off(&self, conversation: &Conversation, from: Timestamp, to: Timestamp) -> Result<(), StoreError>;

    /// Appends to the access log outside a turn: what a page of the person's reads.
    async fn log_access(
        &self,
        conversation: &Conversation,
        entries: Vec<AccessEntry>,
        now: Timestamp,
    ) -> Result<(), StoreError>;

    /// The access log of a conversation, oldest first.
    async fn access_log(&self, conversation: &Conversation) -> Result<Vec<AccessEntry>, StoreError>;

    /// The tree over the first `size` leaves of the log, or over all; nothing if there are fewer.
    async fn tree(&self, size: Option<u64>) -> Result<Option<Tree>, StoreError>;

    /// The access log of a conversation, oldest first, each entry with its path to the tree over the first `size` leaves;
    /// what is newer is left out.
    async fn proven(&self, conversation: &Conversation, size: u64) -> Result<Vec<Proven>, StoreError>;

    /// The leaves that follow `after` (0 for the first), at most `most`, each with its entry if that is still there.
    async fn leaves(&self, after: u64, most: u32) -> Result<Vec<Leaf>, StoreError>;

    /// How many entries of the access log no leaf stands for. None, unless somebody wrote into the database.
    async fn leafless(&self) -> Result<u64, StoreError>;

    /// Obeys an order, once: from its commit on the stop is in [`stops`](Self::stops), or no more. The order goes into the
    /// access log in the same transaction. Refused is one from before `oldest` that was not taken before.
    async fn order(&self, order: Order, oldest: Option<Timestamp>, now: Timestamp) -> Result<Ordered, StoreError>;

    /// The stops that stand, the oldest first.
    async fn stops(&self) -> Result<Vec<Stop>, StoreError>;

    /// Erases everything of a conversation. Returns how many rows went.
    async fn forget(&self, conversation: &Conversation, now: Timestamp) -> Result<u64, StoreError>;

    /// Drops what retention no longer needs. Returns how many rows went.
    async fn sweep(&self, retention: &Retention, now: Timestamp) -> Result<u64, StoreError>;

    /// The counters.
    async fn stats(&self) -> Result<Stats, StoreError>;

    /// The newest inbox rows for the operator, at most `most`; only of one state if given.
    async fn list(&self, state: Option<&str>, most: u32) -> Result<Vec<Row>, StoreError>;

    /// One row, with its sealed body if it still has one, and the place it is sealed for.
    async fn show(&self, event_id: &str) -> Result<Option<(Row, Option<Vec<u8>>)>, StoreError>;

    /// Lets a buried event be claimed again. Returns whether there was one.
    async fn retry(&self, event_id: &str, now: Timestamp) -> Result<bool, StoreError>;

    /// Marks a waiting or buried event done without thinking about it. Returns whether there was one.
    async fn drop_event(&self, event_id: &str, now: Timestamp) -> Result<bool, StoreError>;
}
