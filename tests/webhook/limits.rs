//! What a client may use up, what happens when the store fails, and how the server goes away.

use std::time::Duration;

use balancebot::web::serve::Limits;
use balancebot::web::webhook::BODY_MAX;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::house::{House, delivery, settings, signed, text, within};

const HEAD: &str = "POST /webhook/messenger HTTP/1.1\r\nHost: bot.example\r\n";

fn short() -> Limits {
    let moment = Duration::from_millis(150);
    Limits { head: moment, body: moment, drain: moment, ..Limits::default() }
}

#[tokio::test]
async fn a_body_above_one_mebibyte_is_refused_and_one_of_just_that_is_read() {
    let house = House::open().await;
    let mut body = delivery(&[text("m_1", "balance")]).into_bytes();
    body.resize(BODY_MAX, b' ');
    assert_eq!(house.deliver(body.clone()).await, 200);
    body.push(b' ');
    assert_eq!(house.deliver(body).await, 413);
    // A length that is only claimed is refused before anything of it is read.
    let answer = house.raw(format!("{HEAD}Content-Length: 99999999999\r\n\r\n").as_bytes()).await;
    assert!(answer.starts_with("HTTP/1.1 413"), "{answer}");
    // Without a length the bytes are counted as they come.
    let chunk = format!("{:x}\r\n{}\r\n", BODY_MAX / 2, " ".repeat(BODY_MAX / 2));
    let mut stream = TcpStream::connect(&house.address).await.expect("a connection");
    stream
        .write_all(format!("{HEAD}Transfer-Encoding: chunked\r\n\r\n{chunk}{chunk}1\r\n").as_bytes())
        .await
        .expect("written");
    stream.write_all(b" \r\n").await.expect("written");
    let mut status = [0; 12];
    within(stream.read_exact(&mut status)).await.expect("an answer");
    assert_eq!(&status, b"HTTP/1.1 413");
    assert_eq!(house.store.counts().received, 1);
}

#[tokio::test]
async fn a_compressed_body_is_refused() {
    let house = House::open().await;
    let body = delivery(&[text("m_1", "balance")]).into_bytes();
    for (encoding, status) in
        [("gzip", 415), ("br", 415), ("identity, gzip", 415), ("identity", 200), ("Identity", 200)]
    {
        let headers = [("x-hub-signature-256", signed(&body)), ("content-encoding", encoding.to_owned())];
        assert_eq!(house.post(&headers, body.clone()).await.status(), status, "{encoding}");
    }
}

#[tokio::test]
async fn a_slow_head_is_closed_and_a_slow_body_gets_408() {
    let house = House::with(settings(), short()).await;
    let answer = house.raw(HEAD.as_bytes()).await;
    assert!(!answer.contains(" 200 "), "{answer}");
    let answer = house.raw(format!("{HEAD}Content-Length: 10\r\n\r\n{{").as_bytes()).await;
    assert!(answer.starts_with("HTTP/1.1 408"), "{answer}");
    assert!(house.store.arrivals().is_empty());
    assert_eq!(house.get("/live").await.status(), 200, "others are served all the same");
}

#[tokio::test]
async fn a_large_head_is_refused() {
    let house = House::open().await;
    let answer = house.raw(format!("{HEAD}X-Long: {}\r\n\r\n", "x".repeat(20_000)).as_bytes()).await;
    assert!(answer.starts_with("HTTP/1.1 431"), "{answer}");
    let many: String = (0..70).map(|at| format!("X-{at}: 1\r\n")).collect();
    let answer = house.raw(format!("{HEAD}{many}\r\n").as_bytes()).await;
    assert!(answer.starts_with("HTTP/1.1 431"), "{answer}");
}

#[tokio::test]
async fn beyond_the_most_connections_a_client_waits_for_its_turn() {
    let limits = Limits { connections_max: 1, ..Limits::default() };
    let house = House::with(settings(), limits).await;
    let mut first = TcpStream::connect(&house.address).await.expect("a connection");
    first.write_all(b"GET /live HTTP/1.1\r\nHost: a\r\n\r\n").await.expect("written");
    let mut byte = [0];
    within(first.read_exact(&mut byte)).await.expect("an answer");
    let mut second = TcpStream::connect(&house.address).await.expect("the listener's queue");
    second.write_all(b"GET /live HTTP/1.1\r\nHost: a\r\n\r\n").await.expect("written");
    tokio::task::yield_now().await;
    assert_eq!(second.try_read(&mut byte).map_err(|error| error.kind()), Err(std::io::ErrorKind::WouldBlock));
    drop(first);
    within(second.read_exact(&mut byte)).await.expect("an answer");
}

#[tokio::test]
async fn a_store_that_does_not_write_makes_the_platform_repeat() {
    let house = House::open().await;
    let body = delivery(&[text("m_1", "balance")]).into_bytes();
    house.store.fail(true);
    let response = house.post(&[("x-hub-signature-256", signed(&body))], body.clone()).await;
    assert_eq!(response.status(), 503);
    assert_eq!(response.headers()["retry-after"], "5");
    assert!(response.bytes().await.expect("a body").is_empty());
    assert_eq!((house.get("/live").await.status().as_u16(), house.get("/ready").await.status().as_u16()), (200, 503));
    house.store.fail(false);
    assert_eq!(house.deliver(body).await, 200);
    assert_eq!(house.get("/ready").await.status(), 200);
    assert_eq!(house.store.counts().kept, 1);
}

#[tokio::test]
async fn a_drain_finishes_what_is_under_way_and_takes_nothing_new() {
    let house = House::open().await;
    let body = delivery(&[text("m_1", "balance")]);
    let head =
        format!("{HEAD}X-Hub-Signature-256: {}\r\nContent-Length: {}\r\n\r\n", signed(body.as_bytes()), body.len());
    let mut stream = TcpStream::connect(&house.address).await.expect("a connection");
    stream.write_all(head.as_bytes()).await.expect("written");
    stream.write_all(&body.as_bytes()[..10]).await.expect("written");
    // Another request on another connection: when it is answered, the first one's head has been read too.
    assert_eq!(house.get("/ready").await.status(), 200);
    house.shutdown.cancel();
    stream.write_all(&body.as_bytes()[10..]).await.expect("written");
    let mut answer = String::new();
    within(stream.read_to_string(&mut answer)).await.expect("an answer");
    assert!(answer.starts_with("HTTP/1.1 200") && answer.ends_with("EVENT_RECEIVED"), "{answer}");
    assert_eq!(within(house.server).await.expect("the server ends"), 0);
    assert!(TcpStream::connect(&house.address).await.is_err());
    assert_eq!(house.store.counts().kept, 1);
}

#[tokio::test]
async fn a_drain_does_not_wait_for_ever() {
    let house = House::with(settings(), Limits { drain: Duration::from_millis(100), ..Limits::default() }).await;
    let mut stuck = TcpStream::connect(&house.address).await.expect("a connection");
    stuck.write_all(format!("{HEAD}Content-Length: 10\r\n\r\n{{").as_bytes()).await.expect("written");
    assert_eq!(house.get("/live").await.status(), 200);
    house.shutdown.cancel();
    assert_eq!(within(house.server).await.expect("the server ends"), 1);
}
