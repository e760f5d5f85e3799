//! What the operator reads: lines on standard error, for people on a terminal and JSON elsewhere. No message text, no
//! amount, no name and no token is ever a field; ids of people are not logged either.

use std::io::IsTerminal;
use std::panic::{self, PanicHookInfo};

use tracing_subscriber::EnvFilter;

/// Starts logging at `level` unless `RUST_LOG` says otherwise. A second start changes nothing.
pub fn start(level: &str) {
    panic::set_hook(Box::new(tell_place));
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new(level));
    let lines = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).with_target(false);
    let _ =
        if std::io::stderr().is_terminal() { lines.try_init() } else { lines.json().flatten_event(true).try_init() };
}

/// Of a panic, the place is told, and its words only where they stand in the code as they are: what is put together when it
/// happens ("… is not a char boundary of …") quotes what somebody wrote.
fn tell_place(info: &PanicHookInfo<'_>) {
    let place = info.location().map(ToString::to_string).unwrap_or_default();
    let words = info.payload().downcast_ref::<&'static str>().copied().unwrap_or("not told");
    tracing::error!(panic.place = %place, panic.words = words, "panicked");
}
