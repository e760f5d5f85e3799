//! Ledgers in which habits are planted: what comes back, what is ahead and what is left to spend is known beforehand,
//! reckoned by hand in months and days, and must be what the answers say.

use std::collections::BTreeMap;

use jiff::civil::{Date, date};
use proptest::collection::vec;
use proptest::prelude::*;
use rust_decimal::Decimal;

use crate::answer::reckoning::{amounts, answer, check_figures, lines, now};
use crate::domain::{
    account::{Account, AccountClass, AsOf, Balance, BalanceKind, Balances},
    answer::Answer,
    bank::Bank,
    facts::{AccountFacts, Facts},
    money::{Currency, Money},
    period::Period,
    reading::{Intent, Part, Slots},
    say::{Arg, Say},
    transaction::{Category, Movement, Status, Transaction},
};

/// The accounts of a planted ledger: everyday, card, and everyday in another currency.
const ACCOUNTS: [(AccountClass, Currency); 3] = [
    (AccountClass::Checking, Currency::USD),
    (AccountClass::CreditCard, Currency::USD),
    (AccountClass::Checking, Currency::EUR),
];

/// A payee that is paid on the same day of each month.
#[derive(Clone, Debug)]
struct Planted {
    account: usize,
    category: Category,
    /// 1 to 28, so that every month has it.
    day: i8,
    /// Months since the latest payment: 0 is November, or October where the day has not come yet.
    ago: i32,
    /// How many payments there were, without a gap but for `skips`.
    count: i32,
    /// Whether a month in between was left out.
    skips: bool,
    cents: i64,
    /// From the latest payment on, the price is this much higher.
    rise: i64,
}

/// What is drawn: the payees, the day of the month on which income comes, what is available, what the card says is due.
type Drawn = (Vec<Planted>, Option<i8>, [i64; 2], Option<(i8, i64)>);

fn planted() -> impl Strategy<Value = Planted> {
    use Category::{Coffee, Education, Entertainment, Groceries, Insurance, Rent, Services};
    let category = prop::sample::select(vec![Entertainment, Services, Education, Rent, Insurance, Groceries, Coffee]);
    let rise = prop_oneof![2 => Just(0_i64), 1 => 1_i64..40];
    (0_usize..3, category, 1_i8..=28, 0_i32..3, 1_i32..6, any::<bool>(), 100_i64..9_000, rise).prop_map(
        |(account, category, day, ago, count, skips, cents, rise)| Planted {
            account,
            category,
            day,
            ago,
            count,
            skips,
            cents,
            rise,
        },
    )
}

fn drawn() -> impl Strategy<Value = Drawn> {
    let due = prop::option::of((1_i8..=28, 0_i64..50_000));
    (vec(planted(), 0..6), prop::option::of(1_i8..=28), [10_000_i64..400_000, 10_000_i64..400_000], due)
}

/// Months are counted from year 0.
fn day_of(month: i32, day: i8) -> Date {
    date(
        i16::try_from(month.div_euclid(12)).expect("a year"),
        i8::try_from(month.rem_euclid(12) + 1).expect("a month"),
        day,
    )
}

const NOVEMBER: i32 = 2026 * 12 + 10;
const TODAY: i8 = 22;

impl Planted {
    fn last_month(&self) -> i32 {
        let latest = if self.day <= TODAY { NOVEMBER } else { NOVEMBER - 1 };
        latest - self.ago
    }

    /// The months in which it was paid, oldest first.
    fn months(&self) -> Vec<i32> {
        let turns = (0..self.count).map(|turn| if self.skips && turn > 0 { turn + 1 } else { turn });
        let mut months: Vec<i32> = turns.map(|turn| self.last_month() - turn).collect();
        months.reverse();
        months
    }

    fn latest_cents(&self) -> i64 {
        self.cents + self.rise
    }

    /// Whether it comes back, by hand: three in a row without a gap, going on. The price rises once, and by less
    /// than half.
    fn comes_back(&self) -> bool {
        let steady = self.count >= 3 && !self.skips;
        // Overdue by at most a week.
        let goes_on = match self.ago {
            0 => self.day <= TODAY || day_of(NOVEMBER, self.day) >= date(2026, 11, 15),
            1 => self.day <= TODAY && self.day >= TODAY - 7,
            _ => false,
        };
        steady && goes_on
    }

    /// The days before `end` on which it is expected.
    fn expected(&self, end: Date) -> impl Iterator<Item = Date> {
        let (day, next) = (self.day, self.last_month() + 1);
        (next..next + 15).map(move |month| day_of(month, day)).filter(move |day| *day < end)
    }

    fn money(&self, cents: i64) -> Money {
        Money::new(Decimal::new(cents, 2), ACCOUNTS[self.account].1)
    }
}

fn rows_of(planted: &[Planted], account: usize, income: Option<i8>) -> Vec<Transaction> {
    let mut rows = Vec::new();
    for (at, payee) in planted.iter().enumerate().filter(|(_, payee)| payee.account == account) {
        let months = payee.months();
        for (turn, month) in months.iter().enumerate() {
            let cents = if turn + 1 == months.len() { payee.latest_cents() } else { payee.cents };
            rows.push((format!("Payee {at}"), day_of(*month, payee.day), payee.money(-cents), payee.category));
        }
    }
    if let Some(day) = income.filter(|_| account == 0) {
        let latest = if day <= TODAY { NOVEMBER } else { NOVEMBER - 1 };
        let wage = Money::new(Decimal::new(200_000, 2), Currency::USD);
        rows.extend((0..4).map(|ago| ("Wages".to_owned(), day_of(latest - ago, day), wage, Category::Income)));
    }
    rows.sort_by_key(|(_, day, ..)| std::cmp::Reverse(*day));
    let transaction = |(at, (name, date, money, category)): (usize, (String, Date, Money, Category))| Transaction {
        id: format!("{account}-{at}").as_str().into(),
        account: format!("a{account}").as_str().into(),
        date,
        money,
        status: Status::Booked,
        merchant: Some(name.clone()),
        text: name,
        mcc: None,
        category,
        movement: Movement::Other,
        original: None,
    };
    rows.into_iter().enumerate().map(transaction).collect()
}

fn facts((planted, income, available, due): &Drawn) -> Facts {
    let bank =
        Bank { id: "b".into(), name: "Bank".to_owned(), country: "US".to_owned(), fraud_line: None, help_line: None };
    let share = |(at, (class, currency)): (usize, &(AccountClass, Currency))| {
        let figure = |kind, cents: i64| Balance {
            kind,
            money: Money::new(Decimal::new(cents, 2), *currency),
            as_of: AsOf::Fetched(now()),
        };
        let figures = match at {
            0 => vec![figure(BalanceKind::Available, available[0])],
            2 => vec![figure(BalanceKind::Available, available[1])],
            _ => due.iter().map(|(_, cents)| figure(BalanceKind::Statement, *cents)).collect(),
        };
        let due = due.filter(|_| at == 1).map(|(day, _)| day_of(NOVEMBER + 1, day));
        let (id, nick) = (format!("a{at}").as_str().into(), format!("Account {at}"));
        let account = Account { id, bank: bank.id.clone(), nick, last4: None, class: *class, currency: *currency };
        AccountFacts {
            account,
            bank: bank.clone(),
            balances: Some(Balances { figures, due }),
            transactions: Some(rows_of(planted, at, *income)),
            read_at: now(),
            // Early enough for two payments never to be enough.
            history_from: Some(date(2025, 1, 1)),
        }
    };
    Facts { accounts: ACCOUNTS.iter().enumerate().map(share).collect(), ..Facts::default() }
}

type Sums = BTreeMap<Currency, Decimal>;

/// The amounts of one placeholder of the lines of these texts.
fn said(answer: &Answer, texts: &[&str], placeholder: &str) -> Sums {
    let mut found = Vec::new();
    for line in lines(answer).filter(|line| texts.contains(&line.text.as_str())) {
        line.args.iter().filter(|(name, _)| name == placeholder).for_each(|(_, value)| amounts(value, &mut found));
    }
    let mut sums = Sums::new();
    found.into_iter().for_each(|money| *sums.entry(money.currency).or_insert(Decimal::ZERO) += money.amount);
    sums
}

fn add(sums: &mut Sums, money: Money) {
    *sums.entry(money.currency).or_insert(Decimal::ZERO) += money.amount;
}

fn name(say: &Say) -> Option<&str> {
    say.args.iter().find_map(|(name, value)| match value {
        Arg::Text(text) if name == "name" => Some(text.as_str()),
        _ => None,
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn what_was_planted_comes_back_and_nothing_else(drawn in drawn()) {
        let facts = facts(&drawn);
        let answer = answer("recurring", &Part::new(Intent::RecurringList), &facts, None);
        check_figures(&answer, &facts, false);
        let mut found: Vec<&str> =
            lines(&answer).filter(|line| line.text == "recurring-line").filter_map(name).collect();
        found.sort_unstable();
        let planted = drawn.0.iter().enumerate().filter(|(_, payee)| payee.comes_back());
        let expected: Vec<String> = planted.map(|(at, _)| format!("Payee {at}")).collect();
        prop_assert_eq!(found, expected);
        let mut monthly = Sums::new();
        let subscription = |payee: &&Planted| {
            payee.comes_back() && !matches!(payee.category, Category::Rent | Category::Insurance)
        };
        for payee in drawn.0.iter().filter(subscription) {
            add(&mut monthly, payee.money(payee.latest_cents()));
        }
        prop_assert_eq!(said(&answer, &["recurring-monthly"], "sum"), monthly);
        let risen = drawn.0.iter().filter(|payee| payee.comes_back() && payee.rise > 0).count();
        prop_assert_eq!(lines(&answer).filter(|line| line.text == "recurring-rose").count(), risen);
    }

    #[test]
    fn what_was_paid_regularly_in_a_month_is_what_was_planted_there(drawn in drawn()) {
        let facts = facts(&drawn);
        let october = Period::new(date(2026, 10, 1), date(2026, 11, 1));
        let slots = Slots { period: Some(october), ..Slots::default() };
        let answer = answer("recurring", &Part { intent: Intent::RecurringList, slots }, &facts, None);
        check_figures(&answer, &facts, true);
        let mut expected = Sums::new();
        for payee in &drawn.0 {
            let months = payee.months();
            let latest = months.last().copied().unwrap_or_default();
            // Three in a row without a gap, ended or not; before a gap, at the old price, where the latest has a new one.
            let counted = match payee.skips {
                false if payee.count >= 3 => &months[..],
                true if payee.count >= 4 && payee.rise > 0 => &months[..months.len() - 1],
                _ => &[],
            };
            for month in counted.iter().filter(|month| **month == NOVEMBER - 1) {
                let cents = if *month == latest { payee.latest_cents() } else { payee.cents };
                add(&mut expected, payee.money(cents));
            }
        }
        prop_assert_eq!(said(&answer, &["recurring-paid", "recurring-paid-others"], "sum"), expected);
    }

    #[test]
    fn what_is_ahead_is_what_was_planted_and_told(drawn in drawn()) {
        let facts = facts(&drawn);
        let answer = answer("upcoming", &Part::new(Intent::UpcomingList), &facts, None);
        check_figures(&answer, &facts, false);
        let end = date(2026, 12, 23);
        let mut expected = Sums::new();
        for payee in drawn.0.iter().filter(|payee| payee.comes_back()) {
            payee.expected(end).for_each(|_| add(&mut expected, payee.money(payee.latest_cents())));
        }
        let due = drawn.3.filter(|(day, cents)| *cents > 0 && day_of(NOVEMBER + 1, *day) < end);
        if let Some((_, cents)) = due {
            add(&mut expected, Money::new(Decimal::new(cents, 2), Currency::USD));
        }
        prop_assert_eq!(said(&answer, &["upcoming-head"], "sum"), expected);
    }

    #[test]
    fn what_is_left_is_what_is_there_minus_what_comes_before_the_income(drawn in drawn()) {
        let facts = facts(&drawn);
        let answer = answer("afford", &Part::new(Intent::AffordCheck), &facts, None);
        check_figures(&answer, &facts, false);
        let far = date(2026, 12, 23);
        let income = drawn.1.map(|day| {
            let next = if day > TODAY { NOVEMBER } else { NOVEMBER + 1 };
            day_of(next, day)
        });
        let mut expected = Sums::new();
        for (currency, cents) in [Currency::USD, Currency::EUR].into_iter().zip(drawn.2) {
            let until = income.filter(|_| currency == Currency::USD).unwrap_or(far);
            let mut left = Decimal::new(cents, 2);
            let off = |payee: &&Planted| payee.account != 1 && ACCOUNTS[payee.account].1 == currency && payee.comes_back();
            for payee in drawn.0.iter().filter(off) {
                payee.expected(until).for_each(|_| left -= Decimal::new(payee.latest_cents(), 2));
            }
            let due = drawn.3.filter(|(day, _)| currency == Currency::USD && day_of(NOVEMBER + 1, *day) < until);
            left -= due.map_or(Decimal::ZERO, |(_, cents)| Decimal::new(cents, 2));
            expected.insert(currency, left.abs());
        }
        prop_assert_eq!(said(&answer, &["afford-left", "afford-all", "afford-below"], "left"), expected);
    }
}
