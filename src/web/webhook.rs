//! The webhook: verify, keep durably, answer. Nothing is thought about here, so the platform has its 200 within
//! moments; what waits is for a turn.
//!
//! Source: Messenger Platform, "Webhooks": an answer is due within 5 seconds, and a page whose deliveries fail for an
//! hour loses its subscription. So whatever is verified and strange is answered 200 and set aside, and only what a
//! later try can mend (the store does not write) is answered with an error.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use bytes::Bytes;
use http::{HeaderMap, StatusCode, header};
use http_body_util::{BodyExt, LengthLimitError, Limited};
use jiff::Timestamp;

use crate::channel::{Aside, Channel, Parsed, Refusal};
use crate::clock::Clock;
use crate::domain::message::{Event, Inbound};
use crate::domain::text::label;
use crate::privacy::seal::{Keyring, Place};
use crate::store::{Arrival, Fate, Store, StoreError};
use crate::turn::Crew;
use crate::understand;
use crate::wakeup::Doorbell;

/// Largest body that is read unless configured otherwise. A batch of the most updates that the platform documents, 1,000, is below 500 KiB.
pub const BODY_MAX: usize = 1024 * 1024;

/// What the platform is told to wait when the store does not write, in seconds.
const RETRY_AFTER: &str = "5";

/// What the webhook works with.
#[derive(Clone)]
pub struct Webhook {
    /// Verifies and reads deliveries.
    pub channel: Arc<dyn Channel>,
    /// Keeps them.
    pub store: Arc<dyn Store>,
    /// Seals them.
    pub keyring: Arc<Keyring>,
    /// Is rung when something waits for a turn.
    pub bell: Arc<Doorbell>,
    /// Takes a message at once while it has a free place; without a crew the bell is rung.
    pub crew: Option<Arc<Crew>>,
    /// The time of receipt.
    pub clock: Arc<dyn Clock>,
    /// Largest body, in bytes.
    pub body_max: usize,
}

struct Intake {
    webhook: Webhook,
    refusals: Refusals,
}

/// GET and POST `/webhook/messenger`.
pub fn router(webhook: Webhook) -> Router {
    let intake = Arc::new(Intake { webhook, refusals: Refusals::default() });
    Router::new().route("/webhook/messenger", get(challenge).post(deliver)).with_state(intake)
}

async fn challenge(State(intake): State<Arc<Intake>>, request: Request) -> Response {
    match intake.webhook.channel.challenge(request.uri().query().unwrap_or_default()) {
        Some(challenge) => challenge.into_response(),
        None => StatusCode::FORBIDDEN.into_response(),
    }
}

async fn deliver(State(intake): State<Arc<Intake>>, request: Request) -> Response {
    let (head, body) = request.into_parts();
    let body = match read_body(&head.headers, body, intake.webhook.body_max).await {
        Ok(body) => body,
        Err(status) => return status.into_response(),
    };
    let Intake { webhook, refusals } = &*intake;
    let received = webhook.clock.now();
    let delivery = match webhook.channel.verify(&head.headers, body) {
        Ok(delivery) => delivery,
        Err(refusal) => {
            refusals.count(refusal, received);
            return StatusCode::UNAUTHORIZED.into_response();
        }
    };
    if delivery.with_previous_secret() {
        tracing::debug!("a delivery was signed with the previous app secret");
    }
    let parsed = webhook.channel.parse(&delivery, received);
    match webhook.keep(parsed, received).await {
        Ok(()) => "EVENT_RECEIVED".into_response(),
        Err(error) => {
            tracing::error!(%error, "a delivery could not be kept; the platform will repeat it");
            (StatusCode::SERVICE_UNAVAILABLE, [(header::RETRY_AFTER, RETRY_AFTER)]).into_response()
        }
    }
}

/// Reads the whole body, never holding more than `most` bytes of it. The deadline is the server loop's.
async fn read_body(headers: &HeaderMap, body: Body, most: usize) -> Result<Bytes, StatusCode> {
    let plain = |encoding: &http::HeaderValue| encoding.as_bytes().eq_ignore_ascii_case(b"identity");
    if !headers.get_all(header::CONTENT_ENCODING).iter().all(plain) {
        return Err(StatusCode::UNSUPPORTED_MEDIA_TYPE);
    }
    let told = headers.get(header::CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse::<u64>().ok());
    if told.is_some_and(|told| usize::try_from(told).map_or(true, |told| told > most)) {
        return Err(StatusCode::PAYLOAD_TOO_LARGE);
    }
    match Limited::new(body, most).collect().await {
        Ok(body) => Ok(body.to_bytes()),
        Err(error) if error.is::<LengthLimitError>() => Err(StatusCode::PAYLOAD_TOO_LARGE),
        Err(_) => Err(StatusCode::BAD_REQUEST),
    }
}

impl Webhook {
    /// Seals and keeps what one delivery holds, all or none, and wakes whoever thinks about it.
    async fn keep(&self, parsed: Parsed, received: Timestamp) -> Result<(), StoreError> {
        let Parsed { inbound, ignored, broken } = parsed;
        let mut arrivals = Vec::with_capacity(inbound.len() + ignored.len() + broken.len());
        let mut heard = None;
        for inbound in inbound {
            let (arrival, event) = self.arrival(inbound)?;
            arrivals.push(arrival);
            heard = event;
        }
        arrivals.extend(ignored.into_iter().map(|aside| self.set_aside(aside, received, "ignored")));
        arrivals.extend(broken.into_iter().map(|aside| self.set_aside(aside, received, "broken")));
        if arrivals.is_empty() {
            return Ok(());
        }
        let counts = match &self.crew {
            Some(crew) => crew.receive(arrivals, heard, received).await?,
            None => {
                let counts = self.store.receive(arrivals, received).await?;
                if counts.wakes {
                    self.bell.ring_thinking();
                }
                counts
            }
        };
        if counts.ignored + counts.broken > 0 {
            tracing::info!(counts.ignored, counts.broken, "elements of a delivery were set aside");
        }
        Ok(())
    }

    /// An event on its way into the inbox, and the event itself if a turn must think about it: that turn may begin at
    /// once, and need not open what is sealed here.
    fn arrival(&self, inbound: Inbound) -> Result<(Arrival, Option<Event>), StoreError> {
        let Inbound { conversation, event_id, at, event } = inbound;
        let event = without_secret(event);
        let kind = event.kind().to_owned();
        if let Event::Policy { action } = &event {
            tracing::error!(policy.action = label(action), "the platform enforced its policy on a page");
        }
        // Without a conversation there is nobody to answer, and no turn could claim it.
        let (fate, heard) = match event {
            Event::Echo(echo) if !echo.by_human => {
                (Fate::Echo { outbox_id: echo.metadata, message_id: echo.mid }, None)
            }
            event if event.needs_turn() && conversation.is_some() => {
                let body = serde_json::to_vec(&event).map_err(|error| StoreError::Unavailable(error.to_string()))?;
                let sealed = self.seal(&Place::inbox_row(conversation.as_ref(), &event_id), &body);
                (Fate::Think(sealed), Some(event))
            }
            _ => (Fate::Note, None),
        };
        Ok((Arrival { conversation, event_id, at, kind, fate }, heard))
    }

    fn set_aside(&self, aside: Aside, received: Timestamp, kind: &str) -> Arrival {
        let Aside { event_id, reason, raw } = aside;
        let raw = self.seal(&Place::inbox_row(None, &event_id), &raw);
        let fate = if kind == "broken" { Fate::Break { reason, raw } } else { Fate::Ignore { reason, raw } };
        Arrival { conversation: None, event_id, at: received, kind: kind.to_owned(), fate }
    }

    fn seal(&self, row: &str, body: &[u8]) -> Vec<u8> {
        self.keyring.seal(Place::inbox_body(row), body)
    }
}

/// A secret that a person typed goes no further than here: of its message nothing is kept but that it was one.
fn without_secret(event: Event) -> Event {
    let said = match &event {
        Event::Text { text, .. } | Event::Edited { text, .. } => Some(text),
        Event::Attachment { text, .. } => text.as_ref(),
        _ => None,
    };
    if said.is_some_and(|text| understand::holds_secret(text)) { Event::Secret } else { event }
}

/// Refused deliveries, by reason. The sender learns nothing; the operator hears of them once a minute.
#[derive(Default)]
struct Refusals {
    total: AtomicU64,
    told_at_second: AtomicI64,
}

impl Refusals {
    fn count(&self, refusal: Refusal, now: Timestamp) {
        let total = self.total.fetch_add(1, Ordering::Relaxed) + 1;
        tracing::debug!(reason = %refusal, "a delivery was refused");
        let (second, told) = (now.as_second(), self.told_at_second.load(Ordering::Relaxed));
        let is_due = second.saturating_sub(told) >= 60;
        if is_due && self.told_at_second.compare_exchange(told, second, Ordering::Relaxed, Ordering::Relaxed).is_ok() {
            tracing::warn!(reason = %refusal, refused.total = total, "deliveries are being refused");
        }
    }
}
