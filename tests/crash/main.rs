//! The promise: what was acknowledged is answered, once, in order, whatever happens to the process.
//!
//! Five hundred people write twenty thousand messages over 64 connections; deliveries come in batches and come again,
//! forged ones are mixed in, and twice the process is killed with -9 and started again on the same file.
//!
//! `BALANCEBOT_CRASH_MESSAGES` sets the number of messages, `BALANCEBOT_CRASH_SEED` replays a run's choices.

#[path = "../support/process.rs"]
mod process;

mod crowd;
mod dice;
mod ground;
mod verdict;

use std::sync::Arc;
use std::time::Duration;

use balancebot::clock::{Clock, WallClock};
use serde_json::Value;

use crate::crowd::{Crowd, Street};
use crate::dice::Dice;
use crate::ground::Ground;
use crate::process::{Running, run};

/// Who writes.
const PEOPLE: usize = 500;
/// Over how many connections.
const CONNECTIONS: usize = 64;
/// How many messages, unless told otherwise.
const MESSAGES: usize = 20_000;
/// Longest that nothing may move.
const STANDSTILL: Duration = Duration::from_secs(90);
/// How many of the last messages before a kill are echoed by the platform afterwards: more than there are senders.
const ECHOES: usize = 64;

fn setting(name: &str) -> Option<u64> {
    let text = std::env::var(name).ok()?;
    Some(text.parse().unwrap_or_else(|_| panic!("{name} is no number: {text:?}")))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_lost_doubled_or_out_of_order_when_the_process_is_killed() {
    let messages = setting("BALANCEBOT_CRASH_MESSAGES").map_or(MESSAGES, |n| usize::try_from(n).expect("a number"));
    let seed = setting("BALANCEBOT_CRASH_SEED").unwrap_or_else(Dice::any_seed);
    println!("{messages} messages, BALANCEBOT_CRASH_SEED={seed}");
    let mut dice = Dice::new(seed);
    let clock: Arc<dyn Clock> = Arc::new(WallClock);
    let started = clock.now();
    let seconds = || clock.now().duration_since(started).as_secs_f64();

    let ground = Ground::lay(PEOPLE, messages.div_ceil(PEOPLE), &clock).await;
    let config = ground.config();
    let serve = || Running::start(&["serve", "--config", &config], ground.folder());
    let mut program = serve();
    println!("{:6.1} s  {} is up", seconds(), program.address);

    let crowd = Crowd::new(&program.address, clock.now());
    let connections: Vec<_> = (0..CONNECTIONS)
        .map(|number| {
            let street = Street::new(number, CONNECTIONS, PEOPLE, messages, dice.next());
            tokio::spawn(street.walk(crowd.clone()))
        })
        .collect();

    let kills =
        [dice.between(messages * 15 / 100, messages * 40 / 100), dice.between(messages / 2, messages * 85 / 100)];
    let mut echoed = Vec::new();
    for (number, at) in kills.into_iter().enumerate() {
        wait_for("messages are acknowledged", &clock, || crowd.acknowledged(), |n| n >= at).await;
        crowd.down();
        program.kill();
        println!("{:6.1} s  killed after {} messages, {} replies", seconds(), crowd.acknowledged(), ground.graph.len());
        let taken = ground.graph.taken();
        program = serve();
        crowd.up(&program.address);
        println!("{:6.1} s  up again", seconds());
        // After the first kill the platform's echoes come, after the second they are lost.
        if number == 0 {
            echoed = taken;
            let last = &echoed[echoed.len().saturating_sub(ECHOES)..];
            crowd.deliver(crowd::echoes(last)).await;
        }
    }
    let mut sent = crowd::Counts::default();
    for connection in connections {
        sent.add(connection.await.expect("a connection's whole story"));
    }
    println!("{:6.1} s  everything was acknowledged: {sent}", seconds());

    let stats = || -> Value {
        serde_json::from_str(&run(&["inbox", "stats", "--json", "--config", &config], 0)).expect("JSON")
    };
    let left = || {
        let now = stats();
        usize::try_from(now["waiting"].as_u64().expect("a count") + now["outgoing"].as_u64().expect("a count"))
            .expect("a count")
    };
    wait_for("nothing waits", &clock, left, |n| n == 0).await;
    program.terminate().await;
    let took = seconds();
    println!("{took:6.1} s  all is answered: {:.0} messages a second", messages as f64 / took);

    let stats = stats();
    println!("          {stats}");
    verdict::judge(&ground.graph.taken(), &sent, &echoed, &stats);
}

/// Waits until a count is right; as long as it changes, that may take its time.
async fn wait_for(what: &str, clock: &Arc<dyn Clock>, count: impl Fn() -> usize, is_right: impl Fn(usize) -> bool) {
    let (mut last, mut since) = (count(), clock.now());
    while !is_right(last) {
        clock.sleep(Duration::from_millis(if last > 1000 { 50 } else { 10 })).await;
        let now = count();
        if now != last {
            (last, since) = (now, clock.now());
        }
        let still = clock.now().duration_since(since);
        assert!(still.unsigned_abs() < STANDSTILL, "{what}: stands still at {last}");
    }
}
