//! How spending is to be shown: one sum, the largest first, month by month, and whether as a picture. It is told by the
//! words in [`Slots::kind`], which the parser and the offers put there.

use jiff::ToSpan;
use jiff::civil::Date;

use crate::answer::when;
use crate::domain::{
    period::Period,
    reading::{Intent, Part, Slots},
};

/// The longest month. Whatever is longer is worth telling month by month.
pub(super) const MONTH: i32 = 31;
/// Most months of one answer, the present one among them.
const MONTHS_MAX: i32 = 24;
/// Months of an answer when no days were said.
const MONTHS: i32 = 6;
/// Most weeks of one answer; a longer time is told by months.
const WEEKS_MAX: i32 = 14;

/// A picture is wanted.
const CHART: &str = "chart";
/// By merchant rather than by category.
pub(super) const MERCHANT: &str = "merchant";

/// Into which pieces a time is cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Grain {
    /// Calendar months.
    Months,
    /// Seven days each, from the first day on: where a week begins differs from person to person.
    Weeks,
}

impl Grain {
    fn word(self) -> &'static str {
        match self {
            Self::Months => "months",
            Self::Weeks => "weeks",
        }
    }
}

/// The shape that a question asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Shape {
    /// As a picture too.
    pub(super) chart: bool,
    /// By merchant.
    pub(super) by_merchant: bool,
    /// Over time, in these pieces.
    pub(super) grain: Option<Grain>,
}

impl Shape {
    /// The shape of a question about spending.
    pub(super) fn of(part: &Part) -> Self {
        let slots = &part.slots;
        let says = |word: &str| slots.kind.as_deref().is_some_and(|kind| kind.split(' ').any(|said| said == word));
        let chart = says(CHART);
        let by_merchant = says(MERCHANT);
        let days = slots.period.and_then(|period| period.days());
        let long = slots.period.is_none() || days.is_none_or(|days| days > MONTH);
        // One category has no parts to be ranked: a picture of it shows how it went.
        let is_one = !slots.categories.is_empty() || !slots.merchants.is_empty();
        let grain = match () {
            () if says(Grain::Weeks.word()) && days.is_none_or(|days| days <= 7 * WEEKS_MAX) => Some(Grain::Weeks),
            () if says(Grain::Weeks.word()) || says(Grain::Months.word()) => Some(Grain::Months),
            () if chart && is_one && !by_merchant && long => Some(Grain::Months),
            () if chart && is_one && !by_merchant && days.is_some_and(|days| days > 7) => Some(Grain::Weeks),
            () => None,
        };
        Self { chart, by_merchant, grain }
    }
}

/// The days that a question about spending means.
pub(super) fn days(part: &Part, today: Date) -> Period {
    let spending = matches!(part.intent, Intent::SpendSum | Intent::SpendTop);
    let grain = Shape::of(part).grain.filter(|_| spending);
    let month = when::this_month(today);
    let back = |months: i32| month.from.and_then(|first| first.checked_sub((months - 1).months()).ok());
    match (part.slots.period, grain) {
        (Some(asked), Some(Grain::Months)) => Period { from: asked.from.max(back(MONTHS_MAX)), ..asked },
        (None, Some(Grain::Months)) => Period { from: back(MONTHS), ..month },
        (asked, _) => asked.unwrap_or(month),
    }
}

/// The pieces of some days, in order.
pub(super) fn pieces(days: Period, grain: Grain) -> Vec<Period> {
    let (Some(mut from), Some(end)) = (days.from, days.to) else { return Vec::new() };
    let mut pieces = Vec::new();
    while from < end {
        let next = match grain {
            Grain::Months => when::this_month(from).to,
            Grain::Weeks => from.checked_add(7.days()).ok(),
        };
        let to = next.unwrap_or(end).min(end);
        pieces.push(Period::new(from, to));
        from = to;
    }
    pieces
}

/// Whether the present day cuts a piece short.
pub(super) fn is_cut(piece: Period, grain: Grain, today: Date) -> bool {
    let is_whole = match grain {
        Grain::Months => piece.to == piece.from.and_then(|from| when::this_month(from).to),
        Grain::Weeks => piece.days() == Some(7),
    };
    !is_whole && piece.last_day() == Some(today)
}

/// What asks for a picture over time of what these slots name.
pub(super) fn chart(grain: Grain, slots: &Slots) -> Part {
    let kind = Some(format!("{CHART} {}", grain.word()));
    Part { intent: Intent::SpendTop, slots: Slots { kind, count: None, ..slots.clone() } }
}

/// What asks for a picture of a ranking.
pub(super) fn ranked(by_merchant: bool, slots: &Slots) -> Part {
    let kind = if by_merchant { format!("{CHART} {MERCHANT}") } else { CHART.to_owned() };
    Part { intent: Intent::SpendTop, slots: Slots { kind: Some(kind), ..slots.clone() } }
}
