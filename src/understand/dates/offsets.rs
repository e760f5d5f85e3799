//! Days counted from another day: "two days after christmas", "the week before easter", "3 days from now", "within 5
//! days", "the month before last", "the second closest friday to oct 5".

use jiff::civil::Date;

use super::calendar::{Atom, Calendar, Stretch, Unit, days_after, shift};
use super::names;
use super::relative::{simple, unit};
use crate::understand::numbers;
use crate::understand::tokens::View;

/// Most units that a day is counted from another.
const COUNT_MAX: i64 = 4_000;

/// Any day or stretch that is counted from another one; the longest reading wins.
pub(super) fn offset(view: View<'_>, at: usize, calendar: &Calendar) -> Option<(Stretch, usize)> {
    let readings = [
        before_last(view, at, calendar),
        beside(view, at, calendar),
        from_now(view, at, calendar),
        within(view, at, calendar),
        nth_beside(view, at, calendar),
        closest(view, at, calendar),
    ];
    readings.into_iter().flatten().reduce(|best, next| if next.1 > best.1 { next } else { best })
}

/// Some units said together, `2 weeks`, `1 year and 2 months`, `half a year`, and their coarsest.
struct Length {
    parts: Vec<(i64, Unit)>,
    /// Said with an article: "the week", "a week".
    article: bool,
    end: usize,
}

impl Length {
    fn read(view: View<'_>, at: usize) -> Option<Self> {
        if view.any(at, &["the", "a", "an"])
            && let Some(unit) = unit(view.text(at + 1))
        {
            return Some(Self { parts: vec![(1, unit)], article: true, end: at + 2 });
        }
        let mut parts = Vec::new();
        let mut end = at;
        while let Some((count, next)) = numbers::count(view, end).filter(|(n, _)| (1..=COUNT_MAX).contains(n)) {
            // "two and a half days": the half is dropped to the day.
            let next = view.after(next, &["and", "a", "half"]).or(view.after(next, &["and", "half"])).unwrap_or(next);
            let Some(unit) = unit(view.text(next)) else { break };
            parts.push((count, unit));
            end = next + 1;
            let joined = view.skip(end, &["and", ","]);
            if parts.len() >= 4 || numbers::count(view, joined).is_none() {
                break;
            }
            end = joined;
        }
        (!parts.is_empty()).then_some(Self { parts, article: false, end })
    }

    fn shift(&self, day: Date, sign: i64) -> Option<Date> {
        self.parts.iter().try_fold(day, |day, (count, unit)| shift(day, *unit, sign * count))
    }
}

/// `the month before last`.
fn before_last(view: View<'_>, at: usize, calendar: &Calendar) -> Option<(Stretch, usize)> {
    let start = view.skip(at, &["the"]);
    let unit = unit(view.text(start))?;
    let end = view.after(start + 1, &["before", "last"])?;
    // "the day before last friday" goes on.
    (unit > Unit::Day && names::weekday(view.text(end)).is_none() && self::unit(view.text(end)).is_none())
        .then(|| Some((calendar.relative(unit, -2)?, end)))?
}

/// `the day after christmas`, `3 days before easter`, `two weeks from tuesday`. With an article, longer units are the
/// whole time up to that day or after it: the week before christmas is the seven days before it.
fn beside(view: View<'_>, at: usize, calendar: &Calendar) -> Option<(Stretch, usize)> {
    let length = Length::read(view, at)?;
    let sign = match view.text(length.end) {
        "after" | "from" | "following" | "since" => 1,
        "before" | "prior" | "preceding" => -1,
        _ => return None,
    };
    let start = view.skip(view.skip(length.end + 1, &["to"]), &["on"]);
    let (atom, end) = simple(view, start, calendar)?;
    let anchor = atom.latest(calendar.today)?;
    if anchor.grain > Unit::Week && !matches!(atom, Atom::Annual(_)) {
        return None;
    }
    let last_day = anchor.to.yesterday().ok()?;
    let whole = length.article && length.parts.iter().any(|(_, unit)| *unit > Unit::Day);
    let stretch = match (whole, sign) {
        (true, -1) => Stretch::new(length.shift(anchor.from, -1)?, anchor.from, Unit::Day)?,
        (true, _) => Stretch::new(anchor.to, length.shift(anchor.to, 1)?, Unit::Day)?,
        (false, -1) => Stretch::day(length.shift(anchor.from, -1)?)?,
        (false, _) => Stretch::day(length.shift(last_day, 1)?)?,
    };
    Some((stretch, end))
}

/// `3 days from now`, `1 year 2 months later`, `in 8 days`.
fn from_now(view: View<'_>, at: usize, calendar: &Calendar) -> Option<(Stretch, usize)> {
    let led = view.is(at, "in");
    let length = Length::read(view, if led { at + 1 } else { at })?;
    let away = view.skip(length.end, &["away"]);
    let end = view.after(away, &["from", "now"]).or(view.after(length.end, &["later"]));
    let end = match end {
        Some(end) => end,
        // "in 3 months of shopping" says how long, not when.
        None if led && !length.article && length.end == view.len() => length.end,
        None => return None,
    };
    Some((Stretch::day(length.shift(calendar.today, 1)?)?, end))
}

/// `within 5 days`: from today on. What a question about the past makes of it is decided where that is known.
fn within(view: View<'_>, at: usize, calendar: &Calendar) -> Option<(Stretch, usize)> {
    let start = view.after(at, &["within"]).or(view.after(at, &["less", "than"]))?;
    let length = Length::read(view, view.skip(start, &["the", "next"]))?;
    let anchored = view.is(length.end, "from").then(|| simple(view, length.end + 1, calendar)).flatten();
    let (from, end) = match anchored {
        Some((atom, end)) => (atom.latest(calendar.today)?.from, end),
        None if view.is(at, "within") => (calendar.today, length.end),
        None => return None,
    };
    Some((Stretch::new(from, length.shift(from, 1)?, Unit::Day)?, end))
}

/// `second friday after easter`, `the first monday before easter`.
fn nth_beside(view: View<'_>, at: usize, calendar: &Calendar) -> Option<(Stretch, usize)> {
    let (nth, next) = numbers::ordinal(view, view.skip(at, &["the"]))?;
    let weekday = Atom::Weekday(names::weekday(view.text(next))?);
    let (atom, end) = simple(view, next + 2, calendar)?;
    let anchor = atom.latest(calendar.today)?;
    let (first, by) = match view.text(next + 1) {
        "after" | "following" => (weekday.next(anchor.to.yesterday().ok()?)?, nth - 1),
        "before" => (weekday.latest(anchor.from.yesterday().ok()?)?, 1 - nth),
        _ => return None,
    };
    Some((Stretch::day(shift(first.from, Unit::Week, by)?)?, end))
}

/// `the closest friday to may 9`, `the second closest easter to today`: told by the distance in days.
fn closest(view: View<'_>, at: usize, calendar: &Calendar) -> Option<(Stretch, usize)> {
    let start = view.skip(at, &["the"]);
    let (nth, next) = numbers::ordinal(view, start).unwrap_or((1, start));
    if !view.any(next, &["closest", "nearest"]) || !(1..=20).contains(&nth) {
        return None;
    }
    let (sought, joint) = names::written(view, next + 1, calendar)?;
    let (anchor, end) = simple(view, view.any(joint, &["to", "from"]).then_some(joint + 1)?, calendar)?;
    let anchor = anchor.latest(calendar.today)?.from;
    let mut near: Vec<Stretch> = Vec::new();
    let (mut back, mut on) = (sought.latest(anchor), sought.next(anchor));
    for _ in 0..nth {
        near.extend(back);
        near.extend(on);
        back = back.and_then(|found| sought.latest(found.from.yesterday().ok()?));
        on = on.and_then(|found| sought.next(found.from));
    }
    let distance = |found: &Stretch| anchor.since(found.from).map_or(i32::MAX, |span| span.get_days().abs());
    near.sort_by_key(|found| (distance(found), found.from));
    near.dedup();
    Some((near.into_iter().nth(usize::try_from(nth - 1).ok()?)?, end))
}

/// The time of a day that is named with it, which no period of whole days can hold: `in the morning`, `at 5 pm`,
/// `around quarter past 7 p.m.`. The place after it.
pub(super) fn after_time_of_day(view: View<'_>, at: usize) -> usize {
    const PARTS: &[&str] = &["morning", "afternoon", "evening", "night", "noon", "midday", "lunchtime", "midnight"];
    if view.any(at, PARTS) {
        return at + 1;
    }
    let lead = view.skip(view.skip(at, &["early", "late", "in", "at", "around", "about", ","]), &["the", "about"]);
    if lead > at && view.any(lead, PARTS) {
        return lead + 1;
    }
    if lead == at {
        return at;
    }
    let past = view.after(lead, &["half", "past"]).or(view.after(lead, &["quarter", "past"]));
    let past = past.or(view.after(lead, &["quarter", "to"])).unwrap_or(lead);
    let Some(hour) = view.number(past).filter(|hour| *hour <= 24) else { return at };
    let minutes = view.any(past + 1, &[":", "."]) && view.glued(past + 1) && view.number(past + 2).is_some();
    let end = if minutes { past + 3 } else { past + 1 };
    let half = view
        .after(end, &["a", ".", "m", "."])
        .or(view.after(end, &["p", ".", "m", "."]))
        .or(view.any(end, &["am", "pm", "h", "hrs", "oclock", "o'clock"]).then_some(end + 1));
    match half {
        Some(end) => end,
        None if (minutes && hour < 24) || past > lead => end,
        None => at,
    }
}

/// The stretch of `hours` up to now, in whole days.
pub(super) fn last_hours(hours: i64, calendar: &Calendar) -> Option<Stretch> {
    let days = i32::try_from(hours.checked_add(23)? / 24).ok()?;
    Stretch::new(days_after(calendar.today, -days)?, calendar.today.tomorrow().ok()?, Unit::Day)
}
