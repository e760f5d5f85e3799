//! The people behind the page, in its inbox: they get threads that the bot passes, answer in them, and give them back.
//! While they have a thread, the person's events come to the bot as `standby`, and the bot's own sends are refused.

use jiff::Timestamp;
use serde_json::{Value, json};

use crate::domain::message::MessageId;

use super::thread::{Content, Sent};
use super::{LocalMessenger, Unsaid, envelope};

/// The app id of the page's inbox, as the platform's pages print it.
pub(super) const INBOX_APP: &str = "263902037430900";

/// One time that a thread changed hands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Passed {
    /// Whether to the people of the page's inbox, rather than back to the bot.
    pub to_desk: bool,
    /// What whoever gave it said about it.
    pub metadata: Option<String>,
    /// When.
    pub at: Timestamp,
}

impl LocalMessenger {
    /// Whether the people at the desk have a person's thread.
    pub fn at_desk(&self, person: &str) -> Result<bool, Unsaid> {
        self.look(person, |thread| thread.is_at_desk())
    }

    /// Every time that a person's thread changed hands, oldest first.
    pub fn passed(&self, person: &str) -> Result<Vec<Passed>, Unsaid> {
        self.look(person, |thread| thread.passed.clone())
    }

    /// Somebody at the desk writes to a person, whoever has the thread.
    pub async fn desk_says(&self, person: &str, text: &str) -> Result<(), Unsaid> {
        let (psid, handle) = (self.person(person)?.id.clone(), self.person(person)?.handle.clone());
        let now = self.now();
        let mid: MessageId = self.state().next_mid();
        let sent = self.look(person, |thread| {
            let sent = Sent { text: text.to_owned(), ..Sent::by_desk(thread.mark(), mid.clone(), now) };
            thread.push(mid, now, Content::Sent(sent.clone()));
            sent
        })?;
        let echo = envelope::echo(&self.settings().page_id, INBOX_APP, &psid, &sent);
        self.post("message_echoes", "echo", &echo);
        self.platform.feed.changed("thread", Some(&handle));
        self.drained().await;
        Ok(())
    }

    /// Somebody at the desk gives a thread back to the bot.
    pub async fn desk_returns(&self, person: &str) -> Result<(), Unsaid> {
        if !self.at_desk(person)? {
            return Err(Unsaid::NotAtDesk);
        }
        let psid = self.person(person)?.id.clone();
        self.hand(&psid, false, None);
        let settings = self.settings();
        let mut event = envelope::from_person(&settings.page_id, &psid, self.now());
        event["pass_thread_control"] = json!({
            "previous_owner_app_id": INBOX_APP,
            "new_owner_app_id": settings.app_id,
            "metadata": Value::Null,
        });
        self.post("messaging_handovers", "pass_thread_control", &event);
        self.drained().await;
        Ok(())
    }

    /// Gives a thread to the desk or to the bot.
    pub(super) fn hand(&self, psid: &str, to_desk: bool, metadata: Option<String>) {
        let now = self.now();
        if let Some(thread) = self.state().threads.get_mut(psid) {
            thread.passed.push(Passed { to_desk, metadata, at: now });
            if to_desk {
                thread.typing_until = None;
            }
        }
        self.platform.feed.changed("thread", self.handle_of(psid).as_deref());
    }
}
