//! What a question leaves out: "except rent", "without groceries and amazon", "not counting transfers".

use super::tokens::View;

/// Words that begin an exclusion, longest first.
const LEADS: &[&[&str]] = &[
    &["leaving", "out"],
    &["not", "counting"],
    &["not", "including"],
    &["without", "counting"],
    &["except", "for"],
    &["apart", "from"],
    &["aside", "from"],
    &["other", "than"],
    &["but", "not"],
    &["except"],
    &["excepting"],
    &["excluding"],
    &["exclude"],
    &["excl"],
    &["ignoring"],
    &["omitting"],
    &["without"],
    &["besides"],
    &["minus"],
];

/// Words that end it: what follows belongs to the question again.
const ENDS: &[&str] = &[
    "in",
    "on",
    "at",
    "from",
    "since",
    "during",
    "this",
    "last",
    "past",
    "between",
    "for",
    "until",
    "till",
    "before",
    "after",
    "did",
    "do",
    "have",
    "has",
    "is",
    "was",
    "what",
    "how",
    "?",
    "!",
    ".",
    ";",
    ":",
    "over",
    "under",
    "today",
    "yesterday",
];

/// Most words of one exclusion.
const WORDS_MAX: usize = 10;

/// Most exclusions that are read: each looks for names of its own.
const EXCLUSIONS_MAX: usize = 8;

/// One exclusion: its lead, and the words that may name what is left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Exclusion {
    /// The first token of the lead.
    pub(super) lead: usize,
    /// The first token after it.
    pub(super) from: usize,
    /// One past the last token that may name something.
    pub(super) to: usize,
}

/// All exclusions of a text, left to right.
pub(super) fn find(view: View<'_>) -> Vec<Exclusion> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < view.len() && found.len() < EXCLUSIONS_MAX {
        let Some(next) = LEADS.iter().find_map(|lead| view.after(at, lead)).or_else(|| not(view, at)) else {
            at += 1;
            continue;
        };
        let from = view.skip(next, &["for", "at", "from", "on", "to", "with"]);
        let from = view.skip(from, &["the", "my", "any", "all"]);
        let mut to = from;
        while to < view.len() && to - from < WORDS_MAX && !view.any(to, ENDS) {
            to += 1;
        }
        found.push(Exclusion { lead: at, from, to });
        at = to.max(next);
    }
    found
}

/// "not corner foods" leaves it out; "not groceries, dining" and "not that" put one thing in place of another.
fn not(view: View<'_>, at: usize) -> Option<usize> {
    let begins = at == 0 && view.is(at, "not") && !view.any(at + 1, &["that", "this", "it", "the", "my", "me"]);
    let over = view.len() <= at + 5 && !(0..view.len()).any(|at| view.any(at, &[",", "but", "i"]));
    (begins && over).then_some(at + 1)
}

/// Whether what begins at `at` is left out.
pub(super) fn covers(exclusions: &[Exclusion], at: usize) -> bool {
    exclusions.iter().any(|exclusion| (exclusion.from..exclusion.to).contains(&at))
}
