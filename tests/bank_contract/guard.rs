//! Retries, deadlines, the breaker and the limits, all in virtual time.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use balancebot::bank::BankError;
use balancebot::clock::{Clock, WorldClock};
use balancebot::domain::account::AccountClass;
use balancebot::privacy::permit::trial;
use futures_util::future::join_all;

use crate::stage::{Call, Reply, Shape, Stage, account, clock, permit};

/// A bank that fails for its first `failures` calls.
fn failing(clock: Arc<WorldClock>, failures: usize, reply: Reply) -> Stage {
    let calls = AtomicUsize::new(0);
    Stage::new("northgate", Shape::Fdx6, clock, move |call: &Call| {
        if calls.fetch_add(1, Ordering::SeqCst) < failures { reply.clone() } else { Shape::Fdx6.story(call) }
    })
}

fn seconds_since(clock: &WorldClock, start: jiff::Timestamp) -> f64 {
    clock.now().duration_since(start).as_secs_f64()
}

#[tokio::test(start_paused = true)]
async fn a_failing_call_is_repeated_twice_at_most() {
    let clock = clock();
    let start = clock.now();
    let stage = failing(clock.clone(), 2, Reply::status(503, ""));
    assert!(stage.bank.accounts(&permit()).await.is_ok());
    assert_eq!(stage.calls().len(), 3);
    assert!(seconds_since(&clock, start) < 1.0);
    let stage = failing(clock, 3, Reply::status(500, ""));
    assert!(matches!(stage.bank.accounts(&permit()).await, Err(BankError::Unavailable(_))));
    assert_eq!(stage.calls().len(), 3);
    for final_status in [400, 401, 403, 404, 429, 501] {
        let stage = Stage::always(Shape::Fdx6, Reply::status(final_status, ""));
        assert!(stage.bank.accounts(&permit()).await.is_err());
        assert_eq!(stage.calls().len(), 1, "{final_status} is an answer");
    }
}

#[tokio::test(start_paused = true)]
async fn a_pause_that_the_bank_wants_is_kept_whole_or_not_begun() {
    let clock = clock();
    let start = clock.now();
    let stage = failing(clock.clone(), 1, Reply::status(503, "").header("retry-after", "4"));
    assert!(stage.bank.accounts(&permit()).await.is_ok());
    assert!(seconds_since(&clock, start) >= 4.0);
    let start = clock.now();
    let stage = failing(clock.clone(), 1, Reply::status(503, "").header("retry-after", "60"));
    assert!(matches!(stage.bank.accounts(&permit()).await, Err(BankError::Unavailable(_))));
    assert_eq!((stage.calls().len(), seconds_since(&clock, start) as u64), (1, 0));
}

#[tokio::test(start_paused = true)]
async fn a_slow_bank_is_left_after_ten_seconds() {
    let clock = clock();
    let stage = failing(clock.clone(), 1, Reply::status(500, "").after(12));
    let start = clock.now();
    assert_eq!(stage.bank.accounts(&permit()).await, Err(BankError::TooSlow));
    assert_eq!(seconds_since(&clock, start) as u64, 10);
    let stage = Stage::new("northgate", Shape::Fdx6, clock, |call| Shape::Fdx6.story(call).after(9));
    assert!(stage.bank.accounts(&permit()).await.is_ok(), "nine seconds are slow, not too slow");
}

#[tokio::test(start_paused = true)]
async fn the_breaker_opens_after_five_failures_and_tries_again_after_thirty_seconds() {
    let clock = clock();
    let stage = failing(clock.clone(), 18, Reply::status(503, ""));
    for _ in 0..5 {
        assert!(stage.bank.accounts(&permit()).await.is_err());
    }
    assert_eq!(stage.calls().len(), 15);
    assert!(matches!(stage.bank.accounts(&permit()).await, Err(BankError::Unavailable(_))));
    assert_eq!(stage.calls().len(), 15, "an open breaker lets nothing out");
    clock.skip(Duration::from_secs(30));
    let permit_1 = permit();
    let both = join_all([stage.bank.accounts(&permit_1), stage.bank.accounts(&permit_1)]).await;
    assert!(both.iter().all(Result::is_err));
    assert_eq!(stage.calls().len(), 18, "one probe only");
    assert!(stage.bank.accounts(&permit()).await.is_err());
    assert_eq!(stage.calls().len(), 18, "the failed probe opened it again");
    clock.skip(Duration::from_secs(30));
    assert!(stage.bank.accounts(&permit()).await.is_ok());
    assert!(stage.bank.accounts(&permit()).await.is_ok());
    assert_eq!(stage.calls().len(), 20);
}

#[tokio::test(start_paused = true)]
async fn failures_of_one_moment_count_once() {
    let stage = failing(clock(), 24, Reply::status(503, ""));
    let permit = permit();
    assert!(join_all((0..8).map(|_| stage.bank.accounts(&permit))).await.iter().all(Result::is_err));
    assert_eq!(stage.calls().len(), 24);
    assert!(stage.bank.accounts(&permit).await.is_ok(), "eight accounts of one person do not open the breaker");
}

#[tokio::test(start_paused = true)]
async fn a_probe_that_is_given_up_does_not_block_the_next() {
    let clock = clock();
    let stage = failing(clock.clone(), 15, Reply::status(503, ""));
    for _ in 0..5 {
        assert!(stage.bank.accounts(&permit()).await.is_err());
    }
    clock.skip(Duration::from_secs(30));
    let permit = permit();
    let mut given_up = Box::pin(stage.bank.accounts(&permit));
    assert!(futures_util::poll!(&mut given_up).is_pending() || stage.calls().len() > 15);
    drop(given_up);
    assert!(stage.bank.accounts(&permit).await.is_ok());
}

#[tokio::test(start_paused = true)]
async fn a_rate_limited_person_waits_and_others_do_not() {
    let clock = clock();
    let stage = failing(clock.clone(), 1, Reply::status(429, "").header("retry-after", "60"));
    assert!(matches!(stage.bank.accounts(&permit()).await, Err(BankError::RateLimited { .. })));
    assert!(matches!(stage.bank.accounts(&permit()).await, Err(BankError::RateLimited { until: Some(_) })));
    assert_eq!(stage.calls().len(), 1, "asked again before its time");
    assert!(stage.bank.accounts(&trial(&"northgate".into(), "token-2".into())).await.is_ok());
    clock.skip(Duration::from_secs(60));
    assert!(stage.bank.accounts(&permit()).await.is_ok());
}

#[tokio::test(start_paused = true)]
async fn at_most_sixteen_calls_at_once() {
    let clock = clock();
    let start = clock.now();
    let stage = Stage::new("northgate", Shape::Fdx6, clock.clone(), |call| Shape::Fdx6.story(call).after(1));
    let (permit, checking) = (permit(), account("chk", AccountClass::Checking));
    let all = join_all((0..40).map(|_| stage.bank.balances(&permit, &checking))).await;
    assert!(all.iter().all(Result::is_ok));
    assert_eq!(seconds_since(&clock, start) as u64, 3, "40 calls of a second, 16 at a time");
}
