//! What the program stands on: a folder with its config, a bank with a ledger for every question, and a Graph API that
//! takes everything and remembers it.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::sync::{Arc, Mutex};

use axum::extract::{Path as UrlPath, State};
use axum::routing::post;
use axum::{Json, Router};
use balancebot::clock::Clock;
use balancebot::domain::fault::Source;
use balancebot::sandbox::Sandbox;
use balancebot::sandbox::bank;
use balancebot::sandbox::world::World;
use balancebot::web::serve::{Limits, serve};
use jiff::ToSpan;
use jiff::tz::TimeZone;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use crate::crowd::{self, PAGES};

/// People at the bank. Several people of the Messenger share the books of one of them.
pub(crate) const HOLDERS: usize = 20;

/// One bubble that the Graph API took.
#[derive(Clone, Debug)]
pub(crate) struct Taken {
    /// To whom.
    pub(crate) person: String,
    /// From which page.
    pub(crate) page: String,
    /// The bot's own id of it.
    pub(crate) id: String,
    /// What it says.
    pub(crate) text: String,
    /// The platform's id.
    pub(crate) mid: String,
}

/// The Graph API: takes every message at once.
#[derive(Clone, Default)]
pub(crate) struct Graph(Arc<Mutex<Vec<Taken>>>);

impl Graph {
    /// Everything that was taken, in order.
    pub(crate) fn taken(&self) -> Vec<Taken> {
        self.0.lock().expect("no panic").clone()
    }

    /// How many messages were taken.
    pub(crate) fn len(&self) -> usize {
        self.0.lock().expect("no panic").len()
    }

    fn take(&self, page: &str, body: &Value) -> Value {
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let person = text(&body["recipient"]["id"]);
        let Some(message) = body.get("message") else { return json!({"recipient_id": person}) };
        let mut taken = self.0.lock().expect("no panic");
        let mid = format!("m_reply_{}", taken.len());
        taken.push(Taken {
            person: person.clone(),
            page: page.to_owned(),
            id: text(&message["metadata"]),
            text: text(&message["text"]),
            mid: mid.clone(),
        });
        json!({"recipient_id": person, "message_id": mid})
    }

    fn router(&self) -> Router {
        let messages = async |State(graph): State<Self>, UrlPath((_, page)): UrlPath<(String, String)>, Json(body)| {
            let body: Value = body;
            Json(graph.take(&page, &body))
        };
        Router::new().route("/{version}/{page}/messages", post(messages)).with_state(self.clone())
    }
}

/// Everything around the program.
pub(crate) struct Ground {
    /// What was sent.
    pub(crate) graph: Graph,
    folder: TempDir,
}

impl Ground {
    /// Serves bank and Graph API on loopback, and writes a config for so many people with so many questions each.
    pub(crate) async fn lay(people: usize, questions: usize, clock: &Arc<dyn Clock>) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let world = Source { path: "world.toml".to_owned(), text: world(questions, clock.as_ref()) };
        let world = World::load(&world).unwrap_or_else(|faults| panic!("{faults:#?}"));
        let sandbox = Arc::new(Sandbox::new(world, Arc::clone(clock)));
        let graph = Graph::default();
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let url = format!("http://{}", listener.local_addr().expect("bound"));
        let routes = graph.router().merge(bank::router(sandbox));
        tokio::spawn(serve(listener, routes, Limits::default(), CancellationToken::new(), Arc::clone(clock)));

        let secrets = [("store_key", "5a".repeat(32)), ("app_secret", crowd::SECRET.to_owned())];
        let tokens = (0..HOLDERS).map(|holder| format!("sandbox-p{holder}-northgate"));
        let tokens = tokens.enumerate().map(|(holder, token)| (format!("token_{holder}"), token));
        for (name, secret) in secrets.map(|(name, secret)| (name.to_owned(), secret)).into_iter().chain(tokens) {
            fs::write(folder.path().join(name), secret).expect("writable");
        }
        fs::write(folder.path().join("config.toml"), config(&url, folder.path(), people)).expect("writable");
        Self { graph, folder }
    }

    /// Where config, database and log are.
    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// The path of the config.
    pub(crate) fn config(&self) -> String {
        self.folder().join("config.toml").display().to_string()
    }
}

fn config(url: &str, folder: &Path, people: usize) -> String {
    let folder = folder.display();
    let mut text = format!(
        r#"[server]
listen = "127.0.0.1:0"

[store]
url = "sqlite:{folder}/balancebot.db"
key = {{ file = "{folder}/store_key" }}

[messenger]
graph_url = "{url}"
sends_per_second = 10000
verify_token = {{ file = "{folder}/app_secret" }}
app_secret = {{ file = "{folder}/app_secret" }}
"#
    );
    for page in PAGES {
        // Writing to a String does not fail, here and below.
        let _ = writeln!(text, "[[messenger.page]]\nid = \"{page}\"\ntoken = {{ file = \"{folder}/app_secret\" }}");
    }
    let _ = writeln!(text, "[[bank.fdx]]\nid = \"northgate\"\nname = \"Northgate Bank\"");
    let _ = writeln!(text, "base_url = \"{url}/banks/northgate/fdx/v6\"");
    for person in (0..people).filter(|person| crowd::is_linked(*person)) {
        let (page, psid, holder) = (crowd::page(person), crowd::psid(person), person % HOLDERS);
        let _ = writeln!(text, "[[link]]\npage = \"{page}\"\nuser = \"{psid}\"\nbank = \"northgate\"");
        let _ = writeln!(text, "token = {{ file = \"{folder}/token_{holder}\" }}\nuntil = 2999-12-31");
    }
    text
}

/// A world in which each holder's books have one payment for each question.
fn world(questions: usize, clock: &dyn Clock) -> String {
    let now = clock.now().to_zoned(TimeZone::UTC);
    let today = now.date();
    let day = |ago: i64| today.checked_sub(ago.days()).expect("a day");
    let mut text = format!(
        r#"[world]
now = "{}"
tz = "UTC"
locale = "en-US"
week_starts = "sunday"
history_from = "{}"
[desk]
hours = "Mon-Fri 09:00-17:00"
wait = "5 minutes"
phone = "+1-555-0190"
[fx]
date = "{today}"
source = "fixture"
EURUSD = "1.1000"
[[bank]]
id = "northgate"
name = "Northgate Bank"
country = "US"
currency = "USD"
dialect = "fdx"
fraud_line = "+1-555-0100"
supports = ["balance", "transactions", "pending"]
"#,
        now.strftime("%Y-%m-%dT%H:%M:%S+00:00"),
        day(100),
    );
    for holder in 0..HOLDERS {
        let _ =
            writeln!(text, "[[person]]\nid = \"p{holder}\"\nname = \"P {holder}\"\nlocale = \"en-US\"\nhome = \"USD\"");
        let _ = writeln!(text, "[[link]]\nperson = \"p{holder}\"\nbank = \"northgate\"\nuntil = \"2999-12-31\"");
        let _ = writeln!(text, "scopes = [\"balances\", \"transactions\"]");
        let _ = writeln!(text, "[[account]]\nid = \"a{holder}\"\nperson = \"p{holder}\"\nbank = \"northgate\"");
        let _ = writeln!(
            text,
            "nick = \"Checking\"\nlast4 = \"{:04}\"\nkind = \"checking\"\ncurrency = \"USD\"",
            1000 + holder
        );
        let _ = writeln!(text, "booked = \"500.00\"\navailable = \"500.00\"\ntransactions = [");
        for question in 0..questions {
            let date = day(2 + i64::try_from(question % 60).expect("a small number"));
            let amount = crowd::amount(holder, question);
            let _ = writeln!(text, "  [\"{date}\", \"-{amount}\", \"Corner Foods\", \"groceries\"],");
        }
        text.push_str("]\n");
    }
    text
}
