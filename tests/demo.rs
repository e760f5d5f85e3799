//! The promise: the demo says what stands in its way and what to do, and what it keeps it can go on with.

#[path = "support/demo.rs"]
mod demo;
#[path = "support/process.rs"]
mod process;

use std::net::TcpListener;
use std::process::{Command, Output, Stdio};

use balancebot::egress::{Reach, Socket, Transport};
use bytes::Bytes;
use demo::Demo;
use http::{Method, Request};
use serde_json::{Value, json};

async fn call(method: Method, url: &str, body: Option<Value>) -> Value {
    let body = body.map(|body| Bytes::from(body.to_string())).unwrap_or_default();
    let request = Request::builder().method(method).uri(url).header("content-type", "application/json");
    let answer = Socket::new(Reach::Loopback).expect("a client").exchange(request.body(body).expect("a request")).await;
    serde_json::from_slice(answer.expect("the demo answers").body()).expect("JSON")
}

/// Everything that the bot says to one question of Maya's.
async fn answer(demo: &Demo, text: &str) -> String {
    let said =
        call(Method::POST, &format!("{}sandbox/say", demo.address), Some(json!({"person": "maya", "text": text})))
            .await;
    said["replies"].as_array().expect("replies").iter().filter_map(|reply| reply["text"].as_str()).collect()
}

fn refused(args: &[&str]) -> (Option<i32>, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_balancebot"));
    let Output { status, stderr, .. } = command.args(args).stdin(Stdio::null()).output().expect("the program starts");
    (status.code(), String::from_utf8_lossy(&stderr).into_owned())
}

/// A year is walked through in a moment; a demo that goes by the machine's clock has no such thing.
#[tokio::test(flavor = "multi_thread")]
async fn the_worlds_clock_can_be_set_forward() {
    let demo = Demo::start(&[]);
    let clock = format!("{}sandbox/clock", demo.address);
    let after = call(Method::POST, &clock, Some(json!({"days": 3}))).await;
    assert!(after["now"].as_str().is_some_and(|now| now.starts_with("2026-11-25T19:")), "{after}");
    let refused = call(Method::POST, &clock, Some(json!({"days": 401}))).await;
    assert_eq!(refused, json!({"error": "at most 400 days"}));
    demo.forward(170).await;
    assert!(answer(&demo, "which banks are linked?").await.contains("ended on May 1"));

    let demo = Demo::start(&["--clock", "wall"]);
    let none = reqwest::Client::new().post(format!("{}sandbox/clock", demo.address)).body("{}").send().await;
    assert!(none.expect("an answer").status().is_client_error());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_kept_is_gone_on_with() {
    let folder = tempfile::tempdir().expect("a folder");
    let kept = folder.path().display().to_string();
    for run in ["first", "second"] {
        let demo = Demo::start(&["--data-dir", &kept]);
        for question in ["what's my balance?", "what's my balance?"] {
            let said = answer(&demo, question).await;
            assert!(said.contains("$2,184.05"), "the {run} run answers every question: {said:?}");
        }
        let (code, told) = refused(&["demo", "--no-open", "--port", "0", "--data-dir", &kept]);
        assert_eq!(code, Some(1), "{told}");
        assert!(told.contains("is in use by another balancebot\n  help: give another --data-dir"), "{told}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_shows_what_page_apply_would_set() {
    let demo = Demo::start(&["--dialect", "obuk3", "--clock", "wall"]);
    let thread = call(Method::GET, &format!("{}sandbox/thread/noor", demo.address), None).await;
    let payloads = |list: &Value| -> Vec<String> {
        let taps = list.as_array().into_iter().flatten();
        taps.filter_map(|tap| tap["payload"].as_str().map(str::to_owned)).collect()
    };
    assert_eq!(payloads(&thread["ice_breakers"]), ["BALANCE", "SPENDING", "ACTIVITY", "HELP"]);
    let menu = payloads(&thread["menu"]);
    assert_eq!(menu[..4], ["BALANCE", "SPENDING", "ACTIVITY", "TOTAL"]);
    assert!(!menu.contains(&"GET_STARTED".to_owned()), "Get Started is no entry of the menu");
    let greeting = thread["greeting"].as_str().expect("a greeting");
    assert!(greeting.contains("automated") && greeting.chars().count() <= 160, "{greeting}");
    assert!(answer(&demo, "what's my balance?").await.contains("$2,184.05"), "in another dialect, at another time");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_chart_that_is_asked_for_is_fetched_and_shown() {
    let demo = Demo::start(&[]);
    let ask = json!({"person": "maya", "text": "chart of my spending last month"});
    let said = call(Method::POST, &format!("{}sandbox/say", demo.address), Some(ask)).await;
    let replies = said["replies"].as_array().expect("replies");
    let at = replies.iter().position(|reply| reply["image"].is_string()).expect("a picture");
    assert!(at > 0 && replies[at]["text"] == "", "it comes after the text: {replies:?}");
    let text: String = replies[..at].iter().filter_map(|reply| reply["text"].as_str()).collect();
    assert!(text.contains("$1,824.25") && text.contains("groceries: $367.92"), "{text}");
    let get = async |url: &str| {
        let request = Request::get(url).body(Bytes::new()).expect("a request");
        Socket::new(Reach::Loopback).expect("a client").exchange(request).await.expect("an answer")
    };
    let own = replies[at]["image"].as_str().expect("an address");
    assert!(own.starts_with("http://127.0.0.1:") && own.contains("/chart/"), "{own}");
    let picture = get(own).await;
    assert_eq!(
        (picture.status().as_u16(), &picture.headers()["content-type"]),
        (200, &"image/png".parse().expect("a value"))
    );
    // The platform's own copy, which outlives the bot's address, is the same picture.
    let thread = call(Method::GET, &format!("{}sandbox/thread/maya", demo.address), None).await;
    let items = thread["items"].as_array().expect("items");
    let shown = items.iter().find_map(|item| item["sent"]["image"].as_str()).expect("a picture in the thread");
    let copy = get(&format!("{}{}", demo.address, shown.trim_start_matches('/'))).await;
    assert!(copy.body().starts_with(b"\x89PNG") && copy.body() == picture.body());
    assert_eq!(get(&own.replace("/chart/", "/chart/x")).await.status().as_u16(), 404);
}

#[test]
fn what_stands_in_the_way_is_told_with_what_to_do() {
    let taken = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let port = taken.local_addr().expect("bound").port().to_string();
    let told = refused(&["demo", "--no-open", "--port", &port]);
    let wanted = format!("error: port {port} is in use already\n  help: give another --port; 0 takes any free one\n");
    assert_eq!(told, (Some(1), wanted));

    let told = refused(&["demo", "--no-open", "--dialect", "swift"]);
    assert_eq!(
        told,
        (Some(64), "error: `swift` is no dialect that is built\n  help: known: fdx, fdx5, obuk, obuk3\n".to_owned())
    );
    let told = refused(&["chat", "--person", "bob"]);
    let wanted = "error: there is no `bob` in this world\n  help: there are: maya, sam, jonas, lucia, noor\n";
    assert_eq!(told, (Some(64), wanted.to_owned()));

    let folder = tempfile::tempdir().expect("a folder");
    let world = folder.path().join("broken.toml");
    std::fs::write(&world, "[world]\nnow = 3\n").expect("writable");
    let world = world.display().to_string();
    for verb in ["demo", "chat"] {
        let (code, told) = refused(&[verb, "--world", &world]);
        assert_eq!(code, Some(64), "{told}");
        assert!(told.contains(&format!("now must be a string, not a number\n  --> {world}:2\n")), "{told}");
    }
}

#[test]
fn chat_answers_lines_from_a_pipe_and_taps() {
    use std::io::Write;
    let mut chat = Command::new(env!("CARGO_BIN_EXE_balancebot"))
        .arg("chat")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let lines = "what's my total?\n\nspending\n[Nothing]\nmy card is stolen\n[Call Citywide]\n";
    chat.stdin.take().expect("piped").write_all(lines.as_bytes()).expect("taken");
    let output = chat.wait_with_output().expect("it ends with its input");
    let (said, noted) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{noted}");
    for part in [
        "Your total is $11,574.17",
        "[How computed?]",
        "You've spent $2,005.39",
        "(In Messenger this calls +1-555-0111)",
    ] {
        assert!(said.contains(part), "{part:?} is not in:\n{said}");
    }
    assert!(!said.contains('\u{1b}') && !said.contains("you ›"), "plain where there is no terminal");
    assert!(noted.starts_with("nothing with this title to tap; the latest reply offers: "), "{noted}");
}
