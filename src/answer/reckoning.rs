//! Random ledgers, reckoned a second time by hand: every sum of the answers must agree, stay within one currency
//! and rest on the rows it names.

use std::collections::BTreeMap;

use jiff::civil::date;
use jiff::{Timestamp, ToSpan};
use proptest::collection::vec;
use proptest::prelude::*;
use rust_decimal::Decimal;

use crate::answer::{Ask, CALLS, call};
use crate::domain::{
    account::{Account, AccountClass, AsOf, Balance, BalanceKind, Balances},
    answer::Answer,
    bank::Bank,
    budget::Budget,
    facts::{AccountFacts, Facts},
    money::{Currency, Money},
    period::Period,
    reading::{Intent, Part, Slots},
    say::{Arg, Say},
    transaction::{Category, Movement, Status, Transaction},
};

/// One row as it is drawn: days ago, cents, what it is, the account whose digits its text names, pending.
type Drawn = (i32, i64, Category, Option<usize>, bool);

/// One account as it is drawn: its class, its currency, its figure in cents, its rows.
type DrawnAccount = (AccountClass, Currency, i64, Vec<Drawn>);

fn row() -> impl Strategy<Value = Drawn> {
    use Category::{Coffee, Groceries, Income, Transfer};
    let category = prop::sample::select(vec![Groceries, Groceries, Coffee, Transfer, Transfer, Income]);
    // Few amounts, so that opposite rows meet; zero among them.
    let cents = prop_oneof![3 => -2_i64..=2, 1 => -100_000_i64..=100_000].prop_map(|cents| cents * 25);
    (0_i32..40, cents, category, prop::option::of(0_usize..5), any::<bool>())
}

pub(super) fn accounts() -> impl Strategy<Value = Vec<DrawnAccount>> {
    use AccountClass::{Checking, CreditCard, Loan, Savings};
    let class = prop::sample::select(vec![Checking, Savings, CreditCard, Loan]);
    let yen = Currency::parse("JPY").expect("the yen");
    let currency = prop::sample::select(vec![Currency::USD, Currency::USD, Currency::EUR, yen]);
    vec((class, currency, -50_000_i64..500_000, vec(row(), 0..12)), 1..5)
}

fn last4(at: usize) -> String {
    format!("{}", 1000 + at)
}

pub(super) fn now() -> Timestamp {
    "2026-11-22T19:00:00Z".parse().expect("a moment")
}

pub(super) fn facts(drawn: &[DrawnAccount]) -> Facts {
    let mut facts = Facts::default();
    for (at, (class, currency, cents, rows)) in drawn.iter().enumerate() {
        let id = format!("a{at}").as_str().into();
        let bank = Bank {
            id: format!("b{}", at % 2).as_str().into(),
            name: format!("Bank {}", at % 2),
            country: "US".to_owned(),
            fraud_line: None,
            help_line: None,
        };
        let (nick, last4) = (format!("Account {at}"), Some(last4(at)));
        let account = Account { id, bank: bank.id.clone(), nick, last4, class: *class, currency: *currency };
        let kind = if class.is_debt() { BalanceKind::Owed } else { BalanceKind::Available };
        let money = Money::new(Decimal::new(*cents, 2), *currency);
        let figures = vec![Balance { kind, money, as_of: AsOf::Fetched(now()) }];
        let mut transactions: Vec<Transaction> =
            rows.iter().enumerate().map(|(row, drawn)| transaction(&account, row, drawn)).collect();
        transactions.sort_by_key(|row| std::cmp::Reverse(row.date));
        facts.accounts.push(AccountFacts {
            account,
            bank,
            balances: Some(Balances { figures, due: None }),
            transactions: Some(transactions),
            read_at: now(),
            history_from: None,
        });
    }
    facts
}

fn transaction(account: &Account, at: usize, (ago, cents, category, names, pending): &Drawn) -> Transaction {
    Transaction {
        id: format!("{}-{at}", account.id).as_str().into(),
        account: account.id.clone(),
        date: date(2026, 11, 22).checked_sub(ago.days()).expect("a day"),
        money: Money::new(Decimal::new(*cents, 2), account.currency),
        status: if *pending { Status::Pending } else { Status::Booked },
        merchant: (*category != Category::Transfer).then(|| format!("Shop {}", cents.rem_euclid(3))),
        text: names.map_or_else(|| "row".to_owned(), |other| format!("to {} soon", last4(other))),
        mcc: None,
        category: *category,
        movement: Movement::Other,
        original: None,
    }
}

/// Spending of some days, row by row against every other row.
fn reckon(facts: &Facts, days: Period) -> BTreeMap<Currency, Decimal> {
    let all: Vec<(&Account, &Transaction)> = facts
        .accounts
        .iter()
        .flat_map(|share| share.transactions.iter().flatten().map(|row| (&share.account, row)))
        .collect();
    let mut spent = BTreeMap::new();
    for (account, row) in &all {
        let inside = days.contains(row.date) && row.date <= date(2026, 11, 22);
        if !inside || row.money.amount.is_zero() || row.category == Category::Income {
            continue;
        }
        let mirrored = all.iter().any(|(other, twin)| {
            other.id != account.id
                && twin.money.currency == row.money.currency
                && twin.money.amount + row.money.amount == Decimal::ZERO
                && (twin.date - row.date).get_days().abs() <= 3
        });
        let named = facts.accounts.iter().any(|share| {
            share.account.id != account.id && row.text.contains(share.account.last4.as_deref().unwrap_or("none"))
        });
        let repaid = account.class.is_debt() && row.money.amount > Decimal::ZERO;
        if row.category == Category::Transfer && (mirrored || named || repaid) {
            continue;
        }
        *spent.entry(row.money.currency).or_insert(Decimal::ZERO) -= row.money.amount;
    }
    spent
}

/// Answers over all facts.
pub(super) fn answer(name: &str, part: &Part, facts: &Facts, previous: Option<&Part>) -> Answer {
    answer_with(&[], name, part, facts, previous)
}

/// The same for a person with budgets.
fn answer_with(budgets: &[Budget], name: &str, part: &Part, facts: &Facts, previous: Option<&Part>) -> Answer {
    let directory: Vec<Account> = facts.accounts.iter().map(|share| share.account.clone()).collect();
    let today = date(2026, 11, 22);
    let (banks, directory) = (&[], directory.as_slice());
    call(
        name,
        &Ask {
            part,
            facts: facts.into(),
            banks,
            directory,
            today,
            now: now(),
            previous,
            rules: &[],
            in_full: false,
            exchange: None,
            budgets,
        },
    )
}

/// Every amount in a value, however deep.
pub(super) fn amounts(value: &Arg, found: &mut Vec<Money>) {
    match value {
        Arg::Money(money) => found.push(*money),
        Arg::All(values) => values.iter().for_each(|value| amounts(value, found)),
        Arg::Said(say) => say.args.iter().for_each(|(_, value)| amounts(value, found)),
        _ => {}
    }
}

pub(super) fn lines(answer: &Answer) -> impl Iterator<Item = &Say> {
    answer.bubbles.iter().flat_map(|bubble| &bubble.lines)
}

/// The amounts of the placeholder `sum` of the first line, by currency.
pub(super) fn said(answer: &Answer) -> BTreeMap<Currency, Decimal> {
    let mut found = Vec::new();
    let first = lines(answer).next().expect("a line");
    first.args.iter().filter(|(name, _)| name == "sum").for_each(|(_, value)| amounts(value, &mut found));
    let by_currency: BTreeMap<_, _> = found.iter().map(|money| (money.currency, money.amount)).collect();
    assert_eq!(by_currency.len(), found.len(), "one amount a currency");
    by_currency
}

/// Every amount is a figure with its sources, and every figure over rows is what they add up to.
pub(super) fn check_figures(answer: &Answer, facts: &Facts, is_sum: bool) {
    let mut found = Vec::new();
    lines(answer).flat_map(|line| &line.args).for_each(|(_, value)| amounts(value, &mut found));
    for money in found {
        assert!(answer.provenance.figures.iter().any(|figure| figure.money == money), "{money} has no source");
    }
    let rows = || facts.accounts.iter().flat_map(|share| share.transactions.iter().flatten());
    for figure in answer.provenance.figures.iter().filter(|figure| !figure.rows.is_empty()) {
        let of: Vec<_> = rows().filter(|row| figure.rows.contains(&row.id)).collect();
        assert_eq!(of.len(), figure.rows.len(), "rows that are there, each once");
        assert!(of.iter().all(|row| row.money.currency == figure.money.currency), "one currency");
        let sum: Decimal = of.iter().map(|row| row.money.amount).sum();
        assert!(!is_sum || sum.abs() == figure.money.amount.abs(), "{sum} is not {figure:?}");
    }
}

fn november() -> Period {
    Period::new(date(2026, 11, 1), date(2026, 12, 1))
}

/// The rows that count, added up by currency.
fn added(facts: &Facts, counts: impl Fn(&Transaction) -> bool) -> BTreeMap<Currency, Decimal> {
    let mut sums = BTreeMap::new();
    for row in facts.accounts.iter().flat_map(|share| share.transactions.iter().flatten()).filter(|row| counts(row)) {
        *sums.entry(row.money.currency).or_insert(Decimal::ZERO) += row.money.amount;
    }
    sums
}

fn first_line(answer: &Answer) -> &str {
    lines(answer).next().map_or("", |line| line.text.as_str())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn spending_agrees_with_a_second_reckoning(drawn in accounts()) {
        let facts = facts(&drawn);
        let answer = answer("spend_sum", &Part::new(Intent::SpendSum), &facts, None);
        check_figures(&answer, &facts, true);
        let mut expected = reckon(&facts, november());
        if expected.is_empty() {
            expected.insert(drawn[0].1, Decimal::ZERO);
        }
        if lines(&answer).next().is_some_and(|line| line.text == "spend-back") {
            expected.values_mut().for_each(|amount| *amount = -*amount);
            prop_assert!(expected.values().all(|amount| *amount > Decimal::ZERO));
        }
        prop_assert_eq!(said(&answer), expected);
    }

    #[test]
    fn a_budget_agrees_with_a_second_reckoning(drawn in accounts(), cents in 0_i64..200_000, at in 0_usize..5) {
        let facts = facts(&drawn);
        let currency = drawn[at % drawn.len()].1;
        let amount = Money::new(Decimal::new(cents, 2), currency);
        let budgets = [Budget { categories: Vec::new(), merchants: Vec::new(), amount }];
        let answer = answer_with(&budgets, "budget", &Part::new(Intent::BudgetGet), &facts, None);
        check_figures(&answer, &facts, false);
        let spent = reckon(&facts, november()).get(&currency).copied().unwrap_or_default();
        let first = lines(&answer).next().expect("a line");
        let said = |name: &str| {
            let mut found = Vec::new();
            first.args.iter().filter(|(other, _)| other == name).for_each(|(_, value)| amounts(value, &mut found));
            found
        };
        prop_assert_eq!(&first.text, if spent > amount.amount { "budget-over" } else { "budget-left" });
        prop_assert_eq!(said("spent"), [Money::new(spent, currency)]);
        prop_assert_eq!(said("left"), [Money::new((amount.amount - spent).abs(), currency)]);
        // Nothing of another currency is counted, and nothing of one is passed over in silence.
        let elsewhere = lines(&answer).any(|line| line.text == "budget-other-currencies");
        prop_assert!(!elsewhere || facts.accounts.iter().any(|share| share.account.currency != currency));
    }

    #[test]
    fn what_is_told_over_time_agrees_with_a_second_reckoning(drawn in accounts(), weeks in any::<bool>()) {
        let facts = facts(&drawn);
        let kind = Some(if weeks { "chart weeks" } else { "chart months" }.to_owned());
        let period = Some(Period::new(date(2026, 10, 5), date(2026, 12, 1)));
        let part = Part { intent: Intent::SpendTop, slots: Slots { kind, period, ..Slots::default() } };
        let answer = answer("spend_top", &part, &facts, None);
        check_figures(&answer, &facts, true);
        let told: Vec<&Say> = lines(&answer).filter(|line| line.text.starts_with("trend-line")).collect();
        let mut covered = date(2026, 10, 5);
        let mut over_all = BTreeMap::new();
        for line in &told {
            let arg = |name: &str| line.args.iter().find(|(other, _)| other == name).map(|(_, value)| value);
            let Some(Arg::Span(span)) = arg("span") else { panic!("{line:?} has no span") };
            prop_assert_eq!(span.from, Some(covered), "no day is left out or counted twice");
            covered = span.to.expect("an end");
            let mut found = Vec::new();
            amounts(arg("money").expect("money"), &mut found);
            let expected = reckon(&facts, *span);
            for money in found {
                let expected = expected.get(&money.currency).copied().unwrap_or_default();
                prop_assert_eq!(money.amount, expected, "{} in {}", money.currency, span);
                *over_all.entry(money.currency).or_insert(Decimal::ZERO) += money.amount;
            }
        }
        if !told.is_empty() {
            prop_assert_eq!(covered, date(2026, 11, 23), "up to and with today");
            prop_assert_eq!(&over_all, &said(&answer));
            let picture = answer.bubbles.iter().find_map(|bubble| bubble.picture.as_ref()).expect("a picture");
            let drawn: Decimal = picture.bars.iter().map(|bar| bar.money.amount).sum();
            prop_assert_eq!(drawn, picture.sum.amount);
            prop_assert_eq!(over_all[&picture.sum.currency], drawn);
        }
    }

    #[test]
    fn income_agrees_with_a_second_reckoning(drawn in accounts()) {
        let facts = facts(&drawn);
        let part = Part { intent: Intent::IncomeCheck, slots: Slots { period: Some(november()), ..Slots::default() } };
        let answer = answer("income", &part, &facts, None);
        let counts = |row: &Transaction| {
            row.category == Category::Income && row.money.amount > Decimal::ZERO && november().contains(row.date)
        };
        let expected = added(&facts, counts);
        prop_assert_eq!(first_line(&answer) == "income-none", expected.is_empty());
        if !expected.is_empty() {
            prop_assert_eq!(said(&answer), expected);
        }
    }

    #[test]
    fn what_is_pending_agrees_with_a_second_reckoning(drawn in accounts()) {
        let facts = facts(&drawn);
        let answer = answer("status", &Part::new(Intent::TxnStatus), &facts, None);
        for (id, sign) in [("status-pending-out", Decimal::NEGATIVE_ONE), ("status-pending-in", Decimal::ONE)] {
            let expected = added(&facts, |row| row.is_pending() && row.money.amount * sign > Decimal::ZERO);
            let mut found = Vec::new();
            for line in lines(&answer).filter(|line| line.text == id) {
                line.args.iter().filter(|(name, _)| name == "sum").for_each(|(_, value)| amounts(value, &mut found));
            }
            let found: BTreeMap<_, _> = found.into_iter().map(|money| (money.currency, money.amount * sign)).collect();
            prop_assert_eq!(found, expected, "{}", id);
        }
    }

    #[test]
    fn a_charge_stands_twice_where_two_rows_say_so(drawn in accounts()) {
        let facts = facts(&drawn);
        let answer = answer("duplicate", &Part::new(Intent::DuplicateCheck), &facts, None);
        // Shops' rows only: whether a transfer is one's own is reckoned elsewhere.
        let is_charge = |row: &Transaction| row.merchant.is_some() && row.category != Category::Income;
        let twice = |rows: &Vec<Transaction>| {
            let charges: Vec<_> = rows.iter().filter(|row| is_charge(row) && row.money.is_out()).collect();
            charges.iter().enumerate().any(|(at, one)| charges[at + 1..].iter().any(|other| {
                one.merchant == other.merchant
                    && one.money.amount == other.money.amount
                    && (one.date - other.date).get_days().abs() <= 3
            }))
        };
        let expected = facts.accounts.iter().any(|share| share.transactions.as_ref().is_some_and(twice));
        let named_by_shop = |line: &Say| line.args.iter().any(|(name, value)| {
            name == "name" && matches!(value, Arg::Text(name) if name.starts_with("Shop"))
        });
        let more = lines(&answer).any(|line| line.text == "duplicate-more");
        let found = lines(&answer).any(|line| line.text.starts_with("duplicate-") && named_by_shop(line));
        prop_assert!(found == expected || (more && expected), "found {}, expected {}", found, expected);
    }

    #[test]
    fn every_refund_is_told_once_and_never_exceeds_its_purchase(drawn in accounts()) {
        let facts = facts(&drawn);
        let answer = answer("refund", &Part::new(Intent::RefundCheck), &facts, None);
        let money = |say: &Say, name: &str| {
            let mut found = Vec::new();
            say.args.iter().filter(|(other, _)| other == name).for_each(|(_, value)| amounts(value, &mut found));
            found.first().map(|money| money.amount)
        };
        let (mut told, mut back) = (Vec::new(), Decimal::ZERO);
        for line in lines(&answer) {
            match line.text.as_str() {
                "refund-came" => {
                    told.extend(money(line, "money"));
                    back += money(line, "money").expect("an amount");
                }
                "refund-all" => prop_assert_eq!(Some(std::mem::take(&mut back)), money(line, "paid")),
                "refund-part" => {
                    let left = money(line, "left").expect("an amount");
                    prop_assert!(left > Decimal::ZERO);
                    prop_assert_eq!(Some(std::mem::take(&mut back) + left), money(line, "paid"));
                }
                _ => back = Decimal::ZERO,
            }
        }
        if !lines(&answer).any(|line| line.text == "refund-more") {
            let is_refund = |row: &&Transaction| {
                let apart = [Category::Income, Category::Transfer].contains(&row.category);
                !apart && row.money.amount > Decimal::ZERO
            };
            let rows = facts.accounts.iter().flat_map(|share| share.transactions.iter().flatten());
            let mut expected: Vec<Decimal> = rows.filter(is_refund).map(|row| row.money.amount).collect();
            expected.sort_unstable();
            told.sort_unstable();
            prop_assert_eq!(told, expected);
        }
    }

    #[test]
    fn totals_agree_with_a_second_reckoning(drawn in accounts(), net in any::<bool>()) {
        let facts = facts(&drawn);
        let part = Part { intent: Intent::BalanceTotal, slots: Slots { net, ..Slots::default() } };
        let answer = answer("total", &part, &facts, None);
        check_figures(&answer, &facts, true);
        let mut available = BTreeMap::new();
        let mut owed = BTreeMap::new();
        for (class, currency, cents, _) in &drawn {
            let sums = if class.is_debt() { &mut owed } else { &mut available };
            *sums.entry(*currency).or_insert(Decimal::ZERO) += Decimal::new(*cents, 2);
        }
        if net {
            let mut nets = Vec::new();
            for line in lines(&answer).filter(|line| line.text == "net") {
                line.args.iter().filter(|(name, _)| name == "net").for_each(|(_, value)| amounts(value, &mut nets));
            }
            for (currency, owed) in owed {
                *available.entry(currency).or_insert(Decimal::ZERO) -= owed;
            }
            let nets: BTreeMap<_, _> = nets.into_iter().map(|money| (money.currency, money.amount)).collect();
            prop_assert_eq!(nets, available);
        } else if !available.is_empty() {
            prop_assert_eq!(said(&answer), available);
        }
    }

    #[test]
    fn every_call_backs_every_figure(drawn in accounts()) {
        let facts = facts(&drawn);
        for known in CALLS {
            use Intent::{
                AffordCheck, BalanceGet, BalanceTotal, DuplicateCheck, IncomeCheck, RecurringList, RefundCheck,
                SpendCompare, SpendSum, TxnStatus, UpcomingList,
            };
            let part = Part::new(SpendCompare);
            let before = [SpendSum, BalanceTotal, BalanceGet, SpendCompare, IncomeCheck, RecurringList, UpcomingList];
            for previous in before.into_iter().chain([RefundCheck, DuplicateCheck, TxnStatus, AffordCheck]) {
                let answer = answer(known.name, &part, &facts, Some(&Part::new(previous)));
                // A difference is no sum of rows; neither is the figure of one side.
                check_figures(&answer, &facts, false);
                prop_assert!(known.outcomes.contains(&answer.outcome));
            }
        }
    }
}
