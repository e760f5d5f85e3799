//! Both shapes of both dialects tell one story, and the domain hears the same values.

use balancebot::bank::BankError;
use balancebot::domain::account::{Account, AccountClass, AsOf, Balance, BalanceKind};
use balancebot::domain::message::Conversation;
use balancebot::domain::money::{Currency, Money};
use balancebot::domain::period::Period;
use balancebot::domain::transaction::{Category, Movement, Status, Transaction};
use balancebot::privacy::permit::stops::Stops;
use balancebot::privacy::permit::{permit as consented, trial};
use jiff::civil::date;

use crate::stage::{Shape, Stage, account, clock, permit};

fn usd(amount: &str) -> Money {
    Money::new(amount.parse().expect("a decimal"), Currency::USD)
}

async fn rows(shape: Shape, account: &Account, period: Option<Period>) -> Vec<Transaction> {
    let stage = Stage::story("northgate", shape, clock());
    stage.bank.transactions(&permit(), account, period).await.unwrap_or_else(|error| panic!("{shape:?}: {error}"))
}

#[tokio::test(start_paused = true)]
async fn accounts() {
    for shape in Shape::ALL {
        let stage = Stage::story("northgate", shape, clock());
        let accounts = stage.bank.accounts(&permit()).await.expect("accounts");
        let told: Vec<_> =
            accounts.iter().map(|a| (a.id.as_str(), &*a.nick, a.last4.as_deref(), a.class, a.currency)).collect();
        let expected = [
            ("chk", "Everyday Checking", Some("4821"), AccountClass::Checking, Currency::USD),
            ("crd", "Cashback Visa", Some("1179"), AccountClass::CreditCard, Currency::USD),
            ("lon", "Car Loan", Some("9001"), AccountClass::Loan, Currency::USD),
            ("sav", "Rainy Day Savings", Some("7730"), AccountClass::Savings, Currency::USD),
        ];
        assert_eq!(told, expected, "{shape:?}");
        assert!(accounts.iter().all(|account| account.bank.as_str() == "northgate"));
    }
}

#[tokio::test(start_paused = true)]
async fn balances_in_one_sign_convention() {
    use BalanceKind::{Available, AvailableCredit, Booked, Limit, MinimumDue, Owed, Statement};
    let at = AsOf::Bank("2026-11-22T18:00:00Z".parse().expect("a moment"));
    let cases = [
        ("chk", AccountClass::Checking, vec![(Booked, "2310.55"), (Available, "2184.05")], None),
        (
            "crd",
            AccountClass::CreditCard,
            vec![
                (Owed, "642.18"),
                (Limit, "5000"),
                (AvailableCredit, "4357.82"),
                (Statement, "511.40"),
                (MinimumDue, "35.00"),
            ],
            Some(date(2026, 12, 5)),
        ),
        ("lon", AccountClass::Loan, vec![(Owed, "8000.00")], None),
        ("sav", AccountClass::Savings, vec![(Booked, "-12.30"), (Available, "-12.30")], None),
    ];
    for shape in Shape::ALL {
        let stage = Stage::story("northgate", shape, clock());
        for (id, class, figures, due) in &cases {
            let told = stage.bank.balances(&permit(), &account(id, *class)).await.expect("balances");
            let expected: Vec<Balance> =
                figures.iter().map(|(kind, amount)| Balance { kind: *kind, money: usd(amount), as_of: at }).collect();
            assert_eq!((told.figures, told.due), (expected, *due), "{shape:?} {id}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn rows_of_all_pages_each_once_newest_first() {
    for shape in Shape::ALL {
        let rows = rows(shape, &account("chk", AccountClass::Checking), None).await;
        let told: Vec<_> = rows.iter().map(|r| (r.id.as_str(), r.date, r.money, r.status, r.label())).collect();
        let expected = [
            ("t5", date(2026, 11, 22), usd("-88.10"), Status::Pending, "LUMA RESTAURANT"),
            ("t4", date(2026, 11, 21), usd("-38.40"), Status::Booked, "Corner Foods"),
            ("t3", date(2026, 11, 13), usd("1850.00"), Status::Booked, "Acme Payroll"),
            ("t2", date(2026, 11, 5), usd("-480.00"), Status::Booked, "Card payment to 1179"),
            ("t1", date(2026, 11, 1), usd("-1200.00"), Status::Booked, "Parkside Rentals"),
        ];
        assert_eq!(told, expected, "{shape:?}");
        assert_eq!(rows[4].text, "PARKSIDE RENTALS …6789", "long numbers are cut, {shape:?}");
        let kinds: Vec<_> = rows.iter().map(|r| (r.mcc, r.category, r.movement)).collect();
        let expected = [
            (None, Category::Dining, Movement::Other),
            (Some(5411), Category::Groceries, Movement::Other),
            (None, Category::Income, Movement::Other),
            (None, Category::Transfer, Movement::Transfer),
            (Some(6513), Category::Rent, Movement::Other),
        ];
        assert_eq!(kinds, expected, "{shape:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_card_purchase_is_money_out_and_a_payment_money_in() {
    let first = rows(Shape::Fdx6, &account("crd", AccountClass::CreditCard), None).await;
    let money: Vec<_> = first.iter().map(|row| (row.id.as_str(), row.money)).collect();
    assert_eq!(money, [("c4", usd("-49.50")), ("c3", usd("59.99")), ("c2", usd("480.00")), ("c1", usd("-4.75"))]);
    let euros = Money::new("45.00".parse().expect("a decimal"), Currency::EUR);
    assert_eq!(first[0].original, Some(euros));
    assert_eq!(first[3].category, Category::Coffee);
    assert_eq!(first[2].movement, Movement::Transfer);
    for shape in Shape::ALL {
        assert_eq!(rows(shape, &account("crd", AccountClass::CreditCard), None).await, first, "{shape:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_period_asks_for_late_bookings_and_keeps_its_own_days() {
    let november = Period::new(date(2026, 11, 1), date(2026, 11, 6));
    for shape in Shape::ALL {
        let stage = Stage::story("northgate", shape, clock());
        let checking = account("chk", AccountClass::Checking);
        let rows = stage.bank.transactions(&permit(), &checking, Some(november)).await.expect("rows");
        assert_eq!(rows.iter().map(|row| row.id.as_str()).collect::<Vec<_>>(), ["t2", "t1"], "{shape:?}");
        let first = &stage.targets()[0];
        let expected = match shape {
            Shape::Fdx6 | Shape::Fdx5 => "startTime=2026-10-31&endTime=2026-11-12&limit=200",
            _ => "fromBookingDateTime=2026-10-31T00:00:00&toBookingDateTime=2026-11-12T23:59:59",
        };
        assert_eq!(first, &format!("/accounts/chk/transactions?{expected}"), "{shape:?}");
        assert_eq!(stage.targets().len(), 2, "both pages");
    }
}

#[tokio::test(start_paused = true)]
async fn every_call_carries_the_token_and_an_id_of_its_own() {
    for shape in Shape::ALL {
        let stage = Stage::story("northgate", shape, clock());
        stage.bank.accounts(&permit()).await.expect("accounts");
        stage.bank.balances(&permit(), &account("chk", AccountClass::Checking)).await.expect("balances");
        let calls = stage.calls();
        let header = |at: usize, name: &str| calls[at].headers[name].to_str().expect("text").to_owned();
        for (at, call) in calls.iter().enumerate() {
            assert_eq!(header(at, "authorization"), "Bearer token-1");
            assert_eq!(header(at, "x-fapi-interaction-id").len(), 36);
            assert_eq!(call.uri.host(), Some("bank.example"));
        }
        assert_ne!(header(0, "x-fapi-interaction-id"), header(1, "x-fapi-interaction-id"));
    }
}

#[tokio::test(start_paused = true)]
async fn no_permit_no_call() {
    use balancebot::domain::{link::Link, purpose::DataClass, purpose::Purpose};
    let link = Link {
        bank: "northgate".into(),
        until: date(2027, 5, 1),
        scopes: vec![DataClass::Balances],
        token: "t".into(),
        accounts: Vec::new(),
        grant: Default::default(),
        consent: Default::default(),
    };
    let stops = Stops::default();
    let link = stops.clear(&Conversation::messenger("1", "2"), &link).expect("no stop");
    let balances_only =
        consented(&link, &[DataClass::Balances], Purpose::Answer, "q", date(2026, 11, 22)).expect("a permit");
    let another_bank = trial(&"citywide".into(), "t".into());
    let checking = account("chk", AccountClass::Checking);
    for shape in Shape::ALL {
        let stage = Stage::story("northgate", shape, clock());
        assert_eq!(stage.bank.accounts(&another_bank).await, Err(BankError::NotCovered));
        assert_eq!(stage.bank.balances(&another_bank, &checking).await, Err(BankError::NotCovered));
        assert_eq!(stage.bank.transactions(&balances_only, &checking, None).await, Err(BankError::NotCovered));
        assert!(stage.calls().is_empty());
        assert!(stage.bank.balances(&balances_only, &checking).await.is_ok());
    }
}
