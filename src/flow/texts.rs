//! Texts: Fluent (`bot-flows/texts/*.ftl`), one file a locale, put into words with the values an answer gives.

use std::collections::{BTreeMap, BTreeSet};

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use fluent_syntax::parser::ParserError;
use jiff::civil::Date;
use jiff::{Timestamp, Zoned};
use unic_langid::{CharacterDirection, LanguageIdentifier};

use crate::domain::{
    account::Account,
    fault::{Fault, Source},
    period::Period,
    say::{Arg, Say},
};
use crate::flow::entries::{self, Entry};
use crate::flow::format;

/// The locale whose texts are the measure of all others, and are used where a person's own has none.
pub const LAST_RESORT: &str = "en";

/// What stands for an amount that is hidden. No name of an account has three of these in a row.
pub const HIDDEN: &str = "•••";

/// Who a text is for.
#[derive(Clone, Debug)]
pub struct Reader<'a> {
    /// The locale, e.g. `en-US`.
    pub locale: &'a str,
    /// The present moment in the person's zone.
    pub now: &'a Zoned,
    /// Whether amounts are hidden from whoever looks at the screen.
    pub masked: bool,
}

/// All texts of all locales.
#[derive(Default)]
pub struct Texts {
    locales: BTreeMap<String, Locale>,
}

/// The texts of one file.
struct Locale {
    path: String,
    bundle: FluentBundle<FluentResource>,
    entries: BTreeMap<String, Entry>,
}

impl Texts {
    /// Loads `texts/*.ftl`; reports every mistake in them.
    pub fn load(files: &[Source]) -> Result<Self, Vec<Fault>> {
        let mut texts = Self::default();
        let mut faults = Vec::new();
        for file in files {
            match Locale::load(file) {
                Ok((name, locale)) => {
                    if texts.locales.insert(name, locale).is_some() {
                        faults.push(Fault::new(&file.path, 0, "a second file for the same locale"));
                    }
                }
                Err(found) => faults.extend(found),
            }
        }
        faults.sort();
        if faults.is_empty() { Ok(texts) } else { Err(faults) }
    }

    /// The locales that have texts, e.g. `en`.
    pub fn locales(&self) -> Vec<String> {
        self.locales.keys().cloned().collect()
    }

    /// The languages that have texts of their own, e.g. `de`, `en`, `es`. A file of a region only says what differs.
    pub fn languages(&self) -> impl Iterator<Item = &str> {
        self.locales.keys().map(String::as_str).filter(|locale| !locale.contains('-'))
    }

    /// The path of a locale's own file and what is in it.
    pub(super) fn file(&self, locale: &str) -> Option<(&str, &BTreeMap<String, Entry>)> {
        self.locales.get(locale).map(|found| (found.path.as_str(), &found.entries))
    }

    /// Whether a locale has a text of this id, in its own file or in that of its language (`en-GB`, then `en`).
    pub fn has(&self, locale: &str, id: &str) -> bool {
        self.own(locale, id).is_some()
    }

    /// The placeholders of a text.
    pub fn placeholders(&self, locale: &str, id: &str) -> BTreeSet<String> {
        self.own(locale, id)
            .and_then(|found| found.entries.get(id))
            .map(|entry| entry.values.clone())
            .unwrap_or_default()
    }

    /// Puts a text into words. A text that no locale has is shown as its id in braces: loading a flow refuses
    /// those, so nobody meets one.
    pub fn render(&self, say: &Say, reader: &Reader<'_>) -> String {
        let Some(locale) = self.own(reader.locale, &say.text).or_else(|| self.own(LAST_RESORT, &say.text)) else {
            return format!("{{{}}}", say.text);
        };
        let Some(pattern) = locale.bundle.get_message(&say.text).and_then(|message| message.value()) else {
            return format!("{{{}}}", say.text);
        };
        let mut args = FluentArgs::with_capacity(say.args.len());
        for (name, value) in &say.args {
            args.set(name.as_str(), self.value(value, reader));
        }
        // Mistakes here are missing values; Fluent leaves the placeholder visible and goes on.
        locale.bundle.format_pattern(pattern, Some(&args), &mut Vec::new()).into_owned()
    }

    /// A value for Fluent: numbers stay numbers, so that texts can choose plurals by them.
    fn value(&self, value: &Arg, reader: &Reader<'_>) -> FluentValue<'static> {
        match value {
            Arg::Count(number) => FluentValue::from(*number),
            other => FluentValue::from(self.words(other, reader)),
        }
    }

    /// Puts one value into words.
    pub fn words(&self, value: &Arg, reader: &Reader<'_>) -> String {
        match value {
            Arg::Text(text) => apart(text),
            Arg::Money(_) if reader.masked => HIDDEN.to_owned(),
            Arg::Money(money) => format::money(money, reader.locale),
            Arg::Count(number) => number.to_string(),
            Arg::Rate(rate) => format::number(*rate, reader.locale),
            Arg::Day(day) => format::day(*day, reader.now.year(), reader.locale),
            Arg::Span(period) => self.span(period, reader),
            Arg::Month(day) => format::month(*day, reader.locale),
            Arg::From(day) => format::day_of_bar(*day, reader.locale),
            Arg::Moment(at) => moment(*at, reader),
            Arg::Desk(words) => format::desk(words, reader.locale),
            Arg::Clock(time) => format::time(*time, reader.locale),
            Arg::Account(account) => apart(&account_name(account)),
            Arg::Category(category) => self.render(&Say::new(format!("category-{}", category.word())), reader),
            Arg::All(values) => self.list(values, reader),
            Arg::Said(say) => self.render(say, reader),
        }
    }

    /// `A, B and C`.
    fn list(&self, values: &[Arg], reader: &Reader<'_>) -> String {
        let words: Vec<String> = values.iter().map(|value| self.words(value, reader)).collect();
        match words.split_last() {
            None => String::new(),
            Some((only, [])) => only.clone(),
            Some((last, before)) => {
                let and = self.render(&Say::new("list-and"), reader);
                let and = format::joining(&and, last, reader.locale);
                format!("{} {and} {last}", before.join(", "))
            }
        }
    }

    fn span(&self, period: &Period, reader: &Reader<'_>) -> String {
        let today = reader.now.date();
        let day = |day: Date| format::day(day, today.year(), reader.locale);
        match (period.from, period.last_day()) {
            (Some(from), Some(last)) if from == today && last == today => self.render(&Say::new("span-today"), reader),
            (Some(from), Some(last)) if from <= last => format::days(from, last, today.year(), reader.locale),
            (Some(from), None) => self.render(&Say::new("span-since").with("day", day(from)), reader),
            (None, Some(last)) => self.render(&Say::new("span-until").with("day", day(last)), reader),
            // Nothing lies between: the day on which it would have begun is the best that can be shown.
            (Some(from), Some(_)) => day(from),
            (None, None) => self.render(&Say::new("span-all"), reader),
        }
    }

    /// The file of a locale's own language that has the text.
    fn own(&self, locale: &str, id: &str) -> Option<&Locale> {
        let language = locale.split('-').next().unwrap_or(locale);
        [locale, language]
            .into_iter()
            .filter_map(|name| self.locales.get(name))
            .find(|found| found.entries.contains_key(id))
    }
}

/// The time alone when it is today, the day before it otherwise.
fn moment(at: Timestamp, reader: &Reader<'_>) -> String {
    let local = at.to_zoned(reader.now.time_zone().clone());
    let time = format::time(local.time(), reader.locale);
    if local.date() == reader.now.date() {
        time
    } else {
        format!("{}, {time}", format::day(local.date(), reader.now.year(), reader.locale))
    }
}

/// A name as it may stand in a sentence: one with letters that run from right to left is set apart by U+2068 and U+2069,
/// so that it does not reorder the amounts and dates beside it (Unicode, UAX #9).
fn apart(name: &str) -> String {
    if name.chars().any(runs_from_right) { format!("\u{2068}{name}\u{2069}") } else { name.to_owned() }
}

/// Whether a character is a letter of a script that runs from right to left: Hebrew, Arabic and their neighbours.
fn runs_from_right(c: char) -> bool {
    matches!(c, '\u{590}'..='\u{8FF}' | '\u{FB1D}'..='\u{FDFF}' | '\u{FE70}'..='\u{FEFC}' | '\u{10800}'..='\u{10FFF}' | '\u{1E800}'..='\u{1EFFF}')
}

/// `Everyday Checking ••4821`.
fn account_name(account: &Account) -> String {
    match &account.last4 {
        Some(last4) => format!("{} ••{last4}", account.nick),
        None => account.nick.clone(),
    }
}

impl Locale {
    fn load(file: &Source) -> Result<(String, Self), Vec<Fault>> {
        let stem = file.path.rsplit('/').next().and_then(|name| name.strip_suffix(".ftl")).unwrap_or_default();
        let Ok(language) = stem.parse::<LanguageIdentifier>() else {
            return Err(vec![
                Fault::new(&file.path, 0, "the file's name is not a locale").help("name it like `en.ftl`"),
            ]);
        };
        let resource = FluentResource::try_new(file.text.clone()).map_err(|(_, errors)| {
            // The parser notices some mistakes a line late: what it could not read as a whole begins earlier.
            let fault = |error: &ParserError| {
                let start = error.slice.as_ref().map_or(error.pos.start, |slice| slice.start);
                let rest = file.text.get(start..).unwrap_or_default();
                let blank = rest.len() - rest.trim_start().len();
                Fault::new(&file.path, Fault::line_of(&file.text, start + blank), error.to_string())
            };
            errors.iter().map(fault).collect::<Vec<_>>()
        })?;
        let entries = entries::read(file, &resource)?;
        // Marks around values matter only where the text runs from right to left.
        let isolating = language.character_direction() == CharacterDirection::RTL;
        let mut bundle = FluentBundle::new_concurrent(vec![language]);
        bundle.set_use_isolating(isolating);
        bundle.add_resource_overriding(resource);
        Ok((stem.to_owned(), Self { path: file.path.clone(), bundle, entries }))
    }
}

#[cfg(test)]
mod tests {
    use rust_decimal::Decimal;

    use super::*;
    use crate::domain::money::{Currency, Money};

    fn source(path: &str, text: &str) -> Source {
        Source { path: path.to_owned(), text: text.to_owned() }
    }

    fn texts(files: &[(&str, &str)]) -> Texts {
        let files: Vec<Source> = files.iter().map(|(path, text)| source(path, text)).collect();
        Texts::load(&files).unwrap_or_else(|faults| panic!("{faults:?}"))
    }

    fn now() -> Zoned {
        "2026-11-22T14:00:00-05:00[America/New_York]".parse().expect("a moment")
    }

    #[test]
    fn values_are_written_by_locale_and_counts_choose_plurals() {
        let texts = texts(&[(
            "texts/en.ftl",
            "paid = { $sum } in { $count ->\n    [one] { $count } payment\n   *[other] { $count } payments\n  }, { $when }\nlist-and = and\nspan-today = today",
        )]);
        let now = now();
        let reader = Reader { locale: "en-US", now: &now, masked: false };
        let money = |cents, currency| Arg::Money(Money::new(Decimal::new(cents, 2), currency));
        let sums = vec![money(123_456, Currency::USD), money(500, Currency::EUR), money(1, Currency::GBP)];
        let today = Period::day(now.date());
        let say = Say::new("paid").with("sum", sums).with("count", Arg::Count(1)).with("when", today);
        assert_eq!(texts.render(&say, &reader), "$1,234.56, €5.00 and £0.01 in 1 payment, today");
        let at = now.timestamp() - jiff::SignedDuration::from_hours(30);
        let say = Say::new("paid").with("sum", "x").with("count", Arg::Count(2)).with("when", at);
        assert_eq!(texts.render(&say, &reader), "x in 2 payments, Nov 21, 8:00 AM");
    }

    #[test]
    fn a_locale_falls_back_to_its_language_and_last_to_english() {
        let texts = texts(&[
            ("texts/en.ftl", "a = colour { $x }\nb = B"),
            ("texts/en-GB.ftl", "a = COLOUR { $y }"),
            ("texts/de.ftl", "b = Be"),
        ]);
        let now = now();
        let say = |locale, id| {
            texts.render(&Say::new(id).with("x", "x").with("y", "y"), &Reader { locale, now: &now, masked: false })
        };
        assert_eq!(say("en-US", "a"), "colour x");
        assert_eq!(say("en-GB", "a"), "COLOUR y");
        assert_eq!(say("en-GB", "b"), "B");
        assert_eq!(say("de-DE", "b"), "Be");
        assert_eq!(say("de-DE", "a"), "colour x");
        assert!(texts.has("en-GB", "b") && !texts.has("de-DE", "a"), "English is no German text");
        assert_eq!(texts.locales(), ["de", "en", "en-GB"]);
        assert_eq!(texts.placeholders("en-GB", "a"), BTreeSet::from(["y".to_owned()]));
    }

    #[test]
    fn text_of_banks_is_never_a_template() {
        let texts = texts(&[("texts/en.ftl", "at = At { $name }\nsecret = no")]);
        let now = now();
        let say = Say::new("at").with("name", "{ secret } { $name } \u{7B}");
        assert_eq!(
            texts.render(&say, &Reader { locale: "en-US", now: &now, masked: false }),
            "At { secret } { $name } {"
        );
    }

    #[test]
    fn what_runs_the_other_way_is_set_apart() {
        let texts =
            texts(&[("texts/en.ftl", "at = { $sum } at { $name }"), ("texts/he.ftl", "at = { $sum } ב { $name }")]);
        let now = now();
        let said = |locale, name: &str| {
            let sum = Money::new(Decimal::new(500, 2), Currency::USD);
            texts.render(
                &Say::new("at").with("sum", sum).with("name", name),
                &Reader { locale, now: &now, masked: false },
            )
        };
        assert_eq!(said("en-US", "Café Ünï"), "$5.00 at Café Ünï");
        assert_eq!(said("en-US", "קפה"), "$5.00 at \u{2068}קפה\u{2069}", "the name alone");
        let hebrew = said("he-IL", "Netflix");
        assert!(
            hebrew.contains("\u{2068}Netflix\u{2069}"),
            "everything in a text that runs from the right: {hebrew:?}"
        );
        assert!(hebrew.starts_with('\u{2068}'), "{hebrew:?}");
    }

    #[test]
    fn every_mistake_is_told_with_its_line() {
        let bad = "good = Good\n\nbad = { $x\n\ngood2 = { nowhere }\n";
        let twice = "one = 1\ntwo = { three } { -name }\n\none = 2\n";
        let files = [source("texts/en.ftl", bad), source("texts/de.ftl", twice), source("texts/1!.ftl", "")];
        let Err(faults) = Texts::load(&files) else { panic!("loads") };
        let told: Vec<String> = faults.iter().map(ToString::to_string).collect();
        insta::assert_snapshot!(told.join("\n"), @r#"
        texts/1!.ftl: the file's name is not a locale
            help: name it like `en.ftl`
        texts/de.ftl:2: `two` refers to `-name`, which is not here
        texts/de.ftl:2: `two` refers to `three`, which is not here
        texts/de.ftl:4: `one` is already in line 1
        texts/en.ftl:3: Expected a token starting with "}"
        "#);
    }

    #[test]
    fn placeholders_of_texts_that_are_referred_to_count() {
        let texts =
            texts(&[("texts/en.ftl", "a = { b } { $x }\nb = { $n ->\n    [one] { $y }\n   *[other] { a }\n  }")]);
        let expected = ["n", "x", "y"].map(str::to_owned);
        assert_eq!(texts.placeholders("en", "a"), BTreeSet::from(expected));
    }
}
