//! How a text was understood: intents and slots. The vocabulary is closed; answers and flows speak it.

use std::fmt;

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::domain::{
    account::AccountId,
    bank::BankId,
    money::{Currency, decimal_text},
    period::Period,
    transaction::Category,
};

macro_rules! intents {
    ($($name:ident $word:literal $doc:literal),* $(,)?) => {
        /// What the person wants.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum Intent {
            $(#[doc = $doc] #[serde(rename = $word)] $name),*
        }

        impl Intent {
            /// Every intent of the vocabulary.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// The intent's word, e.g. `balance.get`.
            pub fn word(self) -> &'static str {
                match self { $(Self::$name => $word),* }
            }
        }
    };
}

intents! {
    BalanceGet "balance.get" "What is on one, several or all accounts.",
    BalanceTotal "balance.total" "One figure over accounts or banks.",
    CardSummary "card.summary" "What is owed on a card or loan.",
    CardLimit "card.limit" "The limit and what is left of it.",
    CardDue "card.due" "Due date, statement, minimum.",
    SpendSum "spend.sum" "How much went out.",
    SpendCompare "spend.compare" "The same against another period.",
    SpendTop "spend.top" "Where the money went, biggest first.",
    TxnSearch "txn.search" "Find payments by amount, date, merchant.",
    TxnList "txn.list" "Latest payments.",
    TxnStatus "txn.status" "What is this payment, is it pending.",
    IncomeCheck "income.check" "Did money arrive, how much came in.",
    RecurringList "recurring.list" "Subscriptions and other regular payments.",
    RefundCheck "refund.check" "Did a refund come.",
    DuplicateCheck "duplicate.check" "Was I charged twice.",
    UpcomingList "upcoming.list" "Bills ahead.",
    AffordCheck "afford.check" "Can I afford.",
    BudgetSet "budget.set" "Set a budget.",
    BudgetGet "budget.get" "Read a budget.",
    AlertSet "alert.set" "Tell me when.",
    AlertStop "alert.stop" "No more alerts.",
    OfferList "offer.list" "Offers.",
    OfferWhy "offer.why" "Why this offer.",
    AtmFind "atm.find" "A cash machine near a place.",
    ExplainAnswer "explain.answer" "How was that computed, what does that mean.",
    DataRefresh "data.refresh" "Look again.",
    LinkStart "link.start" "Link a bank.",
    LinkDone "link.done" "Linking ended (an event).",
    LinkStatus "link.status" "What is linked and agreed.",
    Unlink "unlink" "Remove a link.",
    ConsentRenew "consent.renew" "Renew a consent.",
    AccessLog "access.log" "Who read my data.",
    DataExport "data.export" "My data as a file.",
    DataDelete "data.delete" "Erase me.",
    PrivacyAsk "privacy.ask" "Who sees this.",
    PrivacyMask "privacy.mask" "Hide or show amounts.",
    SessionLock "session.lock" "Lock.",
    AccountNumber "account.number" "Full account numbers.",
    HandoffRequest "handoff.request" "A person please.",
    HandoffReturn "handoff.return" "Back from the person (an event).",
    DisputeStart "dispute.start" "Not mine.",
    CardLost "card.lost" "Lost or stolen.",
    ComplaintStart "complaint.start" "A complaint.",
    LangSet "lang.set" "Another language.",
    TzSet "tz.set" "Another time zone.",
    Help "help" "What can you do.",
    Greet "greet" "Hello.",
    Thanks "thanks" "Thank you.",
    Bye "bye" "Goodbye.",
    Smalltalk "smalltalk" "Chat.",
    Abuse "abuse" "Insults.",
    OutOfScope "out_of_scope" "Understood, but not this bot's job.",
    Correct "correct" "Replaces a slot of the last question.",
    Cancel "cancel" "Stop this.",
    More "more" "Next page.",
    Repeat "repeat" "Say again.",
    Affirm "affirm" "Yes.",
    Deny "deny" "No.",
    SecretTyped "secret.typed" "A PIN, password, card number or code was typed.",
    Unknown "unknown" "Not understood.",
}

impl Intent {
    /// The intent of a word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|intent| intent.word() == word)
    }
}

impl fmt::Display for Intent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// Which way money went.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Direction {
    /// To the person.
    In,
    /// From the person.
    Out,
}

/// An amount that was asked for: both ends are in; equal ends are an exact amount.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AmountRange {
    /// At least this much (without sign).
    #[serde(with = "optional_decimal")]
    pub min: Option<Decimal>,
    /// At most this much (without sign).
    #[serde(with = "optional_decimal")]
    pub max: Option<Decimal>,
    /// Whether `min` itself is out ("over 50").
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub above: bool,
    /// Whether `max` itself is out ("under 50").
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub below: bool,
    /// In which currency, when said.
    pub currency: Option<Currency>,
}

impl AmountRange {
    /// Exactly this amount.
    pub fn exactly(amount: Decimal, currency: Option<Currency>) -> Self {
        Self { min: Some(amount), max: Some(amount), above: false, below: false, currency }
    }

    /// Whether an amount (sign ignored) lies in the range.
    pub fn contains(&self, amount: Decimal) -> bool {
        let amount = amount.abs();
        self.min.is_none_or(|min| if self.above { amount > min } else { amount >= min })
            && self.max.is_none_or(|max| if self.below { amount < max } else { amount <= max })
    }
}

mod optional_decimal {
    use super::*;
    use serde::{Deserializer, Serializer};

    pub(super) fn serialize<S: Serializer>(amount: &Option<Decimal>, to: S) -> Result<S::Ok, S::Error> {
        match amount {
            Some(amount) => decimal_text::serialize(amount, to),
            None => to.serialize_none(),
        }
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Decimal>, D::Error> {
        let text = Option::<String>::deserialize(from)?;
        text.map(|text| text.parse().map_err(serde::de::Error::custom)).transpose()
    }
}

/// The details of a question. All are optional; a slot that was not said is empty.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Slots {
    /// Which days, as asked ("this month" is the whole month).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub period: Option<Period>,
    /// The other period of a comparison.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub than: Option<Period>,
    /// Which accounts, resolved against the person's own.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub accounts: Vec<AccountId>,
    /// The words that named accounts, when they match none of the person's own (or none are known).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub account_words: Option<String>,
    /// Which banks.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub banks: Vec<BankId>,
    /// Which merchants: as typed in a reading, as on the rows once an answer resolved them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub merchants: Vec<String>,
    /// Which categories.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub categories: Vec<Category>,
    /// Merchants that are left out: "except amazon".
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub except_merchants: Vec<String>,
    /// Categories that are left out: "without rent".
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub except_categories: Vec<Category>,
    /// Amounts that are left out: "excluding the 64.99".
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub except_amounts: Vec<AmountRange>,
    /// Which amounts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub amount: Option<AmountRange>,
    /// In which currency the answer is wanted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub currency: Option<Currency>,
    /// How many rows.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub count: Option<u32>,
    /// Money in or money out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub direction: Option<Direction>,
    /// Minus debts.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub net: bool,
    /// Which language.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lang: Option<String>,
    /// Which place, as typed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
    /// The kind of an alert, the zone of `tz.set` and other single words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// Which page of a list, from 0. Set by `more`, never by a text.
    #[serde(skip_serializing_if = "is_zero")]
    pub page: u32,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
fn is_zero(page: &u32) -> bool {
    *page == 0
}

/// One question of a message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    /// What is wanted.
    pub intent: Intent,
    /// The details.
    #[serde(default)]
    pub slots: Slots,
}

impl Part {
    /// An intent without details.
    pub fn new(intent: Intent) -> Self {
        Self { intent, slots: Slots::default() }
    }
}

/// How sure the parser is, in three zones.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Zone {
    /// Answer.
    Answer,
    /// Ask which of the likeliest was meant.
    Clarify,
    /// Say what the bot can do.
    Reject,
}

/// Where in the text a slot was found: half-open, in Unicode characters.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Span {
    /// The slot's name: `period`, `merchant` …
    pub slot: String,
    /// First character.
    pub from: usize,
    /// One past the last.
    pub to: usize,
}

/// A text as it was understood, after context and corrections are applied.
#[derive(Clone, Debug, PartialEq)]
pub struct Reading {
    /// The first question.
    pub part: Part,
    /// Further questions of the same message, in order.
    pub also: Vec<Part>,
    /// Between 0 and 1.
    pub confidence: f32,
    /// What to do with it.
    pub zone: Zone,
    /// The language of the text: `en`, `de`, `es`.
    pub lang: String,
    /// Which characters gave which slot of the first question.
    pub spans: Vec<Span>,
    /// For `clarify` and `unknown`: the likeliest intents, best first.
    pub likely: Vec<Intent>,
    /// The rules and words that decided, for `read --explain`.
    pub why: Vec<String>,
}

impl Reading {
    /// All questions of the message, in order.
    pub fn parts(&self) -> impl Iterator<Item = &Part> {
        std::iter::once(&self.part).chain(&self.also)
    }
}
