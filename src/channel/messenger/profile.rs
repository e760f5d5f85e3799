//! Calls about a page itself: its profile (Get Started, greeting, ice breakers, menu) and the events it is subscribed
//! to. Source: Messenger Platform, "Messenger Profile API" and "subscribed_apps" references, 2026.

use http::Method;
use serde_json::Value;

use crate::channel::SendError;
use crate::channel::messenger::Messenger;
use crate::domain::message::PageId;

impl Messenger {
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
