//! The banks as OAuth 2.0 authorization servers: what clients call. What people see is in `authorize.rs`.
//!
//! Sources: RFC 6749 (code and refresh), RFC 7636 (PKCE, S256 only), RFC 8414 (metadata), RFC 9126 (pushed requests),
//! RFC 9207 (`iss`), RFC 7009 (revocation). The issuer of a bank is its address: `http://127.0.0.1:8088/banks/northgate/oauth`.

use std::sync::Arc;

use axum::extract::rejection::FormRejection;
use axum::extract::{DefaultBodyLimit, Form, Path, State};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router, middleware};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::header::{AUTHORIZATION, CACHE_CONTROL};
use http::{HeaderMap, HeaderValue, StatusCode, Uri};
use serde_json::json;

use super::asked::{Asked, OAuthError, Parameters, Return, scopes_of, words};
use super::authorize;
use super::grants::{ACCESS_LIVES, Client, Grant, Pair, REQUEST_LIVES};
use super::{gateway_page, outage, retry_after};
use crate::domain::bank::BankId;
use crate::sandbox::Sandbox;
use crate::sandbox::address::{origin, pairs};
use crate::sandbox::switch::Outage;
use crate::sandbox::world::Institution;

/// What a pushed request is called by (RFC 9126, section 2.2).
pub(super) const REQUEST_URI: &str = "urn:ietf:params:oauth:request_uri:";

/// Largest body of a request.
const BODY_MAX: usize = 16 * 1024;

pub(super) fn router() -> Router<Arc<Sandbox>> {
    Router::new()
        // Where RFC 8414 puts it for an issuer with a path, and where many look.
        .route("/.well-known/oauth-authorization-server/banks/{bank}/oauth", get(metadata))
        .route("/banks/{bank}/oauth/.well-known/oauth-authorization-server", get(metadata))
        .route("/banks/{bank}/oauth/par", post(push))
        .route("/banks/{bank}/oauth/token", post(token))
        .route("/banks/{bank}/oauth/revoke", post(revoke))
        .layer(middleware::map_response(async |mut response: Response| {
            response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
            response
        }))
        .merge(authorize::router())
        .layer(DefaultBodyLimit::max(BODY_MAX))
}

/// Why a call to an endpoint was not answered.
pub(super) enum Refused {
    UnknownBank,
    Down,
    RateLimited(i64),
    Protocol(OAuthError),
}

impl From<OAuthError> for Refused {
    fn from(error: OAuthError) -> Self {
        Self::Protocol(error)
    }
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        match self {
            Self::UnknownBank => (StatusCode::NOT_FOUND, "no such bank").into_response(),
            Self::Down => gateway_page(),
            Self::RateLimited(seconds) => {
                let body = json!({"error": "temporarily_unavailable", "error_description": "too many requests"});
                retry_after((StatusCode::TOO_MANY_REQUESTS, Json(body)).into_response(), seconds)
            }
            Self::Protocol(error) => error.into_response(),
        }
    }
}

/// One bank's login, seen from one request.
pub(super) struct Login<'a> {
    pub(super) sandbox: &'a Sandbox,
    pub(super) institution: &'a Institution,
    pub(super) issuer: String,
    /// The consents that were given up to here are said to have ended.
    ended_up_to: Option<jiff::Timestamp>,
}

impl<'a> Login<'a> {
    /// Passes the bank's switches: its login is down, slow or shut when its data is.
    pub(super) async fn open(
        sandbox: &'a Sandbox,
        bank: &str,
        uri: &Uri,
        headers: &HeaderMap,
    ) -> Result<Self, Refused> {
        let institution = sandbox.world().institution(&BankId::new(bank)).ok_or(Refused::UnknownBank)?;
        let id = &institution.bank.id;
        let ended_up_to = match outage(sandbox, id).await {
            None => None,
            Some(Outage::ConsentExpired { since }) => Some(since),
            Some(Outage::Down) => return Err(Refused::Down),
            Some(Outage::Killed) => return Err(OAuthError::SHUT_OUT.into()),
            Some(Outage::RateLimited { until }) => {
                return Err(Refused::RateLimited(until.duration_since(sandbox.clock().now()).as_secs().max(1)));
            }
        };
        let issuer = format!("{}/banks/{id}/oauth", origin(uri, headers));
        Ok(Self { sandbox, institution, issuer, ended_up_to })
    }

    fn bank(&self) -> &BankId {
        &self.institution.bank.id
    }

    fn push(&self, client: &Client, asks: &Parameters) -> Result<Response, OAuthError> {
        if asks.get("request_uri").is_some() {
            return Err(OAuthError::invalid_request("a pushed request cannot stand for another one"));
        }
        if asks.get("client_id").is_some_and(|id| id != client.id) {
            return Err(OAuthError::invalid_request("the client_id is another client's"));
        }
        let asked = Asked::read(self.institution, client, Return::read(client, asks)?, asks)?;
        let handle = self.sandbox.state().grants.keep(asked, self.sandbox.clock().now());
        let body = json!({"request_uri": format!("{REQUEST_URI}{handle}"), "expires_in": REQUEST_LIVES.as_secs()});
        Ok((StatusCode::CREATED, Json(body)).into_response())
    }

    fn token(&self, client: &Client, asks: &Parameters) -> Result<Response, OAuthError> {
        let (whose, now) = ((self.bank(), client.id.as_str()), self.sandbox.clock().now());
        let pair = match asks.need("grant_type", "the grant_type is missing")? {
            "authorization_code" => {
                let code = asks.need("code", "the code is missing")?;
                let redirect_uri = asks.need("redirect_uri", "the redirect_uri is missing")?;
                let verifier = asks.need("code_verifier", "the code_verifier is missing")?;
                self.sandbox.state().grants.redeem(whose, code, redirect_uri, verifier, now)?
            }
            "refresh_token" => {
                let token = asks.need("refresh_token", "the refresh_token is missing")?;
                let mut state = self.sandbox.state();
                if state.grants.behind_any(whose.0, token).is_some_and(|grant| self.is_ended(grant)) {
                    return Err(OAuthError::invalid_grant("the consent has ended"));
                }
                state.grants.refresh(whose, token, now)?
            }
            _ => {
                let description = "only authorization_code and refresh_token are supported";
                return Err(OAuthError { code: "unsupported_grant_type", description });
            }
        };
        Ok(Json(self.granted(&pair)).into_response())
    }

    fn is_ended(&self, grant: &Grant) -> bool {
        self.ended_up_to.is_some_and(|since| grant.since <= since)
    }

    fn granted(&self, Pair { access, refresh, grant }: &Pair) -> serde_json::Value {
        json!({
            "access_token": access,
            "token_type": "Bearer",
            "expires_in": ACCESS_LIVES.as_secs(),
            "refresh_token": refresh,
            "scope": words(&grant.scopes),
            "consent_id": grant.id,
            "consent_expires_at": grant.ends.strftime("%Y-%m-%dT%H:%M:%S%:z").to_string(),
            "sub": self.sandbox.customer(&grant.person, self.bank()),
        })
    }

    /// Ends the consent behind a token: one that opens nothing must not be renewed either (RFC 7009, section 2.1,
    /// leaves that to the bank). A token that is unknown is revoked already.
    fn revoke(&self, client: &Client, asks: &Parameters) -> Result<Response, OAuthError> {
        let token = asks.need("token", "the token is missing")?;
        let standing = self.sandbox.bearer(self.bank(), token).cloned();
        if let Some(person) = standing {
            self.sandbox.revoke(&person, self.bank());
        }
        let mut state = self.sandbox.state();
        if let Some(grant) = state.grants.behind_any(self.bank(), token) {
            if grant.client != client.id {
                return Err(OAuthError { code: "unauthorized_client", description: "the token is another client's" });
            }
            let id = grant.id.clone();
            state.grants.end(&id);
        }
        Ok(StatusCode::OK.into_response())
    }
}

async fn metadata(
    State(sandbox): State<Arc<Sandbox>>,
    Path(bank): Path<String>,
    uri: Uri,
    headers: HeaderMap,
) -> Response {
    let login = match Login::open(&sandbox, &bank, &uri, &headers).await {
        Ok(login) => login,
        Err(refused) => return refused.into_response(),
    };
    let issuer = &login.issuer;
    Json(json!({
        "issuer": issuer,
        "authorization_endpoint": format!("{issuer}/authorize"),
        "token_endpoint": format!("{issuer}/token"),
        "pushed_authorization_request_endpoint": format!("{issuer}/par"),
        "revocation_endpoint": format!("{issuer}/revoke"),
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "grant_types_supported": ["authorization_code", "refresh_token"],
        "code_challenge_methods_supported": ["S256"],
        "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
        "revocation_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
        "scopes_supported": scopes_of(login.institution.supports),
        "prompt_values_supported": ["login"],
        "authorization_response_iss_parameter_supported": true,
    }))
    .into_response()
}

/// A form, as far as it could be read.
type Sent = Result<Form<Vec<(String, String)>>, FormRejection>;

/// A call of a client: who it is, and what it asks.
fn called_by(sandbox: &Sandbox, headers: &HeaderMap, form: Sent) -> Result<(Client, Parameters), OAuthError> {
    let Form(form) = form.map_err(|_| OAuthError::invalid_request("the body must be a form of at most 16 KiB"))?;
    let asks = Parameters::read(form)?;
    let client = authenticated(sandbox, headers, &asks)?;
    Ok((client, asks))
}

/// The client that a call's credentials name: in the header or in the form, not in both (RFC 6749, section 2.3).
fn authenticated(sandbox: &Sandbox, headers: &HeaderMap, asks: &Parameters) -> Result<Client, OAuthError> {
    let (id, secret) = match (basic(headers), asks.get("client_secret")) {
        (Some(_), Some(_)) => return Err(OAuthError::invalid_request("the client proves itself in two ways")),
        (Some(basic), None) => basic,
        (None, Some(secret)) => (asks.get("client_id").unwrap_or_default().to_owned(), secret.to_owned()),
        (None, None) => return Err(OAuthError::INVALID_CLIENT),
    };
    sandbox.state().grants.authenticate(&id, &secret)
}

/// Id and secret of a `Basic` header; each is form-encoded inside (RFC 6749, section 2.3.1).
fn basic(headers: &HeaderMap) -> Option<(String, String)> {
    let encoded = headers.get(AUTHORIZATION)?.to_str().ok()?.strip_prefix("Basic ")?;
    let joined = String::from_utf8(STANDARD.decode(encoded).ok()?).ok()?;
    let (id, secret) = joined.split_once(':')?;
    let decoded = |text: &str| Some(pairs(&format!("it={text}")).into_iter().next()?.1);
    Some((decoded(id)?, decoded(secret)?))
}

/// The client of a call that carries its credentials in the header.
pub(super) fn client_of(sandbox: &Sandbox, headers: &HeaderMap) -> Option<Client> {
    let (id, secret) = basic(headers)?;
    sandbox.state().grants.authenticate(&id, &secret).ok()
}

async fn push(
    State(sandbox): State<Arc<Sandbox>>,
    Path(bank): Path<String>,
    uri: Uri,
    headers: HeaderMap,
    form: Sent,
) -> Result<Response, Refused> {
    let login = Login::open(&sandbox, &bank, &uri, &headers).await?;
    let (client, asks) = called_by(&sandbox, &headers, form)?;
    Ok(login.push(&client, &asks)?)
}

async fn token(
    State(sandbox): State<Arc<Sandbox>>,
    Path(bank): Path<String>,
    uri: Uri,
    headers: HeaderMap,
    form: Sent,
) -> Result<Response, Refused> {
    let login = Login::open(&sandbox, &bank, &uri, &headers).await?;
    let (client, asks) = called_by(&sandbox, &headers, form)?;
    Ok(login.token(&client, &asks)?)
}

async fn revoke(
    State(sandbox): State<Arc<Sandbox>>,
    Path(bank): Path<String>,
    uri: Uri,
    headers: HeaderMap,
    form: Sent,
) -> Result<Response, Refused> {
    let login = Login::open(&sandbox, &bank, &uri, &headers).await?;
    let (client, asks) = called_by(&sandbox, &headers, form)?;
    Ok(login.revoke(&client, &asks)?)
}
