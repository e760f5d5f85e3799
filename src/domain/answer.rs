//! What `answer/` computes and `flow/` passes on: sentences still without words, what may be asked next, and
//! where each figure comes from.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::domain::{
    bank::BankId,
    money::Money,
    reading::{Part, Slots},
    say::{Arg, Say},
    transaction::TransactionId,
    webpage::WebPage,
};

/// One bubble before it is put into words: its lines are joined by line breaks.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Draft {
    /// One text a line.
    pub lines: Vec<Say>,
    /// Buttons of the bubble, at most three.
    pub buttons: Vec<DraftButton>,
    /// What is shown after the bubble. The lines say everything that is in it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub picture: Option<Picture>,
}

impl Draft {
    /// A bubble of one line.
    pub fn line(say: Say) -> Self {
        Self { lines: vec![say], ..Self::default() }
    }
}

/// A picture of figures before it is put into words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Picture {
    /// What it is about.
    pub title: Say,
    /// The sum.
    pub sum: Money,
    /// Whether its bars are days after days, rather than the largest first.
    pub over_time: bool,
    /// The bars.
    pub bars: Vec<PictureBar>,
    /// How many there are besides.
    pub more: Option<Say>,
}

/// One bar of a picture before it is put into words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PictureBar {
    /// What it stands for.
    pub label: Arg,
    /// How long it is.
    pub money: Money,
    /// What must be said of its days, where they are not over.
    pub note: Option<Say>,
}

/// A button before it is put into words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum DraftButton {
    /// Calls a number; the text is its title.
    Call {
        /// Title, at most 20 characters.
        title: Say,
        /// The number in international form.
        number: String,
    },
    /// Opens a page of ours.
    Web {
        /// Title, at most 20 characters.
        title: Say,
        /// The page.
        page: WebPage,
    },
    /// Opens a map of cash machines.
    Map {
        /// Title, at most 20 characters.
        title: Say,
        /// Where, as typed and neutralised; wherever the map opens, when nothing was.
        place: Option<String>,
    },
}

/// Something the person may tap next: a title, and the question that tapping it asks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Offer {
    /// Title, at most 20 characters in every locale.
    pub title: Say,
    /// What tapping (or typing) it asks.
    pub asks: Part,
}

/// A computed answer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Answer {
    /// At most two bubbles; the figure is in the first.
    pub bubbles: Vec<Draft>,
    /// What may be asked next, best first.
    pub offers: Vec<Offer>,
    /// The slots as the answer resolved them: merchants by the names on the rows, accounts by id. They replace
    /// the reading's in the conversation's context.
    pub resolved: Slots,
    /// Where the figures come from.
    pub provenance: Provenance,
    /// Which way the flow goes on; `done` unless the call's outcomes name another.
    pub outcome: &'static str,
}

/// Where the figures of an answer come from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Provenance {
    /// Each figure that was said.
    pub figures: Vec<Figure>,
    /// When the oldest source was read.
    pub as_of: Option<Timestamp>,
}

/// One figure and its sources.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Figure {
    /// The amount as said.
    pub money: Money,
    /// The banks it rests on.
    pub banks: Vec<BankId>,
    /// The rows it sums; empty for a balance.
    pub rows: Vec<TransactionId>,
}
