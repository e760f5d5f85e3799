//! The real program, running as `balancebot demo` on a free port.
#![allow(dead_code, reason = "each test file that includes this uses a part of it")]

use serde_json::{Value, json};
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

    /// Sets the world's clock forward.
    pub(crate) async fn forward(&self, days: u32) {
        self.post("sandbox/clock", &json!({"days": days})).await;
    }

    /// Posts JSON to the local world, which must take it. Returns what it answered.
    pub(crate) async fn post(&self, path: &str, body: &Value) -> Value {
        let request = reqwest::Client::new().post(format!("{}{path}", self.address));
        let request = request.header("content-type", "application/json").body(body.to_string());
        let response = request.send().await.expect("an answer");
        let (status, text) = (response.status(), response.text().await.expect("a body"));
        assert!(status.is_success(), "{path}: {status} {text}");
        serde_json::from_str(&text).expect("JSON")
    }
}
