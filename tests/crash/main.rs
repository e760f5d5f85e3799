//! The promise: what was acknowledged is answered, once, in order, whatever happens to the process.
//!
//! Five hundred people write twenty thousand messages over 64 connections; deliveries come in batches and come again,
//! forged ones are mixed in, and three times the process is killed with -9 and started again on the same file.
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
use crate::verdict::Echoed;

/// Who writes.
const PEOPLE: usize = 500;
/// Over how many connections.
const CONNECTIONS: usize = 64;
/// How many messages, unless told otherwise.
const MESSAGES: usize = 20_000;
/// Longest that nothing may move.
const STANDSTILL: Duration = Duration::from_secs(90);
/// How many of the last messages before a kill are echoed by the platform afterwards: more than may be on their way.
const ECHOES: usize = 128;

/// When the process is killed, and whether the platform's echoes of what it sent last arrive after the restart.
struct Kill {
    when: When,
    with_echoes: bool,
}

enum When {
    /// So many messages were acknowledged: most of the work is in the inbox.
    Acknowledged(usize),
    /// So many replies were sent: most of the work is in the outbox.
    Replied(usize),
}

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

    let mut part = |least: usize, end: usize| dice.between(messages * least / 100, messages * end / 100);
    let kills = [
        Kill { when: When::Acknowledged(part(15, 40)), with_echoes: false },
        Kill { when: When::Replied(part(20, 40)), with_echoes: true },
        Kill { when: When::Replied(part(50, 80)), with_echoes: false },
    ];
    let mut echoed = Echoed::default();
    for Kill { when, with_echoes } in kills {
        match when {
            When::Acknowledged(at) => wait_for("messages are kept", &clock, || crowd.acknowledged(), |n| n >= at).await,
            When::Replied(at) => wait_for("replies are sent", &clock, || ground.graph.len(), |n| n >= at).await,
        }
        crowd.down();
        program.kill();
        let taken = ground.graph.taken();
        println!("{:6.1} s  killed after {} messages and {} replies", seconds(), crowd.acknowledged(), taken.len());
        program = serve();
        crowd.up(&program.address);
        println!("{:6.1} s  up again", seconds());
        if with_echoes {
            let last = taken[taken.len().saturating_sub(ECHOES)..].to_vec();
            crowd.deliver(crowd::echoes(&last)).await;
            echoed = Echoed { last, taken_before: taken.len() };
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
