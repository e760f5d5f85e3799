//! `balancebot read`: what the bot understands of a text.

use clap::Args;

/// Say what the bot understands of a text, one JSON object a line
#[derive(Debug, Args)]
pub struct ReadArgs {
    /// Reads and writes one JSON object a line
    #[arg(long)]
    pub jsonl: bool,
}
