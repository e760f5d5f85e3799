//! L0: the only door out. Every byte that leaves the process goes through a [`Transport`], to a base address that
//! was configured. `serve`, `demo` and the end-to-end tests use sockets; `replay` and the simulation call the
//! sandbox's router in process with the same request and response bytes.

use std::time::Duration;

use async_trait::async_trait;
use bytes::{Bytes, BytesMut};
use dashmap::DashMap;
use http::uri::{Authority, Scheme};
use http::{Request, Response, Uri};
use http_body_util::BodyExt;
use reqwest::Url;
use tower::ServiceExt;

/// Largest response body that is read.
pub const BODY_MAX: usize = 5 * 1024 * 1024;

/// Why an exchange gave no usable response. Never holds an address, a token or a body.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TransportError {
    /// No connection could be made: the request was not sent.
    #[error("no connection")]
    Unreachable,
    /// The connection broke, or the response did not come: the request may have been handled.
    #[error("the connection broke before the response was complete")]
    Broken,
    /// The response is larger than [`BODY_MAX`].
    #[error("the response is too large")]
    TooLarge,
}

/// Sends one request and reads the whole response, following no redirect. Deadlines are the caller's.
#[async_trait]
pub trait Transport: Send + Sync {
    /// One exchange. The request's URI is absolute.
    async fn exchange(&self, request: Request<Bytes>) -> Result<Response<Bytes>, TransportError>;
}

/// Real sockets: rustls, no redirects, no proxy from the environment.
pub struct Socket {
    client: reqwest::Client,
    /// Each host that was called, parsed once: to parse an address costs as much as to send a request.
    hosts: DashMap<(Scheme, Authority), Url>,
}

impl Socket {
    /// A transport with its own connection pool.
    pub fn new() -> Result<Self, reqwest::Error> {
        let client = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            // Who calls decides what is tried again; a copy of every request, kept for that, would never be used.
            .retry(reqwest::retry::never().max_retries_per_request(0))
            .connect_timeout(Duration::from_secs(5))
            .pool_idle_timeout(Duration::from_secs(30))
            .user_agent(concat!("balancebot/", env!("CARGO_PKG_VERSION")))
            .build()?;
        Ok(Self { client, hosts: DashMap::new() })
    }

    /// An absolute address as the client wants it.
    fn address(&self, uri: &Uri) -> Option<Url> {
        let host = (uri.scheme()?.clone(), uri.authority()?.clone());
        let known = self.hosts.get(&host).map(|url| url.clone());
        let mut url = match known {
            Some(url) => url,
            None => {
                let url = Url::parse(&format!("{}://{}", host.0, host.1)).ok()?;
                self.hosts.insert(host, url.clone());
                url
            }
        };
        url.set_path(uri.path());
        url.set_query(uri.query());
        Some(url)
    }
}

#[async_trait]
impl Transport for Socket {
    async fn exchange(&self, request: Request<Bytes>) -> Result<Response<Bytes>, TransportError> {
        let (parts, body) = request.into_parts();
        let address = self.address(&parts.uri).ok_or(TransportError::Unreachable)?;
        let mut request = reqwest::Request::new(parts.method, address);
        *request.headers_mut() = parts.headers;
        *request.body_mut() = (!body.is_empty()).then(|| body.into());
        let failed = |error: reqwest::Error| {
            if error.is_connect() || error.is_builder() { TransportError::Unreachable } else { TransportError::Broken }
        };
        let mut answer = self.client.execute(request).await.map_err(failed)?;
        let mut response = Response::new(Bytes::new());
        *response.status_mut() = answer.status();
        *response.headers_mut() = std::mem::take(answer.headers_mut());
        let mut body = BytesMut::new();
        while let Some(chunk) = answer.chunk().await.map_err(|_| TransportError::Broken)? {
            if body.len() + chunk.len() > BODY_MAX {
                return Err(TransportError::TooLarge);
            }
            body.extend_from_slice(&chunk);
        }
        *response.body_mut() = body.freeze();
        Ok(response)
    }
}

/// A router in this process, called with the bytes that would have crossed the wire.
pub struct InProcess {
    router: axum::Router,
}

impl InProcess {
    /// A transport that ends in `router`, whatever host the request names.
    pub fn new(router: axum::Router) -> Self {
        Self { router }
    }
}

#[async_trait]
impl Transport for InProcess {
    async fn exchange(&self, request: Request<Bytes>) -> Result<Response<Bytes>, TransportError> {
        let request = request.map(axum::body::Body::from);
        let Ok(response) = self.router.clone().oneshot(request).await;
        let (parts, body) = response.into_parts();
        let body = body.collect().await.map_err(|_| TransportError::Broken)?.to_bytes();
        if body.len() > BODY_MAX {
            return Err(TransportError::TooLarge);
        }
        Ok(Response::from_parts(parts, body))
    }
}
