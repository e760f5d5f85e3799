//! Dates that are told from today: "last month", "two weeks ago", "last friday", "year to date".

use jiff::ToSpan;

use super::calendar::{Annual, Atom, Calendar, Stretch, Unit, days_after, shift};
use super::names;
use super::offsets::last_hours;
use crate::understand::numbers;
use crate::understand::tokens::View;

/// Words for the unit just over.
pub(super) const LAST: &[&str] = &["last", "past", "previous", "prev", "preceding", "prior", "trailing", "rolling"];
/// Words for the unit that is running.
pub(super) const THIS: &[&str] = &["this", "current", "same", "present"];
/// Words for the unit to come.
pub(super) const NEXT: &[&str] = &["next", "coming", "upcoming", "following"];

/// The unit of a word, singular or plural.
pub(in crate::understand) fn unit(word: &str) -> Option<Unit> {
    Some(match word {
        "day" | "days" => Unit::Day,
        "week" | "weeks" | "wk" | "wks" => Unit::Week,
        "weekend" | "weekends" => Unit::Weekend,
        "month" | "months" | "mo" | "mos" | "mth" | "mths" => Unit::Month,
        "quarter" | "quarters" | "qtr" | "qtrs" => Unit::Quarter,
        "half" => Unit::Half,
        "year" | "years" | "yr" | "yrs" => Unit::Year,
        "decade" | "decades" => Unit::Decade,
        "century" | "centuries" => Unit::Century,
        _ => return None,
    })
}

fn fixed(stretch: Stretch) -> Atom {
    Atom::Fixed(stretch)
}

/// `today`, `yesterday`, `the day before yesterday`, `tomorrow`.
fn near_day(view: View<'_>, at: usize, calendar: &Calendar) -> Option<(Atom, usize)> {
    let start = view.skip(at, &["the"]);
    let phrases: [(i32, &[&str]); 6] = [
        (-2, &["day", "before", "yesterday"]),
        (2, &["day", "after", "tomorrow"]),
        (-1, &["last", "night"]),
        (0, &["this", "morning"]),
        (0, &["this", "afternoon"]),
        (0, &["this", "evening"]),
    ];
    let phrase = phrases.iter().find_map(|(days, words)| Some((*days, view.after(start, words)?)));
    let whole_text = |words: &[&str]| at == 0 && view.after(0, words) == Some(view.len());
    let (days, next) = match view.text(at) {
        _ if phrase.is_some() => phrase?,
        "today" | "tonight" | "otd" => (0, at + 1),
        "yesterday" => (-1, at + 1),
        "tomorrow" => (1, at + 1),
        _ if whole_text(&["the", "day"]) || whole_text(&["at", "this", "time"]) => (0, view.len()),
        _ => return None,
    };
    Some((fixed(Stretch::day(days_after(calendar.today, days)?)?), next))
}

/// `now` as an end: "from june till now".
pub(super) fn now(view: View<'_>, at: usize, calendar: &Calendar) -> Option<(Atom, usize)> {
    let next =
        view.after(at, &["right", "now"]).or_else(|| view.any(at, &["now", "date", "present"]).then_some(at + 1))?;
    Some((fixed(Stretch::day(calendar.today)?), next))
}

/// `this month`, `last quarter`, `past weekend`, `the current calendar year`, `the month`.
fn this_or_last(view: View<'_>, at: usize, calendar: &Calendar) -> Option<(Atom, usize)> {
    let start = view.skip(at, &["the"]);
    let by = match [LAST, THIS, NEXT].iter().position(|words| view.any(start, words)) {
        Some(0) => -1,
        Some(1) => 0,
        Some(_) => 1,
        None => return the_unit(view, at, calendar),
    };
    let unit_at = view.skip(start + 1, &["calendar", "full", "whole", "entire", "complete"]);
    let working = view.any(unit_at, &["working", "work", "business"]);
    let unit_at = if working { unit_at + 1 } else { unit_at };
    if by == -1 && view.is(unit_at, "fortnight") {
        return Some((fixed(calendar.complete(Unit::Week, 2)?), unit_at + 1));
    }
    if by == -1 && is_hour(view.text(unit_at)) {
        return Some((fixed(Stretch::day(calendar.today)?), unit_at + 1));
    }
    let unit = unit(view.text(unit_at))?;
    // "the last days" does not say how many.
    if by == -1 && view.text(unit_at).ends_with('s') {
        return None;
    }
    let mut stretch = match (unit, by) {
        (Unit::Weekend, 0) => this_weekend(calendar)?,
        (Unit::Weekend, -1) => last_weekend(calendar)?,
        _ => calendar.relative(unit, by)?,
    };
    if working && unit == Unit::Week {
        let monday = Atom::Weekday(jiff::civil::Weekday::Monday).inside(stretch)?.from;
        stretch = Stretch::new(monday, days_after(monday, 5)?, Unit::Week)?;
    }
    Some((fixed(stretch), unit_at + 1))
}

/// The weekend of this week, begun or not; on a Sunday it is the one that is on.
fn this_weekend(calendar: &Calendar) -> Option<Stretch> {
    let latest = calendar.around(calendar.today, Unit::Weekend)?;
    if latest.to > calendar.today {
        Some(latest)
    } else {
        calendar.around(shift(latest.from, Unit::Week, 1)?, Unit::Weekend)
    }
}

/// The latest weekend that is over.
fn last_weekend(calendar: &Calendar) -> Option<Stretch> {
    let latest = calendar.around(calendar.today, Unit::Weekend)?;
    if latest.to <= calendar.today {
        Some(latest)
    } else {
        calendar.around(shift(latest.from, Unit::Week, -1)?, Unit::Weekend)
    }
}

/// `the month`, `weekend`: the running one, but a weekend that has begun. A bare "month" is too little.
fn the_unit(view: View<'_>, at: usize, calendar: &Calendar) -> Option<(Atom, usize)> {
    let start = view.skip(at, &["the"]);
    let unit = unit(view.text(start))?;
    let led = start > at;
    let follows = view.any(start + 1, &["before", "of", "after", "ago", "to", "by"]);
    let wanted =
        matches!(unit, Unit::Weekend) || (led && matches!(unit, Unit::Week | Unit::Month | Unit::Quarter | Unit::Year));
    (wanted && !follows).then(|| Some((fixed(calendar.around(calendar.today, unit)?), start + 1)))?
}

/// `last 3 months`, `past 90 days`, `previous eleven quarters`, `5 past years`, `last 3 months and 2 weeks`.
///
/// These are whole units, ending where the current one begins: of the last 3 months on 22 November, August,
/// September and October. The reply always names the days.
fn last_several(view: View<'_>, at: usize, calendar: &Calendar) -> Option<(Atom, usize)> {
    let start = view.skip(at, &["the"]);
    let ((count, unit_at), forward) = if view.any(start, LAST) {
        (numbers::count(view, start + 1)?, false)
    } else if view.any(start, NEXT) {
        (numbers::count(view, start + 1)?, true)
    } else {
        let (count, next) = numbers::count(view, start)?;
        // "5 past years"; but "40 last month" is an amount and a month.
        let several = count > 1 && view.any(next, LAST) && view.text(next + 1).ends_with('s');
        several.then_some(((count, next + 1), false))?
    };
    let working = view.any(unit_at, &["business", "working"]);
    let unit_at = view.skip(unit_at, &["business", "working", "calendar", "full", "complete", "whole"]);
    if is_hour(view.text(unit_at)) {
        let hours = if view.any(unit_at, &["hour", "hours", "hrs"]) { count } else { 1 };
        let near = !forward && (1..=96_000).contains(&hours);
        return near.then(|| Some((fixed(last_hours(hours, calendar)?), unit_at + 1)))?;
    }
    let fortnights = view.any(unit_at, &["fortnight", "fortnights"]);
    let unit = if fortnights { Unit::Week } else { unit(view.text(unit_at))? };
    let count = if fortnights { count.checked_mul(2)? } else { count };
    if !(1..=4_000).contains(&count) {
        return None;
    }
    if forward {
        let from = calendar.relative(unit, 1)?.from;
        return Some((fixed(Stretch::new(from, shift(from, unit, count)?, unit)?), unit_at + 1));
    }
    if working && unit == Unit::Day {
        return Some((
            fixed(Stretch::new(working_days_before(calendar.today, count)?, calendar.today, unit)?),
            unit_at + 1,
        ));
    }
    let mut next = unit_at + 1;
    let mut rolling = None;
    while view.is(next, "and") {
        let Some((more, after)) = numbers::count(view, next + 1) else { break };
        let Some(finer) = self::unit(view.text(after)) else { break };
        let from = match rolling {
            Some(from) => from,
            None => shift(calendar.today, unit, -count)?,
        };
        rolling = Some(shift(from, finer, -more)?);
        next = after + 1;
    }
    let stretch = match rolling {
        Some(from) => Stretch::new(from, calendar.today, Unit::Day)?,
        None => calendar.complete(unit, count)?,
    };
    Some((fixed(stretch), next))
}

fn working_days_before(today: jiff::civil::Date, count: i64) -> Option<jiff::civil::Date> {
    let mut day = today;
    let mut left = count.min(1_000);
    while left > 0 {
        day = day.yesterday().ok()?;
        if day.weekday().to_monday_zero_offset() < 5 {
            left -= 1;
        }
    }
    Some(day)
}

/// Units shorter than a day.
fn is_hour(word: &str) -> bool {
    matches!(word, "hour" | "hours" | "hr" | "hrs" | "minute" | "minutes" | "min" | "mins")
}

/// `half a year ago`, `a year and a half ago`.
fn halves_ago(view: View<'_>, at: usize, calendar: &Calendar) -> Option<(Atom, usize)> {
    let (halves, unit_at, next) = if let Some(next) = view.after(at, &["half", "a"]).or(view.after(at, &["half", "an"]))
    {
        (1, next, next + 1)
    } else {
        let (count, unit_at) = if view.any(at, &["a", "one"]) { (1, at + 1) } else { numbers::count(view, at)? };
        match view.after(unit_at, &["and", "a", "half"]) {
            Some(next) => (2 * count + 1, next, next + 1),
            None => (2 * count + 1, unit_at, view.after(unit_at + 1, &["and", "a", "half"])?),
        }
    };
    let (unit, by) = match unit(view.text(unit_at))? {
        Unit::Year => (Unit::Month, 6 * halves),
        Unit::Month => (Unit::Day, 15 * halves),
        Unit::Week => (Unit::Day, 7 * halves / 2),
        _ => return None,
    };
    let end = view.any(next, &["ago", "back"]).then_some(next + 1)?;
    (0..=4_000).contains(&by).then(|| Some((fixed(Stretch::day(shift(calendar.today, unit, -by)?)?), end)))?
}

/// `3 days ago`, `a month ago`, `2 thursdays ago`: the day itself, but the grain tells how loosely it was named.
fn ago(view: View<'_>, at: usize, calendar: &Calendar) -> Option<(Atom, usize)> {
    let (count, unit_at) = if view.any(at, &["a", "an", "one"]) && !view.any(at + 1, &["couple", "few"]) {
        (1, at + 1)
    } else {
        numbers::count(view, at)?
    };
    if !(0..=40_000).contains(&count) || !view.any(unit_at + 1, &["ago", "back", "earlier"]) {
        return None;
    }
    if let Some(weekday) = names::weekday(view.text(unit_at)) {
        let first = Atom::Weekday(weekday).latest(calendar.today.yesterday().ok()?)?;
        return Some((fixed(Stretch::day(shift(first.from, Unit::Week, 1 - count)?)?), unit_at + 2));
    }
    if is_hour(view.text(unit_at)) {
        let hours = if view.any(unit_at, &["hour", "hours", "hrs"]) { count } else { 0 };
        let day = calendar.today.checked_sub((hours / 24).days()).ok()?;
        return Some((fixed(Stretch::day(day)?), unit_at + 2));
    }
    let fortnight = view.any(unit_at, &["fortnight", "fortnights"]);
    let unit = if fortnight { Unit::Week } else { unit(view.text(unit_at))? };
    let by = if fortnight { count.checked_mul(2)? } else { count };
    if unit == Unit::Weekend {
        let last = last_weekend(calendar)?;
        return Some((fixed(calendar.around(shift(last.from, Unit::Week, 1 - count)?, unit)?), unit_at + 2));
    }
    let day = Stretch::day(shift(calendar.today, unit, -by)?)?;
    Some((fixed(Stretch { grain: unit, ..day }), unit_at + 2))
}

/// `last friday`, `this september`, `last christmas`, `past winter`, `next tuesday`.
fn last_named(view: View<'_>, at: usize, calendar: &Calendar) -> Option<(Atom, usize)> {
    let start = view.skip(at, &["the"]);
    let said = |words: &[&str]| view.any(start, words);
    if ![LAST, THIS, NEXT].into_iter().any(said) {
        return None;
    }
    if view.any(start + 1, &["season", "seasons"]) {
        let of = |date| (0..4).filter_map(|n| Annual::Season(n).latest(date)).max_by_key(|season| season.from);
        let current = of(calendar.today)?;
        let season = if said(LAST) { of(current.from.yesterday().ok()?)? } else { current };
        // Said as one of four in a row, a season ends before the first day on which the next may begin.
        let season = Stretch::new(season.from, days_after(season.to, -2)?, season.grain)?;
        return (said(LAST) || said(THIS)).then_some((fixed(season), start + 2));
    }
    let (atom, next) = names::written(view, start + 1, calendar)?;
    let stretch = match atom {
        Atom::Fixed(_) | Atom::MonthDay(_) if said(THIS) => atom.latest(calendar.today)?,
        Atom::Annual(annual) if said(LAST) => {
            let latest = annual.latest(calendar.today.yesterday().ok()?)?;
            if latest.to > calendar.today { annual.latest(latest.from.yesterday().ok()?)? } else { latest }
        }
        Atom::Weekday(_) if said(LAST) => atom.latest(calendar.today.yesterday().ok()?)?,
        Atom::Annual(Annual::Day(..)) if said(THIS) => atom.latest(calendar.today)?,
        Atom::Annual(annual) if said(THIS) => annual.of(calendar.today.year())?,
        Atom::Weekday(_) if said(THIS) => atom.inside(calendar.around(calendar.today, Unit::Week)?)?,
        _ if said(NEXT) => atom.next(calendar.today)?,
        _ => return None,
    };
    Some((fixed(stretch), next))
}

/// `month to date`, `ytd`, `year-to-date`.
fn to_date(view: View<'_>, at: usize, calendar: &Calendar) -> Option<(Atom, usize)> {
    let (unit, next) = match view.text(at) {
        "mtd" => (Unit::Month, at + 1),
        "ytd" => (Unit::Year, at + 1),
        "qtd" => (Unit::Quarter, at + 1),
        "wtd" => (Unit::Week, at + 1),
        word => {
            let unit = unit(word)?;
            let to = view.skip(at + 1, &["-"]);
            let date = view.skip(to + 1, &["-"]);
            (view.is(to, "to") && view.is(date, "date")).then_some((unit, date + 1))?
        }
    };
    let whole = calendar.around(calendar.today, unit)?;
    Some((fixed(Stretch::new(whole.from, calendar.today.tomorrow().ok()?, unit)?), next))
}

/// A date without parts, as it was heard.
#[derive(Clone, Copy)]
pub(super) struct Heard {
    /// Written out, and where it ends.
    pub(super) written: Option<(Atom, usize)>,
    /// Written out or told from today, whichever is longer, and where it ends.
    pub(super) simple: Option<(Atom, usize)>,
}

/// Hears a date without parts, for those who look for what may stand around it.
pub(super) fn hear(view: View<'_>, at: usize, calendar: &Calendar) -> Heard {
    let written = names::written(view, at, calendar);
    Heard { written, simple: longest(view, at, calendar, written) }
}

/// A date without parts: written out or told from today.
pub(super) fn simple(view: View<'_>, at: usize, calendar: &Calendar) -> Option<(Atom, usize)> {
    hear(view, at, calendar).simple
}

fn longest(view: View<'_>, at: usize, calendar: &Calendar, written: Option<(Atom, usize)>) -> Option<(Atom, usize)> {
    let readings = [
        near_day(view, at, calendar),
        to_date(view, at, calendar),
        last_several(view, at, calendar),
        ago(view, at, calendar),
        halves_ago(view, at, calendar),
        last_named(view, at, calendar),
        this_or_last(view, at, calendar),
        written,
    ];
    let (atom, next) = readings.into_iter().flatten().reduce(|best, next| if next.1 > best.1 { next } else { best })?;
    // "thanksgiving a year ago" is the holiday of that year.
    if let (Atom::Annual(annual), Some((Atom::Fixed(then), after))) = (atom, ago(view, next, calendar))
        && then.grain == Unit::Year
    {
        return Some((fixed(annual.of(then.from.year())?), after));
    }
    // "november last year", "q3 last year".
    if let Atom::Annual(annual) = atom
        && let Some((year, after)) = view
            .after(next, &["last", "year"])
            .map(|after| (calendar.today.year() - 1, after))
            .or_else(|| view.after(next, &["this", "year"]).map(|after| (calendar.today.year(), after)))
    {
        return Some((fixed(annual.of(year)?), after));
    }
    Some((atom, next))
}
