//! Making a model of a language's words: everything that takes a look at each example.

use std::collections::{BTreeSet, HashSet};

use super::classifier::Classifier;
use super::intents;
use super::lexicon::WordSet;
use super::model_file::Model;
use super::packed::WordTable;
use super::spelling::Speller;
use super::words::{Example, Words};
use crate::domain::reading::Intent;

/// Names of categories and accounts that are shorter than this are no goals of repair.
const CALLED_MIN: usize = 5;

/// Learns from words that were loaded with their examples, and from which words occur in their file.
pub(super) fn model(words: &Words, surface: &WordSet) -> Model {
    Model {
        language: words.language.clone(),
        classifier: Classifier::train(&intents::lessons(words)),
        speller: speller(words, surface),
        surface: words.surface.clone(),
        known: words.known.clone(),
        told: WordTable::of(words.grammar.told()),
    }
}

/// What misspelt words are repaired to.
fn speller(words: &Words, surface: &WordSet) -> Speller {
    let of = |example: &&Example| example.intent == Intent::OutOfScope;
    let (foreign, native): (Vec<&Example>, Vec<&Example>) = words.examples.iter().partition(of);
    fn words_of<'a>(examples: &'a [&Example]) -> HashSet<&'a String> {
        examples.iter().flat_map(|example| &example.words).collect()
    }
    let (asked, refused) = (words_of(&native), words_of(&foreign));
    // A slip in a word that only stands where nothing of ours is asked needs no repair.
    let ours = surface.iter().filter(|word| asked.contains(word) || !refused.contains(word));
    // What categories and accounts are called is of the field as well; short words would draw in too much.
    let phrases = words.categories.iter().map(|(p, _)| p).chain(words.accounts.iter().map(|(p, _)| p)).flatten();
    let called = phrases.filter(|word| word.chars().count() >= CALLED_MIN && surface.contains(*word));
    let field: BTreeSet<String> = words.spelling.iter().chain(called).cloned().collect();
    Speller::of(&ours.cloned().collect(), &field, &native)
}
