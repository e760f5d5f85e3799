//! The platform's callback for people who ask it, and not the bot, to have their data deleted; and the page where they see
//! what became of it.
//!
//! Source: Meta for Developers, "Data Deletion Request Callback": the answer is JSON with the address of a status page and a
//! confirmation code.

use axum::extract::rejection::FormRejection;
use axum::extract::{DefaultBodyLimit, Form, Path, State};
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodRouter, get, post};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use serde::Deserialize;
use serde_json::json;

use super::Pages;
use super::templates::LinesPage;
use crate::domain::say::Say;
use crate::flow::texts::LAST_RESORT;
use crate::flow::voice;
use crate::turn::deletion::Deletion;

/// Where the platform posts requests.
pub const CALLBACK: &str = "/messenger/deletion";
/// Where people see what became of theirs.
pub(super) const STATUS: &str = "/deletion/{confirmation}";

/// Largest form, in bytes. What the platform sends is a few hundred.
const FORM_MAX: usize = 8 * 1024;
/// What the platform is told to wait, in seconds.
const RETRY_AFTER: &str = "30";
/// Digits of a confirmation code.
const CONFIRMATION: usize = 32;

#[derive(Deserialize)]
pub(super) struct Asked {
    signed_request: String,
}

pub(super) fn callback() -> MethodRouter<Pages> {
    post(take).layer(DefaultBodyLimit::max(FORM_MAX))
}

pub(super) fn status() -> MethodRouter<Pages> {
    get(show)
}

async fn take(State(pages): State<Pages>, form: Result<Form<Asked>, FormRejection>) -> Response {
    let Form(asked) = match form {
        Ok(form) => form,
        Err(rejection) => return rejection.status().into_response(),
    };
    let turn = &pages.turn;
    // Without an address of its own there is none for the status.
    let Some(public_url) = turn.public_url.as_deref() else { return StatusCode::NOT_FOUND.into_response() };
    let request = match turn.channel.deletion(&asked.signed_request, turn.clock.now()) {
        Ok(request) => request,
        Err(refusal) => {
            tracing::debug!(reason = %refusal, "a request to delete was refused");
            return StatusCode::UNAUTHORIZED.into_response();
        }
    };
    if let Err(error) = turn.take_deletion(&request).await {
        tracing::error!(%error, "a request to delete could not be taken");
        return (StatusCode::SERVICE_UNAVAILABLE, [(header::RETRY_AFTER, RETRY_AFTER)]).into_response();
    }
    tracing::info!("the platform passed on a request to delete");
    let url = format!("{public_url}{}", STATUS.replace("{confirmation}", &request.confirmation));
    axum::Json(json!({"url": url, "confirmation_code": request.confirmation})).into_response()
}

async fn show(State(pages): State<Pages>, Path(confirmation): Path<String>, headers: HeaderMap) -> Response {
    let is_code = confirmation.len() == CONFIRMATION && confirmation.bytes().all(|byte| byte.is_ascii_hexdigit());
    let found = match is_code {
        true => pages.turn.deletion(&confirmation.to_ascii_lowercase()).await,
        false => Ok(None),
    };
    let (text, status) = match found {
        Ok(Some(Deletion::UnderWay)) => ("web-deletion-under-way", StatusCode::OK),
        Ok(Some(Deletion::Stuck)) => ("web-deletion-stuck", StatusCode::OK),
        Ok(Some(Deletion::Done)) => ("web-deletion-done", StatusCode::OK),
        Ok(Some(Deletion::Nothing)) => ("web-deletion-nothing", StatusCode::OK),
        Ok(Some(Deletion::Unmatched)) => ("web-deletion-unmatched", StatusCode::OK),
        Ok(None) => ("web-deletion-unknown", StatusCode::NOT_FOUND),
        Err(error) => {
            tracing::warn!(store.error = %error, "the status of a deletion cannot be read");
            ("web-deletion-later", StatusCode::SERVICE_UNAVAILABLE)
        }
    };
    let voice = pages.voice(&locale_of(&headers, |language| pages.turn.flows.speaks(language)));
    let mut paragraphs = vec![voice.text(text)];
    if status == StatusCode::OK {
        paragraphs.push(voice.say(&Say::new("web-deletion-code").with("code", confirmation)));
    }
    let head = voice.text("web-deletion-head");
    let page = LinesPage { lang: voice.lang(), head, paragraphs, lines: Vec::new() };
    (status, pages.html(&page, &[])).into_response()
}

/// The locale of the first language of a browser that is spoken here: nobody's chat is known on this page.
fn locale_of(headers: &HeaderMap, speaks: impl Fn(&str) -> bool) -> String {
    let wanted = headers.get(header::ACCEPT_LANGUAGE).map(HeaderValue::to_str).and_then(Result::ok).unwrap_or_default();
    let mut tags = wanted.split(',').map(|tag| tag.split(';').next().unwrap_or_default().trim());
    let found = tags.find_map(|tag| {
        let language = tag.split(['-', '_']).next().unwrap_or_default().to_ascii_lowercase();
        speaks(&language).then(|| voice::locale(&language, tag))
    });
    found.unwrap_or_else(|| LAST_RESORT.to_owned())
}
