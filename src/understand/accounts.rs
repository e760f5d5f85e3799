//! Which accounts and banks a text names: by nickname, kind, last four digits or place in the list.

use super::amounts::Located;
use super::numbers;
use super::own::Own;
use super::tokens::{Kind, View};
use super::words::Words;
use crate::domain::account::{Account, AccountId};
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

/// Whether the token is the last four digits of an account, and so no amount.
pub(super) fn is_last4(view: View<'_>, at: usize, accounts: &[Account]) -> bool {
    let money = view.any(at.wrapping_sub(1), &["$", "€", "£"]) || (view.any(at + 1, &[".", ","]) && view.glued(at + 2));
    !money
        && view.digits(at).is_some_and(|digits| {
            digits.len() == 4 && accounts.iter().any(|account| account.last4.as_deref() == Some(digits))
        })
}

/// "balance of 4821", "account 9999", "7730 balance": four digits that name an account, whoever's it is.
pub(super) fn called_last4(view: View<'_>, at: usize) -> bool {
    let before = |back: usize, words: &[&str]| at >= back && view.any(at - back, words);
    let year = view.text(at).starts_with("19") || view.text(at).starts_with("20");
    let of_balance = before(1, &["of", "for", "on", "in", "at"]) && before(2, &["balance", "balances"]);
    let by_balance = !year && (before(1, &["balance", "balances"]) || view.is(at + 1, "balance"));
    let called = before(1, &["account", "card", "ending"])
        || (before(1, &["in", "with"]) && before(2, &["ending", "account", "card"]));
    let money = before(1, &["$", "€", "£"]) || (view.any(at + 1, &[".", ","]) && view.glued(at + 2));
    !money && view.digits(at).is_some_and(|digits| digits.len() == 4) && ((of_balance && !year) || by_balance || called)
}

/// One hint at `at`: the accounts that fit it, and where it ends.
fn hint(view: View<'_>, at: usize, own: &Own<'_>, words: &Words) -> Option<(Vec<usize>, usize)> {
    let accounts = own.context.accounts;
    let fitting =
        |fits: &dyn Fn(&Account) -> bool| (0..accounts.len()).filter(|i| fits(&accounts[*i])).collect::<Vec<_>>();
    if let Some(digits) = view.digits(at).filter(|digits| digits.len() == 4) {
        let own = fitting(&|account| account.last4.as_deref() == Some(digits));
        let money = view.any(at.wrapping_sub(1), &["$", "€", "£"]);
        return (!money && (!own.is_empty() || called_last4(view, at))).then_some((own, at + 1));
    }
    let word = view.text(at);
    let nick_has = |i: &usize| own.accounts[*i].iter().any(|part| part == word) && telling(word);
    if let Some((length, class)) = words.accounts.at(view, at).next() {
        let all = fitting(&|account| account.class == *class);
        // A word of a kind may also be a word of a nickname: "visa" is any card, but better the one called so.
        let named: Vec<usize> = all.iter().copied().filter(|i| length == 1 && nick_has(i)).collect();
        return Some((if word == "visa" && !named.is_empty() { named } else { all }, at + length));
    }
    let nicked: Vec<usize> = (0..accounts.len()).filter(|i| nick_has(i) && meant(view, at, words)).collect();
    (!nicked.is_empty()).then_some((nicked, at + 1))
}

/// Whether a word of a nickname means the account: "spending" and "total" first of all ask for something.
fn meant(view: View<'_>, at: usize, words: &Words) -> bool {
    let asks = view.any(at, &["total", "balance", "balances"]);
    let place = view.any(at + 1, PLACES);
    let said_so = view.is(at + 1, "balance") || (at > 0 && view.any(at - 1, &["in", "of"]));
    place || !words.field.contains(view.text(at)) || (said_so && !asks)
}

/// Accounts named in the text. Hints side by side narrow each other ("joint checking"), hints apart add up.
pub(super) fn accounts(view: View<'_>, own: &Own<'_>, words: &Words, taken: &[bool]) -> Vec<Located<Named>> {
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
        if let Some(strange) =
            strange(view, at, own, words, taken).or_else(|| strange_bank(view, at, own, words, taken))
        {
            at = strange.end;
            found.push(strange);
            continue;
        }
        let Some((mut fits, mut end)) = hint(view, at, own, words) else {
            at += 1;
            continue;
        };
        let kind_only = end;
        loop {
            let next = view.skip(end, &["account", "accounts", "card", "ending", "in", "-"]);
            let Some((more, after)) =
                hint(view, next, own, words).filter(|_| !taken.get(next).copied().unwrap_or(true))
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
            Named::Own(fits.iter().map(|i| own.context.accounts[*i].id.clone()).collect())
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

/// What is kept on an account, by the words that people have for one.
const PLACES: &[&str] = &["account", "fund", "pot", "jar"];

/// Words between "my" and "account" that name no account.
const ORDINARY: &[&str] = &[
    "bank",
    "current",
    "main",
    "own",
    "whole",
    "entire",
    "other",
    "first",
    "second",
    "third",
    "new",
    "old",
    "this",
    "that",
    "same",
    "one",
    "online",
    "primary",
    "total",
    "balance",
    "available",
    "each",
    "every",
    "all",
    "any",
    "following",
];

/// "my holiday fund account", "balance of vacation": an account by a name that none of the person's has.
fn strange(view: View<'_>, at: usize, own: &Own<'_>, words: &Words, taken: &[bool]) -> Option<Located<Named>> {
    let word = |at: usize| {
        view.0.get(at).is_some_and(|token| token.kind == Kind::Word)
            && !taken.get(at).copied().unwrap_or(true)
            && hint(view, at, own, words).is_none()
    };
    let begun = at > 0 && view.any(at - 1, &["my", "our", "the", "of"]);
    let asked = at > 1 && view.any(at - 1, &["of", "for"]) && view.any(at - 2, &["balance", "balances"]);
    if !begun && !asked {
        return None;
    }
    let name = |at: usize| {
        let ordinary = view.any(at, ORDINARY) || view.any(at, PLACES) || words.fillers.contains(view.text(at));
        !ordinary && word(at)
    };
    let end = (at..at + 3).find(|next| !name(*next)).unwrap_or(at + 3);
    // "holiday fund account": at most two such words; a text of nothing else must not be walked through again and again.
    let close = (end..end + 2).find(|next| !view.any(*next, PLACES) || !word(*next)).unwrap_or(end + 2);
    let unknown = (at..end).all(|next| !words.known.contains(view.text(next)));
    let over = view.0.get(end).is_none_or(|token| token.kind == Kind::Symbol);
    let named = (begun && close > end) || (asked && unknown && over);
    (named && end > at).then(|| {
        let words: Vec<&str> = (at..close).map(|at| view.text(at)).collect();
        let words = words.strip_suffix(&["account"]).unwrap_or(&words).join(" ");
        Located { value: Named::Words(words), start: at, end: close }
    })
}

/// What banks are called by their kind.
const BANK_KINDS: &[&[&str]] = &[&["bank"], &["credit", "union"], &["building", "society"], &["banking"]];

/// "at amity bank", "with the lincoln credit union": a bank by a name that is no word of the language.
fn strange_bank(view: View<'_>, at: usize, own: &Own<'_>, words: &Words, taken: &[bool]) -> Option<Located<Named>> {
    let led = view.any(at.checked_sub(1)?, &["at", "with", "in", "from", "the", "my"]);
    let unknown = |at: usize| {
        view.0.get(at).is_some_and(|token| token.kind == Kind::Word)
            && !taken.get(at).copied().unwrap_or(true)
            && !words.known.contains(view.text(at))
            && hint(view, at, own, words).is_none()
    };
    let kind = |at: usize| BANK_KINDS.iter().find_map(|kind| view.after(at, kind));
    let name = (at..at + 3).find(|next| !unknown(*next)).unwrap_or(at + 3);
    let end = kind(name).filter(|_| led && name > at)?;
    let words = (at..end).map(|at| view.text(at)).collect::<Vec<_>>().join(" ");
    Some(Located { value: Named::Words(words), start: at, end })
}

/// `the first one`, `second`, `the last`: a place in a list that was shown.
pub(super) fn ordinal(view: View<'_>, listed: &[AccountId]) -> Option<Located<Vec<AccountId>>> {
    picks(view).find_map(|at| {
        let (place, end) = match numbers::ordinal(view, at) {
            Some((nth, end)) => (usize::try_from(nth).ok()?.checked_sub(1)?, end),
            None if view.is(at, "last") && view.is(at.wrapping_sub(1), "the") => (listed.len().checked_sub(1)?, at + 1),
            None => return None,
        };
        let end = view.skip(end, &["one", "account"]);
        (end >= view.len() || !view.0[end].is_word() || view.is(end, "please"))
            .then(|| Some(Located { value: vec![listed.get(place)?.clone()], start: at, end }))?
    })
}

/// `both`, `both of them`: all of a list that has two, or that was named.
pub(super) fn both(view: View<'_>, listed: &[AccountId]) -> Option<Located<Vec<AccountId>>> {
    let at = picks(view).find(|at| view.is(*at, "both") && listed.len() > 1)?;
    let end = view.after(at + 1, &["of", "them"]).unwrap_or_else(|| view.skip(at + 1, &["accounts"]));
    let over = view.0.get(end).is_none_or(|token| !token.is_word() || token.text == "please");
    over.then(|| Located { value: listed.to_vec(), start: at, end })
}

/// `the other one`, `the other account`: where it is said.
pub(super) fn other(view: View<'_>) -> Option<(usize, usize)> {
    let at = picks(view).find(|at| view.is(*at, "other") && view.any(at.wrapping_sub(1), &["the", "my"]))?;
    let end = view.skip(at + 1, &["one", "account", "card"]);
    view.0.get(end).is_none_or(|token| !token.is_word() || token.text == "please").then_some((at, end))
}

/// The words of a text that is short enough to pick from a list.
fn picks(view: View<'_>) -> impl Iterator<Item = usize> {
    let words = || (0..view.len()).filter(move |at| view.0.get(*at).is_some_and(|token| token.is_word()));
    let short = words().nth(5).is_none();
    words().filter(move |_| short)
}

/// Banks named in full or by a word that only one of them has.
pub(super) fn banks(view: View<'_>, own: &Own<'_>, words: &Words, taken: &[bool]) -> Vec<Located<BankId>> {
    let mut found: Vec<Located<BankId>> = Vec::new();
    let mut at = 0;
    while at < view.len() {
        let word = view.text(at);
        let is_word = view.0[at].kind == Kind::Word && !taken.get(at).copied().unwrap_or(false);
        let names = own.banks.iter().zip(own.context.banks).filter(|_| is_word);
        let mut fits = names
            .filter(|(name, bank)| (name.iter().any(|part| part == word) || bank.id.as_str() == word) && telling(word));
        if let (Some((name, bank)), None) = (fits.next(), fits.next()) {
            let mut end = at + 1;
            while name.iter().any(|part| part == view.text(end)) {
                end += 1;
            }
            // A bank called "Balance" is meant by its whole name, or behind "at": the word alone asks for something.
            let whole = end - at > 1 && end - at >= name.len();
            let led = at > 0 && view.any(at - 1, &["at", "with", "from", "unlink", "link"]);
            if words.field.contains(word) && !whole && !led {
                at += 1;
                continue;
            }
            found.push(Located { value: bank.id.clone(), start: at, end });
            at = end;
        } else {
            at += 1;
        }
    }
    found
}
