//! `balancebot eval`: how well texts are read, measured on files of texts with the right readings.

use std::fmt::Write as _;
use std::path::PathBuf;

use jiff::Timestamp;
use jiff::civil::Weekday;
use jiff::tz::TimeZone;

use self::cases::Case;
use self::score::{Report, Tally};
use crate::cli::failure::{Done, Failure};
use crate::cli::print;
use crate::clock::Clock;
use crate::domain::reading::Reading;
use crate::understand::certainty::Fitted;
use crate::understand::{Context, Parser};

pub(crate) mod cases;
pub(crate) mod score;
pub(crate) mod typos;

/// Measure how well texts are read, on files of texts with the right readings
#[derive(Debug, clap::Args)]
pub struct EvalArgs {
    /// Files: JSON lines with `text` and `accept` or `slots`, or one JSON object with dates as `cases`.
    #[arg(required_unless_present = "fit", value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Print the report as JSON.
    #[arg(long)]
    json: bool,
    /// Show every text that is read wrongly, and how.
    #[arg(long, conflicts_with = "json")]
    wrong: bool,
    /// Make one slip of the finger in each text; the number chooses which.
    #[arg(long, value_name = "SEED")]
    typos: Option<u64>,
    /// Fit the certainty of each language on its own examples, and print what belongs into its word file.
    #[arg(long, conflicts_with_all = ["files", "json", "wrong", "typos"])]
    fit: bool,
}

/// Runs the verb.
pub fn run(args: &EvalArgs, parser: &Parser, clock: &dyn Clock) -> Done {
    if args.fit {
        for (language, fitted) in parser.fit() {
            print::out(&table_of(language, &fitted));
        }
        return Ok(());
    }
    let mut all = Vec::new();
    for path in &args.files {
        let shown = path.display();
        let text = std::fs::read_to_string(path)
            .map_err(|error| Failure::usage(format!("{shown} cannot be read: {error}")))?;
        all.extend(cases::parse(&text).map_err(|error| {
            Failure::usage(format!("{shown}, {error}"))
                .help("each line is {\"text\": …, \"accept\": [intents]}, or the file is {\"cases\": […]}")
        })?);
    }
    if let Some(seed) = args.typos {
        all.iter_mut().for_each(|case| case.text = typos::slip(&case.text, seed));
    }
    let report = measure(&all, parser, clock);
    print::out(&if args.json { print::json(&report) } else { describe(&report, args.wrong) });
    Ok(())
}

/// The table of a word file, under what it achieves on examples whose pattern was not learnt.
fn table_of(language: &str, fitted: &Fitted) -> String {
    let mut text = format!(
        "# {language}: of its own examples, unseen, {:.1} % are read right and {:.1} % of those out of scope refused\n[certainty]\n",
        fitted.answered * 100.0,
        fitted.refused * 100.0
    );
    for (name, value) in fitted.certainty.named() {
        // Writing to a String cannot fail.
        let _ = writeln!(text, "{name} = {value:.2}");
    }
    text + "\n"
}

/// Reads every case once, after a first one that is not timed.
fn measure(all: &[Case], parser: &Parser, clock: &dyn Clock) -> Report {
    let now = clock.now();
    let mut report = Report::default();
    let bar = print::progress(u64::try_from(all.len()).unwrap_or(u64::MAX));
    if let Some(first) = all.first() {
        read(parser, first, now);
    }
    for case in all {
        let start = clock.now();
        let reading = read(parser, case, now);
        let took = u64::try_from(clock.now().duration_since(start).as_nanos()).unwrap_or(0);
        report.add(case, &reading, took);
        bar.inc(1);
    }
    bar.finish_and_clear();
    report.close();
    report
}

/// Reads a case as of a stranger: no accounts, no merchants, weeks from Monday as the public data has them.
pub(crate) fn read(parser: &Parser, case: &Case, now: Timestamp) -> Reading {
    let context = Context {
        now: case.reference.clone().unwrap_or_else(|| now.to_zoned(TimeZone::UTC)),
        locale: case.locale.as_deref().unwrap_or("en-US"),
        week_starts: Weekday::Monday,
        accounts: &[],
        banks: &[],
        merchants: &[],
        last: None,
    };
    parser.read(&case.text, &context)
}

/// The report for people.
fn describe(report: &Report, wrong: bool) -> String {
    let mut text = String::new();
    let row = |name: &str, tally: Tally| {
        vec![name.to_owned(), tally.right.to_string(), tally.of.to_string(), format!("{:.1} %", tally.percent())]
    };
    let mut rows: Vec<Vec<String>> =
        report.intents.iter().map(|(tier, tally)| row(&format!("intents, {tier}"), *tally)).collect();
    let others = [
        ("answered when it should be", report.answered),
        ("refused when it should be", report.rejected),
        ("dates", report.dates),
        ("no dates seen where none are", report.dateless),
    ];
    rows.extend(others.into_iter().filter(|(_, tally)| tally.of > 0).map(|(name, tally)| row(name, tally)));
    rows.extend(report.slots.iter().map(|(group, tally)| row(&format!("slots, {group}"), *tally)));
    text += &print::table(&["", "right", "of", ""], &rows, &[1, 2, 3]);
    if !report.confusions.is_empty() {
        let row = |c: &score::Confusion| vec![c.times.to_string(), c.expected.clone(), c.got.clone()];
        let rows: Vec<Vec<String>> = report.confusions.iter().take(20).map(row).collect();
        text += "\n";
        text += &print::table(&["times", "expected", "read as"], &rows, &[0]);
    }
    let latency = report.latency_us;
    // Writing to a String cannot fail.
    let _ = writeln!(
        text,
        "\none reading takes {:.0} µs at the median, {:.0} µs at the 99th percentile, {:.0} µs at most",
        latency.p50, latency.p99, latency.longest
    );
    for line in report.wrong.iter().filter(|_| wrong) {
        let shown: String = line.text.chars().filter(|c| !c.is_control()).collect();
        let _ = writeln!(text, "{}: {shown}", line.how);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::Content;
    use crate::clock::WallClock;

    #[test]
    fn what_is_read_wrongly_lowers_the_score() {
        let parser = Content::shipped().map_err(|faults| format!("{faults:?}")).expect("good words").parser;
        let lines = "{\"text\": \"what's my balance\", \"accept\": [\"balance.get\"], \"tier\": \"t\"}\n\
                     {\"text\": \"what's my balance\", \"accept\": [\"thanks\"], \"tier\": \"t\"}\n\
                     {\"text\": \"spent at the zoo\", \"slots\": {\"period\": {\"span\": [0, 5]}}}\n";
        let mut report = measure(&cases::parse(lines).expect("good lines"), &parser, &WallClock);
        let dates = r#"{"cases": [{"text": "yesterday", "reference": "2026-11-22", "from": "2026-11-21", "to": "2026-11-22"},
                                  {"text": "today", "reference": "2026-11-22", "from": "2026-11-21", "to": "2026-11-22"}]}"#;
        for case in cases::parse(dates).expect("good dates") {
            report.add(&case, &read(&parser, &case, WallClock.now()), 1);
        }
        assert_eq!(report.intents["t"], Tally { right: 1, of: 2 });
        assert_eq!(report.slots["period"], Tally { right: 0, of: 1 });
        assert_eq!(report.dates, Tally { right: 1, of: 2 });
        assert_eq!(report.confusions[0].expected, "thanks");
        assert!(describe(&report, true).contains("instead of"));
    }
}
