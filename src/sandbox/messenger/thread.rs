//! One person's thread with the page: what both said, the signs given, and what can be tapped. No I/O.

use std::time::Duration;

use bytes::Bytes;
use jiff::Timestamp;
use unicode_normalization::UnicodeNormalization;

use crate::channel::Signal;
use crate::clock::later;
use crate::domain::message::{Button, MessageId, QuickReply};

/// The oldest items are forgotten beyond this many, so that a bot that runs for weeks keeps its memory flat.
const ITEMS_MAX: usize = 2_000;

/// After so long without a new sign, typing dots go out by themselves.
const TYPING_LASTS: Duration = Duration::from_secs(20);

/// How long after a person's last action the page may answer.
const WINDOW: Duration = Duration::from_secs(24 * 3600);

/// A place in a thread. The default is its beginning.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mark(u64);

/// One message that the bot sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sent {
    /// Where in the thread: orders messages and signs that have the same time.
    pub place: Mark,
    /// The platform's id of it.
    pub mid: MessageId,
    /// When it was taken.
    pub at: Timestamp,
    /// The text; that of the template for a message with buttons; empty for a picture.
    pub text: String,
    /// The chips under it.
    pub quick_replies: Vec<QuickReply>,
    /// The buttons in it.
    pub buttons: Vec<Button>,
    /// Where its picture was when it was sent.
    pub image: Option<String>,
    /// The picture itself, as it was fetched then.
    pub picture: Option<Bytes>,
    /// What the bot put beside it for itself; comes back in the echo.
    pub metadata: Option<String>,
    /// Whether somebody at the desk wrote it, and not the bot.
    pub by_desk: bool,
}

impl Sent {
    /// An empty message of somebody at the desk.
    pub(super) fn by_desk(place: Mark, mid: MessageId, at: Timestamp) -> Self {
        let (text, image, picture, metadata) = (String::new(), None, None, None);
        let (quick_replies, buttons) = (Vec::new(), Vec::new());
        Self { place, mid, at, text, quick_replies, buttons, image, picture, metadata, by_desk: true }
    }
}

/// A sign that the bot gave.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SignalSeen {
    /// Where in the thread: orders messages and signs that have the same time.
    pub place: Mark,
    /// Which.
    pub signal: Signal,
    /// When.
    pub at: Timestamp,
}

/// What one item of a thread shows.
#[derive(Clone, Debug)]
pub(super) enum Content {
    /// The person's text, or the title of what they tapped.
    Said(String),
    /// The person's sticker.
    Sticker(u64),
    /// The person's attachment, by kind.
    Attachment(String),
    /// The page's message.
    Sent(Sent),
}

#[derive(Clone, Debug)]
pub(super) struct Item {
    seq: u64,
    pub(super) mid: MessageId,
    pub(super) at: Timestamp,
    pub(super) content: Content,
    /// The person's reaction to it.
    pub(super) reaction: Option<String>,
}

/// Something that can be tapped.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Offer {
    Chip(QuickReply),
    Button(Button),
}

impl Offer {
    pub(super) fn title(&self) -> &str {
        match self {
            Self::Chip(chip) => &chip.title,
            Self::Button(button) => button.title(),
        }
    }
}

#[derive(Debug, Default)]
pub(super) struct Thread {
    next: u64,
    items: Vec<Item>,
    signals: Vec<SignalSeen>,
    last_action: Option<Timestamp>,
    /// The reference of the link by which somebody came who has not begun to write yet.
    pub(super) arrived_by: Option<String>,
    pub(super) typing_until: Option<Timestamp>,
    /// The bot's webhook has taken everything of the person's up to here.
    pub(super) taken: Option<Timestamp>,
    /// Everything of the person's up to here was marked seen by the page.
    pub(super) seen: Option<Timestamp>,
    /// The person's device has everything of the page's up to here, and the person has read up to there.
    pub(super) delivered: Option<Timestamp>,
    pub(super) read: Option<Timestamp>,
    /// The body of the last delivery that the person caused, byte for byte.
    pub(super) last_delivery: Option<super::courier::Parcel>,
    /// Every time that it changed hands.
    pub(super) passed: Vec<super::desk::Passed>,
}

impl Thread {
    /// The picture of a message that the bot sent.
    pub(super) fn picture(&self, mid: &str) -> Option<Bytes> {
        self.items.iter().find_map(|item| match &item.content {
            Content::Sent(sent) if sent.mid.as_str() == mid => sent.picture.clone(),
            _ => None,
        })
    }

    pub(super) fn mark(&self) -> Mark {
        Mark(self.next)
    }

    pub(super) fn items(&self) -> &[Item] {
        &self.items
    }

    pub(super) fn push(&mut self, mid: MessageId, at: Timestamp, content: Content) {
        if matches!(content, Content::Sent(_)) {
            self.typing_until = None;
        }
        let seq = self.next;
        self.next += 1;
        self.items.push(Item { seq, mid, at, content, reaction: None });
        if self.items.len() > ITEMS_MAX {
            self.items.drain(..ITEMS_MAX / 2);
        }
    }

    pub(super) fn signal(&mut self, signal: Signal, at: Timestamp) {
        match signal {
            Signal::MarkSeen => self.seen = Some(at),
            Signal::TypingOn => self.typing_until = Some(later(at, TYPING_LASTS)),
            Signal::TypingOff => self.typing_until = None,
        }
        self.signals.push(SignalSeen { place: self.mark(), signal, at });
        self.next += 1;
        if self.signals.len() > ITEMS_MAX {
            self.signals.drain(..ITEMS_MAX / 2);
        }
    }

    /// Whether the people at the desk have it.
    pub(super) fn is_at_desk(&self) -> bool {
        self.passed.last().is_some_and(|passed| passed.to_desk)
    }

    pub(super) fn sent_since(&self, mark: Mark) -> Vec<Sent> {
        let sent = |item: &Item| match &item.content {
            Content::Sent(sent) if !sent.by_desk => Some(sent.clone()),
            _ => None,
        };
        self.items.iter().filter(|item| item.seq >= mark.0).filter_map(sent).collect()
    }

    pub(super) fn signals_since(&self, mark: Mark) -> Vec<SignalSeen> {
        self.signals.iter().filter(|seen| seen.place >= mark).copied().collect()
    }

    /// The page's last message, if it sent any.
    pub(super) fn last_sent(&self) -> Option<&Sent> {
        self.items.iter().rev().find_map(|item| match &item.content {
            Content::Sent(sent) => Some(sent),
            _ => None,
        })
    }

    pub(super) fn item_mut(&mut self, mid: &MessageId) -> Option<&mut Item> {
        self.items.iter_mut().rev().find(|item| item.mid == *mid)
    }

    /// The person did something that lets the page answer.
    pub(super) fn acted(&mut self, at: Timestamp) {
        self.last_action = Some(at);
    }

    /// Whether the person ever wrote.
    pub(super) fn has_begun(&self) -> bool {
        self.last_action.is_some()
    }

    /// Whether the page may answer at `now`; `long` is for humans, who have seven days.
    pub(super) fn is_window_open(&self, now: Timestamp, long: bool) -> bool {
        let window = if long { WINDOW * 7 } else { WINDOW };
        self.last_action.is_some_and(|action| now < later(action, window))
    }

    /// What the latest reply that offered anything offers, in the order shown. A reply is a run of the page's
    /// messages with none of the person's between.
    pub(super) fn offers(&self) -> Vec<Offer> {
        let mut offers = Vec::new();
        for item in self.items.iter().rev() {
            match &item.content {
                Content::Sent(sent) => {
                    let chips = sent.quick_replies.iter().cloned().map(Offer::Chip);
                    let buttons = sent.buttons.iter().cloned().map(Offer::Button);
                    offers.splice(0..0, buttons.chain(chips));
                }
                _ if !offers.is_empty() => break,
                _ => {}
            }
        }
        offers
    }

    /// The first offer with this title, compared as a reader would.
    pub(super) fn offer(&self, title: &str) -> Option<Offer> {
        let wanted = plain(title);
        self.offers().into_iter().find(|offer| plain(offer.title()) == wanted)
    }

    /// The postback button with this title in one given message, however old.
    pub(super) fn button(&self, mid: &str, title: &str) -> Option<Offer> {
        let item = self.items.iter().find(|item| item.mid.as_str() == mid)?;
        let Content::Sent(sent) = &item.content else { return None };
        sent.buttons.iter().find(|button| button.title() == title).cloned().map(Offer::Button)
    }

    /// The Log In button in one given message.
    pub(super) fn log_in(&self, mid: &str) -> Option<&Button> {
        let item = self.items.iter().find(|item| item.mid.as_str() == mid)?;
        let Content::Sent(sent) = &item.content else { return None };
        sent.buttons.iter().find(|button| matches!(button, Button::LogIn { .. }))
    }
}

/// Titles are the same when they differ only in case, blanks, or the kind of dash or apostrophe.
fn plain(title: &str) -> String {
    let folded: String = title
        .nfc()
        .filter(|c| !matches!(c, '\u{200E}' | '\u{200F}' | '\u{061C}' | '\u{2066}'..='\u{2069}'))
        .map(|c| match c {
            '\u{00A0}' | '\u{202F}' | '\u{2009}' => ' ',
            '’' => '\'',
            '–' | '—' | '−' | '\u{2011}' => '-',
            other => other,
        })
        .collect();
    folded.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}
