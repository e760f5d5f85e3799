//! The promise: whoever orders that a bank is not read is obeyed within two seconds, by every node, also in the middle of a
//! read; nobody else can order it; and people who ask are told.

#[path = "support/process.rs"]
mod process;
#[path = "end_to_end/town.rs"]
#[expect(dead_code, reason = "this file uses a part of the town")]
mod town;

use std::fs;

use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair};
use balancebot::clock::{Clock, WallClock};
use balancebot::sandbox::switch::Switch;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use jiff::{SignedDuration, Timestamp};
use process::{Running, until};
use serde_json::{Value, json};
use town::{MAYA, NOOR, PAGE, Town};

/// An order is obeyed within this time.
const WITHIN: SignedDuration = SignedDuration::from_secs(2);
const BANK: &str = "Northgate Bank";

/// A town whose Northgate signs orders, and where Noor has linked it as well.
struct Stage {
    town: Town,
    program: Running,
    key: Ed25519KeyPair,
}

impl Stage {
    async fn open() -> Self {
        let town = Town::build().await;
        let key = key(1);
        let public = BASE64.encode(key.public_key().as_ref());
        let token = town.folder.path().join("noor_token");
        fs::write(&token, "sandbox-sam-northgate\n").expect("writable");
        let mut config = fs::read_to_string(&town.config).expect("a config");
        config = config.replace("name = \"Northgate Bank\"", &format!("name = \"{BANK}\"\norders_key = \"{public}\""));
        config = config.replace("cache = \"0s\"", "cache = \"5m\"");
        config = config.replace(
            &format!("user = \"{MAYA}\"\nbank = \"northgate\""),
            &format!("user = \"{MAYA}\"\nbank = \"northgate\"\ncustomer = \"cust-maya\""),
        );
        config.push_str(&format!(
            "\n[[link]]\npage = \"{PAGE}\"\nuser = \"{NOOR}\"\nbank = \"northgate\"\ncustomer = \"cust-noor\"\n\
             token = {{ file = \"{}\" }}\nuntil = 2999-12-31\n",
            token.display()
        ));
        fs::write(&town.config, config).expect("writable");
        let program = town.serve();
        Self { town, program, key }
    }

    /// Sends an order to a bank's address, signed with a key. Returns the status and the answer.
    async fn order_at(&self, bank: &str, body: &str, signature: Option<String>) -> (u16, Value) {
        let url = format!("{}/banks/{bank}/orders", self.program.origin());
        let mut request = reqwest::Client::new().post(url).body(body.to_owned());
        if let Some(signature) = signature {
            request = request.header("order-signature", signature);
        }
        let answer = request.send().await.expect("an answer");
        (answer.status().as_u16(), answer.json().await.unwrap_or(Value::Null))
    }

    async fn order(&self, body: &str) -> (u16, Value) {
        self.order_at("northgate", body, Some(sign(&self.key, body))).await
    }

    /// Waits until the bank has a question before it that it does not answer, and says what the person has heard since.
    async fn asks_a_slow_bank(&self, person: &str) -> balancebot::sandbox::messenger::Mark {
        self.town.banks.switch(&"northgate".into(), Switch::Slow { seconds: 60 }).expect("a bank");
        self.town.banks.take_calls();
        let mark = self.town.messenger.mark(person).expect("a person");
        self.town.messenger.say(person, "northgate balance").await.expect("a person");
        until("the bank is asked", async || !self.town.banks.calls().is_empty()).await;
        mark
    }
}

fn key(seed: u8) -> Ed25519KeyPair {
    Ed25519KeyPair::from_seed_unchecked(&[seed; 32]).expect("a key")
}

fn sign(key: &Ed25519KeyPair, body: &str) -> String {
    BASE64.encode(key.sign(body.as_bytes()).as_ref())
}

fn written(order: &str, id: &str, at: Timestamp, person: Option<&str>) -> String {
    let mut body = json!({"order": order, "id": id, "at": at.to_string()});
    if let Some(person) = person {
        body["person"] = person.into();
    }
    body.to_string()
}

fn now() -> Timestamp {
    WallClock.now()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_banks_order_ends_reads_under_way_and_people_are_told() {
    let stage = Stage::open().await;
    stage.town.ask("maya", "citywide balance", "$").await;
    let mark = stage.asks_a_slow_bank("maya").await;
    let ordered = now();
    let (status, answer) = stage.order(&written("stop", "o-1", ordered, None)).await;
    assert_eq!((status, &answer["reading"]), (200, &json!("stopped")), "{answer}");
    let said = stage.town.hears("maya", mark, "stopped my access").await;
    let took = now().duration_since(ordered);
    println!("from the order to the person's answer: {took:#}");
    assert!(took < WITHIN, "it took {took:#}");
    assert!(!said.contains('$') && said.contains("Citywide Credit Union works as always"), "{said}");

    // From now on nothing is asked of it, not even from memory; other banks answer.
    stage.town.banks.switch(&"northgate".into(), Switch::Up).expect("a bank");
    stage.town.banks.take_calls();
    let said = stage.town.ask("maya", "what's my balance?", "stopped my access").await;
    assert!(said.contains("$") && !said.contains("2,184.05"), "the other bank answers:\n{said}");
    stage.town.ask("noor", "what's my balance?", "stopped my access").await;
    let calls = stage.town.banks.take_calls();
    assert!(calls.iter().all(|call| call.bank.as_str() == "citywide"), "{calls:?}");
    let log = stage.town.ask("maya", "who saw my data?", "all reading stopped by order").await;
    assert!(log.contains("stopped: balances not read"), "{log}");

    // The same order again changes nothing; the bank's own word lifts it.
    assert_eq!(stage.order(&written("stop", "o-1", ordered, None)).await.0, 200);
    assert_eq!(stage.order(&written("resume", "o-2", now(), None)).await.0, 200);
    stage.town.ask("maya", "what's my balance?", "2,184.05").await;
    stage.program.terminate().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_forged_replayed_or_old_stops_nothing() {
    let stage = Stage::open().await;
    let body = written("stop", "o-1", now(), None);
    let signature = sign(&stage.key, &body);
    let changed = body.replace("stop", "resume");
    let with = async |body: &str, signature: Option<String>| stage.order_at("northgate", body, signature).await.0;
    assert_eq!(with(&body, None).await, 401);
    assert_eq!(with(&body, Some("no base64".to_owned())).await, 401);
    assert_eq!(with(&body, Some(sign(&key(2), &body))).await, 401, "another key");
    assert_eq!(with(&changed, Some(signature.clone())).await, 401, "another body");
    assert_eq!(stage.order_at("citywide", &body, Some(signature.clone())).await.0, 404, "a bank without a key");
    assert_eq!(stage.order_at("nobody", &body, Some(signature)).await.0, 404);
    assert_eq!(with(&"x".repeat(5_000), Some(String::new())).await, 413);
    let minutes = |minutes| now().checked_add(SignedDuration::from_mins(minutes)).expect("a moment");
    assert_eq!(stage.order(&written("stop", "o-2", minutes(-6), None)).await.0, 409, "kept back");
    assert_eq!(stage.order(&written("stop", "o-3", minutes(6), None)).await.0, 409, "ahead of time");
    for wrong in [
        r#"{"order":"stop","id":"o","at":"soon"}"#,
        r#"{"order":"halt","id":"o","at":"2026-11-22T08:00:00Z"}"#,
        r#"{"order":"stop","id":"","at":"2026-11-22T08:00:00Z"}"#,
        // A word that is not known could have narrowed the order down.
        r#"{"order":"stop","id":"o","at":"2026-11-22T08:00:00Z","persson":"cust-maya"}"#,
        "[]",
    ] {
        assert_eq!(stage.order(wrong).await.0, 400, "{wrong}");
    }
    assert!(stage.town.run(&["bank", "stops"], 0).contains("No stop stands"));
    stage.town.ask("maya", "northgate balance", "2,184.05").await;

    // Taken once, then replayed after the bank has said otherwise; and an id that is used for something else.
    let (first, later) = (now(), minutes(1));
    let stop = written("stop", "o-4", first, None);
    assert_eq!(stage.order(&stop).await.0, 200);
    assert_eq!(stage.order(&written("resume", "o-5", later, None)).await.0, 200);
    assert_eq!(stage.order(&stop).await.0, 200, "known, and without effect");
    assert_eq!(stage.order(&written("stop", "o-5", minutes(2), None)).await.0, 409, "the id is used");
    assert_eq!(stage.order(&written("stop", "o-6", first, None)).await.0, 409, "overtaken");
    assert!(stage.town.run(&["bank", "stops"], 0).contains("No stop stands"));
    stage.program.terminate().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_persons_stop_touches_nobody_else() {
    let stage = Stage::open().await;
    stage.town.ask("maya", "northgate balance", "2,184.05").await;
    stage.town.ask("noor", "balance", "415.20").await;
    assert_eq!(stage.order(&written("stop", "o-1", now(), Some("cust-maya"))).await.0, 200);
    stage.town.banks.take_calls();
    stage.town.ask("maya", "northgate balance", "stopped my access").await;
    assert_eq!(stage.town.banks.take_calls(), [], "what was in memory is not told either");
    stage.town.ask("noor", "balance", "415.20").await;

    // The operator cannot lift the bank's order, and says so.
    let told = stage.town.run(&["bank", "resume", "northgate"], 0);
    assert!(told.contains("still stand") && !told.contains("cust-maya"), "{told}");
    stage.town.ask("maya", "northgate balance", "stopped my access").await;
    assert_eq!(stage.order(&written("resume", "o-2", now(), Some("cust-maya"))).await.0, 200);
    stage.town.ask("maya", "northgate balance", "2,184.05").await;

    // The same by the operator, who knows the person by the chat.
    stage.town.run(&["bank", "stop", "northgate", "--person", NOOR], 0);
    until("the node has seen it", async || {
        stage.town.ask("noor", "balance", "").await.contains("We have stopped reading")
    })
    .await;
    stage.town.ask("maya", "northgate balance", "2,184.05").await;
    stage.program.terminate().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_operators_command_beside_the_server_ends_reads_under_way() {
    let stage = Stage::open().await;
    let mark = stage.asks_a_slow_bank("noor").await;
    let ordered = now();
    let told = stage.town.run(&["bank", "stop", "northgate", "--reason", "incident 42"], 0);
    assert!(told.contains("for everyone"), "{told}");
    let said = stage.town.hears("noor", mark, "We have stopped reading Northgate Bank").await;
    let took = now().duration_since(ordered);
    println!("from the command to the person's answer: {took:#}");
    assert!(took < WITHIN, "it took {took:#}");
    assert!(said.contains("So I have no figure to show you"), "{said}");
    let stops: Value = serde_json::from_str(&stage.town.run(&["bank", "stops", "--json"], 0)).expect("JSON");
    assert_eq!((&stops[0]["by"], &stops[0]["reason"]), (&json!("operator"), &json!("incident 42")));

    // It holds over a restart, and is gone when it is lifted.
    stage.town.banks.switch(&"northgate".into(), Switch::Up).expect("a bank");
    let Stage { town, program, .. } = stage;
    program.terminate().await;
    let program = town.serve();
    town.ask("noor", "balance", "We have stopped reading").await;
    town.run(&["bank", "resume", "northgate"], 0);
    until("reading goes on", async || town.ask("noor", "balance", "").await.contains("415.20")).await;
    town.run(&["bank", "stop", "nobody"], 64);
    assert!(town.run(&["audit", "verify"], 0).contains("entries"), "orders are in the chained log");
    program.terminate().await;
}
