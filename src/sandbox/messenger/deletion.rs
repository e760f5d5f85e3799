//! What people can do in the platform's own settings: have an app's data deleted. The platform signs the request for the
//! app, under an id of the person that is the app's and not the page's.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use bytes::Bytes;
use http::{Request, header};
use serde_json::{Value, json};

use super::person::Unsaid;
use super::{LocalMessenger, envelope, lock};

/// What an id of the app's begins with here, before the page's.
pub(super) const OF_APP: &str = "9";

impl LocalMessenger {
    /// The person asks the platform to have the bot's data of them deleted. Tells what the bot answered: its status, and the
    /// JSON with the address of the status page, where there is one.
    ///
    /// # Errors
    /// There is no such person.
    pub async fn ask_deletion(&self, person: &str) -> Result<(Option<u16>, Value), Unsaid> {
        let psid = self.conversation(person)?.person;
        let payload = json!({
            "user_id": format!("{OF_APP}{psid}"),
            "algorithm": "HMAC-SHA256",
            "issued_at": self.now().as_second(),
            "expires": 0,
        });
        let form = format!("signed_request={}", signed_request(self, &payload));
        let webhook = lock(&self.platform.webhook).clone();
        let url = format!("{}/messenger/deletion", webhook.url.trim_end_matches("/webhook/messenger"));
        let request = Request::post(url).header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        let Ok(request) = request.body(Bytes::from(form)) else { return Ok((None, Value::Null)) };
        let Ok(response) = webhook.transport.exchange(request).await else { return Ok((None, Value::Null)) };
        let answer = serde_json::from_slice(response.body()).unwrap_or(Value::Null);
        Ok((Some(response.status().as_u16()), answer))
    }
}

fn signed_request(messenger: &LocalMessenger, payload: &Value) -> String {
    let payload = URL_SAFE_NO_PAD.encode(payload.to_string());
    let code = hex::decode(envelope::hmac_hex(&messenger.settings().app_secret, payload.as_bytes()));
    format!("{}.{payload}", URL_SAFE_NO_PAD.encode(code.unwrap_or_default()))
}
