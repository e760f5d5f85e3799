//! What the person's own things are called, cut into words once for each text.

use super::Context;
use super::words::split;

/// What is known of the person, with all names as words.
#[derive(Debug)]
pub(super) struct Own<'a> {
    pub(super) context: &'a Context<'a>,
    /// The words of each account's short name.
    pub(super) accounts: Vec<Vec<String>>,
    /// The words of each bank's name.
    pub(super) banks: Vec<Vec<String>>,
    /// The words of each merchant's name.
    pub(super) merchants: Vec<Vec<String>>,
}

impl<'a> Own<'a> {
    pub(super) fn of(context: &'a Context<'a>) -> Self {
        Self {
            context,
            accounts: context.accounts.iter().map(|account| split(&account.nick)).collect(),
            banks: context.banks.iter().map(|bank| split(&bank.name)).collect(),
            merchants: context.merchants.iter().map(|name| split(name)).collect(),
        }
    }

    /// All these words, which spelling repair must respect.
    pub(super) fn words(&self) -> impl Iterator<Item = &str> {
        let names = self.accounts.iter().chain(&self.banks).chain(&self.merchants);
        names.flatten().map(String::as_str).filter(|word| word.chars().nth(2).is_some())
    }

    /// Whether this is one of them.
    pub(super) fn has(&self, word: &str) -> bool {
        self.words().any(|own| own == word)
    }
}
