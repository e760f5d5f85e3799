//! A world: made-up people, banks and ledgers in one TOML file.
//!
//! `load` reads such a file strictly and reports every mistake in it; what it returns can be trusted: all references
//! resolve, all amounts have their currency's minor digits, and all balances add up.

use jiff::civil::{Date, Time, Weekday};
use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};
use rust_decimal::Decimal;

use crate::domain::{
    account::{Account, AccountClass, AccountId},
    bank::{Bank, BankId},
    fault::{Fault, Source},
    id,
    money::{Currency, Money},
    purpose::DataClass,
    text::label,
    transaction::Category,
};

mod account;
mod entry;
mod fields;
mod load;
mod row;

pub(super) use fields::amount;

id! {
    /// A person of a world, e.g. `maya`.
    PersonId
}

/// Made-up people, banks and ledgers.
#[derive(Clone, Debug)]
pub struct World {
    /// What the clock shows at the start.
    pub now: Timestamp,
    /// The zone of the desk, and of people who set none.
    pub zone: TimeZone,
    /// The locale of people who set none.
    pub locale: String,
    /// The first day of the week of people who set none.
    pub week_starts: Weekday,
    /// The banks hold no rows of earlier days.
    pub history_from: Date,
    /// The people behind the hand-off.
    pub desk: Desk,
    /// The reference rates, if the world has any.
    pub fx: Option<Fx>,
    /// The banks, in the order of the file.
    pub institutions: Vec<Institution>,
    /// The people, in the order of the file.
    pub people: Vec<Person>,
    /// The consents that stand at the start.
    pub consents: Vec<Consent>,
    /// The accounts as they are at the start, in the order of the file.
    pub accounts: Vec<LedgerAccount>,
    /// Merchants' offers to people.
    pub offers: Vec<Offer>,
}

/// The people behind the hand-off.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Desk {
    /// When they are there, in the world's zone.
    pub hours: Vec<Shift>,
    /// How long a person waits for them, as it is said: `5 minutes`.
    pub wait: String,
    /// Their telephone number.
    pub phone: String,
}

/// Hours of the desk on a run of weekdays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shift {
    /// First weekday of the run.
    pub first: Weekday,
    /// Last weekday of the run; before `first` when the run goes over the week's end.
    pub last: Weekday,
    /// The desk is staffed from this time.
    pub from: Time,
    /// The desk is no longer staffed at this time.
    pub to: Time,
}

/// Reference rates of one day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fx {
    /// The day of the rates.
    pub date: Date,
    /// Where they come from, as it is said.
    pub source: String,
    /// How many units of the second currency one unit of the first is worth.
    pub rates: Vec<(Currency, Currency, Decimal)>,
}

/// A bank of the world.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Institution {
    /// What people may be told about it.
    pub bank: Bank,
    /// The currency of its country.
    pub currency: Currency,
    /// The dialect that the world wants it to speak: one of [`DIALECTS`].
    pub dialect: String,
    /// What it can tell.
    pub supports: Supports,
}

/// The dialects that a world may name. Those that the sandbox does not speak are stood in for; see
/// [`Institution::stands_in`].
pub const DIALECTS: [&str; 6] = ["fdx", "obuk", "berlin", "plaid", "simplefin", "teller"];

/// What a bank can tell.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Supports {
    /// Balances.
    pub balance: bool,
    /// Rows.
    pub transactions: bool,
    /// Rows that are not booked yet.
    pub pending: bool,
    /// Limit and available credit of cards.
    pub card: bool,
    /// Statement balance, minimum due and due date of cards and loans.
    pub due_dates: bool,
}

/// A person of the world.
#[derive(Clone, Debug)]
pub struct Person {
    /// The id in the file.
    pub id: PersonId,
    /// First and last name.
    pub name: String,
    /// The locale that the platform reports.
    pub locale: String,
    /// Where the person lives: "today" is reckoned in it.
    pub zone: TimeZone,
    /// The first day of the person's week.
    pub week_starts: Weekday,
    /// The currency the person thinks in.
    pub home: Currency,
}

/// A consent that stands: a person lets the bot read a bank.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Consent {
    /// Who gave it.
    pub person: PersonId,
    /// For which bank.
    pub bank: BankId,
    /// Its last day.
    pub until: Date,
    /// What it covers.
    pub scopes: Vec<DataClass>,
}

/// One account with its figures and rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LedgerAccount {
    /// The id in the file, and on the wire.
    pub id: AccountId,
    /// Whose it is.
    pub person: PersonId,
    /// Which bank holds it.
    pub bank: BankId,
    /// Its name as the bank has it: not neutralised.
    pub nick: String,
    /// The last four digits of its number.
    pub last4: String,
    /// What it is.
    pub class: AccountClass,
    /// Its currency; every figure and row is in it.
    pub currency: Currency,
    /// Its balances.
    pub figures: Figures,
    /// Its rows in the order of the file, later ones after. Rows of one day are in the order they happened.
    pub rows: Vec<Row>,
}

/// The balances of an account, by its class.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Figures {
    /// A current or savings account.
    Cash {
        /// What is booked; below zero is overdrawn.
        booked: Decimal,
        /// Booked and pending rows together.
        available: Decimal,
    },
    /// A credit card.
    Card {
        /// What is owed; positive is debt.
        owed: Decimal,
        /// The agreed credit limit.
        limit: Decimal,
        /// Limit minus owed, pending rows taken off.
        available_credit: Decimal,
        /// Balance of the last statement.
        statement: Option<Decimal>,
        /// The next payment.
        due: Option<Due>,
    },
    /// A loan.
    Loan {
        /// What is owed; positive is debt.
        owed: Decimal,
        /// The next payment.
        due: Option<Due>,
    },
}

/// The next payment of a debt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Due {
    /// The smallest payment.
    pub least: Decimal,
    /// The last day for it.
    pub on: Date,
}

/// One row of an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// The day it happened.
    pub date: Date,
    /// The day it was booked; `None` while it is pending.
    pub booked_on: Option<Date>,
    /// Below zero is money out of the account.
    pub amount: Decimal,
    /// The merchant's name, or the bank's text. Not neutralised.
    pub text: String,
    /// What it was for.
    pub category: RowCategory,
    /// What the merchant charged, where that was another currency.
    pub original: Option<Money>,
    /// Between own accounts. Not sent: the bot finds out.
    pub internal: bool,
    /// Money that came back. Not sent.
    pub refund: bool,
    /// A regular payment. Not sent.
    pub recurring: bool,
}

/// The category of a row as the file gives it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RowCategory {
    /// A word of the product's list.
    Word(Category),
    /// `mcc:NNNN`, a merchant category code of its own.
    Code(u16),
}

/// A merchant's offer to a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer {
    /// The id in the file.
    pub id: String,
    /// To whom.
    pub person: PersonId,
    /// Whose offer it is.
    pub merchant: String,
    /// What is offered.
    pub text: String,
    /// Its last day.
    pub until: Date,
    /// Why the person gets it, as it is said.
    pub rule: String,
}

impl std::fmt::Display for Shift {
    /// As it is written in a world: `Mon-Fri 09:00-17:00`.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        std::fmt::Display::fmt(&self.hours(), f)
    }
}

impl Shift {
    /// As a config has them.
    pub fn hours(&self) -> crate::config::Hours {
        crate::config::Hours { from_day: self.first, to_day: self.last, opens: self.from, closes: self.to }
    }
}

impl Desk {
    /// The hours as they are said: `Mon-Fri 09:00-17:00`.
    pub fn said_hours(&self) -> String {
        self.hours.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
    }
}

impl World {
    /// Reads a world file. Every mistake is reported, in the order of the file's lines.
    pub fn load(source: &Source) -> Result<Self, Vec<Fault>> {
        load::world(source)
    }

    /// The bank of an id.
    pub fn institution(&self, id: &BankId) -> Option<&Institution> {
        self.institutions.iter().find(|institution| institution.bank.id == *id)
    }

    /// The person of an id.
    pub fn person(&self, id: &PersonId) -> Option<&Person> {
        self.people.iter().find(|person| person.id == *id)
    }

    /// The consent of the file that a person gave for a bank.
    pub fn consent(&self, person: &PersonId, bank: &BankId) -> Option<&Consent> {
        self.consents.iter().find(|consent| consent.person == *person && consent.bank == *bank)
    }

    /// The offers that a bank has for a person: those of the file, told by the bank of the person's first account.
    pub fn offers_at(&self, bank: &BankId, person: &PersonId) -> Vec<&Offer> {
        let first = self.accounts.iter().find(|account| account.person == *person);
        let tells = first.is_some_and(|account| account.bank == *bank);
        self.offers.iter().filter(|offer| tells && offer.person == *person).collect()
    }

    /// Whether the desk is staffed at a moment.
    pub fn desk_is_open(&self, at: Timestamp) -> bool {
        let here = at.to_zoned(self.zone.clone());
        self.desk.hours.iter().any(|shift| shift.covers(&here))
    }
}

impl Institution {
    /// The dialect that the sandbox speaks for it, `fdx` or `obuk`: the world's own where it is built, else that of
    /// the bank's country.
    pub fn default_dialect(&self) -> &'static str {
        match (self.dialect.as_str(), self.bank.country.as_str()) {
            ("fdx", _) => "fdx",
            ("obuk", _) => "obuk",
            (_, "US") => "fdx",
            _ => "obuk",
        }
    }

    /// The dialect that the world asks for and the one that stands in for it, when they differ.
    pub fn stands_in(&self) -> Option<(&str, &'static str)> {
        let (asked, used) = (self.dialect.as_str(), self.default_dialect());
        (asked != used).then_some((asked, used))
    }
}

impl Shift {
    /// Whether a local moment lies in the shift.
    fn covers(&self, at: &Zoned) -> bool {
        // Counting from the first weekday makes a run over the week's end an ordinary one.
        let days_in = self.first.until(self.last);
        self.first.until(at.weekday()) <= days_in && (self.from..self.to).contains(&at.time())
    }
}

impl LedgerAccount {
    /// The account as the bot's directory would list it.
    pub fn listed(&self) -> Account {
        Account {
            id: self.id.clone(),
            bank: self.bank.clone(),
            nick: label(&self.nick),
            last4: Some(self.last4.clone()),
            class: self.class,
            currency: self.currency,
        }
    }

    /// An amount in the account's currency.
    pub fn money(&self, amount: Decimal) -> Money {
        Money::new(amount, self.currency)
    }
}

impl RowCategory {
    /// The merchant category code that a bank sends for it, if it has one.
    pub fn code(self) -> Option<u16> {
        match self {
            Self::Word(category) => category.codes().first().copied(),
            Self::Code(code) => Some(code),
        }
    }

    /// Whether a bank would call the row a transfer.
    pub fn is_transfer(self) -> bool {
        self == Self::Word(Category::Transfer)
    }
}
