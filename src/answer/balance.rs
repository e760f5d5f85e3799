//! What is on one, several or all accounts. Money that can be used is called available, debts are called owed, and
//! what is left of a credit limit is never shown as money.

use crate::answer::{
    Answered, Ask, gather,
    telling::{Telling, asks},
    trouble, when,
};
use crate::domain::{
    account::{Balance, BalanceKind, Balances},
    facts::AccountFacts,
    reading::{Intent, Part, Slots},
    say::Say,
};

/// The figure of a cash account that is the person's to use: available where the bank tells it, else booked.
pub(super) fn usable(share: &AccountFacts) -> Option<&Balance> {
    let figures = share.balances.as_ref()?;
    figures.get(BalanceKind::Available).or_else(|| figures.get(BalanceKind::Booked))
}

/// What is owed on a card or loan.
pub(super) fn owed(share: &AccountFacts) -> Option<&Balance> {
    share.balances.as_ref()?.get(BalanceKind::Owed)
}

/// The figure of an account as it is shown, and which sentence shows it.
fn shown(share: &AccountFacts) -> (&'static str, Option<&Balance>) {
    let figure = if share.account.class.is_debt() { owed(share) } else { usable(share) };
    let kind = match figure.map(|figure| (figure.kind, figure.money.is_out())) {
        None => "untold",
        Some((BalanceKind::Owed, false)) => "owed",
        Some((BalanceKind::Owed, true)) => "in-credit",
        Some((_, true)) => "overdrawn",
        Some((BalanceKind::Booked, false)) => "booked",
        Some(_) => "available",
    };
    (kind, figure)
}

/// Answers `balance.get`.
pub(super) fn balance(ask: &Ask<'_>) -> Answered {
    let slots = &ask.part.slots;
    let mut shares = gather::accounts(ask, slots)?;
    let missing = trouble::relevant(ask, slots);
    trouble::retain_told(&mut shares, &missing);
    let mut telling = Telling::new(ask);
    match shares.as_slice() {
        [] => return Ok(trouble::nothing(telling, &missing)),
        [only] => one(&mut telling, only),
        several => list(&mut telling, several),
    }
    if let Some(past) = when::past(slots.period, ask.today) {
        telling.note(Say::new("balance-now").with("when", past));
    }
    trouble::not_included(&mut telling, &missing);
    offers(&mut telling, &shares);
    Ok(telling.done())
}

/// One account: a sentence, the figure first.
fn one<'a>(telling: &mut Telling<'a>, share: &'a AccountFacts) {
    telling.resolved.accounts = vec![share.account.id.clone()];
    let sentence = line("balance", telling, share);
    telling.say(sentence);
    let booked = share.balances.as_ref().and_then(|figures: &Balances| figures.get(BalanceKind::Booked));
    if let (Some(booked), Some(usable)) = (booked, usable(share))
        && booked.money != usable.money
        && share.account.class.holds_cash()
    {
        let money = telling.balance(booked.money, &share.bank);
        telling.say(Say::new("balance-booked-besides").with("money", money));
    }
}

/// Several accounts: a line each, debts apart.
fn list<'a>(telling: &mut Telling<'a>, shares: &[&'a AccountFacts]) {
    let (debts, cash): (Vec<&AccountFacts>, Vec<&AccountFacts>) =
        shares.iter().copied().partition(|share| share.account.class.is_debt());
    for share in &cash {
        let line = line("line", telling, share);
        telling.say(line);
    }
    for share in &debts {
        let line = line("line", telling, share);
        if cash.is_empty() { telling.say(line) } else { telling.say_apart(line) }
    }
}

fn line<'a>(form: &str, telling: &mut Telling<'a>, share: &'a AccountFacts) -> Say {
    let (kind, figure) = shown(share);
    let say = Say::new(format!("{form}-{kind}")).with("account", &share.account);
    match figure {
        None => say.with("bank", share.bank.name.as_str()),
        Some(figure) => {
            telling.rests_on(&share.bank, figure.as_of.at());
            // The texts of these say "overpaid", so that no minus sign is needed.
            let money = if kind == "in-credit" { figure.money.abs() } else { figure.money };
            say.with("money", telling.balance(money, &share.bank))
        }
    }
}

fn offers(telling: &mut Telling<'_>, shares: &[&AccountFacts]) {
    if let [only] = shares {
        let slots = Slots { accounts: vec![only.account.id.clone()], ..Slots::default() };
        telling.offer(Say::new("title-recent"), asks(Intent::TxnList, slots));
        telling.offer_how();
        telling.offer(Say::new("title-spending"), Part::new(Intent::SpendSum));
        return;
    }
    telling.offer(Say::new("title-total"), Part::new(Intent::BalanceTotal));
    telling.offer(Say::new("title-recent"), Part::new(Intent::TxnList));
    telling.offer(Say::new("title-spending"), Part::new(Intent::SpendSum));
}
