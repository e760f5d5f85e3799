//! `POST /banks/{id}/orders`: a bank's own order that it is not read, or may be again. Signed by the bank over the body as
//! it is sent; there is no other way to give one from outside.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Path, Request, State};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use axum::{Json, Router};
use http::StatusCode;
use http_body_util::{BodyExt, LengthLimitError, Limited};
use serde_json::json;

use crate::domain::bank::BankId;
use crate::domain::stop::{Order, Wanted};
use crate::turn::Turn;
use crate::turn::stops::Refused;

/// The header of the signature: Ed25519, base64.
pub const SIGNATURE: &str = "order-signature";

/// Largest body of an order, in bytes.
const BODY_MAX: usize = 4 * 1024;

/// The route of orders.
pub fn router(turn: Arc<Turn>) -> Router {
    Router::new().route("/banks/{id}/orders", post(take)).with_state(turn)
}

async fn take(State(turn): State<Arc<Turn>>, Path(bank): Path<String>, request: Request) -> Response {
    let (head, body) = request.into_parts();
    let mut signatures = head.headers.get_all(SIGNATURE).into_iter();
    let signature = signatures.next().and_then(|value| value.to_str().ok()).filter(|_| signatures.next().is_none());
    let signature = signature.unwrap_or_default().to_owned();
    let body = match read_body(body).await {
        Ok(body) => body,
        Err(status) => return status.into_response(),
    };
    match turn.take_order(&BankId::new(bank), &signature, &body).await {
        Ok(order) => Json(told(&order)).into_response(),
        Err(refused) => {
            tracing::warn!(order.refused = %code(&refused), "a bank's order was refused");
            (status(&refused), Json(json!({"error": code(&refused), "message": refused.to_string()}))).into_response()
        }
    }
}

async fn read_body(body: Body) -> Result<bytes::Bytes, StatusCode> {
    match Limited::new(body, BODY_MAX).collect().await {
        Ok(body) => Ok(body.to_bytes()),
        Err(error) if error.is::<LengthLimitError>() => Err(StatusCode::PAYLOAD_TOO_LARGE),
        Err(_) => Err(StatusCode::BAD_REQUEST),
    }
}

fn told(order: &Order) -> serde_json::Value {
    json!({"id": order.id, "reading": if order.wanted == Wanted::Stop { "stopped" } else { "resumed" }})
}

fn code(refused: &Refused) -> &'static str {
    match refused {
        Refused::NoKey => "unknown_bank",
        Refused::Forged => "signature",
        Refused::Malformed(_) => "malformed",
        Refused::Old => "old",
        Refused::Another => "id_used",
        Refused::Store => "unavailable",
    }
}

fn status(refused: &Refused) -> StatusCode {
    match refused {
        Refused::NoKey => StatusCode::NOT_FOUND,
        Refused::Forged => StatusCode::UNAUTHORIZED,
        Refused::Malformed(_) => StatusCode::BAD_REQUEST,
        Refused::Old | Refused::Another => StatusCode::CONFLICT,
        Refused::Store => StatusCode::SERVICE_UNAVAILABLE,
    }
}
