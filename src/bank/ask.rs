//! One question in, facts out. Which banks are needed, whether the consents allow it, the access log before the first
//! byte, and how the banks' shares become one answer that names what is missing.

use async_trait::async_trait;
use futures_util::future::join_all;
use jiff::Timestamp;
use jiff::civil::Date;

use crate::bank::reader::{Reader, Share};
use crate::bank::{BankError, Banks, cache::Cache};
use crate::clock::Clock;
use crate::domain::{
    access::{AccessEntry, AccessKind},
    account::Account,
    bank::{Bank, BankId},
    consent::Standing,
    facts::{Facts, Missing, Trouble},
    link::Link,
    message::Conversation,
    purpose::{Answering, DataClass, Reason},
    question::Question,
    stop::Stop,
};
use crate::privacy::permit::stops::{Stops, Watch};
use crate::privacy::permit::{NoPermit, permit};

/// Takes the access log's `Opened` entries. The turn writes them to its store.
#[async_trait]
pub trait AccessSink: Send + Sync {
    /// Returns when the entries are durable. Called at most once a question, before anything leaves for a bank.
    async fn opened(&self, entries: Vec<AccessEntry>) -> Result<(), NotLogged>;
}

/// The access log could not be written, so no bank was called.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the access log cannot be written: {0}")]
pub struct NotLogged(
    /// The store's reason.
    pub String,
);

/// What a question is answered with.
#[derive(Clone, Copy)]
pub struct Sources<'a> {
    /// The configured banks.
    pub banks: &'a Banks,
    /// Recent answers.
    pub cache: &'a Cache,
    /// Time.
    pub clock: &'a dyn Clock,
    /// Where reads are announced.
    pub log: &'a dyn AccessSink,
    /// What stands against reading.
    pub stops: &'a Stops,
    /// Whose links are read.
    pub of: &'a Conversation,
}

/// What a question brought.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked<P = Answering> {
    /// The answer, as far as it could be had.
    pub facts: Facts<P>,
    /// How each read ended (fetched, failed, reused), to be committed with the reply.
    pub closed: Vec<AccessEntry>,
    /// The accounts as the banks list them now, to be kept with the links.
    pub directories: Vec<(BankId, Vec<Account>)>,
}

/// Where one bank's share comes from.
enum Source<'a, P> {
    /// Nowhere: no consent, or the bank is not configured.
    Nowhere(Missing),
    /// Nowhere: it was ordered that this bank is not read.
    Stopped(Missing),
    /// From memory, whole, unless a stop comes.
    Remembered(Bank, Share, Watch),
    /// From the bank.
    Bank(Box<Reader<'a, P>>),
}

/// Asks the person's banks. Rows are those up to `today` (in the person's zone); a bank that has not answered by
/// `deadline` is missing as slow. Banks and accounts are asked at the same time, and one that fails costs only its
/// own share.
///
/// # Errors
/// When the access log cannot be written. No bank was called then.
pub async fn ask<P: Reason>(
    sources: Sources<'_>,
    question: &Question<P>,
    links: &[Link],
    today: Date,
    deadline: Timestamp,
) -> Result<Asked<P>, NotLogged> {
    let wanted = ordered(links, sources.banks).into_iter().filter(|link| concerns(question, link));
    let plan: Vec<Source<'_, P>> = wanted.map(|link| source(sources, question, link, today, deadline)).collect();
    let entry = |kind, bank: &BankId| AccessEntry {
        at: sources.clock.now(),
        kind,
        bank: Some(bank.clone()),
        classes: classes(question),
        purpose: Some(P::PURPOSE),
        question: question.id.clone(),
        about: question.about,
    };
    let opened: Vec<AccessEntry> = plan
        .iter()
        .filter_map(|source| match source {
            Source::Bank(reader) => Some(entry(AccessKind::Opened, &reader.bank().id)),
            _ => None,
        })
        .collect();
    if !opened.is_empty() {
        sources.log.opened(opened).await?;
    }
    let shares = join_all(plan.into_iter().map(read)).await;
    let facts = Facts { accounts: Vec::new(), missing: Vec::new(), purpose: question.purpose };
    let mut asked = Asked { facts, closed: Vec::new(), directories: Vec::new() };
    for Read { closed, mut share, watch } in shares {
        // What came before a stop, while another bank was waited for, is not told after it either.
        if let Some((bank, stop)) = watch.and_then(|(bank, watch)| Some((bank, watch.standing()?))) {
            share = Share::missing(stopped(&bank, &stop));
        }
        if let Some((bank, kind)) = closed {
            asked.closed.push(entry(kind, &bank));
            asked.directories.extend(share.directory.map(|accounts| (bank, accounts)));
        }
        asked.facts.accounts.extend(share.accounts);
        asked.facts.missing.extend(share.missing);
    }
    Ok(asked)
}

/// How reading one source went.
struct Read {
    closed: Option<(BankId, AccessKind)>,
    share: Share,
    /// What may still stand against telling it.
    watch: Option<(Bank, Watch)>,
}

/// Reads one source. A read that runs when a stop comes is dropped, and its requests with it.
async fn read<P: Reason>(source: Source<'_, P>) -> Read {
    match source {
        Source::Nowhere(missing) => Read { closed: None, share: Share::missing(missing), watch: None },
        Source::Stopped(missing) => {
            let closed = Some((missing.bank.id.clone(), AccessKind::Stopped));
            Read { closed, share: Share::missing(missing), watch: None }
        }
        Source::Remembered(bank, share, watch) => {
            Read { closed: Some((bank.id.clone(), AccessKind::Reused)), share, watch: Some((bank, watch)) }
        }
        Source::Bank(reader) => {
            let bank = reader.bank();
            let (kind, share) = tokio::select! {
                biased;
                stop = reader.permit().stopped() => (AccessKind::Stopped, Share::missing(stopped(bank, &stop))),
                share = reader.read() => (if share.came { AccessKind::Fetched } else { AccessKind::Failed }, share),
            };
            let watch = reader.permit().watch().cloned();
            Read { closed: Some((bank.id.clone(), kind)), share, watch: watch.map(|watch| (bank.clone(), watch)) }
        }
    }
}

/// What a stop leaves of a bank's share.
pub(super) fn stopped(bank: &Bank, stop: &Stop) -> Missing {
    tracing::info!(bank.id = %bank.id, stop.by = stop.by.word(), "a bank was not read: a stop holds");
    Missing { bank: bank.clone(), account: None, trouble: stop.into() }
}

/// The links in the order of the configured banks; those of other banks last.
fn ordered<'a>(links: &'a [Link], banks: &Banks) -> Vec<&'a Link> {
    let place = |link: &&Link| banks.0.iter().position(|bank| bank.bank().id == link.bank).unwrap_or(usize::MAX);
    let mut links: Vec<&Link> = links.iter().collect();
    links.sort_by_key(place);
    links
}

/// Whether a question needs a link's bank. A question about certain accounts does not touch banks that are known
/// not to hold them.
fn concerns<P>(question: &Question<P>, link: &Link) -> bool {
    let bank = question.banks.is_empty() || question.banks.contains(&link.bank);
    let holds = |account: &Account| question.accounts.contains(&account.id);
    bank && (question.accounts.is_empty() || link.accounts.is_empty() || link.accounts.iter().any(holds))
}

/// What the access log says was read: never nothing, for the directory always comes along.
fn classes<P>(question: &Question<P>) -> Vec<DataClass> {
    if question.classes.is_empty() { vec![DataClass::Accounts] } else { question.classes.clone() }
}

/// Decides where a link's share comes from.
fn source<'a, P: Reason>(
    sources: Sources<'a>,
    question: &'a Question<P>,
    link: &'a Link,
    today: Date,
    deadline: Timestamp,
) -> Source<'a, P> {
    let Some(connector) = sources.banks.get(&link.bank) else {
        return Source::Nowhere(Missing {
            bank: unconfigured(&link.bank),
            account: None,
            trouble: Trouble::SwitchedOff,
        });
    };
    let cleared = match sources.stops.clear(sources.of, link) {
        Ok(cleared) => cleared,
        Err(stop) => {
            sources.cache.drop_link(&link.bank, &link.token);
            return Source::Stopped(stopped(connector.bank(), &stop));
        }
    };
    let permit = match permit(&cleared, &question.classes, P::PURPOSE, &question.id, today) {
        Ok(permit) => permit,
        Err(refusal) => {
            let trouble = match refusal {
                NoPermit::Ended => over(link, today),
                NoPermit::NotCovered => Trouble::NotCovered,
            };
            return Source::Nowhere(Missing { bank: connector.bank().clone(), account: None, trouble });
        }
    };
    if question.fresh {
        // Nothing older than this question may answer a later one either.
        sources.cache.drop_link(&link.bank, &link.token);
    }
    let shelf = sources.cache.of(&link.bank, &link.token);
    let reader = Reader::new(&**connector, permit, shelf, sources.clock, question, &link.accounts, today, deadline);
    match reader.remembered() {
        Some(share) => Source::Remembered(connector.bank().clone(), share, cleared.watch()),
        None => Source::Bank(Box::new(reader)),
    }
}

/// Why a link yields nothing on a day on which it may not be read.
pub(crate) fn over(link: &Link, today: Date) -> Trouble {
    match link.term().standing(today) {
        Standing::Unconfirmed => Trouble::Unconfirmed { until: link.term().last_day() },
        _ => Trouble::ConsentEnded,
    }
}

/// A bank of which only the id is known.
fn unconfigured(id: &BankId) -> Bank {
    Bank { id: id.clone(), name: id.as_str().to_owned(), country: String::new(), fraud_line: None, help_line: None }
}

/// What a person may be told of an error.
pub(crate) fn trouble(error: &BankError) -> Trouble {
    match error {
        BankError::TooSlow => Trouble::Slow,
        BankError::RateLimited { until } => Trouble::RateLimited { until: *until },
        BankError::ConsentEnded => Trouble::ConsentEnded,
        BankError::NotCovered => Trouble::NotCovered,
        BankError::Unavailable(_)
        | BankError::AccountGone
        | BankError::Malformed { .. }
        | BankError::Misconfigured(_) => Trouble::Down,
    }
}
