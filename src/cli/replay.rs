//! `balancebot replay`: transcripts as tests.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use crate::cli::configured::FlowsFolder;
use crate::cli::engine;
use crate::cli::failure::Done;

/// Play written conversations and check every line of them
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  balancebot replay fixtures/conversations                 all of a folder
  balancebot replay fixtures/conversations --report json   for machines
  balancebot replay new.chat --bless                       write the replies of now into the `<` lines
  balancebot replay fixtures/conversations --coverage      which questions are tried, under which troubles

Exit codes: 0 all passed, 1 something failed, 64 a file does not parse.")]
pub struct ReplayArgs {
    /// Transcripts (.chat) or folders of them
    #[arg(required = true, value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// Where worlds are; `../worlds` beside each file if left out
    #[arg(long, value_name = "DIR")]
    pub worlds: Option<PathBuf>,
    /// Rewrites the exact replies (`<` lines) to what is said now
    #[arg(long)]
    pub bless: bool,
    /// Prints which intents were answered under which conditions and in which locales, and where nothing was tried
    #[arg(long)]
    pub coverage: bool,
    /// How to report; for people if left out
    #[arg(long, value_enum, value_name = "FORMAT")]
    pub report: Option<ReportFormat>,
    /// Lets every bank speak this dialect: fdx, fdx5, obuk or obuk3
    #[arg(long, value_name = "ID")]
    pub dialect: Option<String>,
}

/// How a replay reports.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ReportFormat {
    /// One JSON object on standard output
    Json,
}

/// Runs the verb.
pub fn run(args: &ReplayArgs, flows: &FlowsFolder) -> Done {
    engine::replay(args, flows.load()?)
}
