//! `balancebot inbox`: what came in and what became of it. Shows no content: bodies are sealed.

use clap::{Args, Subcommand, ValueEnum};
use serde_json::json;

use crate::cli::configured::ConfigFile;
use crate::cli::confirm::confirm;
use crate::cli::failure::{Done, Failure};
use crate::cli::{engine, print};
use crate::clock::{Clock, WallClock};
use crate::store::{Row, Stats, Store, StoreError};

/// Look into the inbox: what waits, what was given up, and why
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  balancebot inbox stats                         how much came in, waits, was given up
  balancebot inbox list --state buried           what was given up after too many failures
  balancebot inbox retry m_abc                   let it be thought about again")]
pub struct InboxArgs {
    #[command(subcommand)]
    verb: InboxVerb,
}

#[derive(Debug, Subcommand)]
enum InboxVerb {
    /// List the newest events
    List {
        /// Only events in this state
        #[arg(long, value_enum)]
        state: Option<State>,
        /// How many at most
        #[arg(long, value_name = "N", default_value_t = 50)]
        most: u32,
        /// Prints a JSON array
        #[arg(long)]
        json: bool,
    },
    /// Show one event
    Show {
        /// The event's id
        #[arg(value_name = "EVENT")]
        id: String,
        /// Prints one JSON object
        #[arg(long)]
        json: bool,
    },
    /// Let an event that was given up be thought about again
    Retry {
        /// The event's id
        #[arg(value_name = "EVENT")]
        id: String,
    },
    /// Mark an event done without an answer
    Drop {
        /// The event's id
        #[arg(value_name = "EVENT")]
        id: String,
        /// Confirms without asking: the words "drop" and the event's id
        #[arg(long, value_name = "WORDS")]
        confirm: Option<String>,
    },
    /// Count what came in and what became of it
    Stats {
        /// Prints one JSON object
        #[arg(long)]
        json: bool,
    },
}

/// The state of an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum State {
    /// Waits for a turn
    Waiting,
    /// Was answered or noted
    Done,
    /// Was given up after too many failures
    Buried,
    /// Is of an unknown object, page or kind
    Ignored,
    /// Could not be read
    Broken,
}

impl State {
    fn word(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Done => "done",
            Self::Buried => "buried",
            Self::Ignored => "ignored",
            Self::Broken => "broken",
        }
    }
}

/// Runs the verb.
pub fn run(args: &InboxArgs, config: &ConfigFile) -> Done {
    let settings = config.store()?;
    if let InboxVerb::Drop { id, confirm: given } = &args.verb {
        confirm(&format!("drop {id}"), given.as_deref())?;
    }
    let store = engine::store(&settings)?;
    print::out(&engine::block_on(look(&args.verb, store.as_ref(), &WallClock))?);
    Ok(())
}

async fn look(verb: &InboxVerb, store: &dyn Store, clock: &dyn Clock) -> Result<String, Failure> {
    match verb {
        InboxVerb::List { state, most, json } => {
            let rows = store.list(state.map(State::word), *most).await.map_err(trouble)?;
            Ok(if *json { print::json(&rows) } else { list(&rows) })
        }
        InboxVerb::Show { id, json } => {
            let (row, body) = store.show(id).await.map_err(trouble)?.ok_or_else(|| unknown(id))?;
            let sealed_bytes = body.map(|body| body.len());
            Ok(if *json { print::json(&row_json(&row, sealed_bytes)) } else { show(&row, sealed_bytes) })
        }
        InboxVerb::Retry { id } => match store.retry(id, clock.now()).await.map_err(trouble)? {
            true => Ok(format!("{id} waits for a turn again.\n")),
            false => Err(unknown(id).help("only buried events can be tried again: `inbox list --state buried`")),
        },
        InboxVerb::Drop { id, .. } => match store.drop_event(id, clock.now()).await.map_err(trouble)? {
            true => Ok(format!("{id} is done, without an answer.\n")),
            false => Err(unknown(id).help("only waiting and buried events can be dropped")),
        },
        InboxVerb::Stats { json } => {
            let counted = store.stats().await.map_err(trouble)?;
            Ok(if *json { print::json(&counted) } else { stats(&counted) })
        }
    }
}

fn trouble(error: StoreError) -> Failure {
    Failure::failed(error.to_string())
}

fn unknown(id: &str) -> Failure {
    Failure::failed(format!("there is no such event: {id}")).help("`balancebot inbox list` shows the newest")
}

/// The counters, with what they mean.
pub fn stats(stats: &Stats) -> String {
    let rows = [
        ("received", stats.received, "elements of verified deliveries: the sum of the next four"),
        ("kept", stats.kept, "new events of known kinds"),
        ("ignored", stats.ignored, "of an unknown object, page or kind"),
        ("broken", stats.broken, "could not be read"),
        ("duplicate", stats.duplicate, "seen before"),
        ("waiting", stats.waiting, "wait for a turn now"),
        ("buried", stats.buried, "given up after too many failures, now"),
        ("outgoing", stats.outgoing, "replies not yet sent, now"),
        ("sent", stats.sent, "replies that Messenger took"),
        ("refused", stats.refused, "replies given up"),
        ("uncertain", stats.uncertain, "replies sent again that may have arrived before"),
    ];
    let rows: Vec<_> =
        rows.into_iter().map(|(what, count, means)| vec![what.into(), count.to_string(), means.into()]).collect();
    print::table(&["COUNT", "", ""], &rows, &[1])
}

/// Events as a table, in the order given.
pub fn list(rows: &[Row]) -> String {
    if rows.is_empty() {
        return "Nothing is there.\n".to_owned();
    }
    let cells = |row: &Row| {
        vec![
            row.received.strftime("%Y-%m-%d %H:%M:%S").to_string(),
            row.state.clone(),
            row.attempts.to_string(),
            row.kind.clone(),
            row.event_id.clone(),
            row.reason.clone().unwrap_or_default(),
        ]
    };
    let rows: Vec<_> = rows.iter().map(cells).collect();
    print::table(&["RECEIVED (UTC)", "STATE", "FAILED", "KIND", "EVENT", "REASON"], &rows, &[2])
}

/// One event, a line a field.
pub fn show(row: &Row, sealed_bytes: Option<usize>) -> String {
    let body = sealed_bytes.map_or("none is kept".to_owned(), |bytes| format!("{bytes} bytes, sealed"));
    let or_none = |text: &str| if text.is_empty() { "none".to_owned() } else { text.to_owned() };
    let rows = [
        ("event", row.event_id.clone()),
        ("conversation", or_none(&row.conversation)),
        ("kind", row.kind.clone()),
        ("state", row.state.clone()),
        ("received", row.received.to_string()),
        ("failed", format!("{} times", row.attempts)),
        ("reason", or_none(row.reason.as_deref().unwrap_or_default())),
        ("body", body),
    ];
    rows.into_iter().map(|(what, value)| format!("{what:<12}  {value}\n")).collect()
}

fn row_json(row: &Row, sealed_bytes: Option<usize>) -> serde_json::Value {
    let mut value = json!(row);
    value["sealed_bytes"] = json!(sealed_bytes);
    value
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row() -> Row {
        Row {
            event_id: "m_1".to_owned(),
            conversation: "messenger/1/7".to_owned(),
            kind: "text".to_owned(),
            state: "buried".to_owned(),
            received: "2026-11-22T19:00:00Z".parse().expect("a moment"),
            attempts: 5,
            reason: Some("panicked".to_owned()),
        }
    }

    #[test]
    fn the_counters_have_the_names_that_others_rely_on() {
        let stats = Stats { received: 9, kept: 5, ignored: 1, broken: 1, duplicate: 2, waiting: 3, ..Stats::default() };
        let value = serde_json::to_value(stats).expect("writable");
        for (name, count) in [("received", 9), ("kept", 5), ("ignored", 1), ("broken", 1), ("duplicate", 2)] {
            assert_eq!(value[name], count, "{name}");
        }
        assert_eq!((&value["waiting"], &value["buried"]), (&json!(3), &json!(0)));
        let shown = super::stats(&stats);
        for name in value.as_object().expect("an object").keys() {
            assert!(shown.contains(name), "`{name}` is not shown to people");
        }
    }

    #[test]
    fn events_are_listed_with_the_reason_and_without_content() {
        let text = anstream::adapter::strip_str(&list(&[row()])).to_string();
        assert_eq!(
            text,
            "RECEIVED (UTC)       STATE   FAILED  KIND  EVENT  REASON\n\
             2026-11-22 19:00:00  buried       5  text  m_1    panicked\n"
        );
        let text = show(&row(), Some(120));
        assert!(
            text.contains("failed        5 times\n") && text.contains("body          120 bytes, sealed\n"),
            "{text}"
        );
        assert_eq!(row_json(&row(), Some(120))["sealed_bytes"], 120);
        assert_eq!(row_json(&row(), None)["attempts"], 5);
    }
}
