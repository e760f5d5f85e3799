//! Which accounts and banks a text names: by nickname, kind, last four digits or place in the list.

use std::collections::BTreeSet;

use super::Context;
use super::amounts::Located;
use super::numbers;
use super::tokens::{Kind, View};
use super::words::{Phrases, split};
use crate::domain::account::{Account, AccountClass, AccountId};
use crate::domain::bank::BankId;

/// What was said about accounts.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Named {
    /// These of the person's own.
    Own(Vec<AccountId>),
    /// Words that fit none of them.
    Words(String),
    /// All of them.
    All,
}

/// Words of nicknames and bank names that tell nothing apart.
const GENERIC: &[&str] = &[
    "account", "accounts", "bank", "card", "the", "my", "and", "of", "credit", "union", "day", "week", "month", "year",
    "money", "main", "new", "old", "building", "society", "national", "first", "savings", "loan", "house", "home",
    "group", "one", "us", "pay",
];

fn telling(word: &str) -> bool {
    word.chars().count() >= 3 && word.chars().all(char::is_alphabetic) && !GENERIC.contains(&word)
}

/// The words of the person's accounts and banks, which spelling repair must respect.
pub(super) fn own_words(context: &Context<'_>) -> BTreeSet<String> {
    let names = context
        .accounts
        .iter()
        .map(|account| &account.nick)
        .chain(context.banks.iter().map(|bank| &bank.name))
        .chain(context.merchants);
    names.flat_map(|name| split(name)).filter(|word| word.chars().count() >= 3).collect()
}

/// Whether the token is the last four digits of an account, and so no amount.
pub(super) fn is_last4(view: View<'_>, at: usize, accounts: &[Account]) -> bool {
    let money = view.any(at.wrapping_sub(1), &["$", "€", "£"]) || (view.any(at + 1, &[".", ","]) && view.glued(at + 2));
    !money
        && view.digits(at).is_some_and(|digits| {
            digits.len() == 4 && accounts.iter().any(|account| account.last4.as_deref() == Some(digits))
        })
}

/// One hint at `at`: the accounts that fit it, and where it ends.
fn hint(view: View<'_>, at: usize, accounts: &[Account], kinds: &Phrases<AccountClass>) -> Option<(Vec<usize>, usize)> {
    let fitting =
        |fits: &dyn Fn(&Account) -> bool| (0..accounts.len()).filter(|i| fits(&accounts[*i])).collect::<Vec<_>>();
    if let Some(digits) = view.digits(at).filter(|digits| digits.len() == 4) {
        let own = fitting(&|account| account.last4.as_deref() == Some(digits));
        let called = view.any(at.wrapping_sub(1), &["in", "with", "account", "card", "ending"])
            && (at >= 1 && view.any(at - 1, &["account", "card", "ending"]) || at >= 2 && view.is(at - 2, "ending"));
        let money = view.any(at.wrapping_sub(1), &["$", "€", "£"]);
        return (!money && (!own.is_empty() || called)).then_some((own, at + 1));
    }
    if let Some((phrase, class)) =
        kinds.iter().find(|(phrase, _)| phrase.iter().enumerate().all(|(i, word)| view.is(at + i, word)))
    {
        let word = view.text(at);
        // A word of a kind may also be a word of a nickname: "visa" is any card, but better the one called so.
        let named = fitting(&|account| {
            telling(word) && phrase.len() == 1 && account.class == *class && nick_has(account, word)
        });
        let all = fitting(&|account| account.class == *class);
        return Some((
            if named.is_empty() {
                all
            } else if word == "visa" {
                named
            } else {
                all
            },
            at + phrase.len(),
        ));
    }
    let word = view.text(at);
    let nicked = fitting(&|account| telling(word) && nick_has(account, word));
    (!nicked.is_empty()).then_some((nicked, at + 1))
}

fn nick_has(account: &Account, word: &str) -> bool {
    split(&account.nick).iter().any(|part| part == word)
}

/// Accounts named in the text. Hints side by side narrow each other ("joint checking"), hints apart add up.
pub(super) fn accounts(
    view: View<'_>,
    context: &Context<'_>,
    kinds: &Phrases<AccountClass>,
    taken: &[bool],
) -> Vec<Located<Named>> {
    let mut found: Vec<Located<Named>> = Vec::new();
    let mut at = 0;
    while at < view.len() {
        if taken.get(at).copied().unwrap_or(false) {
            at += 1;
            continue;
        }
        if let Some(end) = all_of_them(view, at) {
            found.push(Located { value: Named::All, start: at, end });
            at = end;
            continue;
        }
        let Some((mut fits, mut end)) = hint(view, at, context.accounts, kinds) else {
            at += 1;
            continue;
        };
        let kind_only = end;
        loop {
            let next = view.skip(end, &["account", "accounts", "card", "ending", "in", "-"]);
            let Some((more, after)) =
                hint(view, next, context.accounts, kinds).filter(|_| !taken.get(next).copied().unwrap_or(true))
            else {
                break;
            };
            let both: Vec<usize> = fits.iter().copied().filter(|i| more.contains(i)).collect();
            if both.is_empty() && !fits.is_empty() {
                break;
            }
            (fits, end) = (if fits.is_empty() { more } else { both }, after);
        }
        let end = end.max(kind_only);
        let value = if fits.is_empty() {
            Named::Words((at..end).map(|i| view.text(i)).collect::<Vec<_>>().join(" "))
        } else {
            Named::Own(fits.iter().map(|i| context.accounts[*i].id.clone()).collect())
        };
        found.push(Located { value, start: at, end });
        at = end.max(at + 1);
    }
    found
}

/// `all my accounts`, `every account`, `all of them`, `all banks`.
fn all_of_them(view: View<'_>, at: usize) -> Option<usize> {
    if !view.any(at, &["all", "every", "each", "both"]) {
        return None;
    }
    let next = view.skip(view.skip(view.skip(at + 1, &["of"]), &["my", "the", "our"]), &["linked", "bank"]);
    view.any(next, &["accounts", "account", "banks", "bank", "them"]).then_some(next + 1)
}

/// `the first one`, `second`, `both`, `the last`: a place in a list that was shown.
pub(super) fn ordinal(view: View<'_>, listed: &[AccountId]) -> Option<Located<Named>> {
    let words: Vec<usize> = (0..view.len()).filter(|at| view.0.get(*at).is_some_and(|token| token.is_word())).collect();
    if words.len() > 4 {
        return None;
    }
    words.into_iter().find_map(|at| {
        if view.is(at, "both") && listed.len() > 1 {
            return Some(Located { value: Named::Own(listed.to_vec()), start: at, end: at + 1 });
        }
        let (place, end) = match numbers::ordinal(view, at) {
            Some((nth, end)) => (usize::try_from(nth).ok()?.checked_sub(1)?, end),
            None if view.is(at, "last") && view.is(at.wrapping_sub(1), "the") => (listed.len().checked_sub(1)?, at + 1),
            None => return None,
        };
        let end = view.skip(end, &["one", "account"]);
        (end >= view.len() || !view.0[end].is_word() || view.is(end, "please"))
            .then(|| Some(Located { value: Named::Own(vec![listed.get(place)?.clone()]), start: at, end }))?
    })
}

/// Banks named in full or by a word that only one of them has.
pub(super) fn banks(view: View<'_>, context: &Context<'_>, taken: &[bool]) -> Vec<Located<BankId>> {
    let names: Vec<(Vec<String>, &BankId)> = context.banks.iter().map(|bank| (split(&bank.name), &bank.id)).collect();
    let mut found: Vec<Located<BankId>> = Vec::new();
    let mut at = 0;
    while at < view.len() {
        let word = view.text(at);
        let is_word = view.0[at].kind == Kind::Word && telling(word) && !taken.get(at).copied().unwrap_or(false);
        let fits: Vec<&(Vec<String>, &BankId)> = names
            .iter()
            .filter(|(words, id)| is_word && (words.iter().any(|part| part == word) || id.as_str() == word))
            .collect();
        if let [(words, id)] = fits.as_slice() {
            let mut end = at + 1;
            while words.iter().any(|part| part == view.text(end)) {
                end += 1;
            }
            found.push(Located { value: (*id).clone(), start: at, end });
            at = end;
        } else {
            at += 1;
        }
    }
    found
}
