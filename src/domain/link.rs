//! A link: the person's consent that a bank may be read, with the token that opens it.

use jiff::Timestamp;
use jiff::civil::Date;
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::domain::{
    account::Account,
    bank::BankId,
    consent::{Consent, Standing, Term},
    purpose::DataClass,
};

/// One standing consent. It is stored sealed, whole: the token and the directory of accounts belong to it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Link {
    /// The bank that may be read.
    pub bank: BankId,
    /// Last day of the consent.
    pub until: Date,
    /// What the person agreed to.
    pub scopes: Vec<DataClass>,
    /// The bearer token for the bank.
    #[serde(serialize_with = "expose", deserialize_with = "hide")]
    pub token: SecretString,
    /// The accounts behind it: names and last digits, never amounts. Refreshed by each read.
    pub accounts: Vec<Account>,
    /// How the bank gave it, where the person linked it here.
    #[serde(default)]
    pub grant: Grant,
    /// What was agreed to besides, and the clock of it.
    #[serde(default)]
    pub consent: Consent,
}

/// What a bank gave along with a token.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Grant {
    /// When the person agreed.
    pub since: Option<Timestamp>,
    /// What renews the token.
    #[serde(serialize_with = "expose_some", deserialize_with = "hide_some")]
    pub refresh: Option<SecretString>,
    /// When the token expires by itself.
    pub expires: Option<Timestamp>,
    /// The bank's id of the consent.
    pub consent: Option<String>,
    /// Who the person is at the bank: the same across renewals.
    pub customer: Option<String>,
}

impl Link {
    /// The two days on which reading ends.
    pub fn term(&self) -> Term {
        Term { until: self.until, confirm_by: self.consent.confirm_by }
    }

    /// Whether it may be read on `today` (its last day counts).
    pub fn is_live(&self, today: Date) -> bool {
        self.term().standing(today) == Standing::Live
    }

    /// Whether the consent stands at the bank on `today`, though reading may have stopped here until the person says
    /// that it may go on.
    pub fn stands(&self, today: Date) -> bool {
        self.term().standing(today) != Standing::Ended
    }
}

pub(crate) fn expose<S: Serializer>(token: &SecretString, to: S) -> Result<S::Ok, S::Error> {
    to.serialize_str(token.expose_secret())
}

fn expose_some<S: Serializer>(token: &Option<SecretString>, to: S) -> Result<S::Ok, S::Error> {
    token.as_ref().map(ExposeSecret::expose_secret).serialize(to)
}

fn hide_some<'de, D: Deserializer<'de>>(from: D) -> Result<Option<SecretString>, D::Error> {
    Ok(Option::<String>::deserialize(from)?.map(SecretString::from))
}

pub(crate) fn hide<'de, D: Deserializer<'de>>(from: D) -> Result<SecretString, D::Error> {
    Ok(SecretString::from(String::deserialize(from)?))
}
