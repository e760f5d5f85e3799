//! Stops: nothing of a bank is read, of one person or of everyone, because the bank or the operator has ordered so.

use jiff::Timestamp;
use sha2::{Digest, Sha256};

use crate::domain::{bank::BankId, link::Link, message::Conversation};

/// Who orders. Each takes back only what they have ordered themselves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum OrderedBy {
    /// The bank, by a signed order.
    Bank,
    /// The operator of this bot, by a command.
    Operator,
}

impl OrderedBy {
    /// The word for it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Bank => "bank",
            Self::Operator => "operator",
        }
    }

    /// Who a word means.
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Bank, Self::Operator].into_iter().find(|by| by.word() == word)
    }
}

/// Of whom nothing is read. A person is known by a hash: a stop says nothing to who reads the store, and holds whether or
/// not the person has linked the bank, and after they were erased.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Whom {
    /// Everyone.
    Everyone,
    /// One person.
    One([u8; 32]),
}

impl Whom {
    /// Whoever writes in a conversation.
    pub fn chat(conversation: &Conversation) -> Self {
        Self::One(mark(&["chat", &conversation.to_string()]))
    }

    /// The customer that a bank knows by this id.
    pub fn customer(bank: &BankId, customer: &str) -> Self {
        Self::One(mark(&["customer", bank.as_str(), customer]))
    }

    /// Everyone that the owner of a link is.
    pub fn of(conversation: &Conversation, link: &Link) -> Vec<Self> {
        let customer = link.grant.customer.as_deref().map(|customer| Self::customer(&link.bank, customer));
        [Self::Everyone, Self::chat(conversation)].into_iter().chain(customer).collect()
    }

    /// How it is written: `everyone`, or the hash of a person.
    pub fn word(self) -> String {
        match self {
            Self::Everyone => "everyone".to_owned(),
            Self::One(mark) => hex::encode(mark),
        }
    }

    /// Who a word means.
    pub fn parse(word: &str) -> Option<Self> {
        if word == "everyone" {
            return Some(Self::Everyone);
        }
        let mut mark = [0; 32];
        hex::decode_to_slice(word, &mut mark).ok().map(|()| Self::One(mark))
    }
}

fn mark(parts: &[&str]) -> [u8; 32] {
    let mut hash = Sha256::new();
    for part in parts {
        // With its length, so that no two rows of parts are the same bytes.
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part);
    }
    hash.finalize().into()
}

/// One stop that stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stop {
    /// The bank that is not read.
    pub bank: BankId,
    /// Of whom.
    pub whom: Whom,
    /// Who ordered it.
    pub by: OrderedBy,
    /// Since when.
    pub since: Timestamp,
    /// The order's id.
    pub order: String,
    /// Why, in the operator's words.
    pub reason: Option<String>,
}

/// What an order wants.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// That nothing is read any more.
    Stop,
    /// That reading may go on.
    Resume,
}

/// An order that was given by somebody who may.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Order {
    /// Its id: the same order counts once.
    pub id: String,
    /// What it wants.
    pub wanted: Wanted,
    /// The bank.
    pub bank: BankId,
    /// Of whom.
    pub whom: Whom,
    /// Who gives it.
    pub by: OrderedBy,
    /// When they gave it: an order does not undo a later one.
    pub at: Timestamp,
    /// Why, in the operator's words.
    pub reason: Option<String>,
    /// The hash of what was ordered: the same id with something else in it is another order.
    pub digest: [u8; 32],
}

impl Order {
    /// The log in which orders about a bank and a person (or everyone) are written, as a person's reads are in theirs.
    pub fn log(bank: &BankId, whom: Whom) -> Conversation {
        Conversation { channel: "bank".to_owned(), page: bank.as_str().into(), person: whom.word().as_str().into() }
    }
}
