//! Places, as people type them behind "near" and the like. They are not looked up: a map does that, if anybody opens one.

use super::merchants::typed;
use super::tokens::{Kind, View};

/// Words behind which a place stands, in each language.
const LEADS: &[&str] = &[
    // "cerca de" is read as "about".
    "about", "near", "around", "in", "at", "by", "bei", "beim", "am", "im", "en", "por",
];
/// "close to", "junto a": behind any other word these lead elsewhere. Little words of other languages are read as English ones.
const NEARNESS: &[&str] = &["close", "closest", "next", "nearest", "nearby", "cerca", "junto", "nähe"];
const AFTER_NEARNESS: &[&str] = &["to", "of", "from", "de", "del", "von", "vom", "des", "the"];
const ARTICLES: &[&str] =
    &["the", "a", "my", "der", "die", "das", "dem", "den", "la", "el", "los", "las", "mi", "to", "al"];
/// No place: wherever the person is.
const HERE: &[&str] = &[
    "me",
    "here",
    "us",
    "my",
    "area",
    "nearby",
    "you",
    "mir",
    "hier",
    "nähe",
    "umgebung",
    "mí",
    "aquí",
    "aqui",
    "acá",
    "cercanías",
    "favor",
    "moment",
    "https",
    "http",
    "www",
];
/// What ends a place.
const ENDS: &[&str] = &[
    "please", "pls", "plz", "thanks", "now", "today", "bitte", "danke", "gracias", "ahora", "hoy", "geld", "bargeld",
    "abheben", "cash", "money",
];
/// Most tokens of a place: "5th" is two.
const WORDS_MAX: usize = 10;

/// The place that a text names, as it is typed there.
pub(super) fn find(view: View<'_>, text: &str) -> Option<String> {
    let leads =
        |at: usize| view.any(at, LEADS) || (at > 0 && view.any(at, AFTER_NEARNESS) && view.any(at - 1, NEARNESS));
    (0..view.len()).filter(|at| leads(*at)).find_map(|lead| {
        let mut start = lead + 1;
        while view.any(start, ARTICLES) {
            start += 1;
        }
        let goes_on = |at: &usize| {
            let joins = view.any(*at, &["&", "-", ".", "'", "/", ","]);
            (view.0[*at].kind != Kind::Symbol || joins)
                && !view.any(*at, ENDS)
                && !(view.any(*at, &["por"]) && view.any(*at + 1, &["favor"]))
        };
        let mut end = (start..view.len()).take_while(goes_on).take(WORDS_MAX).last()? + 1;
        while end > start && view.0[end - 1].kind == Kind::Symbol {
            end -= 1;
        }
        let is_place = start < end && !view.any(start, HERE) && !leads(start) && view.0[start].kind != Kind::Symbol;
        is_place.then(|| typed(view, text, start, end))
    })
}
