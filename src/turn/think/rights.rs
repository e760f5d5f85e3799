//! What people have a right to, whatever else goes on: that it is noted when they invoke it, that a person takes over,
//! and that everything of theirs is erased. All of it is in the commit of the turn, so that a crash loses none.

use jiff::Timestamp;

use super::{Desk, Failed};
use crate::clock::later;
use crate::domain::{
    access::{AccessEntry, AccessKind},
    bank::BankId,
    link::Link,
    message::{Echo, Event, Handover, Post},
    reading::{Intent, Part, Slots},
    say::Say,
};
use crate::flow::dialogue::{AtDesk, Dialogue, MESSAGE, REFUSED};
use crate::flow::engine::{Deed, unlinked};
use crate::flow::topics::topic;
use crate::store::Waiting;
use crate::turn::stops;

/// What an event means for a thread that goes to people and comes back.
pub(super) enum Thread {
    /// The bot answers.
    Ours,
    /// The bot answers again, because the desk has not given a sign for long.
    Idle,
    /// The bot has it back, and says so.
    Back {
        /// The platform never took it.
        refused: bool,
    },
    /// The people at the desk take it.
    Taken,
    /// They have it.
    Theirs,
}

/// What is logged when a person asks for this, whichever flow answers.
fn notice(intent: Intent) -> Option<AccessKind> {
    Some(match intent {
        Intent::DisputeStart => AccessKind::DisputeNotice,
        Intent::CardLost => AccessKind::LossNotice,
        Intent::ComplaintStart => AccessKind::ComplaintNotice,
        Intent::DataExport => AccessKind::Exported,
        Intent::SecretTyped => AccessKind::Redacted,
        Intent::OutOfScope => AccessKind::Refused,
        _ => return None,
    })
}

impl Desk<'_> {
    /// Whose the thread is, now that this happens.
    pub(super) fn thread(&self, event: &Event, now: Timestamp) -> Thread {
        match (event, self.dialogue.at_desk) {
            (Event::Echo(Echo { by_human: true, .. }), _) => Thread::Taken,
            (Event::Handover { way: Handover::Taken, .. }, _) => Thread::Taken,
            (Event::Handover { way: Handover::Passed, .. }, _) => Thread::Back { refused: false },
            (Event::Handover { way: Handover::Refused, .. }, Some(_)) => Thread::Back { refused: true },
            (_, None) => Thread::Ours,
            (_, Some(at_desk)) if now < later(at_desk.since, self.turn.staff.idle) => Thread::Theirs,
            (_, Some(_)) => Thread::Idle,
        }
    }

    /// Whether anything will be said to one of these events: only then is there typing.
    pub(super) fn will_speak(&self, events: &[Event]) -> bool {
        let now = self.turn.clock.now();
        events.iter().any(|event| match self.thread(event, now) {
            Thread::Ours | Thread::Idle => {
                !matches!(event, Event::Echo(_) | Event::Handover { .. } | Event::AlertsDue | Event::DeletionAsked)
            }
            Thread::Back { .. } => true,
            Thread::Taken | Thread::Theirs => false,
        })
    }

    /// The people at the desk have the thread from now on, or gave another sign.
    pub(super) fn taken(&mut self, waiting: &Waiting, now: Timestamp) {
        if self.dialogue.at_desk.replace(AtDesk { since: now }).is_none() {
            self.dialogue.waiting = None;
            self.log(waiting, AccessKind::HandedOver, None);
        }
    }

    /// The thread is the bot's again. What says so is a question of its own.
    pub(super) fn back(&mut self, waiting: &Waiting, refused: bool) -> Part {
        if self.dialogue.at_desk.take().is_some() {
            self.log(waiting, AccessKind::Returned, None);
        }
        let slots = Slots { kind: refused.then(|| REFUSED.to_owned()), ..Slots::default() };
        Part { intent: Intent::HandoffReturn, slots }
    }

    /// Notes what the person invoked with a question, for the log and for the people at the desk.
    pub(super) fn note(&mut self, waiting: &Waiting, part: &Part) {
        let Some(kind) = notice(part.intent) else { return };
        self.log(waiting, kind, Some(part));
        let is_raised = matches!(part.intent, Intent::DisputeStart | Intent::CardLost | Intent::ComplaintStart);
        if is_raised && !self.dialogue.raised.contains(&part.intent) {
            self.dialogue.raised.push(part.intent);
        }
    }

    pub(super) fn log(&mut self, waiting: &Waiting, kind: AccessKind, about: Option<&Part>) {
        let bank = about.and_then(|part| match part.slots.banks.as_slice() {
            [bank] => Some(bank.clone()),
            _ => None,
        });
        let (at, question) = (self.turn.clock.now(), waiting.event_id.clone());
        self.outcome.access.push(AccessEntry {
            at,
            kind,
            bank,
            classes: Vec::new(),
            purpose: None,
            question,
            about: about.map(|part| part.intent),
        });
    }

    /// Does what a reply promised, behind its words.
    pub(super) async fn perform(&mut self, waiting: &Waiting, deed: Deed, asked: &Part) {
        match deed {
            Deed::HandOver => {
                let pass_thread = self.note_for_desk(asked);
                let expires = self.expiry(waiting);
                self.queue(Post::PassThread { pass_thread }, expires);
                self.taken(waiting, self.turn.clock.now());
                self.dialogue.raised.clear();
            }
            Deed::Erase => self.erase(waiting).await,
            Deed::Unlink => self.unlink(waiting, asked).await,
        }
    }

    /// What the people at the desk are told: why, and what it was about. Never a figure, a name or a word of the person.
    fn note_for_desk(&self, asked: &Part) -> String {
        let why = match asked.intent {
            Intent::HandoffRequest if asked.slots.kind.as_deref() == Some(MESSAGE) => "note-message",
            Intent::HandoffRequest => "note-asked",
            Intent::ComplaintStart => "note-complaint",
            _ => "note-lost",
        };
        let raised = self.dialogue.raised.iter().filter(|intent| **intent != asked.intent).map(|intent| match intent {
            Intent::CardLost => Say::new("note-card-lost"),
            Intent::DisputeStart => Say::new("note-dispute"),
            _ => Say::new("note-complaint"),
        });
        let last =
            self.dialogue.frame.as_ref().map(|frame| Say::new("note-last").with("what", topic(frame.part.intent)));
        let lines = std::iter::once(Say::new(why)).chain(raised).chain(last);
        lines.map(|say| self.word(&say)).collect::<Vec<_>>().join(" ")
    }

    /// Unlinks a bank as a page of ours asked: whoever has the thread, and whether or not it is locked, reading ends; and
    /// the person is told, unless somebody at the desk has the thread.
    pub(super) async fn unlink_asked(&mut self, waiting: &Waiting, bank: &BankId) -> Result<(), Failed> {
        let part = unlinked(bank.clone());
        if self.dialogue.at_desk.is_some() {
            self.unlink(waiting, &part).await;
            return Ok(());
        }
        self.lock_if_idle(self.dialogue.last_active);
        self.listen();
        self.answer_all(waiting, vec![part], None).await
    }

    /// The links to the banks that are named go, with their tokens and what the banks sent lately.
    async fn unlink(&mut self, waiting: &Waiting, asked: &Part) {
        let goes = |link: &Link| asked.slots.banks.contains(&link.bank);
        let (gone, kept): (Vec<Link>, Vec<Link>) = std::mem::take(&mut self.links).into_iter().partition(goes);
        self.links = kept;
        for link in gone {
            self.turn.cache.drop_link(&link.bank, &link.token);
            self.turn.take_back(&link).await;
            self.outcome.links.retain(|(bank, _)| *bank != link.bank);
            self.outcome.links.push((link.bank.clone(), None));
            let slots = Slots { banks: vec![link.bank], ..Slots::default() };
            self.log(waiting, AccessKind::Consent, Some(&Part { intent: Intent::Unlink, slots }));
        }
        self.survey();
    }

    /// The person's own access log, where a question wants it: by itself, or as the next page of it.
    pub(super) async fn access_log(&self, asked: &Part, dialogue: &Dialogue) -> Result<Vec<AccessEntry>, Failed> {
        let before = dialogue.frame.as_ref().map(|frame| frame.part.intent);
        let goes_on = matches!(asked.intent, Intent::More | Intent::Repeat | Intent::DataRefresh);
        if asked.intent != Intent::AccessLog && !(goes_on && before == Some(Intent::AccessLog)) {
            return Ok(Vec::new());
        }
        let mut log = self.turn.store.access_log(&self.claim.conversation).await?;
        // What was read for an earlier question of the same turn is not committed yet.
        log.extend(self.outcome.access.iter().cloned());
        let orders = self.turn.orders_about(&self.claim.conversation, &self.links).await?;
        log = stops::with_orders(log, orders);
        Ok(log)
    }

    /// Erases everything of the person: what the commit drops, what banks sent lately, and what this turn remembers.
    pub(super) async fn erase(&mut self, waiting: &Waiting) {
        for link in std::mem::take(&mut self.links) {
            self.turn.cache.drop_link(&link.bank, &link.token);
            self.turn.take_back(&link).await;
        }
        self.directory.clear();
        self.linked.clear();
        self.dialogue = Dialogue { disclosed: true, ..Dialogue::default() };
        self.outcome.links.clear();
        self.outcome.access.clear();
        self.outcome.erase = true;
        // Their key goes with the rest; what the same turn may still keep is not sealed with a key that is gone.
        if let Ok(vault) = self.turn.keyring.vault(&self.claim.conversation, None) {
            self.vault = vault;
        }
        self.log(waiting, AccessKind::Erased, None);
    }
}
