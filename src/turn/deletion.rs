//! Deletion that was asked of the platform and not in the chat. The request is for an app, the chats are with pages, and the
//! two know a person by different ids: only the platform can tell which chats are theirs, and in some countries it does
//! not. What is told to a chat's inbox is done there by a turn, exactly as "delete my data" is.
//!
//! Nothing is kept for the status page but the ids of what was told, as of every event.

use crate::channel::{DeletionRequest, SendError};
use crate::domain::message::{Conversation, Event};
use crate::privacy::seal::Place;
use crate::store::{Arrival, Fate, StoreError};
use crate::turn::Turn;

/// Kinds of the notes that stand for a request which asks no chat for anything.
const UNMATCHED: &str = "deletion_unmatched";
const NOTHING: &str = "deletion_nothing";
/// Chats of one request that its status looks for. A person has one with each page.
const CHATS_MAX: usize = 100;

/// How far a request has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deletion {
    /// It is being carried out.
    UnderWay,
    /// It could not be carried out so far; the operator sees it.
    Stuck,
    /// Everything is erased.
    Done,
    /// Nothing was kept.
    Nothing,
    /// The platform did not tell which chats are the person's.
    Unmatched,
}

/// Why a request cannot be taken now.
#[derive(Debug, thiserror::Error)]
pub enum NotTaken {
    /// Nothing can be kept at the moment.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The platform does not answer at the moment.
    #[error("the platform does not tell whose it is: {0}")]
    Platform(#[from] SendError),
}

fn event_id(confirmation: &str, nth: usize) -> String {
    format!("deletion:{confirmation}:{nth}")
}

impl Turn {
    /// Takes a request. When this returns, what it asks for is on disk, and a turn will do it.
    ///
    /// # Errors
    /// When it must be asked again.
    pub async fn take_deletion(&self, request: &DeletionRequest) -> Result<(), NotTaken> {
        let chats = self.channel.chats_of(request).await?;
        let mut kept = Vec::new();
        for chat in chats.iter().take(CHATS_MAX) {
            if self.keeps_anything_of(chat).await? {
                kept.push(chat);
            }
        }
        let now = self.clock.now();
        let mut arrivals: Vec<Arrival> = Vec::new();
        for (nth, chat) in kept.into_iter().enumerate() {
            let (event, event_id) = (Event::DeletionAsked, event_id(&request.confirmation, nth));
            let plain = serde_json::to_vec(&event).map_err(|error| StoreError::Unavailable(error.to_string()))?;
            let row = Place::inbox_row(Some(chat), &event_id);
            let fate = Fate::Think(self.keyring.seal(Place::inbox_body(&row), &plain));
            let (conversation, kind) = (Some(chat.clone()), event.kind().to_owned());
            arrivals.push(Arrival { conversation, event_id, at: now, kind, fate });
        }
        if arrivals.is_empty() {
            let kind = if chats.is_empty() { UNMATCHED } else { NOTHING }.to_owned();
            let event_id = event_id(&request.confirmation, 0);
            arrivals.push(Arrival { conversation: None, event_id, at: now, kind, fate: Fate::Note });
        }
        if self.store.receive(arrivals, now).await?.wakes {
            self.bell.ring_thinking();
        }
        Ok(())
    }

    /// How far the request with a confirmation code has come; `None` if there is none, or its id is no longer kept.
    ///
    /// # Errors
    /// When the store cannot be used.
    pub async fn deletion(&self, confirmation: &str) -> Result<Option<Deletion>, StoreError> {
        let mut found = None;
        for nth in 0..CHATS_MAX {
            let Some((row, _)) = self.store.show(&event_id(confirmation, nth)).await? else { break };
            let state = match (row.kind.as_str(), row.state.as_str()) {
                (UNMATCHED, _) => Deletion::Unmatched,
                (NOTHING, _) => Deletion::Nothing,
                (_, "done") => Deletion::Done,
                (_, "buried") => Deletion::Stuck,
                _ => Deletion::UnderWay,
            };
            if state != Deletion::Done {
                return Ok(Some(state));
            }
            found = Some(state);
        }
        Ok(found)
    }

    /// Whether the store holds anything of a conversation that an erasure would drop.
    async fn keeps_anything_of(&self, chat: &Conversation) -> Result<bool, StoreError> {
        Ok(self.store.dialogue(chat).await?.is_some()
            || self.store.key(chat).await?.is_some()
            || !self.store.links(chat).await?.is_empty()
            || self.store.unsettled(chat).await? > 0
            || !self.store.access_log(chat).await?.is_empty())
    }
}
