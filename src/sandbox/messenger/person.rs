//! What people do in this Messenger. Each act puts an item into the person's thread and delivers the event that
//! Meta's platform would, signed.

use http::StatusCode;
use serde_json::{Value, json};

use crate::domain::message::{Button, MessageId};

use super::courier::Parcel;
use super::thread::{Content, Offer, Thread};
use super::{LocalMessenger, envelope};

/// The platform's thumbs-up sticker, small.
const THUMBS_UP: u64 = 369_239_263_222_822;

/// Why a person could not do that.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unsaid {
    /// There is no such person.
    #[error("unknown person; there are: {}", .known.join(", "))]
    UnknownPerson {
        /// The handles of all people.
        known: Vec<String>,
    },
    /// Nothing with this title is offered.
    #[error("nothing with this title to tap; the latest reply offers: {}", offered_words(.offered))]
    NothingToTap {
        /// The titles of what is offered.
        offered: Vec<String>,
    },
    /// The bot has sent nothing that this could be about.
    #[error("there is no message of the page yet")]
    NoMessage,
    /// The bot has the thread already.
    #[error("nobody at the desk has this thread")]
    NotAtDesk,
    /// The person has done nothing that could be delivered again.
    #[error("there is nothing to deliver again")]
    NothingToRedeliver,
}

fn offered_words(offered: &[String]) -> String {
    if offered.is_empty() { "nothing".to_owned() } else { offered.join(", ") }
}

/// What a tap did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Tapped {
    /// It went to the bot, which answered with this status; `None` when it gave no answer.
    Delivered(Option<StatusCode>),
    /// It opens a page in the browser; the bot is told nothing.
    Opens(String),
    /// It calls a number; the bot is told nothing.
    Calls(String),
}

impl LocalMessenger {
    /// The person opens the chat by a link that carries a reference.
    pub async fn referral(&self, person: &str, reference: &str) -> Result<Option<StatusCode>, Unsaid> {
        let parcel = self.event(person, "referral", |_| ("referral", referral(reference)))?;
        Ok(self.hand_over(parcel).await)
    }

    /// The person writes a text. Tells the status that the webhook answered, as do all below.
    pub async fn say(&self, person: &str, text: &str) -> Result<Option<StatusCode>, Unsaid> {
        let parcel = self.message(person, "text", &json!({"text": text}), Content::Said(text.to_owned()))?;
        Ok(self.hand_over(parcel).await)
    }

    /// The titles that a person can tap now: those of the latest reply that offered any.
    pub fn offered(&self, person: &str) -> Result<Vec<String>, Unsaid> {
        self.look(person, |thread| thread.offers().iter().map(|offer| offer.title().to_owned()).collect())
    }

    /// Returns when the bot has nothing unfinished for a person.
    pub async fn settled(&self, person: &str) -> Result<(), Unsaid> {
        let conversation = self.conversation(person)?;
        let settled = super::lock(&self.platform.settled).clone();
        self.drained().await;
        if let Some(settled) = settled {
            settled.settled(&conversation).await;
        }
        Ok(())
    }

    /// The person taps what has this title in the latest reply that offered anything.
    pub async fn tap(&self, person: &str, title: &str) -> Result<Tapped, Unsaid> {
        let found = self.look(person, |thread| {
            let offers = || thread.offers().iter().map(|offer| offer.title().to_owned()).collect();
            thread.offer(title).ok_or_else(|| Unsaid::NothingToTap { offered: offers() })
        })??;
        self.tap_offer(person, found).await
    }

    /// The person taps a button of one given message, however old: buttons stay, chips do not.
    pub async fn tap_button(&self, person: &str, mid: &str, title: &str) -> Result<Tapped, Unsaid> {
        let found = self.look(person, |thread| thread.button(mid, title))?;
        self.tap_offer(person, found.ok_or(Unsaid::NothingToTap { offered: Vec::new() })?).await
    }

    async fn tap_offer(&self, person: &str, offer: Offer) -> Result<Tapped, Unsaid> {
        let parcel = match offer {
            Offer::Button(Button::LogIn { url }) => return Ok(Tapped::Opens(self.log_in_address(person, &url)?)),
            Offer::Button(Button::LogOut) => self.linking_parcel(person, json!({"status": "unlinked"}))?,
            Offer::Chip(chip) => {
                let message = json!({"text": chip.title, "quick_reply": {"payload": chip.payload}});
                self.message(person, "quick_reply", &message, Content::Said(chip.title))?
            }
            Offer::Button(Button::Postback { title, payload }) => self.postback_parcel(person, &payload, &title)?,
            Offer::Button(Button::Web { url, .. }) => return Ok(Tapped::Opens(url)),
            Offer::Button(Button::Call { number, .. }) => return Ok(Tapped::Calls(number)),
        };
        Ok(Tapped::Delivered(self.hand_over(parcel).await))
    }

    /// The person taps something that carries `payload`: a menu entry, an ice breaker, an old button.
    pub async fn postback(&self, person: &str, payload: &str, title: &str) -> Result<Option<StatusCode>, Unsaid> {
        let parcel = self.postback_parcel(person, payload, title)?;
        Ok(self.hand_over(parcel).await)
    }

    /// The person, who never wrote before, taps Get Started.
    pub async fn get_started(&self, person: &str) -> Result<Option<StatusCode>, Unsaid> {
        let payload = self.get_started_payload().unwrap_or_else(|| "GET_STARTED".to_owned());
        self.postback(person, &payload, "Get Started").await
    }

    /// The person sends a sticker: `thumbs_up`, or any other name for a sticker that means nothing.
    pub async fn sticker(&self, person: &str, name: &str) -> Result<Option<StatusCode>, Unsaid> {
        let id = if name == "thumbs_up" { THUMBS_UP } else { 144_885_252_685_752 };
        let url = format!("https://scontent.example/sticker/{id}.png");
        let message = json!({"attachments": [{"type": "sticker", "payload": {"url": url, "sticker_id": id}}]});
        let parcel = self.message(person, "sticker", &message, Content::Sticker(id))?;
        Ok(self.hand_over(parcel).await)
    }

    /// The person sends an attachment: `image`, `audio`, `video`, `file` or `location`.
    pub async fn attachment(&self, person: &str, kind: &str) -> Result<Option<StatusCode>, Unsaid> {
        let payload = if kind == "location" {
            json!({"coordinates": {"lat": 40.7128, "long": -74.006}})
        } else {
            json!({"url": format!("https://scontent.example/attachment/{kind}")})
        };
        let message = json!({"attachments": [{"type": kind, "payload": payload}]});
        let parcel = self.message(person, "attachment", &message, Content::Attachment(kind.to_owned()))?;
        Ok(self.hand_over(parcel).await)
    }

    /// The person puts a reaction on the page's last message.
    pub async fn react(&self, person: &str, emoji: &str) -> Result<Option<StatusCode>, Unsaid> {
        let mid = self.last_mid(person)?;
        let name = match emoji.trim_end_matches('\u{FE0F}') {
            "❤" => "love",
            "👍" => "like",
            "👎" => "dislike",
            "😆" | "😂" => "smile",
            "😮" => "wow",
            "😢" => "sad",
            "😠" => "angry",
            _ => "other",
        };
        let reaction = json!({"reaction": name, "emoji": emoji, "action": "react", "mid": mid.as_str()});
        let parcel = self.event(person, "reaction", |thread| {
            if let Some(item) = thread.item_mut(&mid) {
                item.reaction = Some(emoji.to_owned());
            }
            ("reaction", reaction)
        })?;
        Ok(self.hand_over(parcel).await)
    }

    /// The person's device reports that the page's last message was read.
    pub async fn read(&self, person: &str) -> Result<Option<StatusCode>, Unsaid> {
        let watermark = self.last_sent_ms(person)?;
        let read = json!({"watermark": watermark});
        Ok(self.hand_over(self.report(person, "read", read)?).await)
    }

    /// The person's device reports that the page's last message was delivered.
    pub async fn delivered(&self, person: &str) -> Result<Option<StatusCode>, Unsaid> {
        let delivery = json!({"mids": [self.last_mid(person)?.as_str()], "watermark": self.last_sent_ms(person)?});
        Ok(self.hand_over(self.report(person, "delivery", delivery)?).await)
    }

    /// The echo of the page's last message arrives (again).
    pub async fn echo(&self, person: &str) -> Result<Option<StatusCode>, Unsaid> {
        let sent = self.look(person, |thread| thread.last_sent().cloned())?.ok_or(Unsaid::NoMessage)?;
        let settings = self.settings();
        let event = envelope::echo(&settings.page_id, &settings.app_id, &self.person(person)?.id, &sent);
        Ok(self.hand_over(self.parcel(&event, "echo")).await)
    }

    /// The last thing that this person sent arrives again, byte for byte, with the same message id.
    pub async fn redeliver(&self, person: &str) -> Result<Option<StatusCode>, Unsaid> {
        let parcel = self.look(person, |thread| thread.last_delivery.clone())?;
        Ok(self.hand_over(parcel.ok_or(Unsaid::NothingToRedeliver)?).await)
    }

    /// Somebody forges a text of this person: it is signed with another secret, and is not tried again.
    pub async fn forge(&self, person: &str, text: &str) -> Result<Option<StatusCode>, Unsaid> {
        let psid = self.person(person)?.id.clone();
        let mut event = envelope::from_person(&self.settings().page_id, &psid, self.now());
        event["message"] = json!({"mid": self.state().next_mid().as_str(), "text": text});
        let mut parcel = self.parcel(&event, "forged text");
        parcel.signature = envelope::signature(&"not the app's secret".into(), &parcel.body);
        parcel.is_retried = false;
        Ok(self.hand_over(parcel).await)
    }

    /// Lets the page write to the person as if they had written a moment ago, without telling the bot.
    pub fn open_window(&self, person: &str) -> Result<(), Unsaid> {
        let (psid, now) = (self.person(person)?.id.clone(), self.now());
        self.state().threads.entry(psid).or_default().acted(now);
        Ok(())
    }

    /// A change of the platform's account linking.
    pub(super) fn linking_parcel(&self, person: &str, linking: Value) -> Result<Parcel, Unsaid> {
        self.event(person, "account_linking", |_| ("account_linking", linking))
    }

    fn message(&self, person: &str, kind: &str, message: &Value, content: Content) -> Result<Parcel, Unsaid> {
        let (mid, now) = (self.state().next_mid(), self.now());
        let mut body = json!({"mid": mid.as_str()});
        if let (Value::Object(body), Value::Object(message)) = (&mut body, message) {
            body.extend(message.clone());
        }
        self.event(person, kind, |thread| {
            thread.push(mid, now, content);
            ("message", body)
        })
    }

    fn postback_parcel(&self, person: &str, payload: &str, title: &str) -> Result<Parcel, Unsaid> {
        let (mid, now) = (self.state().next_mid(), self.now());
        let mut postback = json!({"mid": mid.as_str(), "title": title, "payload": payload});
        self.event(person, "postback", |thread| {
            if let Some(reference) = thread.arrived_by.take() {
                postback["referral"] = referral(&reference);
            }
            thread.push(mid, now, Content::Said(title.to_owned()));
            ("postback", postback)
        })
    }

    /// An act of the person: opens the window, and is what `redeliver` delivers again.
    fn event(
        &self,
        person: &str,
        kind: &str,
        act: impl FnOnce(&mut Thread) -> (&'static str, Value),
    ) -> Result<Parcel, Unsaid> {
        let (psid, now) = (self.person(person)?.id.clone(), self.now());
        let mut event = envelope::from_person(&self.settings().page_id, &psid, now);
        {
            let mut state = self.state();
            let thread = state.threads.entry(psid.clone()).or_default();
            thread.acted(now);
            let (key, value) = act(thread);
            event[key] = value;
        }
        let parcel = Parcel { acted: Some(now), ..self.parcel(&event, kind) };
        self.look(&psid, |thread| thread.last_delivery = Some(parcel.clone()))?;
        self.platform.feed.changed("thread", self.handle_of(&psid).as_deref());
        Ok(parcel)
    }

    /// A report of the person's device, which is no act of theirs.
    fn report(&self, person: &str, key: &str, value: Value) -> Result<Parcel, Unsaid> {
        let mut event = envelope::from_person(&self.settings().page_id, &self.person(person)?.id, self.now());
        event[key] = value;
        Ok(self.parcel(&event, key))
    }

    pub(super) fn look<T>(&self, person: &str, at: impl FnOnce(&mut Thread) -> T) -> Result<T, Unsaid> {
        let psid = self.person(person)?.id.clone();
        Ok(at(self.state().threads.entry(psid).or_default()))
    }

    fn last_mid(&self, person: &str) -> Result<MessageId, Unsaid> {
        self.look(person, |thread| thread.last_sent().map(|sent| sent.mid.clone()))?.ok_or(Unsaid::NoMessage)
    }

    fn last_sent_ms(&self, person: &str) -> Result<i64, Unsaid> {
        self.look(person, |thread| thread.last_sent().map(|sent| sent.at.as_millisecond()))?.ok_or(Unsaid::NoMessage)
    }
}

/// How somebody came who followed a link of the page.
fn referral(reference: &str) -> Value {
    json!({"ref": reference, "source": "SHORTLINK", "type": "OPEN_THREAD"})
}
