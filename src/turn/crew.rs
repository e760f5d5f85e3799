//! The crew: several workers that think, several senders, and one who tidies up. They listen for the bell, and look
//! anyway from time to time.

use std::sync::Arc;
use std::time::Duration;

use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::turn::{Sent, Turn};

/// How often everybody looks without having been rung.
const LOOK_ANYWAY: Duration = Duration::from_secs(1);
/// How long to rest after the store failed.
const STORE_REST: Duration = Duration::from_secs(2);
/// How often old rows are swept out.
const SWEEP_EVERY: Duration = Duration::from_secs(10 * 60);

/// How many of each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CrewSize {
    /// Workers that think. Each waits for banks on its own, so there may be many.
    pub workers: usize,
    /// Senders.
    pub senders: usize,
}

impl Default for CrewSize {
    fn default() -> Self {
        Self { workers: 64, senders: 8 }
    }
}

/// Starts the crew on `tracker`; it ends, between two turns, when `stop` is cancelled.
pub fn run_crew(turn: &Arc<Turn>, size: CrewSize, tracker: &TaskTracker, stop: &CancellationToken) {
    for number in 0..size.workers {
        let (turn, stop) = (Arc::clone(turn), stop.clone());
        tracker.spawn(async move { think_on(&turn, &format!("worker-{number}"), &stop).await });
    }
    for _ in 0..size.senders {
        let (turn, stop) = (Arc::clone(turn), stop.clone());
        tracker.spawn(async move { send_on(&turn, &stop).await });
    }
    let (turn, stop) = (Arc::clone(turn), stop.clone());
    tracker.spawn(async move { sweep_on(&turn, &stop).await });
}

async fn think_on(turn: &Turn, worker: &str, stop: &CancellationToken) {
    while !stop.is_cancelled() {
        match turn.run_one(worker).await {
            // More may wait than one worker should take: wake the next before looking again.
            Ok(true) => turn.bell.ring_thinking(),
            Ok(false) => tokio::select! {
                () = turn.bell.thinking() => {}
                () = turn.clock.sleep(LOOK_ANYWAY) => {}
                () = stop.cancelled() => {}
            },
            Err(error) => {
                tracing::error!(store.error = %error, "the crew cannot use the store");
                rest(turn, stop, STORE_REST).await;
            }
        }
    }
}

async fn send_on(turn: &Turn, stop: &CancellationToken) {
    while !stop.is_cancelled() {
        match turn.send_one().await {
            Ok(Sent::Nothing) => tokio::select! {
                () = turn.bell.sending() => {}
                () = turn.clock.sleep(LOOK_ANYWAY) => {}
                () = stop.cancelled() => {}
            },
            Ok(Sent::Taken | Sent::NotYet) => turn.bell.ring_sending(),
            Err(error) => {
                tracing::error!(store.error = %error, "the senders cannot use the store");
                rest(turn, stop, STORE_REST).await;
            }
        }
    }
}

async fn sweep_on(turn: &Turn, stop: &CancellationToken) {
    while !stop.is_cancelled() {
        match turn.store.sweep(turn.clock.now()).await {
            Ok(0) => {}
            Ok(rows) => tracing::info!(sweep.rows = rows, "swept out what retention no longer needs"),
            Err(error) => tracing::error!(store.error = %error, "the sweep failed"),
        }
        rest(turn, stop, SWEEP_EVERY).await;
    }
}

async fn rest(turn: &Turn, stop: &CancellationToken, time: Duration) {
    tokio::select! {
        () = turn.clock.sleep(time) => {}
        () = stop.cancelled() => {}
    }
}
