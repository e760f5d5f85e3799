//! One way only to write a JSON value: RFC 8785, as far as what is proven here needs it. Whoever checks a proof may have
//! had the file formatted by an editor, and still comes to the same bytes.

use serde_json::Value;
use std::fmt::Write as _;

/// The value holds a number that not everybody writes alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a number that is not whole, or too large")]
pub struct NotCanonical;

/// The largest whole number that every reader of JSON takes exactly (RFC 8785, section 3.2.2.3).
const WHOLE_MAX: u64 = 1 << 53;

/// The bytes of a value: keys sorted, no blanks.
///
/// # Errors
/// When it holds a number that is not whole, or beyond 2^53.
pub fn canonical(value: &Value) -> Result<String, NotCanonical> {
    let mut text = String::new();
    write(value, &mut text)?;
    Ok(text)
}

fn write(value: &Value, out: &mut String) -> Result<(), NotCanonical> {
    match value {
        Value::Null | Value::Bool(_) | Value::String(_) => {
            // Escapes of `serde_json` are those of RFC 8785: the short ones, and small letters in `\u00..`.
            let _ = write!(out, "{value}");
        }
        Value::Number(number) => {
            let whole = number.as_u64().or_else(|| number.as_i64().map(i64::unsigned_abs)).ok_or(NotCanonical)?;
            if whole > WHOLE_MAX {
                return Err(NotCanonical);
            }
            let _ = write!(out, "{number}");
        }
        Value::Array(elements) => {
            out.push('[');
            for (at, element) in elements.iter().enumerate() {
                if at > 0 {
                    out.push(',');
                }
                write(element, out)?;
            }
            out.push(']');
        }
        Value::Object(members) => {
            let mut members: Vec<_> = members.iter().collect();
            members.sort_by(|(a, _), (b, _)| a.encode_utf16().cmp(b.encode_utf16()));
            out.push('{');
            for (at, (key, member)) in members.into_iter().enumerate() {
                if at > 0 {
                    out.push(',');
                }
                let _ = write!(out, "{}:", Value::from(key.as_str()));
                write(member, out)?;
            }
            out.push('}');
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    /// The example of RFC 8785, section 3.2.3, with the order that it gives.
    #[test]
    fn keys_are_sorted_by_their_utf_16_units() {
        let value = json!({
            "\u{20ac}": "Euro Sign", "\r": "Carriage Return", "\u{fb33}": "Hebrew Letter Dalet With Dagesh",
            "1": "One", "\u{1f600}": "Emoji: Grinning Face", "\u{80}": "Control", "\u{f6}": "O With Diaeresis"
        });
        let text = canonical(&value).expect("no numbers");
        let order = ["Carriage Return", "One", "Control", "O With", "Euro Sign", "Emoji", "Hebrew"];
        let places: Vec<_> = order.iter().map(|name| text.find(name).expect("a value")).collect();
        assert!(places.is_sorted(), "{text}");
    }

    #[test]
    fn only_whole_numbers_are_written() {
        assert_eq!(
            canonical(&json!({"b": [1, -2, null, true], "a": "\u{1f}\n\"é"})).as_deref(),
            Ok("{\"a\":\"\\u001f\\n\\\"é\",\"b\":[1,-2,null,true]}")
        );
        assert_eq!(canonical(&json!([0.5])), Err(NotCanonical));
        assert_eq!(canonical(&json!([u64::MAX])), Err(NotCanonical));
    }
}
