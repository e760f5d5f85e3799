//! What the last question leaves to a text that leans on it: which details it can take, and how they change it.

use super::dates::{Calendar, Unit, shift, unit};
use super::slots::Findings;
use super::tokens::View;
use crate::domain::period::Period;
use crate::domain::reading::{Intent, Part, Slots};

/// Slots that an intent's answer can use. What it cannot use is no detail of it.
pub(super) fn accepts(intent: Intent, slot: &str) -> bool {
    use Intent as I;
    let slot = slot.strip_prefix("except_").unwrap_or(slot);
    // An answer to a question of the bot, or nothing understood: details count whatever was wanted.
    if takes_anything(intent) {
        return !matches!(slot, "lang" | "net" | "direction" | "than");
    }
    let money = matches!(
        intent,
        I::SpendSum
            | I::SpendCompare
            | I::SpendTop
            | I::TxnSearch
            | I::TxnList
            | I::TxnStatus
            | I::RefundCheck
            | I::DuplicateCheck
            | I::RecurringList
            | I::DisputeStart
    );
    match slot {
        "period" => {
            money
                || matches!(
                    intent,
                    I::IncomeCheck
                        | I::UpcomingList
                        | I::AffordCheck
                        | I::BudgetGet
                        | I::AccessLog
                        | I::BalanceGet
                        | I::BalanceTotal
                        | I::CardDue
                        | I::CardSummary
                        | I::Correct
                        | I::DataExport
                )
        }
        "than" => intent == I::SpendCompare,
        "merchant" => {
            money
                || matches!(
                    intent,
                    I::IncomeCheck | I::Correct | I::OfferList | I::OfferWhy | I::BudgetSet | I::BudgetGet
                )
        }
        "category" => {
            money || matches!(intent, I::BudgetSet | I::BudgetGet | I::AffordCheck | I::Correct | I::UpcomingList)
        }
        "amount" => {
            money
                || matches!(
                    intent,
                    I::AffordCheck | I::BudgetSet | I::AlertSet | I::IncomeCheck | I::ExplainAnswer | I::BalanceGet
                )
        }
        "account" | "bank" => {
            money
                || matches!(
                    intent,
                    I::BalanceGet
                        | I::BalanceTotal
                        | I::CardSummary
                        | I::CardLimit
                        | I::CardDue
                        | I::IncomeCheck
                        | I::UpcomingList
                        | I::AffordCheck
                        | I::AlertSet
                        | I::DataRefresh
                        | I::LinkStart
                        | I::LinkStatus
                        | I::Unlink
                        | I::ConsentRenew
                        | I::AccountNumber
                        | I::CardLost
                        | I::AccessLog
                )
        }
        "count" => matches!(intent, I::TxnList | I::TxnSearch | I::SpendTop),
        "direction" => matches!(intent, I::TxnList | I::TxnSearch | I::IncomeCheck | I::SpendSum),
        "net" | "currency" => matches!(intent, I::BalanceTotal),
        "lang" => intent == I::LangSet,
        _ => true,
    }
}

/// Intents that say nothing about which details belong to them.
fn takes_anything(intent: Intent) -> bool {
    use Intent as I;
    matches!(intent, I::Affirm | I::Deny | I::Unknown | I::OutOfScope | I::Correct | I::Smalltalk)
}

/// Whether a question leaves something that a later text may change.
pub(super) fn continues(intent: Intent) -> bool {
    let detailed = accepts(intent, "account") || accepts(intent, "period") || accepts(intent, "category");
    let once = matches!(intent, Intent::CardLost | Intent::LinkStart | Intent::DisputeStart | Intent::DataExport);
    detailed && !once && !takes_anything(intent)
}

/// "the month before", "the week before that", "same last year", "and before that?": the last period, moved.
pub(super) fn moved(view: View<'_>, last: &Slots, calendar: &Calendar) -> Option<(Period, usize, usize)> {
    (0..view.len()).find_map(|at| {
        let (by, end) = named_move(view, at)?;
        // A question without days was about the present, so "the month before" it is the last whole month.
        let present = |unit| calendar.around(calendar.today, unit).map(|now| Period::new(now.from, now.to));
        let period = last.period.or_else(|| by.and_then(present))?;
        let by = by.or_else(|| grain(period, calendar))?;
        Some((back(period, by)?, at, end))
    })
}

/// The unit to go back by (`None`: the period's own), and where the words end.
fn named_move(view: View<'_>, at: usize) -> Option<(Option<Unit>, usize)> {
    let start = view.skip(at, &["the"]);
    let named = unit(view.text(start)).filter(|_| view.any(start + 1, &["before", "earlier", "prior"]));
    if let Some(unit) = named {
        return Some((Some(unit), view.skip(start + 2, &["that", "this", "it"])));
    }
    if view.any(start, &["one", "period"]) && view.is(start + 1, "before") {
        return Some((None, view.skip(start + 2, &["that"])));
    }
    if view.is(start, "before") && view.any(start + 1, &["that", "this"]) && start + 2 >= view.len().saturating_sub(1) {
        return Some((None, start + 2));
    }
    let year = view
        .after(at, &["same", "last", "year"])
        .or_else(|| view.after(at, &["same", "period", "last", "year"]))
        .or_else(|| view.after(at, &["same", "time", "last", "year"]))?;
    Some((Some(Unit::Year), year))
}

/// The unit that a period is exactly one of.
fn grain(period: Period, calendar: &Calendar) -> Option<Unit> {
    let (from, to) = (period.from?, period.to?);
    let units = [Unit::Day, Unit::Week, Unit::Month, Unit::Quarter, Unit::Half, Unit::Year];
    units
        .into_iter()
        .find(|unit| calendar.around(from, *unit).is_some_and(|around| around.from == from && around.to == to))
}

fn back(period: Period, by: Unit) -> Option<Period> {
    let (from, to) = (period.from?, period.to?);
    let first = shift(from, by, -1)?;
    // Month ends move with the calendar: what ended with a month ends with a month.
    let whole = to.day() == 1 && from.day() == 1;
    let last = if whole { shift(to, by, -1)? } else { shift(to.yesterday().ok()?, by, -1)?.tomorrow().ok()? };
    Some(Period::new(first, last))
}

/// The last question with the details of this text in place of its own.
pub(super) fn merged(last: &Part, found: &Findings, period: Option<Period>) -> Part {
    let new = &found.slots;
    if asks_for_one_payment(last.intent, new) {
        // "what was that 64.99" after a question about October: one payment is looked for wherever it is.
        return Part { intent: Intent::TxnSearch, slots: Slots { period, ..new.clone() } };
    }
    let mut slots = Slots { page: 0, ..last.slots.clone() };
    let mut intent = last.intent;
    if let Some(period) = period.or(new.period) {
        slots.period = Some(period);
        slots.than = None;
        if intent == Intent::SpendCompare {
            // "whole of october" after a comparison asks for that month itself.
            intent = Intent::SpendSum;
        }
    }
    if !new.merchants.is_empty() {
        slots.merchants.clone_from(&new.merchants);
        slots.categories.clear();
    }
    if !new.categories.is_empty() && !let_in_again(&mut slots, new, found.lets_in) {
        slots.categories.clone_from(&new.categories);
        slots.merchants.clear();
    }
    if found.all_accounts || !new.accounts.is_empty() || !new.banks.is_empty() || new.account_words.is_some() {
        slots.accounts.clone_from(&new.accounts);
        slots.account_words.clone_from(&new.account_words);
        slots.banks.clone_from(&new.banks);
    }
    if !new.except_merchants.is_empty() {
        slots.except_merchants.clone_from(&new.except_merchants);
        slots.merchants.retain(|name| !new.except_merchants.contains(name));
    }
    if !new.except_categories.is_empty() {
        slots.except_categories.clone_from(&new.except_categories);
        slots.categories.retain(|category| !new.except_categories.contains(category));
    }
    if !new.except_amounts.is_empty() {
        slots.except_amounts.clone_from(&new.except_amounts);
    }
    slots.amount = new.amount.clone().or(slots.amount);
    slots.count = new.count.or(slots.count);
    slots.direction = new.direction.or(slots.direction);
    slots.currency = new.currency.or(slots.currency);
    if new.net && matches!(intent, Intent::BalanceGet | Intent::BalanceTotal) {
        intent = Intent::BalanceTotal;
        slots.net = true;
    }
    Part { intent, slots }
}

/// Whether a figure alone is the payment that is looked for.
fn asks_for_one_payment(last: Intent, new: &Slots) -> bool {
    use Intent as I;
    let exact = new.amount.as_ref().is_some_and(|range| range.min.is_some() && range.min == range.max);
    exact
        && matches!(
            last,
            I::SpendSum | I::SpendCompare | I::SpendTop | I::TxnSearch | I::TxnList | I::TxnStatus | I::BalanceGet
        )
}

/// "with rent", after a question without: what was left out counts again. Whether that is what was said.
fn let_in_again(slots: &mut Slots, new: &Slots, said: bool) -> bool {
    let all_were_out = new.categories.iter().all(|category| slots.except_categories.contains(category));
    if said && all_were_out {
        slots.except_categories.retain(|category| !new.categories.contains(category));
    }
    said && all_were_out
}
