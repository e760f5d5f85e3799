//! Something to be said, before it is put into words: a text id and its values.

use jiff::Timestamp;
use jiff::civil::{Date, Time};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::domain::money::{Money, decimal_text};
use crate::domain::{account::Account, period::Period, transaction::Category};

/// A text of `bot-flows/texts` with the values for its placeholders.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Say {
    /// The text's id, e.g. `balance-one`.
    pub text: String,
    /// Values by placeholder name.
    pub args: Vec<(String, Arg)>,
}

impl Say {
    /// A text without values yet.
    pub fn new(text: impl Into<String>) -> Self {
        Self { text: text.into(), args: Vec::new() }
    }

    /// Adds a value.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<Arg>) -> Self {
        self.args.push((name.to_owned(), value.into()));
        self
    }
}

/// A value; how it is written is the locale's business.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Arg {
    /// Text of a bank or person. It has been neutralised; it is never a template.
    Text(String),
    /// Money with its sign shown where it is negative.
    Money(Money),
    /// A count; texts choose plurals by it.
    Count(i64),
    /// A rate of exchange, with the digits it was told with.
    Rate(#[serde(with = "decimal_text")] Decimal),
    /// A civil day.
    Day(Date),
    /// A span of days, as it is to be shown.
    Span(Period),
    /// The month of a day, cut short: what stands under a bar.
    Month(Date),
    /// A day with its month cut short: the first of those that a bar stands for.
    From(Date),
    /// A moment, shown in the person's zone: the time alone when it is today.
    Moment(Timestamp),
    /// Hours or a wait of the desk, in the English words of the config: `Mon-Fri 09:00-17:00`, `5 minutes`.
    Desk(String),
    /// A time of day.
    Clock(Time),
    /// An account by nickname and last four digits.
    Account(Account),
    /// A category by the locale's word.
    Category(Category),
    /// Several values, joined by the locale's "and".
    All(Vec<Arg>),
    /// Another text, put into words first.
    Said(Box<Say>),
}

impl From<Money> for Arg {
    fn from(money: Money) -> Self {
        Self::Money(money)
    }
}
impl From<&str> for Arg {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}
impl From<String> for Arg {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}
impl From<usize> for Arg {
    fn from(count: usize) -> Self {
        Self::Count(i64::try_from(count).unwrap_or(i64::MAX))
    }
}
impl From<Date> for Arg {
    fn from(day: Date) -> Self {
        Self::Day(day)
    }
}
impl From<Period> for Arg {
    fn from(period: Period) -> Self {
        Self::Span(period)
    }
}
impl From<Timestamp> for Arg {
    fn from(moment: Timestamp) -> Self {
        Self::Moment(moment)
    }
}
impl From<&Account> for Arg {
    fn from(account: &Account) -> Self {
        Self::Account(account.clone())
    }
}
impl From<Category> for Arg {
    fn from(category: Category) -> Self {
        Self::Category(category)
    }
}
impl From<Say> for Arg {
    fn from(say: Say) -> Self {
        Self::Said(Box::new(say))
    }
}
impl From<Vec<Arg>> for Arg {
    fn from(all: Vec<Arg>) -> Self {
        Self::All(all)
    }
}
