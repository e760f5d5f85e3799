//! The chat page and the `/sandbox/…` interface beside it. For loopback only: whoever reaches it is anybody.

use std::convert::Infallible;

use axum::extract::{Path, Query, Request, State};
use axum::middleware::{self, Next};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use bytes::Bytes;
use futures_util::stream::{self, Stream};
use http::{HeaderName, HeaderValue, StatusCode, header};
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::sync::broadcast;

use crate::domain::message::Button;

use super::say::{problem, refusal, say};
use super::thread::{Content, Item, Sent};
use super::{LocalMessenger, Person, Tapped, Unsaid, linking};

const INDEX: &str = include_str!("page/index.html");
const STYLE: &str = include_str!("page/style.css");
const SCRIPT: &str = include_str!("page/chat.js");

/// Only our own files run, style and show.
const POLICY: &str = "default-src 'self'; img-src 'self' data:; \
                      frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

/// Characters of a message that the list of chats has room for.
const PREVIEW_MAX: usize = 80;

pub(super) fn router(messenger: LocalMessenger) -> Router {
    let page = Router::new()
        .route("/", get(|| async { asset("text/html; charset=utf-8", INDEX) }))
        .route("/style.css", get(|| async { asset("text/css; charset=utf-8", STYLE) }))
        .route("/chat.js", get(|| async { asset("text/javascript; charset=utf-8", SCRIPT) }));
    let sandbox = Router::new()
        .route("/sandbox/say", post(say))
        .route("/sandbox/people", get(people))
        .route("/sandbox/thread/{person}", get(thread))
        .route("/sandbox/picture/{mid}", get(picture))
        .route("/sandbox/events", get(events))
        .route("/sandbox/messenger/input", post(input))
        .route("/sandbox/messenger/redeliver", post(redeliver))
        .route("/sandbox/messenger/desk", post(desk))
        .route("/sandbox/messenger/deletion", post(deletion))
        .route("/sandbox/messenger/faults", get(faults).post(patch_faults))
        .route("/sandbox/messenger/wire", get(wire))
        .layer(middleware::from_fn(only_json));
    page.merge(sandbox).merge(linking::router()).layer(middleware::map_response(guarded)).with_state(messenger)
}

fn asset(kind: &'static str, text: &'static str) -> Response {
    ([(header::CONTENT_TYPE, kind)], text).into_response()
}

async fn guarded(mut response: Response) -> Response {
    let guards = [
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::CACHE_CONTROL, "no-store"),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    ];
    for (name, value) in guards {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    response
}

/// A page elsewhere in the browser can post forms to loopback, but no JSON without asking first: take only JSON.
async fn only_json(request: Request, next: Next) -> Response {
    let kind = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if request.method() == http::Method::POST && !kind.starts_with("application/json") {
        return problem(StatusCode::UNSUPPORTED_MEDIA_TYPE, "send application/json");
    }
    next.run(request).await
}

async fn people(State(messenger): State<LocalMessenger>) -> Json<Value> {
    let state = messenger.state();
    let people: Vec<Value> = messenger
        .settings()
        .people
        .iter()
        .map(|person| {
            let thread = state.threads.get(&person.id);
            let begun = thread.is_some_and(super::thread::Thread::has_begun);
            let last = thread.and_then(|thread| thread.items().last()).map(preview);
            let Person { id, handle, name, zone, .. } = person;
            json!({"id": id, "handle": handle, "name": name, "zone": zone, "begun": begun, "last": last})
        })
        .collect();
    Json(json!(people))
}

async fn thread(State(messenger): State<LocalMessenger>, Path(person): Path<String>) -> Response {
    match messenger.thread_json(&person) {
        Ok(thread) => Json(thread).into_response(),
        Err(unsaid) => refusal(&unsaid),
    }
}

impl LocalMessenger {
    /// Everything that the page shows of one thread.
    fn thread_json(&self, person: &str) -> Result<Value, Unsaid> {
        let person = self.person(person)?;
        let settings = self.settings();
        let now = self.now();
        let mut state = self.state();
        let profile = state.profile.clone();
        let thread = state.threads.entry(person.id.clone()).or_default();
        let ms = |at: Option<jiff::Timestamp>| at.map(jiff::Timestamp::as_millisecond);
        Ok(json!({
            "page": {"id": settings.page_id, "name": settings.page_name},
            "person": {"id": person.id, "handle": person.handle, "name": person.name},
            "now": now.as_millisecond(),
            "begun": thread.has_begun(),
            "at_desk": thread.is_at_desk(),
            "items": thread.items().iter().map(item_json).collect::<Vec<_>>(),
            "typing": thread.typing_until.is_some_and(|until| now < until),
            "taken": ms(thread.taken),
            "seen": ms(thread.seen),
            "delivered": ms(thread.delivered),
            "read": ms(thread.read),
            "greeting": default_locale(profile.get("greeting")).and_then(|greeting| greeting.get("text")),
            "ice_breakers": default_locale(profile.get("ice_breakers")).and_then(|list| list.get("call_to_actions")),
            "menu": default_locale(profile.get("persistent_menu")).and_then(|menu| menu.get("call_to_actions")),
        }))
    }
}

/// The beginning of a message, as the list of chats shows it.
fn preview(item: &Item) -> String {
    let (whose, text) = match &item.content {
        Content::Said(text) => ("You: ", text.as_str()),
        Content::Sticker(_) => ("You: ", "👍"),
        Content::Attachment(kind) => ("You: ", kind.as_str()),
        Content::Sent(sent) if sent.text.is_empty() => ("", "Picture"),
        Content::Sent(sent) => ("", sent.text.as_str()),
    };
    let text = text.lines().next().unwrap_or_default();
    format!("{whose}{}", text.chars().take(PREVIEW_MAX).collect::<String>())
}

/// The entry for the default locale of a Messenger Profile property, else its first.
fn default_locale(property: Option<&Value>) -> Option<&Value> {
    let entries = property?.as_array()?;
    entries.iter().find(|entry| entry["locale"] == "default").or_else(|| entries.first())
}

fn item_json(item: &Item) -> Value {
    let mut json = json!({"mid": item.mid.as_str(), "at": item.at.as_millisecond(), "reaction": item.reaction});
    let (from, key, value) = match &item.content {
        Content::Said(text) => ("person", "text", json!(text)),
        Content::Sticker(id) => ("person", "sticker", json!(id.to_string())),
        Content::Attachment(kind) => ("person", "attachment", json!(kind)),
        Content::Sent(sent) => ("page", "sent", sent_json(sent)),
    };
    json["from"] = json!(from);
    json[key] = value;
    json
}

/// The copy of a picture that the platform made when it was sent; the bot's own address dies soon.
async fn picture(State(messenger): State<LocalMessenger>, Path(mid): Path<String>) -> Response {
    let found = messenger.state().threads.values().find_map(|thread| thread.picture(&mid));
    found.map_or_else(
        || StatusCode::NOT_FOUND.into_response(),
        |png| ([(header::CONTENT_TYPE, "image/png")], png).into_response(),
    )
}

fn sent_json(sent: &Sent) -> Value {
    let image = sent.picture.as_ref().map(|_| format!("/sandbox/picture/{}", sent.mid));
    let buttons: Vec<Value> = sent
        .buttons
        .iter()
        .map(|button| match button {
            Button::Postback { title, .. } => json!({"kind": "postback", "title": title}),
            Button::Web { title, url } => json!({"kind": "web", "title": title, "url": url}),
            Button::LogIn { .. } => json!({"kind": "log_in", "title": button.title()}),
            Button::LogOut => json!({"kind": "log_out", "title": button.title()}),
            Button::Call { title, number } => json!({"kind": "call", "title": title, "number": number}),
        })
        .collect();
    let chips: Vec<&str> = sent.quick_replies.iter().map(|chip| chip.title.as_str()).collect();
    json!({
        "text": sent.text, "quick_replies": chips, "buttons": buttons, "image": image, "by_desk": sent.by_desk,
    })
}

/// What the page's person does. Unlike `say` it does not wait for the bot.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "snake_case", tag = "act")]
enum Input {
    Text { person: String, text: String },
    Tap { person: String, title: String },
    Button { person: String, mid: String, title: String },
    IceBreaker { person: String, payload: String, question: String },
    Menu { person: String, payload: String, title: String },
    Sticker { person: String },
    GetStarted { person: String },
}

async fn input(State(messenger): State<LocalMessenger>, body: Bytes) -> Response {
    let input: Input = match serde_json::from_slice(&body) {
        Ok(input) => input,
        Err(error) => return problem(StatusCode::BAD_REQUEST, &error.to_string()),
    };
    let done = match input {
        Input::Text { person, text } => messenger.say(&person, &text).await.map(Tapped::Delivered),
        Input::Tap { person, title } => messenger.tap(&person, &title).await,
        Input::Button { person, mid, title } => messenger.tap_button(&person, &mid, &title).await,
        Input::IceBreaker { person, payload, question: title } | Input::Menu { person, payload, title } => {
            messenger.postback(&person, &payload, &title).await.map(Tapped::Delivered)
        }
        Input::Sticker { person } => messenger.sticker(&person, "thumbs_up").await.map(Tapped::Delivered),
        Input::GetStarted { person } => messenger.get_started(&person).await.map(Tapped::Delivered),
    };
    match done {
        Ok(Tapped::Delivered(status)) => Json(json!({"status": status.map(|s| s.as_u16())})).into_response(),
        Ok(Tapped::Opens(url)) => Json(json!({"opens": url})).into_response(),
        Ok(Tapped::Calls(number)) => Json(json!({"calls": number})).into_response(),
        Err(unsaid) => refusal(&unsaid),
    }
}

/// What somebody at the desk does in a person's thread.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "snake_case", tag = "act")]
enum AtDesk {
    Say { person: String, text: String },
    Return { person: String },
}

async fn desk(State(messenger): State<LocalMessenger>, body: Bytes) -> Response {
    let done = match serde_json::from_slice(&body) {
        Ok(AtDesk::Say { person, text }) => messenger.desk_says(&person, &text).await,
        Ok(AtDesk::Return { person }) => messenger.desk_returns(&person).await,
        Err(error) => return problem(StatusCode::BAD_REQUEST, &error.to_string()),
    };
    match done {
        Ok(()) => Json(json!({})).into_response(),
        Err(unsaid) => refusal(&unsaid),
    }
}

#[derive(Debug, Deserialize)]
struct Whose {
    person: String,
}

async fn redeliver(State(messenger): State<LocalMessenger>, Json(whose): Json<Whose>) -> Response {
    match messenger.redeliver(&whose.person).await {
        Ok(status) => Json(json!({"status": status.map(|status| status.as_u16())})).into_response(),
        Err(unsaid) => refusal(&unsaid),
    }
}

/// The person asks the platform that the bot's data of them be deleted; tells what the bot answered.
async fn deletion(State(messenger): State<LocalMessenger>, Json(whose): Json<Whose>) -> Response {
    match messenger.ask_deletion(&whose.person).await {
        Ok((status, answer)) => Json(json!({"status": status, "answer": answer})).into_response(),
        Err(unsaid) => refusal(&unsaid),
    }
}

async fn faults(State(messenger): State<LocalMessenger>) -> Json<Value> {
    Json(json!(messenger.faults()))
}

async fn patch_faults(State(messenger): State<LocalMessenger>, Json(patch): Json<Value>) -> Response {
    match messenger.faults().patched(&patch) {
        Ok(faults) => {
            messenger.set_faults(faults.clone());
            Json(json!(faults)).into_response()
        }
        Err(message) => problem(StatusCode::BAD_REQUEST, &message),
    }
}

async fn wire(State(messenger): State<LocalMessenger>) -> Json<Value> {
    Json(json!(messenger.platform.feed.lines()))
}

/// An open chat page. While it lives, its person reads what comes.
struct Viewing {
    messenger: LocalMessenger,
    psid: String,
}

impl Drop for Viewing {
    fn drop(&mut self) {
        if let Some(count) = self.messenger.state().viewers.get_mut(&self.psid) {
            *count = count.saturating_sub(1);
        }
    }
}

#[derive(Debug, Deserialize)]
struct Viewer {
    person: Option<String>,
}

async fn events(State(messenger): State<LocalMessenger>, Query(viewer): Query<Viewer>) -> Response {
    let Some(news) = messenger.platform.feed.listen() else {
        return problem(StatusCode::SERVICE_UNAVAILABLE, "the sandbox is closing");
    };
    let viewing = match viewer.person.as_deref().map(|person| messenger.person(person)) {
        None => None,
        Some(Err(unsaid)) => return refusal(&unsaid),
        Some(Ok(person)) => {
            let psid = person.id.clone();
            *messenger.state().viewers.entry(psid.clone()).or_default() += 1;
            messenger.report_read(&psid);
            Some(Viewing { messenger: messenger.clone(), psid })
        }
    };
    Sse::new(stream_of(news, viewing)).keep_alive(KeepAlive::default()).into_response()
}

fn stream_of(
    news: broadcast::Receiver<Value>,
    viewing: Option<Viewing>,
) -> impl Stream<Item = Result<Event, Infallible>> {
    stream::unfold((news, viewing), |(mut news, viewing)| async move {
        let told = match news.recv().await {
            Ok(told) => told,
            Err(broadcast::error::RecvError::Lagged(_)) => json!({"kind": "behind"}),
            Err(broadcast::error::RecvError::Closed) => return None,
        };
        Some((Ok(Event::default().data(told.to_string())), (news, viewing)))
    })
}
