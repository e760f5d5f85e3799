//! Which days an answer is about: what was asked, cut at today, within what the banks keep.

use jiff::ToSpan;
use jiff::civil::Date;

use crate::domain::{facts::AccountFacts, period::Period, say::Say};

/// The whole calendar month of a day.
pub(super) fn this_month(today: Date) -> Period {
    let first = today.first_of_month();
    Period { from: Some(first), to: first.checked_add(1.month()).ok() }
}

/// Whether a period is one whole calendar month.
pub(super) fn is_month(period: Period) -> bool {
    period.from.is_some_and(|from| from.day() == 1 && this_month(from) == period)
}

/// The period of the same kind just before: the month before a whole month, else as many days.
pub(super) fn before(period: Period) -> Option<Period> {
    let from = period.from?;
    if is_month(period) {
        return from.yesterday().ok().map(this_month);
    }
    let days = period.days()?;
    Some(Period::new(from.checked_sub(i64::from(days).days()).ok()?, from))
}

/// The words for days that are over, where a question about the present state of an account names some: banks tell
/// how an account stands, not how it stood.
pub(super) fn past(asked: Option<Period>, today: Date) -> Option<Say> {
    let asked = asked.filter(|period| period.to.is_some_and(|to| to <= today))?;
    let id = match (asked.from, asked.days()) {
        (None, _) => return Some(Say::new("when-until").with("day", asked.last_day()?)),
        (_, Some(1)) => "when-day",
        _ if is_month(asked) => "when-month",
        _ => "when-days",
    };
    Some(Say::new(id).with("span", asked))
}

/// The days an answer covers.
#[derive(Clone, Copy, Debug)]
pub(super) struct Window {
    /// As asked.
    pub(super) asked: Period,
    /// What of it has happened.
    pub(super) seen: Period,
    /// Whether it goes on after today.
    pub(super) unfinished: bool,
    /// The first day of which every account has rows, where that is later than asked.
    pub(super) kept_from: Option<Date>,
}

/// Why there are no days to look at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum NoDays {
    /// They have not come yet.
    Future,
    /// The banks keep nothing that old; the first day that any of them keeps.
    OutsideHistory(Date),
}

impl Window {
    /// The window of `asked` on `today`, given how far back the accounts' banks go.
    pub(super) fn new(asked: Period, today: Date, accounts: &[&AccountFacts]) -> Result<Self, NoDays> {
        if asked.from.is_some_and(|from| from > today) {
            return Err(NoDays::Future);
        }
        let oldest = accounts.iter().map(|share| share.history_from).min().flatten();
        if let (Some(oldest), Some(to)) = (oldest, asked.to)
            && to <= oldest
        {
            return Err(NoDays::OutsideHistory(oldest));
        }
        let kept_from = accounts
            .iter()
            .filter_map(|share| share.history_from)
            .max()
            // Who asks for everything asks for what there is; nobody misses older days then.
            .filter(|kept| asked.from.is_some_and(|from| from < *kept) || (asked.from.is_none() && asked.to.is_some()));
        let seen = asked.so_far(today);
        let unfinished = asked.to.is_some_and(|to| Some(to) != seen.to);
        Ok(Self { asked, seen, unfinished, kept_from })
    }

    /// The words for these days, ready to stand after "You've spent …".
    pub(super) fn say(&self, today: Date) -> Say {
        let id = match (self.asked.from, self.asked.to) {
            (Some(_), Some(_)) => self.closed(today),
            (Some(from), None) => return Say::new("when-since").with("day", from),
            (None, Some(to)) => return Say::new("when-until").with("day", to.yesterday().unwrap_or(to)),
            (None, None) => return Say::new("when-all"),
        };
        Say::new(id).with("span", self.seen)
    }

    fn closed(&self, today: Date) -> &'static str {
        let week = self.asked.days() == Some(7);
        let yesterday = today.yesterday().ok();
        match self.unfinished {
            true if is_month(self.asked) => "when-this-month",
            true if week => "when-this-week",
            true => "when-so-far",
            false if self.asked == Period::day(today) => "when-today",
            false if self.asked.days() == Some(1) && self.asked.from == yesterday => "when-yesterday",
            false if self.asked.days() == Some(1) => "when-day",
            false if is_month(self.asked) => "when-month",
            false => "when-days",
        }
    }
}
