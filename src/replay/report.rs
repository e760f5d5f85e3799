//! What a replay came to, for people (a readable diff) and for programs (JSON).

use std::collections::BTreeSet;
use std::fmt::Write;

use anstyle::{AnsiColor, Style};
use serde::Serialize;
use similar::{ChangeTag, TextDiff};

use crate::domain::fault::Fault;
use crate::domain::reading::Intent;
use crate::replay::coverage::Covered;

/// What one file came to. Counts are of expectations.
#[derive(Clone, Debug, Default, Serialize)]
pub struct FileReport {
    /// The file as it was named.
    pub path: String,
    /// Why it could not be played at all.
    pub error: Option<String>,
    /// Turns in it.
    pub turns: usize,
    /// Expectations that held.
    pub passed: usize,
    /// Expectations that did not hold, and breaches of invariants.
    pub failed: usize,
    /// Expectations that a later version will check.
    pub unsupported: usize,
    /// What failed.
    pub failures: Vec<Failure>,
    /// Every reply, turn by turn, with what was offered under it.
    #[serde(skip)]
    pub replies: Vec<String>,
    /// What was answered, and how things stood.
    #[serde(skip)]
    pub covered: Vec<Covered>,
    /// What the person was understood to want, in the whole file.
    #[serde(skip)]
    pub intents: BTreeSet<Intent>,
    /// The file with its `<` lines rewritten, when that was asked for and changes something.
    #[serde(skip)]
    pub blessed: Option<String>,
    /// Banks that spoke another dialect than the world wants, a sentence each.
    #[serde(skip)]
    pub stand_ins: Vec<String>,
    /// Whether the file could not be read (rather than failing when played).
    #[serde(skip)]
    pub unreadable: bool,
}

/// One expectation that did not hold.
#[derive(Clone, Debug, Serialize)]
pub struct Failure {
    /// Where it stands.
    pub line: usize,
    /// `reading`, `exact`, `offered`, `say`, `never`, `effect`, `event`, `invariant`, `error`.
    pub kind: &'static str,
    /// What was expected.
    pub expected: String,
    /// What came.
    pub got: String,
    /// The input above it, for people.
    #[serde(skip)]
    pub input: String,
}

/// What all files came to.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Report {
    /// Each file.
    pub files: Vec<FileReport>,
    /// Sum over the files.
    pub passed: usize,
    /// Sum over the files.
    pub failed: usize,
    /// Sum over the files.
    pub unsupported: usize,
}

impl FileReport {
    /// A file that does not parse, or whose world does not.
    pub(super) fn unreadable(path: String, faults: &[Fault]) -> Self {
        let error = faults.iter().map(Fault::to_string).collect::<Vec<_>>().join("\n");
        Self { path, error: Some(error), unreadable: true, ..Self::default() }
    }

    /// The failures as a person reads them; nothing for a file in which none failed.
    pub fn shown(&self) -> String {
        let mut out = String::new();
        let (bold, red) = (Style::new().bold(), AnsiColor::Red.on_default());
        if let Some(error) = &self.error {
            let _ = writeln!(out, "{red}✗{red:#} {bold}{}{bold:#}\n{error}", self.path);
            return out;
        }
        if self.failures.is_empty() {
            return out;
        }
        let _ = writeln!(out, "{red}✗{red:#} {bold}{}{bold:#}", self.path);
        let mut input = "";
        for failure in &self.failures {
            if failure.input != input {
                input = &failure.input;
                let _ = writeln!(out, "  {bold}{input}{bold:#}");
            }
            out.push_str(&failure.shown());
        }
        out
    }
}

impl Failure {
    fn shown(&self) -> String {
        let (red, green, dim) = (AnsiColor::Red.on_default(), AnsiColor::Green.on_default(), Style::new().dimmed());
        let mut out = format!("  {dim}{:>4}{dim:#}  {}\n", self.line, self.kind);
        if self.kind == "exact" {
            // Word by word, so that a changed figure stands out of a long sentence.
            let diff = TextDiff::from_words(self.expected.as_str(), self.got.as_str());
            let side = |keep: ChangeTag, style: Style| -> String {
                diff.iter_all_changes()
                    .filter(|change| change.tag() == keep || change.tag() == ChangeTag::Equal)
                    .map(|change| match change.tag() {
                        ChangeTag::Equal => change.value().to_owned(),
                        _ => format!("{style}{}{style:#}", change.value()),
                    })
                    .collect()
            };
            let _ = writeln!(out, "      {red}-{red:#} {}", side(ChangeTag::Delete, red));
            let _ = writeln!(out, "      {green}+{green:#} {}", side(ChangeTag::Insert, green));
            return out;
        }
        let _ = writeln!(out, "      {red}-{red:#} {}", self.expected);
        for (nth, line) in self.got.lines().enumerate() {
            let mark = if nth == 0 { "+" } else { " " };
            let _ = writeln!(out, "      {green}{mark}{green:#} {line}");
        }
        out
    }
}

impl Report {
    /// Adds a file.
    pub fn add(&mut self, file: FileReport) {
        self.passed += file.passed;
        self.failed += file.failed;
        self.unsupported += file.unsupported;
        self.files.push(file);
    }

    /// Whether any file could not be read.
    pub fn has_unreadable(&self) -> bool {
        self.files.iter().any(|file| file.unreadable)
    }

    /// Whether anything failed.
    pub fn has_failed(&self) -> bool {
        self.failed > 0 || self.files.iter().any(|file| file.error.is_some())
    }
}
