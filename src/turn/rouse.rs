//! Rousing: conversations that are to be looked at though nobody writes are put into the inbox like any other event, so that
//! lanes, leases and crashes are the same for them.

use std::time::Duration;

use crate::clock::later;
use crate::domain::message::Event;
use crate::privacy::seal::Place;
use crate::store::{Arrival, Fate, StoreError};
use crate::turn::Turn;

/// Most conversations of one look.
const MOST: u32 = 256;
/// A look that came to nothing, because its turn was given up, is repeated after this long.
const AGAIN_AFTER: Duration = Duration::from_secs(60 * 60);

impl Turn {
    /// Puts what is due into the inbox. Returns whether anything was.
    pub async fn rouse(&self) -> Result<bool, StoreError> {
        let now = self.clock.now();
        let due = self.store.roused(now, MOST).await?;
        let mut any = false;
        for (conversation, at) in due {
            // One id a look: a crash after the first of the two writes repeats neither.
            let event_id = format!("alerts-due:{}:{}", conversation.person, at.as_microsecond());
            let row = Place::inbox_row(Some(&conversation), &event_id);
            let plain =
                serde_json::to_vec(&Event::AlertsDue).map_err(|error| StoreError::Unavailable(error.to_string()))?;
            let fate = Fate::Think(self.keyring.seal(Place::inbox_body(&row), &plain));
            let kind = Event::AlertsDue.kind().to_owned();
            let arrival = Arrival { conversation: Some(conversation.clone()), event_id, at: now, kind, fate };
            any |= self.store.receive(vec![arrival], now).await?.wakes;
            self.store.put_off(&conversation, at, later(now, AGAIN_AFTER)).await?;
        }
        if any {
            self.bell.ring_thinking();
        }
        Ok(any)
    }
}
