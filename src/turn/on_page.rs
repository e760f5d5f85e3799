//! Answers that a person opens on a page, because they need more room than a chat has, or more privacy. What a page shows
//! is read as for a question in the chat: under a permit, with the log written first, and kept nowhere.

use async_trait::async_trait;
use jiff::{Timestamp, Zoned};

use crate::answer::{self, Ask};
use crate::bank::ask::{AccessSink, NotLogged, ask};
use crate::clock::later;
use crate::domain::access::AccessEntry;
use crate::domain::account::Account;
use crate::domain::answer::Draft;
use crate::domain::bank::Bank;
use crate::domain::message::Conversation;
use crate::domain::reading::{Intent, Part};
use crate::domain::webpage::WebPage;
use crate::store::StoreError;
use crate::turn::Turn;
use crate::turn::linking::Stopped;
use crate::turn::ticket::Ticket;

/// An answer for a page.
#[derive(Debug)]
pub struct PageAnswer {
    /// What it says.
    pub drafts: Vec<Draft>,
    /// The present moment in the person's zone.
    pub now: Zoned,
    /// When the last of its figures leaves memory; `None` where no bank gave any.
    pub forgotten: Option<Timestamp>,
}

/// Writes what a page reads into the log of its person.
struct PageLog<'a> {
    turn: &'a Turn,
    conversation: &'a Conversation,
}

#[async_trait]
impl AccessSink for PageLog<'_> {
    async fn opened(&self, entries: Vec<AccessEntry>) -> Result<(), NotLogged> {
        let written = self.turn.store.log_access(self.conversation, entries, self.turn.clock.now()).await;
        written.map_err(|error| NotLogged(error.to_string()))
    }
}

impl Turn {
    /// Answers the question of a page, with its amounts and all its rows.
    ///
    /// # Errors
    /// Why it does not: the ticket is for something else, the chat is locked, or the log cannot be written.
    pub async fn answer_on_page(&self, ticket: &Ticket) -> Result<PageAnswer, Stopped> {
        let (subject, explains) = match &ticket.page {
            WebPage::Explain(part) => (part.as_ref(), true),
            WebPage::Reveal(part) => (part.as_ref(), false),
            _ => return Err(Stopped::Over),
        };
        let name = if explains { Some("explain") } else { self.flows.computation(subject.intent) };
        let name = name.ok_or(Stopped::Over)?;
        let of = &ticket.conversation;
        let dialogue = self.dialogue_of(of).await?;
        let links = self.links_of(of).await?;
        let profile = self.profile(of, &dialogue);
        let now = self.clock.now().to_zoned(profile.zone.clone());
        if self.must_show_who(&links, dialogue.locked, dialogue.last_active, now.date()) {
            return Err(Stopped::Locked);
        }
        let question = answer::question(&format!("page:{}", ticket.handle), subject, now.date());
        let log = PageLog { turn: self, conversation: of };
        let sources = self.sources(of, &log);
        let deadline = later(now.timestamp(), self.limits.answer_by);
        let asked = ask(sources, &question, &links, now.date(), deadline).await;
        let mut asked = asked.map_err(|NotLogged(reason)| Stopped::from(StoreError::Unavailable(reason)))?;
        self.store.log_access(of, asked.closed, self.clock.now()).await?;
        answer::recount(&mut asked.facts, &dialogue.settings.categories);
        let banks: Vec<Bank> = self.banks.0.iter().map(|bank| bank.bank().clone()).collect();
        let live = links.iter().filter(|link| link.is_live(now.date()));
        let directory: Vec<Account> = live.flat_map(|link| link.accounts.clone()).collect();
        let part = if explains { Part::new(Intent::ExplainAnswer) } else { subject.clone() };
        let told = answer::call(
            name,
            &Ask {
                part: &part,
                facts: (&asked.facts).into(),
                banks: &banks,
                directory: &directory,
                today: now.date(),
                now: now.timestamp(),
                previous: explains.then_some(subject),
                exchange: profile.exchange.as_ref(),
                budgets: &dialogue.settings.budgets,
                rules: &dialogue.settings.categories,
                in_full: true,
            },
        );
        if told.bubbles.is_empty() {
            return Err(Stopped::Over);
        }
        let read = asked.facts.accounts.iter().map(|share| share.read_at).max();
        let forgotten = read.map(|at| later(at, self.cache.keeps()));
        Ok(PageAnswer { drafts: told.bubbles, now, forgotten })
    }
}
