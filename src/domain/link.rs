//! A link: the person's consent that a bank may be read, with the token that opens it.

use jiff::civil::Date;
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::domain::{account::Account, bank::BankId, purpose::DataClass};

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
}

impl Link {
    /// Whether the consent stands on `today` (its last day counts).
    pub fn is_live(&self, today: Date) -> bool {
        today <= self.until
    }
}

fn expose<S: Serializer>(token: &SecretString, to: S) -> Result<S::Ok, S::Error> {
    to.serialize_str(token.expose_secret())
}

fn hide<'de, D: Deserializer<'de>>(from: D) -> Result<SecretString, D::Error> {
    Ok(SecretString::from(String::deserialize(from)?))
}
