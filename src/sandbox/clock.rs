//! `POST /sandbox/clock`: sets the world's clock forward, so that a demo can be walked to the end of a consent.
//!
//! ```text
//! curl -H 'Content-Type: application/json' -d '{"days": 175}' http://127.0.0.1:8088/sandbox/clock
//! ```

use std::sync::Arc;
use std::time::Duration;

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use axum::{Json, Router};
use http::StatusCode;
use serde::Deserialize;
use serde_json::json;

use crate::clock::{Clock, WorldClock};

/// How far it goes at a time: longer than any consent stands.
const DAYS_MAX: u64 = 400;
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Forward {
    days: u64,
}

/// The route. A demo that goes by the machine's clock has none.
pub fn router(clock: Arc<WorldClock>) -> Router {
    Router::new().route("/sandbox/clock", post(forward)).with_state(clock)
}

/// Only JSON is taken, which no page elsewhere in the browser can post without asking first.
async fn forward(State(clock): State<Arc<WorldClock>>, Json(Forward { days }): Json<Forward>) -> Response {
    let Some(by) = u32::try_from(days).ok().filter(|_| days <= DAYS_MAX) else {
        return (StatusCode::BAD_REQUEST, Json(json!({"error": format!("at most {DAYS_MAX} days")}))).into_response();
    };
    clock.skip(DAY * by);
    Json(json!({"now": clock.now().to_string()})).into_response()
}
