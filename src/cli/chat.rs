//! `balancebot chat`: a conversation on the terminal.

use std::path::PathBuf;

use clap::Args;

use crate::cli::engine;
use crate::cli::failure::Done;

/// Talk with the bot here, as one of the made-up people
#[derive(Debug, Args)]
#[command(after_help = "\
Write and press Enter; a button is tapped by writing [its title]. Ctrl-D ends.

Example:
  balancebot chat --person sam")]
pub struct ChatArgs {
    /// The people, banks and ledgers; a world is compiled in
    #[arg(long, value_name = "FILE")]
    pub world: Option<PathBuf>,
    /// Who you are in that world
    #[arg(long, value_name = "ID", default_value = "maya")]
    pub person: String,
    /// Lets every bank speak this dialect: fdx or obuk
    #[arg(long, value_name = "ID")]
    pub dialect: Option<String>,
}

/// Runs the verb.
pub fn run(args: &ChatArgs) -> Done {
    engine::chat(args)
}
