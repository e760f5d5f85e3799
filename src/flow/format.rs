//! Money, dates and times, written as a locale writes them (CLDR 48). Digits and separators come from ICU; the
//! placement of currency symbols and the short dates of the few locales we speak are in the tables below.
//!
//! Money is shown with the minor digits of its currency, rounded half to even where a source gave more; sums are
//! always formed from the exact amounts.

use icu_decimal::DecimalFormatter;
use icu_decimal::options::DecimalFormatterOptions;
use icu_locale_core::Locale;
use jiff::civil::{Date, Time};
use rust_decimal::{Decimal, RoundingStrategy};

use crate::domain::money::{Currency, Money};

/// What CLDR puts between a currency code or a trailing symbol and the digits.
const NO_BREAK_SPACE: char = '\u{A0}';

/// The conventions by which locales differ.
struct Manner {
    /// As they stand beside a day. Only the Americans cut them short: elsewhere a cut month would end in a full stop.
    months: [&'static str; 12],
    full_months: [&'static str; 12],
    dates: Dates,
    clock: Clock,
    symbol_last: bool,
}

/// How a day of a month is written.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Dates {
    /// Nov 4
    MonthDay,
    /// 4 November
    DayMonth,
    /// 4. November
    DotDayMonth,
    /// 4 de noviembre
    DayOfMonth,
}

/// How a time of day is written.
#[derive(Clone, Copy)]
enum Clock {
    /// 8:05 with these words for the halves of the day.
    Halves(&'static str, &'static str),
    /// 08:05
    Hours24,
}

const ENGLISH: Manner = Manner {
    months: ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"],
    full_months: [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ],
    dates: Dates::MonthDay,
    clock: Clock::Halves("AM", "PM"),
    symbol_last: false,
};

const BRITISH: Manner =
    Manner { months: ENGLISH.full_months, dates: Dates::DayMonth, clock: Clock::Hours24, ..ENGLISH };

const GERMAN_MONTHS: [&str; 12] = [
    "Januar",
    "Februar",
    "März",
    "April",
    "Mai",
    "Juni",
    "Juli",
    "August",
    "September",
    "Oktober",
    "November",
    "Dezember",
];

const GERMAN: Manner = Manner {
    months: GERMAN_MONTHS,
    full_months: GERMAN_MONTHS,
    dates: Dates::DotDayMonth,
    clock: Clock::Hours24,
    symbol_last: true,
};

const SPANISH_MONTHS: [&str; 12] = [
    "enero",
    "febrero",
    "marzo",
    "abril",
    "mayo",
    "junio",
    "julio",
    "agosto",
    "septiembre",
    "octubre",
    "noviembre",
    "diciembre",
];

const SPANISH_US: Manner = Manner {
    months: SPANISH_MONTHS,
    full_months: SPANISH_MONTHS,
    dates: Dates::DayOfMonth,
    clock: Clock::Halves("a. m.", "p. m."),
    symbol_last: false,
};

const SPANISH: Manner = Manner { clock: Clock::Hours24, symbol_last: true, ..SPANISH_US };

impl Manner {
    /// What stands between the first and the last of some days that each name their month.
    fn dash(&self) -> &'static str {
        if self.dates == Dates::MonthDay { "–" } else { " – " }
    }
}

/// The manner of a locale; that of its language where the region has none, and English otherwise.
fn manner(locale: &str) -> &'static Manner {
    match locale.split('-').next() {
        Some("de") => &GERMAN,
        Some("es") if locale == "es-ES" => &SPANISH,
        Some("es") => &SPANISH_US,
        _ if matches!(locale, "en-GB" | "en-IE") => &BRITISH,
        _ => &ENGLISH,
    }
}

/// Money with its sign where it is negative: `-$1,234.56`, `1.842,37 €`.
pub fn money(money: &Money, locale: &str) -> String {
    let shown = rounded(money);
    let sign = if shown.is_sign_negative() && !shown.is_zero() { "-" } else { "" };
    let digits = number(shown.abs(), locale);
    let symbol = symbol(money.currency, locale);
    if manner(locale).symbol_last {
        format!("{sign}{digits}{NO_BREAK_SPACE}{symbol}")
    } else if symbol.ends_with(|last: char| last.is_ascii_alphabetic()) {
        format!("{sign}{symbol}{NO_BREAK_SPACE}{digits}")
    } else {
        format!("{sign}{symbol}{digits}")
    }
}

/// The amount with exactly the minor digits of its currency, half to even.
fn rounded(money: &Money) -> Decimal {
    let digits = money.currency.digits();
    let mut shown = money.amount.round_dp_with_strategy(digits, RoundingStrategy::MidpointNearestEven);
    shown.rescale(digits);
    shown
}

/// Digits, grouped and separated as the locale does; the plain decimal where the locale is unknown to ICU.
pub fn number(amount: Decimal, locale: &str) -> String {
    let plain = amount.to_string();
    let formatted = || {
        let locale = Locale::try_from_str(locale).ok()?;
        let formatter = DecimalFormatter::try_new(locale.into(), DecimalFormatterOptions::default()).ok()?;
        let digits = fixed_decimal::Decimal::try_from_str(&plain).ok()?;
        Some(formatter.format(&digits).to_string())
    };
    formatted().unwrap_or(plain)
}

/// The symbol by which a locale knows a currency; its code where it has none.
fn symbol(currency: Currency, locale: &str) -> String {
    let symbol = match (currency.code(), locale) {
        ("USD", "en-GB" | "en-IE" | "es-ES") => "US$",
        ("JPY", "en-GB" | "en-IE") => "JP¥",
        ("JPY", _) => "¥",
        ("USD", _) => "$",
        ("EUR", _) => "€",
        ("GBP", _) => "£",
        ("CAD", _) => "CA$",
        ("AUD", _) if locale.starts_with("de") => "AU$",
        ("AUD", _) => "A$",
        ("INR", _) => "₹",
        ("KRW", _) => "₩",
        (code, _) => code,
    };
    symbol.to_owned()
}

/// A day: `Nov 4`, and `Nov 4, 2025` where it is not in `this_year`.
pub fn day(day: Date, this_year: i16, locale: &str) -> String {
    let manner = manner(locale);
    with_year(short_day(day, manner), day, this_year, manner)
}

/// Days from `first` to `last`, both in: `Nov 1–22`, `Oct 3–Nov 4`; a whole month or year by its name.
pub fn days(first: Date, last: Date, this_year: i16, locale: &str) -> String {
    let manner = manner(locale);
    let same_year = first.year() == last.year();
    let same_month = same_year && first.month() == last.month();
    if first == last {
        return day(first, this_year, locale);
    }
    if same_month && first.day() == 1 && last == last.last_of_month() {
        let name = month_name(&manner.full_months, first);
        return match (first.year() == this_year, manner.dates) {
            (true, _) => name.to_owned(),
            (false, Dates::DayOfMonth) => format!("{name} de {}", first.year()),
            (false, _) => format!("{name} {}", first.year()),
        };
    }
    if first == first.first_of_year() && last == first.last_of_year() {
        return first.year().to_string();
    }
    let dash = manner.dash();
    if !same_year {
        return format!("{}{dash}{}", day(first, i16::MIN, locale), day(last, i16::MIN, locale));
    }
    let short = match (same_month, manner.dates) {
        (true, Dates::MonthDay) => format!("{}–{}", short_day(first, manner), last.day()),
        (true, Dates::DayMonth | Dates::DayOfMonth) => format!("{}–{}", first.day(), short_day(last, manner)),
        (true, Dates::DotDayMonth) => format!("{}.–{}", first.day(), short_day(last, manner)),
        (false, _) => format!("{}{dash}{}", short_day(first, manner), short_day(last, manner)),
    };
    with_year(short, last, this_year, manner)
}

/// A month cut to three letters, as all our languages may: what stands under a bar of a picture.
pub fn month(day: Date, locale: &str) -> String {
    month_name(&manner(locale).full_months, day).chars().take(3).collect()
}

/// A day with its month cut to three letters: `Nov 8`, `8. Nov`, `8 nov`.
pub fn day_of_bar(day: Date, locale: &str) -> String {
    let month = month(day, locale);
    match manner(locale).dates {
        Dates::MonthDay => format!("{month} {}", day.day()),
        Dates::DotDayMonth => format!("{}. {month}", day.day()),
        Dates::DayMonth | Dates::DayOfMonth => format!("{} {month}", day.day()),
    }
}

/// The word before the last of a list, as it sounds before that word: Spanish `y` is `e` before an i ("agua e internet").
pub fn joining<'a>(and: &'a str, last: &str, locale: &str) -> &'a str {
    let sounds_as_i = || {
        let lower: String = last.to_lowercase().chars().take(3).collect();
        let bare = lower.strip_prefix('h').unwrap_or(&lower);
        let rest = bare.strip_prefix(['i', 'í']);
        rest.is_some_and(|rest| !(lower.starts_with('h') && rest.starts_with(['a', 'e'])))
    };
    if manner(locale).dates == Dates::DayOfMonth && sounds_as_i() { "e" } else { and }
}

/// Hours or a wait of the desk, whose words are English: its weekdays and units as the locale says them.
pub fn desk(words: &str, locale: &str) -> String {
    let place = match locale.split('-').next() {
        Some("de") => 1,
        Some("es") => 2,
        _ => return words.to_owned(),
    };
    let parts = words.split_inclusive(|c: char| !c.is_alphabetic());
    let said = parts.map(|part| {
        let word = part.trim_end_matches(|c: char| !c.is_alphabetic());
        let known = DESK_WORDS.iter().find(|row| row[0].eq_ignore_ascii_case(word));
        known.map_or_else(|| part.to_owned(), |row| part.replacen(word, row[place], 1))
    });
    said.collect()
}

/// English, German, Spanish.
const DESK_WORDS: &[[&str; 3]] = &[
    ["Mon", "Mo", "lun"],
    ["Tue", "Di", "mar"],
    ["Wed", "Mi", "mié"],
    ["Thu", "Do", "jue"],
    ["Fri", "Fr", "vie"],
    ["Sat", "Sa", "sáb"],
    ["Sun", "So", "dom"],
    ["second", "Sekunde", "segundo"],
    ["seconds", "Sekunden", "segundos"],
    ["minute", "Minute", "minuto"],
    ["minutes", "Minuten", "minutos"],
    ["hour", "Stunde", "hora"],
    ["hours", "Stunden", "horas"],
    ["day", "Tag", "día"],
    ["days", "Tage", "días"],
    ["and", "und", "y"],
];

/// A time of day: `8:05 AM`, `08:05`.
pub fn time(time: Time, locale: &str) -> String {
    let (hour, minute) = (time.hour(), time.minute());
    match manner(locale).clock {
        Clock::Hours24 => format!("{hour:02}:{minute:02}"),
        Clock::Halves(before_noon, after_noon) => {
            let half = if hour < 12 { before_noon } else { after_noon };
            let hour = if hour % 12 == 0 { 12 } else { hour % 12 };
            format!("{hour}:{minute:02} {half}")
        }
    }
}

fn short_day(day: Date, manner: &Manner) -> String {
    let month = month_name(&manner.months, day);
    match manner.dates {
        Dates::MonthDay => format!("{month} {}", day.day()),
        Dates::DayMonth => format!("{} {month}", day.day()),
        Dates::DotDayMonth => format!("{}. {month}", day.day()),
        Dates::DayOfMonth => format!("{} de {month}", day.day()),
    }
}

fn with_year(short: String, day: Date, this_year: i16, manner: &Manner) -> String {
    match (day.year() == this_year, manner.dates) {
        (true, _) => short,
        (false, Dates::MonthDay) => format!("{short}, {}", day.year()),
        (false, Dates::DayOfMonth) => format!("{short} de {}", day.year()),
        (false, _) => format!("{short} {}", day.year()),
    }
}

fn month_name(names: &[&'static str; 12], day: Date) -> &'static str {
    let index = usize::try_from(day.month() - 1).unwrap_or(0);
    names.get(index).copied().unwrap_or("")
}

#[cfg(test)]
mod tests {
    use std::str::FromStr;

    use jiff::civil::date;

    use super::*;

    fn shown(amount: &str, code: &str, locale: &str) -> String {
        let amount = Decimal::from_str(amount).expect("a decimal");
        money(&Money::new(amount, Currency::parse(code).expect("a currency")), locale)
    }

    #[test]
    fn money_is_written_as_the_locale_writes_it() {
        for (amount, code, locale, expected) in [
            ("1234.56", "USD", "en-US", "$1,234.56"),
            ("45", "EUR", "en-US", "€45.00"),
            ("184500", "JPY", "en-US", "¥184,500"),
            ("1250.375", "KWD", "en-US", "KWD\u{A0}1,250.375"),
            ("1234.56", "GBP", "en-GB", "£1,234.56"),
            ("49.50", "USD", "en-GB", "US$49.50"),
            ("1842.37", "EUR", "de-DE", "1.842,37\u{A0}€"),
            ("300", "USD", "de-DE", "300,00\u{A0}$"),
            ("1204.90", "USD", "es-US", "$1,204.90"),
            ("1204.90", "EUR", "es-ES", "1204,90\u{A0}€"),
            ("1842.37", "EUR", "en-GB", "€1,842.37"),
            ("-49.50", "USD", "en-GB", "-US$49.50"),
            ("-12", "USD", "en-US", "-$12.00"),
            ("-0.004", "USD", "en-US", "$0.00"),
            ("1234567.89", "USD", "en-US", "$1,234,567.89"),
            ("5", "USD", "no such locale", "$5.00"),
        ] {
            assert_eq!(shown(amount, code, locale), expected, "{amount} {code} in {locale}");
        }
    }

    #[test]
    fn digits_beyond_the_minor_unit_are_rounded_half_to_even() {
        assert_eq!(shown("23631.9805", "USD", "en-US"), "$23,631.98");
        assert_eq!(shown("0.125", "USD", "en-US"), "$0.12");
        assert_eq!(shown("0.135", "USD", "en-US"), "$0.14");
        assert_eq!(shown("10.5", "JPY", "en-US"), "¥10");
    }

    #[test]
    fn days_are_said_as_briefly_as_they_stay_clear() {
        let span = |from: Date, last: Date, locale: &str| days(from, last, 2026, locale);
        assert_eq!(span(date(2026, 11, 1), date(2026, 11, 22), "en-US"), "Nov 1–22");
        assert_eq!(span(date(2026, 10, 1), date(2026, 10, 31), "en-US"), "October");
        assert_eq!(span(date(2025, 10, 1), date(2025, 10, 31), "en-US"), "October 2025");
        assert_eq!(span(date(2026, 10, 3), date(2026, 11, 4), "en-US"), "Oct 3–Nov 4");
        assert_eq!(span(date(2025, 12, 20), date(2026, 1, 3), "en-US"), "Dec 20, 2025–Jan 3, 2026");
        assert_eq!(span(date(2026, 11, 4), date(2026, 11, 4), "en-US"), "Nov 4");
        assert_eq!(span(date(2025, 11, 4), date(2025, 11, 4), "en-US"), "Nov 4, 2025");
        assert_eq!(span(date(2025, 1, 1), date(2025, 12, 31), "en-US"), "2025");
    }

    #[test]
    fn days_are_said_in_the_order_of_the_locale() {
        for (from, last, british, german, spanish) in [
            (date(2026, 11, 21), date(2026, 11, 21), "21 November", "21. November", "21 de noviembre"),
            (date(2025, 3, 4), date(2025, 3, 4), "4 March 2025", "4. März 2025", "4 de marzo de 2025"),
            (date(2026, 11, 1), date(2026, 11, 22), "1–22 November", "1.–22. November", "1–22 de noviembre"),
            (date(2026, 10, 1), date(2026, 10, 31), "October", "Oktober", "octubre"),
            (date(2025, 10, 1), date(2025, 10, 31), "October 2025", "Oktober 2025", "octubre de 2025"),
            (
                date(2026, 10, 3),
                date(2026, 11, 4),
                "3 October – 4 November",
                "3. Oktober – 4. November",
                "3 de octubre – 4 de noviembre",
            ),
        ] {
            for (locale, expected) in [("en-GB", british), ("de-DE", german), ("es-US", spanish)] {
                assert_eq!(days(from, last, 2026, locale), expected, "{from} to {last} in {locale}");
            }
        }
    }

    #[test]
    fn what_stands_under_a_bar_is_short() {
        for (locale, of_month, of_day) in [
            ("en-US", "Mar", "Mar 8"),
            ("en-GB", "Mar", "8 Mar"),
            ("de-DE", "Mär", "8. Mär"),
            ("es-US", "mar", "8 mar"),
        ] {
            assert_eq!(
                (month(date(2026, 3, 8), locale), day_of_bar(date(2026, 3, 8), locale)),
                (of_month.to_owned(), of_day.to_owned())
            );
        }
    }

    #[test]
    fn a_spanish_and_gives_way_to_an_i() {
        for (last, expected) in [("internet", "e"), ("Iberia", "e"), ("hijos", "e"), ("hielo", "y"), ("$5.00", "y")] {
            assert_eq!(joining("y", last, "es-US"), expected, "{last}");
        }
        assert_eq!(joining("and", "internet", "en-US"), "and");
    }

    #[test]
    fn the_desk_is_there_in_the_words_of_the_locale() {
        assert_eq!(desk("Mon-Fri 09:00-17:00", "de-DE"), "Mo-Fr 09:00-17:00");
        assert_eq!(desk("Mon-Fri 09:00-17:00, Sat 10:00-12:00", "es-US"), "lun-vie 09:00-17:00, sáb 10:00-12:00");
        assert_eq!(desk("1 hour and 5 minutes", "de-DE"), "1 Stunde und 5 Minuten");
        assert_eq!(desk("5 minutes", "en-GB"), "5 minutes");
    }

    #[test]
    fn times_follow_the_clock_of_the_locale() {
        let at = |hour, minute, locale| time(jiff::civil::time(hour, minute, 0, 0), locale);
        assert_eq!(at(8, 5, "en-US"), "8:05 AM");
        assert_eq!(at(0, 30, "en-US"), "12:30 AM");
        assert_eq!(at(12, 0, "en-US"), "12:00 PM");
        assert_eq!(at(20, 5, "en-GB"), "20:05");
    }
}
