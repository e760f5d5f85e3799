//! `balancebot forget`: erases one person.

use clap::Args;

use crate::cli::configured::ConfigFile;
use crate::cli::confirm::confirm;
use crate::cli::failure::{Done, Failure};
use crate::cli::{engine, print};
use crate::clock::{Clock, WallClock};
use crate::domain::message::Conversation;

/// Erase everything that is kept of one person: conversation, links, access log
#[derive(Debug, Args)]
#[command(after_help = "\
People can do this themselves by asking the bot; this is for requests that come by letter.

Example:
  balancebot forget 100000000000001 7000000000000001 --confirm \"forget 7000000000000001\"")]
pub struct ForgetArgs {
    /// The page they write to
    #[arg(value_name = "PAGE")]
    pub page: String,
    /// Their id on that page
    #[arg(value_name = "PERSON")]
    pub person: String,
    /// Confirms without asking: the words "forget" and the person's id
    #[arg(long, value_name = "WORDS")]
    pub confirm: Option<String>,
}

/// Runs the verb.
pub fn run(args: &ForgetArgs, config: &ConfigFile) -> Done {
    let settings = config.store()?;
    confirm(&format!("forget {}", args.person), args.confirm.as_deref())?;
    let conversation = Conversation::messenger(args.page.as_str(), args.person.as_str());
    let store = engine::store(&settings)?;
    let gone = engine::block_on(async {
        store.forget(&conversation, WallClock.now()).await.map_err(|error| Failure::failed(error.to_string()))
    })?;
    print::out(&match gone {
        0 => format!("Nothing was kept of {conversation}.\n"),
        1 => format!("Erased 1 row of {conversation}.\n"),
        rows => format!("Erased {rows} rows of {conversation}.\n"),
    });
    Ok(())
}
