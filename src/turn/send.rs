//! Sending is a second small loop: one outbox row at a time, in order per conversation, by the platform's error
//! table. There is no idempotency key; a send that may have arrived waits for its echo before it is repeated.

use std::time::Duration;

use dashmap::DashMap;
use jiff::Timestamp;

use crate::channel::{Outgoing, SendError};
use crate::clock::later;
use crate::domain::message::{Event, Handover, PageId, Post};
use crate::privacy::seal::Place;
use crate::store::{Arrival, Due, Fate, StoreError, Unsent};
use crate::turn::Turn;

/// Longest that a sender keeps a row to itself: twice as long as the pace of a page (5 s) and the deadline of a call (10 s)
/// can take.
pub(super) const LEASE: Duration = Duration::from_secs(30);
/// How long the echo of an uncertain send is waited for.
const ECHO_WAIT: Duration = Duration::from_secs(30);
/// Tries before a row is given up.
const TRIES_MAX: u32 = 8;
/// How long a page rests whose token or permission is dead, before it is tried again.
const STOPPED_FOR: Duration = Duration::from_secs(5 * 60);

/// Pages that must not be sent for now, and until when.
#[derive(Debug, Default)]
pub struct Paused(DashMap<PageId, Timestamp>);

impl Paused {
    fn until(&self, page: &PageId, until: Timestamp) {
        // A short rest does not end a long one.
        self.0.entry(page.clone()).and_modify(|held| *held = until.max(*held)).or_insert(until);
    }

    /// Whether a page must not be sent for now.
    pub(super) fn holds(&self, page: &PageId, now: Timestamp) -> bool {
        self.0.get(page).is_some_and(|until| *until > now)
    }

    fn pages(&self, now: Timestamp) -> Vec<String> {
        self.0.retain(|_, until| *until > now);
        self.0.iter().map(|page| page.key().as_str().to_owned()).collect()
    }
}

/// A message that is leased to whoever holds this, with its plain text where it was put into words just now: then what
/// was sealed for the store need not be opened.
#[derive(Debug)]
pub struct Leased {
    pub(super) due: Due,
    pub(super) post: Option<Post>,
}

impl From<Due> for Leased {
    fn from(due: Due) -> Self {
        Self { due, post: None }
    }
}

/// What one try to send came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sent {
    /// Nothing was due.
    Nothing,
    /// The platform took a message.
    Taken,
    /// A message was tried and is not known to have arrived.
    NotYet,
}

impl Turn {
    /// Sends the oldest message that is due, if any.
    pub async fn send_one(&self) -> Result<Sent, StoreError> {
        let now = self.clock.now();
        let Some(due) = self.store.next_outgoing(LEASE, &self.paused.pages(now), now).await? else {
            return Ok(Sent::Nothing);
        };
        let (sent, next) = self.send_leased(due.into()).await?;
        match next {
            Some(next) => {
                // Other conversations need not wait for the end of this one.
                self.bell.ring_sending();
                self.send_from(next.into()).await.map(|()| sent)
            }
            None => Ok(sent),
        }
    }

    /// Sends a leased message, and as long as they are taken, those behind it in its conversation.
    pub async fn send_from(&self, mut leased: Leased) -> Result<(), StoreError> {
        while let (Sent::Taken, Some(next)) = self.send_leased(leased).await? {
            leased = next.into();
        }
        Ok(())
    }

    /// One try to send, and its end in the store. When it was taken, the next message of the conversation comes along.
    async fn send_leased(&self, leased: Leased) -> Result<(Sent, Option<Due>), StoreError> {
        let Leased { due, post } = leased;
        let Some(post) = post.or_else(|| self.open_post(&due)) else {
            let reason = "the stored message does not open".to_owned();
            return self.not_sent(&due, Unsent::Refused { reason }).await;
        };
        if due.uncertain {
            tracing::warn!(send.attempts = due.attempts, "no echo came: a message is sent again and may be a double");
        }
        let outgoing = Outgoing { id: due.id.clone(), conversation: due.conversation.clone(), post };
        let result = self.channel.send(&outgoing).await;
        let now = self.clock.now();
        let message_id = match result {
            Ok(receipt) => receipt.message_id,
            Err(SendError::SentAnyway(_)) => None,
            Err(error) => {
                tracing::warn!(send.error = %error, send.attempts = due.attempts + 1, "a message was not sent");
                let unsent = self.verdict(&due, error, now);
                if matches!((&unsent, &outgoing.post), (Unsent::Refused { .. }, Post::PassThread { .. })) {
                    self.not_passed(&due, now).await?;
                }
                return self.not_sent(&due, unsent).await;
            }
        };
        let next = self.store.mark_sent_and_lease(&due.id, message_id.as_ref(), LEASE, now).await?;
        Ok((Sent::Taken, next))
    }

    /// What is behind it in the conversation waits with it, or is due now that it was given up.
    async fn not_sent(&self, due: &Due, unsent: Unsent) -> Result<(Sent, Option<Due>), StoreError> {
        self.store.mark_unsent(&due.id, unsent, self.clock.now()).await?;
        self.bell.ring_sending();
        Ok((Sent::NotYet, None))
    }

    /// The thread that was promised to people will never reach them: the bot must think of what to say now. The event
    /// is in the inbox before the row is given up, and under one id, so that a crash between the two loses nothing.
    async fn not_passed(&self, due: &Due, now: Timestamp) -> Result<(), StoreError> {
        let event = Event::Handover { way: Handover::Refused, from_app: None, to_app: None };
        let event_id = format!("not-passed:{}", due.id);
        let row = Place::inbox_row(Some(&due.conversation), &event_id);
        let plain = serde_json::to_vec(&event).map_err(|error| StoreError::Unavailable(error.to_string()))?;
        let fate = Fate::Think(self.keyring.seal(Place::inbox_body(&row), &plain));
        let (conversation, kind) = (Some(due.conversation.clone()), event.kind().to_owned());
        self.store.receive(vec![Arrival { conversation, event_id, at: now, kind, fate }], now).await?;
        self.bell.ring_thinking();
        Ok(())
    }

    fn open_post(&self, due: &Due) -> Option<Post> {
        let plain = self.keyring.open(Place::reply(&due.id), &due.body).ok()?;
        serde_json::from_slice(&plain).ok()
    }

    /// What a failed try means for the row, and for the page.
    fn verdict(&self, due: &Due, error: SendError, now: Timestamp) -> Unsent {
        let page = &due.conversation.page;
        let backoff = later(now, Duration::from_secs(1 << due.attempts.min(6)));
        match error {
            SendError::Uncertain(reason) => Unsent::Uncertain { until: later(now, ECHO_WAIT), reason },
            SendError::Retry { reason, .. } if due.attempts + 1 >= TRIES_MAX => Unsent::Refused { reason },
            SendError::Retry { reason, not_before } => {
                Unsent::Retry { at: not_before.map_or(backoff, |at| at.max(backoff)), reason }
            }
            SendError::SlowDown { reason, until } => {
                self.paused.until(page, until);
                Unsent::Postponed { at: until, reason }
            }
            SendError::PageStopped(reason) => {
                tracing::error!(page.id = %page, send.error = reason, "nothing can be sent for a page until an operator acts");
                let until = later(now, STOPPED_FOR);
                self.paused.until(page, until);
                Unsent::Postponed { at: until, reason }
            }
            SendError::Refused(reason) | SendError::SentAnyway(reason) => Unsent::Refused { reason },
        }
    }
}
