//! `balancebot check`: plays doctor, before `serve` has to.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::Duration;

use bytes::Bytes;
use clap::Args;
use http::Request;

use crate::app::destinations;
use crate::cli::configured::{ConfigFile, FlowsFolder};
use crate::cli::failure::{Done, Failure};
use crate::cli::{engine, print};
use crate::clock::{Clock, WallClock, later};
use crate::config::{Config, REFERENCE, StoreUrl, in_words};
use crate::egress::{Destination, Reach, Socket, Transport};

/// Time for a running `serve` to say that it lives.
const ALIVE_WITHIN: Duration = Duration::from_secs(5);

/// Say everything that is wrong with the config, or what it sets up
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  balancebot check --print-default > balancebot.toml   every setting, explained
  balancebot check --config balancebot.toml            reads the config and its secrets; touches nothing else
  balancebot check --config balancebot.toml --online   also asks the store, Messenger and the banks
  balancebot check --config balancebot.toml --egress   every host that it will call, for a network policy
  balancebot check --config balancebot.toml --alive    whether `serve` answers; for health checks
  balancebot check --flows my-flows --write-models     learns from its words once, so that no start has to

Exit codes: 0 fine, 1 something that was asked online does not work, 64 the config is wrong.")]
pub struct CheckArgs {
    /// Prints the reference of all settings, with their defaults
    #[arg(long, conflicts_with = "online")]
    pub print_default: bool,
    /// Also asks the store, Messenger and the banks
    #[arg(long)]
    pub online: bool,
    /// Prints every host that `serve` calls with this config, and what for; it reaches no other
    #[arg(long, conflicts_with_all = ["online", "print_default"])]
    pub egress: bool,
    /// Only asks whether the `serve` of this config answers on its listener
    #[arg(long, conflicts_with_all = ["online", "print_default"])]
    pub alive: bool,
    /// Learns from the words of --flows and keeps what was learnt beside them
    #[arg(long, conflicts_with_all = ["online", "print_default", "alive"])]
    pub write_models: bool,
}

/// One thing that was looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What was looked at: `store`, `page 1000…`, `bank northgate`.
    pub what: String,
    /// What was found, or what is wrong and what to do about it.
    pub found: Result<String, Complaint>,
}

/// What is wrong with something that was looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Complaint {
    /// What is wrong.
    pub message: String,
    /// What to do about it.
    pub help: Option<String>,
}

/// Keeps each language's model as `words/<language>.model`.
fn write_models(flows: &FlowsFolder) -> Done {
    let folder = flows.folder().ok_or_else(|| {
        Failure::usage("no words are named").help("add --flows DIR; what is compiled in has its models already")
    })?;
    for (language, model) in flows.load()?.parser.models() {
        let path = folder.join("words").join(format!("{language}.model"));
        let kib = model.len() / 1024;
        std::fs::write(&path, model)
            .map_err(|error| Failure::usage(format!("{} cannot be written: {error}", path.display())))?;
        print::out(&format!("{}: {kib} KiB\n", path.display()));
    }
    Ok(())
}

/// Runs the verb.
pub fn run(args: &CheckArgs, file: &ConfigFile, flows: &FlowsFolder) -> Done {
    if args.print_default {
        print::out(REFERENCE);
        return Ok(());
    }
    if args.alive {
        let listen = file.server()?.listen;
        return engine::block_on(alive(listen, &WallClock));
    }
    if args.write_models {
        return write_models(flows);
    }
    let config = both(file.load(), flows.load().map(drop))?;
    if args.egress {
        print::out(&manifest(&config));
        return Ok(());
    }
    print::out(&summary(&config));
    if !args.online {
        return Ok(());
    }
    let findings = engine::check_online(&config)?;
    print::out(&report(&findings));
    if findings.iter().all(|finding| finding.found.is_ok()) { Ok(()) } else { Err(Failure::Told) }
}

/// The config, if it and the flows are sound; else everything that is wrong with either.
fn both(config: Result<Config, Failure>, flows: Result<(), Failure>) -> Result<Config, Failure> {
    match (config, flows) {
        (Err(Failure::Faults(config)), Err(Failure::Faults(flows))) => {
            Err(Failure::Faults(config.into_iter().chain(flows).collect()))
        }
        (config, flows) => config.and_then(|config| flows.map(|()| config)),
    }
}

/// Asks the listener for `/live`.
async fn alive(listen: SocketAddr, clock: &dyn Clock) -> Done {
    let host = match listen.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => IpAddr::V4(Ipv4Addr::LOCALHOST),
        IpAddr::V6(ip) if ip.is_unspecified() => IpAddr::V6(Ipv6Addr::LOCALHOST),
        ip => ip,
    };
    let url = format!("http://{}/live", SocketAddr::new(host, listen.port()));
    let failed = |why: String| Failure::failed(format!("{url} does not answer: {why}"));
    let request = Request::get(&url).body(Bytes::new()).map_err(|error| failed(error.to_string()))?;
    let socket = Socket::new(Reach::only([url.as_str()])).map_err(|error| failed(error.to_string()))?;
    let answer = tokio::select! {
        answer = socket.exchange(request) => answer.map_err(|error| failed(error.to_string()))?,
        () = clock.sleep_until(later(clock.now(), ALIVE_WITHIN)) => return Err(failed("no answer in time".to_owned())),
    };
    if answer.status().is_success() { Ok(()) } else { Err(failed(answer.status().to_string())) }
}

/// What a config sets up. Shows no secret.
pub fn summary(config: &Config) -> String {
    let StoreUrl::Sqlite(path) = &config.store.url;
    let older = match config.store.previous_keys.len() {
        0 => String::new(),
        keys => format!(", {keys} older to read with"),
    };
    let public = config.server.public_url.as_deref().unwrap_or("no public address, so no pictures");
    let rotation = if config.messenger.previous_app_secret.is_some() { ", two app secrets" } else { "" };
    let mut rows = vec![
        ("listens".to_owned(), format!("{} ({public})", config.server.listen)),
        ("keeps".to_owned(), format!("SQLite {}, sealed with 1 key{older}", path.display())),
        (
            "Messenger".to_owned(),
            format!("{} {}{rotation}", config.messenger.graph_url, config.messenger.graph_version),
        ),
    ];
    let log = match (&config.audit.key, &config.audit.sink) {
        (Some(_), Some(sink)) => {
            format!(
                "signed every {} as {}, heads in {}",
                in_words(config.audit.every),
                config.audit.name,
                sink.display()
            )
        }
        _ => "hashed, not signed: nobody vouches for it (`balancebot audit keygen`)".to_owned(),
    };
    rows.push(("access log".to_owned(), log));
    for page in &config.messenger.pages {
        let zone = page.tz.iana_name().unwrap_or("UTC");
        rows.push((format!("page {}", page.id), format!("{}, {zone}", page.locale)));
    }
    for bank in &config.banks {
        let speaks = format!("{} {}", bank.dialect.word(), bank.version);
        let orders = if bank.orders_key.is_some() { ", can stop being read by signed orders" } else { "" };
        let who = format!("{}, {speaks}, {}{orders}", bank.bank.name, bank.base_url);
        rows.push((format!("bank {}", bank.bank.id), who));
    }
    let (interim, answer) = (in_words(config.turn.interim_after), in_words(config.turn.answer_by));
    let turns = format!("{} at a time; a word after {interim}, an answer by {answer}", config.turn.workers);
    rows.push(("turns".to_owned(), turns));
    if !config.links.is_empty() {
        rows.push(("links".to_owned(), format!("{} by config (loopback only)", config.links.len())));
    }
    let width = rows.iter().map(|(what, _)| what.chars().count()).max().unwrap_or(0);
    let lines = rows.iter().map(|(what, how)| format!("  {what:<width$}  {how}\n"));
    let advice =
        if config.banks.is_empty() { "  No bank is configured: every question gets an apology.\n" } else { "" };
    print::styled(print::GOOD, "The config is fine.") + "\n" + &lines.collect::<String>() + advice
}

/// Where `serve` connects, a line a host; made to be read by programs, too.
fn manifest(config: &Config) -> String {
    let row = |(Destination { scheme, host, port }, whys): (Destination, Vec<String>)| {
        vec![scheme, host, port.to_string(), whys.join(", ")]
    };
    let rows: Vec<Vec<String>> = destinations::destinations(config).into_iter().map(row).collect();
    print::table(&["scheme", "host", "port", "for"], &rows, &[2])
}

/// What was found online, a line each.
pub fn report(findings: &[Finding]) -> String {
    let line = |Finding { what, found }: &Finding| match found {
        Ok(found) => format!("  {} {what}: {found}\n", print::styled(print::GOOD, "ok  ")),
        Err(Complaint { message, help }) => {
            let advice = help.as_ref().map(|help| format!("       {} {help}\n", print::styled(print::HELP, "help:")));
            format!("  {} {what}: {message}\n{}", print::styled(print::BAD, "FAIL"), advice.unwrap_or_default())
        }
    };
    findings.iter().map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_found_online_says_what_to_do() {
        let complaint = Complaint { message: "code 190".to_owned(), help: Some("make a new page token".to_owned()) };
        let text = report(&[
            Finding { what: "store".to_owned(), found: Ok("SQLite 3.51.3".to_owned()) },
            Finding { what: "page 1".to_owned(), found: Err(complaint) },
        ]);
        let plain = anstream::adapter::strip_str(&text).to_string();
        assert_eq!(plain, "  ok   store: SQLite 3.51.3\n  FAIL page 1: code 190\n       help: make a new page token\n");
    }
}
