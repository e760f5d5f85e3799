//! `balancebot migrate`: brings the store's tables to this version.

use clap::Args;

use crate::cli::configured::ConfigFile;
use crate::cli::engine;
use crate::cli::failure::Done;

/// Bring the store's tables to this version
#[derive(Debug, Args)]
#[command(after_help = "`serve` does this at its start too; here it can be done before, and seen to work.")]
pub struct MigrateArgs {}

/// Runs the verb.
pub fn run(_args: &MigrateArgs, config: &ConfigFile) -> Done {
    engine::migrate(&config.store()?)
}
