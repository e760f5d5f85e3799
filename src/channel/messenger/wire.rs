//! Reading the platform's JSON without trusting its shape. Nothing here builds a tree: an object is a list of its
//! keys with the raw text of their values, so a strange or deeply nested field costs a scan and no more, a field that
//! is written twice counts as written last, and only what an event needs is ever decoded.

use std::borrow::Cow;
use std::fmt;

use jiff::Timestamp;
use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

/// Longest id that is taken as one; the platform's are below 200 bytes.
const ID_MAX: usize = 512;

/// Numbers below this are seconds, above it milliseconds: 10^12 ms is in September 2001.
const MILLISECONDS_FROM: i64 = 1_000_000_000_000;

/// The keys of one JSON object with their raw values, in their order.
pub(super) struct Fields<'a>(Vec<(Cow<'a, str>, &'a RawValue)>);

impl<'a> Fields<'a> {
    /// Reads an object; `None` for anything else.
    pub(super) fn read(json: &'a str) -> Option<Self> {
        serde_json::from_str(json).ok()
    }

    /// The value of a key; `None` when it is missing or `null`. Of several, the last.
    pub(super) fn get(&self, key: &str) -> Option<&'a RawValue> {
        let found = self.0.iter().rev().find(|(name, _)| name == key).map(|(_, value)| *value);
        found.filter(|value| value.get() != "null")
    }

    /// The value of a key when it is an object.
    pub(super) fn object(&self, key: &str) -> Option<Fields<'a>> {
        self.get(key).and_then(|value| Fields::read(value.get()))
    }

    /// The value of a key when it is a string.
    pub(super) fn text(&self, key: &str) -> Option<String> {
        self.get(key).and_then(text)
    }

    /// The value of a key when it is an id.
    pub(super) fn id(&self, key: &str) -> Option<String> {
        self.get(key).and_then(id)
    }

    /// The `id` of the object under a key, as in `"sender": {"id": …}`.
    pub(super) fn id_of(&self, key: &str) -> Option<String> {
        self.object(key).and_then(|object| object.id("id"))
    }

    /// Whether the value of a key is `true`.
    pub(super) fn is_true(&self, key: &str) -> bool {
        self.get(key).is_some_and(|value| matches!(value.get(), "true" | "\"true\""))
    }

    /// The keys.
    pub(super) fn keys(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|(name, _)| &**name)
    }
}

impl<'de> Deserialize<'de> for Fields<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Object;

        impl<'de> Visitor<'de> for Object {
            type Value = Fields<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<Self::Value, M::Error> {
                let mut fields = Vec::with_capacity(4);
                while let Some((Key(name), value)) = map.next_entry()? {
                    fields.push((name, value));
                }
                Ok(Fields(fields))
            }
        }

        deserializer.deserialize_map(Object)
    }
}

/// A key, borrowed from the text unless it holds escapes.
#[derive(Deserialize)]
struct Key<'a>(#[serde(borrow)] Cow<'a, str>);

/// The elements of a list; `None` when the value is no list.
pub(super) fn list(value: &RawValue) -> Option<Vec<&RawValue>> {
    serde_json::from_str(value.get()).ok()
}

/// A string. Half of a surrogate pair, as cut-off emoji leave behind, becomes U+FFFD instead of costing the text.
pub(super) fn text(value: &RawValue) -> Option<String> {
    if !value.get().starts_with('"') {
        return None;
    }
    serde_json::from_str(value.get()).ok().or_else(|| {
        let WithHalves(bytes) = serde_json::from_str(value.get()).ok()?;
        Some(String::from_utf8_lossy(&bytes).replace("\u{FFFD}\u{FFFD}\u{FFFD}", "\u{FFFD}"))
    })
}

/// The bytes of a string that may hold halves of surrogate pairs.
struct WithHalves(Vec<u8>);

impl<'de> Deserialize<'de> for WithHalves {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Bytes;

        impl Visitor<'_> for Bytes {
            type Value = WithHalves;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a string")
            }

            fn visit_bytes<E>(self, bytes: &[u8]) -> Result<Self::Value, E> {
                Ok(WithHalves(bytes.to_vec()))
            }
        }

        deserializer.deserialize_bytes(Bytes)
    }
}

/// An id, which the platform writes as a string and others as a number.
pub(super) fn id(value: &RawValue) -> Option<String> {
    let json = value.get();
    let id = if json.starts_with('"') { text(value)? } else { json.to_owned() };
    let is_number = json.bytes().all(|byte| byte.is_ascii_digit());
    let usable = !id.is_empty() && id.len() <= ID_MAX && !id.contains(char::is_control);
    (usable && (is_number || json.starts_with('"'))).then_some(id)
}

/// A whole number, written as a number or a string; a fraction is dropped.
pub(super) fn integer(value: &RawValue) -> Option<i64> {
    let json = value.get().trim_matches('"');
    json.split('.').next().and_then(|whole| whole.parse().ok())
}

/// A moment: milliseconds or seconds since 1970 as a number or a string, or ISO 8601.
pub(super) fn moment(value: &RawValue) -> Option<Timestamp> {
    match integer(value) {
        Some(number) if number <= 0 => None,
        Some(number) if number < MILLISECONDS_FROM => Timestamp::from_second(number).ok(),
        Some(number) => Timestamp::from_millisecond(number).ok(),
        None => text(value).and_then(|iso| iso.parse().ok()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn raw(json: &str) -> Box<RawValue> {
        serde_json::from_str(json).expect("JSON")
    }

    #[test]
    fn moments_come_in_five_shapes() {
        let same = "2026-09-21T15:06:40Z".parse::<Timestamp>().ok();
        assert!(same.is_some());
        for json in ["1790003200000", "1790003200", "\"1790003200000\"", "1790003200000.0", "\"2026-09-21T15:06:40Z\""]
        {
            assert_eq!(moment(&raw(json)), same, "{json}");
        }
        for json in ["0", "-5", "\"soon\"", "{}", "[]", "true", "99999999999999999999999", "9223372036854775807"] {
            assert_eq!(moment(&raw(json)), None, "{json}");
        }
    }

    #[test]
    fn ids_are_strings_or_whole_numbers() {
        assert_eq!(id(&raw("\"m_a$b\"")).as_deref(), Some("m_a$b"));
        assert_eq!(id(&raw("18446744073709551616")).as_deref(), Some("18446744073709551616"));
        for json in ["\"\"", "1.5", "-1", "1e3", "true", "{}", "[]", "\"a\\u0000b\""] {
            assert_eq!(id(&raw(json)), None, "{json}");
        }
        assert_eq!(id(&raw(&format!("\"{}\"", "x".repeat(ID_MAX + 1)))), None);
    }

    #[test]
    fn an_object_written_twice_or_with_halves_of_emoji_is_still_read() {
        let fields = Fields::read(r#"{"a":1,"text":"x","text":"ok \ud83d!","n":null}"#).expect("an object");
        assert_eq!(fields.text("text").as_deref(), Some("ok \u{FFFD}!"));
        assert!(fields.get("n").is_none() && fields.get("b").is_none());
        assert!(Fields::read("[]").is_none());
    }
}
