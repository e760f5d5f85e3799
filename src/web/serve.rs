//! The accept loop: HTTP/1.1 with a limit on everything, and a drain that lets requests finish.

use std::pin::{Pin, pin};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use bytes::Bytes;
use http::{HeaderValue, Request, Response, StatusCode, header};
use hyper::body::{Body as HttpBody, Frame, Incoming, SizeHint};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tower::ServiceExt;

use crate::clock::Clock;

/// How long to wait after an accept that failed, which mostly means that no file descriptors are left.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// What a client may use up.
#[derive(Clone, Debug)]
pub struct Limits {
    /// Open connections; further ones wait in the listener's queue.
    pub connections_max: usize,
    /// Time for the head of a request, which is also how long a kept connection may idle.
    pub head: Duration,
    /// Size of the head of a request, in bytes.
    pub head_bytes_max: usize,
    /// Number of headers.
    pub headers_max: usize,
    /// Time for the body of a request.
    pub body: Duration,
    /// Time for requests to finish after shutdown was asked for.
    pub drain: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections_max: 4096,
            head: Duration::from_secs(10),
            head_bytes_max: 16 * 1024,
            headers_max: 64,
            body: Duration::from_secs(20),
            drain: Duration::from_secs(20),
        }
    }
}

/// Serves until `shutdown`, then finishes what is under way, for at most `limits.drain`. Returns how many
/// connections had to be cut off.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    limits: Limits,
    shutdown: CancellationToken,
    clock: Arc<dyn Clock>,
) -> usize {
    let door = Arc::new(Door { router, limits, shutdown, cut: CancellationToken::new(), clock });
    let permits = Arc::new(Semaphore::new(door.limits.connections_max));
    let connections = TaskTracker::new();
    while let Some((stream, permit)) = door.accept(&listener, &permits).await {
        connections.spawn(Arc::clone(&door).connection(stream, permit));
    }
    drop(listener);
    connections.close();
    let deadline = door.clock.after(door.limits.drain);
    tokio::select! {
        biased;
        () = connections.wait() => 0,
        () = door.clock.sleep_until(deadline) => {
            let left = connections.len();
            door.cut.cancel();
            connections.wait().await;
            left
        }
    }
}

struct Door {
    router: Router,
    limits: Limits,
    shutdown: CancellationToken,
    /// Ends connections that outlive the drain.
    cut: CancellationToken,
    clock: Arc<dyn Clock>,
}

impl Door {
    /// The next connection with its permit; `None` at shutdown.
    async fn accept(
        &self,
        listener: &TcpListener,
        permits: &Arc<Semaphore>,
    ) -> Option<(TcpStream, OwnedSemaphorePermit)> {
        let next = async {
            let permit = Arc::clone(permits).acquire_owned().await.ok()?;
            loop {
                match listener.accept().await {
                    Ok((stream, _)) => return Some((stream, permit)),
                    Err(error) => {
                        tracing::debug!(%error, "a connection was not accepted");
                        self.clock.sleep(ACCEPT_PAUSE).await;
                    }
                }
            }
        };
        tokio::select! {
            biased;
            () = self.shutdown.cancelled() => None,
            next = next => next,
        }
    }

    async fn connection(self: Arc<Self>, stream: TcpStream, permit: OwnedSemaphorePermit) {
        // Answers are small and final: there is nothing to wait for before sending one.
        if let Err(error) = stream.set_nodelay(true) {
            tracing::debug!(%error, "TCP_NODELAY was not set");
        }
        let door = Arc::clone(&self);
        let service = service_fn(move |request| {
            let door = Arc::clone(&door);
            async move { Ok::<_, std::convert::Infallible>(door.answer(request).await) }
        });
        let mut builder = http1::Builder::new();
        builder.timer(TokioTimer::new()).header_read_timeout(self.limits.head).max_buf_size(self.limits.head_bytes_max);
        let mut connection = pin!(builder.serve_connection(TokioIo::new(stream), service));
        let ended = tokio::select! {
            ended = connection.as_mut() => ended,
            () = self.shutdown.cancelled() => {
                connection.as_mut().graceful_shutdown();
                tokio::select! {
                    ended = connection => ended,
                    () = self.cut.cancelled() => Ok(()),
                }
            }
        };
        if let Err(error) = ended {
            tracing::debug!(%error, "a connection ended with an error");
        }
        drop(permit);
    }

    /// Answers one request. A body that is not read within its time ends the request with 408, whatever the route
    /// was doing; a route that has its whole body takes the time it needs.
    async fn answer(&self, request: Request<Incoming>) -> Response<Body> {
        if request.headers().len() > self.limits.headers_max {
            return refuse(StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE);
        }
        let is_done = Arc::new(AtomicBool::new(request.body().is_end_stream()));
        let request = request.map(|body| Body::new(Watched { body, is_done: Arc::clone(&is_done) }));
        let mut answered = pin!(self.router.clone().oneshot(request));
        // Most bodies have arrived with their head: no deadline is set for them.
        if let Poll::Ready(response) = futures_util::poll!(answered.as_mut()) {
            let Ok(response) = response;
            return response;
        }
        if !is_done.load(Ordering::Relaxed) {
            let deadline = self.clock.sleep_until(self.clock.after(self.limits.body));
            tokio::select! {
                biased;
                Ok(response) = answered.as_mut() => return response,
                () = deadline => if !is_done.load(Ordering::Relaxed) {
                    return refuse(StatusCode::REQUEST_TIMEOUT);
                },
            }
        }
        let Ok(response) = answered.await;
        response
    }
}

/// An empty answer after which the connection is closed: the rest of the request will not be read.
fn refuse(status: StatusCode) -> Response<Body> {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = status;
    response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
    response
}

/// A request body that tells when it has been read to its end, or is not wanted any more.
struct Watched {
    body: Incoming,
    is_done: Arc<AtomicBool>,
}

impl HttpBody for Watched {
    type Data = Bytes;
    type Error = hyper::Error;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, hyper::Error>>> {
        let frame = ready!(Pin::new(&mut self.body).poll_frame(cx));
        if frame.is_none() || self.body.is_end_stream() {
            self.is_done.store(true, Ordering::Relaxed);
        }
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

impl Drop for Watched {
    fn drop(&mut self) {
        self.is_done.store(true, Ordering::Relaxed);
    }
}
