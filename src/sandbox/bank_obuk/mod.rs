//! Open Banking UK, account information: 4.0 with short ISO 20022 codes, 3.1 with long names. Amounts are unsigned
//! strings beside a `CreditDebitIndicator`; what has no field goes into `SupplementaryData`.

use std::collections::BTreeMap;

use axum::response::{IntoResponse, Response};
use http::StatusCode;
use http::header::WWW_AUTHENTICATE;
use jiff::Zoned;
use jiff::civil::{Date, DateTime, Time};
use jiff::tz::TimeZone;
use rust_decimal::{Decimal, RoundingStrategy};
use serde::Serialize;
use serde_json::value::RawValue;

use self::wire::{
    Account, Amount, Balance, BankTransactionCode, CreditLine, CurrencyExchange, Document, Error, Errors,
    Identification, Links, MerchantDetails, Meta, Offer, OfferMore, Transaction,
};
use super::bank::{PAGE_ROWS, Refusal, Shape, Shown, TOKEN_EXPIRED, gateway_page, json, retry_after};
use super::ledger::ShownRow;
use super::world::{self, Due, Figures, RowCategory};
use crate::domain::{
    account::AccountClass,
    money::{Currency, Money},
};

mod wire;

/// `GET /accounts` and `GET /accounts/{AccountId}`.
pub(super) fn accounts(shape: Shape, shown: &[Shown], address: &str) -> String {
    let all: Vec<Account<'_>> = shown.iter().map(|shown| describe(shape, shown)).collect();
    document("Account", all, address)
}

/// `GET /accounts/{AccountId}/balances`.
pub(super) fn balances(shape: Shape, shown: &Shown, address: &str) -> String {
    let (booked, available) = match shape {
        Shape::ObukLong => ("InterimBooked", "InterimAvailable"),
        _ => ("ITBD", "ITAV"),
    };
    let balance = |amount: Money, kind| Balance {
        account_id: shown.account.id.as_str(),
        amount: unsigned(amount),
        credit_debit_indicator: indicator(amount),
        r#type: kind,
        date_time: timestamp(&shown.as_of),
        credit_line: Vec::new(),
        supplementary_data: None,
    };
    let money = |amount| shown.account.money(amount);
    let all = match shown.account.figures {
        Figures::Cash { booked: ledger, available: usable } => {
            vec![balance(money(usable), available), balance(money(ledger), booked)]
        }
        // What is owed is a debit balance of the account.
        Figures::Card { owed, limit, available_credit, statement, due } => vec![Balance {
            credit_line: credit_lines(shown, limit, available_credit),
            supplementary_data: payment(shown, statement, due),
            ..balance(money(-owed), booked)
        }],
        Figures::Loan { owed, due } => {
            vec![Balance { supplementary_data: payment(shown, None, due), ..balance(money(-owed), booked) }]
        }
    };
    document("Balance", all, address)
}

/// `GET /accounts/{AccountId}/transactions`, one page. Both ends of the period are in, and a zone in them is not
/// looked at, as the standard has it.
pub(super) fn transactions(
    shape: Shape,
    shown: &Shown,
    query: &BTreeMap<String, String>,
    address: &str,
) -> Result<String, Refusal> {
    let from = moment(query, "fromBookingDateTime")?.unwrap_or(DateTime::MIN);
    let to = moment(query, "toBookingDateTime")?.unwrap_or(DateTime::MAX);
    let page = match query.get("page").map(|page| page.parse::<usize>()) {
        None => 1,
        Some(Ok(page)) if page > 0 => page,
        Some(_) => return Err(Refusal::BadRequest("the page is none that this bank gave")),
    };
    let mut rows = shown.rows();
    rows.retain(|row| (from..=to).contains(&row.listed().datetime()));
    rows.sort_by(|a, b| b.listed().cmp(a.listed()));
    let pages: Vec<&[ShownRow]> = rows.chunks(PAGE_ROWS).collect();
    let on_page = pages.get(page - 1).copied().unwrap_or_default();
    let history = shown.history_from.to_zoned(shown.zone().clone()).ok();
    Ok(body(&Document {
        data: BTreeMap::from([(
            "Transaction",
            on_page.iter().map(|row| transaction(shape, shown, row)).collect::<Vec<_>>(),
        )]),
        links: Links {
            this: address.to_owned(),
            next: (page < pages.len()).then(|| address_of_page(address, page + 1)),
        },
        meta: Meta { total_pages: pages.len().max(1), first_available_date_time: history.as_ref().map(timestamp) },
    }))
}

/// `GET /offers`: each ends with its last day, in the holder's zone.
pub(super) fn offers(offers: &[&world::Offer], zone: &TimeZone, address: &str) -> String {
    let end = |offer: &world::Offer| offer.until.at(23, 59, 59, 0).to_zoned(zone.clone()).ok();
    let told = offers.iter().map(|offer| Offer {
        offer_id: &offer.id,
        offer_type: "Other",
        description: &offer.text,
        end_date_time: end(offer).as_ref().map(timestamp),
        supplementary_data: OfferMore { merchant_name: &offer.merchant, rule: &offer.rule },
    });
    document("Offer", told.collect(), address)
}

/// A refusal as `OBErrorResponse1`. An unknown account is a 400 here, not a 404.
pub(super) fn refuse(shape: Shape, refusal: &Refusal) -> Response {
    // Of the four-character codes of 4.0 only the one that asks for a new consent tells a client more than the
    // status does; the others keep their names of 3.1. What the standard has no code for is in a namespace of our own.
    let reauthenticate = if shape == Shape::ObukLong { "UK.OBIE.Reauthenticate" } else { "U028" };
    let (status, error_code, message) = match refusal {
        Refusal::Down => return gateway_page(),
        Refusal::Unauthorized => {
            (StatusCode::UNAUTHORIZED, "UK.OBIE.Header.Invalid", "The token is missing or unknown")
        }
        Refusal::TokenExpired => (StatusCode::UNAUTHORIZED, "UK.OBIE.Header.Invalid", "The token has expired"),
        Refusal::ConsentEnded => (StatusCode::FORBIDDEN, reauthenticate, "The consent has ended"),
        Refusal::NotCovered => (StatusCode::FORBIDDEN, "SANDBOX.NotCovered", "The consent does not cover this data"),
        Refusal::Killed => (StatusCode::FORBIDDEN, "SANDBOX.Suspended", "Access of this third party is suspended"),
        Refusal::UnknownAccount => (StatusCode::BAD_REQUEST, "UK.OBIE.Resource.NotFound", "There is no such account"),
        Refusal::UnknownConsent => (StatusCode::BAD_REQUEST, "UK.OBIE.Resource.NotFound", "There is no such consent"),
        Refusal::UnknownResource => (StatusCode::NOT_FOUND, "UK.OBIE.Resource.NotFound", "There is no such resource"),
        Refusal::BadRequest(message) => (StatusCode::BAD_REQUEST, "UK.OBIE.Field.Invalid", *message),
        Refusal::NotSupported => {
            (StatusCode::METHOD_NOT_ALLOWED, "SANDBOX.NotProvided", "This bank does not provide this data")
        }
        Refusal::RateLimited(_) => (StatusCode::TOO_MANY_REQUESTS, "UK.OBIE.UnexpectedError", "Too many requests"),
    };
    let errors = Errors { code: status.to_string(), message, errors: [Error { error_code, message }] };
    let response = json(status, shape, body(&errors));
    match refusal {
        Refusal::RateLimited(seconds) => retry_after(response, *seconds),
        Refusal::TokenExpired => ([(WWW_AUTHENTICATE, TOKEN_EXPIRED)], response).into_response(),
        _ => response,
    }
}

fn body(value: &impl Serialize) -> String {
    serde_json::to_string(value).expect("objects of texts and numbers can be written")
}

/// A document of one page.
fn document(name: &'static str, all: Vec<impl Serialize>, address: &str) -> String {
    body(&Document {
        data: BTreeMap::from([(name, all)]),
        links: Links { this: address.to_owned(), next: None },
        meta: Meta { total_pages: 1, first_available_date_time: None },
    })
}

/// The same address, asking for another page.
fn address_of_page(address: &str, page: usize) -> String {
    let (path, query) = address.split_once('?').unwrap_or((address, ""));
    let others = query.split('&').filter(|pair| !pair.is_empty() && !pair.starts_with("page="));
    let query: Vec<String> = others.map(str::to_owned).chain([format!("page={page}")]).collect();
    format!("{path}?{}", query.join("&"))
}

fn describe(shape: Shape, shown: &Shown) -> Account<'_> {
    let account = &shown.account;
    let (short, long) = match account.class {
        AccountClass::Checking => ("CACC", "CurrentAccount"),
        AccountClass::Savings => ("SVGS", "Savings"),
        AccountClass::CreditCard => ("CARD", "CreditCard"),
        AccountClass::Loan => ("LOAN", "Loan"),
        AccountClass::Other => ("OTHR", "Other"),
    };
    let kind = match shape {
        Shape::ObukLong => BTreeMap::from([("AccountType", "Personal"), ("AccountSubType", long)]),
        _ => BTreeMap::from([("AccountCategory", "Personal"), ("AccountTypeCode", short)]),
    };
    Account {
        account_id: account.id.as_str(),
        status: "Enabled",
        currency: account.currency.code(),
        kind,
        nickname: &account.nick,
        account: [Identification {
            scheme_name: if account.class == AccountClass::CreditCard {
                "UK.OBIE.PAN"
            } else {
                "UK.OBIE.SortCodeAccountNumber"
            },
            identification: format!("xxxx{}", account.last4),
            name: &account.nick,
        }],
    }
}

fn credit_lines(shown: &Shown, limit: Decimal, available_credit: Decimal) -> Vec<CreditLine> {
    if !shown.supports.card {
        return Vec::new();
    }
    // An amount has no sign here: what is left of a limit that was overdrawn cannot be said, so it is left out.
    let lines = [("Credit", limit), ("Available", available_credit)];
    let lines = lines.into_iter().filter(|(_, amount)| !shown.account.money(*amount).is_out());
    lines
        .map(|(kind, amount)| CreditLine {
            included: false,
            r#type: kind,
            amount: unsigned(shown.account.money(amount)),
        })
        .collect()
}

/// What the dialect has no fields for: the statement and the next payment.
fn payment(shown: &Shown, statement: Option<Decimal>, due: Option<Due>) -> Option<BTreeMap<&'static str, String>> {
    let mut data = BTreeMap::new();
    if let Some(statement) = statement {
        data.insert("StatementBalance", shown.account.money(statement).plain());
    }
    if let Some(due) = due {
        data.insert("MinimumDue", shown.account.money(due.least).plain());
        data.insert("DueDate", due.on.to_string());
    }
    (shown.supports.due_dates && !data.is_empty()).then_some(data)
}

fn transaction<'a>(shape: Shape, shown: &'a Shown, shown_row: &'a ShownRow) -> Transaction<'a> {
    let row = &shown_row.row;
    let amount = shown.account.money(row.amount);
    let long = shape == Shape::ObukLong;
    let code = row.category.code();
    Transaction {
        account_id: shown.account.id.as_str(),
        transaction_id: &shown_row.id,
        credit_debit_indicator: indicator(amount),
        status: match (shown_row.booked.is_some(), long) {
            (true, true) => "Booked",
            (true, false) => "BOOK",
            (false, true) => "Pending",
            (false, false) => "PDNG",
        },
        booking_date_time: timestamp(shown_row.listed()),
        value_date_time: timestamp(&shown_row.happened),
        transaction_information: &row.text,
        amount: unsigned(amount),
        currency_exchange: row.original.as_ref().and_then(|charged| exchange(charged, &shown.account.currency, amount)),
        bank_transaction_code: row.category.is_transfer().then(|| transfer_code(amount.is_out(), long)),
        merchant_details: code
            .map(|code| MerchantDetails { merchant_name: &row.text, merchant_category_code: format!("{code:04}") }),
        supplementary_data: match row.category {
            RowCategory::Word(word) if code.is_none() => Some(BTreeMap::from([("Category", word.word())])),
            _ => None,
        },
    }
}

/// A credit transfer within the country, issued or received.
fn transfer_code(issued: bool, long: bool) -> BankTransactionCode {
    match (issued, long) {
        (true, false) => BankTransactionCode { code: "ICDT", sub_code: "DMCT" },
        (false, false) => BankTransactionCode { code: "RCDT", sub_code: "DMCT" },
        (true, true) => BankTransactionCode { code: "IssuedCreditTransfer", sub_code: "DomesticCreditTransfer" },
        (false, true) => BankTransactionCode { code: "ReceivedCreditTransfer", sub_code: "DomesticCreditTransfer" },
    }
}

/// What the merchant charged, and the rate that came of it; none for a card check of zero.
fn exchange<'a>(charged: &'a Money, own: &'a Currency, amount: Money) -> Option<CurrencyExchange<'a>> {
    let rate = amount.amount.abs().checked_div(charged.amount)?;
    let rate = rate.round_dp_with_strategy(6, RoundingStrategy::MidpointAwayFromZero).normalize();
    Some(CurrencyExchange {
        source_currency: charged.currency.code(),
        target_currency: own.code(),
        unit_currency: charged.currency.code(),
        exchange_rate: RawValue::from_string(rate.to_string()).ok()?,
        instructed_amount: unsigned(*charged),
    })
}

fn unsigned(money: Money) -> Amount {
    Amount { amount: money.abs().plain(), currency: money.currency.code().to_owned() }
}

/// Zero counts as credit.
fn indicator(money: Money) -> &'static str {
    if money.is_out() { "Debit" } else { "Credit" }
}

/// RFC 3339 with the person's offset: `2026-11-20T12:00:00-05:00`.
fn timestamp(at: &Zoned) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%S%:z").to_string()
}

/// A civil moment of the query, with or without a time.
fn moment(query: &BTreeMap<String, String>, name: &str) -> Result<Option<DateTime>, Refusal> {
    let Some(text) = query.get(name) else { return Ok(None) };
    let civil = text.get(..19).map(str::parse::<DateTime>);
    let day = || text.parse::<Date>().map(|day| day.to_datetime(Time::midnight()));
    match civil.unwrap_or_else(day) {
        Ok(moment) => Ok(Some(moment)),
        Err(_) => Err(Refusal::BadRequest("dates must be of the form 2026-11-22T00:00:00")),
    }
}
