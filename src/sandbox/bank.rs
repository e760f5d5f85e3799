//! The banks' front door: their login, their data, their switches. Every call for data passes one gate, in this order:
//! the shape of the address, the token, the log of calls, the switches, the consent, the account. What is left is
//! written by the dialect.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::{Path, Query, Request, State};
use axum::response::{IntoResponse, Response};
use axum::routing::{any, get, post};
use bytes::Bytes;
use http::header::{AUTHORIZATION, RETRY_AFTER};
use http::{HeaderMap, HeaderName, Method, StatusCode, Uri};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};
use serde_json::Value;

use self::grants::Grant;
use super::address::origin;
use super::ledger::{ShownRow, shown_rows};
use super::switch::{Outage, Switch};
use super::world::{Institution, LedgerAccount, PersonId, Supports};
use super::{Call, Sandbox, bank_fdx, bank_obuk};
use crate::domain::{account::AccountId, bank::BankId, purpose::DataClass};

mod asked;
mod authorize;
mod grants;
mod oauth;

pub use grants::Client;
pub(super) use grants::Grants;

/// Rows of one page, and the most that a caller gets at a time: few, so that paging is always walked.
pub const PAGE_ROWS: usize = 10;

/// What RFC 6750 has a bank say of a token that has expired.
pub(super) const TOKEN_EXPIRED: &str = "Bearer error=\"invalid_token\", error_description=\"The token has expired\"";

/// FAPI's id of one interaction; a bank echoes it.
const INTERACTION_ID: HeaderName = HeaderName::from_static("x-fapi-interaction-id");

/// The routes of every bank in every shape, and of their switches. To be served on loopback only.
///
/// - `GET /banks/{bank}/{dialect}/{version}/…`: see [`Shape`] for dialects and versions
/// - `PUT …/consents/{id}/revocation` (FDX) and `DELETE …/account-access-consents/{id}` (OBUK) end a consent
/// - `/banks/{bank}/oauth/…`: the bank's login, described at `/banks/{bank}/oauth/.well-known/oauth-authorization-server`
/// - `GET /sandbox/banks`: `[{"id", "name", "switch": "slow 9s"}]`
/// - `POST /sandbox/bank/{bank}` with a [`Switch`] as JSON
pub fn router(sandbox: Arc<Sandbox>) -> Router {
    Router::new()
        .route("/banks/{bank}/{dialect}/{version}/{*rest}", any(serve))
        .merge(oauth::router())
        .route("/sandbox/banks", get(banks))
        .route("/sandbox/bank/{bank}", post(set_switch))
        .with_state(sandbox)
}

/// A dialect in one of its versions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// FDX 6: accounts and rows are plain objects.
    FdxFlat,
    /// FDX 4.6 to 5: each is wrapped in an object that names its category.
    FdxWrapped,
    /// Open Banking UK 4.0: short ISO 20022 codes.
    ObukShort,
    /// Open Banking UK 3.1: long names.
    ObukLong,
}

impl Shape {
    /// Every shape.
    pub const ALL: [Self; 4] = [Self::FdxFlat, Self::FdxWrapped, Self::ObukShort, Self::ObukLong];

    /// The newest shape of a dialect, `fdx` or `obuk`.
    pub fn newest(dialect: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|shape| shape.segments().0 == dialect)
    }

    /// The path under which a bank speaks it: `/banks/northgate/fdx/v6`.
    pub fn base_path(self, bank: &BankId) -> String {
        let (dialect, version) = self.segments();
        format!("/banks/{bank}/{dialect}/{version}")
    }

    fn segments(self) -> (&'static str, &'static str) {
        match self {
            Self::FdxFlat => ("fdx", "v6"),
            Self::FdxWrapped => ("fdx", "v5"),
            Self::ObukShort => ("obuk", "v4.0"),
            Self::ObukLong => ("obuk", "v3.1"),
        }
    }

    fn is_fdx(self) -> bool {
        matches!(self, Self::FdxFlat | Self::FdxWrapped)
    }

    /// What an address below the base path asks for.
    fn resource(self, rest: &str) -> Option<Resource> {
        let account = |id: &str| AccountId::new(id);
        match *rest.split('/').collect::<Vec<_>>().as_slice() {
            ["accounts"] => Some(Resource::Accounts),
            ["accounts", id] => Some(Resource::Account(account(id))),
            ["accounts", id, "balances"] if !self.is_fdx() => Some(Resource::Balances(account(id))),
            ["accounts", id, "transactions"] => Some(Resource::Transactions(account(id))),
            ["offers"] => Some(Resource::Offers),
            _ => None,
        }
    }

    /// The consent that a call takes back, as each dialect has it.
    fn consent_to_end(self, method: &Method, rest: &str) -> Option<String> {
        match (method.as_str(), self.is_fdx(), rest.split('/').collect::<Vec<_>>().as_slice()) {
            ("PUT", true, ["consents", id, "revocation"]) => Some((*id).to_owned()),
            ("DELETE", false, ["account-access-consents", id]) => Some((*id).to_owned()),
            _ => None,
        }
    }

    fn refuse(self, refusal: &Refusal) -> Response {
        if self.is_fdx() { bank_fdx::refuse(refusal) } else { bank_obuk::refuse(self, refusal) }
    }
}

/// What a call asks for.
enum Resource {
    Accounts,
    Account(AccountId),
    Balances(AccountId),
    Transactions(AccountId),
    Offers,
}

impl Resource {
    /// Its name in the log of calls.
    fn name(&self) -> &'static str {
        match self {
            Self::Accounts => "accounts",
            Self::Account(_) => "account",
            Self::Balances(_) => "balances",
            Self::Transactions(_) => "transactions",
            Self::Offers => "offers",
        }
    }

    fn account(&self) -> Option<&AccountId> {
        match self {
            Self::Accounts | Self::Offers => None,
            Self::Account(id) | Self::Balances(id) | Self::Transactions(id) => Some(id),
        }
    }

    /// The class of data that the consent must cover, and whether the bank can tell it at all.
    fn needs(&self, shape: Shape, supports: Supports) -> (DataClass, bool) {
        match self {
            // FDX keeps the balances in the account's own resource.
            Self::Account(_) if shape.is_fdx() => (DataClass::Balances, supports.balance),
            // The banks of a world leave offers to whoever holds a consent; who shows them asks the person.
            Self::Accounts | Self::Account(_) | Self::Offers => (DataClass::Accounts, true),
            Self::Balances(_) => (DataClass::Balances, supports.balance),
            Self::Transactions(_) => (DataClass::Transactions, supports.transactions),
        }
    }
}

/// Why a call gets no data. Each dialect says it in its own way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Refusal {
    /// No token, or one that is not of this bank.
    Unauthorized,
    /// The token is of yesterday; the consent stands.
    TokenExpired,
    /// The consent has ended or was taken back.
    ConsentEnded,
    /// The consent does not cover this.
    NotCovered,
    /// We are shut out.
    Killed,
    /// The account is unknown, or another person's.
    UnknownAccount,
    /// The consent is unknown, or another client's.
    UnknownConsent,
    /// There is no such resource.
    UnknownResource,
    /// The request makes no sense; says which parameter.
    BadRequest(&'static str),
    /// The bank does not tell this.
    NotSupported,
    /// Too many calls; says after how many seconds to come back.
    RateLimited(i64),
    /// A gateway answers in place of the bank.
    Down,
}

/// Whose data a call may see.
enum Bearer {
    /// A person's, by the token of a consent that the world begins with or a script gave.
    Standing(PersonId),
    /// A person's, by a token of the bank's login.
    Granted {
        /// What the person allowed.
        grant: Grant,
        /// Whether the token has not expired yet.
        is_live: bool,
    },
}

impl Bearer {
    fn person(&self) -> &PersonId {
        match self {
            Self::Standing(person) => person,
            Self::Granted { grant, .. } => &grant.person,
        }
    }

    fn into_grant(self) -> Option<Grant> {
        match self {
            Self::Standing(_) => None,
            Self::Granted { grant, .. } => Some(grant),
        }
    }

    /// Whether the consent was given after a moment.
    fn is_newer(&self, moment: Timestamp) -> bool {
        matches!(self, Self::Granted { grant, .. } if grant.since > moment)
    }
}

/// How a bank refuses everything at present. Waits while it is slow.
async fn outage(sandbox: &Sandbox, bank: &BankId) -> Option<Outage> {
    if let Some(delay) = sandbox.condition(bank).delay {
        sandbox.clock().sleep(delay).await;
    }
    let now = sandbox.clock().now();
    sandbox.condition(bank).outage(now)
}

/// One account as a bank shows it to its holder at one moment.
pub(super) struct Shown {
    /// The account as it is now.
    pub(super) account: LedgerAccount,
    /// What the bank can tell.
    pub(super) supports: Supports,
    /// When the figures were true, in the holder's zone.
    pub(super) as_of: Zoned,
    /// The first day of the bank's history.
    pub(super) history_from: Date,
    today: Date,
}

impl Shown {
    /// The rows, newest first.
    pub(super) fn rows(&self) -> Vec<ShownRow> {
        shown_rows(&self.account, self.supports, self.zone(), self.history_from, self.today)
    }

    /// The holder's zone.
    pub(super) fn zone(&self) -> &TimeZone {
        self.as_of.time_zone()
    }
}

/// One call for data on its way through the gate.
struct Visit<'a> {
    sandbox: &'a Sandbox,
    institution: &'a Institution,
    shape: Shape,
    uri: &'a Uri,
    headers: &'a HeaderMap,
}

async fn serve(
    State(sandbox): State<Arc<Sandbox>>,
    Path((bank, dialect, version, rest)): Path<(String, String, String, String)>,
    request: Request,
) -> Response {
    let shape = Shape::ALL.into_iter().find(|shape| shape.segments() == (dialect.as_str(), version.as_str()));
    let institution = sandbox.world().institution(&BankId::new(bank));
    let (Some(shape), Some(institution)) = (shape, institution) else {
        return (StatusCode::NOT_FOUND, "no such bank, dialect or version").into_response();
    };
    let visit = Visit { sandbox: &sandbox, institution, shape, uri: request.uri(), headers: request.headers() };
    let mut response = match visit.answer(&rest, request.method()).await {
        Ok(answer) => answer,
        Err(refusal) => shape.refuse(&refusal),
    };
    if let Some(id) = request.headers().get(INTERACTION_ID) {
        response.headers_mut().insert(INTERACTION_ID, id.clone());
    }
    response
}

impl Visit<'_> {
    async fn answer(&self, rest: &str, method: &Method) -> Result<Response, Refusal> {
        if let Some(id) = self.shape.consent_to_end(method, rest) {
            return self.end_consent(&id).await;
        }
        let resource = self.shape.resource(rest).filter(|_| method == Method::GET).ok_or(Refusal::UnknownResource)?;
        let bearer = self.bearer().ok_or(Refusal::Unauthorized)?;
        let person = bearer.person();
        let bank = &self.institution.bank.id;
        let call =
            Call { bank: bank.clone(), person: person.clone(), call: resource.name(), at: self.sandbox.clock().now() };
        self.sandbox.state().calls.push(call);
        self.pass_switches(&bearer).await?;
        self.check_consent(&bearer, &resource)?;
        let body = match resource {
            Resource::Offers => self.write_offers(person),
            _ => self.write(&resource, &self.shown(person, resource.account())?)?,
        };
        Ok(json(StatusCode::OK, self.shape, body))
    }

    /// Whose token the call carries.
    fn bearer(&self) -> Option<Bearer> {
        let token = self.headers.get(AUTHORIZATION)?.to_str().ok()?.strip_prefix("Bearer ")?;
        let bank = &self.institution.bank.id;
        if let Some(person) = self.sandbox.bearer(bank, token) {
            return Some(Bearer::Standing(person.clone()));
        }
        let now = self.sandbox.clock().now();
        let state = self.sandbox.state();
        let (grant, is_live) = state.grants.behind(bank, token, now)?;
        Some(Bearer::Granted { grant: grant.clone(), is_live })
    }

    /// Waits while the bank is slow, then lets the call through unless a fault is set.
    async fn pass_switches(&self, bearer: &Bearer) -> Result<(), Refusal> {
        match outage(self.sandbox, &self.institution.bank.id).await {
            None => Ok(()),
            Some(Outage::Down) => Err(Refusal::Down),
            Some(Outage::Killed) => Err(Refusal::Killed),
            Some(Outage::ConsentExpired { since }) if bearer.is_newer(since) => Ok(()),
            Some(Outage::ConsentExpired { .. }) => Err(Refusal::ConsentEnded),
            Some(Outage::RateLimited { until }) => {
                let now = self.sandbox.clock().now();
                Err(Refusal::RateLimited(until.duration_since(now).as_secs().max(1)))
            }
        }
    }

    fn check_consent(&self, bearer: &Bearer, resource: &Resource) -> Result<(), Refusal> {
        let scopes = self.scopes(bearer)?;
        let (class, told) = resource.needs(self.shape, self.institution.supports);
        if class != DataClass::Accounts && !scopes.contains(&class) {
            return Err(Refusal::NotCovered);
        }
        if told { Ok(()) } else { Err(Refusal::NotSupported) }
    }

    /// What may be read, while the consent stands.
    fn scopes(&self, bearer: &Bearer) -> Result<Vec<DataClass>, Refusal> {
        match bearer {
            Bearer::Standing(person) => {
                let consent = self.sandbox.consent(person, &self.institution.bank.id).ok_or(Refusal::ConsentEnded)?;
                let stands = self.sandbox.today(person) <= consent.until;
                if stands { Ok(consent.scopes) } else { Err(Refusal::ConsentEnded) }
            }
            // A token of a consent that has ended is not worth renewing, whatever its age.
            Bearer::Granted { grant, .. } if grant.is_over(self.sandbox.clock().now()) => Err(Refusal::ConsentEnded),
            Bearer::Granted { is_live: false, .. } => Err(Refusal::TokenExpired),
            Bearer::Granted { grant, .. } => Ok(grant.scopes.clone()),
        }
    }

    /// Ends a consent for its client, who shows its secret or a token that came of it. To end one twice is no fault.
    async fn end_consent(&self, id: &str) -> Result<Response, Refusal> {
        let bank = &self.institution.bank.id;
        if outage(self.sandbox, bank).await == Some(Outage::Down) {
            return Err(Refusal::Down);
        }
        let client = oauth::client_of(self.sandbox, self.headers);
        let own = self.bearer().and_then(Bearer::into_grant);
        if client.is_none() && own.is_none() {
            return Err(Refusal::Unauthorized);
        }
        let may_end = |grant: &&Grant| {
            client.as_ref().is_some_and(|client| client.id == grant.client)
                || own.as_ref().is_some_and(|own| own.id == grant.id)
        };
        let mut state = self.sandbox.state();
        state.grants.grant(bank, id).filter(may_end).ok_or(Refusal::UnknownConsent)?;
        state.grants.end(id);
        Ok(StatusCode::NO_CONTENT.into_response())
    }

    /// The person's accounts at this bank, or the one that was asked for.
    fn shown(&self, person: &PersonId, only: Option<&AccountId>) -> Result<Vec<Shown>, Refusal> {
        let bank = &self.institution.bank.id;
        let zone = &self.sandbox.world().person(person).ok_or(Refusal::Unauthorized)?.zone;
        let as_of = self.sandbox.condition(bank).as_of.unwrap_or_else(|| self.sandbox.clock().now());
        let wanted = |account: &LedgerAccount| only.is_none_or(|id| account.id == *id);
        let shown = |account| Shown {
            account,
            supports: self.institution.supports,
            as_of: as_of.to_zoned(zone.clone()),
            history_from: self.sandbox.world().history_from,
            today: self.sandbox.today(person),
        };
        let all: Vec<Shown> = self.sandbox.accounts(person, bank).into_iter().filter(wanted).map(shown).collect();
        if only.is_some() && all.is_empty() { Err(Refusal::UnknownAccount) } else { Ok(all) }
    }

    /// The body of the answer, in the dialect.
    fn write(&self, resource: &Resource, shown: &[Shown]) -> Result<String, Refusal> {
        let Query(query) = Query::<BTreeMap<String, String>>::try_from_uri(self.uri)
            .map_err(|_| Refusal::BadRequest("the query cannot be read"))?;
        if self.shape.is_fdx() {
            return match (resource, shown) {
                (Resource::Transactions(_), [one]) => bank_fdx::transactions(self.shape, one, &query),
                (Resource::Account(_), [one]) => Ok(bank_fdx::account(self.shape, one)),
                _ => Ok(bank_fdx::accounts(self.shape, shown, &query)),
            };
        }
        let address = self.address();
        match (resource, shown) {
            (Resource::Transactions(_), [one]) => bank_obuk::transactions(self.shape, one, &query, &address),
            (Resource::Balances(_), [one]) => Ok(bank_obuk::balances(self.shape, one, &address)),
            _ => Ok(bank_obuk::accounts(self.shape, shown, &address)),
        }
    }

    /// The offers that this bank has for the person.
    fn write_offers(&self, person: &PersonId) -> String {
        let offers = self.sandbox.world().offers_at(&self.institution.bank.id, person);
        if self.shape.is_fdx() {
            return bank_fdx::offers(self.shape, &offers);
        }
        let zone = self.sandbox.world().person(person).map_or(TimeZone::UTC, |person| person.zone.clone());
        bank_obuk::offers(&offers, &zone, &self.address())
    }

    /// The address that the caller used, for links: scheme and host as the caller has them.
    fn address(&self) -> String {
        let rest = self.uri.path_and_query().map_or("", http::uri::PathAndQuery::as_str);
        format!("{}{rest}", origin(self.uri, self.headers))
    }
}

/// An answer in JSON, with the content type of its dialect.
pub(super) fn json(status: StatusCode, shape: Shape, body: String) -> Response {
    let content_type = if shape.is_fdx() { "application/json" } else { "application/json; charset=utf-8" };
    (status, [(http::header::CONTENT_TYPE, content_type)], body).into_response()
}

/// What a gateway says in place of a bank that is down.
pub(super) fn gateway_page() -> Response {
    let page = "<html><head><title>503 Service Unavailable</title></head>\
                <body><h1>Service Unavailable</h1><p>The server is temporarily unable to service your request.</p></body></html>";
    (StatusCode::SERVICE_UNAVAILABLE, [(http::header::CONTENT_TYPE, "text/html")], page).into_response()
}

/// Adds how long to wait.
pub(super) fn retry_after(mut response: Response<Body>, seconds: i64) -> Response {
    response.headers_mut().insert(RETRY_AFTER, http::HeaderValue::from(seconds));
    response
}

/// The banks in the order of the world, with the switch that is set on each.
async fn banks(State(sandbox): State<Arc<Sandbox>>) -> axum::Json<Vec<Value>> {
    let now = sandbox.clock().now();
    let told = |institution: &Institution| {
        let switch = sandbox.condition(&institution.bank.id).switch(now).to_string();
        serde_json::json!({"id": institution.bank.id.as_str(), "name": institution.bank.name, "switch": switch})
    };
    axum::Json(sandbox.world().institutions.iter().map(told).collect())
}

async fn set_switch(State(sandbox): State<Arc<Sandbox>>, Path(bank): Path<String>, body: Bytes) -> Response {
    // The body is read as it is, whatever its content type: these switches are thrown by hand too.
    let Ok(switch) = serde_json::from_slice::<Switch>(&body) else {
        let help = "a body such as {\"switch\": \"down\"}; switches: up, down, slow (seconds), rate_limited, \
                    consent_expired, killed, stale (as_of)";
        return (StatusCode::BAD_REQUEST, help).into_response();
    };
    match sandbox.switch(&BankId::new(bank), switch) {
        Ok(()) => axum::Json(switch).into_response(),
        Err(unknown) => (StatusCode::NOT_FOUND, unknown.to_string()).into_response(),
    }
}
