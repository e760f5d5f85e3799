//! Accounts and their balances, in one sign convention whatever the bank's dialect does.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::domain::{
    bank::BankId,
    id,
    money::{Currency, Money},
};

id! {
    /// An account as its bank names it; stable within a link.
    AccountId
}

/// What an account is, as far as answers differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AccountClass {
    /// A current account.
    Checking,
    /// A savings account.
    Savings,
    /// A credit card: has owed, limit, available credit.
    CreditCard,
    /// A loan: has owed.
    Loan,
    /// Anything else; shown, never added.
    Other,
}

impl AccountClass {
    /// Whether the account holds the person's own money (rather than a debt).
    pub fn holds_cash(self) -> bool {
        matches!(self, Self::Checking | Self::Savings)
    }

    /// Whether the account is a debt.
    pub fn is_debt(self) -> bool {
        matches!(self, Self::CreditCard | Self::Loan)
    }

    /// The word of this class in worlds and JSON: `checking`, `credit_card` …
    pub fn word(self) -> &'static str {
        match self {
            Self::Checking => "checking",
            Self::Savings => "savings",
            Self::CreditCard => "credit_card",
            Self::Loan => "loan",
            Self::Other => "other",
        }
    }
}

/// One account of the person at one bank. Holds no amounts: it may be kept (sealed) with the link.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    /// The bank's id for it.
    pub id: AccountId,
    /// The bank that holds it.
    pub bank: BankId,
    /// The person's or bank's short name for it, already neutralised for display.
    pub nick: String,
    /// Last four digits of its number, when the bank tells them.
    pub last4: Option<String>,
    /// What it is.
    pub class: AccountClass,
    /// Its currency.
    pub currency: Currency,
}

/// The accounts of a bank that have another id in `after` than they had in `before`: banks may name accounts anew under each
/// consent, but not change their last digits, their kind or their currency. Where two could be meant, neither is.
pub fn moved(before: &[Account], after: &[Account]) -> Vec<(AccountId, AccountId)> {
    let is_in = |account: &Account, all: &[Account]| all.iter().any(|other| other.id == account.id);
    let same = |a: &Account, b: &Account| {
        a.last4.is_some() && (&a.last4, a.class, a.currency) == (&b.last4, b.class, b.currency)
    };
    let only = |of: &Account, among: &[Account], others: &[Account]| {
        let mut fits = among.iter().filter(|other| same(of, other) && !is_in(other, others));
        fits.next().filter(|_| fits.next().is_none()).map(|account| account.id.clone())
    };
    let gone = before.iter().filter(|account| !is_in(account, after));
    gone.filter_map(|old| {
        let new = only(old, after, before)?;
        only(old, before, after)?;
        Some((old.id.clone(), new))
    })
    .collect()
}

/// Which of an account's figures a balance is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BalanceKind {
    /// Ledger balance: what is booked.
    Booked,
    /// What can be used now, pending payments taken off.
    Available,
    /// What is owed on a card or loan; positive is debt.
    Owed,
    /// The agreed credit limit.
    Limit,
    /// What is left of the limit; never called money.
    AvailableCredit,
    /// Balance of the last statement.
    Statement,
    /// Smallest payment due.
    MinimumDue,
}

impl BalanceKind {
    /// The word of this kind in JSON: `booked`, `available_credit` …
    pub fn word(self) -> &'static str {
        match self {
            Self::Booked => "booked",
            Self::Available => "available",
            Self::Owed => "owed",
            Self::Limit => "limit",
            Self::AvailableCredit => "available_credit",
            Self::Statement => "statement",
            Self::MinimumDue => "min_due",
        }
    }
}

/// When a figure was true.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AsOf {
    /// The bank said so.
    Bank(Timestamp),
    /// The bank did not say; this is when it answered.
    Fetched(Timestamp),
}

impl AsOf {
    /// The moment itself.
    pub fn at(&self) -> Timestamp {
        match self {
            Self::Bank(at) | Self::Fetched(at) => *at,
        }
    }
}

/// One figure of an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Balance {
    /// Which figure.
    pub kind: BalanceKind,
    /// How much. `Owed` is positive for a debt; overdrawn `Booked` or `Available` is negative.
    pub money: Money,
    /// When it was true.
    pub as_of: AsOf,
}

/// The figures of one account, as one read gave them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Balances {
    /// Each kind at most once.
    pub figures: Vec<Balance>,
    /// When a card or loan payment is due, if the bank tells.
    pub due: Option<Date>,
}

impl Balances {
    /// The figure of one kind.
    pub fn get(&self, kind: BalanceKind) -> Option<&Balance> {
        self.figures.iter().find(|balance| balance.kind == kind)
    }
}
