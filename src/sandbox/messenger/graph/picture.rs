//! Fetches a picture as the platform does when it takes a message with one: once, over HTTP, and keeps its own copy for
//! the person. The sandbox reaches no further than this machine.

use std::time::Duration;

use bytes::Bytes;
use http::{Request, StatusCode, Uri, header};
use serde_json::Value;

use super::super::{LocalMessenger, lock};
use super::error::GraphError;

/// How long the platform waits for a file, and how large a picture it takes by its address.
const FETCHED_WITHIN: Duration = Duration::from_secs(10);
const PICTURE_BYTES_MAX: usize = 8 << 20;
/// What every PNG file begins with.
const PNG: &[u8] = b"\x89PNG\r\n\x1a\n";

impl LocalMessenger {
    /// The picture of a call, if it has one.
    pub(super) async fn fetch_picture(&self, call: &Value) -> Result<Option<Bytes>, GraphError> {
        let attachment = call.get("message").and_then(|message| message.get("attachment"));
        let Some(image) = attachment.filter(|it| it.get("type").and_then(Value::as_str) == Some("image")) else {
            return Ok(None);
        };
        let url = image.get("payload").and_then(|payload| payload.get("url")).and_then(Value::as_str);
        let fetched = self.fetch(url.unwrap_or_default()).await;
        fetched.map(Some).ok_or_else(|| GraphError::parameter_sub(2_018_008, "Failed to fetch the file from the url"))
    }

    async fn fetch(&self, url: &str) -> Option<Bytes> {
        let address: Uri = url.parse().ok()?;
        let is_here = matches!(address.host(), Some("127.0.0.1" | "localhost" | "[::1]"));
        if address.scheme_str() != Some("http") || !is_here {
            return None;
        }
        let request = Request::get(address).header(header::USER_AGENT, "facebookexternalhit/1.1").body(Bytes::new());
        let webhook = lock(&self.platform.webhook).clone();
        let exchange = webhook.transport.exchange(request.ok()?);
        // Under virtual time a deadline would come due whenever the bot waits for anything but the clock.
        let response = match webhook.answer_within {
            None => exchange.await.ok()?,
            Some(_) => tokio::select! {
                answer = exchange => answer.ok()?,
                () = self.platform.clock.sleep(FETCHED_WITHIN) => return None,
            },
        };
        let kind = response.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
        let is_png = kind == Some("image/png") && response.body().starts_with(PNG);
        let is_taken = response.status() == StatusCode::OK && is_png && response.body().len() <= PICTURE_BYTES_MAX;
        is_taken.then(|| response.into_body())
    }
}
