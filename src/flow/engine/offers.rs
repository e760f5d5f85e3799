//! The call about the consent to offers: nothing is asked of a bank before the person has said that it may be, and
//! nothing after they took that back.

use super::Run;
use crate::domain::{
    answer::Draft,
    offer::OffersConsent,
    reading::{Part, Slots},
    say::Say,
};
use crate::flow::dialogue::{CONFIRMED, DECLINED, STOP, Waiting};

impl Run<'_> {
    /// The person's consent to offers, if it stands.
    pub fn consent_to_offers(&self) -> Option<OffersConsent> {
        self.dialogue.settings.offers
    }

    /// Whether offers may be asked for. Asks for that where it was never said, and takes the answer.
    pub(super) fn offers_consent(&mut self) -> &'static str {
        let kind = self.asked.slots.kind.take();
        let stands = self.dialogue.settings.offers.is_some();
        match kind.as_deref() {
            // Both hold at once, also in a conversation that is locked: they open nothing.
            Some(STOP) => {
                self.dialogue.settings.offers = None;
                return "stopped";
            }
            Some(DECLINED) => return "declined",
            _ if self.setting.linked.is_empty() => return "not_linked",
            // Whoever cannot show that it is them cannot agree to anything either: reading, next, asks for that.
            _ if self.dialogue.locked || stands => return "done",
            Some(CONFIRMED) => {
                self.dialogue.settings.offers = Some(OffersConsent { since: self.setting.now });
                return "done";
            }
            _ => {}
        }
        self.drafts.push(Draft::line(Say::new("offers-ask")));
        let yes = ["allow offers", "allow", "allow them", "yes", "yes please", "ok", "okay", "sure"];
        let no = ["no thanks", "no", "no thank you", "don t allow", "not now", "never mind"];
        let part = |kind: &str| Part {
            intent: self.asked.intent,
            slots: Slots { kind: Some(kind.to_owned()), ..Slots::default() },
        };
        let (allowing, declining) = (part(CONFIRMED), part(DECLINED));
        let options = vec![
            self.offer_choice("title-offers-allow", &yes, allowing),
            self.offer_choice("title-no-thanks", &no, declining),
        ];
        self.dialogue.waiting = Some(Waiting { at: self.setting.now, options, figure: None });
        "ask"
    }
}
