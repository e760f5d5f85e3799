//! The JSON shapes of `read`: what scripts send and what they get. Renaming or re-typing a key is a breaking change.

use jiff::Zoned;
use jiff::civil::{Date, Weekday};
use jiff::tz::TimeZone;
use rust_decimal::Decimal;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::domain::{
    account::{Account, AccountClass, AccountId},
    bank::{Bank, BankId},
    money::Currency,
    period::Period,
    reading::{AmountRange, Direction, Intent, Part, Reading, Slots},
    transaction::Category,
};

/// One line that came in.
#[derive(Debug, Deserialize)]
pub(super) struct Asked {
    pub(super) text: String,
    pub(super) now: Option<String>,
    pub(super) tz: Option<String>,
    pub(super) locale: Option<String>,
    pub(super) week_starts: Option<String>,
    #[serde(default)]
    person: Person,
    last: Option<Last>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Person {
    accounts: Vec<OwnAccount>,
    merchants: Vec<String>,
    banks: Vec<OwnBank>,
}

#[derive(Debug, Deserialize)]
struct OwnAccount {
    id: String,
    #[serde(default)]
    nick: String,
    #[serde(default)]
    kind: String,
    last4: Option<String>,
    #[serde(default)]
    bank: String,
}

#[derive(Debug, Deserialize)]
struct OwnBank {
    id: String,
    name: String,
}

#[derive(Debug, Deserialize)]
struct Last {
    intent: String,
    #[serde(default)]
    slots: Map<String, Value>,
}

/// Everything of a line, checked.
#[derive(Debug)]
pub(super) struct Known {
    pub(super) now: Zoned,
    pub(super) locale: String,
    pub(super) week_starts: Weekday,
    pub(super) accounts: Vec<Account>,
    pub(super) banks: Vec<Bank>,
    pub(super) merchants: Vec<String>,
    pub(super) last: Option<Part>,
}

impl Asked {
    /// A text without any context.
    pub(super) fn text(text: String, now: Option<String>, tz: Option<String>, locale: Option<String>) -> Self {
        Self { text, now, tz, locale, week_starts: None, person: Person::default(), last: None }
    }

    /// Checks the context; `now` is the clock's, where the line brings none.
    pub(super) fn known(&self, now: jiff::Timestamp) -> Result<Known, String> {
        let now = match &self.now {
            Some(text) => text.parse::<jiff::Timestamp>().map_err(|error| format!("now: {error}"))?,
            None => now,
        };
        let zone = match &self.tz {
            Some(name) => TimeZone::get(name).map_err(|error| format!("tz: {error}"))?,
            None => TimeZone::UTC,
        };
        let locale = self.locale.clone().unwrap_or_else(|| "en-US".to_owned());
        let week_starts = match self.week_starts.as_deref() {
            Some("monday") => Weekday::Monday,
            Some("sunday") => Weekday::Sunday,
            None => week_start_of(&locale),
            Some(other) => return Err(format!("week_starts: {other:?} is neither \"monday\" nor \"sunday\"")),
        };
        let accounts: Vec<Account> = self.person.accounts.iter().map(OwnAccount::account).collect();
        let mut banks: Vec<Bank> = self.person.banks.iter().map(|bank| named_bank(&bank.id, &bank.name)).collect();
        for account in &accounts {
            if !account.bank.as_str().is_empty() && !banks.iter().any(|bank| bank.id == account.bank) {
                banks.push(named_bank(account.bank.as_str(), account.bank.as_str()));
            }
        }
        let last = self.last.as_ref().map(Last::part).transpose()?;
        Ok(Known {
            now: now.to_zoned(zone),
            locale,
            week_starts,
            accounts,
            banks,
            merchants: self.person.merchants.clone(),
            last,
        })
    }
}

/// CLDR's first day of the week for the countries that begin it on Sunday; elsewhere Monday.
fn week_start_of(locale: &str) -> Weekday {
    let country = locale.split(['-', '_']).nth(1).unwrap_or("US");
    if matches!(country, "US" | "CA" | "MX" | "BR" | "JP" | "IN" | "PH" | "ZA" | "IL") {
        Weekday::Sunday
    } else {
        Weekday::Monday
    }
}

fn named_bank(id: &str, name: &str) -> Bank {
    Bank { id: BankId::new(id), name: name.to_owned(), country: String::new(), fraud_line: None, help_line: None }
}

impl OwnAccount {
    fn account(&self) -> Account {
        let classes = [AccountClass::Checking, AccountClass::Savings, AccountClass::CreditCard, AccountClass::Loan];
        Account {
            id: AccountId::new(&self.id),
            bank: BankId::new(&self.bank),
            nick: self.nick.clone(),
            last4: self.last4.clone(),
            class: classes.into_iter().find(|class| class.word() == self.kind).unwrap_or(AccountClass::Other),
            currency: Currency::USD,
        }
    }
}

impl Last {
    fn part(&self) -> Result<Part, String> {
        let intent = Intent::parse(&self.intent).ok_or_else(|| format!("last: unknown intent {:?}", self.intent))?;
        Ok(Part { intent, slots: slots_from(&self.slots)? })
    }
}

/// One value or a list of them, as text.
fn texts(value: &Value) -> Vec<String> {
    match value {
        Value::Array(all) => all.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
        Value::String(one) => vec![one.clone()],
        _ => Vec::new(),
    }
}

fn period_from(value: &Value) -> Result<Period, String> {
    let day = |key: &str| match value.get(key).and_then(Value::as_str) {
        Some(text) => text.parse::<Date>().map(Some).map_err(|error| format!("last: {key}: {error}")),
        None => Ok(None),
    };
    Ok(Period { from: day("from")?, to: day("to")? })
}

fn amount_from(value: &Value) -> Result<AmountRange, String> {
    let figure = |key: &str| match value.get(key).and_then(Value::as_str) {
        Some(text) => text.parse::<Decimal>().map(Some).map_err(|error| format!("last: {key}: {error}")),
        None => Ok(None),
    };
    let currency = value
        .get("currency")
        .and_then(Value::as_str)
        .map(Currency::parse)
        .transpose()
        .map_err(|error| error.to_string())?;
    let flag = |key: &str| value.get(key).and_then(Value::as_bool).unwrap_or(false);
    Ok(AmountRange { min: figure("min")?, max: figure("max")?, above: flag("above"), below: flag("below"), currency })
}

/// Slots as [`slots`] writes them. Unknown names are left aside: a later version may send more.
fn slots_from(map: &Map<String, Value>) -> Result<Slots, String> {
    let mut slots = Slots::default();
    for (name, value) in map {
        match name.as_str() {
            "period" => slots.period = Some(period_from(value)?),
            "than" => slots.than = Some(period_from(value)?),
            "account" => slots.accounts = texts(value).into_iter().map(AccountId::new).collect(),
            "bank" => slots.banks = texts(value).into_iter().map(BankId::new).collect(),
            "merchant" => slots.merchants = texts(value),
            "category" => slots.categories = texts(value).iter().filter_map(|word| Category::parse(word)).collect(),
            "except_merchant" => slots.except_merchants = texts(value),
            "except_category" => {
                slots.except_categories = texts(value).iter().filter_map(|word| Category::parse(word)).collect();
            }
            "amount" => slots.amount = Some(amount_from(value)?),
            "except_amount" => {
                let all = value.as_array().into_iter().flatten();
                slots.except_amounts = all.map(amount_from).collect::<Result<_, _>>()?;
            }
            "count" => slots.count = value.as_u64().and_then(|count| u32::try_from(count).ok()),
            "currency" => slots.currency = value.as_str().and_then(|code| Currency::parse(code).ok()),
            "direction" => {
                slots.direction = match value.as_str() {
                    Some("in") => Some(Direction::In),
                    Some("out") => Some(Direction::Out),
                    _ => None,
                }
            }
            "net" => slots.net = value.as_bool().unwrap_or(false),
            "lang" => slots.lang = value.as_str().map(str::to_owned),
            "place" => slots.place = value.as_str().map(str::to_owned),
            "kind" => slots.kind = value.as_str().map(str::to_owned),
            _ => {}
        }
    }
    Ok(slots)
}

fn period(period: &Period) -> Value {
    json!({ "from": period.from.map(|day| day.to_string()), "to": period.to.map(|day| day.to_string()) })
}

fn amount(range: &AmountRange) -> Value {
    let figure = |figure: Option<Decimal>| {
        figure.map(|mut figure| {
            if figure.scale() < 2 {
                figure.rescale(2);
            }
            figure.to_string()
        })
    };
    let mut value = json!({ "min": figure(range.min), "max": figure(range.max), "currency": range.currency.map(|c| c.code().to_owned()) });
    if let Value::Object(map) = &mut value {
        map.extend(
            [("above", range.above), ("below", range.below)]
                .into_iter()
                .filter(|(_, set)| *set)
                .map(|(key, set)| (key.to_owned(), json!(set))),
        );
    }
    value
}

/// A single value as itself, several as a list.
fn one_or_list(mut all: Vec<String>) -> Option<Value> {
    match all.len() {
        0 => None,
        1 => all.pop().map(Value::String),
        _ => Some(json!(all)),
    }
}

/// Slots by the names of the vocabulary.
pub(super) fn slots(slots: &Slots) -> Map<String, Value> {
    let words = |all: &[Category]| all.iter().map(|category| category.word().to_owned()).collect();
    let accounts: Vec<String> = slots.accounts.iter().map(ToString::to_string).collect();
    let accounts = if accounts.is_empty() { slots.account_words.iter().cloned().collect() } else { accounts };
    let direction = slots.direction.map(|direction| if direction == Direction::In { "in" } else { "out" });
    let entries = [
        ("period", slots.period.as_ref().map(period)),
        ("than", slots.than.as_ref().map(period)),
        ("account", one_or_list(accounts)),
        ("bank", one_or_list(slots.banks.iter().map(ToString::to_string).collect())),
        ("merchant", one_or_list(slots.merchants.clone())),
        ("category", one_or_list(words(&slots.categories))),
        ("except_merchant", one_or_list(slots.except_merchants.clone())),
        ("except_category", one_or_list(words(&slots.except_categories))),
        (
            "except_amount",
            (!slots.except_amounts.is_empty()).then(|| slots.except_amounts.iter().map(amount).collect()),
        ),
        ("amount", slots.amount.as_ref().map(amount)),
        ("currency", slots.currency.map(|currency| json!(currency.code()))),
        ("count", slots.count.map(|count| json!(count))),
        ("direction", direction.map(|word| json!(word))),
        ("net", slots.net.then_some(json!(true))),
        ("lang", slots.lang.as_ref().map(|lang| json!(lang))),
        ("place", slots.place.as_ref().map(|place| json!(place))),
        ("kind", slots.kind.as_ref().map(|kind| json!(kind))),
    ];
    entries.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))).collect()
}

/// The whole answer to one line.
pub(super) fn reading(reading: &Reading) -> Value {
    let mut spans: Map<String, Value> = Map::new();
    for span in &reading.spans {
        // Of several spans of one slot the first is told.
        spans.entry(span.slot.clone()).or_insert_with(|| json!([span.from, span.to]));
    }
    json!({
        "intent": reading.part.intent.word(),
        "confidence": (f64::from(reading.confidence) * 100.0).round() / 100.0,
        "zone": reading.zone,
        "lang": reading.lang,
        "slots": slots(&reading.part.slots),
        "spans": spans,
        "also": reading.also.iter().map(|part| json!({ "intent": part.intent.word(), "slots": slots(&part.slots) })).collect::<Vec<_>>(),
    })
}
