//! The Graph API as `page` and `check --online` use it: the bot's own adapter, for one page.

use async_trait::async_trait;
use http::Method;
use serde_json::Value;

use crate::channel::messenger::Messenger;
use crate::cli::profile::Graph;
use crate::domain::message::PageId;

/// Calls for one page, with its token.
pub struct PageGraph {
    /// The adapter.
    pub messenger: Messenger,
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
