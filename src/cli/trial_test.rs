//! A bank that fails in every way is tried; what is rendered keeps signs, digits and the names of broken fields.

use async_trait::async_trait;
use jiff::civil::date;
use rust_decimal::Decimal;

use super::*;
use crate::domain::account::{AccountClass, AsOf, BalanceKind};
use crate::domain::bank::Bank;
use crate::domain::money::Currency;
use crate::domain::transaction::Movement;
use crate::privacy::permit;

/// Two accounts; the second one's figures are broken and its rows too slow.
struct HalfBroken(Bank);

fn account(id: &str, class: AccountClass, last4: Option<&str>) -> Account {
    Account {
        id: id.into(),
        bank: "northgate".into(),
        nick: format!("My {id}"),
        last4: last4.map(str::to_owned),
        class,
        currency: Currency::USD,
    }
}

fn usd(hundredths: i64) -> Money {
    Money::new(Decimal::new(hundredths, 2), Currency::USD)
}

#[async_trait]
impl BankConnector for HalfBroken {
    fn bank(&self) -> &Bank {
        &self.0
    }

    fn dialect(&self) -> &'static str {
        "fdx"
    }

    fn history_from(&self, _: jiff::civil::Date) -> Option<jiff::civil::Date> {
        None
    }

    async fn accounts(&self, _permit: &Permit) -> Result<Vec<Account>, BankError> {
        Ok(vec![
            account("everyday", AccountClass::Checking, Some("4321")),
            account("card", AccountClass::CreditCard, None),
        ])
    }

    async fn balances(&self, _permit: &Permit, account: &Account) -> Result<Balances, BankError> {
        if account.id.as_str() == "card" {
            let (field, message) = ("accounts[1].balance".to_owned(), "a number was expected".to_owned());
            return Err(BankError::Malformed { field, message });
        }
        let as_of = AsOf::Bank("2026-11-22T18:58:00Z".parse().expect("a moment"));
        Ok(Balances { figures: vec![Balance { kind: BalanceKind::Available, money: usd(1250), as_of }], due: None })
    }

    async fn transactions(
        &self,
        _permit: &Permit,
        account: &Account,
        _period: Option<Period>,
    ) -> Result<Vec<Transaction>, BankError> {
        if account.id.as_str() == "card" {
            return Err(BankError::TooSlow);
        }
        let row = |id: &str, hundredths, status, merchant: Option<&str>, mcc, category| Transaction {
            id: id.into(),
            account: account.id.clone(),
            date: date(2026, 11, 21),
            money: usd(hundredths),
            status,
            merchant: merchant.map(str::to_owned),
            text: format!("ROW {id}"),
            mcc,
            category,
            movement: Movement::Other,
            original: None,
        };
        Ok(vec![
            row("t2", -1250, Status::Pending, Some("Greenleaf Market"), Some(5411), Category::Groceries),
            row("t1", 300_000, Status::Booked, None, None, Category::Uncategorised),
        ])
    }
}

async fn trial() -> Trial {
    let bank = Bank {
        id: "northgate".into(),
        name: "Northgate Bank".to_owned(),
        country: "US".to_owned(),
        fraud_line: None,
        help_line: None,
    };
    let permit = permit::trial(&bank.id, "t".into());
    read(&HalfBroken(bank), &permit, None).await
}

#[tokio::test]
async fn the_json_is_the_shape_that_others_rely_on() {
    let wanted = json!({
        "accounts": [
            {
                "id": "everyday", "name": "My everyday", "mask": "4321", "class": "checking", "currency": "USD",
                "balances": [
                    {"kind": "available", "amount": "12.50", "currency": "USD", "as_of": "2026-11-22T18:58:00Z"}
                ],
                "transactions": [
                    {
                        "id": "t2", "date": "2026-11-21", "amount": "-12.50", "currency": "USD", "status": "pending",
                        "merchant": "Greenleaf Market", "text": "ROW t2", "mcc": 5411, "category": "groceries"
                    },
                    {
                        "id": "t1", "date": "2026-11-21", "amount": "3000.00", "currency": "USD", "status": "booked",
                        "text": "ROW t1"
                    }
                ]
            },
            {
                "id": "card", "name": "My card", "mask": null, "class": "credit_card", "currency": "USD",
                "balances": [], "transactions": []
            }
        ],
        "problems": [
            {"call": "balances card", "field": "accounts[1].balance", "message": "a number was expected"},
            {"call": "transactions card", "message": "no answer in time"}
        ]
    });
    assert_eq!(to_json(&trial().await), wanted);
}

#[tokio::test]
async fn the_tables_show_the_same() {
    let text = to_table(&trial().await);
    let plain = anstream::adapter::strip_str(&text).to_string();
    for line in [
        "My everyday ••4321 (checking, USD, id everyday)",
        "available  12.50 USD  2026-11-22 18:58 UTC",
        "2026-11-21   -12.50 USD  pending  groceries      Greenleaf Market",
        "2026-11-21  3000.00 USD  booked   uncategorised  ROW t1",
        "problem: balances card: accounts[1].balance: a number was expected",
        "problem: transactions card: no answer in time",
    ] {
        assert!(plain.lines().any(|shown| shown == line), "{line:?} is not in:\n{plain}");
    }
}
