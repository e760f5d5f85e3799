//! The pace of calls for one page. The platform allows more than the page's inbox can show, and tells in usage
//! headers how near its limit is; above 80 % the pace drops until it has calmed down.
//! Source: Messenger Platform, "Rate Limits"; Graph API, "Rate Limits", sections on the usage headers.

use std::collections::VecDeque;
use std::num::NonZeroU32;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use http::HeaderMap;
use jiff::Timestamp;
use serde_json::Value;

use crate::clock::later;

/// The window while all is well.
const WINDOW: Duration = Duration::from_secs(1);
/// The window while usage is high: a tenth of the pace.
const SLOW_WINDOW: Duration = Duration::from_secs(10);
/// Usage, in per cent, from which the pace drops.
const HIGH_USAGE: f64 = 80.0;
/// How long the pace stays low after the last report of high usage.
const SLOW_FOR: Duration = Duration::from_secs(60);
/// Longest hold that a usage header can bring about.
const HOLD_MAX_MINUTES: u64 = 60;
/// Longest wait for a turn; what would wait longer goes back to the outbox.
const PATIENCE: Duration = Duration::from_secs(5);

/// The headers that report usage.
const USAGE_HEADERS: [&str; 3] = ["x-app-usage", "x-page-usage", "x-business-use-case-usage"];
/// Their fields in per cent.
const PER_CENT: [&str; 4] = ["call_count", "total_time", "total_cputime", "acc_id_util_pct"];

/// The pace of one page, shared by all senders of this process.
#[derive(Debug)]
pub(super) struct Pace {
    /// Most calls within one window.
    calls_max: usize,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    /// When the last `calls_max` calls went or go out, oldest first.
    calls: VecDeque<Timestamp>,
    slow_until: Option<Timestamp>,
    held_until: Option<Timestamp>,
}

/// A call that would have to wait too long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TooBusy {
    /// The platform asked for rest.
    Held {
        /// When it is over.
        until: Timestamp,
    },
    /// Our own queue is long.
    Queued {
        /// When it would have been this call's turn.
        until: Timestamp,
    },
}

impl Pace {
    /// A page that is called so often in a second, and no more.
    pub(super) fn of(calls_per_second: NonZeroU32) -> Self {
        let calls_max = usize::try_from(calls_per_second.get()).unwrap_or(usize::MAX);
        Self { calls_max, state: Mutex::default() }
    }

    /// Takes the next turn: the moment at which the call may go out, not more than five seconds away.
    pub(super) fn turn(&self, now: Timestamp) -> Result<Timestamp, TooBusy> {
        self.turn_by(now, later(now, PATIENCE))
    }

    /// Takes a turn now, or none: what does not matter much must not keep a message waiting.
    pub(super) fn turn_now(&self, now: Timestamp) -> Result<(), TooBusy> {
        self.turn_by(now, now).map(|_| ())
    }

    fn turn_by(&self, now: Timestamp, latest: Timestamp) -> Result<Timestamp, TooBusy> {
        let mut state = self.state();
        let held = state.held_until.unwrap_or(now);
        if held > latest {
            return Err(TooBusy::Held { until: held });
        }
        let window = if state.slow_until.is_some_and(|until| until > now) { SLOW_WINDOW } else { WINDOW };
        let full = state.calls.len() >= self.calls_max;
        let free = state.calls.front().filter(|_| full).map_or(now, |oldest| later(*oldest, window));
        let turn = now.max(held).max(free);
        if turn > latest {
            return Err(TooBusy::Queued { until: turn });
        }
        if full {
            state.calls.pop_front();
        }
        state.calls.push_back(turn);
        Ok(turn)
    }

    /// Rests until then; the platform asked for it.
    pub(super) fn hold(&self, until: Timestamp) {
        let mut state = self.state();
        state.held_until = state.held_until.max(Some(until));
    }

    /// Takes in the usage headers of an answer. Returns until when the platform itself says there is no access.
    pub(super) fn observe(&self, headers: &HeaderMap, now: Timestamp) -> Option<Timestamp> {
        let reports = USAGE_HEADERS.iter().filter_map(|name| headers.get(*name));
        let reports = reports.filter_map(|value| serde_json::from_slice::<Value>(value.as_bytes()).ok());
        let (mut usage, mut minutes) = (0.0_f64, 0);
        for report in reports {
            read_usage(&report, &mut usage, &mut minutes);
        }
        if usage >= HIGH_USAGE {
            let mut state = self.state();
            state.slow_until = state.slow_until.max(Some(later(now, SLOW_FOR)));
            tracing::warn!(channel.usage_percent = usage, "the platform's limit is near: sending slows down");
        }
        let until = (minutes > 0).then(|| later(now, Duration::from_secs(60 * minutes.min(HOLD_MAX_MINUTES))));
        if let Some(until) = until {
            self.hold(until);
        }
        until
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // Nothing between lock and unlock can leave the state half-written.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The highest percentage and the longest wait of a report, which is an object, or an object of lists of objects.
fn read_usage(report: &Value, usage: &mut f64, minutes: &mut u64) {
    let Some(fields) = report.as_object() else { return };
    for name in PER_CENT {
        *usage = usage.max(fields.get(name).and_then(Value::as_f64).unwrap_or(0.0));
    }
    let wait = fields.get("estimated_time_to_regain_access").and_then(Value::as_u64).unwrap_or(0);
    *minutes = (*minutes).max(wait);
    for inner in fields.values().filter_map(Value::as_array).flatten() {
        // Two levels are all there are; anything deeper is not a report.
        if let Some(inner) = inner.as_object() {
            let flat: serde_json::Map<_, _> = inner
                .iter()
                .filter(|(_, value)| value.is_number())
                .map(|(key, value)| (key.clone(), value.clone()))
                .collect();
            read_usage(&Value::Object(flat), usage, minutes);
        }
    }
}

#[cfg(test)]
mod tests {
    use http::{HeaderName, HeaderValue};

    use super::*;

    fn forty() -> Pace {
        Pace::of(NonZeroU32::new(40).expect("not zero"))
    }

    fn at(ms: i64) -> Timestamp {
        Timestamp::from_millisecond(1_790_000_000_000 + ms).expect("a moment")
    }

    fn usage(name: &'static str, report: &'static str) -> HeaderMap {
        HeaderMap::from_iter([(HeaderName::from_static(name), HeaderValue::from_static(report))])
    }

    #[test]
    fn no_second_sees_more_than_forty_calls() {
        let pace = forty();
        let turns: Vec<_> = (0..200).map(|_| pace.turn(at(0)).expect("a turn")).collect();
        for window in turns.windows(40 + 1) {
            assert!(window[40].duration_since(window[0]).as_millis() >= 1000);
        }
        assert_eq!(turns[199], at(4000));
        assert!((0..40).all(|_| pace.turn(at(0)).is_ok()));
        assert_eq!(pace.turn(at(0)), Err(TooBusy::Queued { until: at(6000) }));
    }

    #[test]
    fn what_cannot_go_now_takes_no_turn() {
        let pace = Pace::of(NonZeroU32::new(2).expect("not zero"));
        assert_eq!([pace.turn_now(at(0)), pace.turn_now(at(0))], [Ok(()), Ok(())]);
        assert_eq!(pace.turn_now(at(500)), Err(TooBusy::Queued { until: at(1000) }));
        assert_eq!(pace.turn(at(500)), Ok(at(1000)), "the sign before it took nothing away");
    }

    #[test]
    fn the_pace_is_as_configured() {
        let pace = Pace::of(NonZeroU32::new(3).expect("not zero"));
        let turns: Vec<_> = (0..7).map(|_| pace.turn(at(0)).expect("a turn")).collect();
        assert_eq!(turns, [0, 0, 0, 1000, 1000, 1000, 2000].map(at));
    }

    #[test]
    fn high_usage_slows_down_for_a_minute() {
        let pace = forty();
        assert_eq!(pace.observe(&usage("x-app-usage", r#"{"call_count":79,"total_time":3}"#), at(0)), None);
        assert!((0..40).all(|_| pace.turn(at(0)) == Ok(at(0))));
        pace.observe(&usage("x-page-usage", r#"{"call_count":12,"total_time":80.5}"#), at(0));
        assert_eq!(pace.turn(at(100)), Err(TooBusy::Queued { until: at(10_000) }));
        assert_eq!(pace.turn(at(61_000)), Ok(at(61_000)));
    }

    #[test]
    fn the_platforms_own_wait_is_kept_and_bounded() {
        let pace = forty();
        let report = r#"{"100":[{"type":"messenger","call_count":100,"estimated_time_to_regain_access":2}]}"#;
        assert_eq!(pace.observe(&usage("x-business-use-case-usage", report), at(0)), Some(at(120_000)));
        assert_eq!(pace.turn(at(0)), Err(TooBusy::Held { until: at(120_000) }));
        assert_eq!(pace.turn(at(117_000)), Ok(at(120_000)));
        let endless = r#"{"1":[{"estimated_time_to_regain_access":999999999999}]}"#;
        assert_eq!(pace.observe(&usage("x-business-use-case-usage", endless), at(0)), Some(at(3_600_000)));
        for junk in ["", "[]", "null", "{\"call_count\":\"many\"}", "{"] {
            assert_eq!(forty().observe(&usage("x-app-usage", junk), at(0)), None);
        }
    }
}
