//! What was spent month by month, or week by week: the same rows that a sum counts, each in its piece of the time.

use jiff::civil::Date;

use crate::answer::{
    Answered, Ask, gather,
    gather::Gathered,
    ledger::Entry,
    shape::{self, Grain, Shape},
    spend::{self, Sum},
    telling::{Telling, all, asks},
    when::Window,
};
use crate::domain::{
    answer::{Picture, PictureBar},
    money::{Currency, Money},
    period::Period,
    reading::{Intent, Slots},
    say::{Arg, Say},
};

/// Answers `spend.sum` and `spend.top` where they are asked over time.
pub(super) fn trend(ask: &Ask<'_>) -> Answered {
    let slots = &ask.part.slots;
    let grain = Shape::of(ask.part).grain.unwrap_or(Grain::Months);
    let found = gather::rows(ask, slots, shape::days(ask.part, ask.today))?;
    let entries = found.spending();
    let sums = Sum::by_currency(&entries);
    let Some(main) = sums.first() else { return spend::plain(ask) };
    let mut telling = found.telling(ask);
    let spent = spend::spent(&mut telling, &found, &entries);
    let window = kept(&found);
    let head = Say::new(if grain == Grain::Months { "trend-months" } else { "trend-weeks" });
    telling.say(head.with("sum", spent).with("about", found.about()).with("when", window.say(ask.today)));
    let currencies: Vec<Currency> = sums.iter().map(|sum| sum.currency).collect();
    let mut bars = Vec::new();
    for piece in pieces(&found, &entries, grain) {
        let inside: Vec<Entry<'_>> = entries.iter().filter(|entry| piece.contains(entry.row.date)).copied().collect();
        let so_far = shape::is_cut(piece, grain, ask.today);
        let money = in_each(&mut telling, &found, &currencies, &inside);
        let line = Say::new(if so_far { "trend-line-so-far" } else { "trend-line" });
        telling.say(line.with("span", piece).with("money", money));
        let first = piece.from.unwrap_or(ask.today);
        bars.push(PictureBar {
            label: if grain == Grain::Months { Arg::Month(first) } else { Arg::From(first) },
            money: Sum::of(main.currency, &inside).spent(),
            note: so_far.then(|| Say::new("chart-so-far")),
        });
    }
    if bars.len() > 1 {
        let title = Say::new("chart-title").with("about", found.about()).with("span", window.seen);
        telling.show(Picture { title, sum: main.spent(), over_time: true, bars, more: None });
    }
    spend::say_parts(&mut telling, &entries);
    found.note_gaps(&mut telling);
    telling.offer_how();
    if found.is_about_all() {
        let slots = Slots { kind: None, count: None, ..found.resolved.clone() };
        telling.offer(Say::new("title-top"), asks(Intent::SpendTop, slots));
    }
    Ok(telling.done())
}

/// The first day that any of the banks keeps.
fn oldest(found: &Gathered<'_>) -> Option<Date> {
    found.accounts.iter().map(|share| share.history_from).min().flatten()
}

/// The days that were looked at, without those that no bank keeps: a figure is not said to be of days that nobody saw.
fn kept(found: &Gathered<'_>) -> Window {
    let mut window = found.window;
    if let Some(oldest) = oldest(found).filter(|oldest| window.asked.from.is_some_and(|from| from < *oldest)) {
        window.asked.from = Some(oldest);
        window.seen.from = Some(oldest);
    }
    window
}

/// The pieces of the days that were looked at, without those that no bank keeps.
fn pieces(found: &Gathered<'_>, entries: &[Entry<'_>], grain: Grain) -> Vec<Period> {
    let first: Option<Date> = entries.iter().map(|entry| entry.row.date).min();
    let seen = Period { from: found.window.seen.from.or(first), ..found.window.seen };
    let mut pieces = shape::pieces(seen, grain);
    let oldest = oldest(found);
    pieces.retain(|piece| oldest.is_none_or(|oldest| piece.to.is_none_or(|to| to > oldest)));
    pieces
}

/// What rows come to in each of the currencies, in those without rows zero.
fn in_each(telling: &mut Telling<'_>, found: &Gathered<'_>, currencies: &[Currency], rows: &[Entry<'_>]) -> Arg {
    let mut amounts = Vec::new();
    for currency in currencies {
        let sum = Sum::of(*currency, rows);
        amounts.push(match sum.rows.as_slice() {
            [] => telling.over_banks(Money::zero(*currency), found.accounts.iter().map(|share| &share.bank)),
            rows => telling.over_rows(sum.spent(), rows),
        });
    }
    all(amounts)
}
