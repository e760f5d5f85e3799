//! What can be switched wrong on the platform, in code or by `POST /sandbox/messenger/faults`.

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The switches. The default is a platform that works.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Faults {
    /// The next sends fail with an error of the Graph API; nothing is taken.
    pub fail_next: Option<FailNext>,
    /// Every send fails with 613 until switched off.
    pub rate_limited: bool,
    /// So many of the next sends are taken, but the connection breaks before the answer.
    pub lose_answers: u32,
    /// Threads cannot be passed: the page is set up without an inbox that would take them.
    pub keeps_threads: bool,
    /// The ids that people have with the app are matched with none that they have with a page, as in Europe and Japan.
    pub matches_no_ids: bool,
    /// Whether echoes are delivered.
    pub echoes: bool,
    /// Every delivery arrives twice.
    pub deliver_twice: bool,
    /// Of the deliveries that wait, the newest leaves first.
    pub reorder: bool,
    /// How long the Graph API takes to answer a send, in milliseconds.
    pub answer_after_ms: u64,
    /// How long a delivery is under way, in milliseconds.
    pub deliver_after_ms: u64,
}

impl Default for Faults {
    fn default() -> Self {
        Self {
            fail_next: None,
            rate_limited: false,
            lose_answers: 0,
            keeps_threads: false,
            matches_no_ids: false,
            echoes: true,
            deliver_twice: false,
            reorder: false,
            answer_after_ms: 0,
            deliver_after_ms: 0,
        }
    }
}

/// How the next sends fail.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FailNext {
    /// How many.
    pub count: u32,
    /// The error's code, e.g. 1200.
    pub code: u32,
    /// The error's subcode.
    #[serde(default)]
    pub subcode: Option<u32>,
    /// The HTTP status; Meta answers 400 to nearly all.
    #[serde(default = "bad_request")]
    pub status: u16,
    /// Meta's own hint that trying again may help.
    #[serde(default)]
    pub is_transient: bool,
}

fn bad_request() -> u16 {
    400
}

impl Faults {
    /// These faults with the keys of `patch` changed; `{}` changes nothing. An unknown key or a wrong value is an
    /// error in words.
    pub fn patched(&self, patch: &Value) -> Result<Self, String> {
        let Value::Object(patch) = patch else { return Err("faults are a JSON object".to_owned()) };
        let mut all = serde_json::to_value(self).map_err(|error| error.to_string())?;
        for (key, value) in patch {
            all[key.as_str()] = value.clone();
        }
        serde_json::from_value(all).map_err(|error| error.to_string())
    }

    /// Takes one failure off the count, if the next send is to fail.
    pub(super) fn take_failure(&mut self) -> Option<FailNext> {
        let fail = self.fail_next.as_mut()?;
        let taken = (fail.count > 0).then(|| fail.clone());
        fail.count = fail.count.saturating_sub(1);
        if fail.count == 0 {
            self.fail_next = None;
        }
        taken
    }

    /// Takes one lost answer off the count, if the next answer is to be lost.
    pub(super) fn take_lost_answer(&mut self) -> bool {
        let lost = self.lose_answers > 0;
        self.lose_answers = self.lose_answers.saturating_sub(1);
        lost
    }
}
