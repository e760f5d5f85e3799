//! What open chat pages are told: that a thread changed, and a line for everything that crossed the wire. Lines
//! hold kinds, ids, states and times, never what was said.

use std::collections::VecDeque;
use std::sync::Mutex;

use serde_json::{Value, json};
use tokio::sync::broadcast;

use super::lock;

/// Lines that a page gets when it opens.
const LINES_MAX: usize = 100;

/// News that a slow page may fall behind by before it is told to read everything again.
const NEWS_MAX: usize = 256;

#[derive(Debug)]
pub(super) struct Feed {
    news: Mutex<Option<broadcast::Sender<Value>>>,
    lines: Mutex<VecDeque<Value>>,
}

impl Default for Feed {
    fn default() -> Self {
        let (news, _) = broadcast::channel(NEWS_MAX);
        Self { news: Mutex::new(Some(news)), lines: Mutex::new(VecDeque::new()) }
    }
}

impl Feed {
    /// Something of this kind changed; `person` is whose.
    pub(super) fn changed(&self, kind: &str, person: Option<&str>) {
        self.tell(json!({"kind": kind, "person": person}));
    }

    /// Something crossed the wire.
    pub(super) fn wire(&self, line: Value) {
        {
            let mut lines = lock(&self.lines);
            lines.push_back(line.clone());
            if lines.len() > LINES_MAX {
                lines.pop_front();
            }
        }
        self.tell(json!({"kind": "wire", "line": line}));
    }

    pub(super) fn lines(&self) -> Vec<Value> {
        lock(&self.lines).iter().cloned().collect()
    }

    /// The news from now on; `None` after `close`.
    pub(super) fn listen(&self) -> Option<broadcast::Receiver<Value>> {
        lock(&self.news).as_ref().map(broadcast::Sender::subscribe)
    }

    pub(super) fn close(&self) {
        lock(&self.news).take();
    }

    fn tell(&self, news: Value) {
        if let Some(sender) = lock(&self.news).as_ref() {
            // An error only means that no page is open.
            drop(sender.send(news));
        }
    }
}
