//! What the operator sets on a page: Get Started, greeting, ice breakers, persistent menu, and which fields the
//! platform delivers. Source: Messenger Platform, "Messenger Profile API" and "Page Subscribed Apps" references.

use bytes::Bytes;
use http::{Method, Response};
use serde_json::{Value, json};

use crate::channel::SendError;
use crate::channel::messenger::Messenger;
use crate::domain::message::PageId;

/// The properties that `balancebot page` shows and sets.
const PROPERTIES: &str = "fields=get_started,greeting,ice_breakers,persistent_menu";

/// The fields that the bot lives on. Without echoes a send that timed out cannot be settled.
pub const SUBSCRIBED_FIELDS: [&str; 12] = [
    "messages",
    "messaging_postbacks",
    "messaging_account_linking",
    "messaging_optins",
    "messaging_referrals",
    "messaging_handovers",
    "messaging_policy_enforcement",
    "standby",
    "message_echoes",
    "message_reads",
    "message_reactions",
    "message_edits",
];

impl Messenger {
    /// The profile as the platform has it: an object with the properties that are set.
    ///
    /// # Errors
    /// As for sending; the platform allows 10 calls in 10 minutes for each page.
    pub async fn profile(&self, page: &PageId) -> Result<Value, SendError> {
        let page = self.page(page.as_str())?;
        let response = self.call(page, Method::GET, "me/messenger_profile", PROPERTIES, Vec::new()).await?;
        // The answer is {"data": [{…}]}, and {"data": []} when nothing is set.
        Ok(read(&response)?.pointer("/data/0").cloned().unwrap_or_else(|| json!({})))
    }

    /// Sets the properties of `profile`; those that are not named stay.
    ///
    /// # Errors
    /// As for [`Self::profile`].
    pub async fn set_profile(&self, page: &PageId, profile: &Value) -> Result<(), SendError> {
        let page = self.page(page.as_str())?;
        let body = profile.to_string().into_bytes();
        self.call(page, Method::POST, "me/messenger_profile", "", body).await.map(drop)
    }

    /// The fields that the platform delivers to our app for a page; empty when webhooks were disabled.
    ///
    /// # Errors
    /// As for [`Self::profile`].
    pub async fn subscribed_fields(&self, page: &PageId) -> Result<Vec<String>, SendError> {
        let path = format!("{page}/subscribed_apps");
        let response = self.call(self.page(page.as_str())?, Method::GET, &path, "", Vec::new()).await?;
        let apps = read(&response)?;
        // With a page token the list holds the calling app only, unless others share the token's business.
        let is_ours = |app: &&Value| match (&self.own_app_id, app.get("id").and_then(Value::as_str)) {
            (Some(own), Some(id)) => own == id,
            _ => true,
        };
        let apps = apps.get("data").and_then(Value::as_array).into_iter().flatten().filter(is_ours);
        let fields = apps.filter_map(|app| app.get("subscribed_fields")?.as_array()).flatten();
        Ok(fields.filter_map(Value::as_str).map(str::to_owned).collect())
    }

    /// Asks the platform to deliver `fields` for a page.
    ///
    /// # Errors
    /// As for [`Self::profile`].
    pub async fn subscribe(&self, page: &PageId, fields: &[&str]) -> Result<(), SendError> {
        let path = format!("{page}/subscribed_apps");
        let body = json!({ "subscribed_fields": fields.join(",") }).to_string().into_bytes();
        self.call(self.page(page.as_str())?, Method::POST, &path, "", body).await.map(drop)
    }
}

fn read(response: &Response<Bytes>) -> Result<Value, SendError> {
    serde_json::from_slice(response.body()).map_err(|_| SendError::Uncertain("an answer that is not JSON".to_owned()))
}
