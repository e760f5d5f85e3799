//! Reading one row of an account: `["2026-11-05", "-480.00", "Card payment to 1179", "transfer", "internal"]`.

use jiff::civil::Date;
use toml::Spanned;
use toml::de::DeValue;

use super::fields::{At, Faults, amount, choose, currency, day, kind_of};
use super::{Row, RowCategory};
use crate::domain::{
    fault::{Fault, Source},
    money::{Currency, Money},
    transaction::Category,
};

/// What a row may say besides its four fields.
const FLAGS: [&str; 5] = ["pending", "internal", "refund", "recurring", "orig=45.00 EUR"];

impl Row {
    /// Reads one row written as in a world file, for an account of `currency`.
    ///
    /// Fails with every mistake in it; the faults' line is 1.
    pub fn parse(text: &str, currency: Currency, history_from: Date) -> Result<Self, Vec<Fault>> {
        let source = Source { path: "row".to_owned(), text: text.to_owned() };
        let mut faults = Faults::new(&source);
        let (value, broken) = DeValue::parse_recoverable(&source.text);
        for error in broken {
            faults.add(&error.span().unwrap_or(0..0), error.message().to_owned());
        }
        let row = (faults.count() == 0).then(|| row(&value, currency, history_from, &mut faults)).flatten();
        row.ok_or_else(|| faults.into_sorted())
    }
}

/// Reads one row of an account of `currency`; `None` when it has a mistake.
pub(super) fn row(
    value: &Spanned<DeValue<'_>>,
    currency: Currency,
    history_from: Date,
    faults: &mut Faults<'_>,
) -> Option<Row> {
    let before = faults.count();
    let cells = cells(value, faults)?;
    let [date, money, text, category, flags @ ..] = cells.as_slice() else {
        let message = format!("a row has at least 4 strings, this one has {}", cells.len());
        faults.add_with_help(&value.span(), message, "date, amount, description, category, then flags");
        return None;
    };
    let mut read = |result: Result<(), String>, cell: &At<&str>| {
        if let Err(message) = result {
            faults.add(&cell.span, message);
        }
    };
    let mut row = Row {
        date: Date::ZERO,
        booked_on: None,
        amount: rust_decimal::Decimal::ZERO,
        text: text.value.to_owned(),
        category: RowCategory::Word(Category::Uncategorised),
        original: None,
        internal: false,
        refund: false,
        recurring: false,
    };
    read(day(date.value).and_then(|day| not_before(day, history_from)).map(|day| row.date = day), date);
    read(amount(money.value, currency).map(|amount| row.amount = amount), money);
    read(if text.value.trim().is_empty() { Err("the description is empty".to_owned()) } else { Ok(()) }, text);
    read(self::category(category.value).map(|category| row.category = category), category);
    row.booked_on = Some(row.date);
    for (index, flag) in flags.iter().enumerate() {
        let name = |flag: &str| flag.split('=').next().unwrap_or_default().to_owned();
        if flags[..index].iter().any(|earlier| name(earlier.value) == name(flag.value)) {
            faults.add(&flag.span, format!("the flag {:?} stands twice", name(flag.value)));
        } else {
            self::flag(&mut row, flag, currency, faults);
        }
    }
    (faults.count() == before).then_some(row)
}

/// The strings of a row.
fn cells<'t>(value: &'t Spanned<DeValue<'_>>, faults: &mut Faults<'_>) -> Option<Vec<At<&'t str>>> {
    let DeValue::Array(items) = value.get_ref() else {
        faults.add(&value.span(), format!("a row is a list of strings, not {}", kind_of(value.get_ref())));
        return None;
    };
    let mut cells = Vec::new();
    for item in items {
        let DeValue::String(text) = item.get_ref() else {
            let message = format!("a row holds strings only, and this is {}", kind_of(item.get_ref()));
            faults.add_with_help(&item.span(), message, "put it in double quotes");
            return None;
        };
        cells.push(At { value: text.as_ref(), span: item.span() });
    }
    Some(cells)
}

fn not_before(day: Date, history_from: Date) -> Result<Date, String> {
    if day < history_from {
        return Err(format!("{day} is before history_from, {history_from}"));
    }
    Ok(day)
}

fn category(text: &str) -> Result<RowCategory, String> {
    if let Some(code) = text.strip_prefix("mcc:") {
        let digits = code.len() == 4 && code.bytes().all(|b| b.is_ascii_digit());
        return match code.parse() {
            Ok(code) if digits => Ok(RowCategory::Code(code)),
            _ => Err(format!("{text:?} is no merchant category code such as mcc:5814")),
        };
    }
    let known = Category::parse(text).filter(|category| category.word() == text);
    known.map(RowCategory::Word).ok_or_else(|| {
        let words: Vec<&str> = Category::ALL.iter().map(|category| category.word()).collect();
        format!("unknown category {text:?}; {}", choose(text, &words))
    })
}

fn flag(row: &mut Row, flag: &At<&str>, own: Currency, faults: &mut Faults<'_>) {
    match flag.value {
        "pending" => row.booked_on = None,
        "internal" => row.internal = true,
        "refund" => row.refund = true,
        "recurring" => row.recurring = true,
        other => match other.strip_prefix("orig=").map(|charged| original(charged, own)) {
            Some(Ok(charged)) => row.original = Some(charged),
            Some(Err(message)) => faults.add(&flag.span, message),
            None => faults.add_with_help(&flag.span, format!("unknown flag {other:?}"), choose(other, &FLAGS)),
        },
    }
}

/// What the merchant charged: `45.00 EUR`.
fn original(text: &str, own: Currency) -> Result<Money, String> {
    let (charged, code) =
        text.split_once(' ').ok_or_else(|| format!("orig={text} is not of the form orig=45.00 EUR"))?;
    let currency = currency(code)?;
    let charged = amount(charged, currency)?;
    if charged.is_sign_negative() {
        return Err(format!("orig={text} has a sign; the row's amount tells the direction"));
    }
    if currency == own {
        return Err(format!("orig={text} is in the account's own currency"));
    }
    Ok(Money::new(charged, currency))
}
