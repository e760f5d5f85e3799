//! Requests that the platform signs for the app and not for a page: `signed_request` in a form, which is the signature
//! and the payload, each in base64url, with a dot between. The signature is HMAC-SHA256 with the app secret over the
//! payload as it is encoded.
//!
//! Source: Meta for Developers, "Data Deletion Request Callback" and "Parsing the Signed Request".

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::channel::signature::Signature;
use crate::channel::{DeletionRequest, Refusal};

/// Longest request that is looked at, in characters. The platform's own have two or three hundred.
const LENGTH_MAX: usize = 4096;
/// How old a request may be. Shorter than its id is kept for, so that one that comes again is known.
const AGE_MAX: SignedDuration = SignedDuration::from_hours(24);
/// How far the platform's clock may be ahead of ours.
const AHEAD_MAX: SignedDuration = SignedDuration::from_mins(5);
/// Longest id of a person, in digits.
const ID_MAX: usize = 32;

/// Opens a request to delete somebody's data.
pub(super) fn deletion(signature: &Signature, text: &str, now: Timestamp) -> Result<DeletionRequest, Refusal> {
    let text = Some(text).filter(|text| text.len() <= LENGTH_MAX).ok_or(Refusal::Malformed)?;
    let (code, payload) = text.split_once('.').ok_or(Refusal::Malformed)?;
    let mut claimed = [0; 32];
    match URL_SAFE_NO_PAD.decode_slice(code, &mut claimed) {
        Ok(32) => {}
        _ => return Err(Refusal::Malformed),
    }
    signature.verify_code(payload.as_bytes(), &claimed)?;
    let plain = URL_SAFE_NO_PAD.decode(payload).map_err(|_| Refusal::Malformed)?;
    let payload: Value = serde_json::from_slice(&plain).map_err(|_| Refusal::Malformed)?;
    let is_ours = payload["algorithm"].as_str().is_some_and(|name| name.eq_ignore_ascii_case("HMAC-SHA256"));
    let person = id(&payload["user_id"]).filter(|_| is_ours).ok_or(Refusal::Malformed)?;
    let issued = moment(&payload["issued_at"]).ok_or(Refusal::Malformed)?;
    let age = now.duration_since(issued);
    // Zero stands for a request without an end.
    let ended = moment(&payload["expires"]).is_some_and(|end| end != Timestamp::UNIX_EPOCH && end <= now);
    if age > AGE_MAX || age < -AHEAD_MAX || ended {
        return Err(Refusal::Stale);
    }
    // Whoever has the request has this, and nobody else: it hashes a code that takes the app secret to make. The same
    // request has the same confirmation, however often it comes.
    let digest = Sha256::new().chain_update(b"deletion\0").chain_update(claimed).finalize();
    Ok(DeletionRequest { person, confirmation: hex::encode(&digest[..16]) })
}

/// An id is digits; some payloads have it as a number.
fn id(value: &Value) -> Option<String> {
    let text = value.as_str().map(str::to_owned).or_else(|| value.as_u64().map(|number| number.to_string()))?;
    let is_id = (1..=ID_MAX).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    is_id.then_some(text)
}

/// Seconds since 1970.
fn moment(value: &Value) -> Option<Timestamp> {
    Timestamp::from_second(value.as_i64()?).ok()
}

#[cfg(test)]
mod tests {
    use secrecy::SecretString;
    use serde_json::json;

    use super::*;
    use crate::channel::signature::hmac_hex;

    const NOW: i64 = 1_790_000_000;

    fn signed(secret: &str, payload: &Value) -> String {
        let payload = URL_SAFE_NO_PAD.encode(payload.to_string());
        let code = hex::decode(hmac_hex(&SecretString::from(secret), payload.as_bytes())).expect("hex");
        format!("{}.{payload}", URL_SAFE_NO_PAD.encode(code))
    }

    fn payload(changes: &Value) -> Value {
        let mut payload = json!({"user_id": "218471", "algorithm": "HMAC-SHA256", "issued_at": NOW, "expires": 0});
        for (key, value) in changes.as_object().expect("an object") {
            payload[key] = value.clone();
        }
        payload
    }

    fn open(text: &str) -> Result<DeletionRequest, Refusal> {
        let signature = Signature::new(Some(&SecretString::from("new")), Some(&SecretString::from("old")));
        deletion(&signature, text, Timestamp::from_second(NOW).expect("a moment"))
    }

    #[test]
    fn what_the_platform_signed_opens_and_has_one_confirmation() {
        let text = signed("new", &payload(&json!({})));
        let opened = open(&text).expect("it is signed");
        assert_eq!(opened.person, "218471");
        assert_eq!(opened.confirmation.len(), 32);
        assert_eq!(open(&text).as_ref(), Ok(&opened));
        let other = signed("new", &payload(&json!({"issued_at": NOW - 1})));
        assert_ne!(open(&other).expect("it is signed").confirmation, opened.confirmation);
        for good in [json!({"user_id": 218_471}), json!({"algorithm": "hmac-sha256"}), json!({"expires": NOW + 60})] {
            assert_eq!(open(&signed("old", &payload(&good))).expect("it is signed").person, "218471", "{good}");
        }
    }

    #[test]
    fn what_is_not_signed_or_of_another_time_or_shape_is_refused() {
        let text = signed("new", &payload(&json!({})));
        let (code, rest) = text.split_once('.').expect("a dot");
        let forged = URL_SAFE_NO_PAD.encode(payload(&json!({"user_id": "1"})).to_string());
        assert_eq!(open(&signed("another", &payload(&json!({})))), Err(Refusal::Wrong));
        assert_eq!(open(&format!("{code}.{forged}")), Err(Refusal::Wrong));
        assert_eq!(open(&format!("{code}.{rest}=")), Err(Refusal::Wrong));
        for stale in [json!({"issued_at": NOW - 86_401}), json!({"issued_at": NOW + 301}), json!({"expires": NOW})] {
            assert_eq!(open(&signed("new", &payload(&stale))), Err(Refusal::Stale), "{stale}");
        }
        let no = [
            json!({"user_id": "me"}),
            json!({"user_id": ""}),
            json!({"user_id": "1/messages"}),
            json!({"user_id": null}),
        ];
        for bad in no.iter().chain(&[json!({"algorithm": "none"}), json!({"issued_at": "now"})]) {
            assert_eq!(open(&signed("new", &payload(bad))), Err(Refusal::Malformed), "{bad}");
        }
        let long = format!("{code}.{}", "A".repeat(LENGTH_MAX));
        for bad in ["", ".", rest, &text.replace('.', ""), &format!("{code}A.{rest}"), &format!("é.{rest}"), &long] {
            assert_eq!(open(bad), Err(Refusal::Malformed), "{bad}");
        }
    }
}
