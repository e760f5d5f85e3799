//! Words that an intent cannot be read without: whoever lost a dog did not lose a card.

use std::collections::HashMap;

use super::lexicon::{WordMap, WordSet};
use crate::domain::reading::Intent;

/// For some intents the words of which at least one stands in each text that means it.
#[derive(Debug, Default)]
pub(super) struct Anchors {
    lists: HashMap<Intent, WordSet>,
    /// The intents that each of these words anchors.
    anchored: WordMap<Vec<Intent>>,
}

impl Anchors {
    /// From the words of each intent, as texts are told to the classifier.
    pub(super) fn of(lists: impl IntoIterator<Item = (Intent, WordSet)>) -> Self {
        let lists: HashMap<Intent, WordSet> = lists.into_iter().collect();
        let mut anchored = WordMap::<Vec<Intent>>::default();
        for (intent, words) in &lists {
            words.iter().for_each(|word| anchored.entry(word.clone()).or_default().push(*intent));
        }
        Self { lists, anchored }
    }

    /// Whether an intent can be meant by these words.
    pub(super) fn hold<W: AsRef<str>>(&self, intent: Intent, words: &[W]) -> bool {
        self.lists.get(&intent).is_none_or(|anchors| words.iter().any(|word| anchors.contains(word.as_ref())))
    }

    /// The intents that cannot be meant by these words, each of which is looked up once.
    pub(super) fn missing<W: AsRef<str>>(&self, words: &[W]) -> Vec<Intent> {
        let mut missing: Vec<Intent> = self.lists.keys().copied().collect();
        for held in words.iter().filter_map(|word| self.anchored.get(word.as_ref())) {
            missing.retain(|intent| !held.contains(intent));
        }
        missing
    }

    /// The same anchors in the words of the grammar.
    pub(super) fn told(self, tell: impl Fn(&WordSet) -> WordSet) -> Self {
        Self::of(self.lists.into_iter().map(|(intent, words)| (intent, tell(&words))))
    }

    /// Every word that anchors something.
    pub(super) fn words(&self) -> impl Iterator<Item = &String> {
        self.lists.values().flatten()
    }
}
