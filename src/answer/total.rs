//! One figure over accounts or banks: what is available on cash accounts, currency by currency, with debts apart;
//! or net of them, when that is asked. A figure that lacks a source is not called a total.

use std::collections::BTreeMap;

use crate::answer::{
    Answered, Ask, balance, gather,
    telling::{Telling, all, asks, bank_names},
    trouble, when,
};
use crate::domain::{
    account::{Balance, BalanceKind},
    exchange::Rate,
    facts::AccountFacts,
    money::{Currency, Money},
    reading::{Intent, Part, Slots},
    say::{Arg, Say},
};

/// The figures that one total rests on.
pub(super) struct Totals<'a> {
    /// Cash accounts with what is usable on each.
    pub(super) cash: Vec<(&'a AccountFacts, &'a Balance)>,
    /// Cards and loans with what is owed on each.
    pub(super) debts: Vec<(&'a AccountFacts, &'a Balance)>,
    /// Accounts whose bank tells no figure.
    untold: Vec<&'a AccountFacts>,
}

impl<'a> Totals<'a> {
    pub(super) fn of(shares: &[&'a AccountFacts]) -> Self {
        let mut totals = Self { cash: Vec::new(), debts: Vec::new(), untold: Vec::new() };
        for share in shares {
            let class = share.account.class;
            if class.holds_cash() {
                match balance::usable(share) {
                    Some(figure) => totals.cash.push((share, figure)),
                    None => totals.untold.push(share),
                }
            } else if class.is_debt() {
                match balance::owed(share) {
                    Some(figure) => totals.debts.push((share, figure)),
                    None => totals.untold.push(share),
                }
            }
        }
        totals
    }

    /// What is usable, currency by currency.
    pub(super) fn available(&self) -> BTreeMap<Currency, Money> {
        by_currency(&self.cash)
    }

    /// What is owed, currency by currency.
    pub(super) fn owed(&self) -> BTreeMap<Currency, Money> {
        by_currency(&self.debts)
    }

    /// Available minus owed, in every currency that has either.
    pub(super) fn net(&self) -> BTreeMap<Currency, Money> {
        let mut net = self.available();
        for (currency, owed) in self.owed() {
            let have = net.entry(currency).or_insert(Money::zero(currency));
            *have = have.minus(owed).unwrap_or(*have);
        }
        net
    }
}

fn by_currency(figures: &[(&AccountFacts, &Balance)]) -> BTreeMap<Currency, Money> {
    let mut sums: BTreeMap<Currency, Money> = BTreeMap::new();
    for (_, figure) in figures {
        let sum = sums.entry(figure.money.currency).or_insert(Money::zero(figure.money.currency));
        *sum = sum.plus(figure.money).unwrap_or(*sum);
    }
    sums
}

/// Answers `balance.total`.
pub(super) fn total(ask: &Ask<'_>) -> Answered {
    let slots = &ask.part.slots;
    let mut shares = gather::accounts(ask, slots)?;
    let missing = trouble::relevant(ask, slots);
    trouble::retain_told(&mut shares, &missing);
    let totals = Totals::of(&shares);
    let mut telling = Telling::new(ask);
    if totals.cash.is_empty() && totals.debts.is_empty() {
        if !missing.is_empty() {
            return Ok(trouble::nothing(telling, &missing));
        }
        telling.say(Say::new("total-none"));
        return Ok(telling.end(super::NOTHING));
    }
    for (share, figure) in totals.cash.iter().chain(&totals.debts) {
        telling.rests_on(&share.bank, figure.as_of.at());
    }
    let complete = missing.is_empty() && totals.untold.is_empty();
    let is_converted = match slots.net {
        true => {
            net(&mut telling, &totals, complete);
            false
        }
        false => gross(&mut telling, ask, &totals, complete),
    };
    if let Some(past) = when::past(slots.period, ask.today) {
        telling.note(Say::new("balance-now").with("when", past));
    }
    note_limits(&mut telling, &totals, slots, is_converted);
    trouble::not_included(&mut telling, &missing);
    telling.offer_how();
    if !slots.net && !totals.debts.is_empty() && !totals.cash.is_empty() {
        telling.offer(Say::new("title-net"), asks(Intent::BalanceTotal, Slots { net: true, ..slots.clone() }));
    }
    telling.offer(Say::new("title-spending"), Part::new(Intent::SpendSum));
    telling.offer(Say::new("title-recent"), Part::new(Intent::TxnList));
    Ok(telling.done())
}

/// What is available, with debts apart. Returns whether it was also converted into one currency.
fn gross(telling: &mut Telling<'_>, ask: &Ask<'_>, totals: &Totals<'_>, complete: bool) -> bool {
    if totals.cash.is_empty() {
        say_owed(telling, totals, "total-owed-only");
        return false;
    }
    let available = totals.available();
    let below = available.len() == 1 && available.values().all(|sum| sum.is_out());
    let together = complete.then(|| converted(telling, ask, totals)).flatten();
    let id = match (complete, available.len()) {
        (true, 1) if below => "total-below",
        (true, 1) => "total",
        (true, _) if together.is_none() => "total-apart",
        (true, _) => "total-partial",
        (false, _) if below => "total-below-partial",
        (false, _) => "total-partial",
    };
    let banks = bank_names(totals.cash.iter().map(|(share, _)| &share.bank));
    let sum = arg(telling, &available, &totals.cash);
    telling.say(Say::new(id).with("sum", sum).with("banks", banks));
    let is_converted = together.is_some();
    together.into_iter().for_each(|say| telling.say(say));
    say_owed(telling, totals, "total-owed");
    is_converted
}

/// All currencies in one, with every rate that was used and its day: what was asked for, else the person's own. Only
/// where there are several, none is without a rate, and the person has not asked for them apart.
pub(super) fn converted(telling: &mut Telling<'_>, ask: &Ask<'_>, totals: &Totals<'_>) -> Option<Say> {
    let slots = &ask.part.slots;
    let exchange = ask.exchange.filter(|_| slots.kind.as_deref() != Some(super::APART))?;
    let into = slots.currency.unwrap_or(exchange.home);
    let (mut sum, mut rates) = (Money::zero(into), Vec::new());
    for money in totals.available().values() {
        let (money, rate) = exchange.convert(*money, into)?;
        sum = sum.plus(money).ok()?;
        rates.extend(rate);
    }
    let said = |rate: &Rate| {
        let say = Say::new("rate").with("of", rate.of.code()).with("into", rate.into.code());
        Arg::from(say.with("rate", Arg::Rate(rate.rate)))
    };
    let said = all(rates.iter().map(said).collect());
    let sum = telling.over_banks(sum, totals.cash.iter().map(|(share, _)| &share.bank));
    let say = Say::new("total-converted").with("sum", sum).with("rates", said).with("day", exchange.day);
    (!rates.is_empty()).then_some(say)
}

/// What is owed, and what is overpaid, which is no debt.
fn say_owed(telling: &mut Telling<'_>, totals: &Totals<'_>, id: &str) {
    let (overpaid, owed): (BTreeMap<_, _>, BTreeMap<_, _>) =
        totals.owed().into_iter().partition(|(_, owed)| owed.is_out());
    let banks_of = |sums: &BTreeMap<Currency, Money>| {
        let debts = totals.debts.iter().filter(|(_, figure)| sums.contains_key(&figure.money.currency));
        bank_names(debts.map(|(share, _)| &share.bank))
    };
    if !owed.is_empty() {
        let sum = arg(telling, &owed, &totals.debts);
        telling.say(Say::new(id).with("owed", sum).with("banks", banks_of(&owed)));
    }
    if !overpaid.is_empty() {
        let positive = overpaid.iter().map(|(currency, sum)| (*currency, sum.abs())).collect();
        let sum = arg(telling, &positive, &totals.debts);
        telling.say(Say::new("total-overpaid").with("sum", sum).with("banks", banks_of(&overpaid)));
    }
}

/// Available minus owed, and how it comes about.
fn net(telling: &mut Telling<'_>, totals: &Totals<'_>, complete: bool) {
    let (available, owed) = (totals.available(), totals.owed());
    let both: Vec<(&AccountFacts, &Balance)> = totals.cash.iter().chain(&totals.debts).copied().collect();
    for (currency, net) in totals.net() {
        let one = |sums: &BTreeMap<Currency, Money>| sums.get(&currency).copied().unwrap_or(Money::zero(currency));
        let id = if complete { "net" } else { "net-partial" };
        let net = money(telling, net, &both);
        let available = money(telling, one(&available), &totals.cash);
        let owed = money(telling, one(&owed), &totals.debts);
        telling.say(Say::new(id).with("net", net).with("available", available).with("owed", owed));
    }
    let banks = bank_names(both.iter().map(|(share, _)| &share.bank));
    telling.say(Say::new("net-banks").with("banks", banks));
}

/// Says which figures are not what one would expect.
fn note_limits(telling: &mut Telling<'_>, totals: &Totals<'_>, slots: &Slots, is_converted: bool) {
    let booked = totals.cash.iter().filter(|(_, figure)| figure.kind == BalanceKind::Booked);
    let booked: Vec<Arg> = booked.map(|(share, _)| Arg::from(&share.account)).collect();
    if !booked.is_empty() {
        telling.note(Say::new("total-booked").with("accounts", booked));
    }
    for share in &totals.untold {
        telling.note(Say::new("total-untold").with("account", &share.account).with("bank", share.bank.name.as_str()));
    }
    let foreign = |(_, figure): &(&AccountFacts, &Balance)| slots.currency.is_some_and(|c| c != figure.money.currency);
    if slots.kind.as_deref() == Some(super::APART)
        || (!is_converted && totals.cash.iter().chain(&totals.debts).any(foreign))
    {
        telling.note(Say::new("no-conversion"));
    }
}

fn arg(telling: &mut Telling<'_>, sums: &BTreeMap<Currency, Money>, from: &[(&AccountFacts, &Balance)]) -> Arg {
    all(sums.values().map(|sum| money(telling, *sum, from)).collect())
}

/// A sum with the banks whose accounts are in its currency.
pub(super) fn money(telling: &mut Telling<'_>, sum: Money, from: &[(&AccountFacts, &Balance)]) -> Arg {
    let same = from.iter().filter(|(_, figure)| figure.money.currency == sum.currency);
    telling.over_banks(sum, same.map(|(share, _)| &share.bank))
}
