//! What has to be paid soon: the due days that banks tell of cards and loans, and the payments whose rhythm makes them
//! expected. Only the first kind is known; the second is an estimate and is always called one.

use jiff::ToSpan;
use jiff::civil::Date;

use crate::answer::{
    Ask,
    gather::Gathered,
    ledger::Entry,
    rhythm::{self, Series},
    telling::{Telling, all},
    when,
};
use crate::domain::{
    account::{AccountClass, BalanceKind},
    facts::AccountFacts,
    money::{Currency, Money},
    period::Period,
    say::{Arg, Say},
};

/// Days that are looked ahead when none are named: every monthly bill comes once.
const AHEAD: i32 = 31;

/// Furthest that is looked ahead, in days: what comes back yearly comes once.
const FURTHEST: i32 = 366;

/// One bill.
#[derive(Clone, Debug)]
pub(super) struct Bill<'a> {
    /// When it is due or expected.
    pub(super) day: Date,
    /// How much; `None` where the bank tells the day and no amount.
    pub(super) money: Option<Money>,
    /// How it is known.
    pub(super) known: Known<'a>,
}

/// How a bill is known.
#[derive(Clone, Debug)]
pub(super) enum Known<'a> {
    /// The bank of this card or loan tells it.
    Told(&'a AccountFacts),
    /// Earlier payments make it expected.
    Expected(Series<'a>),
}

impl<'a> Bill<'a> {
    /// The bank that an amount was told by.
    pub(super) fn bank(&self) -> Option<&'a AccountFacts> {
        match self.known {
            Known::Told(share) => Some(share),
            Known::Expected(_) => None,
        }
    }

    /// The row that an expected amount is taken from.
    pub(super) fn row(&self) -> Option<Entry<'a>> {
        match &self.known {
            Known::Told(_) => None,
            Known::Expected(series) => Some(series.last()),
        }
    }

    /// Whether it is charged to a card, so that money leaves the person's accounts only with a later statement.
    pub(super) fn is_on_credit(&self) -> bool {
        self.row().is_some_and(|row| row.account.class.is_debt())
    }

    /// The bill as a line of a list.
    pub(super) fn line(&self, telling: &mut Telling<'a>, today: Date) -> Say {
        let money = self.money.map(|money| amount(telling, money, std::slice::from_ref(self)));
        match &self.known {
            Known::Told(share) => {
                let id = match (money.is_some(), share.account.class) {
                    (false, _) => "bill-untold",
                    (true, AccountClass::CreditCard) => "bill-statement",
                    (true, _) => "bill-instalment",
                };
                let say = Say::new(id).with("day", self.day).with("account", &share.account);
                let say = say.with("bank", share.bank.name.as_str());
                say.with("money", money.unwrap_or_else(|| Arg::from(""))).with("least", least(telling, share))
            }
            Known::Expected(series) => {
                let id = match (self.day < today, series.varies()) {
                    (true, _) => "bill-late",
                    (false, true) => "bill-varies",
                    (false, false) => "bill-expected",
                };
                let account = account_tail(&series.last());
                let say = Say::new(id).with("day", self.day).with("name", series.name()).with("account", account);
                say.with("money", money.unwrap_or_else(|| Arg::from("")))
            }
        }
    }
}

/// `, ••1179`.
fn account_tail(entry: &Entry<'_>) -> Arg {
    match &entry.account.last4 {
        Some(last4) => Arg::from(Say::new("row-account").with("account", format!("••{last4}"))),
        None => Arg::from(Say::new("row-account").with("account", entry.account.nick.as_str())),
    }
}

/// The least that must be paid of a statement, where the bank tells it and it is less than all.
fn least<'a>(telling: &mut Telling<'a>, share: &'a AccountFacts) -> Arg {
    let balances = share.balances.as_ref();
    let [statement, least] =
        [BalanceKind::Statement, BalanceKind::MinimumDue].map(|kind| balances.and_then(|all| all.get(kind)));
    match (statement, least) {
        (Some(statement), Some(least)) if !least.money.is_zero() && least.money != statement.money => {
            let money = telling.balance(least.money, &share.bank);
            Arg::from(Say::new("bill-least").with("money", money))
        }
        _ => Arg::from(""),
    }
}

/// The days as they are meant of what lies ahead. A month by its name alone reads as the last one of that name; of
/// bills, the next one is meant, unless it is the month that has just ended.
pub(super) fn meant(asked: Option<Period>, today: Date) -> Option<Period> {
    let asked = asked?;
    let later = |day: Date| day.checked_add(1.year()).unwrap_or(day);
    let just_ended = when::before(when::this_month(today)) == Some(asked);
    let is_over = asked.to.is_some_and(|to| to <= today);
    if is_over && when::is_month(asked) && !just_ended {
        return Some(Period { from: asked.from.map(later), to: asked.to.map(later) });
    }
    Some(asked)
}

/// The days ahead that a question means; `None` when they are over.
pub(super) fn window(asked: Option<Period>, today: Date) -> Option<Period> {
    let ahead = |from: Date, days: i32| from.checked_add(days.days()).unwrap_or(from);
    let from = asked.and_then(|asked| asked.from).map_or(today, |from| from.max(today));
    let to = asked.and_then(|asked| asked.to).unwrap_or_else(|| ahead(from, AHEAD));
    (to > today).then(|| Period::new(from, to.min(ahead(today, FURTHEST)).max(from)))
}

/// The bills of `window`, by day. What is late is still ahead, if the window begins today.
pub(super) fn bills<'a>(
    ask: &Ask<'a>,
    found: &Gathered<'a>,
    shares: &[&'a AccountFacts],
    window: Period,
) -> Vec<Bill<'a>> {
    let mut bills: Vec<Bill<'a>> = shares.iter().filter_map(|share| told(share, window)).collect();
    let (Some(from), Some(to)) = (window.from, window.to) else { return bills };
    for series in rhythm::payments(&found.rows, &found.accounts) {
        if !series.is_live(ask.today) {
            continue;
        }
        let is_ahead = |day: &Date| *day >= from || from == ask.today;
        for day in series.expected(to).into_iter().filter(is_ahead) {
            bills.push(Bill { day, money: Some(series.money()), known: Known::Expected(series.clone()) });
        }
    }
    bills.sort_by_key(|bill| bill.day);
    bills
}

/// The payment that a bank tells to be due: a card's statement, else the least that must be paid.
fn told<'a>(share: &'a AccountFacts, window: Period) -> Option<Bill<'a>> {
    let balances = share.balances.as_ref().filter(|_| share.account.class.is_debt())?;
    let day = balances.due.filter(|day| window.contains(*day))?;
    let figure = balances.get(BalanceKind::Statement).or_else(|| balances.get(BalanceKind::MinimumDue));
    let money = figure.map(|figure| figure.money);
    // A statement of zero, or in the person's favour, is no bill.
    if money.is_some_and(|money| money.is_zero() || money.is_out()) {
        return None;
    }
    Some(Bill { day, money, known: Known::Told(share) })
}

/// Money that some bills come to.
pub(super) fn amount<'a>(telling: &mut Telling<'a>, money: Money, bills: &[Bill<'a>]) -> Arg {
    let shares = bills.iter().filter_map(Bill::bank);
    let rows: Vec<Entry<'a>> = bills.iter().filter_map(Bill::row).collect();
    telling.over_both(money, shares.map(|share| &share.bank), &rows)
}

/// Notes how old the balances of some accounts are: a bank that told none of what is due told that, too, as of then.
pub(super) fn rest_on<'a>(telling: &mut Telling<'a>, shares: &[&'a AccountFacts]) {
    for share in shares {
        let figures = share.balances.iter().flat_map(|balances| &balances.figures);
        figures.for_each(|figure| telling.rests_on(&share.bank, figure.as_of.at()));
    }
}

/// The bills added up, one sum a currency, in the order of the first of each.
pub(super) fn sums(bills: &[Bill<'_>]) -> Vec<Money> {
    let mut sums: Vec<Money> = Vec::new();
    for money in bills.iter().filter_map(|bill| bill.money) {
        match sums.iter_mut().find(|sum| sum.currency == money.currency) {
            Some(sum) => *sum = sum.plus(money).unwrap_or(*sum),
            None => sums.push(money),
        }
    }
    sums
}

/// The bills of one currency.
pub(super) fn of_currency<'a>(bills: &[Bill<'a>], currency: Currency) -> Vec<Bill<'a>> {
    let is_of = |bill: &&Bill<'a>| bill.money.is_some_and(|money| money.currency == currency);
    bills.iter().filter(is_of).cloned().collect()
}

/// The bills added up, as they are said.
pub(super) fn sum<'a>(telling: &mut Telling<'a>, bills: &[Bill<'a>]) -> Arg {
    let sums = sums(bills);
    all(sums.into_iter().map(|sum| amount(telling, sum, &of_currency(bills, sum.currency))).collect())
}
