//! A mistake in a file that a person wrote: config, flow, text, word list, world or conversation.

use std::fmt;

/// A file that a person wrote, already read: pure rooms take these and never touch the disk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// The path as the person knows it, with `/`.
    pub path: String,
    /// The whole text.
    pub text: String,
}

/// One mistake, with the place where it stands and what to do about it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fault {
    /// The file as the person knows it.
    pub file: String,
    /// Line, counted from 1; 0 when the whole file is meant.
    pub line: usize,
    /// What is wrong, as a sentence without a full stop.
    pub message: String,
    /// What to do about it, when that is not plain from the message.
    pub help: Option<String>,
}

impl Fault {
    /// A mistake at `file:line`.
    pub fn new(file: impl Into<String>, line: usize, message: impl Into<String>) -> Self {
        Self { file: file.into(), line, message: message.into(), help: None }
    }

    /// Adds what to do about it.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// The line (from 1) in which byte `offset` of `source` stands.
    pub fn line_of(source: &str, offset: usize) -> usize {
        let end = offset.min(source.len());
        source.as_bytes()[..end].iter().filter(|b| **b == b'\n').count() + 1
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            0 => write!(f, "{}: {}", self.file, self.message)?,
            line => write!(f, "{}:{line}: {}", self.file, self.message)?,
        }
        if let Some(help) = &self.help {
            write!(f, "\n    help: {help}")?;
        }
        Ok(())
    }
}
