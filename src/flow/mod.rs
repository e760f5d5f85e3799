//! L1, pure: what is asked and said next. Loads and checks `bot-flows/`, keeps the dialogue, puts texts into words.
//!
//! A flow is a small graph of steps with four verbs: `ask` the person, `fetch` from the banks, `say` a text, `call`
//! something that Rust decides. Flows hold no expression and no arithmetic; whatever decides about money is Rust.

mod alerts;
mod budgets;
mod check;
pub mod dialogue;
pub mod engine;
mod entries;
pub mod format;
mod load;
pub mod model;
mod settings;
pub mod texts;
pub mod topics;
mod translation;
pub mod voice;

pub use check::TITLE_MAX;
