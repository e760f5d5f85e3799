//! `balancebot serve`: the service.

use std::path::Path;

use clap::Args;

use crate::cli::configured::{ConfigFile, FlowsFolder};
use crate::cli::engine;
use crate::cli::failure::Done;
use crate::config::StoreUrl;

/// Answer people: take the webhook's deliveries, read banks, send replies
#[derive(Debug, Args)]
#[command(after_help = "\
Runs until SIGTERM or Ctrl-C, then takes nothing new and finishes what runs (`server.drain`).
What was acknowledged is on disk: after a crash it is answered on the next start.

Example:
  balancebot serve --config /etc/balancebot/balancebot.toml")]
pub struct ServeArgs {}

/// Runs the verb.
pub fn run(_args: &ServeArgs, config: &ConfigFile, flows: &FlowsFolder) -> Done {
    let config = config.load()?;
    let StoreUrl::Sqlite(database) = &config.store.url;
    let content = flows.load_keeping(database.parent().unwrap_or(Path::new(".")))?;
    engine::serve(config, content)
}
