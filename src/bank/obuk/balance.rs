//! OBUK balances: many types with one meaning each here, credit lines that may be inside a figure, and debts told as
//! debit balances. Source: `OBReadBalance1`.

use jiff::Timestamp;
use rust_decimal::Decimal;

use crate::bank::json::{Fields, Node, malformed};
use crate::bank::obuk::shape;
use crate::bank::{BankError, wire::Answer};
use crate::domain::{
    account::{Account, AccountClass, AsOf, Balance, BalanceKind, Balances},
    money::{Currency, Money},
};

/// Types that say what is booked, best first: `ExternalBalanceType1Code` and the words of 3.1.
const BOOKED: [&[&str]; 8] = [
    &["ITBD", "InterimBooked"],
    &["CLBD", "ClosingBooked"],
    &["OPBD", "OpeningBooked"],
    &["PRCD", "PreviouslyClosedBooked"],
    &["INFO", "Information"],
    &["InterimCleared"],
    &["ClosingCleared"],
    &["OpeningCleared"],
];

/// Types that say what can be used, best first. Expected is the last resort.
const AVAILABLE: [&[&str]; 5] = [
    &["ITAV", "InterimAvailable"],
    &["CLAV", "ClosingAvailable"],
    &["FWAV", "ForwardAvailable"],
    &["OPAV", "OpeningAvailable"],
    &["XPCD", "Expected"],
];

/// One balance object in the account's currency.
struct Entry<'a> {
    kind: String,
    /// With its sign: below zero is overdrawn or owed.
    money: Money,
    at: Timestamp,
    lines: Vec<CreditLine>,
    fields: Fields<'a>,
}

/// A credit line of a balance.
struct CreditLine {
    kind: String,
    included: bool,
    money: Money,
}

/// The figures of `GET /accounts/{AccountId}/balances`.
pub(super) fn parse_balances(account: &Account, answer: &Answer) -> Result<Balances, BankError> {
    let envelope = shape::accepted(answer)?;
    let list = envelope.need("Data")?.fields()?.need("Balance")?;
    let mut entries = Vec::new();
    for item in list.items()? {
        entries.extend(entry(account, &item)?);
    }
    let found = match account.class {
        AccountClass::CreditCard | AccountClass::Loan => debt(&entries)?,
        _ => cash(&entries),
    };
    if found.figures.is_empty() && account.class != AccountClass::Other {
        return Err(malformed(list.path(), "has no figure of this account in its currency"));
    }
    Ok(found)
}

/// Reads one object; `None` for another account's and for one in another currency, as wallets have.
fn entry<'a>(account: &Account, item: &Node<'a>) -> Result<Option<Entry<'a>>, BankError> {
    let fields = item.fields()?;
    let other = fields.word("AccountId").is_some_and(|id| id != account.id.as_str());
    let money = shape::signed(&fields)?;
    if other || money.currency != account.currency {
        return Ok(None);
    }
    let mut lines = Vec::new();
    if let Some(list) = fields.get("CreditLine") {
        for line in list.items()? {
            let line = line.fields()?;
            let Some(amount) = line.get("Amount") else { continue };
            let money = shape::amount(&amount.fields()?)?;
            if money.currency == account.currency {
                let included = line.get("Included").is_some_and(|node| node.is_true());
                lines.push(CreditLine { kind: line.word("Type").unwrap_or_default(), included, money });
            }
        }
    }
    let at = fields.need("DateTime")?.moment()?.at;
    let kind = fields.word("Type").unwrap_or_default();
    Ok(Some(Entry { kind, money, at, lines, fields }))
}

/// The newest entry of the best type that there is.
fn best<'e, 'a>(entries: &'e [Entry<'a>], ranks: &[&[&str]]) -> Option<&'e Entry<'a>> {
    ranks.iter().find_map(|names| {
        let of_type = entries.iter().filter(|entry| names.contains(&entry.kind.as_str()));
        of_type.max_by_key(|entry| entry.at)
    })
}

/// The person's own money: what a bank lends inside a figure is taken off it.
fn cash(entries: &[Entry<'_>]) -> Balances {
    let figure = |kind, ranks| {
        best(entries, ranks).map(|entry| {
            let money = Money::new(entry.money.amount - lent_within(entry), entry.money.currency);
            Balance { kind, money, as_of: AsOf::Bank(entry.at) }
        })
    };
    let figures = [figure(BalanceKind::Booked, &BOOKED[..]), figure(BalanceKind::Available, &AVAILABLE[..])];
    Balances { figures: figures.into_iter().flatten().collect(), due: None }
}

/// How much of a figure is credit. The line called `Available` is the unused part of another one, so it counts
/// only when it stands alone.
fn lent_within(entry: &Entry<'_>) -> Decimal {
    let included = || entry.lines.iter().filter(|line| line.included);
    let agreed: Decimal = included().filter(|line| line.kind != "Available").map(|line| line.money.amount).sum();
    if agreed.is_zero() { included().map(|line| line.money.amount).sum() } else { agreed }
}

/// A card or loan: a debit balance is what is owed, and positive here.
fn debt(entries: &[Entry<'_>]) -> Result<Balances, BankError> {
    let line = |kind: &str| {
        let lines = entries.iter().flat_map(|entry| entry.lines.iter().map(move |line| (entry.at, line)));
        lines.filter(|(_, line)| line.kind == kind).max_by_key(|(at, _)| *at).map(|(at, line)| (at, line.money))
    };
    let booked = best(entries, &BOOKED);
    let owed = booked.map(|entry| {
        // A booked balance in credit that holds the credit line is the unused part of the line.
        let lent = if entry.money.is_out() { Decimal::ZERO } else { lent_within(entry) };
        (entry.at, Money::new(lent - entry.money.amount, entry.money.currency))
    });
    // Without a line called so, what the card says is available is what is left of its limit.
    let left = line("Available").or_else(|| best(entries, &AVAILABLE).map(|entry| (entry.at, entry.money)));
    let limit = line("Credit").or_else(|| line("Pre-Agreed"));
    let mut figures = Vec::new();
    for (kind, found) in [(BalanceKind::Owed, owed), (BalanceKind::Limit, limit), (BalanceKind::AvailableCredit, left)]
    {
        figures.extend(found.map(|(at, money)| Balance { kind, money, as_of: AsOf::Bank(at) }));
    }
    let mut due = None;
    // Statement figures are no part of the standard's balances; banks that tell them use `SupplementaryData`.
    for entry in entries {
        let Some(extra) = entry.fields.object("SupplementaryData") else { continue };
        for (kind, name) in [(BalanceKind::Statement, "StatementBalance"), (BalanceKind::MinimumDue, "MinimumDue")] {
            let Some(node) = extra.get(name) else { continue };
            if figures.iter().all(|figure| figure.kind != kind) {
                let money = plain_or_object(&node, entry.money.currency)?;
                figures.push(Balance { kind, money, as_of: AsOf::Bank(entry.at) });
            }
        }
        if let Some(node) = extra.get("DueDate") {
            due = Some(node.moment()?.day);
        }
    }
    Ok(Balances { figures, due })
}

/// An amount that a bank writes as a number, a string or an `Amount` object.
fn plain_or_object(node: &Node<'_>, currency: Currency) -> Result<Money, BankError> {
    if node.word().is_some() { node.money(currency) } else { shape::amount(&node.fields()?) }
}
