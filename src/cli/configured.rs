//! The config that most verbs need, found by `--config` or `BALANCEBOT_CONFIG`.

use std::path::{Path, PathBuf};

use clap::Args;

use crate::app::Content;
use crate::app::shelf::Shelf;
use crate::cli::failure::Failure;
use crate::config::{self, BankConfig, Config};
use crate::domain::fault::Source;
use crate::domain::message::PageId;

/// Where the config is.
#[derive(Debug, Args)]
pub struct ConfigFile {
    /// The config; what it may hold is told by `balancebot check --print-default`
    #[arg(long, global = true, env = "BALANCEBOT_CONFIG", value_name = "FILE")]
    config: Option<PathBuf>,
}

/// Where what the bot asks, says and understands comes from.
#[derive(Debug, Args)]
pub struct FlowsFolder {
    /// A folder laid out as bot-flows/ is, instead of what is compiled in
    #[arg(long, global = true, env = "BALANCEBOT_FLOWS", value_name = "DIR")]
    flows: Option<PathBuf>,
}

impl FlowsFolder {
    /// The folder, when one was named.
    pub fn folder(&self) -> Option<&Path> {
        self.flows.as_deref()
    }

    /// The content, loaded and checked.
    pub fn load(&self) -> Result<Content, Failure> {
        match &self.flows {
            Some(folder) => Content::of_folder(folder),
            None => Content::shipped(),
        }
        .map_err(Failure::Faults)
    }

    /// As [`FlowsFolder::load`], but what must be learnt of words of one's own is kept in the data directory.
    pub fn load_keeping(&self, data: &Path) -> Result<Content, Failure> {
        match &self.flows {
            Some(folder) => Content::of_folder_with(folder, &Shelf::in_data(data)).map_err(Failure::Faults),
            None => self.load(),
        }
    }
}

impl ConfigFile {
    /// The whole config, checked, with its secrets.
    pub fn load(&self) -> Result<Config, Failure> {
        Config::load(&self.source()?, &env, &read_file).map_err(Failure::Faults)
    }

    /// The banks alone, without any secret.
    pub fn banks(&self) -> Result<Vec<BankConfig>, Failure> {
        Config::load_banks(&self.source()?).map_err(Failure::Faults)
    }

    /// The pages alone, without any secret.
    pub fn pages(&self) -> Result<Vec<PageId>, Failure> {
        Config::load_pages(&self.source()?).map_err(Failure::Faults)
    }

    /// The listener alone, without any secret.
    pub fn server(&self) -> Result<config::Server, Failure> {
        Config::load_server(&self.source()?).map_err(Failure::Faults)
    }

    /// Whether one was named at all.
    pub fn is_named(&self) -> bool {
        self.config.is_some()
    }

    /// The store alone.
    pub fn store(&self) -> Result<config::Store, Failure> {
        Config::load_store(&self.source()?, &env, &read_file).map_err(Failure::Faults)
    }

    /// The store and the audit alone.
    pub fn audit(&self) -> Result<(config::Store, config::Audit), Failure> {
        Config::load_audit(&self.source()?, &env, &read_file).map_err(Failure::Faults)
    }

    /// The file as it was named, read.
    pub fn source(&self) -> Result<Source, Failure> {
        let advice = "give --config FILE or set BALANCEBOT_CONFIG; \
                      `balancebot check --print-default` prints a config to start from";
        let path = self.config.as_ref().ok_or_else(|| Failure::usage("no config is named").help(advice))?;
        let name = path.display().to_string();
        let text = std::fs::read_to_string(path)
            .map_err(|error| Failure::usage(format!("{name} cannot be read: {error}")).help(advice))?;
        Ok(Source { path: name, text })
    }
}

/// A variable of the environment.
pub fn env(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

/// The text of a file.
fn read_file(path: &str) -> std::io::Result<String> {
    std::fs::read_to_string(path)
}
