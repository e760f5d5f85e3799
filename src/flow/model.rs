//! Flows as they are after loading: a closed set of verbs, and ways from step to step.

use std::collections::BTreeMap;

use crate::domain::{
    purpose::DataClass,
    reading::{Intent, Part},
};

/// One flow: what is asked and said for some intents.
#[derive(Clone, Debug)]
pub struct Flow {
    /// The name of its file, without folder and ending.
    pub name: String,
    /// The file, for messages.
    pub file: String,
    /// The intents that begin it.
    pub intents: Vec<Intent>,
    /// The step it begins with.
    pub start: String,
    /// Its steps by name.
    pub steps: BTreeMap<String, Step>,
}

/// One step: a verb, and where it leads.
#[derive(Clone, Debug)]
pub struct Step {
    /// Where it stands in the file.
    pub line: usize,
    /// What it does.
    pub verb: Verb,
    /// Where it leads when nothing else is said.
    pub next: Target,
    /// Where it leads on a named trouble or outcome.
    pub on: BTreeMap<String, Target>,
    /// Titles that are offered with what it says.
    pub offers: Vec<String>,
}

/// What a step does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verb {
    /// Has Rust ask the person back where the question leaves a choice. The answer completes the question, which
    /// then begins anew; where there is nothing to ask, the flow goes on.
    Ask {
        /// The computation that finds the choices.
        by: String,
    },
    /// Asks the banks.
    Fetch {
        /// What is needed.
        classes: Vec<DataClass>,
    },
    /// Says a text.
    Say {
        /// The text.
        text: String,
    },
    /// Has Rust decide or compute something.
    Call {
        /// Its name in the register of calls.
        name: String,
    },
}

/// Where a step leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// The flow is over.
    End,
    /// The question as a call rewrote it begins anew, in its own flow.
    Again,
    /// Another step, of this flow or of another.
    Step {
        /// The flow.
        flow: String,
        /// The step.
        step: String,
    },
}

/// A title that flows may offer, and what it asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OfferDef {
    /// Its name in flow files.
    pub name: String,
    /// The text that is its title.
    pub title: String,
    /// What tapping it asks.
    pub asks: Part,
    /// The payload under which it comes back from menus, ice breakers and Get Started.
    pub payload: Option<String>,
    /// Where it stands.
    pub line: usize,
}

/// A thing that Rust decides or computes for a flow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CallDef {
    /// Its name in flow files.
    pub name: &'static str,
    /// Which ways it may go on, besides `done`.
    pub outcomes: &'static [&'static str],
    /// What must have been fetched before.
    pub needs: &'static [DataClass],
}

/// What the dialogue itself can do, without facts. Computations over facts are registered by `answer`.
pub const ACTS: &[CallDef] = &[
    CallDef { name: "cancel", outcomes: &["nothing"], needs: &[] },
    CallDef { name: "repeat", outcomes: &["again", "nothing"], needs: &[] },
    CallDef { name: "more", outcomes: &["again", "nothing"], needs: &[] },
    CallDef { name: "refresh", outcomes: &["again"], needs: &[] },
    CallDef { name: "answered", outcomes: &["nothing", "again"], needs: &[] },
    CallDef { name: "missed", outcomes: &["second", "third"], needs: &[] },
    CallDef { name: "likely", outcomes: &[], needs: &[] },
    CallDef { name: "decline", outcomes: &["named"], needs: &[] },
    CallDef { name: "links", outcomes: &["none"], needs: &[] },
    CallDef { name: "desk", outcomes: &["none"], needs: &[] },
    CallDef { name: "hand_over", outcomes: &["closed", "none"], needs: &[] },
    CallDef { name: "returned", outcomes: &["refused"], needs: &[] },
    CallDef { name: "meant", outcomes: &["nothing"], needs: &[] },
    CallDef { name: "unlink", outcomes: &["none", "unlinked", "which", "ask", "declined"], needs: &[] },
    CallDef { name: "renewal", outcomes: &["none"], needs: &[] },
    CallDef { name: "link_how", outcomes: &["operator", "all", "unknown"], needs: &[] },
    CallDef { name: "linked", outcomes: &["failed", "unlocked", "waits", "linked"], needs: &[] },
    CallDef { name: "locked", outcomes: &[], needs: &[] },
    CallDef { name: "lock", outcomes: &["nothing"], needs: &[] },
    CallDef { name: "privacy", outcomes: &[], needs: &[] },
    CallDef { name: "export", outcomes: &[], needs: &[] },
    CallDef { name: "access_log", outcomes: &[], needs: &[] },
    CallDef { name: "map", outcomes: &[], needs: &[] },
    CallDef { name: "mask", outcomes: &["shown"], needs: &[] },
    CallDef { name: "erase", outcomes: &["ask", "declined"], needs: &[] },
    CallDef { name: "lines", outcomes: &["none"], needs: &[] },
    CallDef { name: "language", outcomes: &["unknown"], needs: &[] },
    CallDef { name: "alert_begin", outcomes: &["listed", "none", "not_linked", "no_kind", "no_amount"], needs: &[] },
    CallDef { name: "alert_set", outcomes: &["refused"], needs: &[] },
    CallDef { name: "alert_stop", outcomes: &[], needs: &[] },
    CallDef { name: "budget_set", outcomes: &["removed", "none", "no_amount", "not_linked", "refused"], needs: &[] },
    CallDef { name: "budget_known", outcomes: &["none"], needs: &[] },
    CallDef { name: "category_rule", outcomes: &["how", "which", "again"], needs: &[] },
    CallDef { name: "offers_consent", outcomes: &["not_linked", "ask", "declined", "stopped"], needs: &[] },
    CallDef { name: "time_zone", outcomes: &["unknown"], needs: &[] },
];

/// The flow of every intent that has none of its own.
pub const FALLBACK: &str = "later";

/// The flow and step that every question about a bank's data leads to while the conversation is locked.
pub const LOCKED: (&str, &str) = ("session", "locked");

/// The troubles that every `fetch` needs a way for.
pub const FETCH_TROUBLES: &[&str] = &["not_linked", "no_answer"];

/// The values that any text said by a flow may use.
pub const PROVIDED: &[&str] = &["banks", "what"];
