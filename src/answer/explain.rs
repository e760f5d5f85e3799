//! How the answer before came about: it is computed again from what the banks say now, with its rows, its formula,
//! what was left out, and when each bank was read.

use crate::answer::{
    Answered, Ask, NOTHING, afford,
    balance::{owed, usable},
    budget, compare, duplicate, gather, income,
    ledger::Entry,
    list, own_category, recurring, refund, shape,
    spend::{self, Sum},
    status,
    telling::{Telling, all},
    total::{self, Totals},
    trouble, upcoming,
};
use crate::domain::{
    account::BalanceKind,
    answer::{Answer, Draft, DraftButton},
    facts::AccountFacts,
    money::Money,
    reading::Intent,
    say::{Arg, Say},
    webpage::WebPage,
};

/// Most rows that an explanation lists.
const ROWS_MAX: usize = 10;

/// Answers `explain.answer`.
pub(super) fn explain(ask: &Ask<'_>) -> Answered {
    let Some(previous) = ask.previous else { return Ok(nothing_to_explain(ask)) };
    let before = Ask { part: previous, previous: None, ..*ask };
    let mut answer = explained(ask, &before)?;
    // In full it stands on a page of its own.
    if !ask.in_full && answer.outcome == super::DONE {
        let button =
            DraftButton::Web { title: Say::new("title-explain"), page: WebPage::Explain(Box::new(previous.clone())) };
        answer.bubbles.last_mut().into_iter().for_each(|last| last.buttons.push(button.clone()));
    }
    Ok(answer)
}

fn explained(ask: &Ask<'_>, before: &Ask<'_>) -> Answered {
    match before.part.intent {
        Intent::SpendSum | Intent::SpendTop => spending(before),
        Intent::BudgetGet => spending(&Ask { part: &budget::as_spending(before), ..*before }),
        Intent::SpendCompare => comparison(before),
        Intent::BalanceTotal => sum(before),
        Intent::BalanceGet | Intent::CardSummary | Intent::CardLimit | Intent::CardDue => figures(before),
        Intent::TxnList | Intent::TxnSearch => rows(before),
        Intent::RecurringList => recurring::explain(before),
        Intent::IncomeCheck => income::explain(before),
        Intent::UpcomingList => upcoming::explain(before),
        Intent::RefundCheck => refund::explain(before),
        Intent::DuplicateCheck => duplicate::explain(before),
        Intent::TxnStatus => Ok(status::explain(before)),
        Intent::AffordCheck => afford::explain(before),
        _ => Ok(nothing_to_explain(ask)),
    }
}

fn nothing_to_explain(ask: &Ask<'_>) -> Answer {
    let mut telling = Telling::new(ask);
    telling.say(Say::new("explain-nothing"));
    telling.end(NOTHING)
}

/// Rows, what they add up to, and what was not counted.
fn spending(ask: &Ask<'_>) -> Answered {
    let slots = &ask.part.slots;
    let found = gather::rows(ask, slots, shape::days(ask.part, ask.today))?;
    let mut telling = found.telling(ask);
    let entries = found.spending();
    let (id, sum) = match Sum::by_currency(&entries).as_slice() {
        [] if !found.missing.is_empty() => ("spend-zero-partial", Arg::from("")),
        [] => ("explain-zero", spend::spent(&mut telling, &found, &entries)),
        [only] if only.spent().is_out() => ("explain-back", telling.over_rows(only.spent().abs(), &only.rows)),
        _ => ("explain-sum", spend::spent(&mut telling, &found, &entries)),
    };
    let when = found.window.say(ask.today);
    let head = Say::new(id).with("sum", sum).with("about", found.about()).with("when", when);
    telling.say(head.with("count", spend::payments(&entries)));
    say_rows(&mut telling, &entries, found.over_several());
    say_formula(&mut telling, &entries);
    if found.is_about_all() {
        say_own(&mut telling, &found.own_transfers());
    }
    for rule in own_category::at_work(ask.facts, ask.rules, found.window.seen) {
        let say = Say::new("explain-rule").with("merchant", rule.merchant.as_str());
        telling.say_apart(say.with("category", rule.category));
    }
    telling.say_apart(Say::new("explain-rules"));
    say_read(&mut telling, &found.accounts);
    found.note_gaps(&mut telling);
    Ok(telling.done())
}

/// The person's own transfers and card payments, one by one, and why they do not count.
fn say_own(telling: &mut Telling<'_>, own: &[Entry<'_>]) {
    for entry in own.iter().take(most_rows(telling)) {
        let money = telling.over_rows(entry.row.money.abs(), [entry]);
        let say = Say::new("explain-own").with("money", money).with("name", entry.row.label());
        telling.say_apart(say.with("day", entry.row.date));
    }
    if !own.is_empty() {
        telling.say_apart(Say::new("explain-own-why"));
    }
}

fn most_rows(telling: &Telling<'_>) -> usize {
    if telling.is_in_full() { usize::MAX } else { ROWS_MAX }
}

/// The rows, as many as can be read with pleasure.
fn say_rows(telling: &mut Telling<'_>, entries: &[Entry<'_>], say_account: bool) {
    let most = most_rows(telling);
    for entry in entries.iter().take(most) {
        let line = list::line(telling, entry, say_account);
        telling.say(line);
    }
    let rest = entries.get(most..).unwrap_or_default();
    if !rest.is_empty() {
        let sums = Sum::by_currency(rest);
        let sum = all(sums.iter().map(|sum| telling.over_rows(sum.spent(), &sum.rows)).collect());
        telling.say(Say::new("explain-rest").with("count", rest.len()).with("sum", sum));
    }
}

/// Payments minus what came back, currency by currency, where something came back.
fn say_formula(telling: &mut Telling<'_>, entries: &[Entry<'_>]) {
    for sum in Sum::by_currency(entries) {
        let back = sum.add_up(|entry| !entry.row.money.is_out());
        if back.is_zero() {
            continue;
        }
        let (out, into): (Vec<Entry<'_>>, Vec<Entry<'_>>) = sum.rows.iter().partition(|entry| entry.row.money.is_out());
        let paid = telling.over_rows(sum.add_up(|entry| entry.row.money.is_out()).abs(), &out);
        let back = telling.over_rows(back, &into);
        let spent = telling.over_rows(sum.spent(), &sum.rows);
        telling.say(Say::new("explain-formula").with("paid", paid).with("back", back).with("sum", spent));
    }
}

/// The rows of the person's own period, then the comparison as it was said and the rule that made both alike.
fn comparison(ask: &Ask<'_>) -> Answered {
    let said = compare::compare(ask)?;
    let Ok(mut answer) = spending(ask) else { return Ok(said) };
    if said.outcome != super::DONE || answer.outcome != super::DONE {
        return Ok(said);
    }
    // The period itself has just been shown row by row; what is new is the other one.
    let is_new = |say: &Say| say.text.starts_with("compare-") && say.text != "compare-now";
    let mut lines: Vec<Say> = said.bubbles.into_iter().flat_map(|bubble| bubble.lines).filter(is_new).collect();
    lines.push(Say::new("explain-compare"));
    match answer.bubbles.as_mut_slice() {
        [_, second] => second.lines.splice(0..0, lines).for_each(drop),
        _ => answer.bubbles.push(Draft { lines, ..Draft::default() }),
    }
    answer.provenance.figures.extend(said.provenance.figures);
    answer.resolved = said.resolved;
    Ok(answer)
}

/// Account by account, what is added and what is taken off.
fn sum(ask: &Ask<'_>) -> Answered {
    let slots = &ask.part.slots;
    let mut shares = gather::accounts(ask, slots)?;
    let missing = trouble::relevant(ask, slots);
    trouble::retain_told(&mut shares, &missing);
    let totals = Totals::of(&shares);
    let mut telling = Telling::new(ask);
    let net = totals.net();
    for (share, figure) in &totals.cash {
        telling.rests_on(&share.bank, figure.as_of.at());
        let money = telling.balance(figure.money, &share.bank);
        telling.say(Say::new("explain-plus").with("account", &share.account).with("money", money));
    }
    for (share, figure) in &totals.debts {
        telling.rests_on(&share.bank, figure.as_of.at());
        let money = telling.balance(figure.money, &share.bank);
        let id = match (slots.net, totals.cash.is_empty()) {
            (true, _) => "explain-minus",
            (false, false) => "explain-owed-apart",
            (false, true) => "line-owed",
        };
        telling.say(Say::new(id).with("account", &share.account).with("money", money));
    }
    let (id, sums) = match (slots.net, totals.cash.is_empty()) {
        (true, _) => ("explain-net", net),
        (false, false) => ("explain-added", totals.available()),
        (false, true) => ("explain-owed-added", totals.owed()),
    };
    let debts_count = slots.net || totals.cash.is_empty();
    let from: Vec<_> = totals.cash.iter().chain(totals.debts.iter().filter(|_| debts_count)).copied().collect();
    if !sums.is_empty() {
        let result = all(sums.values().map(|sum| total::money(&mut telling, *sum, &from)).collect());
        telling.say(Say::new(id).with("sum", result));
    }
    if missing.is_empty() && !debts_count {
        total::converted(&mut telling, ask, &totals).into_iter().for_each(|say| telling.say(say));
    }
    say_read(&mut telling, &shares);
    trouble::not_included(&mut telling, &missing);
    Ok(telling.done())
}

/// Booked against available, with the pending payments that make the difference; owed as the bank says it.
fn figures(ask: &Ask<'_>) -> Answered {
    let slots = &ask.part.slots;
    let mut shares = gather::accounts(ask, slots)?;
    let missing = trouble::relevant(ask, slots);
    trouble::retain_told(&mut shares, &missing);
    let mut telling = Telling::new(ask);
    let card = !matches!(ask.part.intent, Intent::BalanceGet);
    for share in shares.iter().filter(|share| !card || share.account.class.is_debt()) {
        figure(&mut telling, share);
    }
    say_read(&mut telling, &shares);
    trouble::not_included(&mut telling, &missing);
    Ok(telling.done())
}

fn figure<'a>(telling: &mut Telling<'a>, share: &'a AccountFacts) {
    let balances = share.balances.as_ref();
    let booked = balances.and_then(|figures| figures.get(BalanceKind::Booked));
    let shown = if share.account.class.is_debt() { owed(share) } else { usable(share) };
    let Some(shown) = shown else {
        let say = Say::new("line-untold").with("account", &share.account);
        telling.say(say.with("bank", share.bank.name.as_str()));
        return;
    };
    telling.rests_on(&share.bank, shown.as_of.at());
    let money = telling.balance(shown.money, &share.bank);
    match booked {
        Some(booked) if shown.kind == BalanceKind::Available && booked.money != shown.money => {
            let booked_money = telling.balance(booked.money, &share.bank);
            let say = Say::new("explain-booked").with("account", &share.account).with("booked", booked_money);
            telling.say(say.with("available", money));
            say_pending(telling, share, booked.money, shown.money);
        }
        _ => {
            let id = match shown.kind {
                BalanceKind::Owed => "explain-owed",
                BalanceKind::Available => "explain-available",
                _ => "explain-booked-only",
            };
            let say = Say::new(id).with("account", &share.account).with("money", money);
            telling.say(say.with("bank", share.bank.name.as_str()));
        }
    }
}

/// Names the pending rows, and says so when they are not the whole difference.
fn say_pending<'a>(telling: &mut Telling<'a>, share: &'a AccountFacts, booked: Money, available: Money) {
    let pending: Vec<Entry<'a>> = share
        .transactions
        .iter()
        .flatten()
        .filter(|row| row.is_pending() && row.money.currency == booked.currency && !row.money.is_zero())
        .map(|row| Entry {
            row,
            account: &share.account,
            bank: &share.bank,
            kind: crate::answer::ledger::Kind::Payment,
        })
        .collect();
    if pending.is_empty() {
        telling.say(Say::new("explain-held").with("bank", share.bank.name.as_str()));
        return;
    }
    let sum = Sum { currency: booked.currency, rows: pending };
    let change = sum.add_up(|_| true);
    let total = telling.over_rows(change.abs(), &sum.rows);
    telling.say(Say::new("explain-pending").with("sum", total).with("count", sum.rows.len()));
    say_rows(telling, &sum.rows, false);
    if booked.plus(change) != Ok(available) {
        telling.say(Say::new("explain-held-too").with("bank", share.bank.name.as_str()));
    }
}

/// Rows are shown as they came.
fn rows(ask: &Ask<'_>) -> Answered {
    let found = gather::rows(ask, &ask.part.slots, list::whole(&ask.part.slots))?;
    let mut telling = found.telling(ask);
    telling.say(Say::new("explain-rows"));
    if ask.in_full {
        say_rows(&mut telling, &found.rows, found.over_several());
    }
    say_read(&mut telling, &found.accounts);
    Ok(telling.done())
}

/// When each bank was read, in the second bubble if there is one.
pub(super) fn say_read<'a>(telling: &mut Telling<'a>, shares: &[&'a AccountFacts]) {
    let mut seen: Vec<&str> = Vec::new();
    let mut read: Vec<Arg> = Vec::new();
    for share in shares {
        if !seen.contains(&share.bank.id.as_str()) {
            seen.push(share.bank.id.as_str());
            let one = Say::new("explain-read-bank").with("bank", share.bank.name.as_str());
            read.push(Arg::from(one.with("moment", share.read_at)));
        }
    }
    if !read.is_empty() {
        telling.say_apart(Say::new("explain-read").with("banks", all(read)));
    }
}
