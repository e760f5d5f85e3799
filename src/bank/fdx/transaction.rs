//! FDX rows. Source: FDX API 6, `Transaction`, `DepositTransaction`, `LocTransaction`.

use crate::bank::fdx::shape;
use crate::bank::json::{Fields, malformed};
use crate::bank::{BankError, pages::Page, rows, rows::Row, settings::BankSettings, wire::Answer};
use crate::domain::{
    account::Account,
    money::{Currency, Money},
    text::label,
    transaction::{Category, Movement, Status, Transaction, TransactionId},
};

/// One page of `GET /accounts/{accountId}/transactions`.
pub(super) fn parse_transactions(
    settings: &BankSettings,
    account: &Account,
    answer: &Answer,
) -> Result<Page<Row>, BankError> {
    let fields = shape::accepted(answer)?.fields()?;
    let mut rows = Vec::new();
    for item in fields.need("transactions")?.items()? {
        rows.extend(row(settings, account, &shape::unwrap(&item)?.fields)?);
    }
    Ok(Page { rows, next: shape::next_page(&fields) })
}

/// One row; `None` for a memo, which moves no money.
fn row(
    settings: &BankSettings,
    account: &Account,
    fields: &Fields<'_>,
) -> Result<Option<(Option<String>, Row)>, BankError> {
    let sign = fields.need("debitCreditMemo")?;
    let amount = fields.need("amount")?.money(account.currency)?.abs();
    // On a card too a debit is a purchase and a credit a payment: FDX speaks of the person's position.
    let money = match sign.word().as_deref() {
        Some("DEBIT") => rows::out(amount),
        Some("CREDIT") => amount,
        Some("MEMO") => return Ok(None),
        _ => return Err(malformed(sign.path(), "is neither DEBIT, CREDIT nor MEMO")),
    };
    let posted = fields.get("postedTimestamp").map(|node| node.moment()).transpose()?;
    let happened = match (fields.get("transactionTimestamp"), posted) {
        (Some(node), _) => node.moment()?,
        (None, Some(posted)) => posted,
        (None, None) => return Err(malformed(fields.path_of("transactionTimestamp"), "is missing")),
    };
    let status = match fields.word("status").as_deref() {
        Some("POSTED") => Status::Booked,
        None if posted.is_some() => Status::Booked,
        // PENDING, MEMO, AUTHORIZATION and words of the future: nothing says that they are final.
        _ => Status::Pending,
    };
    let movement = movement(account, fields);
    let (mcc, category) = category(fields, movement);
    let id = fields.get("transactionId").and_then(|node| node.word());
    let text = ["description", "memo", "transactionType"].into_iter().find_map(|name| fields.word(name));
    let mut row = Row {
        at: happened.at,
        transaction: Transaction {
            id: TransactionId::new(id.clone().unwrap_or_default()),
            account: account.id.clone(),
            date: happened.told_in(settings.zone.as_ref()).day,
            money,
            status,
            merchant: fields.word("payee").map(|name| label(&name)),
            text: label(&text.unwrap_or_default()),
            mcc,
            category,
            movement,
            original: original(fields, account.currency)?,
        },
    };
    if id.is_none() {
        row.transaction.id = rows::fingerprint(&row);
    }
    Ok(Some((id, row)))
}

/// What the row says it is: a transfer by its type, a payment of a card or loan, or a row of the word `transfer`.
fn movement(account: &Account, fields: &Fields<'_>) -> Movement {
    let by_type = match fields.word("transactionType").as_deref() {
        Some("TRANSFER") => true,
        Some("PAYMENT") => account.class.is_debt(),
        _ => false,
    };
    let by_word = fields.word("category").is_some_and(|word| Category::parse(&word) == Some(Category::Transfer));
    if by_type || by_word { Movement::Transfer } else { Movement::Other }
}

/// The merchant category code, when `subCategory` says that `category` is one, and our category.
fn category(fields: &Fields<'_>, movement: Movement) -> (Option<u16>, Category) {
    let word = fields.word("category");
    let is_code = fields.word("subCategory").is_some_and(|kind| kind.eq_ignore_ascii_case("MCC"));
    let mcc = word.as_deref().filter(|_| is_code).and_then(rows::mcc);
    match rows::category(mcc, word.as_deref()) {
        Category::Uncategorised if movement == Movement::Transfer => (mcc, Category::Transfer),
        category => (mcc, category),
    }
}

/// What the merchant charged, where that was another currency.
fn original(fields: &Fields<'_>, own: Currency) -> Result<Option<Money>, BankError> {
    let (Some(amount), Some(currency)) = (fields.get("foreignAmount"), fields.get("foreignCurrency")) else {
        return Ok(None);
    };
    let original = amount.money(currency.currency()?)?.abs();
    Ok((original.currency != own).then_some(original))
}
