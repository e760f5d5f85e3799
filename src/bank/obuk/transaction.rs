//! OBUK rows. Source: `OBTransaction6`.

use crate::bank::address::Base;
use crate::bank::json::{Fields, Moment};
use crate::bank::obuk::shape;
use crate::bank::{BankError, pages::Page, rows, rows::Row, settings::BankSettings, wire::Answer};
use crate::domain::{
    account::Account,
    money::{Currency, Money},
    text::label,
    transaction::{Category, Movement, Status, Transaction, TransactionId},
};

/// One page of `GET /accounts/{AccountId}/transactions`.
pub(super) fn parse_transactions(
    settings: &BankSettings,
    account: &Account,
    base: &Base,
    answer: &Answer,
) -> Result<Page<Row>, BankError> {
    let envelope = shape::accepted(answer)?;
    let mut rows = Vec::new();
    // A period without rows may come without the list.
    if let Some(list) = envelope.need("Data")?.fields()?.get("Transaction") {
        for item in list.items()? {
            rows.extend(row(settings, account, &item.fields()?, answer)?);
        }
    }
    Ok(Page { rows, next: shape::next_page(&envelope, base)? })
}

/// One row; `None` for what moved no money: rejected, informational and future entries, and words of other versions.
fn row(
    settings: &BankSettings,
    account: &Account,
    fields: &Fields<'_>,
    answer: &Answer,
) -> Result<Option<(Option<String>, Row)>, BankError> {
    let status = match fields.need("Status")?.word().as_deref() {
        Some("BOOK" | "Booked") => Status::Booked,
        Some("PDNG" | "Pending") => Status::Pending,
        _ => return Ok(None),
    };
    let happened = happened(fields, status, answer)?;
    let money = shape::signed(fields)?;
    let merchant = fields.object("MerchantDetails");
    let mcc = merchant.as_ref().and_then(|merchant| merchant.word("MerchantCategoryCode"));
    let mcc = mcc.as_deref().and_then(rows::mcc);
    let extra = fields.object("SupplementaryData");
    let word = extra.and_then(|extra| extra.word("Category"));
    let category = rows::category(mcc, word.as_deref());
    let id = fields.get("TransactionId").and_then(|node| node.word());
    let merchant = merchant.and_then(|merchant| merchant.word("MerchantName")).map(|name| label(&name));
    let text = fields.word("TransactionInformation").map(|text| label(&text));
    let mut row = Row {
        at: happened.at,
        transaction: Transaction {
            id: TransactionId::new(id.clone().unwrap_or_default()),
            account: account.id.clone(),
            date: happened.told_in(settings.zone.as_ref()).day,
            money,
            status,
            text: text.or_else(|| merchant.clone()).unwrap_or_default(),
            merchant,
            mcc,
            category,
            movement: movement(fields, category),
            original: original(fields, money.currency)?,
        },
    };
    if id.is_none() {
        row.transaction.id = rows::fingerprint(&row);
    }
    Ok(Some((id, row)))
}

/// When a row happened, as far as OBUK tells: it has no field for it, but of a payment that is booked days later the
/// value date is the day itself, and where funds move later than the booking the booking is. So the earlier counts.
/// The booking date of a pending row is only expected: none later than the answer counts, for what is known has
/// happened.
fn happened(fields: &Fields<'_>, status: Status, answer: &Answer) -> Result<Moment, BankError> {
    let booked = fields.need("BookingDateTime")?.moment()?;
    let valued = fields.get("ValueDateTime").map(|node| node.moment()).transpose()?;
    let first = valued.filter(|valued| valued.at < booked.at).unwrap_or(booked);
    Ok(if status == Status::Pending { first.held_at(answer.received) } else { first })
}

/// Credit transfers by their ISO 20022 family, issued or received, and rows of the word `transfer`.
fn movement(fields: &Fields<'_>, category: Category) -> Movement {
    let code = fields.object("BankTransactionCode").and_then(|code| code.word("Code"));
    let by_code = matches!(
        code.as_deref(),
        Some(
            "ICDT"
                | "RCDT"
                | "IssuedCreditTransfer"
                | "IssuedCreditTransfers"
                | "ReceivedCreditTransfer"
                | "ReceivedCreditTransfers"
        )
    );
    if by_code || category == Category::Transfer { Movement::Transfer } else { Movement::Other }
}

/// What was charged, where that was another currency.
fn original(fields: &Fields<'_>, own: Currency) -> Result<Option<Money>, BankError> {
    let Some(exchange) = fields.object("CurrencyExchange") else { return Ok(None) };
    let Some(instructed) = exchange.get("InstructedAmount") else { return Ok(None) };
    let original = shape::amount(&instructed.fields()?)?;
    Ok((original.currency != own).then_some(original))
}
