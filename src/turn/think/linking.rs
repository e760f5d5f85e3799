//! Linking and unlocking, in the part that happens in the chat: the person comes back with what their browser was shown, and
//! only then is there a link, or is the conversation unlocked.

use std::time::Duration;

use super::{Desk, Failed};
use crate::clock::later;
use crate::domain::{
    access::AccessKind,
    bank::BankId,
    consent::Consent,
    link::Link,
    message::Event,
    purpose::DataClass,
    reading::{Intent, Part, Slots},
};
use crate::flow::dialogue::{EXPIRED, FAILED, FOREIGN, STRANGER, UNLOCKED, WAITED, WRONG_CODE};
use crate::store::{Attempt, AttemptKey, Waiting};
use crate::turn::linking::{Goal, Known, QUARANTINED, REFERENCE, TRIES, digest};
use crate::turn::links::seal_link;

/// A token is renewed when it has less than this to live.
const EXPIRES_SOON: Duration = Duration::from_secs(60);

/// What a person brings from the browser.
pub(super) enum Proof {
    /// By a link into the chat, or the platform's account linking: signed by the platform with who they are.
    Secret(String),
    /// Typed.
    Code(String),
}

/// What an event proves, if it is made to.
pub(super) fn proof(event: &Event) -> Option<Proof> {
    match event {
        Event::Referral { reference: Some(reference) } | Event::Postback { reference: Some(reference), .. } => {
            reference.strip_prefix(REFERENCE).map(|secret| Proof::Secret(secret.to_owned()))
        }
        Event::AccountLinking { linked: true, code: Some(code) } => Some(Proof::Secret(code.clone())),
        Event::Text { text, payload: None, .. } if is_code(text) => Some(Proof::Code(text.clone())),
        _ => None,
    }
}

/// Whether a text is written like the codes that are shown in the browser: eight letters in two groups.
fn is_code(text: &str) -> bool {
    let text = text.trim();
    let letters = |part: &str| {
        part.len() == 4 && part.bytes().all(|byte| b"BCDFGHJKLMPRSTVX".contains(&byte.to_ascii_uppercase()))
    };
    text.split_once(['-', ' ']).is_some_and(|(first, second)| letters(first) && letters(second))
}

fn ended(kind: &str, bank: Option<BankId>) -> Vec<Part> {
    let slots = Slots { kind: Some(kind.to_owned()), banks: bank.into_iter().collect(), ..Slots::default() };
    vec![Part { intent: Intent::LinkDone, slots }]
}

impl Desk<'_> {
    /// What is to be said when the person comes back from the browser; `None` if the event has nothing to do with that.
    pub(super) async fn come_back(&mut self, waiting: &Waiting, event: &Event) -> Result<Option<Vec<Part>>, Failed> {
        match event {
            Event::LinkFailed { bank } => return Ok(Some(ended(FAILED, Some(bank.clone())))),
            Event::LinkForeign { bank } => return Ok(Some(ended(FOREIGN, Some(bank.clone())))),
            _ => {}
        }
        let Some(proof) = proof(event) else { return Ok(None) };
        let (store, now) = (&self.turn.store, self.turn.clock.now());
        let own = &self.claim.conversation;
        let key = match &proof {
            Proof::Secret(secret) => AttemptKey::Next(digest(secret)),
            Proof::Code(_) => AttemptKey::Of(own.clone()),
        };
        let found = store.attempt(key, now).await?.filter(|attempt| attempt.step == QUARANTINED);
        let Some(attempt) = found else {
            // Letters that only look like a code are a text like any other.
            return Ok(matches!(proof, Proof::Secret(_)).then(|| ended(EXPIRED, None)));
        };
        let Some(known) = self.turn.open_known(&attempt) else {
            return Err(Failed::Damaged("an attempt to link does not open".to_owned()));
        };
        match proof {
            Proof::Secret(_) if attempt.conversation != *own => self.refuse_foreign(attempt, known).await.map(Some),
            Proof::Code(typed) if !known.is_code(&typed) => self.wrong_code(attempt, known).await.map(Some),
            _ => self.finish_linking(waiting, attempt, known).await.map(Some),
        }
    }

    /// Somebody else's chat had asked for it: what the bank gave goes back, and both hear of it.
    async fn refuse_foreign(&mut self, attempt: Attempt, known: Known) -> Result<Vec<Part>, Failed> {
        let now = self.turn.clock.now();
        if let Some(tokens) = &known.tokens {
            self.turn.give_back(&known.bank, tokens).await;
        }
        self.turn.store.end_attempt(attempt.id, now).await?;
        let event_id = format!("link-foreign:{}", hex::encode(attempt.id));
        let told = Event::LinkForeign { bank: known.bank.clone() };
        self.turn.tell(&attempt.conversation, &event_id, &told).await?;
        Ok(ended(FOREIGN, Some(known.bank)))
    }

    async fn wrong_code(&mut self, mut attempt: Attempt, mut known: Known) -> Result<Vec<Part>, Failed> {
        let now = self.turn.clock.now();
        known.tries += 1;
        if known.tries >= TRIES {
            if let Some(tokens) = &known.tokens {
                self.turn.give_back(&known.bank, tokens).await;
            }
            self.turn.store.end_attempt(attempt.id, now).await?;
            return Ok(ended(EXPIRED, Some(known.bank)));
        }
        attempt.body = self.turn.seal_known(&attempt.conversation, &known);
        self.turn.store.advance_attempt(attempt, QUARANTINED, now).await?;
        Ok(ended(WRONG_CODE, Some(known.bank)))
    }

    /// It is the same person who began: the quarantine ends, in the commit of this turn.
    async fn finish_linking(&mut self, waiting: &Waiting, attempt: Attempt, known: Known) -> Result<Vec<Part>, Failed> {
        let Some(tokens) = known.tokens else {
            return Err(Failed::Damaged("an attempt to link holds no token".to_owned()));
        };
        self.outcome.attempts_ended.push(attempt.id);
        let today = self.now().date();
        let before = self.links.iter().find(|link| link.bank == known.bank).cloned();
        let rule = self.turn.logins.get(&known.bank).map(|login| login.rule()).unwrap_or_default();
        let mut link = Link {
            bank: known.bank.clone(),
            until: rule.last_day(tokens.until, today),
            scopes: tokens.scopes.clone().unwrap_or_else(|| vec![DataClass::Balances, DataClass::Transactions]),
            token: tokens.access.clone(),
            accounts: Vec::new(),
            grant: tokens.grant.clone(),
            consent: Consent { bank_until: tokens.until, confirm_by: rule.confirm_by(today), ..Consent::default() },
        };
        if known.goal == Goal::Unlock {
            let Some(before) = before else { return Ok(ended(EXPIRED, Some(known.bank))) };
            if before.grant.customer != tokens.grant.customer {
                // Whoever signed in is a customer of the bank, but not the one whose accounts these are.
                self.turn.give_back(&known.bank, &tokens).await;
                return Ok(ended(STRANGER, None));
            }
            // The sign-in is fresh, the consent is the one that was given before.
            let retired = self.retired(&before, &link);
            link = Link { until: before.until, scopes: before.scopes, accounts: before.accounts, ..link };
            link.grant.since = before.grant.since;
            link.consent = Consent { retired, ..before.consent };
        } else {
            let kind = if before.is_some() { AccessKind::ConsentRenewed } else { AccessKind::Consent };
            if let Some(before) = before {
                self.turn.cache.drop_link(&before.bank, &before.token);
                link.consent.retired = self.retired(&before, &link);
                if before.grant.customer == link.grant.customer {
                    link.accounts = before.accounts;
                    link.consent.unlisted = !link.accounts.is_empty();
                }
            }
            let slots = Slots { banks: vec![known.bank.clone()], ..Slots::default() };
            self.log(waiting, kind, Some(&Part { intent: Intent::LinkDone, slots }));
        }
        self.keep_link(link);
        self.dialogue.locked = false;
        let asked = self.dialogue.asked.take().map(|asked| asked.part);
        let mut parts = match known.goal {
            Goal::Link => {
                let kind = asked.is_some().then(|| WAITED.to_owned());
                let slots = Slots { banks: vec![known.bank], kind, ..Slots::default() };
                vec![Part { intent: Intent::LinkDone, slots }]
            }
            Goal::Unlock if asked.is_some() => Vec::new(),
            Goal::Unlock => ended(UNLOCKED, None),
        };
        parts.extend(asked);
        Ok(parts)
    }

    /// Renews the tokens that are about to expire, of the links that a question may need. A new token is on disk before it
    /// is used: the old one may be void from now on. Where the bank says that the consent has ended, its answer to the
    /// question will say so, too.
    pub(super) async fn renew_tokens(&mut self) -> Result<(), Failed> {
        let soon = later(self.turn.clock.now(), EXPIRES_SOON);
        for at in 0..self.links.len() {
            let mut link = self.links[at].clone();
            // What may not be read needs no fresh token either.
            let may_read = self.turn.stops.clear(&self.claim.conversation, &link).is_ok();
            let expires = may_read && link.grant.expires.is_some_and(|at| at <= soon);
            let (Some(login), Some(refresh)) = (self.turn.logins.get(&link.bank), link.grant.refresh.clone()) else {
                continue;
            };
            if !expires {
                continue;
            }
            match login.refresh(&refresh).await {
                Ok(tokens) => {
                    self.turn.cache.drop_link(&link.bank, &link.token);
                    link.token = tokens.access;
                    link.grant.expires = tokens.grant.expires;
                    link.grant.refresh = tokens.grant.refresh.or(Some(refresh));
                    self.turn.keep_link(&self.claim.conversation, &link).await?;
                    // Its key is kept, too, if it was new.
                    self.vault = self.turn.vault_of(&self.claim.conversation).await?;
                    self.keep_link(link);
                }
                Err(error) => tracing::warn!(bank.id = %link.bank, bank.error = %error, "a token was not renewed"),
            }
        }
        Ok(())
    }

    /// Keeps a link, in the commit of this turn and for the rest of it.
    pub(super) fn keep_link(&mut self, link: Link) {
        let sealed = seal_link(&self.vault, &self.claim.conversation, &link);
        self.outcome.links.retain(|(of, _)| *of != link.bank);
        self.outcome.links.push((link.bank.clone(), Some(sealed)));
        let order = |link: &Link| self.banks.iter().position(|bank| bank.id == link.bank);
        self.links.retain(|other| other.bank != link.bank);
        self.links.push(link);
        self.links.sort_by_key(order);
        self.survey();
    }

    /// Locks the conversation where the person must show first that it is them.
    pub(super) fn lock_if_idle(&mut self, last_active: Option<jiff::Timestamp>) {
        let today = self.now().date();
        self.dialogue.locked = self.turn.must_show_who(&self.links, self.dialogue.locked, last_active, today);
    }
}
