//! Reads a bank's JSON by path. Every refusal names the field as `transactions[3].amount`, numbers are taken from
//! their own text (never through a float), `null` counts as absent, and what nobody asks for is not looked at.

use std::collections::BTreeMap;

use jiff::civil::{Date, Time};
use jiff::fmt::temporal::{Pieces, PiecesOffset};
use jiff::tz::{Offset, TimeZone};
use jiff::{Timestamp, Zoned};
use rust_decimal::Decimal;
use serde_json::value::RawValue;

use crate::bank::BankError;
use crate::domain::money::{Currency, Money};

/// Largest amount that is believed, in major units: 10^18. No ledger of a person holds more, and sums of rows below it
/// cannot overflow a `Decimal`.
const AMOUNT_MAX: Decimal = Decimal::from_parts(2_808_348_672, 232_830_643, 0, false, 0);

/// A JSON value and where it stands.
#[derive(Clone, Debug)]
pub(crate) struct Node<'a> {
    path: String,
    raw: &'a RawValue,
}

/// The members of a JSON object.
#[derive(Debug)]
pub(crate) struct Fields<'a> {
    path: String,
    members: BTreeMap<String, &'a RawValue>,
}

/// A moment as the bank wrote it: the instant, and the civil day in the offset that was given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Moment {
    /// The instant. A day alone is its midnight; a time without an offset is taken as UTC.
    pub(crate) at: Timestamp,
    /// The day as written.
    pub(crate) day: Date,
    offset: Offset,
    /// Whether it was a time in UTC, which says nothing of the bank's own day. Midnight does: it stands for the day.
    utc_time: bool,
}

impl Moment {
    /// The same moment, its day told in the bank's zone where the bank wrote UTC.
    pub(crate) fn told_in(self, zone: Option<&TimeZone>) -> Self {
        match zone {
            Some(zone) if self.utc_time => Self { day: Zoned::new(self.at, zone.clone()).date(), ..self },
            _ => self,
        }
    }

    /// The same moment, or `latest` if that is earlier; in the offset of this one.
    pub(crate) fn held_at(self, latest: Timestamp) -> Self {
        if self.at <= latest {
            return self;
        }
        let day = Zoned::new(latest, TimeZone::fixed(self.offset)).date();
        Self { at: latest, day, ..self }
    }
}

/// A refusal that names the field.
pub(crate) fn malformed(field: impl Into<String>, message: &str) -> BankError {
    BankError::Malformed { field: field.into(), message: message.to_owned() }
}

/// A whole body.
pub(crate) fn body(bytes: &[u8]) -> Result<Node<'_>, BankError> {
    let text = std::str::from_utf8(bytes).map_err(|_| malformed("body", "is not UTF-8"))?;
    let text = text.trim_start_matches('\u{FEFF}');
    if text.trim().is_empty() {
        return Err(malformed("body", "is empty"));
    }
    let raw: &RawValue = serde_json::from_str(text).map_err(|_| malformed("body", "is not JSON"))?;
    Ok(Node { path: String::new(), raw })
}

impl<'a> Node<'a> {
    /// Where it stands.
    pub(crate) fn path(&self) -> &str {
        &self.path
    }

    fn refuse(&self, message: &str) -> BankError {
        malformed(if self.path.is_empty() { "body" } else { &self.path }, message)
    }

    /// The members of an object.
    pub(crate) fn fields(&self) -> Result<Fields<'a>, BankError> {
        let members = serde_json::from_str(self.raw.get()).map_err(|_| self.refuse("is not an object"))?;
        Ok(Fields { path: self.path.clone(), members })
    }

    /// The elements of an array.
    pub(crate) fn items(&self) -> Result<Vec<Node<'a>>, BankError> {
        let items: Vec<&'a RawValue> =
            serde_json::from_str(self.raw.get()).map_err(|_| self.refuse("is not an array"))?;
        let numbered = items.into_iter().enumerate();
        Ok(numbered.map(|(at, raw)| Node { path: format!("{}[{at}]", self.path), raw }).collect())
    }

    /// A string, or a number as it is written; trimmed. `None` for anything else and for a blank one.
    pub(crate) fn word(&self) -> Option<String> {
        let raw = self.raw.get();
        let word = match raw.as_bytes().first() {
            Some(b'"') => serde_json::from_str::<String>(raw).ok()?.trim().to_owned(),
            Some(b'-' | b'0'..=b'9') => raw.to_owned(),
            _ => return None,
        };
        (!word.is_empty()).then_some(word)
    }

    /// The bank's id of something. Refuses what an address would resolve away as a path segment.
    pub(crate) fn id(&self) -> Result<String, BankError> {
        let word = self.required_word()?;
        if word.bytes().all(|b| b == b'.') { Err(self.refuse("is not an id")) } else { Ok(word) }
    }

    fn required_word(&self) -> Result<String, BankError> {
        self.word().ok_or_else(|| self.refuse("is not text"))
    }

    /// An exact number, written as a JSON number or as a string.
    pub(crate) fn decimal(&self) -> Result<Decimal, BankError> {
        let word = self.required_word()?;
        let amount = decimal(&word).ok_or_else(|| self.refuse("is not a decimal number"))?;
        match amount.abs() {
            size if size > AMOUNT_MAX => Err(self.refuse("is too large to be an amount")),
            // Zero has no sign here, whatever the bank writes.
            size if size.is_zero() => Ok(size),
            _ => Ok(amount),
        }
    }

    /// An ISO 4217 code.
    pub(crate) fn currency(&self) -> Result<Currency, BankError> {
        // The message does not repeat the word: it may be any text.
        Currency::parse(&self.required_word()?).map_err(|_| self.refuse("is not an ISO 4217 currency code"))
    }

    /// An amount in a currency known from elsewhere.
    pub(crate) fn money(&self, currency: Currency) -> Result<Money, BankError> {
        Ok(Money::new(self.decimal()?, currency))
    }

    /// A date, or a date and time with or without an offset (ISO 8601).
    pub(crate) fn moment(&self) -> Result<Moment, BankError> {
        moment(&self.required_word()?).ok_or_else(|| self.refuse("is not an ISO 8601 date or time"))
    }

    /// Whether it is `true`.
    pub(crate) fn is_true(&self) -> bool {
        self.raw.get() == "true"
    }
}

impl<'a> Fields<'a> {
    /// A member that is there and is not `null`.
    pub(crate) fn get(&self, name: &str) -> Option<Node<'a>> {
        let raw = *self.members.get(name)?;
        (raw.get() != "null").then(|| Node { path: self.path_of(name), raw })
    }

    /// A member without which the object means nothing.
    pub(crate) fn need(&self, name: &str) -> Result<Node<'a>, BankError> {
        self.get(name).ok_or_else(|| malformed(self.path_of(name), "is missing"))
    }

    /// The first of several names that is there: versions of a dialect rename fields.
    pub(crate) fn first(&self, names: &[&str]) -> Option<Node<'a>> {
        names.iter().find_map(|name| self.get(name))
    }

    /// A member's text, if it has one.
    pub(crate) fn word(&self, name: &str) -> Option<String> {
        self.get(name)?.word()
    }

    /// A member that is an object; `None` when it is absent or something else.
    pub(crate) fn object(&self, name: &str) -> Option<Fields<'a>> {
        self.get(name)?.fields().ok()
    }

    /// The only member, when there is exactly one.
    pub(crate) fn only(&self) -> Option<(&str, Node<'a>)> {
        let (name, raw) = self.members.first_key_value()?;
        (self.members.len() == 1).then(|| (name.as_str(), Node { path: self.path_of(name), raw }))
    }

    /// The path of a member.
    pub(crate) fn path_of(&self, name: &str) -> String {
        if self.path.is_empty() { name.to_owned() } else { [&self.path, ".", name].concat() }
    }
}

/// Reads a decimal without loss: digits, one point, a sign, an exponent; nothing else.
fn decimal(word: &str) -> Option<Decimal> {
    // `Decimal` itself would accept underscores between digits.
    if !word.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'.' | b'+' | b'-' | b'e' | b'E')) {
        return None;
    }
    let Some((mantissa, exponent)) = word.split_once(['e', 'E']) else {
        return Decimal::from_str_exact(word).ok();
    };
    let mantissa = Decimal::from_str_exact(mantissa).ok()?;
    let exponent: i32 = exponent.parse().ok()?;
    let places = exponent.unsigned_abs();
    if exponent < 0 { shift_down(mantissa, places) } else { mantissa.checked_mul(power_of_ten(places)?) }
}

/// `mantissa / 10^places`, exactly.
fn shift_down(mut mantissa: Decimal, places: u32) -> Option<Decimal> {
    let scale = mantissa.scale().checked_add(places)?;
    mantissa.set_scale(scale).ok()?;
    Some(mantissa)
}

/// A power of ten that fits a `Decimal`.
fn power_of_ten(exponent: u32) -> Option<Decimal> {
    (exponent <= Decimal::MAX_SCALE).then_some(())?;
    (0..exponent).try_fold(Decimal::ONE, |power, _| power.checked_mul(Decimal::TEN))
}

/// Reads a date or time as banks write them.
fn moment(word: &str) -> Option<Moment> {
    let pieces = Pieces::parse(word).ok()?;
    let offset = match pieces.offset() {
        Some(PiecesOffset::Numeric(offset)) => offset.offset(),
        _ => Offset::UTC,
    };
    let time = pieces.time().unwrap_or(Time::midnight());
    let at = offset.to_timestamp(pieces.date().to_datetime(time)).ok()?;
    let utc_time = offset == Offset::UTC && time != Time::midnight();
    Some(Moment { at, day: pieces.date(), offset, utc_time })
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn read(raw: &str) -> Option<String> {
        let bytes = format!("{{\"rows\":[{{\"amount\":{raw}}}]}}");
        let fields = body(bytes.as_bytes()).and_then(|node| node.fields()).expect("an object");
        let row = fields.need("rows").expect("rows").items().expect("an array")[0].fields().expect("an object");
        match row.need("amount").and_then(|node| node.decimal()) {
            Ok(amount) => Some(amount.to_string()),
            Err(BankError::Malformed { field, .. }) => {
                assert_eq!(field, "rows[0].amount");
                None
            }
            Err(other) => panic!("{other}"),
        }
    }

    #[test]
    fn decimals_are_exact_or_refused_by_path() {
        let good = [("-256.67", "-256.67"), ("\"-256.67\"", "-256.67"), ("1e3", "1000"), ("\" 5.00 \"", "5.00")];
        for (raw, exact) in
            good.into_iter().chain([("343.010", "343.010"), ("12.5E-1", "1.25"), ("0.1e1", "1.0"), ("-0.00", "0.00")])
        {
            assert_eq!(read(raw).as_deref(), Some(exact), "{raw}");
        }
        let long = format!("0.{}", "1".repeat(40));
        for raw in ["\"string\"", "\"\"", "null", "1e308", "-1.7976931348623157e+308", "1e-400", "\"1,234.50\"", "true"]
            .into_iter()
            .chain(["\"1_000\"", "{}", "[]", "1e18", "9e17999999999999999999", "\"NaN\"", "\"0x10\"", "\"e\"", &long])
        {
            let expected = if raw == "1e18" { Some("1000000000000000000".to_owned()) } else { None };
            assert_eq!(read(raw), expected, "{raw}");
        }
        assert_eq!(read("1000000000000000001"), None);
    }

    #[test]
    fn the_day_is_the_one_that_was_written() {
        let day = |word| moment(word).map(|moment| moment.day);
        assert_eq!(day("2026-11-22T23:30:00-05:00"), Some(date(2026, 11, 22)));
        assert_eq!(day("2026-11-22"), Some(date(2026, 11, 22)));
        assert_eq!(day("1893-05-06T07:08:09.0Z"), Some(date(1893, 5, 6)));
        assert_eq!(day("2026-11-22T09:00:00"), Some(date(2026, 11, 22)));
        assert_eq!(day("string"), None);
        let zone = TimeZone::get("America/New_York").expect("a zone");
        let told = |word| moment(word).map(|moment| moment.told_in(Some(&zone)).day);
        assert_eq!(told("2026-11-23T01:30:00Z"), Some(date(2026, 11, 22)), "the evening before, at the bank");
        assert_eq!(told("2026-11-23T00:00:00.000Z"), Some(date(2026, 11, 23)), "midnight stands for the day");
        assert_eq!(told("2026-11-23T01:30:00+01:00"), Some(date(2026, 11, 23)));
        let written = moment("2026-11-22T23:30:00-05:00").expect("a moment");
        assert_eq!(written.at.to_string(), "2026-11-23T04:30:00Z");
        let held = written.held_at(written.at - jiff::SignedDuration::from_hours(24));
        assert_eq!(held.day, date(2026, 11, 21));
        assert_eq!(held.held_at(Timestamp::MAX), held);
    }
}
