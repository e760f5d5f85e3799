//! What is missing from an answer, said in plain words, and what the person can do about it.

use crate::answer::{Ask, telling::Telling};
use crate::domain::{
    answer::{Answer, Offer},
    bank::{Bank, BankId},
    consent::KEEP_READING,
    facts::{AccountFacts, Missing, Trouble},
    reading::{Intent, Part, Slots},
    say::{Arg, Say},
    stop::OrderedBy,
};

/// Longest title of a button or quick reply, in characters.
const TITLE_MAX: usize = 20;

/// The sources that the question needs and did not get.
pub(super) fn relevant<'a>(ask: &Ask<'a>, slots: &Slots) -> Vec<&'a Missing> {
    let facts: &'a [Missing] = ask.facts.missing;
    let of_cards = matches!(ask.part.intent, Intent::CardSummary | Intent::CardLimit | Intent::CardDue);
    let is_meant = |missing: &Missing| {
        let bank = slots.banks.is_empty() || slots.banks.contains(&missing.bank.id);
        let account = slots.accounts.is_empty()
            || match &missing.account {
                Some(account) => slots.accounts.contains(&account.id),
                None => ask.directory.iter().any(|own| own.bank == missing.bank.id && slots.accounts.contains(&own.id)),
            };
        bank && account && (!of_cards || may_lend(ask, missing))
    };
    facts.iter().filter(|missing| is_meant(missing)).collect()
}

/// Whether what is missing may be a card or a loan: of a bank whose accounts are known it is one only if one of them is.
fn may_lend(ask: &Ask<'_>, missing: &Missing) -> bool {
    let mut own = ask.directory.iter().filter(|own| own.bank == missing.bank.id).peekable();
    match &missing.account {
        Some(account) => account.class.is_debt(),
        None => own.peek().is_none() || own.any(|own| own.class.is_debt()),
    }
}

/// Drops the accounts whose figures are missing: they are named with the trouble, not as ones whose bank tells nothing.
pub(super) fn retain_told(shares: &mut Vec<&AccountFacts>, missing: &[&Missing]) {
    let is_troubled = |share: &AccountFacts| {
        missing.iter().any(|missing| {
            missing.bank.id == share.bank.id
                && missing.account.as_ref().is_none_or(|account| account.id == share.account.id)
        })
    };
    shares.retain(|share| share.balances.is_some() || !is_troubled(share));
}

/// Says what is missing and that it is not included, and offers to try again.
pub(super) fn not_included(telling: &mut Telling<'_>, missing: &[&Missing]) {
    if missing.is_empty() {
        return;
    }
    missing.iter().for_each(|missing| telling.note(cause(missing)));
    let what = missing.iter().map(|missing| match &missing.account {
        Some(account) => Arg::from(account),
        None => Arg::from(missing.bank.name.as_str()),
    });
    telling.note(Say::new("not-included").with("sources", what.collect::<Vec<_>>()));
    offer_again(telling, missing);
}

/// The answer when no source gave anything: no figure at all, the cause in the bank's name, a way on.
pub(super) fn nothing(mut telling: Telling<'_>, missing: &[&Missing]) -> Answer {
    missing.iter().for_each(|missing| telling.say(cause(missing)));
    telling.say(match others(telling.ask(), missing) {
        others if others.is_empty() => Say::new("trouble-nothing"),
        others => Say::new("trouble-stopped-others").with("banks", others),
    });
    offer_again(&mut telling, missing);
    telling.end(super::NOTHING)
}

/// Where all that is missing was stopped: the linked banks that still answer.
fn others(ask: &Ask<'_>, missing: &[&Missing]) -> Vec<Arg> {
    if !missing.iter().all(|missing| matches!(missing.trouble, Trouble::Stopped { .. })) {
        return Vec::new();
    }
    let answers = |bank: &&Bank| {
        let linked = ask.directory.iter().any(|own| own.bank == bank.id);
        linked && !missing.iter().any(|missing| missing.bank.id == bank.id)
    };
    ask.banks.iter().filter(answers).map(|bank| Arg::from(bank.name.as_str())).collect()
}

/// The sentence for one bank's trouble.
pub(super) fn cause(missing: &Missing) -> Say {
    let bank = missing.bank.name.as_str();
    let id = match &missing.trouble {
        // The bank did answer, for others of its accounts.
        Trouble::Down | Trouble::Slow if let Some(account) = &missing.account => {
            return Say::new("trouble-account").with("bank", bank).with("account", account);
        }
        Trouble::Down => "trouble-down",
        Trouble::Slow => "trouble-slow",
        Trouble::RateLimited { until: Some(until) } => {
            return Say::new("trouble-rate-limited-until").with("bank", bank).with("until", *until);
        }
        Trouble::RateLimited { until: None } => "trouble-rate-limited",
        Trouble::Unconfirmed { until } => {
            return Say::new("trouble-unconfirmed").with("bank", bank).with("until", *until);
        }
        Trouble::ConsentEnded => "trouble-consent-ended",
        Trouble::NotCovered => "trouble-not-covered",
        Trouble::SwitchedOff => "trouble-switched-off",
        Trouble::Stopped { by, since } => {
            let id = match by {
                OrderedBy::Bank => "trouble-stopped-by-bank",
                OrderedBy::Operator => "trouble-stopped-by-us",
            };
            return Say::new(id).with("bank", bank).with("since", *since);
        }
    };
    Say::new(id).with("bank", bank)
}

fn offer_again(telling: &mut Telling<'_>, missing: &[&Missing]) {
    ways_on(missing).into_iter().for_each(|offer| telling.urge(offer));
}

/// What the person can do about it: try again, renew a consent.
pub(super) fn ways_on(missing: &[&Missing]) -> Vec<Offer> {
    let mut ways = Vec::new();
    let mut again: Vec<&Bank> = Vec::new();
    let unconfirmed = |missing: &&&Missing| matches!(missing.trouble, Trouble::Unconfirmed { .. });
    let stopped: Vec<&Bank> = missing.iter().filter(unconfirmed).map(|missing| &missing.bank).collect();
    if !stopped.is_empty() {
        let mut asks = of_banks(Intent::ConsentRenew, &stopped);
        asks.slots.kind = Some(KEEP_READING.to_owned());
        ways.push(Offer { title: Say::new("title-keep-reading"), asks });
    }
    for missing in missing {
        let bank = &missing.bank;
        match missing.trouble {
            Trouble::Down | Trouble::Slow | Trouble::RateLimited { .. } if !again.iter().any(|b| b.id == bank.id) => {
                again.push(bank);
            }
            Trouble::ConsentEnded | Trouble::NotCovered => ways.push(renewal(bank)),
            // It cannot be tried again by anybody who reads this; what was and was not read can be looked up.
            Trouble::Stopped { .. } if !ways.iter().any(|way: &Offer| way.asks.intent == Intent::AccessLog) => {
                ways.push(Offer { title: Say::new("title-who-read"), asks: Part::new(Intent::AccessLog) });
            }
            _ => {}
        }
    }
    let title = match again.as_slice() {
        [] => return ways,
        [bank] => named("title-try-again", "title-try-bank-again", "Try  again", bank),
        _ => Say::new("title-try-again"),
    };
    ways.push(Offer { title, asks: of_banks(Intent::DataRefresh, &again) });
    ways
}

/// The way to renew a consent.
pub fn renewal(bank: &Bank) -> Offer {
    // The longest of the languages.
    let title = named("title-renew", "title-renew-bank", " erneuern", bank);
    Offer { title, asks: of_banks(Intent::ConsentRenew, &[bank]) }
}

fn of_banks(intent: Intent, banks: &[&Bank]) -> Part {
    let banks: Vec<BankId> = banks.iter().map(|bank| bank.id.clone()).collect();
    Part { intent, slots: Slots { banks, ..Slots::default() } }
}

/// A title that names the bank as far as there is room: its name, its first word, or not at all.
fn named(plain: &str, with_bank: &str, rest: &str, bank: &Bank) -> Say {
    let room = TITLE_MAX.saturating_sub(rest.chars().count());
    let first = bank.name.split(' ').next().unwrap_or_default();
    match [bank.name.as_str(), first].into_iter().find(|name| !name.is_empty() && name.chars().count() <= room) {
        Some(name) => Say::new(with_bank).with("bank", name),
        None => Say::new(plain),
    }
}
