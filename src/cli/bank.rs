//! `balancebot bank`: the configured banks, and one of them tried with the operator's own token.

use clap::{Args, Subcommand};
use jiff::civil::Date;
use secrecy::SecretString;

use crate::cli::configured::{ConfigFile, env};
use crate::cli::failure::{Done, Failure};
use crate::cli::stops::{self, ResumeArgs, StopArgs};
use crate::cli::{engine, print, trial};
use crate::config::BankConfig;
use crate::domain::period::Period;
use crate::privacy::permit;

/// List the configured banks, try one, or stop one from being read
#[derive(Debug, Args)]
pub struct BankArgs {
    #[command(subcommand)]
    verb: BankVerb,
}

#[derive(Debug, Subcommand)]
enum BankVerb {
    /// List the configured banks
    List,
    Try(TryArgs),
    Stop(StopArgs),
    Resume(ResumeArgs),
    /// List the stops that stand
    Stops {
        /// Prints a JSON array
        #[arg(long)]
        json: bool,
    },
}

/// Read a bank with a token of your own and show what the bot would make of it
#[derive(Debug, Args)]
#[command(after_help = "\
Reads accounts, balances and rows, and names the field of everything that it could not read. \
Needs no secret of the service and touches nobody's link. \
Amounts below zero are money out, whatever the bank's dialect does.

Examples:
  BANK_TOKEN=… balancebot bank try northgate --config balancebot.toml
  balancebot bank try northgate --token-env MY_TOKEN --from 2026-11-01 --to 2026-12-01 --json")]
pub struct TryArgs {
    /// The bank's id in the config
    #[arg(value_name = "ID")]
    pub id: String,
    /// The environment variable that holds the token
    #[arg(long, value_name = "VAR", default_value = "BANK_TOKEN")]
    pub token_env: String,
    /// Only rows from this day on
    #[arg(long, value_name = "DATE")]
    pub from: Option<Date>,
    /// Only rows before this day
    #[arg(long, value_name = "DATE")]
    pub to: Option<Date>,
    /// Prints one JSON object
    #[arg(long)]
    pub json: bool,
}

/// Runs the verb.
pub fn run(args: &BankArgs, config: &ConfigFile) -> Done {
    let banks = config.banks()?;
    match &args.verb {
        BankVerb::List => {
            print::out(&list(&banks));
            Ok(())
        }
        BankVerb::Try(args) => try_one(args, &banks),
        BankVerb::Stop(args) => stops::stop(args, &banks, config),
        BankVerb::Resume(args) => stops::resume(args, &banks, config),
        BankVerb::Stops { json } => stops::list(*json, config),
    }
}

fn try_one(args: &TryArgs, banks: &[BankConfig]) -> Done {
    let bank = named(&args.id, banks)?;
    let token = env(&args.token_env).filter(|token| !token.trim().is_empty()).ok_or_else(|| {
        let message = format!("the environment variable {} holds no token", args.token_env);
        Failure::usage(message).help("set it, or name another with --token-env")
    })?;
    let period = period(args.from, args.to)?;
    let connector = engine::connector(bank)?;
    let permit = permit::trial(&bank.bank.id, SecretString::from(token));
    let waiting = print::waiting(&format!("reading {}", bank.bank.name));
    let trial = engine::block_on(async { Ok(trial::read(connector.as_ref(), &permit, period).await) })?;
    waiting.finish_and_clear();
    print::out(&if args.json { print::json(&trial::to_json(&trial)) } else { trial::to_table(&trial) });
    if trial.problems.is_empty() { Ok(()) } else { Err(Failure::Told) }
}

/// The configured bank of an id.
pub(super) fn named<'a>(id: &str, banks: &'a [BankConfig]) -> Result<&'a BankConfig, Failure> {
    banks.iter().find(|bank| bank.bank.id.as_str() == id).ok_or_else(|| {
        let known: Vec<&str> = banks.iter().map(|bank| bank.bank.id.as_str()).collect();
        Failure::usage(format!("no bank `{id}` is configured")).help(format!("known: {}", known.join(", ")))
    })
}

fn period(from: Option<Date>, to: Option<Date>) -> Result<Option<Period>, Failure> {
    match (from, to) {
        (Some(from), Some(to)) if to <= from => {
            Err(Failure::usage("--to must be after --from").help("--to is the first day that is out again"))
        }
        (None, None) => Ok(None),
        (from, to) => Ok(Some(Period { from, to })),
    }
}

/// The configured banks as a table.
pub fn list(banks: &[BankConfig]) -> String {
    if banks.is_empty() {
        return "No bank is configured.\n".to_owned();
    }
    let row = |bank: &BankConfig| {
        let who = &bank.bank;
        let speaks = format!("{} {}", bank.dialect.word(), bank.version);
        vec![who.id.to_string(), who.name.clone(), who.country.clone(), speaks, bank.base_url.clone()]
    };
    let rows: Vec<Vec<String>> = banks.iter().map(row).collect();
    print::table(&["ID", "NAME", "COUNTRY", "SPEAKS", "ADDRESS"], &rows, &[])
}
