//! Transactions, in one sign convention, and the categories of the product.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::domain::{account::AccountId, id, money::Money};

id! {
    /// A transaction as its bank names it.
    TransactionId
}

/// Whether a row is final.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Posted to the ledger.
    Booked,
    /// Known to the bank, not yet posted.
    Pending,
}

/// What kind of movement the bank's dialect says a row is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Movement {
    /// Between accounts; own or another's.
    Transfer,
    /// A card or merchant row, or the dialect does not say.
    Other,
}

/// One row of an account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Transaction {
    /// The bank's id for it.
    pub id: TransactionId,
    /// The account it stands on.
    pub account: AccountId,
    /// The civil day it counts for: when it happened as far as the bank tells, else when it was booked.
    pub date: Date,
    /// How much; below zero is money out of the person's position (a card purchase too).
    pub money: Money,
    /// Final or not.
    pub status: Status,
    /// The merchant's name, when the bank tells one apart from its text. Neutralised for display.
    pub merchant: Option<String>,
    /// The bank's text for the row. Neutralised for display.
    pub text: String,
    /// Merchant category code (ISO 18245), when the bank tells it.
    pub mcc: Option<u16>,
    /// The product's category.
    pub category: Category,
    /// What the dialect says the movement is.
    pub movement: Movement,
    /// What the merchant charged, where that was another currency.
    pub original: Option<Money>,
}

impl Transaction {
    /// The name to show: the merchant's, else the bank's text.
    pub fn label(&self) -> &str {
        self.merchant.as_deref().unwrap_or(&self.text)
    }

    /// Whether the row is not final yet.
    pub fn is_pending(&self) -> bool {
        self.status == Status::Pending
    }
}

macro_rules! categories {
    ($($name:ident $word:literal [$($mcc:literal)*]),* $(,)?) => {
        /// The product's categories; each has the merchant category codes (ISO 18245) that mean it.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum Category {
            $(#[doc = concat!("`", $word, "`")] $name),*
        }

        impl Category {
            /// Every category, in the order of the product's list.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// The word of the category in files and JSON.
            pub fn word(self) -> &'static str {
                match self { $(Self::$name => $word),* }
            }

            /// The merchant category codes that mean it; the first is the one a bank sends.
            pub fn codes(self) -> &'static [u16] {
                match self { $(Self::$name => &[$($mcc),*]),* }
            }
        }
    };
}

categories! {
    Rent "rent" [6513],
    Groceries "groceries" [5411 5499],
    Coffee "coffee" [5814],
    Dining "dining" [5812 5813],
    Shopping "shopping" [5311 5942 5691 5999],
    Entertainment "entertainment" [4899 7832],
    Transport "transport" [4111 4121 4131],
    Travel "travel" [4112 4511 7011],
    Fuel "fuel" [5541 5542],
    Utilities "utilities" [4900 4814],
    Health "health" [8099 5912 7997],
    Services "services" [7372],
    Education "education" [8299],
    Gifts "gifts" [5947],
    Cash "cash" [6011],
    Fees "fees" [6012],
    Insurance "insurance" [6300],
    Income "income" [],
    Transfer "transfer" [],
    Uncategorised "uncategorised" [],
}

impl Category {
    /// The category of a word of the list.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|category| category.word().eq_ignore_ascii_case(word))
    }

    /// The category that a merchant category code means; codes outside the list are uncategorised.
    pub fn of_code(code: u16) -> Self {
        Self::ALL.iter().copied().find(|category| category.codes().contains(&code)).unwrap_or(Self::Uncategorised)
    }
}
