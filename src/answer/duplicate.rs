//! Was I charged twice: the same name, the same amount, a few days apart. A pending row beside a booked one may be one
//! payment shown twice, and is said to be so.

use jiff::Unit;

use crate::answer::{
    Answered, Ask, NOTHING, dispute,
    gather::{self, Gathered},
    ledger::{Entry, Kind},
    list,
    recurring::ALL_DAYS,
    telling::Telling,
};
use crate::domain::{
    answer::Answer,
    reading::{Intent, Part, Slots},
    say::Say,
    transaction::Category,
};

/// Days that two charges may be apart.
const APART: i32 = 3;

/// Most pairs that are told.
const SHOWN: usize = 5;

/// The same charge more than once.
struct Charge<'a> {
    /// The rows, newest first; at least two.
    rows: Vec<Entry<'a>>,
    /// One of them as it came back, where it did.
    back: Option<Entry<'a>>,
}

impl<'a> Charge<'a> {
    fn pending(&self) -> usize {
        self.rows.iter().filter(|entry| entry.row.is_pending()).count()
    }
}

/// What was looked at, and what stands there more than once.
struct Looked<'a> {
    found: Gathered<'a>,
    charges: Vec<Charge<'a>>,
}

impl<'a> Looked<'a> {
    fn at(ask: &Ask<'a>) -> Result<Self, Box<Answer>> {
        let slots = Slots { direction: None, ..ask.part.slots.clone() };
        let found = gather::rows(ask, &slots, slots.period.unwrap_or(ALL_DAYS))?;
        let charges = charges(&found.rows);
        Ok(Self { found, charges })
    }

    fn telling(&self, ask: &Ask<'a>) -> Telling<'a> {
        let mut telling = self.found.telling(ask);
        telling.resolved.period = ask.part.slots.period;
        telling
    }
}

/// Charges of one name and amount on one account, each at most [`APART`] days after the one before. Cash machines pay
/// out what is asked for, twice if need be, and are left out.
fn charges<'a>(rows: &[Entry<'a>]) -> Vec<Charge<'a>> {
    let mut charges: Vec<Charge<'a>> = Vec::new();
    let is_charge = |entry: &&Entry<'_>| entry.kind == Kind::Payment && entry.row.category != Category::Cash;
    for entry in rows.iter().filter(is_charge) {
        let follows = |charge: &&mut Charge<'a>| charge.rows.last().is_some_and(|later| is_same(later, entry));
        match charges.iter_mut().find(follows) {
            Some(charge) => charge.rows.push(*entry),
            None => charges.push(Charge { rows: vec![*entry], back: None }),
        }
    }
    charges.retain(|charge| charge.rows.len() > 1);
    for charge in &mut charges {
        charge.back = back(charge, rows);
    }
    charges
}

fn is_same(later: &Entry<'_>, earlier: &Entry<'_>) -> bool {
    let days = earlier.row.date.until((Unit::Day, later.row.date)).map_or(i32::MAX, |span| span.get_days());
    later.account.id == earlier.account.id
        && later.row.label() == earlier.row.label()
        && later.row.money == earlier.row.money
        && days.abs() <= APART
}

/// The refund of one of the charges: of the same amount, since the first of them.
fn back<'a>(charge: &Charge<'a>, rows: &[Entry<'a>]) -> Option<Entry<'a>> {
    let first = charge.rows.last()?;
    let is_back = |entry: &&Entry<'a>| {
        entry.kind == Kind::Refund
            && entry.row.label() == first.row.label()
            && entry.row.money == first.row.money.negated()
            && entry.row.date >= first.row.date
    };
    rows.iter().find(is_back).copied()
}

/// Answers `duplicate.check`.
pub(super) fn check(ask: &Ask<'_>) -> Answered {
    let looked = Looked::at(ask)?;
    let mut telling = looked.telling(ask);
    if looked.charges.is_empty() {
        say_none(&mut telling, ask, &looked);
        looked.found.note_gaps(&mut telling);
        telling.offer_how();
        telling.offer(Say::new("title-recent"), Part::new(Intent::TxnList));
        return Ok(telling.end(NOTHING));
    }
    for charge in looked.charges.iter().take(SHOWN) {
        say_charge(&mut telling, charge);
    }
    let more = looked.charges.len().saturating_sub(SHOWN);
    if more > 0 {
        telling.say(Say::new("duplicate-more").with("count", more));
    }
    looked.found.note_gaps(&mut telling);
    let doubles: Vec<Entry<'_>> = looked.charges.iter().flat_map(|charge| charge.rows.iter().copied()).collect();
    telling.offer(Say::new("title-dispute"), dispute::of(&doubles, &ask.part.slots));
    telling.offer(Say::new("title-both-mine"), Part::new(Intent::Affirm));
    telling.offer_how();
    Ok(telling.done())
}

/// The charge, its days, and what may be behind it.
fn say_charge<'a>(telling: &mut Telling<'a>, charge: &Charge<'a>) {
    let (Some(last), Some(first)) = (charge.rows.first(), charge.rows.last()) else { return };
    let money = telling.over_rows(last.row.money.abs(), [last]);
    let id = if first.row.date == last.row.date { "duplicate-same-day" } else { "duplicate-days" };
    let say = Say::new(id).with("money", money).with("name", last.row.label()).with("count", charge.rows.len());
    let say = say.with("day", first.row.date).with("last", last.row.date);
    telling.say(say.with("account", last.account));
    match (charge.pending(), charge.rows.len()) {
        (0, _) => telling.say(Say::new("duplicate-booked").with("count", charge.rows.len())),
        (pending, all) if pending == all => telling.say(Say::new("duplicate-pending").with("count", all)),
        (pending, _) => telling.say(Say::new("duplicate-one-pending").with("count", pending)),
    }
    if let Some(back) = &charge.back {
        let money = telling.over_rows(back.row.money, [back]);
        telling.say(Say::new("duplicate-back").with("money", money).with("day", back.row.date));
    }
}

fn say_none<'a>(telling: &mut Telling<'a>, ask: &Ask<'a>, looked: &Looked<'a>) {
    let when = looked.found.window.say(ask.today);
    telling.say(Say::new("duplicate-none").with("about", looked.found.about()).with("when", when));
}

/// The rows one by one, and what counts as the same charge.
pub(super) fn explain(ask: &Ask<'_>) -> Answered {
    let looked = Looked::at(ask)?;
    let mut telling = looked.telling(ask);
    if looked.charges.is_empty() {
        say_none(&mut telling, ask, &looked);
    }
    for entry in looked.charges.iter().take(SHOWN).flat_map(|charge| charge.rows.iter().chain(&charge.back)) {
        let line = list::line(&mut telling, entry, looked.found.over_several());
        telling.say(line);
    }
    telling.say_apart(Say::new("duplicate-rule"));
    super::explain::say_read(&mut telling, &looked.found.accounts);
    looked.found.note_gaps(&mut telling);
    Ok(telling.done())
}
