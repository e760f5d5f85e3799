//! The civil calendar as people speak of it: units, stretches of days, and things that come back every year.

use jiff::civil::{Date, Weekday};
use jiff::{Span, ToSpan};

use super::feasts::Holiday;

/// A unit of the calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::understand) enum Unit {
    Day,
    Week,
    Weekend,
    Month,
    Quarter,
    Half,
    Year,
    Decade,
    Century,
}

/// Some whole days, half-open, and how finely they were named.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::understand) struct Stretch {
    pub(in crate::understand) from: Date,
    pub(in crate::understand) to: Date,
    pub(in crate::understand) grain: Unit,
}

impl Stretch {
    /// `None` unless there is at least one day in it.
    pub(super) fn new(from: Date, to: Date, grain: Unit) -> Option<Self> {
        (from < to).then_some(Self { from, to, grain })
    }

    pub(super) fn day(day: Date) -> Option<Self> {
        Self::new(day, day.tomorrow().ok()?, Unit::Day)
    }
}

/// Today and the person's habits.
#[derive(Clone, Copy, Debug)]
pub(in crate::understand) struct Calendar {
    pub(in crate::understand) today: Date,
    pub(in crate::understand) week_starts: Weekday,
    /// Whether 3/4 is March 4.
    pub(in crate::understand) month_first: bool,
    /// ISO 3166 code of the locale's country; zeros when it names none.
    pub(in crate::understand) country: [u8; 2],
}

/// `day` plus some units of time; `None` beyond the calendar.
pub(in crate::understand) fn shift(day: Date, unit: Unit, by: i64) -> Option<Date> {
    let span = match unit {
        Unit::Day => Span::new().try_days(by),
        Unit::Week | Unit::Weekend => Span::new().try_weeks(by),
        Unit::Month => Span::new().try_months(by),
        Unit::Quarter => Span::new().try_months(by.checked_mul(3)?),
        Unit::Half => Span::new().try_months(by.checked_mul(6)?),
        Unit::Year => Span::new().try_years(by),
        Unit::Decade => Span::new().try_years(by.checked_mul(10)?),
        Unit::Century => Span::new().try_years(by.checked_mul(100)?),
    };
    day.checked_add(span.ok()?).ok()
}

impl Calendar {
    /// The unit that contains `day`. A weekend is the latest that has begun by then.
    pub(in crate::understand) fn around(&self, day: Date, unit: Unit) -> Option<Stretch> {
        let months = |first: i8, length: i64| {
            let from = Date::new(day.year(), first, 1).ok()?;
            Stretch::new(from, shift(from, Unit::Month, length)?, unit)
        };
        match unit {
            Unit::Day => Stretch::day(day),
            Unit::Week => {
                let from = shift(day, Unit::Day, -i64::from(day.weekday().since(self.week_starts)))?;
                Stretch::new(from, shift(from, Unit::Week, 1)?, unit)
            }
            Unit::Weekend => {
                let from = shift(day, Unit::Day, -i64::from(day.weekday().since(Weekday::Saturday)))?;
                Stretch::new(from, shift(from, Unit::Day, 2)?, unit)
            }
            Unit::Month => months(day.month(), 1),
            Unit::Quarter => months((day.month() - 1) / 3 * 3 + 1, 3),
            Unit::Half => months((day.month() - 1) / 6 * 6 + 1, 6),
            Unit::Year => months(1, 12),
            Unit::Decade => years(day.year().div_euclid(10) * 10, unit),
            Unit::Century => years(day.year().div_euclid(100) * 100, unit),
        }
    }

    /// The unit `by` units after the one that contains today.
    pub(super) fn relative(&self, unit: Unit, by: i64) -> Option<Stretch> {
        let now = self.around(self.today, unit)?;
        self.around(shift(now.from, unit, by)?, unit)
    }

    /// `count` whole units that end where the current one begins.
    pub(super) fn complete(&self, unit: Unit, count: i64) -> Option<Stretch> {
        let now = self.around(self.today, unit)?;
        Stretch::new(shift(now.from, unit, -count)?, now.from, unit)
    }

    /// A year of two digits: up to ten years ahead, else the past.
    pub(super) fn century(&self, year: i64) -> i64 {
        let this = i64::from(self.today.year());
        match year {
            0..=99 if year <= this % 100 + 10 => this / 100 * 100 + year,
            0..=99 => this / 100 * 100 - 100 + year,
            _ => year,
        }
    }
}

/// The years that begin with one and end with its unit: 2020 to 2029, 2000 to 2099, as people count them.
fn years(first: i16, unit: Unit) -> Option<Stretch> {
    let from = Date::new(first, 1, 1).ok()?;
    Stretch::new(from, shift(from, unit, 1)?, unit)
}

/// What comes back every year.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Annual {
    /// Month and day.
    Day(i8, i8),
    Month(i8),
    /// 1 to 4.
    Quarter(i8),
    /// 1 or 2.
    Half(i8),
    /// Astronomical, northern: 0 is spring. Winter is named for the year in which it begins. The days on which the sun
    /// turns belong to both seasons.
    Season(i8),
    Holiday(Holiday),
}

impl Annual {
    /// The one of a given year.
    pub(super) fn of(self, year: i16) -> Option<Stretch> {
        let first = |month| Date::new(year, month, 1).ok();
        match self {
            Self::Day(month, day) => Stretch::day(Date::new(year, month, day).ok()?),
            Self::Month(month) => Stretch::new(first(month)?, shift(first(month)?, Unit::Month, 1)?, Unit::Month),
            Self::Quarter(n) => {
                let from = first((n - 1) * 3 + 1)?;
                Stretch::new(from, shift(from, Unit::Quarter, 1)?, Unit::Quarter)
            }
            Self::Half(n) => {
                let from = first((n - 1) * 6 + 1)?;
                Stretch::new(from, shift(from, Unit::Half, 1)?, Unit::Half)
            }
            Self::Season(n) => {
                let starts = [(3, 20), (6, 21), (9, 23), (12, 21)];
                let ends = [(6, 22), (9, 24), (12, 22), (3, 21)];
                let index = usize::try_from(n).ok()?;
                let (from, to) = (starts.get(index)?, ends.get(index)?);
                let end_year = if n == 3 { year.checked_add(1)? } else { year };
                Stretch::new(
                    Date::new(year, from.0, from.1).ok()?,
                    Date::new(end_year, to.0, to.1).ok()?,
                    Unit::Quarter,
                )
            }
            Self::Holiday(holiday) => holiday.of(year).and_then(Stretch::day),
        }
    }

    /// The latest that has begun by `limit` (29 February may be eight years back).
    pub(super) fn latest(self, limit: Date) -> Option<Stretch> {
        (0..=8).filter_map(|back| self.of(limit.year().checked_sub(back)?)).find(|stretch| stretch.from <= limit)
    }

    /// The first that begins after `limit`.
    pub(super) fn next(self, limit: Date) -> Option<Stretch> {
        (0..=8).filter_map(|on| self.of(limit.year().checked_add(on)?)).find(|stretch| stretch.from > limit)
    }
}

/// A date as named, perhaps without its year, month or week.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Atom {
    /// Nothing is missing.
    Fixed(Stretch),
    /// The year is missing.
    Annual(Annual),
    /// The month is missing.
    MonthDay(i8),
    /// The week is missing.
    Weekday(Weekday),
}

impl Atom {
    /// The latest reading that has begun by `limit`: the past bias of every question about spending.
    pub(super) fn latest(self, limit: Date) -> Option<Stretch> {
        match self {
            Self::Fixed(stretch) => Some(stretch),
            Self::Annual(annual) => annual.latest(limit),
            Self::MonthDay(day) => months_from(limit, -1).find_map(|first| on(first, day).filter(|s| s.from <= limit)),
            Self::Weekday(weekday) => {
                Stretch::day(shift(limit, Unit::Day, -i64::from(limit.weekday().since(weekday)))?)
            }
        }
    }

    /// The first reading that begins after `limit`.
    pub(super) fn next(self, limit: Date) -> Option<Stretch> {
        match self {
            Self::Fixed(stretch) => Some(stretch),
            Self::Annual(annual) => annual.next(limit),
            Self::MonthDay(day) => months_from(limit, 1).find_map(|first| on(first, day).filter(|s| s.from > limit)),
            Self::Weekday(weekday) => {
                let ahead = i64::from(weekday.since(limit.weekday()));
                Stretch::day(shift(limit, Unit::Day, if ahead == 0 { 7 } else { ahead })?)
            }
        }
    }

    /// The reading inside of another stretch: the 15th of last month, friday of last week, march of last year.
    pub(super) fn inside(self, whole: Stretch) -> Option<Stretch> {
        let before = whole.from.yesterday().ok()?;
        self.next(before).filter(|stretch| stretch.from >= whole.from && stretch.to <= whole.to)
    }
}

/// The first days of the month of `day` and of the eleven months before or after it.
fn months_from(day: Date, step: i64) -> impl Iterator<Item = Date> {
    (0..12).filter_map(move |n| shift(day.first_of_month(), Unit::Month, n * step))
}

fn on(first_of_month: Date, day: i8) -> Option<Stretch> {
    Stretch::day(Date::new(first_of_month.year(), first_of_month.month(), day).ok()?)
}

/// The days from `from` up to and including `last`.
pub(super) fn through(from: Date, last: Stretch, grain: Unit) -> Option<Stretch> {
    Stretch::new(from, last.to, grain)
}

/// The day `days` days after another.
pub(super) fn days_after(day: Date, days: i32) -> Option<Date> {
    day.checked_add(days.days()).ok()
}
