//! The Messenger Profile (Get Started, greeting, ice breakers, menu, commands) and the page's webhook
//! subscriptions. Source: Meta's Messenger Profile API reference of March 2026.

use axum::extract::{Path, RawQuery, State};
use axum::response::Response;
use bytes::Bytes;
use http::HeaderMap;
use serde_json::{Map, Value, json};

use super::super::{FIELDS, LocalMessenger};
use super::error::GraphError;

const PROPERTIES: [&str; 7] = [
    "get_started",
    "greeting",
    "ice_breakers",
    "persistent_menu",
    "whitelisted_domains",
    "account_linking_url",
    "commands",
];

type Route = Path<(String, String)>;

pub(super) async fn read(
    State(messenger): State<LocalMessenger>,
    Path(path): Route,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    let answer = messenger.check_page(path, query.as_deref(), &headers, &[], "get").map(|call| {
        let wanted = call.parameters.get("fields").and_then(Value::as_str).unwrap_or_default();
        let state = messenger.state();
        let mut shown = Map::new();
        for field in wanted.split(',').map(str::trim) {
            if let Some(value) = state.profile.get(field) {
                shown.insert(field.to_owned(), value.clone());
            }
        }
        // The real platform answers an empty list, not a list with an empty object.
        json!({"data": if shown.is_empty() { json!([]) } else { json!([shown]) }})
    });
    messenger.answer(answer)
}

pub(super) async fn write(
    State(messenger): State<LocalMessenger>,
    Path(path): Route,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let answer = messenger.check_page(path, query.as_deref(), &headers, &body, "post").and_then(|call| {
        let changes: Map<String, Value> =
            call.parameters.into_iter().filter(|(key, _)| PROPERTIES.contains(&key.as_str())).collect();
        if changes.is_empty() {
            return Err(GraphError::parameter("Requires one of the params: get_started, greeting, ice_breakers, …"));
        }
        let mut state = messenger.state();
        check_changes(&state.profile, &changes)?;
        state.profile.extend(changes);
        Ok(json!({"result": "success"}))
    });
    messenger.platform.feed.changed("profile", None);
    messenger.answer(answer)
}

pub(super) async fn remove(
    State(messenger): State<LocalMessenger>,
    Path(path): Route,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let answer = messenger.check_page(path, query.as_deref(), &headers, &body, "delete").and_then(|call| {
        let fields = call.parameters.get("fields").and_then(Value::as_array);
        let fields = fields.ok_or_else(|| GraphError::parameter("The parameter fields is required"))?;
        let mut state = messenger.state();
        for field in fields.iter().filter_map(Value::as_str) {
            state.profile.remove(field);
        }
        Ok(json!({"result": "success"}))
    });
    messenger.platform.feed.changed("profile", None);
    messenger.answer(answer)
}

/// The limits that bots meet: lengths, counts, and that a menu needs Get Started.
fn check_changes(present: &Map<String, Value>, changes: &Map<String, Value>) -> Result<(), GraphError> {
    let has = |key: &str| changes.contains_key(key) || present.contains_key(key);
    let length = |value: &Value| value.as_str().map_or(0, |text| text.encode_utf16().count());
    let list = |key: &str| changes.get(key).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let refuse = |message: &str| Err(GraphError::parameter(message));
    if let Some(get_started) = changes.get("get_started") {
        let payload = length(&get_started["payload"]);
        if payload == 0 || payload > 1000 {
            return refuse("Param get_started[payload] must have between 1 and 1000 characters");
        }
    }
    if list("greeting").iter().any(|greeting| length(&greeting["text"]) > 160) {
        return refuse("Param greeting[text] must have at most 160 characters");
    }
    for breakers in list("ice_breakers") {
        if breakers["call_to_actions"].as_array().is_some_and(|questions| questions.len() > 4) {
            return refuse("Param ice_breakers must have at most 4 questions");
        }
    }
    if changes.contains_key("persistent_menu") && !has("get_started") {
        return Err(GraphError::parameter_sub(
            2_018_145,
            "You must set a Get Started button if you also wish to use persistent menu",
        ));
    }
    for menu in list("persistent_menu") {
        let items = menu["call_to_actions"].as_array().map(Vec::as_slice).unwrap_or_default();
        if items.len() > 20 || items.iter().any(|item| length(&item["title"]) > 30) {
            return refuse("Param persistent_menu must have at most 20 items with titles of at most 30 characters");
        }
    }
    for commands in list("commands") {
        let commands = commands["commands"].as_array().map(Vec::as_slice).unwrap_or_default();
        let fits = |c: &Value| (1..=32).contains(&length(&c["name"])) && (1..=64).contains(&length(&c["description"]));
        if commands.len() > 100 || !commands.iter().all(fits) {
            return refuse(
                "Param commands must have at most 100 entries, names of 32 and descriptions of 64 characters",
            );
        }
    }
    Ok(())
}

impl LocalMessenger {
    /// What Get Started carries, if the bot has set it.
    pub(in super::super) fn get_started_payload(&self) -> Option<String> {
        self.state().profile.get("get_started")?.get("payload")?.as_str().map(str::to_owned)
    }
}

pub(super) async fn subscriptions(
    State(messenger): State<LocalMessenger>,
    Path(path): Route,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    let answer = messenger.check_page(path, query.as_deref(), &headers, &[], "get").map(|_| {
        let fields = messenger.state().subscribed.clone();
        if fields.is_empty() {
            return json!({"data": []});
        }
        json!({"data": [{"id": messenger.settings().app_id, "name": "sandbox", "subscribed_fields": fields}]})
    });
    messenger.answer(answer)
}

pub(super) async fn subscribe(
    State(messenger): State<LocalMessenger>,
    Path(path): Route,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let answer = messenger.check_page(path, query.as_deref(), &headers, &body, "post").and_then(|call| {
        let fields: Vec<String> = match call.parameters.get("subscribed_fields") {
            Some(Value::String(list)) => list.split(',').map(|field| field.trim().to_owned()).collect(),
            Some(Value::Array(list)) => list.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
            _ => return Err(GraphError::parameter("The parameter subscribed_fields is required.")),
        };
        if let Some(unknown) = fields.iter().find(|field| !is_field(field)) {
            return Err(GraphError::parameter(format!("Param subscribed_fields has the unknown field \"{unknown}\"")));
        }
        messenger.state().subscribed = fields;
        Ok(json!({"success": true}))
    });
    messenger.answer(answer)
}

pub(super) async fn unsubscribe(
    State(messenger): State<LocalMessenger>,
    Path(path): Route,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    let answer = messenger.check_page(path, query.as_deref(), &headers, &[], "delete").map(|_| {
        messenger.state().subscribed.clear();
        json!({"success": true})
    });
    messenger.answer(answer)
}

/// Fields that the sandbox delivers, and a few that bots subscribe to although nothing of them comes here.
fn is_field(field: &str) -> bool {
    FIELDS.contains(&field)
        || matches!(field, "standby" | "messaging_feedback" | "response_feedback" | "message_mention")
}
