//! Which payments come back: found from the rows alone, because banks do not tell. The same name and currency, a steady
//! rhythm, amounts that stay alike, and often enough that chance is no explanation.

use jiff::ToSpan;
use jiff::civil::Date;
use rust_decimal::Decimal;

use crate::answer::ledger::{Entry, Kind};
use crate::domain::{facts::AccountFacts, money::Money, transaction::Category};

/// Payments in a row that make a rhythm.
const ENOUGH: usize = 3;

/// Payments of an everyday kind that make a weekly rhythm: who likes a café goes there on Mondays, too.
const ENOUGH_EVERYDAY: usize = 4;

/// How often a payment comes back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Rhythm {
    /// Every so many weeks.
    Weeks(i8),
    /// On the same day every so many months.
    Months(i8),
}

/// The rhythms that are looked for, shortest first.
const RHYTHMS: [Rhythm; 6] =
    [Rhythm::Weeks(1), Rhythm::Weeks(2), Rhythm::Months(1), Rhythm::Months(3), Rhythm::Months(6), Rhythm::Months(12)];

impl Rhythm {
    /// The day so many turns after `day`; before it, where they are below zero.
    fn later(self, day: Date, turns: i8) -> Option<Date> {
        let turns = i64::from(turns);
        match self {
            Self::Weeks(weeks) => day.checked_add((i64::from(weeks) * turns).weeks()).ok(),
            Self::Months(months) => day.checked_add((i64::from(months) * turns).months()).ok(),
        }
    }

    /// Days by which weekends and holidays may move a payment.
    fn slack(self) -> i32 {
        match self {
            Self::Weeks(weeks) => i32::from(weeks),
            Self::Months(1) => 3,
            Self::Months(_) => 5,
        }
    }

    /// Whether `later` comes one turn after `earlier`, within so many days.
    fn leads(self, earlier: Date, later: Date, slack: i32) -> bool {
        self.later(earlier, 1).is_some_and(|due| days_between(due, later).abs() <= slack)
    }

    /// The text that tells the rhythm.
    pub(super) fn text(self) -> &'static str {
        match self {
            Self::Weeks(1) => "every-week",
            Self::Weeks(_) => "every-two-weeks",
            Self::Months(1) => "every-month",
            Self::Months(3) => "every-quarter",
            Self::Months(6) => "every-half-year",
            Self::Months(_) => "every-year",
        }
    }
}

/// Payments that follow a rhythm.
#[derive(Clone, Debug)]
pub(super) struct Series<'a> {
    /// The payments, oldest first; at least two.
    pub(super) rows: Vec<Entry<'a>>,
    /// Their rhythm.
    pub(super) rhythm: Rhythm,
    last: Entry<'a>,
}

/// Two payments between which the price changed.
#[derive(Clone, Copy, Debug)]
pub(super) struct PriceChange<'a> {
    /// The last one at the old price.
    pub(super) before: Entry<'a>,
    /// The first one at the new price.
    pub(super) after: Entry<'a>,
}

impl<'a> Series<'a> {
    /// The latest payment.
    pub(super) fn last(&self) -> Entry<'a> {
        self.last
    }

    /// The name on the rows.
    pub(super) fn name(&self) -> &'a str {
        self.last.row.label()
    }

    /// What the latest payment was, without sign.
    pub(super) fn money(&self) -> Money {
        self.last.row.money.abs()
    }

    /// Whether the amounts are metered rather than a price: they change too often.
    pub(super) fn varies(&self) -> bool {
        let changes = changes(&self.rows).count();
        let metered = self.last.row.category == Category::Utilities && self.rows.len() < ENOUGH && changes > 0;
        metered || changes * 2 > self.rows.len()
    }

    /// The latest change of a price.
    pub(super) fn price_change(&self) -> Option<PriceChange<'a>> {
        changes(&self.rows).last().filter(|_| !self.varies())
    }

    /// The day on which the next payment is expected.
    pub(super) fn next(&self) -> Option<Date> {
        self.nth(1)
    }

    /// All days before `to` on which a payment is expected, from the next one on. One that is late is expected still.
    pub(super) fn expected(&self, to: Date) -> Vec<Date> {
        (1..=i8::MAX).map_while(|turns| self.nth(turns)).take_while(|day| *day < to).collect()
    }

    /// The day so many turns after the last payment, on the day of the month that most of the payments keep.
    fn nth(&self, turns: i8) -> Option<Date> {
        let due = self.rhythm.later(self.last.row.date, turns)?;
        let Rhythm::Months(_) = self.rhythm else { return Some(due) };
        // A weekend or a short month may have moved the last payment: of the days nearby, the usual one.
        let usual = self.usual_day();
        let mut nearby =
            (-self.rhythm.slack()..=self.rhythm.slack()).filter_map(|off| due.checked_add(off.days()).ok());
        Some(nearby.find(|day| day.day() == usual.min(day.days_in_month())).unwrap_or(due))
    }

    /// Whether the payments go on: the next is not overdue for longer than banks take.
    pub(super) fn is_live(&self, today: Date) -> bool {
        let grace = match self.rhythm {
            Rhythm::Weeks(_) => self.rhythm.slack() + 2,
            Rhythm::Months(_) => self.rhythm.slack() + 4,
        };
        self.next().is_some_and(|next| days_between(next, today) <= grace)
    }

    /// The day of the month that most payments keep; of equals, that of the latest.
    fn usual_day(&self) -> i8 {
        let kept = |day: i8| self.rows.iter().filter(|entry| entry.row.date.day() == day).count();
        self.rows.iter().map(|entry| entry.row.date.day()).max_by_key(|day| kept(*day)).unwrap_or(1)
    }

    fn of(rows: Vec<Entry<'a>>, accounts: &[&AccountFacts]) -> Option<Self> {
        let last = *rows.last()?;
        let fits = |rhythm: &Rhythm| {
            rows.len() > 1 && rows.windows(2).all(|two| rhythm.leads(two[0].row.date, two[1].row.date, rhythm.slack()))
        };
        let rhythm = RHYTHMS.into_iter().find(fits)?;
        let series = Self { rows, rhythm, last };
        (series.is_alike() && series.is_enough(accounts)).then_some(series)
    }

    /// Whether the payments could be one thing that is paid for again and again.
    fn is_alike(&self) -> bool {
        if is_everyday(self.last.row.category) {
            return changes(&self.rows).count() <= 1;
        }
        let most = match self.last.row.category {
            Category::Utilities | Category::Income => Decimal::from(3),
            _ => Decimal::new(15, 1),
        };
        let amounts = self.rows.windows(2).map(|two| [two[0].row.money.amount.abs(), two[1].row.money.amount.abs()]);
        amounts.into_iter().all(|[a, b]| a.max(b) <= a.min(b).saturating_mul(most))
    }

    /// Whether there are enough of them. Two will do for a bill, on the same day of two months, where the bank's rows
    /// begin too late to show a third.
    fn is_enough(&self, accounts: &[&AccountFacts]) -> bool {
        let everyday = is_everyday(self.last.row.category);
        match self.rhythm {
            Rhythm::Weeks(_) if everyday => self.rows.len() >= ENOUGH_EVERYDAY,
            _ if everyday || self.rows.len() >= ENOUGH => self.rows.len() >= ENOUGH,
            Rhythm::Weeks(_) => false,
            Rhythm::Months(_) => self.on_the_same_day() && !self.could_show_more(accounts),
        }
    }

    fn on_the_same_day(&self) -> bool {
        self.rows.windows(2).all(|two| self.rhythm.leads(two[0].row.date, two[1].row.date, 2))
    }

    /// Whether the bank's rows go back to where one more payment would stand.
    fn could_show_more(&self, accounts: &[&AccountFacts]) -> bool {
        let Some(first) = self.rows.first() else { return false };
        let Some(share) = accounts.iter().find(|share| share.account.id == first.account.id) else { return false };
        let oldest = share.transactions.iter().flatten().map(|row| row.date).min();
        let Some(from) = share.history_from.or(oldest) else { return false };
        self.rhythm.later(first.row.date, -1).is_some_and(|before| days_between(from, before) >= self.rhythm.slack())
    }
}

/// Days from one to the other; below zero when `to` is the earlier.
fn days_between(from: Date, to: Date) -> i32 {
    from.until((jiff::Unit::Day, to)).map_or(i32::MAX, |span| span.get_days())
}

/// The neighbours whose amounts differ.
fn changes<'r, 'a>(rows: &'r [Entry<'a>]) -> impl Iterator<Item = PriceChange<'a>> + 'r {
    let pairs = rows.windows(2).map(|two| PriceChange { before: two[0], after: two[1] });
    pairs.filter(|pair| pair.before.row.money.amount != pair.after.row.money.amount)
}

/// What people buy whenever they need it: a rhythm in it is more often a habit than an agreement.
fn is_everyday(category: Category) -> bool {
    use Category::{Coffee, Dining, Fuel, Gifts, Groceries, Shopping, Transfer, Transport, Travel, Uncategorised};
    let kinds =
        [Coffee, Dining, Fuel, Gifts, Groceries, Shopping, Transfer, Transport, Travel, Uncategorised, Category::Cash];
    kinds.contains(&category)
}

/// The regular payments among some rows; the dearest first. Cash is drawn, not paid.
pub(super) fn payments<'a>(entries: &[Entry<'a>], accounts: &[&AccountFacts]) -> Vec<Series<'a>> {
    let is_payment = |entry: &Entry<'_>| {
        entry.kind == Kind::Payment && entry.row.money.is_out() && entry.row.category != Category::Cash
    };
    find(entries, is_payment, accounts)
}

/// The regular income among some rows; the highest first.
pub(super) fn income<'a>(entries: &[Entry<'a>], accounts: &[&AccountFacts]) -> Vec<Series<'a>> {
    find(entries, |entry| entry.kind == Kind::Income && !entry.row.money.is_out(), accounts)
}

/// `entries` are newest first, as `ledger` gives them.
fn find<'a>(entries: &[Entry<'a>], counts: impl Fn(&Entry<'a>) -> bool, accounts: &[&AccountFacts]) -> Vec<Series<'a>> {
    let mut groups: Vec<Vec<Entry<'a>>> = Vec::new();
    for entry in entries.iter().rev().filter(|entry| counts(entry)) {
        let is_same = |other: &Entry<'_>| {
            other.row.label() == entry.row.label() && other.row.money.currency == entry.row.money.currency
        };
        match groups.iter_mut().find(|group| group.first().is_some_and(is_same)) {
            Some(group) => group.push(*entry),
            None => groups.push(vec![*entry]),
        }
    }
    let mut found: Vec<Series<'a>> = groups.into_iter().flat_map(|group| in_group(group, accounts)).collect();
    found
        .sort_by(|one, other| other.money().amount.cmp(&one.money().amount).then_with(|| one.name().cmp(other.name())));
    found
}

/// One name's payments are one series, or there is one among them at a price of its own: a subscription at a shop where
/// other things are bought as well.
fn in_group<'a>(group: Vec<Entry<'a>>, accounts: &[&AccountFacts]) -> Vec<Series<'a>> {
    if let Some(series) = Series::of(group.clone(), accounts) {
        return vec![series];
    }
    let mut prices: Vec<Decimal> = group.iter().map(|entry| entry.row.money.amount.normalize()).collect();
    prices.sort_unstable();
    prices.dedup();
    let at = |price: Decimal| group.iter().filter(|entry| entry.row.money.amount == price).copied().collect();
    prices.into_iter().filter_map(|price| Series::of(at(price), accounts)).collect()
}
