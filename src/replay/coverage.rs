//! What a set of transcripts covers: which intents were answered, under which conditions, in which locale, and where
//! nothing was tried. It counts what really happened when they were played, not what their files say they are about.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use crate::domain::access::AccessKind;
use crate::domain::reading::{Intent, Part};
use crate::flow::engine::Flows;
use crate::replay::judge::Reply;

/// How things stood when something was answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Condition {
    /// As they should.
    Plain,
    /// A bank gave nothing.
    BankDown,
    /// A bank let the person wait for longer than the holding line.
    Slow,
    /// One source answered and another did not.
    Partial,
    /// The figures were old.
    Stale,
    /// A bank would not be asked again.
    RateLimited,
    /// A consent had ended.
    ConsentOver,
    /// Nothing fits the question.
    NothingFound,
    /// The days are older than the banks keep, or have not come.
    OutsideHistory,
    /// No bank was linked.
    NotLinked,
}

impl Condition {
    /// Every condition, in the order of the matrix.
    pub const ALL: [Self; 10] = [
        Self::Plain,
        Self::BankDown,
        Self::Slow,
        Self::Partial,
        Self::Stale,
        Self::RateLimited,
        Self::ConsentOver,
        Self::NothingFound,
        Self::OutsideHistory,
        Self::NotLinked,
    ];

    /// Its heading.
    pub fn word(self) -> &'static str {
        match self {
            Self::Plain => "plain",
            Self::BankDown => "down",
            Self::Slow => "slow",
            Self::Partial => "partial",
            Self::Stale => "stale",
            Self::RateLimited => "limited",
            Self::ConsentOver => "consent",
            Self::NothingFound => "nothing",
            Self::OutsideHistory => "outside",
            Self::NotLinked => "unlinked",
        }
    }

    /// The condition that a text of ours tells of.
    fn told_by(id: &str) -> Option<Self> {
        Some(match id {
            "trouble-down" | "trouble-account" | "trouble-switched-off" => Self::BankDown,
            "trouble-slow" => Self::Slow,
            "not-included" => Self::Partial,
            "as-of" | "as-of-bank" => Self::Stale,
            "trouble-rate-limited" | "trouble-rate-limited-until" => Self::RateLimited,
            "trouble-consent-ended" | "trouble-not-covered" | "renew-ended" => Self::ConsentOver,
            "outside-history" | "kept-from" | "period-future" | "upcoming-over" => Self::OutsideHistory,
            "link-needed" | "no-links" | "bank-not-linked" => Self::NotLinked,
            "no-such-merchant" | "no-such-account" | "spend-zero" | "spend-zero-partial" | "explain-zero" => {
                Self::NothingFound
            }
            _ if id.contains("-none") || id.starts_with("nothing-to-") || id == "explain-nothing" => Self::NothingFound,
            _ => return None,
        })
    }

    /// How things stood around a reply, by what was said in it, what the log holds and how long it took.
    pub(super) fn around(reply: &Reply) -> BTreeSet<Self> {
        let mut found: BTreeSet<Self> = reply.said.iter().filter_map(|id| Self::told_by(id)).collect();
        let closed = |kinds: &[AccessKind]| reply.access.iter().any(|entry| kinds.contains(&entry.kind));
        if closed(&[AccessKind::Failed]) && closed(&[AccessKind::Fetched, AccessKind::Reused]) {
            found.insert(Self::Partial);
        }
        if closed(&[AccessKind::Failed]) && found.is_empty() {
            // A flow that does without says nothing of it.
            found.insert(Self::BankDown);
        }
        let waited = reply.answered_at.map(|at| at.duration_since(reply.sent_at));
        if waited.is_some_and(|waited| waited >= jiff::SignedDuration::from_secs(3)) {
            found.insert(Self::Slow);
        }
        if found.is_empty() {
            found.insert(Self::Plain);
        }
        found
    }
}

/// One question that was answered.
#[derive(Clone, Debug)]
pub struct Covered {
    /// What was asked.
    pub intent: Intent,
    /// How things stood.
    pub conditions: BTreeSet<Condition>,
    /// In which locale it was answered.
    pub locale: String,
}

impl Reply {
    /// What was answered with this, and how things stood.
    pub(super) fn covered(&self) -> Vec<Covered> {
        let conditions = Condition::around(self);
        let Some(locale) = &self.voice else { return Vec::new() };
        let of = |part: &Part| Covered { intent: part.intent, conditions: conditions.clone(), locale: locale.clone() };
        self.parts.iter().map(of).collect()
    }
}

/// The matrix.
#[derive(Clone, Debug, Serialize)]
pub struct Coverage {
    /// The locales that anything was answered in.
    pub locales: Vec<String>,
    /// One row an intent.
    pub intents: Vec<Row>,
    /// Cells that apply and in which nothing was tried in any locale.
    pub holes: Vec<Hole>,
}

/// One intent: how often it was answered under each condition, by locale. Conditions that cannot be are left out.
#[derive(Clone, Debug, Serialize)]
pub struct Row {
    /// The intent's word.
    pub intent: &'static str,
    /// Counts by condition and locale.
    pub cells: BTreeMap<Condition, BTreeMap<String, usize>>,
}

/// A cell in which nothing was tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Hole {
    /// The intent's word.
    pub intent: &'static str,
    /// The condition.
    pub condition: Condition,
}

impl Coverage {
    /// Counts what was answered.
    pub fn of<'a>(answered: impl Iterator<Item = &'a Covered>, flows: &Flows) -> Self {
        let mut counts: BTreeMap<(Intent, Condition), BTreeMap<String, usize>> = BTreeMap::new();
        let mut locales = BTreeSet::new();
        for covered in answered {
            locales.insert(covered.locale.clone());
            for condition in &covered.conditions {
                let cell = counts.entry((covered.intent, *condition)).or_default();
                *cell.entry(covered.locale.clone()).or_default() += 1;
            }
        }
        let mut holes = Vec::new();
        let mut intents = Vec::new();
        for intent in Intent::ALL {
            let mut cells = BTreeMap::new();
            for condition in Condition::ALL {
                let cell = counts.remove(&(*intent, condition)).unwrap_or_default();
                if !cell.is_empty() || applies(*intent, condition, flows) {
                    if cell.is_empty() {
                        holes.push(Hole { intent: intent.word(), condition });
                    }
                    cells.insert(condition, cell);
                }
            }
            intents.push(Row { intent: intent.word(), cells });
        }
        Self { locales: locales.into_iter().collect(), intents, holes }
    }

    /// The headings and the cells of the table: counts in the order of [`locales`](Self::locales), `·` where nothing was
    /// tried, blank where a condition cannot be.
    pub fn table(&self) -> (Vec<&'static str>, Vec<Vec<String>>) {
        let headings = std::iter::once("").chain(Condition::ALL.map(Condition::word)).collect();
        let cell = |counts: &BTreeMap<String, usize>| {
            let of = |locale: &String| counts.get(locale).copied().unwrap_or_default().to_string();
            if counts.is_empty() { "·".to_owned() } else { self.locales.iter().map(of).collect::<Vec<_>>().join("/") }
        };
        let row = |row: &Row| {
            let cells = Condition::ALL.map(|condition| row.cells.get(&condition).map_or_else(String::new, cell));
            std::iter::once(row.intent.to_owned()).chain(cells).collect()
        };
        (headings, self.intents.iter().map(row).collect())
    }
}

/// Whether an intent can be answered under a condition: troubles are for what reads a bank, as its flow says, days
/// and findings for what looks through rows.
fn applies(intent: Intent, condition: Condition, flows: &Flows) -> bool {
    use Intent as I;
    let reads = flows.reads_for(intent);
    let of_rows = matches!(
        intent,
        I::SpendSum | I::SpendCompare | I::SpendTop | I::TxnSearch | I::TxnList | I::TxnStatus | I::IncomeCheck
    );
    match condition {
        // It is never the person's own intent by itself: what was corrected, filled or repeated is read as the whole question.
        Condition::Plain => !matches!(intent, I::Affirm | I::Deny | I::Correct),
        Condition::OutsideHistory => of_rows,
        // Two months in which nothing was spent are compared like any others.
        Condition::NothingFound => {
            (of_rows && intent != I::SpendCompare)
                || matches!(intent, I::RecurringList | I::UpcomingList | I::RefundCheck | I::DuplicateCheck)
        }
        // Rows have their days, balances a time.
        Condition::Stale => flows.balances_for(intent),
        Condition::RateLimited | Condition::ConsentOver | Condition::NotLinked => reads && !flows.does_without(intent),
        Condition::BankDown | Condition::Slow | Condition::Partial => reads,
    }
}
