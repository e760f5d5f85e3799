//! What is wanted: rules first, then ellipsis, then what was learnt; and how sure that is.

use std::cell::LazyCell;

use super::amounts::Located;
use super::certainty::{self, Fitted};
use super::classifier::{Glance, Lesson};
use super::dates::Calendar;
use super::features::masked;
use super::followup::{accepts, continues};
use super::slots::Findings;
use super::tokens::{Token, View};
use super::words::{Example, Words};
use super::{Context, Language, merchants};
use crate::domain::reading::{Intent, Part, Reading, Slots, Span, Zone};

/// A text of which less than this was ever seen is not understood, even where it looks like nothing of ours.
const GIBBERISH: f32 = 0.45;

/// A name of more words than this is a sentence, and its words count.
const STRANGER_WORDS_MAX: usize = 3;

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
    /// A chart is asked for.
    Shape,
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
pub(super) fn lessons(words: &Words) -> Vec<Lesson> {
    words.examples.iter().map(|example| lesson(words, example)).collect()
}

/// One example as texts will be read: written out, and told in the words of the grammar.
pub(super) fn lesson(words: &Words, example: &Example) -> Lesson {
    let plain = super::features::of_example(&example.text);
    let written_out = |word: String| words.abbreviations.get(&word).cloned().unwrap_or_else(|| vec![word]);
    let full = plain.into_iter().flat_map(written_out).collect();
    Lesson { intent: example.intent, words: words.grammar.tell_words(full), pattern: example.pattern }
}

/// The certainty of a language, fitted on its examples.
pub(super) fn fit(words: &Words) -> Fitted {
    let money =
        |word: &String| matches!(word.as_str(), "{amount}" | "{category}" | "{merchant}") || words.field.contains(word);
    let strange = |intent: Intent, text: &[String]| continues(intent) && !text.iter().any(money);
    certainty::fit(&lessons(words), strange, |intent, text| words.anchors.hold(intent, text))
}

/// Which words belong to what a bank or an account is called, and would say nothing if they did not: in "cashback visa
/// balance" it is "visa" that counts.
pub(super) fn own_names(words: &Words, tokens: &[Token], found: &Findings) -> Vec<bool> {
    let generic = |word: &String| words.field.contains(word) || words.accounts.has(word);
    let named = |owner: &Option<&'static str>| matches!(owner, Some("bank" | "account"));
    let own = |(token, owner): (&Token, _)| named(owner) && token.is_word() && !generic(&token.text);
    tokens.iter().zip(&found.owner).map(own).collect()
}

/// Reads one question, in which these details were found.
pub(super) fn read(case: &Case<'_>, mut found: Findings) -> Outcome {
    case.name_with_its_kind(&mut found);
    let (by, decided) = case
        .by_rule()
        .or_else(|| Some((By::Stranger, case.by_owner(&found)?)))
        .or_else(|| Some((By::Correction, case.by_correction(&found)?)))
        .or_else(|| Some((By::Shape, case.by_shape(&found)?)))
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
    /// The last question, if a text can lean on it.
    pub(super) last: Option<&'a Part>,
    /// A reading that is learnt is of use only if it is a question of money and so sure, if this is more than nothing.
    pub(super) least: f32,
}

impl Case<'_> {
    pub(super) fn view(&self) -> View<'_> {
        View(self.tokens)
    }

    /// The first phrase rule that holds.
    fn by_rule(&self) -> Option<(By, Decided)> {
        let (rule, pattern) = self.language.words.rules.first(self.view())?;
        Some((By::Rule(pattern.at), Decided::sure(rule.intent, format!("rule: {}", pattern.written))))
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
                confidence: self.language.words.certainty.clarify,
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

    /// What was learnt. The letters of a name say nothing about what is wanted, so where a question of money names
    /// somebody nobody knows, the name stands as a placeholder. Where its words are known ones ("target", "best buy")
    /// both readings are tried, and the better one counts.
    fn by_learning(&self, found: &Findings) -> Decided {
        let of_no_use = || Decided { confidence: 0.0, ..Decided::sure(Intent::Unknown, "not sure enough".to_owned()) };
        let plain = LazyCell::new(|| self.glance(found));
        let Some(name) = self.free_name(found) else {
            return if self.least > 0.0 && self.hope(&plain, found) < self.least {
                of_no_use()
            } else {
                self.closer(&plain, found)
            };
        };
        let mut as_name = found.clone();
        as_name.own(self.tokens, "merchant", name.start, name.end);
        let named = LazyCell::new(|| self.glance(&as_name));
        if self.least > 0.0 && self.hope(&plain, found).max(self.hope(&named, &as_name)) < self.least {
            return of_no_use();
        }
        let stranger = match self.is_stranger(&name).then(|| self.closer(&named, &as_name)) {
            Some(named) if named.part.intent != Intent::Unknown => return named,
            stranger => stranger,
        };
        let plain = self.closer(&plain, found);
        let sure = self.language.words.certainty.answer;
        let unsure = plain.confidence < sure;
        let refused = matches!(plain.part.intent, Intent::OutOfScope | Intent::Unknown) && self.asks_what_was_spent();
        if !unsure && !refused {
            return plain;
        }
        let needed = if refused { plain.confidence.min(sure) } else { plain.confidence };
        if stranger.is_none() && self.hope(&named, &as_name) < needed {
            return plain;
        }
        let named = stranger.unwrap_or_else(|| self.closer(&named, &as_name));
        let better = accepts(named.part.intent, "merchant") && continues(named.part.intent);
        let surer = named.confidence > plain.confidence || (refused && named.confidence >= sure);
        if better && surer { named } else { plain }
    }

    /// The words after "at" and the like that may be a name, where the rest asks for money.
    fn free_name(&self, found: &Findings) -> Option<Located<String>> {
        let view = self.view();
        let how_much = (0..view.len()).any(|at| view.after(at, &["how", "much"]).is_some());
        let asks = self.speaks_of_money(found) || how_much;
        if !asks || !found.slots.merchants.is_empty() {
            return None;
        }
        let leads = ["at", "on", "from", "with", "to", "for", "paid", "pay"];
        merchants::after(view, self.text, &leads, &found.taken())
    }

    /// Whether a name begins with a word that stands nowhere in the words of the language, and is short.
    fn is_stranger(&self, name: &Located<String>) -> bool {
        let after_for = name.start > 0 && self.view().any(name.start - 1, &["for"]);
        let known = self.language.knows(self.view().text(name.start)) && !merchants::joined(self.view(), name.start);
        !after_for && !known && name.end - name.start <= STRANGER_WORDS_MAX
    }

    /// "spent", or "how much" before a name: whatever the name is, its money is asked for.
    fn asks_what_was_spent(&self) -> bool {
        let view = self.view();
        (0..view.len()).any(|at| {
            view.any(at, &["spend", "spent", "spending"])
                || ["at", "on", "to", "with"].iter().any(|lead| view.after(at, &["how", "much", lead]).is_some())
        })
    }

    /// What was learnt of a text with these details.
    pub(super) fn learnt(&self, found: &Findings) -> Decided {
        self.closer(&self.glance(found), found)
    }

    fn glance(&self, found: &Findings) -> Glance {
        let start = self.after_greeting(found);
        let masks = found.masks();
        let names = own_names(&self.language.words, self.tokens, found);
        let words = masked(&self.tokens[start..], &masks[start..], &names[start..]);
        let missing = self.language.words.anchors.missing(&words);
        self.language.classifier.glance(&words, |intent| !missing.contains(&intent))
    }

    /// The most that the certainty of a question of money can be.
    fn hope(&self, glance: &Glance, found: &Findings) -> f32 {
        self.language.words.certainty.hope(glance, !self.speaks_of_money(found), continues)
    }

    fn closer(&self, glance: &Glance, found: &Findings) -> Decided {
        let certainty = &self.language.words.certainty;
        let Some(opinion) = self.language.classifier.closer(glance) else {
            return Decided { confidence: 0.0, ..Decided::sure(Intent::Unknown, "nothing was learnt".to_owned()) };
        };
        let (intent, best) = opinion.ranked.first().copied().unwrap_or((Intent::Unknown, -1.0));
        let strange = continues(intent) && !self.speaks_of_money(found);
        let confidence = certainty.of(&opinion, strange);
        let money = opinion.ranked.iter().take(3).map(|(intent, _)| *intent).filter(|intent| continues(*intent));
        let likely: Vec<Intent> = money.collect();
        let (second, score) = opinion.ranked.get(1).copied().unwrap_or((Intent::Unknown, -1.0));
        let why = format!(
            "learnt: {intent} {best:.2}, then {second} {score:.2}; nearest example of it {:.2}; known words {:.2}{}",
            opinion.near,
            opinion.known,
            if strange { "; no word of money" } else { "" }
        );
        let decided = Decided { confidence, likely, ..Decided::sure(intent, why) };
        let gibberish = intent == Intent::OutOfScope && opinion.known < GIBBERISH;
        if intent == Intent::OutOfScope && !gibberish {
            return decided;
        }
        if confidence < certainty.clarify || gibberish || intent == Intent::Unknown {
            return Decided {
                part: Part::new(Intent::Unknown),
                confidence: confidence.min(certainty.clarify),
                ..decided
            };
        }
        decided
    }

    /// Whether the text holds any word or detail of money.
    pub(super) fn speaks_of_money(&self, found: &Findings) -> bool {
        let detail = |owner: &Option<&'static str>| {
            matches!(owner, Some("amount" | "category" | "merchant" | "account" | "bank"))
        };
        found.owner.iter().any(detail)
            || self.tokens.iter().any(|token| self.language.words.field.contains(&token.text))
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
