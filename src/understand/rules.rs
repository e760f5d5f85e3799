//! Phrase rules, found by the words that must stand in a text: a rule whose words do not occur is not tried.

use super::lexicon::WordMap;
use super::phrases::Phrase;
use super::tokens::View;
use crate::domain::reading::Intent;

/// A phrase rule: outranks whatever was learnt.
#[derive(Debug)]
pub(super) struct Rule {
    pub(super) intent: Intent,
    pub(super) any: Vec<Pattern>,
    pub(super) unless: Vec<Phrase>,
}

/// A pattern of a rule, as it is written and where.
#[derive(Debug)]
pub(super) struct Pattern {
    pub(super) written: String,
    pub(super) phrase: Phrase,
    /// The byte of the word file at which it stands.
    pub(super) at: usize,
}

/// The rules of a language, first things first.
#[derive(Debug)]
pub(super) struct Rules {
    rules: Vec<Rule>,
    /// Under a word that a pattern cannot do without: the rule and the place of the pattern in it.
    anchors: WordMap<Vec<(usize, usize)>>,
}

impl Rules {
    pub(super) fn of(rules: Vec<Rule>) -> Self {
        let mut counts = WordMap::<usize>::default();
        for word in rules.iter().flat_map(|rule| &rule.any).flat_map(|pattern| pattern.phrase.words()) {
            *counts.entry(word.to_owned()).or_default() += 1;
        }
        let rarity = |word: &str| counts.get(word).copied().unwrap_or_default();
        let mut anchors = WordMap::<Vec<(usize, usize)>>::default();
        for (nth, rule) in rules.iter().enumerate() {
            for (place, pattern) in rule.any.iter().enumerate() {
                for word in pattern.phrase.anchor(rarity) {
                    anchors.entry(word.clone()).or_default().push((nth, place));
                }
            }
        }
        Self { rules, anchors }
    }

    /// The first rule that holds, with the pattern of it that stands in the text.
    pub(super) fn first(&self, view: View<'_>) -> Option<(&Rule, &Pattern)> {
        let mut likely: Vec<(usize, usize)> = Vec::new();
        for at in 0..view.len() {
            likely.extend(self.anchors.get(view.text(at)).into_iter().flatten());
        }
        likely.sort_unstable();
        likely.dedup();
        likely.chunk_by(|a, b| a.0 == b.0).find_map(|places| {
            let rule = self.rules.get(places.first()?.0)?;
            let mut patterns = places.iter().filter_map(|(_, place)| rule.any.get(*place));
            let pattern = patterns.find(|pattern| pattern.phrase.find(view).is_some())?;
            let taken_back = rule.unless.iter().any(|phrase| phrase.find(view).is_some());
            (!taken_back).then_some((rule, pattern))
        })
    }

    /// Every pattern of every rule.
    pub(super) fn patterns(&self) -> impl Iterator<Item = &Pattern> {
        self.rules.iter().flat_map(|rule| &rule.any)
    }
}
