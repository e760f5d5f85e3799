//! The executor: the only file of this room that sends. It checks the permit, adds the token, and owns the deadline,
//! the retries and the guard; what to ask and what an answer means is the dialects' business.

use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use futures_util::future::{Either, select};
use http::{HeaderMap, HeaderName, HeaderValue, Request, Response, StatusCode, header};
use jiff::Timestamp;
use secrecy::ExposeSecret;

use crate::bank::{BankError, guard::Guard, json::malformed, refusal, settings::Limits, token_hash::TokenHash};
use crate::clock::{Clock, later};
use crate::domain::{bank::BankId, purpose::DataClass};
use crate::egress::{Transport, TransportError};
use crate::privacy::permit::Permit;
use crate::privacy::random;

/// Ties our call to the bank's log of it (FAPI 1.0 baseline, section 6.2.1).
const INTERACTION_ID: HeaderName = HeaderName::from_static("x-fapi-interaction-id");

/// What a bank answered, and when.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    /// HTTP status.
    pub(crate) status: StatusCode,
    /// Headers.
    pub(crate) headers: HeaderMap,
    /// The whole body.
    pub(crate) body: Bytes,
    /// When it was complete.
    pub(crate) received: Timestamp,
}

/// Sends one bank's requests.
pub(crate) struct Wire {
    bank: BankId,
    limits: Limits,
    guard: Guard,
    transport: Arc<dyn Transport>,
    clock: Arc<dyn Clock>,
}

impl Wire {
    /// An executor for one bank.
    pub(crate) fn new(
        bank: BankId,
        limits: Limits,
        guard: Guard,
        transport: Arc<dyn Transport>,
        clock: Arc<dyn Clock>,
    ) -> Self {
        Self { bank, limits, guard, transport, clock }
    }

    /// What a read may cost.
    pub(crate) fn limits(&self) -> &Limits {
        &self.limits
    }

    /// Makes one call under a permit of this bank that covers `class`; nothing is sent without. Any complete answer
    /// is returned, also a refusal: the dialect knows what it means.
    pub(crate) async fn get(
        &self,
        permit: &Permit,
        class: DataClass,
        request: Request<Bytes>,
    ) -> Result<Answer, BankError> {
        if *permit.bank() != self.bank || !permit.covers(class) {
            return Err(BankError::NotCovered);
        }
        let request = authorised(request, permit)?;
        let token = TokenHash::of(permit.token());
        let clock = &*self.clock;
        let deadline = later(clock.now(), self.limits.call_timeout);
        let pass = within(clock, deadline, self.guard.enter(token)).await??;
        let outcome = match within(clock, deadline, self.attempts(request, deadline)).await {
            Ok(outcome) => outcome,
            Err(slow) => {
                pass.failed();
                return Err(slow);
            }
        };
        match outcome {
            Ok(response) => {
                if is_failure(response.status()) {
                    pass.failed()
                } else {
                    pass.answered()
                }
                let answer = Answer::new(response, clock.now());
                if answer.status == StatusCode::TOO_MANY_REQUESTS
                    && let Some(until) = refusal::retry_after(&answer.headers, answer.received)
                {
                    self.guard.be_quiet(token, until);
                }
                Ok(answer)
            }
            Err(TransportError::TooLarge) => {
                pass.answered();
                Err(malformed("body", "is too large"))
            }
            Err(error) => {
                pass.failed();
                Err(BankError::Unavailable(error.to_string()))
            }
        }
    }

    /// Sends until the bank answers, at most a few times: every call is a GET, so it may be repeated.
    async fn attempts(&self, request: Request<Bytes>, deadline: Timestamp) -> Result<Response<Bytes>, TransportError> {
        let mut wait = self.limits.retry_after;
        for left in (0..=self.limits.retries_max).rev() {
            let outcome = self.transport.exchange(request.clone()).await;
            let pause = match &outcome {
                Ok(response) if is_failure(response.status()) => {
                    refusal::retry_after(response.headers(), self.clock.now())
                }
                Ok(_) | Err(TransportError::TooLarge | TransportError::Forbidden) => return outcome,
                Err(TransportError::Unreachable | TransportError::Broken) => None,
            };
            // A bank that asks for a pause gets it whole, or no second call.
            let again = pause.unwrap_or_else(|| later(self.clock.now(), wait));
            if left == 0 || again >= deadline {
                return outcome;
            }
            self.clock.sleep_until(again).await;
            wait = wait.saturating_mul(2).min(Duration::from_secs(5));
        }
        Err(TransportError::Unreachable)
    }
}

impl Answer {
    fn new(response: Response<Bytes>, received: Timestamp) -> Self {
        let (parts, body) = response.into_parts();
        Self { status: parts.status, headers: parts.headers, body, received }
    }
}

/// Whether the bank is in trouble. "Not implemented" is an answer: it will not change by asking again.
fn is_failure(status: StatusCode) -> bool {
    status.is_server_error() && status != StatusCode::NOT_IMPLEMENTED
}

/// A GET of an address that a dialect built.
pub(crate) fn get(url: &str) -> Result<Request<Bytes>, BankError> {
    let request = Request::get(url).header(header::ACCEPT, HeaderValue::from_static("application/json"));
    request.body(Bytes::new()).map_err(|_| BankError::Misconfigured("the address cannot be built".to_owned()))
}

/// The request with the consent's token and an id of its own.
fn authorised(mut request: Request<Bytes>, permit: &Permit) -> Result<Request<Bytes>, BankError> {
    let unfit = |_| BankError::Misconfigured("the token cannot stand in a header".to_owned());
    let mut bearer = HeaderValue::from_str(&format!("Bearer {}", permit.token().expose_secret())).map_err(unfit)?;
    bearer.set_sensitive(true);
    let interaction = HeaderValue::from_str(&interaction_id()).map_err(unfit)?;
    request.headers_mut().insert(header::AUTHORIZATION, bearer);
    request.headers_mut().insert(INTERACTION_ID, interaction);
    Ok(request)
}

/// A random UUID (RFC 9562 section 5.4, version 4).
fn interaction_id() -> String {
    let mut bytes = random::bytes::<16>();
    bytes[6] = (bytes[6] & 0x0F) | 0x40;
    bytes[8] = (bytes[8] & 0x3F) | 0x80;
    let hex = hex::encode(bytes);
    format!("{}-{}-{}-{}-{}", &hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..])
}

/// Lets `work` run until `deadline`.
pub(super) async fn within<T>(
    clock: &dyn Clock,
    deadline: Timestamp,
    work: impl Future<Output = T> + Send,
) -> Result<T, BankError> {
    match select(pin!(work), clock.sleep_until(deadline)).await {
        Either::Left((done, _)) => Ok(done),
        Either::Right(_) => Err(BankError::TooSlow),
    }
}
