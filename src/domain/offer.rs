//! What banks offer people beside their accounts: cash back at a shop, a better rate. Offers stand under a consent of
//! their own and are read under a purpose of their own, so they have types of their own too: no computation over
//! [`Facts`](crate::domain::facts::Facts) can see them, and what shows them sees no balance and no payment.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::domain::{bank::Bank, facts::Missing};

/// The person's word that offers may be asked for. It is kept with their settings and ends with them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OffersConsent {
    /// When they gave it.
    pub since: Timestamp,
}

/// One offer. Every text in it is the bank's, neutralised.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BankOffer {
    /// Where it counts, if the bank tells.
    pub merchant: Option<String>,
    /// What is offered: `10% back`.
    pub text: String,
    /// Its last day, if it has one.
    pub until: Option<Date>,
    /// Why the person gets it.
    pub rule: Option<Rule>,
}

/// Why somebody gets an offer, as their bank tells it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Rule {
    /// They paid at this place within so many days.
    Bought {
        /// The place.
        merchant: String,
        /// The days.
        days: u16,
    },
    /// In the bank's own words.
    Told(String),
}

impl Rule {
    /// Reads a bank's rule. `merchant = NAME in the last N days` is understood; anything else is told as it is.
    pub fn read(text: &str) -> Self {
        let bought = || {
            let (merchant, span) = text.strip_prefix("merchant = ")?.rsplit_once(" in the last ")?;
            let days = span.strip_suffix(" days")?.parse().ok()?;
            Some(Self::Bought { merchant: merchant.to_owned(), days })
        };
        bought().unwrap_or_else(|| Self::Told(text.to_owned()))
    }
}

/// What the person's banks offer. Lives in memory only, for one reply.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Offers {
    /// The banks that answered, each with what it offers.
    pub banks: Vec<(Bank, Vec<BankOffer>)>,
    /// Those that gave no answer, and why.
    pub missing: Vec<Missing>,
    /// The linked banks that tell no offers: they were not asked.
    pub silent: Vec<Bank>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_of_one_shape_is_understood_and_any_other_is_told() {
        let bought = Rule::Bought { merchant: "Bluebird Coffee".to_owned(), days: 60 };
        assert_eq!(Rule::read("merchant = Bluebird Coffee in the last 60 days"), bought);
        let twice = Rule::Bought { merchant: "Best in the last Shop".to_owned(), days: 7 };
        assert_eq!(Rule::read("merchant = Best in the last Shop in the last 7 days"), twice);
        for other in ["for new customers", "merchant = X", "merchant = X in the last few days", ""] {
            assert_eq!(Rule::read(other), Rule::Told(other.to_owned()));
        }
    }
}
