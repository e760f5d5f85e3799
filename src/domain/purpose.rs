//! Why bank data is read, and which kinds of it.

use serde::{Deserialize, Serialize};

/// Why a bank is asked. A permit names exactly one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    /// To answer the question that the person just asked.
    Answer,
    /// To see whether an alert that the person set has come true.
    Alert,
    /// To show the person offers, because they agreed to that and ask for them. It has permits of its own.
    Offers,
    /// To list the accounts of a link when it is made or refreshed.
    Directory,
    /// An operator tries a bank with a token of his own.
    Trial,
}

impl Purpose {
    /// The word of this purpose in the access log.
    pub fn word(self) -> &'static str {
        match self {
            Self::Answer => "answer",
            Self::Alert => "alert",
            Self::Offers => "offers",
            Self::Directory => "directory",
            Self::Trial => "trial",
        }
    }
}

/// A kind of bank data. Scopes of a consent and coverage of a permit are sets of these.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DataClass {
    /// Which accounts there are: names, last digits, kinds. Covered by every consent.
    Accounts,
    /// Balances, limits, due dates.
    Balances,
    /// Rows.
    Transactions,
    /// Full numbers and the holder's details.
    Details,
    /// What the bank offers beside the accounts. No consent of a link covers it: it has one of its own.
    Offers,
}

impl DataClass {
    /// The word of this class in consents and the access log.
    pub fn word(self) -> &'static str {
        match self {
            Self::Accounts => "accounts",
            Self::Balances => "balances",
            Self::Transactions => "transactions",
            Self::Details => "details",
            Self::Offers => "offers",
        }
    }

    /// The class of a word.
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Accounts, Self::Balances, Self::Transactions, Self::Details, Self::Offers]
            .into_iter()
            .find(|class| class.word() == word)
    }
}
