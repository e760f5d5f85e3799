//! `balancebot bank stop`, `resume` and `stops`: whether a bank is read at all, decided beside a running server.

use clap::Args;
use serde_json::json;
use sha2::{Digest, Sha256};

use crate::cli::bank::named;
use crate::cli::configured::ConfigFile;
use crate::cli::failure::{Done, Failure};
use crate::cli::{engine, print};
use crate::clock::{Clock, WallClock};
use crate::config::BankConfig;
use crate::domain::bank::BankId;
use crate::domain::message::{Conversation, PageId};
use crate::domain::stop::{Order, OrderedBy, Stop, Wanted, Whom};
use crate::domain::text::sentence;
use crate::privacy::random;
use crate::store::{Ordered, StoreError};

/// Read nothing of a bank any more, of everyone or of one person
#[derive(Debug, Args)]
#[command(after_help = "\
Works beside a running `serve`: reads under way are broken off within two seconds, on every node that shares the
store. People who ask are told who stopped it and since when. Every order is written to the access log.

Examples:
  balancebot bank stop northgate --reason \"incident 42\"
  balancebot bank stop northgate --person 7000000000000001
  balancebot bank resume northgate")]
pub struct StopArgs {
    /// The bank's id in the config
    #[arg(value_name = "ID")]
    pub id: String,
    /// Whose data
    #[command(flatten)]
    pub whom: WhomArgs,
    /// Why, for `bank stops`; people are not told
    #[arg(long, value_name = "TEXT")]
    pub reason: Option<String>,
}

/// Read a bank again that was stopped with `bank stop`
#[derive(Debug, Args)]
#[command(after_help = "A stop that the bank ordered itself is lifted by the bank's own order only.")]
pub struct ResumeArgs {
    /// The bank's id in the config
    #[arg(value_name = "ID")]
    pub id: String,
    /// Whose data
    #[command(flatten)]
    pub whom: WhomArgs,
}

/// Whom an order is about.
#[derive(Debug, Args)]
pub struct WhomArgs {
    /// Only this person, by their id on the page; everyone if left out
    #[arg(long, value_name = "PSID")]
    pub person: Option<String>,
    /// The page they write to, where several are configured
    #[arg(long, value_name = "PAGE", requires = "person")]
    pub page: Option<String>,
}

/// Runs `bank stop`.
pub fn stop(args: &StopArgs, banks: &[BankConfig], config: &ConfigFile) -> Done {
    give(&args.id, &args.whom, Wanted::Stop, args.reason.as_deref(), banks, config)
}

/// Runs `bank resume`.
pub fn resume(args: &ResumeArgs, banks: &[BankConfig], config: &ConfigFile) -> Done {
    give(&args.id, &args.whom, Wanted::Resume, None, banks, config)
}

fn give(
    id: &str,
    whom: &WhomArgs,
    wanted: Wanted,
    reason: Option<&str>,
    banks: &[BankConfig],
    config: &ConfigFile,
) -> Done {
    let bank = named(id, banks)?.bank.id.clone();
    let whom = self::whom(whom, config)?;
    let store = engine::store(&config.store()?)?;
    let now = WallClock.now();
    let order = Order {
        id: random::id(),
        wanted,
        bank: bank.clone(),
        whom,
        by: OrderedBy::Operator,
        at: now,
        reason: reason.map(sentence),
        digest: [0; 32],
    };
    let order = Order { digest: Sha256::digest(&order.id).into(), ..order };
    let standing = engine::block_on(async {
        let ordered = store.order(order, None, now).await.map_err(failed)?;
        let standing: Vec<Stop> = store.stops().await.map_err(failed)?;
        Ok((ordered, standing.into_iter().filter(|stop| stop.bank == bank).collect::<Vec<_>>()))
    });
    let (ordered, standing) = standing?;
    if ordered != Ordered::Done {
        return Err(Failure::failed("a later order stands").help("look at this machine's clock, then try again"));
    }
    print::out(&told(&bank, whom, wanted));
    if wanted == Wanted::Resume && !standing.is_empty() {
        print::out(&format!("Other stops of {bank} still stand:\n{}", table(&standing)));
    }
    Ok(())
}

fn told(bank: &BankId, whom: Whom, wanted: Wanted) -> String {
    let of = if whom == Whom::Everyone { "for everyone" } else { "for this person" };
    match wanted {
        Wanted::Stop => format!("Nothing of {bank} is read any more {of}, on every node within two seconds.\n"),
        Wanted::Resume => format!("Your stop of {bank} {of} is lifted.\n"),
    }
}

fn whom(args: &WhomArgs, config: &ConfigFile) -> Result<Whom, Failure> {
    let Some(person) = &args.person else { return Ok(Whom::Everyone) };
    let pages: Vec<PageId> = config.pages()?;
    let page = match (&args.page, pages.as_slice()) {
        (Some(page), pages) => pages.iter().find(|known| known.as_str() == page),
        (None, [page]) => Some(page),
        (None, _) => None,
    };
    let page = page.ok_or_else(|| {
        let known: Vec<&str> = pages.iter().map(PageId::as_str).collect();
        let failure = Failure::usage("--person needs the --page that they write to");
        failure.help(format!("configured: {}", known.join(", ")))
    })?;
    Ok(Whom::chat(&Conversation::messenger(page.as_str(), person.as_str())))
}

/// Runs `bank stops`.
pub fn list(as_json: bool, config: &ConfigFile) -> Done {
    let store = engine::store_to_read(&config.store()?)?;
    let stops = engine::block_on(async { store.stops().await.map_err(failed) })?;
    print::out(&match (as_json, stops.is_empty()) {
        (true, _) => print::json(&stops.iter().map(to_json).collect::<Vec<_>>()),
        (false, true) => "No stop stands: every linked bank is read.\n".to_owned(),
        (false, false) => table(&stops),
    });
    Ok(())
}

fn table(stops: &[Stop]) -> String {
    let row = |stop: &Stop| {
        let reason = stop.reason.clone().unwrap_or_default();
        vec![stop.bank.to_string(), short(stop.whom), stop.by.word().to_owned(), stop.since.to_string(), reason]
    };
    print::table(&["BANK", "WHOM", "BY", "SINCE", "REASON"], &stops.iter().map(row).collect::<Vec<_>>(), &[])
}

/// A person is known to the store by a hash alone; its beginning tells two of them apart.
fn short(whom: Whom) -> String {
    match whom {
        Whom::Everyone => whom.word(),
        Whom::One(_) => format!("person {}", whom.word().get(..8).unwrap_or_default()),
    }
}

fn to_json(stop: &Stop) -> serde_json::Value {
    json!({
        "bank": stop.bank.as_str(),
        "whom": stop.whom.word(),
        "by": stop.by.word(),
        "since": stop.since,
        "order": stop.order,
        "reason": stop.reason,
    })
}

fn failed(error: StoreError) -> Failure {
    Failure::failed(error.to_string())
}
