//! A quick look at a word, so that most words of a text cost nothing: can a date begin here at all?

use std::collections::HashSet;
use std::hash::BuildHasherDefault;
use std::sync::LazyLock;

use super::{holidays, names, relative};
use crate::understand::lexicon::Fnv;
use crate::understand::numbers;
use crate::understand::tokens::View;

/// Words that stand before a date or its first telling word.
const BEFORE: &[&str] = &[
    "the", "a", "an", "in", "on", "of", "to", "for", "from", "between", "since", "after", "before", "until", "till",
    "til", "starting", "up", "prior", "so", "far", "at", "less", "than",
];

/// Words that tell by themselves that a date begins.
const TELLING: &[&str] = &[
    "today",
    "yesterday",
    "tomorrow",
    "tonight",
    "otd",
    "now",
    "mtd",
    "ytd",
    "qtd",
    "wtd",
    "q",
    "h",
    "w",
    "wk",
    "kw",
    "eid",
    "eidul",
    "start",
    "beginning",
    "early",
    "mid",
    "middle",
    "end",
    "late",
    "earlier",
    "later",
    "rest",
    "remainder",
    "bom",
    "eom",
    "boy",
    "eoy",
    "whole",
    "all",
    "entire",
    "full",
    "closest",
    "nearest",
    "penultimate",
    "final",
    "within",
    "half",
    "couple",
    "few",
    "several",
    "dozen",
    "right",
    "date",
    "present",
    "'",
    "spring",
    "summer",
    "autumn",
    "fall",
    "winter",
    "calendar",
    "twenties",
    "thirties",
    "forties",
    "fifties",
    "sixties",
    "seventies",
    "eighties",
    "nineties",
    "fortnight",
    "hour",
    "hours",
    "hr",
    "hrs",
    "minute",
    "minutes",
    "min",
    "mins",
];

static WORDS: LazyLock<HashSet<&'static str, BuildHasherDefault<Fnv>>> = LazyLock::new(|| {
    let named = holidays::first_words().chain(TELLING.iter().copied()).chain(numbers::words());
    named.chain([relative::LAST, relative::THIS, relative::NEXT].into_iter().flatten().copied()).collect()
});

/// Whether a date may begin at `at`: with a telling word, or one behind words that lead to it.
pub(super) fn here(view: View<'_>, at: usize) -> bool {
    (at..view.len().min(at + 5)).find(|place| !view.any(*place, BEFORE)).is_some_and(|place| tells(view, place))
}

/// Whether a word tells by itself that a date begins.
pub(super) fn tells(view: View<'_>, at: usize) -> bool {
    let word = view.text(at);
    view.digits(at).is_some()
        || WORDS.contains(word)
        || relative::unit(word).is_some()
        || names::month(word).is_some()
        || names::weekday(word).is_some()
}
