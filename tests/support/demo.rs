//! The real program, started as `balancebot demo`, on a free port and with a world of its own.
#![allow(dead_code, reason = "each test file that includes this uses a part of it")]

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

/// A demo that runs until this is dropped.
pub(crate) struct Demo {
    process: Child,
    /// The address of its chat page, with a slash at the end.
    pub(crate) address: String,
}

impl Demo {
    /// Starts it, and returns once it says that it is ready.
    pub(crate) fn start(flags: &[&str]) -> Self {
        let mut process = Command::new(env!("CARGO_BIN_EXE_balancebot"))
            .args(["demo", "--no-open", "--port", "0"])
            .args(flags)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("the program starts");
        let stdout = process.stdout.take().expect("stdout is piped");
        let line = BufReader::new(stdout).lines().map_while(Result::ok).next().unwrap_or_default();
        let address = line.strip_prefix("balancebot demo: ").expect("the demo tells its address").to_owned();
        Self { process, address }
    }
}

impl Drop for Demo {
    fn drop(&mut self) {
        drop(self.process.kill());
        drop(self.process.wait());
    }
}
