//! Why a text is read as it is: the steps of `read` once more, each with what it saw and where in the word files that can
//! be changed. Only explanations pay for this; `read` itself keeps nothing for it.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::ops::Range;

use super::features::masked;
use super::intents::{self, By, Outcome};
use super::own::Own;
use super::questions::{self, Apart};
use super::slots;
use super::tokens::{self, Token};
use super::tongue::Tongue;
use super::words::{Example, PLACEHOLDERS, Words};
use super::{Context, Language, Parser, tongue};
use crate::domain::fault::{Fault, Source};
use crate::domain::reading::{Intent, Part, Reading, Span, Zone};

/// How many intents and how many examples are told.
const TOLD_MAX: usize = 5;

/// How a text was understood, step by step.
#[derive(Clone, Debug, PartialEq)]
pub struct Explanation {
    /// What `read` says of the same text.
    pub reading: Reading,
    /// The words, as they were typed and as they were read.
    pub words: Vec<Seen>,
    /// The questions in it, in order.
    pub questions: Vec<Question>,
}

/// Some characters of the text, and what they were read as.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    /// As typed.
    pub typed: String,
    /// Normalised, written out, repaired, told in the words of the grammar.
    pub read: String,
    /// What was done to them.
    pub how: How,
    /// The slot they gave, if any.
    pub slot: Option<&'static str>,
}

/// What was done to some words before they were read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum How {
    /// Nothing but capitals and the like.
    AsTyped,
    /// A short form was written out.
    WrittenOut,
    /// Spelling was repaired.
    Repaired,
    /// Another language was told in the words of the grammar.
    Told,
}

/// One question of the text.
#[derive(Clone, Debug, PartialEq)]
pub struct Question {
    /// The intent and its details.
    pub part: Part,
    /// Between 0 and 1.
    pub confidence: f32,
    /// What to do with it.
    pub zone: Zone,
    /// For `clarify` and `unknown`: the likeliest intents, best first.
    pub likely: Vec<Intent>,
    /// Which characters gave which slot.
    pub spans: Vec<Span>,
    /// What decided, and how it is called there.
    pub decider: Decider,
    /// What the decider says for itself.
    pub because: Vec<String>,
    /// What the examples are compared with: the words, details as `{period}` and the like.
    pub compared: String,
    /// Words that stand nowhere in the word file and gave no slot.
    pub strange: Vec<String>,
    /// The likeliest intents by the examples, with their scores: above 0 says "this one".
    pub scores: Vec<(Intent, f32)>,
    /// The nearest examples, nearest first.
    pub nearest: Vec<Near>,
}

/// What decided what is wanted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decider {
    /// A pattern of a rule, and where it stands.
    Rule(Place),
    /// The name of somebody else, whose money it is.
    Stranger,
    /// A merchant and the category it does not have.
    Correction,
    /// A chart of what was spent.
    Shape,
    /// Details alone, which change those of the question before.
    Context,
    /// Details alone, without a question before.
    Details,
    /// The examples.
    Examples,
}

/// A place in a word file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The file as the operator knows it.
    pub path: String,
    /// Counted from 1.
    pub line: usize,
}

/// An example that is like the text.
#[derive(Clone, Debug, PartialEq)]
pub struct Near {
    /// What it is an example of.
    pub intent: Intent,
    /// As it is compared.
    pub text: String,
    /// Where it stands.
    pub place: Place,
    /// The cosine of its words and pairs of words with those of the text.
    pub likeness: f32,
}

impl Parser {
    /// Understands one text as [`Parser::read`] does, and says why.
    pub fn explain(&self, text: &str, context: &Context<'_>) -> Explanation {
        let tokens = tokens::tokenize(text);
        let silent = |reading| Explanation { reading, words: Vec::new(), questions: Vec::new() };
        let tongue = tongue::of(&self.languages, &tokens, context.locale);
        let Some((tongue, language)) = tongue.and_then(|tongue| Some((tongue, tongue.language()?))) else {
            return silent(intents::nothing("en"));
        };
        match questions::apart(language, text, tokens, context) {
            Ok(apart) => explanation(tongue, language, text, context, &apart),
            Err(why) => silent(questions::secret(&language.words.language, why)),
        }
    }
}

fn explanation(tongue: &Tongue, language: &Language, text: &str, context: &Context<'_>, apart: &Apart) -> Explanation {
    let outcomes = || apart.questions.iter().map(|(_, outcome)| outcome.clone());
    let taught = Taught { language, source: tongue.source(), examples: tongue.with_examples() };
    let own = Own::of(context);
    let question = |(range, outcome): &(Range<usize>, Outcome)| {
        let tokens = apart.tokens.get(range.clone()).unwrap_or_default();
        let found = slots::find(tokens, &own, &language.words, &apart.calendar);
        let mut owner = found.masks();
        for (owner, token) in owner.iter_mut().zip(tokens) {
            *owner = owner.or_else(|| slot_of(&outcome.spans, token));
        }
        let names = intents::own_names(&language.words, tokens, &found);
        taught.question(tokens, &owner, &masked(tokens, &owner, &names), outcome)
    };
    Explanation {
        reading: questions::reading(&language.words.language, apart.changes.clone(), outcomes()),
        words: seen(&language.words, text, apart),
        questions: apart.questions.iter().map(question).collect(),
    }
}

/// The placeholder of the slot that some characters gave.
fn slot_of(spans: &[Span], token: &Token) -> Option<&'static str> {
    let span = spans.iter().find(|span| span.from <= token.from && token.to <= span.to)?;
    PLACEHOLDERS.iter().copied().find(|slot| span.slot == *slot)
}

/// The words as typed and as read; those that were read from the same characters stand together.
fn seen(words: &Words, text: &str, apart: &Apart) -> Vec<Seen> {
    let spans = apart.questions.iter().flat_map(|(_, outcome)| &outcome.spans);
    let mut seen: Vec<(Range<usize>, Seen)> = Vec::new();
    for token in &apart.tokens {
        match seen.last_mut().filter(|(range, _)| *range == (token.from..token.to)) {
            Some((_, before)) => before.read = format!("{} {}", before.read, token.text),
            None => {
                let typed = text.chars().skip(token.from).take(token.to.saturating_sub(token.from)).collect();
                let mut over = spans.clone().filter(|span| span.from <= token.from && token.to <= span.to);
                let slot = over.find_map(|span| SLOTS.iter().copied().find(|slot| span.slot == *slot));
                let how = How::AsTyped;
                seen.push((token.from..token.to, Seen { typed, read: token.text.clone(), how, slot }));
            }
        }
    }
    seen.into_iter().map(|(_, word)| Seen { how: how(words, &word, &apart.changes), ..word }).collect()
}

/// The slots that words can give.
const SLOTS: &[&str] = &[
    "period",
    "than",
    "amount",
    "count",
    "merchant",
    "category",
    "account",
    "bank",
    "currency",
    "except_merchant",
    "except_category",
    "except_amount",
];

fn how(words: &Words, word: &Seen, changes: &[String]) -> How {
    let plain: Vec<String> = tokens::tokenize(&word.typed).into_iter().map(|token| token.text).collect();
    let plain = plain.join(" ");
    if plain == word.read {
        How::AsTyped
    } else if words.abbreviations.contains_key(&plain) {
        How::WrittenOut
    } else if changes.iter().any(|change| change.starts_with(&format!("{plain} → "))) {
        How::Repaired
    } else {
        How::Told
    }
}

/// What a language was taught, and where that stands.
struct Taught<'a> {
    language: &'a Language,
    source: &'a Source,
    examples: Option<Words>,
}

impl Taught<'_> {
    fn question(
        &self,
        tokens: &[Token],
        owner: &[Option<&'static str>],
        words: &[Cow<'_, str>],
        outcome: &Outcome,
    ) -> Question {
        let Language { words: taught, classifier, .. } = self.language;
        let possible = |intent| taught.anchors.hold(intent, words);
        let opinion = classifier.opinion(words, possible);
        let scores = opinion.map(|opinion| opinion.ranked).unwrap_or_default();
        let known = |token: &&Token| taught.known.contains(&token.text);
        let strange = tokens.iter().zip(owner).filter(|(token, owner)| {
            owner.is_none()
                && token.text.chars().all(char::is_alphabetic)
                && slot_of_any(&outcome.spans, token).is_none()
                && !known(token)
        });
        Question {
            part: outcome.part.clone(),
            confidence: outcome.confidence,
            zone: outcome.zone,
            likely: outcome.likely.clone(),
            spans: outcome.spans.clone(),
            decider: self.decider(outcome.by),
            because: outcome.why.clone(),
            strange: strange.map(|(token, _)| token.text.clone()).collect(),
            scores: scores.into_iter().take(TOLD_MAX).collect(),
            nearest: self.nearest(words),
            compared: words.join(" "),
        }
    }

    fn decider(&self, by: By) -> Decider {
        match by {
            By::Rule(at) => Decider::Rule(self.place(at)),
            By::Stranger => Decider::Stranger,
            By::Correction => Decider::Correction,
            By::Shape => Decider::Shape,
            By::Context => Decider::Context,
            By::Details => Decider::Details,
            By::Learning => Decider::Examples,
        }
    }

    fn place(&self, at: usize) -> Place {
        Place { path: self.source.path.clone(), line: Fault::line_of(&self.source.text, at) }
    }

    /// The nearest examples; of the sentences that one line stands for, only the nearest.
    fn nearest(&self, words: &[Cow<'_, str>]) -> Vec<Near> {
        let mut lines = BTreeSet::new();
        let nearest = self.language.classifier.nearest(words).into_iter().filter_map(|(nth, likeness)| {
            let example = self.examples.as_ref()?.examples.get(nth)?;
            lines.insert(example.pattern).then(|| self.near(example, likeness)).flatten()
        });
        nearest.take(TOLD_MAX).collect()
    }

    fn near(&self, example: &Example, likeness: f32) -> Option<Near> {
        let at = self.examples.as_ref()?.places.get(example.pattern)?;
        let text = intents::lesson(&self.language.words, example).words.join(" ");
        Some(Near { intent: example.intent, text, place: self.place(*at), likeness })
    }
}

fn slot_of_any<'a>(spans: &'a [Span], token: &Token) -> Option<&'a str> {
    spans.iter().find(|span| span.from <= token.from && token.to <= span.to).map(|span| span.slot.as_str())
}
