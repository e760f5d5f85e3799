//! Thinking: from the waiting messages of one conversation to what is said, remembered and logged. The only waiting
//! is for banks. Whatever goes wrong with a bank is a reply; an error here means that the turn must be thought again.

use std::time::Duration;

use jiff::Zoned;

use crate::answer;
use crate::domain::{
    account::Account,
    answer::Draft,
    bank::{Bank, BankId},
    facts::Facts,
    link::Link,
    message::{Event, Post},
    offer::Offers,
    purpose::DataClass,
    question::Question,
    reading::{Intent, Part, Reading, Zone},
    say::Say,
};
use crate::flow::dialogue::Dialogue;
use crate::flow::engine::{Deed, Fetched, LinkedBank, Next, Run, Setting, Told};
use crate::privacy::seal::Place;
use crate::privacy::vault::Vault;
use crate::store::{Claim, Outcome, StoreError, Waiting};
use crate::turn::{Profile, Seen, Turn, open_dialogue, seal_dialogue};
use crate::understand::Context;

mod alerts;
mod asking;
mod claim_log;
mod consents;
mod linking;
mod offers;
mod rights;
mod saying;

use claim_log::ClaimLog;
use rights::Thread;

/// A message that has waited longer than a person does still gets this long to be answered.
const ANSWER_AT_LEAST: Duration = Duration::from_secs(8);

/// Why a turn must be thought again.
#[derive(Debug)]
pub(super) enum Failed {
    /// The store could not be used.
    Store(StoreError),
    /// What was stored does not open or cannot be read.
    Damaged(String),
}

impl From<StoreError> for Failed {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

/// What thinking came to.
pub(super) struct Thought {
    /// What is to be kept.
    pub(super) outcome: Outcome,
    /// The first of its outgoing messages as it was before it was sealed.
    pub(super) first: Option<Post>,
}

/// One turn's working memory.
struct Desk<'a> {
    turn: &'a Turn,
    claim: &'a Claim,
    /// What the person's own key opens.
    vault: Vault<'a>,
    profile: Profile,
    links: Vec<Link>,
    /// The accounts of all links that stand, in order.
    directory: Vec<Account>,
    linked: Vec<LinkedBank>,
    banks: Vec<Bank>,
    dialogue: Dialogue,
    /// In which locale the person is answered.
    voice: String,
    outcome: Outcome,
    first: Option<Post>,
    titles: u32,
    interim_said: bool,
    /// The person has to be told again that they talk to a program.
    disclose: bool,
}

impl Turn {
    /// Thinks about everything that waits in a claim. Where something will be said, the person sees that it is worked on.
    pub(super) async fn think(&self, claim: &Claim, heard: Option<Event>) -> Result<Thought, Failed> {
        let desk = Desk::open(self, claim)?;
        let events = match (heard, claim.events.as_slice()) {
            (Some(event), [_]) => vec![event],
            (_, events) => {
                events.iter().map(|waiting| self.open_event(claim, waiting)).collect::<Result<Vec<_>, Failed>>()?
            }
        };
        let speaks = desk.will_speak(&events);
        // On the heap, here and where one question is answered: a future that holds all of it inside is 130 KB large,
        // and is copied whole at each step on its way into the task.
        let mut handling = Box::pin(desk.handle_all(events));
        if !speaks {
            return handling.await;
        }
        let thinking = async {
            tokio::select! {
                biased;
                thought = &mut handling => thought,
                () = self.mark_seen(&claim.conversation) => handling.await,
            }
        };
        let (thought, ()) = tokio::join!(thinking, self.type_on(&claim.conversation));
        thought
    }

    fn open_event(&self, claim: &Claim, waiting: &Waiting) -> Result<Event, Failed> {
        let row = Place::inbox_row(Some(&claim.conversation), &waiting.event_id);
        let plain = self.keyring.open(Place::inbox_body(&row), &waiting.body);
        let plain = plain.map_err(|error| Failed::Damaged(format!("a message does not open: {error}")))?;
        serde_json::from_slice(&plain).map_err(|_| Failed::Damaged("a message cannot be read".to_owned()))
    }
}

impl<'a> Desk<'a> {
    fn open(turn: &'a Turn, claim: &'a Claim) -> Result<Self, Failed> {
        let conversation = &claim.conversation;
        let vault = turn.keyring.vault(conversation, claim.key.as_deref());
        let vault = vault.map_err(|error| Failed::Damaged(format!("the person's key does not open: {error}")))?;
        let dialogue = match &claim.dialogue {
            Some(sealed) => open_dialogue(&vault, conversation, sealed)
                .map_err(|error| Failed::Damaged(format!("the dialogue does not open: {error}")))?,
            None => Dialogue::default(),
        };
        let links = turn.open_links(&vault, conversation, &claim.links);
        let profile = turn.profile(conversation, &dialogue);
        let mut desk = Self {
            turn,
            claim,
            vault,
            directory: Vec::new(),
            linked: Vec::new(),
            banks: turn.banks.0.iter().map(|bank| bank.bank().clone()).collect(),
            links,
            voice: turn.voice(&profile.locale, &dialogue),
            profile,
            dialogue,
            outcome: Outcome::default(),
            first: None,
            titles: 0,
            interim_said: false,
            disclose: false,
        };
        desk.survey();
        Ok(desk)
    }

    /// Looks anew at which banks and accounts the links lead to.
    fn survey(&mut self) {
        let today = self.now().date();
        let linked = |link: &Link| {
            let bank = self.banks.iter().find(|bank| bank.id == link.bank)?.clone();
            Some(LinkedBank { bank, term: link.term(), scopes: link.scopes.clone() })
        };
        self.linked = self.links.iter().filter_map(linked).collect();
        self.directory =
            self.links.iter().filter(|link| link.stands(today)).flat_map(|link| link.accounts.clone()).collect();
    }

    fn now(&self) -> Zoned {
        self.turn.clock.now().to_zoned(self.profile.zone.clone())
    }

    async fn handle_all(mut self, events: Vec<Event>) -> Result<Thought, Failed> {
        let claim = self.claim;
        let rows_before = self.alert_rows();
        for (waiting, event) in claim.events.iter().zip(events) {
            self.handle(waiting, event).await?;
        }
        let rows_after = self.alert_rows();
        self.outcome.withdrawn = rows_before.into_iter().filter(|row| !rows_after.contains(row)).collect();
        self.outcome.look_at = [self.look_at(), self.consents_due()].into_iter().flatten().min();
        self.outcome.dialogue = seal_dialogue(&self.vault, &claim.conversation, &self.dialogue);
        // Who is erased has no key, unless a link was made after that.
        let seals = !self.outcome.erase || self.outcome.links.iter().any(|(_, link)| link.is_some());
        self.outcome.key = self.vault.fresh().filter(|_| seals).map(<[u8]>::to_vec);
        Ok(Thought { outcome: self.outcome, first: self.first })
    }

    async fn handle(&mut self, waiting: &Waiting, event: Event) -> Result<(), Failed> {
        let now = self.turn.clock.now();
        if matches!(event, Event::AlertsDue) {
            self.mind_consents(waiting).await;
            return self.check_alerts(waiting).await;
        }
        if matches!(event, Event::DeletionAsked) {
            // Whoever has the thread, and whether or not it is locked: it was asked of the platform, which signed it.
            let at_desk = self.dialogue.at_desk.take();
            self.erase(waiting).await;
            self.dialogue.at_desk = at_desk;
            return Ok(());
        }
        if let Event::UnlinkAsked { bank } = &event {
            return self.unlink_asked(waiting, bank).await;
        }
        if is_from_person(&event) {
            self.dialogue.heard = self.dialogue.heard.max(Some(waiting.at));
        }
        match self.thread(&event, now) {
            Thread::Ours => {}
            Thread::Idle => {
                self.back(waiting, false);
                self.disclose = true;
            }
            Thread::Back { refused } => {
                let part = self.back(waiting, refused);
                return self.answer_all(waiting, vec![part], None).await;
            }
            Thread::Taken => {
                self.taken(waiting, now);
                return Ok(());
            }
            Thread::Theirs => return Ok(()),
        }
        self.dialogue.forget_old(now, self.turn.limits.context);
        self.lock_if_idle(self.dialogue.last_active);
        self.dialogue.last_active = Some(now);
        self.listen();
        if let Some(parts) = self.come_back(waiting, &event).await? {
            return self.answer_all(waiting, parts, None).await;
        }
        match event {
            Event::Text { text, payload, .. } => {
                let (reading, parts) = self.questions(&text, payload.as_deref());
                self.answer_all(waiting, parts, reading).await
            }
            Event::Secret => self.answer_all(waiting, vec![Part::new(Intent::SecretTyped)], None).await,
            Event::Postback { title, payload, .. } => {
                let tapped = payload.as_deref().and_then(|payload| self.tapped(payload));
                match (tapped, title) {
                    (Some(part), _) => self.answer_all(waiting, vec![part], None).await,
                    (None, Some(title)) => {
                        let (reading, parts) = self.questions(&title, None);
                        self.answer_all(waiting, parts, reading).await
                    }
                    (None, None) => self.answer_all(waiting, vec![Part::new(Intent::Help)], None).await,
                }
            }
            Event::Attachment { text: Some(text), .. } if !text.trim().is_empty() => {
                let (reading, parts) = self.questions(&text, None);
                self.answer_all(waiting, parts, reading).await
            }
            Event::Attachment { thumbs_up: true, .. } => {
                self.answer_all(waiting, vec![Part::new(Intent::Affirm)], None).await
            }
            Event::Attachment { .. } => {
                let drafts = vec![Draft::line(Say::new("attachment"))];
                let told = Told { drafts, ..Told::of(Part::new(Intent::OutOfScope)) };
                self.say(waiting, told);
                Ok(())
            }
            Event::Referral { .. } if !self.dialogue.disclosed && !self.profile.known => {
                self.answer_all(waiting, vec![Part::new(Intent::Greet)], None).await
            }
            // Edits of what was answered, links and handovers are noted; they ask nothing.
            _ => Ok(()),
        }
    }

    /// Takes up what the dialogue says of language and time zone.
    fn listen(&mut self) {
        self.profile = self.turn.profile(&self.claim.conversation, &self.dialogue);
        self.voice = self.turn.voice(&self.profile.locale, &self.dialogue);
    }

    /// What a payload asks: an offer of this conversation, else a standing one.
    fn tapped(&self, payload: &str) -> Option<Part> {
        self.dialogue.tapped(payload).or_else(|| self.turn.flows.payload(payload).cloned())
    }

    /// The questions of a text: a tap, an answer to our own question, a typed title, else what the parser reads.
    fn questions(&mut self, text: &str, payload: Option<&str>) -> (Option<Reading>, Vec<Part>) {
        if let Some(part) = payload.and_then(|payload| self.tapped(payload)) {
            return (None, vec![part]);
        }
        if let Some(choice) = self.dialogue.waiting.as_ref().and_then(|waiting| waiting.choose(text)) {
            return (None, vec![choice.part.clone()]);
        }
        if let Some(part) = self.dialogue.waiting.as_ref().and_then(|waiting| waiting.fill(text)) {
            return (None, vec![part]);
        }
        if let Some(part) = self.dialogue.typed(text) {
            return (None, vec![part]);
        }
        let names = self.directory.iter().map(|account| account.nick.as_str());
        let names: Vec<&str> = names.chain(self.banks.iter().map(|bank| bank.name.as_str())).collect();
        let clear = self.turn.parser.language_of(text, &names).filter(|language| self.turn.flows.speaks(language));
        if let Some(language) = clear {
            self.dialogue.spoken = Some(language.to_owned());
            self.listen();
        }
        let last = self.dialogue.frame.as_ref().map(|frame| &frame.part);
        let reading = self.turn.parser.read(text, &self.hearing(last));
        let confirmed = match reading.part.intent {
            Intent::Affirm => Some(true),
            Intent::Deny | Intent::Cancel => Some(false),
            _ => None,
        };
        let waiting = self.dialogue.waiting.as_ref();
        if let Some(choice) = confirmed.and_then(|yes| waiting.and_then(|waiting| waiting.confirm(yes))) {
            return (None, vec![choice.part.clone()]);
        }
        let parts = match reading.zone {
            Zone::Answer => reading.parts().cloned().collect(),
            Zone::Clarify | Zone::Reject => vec![Part { intent: Intent::Unknown, slots: reading.part.slots.clone() }],
        };
        (Some(reading), parts)
    }

    /// Answers the questions of one message; their replies are one reply.
    async fn answer_all(
        &mut self,
        waiting: &Waiting,
        parts: Vec<Part>,
        reading: Option<Reading>,
    ) -> Result<(), Failed> {
        let parts = self.keep_reading(waiting, parts);
        let likely = reading.as_ref().map(|reading| reading.likely.clone()).unwrap_or_default();
        let mut whole = Told::of(Part::new(Intent::Unknown));
        let mut resolved = Vec::new();
        let mut subject = None;
        for part in parts {
            let told = Box::pin(self.answer(waiting, part, &likely)).await?;
            whole.drafts.extend(told.drafts);
            whole.figures.extend(told.figures);
            whole.offers = told.offers;
            // The first thing to be done is done; it is about its own question, not about one after it.
            if whole.deed.is_none() && told.deed.is_some() {
                whole.deed = told.deed;
                subject = Some(told.part.clone());
            }
            resolved.push(told.part.clone());
            whole.part = told.part;
        }
        if let Some(witness) = &self.turn.witness {
            let lines = whole.drafts.iter().flat_map(|draft| &draft.lines);
            witness(Seen {
                conversation: self.claim.conversation.clone(),
                parts: resolved,
                reading,
                said: lines.map(|say| say.text.clone()).collect(),
                figures: std::mem::take(&mut whole.figures),
                voice: self.voice.clone(),
            });
        }
        let again = std::mem::take(&mut self.disclose);
        if !self.dialogue.disclosed || again {
            self.dialogue.disclosed = true;
            if !self.profile.known || again {
                let disclosure = Say::new("greet-disclosure");
                // A first answer of two bubbles stays one of two.
                match whole.drafts.as_mut_slice() {
                    [_, .., last] => last.lines.push(disclosure),
                    _ => whole.drafts.push(Draft::line(disclosure)),
                }
            }
        }
        let (deed, asked) = (whole.deed, subject.unwrap_or_else(|| whole.part.clone()));
        if deed.is_some_and(|deed| deed != Deed::Unlink) {
            // What is tapped after that would find nobody, or nothing.
            whole.offers.clear();
        }
        self.say(waiting, whole);
        if let Some(deed) = deed {
            self.perform(waiting, deed, &asked).await;
        }
        Ok(())
    }

    /// What a text is read with: whose it is, and after which question.
    fn hearing<'h>(&'h self, last: Option<&'h Part>) -> Context<'h> {
        Context {
            now: self.now(),
            locale: &self.voice,
            week_starts: self.profile.week_starts,
            accounts: &self.directory,
            banks: &self.banks,
            merchants: &[],
            last,
        }
    }

    /// Walks one question through its flow.
    async fn answer(&mut self, waiting: &Waiting, part: Part, likely: &[Intent]) -> Result<Told, Failed> {
        let part = self.list_anew(waiting, part).await?;
        let asked = part.clone();
        let mut dialogue = std::mem::take(&mut self.dialogue);
        let agreed = dialogue.settings.offers;
        let (directory, linked, banks) = (self.directory.clone(), self.linked.clone(), self.banks.clone());
        let (zone, budgets) = (self.profile.zone.clone(), dialogue.settings.budgets.clone());
        let at_desk = self.turn.staff.desk(self.turn.clock.now());
        let log = self.access_log(&part, &dialogue).await?;
        let with_login: Vec<BankId> = self.turn.logins.keys().cloned().collect();
        let setting = Setting {
            now: self.turn.clock.now(),
            directory: &directory,
            linked: &linked,
            with_login: &with_login,
            banks: &banks,
            likely,
            zone: &zone,
            desk: &at_desk,
            log: &log,
        };
        let mut run = Run::begin(&self.turn.flows, &mut dialogue, part, &setting);
        let (mut facts, mut offers) = (Facts::default(), Offers::default());
        loop {
            match run.advance() {
                Next::Done => break,
                Next::Fetch(classes) if classes.contains(&DataClass::Offers) => {
                    offers = self.read_offers(waiting, run.consent_to_offers()).await?;
                    run.fetched(if self.links.is_empty() { Fetched::NotLinked } else { Fetched::Facts });
                }
                Next::Fetch(classes) => {
                    let question = self.question(waiting, &classes, &run);
                    facts = self.fetch(waiting, &question).await?;
                    answer::recount(&mut facts, run.category_rules());
                    run.fetched(match (facts.accounts.is_empty(), facts.missing.is_empty()) {
                        (true, true) if self.links.is_empty() => Fetched::NotLinked,
                        (true, false) => Fetched::NoAnswer,
                        _ => Fetched::Facts,
                    });
                }
                Next::Compute(name) if name == answer::OFFERS => {
                    let answer = answer::tell_offers(run.part(), &offers, run.consent_to_offers());
                    run.computed(answer);
                }
                Next::Compute(name) => {
                    let today = self.now();
                    let (previous, rules) = (run.previous().cloned(), run.category_rules().to_vec());
                    let answer = answer::call(
                        &name,
                        &answer::Ask {
                            part: run.part(),
                            facts: (&facts).into(),
                            banks: &self.banks,
                            directory: &directory,
                            today: today.date(),
                            now: today.timestamp(),
                            previous: previous.as_ref(),
                            exchange: self.profile.exchange.as_ref(),
                            budgets: &budgets,
                            rules: &rules,
                            in_full: false,
                        },
                    );
                    run.computed(answer);
                }
            }
        }
        let mut told = run.finish();
        // What the person asked is what was read; a repeat or a refresh shows the question that was asked again, and what
        // a merchant counts as is no question about the sum that is counted anew after it.
        match asked.intent {
            Intent::Correct => told.part = asked,
            intent => told.part.intent = intent,
        }
        self.dialogue = dialogue;
        self.listen();
        self.note(waiting, &told.part);
        self.note_consent_to_offers(waiting, agreed);
        self.tell_ends(&mut told);
        Ok(told)
    }

    /// The question to the banks that a question of the person needs.
    fn question(&self, waiting: &Waiting, classes: &[DataClass], run: &Run<'_>) -> Question {
        let today = self.now().date();
        let subject = match (run.part().intent, run.previous()) {
            (Intent::ExplainAnswer, Some(previous)) => previous,
            _ => run.part(),
        };
        let mut question = answer::question(&waiting.event_id, subject, today);
        question.classes = classes.iter().copied().filter(|class| question.classes.contains(class)).collect();
        question.fresh = run.fresh();
        question
    }
}

/// Whether the person wrote or tapped something: the platform takes replies for a day then.
fn is_from_person(event: &Event) -> bool {
    matches!(event, Event::Text { .. } | Event::Secret | Event::Postback { .. } | Event::Attachment { .. })
}
