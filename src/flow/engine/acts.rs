//! The calls of the dialogue's own: what needs no facts of a bank.

use super::Run;
use crate::domain::{
    answer::{Draft, Offer},
    reading::{Intent, Part},
    say::Say,
};
use crate::flow::model::{ACTS, OfferDef};

impl Run<'_> {
    /// Does what a call of the dialogue's own does and tells its outcome; `None` for computations over facts.
    pub(super) fn act(&mut self, name: &str) -> Option<&'static str> {
        ACTS.iter().find(|act| act.name == name)?;
        let frame = self.dialogue.frame.as_ref().map(|frame| frame.part.clone());
        Some(match name {
            "cancel" => {
                if self.dialogue.frame.take().is_some() {
                    "done"
                } else {
                    "nothing"
                }
            }
            "answered" => {
                match frame.map(|frame| frame.intent) {
                    // Why somebody gets an offer is no figure: it is asked where offers are, and nowhere else.
                    Some(Intent::OfferList | Intent::OfferWhy) => self.again(Some(Part::new(Intent::OfferWhy))),
                    Some(intent) if intent != Intent::AccessLog => "done",
                    _ => "nothing",
                }
            }
            "repeat" => self.again(frame),
            "more" => {
                let pages =
                    |part: &Part| matches!(part.intent, Intent::TxnList | Intent::TxnSearch | Intent::AccessLog);
                self.again(frame.filter(pages).map(next_page))
            }
            "refresh" => {
                self.fresh = self.asked.slots.banks.is_empty();
                self.again(Some(frame.unwrap_or_else(|| Part::new(Intent::BalanceGet))))
            }
            "missed" => {
                self.dialogue.misses += 1;
                // However long it goes on, no sentence comes twice in a row.
                match self.dialogue.misses {
                    1 => "done",
                    nth if nth % 2 == 0 => "second",
                    _ => "third",
                }
            }
            "likely" => {
                self.offer_likely();
                "done"
            }
            "decline" => self.decline(frame),
            "links" => self.say_links(),
            "language" => self.set_language(),
            "time_zone" => self.set_time_zone(),
            "alert_begin" => self.alert_begin(),
            "alert_set" => self.alert_set(),
            "alert_stop" => self.alert_stop(),
            "budget_set" => self.budget_set(),
            "budget_known" => self.budget_known(),
            "category_rule" => self.category_rule(),
            "offers_consent" => self.offers_consent(),
            "desk" => self.say_desk(),
            "hand_over" => self.hand_over(),
            "returned" => self.returned(),
            "meant" => self.meant(frame),
            "erase" => self.erase(),
            "unlink" => self.unlink(),
            "renewal" => self.say_renewal(),
            "link_how" => self.say_link_how(),
            "linked" => self.say_linked(),
            "locked" => self.say_locked(),
            "lock" => self.lock(),
            "privacy" => self.say_privacy(),
            "export" => self.say_export(),
            "access_log" => self.say_access_log(),
            "mask" => self.mask(),
            "map" => self.say_map(),
            _ => self.say_lines(),
        })
    }

    fn again(&mut self, part: Option<Part>) -> &'static str {
        match part {
            Some(part) => {
                self.asked = part;
                "again"
            }
            None => "nothing",
        }
    }

    /// Who was shown regular payments and would end one hears by its name that this is not done here. Names are said
    /// back nowhere else: they may be other people's.
    fn decline(&mut self, frame: Option<Part>) -> &'static str {
        let listed = frame.is_some_and(|part| matches!(part.intent, Intent::RecurringList | Intent::UpcomingList));
        match self.asked.slots.merchants.as_slice() {
            [name] if listed => {
                let say = Say::new("out-of-scope-payee").with("name", name.as_str());
                self.drafts.push(Draft::line(say));
                "named"
            }
            _ => "done",
        }
    }

    /// Offers what the parser thought likeliest, where a title exists for it.
    fn offer_likely(&mut self) {
        for intent in self.setting.likely.iter().take(3) {
            let of_intent = |offer: &&OfferDef| offer.asks.intent == *intent;
            if let Some(offer) = self.flows.offers.values().find(of_intent) {
                self.offers.push(Offer { title: Say::new(&offer.title), asks: offer.asks.clone() });
            }
        }
    }
}

fn next_page(mut part: Part) -> Part {
    part.slots.page += 1;
    part
}
