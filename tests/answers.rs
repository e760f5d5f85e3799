//! Answers to one person's questions, computed from facts written by hand and read in English as the person would.
//! The figures in the comments are what a pencil gives.

use std::str::FromStr;

use balancebot::answer::{Ask, CALLS, call, days_needed};
use balancebot::domain::{
    account::{Account, AccountClass, AsOf, Balance, BalanceKind, Balances},
    answer::Answer,
    bank::Bank,
    facts::{AccountFacts, Facts, Missing, Trouble},
    fault::Source,
    money::{Currency, Money},
    period::Period,
    reading::{AmountRange, Intent, Part, Slots},
    transaction::{Category, Movement, Status, Transaction},
};
use balancebot::flow::texts::{Reader, Texts};
use insta::assert_snapshot;
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
struct World {
    facts: Facts,
    directory: Vec<Account>,
    banks: Vec<Bank>,
    now: Zoned,
    texts: Texts,
}

fn bank(id: &str, name: &str) -> Bank {
    Bank { id: id.into(), name: name.to_owned(), country: "US".to_owned(), fraud_line: None, help_line: None }
}

fn account(id: &str, bank: &Bank, nick: &str, last4: &str, class: AccountClass) -> Account {
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

fn transaction(account: &Account, at: usize, (day, amount, name, kind): (&str, &str, &str, &str)) -> Transaction {
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
    fn maya() -> Self {
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

    fn empty(banks: Vec<Bank>) -> Self {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/bot-flows/texts/en.ftl");
        let text = std::fs::read_to_string(path).expect("the English texts");
        let texts = Texts::load(&[Source { path: "texts/en.ftl".to_owned(), text }]);
        let texts = texts.unwrap_or_else(|faults| panic!("{faults:#?}"));
        let now = "2026-11-22T14:00:00-05:00[America/New_York]".parse().expect("a moment");
        Self { facts: Facts::default(), directory: Vec::new(), banks, now, texts }
    }

    fn add(
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
    fn without(mut self, id: &str, trouble: Trouble) -> Self {
        let gone = self.banks.iter().find(|bank| bank.id.as_str() == id).expect("a bank").clone();
        self.facts.accounts.retain(|share| share.bank.id != gone.id);
        self.facts.missing.push(Missing { bank: gone, account: None, trouble });
        self
    }

    /// Everything was read that long ago.
    fn read_ago(mut self, ago: SignedDuration) -> Self {
        for share in &mut self.facts.accounts {
            share.read_at -= ago;
            for figure in share.balances.iter_mut().flat_map(|balances| &mut balances.figures) {
                figure.as_of = AsOf::Bank(share.read_at);
            }
        }
        self
    }

    fn answer(&self, name: &str, part: &Part, previous: Option<&Part>) -> Answer {
        let answer = call(
            name,
            &Ask {
                part,
                facts: &self.facts,
                banks: &self.banks,
                directory: &self.directory,
                today: self.now.date(),
                now: self.now.timestamp(),
                previous,
            },
        );
        let known = CALLS.iter().find(|call| call.name == name).expect("a call");
        assert!(known.outcomes.contains(&answer.outcome), "{name} has no outcome {:?}", answer.outcome);
        assert!(answer.bubbles.len() <= 2, "at most two bubbles");
        answer
    }

    /// The answer as the person reads it: bubbles parted by a rule, then what is offered.
    fn read(&self, answer: &Answer) -> String {
        let reader = Reader { locale: "en-US", now: &self.now };
        let bubble = |lines: &[balancebot::domain::say::Say]| {
            lines.iter().map(|line| self.texts.render(line, &reader)).collect::<Vec<_>>().join("\n")
        };
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

    fn say(&self, name: &str, part: &Part) -> String {
        self.read(&self.answer(name, part, None))
    }

    /// Asks, then asks how the answer came about.
    fn why(&self, name: &str, part: &Part) -> String {
        let first = self.answer(name, part, None);
        let previous = Part { intent: part.intent, slots: first.resolved };
        self.read(&self.answer("explain", &Part::new(Intent::ExplainAnswer), Some(&previous)))
    }
}

fn part(intent: Intent, slots: Slots) -> Part {
    Part { intent, slots }
}

fn spend(slots: Slots) -> Part {
    part(Intent::SpendSum, slots)
}

fn on(category: Category) -> Slots {
    Slots { categories: vec![category], ..Slots::default() }
}

fn at(merchant: &str) -> Slots {
    Slots { merchants: vec![merchant.to_owned()], ..Slots::default() }
}

fn of(account: &str) -> Slots {
    Slots { accounts: vec![account.into()], ..Slots::default() }
}

fn month(month: i8) -> Period {
    let first = date(2026, month, 1);
    Period::new(first, first.last_of_month().tomorrow().expect("a day"))
}

fn during(period: Period, slots: Slots) -> Slots {
    Slots { period: Some(period), ..slots }
}

#[test]
fn balances_lead_with_the_figure_and_keep_debts_apart() {
    let maya = World::maya();
    let get = |slots| maya.say("balance", &part(Intent::BalanceGet, slots));
    assert_snapshot!(get(Slots::default()), @r"
    Everyday Checking ••4821: $2,184.05 available
    Joint Checking ••3305: $940.12 available
    Rainy Day Savings ••7730: $8,450.00 available
    ---
    Cashback Visa ••1179: $642.18 owed
    [Total] [Recent activity] [Spending]
    ");
    assert_snapshot!(get(of("m_chk")), @r"
    $2,184.05 available in Everyday Checking ••4821.
    Booked balance: $2,310.55.
    [Recent activity] [How computed?] [Spending]
    ");
    assert_snapshot!(get(of("m_crd")), @r"
    $642.18 owed on Cashback Visa ••1179.
    [Recent activity] [How computed?] [Spending]
    ");
    assert_snapshot!(get(Slots { account_words: Some("boat fund".to_owned()), ..Slots::default() }), @r"
    I see no account of yours called “boat fund”.
    Yours are Everyday Checking ••4821, Joint Checking ••3305, Rainy Day Savings ••7730 and Cashback Visa ••1179.
    [Balance]
    => none_such
    ");
    assert_snapshot!(maya.why("balance", &part(Intent::BalanceGet, of("m_chk"))), @r"
    Everyday Checking ••4821: $2,310.55 is booked, $2,184.05 is available.
    The difference is pending: $126.50, in 2 payments your bank hasn't booked yet:
    Nov 22: Luma Restaurant, $88.10 (pending)
    Nov 21: Corner Foods, $38.40 (pending)
    ---
    Read from Northgate Bank (2:00 PM).
    ");
    assert_snapshot!(maya.why("balance", &part(Intent::BalanceGet, Slots::default())), @r"
    Everyday Checking ••4821: $2,310.55 is booked, $2,184.05 is available.
    The difference is pending: $126.50, in 2 payments your bank hasn't booked yet:
    Nov 22: Luma Restaurant, $88.10 (pending)
    Nov 21: Corner Foods, $38.40 (pending)
    Joint Checking ••3305: $940.12 is available, as Northgate Bank tells it.
    Rainy Day Savings ••7730: $8,450.00 is available, as Northgate Bank tells it.
    Cashback Visa ••1179: $642.18 is owed, as Citywide Credit Union tells it.
    ---
    Read from Northgate Bank (2:00 PM) and Citywide Credit Union (2:00 PM).
    ");
}

#[test]
fn a_total_is_cash_with_debts_apart_and_net_when_asked() {
    let maya = World::maya();
    let total = part(Intent::BalanceTotal, Slots::default());
    assert_snapshot!(maya.say("total", &total), @r"
    Your total is $11,574.17, available at Northgate Bank.
    You owe $642.18 at Citywide Credit Union; that is not taken off.
    [How computed?] [Net of debts] [Spending] [Recent activity]
    ");
    assert_snapshot!(maya.why("total", &total), @r"
    Everyday Checking ••4821: $2,184.05
    Joint Checking ••3305: $940.12
    Rainy Day Savings ••7730: $8,450.00
    Cashback Visa ••1179: $642.18 owed, not taken off
    The available amounts added up: $11,574.17.
    ---
    Read from Northgate Bank (2:00 PM) and Citywide Credit Union (2:00 PM).
    ");
    let net = part(Intent::BalanceTotal, Slots { net: true, ..Slots::default() });
    assert_snapshot!(maya.say("total", &net), @r"
    $10,931.99 net: $11,574.17 available minus $642.18 owed.
    From Northgate Bank and Citywide Credit Union.
    [How computed?] [Spending] [Recent activity]
    ");
    assert_snapshot!(maya.why("total", &net), @r"
    Everyday Checking ••4821: $2,184.05
    Joint Checking ••3305: $940.12
    Rainy Day Savings ••7730: $8,450.00
    minus owed on Cashback Visa ••1179: $642.18
    Added up, minus what is owed: $10,931.99.
    ---
    Read from Northgate Bank (2:00 PM) and Citywide Credit Union (2:00 PM).
    ");
    let at_citywide = part(Intent::BalanceTotal, Slots { banks: vec!["citywide".into()], ..Slots::default() });
    assert_snapshot!(maya.say("total", &at_citywide), @r"
    You owe $642.18 at Citywide Credit Union.
    [How computed?] [Spending] [Recent activity]
    ");
}

#[test]
fn what_lacks_a_source_is_not_called_a_total() {
    let total = part(Intent::BalanceTotal, Slots::default());
    let down = World::maya().without("citywide", Trouble::Down);
    assert_snapshot!(down.say("total", &total), @r"
    $11,574.17 available at Northgate Bank.
    Citywide Credit Union isn't answering right now.
    Not included: Citywide Credit Union.
    [Try Citywide again] [How computed?] [Spending] [Recent activity]
    ");
    let ended = World::maya().without("citywide", Trouble::ConsentEnded);
    assert_snapshot!(ended.say("total", &total), @r"
    $11,574.17 available at Northgate Bank.
    Your consent for Citywide Credit Union has ended.
    Not included: Citywide Credit Union.
    [Renew Citywide] [How computed?] [Spending] [Recent activity]
    ");
    let net = part(Intent::BalanceTotal, Slots { net: true, ..Slots::default() });
    assert_snapshot!(down.say("total", &net), @r"
    $11,574.17 net of what I can see: $11,574.17 available minus $0.00 owed.
    From Northgate Bank.
    Citywide Credit Union isn't answering right now.
    Not included: Citywide Credit Union.
    [Try Citywide again] [How computed?] [Spending] [Recent activity]
    ");
    let until = Some(down.now.timestamp() + SignedDuration::from_hours(1));
    let nothing = World::maya().without("citywide", Trouble::Slow).without("northgate", Trouble::RateLimited { until });
    assert_snapshot!(nothing.say("total", &total), @r"
    Citywide Credit Union didn't answer in time.
    Northgate Bank won't let me ask again before 3:00 PM.
    So I have no figure to show you.
    [Try again]
    => nothing
    ");
    assert_snapshot!(nothing.say("spend_sum", &spend(Slots::default())), @r"
    Citywide Credit Union didn't answer in time.
    Northgate Bank won't let me ask again before 3:00 PM.
    So I have no figure to show you.
    [Try again]
    => nothing
    ");
    assert!(nothing.answer("total", &total, None).provenance.figures.is_empty());
}

#[test]
fn currencies_stand_apart() {
    let alster = bank("alster", "Alster Bank");
    let mut jonas = World::empty(vec![alster.clone()]);
    let mut euros = account("j_gir", &alster, "Girokonto", "0912", AccountClass::Checking);
    euros.currency = Currency::EUR;
    jonas.add(
        &alster,
        euros,
        &[(BalanceKind::Available, "1842.37")],
        &[("2026-11-03", "-64.30", "Edeka", "groceries")],
    );
    let dollars = account("j_usd", &alster, "US Checking", "5501", AccountClass::Checking);
    jonas.add(
        &alster,
        dollars,
        &[(BalanceKind::Available, "300.00")],
        &[("2026-11-04", "-5.00", "Edeka", "groceries")],
    );
    assert_snapshot!(jonas.say("total", &part(Intent::BalanceTotal, Slots::default())), @r"
    €1,842.37 and $300.00 available at Alster Bank. The currencies are kept apart.
    [How computed?] [Spending] [Recent activity]
    ");
    assert_snapshot!(jonas.say("spend_sum", &spend(on(Category::Groceries))), @r"
    You've spent €64.30 and $5.00 on groceries so far this month (Nov 1–22), in 2 payments.
    [See the 2 payments] [How computed?] [vs last month]
    ");
    assert_snapshot!(jonas.say("spend_compare", &part(Intent::SpendCompare, on(Category::Groceries))), @r"
    €64.30 and $5.00 spent on groceries so far this month (Nov 1–22).
    That is €64.30 more than in Oct 1–22 (€0.00).
    That is $5.00 more than in Oct 1–22 ($0.00).
    All of October: €0.00.
    [How computed?]
    ");
}

#[test]
fn cards_tell_what_is_owed_and_due_and_their_limit() {
    let maya = World::maya();
    for intent in [Intent::CardSummary, Intent::CardDue, Intent::CardLimit] {
        let said = maya.say("card", &Part::new(intent));
        match intent {
            Intent::CardSummary => assert_snapshot!(said, @r"
            $642.18 owed on Cashback Visa ••1179.
            Dec 5: next payment due on Cashback Visa ••1179.
            The least to pay is $35.00.
            The statement balance is $511.40.
            [Payment due] [Credit limit] [Recent activity]
            "),
            Intent::CardDue => assert_snapshot!(said, @r"
            Dec 5: next payment due on Cashback Visa ••1179.
            The least to pay is $35.00.
            The statement balance is $511.40.
            [What I owe] [Credit limit] [Recent activity]
            "),
            _ => assert_snapshot!(said, @r"
            $5,000.00 is the credit limit of Cashback Visa ••1179.
            $4,357.82 of it is unused credit.
            [Payment due] [What I owe] [Recent activity]
            "),
        }
    }
    let mut silent = World::maya();
    silent.facts.accounts[3].balances = Some(Balances::default());
    assert_snapshot!(silent.say("card", &Part::new(Intent::CardDue)), @r"
    Citywide Credit Union doesn't tell when a payment is due on Cashback Visa ••1179.
    [What I owe] [Credit limit] [Recent activity]
    ");
    assert_snapshot!(maya.say("card", &part(Intent::CardDue, of("m_sav"))), @r"
    I see no card or loan among your linked accounts.
    => none_such
    ");
}

#[test]
fn spending_leaves_out_own_transfers_and_nets_refunds() {
    let maya = World::maya();
    assert_snapshot!(maya.say("spend_sum", &spend(Slots::default())), @r"
    You've spent $2,005.39 so far this month (Nov 1–22), in 20 payments.
    $126.50 of it is still pending (Luma Restaurant and Corner Foods).
    Refunds of $59.99 are already taken off (Haven Home).
    Transfers between your own accounts and card payments ($680.00) are not counted.
    [See the 20 payments] [How computed?] [vs last month] [Where it went]
    ");
    assert_snapshot!(maya.say("spend_sum", &spend(on(Category::Groceries))), @r"
    You've spent $214.37 on groceries so far this month (Nov 1–22), in 3 payments.
    $38.40 of it is still pending (Corner Foods).
    [See the 3 payments] [How computed?] [vs last month]
    ");
    assert_snapshot!(maya.say("spend_sum", &spend(during(month(10), at("bluebird")))), @r"
    You've spent $19.50 at Bluebird Coffee in October, in 4 payments.
    [See the 4 payments] [How computed?] [vs the month before]
    ");
    assert_snapshot!(maya.say("spend_sum", &spend(during(month(10), of("m_crd")))), @r"
    You've spent $76.98 from Cashback Visa ••1179 in October, in 7 payments.
    [See the 7 payments] [How computed?] [vs the month before] [Where it went]
    ");
    assert_snapshot!(maya.say("spend_sum", &spend(at("haven home"))), @r"
    You've spent $70.00 at Haven Home so far this month (Nov 1–22), in 1 payment.
    Refunds of $59.99 are already taken off (Haven Home).
    [See the payment] [How computed?] [vs last month]
    ");
    assert_snapshot!(maya.why("spend_sum", &spend(on(Category::Groceries))), @r"
    $214.37 spent on groceries so far this month (Nov 1–22) is the sum of 3 payments:
    Nov 21: Corner Foods, $38.40, ••4821 (pending)
    Nov 14: Greenleaf Market, $84.75, ••4821
    Nov 7: Greenleaf Market, $91.22, ••4821
    ---
    Not counted: transfers between your own accounts, card payments and income. Refunds are taken off, pending payments count.
    Read from Northgate Bank (2:00 PM) and Citywide Credit Union (2:00 PM).
    ");
    assert_snapshot!(maya.why("spend_sum", &spend(Slots::default())), @r"
    $2,005.39 spent so far this month (Nov 1–22) is the sum of 20 payments:
    Nov 22: Luma Restaurant, $88.10, ••4821 (pending)
    Nov 21: Corner Foods, $38.40, ••4821 (pending)
    Nov 20: Brightline Electric, $121.85, ••4821
    Nov 20: PRM*HOLDINGS 402, $64.99, ••1179
    Nov 19: Bluebird Coffee, $5.25, ••1179
    Nov 18: MetroRide, $12.60, ••1179
    Nov 18: MetroRide, $12.60, ••1179
    Nov 17: Alster Rail, $49.50 (€45.00), ••1179
    Nov 16: ATM Main St, $60.00, ••4821
    Nov 14: Greenleaf Market, $84.75, ••4821
    and 11 more: $1,467.35
    Payments $2,065.38 minus $59.99 that came back = $2,005.39.
    ---
    Left out: $200.00, Transfer to 7730 (Nov 15).
    Left out: $480.00, Card payment to 1179 (Nov 5).
    That money stayed in your own accounts. What you buy with a card counts when you buy it; counting the card payment too would count it twice.
    Not counted: transfers between your own accounts, card payments and income. Refunds are taken off, pending payments count.
    Read from Northgate Bank (2:00 PM) and Citywide Credit Union (2:00 PM).
    ");
}

#[test]
fn zero_and_nothing_and_outside_history_are_three_answers() {
    let maya = World::maya();
    assert_snapshot!(maya.say("spend_sum", &spend(on(Category::Fuel))), @r"
    $0.00 spent on fuel so far this month (Nov 1–22): no payments.
    [How computed?] [vs last month]
    ");
    assert_snapshot!(maya.say("spend_sum", &spend(at("starbucks"))), @r"
    I see no payments at “starbucks” so far this month (Nov 1–22).
    [Recent activity] [Spending]
    => none_such
    ");
    assert_snapshot!(maya.say("spend_sum", &spend(during(month(9), Slots::default()))), @r"
    Your bank shows nothing before Oct 1, so I can't tell for September.
    => outside_history
    ");
    assert_snapshot!(maya.say("spend_sum", &spend(during(Period::new(date(2026, 12, 1), date(2027, 1, 1)), Slots::default()))), @r"
    That time hasn't come yet (December), so there is nothing to show.
    => future
    ");
    let since_september = Period::new(date(2026, 9, 1), date(2026, 11, 1));
    assert_snapshot!(maya.say("spend_sum", &spend(during(since_september, on(Category::Dining)))), @r"
    You've spent $82.95 on dining (Sep 1–Oct 31), in 2 payments.
    Your bank shows nothing before Oct 1, so this starts there.
    [See the 2 payments] [How computed?]
    ");
}

#[test]
fn comparisons_take_as_many_days_of_both() {
    let maya = World::maya();
    let compare = |slots| maya.say("spend_compare", &part(Intent::SpendCompare, slots));
    assert_snapshot!(compare(on(Category::Groceries)), @r"
    $214.37 spent on groceries so far this month (Nov 1–22).
    That is $14.08 more than in Oct 1–22 ($200.29).
    $38.40 of it is still pending (Corner Foods).
    All of October: $367.92.
    [How computed?]
    ");
    assert_snapshot!(compare(during(month(10), on(Category::Groceries))), @r"
    $367.92 spent on groceries in October.
    Your bank shows nothing before Oct 1, so I can't tell for September.
    [How computed?]
    ");
    let swapped = Slots { than: Some(month(11)), ..during(month(10), on(Category::Dining)) };
    assert_snapshot!(compare(swapped), @r"
    $54.20 spent on dining (Oct 1–22).
    That is $65.30 less than in Nov 1–22 ($119.50).
    All of October: $82.95.
    [How computed?]
    ");
    assert_snapshot!(maya.why("spend_compare", &part(Intent::SpendCompare, on(Category::Groceries))), @r"
    $214.37 spent on groceries so far this month (Nov 1–22).
    That is $14.08 more than in Oct 1–22 ($200.29).
    $38.40 of it is still pending (Corner Foods).
    All of October: $367.92.
    When a period isn't over, the same number of days is compared.
    Not counted: transfers between your own accounts, card payments and income. Refunds are taken off, pending payments count.
    ");
}

#[test]
fn where_the_money_went_biggest_first() {
    let maya = World::maya();
    assert_snapshot!(maya.say("spend_top", &Part::new(Intent::SpendTop)), @r"
    You've spent $2,005.39 so far this month (Nov 1–22). Most of it went here:
    rent: $1,200.00
    groceries: $214.37
    utilities: $121.85
    dining: $119.50
    shopping: $70.00
    and 8 more
    $126.50 of it is still pending (Luma Restaurant and Corner Foods).
    Refunds of $59.99 are already taken off (Haven Home).
    [How computed?] [By merchant]
    ");
    let merchants = Slots { kind: Some("merchant".to_owned()), count: Some(3), ..Slots::default() };
    assert_snapshot!(maya.say("spend_top", &part(Intent::SpendTop, during(month(10), merchants))), @r"
    You've spent $1,824.25 in October. Most of it went here:
    Parkside Rentals: $1,200.00
    Greenleaf Market: $326.67
    Brightline Electric: $96.40
    and 7 more
    [How computed?]
    ");
}

#[test]
fn lists_come_in_pages_and_mark_what_is_pending() {
    let maya = World::maya();
    let list = |slots| maya.say("txn_list", &part(Intent::TxnList, slots));
    assert_snapshot!(list(Slots::default()), @r"
    Latest activity:
    Nov 22: Luma Restaurant, $88.10, ••4821 (pending)
    Nov 21: Corner Foods, $38.40, ••4821 (pending)
    Nov 20: Brightline Electric, $121.85, ••4821
    Nov 20: PRM*HOLDINGS 402, $64.99, ••1179
    Nov 19: Bluebird Coffee, $5.25, ••1179
    [More] [Spending] [Balance]
    ");
    assert_snapshot!(list(Slots { page: 1, ..Slots::default() }), @r"
    Latest activity:
    Nov 18: MetroRide, $12.60, ••1179
    Nov 18: MetroRide, $12.60, ••1179
    Nov 17: Alster Rail, $49.50 (€45.00), ••1179
    Nov 16: ATM Main St, $60.00, ••4821
    Nov 15: Transfer to 7730, $200.00, between your accounts, ••4821
    [More] [Spending] [Balance]
    ");
    assert_snapshot!(list(Slots { page: 99, ..Slots::default() }), @r"
    That was all of it.
    => nothing
    ");
    let last_week = Period::new(date(2026, 11, 15), date(2026, 11, 22));
    assert_snapshot!(list(during(last_week, of("m_chk"))), @r"
    Activity from Everyday Checking ••4821 (Nov 15–21):
    Nov 21: Corner Foods, $38.40 (pending)
    Nov 20: Brightline Electric, $121.85
    Nov 16: ATM Main St, $60.00
    Nov 15: Transfer to 7730, $200.00, between your accounts
    [Spending] [Balance]
    ");
    assert_snapshot!(list(of("m_jnt")), @r"
    I see no payments from Joint Checking ••3305 since Oct 1.
    [Balance] [Spending]
    => nothing
    ");
    let sum = maya.answer("spend_sum", &spend(during(month(11), at("haven home"))), None);
    let see = sum.offers.first().expect("the payments are offered");
    assert_snapshot!(maya.say("txn_list", &see.asks), @r"
    Activity at Haven Home (Nov 1–22):
    Nov 11: Haven Home, $59.99 back, ••1179
    Nov 4: Haven Home, $129.99, ••1179
    [Spending] [Balance]
    ");
}

#[test]
fn which_account_is_asked_once_when_words_fit_several() {
    let maya = World::maya();
    let two = Slots { accounts: vec!["m_chk".into(), "m_jnt".into()], ..Slots::default() };
    let answer = maya.answer("which_account", &part(Intent::TxnList, two), None);
    assert_snapshot!(maya.read(&answer), @r"
    Which account do you mean? I see Everyday Checking ••4821 and Joint Checking ••3305.
    [Everyday ••4821] [Joint ••3305] [Both]
    => which
    ");
    for offer in &answer.offers {
        let again = maya.answer("which_account", &offer.asks, None);
        assert_eq!((again.outcome, again.bubbles.len()), ("done", 0), "the choice is not asked again");
    }
    assert_eq!(maya.answer("which_account", &Part::new(Intent::TxnList), None).outcome, "done");
}

#[test]
fn a_search_finds_one_as_a_sentence_and_several_as_a_list() {
    let maya = World::maya();
    let search = |slots| maya.say("txn_search", &part(Intent::TxnSearch, slots));
    let amount = |amount: &str, currency| {
        let amount = Decimal::from_str(amount).expect("a decimal");
        Slots { amount: Some(AmountRange::exactly(amount, currency)), ..Slots::default() }
    };
    assert_snapshot!(search(amount("129.99", None)), @r"
    $129.99 to Haven Home on Nov 4, Cashback Visa ••1179.
    [Recent activity] [Spending]
    ");
    assert_snapshot!(search(amount("45.00", Some(Currency::EUR))), @r"
    $49.50 to Alster Rail on Nov 17, Cashback Visa ••1179.
    [Recent activity] [Spending]
    ");
    assert_snapshot!(search(amount("59.99", None)), @r"
    $59.99 back from Haven Home on Nov 11, Cashback Visa ••1179.
    [Recent activity] [Spending]
    ");
    assert_snapshot!(search(amount("7.77", None)), @r"
    I see no payment of that amount since Oct 1.
    [Balance] [Spending]
    => none_such
    ");
    assert_snapshot!(search(at("metroride")), @r"
    2 payments match:
    Nov 18: MetroRide, $12.60, ••1179
    Nov 18: MetroRide, $12.60, ••1179
    [Recent activity] [Spending]
    ");
    assert_snapshot!(search(amount("480", None)), @r"
    2 payments match:
    Nov 5: Card payment to 1179, $480.00, between your accounts, ••4821
    Nov 5: Payment received, $480.00 in, between your accounts, ••1179
    [Recent activity] [Spending]
    ");
}

#[test]
fn figures_older_than_five_minutes_carry_their_time() {
    let total = part(Intent::BalanceTotal, Slots::default());
    let fresh = World::maya().read_ago(SignedDuration::from_mins(5));
    assert!(!fresh.say("total", &total).contains("As of"));
    let stale = World::maya().read_ago(SignedDuration::from_mins(6));
    assert_snapshot!(stale.say("total", &total), @r"
    Your total is $11,574.17, available at Northgate Bank.
    You owe $642.18 at Citywide Credit Union; that is not taken off.
    As of 1:54 PM.
    [How computed?] [Net of debts] [Spending] [Recent activity]
    ");
    assert_snapshot!(stale.say("spend_sum", &spend(on(Category::Groceries))), @r"
    You've spent $214.37 on groceries so far this month (Nov 1–22), in 3 payments.
    $38.40 of it is still pending (Corner Foods).
    As of 1:54 PM.
    [See the 3 payments] [How computed?] [vs last month]
    ");
    let mut half = World::maya();
    half.facts.accounts[3].balances.as_mut().expect("figures").figures[0].as_of =
        AsOf::Bank(half.now.timestamp() - SignedDuration::from_hours(26));
    assert_snapshot!(half.say("total", &total), @r"
    Your total is $11,574.17, available at Northgate Bank.
    You owe $642.18 at Citywide Credit Union; that is not taken off.
    Citywide Credit Union: as of Nov 21, 12:00 PM.
    [How computed?] [Net of debts] [Spending] [Recent activity]
    ");
}

#[test]
fn a_row_is_what_it_is_to_the_person() {
    let north = bank("northgate", "Northgate Bank");
    let mut world = World::empty(vec![north.clone()]);
    let a = account("a", &north, "Daily", "1111", AccountClass::Checking);
    world.add(
        &north,
        a,
        &[],
        &[
            ("2026-11-20", "-10.00", "Transfer to John 9999", "transfer"),
            ("2026-11-19", "0.00", "Card check", "shopping"),
            ("2026-11-18", "-30.00", "Transfer", "transfer"),
            ("2026-11-11", "-30.00", "Transfer", "transfer"),
            ("2026-11-09", "5.00", "Transfer from Ann", "transfer"),
            ("2026-11-08", "-7.00", "Transfer 1111", "transfer"),
            ("2026-11-07", "-2.00", "Order 22220", "transfer"),
            ("2026-11-06", "-3.00", "To 2222", "transfer"),
        ],
    );
    let b = account("b", &north, "Savings", "2222", AccountClass::Savings);
    world.add(&north, b, &[], &[("2026-11-15", "30.00", "Deposit", "transfer")]);
    // Counted: 10 (to John), 30 (of the 11th: four days before the deposit), 7 (names its own number), 2 (not the
    // number 2222) = 49, minus 5 from Ann. Not counted: 30 of the 18th (three days after), 3 (names the savings).
    assert_snapshot!(world.say("spend_sum", &spend(Slots::default())), @r"
    You've spent $44.00 so far this month (Nov 1–22), in 4 payments.
    $5.00 that others sent you is already taken off (Transfer from Ann).
    Transfers between your own accounts and card payments ($33.00) are not counted.
    [See the 4 payments] [How computed?] [vs last month] [Where it went]
    ");
}

#[test]
fn the_fetch_reaches_as_far_as_a_transfer_may_be_apart() {
    let today = date(2026, 11, 22);
    let needed = |part: &Part, previous: Option<&Part>| days_needed(part, previous, today).map(|days| days.to_string());
    let november = Some("2026-10-29..2026-12-04".to_owned());
    assert_eq!(needed(&Part::new(Intent::SpendSum), None), november);
    assert_eq!(needed(&Part::new(Intent::ExplainAnswer), Some(&Part::new(Intent::SpendTop))), november);
    assert_eq!(needed(&Part::new(Intent::SpendCompare), None), Some("2026-09-28..2026-12-04".to_owned()));
    assert_eq!(needed(&Part::new(Intent::TxnSearch), None), None, "a search goes back as far as the bank does");
}

#[test]
fn more_refunds_than_payments_is_said_as_such() {
    let mut world = World::maya();
    world.facts.accounts[3]
        .transactions
        .as_mut()
        .expect("rows")
        .retain(|row| row.label() != "Haven Home" || !row.money.is_out());
    assert_snapshot!(world.say("spend_sum", &spend(at("haven home"))), @r"
    $59.99 more came back to you than you paid at Haven Home so far this month (Nov 1–22).
    Refunds of $59.99 are already taken off (Haven Home).
    [How computed?] [vs last month]
    ");
}

#[test]
fn every_title_fits_a_button() {
    let world = World::empty(Vec::new());
    let reader = Reader { locale: "en-US", now: &world.now };
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/bot-flows/texts/en.ftl");
    let text = std::fs::read_to_string(path).expect("the English texts");
    let ids = text.lines().filter_map(|line| line.split_once(" =")).map(|(id, _)| id);
    let titles: Vec<&str> = ids.filter(|id| id.starts_with("title-") || id.starts_with("help-title-")).collect();
    assert!(titles.len() > 20, "{titles:?}");
    for id in titles.into_iter().filter(|id| world.texts.placeholders("en", id).is_empty()) {
        let title = world.texts.render(&balancebot::domain::say::Say::new(id), &reader);
        assert!(title.chars().count() <= 20, "{title}");
    }
}
