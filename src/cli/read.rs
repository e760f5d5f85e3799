//! `balancebot read`: how a text is understood, and why. With `--jsonl` it reads lines for scripts.

use std::io::{BufRead, Write};

use anyhow::Context as _;
use serde_json::json;

use self::shape::{Asked, Known};
use crate::cli::failure::{Done, Failure};
use crate::clock::Clock;
use crate::domain::reading::{Reading, Zone};
use crate::understand::{Context, Parser};

mod page;
mod shape;

/// Longest line of `--jsonl` that is taken, in bytes.
const LINE_MAX: usize = 1 << 20;

/// Say what the bot understands of a text, and which words decided
#[derive(Debug, clap::Args)]
pub struct ReadArgs {
    /// The text, as a person would type it.
    #[arg(required_unless_present = "jsonl", conflicts_with = "jsonl")]
    text: Vec<String>,
    /// The moment of the message, RFC 3339 [default: now].
    #[arg(long, value_name = "TIME")]
    now: Option<String>,
    /// The person's IANA time zone [default: UTC].
    #[arg(long, value_name = "ZONE")]
    tz: Option<String>,
    /// The person's locale [default: en-US].
    #[arg(long)]
    locale: Option<String>,
    /// Tell every step: words, details, scores, the nearest examples, and where to mend it.
    #[arg(long, conflicts_with_all = ["json", "jsonl"])]
    explain: bool,
    /// A text that was written before, which this one may lean on; may be given again.
    #[arg(long, value_name = "TEXT", conflicts_with = "jsonl")]
    after: Vec<String>,
    /// Print one JSON object instead of words.
    #[arg(long)]
    json: bool,
    /// Read JSON objects from standard input, one a line, and answer each with one line.
    #[arg(long, conflicts_with_all = ["json", "now", "tz", "locale"])]
    jsonl: bool,
}

/// Runs the verb. It has failed if a line of `--jsonl` could not be read.
pub fn run(args: &ReadArgs, parser: &Parser, clock: &dyn Clock) -> Done {
    let failed = |error: anyhow::Error| Failure::failed(error.to_string());
    let mut out = anstream::stdout().lock();
    if args.jsonl {
        let clean = lines(parser, clock, &mut std::io::stdin().lock(), &mut out).map_err(failed)?;
        return if clean { Ok(()) } else { Err(Failure::Told) };
    }
    let asked = Asked::text(args.text.join(" "), args.now.clone(), args.tz.clone(), args.locale.clone());
    let mut known = asked.known(clock.now()).map_err(Failure::usage)?;
    for text in &args.after {
        let before = understand(parser, text, &known);
        if before.zone == Zone::Answer {
            known.last = Some(before.part);
        }
    }
    let shown = if args.explain {
        page::whole(&mut out, &asked.text, &parser.explain(&asked.text, &context(&known)))
    } else if args.json {
        writeln!(out, "{}", shape::reading(&understand(parser, &asked.text, &known)))
    } else {
        page::short(&mut out, &asked.text, &understand(parser, &asked.text, &known))
    };
    shown.map_err(|_| Failure::failed("standard output is closed"))
}

/// Answers every line of `input` with one line; false if any of them was bad.
pub fn lines(parser: &Parser, clock: &dyn Clock, input: &mut dyn BufRead, out: &mut dyn Write) -> anyhow::Result<bool> {
    let mut clean = true;
    let mut line = Vec::new();
    loop {
        line.clear();
        if input.read_until(b'\n', &mut line).context("standard input")? == 0 {
            return Ok(clean);
        }
        if line.iter().all(u8::is_ascii_whitespace) {
            continue;
        }
        let answer = answer(parser, clock, &line).unwrap_or_else(|message| {
            clean = false;
            json!({ "error": message })
        });
        writeln!(out, "{answer}").and_then(|()| out.flush()).context("standard output")?;
    }
}

fn answer(parser: &Parser, clock: &dyn Clock, line: &[u8]) -> Result<serde_json::Value, String> {
    if line.len() > LINE_MAX {
        return Err(format!("the line is longer than {LINE_MAX} bytes"));
    }
    let asked: Asked = serde_json::from_slice(line).map_err(|error| error.to_string())?;
    let known = asked.known(clock.now())?;
    Ok(shape::reading(&understand(parser, &asked.text, &known)))
}

fn understand(parser: &Parser, text: &str, known: &Known) -> Reading {
    parser.read(text, &context(known))
}

fn context(known: &Known) -> Context<'_> {
    Context {
        now: known.now.clone(),
        locale: &known.locale,
        week_starts: known.week_starts,
        accounts: &known.accounts,
        banks: &known.banks,
        merchants: &known.merchants,
        last: known.last.as_ref(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::Content;
    use crate::clock::WallClock;

    fn ask(input: &str) -> (bool, Vec<serde_json::Value>) {
        let parser = Content::shipped().map_err(|faults| format!("{faults:?}")).expect("good words").parser;
        let mut out = Vec::new();
        let clean = lines(&parser, &WallClock, &mut input.as_bytes(), &mut out).expect("no I/O fails");
        (
            clean,
            String::from_utf8(out)
                .expect("UTF-8")
                .lines()
                .map(|line| serde_json::from_str(line).expect("JSON"))
                .collect(),
        )
    }

    #[test]
    fn each_line_is_answered_in_order_and_a_bad_one_is_told() {
        let last = r#"{"intent": "spend.sum", "slots": {"merchant": "tesco", "period": {"from": "2026-10-01", "to": "2026-11-01"}}}"#;
        let accounts = r#"{"accounts": [{"id": "a1", "nick": "Joint", "kind": "checking", "last4": "3305", "bank": "northgate"}]}"#;
        let (clean, answers) = ask(&format!(
            "{{\"text\": \"payments over $50 last month\", \"now\": \"2026-11-22T14:00:00-05:00\"}}\nnot json\n\
             {{\"text\": \"and the month before?\", \"now\": \"2026-11-22T14:00:00Z\", \"last\": {last}}}\n\
             {{\"text\": \"joint balance\", \"person\": {accounts}}}\n{{\"text\": \"hi\", \"week_starts\": \"tuesday\"}}\n"
        ));
        assert!(!clean);
        assert_eq!(answers.len(), 5);
        assert_eq!(answers[0]["intent"], "txn.search");
        assert_eq!(
            answers[0]["slots"]["amount"],
            json!({"min": "50.00", "max": null, "currency": "USD", "above": true})
        );
        assert_eq!(answers[0]["slots"]["period"], json!({"from": "2026-10-01", "to": "2026-11-01"}));
        assert_eq!(answers[0]["spans"]["period"], json!([18, 28]));
        assert!(answers[1]["error"].is_string());
        assert_eq!(
            answers[2]["slots"],
            json!({"merchant": "tesco", "period": {"from": "2026-09-01", "to": "2026-10-01"}})
        );
        assert_eq!(answers[3]["slots"]["account"], "a1");
        assert!(answers[4]["error"].as_str().is_some_and(|message| message.contains("tuesday")));
    }
}
