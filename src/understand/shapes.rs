//! How an answer about spending is wanted: as a chart, month by month, week by week. The words are put into the slot
//! `kind`, where the answer finds them.

use super::intents::{Case, Decided};
use super::phrases::Phrase;
use super::slots::Findings;
use super::tokens::View;
use crate::domain::reading::{Intent, Part, Slots};

/// The longest month: a longer time is told month by month where months are spoken of.
const MONTH: i32 = 31;

/// The patterns of a language.
#[derive(Debug, Default)]
pub(super) struct Shapes {
    /// A chart is wanted.
    pub(super) chart: Vec<Phrase>,
    /// A chart of something else.
    pub(super) no_chart: Vec<Phrase>,
    /// Month by month.
    pub(super) months: Vec<Phrase>,
    /// Week by week.
    pub(super) weeks: Vec<Phrase>,
}

impl Shapes {
    /// Every word of the patterns.
    pub(super) fn words(&self) -> impl Iterator<Item = &str> {
        let all = [&self.chart, &self.no_chart, &self.months, &self.weeks];
        all.into_iter().flatten().flat_map(Phrase::words)
    }

    /// The words of the slot `kind` for a question about spending over this time.
    fn kind(&self, view: View<'_>, slots: &Slots) -> Option<String> {
        let says = |phrases: &[Phrase]| phrases.iter().any(|phrase| phrase.find(view).is_some());
        let chart = self.wants_chart(view);
        // "how much do I spend per month" without a time is a habit of speech; a chart or a year makes it a wish.
        let long = slots.period.is_some_and(|period| period.days().is_none_or(|days| days > MONTH));
        let long_enough = slots.period.is_some_and(|period| period.days().is_none_or(|days| days > 7));
        let words = [
            ("chart", chart),
            ("months", (chart || long) && says(&self.months)),
            ("weeks", (chart || long_enough) && says(&self.weeks)),
        ];
        let said: Vec<&str> = words.into_iter().filter(|(_, is_said)| *is_said).map(|(word, _)| word).collect();
        (!said.is_empty()).then(|| said.join(" "))
    }

    fn wants_chart(&self, view: View<'_>) -> bool {
        let says = |phrases: &[Phrase]| phrases.iter().any(|phrase| phrase.find(view).is_some());
        says(&self.chart) && !says(&self.no_chart)
    }
}

impl Case<'_> {
    /// "chart of my groceries", and a bare "show me a chart" after a question about spending.
    pub(super) fn by_shape(&self, found: &Findings) -> Option<Decided> {
        let shapes = &self.language.words.shapes;
        if !self.wants_chart() {
            return None;
        }
        let sure = |intent| Decided::sure(intent, "a chart of what was spent".to_owned());
        if found.any() || self.speaks_of_money(found) {
            return Some(sure(Intent::SpendTop));
        }
        let other = |word: &&str| {
            !shapes.words().chain(self.language.words.fillers.iter().map(String::as_str)).any(|known| known == *word)
        };
        if self.tokens.iter().filter(|token| token.is_word()).map(|token| token.text.as_str()).any(|word| other(&word))
        {
            return None;
        }
        match self.last.filter(|last| is_spending(last.intent)) {
            Some(last) => {
                let mut slots = Slots { kind: None, than: None, count: None, ..last.slots.clone() };
                slots.kind = shapes.kind(self.view(), &slots);
                Some(Decided { part: Part { intent: Intent::SpendTop, slots }, merged: true, ..sure(Intent::SpendTop) })
            }
            None => Some(sure(Intent::SpendTop)),
        }
    }

    /// Whether a chart of spending is asked for.
    pub(super) fn wants_chart(&self) -> bool {
        self.language.words.shapes.wants_chart(self.view())
    }

    /// The shape in which a question about spending wants its answer.
    pub(super) fn shape(&self, intent: Intent, slots: &mut Slots) {
        if matches!(intent, Intent::SpendSum | Intent::SpendTop) {
            slots.kind = self.language.words.shapes.kind(self.view(), slots).or(slots.kind.take());
        }
    }
}

fn is_spending(intent: Intent) -> bool {
    matches!(intent, Intent::SpendSum | Intent::SpendTop | Intent::SpendCompare)
}
