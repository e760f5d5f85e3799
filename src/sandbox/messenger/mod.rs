//! A Messenger on this machine. To the bot it behaves like Meta's platform: a strict Graph API, signed webhook
//! deliveries, echoes, retries, and faults on demand. To a person it is a chat page in the browser.
//!
//! - `graph/` is what the bot calls; `courier.rs` carries deliveries to the bot's webhook.
//! - `desk.rs` is the people behind the page, in its inbox;
//! - `linking.rs` is the ways between the chat and the bot's pages: Log In, and links that lead back;
//! - `person.rs` is what people do; `thread.rs` is what they and the page said.
//! - `routes.rs` serves the chat page in `page/` and the `/sandbox/…` interface that scripts and tests drive.
//!
//! Facts are those of Meta's pages of 2026: the Send API with its limits and errors, the webhook reference, and the
//! Messenger Profile API. What differs from the real platform says so where it differs.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use axum::Router;
use bytes::Bytes;
use http::{Request, Response};
use jiff::Timestamp;
use secrecy::SecretString;
use serde_json::{Map, Value};

use crate::clock::Clock;
use crate::domain::message::{Conversation, MessageId};
use crate::egress::{Transport, TransportError};

mod courier;
mod deletion;
mod desk;
mod envelope;
mod faults;
mod feed;
mod graph;
mod linking;
mod person;
mod routes;
mod say;
mod thread;

pub use desk::Passed;
pub use faults::{FailNext, Faults};
pub use person::{Tapped, Unsaid};
pub use thread::{Mark, Sent, SignalSeen};

/// How long a webhook has for its 200 (Meta's webhooks page of May 2026).
const ANSWER_WITHIN: Duration = Duration::from_secs(5);

/// Webhook fields that a page's app is subscribed to at the start.
const FIELDS: [&str; 13] = [
    "messages",
    "messaging_postbacks",
    "messaging_account_linking",
    "messaging_optins",
    "messaging_referrals",
    "messaging_handovers",
    "standby",
    "messaging_policy_enforcement",
    "message_deliveries",
    "message_reads",
    "message_echoes",
    "message_reactions",
    "message_edits",
];

/// Who takes part, and the secrets that the bot shares with the platform.
pub struct Settings {
    /// The app that the bot is, as in an echo's `app_id`.
    pub app_id: String,
    /// The page that people write to.
    pub page_id: String,
    /// The page's name, as people see it.
    pub page_name: String,
    /// What deliveries are signed with.
    pub app_secret: SecretString,
    /// What the bot's calls must carry.
    pub page_token: SecretString,
    /// What the GET check of the webhook carries.
    pub verify_token: SecretString,
    /// Whether a call without `appsecret_proof` is refused ("Require App Secret" in the app's settings).
    pub require_proof: bool,
    /// The people who may write.
    pub people: Vec<Person>,
    /// What message ids begin with. A bot that keeps its store from one run to the next must not meet an id again.
    pub mid_prefix: String,
}

/// One person who uses this Messenger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// The page-scoped id (PSID).
    pub id: String,
    /// First and last name.
    pub name: String,
    /// A short name for scripts and addresses, e.g. `maya`.
    pub handle: String,
    /// What the platform reports as the person's locale, e.g. `en_US`.
    pub locale: Option<String>,
    /// The IANA name of the zone that the person's device is in; the browser's own if not given.
    pub zone: Option<String>,
}

/// Where deliveries go.
#[derive(Clone)]
pub struct Webhook {
    /// How they get there.
    pub transport: Arc<dyn Transport>,
    /// The absolute address.
    pub url: String,
    /// How long the bot has for its answer. `None` for a bot in this process under virtual time: there a wait costs
    /// nothing, and a deadline would come due whenever the bot waits for anything but the clock.
    pub answer_within: Option<Duration>,
}

impl Webhook {
    /// A webhook that must answer in time, as Meta asks: within 5 seconds.
    pub fn new(transport: Arc<dyn Transport>, url: impl Into<String>) -> Self {
        Self { transport, url: url.into(), answer_within: Some(ANSWER_WITHIN) }
    }

    /// A webhook that is never reached: until the bot runs, and while it is dead.
    pub fn nowhere() -> Self {
        Self::new(Arc::new(Nowhere), NOWHERE)
    }
}

/// An address that leads nowhere.
const NOWHERE: &str = "http://nowhere.invalid";

struct Nowhere;

#[async_trait]
impl Transport for Nowhere {
    async fn exchange(&self, _request: Request<Bytes>) -> Result<Response<Bytes>, TransportError> {
        Err(TransportError::Unreachable)
    }
}

/// Tells when the bot has nothing unfinished for a person. Given by the app, which can look into the store.
#[async_trait]
pub trait Settled: Send + Sync {
    /// Returns when nothing of that conversation waits to be thought about or sent.
    async fn settled(&self, conversation: &Conversation);
}

/// The local Messenger. Clones are handles to the same one.
#[derive(Clone)]
pub struct LocalMessenger {
    platform: Arc<Platform>,
}

struct Platform {
    settings: Settings,
    clock: Arc<dyn Clock>,
    webhook: Mutex<Webhook>,
    url: Mutex<String>,
    settled: Mutex<Option<Arc<dyn Settled>>>,
    state: Mutex<State>,
    courier: courier::Courier,
    feed: feed::Feed,
    /// One turn of `/sandbox/say` at a time for each person, by PSID: two would read each other's replies.
    turns: HashMap<String, tokio::sync::Mutex<()>>,
}

/// Everything that changes, behind one short lock that is never held across an await.
struct State {
    threads: BTreeMap<String, thread::Thread>,
    linkings: linking::Linkings,
    locales: BTreeMap<String, String>,
    profile: Map<String, Value>,
    subscribed: Vec<String>,
    faults: Faults,
    /// Numbers message ids and trace ids, so that a run can be replayed byte for byte.
    counter: u64,
    mid_prefix: String,
    /// How many open chat pages look at a person's thread, by PSID.
    viewers: BTreeMap<String, usize>,
}

impl State {
    fn next(&mut self) -> u64 {
        self.counter += 1;
        self.counter
    }

    fn next_mid(&mut self) -> MessageId {
        let number = self.next();
        mid(&self.mid_prefix, number)
    }
}

fn mid(prefix: &str, number: u64) -> MessageId {
    MessageId::new(format!("{prefix}{number}"))
}

impl LocalMessenger {
    /// A Messenger in which nobody has written yet. Deliveries go to `webhook`; time is `clock`'s.
    pub fn new(settings: Settings, webhook: Webhook, clock: Arc<dyn Clock>) -> Self {
        let ids = || settings.people.iter().map(|person| person.id.clone());
        let state = State {
            threads: ids().map(|id| (id, thread::Thread::default())).collect(),
            linkings: linking::Linkings::default(),
            locales: settings.people.iter().filter_map(|p| Some((p.id.clone(), p.locale.clone()?))).collect(),
            profile: Map::new(),
            subscribed: FIELDS.map(str::to_owned).to_vec(),
            faults: Faults::default(),
            counter: 0,
            mid_prefix: settings.mid_prefix.clone(),
            viewers: BTreeMap::new(),
        };
        let turns = ids().map(|id| (id, tokio::sync::Mutex::new(()))).collect();
        Self {
            platform: Arc::new(Platform {
                settings,
                clock,
                webhook: Mutex::new(webhook),
                url: Mutex::new(NOWHERE.to_owned()),
                settled: Mutex::new(None),
                state: Mutex::new(state),
                courier: courier::Courier::default(),
                feed: feed::Feed::default(),
                turns,
            }),
        }
    }

    /// Points deliveries at another webhook: when the bot has started, or started again.
    pub fn set_webhook(&self, webhook: Webhook) {
        *lock(&self.platform.webhook) = webhook;
    }

    /// Says where people reach this Messenger: `http://127.0.0.1:8088`. Links that lead back to it begin so.
    pub fn set_url(&self, url: &str) {
        *lock(&self.platform.url) = url.to_owned();
    }

    /// Says how to know that the bot has settled. Without it, `/sandbox/say` waits for deliveries only.
    pub fn set_settled(&self, settled: Arc<dyn Settled>) {
        *lock(&self.platform.settled) = Some(settled);
    }

    /// What is switched wrong at present.
    pub fn faults(&self) -> Faults {
        self.state().faults.clone()
    }

    /// Switches faults on and off, all at once.
    pub fn set_faults(&self, faults: Faults) {
        self.state().faults = faults;
        self.platform.feed.changed("faults", None);
    }

    /// What the platform reports as a person's locale from now on, e.g. `de_DE`.
    pub fn set_locale(&self, person: &str, locale: &str) -> Result<(), Unsaid> {
        let id = self.person(person)?.id.clone();
        self.state().locales.insert(id, locale.replace('-', "_"));
        Ok(())
    }

    /// The Graph API alone: `/{version}/…`.
    pub fn graph_router(&self) -> Router {
        graph::router(self.clone())
    }

    /// The chat page at `/` and the `/sandbox/…` interface alone.
    pub fn page_router(&self) -> Router {
        routes::router(self.clone())
    }

    /// Everything on one listener.
    pub fn router(&self) -> Router {
        self.page_router().merge(self.graph_router())
    }

    /// Ends the event streams of open chat pages, so that a server can drain, and lets go of the webhook.
    pub fn close(&self) {
        self.platform.feed.close();
        self.set_webhook(Webhook::nowhere());
    }

    /// Where a person's thread stands now; `outbox_since` and `signals_since` count from it.
    pub fn mark(&self, person: &str) -> Result<Mark, Unsaid> {
        let id = self.person(person)?.id.clone();
        Ok(self.state().threads.get(&id).map(thread::Thread::mark).unwrap_or_default())
    }

    /// What the bot sent to a person since a mark, oldest first.
    pub fn outbox_since(&self, person: &str, mark: Mark) -> Result<Vec<Sent>, Unsaid> {
        let id = self.person(person)?.id.clone();
        Ok(self.state().threads.get(&id).map(|thread| thread.sent_since(mark)).unwrap_or_default())
    }

    /// The typing and seen signs that the bot gave a person since a mark, oldest first.
    pub fn signals_since(&self, person: &str, mark: Mark) -> Result<Vec<SignalSeen>, Unsaid> {
        let id = self.person(person)?.id.clone();
        Ok(self.state().threads.get(&id).map(|thread| thread.signals_since(mark)).unwrap_or_default())
    }

    /// The conversation that the bot has with a person.
    pub fn conversation(&self, person: &str) -> Result<Conversation, Unsaid> {
        Ok(Conversation::messenger(self.settings().page_id.as_str(), self.person(person)?.id.as_str()))
    }

    /// Returns when every delivery was handed over or has fallen back to waiting for a later try.
    pub async fn drained(&self) {
        self.platform.courier.drained().await;
    }

    fn settings(&self) -> &Settings {
        &self.platform.settings
    }

    fn state(&self) -> MutexGuard<'_, State> {
        lock(&self.platform.state)
    }

    fn now(&self) -> Timestamp {
        self.platform.clock.now()
    }

    /// Finds a person by handle or PSID.
    fn person(&self, name: &str) -> Result<&Person, Unsaid> {
        let people = &self.settings().people;
        people
            .iter()
            .find(|person| person.handle == name || person.id == name)
            .ok_or_else(|| Unsaid::UnknownPerson { known: people.iter().map(|p| p.handle.clone()).collect() })
    }

    fn handle_of(&self, psid: &str) -> Option<String> {
        self.settings().people.iter().find(|person| person.id == psid).map(|person| person.handle.clone())
    }
}

/// A panic while the lock was held leaves nothing half done that could not be shown: go on.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
