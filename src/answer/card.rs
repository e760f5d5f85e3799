//! What is owed on cards and loans, the limit and what is left of it, and when a payment is due. What a bank does
//! not tell is said to be untold, never guessed.

use crate::answer::{
    Answered, Ask, NONE_SUCH, gather,
    telling::{Telling, asks},
    trouble,
};
use crate::domain::{
    account::{AccountClass, BalanceKind},
    facts::AccountFacts,
    reading::{Intent, Slots},
    say::{Arg, Say},
};

/// Answers `card.summary`, `card.limit` and `card.due`.
pub(super) fn card(ask: &Ask<'_>) -> Answered {
    let slots = &ask.part.slots;
    let holds_debt = ask.directory.iter().any(|account| account.class.is_debt());
    if !holds_debt && ask.facts.missing.is_empty() && slots.banks.is_empty() {
        let mut telling = Telling::new(ask);
        telling.say(Say::new("card-none"));
        return Ok(telling.end(NONE_SUCH));
    }
    let mut shares = gather::accounts(ask, slots)?;
    let missing = trouble::relevant(ask, slots);
    trouble::retain_told(&mut shares, &missing);
    let limit = ask.part.intent == Intent::CardLimit;
    let fits = |share: &&AccountFacts| match share.account.class {
        AccountClass::CreditCard => true,
        AccountClass::Loan => !limit,
        _ => false,
    };
    let debts: Vec<&AccountFacts> = shares.into_iter().filter(fits).collect();
    let mut telling = Telling::new(ask);
    if debts.is_empty() {
        if !missing.is_empty() {
            return Ok(trouble::nothing(telling, &missing));
        }
        telling.say(Say::new("card-none"));
        return Ok(telling.end(NONE_SUCH));
    }
    if let [only] = debts.as_slice() {
        telling.resolved.accounts = vec![only.account.id.clone()];
    }
    for share in &debts {
        match ask.part.intent {
            Intent::CardLimit => limit_of(&mut telling, share),
            Intent::CardDue => due(&mut telling, share),
            _ => summary(&mut telling, share),
        }
    }
    trouble::not_included(&mut telling, &missing);
    offers(&mut telling, ask.part.intent);
    Ok(telling.done())
}

/// What is owed, then the next payment.
fn summary<'a>(telling: &mut Telling<'a>, share: &'a AccountFacts) {
    match figure(telling, share, BalanceKind::Owed) {
        Some(money) => telling.say(Say::new("balance-owed").with("money", money).with("account", &share.account)),
        None => telling.say(untold(share, "card-untold-owed")),
    }
    if share.balances.as_ref().is_some_and(|figures| figures.due.is_some()) {
        due(telling, share);
    }
}

/// The day a payment is due, the least that must be paid, the statement.
fn due<'a>(telling: &mut Telling<'a>, share: &'a AccountFacts) {
    let Some(day) = share.balances.as_ref().and_then(|figures| figures.due) else {
        telling.say(untold(share, "card-untold-due"));
        return;
    };
    telling.say(Say::new("card-due").with("day", day).with("account", &share.account));
    for (kind, id) in [(BalanceKind::MinimumDue, "card-minimum"), (BalanceKind::Statement, "card-statement")] {
        if let Some(money) = figure(telling, share, kind) {
            telling.say(Say::new(id).with("money", money));
        }
    }
}

/// The limit, and what of it is not used.
fn limit_of<'a>(telling: &mut Telling<'a>, share: &'a AccountFacts) {
    let Some(limit) = figure(telling, share, BalanceKind::Limit) else {
        telling.say(untold(share, "card-untold-limit"));
        return;
    };
    telling.say(Say::new("card-limit").with("limit", limit).with("account", &share.account));
    let unused = share.balances.as_ref().and_then(|figures| figures.get(BalanceKind::AvailableCredit));
    if let Some(unused) = unused {
        telling.rests_on(&share.bank, unused.as_of.at());
        let id = if unused.money.is_out() { "card-over-limit" } else { "card-unused" };
        let money = telling.balance(unused.money.abs(), &share.bank);
        telling.say(Say::new(id).with("money", money));
    }
}

fn figure<'a>(telling: &mut Telling<'a>, share: &'a AccountFacts, kind: BalanceKind) -> Option<Arg> {
    let figure = share.balances.as_ref()?.get(kind)?;
    telling.rests_on(&share.bank, figure.as_of.at());
    Some(telling.balance(figure.money, &share.bank))
}

fn untold(share: &AccountFacts, id: &str) -> Say {
    Say::new(id).with("bank", share.bank.name.as_str()).with("account", &share.account)
}

fn offers(telling: &mut Telling<'_>, asked: Intent) {
    let slots = Slots { accounts: telling.resolved.accounts.clone(), ..Slots::default() };
    let others = [
        (Intent::CardDue, "title-due"),
        (Intent::CardSummary, "title-owed"),
        (Intent::CardLimit, "title-limit"),
        (Intent::TxnList, "title-recent"),
    ];
    for (intent, title) in others {
        if intent != asked {
            telling.offer(Say::new(title), asks(intent, slots.clone()));
        }
    }
}
