//! Reading each kind of table but the accounts: `[world]`, `[desk]`, `[fx]`, `[[bank]]`, `[[person]]`, `[[link]]`,
//! `[[offer]]`. Every field is read before the first that is missing ends the entry, so that all mistakes are found.

use jiff::Timestamp;
use jiff::civil::{Date, Weekday};
use jiff::tz::TimeZone;
use rust_decimal::Decimal;
use unic_langid::LanguageIdentifier;

use super::fields::{Faults, Fields, choose, currency, day, id, parsed};
use super::load::Known;
use super::{Consent, DIALECTS, Desk, Fx, Institution, Offer, Person, PersonId, Shift, Supports};
use crate::domain::{
    bank::{Bank, BankId},
    money::Currency,
    purpose::DataClass,
};

const SUPPORTS: [&str; 5] = ["balance", "transactions", "pending", "card", "due_dates"];
const SCOPES: [&str; 3] = ["balances", "transactions", "details"];
const WEEKDAYS: [(&str, Weekday); 7] = [
    ("Mon", Weekday::Monday),
    ("Tue", Weekday::Tuesday),
    ("Wed", Weekday::Wednesday),
    ("Thu", Weekday::Thursday),
    ("Fri", Weekday::Friday),
    ("Sat", Weekday::Saturday),
    ("Sun", Weekday::Sunday),
];

/// The plain values of `[world]`.
pub(super) struct Calendar {
    pub(super) now: Timestamp,
    pub(super) zone: TimeZone,
    pub(super) locale: String,
    pub(super) week_starts: Weekday,
    pub(super) history_from: Date,
}

pub(super) fn calendar(fields: &Fields<'_, '_>, faults: &mut Faults<'_>) -> Option<Calendar> {
    let moment =
        |text: &str| text.parse().map_err(|_| format!("{text:?} is no moment such as 2026-11-22T14:00:00-05:00"));
    let now = fields.read("now", moment, faults);
    let zone = fields.read("tz", zone, faults);
    let locale = fields.read("locale", locale, faults);
    let week_starts = fields.read("week_starts", week_starts, faults);
    let history_from = fields.read("history_from", day, faults);
    Some(Calendar {
        now: now?.value,
        zone: zone?.value,
        locale: locale?.value,
        week_starts: week_starts?.value,
        history_from: history_from?.value,
    })
}

fn zone(text: &str) -> Result<TimeZone, String> {
    TimeZone::get(text).map_err(|_| format!("{text:?} is no IANA time zone such as Europe/London"))
}

fn locale(text: &str) -> Result<String, String> {
    let known = text.parse::<LanguageIdentifier>().is_ok_and(|id| id == text);
    if known { Ok(text.to_owned()) } else { Err(format!("{text:?} is no locale such as en-US")) }
}

fn week_starts(text: &str) -> Result<Weekday, String> {
    match text {
        "sunday" => Ok(Weekday::Sunday),
        "monday" => Ok(Weekday::Monday),
        _ => Err(format!("unknown day {text:?}; {}", choose(text, &["sunday", "monday"]))),
    }
}

pub(super) fn desk(fields: &Fields<'_, '_>, faults: &mut Faults<'_>) -> Option<Desk> {
    let hours = fields.read("hours", shifts, faults);
    let (wait, phone) = (fields.text("wait", faults), fields.text("phone", faults));
    Some(Desk { hours: hours?.value, wait: wait?.value.to_owned(), phone: phone?.value.to_owned() })
}

/// `Mon-Fri 09:00-17:00`, several joined by commas.
fn shifts(text: &str) -> Result<Vec<Shift>, String> {
    let weekday = |word: &str| WEEKDAYS.iter().find(|(name, _)| *name == word).map(|(_, weekday)| *weekday);
    let shift = |part: &str| {
        let (days, times) = part.trim().split_once(' ')?;
        let (first, last) = days.split_once('-').unwrap_or((days, days));
        let (from, to) = times.split_once('-')?;
        let shift =
            Shift { first: weekday(first)?, last: weekday(last)?, from: from.parse().ok()?, to: to.parse().ok()? };
        (shift.from < shift.to).then_some(shift)
    };
    let shifts: Option<Vec<Shift>> = text.split(',').map(shift).collect();
    shifts.ok_or_else(|| format!("{text:?} are no hours such as Mon-Fri 09:00-17:00"))
}

/// `[fx]`: besides date and source, every key is a pair of currencies.
pub(super) fn fx(fields: &Fields<'_, '_>, pairs: &[&str], faults: &mut Faults<'_>) -> Option<Fx> {
    let (date, source) = (fields.read("date", day, faults), fields.text("source", faults));
    let mut rates = Vec::new();
    for pair in pairs {
        if let (Some((from, to)), Some(rate)) = (currencies(pair), fields.read(pair, rate, faults)) {
            rates.push((from, to, rate.value));
        }
    }
    Some(Fx { date: date?.value, source: source?.value.to_owned(), rates })
}

/// The two currencies of `EURUSD`.
pub(super) fn currencies(pair: &str) -> Option<(Currency, Currency)> {
    let (from, to) = pair.split_at_checked(3)?;
    let (from, to) = (currency(from).ok()?, currency(to).ok()?);
    (from != to).then_some((from, to))
}

fn rate(text: &str) -> Result<Decimal, String> {
    let plain = text.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    match text.parse::<Decimal>() {
        Ok(rate) if plain && rate > Decimal::ZERO => Ok(rate),
        _ => Err(format!("{text:?} is no rate such as 1.1000")),
    }
}

pub(super) fn institution(fields: &Fields<'_, '_>, faults: &mut Faults<'_>) -> Option<Institution> {
    let bank_id = fields.read("id", id, faults);
    let name = fields.text("name", faults);
    let country = fields.read("country", country, faults);
    let currency = fields.read("currency", currency, faults);
    let dialect = fields.read("dialect", |text| one_of(text, "dialect", &DIALECTS), faults);
    let fraud_line = fields.text("fraud_line", faults);
    let help_line = fields.maybe("help_line", faults);
    fields.require("supports", faults);
    let supports = closed_list(fields, "supports", &SUPPORTS, faults);
    let tells = |word| supports.contains(&word);
    Some(Institution {
        bank: Bank {
            id: BankId::new(bank_id?.value),
            name: name?.value.to_owned(),
            country: country?.value,
            fraud_line: Some(fraud_line?.value.to_owned()),
            help_line: help_line.map(|line| line.value.to_owned()),
        },
        currency: currency?.value,
        dialect: dialect?.value,
        supports: Supports {
            balance: tells("balance"),
            transactions: tells("transactions"),
            pending: tells("pending"),
            card: tells("card"),
            due_dates: tells("due_dates"),
        },
    })
}

fn country(text: &str) -> Result<String, String> {
    let two = text.len() == 2 && text.bytes().all(|b| b.is_ascii_uppercase());
    if two { Ok(text.to_owned()) } else { Err(format!("{text:?} is no country code such as US")) }
}

fn one_of(text: &str, what: &str, list: &[&str]) -> Result<String, String> {
    if list.contains(&text) {
        return Ok(text.to_owned());
    }
    Err(format!("unknown {what} {text:?}; {}", choose(text, list)))
}

/// A list of words of a closed list, each at most once.
fn closed_list<'t>(fields: &Fields<'t, '_>, key: &str, list: &[&str], faults: &mut Faults<'_>) -> Vec<&'t str> {
    let mut words = Vec::new();
    for word in fields.list(key, faults) {
        let text = word.value;
        if words.contains(&text) {
            faults.add(&word.span, format!("{text:?} stands twice in {key}"));
        } else if parsed(word, |text| one_of(text, "word", list), faults).is_some() {
            words.push(text);
        }
    }
    words
}

pub(super) fn person(fields: &Fields<'_, '_>, defaults: Option<&Calendar>, faults: &mut Faults<'_>) -> Option<Person> {
    let person_id = fields.read("id", id, faults);
    let name = fields.text("name", faults);
    let locale = fields.read_maybe("locale", locale, faults);
    let zone = fields.read_maybe("tz", zone, faults);
    let week_starts = fields.read_maybe("week_starts", week_starts, faults);
    let home = fields.read("home", currency, faults);
    let defaults = defaults?;
    Some(Person {
        id: PersonId::new(person_id?.value),
        name: name?.value.to_owned(),
        locale: locale.map_or_else(|| defaults.locale.clone(), |locale| locale.value),
        zone: zone.map_or_else(|| defaults.zone.clone(), |zone| zone.value),
        week_starts: week_starts.map_or(defaults.week_starts, |day| day.value),
        home: home?.value,
    })
}

pub(super) fn consent(fields: &Fields<'_, '_>, known: &Known, faults: &mut Faults<'_>) -> Option<Consent> {
    let (person, bank) = (known.person(fields, faults), known.bank(fields, faults));
    let until = fields.read("until", day, faults);
    fields.require("scopes", faults);
    let scopes = closed_list(fields, "scopes", &SCOPES, faults);
    Some(Consent {
        person: PersonId::new(person?.value),
        bank: BankId::new(bank?.value),
        until: until?.value,
        scopes: scopes.into_iter().filter_map(DataClass::parse).collect(),
    })
}

pub(super) fn offer(fields: &Fields<'_, '_>, known: &Known, faults: &mut Faults<'_>) -> Option<Offer> {
    let offer_id = fields.read("id", id, faults);
    let person = known.person(fields, faults);
    let (merchant, text) = (fields.text("merchant", faults), fields.text("text", faults));
    let until = fields.read("until", day, faults);
    let rule = fields.text("rule", faults);
    Some(Offer {
        id: offer_id?.value,
        person: PersonId::new(person?.value),
        merchant: merchant?.value.to_owned(),
        text: text?.value.to_owned(),
        until: until?.value,
        rule: rule?.value.to_owned(),
    })
}
