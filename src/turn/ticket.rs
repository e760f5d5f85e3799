//! The address of a page: a ticket for one person and one page, sealed, that dies by itself. To look at such an address does
//! nothing (messengers and mail scanners do); what it opens is opened by a button on it, once.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::clock::later;
use crate::domain::message::Conversation;
use crate::domain::webpage::WebPage;
use crate::privacy::random;
use crate::privacy::seal::{Keyring, Place};

/// How long an address opens its page.
pub const OPEN_FOR: Duration = Duration::from_secs(10 * 60);
/// Longest token that is looked at. Ours are a few hundred letters.
const TOKEN_MAX: usize = 2048;

/// What stands before the token in an address.
pub const FOLDER: &str = "/p/";

/// What an address says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ticket {
    /// The page.
    pub page: WebPage,
    /// The chat that it was given to.
    pub conversation: Conversation,
    /// The locale that the chat is answered in.
    pub voice: String,
    /// When it was given.
    pub given: Timestamp,
    /// What makes it one of a kind.
    pub handle: String,
}

impl Ticket {
    /// A new ticket.
    pub fn new(page: WebPage, conversation: &Conversation, voice: &str, now: Timestamp) -> Self {
        Self { page, conversation: conversation.clone(), voice: voice.to_owned(), given: now, handle: random::id() }
    }

    /// The address below the bot's public one; `None` for a question that is too long for one.
    pub fn address(&self, keyring: &Keyring, public_url: &str) -> Option<String> {
        let plain = serde_json::to_vec(self).unwrap_or_default();
        let token = URL_SAFE_NO_PAD.encode(keyring.seal_address(Place::page(), &plain));
        (token.len() <= TOKEN_MAX).then(|| format!("{public_url}{FOLDER}{token}"))
    }

    /// The ticket of a token, while it lives.
    pub fn open(keyring: &Keyring, token: &str, now: Timestamp) -> Option<Self> {
        let token = Some(token).filter(|token| token.len() <= TOKEN_MAX)?;
        let plain = keyring.open(Place::page(), &URL_SAFE_NO_PAD.decode(token).ok()?).ok()?;
        let ticket: Self = serde_json::from_slice(&plain).ok()?;
        (now < ticket.expires()).then_some(ticket)
    }

    /// When it dies.
    pub fn expires(&self) -> Timestamp {
        later(self.given, OPEN_FOR)
    }
}
