//! A payment that the person says is not theirs: which one it is, so that the bank can be told. Nothing is promised, and
//! nothing here stands between the person and the bank's line: what is not found is simply not named.

use crate::answer::{
    Answered, Ask, DONE, NOTHING, gather,
    ledger::{Entry, Kind},
    list,
    recurring::ALL_DAYS,
    telling::Telling,
};
use crate::domain::{
    bank::BankId,
    reading::{AmountRange, Intent, Part, Slots},
    say::Say,
};

/// Most payments that are named.
const SHOWN: usize = 3;

/// Names the payments that the words mean. Resolved are the banks they stand at.
pub(super) fn name(ask: &Ask<'_>) -> Answered {
    let slots = Slots { direction: None, ..ask.part.slots.clone() };
    let Ok(found) = gather::rows(ask, &slots, slots.period.unwrap_or(ALL_DAYS)) else {
        let mut telling = Telling::new(ask);
        telling.say(Say::new("dispute-not-found"));
        return Ok(telling.end(NOTHING));
    };
    let mut telling = found.telling(ask);
    let is_charge = |entry: &&Entry<'_>| entry.kind != Kind::Check && entry.row.money.is_out();
    let rows: Vec<Entry<'_>> = found.rows.iter().filter(is_charge).copied().collect();
    let Some(first) = rows.first() else {
        telling.say(Say::new("dispute-not-found"));
        return Ok(telling.end(NOTHING));
    };
    if rows.len() == 1 {
        let money = telling.over_rows(first.row.money.abs(), [first]);
        let say = Say::new("dispute-payment").with("money", money).with("name", first.row.label());
        telling.say(say.with("day", first.row.date).with("account", first.account));
    } else {
        telling.say(Say::new("dispute-payments").with("count", rows.len()));
        for entry in rows.iter().take(SHOWN) {
            let line = list::line(&mut telling, entry, found.over_several());
            telling.say(line);
        }
    }
    let mut banks: Vec<BankId> = rows.iter().map(|entry| entry.bank.id.clone()).collect();
    banks.sort_unstable();
    banks.dedup();
    telling.resolved.banks = banks;
    Ok(telling.end(DONE))
}

/// The dispute of rows that were just shown: by name and amount where they are all alike, else as they were asked for.
pub(super) fn of(rows: &[Entry<'_>], asked: &Slots) -> Part {
    let slots = match rows {
        [first, rest @ ..]
            if rest.iter().all(|e| e.row.label() == first.row.label() && e.row.money == first.row.money) =>
        {
            let money = first.row.money.abs();
            Slots {
                merchants: vec![first.row.label().to_owned()],
                amount: Some(AmountRange::exactly(money.amount, Some(money.currency))),
                ..Slots::default()
            }
        }
        _ => Slots { direction: None, kind: None, ..asked.clone() },
    };
    Part { intent: Intent::DisputeStart, slots }
}
