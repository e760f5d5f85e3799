//! Why bank data is read, and which kinds of it.
//!
//! Purposes are types where data flows: a [`Question`](crate::domain::question::Question) has one, and the
//! [`Facts`](crate::domain::facts::Facts) that it brings have the same, so that what was read for one cannot be handed to
//! what serves another. [`Purpose`] is their word in the access log.

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

/// A purpose as a type.
///
/// What was read for alerts is not taken for what was read for an answer:
/// ```
/// use balancebot::domain::{facts::Facts, purpose::Answering};
/// let facts: Facts = Facts::<Answering>::default();
/// ```
/// ```compile_fail,E0308
/// use balancebot::domain::{facts::Facts, purpose::Watching};
/// let facts: Facts = Facts::<Watching>::default();
/// ```
/// And there are no others than these:
/// ```
/// use balancebot::domain::purpose::{Answering, Reason};
/// fn reads_for<P: Reason>(_: P) {}
/// reads_for(Answering);
/// ```
/// ```compile_fail,E0277
/// use balancebot::domain::purpose::Reason;
/// struct Advertising;
/// fn reads_for<P: Reason>(_: P) {}
/// reads_for(Advertising);
/// ```
/// ```compile_fail,E0603
/// use balancebot::domain::purpose::{Purpose, Reason};
/// #[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
/// struct Advertising;
/// impl balancebot::domain::purpose::sealed::Sealed for Advertising {}
/// impl Reason for Advertising {
///     const PURPOSE: Purpose = Purpose::Answer;
/// }
/// ```
pub trait Reason: sealed::Sealed + Copy + Send + Sync + 'static {
    /// Its word in the access log.
    const PURPOSE: Purpose;
}

mod sealed {
    pub trait Sealed {}
    impl Sealed for super::Answering {}
    impl Sealed for super::Watching {}
    impl Sealed for super::Listing {}
}

/// To answer the question that the person just asked, in the chat or on a page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Answering;

/// To see whether an alert that the person set has come true.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Watching;

/// To list the accounts of a link anew.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Listing;

impl Reason for Answering {
    const PURPOSE: Purpose = Purpose::Answer;
}

impl Reason for Watching {
    const PURPOSE: Purpose = Purpose::Alert;
}

impl Reason for Listing {
    const PURPOSE: Purpose = Purpose::Directory;
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
