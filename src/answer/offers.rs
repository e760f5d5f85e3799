//! What the banks offer, and why. The only computation that sees offers, and it sees nothing else: no balance, no row.

use crate::answer::{DONE, NOTHING, trouble};
use crate::domain::{
    answer::{Answer, Draft, Offer},
    bank::Bank,
    facts::Missing,
    offer::{BankOffer, Offers, OffersConsent, Rule},
    reading::{Intent, Part},
    say::{Arg, Say},
};

/// Most offers of one reply.
const LINES_MAX: usize = 8;

/// Tells the offers (`offer.list`), or how it comes that the person gets them (`offer.why`).
///
/// It takes what was read as offers, and nothing that was read for answering:
/// ```
/// # use balancebot::answer::tell_offers;
/// # use balancebot::domain::{facts::Facts, offer::Offers, reading::{Intent, Part}};
/// tell_offers(&Part::new(Intent::OfferList), &Offers::default(), None);
/// ```
/// ```compile_fail,E0308
/// # use balancebot::answer::tell_offers;
/// # use balancebot::domain::{facts::Facts, offer::Offers, reading::{Intent, Part}};
/// tell_offers(&Part::new(Intent::OfferList), &Facts::default(), None);
/// ```
pub fn tell(part: &Part, offers: &Offers, consent: Option<OffersConsent>) -> Answer {
    let why = part.intent == Intent::OfferWhy;
    let mut lines: Vec<Say> = Vec::new();
    let mut left = LINES_MAX;
    for (bank, told) in offers.banks.iter().filter(|(_, told)| !told.is_empty()) {
        let head = Say::new(if why { "offers-head-why" } else { "offers-head" });
        lines.push(head.with("bank", bank.name.as_str()).with("count", told.len()));
        lines.extend(told.iter().take(left).map(line));
        if told.len() > left {
            lines.push(Say::new("offers-more").with("count", told.len() - left));
        }
        left = left.saturating_sub(told.len());
    }
    let any = !lines.is_empty();
    if !(any && why) {
        let empty = offers.banks.iter().filter(|(_, told)| told.is_empty()).map(|(bank, _)| bank);
        lines.extend(of_banks("offers-none", empty));
    }
    if !any {
        lines.extend(of_banks("offers-silent", offers.silent.iter()));
    }
    lines.extend(offers.missing.iter().map(trouble::cause));
    let mut bubbles = vec![Draft { lines, ..Draft::default() }];
    if let Some(consent) = consent.filter(|_| any && why) {
        bubbles.push(Draft::line(Say::new("offers-apart").with("since", consent.since)));
    }
    let missing: Vec<&Missing> = offers.missing.iter().collect();
    let mut next = trouble::ways_on(&missing);
    if any && !why {
        next.push(Offer { title: Say::new("title-why-this"), asks: Part::new(Intent::OfferWhy) });
    }
    let outcome = if any { DONE } else { NOTHING };
    Answer { bubbles, offers: next, resolved: part.slots.clone(), outcome, ..Answer::default() }
}

/// An offer, its last day, and the bank's reason.
fn line(offer: &BankOffer) -> Say {
    let what = match &offer.merchant {
        Some(merchant) => Say::new("offer-at").with("merchant", merchant.as_str()).with("text", offer.text.as_str()),
        None => Say::new("offer-plain").with("text", offer.text.as_str()),
    };
    let until = offer.until.map_or_else(|| Arg::from(""), |until| Say::new("offer-until").with("until", until).into());
    let reason = match &offer.rule {
        Some(Rule::Bought { merchant, days }) if offer.merchant.as_ref() == Some(merchant) => {
            Say::new("offer-bought-there").with("count", usize::from(*days))
        }
        Some(Rule::Bought { merchant, days }) => {
            Say::new("offer-bought").with("merchant", merchant.as_str()).with("count", usize::from(*days))
        }
        Some(Rule::Told(rule)) => Say::new("offer-rule").with("rule", rule.as_str()),
        None => Say::new("offer-no-reason"),
    };
    Say::new("offer-line").with("what", what).with("until", until).with("reason", reason)
}

/// A sentence about some banks; none where there are none.
fn of_banks<'b>(id: &str, banks: impl Iterator<Item = &'b Bank>) -> Option<Say> {
    let names: Vec<Arg> = banks.map(|bank| Arg::from(bank.name.as_str())).collect();
    (!names.is_empty()).then(|| Say::new(id).with("count", names.len()).with("banks", names))
}
