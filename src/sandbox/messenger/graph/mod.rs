//! The Graph API, as far as a page's bot calls it, and as strict as the real one.

use std::collections::BTreeMap;

use axum::Router;
use axum::extract::{Path, RawQuery, State};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use http::{HeaderMap, header};
use secrecy::ExposeSecret;
use serde_json::{Map, Value, json};
use subtle::ConstantTimeEq;

use super::{LocalMessenger, envelope};

use error::GraphError;

mod control;
mod error;
mod ids;
mod limits;
mod picture;
mod profile;
mod send;

pub(super) fn router(messenger: LocalMessenger) -> Router {
    Router::new()
        .route("/{version}/{node}/messages", post(send::messages))
        .route("/{version}/{node}/pass_thread_control", post(control::pass))
        .route("/{version}/{node}/take_thread_control", post(control::take))
        .route("/{version}/{node}/messenger_profile", get(profile::read).post(profile::write).delete(profile::remove))
        .route(
            "/{version}/{node}/subscribed_apps",
            get(profile::subscriptions).post(profile::subscribe).delete(profile::unsubscribe),
        )
        .route("/{version}/{node}/ids_for_pages", get(ids::ids_for_pages))
        .route("/{version}/{node}", get(node))
        .with_state(messenger)
}

/// A call whose token, proof and version were checked.
struct Checked {
    /// `me` or an id.
    node: String,
    /// Parameters of the query and of the body together; the body's win.
    parameters: Map<String, Value>,
}

impl LocalMessenger {
    /// Checks a call. Parameters may stand in the query, in a form or in a JSON body, as on the real platform.
    fn check(
        &self,
        (version, node): (String, String),
        query: Option<&str>,
        headers: &HeaderMap,
        body: &[u8],
    ) -> Result<Checked, GraphError> {
        if !is_version(&version) {
            return Err(GraphError::unknown_path());
        }
        let mut parameters = form(query.unwrap_or_default());
        parameters.extend(body_parameters(headers, body)?);
        let settings = self.settings();
        let bearer = headers
            .get(header::AUTHORIZATION)
            .and_then(|value| value.to_str().ok())
            .and_then(|value| value.strip_prefix("Bearer ").or_else(|| value.strip_prefix("OAuth ")));
        let token = bearer
            .or_else(|| parameters.get("access_token").and_then(Value::as_str))
            .ok_or_else(GraphError::no_token)?;
        if !same(token, settings.page_token.expose_secret()) {
            return Err(GraphError::bad_token());
        }
        match parameters.get("appsecret_proof").and_then(Value::as_str) {
            Some(proof) if !same(proof, &envelope::hmac_hex(&settings.app_secret, token.as_bytes())) => {
                return Err(GraphError::bad_proof());
            }
            None if settings.require_proof => return Err(GraphError::no_proof()),
            _ => {}
        }
        Ok(Checked { node, parameters })
    }

    /// As `check`, for edges of the page itself.
    fn check_page(
        &self,
        path: (String, String),
        query: Option<&str>,
        headers: &HeaderMap,
        body: &[u8],
        verb: &str,
    ) -> Result<Checked, GraphError> {
        let checked = self.check(path, query, headers, body)?;
        if checked.node != "me" && checked.node != self.settings().page_id {
            return Err(GraphError::no_object(verb, &checked.node));
        }
        Ok(checked)
    }

    fn refuse(&self, error: GraphError) -> Response {
        let trace = self.state().next();
        error.into_response(trace)
    }

    fn answer(&self, answer: Result<Value, GraphError>) -> Response {
        match answer {
            Ok(value) => axum::Json(value).into_response(),
            Err(error) => self.refuse(error),
        }
    }
}

/// `GET /{version}/{me, page or PSID}?fields=…`
async fn node(
    State(messenger): State<LocalMessenger>,
    Path(path): Path<(String, String)>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    let answer = messenger.check(path, query.as_deref(), &headers, &[]).and_then(|call| {
        let fields = call.parameters.get("fields").and_then(Value::as_str);
        let settings = messenger.settings();
        let known = if call.node == "me" || call.node == settings.page_id {
            let mut page = BTreeMap::from([("id", settings.page_id.clone()), ("name", settings.page_name.clone())]);
            if let Some(token) = call.parameters.get("account_linking_token").and_then(Value::as_str) {
                page.insert("recipient", messenger.who_links(token).ok_or_else(GraphError::bad_linking_token)?);
            }
            page
        } else {
            messenger.profile_of(&call.node).ok_or_else(|| GraphError::no_object("get", &call.node))?
        };
        let mut answer = Map::new();
        let wanted = fields.unwrap_or("id,name,first_name,last_name,profile_pic").split(',');
        for field in wanted.map(str::trim) {
            if let Some(value) = known.get(field) {
                answer.insert(field.to_owned(), json!(value));
            }
        }
        answer.insert("id".to_owned(), json!(known.get("id")));
        Ok(Value::Object(answer))
    });
    messenger.answer(answer)
}

impl LocalMessenger {
    /// The user profile of a person, as far as it is given to bots.
    fn profile_of(&self, psid: &str) -> Option<BTreeMap<&'static str, String>> {
        let person = self.settings().people.iter().find(|person| person.id == psid)?;
        let (first, last) = person.name.split_once(' ').unwrap_or((&person.name, ""));
        let mut profile = BTreeMap::from([
            ("id", person.id.clone()),
            ("first_name", first.to_owned()),
            ("last_name", last.to_owned()),
            ("name", person.name.clone()),
        ]);
        if let Some(locale) = self.state().locales.get(psid) {
            profile.insert("locale", locale.clone());
        }
        Some(profile)
    }
}

/// `v` and two numbers: `v25.0`.
fn is_version(text: &str) -> bool {
    let Some((major, minor)) = text.strip_prefix('v').and_then(|numbers| numbers.split_once('.')) else { return false };
    let is_number = |part: &str| !part.is_empty() && part.len() <= 3 && part.bytes().all(|b| b.is_ascii_digit());
    is_number(major) && is_number(minor)
}

fn same(given: &str, right: &str) -> bool {
    given.as_bytes().ct_eq(right.as_bytes()).into()
}

fn body_parameters(headers: &HeaderMap, body: &[u8]) -> Result<Map<String, Value>, GraphError> {
    if body.is_empty() {
        return Ok(Map::new());
    }
    let kind = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if kind.starts_with("application/x-www-form-urlencoded") {
        return Ok(form(std::str::from_utf8(body).unwrap_or_default()));
    }
    match serde_json::from_slice(body) {
        Ok(Value::Object(parameters)) => Ok(parameters),
        _ => Err(GraphError::parameter("The request body must be a JSON object")),
    }
}

/// Form parameters; one that holds a JSON object or array counts as that.
fn form(text: &str) -> Map<String, Value> {
    let Ok(uri) = format!("/?{text}").parse::<http::Uri>() else { return Map::new() };
    let Ok(axum::extract::Query(pairs)) = axum::extract::Query::<Vec<(String, String)>>::try_from_uri(&uri) else {
        return Map::new();
    };
    let value = |text: String| match serde_json::from_str::<Value>(&text) {
        Ok(json @ (Value::Object(_) | Value::Array(_))) => json,
        _ => Value::String(text),
    };
    pairs.into_iter().map(|(key, text)| (key, value(text))).collect()
}
