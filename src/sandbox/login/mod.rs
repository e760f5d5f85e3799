//! The banks' logins: each sandbox bank is an OAuth 2.0 authorization server at `/banks/{bank}/oauth/…`, with pushed requests
//! (RFC 9126), PKCE S256 only (RFC 7636), `iss` in the answer (RFC 9207), rotating refresh tokens and revocation
//! (RFC 7009). There are no passwords: one signs in by choosing who one is.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use askama::Template;
use axum::extract::{Form, Path, Query, State};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::Sandbox;
use super::world::{Institution, Person, PersonId};
use crate::clock::later;
use crate::domain::bank::BankId;
use crate::domain::purpose::DataClass;
use crate::privacy::random;

/// The one client that the banks of the sandbox know, and what proves that it is it.
pub const CLIENT: (&str, &str) = ("balancebot", "sandbox");

const CSS: &str = include_str!("bank.css");
/// How long a request waits for somebody to sign in, and a code for being redeemed (FAPI 2.0, section 5.3.2).
const REQUEST_FOR: Duration = Duration::from_secs(600);
const CODE_FOR: Duration = Duration::from_secs(60);
/// How long an access token is taken.
const TOKEN_SECONDS: u32 = 1800;
/// What a request may hold, in bytes.
const FIELD_MAX: usize = 2048;

/// What the banks' logins have given out.
#[derive(Debug, Default)]
pub(super) struct Book {
    requests: BTreeMap<String, (BankId, Request, Timestamp)>,
    codes: BTreeMap<String, Code>,
    tokens: BTreeMap<String, Token>,
    refreshes: BTreeMap<String, Holder>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Holder {
    bank: BankId,
    person: PersonId,
    /// The sign-in that it came from: what is taken back is taken back for that one.
    sign_in: String,
}

#[derive(Debug)]
struct Code {
    holder: Holder,
    redirect_uri: String,
    challenge: String,
    expires: Timestamp,
}

#[derive(Debug)]
struct Token {
    holder: Holder,
    expires: Timestamp,
}

/// A request to sign in.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
struct Request {
    response_type: String,
    client_id: String,
    redirect_uri: String,
    scope: String,
    state: String,
    code_challenge: String,
    code_challenge_method: String,
    request_uri: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct SignedIn {
    person: String,
    request: String,
    answer: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct TokenRequest {
    grant_type: String,
    code: String,
    redirect_uri: String,
    code_verifier: String,
    refresh_token: String,
    token: String,
}

#[derive(Template)]
#[template(path = "sign_in.html")]
struct SignIn<'a> {
    bank: &'a str,
    people: Vec<&'a Person>,
    client: &'a str,
    scope: &'a str,
    request: &'a str,
}

impl Request {
    /// What is wrong with it.
    fn fault(&self) -> Option<&'static str> {
        let fields = [&self.redirect_uri, &self.scope, &self.state, &self.code_challenge];
        if fields.iter().any(|field| field.len() > FIELD_MAX) {
            return Some("a parameter is too long");
        }
        if self.response_type != "code" {
            return Some("response_type must be code");
        }
        if self.code_challenge_method != "S256" || self.code_challenge.len() != 43 {
            return Some("PKCE with S256 is required");
        }
        // Whoever runs the sandbox is on this machine, and so are those it sends people back to.
        let local = ["http://127.0.0.1:", "http://localhost:"].iter().any(|host| self.redirect_uri.starts_with(host));
        (!local).then_some("redirect_uri is not registered")
    }
}

/// The routes of all banks' logins.
pub(super) fn router() -> Router<Arc<Sandbox>> {
    Router::new()
        .route("/banks/{bank}/oauth/.well-known/oauth-authorization-server", get(metadata))
        .route("/banks/{bank}/oauth/par", post(push))
        .route("/banks/{bank}/oauth/authorize", get(sign_in).post(signed_in))
        .route("/banks/{bank}/oauth/token", post(token))
        .route("/banks/{bank}/oauth/revoke", post(revoke))
        .route("/sandbox/bank.css", get(|| async { ([(header::CONTENT_TYPE, "text/css; charset=utf-8")], CSS) }))
}

fn issuer(headers: &HeaderMap, bank: &BankId) -> String {
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or("127.0.0.1:1");
    format!("http://{host}/banks/{bank}/oauth")
}

/// RFC 8414.
async fn metadata(State(sandbox): State<Arc<Sandbox>>, Path(bank): Path<BankId>, headers: HeaderMap) -> Response {
    if sandbox.world().institution(&bank).is_none() {
        return StatusCode::NOT_FOUND.into_response();
    }
    let issuer = issuer(&headers, &bank);
    let told: Value = json!({
        "issuer": issuer,
        "authorization_endpoint": format!("{issuer}/authorize"),
        "token_endpoint": format!("{issuer}/token"),
        "pushed_authorization_request_endpoint": format!("{issuer}/par"),
        "revocation_endpoint": format!("{issuer}/revoke"),
        "response_types_supported": ["code"],
        "grant_types_supported": ["authorization_code", "refresh_token"],
        "code_challenge_methods_supported": ["S256"],
        "token_endpoint_auth_methods_supported": ["client_secret_basic"],
        "authorization_response_iss_parameter_supported": true,
        "scopes_supported": ["accounts", "balances", "transactions"],
    });
    Json(told).into_response()
}

async fn push(
    State(sandbox): State<Arc<Sandbox>>,
    Path(bank): Path<BankId>,
    headers: HeaderMap,
    Form(request): Form<Request>,
) -> Response {
    if sandbox.world().institution(&bank).is_none() {
        return StatusCode::NOT_FOUND.into_response();
    }
    if !is_client(&headers) {
        return refuse("invalid_client");
    }
    match request.fault() {
        Some(_) => refuse("invalid_request"),
        None => {
            let request_uri = sandbox.keep_request(&bank, request);
            let told = json!({"request_uri": request_uri, "expires_in": REQUEST_FOR.as_secs()});
            (StatusCode::CREATED, Json(told)).into_response()
        }
    }
}

async fn sign_in(
    State(sandbox): State<Arc<Sandbox>>,
    Path(bank): Path<BankId>,
    Query(asked): Query<Request>,
) -> Response {
    let Some(institution) = sandbox.world().institution(&bank) else { return StatusCode::NOT_FOUND.into_response() };
    if asked.client_id != CLIENT.0 {
        return plain("unknown client");
    }
    let request_uri = match (asked.request_uri.is_empty(), asked.fault()) {
        (false, _) => asked.request_uri.clone(),
        (true, None) => sandbox.keep_request(&bank, asked),
        (true, Some(fault)) => return plain(fault),
    };
    let Some(request) = sandbox.request(&bank, &request_uri) else { return plain("unknown or expired request") };
    let page = SignIn {
        bank: &institution.bank.name,
        people: sandbox.customers(institution),
        client: CLIENT.0,
        scope: &request.scope,
        request: &request_uri,
    };
    let Ok(html) = page.render() else { return StatusCode::INTERNAL_SERVER_ERROR.into_response() };
    let policy = "default-src 'none'; style-src 'self'; base-uri 'none'; frame-ancestors 'none'";
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8")),
        (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(policy)),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
    ];
    (headers, html).into_response()
}

async fn signed_in(
    State(sandbox): State<Arc<Sandbox>>,
    Path(bank): Path<BankId>,
    headers: HeaderMap,
    Form(signed_in): Form<SignedIn>,
) -> Response {
    let Some(institution) = sandbox.world().institution(&bank) else { return StatusCode::NOT_FOUND.into_response() };
    let Some(request) = sandbox.request(&bank, &signed_in.request) else { return plain("unknown or expired request") };
    let issuer = form_text(&issuer(&headers, &bank));
    let state = form_text(&request.state);
    let person = sandbox.customers(institution).into_iter().find(|person| person.id.as_str() == signed_in.person);
    let outcome = match person {
        Some(person) if signed_in.answer == "allow" => {
            let holder = Holder { bank: bank.clone(), person: person.id.clone(), sign_in: random::id() };
            format!("code={}", sandbox.give_code(holder, &request))
        }
        None if signed_in.answer == "allow" => return plain("choose who you are"),
        _ => "error=access_denied".to_owned(),
    };
    sandbox.state().logins.requests.remove(&signed_in.request);
    let joint = if request.redirect_uri.contains('?') { '&' } else { '?' };
    let to = format!("{}{joint}{outcome}&state={state}&iss={issuer}", request.redirect_uri);
    (StatusCode::SEE_OTHER, [(header::LOCATION, to)]).into_response()
}

async fn token(
    State(sandbox): State<Arc<Sandbox>>,
    Path(bank): Path<BankId>,
    headers: HeaderMap,
    Form(asked): Form<TokenRequest>,
) -> Response {
    if !is_client(&headers) {
        return refuse("invalid_client");
    }
    let holder = match asked.grant_type.as_str() {
        "authorization_code" => sandbox.redeem(&bank, &asked),
        "refresh_token" => {
            let mut state = sandbox.state();
            state.logins.refreshes.remove(&asked.refresh_token).filter(|holder| holder.bank == bank)
        }
        _ => return refuse("unsupported_grant_type"),
    };
    let Some(holder) = holder else { return refuse("invalid_grant") };
    let consent = match asked.grant_type.as_str() {
        "authorization_code" => Some(sandbox.grant(&holder.person, &bank)),
        _ => sandbox.consent(&holder.person, &bank),
    };
    let Some(consent) = consent else { return refuse("invalid_grant") };
    let (access, refresh) = sandbox.give_tokens(&holder);
    let scopes: Vec<&str> = consent.scopes.iter().map(|class: &DataClass| class.word()).collect();
    let told = json!({
        "access_token": access,
        "token_type": "Bearer",
        "expires_in": TOKEN_SECONDS,
        "refresh_token": refresh,
        "scope": format!("accounts {}", scopes.join(" ")),
        "consent_id": format!("consent-{}-{bank}", holder.person),
        "consent_expires_at": consent.until.to_string(),
        "sub": holder.person.as_str(),
    });
    ([(header::CACHE_CONTROL, HeaderValue::from_static("no-store"))], Json(told)).into_response()
}

async fn revoke(
    State(sandbox): State<Arc<Sandbox>>,
    Path(bank): Path<BankId>,
    headers: HeaderMap,
    Form(asked): Form<TokenRequest>,
) -> Response {
    if !is_client(&headers) {
        return refuse("invalid_client");
    }
    sandbox.take_back(&bank, &asked.token);
    StatusCode::OK.into_response()
}

/// Whether the call is the client's own (`client_secret_basic`).
fn is_client(headers: &HeaderMap) -> bool {
    let basic = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok()?.strip_prefix("Basic "));
    let pair = basic.and_then(|basic| String::from_utf8(STANDARD.decode(basic).ok()?).ok());
    pair.is_some_and(|pair| pair == format!("{}:{}", CLIENT.0, CLIENT.1))
}

fn refuse(error: &'static str) -> Response {
    let status = if error == "invalid_client" { StatusCode::UNAUTHORIZED } else { StatusCode::BAD_REQUEST };
    (status, Json(json!({"error": error}))).into_response()
}

fn plain(text: &'static str) -> Response {
    (StatusCode::BAD_REQUEST, text).into_response()
}

fn form_text(text: &str) -> String {
    let byte = |byte: u8| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => char::from(byte).to_string(),
        other => format!("%{other:02X}"),
    };
    text.bytes().map(byte).collect()
}

impl Sandbox {
    /// Who has accounts at a bank.
    fn customers(&self, institution: &Institution) -> Vec<&Person> {
        let people = self.world().people.iter();
        people.filter(|person| !self.accounts(&person.id, &institution.bank.id).is_empty()).collect()
    }

    fn keep_request(&self, bank: &BankId, request: Request) -> String {
        let expires = later(self.clock().now(), REQUEST_FOR);
        let request_uri = format!("urn:ietf:params:oauth:request_uri:{}", random::id());
        self.state().logins.requests.insert(request_uri.clone(), (bank.clone(), request, expires));
        request_uri
    }

    fn request(&self, bank: &BankId, request_uri: &str) -> Option<Request> {
        let now = self.clock().now();
        let state = self.state();
        let (of, request, expires) = state.logins.requests.get(request_uri)?;
        (of == bank && now < *expires).then(|| request.clone())
    }

    fn give_code(&self, holder: Holder, request: &Request) -> String {
        let code = random::id();
        let given = Code {
            holder,
            redirect_uri: request.redirect_uri.clone(),
            challenge: request.code_challenge.clone(),
            expires: later(self.clock().now(), CODE_FOR),
        };
        self.state().logins.codes.insert(code.clone(), given);
        code
    }

    /// Redeems a code, once.
    fn redeem(&self, bank: &BankId, asked: &TokenRequest) -> Option<Holder> {
        let now = self.clock().now();
        let code = self.state().logins.codes.remove(&asked.code)?;
        let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(&asked.code_verifier));
        let fits = code.holder.bank == *bank && code.redirect_uri == asked.redirect_uri && code.challenge == challenge;
        (fits && now < code.expires).then_some(code.holder)
    }

    fn give_tokens(&self, holder: &Holder) -> (String, String) {
        let (access, refresh) = (format!("sandbox-at-{}", random::id()), format!("sandbox-rt-{}", random::id()));
        let expires = later(self.clock().now(), Duration::from_secs(u64::from(TOKEN_SECONDS)));
        let mut state = self.state();
        state.logins.tokens.insert(access.clone(), Token { holder: holder.clone(), expires });
        state.logins.refreshes.insert(refresh.clone(), holder.clone());
        (access, refresh)
    }

    /// Whose access token this is.
    pub(super) fn bearer_of_login(&self, bank: &BankId, token: &str) -> Option<PersonId> {
        let now = self.clock().now();
        let state = self.state();
        let found = state.logins.tokens.get(token)?;
        (found.holder.bank == *bank && now < found.expires).then(|| found.holder.person.clone())
    }

    /// A token is taken back, and what came from the same sign-in.
    fn take_back(&self, bank: &BankId, token: &str) {
        let mut state = self.state();
        let holder = match state.logins.refreshes.remove(token) {
            Some(holder) => Some(holder),
            None => state.logins.tokens.remove(token).map(|token| token.holder),
        };
        let Some(holder) = holder.filter(|holder| holder.bank == *bank) else { return };
        state.logins.tokens.retain(|_, token| token.holder != holder);
        state.logins.refreshes.retain(|_, other| *other != holder);
    }
}
