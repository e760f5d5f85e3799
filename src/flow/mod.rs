//! L1, pure: what is asked and said next. Loads and checks `bot-flows/`, keeps the dialogue, puts texts into words.

pub mod format;
pub mod texts;
