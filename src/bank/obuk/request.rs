//! OBUK requests: settings and input in, `http::Request` out, nothing sent. A further page is the address that the
//! page before named, already rebuilt on the configured base.

use bytes::Bytes;
use http::Request;

use crate::bank::address::Base;
use crate::bank::{BankError, pages::Cursor, rows, wire};
use crate::domain::{account::AccountId, period::Period};

/// `GET /accounts`.
pub(super) fn build_accounts(base: &Base, cursor: Option<&Cursor>) -> Result<Request<Bytes>, BankError> {
    match cursor {
        Some(cursor) => wire::get(&cursor.value),
        None => wire::get(&base.join(&["accounts"], &[])),
    }
}

/// `GET /accounts/{AccountId}/balances`.
pub(super) fn build_balances(base: &Base, account: &AccountId) -> Result<Request<Bytes>, BankError> {
    wire::get(&base.join(&["accounts", account.as_str(), "balances"], &[]))
}

/// `GET /accounts/{AccountId}/transactions`. The filters carry no zone: banks ignore it (section "Filtering").
pub(super) fn build_transactions(
    base: &Base,
    account: &AccountId,
    period: Option<Period>,
    cursor: Option<&Cursor>,
) -> Result<Request<Bytes>, BankError> {
    if let Some(cursor) = cursor {
        return wire::get(&cursor.value);
    }
    let (from, to) = rows::window(period);
    let (from, to) = (from.map(|day| format!("{day}T00:00:00")), to.map(|day| format!("{day}T23:59:59")));
    let mut query = Vec::new();
    query.extend(from.as_deref().map(|from| ("fromBookingDateTime", from)));
    query.extend(to.as_deref().map(|to| ("toBookingDateTime", to)));
    wire::get(&base.join(&["accounts", account.as_str(), "transactions"], &query))
}
