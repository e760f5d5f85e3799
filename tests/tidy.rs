//! The promise: the house stays as `src/README.md` draws it. Reads the sources as text and fails on an arrow that
//! points up, on impure thought, on names that name nothing, and on files that nobody can read.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use regex::Regex;

/// What a layering failure quotes.
const ARROWS: &str = "src/README.md: \"Arrows point down only. `proof`, `understand`, `flow`, `answer` and `chart` are pure: no async, \
                      no I/O, no clock, no randomness. The L2 rooms do not import each other, with two exceptions: \
                      `bank` takes `privacy::permit::Permit`, because no consent, no call is a rule of types; and any \
                      of them may draw from `privacy::random`.\"";

/// Names that say nothing about what is inside.
const BANNED_NAMES: &[&str] = &["utils", "util", "helpers", "common", "types", "worker", "manager", "service", "misc"];

/// Longest source file, in lines.
const LINES_MAX: usize = 500;

const PURE: &[&str] = &["understand", "flow", "answer", "chart", "proof"];

/// What a pure room must not even name.
static IMPURE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"\basync (fn|move)\b|\.await\b|\btokio::|\breqwest::|\bgetrandom\b|std::(fs|net|env|process|thread|io::std)\b|\b(Instant|SystemTime)\b|\b(Timestamp|Zoned)::now\b",
    )
    .expect("a good pattern")
});

/// A file of the project, by its path from the root.
struct File {
    path: String,
    text: String,
}

impl File {
    /// The room it belongs to: the first name under `src/`.
    fn room(&self) -> &str {
        let inside = self.path.strip_prefix("src/").unwrap_or_default();
        let first = inside.split('/').next().unwrap_or_default();
        first.strip_suffix(".rs").unwrap_or(first)
    }

    /// The lines of the product, numbered from 1: no comments, and nothing from the tests at the end on.
    fn product_lines(&self) -> impl Iterator<Item = (usize, &str)> {
        let numbered = self.text.lines().enumerate().map(|(at, line)| (at + 1, line));
        let product = numbered.take_while(|(_, line)| line.trim() != "#[cfg(test)]");
        product.filter(|(_, line)| !line.trim_start().starts_with("//"))
    }

    fn is_test(&self) -> bool {
        self.path.ends_with("_test.rs") || self.path.ends_with("/tests.rs") || self.path.starts_with("tests/")
    }
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn paths_below(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.expect("readable").path()).collect();
    paths.sort();
    paths.into_iter().flat_map(|path| if path.is_dir() { paths_below(&path) } else { vec![path] }).collect()
}

fn name_of(path: &Path) -> String {
    path.strip_prefix(root()).expect("below the root").display().to_string()
}

fn sources(folders: &[&str]) -> Vec<File> {
    let paths = folders.iter().flat_map(|folder| paths_below(&root().join(folder)));
    let rust = paths.filter(|path| path.extension().is_some_and(|extension| extension == "rs"));
    rust.map(|path| File { path: name_of(&path), text: fs::read_to_string(&path).expect("UTF-8") }).collect()
}

fn report(complaints: &[String], rule: &str) {
    assert!(complaints.is_empty(), "{rule}\n\n{}\n", complaints.join("\n"));
}

/// The layer of a room; `None` for a room that is not on the map.
fn layer(room: &str) -> Option<u8> {
    Some(match room {
        "domain" | "clock" | "egress" | "config" | "proof" => 0,
        "understand" | "flow" | "answer" | "chart" => 1,
        "channel" | "bank" | "privacy" | "store" | "wakeup" => 2,
        "turn" => 3,
        "web" | "sandbox" => 4,
        "cli" | "app" | "replay" | "main" | "lib" | "telemetry" => 5,
        _ => return None,
    })
}

/// Whether `from` may import `path`, e.g. `privacy::permit::Permit`.
fn allowed(from: &str, path: &str) -> bool {
    let to = path.split("::").next().unwrap_or_default();
    let (Some(upper), Some(lower)) = (layer(from), layer(to)) else { return false };
    match upper {
        _ if from == to => true,
        0 => to == "domain" && from != "domain",
        1 => to == "domain",
        // Randomness has one source, as time has; whoever draws from it learns nothing of the room.
        2 if path.starts_with("privacy::random") => true,
        2 => lower == 0 || (from == "bank" && path.starts_with("privacy::permit")),
        5 => true,
        _ => lower < upper,
    }
}

/// Every `crate::…` path in the text of a file, with its line; groups in braces are taken apart.
fn imports(file: &File) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    let text: String = file.product_lines().map(|(line, text)| format!("\u{1}{line}\u{1}{text}\n")).collect();
    for (at, _) in text.match_indices("crate::") {
        let line = text[..at].rsplit('\u{1}').nth(1).and_then(|line| line.parse().ok()).unwrap_or(0);
        let rest = &text[at + "crate::".len()..];
        let paths = if let Some(group) = rest.strip_prefix('{') { members(group) } else { vec![path_at(rest)] };
        found.extend(paths.into_iter().map(|path| (line, path)));
    }
    found
}

/// The paths of a brace group, up to where it closes; inner groups only by what stands before them.
fn members(group: &str) -> Vec<String> {
    let mut depth = 0;
    let mut starts = vec![0];
    for (at, letter) in group.char_indices() {
        match letter {
            '{' => depth += 1,
            '}' if depth == 0 => break,
            '}' => depth -= 1,
            ',' if depth == 0 => starts.push(at + 1),
            _ => {}
        }
    }
    let marks = |text: &str| {
        text.trim_start_matches(|c: char| c.is_whitespace() || c.is_ascii_digit() || c == '\u{1}').to_owned()
    };
    starts.into_iter().map(|start| path_at(&marks(&group[start..]))).filter(|path| !path.is_empty()).collect()
}

fn path_at(text: &str) -> String {
    text.chars().take_while(|c| c.is_alphanumeric() || matches!(c, '_' | ':')).collect()
}

#[test]
fn arrows_point_down_only() {
    let mut complaints = Vec::new();
    for file in sources(&["src"]).iter().filter(|file| !file.is_test()) {
        let room = file.room();
        if layer(room).is_none() {
            complaints.push(format!("{}: `{room}` is not on the map of src/README.md", file.path));
        }
        for (line, path) in imports(file) {
            // Macros and items of the crate's root have no room.
            let to_room = layer(path.split("::").next().unwrap_or_default()).is_some();
            if to_room && !allowed(room, &path) {
                complaints.push(format!("{}:{line}: `{room}` must not import `{path}`", file.path));
            }
        }
    }
    report(&complaints, ARROWS);
}

#[test]
fn the_rule_of_arrows_itself_can_say_no() {
    for (from, path) in [
        ("understand", "clock::Clock"),
        ("flow", "answer::compute"),
        ("bank", "store::Store"),
        ("bank", "privacy::seal::Keyring"),
        ("store", "flow::Dialogue"),
        ("web", "sandbox::World"),
        ("turn", "web::router"),
        ("domain", "config::Config"),
    ] {
        assert!(!allowed(from, path), "{from} -> {path}");
    }
    for (from, path) in [
        ("bank", "privacy::permit::Permit"),
        ("store", "privacy::random::id"),
        ("turn", "bank::Banks"),
        ("app", "web::router"),
    ] {
        assert!(allowed(from, path), "{from} -> {path}");
    }
    let text = "use crate::domain::{a, b};\nuse crate::{clock::Clock, store::{Row, Stats},\n    web};\n// crate::cli\n";
    let file = File { path: "src/turn/mod.rs".to_owned(), text: text.to_owned() };
    let found: Vec<_> = imports(&file).into_iter().map(|(line, path)| format!("{line} {path}")).collect();
    assert_eq!(found, ["1 domain::", "2 clock::Clock", "2 store::", "2 web"]);
}

#[test]
fn pure_rooms_are_pure() {
    let mut complaints = Vec::new();
    for file in sources(&["src"]).iter().filter(|file| !file.is_test() && PURE.contains(&file.room())) {
        for (line, text) in file.product_lines() {
            if let Some(found) = IMPURE.find(text) {
                complaints.push(format!("{}:{line}: `{}` is not pure", file.path, found.as_str()));
            }
        }
    }
    report(&complaints, ARROWS);
}

#[test]
fn wall_time_and_randomness_have_one_door_each() {
    let time =
        Regex::new(r"\b(Timestamp|Zoned|SystemTime|Instant)::now\(|tokio::time::(sleep|timeout)\(").expect("good");
    let random = Regex::new(r"\bgetrandom::").expect("good");
    let mut complaints = Vec::new();
    for file in sources(&["src"]).iter().filter(|file| !file.is_test()) {
        for (line, text) in file.product_lines() {
            let timed = time.is_match(text) && file.room() != "clock";
            let rolled = random.is_match(text) && file.path != "src/privacy/random.rs";
            if timed || rolled {
                complaints.push(format!("{}:{line}: {}", file.path, text.trim()));
            }
        }
    }
    report(&complaints, "Wall time is read in src/clock.rs only, randomness in src/privacy/random.rs only.");
}

#[test]
fn files_hold_one_idea_and_are_named_after_it() {
    let mut complaints = Vec::new();
    for file in sources(&["src", "tests", "benches"]) {
        let path = Path::new(&file.path).with_extension("");
        let banned = path.iter().filter_map(|part| part.to_str()).find(|part| BANNED_NAMES.contains(part));
        if let Some(name) = banned {
            complaints.push(format!("{}: `{name}` names no idea", file.path));
        }
        let lines = file.text.lines().count();
        if lines > LINES_MAX {
            complaints.push(format!("{}: {lines} lines are more than one idea", file.path));
        }
    }
    report(&complaints, "A file holds one idea, most in 80 to 400 lines, and is named after it.");
}

#[test]
fn tests_run_and_nothing_is_left_to_do() {
    // Built from parts, so that this file does not hold what it looks for.
    let banned =
        [["#[ig", "nore"], ["#[should_", "panic"], ["to", "do!("], ["unimple", "mented!("]].map(|parts| parts.concat());
    let mut complaints = Vec::new();
    for file in sources(&["src", "tests", "benches"]) {
        for (at, line) in file.text.lines().enumerate() {
            if let Some(found) = banned.iter().find(|banned| line.trim_start().starts_with(*banned)) {
                complaints.push(format!("{}:{}: {found}", file.path, at + 1));
            }
        }
    }
    report(&complaints, "A test that does not run proves nothing, and what is not done is not merged.");
}

#[test]
fn every_source_file_is_part_of_the_program() {
    let files = sources(&["src"]);
    let all: String = files.iter().map(|file| file.text.as_str()).collect();
    let mut complaints = Vec::new();
    for file in &files {
        let path = Path::new(&file.path);
        let stem = path.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
        let folder = path.parent().and_then(|folder| folder.file_name()).and_then(|name| name.to_str());
        let module = if stem == "mod" { folder.unwrap_or_default() } else { stem };
        let named = Regex::new(&format!(r#"\bmod {module};|path = "{stem}\.rs""#)).expect("a good pattern");
        if !matches!(module, "main" | "lib") && !named.is_match(&all) {
            complaints.push(format!("{}: no `mod {module};` names it", file.path));
        }
    }
    report(&complaints, "A file that nothing includes is not part of the program.");
}

#[test]
fn files_that_people_write_are_plain_text() {
    let mut complaints = Vec::new();
    for path in ["bot-flows", "fixtures", "deploy"].iter().flat_map(|folder| paths_below(&root().join(folder))) {
        let name = name_of(&path);
        // Deliveries are kept byte for byte, whatever the bytes; pictures are for looking at, and models are learnt.
        if name.starts_with("fixtures/webhooks/") || name.ends_with(".png") || name.ends_with(".model") {
            continue;
        }
        match String::from_utf8(fs::read(&path).expect("readable")) {
            Err(_) => complaints.push(format!("{name}: is not UTF-8")),
            Ok(text) if text.contains('\r') => complaints.push(format!("{name}: has carriage returns")),
            Ok(text) if text.contains('\t') => complaints.push(format!("{name}: has tabs")),
            Ok(text) if !text.is_empty() && !text.ends_with('\n') => {
                complaints.push(format!("{name}: does not end its last line"))
            }
            Ok(_) => {}
        }
    }
    report(&complaints, "Files that people write are UTF-8 with plain newlines and no tabs.");
}

#[test]
fn every_flow_text_and_fixture_is_of_a_kind_that_is_read() {
    let kinds: BTreeSet<&str> = BTreeSet::from([
        "bot-flows/*.toml",
        "bot-flows/texts/*.ftl",
        "bot-flows/words/*.toml",
        "bot-flows/words/*.model",
        "fixtures/conversations/*.chat",
        "fixtures/worlds/*.toml",
        "fixtures/webhooks/*/*.json",
        "fixtures/readings/*.toml",
        "fixtures/banks/*/*.json",
    ]);
    let readable = |name: &str| {
        let parts: Vec<&str> = name.split('/').collect();
        kinds.iter().any(|kind| {
            let wanted: Vec<&str> = kind.split('/').collect();
            let fits = |(part, wanted): (&&str, &&str)| match wanted.strip_prefix('*') {
                Some(ending) => part.ends_with(ending),
                None => part == wanted,
            };
            wanted.len() == parts.len() && parts.iter().zip(&wanted).all(fits)
        })
    };
    let mut complaints = Vec::new();
    for path in ["bot-flows", "fixtures"].iter().flat_map(|folder| paths_below(&root().join(folder))) {
        let name = name_of(&path);
        if !name.ends_with("README.md") && !readable(&name) {
            complaints.push(format!("{name}: nothing reads files of this kind here"));
        }
    }
    report(&complaints, "A file that nothing reads is not part of the product; known kinds are in this test.");
}

/// What documents name as evidence: `path`, or `path::test`.
static EVIDENCE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"`((?:src|tests|deploy|fixtures)/[a-z_A-Z0-9/.-]+)(?:::([a-z_0-9]+))?`").expect("a good pattern")
});

/// Whether there is such a file, and such a test in it.
fn is_evidence(path: &str, test: Option<&str>) -> bool {
    let Ok(text) = fs::read_to_string(root().join(path)) else { return false };
    let Some(test) = test else { return true };
    // The attribute stands above the name: a function that is no test guards nothing.
    let before = text.split_once(&format!("fn {test}(")).map(|(before, _)| before.trim_end_matches("async "));
    let is_mark = |line: &str| ["#[test]", "#[tokio::test"].iter().any(|mark| line.trim().starts_with(mark));
    before.is_some_and(|before| before.trim_end().ends_with(']') && before.lines().rev().take(4).any(is_mark))
}

#[test]
fn what_documents_call_evidence_is_there() {
    let mut complaints = Vec::new();
    for name in ["deploy/THREATS.md", "deploy/ASVS.md"] {
        let text = fs::read_to_string(root().join(name)).expect("readable");
        for (at, row) in text.lines().enumerate() {
            let named: Vec<_> = EVIDENCE.captures_iter(row).collect();
            let missing = named.iter().filter(|named| !is_evidence(&named[1], named.get(2).map(|test| test.as_str())));
            complaints.extend(missing.map(|named| format!("{name}:{}: there is no {}", at + 1, &named[0])));
            // In the table of threats each row, which begins with its letter, has a guard.
            let is_threat = row.starts_with("| ") && row.chars().nth(3) == Some(' ') && !row.starts_with("| | ");
            let guards = |named: &regex::Captures<'_>| named.get(2).is_some() || named[1].ends_with(".chat");
            if name.ends_with("THREATS.md") && is_threat && !named.iter().any(guards) {
                complaints.push(format!("{name}:{}: no test is named", at + 1));
            }
        }
    }
    report(&complaints, "A document is worth as much as the tests that it names.");
}
