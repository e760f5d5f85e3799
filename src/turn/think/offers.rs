//! Reading what the banks offer: by itself, under the person's own consent to it, and never on the way to an answer.

use super::{ANSWER_AT_LEAST, ClaimLog, Desk, Failed};
use crate::bank::ask::NotLogged;
use crate::bank::offers::{AskedOffers, ask_offers};
use crate::clock::later;
use crate::domain::{
    access::{AccessEntry, AccessKind},
    offer::{Offers, OffersConsent},
    purpose::{DataClass, Purpose},
    reading::Intent,
};
use crate::store::{StoreError, Waiting};

impl Desk<'_> {
    /// Asks the banks for offers; nobody, where the person has not agreed to that.
    pub(super) async fn read_offers(
        &mut self,
        waiting: &Waiting,
        consent: Option<OffersConsent>,
    ) -> Result<Offers, Failed> {
        let Some(consent) = consent else { return Ok(Offers::default()) };
        self.renew_tokens().await?;
        let (clock, limits, now) = (&self.turn.clock, self.turn.limits, self.turn.clock.now());
        let deadline = later(waiting.received, limits.answer_by).max(later(now, ANSWER_AT_LEAST));
        let sink = ClaimLog { turn: self.turn, claim: self.claim };
        let sources = self.turn.sources(&self.claim.conversation, &sink);
        let (links, today) = (self.links.clone(), self.now().date());
        let asking = ask_offers(sources, &consent, &waiting.event_id, &links, today, deadline);
        tokio::pin!(asking);
        let asked: Result<AskedOffers, NotLogged> = tokio::select! {
            asked = &mut asking => asked,
            () = clock.sleep_until(later(now, limits.interim_after)), if !self.interim_said => {
                self.interim_said = true;
                self.say_interim(waiting, &[]).await?;
                asking.await
            }
        };
        let asked = asked.map_err(|NotLogged(reason)| Failed::Store(StoreError::Unavailable(reason)))?;
        self.outcome.access.extend(asked.closed);
        Ok(asked.offers)
    }

    /// Notes in the person's log that they agreed to offers, or took that back.
    pub(super) fn note_consent_to_offers(&mut self, waiting: &Waiting, before: Option<OffersConsent>) {
        let now = self.dialogue.settings.offers;
        if before.is_some() == now.is_some() {
            return;
        }
        self.outcome.access.push(AccessEntry {
            at: self.turn.clock.now(),
            kind: AccessKind::Consent,
            bank: None,
            classes: now.iter().map(|_| DataClass::Offers).collect(),
            purpose: Some(Purpose::Offers),
            question: waiting.event_id.clone(),
            about: Some(Intent::OfferList),
        });
    }
}
