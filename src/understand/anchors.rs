//! Words that an intent cannot be read without: whoever lost a dog did not lose a card.

use std::collections::HashMap;

use super::lexicon::WordSet;
use crate::domain::reading::Intent;

/// For some intents the words of which at least one stands in each text that means it.
#[derive(Debug, Default)]
pub(super) struct Anchors(HashMap<Intent, WordSet>);

impl Anchors {
    /// From the words of each intent, as texts are told to the classifier.
    pub(super) fn of(lists: impl IntoIterator<Item = (Intent, WordSet)>) -> Self {
        Self(lists.into_iter().collect())
    }

    /// Whether an intent can be meant by these words.
    pub(super) fn hold(&self, intent: Intent, words: &[String]) -> bool {
        self.0.get(&intent).is_none_or(|anchors| words.iter().any(|word| anchors.contains(word)))
    }

    /// The same anchors in the words of the grammar.
    pub(super) fn told(self, tell: impl Fn(&WordSet) -> WordSet) -> Self {
        Self(self.0.into_iter().map(|(intent, words)| (intent, tell(&words))).collect())
    }

    /// Every word that anchors something.
    pub(super) fn words(&self) -> impl Iterator<Item = &String> {
        self.0.values().flatten()
    }
}
