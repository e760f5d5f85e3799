//! What a whole turn costs: a signed delivery is taken, claimed, understood, the bank asked, the answer committed,
//! typing dots and the reply sent. Beside an axum handler that answers 200 without looking.
//! `cargo bench --bench turn`
//!
//! The product is `balancebot serve` itself. The people, the bank and the Graph API are this process, whose CPU does
//! not count. Start and idle memory are printed too, because the server is at hand.

#![expect(clippy::print_stdout, reason = "a bench prints what it measured")]

mod support;

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use anyhow::{Context, anyhow};
use axum::extract::State;
use axum::routing::post;
use axum::{Json, Router};
use balancebot::clock::WorldClock;
use balancebot::domain::fault::Source;
use balancebot::sandbox::bank::{self, Shape};
use balancebot::sandbox::world::World;
use balancebot::sandbox::{DEFAULT_WORLD, Sandbox};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::sync::oneshot;

use support::anchor;
use support::client::{Afterwards, Nothing, drive};
use support::delivery::{self, Around};
use support::rounds::{self, Round};
use support::server::Server;
use support::stopwatch::{Stopwatch, within};

const CONNECTIONS: usize = 64;
/// More than connections, so that hardly anybody has two messages under way.
const PEOPLE: usize = 256;
const ROUNDS: usize = 5;
const ANCHOR_REQUESTS: usize = 60_000;
/// Everybody asks as often as everybody else.
const TURNS: usize = 8 * PEOPLE;
/// Longest that a reply is waited for.
const PATIENCE: Duration = Duration::from_secs(30);

fn main() -> anyhow::Result<()> {
    match std::env::args().nth(1).as_deref() {
        Some(anchor::ROLE) => anchor::serve(),
        _ => tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(measure()),
    }
}

async fn measure() -> anyhow::Result<()> {
    let replies = Arc::new(Replies::default());
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let world_url = format!("http://{}", listener.local_addr()?);
    let (world, bank_path, token) = world(&replies)?;
    tokio::spawn(async move { axum::serve(listener, world).await });

    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR"))?;
    let pages: Vec<String> = (0..PEOPLE).map(delivery::page).collect();
    let around = Around { pages: &pages, world: &world_url, bank: Some((&bank_path, &token)) };
    let config = delivery::config(folder.path(), &around)?;
    start_and_idle(&pages[..1], &world_url, (&bank_path, &token)).await?;
    let product = Server::balancebot(&config)?;
    let anchor = Server::role(anchor::ROLE, &[])?;
    println!("start with {PEOPLE} links in the config: {} ms", product.started_in.as_millis());

    let texts = |number: usize, text: &str| -> Arc<Vec<Vec<u8>>> {
        let messages = number * TURNS..(number + 1) * TURNS;
        Arc::new(messages.map(|n| delivery::text(&pages[n % PEOPLE], n % PEOPLE, n, text)).collect())
    };
    let same = Arc::new(vec![delivery::text(&pages[0], 0, 0, "what's my balance?"); ANCHOR_REQUESTS]);
    // One round in the beginning counts for nothing: after it everybody is greeted and their accounts are known.
    asked(&product, &replies, texts(0, "what's my balance?")).await?;
    answered(&anchor, &same).await?;
    let mut pairs = Vec::new();
    for number in 1..=ROUNDS {
        let anchored = answered(&anchor, &same).await?;
        pairs.push((anchored, asked(&product, &replies, texts(number, "what's my balance?")).await?));
    }
    let title = format!("turn: {TURNS} balance questions of {PEOPLE} people, {CONNECTIONS} at a time");
    rounds::print(&title, &mut pairs, 40.0, 20.0);
    println!("memory afterwards: {}", megabytes(product.resident_kib()?));
    Ok(())
}

/// Prints how long a service with one page and one bank takes to be ready, and what it holds while nobody writes.
async fn start_and_idle(pages: &[String], world: &str, bank: (&str, &str)) -> anyhow::Result<()> {
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR"))?;
    let config = delivery::config(folder.path(), &Around { pages, world, bank: Some(bank) })?;
    let watch = Stopwatch::start();
    let server = Server::balancebot(&config)?;
    let ready = Arc::new(vec![b"GET /ready HTTP/1.1\r\nHost: bot.example\r\n\r\n".to_vec()]);
    drive(server.address, 1, ready, Arc::new(Nothing)).await?;
    println!("ready after {} ms, idle memory {}", watch.elapsed().as_millis(), megabytes(server.resident_kib()?));
    Ok(())
}

/// A round of the anchor.
async fn answered(anchor: &Server, requests: &Arc<Vec<Vec<u8>>>) -> anyhow::Result<Round> {
    let before = anchor.cpu()?;
    let driven = drive(anchor.address, CONNECTIONS, Arc::clone(requests), Arc::new(Nothing)).await?;
    Ok(Round::new(anchor.cpu()? - before, driven))
}

/// A round of the product: a question is over when its reply is there.
async fn asked(product: &Server, replies: &Arc<Replies>, questions: Arc<Vec<Vec<u8>>>) -> anyhow::Result<Round> {
    let before = product.cpu()?;
    let driven = drive(product.address, CONNECTIONS, questions, Arc::clone(replies)).await?;
    Ok(Round::new(product.cpu()? - before, driven))
}

/// Who waits for a reply, by page-scoped id. Replies to a person come in the order of their questions.
#[derive(Default)]
struct Replies {
    waiting: Mutex<HashMap<String, VecDeque<oneshot::Sender<()>>>>,
    hearing: Mutex<HashMap<usize, oneshot::Receiver<()>>>,
}

impl Afterwards for Replies {
    fn begins(&self, at: usize) {
        let (said, heard) = oneshot::channel();
        lock(&self.waiting).entry(delivery::psid(at % PEOPLE)).or_default().push_back(said);
        lock(&self.hearing).insert(at, heard);
    }

    async fn done(&self, at: usize) -> anyhow::Result<()> {
        let heard = lock(&self.hearing).remove(&at).context("nobody waits")?;
        Ok(within(PATIENCE, heard).await.context("no reply came")??)
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The bank and the Graph API, the bank's path, and the token of a person with one account.
fn world(replies: &Arc<Replies>) -> anyhow::Result<(Router, String, String)> {
    let source = Source { path: "the built-in world".to_owned(), text: DEFAULT_WORLD.to_owned() };
    let world = World::load(&source).map_err(|faults| anyhow!("{faults:?}"))?;
    let clock = Arc::new(WorldClock::starting_at(world.now));
    let sandbox = Arc::new(Sandbox::new(world, clock));
    let northgate = "northgate".into();
    let (path, token) = (Shape::FdxFlat.base_path(&northgate), sandbox.token(&"sam".into(), &northgate));
    let graph = Router::new().route("/v25.0/{page}/messages", post(take)).with_state(Arc::clone(replies));
    Ok((bank::router(sandbox).merge(graph), path, token))
}

/// Takes a message or a sign as the Send API does.
async fn take(State(replies): State<Arc<Replies>>, Json(call): Json<Value>) -> Json<Value> {
    let person = call["recipient"]["id"].as_str().unwrap_or_default();
    if call.get("message").is_some()
        && let Some(waits) = lock(&replies.waiting).get_mut(person).and_then(VecDeque::pop_front)
    {
        // Who gave up waiting is told nothing.
        let _ = waits.send(());
    }
    Json(json!({"recipient_id": person, "message_id": "m_0123456789"}))
}

fn megabytes(kib: u64) -> String {
    format!("{}.{} MB", kib / 1024, kib % 1024 * 10 / 1024)
}
