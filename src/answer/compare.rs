//! The same question for two periods. A period that is not over is compared with as many days of the other.

use jiff::ToSpan;
use jiff::civil::Date;

use crate::answer::{
    Answered, Ask, FUTURE, OUTSIDE_HISTORY,
    gather::{self, Gathered},
    ledger::Entry,
    spend::{self, Sum},
    telling::Telling,
    when,
};
use crate::domain::{answer::Answer, money::Currency, period::Period, reading::Part, say::Say};

/// The two periods that a comparison means: the person's, and the one it is held against.
fn periods(part: &Part, today: Date) -> (Period, Option<Period>) {
    let now = part.slots.period.unwrap_or_else(|| when::this_month(today));
    (now, part.slots.than.or_else(|| when::before(now)))
}

/// All days that a comparison looks at.
pub(super) fn days(part: &Part, today: Date) -> Option<Period> {
    let (now, than) = periods(part, today);
    let than = than.unwrap_or(now);
    Some(Period {
        from: now.from.zip(than.from).map(|(a, b)| a.min(b)),
        to: now.to.zip(than.to).map(|(a, b)| a.max(b)),
    })
}

/// Cuts both periods to the days that have happened of the unfinished one, if one is.
fn like_for_like(now: Period, than: Period, today: Date) -> (Period, Period) {
    let unfinished = [now, than].into_iter().filter(|period| *period != period.so_far(today));
    let Some(days) = unfinished.filter_map(|period| period.so_far(today).days()).min() else { return (now, than) };
    let first = |period: Period| {
        let end = period.from.and_then(|from| from.checked_add(i64::from(days).days()).ok());
        Period { from: period.from, to: end.zip(period.to).map(|(end, to)| end.min(to)) }
    };
    (first(now), first(than))
}

/// Answers `spend.compare`.
pub(super) fn compare(ask: &Ask<'_>) -> Answered {
    let slots = &ask.part.slots;
    let (asked, than) = periods(ask.part, ask.today);
    let found = gather::rows(ask, slots, asked)?;
    let mut telling = found.telling(ask);
    let Some(than) = than else {
        // An open period has none before it: its own figure is the answer.
        return spend::sum(ask);
    };
    telling.resolved.than = Some(than);
    let (now, cut) = like_for_like(asked, than, ask.today);
    let before = match gather::rows(ask, slots, cut) {
        Ok(before) => before,
        Err(answer) if answer.outcome == OUTSIDE_HISTORY || answer.outcome == FUTURE => {
            return Ok(one_sided(ask, telling, &found, *answer));
        }
        Err(answer) => return Err(answer),
    };
    let mine: Vec<Entry<'_>> = found.spending().into_iter().filter(|entry| now.contains(entry.row.date)).collect();
    let days =
        if now == found.window.seen { found.window.say(ask.today) } else { Say::new("when-days").with("span", now) };
    say_now(&mut telling, days, &found, &mine);
    let other = before.spending();
    for currency in currencies(&found, &mine, &other) {
        say_difference(&mut telling, currency, &mine, &other, cut);
    }
    spend::say_parts(&mut telling, &mine);
    for (taken, whole) in [(now, asked), (cut, than)] {
        say_whole(&mut telling, ask, taken, whole);
    }
    if before.window.kept_from.is_some() {
        before.note_gaps(&mut telling)
    } else {
        found.note_gaps(&mut telling)
    }
    telling.offer_how();
    Ok(telling.done())
}

/// The person's own period alone, and why the other has no figure.
fn one_sided(ask: &Ask<'_>, mut telling: Telling<'_>, found: &Gathered<'_>, why: Answer) -> Answer {
    say_now(&mut telling, found.window.say(ask.today), found, &found.spending());
    spend::say_parts(&mut telling, &found.spending());
    why.bubbles.into_iter().flat_map(|bubble| bubble.lines).for_each(|line| telling.note(line));
    telling.offer_how();
    telling.done()
}

/// The figure of a whole period of which only some days were taken, if it is over.
fn say_whole(telling: &mut Telling<'_>, ask: &Ask<'_>, taken: Period, whole: Period) {
    let over = whole == whole.so_far(ask.today);
    if taken != whole
        && over
        && let Ok(found) = gather::rows(ask, &ask.part.slots, whole)
    {
        let sum = spend::spent(telling, &found, &found.spending());
        telling.say(Say::new("compare-whole").with("span", whole).with("sum", sum));
    }
}

fn say_now(telling: &mut Telling<'_>, when: Say, found: &Gathered<'_>, entries: &[Entry<'_>]) {
    let sum = spend::spent(telling, found, entries);
    telling.say(Say::new("compare-now").with("sum", sum).with("about", found.about()).with("when", when));
}

/// The currencies of either side; the first account's when there is nothing on either.
fn currencies(found: &Gathered<'_>, mine: &[Entry<'_>], other: &[Entry<'_>]) -> Vec<Currency> {
    let mut currencies: Vec<Currency> = Vec::new();
    for sum in Sum::by_currency(mine).iter().chain(&Sum::by_currency(other)) {
        if !currencies.contains(&sum.currency) {
            currencies.push(sum.currency);
        }
    }
    if currencies.is_empty() {
        currencies.extend(found.accounts.first().map(|share| share.account.currency));
    }
    currencies
}

fn say_difference(
    telling: &mut Telling<'_>,
    currency: Currency,
    mine: &[Entry<'_>],
    other: &[Entry<'_>],
    other_days: Period,
) {
    let [mine, other] = [mine, other].map(|entries| Sum::of(currency, entries));
    let (now, before) = (mine.spent(), other.spent());
    let difference = now.minus(before).unwrap_or(now);
    let id = match difference {
        same if same.is_zero() => "compare-same",
        less if less.is_out() => "compare-less",
        _ => "compare-more",
    };
    let before = telling.over_rows(before, &other.rows);
    let difference = telling.over_rows(difference.abs(), mine.rows.iter().chain(&other.rows));
    telling.say(Say::new(id).with("difference", difference).with("before", before).with("span", other_days));
}
