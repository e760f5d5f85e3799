//! What is wanted: rules first, then ellipsis, then what was learnt; and how sure that is.

use super::dates::Calendar;
use super::features::masked;
use super::followup::{accepts, continues};
use super::slots::{self, Findings};
use super::tokens::{Token, View};
use super::words::Words;
use super::{Context, Language, merchants};
use crate::domain::reading::{Intent, Part, Reading, Slots, Span, Zone};

/// At and above this an intent is answered.
pub(super) const ANSWER: f32 = 0.5;
/// Below this nothing is offered as likely.
pub(super) const CLARIFY: f32 = 0.3;

/// One question as it was understood.
#[derive(Clone, Debug)]
pub(super) struct Outcome {
    pub(super) part: Part,
    pub(super) confidence: f32,
    pub(super) zone: Zone,
    pub(super) spans: Vec<Span>,
    pub(super) likely: Vec<Intent>,
    pub(super) why: Vec<String>,
    /// Only details were said; what is wanted was inferred from them.
    pub(super) bare: bool,
    /// What decided.
    pub(super) by: By,
}

/// What decided what is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum By {
    /// A pattern of a rule, which stands at this byte of the word file.
    Rule(usize),
    /// The name of somebody else, whose money it is.
    Stranger,
    /// A merchant and the category it does not have.
    Correction,
    /// Details alone, and the question before.
    Context,
    /// Details alone, without a question before.
    Details,
    /// The examples.
    Learning,
}

/// A reading of nothing.
pub(super) fn nothing(lang: &str) -> Reading {
    Reading {
        part: Part::new(Intent::Unknown),
        also: Vec::new(),
        confidence: 0.0,
        zone: Zone::Reject,
        lang: lang.to_owned(),
        spans: Vec::new(),
        likely: Vec::new(),
        why: Vec::new(),
    }
}

/// What the classifier learns from.
pub(super) fn lessons(words: &Words) -> Vec<(Intent, Vec<String>)> {
    let expand = |example: &String| {
        let plain = super::features::of_example(example);
        plain
            .into_iter()
            .flat_map(|word| words.abbreviations.get(&word).cloned().unwrap_or_else(|| vec![word]))
            .collect()
    };
    let expand = |example: &String| words.grammar.tell_words(expand(example));
    words.examples.iter().map(|(intent, example)| (*intent, expand(example))).collect()
}

/// Reads one question.
pub(super) fn read(
    language: &Language,
    text: &str,
    tokens: &[Token],
    context: &Context<'_>,
    calendar: &Calendar,
) -> Outcome {
    let mut found = slots::find(tokens, context, &language.words, calendar);
    let last = context.last.filter(|last| continues(last.intent));
    let case = Case { language, text, tokens, context, calendar, last };
    case.name_with_its_kind(&mut found);
    let (by, decided) = case
        .by_rule()
        .or_else(|| Some((By::Stranger, case.by_owner(&found)?)))
        .or_else(|| Some((By::Correction, case.by_correction(&found)?)))
        .or_else(|| Some((By::Context, case.by_ellipsis(&mut found)?)))
        .or_else(|| Some((By::Details, case.by_details(&found)?)))
        .unwrap_or_else(|| (By::Learning, case.by_learning(&found)));
    case.finish(by, decided, found)
}

/// An intent, before its details are put in order.
pub(super) struct Decided {
    pub(super) part: Part,
    pub(super) confidence: f32,
    pub(super) likely: Vec<Intent>,
    pub(super) why: String,
    /// The details are already merged with those of the last question.
    pub(super) merged: bool,
    pub(super) bare: bool,
}

impl Decided {
    pub(super) fn sure(intent: Intent, why: String) -> Self {
        Self { part: Part::new(intent), confidence: 1.0, likely: Vec::new(), why, merged: false, bare: false }
    }
}

pub(super) struct Case<'a> {
    pub(super) language: &'a Language,
    pub(super) text: &'a str,
    pub(super) tokens: &'a [Token],
    pub(super) context: &'a Context<'a>,
    pub(super) calendar: &'a Calendar,
    pub(super) last: Option<&'a Part>,
}

impl Case<'_> {
    pub(super) fn view(&self) -> View<'_> {
        View(self.tokens)
    }

    /// The first phrase rule that holds.
    fn by_rule(&self) -> Option<(By, Decided)> {
        let view = self.view();
        self.language.words.rules.iter().find_map(|rule| {
            let pattern = rule.any.iter().find(|pattern| pattern.phrase.find(view).is_some())?;
            let taken_back = rule.unless.iter().any(|phrase| phrase.find(view).is_some());
            let decided = || Decided::sure(rule.intent, format!("rule: {}", pattern.written));
            (!taken_back).then(|| (By::Rule(pattern.at), decided()))
        })
    }

    /// "corner foods is not groceries": what a merchant belongs to.
    fn by_correction(&self, found: &Findings) -> Option<Decided> {
        let owned = |slot: &str| found.owner.iter().position(|owner| *owner == Some(slot));
        let (merchant, category) = (owned("merchant")?, owned("category")?);
        let view = self.view();
        let denies = (merchant..category).any(|at| {
            view.any(at, &["isn't", "isnt", "aren't", "arent"])
                || view.after(at, &["is", "not"]).is_some()
                || view.after(at, &["'s", "not"]).is_some()
                || view.after(at, &["should", "be"]).is_some()
        });
        denies.then(|| Decided::sure(Intent::Correct, "a merchant and the category it does not have".to_owned()))
    }

    /// Only details were said, without a question before: what such details are mostly asked for.
    fn by_details(&self, found: &Findings) -> Option<Decided> {
        if !found.any() || self.residue(found) > 0 || self.tokens.iter().any(|token| token.text == "how") {
            return None;
        }
        let slots = &found.slots;
        let debts = |intent| if self.only_debts(slots) { Intent::CardSummary } else { intent };
        let intent = if !slots.categories.is_empty() || !slots.merchants.is_empty() {
            Intent::SpendSum
        } else if !slots.accounts.is_empty()
            || slots.account_words.is_some()
            || !slots.banks.is_empty()
            || found.all_accounts
        {
            debts(Intent::BalanceGet)
        } else if slots.amount.is_some() {
            Intent::TxnSearch
        } else {
            return slots.period.map(|_| Decided {
                confidence: CLARIFY,
                bare: true,
                likely: vec![Intent::SpendSum, Intent::TxnList],
                ..Decided::sure(Intent::Unknown, "only a period".to_owned())
            });
        };
        Some(Decided { confidence: 0.8, bare: true, ..Decided::sure(intent, "only details".to_owned()) })
    }

    pub(super) fn only_debts(&self, slots: &Slots) -> bool {
        let named: Vec<_> =
            self.context.accounts.iter().filter(|account| slots.accounts.contains(&account.id)).collect();
        let words = slots.account_words.as_deref().is_some_and(|words| {
            ["card", "visa", "mastercard", "loan", "mortgage"].iter().any(|word| words.contains(word))
                && !words.contains("debit")
        });
        (!named.is_empty() && named.iter().all(|account| account.class.is_debt())) || words
    }

    /// What was learnt, tried twice where words may be the name of a merchant: as they are, and as a name.
    fn by_learning(&self, found: &Findings) -> Decided {
        let plain = self.learnt(found);
        let asks_for_money = self.speaks_of_money(found) || self.view().after(0, &["how", "much"]).is_some();
        let leads = ["at", "on", "from", "with", "to", "for", "paid", "pay"];
        if plain.confidence >= ANSWER || !found.slots.merchants.is_empty() || !asks_for_money {
            return plain;
        }
        let Some(name) = merchants::after(self.view(), self.text, &leads, &found.taken()) else { return plain };
        let mut as_name = found.clone();
        as_name.own(self.tokens, "merchant", name.start, name.end);
        let named = self.learnt(&as_name);
        let better = accepts(named.part.intent, "merchant")
            && continues(named.part.intent)
            && named.confidence > plain.confidence;
        if better { named } else { plain }
    }

    pub(super) fn learnt(&self, found: &Findings) -> Decided {
        let start = self.after_greeting(found);
        let masks = found.masks();
        let words = masked(&self.tokens[start..], &masks[start..]);
        let scores = self.language.classifier.scores(&words);
        let share = self.known_share(&words);
        let (Some((intent, best)), second) = (scores.first().copied(), scores.get(1).copied()) else {
            return Decided { confidence: 0.0, ..Decided::sure(Intent::Unknown, "nothing was learnt".to_owned()) };
        };
        let strange = continues(intent) && !self.speaks_of_money(found);
        let confidence = certainty(best, best - second.map_or(-1.0, |(_, score)| score), share, strange);
        let likely: Vec<Intent> =
            scores.iter().take(3).map(|(intent, _)| *intent).filter(|intent| continues(*intent)).collect();
        let why = format!(
            "learnt: {intent} {best:.2}, then {} {:.2}, known words {share:.2}",
            second.map_or("nothing", |(i, _)| i.word()),
            second.map_or(0.0, |(_, s)| s)
        );
        let decided = Decided { confidence, likely, ..Decided::sure(intent, why) };
        if confidence < CLARIFY || intent == Intent::Unknown {
            return Decided { part: Part::new(Intent::Unknown), confidence: confidence.min(CLARIFY), ..decided };
        }
        decided
    }

    /// Whether the text holds any word or detail of money.
    fn speaks_of_money(&self, found: &Findings) -> bool {
        let detail = |owner: &Option<&'static str>| {
            matches!(owner, Some("amount" | "category" | "merchant" | "account" | "bank"))
        };
        found.owner.iter().any(detail)
            || self.tokens.iter().any(|token| self.language.words.field.contains(&token.text))
    }

    /// How much of the text was ever seen in the word file; long texts of strange words are about something else.
    fn known_share(&self, words: &[String]) -> f32 {
        let known = |word: &&String| {
            word.starts_with('{')
                || *word == "#"
                || self.language.words.known.contains(*word)
                || !word.chars().all(char::is_alphanumeric)
        };
        let (mut seen, mut all) = (0.0_f32, 0.0_f32);
        for word in words {
            let weight = if self.language.words.fillers.contains(word) { 0.3 } else { 1.0 };
            all += weight;
            seen += if known(&word) { weight } else { 0.0 };
        }
        if all > 0.0 { seen / all } else { 0.0 }
    }

    /// Where the question begins after "hi", when there is one.
    fn after_greeting(&self, found: &Findings) -> usize {
        let view = self.view();
        let mut start = 0;
        while view.any(
            start,
            &[
                "hi",
                "hello",
                "hey",
                "yo",
                "please",
                "good",
                "morning",
                "afternoon",
                "evening",
                "day",
                "there",
                ",",
                "!",
                ".",
                "ok",
                "okay",
                "so",
            ],
        ) && found.owner.get(start).is_some_and(Option::is_none)
        {
            start += 1;
        }
        let left = self.tokens.iter().skip(start).filter(|token| token.is_word()).count();
        if left >= 2 { start } else { 0 }
    }
}

/// From a margin, its lead over the next, and the share of known words to a number between 0 and 1. A wish for money
/// without any word of money is `strange`.
fn certainty(margin: f32, lead: f32, share: f32, strange: bool) -> f32 {
    let z = 4.0 * margin + 1.5 * lead.min(0.8) + 3.0 * (share - 1.0) + if strange { -1.0 } else { 1.4 };
    1.0 / (1.0 + (-z).exp())
}
