//! How readings are scored: intents by tier, spans by group, days by both ends, and how long reading took.

use std::collections::BTreeMap;

use serde::Serialize;

use super::cases::{Case, Days};
use crate::domain::reading::{Intent, Reading};

/// So many right of so many.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub(crate) struct Tally {
    pub(crate) right: usize,
    pub(crate) of: usize,
}

impl Tally {
    fn add(&mut self, right: bool) {
        self.of += 1;
        self.right += usize::from(right);
    }

    /// In percent; 100 of nothing.
    #[expect(clippy::cast_precision_loss, reason = "counts of lines are far below 2^52")]
    pub(crate) fn percent(self) -> f64 {
        if self.of == 0 { 100.0 } else { self.right as f64 * 100.0 / self.of as f64 }
    }
}

/// An intent that was taken for another one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Confusion {
    pub(crate) expected: String,
    pub(crate) got: String,
    pub(crate) times: usize,
}

/// A text that was read wrongly, and how.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Wrong {
    pub(crate) text: String,
    pub(crate) how: String,
}

/// Everything that `eval` says. A part without cases is empty.
#[derive(Clone, Debug, Default, Serialize)]
pub(crate) struct Report {
    /// Right intents by tier.
    pub(crate) intents: BTreeMap<String, Tally>,
    /// Of the texts that should not be answered, those that are not.
    pub(crate) rejected: Tally,
    /// Of the texts that should be answered, those that are.
    pub(crate) answered: Tally,
    /// Intents taken for others, most frequent first.
    pub(crate) confusions: Vec<Confusion>,
    /// Found spans by group, and all together.
    pub(crate) slots: BTreeMap<String, Tally>,
    /// Periods with both ends right.
    pub(crate) dates: Tally,
    /// Texts without days in which none were seen.
    pub(crate) dateless: Tally,
    /// Time of one reading.
    pub(crate) latency_us: Latency,
    /// What was read wrongly, in the order of the files.
    pub(crate) wrong: Vec<Wrong>,
    #[serde(skip)]
    confused: BTreeMap<(String, String), usize>,
    #[serde(skip)]
    times_ns: Vec<u64>,
}

/// Microseconds at the middle, at the 99th percentile, and the longest.
#[derive(Clone, Copy, Debug, Default, Serialize)]
pub(crate) struct Latency {
    pub(crate) p50: f64,
    pub(crate) p99: f64,
    pub(crate) longest: f64,
}

/// Whether an intent says "this is not for me".
fn refuses(word: &str) -> bool {
    matches!(Intent::parse(word), Some(Intent::OutOfScope | Intent::Unknown))
}

impl Report {
    /// Adds one reading and the nanoseconds that it took.
    pub(crate) fn add(&mut self, case: &Case, reading: &Reading, took_ns: u64) {
        self.times_ns.push(took_ns);
        if !case.accept.is_empty() {
            self.add_intent(case, reading);
        }
        self.add_spans(case, reading);
        if let Some(days) = case.days {
            self.add_days(case, days, reading);
        }
    }

    fn add_intent(&mut self, case: &Case, reading: &Reading) {
        let got = reading.part.intent.word();
        let right = case.accept.iter().any(|word| word == got);
        let expected = case.expected.clone().unwrap_or_else(|| case.accept[0].clone());
        self.intents.entry(case.tier.clone().unwrap_or_else(|| "all".to_owned())).or_default().add(right);
        if refuses(&expected) {
            self.rejected.add(refuses(got));
        } else {
            self.answered.add(!refuses(got));
        }
        if !right {
            *self.confused.entry((expected.clone(), got.to_owned())).or_default() += 1;
            self.wrong.push(Wrong {
                text: case.text.clone(),
                how: format!("{got} instead of {expected} ({:.2})", reading.confidence),
            });
        }
    }

    fn add_spans(&mut self, case: &Case, reading: &Reading) {
        for (group, from, to) in &case.spans {
            let overlap = |span: &crate::domain::reading::Span| span.to.min(*to).saturating_sub(span.from.max(*from));
            let found = reading.spans.iter().any(|span| group.takes(&span.slot) && overlap(span) * 2 >= to - from);
            self.slots.entry(group.word().to_owned()).or_default().add(found);
            self.slots.entry("all".to_owned()).or_default().add(found);
            if !found {
                let words: String = case.text.chars().skip(*from).take(to - from).collect();
                self.wrong.push(Wrong {
                    text: case.text.clone(),
                    how: format!("no {} in {words:?} ({})", group.word(), reading.part.intent),
                });
            }
        }
    }

    fn add_days(&mut self, case: &Case, days: Days, reading: &Reading) {
        let got = reading.part.slots.period;
        let wanted = if let Days::Exactly(period) = days { Some(period) } else { None };
        match wanted {
            Some(_) => self.dates.add(got == wanted),
            None => self.dateless.add(got.is_none()),
        }
        if got != wanted {
            let shown = |period: Option<crate::domain::period::Period>| {
                period.map_or_else(|| "no days".to_owned(), |period| period.to_string())
            };
            let how = format!("{} instead of {}", shown(got), shown(wanted));
            self.wrong.push(Wrong { text: case.text.clone(), how });
        }
    }

    /// Sums up once everything was added.
    #[expect(clippy::cast_precision_loss, reason = "a reading takes less than 2^52 nanoseconds")]
    pub(crate) fn close(&mut self) {
        self.times_ns.sort_unstable();
        let at = |per_mille: usize| {
            let last = self.times_ns.len().saturating_sub(1);
            self.times_ns.get(last * per_mille / 1000).map_or(0.0, |ns| *ns as f64 / 1000.0)
        };
        self.latency_us = Latency { p50: at(500), p99: at(990), longest: at(1000) };
        let confusion = |((expected, got), times): (&(String, String), &usize)| Confusion {
            expected: expected.clone(),
            got: got.clone(),
            times: *times,
        };
        self.confusions = self.confused.iter().map(confusion).collect();
        self.confusions.sort_by_key(|confusion| std::cmp::Reverse(confusion.times));
    }
}
