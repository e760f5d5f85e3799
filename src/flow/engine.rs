//! Walks a flow. A [`Run`] stops whenever it needs something that is not pure (banks) or not its own (a
//! computation over facts), and goes on with the result. Everything it does to the dialogue is in this file.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::domain::{
    access::AccessEntry,
    account::Account,
    answer::{Answer, Draft, Figure, Offer},
    bank::{Bank, BankId},
    category_rule::CategoryRule,
    consent::Term,
    fault::{Fault, Source},
    purpose::DataClass,
    reading::{Intent, Part, Slots},
    say::{Arg, Say},
};
use crate::flow::dialogue::{Choice, Dialogue, Frame, Waiting};
use crate::flow::model::{ACTS, CallDef, FALLBACK, Flow, LOCKED, OfferDef, Step, Target, Verb};
use crate::flow::texts::Texts;
use crate::flow::{check, load};

mod acts;
mod categories;
mod links;
mod map;
mod offers;
mod privacy;
mod rights;
mod session;

pub use links::{keep_reading, unlinked};
pub use privacy::access_lines;

/// Most steps one message may take; flows are checked to end, rewritten questions are not.
const STEPS_MAX: u32 = 64;

/// All flows, checked.
pub struct Flows {
    flows: BTreeMap<String, Flow>,
    begins: BTreeMap<Intent, String>,
    offers: BTreeMap<String, OfferDef>,
    /// The languages that have texts.
    languages: BTreeSet<String>,
}

/// What is known around a message, besides the dialogue.
#[derive(Clone, Debug)]
pub struct Setting<'a> {
    /// The present moment.
    pub now: Timestamp,
    /// The person's accounts, from their links.
    pub directory: &'a [Account],
    /// The banks that the person has linked.
    pub linked: &'a [LinkedBank],
    /// The banks that are configured.
    pub banks: &'a [Bank],
    /// The intents that the parser thought likeliest.
    pub likely: &'a [Intent],
    /// The zone that the person's days and times are in.
    pub zone: &'a TimeZone,
    /// When people are at the desk, how long they take, and their number.
    pub desk: &'a Desk,
    /// The banks that the person can link here by signing in.
    pub with_login: &'a [BankId],
    /// The person's own access log, oldest first; empty unless they ask for it.
    pub log: &'a [AccessEntry],
}

/// A bank that the person has linked, and what they agreed to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinkedBank {
    /// The bank.
    pub bank: Bank,
    /// When reading ends.
    pub term: Term,
    /// What may be read.
    pub scopes: Vec<DataClass>,
}

/// The people behind the bot, as the operator describes them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Desk {
    /// Whether there is one at all.
    pub is_there: bool,
    /// Whether somebody is at it now.
    pub is_open: bool,
    /// e.g. `Mon-Fri 09:00-17:00`.
    pub hours: Option<String>,
    /// e.g. `5 minutes`.
    pub wait: Option<String>,
    /// In international form.
    pub phone: Option<String>,
}

/// What a run needs next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Next {
    /// Facts of these classes for [`Run::part`]; then [`Run::fetched`].
    Fetch(Vec<DataClass>),
    /// A computation of this name over the facts; then [`Run::computed`].
    Compute(String),
    /// Nothing: [`Run::finish`].
    Done,
}

/// What a fetch came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fetched {
    /// At least one source answered.
    Facts,
    /// The person has linked no bank that the question could be asked of.
    NotLinked,
    /// None of the banks gave anything.
    NoAnswer,
}

/// What is to be done besides talking, in the same commit as the words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deed {
    /// Give the thread to the people at the desk.
    HandOver,
    /// Erase everything of the person.
    Erase,
    /// Drop the links to the banks that the question names.
    Unlink,
}

/// What a run said.
#[derive(Clone, Debug)]
pub struct Told {
    /// The bubbles, in order.
    pub drafts: Vec<Draft>,
    /// What may be tapped next.
    pub offers: Vec<Offer>,
    /// The question as it was resolved.
    pub part: Part,
    /// The figures that were computed for it, with their sources.
    pub figures: Vec<Figure>,
    /// What is to be done.
    pub deed: Option<Deed>,
}

impl Told {
    /// Nothing yet, about a question.
    pub fn of(part: Part) -> Self {
        Self { drafts: Vec::new(), offers: Vec::new(), part, figures: Vec::new(), deed: None }
    }
}

impl Flows {
    /// Loads `bot-flows/*.toml` and checks them against the texts and the computations that exist.
    pub fn load(files: &[Source], texts: &Texts, computations: &[CallDef]) -> Result<Self, Vec<Fault>> {
        let mut loaded = load::read(files);
        if loaded.faults.is_empty() {
            loaded.faults = check::check(&loaded, texts, computations);
        }
        if !loaded.faults.is_empty() {
            loaded.faults.sort();
            return Err(loaded.faults);
        }
        let begins = loaded
            .flows
            .iter()
            .flat_map(|flow| flow.intents.iter().map(|intent| (*intent, flow.name.clone())))
            .collect();
        Ok(Self {
            begins,
            flows: loaded.flows.into_iter().map(|flow| (flow.name.clone(), flow)).collect(),
            offers: loaded.offers.into_iter().map(|offer| (offer.name.clone(), offer)).collect(),
            languages: texts.languages().map(str::to_owned).collect(),
        })
    }

    /// Whether there are texts in a language.
    pub fn speaks(&self, language: &str) -> bool {
        self.languages.contains(language)
    }

    /// Whether an intent has a flow of its own.
    pub fn handles(&self, intent: Intent) -> bool {
        self.begins.contains_key(&intent)
    }

    /// Whether banks are asked for an intent, in its own flow or in one that it goes on to.
    pub fn reads_for(&self, intent: Intent) -> bool {
        let next = |flow: &String| {
            let steps = self.flows.get(flow).into_iter().flat_map(|flow| flow.steps.values());
            steps.into_iter().any(|step| matches!(&step.next, Target::Step { flow, .. } if self.reads(flow)))
        };
        self.begins.get(&intent).is_some_and(|flow| self.reads(flow) || next(flow))
    }

    /// Whether answering an intent takes balances, which have a time of their own at the bank.
    pub fn balances_for(&self, intent: Intent) -> bool {
        self.steps_for(intent)
            .any(|step| matches!(&step.verb, Verb::Fetch { classes } if classes.contains(&DataClass::Balances)))
    }

    /// Whether an intent is answered another way, and nothing is said of it, when no bank gives anything.
    pub fn does_without(&self, intent: Intent) -> bool {
        let elsewhere = |step: &Step| step.on.get("no_answer").is_some_and(|way| *way != step.next);
        self.steps_for(intent).any(|step| matches!(step.verb, Verb::Fetch { .. }) && elsewhere(step))
    }

    fn steps_for(&self, intent: Intent) -> impl Iterator<Item = &Step> {
        self.begins.get(&intent).and_then(|flow| self.flows.get(flow)).into_iter().flat_map(|flow| flow.steps.values())
    }

    /// The computation over facts that an intent comes down to, where there is one.
    pub fn computation(&self, intent: Intent) -> Option<&str> {
        let flow = self.flows.get(self.begins.get(&intent)?)?;
        flow.steps.values().find_map(|step| match &step.verb {
            Verb::Call { name } if ACTS.iter().all(|act| act.name != name) => Some(name.as_str()),
            _ => None,
        })
    }

    /// The names of all flows, with the intents that begin them.
    pub fn names(&self) -> impl Iterator<Item = (&str, &[Intent])> {
        self.flows.values().map(|flow| (flow.name.as_str(), flow.intents.as_slice()))
    }

    /// What a standing payload (menu, ice breaker, Get Started) asks.
    pub fn payload(&self, payload: &str) -> Option<&Part> {
        self.offers.values().find(|offer| offer.payload.as_deref() == Some(payload)).map(|offer| &offer.asks)
    }

    /// The offers with a standing payload, in the order of their file: what a page's menu and ice breakers are made of.
    pub fn standing(&self) -> impl Iterator<Item = (&str, &str)> {
        let mut offers: Vec<_> = self.offers.values().collect();
        offers.sort_by_key(|offer| offer.line);
        offers.into_iter().filter_map(|offer| Some((offer.payload.as_deref()?, offer.title.as_str())))
    }

    /// Whether a flow asks banks.
    fn reads(&self, flow: &str) -> bool {
        let steps = self.flows.get(flow).into_iter().flat_map(|flow| flow.steps.values());
        steps.into_iter().any(|step| matches!(step.verb, Verb::Fetch { .. }))
    }

    fn begin_of(&self, intent: Intent) -> Option<(String, String)> {
        let name = self.begins.get(&intent).map_or(FALLBACK, String::as_str);
        let flow = self.flows.get(name)?;
        Some((flow.name.clone(), flow.start.clone()))
    }

    fn step(&self, flow: &str, step: &str) -> Option<&Step> {
        self.flows.get(flow)?.steps.get(step)
    }
}

/// One question on its way through a flow.
pub struct Run<'a> {
    pub(super) flows: &'a Flows,
    pub(super) setting: &'a Setting<'a>,
    pub(super) dialogue: &'a mut Dialogue,
    pub(super) asked: Part,
    resolved: Option<Slots>,
    at: Option<(String, String)>,
    pub(super) drafts: Vec<Draft>,
    pub(super) offers: Vec<Offer>,
    figures: Vec<Figure>,
    keep_frame: bool,
    fresh: bool,
    steps_left: u32,
    deed: Option<Deed>,
}

impl<'a> Run<'a> {
    /// Begins the flow of a question.
    pub fn begin(flows: &'a Flows, dialogue: &'a mut Dialogue, part: Part, setting: &'a Setting<'a>) -> Self {
        if part.intent != Intent::Unknown {
            dialogue.misses = 0;
        }
        dialogue.waiting = None;
        let at = flows.begin_of(part.intent).map(|(flow, start)| {
            let waits = dialogue.locked && flows.reads(&flow);
            if waits { locked() } else { (flow, start) }
        });
        Self {
            flows,
            setting,
            dialogue,
            resolved: None,
            at,
            asked: part,
            drafts: Vec::new(),
            offers: Vec::new(),
            figures: Vec::new(),
            keep_frame: false,
            fresh: false,
            steps_left: STEPS_MAX,
            deed: None,
        }
    }

    /// The question as it stands now: a call may have rewritten it.
    pub fn part(&self) -> &Part {
        &self.asked
    }

    /// The question before this one, for explanations.
    pub fn previous(&self) -> Option<&Part> {
        self.dialogue.frame.as_ref().map(|frame| &frame.part)
    }

    /// What merchants count as for the person, as it stands now.
    pub fn category_rules(&self) -> &[CategoryRule] {
        &self.dialogue.settings.categories
    }

    /// Whether the person asked to look again: what is cached is not good enough.
    pub fn fresh(&self) -> bool {
        self.fresh
    }

    /// Walks until something from outside is needed.
    pub fn advance(&mut self) -> Next {
        while let Some((flow, name)) = self.at.clone() {
            self.steps_left = self.steps_left.saturating_sub(1);
            let Some(step) = self.flows.step(&flow, &name).filter(|_| self.steps_left > 0) else { break };
            match &step.verb {
                Verb::Fetch { .. } if self.dialogue.locked => {
                    self.at = Some(locked());
                }
                Verb::Fetch { classes } => return Next::Fetch(classes.clone()),
                Verb::Say { text } => {
                    let say = self.provided(text);
                    self.drafts.push(Draft::line(say));
                    self.offer_all(step);
                    self.go(Some(&step.next));
                }
                Verb::Ask { by } => return Next::Compute(by.clone()),
                Verb::Call { name } => {
                    let Some(outcome) = self.act(name) else { return Next::Compute(name.clone()) };
                    self.offer_all(step);
                    self.leave(step, outcome);
                }
            }
        }
        self.at = None;
        Next::Done
    }

    /// Tells what a fetch came to.
    pub fn fetched(&mut self, fetched: Fetched) {
        let Some(step) = self.here() else { return };
        match fetched {
            Fetched::Facts => self.go(Some(&step.next)),
            Fetched::NotLinked => {
                self.keep_waiting();
                self.go(step.on.get("not_linked"));
            }
            Fetched::NoAnswer => self.go(step.on.get("no_answer")),
        }
    }

    /// The question waits until a bank is linked or the conversation is unlocked.
    pub(super) fn keep_waiting(&mut self) {
        self.dialogue.asked = Some(Frame { part: self.asked.clone(), at: self.setting.now });
    }

    /// Takes a computed answer.
    pub fn computed(&mut self, answer: Answer) {
        let Some(step) = self.here() else { return };
        self.drafts.extend(answer.bubbles);
        self.figures.extend(answer.provenance.figures);
        self.offers.extend(answer.offers);
        self.offer_all(step);
        if matches!(step.verb, Verb::Ask { .. }) {
            return self.asked_back(step, answer.outcome);
        }
        self.resolved = Some(answer.resolved);
        self.keep_frame |= matches!(self.asked.intent, Intent::ExplainAnswer | Intent::DisputeStart);
        if !self.keep_frame {
            self.dialogue.frame = Some(Frame { part: self.asked.clone(), at: self.setting.now });
        }
        self.leave(step, answer.outcome);
    }

    /// After a computation that may ask the person back: if it did, the run ends, and its offers are the choices.
    fn asked_back(&mut self, step: &Step, outcome: &str) {
        if self.drafts.is_empty() {
            return self.leave(step, outcome);
        }
        let choice = |offer: &Offer| {
            let ids = &offer.asks.slots.accounts;
            let named: Vec<&Account> =
                self.setting.directory.iter().filter(|account| ids.contains(&account.id)).collect();
            let words = match named.as_slice() {
                [account] => std::iter::once(account.nick.to_lowercase()).chain(account.last4.clone()).collect(),
                _ => ["both", "all", "all of them"].map(str::to_owned).to_vec(),
            };
            Choice { words, part: offer.asks.clone() }
        };
        let options = self.offers.iter().map(choice).collect();
        self.dialogue.waiting = Some(Waiting { at: self.setting.now, options, figure: None });
        self.at = None;
    }

    /// What was said. Refreshes how long the context lasts.
    pub fn finish(self) -> Told {
        if let Some(frame) = &mut self.dialogue.frame {
            frame.at = self.setting.now;
        }
        let slots = self.resolved.unwrap_or_else(|| self.asked.slots.clone());
        Told {
            drafts: self.drafts,
            offers: self.offers,
            part: Part { intent: self.asked.intent, slots },
            figures: self.figures,
            deed: self.deed,
        }
    }

    fn here(&self) -> Option<&'a Step> {
        let (flow, step) = self.at.as_ref()?;
        self.flows.step(flow, step)
    }

    /// Leaves a call by the way of its outcome; `done`, and an outcome without a way of its own, lead to `next`.
    fn leave(&mut self, step: &Step, outcome: &str) {
        let way = step.on.get(outcome).unwrap_or(&step.next).clone();
        self.go(Some(&way));
    }

    fn go(&mut self, target: Option<&Target>) {
        self.at = match target {
            Some(Target::Step { flow, step }) => Some((flow.clone(), step.clone())),
            Some(Target::Again) => self.flows.begin_of(self.asked.intent),
            Some(Target::End) | None => None,
        };
    }

    /// A text with the values that every text may use.
    fn provided(&self, text: &str) -> Say {
        let names = self.setting.banks.iter().map(|bank| Arg::Text(bank.name.clone())).collect::<Vec<_>>();
        let wanted = Say::new(what(self.asked.intent));
        Say::new(text).with("banks", names).with("what", wanted)
    }

    fn offer_all(&mut self, step: &Step) {
        for name in &step.offers {
            if let Some(offer) = self.flows.offers.get(name) {
                self.offers.push(Offer { title: Say::new(&offer.title), asks: offer.asks.clone() });
            }
        }
    }
}

fn locked() -> (String, String) {
    (LOCKED.0.to_owned(), LOCKED.1.to_owned())
}

/// What a question is about, in the words of `not-yet`.
fn what(intent: Intent) -> &'static str {
    match intent {
        Intent::DataExport => "what-export",
        Intent::SessionLock => "what-lock",
        _ => "what-other",
    }
}
