//! OBUK accounts. Source: `OBReadAccount6`.

use crate::bank::address::Base;
use crate::bank::json::{Fields, malformed};
use crate::bank::obuk::shape;
use crate::bank::{BankError, pages::Page, rows, settings::BankSettings, wire::Answer};
use crate::domain::{
    account::{Account, AccountClass, AccountId},
    text::label,
};

/// One page of `GET /accounts`. Deleted accounts are left out.
pub(super) fn parse_accounts(
    settings: &BankSettings,
    base: &Base,
    answer: &Answer,
) -> Result<Page<Account>, BankError> {
    let envelope = shape::accepted(answer)?;
    let mut rows = Vec::new();
    if let Some(list) = envelope.need("Data")?.fields()?.get("Account") {
        for item in list.items()? {
            let fields = item.fields()?;
            // Switched accounts may come without a currency; what they do bring is still checked.
            let gone = fields.word("Status").is_some_and(|status| status == "Deleted");
            if gone && fields.get("Currency").is_none() {
                continue;
            }
            let account = account(settings, &fields)?;
            if !gone {
                rows.push((Some(account.id.as_str().to_owned()), account));
            }
        }
    }
    Ok(Page { rows, next: shape::next_page(&envelope, base)? })
}

fn account(settings: &BankSettings, fields: &Fields<'_>) -> Result<Account, BankError> {
    // A bank may answer an old consent with old names under the new version.
    let kind = fields.first(&["AccountTypeCode", "AccountSubType"]).and_then(|node| node.word());
    let class = class(kind.as_deref().unwrap_or_default());
    // `Account[].Name` is left alone: with many banks it is the holder's.
    let name = ["Nickname", "Description"].into_iter().find_map(|name| fields.word(name));
    Ok(Account {
        id: AccountId::new(fields.need("AccountId")?.id()?),
        bank: settings.bank.id.clone(),
        nick: label(&name.unwrap_or_else(|| class.word().replace('_', " "))),
        last4: last4(fields),
        class,
        currency: match fields.get("Currency") {
            Some(currency) => currency.currency()?,
            None => settings.currency.ok_or_else(|| malformed(fields.path_of("Currency"), "is missing"))?,
        },
    })
}

/// Last four digits of the first identification that ends in digits.
fn last4(fields: &Fields<'_>) -> Option<String> {
    let identifications = fields.get("Account")?.items().ok()?;
    identifications.iter().find_map(|item| rows::last4(&item.fields().ok()?.word("Identification")?))
}

/// Our class of an account type: `ExternalCashAccountType1Code` (4.0) or `OBExternalAccountSubType1Code` (3.1).
fn class(kind: &str) -> AccountClass {
    match kind {
        "CACC" | "TRAN" | "SLRY" | "CurrentAccount" => AccountClass::Checking,
        "SVGS" | "LLSV" | "MOMA" | "Savings" => AccountClass::Savings,
        "CARD" | "CreditCard" | "ChargeCard" => AccountClass::CreditCard,
        "LOAN" | "MORT" | "Loan" | "Mortgage" => AccountClass::Loan,
        _ => AccountClass::Other,
    }
}
