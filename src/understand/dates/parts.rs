//! Parts of a larger stretch: the end of october, the first half of 2025, the second week of march, friday of last week.

use jiff::civil::{Date, Weekday};

use super::calendar::{Annual, Atom, Calendar, Stretch, Unit, days_after, shift};
use super::names;
use super::relative::{Heard, simple, unit};
use crate::understand::numbers;
use crate::understand::tokens::View;

/// Which third of a stretch.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Third {
    Start,
    Middle,
    End,
    /// As the end, but a week is late from Thursday on.
    Late,
}

/// The words that may stand between a part and its whole.
fn whole_at(view: View<'_>, at: usize) -> usize {
    view.skip(view.skip(at, &["of", "in", "from", "on", "-"]), &["the"])
}

/// The whole that a part belongs to; "month" alone is this month.
fn whole(view: View<'_>, at: usize, calendar: &Calendar) -> Option<(Stretch, usize)> {
    if let Some((atom, next)) = simple(view, at, calendar) {
        return Some((atom.latest(calendar.today)?, next));
    }
    if let Some((year, next)) = names::year(view, at, calendar).filter(|_| view.number(at).is_some()) {
        return Some((calendar.around(Date::new(year, 1, 1).ok()?, Unit::Year)?, next));
    }
    let unit =
        unit(view.text(at)).filter(|unit| matches!(unit, Unit::Week | Unit::Month | Unit::Quarter | Unit::Year))?;
    Some((calendar.around(calendar.today, unit)?, at + 1))
}

/// Where thirds are cut: of a month at the 11th and 21st, of a year after a quarter and at the last four months; a year
/// that is named by its number begins with four months.
fn third_of(whole: Stretch, third: Third, numbered: bool) -> Option<Stretch> {
    let (first_cut, second_cut) = match whole.grain {
        Unit::Month => (days_after(whole.from, 10)?, days_after(whole.from, 20)?),
        Unit::Week => match third {
            Third::Start => (days_after(whole.from, 3)?, whole.to),
            Third::Middle => (days_after(whole.from, 1)?, days_after(whole.from, 5)?),
            Third::Late => (whole.to, days_after(whole.from, 3)?),
            Third::End => (whole.to, days_after(whole.from, 4)?),
        },
        Unit::Year if third == Third::Start && !numbered => (shift(whole.from, Unit::Month, 3)?, whole.to),
        Unit::Year => (shift(whole.from, Unit::Month, 4)?, shift(whole.from, Unit::Month, 8)?),
        Unit::Quarter => (shift(whole.from, Unit::Month, 1)?, shift(whole.from, Unit::Month, 2)?),
        Unit::Half => (shift(whole.from, Unit::Month, 2)?, shift(whole.from, Unit::Month, 4)?),
        Unit::Decade => (shift(whole.from, Unit::Year, 3)?, shift(whole.from, Unit::Year, 7)?),
        Unit::Century => (shift(whole.from, Unit::Year, 33)?, shift(whole.from, Unit::Year, 67)?),
        Unit::Day | Unit::Weekend => return Some(whole),
    };
    match third {
        Third::Start => Stretch::new(whole.from, first_cut, whole.grain),
        Third::Middle => Stretch::new(first_cut, second_cut, whole.grain),
        Third::End | Third::Late => Stretch::new(second_cut, whole.to, whole.grain),
    }
}

/// `start of october`, `mid november`, `late last week`, `the end of the month`, `eoy`.
fn third(view: View<'_>, at: usize, calendar: &Calendar) -> Option<(Stretch, usize)> {
    let short = match view.text(at + usize::from(view.is(at, "the"))) {
        "bom" => Some((Third::Start, Unit::Month)),
        "eom" => Some((Third::End, Unit::Month)),
        "boy" if view.len() <= 3 => Some((Third::Start, Unit::Year)),
        "eoy" => Some((Third::End, Unit::Year)),
        _ => None,
    };
    if let Some((third, unit)) = short {
        let end = at + 1 + usize::from(view.is(at, "the"));
        return Some((third_of(calendar.around(calendar.today, unit)?, third, false)?, end));
    }
    let start = view.skip(at, &["the"]);
    let word = view.text(start);
    let third = match word {
        "start" | "beginning" | "early" => Third::Start,
        "mid" | "middle" => Third::Middle,
        "end" => Third::End,
        "late" => Third::Late,
        "earlier" | "later" | "rest" | "remainder" => return around_today(view, start, calendar),
        _ => return None,
    };
    let inner = whole_at(view, start + 1);
    let (whole, next) = whole(view, inner, calendar)?;
    Some((third_of(whole, third, view.number(inner).is_some())?, next))
}

/// `earlier this year`, `later this week`, `rest of the month`: what lies before or from today on.
fn around_today(view: View<'_>, at: usize, calendar: &Calendar) -> Option<(Stretch, usize)> {
    let (whole, next) = whole(view, whole_at(view, at + 1), calendar)?;
    let running = whole.from <= calendar.today && calendar.today < whole.to;
    let earlier = view.is(at, "earlier");
    let stretch = match (running, earlier) {
        (true, true) if whole.from < calendar.today => Stretch::new(whole.from, calendar.today, whole.grain)?,
        (true, false) => Stretch::new(calendar.today, whole.to, whole.grain)?,
        (_, true) => third_of(whole, Third::Start, false)?,
        (false, false) => third_of(whole, Third::Late, false)?,
    };
    Some((stretch, next))
}

/// `whole of october`, `all of last year`, `the entire month`, `the month of may`, `week of nov 2`.
fn entire(view: View<'_>, at: usize, calendar: &Calendar) -> Option<(Stretch, usize)> {
    let start = view.skip(at, &["the"]);
    if !view.any(start, &["whole", "all", "entire", "full", "week", "weekend", "month", "year"]) {
        return None;
    }
    let named = unit(view.text(start));
    if named.is_some() && !view.any(start + 1, &["of", "starting", "beginning"]) {
        return None;
    }
    let inner = whole_at(view, view.skip(start + 1, &["starting", "beginning"]));
    // "the week of the 1st": here the article belongs to the day.
    let article = view.is(inner.wrapping_sub(1), "the").then(|| whole(view, inner - 1, calendar)).flatten();
    let (found, next) = article.or_else(|| whole(view, inner, calendar))?;
    match named {
        Some(Unit::Weekend) => Some((nearest_weekend(found.from, calendar)?, next)),
        Some(unit) if unit > found.grain => Some((calendar.around(found.from, unit)?, next)),
        _ => Some((found, next)),
    }
}

/// The weekend that a holiday makes: the one it falls in or touches.
fn nearest_weekend(day: Date, calendar: &Calendar) -> Option<Stretch> {
    let weekend = calendar.around(day, Unit::Weekend)?;
    match day.weekday() {
        Weekday::Monday => Stretch::new(weekend.from, day.tomorrow().ok()?, Unit::Weekend),
        Weekday::Saturday | Weekday::Sunday => Some(weekend),
        Weekday::Friday | Weekday::Thursday | Weekday::Wednesday | Weekday::Tuesday => {
            calendar.around(shift(weekend.from, Unit::Week, 1)?, Unit::Weekend)
        }
    }
}

/// `halloween weekend`, `labor day 2021 weekend`, `christmas week`.
fn holiday_weekend(view: View<'_>, calendar: &Calendar, heard: Heard) -> Option<(Stretch, usize)> {
    let (atom, next) = heard.written?;
    if view.is(next, "week") {
        let day = atom.latest(calendar.today).filter(|day| day.grain == Unit::Day)?;
        return Some((calendar.around(day.from, Unit::Week)?, next + 1));
    }
    let word = view.is(next, "weekend");
    let (atom, end) = match (word, atom) {
        (true, Atom::Annual(annual)) => match names::year(view, next + 1, calendar) {
            Some((year, end)) => (Atom::Fixed(annual.of(year)?), end),
            None => (atom, next + 1),
        },
        (true, Atom::Fixed(_)) => (atom, next + 1),
        _ => return None,
    };
    let stretch = atom.latest(calendar.today)?;
    (stretch.grain == Unit::Day).then(|| Some((nearest_weekend(stretch.from, calendar)?, end)))?
}

/// `first half of 2025`, `second week of march`, `the last day of october`, `first 10 days of november`,
/// `the first monday in this month`, `third tuesday`.
fn counted(view: View<'_>, at: usize, calendar: &Calendar) -> Option<(Stretch, usize)> {
    let start = view.skip(at, &["the"]);
    let (nth, next) = place(view, start)?;
    if let Some((count, unit_at)) = numbers::count(view, next).filter(|_| nth == 1 || nth == -1) {
        let unit = unit(view.text(unit_at))?;
        let (whole, end) = part_whole(view, unit_at + 1, calendar)?;
        let cut = if nth == 1 { shift(whole.from, unit, count)? } else { shift(whole.to, unit, -count)? };
        let stretch = if nth == 1 {
            Stretch::new(whole.from, cut.min(whole.to), unit)
        } else {
            Stretch::new(cut.max(whole.from), whole.to, unit)
        };
        return Some((stretch?, end));
    }
    if let Some(weekday) = names::weekday(view.text(next)) {
        let inner = part_whole(view, next + 1, calendar);
        let (whole, end) = match inner {
            Some(found) => found,
            None if nth > 0 => (calendar.around(calendar.today, Unit::Month)?, next + 1),
            None => return None,
        };
        return Some((nth_weekday(whole, nth, weekday)?, end));
    }
    let unit = unit(view.text(next))?;
    let (whole, end) = part_whole(view, next + 1, calendar)?;
    let stretch = match unit {
        Unit::Half if whole.grain == Unit::Month => {
            let cut = days_after(whole.from, 15)?;
            if nth == 1 { Stretch::new(whole.from, cut, Unit::Half)? } else { Stretch::new(cut, whole.to, Unit::Half)? }
        }
        Unit::Half => Annual::Half(if nth == 1 { 1 } else { 2 }).of(whole.from.year())?,
        Unit::Week => nth_week(whole, nth, calendar)?,
        Unit::Weekend => {
            let first = nth_weekday(whole, nth, Weekday::Saturday)?;
            calendar.around(first.from, Unit::Weekend)?
        }
        _ if nth < 0 => calendar.around(shift(whole.to.yesterday().ok()?, unit, nth + 1)?, unit)?,
        _ => calendar.around(shift(whole.from, unit, nth - 1)?, unit).filter(|found| found.from < whole.to)?,
    };
    Some((stretch, end))
}

/// A place from the start, or from the end where negative: `third`, `last`, `second to last`, `2nd last`, `penultimate`.
fn place(view: View<'_>, at: usize) -> Option<(i64, usize)> {
    match view.text(at) {
        "last" | "final" => return Some((-1, at + 1)),
        "penultimate" => return Some((-2, at + 1)),
        _ => {}
    }
    let (nth, next) = numbers::ordinal(view, at)?;
    match view.after(view.skip(next, &["to", "-"]), &["last"]) {
        Some(end) if nth > 1 => Some((-nth, end)),
        _ => Some((nth, next)),
    }
}

/// The whole after "of" or "in"; without such a word there is none.
fn part_whole(view: View<'_>, at: usize, calendar: &Calendar) -> Option<(Stretch, usize)> {
    view.any(at, &["of", "in", "from"]).then(|| whole(view, whole_at(view, at), calendar))?
}

fn nth_weekday(whole: Stretch, nth: i64, weekday: Weekday) -> Option<Stretch> {
    if nth < 0 {
        let last = Atom::Weekday(weekday).latest(whole.to.yesterday().ok()?)?;
        return Stretch::day(shift(last.from, Unit::Week, nth + 1)?).filter(|day| day.from >= whole.from);
    }
    let first = Atom::Weekday(weekday).next(whole.from.yesterday().ok()?)?;
    Stretch::day(shift(first.from, Unit::Week, nth - 1)?).filter(|day| day.to <= whole.to)
}

/// ISO 8601: the first week is the one with the first Thursday; of a month, alike.
fn nth_week(whole: Stretch, nth: i64, calendar: &Calendar) -> Option<Stretch> {
    if nth < 0 {
        let last = Atom::Weekday(Weekday::Thursday).latest(whole.to.yesterday().ok()?)?;
        return calendar.around(shift(last.from, Unit::Week, nth + 1)?, Unit::Week).filter(|week| week.to > whole.from);
    }
    let thursday = Atom::Weekday(Weekday::Thursday).next(whole.from.yesterday().ok()?)?;
    let week = calendar.around(shift(thursday.from, Unit::Week, nth - 1)?, Unit::Week)?;
    (week.from < whole.to).then_some(week)
}

/// `week 3 of 2025`, `week 12`, `2025-W12`.
fn numbered_week(view: View<'_>, at: usize, calendar: &Calendar) -> Option<(Stretch, usize)> {
    let lead = view.number(at).filter(|year| (1900..=2100).contains(year));
    let word = if lead.is_some() { view.skip(at + 1, &["-"]) } else { at };
    let n = view.number(word + 1).filter(|n| (1..=53).contains(n))?;
    if !view.any(word, &["week", "wk", "w", "kw"]) || (view.is(word, "w") && !view.glued(word + 1)) {
        return None;
    }
    // ISO 8601 writes "W" and begins its weeks on Monday, whoever reads it.
    let iso = Calendar { week_starts: Weekday::Monday, ..*calendar };
    let calendar = if view.any(word, &["w", "kw"]) { &iso } else { calendar };
    if let Some(year) = lead {
        let year = calendar.around(Date::new(i16::try_from(year).ok()?, 1, 1).ok()?, Unit::Year)?;
        return Some((nth_week(year, n, calendar)?, word + 2));
    }
    let plain = || {
        let (year, next) = names::year(view, view.skip(word + 2, &[",", "/"]), calendar)?;
        Some((calendar.around(Date::new(year, 1, 1).ok()?, Unit::Year)?, next))
    };
    let at = word;
    let (year, next) = part_whole(view, at + 2, calendar)
        .filter(|(whole, _)| whole.grain == Unit::Year)
        .or_else(plain)
        .unwrap_or((calendar.around(calendar.today, Unit::Year)?, at + 2));
    Some((nth_week(year, n, calendar)?, next))
}

/// `friday of last week`, `last week's sunday`, `monday last week`, `the 15th of last month`, `march of last year`.
fn inside(view: View<'_>, at: usize, calendar: &Calendar, heard: Heard) -> Option<(Stretch, usize)> {
    let bare_day = || {
        let (day, next) = names::day_of_month(view, view.skip(at, &["the"]))?;
        let joined = view.any(next, &["of", "in"]);
        joined.then_some((Atom::MonthDay(day), next))
    };
    if let Some((atom, next)) = bare_day().or(heard.written)
        && !matches!(atom, Atom::Fixed(_))
        && let Some((whole, end)) = whole(view, whole_at(view, next), calendar)
        && (view.any(next, &["of", "in", "from"]) || matches!(atom, Atom::Weekday(_)))
    {
        // "over 20 in the last 10 days" names no day: only a month has days by number.
        let fits = whole.grain == Unit::Month || !matches!(atom, Atom::MonthDay(_));
        return fits.then(|| Some((atom.inside(whole)?, end)))?;
    }
    let (outer, next) = heard.simple?;
    let possessive = view.any(next, &["'s", "on", ","]);
    let (inner, end) = names::written(view, view.skip(view.skip(next, &["'s", ",", "."]), &["on"]), calendar)?;
    let Atom::Fixed(whole) = outer else { return None };
    let fits = matches!(
        (whole.grain, inner),
        (Unit::Week, Atom::Weekday(_)) | (Unit::Month, Atom::MonthDay(_)) | (Unit::Year, Atom::Annual(_))
    );
    ((possessive || whole.grain == Unit::Week) && fits).then(|| Some((inner.inside(whole)?, end)))?
}

/// `2 weeks starting may 20`, `3 days from today`.
fn starting(view: View<'_>, at: usize, calendar: &Calendar) -> Option<(Stretch, usize)> {
    let (count, unit_at) = numbers::count(view, view.skip(at, &["for"]))?;
    let unit = unit(view.text(unit_at)).filter(|_| (1..=1_000).contains(&count))?;
    let joint = view.skip(unit_at + 1, &[","]);
    let forward = view.any(joint, &["starting", "beginning"]) || (view.is(joint, "from") && view.any(at, &["for"]));
    let (atom, next) = simple(view, view.skip(joint + 1, &["on", "from"]), calendar).filter(|_| forward)?;
    let from = atom.latest(calendar.today)?.from;
    Some((Stretch::new(from, shift(from, unit, count)?, unit)?, next))
}

/// `the first week of october on friday`: a day of that week.
fn on_weekday(view: View<'_>, (week, next): (Stretch, usize)) -> (Stretch, usize) {
    let start = view.skip(view.skip(next, &[".", ","]), &["on"]);
    let weekday = names::weekday(view.text(start)).filter(|_| week.grain == Unit::Week && start > next);
    match weekday.and_then(|weekday| Atom::Weekday(weekday).inside(week)) {
        Some(day) => (day, start + 1),
        None => (week, next),
    }
}

/// Any part of a larger stretch at `at`; the longest reading wins.
pub(super) fn part(view: View<'_>, at: usize, calendar: &Calendar, heard: Heard) -> Option<(Stretch, usize)> {
    let readings = [
        third(view, at, calendar),
        entire(view, at, calendar),
        counted(view, at, calendar).map(|found| on_weekday(view, found)),
        numbered_week(view, at, calendar),
        inside(view, at, calendar, heard),
        holiday_weekend(view, calendar, heard),
        starting(view, at, calendar),
    ];
    readings.into_iter().flatten().reduce(|best, next| if next.1 > best.1 { next } else { best })
}
