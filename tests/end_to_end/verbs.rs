//! What an operator runs beside the service, through the real program.

use std::io::Write;
use std::process::Stdio;

use serde_json::Value;

use crate::process::{balancebot, ended, until};
use crate::town::{PAGE, Town};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_bank_is_tried_with_a_token_of_the_operators_own() {
    let town = Town::build().await;
    let attempt = |bank: &str, token: &str, code: i32| {
        let args = ["bank", "try", bank, "--token-env", "T", "--json", "--config", &town.config];
        ended(balancebot(&args).env("T", token).output().expect("the program starts"), code)
    };
    let json = |text: String| -> Value { serde_json::from_str(&text).expect("JSON") };
    let tried = json(attempt("northgate", "sandbox-maya-northgate", 0));
    assert_eq!(tried["problems"], Value::Array(Vec::new()));
    let accounts = tried["accounts"].as_array().expect("a list");
    let checking = accounts.iter().find(|account| account["mask"] == "4821").expect("her checking account");
    let available = checking["balances"].as_array().expect("a list").iter().find(|b| b["kind"] == "available");
    assert_eq!(available.expect("a balance")["amount"], "2184.05");
    let rows = checking["transactions"].as_array().expect("a list");
    assert_eq!((&rows[0]["amount"], &rows[0]["status"]), (&"-88.10".into(), &"pending".into()));

    let refused = json(attempt("northgate", "somebody else's", 1));
    assert_eq!(refused["problems"][0]["call"], "accounts");
    attempt("southgate", "a token", 64);
    let listed = town.run(&["bank", "list"], 0);
    assert!(listed.contains("northgate") && listed.contains("obuk 4.0"), "{listed}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn check_plays_doctor() {
    let town = Town::build().await;
    assert!(town.run(&["check"], 0).starts_with("The config is fine."));
    let online = town.run(&["check", "--online"], 0);
    for part in ["the token is this page's", "will be made at the first start", "answers (401 without a token)"] {
        assert!(online.contains(part), "{part:?} is not in:\n{online}");
    }
    town.run(&["check", "--alive"], 1);
    let text = std::fs::read_to_string(&town.config).expect("a config");
    std::fs::write(&town.config, text.replace("page_token", "app_secret")).expect("writable");
    assert!(town.run(&["check", "--online"], 1).contains("make a new page token"));
    std::fs::write(&town.config, text.replace("drain", "drian")).expect("writable");
    town.run(&["check"], 64);
    town.run(&["serve"], 64);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_page_is_set_up_once_and_then_as_it_should_be() {
    let town = Town::build().await;
    let before = town.run(&["page", "show", PAGE], 0);
    assert!(before.contains("get_started") && before.contains("persistent_menu"), "{before}");
    let applied = town.run(&["page", "apply", PAGE], 0);
    assert!(applied.ends_with("Applied.\n"), "{applied}");
    for verb in ["apply", "show"] {
        assert_eq!(town.run(&["page", verb, PAGE], 0), "The page is as it should be.\n");
    }
    town.run(&["page", "show", "4711"], 64);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_store_is_migrated_by_nobody_while_somebody_serves() {
    let town = Town::build().await;
    assert!(town.run(&["migrate"], 0).starts_with("The store was brought from version 0 to "));
    assert!(town.run(&["migrate"], 0).starts_with("The store has version "));
    let program = town.serve();
    town.run(&["migrate"], 1);
    town.run(&["serve"], 1);
    until("the service still stands", async || town.messenger.verify_webhook().await).await;
    program.terminate().await;
}

#[test]
fn lines_are_read_in_order() {
    let mut command = balancebot(&["read", "--jsonl"]);
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("the program starts");
    let lines = "{\"text\": \"what's my balance\"}\n{\"text\": \"spending last month\", \"now\": \
                 \"2026-11-22T14:00:00-05:00\", \"tz\": \"America/New_York\"}\n";
    child.stdin.take().expect("piped").write_all(lines.as_bytes()).expect("taken");
    let out = ended(child.wait_with_output().expect("it ends"), 0);
    let read: Vec<Value> = out.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    assert_eq!((read.len(), &read[0]["intent"]), (2, &"balance.get".into()));
    assert_eq!(read[1]["slots"]["period"], serde_json::json!({"from": "2026-10-01", "to": "2026-11-01"}));
}
