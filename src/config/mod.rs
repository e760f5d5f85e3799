//! L0: the config: one section a file, each checked; all problems are reported at once. `default.toml` is compiled
//! in: it is the reference that `balancebot check --print-default` prints, and the only place where defaults stand.
//!
//! Nothing here touches the machine: the text, the environment and the files that secrets stand in come from the
//! caller.

use std::io;

use crate::domain::fault::{Fault, Source};
use crate::domain::message::PageId;

pub mod audit;
pub mod bank;
pub mod desk;
mod document;
pub mod link;
pub mod map;
pub mod messenger;
pub mod retention;
mod secret;
pub mod server;
pub mod store;
pub mod turn;
mod url;
mod value;

pub use audit::Audit;
pub use bank::{BankConfig, BankLimits, Dialect};
pub use desk::{Desk, Hours};
pub use document::{Env, REFERENCE, ReadFile, uncommented_reference};
pub use link::ConfiguredLink;
pub use map::Map;
pub use messenger::{Messenger, Page};
pub use retention::Retention;
pub use server::{Server, ServerLimits};
pub use store::{Store, StoreUrl};
pub use turn::Turn;
pub use value::in_words;

use document::{Document, Section, Wrong};
use link::Around;

/// Everything that can be set, checked. `Debug` shows no secret.
#[derive(Clone, Debug)]
pub struct Config {
    /// `[server]`.
    pub server: Server,
    /// `[store]`.
    pub store: Store,
    /// `[retention]`.
    pub retention: Retention,
    /// `[audit]`.
    pub audit: Audit,
    /// `[messenger]`.
    pub messenger: Messenger,
    /// `[[bank.*]]`, in the order of the file.
    pub banks: Vec<BankConfig>,
    /// `[turn]`.
    pub turn: Turn,
    /// `[desk]`.
    pub desk: Desk,
    /// `[map]`.
    pub map: Map,
    /// `[[link]]`.
    pub links: Vec<ConfiguredLink>,
}

impl Config {
    /// Reads and checks a config, and fetches its secrets.
    ///
    /// # Errors
    /// Every fault of the file, in the order of its lines.
    pub fn load(source: &Source, env: Env<'_>, read_file: ReadFile<'_>) -> Result<Self, Vec<Fault>> {
        read(source, env, read_file, |root| {
            let server = Server::read(&root.section("server"));
            let store = given(root.section("store"), "store", Store::read);
            let retention = Retention::read(&root.section("retention"));
            let audit = Audit::read(&root.section("audit"), store.as_ref());
            let messenger = given(root.section("messenger"), "messenger", Messenger::read);
            let turn = Turn::read(&root.section("turn"));
            let answer_by = turn.as_ref().map(|turn| turn.answer_by);
            let banks = BankConfig::read_all(&root.section("bank"), answer_by);
            let desk = Desk::read(&root.section("desk"));
            let map = Map::read(&root.section("map"));
            let around = Around {
                loopback: server.as_ref().map(Server::is_loopback),
                messenger: messenger.as_ref(),
                banks: banks.as_deref(),
            };
            let links = ConfiguredLink::read_all(&root.sections("link"), &around);
            root.finish();
            Some(Self {
                server: server?,
                store: store?,
                retention: retention?,
                audit: audit?,
                messenger: messenger?,
                banks: banks?,
                turn: turn?,
                desk: desk?,
                map: map?,
                links: links?,
            })
        })
    }

    /// Reads and checks the banks alone: an operator who tries one needs no secret of the service.
    ///
    /// # Errors
    /// Every fault of the bank tables.
    pub fn load_banks(source: &Source) -> Result<Vec<BankConfig>, Vec<Fault>> {
        read(source, &unread, &unread_file, |root| BankConfig::read_all(&root.section("bank"), None))
    }

    /// Reads and checks the pages alone, without any secret.
    ///
    /// # Errors
    /// Every fault of `[messenger]`.
    pub fn load_pages(source: &Source) -> Result<Vec<PageId>, Vec<Fault>> {
        read(source, &unread, &unread_file, |root| {
            let messenger = given(root.section("messenger"), "messenger", Messenger::read)?;
            Some(messenger.pages.into_iter().map(|page| page.id).collect())
        })
    }

    /// Reads and checks the listener alone, for whoever wants to reach it.
    ///
    /// # Errors
    /// Every fault of `[server]`.
    pub fn load_server(source: &Source) -> Result<Server, Vec<Fault>> {
        read(source, &unread, &unread_file, |root| Server::read(&root.section("server")))
    }

    /// Reads and checks the store alone, for the verbs that look into it.
    ///
    /// # Errors
    /// Every fault of `[store]`.
    pub fn load_store(source: &Source, env: Env<'_>, read_file: ReadFile<'_>) -> Result<Store, Vec<Fault>> {
        read(source, env, read_file, |root| given(root.section("store"), "store", Store::read))
    }

    /// Reads and checks the store and the audit alone, for whoever looks into the access log.
    ///
    /// # Errors
    /// Every fault of `[store]` and `[audit]`.
    pub fn load_audit(source: &Source, env: Env<'_>, read_file: ReadFile<'_>) -> Result<(Store, Audit), Vec<Fault>> {
        read(source, env, read_file, |root| {
            let store = given(root.section("store"), "store", Store::read);
            let audit = Audit::read(&root.section("audit"), store.as_ref());
            Some((store?, audit?))
        })
    }

    /// The configured bank of an id.
    pub fn bank(&self, id: &str) -> Option<&BankConfig> {
        self.banks.iter().find(|bank| bank.bank.id.as_str() == id)
    }
}

/// Reads one document; a result counts only if no fault was noted.
fn read<T>(
    source: &Source,
    env: Env<'_>,
    read_file: ReadFile<'_>,
    sections: impl FnOnce(&Section<'_>) -> Option<T>,
) -> Result<T, Vec<Fault>> {
    let document = Document::parse(source, env, read_file)?;
    let read = sections(&document.root());
    let faults = document.into_faults();
    match read {
        Some(read) if faults.is_empty() => Ok(read),
        _ if faults.is_empty() => Err(vec![Fault::new(&source.path, 0, "a setting has no value")]),
        _ => Err(faults),
    }
}

/// The environment of those who need no secret: what stands there is not looked at.
fn unread(_name: &str) -> Option<String> {
    Some("unread".to_owned())
}

/// The disk of those who need no secret.
fn unread_file(_path: &str) -> io::Result<String> {
    Ok("unread".to_owned())
}

/// Reads a section that must be there; says so once, rather than once for each of its keys.
fn given<T>(section: Section<'_>, name: &str, read: impl FnOnce(&Section<'_>) -> Option<T>) -> Option<T> {
    if section.is_given() {
        return read(&section);
    }
    let help = "`balancebot check --print-default` prints a config to start from";
    section.fault_here(Wrong::new(format!("[{name}] is missing")).help(help));
    None
}
