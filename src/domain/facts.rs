//! What the banks answered, and what could not be had.

use jiff::Timestamp;
use jiff::civil::Date;

use crate::domain::{
    account::{Account, Balances},
    bank::Bank,
    purpose::Answering,
    stop::{OrderedBy, Stop},
    transaction::Transaction,
};

/// Everything one [`Question`](crate::domain::question::Question) brought, for its purpose. Lives in memory only.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facts<P = Answering> {
    /// The accounts that answered, in the banks' and the directory's order.
    pub accounts: Vec<AccountFacts>,
    /// The banks (or single accounts) that gave nothing, and why.
    pub missing: Vec<Missing>,
    /// Why it was read.
    pub purpose: P,
}

/// One account's share.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountFacts {
    /// The account.
    pub account: Account,
    /// The bank that holds it.
    pub bank: Bank,
    /// Its figures, when balances were asked for.
    pub balances: Option<Balances>,
    /// Its rows in the asked period, newest first, when transactions were asked for. Rows of one day keep the
    /// order in which they happened, the latest first.
    pub transactions: Option<Vec<Transaction>>,
    /// When this was read from the bank (for a cached answer: when it was read, not when it was reused).
    pub read_at: Timestamp,
    /// The first day the bank keeps rows of, where it told or a shorter answer showed it.
    pub history_from: Option<Date>,
}

/// A source that a complete answer would have needed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Missing {
    /// The bank.
    pub bank: Bank,
    /// The account, when the bank answered for others.
    pub account: Option<Account>,
    /// Why there is nothing.
    pub trouble: Trouble,
}

/// Why a bank gave nothing; each wants another sentence and another next step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// It does not answer, or answered with a failure or nonsense.
    Down,
    /// It did not answer within the time that a person waits.
    Slow,
    /// It refuses until this moment.
    RateLimited {
        /// When it may be asked again, if it said.
        until: Option<Timestamp>,
    },
    /// The consent has run out, or the bank says so.
    ConsentEnded,
    /// Reading has stopped, for the person did not say again in time that it may go on.
    Unconfirmed {
        /// The last day on which it was read.
        until: Date,
    },
    /// The consent does not cover what was asked.
    NotCovered,
    /// Reading this bank is switched off.
    SwitchedOff,
    /// It was ordered that nothing of it is read.
    Stopped {
        /// Who ordered it.
        by: OrderedBy,
        /// Since when.
        since: Timestamp,
    },
}

impl From<&Stop> for Trouble {
    fn from(stop: &Stop) -> Self {
        Self::Stopped { by: stop.by, since: stop.since }
    }
}

impl<P> Facts<P> {
    /// Whether nothing at all came.
    pub fn is_empty(&self) -> bool {
        self.accounts.is_empty()
    }

    /// Whether every source that the question needs has answered.
    pub fn is_complete(&self) -> bool {
        self.missing.is_empty()
    }
}
