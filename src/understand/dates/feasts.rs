//! Feasts that move: by the moon, by Easter, by the weekday.

use jiff::ToSpan;
use jiff::civil::{Date, Weekday};

use super::calendar::days_after;

/// How a holiday's day is found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Holiday {
    /// Always on this month and day.
    On(i8, i8),
    /// The n-th weekday of a month (negative: from its end), plus some days.
    Nth(i8, i8, Weekday, i32),
    /// The last such weekday before this month and day.
    Before(i8, i8, Weekday),
    /// Days after Easter Sunday.
    Easter(i32),
    /// Month and day of the tabular Islamic calendar.
    Islamic(i32, i32),
}

impl Holiday {
    /// Its day in a year. Of an Islamic feast that falls twice in a year, the later one.
    pub(super) fn of(self, year: i16) -> Option<Date> {
        match self {
            Self::On(month, day) => Date::new(year, month, day).ok(),
            Self::Nth(month, nth, weekday, plus) => {
                days_after(Date::new(year, month, 1).ok()?.nth_weekday_of_month(nth, weekday).ok()?, plus)
            }
            Self::Before(month, day, weekday) => Date::new(year, month, day).ok()?.nth_weekday(-1, weekday).ok(),
            Self::Easter(plus) => days_after(easter(year)?, plus),
            Self::Islamic(month, day) => {
                // A lunar year is 354 or 355 days: the one that is sought began at most three of them off the mean.
                let mean = (i32::from(year) - 622) * 33 / 32;
                (mean - 1..=mean + 2).rev().filter_map(|lunar| islamic(lunar, month, day)).find(|d| d.year() == year)
            }
        }
    }
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

/// A day of the tabular Islamic calendar of 30-year cycles, with the epoch of 15 July 622 (Julian). What is seen of the
/// moon may differ from it by a day.
fn islamic(year: i32, month: i32, day: i32) -> Option<Date> {
    let before = 354 * (year - 1) + (3 + 11 * year).div_euclid(30) + (59 * (month - 1) + 1) / 2 + day - 1;
    // 15 July 622 of the Julian calendar is 18 July 622 of the Gregorian.
    Date::new(622, 7, 18).ok()?.checked_add(before.days()).ok()
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
        assert_eq!(Holiday::Before(5, 25, Weekday::Monday).of(2026), Some(date(2026, 5, 18)));
        // Within a day of what was kept: Ramadan 2026 began on 18 February, Eid al-Adha 2025 was on 6 June.
        assert_eq!(Holiday::Islamic(9, 1).of(2026), Some(date(2026, 2, 17)));
        assert_eq!(Holiday::Islamic(12, 10).of(2025), Some(date(2025, 6, 6)));
    }

    #[test]
    fn every_year_has_its_feasts() {
        for year in 1900..=2200 {
            for holiday in
                [Holiday::Easter(0), Holiday::Islamic(9, 1), Holiday::Islamic(12, 10), Holiday::Islamic(1, 1)]
            {
                assert_eq!(holiday.of(year).map(Date::year), Some(year), "{holiday:?}");
            }
        }
    }
}
