//! `serve`: the bot as operators run it, from a checked config.

use std::collections::HashMap;
use std::sync::Arc;

use jiff::civil::Weekday;
use jiff::tz::TimeZone;
use secrecy::ExposeSecret;
use zeroize::Zeroizing;

use crate::app::{Bot, BuildError, Content, Ground, Settings, assemble};
use crate::bank::login::LoginSettings;
use crate::bank::{BankSettings, Dialect, History, Limits as CallLimits};
use crate::channel::messenger::{MessengerSettings, PageSettings};
use crate::clock::Clock;
use crate::config::{self, BankConfig, Config};
use crate::domain::message::{Conversation, PageId};
use crate::egress::Transport;
use crate::privacy::seal::Keyring;
use crate::proof::note::Signer;
use crate::store::{Retention, Store};
use crate::turn::heads::Heads;
use crate::turn::{CrewSize, Limits, Profile, Profiles, Staff};
use crate::web::serve::Limits as WebLimits;

/// The people of a page, of whom nothing better is known: the page's own locale and zone.
struct PageProfiles {
    pages: HashMap<PageId, config::Page>,
}

impl Profiles for PageProfiles {
    fn profile(&self, conversation: &Conversation) -> Profile {
        let page = self.pages.get(&conversation.page);
        let locale = page.map_or_else(|| "en-US".to_owned(), |page| page.locale.clone());
        Profile {
            zone: page.map_or(TimeZone::UTC, |page| page.tz.clone()),
            week_starts: page.and_then(|page| page.week_starts).unwrap_or_else(|| first_day_of_week(&locale)),
            locale,
            exchange: None,
            known: false,
        }
    }
}

/// The first day of the week where the config names none (CLDR: Sunday in the Americas, else Monday).
fn first_day_of_week(locale: &str) -> Weekday {
    match locale.rsplit('-').next() {
        Some("US" | "CA" | "MX" | "BR") => Weekday::Sunday,
        _ => Weekday::Monday,
    }
}

/// Settings of one bank.
pub fn bank_settings(bank: &BankConfig) -> BankSettings {
    let version = bank.version.clone();
    BankSettings {
        bank: bank.bank.clone(),
        dialect: match bank.dialect {
            config::Dialect::Fdx => Dialect::Fdx { version },
            config::Dialect::Obuk => Dialect::Obuk { version },
        },
        base_url: bank.base_url.clone(),
        currency: None,
        zone: None,
        history: bank.history_days.map(History::Days),
        limits: CallLimits {
            call_timeout: bank.limits.call_within,
            retries_max: bank.limits.attempts.saturating_sub(1),
            calls_at_once: bank.limits.calls as usize,
            pages_max: bank.limits.pages as usize,
            ..CallLimits::default()
        },
        offers: bank.offers,
        consent: bank.consent,
        orders_key: bank.orders_key,
        login: bank.login.as_ref().map(|login| LoginSettings {
            issuer: login.issuer.clone(),
            authorize_url: login.authorize_url.clone(),
            token_url: login.token_url.clone(),
            par_url: login.par_url.clone(),
            revoke_url: login.revoke_url.clone(),
            client_id: login.client_id.clone(),
            client_secret: login.client_secret.clone(),
            scope: login.scope.clone(),
        }),
    }
}

/// Settings of the messenger.
pub fn messenger_settings(messenger: &config::Messenger) -> MessengerSettings {
    let page = |page: &config::Page| PageSettings { id: page.id.as_str().to_owned(), token: page.token.clone() };
    MessengerSettings {
        graph_url: messenger.graph_url.clone(),
        graph_version: messenger.graph_version.clone(),
        verify_token: messenger.verify_token.clone(),
        app_secret: Some(messenger.app_secret.clone()),
        previous_app_secret: messenger.previous_app_secret.clone(),
        pages: messenger.pages.iter().map(page).collect(),
        own_app_id: messenger.app_id.clone(),
        sends_per_second: messenger.sends_per_second,
    }
}

/// The keys of a configured store.
pub fn keyring(store: &config::Store) -> Result<Keyring, crate::privacy::seal::BadKey> {
    Keyring::from_hex(store.keys())
}

/// Why nobody signs the access log.
#[derive(Debug, thiserror::Error)]
pub enum HeadsError {
    /// The key or its name cannot be used.
    #[error("`audit.key` or `audit.name` cannot be used")]
    Key,
    /// The file of heads cannot be used.
    #[error("{path}: {reason}")]
    File {
        /// Where it is.
        path: String,
        /// What the system says.
        reason: std::io::Error,
    },
}

/// Who signs, if a key is configured.
pub fn signer(audit: &config::Audit) -> Result<Option<Signer>, HeadsError> {
    let Some(key) = &audit.key else { return Ok(None) };
    let mut seed = Zeroizing::new([0; 32]);
    hex::decode_to_slice(key.expose_secret(), seed.as_mut_slice()).map_err(|_| HeadsError::Key)?;
    Signer::new(&audit.name, &seed).map(Some).map_err(|_| HeadsError::Key)
}

/// Who signs heads and keeps them, if a key is configured.
pub fn heads(audit: &config::Audit) -> Result<Option<Arc<Heads>>, HeadsError> {
    let (Some(signer), Some(sink)) = (signer(audit)?, &audit.sink) else { return Ok(None) };
    let failed = |reason| HeadsError::File { path: sink.display().to_string(), reason };
    Heads::open(signer, sink, audit.every).map(|heads| Some(Arc::new(heads))).map_err(failed)
}

/// Builds a bot from a config.
pub async fn build(
    config: &Config,
    content: &Content,
    clock: Arc<dyn Clock>,
    store: Arc<dyn Store>,
    keyring: Arc<Keyring>,
    socket: Arc<dyn Transport>,
    heads: Option<Arc<Heads>>,
) -> Result<Bot, BuildError> {
    let settings = Settings {
        messenger: messenger_settings(&config.messenger),
        banks: config.banks.iter().map(bank_settings).collect(),
        staff: Staff {
            hours: config.desk.hours.iter().cloned().collect(),
            zone: config.messenger.pages.first().map_or(TimeZone::UTC, |page| page.tz.clone()),
            wait: config.desk.wait.map(config::in_words),
            phone: config.desk.phone.clone(),
            always: None,
            idle: config.desk.idle,
        },
        limits: Limits {
            interim_after: config.turn.interim_after,
            answer_by: config.turn.answer_by,
            lease: config.turn.lease,
            attempts: config.turn.attempts,
            context: config.turn.context,
            session: config.turn.session,
            ..Limits::default()
        },
        retention: retention(&config.retention),
        cache: config.turn.cache,
        body_max: usize::try_from(config.server.limits.body_bytes).unwrap_or(usize::MAX),
        chat_url: config.messenger.chat_url.clone(),
        linking_url: None,
        map_search_url: config.map.search_url.clone(),
        page_names: config
            .messenger
            .pages
            .iter()
            .filter_map(|page| Some((page.id.clone(), page.name.clone()?)))
            .collect(),
        public_url: config.server.public_url.clone(),
    };
    let pages = config.messenger.pages.iter().map(|page| (page.id.clone(), page.clone())).collect();
    let ground = Ground {
        clock,
        store,
        keyring,
        to_banks: Arc::clone(&socket),
        to_messenger: socket,
        profiles: Arc::new(PageProfiles { pages }),
        heads,
        witness: None,
    };
    let bot = assemble(settings, content, ground)?;
    bot.turn.read_stops().await?;
    for link in &config.links {
        bot.turn.keep_link(&link.conversation, &link.link).await?;
    }
    Ok(bot)
}

fn retention(kept: &config::Retention) -> Retention {
    let config::Retention { ids, set_aside, given_up, replies, silent, access } = *kept;
    Retention { ids, set_aside, given_up, replies, silent, access }
}

/// How many think and send.
pub fn crew(config: &Config) -> CrewSize {
    CrewSize { workers: config.turn.workers as usize, ..CrewSize::default() }
}

/// Limits of the web server.
pub fn web_limits(config: &Config) -> WebLimits {
    let limits = &config.server.limits;
    WebLimits {
        connections_max: limits.connections as usize,
        head: limits.header_within,
        head_bytes_max: usize::try_from(limits.header_bytes).unwrap_or(usize::MAX),
        body: limits.body_within,
        drain: config.server.drain,
        ..WebLimits::default()
    }
}
