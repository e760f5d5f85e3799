//! L4: the local world for developers. Banks that speak the real dialects over HTTP, built from one world file.
//!
//! ```text
//! world.toml ──World::load──▶ World ──Sandbox::new──▶ Sandbox ──bank::router──▶ /banks/{bank}/{dialect}/{version}/…
//!                                                        ▲
//!                      append, book, grant, revoke, switch  (replay, demo, tests; a switch also by HTTP)
//! ```
//!
//! - `world/` reads a world file strictly: all mistakes at once, each with its line.
//! - `ledger.rs` keeps the books: rows appear, pending ones are booked, balances follow.
//! - `login/` lets people sign in at a bank and agree: an OAuth 2.0 server.
//! - `clock.rs` sets the world's time forward.
//! - `switch.rs` makes a bank fail: down, slow, rate-limited, consent expired, killed, stale.
//! - `bank.rs` is the gate that every call passes: token, switches, consent, account. Behind it `bank_fdx.rs` and
//!   `bank_obuk.rs` only write answers; they know nothing of tokens or faults.
//! - `bank/` is how a bank comes to give tokens: `oauth.rs` is what clients call, `authorize.rs` the page on which a
//!   person decides, `grants.rs` what the bank remembers of both.
//!
//! Every bank of the world speaks every dialect, so a parser can be tried on the same money in four shapes:
//!
//! ```text
//! curl -H 'Authorization: Bearer sandbox-maya-northgate' http://127.0.0.1:8088/banks/northgate/fdx/v6/accounts
//! curl -H 'Authorization: Bearer sandbox-maya-northgate' http://127.0.0.1:8088/banks/northgate/obuk/v4.0/accounts
//! curl -d '{"switch": "slow", "seconds": 9}' http://127.0.0.1:8088/sandbox/bank/northgate
//! ```
//!
//! The tokens of the world's standing consents are no secrets: they are made of names. Those of the banks' login are
//! random. The router must only ever listen on loopback.
//!
//! What the sandbox does on purpose, because real banks do: pages are short, so that paging is always walked; a row's
//! id changes when it is booked; names come as they are in the world, right-to-left overrides included; a bank that is
//! down answers with a page of HTML; and an account of somebody else is as unknown as one that never was.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jiff::civil::Date;
use jiff::{Timestamp, ToSpan};
use secrecy::SecretString;
use sha2::{Digest, Sha256};

use crate::clock::Clock;
use crate::domain::{
    account::AccountId,
    bank::BankId,
    link::{Grant, Link},
    purpose::DataClass,
};

mod address;
pub mod bank;
mod bank_fdx;
mod bank_obuk;
pub mod clock;
mod ledger;
mod markup;
pub mod messenger;
pub mod switch;
pub mod world;

use bank::{Client, Grants};
use ledger::Ledger;
pub use ledger::LedgerError;
use switch::{Condition, Switch};
use world::{Consent, LedgerAccount, PersonId, Row, World};

/// The world that is compiled in.
pub const DEFAULT_WORLD: &str = include_str!("../../fixtures/worlds/maya.toml");

/// How long a consent stands where the world does not say.
const CONSENT_DAYS: i64 = 180;

/// The local world while it runs: the world file, and what has changed since.
#[derive(Debug)]
pub struct Sandbox {
    world: World,
    clock: Arc<dyn Clock>,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    ledger: Ledger,
    consents: BTreeMap<(PersonId, BankId), Consent>,
    conditions: BTreeMap<BankId, Condition>,
    grants: Grants,
    calls: Vec<Call>,
}

/// One call for data that reached a bank with a person's token, answered or not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    /// Which bank.
    pub bank: BankId,
    /// Whose token it carried.
    pub person: PersonId,
    /// What for: `accounts`, `account`, `balances`, `transactions`.
    pub call: &'static str,
    /// When it arrived.
    pub at: Timestamp,
}

/// The world has no bank of this id.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("there is no bank {0:?}")]
pub struct UnknownBank(pub BankId);

impl Sandbox {
    /// A world as it begins, on the given clock.
    pub fn new(world: World, clock: Arc<dyn Clock>) -> Self {
        let consents =
            world.consents.iter().map(|consent| ((consent.person.clone(), consent.bank.clone()), consent.clone()));
        let state = State {
            ledger: Ledger::new(world.accounts.clone()),
            consents: consents.collect(),
            conditions: BTreeMap::new(),
            grants: Grants::default(),
            calls: Vec::new(),
        };
        Self { world, clock, state: Mutex::new(state) }
    }

    /// The world as it was read.
    pub fn world(&self) -> &World {
        &self.world
    }

    /// The clock that every delay and date of the sandbox goes by.
    pub fn clock(&self) -> &Arc<dyn Clock> {
        &self.clock
    }

    /// The state behind its lock. A panic elsewhere leaves it whole: every change is a single step.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The civil day of a person now.
    pub fn today(&self, person: &PersonId) -> Date {
        let zone = self.world.person(person).map_or(&self.world.zone, |person| &person.zone);
        self.clock.now().to_zoned(zone.clone()).date()
    }

    /// The bearer token by which a person's data at a bank is read: `sandbox-maya-northgate`.
    pub fn token(&self, person: &PersonId, bank: &BankId) -> String {
        // Ids hold no hyphen, so no two pairs share a token.
        format!("sandbox-{person}-{bank}")
    }

    /// The person whose token for `bank` this is.
    fn bearer(&self, bank: &BankId, token: &str) -> Option<&PersonId> {
        self.world.people.iter().map(|person| &person.id).find(|person| self.token(person, bank) == token)
    }

    /// A consent is given or renewed: until and scopes are the world's; where it has none, both scopes and 180 days.
    pub fn grant(&self, person: &PersonId, bank: &BankId) -> Consent {
        let consent = self.world.consent(person, bank).cloned().unwrap_or_else(|| Consent {
            person: person.clone(),
            bank: bank.clone(),
            until: self.today(person).saturating_add(CONSENT_DAYS.days()),
            scopes: vec![DataClass::Balances, DataClass::Transactions],
        });
        self.state().consents.insert((person.clone(), bank.clone()), consent.clone());
        consent
    }

    /// Everything that a person allowed at a bank is taken back. Returns whether there was anything.
    pub fn revoke(&self, person: &PersonId, bank: &BankId) -> bool {
        let now = self.clock.now();
        let mut state = self.state();
        let allowed = state.grants.end_all(person, bank, now);
        state.consents.remove(&(person.clone(), bank.clone())).is_some() || allowed
    }

    /// Registers who may send people to the banks' logins.
    pub fn register(&self, client: Client) {
        self.state().grants.register(client);
    }

    /// The random tokens that a bank's login gave for a person and remembers: for whoever looks whether they leak.
    pub fn tokens(&self, person: &PersonId, bank: &BankId) -> Vec<String> {
        self.state().grants.tokens_of(person, bank)
    }

    /// What a bank calls a person: the same at every login, and another word at every bank.
    pub fn customer(&self, person: &PersonId, bank: &BankId) -> String {
        let digest = Sha256::digest(format!("customer/{bank}/{person}"));
        hex::encode(&digest[..10])
    }

    /// The consent that a person has given for a bank, run out or not.
    pub fn consent(&self, person: &PersonId, bank: &BankId) -> Option<Consent> {
        self.state().consents.get(&(person.clone(), bank.clone())).cloned()
    }

    /// The consents that a person has given, by bank in the order of the world.
    pub fn consents(&self, person: &PersonId) -> Vec<Consent> {
        self.world.institutions.iter().filter_map(|at| self.consent(person, &at.bank.id)).collect()
    }

    /// The link that the bot would keep for a standing consent: token and directory of accounts.
    pub fn link(&self, person: &PersonId, bank: &BankId) -> Option<Link> {
        let Consent { until, scopes, .. } = self.consent(person, bank)?;
        let accounts = self.accounts(person, bank).iter().map(LedgerAccount::listed).collect();
        let token = SecretString::from(self.token(person, bank));
        let grant = Grant { customer: Some(self.customer(person, bank)), ..Grant::default() };
        Some(Link { bank: bank.clone(), until, scopes, token, accounts, grant, consent: Default::default() })
    }

    /// A person's accounts at a bank as they are now.
    pub fn accounts(&self, person: &PersonId, bank: &BankId) -> Vec<LedgerAccount> {
        let own = |account: &&LedgerAccount| account.person == *person && account.bank == *bank;
        self.state().ledger.accounts().iter().filter(own).cloned().collect()
    }

    /// A row appears, and the balances follow. The row is written as in a world:
    /// `["2026-11-22", "-12.50", "Noodle Bar", "dining", "pending"]`.
    pub fn append(&self, account: &AccountId, row: &str) -> Result<(), LedgerError> {
        let mut state = self.state();
        let currency = state.ledger.account(account)?.currency;
        let row = Row::parse(row, currency, self.world.history_from).map_err(LedgerError::BadRow)?;
        state.ledger.append(account, row)
    }

    /// The oldest pending row of this amount is booked today, and the balances follow. The amount is written as in a
    /// world: `-38.40`.
    pub fn book(&self, account: &AccountId, amount: &str) -> Result<(), LedgerError> {
        let mut state = self.state();
        let LedgerAccount { currency, person, .. } = state.ledger.account(account)?;
        let today = self.today(person);
        let amount = world::amount(amount, *currency).map_err(LedgerError::BadAmount)?;
        state.ledger.book(account, amount, today)
    }

    /// Makes a bank fail, or work again.
    pub fn switch(&self, bank: &BankId, switch: Switch) -> Result<(), UnknownBank> {
        if self.world.institution(bank).is_none() {
            return Err(UnknownBank(bank.clone()));
        }
        let now = self.clock.now();
        self.state().conditions.entry(bank.clone()).or_default().set(switch, now);
        Ok(())
    }

    /// When a bank's figures were true, where that is not now.
    pub fn as_of(&self, bank: &BankId) -> Option<Timestamp> {
        self.condition(bank).as_of
    }

    /// What is wrong with a bank.
    fn condition(&self, bank: &BankId) -> Condition {
        self.state().conditions.get(bank).copied().unwrap_or_default()
    }

    /// The calls for data so far, oldest first.
    pub fn calls(&self) -> Vec<Call> {
        self.state().calls.clone()
    }

    /// The calls for data since the last time they were taken, oldest first.
    pub fn take_calls(&self) -> Vec<Call> {
        std::mem::take(&mut self.state().calls)
    }
}
