//! What a flow asks the banks.

use crate::domain::{
    account::AccountId,
    bank::BankId,
    period::Period,
    purpose::{Answering, DataClass},
    reading::Intent,
};

/// One question to the person's banks. `bank/ask.rs` turns it into calls under permits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question<P = Answering> {
    /// The id that the access log carries: the event that caused it.
    pub id: String,
    /// What the person wants to know, for the access log.
    pub about: Option<Intent>,
    /// Why; what it brings serves nothing else.
    pub purpose: P,
    /// What is needed: balances, transactions or both. The directory comes with either.
    pub classes: Vec<DataClass>,
    /// Only these banks; all linked ones when empty.
    pub banks: Vec<BankId>,
    /// Only these accounts; all when empty.
    pub accounts: Vec<AccountId>,
    /// For transactions: which days. `None` means as far back as the bank goes.
    pub period: Option<Period>,
    /// The person asked to look again: whatever is cached is not good enough.
    pub fresh: bool,
}
