//! What a question was about, in a word: for the people at the desk and for the person's own access log. It comes from
//! the intent alone, so no word of the person and no figure can be in it.

use crate::domain::{reading::Intent, say::Say};

/// The word for an intent.
pub fn topic(intent: Intent) -> Say {
    Say::new(match intent {
        Intent::BalanceGet | Intent::BalanceTotal | Intent::AffordCheck => "topic-balances",
        Intent::CardSummary | Intent::CardLimit | Intent::CardDue => "topic-cards",
        Intent::SpendSum | Intent::SpendCompare | Intent::SpendTop => "topic-spending",
        Intent::IncomeCheck => "topic-income",
        Intent::RecurringList | Intent::UpcomingList => "topic-bills",
        Intent::AccessLog => "topic-access-log",
        Intent::OfferList | Intent::OfferWhy => "topic-offers",
        _ => "topic-payments",
    })
}
