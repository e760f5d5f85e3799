//! What de-duplication goes by. Events with a message id go by it; the others by what makes them the same event when
//! the platform delivers them again: their own counters, or the hash of their canonical JSON.

use serde_json::Value;
use sha2::{Digest, Sha256};

/// Longest message id that is used as it is; a longer one is hashed, so that keys stay short.
const PLAIN_MAX: usize = 200;

/// A message's own id, in the name space of its kind: an echo, an edit or an unsend must not hide the message.
pub(super) fn of_message(space: &str, mid: &str) -> String {
    match (space, mid.len() <= PLAIN_MAX) {
        ("", true) => mid.to_owned(),
        (_, true) => format!("{space}:{mid}"),
        (_, false) => format!("{space}:{}", digest(mid.as_bytes())),
    }
}

/// The id of an event that has none of its own: kind, and SHA-256 over its canonical JSON, timestamp included.
pub(super) fn of_event(kind: &str, json: &str) -> String {
    let canonical = serde_json::from_str::<Value>(json).map(|value| {
        let mut out = String::with_capacity(json.len());
        write_canonical(&value, &mut out);
        out
    });
    // What is nested too deeply to be read as a tree is hashed as it came.
    let canonical = canonical.as_deref().unwrap_or(json);
    format!("{kind}:{}", digest(canonical.as_bytes()))
}

/// The id of bytes that were set aside.
pub(super) fn of_bytes(bytes: &[u8]) -> String {
    format!("raw:{}", digest(bytes))
}

/// SHA-256 in hexadecimal.
pub(super) fn digest(bytes: &[u8]) -> String {
    hex::encode(Sha256::digest(bytes))
}

/// Keys sorted by code point, no blanks. Depth is bounded by the reader's limit.
fn write_canonical(value: &Value, out: &mut String) {
    match value {
        Value::Object(map) => {
            let mut entries: Vec<_> = map.iter().collect();
            entries.sort_unstable_by_key(|(key, _)| key.as_str());
            out.push('{');
            for (at, (key, value)) in entries.into_iter().enumerate() {
                if at > 0 {
                    out.push(',');
                }
                out.push_str(&Value::from(key.as_str()).to_string());
                out.push(':');
                write_canonical(value, out);
            }
            out.push('}');
        }
        Value::Array(items) => {
            out.push('[');
            for (at, value) in items.iter().enumerate() {
                if at > 0 {
                    out.push(',');
                }
                write_canonical(value, out);
            }
            out.push(']');
        }
        scalar => out.push_str(&scalar.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_order_of_keys_and_blanks_do_not_matter_and_content_does() {
        let one = of_event("optin", r#"{"b":[1,{"y":2,"x":"é"}],"a":null}"#);
        assert_eq!(one, of_event("optin", "{ \"a\": null,\n \"b\": [1, {\"x\": \"\\u00e9\", \"y\": 2}] }"));
        assert_ne!(one, of_event("optin", r#"{"b":[1,{"y":2,"x":"e"}],"a":null}"#));
        assert_ne!(one, of_event("policy", r#"{"b":[1,{"y":2,"x":"é"}],"a":null}"#));
    }

    #[test]
    fn long_ids_and_deep_nesting_are_hashed() {
        assert_eq!(of_message("", "m_1"), "m_1");
        assert_eq!(of_message("echo", "m_1"), "echo:m_1");
        assert!(of_message("", &"m".repeat(500)).len() < 80);
        let deep = "[".repeat(500) + &"]".repeat(500);
        assert_eq!(of_event("x", &deep), format!("x:{}", digest(deep.as_bytes())));
    }
}
