//! The books of the banks: accounts that change while the sandbox runs, and what a bank may show of them.

use std::collections::BTreeMap;

use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;
use jiff::{ToSpan, Zoned};
use rust_decimal::Decimal;

use super::world::{Figures, LedgerAccount, Row, Supports};
use crate::domain::{account::AccountId, fault::Fault};

/// Why the books were not changed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LedgerError {
    /// The world has no such account.
    #[error("there is no account {0:?}")]
    UnknownAccount(AccountId),
    /// No pending row of the account has this amount.
    #[error("no pending row of {0:?} has the amount {1}")]
    NothingPending(AccountId, String),
    /// The row, as it was written, has mistakes.
    #[error("the row has mistakes: {}", .0.iter().map(|fault| fault.message.as_str()).collect::<Vec<_>>().join("; "))]
    BadRow(Vec<Fault>),
    /// The amount, as it was written, is none of the account's currency.
    #[error("{0}")]
    BadAmount(String),
}

/// The accounts as they are now.
#[derive(Clone, Debug)]
pub(super) struct Ledger {
    accounts: Vec<LedgerAccount>,
}

impl Ledger {
    /// The books as a world begins.
    pub(super) fn new(accounts: Vec<LedgerAccount>) -> Self {
        Self { accounts }
    }

    /// All accounts, in the order of the world.
    pub(super) fn accounts(&self) -> &[LedgerAccount] {
        &self.accounts
    }

    /// The account of an id.
    pub(super) fn account(&self, id: &AccountId) -> Result<&LedgerAccount, LedgerError> {
        let account = self.accounts.iter().find(|account| account.id == *id);
        account.ok_or_else(|| LedgerError::UnknownAccount(id.clone()))
    }

    fn account_mut(&mut self, id: &AccountId) -> Result<&mut LedgerAccount, LedgerError> {
        let account = self.accounts.iter_mut().find(|account| account.id == *id);
        account.ok_or_else(|| LedgerError::UnknownAccount(id.clone()))
    }

    /// A row appears, and the balances follow.
    pub(super) fn append(&mut self, id: &AccountId, row: Row) -> Result<(), LedgerError> {
        let account = self.account_mut(id)?;
        account.figures.claim(row.amount);
        if row.booked_on.is_some() {
            account.figures.book(row.amount);
        }
        account.rows.push(row);
        Ok(())
    }

    /// The oldest pending row of this amount is booked on `today`, and the balances follow.
    pub(super) fn book(&mut self, id: &AccountId, amount: Decimal, today: Date) -> Result<(), LedgerError> {
        let account = self.account_mut(id)?;
        // A pending payment may be named without its minus.
        let is_pending = |wanted: Decimal| account.rows.iter().any(|r| r.booked_on.is_none() && r.amount == wanted);
        let amount = if is_pending(amount) || amount.is_sign_negative() { amount } else { -amount };
        let nothing = LedgerError::NothingPending(id.clone(), account.money(amount).to_string());
        let pending = account.rows.iter_mut().filter(|row| row.booked_on.is_none() && row.amount == amount);
        let row = pending.min_by_key(|row| row.date).ok_or(nothing)?;
        // A row dated ahead cannot be booked before it happens.
        row.booked_on = Some(today.max(row.date));
        account.figures.book(amount);
        Ok(())
    }
}

impl Figures {
    /// An amount is known to the bank: what can be used changes.
    fn claim(&mut self, amount: Decimal) {
        match self {
            Self::Cash { available, .. } => *available = available.saturating_add(amount),
            Self::Card { available_credit, .. } => *available_credit = available_credit.saturating_add(amount),
            Self::Loan { .. } => {}
        }
    }

    /// An amount that is known is booked: what is had or owed changes.
    fn book(&mut self, amount: Decimal) {
        match self {
            Self::Cash { booked, .. } => *booked = booked.saturating_add(amount),
            Self::Card { owed, .. } | Self::Loan { owed, .. } => *owed = owed.saturating_sub(amount),
        }
    }
}

/// A row as a bank shows it.
#[derive(Clone, Debug)]
pub(super) struct ShownRow {
    /// The bank's id for it. A row gets another one when it is booked, as real banks do.
    pub(super) id: String,
    /// When it happened, to the second, in the person's zone.
    pub(super) happened: Zoned,
    /// When it was booked; `None` while it is pending.
    pub(super) booked: Option<Zoned>,
    /// The row itself.
    pub(super) row: Row,
}

impl ShownRow {
    /// The moment that the bank's lists go by: booked, else happened.
    pub(super) fn listed(&self) -> &Zoned {
        self.booked.as_ref().unwrap_or(&self.happened)
    }
}

/// The rows that a bank shows of an account on `today`: nothing of days to come, nothing from before
/// `history_from`, and pending rows only where the bank tells them. Newest first.
///
/// A row stands at noon of its day, each later one of a day a second after, so that their order can be told.
pub(super) fn shown_rows(
    account: &LedgerAccount,
    supports: Supports,
    zone: &TimeZone,
    history_from: Date,
    today: Date,
) -> Vec<ShownRow> {
    let mut rows_of_day: BTreeMap<Date, i64> = BTreeMap::new();
    let mut shown = Vec::new();
    for (index, row) in account.rows.iter().enumerate() {
        let in_time = (history_from..=today).contains(&row.date);
        if !in_time || (row.booked_on.is_none() && !supports.pending) {
            continue;
        }
        let place = rows_of_day.entry(row.date).or_default();
        let booked = row.booked_on.map(|day| noon(day, *place, zone));
        let suffix = if booked.is_some() { "" } else { "-p" };
        let id = format!("{}-{:04}{suffix}", account.id, index + 1);
        shown.push(ShownRow { id, happened: noon(row.date, *place, zone), booked, row: row.clone() });
        *place += 1;
    }
    shown.sort_by(|a, b| b.happened.cmp(&a.happened));
    shown
}

/// Noon of a day and `seconds` more.
fn noon(day: Date, seconds: i64, zone: &TimeZone) -> Zoned {
    let local = day.to_datetime(Time::constant(12, 0, 0, 0)).saturating_add(seconds.seconds());
    zone.to_ambiguous_zoned(local).compatible().unwrap_or_else(|_| jiff::Timestamp::UNIX_EPOCH.to_zoned(zone.clone()))
}
