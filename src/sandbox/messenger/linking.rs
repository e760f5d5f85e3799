//! The ways between the chat and the bot's pages. Source: Meta's account linking page of July 2025.
//!
//! ```text
//! Log In ──▶ log_in/{message} ──▶ the bot's page ?account_linking_token&redirect_uri
//!                                        │
//! webhook: account_linking ◀── account_linking?…&authorization_code
//! webhook: referral        ◀── m.me/{page}?ref
//! ```
//!
//! Who comes back by a link is whoever this browser's chat page shows: never who an address names.

use std::collections::BTreeMap;
use std::time::Duration;

use axum::Router;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use http::header::{CONTENT_TYPE, COOKIE};
use http::{HeaderMap, StatusCode};
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::json;

use super::{LocalMessenger, Unsaid, lock};
use crate::clock::later;
use crate::domain::message::Button;
use crate::privacy::random;
use crate::sandbox::address::{percent_encoded, with_parameters};
use crate::sandbox::markup::{self, escaped};

/// How long a token tells who links.
const TOKEN_LIVES: Duration = Duration::from_secs(300);

/// Longest reference of an m.me link, in bytes.
const REFERENCE_MAX: usize = 2083;

/// Longest code that the bot's page may bring back, in bytes.
const CODE_MAX: usize = 1024;

/// The cookie in which the chat page says whom it shows.
const SHOWN: &str = "sandbox_person=";

const STYLE: &str = "/sandbox/messenger/page.css";

/// Account linkings under way: whose a token is, and until when.
#[derive(Default)]
pub(super) struct Linkings(BTreeMap<String, (String, Timestamp)>);

impl Linkings {
    fn begin(&mut self, psid: &str, now: Timestamp) -> String {
        self.0.retain(|_, (_, until)| now < *until);
        let token = random::id();
        self.0.insert(token.clone(), (psid.to_owned(), later(now, TOKEN_LIVES)));
        token
    }

    fn who(&self, token: &str, now: Timestamp) -> Option<&str> {
        self.0.get(token).filter(|(_, until)| now < *until).map(|(psid, _)| psid.as_str())
    }
}

pub(super) fn router() -> Router<LocalMessenger> {
    Router::new()
        .route("/sandbox/messenger/log_in/{mid}", get(log_in))
        .route("/sandbox/messenger/account_linking", get(account_linking))
        .route("/sandbox/m.me/{page}", get(m_me))
        .route(STYLE, get(async || ([(CONTENT_TYPE, "text/css; charset=utf-8")], markup::STYLE)))
}

impl LocalMessenger {
    /// Where a Log In button leads when this person taps it: the bot's page, with a token that tells the bot who it is
    /// and the address to come back to.
    pub(super) fn log_in_address(&self, person: &str, url: &str) -> Result<String, Unsaid> {
        let (psid, now) = (self.person(person)?.id.clone(), self.now());
        let token = self.state().linkings.begin(&psid, now);
        let base = lock(&self.platform.url).clone();
        let back = format!("{base}/sandbox/messenger/account_linking?account_linking_token={token}");
        Ok(with_parameters(url, &[("account_linking_token", &token), ("redirect_uri", &back)]))
    }

    /// Whose a live token of an account linking is.
    pub(super) fn who_links(&self, token: &str) -> Option<String> {
        let now = self.now();
        self.state().linkings.who(token, now).map(str::to_owned)
    }

    /// Tells the bot that the person came back from its page with a code. The token is used up.
    async fn link_account(&self, token: &str, code: &str) -> Option<StatusCode> {
        let psid = self.who_links(token)?;
        self.state().linkings.0.remove(token);
        let linking = json!({"status": "linked", "authorization_code": code});
        let parcel = self.linking_parcel(&psid, linking).ok()?;
        self.hand_over(parcel).await
    }

    /// The person follows a link into the chat. Who never wrote gets started first, and that carries the reference.
    async fn follow(&self, person: &str, reference: &str) -> Result<Option<StatusCode>, Unsaid> {
        let begun = self.look(person, |thread| {
            if !thread.has_begun() {
                thread.arrived_by = Some(reference.to_owned());
            }
            thread.has_begun()
        })?;
        if begun { self.referral(person, reference).await } else { Ok(None) }
    }

    /// Whom the chat page in this browser shows.
    fn shown_in(&self, headers: &HeaderMap) -> Option<String> {
        let lines = headers.get_all(COOKIE).iter().filter_map(|value| value.to_str().ok());
        let named = lines.flat_map(|line| line.split(';')).find_map(|pair| pair.trim().strip_prefix(SHOWN))?;
        let people = &self.settings().people;
        people.iter().find(|person| percent_encoded(&person.handle) == named).map(|person| person.handle.clone())
    }
}

/// A tap on Log In: the thread in which the message stands says whose tap it is.
async fn log_in(State(messenger): State<LocalMessenger>, Path(mid): Path<String>) -> Response {
    let found = messenger.state().threads.iter().find_map(|(psid, thread)| match thread.log_in(&mid)? {
        Button::LogIn { url } => Some((psid.clone(), url.clone())),
        _ => None,
    });
    let address = found.and_then(|(psid, url)| messenger.log_in_address(&psid, &url).ok());
    match address {
        Some(address) => Redirect::to(&address).into_response(),
        None => {
            told(StatusCode::NOT_FOUND, "There is no such button", "The message is not in this Messenger any more.")
        }
    }
}

#[derive(Deserialize)]
struct FromBot {
    account_linking_token: Option<String>,
    authorization_code: Option<String>,
}

/// The bot's page sends the person back, with a code if they are linked.
async fn account_linking(State(messenger): State<LocalMessenger>, Query(from): Query<FromBot>) -> Response {
    let code = from.authorization_code.filter(|code| !code.is_empty());
    let Some(code) = code else {
        return told(StatusCode::OK, "Nothing was linked", "You can close this window.");
    };
    let failed = |why| told(StatusCode::BAD_REQUEST, "Account linking failed", why);
    if code.len() > CODE_MAX {
        return failed("What came back is too long.");
    }
    let token = from.account_linking_token.unwrap_or_default();
    if messenger.who_links(&token).is_none() {
        return failed("It took longer than five minutes, or was done before. Tap Log In again.");
    }
    match messenger.link_account(&token, &code).await {
        Some(StatusCode::OK) => told(StatusCode::OK, "Account linked", "You can close this window."),
        _ => failed("The page did not answer. Tap Log In again."),
    }
}

#[derive(Deserialize)]
struct Followed {
    r#ref: Option<String>,
}

/// A link into the chat, as `m.me` is: opens the chat page, and tells the bot by which reference.
async fn m_me(
    State(messenger): State<LocalMessenger>,
    Path(page): Path<String>,
    Query(followed): Query<Followed>,
    headers: HeaderMap,
) -> Response {
    if page != messenger.settings().page_id {
        return told(StatusCode::NOT_FOUND, "There is no such page", "This Messenger has only one.");
    }
    let Some(person) = messenger.shown_in(&headers) else {
        let advice =
            "<p><a href=\"/\">Open the chat</a> in this browser as the person you are, then follow the link again.</p>";
        return small_page(StatusCode::CONFLICT, "Who are you?", advice);
    };
    let is_reference = |text: &String| {
        let fits = (1..=REFERENCE_MAX).contains(&text.len());
        fits && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'=' | b'-'))
    };
    // One that cannot be a reference is dropped, as the platform does; the chat opens all the same.
    if let Some(reference) = followed.r#ref.filter(is_reference)
        && let Err(unsaid) = messenger.follow(&person, &reference).await
    {
        return super::say::refusal(&unsaid);
    }
    Redirect::to(&format!("/#{}", percent_encoded(&person))).into_response()
}

/// What the window that was opened says in the end.
fn told(status: StatusCode, head: &str, text: &str) -> Response {
    small_page(status, head, &format!("<p>{}</p>", escaped(text)))
}

fn small_page(status: StatusCode, head: &str, markup: &str) -> Response {
    let body = format!("<main>\n<h1>{}</h1>\n{markup}\n</main>\n", escaped(head));
    markup::page(status, "Messenger sandbox", STYLE, &body)
}
