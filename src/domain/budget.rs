//! A budget: how much a person means to spend in a calendar month.

use serde::{Deserialize, Serialize};

use crate::domain::{money::Money, reading::Slots, transaction::Category};

/// The `kind` of an [`Intent::BudgetSet`](crate::domain::reading::Intent::BudgetSet) that takes a budget away.
pub const REMOVE: &str = "remove";

/// An amount a calendar month, for some spending or for all of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Budget {
    /// Only these categories.
    pub categories: Vec<Category>,
    /// Only these merchants, in the person's words.
    pub merchants: Vec<String>,
    /// How much.
    pub amount: Money,
}

impl Budget {
    /// Whether it is about the same spending as some slots.
    pub fn is_about(&self, slots: &Slots) -> bool {
        let same = |name: &String| slots.merchants.iter().any(|other| other.to_lowercase() == name.to_lowercase());
        self.categories == slots.categories
            && self.merchants.len() == slots.merchants.len()
            && self.merchants.iter().all(same)
    }

    /// Whether a question with these slots means it: one that names nothing means every budget.
    pub fn is_meant(&self, slots: &Slots) -> bool {
        (slots.categories.is_empty() && slots.merchants.is_empty()) || self.is_about(slots)
    }
}
