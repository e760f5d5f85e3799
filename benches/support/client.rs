//! A client with kept connections that does as little as it can: ready-made bytes out, the head of the answer in.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use anyhow::{Context, bail, ensure};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::stopwatch::Stopwatch;

/// What a request is to wait for besides its answer.
pub(crate) trait Afterwards: Send + Sync + 'static {
    /// Told before request number `at` goes out.
    fn begins(&self, _at: usize) {}

    /// Returns when what request number `at` set in motion is done.
    fn done(&self, _at: usize) -> impl Future<Output = anyhow::Result<()>> + Send {
        std::future::ready(Ok(()))
    }
}

/// The answer is all there is to wait for.
pub(crate) struct Nothing;

impl Afterwards for Nothing {}

/// What a round of requests took.
pub(crate) struct Driven {
    /// From the first request to the last answer.
    pub(crate) wall: Duration,
    /// Of each request, in no order.
    pub(crate) latencies: Vec<Duration>,
}

/// Sends every request once, over `connections` connections that are opened before the clock runs.
pub(crate) async fn drive(
    address: SocketAddr,
    connections: usize,
    requests: Arc<Vec<Vec<u8>>>,
    afterwards: Arc<impl Afterwards>,
) -> anyhow::Result<Driven> {
    let mut streams = Vec::with_capacity(connections);
    for _ in 0..connections {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        streams.push(stream);
    }
    let next = Arc::new(AtomicUsize::new(0));
    let watch = Stopwatch::start();
    let tasks: Vec<_> = streams
        .into_iter()
        .map(|mut stream| {
            let (next, requests, afterwards) = (Arc::clone(&next), Arc::clone(&requests), Arc::clone(&afterwards));
            tokio::spawn(async move {
                let mut latencies = Vec::with_capacity(requests.len() / connections + 1);
                loop {
                    let at = next.fetch_add(1, Ordering::Relaxed);
                    let Some(request) = requests.get(at) else { return anyhow::Ok(latencies) };
                    let watch = Stopwatch::start();
                    afterwards.begins(at);
                    exchange(&mut stream, request).await?;
                    afterwards.done(at).await?;
                    latencies.push(watch.elapsed());
                }
            })
        })
        .collect();
    let mut latencies = Vec::with_capacity(requests.len());
    for task in tasks {
        latencies.extend(task.await??);
    }
    Ok(Driven { wall: watch.elapsed(), latencies })
}

/// One request and its whole answer, which must be a 200.
async fn exchange(stream: &mut TcpStream, request: &[u8]) -> anyhow::Result<()> {
    stream.write_all(request).await?;
    let mut answer = [0_u8; 4096];
    let mut filled = 0;
    loop {
        let read = stream.read(&mut answer[filled..]).await?;
        ensure!(read > 0, "the server closed the connection");
        filled += read;
        let text = std::str::from_utf8(&answer[..filled])?;
        let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
        let mut lines = head.split("\r\n");
        let status = lines.next().unwrap_or_default();
        if !status.starts_with("HTTP/1.1 200") {
            bail!("the server answered {status}");
        }
        let length =
            lines.find_map(|line| line.to_ascii_lowercase().strip_prefix("content-length:").map(str::to_owned));
        let length: usize = length.context("no length")?.trim().parse()?;
        if body.len() >= length {
            return Ok(());
        }
    }
}
