//! `demo`: everything on this machine, driven as a script drives it.

use std::path::Path;

use balancebot::clock::{Clock, WallClock};
use serde_json::{Value, json};

use crate::process::{Running, balancebot, ended};

#[expect(clippy::print_stdout, reason = "the time that a start takes is told, not judged")]
fn start(folder: &Path, more: &[&str]) -> Running {
    let (clock, args) = (WallClock, [&["demo", "--no-open", "--port", "0"], more].concat());
    let before = clock.now();
    let program = Running::start(&args, folder);
    println!("demo {more:?} stood after {} ms", clock.now().duration_since(before).as_millis());
    program
}

/// Says something as Maya, and returns the texts of the replies.
async fn say(program: &Running, text: &str) -> String {
    let client = reqwest::Client::new();
    let request = client.post(format!("{}/sandbox/say", program.origin()));
    let request = request.header("content-type", "application/json");
    let answer = request.body(json!({"person": "maya", "text": text}).to_string()).send().await.expect("an answer");
    assert_eq!(answer.status().as_u16(), 200, "{text:?}");
    let answer: Value = answer.json().await.expect("JSON");
    let replies = answer["replies"].as_array().expect("replies");
    replies.iter().map(|reply| reply["text"].as_str().expect("a text")).collect::<Vec<_>>().join("\n")
}

async fn hears(program: &Running, text: &str, parts: &[&str]) {
    let said = say(program, text).await;
    for part in parts {
        assert!(said.contains(part), "to {text:?}, {part:?} is not in:\n{said}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_four_questions_have_the_figures_of_the_world() {
    let folder = tempfile::tempdir().expect("a folder");
    let program = start(folder.path(), &[]);
    let page = reqwest::get(&program.address).await.expect("an answer").text().await.expect("a page");
    assert!(page.to_lowercase().starts_with("<!doctype html>"), "{page}");
    hears(&program, "what's my balance?", &["$2,184.05", "$940.12", "$8,450.00", "$642.18"]).await;
    hears(&program, "how much did I spend on groceries last month?", &["$367.92", "October", "5 payments"]).await;
    let latest = ["Luma Restaurant, $88.10", "Corner Foods, $38.40", "$121.85", "$64.99", "Bluebird Coffee, $5.25"];
    hears(&program, "last 5 transactions", &latest).await;
    hears(&program, "and the month before?", &["October", "Oct 31: Greenleaf Market, $79.60"]).await;
    program.terminate().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_data_folder_is_remembered() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("data").display().to_string();
    let program = start(folder.path(), &["--data-dir", &data]);
    hears(&program, "how much did I spend on groceries last month?", &["$367.92", "automated assistant"]).await;
    program.terminate().await;

    let program = start(folder.path(), &["--data-dir", &data]);
    let said = say(&program, "and on dining?").await;
    assert!(said.contains("$82.95") && said.contains("October"), "the last question is remembered: {said}");
    assert!(!said.contains("automated assistant"), "it has introduced itself: {said}");
    program.terminate().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_dialect_tells_the_same_figures() {
    let folder = tempfile::tempdir().expect("a folder");
    for dialect in ["fdx", "fdx5", "obuk", "obuk3"] {
        let program = start(folder.path(), &["--dialect", dialect]);
        hears(&program, "what's my balance?", &["$2,184.05", "$642.18"]).await;
        hears(&program, "how much did I spend on groceries last month?", &["$367.92"]).await;
        program.terminate().await;
    }
    let output = balancebot(&["demo", "--no-open", "--dialect", "swift"]).output().expect("the program starts");
    ended(output, 64);
}
