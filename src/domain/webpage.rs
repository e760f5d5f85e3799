//! The bot's own pages, as replies name them. Their addresses are made when a reply is put into words.

use serde::{Deserialize, Serialize};

use crate::domain::{bank::BankId, reading::Part};

/// A page of ours.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WebPage {
    /// Agree to a bank being read, and go there to sign in; any bank that can be linked where none is named.
    Link(Option<BankId>),
    /// Sign in at one's bank again, because the conversation is locked.
    Unlock,
    /// What was agreed to, and how it is taken back.
    Consent,
    /// The button beside a bank on the page before: it is read no more.
    Unlink(BankId),
    /// Who read the person's data.
    AccessLog,
    /// Everything that is kept of the person, as a file.
    Export,
    /// Who sees what, what is kept, and for how long.
    Privacy,
    /// How the answer to a question came about, in full.
    Explain(Box<Part>),
    /// The answer to a question with its amounts, which the chat hides.
    Reveal(Box<Part>),
}

impl WebPage {
    /// Its name in transcripts.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Link(_) => "link",
            Self::Unlock => "unlock",
            Self::Consent => "consent",
            Self::Unlink(_) => "unlink",
            Self::AccessLog => "access_log",
            Self::Export => "export",
            Self::Privacy => "privacy",
            Self::Explain(_) => "explain",
            Self::Reveal(_) => "reveal",
        }
    }
}
