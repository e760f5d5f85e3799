//! What a person means to spend a month: set, changed and removed in their own words.

use crate::domain::{
    answer::Draft,
    budget::{Budget, REMOVE},
    money::{Currency, Money},
    say::{Arg, Say},
};
use crate::flow::engine::Run;

/// Most budgets of one person.
const BUDGETS_MAX: usize = 20;

impl Run<'_> {
    /// Keeps a budget, or takes it away, and says so.
    pub(super) fn budget_set(&mut self) -> &'static str {
        if self.asked.slots.kind.as_deref() == Some(REMOVE) {
            return self.budget_remove();
        }
        let range = self.asked.slots.amount.as_ref();
        let Some((amount, said)) = range.and_then(|range| Some((range.max.or(range.min)?, range.currency))) else {
            self.await_figure();
            return "no_amount";
        };
        let slots = &self.asked.slots;
        let Some(currency) = said.or_else(|| self.first_currency()) else { return "not_linked" };
        let budget = Budget {
            categories: slots.categories.clone(),
            merchants: slots.merchants.clone(),
            amount: Money::new(amount, currency),
        };
        let budgets = &mut self.dialogue.settings.budgets;
        budgets.retain(|other| !other.is_about(slots));
        if budgets.len() >= BUDGETS_MAX {
            self.drafts.push(Draft::line(Say::new("budget-too-many").with("count", BUDGETS_MAX)));
            return "refused";
        }
        let say = Say::new("budget-set").with("amount", budget.amount).with("about", about(&budget));
        budgets.push(budget);
        self.drafts.push(Draft::line(say));
        "done"
    }

    fn budget_remove(&mut self) -> &'static str {
        let slots = &self.asked.slots;
        let (gone, kept): (Vec<Budget>, Vec<Budget>) =
            self.dialogue.settings.budgets.drain(..).partition(|budget| budget.is_meant(slots));
        self.dialogue.settings.budgets = kept;
        if gone.is_empty() {
            return "none";
        }
        let which: Vec<Arg> = gone
            .iter()
            .map(|budget| Arg::from(Say::new("budget-one").with("amount", budget.amount).with("about", about(budget))))
            .collect();
        let say = Say::new("budget-removed").with("budgets", which).with("count", gone.len());
        self.drafts.push(Draft::line(say));
        "removed"
    }

    /// Whether there is a budget that is meant.
    pub(super) fn budget_known(&mut self) -> &'static str {
        let slots = &self.asked.slots;
        if self.dialogue.settings.budgets.iter().any(|budget| budget.is_meant(slots)) { "done" } else { "none" }
    }

    /// The currency of the person's first account that holds money.
    fn first_currency(&self) -> Option<Currency> {
        let accounts = self.setting.directory;
        let first = accounts.iter().find(|account| account.class.holds_cash()).or(accounts.first());
        first.map(|account| account.currency)
    }
}

/// What a budget is for, as it stands after its amount.
fn about(budget: &Budget) -> Arg {
    let categories = budget.categories.iter().map(|category| Arg::from(*category));
    let names: Vec<Arg> = categories.chain(budget.merchants.iter().map(|name| Arg::from(name.as_str()))).collect();
    if names.is_empty() { Arg::from("") } else { Arg::from(Say::new("budget-about").with("what", names)) }
}
