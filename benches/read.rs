//! What it costs to understand a text, beside cutting the same text at its blanks; what loading all words, texts and
//! flows costs at the start; and what learning all languages anew would cost, their models and all. `cargo bench --bench read`

#![expect(clippy::print_stdout, reason = "a bench prints what it measured")]

mod support;

use std::hint::black_box;
use std::time::Duration;

use anyhow::{Context as _, anyhow};
use balancebot::app::Content;
use balancebot::clock::WorldClock;
use balancebot::domain::bank::{Bank, BankId};
use balancebot::domain::fault::Source;
use balancebot::sandbox::world::World;
use balancebot::sandbox::{DEFAULT_WORLD, Sandbox};
use balancebot::understand::{Context, Parser};
use jiff::civil::Weekday;
use std::sync::Arc;

use support::stopwatch::{Stopwatch, quantile};

/// Every text is read this often.
const TIMES: usize = 500;
const LOADS: usize = 5;
/// So many of the slowest texts are told.
const SLOWEST: usize = 20;

/// What people write: every intent, with and without details, good and bad spelling, long and short.
const TEXTS: [&str; 16] = [
    "what's my balance?",
    "balance",
    "hi",
    "thanks!!",
    "how much did I spend on groceries last month?",
    "and the month before?",
    "last 5 transactions",
    "did i pay my rent on the 1st of november",
    "how much did i spend at Greenleaf Market between oct 3 and nov 7",
    "wats in my evryday cheking acount",
    "show me everything over $50 from the last two weeks",
    "how much money do i have in total, and what did i spend on restaurants this month?",
    "can i talk to a person please",
    "my card was stolen",
    "what is the weather like in lisbon",
    "Hello there, I was wondering whether you could possibly help me find out how much money went out of my joint \
     checking account during the last quarter, because I am trying to make a budget for next year and I do not trust \
     my own notes at all.",
];

fn main() -> anyhow::Result<()> {
    let mut loads = Vec::new();
    for _ in 0..LOADS {
        let watch = Stopwatch::start();
        black_box(Content::shipped().map_err(|faults| anyhow!("{faults:?}"))?);
        loads.push(watch.elapsed());
    }
    println!("loading words, texts and flows: {} ms (median of {LOADS})", quantile(&mut loads, 0.5).as_millis());
    learning()?;

    let content = Content::shipped().map_err(|faults| anyhow!("{faults:?}"))?;
    let source = Source { path: "the built-in world".to_owned(), text: DEFAULT_WORLD.to_owned() };
    let world = World::load(&source).map_err(|faults| anyhow!("{faults:?}"))?;
    let (now, zone) = (world.now, world.zone.clone());
    let banks: Vec<Bank> = world.institutions.iter().map(|institution| institution.bank.clone()).collect();
    let sandbox = Sandbox::new(world, Arc::new(WorldClock::starting_at(now)));
    let links = banks.iter().filter_map(|bank: &Bank| sandbox.link(&"maya".into(), &BankId::new(bank.id.as_str())));
    let accounts: Vec<_> = links.flat_map(|link| link.accounts).collect();
    let context = Context {
        now: now.to_zoned(zone),
        locale: "en-US",
        week_starts: Weekday::Sunday,
        accounts: &accounts,
        banks: &banks,
        merchants: &[],
        last: None,
    };
    println!("\n{:<50} {:>9} {:>9} {:>10} {:>7}", "text", "p50 µs", "p99 µs", "anchor µs", "ratio");
    let mut all = Vec::new();
    for text in TEXTS {
        let mut anchored = timed(|| text.split_whitespace().map(str::to_lowercase).collect::<Vec<_>>());
        let mut read = timed(|| content.parser.read(text, &context));
        all.extend_from_slice(&read);
        line(&text.chars().take(48).collect::<String>(), &mut read, &mut anchored);
    }
    let p99 = us(quantile(&mut all, 0.99));
    println!("all texts: p50 {:.0} µs, p99 {p99:.0} µs", us(quantile(&mut all, 0.5)));
    each_once(&content.parser, &context)
}

/// Texts that are read once each, as people's are: what the processor remembers of one is of little use to the next.
/// They are the examples of the word files, or the lines of a file that is named: `cargo bench --bench read -- FILE`.
fn each_once(parser: &Parser, context: &Context<'_>) -> anyhow::Result<()> {
    let named = std::env::args().skip(1).find(|argument| !argument.starts_with('-'));
    let text = std::fs::read_to_string(named.as_deref().unwrap_or("bot-flows/words/en.toml"))?;
    let quoted = |line: &str| line.split('"').skip(1).step_by(2).map(str::to_owned).collect::<Vec<_>>();
    let texts = text.lines().flat_map(|line| if named.is_some() { vec![line.to_owned()] } else { quoted(line) });
    let texts: Vec<String> = texts.filter(|text| !text.contains(['[', '{'])).collect();
    let mut took: Vec<(Duration, &str)> = Vec::new();
    for text in &texts {
        let watch = Stopwatch::start();
        black_box(parser.read(text, context));
        took.push((watch.elapsed(), text));
    }
    let mut times: Vec<Duration> = took.iter().map(|(time, _)| *time).collect();
    let (p50, p99) = (us(quantile(&mut times, 0.5)), us(quantile(&mut times, 0.99)));
    println!("\n{} other texts, each once: p50 {p50:.0} µs, p99 {p99:.0} µs; the slowest:", times.len());
    took.sort_unstable_by(|a, b| b.cmp(a));
    for (time, text) in took.iter().take(SLOWEST) {
        println!("{:>9.1} {}", us(*time), text.chars().take(100).collect::<String>());
    }
    Ok(())
}

/// What a start without any model costs, and how large the models are.
fn learning() -> anyhow::Result<()> {
    let words = ["en", "es", "de"].map(|language| {
        let path = format!("bot-flows/words/{language}.toml");
        std::fs::read_to_string(&path).map(|text| Source { path, text })
    });
    let words: Vec<Source> = words.into_iter().collect::<Result<_, _>>().context("words of the repository")?;
    let watch = Stopwatch::start();
    let parser = Parser::load(&words).map_err(|faults| anyhow!("{faults:?}"))?;
    let took = watch.elapsed().as_millis();
    let bytes: usize = parser.models().iter().map(|(_, model)| model.len()).sum();
    println!("learning all languages anew: {took} ms, models of {} KiB", bytes / 1024);
    Ok(())
}

fn timed<T>(mut work: impl FnMut() -> T) -> Vec<Duration> {
    (0..TIMES)
        .map(|_| {
            let watch = Stopwatch::start();
            black_box(work());
            watch.elapsed()
        })
        .collect()
}

fn line(text: &str, read: &mut [Duration], anchored: &mut [Duration]) {
    let (p50, p99, anchor) = (us(quantile(read, 0.5)), us(quantile(read, 0.99)), us(quantile(anchored, 0.5)));
    println!("{text:<50} {p50:>9.1} {p99:>9.1} {anchor:>10.2} {:>7.0}", p50 / anchor.max(0.01));
}

fn us(time: Duration) -> f64 {
    time.as_secs_f64() * 1e6
}
