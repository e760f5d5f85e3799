//! Loading `bot-flows/words/<lang>.toml`: what the parser learns from, and its lists of words. Strict: every unknown
//! key, intent, category and placeholder is reported with its line.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use serde::de::{DeserializeOwned, IgnoredAny};
use toml::Spanned;

use super::anchors::Anchors;
use super::certainty::Certainty;
use super::corrections::Corrections;
use super::grammar::Grammar;
use super::lexicon::{Lexicon, Phrases, WordMap, WordSet};
use super::model_file::Model;
use super::packed::WordTable;
use super::phrases::Phrase;
use super::rules::{Pattern, Rule, Rules};
use super::shapes::Shapes;
use super::tokens::tokenize;
use super::zones;
use crate::domain::account::AccountClass;
use crate::domain::fault::{Fault, Source};
use crate::domain::reading::Intent;
use crate::domain::transaction::Category;

/// Placeholders that examples may hold, in braces.
pub(super) const PLACEHOLDERS: &[&str] = &["period", "amount", "category", "merchant", "count"];

/// A file as it is written, with or without its examples.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, bound(deserialize = "E: Deserialize<'de>"))]
struct File<E> {
    language: Spanned<String>,
    certainty: Certainty,
    abbreviations: BTreeMap<String, String>,
    spelling: Vec<String>,
    #[serde(default)]
    ordinary: Vec<String>,
    #[serde(default)]
    names: Vec<String>,
    field: Vec<String>,
    fillers: Vec<String>,
    #[serde(default)]
    anchors: BTreeMap<Spanned<String>, Vec<String>>,
    accounts: BTreeMap<Spanned<String>, Vec<String>>,
    categories: BTreeMap<Spanned<String>, Vec<String>>,
    languages: BTreeMap<String, String>,
    #[serde(default)]
    zones: BTreeMap<String, Spanned<String>>,
    #[serde(default)]
    grammar: FileGrammar,
    #[serde(default)]
    shapes: FileShapes,
    #[serde(default)]
    corrections: FileCorrections,
    #[serde(default)]
    rule: Vec<FileRule>,
    examples: BTreeMap<Spanned<String>, Vec<E>>,
}

/// What the grammar must be told; English needs none of it.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct FileGrammar {
    decimal_comma: bool,
    ordinal_dot: bool,
    order: Vec<Spanned<(String, String)>>,
    words: BTreeMap<String, Vec<String>>,
}

/// How an answer about spending is wanted, as patterns.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct FileShapes {
    chart: Vec<Spanned<String>>,
    no_chart: Vec<Spanned<String>>,
    months: Vec<Spanned<String>>,
    weeks: Vec<Spanned<String>>,
}

/// What a merchant counts as, as patterns.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct FileCorrections {
    denies: Vec<Spanned<String>>,
    tells: Vec<Spanned<String>>,
    moves: Vec<Spanned<String>>,
    to: Vec<Spanned<String>>,
    never: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FileRule {
    intent: Spanned<String>,
    #[serde(default)]
    unless: Vec<Spanned<String>>,
    any: Vec<Spanned<String>>,
}

/// A sentence to learn from.
#[derive(Clone, Debug)]
pub(super) struct Example {
    pub(super) intent: Intent,
    pub(super) text: String,
    /// Its words, normalised.
    pub(super) words: Vec<String>,
    /// Sentences of one pattern have one number.
    pub(super) pattern: usize,
}

/// One language's words, checked.
#[derive(Debug)]
pub(super) struct Words {
    pub(super) language: String,
    /// The bytes at which the examples stand as they are written, by the number of their pattern.
    pub(super) places: Vec<usize>,
    pub(super) certainty: Certainty,
    pub(super) abbreviations: WordMap<Vec<String>>,
    /// Words of the field that misspellings are repaired to.
    pub(super) spelling: BTreeSet<String>,
    /// Words that are right as they are, but say nothing here.
    pub(super) ordinary: BTreeSet<String>,
    /// Names that stand in examples and rules, but are no words of the language.
    pub(super) names: WordSet,
    /// Words of money.
    pub(super) field: WordSet,
    /// Words that say nothing about what is wanted.
    pub(super) fillers: WordSet,
    /// Words without which an intent is not learnt to be meant.
    pub(super) anchors: Anchors,
    pub(super) accounts: Lexicon<AccountClass>,
    pub(super) categories: Lexicon<Category>,
    pub(super) languages: WordMap<String>,
    /// Time zones that the IANA database calls otherwise.
    pub(super) zones: WordMap<String>,
    /// How an answer about spending is wanted.
    pub(super) shapes: Shapes,
    pub(super) corrections: Corrections,
    pub(super) rules: Rules,
    pub(super) examples: Vec<Example>,
    /// How the language tells what the grammar reads.
    pub(super) grammar: Grammar,
    /// Every word that occurs anywhere in the file, as it is told to the grammar.
    pub(super) known: WordTable,
    /// The same words as people type them, but for the names.
    pub(super) surface: WordTable,
}

/// Normalised words of a phrase.
pub(super) fn split(text: &str) -> Vec<String> {
    tokenize(text).into_iter().map(|token| token.text).collect()
}

impl Words {
    /// Reads one file with its examples, and every word that occurs anywhere in it, as people type them.
    pub(super) fn load(source: &Source) -> Result<(Self, WordSet), Vec<Fault>> {
        let file = parse::<Spanned<String>>(source)?;
        let mut check = Check { source, faults: Vec::new() };
        let (examples, places) = check.examples(&file.examples);
        let mut words = check.file(file)?;
        (words.examples, words.places) = (examples, places);
        let mut surface = known(&words);
        surface.extend(words.grammar.said().cloned());
        words.tell();
        let mut known = known(&words);
        known.extend(words.grammar.told().cloned());
        let of_the_language = surface.iter().filter(|word| !words.names.contains(*word)).cloned().collect::<WordSet>();
        (words.surface, words.known) = (WordTable::of(&of_the_language), WordTable::of(&known));
        Ok((words, surface))
    }

    /// Reads a file whose model is ready: its examples have been learnt from, and are passed over.
    pub(super) fn without_examples(source: &Source, model: &Model) -> Result<Self, Vec<Fault>> {
        let mut words = Check { source, faults: Vec::new() }.file(parse::<IgnoredAny>(source)?)?;
        words.tell();
        (words.surface, words.known) = (model.surface.clone(), model.known.clone());
        Ok(words)
    }
}

fn parse<E: DeserializeOwned>(source: &Source) -> Result<File<E>, Vec<Fault>> {
    toml::from_str(&source.text).map_err(|error| {
        let line = error.span().map_or(0, |span| Fault::line_of(&source.text, span.start));
        vec![Fault::new(&source.path, line, error.message().trim())]
    })
}

impl Words {
    /// Tells the lists in the words of the grammar, as texts will be told.
    fn tell(&mut self) {
        let grammar = &self.grammar;
        let tell_all = |words: &WordSet| words.iter().flat_map(|w| grammar.tell_words(vec![w.clone()])).collect();
        (self.field, self.fillers) = (tell_all(&self.field), tell_all(&self.fillers));
        self.anchors = std::mem::take(&mut self.anchors).told(tell_all);
        self.accounts = self.accounts.told(|phrase| grammar.tell_words(phrase));
        self.categories = self.categories.told(|phrase| grammar.tell_words(phrase));
    }
}

/// Collects what is wrong while a file is taken over.
struct Check<'a> {
    source: &'a Source,
    faults: Vec<Fault>,
}

impl Check<'_> {
    fn fault(&mut self, at: usize, message: String) {
        self.faults.push(Fault::new(&self.source.path, Fault::line_of(&self.source.text, at), message));
    }

    /// Takes over everything but the examples.
    fn file<E>(mut self, file: File<E>) -> Result<Words, Vec<Fault>> {
        if !matches!(file.language.as_ref().as_str(), "en" | "es" | "de") {
            self.fault(file.language.span().start, format!("unknown language {:?}", file.language.as_ref()));
        }
        let accounts = self.list(&file.accounts, "account kind", |word| {
            [AccountClass::Checking, AccountClass::Savings, AccountClass::CreditCard, AccountClass::Loan]
                .into_iter()
                .find(|class| class.word() == word)
        });
        let categories = self.list(&file.categories, "category", Category::parse);
        let rules: Vec<Rule> = file.rule.iter().filter_map(|rule| self.rule(rule)).collect();
        let anchors = self.anchors(&file.anchors);
        let grammar = self.grammar(&file.grammar);
        let mut patterns = |list: &[Spanned<String>]| list.iter().filter_map(|p| self.phrase(p)).collect();
        let shapes = Shapes {
            chart: patterns(&file.shapes.chart),
            no_chart: patterns(&file.shapes.no_chart),
            months: patterns(&file.shapes.months),
            weeks: patterns(&file.shapes.weeks),
        };
        let corrections = Corrections {
            denies: patterns(&file.corrections.denies),
            tells: patterns(&file.corrections.tells),
            moves: patterns(&file.corrections.moves),
            to: patterns(&file.corrections.to),
            never: file.corrections.never.iter().flat_map(|line| split(line)).collect(),
        };
        for zone in file.zones.values().filter(|zone| !zones::is_zone(zone.as_ref())) {
            self.fault(zone.span().start, format!("unknown time zone {:?}", zone.as_ref()));
        }
        if !self.faults.is_empty() {
            return Err(self.faults);
        }
        Ok(Words {
            language: file.language.into_inner(),
            places: Vec::new(),
            certainty: file.certainty,
            abbreviations: file.abbreviations.iter().map(|(short, long)| (short.clone(), split(long))).collect(),
            spelling: file.spelling.iter().flat_map(|line| split(line)).collect(),
            ordinary: file.ordinary.iter().flat_map(|line| split(line)).collect(),
            names: file.names.iter().flat_map(|line| split(line)).collect(),
            field: file.field.iter().flat_map(|line| split(line)).collect(),
            fillers: file.fillers.iter().flat_map(|line| split(line)).collect(),
            anchors,
            accounts,
            categories,
            languages: file.languages.into_iter().collect(),
            zones: file.zones.into_iter().map(|(typed, zone)| (typed, zone.into_inner())).collect(),
            shapes,
            corrections,
            rules: Rules::of(rules),
            examples: Vec::new(),
            grammar,
            known: WordTable::default(),
            surface: WordTable::default(),
        })
    }

    fn list<T: Copy>(
        &mut self,
        lists: &BTreeMap<Spanned<String>, Vec<String>>,
        what: &str,
        parse: impl Fn(&str) -> Option<T>,
    ) -> Lexicon<T> {
        let mut phrases: Phrases<T> = Vec::new();
        for (key, list) in lists {
            match parse(key.as_ref()) {
                Some(meaning) => phrases.extend(list.iter().map(|phrase| (split(phrase), meaning))),
                None => self.fault(key.span().start, format!("unknown {what} {:?}", key.as_ref())),
            }
        }
        // Longer phrases first, so that the first match is the longest.
        phrases.sort_by_key(|(phrase, _)| std::cmp::Reverse(phrase.len()));
        Lexicon::of(phrases)
    }

    fn intent(&mut self, name: &Spanned<String>) -> Option<Intent> {
        let intent = Intent::parse(name.as_ref());
        if intent.is_none() {
            self.fault(name.span().start, format!("unknown intent {:?}", name.as_ref()));
        }
        intent
    }

    fn grammar(&mut self, file: &FileGrammar) -> Grammar {
        let orders: Vec<(String, String)> = file.order.iter().map(|order| order.as_ref().clone()).collect();
        Grammar::new(&file.words, &orders, file.decimal_comma, file.ordinal_dot).unwrap_or_else(|message| {
            self.fault(file.order.first().map_or(0, |order| order.span().start), message);
            Grammar::default()
        })
    }

    fn anchors(&mut self, lists: &BTreeMap<Spanned<String>, Vec<String>>) -> Anchors {
        let words = |list: &[String]| list.iter().flat_map(|line| line.split_whitespace()).map(str::to_owned).collect();
        Anchors::of(lists.iter().filter_map(|(name, list)| Some((self.intent(name)?, words(list)))))
    }

    fn phrase(&mut self, pattern: &Spanned<String>) -> Option<Phrase> {
        Phrase::parse(pattern.as_ref()).map_err(|message| self.fault(pattern.span().start, message)).ok()
    }

    fn rule(&mut self, rule: &FileRule) -> Option<Rule> {
        let intent = self.intent(&rule.intent);
        let mut pattern = |p: &Spanned<String>| {
            Some(Pattern { written: p.as_ref().clone(), phrase: self.phrase(p)?, at: p.span().start })
        };
        let any = rule.any.iter().filter_map(&mut pattern).collect();
        let unless = rule.unless.iter().filter_map(|pattern| self.phrase(pattern)).collect();
        Some(Rule { intent: intent?, any, unless })
    }

    /// The sentences of all examples, and where each example stands.
    fn examples(&mut self, lists: &BTreeMap<Spanned<String>, Vec<Spanned<String>>>) -> (Vec<Example>, Vec<usize>) {
        let mut examples = Vec::new();
        let mut pattern = 0;
        for (key, list) in lists {
            let Some(intent) = self.intent(key) else { continue };
            for example in list {
                for (_, rest) in example.as_ref().match_indices('{').map(|(at, _)| example.as_ref().split_at(at)) {
                    let name = rest[1..].split('}').next().unwrap_or_default();
                    if !PLACEHOLDERS.contains(&name) {
                        self.fault(example.span().start, format!("unknown placeholder {{{name}}}"));
                    }
                }
                match super::wordings::all(example.as_ref()) {
                    Ok(all) => examples.extend(all.into_iter().map(|text| Example {
                        intent,
                        words: split(&text),
                        text,
                        pattern,
                    })),
                    Err(message) => self.fault(example.span().start, message),
                }
                pattern += 1;
            }
        }
        (examples, lists.values().flatten().map(|example| example.span().start).collect())
    }
}

fn known(words: &Words) -> WordSet {
    let mut known = WordSet::default();
    for word in words.examples.iter().flat_map(|example| &example.words) {
        if !known.contains(word) {
            known.insert(word.clone());
        }
    }
    known.extend(words.accounts.iter().flat_map(|(phrase, _)| phrase.to_vec()));
    known.extend(words.categories.iter().flat_map(|(phrase, _)| phrase.to_vec()));
    known.extend(
        words.abbreviations.iter().flat_map(|(short, long)| std::iter::once(short.clone()).chain(long.clone())),
    );
    known.extend(words.rules.patterns().flat_map(|pattern| pattern.phrase.words().map(str::to_owned)));
    known.extend(words.shapes.words().map(str::to_owned));
    known.extend(words.languages.keys().cloned());
    known.extend(words.spelling.iter().cloned());
    known.extend(words.fillers.iter().cloned());
    known.extend(words.field.iter().cloned());
    known.extend(words.anchors.words().cloned());
    known
}
