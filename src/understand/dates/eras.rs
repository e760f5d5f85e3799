//! Decades and centuries: "the 70s", "nineties", "the 21st century".

use jiff::civil::Date;

use super::calendar::{Atom, Calendar, Stretch, Unit};
use crate::understand::numbers;
use crate::understand::tokens::View;

const DECADES: [&str; 8] =
    ["twenties", "thirties", "forties", "fifties", "sixties", "seventies", "eighties", "nineties"];

/// An era at `at`. A century is counted as people do: the 21st begins with the year 2000.
pub(super) fn era(view: View<'_>, at: usize, calendar: &Calendar) -> Option<(Atom, usize)> {
    let (year, unit, next) = century(view, at).or_else(|| decade(view, at))?;
    let stretch: Stretch = calendar.around(Date::new(year, 1, 1).ok()?, unit)?;
    Some((Atom::Fixed(stretch), next))
}

fn century(view: View<'_>, at: usize) -> Option<(i16, Unit, usize)> {
    let (nth, next) = numbers::ordinal(view, view.skip(at, &["the"]))?;
    let next = view.skip(next, &["-"]);
    let year = i16::try_from(nth).ok().filter(|nth| (10..=30).contains(nth))?.checked_sub(1)?.checked_mul(100)?;
    view.is(next, "century").then_some((year, Unit::Century, next + 1))
}

/// `the 70s`, `1990s`, `nineties`. Of two digits, those below thirty are of this century.
fn decade(view: View<'_>, at: usize) -> Option<(i16, Unit, usize)> {
    let start = view.skip(view.skip(at, &["the"]), &["'"]);
    if let Some(n) = DECADES.iter().position(|word| view.is(start, word)) {
        return Some((1920 + 10 * i16::try_from(n).ok()?, Unit::Decade, start + 1));
    }
    let number = i16::try_from(view.number(start)?).ok().filter(|n| n % 10 == 0)?;
    let tail = start + 1;
    let plural = view.any(tail, &["s", "'s"]) || (view.is(tail, "'") && view.is(tail + 1, "s"));
    let first = match view.digits(start)?.len() {
        4 => number,
        2 if start > at && number < 30 => 2000 + number,
        2 if start > at => 1900 + number,
        _ => return None,
    };
    plural.then_some((first, Unit::Decade, if view.is(tail, "'") { tail + 2 } else { tail + 1 }))
}
