//! An alert: what a person asked to be told without asking again. It holds what the person set and whether it was told,
//! never a balance or a payment.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::domain::{account::AccountId, money::Money};

/// The `kind` of an [`Intent::AlertSet`](crate::domain::reading::Intent::AlertSet) that asks which alerts there are.
pub const LIST: &str = "list";

/// What an alert watches for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AlertKind {
    /// An account goes under an amount.
    LowBalance,
    /// A payment is larger than an amount.
    LargePayment,
    /// Income arrives.
    Income,
}

impl AlertKind {
    /// The word of this kind, as slots carry it.
    pub fn word(self) -> &'static str {
        match self {
            Self::LowBalance => "low_balance",
            Self::LargePayment => "large_payment",
            Self::Income => "income",
        }
    }

    /// The kind of a word.
    pub fn parse(word: &str) -> Option<Self> {
        [Self::LowBalance, Self::LargePayment, Self::Income].into_iter().find(|kind| kind.word() == word)
    }
}

/// One alert of a person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Alert {
    /// What it watches for.
    pub kind: AlertKind,
    /// On which accounts; all when empty.
    pub accounts: Vec<AccountId>,
    /// The limit that the person set; income has none.
    pub amount: Option<Money>,
    /// The day on which it was set: payments up to that day are not news.
    pub since: Date,
    /// When it is to be checked next.
    pub due: Timestamp,
    /// How far it has looked and told.
    pub watch: Watch,
}

/// How far an alert has looked and told.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Watch {
    /// The last day on which every bank it needs gave what it needs.
    pub looked: Option<Date>,
    /// The last day on which it was told.
    pub told: Option<Date>,
    /// The account was under the limit when it was looked at last, and the person was told.
    pub is_under: bool,
    /// One-way marks of the payments that are no news any more.
    pub marks: Vec<u64>,
    /// The person was told that a consent it needs has ended.
    pub told_ended: bool,
    /// The outbox row of what was told last, so that it can be taken back while it waits there.
    pub row: Option<String>,
}
