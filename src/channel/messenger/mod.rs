//! Facebook Messenger: deliveries in, replies out. The wire format stays in this folder.
//!
//! `wire` reads JSON without trusting its shape, `parse` takes a delivery apart, `event` reads one element,
//! `identity` gives it what de-duplication goes by; `fit` makes bubbles fit, `pacing` keeps the pace, `graph` makes the
//! call, `verdict` reads the answer, `profile` is what a page shows around a conversation, `page_graph` the calls that
//! set it; `signed_request` opens what the platform asks of the app.

use std::collections::HashMap;
use std::num::NonZeroU32;
use std::sync::Arc;

use async_trait::async_trait;
use bytes::Bytes;
use http::HeaderMap;
use jiff::Timestamp;
use secrecy::{ExposeSecret, SecretString};
use subtle::ConstantTimeEq;

use crate::channel::messenger::pacing::Pace;
use crate::channel::messenger::parse::Reader;
use crate::channel::signature::{self, Signature, SignedWith};
use crate::channel::{Channel, DeletionRequest, Outgoing, Parsed, Receipt, Refusal, SendError, Signal, Verified};
use crate::clock::Clock;
use crate::domain::message::{Bubble, Conversation, Post};
use crate::egress::Transport;

mod event;
mod fit;
mod graph;
mod identity;
mod pacing;
pub mod page_graph;
mod parse;
pub mod profile;
mod signed_request;
mod verdict;
mod wire;

/// The longest challenge that is echoed, in characters. The platform's own is an integer.
const CHALLENGE_MAX: usize = 256;

/// What a Messenger adapter is built from.
pub struct MessengerSettings {
    /// The Graph API, without a slash at the end: `https://graph.facebook.com`.
    pub graph_url: String,
    /// Its version: `v25.0`.
    pub graph_version: String,
    /// What the platform's GET check must know. An empty one verifies nothing.
    pub verify_token: SecretString,
    /// What deliveries are signed with; without one every delivery is refused.
    pub app_secret: Option<SecretString>,
    /// The secret before it, while the rotation lasts.
    pub previous_app_secret: Option<SecretString>,
    /// The pages this bot speaks for.
    pub pages: Vec<PageSettings>,
    /// Our own app's id: echoes of other apps then count as written by a human's hand.
    pub own_app_id: Option<String>,
    /// Most calls a second for each page: messages and signs together.
    pub sends_per_second: NonZeroU32,
}

/// Calls a second for each page beyond which the page's inbox stops showing messages.
/// Source: Messenger Platform, "Rate Limits".
pub const SENDS_PER_SECOND: NonZeroU32 = NonZeroU32::MIN.saturating_add(39);

/// One page this bot speaks for.
pub struct PageSettings {
    /// Its id.
    pub id: String,
    /// Its access token.
    pub token: SecretString,
}

/// The adapter.
pub struct Messenger {
    graph_url: String,
    graph_version: String,
    verify_token: SecretString,
    signature: Signature,
    pages: HashMap<String, Page>,
    own_app_id: Option<String>,
    transport: Arc<dyn Transport>,
    clock: Arc<dyn Clock>,
}

/// A configured page, ready for calls.
struct Page {
    token: SecretString,
    /// HMAC-SHA256 of the token with the app secret, which proves to the platform that the call is the app's.
    proof: Option<String>,
    pace: Pace,
}

impl Messenger {
    /// An adapter that calls out through `transport`.
    pub fn new(settings: MessengerSettings, transport: Arc<dyn Transport>, clock: Arc<dyn Clock>) -> Self {
        let secret = settings.app_secret.as_ref().filter(|secret| !secret.expose_secret().is_empty());
        let pages = settings.pages.into_iter().map(|page| {
            let proof = secret.map(|secret| signature::hmac_hex(secret, page.token.expose_secret().as_bytes()));
            (page.id, Page { token: page.token, proof, pace: Pace::of(settings.sends_per_second) })
        });
        Self {
            pages: pages.collect(),
            signature: Signature::new(settings.app_secret.as_ref(), settings.previous_app_secret.as_ref()),
            graph_url: settings.graph_url.trim_end_matches('/').to_owned(),
            graph_version: settings.graph_version,
            verify_token: settings.verify_token,
            own_app_id: settings.own_app_id.filter(|id| !id.is_empty()),
            transport,
            clock,
        }
    }
}

#[async_trait]
impl Channel for Messenger {
    /// Source: Messenger Platform, "Webhooks", section "Verification Requests".
    fn challenge(&self, query: &str) -> Option<String> {
        let (mut mode, mut token, mut challenge) = (None, None, None);
        for (key, value) in pairs(query)? {
            let slot = match key.as_str() {
                "hub.mode" => &mut mode,
                "hub.verify_token" => &mut token,
                "hub.challenge" => &mut challenge,
                _ => continue,
            };
            if slot.replace(value).is_some() {
                return None;
            }
        }
        let (mode, token, challenge) = (mode?, token?, challenge?);
        let expected = self.verify_token.expose_secret().as_bytes();
        let known = !expected.is_empty() && bool::from(expected.ct_eq(token.as_bytes()));
        let plain = |c: u8| c.is_ascii_alphanumeric() || matches!(c, b'_' | b'-');
        let echoes = (1..=CHALLENGE_MAX).contains(&challenge.len()) && challenge.bytes().all(plain);
        (mode == "subscribe" && known && echoes).then_some(challenge)
    }

    fn verify(&self, headers: &HeaderMap, body: Bytes) -> Result<Verified, Refusal> {
        let signed_with = self.signature.verify(headers, &body)?;
        Ok(Verified { body, with_previous_secret: signed_with == SignedWith::Previous })
    }

    fn deletion(&self, signed_request: &str, now: Timestamp) -> Result<DeletionRequest, Refusal> {
        signed_request::deletion(&self.signature, signed_request, now)
    }

    async fn chats_of(&self, request: &DeletionRequest) -> Result<Vec<Conversation>, SendError> {
        let mut chats = Vec::new();
        for page in self.pages.keys() {
            match self.person_on_page(&request.person, page).await {
                Ok(psid) => chats.extend(psid.map(|psid| Conversation::messenger(page.as_str(), psid))),
                // It does not match ids here, or knows nobody by this one.
                Err(SendError::Refused(reason)) => {
                    tracing::info!(reason, "the platform does not tell whose a request is")
                }
                Err(error) => return Err(error),
            }
        }
        Ok(chats)
    }

    fn parse(&self, delivery: &Verified, received: Timestamp) -> Parsed {
        let knows = |page: &str| self.pages.contains_key(page);
        Reader { knows: &knows, own_app: self.own_app_id.as_deref(), received }.read(delivery.body())
    }

    fn fit(&self, bubbles: Vec<Bubble>) -> Vec<Bubble> {
        fit::fit(bubbles)
    }

    async fn send(&self, outgoing: &Outgoing) -> Result<Receipt, SendError> {
        match &outgoing.post {
            Post::Bubble(bubble) => self.send_bubble(outgoing, bubble).await,
            Post::PassThread { pass_thread } => self.pass_thread(&outgoing.conversation, pass_thread).await,
        }
    }

    async fn signal(&self, conversation: &Conversation, signal: Signal) -> Result<(), SendError> {
        self.send_signal(conversation, signal).await
    }
}

/// The pairs of a query string; `None` when it is not one.
fn pairs(query: &str) -> Option<Vec<(String, String)>> {
    let uri = http::Uri::builder().path_and_query(format!("/?{query}")).build().ok()?;
    axum::extract::Query::try_from_uri(&uri).ok().map(|axum::extract::Query(pairs)| pairs)
}
