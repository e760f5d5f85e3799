//! What merchants count as for this person: their own rules, laid over what the banks say before anything is computed.

use crate::answer::Grounds;
use crate::answer::merchant::{Meant, resolve};
use crate::domain::{category_rule::CategoryRule, facts::Facts, period::Period, transaction::Transaction};

/// Gives rows the category that the person counts their merchant as. A later rule outranks an earlier one.
pub fn recount<P>(facts: &mut Facts<P>, rules: &[CategoryRule]) {
    for rule in rules {
        let names = names(facts.accounts.iter().filter_map(|share| share.transactions.as_deref()), rule);
        let rows = facts.accounts.iter_mut().filter_map(|share| share.transactions.as_mut()).flatten();
        rows.filter(|row| names.iter().any(|name| name == row.label())).for_each(|row| row.category = rule.category);
    }
}

/// The rules that rows of some days fall under.
pub(super) fn at_work<'a>(facts: Grounds<'_>, rules: &'a [CategoryRule], days: Period) -> Vec<&'a CategoryRule> {
    let rows = || facts.accounts.iter().filter_map(|share| share.transactions.as_deref());
    let counts = |rule: &&CategoryRule| {
        let names = names(rows(), rule);
        rows().flatten().any(|row| days.contains(row.date) && names.iter().any(|name| name == row.label()))
    };
    rules.iter().filter(counts).collect()
}

/// The merchants of a rule by their names on the rows.
fn names<'a>(rows: impl Iterator<Item = &'a [Transaction]>, rule: &CategoryRule) -> Vec<String> {
    match resolve(&rule.merchant, rows.flatten().map(Transaction::label)) {
        Meant::Merchants(names) => names,
        Meant::Category(_) | Meant::Nothing => Vec::new(),
    }
}
