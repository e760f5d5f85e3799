//! The golden book: every conversation under `fixtures/conversations` replays against the real engine as it is written,
//! in every dialect that banks speak, the same to the byte each time; and the reporter itself can fail.

use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use balancebot::app::Content;
use balancebot::domain::reading::Intent;
use balancebot::replay::{FileReport, Options, find, replay};
use balancebot::sandbox::bank::Shape;

/// Files in which a reply depends on what a dialect can carry, and why.
const NOT_CARRIED: &[(&str, &str)] =
    &[("money-without-minor-digits.chat", "Open Banking UK has no credit line below zero")];

static CONTENT: LazyLock<Content> =
    LazyLock::new(|| Content::shipped().unwrap_or_else(|faults| panic!("the shipped content loads: {faults:?}")));

static BOOK: LazyLock<Vec<FileReport>> = LazyLock::new(|| play_all(&Options::default()));

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/conversations")
}

fn play_all(options: &Options) -> Vec<FileReport> {
    let files = find(&[folder()]).expect("the folder can be read");
    files.iter().map(|path| replay(path, &CONTENT, options)).collect()
}

/// What went wrong, as `balancebot replay` shows it; empty when nothing did.
fn wrong(reports: &[FileReport]) -> String {
    reports.iter().map(FileReport::shown).collect()
}

/// Plays a conversation that is written here, with the fixtures' worlds.
fn play(name: &str, text: &str) -> FileReport {
    let folder = tempfile::tempdir().expect("a folder for one file");
    let path = folder.path().join(name);
    std::fs::write(&path, text).expect("the file can be written");
    let worlds = Some(folder_of_worlds());
    replay(&path, &CONTENT, &Options { worlds, ..Options::default() })
}

fn folder_of_worlds() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/worlds")
}

#[test]
fn every_conversation_is_as_it_is_written() {
    assert!(BOOK.len() >= 70, "{} files", BOOK.len());
    assert_eq!(wrong(&BOOK), "");
    let silent: Vec<&str> =
        BOOK.iter().filter(|file| file.passed + file.unsupported == 0).map(|file| file.path.as_str()).collect();
    assert!(silent.is_empty(), "these expect nothing: {silent:?}");
}

/// What a later version will check may stand in conversations that were given to us, never in our own.
#[test]
fn our_own_conversations_are_checked_whole() {
    let is_given = |file: &FileReport| {
        let name = file.path.rsplit('/').next().unwrap_or_default();
        name.len() > 4 && name.as_bytes()[1].is_ascii_digit() && name.as_bytes()[3] == b'-'
    };
    let (given, own): (Vec<&FileReport>, Vec<&FileReport>) = BOOK.iter().partition(|file| is_given(file));
    assert!(given.len() == 30 && own.len() >= 40, "{} given, {} of our own", given.len(), own.len());
    let unchecked: Vec<_> =
        own.iter().filter(|file| file.unsupported > 0).map(|file| (&file.path, file.unsupported)).collect();
    assert!(unchecked.is_empty(), "{unchecked:?}");
}

#[test]
fn every_flow_is_reached_by_a_conversation() {
    let heard = |intent: &Intent| BOOK.iter().any(|file| file.intents.contains(intent));
    let unheard: Vec<&str> = CONTENT
        .flows
        .names()
        .filter(|(_, intents)| match intents {
            // Gone on to from others, or the flow of what has none of its own: every intent has one.
            [] => false,
            intents => !intents.iter().any(heard),
        })
        .map(|(name, _)| name)
        .collect();
    assert!(unheard.is_empty(), "no conversation reaches {unheard:?}");
}

#[test]
fn a_second_run_is_the_same_to_the_byte() {
    for (first, second) in BOOK.iter().zip(play_all(&Options::default())) {
        assert_eq!(first.replies, second.replies, "{}", first.path);
    }
}

#[test]
fn every_dialect_tells_the_same_story() {
    for shape in Shape::ALL {
        let reports = play_all(&Options { dialect: Some(shape), ..Options::default() });
        assert_eq!(wrong(&reports), "", "{shape:?}");
        for (usual, told) in BOOK.iter().zip(reports) {
            let excused = NOT_CARRIED.iter().any(|(name, _)| usual.path.ends_with(name));
            assert!(excused || usual.replies == told.replies, "{shape:?}: {}", differing(usual, &told));
        }
    }
}

/// The first reply that two runs of one file do not share.
fn differing(one: &FileReport, other: &FileReport) -> String {
    let pair = one.replies.iter().zip(&other.replies).find(|(a, b)| a != b);
    format!("{}: {pair:#?}", one.path)
}

#[test]
fn a_wrong_expectation_is_reported_with_its_line_and_kind() {
    let report = play(
        "wrong.chat",
        "\
@ world maya.toml  @ person sam

> balance
~ balance.total
< $415.21 available in Checking ••6604.
[No such title]
+ \"$999.99\" & \"415.20\"
- \"checking\"
= no fetch
= bubbles 1
> [Nothing offers this]
",
    );
    let failures: Vec<(usize, &str)> = report.failures.iter().map(|failure| (failure.line, failure.kind)).collect();
    assert_eq!(
        failures,
        [(4, "reading"), (5, "exact"), (6, "offered"), (7, "say"), (8, "never"), (9, "effect"), (11, "event")]
    );
    assert_eq!((report.failed, report.passed, report.unsupported), (7, 1, 0));
    assert_eq!(report.failures[3].expected, "\"$999.99\"", "only what was not said is named");
    assert!(report.shown().contains("> balance"), "the input stands above what failed:\n{}", report.shown());
}

#[test]
fn a_reply_too_many_or_too_few_is_a_failure() {
    let kinds = |text: &str| -> Vec<(usize, &'static str)> {
        play("count.chat", text).failures.iter().map(|failure| (failure.line, failure.kind)).collect()
    };
    let two = "@ world maya.toml  @ person maya\n> balance\n< Everyday Checking ••4821: $2,184.05 available\\n\
               Joint Checking ••3305: $940.12 available\\nRainy Day Savings ••7730: $8,450.00 available\n";
    assert_eq!(kinds(two), [(3, "exact")], "a second bubble that nobody expects");
    assert_eq!(kinds("@ world maya.toml  @ person sam\n* clock +1m\n< Anything.\n"), [(3, "exact")]);
    assert_eq!(kinds("@ world maya.toml  @ person sam\n> balance\n= no reply\n"), [(3, "effect")]);
}

#[test]
fn a_file_that_does_not_parse_names_every_mistake() {
    let report = play(
        "bad.chat",
        "@ world maya.toml\n< before any turn\n? what\n> hi\n~ no.such\n= dance\n* rain\n+ \"open\n@ hue red\n",
    );
    let error = report.error.expect("it does not parse");
    assert!(report.unreadable);
    for line in [2, 3, 5, 6, 7, 8, 9] {
        assert!(error.contains(&format!("bad.chat:{line}")), "line {line} is missing in\n{error}");
    }
    assert!(error.contains("`@ person`"), "{error}");
}

#[test]
fn a_world_that_is_not_there_is_an_unreadable_file() {
    let report = play("nowhere.chat", "@ world nowhere.toml  @ person maya\n> balance\n");
    assert!(report.unreadable && report.error.is_some_and(|error| error.contains("nowhere.toml")));
}

#[test]
fn blessing_writes_what_was_said_and_then_it_holds() {
    let folder = tempfile::tempdir().expect("a folder for one file");
    let path = folder.path().join("bless.chat");
    let text = "# Kept.\n@ world maya.toml  @ person sam\n\n> balance\n<\n= no fetch citywide\n";
    std::fs::write(&path, text).expect("the file can be written");
    let options = Options { worlds: Some(folder_of_worlds()), bless: true, dialect: None };
    assert_eq!(replay(&path, &CONTENT, &options).failed, 1, "an empty line is no reply");
    let blessed = std::fs::read_to_string(&path).expect("it is still there");
    assert_eq!(blessed, text.replace("<\n", "< $415.20 available in Checking ••6604.\n"));
    assert_eq!(replay(&path, &CONTENT, &options).failed, 0);
}
