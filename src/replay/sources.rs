//! What the figures of a reply rest on, held against the rows of the world: whether a sum is the sum of its rows, whether
//! its bank was read for it, and whether any row is in it that does not belong there.

use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::Decimal;

use crate::domain::answer::Figure;
use crate::domain::money::{Currency, Money};
use crate::domain::reading::{Intent, Part};
use crate::replay::expr::normalise;
use crate::replay::invariants::{Around, has};
use crate::replay::judge::Reply;
use crate::replay::promises::{figure_digits, moneys};
use crate::sandbox::world::{Figures, LedgerAccount};

/// How each language names what is not booked yet.
const PENDING: &str = r"\bpending\b|\bvorgemerkt|\bnoch nicht gebucht\b|\bpendientes?\b";

/// How each language says that money between own accounts is told apart.
const NOT_COUNTED: &str = r"\byour own accounts\b|\beigenen konten\b|\bpropias cuentas\b|\bsus cuentas\b";

/// A row of the world, as far as sums are concerned.
#[derive(Clone, Copy, Debug)]
pub(super) struct Held {
    amount: Decimal,
    currency: Currency,
    pending: bool,
    /// Between own accounts.
    internal: bool,
}

impl Held {
    /// The rows of an account, by the ids that its bank gives them.
    pub(super) fn of(account: &LedgerAccount) -> Vec<(String, Self)> {
        let held = |(index, row): (usize, &crate::sandbox::world::Row)| {
            let pending = row.booked_on.is_none();
            let id = format!("{}-{:04}{}", account.id, index + 1, if pending { "-p" } else { "" });
            (id, Self { amount: row.amount, currency: account.currency, pending, internal: row.internal })
        };
        account.rows.iter().enumerate().map(held).collect()
    }
}

/// Every amount that a person's accounts hold literally, digits only.
pub(super) fn literals(accounts: &[LedgerAccount]) -> BTreeSet<String> {
    let of = |account: &LedgerAccount| {
        let own = match account.figures {
            Figures::Cash { booked, available } => vec![booked, available],
            Figures::Loan { owed, .. } => vec![owed],
            Figures::Card { owed, limit, available_credit, statement, .. } => {
                [Some(owed), Some(limit), Some(available_credit), statement].into_iter().flatten().collect()
            }
        };
        let rows = account.rows.iter().map(|row| row.amount);
        let currency = account.currency;
        own.into_iter().chain(rows).map(|amount| figure_digits(Money { amount, currency })).collect::<Vec<_>>()
    };
    accounts.iter().flat_map(of).collect()
}

impl Reply {
    /// What of a figure's sources is not as it must be, a sentence each.
    pub(super) fn check_figures(&self, around: &Around, found: &mut Vec<String>) {
        let text = normalise(&self.text(), false);
        let said: BTreeSet<String> = moneys(&text).into_iter().collect();
        // Nothing has no rows to rest on.
        let is_told = |figure: &&Figure| {
            let shown = figure_digits(figure.money);
            !figure.money.amount.is_zero() && said.contains(&shown) && !around.own_words.contains(&shown)
        };
        let told = || self.figures.iter().filter(is_told);
        for figure in told() {
            let shown = figure_digits(figure.money);
            if let Some(bank) = figure.banks.iter().find(|bank| !self.read.iter().any(|read| read == bank.as_str())) {
                found.push(format!("invariant 7: {shown} rests on {bank}, which was not read for it"));
            }
            if figure.banks.is_empty() {
                found.push(format!("invariant 7: {shown} has no source"));
            }
        }
        let is_spending = |part: &Part| {
            matches!(part.intent, Intent::SpendSum | Intent::SpendCompare | Intent::SpendTop | Intent::BudgetGet)
        };
        if self.parts.is_empty() || !self.parts.iter().all(is_spending) {
            return;
        }
        for figure in told() {
            let shown = figure_digits(figure.money);
            let rows: Vec<&Held> = figure.rows.iter().filter_map(|id| around.rows.get(id.as_str())).collect();
            let moved = rows.iter().filter(|row| row.internal).count();
            if moved > 0 && (moved < rows.len() || !has(&text, NOT_COUNTED)) {
                found.push(format!("invariant 11: {shown} counts money between own accounts as spent"));
            }
            if rows.iter().any(|row| row.pending) && !has(&text, PENDING) {
                found.push(format!("invariant 11: {shown} counts what is pending and does not name it"));
            }
            if rows.len() == figure.rows.len() && !rows.is_empty() && !self.adds_up(figure, &rows) {
                found.push(format!("invariant 7: {shown} is not the sum of its rows"));
            }
        }
    }

    /// Whether a figure is the exact sum of its rows, or the exact difference of two figures that are.
    fn adds_up(&self, figure: &Figure, rows: &[&Held]) -> bool {
        let mut sums: BTreeMap<Currency, Decimal> = BTreeMap::new();
        for row in rows {
            *sums.entry(row.currency).or_default() += row.amount;
        }
        let currency = figure.money.currency;
        let is_sum = sums.len() == 1 && sums.get(&currency).is_some_and(|sum| sum.abs() == figure.money.amount.abs());
        let own = || self.figures.iter().filter(|other| other.money.currency == currency).map(|it| it.money.amount);
        is_sum || own().any(|one| own().any(|other| (one - other).abs() == figure.money.amount.abs() && one != other))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::bank::BankId;
    use crate::domain::transaction::TransactionId;
    use crate::replay::judge::Bubble;

    const ROWS: [(&str, i64, bool, bool); 4] = [
        ("a-0001", -1000, false, false),
        ("a-0002", -250, false, false),
        ("a-0003-p", -500, true, false),
        ("a-0004", -900, false, true),
    ];

    fn around() -> Around {
        let held = |(id, cents, pending, internal): (&str, i64, bool, bool)| {
            (id.to_owned(), Held { amount: Decimal::new(cents, 2), currency: Currency::USD, pending, internal })
        };
        Around { linked: true, rows: ROWS.map(held).into(), ..Around::default() }
    }

    fn breaches(text: &str, cents: i64, rows: &[&str], read: &[&str]) -> Vec<String> {
        let figure = Figure {
            money: Money { amount: Decimal::new(cents, 2), currency: Currency::USD },
            banks: vec![BankId::new("northgate")],
            rows: rows.iter().map(|id| TransactionId::new(*id)).collect(),
        };
        let reply = Reply {
            bubbles: vec![Bubble { text: text.to_owned(), ..Bubble::default() }],
            parts: vec![Part::new(Intent::SpendSum)],
            figures: vec![figure],
            read: read.iter().map(|bank| (*bank).to_owned()).collect(),
            ..Reply::default()
        };
        reply.breaches(&around())
    }

    #[test]
    fn a_sum_rests_on_its_rows_and_on_a_bank_that_was_read() {
        let read = ["northgate"];
        assert_eq!(breaches("You've spent $12.50.", 1250, &["a-0001", "a-0002"], &read), [""; 0]);
        assert_eq!(breaches("$5.00, all of it still pending.", 500, &["a-0003-p"], &read), [""; 0]);
        assert_eq!(breaches("Between your own accounts: $9.00.", 900, &["a-0004"], &read), [""; 0]);
        for (wanted, text, cents, rows, read) in [
            (
                "invariant 7: 1250 rests on northgate, which was not read for it",
                "$12.50",
                1250,
                &["a-0001", "a-0002"][..],
                &[][..],
            ),
            ("invariant 7: 1251 is not the sum of its rows", "$12.51", 1251, &["a-0001", "a-0002"][..], &read[..]),
            (
                "invariant 11: 500 counts what is pending and does not name it",
                "$5.00",
                500,
                &["a-0003-p"][..],
                &read[..],
            ),
            ("invariant 11: 900 counts money between own accounts as spent", "$9.00", 900, &["a-0004"][..], &read[..]),
            (
                "invariant 11: 1900 counts money between own accounts as spent",
                "$19.00, of your own accounts",
                1900,
                &["a-0001", "a-0004"][..],
                &read[..],
            ),
        ] {
            assert_eq!(breaches(text, cents, rows, read), [wanted], "{text}");
        }
    }
}
