//! `demo`: the whole product on loopback. Real HTTP between person, Messenger, bot and banks; a real SQLite file; the
//! same bot that `serve` runs.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use axum::Router;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use crate::app::local::{self, APP_ID, LocalGround, LocalWorld, PAGE_ID, StandIn, Wires, WorldProfiles};
use crate::app::{Content, page, run};
use crate::channel::messenger::page_graph::PageGraph;
use crate::clock::{Clock, WallClock, WorldClock};
use crate::domain::message::PageId;
use crate::egress::{Reach, Socket};
use crate::privacy::random;
use crate::privacy::seal::Keyring;
use crate::proof::note::Signer;
use crate::sandbox::bank::{self, Shape};
use crate::sandbox::world::World;
use crate::sandbox::{self, Sandbox};
use crate::store::StoreError;
use crate::store::sqlite::{SqliteStore, Writer};
use crate::turn::CrewSize;
use crate::turn::heads::Heads;
use crate::web::serve::{Limits, serve};

/// How often the access log is signed.
const SIGNED_EVERY: Duration = Duration::from_secs(60);

/// How to run the demo.
pub struct Options {
    /// The port of the chat page; 0 takes a free one.
    pub port: u16,
    /// Where the database is; a temporary folder if not given.
    pub data_dir: Option<PathBuf>,
    /// The people, banks and ledgers.
    pub world: World,
    /// Whether time is the machine's, rather than the world's running on.
    pub wall_clock: bool,
    /// The dialect that every bank speaks.
    pub dialect: Option<Shape>,
}

/// What is said when the demo stands.
pub struct Ready<'a> {
    /// The address of the chat page.
    pub address: String,
    /// The banks that speak another dialect than the world wants.
    pub stand_ins: &'a [StandIn],
}

/// Why a demo does not run.
#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    /// The port of the chat page cannot be had.
    #[error("port {port} cannot be listened on: {reason}")]
    Port {
        /// The port that was asked for.
        port: u16,
        /// What the system says.
        reason: std::io::Error,
    },
    /// The database in the data folder cannot be had.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Anything else.
    #[error(transparent)]
    Other(#[from] anyhow::Error),
}

/// Runs the demo until `stop`; `ready` is called once it can be used.
pub async fn run(
    options: Options,
    content: &Content,
    stop: CancellationToken,
    ready: impl FnOnce(Ready<'_>),
) -> Result<(), DemoError> {
    let temporary;
    let folder: &Path = match &options.data_dir {
        Some(folder) => {
            std::fs::create_dir_all(folder).with_context(|| format!("{} cannot be made", folder.display()))?;
            folder
        }
        None => {
            temporary = tempfile::Builder::new().prefix("balancebot-").tempdir().context("no temporary folder")?;
            temporary.path()
        }
    };
    let (clock, set_clock): (Arc<dyn Clock>, Router) = if options.wall_clock {
        (Arc::new(WallClock), Router::new())
    } else {
        let clock = Arc::new(WorldClock::starting_at(options.world.now));
        (Arc::clone(&clock) as Arc<dyn Clock>, sandbox::clock::router(clock))
    };
    let world_listener = listen(options.port).await?;
    let bot_listener = listen(0).await?;
    let address = format!("http://{}", local(&world_listener)?);
    let wires = Wires::Sockets {
        world: address.clone(),
        bot: format!("http://{}", local(&bot_listener)?),
        socket: Arc::new(Socket::new(Reach::Loopback).context("no client for HTTP")?),
    };
    let profiles = Arc::new(WorldProfiles::new(&options.world, false));
    let wanted = page::wanted(content, &options.world.locale, &options.world.zone);
    let sandbox = Arc::new(Sandbox::new(options.world, Arc::clone(&clock)));
    let ground = LocalGround {
        clock: Arc::clone(&clock),
        store: Arc::new(SqliteStore::open(&folder.join("balancebot.db"), Writer::Thread)?),
        keyring: Arc::new(Keyring::from_hex([secret(folder, "store.key")?.as_str()]).context("store.key")?),
        heads: Some(Arc::new(heads(folder)?)),
        witness: None,
        dialect: options.dialect,
        staffed: None,
    };
    let LocalWorld { sandbox, messenger, bot, stand_ins, .. } =
        local::build(sandbox, content, profiles, ground, wires).await.map_err(anyhow::Error::new)?;

    let routes = messenger.router().merge(bank::router(sandbox)).merge(set_clock);
    let world_stop = CancellationToken::new();
    let world = tokio::spawn(serve(world_listener, routes, Limits::default(), world_stop.clone(), clock));
    let graph = PageGraph { messenger: Arc::clone(&bot.messenger), page: PageId::new(PAGE_ID) };
    let running =
        tokio::spawn(run::run(bot, bot_listener, Limits::default(), CrewSize { workers: 8, senders: 2 }, stop));
    if !messenger.verify_webhook().await {
        return Err(anyhow::anyhow!("the bot's webhook did not answer the platform's check").into());
    }
    page::apply(&graph, PAGE_ID, Some(APP_ID), &wanted).await.map_err(anyhow::Error::msg)?;
    ready(Ready { address: format!("{address}/"), stand_ins: &stand_ins });
    running.await.context("the bot broke off")?;
    messenger.close();
    world_stop.cancel();
    world.await.context("the local world broke off")?;
    Ok(())
}

async fn listen(port: u16) -> Result<TcpListener, DemoError> {
    TcpListener::bind(("127.0.0.1", port)).await.map_err(|reason| DemoError::Port { port, reason })
}

fn local(listener: &TcpListener) -> anyhow::Result<std::net::SocketAddr> {
    listener.local_addr().context("a listener without an address")
}

/// A key of the data folder in hexadecimal, made at the first start: a demo that keeps its data must open it again.
fn secret(folder: &Path, name: &str) -> anyhow::Result<String> {
    let path = folder.join(name);
    if !path.exists() {
        let key = hex::encode(random::bytes::<32>());
        let mut options = std::fs::OpenOptions::new();
        std::os::unix::fs::OpenOptionsExt::mode(options.write(true).create_new(true), 0o600);
        std::io::Write::write_all(&mut options.open(&path)?, key.as_bytes())?;
    }
    Ok(std::fs::read_to_string(&path)?)
}

/// Who signs the access log of a data folder. Everything of a demo is in its one folder, the heads too: it shows how they
/// are made, and guards nothing.
fn heads(folder: &Path) -> anyhow::Result<Heads> {
    let mut seed = [0; 32];
    hex::decode_to_slice(secret(folder, "audit.key")?, &mut seed).context("audit.key")?;
    let signer = Signer::new("balancebot-demo", &seed).context("audit.key")?;
    std::fs::write(folder.join("audit.pub"), format!("{}\n", signer.public()))?;
    Heads::open(signer, &folder.join("heads.jsonl"), SIGNED_EVERY).context("heads.jsonl")
}
