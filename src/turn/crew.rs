//! The crew: conversations are thought about in tasks of their own, as many as there are places. A delivery brings its
//! claim along where it can; a few scouts find whatever else waits, senders what is due again, and one tidies up. They
//! listen for the bell, and look anyway from time to time.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, oneshot};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::domain::message::Event;
use crate::store::{Arrival, Claim, Fate, Received, StoreError};
use crate::turn::heads::Heads;
use crate::turn::{Sent, Turn};

/// How often everybody looks without having been rung.
const LOOK_ANYWAY: Duration = Duration::from_secs(1);
/// How long to rest after the store failed.
const STORE_REST: Duration = Duration::from_secs(2);
/// How many look for work at one time. Their claims share one commit, so a few find enough for everybody.
const SCOUTS: usize = 4;
/// How often old rows are swept out.
const SWEEP_EVERY: Duration = Duration::from_secs(10 * 60);
/// How often it is looked for conversations that are due though nobody wrote.
const ROUSE_EVERY: Duration = Duration::from_secs(60);

/// How many of each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CrewSize {
    /// Conversations that are thought about at one time, and replies that go out straight from their turn. Each mostly
    /// waits for banks or the platform, so there may be many: a slow one must not use them all up.
    pub workers: usize,
    /// Senders of what does not go out straight from its turn.
    pub senders: usize,
}

impl Default for CrewSize {
    fn default() -> Self {
        Self { workers: 64, senders: 8 }
    }
}

/// Conversations and messages that are under way at one time.
pub struct Crew {
    turn: Arc<Turn>,
    /// One for each conversation that is thought about.
    places: Arc<Semaphore>,
    /// One for each reply that goes out as soon as it is committed.
    hands: Arc<Semaphore>,
    tracker: TaskTracker,
}

impl Crew {
    /// Starts the crew on `tracker`; it ends, between two turns, when `stop` is cancelled.
    pub fn start(turn: &Arc<Turn>, size: CrewSize, tracker: &TaskTracker, stop: &CancellationToken) -> Arc<Self> {
        let crew = Arc::new(Self {
            turn: Arc::clone(turn),
            places: Arc::new(Semaphore::new(size.workers)),
            hands: Arc::new(Semaphore::new(size.workers)),
            tracker: tracker.clone(),
        });
        for number in 0..SCOUTS.min(size.workers) {
            let (crew, stop) = (Arc::clone(&crew), stop.clone());
            tracker.spawn(async move { crew.scout(&format!("scout-{number}"), &stop).await });
        }
        for _ in 0..size.senders {
            let (turn, stop) = (Arc::clone(turn), stop.clone());
            tracker.spawn(async move { send_on(&turn, &stop).await });
        }
        let (rouser, stopped) = (Arc::clone(turn), stop.clone());
        tracker.spawn(async move { rouse_on(&rouser, &stopped).await });
        if let Some(heads) = &turn.heads {
            let (turn, heads, stop) = (Arc::clone(turn), Arc::clone(heads), stop.clone());
            tracker.spawn(async move { sign_on(&turn, &heads, &stop).await });
        }
        let (turn, stop) = (Arc::clone(turn), stop.clone());
        tracker.spawn(async move { sweep_on(&turn, &stop).await });
        crew
    }

    /// Keeps what a delivery brought. A single message is claimed in the same transaction while there is a place, and
    /// thought about at once: looking for it would cost a second transaction. Everything else waits for a scout.
    /// `heard` is what the single message says, before it was sealed.
    ///
    /// # Errors
    /// As [`Store::receive`](crate::store::Store::receive).
    pub async fn receive(
        self: &Arc<Self>,
        arrivals: Vec<Arrival>,
        heard: Option<Event>,
        now: Timestamp,
    ) -> Result<Received, StoreError> {
        let place = match arrivals.as_slice() {
            [Arrival { fate: Fate::Think(_), .. }] => Arc::clone(&self.places).try_acquire_owned().ok(),
            _ => None,
        };
        let Some(place) = place else {
            let received = self.turn.store.receive(arrivals, now).await?;
            self.ring_for(&received);
            return Ok(received);
        };
        let (tell, told) = oneshot::channel();
        let crew = Arc::clone(self);
        // In a task of its own: a caller that hangs up must not take the claim with it.
        self.tracker.spawn(async move {
            let Turn { store, limits, .. } = &*crew.turn;
            let kept = store.receive_and_claim(arrivals, "receiver", limits.lease, now).await;
            let (received, claim) =
                kept.map_or_else(|error| (Err(error), None), |(received, claim)| (Ok(received), claim));
            // The caller has its answer before the thinking begins; whether it still waits for it does not matter.
            if let (Ok(received), None) = (&received, &claim) {
                crew.ring_for(received);
            }
            let _ = tell.send(received);
            if let Some(claim) = claim {
                crew.think(claim, heard, place).await;
            }
        });
        told.await.map_err(|_| StoreError::Unavailable("a delivery could not be taken".to_owned()))?
    }

    /// Wakes a scout for what was kept and not claimed.
    fn ring_for(&self, received: &Received) {
        if received.wakes {
            self.turn.bell.ring_thinking();
        }
    }

    /// Looks for conversations that are ready, as far as there are places.
    async fn scout(self: &Arc<Self>, name: &str, stop: &CancellationToken) {
        let turn = &self.turn;
        loop {
            let place = tokio::select! {
                biased;
                () = stop.cancelled() => return,
                place = Arc::clone(&self.places).acquire_owned() => place,
            };
            let Ok(place) = place else { return };
            match turn.claim_one(name).await {
                Ok(Some(claim)) => {
                    // More may wait: wake the next scout before this one looks again.
                    turn.bell.ring_thinking();
                    let crew = Arc::clone(self);
                    self.tracker.spawn(async move { crew.think(claim, None, place).await });
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

    /// Thinks about a claim, and then sends the reply if it has a hand free.
    async fn think(&self, claim: Claim, heard: Option<Event>, place: OwnedSemaphorePermit) {
        let turn = &self.turn;
        let hand = Arc::clone(&self.hands).try_acquire_owned().ok();
        let leased = turn.finish(claim, heard, hand.is_some()).await;
        drop(place);
        let sent = match leased {
            Ok(Some(leased)) => turn.send_from(leased).await,
            Ok(None) => Ok(()),
            Err(error) => Err(error),
        };
        if let Err(error) = sent {
            tracing::error!(store.error = %error, "a turn could not use the store; what it left is taken up again");
        }
        drop(hand);
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
        match turn.store.sweep(&turn.retention, turn.clock.now()).await {
            Ok(0) => {}
            Ok(rows) => tracing::info!(sweep.rows = rows, "swept out what retention no longer needs"),
            Err(error) => tracing::error!(store.error = %error, "the sweep failed"),
        }
        rest(turn, stop, SWEEP_EVERY).await;
    }
}

async fn rouse_on(turn: &Turn, stop: &CancellationToken) {
    while !stop.is_cancelled() {
        if let Err(error) = turn.rouse().await {
            tracing::error!(store.error = %error, "what is due could not be looked for");
        }
        rest(turn, stop, ROUSE_EVERY).await;
    }
}

/// Signs heads from time to time, and a last one at the end.
async fn sign_on(turn: &Turn, heads: &Heads, stop: &CancellationToken) {
    loop {
        let last = stop.is_cancelled();
        if let Err(error) = heads.sign(turn.store.as_ref(), turn.clock.as_ref()).await {
            tracing::error!(audit.error = %error, "the access log could not be signed");
        }
        if last {
            return;
        }
        rest(turn, stop, heads.every).await;
    }
}

async fn rest(turn: &Turn, stop: &CancellationToken, time: Duration) {
    tokio::select! {
        () = turn.clock.sleep(time) => {}
        () = stop.cancelled() => {}
    }
}
