//! `balancebot demo`: the whole product on this machine, with made-up people and banks.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use crate::cli::configured::FlowsFolder;
use crate::cli::engine;
use crate::cli::failure::Done;

/// Try it: made-up people and banks and a Messenger, on this machine only
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  balancebot demo                            opens the chat page of Maya, who has two banks
  balancebot demo --no-open --port 0         takes any free port and prints the address
  balancebot demo --world my.toml            your own people, banks and ledgers

Without a browser: POST /sandbox/say {\"person\": \"maya\", \"text\": \"balance\"}")]
pub struct DemoArgs {
    /// The port of the chat page; 0 takes a free one
    #[arg(long, default_value_t = 8088)]
    pub port: u16,
    /// Where the database is kept; a temporary folder if left out
    #[arg(long, value_name = "DIR")]
    pub data_dir: Option<PathBuf>,
    /// The people, banks and ledgers; a world is compiled in
    #[arg(long, value_name = "FILE")]
    pub world: Option<PathBuf>,
    /// Whether time starts where the world says and runs on, or is the machine's
    #[arg(long, value_enum, default_value_t = DemoClock::World)]
    pub clock: DemoClock,
    /// Lets every bank speak this dialect: fdx, fdx5, obuk or obuk3
    #[arg(long, value_name = "ID")]
    pub dialect: Option<String>,
    /// Does not open the browser
    #[arg(long)]
    pub no_open: bool,
}

/// Which time it is in the demo.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum DemoClock {
    /// Starts at the world's `now` and runs on, so that "last month" always has figures
    World,
    /// The machine's clock
    Wall,
}

/// Runs the verb.
pub fn run(args: &DemoArgs, flows: &FlowsFolder) -> Done {
    let content = match &args.data_dir {
        Some(data) => flows.load_keeping(data)?,
        None => flows.load()?,
    };
    engine::demo(args, content)
}
