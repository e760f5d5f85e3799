//! L1, pure: `(Question, Facts, today) -> Answer`: sums, comparisons, searches, explanations. Exact decimals only.
//!
//! Flows name a computation of [`CALLS`]; [`call`] runs it. What counts as spending is decided in `ledger.rs`, which
//! rows a question means in `gather.rs`, and how an answer is put together in `telling.rs`; every other file is one
//! computation. Nothing here knows a word of any language: answers are text ids with values.

use jiff::Timestamp;
use jiff::civil::Date;

use crate::domain::{
    account::{Account, AccountId},
    alert::{Alert, Watch},
    answer::Answer,
    bank::{Bank, BankId},
    budget::Budget,
    category_rule::CategoryRule,
    exchange::Exchange,
    facts::Facts,
    period::Period,
    purpose::{Answering, DataClass, Watching},
    question::Question,
    reading::{Intent, Part},
};

mod afford;
mod alert;
mod balance;
mod bills;
mod budget;
mod card;
mod compare;
mod dispute;
mod duplicate;
mod explain;
mod gather;
mod grounds;
mod income;
mod ledger;
mod list;
mod merchant;
mod number;
mod offers;
mod own_category;
#[cfg(test)]
mod planted;
#[cfg(test)]
mod reckoning;
mod recurring;
mod refund;
mod rhythm;
mod shape;
mod spend;
mod status;
mod telling;
mod top;
mod total;
mod trend;
mod trouble;
mod upcoming;
mod when;

pub use trouble::renewal;

/// Everything a computation may look at.
#[derive(Clone, Copy, Debug)]
pub struct Ask<'a> {
    /// What is asked.
    pub part: &'a Part,
    /// What the banks answered.
    pub facts: Grounds<'a>,
    /// The configured banks.
    pub banks: &'a [Bank],
    /// All accounts of the person's links, in the order they are listed to them.
    pub directory: &'a [Account],
    /// The present day in the person's zone.
    pub today: Date,
    /// The present moment.
    pub now: Timestamp,
    /// The question before this one with its slots as they were resolved; what [`Intent::ExplainAnswer`] explains.
    pub previous: Option<&'a Part>,
    /// The person's currency and the rates that lead there, where any are named.
    pub exchange: Option<&'a Exchange>,
    /// What the person means to spend a month.
    pub budgets: &'a [Budget],
    /// What merchants count as for this person; the facts are [recounted](recount) by it already.
    pub rules: &'a [CategoryRule],
    /// Nothing is cut short: there is room, as on a page.
    pub in_full: bool,
}

/// A computation that a flow may call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Call {
    /// The name that flows use.
    pub name: &'static str,
    /// Every [`Answer::outcome`] it may have; a flow may branch on them.
    pub outcomes: &'static [&'static str],
    /// What must have been fetched for it.
    pub needs: &'static [DataClass],
}

/// The question was answered. Zero is an answer.
pub const DONE: &str = "done";
/// No source gave anything, or nothing is there to show.
pub const NOTHING: &str = "nothing";
/// The account, bank, card or merchant that was named is none of the person's.
pub const NONE_SUCH: &str = "none_such";
/// Several accounts are meant and the question needs one.
pub const WHICH: &str = "which";
/// The banks keep no rows of the days that were asked for.
pub const OUTSIDE_HISTORY: &str = "outside_history";
/// The days that were asked for have not come yet.
pub const FUTURE: &str = "future";

/// In [`Slots::kind`](crate::domain::reading::Slots): currencies are wanted apart, without conversion.
pub(crate) const APART: &str = "apart";

const OF_ROWS: &[&str] = &[DONE, NOTHING, NONE_SUCH, OUTSIDE_HISTORY, FUTURE];
const OF_BALANCES: &[&str] = &[DONE, NOTHING, NONE_SUCH];

/// The one computation over offers: [`tell_offers`], not [`call`], because no other may see them and it no other thing.
pub const OFFERS: &str = "offers";

/// Every computation.
pub const CALLS: &[Call] = &[
    Call { name: "balance", outcomes: OF_BALANCES, needs: &[DataClass::Balances] },
    Call { name: "total", outcomes: OF_BALANCES, needs: &[DataClass::Balances] },
    Call { name: "card", outcomes: OF_BALANCES, needs: &[DataClass::Balances] },
    Call { name: "spend_sum", outcomes: OF_ROWS, needs: &[DataClass::Transactions] },
    Call { name: "spend_compare", outcomes: OF_ROWS, needs: &[DataClass::Transactions] },
    Call { name: "spend_top", outcomes: OF_ROWS, needs: &[DataClass::Transactions] },
    Call { name: "which_account", outcomes: &[DONE, WHICH, NONE_SUCH], needs: &[] },
    Call { name: "txn_list", outcomes: OF_ROWS, needs: &[DataClass::Transactions] },
    Call { name: "txn_search", outcomes: OF_ROWS, needs: &[DataClass::Transactions] },
    Call { name: "income", outcomes: OF_ROWS, needs: &[DataClass::Transactions] },
    Call { name: "recurring", outcomes: OF_ROWS, needs: &[DataClass::Transactions] },
    Call { name: "upcoming", outcomes: OF_ROWS, needs: &[DataClass::Balances, DataClass::Transactions] },
    Call { name: "refund", outcomes: OF_ROWS, needs: &[DataClass::Transactions] },
    Call { name: "duplicate", outcomes: OF_ROWS, needs: &[DataClass::Transactions] },
    Call { name: "status", outcomes: OF_ROWS, needs: &[DataClass::Transactions] },
    Call { name: "dispute", outcomes: OF_ROWS, needs: &[DataClass::Transactions] },
    Call { name: "afford", outcomes: OF_ROWS, needs: &[DataClass::Balances, DataClass::Transactions] },
    Call { name: "budget", outcomes: OF_ROWS, needs: &[DataClass::Transactions] },
    Call { name: "which_watched", outcomes: &[DONE, WHICH, NONE_SUCH], needs: &[] },
    Call { name: OFFERS, outcomes: &[DONE, NOTHING], needs: &[DataClass::Offers] },
    Call { name: "number", outcomes: &[DONE, NONE_SUCH], needs: &[] },
    Call {
        name: "explain",
        outcomes: &[DONE, NOTHING, NONE_SUCH, OUTSIDE_HISTORY, FUTURE],
        needs: &[DataClass::Balances, DataClass::Transactions],
    },
];

/// An answer, or the one that stands in its place where the facts give nothing to compute it from.
type Answered = Result<Answer, Box<Answer>>;

/// Runs the computation of that name. A name outside [`CALLS`] gives an empty answer with outcome [`NOTHING`];
/// loading a flow refuses such names.
pub fn call(name: &str, ask: &Ask<'_>) -> Answer {
    answered(name, ask).unwrap_or_else(|instead| *instead)
}

fn answered(name: &str, ask: &Ask<'_>) -> Answered {
    match name {
        "balance" => balance::balance(ask),
        "total" => total::total(ask),
        "card" => card::card(ask),
        "spend_sum" => spend::sum(ask),
        "spend_compare" => compare::compare(ask),
        "spend_top" => top::top(ask),
        "which_account" => list::which_account(ask),
        "txn_list" => list::list(ask),
        "txn_search" => list::search(ask),
        "income" => income::check(ask),
        "recurring" => recurring::list(ask),
        "upcoming" => upcoming::list(ask),
        "refund" => refund::check(ask),
        "duplicate" => duplicate::check(ask),
        "status" => status::status(ask),
        "dispute" => dispute::name(ask),
        "afford" => afford::check(ask),
        "budget" => budget::tell(ask),
        "which_watched" => alert::which(ask),
        "number" => Ok(number::number(ask)),
        "explain" => explain::explain(ask),
        _ => Ok(Answer { outcome: NOTHING, ..Answer::default() }),
    }
}

pub use grounds::Grounds;
pub use offers::tell as tell_offers;
pub use own_category::recount;

/// What is looked at for alerts, while nobody asks.
#[derive(Clone, Copy, Debug)]
pub struct Watched<'a> {
    /// What the banks answered.
    pub facts: &'a Facts<Watching>,
    /// The configured banks.
    pub banks: &'a [Bank],
    /// All accounts of the person's links, also of those whose consent has ended, so that an alert can say so.
    pub directory: &'a [Account],
    /// The present day in the person's zone.
    pub today: Date,
    /// The present moment.
    pub now: Timestamp,
}

/// Whether an alert has come true: what there is to say, and how far it has looked now.
pub fn look(alert: &Alert, watched: &Watched<'_>) -> (Option<Answer>, Watch) {
    let Watched { facts, banks, directory, today, now } = *watched;
    let ask = Ask {
        part: &Part::new(Intent::AlertSet),
        facts: Grounds::of_alert(facts),
        banks,
        directory,
        today,
        now,
        previous: None,
        exchange: None,
        budgets: &[],
        rules: &[],
        in_full: false,
    };
    alert::look(alert, &ask)
}

/// The first day whose rows an alert needs, for the fetch; wider by the days that a transfer's halves may be apart.
pub fn look_from(alert: &Alert) -> Date {
    let day = alert::first_day(alert);
    day.checked_sub(jiff::Span::new().days(ledger::TRANSFER_DAYS)).unwrap_or(day)
}

/// The banks and accounts that must be read for a question; empty means all. A sum of spending over one account needs
/// the others too: what went to or came from them is not spending, and only their own rows tell.
pub fn sources_needed(part: &Part) -> (&[BankId], &[AccountId]) {
    let is_sum = match part.intent {
        Intent::SpendSum | Intent::SpendCompare | Intent::SpendTop | Intent::BudgetGet => true,
        Intent::IncomeCheck
        | Intent::RecurringList
        | Intent::UpcomingList
        | Intent::RefundCheck
        | Intent::AffordCheck => true,
        Intent::TxnList => part.slots.kind.as_deref() == Some(list::COUNTED),
        _ => false,
    };
    if is_sum { (&[], &[]) } else { (&part.slots.banks, &part.slots.accounts) }
}

/// What must be read to answer a question, or to explain its answer: nothing that it does not rest on.
pub fn classes_needed(part: &Part) -> &'static [DataClass] {
    match part.intent {
        Intent::BalanceTotal | Intent::CardSummary | Intent::CardLimit | Intent::CardDue => &[DataClass::Balances],
        Intent::SpendSum | Intent::SpendCompare | Intent::SpendTop | Intent::TxnList | Intent::TxnSearch => {
            &[DataClass::Transactions]
        }
        Intent::IncomeCheck
        | Intent::RecurringList
        | Intent::RefundCheck
        | Intent::DuplicateCheck
        | Intent::DisputeStart
        | Intent::BudgetGet
        | Intent::TxnStatus => &[DataClass::Transactions],
        // The pending rows explain what is booked and not available.
        _ => &[DataClass::Balances, DataClass::Transactions],
    }
}

/// What a question asks of the banks, under the id that the access log carries for it.
pub fn question(id: &str, subject: &Part, today: Date) -> Question {
    let (banks, accounts) = sources_needed(subject);
    Question {
        id: id.to_owned(),
        about: Some(subject.intent),
        purpose: Answering,
        classes: classes_needed(subject).to_vec(),
        banks: banks.to_vec(),
        accounts: accounts.to_vec(),
        period: days_needed(subject, None, today),
        fresh: false,
    }
}

/// The days whose rows a question needs, for the fetch; `None` means as far back as the banks go. It is a little
/// wider than what is counted: a transfer's other half may be booked up to three days apart.
pub fn days_needed(part: &Part, previous: Option<&Part>, today: Date) -> Option<Period> {
    let part = if part.intent == Intent::ExplainAnswer { previous.unwrap_or(part) } else { part };
    let counted = match part.intent {
        Intent::SpendSum | Intent::SpendTop => Some(shape::days(part, today)),
        Intent::SpendCompare => compare::days(part, today),
        Intent::BudgetGet => Some(budget::days(part, today)),
        // A rhythm shows in all rows that there are, whatever days were asked for; a refund's purchase is older.
        Intent::IncomeCheck
        | Intent::RecurringList
        | Intent::UpcomingList
        | Intent::RefundCheck
        | Intent::AffordCheck => None,
        _ => part.slots.period,
    }?;
    let margin = jiff::Span::new().days(ledger::TRANSFER_DAYS);
    Some(Period {
        from: counted.from.and_then(|from| from.checked_sub(margin).ok()),
        to: counted.to.and_then(|to| to.checked_add(margin).ok()),
    })
}
