//! Reading the tables of a world file field by field, keeping every mistake with its line.

use std::ops::Range;

use jiff::civil::Date;
use rust_decimal::Decimal;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::domain::{
    fault::{Fault, Source},
    money::Currency,
};

/// Most digits before the decimal point: as many as an Open Banking UK amount has (`OBActiveCurrencyAndAmount_SimpleType`).
const WHOLE_DIGITS_MAX: usize = 13;

/// The mistakes found so far in one file.
pub(super) struct Faults<'s> {
    source: &'s Source,
    found: Vec<Fault>,
}

impl<'s> Faults<'s> {
    /// None yet.
    pub(super) fn new(source: &'s Source) -> Self {
        Self { source, found: Vec::new() }
    }

    /// A mistake at a place of the text.
    pub(super) fn add(&mut self, span: &Range<usize>, message: impl Into<String>) {
        let line = Fault::line_of(&self.source.text, span.start);
        self.found.push(Fault::new(self.source.path.as_str(), line, message));
    }

    /// A mistake with what to do about it.
    pub(super) fn add_with_help(&mut self, span: &Range<usize>, message: impl Into<String>, help: impl Into<String>) {
        let line = Fault::line_of(&self.source.text, span.start);
        self.found.push(Fault::new(self.source.path.as_str(), line, message).help(help));
    }

    /// How many there are.
    pub(super) fn count(&self) -> usize {
        self.found.len()
    }

    /// All of them by line.
    pub(super) fn into_sorted(mut self) -> Vec<Fault> {
        self.found.sort_by_key(|fault| fault.line);
        self.found
    }
}

/// A value that was read, and where it stands.
#[derive(Clone, Debug)]
pub(super) struct At<T> {
    /// The value.
    pub(super) value: T,
    /// Its place in the text.
    pub(super) span: Range<usize>,
}

/// One table of the file: `[world]`, a `[[bank]]` …
pub(super) struct Fields<'t, 's> {
    table: &'t DeTable<'s>,
    span: Range<usize>,
    name: &'static str,
}

impl<'t, 's> Fields<'t, 's> {
    /// Opens a table; keys that are not in `keys` are mistakes.
    pub(super) fn open(
        table: &'t DeTable<'s>,
        span: Range<usize>,
        name: &'static str,
        keys: &[&str],
        faults: &mut Faults<'_>,
    ) -> Self {
        for key in table.keys() {
            let word = key.get_ref().as_ref();
            if !keys.contains(&word) {
                let message = format!("unknown key {word:?} in {name}");
                faults.add_with_help(&key.span(), message, choose(word, keys));
            }
        }
        Self { table, span, name }
    }

    /// Where the table begins.
    pub(super) fn span(&self) -> &Range<usize> {
        &self.span
    }

    /// The value of a key, if it is there.
    pub(super) fn get(&self, key: &str) -> Option<&'t Spanned<DeValue<'s>>> {
        self.table.get(key)
    }

    /// A text that may be absent.
    pub(super) fn maybe(&self, key: &str, faults: &mut Faults<'_>) -> Option<At<&'t str>> {
        let value = self.get(key)?;
        match value.get_ref() {
            DeValue::String(text) if text.trim().is_empty() => {
                faults.add(&value.span(), format!("{key} of {} is empty", self.name));
                None
            }
            DeValue::String(text) => Some(At { value: text.as_ref(), span: value.span() }),
            other => {
                let message = format!("{key} must be a string, not {}", kind_of(other));
                faults.add_with_help(&value.span(), message, "put it in double quotes");
                None
            }
        }
    }

    /// A text that must be there.
    pub(super) fn text(&self, key: &str, faults: &mut Faults<'_>) -> Option<At<&'t str>> {
        self.require(key, faults);
        self.maybe(key, faults)
    }

    /// Reports a key that is not there.
    pub(super) fn require(&self, key: &str, faults: &mut Faults<'_>) {
        if self.get(key).is_none() {
            faults.add(&self.span, format!("{} has no {key}", self.name));
        }
    }

    /// Reports a key that must not be there.
    pub(super) fn refuse(&self, key: &str, why: &str, faults: &mut Faults<'_>) {
        if let Some(value) = self.get(key) {
            faults.add_with_help(&value.span(), format!("{} has no {key}", self.name), why);
        }
    }

    /// A text of a certain form that must be there.
    pub(super) fn read<T>(
        &self,
        key: &str,
        parse: impl FnOnce(&str) -> Result<T, String>,
        faults: &mut Faults<'_>,
    ) -> Option<At<T>> {
        let text = self.text(key, faults)?;
        parsed(text, parse, faults)
    }

    /// A text of a certain form that may be absent.
    pub(super) fn read_maybe<T>(
        &self,
        key: &str,
        parse: impl FnOnce(&str) -> Result<T, String>,
        faults: &mut Faults<'_>,
    ) -> Option<At<T>> {
        let text = self.maybe(key, faults)?;
        parsed(text, parse, faults)
    }

    /// A list of texts, each on its own; an absent list is empty.
    pub(super) fn list(&self, key: &str, faults: &mut Faults<'_>) -> Vec<At<&'t str>> {
        let Some(value) = self.get(key) else { return Vec::new() };
        let DeValue::Array(items) = value.get_ref() else {
            faults.add(&value.span(), format!("{key} must be a list of strings"));
            return Vec::new();
        };
        let mut texts = Vec::new();
        for item in items {
            match item.get_ref() {
                DeValue::String(text) => texts.push(At { value: text.as_ref(), span: item.span() }),
                other => {
                    faults.add(&item.span(), format!("{key} is a list of strings, and holds {}", kind_of(other)));
                }
            }
        }
        texts
    }
}

/// Reads a text, or reports why it cannot be read.
pub(super) fn parsed<T>(
    text: At<&str>,
    parse: impl FnOnce(&str) -> Result<T, String>,
    faults: &mut Faults<'_>,
) -> Option<At<T>> {
    match parse(text.value) {
        Ok(value) => Some(At { value, span: text.span }),
        Err(message) => {
            faults.add(&text.span, message);
            None
        }
    }
}

/// What kind of TOML value stands where another was expected.
pub(super) fn kind_of(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "a string",
        DeValue::Integer(_) | DeValue::Float(_) => "a number",
        DeValue::Boolean(_) => "a boolean",
        DeValue::Datetime(_) => "a date without quotes",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    }
}

/// Advice for a word that is not in a closed list: the nearest one, or all of them.
pub(super) fn choose(word: &str, list: &[&str]) -> String {
    let near = list.iter().map(|known| (strsim::osa_distance(word, known), known)).min();
    match near {
        Some((distance, known)) if distance <= 2 => format!("did you mean {known:?}?"),
        _ => format!("it may be: {}", list.join(", ")),
    }
}

/// An id: `[a-z][a-z0-9_]*`.
pub(super) fn id(text: &str) -> Result<String, String> {
    let starts = text.starts_with(|first: char| first.is_ascii_lowercase());
    if starts && text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_') {
        return Ok(text.to_owned());
    }
    Err(format!("{text:?} is no id: a lower-case letter, then lower-case letters, digits and underscores"))
}

/// A civil day, `2026-11-22`.
pub(super) fn day(text: &str) -> Result<Date, String> {
    let date = text.parse().map_err(|_| format!("{text:?} is no date such as 2026-11-22"))?;
    // jiff reads more forms than the files may use.
    if text.len() == "2026-11-22".len() { Ok(date) } else { Err(format!("{text:?} is no date such as 2026-11-22")) }
}

/// An ISO 4217 code in capitals.
pub(super) fn currency(text: &str) -> Result<Currency, String> {
    match Currency::parse(text) {
        Ok(currency) if currency.code() == text => Ok(currency),
        _ => Err(format!("{text:?} is no ISO 4217 currency code")),
    }
}

/// An amount with exactly the minor digits of its currency: `-12.50` USD, `1250` JPY, `1.250` KWD.
pub(in crate::sandbox) fn amount(text: &str, currency: Currency) -> Result<Decimal, String> {
    let unsigned = text.strip_prefix('-').unwrap_or(text);
    let (whole, minor) = unsigned.split_once('.').map_or((unsigned, None), |(whole, minor)| (whole, Some(minor)));
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    if !digits(whole) || !minor.is_none_or(digits) || (whole.len() > 1 && whole.starts_with('0')) {
        return Err(format!("{text:?} is no amount: digits with a decimal point, nothing else"));
    }
    if whole.len() > WHOLE_DIGITS_MAX {
        return Err(format!("{text:?} is too large: at most {WHOLE_DIGITS_MAX} digits before the decimal point"));
    }
    let (given, wanted) = (minor.map_or(0, str::len), currency.digits());
    if u32::try_from(given) != Ok(wanted) {
        return Err(format!("{text:?} has {given} minor digits, {currency} has {wanted}"));
    }
    text.parse().map_err(|_| format!("{text:?} is no amount"))
}
