//! Where the money went, biggest first: by category, or by merchant when that is asked.

use std::cmp::Reverse;

use crate::answer::{Answered, Ask, gather, ledger::Entry, spend, spend::Sum, when};
use crate::domain::{
    reading::{Intent, Part},
    say::{Arg, Say},
    transaction::Category,
};

/// How many are shown when no number was said.
const SHOWN: usize = 5;

/// Answers `spend.top`. The slot `kind` says `merchant` when merchants rather than categories are wanted.
pub(super) fn top(ask: &Ask<'_>) -> Answered {
    let slots = &ask.part.slots;
    let asked = slots.period.unwrap_or_else(|| when::this_month(ask.today));
    let found = gather::rows(ask, slots, asked)?;
    let entries = found.spending();
    if entries.is_empty() {
        return spend::sum(ask);
    }
    let mut telling = found.telling(ask);
    let spent = spend::spent(&mut telling, &found, &entries);
    let when = found.window.say(ask.today);
    telling.say(Say::new("top-head").with("sum", spent).with("about", found.about()).with("when", when));
    let by_merchant = slots.kind.as_deref().is_some_and(|kind| kind.starts_with("merchant"));
    let count = slots.count.map_or(SHOWN, |count| usize::try_from(count).unwrap_or(SHOWN).clamp(1, 20));
    for sum in Sum::by_currency(&entries) {
        let groups = groups(&sum, by_merchant);
        let more = groups.len().saturating_sub(count);
        for (name, group) in groups.into_iter().take(count) {
            let money = telling.over_rows(group.spent(), &group.rows);
            telling.say(Say::new("top-line").with("name", name).with("money", money));
        }
        if more > 0 {
            telling.say(Say::new("top-more").with("count", more));
        }
    }
    spend::say_parts(&mut telling, &entries);
    found.note_gaps(&mut telling);
    telling.offer_how();
    if !by_merchant {
        let mut merchants = Part { intent: Intent::SpendTop, slots: found.resolved.clone() };
        merchants.slots.kind = Some("merchant".to_owned());
        telling.offer(Say::new("title-by-merchant"), merchants);
    }
    Ok(telling.done())
}

/// The rows of one currency by category or merchant; the biggest first, equal ones by name.
fn groups<'a>(sum: &Sum<'a>, by_merchant: bool) -> Vec<(Arg, Sum<'a>)> {
    let key = |entry: &Entry<'a>| -> (Option<Category>, &'a str) {
        if by_merchant { (None, entry.row.label()) } else { (Some(entry.row.category), "") }
    };
    let mut groups: Vec<((Option<Category>, &str), Sum<'a>)> = Vec::new();
    for entry in &sum.rows {
        match groups.iter_mut().find(|(name, _)| *name == key(entry)) {
            Some((_, group)) => group.rows.push(*entry),
            None => groups.push((key(entry), Sum { currency: sum.currency, rows: vec![*entry] })),
        }
    }
    groups.sort_by_key(|(name, group)| (Reverse(group.spent().amount), *name));
    let named = |(category, label): (Option<Category>, &str)| category.map_or_else(|| Arg::from(label), Arg::from);
    groups.into_iter().map(|(name, group)| (named(name), group)).collect()
}
