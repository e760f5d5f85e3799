//! What a delivery looks like on the wire: the envelope, Meta's spelling of JSON, and the signature over it.

use bytes::Bytes;
use hmac::{Hmac, KeyInit, Mac};
use jiff::Timestamp;
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};
use sha2::Sha256;

use crate::domain::message::Button;

use super::thread::Sent;

/// The body of a delivery with one event, spelled as Meta spells it:
/// the event stands under `messaging`, or under `standby` for an app that does not have the thread.
pub(super) fn body(page_id: &str, time: Timestamp, list: &str, event: &Value) -> Bytes {
    let envelope = json!({
        "object": "page",
        "entry": [{"id": page_id, "time": time.as_millisecond(), list: [event]}],
    });
    Bytes::from(escaped(&envelope.to_string()))
}

/// JSON text as Meta writes it: ASCII only, other characters as `\uXXXX` in lower case (astral ones as a surrogate
/// pair), and `/` as `\/`. In JSON text both occur inside strings only, so it still means the same.
pub(super) fn escaped(json: &str) -> String {
    use std::fmt::Write as _;
    let mut out = String::with_capacity(json.len());
    for c in json.chars() {
        match c {
            '/' => out.push_str("\\/"),
            c if c.is_ascii() => out.push(c),
            c => {
                for unit in c.encode_utf16(&mut [0; 2]) {
                    // Writing to a String does not fail.
                    let _ = write!(out, "\\u{unit:04x}");
                }
            }
        }
    }
    out
}

/// The value of `X-Hub-Signature-256` for a body.
pub(super) fn signature(secret: &SecretString, body: &[u8]) -> String {
    format!("sha256={}", hmac_hex(secret, body))
}

/// HMAC-SHA256 in lower-case hexadecimal, also what `appsecret_proof` is made with.
pub(super) fn hmac_hex(secret: &SecretString, message: &[u8]) -> String {
    // HMAC takes a key of any length.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret.expose_secret().as_bytes()) else { return String::new() };
    mac.update(message);
    hex::encode(mac.finalize().into_bytes())
}

/// An event that a person caused, without its distinguishing key.
pub(super) fn from_person(page_id: &str, psid: &str, at: Timestamp) -> Value {
    json!({"sender": {"id": psid}, "recipient": {"id": page_id}, "timestamp": at.as_millisecond()})
}

/// The echo of a message that the bot sent. Chips are not part of an echo.
pub(super) fn echo(page_id: &str, app_id: &str, psid: &str, sent: &Sent) -> Value {
    // Meta prints the app's id as a number.
    let app_id = app_id.parse::<u64>().map_or_else(|_| json!(app_id), |number| json!(number));
    let mut message = json!({"mid": sent.mid.as_str(), "is_echo": true, "app_id": app_id});
    if let Some(metadata) = &sent.metadata {
        message["metadata"] = json!(metadata);
    }
    if let Some(url) = &sent.image {
        message["attachments"] = json!([{"type": "image", "payload": {"url": url}}]);
    } else if sent.buttons.is_empty() {
        message["text"] = json!(sent.text);
    } else {
        let buttons: Vec<Value> = sent.buttons.iter().map(button).collect();
        let payload = json!({"template_type": "button", "text": sent.text, "buttons": buttons});
        message["attachments"] = json!([{"type": "template", "payload": payload}]);
    }
    json!({
        "sender": {"id": page_id},
        "recipient": {"id": psid},
        "timestamp": sent.at.as_millisecond(),
        "message": message,
    })
}

fn button(button: &Button) -> Value {
    match button {
        Button::Postback { title, payload } => json!({"type": "postback", "title": title, "payload": payload}),
        Button::Web { title, url } => json!({"type": "web_url", "title": title, "url": url}),
        Button::LogIn { url } => json!({"type": "account_link", "url": url}),
        Button::LogOut => json!({"type": "account_unlink"}),
        Button::Call { title, number } => json!({"type": "phone_number", "title": title, "payload": number}),
    }
}

#[cfg(test)]
mod tests {
    use super::escaped;

    #[test]
    fn json_is_spelled_as_meta_spells_it() {
        assert_eq!(
            escaped(r#"{"text":"äöå 👍 a/b \"q\""}"#),
            r#"{"text":"\u00e4\u00f6\u00e5 \ud83d\udc4d a\/b \"q\""}"#
        );
    }
}
