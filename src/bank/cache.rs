//! What banks answered a few minutes ago, in memory only. Entries end after five minutes, belong to one consent, and
//! are few: the oldest make room.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use jiff::Timestamp;
use secrecy::SecretString;

use crate::bank::token_hash::TokenHash;
use crate::clock::later;
use crate::domain::{
    account::{Account, AccountClass, AccountId, Balances},
    bank::BankId,
    money::Currency,
    period::Period,
    transaction::Transaction,
};

/// Most answers that are kept.
const ENTRIES_MAX: usize = 10_000;

/// Most rows that are kept in all answers together.
const ROWS_MAX: usize = 500_000;

/// How long an answer is kept unless configured otherwise.
pub const KEEP: Duration = Duration::from_secs(5 * 60);

/// Recent answers of banks.
#[derive(Debug)]
pub struct Cache {
    keep: Duration,
    held: Mutex<Held>,
}

#[derive(Debug, Default)]
struct Held {
    entries: HashMap<Key, Entry>,
    /// Keys by age. A key that was replaced or dropped stands here until its turn comes.
    by_age: VecDeque<(Timestamp, Key)>,
    rows: usize,
}

/// Whose answer to which call.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Key {
    token: TokenHash,
    bank: BankId,
    call: Call,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Call {
    Directory,
    Balances(Which),
    Transactions(Which, Option<Period>),
}

/// An account as it was read: what its figures mean depends on what it was taken for.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Which {
    id: AccountId,
    class: AccountClass,
    currency: Currency,
}

impl Which {
    fn of(account: &Account) -> Self {
        Self { id: account.id.clone(), class: account.class, currency: account.currency }
    }
}

#[derive(Clone, Debug)]
struct Entry {
    read_at: Timestamp,
    answer: Stored,
}

#[derive(Clone, Debug)]
enum Stored {
    Directory(Arc<Vec<Account>>),
    Balances(Arc<Balances>),
    Transactions(Arc<Vec<Transaction>>),
}

/// An answer and when it was read from the bank.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Read<T> {
    pub(crate) at: Timestamp,
    pub(crate) answer: Arc<T>,
}

impl Default for Cache {
    fn default() -> Self {
        Self::keeping(KEEP)
    }
}

impl Cache {
    /// How long an answer is kept.
    pub fn keeps(&self) -> Duration {
        self.keep
    }

    /// A cache that keeps answers for a while; for zero, none.
    pub fn keeping(keep: Duration) -> Self {
        Self { keep, held: Mutex::default() }
    }

    /// Forgets everything.
    pub fn clear(&self) {
        self.held().forget(|_| true);
    }

    /// Forgets everything of a bank, e.g. when reading it is switched off.
    pub fn drop_bank(&self, bank: &BankId) {
        self.held().forget(|key| key.bank == *bank);
    }

    /// Forgets everything of one consent, e.g. when it is taken back or the person wants fresh figures.
    pub fn drop_link(&self, bank: &BankId, token: &SecretString) {
        let token = TokenHash::of(token);
        self.held().forget(|key| key.token == token && key.bank == *bank);
    }

    /// Whether anything of one consent is held, however old.
    pub fn holds(&self, bank: &BankId, token: &SecretString) -> bool {
        let token = TokenHash::of(token);
        self.held().entries.keys().any(|key| key.token == token && key.bank == *bank)
    }

    /// The part of the cache that one consent sees.
    pub(crate) fn of(&self, bank: &BankId, token: &SecretString) -> Shelf<'_> {
        Shelf { cache: self, bank: bank.clone(), token: TokenHash::of(token) }
    }

    fn held(&self) -> MutexGuard<'_, Held> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The answers of one consent.
#[derive(Debug)]
pub(crate) struct Shelf<'a> {
    cache: &'a Cache,
    bank: BankId,
    token: TokenHash,
}

impl Shelf<'_> {
    pub(crate) fn directory(&self, now: Timestamp) -> Option<Read<Vec<Account>>> {
        match self.get(Call::Directory, now)? {
            Entry { read_at, answer: Stored::Directory(answer) } => Some(Read { at: read_at, answer }),
            _ => None,
        }
    }

    pub(crate) fn balances(&self, account: &Account, now: Timestamp) -> Option<Read<Balances>> {
        match self.get(Call::Balances(Which::of(account)), now)? {
            Entry { read_at, answer: Stored::Balances(answer) } => Some(Read { at: read_at, answer }),
            _ => None,
        }
    }

    pub(crate) fn transactions(
        &self,
        account: &Account,
        period: Option<Period>,
        now: Timestamp,
    ) -> Option<Read<Vec<Transaction>>> {
        match self.get(Call::Transactions(Which::of(account), period), now)? {
            Entry { read_at, answer: Stored::Transactions(answer) } => Some(Read { at: read_at, answer }),
            _ => None,
        }
    }

    pub(crate) fn put_directory(&self, read: &Read<Vec<Account>>) {
        self.put(Call::Directory, read.at, Stored::Directory(read.answer.clone()));
    }

    pub(crate) fn put_balances(&self, account: &Account, read: &Read<Balances>) {
        self.put(Call::Balances(Which::of(account)), read.at, Stored::Balances(read.answer.clone()));
    }

    pub(crate) fn put_transactions(&self, account: &Account, period: Option<Period>, read: &Read<Vec<Transaction>>) {
        self.put(Call::Transactions(Which::of(account), period), read.at, Stored::Transactions(read.answer.clone()));
    }

    fn key(&self, call: Call) -> Key {
        Key { token: self.token, bank: self.bank.clone(), call }
    }

    fn get(&self, call: Call, now: Timestamp) -> Option<Entry> {
        let key = self.key(call);
        let entry = self.cache.held().entries.get(&key).cloned()?;
        (now < later(entry.read_at, self.cache.keep)).then_some(entry)
    }

    fn put(&self, call: Call, read_at: Timestamp, answer: Stored) {
        let mut held = self.cache.held();
        held.make_room(read_at, self.cache.keep);
        held.insert(self.key(call), Entry { read_at, answer });
    }
}

impl Stored {
    fn rows(&self) -> usize {
        match self {
            Self::Directory(accounts) => accounts.len(),
            Self::Balances(_) => 1,
            Self::Transactions(rows) => rows.len(),
        }
    }
}

impl Held {
    fn insert(&mut self, key: Key, entry: Entry) {
        // A slower, older read must not take the place of a newer one.
        if self.entries.get(&key).is_some_and(|held| held.read_at > entry.read_at) {
            return;
        }
        self.rows += entry.answer.rows();
        self.by_age.push_back((entry.read_at, key.clone()));
        if let Some(replaced) = self.entries.insert(key, entry) {
            self.rows -= replaced.answer.rows();
        }
    }

    /// Lets go of what has ended, and of the oldest while there is too much.
    fn make_room(&mut self, now: Timestamp, keep: Duration) {
        while let Some((read_at, _)) = self.by_age.front() {
            let full = self.by_age.len() >= ENTRIES_MAX || self.rows >= ROWS_MAX;
            if !full && now < later(*read_at, keep) {
                return;
            }
            let Some((read_at, key)) = self.by_age.pop_front() else { return };
            if self.entries.get(&key).is_some_and(|entry| entry.read_at == read_at) {
                self.remove(&key);
            }
        }
    }

    fn remove(&mut self, key: &Key) {
        if let Some(entry) = self.entries.remove(key) {
            self.rows -= entry.answer.rows();
        }
    }

    fn forget(&mut self, which: impl Fn(&Key) -> bool) {
        let Self { entries, rows, .. } = self;
        entries.retain(|key, entry| {
            let goes = which(key);
            if goes {
                *rows -= entry.answer.rows();
            }
            !goes
        });
        self.by_age.retain(|(_, key)| !which(key));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn account(id: &str) -> Account {
        Account {
            id: id.into(),
            bank: "northgate".into(),
            nick: id.to_owned(),
            last4: None,
            class: AccountClass::Checking,
            currency: Currency::USD,
        }
    }

    fn read(at: Timestamp) -> Read<Balances> {
        Read { at, answer: Arc::default() }
    }

    #[test]
    fn answers_end_are_private_and_stay_few() {
        let cache = Cache::default();
        let (bank, token): (BankId, SecretString) = ("northgate".into(), "t".into());
        let start = Timestamp::UNIX_EPOCH;
        let shelf = cache.of(&bank, &token);
        let a = account("a");
        shelf.put_balances(&a, &read(start));
        assert_eq!(shelf.balances(&a, later(start, KEEP - Duration::from_nanos(1))), Some(read(start)));
        assert_eq!(shelf.balances(&a, later(start, KEEP)), None, "not a moment longer");
        assert_eq!(cache.of(&bank, &"u".into()).balances(&a, start), None, "another consent's");
        let card = Account { class: AccountClass::CreditCard, ..account("a") };
        assert_eq!(shelf.balances(&card, start), None, "a balance of an account is not what a card owes");
        cache.drop_link(&bank, &"u".into());
        assert!(shelf.balances(&a, start).is_some());
        cache.drop_bank(&bank);
        assert_eq!(shelf.balances(&a, start), None);
        for number in 0..ENTRIES_MAX * 2 {
            shelf.put_balances(&account(&number.to_string()), &read(start));
        }
        let held = cache.held();
        assert_eq!((held.entries.len(), held.by_age.len(), held.rows), (ENTRIES_MAX, ENTRIES_MAX, ENTRIES_MAX));
    }
}
