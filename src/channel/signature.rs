//! The platform's signature: HMAC-SHA256 (RFC 2104) with the app secret over the raw bytes of the body, in exactly
//! one header `X-Hub-Signature-256: sha256=<64 lower-case hexadecimal digits>`.
//!
//! Source: Messenger Platform, "Webhooks", section "Validating payloads". The body travels with its escapes
//! (`\u00e4`), so the bytes are hashed as they came; re-serialising them would break the signature.

use hmac::{Hmac, KeyInit, Mac};
use http::{HeaderMap, HeaderName};
use secrecy::{ExposeSecret, SecretString};
use sha2::Sha256;

use crate::channel::Refusal;

/// The header that carries the signature.
pub const HEADER: HeaderName = HeaderName::from_static("x-hub-signature-256");

/// The only scheme that is accepted; SHA-1 signatures are not.
const SCHEME: &[u8] = b"sha256=";

type Code = Hmac<Sha256>;

/// The app secret, and while it is being rotated the one before it. Each is kept as a keyed code, so that a delivery
/// costs the hashing of its body and nothing more.
pub struct Signature {
    current: Option<Code>,
    previous: Option<Code>,
}

/// Which secret signed a delivery.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignedWith {
    /// The app secret.
    Current,
    /// The secret before it: the rotation is not finished.
    Previous,
}

impl Signature {
    /// Checks with `current` and `previous`. An empty secret counts as none: everybody knows it.
    pub fn new(current: Option<&SecretString>, previous: Option<&SecretString>) -> Self {
        let code = |secret: Option<&SecretString>| secret.and_then(keyed);
        Self { current: code(current), previous: code(previous) }
    }

    /// Checks the signature of `body`, and tells which secret made it.
    ///
    /// Both secrets are always tried and compared in constant time, so the time this takes tells nothing about
    /// either.
    ///
    /// # Errors
    /// The [`Refusal`] is for the operator's counters; the sender must not learn it.
    pub fn verify(&self, headers: &HeaderMap, body: &[u8]) -> Result<SignedWith, Refusal> {
        let current = self.current.as_ref().ok_or(Refusal::NoSecret)?;
        self.signed_with(current, body, &claimed(headers)?)
    }

    /// The same for a code that came by another way than the header.
    ///
    /// # Errors
    /// As [`verify`](Self::verify).
    pub fn verify_code(&self, message: &[u8], claimed: &[u8; 32]) -> Result<SignedWith, Refusal> {
        self.signed_with(self.current.as_ref().ok_or(Refusal::NoSecret)?, message, claimed)
    }

    fn signed_with(&self, current: &Code, message: &[u8], claimed: &[u8; 32]) -> Result<SignedWith, Refusal> {
        let by_current = matches(current, message, claimed);
        let by_previous = self.previous.as_ref().is_some_and(|previous| matches(previous, message, claimed));
        match (by_current, by_previous) {
            (true, _) => Ok(SignedWith::Current),
            (false, true) => Ok(SignedWith::Previous),
            (false, false) => Err(Refusal::Wrong),
        }
    }
}

/// The header's value for `body`, as the platform would send it. The local Messenger of the sandbox signs with this.
pub fn sign(secret: &SecretString, body: &[u8]) -> String {
    format!("sha256={}", hmac_hex(secret, body))
}

/// HMAC-SHA256 of `message` as 64 lower-case hexadecimal digits; what the platform calls `appsecret_proof` when the
/// message is an access token.
pub fn hmac_hex(secret: &SecretString, message: &[u8]) -> String {
    // HMAC takes keys of every length; the empty answer can only stand for a key it refused, and verifies nowhere.
    Code::new_from_slice(secret.expose_secret().as_bytes())
        .map(|code| hex::encode(code.chain_update(message).finalize().into_bytes()))
        .unwrap_or_default()
}

fn keyed(secret: &SecretString) -> Option<Code> {
    let secret = secret.expose_secret().as_bytes();
    if secret.is_empty() { None } else { Code::new_from_slice(secret).ok() }
}

fn matches(code: &Code, body: &[u8], claimed: &[u8; 32]) -> bool {
    code.clone().chain_update(body).verify_slice(claimed).is_ok()
}

/// The 32 bytes that the one header claims.
fn claimed(headers: &HeaderMap) -> Result<[u8; 32], Refusal> {
    let mut values = headers.get_all(HEADER).iter();
    let value = values.next().ok_or(Refusal::Missing)?;
    if values.next().is_some() {
        return Err(Refusal::Several);
    }
    let digits = value.as_bytes().strip_prefix(SCHEME).ok_or(Refusal::Malformed)?;
    if digits.iter().any(u8::is_ascii_uppercase) {
        return Err(Refusal::Malformed);
    }
    let mut claimed = [0; 32];
    hex::decode_to_slice(digits, &mut claimed).map_err(|_| Refusal::Malformed)?;
    Ok(claimed)
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    fn secret(text: &str) -> SecretString {
        SecretString::from(text)
    }

    fn header(value: &str) -> HeaderMap {
        HeaderMap::from_iter([(HEADER, HeaderValue::from_bytes(value.as_bytes()).expect("a header value"))])
    }

    #[test]
    fn agrees_with_published_vectors() {
        // RFC 4231, test cases 2 and 6 (a key longer than the block), and the example of GitHub's webhook guide.
        let long_key = [0xaa_u8; 131];
        let code = Code::new_from_slice(&long_key).expect("a key");
        let tag = code.chain_update(b"Test Using Larger Than Block-Size Key - Hash Key First").finalize().into_bytes();
        assert_eq!(hex::encode(tag), "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
        assert_eq!(
            hmac_hex(&secret("Jefe"), b"what do ya want for nothing?"),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
        );
        let github = header("sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17");
        let signature = Signature::new(Some(&secret("It's a Secret to Everybody")), None);
        assert_eq!(signature.verify(&github, b"Hello, World!"), Ok(SignedWith::Current));
        assert_eq!(signature.verify(&github, b"Hello, World?"), Err(Refusal::Wrong));
    }

    #[test]
    fn both_secrets_of_a_rotation_are_accepted_and_told_apart() {
        let (new, old) = (secret("new"), secret("old"));
        let signature = Signature::new(Some(&new), Some(&old));
        assert_eq!(signature.verify(&header(&sign(&new, b"{}")), b"{}"), Ok(SignedWith::Current));
        assert_eq!(signature.verify(&header(&sign(&old, b"{}")), b"{}"), Ok(SignedWith::Previous));
        assert_eq!(signature.verify(&header(&sign(&secret("x"), b"{}")), b"{}"), Err(Refusal::Wrong));
    }

    #[test]
    fn an_empty_secret_verifies_nothing() {
        let empty = secret("");
        let signed = header(&sign(&empty, b"{}"));
        assert_eq!(Signature::new(None, None).verify(&signed, b"{}"), Err(Refusal::NoSecret));
        assert_eq!(Signature::new(Some(&empty), None).verify(&signed, b"{}"), Err(Refusal::NoSecret));
        let rotating = Signature::new(Some(&secret("new")), Some(&empty));
        assert_eq!(rotating.verify(&signed, b"{}"), Err(Refusal::Wrong));
    }

    #[test]
    fn only_the_one_documented_shape_of_the_header_is_read() {
        let key = secret("sesame");
        let good = sign(&key, b"{}");
        let signature = Signature::new(Some(&key), None);
        let digits = good.strip_prefix("sha256=").expect("the prefix").to_owned();
        let malformed = [
            String::new(),
            "sha256".to_owned(),
            "sha256=".to_owned(),
            digits.clone(),
            format!("sha1={digits}"),
            format!("SHA256={digits}"),
            format!("md5={digits}"),
            format!("sha256={}", digits.to_uppercase()),
            format!("sha256= {digits}"),
            format!("{good} "),
            format!(" {good}"),
            format!("{good},{good}"),
            format!("{good}0"),
            good[..good.len() - 1].to_owned(),
            format!("sha256={}", "é".repeat(32)),
            format!("sha256={}", "zz".repeat(32)),
        ];
        for value in malformed {
            assert_eq!(signature.verify(&header(&value), b"{}"), Err(Refusal::Malformed), "{value:?}");
        }
        assert_eq!(signature.verify(&header(&format!("sha256={}", "0".repeat(64))), b"{}"), Err(Refusal::Wrong));
        assert_eq!(signature.verify(&HeaderMap::new(), b"{}"), Err(Refusal::Missing));
        let mut twice = header(&good);
        twice.append(HEADER, HeaderValue::from_str(&good).expect("a header value"));
        assert_eq!(signature.verify(&twice, b"{}"), Err(Refusal::Several));
    }
}
