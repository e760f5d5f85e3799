//! L0: the only door out. Every byte that leaves the process goes through a [`Transport`], to a base address that
//! was configured. `serve`, `demo` and the end-to-end tests use sockets; `replay` and the simulation call the
//! sandbox's router in process with the same request and response bytes.

use std::error::Error;
use std::net::IpAddr;
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use dashmap::DashMap;
use http::uri::{Authority, Scheme};
use http::{HeaderValue, Request, Response, Uri, header};
use http_body_util::{BodyExt, Full, LengthLimitError, Limited};
use hyper::body::Body;
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::{TokioExecutor, TokioTimer};
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
    /// The request names a host that the process may not reach; nothing was sent.
    #[error("a host that is not configured")]
    Forbidden,
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

/// A host that may be reached, and how.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Destination {
    /// `http` or `https`.
    pub scheme: String,
    /// Name or IP address, lower case; an IPv6 address in brackets.
    pub host: String,
    /// The port.
    pub port: u16,
}

impl Destination {
    /// Where an absolute address leads; `None` for what is none, or is not HTTP.
    pub fn of(address: &str) -> Option<Self> {
        let uri: Uri = address.parse().ok()?;
        let (scheme, host) = (uri.scheme_str()?.to_ascii_lowercase(), uri.host()?.to_ascii_lowercase());
        Some(Self { port: port(&uri)?, scheme, host })
    }

    fn is(&self, uri: &Uri) -> bool {
        uri.scheme_str().is_some_and(|scheme| scheme.eq_ignore_ascii_case(&self.scheme))
            && uri.host().is_some_and(|host| host.eq_ignore_ascii_case(&self.host))
            && port(uri) == Some(self.port)
    }
}

/// The port of an address, said or not.
fn port(uri: &Uri) -> Option<u16> {
    uri.port_u16().or(match uri.scheme_str()? {
        "https" => Some(443),
        "http" => Some(80),
        _ => None,
    })
}

/// What a process may reach. Whatever else it is told to call, by a bank's link or a mistake, it does not.
#[derive(Clone, Debug)]
pub enum Reach {
    /// These hosts.
    Only(Vec<Destination>),
    /// This machine: the demo, and tests.
    Loopback,
}

impl Reach {
    /// The hosts of these addresses.
    pub fn only<'a>(addresses: impl IntoIterator<Item = &'a str>) -> Self {
        Self::Only(addresses.into_iter().filter_map(Destination::of).collect())
    }

    fn allows(&self, uri: &Uri) -> bool {
        match self {
            Self::Only(destinations) => destinations.iter().any(|destination| destination.is(uri)),
            Self::Loopback => uri.host().is_some_and(|host| {
                let ip = host.trim_matches(['[', ']']).parse::<IpAddr>();
                host.eq_ignore_ascii_case("localhost") || ip.is_ok_and(|ip| ip.is_loopback())
            }),
        }
    }
}

/// How long a connection may take to be made.
const CONNECT_WITHIN: Duration = Duration::from_secs(5);
/// How long a connection is kept that nobody uses.
const KEPT_IDLE: Duration = Duration::from_secs(30);
/// Who calls.
const USER_AGENT: &str = concat!("balancebot/", env!("CARGO_PKG_VERSION"));

/// Real sockets: rustls, no redirects, no proxy from the environment.
pub struct Socket {
    reach: Reach,
    /// For `https`.
    client: reqwest::Client,
    /// For `http`: what is on this machine, or behind a sidecar that adds TLS. `reqwest` stands on the same client; its
    /// own part (an address of another type, copies for redirects and second tries that are switched off) would cost
    /// as much again as the request.
    plain: Client<HttpConnector, Full<Bytes>>,
    /// Each host that was called, parsed once: to parse an address costs as much as to send a request.
    hosts: DashMap<(Scheme, Authority), Url>,
}

impl Socket {
    /// A transport with its own connection pool, that reaches no further than this.
    pub fn new(reach: Reach) -> Result<Self, reqwest::Error> {
        let client = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            // Who calls decides what is tried again; a copy of every request, kept for that, would never be used.
            .retry(reqwest::retry::never().max_retries_per_request(0))
            .connect_timeout(CONNECT_WITHIN)
            .pool_idle_timeout(KEPT_IDLE)
            .user_agent(USER_AGENT)
            .build()?;
        let mut connector = HttpConnector::new();
        connector.set_connect_timeout(Some(CONNECT_WITHIN));
        connector.set_nodelay(true);
        let mut plain = Client::builder(TokioExecutor::new());
        plain.pool_timer(TokioTimer::new()).pool_idle_timeout(KEPT_IDLE);
        Ok(Self { reach, client, plain: plain.build(connector), hosts: DashMap::new() })
    }

    /// An exchange with a host that speaks TLS.
    async fn secure(&self, request: Request<Bytes>) -> Result<Response<Bytes>, TransportError> {
        let (parts, body) = request.into_parts();
        let address = self.address(&parts.uri).ok_or(TransportError::Unreachable)?;
        let mut request = reqwest::Request::new(parts.method, address);
        *request.headers_mut() = parts.headers;
        *request.body_mut() = (!body.is_empty()).then(|| body.into());
        let failed = |error: reqwest::Error| {
            if error.is_connect() || error.is_builder() { TransportError::Unreachable } else { TransportError::Broken }
        };
        let response = self.client.execute(request).await.map_err(failed)?;
        read_whole(Response::<reqwest::Body>::from(response)).await
    }

    /// An exchange with a host that does not.
    async fn plain(&self, mut request: Request<Bytes>) -> Result<Response<Bytes>, TransportError> {
        request.headers_mut().insert(header::USER_AGENT, HeaderValue::from_static(USER_AGENT));
        let failed = |error: hyper_util::client::legacy::Error| {
            if error.is_connect() { TransportError::Unreachable } else { TransportError::Broken }
        };
        let response = self.plain.request(request.map(Full::new)).await.map_err(failed)?;
        read_whole(response).await
    }

    /// An absolute address as `reqwest` wants it.
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
        if !self.reach.allows(request.uri()) {
            // Which host it was may come from a bank, and is not written down.
            tracing::error!("a request to a host that is not configured was not sent");
            return Err(TransportError::Forbidden);
        }
        if request.uri().scheme() == Some(&Scheme::HTTP) {
            self.plain(request).await
        } else {
            self.secure(request).await
        }
    }
}

/// Reads a body to its end, never holding more of it than [`BODY_MAX`].
async fn read_whole<B>(response: Response<B>) -> Result<Response<Bytes>, TransportError>
where
    B: Body<Data = Bytes>,
    B::Error: Into<Box<dyn Error + Send + Sync>>,
{
    let (parts, body) = response.into_parts();
    let collected = Limited::new(body, BODY_MAX).collect().await.map_err(|error| {
        if error.is::<LengthLimitError>() { TransportError::TooLarge } else { TransportError::Broken }
    })?;
    Ok(Response::from_parts(parts, collected.to_bytes()))
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
