//! The heads that are kept where the database is not: a file of JSON lines, one signed note each, that only grows.

use serde::{Deserialize, Serialize};

use super::head::Head;
use super::note::{PublicKey, Unsigned};
use super::wrong::Wrong;

/// One line.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    head: String,
}

/// The line of a signed head, with its newline.
pub fn line(note: &str) -> String {
    // A struct of one text is always JSON.
    serde_json::to_string(&Line { head: note.to_owned() }).unwrap_or_default() + "\n"
}

/// The note of a line.
pub fn note(line: &str) -> Option<String> {
    serde_json::from_str::<Line>(line).ok().map(|line| line.head)
}

/// What a file of heads holds.
#[derive(Clone, Debug, Default)]
pub struct Kept {
    /// The heads, in the order of the file.
    pub heads: Vec<Head>,
    /// What is wrong with it.
    pub wrong: Vec<Wrong>,
}

impl Kept {
    /// Reads a file of heads. A last line without its newline is one that was being written.
    pub fn read(text: &str, key: &PublicKey) -> Self {
        let mut kept = Self::default();
        let whole = text.rfind('\n').map_or("", |end| &text[..end]);
        for (at, text) in whole.lines().enumerate() {
            let line = at + 1;
            let head = note(text).ok_or(Unsigned::NoNote).and_then(|note| Head::open(&note, key));
            match head {
                Ok(head) => kept.push(line, head),
                Err(why) => kept.wrong.push(Wrong::HeadLine { line, why }),
            }
        }
        kept
    }

    fn push(&mut self, line: usize, head: Head) {
        if let Some(before) = self.heads.last().map(|head| head.tree) {
            let size = head.tree.size;
            if size < before.size {
                self.wrong.push(Wrong::Shrunk { line, before: before.size, after: size });
            } else if size == before.size && head.tree.root != before.root {
                self.wrong.push(Wrong::Forked { line, size });
            }
        }
        self.heads.push(head);
    }

    /// The size of the largest.
    pub fn newest(&self) -> u64 {
        self.heads.iter().map(|head| head.tree.size).max().unwrap_or(0)
    }
}
