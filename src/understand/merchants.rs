//! Which merchants a text names: those known from the person's rows, else the words after "at", "from", "to", "paid".

use super::amounts::Located;
use super::own::Own;
use super::tokens::{Kind, View};
use super::words::Words;

/// Longest name that is taken from the words of a question.
const NAME_WORDS_MAX: usize = 6;

/// Merchants of the person's rows, as they stand there.
pub(super) fn known(view: View<'_>, own: &Own<'_>, words: &Words, taken: &[bool]) -> Vec<Located<String>> {
    let mut found: Vec<Located<String>> = Vec::new();
    let mut at = 0;
    while at < view.len() {
        let free = !taken.get(at).copied().unwrap_or(false) && view.0[at].is_word();
        let names = own.merchants.iter().zip(own.context.merchants);
        let best = names
            .filter(|_| free)
            .filter_map(|(parts, name)| Some((matching(view, at, parts, words)?, parts.len(), name)))
            .max_by_key(|(length, parts, _)| (*length, std::cmp::Reverse(*parts)));
        match best {
            Some((length, _, name)) => {
                found.push(Located { value: name.clone(), start: at, end: at + length });
                at += length;
            }
            None => at += 1,
        }
    }
    found
}

/// How many of the name's words stand here: all, or the first ones when they cannot mean anything else.
fn matching(view: View<'_>, at: usize, parts: &[String], words: &Words) -> Option<usize> {
    let same = parts.iter().enumerate().take_while(|(i, part)| near(view.text(at + i), part)).count();
    let first = view.text(at);
    let led = at > 0 && view.any(at - 1, &["at", "from", "to", "on", "with", "about", "for", "did", "and", "in"]);
    if same == 0 || same == parts.len() {
        // A shop called "Total" is meant behind "at" and the like: the word alone asks for something.
        return (same > 1 || (same == 1 && (led || !words.field.contains(first)))).then_some(same);
    }
    let own = !words.known.contains(first) && !super::dates::is_date_word(first);
    (first.chars().count() >= 3 && (own || (led && same > 1))).then_some(same)
}

/// Equal, or for longer words one edit away behind the first letter.
fn near(typed: &str, part: &str) -> bool {
    typed == part
        || (part.len() >= 6
            && part.len().abs_diff(typed.len()) <= 1
            && typed.chars().next() == part.chars().next()
            && strsim::osa_distance(typed, part) <= 1)
}

/// Words that end a name.
const STOPS: &[&str] = &[
    "in",
    "on",
    "at",
    "for",
    "since",
    "during",
    "this",
    "last",
    "past",
    "and",
    "or",
    "from",
    "to",
    "between",
    "over",
    "under",
    "than",
    "with",
    "by",
    "before",
    "after",
    "until",
    "please",
    "pls",
    "today",
    "yesterday",
    "so",
    "when",
    "was",
    "is",
    "are",
    "so",
    "per",
    "a",
    "each",
    "every",
    "refund",
    "refunded",
    "charge",
    "charged",
    "spent",
    "pay",
    "go",
    "through",
    "compared",
    "vs",
    "again",
    "arrived",
    "cleared",
    "?",
    "!",
    ",",
    ".",
    ";",
    "using",
    "like",
    "overall",
    "altogether",
    "lately",
    "recently",
    "except",
    "excluding",
    "without",
    "not",
    "did",
    "have",
    "has",
    "via",
    "this",
    "that",
    "it",
    "all",
];

/// Words that are never a name, nor begin one.
const NOT_NAMES: &[&str] = &[
    "me",
    "you",
    "it",
    "them",
    "that",
    "my",
    "i",
    "the",
    "this",
    "average",
    "everything",
    "total",
    "something",
    "anything",
    "date",
    "money",
    "us",
    "we",
    "what",
    "much",
    "now",
    "here",
    "there",
    "stuff",
    "things",
    "account",
    "accounts",
    "bank",
    "banks",
    "card",
    "cards",
    "checking",
    "savings",
    "which",
    "who",
    "most",
    "more",
    "less",
    "day",
    "week",
    "month",
    "year",
    "get",
    "see",
    "payment",
    "payments",
    "transaction",
    "transactions",
    "spend",
    "far",
    "usual",
    "normal",
    "be",
    "do",
    "make",
    "buy",
    "have",
    "one",
    "someone",
    "anyone",
];

/// What follows "a" where it says how often or how much, and does not stand in a name.
const OFTEN: &[&str] =
    &["day", "week", "month", "year", "quarter", "fortnight", "night", "lot", "few", "couple", "bit", "while", "time"];

/// Whether the name that began at `start` is over before `at`. The dot of an initial, "k. weiss", is part of it.
fn ends_name(view: View<'_>, start: usize, at: usize) -> bool {
    let initial = view.is(at, ".")
        && view.glued(at)
        && at > start
        && view.text(at - 1).chars().count() == 1
        && view.0.get(at + 1).is_some_and(|token| token.kind == Kind::Word);
    // "tesco a month" ends before "a"; "pret a manger" does not.
    let inside = view.is(at, "a") && at > start && at + 1 < view.len() && !view.any(at + 1, OFTEN);
    view.any(at, STOPS) && !initial && !inside && !joined(view, at)
}

/// "at&t": a word that an ampersand is glued to is part of a name.
pub(super) fn joined(view: View<'_>, at: usize) -> bool {
    view.is(at + 1, "&") && view.glued(at + 1)
}

/// A name after one of `leads`, as typed in `text`.
pub(super) fn after(view: View<'_>, text: &str, leads: &[&str], taken: &[bool]) -> Option<Located<String>> {
    (0..view.len()).filter(|at| view.any(*at, leads) && !joined(view, *at)).find_map(|lead| {
        let start = view.skip(lead + 1, &["the", "a", "my"]);
        let name = starting_at(view, text, start, taken)?;
        // "paid dave 50": behind somebody who was paid stands how much.
        let figure =
            view.any(lead, &["pay", "paid", "sent"]) && view.digits(name.end - 1).is_some() && name.end - start > 1;
        let end = if figure { name.end - 1 } else { name.end };
        Some(Located { value: typed(view, text, start, end), start, end })
    })
}

/// A name that begins at `start`, if the words there can be one.
pub(super) fn starting_at(view: View<'_>, text: &str, start: usize, taken: &[bool]) -> Option<Located<String>> {
    let free = |at: usize| !taken.get(at).copied().unwrap_or(true);
    let mut end = start;
    while end < view.len() && free(end) && end - start < NAME_WORDS_MAX && !ends_name(view, start, end) {
        let token = &view.0[end];
        if token.kind == Kind::Symbol && !matches!(token.text.as_str(), "&" | "-" | "." | "*" | "'" | "/") {
            break;
        }
        end += 1;
    }
    let begins = start < end
        && view.0[start].kind != Kind::Symbol
        && !view.any(start, NOT_NAMES)
        && view.text(start).chars().any(char::is_alphabetic);
    begins.then(|| Located { value: typed(view, text, start, end), start, end })
}

/// The characters of some tokens as they were typed.
pub(super) fn typed(view: View<'_>, text: &str, start: usize, end: usize) -> String {
    let (Some(first), Some(last)) = (view.0.get(start), view.0.get(end.saturating_sub(1))) else {
        return String::new();
    };
    text.chars().skip(first.from).take(last.to.saturating_sub(first.from)).collect()
}
