//! Where the money went, biggest first: by category, or by merchant when that is asked.

use std::cmp::Reverse;

use crate::answer::{
    Answered, Ask, gather,
    ledger::Entry,
    shape::{self, Shape},
    spend,
    spend::Sum,
    trend,
};
use crate::domain::{
    answer::{Picture, PictureBar},
    reading::{Intent, Part},
    say::{Arg, Say},
    transaction::Category,
};

/// How many are shown when no number was said.
const SHOWN: usize = 5;

/// Answers `spend.top`. The slot `kind` says how: by merchant rather than by category, over time, with a picture.
pub(super) fn top(ask: &Ask<'_>) -> Answered {
    let slots = &ask.part.slots;
    let shape = Shape::of(ask.part);
    if shape.grain.is_some() {
        return trend::trend(ask);
    }
    let found = gather::rows(ask, slots, shape::days(ask.part, ask.today))?;
    let entries = found.spending();
    if entries.is_empty() {
        return spend::plain(ask);
    }
    let mut telling = found.telling(ask);
    let spent = spend::spent(&mut telling, &found, &entries);
    let when = found.window.say(ask.today);
    telling.say(Say::new("top-head").with("sum", spent).with("about", found.about()).with("when", when));
    let is_one = !slots.categories.is_empty() || !slots.merchants.is_empty();
    // A picture of one category in a few days shows where in it the money went.
    let by_merchant = shape.by_merchant || (shape.chart && is_one);
    let mut picture = None;
    let count = slots.count.map_or(SHOWN, |count| usize::try_from(count).unwrap_or(SHOWN).clamp(1, 20));
    for sum in Sum::by_currency(&entries) {
        let groups = groups(&sum, by_merchant);
        let more = groups.len().saturating_sub(count);
        let more = (more > 0).then(|| Say::new("top-more").with("count", more));
        let mut bars = Vec::new();
        for (name, group) in groups.into_iter().take(count) {
            let money = telling.over_rows(group.spent(), &group.rows);
            bars.push(PictureBar { label: name.clone(), money: group.spent(), note: None });
            telling.say(Say::new("top-line").with("name", name).with("money", money));
        }
        more.iter().for_each(|more| telling.say(more.clone()));
        let title = Say::new("chart-title").with("about", found.about()).with("span", found.window.seen);
        // One picture, of the currency with most rows: amounts of two do not go by one measure.
        picture.get_or_insert(Picture { title, sum: sum.spent(), over_time: false, bars, more });
    }
    if let Some(picture) = picture.filter(|_| shape.chart) {
        telling.show(picture);
    }
    spend::say_parts(&mut telling, &entries);
    found.note_gaps(&mut telling);
    telling.offer_how();
    if !shape.chart {
        telling.offer(Say::new("title-chart"), shape::ranked(by_merchant, &found.resolved));
    }
    if !by_merchant {
        let mut merchants = Part { intent: Intent::SpendTop, slots: found.resolved.clone() };
        merchants.slots.kind = Some(shape::MERCHANT.to_owned());
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
