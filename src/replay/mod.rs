//! L5: replays conversation transcripts against the real engine: real parser, flows, connectors and store, the
//! sandbox's own routers in process, and a clock that stands still unless something waits.
//!
//! - `script.rs` reads `.chat` files, `effect.rs` and `expr.rs` what must be done and said; `golden.rs` writes replies back.
//! - `stage.rs` sets up a world, as `setup.rs` reads it from a file's head, and plays one file on it.
//! - `mortal.rs` lets the process die in the middle of a turn.
//! - `evidence.rs` looks at what store, log and cache really hold.
//! - `judge.rs` compares what came back; `invariants.rs` knows what every reply must keep, `promises.rs` what none
//!   may promise, `sources.rs` what figures must rest on.
//! - `coverage.rs` counts what a set of files tries, and what none does.
//! - `report.rs` prints it, for people and for programs.

mod coverage;
mod effect;
mod evidence;
mod expr;
mod golden;
mod invariants;
mod judge;
mod mortal;
mod promises;
mod report;
mod script;
mod setup;
mod sources;
mod stage;

use std::path::{Path, PathBuf};

use crate::app::Content;
use crate::domain::fault::{Fault, Source};
use crate::sandbox::bank::Shape;
use crate::sandbox::world::World;

pub use coverage::{Condition, Coverage, Covered, Hole};
pub use report::{Failure, FileReport, Report};

/// How to replay.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Where worlds are; `../worlds` beside the file when not given.
    pub worlds: Option<PathBuf>,
    /// Rewrite `<` lines with what was said.
    pub bless: bool,
    /// The dialect that every bank speaks.
    pub dialect: Option<Shape>,
}

/// The transcripts under the given paths, sorted: files as they are, folders with all their `.chat` files.
pub fn find(paths: &[PathBuf]) -> std::io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for path in paths {
        if !path.is_dir() {
            found.push(path.clone());
            continue;
        }
        let mut inside = Vec::new();
        for entry in std::fs::read_dir(path)? {
            let path = entry?.path();
            if path.is_dir() || path.extension().is_some_and(|extension| extension == "chat") {
                inside.push(path);
            }
        }
        inside.sort();
        let (folders, files): (Vec<_>, Vec<_>) = inside.into_iter().partition(|path| path.is_dir());
        found.extend(files);
        found.extend(find(&folders)?);
    }
    Ok(found)
}

/// Replays one file on a runtime of its own, whose time stands still.
pub fn replay(path: &Path, content: &Content, options: &Options) -> FileReport {
    let shown = path.display().to_string();
    let read = match read(path, options) {
        Ok(read) => read,
        Err(faults) => return FileReport::unreadable(shown, &faults),
    };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build();
    let Ok(runtime) = runtime else { return FileReport::unreadable(shown, &[Fault::new("", 0, "no runtime")]) };
    let (source, script, world) = read;
    let report = runtime.block_on(stage::play(shown, &source, &script, world, content, options));
    if options.bless
        && let Some(blessed) = &report.blessed
        && let Err(error) = std::fs::write(path, blessed)
    {
        return FileReport { error: Some(format!("cannot be written: {error}")), ..report };
    }
    report
}

fn read(path: &Path, options: &Options) -> Result<(Source, script::Script, World), Vec<Fault>> {
    let source = load(path)?;
    let script = script::parse(&source)?;
    let folder = options.worlds.clone().unwrap_or_else(|| path.parent().unwrap_or(Path::new(".")).join("../worlds"));
    let name = script.setup.iter().find(|setup| setup.key == "world").map_or("", |setup| setup.value.as_str());
    let world = World::load(&load(&folder.join(name))?)?;
    Ok((source, script, world))
}

fn load(path: &Path) -> Result<Source, Vec<Fault>> {
    let shown = path.display().to_string();
    let text = std::fs::read_to_string(path)
        .map_err(|error| vec![Fault::new(&shown, 0, format!("cannot be read: {error}"))])?;
    Ok(Source { path: shown, text })
}
