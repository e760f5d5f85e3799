//! Rousing: conversations that are to be looked at though nobody writes are put into the inbox like any other event, so that
//! lanes, leases and crashes are the same for them.

use std::time::Duration;

use crate::clock::later;
use crate::domain::message::Event;
use crate::store::StoreError;
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
            any |= self.tell(&conversation, &event_id, &Event::AlertsDue).await?;
            self.store.put_off(&conversation, at, later(now, AGAIN_AFTER)).await?;
        }
        Ok(any)
    }
}
