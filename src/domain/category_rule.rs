//! What a person counts a merchant as, where they see it differently from their bank.

use serde::{Deserialize, Serialize};

use crate::domain::transaction::Category;

/// The `kind` of an [`Intent::Correct`](crate::domain::reading::Intent::Correct) that takes a rule away.
pub const REMOVE: &str = "remove";

/// A merchant counts as a category, whatever the bank says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CategoryRule {
    /// The merchant, in the person's words.
    pub merchant: String,
    /// What it counts as.
    pub category: Category,
}

impl CategoryRule {
    /// Whether it is about this merchant.
    pub fn is_about(&self, merchant: &str) -> bool {
        self.merchant.to_lowercase() == merchant.to_lowercase()
    }
}
