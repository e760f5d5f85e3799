//! What a trial of one bank brings, as JSON for machines and as tables for people.

use jiff::Timestamp;
use serde_json::{Map, Value, json};

use crate::bank::{BankConnector, BankError};
use crate::cli::print;
use crate::domain::account::{Account, Balance, Balances};
use crate::domain::money::Money;
use crate::domain::period::Period;
use crate::domain::transaction::{Category, Status, Transaction};
use crate::privacy::permit::Permit;

/// Everything that could be read, and everything that could not.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Trial {
    /// The accounts, in the bank's order.
    pub accounts: Vec<Tried>,
    /// What could not be read.
    pub problems: Vec<Problem>,
}

/// One account of a trial. What could not be read is empty here and named among the problems.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tried {
    /// The account.
    pub account: Account,
    /// Its figures.
    pub balances: Balances,
    /// Its rows, newest first.
    pub transactions: Vec<Transaction>,
}

/// Something that could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The call: `accounts`, `balances acc-1`, `transactions acc-1`.
    pub call: String,
    /// The field of the bank's answer, when one is to blame.
    pub field: Option<String>,
    /// What is wrong.
    pub message: String,
}

impl Problem {
    fn new(call: String, error: &BankError) -> Self {
        match error {
            BankError::Malformed { field, message } => {
                Self { call, field: Some(field.clone()), message: message.clone() }
            }
            other => Self { call, field: None, message: other.to_string() },
        }
    }
}

/// Reads everything the permit covers, one call after the other; a call that fails does not end the trial.
pub async fn read(bank: &dyn BankConnector, permit: &Permit, period: Option<Period>) -> Trial {
    let mut trial = Trial::default();
    let accounts = match bank.accounts(permit).await {
        Ok(accounts) => accounts,
        Err(error) => {
            trial.problems.push(Problem::new("accounts".to_owned(), &error));
            return trial;
        }
    };
    for account in accounts {
        let balances = bank.balances(permit, &account).await;
        let transactions = bank.transactions(permit, &account, period).await;
        if let Err(error) = &balances {
            trial.problems.push(Problem::new(format!("balances {}", account.id), error));
        }
        if let Err(error) = &transactions {
            trial.problems.push(Problem::new(format!("transactions {}", account.id), error));
        }
        let (balances, transactions) = (balances.unwrap_or_default(), transactions.unwrap_or_default());
        trial.accounts.push(Tried { account, balances, transactions });
    }
    trial
}

/// The trial as JSON: amounts are decimal strings, below zero is money out.
pub fn to_json(trial: &Trial) -> Value {
    let account = |Tried { account, balances, transactions }: &Tried| {
        json!({
            "id": account.id,
            "name": account.nick,
            "mask": account.last4,
            "class": account.class.word(),
            "currency": account.currency,
            "balances": balances.figures.iter().map(balance_json).collect::<Vec<_>>(),
            "transactions": transactions.iter().map(transaction_json).collect::<Vec<_>>(),
        })
    };
    let problem = |Problem { call, field, message }: &Problem| {
        let mut out = object([("call", json!(call))]);
        out.extend(field.iter().map(|field| ("field".to_owned(), json!(field))));
        out.extend(object([("message", json!(message))]));
        Value::Object(out)
    };
    json!({
        "accounts": trial.accounts.iter().map(account).collect::<Vec<_>>(),
        "problems": trial.problems.iter().map(problem).collect::<Vec<_>>(),
    })
}

fn balance_json(Balance { kind, money, as_of }: &Balance) -> Value {
    json!({ "kind": kind.word(), "amount": money.plain(), "currency": money.currency, "as_of": as_of.at() })
}

fn transaction_json(row: &Transaction) -> Value {
    let mut out = object([
        ("id", json!(row.id)),
        ("date", json!(row.date)),
        ("amount", json!(row.money.plain())),
        ("currency", json!(row.money.currency)),
        ("status", json!(status(row))),
    ]);
    out.extend(row.merchant.iter().map(|merchant| ("merchant".to_owned(), json!(merchant))));
    out.extend(object([("text", json!(row.text))]));
    out.extend(row.mcc.iter().map(|mcc| ("mcc".to_owned(), json!(mcc))));
    if row.category != Category::Uncategorised {
        out.extend(object([("category", json!(row.category.word()))]));
    }
    Value::Object(out)
}

fn object<const N: usize>(entries: [(&str, Value); N]) -> Map<String, Value> {
    entries.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()
}

fn status(row: &Transaction) -> &'static str {
    match row.status {
        Status::Booked => "booked",
        Status::Pending => "pending",
    }
}

/// The trial as tables, one an account.
pub fn to_table(trial: &Trial) -> String {
    let mut text = String::new();
    for Tried { account, balances, transactions } in &trial.accounts {
        let mask = account.last4.as_ref().map(|last4| format!(" ••{last4}")).unwrap_or_default();
        let about =
            format!("{}{mask} ({}, {}, id {})", account.nick, account.class.word(), account.currency, account.id);
        text += &(print::styled(print::HEAD, &about) + "\n\n");
        let figure =
            |figure: &Balance| vec![figure.kind.word().to_owned(), amount(&figure.money), when(figure.as_of.at())];
        let figures: Vec<_> = balances.figures.iter().map(figure).collect();
        text += &(print::table(&["BALANCE", "AMOUNT", "AS OF"], &figures, &[1]) + "\n");
        let line = |row: &Transaction| {
            vec![
                row.date.to_string(),
                amount(&row.money),
                status(row).to_owned(),
                row.category.word().to_owned(),
                row.label().to_owned(),
            ]
        };
        let rows: Vec<_> = transactions.iter().map(line).collect();
        text += &(print::table(&["DATE", "AMOUNT", "STATUS", "CATEGORY", "TEXT"], &rows, &[1]) + "\n");
    }
    for Problem { call, field, message } in &trial.problems {
        let place = field.as_ref().map(|field| format!(" {field}:")).unwrap_or_default();
        text += &format!("{} {call}:{place} {message}\n", print::styled(print::BAD.bold(), "problem:"));
    }
    text
}

fn amount(money: &Money) -> String {
    money.to_string()
}

fn when(moment: Timestamp) -> String {
    moment.strftime("%Y-%m-%d %H:%M UTC").to_string()
}

#[cfg(test)]
#[path = "trial_test.rs"]
mod tests;
