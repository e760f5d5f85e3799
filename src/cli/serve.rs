//! `balancebot serve`: the service.

use clap::Args;

use crate::cli::configured::{ConfigFile, FlowsFolder};
use crate::cli::engine;
use crate::cli::failure::Done;

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
    engine::serve(config.load()?, flows.load()?)
}
