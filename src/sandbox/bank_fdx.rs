//! FDX, as Plaid Core Exchange publishes it: 6.x with flat objects, 4.6 to 5.x with each object wrapped in one that
//! names its category. Amounts are JSON numbers, written from the decimal's own text.

use std::collections::BTreeMap;

use axum::response::{IntoResponse, Response};
use http::StatusCode;
use http::header::WWW_AUTHENTICATE;
use jiff::Zoned;
use jiff::civil::Date;
use serde::Serialize;
use serde_json::value::RawValue;

use super::bank::{PAGE_ROWS, Refusal, Shape, Shown, TOKEN_EXPIRED, gateway_page, json, retry_after};
use super::ledger::ShownRow;
use super::world::{self, Figures, RowCategory};
use crate::domain::{account::AccountClass, money::Money};

/// `Account`; the figures are only in the account's own resource.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Account<'a> {
    account_category: &'static str,
    account_type: &'static str,
    account_id: &'a str,
    nickname: &'a str,
    account_number_display: String,
    status: &'static str,
    currency: CurrencyEntity<'a>,
    #[serde(flatten)]
    figures: Option<Balances>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct CurrencyEntity<'a> {
    currency_code: &'a str,
}

/// The figures of `DepositAccount`, `LocAccount` and `LoanAccount`, each present where its category has it.
#[derive(Serialize, Default)]
#[serde(rename_all = "camelCase")]
struct Balances {
    balance_as_of: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    current_balance: Option<Box<RawValue>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    available_balance: Option<Box<RawValue>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    principal_balance: Option<Box<RawValue>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    credit_line: Option<Box<RawValue>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    available_credit: Option<Box<RawValue>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_stmt_balance: Option<Box<RawValue>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    minimum_payment_amount: Option<Box<RawValue>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_payment_date: Option<Date>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Transaction<'a> {
    account_category: &'static str,
    transaction_id: &'a str,
    transaction_timestamp: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    posted_timestamp: Option<String>,
    description: &'a str,
    debit_credit_memo: &'static str,
    status: &'static str,
    amount: Box<RawValue>,
    category: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    sub_category: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    transaction_type: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    foreign_amount: Option<Box<RawValue>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    foreign_currency: Option<&'a str>,
}

#[derive(Serialize)]
struct AccountList<'a> {
    page: Page,
    accounts: Vec<OneOf<Account<'a>>>,
}

#[derive(Serialize)]
struct TransactionList<'a> {
    page: Page,
    transactions: Vec<OneOf<Transaction<'a>>>,
}

/// An offer: an extension, for the standard has none.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Offer<'a> {
    offer_id: &'a str,
    merchant_name: &'a str,
    description: &'a str,
    valid_until: Date,
    rule: &'a str,
}

#[derive(Serialize)]
struct OfferList<'a> {
    page: Page,
    offers: Vec<Offer<'a>>,
}

/// The next page: by key since 6.0, by offset before. The member is there on the last page too, as null.
#[derive(Serialize)]
enum Page {
    #[serde(rename = "nextPageKey")]
    Key(Option<String>),
    #[serde(rename = "nextOffset")]
    Offset(Option<String>),
}

/// An object as its shape has it: by itself, or under the name of its category.
#[derive(Serialize)]
#[serde(untagged)]
enum OneOf<T> {
    Flat(T),
    Wrapped(BTreeMap<&'static str, T>),
}

#[derive(Serialize)]
struct Error<'a> {
    code: &'a str,
    message: &'a str,
}

/// `GET /accounts`: with the figures if `resultType` asks for details, else without.
pub(super) fn accounts(shape: Shape, shown: &[Shown], query: &BTreeMap<String, String>) -> String {
    let details = query.get("resultType").is_some_and(|kind| kind == "details");
    let one = |shown| wrap(shape, shown, "Account", describe(shown, details.then(|| balances(shown))));
    body(&AccountList { page: page(shape, None), accounts: shown.iter().map(one).collect() })
}

/// `GET /accounts/{accountId}`: with the figures.
pub(super) fn account(shape: Shape, shown: &Shown) -> String {
    body(&wrap(shape, shown, "Account", describe(shown, Some(balances(shown)))))
}

/// `GET /accounts/{accountId}/transactions`, one page.
pub(super) fn transactions(shape: Shape, shown: &Shown, query: &BTreeMap<String, String>) -> Result<String, Refusal> {
    let from = day(query, "startTime")?.unwrap_or(Date::MIN);
    let to = day(query, "endTime")?.unwrap_or(Date::MAX);
    let limit = match query.get("limit").map(|limit| limit.parse::<usize>()) {
        None => PAGE_ROWS,
        Some(Ok(limit)) if limit > 0 => limit.min(PAGE_ROWS),
        Some(_) => return Err(Refusal::BadRequest("limit must be a whole number above zero")),
    };
    let offset = offset(shape, query)?;
    let in_period = |row: &ShownRow| (from..=to).contains(&row.happened.date());
    let rows: Vec<ShownRow> = shown.rows().into_iter().filter(in_period).collect();
    let end = offset.saturating_add(limit).min(rows.len());
    let next = (end < rows.len()).then_some(end);
    let on_page = rows.get(offset..end).unwrap_or_default();
    let transactions = on_page.iter().map(|row| wrap(shape, shown, "Transaction", transaction(shown, row)));
    Ok(body(&TransactionList { page: page(shape, next), transactions: transactions.collect() }))
}

/// `GET /offers`.
pub(super) fn offers(shape: Shape, offers: &[&world::Offer]) -> String {
    let told = offers.iter().map(|offer| Offer {
        offer_id: &offer.id,
        merchant_name: &offer.merchant,
        description: &offer.text,
        valid_until: offer.until,
        rule: &offer.rule,
    });
    body(&OfferList { page: page(shape, None), offers: told.collect() })
}

/// A refusal: an `Error` with FDX's own code, which is not the HTTP status.
pub(super) fn refuse(refusal: &Refusal) -> Response {
    let (status, code, message) = match refusal {
        Refusal::Down => return gateway_page(),
        Refusal::Unauthorized => (StatusCode::UNAUTHORIZED, "602", "Customer not authorized"),
        Refusal::TokenExpired => (StatusCode::UNAUTHORIZED, "602", "Customer not authorized: the token has expired"),
        Refusal::ConsentEnded => (StatusCode::UNAUTHORIZED, "602", "Customer not authorized: the consent has ended"),
        Refusal::NotCovered => (StatusCode::FORBIDDEN, "706", "The consent does not cover this data"),
        Refusal::Killed => (StatusCode::FORBIDDEN, "403", "Access of this data recipient is suspended"),
        Refusal::UnknownAccount => (StatusCode::NOT_FOUND, "701", "Account not found"),
        Refusal::UnknownConsent => (StatusCode::NOT_FOUND, "404", "Consent not found"),
        Refusal::UnknownResource => (StatusCode::NOT_FOUND, "404", "No such resource"),
        Refusal::BadRequest(message) => (StatusCode::BAD_REQUEST, "400", *message),
        Refusal::NotSupported => (StatusCode::NOT_IMPLEMENTED, "501", "This institution does not provide this data"),
        Refusal::RateLimited(_) => (StatusCode::TOO_MANY_REQUESTS, "429", "Too many requests"),
    };
    let response = json(status, Shape::FdxFlat, body(&Error { code, message }));
    match refusal {
        Refusal::RateLimited(seconds) => retry_after(response, *seconds),
        Refusal::Unauthorized => ([(WWW_AUTHENTICATE, "Bearer")], response).into_response(),
        Refusal::TokenExpired => ([(WWW_AUTHENTICATE, TOKEN_EXPIRED)], response).into_response(),
        _ => response,
    }
}

fn body(value: &impl Serialize) -> String {
    serde_json::to_string(value).expect("objects of texts and numbers can be written")
}

/// A decimal as a JSON number, digit for digit.
fn number(money: Money) -> Box<RawValue> {
    RawValue::from_string(money.plain()).unwrap_or_else(|_| RawValue::NULL.to_owned())
}

fn category(class: AccountClass) -> &'static str {
    match class {
        AccountClass::CreditCard => "LOC_ACCOUNT",
        AccountClass::Loan => "LOAN_ACCOUNT",
        AccountClass::Checking | AccountClass::Savings | AccountClass::Other => "DEPOSIT_ACCOUNT",
    }
}

/// The wrapper's name in 4.6 to 5.x, e.g. `depositAccount`, `locTransaction`.
fn wrap<T>(shape: Shape, shown: &Shown, noun: &'static str, object: T) -> OneOf<T> {
    if shape == Shape::FdxFlat {
        return OneOf::Flat(object);
    }
    let name = match (category(shown.account.class), noun) {
        ("LOC_ACCOUNT", "Account") => "locAccount",
        ("LOC_ACCOUNT", _) => "locTransaction",
        ("LOAN_ACCOUNT", "Account") => "loanAccount",
        ("LOAN_ACCOUNT", _) => "loanTransaction",
        (_, "Account") => "depositAccount",
        (_, _) => "depositTransaction",
    };
    OneOf::Wrapped(BTreeMap::from([(name, object)]))
}

fn describe(shown: &Shown, figures: Option<Balances>) -> Account<'_> {
    let account = &shown.account;
    Account {
        account_category: category(account.class),
        account_type: match account.class {
            AccountClass::Checking => "CHECKING",
            AccountClass::Savings => "SAVINGS",
            AccountClass::CreditCard => "CREDITCARD",
            AccountClass::Loan => "LOAN",
            AccountClass::Other => "OTHERDEPOSIT",
        },
        account_id: account.id.as_str(),
        nickname: &account.nick,
        account_number_display: format!("****{}", account.last4),
        status: "OPEN",
        currency: CurrencyEntity { currency_code: account.currency.code() },
        figures,
    }
}

fn balances(shown: &Shown) -> Balances {
    let told = |amount| Some(number(shown.account.money(amount)));
    let mut balances = Balances { balance_as_of: timestamp(&shown.as_of), ..Balances::default() };
    let due = match shown.account.figures {
        Figures::Cash { booked, available } => {
            balances.current_balance = told(booked);
            balances.available_balance = told(available);
            None
        }
        Figures::Card { owed, limit, available_credit, statement, due } => {
            balances.current_balance = told(owed);
            if shown.supports.card {
                balances.credit_line = told(limit);
                balances.available_credit = told(available_credit);
            }
            if shown.supports.due_dates {
                balances.last_stmt_balance = statement.and_then(told);
            }
            due
        }
        Figures::Loan { owed, due } => {
            balances.principal_balance = told(owed);
            due
        }
    };
    if let Some(due) = due.filter(|_| shown.supports.due_dates) {
        balances.minimum_payment_amount = told(due.least);
        balances.next_payment_date = Some(due.on);
    }
    balances
}

fn transaction<'a>(shown: &Shown, shown_row: &'a ShownRow) -> Transaction<'a> {
    let row = &shown_row.row;
    let amount = shown.account.money(row.amount);
    let (category, sub_category) = match (row.category.code(), row.category) {
        (Some(code), _) => (format!("{code:04}"), Some("MCC")),
        (None, RowCategory::Word(word)) => (word.word().to_owned(), None),
        (None, RowCategory::Code(code)) => (format!("{code:04}"), None),
    };
    Transaction {
        account_category: self::category(shown.account.class),
        transaction_id: &shown_row.id,
        transaction_timestamp: timestamp(&shown_row.happened),
        posted_timestamp: shown_row.booked.as_ref().map(timestamp),
        description: &row.text,
        debit_credit_memo: if amount.is_out() { "DEBIT" } else { "CREDIT" },
        status: if shown_row.booked.is_some() { "POSTED" } else { "PENDING" },
        amount: number(amount.abs()),
        category,
        sub_category,
        transaction_type: row.category.is_transfer().then_some("TRANSFER"),
        foreign_amount: row.original.map(number),
        foreign_currency: row.original.as_ref().map(|original| original.currency.code()),
    }
}

/// RFC 3339 with the person's offset: `2026-11-20T12:00:00-05:00`.
fn timestamp(at: &Zoned) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%S%:z").to_string()
}

/// A day of the query; a time after it is not looked at, because both ends count whole days.
fn day(query: &BTreeMap<String, String>, name: &str) -> Result<Option<Date>, Refusal> {
    let bad = Refusal::BadRequest("startTime and endTime must be dates such as 2026-11-22");
    let Some(text) = query.get(name) else { return Ok(None) };
    let date = text.get(..10).ok_or(bad.clone())?;
    date.parse().map(Some).map_err(|_| bad)
}

/// How many rows earlier pages held.
fn offset(shape: Shape, query: &BTreeMap<String, String>) -> Result<usize, Refusal> {
    let given = match shape {
        Shape::FdxFlat => query.get("pageKey").map(|key| key.strip_prefix("after-").unwrap_or_default()),
        _ => query.get("offset").map(String::as_str),
    };
    let bad = |_| Refusal::BadRequest("the page is none that this bank gave");
    given.map_or(Ok(0), |text| text.parse().map_err(bad))
}

fn page(shape: Shape, next: Option<usize>) -> Page {
    match shape {
        Shape::FdxFlat => Page::Key(next.map(|offset| format!("after-{offset}"))),
        _ => Page::Offset(next.map(|offset| offset.to_string())),
    }
}
