//! What an answer rests on.

use crate::domain::facts::{AccountFacts, Facts, Missing};
use crate::domain::purpose::{Answering, Watching};

/// What the banks answered, as computations see it. From outside it can only be made of what was read for answering; what
/// was read for alerts gets here by [`look`](super::look) alone.
///
/// ```
/// use balancebot::answer::Grounds;
/// use balancebot::domain::{facts::Facts, purpose::Answering};
/// let facts = Facts::<Answering>::default();
/// let _ = Grounds::from(&facts);
/// ```
/// ```compile_fail,E0277
/// use balancebot::answer::Grounds;
/// use balancebot::domain::{facts::Facts, purpose::Watching};
/// let facts = Facts::<Watching>::default();
/// let _ = Grounds::from(&facts);
/// ```
/// ```compile_fail,E0277
/// use balancebot::answer::Grounds;
/// use balancebot::domain::{facts::Facts, purpose::Watching};
/// let facts = Facts::<Watching>::default();
/// let _ = Grounds::from(&facts.into());
/// ```
/// ```compile_fail,E0624
/// use balancebot::answer::Grounds;
/// use balancebot::domain::{facts::Facts, purpose::Watching};
/// let facts = Facts::<Watching>::default();
/// let _ = Grounds::of_alert(&facts);
/// ```
/// Nor are they taken apart again:
/// ```compile_fail,E0616
/// use balancebot::answer::Grounds;
/// use balancebot::domain::facts::Facts;
/// let facts = Facts::default();
/// let _ = Grounds::from(&facts).accounts;
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Grounds<'a> {
    /// The accounts that answered.
    pub(super) accounts: &'a [AccountFacts],
    /// Who gave nothing, and why.
    pub(super) missing: &'a [Missing],
}

impl<'a> From<&'a Facts<Answering>> for Grounds<'a> {
    fn from(facts: &'a Facts<Answering>) -> Self {
        Self { accounts: &facts.accounts, missing: &facts.missing }
    }
}

impl<'a> Grounds<'a> {
    /// The grounds of an alert.
    pub(super) fn of_alert(facts: &'a Facts<Watching>) -> Self {
        Self { accounts: &facts.accounts, missing: &facts.missing }
    }
}
