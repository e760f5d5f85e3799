//! `POST /{version}/{page}/pass_thread_control` and `…/take_thread_control`. The bot's app is the page's primary
//! receiver: it may pass a thread that it has, and take any.

use axum::extract::{Path, RawQuery, State};
use axum::response::Response;
use bytes::Bytes;
use http::HeaderMap;
use serde_json::{Map, Value, json};

use super::super::{LocalMessenger, desk::INBOX_APP};
use super::error::GraphError;

/// Longest `metadata`, in characters.
const METADATA_MAX: usize = 1000;

pub(super) async fn pass(
    State(messenger): State<LocalMessenger>,
    Path(path): Path<(String, String)>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let done = messenger
        .check_page(path, query.as_deref(), &headers, &body, "post")
        .and_then(|call| messenger.change_hands(&call.parameters, true));
    messenger.tell_changed("pass_thread_control", done)
}

pub(super) async fn take(
    State(messenger): State<LocalMessenger>,
    Path(path): Path<(String, String)>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let done = messenger
        .check_page(path, query.as_deref(), &headers, &body, "post")
        .and_then(|call| messenger.change_hands(&call.parameters, false));
    messenger.tell_changed("take_thread_control", done)
}

impl LocalMessenger {
    fn change_hands(&self, call: &Map<String, Value>, to_desk: bool) -> Result<Value, GraphError> {
        {
            let mut state = self.state();
            if let Some(fail) = state.faults.take_failure() {
                return Err(GraphError::asked_for(&fail));
            }
            if to_desk && state.faults.keeps_threads {
                return Err(GraphError::parameter("The page has no app that could take the thread"));
            }
        }
        let id = |value: Option<&Value>| match value? {
            Value::String(id) => Some(id.clone()),
            Value::Number(id) => Some(id.to_string()),
            _ => None,
        };
        let psid = id(call.get("recipient").and_then(|recipient| recipient.get("id")))
            .ok_or_else(|| GraphError::parameter("The parameter recipient is required"))?;
        if to_desk && id(call.get("target_app_id")).as_deref() != Some(INBOX_APP) {
            return Err(GraphError::parameter("The parameter target_app_id is not an app of this page"));
        }
        let metadata = call.get("metadata").and_then(Value::as_str).map(str::to_owned);
        if metadata.as_ref().is_some_and(|text| text.chars().count() > METADATA_MAX) {
            return Err(GraphError::parameter("The parameter metadata is too long"));
        }
        let is_at_desk = {
            let state = self.state();
            state.threads.get(&psid).ok_or_else(GraphError::unknown_recipient)?.is_at_desk()
        };
        // To pass what was passed already, or to take what one has, changes nothing and succeeds.
        if is_at_desk != to_desk {
            self.hand(&psid, to_desk, metadata);
        }
        Ok(json!({"success": true}))
    }

    fn tell_changed(&self, what: &str, done: Result<Value, GraphError>) -> Response {
        let status = if done.is_ok() { 200 } else { 400 };
        self.platform.feed.wire(json!({
            "at": self.now().as_millisecond(), "way": "out", "what": what, "status": status,
        }));
        self.answer(done)
    }
}
