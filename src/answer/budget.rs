//! How much of each budget is spent: the sums of `spend.rs`, of a calendar month, in the budget's own currency.

use jiff::civil::Date;

use crate::answer::{
    Answered, Ask, NONE_SUCH,
    gather::{self, Gathered},
    ledger::Entry,
    spend::{self, Sum},
    telling::Telling,
    when,
};
use crate::domain::{
    answer::Answer,
    budget::Budget,
    period::Period,
    reading::{Intent, Part, Slots},
    say::Say,
};

/// Answers `budget.get`: a line for each budget that is meant.
pub(super) fn tell(ask: &Ask<'_>) -> Answered {
    let month = days(ask.part, ask.today);
    let mut looked = Vec::new();
    for budget in ask.budgets.iter().filter(|budget| budget.is_meant(&ask.part.slots)) {
        looked.push((budget, spending(ask, budget, month)?));
    }
    let mut telling = Telling::new(ask);
    telling.resolved = ask.part.slots.clone();
    for (budget, found) in &looked {
        found.accounts.iter().for_each(|share| telling.rests_on(&share.bank, share.read_at));
        say_budget(&mut telling, ask, budget, found);
    }
    // Each budget lacks the same sources and days.
    if let Some((_, found)) = looked.first() {
        found.note_gaps(&mut telling);
    }
    if let [(budget, _)] = looked.as_slice() {
        telling.resolved = Slots { period: ask.part.slots.period, ..slots_of(budget) };
    }
    telling.offer_how();
    telling.offer(Say::new("title-spending"), Part::new(Intent::SpendSum));
    telling.offer(Say::new("title-recent"), Part::new(Intent::TxnList));
    Ok(telling.done())
}

fn say_budget<'a>(telling: &mut Telling<'a>, ask: &Ask<'a>, budget: &Budget, found: &Gathered<'a>) {
    let limit = budget.amount;
    let entries = found.spending();
    let (own, others): (Vec<Entry<'a>>, Vec<Entry<'a>>) =
        entries.iter().partition(|entry| entry.row.money.currency == limit.currency);
    let sum = Sum::of(limit.currency, &own);
    let spent = sum.spent();
    let left = limit.minus(spent).unwrap_or(limit);
    // What is left cannot be told where a source is missing.
    let id = match (found.missing.is_empty(), left.is_out()) {
        (_, true) => "budget-over",
        (true, false) => "budget-left",
        (false, false) => "budget-partial",
    };
    let banks = || found.accounts.iter().map(|share| &share.bank);
    let spent =
        if sum.rows.is_empty() { telling.over_banks(spent, banks()) } else { telling.over_rows(spent, &sum.rows) };
    let (left, limit) = (telling.over_banks(left.abs(), banks()), telling.over_banks(limit, []));
    let say = Say::new(id).with("spent", spent).with("limit", limit).with("left", left);
    telling.say(say.with("about", found.about()).with("when", found.window.say(ask.today)));
    spend::say_parts(telling, &own);
    if spend::payments(&others) > 0 {
        let sum = spend::over(telling, &others);
        telling.say(Say::new("budget-other-currencies").with("sum", sum));
    }
}

/// The rows of a budget's month. A merchant who is on no row has been paid nothing yet.
fn spending<'a>(ask: &Ask<'a>, budget: &Budget, month: Period) -> Result<Gathered<'a>, Box<Answer>> {
    match gather::rows(ask, &slots_of(budget), month) {
        Err(answer) if answer.outcome == NONE_SUCH && !budget.merchants.is_empty() => {
            let mut found = gather::rows(ask, &Slots::default(), month)?;
            found.rows.clear();
            found.resolved.merchants.clone_from(&budget.merchants);
            Ok(found)
        }
        found => found,
    }
}

/// What a budget counts, as the slots of a sum.
fn slots_of(budget: &Budget) -> Slots {
    Slots { categories: budget.categories.clone(), merchants: budget.merchants.clone(), ..Slots::default() }
}

/// The calendar month that is asked for: this one, unless another is named.
pub(super) fn days(part: &Part, today: Date) -> Period {
    part.slots.period.filter(|period| when::is_month(*period)).unwrap_or_else(|| when::this_month(today))
}

/// The sum of spending that a budget's line rests on, for its explanation: of the first budget that is meant.
pub(super) fn as_spending(ask: &Ask<'_>) -> Part {
    let budget = ask.budgets.iter().find(|budget| budget.is_meant(&ask.part.slots));
    let slots = budget.map(slots_of).unwrap_or_default();
    Part { intent: Intent::SpendSum, slots: Slots { period: Some(days(ask.part, ask.today)), ..slots } }
}
