//! What a payment is: pending or booked, on which account, of which day. Without a payment named, everything that is
//! still pending.

use crate::answer::{
    Answered, Ask, NOTHING, dispute,
    gather::{self, Gathered},
    ledger::{Entry, Kind},
    list,
    recurring::ALL_DAYS,
    spend,
    telling::{Telling, all},
};
use crate::domain::{
    answer::Answer,
    reading::{Intent, Part, Slots},
    say::{Arg, Say},
    transaction::Category,
};

/// Most rows that are listed.
const SHOWN: usize = 5;

/// Answers `txn.status`.
pub(super) fn status(ask: &Ask<'_>) -> Answered {
    let slots = Slots { direction: None, ..ask.part.slots.clone() };
    let found = gather::rows(ask, &slots, slots.period.unwrap_or(ALL_DAYS))?;
    let mut telling = found.telling(ask);
    telling.resolved.period = ask.part.slots.period;
    let rows: Vec<Entry<'_>> = found.rows.iter().filter(|entry| entry.kind != Kind::Check).copied().collect();
    let names_one = !found.is_about_all() || slots.period.is_some();
    let outcome = match rows.as_slice() {
        _ if !names_one => say_pending(&mut telling, ask, &found, &rows),
        [] => say_none(&mut telling, ask, &found),
        [only] => {
            say_one(&mut telling, only);
            super::DONE
        }
        several => {
            say_several(&mut telling, &found, several);
            super::DONE
        }
    };
    found.note_gaps(&mut telling);
    if names_one && outcome == super::DONE {
        telling.offer(Say::new("title-known"), Part::new(Intent::Affirm));
        telling.offer(Say::new("title-not-me"), dispute::of(&rows, &slots));
    }
    telling.offer(Say::new("title-recent"), Part::new(Intent::TxnList));
    telling.offer(Say::new("title-balance"), Part::new(Intent::BalanceGet));
    Ok(telling.end(outcome))
}

/// One payment: its state first, then what the bank tells of it.
fn say_one<'a>(telling: &mut Telling<'a>, entry: &Entry<'a>) {
    let row = entry.row;
    let money = telling.over_rows(row.money.abs(), [entry]);
    let id = if row.is_pending() { "status-pending" } else { "status-booked" };
    let say = Say::new(id).with("money", money).with("name", row.label()).with("way", list::way(entry));
    telling.say(say.with("day", row.date).with("account", entry.account).with("bank", entry.bank.name.as_str()));
    if let Some(original) = row.original {
        let original = telling.over_rows(original.abs(), [entry]);
        telling.say(Say::new("status-original").with("money", original));
    }
    match (entry.kind, row.category) {
        (Kind::Internal, _) => telling.say(Say::new("status-own")),
        (_, Category::Uncategorised | Category::Transfer | Category::Income) => {}
        (_, category) => telling.say(Say::new("status-category").with("category", category)),
    }
    // Where the bank's own text says more than the name, it is what a person may remember.
    if row.text != row.label() && !row.text.is_empty() {
        telling.say(Say::new("status-text").with("text", row.text.as_str()));
    }
}

/// Several payments fit: each with its state.
fn say_several<'a>(telling: &mut Telling<'a>, found: &Gathered<'a>, rows: &[Entry<'a>]) {
    let pending = rows.iter().filter(|entry| entry.row.is_pending()).count();
    let id = if pending == 0 { "status-several-booked" } else { "status-several" };
    let say = Say::new(id).with("about", found.about()).with("count", rows.len()).with("pending", pending);
    telling.say(say);
    for entry in rows.iter().take(SHOWN) {
        let line = list::line(telling, entry, found.over_several());
        telling.say(line);
    }
    let rest = rows.len().saturating_sub(SHOWN);
    if rest > 0 {
        telling.say(Say::new("status-older").with("count", rest));
    }
}

/// Everything that is pending: what goes out and what comes in, each a sum of its own.
fn say_pending<'a>(telling: &mut Telling<'a>, ask: &Ask<'a>, found: &Gathered<'a>, rows: &[Entry<'a>]) -> &'static str {
    let pending: Vec<Entry<'a>> = rows.iter().filter(|entry| entry.row.is_pending()).copied().collect();
    if pending.is_empty() {
        telling.say(Say::new("status-none-pending").with("about", found.about()));
        if let Some(latest) = rows.first().filter(|entry| entry.row.date <= ask.today) {
            let line = list::line(telling, latest, found.over_several());
            telling.say(Say::new("status-latest").with("row", line));
        }
        return NOTHING;
    }
    let (out, into): (Vec<Entry<'a>>, Vec<Entry<'a>>) = pending.iter().partition(|entry| entry.row.money.is_out());
    for (id, rows) in [("status-pending-out", out), ("status-pending-in", into)] {
        if rows.is_empty() {
            continue;
        }
        let sum = spend::over(telling, &rows);
        telling.say(Say::new(id).with("sum", sum).with("about", found.about()).with("count", rows.len()));
        for entry in rows.iter().take(SHOWN * 2) {
            let line = list::line(telling, entry, found.over_several());
            telling.say(line);
        }
    }
    telling.say(Say::new("status-pending-means"));
    super::DONE
}

fn say_none(telling: &mut Telling<'_>, ask: &Ask<'_>, found: &Gathered<'_>) -> &'static str {
    let id = if ask.part.slots.amount.is_some() { "list-none-amount" } else { "list-none" };
    let when = found.window.say(ask.today);
    telling.say(Say::new(id).with("about", found.about()).with("when", when));
    NOTHING
}

/// A row's state is told by its bank; so is everything else about it.
pub(super) fn explain(ask: &Ask<'_>) -> Answer {
    let mut telling = Telling::new(ask);
    telling.say(Say::new("status-rule"));
    let shares: Vec<_> = ask.facts.accounts.iter().collect();
    super::explain::say_read(&mut telling, &shares);
    let names: Vec<Arg> = ask.facts.missing.iter().map(|missing| Arg::from(missing.bank.name.as_str())).collect();
    if !names.is_empty() {
        telling.note(Say::new("not-included").with("sources", all(names)));
    }
    telling.done()
}
