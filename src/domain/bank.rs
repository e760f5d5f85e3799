//! A bank as everybody but its adapter knows it.

use serde::{Deserialize, Serialize};

use crate::domain::id;

id! {
    /// The operator's id of a configured bank, e.g. `northgate`.
    BankId
}

/// What a person may be told about a bank, and what it can tell.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bank {
    /// The operator's id for it.
    pub id: BankId,
    /// Its name, as people know it.
    pub name: String,
    /// ISO 3166 country, two letters.
    pub country: String,
    /// Telephone line for lost cards and disputes.
    pub fraud_line: Option<String>,
    /// Telephone line for everything else.
    pub help_line: Option<String>,
}
