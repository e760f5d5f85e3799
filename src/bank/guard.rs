//! Keeps a bank that is in trouble from being asked, and a healthy one from being asked too much at a time: a
//! breaker, a limit of calls at once, and the bank's own `Retry-After`.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;
use tokio::sync::{Semaphore, SemaphorePermit};

use crate::bank::settings::Limits;
use crate::bank::{BankError, token_hash::TokenHash};
use crate::clock::{Clock, later};

/// Longest time for which a bank's `Retry-After` is believed; a mistaken header must not lock a person out.
const QUIET_MAX: std::time::Duration = std::time::Duration::from_secs(24 * 60 * 60);

/// Most people whom one bank may have asked to wait at a time.
const QUIET_PEOPLE_MAX: usize = 10_000;

/// The guard of one bank.
#[derive(Debug)]
pub(crate) struct Guard {
    clock: Arc<dyn Clock>,
    places: Semaphore,
    failures_max: u32,
    rest: std::time::Duration,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    /// Failures in a row. Calls that were under way together and failed together count once: a person with many
    /// accounts is not many signs of trouble.
    failures: u32,
    /// Goes up with each failure that counts.
    epoch: u64,
    /// While set, the breaker is open; after that moment one call may probe.
    closed_until: Option<Timestamp>,
    probing: bool,
    quiet: HashMap<TokenHash, Timestamp>,
}

/// The right to make one call now. Dropped without a verdict (the caller gave up), it says nothing of the bank.
#[derive(Debug)]
pub(crate) struct Pass<'a> {
    guard: &'a Guard,
    probe: bool,
    epoch: u64,
    _place: SemaphorePermit<'a>,
}

impl Guard {
    /// A guard for a bank of which nothing bad is known.
    pub(crate) fn new(limits: &Limits, clock: Arc<dyn Clock>) -> Self {
        Self {
            clock,
            places: Semaphore::new(limits.calls_at_once.max(1)),
            failures_max: limits.failures_max.max(1),
            rest: limits.rest,
            state: Mutex::default(),
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits for a free place. Refuses at once while the breaker is open, or while the bank wants this person's
    /// calls to wait.
    pub(crate) async fn enter(&self, token: TokenHash) -> Result<Pass<'_>, BankError> {
        self.check_quiet(token)?;
        // Look before waiting, so that calls to a dead bank do not queue; and again after, since it may have died.
        self.state().refuse_if_open(self.clock.now())?;
        let place = self.places.acquire().await.map_err(|_| BankError::Unavailable("shut down".to_owned()))?;
        let mut state = self.state();
        let probe = state.admit(self.clock.now())?;
        Ok(Pass { guard: self, probe, epoch: state.epoch, _place: place })
    }

    fn check_quiet(&self, token: TokenHash) -> Result<(), BankError> {
        let now = self.clock.now();
        let mut state = self.state();
        match state.quiet.get(&token) {
            Some(until) if *until > now => Err(BankError::RateLimited { until: Some(*until) }),
            Some(_) => {
                state.quiet.remove(&token);
                Ok(())
            }
            None => Ok(()),
        }
    }

    /// The bank wants no more calls for this person until then.
    pub(crate) fn be_quiet(&self, token: TokenHash, until: Timestamp) {
        let now = self.clock.now();
        let mut state = self.state();
        state.quiet.retain(|_, until| *until > now);
        if state.quiet.len() < QUIET_PEOPLE_MAX {
            state.quiet.insert(token, until.min(later(now, QUIET_MAX)));
        }
    }
}

impl State {
    fn refuse_if_open(&self, now: Timestamp) -> Result<(), BankError> {
        let open = || BankError::Unavailable("left alone after repeated failures".to_owned());
        match self.closed_until {
            Some(until) if now < until || self.probing => Err(open()),
            _ => Ok(()),
        }
    }

    /// Lets a call through; `true` when it is the probe of an open breaker.
    fn admit(&mut self, now: Timestamp) -> Result<bool, BankError> {
        self.refuse_if_open(now)?;
        self.probing = self.closed_until.is_some();
        Ok(self.probing)
    }
}

impl Pass<'_> {
    /// The bank answered, if only to refuse.
    pub(crate) fn answered(mut self) {
        let mut state = self.guard.state();
        state.failures = 0;
        state.closed_until = None;
        state.probing = false;
        drop(state);
        self.probe = false;
    }

    /// The bank failed or was too slow.
    pub(crate) fn failed(mut self) {
        let now = self.guard.clock.now();
        let mut state = self.guard.state();
        if self.epoch == state.epoch || self.probe {
            state.epoch += 1;
            state.failures = state.failures.saturating_add(1);
            if state.failures >= self.guard.failures_max {
                state.closed_until = Some(later(now, self.guard.rest));
            }
        }
        if self.probe {
            state.probing = false;
        }
        drop(state);
        self.probe = false;
    }
}

impl Drop for Pass<'_> {
    fn drop(&mut self) {
        if self.probe {
            self.guard.state().probing = false;
        }
    }
}
