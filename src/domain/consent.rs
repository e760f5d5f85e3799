//! A consent and its clock: what may be read and what for, until when, by when the person must say again that it may go on,
//! and which tokens of it are still to be taken back.
//!
//! Two things end reading. The consent itself runs out, by the bank's word or by our rule, and is then renewed at the bank.
//! Or the person was not heard of for too long: then reading stops here, the bank's consent still stands, and a word in the
//! chat is enough to go on.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use secrecy::SecretString;
use serde::{Deserialize, Serialize};

use crate::domain::purpose::Purpose;

/// The longest that any consent stands (12 CFR 1033.421(b), taken as good practice everywhere).
pub const YEAR_AT_MOST: u32 = 365;
/// How long a consent stands where the bank does not say.
const UNSAID_DAYS: u32 = 180;
/// How many days before an end it is told: once in the last week, once more on the last two days.
const TOLD_BEFORE: [i32; 2] = [1, 7];

/// The `kind` of a question that tells us to keep reading.
pub const KEEP_READING: &str = "keep_reading";

/// How long the consents for one bank stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ConsentRule {
    /// Days, at most; a bank may say less.
    pub days: u32,
    /// Days after which the person must say again that reading may go on, where that is asked.
    pub reconfirm_days: Option<u32>,
}

impl Default for ConsentRule {
    fn default() -> Self {
        Self { days: YEAR_AT_MOST, reconfirm_days: None }
    }
}

impl ConsentRule {
    /// The last day of a consent that is given today.
    pub fn last_day(self, bank_says: Option<Date>, today: Date) -> Date {
        let most = after(today, self.days.min(YEAR_AT_MOST));
        bank_says.unwrap_or_else(|| after(today, UNSAID_DAYS)).min(most)
    }

    /// The last day of reading without another word of the person, if they speak today.
    pub fn confirm_by(self, today: Date) -> Option<Date> {
        self.reconfirm_days.map(|days| after(today, days))
    }
}

fn after(day: Date, days: u32) -> Date {
    day.saturating_add(i64::from(days).days())
}

/// The two days on which reading ends; each counts in full.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Term {
    /// The last day of the consent.
    pub until: Date,
    /// The last day without another word of the person.
    pub confirm_by: Option<Date>,
}

/// Where a consent stands on its clock.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// It may be read.
    #[default]
    Live,
    /// Reading has stopped until the person says that it may go on.
    Unconfirmed,
    /// It is over, and must be given again at the bank.
    Ended,
}

impl Term {
    /// Where it stands on a day.
    pub fn standing(self, today: Date) -> Standing {
        if today > self.until {
            Standing::Ended
        } else if self.confirm_by.is_some_and(|by| today > by) {
            Standing::Unconfirmed
        } else {
            Standing::Live
        }
    }

    /// The last day of reading, whichever end comes first.
    pub fn last_day(self) -> Date {
        self.confirm_by.map_or(self.until, |by| by.min(self.until))
    }

    /// Whether a word of the person moves its next end.
    pub fn can_be_confirmed(self) -> bool {
        self.confirm_by.is_some_and(|by| by < self.until)
    }

    /// How many days are left after today.
    pub fn days_left(self, today: Date) -> i32 {
        today.until(self.last_day()).map_or(0, |left| left.get_days())
    }

    /// When it next changes where it stands, if it does: a midnight in the person's zone.
    pub fn changes(self, today: Date, zone: &TimeZone) -> Option<Timestamp> {
        let last = match self.standing(today) {
            Standing::Live => self.last_day(),
            Standing::Unconfirmed => self.until,
            Standing::Ended => return None,
        };
        last.tomorrow().ok()?.to_zoned(zone.clone()).ok().map(|midnight| midnight.timestamp())
    }
}

/// What was agreed to besides the data and the day, and how far its clock was told.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default)]
pub struct Consent {
    /// What may be read for. No permit is made for anything else.
    pub purposes: Vec<Purpose>,
    /// Until when the bank lets it stand, in its own words.
    pub bank_until: Option<Date>,
    /// The last day without another word of the person.
    pub confirm_by: Option<Date>,
    /// Of the coming end the person was told so many days before, at most.
    pub told_before: Option<i32>,
    /// Where it stood when the access log was last told.
    pub logged: Standing,
    /// The accounts were listed under an earlier consent: the bank may name them anew.
    pub unlisted: bool,
    /// Tokens that are used no more and must be taken back at the bank.
    pub retired: Vec<Retired>,
}

impl Default for Consent {
    fn default() -> Self {
        Self {
            // What every link was made for before it was written down.
            purposes: vec![Purpose::Answer, Purpose::Alert, Purpose::Directory],
            bank_until: None,
            confirm_by: None,
            told_before: None,
            logged: Standing::Live,
            unlisted: false,
            retired: Vec::new(),
        }
    }
}

/// A token that is used no more.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Retired {
    /// The token.
    #[serde(serialize_with = "super::link::expose", deserialize_with = "super::link::hide")]
    pub token: SecretString,
    /// How often the bank was asked to take it back.
    pub tries: u32,
    /// When it is asked next.
    pub due: Timestamp,
}

/// Before which end the person is to be told, if they were not yet: so many days are left at most.
pub fn tell_before(days_left: i32, told_before: Option<i32>) -> Option<i32> {
    let near = TOLD_BEFORE.into_iter().find(|days| days_left <= *days)?;
    told_before.is_none_or(|told| near < told).then_some(near)
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn a_consent_stands_as_the_bank_says_and_never_longer_than_the_rule() {
        let today = date(2026, 11, 22);
        let rule = |days| ConsentRule { days, reconfirm_days: None };
        assert_eq!(rule(365).last_day(Some(date(2027, 1, 1)), today), date(2027, 1, 1), "the bank says less");
        assert_eq!(rule(180).last_day(Some(date(2030, 1, 1)), today), date(2027, 5, 21), "the bank says more");
        assert_eq!(rule(365).last_day(None, today), date(2027, 5, 21), "the bank says nothing");
        assert_eq!(rule(90).last_day(None, today), date(2027, 2, 20));
        assert_eq!(rule(9999).last_day(Some(date(2030, 1, 1)), today), date(2027, 11, 22), "one year at most");
    }

    #[test]
    fn the_last_day_counts_and_the_consent_outlasts_the_word_of_the_person() {
        let term = Term { until: date(2027, 5, 1), confirm_by: Some(date(2027, 2, 1)) };
        assert_eq!(term.standing(date(2027, 2, 1)), Standing::Live);
        assert_eq!(term.standing(date(2027, 2, 2)), Standing::Unconfirmed);
        assert_eq!(term.standing(date(2027, 5, 1)), Standing::Unconfirmed);
        assert_eq!(term.standing(date(2027, 5, 2)), Standing::Ended);
        assert_eq!(term.days_left(date(2027, 1, 25)), 7);
        let changes = |day| term.changes(day, &TimeZone::UTC).map(|at| at.to_string());
        assert_eq!(changes(date(2027, 1, 1)).as_deref(), Some("2027-02-02T00:00:00Z"));
        assert_eq!(changes(date(2027, 3, 1)).as_deref(), Some("2027-05-02T00:00:00Z"));
        assert_eq!(changes(date(2027, 6, 1)), None);
    }

    #[test]
    fn a_coming_end_is_told_once_in_its_week_and_once_at_its_eve() {
        assert_eq!(tell_before(8, None), None);
        assert_eq!(tell_before(7, None), Some(7));
        assert_eq!(tell_before(3, Some(7)), None);
        assert_eq!(tell_before(1, Some(7)), Some(1));
        assert_eq!(tell_before(0, Some(1)), None);
        assert_eq!(tell_before(0, None), Some(1), "who comes late is told once");
    }
}
