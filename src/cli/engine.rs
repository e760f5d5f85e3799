//! Where the verbs meet the engine. The verbs know flags and words; what they set in motion is built here.

use std::future::Future;
use std::io::IsTerminal;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::Arc;

use tokio::net::TcpListener;

use crate::app::demo::{self, DemoError};
use crate::app::{Content, destinations, page, run, serve, talk};
use crate::bank::{self, BankConnector};
use crate::channel::messenger::Messenger as Adapter;
use crate::channel::messenger::page_graph::PageGraph;
use crate::channel::messenger::profile::{Graph, Profile};
use crate::cli::chat::{self, ChatArgs};
use crate::cli::check::{Complaint, Finding};
use crate::cli::configured::FlowsFolder;
use crate::cli::demo::{DemoArgs, DemoClock};
use crate::cli::eval::{self, EvalArgs};
use crate::cli::failure::{Done, Failure};
use crate::cli::print;
use crate::cli::read::{self, ReadArgs};
use crate::cli::replay::{ReplayArgs, ReportFormat};
use crate::clock::WallClock;
use crate::config::{self, BankConfig, Config, Messenger, Page, StoreUrl};
use crate::domain::fault::Source;
use crate::egress::{Reach, Socket};
use crate::replay::{self, Coverage, Report};
use crate::sandbox::DEFAULT_WORLD;
use crate::sandbox::bank::Shape;
use crate::sandbox::world::World;
use crate::store::Store;
use crate::store::sqlite::{SqliteStore, Writer};
use crate::telemetry;
use crate::turn::heads::Unsignable;

/// Runs the local world until it is told to stop.
pub fn demo(args: &DemoArgs, content: Content) -> Done {
    telemetry::start("warn");
    let options = demo::Options {
        port: args.port,
        data_dir: args.data_dir.clone(),
        world: world(args.world.as_ref())?,
        wall_clock: args.clock == DemoClock::Wall,
        dialect: dialect(args.dialect.as_deref())?,
    };
    let open = !args.no_open && std::io::stdout().is_terminal();
    on_all_cores(async {
        let stop = run::until_told().map_err(failed)?;
        demo::run(options, &content, stop, |ready| {
            for stand_in in ready.stand_ins {
                print::note(&stand_in.to_string());
            }
            print::out(&format!("balancebot demo: {}\n", ready.address));
            if open {
                open_browser(&ready.address);
            }
        })
        .await
        .map_err(|error| demo_failed(&error))
    })
}

fn demo_failed(error: &DemoError) -> Failure {
    match error {
        DemoError::Port { port, reason } if reason.kind() == std::io::ErrorKind::AddrInUse => {
            Failure::failed(format!("port {port} is in use already")).help("give another --port; 0 takes any free one")
        }
        DemoError::Port { .. } => failed(error).help("give another --port; 0 takes any free one"),
        DemoError::Store(_) => failed(error).help("give another --data-dir, or leave it out for a temporary one"),
        DemoError::Other(error) => Failure::failed(format!("{error:#}")),
    }
}

/// Answers people until it is told to stop.
pub fn serve(config: Config, content: Content) -> Done {
    telemetry::start("info");
    let keyring = Arc::new(serve::keyring(&config.store).map_err(failed)?);
    let StoreUrl::Sqlite(path) = &config.store.url;
    let store: Arc<dyn Store> = Arc::new(SqliteStore::open(path, Writer::Thread).map_err(failed)?);
    let heads = serve::heads(&config.audit).map_err(failed)?;
    on_all_cores(async {
        let stop = run::until_told().map_err(failed)?;
        let socket = Arc::new(Socket::new(destinations::reach(&config)).map_err(failed)?);
        if let Some(heads) = &heads {
            heads.sign(store.as_ref(), &WallClock).await.map_err(unsignable)?;
        }
        let clock = Arc::new(WallClock);
        let bot = serve::build(&config, &content, clock, store, keyring, socket, heads).await.map_err(failed)?;
        let listener = TcpListener::bind(config.server.listen).await.map_err(|error| {
            Failure::failed(format!("cannot listen on {}: {error}", config.server.listen))
                .help("set server.listen to a free address")
        })?;
        let address = listener.local_addr().map_err(failed)?;
        tracing::info!(server.listen = %address, "balancebot serves");
        print::out(&format!("balancebot serve: http://{address}/webhook/messenger\n"));
        run::run(bot, listener, serve::web_limits(&config), serve::crew(&config), stop).await;
        tracing::info!("balancebot has drained and stops");
        Ok(())
    })
}

/// Where the access log does not continue what was signed, a bot that went on would bury the proof.
fn unsignable(error: Unsignable) -> Failure {
    let failure = Failure::failed(error.to_string());
    match error {
        Unsignable::Wrong(_) => failure.help(
            "`balancebot audit verify` says more; if a backup was put back on purpose, keep the old file of heads \
             and name a new one in audit.sink",
        ),
        Unsignable::Newest(_) => {
            failure.help("if the key was changed, keep the old file of heads and name a new one in audit.sink")
        }
        _ => failure,
    }
}

/// Talks with one made-up person on the terminal.
pub fn chat(args: &ChatArgs, content: Content) -> Done {
    telemetry::start("warn");
    let (world, dialect) = (world(args.world.as_ref())?, dialect(args.dialect.as_deref())?);
    let Some(person) = world.people.iter().find(|person| person.id.as_str() == args.person) else {
        let known: Vec<&str> = world.people.iter().map(|person| person.id.as_str()).collect();
        let failure = Failure::usage(format!("there is no `{}` in this world", args.person));
        return Err(failure.help(format!("there are: {}", known.join(", "))));
    };
    let name = person.name.clone();
    on_all_cores(async {
        let talk = talk::Talk::begin(world, &args.person, dialect, &content).await.map_err(failed)?;
        let ended = chat::converse(&talk, &name).await;
        talk.end().await;
        ended.map_err(failed)
    })
}

/// Plays transcripts and reports. A report with failures is `Failure::Told`.
pub fn replay(args: &ReplayArgs, content: Content) -> Done {
    telemetry::start("error");
    let files = replay::find(&args.paths).map_err(|error| Failure::usage(format!("a path cannot be read: {error}")))?;
    if files.is_empty() {
        return Err(Failure::usage("there is no .chat file under these paths"));
    }
    let options =
        replay::Options { worlds: args.worlds.clone(), bless: args.bless, dialect: dialect(args.dialect.as_deref())? };
    let progress = print::progress(files.len() as u64);
    let mut report = Report::default();
    for file in &files {
        report.add(replay::replay(file, &content, &options));
        progress.inc(1);
    }
    progress.finish_and_clear();
    let coverage = Coverage::of(report.files.iter().flat_map(|file| &file.covered), &content.flows);
    match (args.report, args.coverage) {
        (Some(ReportFormat::Json), true) => print::out(&print::json(&coverage)),
        (Some(ReportFormat::Json), false) => print::out(&print::json(&report)),
        (None, true) => print::out(&covered(&coverage, &report)),
        (None, false) => print::out(&shown(&report)),
    }
    match () {
        () if report.has_unreadable() => Err(Failure::ToldFaults),
        () if report.has_failed() => Err(Failure::Told),
        () => Ok(()),
    }
}

/// The matrix, how to read it, and its holes in a line.
fn covered(coverage: &Coverage, report: &Report) -> String {
    let (headings, rows) = coverage.table();
    let mut out = print::table(&headings, &rows, &(1..headings.len()).collect::<Vec<_>>());
    let locales = coverage.locales.join("/");
    out.push_str(&format!("Turns answered in {locales}; · nothing tried; blank: cannot be.\n"));
    let (holes, failed) = (coverage.holes.len(), report.failed);
    out.push_str(&format!("{} files, {holes} holes, {failed} expectations failed\n", report.files.len()));
    out
}

fn shown(report: &Report) -> String {
    let mut out = String::new();
    for file in &report.files {
        if file.failures.is_empty() && file.error.is_none() {
            let mark =
                if file.passed == 0 { print::styled(print::HELP, "·") } else { print::styled(print::GOOD, "✓") };
            let later =
                if file.unsupported > 0 { format!(", {} not yet supported", file.unsupported) } else { String::new() };
            out.push_str(&format!("{mark} {}: {} passed{later}\n", file.path, file.passed));
        } else {
            out.push_str(&file.shown());
        }
    }
    let Report { files, passed, failed, unsupported } = report;
    let said: std::collections::BTreeSet<&str> =
        files.iter().flat_map(|file| &file.stand_ins).map(String::as_str).collect();
    said.iter().for_each(|line| out.push_str(&format!("{line}\n")));
    out.push_str(&format!(
        "{} files: {passed} passed, {failed} failed, {unsupported} not yet supported\n",
        files.len()
    ));
    out
}

/// Reads texts from the command line or from standard input.
pub fn read(args: &ReadArgs, flows: &FlowsFolder) -> Done {
    let content = flows.load()?;
    read::run(args, &content.parser, &WallClock)
}

/// Measures how well texts are read.
pub fn eval(args: &EvalArgs, flows: &FlowsFolder) -> Done {
    let content = flows.load()?;
    eval::run(args, &content.parser, &WallClock)
}

/// Brings the store's tables to this version.
pub fn migrate(store: &config::Store) -> Done {
    let StoreUrl::Sqlite(path) = &store.url;
    let (from, to) = SqliteStore::migrate(path).map_err(failed)?;
    print::out(&match from == to {
        true => format!("The store has version {to} already.\n"),
        false => format!("The store was brought from version {from} to {to}.\n"),
    });
    Ok(())
}

/// Looks at everything that the config names: the store, each page and each bank.
pub fn check_online(config: &Config) -> Result<Vec<Finding>, Failure> {
    let mut findings = Vec::new();
    let StoreUrl::Sqlite(path) = &config.store.url;
    let found = match path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        Some(folder) if !folder.is_dir() => Err(complaint(
            format!("the folder {} does not exist", folder.display()),
            "make it, writable for the service alone",
        )),
        _ if !path.exists() => Ok("will be made at the first start".to_owned()),
        _ => match SqliteStore::open_read_only(path) {
            Ok(_) => Ok("opens".to_owned()),
            Err(error) => {
                Err(complaint(error.to_string(), "`balancebot migrate` brings an older store to this version"))
            }
        },
    };
    findings.push(Finding { what: "store".to_owned(), found });
    block_on(async {
        for page in &config.messenger.pages {
            let graph = graph(&config.messenger, page)?;
            let found = graph.get("me", &[("fields", "id,name".to_owned())]).await;
            let found = match found {
                Ok(answer) if answer["id"].as_str() == Some(page.id.as_str()) => {
                    Ok("the token is this page's".to_owned())
                }
                Ok(_) => Err(complaint("the token is another page's".to_owned(), "take the token of this page")),
                Err(error) => Err(complaint(error, "make a new page token, and look at messenger.graph_url")),
            };
            findings.push(Finding { what: format!("page {}", page.id), found });
        }
        for bank in &config.banks {
            let found = reachable(bank).await;
            findings.push(Finding { what: format!("bank {}", bank.bank.id), found });
        }
        Ok(())
    })?;
    Ok(findings)
}

/// Whether a bank answers at all. Without a token it must refuse, which is an answer.
async fn reachable(bank: &BankConfig) -> Result<String, Complaint> {
    use crate::egress::Transport;
    let help = "look at base_url, and whether this machine may reach it";
    let request =
        http::Request::get(format!("{}/accounts", bank.base_url.trim_end_matches('/'))).body(bytes::Bytes::new());
    let request = request.map_err(|_| complaint("base_url cannot be used".to_owned(), help))?;
    let socket =
        Socket::new(Reach::only(destinations::addresses(bank))).map_err(|error| complaint(error.to_string(), help))?;
    match socket.exchange(request).await {
        Ok(answer) if answer.status().is_server_error() => Err(complaint(format!("answers {}", answer.status()), help)),
        Ok(answer) => Ok(format!("answers ({} without a token)", answer.status().as_u16())),
        Err(error) => Err(complaint(error.to_string(), help)),
    }
}

fn complaint(message: String, help: &str) -> Complaint {
    Complaint { message, help: Some(help.to_owned()) }
}

/// Opens the store beside a server that may be running.
pub fn store(store: &config::Store) -> Result<Arc<dyn Store>, Failure> {
    let StoreUrl::Sqlite(path) = &store.url;
    let help = "the server makes the store at its first start";
    let opened = SqliteStore::open_beside(path).map_err(|error| failed(error).help(help))?;
    Ok(Arc::new(opened))
}

/// The store of a config, for looking only.
pub fn store_to_read(store: &config::Store) -> Result<Arc<dyn Store>, Failure> {
    let StoreUrl::Sqlite(path) = &store.url;
    let help = "the server makes the store at its first start";
    let opened = SqliteStore::open_read_only(path).map_err(|error| failed(error).help(help))?;
    Ok(Arc::new(opened))
}

/// The connector of a bank, over sockets.
pub fn connector(bank: &BankConfig) -> Result<Arc<dyn BankConnector>, Failure> {
    let socket = Arc::new(Socket::new(Reach::only(destinations::addresses(bank))).map_err(failed)?);
    bank::connect(serve::bank_settings(bank), socket, Arc::new(WallClock)).map_err(failed)
}

/// The Graph API, called with the token of a page.
pub fn graph(messenger: &Messenger, page: &Page) -> Result<Arc<dyn Graph>, Failure> {
    let reach = Reach::only([messenger.graph_url.as_str()]);
    let socket = Arc::new(Socket::new(reach).map_err(failed)?);
    let messenger = Arc::new(Adapter::new(serve::messenger_settings(messenger), socket, Arc::new(WallClock)));
    Ok(Arc::new(PageGraph { messenger, page: page.id.clone() }))
}

/// The profile a page should have: greeting, ice breakers and menu in the words of `bot-flows`.
pub fn profile(page: &Page, content: &Content) -> Result<Profile, Failure> {
    Ok(page::wanted(content, &page.locale, &page.tz))
}

/// Runs one small task to its end.
pub fn block_on<T>(task: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.map_err(failed)?.block_on(task)
}

/// Runs a service to its end.
fn on_all_cores<T>(task: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    runtime.map_err(failed)?.block_on(task)
}

fn world(file: Option<&PathBuf>) -> Result<World, Failure> {
    let source = match file {
        None => Source { path: "the built-in world".to_owned(), text: DEFAULT_WORLD.to_owned() },
        Some(path) => {
            let shown = path.display().to_string();
            let text = std::fs::read_to_string(path)
                .map_err(|error| Failure::usage(format!("{shown} cannot be read: {error}")))?;
            Source { path: shown, text }
        }
    };
    World::load(&source).map_err(Failure::Faults)
}

fn dialect(name: Option<&str>) -> Result<Option<Shape>, Failure> {
    let Some(name) = name else { return Ok(None) };
    let known =
        || Failure::usage(format!("`{name}` is no dialect that is built")).help("known: fdx, fdx5, obuk, obuk3");
    Ok(Some(match name {
        "fdx" => Shape::FdxFlat,
        "fdx5" => Shape::FdxWrapped,
        "obuk" => Shape::ObukShort,
        "obuk3" => Shape::ObukLong,
        _ => return Err(known()),
    }))
}

/// Opens the page in the person's browser, if there is a way; the address is printed anyway.
fn open_browser(address: &str) {
    let opener = if cfg!(target_os = "macos") { "open" } else { "xdg-open" };
    let _ = Command::new(opener).arg(address).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn();
}

fn failed(error: impl std::fmt::Display) -> Failure {
    Failure::failed(error.to_string())
}
