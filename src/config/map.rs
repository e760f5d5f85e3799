//! `[map]`: where people look for cash machines. The bot itself asks nobody: people open the link, or do not.

use super::document::{Entry, Section, Wrong};

/// What stands in the address for what is looked for.
const QUERY: &str = "{query}";

/// `[map]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Map {
    /// An address with `{query}` in it, once.
    pub search_url: String,
}

impl Map {
    pub(super) fn read(section: &Section<'_>) -> Option<Self> {
        let search_url = section.defaulted("search_url", search_url);
        section.finish();
        Some(Self { search_url: search_url? })
    }
}

/// An address over https with `{query}` in its query, where nothing that is typed can lead to another place.
fn search_url(entry: &Entry<'_>) -> Result<String, Wrong> {
    let text = entry.text()?;
    let help = "write it as \"https://host/search?q={query}\"";
    let wrong = |what: &str| Err(Wrong::new(format!("{what}: {text:?}")).help(help));
    let Some((before, after)) = text.split_once(QUERY) else { return wrong("holds no {query}") };
    if after.contains(QUERY) {
        return wrong("holds {query} more than once");
    }
    let address: Option<http::Uri> = text.replace(QUERY, "x").parse().ok();
    let is_web = address.as_ref().and_then(http::Uri::scheme_str) == Some("https");
    let has_host = address.as_ref().and_then(http::Uri::authority).is_some_and(|host| !host.as_str().contains('@'));
    if !is_web || !has_host || text.contains(char::is_whitespace) {
        return wrong("is no address over https");
    }
    if before.contains('?') { Ok(text.to_owned()) } else { wrong("must hold {query} after a `?`") }
}
