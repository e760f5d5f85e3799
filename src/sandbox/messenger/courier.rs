//! Carries deliveries to the bot's webhook, at least once. A delivery that is not answered 200 is tried a few times
//! at once, then again after growing pauses, and is then given up, as on the real platform (which lets go of a page
//! after an hour of failure). A delivery that waits for a later try no longer holds up those behind it, so order is
//! lost after failures, as Meta warns.

use std::collections::VecDeque;
use std::fmt;
use std::sync::Mutex;
use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response, StatusCode, header};
use jiff::Timestamp;
use secrecy::ExposeSecret;
use serde_json::{Value, json};
use tokio::sync::{oneshot, watch};

use super::{LocalMessenger, Webhook, envelope, lock};
use crate::sandbox::address::percent_encoded;

/// Tries in a row before the first pause.
const AT_ONCE: usize = 3;

/// Pauses before further tries, in seconds; after the last the delivery is given up.
const PAUSES_S: [u64; 7] = [2, 5, 15, 60, 300, 900, 1800];

/// One delivery, as it crosses the wire each time.
#[derive(Clone)]
pub(super) struct Parcel {
    pub(super) body: Bytes,
    pub(super) signature: String,
    /// What it holds, for the feed: `text`, `echo` …
    pub(super) kind: String,
    /// Whose thread it is about, by handle.
    pub(super) person: Option<String>,
    /// When the person acted, for an act of theirs: the page shows which of them the bot has taken.
    pub(super) acted: Option<Timestamp>,
    /// Whether a failure is tried again. What was forged on purpose is not.
    pub(super) is_retried: bool,
}

impl fmt::Debug for Parcel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Parcel").field("kind", &self.kind).field("bytes", &self.body.len()).finish_non_exhaustive()
    }
}

struct Waiting {
    parcel: Parcel,
    answered: Option<oneshot::Sender<Option<StatusCode>>>,
}

/// Deliveries that wait for their first try. One task carries them, one after the other.
pub(super) struct Courier {
    queue: Mutex<Queue>,
    outstanding: watch::Sender<usize>,
}

#[derive(Default)]
struct Queue {
    waiting: VecDeque<Waiting>,
    is_carried: bool,
}

impl Default for Courier {
    fn default() -> Self {
        Self { queue: Mutex::default(), outstanding: watch::Sender::new(0) }
    }
}

impl Courier {
    pub(super) async fn drained(&self) {
        // The sender lives as long as `self`, so waiting cannot fail.
        drop(self.outstanding.subscribe().wait_for(|count| *count == 0).await);
    }
}

impl LocalMessenger {
    /// Delivers one event, signed, in an envelope of its own, and tells the HTTP status of the last of the tries
    /// made at once; `None` when the bot gave no answer. It stands in no thread and lets nobody answer: for what the
    /// acts of a person (`say`, `tap` …) do not cover.
    pub async fn deliver(&self, event: Value) -> Option<StatusCode> {
        let parcel = self.parcel(&event, "raw");
        self.hand_over(parcel).await
    }

    /// Delivers a whole body, signed, whatever it holds.
    pub async fn deliver_raw(&self, body: Bytes) -> Option<StatusCode> {
        let signature = envelope::signature(&self.settings().app_secret, &body);
        let kind = "raw".to_owned();
        self.hand_over(Parcel { body, signature, kind, person: None, acted: None, is_retried: true }).await
    }

    /// Makes the parcel of an event.
    pub(super) fn parcel(&self, event: &Value, kind: &str) -> Parcel {
        let list = if self.stands_by(event) { "standby" } else { "messaging" };
        let body = envelope::body(&self.settings().page_id, self.now(), list, event);
        let signature = envelope::signature(&self.settings().app_secret, &body);
        let side = |key: &str| event.get(key)?.get("id")?.as_str().and_then(|id| self.handle_of(id));
        let person = side("sender").or_else(|| side("recipient"));
        Parcel { body, signature, kind: kind.to_owned(), person, acted: None, is_retried: true }
    }

    /// Whether an event is about a thread that the people at the desk have. That a thread changes hands is told to all.
    fn stands_by(&self, event: &Value) -> bool {
        let psid = |key: &str| event.get(key)?.get("id")?.as_str();
        let state = self.state();
        let thread = ["sender", "recipient"].into_iter().filter_map(psid).find_map(|id| state.threads.get(id));
        let changes_hands = event.get("pass_thread_control").or(event.get("take_thread_control")).is_some();
        thread.is_some_and(super::thread::Thread::is_at_desk) && !changes_hands
    }

    /// Queues a parcel and waits until it was tried.
    pub(super) async fn hand_over(&self, parcel: Parcel) -> Option<StatusCode> {
        let (answered, answer) = oneshot::channel();
        self.enqueue(Waiting { parcel, answered: Some(answered) });
        answer.await.ok().flatten()
    }

    /// Queues an event of the platform's own (echo, delivery, read), if the app is subscribed to its field.
    pub(super) fn post(&self, field: &str, kind: &str, event: &Value) {
        if self.state().subscribed.iter().any(|subscribed| subscribed == field) {
            let parcel = self.parcel(event, kind);
            self.enqueue(Waiting { parcel, answered: None });
        }
    }

    fn enqueue(&self, waiting: Waiting) {
        let courier = &self.platform.courier;
        courier.outstanding.send_modify(|count| *count += 1);
        let mut queue = lock(&courier.queue);
        queue.waiting.push_back(waiting);
        if !queue.is_carried {
            queue.is_carried = true;
            tokio::spawn(self.clone().carry());
        }
    }

    /// Carries until nothing waits.
    async fn carry(self) {
        while let Some(Waiting { parcel, answered }) = self.next_waiting() {
            let status = self.try_at_once(&parcel).await;
            if status != Some(StatusCode::OK) && parcel.is_retried {
                tokio::spawn(self.clone().try_later(parcel));
            }
            if let Some(answered) = answered {
                // Nobody may wait for it any more.
                let _ = answered.send(status);
            }
            self.platform.courier.outstanding.send_modify(|count| *count -= 1);
        }
    }

    fn next_waiting(&self) -> Option<Waiting> {
        let newest_first = self.state().faults.reorder;
        let mut queue = lock(&self.platform.courier.queue);
        let next = if newest_first { queue.waiting.pop_back() } else { queue.waiting.pop_front() };
        queue.is_carried = next.is_some();
        next
    }

    async fn try_at_once(&self, parcel: &Parcel) -> Option<StatusCode> {
        let (under_way_ms, twice) = {
            let state = self.state();
            (state.faults.deliver_after_ms, state.faults.deliver_twice)
        };
        if under_way_ms > 0 {
            self.platform.clock.sleep(Duration::from_millis(under_way_ms)).await;
        }
        let tries = if parcel.is_retried { AT_ONCE } else { 1 };
        let mut status = None;
        for number in 1..=tries {
            status = self.try_once(parcel, number).await;
            if status == Some(StatusCode::OK) {
                break;
            }
        }
        if twice && status == Some(StatusCode::OK) {
            self.try_once(parcel, 2).await;
        }
        status
    }

    async fn try_later(self, parcel: Parcel) {
        for (number, pause_s) in (AT_ONCE + 1..).zip(PAUSES_S) {
            self.platform.clock.sleep(Duration::from_secs(pause_s)).await;
            if self.try_once(&parcel, number).await == Some(StatusCode::OK) {
                return;
            }
        }
        self.platform.feed.wire(json!({
            "at": self.now().as_millisecond(),
            "way": "in", "what": parcel.kind, "person": parcel.person, "note": "given up",
        }));
    }

    async fn try_once(&self, parcel: &Parcel, number: usize) -> Option<StatusCode> {
        let webhook = lock(&self.platform.webhook).clone();
        let request = Request::post(&webhook.url)
            .header(header::CONTENT_TYPE, "application/json")
            .header(header::USER_AGENT, "facebookexternalua")
            .header("X-Hub-Signature-256", &parcel.signature)
            .body(parcel.body.clone());
        let started = self.now();
        let status = match request {
            Ok(request) => self.exchange(&webhook, request).await.map(|response| response.status()),
            Err(_) => None,
        };
        let ended = self.now();
        self.platform.feed.wire(json!({
            "at": ended.as_millisecond(),
            "way": "in",
            "what": parcel.kind,
            "person": parcel.person,
            "status": status.map(|status| status.as_u16()),
            "ms": ended.duration_since(started).as_millis(),
            "try": number,
        }));
        if status == Some(StatusCode::OK) {
            self.note_taken(parcel);
        }
        status
    }

    fn note_taken(&self, parcel: &Parcel) {
        let (Some(acted), Some(handle)) = (parcel.acted, parcel.person.as_deref()) else { return };
        let Ok(person) = self.person(handle) else { return };
        if let Some(thread) = self.state().threads.get_mut(&person.id) {
            thread.taken = thread.taken.max(Some(acted));
        }
        self.platform.feed.changed("thread", Some(handle));
    }

    /// Makes the GET check that the platform makes when a webhook is set up: whether the bot echoes the challenge.
    pub async fn verify_webhook(&self) -> bool {
        let webhook = lock(&self.platform.webhook).clone();
        let challenge = format!("{}", 1_158_201_444 + self.state().next());
        let token = percent_encoded(self.settings().verify_token.expose_secret());
        let url = format!(
            "{}?hub.mode=subscribe&hub.challenge={challenge}&hub.verify_token={token}",
            webhook.url.trim_end_matches('?')
        );
        let Ok(request) = Request::get(url).body(Bytes::new()) else { return false };
        let answer = self.exchange(&webhook, request).await;
        answer.is_some_and(|response| response.status() == StatusCode::OK && response.body() == challenge.as_bytes())
    }

    /// One exchange with the webhook, within its time.
    async fn exchange(&self, webhook: &Webhook, request: Request<Bytes>) -> Option<Response<Bytes>> {
        let exchange = webhook.transport.exchange(request);
        let Some(within) = webhook.answer_within else { return exchange.await.ok() };
        tokio::select! {
            answer = exchange => answer.ok(),
            () = self.platform.clock.sleep(within) => None,
        }
    }
}
