//! The bank's login: OAuth 2.0 with code and PKCE, as a confidential client. Sources: RFC 6749, RFC 7636 (S256 only),
//! RFC 9126 (pushed requests), RFC 9207 (`iss`), RFC 7009 (revocation), RFC 9700 (current practice).
//!
//! What comes back is [`Tokens`], which open nothing: only a [`Link`](crate::domain::link::Link) yields a permit, and a
//! link is made in the chat, when the person who began has come back to it.

use std::sync::Arc;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use bytes::Bytes;
use http::{HeaderValue, Request, Response, header};
use jiff::civil::Date;
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::bank::wire::within;
use crate::clock::{Clock, later};
use crate::domain::consent::ConsentRule;
use crate::domain::link::Grant;
use crate::domain::purpose::DataClass;
use crate::egress::Transport;

/// How long one call to the bank's login may take.
const CALL_WITHIN: Duration = Duration::from_secs(8);

/// Where a bank's login is, and who we are to it.
#[derive(Clone, Debug)]
pub struct LoginSettings {
    /// The issuer, exactly as the bank names itself in `iss`.
    pub issuer: String,
    /// Where people sign in and agree.
    pub authorize_url: String,
    /// Where codes become tokens.
    pub token_url: String,
    /// Where requests are pushed before, if the bank takes them.
    pub par_url: Option<String>,
    /// Where tokens are taken back, if the bank has such a place.
    pub revoke_url: Option<String>,
    /// Who we are.
    pub client_id: String,
    /// What proves it.
    pub client_secret: SecretString,
    /// The bank's words for what may be read, with a blank between.
    pub scope: String,
}

/// One bank's login.
pub struct Login {
    settings: LoginSettings,
    rule: ConsentRule,
    transport: Arc<dyn Transport>,
    clock: Arc<dyn Clock>,
}

/// What a person is sent to the bank with.
#[derive(Clone, Debug)]
pub struct Going<'a> {
    /// Where the bank sends them back to: exactly as registered.
    pub redirect_uri: &'a str,
    /// What ties the way back to the way there.
    pub state: &'a str,
    /// What only we know; the bank sees its hash now and itself when the code is redeemed.
    pub verifier: &'a str,
    /// The person must sign in although the bank may remember them.
    pub sign_in_again: bool,
}

/// What a bank gave for a code. It cannot be read with.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Tokens {
    /// What a permit will carry once there is a link.
    #[serde(serialize_with = "crate::domain::link::expose", deserialize_with = "crate::domain::link::hide")]
    pub access: SecretString,
    /// What came along.
    pub grant: Grant,
    /// Until when the bank lets the consent stand, where it says so.
    pub until: Option<Date>,
    /// What may be read, where the bank says so in words that are ours.
    pub scopes: Option<Vec<DataClass>>,
}

/// Why the bank's login gave nothing. Messages hold no token, no code and nothing that came from outside.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LoginError {
    /// No answer, or none in time.
    #[error("the bank's login does not answer")]
    Unavailable,
    /// The code or the token is not taken (any more): the person must begin anew.
    #[error("the bank's login refuses the grant")]
    Refused,
    /// Our own credentials or request are wrong: the operator must act.
    #[error("the bank's login refuses us: {0}")]
    Misconfigured(String),
    /// The answer cannot be understood.
    #[error("the bank's login answers {0}")]
    Malformed(&'static str),
}

#[derive(Deserialize)]
struct Pushed {
    request_uri: String,
}

#[derive(Deserialize)]
struct Granted {
    access_token: String,
    token_type: String,
    expires_in: Option<u32>,
    refresh_token: Option<String>,
    scope: Option<String>,
    #[serde(alias = "fdx_consent_id", alias = "fdxConsentId")]
    consent_id: Option<String>,
    #[serde(alias = "consent_expiration_time")]
    consent_expires_at: Option<String>,
    sub: Option<String>,
}

#[derive(Deserialize)]
struct Refusal {
    error: String,
}

impl Login {
    /// The login of one bank.
    pub fn new(
        settings: LoginSettings,
        rule: ConsentRule,
        transport: Arc<dyn Transport>,
        clock: Arc<dyn Clock>,
    ) -> Self {
        Self { settings, rule, transport, clock }
    }

    /// How long the consents that are given here stand.
    pub fn rule(&self) -> ConsentRule {
        self.rule
    }

    /// Whether the bank has a place where tokens are taken back.
    pub fn takes_back(&self) -> bool {
        self.settings.revoke_url.is_some()
    }

    /// Who the bank says it is, in `iss`.
    pub fn issuer(&self) -> &str {
        &self.settings.issuer
    }

    /// The origin that a person is sent to, for the page's content policy.
    pub fn origin(&self) -> &str {
        let url = &self.settings.authorize_url;
        let host = url.find("://").map_or(0, |at| at + 3);
        let end = url[host..].find('/').map_or(url.len(), |at| host + at);
        &url[..end]
    }

    /// Where a person signs in: the request is pushed before, where the bank takes that, so that nothing of it stands in
    /// an address.
    ///
    /// # Errors
    /// When the bank does not take the pushed request.
    pub async fn begin(&self, going: &Going<'_>) -> Result<String, LoginError> {
        let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(going.verifier));
        let mut asks = vec![
            ("response_type", "code"),
            ("client_id", self.settings.client_id.as_str()),
            ("redirect_uri", going.redirect_uri),
            ("scope", self.settings.scope.as_str()),
            ("state", going.state),
            ("code_challenge", challenge.as_str()),
            ("code_challenge_method", "S256"),
        ];
        if going.sign_in_again {
            asks.push(("prompt", "login"));
        }
        let Some(par_url) = &self.settings.par_url else { return Ok(self.address(&asks)) };
        let response = self.post(par_url, &asks).await?;
        let pushed: Pushed =
            serde_json::from_slice(response.body()).map_err(|_| LoginError::Malformed("no request_uri"))?;
        let client = self.settings.client_id.as_str();
        Ok(self.address(&[("client_id", client), ("request_uri", pushed.request_uri.as_str())]))
    }

    fn address(&self, asks: &[(&str, &str)]) -> String {
        let url = &self.settings.authorize_url;
        let joint = if url.contains('?') { '&' } else { '?' };
        format!("{url}{joint}{}", form(asks))
    }

    /// Redeems a code, once.
    ///
    /// # Errors
    /// When the bank does not take it.
    pub async fn redeem(&self, code: &str, going: &Going<'_>) -> Result<Tokens, LoginError> {
        self.grant(&[
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", going.redirect_uri),
            ("code_verifier", going.verifier),
        ])
        .await
    }

    /// A new token for one that expires. The old refresh token may be void from now on.
    ///
    /// # Errors
    /// [`LoginError::Refused`] when the consent has ended.
    pub async fn refresh(&self, refresh: &SecretString) -> Result<Tokens, LoginError> {
        self.grant(&[("grant_type", "refresh_token"), ("refresh_token", refresh.expose_secret())]).await
    }

    async fn grant(&self, asks: &[(&str, &str)]) -> Result<Tokens, LoginError> {
        let response = self.post(&self.settings.token_url, asks).await?;
        let granted: Granted =
            serde_json::from_slice(response.body()).map_err(|_| LoginError::Malformed("without a token"))?;
        if !granted.token_type.eq_ignore_ascii_case("bearer") {
            return Err(LoginError::Malformed("with a token of another type than Bearer"));
        }
        let now = self.clock.now();
        let words = granted.scope.as_deref().unwrap_or_default();
        // The list of accounts is part of every consent.
        let is_told = |class: &DataClass| *class != DataClass::Accounts;
        let scopes: Vec<DataClass> = words.split(' ').filter_map(DataClass::parse).filter(is_told).collect();
        Ok(Tokens {
            access: SecretString::from(granted.access_token),
            grant: Grant {
                since: Some(now),
                refresh: granted.refresh_token.map(SecretString::from),
                expires: granted.expires_in.map(|seconds| later(now, Duration::from_secs(u64::from(seconds)))),
                consent: granted.consent_id,
                customer: granted.sub,
            },
            until: granted.consent_expires_at.as_deref().and_then(day),
            scopes: (!scopes.is_empty()).then_some(scopes),
        })
    }

    /// Takes a token back. A token that the bank does not know any more is taken back already.
    ///
    /// # Errors
    /// When the bank does not answer.
    pub async fn revoke(&self, token: &SecretString) -> Result<(), LoginError> {
        let Some(revoke_url) = &self.settings.revoke_url else { return Ok(()) };
        match self.post(revoke_url, &[("token", token.expose_secret())]).await {
            Ok(_) | Err(LoginError::Refused) => Ok(()),
            Err(error) => Err(error),
        }
    }

    async fn post(&self, url: &str, asks: &[(&str, &str)]) -> Result<Response<Bytes>, LoginError> {
        let misconfigured = |what: &str| LoginError::Misconfigured(what.to_owned());
        // RFC 6749, section 2.3.1: both are form-encoded before they are joined.
        let (id, secret) =
            (form_text(&self.settings.client_id), form_text(self.settings.client_secret.expose_secret()));
        let basic = base64::engine::general_purpose::STANDARD.encode(format!("{id}:{secret}"));
        let mut basic = HeaderValue::from_str(&format!("Basic {basic}")).map_err(|_| misconfigured("client"))?;
        basic.set_sensitive(true);
        let request = Request::post(url)
            .header(header::AUTHORIZATION, basic)
            .header(header::ACCEPT, HeaderValue::from_static("application/json"))
            .header(header::CONTENT_TYPE, HeaderValue::from_static("application/x-www-form-urlencoded"))
            .body(Bytes::from(form(asks)))
            .map_err(|_| misconfigured("the address cannot be built"))?;
        let deadline = later(self.clock.now(), CALL_WITHIN);
        let sent = within(&*self.clock, deadline, self.transport.exchange(request)).await;
        let Ok(Ok(response)) = sent else { return Err(LoginError::Unavailable) };
        let status = response.status();
        if status.is_success() {
            return Ok(response);
        }
        if status.is_server_error() || status == http::StatusCode::TOO_MANY_REQUESTS {
            return Err(LoginError::Unavailable);
        }
        let refusal = serde_json::from_slice::<Refusal>(response.body());
        Err(match refusal.as_ref().map(|refusal| refusal.error.as_str()) {
            Ok("invalid_grant") => LoginError::Refused,
            Ok(error @ ("invalid_client" | "unauthorized_client" | "invalid_scope" | "invalid_request")) => {
                misconfigured(error)
            }
            _ => misconfigured(&format!("status {}", status.as_u16())),
        })
    }
}

/// The day of a date, or of a moment.
fn day(text: &str) -> Option<Date> {
    text.get(..10)?.parse().ok()
}

/// Pairs as `application/x-www-form-urlencoded`.
fn form(pairs: &[(&str, &str)]) -> String {
    let pair = |(key, value): &(&str, &str)| format!("{}={}", form_text(key), form_text(value));
    pairs.iter().map(pair).collect::<Vec<_>>().join("&")
}

fn form_text(text: &str) -> String {
    let byte = |byte: u8| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => char::from(byte).to_string(),
        other => format!("%{other:02X}"),
    };
    text.bytes().map(byte).collect()
}
