//! Whose money it is: other people's is never told, and not even whether they are here.

use super::dates;
use super::intents::{Case, Decided};
use super::slots::Findings;
use super::tokens::Kind;
use crate::domain::reading::Intent;

/// What people own here.
const OWNED: &[&str] = &[
    "balance",
    "balances",
    "account",
    "accounts",
    "transactions",
    "purchases",
    "spending",
    "savings",
    "checking",
    "salary",
    "money",
    "statement",
];

/// Words that are short for "is" with `'s`, or own nothing themselves.
pub(super) const NOBODY: &[&str] =
    &["what", "that", "it", "there", "here", "who", "where", "when", "how", "let", "he", "she", "one", "everything"];

impl Case<'_> {
    /// "what's maya's balance": a name that is no word of ours, and what would be hers.
    pub(super) fn by_owner(&self, found: &Findings) -> Option<Decided> {
        let view = self.view();
        let words = &self.language.words;
        let somebody = |at: usize| {
            let name = view.text(at);
            view.0.get(at).is_some_and(|token| token.kind == Kind::Word)
                && found.owner.get(at).is_some_and(Option::is_none)
                && !NOBODY.contains(&name)
                && !words.fillers.contains(name)
                && !words.field.contains(name)
                && !dates::is_date_word(name)
        };
        let owns = |at: usize| view.is(at + 1, "'s") && (2..=3).any(|next| view.any(at + next, OWNED));
        let stranger = (0..view.len()).any(|at| owns(at) && somebody(at));
        stranger.then(|| Decided::sure(Intent::OutOfScope, "somebody else's name and what would be theirs".to_owned()))
    }
}
