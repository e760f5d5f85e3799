//! Reads one bank's share of a question: its directory and its accounts, all at the same time, each from memory where
//! that is good enough.

use std::sync::Arc;

use futures_util::TryFutureExt;
use futures_util::future::{join, join_all, try_join};
use jiff::Timestamp;
use jiff::civil::Date;

use crate::bank::ask::trouble;
use crate::bank::cache::{Read, Shelf};
use crate::bank::{BankConnector, BankError, Together, wire::within};
use crate::clock::Clock;
use crate::domain::{
    account::{Account, AccountId, Balances},
    bank::Bank,
    facts::{AccountFacts, Missing},
    period::Period,
    purpose::{DataClass, Reason},
    question::Question,
    transaction::Transaction,
};
use crate::privacy::permit::Permit;

/// One bank's share of the facts.
#[derive(Debug, Default)]
pub(crate) struct Share {
    /// The accounts that answered, in the directory's order.
    pub(crate) accounts: Vec<AccountFacts>,
    /// What gave nothing.
    pub(crate) missing: Vec<Missing>,
    /// The directory, where it was read.
    pub(crate) directory: Option<Vec<Account>>,
    /// Whether the bank gave anything.
    pub(crate) came: bool,
}

impl Share {
    /// Nothing, and why.
    pub(crate) fn missing(missing: Missing) -> Self {
        Self { missing: vec![missing], ..Self::default() }
    }
}

/// What one account gave, and when it was read.
#[derive(Debug)]
struct Part {
    balances: Option<Arc<Balances>>,
    transactions: Option<Arc<Vec<Transaction>>>,
    read_at: Timestamp,
}

impl Part {
    /// What was asked for, as old as its oldest piece; `else_at` when nothing but the directory was.
    fn new(balances: Option<Read<Balances>>, transactions: Option<Read<Vec<Transaction>>>, else_at: Timestamp) -> Self {
        let reads = [balances.as_ref().map(|read| read.at), transactions.as_ref().map(|read| read.at)];
        Self {
            read_at: reads.into_iter().flatten().min().unwrap_or(else_at),
            balances: balances.map(|read| read.answer),
            transactions: transactions.map(|read| read.answer),
        }
    }
}

type Outcome = Result<Part, BankError>;

/// The directory, and the figures that came with it.
type Told = (Arc<Vec<Account>>, Vec<(AccountId, Read<Balances>)>);

/// Everything needed to read one bank for one question.
pub(crate) struct Reader<'a, P> {
    connector: &'a dyn BankConnector,
    permit: Permit,
    shelf: Shelf<'a>,
    clock: &'a dyn Clock,
    question: &'a Question<P>,
    /// The directory as it was last read; may be empty.
    known: &'a [Account],
    period: Option<Period>,
    today: Date,
    deadline: Timestamp,
}

impl<'a, P: Reason> Reader<'a, P> {
    #[expect(clippy::too_many_arguments, reason = "the parts of one read; called in one place")]
    pub(crate) fn new(
        connector: &'a dyn BankConnector,
        permit: Permit,
        shelf: Shelf<'a>,
        clock: &'a dyn Clock,
        question: &'a Question<P>,
        known: &'a [Account],
        today: Date,
        deadline: Timestamp,
    ) -> Self {
        let period = question.period.map(|period| period.so_far(today));
        Self { connector, permit, shelf, clock, question, known, period, today, deadline }
    }

    /// The bank that is read.
    pub(crate) fn bank(&self) -> &'a Bank {
        self.connector.bank()
    }

    /// What it is read under.
    pub(crate) fn permit(&self) -> &Permit {
        &self.permit
    }

    fn asks(&self, class: DataClass) -> bool {
        self.question.classes.contains(&class)
    }

    fn wants(&self, account: &Account) -> bool {
        self.question.accounts.is_empty() || self.question.accounts.contains(&account.id)
    }

    /// The share, if all of it is in memory: then the bank is not called.
    pub(crate) fn remembered(&self) -> Option<Share> {
        let now = self.clock.now();
        let directory = self.shelf.directory(now)?;
        let mut share = Share { came: true, ..Share::default() };
        for account in directory.answer.iter().filter(|account| self.wants(account)) {
            let (mut balances, mut transactions) = (None, None);
            if self.asks(DataClass::Balances) {
                balances = Some(self.shelf.balances(account, now)?);
            }
            if self.asks(DataClass::Transactions) {
                transactions = Some(self.shelf.transactions(account, self.period, now)?);
            }
            let part = Part::new(balances, transactions, directory.at);
            share.accounts.push(self.facts(account, part));
        }
        Some(share)
    }

    /// Asks the bank. The accounts known from before are read while the directory is, so that a slow bank is waited
    /// for once; accounts that only the new directory shows are read after it.
    pub(crate) async fn read(&self) -> Share {
        let known = self.known.iter().filter(|account| self.wants(account));
        let together = if self.asks_all_balances() { self.connector.tells_together() } else { Together::No };
        let (told, mut outcomes) = match together {
            Together::Yes => match self.directory_with_balances().await {
                Err(error @ (BankError::Malformed { .. } | BankError::Unavailable(_))) => {
                    (Err(error), self.parts(known).await)
                }
                told => (told, Vec::new()),
            },
            Together::Unknown => join(self.directory_with_balances(), self.parts(known)).await,
            Together::No => join(self.directory().map_ok(|listed| (listed, Vec::new())), self.parts(known)).await,
        };
        let (directory, told) = match told {
            Ok((directory, told)) => (Ok(directory), told),
            Err(error) => (Err(error), Vec::new()),
        };
        let directory = match directory {
            Ok(directory) => Some(directory.to_vec()),
            Err(error) => {
                tracing::warn!(bank = %self.bank().id, call = "accounts", %error, "a bank call failed");
                if !outcomes.iter().any(|(_, outcome)| outcome.is_ok()) {
                    return Share::missing(self.lacks(None, &error));
                }
                None
            }
        };
        let listed = directory.as_deref().unwrap_or(self.known);
        let wanted: Vec<&Account> = listed.iter().filter(|account| self.wants(account)).collect();
        // What was read of an account that is now listed as another kind means something else: it is read again.
        let same = |a: &Account, b: &Account| (&a.id, a.class, a.currency) == (&b.id, b.class, b.currency);
        outcomes.retain(|(known, _)| wanted.iter().any(|listed| same(known, listed)));
        for account in &wanted {
            if let Some((_, read)) = told.iter().find(|(id, _)| *id == account.id) {
                outcomes.retain(|(known, _)| known.id != account.id);
                outcomes.push((account, Ok(Part::new(Some(read.clone()), None, read.at))));
            }
        }
        let new = wanted.iter().copied().filter(|account| outcomes.iter().all(|(known, _)| known.id != account.id));
        let new = self.parts(new).await;
        outcomes.extend(new);
        let mut share = self.gather(&wanted, outcomes);
        share.came |= directory.is_some();
        share.directory = directory;
        share
    }

    /// Puts the outcomes in the directory's order. When no account gave anything and all for one reason, the bank
    /// as a whole is missing.
    fn gather(&self, wanted: &[&Account], mut outcomes: Vec<(&Account, Outcome)>) -> Share {
        let mut share = Share::default();
        for account in wanted {
            let Some(at) = outcomes.iter().position(|(read, _)| read.id == account.id) else { continue };
            match outcomes.swap_remove(at).1 {
                Ok(part) => share.accounts.push(self.facts(account, part)),
                Err(error) => {
                    tracing::warn!(bank = %self.bank().id, call = "account", %error, "a bank call failed");
                    share.missing.push(self.lacks(Some(account), &error));
                }
            }
        }
        share.came = !share.accounts.is_empty();
        if let ([], [first, rest @ ..]) = (&share.accounts[..], &mut share.missing[..])
            && rest.iter().all(|missing| missing.trouble == first.trouble)
        {
            first.account = None;
            share.missing.truncate(1);
        }
        share
    }

    fn lacks(&self, account: Option<&Account>, error: &BankError) -> Missing {
        Missing { bank: self.bank().clone(), account: account.cloned(), trouble: trouble(error) }
    }

    fn facts(&self, account: &Account, part: Part) -> AccountFacts {
        AccountFacts {
            account: account.clone(),
            bank: self.bank().clone(),
            balances: part.balances.map(Arc::unwrap_or_clone),
            transactions: part.transactions.map(Arc::unwrap_or_clone),
            read_at: part.read_at,
            history_from: self.connector.history_from(self.today),
        }
    }

    async fn directory(&self) -> Result<Arc<Vec<Account>>, BankError> {
        if let Some(read) = self.shelf.directory(self.clock.now()) {
            return Ok(read.answer);
        }
        let accounts = within(self.clock, self.deadline, self.connector.accounts(&self.permit)).await??;
        let read = Read { at: self.clock.now(), answer: Arc::new(accounts) };
        self.shelf.put_directory(&read);
        Ok(read.answer)
    }

    /// Whether the figures of all accounts are the whole question.
    fn asks_all_balances(&self) -> bool {
        self.question.accounts.is_empty() && self.question.classes == [DataClass::Balances]
    }

    /// The directory, with the figures that the bank tells along.
    async fn directory_with_balances(&self) -> Result<Told, BankError> {
        let told = self.connector.accounts_with_balances(&self.permit);
        let told = within(self.clock, self.deadline, told).await??;
        let at = self.clock.now();
        let (mut accounts, mut figures) = (Vec::with_capacity(told.len()), Vec::with_capacity(told.len()));
        for (account, balances) in told {
            if let Some(balances) = balances {
                let read = Read { at, answer: Arc::new(balances) };
                self.shelf.put_balances(&account, &read);
                figures.push((account.id.clone(), read));
            }
            accounts.push(account);
        }
        let directory = Read { at, answer: Arc::new(accounts) };
        self.shelf.put_directory(&directory);
        Ok((directory.answer, figures))
    }

    async fn parts<'b>(&self, accounts: impl Iterator<Item = &'b Account>) -> Vec<(&'b Account, Outcome)> {
        join_all(accounts.map(|account| async move {
            (account, within(self.clock, self.deadline, self.part(account)).await.and_then(|outcome| outcome))
        }))
        .await
    }

    async fn part(&self, account: &Account) -> Outcome {
        let (balances, transactions) = try_join(self.balances(account), self.transactions(account)).await?;
        Ok(Part::new(balances, transactions, self.clock.now()))
    }

    async fn balances(&self, account: &Account) -> Result<Option<Read<Balances>>, BankError> {
        if !self.asks(DataClass::Balances) {
            return Ok(None);
        }
        if let Some(read) = self.shelf.balances(account, self.clock.now()) {
            return Ok(Some(read));
        }
        let balances = self.connector.balances(&self.permit, account).await?;
        let read = Read { at: self.clock.now(), answer: Arc::new(balances) };
        self.shelf.put_balances(account, &read);
        Ok(Some(read))
    }

    async fn transactions(&self, account: &Account) -> Result<Option<Read<Vec<Transaction>>>, BankError> {
        if !self.asks(DataClass::Transactions) {
            return Ok(None);
        }
        if let Some(read) = self.shelf.transactions(account, self.period, self.clock.now()) {
            return Ok(Some(read));
        }
        let mut rows = Vec::new();
        // A period that lies ahead has no rows; the bank need not say so.
        if self.period.is_none_or(|period| period.days() != Some(0)) {
            rows = self.connector.transactions(&self.permit, account, self.period).await?;
        }
        rows.retain(|row| row.date <= self.today);
        let read = Read { at: self.clock.now(), answer: Arc::new(rows) };
        self.shelf.put_transactions(account, self.period, &read);
        Ok(Some(read))
    }
}
