//! A few days that people name instead of a date. Rules are those of the United States unless the locale says else.

use jiff::civil::{Date, Weekday};

use super::calendar::days_after;
use crate::understand::tokens::View;

/// How a holiday's day is found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Holiday {
    /// Always on this month and day.
    On(i8, i8),
    /// The n-th weekday of a month (negative: from its end), plus some days.
    Nth(i8, i8, Weekday, i32),
    /// Days after Easter Sunday.
    Easter(i32),
}

impl Holiday {
    /// Its day in a year.
    pub(super) fn of(self, year: i16) -> Option<Date> {
        match self {
            Self::On(month, day) => Date::new(year, month, day).ok(),
            Self::Nth(month, nth, weekday, plus) => {
                days_after(Date::new(year, month, 1).ok()?.nth_weekday_of_month(nth, weekday).ok()?, plus)
            }
            Self::Easter(plus) => days_after(easter(year)?, plus),
        }
    }
}

const NAMES: &[(&[&str], Holiday)] = &[
    (&["christmas", "eve"], Holiday::On(12, 24)),
    (&["xmas", "eve"], Holiday::On(12, 24)),
    (&["christmas", "day"], Holiday::On(12, 25)),
    (&["christmas"], Holiday::On(12, 25)),
    (&["xmas"], Holiday::On(12, 25)),
    (&["boxing", "day"], Holiday::On(12, 26)),
    (&["new", "year", "'s", "eve"], Holiday::On(12, 31)),
    (&["new", "years", "eve"], Holiday::On(12, 31)),
    (&["new", "year", "'s", "day"], Holiday::On(1, 1)),
    (&["new", "years", "day"], Holiday::On(1, 1)),
    (&["new", "year", "'s"], Holiday::On(1, 1)),
    (&["new", "years"], Holiday::On(1, 1)),
    (&["valentine", "'s", "day"], Holiday::On(2, 14)),
    (&["valentine", "'s"], Holiday::On(2, 14)),
    (&["valentines", "day"], Holiday::On(2, 14)),
    (&["valentines"], Holiday::On(2, 14)),
    (&["st", "patrick", "'s", "day"], Holiday::On(3, 17)),
    (&["st", ".", "patrick", "'s", "day"], Holiday::On(3, 17)),
    (&["ides", "of", "march"], Holiday::On(3, 15)),
    (&["may", "day"], Holiday::On(5, 1)),
    (&["halloween"], Holiday::On(10, 31)),
    (&["veterans", "day"], Holiday::On(11, 11)),
    (&["independence", "day"], Holiday::On(7, 4)),
    (&["martin", "luther", "king", "day"], Holiday::Nth(1, 3, Weekday::Monday, 0)),
    (&["mlk", "day"], Holiday::Nth(1, 3, Weekday::Monday, 0)),
    (&["presidents", "day"], Holiday::Nth(2, 3, Weekday::Monday, 0)),
    (&["mother", "'s", "day"], Holiday::Nth(5, 2, Weekday::Sunday, 0)),
    (&["mothers", "day"], Holiday::Nth(5, 2, Weekday::Sunday, 0)),
    (&["memorial", "day"], Holiday::Nth(5, -1, Weekday::Monday, 0)),
    (&["father", "'s", "day"], Holiday::Nth(6, 3, Weekday::Sunday, 0)),
    (&["fathers", "day"], Holiday::Nth(6, 3, Weekday::Sunday, 0)),
    (&["labor", "day"], Holiday::Nth(9, 1, Weekday::Monday, 0)),
    (&["labour", "day"], Holiday::Nth(9, 1, Weekday::Monday, 0)),
    (&["columbus", "day"], Holiday::Nth(10, 2, Weekday::Monday, 0)),
    (&["thanksgiving", "day"], Holiday::Nth(11, 4, Weekday::Thursday, 0)),
    (&["thanksgiving"], Holiday::Nth(11, 4, Weekday::Thursday, 0)),
    (&["black", "friday"], Holiday::Nth(11, 4, Weekday::Thursday, 1)),
    (&["cyber", "monday"], Holiday::Nth(11, 4, Weekday::Thursday, 4)),
    (&["good", "friday"], Holiday::Easter(-2)),
    (&["easter", "sunday"], Holiday::Easter(0)),
    (&["easter", "monday"], Holiday::Easter(1)),
    (&["easter"], Holiday::Easter(0)),
];

/// Where the same name means another day.
const ELSEWHERE: &[(&[&str], &str, Holiday)] = &[
    (&["CA"], "thanksgiving", Holiday::Nth(10, 2, Weekday::Monday, 0)),
    (&["AU", "NZ"], "father", Holiday::Nth(9, 1, Weekday::Sunday, 0)),
    (&["AU", "NZ"], "fathers", Holiday::Nth(9, 1, Weekday::Sunday, 0)),
];

/// The holiday named at `at`, and the place after it. `country` is of ISO 3166.
pub(super) fn named(view: View<'_>, at: usize, country: [u8; 2]) -> Option<(Holiday, usize)> {
    let (words, holiday) = NAMES.iter().find(|(words, _)| view.after(at, words).is_some())?;
    let local = ELSEWHERE.iter().find(|(countries, word, _)| {
        words.first() == Some(word) && countries.iter().any(|code| code.as_bytes() == country)
    });
    Some((local.map_or(*holiday, |(.., local)| *local), at + words.len()))
}

/// Easter Sunday by the Gregorian computus (Meeus, "Astronomical Algorithms", ch. 8).
fn easter(year: i16) -> Option<Date> {
    let year32 = i32::from(year);
    let (a, b, c) = (year32.rem_euclid(19), year32.div_euclid(100), year32.rem_euclid(100));
    let (d, e) = (b / 4, b % 4);
    let g = (8 * b + 13) / 25;
    let h = (19 * a + b - d - g + 15).rem_euclid(30);
    let (i, k) = (c / 4, c % 4);
    let l = (32 + 2 * e + 2 * i - h - k).rem_euclid(7);
    let m = (a + 11 * h + 19 * l) / 433;
    let month = (h + l - 7 * m + 90) / 25;
    let day = (h + l - 7 * m + 33 * month + 19).rem_euclid(32);
    Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn moving_feasts_fall_where_almanacs_say() {
        assert_eq!(easter(2010), Some(date(2010, 4, 4)));
        assert_eq!(easter(2026), Some(date(2026, 4, 5)));
        assert_eq!(Holiday::Nth(11, 4, Weekday::Thursday, 1).of(2026), Some(date(2026, 11, 27)));
    }
}
