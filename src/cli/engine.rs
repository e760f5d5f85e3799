//! Where the verbs meet the engine. The verbs know flags and words; what they set in motion is built here.

use std::future::Future;
use std::sync::Arc;

use crate::bank::BankConnector;
use crate::cli::chat::ChatArgs;
use crate::cli::check::Finding;
use crate::cli::demo::DemoArgs;
use crate::cli::failure::{Done, Failure};
use crate::cli::profile::{Graph, Profile};
use crate::cli::read::ReadArgs;
use crate::cli::replay::ReplayArgs;
use crate::config::{self, BankConfig, Config, Messenger, Page};
use crate::store::Store;

/// Runs the local world until it is told to stop.
pub fn demo(_args: &DemoArgs) -> Done {
    Err(not_wired("demo"))
}

/// Answers people until it is told to stop.
pub fn serve(_config: Config) -> Done {
    Err(not_wired("serve"))
}

/// Talks with one made-up person on the terminal.
pub fn chat(_args: &ChatArgs) -> Done {
    Err(not_wired("chat"))
}

/// Plays transcripts and reports. A report with failures is `Failure::Told`.
pub fn replay(_args: &ReplayArgs) -> Done {
    Err(not_wired("replay"))
}

/// Reads texts from standard input.
pub fn read(_args: &ReadArgs) -> Done {
    Err(not_wired("read"))
}

/// Brings the store's tables to this version.
pub fn migrate(_store: &config::Store) -> Done {
    Err(not_wired("migrate"))
}

/// Looks at everything that the config names: the store, the Graph API, each page and each bank.
pub fn check_online(_config: &Config) -> Result<Vec<Finding>, Failure> {
    Err(not_wired("check --online"))
}

/// Opens the store.
pub fn store(_store: &config::Store) -> Result<Arc<dyn Store>, Failure> {
    Err(not_wired("the store"))
}

/// The connector of a bank, over sockets.
pub fn connector(_bank: &BankConfig) -> Result<Arc<dyn BankConnector>, Failure> {
    Err(not_wired("the banks"))
}

/// The Graph API, called with the token of a page.
pub fn graph(_messenger: &Messenger, _page: &Page) -> Result<Arc<dyn Graph>, Failure> {
    Err(not_wired("the Graph API"))
}

/// The profile a page should have: greeting, ice breakers and menu in the words of `bot-flows`.
pub fn profile(_page: &Page) -> Result<Profile, Failure> {
    Err(not_wired("the page profile"))
}

/// Runs one small task to its end.
pub fn block_on<T>(task: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.map_err(|error| Failure::failed(format!("no runtime: {error}")))?.block_on(task)
}

fn not_wired(part: &str) -> Failure {
    Failure::failed(format!("{part} is not wired to the engine in this build"))
}
