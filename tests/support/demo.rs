//! The real program, running as `balancebot demo` on a free port.

use tempfile::TempDir;

use crate::process::Running;

/// A demo that runs until this is dropped.
pub(crate) struct Demo {
    /// The address of its chat page, with a slash at the end.
    pub(crate) address: String,
    _running: Running,
    _folder: TempDir,
}

impl Demo {
    /// Starts it with these flags, and returns once it says that it is ready.
    pub(crate) fn start(flags: &[&str]) -> Self {
        let folder = tempfile::tempdir().expect("a folder for the log");
        let running = Running::start(&[&["demo", "--no-open", "--port", "0"], flags].concat(), folder.path());
        Self { address: running.address.clone(), _running: running, _folder: folder }
    }
}
