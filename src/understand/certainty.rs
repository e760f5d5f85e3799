//! How sure a learnt intent is: several signs, weighed by numbers that were fitted on our own examples.
//!
//! A margin alone does not know what it has never seen. So three more things are looked at: how near the nearest example
//! is, how much of the text was ever seen, and whether it speaks of
//! money. The weights stand in the word file, and `balancebot eval --fit` finds them again: every example is read by models that have
//! not seen it (five folds, drawn twice), and a logistic regression learns from that when such a reading was right.
//!
//! The point from which a text is answered is where so many of the examples out of scope are refused as [`REFUSED`] asks.
//! A share of many readings moves little when an example is added; the best of a worth that is flat at its top leaps.

use serde::{Deserialize, Serialize};

use super::classifier::{Classifier, Glance, IN_SIGHT, Lesson, NEAR, Opinion};
use super::packed::hash;
use super::vocabulary::as_f32;
use crate::domain::reading::Intent;

/// The weights of one language.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Certainty {
    /// Where everything starts.
    pub bias: f32,
    /// Of the best score.
    pub margin: f32,
    /// Of its lead over the next, as far as what is behind is in sight.
    pub lead: f32,
    /// Of the cosine of the nearest example of the best intent.
    pub near: f32,
    /// Of the share of known words.
    pub known: f32,
    /// Of a wish for money without a word of money.
    pub strange: f32,
    /// Below this certainty nothing is read into a text.
    pub clarify: f32,
    /// From this certainty on it is answered.
    pub answer: f32,
}

/// Parts into which examples are divided, and how often they are divided anew.
const FOLDS: u64 = 5;
const DRAWS: u64 = 2;

/// The share of the examples out of scope that must be refused, by a model that has not seen them.
const REFUSED: f64 = 0.96;

/// Signs of an opinion, and so weights beside the bias.
const SIGNS: usize = 5;
/// The lowest and the highest point that is thought of, in percent. What is more likely right than wrong is never refused:
/// where examples are few, a model that lacks a fifth of them is far less sure than the one that has them all.
const LEAST: u8 = 15;
const MOST: u8 = 50;

/// Sums in another order may be rounded otherwise, by far less than this.
const ROUNDED: f32 = 1e-3;

/// What weights cost, so that signs that say the same share theirs.
const REGULAR: f64 = 1.0;
/// Steps of the regression. It is at its goal after seven.
const STEPS: usize = 12;

/// Weights with what they achieve on examples that the model had not seen.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Fitted {
    /// What belongs into the word file.
    pub certainty: Certainty,
    /// The share of fair questions that are read right.
    pub answered: f64,
    /// The share of examples out of scope that are refused.
    pub refused: f64,
}

/// The signs of an opinion, in the order of the weights.
fn signs(opinion: &Opinion, strange: bool) -> [f32; SIGNS] {
    let best = opinion.ranked.first().map_or(-1.0, |(_, score)| *score);
    let next = opinion.ranked.get(1).map_or(-1.0, |(_, score)| *score);
    [best, (best - next).min(IN_SIGHT), opinion.near, opinion.known, if strange { 1.0 } else { 0.0 }]
}

impl Certainty {
    /// Every number by its name in the word file.
    pub fn named(&self) -> [(&'static str, f32); 8] {
        [
            ("bias", self.bias),
            ("margin", self.margin),
            ("lead", self.lead),
            ("near", self.near),
            ("known", self.known),
            ("strange", self.strange),
            ("clarify", self.clarify),
            ("answer", self.answer),
        ]
    }

    fn weights(&self) -> [f32; SIGNS] {
        [self.margin, self.lead, self.near, self.known, self.strange]
    }

    /// The probability that the best intent of an opinion is right.
    pub(super) fn of(&self, opinion: &Opinion, strange: bool) -> f32 {
        let sum: f32 = self.weights().iter().zip(signs(opinion, strange)).map(|(weight, sign)| weight * sign).sum();
        1.0 / (1.0 + (-(self.bias + sum)).exp())
    }

    /// More than the probability can become that a glance ends in one of the intents that are `wanted`, whatever examples
    /// are near; 0 if it cannot end in one.
    pub(super) fn hope(&self, glance: &Glance, strange: bool, wanted: impl Fn(Intent) -> bool) -> f32 {
        let strange = if strange { self.strange } else { 0.0 };
        let (mut best, mut next) = (f32::NEG_INFINITY, f32::NEG_INFINITY);
        for (_, score, _) in glance.scores() {
            (best, next) = if score > best { (score, best) } else { (best, next.max(score)) };
        }
        let mut hope: Option<f32> = None;
        for (intent, score, near) in glance.scores() {
            // The other one is at least as good as it is without any example.
            let behind = if score < best { best } else { next };
            if score + NEAR * near >= behind && wanted(intent) {
                let lead = self.lead.max(0.0) * (score + NEAR * near - behind).min(IN_SIGHT);
                let sum = self.margin * score + near * (self.margin * NEAR + self.near).max(0.0) + lead;
                hope = Some(hope.map_or(sum, |hope| hope.max(sum)));
            }
        }
        let sum = hope.map(|hope| self.bias + hope + self.known * glance.known + strange);
        sum.map_or(0.0, |sum| 1.0 / (1.0 + (-(sum + ROUNDED)).exp()))
    }

    fn sure(&self, case: &Unseen) -> f32 {
        let sum: f32 = self.weights().iter().zip(case.signs).map(|(weight, sign)| weight * sign).sum();
        1.0 / (1.0 + (-(self.bias + sum)).exp())
    }

    /// The shares that are read right and refused if readings below `clarify` are refused.
    fn shares(&self, unseen: &[Unseen], clarify: f32) -> (f64, f64) {
        let (mut fair, mut right, mut outside, mut refused) = (0.0, 0.0, 0.0, 0.0);
        for case in unseen.iter().filter(|case| case.gold != Intent::Unknown) {
            let declined = matches!(case.best, Intent::OutOfScope | Intent::Unknown) || self.sure(case) < clarify;
            if case.gold == Intent::OutOfScope {
                outside += case.counts;
                refused += if declined { case.counts } else { 0.0 };
            } else {
                fair += case.counts;
                right += if !declined && case.best == case.gold { case.counts } else { 0.0 };
            }
        }
        (right / f64::max(fair, 1.0), refused / f64::max(outside, 1.0))
    }
}

/// Fits the weights on examples, each read by models that have not seen its pattern, and finds the first point at which
/// enough is refused.
pub(super) fn fit(
    lessons: &[Lesson],
    strange: impl Fn(Intent, &[String]) -> bool,
    possible: impl Fn(Intent, &[String]) -> bool,
) -> Fitted {
    let unseen: Vec<Unseen> =
        (0..DRAWS).flat_map(|draw| read_unseen(lessons, &folds(lessons, draw), &strange, &possible)).collect();
    let chosen: Vec<&Unseen> = unseen.iter().filter(|case| case.best != Intent::OutOfScope).collect();
    let [bias, margin, lead, near, known, strange] = logistic(&chosen);
    let at = |percent: u8| {
        let clarify = f32::from(percent) / 100.0;
        // In between the two there is room for "did you mean …?".
        let answer = f32::from((percent + 15).min(80)) / 100.0;
        let certainty = Certainty { bias, margin, lead, near, known, strange, clarify, answer };
        let (answered, refused) = certainty.shares(&unseen, clarify);
        Fitted { certainty, answered, refused }
    };
    (LEAST..MOST).map(at).find(|fitted| fitted.refused >= REFUSED).unwrap_or_else(|| at(MOST))
}

/// The fold of each lesson, and what the lesson counts. The fold is drawn by the words of its pattern and not by the
/// pattern's number, so that an example that is added leaves all others where they are.
fn folds(lessons: &[Lesson], draw: u64) -> Vec<(u64, f64)> {
    let fold = |lesson: &Lesson| {
        let words = lesson.words.iter().flat_map(|word| word.bytes().chain(*b" "));
        hash(words.chain(draw.to_le_bytes())) % FOLDS
    };
    let of_pattern = |lessons: &[Lesson]| {
        vec![(lessons.first().map_or(0, fold), 1.0 / f64::from(as_f32(lessons.len()))); lessons.len()]
    };
    lessons.chunk_by(|a, b| a.pattern == b.pattern).flat_map(of_pattern).collect()
}

/// A reading by a model that has not seen the example.
struct Unseen {
    gold: Intent,
    best: Intent,
    /// However many wordings a pattern has, they count as one example.
    counts: f64,
    signs: [f32; SIGNS],
}

/// Reads the lessons of each fold by a model of all others.
fn read_unseen(
    lessons: &[Lesson],
    folds: &[(u64, f64)],
    strange: &impl Fn(Intent, &[String]) -> bool,
    possible: &impl Fn(Intent, &[String]) -> bool,
) -> Vec<Unseen> {
    let read = |model: &Classifier, lesson: &Lesson, counts: f64| {
        let opinion = model.opinion(&lesson.words, |intent| possible(intent, &lesson.words))?;
        let (best, _) = opinion.ranked.first().copied()?;
        Some(Unseen { gold: lesson.intent, best, counts, signs: signs(&opinion, strange(best, &lesson.words)) })
    };
    let of_fold = |fold: u64| {
        let numbered = || lessons.iter().zip(folds);
        let others = numbered().filter(|(_, (of, _))| *of != fold).map(|(lesson, _)| lesson.clone());
        let model = Classifier::train(&others.collect::<Vec<_>>());
        let own = numbered().filter(|(_, (of, _))| *of == fold);
        own.filter_map(|(lesson, (_, counts))| read(&model, lesson, *counts)).collect::<Vec<_>>()
    };
    (0..FOLDS).flat_map(of_fold).collect()
}

/// The bias and the weights by which the share of right readings is told best, by Newton's method: with so few weights a
/// step costs as much as one of plain descent, and a dozen of them go all the way.
#[expect(clippy::cast_possible_truncation, reason = "weights are small")]
fn logistic(cases: &[&Unseen]) -> [f32; SIGNS + 1] {
    let mut weights = [0.0_f64; SIGNS + 1];
    for _ in 0..STEPS {
        let mut slopes = weights.map(|weight| weight * REGULAR);
        let mut bends = [[0.0_f64; SIGNS + 1]; SIGNS + 1];
        bends.iter_mut().enumerate().for_each(|(at, row)| row[at] = REGULAR);
        for case in cases {
            let mut signs = [1.0; SIGNS + 1];
            signs[1..].iter_mut().zip(case.signs).for_each(|(to, sign)| *to = f64::from(sign));
            let sum: f64 = weights.iter().zip(signs).map(|(weight, sign)| weight * sign).sum();
            let sure = 1.0 / (1.0 + (-sum).exp());
            let off = sure - if case.best == case.gold { 1.0 } else { 0.0 };
            for (sign, (slope, bends)) in signs.iter().zip(slopes.iter_mut().zip(&mut bends)) {
                *slope += off * sign;
                bends.iter_mut().zip(signs).for_each(|(bend, other)| *bend += sure * (1.0 - sure) * sign * other);
            }
        }
        let steps = solved(bends, slopes);
        weights.iter_mut().zip(steps).for_each(|(weight, step)| *weight -= step);
    }
    weights.map(|weight| ((weight * 100.0).round() / 100.0) as f32)
}

/// What solves some linear equations, by elimination; the matrix is positive definite, so that no pivot is nothing.
fn solved<const N: usize>(mut rows: [[f64; N]; N], mut right: [f64; N]) -> [f64; N] {
    for at in 0..N {
        let pivot = rows[at][at];
        rows[at].iter_mut().for_each(|cell| *cell /= pivot);
        right[at] /= pivot;
        let (row, value) = (rows[at], right[at]);
        for other in (0..N).filter(|other| *other != at) {
            let times = rows[other][at];
            rows[other].iter_mut().zip(row).for_each(|(cell, above)| *cell -= times * above);
            right[other] -= times * value;
        }
    }
    right
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_example_makes_an_opinion_surer_than_was_hoped() {
        let said = [
            (Intent::BalanceGet, "what is my balance"),
            (Intent::BalanceGet, "balance please"),
            (Intent::SpendSum, "how much did i spend"),
            (Intent::SpendSum, "what was spent on my card"),
            (Intent::TxnList, "show me what i spent"),
            (Intent::OutOfScope, "how is the weather"),
            (Intent::Thanks, "thanks a lot"),
        ];
        let words = |text: &str| text.split(' ').map(str::to_owned).collect::<Vec<_>>();
        let lesson =
            |(pattern, (intent, text)): (usize, (Intent, &str))| Lesson { intent, words: words(text), pattern };
        let model = Classifier::train(&said.into_iter().enumerate().map(lesson).collect::<Vec<_>>());
        let all: Vec<String> = said.iter().flat_map(|(_, text)| words(text)).collect();
        for (margin, lead, near) in [(2.0, 2.0, -1.5), (1.0, 0.0, 2.0), (-0.5, -1.0, 1.0), (0.5, 3.0, -3.0)] {
            let certainty =
                Certainty { bias: -2.0, margin, lead, near, known: 2.0, strange: -0.7, ..Certainty::default() };
            for text in 0..2_000 {
                let word = |nth: usize| all.get((text * 7 + nth * (text / 5 + 3)) % all.len()).cloned();
                let text: Vec<String> = (0..=text % 6).filter_map(word).collect();
                let opinion = model.opinion(&text, |_| true).expect("intents");
                let best = opinion.ranked[0].0;
                let (sure, glance) = (certainty.of(&opinion, true), model.glance(&text, |_| true));
                let hope = certainty.hope(&glance, true, |intent| intent == best);
                assert!(sure <= hope, "{text:?} is {best} for {sure}, but {hope} was hoped");
            }
        }
    }
}
