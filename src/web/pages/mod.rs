//! The bot's own pages: agree and go to the bank, come back from it, and what is kept of a person.
//!
//! An address holds its ticket; to look at it does nothing. What a page does, it does once, when its button is pressed.
//! No page needs a script.

use std::sync::Arc;

use askama::Template;
use axum::Router;
use axum::extract::{Form, Path, Query, State};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use serde::Deserialize;

use crate::domain::bank::BankId;
use crate::domain::say::Say;
use crate::domain::webpage::WebPage;
use crate::turn::Turn;
use crate::turn::linking::{Back, BankAnswer, Stopped};
use crate::turn::ticket::{FOLDER, Ticket};

mod deletion;
mod kept;
mod templates;
mod voice;

pub use deletion::CALLBACK as DELETION;

use templates::{BackPage, CoverPage, LinesPage, LinkPage};
use voice::Voice;

const CSS: &str = include_str!("pages.css");

/// How long a browser keeps what ties it to an attempt, in seconds: as long as a person may take at their bank.
const COOKIE_SECONDS: u32 = 600;

/// What the pages work with.
#[derive(Clone)]
pub struct Pages {
    /// The engine whose people they serve.
    pub turn: Arc<Turn>,
}

/// What the form of a page sends.
#[derive(Debug, Default, Deserialize)]
struct Pressed {
    #[serde(default)]
    bank: String,
    #[serde(default)]
    agree: String,
}

/// What the platform's account linking adds to an address.
#[derive(Debug, Default, Deserialize)]
struct FromPlatform {
    redirect_uri: Option<String>,
}

/// What a bank adds to the address that it sends a person back to (RFC 6749, section 4.1.2; RFC 9207).
#[derive(Debug, Deserialize)]
struct FromBank {
    #[serde(default)]
    state: String,
    code: Option<String>,
    iss: Option<String>,
}

/// The routes of all pages.
pub fn router(pages: Pages) -> Router {
    Router::new()
        .route(&format!("{FOLDER}{{token}}"), get(look).post(press))
        .route("/link/return/{bank}", get(come_back))
        .route("/pages.css", get(css))
        .route(DELETION, deletion::callback())
        .route(deletion::STATUS, deletion::status())
        .with_state(pages)
}

async fn css() -> Response {
    let kind = (header::CONTENT_TYPE, HeaderValue::from_static("text/css; charset=utf-8"));
    ([kind, (header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=3600"))], CSS).into_response()
}

/// Shows what a page would do. Nothing happens: messengers and mail scanners look at addresses, too.
async fn look(State(pages): State<Pages>, Path(token): Path<String>) -> Response {
    let Some(ticket) = pages.ticket(&token) else { return pages.stopped(None, Stopped::Over) };
    pages.cover(&ticket, None).await
}

/// Does what the page is for, once.
async fn press(
    State(pages): State<Pages>,
    Path(token): Path<String>,
    Query(platform): Query<FromPlatform>,
    headers: HeaderMap,
    Form(pressed): Form<Pressed>,
) -> Response {
    let Some(ticket) = pages.ticket(&token) else { return pages.stopped(None, Stopped::Over) };
    if is_from_elsewhere(&headers) {
        return StatusCode::FORBIDDEN.into_response();
    }
    match ticket.page {
        WebPage::Link(_) | WebPage::Unlock => pages.go(&ticket, &pressed, platform.redirect_uri).await,
        _ => pages.open(&ticket).await,
    }
}

async fn come_back(
    State(pages): State<Pages>,
    Path(bank): Path<String>,
    Query(from): Query<FromBank>,
    headers: HeaderMap,
) -> Response {
    let cookie = pages.cookie(&headers).unwrap_or_default();
    let answer = BankAnswer { state: from.state, code: from.code, issuer: from.iss };
    match pages.turn.come_back(&BankId::new(bank), &answer, &cookie).await {
        Ok(back) => pages.back(&back),
        Err(stopped) => pages.stopped(None, stopped),
    }
}

/// Whether a browser says that another site made it send a form.
fn is_from_elsewhere(headers: &HeaderMap) -> bool {
    let site = headers.get("sec-fetch-site").and_then(|value| value.to_str().ok());
    site.is_some_and(|site| site != "same-origin" && site != "none")
}

/// Where the platform's account linking may be sent back to, and nowhere else: the address came with the request, and
/// whoever made that could have written anything.
fn is_platforms(address: &str, local: Option<&str>) -> bool {
    let hosts =
        ["https://www.facebook.com/", "https://facebook.com/", "https://m.facebook.com/", "https://www.messenger.com/"];
    let of_platform = hosts.iter().any(|host| {
        address.strip_prefix(host).is_some_and(|path| path.starts_with("messenger_platform/account_linking"))
    });
    of_platform || local.is_some_and(|local| address.split('?').next() == Some(local))
}

impl Pages {
    fn ticket(&self, token: &str) -> Option<Ticket> {
        Ticket::open(&self.turn.keyring, token, self.turn.clock.now())
    }

    /// Whether browsers reach us by TLS. Without, on loopback, a cookie cannot be marked as secure everywhere.
    fn is_secure(&self) -> bool {
        self.turn.public_url.as_deref().is_some_and(|url| url.starts_with("https://"))
    }

    fn cookie_name(&self) -> &'static str {
        if self.is_secure() { "__Host-link" } else { "link" }
    }

    fn cookie(&self, headers: &HeaderMap) -> Option<String> {
        let all = headers.get_all(header::COOKIE).into_iter().filter_map(|value| value.to_str().ok());
        let pairs = all.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
        let name = self.cookie_name();
        pairs.into_iter().find(|(key, _)| *key == name).map(|(_, value)| value.to_owned())
    }

    fn voice(&self, locale: &str) -> Voice<'_> {
        Voice::new(&self.turn, locale)
    }

    /// What stands before the button.
    async fn cover(&self, ticket: &Ticket, trouble: Option<&str>) -> Response {
        let voice = self.voice(&ticket.voice);
        match &ticket.page {
            WebPage::Link(_) | WebPage::Unlock => {
                let Ok(kept) = self.turn.kept_of(&ticket.conversation).await else {
                    return self.stopped(Some(&ticket.voice), Stopped::Store);
                };
                let voice = voice.within(kept.zone);
                let banks = self.turn.banks_of(ticket, &kept.links);
                if banks.is_empty() {
                    return self.stopped(Some(&ticket.voice), Stopped::Over);
                }
                let origins: Vec<&str> = banks
                    .iter()
                    .filter_map(|bank| self.turn.logins.get(&bank.id))
                    .map(|login| login.origin())
                    .collect();
                let rule = match banks.as_slice() {
                    [bank] => self.turn.logins.get(&bank.id).map(|login| login.rule()),
                    _ => None,
                };
                let page_name = self.turn.page_name(&ticket.conversation);
                let page = LinkPage::new(&voice, ticket, &banks, &page_name, rule, trouble);
                self.html(&page, &origins)
            }
            page => self.html(&CoverPage::new(&voice, page), &[]),
        }
    }

    /// Sends the person to the bank, if they agreed.
    async fn go(&self, ticket: &Ticket, pressed: &Pressed, redirect: Option<String>) -> Response {
        let agreed = ticket.page == WebPage::Unlock || pressed.agree == "yes";
        let Ok(links) = self.turn.links_of(&ticket.conversation).await else {
            return self.stopped(Some(&ticket.voice), Stopped::Store);
        };
        let banks = self.turn.banks_of(ticket, &links);
        let Some(bank) = banks.iter().find(|bank| bank.id.as_str() == pressed.bank).filter(|_| agreed) else {
            return self.cover(ticket, Some("web-stop-agree")).await;
        };
        let redirect = redirect.filter(|address| is_platforms(address, self.turn.linking_url.as_deref()));
        match self.turn.go_to_bank(ticket, &bank.id, redirect).await {
            Ok(away) => {
                let secure = if self.is_secure() { "; Secure" } else { "" };
                let cookie = format!(
                    "{}={}; Path=/; Max-Age={COOKIE_SECONDS}; HttpOnly; SameSite=Lax{secure}",
                    self.cookie_name(),
                    away.cookie
                );
                ([(header::SET_COOKIE, cookie), (header::LOCATION, away.url)], StatusCode::SEE_OTHER).into_response()
            }
            Err(stopped) => self.stopped(Some(&ticket.voice), stopped),
        }
    }

    fn back(&self, back: &Back) -> Response {
        if let Some(redirect) = &back.redirect {
            let (to, status) = ([(header::LOCATION, redirect.clone())], StatusCode::SEE_OTHER);
            return (status, to).into_response();
        }
        let open_url = format!("{}/{}?ref={}", self.turn.chat_url, back.conversation.page, back.reference);
        self.html(&BackPage::new(&self.voice(&back.voice), open_url, back.code.clone()), &[])
    }

    fn stopped(&self, locale: Option<&str>, stopped: Stopped) -> Response {
        let (text, status) = match stopped {
            Stopped::Over => ("web-stop-over", StatusCode::GONE),
            Stopped::Foreign => ("web-stop-foreign", StatusCode::FORBIDDEN),
            Stopped::Declined => ("web-stop-declined", StatusCode::OK),
            Stopped::Bank => ("web-stop-bank", StatusCode::BAD_GATEWAY),
            Stopped::Locked => ("web-stop-locked", StatusCode::FORBIDDEN),
            Stopped::Store => ("web-stop-bank", StatusCode::SERVICE_UNAVAILABLE),
        };
        let voice = self.voice(locale.unwrap_or(crate::flow::texts::LAST_RESORT));
        let head = voice.say(&Say::new("web-stop-head"));
        let page =
            LinesPage { lang: voice.lang(), head, paragraphs: vec![voice.say(&Say::new(text))], lines: Vec::new() };
        (status, self.html(&page, &[])).into_response()
    }

    /// A page, which may send its form to itself and, from there, to these origins.
    fn html(&self, page: &impl Template, origins: &[&str]) -> Response {
        let Ok(html) = page.render() else { return StatusCode::INTERNAL_SERVER_ERROR.into_response() };
        let policy = format!(
            "default-src 'none'; style-src 'self'; form-action 'self' {}; base-uri 'none'; frame-ancestors 'none'",
            origins.join(" ")
        );
        let policy = HeaderValue::from_str(&policy).unwrap_or(HeaderValue::from_static("default-src 'none'"));
        let headers: [(HeaderName, HeaderValue); 2] = [
            (header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8")),
            (header::CONTENT_SECURITY_POLICY, policy),
        ];
        (headers, html).into_response()
    }
}
