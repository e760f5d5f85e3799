//! The one place of the benches that reads wall time, and what is made of the times.

use std::time::{Duration, Instant};

/// A running stopwatch.
#[derive(Clone, Copy)]
pub(crate) struct Stopwatch(Instant);

impl Stopwatch {
    /// Starts one.
    #[expect(clippy::disallowed_methods, reason = "a bench measures wall time")]
    pub(crate) fn start() -> Self {
        Self(Instant::now())
    }

    /// The time since.
    pub(crate) fn elapsed(self) -> Duration {
        self.0.elapsed()
    }
}

/// The time below which a share of all times lies, e.g. `0.99`. The times need not be sorted.
pub(crate) fn quantile(times: &mut [Duration], share: f64) -> Duration {
    if times.is_empty() {
        return Duration::ZERO;
    }
    times.sort_unstable();
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        clippy::cast_precision_loss,
        reason = "a place in a list that fits in memory"
    )]
    let place = ((times.len() - 1) as f64 * share) as usize;
    times[place]
}

/// What `work` comes to, unless it takes longer than `most`.
#[expect(clippy::disallowed_methods, reason = "a bench runs in wall time")]
pub(crate) async fn within<T>(most: Duration, work: impl Future<Output = T>) -> Option<T> {
    tokio::time::timeout(most, work).await.ok()
}
