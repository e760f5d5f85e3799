//! `[audit]`: who signs the heads of the access log, and where they are kept.

use std::path::{Path, PathBuf};
use std::time::Duration;

use secrecy::SecretString;

use super::document::{Entry, Section, Wrong};
use super::store::StoreUrl;
use super::value::duration;
use super::{Store, secret};

/// `[audit]`.
#[derive(Clone, Debug)]
pub struct Audit {
    /// The name of the log, which stands in every head and in the public key.
    pub name: String,
    /// Signs: 64 hexadecimal digits. Without it the log is a tree all the same, and nobody vouches for it.
    pub key: Option<SecretString>,
    /// Where the heads are kept; given whenever there is a key.
    pub sink: Option<PathBuf>,
    /// How often a head is signed.
    pub every: Duration,
}

impl Audit {
    pub(super) fn read(section: &Section<'_>, store: Option<&Store>) -> Option<Self> {
        let name = section.defaulted("name", name);
        let key = section.optional("key", secret::key);
        let sink = section.optional("sink", |entry| Ok(PathBuf::from(entry.text()?)));
        let every = section.defaulted("every", |v| duration(v, Duration::from_secs(1)..=Duration::from_secs(86_400)));
        section.finish();
        if key.is_some() && sink.is_none() && !section.has("sink") {
            let help = "write `sink = \"/var/log/balancebot/heads.jsonl\"` or the like";
            section.fault("key", Wrong::new("needs `audit.sink`, where signed heads are kept").help(help));
        }
        if let (Some(sink), Some(Store { url: StoreUrl::Sqlite(database), .. })) = (&sink, store)
            && folder(sink) == folder(database)
        {
            let help = "whoever can take the database back to yesterday must not be able to take the heads back, too";
            section.fault("sink", Wrong::new("must not be in the folder of the database").help(help));
        }
        Some(Self { name: name?, key, sink, every: every? })
    }
}

fn folder(path: &Path) -> &Path {
    path.parent().unwrap_or(Path::new(""))
}

fn name(entry: &Entry<'_>) -> Result<String, Wrong> {
    let text = entry.text()?;
    let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | '/');
    if !text.is_empty() && text.chars().all(fits) {
        return Ok(text.to_owned());
    }
    Err(Wrong::new(format!("is no name of a log: {text:?}"))
        .help("write letters, digits, dots, dashes and slashes: \"bot.example/access-log\""))
}
