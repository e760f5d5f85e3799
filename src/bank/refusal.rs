//! From a bank's refusal to what the caller should do about it. Only the status and short machine codes are read;
//! the bank's prose never goes further.

use http::{HeaderMap, StatusCode, header};
use jiff::{SignedDuration, Timestamp};

use crate::bank::BankError;

/// What one refused call tells.
pub(crate) struct Refusal<'a> {
    /// The HTTP status.
    pub(crate) status: StatusCode,
    /// The headers.
    pub(crate) headers: &'a HeaderMap,
    /// The machine codes of the body, in its order.
    pub(crate) codes: Vec<String>,
    /// When the answer came.
    pub(crate) received: Timestamp,
}

impl<'a> Refusal<'a> {
    /// Reads a refusal. The body may be an object, a bare array, HTML or nothing.
    pub(crate) fn read(status: StatusCode, headers: &'a HeaderMap, body: &[u8], received: Timestamp) -> Self {
        let mut codes = Vec::new();
        if let Ok(value) = serde_json::from_slice::<serde_json::Value>(body) {
            gather_codes(&value, 0, &mut codes);
        }
        Self { status, headers, codes, received }
    }

    /// Whether the bank refused for a reason that its codes may tell; a rate limit and a failure speak for themselves.
    pub(crate) fn is_denial(&self) -> bool {
        self.status.is_client_error() && self.status != StatusCode::TOO_MANY_REQUESTS
    }

    /// Whether one of the codes was given.
    pub(crate) fn says(&self, any_of: &[&str]) -> bool {
        self.codes.iter().any(|code| any_of.iter().any(|known| code.eq_ignore_ascii_case(known)))
    }

    /// The meaning of the status alone, for codes that the dialect does not know.
    pub(crate) fn by_status(&self) -> BankError {
        match self.status.as_u16() {
            401 => BankError::ConsentEnded,
            // A bank that does not offer this data says so with 405 or 501.
            403 | 405 | 501 => BankError::NotCovered,
            404 | 410 => BankError::AccountGone,
            408 | 425 | 500..=599 => BankError::Unavailable(self.to_string()),
            429 => BankError::RateLimited { until: retry_after(self.headers, self.received) },
            _ => BankError::Misconfigured(self.to_string()),
        }
    }
}

impl std::fmt::Display for Refusal<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "status {}", self.status.as_u16())?;
        match self.codes.first() {
            Some(code) => write!(f, ", code {code}"),
            None => Ok(()),
        }
    }
}

/// Collects what stands under the names that dialects use for machine codes, two levels deep.
fn gather_codes(value: &serde_json::Value, depth: u32, codes: &mut Vec<String>) {
    const NAMES: [&str; 4] = ["code", "Code", "ErrorCode", "error"];
    match value {
        serde_json::Value::Array(items) => items.iter().take(8).for_each(|item| gather_codes(item, depth, codes)),
        serde_json::Value::Object(members) if depth < 2 => {
            for name in NAMES {
                match members.get(name) {
                    Some(serde_json::Value::String(code)) if is_code(code) => codes.push(code.clone()),
                    Some(serde_json::Value::Number(code)) => codes.push(code.to_string()),
                    Some(inner @ serde_json::Value::Object(_)) => gather_codes(inner, depth + 1, codes),
                    _ => {}
                }
            }
            for name in ["Errors", "errors", "tppMessages"] {
                if let Some(inner) = members.get(name) {
                    gather_codes(inner, depth + 1, codes);
                }
            }
        }
        _ => {}
    }
}

/// Whether a word looks like a machine code rather than prose, so that it may be shown to an operator.
fn is_code(word: &str) -> bool {
    (1..=48).contains(&word.len()) && word.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-'))
}

/// The moment that `Retry-After` names: seconds or a date (RFC 9110 section 10.2.3).
pub(crate) fn retry_after(headers: &HeaderMap, received: Timestamp) -> Option<Timestamp> {
    let word = headers.get(header::RETRY_AFTER)?.to_str().ok()?.trim();
    if let Ok(seconds) = word.parse::<u32>() {
        return received.checked_add(SignedDuration::from_secs(i64::from(seconds))).ok();
    }
    let date = jiff::fmt::rfc2822::DateTimeParser::new().parse_timestamp(word).ok()?;
    Some(date.max(received))
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    const NOW: Timestamp = Timestamp::UNIX_EPOCH;

    fn codes(body: &str) -> Vec<String> {
        Refusal::read(StatusCode::BAD_REQUEST, &HeaderMap::new(), body.as_bytes(), NOW).codes
    }

    #[test]
    fn codes_come_from_every_shape_and_prose_from_none() {
        assert_eq!(codes(r#"{"code":"705","message":"closed"}"#), ["705"]);
        assert_eq!(codes(r#"{"code":705}"#), ["705"]);
        assert_eq!(codes(r#"[{"category":"ERROR","code":"ACCESS_EXCEEDED"}]"#), ["ACCESS_EXCEEDED"]);
        assert_eq!(codes(r#"{"Code":"400 BadRequest","Errors":[{"ErrorCode":"EXPD"}]}"#), ["EXPD"]);
        assert_eq!(codes(r#"{"error":{"code":"x.y"}}"#), ["x.y"]);
        for none in ["", "<html>no</html>", "{", "[]", "3", r#"{"code":"call +1 555 now"}"#] {
            assert_eq!(codes(none), Vec::<String>::new(), "{none}");
        }
    }

    #[test]
    fn retry_after_is_seconds_or_a_date() {
        let after = |word: &'static str| {
            let headers = HeaderMap::from_iter([(header::RETRY_AFTER, HeaderValue::from_static(word))]);
            retry_after(&headers, NOW).map(|at| at.as_second())
        };
        assert_eq!(after("0"), Some(0));
        assert_eq!(after("3600"), Some(3600));
        assert_eq!(after("Thu, 01 Jan 1970 01:00:00 GMT"), Some(3600));
        assert_eq!(after("Wed, 31 Dec 1969 23:00:00 GMT"), Some(0), "the past is now");
        assert_eq!(after("-5"), None);
        assert_eq!(after("soon"), None);
    }
}
