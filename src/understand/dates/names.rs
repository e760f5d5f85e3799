//! Dates that are written out: ISO, figures by locale, month names, days of the month, weekdays, years.

use jiff::civil::{Date, Weekday};

use super::calendar::{Annual, Atom, Calendar, Stretch, Unit};
use super::{eras, holidays, starts};
use crate::understand::numbers;
use crate::understand::tokens::View;

/// The month of a name or its short form.
pub(super) fn month(word: &str) -> Option<i8> {
    Some(match word {
        "january" | "jan" => 1,
        "february" | "feb" => 2,
        "march" | "mar" => 3,
        "april" | "apr" => 4,
        "may" => 5,
        "june" | "jun" => 6,
        "july" | "jul" => 7,
        "august" | "aug" => 8,
        "september" | "sep" | "sept" => 9,
        "october" | "oct" => 10,
        "november" | "nov" => 11,
        "december" | "dec" => 12,
        _ => return None,
    })
}

/// The weekday of a name, its short form or plural.
pub(super) fn weekday(word: &str) -> Option<Weekday> {
    Some(match word {
        "monday" | "mon" | "mondays" => Weekday::Monday,
        "tuesday" | "tue" | "tues" | "tuesdays" => Weekday::Tuesday,
        "wednesday" | "wed" | "weds" | "wednesdays" => Weekday::Wednesday,
        "thursday" | "thu" | "thur" | "thurs" | "thursdays" => Weekday::Thursday,
        "friday" | "fri" | "fridays" => Weekday::Friday,
        "saturday" | "sat" | "saturdays" => Weekday::Saturday,
        "sunday" | "sun" | "sundays" => Weekday::Sunday,
        _ => return None,
    })
}

fn month_at(view: View<'_>, at: usize) -> Option<(i8, usize)> {
    let month = month(view.text(at))?;
    // Only a short form has a dot of its own.
    let short = view.text(at).len() <= 4 && view.is(at + 1, ".") && view.glued(at + 1);
    Some((month, if short { at + 2 } else { at + 1 }))
}

/// A year of four digits, in words, or of two digits after an apostrophe.
pub(super) fn year(view: View<'_>, at: usize, calendar: &Calendar) -> Option<(i16, usize)> {
    if let Some(number) = view.number(at) {
        let four = view.digits(at).is_some_and(|digits| digits.len() == 4);
        let amount = view.any(at + 1, &["dollars", "bucks", "euros", "pounds", "quid", "%", "€", "£"]);
        return (four && number >= 1000 && !amount).then(|| Some((i16::try_from(number).ok()?, at + 1)))?;
    }
    if view.is(at, "'") && view.digits(at + 1).is_some_and(|digits| digits.len() == 2) {
        return Some((i16::try_from(calendar.century(view.number(at + 1)?)).ok()?, at + 2));
    }
    let (number, next) = numbers::year_in_words(view, at)?;
    Some((i16::try_from(number).ok()?, next))
}

/// A year that follows a month or a day, perhaps after a comma or "of".
fn trailing_year(view: View<'_>, at: usize, calendar: &Calendar) -> Option<(i16, usize)> {
    let start = view.skip(at, &[",", "of", "in", "-", "/"]);
    if let Some(found) = year(view, start, calendar) {
        return Some(found);
    }
    let short = view.digits(start).is_some_and(|digits| digits.len() == 2);
    // "3 nov 25": nothing but a year is left to be said.
    let last = start == at && start + 1 == view.len() && at > 1 && view.digits(at - 2).is_some();
    if short && (view.is(at, "of") || last) {
        return Some((i16::try_from(calendar.century(view.number(start)?)).ok()?, start + 1));
    }
    None
}

/// A day of a month: an ordinal, or a number from 1 to 31.
pub(super) fn day_of_month(view: View<'_>, at: usize) -> Option<(i8, usize)> {
    let (day, next) = numbers::ordinal(view, at).or_else(|| Some((view.number(at)?, at + 1)))?;
    let day = i8::try_from(day).ok()?;
    (1..=31).contains(&day).then_some((day, next))
}

fn fixed_day(year: i64, month: i64, day: i64) -> Option<Atom> {
    let date = Date::new(i16::try_from(year).ok()?, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()?;
    Some(Atom::Fixed(Stretch::day(date)?))
}

fn fixed_month(year: i64, month: i64) -> Option<Atom> {
    Some(Atom::Fixed(
        Annual::Month(i8::try_from(month).ok().filter(|m| (1..=12).contains(m))?).of(i16::try_from(year).ok()?)?,
    ))
}

/// Month and day in the locale's order, or in the only order that makes sense.
fn ordered(first: i64, second: i64, calendar: &Calendar) -> Option<(i64, i64)> {
    let (month, day) =
        if (calendar.month_first && first <= 12) || second > 12 { (first, second) } else { (second, first) };
    ((1..=12).contains(&month) && (1..=31).contains(&day)).then_some((month, day))
}

/// A number, or a month's name standing for its number.
fn figure(view: View<'_>, at: usize) -> Option<i64> {
    view.number(at).or_else(|| month(view.text(at)).map(i64::from))
}

/// Dates in figures: `2026-11-05`, `2026/11`, `11/5/26`, `5.11.2026`, `11/2026`, `11/5`, `05-aug-2016`.
///
/// A pair with a dot ("7.6") is an amount more often than a date, so it counts only where `dotted` allows it.
pub(super) fn figures(view: View<'_>, at: usize, calendar: &Calendar, dotted: bool) -> Option<(Atom, usize)> {
    let first = view.number(at)?;
    let width = view.digits(at)?.len();
    let separator = view.text(at + 1);
    if width == 8 && (19_900_000..21_000_000).contains(&first) {
        return Some((fixed_day(first / 10_000, first / 100 % 100, first % 100)?, at + 1));
    }
    if width == 4 && first >= 1000 && view.number(at + 1).is_some() && view.number(at + 2).is_some() {
        return Some((fixed_day(first, view.number(at + 1)?, view.number(at + 2)?)?, at + 3));
    }
    if !matches!(separator, "-" | "/" | ".") {
        return None;
    }
    let second = figure(view, at + 2)?;
    let named = view.number(at + 2).is_none();
    let comma = view.is(at + 3, ",") && view.glued(at + 4) && !view.any(at + 5, &["/", "-", ".", ","]);
    let third = if view.is(at + 3, separator) || comma { view.number(at + 4) } else { None };
    if width == 4 && first >= 1000 {
        return match third {
            Some(day) => Some((fixed_day(first, second, day)?, at + 5)),
            None if separator != "." => Some((fixed_month(first, second)?, at + 3)),
            None => None,
        };
    }
    if width > 2 {
        return None;
    }
    let (month, day) = if named { (second, first) } else { ordered(first, second, calendar).unwrap_or((0, 0)) };
    if let Some(year) = third.filter(|_| view.digits(at + 4).is_some_and(|digits| matches!(digits.len(), 2 | 4))) {
        return Some((fixed_day(calendar.century(year), month, day)?, at + 5));
    }
    if view.digits(at + 2).is_some_and(|digits| digits.len() == 4) && separator != "." {
        return Some((fixed_month(second, first)?, at + 3));
    }
    let whole_day = first == 24 && second == 7;
    let pair = !named && !whole_day && (separator == "/" || (dotted && separator == "."));
    let pair = pair && view.digits(at + 2).is_some_and(|digits| digits.len() <= 2);
    (pair && month > 0)
        .then_some((Atom::Annual(Annual::Day(i8::try_from(month).ok()?, i8::try_from(day).ok()?)), at + 3))
}

/// Adds the year, if one follows.
fn with_year(annual: Annual, view: View<'_>, at: usize, calendar: &Calendar) -> Option<(Atom, usize)> {
    match trailing_year(view, at, calendar) {
        Some((year, next)) => Some((Atom::Fixed(annual.of(year)?), next)),
        None => Some((Atom::Annual(annual), at)),
    }
}

/// `nov 3`, `november the third, 2025`, `nov 2025`, `november`.
fn month_first(view: View<'_>, at: usize, calendar: &Calendar) -> Option<(Atom, usize)> {
    let (month, next) = month_at(view, view.after(at, &["month", "of"]).unwrap_or(at))?;
    let day_at = view.skip(view.skip(next, &["-", "/"]), &["the"]);
    let no_count = !view.any(day_at + 1, &["transactions", "payments", "purchases", "dollars", "bucks", "quid"]);
    // "may twenty nine": in words only where it cannot be a count of something small.
    let worded = || {
        let (day, next) = numbers::in_words(view, day_at)?;
        Some((i8::try_from(day).ok().filter(|day| (20..=31).contains(day))?, next))
    };
    if let Some((day, after)) = day_of_month(view, day_at).or_else(worded).filter(|_| no_count) {
        let year_like = view.digits(day_at).is_some_and(|digits| digits.len() == 4);
        if !year_like {
            return with_year(Annual::Day(month, day), view, after, calendar);
        }
    }
    with_year(Annual::Month(month), view, next, calendar)
}

/// `3 nov`, `the 3rd of november 2025`, `3-nov`.
fn day_first(view: View<'_>, at: usize, calendar: &Calendar) -> Option<(Atom, usize)> {
    let start = view.skip(at, &["the"]);
    let (day, next) = day_of_month(view, start)
        .or_else(|| numbers::in_words(view, start).and_then(|(n, next)| Some((i8::try_from(n).ok()?, next))))?;
    let month_at_place = view.skip(view.skip(next, &["of", "-", "/", "in"]), &["the"]);
    let (month, after) = month_at(view, month_at_place)?;
    with_year(Annual::Day(month, day), view, after, calendar)
}

/// `the 15th`, `the 27`: a day whose month is understood.
pub(super) fn day_alone(view: View<'_>, at: usize) -> Option<(Atom, usize)> {
    let start = view.skip(at, &["the"]);
    let ordinal = numbers::ordinal(view, start).is_some();
    let (day, next) = day_of_month(view, start).or_else(|| {
        let (n, next) = numbers::in_words(view, start)?;
        Some((i8::try_from(n).ok().filter(|n| (20..=31).contains(n))?, next))
    })?;
    let digits = view.digits(start).is_some();
    let counted = view.0.get(next).is_some_and(|token| {
        token.is_word()
            && !view.any(next, &["to", "and", "until", "till", "through", "thru", "of", "on", "in", "at", "for"])
    });
    let decimals = view.any(next, &[".", ","]) && view.glued(next + 1) && view.digits(next + 1).is_some();
    // "the first" and "the second" point at things far more often than at days.
    let pointing = !digits && day < 4;
    (start > at && !pointing && !decimals && (ordinal || !counted)).then_some((Atom::MonthDay(day), next))
}

/// `q3`, `3rd quarter`, `h1`, with or without a year on either side.
fn part_of_year(view: View<'_>, at: usize, calendar: &Calendar) -> Option<(Atom, usize)> {
    let lead = view.number(at).filter(|n| (1900..=2100).contains(n)).map(|year| (year, at + 1));
    let start = view.skip(lead.map_or(at, |(_, next)| view.skip(next, &["-", "/"])), &["the"]);
    let (annual, next) = quarter_or_half(view, start)?;
    if let Some((year, _)) = lead {
        return Some((Atom::Fixed(annual.of(i16::try_from(year).ok()?)?), next));
    }
    let start = view.skip(next, &["of", "in"]);
    match view.after(start, &["last", "year"]) {
        Some(next) => Some((Atom::Fixed(annual.of(calendar.today.year() - 1)?), next)),
        None => match view.after(start, &["this", "year"]) {
            Some(next) => Some((Atom::Fixed(annual.of(calendar.today.year())?), next)),
            None => with_year(annual, view, next, calendar),
        },
    }
}

fn quarter_or_half(view: View<'_>, at: usize) -> Option<(Annual, usize)> {
    let letter = view.text(at);
    if matches!(letter, "q" | "h") && view.glued(at + 1) {
        let n = i8::try_from(view.number(at + 1)?).ok()?;
        return match letter {
            "q" if (1..=4).contains(&n) => Some((Annual::Quarter(n), at + 2)),
            "h" if (1..=2).contains(&n) => Some((Annual::Half(n), at + 2)),
            _ => None,
        };
    }
    let (n, next) = numbers::ordinal(view, at)?;
    let n = i8::try_from(n).ok()?;
    (view.any(next, &["quarter", "qtr"]) && (1..=4).contains(&n)).then_some((Annual::Quarter(n), next + 1))
}

fn season(view: View<'_>, at: usize, calendar: &Calendar) -> Option<(Atom, usize)> {
    let season = match view.text(at) {
        "spring" => 0,
        "summer" => 1,
        "autumn" | "fall" => 2,
        "winter" => 3,
        _ => return None,
    };
    with_year(Annual::Season(season), view, at + 1, calendar)
}

/// A bare year: only after a word that makes it one, or with "year" before it.
fn year_alone(view: View<'_>, at: usize, calendar: &Calendar) -> Option<(Atom, usize)> {
    let called = view.after(view.skip(at, &["the", "calendar"]), &["year"]);
    let start = called.unwrap_or(at);
    let led = at > 0
        && view.any(
            at - 1,
            &[
                "in", "of", "since", "from", "during", "until", "till", "before", "after", "for", "to", "through",
                "and", "between", "all",
            ],
        );
    let (year, next) = year(view, start, calendar)?;
    let plain = (1900..=2100).contains(&year) && view.digits(start).is_some();
    let joined = view.any(next, &["~"]) || (at > 0 && view.is(at - 1, "~"));
    let alone = at == 0 && next == view.len();
    let counted = view.any(next, &["."]) && view.glued(next) && view.digits(next + 1).is_some();
    let money = at > 0 && view.any(at - 1, &["$", "€", "£", ".", ","]);
    let sure = called.is_some() || ((led || joined || alone) && (plain || view.digits(start).is_none()));
    (sure && !counted && !money).then(|| Some((Atom::Fixed(calendar_year(year)?), next)))?
}

/// A bare year that a range joins to another: `2023 to 2025`, `2024-2025`.
pub(super) fn year_in_range(view: View<'_>, at: usize, calendar: &Calendar) -> Option<(Atom, usize)> {
    let plain = |at: usize| {
        view.number(at).is_some_and(|year| (1900..=2100).contains(&year))
            && view.digits(at).is_some_and(|digits| digits.len() == 4)
    };
    let joined = |at: usize| view.any(at, &["-", "to", "until", "till", "through", "thru"]);
    let ranged = (joined(at + 1) && plain(at + 2)) || (joined(at.wrapping_sub(1)) && plain(at.wrapping_sub(2)));
    let (year, next) = year(view, at, calendar).filter(|_| plain(at) && ranged)?;
    Some((Atom::Fixed(calendar_year(year)?), next))
}

fn calendar_year(year: i16) -> Option<Stretch> {
    Stretch::new(Date::new(year, 1, 1).ok()?, Date::new(year.checked_add(1)?, 1, 1).ok()?, Unit::Year)
}

/// A weekday, alone or before the date it falls on; the date decides.
fn weekday_first(view: View<'_>, at: usize, calendar: &Calendar) -> Option<(Atom, usize)> {
    let weekday = weekday(view.text(at))?;
    let next = if view.is(at + 1, ".") && view.glued(at + 1) { at + 2 } else { at + 1 };
    let date_at = view.skip(next, &[",", "-"]);
    let date = figures(view, date_at, calendar, true)
        .or_else(|| month_first(view, date_at, calendar))
        .or_else(|| day_first(view, date_at, calendar))
        .or_else(|| day_alone(view, date_at));
    let names_a_day = |atom: &Atom| match atom {
        Atom::Fixed(stretch) => stretch.grain == Unit::Day,
        Atom::Annual(annual) => matches!(annual, Annual::Day(..)),
        Atom::MonthDay(_) => true,
        Atom::Weekday(_) => false,
    };
    date.filter(|(atom, _)| names_a_day(atom)).or(Some((Atom::Weekday(weekday), next)))
}

/// Whether a word names a weekday or a month.
fn is_named(word: &str) -> bool {
    weekday(word).is_some() || month(word).is_some()
}

/// Whether a name that is also an ordinary word ("may", "sat", "fall") stands where a date would.
fn stands_as_date(view: View<'_>, at: usize, next: usize) -> bool {
    let tricky = view.any(at, &["may", "march", "mar", "sat", "sun", "mon", "fall", "spring", "wed"]);
    let led = at > 0
        && view.any(
            at - 1,
            &[
                "in", "on", "of", "since", "from", "during", "until", "till", "before", "after", "by", "last", "this",
                "past", "for", "to", "and", "between", "the", "through", "thru", "-", "early", "late", "mid", "about",
                "vs", "next", "all", "month", ",",
            ],
        );
    let ranged =
        view.any(at + 1, &["-", "to", "until", "through", "thru", "and", "&", "/"]) && is_named(view.text(at + 2));
    !tricky || led || ranged || next > at + 1 || view.len() <= 2 || (at + 1 == view.len() && !view.is(at, "may"))
}

/// Any written-out date at `at`; the longest reading wins.
pub(super) fn written(view: View<'_>, at: usize, calendar: &Calendar) -> Option<(Atom, usize)> {
    if !starts::tells(view, view.skip(at, &["the"])) {
        return None;
    }
    let holiday = || {
        let (holiday, next) = holidays::named(view, view.skip(at, &["the"]), calendar.country)?;
        with_year(Annual::Holiday(holiday), view, next, calendar)
    };
    let readings = [
        figures(view, at, calendar, false),
        day_first(view, at, calendar),
        month_first(view, at, calendar).filter(|(_, next)| stands_as_date(view, at, *next)),
        weekday_first(view, at, calendar).filter(|(_, next)| stands_as_date(view, at, *next)),
        part_of_year(view, at, calendar),
        season(view, at, calendar).filter(|(_, next)| stands_as_date(view, at, *next)),
        eras::era(view, at, calendar),
        holiday(),
        day_alone(view, at),
        year_month(view, at),
        year_alone(view, at, calendar),
    ];
    // Of readings of equal length the first is kept, so the order above is the order of trust.
    readings.into_iter().flatten().reduce(|best, next| if next.1 > best.1 { next } else { best })
}

/// `2016 november`.
fn year_month(view: View<'_>, at: usize) -> Option<(Atom, usize)> {
    let year = view.number(at).filter(|year| (1900..=2100).contains(year))?;
    let (month, next) = month_at(view, at + 1)?;
    Some((fixed_month(year, i64::from(month))?, next))
}
