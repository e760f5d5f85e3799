//! The promise: there is no trace in which data of one person reaches the chat of another. Traces are drawn at random from
//! everything that people, browsers, banks, operators and time do; and in none of them is a bank asked that is ordered not to
//! be read. A trace that breaks a promise is made as short as it can be and
//! printed with its seed. `BALANCEBOT_TRACES` says how many are drawn, `BALANCEBOT_SEED` which.

#[path = "separation/play.rs"]
mod play;
#[path = "separation/steps.rs"]
mod steps;
#[path = "separation/town.rs"]
mod town;

use std::cell::RefCell;
use std::sync::LazyLock;

use balancebot::app::Content;
use balancebot::privacy::random;
use play::{Tally, play};
use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestError, TestRng, TestRunner};

/// Traces that are drawn unless said otherwise.
const TRACES: u32 = 24;

static CONTENT: LazyLock<Content> =
    LazyLock::new(|| Content::shipped().unwrap_or_else(|faults| panic!("the shipped content loads: {faults:?}")));

fn from_environment<T: std::str::FromStr>(name: &str) -> Option<T> {
    std::env::var(name).ok()?.parse().ok()
}

#[test]
fn no_trace_leads_data_of_one_person_into_the_chat_of_another() {
    let seed: u64 = from_environment("BALANCEBOT_SEED").unwrap_or_else(|| u64::from_le_bytes(random::bytes()));
    let cases = from_environment("BALANCEBOT_TRACES").unwrap_or(TRACES);
    let mut long = [0; 32];
    long[..8].copy_from_slice(&seed.to_le_bytes());
    let config = Config { cases, failure_persistence: None, max_shrink_iters: 400, ..Config::default() };
    let mut runner = TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &long));
    let tally = RefCell::new(Tally::default());
    let outcome = runner.run(&steps::trace(), |trace| {
        let played = play(&trace, &CONTENT).map_err(TestCaseError::fail)?;
        tally.borrow_mut().add(&played);
        Ok(())
    });
    match outcome {
        Ok(()) => {}
        Err(TestError::Fail(wrong, trace)) => {
            let steps: String = trace.iter().enumerate().map(|(nth, step)| format!("{nth:>3} {step:?}\n")).collect();
            panic!("{wrong}\nBALANCEBOT_SEED={seed}, the shortest trace found:\n{steps}");
        }
        Err(TestError::Abort(why)) => panic!("BALANCEBOT_SEED={seed}: {why}"),
    }
    let tally = tally.into_inner();
    println!("seed {seed}, {cases} traces: {tally:?}");
    // Nothing is proved by people who never got an answer, or links that nobody made.
    for what in [
        "ada",
        "ben",
        "cleo",
        "linked",
        "finished by a stranger",
        "renewed",
        "stopped under way",
        "told of a stop",
        "left alone",
        "resumed",
        "erased",
    ] {
        assert!(tally.of(what) > 0, "never in {cases} traces: {what} (BALANCEBOT_SEED={seed}): {tally:?}");
    }
}
