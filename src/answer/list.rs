//! Rows one by one: the latest, a page at a time, or those that match an amount, a day, a name.

use crate::answer::{
    Answered, Ask, DONE, NONE_SUCH, NOTHING, WHICH,
    gather::{self, Gathered},
    ledger::{Entry, Kind},
    telling::Telling,
};
use crate::domain::{
    account::Account,
    answer::Answer,
    period::Period,
    reading::{Intent, Part, Slots},
    say::{Arg, Say},
};

/// The slot `kind` of a list that shows only what a sum of spending counts.
pub(super) const COUNTED: &str = "counted";

/// The slot `kind` of a list for which the person chose several accounts.
const BOTH: &str = "both";

/// Rows on a page when no number was said, and the most there can be.
const PAGE: usize = 5;
const PAGE_MAX: usize = 20;

/// Longest title of a quick reply, in characters.
const TITLE_MAX: usize = 20;

/// Asks which account is meant when the words fit several; needs no bank. Outcome `which`, or `done` (and nothing
/// said) when there is nothing to ask.
pub(super) fn which_account(ask: &Ask<'_>) -> Answered {
    let slots = &ask.part.slots;
    let mut telling = Telling::new(ask);
    let meant: Vec<&Account> = ask.directory.iter().filter(|own| slots.accounts.contains(&own.id)).collect();
    if meant.len() < 2 || slots.kind.as_deref() == Some(BOTH) {
        let strange = meant.is_empty() && (slots.account_words.is_some() || !slots.accounts.is_empty());
        if strange {
            gather::accounts(ask, slots)?;
        }
        return Ok(telling.end(DONE));
    }
    let names: Vec<Arg> = meant.iter().map(|account| Arg::from(*account)).collect();
    telling.say(Say::new("ask-which-account").with("accounts", names));
    for account in &meant {
        let one = Slots { accounts: vec![account.id.clone()], account_words: None, ..slots.clone() };
        telling.offer(Say::new("title-account").with("account", title(account)), part(ask, one));
    }
    let every = if meant.len() == 2 { "title-both" } else { "title-all" };
    let both = Slots { kind: Some(BOTH.to_owned()), account_words: None, ..slots.clone() };
    telling.offer_within(Say::new(every), part(ask, both));
    Ok(telling.end(WHICH))
}

pub(super) fn part(ask: &Ask<'_>, slots: Slots) -> Part {
    Part { intent: ask.part.intent, slots }
}

/// An account's name as far as a title has room: whole words of the nickname, then the last four digits.
pub(super) fn title(account: &Account) -> String {
    let tail = account.last4.as_ref().map(|last4| format!("••{last4}")).unwrap_or_default();
    let mut name = String::new();
    for word in account.nick.split(' ') {
        if name.chars().count() + word.chars().count() + 1 + tail.chars().count() > TITLE_MAX {
            break;
        }
        name.push_str(word);
        name.push(' ');
    }
    let title = format!("{name}{tail}");
    let title = title.trim();
    if title.is_empty() { account.nick.chars().take(TITLE_MAX).collect() } else { title.to_owned() }
}

/// Answers `txn.list`.
pub(super) fn list(ask: &Ask<'_>) -> Answered {
    let slots = &ask.part.slots;
    let found = gather::rows(ask, slots, whole(slots))?;
    let mut telling = begin(ask, &found);
    let counted = slots.kind.as_deref() == Some(COUNTED);
    let wanted = |entry: &&Entry<'_>| if counted { entry.is_spending() } else { entry.kind != Kind::Check };
    let rows: Vec<Entry<'_>> = found.rows.iter().filter(wanted).copied().collect();
    if rows.is_empty() {
        return Ok(none(telling, ask, &found));
    }
    let head = match (slots.period, slots.page) {
        (Some(_), _) => "list-head-when",
        (None, 0) => "list-head",
        (None, _) => "list-head-earlier",
    };
    let head = Say::new(head).with("about", found.about()).with("span", found.window.seen);
    if !page(&mut telling, ask, &found, &rows, head) {
        telling.say(Say::new("nothing-more"));
        return Ok(telling.end(NOTHING));
    }
    found.note_gaps(&mut telling);
    telling.offer(Say::new("title-spending"), Part::new(Intent::SpendSum));
    telling.offer(Say::new("title-balance"), Part::new(Intent::BalanceGet));
    Ok(telling.done())
}

/// Answers `txn.search`. One hit is a sentence; several are a list.
pub(super) fn search(ask: &Ask<'_>) -> Answered {
    let slots = &ask.part.slots;
    let found = gather::rows(ask, slots, whole(slots))?;
    let mut telling = begin(ask, &found);
    // A card check is no payment; it is shown only to somebody who asks for its amount.
    let wanted = |entry: &&Entry<'_>| entry.kind != Kind::Check || slots.amount.is_some();
    let rows: Vec<Entry<'_>> = found.rows.iter().filter(wanted).copied().collect();
    match rows.as_slice() {
        [] => return Ok(none(telling, ask, &found)),
        [only] => {
            let sentence = sentence(&mut telling, only);
            telling.say(sentence);
        }
        several => {
            let head = Say::new("search-head").with("count", several.len());
            if !page(&mut telling, ask, &found, several, head) {
                telling.say(Say::new("nothing-more"));
                return Ok(telling.end(NOTHING));
            }
        }
    }
    found.note_gaps(&mut telling);
    telling.offer(Say::new("title-recent"), Part::new(Intent::TxnList));
    telling.offer(Say::new("title-spending"), Part::new(Intent::SpendSum));
    Ok(telling.done())
}

/// The asked days, else all that there are.
/// The days of a list: all that there are, where none were named.
pub(super) fn whole(slots: &Slots) -> Period {
    slots.period.unwrap_or(Period { from: None, to: None })
}

/// Begins a list; a period that was not asked for is not put into the context.
fn begin<'a>(ask: &Ask<'a>, found: &Gathered<'a>) -> Telling<'a> {
    let mut telling = found.telling(ask);
    telling.resolved.period = ask.part.slots.period;
    telling
}

fn none(mut telling: Telling<'_>, ask: &Ask<'_>, found: &Gathered<'_>) -> Answer {
    let amount = ask.part.slots.amount.is_some();
    let id = if amount { "list-none-amount" } else { "list-none" };
    let kept = found.accounts.iter().filter_map(|share| share.history_from).max();
    let window = match (ask.part.slots.period, kept) {
        (None, Some(kept)) => Say::new("when-since").with("day", kept),
        _ => found.window.say(ask.today),
    };
    telling.say(Say::new(id).with("about", found.about()).with("when", window));
    found.note_gaps(&mut telling);
    telling.offer(Say::new("title-balance"), Part::new(Intent::BalanceGet));
    telling.offer(Say::new("title-spending"), Part::new(Intent::SpendSum));
    telling.end(if found.is_about_all() { NOTHING } else { NONE_SUCH })
}

/// Says one page of rows under a heading; false when the page is past the end.
fn page(telling: &mut Telling<'_>, ask: &Ask<'_>, found: &Gathered<'_>, rows: &[Entry<'_>], head: Say) -> bool {
    let slots = &ask.part.slots;
    let size = slots.count.and_then(|count| usize::try_from(count).ok()).unwrap_or(PAGE).clamp(1, PAGE_MAX);
    let from = usize::try_from(slots.page).unwrap_or(usize::MAX).saturating_mul(size);
    let Some(shown) = rows.get(from..).filter(|rest| !rest.is_empty()) else { return false };
    telling.say(head);
    for entry in shown.iter().take(size) {
        let line = line(telling, entry, found.over_several());
        telling.say(line);
    }
    if shown.len() > size {
        telling.offer(Say::new("title-more"), Part::new(Intent::More));
    }
    true
}

/// One row in a list: `Nov 22: Luma Restaurant, $88.10 (pending)`.
pub(super) fn line(telling: &mut Telling<'_>, entry: &Entry<'_>, say_account: bool) -> Say {
    let row = entry.row;
    let account = match &entry.account.last4 {
        _ if !say_account => Arg::from(""),
        Some(last4) => Arg::from(Say::new("row-account").with("account", format!("••{last4}"))),
        None => Arg::from(Say::new("row-account").with("account", entry.account.nick.as_str())),
    };
    let original = row.original.map_or_else(
        || Arg::from(""),
        |money| {
            // The figure of the shop's own currency rests on the same row.
            Arg::from(Say::new("row-original").with("money", telling.over_rows(money.abs(), [entry])))
        },
    );
    Say::new("row")
        .with("day", row.date)
        .with("name", row.label())
        .with("money", telling.over_rows(row.money.abs(), [entry]))
        .with("way", way(entry))
        .with("original", original)
        .with("account", account)
        .with("state", state(entry))
}

/// One row as a sentence: merchant, day and account.
fn sentence(telling: &mut Telling<'_>, entry: &Entry<'_>) -> Say {
    let row = entry.row;
    let money = telling.over_rows(row.money.abs(), [entry]);
    Say::new("search-one")
        .with("money", money)
        .with("name", row.label())
        .with("day", row.date)
        .with("account", entry.account)
        .with("way", way(entry))
        .with("state", state(entry))
}

/// The word by which texts choose how a row's direction is said.
pub(super) fn way(entry: &Entry<'_>) -> &'static str {
    match (entry.kind, entry.row.money.is_out()) {
        (Kind::Internal, true) => "own-out",
        (Kind::Internal, false) => "own-in",
        (Kind::Refund, _) => "refund",
        (Kind::Check, _) => "check",
        (_, true) => "out",
        (_, false) => "in",
    }
}

fn state(entry: &Entry<'_>) -> &'static str {
    if entry.row.is_pending() { "pending" } else { "booked" }
}
