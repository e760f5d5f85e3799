//! The names of days that people say instead of a date. Rules are those of the United States unless the locale says
//! else.

use std::collections::{HashMap, HashSet};
use std::hash::BuildHasherDefault;
use std::sync::LazyLock;

use jiff::civil::Weekday::{Monday, Sunday, Thursday};

use super::feasts::Holiday::{self, Before, Easter, Islamic, Nth, On};
use crate::understand::lexicon::Fnv;
use crate::understand::tokens::View;

/// Names as words, possessives without their `'s`: it is skipped in what was typed.
const NAMES: &[(&str, Holiday)] = &[
    ("christmas eve", On(12, 24)),
    ("xmas eve", On(12, 24)),
    ("christmas day", On(12, 25)),
    ("christmas", On(12, 25)),
    ("xmas day", On(12, 25)),
    ("xmas", On(12, 25)),
    ("boxing day", On(12, 26)),
    ("new year eve", On(12, 31)),
    ("new years eve", On(12, 31)),
    ("nye", On(12, 31)),
    ("new year day", On(1, 1)),
    ("new years day", On(1, 1)),
    ("new years", On(1, 1)),
    ("new year", On(1, 1)),
    ("yuandan", On(1, 1)),
    ("epiphany", On(1, 6)),
    ("groundhog day", On(2, 2)),
    ("valentine day", On(2, 14)),
    ("valentines day", On(2, 14)),
    ("valentine", On(2, 14)),
    ("valentines", On(2, 14)),
    ("st . patrick day", On(3, 17)),
    ("st patrick day", On(3, 17)),
    ("st patricks day", On(3, 17)),
    ("saint patrick day", On(3, 17)),
    ("ides of march", On(3, 15)),
    ("april fools day", On(4, 1)),
    ("april fool day", On(4, 1)),
    ("april fools", On(4, 1)),
    ("earth day", On(4, 22)),
    ("may day", On(5, 1)),
    ("cinco de mayo", On(5, 5)),
    ("flag day", On(6, 14)),
    ("juneteenth", On(6, 19)),
    ("independence day", On(7, 4)),
    ("canada day", On(7, 1)),
    ("bastille day", On(7, 14)),
    ("anzac day", On(4, 25)),
    ("australia day", On(1, 26)),
    ("waitangi day", On(2, 6)),
    ("halloween", On(10, 31)),
    ("all saints day", On(11, 1)),
    ("all souls day", On(11, 2)),
    ("guy fawkes night", On(11, 5)),
    ("guy fawkes day", On(11, 5)),
    ("guy fawkes", On(11, 5)),
    ("bonfire night", On(11, 5)),
    ("veterans day", On(11, 11)),
    ("remembrance day", On(11, 11)),
    ("armistice day", On(11, 11)),
    ("single day", On(11, 11)),
    ("singles day", On(11, 11)),
    ("women day", On(3, 8)),
    ("womens day", On(3, 8)),
    ("martin luther king day", Nth(1, 3, Monday, 0)),
    ("martin luther king jr day", Nth(1, 3, Monday, 0)),
    ("mlk day", Nth(1, 3, Monday, 0)),
    ("super bowl sunday", Nth(2, 2, Sunday, 0)),
    ("presidents day", Nth(2, 3, Monday, 0)),
    ("president day", Nth(2, 3, Monday, 0)),
    ("washington birthday", Nth(2, 3, Monday, 0)),
    ("mother day", Nth(5, 2, Sunday, 0)),
    ("mothers day", Nth(5, 2, Sunday, 0)),
    ("victoria day", Before(5, 25, Monday)),
    ("memorial day", Nth(5, -1, Monday, 0)),
    ("father day", Nth(6, 3, Sunday, 0)),
    ("fathers day", Nth(6, 3, Sunday, 0)),
    ("labor day", Nth(9, 1, Monday, 0)),
    ("labour day", Nth(9, 1, Monday, 0)),
    ("columbus day", Nth(10, 2, Monday, 0)),
    ("indigenous peoples day", Nth(10, 2, Monday, 0)),
    ("election day", Nth(11, 1, Monday, 1)),
    ("thanksgiving day", Nth(11, 4, Thursday, 0)),
    ("thanksgiving", Nth(11, 4, Thursday, 0)),
    ("turkey day", Nth(11, 4, Thursday, 0)),
    ("black friday", Nth(11, 4, Thursday, 1)),
    ("cyber monday", Nth(11, 4, Thursday, 4)),
    ("giving tuesday", Nth(11, 4, Thursday, 5)),
    ("shrove tuesday", Easter(-47)),
    ("mardi gras", Easter(-47)),
    ("pancake day", Easter(-47)),
    ("ash wednesday", Easter(-46)),
    ("palm sunday", Easter(-7)),
    ("maundy thursday", Easter(-3)),
    ("good friday", Easter(-2)),
    ("holy saturday", Easter(-1)),
    ("easter sunday", Easter(0)),
    ("easter monday", Easter(1)),
    ("easter", Easter(0)),
    ("ascension day", Easter(39)),
    ("whit sunday", Easter(49)),
    ("pentecost", Easter(49)),
    ("whit monday", Easter(50)),
    ("corpus christi", Easter(60)),
    ("ramadan", Islamic(9, 1)),
    ("islamic new year", Islamic(1, 1)),
    ("ashura", Islamic(1, 10)),
    ("mawlid", Islamic(3, 12)),
    ("festival of breaking the fast", Islamic(10, 1)),
    ("festival of the sacrifice", Islamic(12, 10)),
    ("festival of sacrifice", Islamic(12, 10)),
];

/// How the two great feasts of Islam are written: `eid ul-fitr`, `eidul fitr`, `eid al adha`.
const EIDS: &[(&[&str], Holiday)] = &[
    (&["fitr", "fitri", "ulfitr", "alfitr"], Islamic(10, 1)),
    (&["adha", "azha", "uladha", "aladha", "ulazha"], Islamic(12, 10)),
];

/// Where the same name means another day: countries, first word, day.
const ELSEWHERE: &[(&[&str], &str, Holiday)] = &[
    (&["CA"], "thanksgiving", Nth(10, 2, Monday, 0)),
    (&["CA"], "remembrance", On(11, 11)),
    (&["GB"], "remembrance", Nth(11, 2, Sunday, 0)),
    (&["GB", "IE"], "mother", Easter(-21)),
    (&["GB", "IE"], "mothers", Easter(-21)),
    (&["AU", "NZ"], "father", Nth(9, 1, Sunday, 0)),
    (&["AU", "NZ"], "fathers", Nth(9, 1, Sunday, 0)),
    (&["IN"], "independence", On(8, 15)),
    (&["NZ"], "labour", Nth(10, 4, Monday, 0)),
    (&["AU"], "labour", Nth(10, 1, Monday, 0)),
    (&["DE", "AT", "CH", "ES", "IN"], "labour", On(5, 1)),
    (&["DE", "AT"], "father", Easter(39)),
    (&["ES"], "father", On(3, 19)),
    (&["ES"], "mother", Nth(5, 1, Sunday, 0)),
    (&["MX"], "mother", On(5, 10)),
    (&["ES", "MX"], "epiphany", On(1, 6)),
];

/// Names and what they mean, by a word.
type ByWord = HashMap<&'static str, Vec<(&'static str, Holiday)>, BuildHasherDefault<Fnv>>;

/// The names by their first words, in their order.
static FIRST: LazyLock<ByWord> = LazyLock::new(|| {
    let mut first = ByWord::default();
    for (name, holiday) in NAMES {
        first.entry(name.split(' ').next().unwrap_or_default()).or_default().push((*name, *holiday));
    }
    first
});

/// Every word of every name.
static WORDS: LazyLock<HashSet<&str, BuildHasherDefault<Fnv>>> = LazyLock::new(|| {
    let named = NAMES.iter().flat_map(|(name, _)| name.split(' '));
    named.chain(EIDS.iter().flat_map(|(words, _)| words.iter().copied())).chain(["eid", "eidul"]).collect()
});

/// The holiday named at `at`, and the place after it. `country` is of ISO 3166.
pub(super) fn named(view: View<'_>, at: usize, country: [u8; 2]) -> Option<(Holiday, usize)> {
    if view.any(at, &["eid", "eidul"]) {
        return eid(view, at);
    }
    let names = FIRST.get(view.text(at))?;
    let (name, holiday, end) =
        names.iter().find_map(|(name, holiday)| Some((name, *holiday, spelt(view, at, name)?)))?;
    // The new years of other calendars fall on other days.
    if view.is(at, "new") && view.any(at.wrapping_sub(1), &["chinese", "lunar", "jewish", "islamic", "persian"]) {
        return None;
    }
    let local = ELSEWHERE.iter().find(|(countries, word, _)| {
        name.split(' ').next() == Some(*word) && countries.iter().any(|code| code.as_bytes() == country)
    });
    Some((local.map_or(holiday, |(.., local)| *local), end))
}

/// The words that names begin with.
pub(super) fn first_words() -> impl Iterator<Item = &'static str> {
    NAMES.iter().filter_map(|(name, _)| name.split(' ').next())
}

/// Whether the word is part of any name.
pub(super) fn has_word(word: &str) -> bool {
    WORDS.contains(word)
}

/// The place after a name, if it stands here; any `'s` between its words is passed over.
fn spelt(view: View<'_>, at: usize, name: &str) -> Option<usize> {
    let mut next = at;
    for word in name.split(' ') {
        if !view.is(next, word) {
            return None;
        }
        next = view.skip(next + 1, &["'s", "'"]);
    }
    Some(next)
}

fn eid(view: View<'_>, at: usize) -> Option<(Holiday, usize)> {
    let mut next = at + 1;
    for _ in 0..3 {
        next = view.skip(next, &["al", "ul", "el", "-", "'"]);
    }
    let named = EIDS.iter().find(|(words, _)| view.any(next, words));
    Some(named.map_or((Islamic(10, 1), at + 1), |(_, feast)| (*feast, next + 1)))
}
