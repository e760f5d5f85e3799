//! What `serve` stands between: a Messenger and the banks of the built-in world, served over real sockets.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use balancebot::channel::signature;
use balancebot::clock::{Clock, WallClock, WorldClock};
use balancebot::domain::bank::BankId;
use balancebot::domain::fault::Source;
use balancebot::egress::{Reach, Socket};
use balancebot::sandbox::bank::{self, Shape};
use balancebot::sandbox::messenger::{LocalMessenger, Mark, Person, Settings, Webhook};
use balancebot::sandbox::world::World;
use balancebot::sandbox::{DEFAULT_WORLD, Sandbox};
use balancebot::web::serve::{Limits, serve};
use secrecy::SecretString;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use crate::process::{Running, run, until};

pub(crate) const PAGE: &str = "100000000000001";
/// Has two banks, by `[[link]]`.
pub(crate) const MAYA: &str = "7000000000000001";
/// Has none.
pub(crate) const NOOR: &str = "7000000000000002";

const APP: &str = "200000000000002";
pub(crate) const APP_SECRET: &str = "an app secret";
pub(crate) const PAGE_TOKEN: &str = "a page token";
const VERIFY_TOKEN: &str = "a verify token";
/// The key that the store begins with.
pub(crate) const STORE_KEY: &str = "5a5b5c5d5e5f606162636465666768695a5b5c5d5e5f60616263646566676869";

/// The town around the program.
pub(crate) struct Town {
    pub(crate) messenger: LocalMessenger,
    pub(crate) banks: Arc<Sandbox>,
    pub(crate) folder: TempDir,
    /// The path of the program's config.
    pub(crate) config: String,
    socket: Arc<Socket>,
}

impl Town {
    /// Serves Messenger and banks, and writes a config for a program between them.
    pub(crate) async fn build() -> Self {
        Self::of(DEFAULT_WORLD).await
    }

    /// The same with another world.
    pub(crate) async fn of(world: &str) -> Self {
        let clock: Arc<dyn Clock> = Arc::new(WallClock);
        let source = Source { path: "maya.toml".to_owned(), text: world.to_owned() };
        let world = World::load(&source).unwrap_or_else(|faults| panic!("{faults:#?}"));
        let world_clock = Arc::new(WorldClock::starting_at(world.now));
        let banks = Arc::new(Sandbox::new(world, world_clock));
        let messenger = LocalMessenger::new(settings(), Webhook::nowhere(), Arc::clone(&clock));
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let url = format!("http://{}", listener.local_addr().expect("bound"));
        let routes = messenger.graph_router().merge(bank::router(Arc::clone(&banks)));
        tokio::spawn(serve(listener, routes, Limits::default(), CancellationToken::new(), clock));

        let folder = tempfile::tempdir().expect("a folder");
        let secrets = [
            ("store_key", STORE_KEY.to_owned()),
            ("app_secret", APP_SECRET.to_owned()),
            ("page_token", PAGE_TOKEN.to_owned()),
            ("verify_token", VERIFY_TOKEN.to_owned()),
            ("northgate_token", "sandbox-maya-northgate".to_owned()),
            ("citywide_token", "sandbox-maya-citywide".to_owned()),
        ];
        for (name, secret) in secrets {
            fs::write(folder.path().join(name), format!("{secret}\n")).expect("writable");
        }
        let path = folder.path().join("balancebot.toml");
        fs::write(&path, config(&url, folder.path())).expect("writable");
        let socket = Arc::new(Socket::new(Reach::Loopback).expect("a client"));
        Self { messenger, banks, folder, config: path.display().to_string(), socket }
    }

    /// Starts `serve` and tells the Messenger where it is.
    pub(crate) fn serve(&self) -> Running {
        self.serve_with(&[])
    }

    /// The same with more in its environment.
    pub(crate) fn serve_with(&self, env: &[(&str, &str)]) -> Running {
        let program = Running::start_with(&["serve", "--config", &self.config], env, self.folder.path());
        self.messenger.set_webhook(Webhook::new(self.socket.clone(), program.address.as_str()));
        program
    }

    /// What the bot has said to somebody since a mark.
    pub(crate) fn heard(&self, person: &str, since: Mark) -> Vec<String> {
        let sent = self.messenger.outbox_since(person, since).expect("a person");
        sent.into_iter().map(|sent| sent.text).collect()
    }

    /// Somebody says something, and hears a reply that has `part` in it. Returns everything said until then.
    pub(crate) async fn ask(&self, person: &str, text: &str, part: &str) -> String {
        let mark = self.messenger.mark(person).expect("a person");
        let status = self.messenger.say(person, text).await.expect("a person");
        assert_eq!(status.map(|status| status.as_u16()), Some(200), "{text:?} is acknowledged");
        self.hears(person, mark, part).await
    }

    /// A signed delivery of one message, as the bytes of a whole request.
    pub(crate) fn delivery(&self, psid: &str, mid: &str, text: &str) -> Vec<u8> {
        let at = WallClock.now().as_millisecond();
        let message = json!({"sender": {"id": psid}, "recipient": {"id": PAGE}, "timestamp": at,
                             "message": {"mid": mid, "text": text}});
        let body = json!({"object": "page", "entry": [{"id": PAGE, "time": at, "messaging": [message]}]}).to_string();
        let signature = signature::sign(&SecretString::from(APP_SECRET), body.as_bytes());
        let head = "POST /webhook/messenger HTTP/1.1\r\nHost: bot.example\r\nContent-Type: application/json\r\n";
        let length = body.len();
        format!("{head}Content-Length: {length}\r\nX-Hub-Signature-256: {signature}\r\n\r\n{body}").into_bytes()
    }

    /// Somebody hears a reply that has `part` in it.
    pub(crate) async fn hears(&self, person: &str, since: Mark, part: &str) -> String {
        until(&format!("{part:?} is said"), async || self.heard(person, since).iter().any(|said| said.contains(part)))
            .await;
        self.heard(person, since).join("\n")
    }

    /// The counters, as an operator sees them.
    pub(crate) fn stats(&self) -> Value {
        serde_json::from_str(&self.run(&["inbox", "stats", "--json"], 0)).expect("JSON")
    }

    /// Runs a verb with the town's config; it must end with `code`.
    pub(crate) fn run(&self, args: &[&str], code: i32) -> String {
        run(&[args, &["--config", &self.config]].concat(), code)
    }
}

fn settings() -> Settings {
    let person = |id: &str, name: &str, handle: &str| Person {
        id: id.to_owned(),
        name: name.to_owned(),
        handle: handle.to_owned(),
        locale: Some("en_US".to_owned()),
        zone: None,
    };
    Settings {
        app_id: APP.to_owned(),
        page_id: PAGE.to_owned(),
        page_name: "Balance Bot".to_owned(),
        app_secret: SecretString::from(APP_SECRET),
        page_token: SecretString::from(PAGE_TOKEN),
        verify_token: SecretString::from(VERIFY_TOKEN),
        require_proof: true,
        people: vec![person(MAYA, "Maya Ortiz", "maya"), person(NOOR, "Noor Khan", "noor")],
        mid_prefix: "m_".to_owned(),
    }
}

fn config(url: &str, folder: &Path) -> String {
    let folder = folder.display();
    let northgate = Shape::FdxFlat.base_path(&BankId::new("northgate"));
    let citywide = Shape::ObukShort.base_path(&BankId::new("citywide"));
    format!(
        r#"[server]
listen = "127.0.0.1:0"
drain = "5s"

[store]
url = "sqlite:{folder}/balancebot.db"
key = {{ file = "{folder}/store_key" }}

[messenger]
graph_url = "{url}"
verify_token = {{ file = "{folder}/verify_token" }}
app_secret = {{ file = "{folder}/app_secret" }}
app_id = "{APP}"

[[messenger.page]]
id = "{PAGE}"
token = {{ file = "{folder}/page_token" }}

[[bank.fdx]]
id = "northgate"
name = "Northgate Bank"
base_url = "{url}{northgate}"

[[bank.obuk]]
id = "citywide"
name = "Citywide Credit Union"
country = "US"
base_url = "{url}{citywide}"

[turn]
cache = "0s"
lease = "5m"

[[link]]
page = "{PAGE}"
user = "{MAYA}"
bank = "northgate"
token = {{ file = "{folder}/northgate_token" }}
until = 2999-12-31

[[link]]
page = "{PAGE}"
user = "{MAYA}"
bank = "citywide"
token = {{ file = "{folder}/citywide_token" }}
until = 2999-12-31
"#
    )
}
