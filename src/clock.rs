//! L0: time is passed in. This is the only file that reads the machine's clock (a clippy ban enforces it).

use std::fmt::Debug;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};

/// Time for every deadline, retry, lease and delay of the program.
#[async_trait]
pub trait Clock: Send + Sync + Debug {
    /// The present moment.
    fn now(&self) -> Timestamp;

    /// Returns when `now()` has reached `until`; at once if it has already.
    async fn sleep_until(&self, until: Timestamp);
}

impl dyn Clock {
    /// Sleeps for a while.
    pub async fn sleep(&self, duration: Duration) {
        self.sleep_until(self.after(duration)).await;
    }

    /// The moment `duration` from now.
    pub fn after(&self, duration: Duration) -> Timestamp {
        later(self.now(), duration)
    }
}

/// `moment + duration`, held at the end of representable time.
pub fn later(moment: Timestamp, duration: Duration) -> Timestamp {
    SignedDuration::try_from(duration).ok().and_then(|span| moment.checked_add(span).ok()).unwrap_or(Timestamp::MAX)
}

/// The machine's clock.
#[derive(Debug, Default)]
pub struct WallClock;

#[async_trait]
impl Clock for WallClock {
    #[expect(clippy::disallowed_methods, reason = "the one place where wall time is read")]
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }

    #[expect(clippy::disallowed_methods, reason = "the one place where tasks sleep")]
    async fn sleep_until(&self, until: Timestamp) {
        // Wall time may be set back while we sleep, so look again after each nap.
        loop {
            let left = until.duration_since(self.now());
            let Ok(left) = Duration::try_from(left) else { return };
            if left.is_zero() {
                return;
            }
            tokio::time::sleep(left.min(Duration::from_secs(60))).await;
        }
    }
}

/// A clock that starts at a given moment and runs on, and can be set forward.
///
/// Under a paused tokio runtime it stands still, except that it jumps to the next sleeper when every task waits:
/// that is the manual clock of `replay` and the simulation. Otherwise it runs with the machine, as in `demo`.
#[derive(Debug)]
pub struct WorldClock {
    start: Timestamp,
    since: tokio::time::Instant,
    skipped_ns: AtomicI64,
}

impl WorldClock {
    /// A clock that shows `start` now.
    #[expect(clippy::disallowed_methods, reason = "the one place where time is read")]
    pub fn starting_at(start: Timestamp) -> Self {
        Self { start, since: tokio::time::Instant::now(), skipped_ns: AtomicI64::new(0) }
    }

    /// Sets the clock forward. Sleepers whose time has come wake when they next look.
    pub fn skip(&self, by: Duration) {
        let ns = i64::try_from(by.as_nanos()).unwrap_or(i64::MAX);
        self.skipped_ns.fetch_add(ns, Ordering::SeqCst);
    }
}

#[async_trait]
impl Clock for WorldClock {
    fn now(&self) -> Timestamp {
        let skipped = u64::try_from(self.skipped_ns.load(Ordering::SeqCst)).unwrap_or(0);
        later(self.start, self.since.elapsed() + Duration::from_nanos(skipped))
    }

    #[expect(clippy::disallowed_methods, reason = "the one place where tasks sleep")]
    async fn sleep_until(&self, until: Timestamp) {
        loop {
            let left = until.duration_since(self.now());
            match Duration::try_from(left) {
                // Tokio's timer counts whole milliseconds: round up, or a nap of less would spin.
                Ok(left) if !left.is_zero() => tokio::time::sleep(left.max(Duration::from_millis(1))).await,
                _ => return,
            }
        }
    }
}
