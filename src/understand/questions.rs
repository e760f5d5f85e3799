//! One text may hold several questions: it is cut where both sides stand on their own.

use std::ops::Range;

use super::dates::Calendar;
use super::followup::continues;
use super::intents::{self, By, Case, Outcome};
use super::own::Own;
use super::slots::Findings;
use super::tokens::{Token, View};
use super::{Context, Language, secrets, slots, spelling};
use crate::domain::reading::{Intent, Part, Reading, Zone};

/// Most questions that are taken from one text.
const QUESTIONS_MAX: usize = 3;

/// Most places where a text is tried for a cut, so that a long one costs no more than a few short ones.
const CUTS_MAX: usize = 6;

/// A text taken apart: what was read of it, and the questions in it.
pub(super) struct Apart {
    pub(super) tokens: Vec<Token>,
    /// What spelling repair changed.
    pub(super) changes: Vec<String>,
    pub(super) calendar: Calendar,
    /// At least one question, and which tokens it has.
    pub(super) questions: Vec<(Range<usize>, Outcome)>,
}

/// Reads a whole text.
pub(super) fn read(language: &Language, text: &str, tokens: Vec<Token>, context: &Context<'_>) -> Reading {
    match apart(language, text, tokens, context) {
        Ok(apart) => reading(&language.words.language, apart.changes, apart.questions.into_iter().map(|(_, o)| o)),
        Err(why) => secret(&language.words.language, why),
    }
}

/// The reading of what must not be read.
pub(super) fn secret(lang: &str, why: &str) -> Reading {
    Reading {
        part: Part::new(Intent::SecretTyped),
        confidence: 1.0,
        zone: Zone::Answer,
        why: vec![format!("secret: {why}")],
        ..intents::nothing(lang)
    }
}

/// What the first question says of itself, and the others' wishes.
pub(super) fn reading(lang: &str, changes: Vec<String>, mut outcomes: impl Iterator<Item = Outcome>) -> Reading {
    let Some(first) = outcomes.next() else { return intents::nothing(lang) };
    let mut why: Vec<String> = changes.into_iter().map(|change| format!("spelling: {change}")).collect();
    why.extend(first.why);
    Reading {
        part: first.part,
        also: outcomes.map(|outcome| outcome.part).collect(),
        confidence: first.confidence,
        zone: first.zone,
        lang: lang.to_owned(),
        spans: first.spans,
        likely: first.likely,
        why,
    }
}

/// Normalises a text and finds its questions; the error says which secret it holds.
pub(super) fn apart(
    language: &Language,
    text: &str,
    tokens: Vec<Token>,
    context: &Context<'_>,
) -> Result<Apart, &'static str> {
    let words = &language.words;
    let mut tokens = spelling::expand(tokens, &words.abbreviations);
    if let Some(why) = secrets::find(View(&tokens)) {
        return Err(why);
    }
    let own = Own::of(context);
    let changes = spelling::repair(&mut tokens, |word| language.is_right(word), &language.speller, &own);
    let tokens = words.grammar.tell(tokens);
    let calendar = Calendar {
        today: context.now.date(),
        week_starts: context.week_starts,
        month_first: words.language == "en" && month_first(context.locale),
        country: country(context.locale),
    };
    let asking = Asking { language, text, own, calendar };
    let mut whole = None;
    let mut questions = asking.cut(&tokens, &mut whole);
    if questions.is_empty() {
        let found = whole.unwrap_or_else(|| asking.details(&tokens));
        questions.push((0..tokens.len(), asking.read(&tokens, found, context.last, 0.0)));
    }
    Ok(Apart { tokens, changes, calendar: asking.calendar, questions })
}

/// Whether 3/4 is March 4: in the United States, Canada and the Philippines (CLDR short dates), and where no country is given.
fn month_first(locale: &str) -> bool {
    let country = locale.split(['-', '_']).nth(1).unwrap_or_default();
    let language = locale.split(['-', '_']).next().unwrap_or_default();
    matches!(country, "US" | "CA" | "PH") || (country.is_empty() && !matches!(language, "de" | "es"))
}

/// The country of a locale such as `en-GB`.
fn country(locale: &str) -> [u8; 2] {
    let code = locale.split(['-', '_']).nth(1).unwrap_or_default().to_ascii_uppercase();
    code.as_bytes().try_into().unwrap_or_default()
}

/// A piece of more tokens than this is a story and no question; of what follows a cut no more are read.
const PIECE_MAX: usize = 24;

/// So sure must a piece be a question.
const SURE: f32 = 0.8;

/// More than any reading is sure: what was learnt does not count.
const NEVER: f32 = 2.0;

struct Asking<'a> {
    language: &'a Language,
    text: &'a str,
    own: Own<'a>,
    calendar: Calendar,
}

impl Asking<'_> {
    fn read(&self, tokens: &[Token], found: Findings, last: Option<&Part>, least: f32) -> Outcome {
        let Self { language, text, calendar, .. } = self;
        let last = last.filter(|last| continues(last.intent));
        intents::read(&Case { language, text, tokens, context: self.own.context, calendar, last, least }, found)
    }

    /// The details of some words.
    fn details(&self, tokens: &[Token]) -> Findings {
        slots::find(tokens, &self.own, &self.language.words, &self.calendar)
    }

    /// The questions of a text that has several; nothing if it has one. The details of the whole are left in `whole` if
    /// they were looked for.
    fn cut(&self, tokens: &[Token], whole: &mut Option<Findings>) -> Vec<(Range<usize>, Outcome)> {
        let view = View(tokens);
        let mut outcomes: Vec<(Range<usize>, Outcome)> = Vec::new();
        let mut start = 0;
        let mut tried = 0;
        for at in 1..tokens.len().saturating_sub(1) {
            let joint = view.any(at, &["and", "also", "plus", "?", ";", ".", "then", "&"]);
            // The dot of "129.99" parts nothing.
            if !joint || view.glued(at + 1) || at <= start || outcomes.len() + 1 >= QUESTIONS_MAX {
                continue;
            }
            // "between the 5th and the 12th" is one detail: nothing is cut inside of it.
            let found = whole.get_or_insert_with(|| self.details(tokens));
            if found.owner.get(at).is_some_and(Option::is_some) {
                continue;
            }
            tried += 1;
            if tried > CUTS_MAX || at - start > PIECE_MAX {
                break;
            }
            let rest = begin(&tokens[at + 1..]);
            if !self.promises(rest) {
                continue;
            }
            // Mostly one of the pieces is no question, and the shorter one costs less to tell.
            let left =
                || self.alone(&tokens[start..at]).or_else(|| self.leaning(&tokens[start..at]).filter(|_| start == 0));
            let pieces = if rest.len() < at - start {
                self.alone(rest).and_then(|right| Some((left()?, right)))
            } else {
                left().and_then(|left| Some((left, self.alone(rest)?)))
            };
            let Some((left, right)) = pieces else { continue };
            if left.part == right.part
                || (left.part.intent == right.part.intent
                    && !view.any(at, &["?", ".", ";"])
                    && !asks_anew(view, at + 1))
            {
                continue;
            }
            outcomes.push((start..at, left));
            start = at + 1;
        }
        if outcomes.is_empty() {
            return outcomes;
        }
        outcomes.extend(self.alone(&tokens[start..]).map(|last| (start..tokens.len(), last)));
        outcomes
    }

    /// "and last month?" before a question of its own: a piece that leans on what was asked before.
    fn leaning(&self, tokens: &[Token]) -> Option<Outcome> {
        self.own.context.last?;
        let outcome = self.read(tokens, self.details(tokens), self.own.context.last, NEVER);
        (outcome.by == By::Context && outcome.zone == Zone::Answer).then_some(outcome)
    }

    /// Whether a piece can be a question of money at all: reading it would cost as much as reading a text.
    fn promises(&self, tokens: &[Token]) -> bool {
        let view = View(tokens);
        (0..tokens.len()).any(|at| asks_anew(view, at) || self.language.words.field.contains(view.text(at)))
    }

    /// A piece that is a question by itself, not only details of its neighbour.
    fn alone(&self, tokens: &[Token]) -> Option<Outcome> {
        if !self.promises(tokens) {
            return None;
        }
        let outcome = self.read(tokens, self.details(tokens), None, SURE);
        let is_question = continues(outcome.part.intent) && outcome.part.intent != Intent::AlertSet;
        (is_question && !outcome.bare && outcome.confidence >= SURE).then_some(outcome)
    }
}

/// So much of a piece as tells whether it is a question.
fn begin(tokens: &[Token]) -> &[Token] {
    tokens.get(..PIECE_MAX).unwrap_or(tokens)
}

/// Whether a piece begins like a question of its own.
fn asks_anew(view: View<'_>, at: usize) -> bool {
    view.any(at, &["how", "what", "when", "where", "which", "did", "is", "show", "list", "find"])
}
