//! `[store]`: where everything is kept, and the keys that seal it.

use std::path::PathBuf;

use secrecy::{ExposeSecret, SecretString};

use super::document::{Entry, Section, Wrong};
use super::secret;

/// `[store]`.
#[derive(Clone, Debug)]
pub struct Store {
    /// The database.
    pub url: StoreUrl,
    /// Seals what is written and opens what is read: 64 hexadecimal digits.
    pub key: SecretString,
    /// Open what was sealed before the key changed, newest first.
    pub previous_keys: Vec<SecretString>,
}

/// Which database, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StoreUrl {
    /// One file on this machine.
    Sqlite(PathBuf),
}

impl Store {
    /// Every key in hexadecimal: the one that seals, then those that only open.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        std::iter::once(&self.key).chain(&self.previous_keys).map(ExposeSecret::expose_secret)
    }

    pub(super) fn read(section: &Section<'_>) -> Option<Self> {
        let url = section.required("url", store_url);
        let key = section.required("key", secret::key);
        let previous_keys = section
            .optional("previous_keys", |v| v.elements()?.iter().map(secret::key).collect::<Result<Vec<_>, Wrong>>());
        section.finish();
        Some(Self { url: url?, key: key?, previous_keys: previous_keys.unwrap_or_default() })
    }
}

fn store_url(entry: &Entry<'_>) -> Result<StoreUrl, Wrong> {
    let text = entry.text()?;
    let help = "write \"sqlite:\" and a path: \"sqlite:/var/lib/balancebot/balancebot.db\"";
    if text.starts_with("postgres:") || text.starts_with("postgresql:") {
        // Not repeated: such an address may hold a password.
        return Err(Wrong::new("names PostgreSQL, which this version does not support").help(help));
    }
    let Some(path) = text.strip_prefix("sqlite:") else {
        return Err(Wrong::new("is no address of a store").help(help));
    };
    let path = path.strip_prefix("//").unwrap_or(path);
    if path.starts_with(':') {
        return Err(Wrong::new("must be a file: a store in memory loses what was acknowledged").help(help));
    }
    if path.is_empty() || path.ends_with('/') || path.contains(['?', '\0']) {
        return Err(Wrong::new("must name one file").help(help));
    }
    Ok(StoreUrl::Sqlite(PathBuf::from(path)))
}
