//! Maya's two banks, four accounts and two months of rows, and the questions that are put to them.

use std::str::FromStr;

use balancebot::answer::{Ask, CALLS, call};
use balancebot::domain::{
    account::{Account, AccountClass, AsOf, Balance, BalanceKind, Balances},
    answer::Answer,
    bank::Bank,
    facts::{AccountFacts, Facts, Missing, Trouble},
    fault::Source,
    money::{Currency, Money},
    period::Period,
    reading::{Intent, Part, Slots},
    say::Say,
    transaction::{Category, Movement, Status, Transaction},
};
use balancebot::flow::texts::{Reader, Texts};
use jiff::civil::date;
use jiff::{SignedDuration, Zoned};
use rust_decimal::Decimal;

const CHECKING: [(&str, &str, &str, &str); 22] = [
    ("2026-11-22", "-88.10", "Luma Restaurant", "dining pending"),
    ("2026-11-21", "-38.40", "Corner Foods", "groceries pending"),
    ("2026-11-20", "-121.85", "Brightline Electric", "utilities"),
    ("2026-11-16", "-60.00", "ATM Main St", "cash"),
    ("2026-11-15", "-200.00", "Transfer to 7730", "transfer"),
    ("2026-11-14", "-84.75", "Greenleaf Market", "groceries"),
    ("2026-11-13", "1850.00", "Acme Payroll", "income"),
    ("2026-11-08", "-31.40", "Noodle Bar", "dining"),
    ("2026-11-07", "-91.22", "Greenleaf Market", "groceries"),
    ("2026-11-05", "-480.00", "Card payment to 1179", "transfer"),
    ("2026-11-01", "-1200.00", "Parkside Rentals", "rent"),
    ("2026-10-31", "-79.60", "Greenleaf Market", "groceries"),
    ("2026-10-30", "1850.00", "Acme Payroll", "income"),
    ("2026-10-25", "-28.75", "Noodle Bar", "dining"),
    ("2026-10-24", "-88.03", "Greenleaf Market", "groceries"),
    ("2026-10-20", "-96.40", "Brightline Electric", "utilities"),
    ("2026-10-17", "-41.25", "Corner Foods", "groceries"),
    ("2026-10-15", "1850.00", "Acme Payroll", "income"),
    ("2026-10-11", "-54.20", "Luma Restaurant", "dining"),
    ("2026-10-10", "-76.90", "Greenleaf Market", "groceries"),
    ("2026-10-03", "-82.14", "Greenleaf Market", "groceries"),
    ("2026-10-01", "-1200.00", "Parkside Rentals", "rent"),
];

const SAVINGS: [(&str, &str, &str, &str); 1] = [("2026-11-15", "200.00", "Transfer from 4821", "transfer")];

const CARD: [(&str, &str, &str, &str); 21] = [
    ("2026-11-20", "-64.99", "PRM*HOLDINGS 402", "uncategorised"),
    ("2026-11-19", "-5.25", "Bluebird Coffee", "coffee"),
    ("2026-11-18", "-12.60", "MetroRide", "transport"),
    ("2026-11-18", "-12.60", "MetroRide", "transport"),
    ("2026-11-17", "-49.50", "Alster Rail", "travel orig"),
    ("2026-11-12", "-4.75", "Bluebird Coffee", "coffee"),
    ("2026-11-12", "-2.99", "CloudKeep", "services"),
    ("2026-11-11", "59.99", "Haven Home", "shopping"),
    ("2026-11-09", "-5.25", "Bluebird Coffee", "coffee"),
    ("2026-11-06", "-17.99", "StreamBox", "entertainment"),
    ("2026-11-05", "480.00", "Payment received", "transfer"),
    ("2026-11-04", "-129.99", "Haven Home", "shopping"),
    ("2026-11-02", "-4.75", "Bluebird Coffee", "coffee"),
    ("2026-11-01", "-39.00", "FitHub", "health"),
    ("2026-10-20", "-4.75", "Bluebird Coffee", "coffee"),
    ("2026-10-14", "-5.25", "Bluebird Coffee", "coffee"),
    ("2026-10-12", "-2.99", "CloudKeep", "services"),
    ("2026-10-09", "-4.75", "Bluebird Coffee", "coffee"),
    ("2026-10-06", "-15.49", "StreamBox", "entertainment"),
    ("2026-10-05", "-4.75", "Bluebird Coffee", "coffee"),
    ("2026-10-01", "-39.00", "FitHub", "health"),
];

/// A person's facts, and the moment and texts with which they are read.
pub(crate) struct World {
    pub(crate) facts: Facts,
    pub(crate) directory: Vec<Account>,
    pub(crate) banks: Vec<Bank>,
    pub(crate) now: Zoned,
    pub(crate) texts: Texts,
}

pub(crate) fn bank(id: &str, name: &str) -> Bank {
    Bank { id: id.into(), name: name.to_owned(), country: "US".to_owned(), fraud_line: None, help_line: None }
}

pub(crate) fn account(id: &str, bank: &Bank, nick: &str, last4: &str, class: AccountClass) -> Account {
    let currency = Currency::USD;
    Account {
        id: id.into(),
        bank: bank.id.clone(),
        nick: nick.to_owned(),
        last4: Some(last4.to_owned()),
        class,
        currency,
    }
}

pub(crate) fn transaction(
    account: &Account,
    at: usize,
    (day, amount, name, kind): (&str, &str, &str, &str),
) -> Transaction {
    let (category, flag) = kind.split_once(' ').unwrap_or((kind, ""));
    let category = Category::parse(category).expect("a category");
    let transfer = category == Category::Transfer;
    Transaction {
        id: format!("{}-{at}", account.id).as_str().into(),
        account: account.id.clone(),
        date: day.parse().expect("a day"),
        money: Money::new(Decimal::from_str(amount).expect("a decimal"), account.currency),
        status: if flag == "pending" { Status::Pending } else { Status::Booked },
        merchant: (!transfer).then(|| name.to_owned()),
        text: name.to_owned(),
        mcc: None,
        category,
        movement: if transfer { Movement::Transfer } else { Movement::Other },
        original: (flag == "orig").then(|| Money::new(Decimal::new(4500, 2), Currency::EUR)),
    }
}

impl World {
    pub(crate) fn maya() -> Self {
        let (north, city) = (bank("northgate", "Northgate Bank"), bank("citywide", "Citywide Credit Union"));
        let mut world = Self::empty(vec![north.clone(), city.clone()]);
        use BalanceKind::{Available, AvailableCredit, Booked, Limit, MinimumDue, Owed, Statement};
        let checking = account("m_chk", &north, "Everyday Checking", "4821", AccountClass::Checking);
        world.add(&north, checking, &[(Booked, "2310.55"), (Available, "2184.05")], &CHECKING);
        let joint = account("m_jnt", &north, "Joint Checking", "3305", AccountClass::Checking);
        world.add(&north, joint, &[(Booked, "940.12"), (Available, "940.12")], &[]);
        let savings = account("m_sav", &north, "Rainy Day Savings", "7730", AccountClass::Savings);
        world.add(&north, savings, &[(Booked, "8450.00"), (Available, "8450.00")], &SAVINGS);
        let card = account("m_crd", &city, "Cashback Visa", "1179", AccountClass::CreditCard);
        let figures = [
            (Owed, "642.18"),
            (Limit, "5000.00"),
            (AvailableCredit, "4357.82"),
            (Statement, "511.40"),
            (MinimumDue, "35.00"),
        ];
        world.add(&city, card, &figures, &CARD);
        world.facts.accounts[3].balances.as_mut().expect("figures").due = Some(date(2026, 12, 5));
        world
    }

    pub(crate) fn empty(banks: Vec<Bank>) -> Self {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/bot-flows/texts/en.ftl");
        let text = std::fs::read_to_string(path).expect("the English texts");
        let texts = Texts::load(&[Source { path: "texts/en.ftl".to_owned(), text }]);
        let texts = texts.unwrap_or_else(|faults| panic!("{faults:#?}"));
        let now = "2026-11-22T14:00:00-05:00[America/New_York]".parse().expect("a moment");
        Self { facts: Facts::default(), directory: Vec::new(), banks, now, texts }
    }

    pub(crate) fn add(
        &mut self,
        bank: &Bank,
        account: Account,
        figures: &[(BalanceKind, &str)],
        rows: &[(&str, &str, &str, &str)],
    ) {
        let at = self.now.timestamp();
        let figure = |(kind, amount): &(BalanceKind, &str)| {
            let amount = Decimal::from_str(amount).expect("a decimal");
            Balance { kind: *kind, money: Money::new(amount, account.currency), as_of: AsOf::Fetched(at) }
        };
        let figures = figures.iter().map(figure).collect();
        let transactions = rows.iter().enumerate().map(|(at, row)| transaction(&account, at, *row)).collect();
        self.directory.push(account.clone());
        self.facts.accounts.push(AccountFacts {
            account,
            bank: bank.clone(),
            balances: Some(Balances { figures, due: None }),
            transactions: Some(transactions),
            read_at: at,
            history_from: Some(date(2026, 10, 1)),
        });
    }

    /// The bank gives nothing.
    pub(crate) fn without(mut self, id: &str, trouble: Trouble) -> Self {
        let gone = self.banks.iter().find(|bank| bank.id.as_str() == id).expect("a bank").clone();
        self.facts.accounts.retain(|share| share.bank.id != gone.id);
        self.facts.missing.push(Missing { bank: gone, account: None, trouble });
        self
    }

    /// Everything was read that long ago.
    pub(crate) fn read_ago(mut self, ago: SignedDuration) -> Self {
        for share in &mut self.facts.accounts {
            share.read_at -= ago;
            for figure in share.balances.iter_mut().flat_map(|balances| &mut balances.figures) {
                figure.as_of = AsOf::Bank(share.read_at);
            }
        }
        self
    }

    pub(crate) fn answer(&self, name: &str, part: &Part, previous: Option<&Part>) -> Answer {
        let answer = call(
            name,
            &Ask {
                part,
                facts: (&self.facts).into(),
                banks: &self.banks,
                directory: &self.directory,
                today: self.now.date(),
                now: self.now.timestamp(),
                previous,
                exchange: None,
                budgets: &[],
                rules: &[],
                in_full: false,
            },
        );
        let known = CALLS.iter().find(|call| call.name == name).expect("a call");
        assert!(known.outcomes.contains(&answer.outcome), "{name} has no outcome {:?}", answer.outcome);
        assert!(answer.bubbles.len() <= 2, "at most two bubbles");
        answer
    }

    /// The answer as the person reads it: bubbles parted by a rule, then what is offered.
    pub(crate) fn read(&self, answer: &Answer) -> String {
        let reader = Reader { locale: "en-US", now: &self.now, masked: false };
        let bubble =
            |lines: &[Say]| lines.iter().map(|line| self.texts.render(line, &reader)).collect::<Vec<_>>().join("\n");
        let mut out = answer.bubbles.iter().map(|draft| bubble(&draft.lines)).collect::<Vec<_>>().join("\n---\n");
        let titles: Vec<String> = answer.offers.iter().map(|offer| self.texts.render(&offer.title, &reader)).collect();
        assert!(titles.iter().all(|title| title.chars().count() <= 20), "{titles:?}");
        assert!(!out.contains('{') && !titles.iter().any(|title| title.contains('{')), "a value is missing: {out}");
        titles.iter().enumerate().for_each(|(at, title)| {
            out.push_str(if at == 0 { "\n[" } else { " [" });
            out.push_str(title);
            out.push(']');
        });
        if answer.outcome != "done" {
            out.push_str(&format!("\n=> {}", answer.outcome));
        }
        out
    }

    pub(crate) fn say(&self, name: &str, part: &Part) -> String {
        self.read(&self.answer(name, part, None))
    }

    /// Asks, then asks how the answer came about.
    pub(crate) fn why(&self, name: &str, part: &Part) -> String {
        let first = self.answer(name, part, None);
        let previous = Part { intent: part.intent, slots: first.resolved };
        self.read(&self.answer("explain", &Part::new(Intent::ExplainAnswer), Some(&previous)))
    }
}

pub(crate) fn part(intent: Intent, slots: Slots) -> Part {
    Part { intent, slots }
}

pub(crate) fn spend(slots: Slots) -> Part {
    part(Intent::SpendSum, slots)
}

pub(crate) fn on(category: Category) -> Slots {
    Slots { categories: vec![category], ..Slots::default() }
}

pub(crate) fn at(merchant: &str) -> Slots {
    Slots { merchants: vec![merchant.to_owned()], ..Slots::default() }
}

pub(crate) fn of(account: &str) -> Slots {
    Slots { accounts: vec![account.into()], ..Slots::default() }
}

pub(crate) fn month(month: i8) -> Period {
    let first = date(2026, month, 1);
    Period::new(first, first.last_of_month().tomorrow().expect("a day"))
}

pub(crate) fn during(period: Period, slots: Slots) -> Slots {
    Slots { period: Some(period), ..slots }
}
