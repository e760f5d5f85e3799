//! Puts an answer together: its lines, its figures with their sources, how old they are, what may be asked next.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};

use crate::answer::{Ask, ledger::Entry};
use crate::domain::{
    answer::{Answer, Draft, Figure, Offer, Picture, Provenance},
    bank::{Bank, BankId},
    money::Money,
    reading::{Intent, Part, Slots},
    say::{Arg, Say},
    transaction::TransactionId,
};

/// Figures older than this are said with their time.
const FRESH: SignedDuration = SignedDuration::from_mins(5);

/// Most offers of one answer.
const OFFERS_MAX: usize = 5;

/// An answer that is being put together.
pub(super) struct Telling<'a> {
    ask: Ask<'a>,
    first: Vec<Say>,
    notes: Vec<Say>,
    second: Vec<Say>,
    urgent: Vec<Offer>,
    offers: Vec<Offer>,
    figures: Vec<Figure>,
    read: BTreeMap<&'a BankId, (&'a Bank, Timestamp)>,
    picture: Option<Picture>,
    /// The slots as they turned out.
    pub(super) resolved: Slots,
}

impl<'a> Telling<'a> {
    /// Nothing said yet.
    pub(super) fn new(ask: &Ask<'a>) -> Self {
        Self {
            ask: *ask,
            first: Vec::new(),
            notes: Vec::new(),
            second: Vec::new(),
            urgent: Vec::new(),
            offers: Vec::new(),
            figures: Vec::new(),
            read: BTreeMap::new(),
            picture: None,
            resolved: ask.part.slots.clone(),
        }
    }

    /// What it answers.
    pub(super) fn ask(&self) -> &Ask<'a> {
        &self.ask
    }

    /// Whether nothing is cut short.
    pub(super) fn is_in_full(&self) -> bool {
        self.ask.in_full
    }

    /// A line of the first bubble.
    pub(super) fn say(&mut self, say: Say) {
        self.first.push(say);
    }

    /// A line after everything else of the first bubble: what is missing, how old it is.
    pub(super) fn note(&mut self, say: Say) {
        self.notes.push(say);
    }

    /// A line of the second bubble.
    pub(super) fn say_apart(&mut self, say: Say) {
        self.second.push(say);
    }

    /// Shows a picture of what is said.
    pub(super) fn show(&mut self, picture: Picture) {
        self.picture = Some(picture);
    }

    /// Money that rests on a balance.
    pub(super) fn balance(&mut self, money: Money, bank: &Bank) -> Arg {
        self.figure(money, vec![bank.id.clone()], Vec::new())
    }

    /// Money that rests on several banks' balances.
    pub(super) fn over_banks<'b>(&mut self, money: Money, banks: impl IntoIterator<Item = &'b Bank>) -> Arg {
        let mut ids: Vec<BankId> = banks.into_iter().map(|bank| bank.id.clone()).collect();
        ids.sort_unstable();
        ids.dedup();
        self.figure(money, ids, Vec::new())
    }

    /// Money that sums rows.
    pub(super) fn over_rows<'b>(&mut self, money: Money, rows: impl IntoIterator<Item = &'b Entry<'b>>) -> Arg {
        let (mut banks, ids): (Vec<BankId>, Vec<TransactionId>) =
            rows.into_iter().map(|entry| (entry.bank.id.clone(), entry.row.id.clone())).unzip();
        banks.sort_unstable();
        banks.dedup();
        self.figure(money, banks, ids)
    }

    /// Money that adds up balances of some banks and some rows.
    pub(super) fn over_both<'b>(
        &mut self,
        money: Money,
        balances: impl IntoIterator<Item = &'b Bank>,
        rows: &[Entry<'b>],
    ) -> Arg {
        let of_rows = rows.iter().map(|entry| entry.bank);
        let mut banks: Vec<BankId> = balances.into_iter().chain(of_rows).map(|bank| bank.id.clone()).collect();
        banks.sort_unstable();
        banks.dedup();
        let mut ids: Vec<TransactionId> = rows.iter().map(|entry| entry.row.id.clone()).collect();
        ids.sort_unstable();
        ids.dedup();
        self.figure(money, banks, ids)
    }

    fn figure(&mut self, money: Money, banks: Vec<BankId>, rows: Vec<TransactionId>) -> Arg {
        let figure = Figure { money, banks, rows };
        if !self.figures.contains(&figure) {
            self.figures.push(figure);
        }
        Arg::Money(money)
    }

    /// A bank that the figures rest on, and when what it said was true. The oldest time of each bank counts.
    pub(super) fn rests_on(&mut self, bank: &'a Bank, at: Timestamp) {
        let entry = self.read.entry(&bank.id).or_insert((bank, at));
        entry.1 = entry.1.min(at);
    }

    /// Something that may be asked next.
    pub(super) fn offer(&mut self, title: Say, asks: Part) {
        self.offers.push(Offer { title, asks });
    }

    /// An offer that must not be cut off by those before it.
    pub(super) fn offer_within(&mut self, title: Say, asks: Part) {
        self.offers.truncate(OFFERS_MAX - 1);
        self.offer(title, asks);
    }

    /// An offer that comes before the others: it mends what is missing.
    pub(super) fn urge(&mut self, offer: Offer) {
        self.urgent.push(offer);
    }

    /// The offer to explain this answer.
    pub(super) fn offer_how(&mut self) {
        self.offer(Say::new("title-how"), Part::new(Intent::ExplainAnswer));
    }

    /// The answer, with outcome `done`.
    pub(super) fn done(self) -> Answer {
        self.end(super::DONE)
    }

    /// The answer with another outcome.
    pub(super) fn end(mut self, outcome: &'static str) -> Answer {
        self.first.extend(self.ages());
        self.first.append(&mut self.notes);
        let bubbles = [self.first, self.second].into_iter().filter(|lines| !lines.is_empty());
        let mut bubbles: Vec<Draft> = bubbles.map(|lines| Draft { lines, ..Draft::default() }).collect();
        if let Some(last) = bubbles.last_mut() {
            last.picture = self.picture;
        }
        let mut offers = self.urgent;
        offers.extend(self.offers);
        offers.truncate(OFFERS_MAX);
        let as_of = self.read.values().map(|(_, at)| *at).min();
        let provenance = Provenance { figures: self.figures, as_of };
        Answer { bubbles, offers, resolved: self.resolved, provenance, outcome }
    }

    /// How old the figures are, where that must be said: once when it holds for all, else bank by bank.
    fn ages(&self) -> Vec<Say> {
        if self.figures.is_empty() {
            return Vec::new();
        }
        let is_old = |at: Timestamp| self.ask.now.duration_since(at) > FRESH;
        let old: Vec<_> = self.read.values().filter(|(_, at)| is_old(*at)).collect();
        let same = old.windows(2).all(|pair| pair[0].1 == pair[1].1);
        match old.first() {
            Some((_, at)) if same && old.len() == self.read.len() => vec![Say::new("as-of").with("moment", *at)],
            _ => old
                .iter()
                .map(|(bank, at)| Say::new("as-of-bank").with("bank", bank.name.as_str()).with("moment", *at))
                .collect(),
        }
    }
}

/// Several amounts, one of each currency, in one value: `$5.00 and €3.00`.
pub(super) fn all(mut amounts: Vec<Arg>) -> Arg {
    match amounts.len() {
        1 => amounts.swap_remove(0),
        _ => Arg::All(amounts),
    }
}

/// Names of banks, each once, in their order.
pub(super) fn bank_names<'b>(banks: impl IntoIterator<Item = &'b Bank>) -> Arg {
    let mut names: Vec<&str> = Vec::new();
    for bank in banks {
        if !names.contains(&bank.name.as_str()) {
            names.push(&bank.name);
        }
    }
    all(names.into_iter().map(Arg::from).collect())
}

/// A part of this intent and nothing else.
pub(super) fn asks(intent: Intent, slots: Slots) -> Part {
    Part { intent, slots }
}
