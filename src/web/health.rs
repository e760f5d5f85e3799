//! `/live`: the process runs. `/ready`: it can take deliveries, so a load balancer may send some.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::routing::get;
use http::StatusCode;
use tokio_util::sync::CancellationToken;

use crate::clock::Clock;
use crate::store::Store;

/// How long the store may take to answer before it counts as not answering.
const STORE_DEADLINE: Duration = Duration::from_secs(2);

/// What readiness depends on.
#[derive(Clone)]
pub struct Health {
    /// Must answer.
    pub store: Arc<dyn Store>,
    /// Cancelled when the service drains: it is then not ready any more, and still live.
    pub draining: CancellationToken,
    /// Measures the store's deadline.
    pub clock: Arc<dyn Clock>,
}

/// GET `/live` and `/ready`: 200 or 503, with one word.
pub fn router(health: Health) -> Router {
    Router::new().route("/live", get(|| async { "live" })).route("/ready", get(ready)).with_state(health)
}

async fn ready(State(health): State<Health>) -> (StatusCode, &'static str) {
    if health.draining.is_cancelled() {
        return (StatusCode::SERVICE_UNAVAILABLE, "draining");
    }
    let answered = tokio::select! {
        biased;
        stats = health.store.stats() => stats.is_ok(),
        () = health.clock.sleep_until(health.clock.after(STORE_DEADLINE)) => false,
    };
    if answered { (StatusCode::OK, "ready") } else { (StatusCode::SERVICE_UNAVAILABLE, "store") }
}
