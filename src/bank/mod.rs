//! L2: adapters to banks. A dialect is pure `build_*` and `parse_*`; one executor owns deadlines, retries, caps
//! and origin pinning; `ask` turns one question into calls and facts. Every call takes a [`Permit`].
//!
//! From the outside in: `ask` plans and logs, `reader` reads one bank with the help of `cache`, a dialect (`fdx/`,
//! `obuk/`) builds requests and parses answers, `wire` sends under `guard`. `json`, `pages`, `rows`, `refusal` and
//! `address` are what the dialects share: fields by path, lists that end, one order of rows, the meaning of a
//! refusal, and addresses that cannot leave the bank.

use std::sync::Arc;

use async_trait::async_trait;
use jiff::Timestamp;
use jiff::civil::Date;

use crate::domain::{
    account::{Account, Balances},
    bank::Bank,
    offer::BankOffer,
    period::Period,
    transaction::Transaction,
};
use crate::privacy::permit::{OffersPermit, Permit};

mod address;
pub mod ask;
pub mod cache;
mod fdx;
mod guard;
mod json;
pub mod login;
mod obuk;
pub mod offers;
mod pages;
mod problem;
mod reader;
mod refusal;
mod rows;
mod settings;
mod token_hash;
mod wire;

pub use address::{BadAddress, check_base_url};
pub use problem::Problem;
pub use settings::{BankSettings, Dialect, History, Limits, UnknownDialect, connect};

/// A configured bank that can be read.
#[async_trait]
pub trait BankConnector: Send + Sync {
    /// Who it is.
    fn bank(&self) -> &Bank;

    /// The dialect it speaks: `fdx`, `obuk`.
    fn dialect(&self) -> &'static str;

    /// The first day of which it has rows, where that is known.
    fn history_from(&self, today: Date) -> Option<Date>;

    /// The accounts that the consent covers.
    async fn accounts(&self, permit: &Permit) -> Result<Vec<Account>, BankError>;

    /// Whether the bank tells the accounts' figures along with the accounts.
    fn tells_together(&self) -> Together {
        Together::No
    }

    /// The accounts, each with its figures if the bank tells both in one answer.
    async fn accounts_with_balances(&self, permit: &Permit) -> Result<Vec<AccountWithBalances>, BankError> {
        Ok(self.accounts(permit).await?.into_iter().map(|account| (account, None)).collect())
    }

    /// The figures of one account.
    async fn balances(&self, permit: &Permit, account: &Account) -> Result<Balances, BankError>;

    /// All rows of one account in the period, all pages, newest first (rows of one day: the latest first).
    async fn transactions(
        &self,
        permit: &Permit,
        account: &Account,
        period: Option<Period>,
    ) -> Result<Vec<Transaction>, BankError>;

    /// Whether the bank tells offers. One that does not is never asked for them.
    fn tells_offers(&self) -> bool {
        false
    }

    /// What the bank offers the holder of the consent.
    async fn offers(&self, _permit: &OffersPermit) -> Result<Vec<BankOffer>, BankError> {
        Err(BankError::NotCovered)
    }
}

/// Whether a bank tells accounts and their figures in one answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Together {
    /// It has done so.
    Yes,
    /// It does not.
    No,
    /// It was not asked yet.
    Unknown,
}

/// An account, with its figures if they came along.
pub type AccountWithBalances = (Account, Option<Balances>);

/// Banks by id, in the order of the config.
#[derive(Clone, Default)]
pub struct Banks(pub Vec<Arc<dyn BankConnector>>);

impl Banks {
    /// The bank of an id.
    pub fn get(&self, id: &crate::domain::bank::BankId) -> Option<&Arc<dyn BankConnector>> {
        self.0.iter().find(|bank| bank.bank().id == *id)
    }
}

/// Why a call to a bank gave nothing. Messages name the bank's field or status, never a token or a value.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BankError {
    /// No answer, a server failure, or the breaker is open.
    #[error("the bank does not answer: {0}")]
    Unavailable(String),
    /// No answer in time.
    #[error("no answer in time")]
    TooSlow,
    /// Refused until later.
    #[error("the bank limits how often it may be asked")]
    RateLimited {
        /// When it may be asked again, if it said.
        until: Option<Timestamp>,
    },
    /// The consent has ended, was taken back, or must be renewed.
    #[error("the bank says the consent has ended")]
    ConsentEnded,
    /// The consent or the permit does not cover this.
    #[error("not covered by the consent")]
    NotCovered,
    /// The account is closed or unknown.
    #[error("the account is gone")]
    AccountGone,
    /// The answer cannot be understood.
    #[error("cannot read {field}: {message}")]
    Malformed {
        /// Where, as a path: `transactions[3].amount`.
        field: String,
        /// What is wrong with it.
        message: String,
    },
    /// Our own credentials or request are wrong: the operator must act.
    #[error("the bank refuses us: {0}")]
    Misconfigured(String),
}
