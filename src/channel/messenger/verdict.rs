//! What an answer of the Graph API means for a message. One table; the codes are the platform's.
//! Source: Messenger Platform, "Error Codes"; Graph API, "Handling Errors".

use std::time::Duration;

use http::{HeaderMap, Response, StatusCode, header};
use jiff::Timestamp;
use serde::Deserialize;

use crate::channel::SendError;
use crate::clock::later;

/// How long to slow down when the platform does not say.
const SLOW_DOWN: Duration = Duration::from_secs(60);

/// What to do about an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Verdict {
    Retry,
    SlowDown,
    Refused,
    PageStopped,
    SentAnyway,
}
use Verdict::{PageStopped, Refused, Retry, SentAnyway, SlowDown};

/// Code, subcode (`None` for all others of the code), what to do, and what it means.
const TABLE: [(i64, Option<i64>, Verdict, &str); 32] = [
    (-3, None, Retry, "internal"),
    (1, Some(1_357_046), SentAnyway, "sent, the answer was lost"),
    (1, None, Retry, "unknown"),
    (2, None, Retry, "temporary"),
    (3, None, PageStopped, "the app lacks the capability"),
    (4, Some(2_018_022), Refused, "phone-number sends are limited"),
    (4, None, SlowDown, "app limit"),
    (10, Some(2_018_278), Refused, "outside the answer window"),
    (10, Some(2_018_065), Refused, "outside the answer window"),
    (10, Some(2_018_108), Refused, "the person cannot be reached"),
    (10, Some(2_018_300), Refused, "another app has the thread"),
    (10, Some(1_893_063), PageStopped, "page restricted"),
    (10, None, PageStopped, "permission"),
    (17, None, SlowDown, "user limit"),
    (32, None, SlowDown, "page limit"),
    (100, Some(2_018_001), Refused, "no such person"),
    (100, None, Refused, "bad parameter"),
    (102, None, PageStopped, "session"),
    (190, None, PageStopped, "token"),
    (200, Some(1_545_041), Refused, "the person is unavailable"),
    (200, None, Refused, "permission for this person"),
    (230, None, Refused, "permission for this person"),
    (341, None, SlowDown, "application limit"),
    (368, None, PageStopped, "blocked for policy"),
    (506, None, SentAnyway, "duplicate"),
    (551, None, Refused, "the person is unavailable"),
    (613, None, SlowDown, "custom limit"),
    (803, None, Refused, "no such object"),
    (1200, None, Retry, "temporary send failure"),
    (10_303, None, Refused, "account linking token"),
    (80_006, None, SlowDown, "business use case limit"),
    (2_018_218, None, Refused, "no profile"),
];

/// The envelope of an error.
#[derive(Deserialize)]
struct Envelope {
    error: GraphError,
}

#[derive(Deserialize)]
struct GraphError {
    #[serde(default)]
    code: i64,
    #[serde(default)]
    error_subcode: Option<i64>,
    #[serde(default)]
    is_transient: bool,
    #[serde(default)]
    fbtrace_id: Option<String>,
}

/// Reads an answer: `Ok` when the call was taken. `regain` is when the usage headers say that access comes back.
pub(super) fn read(
    response: &Response<bytes::Bytes>,
    regain: Option<Timestamp>,
    now: Timestamp,
) -> Result<(), SendError> {
    let status = response.status();
    let until = regain.or_else(|| retry_after(response.headers(), now)).unwrap_or_else(|| later(now, SLOW_DOWN));
    if let Ok(Envelope { error }) = serde_json::from_slice(response.body()) {
        return Err(error.verdict(status, until));
    }
    let is_json = serde_json::from_slice::<serde::de::IgnoredAny>(response.body()).is_ok();
    let reason = format!("HTTP {}", status.as_u16());
    match status {
        status if status.is_success() && is_json => Ok(()),
        // The call arrived; only the answer is garbled, or a gateway gave up waiting for it.
        status if status.is_success() => Err(SendError::Uncertain(format!("{reason} without JSON"))),
        StatusCode::BAD_GATEWAY | StatusCode::GATEWAY_TIMEOUT | StatusCode::REQUEST_TIMEOUT => {
            Err(SendError::Uncertain(reason))
        }
        StatusCode::TOO_MANY_REQUESTS => Err(SendError::SlowDown { reason, until }),
        // Without the platform's own error object this is something between us and the platform.
        _ => Err(SendError::Retry { reason, not_before: retry_after(response.headers(), now) }),
    }
}

impl GraphError {
    fn verdict(&self, status: StatusCode, until: Timestamp) -> SendError {
        let row = |subcode: Option<i64>| TABLE.iter().find(|row| row.0 == self.code && row.1 == subcode);
        let row = self.error_subcode.and_then(|subcode| row(Some(subcode))).or_else(|| row(None));
        let (verdict, meaning) = match row {
            Some((_, _, verdict, meaning)) => (*verdict, *meaning),
            None if status == StatusCode::TOO_MANY_REQUESTS => (SlowDown, "too many requests"),
            None if status.is_server_error() => (Retry, "server error"),
            None => (Refused, "unknown code"),
        };
        let reason = self.reason(meaning);
        match verdict {
            // "Transient" is the platform's own word and wins, but it cannot unsend, and a limit is a limit.
            Refused | PageStopped if self.is_transient => SendError::Retry { reason, not_before: None },
            Retry => SendError::Retry { reason, not_before: None },
            SlowDown => SendError::SlowDown { reason, until },
            Refused => SendError::Refused(reason),
            PageStopped => SendError::PageStopped(reason),
            SentAnyway => SendError::SentAnyway(reason),
        }
    }

    /// Code, subcode, trace id and our own words; never the platform's message, which may quote ours.
    fn reason(&self, meaning: &str) -> String {
        let subcode = self.error_subcode.map(|subcode| format!("/{subcode}")).unwrap_or_default();
        let plain = |id: &&str| id.len() <= 40 && id.bytes().all(|c| c.is_ascii_alphanumeric() || b"_-".contains(&c));
        let trace = self.fbtrace_id.as_deref().filter(plain).map(|id| format!(", trace {id}")).unwrap_or_default();
        format!("{}{subcode} {meaning}{trace}", self.code)
    }
}

/// `Retry-After` in seconds, at most an hour.
fn retry_after(headers: &HeaderMap, now: Timestamp) -> Option<Timestamp> {
    let seconds: u64 = headers.get(header::RETRY_AFTER)?.to_str().ok()?.trim().parse().ok()?;
    Some(later(now, Duration::from_secs(seconds.min(3600))))
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;

    use super::*;

    const NOW: Timestamp = Timestamp::UNIX_EPOCH;

    fn answer(status: u16, body: &str) -> Result<(), SendError> {
        let response =
            Response::builder().status(status).body(Bytes::copy_from_slice(body.as_bytes())).expect("a response");
        read(&response, None, NOW)
    }

    fn error(code: i64, subcode: Option<i64>, transient: bool) -> SendError {
        let subcode = subcode.map(|subcode| format!(",\"error_subcode\":{subcode}")).unwrap_or_default();
        let body = format!(r#"{{"error":{{"message":"secret","code":{code}{subcode},"is_transient":{transient}}}}}"#);
        answer(400, &body).expect_err("an error")
    }

    #[test]
    fn each_code_has_its_consequence() {
        let is_retry = |error| matches!(error, SendError::Retry { .. });
        let is_slow = |error| matches!(error, SendError::SlowDown { until, .. } if until == later(NOW, SLOW_DOWN));
        let is_refused = |error| matches!(error, SendError::Refused(_));
        let is_stopped = |error| matches!(error, SendError::PageStopped(_));
        let is_sent = |error| matches!(error, SendError::SentAnyway(_));
        assert!([-3, 1, 2, 1200].into_iter().all(|code| is_retry(error(code, None, false))));
        assert!([4, 17, 32, 613, 80_006].into_iter().all(|code| is_slow(error(code, Some(7), false))));
        assert!([100, 200, 230, 551, 803, 4711].into_iter().all(|code| is_refused(error(code, None, false))));
        assert!([10, 190, 368].into_iter().all(|code| is_stopped(error(code, Some(463), false))));
        assert!(is_refused(error(10, Some(2_018_278), false)) && is_stopped(error(10, Some(1_893_063), false)));
        assert!(is_sent(error(1, Some(1_357_046), false)) && is_retry(error(1, Some(99), false)));
        assert!(is_retry(error(100, None, true)) && is_retry(error(4711, None, true)));
        assert!(is_sent(error(506, None, true)), "what was sent is not sent again");
    }

    #[test]
    fn answers_that_are_not_the_platforms_are_judged_by_their_status() {
        assert_eq!(answer(200, r#"{"message_id":"m_1"}"#), Ok(()));
        assert!(matches!(answer(200, "<html>"), Err(SendError::Uncertain(_))));
        assert!(matches!(answer(502, "<html>"), Err(SendError::Uncertain(_))));
        assert!(matches!(answer(503, ""), Err(SendError::Retry { .. })));
        assert!(matches!(answer(429, ""), Err(SendError::SlowDown { .. })));
        assert!(matches!(answer(404, "not here"), Err(SendError::Retry { .. })));
        assert!(matches!(answer(500, r#"{"error":{"code":99999}}"#), Err(SendError::Retry { .. })));
        assert!(matches!(answer(200, r#"{"error":{"code":190}}"#), Err(SendError::PageStopped(_))));
    }

    #[test]
    fn the_reason_holds_codes_and_no_content() {
        let body = r#"{"error":{"message":"secret","code":190,"error_subcode":463,"fbtrace_id":"AbC_1"}}"#;
        assert_eq!(answer(400, body), Err(SendError::PageStopped("190/463 token, trace AbC_1".to_owned())));
    }
}
