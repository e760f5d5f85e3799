//! Conversation transcripts (`.chat`): what people send, and what must come back.

use std::time::Duration;

use crate::domain::{
    account::AccountId,
    bank::BankId,
    fault::{Fault, Source},
    reading::Intent,
};
use crate::replay::effect::Effect;
use crate::replay::expr::{self, Expr, Unit};
use crate::replay::mortal::Death;
use crate::sandbox::switch::Switch;

/// A transcript.
#[derive(Debug)]
pub(super) struct Script {
    /// Setup before the first turn.
    pub(super) setup: Vec<Setup>,
    /// The turns, in order.
    pub(super) turns: Vec<Turn>,
}

/// One `@ key value`.
#[derive(Clone, Debug)]
pub(super) struct Setup {
    pub(super) line: usize,
    pub(super) key: String,
    pub(super) value: String,
}

/// One input and what is expected of it.
#[derive(Debug)]
pub(super) struct Turn {
    pub(super) line: usize,
    /// Setup between the turn before and this one: a change of speaker.
    pub(super) before: Vec<Setup>,
    pub(super) input: Input,
    pub(super) expects: Vec<Expect>,
}

/// What happens.
#[derive(Clone, Debug)]
pub(super) enum Input {
    /// The person sends a text.
    Say(String),
    /// The person taps a title.
    Tap(Title),
    /// Something else happens.
    Event(Event),
}

/// Titles that will do.
#[derive(Clone, Debug)]
pub(super) enum Title {
    /// Any of these.
    Words(Vec<String>),
    /// Any that matches.
    Pattern(Unit),
}

/// An event of the closed list, as far as this version can make it happen.
#[derive(Clone, Debug)]
pub(super) enum Event {
    /// A bank changes: `down`, `up`, `slow 9s`, …
    Bank(BankId, Switch),
    /// Time passes.
    Clock(Duration),
    /// A standing payload is sent: the person taps Get Started or the menu.
    Postback(String),
    /// The person sends the platform's sticker.
    Sticker(String),
    /// The person sends a file of this kind.
    Attachment(String),
    /// The person reacts to the last bubble.
    Reaction(String),
    /// The platform reports the last bubble as read, delivered, or echoes it.
    Platform(String),
    /// The last message of this person arrives again.
    Redeliver,
    /// The platform reports another locale of this person.
    Locale(String),
    /// A message with a wrong signature arrives.
    Forged(String),
    /// The person at the desk gives the thread back.
    ThreadReturned,
    /// The process dies and starts again: now, or in the next turn.
    Crash(Option<Death>),
    /// A row appears.
    Row(AccountId, String),
    /// A pending row is booked.
    Booked(AccountId, String),
    /// The person links a bank, or renews its consent, in a browser.
    Linked(BankId),
    /// They leave the bank's page.
    LinkFailed,
    /// They show in a browser that it is them.
    Unlocked,
}

/// One expectation line.
#[derive(Debug)]
pub(super) struct Expect {
    pub(super) line: usize,
    pub(super) text: String,
    pub(super) kind: Kind,
}

/// What is expected.
#[derive(Debug)]
pub(super) enum Kind {
    /// `~`
    Reading(Vec<PartSpec>),
    /// `<`
    Exact(String),
    /// `[..]`
    Offered(Vec<Title>),
    /// `+`
    Say(Expr),
    /// `-`
    Never(Vec<Unit>),
    /// `=`
    Effect(Effect),
}

/// One question of a reading.
#[derive(Debug)]
pub(super) struct PartSpec {
    pub(super) intents: Vec<Intent>,
    pub(super) slots: Vec<(String, Vec<String>)>,
}

/// Reads a transcript; reports every line that cannot be read.
pub(super) fn parse(file: &Source) -> Result<Script, Vec<Fault>> {
    let mut script = Script { setup: Vec::new(), turns: Vec::new() };
    let mut pending = Vec::new();
    let mut faults = Vec::new();
    for (nth, line) in file.text.lines().enumerate() {
        let number = nth + 1;
        if let Err(message) = read_line(&mut script, &mut pending, number, line.trim_end()) {
            faults.push(Fault::new(&file.path, number, message));
        }
    }
    for key in ["world", "person"] {
        if !script.setup.iter().any(|setup| setup.key == key) {
            faults.push(Fault::new(&file.path, 0, format!("a conversation needs `@ {key}` before its first turn")));
        }
    }
    if faults.is_empty() { Ok(script) } else { Err(faults) }
}

fn read_line(script: &mut Script, pending: &mut Vec<Setup>, number: usize, line: &str) -> Result<(), String> {
    let Some(sigil) = line.chars().next() else { return Ok(()) };
    let rest = if sigil == '[' { line } else { line.get(1..).unwrap_or_default() };
    if sigil != '[' && sigil != '#' && !rest.is_empty() && !rest.starts_with(' ') {
        return Err(format!("`{sigil}` is followed by one space"));
    }
    let rest = rest.trim_start();
    let input = match sigil {
        '#' => return Ok(()),
        '@' => {
            let read = setups(number, rest)?;
            if script.turns.is_empty() {
                script.setup.extend(read)
            } else {
                pending.extend(read)
            }
            return Ok(());
        }
        '>' => said(rest)?,
        '*' => Input::Event(event(rest)?),
        '~' | '<' | '[' | '+' | '-' | '=' => {
            let kind = expectation(sigil, rest)?;
            let turn = script.turns.last_mut().ok_or("an expectation stands before the first turn")?;
            turn.expects.push(Expect { line: number, text: rest.to_owned(), kind });
            return Ok(());
        }
        other => return Err(format!("a line cannot begin with `{other}`")),
    };
    script.turns.push(Turn { line: number, before: std::mem::take(pending), input, expects: Vec::new() });
    Ok(())
}

const SETUP_KEYS: &[&str] = &[
    "world", "person", "now", "locale", "tz", "session", "linked", "asked", "bank", "hours", "mask", "offers", "always",
];

fn setups(line: usize, rest: &str) -> Result<Vec<Setup>, String> {
    rest.split("  @ ").map(str::trim).filter(|part| !part.is_empty()).map(|part| setup(line, part)).collect()
}

fn setup(line: usize, part: &str) -> Result<Setup, String> {
    let part = part.trim_start_matches('@').trim();
    let (key, value) = part.split_once(' ').ok_or_else(|| format!("`@ {part}` needs a value"))?;
    if !SETUP_KEYS.contains(&key) {
        return Err(format!("unknown key `@ {key}` (known: {})", SETUP_KEYS.join(", ")));
    }
    Ok(Setup { line, key: key.to_owned(), value: value.trim().to_owned() })
}

fn said(rest: &str) -> Result<Input, String> {
    match rest.strip_prefix('[').and_then(|inside| inside.strip_suffix(']')) {
        Some(inside) => Ok(Input::Tap(title(inside)?)),
        None => Ok(Input::Say(expr::unescape(rest)?)),
    }
}

fn title(inside: &str) -> Result<Title, String> {
    let inside = inside.trim();
    if let Some(source) = inside.strip_prefix('/').and_then(|rest| rest.strip_suffix('/')) {
        return Ok(Title::Pattern(Unit::pattern(&source.replace("\\/", "/"))?));
    }
    let words: Vec<String> = inside.split('|').map(|word| expr::normalise(word.trim(), true)).collect();
    match words.iter().find(|word| word.is_empty() || word.chars().count() > 20) {
        Some(word) => Err(format!("a title has 1 to 20 characters: `{word}`")),
        None => Ok(Title::Words(words)),
    }
}

impl Title {
    /// The title as the file has it.
    pub(super) fn shown(&self) -> String {
        match self {
            Self::Words(words) => words.join(" | "),
            Self::Pattern(unit) => unit.to_string(),
        }
    }

    /// Whether an offered title will do.
    pub(super) fn fits(&self, offered: &str) -> bool {
        let offered = expr::normalise(offered.trim(), true);
        match self {
            Self::Words(words) => words.contains(&offered),
            Self::Pattern(unit) => unit.holds(&offered),
        }
    }
}

/// `@ always + expr` or `@ always - list`.
pub(super) fn always(setup: &Setup) -> Result<Expect, String> {
    let (sigil, rest) = setup.value.split_once(' ').ok_or("`@ always` needs `+ …` or `- …`")?;
    let kind = match sigil {
        "+" => expectation('+', rest)?,
        "-" => expectation('-', rest)?,
        other => return Err(format!("`@ always` needs `+` or `-`, not `{other}`")),
    };
    Ok(Expect { line: setup.line, text: setup.value.clone(), kind })
}

/// A text as a `<` line writes it.
pub(super) fn escape(text: &str) -> String {
    text.replace('\\', "\\\\").replace('\n', "\\n").replace('[', "\\[")
}

fn expectation(sigil: char, rest: &str) -> Result<Kind, String> {
    Ok(match sigil {
        '~' => Kind::Reading(rest.split(" ; ").map(part).collect::<Result<_, _>>()?),
        '<' => Kind::Exact(expr::unescape(rest)?),
        '[' => Kind::Offered(brackets(rest)?),
        '+' => Kind::Say(Expr::parse(rest)?),
        '-' => Kind::Never(expr::units(rest)?),
        _ => Kind::Effect(Effect::parse(rest)?),
    })
}

fn brackets(rest: &str) -> Result<Vec<Title>, String> {
    let mut titles = Vec::new();
    let mut rest = rest.trim();
    while let Some(inside) = rest.strip_prefix('[') {
        // A pattern may hold a bracket; a title ends at the first `]` that ends the line or precedes the next `[`.
        let is_end = |at: &usize| matches!(inside[at + 1..].trim_start().chars().next(), None | Some('['));
        let end = inside.match_indices(']').map(|(at, _)| at).find(is_end).ok_or("a bracket is not closed")?;
        titles.push(title(&inside[..end])?);
        rest = inside[end + 1..].trim_start();
    }
    if rest.is_empty() { Ok(titles) } else { Err(format!("cannot read `{rest}`")) }
}

fn part(text: &str) -> Result<PartSpec, String> {
    let mut words = words(text)?.into_iter();
    let first = words.next().ok_or("a reading begins with an intent")?;
    let intents = first
        .split('|')
        .map(|word| Intent::parse(word).ok_or_else(|| format!("unknown intent `{word}`")))
        .collect::<Result<_, _>>()?;
    let slots = words.map(|word| {
        let (name, values) = word.split_once('=').ok_or_else(|| format!("`{word}` is no slot=value"))?;
        if !SLOTS.contains(&name) {
            return Err(format!("unknown slot `{name}`"));
        }
        Ok((name.to_owned(), values.split('|').map(|value| value.trim_matches('"').to_owned()).collect()))
    });
    Ok(PartSpec { intents, slots: slots.collect::<Result<_, _>>()? })
}

const SLOTS: &[&str] = &[
    "period",
    "than",
    "account",
    "bank",
    "merchant",
    "category",
    "amount",
    "currency",
    "count",
    "direction",
    "net",
    "lang",
    "place",
    "kind",
    "tz",
];

/// Splits at blanks outside quotes.
fn words(text: &str) -> Result<Vec<String>, String> {
    let mut out = Vec::new();
    let mut word = String::new();
    let mut quoted = false;
    for c in text.trim().chars() {
        match c {
            '"' => {
                quoted = !quoted;
                word.push(c);
            }
            ' ' if !quoted => {
                if !word.is_empty() {
                    out.push(std::mem::take(&mut word));
                }
            }
            c => word.push(c),
        }
    }
    if quoted {
        return Err("a quote is not closed".to_owned());
    }
    out.extend((!word.is_empty()).then_some(word));
    Ok(out)
}

fn event(rest: &str) -> Result<Event, String> {
    let words: Vec<&str> = rest.split_whitespace().collect();
    Ok(match words.as_slice() {
        ["bank", bank, change @ ..] => Event::Bank(BankId::new(*bank), switch(&change.join(" "))?),
        ["clock", by] => Event::Clock(passing(by)?),
        ["postback", payload] => Event::Postback((*payload).to_owned()),
        ["sticker", name] => Event::Sticker((*name).to_owned()),
        ["attachment", kind] => Event::Attachment((*kind).to_owned()),
        ["reaction", emoji] => Event::Reaction((*emoji).to_owned()),
        [what @ ("read" | "delivered" | "echo")] => Event::Platform((*what).to_owned()),
        ["redeliver"] => Event::Redeliver,
        ["thread", "returned"] => Event::ThreadReturned,
        ["forged", ..] => Event::Forged(expr::unescape(rest.trim_start_matches("forged").trim())?),
        ["crash"] => Event::Crash(None),
        ["crash", "before", "commit"] => Event::Crash(Some(Death::BeforeCommit)),
        ["crash", "after", "commit"] => Event::Crash(Some(Death::AfterCommit)),
        ["crash", "after", "send"] => Event::Crash(Some(Death::AfterSend)),
        ["txn", account, ..] => Event::Row(AccountId::new(*account), row(rest)?),
        ["booked", account, amount] => Event::Booked(AccountId::new(*account), (*amount).to_owned()),
        ["linked", bank] => Event::Linked(BankId::new(*bank)),
        ["link", "failed"] => Event::LinkFailed,
        ["unlocked"] => Event::Unlocked,
        ["locale", locale] => Event::Locale((*locale).to_owned()),
        _ => return Err(format!("unknown event `{rest}`")),
    })
}

/// What happens to a bank, as `@ bank` and `* bank` say it.
pub(super) fn switch(words: &str) -> Result<Switch, String> {
    Switch::parse(words).ok_or_else(|| format!("a bank cannot be `{words}`"))
}

fn passing(text: &str) -> Result<Duration, String> {
    let bad = || format!("`{text}` is no time like +3d, +2h, +10m");
    let amount = text.strip_prefix('+').ok_or_else(bad)?;
    let (number, unit) = amount.split_at_checked(amount.len().saturating_sub(1)).ok_or_else(bad)?;
    let number: u64 = number.parse().map_err(|_| bad())?;
    let unit = match unit {
        "d" => 24 * 60 * 60,
        "h" => 60 * 60,
        "m" => 60,
        _ => return Err(bad()),
    };
    Ok(Duration::from_secs(number * unit))
}

/// The row of `txn ACCOUNT ["DATE", "AMOUNT", …]`, as it is written.
fn row(rest: &str) -> Result<String, String> {
    let start = rest.find('[').ok_or("a row stands in brackets")?;
    Ok(rest[start..].to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(text: &str) -> Source {
        Source { path: "t.chat".to_owned(), text: text.to_owned() }
    }

    #[test]
    fn every_bad_line_is_reported() {
        let faults = parse(&source(
            "@ world w.toml\n? what\n> hi\n~ nothing.known\n= bubbles x\n* rain\n@ colour red\n+ \"open\n",
        ));
        let lines: Vec<usize> = faults.expect_err("has mistakes").iter().map(|fault| fault.line).collect();
        assert_eq!(lines, [2, 4, 5, 6, 7, 8, 0], "and `@ person` is missing");
    }

    #[test]
    fn a_transcript_reads() {
        let text = "@ world w.toml  @ person maya\n\n> a \\[b\n~ txn.list|txn.search account=a+b merchant=\"X Y\"|z\n[See all | /x]y/] [More]\n= first \"1\" | \"2\"\n* clock +3d\n@ person sam\n> [More]\n";
        let script = parse(&source(text)).expect("reads");
        assert_eq!(script.setup.len(), 2);
        assert_eq!(script.turns.len(), 3);
        assert_eq!(script.turns[2].before.len(), 1);
        assert!(matches!(&script.turns[0].input, Input::Say(text) if text == "a [b"));
        let Kind::Reading(parts) = &script.turns[0].expects[0].kind else { panic!("a reading") };
        assert_eq!(parts[0].slots[1], ("merchant".to_owned(), vec!["X Y".to_owned(), "z".to_owned()]));
    }
}
