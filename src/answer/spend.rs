//! How much went out: every row of every account, cards too, without the person's own transfers and without
//! income; refunds netted, pending counted and named, each currency apart.

use std::cmp::Reverse;

use crate::answer::{
    Answered, Ask,
    gather::{self, Gathered},
    ledger::{Entry, Kind},
    shape::{self, Grain, Shape},
    telling::{Telling, all, asks},
    top, trend, when,
};
use crate::domain::{
    money::{Currency, Money},
    reading::{Intent, Slots},
    say::{Arg, Say},
};

/// Most names that one line gives.
const NAMES_MAX: usize = 3;

/// Whether a row is meant.
type Test = fn(&Entry<'_>) -> bool;

/// What was spent in one currency.
pub(super) struct Sum<'a> {
    /// The currency.
    pub(super) currency: Currency,
    /// The rows that count, newest first.
    pub(super) rows: Vec<Entry<'a>>,
}

impl<'a> Sum<'a> {
    /// Sums by currency; the one with most rows first.
    pub(super) fn by_currency(entries: &[Entry<'a>]) -> Vec<Self> {
        let mut sums: Vec<Self> = Vec::new();
        for entry in entries {
            let currency = entry.row.money.currency;
            match sums.iter_mut().find(|sum| sum.currency == currency) {
                Some(sum) => sum.rows.push(*entry),
                None => sums.push(Self { currency, rows: vec![*entry] }),
            }
        }
        sums.sort_by_key(|sum| (Reverse(sum.rows.len()), sum.currency));
        sums
    }

    /// The rows of one currency, which may be none.
    pub(super) fn of(currency: Currency, entries: &[Entry<'a>]) -> Self {
        let rows = entries.iter().filter(|entry| entry.row.money.currency == currency).copied().collect();
        Self { currency, rows }
    }

    /// What was spent after refunds; above zero is money out.
    pub(super) fn spent(&self) -> Money {
        self.add_up(|_| true).negated()
    }

    /// The rows of which `counts` is true, added up with their signs.
    pub(super) fn add_up(&self, counts: impl Fn(&Entry<'a>) -> bool) -> Money {
        let rows = self.rows.iter().filter(|entry| counts(entry));
        rows.fold(Money::zero(self.currency), |sum, entry| sum.plus(entry.row.money).unwrap_or(sum))
    }
}

/// How many of the rows are payments: those below zero.
pub(super) fn payments(entries: &[Entry<'_>]) -> usize {
    entries.iter().filter(|entry| entry.row.money.is_out()).count()
}

/// Answers `spend.sum`.
pub(super) fn sum(ask: &Ask<'_>) -> Answered {
    let shape = Shape::of(ask.part);
    match shape {
        _ if shape.grain.is_some() => trend::trend(ask),
        _ if shape.chart => top::top(ask),
        _ => plain(ask),
    }
}

/// One sum, whatever shape was asked for.
pub(super) fn plain(ask: &Ask<'_>) -> Answered {
    let asked = shape::days(ask.part, ask.today);
    let found = gather::rows(ask, &ask.part.slots, asked)?;
    let mut telling = found.telling(ask);
    let entries = found.spending();
    let count = payments(&entries);
    let (id, spent) = match Sum::by_currency(&entries).as_slice() {
        // Zero is a figure, and one that lacks a source is none.
        [] if !found.missing.is_empty() => ("spend-zero-partial", Arg::from("")),
        [] => ("spend-zero", spent(&mut telling, &found, &entries)),
        [only] if only.spent().is_out() => ("spend-back", telling.over_rows(only.spent().abs(), &only.rows)),
        _ => ("spend-sum", spent(&mut telling, &found, &entries)),
    };
    let when = found.window.say(ask.today);
    let say = Say::new(id).with("sum", spent).with("about", found.about()).with("when", when).with("count", count);
    telling.say(say);
    say_parts(&mut telling, &entries);
    let own = found.own_transfers();
    if found.is_about_all() && !own.is_empty() {
        let sum = over(&mut telling, &own);
        telling.say(Say::new("own-left-out").with("sum", sum));
    }
    found.note_gaps(&mut telling);
    offers(&mut telling, ask, &found, count);
    Ok(telling.done())
}

/// What was spent, one amount a currency; nothing is zero in the first account's currency.
pub(super) fn spent(telling: &mut Telling<'_>, found: &Gathered<'_>, entries: &[Entry<'_>]) -> Arg {
    let sums = Sum::by_currency(entries);
    if sums.is_empty() {
        let currency = found.accounts.first().map_or(Currency::USD, |share| share.account.currency);
        return telling.over_banks(Money::zero(currency), found.accounts.iter().map(|share| &share.bank));
    }
    all(sums.iter().map(|sum| telling.over_rows(sum.spent(), &sum.rows)).collect())
}

/// Names what of a sum is pending, and what was taken off.
pub(super) fn say_parts(telling: &mut Telling<'_>, entries: &[Entry<'_>]) {
    let kinds: [(&str, Test); 3] = [
        ("spend-pending", |entry| entry.row.is_pending() && entry.row.money.is_out()),
        ("spend-refunds", |entry| entry.kind == Kind::Refund),
        ("spend-received", |entry| entry.kind == Kind::Received),
    ];
    for (id, is_part) in kinds {
        let part: Vec<Entry<'_>> = entries.iter().filter(|entry| is_part(entry)).copied().collect();
        if part.is_empty() {
            continue;
        }
        if id == "spend-pending" && part.len() == entries.len() {
            telling.say(Say::new("spend-pending-all").with("names", names(&part)));
            continue;
        }
        let sum = over(telling, &part);
        telling.say(Say::new(id).with("sum", sum).with("names", names(&part)));
    }
}

/// Rows added up without sign, one amount a currency.
pub(super) fn over(telling: &mut Telling<'_>, entries: &[Entry<'_>]) -> Arg {
    let sums = Sum::by_currency(entries);
    all(sums.iter().map(|sum| telling.over_rows(sum.spent().abs(), &sum.rows)).collect())
}

/// The names on some rows, each once; the first few.
pub(super) fn names(entries: &[Entry<'_>]) -> Arg {
    let mut names: Vec<&str> = Vec::new();
    for entry in entries {
        if !names.contains(&entry.row.label()) {
            names.push(entry.row.label());
        }
    }
    let more = names.len().saturating_sub(NAMES_MAX);
    let mut shown: Vec<Arg> = names.into_iter().take(NAMES_MAX).map(Arg::from).collect();
    if more > 0 {
        shown.push(Arg::from(Say::new("and-others").with("count", more)));
    }
    all(shown)
}

fn offers(telling: &mut Telling<'_>, ask: &Ask<'_>, found: &Gathered<'_>, count: usize) {
    let slots = Slots { direction: None, count: None, ..found.resolved.clone() };
    if count > 0 {
        // The list shows what was counted, not everything that happened on the accounts.
        let rows = Slots { kind: Some(super::list::COUNTED.to_owned()), ..slots.clone() };
        // A title has room for three digits.
        let title =
            if count < 1000 { Say::new("title-see-payments").with("count", count) } else { Say::new("title-see-all") };
        telling.offer(title, asks(Intent::TxnList, rows));
    }
    telling.offer_how();
    let compare = Slots { kind: None, ..slots.clone() };
    if found.window.asked == when::this_month(ask.today) {
        telling.offer(Say::new("title-vs-last-month"), asks(Intent::SpendCompare, compare));
    } else if when::is_month(found.window.asked) {
        telling.offer(Say::new("title-vs-month-before"), asks(Intent::SpendCompare, compare));
    }
    if count > 0 && found.window.seen.days().is_some_and(|days| days > shape::MONTH) {
        telling.offer(Say::new("title-chart"), shape::chart(Grain::Months, &slots));
    }
    if found.is_about_all() {
        telling.offer(Say::new("title-top"), asks(Intent::SpendTop, Slots { kind: None, ..slots }));
    }
}
