//! What is sealed, for whoever seals it anew under another master key. The store knows where it stands, not what it says.

use crate::domain::{bank::BankId, message::Conversation};

/// Where something sealed stands, for the store that said so.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// Its table, in the order in which they are looked through.
    pub table: u8,
    /// Its row.
    pub row: i64,
}

/// Something sealed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Held {
    /// Where it stands.
    pub position: Position,
    /// What it is, and of whom.
    pub what: What,
    /// The sealed bytes.
    pub body: Vec<u8>,
}

/// What something sealed is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    /// A person's wrapped key.
    Key(Conversation),
    /// What is remembered of a conversation.
    Dialogue(Conversation),
    /// A link to a bank.
    Link(Conversation, BankId),
    /// Something begun in a browser.
    Attempt(Conversation),
    /// A message, or an element set aside, by its event id.
    Message(Option<Conversation>, String),
    /// A reply, by its id.
    Reply(String),
}

/// Something that was sealed anew.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Anew {
    /// Where it stands.
    pub position: Position,
    /// The bytes that it was made from.
    pub from: Vec<u8>,
    /// The bytes that take their place.
    pub to: Vec<u8>,
}
