//! FDX requests: settings and input in, `http::Request` out, nothing sent.

use bytes::Bytes;
use http::{HeaderName, HeaderValue, Request};

use crate::bank::address::Base;
use crate::bank::fdx::shape::OFFSET;
use crate::bank::{BankError, pages::Cursor, rows, wire};
use crate::domain::{account::AccountId, period::Period};

/// Whether a person waits for the answer (FDX 5 and later).
const ACTOR: HeaderName = HeaderName::from_static("fdx-api-actor-type");

/// `GET /accounts`.
pub(super) fn build_accounts(base: &Base, cursor: Option<&Cursor>) -> Result<Request<Bytes>, BankError> {
    get(base, &["accounts"], &paging(cursor))
}

/// `GET /accounts` with everything that is known of each, balances included, where the bank offers that.
pub(super) fn build_detailed_accounts(base: &Base, cursor: Option<&Cursor>) -> Result<Request<Bytes>, BankError> {
    let mut query = vec![("resultType", "details")];
    query.extend(paging(cursor));
    get(base, &["accounts"], &query)
}

/// `GET /accounts/{accountId}`: the details with the balances.
pub(super) fn build_account(base: &Base, account: &AccountId) -> Result<Request<Bytes>, BankError> {
    get(base, &["accounts", account.as_str()], &[])
}

/// `GET /accounts/{accountId}/transactions`. `endTime` is inclusive.
pub(super) fn build_transactions(
    base: &Base,
    account: &AccountId,
    period: Option<Period>,
    page_rows: u32,
    cursor: Option<&Cursor>,
) -> Result<Request<Bytes>, BankError> {
    let (from, to) = rows::window(period);
    let (from, to, limit) = (from.map(|day| day.to_string()), to.map(|day| day.to_string()), page_rows.to_string());
    let mut query = Vec::new();
    query.extend(from.as_deref().map(|day| ("startTime", day)));
    query.extend(to.as_deref().map(|day| ("endTime", day)));
    query.push(("limit", limit.as_str()));
    query.extend(paging(cursor));
    get(base, &["accounts", account.as_str(), "transactions"], &query)
}

/// The parameter that a cursor goes into: `offset` before 6.4, `pageKey` since.
pub(super) fn paging(cursor: Option<&Cursor>) -> Vec<(&str, &str)> {
    let name = |cursor: &Cursor| if cursor.field == OFFSET { "offset" } else { "pageKey" };
    cursor.map(|cursor| (name(cursor), cursor.value.as_str())).into_iter().collect()
}

/// A GET below the base, made on behalf of a person.
pub(super) fn get(base: &Base, segments: &[&str], query: &[(&str, &str)]) -> Result<Request<Bytes>, BankError> {
    let mut request = wire::get(&base.join(segments, query))?;
    request.headers_mut().insert(ACTOR, HeaderValue::from_static("USER"));
    Ok(request)
}
