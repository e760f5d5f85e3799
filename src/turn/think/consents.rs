//! The clock of consents: what is told before one ends, the tap by which reading goes on, what is noted when it stops, and
//! what is left to be done after a renewal: old tokens go back to the bank, and settings follow accounts that got new ids.

use std::time::Duration;

use jiff::Timestamp;

use super::{Desk, Failed, claim_log::ClaimLog};
use crate::bank::ask::{NotLogged, ask};
use crate::clock::later;
use crate::domain::{
    access::AccessKind,
    account::{AccountId, moved},
    bank::BankId,
    consent::{KEEP_READING, Retired, Standing, tell_before},
    link::Link,
    purpose::Listing,
    question::Question,
    reading::{Intent, Part, Slots},
    say::Say,
};
use crate::flow::dialogue::{CONFIRMED_READING, Frame};
use crate::flow::engine::{Told, keep_reading};
use crate::store::{StoreError, Waiting};

/// How long to wait before a bank is asked again to take a token back: after each failure twice as long.
const TAKE_BACK_AGAIN: Duration = Duration::from_secs(15 * 60);
/// How often it is asked: over some five days (15 minutes, doubled eight times, come to 128 hours, nearly). By then what is short-lived has expired by itself.
const TAKE_BACK_TRIES: u32 = 10;

impl Desk<'_> {
    /// When a consent is to be looked at next: its next end, or a token that must be taken back.
    pub(super) fn consents_due(&self) -> Option<Timestamp> {
        let today = self.now().date();
        let of_link = |link: &Link| {
            let end = match link.term().standing(today) {
                standing if standing != link.consent.logged => Some(self.turn.clock.now()),
                _ => link.term().changes(today, &self.profile.zone),
            };
            link.consent.retired.iter().map(|retired| retired.due).chain(end).min()
        };
        self.links.iter().filter_map(of_link).min()
    }

    /// Notes which consents have ended, and has what is used no more taken back.
    pub(super) async fn mind_consents(&mut self, waiting: &Waiting) {
        let (today, now) = (self.now().date(), self.turn.clock.now());
        for mut link in self.links.clone() {
            let standing = link.term().standing(today);
            let retired = std::mem::take(&mut link.consent.retired);
            let asks = retired.iter().any(|retired| retired.due <= now);
            if standing == link.consent.logged && !asks {
                continue;
            }
            for retired in retired {
                link.consent.retired.extend(self.taken_back(&link.bank, retired).await);
            }
            if standing != link.consent.logged {
                self.note_standing(waiting, &mut link, standing);
            }
            self.keep_link(link);
        }
    }

    fn note_standing(&mut self, waiting: &Waiting, link: &mut Link, standing: Standing) {
        link.consent.logged = standing;
        let kind = match standing {
            Standing::Live => return,
            Standing::Unconfirmed => AccessKind::ConsentPaused,
            Standing::Ended => AccessKind::ConsentEnded,
        };
        if standing == Standing::Ended {
            // The bank may let it stand for longer than we do.
            link.consent.retired.extend(self.retiring(link));
        }
        self.turn.cache.drop_link(&link.bank, &link.token);
        let slots = Slots { banks: vec![link.bank.clone()], ..Slots::default() };
        self.log(waiting, kind, Some(&Part { intent: Intent::ConsentRenew, slots }));
    }

    /// Asks the bank to take a token back, if that is due. Returns what is still to be done.
    async fn taken_back(&self, bank: &BankId, retired: Retired) -> Option<Retired> {
        let now = self.turn.clock.now();
        if retired.due > now {
            return Some(retired);
        }
        if self.turn.revoke(bank, &retired.token).await {
            tracing::info!(bank.id = %bank, "a token that was replaced is taken back");
            return None;
        }
        let tries = retired.tries + 1;
        if tries >= TAKE_BACK_TRIES {
            tracing::error!(bank.id = %bank, "a token that was replaced was not taken back, and is given up");
            return None;
        }
        Some(Retired { tries, due: later(now, TAKE_BACK_AGAIN * (1 << retired.tries)), ..retired })
    }

    /// The tokens that are to be taken back once `after` is kept in the place of `before`: after the commit, for a link
    /// that is void already must not be what the store holds. Where the bank goes on under the same consent, its end would
    /// be the end of the new tokens, too.
    pub(super) fn retired(&self, before: &Link, after: &Link) -> Vec<Retired> {
        let mut retired = before.consent.retired.clone();
        let is_same = before.grant.consent.is_some() && before.grant.consent == after.grant.consent;
        retired.extend(self.retiring(before).filter(|_| !is_same));
        retired
    }

    /// The token of a link, to be taken back; none where the bank's login did not give it, or has no place for that.
    fn retiring(&self, link: &Link) -> Option<Retired> {
        let takes_back = self.turn.logins.get(&link.bank).is_some_and(|login| login.takes_back());
        let token = link.grant.refresh.as_ref().unwrap_or(&link.token).clone();
        (takes_back && link.grant.since.is_some()).then(|| Retired { token, tries: 0, due: self.turn.clock.now() })
    }

    /// Where the person says that reading may go on, it does; what they asked before is answered next. Nobody says so in a
    /// conversation that is locked.
    pub(super) fn keep_reading(&mut self, waiting: &Waiting, parts: Vec<Part>) -> Vec<Part> {
        let says_so =
            |part: &Part| part.intent == Intent::ConsentRenew && part.slots.kind.as_deref() == Some(KEEP_READING);
        let Some(said) = parts.iter().find(|part| says_so(part)).filter(|_| !self.dialogue.locked) else {
            return parts;
        };
        let banks = self.confirm(waiting, &said.slots.banks);
        if banks.is_empty() {
            // It has ended since, or was unlinked: how it stands is told instead.
            return parts.into_iter().map(|part| if says_so(&part) { renewing(part) } else { part }).collect();
        }
        let frame = self.dialogue.asked.take().or_else(|| self.dialogue.frame.clone());
        let asked = frame.map(|Frame { part, .. }| part).filter(|part| self.turn.flows.reads_for(part.intent));
        let slots = Slots { banks, kind: Some(CONFIRMED_READING.to_owned()), ..Slots::default() };
        std::iter::once(Part { intent: Intent::LinkDone, slots }).chain(asked).collect()
    }

    /// Moves the end of reading on, by the rule of each bank. Returns the banks where there was something to move.
    fn confirm(&mut self, waiting: &Waiting, banks: &[BankId]) -> Vec<BankId> {
        let today = self.now().date();
        let mut confirmed = Vec::new();
        for mut link in self.links.clone() {
            let rule = self.turn.logins.get(&link.bank).map(|login| login.rule()).unwrap_or_default();
            if !banks.contains(&link.bank) || !link.stands(today) || link.consent.confirm_by.is_none() {
                continue;
            }
            link.consent.confirm_by = rule.confirm_by(today);
            link.consent.told_before = None;
            link.consent.logged = Standing::Live;
            let slots = Slots { banks: vec![link.bank.clone()], ..Slots::default() };
            self.log(waiting, AccessKind::ConsentConfirmed, Some(&Part { intent: Intent::ConsentRenew, slots }));
            confirmed.push(link.bank.clone());
            self.keep_link(link);
        }
        confirmed
    }

    /// Adds to an answer with figures of a bank that reading it ends soon, once, with the way to go on.
    pub(super) fn tell_ends(&mut self, told: &mut Told) {
        let (today, mut to_confirm) = (self.now().date(), Vec::new());
        // Under a question of ours the titles are its answers.
        if self.dialogue.waiting.is_some() || told.drafts.is_empty() {
            return;
        }
        for mut link in self.links.clone() {
            let term = link.term();
            let is_behind = told.figures.iter().any(|figure| figure.banks.contains(&link.bank));
            let near = tell_before(term.days_left(today), link.consent.told_before);
            let (true, true, Some(near)) = (is_behind, link.is_live(today), near) else { continue };
            let Some(bank) = self.banks.iter().find(|bank| bank.id == link.bank).cloned() else { continue };
            let id = match (term.can_be_confirmed(), term.days_left(today)) {
                (true, _) => "consent-confirm",
                (false, 0) => "consent-ends-today",
                (false, _) => "consent-ends",
            };
            let line = Say::new(id).with("bank", bank.name.as_str()).with("until", term.last_day());
            if let Some(draft) = told.drafts.first_mut() {
                draft.lines.push(line);
            }
            if term.can_be_confirmed() {
                to_confirm.push(bank.id);
            } else {
                told.offers.insert(0, crate::answer::renewal(&bank));
            }
            link.consent.told_before = Some(near);
            self.keep_link(link);
        }
        if !to_confirm.is_empty() {
            told.offers.insert(0, keep_reading(to_confirm));
        }
    }

    /// After a renewal, before the first question that reads: the accounts are listed anew, because a bank may give them
    /// other ids under another consent, and what the person set goes along with them. And after a first link, before the
    /// question that waited for it: what it calls an account could not be found while nobody knew of any.
    pub(super) async fn list_anew(&mut self, waiting: &Waiting, mut part: Part) -> Result<Part, Failed> {
        let today = self.now().date();
        let names_one = part.slots.account_words.is_some();
        let is_new = |link: &Link| names_one && link.accounts.is_empty();
        let is_unlisted = |link: &&Link| link.is_live(today) && (link.consent.unlisted || is_new(link));
        let reads = self.turn.flows.reads_for(part.intent) && !self.dialogue.locked;
        if !reads || !self.links.iter().any(|link| is_unlisted(&link)) {
            return Ok(part);
        }
        self.renew_tokens().await?;
        let unlisted: Vec<Link> = self.links.iter().filter(is_unlisted).cloned().collect();
        let clock = &self.turn.clock;
        let question = Question {
            id: waiting.event_id.clone(),
            about: Some(part.intent),
            purpose: Listing,
            classes: Vec::new(),
            banks: unlisted.iter().map(|link| link.bank.clone()).collect(),
            accounts: Vec::new(),
            period: None,
            fresh: false,
        };
        let sink = ClaimLog { turn: self.turn, claim: self.claim };
        let sources = self.turn.sources(&self.claim.conversation, &sink);
        // Whoever waits longer is to hear something: then the question goes first, and the list is tried again with the next.
        let deadline = later(clock.now(), self.turn.limits.interim_after);
        let asked = ask(sources, &question, &unlisted, today, deadline).await;
        let asked = asked.map_err(|NotLogged(reason)| Failed::Store(StoreError::Unavailable(reason)))?;
        self.outcome.access.extend(asked.closed);
        for (bank, accounts) in asked.directories {
            let Some(mut link) = self.links.iter().find(|link| link.bank == bank).cloned() else { continue };
            for (old, new) in moved(&link.accounts, &accounts) {
                self.follow(&old, &new);
                replace(&mut part.slots, &old, &new);
            }
            link.accounts = accounts;
            link.consent.unlisted = false;
            self.keep_link(link);
        }
        if names_one {
            self.find_accounts(&mut part);
        }
        Ok(part)
    }

    /// Finds what a question calls an account among those that are known by now.
    fn find_accounts(&self, part: &mut Part) {
        let Some(words) = part.slots.account_words.as_deref() else { return };
        let found = self.turn.parser.read(words, &self.hearing(None)).part.slots.accounts;
        if !found.is_empty() {
            part.slots.accounts = found;
            part.slots.account_words = None;
        }
    }

    /// What the person set or asked of an account is about the same account under its new id.
    fn follow(&mut self, old: &AccountId, new: &AccountId) {
        for alert in &mut self.dialogue.settings.alerts {
            alert.accounts.iter_mut().filter(|id| *id == old).for_each(|id| id.clone_from(new));
        }
        for frame in [&mut self.dialogue.frame, &mut self.dialogue.asked].into_iter().flatten() {
            replace(&mut frame.part.slots, old, new);
        }
    }
}

fn replace(slots: &mut Slots, old: &AccountId, new: &AccountId) {
    slots.accounts.iter_mut().filter(|id| *id == old).for_each(|id| id.clone_from(new));
}

/// The question how a consent stands.
fn renewing(mut part: Part) -> Part {
    part.slots.kind = None;
    part
}
