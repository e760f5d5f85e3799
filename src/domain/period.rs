//! Spans of civil days, always half-open.

use std::fmt;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// A half-open span of civil days in the person's zone: `from` is in, `to` is out. An open end is `None`.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Period {
    /// First day that is in.
    pub from: Option<Date>,
    /// First day that is out again.
    pub to: Option<Date>,
}

impl Period {
    /// Both ends given. Ends in the wrong order are swapped, so that `from <= to` always holds.
    pub fn new(from: Date, to: Date) -> Self {
        let (from, to) = if from <= to { (from, to) } else { (to, from) };
        Self { from: Some(from), to: Some(to) }
    }

    /// One day.
    pub fn day(day: Date) -> Self {
        Self { from: Some(day), to: day.tomorrow().ok() }
    }

    /// Everything from a day on.
    pub fn since(from: Date) -> Self {
        Self { from: Some(from), to: None }
    }

    /// Everything before a day.
    pub fn until(to: Date) -> Self {
        Self { from: None, to: Some(to) }
    }

    /// Whether `day` lies in the period.
    pub fn contains(&self, day: Date) -> bool {
        self.from.is_none_or(|from| from <= day) && self.to.is_none_or(|to| day < to)
    }

    /// The part of the period that has happened: cut after `today`.
    #[must_use]
    pub fn so_far(&self, today: Date) -> Self {
        let end = today.tomorrow().unwrap_or(today);
        let to = self.to.map_or(end, |to| to.min(end));
        Self { from: self.from, to: Some(self.from.map_or(to, |from| to.max(from))) }
    }

    /// Length in days, when both ends are given.
    pub fn days(&self) -> Option<i32> {
        let (from, to) = (self.from?, self.to?);
        from.until((jiff::Unit::Day, to)).ok().map(|span| span.get_days())
    }

    /// The last day that is in, when there is one.
    pub fn last_day(&self) -> Option<Date> {
        self.to.and_then(|to| to.yesterday().ok())
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(from) = self.from {
            write!(f, "{from}")?;
        }
        f.write_str("..")?;
        if let Some(to) = self.to {
            write!(f, "{to}")?;
        }
        Ok(())
    }
}

impl fmt::Debug for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn half_open_and_cut_at_today() {
        let november = Period::new(date(2026, 11, 1), date(2026, 12, 1));
        assert!(november.contains(date(2026, 11, 30)) && !november.contains(date(2026, 12, 1)));
        assert_eq!(november.so_far(date(2026, 11, 22)).to_string(), "2026-11-01..2026-11-23");
        assert_eq!(november.days(), Some(30));
        let future = Period::new(date(2027, 1, 1), date(2027, 2, 1));
        assert_eq!(future.so_far(date(2026, 11, 22)).days(), Some(0));
    }
}
