//! L4: what the outside world reaches over HTTP. `webhook` takes deliveries, `chart` gives pictures, `orders` takes banks' orders, `health` tells whether the service
//! stands, `serve` is the bounded loop under both.

use axum::Router;
use axum::extract::Request;
use axum::middleware::{self, Next};
use axum::response::Response;
use http::{HeaderName, HeaderValue, StatusCode, header};

pub mod chart;
pub mod health;
pub mod orders;
pub mod pages;
pub mod serve;
pub mod webhook;

/// What every response carries unless the route has set its own: nothing of ours is cached, framed, sniffed, or told
/// to other sites.
const HEADERS: [(HeaderName, HeaderValue); 4] = [
    (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
    (
        header::CONTENT_SECURITY_POLICY,
        HeaderValue::from_static("default-src 'none'; base-uri 'none'; frame-ancestors 'none'"),
    ),
    (header::REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
    (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
];

/// The routes with what all of them share: the headers above, and an empty 404 for everything else.
pub fn secured(routes: Router) -> Router {
    routes.fallback(|| async { StatusCode::NOT_FOUND }).layer(middleware::from_fn(with_headers))
}

async fn with_headers(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    for (name, value) in HEADERS {
        response.headers_mut().entry(name).or_insert(value);
    }
    response
}
