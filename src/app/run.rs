//! Runs a bot that is built: its web server, its crew, and an orderly end.

use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::app::Bot;
use crate::turn::{Crew, CrewSize};
use crate::web::health::{self, Health};
use crate::web::serve::{Limits, serve};
use crate::web::{chart, orders, pages, secured, webhook, webhook::Webhook};

/// Cancelled when the process is asked to end (SIGTERM, or Ctrl-C on a terminal).
pub fn until_told() -> std::io::Result<CancellationToken> {
    let stop = CancellationToken::new();
    let mut term = signal(SignalKind::terminate())?;
    let told = stop.clone();
    tokio::spawn(async move {
        tokio::select! {
            _ = term.recv() => {}
            _ = tokio::signal::ctrl_c() => {}
        }
        told.cancel();
    });
    Ok(stop)
}

/// Serves until `stop`; then takes no more deliveries, finishes the turns under way, and returns. What still waits
/// stays in the inbox for the next start.
pub async fn run(bot: Bot, listener: TcpListener, limits: Limits, crew: CrewSize, stop: CancellationToken) {
    let Bot { turn, webhook, pictures, pages, .. } = bot;
    let clock = Arc::clone(&turn.clock);
    let drain: Duration = limits.drain;
    let health = Health { store: Arc::clone(&turn.store), draining: stop.clone(), clock: Arc::clone(&clock) };
    let tracker = TaskTracker::new();
    let rest = CancellationToken::new();
    tracker.spawn(Arc::clone(&turn).watch_stops(rest.clone()));
    let crew = Crew::start(&turn, crew, &tracker, &rest);
    let webhook = Webhook { crew: Some(crew), ..webhook };
    let routes = secured(
        webhook::router(webhook)
            .merge(chart::router(pictures))
            .merge(pages::router(pages))
            .merge(orders::router(Arc::clone(&turn)))
            .merge(health::router(health)),
    );
    let cut = serve(listener, routes, limits, stop, Arc::clone(&clock)).await;
    if cut > 0 {
        tracing::warn!(web.connections = cut, "connections were cut off after the drain");
    }
    rest.cancel();
    tracker.close();
    tokio::select! {
        () = tracker.wait() => {}
        () = clock.sleep(drain) => tracing::warn!(turn.left = tracker.len(), "turns under way were left for the next start"),
    }
}
