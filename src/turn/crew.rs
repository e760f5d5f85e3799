//! The crew: a few scouts that find what waits and have it thought about, several senders, and one who tidies up. They
//! listen for the bell, and look anyway from time to time.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::turn::{Sent, Turn};

/// How often everybody looks without having been rung.
const LOOK_ANYWAY: Duration = Duration::from_secs(1);
/// How long to rest after the store failed.
const STORE_REST: Duration = Duration::from_secs(2);
/// How many look for work at one time. Their claims share one commit, so a few find enough for everybody.
const SCOUTS: usize = 4;
/// How often old rows are swept out.
const SWEEP_EVERY: Duration = Duration::from_secs(10 * 60);

/// How many of each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CrewSize {
    /// Conversations that are thought about at one time. Each mostly waits for banks, so there may be many: a slow bank
    /// must not use them all up.
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
    let places = Arc::new(Semaphore::new(size.workers));
    for number in 0..SCOUTS.min(size.workers) {
        let (turn, places, inner, stop) = (Arc::clone(turn), Arc::clone(&places), tracker.clone(), stop.clone());
        tracker.spawn(async move { scout(&turn, &format!("scout-{number}"), &places, &inner, &stop).await });
    }
    for _ in 0..size.senders {
        let (turn, stop) = (Arc::clone(turn), stop.clone());
        tracker.spawn(async move { send_on(&turn, &stop).await });
    }
    let (turn, stop) = (Arc::clone(turn), stop.clone());
    tracker.spawn(async move { sweep_on(&turn, &stop).await });
}

/// Looks for conversations that are ready; each is thought about in a task of its own, as far as there are places.
async fn scout(turn: &Arc<Turn>, name: &str, places: &Arc<Semaphore>, tracker: &TaskTracker, stop: &CancellationToken) {
    loop {
        let place = tokio::select! {
            biased;
            () = stop.cancelled() => return,
            place = Arc::clone(places).acquire_owned() => place,
        };
        let Ok(place) = place else { return };
        match turn.claim_one(name).await {
            Ok(Some(claim)) => {
                // More may wait: wake the next scout before this one looks again.
                turn.bell.ring_thinking();
                let turn = Arc::clone(turn);
                tracker.spawn(async move {
                    if let Err(error) = turn.finish(claim).await {
                        tracing::error!(store.error = %error, "a turn could not use the store and is thought again");
                    }
                    drop(place);
                });
            }
            Ok(None) => {
                drop(place);
                tokio::select! {
                    () = turn.bell.thinking() => {}
                    () = turn.clock.sleep(LOOK_ANYWAY) => {}
                    () = stop.cancelled() => return,
                }
            }
            Err(error) => {
                drop(place);
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
