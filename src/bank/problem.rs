//! What an operator is shown when a bank's answer could not be used: the call, the field, and why.

use serde::Serialize;

use crate::bank::BankError;

/// One entry of the list of problems that `bank try` prints. Holds no value of the bank and no token.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// The call, e.g. `accounts`, `balances of 4821`.
    pub call: String,
    /// The field, where it was one: `transactions[3].amount`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// What is wrong.
    pub message: String,
}

impl Problem {
    /// The problem that a call ended with.
    pub fn new(call: impl Into<String>, error: &BankError) -> Self {
        let call = call.into();
        match error {
            BankError::Malformed { field, message } => {
                Self { call, field: Some(field.clone()), message: message.clone() }
            }
            other => Self { call, field: None, message: other.to_string() },
        }
    }
}
