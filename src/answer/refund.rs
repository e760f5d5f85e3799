//! Did a refund come: the refund, the purchase it belongs to, and what of that has not come back. Nothing is called
//! complete that is not.

use rust_decimal::Decimal;

use crate::answer::{
    Answered, Ask, NOTHING,
    gather::{self, Gathered},
    ledger::{Entry, Kind},
    list,
    recurring::ALL_DAYS,
    telling::Telling,
};
use crate::domain::{
    answer::Answer,
    money::Money,
    reading::{AmountRange, Intent, Part, Slots},
    say::{Arg, Say},
};

/// Most refunds that are told.
const SHOWN: usize = 5;

/// A purchase with what came back of it.
struct Returned<'a> {
    /// The purchase, where one is seen that is large enough.
    purchase: Option<Entry<'a>>,
    /// The refunds, newest first; none when the purchase was asked for and nothing came.
    refunds: Vec<Entry<'a>>,
}

impl<'a> Returned<'a> {
    fn back(&self, zero: Money) -> Money {
        self.refunds.iter().fold(zero, |sum, entry| sum.plus(entry.row.money).unwrap_or(sum))
    }

    fn fits(&self, amount: &AmountRange) -> bool {
        self.refunds.iter().chain(&self.purchase).any(|entry| {
            let money = entry.row.money;
            amount.currency.is_none_or(|currency| currency == money.currency) && amount.contains(money.amount)
        })
    }
}

/// What was looked at, and what came back.
struct Looked<'a> {
    found: Gathered<'a>,
    /// The days of the refunds, in words.
    when: Say,
    returned: Vec<Returned<'a>>,
    /// The purchases that were named by their amount and of which nothing came back, newest first.
    open: Vec<Entry<'a>>,
}

impl<'a> Looked<'a> {
    fn at(ask: &Ask<'a>) -> Result<Self, Box<Answer>> {
        // The amount may be that of the purchase, the days may be those of the refund: both are looked at below.
        let slots = Slots { amount: None, period: None, direction: None, ..ask.part.slots.clone() };
        let found = gather::rows(ask, &slots, ALL_DAYS)?;
        let when = match ask.part.slots.period {
            Some(period) => gather::rows(ask, &slots, period)?.window.say(ask.today),
            None => found.window.say(ask.today),
        };
        let in_days = |entry: &Entry<'_>| ask.part.slots.period.is_none_or(|period| period.contains(entry.row.date));
        let mut returned = matched(&found.rows);
        let mut open = Vec::new();
        if let Some(amount) = &ask.part.slots.amount {
            returned.retain(|returned| returned.fits(amount));
            let is_open = |entry: &&Entry<'a>| entry.kind == Kind::Payment && amount.contains(entry.row.money.amount);
            if returned.is_empty() {
                open = found.rows.iter().filter(is_open).copied().collect();
            }
        }
        returned.retain(|returned| returned.refunds.iter().any(in_days));
        Ok(Self { found, when, returned, open })
    }

    fn telling(&self, ask: &Ask<'a>) -> Telling<'a> {
        let mut telling = self.found.telling(ask);
        telling.resolved.period = ask.part.slots.period;
        telling.resolved.amount.clone_from(&ask.part.slots.amount);
        telling
    }
}

/// Finds the purchase of every refund: of the same shop and currency, on or before its day, with as much left as came
/// back; one of exactly that sum before all others, else the latest.
fn matched<'a>(rows: &[Entry<'a>]) -> Vec<Returned<'a>> {
    let mut returned: Vec<Returned<'a>> = Vec::new();
    // Oldest first, so that an earlier refund has the earlier purchase.
    for refund in rows.iter().rev().filter(|entry| entry.kind == Kind::Refund) {
        let purchase = purchase_of(refund, rows, &returned);
        let same = |known: &&mut Returned<'a>| match (&known.purchase, &purchase) {
            (Some(known), Some(found)) => known.row.id == found.row.id && known.account.id == found.account.id,
            _ => false,
        };
        match returned.iter_mut().find(same) {
            Some(known) => known.refunds.insert(0, *refund),
            None => returned.push(Returned { purchase, refunds: vec![*refund] }),
        }
    }
    returned.reverse();
    returned.sort_by_key(|one| std::cmp::Reverse(one.refunds.first().map(|entry| entry.row.date)));
    returned
}

fn purchase_of<'a>(refund: &Entry<'a>, rows: &[Entry<'a>], returned: &[Returned<'a>]) -> Option<Entry<'a>> {
    let left = |entry: &Entry<'a>| -> Decimal {
        let of_entry = returned.iter().filter(|known| {
            known.purchase.is_some_and(|known| known.row.id == entry.row.id && known.account.id == entry.account.id)
        });
        let back = of_entry.map(|known| known.back(Money::zero(entry.row.money.currency)).amount);
        back.fold(entry.row.money.amount.abs(), |left, back| left.saturating_sub(back))
    };
    let fits = |entry: &&Entry<'a>| {
        entry.kind == Kind::Payment
            && entry.row.label() == refund.row.label()
            && entry.row.money.currency == refund.row.money.currency
            && entry.row.date <= refund.row.date
            && left(entry) >= refund.row.money.amount
    };
    let candidates: Vec<Entry<'a>> = rows.iter().filter(fits).copied().collect();
    let exact = candidates.iter().find(|entry| left(entry) == refund.row.money.amount);
    exact.or(candidates.first()).copied()
}

/// Answers `refund.check`.
pub(super) fn check(ask: &Ask<'_>) -> Answered {
    let looked = Looked::at(ask)?;
    let mut telling = looked.telling(ask);
    for returned in looked.returned.iter().take(SHOWN) {
        say_returned(&mut telling, returned);
    }
    let more = looked.returned.len().saturating_sub(SHOWN);
    if more > 0 {
        telling.say(Say::new("refund-more").with("count", more));
    }
    if looked.returned.is_empty() {
        say_none(&mut telling, ask, &looked);
    }
    looked.found.note_gaps(&mut telling);
    telling.offer_how();
    telling.offer(Say::new("title-recent"), Part::new(Intent::TxnList));
    Ok(if looked.returned.is_empty() { telling.end(NOTHING) } else { telling.done() })
}

/// The refund, then how much of the purchase it is.
fn say_returned<'a>(telling: &mut Telling<'a>, returned: &Returned<'a>) {
    for refund in &returned.refunds {
        let money = telling.over_rows(refund.row.money, [refund]);
        let say = Say::new("refund-came").with("money", money).with("name", refund.row.label());
        let state = if refund.row.is_pending() { "pending" } else { "booked" };
        telling.say(say.with("day", refund.row.date).with("account", refund.account).with("state", state));
    }
    let Some(purchase) = &returned.purchase else {
        telling.say(Say::new("refund-no-purchase"));
        return;
    };
    let paid = purchase.row.money.abs();
    let Ok(left) = paid.minus(returned.back(Money::zero(paid.currency))) else { return };
    let paid = telling.over_rows(paid, [purchase]);
    let id = if left.is_zero() { "refund-all" } else { "refund-part" };
    let left = telling.over_rows(left, returned.refunds.iter().chain([purchase]));
    telling.say(Say::new(id).with("paid", paid).with("day", purchase.row.date).with("left", left));
}

/// No refund: of what was asked, and the payment that one could be of.
fn say_none<'a>(telling: &mut Telling<'a>, ask: &Ask<'a>, looked: &Looked<'a>) {
    let when = looked.when.clone();
    if let Some(purchase) = looked.open.first() {
        let money = telling.over_rows(purchase.row.money.abs(), [purchase]);
        let say = Say::new("refund-none-of").with("money", money).with("name", purchase.row.label());
        telling.say(say.with("day", purchase.row.date));
        return;
    }
    let id = if ask.part.slots.amount.is_some() { "refund-none-amount" } else { "refund-none" };
    telling.say(Say::new(id).with("about", looked.found.about()).with("when", when));
    let asked_for_shop = !looked.found.resolved.merchants.is_empty();
    let latest = looked.found.rows.iter().find(|entry| entry.kind == Kind::Payment);
    if let Some(latest) = latest.filter(|_| asked_for_shop) {
        let money = telling.over_rows(latest.row.money.abs(), [latest]);
        let say = Say::new("refund-latest").with("money", money).with("name", latest.row.label());
        telling.say(say.with("day", latest.row.date));
    }
}

/// The rows of each refund and its purchase, and the rule that put them together.
pub(super) fn explain(ask: &Ask<'_>) -> Answered {
    let looked = Looked::at(ask)?;
    let mut telling = looked.telling(ask);
    if looked.returned.is_empty() {
        say_none(&mut telling, ask, &looked);
    }
    for returned in looked.returned.iter().take(SHOWN) {
        for entry in returned.purchase.iter().chain(returned.refunds.iter().rev()) {
            let line = list::line(&mut telling, entry, looked.found.over_several());
            telling.say(line);
        }
        say_formula(&mut telling, returned);
    }
    telling.say_apart(Say::new("refund-rule"));
    super::explain::say_read(&mut telling, &looked.found.accounts);
    looked.found.note_gaps(&mut telling);
    Ok(telling.done())
}

fn say_formula<'a>(telling: &mut Telling<'a>, returned: &Returned<'a>) {
    let Some(purchase) = &returned.purchase else { return };
    let paid = purchase.row.money.abs();
    let back = returned.back(Money::zero(paid.currency));
    let Ok(left) = paid.minus(back) else { return };
    let paid = telling.over_rows(paid, [purchase]);
    let back: Arg = telling.over_rows(back, &returned.refunds);
    let left = telling.over_rows(left, returned.refunds.iter().chain([purchase]));
    telling.say(Say::new("explain-formula").with("paid", paid).with("back", back).with("sum", left));
}
