//! Rows as both dialects make them: ids for rows without one, and one order whatever the bank's.

use std::cmp::{Ordering, Reverse};
use std::collections::HashMap;

use jiff::civil::Date;
use jiff::{Timestamp, ToSpan};
use sha2::{Digest, Sha256};

use crate::domain::{
    money::Money,
    period::Period,
    transaction::{Category, Transaction, TransactionId},
};

/// A row and the instant it is ordered by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Row {
    /// When it happened, as exactly as the bank tells.
    pub(crate) at: Timestamp,
    /// The row itself.
    pub(crate) transaction: Transaction,
}

/// An amount as money out. Zero stays without a sign.
pub(crate) fn out(amount: Money) -> Money {
    if amount.is_zero() { amount } else { amount.negated() }
}

/// The category of a row: by its merchant category code, else by the bank's word if it is one of ours.
pub(crate) fn category(mcc: Option<u16>, word: Option<&str>) -> Category {
    mcc.map(Category::of_code)
        .filter(|category| *category != Category::Uncategorised)
        .or_else(|| word.and_then(Category::parse))
        .unwrap_or(Category::Uncategorised)
}

/// A merchant category code (ISO 18245): three or four digits.
pub(crate) fn mcc(word: &str) -> Option<u16> {
    let digits = (3..=4).contains(&word.len()) && word.bytes().all(|b| b.is_ascii_digit());
    digits.then(|| word.parse().ok()).flatten()
}

/// Last four digits of a number, masked or not. Never more than four, whatever the bank sends.
pub(crate) fn last4(number: &str) -> Option<String> {
    let tail: Vec<char> = number.trim().chars().rev().take(4).collect();
    (tail.len() == 4 && tail.iter().all(char::is_ascii_digit)).then(|| tail.into_iter().rev().collect())
}

/// An id for a row that has none: the same row has the same one each time it is read.
pub(crate) fn fingerprint(row: &Row) -> TransactionId {
    let transaction = &row.transaction;
    let seen = format!("{}|{}|{}|{}", transaction.account, row.at, transaction.money, transaction.label());
    TransactionId::new(format!("~{}", hex::encode(&Sha256::digest(seen)[..12])))
}

/// The rows of the period, newest first. Equal rows without ids are told apart by counting, so that two equal
/// coffees stay two.
pub(crate) fn arrange(mut rows: Vec<Row>, period: Option<Period>) -> Vec<Transaction> {
    // Rows of one instant keep the bank's order, turned to newest first: see which way the list as a whole runs.
    let direction = |pair: &[Row]| match pair[0].at.cmp(&pair[1].at) {
        Ordering::Less => -1,
        Ordering::Equal => 0,
        Ordering::Greater => 1,
    };
    if rows.windows(2).map(direction).sum::<i64>() < 0 {
        rows.reverse();
    }
    rows.sort_by_key(|row| Reverse((row.transaction.date, row.at)));
    let mut seen: HashMap<TransactionId, u32> = HashMap::new();
    for row in rows.iter_mut().rev() {
        let count = seen.entry(row.transaction.id.clone()).or_default();
        *count += 1;
        if *count > 1 {
            row.transaction.id = TransactionId::new(format!("{}-{count}", row.transaction.id));
        }
    }
    let within = |row: &Row| period.is_none_or(|period| period.contains(row.transaction.date));
    rows.into_iter().filter(within).map(|row| row.transaction).collect()
}

/// Days by which a row may be booked after it happened.
const SETTLEMENT_DAYS: i64 = 7;

/// First and last day (both in) to ask a bank for, so that every row of the period is among the answer. Banks filter
/// by booking, in their own zone; rows count for the day they happened.
pub(crate) fn window(period: Option<Period>) -> (Option<Date>, Option<Date>) {
    let Some(period) = period else { return (None, None) };
    let from = period.from.map(|from| from.checked_sub(1.day()).unwrap_or(from));
    let to = period.last_day().map(|to| to.checked_add(SETTLEMENT_DAYS.days()).unwrap_or(to));
    (from, to)
}
