//! Pinned replies: the lines of a transcript that say what was said, and how they are written anew.

use std::collections::BTreeMap;

use crate::domain::fault::Source;
use crate::replay::script::{self, Expect, Input, Kind, Script, Turn};

/// The bubble that a line pins, if it pins one.
pub(super) fn exact(expect: &Expect) -> Option<&str> {
    match &expect.kind {
        Kind::Exact(line) => Some(line),
        _ => None,
    }
}

/// A turn's input as the file has it.
pub(super) fn shown(turn: &Turn) -> String {
    match &turn.input {
        Input::Say(text) => format!("> {text}"),
        Input::Tap(title) => format!("> [{}]", title.shown()),
        Input::Event(event) => format!("* {event:?}"),
    }
}

/// The file with its `<` lines replaced by what was said, where a turn has any; `None` when nothing changes.
pub(super) fn bless(source: &Source, script: &Script, said: &BTreeMap<usize, Vec<String>>) -> Option<String> {
    let mut lines: Vec<Option<String>> = source.text.lines().map(|line| Some(line.to_owned())).collect();
    for turn in &script.turns {
        let pinned: Vec<usize> =
            turn.expects.iter().filter(|expect| exact(expect).is_some()).map(|expect| expect.line).collect();
        let (Some(first), Some(bubbles)) = (pinned.first(), said.get(&turn.line)) else { continue };
        let new: Vec<String> = bubbles.iter().map(|text| format!("< {}", script::escape(text))).collect();
        for line in &pinned {
            lines[line - 1] = None;
        }
        lines[first - 1] = Some(new.join("\n"));
    }
    let text = lines.into_iter().flatten().map(|line| line + "\n").collect::<String>();
    (text != source.text).then_some(text)
}
