//! L0: the nouns. No I/O, no clock, no randomness; every other room speaks in these types.

pub mod access;
pub mod account;
pub mod alert;
pub mod answer;
pub mod bank;
pub mod budget;
pub mod category_rule;
pub mod consent;
pub mod exchange;
pub mod facts;
pub mod fault;
pub mod link;
pub mod message;
pub mod money;
pub mod offer;
pub mod period;
pub mod purpose;
pub mod question;
pub mod reading;
pub mod say;
pub mod stop;
pub mod text;
pub mod transaction;
pub mod webpage;

/// Declares a newtype over `String` for an identifier, so that ids of different things cannot be mixed up.
macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// Wraps an identifier as it came.
            pub fn new(id: impl Into<String>) -> Self {
                Self(id.into())
            }

            /// The identifier as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                write!(f, "{:?}", self.0)
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl From<&str> for $name {
            fn from(id: &str) -> Self {
                Self(id.to_owned())
            }
        }
    };
}
pub(crate) use id;
