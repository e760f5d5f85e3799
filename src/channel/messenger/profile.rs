//! What a page shows around a conversation (Get Started, greeting, ice breakers, menu) and which events it is
//! subscribed to: what it is, what it should be, and the difference.
//!
//! Source: Messenger Platform, Messenger Profile API reference and Page `subscribed_apps` edge, 2026. The API takes ten
//! calls in ten minutes a page, so all changes go out in one call.

use std::collections::{BTreeMap, BTreeSet};

use async_trait::async_trait;
use serde_json::{Map, Value, json};

/// The events a page must be subscribed to. `message_echoes` confirms our own sends and tells when a human writes.
pub const SUBSCRIBED_FIELDS: &[&str] = &[
    "messages",
    "messaging_postbacks",
    "messaging_account_linking",
    "messaging_optins",
    "messaging_referrals",
    "messaging_handovers",
    "standby",
    "messaging_policy_enforcement",
    "message_reads",
    "message_deliveries",
    "message_reactions",
    "message_edits",
    "message_echoes",
];

/// Ice breakers that the platform shows.
pub const ICE_BREAKERS_MAX: usize = 4;

/// The profile properties that are set here; the platform's names.
const PROPERTIES: [&str; 4] = ["get_started", "greeting", "ice_breakers", "persistent_menu"];

/// The calls that are needed, on a Graph API that knows its version and token.
#[async_trait]
pub trait Graph: Send + Sync {
    /// `GET /PATH?query`.
    async fn get(&self, path: &str, query: &[(&str, String)]) -> Result<Value, String>;
    /// `POST /PATH` with a JSON body.
    async fn post(&self, path: &str, body: Value) -> Result<Value, String>;
    /// `DELETE /PATH` with a JSON body.
    async fn delete(&self, path: &str, body: Value) -> Result<Value, String>;
}

/// A question or menu entry that a person can tap, with what comes back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tap {
    /// What the person sees.
    pub title: String,
    /// What comes back as a postback.
    pub payload: String,
}

/// What a page shows around a conversation. Texts are by locale of the platform; `default` is the one for all others.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Profile {
    /// The payload of the Get Started button.
    pub get_started: Option<String>,
    /// The greeting, by locale.
    pub greeting: BTreeMap<String, String>,
    /// The ice breakers, by locale; at most [`ICE_BREAKERS_MAX`] each.
    pub ice_breakers: BTreeMap<String, Vec<Tap>>,
    /// The persistent menu, by locale.
    pub menu: BTreeMap<String, Vec<Tap>>,
    /// The events that the page sends us.
    pub subscribed: BTreeSet<String>,
}

/// One property that must change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The platform's name of the property; `subscribed_fields` for the events.
    pub property: &'static str,
    /// What it is, a line each.
    pub before: Vec<String>,
    /// What it should be, a line each; empty if it should not be there.
    pub after: Vec<String>,
}

impl Profile {
    /// The profile that a page of ours should have, with the texts that differ by page and language.
    pub fn wanted(
        greeting: BTreeMap<String, String>,
        ice_breakers: BTreeMap<String, Vec<Tap>>,
        menu: BTreeMap<String, Vec<Tap>>,
    ) -> Self {
        let mut ice_breakers = ice_breakers;
        ice_breakers.values_mut().for_each(|taps| taps.truncate(ICE_BREAKERS_MAX));
        let subscribed = SUBSCRIBED_FIELDS.iter().map(|&field| field.to_owned()).collect();
        Self { get_started: Some("GET_STARTED".to_owned()), greeting, ice_breakers, menu, subscribed }
    }

    /// Reads the answers of `me/messenger_profile` and of `PAGE/subscribed_apps`. What is absent is empty; of several
    /// apps only ours counts, or the only one where ours is not known.
    pub fn from_json(profile: &Value, subscribed: &Value, app_id: Option<&str>) -> Self {
        let properties = &profile["data"][0];
        let apps: Vec<&Value> = subscribed["data"].as_array().into_iter().flatten().collect();
        let ours = match app_id {
            Some(id) => apps.iter().find(|app| app["id"].as_str() == Some(id)),
            None => apps.first(),
        };
        let fields = ours.and_then(|app| app["subscribed_fields"].as_array()).into_iter().flatten();
        let texts = properties["greeting"].as_array().into_iter().flatten();
        Self {
            get_started: properties["get_started"]["payload"].as_str().map(str::to_owned),
            greeting: texts.map(|greeting| (text(&greeting["locale"]), text(&greeting["text"]))).collect(),
            ice_breakers: taps_by_locale(&properties["ice_breakers"], "question"),
            menu: taps_by_locale(&properties["persistent_menu"], "title"),
            subscribed: fields.map(text).collect(),
        }
    }

    /// What must change for `self` to become `wanted`. Nothing, once it is applied.
    pub fn changes_to(&self, wanted: &Self) -> Vec<Change> {
        let mut changes = Vec::new();
        for property in PROPERTIES {
            let (before, after) = (self.lines(property), wanted.lines(property));
            if before != after {
                changes.push(Change { property, before, after });
            }
        }
        // Further fields that somebody subscribed to stay: they may feed another part of the app.
        if !self.subscribed.is_superset(&wanted.subscribed) {
            let before = self.subscribed.iter().cloned().collect();
            let after = self.subscribed.union(&wanted.subscribed).cloned().collect();
            changes.push(Change { property: "subscribed_fields", before, after });
        }
        changes
    }

    /// The body that sets the changed properties that should be there.
    pub fn to_json(&self, changes: &[Change]) -> Value {
        let mut body = Map::new();
        for change in changes.iter().filter(|change| !change.after.is_empty()) {
            let value = match change.property {
                "get_started" => json!({ "payload": self.get_started }),
                "greeting" => {
                    let entry = |(locale, text): (&String, &String)| json!({ "locale": locale, "text": text });
                    self.greeting.iter().map(entry).collect()
                }
                "ice_breakers" => {
                    taps_json(&self.ice_breakers, |tap| json!({ "question": tap.title, "payload": tap.payload }))
                }
                "persistent_menu" => taps_json(
                    &self.menu,
                    |tap| json!({ "type": "postback", "title": tap.title, "payload": tap.payload }),
                ),
                _ => continue,
            };
            body.insert(change.property.to_owned(), value);
        }
        Value::Object(body)
    }

    fn lines(&self, property: &str) -> Vec<String> {
        let taps = |taps: &BTreeMap<String, Vec<Tap>>| -> Vec<String> {
            let of_locale = |(locale, taps): (&String, &Vec<Tap>)| {
                taps.iter().map(|tap| format!("{locale}: {} -> {}", tap.title, tap.payload)).collect::<Vec<_>>()
            };
            taps.iter().flat_map(of_locale).collect()
        };
        match property {
            "get_started" => self.get_started.iter().cloned().collect(),
            "greeting" => self.greeting.iter().map(|(locale, text)| format!("{locale}: {text}")).collect(),
            "ice_breakers" => taps(&self.ice_breakers),
            _ => taps(&self.menu),
        }
    }
}

/// Reads what a page shows and is subscribed to.
pub async fn fetch(graph: &dyn Graph, page: &str, app_id: Option<&str>) -> Result<Profile, String> {
    let fields = ("fields", PROPERTIES.join(","));
    let profile = graph.get("me/messenger_profile", &[fields]).await?;
    let subscribed = graph.get(&format!("{page}/subscribed_apps"), &[]).await?;
    Ok(Profile::from_json(&profile, &subscribed, app_id))
}

/// Makes the changes on the platform.
pub async fn apply(graph: &dyn Graph, page: &str, wanted: &Profile, changes: &[Change]) -> Result<(), String> {
    let body = wanted.to_json(changes);
    if body.as_object().is_some_and(|properties| !properties.is_empty()) {
        graph.post("me/messenger_profile", body).await?;
    }
    let gone: Vec<&str> = changes.iter().filter(|change| change.after.is_empty()).map(|c| c.property).collect();
    if !gone.is_empty() {
        graph.delete("me/messenger_profile", json!({ "fields": gone })).await?;
    }
    if let Some(change) = changes.iter().find(|change| change.property == "subscribed_fields") {
        // Whether the edge adds to the list or replaces it is not documented, so the list goes out whole.
        graph.post(&format!("{page}/subscribed_apps"), json!({ "subscribed_fields": change.after })).await?;
    }
    Ok(())
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

fn taps_by_locale(entries: &Value, title: &str) -> BTreeMap<String, Vec<Tap>> {
    let tap = |tap: &Value| Tap { title: text(&tap[title]), payload: text(&tap["payload"]) };
    let entries = entries.as_array().into_iter().flatten();
    let taps = |entry: &Value| entry["call_to_actions"].as_array().into_iter().flatten().map(tap).collect();
    entries.map(|entry| (text(&entry["locale"]), taps(entry))).collect()
}

fn taps_json(taps: &BTreeMap<String, Vec<Tap>>, tap: impl Fn(&Tap) -> Value) -> Value {
    let entry = |(locale, taps): (&String, &Vec<Tap>)| json!({ "locale": locale, "call_to_actions": taps.iter().map(&tap).collect::<Vec<_>>() });
    taps.iter().map(entry).collect()
}

#[cfg(test)]
#[path = "profile_test.rs"]
mod tests;
