//! What a row is, as far as sums go: a payment, a refund, income, or the person's money moving between their own
//! accounts. Banks do not tell; this is where it is decided, once, for every answer.

use std::collections::HashMap;

use jiff::Unit;
use jiff::civil::Date;
use rust_decimal::Decimal;

use crate::answer::Grounds;
use crate::domain::{
    account::{Account, AccountClass, AccountId},
    bank::Bank,
    money::{Currency, Money},
    transaction::{Category, Movement, Transaction},
};

/// How many days the two halves of a transfer may be apart.
pub(super) const TRANSFER_DAYS: i32 = 3;

/// What a row is to the person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Money spent.
    Payment,
    /// Money back from a merchant; netted against spending.
    Refund,
    /// A transfer from somebody else; netted against spending and named.
    Received,
    /// Wages and the like; never part of spending.
    Income,
    /// Between the person's own accounts, payments of cards and loans included; never part of spending.
    Internal,
    /// A zero amount: a card was checked, nothing was paid.
    Check,
}

/// A row with the account it stands on and what it is.
#[derive(Clone, Copy, Debug)]
pub(super) struct Entry<'a> {
    pub(super) row: &'a Transaction,
    pub(super) account: &'a Account,
    pub(super) bank: &'a Bank,
    pub(super) kind: Kind,
}

impl Entry<'_> {
    /// Whether the row is part of what was spent.
    pub(super) fn is_spending(&self) -> bool {
        matches!(self.kind, Kind::Payment | Kind::Refund | Kind::Received)
    }
}

/// All rows of all accounts, newest first; rows of one day in the order of the accounts, the latest first.
pub(super) fn entries<'a>(facts: Grounds<'a>, directory: &'a [Account]) -> Vec<Entry<'a>> {
    let opposites = Opposites::of(facts);
    let mut entries: Vec<Entry<'a>> = Vec::new();
    for share in facts.accounts {
        for row in share.transactions.iter().flatten() {
            let kind = kind(row, &share.account, &opposites, directory);
            entries.push(Entry { row, account: &share.account, bank: &share.bank, kind });
        }
    }
    entries.sort_by_key(|entry| std::cmp::Reverse(entry.row.date));
    entries
}

fn kind(row: &Transaction, account: &Account, opposites: &Opposites<'_>, directory: &[Account]) -> Kind {
    let transfer = row.movement == Movement::Transfer || row.category == Category::Transfer;
    if row.money.is_zero() {
        Kind::Check
    } else if transfer && (opposites.has(row) || names_another(row, account, directory) || is_repayment(row, account)) {
        Kind::Internal
    } else if row.category == Category::Income {
        Kind::Income
    } else if row.money.is_out() {
        Kind::Payment
    } else if transfer {
        Kind::Received
    } else if is_merchant_row(row, account) {
        Kind::Refund
    } else {
        // Money that came in, from nobody who sells anything: a salary whose bank has no categories.
        Kind::Income
    }
}

/// Whether a row pays off a card or a loan. It is no spending wherever the money came from, also where the account it
/// left cannot be read just now.
fn is_repayment(row: &Transaction, account: &Account) -> bool {
    account.class.is_debt() && !row.money.is_out()
}

/// Whether a row comes from a card or a merchant, as far as its bank tells.
fn is_merchant_row(row: &Transaction, account: &Account) -> bool {
    account.class == AccountClass::CreditCard
        || row.merchant.is_some()
        || row.mcc.is_some()
        || row.category != Category::Uncategorised
}

/// Whether the row's text names the last four digits of another account of the person.
fn names_another(row: &Transaction, own: &Account, directory: &[Account]) -> bool {
    let texts = [Some(row.text.as_str()), row.merchant.as_deref()];
    let mut numbers = texts.into_iter().flatten().flat_map(|text| text.split(|c: char| !c.is_ascii_digit()));
    numbers.any(|number| {
        directory.iter().any(|other| other.id != own.id && other.last4.as_deref().is_some_and(|last4| last4 == number))
    })
}

/// Rows by amount, to find the other half of a transfer.
struct Opposites<'a>(HashMap<(Currency, Decimal), Vec<(&'a AccountId, Date)>>);

impl<'a> Opposites<'a> {
    fn of(facts: Grounds<'a>) -> Self {
        let mut rows: HashMap<_, Vec<_>> = HashMap::new();
        for share in facts.accounts {
            for row in share.transactions.iter().flatten() {
                rows.entry(amount(row.money)).or_default().push((&share.account.id, row.date));
            }
        }
        Self(rows)
    }

    /// Whether another account has an equal, opposite row within [`TRANSFER_DAYS`].
    fn has(&self, row: &Transaction) -> bool {
        self.0.get(&amount(row.money.negated())).into_iter().flatten().any(|(account, date)| {
            let days = row.date.until((Unit::Day, *date)).map_or(i32::MAX, |span| span.get_days());
            **account != row.account && days.abs() <= TRANSFER_DAYS
        })
    }
}

fn amount(money: Money) -> (Currency, Decimal) {
    (money.currency, money.amount.normalize())
}
