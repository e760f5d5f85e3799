//! A bank in this process: a router that answers from a script, and a log of what was asked of it.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use balancebot::bank::{BankConnector, BankSettings, Dialect, connect};
use balancebot::clock::{Clock, WorldClock};
use balancebot::domain::account::{Account, AccountClass};
use balancebot::domain::bank::Bank;
use balancebot::domain::money::Currency;
use balancebot::egress::InProcess;
use balancebot::privacy::permit::{Permit, trial};
use http::{HeaderMap, Request, Response, Uri};

/// One call that arrived.
#[derive(Clone, Debug)]
pub(crate) struct Call {
    pub(crate) uri: Uri,
    pub(crate) headers: HeaderMap,
}

impl Call {
    /// Path and query below the base path.
    pub(crate) fn target(&self) -> String {
        let target = self.uri.path_and_query().map(ToString::to_string).unwrap_or_default();
        target.strip_prefix(BASE_PATH).unwrap_or(&target).to_owned()
    }
}

/// What the bank answers to a call.
#[derive(Clone, Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(&'static str, String)>,
    pub(crate) body: String,
    pub(crate) after: Duration,
}

impl Reply {
    pub(crate) fn ok(body: impl Into<String>) -> Self {
        Self::status(200, body)
    }

    pub(crate) fn status(status: u16, body: impl Into<String>) -> Self {
        Self { status, headers: Vec::new(), body: body.into(), after: Duration::ZERO }
    }

    pub(crate) fn header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    pub(crate) fn after(mut self, seconds: u64) -> Self {
        self.after = Duration::from_secs(seconds);
        self
    }
}

pub(crate) const BASE_PATH: &str = "/open-banking/aisp";
pub(crate) const BASE: &str = "https://bank.example/open-banking/aisp";

/// The shapes of the dialects; each has a folder of fixtures that tell the same story.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shape {
    Fdx6,
    Fdx5,
    Obuk4,
    Obuk3,
}

impl Shape {
    pub(crate) const ALL: [Self; 4] = [Self::Fdx6, Self::Fdx5, Self::Obuk4, Self::Obuk3];

    pub(crate) fn dialect(self) -> Dialect {
        let (name, version) = match self {
            Self::Fdx6 => ("fdx", "6.4"),
            Self::Fdx5 => ("fdx", "5.3"),
            Self::Obuk4 => ("obuk", "4.0"),
            Self::Obuk3 => ("obuk", "3.1.11"),
        };
        Dialect::parse(name, Some(version)).expect("a known dialect")
    }

    /// A fixture of this shape.
    pub(crate) fn file(self, name: &str) -> String {
        let folder = format!("{self:?}").to_lowercase();
        let path = format!("{}/tests/bank_contract/{folder}/{name}.json", env!("CARGO_MANIFEST_DIR"));
        std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"))
    }

    /// Answers a call from the fixtures.
    pub(crate) fn story(self, call: &Call) -> Reply {
        let target = call.target();
        let (path, query) = target.split_once('?').unwrap_or((&target, ""));
        let parts: Vec<&str> = path.trim_start_matches('/').split('/').collect();
        let second = ["pageKey=k2", "offset=3", "page=2"].iter().any(|cursor| query.contains(cursor));
        let file = match (self, parts.as_slice()) {
            (_, ["accounts"]) => "accounts".to_owned(),
            (Self::Fdx6 | Self::Fdx5, ["accounts", id]) => format!("{id}-balances"),
            (Self::Obuk4 | Self::Obuk3, ["accounts", id, "balances"]) => format!("{id}-balances"),
            (_, ["accounts", id, "transactions"]) => format!("{id}-{}", if second { 2 } else { 1 }),
            _ => return Reply::status(404, ""),
        };
        if file.starts_with("gone") { Reply::status(404, "") } else { Reply::ok(self.file(&file)) }
    }
}

/// A scripted bank and its log.
pub(crate) struct Stage {
    pub(crate) bank: Arc<dyn BankConnector>,
    calls: Arc<Mutex<Vec<Call>>>,
}

impl Stage {
    pub(crate) fn new(
        id: &str,
        shape: Shape,
        clock: Arc<WorldClock>,
        script: impl Fn(&Call) -> Reply + Send + Sync + 'static,
    ) -> Self {
        let calls: Arc<Mutex<Vec<Call>>> = Arc::default();
        let (log, script, time) = (calls.clone(), Arc::new(script), clock.clone());
        let router = Router::new().fallback(move |request: Request<Body>| {
            let (log, script, time) = (log.clone(), script.clone(), time.clone());
            async move {
                let call = Call { uri: request.uri().clone(), headers: request.headers().clone() };
                log.lock().expect("the log").push(call.clone());
                let reply = script(&call);
                let wait = balancebot::clock::later(time.now(), reply.after);
                time.sleep_until(wait).await;
                let mut response = Response::builder().status(reply.status);
                for (name, value) in &reply.headers {
                    response = response.header(*name, value);
                }
                response.body(Body::from(reply.body)).expect("a response")
            }
        });
        // One bank of the stage tells no offers.
        let told = BankSettings::new(bank(id), shape.dialect(), BASE);
        let settings = BankSettings { offers: id != "mute", ..told };
        let bank = connect(settings, Arc::new(InProcess::new(router)), clock).expect("a good address");
        Self { bank, calls }
    }

    /// A bank that tells the story of its shape.
    pub(crate) fn story(id: &str, shape: Shape, clock: Arc<WorldClock>) -> Self {
        Self::new(id, shape, clock, move |call| shape.story(call))
    }

    /// A bank that answers every call the same.
    pub(crate) fn always(shape: Shape, reply: Reply) -> Self {
        Self::new("northgate", shape, clock(), move |_| reply.clone())
    }

    pub(crate) fn calls(&self) -> Vec<Call> {
        self.calls.lock().expect("the log").clone()
    }

    pub(crate) fn targets(&self) -> Vec<String> {
        self.calls().iter().map(Call::target).collect()
    }
}

pub(crate) fn bank(id: &str) -> Bank {
    Bank { id: id.into(), name: id.to_uppercase(), country: "US".to_owned(), fraud_line: None, help_line: None }
}

/// Sunday, 22 November 2026, 14:00 in New York.
pub(crate) fn clock() -> Arc<WorldClock> {
    Arc::new(WorldClock::starting_at("2026-11-22T14:00:00-05:00".parse().expect("a moment")))
}

pub(crate) fn permit() -> Permit {
    trial(&"northgate".into(), "token-1".into())
}

pub(crate) fn account(id: &str, class: AccountClass) -> Account {
    Account {
        id: id.into(),
        bank: "northgate".into(),
        nick: id.to_owned(),
        last4: None,
        class,
        currency: Currency::USD,
    }
}
