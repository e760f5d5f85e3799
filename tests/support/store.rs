//! Back ends for the contract of the store, and short names for what its stories are made of.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use balancebot::domain::access::{AccessEntry, AccessKind};
use balancebot::domain::bank::BankId;
use balancebot::domain::message::{Conversation, MessageId};
use balancebot::domain::purpose::{DataClass, Purpose};
use balancebot::store::sqlite::{SqliteStore, Tuning, Writer};
use balancebot::store::{Arrival, Claim, Due, Fate, Outcome, Outgoing, Store};
use jiff::{SignedDuration, Timestamp};
use tempfile::TempDir;

/// How long claims and sends are leased in the stories.
pub(crate) const LEASE: Duration = Duration::from_secs(30);

/// A place where a store can be opened, again and again.
pub(crate) struct Backend {
    open: Box<dyn Fn() -> Arc<dyn Store> + Send + Sync>,
}

impl Backend {
    pub(crate) fn new(open: impl Fn() -> Arc<dyn Store> + Send + Sync + 'static) -> Self {
        Self { open: Box::new(open) }
    }

    /// Opens the store; what it kept before is in it, except in memory.
    pub(crate) fn open(&self) -> Arc<dyn Store> {
        (self.open)()
    }
}

/// A file with an own writer thread, as in `serve`.
pub(crate) fn thread_file() -> Backend {
    on_file(Writer::Thread, Tuning::default())
}

/// A file that is written by the calling task, as in `demo --data-dir` and `replay`.
pub(crate) fn inline_file() -> Backend {
    on_file(Writer::Inline, Tuning::default())
}

/// No file at all.
pub(crate) fn inline_memory() -> Backend {
    Backend::new(|| Arc::new(SqliteStore::in_memory().expect("memory")))
}

/// A file with switches for sabotage.
pub(crate) fn on_file(writer: Writer, tuning: Tuning) -> Backend {
    let folder = Folder::new();
    Backend::new(move || Arc::new(SqliteStore::open_with(&folder.file(), writer, tuning).expect("a store")))
}

/// A folder for one file, removed at the end.
pub(crate) struct Folder(TempDir);

impl Folder {
    pub(crate) fn new() -> Self {
        Self(tempfile::tempdir().expect("a folder"))
    }

    pub(crate) fn file(&self) -> PathBuf {
        self.0.path().join("store.db")
    }
}

/// `seconds` into the story.
pub(crate) fn at(seconds: i64) -> Timestamp {
    let start: Timestamp = "2026-11-22T14:00:00Z".parse().expect("a moment");
    start.checked_add(SignedDuration::from_secs(seconds)).expect("a moment")
}

pub(crate) fn days(days: i64) -> i64 {
    days * 24 * 60 * 60
}

pub(crate) fn person(name: &str) -> Conversation {
    Conversation::messenger("100000000000001", name)
}

/// A message that a turn must think about, sent and received at the same moment.
pub(crate) fn text(of: &Conversation, event_id: &str, sent: Timestamp) -> Arrival {
    arrival(Some(of), event_id, sent, Fate::Think(body_of(event_id)))
}

pub(crate) fn arrival(of: Option<&Conversation>, event_id: &str, sent: Timestamp, fate: Fate) -> Arrival {
    Arrival { conversation: of.cloned(), event_id: event_id.to_owned(), at: sent, kind: "text".to_owned(), fate }
}

pub(crate) fn echo(of: &Conversation, event_id: &str, outbox_id: &str, sent: Timestamp) -> Arrival {
    let message_id = MessageId::new(event_id);
    arrival(Some(of), event_id, sent, Fate::Echo { outbox_id: Some(outbox_id.to_owned()), message_id })
}

pub(crate) fn ignored(event_id: &str) -> Arrival {
    arrival(None, event_id, at(0), Fate::Ignore { reason: "unknown kind".to_owned(), raw: body_of(event_id) })
}

pub(crate) fn broken(event_id: &str) -> Arrival {
    arrival(None, event_id, at(0), Fate::Break { reason: "no sender".to_owned(), raw: body_of(event_id) })
}

pub(crate) fn body_of(id: &str) -> Vec<u8> {
    format!("sealed {id}").into_bytes()
}

pub(crate) fn reply(id: &str) -> Outgoing {
    Outgoing { id: id.to_owned(), body: body_of(id), expires: at(days(1)) }
}

/// What a turn leaves that says `ids`.
pub(crate) fn says(ids: &[&str]) -> Outcome {
    Outcome {
        dialogue: b"sealed dialogue".to_vec(),
        outgoing: ids.iter().map(|id| reply(id)).collect(),
        ..Outcome::default()
    }
}

pub(crate) fn entry(kind: AccessKind, question: &str) -> AccessEntry {
    AccessEntry {
        at: at(1),
        kind,
        bank: Some(BankId::new("northgate")),
        classes: vec![DataClass::Accounts, DataClass::Balances],
        purpose: Some(Purpose::Answer),
        question: question.to_owned(),
        about: None,
    }
}

/// Claims what must be ready.
pub(crate) async fn claim(store: &dyn Store, now: Timestamp) -> Claim {
    store.claim("worker", LEASE, now).await.expect("a store").expect("something is ready")
}

/// Whether nothing is ready.
pub(crate) async fn idle(store: &dyn Store, now: Timestamp) -> bool {
    store.claim("worker", LEASE, now).await.expect("a store").is_none()
}

/// Receives one message of the person and answers it with `ids`.
pub(crate) async fn converse(store: &dyn Store, of: &Conversation, event_id: &str, ids: &[&str], now: Timestamp) {
    store.receive(vec![text(of, event_id, now)], now).await.expect("received");
    let claim = claim(store, now).await;
    assert_eq!(claim.conversation, *of, "another conversation was ready");
    store.commit(claim, says(ids), now).await.expect("committed");
}

/// Leases what must be due.
pub(crate) async fn due(store: &dyn Store, now: Timestamp) -> Due {
    store.next_outgoing(LEASE, &[], now).await.expect("a store").expect("something is due")
}

/// Whether nothing is due.
pub(crate) async fn quiet(store: &dyn Store, now: Timestamp) -> bool {
    store.next_outgoing(LEASE, &[], now).await.expect("a store").is_none()
}

pub(crate) fn ids(claim: &Claim) -> Vec<&str> {
    claim.events.iter().map(|event| event.event_id.as_str()).collect()
}
