//! L2: a doorbell between workers. Never a queue: whoever is rung looks into the store, and looks anyway from time
//! to time, so a lost ring costs a moment and nothing else.

use tokio::sync::Notify;

/// Two bells: one for the crew (something waits to be thought about), one for the senders (something waits to go
/// out).
#[derive(Debug, Default)]
pub struct Doorbell {
    thinking: Notify,
    sending: Notify,
}

impl Doorbell {
    /// Something waits in the inbox: one free worker wakes.
    pub fn ring_thinking(&self) {
        self.thinking.notify_one();
    }

    /// Something waits in the outbox: one free sender wakes.
    pub fn ring_sending(&self) {
        self.sending.notify_one();
    }

    /// Returns at the next ring for the crew, or at once if it rang since the last wait.
    pub async fn thinking(&self) {
        self.thinking.notified().await;
    }

    /// Returns at the next ring for the senders, or at once if it rang since the last wait.
    pub async fn sending(&self) {
        self.sending.notified().await;
    }
}
