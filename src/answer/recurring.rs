//! Subscriptions and other regular payments: what comes back, how often, what it costs, and where a price has changed.

use std::cmp::Reverse;

use crate::answer::{
    Answered, Ask, DONE, NOTHING,
    gather::{self, Gathered},
    ledger::Entry,
    list,
    rhythm::{self, Rhythm, Series},
    spend::Sum,
    telling::{Telling, all},
    upcoming,
};
use crate::domain::{
    answer::Answer,
    period::Period,
    reading::{Intent, Part, Slots},
    say::{Arg, Say},
    transaction::Category,
};

/// Everything that the banks show: a rhythm needs the past, whatever days were named.
pub(super) const ALL_DAYS: Period = Period { from: None, to: None };

/// Most series that are listed.
const SHOWN: usize = 12;

/// The slots without what a question about bills says in passing, such as its days.
pub(super) fn wide(slots: &Slots) -> Slots {
    Slots { period: None, direction: None, amount: None, ..slots.clone() }
}

/// What comes back among the rows, as far as it goes on today.
fn live<'a>(ask: &Ask<'a>, found: &Gathered<'a>) -> Vec<Series<'a>> {
    let mut series = rhythm::payments(&found.rows, &found.accounts);
    series.retain(|series| series.is_live(ask.today));
    series
}

/// Answers `recurring.list`: how things stand now, or what was paid regularly in the days that were named.
pub(super) fn list(ask: &Ask<'_>) -> Answered {
    match ask.part.slots.period {
        None => now(ask),
        Some(asked) if is_ahead(asked, ask) => upcoming::list(ask),
        Some(asked) => paid(ask, asked),
    }
}

fn now(ask: &Ask<'_>) -> Answered {
    let found = gather::rows(ask, &wide(&ask.part.slots), ALL_DAYS)?;
    let mut telling = found.telling(ask);
    telling.resolved.period = None;
    let series = live(ask, &found);
    let (mut subscriptions, others): (Vec<_>, Vec<_>) = series.into_iter().partition(is_subscription);
    // Those that the figure adds up stand first.
    subscriptions.sort_by_key(|series| series.rhythm != Rhythm::Months(1));
    if subscriptions.is_empty() && others.is_empty() {
        telling.say(Say::new("recurring-none").with("about", found.about()));
        found.note_gaps(&mut telling);
        telling.offer_how();
        telling.offer(Say::new("title-recent"), Part::new(Intent::TxnList));
        return Ok(telling.end(NOTHING));
    }
    say_head(&mut telling, &subscriptions, others.len());
    for series in subscriptions.iter().take(SHOWN) {
        say_series(&mut telling, series);
    }
    if !others.is_empty() && !subscriptions.is_empty() {
        telling.say_apart(Say::new("recurring-others"));
    }
    for series in others.iter().take(SHOWN) {
        let lines = lines(&mut telling, series);
        for line in lines {
            if subscriptions.is_empty() { telling.say(line) } else { telling.say_apart(line) }
        }
    }
    found.note_gaps(&mut telling);
    telling.offer_how();
    telling.offer(Say::new("title-upcoming"), Part::new(Intent::UpcomingList));
    telling.offer(Say::new("title-spending"), Part::new(Intent::SpendSum));
    Ok(telling.done())
}

/// Whether the named days are still to come. Of those, what is expected is told.
fn is_ahead(asked: Period, ask: &Ask<'_>) -> bool {
    asked.from.is_some_and(|from| from > ask.today)
}

fn paid(ask: &Ask<'_>, asked: Period) -> Answered {
    let (found, mut telling, any) = say_paid(ask, asked)?;
    found.note_gaps(&mut telling);
    telling.offer_how();
    telling.offer(Say::new("title-regular"), Part::new(Intent::RecurringList));
    telling.offer(Say::new("title-upcoming"), Part::new(Intent::UpcomingList));
    Ok(telling.end(if any { DONE } else { NOTHING }))
}

/// What was paid in some days of all that comes back, or came back then; and whether there was any.
fn say_paid<'a>(ask: &Ask<'a>, asked: Period) -> Result<(Gathered<'a>, Telling<'a>, bool), Box<Answer>> {
    let slots = wide(&ask.part.slots);
    let window = gather::rows(ask, &slots, asked)?.window;
    let found = gather::rows(ask, &slots, ALL_DAYS)?;
    let mut telling = found.telling(ask);
    telling.resolved.period = Some(asked);
    let series = rhythm::payments(&found.rows, &found.accounts);
    let (subscriptions, others): (Vec<_>, Vec<_>) = series.into_iter().partition(is_subscription);
    let mut any = false;
    for (id, group) in [("recurring-paid", subscriptions), ("recurring-paid-others", others)] {
        let mut rows: Vec<Entry<'_>> = group.into_iter().flat_map(|series| series.rows).collect();
        rows.retain(|entry| window.seen.contains(entry.row.date));
        rows.sort_by_key(|entry| Reverse(entry.row.date));
        if rows.is_empty() {
            continue;
        }
        let head = Say::new(id).with("sum", added(&mut telling, &rows)).with("about", found.about());
        let mut lines = vec![head.with("when", window.say(ask.today)).with("count", rows.len())];
        lines.extend(rows.iter().take(SHOWN).map(|entry| list::line(&mut telling, entry, found.over_several())));
        if let Some(rest) = rows.get(SHOWN..).filter(|rest| !rest.is_empty()) {
            let sum = added(&mut telling, rest);
            lines.push(Say::new("explain-rest").with("count", rest.len()).with("sum", sum));
        }
        for line in lines {
            if any { telling.say_apart(line) } else { telling.say(line) }
        }
        any = true;
    }
    if !any {
        let say = Say::new("recurring-paid-none").with("about", found.about());
        telling.say(say.with("when", window.say(ask.today)));
    }
    Ok((found, telling, any))
}

/// A price that is paid again and again for the same thing; rent, meters, insurance and transfers are regular, too, but
/// nobody calls them so.
fn is_subscription(series: &Series<'_>) -> bool {
    use Category::{Fees, Insurance, Rent, Transfer, Utilities};
    !series.varies() && ![Fees, Insurance, Rent, Transfer, Utilities].contains(&series.last().row.category)
}

/// What the monthly ones cost together, each currency apart. Other rhythms are not turned into months: no bank ever
/// books such a figure.
fn say_head<'a>(telling: &mut Telling<'a>, subscriptions: &[Series<'a>], others: usize) {
    let latest = monthly(subscriptions);
    if latest.is_empty() {
        let count = if subscriptions.is_empty() { others } else { subscriptions.len() };
        telling.say(Say::new("recurring-head").with("count", count));
        return;
    }
    let sum = added(telling, &latest);
    telling.say(Say::new("recurring-monthly").with("sum", sum).with("count", latest.len()));
    if latest.len() < subscriptions.len() {
        telling.note(Say::new("recurring-not-monthly"));
    }
}

/// The latest payment of each monthly series.
fn monthly<'a>(series: &[Series<'a>]) -> Vec<Entry<'a>> {
    series.iter().filter(|series| series.rhythm == Rhythm::Months(1)).map(Series::last).collect()
}

/// Payments added up, one amount a currency.
fn added<'a>(telling: &mut Telling<'a>, rows: &[Entry<'a>]) -> Arg {
    all(Sum::by_currency(rows).iter().map(|sum| telling.over_rows(sum.spent(), &sum.rows)).collect())
}

fn say_series<'a>(telling: &mut Telling<'a>, series: &Series<'a>) {
    lines(telling, series).into_iter().for_each(|line| telling.say(line));
}

/// A series, and its latest change of price.
fn lines<'a>(telling: &mut Telling<'a>, series: &Series<'a>) -> Vec<Say> {
    let last = series.last();
    let money = telling.over_rows(series.money(), [&last]);
    let id = if series.varies() { "recurring-varies" } else { "recurring-line" };
    let line = Say::new(id).with("name", series.name()).with("money", money).with("day", last.row.date);
    let mut lines = vec![line.with("every", Say::new(series.rhythm.text()))];
    lines.extend(price_change(telling, series));
    lines
}

fn price_change<'a>(telling: &mut Telling<'a>, series: &Series<'a>) -> Option<Say> {
    let change = series.price_change()?;
    let [before, after] = [change.before.row.money.abs(), change.after.row.money.abs()];
    let difference = after.minus(before).ok()?;
    let id = if difference.is_out() { "recurring-fell" } else { "recurring-rose" };
    let difference = telling.over_rows(difference.abs(), [&change.before, &change.after]);
    let before = telling.over_rows(before, [&change.before]);
    let after = telling.over_rows(after, [&change.after]);
    let say = Say::new(id).with("name", series.name()).with("difference", difference).with("before", before);
    Some(say.with("after", after).with("day", change.after.row.date))
}

/// The payments that the answer rests on, and the rule by which they are regular.
pub(super) fn explain(ask: &Ask<'_>) -> Answered {
    match ask.part.slots.period {
        None => explain_now(ask),
        Some(asked) if is_ahead(asked, ask) => upcoming::explain(ask),
        Some(asked) => explain_paid(ask, asked),
    }
}

fn explain_paid(ask: &Ask<'_>, asked: Period) -> Answered {
    let (found, mut telling, _) = say_paid(ask, asked)?;
    telling.say_apart(Say::new("recurring-rule"));
    super::explain::say_read(&mut telling, &found.accounts);
    found.note_gaps(&mut telling);
    Ok(telling.done())
}

fn explain_now(ask: &Ask<'_>) -> Answered {
    let found = gather::rows(ask, &wide(&ask.part.slots), ALL_DAYS)?;
    let mut telling = found.telling(ask);
    telling.resolved.period = None;
    let series = live(ask, &found);
    if series.is_empty() {
        telling.say(Say::new("recurring-none").with("about", found.about()));
    }
    for series in series.iter().take(SHOWN) {
        let payments = payments(&mut telling, series);
        let say = Say::new("recurring-because").with("name", series.name()).with("payments", payments);
        telling.say(say.with("every", Say::new(series.rhythm.text())));
    }
    let subscriptions: Vec<Series<'_>> = series.into_iter().filter(is_subscription).collect();
    let latest = monthly(&subscriptions);
    if latest.len() > 1 {
        let sum = added(&mut telling, &latest);
        telling.say(Say::new("recurring-sum-because").with("sum", sum));
    }
    telling.say_apart(Say::new("recurring-rule"));
    super::explain::say_read(&mut telling, &found.accounts);
    found.note_gaps(&mut telling);
    Ok(telling.done())
}

/// The latest payments of a series with their days, oldest first.
pub(super) fn payments<'a>(telling: &mut Telling<'a>, series: &Series<'a>) -> Arg {
    let latest = series.rows.iter().skip(series.rows.len().saturating_sub(3));
    let payment = |entry: &Entry<'a>| {
        let money = telling.over_rows(entry.row.money.abs(), [entry]);
        Arg::from(Say::new("payment-of-day").with("money", money).with("day", entry.row.date))
    };
    all(latest.map(payment).collect())
}
