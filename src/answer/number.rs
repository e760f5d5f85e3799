//! Account numbers are never said in a chat: the last digits tell the accounts apart, the bank shows the rest.

use crate::answer::{
    Ask, NONE_SUCH,
    telling::{Telling, bank_names},
};
use crate::domain::{
    account::Account,
    answer::Answer,
    reading::{Intent, Part},
    say::Say,
};

/// Answers `account.number`; needs no bank.
pub(super) fn number(ask: &Ask<'_>) -> Answer {
    let slots = &ask.part.slots;
    let is_meant = |account: &&Account| {
        (slots.accounts.is_empty() || slots.accounts.contains(&account.id))
            && (slots.banks.is_empty() || slots.banks.contains(&account.bank))
    };
    let own: Vec<&Account> = ask.directory.iter().filter(is_meant).collect();
    let mut telling = Telling::new(ask);
    telling.say(Say::new("number-not-here"));
    let banks = ask.banks.iter().filter(|bank| own.iter().any(|account| account.bank == bank.id));
    if own.is_empty() {
        telling.say(Say::new("number-anywhere"));
        return telling.end(NONE_SUCH);
    }
    telling.say(Say::new("number-where").with("banks", bank_names(banks)));
    for account in own {
        let id = if account.last4.is_some() { "number-ends" } else { "number-untold" };
        let last4 = account.last4.as_deref().unwrap_or_default();
        telling.say(Say::new(id).with("nick", account.nick.as_str()).with("last4", last4));
    }
    telling.offer(Say::new("title-balance"), Part::new(Intent::BalanceGet));
    telling.done()
}
