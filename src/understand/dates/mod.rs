//! Periods in English: a hand-written grammar with a bias to the past.
//!
//! - Every period is half-open. A bare month, weekday or day is the latest one that has begun: asked in June,
//!   "november" is that of last year; asked on a Sunday, "sunday" is today.
//! - "this month" is the whole month, as asked; "so far" and "to date" cut it after today.
//! - "last 3 months", "past 2 weeks" and "last 30 days" are that many complete units before the current one.
//! - "from A to B" includes B, whatever its unit; ends in the wrong order are put right.
//! - "2 months ago" is a day here; it remembers its unit, so that a question about spending can take the whole month.

use jiff::civil::Date;

use self::calendar::{Atom, through};
use self::names::day_of_month;
use self::relative::{now, simple};
use super::tokens::View;
use crate::domain::period::Period;

mod calendar;
mod eras;
mod feasts;
mod holidays;
mod names;
mod offsets;
mod parts;
mod relative;
mod starts;

pub(super) use self::calendar::{Calendar, Stretch, Unit, shift};
pub(super) use self::relative::unit;

/// A period that was found in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Dated {
    /// Which days.
    pub(super) period: Period,
    /// How finely it was named.
    pub(super) grain: Unit,
    /// Its first token.
    pub(super) start: usize,
    /// One past its last token.
    pub(super) end: usize,
}

/// All periods of a text, left to right, none overlapping. `taken` says which tokens belong to something else.
pub(super) fn find(view: View<'_>, calendar: &Calendar, taken: &[bool]) -> Vec<Dated> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < view.len() {
        let free = |dated: &Dated| taken.iter().take(dated.end).skip(dated.start).all(|taken| !taken);
        match starts_a_date(view, at).then(|| period(view, at, calendar)).flatten().filter(free) {
            Some(dated) => {
                at = dated.end.max(at + 1);
                found.push(dated);
            }
            None => at += 1,
        }
    }
    found
}

/// Whether a date may begin here: not inside of a number, nor with a symbol, nor where no word tells of one.
fn starts_a_date(view: View<'_>, at: usize) -> bool {
    let Some(token) = view.0.get(at) else { return false };
    let inside = at > 0 && token.glued && token.text.as_bytes().first().is_some_and(u8::is_ascii_digit);
    // "4a" and "A4" hold no date; "oct2" is read from its month on.
    let inside = inside && (view.any(at - 1, &["$", "€", "£", "#", ".", ","]) || view.0[at - 1].is_word());
    (token.is_word() || token.text == "'") && !inside && starts::here(view, at)
}

fn period(view: View<'_>, at: usize, calendar: &Calendar) -> Option<Dated> {
    let readings = [
        range(view, at, calendar),
        open(view, at, calendar),
        single(view, at, calendar),
        neighbours(view, at, calendar),
    ];
    readings.into_iter().flatten().reduce(|best, next| if next.end > best.end { next } else { best })
}

/// One date or part of one, perhaps cut at today by "so far".
fn single(view: View<'_>, at: usize, calendar: &Calendar) -> Option<Dated> {
    let led = view.after(at, &["so", "far"]);
    let (stretch, end) = stretch(view, led.map_or(at, |next| view.skip(next, &["in"])), calendar)?;
    let tomorrow = calendar.today.tomorrow().ok()?;
    let cut = led
        .map(|_| end)
        .or_else(|| view.after(end, &["so", "far"]))
        .or_else(|| view.after(end, &["to", "date"]))
        .or_else(|| view.after(end, &["until", "now"]));
    if let Some(end) = cut.filter(|_| stretch.from < tomorrow) {
        let period = Period::new(stretch.from, stretch.to.min(tomorrow));
        return Some(Dated { period, grain: stretch.grain, start: at, end });
    }
    if let Some(dated) = afterwards(view, at, end, stretch) {
        return Some(dated);
    }
    Some(Dated { period: Period::new(stretch.from, stretch.to), grain: stretch.grain, start: at, end })
}

/// `june onwards`, `2012 or later`, `march and before`.
fn afterwards(view: View<'_>, at: usize, end: usize, stretch: Stretch) -> Option<Dated> {
    let dated = |period, end| Some(Dated { period, grain: stretch.grain, start: at, end });
    if view.any(end, &["onwards", "onward"]) {
        return dated(Period::since(stretch.from), end + 1);
    }
    if view.any(end, &["or", "and", "on"]) && view.any(end + 1, &["later", "after", "onwards", "onward", "newer"]) {
        return dated(Period::since(stretch.from), end + 2);
    }
    if view.any(end, &["or", "and"]) && view.any(end + 1, &["earlier", "before", "older"]) {
        return dated(Period::until(stretch.to), end + 2);
    }
    None
}

fn stretch(view: View<'_>, at: usize, calendar: &Calendar) -> Option<(Stretch, usize)> {
    let heard = relative::hear(view, at, calendar);
    let plain = heard.simple.and_then(|(atom, end)| Some((atom.latest(calendar.today)?, end)));
    let part = [parts::part(view, at, calendar, heard), offsets::offset(view, at, calendar)];
    let part = part.into_iter().flatten().reduce(|best, next| if next.1 > best.1 { next } else { best });
    match (plain, part) {
        (Some(plain), Some(part)) if plain.1 >= part.1 => Some(timed(view, plain)),
        (plain, part) => part.or(plain).map(|found| timed(view, found)),
    }
}

/// Takes the time of day with the day it belongs to.
fn timed(view: View<'_>, (stretch, end): (Stretch, usize)) -> (Stretch, usize) {
    let end = if stretch.grain == Unit::Day { offsets::after_time_of_day(view, end) } else { end };
    (stretch, end)
}

/// `since june`, `after nov 3`, `before october`, `until yesterday`, `from june on`.
fn open(view: View<'_>, at: usize, calendar: &Calendar) -> Option<Dated> {
    let word = view.text(at);
    let inner = match word {
        "since" | "after" | "before" | "until" | "till" | "til" | "starting" | "from" => {
            view.skip(at + 1, &["the", "start", "beginning"])
        }
        "up" | "prior" if view.any(at + 1, &["to", "until", "till"]) => at + 2,
        _ => return None,
    };
    let inner = view.skip(inner, &["of", "in", "from"]);
    let day =
        day_of_this_month(view, at + 1, calendar).and_then(|(atom, end)| Some((atom.latest(calendar.today)?, end)));
    let dates = [at + 1, inner].into_iter().filter_map(|place| stretch(view, place, calendar));
    let (found, end) = dates.chain(day).max_by_key(|(_, end)| *end)?;
    let dated = |period: Period, end| Some(Dated { period, grain: found.grain, start: at, end });
    match word {
        "since" | "starting" => dated(Period::since(found.from), end),
        "after" => dated(Period::since(found.to), end),
        "before" | "prior" => dated(Period::until(found.from), end),
        "until" | "till" | "til" | "up" => dated(Period::until(found.to), end),
        _ => afterwards(view, at, end, found).or_else(|| {
            view.any(end, &["on", "forward", "forwards"]).then(|| dated(Period::since(found.from), end + 1))?
        }),
    }
}

/// One end of a range: a date, a bare day of the month, or now.
fn end_of_range(view: View<'_>, at: usize, calendar: &Calendar) -> Vec<(Atom, usize)> {
    let mut ends: Vec<(Atom, usize)> = Vec::new();
    ends.extend(now(view, at, calendar));
    let heard = relative::hear(view, at, calendar);
    ends.extend(heard.simple);
    let part = [parts::part(view, at, calendar, heard), offsets::offset(view, at, calendar)];
    ends.extend(part.into_iter().flatten().map(|(stretch, end)| (Atom::Fixed(stretch), end)));
    ends.extend(day_of_month(view, view.skip(at, &["the"])).map(|(day, end)| (Atom::MonthDay(day), end)));
    ends.extend(names::day_alone(view, at));
    ends.extend(names::year_in_range(view, at, calendar));
    let words = super::numbers::ordinal(view, view.skip(at, &["the"]));
    ends.extend(words.and_then(|(day, end)| Some((Atom::MonthDay(i8::try_from(day).ok().filter(|d| *d <= 31)?), end))));
    ends
}

/// `from A to B`, `between A and B`, `A - B`, `nov 1-15`, `the 1st to the 15th of last month`, `last week between A and B`.
fn range(view: View<'_>, at: usize, calendar: &Calendar) -> Option<Dated> {
    let led = view.any(at, &["from", "between", "since"]);
    let joints: &[&str] = if view.is(at, "between") {
        &["and", "to", "-", "&"]
    } else {
        &["to", "-", "until", "till", "til", "through", "thru", "~"]
    };
    // Most dates are no ranges: without a joint near by there is nothing to try.
    if !near(view, at, 16, &[".", "/", "from", "between"]) && !near(view, at, 16, joints) {
        return None;
    }
    let first_at = if led { at + 1 } else { at };
    let mut best: Option<Dated> = None;
    for (left, joint) in end_of_range(view, first_at, calendar) {
        let Some(second_at) = after_joint(view, joint, joints, left) else { continue };
        let mut rights = end_of_range(view, second_at, calendar);
        if let (Atom::MonthDay(_), Some(right)) = (left, day_of_this_month(view, second_at, calendar)) {
            // "between 4 and 22 this month" in a longer text are amounts.
            rights.extend((at == 0 || !view.is(at, "between")).then_some(right));
        }
        for (right, end) in rights {
            // "between 20 and 30" are amounts: bare days need an article or an ordinal.
            let days = (first_at..end).any(|place| {
                view.any(place, &["the", "st", "nd", "rd", "th"]) || super::numbers::ordinal(view, place).is_some()
            });
            if matches!((left, right), (Atom::MonthDay(_), Atom::MonthDay(_))) && !days {
                continue;
            }
            let Some((from, last)) = ends(left, right, led, calendar) else { continue };
            if best.is_none_or(|best| end > best.end) {
                let grain = last.grain;
                best = through(from, last, grain)
                    .map(|found| Dated { period: Period::new(found.from, found.to), grain, start: at, end })
                    .or(best);
            }
        }
    }
    best.or_else(|| range_inside(view, at, calendar))
}

/// Whether one of these words stands within so many tokens.
fn near(view: View<'_>, at: usize, within: usize, words: &[&str]) -> bool {
    (at..at + within).any(|place| view.any(place, words))
}

/// Where the second end begins, if something at `joint` joins it: a word, "..", or "/" between two whole dates.
fn after_joint(view: View<'_>, joint: usize, joints: &[&str], left: Atom) -> Option<usize> {
    if let Some(next) = view.after(joint, &[".", "."]) {
        return Some(view.skip(next, &["."]));
    }
    let slash = view.is(joint, "/") && matches!(left, Atom::Fixed(stretch) if stretch.grain == Unit::Day);
    // "between nov 3 to the end", and "and" may join only after "between".
    (slash || view.any(joint, joints)).then(|| view.skip(joint + 1, &["and", "to"]))
}

/// `22 this month`, as the end of a range.
fn day_of_this_month(view: View<'_>, at: usize, calendar: &Calendar) -> Option<(Atom, usize)> {
    let (day, next) = day_of_month(view, view.skip(at, &["the"]))?;
    let month = view.any(next, &["this", "last", "past", "previous", "current", "next"]);
    let (whole, end) = month.then(|| simple(view, next, calendar)).flatten()?;
    let whole = whole.latest(calendar.today).filter(|whole| whole.grain == Unit::Month)?;
    Some((Atom::Fixed(Atom::MonthDay(day).inside(whole)?), end))
}

/// `october and november`, `the 14th and 15th of november`, `oct/nov`: neighbours, said one by one. In a comparison
/// they stay apart.
fn neighbours(view: View<'_>, at: usize, calendar: &Calendar) -> Option<Dated> {
    use self::calendar::Annual;
    const COMPARING: &[&str] = &["compare", "compared", "vs", "versus", "than", "difference", "between"];
    let apart = || (at.saturating_sub(12)..at + 12).any(|place| view.any(place, COMPARING));
    if !near(view, at, 10, &["and", "&", "/", "+"]) {
        return None;
    }
    for (left, joint) in end_of_range(view, at, calendar) {
        if !view.any(joint, &["and", "&", "/", "+"]) || apart() {
            continue;
        }
        let right = end_of_range(view, joint + 1, calendar).into_iter().max_by_key(|(_, end)| *end);
        let Some((right, end)) = right else { continue };
        let same_kind = matches!(
            (left, right),
            (Atom::Annual(Annual::Month(_)), Atom::Annual(Annual::Month(_)) | Atom::Fixed(_))
                | (Atom::MonthDay(_), Atom::Annual(Annual::Day(..)))
        );
        let Some((from, last)) = ends(left, right, true, calendar).filter(|_| same_kind) else { continue };
        let unit = if matches!(left, Atom::MonthDay(_)) { Unit::Day } else { Unit::Month };
        if last.grain == unit && shift(from, unit, 1) == Some(last.from) {
            return Some(Dated { period: Period::new(from, last.to), grain: unit, start: at, end });
        }
    }
    None
}

/// `last week between friday and sunday`.
fn range_inside(view: View<'_>, at: usize, calendar: &Calendar) -> Option<Dated> {
    let (whole, next) = simple(view, at, calendar).and_then(|(atom, end)| Some((atom.latest(calendar.today)?, end)))?;
    let start = view.skip(next, &["from", "between"]);
    if start == next {
        return None;
    }
    let (left, joint) = simple(view, start, calendar)?;
    let (right, end) = simple(view, view.any(joint, &["and", "to", "-"]).then_some(joint + 1)?, calendar)?;
    let (
        Atom::Weekday(_) | Atom::MonthDay(_) | Atom::Annual(_),
        Atom::Weekday(_) | Atom::MonthDay(_) | Atom::Annual(_),
    ) = (left, right)
    else {
        return None;
    };
    let from = left.inside(whole)?;
    let last = right.next(from.from)?;
    Some(Dated { period: Period::new(from.from, last.to), grain: Unit::Day, start: at, end })
}

/// The first day of a range and its last stretch. What one end leaves out it takes from the other; where both leave
/// it out, the first is the latest that has begun.
fn ends(left: Atom, right: Atom, led: bool, calendar: &Calendar) -> Option<(Date, Stretch)> {
    use self::calendar::Annual;
    let today = calendar.today;
    match (left, right) {
        // Two bare numbers are a score or a phone number before they are days.
        (Atom::MonthDay(_), Atom::MonthDay(_)) if !led => None,
        (Atom::MonthDay(day), Atom::Annual(Annual::Day(..)) | Atom::Fixed(_)) => {
            let last = right.latest(today)?;
            if last.grain != Unit::Day {
                return None;
            }
            let same = Date::new(last.from.year(), last.from.month(), day).ok()?;
            let from = if same <= last.from { same } else { shift(same, Unit::Month, -1)? };
            Some((from, last))
        }
        (Atom::MonthDay(_), _) | (Atom::Weekday(_), Atom::MonthDay(_) | Atom::Annual(_))
            if !matches!(right, Atom::MonthDay(_)) =>
        {
            None
        }
        (Atom::Fixed(first), Atom::MonthDay(day)) if first.grain == Unit::Day => {
            let last = Atom::MonthDay(day).next(first.from)?;
            Some((first.from, last))
        }
        // "june 12 to june 5" is the wrong way round; "december 20 to january 5" goes over the year's end.
        (Atom::Annual(Annual::Day(month, first)), Atom::Annual(Annual::Day(same, last)))
            if month == same && first > last =>
        {
            let last = left.latest(today)?;
            Some((right.latest(last.from)?.from, last))
        }
        (Atom::Annual(Annual::Day(..)), Atom::MonthDay(_))
        | (Atom::MonthDay(_), Atom::MonthDay(_))
        | (Atom::Weekday(_), Atom::Weekday(_)) => {
            let first = left.latest(today)?;
            Some((first.from, right.next(first.from)?))
        }
        (_, Atom::MonthDay(_)) => None,
        (Atom::Fixed(first), Atom::Fixed(last)) => {
            if first.from <= last.from {
                Some((first.from, last))
            } else {
                Some((last.from, first))
            }
        }
        (Atom::Fixed(first), _) => Some((first.from, right.next(first.from)?)),
        (_, Atom::Fixed(last)) => Some((left.latest(last.from)?.from, last)),
        _ => {
            let first = left.latest(today)?;
            Some((first.from, right.next(first.from)?))
        }
    }
}

/// Whether a word is one that the grammar of dates reads, or of the name of a holiday.
pub(super) fn is_word_of_time(word: &str) -> bool {
    is_date_word(word) || holidays::has_word(word)
}

/// Whether a word belongs to the grammar of dates and so is spelt right.
pub(super) fn is_date_word(word: &str) -> bool {
    unit(word).is_some()
        || names::month(word).is_some()
        || names::weekday(word).is_some()
        || matches!(word, "summer" | "winter" | "autumn" | "spring")
}
