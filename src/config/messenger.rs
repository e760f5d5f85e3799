//! `[messenger]`: the Meta app and the pages it speaks for. What the bot says is in `bot-flows/`, not here.

use std::num::NonZeroU32;

use jiff::civil::Weekday;
use jiff::tz::TimeZone;
use secrecy::SecretString;

use super::document::{Entry, Section, Wrong};
use super::secret::secret;
use super::url::base_url;
use super::value::{count, line, locale, platform_id, time_zone, week_start};
use crate::domain::message::PageId;

/// `[messenger]`.
#[derive(Clone, Debug)]
pub struct Messenger {
    /// Where the Graph API is, without a slash at its end.
    pub graph_url: String,
    /// Which version of it is spoken, e.g. `v25.0`.
    pub graph_version: String,
    /// Where a chat with a page is opened, without a slash at its end.
    pub chat_url: String,
    /// What the platform must know to subscribe the webhook.
    pub verify_token: SecretString,
    /// Signs every delivery.
    pub app_secret: SecretString,
    /// Still accepted while the app secret is being changed.
    pub previous_app_secret: Option<SecretString>,
    /// Our app, to know our own echoes by.
    pub app_id: Option<String>,
    /// Most calls a second for each page: messages and signs together.
    pub sends_per_second: NonZeroU32,
    /// The pages; at least one, each once.
    pub pages: Vec<Page>,
}

/// `[[messenger.page]]`.
#[derive(Clone, Debug)]
pub struct Page {
    /// The page's id on the platform.
    pub id: PageId,
    /// The name under which people know it.
    pub name: Option<String>,
    /// The page access token.
    pub token: SecretString,
    /// The locale of people of whom nothing better is known, e.g. `en-US`.
    pub locale: String,
    /// The zone of people of whom nothing better is known.
    pub tz: TimeZone,
    /// The first day of their week; by the locale when not given.
    pub week_starts: Option<Weekday>,
}

impl Messenger {
    /// The page of an id, if it is configured.
    pub fn page(&self, id: &PageId) -> Option<&Page> {
        self.pages.iter().find(|page| page.id == *id)
    }

    pub(super) fn read(section: &Section<'_>) -> Option<Self> {
        let graph_url = section.defaulted("graph_url", base_url);
        let graph_version = section.defaulted("graph_version", version);
        let chat_url = section.defaulted("chat_url", base_url);
        let verify_token = section.required("verify_token", secret);
        let app_secret = section.required("app_secret", secret);
        let previous_app_secret = section.optional("previous_app_secret", secret);
        let app_id = section.optional("app_id", platform_id);
        let sends_per_second = section.defaulted("sends_per_second", |v| count(v, 1..=10_000));
        let tables = section.sections("page");
        let pages: Vec<_> = tables.iter().map(Page::read).collect();
        section.finish();
        if section.is_given() && tables.is_empty() {
            section.fault_here(Wrong::new("no page is configured").help("add a [[messenger.page]] with id and token"));
        }
        for (at, table) in tables.iter().enumerate() {
            let same = |other: &&Option<Page>| other.as_ref().map(|page| &page.id) == pages[at].as_ref().map(|p| &p.id);
            if let (Some(page), Some(_)) = (&pages[at], pages[..at].iter().find(same)) {
                table.fault("id", Wrong::new(format!("is given twice: {}", page.id)));
            }
        }
        Some(Self {
            graph_url: graph_url?,
            graph_version: graph_version?,
            chat_url: chat_url?,
            verify_token: verify_token?,
            app_secret: app_secret?,
            previous_app_secret,
            app_id,
            sends_per_second: sends_per_second.and_then(NonZeroU32::new)?,
            pages: pages.into_iter().collect::<Option<_>>()?,
        })
    }
}

impl Page {
    fn read(section: &Section<'_>) -> Option<Self> {
        let id = section.required("id", platform_id);
        let name = section.optional("name", line);
        let token = section.required("token", secret);
        let locale = section.defaulted("locale", locale);
        let tz = section.defaulted("tz", time_zone);
        let week_starts = section.optional("week_starts", week_start);
        section.finish();
        Some(Self { id: PageId::new(id?), name, token: token?, locale: locale?, tz: tz?, week_starts })
    }
}

fn version(entry: &Entry<'_>) -> Result<String, Wrong> {
    let text = entry.text()?;
    let number = |part: &str| !part.is_empty() && part.len() <= 3 && part.bytes().all(|b| b.is_ascii_digit());
    let good = text.strip_prefix('v').and_then(|rest| rest.split_once('.'));
    match good {
        Some((major, minor)) if number(major) && number(minor) => Ok(text.to_owned()),
        _ => Err(Wrong::new(format!("is no version of the Graph API: {text:?}")).help("write \"v25.0\"")),
    }
}
