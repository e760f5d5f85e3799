//! What a client asks of a person, read strictly, and the ways to refuse it. Sources: RFC 6749, sections 3.1, 4.1.2.1
//! and 5.2; RFC 7636, section 4.

use std::collections::BTreeMap;

use axum::response::{IntoResponse, Response};
use http::header::{CACHE_CONTROL, WWW_AUTHENTICATE};
use http::{HeaderValue, StatusCode};
use serde_json::json;

use super::grants::{Client, Grants};
use crate::domain::{bank::BankId, purpose::DataClass};
use crate::sandbox::world::{Institution, Supports};

/// Longest value of a parameter, in bytes.
const VALUE_MAX: usize = 2048;

/// A refusal in OAuth's words. The description is ours: nothing that came in is repeated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct OAuthError {
    pub(super) code: &'static str,
    pub(super) description: &'static str,
}

impl OAuthError {
    /// No such client, or it does not know its secret.
    pub(super) const INVALID_CLIENT: Self =
        Self { code: "invalid_client", description: "the client is unknown or its secret is wrong" };
    /// The bank has shut the client out.
    pub(super) const SHUT_OUT: Self =
        Self { code: "unauthorized_client", description: "access of this third party is suspended" };
    /// The person said no.
    pub(super) const DENIED: Self = Self { code: "access_denied", description: "the person did not allow it" };

    pub(super) const fn invalid_request(description: &'static str) -> Self {
        Self { code: "invalid_request", description }
    }

    pub(super) const fn invalid_grant(description: &'static str) -> Self {
        Self { code: "invalid_grant", description }
    }
}

/// As the endpoints that clients call answer it (RFC 6749, section 5.2).
impl IntoResponse for OAuthError {
    fn into_response(self) -> Response {
        let status = if self == Self::INVALID_CLIENT { StatusCode::UNAUTHORIZED } else { StatusCode::BAD_REQUEST };
        let body = json!({"error": self.code, "error_description": self.description});
        let mut response = (status, axum::Json(body)).into_response();
        response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if status == StatusCode::UNAUTHORIZED {
            response.headers_mut().insert(WWW_AUTHENTICATE, HeaderValue::from_static("Basic realm=\"sandbox\""));
        }
        response
    }
}

/// The parameters of a request: each at most once, none too long, empty ones left out.
pub(super) struct Parameters(BTreeMap<String, String>);

impl Parameters {
    pub(super) fn read(pairs: Vec<(String, String)>) -> Result<Self, OAuthError> {
        let mut read = BTreeMap::new();
        for (name, value) in pairs {
            if value.len() > VALUE_MAX {
                return Err(OAuthError::invalid_request("a parameter is too long"));
            }
            if value.is_empty() {
                continue;
            }
            if read.insert(name, value).is_some() {
                return Err(OAuthError::invalid_request("a parameter is given twice"));
            }
        }
        Ok(Self(read))
    }

    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    pub(super) fn need(&self, name: &str, missing: &'static str) -> Result<&str, OAuthError> {
        self.get(name).ok_or(OAuthError::invalid_request(missing))
    }
}

/// Where the answer to a request goes. Only what was registered ever stands here.
#[derive(Clone, Debug)]
pub(super) struct Return {
    pub(super) redirect_uri: String,
    pub(super) state: Option<String>,
}

impl Return {
    /// # Errors
    /// When there is nowhere to answer to: whoever sent the person must not learn of it by a redirect.
    pub(super) fn read(client: &Client, asks: &Parameters) -> Result<Self, OAuthError> {
        let redirect_uri = asks.need("redirect_uri", "the redirect_uri is missing")?;
        if !client.redirect_uris.iter().any(|known| known == redirect_uri) {
            return Err(OAuthError::invalid_request("the redirect_uri is not registered"));
        }
        Ok(Self { redirect_uri: redirect_uri.to_owned(), state: asks.get("state").map(str::to_owned) })
    }
}

/// What a client asks a person for.
#[derive(Clone, Debug)]
pub(super) struct Asked {
    pub(super) bank: BankId,
    pub(super) client_id: String,
    pub(super) redirect_uri: String,
    pub(super) state: Option<String>,
    pub(super) scopes: Vec<DataClass>,
    /// The S256 challenge of PKCE.
    pub(super) challenge: String,
    /// Whether the person must say anew who they are (`prompt=login`).
    pub(super) signs_in_again: bool,
    /// Who the client believes the person to be.
    pub(super) hint: Option<String>,
}

impl Asked {
    pub(super) fn read(
        institution: &Institution,
        client: &Client,
        back: Return,
        asks: &Parameters,
    ) -> Result<Self, OAuthError> {
        if asks.get("response_type") != Some("code") {
            return Err(OAuthError { code: "unsupported_response_type", description: "only code is supported" });
        }
        if asks.get("code_challenge_method") != Some("S256") {
            return Err(OAuthError::invalid_request("the code_challenge_method must be S256"));
        }
        let challenge = asks.need("code_challenge", "the code_challenge is missing")?;
        let is_base64url = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
        if challenge.len() != 43 || !challenge.bytes().all(is_base64url) {
            return Err(OAuthError::invalid_request("the code_challenge is no SHA-256 in base64url"));
        }
        Ok(Self {
            bank: institution.bank.id.clone(),
            client_id: client.id.clone(),
            redirect_uri: back.redirect_uri,
            state: back.state,
            scopes: scopes(institution.supports, asks.get("scope"))?,
            challenge: challenge.to_owned(),
            signs_in_again: asks.get("prompt") == Some("login"),
            hint: asks.get("login_hint").map(str::to_owned),
        })
    }

    /// Where its answer goes.
    pub(super) fn back(&self) -> Return {
        Return { redirect_uri: self.redirect_uri.clone(), state: self.state.clone() }
    }
}

/// What a bank can be asked for.
pub(super) fn scopes_of(supports: Supports) -> Vec<DataClass> {
    let told = [
        (DataClass::Accounts, true),
        (DataClass::Balances, supports.balance),
        (DataClass::Transactions, supports.transactions),
    ];
    told.into_iter().filter_map(|(class, told)| told.then_some(class)).collect()
}

/// The scopes that a request is about: without any, all. What the bank does not tell is left out, as a bank may; a word
/// that means nothing is refused.
fn scopes(supports: Supports, asked: Option<&str>) -> Result<Vec<DataClass>, OAuthError> {
    let all = scopes_of(supports);
    let Some(asked) = asked else { return Ok(all) };
    let words = asked.split(' ').filter(|word| !word.is_empty()).map(DataClass::parse);
    let unknown =
        OAuthError { code: "invalid_scope", description: "the scope has a word that this bank does not know" };
    let asked: Vec<DataClass> = words.collect::<Option<_>>().ok_or(unknown)?;
    // Which accounts there are belongs to every consent.
    Ok(all.into_iter().filter(|class| *class == DataClass::Accounts || asked.contains(class)).collect())
}

/// The scopes as a client is told them.
pub(super) fn words(scopes: &[DataClass]) -> String {
    scopes.iter().map(|class| class.word()).collect::<Vec<_>>().join(" ")
}

/// The client that a person was sent by.
pub(super) fn sender<'a>(grants: &'a Grants, asks: &Parameters) -> Result<&'a Client, OAuthError> {
    let id = asks.need("client_id", "the client_id is missing")?;
    grants.client(id).ok_or(OAuthError::invalid_request("the client_id is not registered"))
}
