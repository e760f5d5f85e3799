//! What it costs to take a delivery: verified, de-duplicated and on disk before the 200, beside an axum handler that
//! answers 200 without looking. `cargo bench --bench ingest`
//!
//! Both servers run in processes of their own, and only their CPU counts. The product runs without its crew, so that
//! nothing is counted but the taking.

#![expect(clippy::print_stdout, reason = "a bench prints what it measured")]

mod support;

use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, anyhow};
use balancebot::app::{Content, run, serve};
use balancebot::clock::WallClock;
use balancebot::config::{Config, StoreUrl};
use balancebot::domain::fault::Source;
use balancebot::egress::{Reach, Socket};
use balancebot::store::sqlite::{SqliteStore, Writer};
use balancebot::turn::CrewSize;
use tokio::net::TcpListener;

use support::anchor;
use support::client::{Nothing, drive};
use support::delivery::{self, Around};
use support::rounds::{self, Round};
use support::server::Server;

/// As in the program itself. The anchor is this program too, and has it as well.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const WITHOUT_CREW: &str = "serve-without-crew";
const CONNECTIONS: usize = 64;
const PEOPLE: usize = 500;
const ROUNDS: usize = 5;
const ANCHOR_REQUESTS: usize = 60_000;
const DELIVERIES: usize = 20_000;

fn main() -> anyhow::Result<()> {
    let mut arguments = std::env::args().skip(1);
    match arguments.next().as_deref() {
        Some(anchor::ROLE) => anchor::serve(),
        Some(WITHOUT_CREW) => serve_without_crew(Path::new(&arguments.next().context("no config")?)),
        _ => tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(measure()),
    }
}

async fn measure() -> anyhow::Result<()> {
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR"))?;
    let page = delivery::page(0);
    let around = Around { pages: std::slice::from_ref(&page), world: "http://127.0.0.1:1", bank: None };
    let config = delivery::config(folder.path(), &around)?;
    let anchor = Server::role(anchor::ROLE, &[])?;
    let product = Server::role(WITHOUT_CREW, &[&config])?;
    let requests = |round: usize, count: usize| {
        let numbers = round * DELIVERIES..round * DELIVERIES + count;
        Arc::new(numbers.map(|n| delivery::text(&page, n % PEOPLE, n, "what's my balance?")).collect::<Vec<_>>())
    };
    // One round in the beginning counts for nothing: everything is loaded and warm after it.
    let same = Arc::new(vec![delivery::text(&page, 0, 0, "what's my balance?"); ANCHOR_REQUESTS]);
    round(&anchor, &same).await?;
    round(&product, &requests(0, DELIVERIES)).await?;
    let mut pairs = Vec::new();
    for number in 1..=ROUNDS {
        let deliveries = requests(number, DELIVERIES);
        pairs.push((round(&anchor, &same).await?, round(&product, &deliveries).await?));
    }
    let title = format!("ingest: {DELIVERIES} deliveries of {PEOPLE} people over {CONNECTIONS} connections");
    rounds::print(&title, &mut pairs, 8.0, 4.0);
    Ok(())
}

async fn round(server: &Server, requests: &Arc<Vec<Vec<u8>>>) -> anyhow::Result<Round> {
    let before = server.cpu()?;
    let driven = drive(server.address, CONNECTIONS, Arc::clone(requests), Arc::new(Nothing)).await?;
    Ok(Round::new(server.cpu()? - before, driven))
}

/// `balancebot serve` as it is, except that nobody thinks and sends.
fn serve_without_crew(path: &Path) -> anyhow::Result<()> {
    let faults = |faults: Vec<_>| anyhow!("{faults:?}");
    let source = Source { path: path.display().to_string(), text: std::fs::read_to_string(path)? };
    let config = Config::load(&source, &|_| None, &|path| std::fs::read_to_string(path)).map_err(faults)?;
    let StoreUrl::Sqlite(file) = &config.store.url;
    let store = Arc::new(SqliteStore::open(file, Writer::Thread)?);
    let keyring = Arc::new(serve::keyring(&config.store)?);
    let content = Content::shipped().map_err(faults)?;
    tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(async {
        let stop = run::until_told()?;
        let socket = Arc::new(Socket::new(Reach::Loopback)?);
        let bot = serve::build(&config, &content, Arc::new(WallClock), store, keyring, socket, None).await?;
        let listener = TcpListener::bind(config.server.listen).await?;
        println!("product: http://{}/", listener.local_addr()?);
        run::run(bot, listener, serve::web_limits(&config), CrewSize { workers: 0, senders: 0 }, stop).await;
        Ok(())
    })
}
