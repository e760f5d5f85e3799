//! What `eval` reads: lines with the right intents and spans, and files of dates with the right days.

use jiff::civil::{Date, DateTime};
use jiff::{Timestamp, Zoned, tz::TimeZone};
use serde::Deserialize;
use serde_json::{Map, Value};

use crate::domain::period::Period;

/// One text and what is right for it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Case {
    pub(crate) text: String,
    /// The moment of the message, where the file gives one.
    pub(crate) reference: Option<Zoned>,
    pub(crate) locale: Option<String>,
    /// Words of the intents that are right; none if only slots are asked for.
    pub(crate) accept: Vec<String>,
    pub(crate) expected: Option<String>,
    pub(crate) tier: Option<String>,
    /// Which of our slots stand where, in Unicode characters, half-open.
    pub(crate) spans: Vec<(Group, usize, usize)>,
    pub(crate) days: Option<Days>,
}

/// Slots that are scored together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Group {
    Period,
    Merchant,
    Category,
    Amount,
    Account,
    Count,
}

impl Group {
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Period => "period",
            Self::Merchant => "merchant",
            Self::Category => "category",
            Self::Amount => "amount",
            Self::Account => "account",
            Self::Count => "count",
        }
    }

    /// The group of a slot's name, ours or that of the public data sets; other slots are not scored.
    fn of(name: &str) -> Option<Self> {
        Some(match name {
            "period" | "than" | "date" | "date_period" | "date_from" | "date_to" => Self::Period,
            "merchant" | "company_name" | "person_name" => Self::Merchant,
            "category" | "shopping_category" => Self::Category,
            "amount" | "amount_of_money" => Self::Amount,
            "account" | "bank" => Self::Account,
            "count" => Self::Count,
            _ => return None,
        })
    }

    /// Whether one of our slots answers for this group. A shopping word that is no category of ours may be a merchant.
    pub(crate) fn takes(self, slot: &str) -> bool {
        Self::of(slot) == Some(self) || (self == Self::Category && slot == "merchant")
    }
}

/// The days that are right.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Days {
    /// These.
    Exactly(Period),
    /// The text names no days.
    None,
}

#[derive(Deserialize)]
struct Line {
    text: String,
    #[serde(default)]
    accept: Vec<String>,
    expected: Option<String>,
    tier: Option<String>,
    #[serde(default)]
    slots: Map<String, Value>,
    reference: Option<String>,
    locale: Option<String>,
}

#[derive(Deserialize)]
struct Dates {
    cases: Vec<Dated>,
    #[serde(default)]
    negative: Vec<String>,
    reference_time: Option<String>,
}

#[derive(Deserialize)]
struct Dated {
    text: String,
    reference: String,
    locale: Option<String>,
    from: Option<Date>,
    to: Option<Date>,
    past_from: Option<Date>,
    past_to: Option<Date>,
    past: Option<Ends>,
    #[serde(default)]
    explicit_future: bool,
    #[serde(default)]
    after_ref: bool,
    #[serde(default)]
    disputed_end: bool,
}

#[derive(Deserialize)]
struct Ends {
    from: Option<Date>,
    to: Option<Date>,
}

/// The cases of one file. The error says which line is wrong.
pub(crate) fn parse(text: &str) -> Result<Vec<Case>, String> {
    if let Ok(dates) = serde_json::from_str::<Dates>(text) {
        return dates_of(dates);
    }
    let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    lines.map(|(at, line)| line_of(line).map_err(|error| format!("line {}: {error}", at + 1))).collect()
}

fn line_of(line: &str) -> Result<Case, String> {
    let line: Line = serde_json::from_str(line).map_err(|error| error.to_string())?;
    let mut spans = Vec::new();
    for (name, slot) in &line.slots {
        let values = slot.as_array().cloned().unwrap_or_else(|| vec![slot.clone()]);
        for value in values {
            let end = |at: usize| value.get("span")?.get(at)?.as_u64().and_then(|end| usize::try_from(end).ok());
            if let (Some(group), Some(from), Some(to)) = (Group::of(name), end(0), end(1)) {
                spans.push((group, from, to));
            }
        }
    }
    Ok(Case {
        reference: line.reference.as_deref().map(moment).transpose()?,
        text: line.text,
        locale: line.locale,
        accept: line.accept,
        expected: line.expected,
        tier: line.tier,
        spans,
        days: None,
    })
}

fn dates_of(dates: Dates) -> Result<Vec<Case>, String> {
    let mut cases = Vec::new();
    for dated in dates.cases {
        let reference = moment(&dated.reference)?;
        if let Some(period) = past_days(&dated, reference.date()) {
            let locale = dated.locale.map(|locale| locale.replace('_', "-")).filter(|locale| locale.len() > 2);
            let (text, days) = (dated.text, Some(Days::Exactly(period)));
            cases.push(Case { text, days, locale, reference: Some(reference), ..Case::default() });
        }
    }
    let reference = dates.reference_time.as_deref().map(moment).transpose()?;
    cases.extend(dates.negative.into_iter().map(|text| Case {
        text,
        days: Some(Days::None),
        reference: reference.clone(),
        ..Case::default()
    }));
    Ok(cases)
}

/// What a question about the past means by the words; nothing if they speak of the future or their end is disputed.
fn past_days(dated: &Dated, today: Date) -> Option<Period> {
    if dated.explicit_future || dated.disputed_end {
        return None;
    }
    let (from, to) = match &dated.past {
        Some(past) => (past.from?, past.to?),
        None if dated.past_from.is_some() => (dated.past_from?, dated.past_to?),
        None if dated.after_ref => return None,
        None => (dated.from?, dated.to?),
    };
    (dated.past.is_none() || from <= today).then(|| Period::new(from, to))
}

/// A moment as files write it: RFC 3339, or a local time or day that is taken as UTC.
fn moment(text: &str) -> Result<Zoned, String> {
    if let Ok(at) = text.parse::<Timestamp>() {
        // The offset is the zone of the person.
        let offset = jiff::fmt::temporal::Pieces::parse(text).ok().and_then(|pieces| pieces.to_numeric_offset());
        return Ok(at.to_zoned(offset.map_or(TimeZone::UTC, TimeZone::fixed)));
    }
    let local = text.parse::<DateTime>().map_err(|error| format!("reference {text:?}: {error}"))?;
    // The middle of the day stands for a day.
    let local = if text.len() <= 10 { local.date().at(12, 0, 0, 0) } else { local };
    local.to_zoned(TimeZone::UTC).map_err(|error| format!("reference {text:?}: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_and_dates_are_told_apart() {
        let line = r#"{"text": "spent 5 at x", "accept": ["spend.sum"], "reference": "2022-03-15",
                       "slots": {"company_name": {"text": "x", "span": [11, 12]}, "number": {"span": [6, 7]}}}"#;
        let cases = parse(&line.replace('\n', " ")).expect("a good line");
        assert_eq!(cases[0].spans, [(Group::Merchant, 11, 12)]);
        let dates = r#"{"negative": ["rat 6"], "cases": [
            {"text": "tuesday", "reference": "2013-02-12T04:30:00-02:00", "from": "2013-02-19", "to": "2013-02-20",
             "after_ref": true, "past_from": "2013-02-12", "past_to": "2013-02-13"},
            {"text": "next year", "reference": "2013-02-12", "from": "2014-01-01", "to": "2015-01-01", "explicit_future": true}]}"#;
        let cases = parse(dates).expect("good dates");
        let day = |text: &str| text.parse().expect("a day");
        assert_eq!(cases.len(), 2, "the future is not scored");
        assert_eq!(cases[0].days, Some(Days::Exactly(Period::new(day("2013-02-12"), day("2013-02-13")))));
        assert_eq!(cases[1].days, Some(Days::None));
        assert!(parse("{\"text\": 1}").expect_err("no text").starts_with("line 1"));
    }
}
