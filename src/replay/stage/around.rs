//! What must be known around a reply to check its invariants: what the world holds, and what the person said.

use std::collections::{BTreeMap, BTreeSet};

use jiff::SignedDuration;

use super::Stage;
use crate::clock::Clock;
use crate::domain::access::{AccessEntry, AccessKind};
use crate::domain::purpose::DataClass;
use crate::domain::text::label;
use crate::replay::invariants::Around;
use crate::replay::judge::Reply;
use crate::replay::promises::{blurred, figure_digits, own_amounts};
use crate::replay::script::{Event, Input, Turn};
use crate::replay::sources::{Held, literals};
use crate::sandbox::world::LedgerAccount;

/// How old a figure may be without saying so.
const FRESH: SignedDuration = SignedDuration::from_mins(5);

impl Stage<'_> {
    /// What the world and the conversation were like around a reply.
    pub(super) fn around(&mut self, turn: &Turn, reply: &Reply) -> Around {
        let accounts = &self.sandbox.world().accounts;
        let (own, others): (Vec<&LedgerAccount>, Vec<_>) = accounts.iter().partition(|at| at.person == self.speaker);
        let mut repeated = false;
        for bubble in reply.bubbles.iter().filter(|bubble| !bubble.id.is_empty()) {
            repeated |= !self.sent.insert(bubble.id.clone());
        }
        let banks = self.sandbox.world().institutions.iter().map(|institution| &institution.bank.id);
        let mine: Vec<LedgerAccount> = banks.flat_map(|bank| self.sandbox.accounts(&self.speaker, bank)).collect();
        let (before, after) = &reply.settings;
        let kept = [before, after];
        let alerts = kept.iter().flat_map(|settings| &settings.alerts).filter_map(|alert| alert.amount);
        let budgets = kept.iter().flat_map(|settings| &settings.budgets).map(|budget| budget.amount);
        let mut own_words: BTreeSet<String> = alerts.chain(budgets).map(figure_digits).collect();
        let typed = match &turn.input {
            Input::Say(text) => text.to_lowercase(),
            _ => String::new(),
        };
        own_words.extend(own_amounts(&typed));
        own_words.extend(mine.iter().flat_map(|account| own_amounts(&account.nick)));
        let is_own = |last4: &str| own.iter().any(|account| account.last4 == last4);
        let people = self.sandbox.world().people.iter().filter(|person| person.id != self.speaker);
        let names = people.map(|person| person.name.to_lowercase());
        let texts: Vec<String> = mine.iter().flat_map(|at| &at.rows).map(|row| row.text.to_lowercase()).collect();
        let is_known = |name: &String| typed.contains(name) || texts.iter().any(|text| text.contains(name));
        Around {
            linked: reply.linked,
            proves: matches!(turn.input, Input::Event(Event::Linked(_) | Event::Unlocked)),
            passes: matches!(turn.input, Input::Event(Event::Clock(_))),
            masked: reply.masked,
            own_words,
            blurred: blurred(&mine),
            redelivered: matches!(turn.input, Input::Event(Event::Redeliver)),
            stale: reply.access.iter().any(|entry| self.is_old(entry)),
            strangers: others.iter().filter(|at| !is_own(&at.last4)).map(|at| at.last4.clone()).collect(),
            people: names.filter(|name| !is_known(name)).collect(),
            accounts: mine.iter().map(|account| (account.last4.clone(), label(&account.nick))).collect(),
            literals: literals(&mine),
            rows: mine.iter().flat_map(Held::of).collect::<BTreeMap<_, _>>(),
            repeated,
        }
    }

    /// Whether what an entry of the log tells of was older than five minutes when it was told. Of rows, the bank says
    /// nothing older than it has: a row that is there is true.
    fn is_old(&self, entry: &AccessEntry) -> bool {
        let reads = matches!(entry.kind, AccessKind::Fetched | AccessKind::Reused);
        let as_of = entry.bank.as_ref().and_then(|bank| self.sandbox.as_of(bank));
        reads
            && entry.classes.contains(&DataClass::Balances)
            && as_of.is_some_and(|as_of| self.clock.now().duration_since(as_of) > FRESH)
    }
}
