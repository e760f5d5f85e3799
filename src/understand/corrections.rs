//! "corner foods is not groceries", "count tesco as groceries": what a merchant counts as for this person. The merchant
//! is in nobody's list, so it is told by its place: before the words that deny or tell.

use super::intents::{Case, Decided};
use super::merchants;
use super::phrases::Phrase;
use super::slots::Findings;
use super::tokens::Token;
use crate::domain::reading::{Intent, Part, Slots};
use crate::domain::transaction::Category;

/// Most words of a merchant's name.
const NAME_WORDS_MAX: usize = 4;

/// The patterns of a language.
#[derive(Debug, Default)]
pub(super) struct Corrections {
    /// Between a merchant and a category that it does not have.
    pub(super) denies: Vec<Phrase>,
    /// Between a merchant and the category that it has.
    pub(super) tells: Vec<Phrase>,
    /// Before the merchant: "count".
    pub(super) moves: Vec<Phrase>,
    /// Between such a merchant and its category: "as".
    pub(super) to: Vec<Phrase>,
    /// What no merchant's name holds.
    pub(super) never: Vec<String>,
}

impl Case<'_> {
    /// A merchant, and what it is or is not.
    pub(super) fn by_correction(&self, found: &Findings) -> Option<Decided> {
        let (view, words) = (self.view(), &self.language.words.corrections);
        let is_category = |at: usize| matches!(found.owner.get(at), Some(Some("category" | "except_category")));
        if !(1..view.len()).any(is_category) || (0..view.len()).any(|at| view.is(at, "?")) {
            return None;
        }
        let before_category = |phrases: &[Phrase]| {
            let places = phrases.iter().filter_map(|phrase| phrase.find(view));
            places.filter(|(_, end)| is_category(*end)).min()
        };
        let moved = words.moves.iter().find_map(|phrase| phrase.find(view)).filter(|(start, _)| *start == 0);
        let (denied, told) = (before_category(&words.denies), before_category(&words.tells));
        let (from, joint) = match (moved, denied.into_iter().chain(told).min()) {
            (Some((_, from)), _) => (from, before_category(&words.to)?),
            (None, joint) => (view.skip(0, &["no", "nope", "but", "actually", "sorry", ",", "and"]), joint?),
        };
        let name = self.name(found, from, joint.0)?;
        let (mut categories, mut except_categories) = (Vec::new(), Vec::new());
        let mut at = joint.1;
        while at < view.len() {
            let meant: Vec<(usize, &Category)> = self.language.words.categories.at(view, at).collect();
            let length = meant.iter().map(|(length, _)| *length).max().filter(|_| is_category(at));
            let Some(length) = length else {
                at += 1;
                continue;
            };
            let not = |phrase: &Phrase| phrase.find(view).is_some_and(|(_, end)| end == at);
            let is_denied = words.denies.iter().any(not) || view.is(at - 1, "not");
            let list = if is_denied { &mut except_categories } else { &mut categories };
            list.extend(meant.iter().filter(|(words, _)| *words == length).map(|(_, category)| **category));
            at += length;
        }
        let part = Part {
            intent: Intent::Correct,
            slots: Slots { merchants: vec![name], categories, except_categories, ..Slots::default() },
        };
        let why = "a merchant, and what it is or is not".to_owned();
        Some(Decided { part, merged: true, ..Decided::sure(Intent::Correct, why) })
    }

    /// The merchant's name, if these words can be one.
    fn name(&self, found: &Findings, from: usize, to: usize) -> Option<String> {
        // An emoji before the name is none of its words.
        let from = (from..to).find(|at| self.tokens.get(*at).is_some_and(Token::is_word))?;
        let tokens = self.tokens.get(from..to)?;
        let words = &self.language.words;
        let strange = |at: usize| found.owner.get(at).is_some_and(|owner| !matches!(owner, Some("category")));
        let fits = !tokens.is_empty()
            && tokens.len() <= NAME_WORDS_MAX
            && tokens.iter().all(|token| !words.corrections.never.contains(&token.text))
            && (from..to).any(strange);
        fits.then(|| merchants::typed(self.view(), self.text, from, to))
    }
}
