//! The promise: the process reaches the hosts that its config names, and no other, whatever an address says.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::Router;
use balancebot::egress::{Reach, Socket, Transport, TransportError};
use bytes::Bytes;
use http::{Request, StatusCode};
use tokio::net::TcpListener;

/// A host, and how many requests it got.
async fn host() -> (String, Arc<AtomicUsize>) {
    let asked = Arc::new(AtomicUsize::new(0));
    let counts = Arc::clone(&asked);
    let router = Router::new().fallback(move || {
        counts.fetch_add(1, Ordering::SeqCst);
        async { StatusCode::NO_CONTENT }
    });
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = format!("http://{}", listener.local_addr().expect("bound"));
    tokio::spawn(async move { axum::serve(listener, router).await });
    (address, asked)
}

async fn call(socket: &Socket, address: &str) -> Result<StatusCode, TransportError> {
    let request = Request::get(address).body(Bytes::new()).expect("a request");
    socket.exchange(request).await.map(|response| response.status())
}

#[tokio::test]
async fn only_what_is_configured_is_reached() {
    let ((bank, asked), (other, never)) = (host().await, host().await);
    let socket = Socket::new(Reach::only([bank.as_str()])).expect("a client");
    assert_eq!(call(&socket, &format!("{bank}/accounts?page=2")).await, Ok(StatusCode::NO_CONTENT));
    let port = bank.rsplit(':').next().expect("a port");
    for elsewhere in [
        format!("{other}/accounts"),
        // Another name for the same machine, another scheme, another port, and a name before the host.
        format!("http://localhost:{port}/accounts"),
        bank.replace("http://", "https://"),
        "http://127.0.0.1/accounts".to_owned(),
        format!(
            "http://{}@{}/",
            bank.trim_start_matches("http://").replace(':', "%3A"),
            other.trim_start_matches("http://")
        ),
    ] {
        assert_eq!(call(&socket, &elsewhere).await, Err(TransportError::Forbidden), "{elsewhere}");
    }
    assert_eq!((asked.load(Ordering::SeqCst), never.load(Ordering::SeqCst)), (1, 0));
}

#[tokio::test]
async fn the_demo_reaches_nothing_beyond_this_machine() {
    let (here, asked) = host().await;
    let socket = Socket::new(Reach::Loopback).expect("a client");
    assert_eq!(call(&socket, &here).await, Ok(StatusCode::NO_CONTENT));
    for there in
        ["http://192.0.2.1/", "https://graph.facebook.com/", "http://localhost.example/", "http://[2001:db8::1]/"]
    {
        assert_eq!(call(&socket, there).await, Err(TransportError::Forbidden), "{there}");
    }
    assert_eq!(asked.load(Ordering::SeqCst), 1);
}
