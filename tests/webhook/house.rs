//! A server on loopback with a recording store behind it.

use std::sync::Arc;
use std::time::Duration;

use balancebot::channel::messenger::{Messenger, MessengerSettings, PageSettings, SENDS_PER_SECOND};
use balancebot::channel::signature;
use balancebot::clock::{Clock, WallClock};
use balancebot::domain::message::Event;
use balancebot::egress::InProcess;
use balancebot::privacy::seal::{Keyring, Place};
use balancebot::store::{Arrival, Fate};
use balancebot::wakeup::Doorbell;
use balancebot::web::{health, secured, serve, webhook};
use secrecy::SecretString;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::recording_store::RecordingStore;

pub(crate) const PAGE: &str = "100000000000001";
pub(crate) const MAYA: &str = "7700000000000001";
pub(crate) const OWN_APP: &str = "555000111";
pub(crate) const SECRET: &str = "app secret";
pub(crate) const PREVIOUS_SECRET: &str = "app secret of last year";
pub(crate) const VERIFY_TOKEN: &str = "verify me";
/// The time of the events in the fixtures, in milliseconds.
pub(crate) const AT: i64 = 1_790_003_200_000;

pub(crate) struct House {
    pub(crate) store: Arc<RecordingStore>,
    pub(crate) bell: Arc<Doorbell>,
    pub(crate) shutdown: CancellationToken,
    pub(crate) server: JoinHandle<usize>,
    pub(crate) address: String,
    keyring: Arc<Keyring>,
    client: reqwest::Client,
}

pub(crate) fn settings() -> MessengerSettings {
    MessengerSettings {
        graph_url: "http://127.0.0.1:9".to_owned(),
        graph_version: "v25.0".to_owned(),
        verify_token: SecretString::from(VERIFY_TOKEN),
        app_secret: Some(SecretString::from(SECRET)),
        previous_app_secret: Some(SecretString::from(PREVIOUS_SECRET)),
        pages: vec![PageSettings { id: PAGE.to_owned(), token: SecretString::from("page token") }],
        own_app_id: Some(OWN_APP.to_owned()),
        sends_per_second: SENDS_PER_SECOND,
    }
}

impl House {
    pub(crate) async fn open() -> Self {
        Self::with(settings(), serve::Limits::default()).await
    }

    pub(crate) async fn with(settings: MessengerSettings, limits: serve::Limits) -> Self {
        let clock: Arc<dyn Clock> = Arc::new(WallClock);
        let store = Arc::new(RecordingStore::default());
        let keyring = Arc::new(Keyring::ephemeral());
        let bell = Arc::new(Doorbell::default());
        let shutdown = CancellationToken::new();
        let transport = Arc::new(InProcess::new(axum::Router::new()));
        let state = webhook::Webhook {
            channel: Arc::new(Messenger::new(settings, transport, Arc::clone(&clock))),
            store: store.clone(),
            keyring: Arc::clone(&keyring),
            bell: Arc::clone(&bell),
            crew: None,
            clock: Arc::clone(&clock),
            body_max: webhook::BODY_MAX,
        };
        let health = health::Health { store: store.clone(), draining: shutdown.clone(), clock: Arc::clone(&clock) };
        let router = secured(webhook::router(state).merge(health::router(health)));
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address").to_string();
        let server = tokio::spawn(serve::serve(listener, router, limits, shutdown.clone(), clock));
        Self { store, bell, shutdown, server, address, keyring, client: reqwest::Client::new() }
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    pub(crate) async fn get(&self, path: &str) -> reqwest::Response {
        self.client.get(self.url(path)).send().await.expect("an answer")
    }

    /// Posts a body under the given headers.
    pub(crate) async fn post(&self, headers: &[(&str, String)], body: Vec<u8>) -> reqwest::Response {
        let mut request = self.client.post(self.url("/webhook/messenger")).body(body);
        for (name, value) in headers {
            request = request.header(*name, value.as_bytes());
        }
        request.send().await.expect("an answer")
    }

    /// Posts a body as the platform would, and returns the status.
    pub(crate) async fn deliver(&self, body: impl Into<Vec<u8>>) -> u16 {
        let body = body.into();
        self.post(&[("x-hub-signature-256", signed(&body))], body).await.status().as_u16()
    }

    /// Delivers one element of `messaging` and expects it to be taken.
    pub(crate) async fn element(&self, element: &Value) {
        assert_eq!(self.deliver(delivery(std::slice::from_ref(element))).await, 200);
    }

    /// The events that wait for a turn, opened.
    pub(crate) fn thoughts(&self) -> Vec<Event> {
        let arrivals = self.store.arrivals();
        let sealed = arrivals.iter().filter_map(|arrival| match &arrival.fate {
            Fate::Think(body) => Some((arrival, body)),
            _ => None,
        });
        let opened = sealed.map(|(arrival, body)| self.open_sealed(arrival, body));
        opened.map(|body| serde_json::from_slice(&body).expect("an event")).collect()
    }

    /// Opens what was sealed for an arrival.
    pub(crate) fn open_sealed(&self, arrival: &Arrival, body: &[u8]) -> Vec<u8> {
        let row = Place::inbox_row(arrival.conversation.as_ref(), &arrival.event_id);
        self.keyring.open(Place::inbox_body(&row), body).expect("opens").to_vec()
    }

    /// Writes bytes on a new connection, and returns all that comes back until the server closes it.
    pub(crate) async fn raw(&self, bytes: &[u8]) -> String {
        let mut stream = TcpStream::connect(&self.address).await.expect("a connection");
        stream.write_all(bytes).await.expect("written");
        let mut answer = Vec::new();
        // A server that has refused a request may close before it has read everything.
        let _ = within(stream.read_to_end(&mut answer)).await;
        String::from_utf8_lossy(&answer).into_owned()
    }
}

/// The platform's signature of a body.
pub(crate) fn signed(body: &[u8]) -> String {
    signature::sign(&SecretString::from(SECRET), body)
}

/// A delivery of elements for the page.
pub(crate) fn delivery(elements: &[Value]) -> String {
    json!({"object": "page", "entry": [{"id": PAGE, "time": AT + 350, "messaging": elements}]}).to_string()
}

/// A text message of Maya's.
pub(crate) fn text(mid: &str, text: &str) -> Value {
    json!({
        "sender": {"id": MAYA}, "recipient": {"id": PAGE}, "timestamp": AT, "message": {"mid": mid, "text": text},
    })
}

/// A fixture's bytes.
pub(crate) fn fixture(name: &str) -> Vec<u8> {
    let path = format!("{}/fixtures/webhooks/messenger/{name}.json", env!("CARGO_MANIFEST_DIR"));
    std::fs::read(&path).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// Waits for something that must come soon; the test fails when it does not.
pub(crate) async fn within<F: Future>(future: F) -> F::Output {
    let clock: &dyn Clock = &WallClock;
    tokio::select! {
        output = future => output,
        () = clock.sleep(Duration::from_secs(10)) => panic!("it did not come within ten seconds"),
    }
}
