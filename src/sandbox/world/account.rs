//! Reading `[[account]]`: figures by kind, rows, and whether they add up.

use jiff::civil::Date;
use rust_decimal::Decimal;
use toml::de::DeValue;

use super::fields::{Faults, Fields, amount, choose, currency, day, id};
use super::load::Known;
use super::{Due, Figures, LedgerAccount, PersonId, Row, row};
use crate::domain::{
    account::{AccountClass, AccountId},
    bank::BankId,
    money::{Currency, Money},
};

/// The keys of an account of any kind.
pub(super) const KEYS: [&str; 16] = [
    "id",
    "person",
    "bank",
    "nick",
    "last4",
    "kind",
    "currency",
    "transactions",
    "booked",
    "available",
    "owed",
    "limit",
    "available_credit",
    "statement",
    "min_due",
    "due",
];

const KINDS: [(&str, AccountClass); 4] = [
    ("checking", AccountClass::Checking),
    ("savings", AccountClass::Savings),
    ("credit_card", AccountClass::CreditCard),
    ("loan", AccountClass::Loan),
];

/// Reads one account; `None` when it has a mistake.
pub(super) fn account(fields: &Fields<'_, '_>, known: &Known, faults: &mut Faults<'_>) -> Option<LedgerAccount> {
    let before = faults.count();
    let account_id = fields.read("id", id, faults);
    let person = known.person(fields, faults);
    let bank = known.bank(fields, faults);
    let nick = fields.text("nick", faults);
    let last4 = fields.read("last4", last4, faults);
    let class = fields.read("kind", kind, faults);
    let own = fields.read("currency", currency, faults);
    // Without kind and currency neither figures nor rows can be judged.
    let (class, own) = (class?.value, own?.value);
    let due_expected = bank.as_ref().is_some_and(|bank| known.tells_due_dates(&bank.value));
    let rows = rows(fields, own, known.history_from, faults);
    let figures = Sheet { fields, own, due_expected }.figures(class, faults);
    if let (Some(figures), Some(rows)) = (&figures, &rows) {
        check_sums(fields, figures, rows, own, faults);
    }
    if faults.count() > before {
        return None;
    }
    Some(LedgerAccount {
        id: AccountId::new(account_id?.value),
        person: PersonId::new(person?.value),
        bank: BankId::new(bank?.value),
        nick: nick?.value.to_owned(),
        last4: last4?.value,
        class,
        currency: own,
        figures: figures?,
        rows: rows?,
    })
}

fn kind(text: &str) -> Result<AccountClass, String> {
    let known = KINDS.iter().find(|(word, _)| *word == text).map(|(_, class)| *class);
    known.ok_or_else(|| format!("unknown kind {text:?}; {}", choose(text, &KINDS.map(|(word, _)| word))))
}

fn last4(text: &str) -> Result<String, String> {
    let four = text.len() == 4 && text.bytes().all(|b| b.is_ascii_digit());
    if four { Ok(text.to_owned()) } else { Err(format!("{text:?} is not the last 4 digits of a number")) }
}

/// The rows, or `None` when one of them has a mistake.
fn rows(
    fields: &Fields<'_, '_>,
    own: Currency,
    history_from: Option<Date>,
    faults: &mut Faults<'_>,
) -> Option<Vec<Row>> {
    let Some(value) = fields.get("transactions") else { return Some(Vec::new()) };
    let DeValue::Array(items) = value.get_ref() else {
        faults.add(&value.span(), "transactions must be a list of rows");
        return None;
    };
    let before = faults.count();
    let history_from = history_from.unwrap_or(Date::MIN);
    let rows = items.iter().filter_map(|item| row::row(item, own, history_from, faults)).collect();
    (faults.count() == before).then_some(rows)
}

/// The figures of one account while they are read.
struct Sheet<'f, 't, 's> {
    fields: &'f Fields<'t, 's>,
    own: Currency,
    due_expected: bool,
}

impl Sheet<'_, '_, '_> {
    fn figures(&self, class: AccountClass, faults: &mut Faults<'_>) -> Option<Figures> {
        let cash = ["booked", "available"];
        let debt = ["owed", "min_due", "due"];
        let card = ["limit", "available_credit", "statement"];
        match class {
            AccountClass::CreditCard => {
                self.refuse(&cash, "a credit card has owed, limit, available_credit, statement, min_due, due", faults);
                let (owed, limit) = (self.amount("owed", faults), self.at_least_zero("limit", faults));
                let available_credit = self.amount("available_credit", faults);
                if self.due_expected {
                    self.fields.require("statement", faults);
                }
                let statement = self.amount_maybe("statement", faults);
                let due = self.due(faults);
                let (owed, limit, available_credit) = (owed?, limit?, available_credit?);
                Some(Figures::Card { owed, limit, available_credit, statement, due })
            }
            AccountClass::Loan => {
                self.refuse(&cash, "a loan has owed, min_due, due", faults);
                self.refuse(&card, "a loan has owed, min_due, due", faults);
                let (owed, due) = (self.amount("owed", faults), self.due(faults));
                Some(Figures::Loan { owed: owed?, due })
            }
            AccountClass::Checking | AccountClass::Savings | AccountClass::Other => {
                self.refuse(&debt, "a checking or savings account has booked, available", faults);
                self.refuse(&card, "a checking or savings account has booked, available", faults);
                let (booked, available) = (self.amount("booked", faults), self.amount("available", faults));
                Some(Figures::Cash { booked: booked?, available: available? })
            }
        }
    }

    fn refuse(&self, keys: &[&str], why: &str, faults: &mut Faults<'_>) {
        for key in keys {
            self.fields.refuse(key, why, faults);
        }
    }

    fn amount(&self, key: &str, faults: &mut Faults<'_>) -> Option<Decimal> {
        self.fields.require(key, faults);
        self.amount_maybe(key, faults)
    }

    fn amount_maybe(&self, key: &str, faults: &mut Faults<'_>) -> Option<Decimal> {
        self.fields.read_maybe(key, |text| amount(text, self.own), faults).map(|read| read.value)
    }

    fn at_least_zero(&self, key: &str, faults: &mut Faults<'_>) -> Option<Decimal> {
        let amount = self.amount(key, faults)?;
        if amount.is_sign_negative() {
            let span = self.fields.get(key).map_or_else(|| self.fields.span().clone(), toml::Spanned::span);
            faults.add(&span, format!("{key} is below zero"));
        }
        Some(amount)
    }

    /// The next payment: amount and day, both or neither. Banks that tell due dates must have them.
    fn due(&self, faults: &mut Faults<'_>) -> Option<Due> {
        let told = |key| self.fields.get(key).is_some();
        if !self.due_expected && !told("min_due") && !told("due") {
            return None;
        }
        let least = self.at_least_zero("min_due", faults);
        let on = self.fields.read("due", day, faults);
        Some(Due { least: least?, on: on?.value })
    }
}

/// The sums that every world keeps.
fn check_sums(fields: &Fields<'_, '_>, figures: &Figures, rows: &[Row], own: Currency, faults: &mut Faults<'_>) {
    let pending: Decimal = rows.iter().filter(|row| row.booked_on.is_none()).map(|row| row.amount).sum();
    let (key, told, wanted, rule) = match figures {
        Figures::Cash { booked, available } => ("available", available, booked + pending, "booked + pending rows"),
        Figures::Card { owed, limit, available_credit, .. } => {
            ("available_credit", available_credit, limit - owed + pending, "limit - owed + pending rows")
        }
        Figures::Loan { .. } => return,
    };
    if *told != wanted {
        let written = |amount| Money::new(amount, own).plain();
        let span = fields.get(key).map_or_else(|| fields.span().clone(), toml::Spanned::span);
        let message = format!("{key} is {}, but {rule} is {}", written(*told), written(wanted));
        faults.add_with_help(&span, message, format!("pending rows sum to {}", written(pending)));
    }
}
