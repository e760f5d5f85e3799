//! Calls about a page itself: its profile (Get Started, greeting, ice breakers, menu) and the events it is subscribed
//! to. Source: Messenger Platform, "Messenger Profile API" and "subscribed_apps" references, 2026.

use std::sync::Arc;

use async_trait::async_trait;
use http::Method;
use serde_json::Value;

use crate::channel::SendError;
use crate::channel::messenger::Messenger;
use crate::channel::messenger::profile::Graph;
use crate::domain::message::PageId;

impl Messenger {
    /// The id that a person has with a page, by the one that they have with the app.
    /// Source: Messenger Platform, "ID Matching" (`ids_for_pages`); not for people in Europe and Japan.
    pub(super) async fn person_on_page(&self, of_app: &str, page: &str) -> Result<Option<String>, SendError> {
        let (path, query) = (format!("{of_app}/ids_for_pages"), format!("page={page}"));
        let answer = self.graph(&PageId::new(page), Method::GET, &path, &query, None).await?;
        let found = answer["data"].as_array().into_iter().flatten().find(|found| found["page"]["id"] == page);
        Ok(found.and_then(|found| found["id"].as_str()).map(str::to_owned))
    }

    /// One call to the Graph API with a page's token: `path` below the version, e.g. `me/messenger_profile`. Gives the
    /// JSON it answers, `null` where it answers none.
    ///
    /// # Errors
    /// As for sending; the profile takes 10 calls in 10 minutes for each page.
    pub async fn graph(
        &self,
        page: &PageId,
        method: Method,
        path: &str,
        query: &str,
        body: Option<&Value>,
    ) -> Result<Value, SendError> {
        let body = body.map(|body| body.to_string().into_bytes()).unwrap_or_default();
        let response = self.call(self.page(page.as_str())?, method, path, query, body).await?;
        Ok(serde_json::from_slice(response.body()).unwrap_or(Value::Null))
    }
}

/// Calls for one page, with its token.
pub struct PageGraph {
    /// The adapter.
    pub messenger: Arc<Messenger>,
    /// The page.
    pub page: PageId,
}

impl PageGraph {
    async fn call(&self, method: Method, path: &str, query: &str, body: Option<&Value>) -> Result<Value, String> {
        self.messenger.graph(&self.page, method, path, query, body).await.map_err(|error| error.to_string())
    }
}

#[async_trait]
impl Graph for PageGraph {
    async fn get(&self, path: &str, query: &[(&str, String)]) -> Result<Value, String> {
        // Names of fields only: nothing here needs escaping.
        let query: Vec<String> = query.iter().map(|(name, value)| format!("{name}={value}")).collect();
        self.call(Method::GET, path, &query.join("&"), None).await
    }

    async fn post(&self, path: &str, body: Value) -> Result<Value, String> {
        self.call(Method::POST, path, "", Some(&body)).await
    }

    async fn delete(&self, path: &str, body: Value) -> Result<Value, String> {
        self.call(Method::DELETE, path, "", Some(&body)).await
    }
}
