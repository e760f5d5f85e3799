//! How sure a learnt intent is: several signs, weighed by numbers that were fitted on our own examples.
//!
//! A margin alone does not know what it has never seen. So three more things are looked at: how near the nearest example
//! is (and the nearest one that is not this bot's job), how much of the text was ever seen, and whether it speaks of
//! money. The weights stand in the word file, and `balancebot eval --fit` finds them again: every example is read by a model that has
//! not seen it (five folds), and a logistic regression learns from that when such a reading was right.

use serde::{Deserialize, Serialize};

use super::classifier::{Classifier, Lesson, Opinion};
use crate::domain::reading::Intent;

/// The weights of one language.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Certainty {
    /// Where everything starts.
    pub bias: f32,
    /// Of the best score.
    pub margin: f32,
    /// Of its lead over the next, up to 0.8.
    pub lead: f32,
    /// Of the cosine of the nearest example of the best intent.
    pub near: f32,
    /// Of how much nearer that is than the nearest example out of scope.
    pub inside: f32,
    /// Of the share of known words.
    pub known: f32,
    /// Of a wish for money without a word of money.
    pub strange: f32,
    /// Taken from the score of "not this bot's job".
    pub refusing_costs: f32,
    /// Below this certainty nothing is read into a text.
    pub clarify: f32,
    /// From this certainty on it is answered.
    pub answer: f32,
}

/// Parts into which examples are divided.
const FOLDS: usize = 5;
/// Steps of the descent, and their size.
const STEPS: usize = 1_500;
const STEP: f64 = 1.0;

/// How many points of questions read right a point of refusals is worth: it speaks for two kinds of texts, those of
/// banking that are not ours and those of anything else.
const REFUSAL: f64 = 2.0;

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
fn signs(opinion: &Opinion, strange: bool) -> [f32; 6] {
    let best = opinion.ranked.first().map_or(-1.0, |(_, score)| *score);
    let next = opinion.ranked.get(1).map_or(-1.0, |(_, score)| *score);
    [
        best,
        (best - next).min(0.8),
        opinion.near,
        opinion.near - opinion.near_outside,
        opinion.known,
        if strange { 1.0 } else { 0.0 },
    ]
}

impl Certainty {
    /// Every number by its name in the word file.
    pub fn named(&self) -> [(&'static str, f32); 10] {
        [
            ("bias", self.bias),
            ("margin", self.margin),
            ("lead", self.lead),
            ("near", self.near),
            ("inside", self.inside),
            ("known", self.known),
            ("strange", self.strange),
            ("refusing_costs", self.refusing_costs),
            ("clarify", self.clarify),
            ("answer", self.answer),
        ]
    }

    fn weights(&self) -> [f32; 6] {
        [self.margin, self.lead, self.near, self.inside, self.known, self.strange]
    }

    /// The probability that the best intent of an opinion is right.
    pub(super) fn of(&self, opinion: &Opinion, strange: bool) -> f32 {
        let sum: f32 = self.weights().iter().zip(signs(opinion, strange)).map(|(weight, sign)| weight * sign).sum();
        1.0 / (1.0 + (-(self.bias + sum)).exp())
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
                outside += 1.0;
                refused += if declined { 1.0 } else { 0.0 };
            } else {
                fair += 1.0;
                right += if !declined && case.best == case.gold { 1.0 } else { 0.0 };
            }
        }
        (right / f64::max(fair, 1.0), refused / f64::max(outside, 1.0))
    }
}

/// Fits the weights on examples, each read by a model that has not seen its pattern, and chooses the one point that
/// reads most right among those that refuse enough.
pub(super) fn fit(
    lessons: &[Lesson],
    strange: impl Fn(Intent, &[String]) -> bool,
    possible: impl Fn(Intent, &[String]) -> bool,
) -> Fitted {
    let models = models(lessons);
    let mut best: Option<Fitted> = None;
    for costs in [-0.1_f32, 0.0, 0.1, 0.2, 0.3] {
        let unseen = read_unseen(lessons, &models, &strange, &possible, costs);
        let chosen: Vec<&Unseen> = unseen.iter().filter(|case| case.best != Intent::OutOfScope).collect();
        let (bias, [margin, lead, near, inside, known, strange]) = logistic(&chosen);
        for percent in 15_u8..70 {
            let clarify = f32::from(percent) / 100.0;
            // In between the two there is room for "did you mean …?".
            let answer = f32::from((percent + 15).min(80)) / 100.0;
            let certainty =
                Certainty { bias, margin, lead, near, inside, known, strange, refusing_costs: costs, clarify, answer };
            let (answered, refused) = certainty.shares(&unseen, clarify);
            let worth = |answered: f64, refused: f64| answered + REFUSAL * refused;
            if best.is_none_or(|best| worth(answered, refused) > worth(best.answered, best.refused)) {
                best = Some(Fitted { certainty, answered, refused });
            }
        }
    }
    best.unwrap_or(Fitted { certainty: Certainty::default(), answered: 0.0, refused: 0.0 })
}

/// A model for each fold, which has not seen the patterns of that fold.
fn models(lessons: &[Lesson]) -> Vec<Classifier> {
    let seen = |fold: usize| lessons.iter().filter(move |lesson| lesson.pattern % FOLDS != fold).cloned();
    (0..FOLDS).map(|fold| Classifier::train(&seen(fold).collect::<Vec<_>>())).collect()
}

/// A reading by a model that has not seen the example.
struct Unseen {
    gold: Intent,
    best: Intent,
    signs: [f32; 6],
}

fn read_unseen(
    lessons: &[Lesson],
    models: &[Classifier],
    strange: &impl Fn(Intent, &[String]) -> bool,
    possible: &impl Fn(Intent, &[String]) -> bool,
    costs: f32,
) -> Vec<Unseen> {
    let read = |lesson: &Lesson| {
        let model = models.get(lesson.pattern % FOLDS)?;
        let opinion = model.opinion(&lesson.words, costs, |intent| possible(intent, &lesson.words))?;
        let (best, _) = opinion.ranked.first().copied()?;
        Some(Unseen { gold: lesson.intent, best, signs: signs(&opinion, strange(best, &lesson.words)) })
    };
    lessons.iter().filter_map(read).collect()
}

/// Plain descent with a little regularisation: few signs, and only done when words change.
#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    reason = "counts of examples; weights are small"
)]
fn logistic(cases: &[&Unseen]) -> (f32, [f32; 6]) {
    let mut bias = 0.0_f64;
    let mut weights = [0.0_f64; 6];
    let many = (cases.len().max(1)) as f64;
    for _ in 0..STEPS {
        let mut slope_bias = 0.0;
        let mut slopes = weights.map(|weight| weight * 1e-4);
        for case in cases {
            let sum: f64 = weights.iter().zip(case.signs).map(|(weight, sign)| weight * f64::from(sign)).sum();
            let off = 1.0 / (1.0 + (-(bias + sum)).exp()) - if case.best == case.gold { 1.0 } else { 0.0 };
            slope_bias += off / many;
            slopes.iter_mut().zip(case.signs).for_each(|(slope, sign)| *slope += off * f64::from(sign) / many);
        }
        bias -= STEP * slope_bias;
        weights.iter_mut().zip(slopes).for_each(|(weight, slope)| *weight -= STEP * slope);
    }
    let round = |value: f64| ((value * 100.0).round() / 100.0) as f32;
    (round(bias), weights.map(round))
}
