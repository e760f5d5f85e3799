//! The promise: whoever has the platform delete their data is erased like whoever asks for it in the chat, can see what
//! became of it, and nobody else can ask it for them. Against the real program over HTTP, and in one process where the
//! bank must be looked at, too.

#[path = "support/process.rs"]
mod process;
#[path = "end_to_end/town.rs"]
#[allow(dead_code, reason = "only a part of the town is needed here")]
mod town;

use std::fs;
use std::sync::Arc;
use std::time::Duration;

use balancebot::app::Content;
use balancebot::app::local::{self, LocalGround, LocalWorld, Wires, WorldProfiles};
use balancebot::channel::signature::hmac_hex;
use balancebot::clock::{Clock, WallClock, WorldClock};
use balancebot::domain::fault::Source;
use balancebot::domain::message::Conversation;
use balancebot::domain::webpage::WebPage;
use balancebot::egress::{InProcess, Transport};
use balancebot::privacy::seal::Keyring;
use balancebot::sandbox::bank::Shape;
use balancebot::sandbox::messenger::Faults;
use balancebot::sandbox::world::World;
use balancebot::sandbox::{DEFAULT_WORLD, Sandbox, bank};
use balancebot::store::sqlite::SqliteStore;
use balancebot::turn::linking::BankAnswer;
use balancebot::turn::ticket::Ticket;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use bytes::Bytes;
use http::Request;
use process::{Running, until};
use reqwest::{StatusCode, Url, header};
use rusqlite::{Connection, OpenFlags};
use secrecy::SecretString;
use serde_json::{Value, json};
use town::{APP_SECRET, MAYA, Town};

/// What the address of status pages begins with.
const PUBLIC: &str = "https://bot.example";
/// How long an erasure may take.
const WITHIN: Duration = Duration::from_secs(60);

/// A town whose program knows its public address.
async fn town() -> Town {
    let town = Town::build().await;
    let config = fs::read_to_string(&town.config).expect("a config");
    let config = config.replace("drain = \"5s\"", &format!("drain = \"5s\"\npublic_url = \"{PUBLIC}\""));
    fs::write(&town.config, config).expect("writable");
    town
}

/// The status page of an answer, in a language: its status and its text.
async fn status(program: &Running, answer: &Value, language: &str) -> (StatusCode, String) {
    let url = answer["url"].as_str().unwrap_or_else(|| panic!("an address in {answer}"));
    let path = url.strip_prefix(PUBLIC).expect("the public address");
    let asked = reqwest::Client::new().get(format!("{}{path}", program.origin()));
    let response = asked.header(header::ACCEPT_LANGUAGE, language).send().await.expect("an answer");
    assert_eq!(response.headers()[header::CACHE_CONTROL], "no-store");
    (response.status(), response.text().await.expect("a page"))
}

async fn post(program: &Running, form: &str) -> (StatusCode, String) {
    let url = format!("{}/messenger/deletion", program.origin());
    let kind = "application/x-www-form-urlencoded";
    let sent = reqwest::Client::new().post(url).header(header::CONTENT_TYPE, kind).body(form.to_owned()).send();
    let response = sent.await.expect("an answer");
    (response.status(), response.text().await.expect("a body"))
}

fn signed(secret: &str, payload: &Value) -> String {
    let payload = URL_SAFE_NO_PAD.encode(payload.to_string());
    let code = hex::decode(hmac_hex(&SecretString::from(secret), payload.as_bytes())).expect("hex");
    format!("signed_request={}.{payload}", URL_SAFE_NO_PAD.encode(code))
}

/// The rows of Maya in every table, without those that say nothing of her but that there was something.
fn rows(town: &Town) -> Vec<(&'static str, i64)> {
    let path = town.folder.path().join("balancebot.db");
    let db = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY).expect("a store");
    let count = |table: &'static str| {
        let sql = format!("SELECT count(*) FROM {table} WHERE person = ?1");
        (table, db.query_row(&sql, [MAYA], |row| row.get(0)).expect("a count"))
    };
    ["links", "data_keys", "outbox", "attempts", "access"]
        .map(count)
        .into_iter()
        .filter(|(_, rows)| *rows > 0)
        .collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_asks_the_platform_is_erased_and_sees_it() {
    let town = town().await;
    let program = town.serve();
    town.ask("maya", "balance", "2,184.05").await;
    town.ask("maya", "hide amounts", "hidden").await;
    assert!(rows(&town).iter().any(|(table, _)| *table == "links"));
    let mark = town.messenger.mark("maya").expect("a person");

    let begun = WallClock.now();
    let (code, answer) = town.messenger.ask_deletion("maya").await.expect("a person");
    assert_eq!(code, Some(200));
    let confirmation = answer["confirmation_code"].as_str().expect("a code");
    assert!(answer["url"].as_str().is_some_and(|url| url.ends_with(confirmation)), "{answer}");
    assert!(!answer.to_string().contains(MAYA));
    until("it is erased", async || status(&program, &answer, "en").await.1.contains("is erased")).await;
    assert!(WallClock.now().duration_since(begun).unsigned_abs() < WITHIN);
    assert_eq!(rows(&town), [("access", 1)], "what stays is the receipt");
    assert_eq!(town.heard("maya", mark), Vec::<String>::new(), "nobody is written to for it");

    for (language, words) in [("de-AT,de;q=0.9", "gelöscht"), ("es", "borrado"), ("fr,en;q=0.5", "is erased")] {
        let (code, page) = status(&program, &answer, language).await;
        assert_eq!(code, StatusCode::OK);
        assert!(page.contains(words) && page.contains(confirmation), "{language}: {page}");
        assert!(!page.contains(MAYA) && !page.contains("Maya"), "{page}");
    }
    town.ask("maya", "balance", "none is linked").await;
    program.terminate().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_request_that_finds_nobody_says_so_and_how_else_to_ask() {
    let town = town().await;
    let program = town.serve();
    let (_, nothing) = town.messenger.ask_deletion("noor").await.expect("a person");
    assert!(status(&program, &nothing, "en").await.1.contains("Nothing is kept of you"));

    town.ask("maya", "balance", "2,184.05").await;
    town.messenger.set_faults(Faults { matches_no_ids: true, ..Faults::default() });
    let (code, unmatched) = town.messenger.ask_deletion("maya").await.expect("a person");
    assert_eq!(code, Some(200));
    assert!(status(&program, &unmatched, "en").await.1.contains("“delete my data”"));
    town.ask("maya", "balance", "2,184.05").await;

    let unknown = json!({"url": format!("{PUBLIC}/deletion/{}", "0".repeat(32))});
    assert_eq!(status(&program, &unknown, "en").await.0, StatusCode::NOT_FOUND);
    let odd = json!({"url": format!("{PUBLIC}/deletion/..%2f..%2fme")});
    assert_eq!(status(&program, &odd, "en").await.0, StatusCode::NOT_FOUND);
    program.terminate().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_the_platform_did_not_sign_or_signed_long_ago_erases_nobody() {
    let town = town().await;
    let program = town.serve();
    town.ask("maya", "balance", "2,184.05").await;
    let now = WallClock.now().as_second();
    let payload = |issued_at: i64| json!({"user_id": format!("9{MAYA}"), "algorithm": "HMAC-SHA256", "issued_at": issued_at, "expires": 0});
    let mut unsigned = payload(now);
    unsigned["algorithm"] = json!("none");
    for form in [
        signed("a guess", &payload(now)),
        signed(APP_SECRET, &payload(now - 90_000)),
        signed(APP_SECRET, &payload(now + 3600)),
        signed(APP_SECRET, &unsigned),
        format!("signed_request=.{}", URL_SAFE_NO_PAD.encode(payload(now).to_string())),
        "signed_request=".to_owned(),
        format!("signed_request={}", "A".repeat(5000)),
    ] {
        assert_eq!(post(&program, &form).await, (StatusCode::UNAUTHORIZED, String::new()), "{form}");
    }
    assert!(post(&program, &format!("signed_request={}", "A".repeat(20_000))).await.0.is_client_error());
    assert!(post(&program, "other=1").await.0.is_client_error());
    town.ask("maya", "balance", "2,184.05").await;

    // The platform may post the same request again: it is the same deletion, and not one of whatever came after it.
    let form = signed(APP_SECRET, &payload(now));
    let (code, first) = post(&program, &form).await;
    assert_eq!(code, StatusCode::OK, "{first}");
    let answer: Value = serde_json::from_str(&first).expect("JSON");
    until("it is erased", async || status(&program, &answer, "en").await.1.contains("is erased")).await;
    town.ask("maya", "hide amounts", "hidden").await;
    assert_eq!(post(&program, &form).await, (StatusCode::OK, first));
    let asked = town.stats();
    assert_eq!(asked["inbox"]["waiting"].as_u64().unwrap_or_default(), 0, "{asked}");
    program.terminate().await;
}

/// What a link of the bank's own login opens is taken back there.
#[tokio::test(start_paused = true)]
async fn the_bank_takes_no_token_of_somebody_who_was_erased() {
    let content = Content::shipped().unwrap_or_else(|faults| panic!("{faults:?}"));
    let source = Source { path: "maya.toml".to_owned(), text: DEFAULT_WORLD.to_owned() };
    let world = World::load(&source).expect("a good world");
    let clock: Arc<dyn Clock> = Arc::new(WorldClock::starting_at(world.now));
    let profiles = Arc::new(WorldProfiles::new(&world, true));
    let sandbox = Arc::new(Sandbox::new(world, Arc::clone(&clock)));
    let ground = LocalGround {
        clock,
        store: Arc::new(SqliteStore::in_memory().expect("a store")),
        keyring: Arc::new(Keyring::ephemeral()),
        heads: None,
        witness: None,
        dialect: Some(Shape::FdxFlat),
        staffed: None,
    };
    let built = local::build(sandbox, &content, profiles, ground, Wires::InProcess).await;
    let LocalWorld { sandbox, messenger, bot, .. } = built.expect("a bot");
    let banks = InProcess::new(bank::router(sandbox));
    let (turn, northgate) = (&bot.turn, "northgate".into());
    let maya = Conversation::messenger(local::PAGE_ID, local::psid(0));

    let ticket = Ticket::new(WebPage::Link(None), &maya, "en-US", turn.clock.now());
    let away = turn.go_to_bank(&ticket, &northgate, None).await.expect("the bank's page");
    let page = banks.exchange(Request::get(&away.url).body(Bytes::new()).expect("a request")).await.expect("a page");
    let page = String::from_utf8_lossy(page.body()).into_owned();
    let request = page.split_once("name=\"request\" value=\"").expect("a form").1.split('"').next().expect("its end");
    let form = format!("person=maya&request={request}&decision=allow");
    let kind = "application/x-www-form-urlencoded";
    let allow = Request::post(&away.url).header(header::CONTENT_TYPE, kind).body(Bytes::from(form));
    let sent = banks.exchange(allow.expect("a request")).await.expect("an answer");
    let back = Url::parse(sent.headers()[header::LOCATION].to_str().expect("text")).expect("an address");
    let of = |name: &str| back.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned());
    let answer = BankAnswer { state: of("state").expect("a state"), code: of("code"), issuer: of("iss") };
    let back = turn.come_back(&northgate, &answer, &away.cookie).await.expect("tokens");
    messenger.referral("maya", &back.reference).await.expect("a person");
    local::settle(turn, &messenger).await.expect("it settles");

    let links = turn.links_of(&maya).await.expect("links");
    let link = links.iter().find(|link| link.bank == northgate).expect("the link");
    let token = secrecy::ExposeSecret::expose_secret(&link.token).to_owned();
    let asks = async || {
        let url = format!("http://127.0.0.1:1{}/accounts", Shape::FdxFlat.base_path(&northgate));
        let request = Request::get(url).header("authorization", format!("Bearer {token}"));
        let request = request.header("x-fapi-interaction-id", "i-1").body(Bytes::new()).expect("a request");
        banks.exchange(request).await.expect("an answer").status()
    };
    assert_eq!(asks().await, StatusCode::OK);
    let (code, _) = messenger.ask_deletion("maya").await.expect("a person");
    assert_eq!(code, Some(200));
    local::settle(turn, &messenger).await.expect("it settles");
    assert!(turn.links_of(&maya).await.expect("links").is_empty());
    assert_eq!(asks().await, StatusCode::UNAUTHORIZED);
}
