//! L2: adapters to messengers. A channel verifies a delivery before anything parses it, and sends replies within
//! the platform's limits. Wire types never leave the adapter's file.

use async_trait::async_trait;
use bytes::Bytes;
use http::HeaderMap;
use jiff::Timestamp;

use crate::domain::message::{Bubble, Conversation, Inbound, MessageId, Post};

pub mod messenger;
pub mod signature;

/// A delivery whose signature was checked. Only a channel's `verify` can make one.
#[derive(Debug)]
pub struct Verified {
    body: Bytes,
    with_previous_secret: bool,
}

impl Verified {
    /// The verified bytes.
    pub fn body(&self) -> &Bytes {
        &self.body
    }

    /// Whether the previous app secret signed it: the rotation is not finished.
    pub fn with_previous_secret(&self) -> bool {
        self.with_previous_secret
    }
}

/// Why a delivery was refused. The reason is counted, never told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// No app secret is configured.
    #[error("no app secret is configured")]
    NoSecret,
    /// There is no signature header.
    #[error("no signature")]
    Missing,
    /// There is more than one signature header.
    #[error("more than one signature")]
    Several,
    /// The header is not `sha256=` and 64 lower-case hexadecimal digits.
    #[error("malformed signature")]
    Malformed,
    /// The signature is another body's or another secret's.
    #[error("wrong signature")]
    Wrong,
    /// It was signed too long ago, or has ended.
    #[error("a request of another time")]
    Stale,
}

/// Somebody asked the platform that the data which the app keeps of them be deleted. Only a channel's
/// [`deletion`](Channel::deletion) gives one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeletionRequest {
    /// The person, by the id that they have with the app: another one than they have with any page.
    pub(in crate::channel) person: String,
    /// What they can ask for its status by. Not to be guessed; the same for the same request.
    pub confirmation: String,
}

/// What one verified delivery holds. Every element of it is in exactly one of the three.
#[derive(Debug, Default)]
pub struct Parsed {
    /// Events of known kinds for known pages.
    pub inbound: Vec<Inbound>,
    /// Elements set aside: an unknown object, page or kind.
    pub ignored: Vec<Aside>,
    /// Elements that could not be read, or a whole body that is no JSON (then one).
    pub broken: Vec<Aside>,
}

/// An element that is kept apart for the operator.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Aside {
    /// What de-duplication goes by.
    pub event_id: String,
    /// Why it was set aside, without content: `unknown kind "x"`, `page not configured` …
    pub reason: String,
    /// The element's own JSON text.
    pub raw: Vec<u8>,
}

/// What the platform answered to a send.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receipt {
    /// The platform's id of the message.
    pub message_id: Option<MessageId>,
}

/// Why a send failed, and so what to do about it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SendError {
    /// The platform may have taken it: wait for the echo before trying again.
    #[error("uncertain: {0}")]
    Uncertain(String),
    /// It was not taken; try again, not before the given time if there is one.
    #[error("try again: {reason}")]
    Retry {
        /// Code and subcode, never content.
        reason: String,
        /// The platform's own wish.
        not_before: Option<Timestamp>,
    },
    /// The platform wants the whole page to slow down until then.
    #[error("slow down: {reason}")]
    SlowDown {
        /// Code and subcode.
        reason: String,
        /// When to go on.
        until: Timestamp,
    },
    /// The platform says it was sent although it answered with an error.
    #[error("sent all the same: {0}")]
    SentAnyway(String),
    /// It will never be taken: the window is over, the person is gone, the request is bad.
    #[error("refused: {0}")]
    Refused(String),
    /// Nothing can be sent for this page until an operator acts (token dead, page blocked).
    #[error("page stopped: {0}")]
    PageStopped(String),
}

/// Small signs that are not messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Signal {
    /// "Seen".
    MarkSeen,
    /// Typing dots.
    TypingOn,
    /// No more typing dots.
    TypingOff,
}

/// One message that is to be sent, or the thread that is to be passed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outgoing {
    /// Our id of it, echoed back by the platform.
    pub id: String,
    /// To whom.
    pub conversation: Conversation,
    /// What.
    pub post: Post,
}

/// A messenger.
#[async_trait]
pub trait Channel: Send + Sync {
    /// Answers the platform's GET check: the challenge to echo, or `None` when the query is not right.
    fn challenge(&self, query: &str) -> Option<String>;

    /// Checks a delivery's signature over its raw bytes.
    fn verify(&self, headers: &HeaderMap, body: Bytes) -> Result<Verified, Refusal>;

    /// Opens the platform's signed request to delete somebody's data.
    ///
    /// # Errors
    /// The [`Refusal`] is for the operator; the sender must not learn it.
    fn deletion(&self, signed_request: &str, now: Timestamp) -> Result<DeletionRequest, Refusal>;

    /// The chats of the person of such a request, as far as the platform tells. In some countries it never does.
    ///
    /// # Errors
    /// When the platform must be asked again.
    async fn chats_of(&self, request: &DeletionRequest) -> Result<Vec<Conversation>, SendError>;

    /// Reads a verified delivery. Never fails: what cannot be read is in `broken`. `received` stands in for a
    /// missing platform time.
    fn parse(&self, delivery: &Verified, received: Timestamp) -> Parsed;

    /// Makes bubbles fit the platform: long texts are split, extra buttons moved to further bubbles, chips kept
    /// under the last one.
    fn fit(&self, bubbles: Vec<Bubble>) -> Vec<Bubble>;

    /// Sends one bubble that fits, or passes the thread to the people of the page.
    async fn send(&self, outgoing: &Outgoing) -> Result<Receipt, SendError>;

    /// Sends a sign; failures are of no consequence.
    async fn signal(&self, conversation: &Conversation, signal: Signal) -> Result<(), SendError>;
}
