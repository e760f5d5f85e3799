//! What comes in from a messenger and what goes out to it, free of any one messenger's wire format.

use std::fmt;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::domain::bank::BankId;
use crate::domain::id;

id! {
    /// The business side of a conversation: a Facebook Page id.
    PageId
}
id! {
    /// The person's side, scoped to the page (Messenger's PSID).
    PersonId
}
id! {
    /// The messenger's id of one message (`mid`).
    MessageId
}

/// One conversation: a channel, a page and a person. A person has another id on every page.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Conversation {
    /// The messenger, e.g. `messenger`.
    pub channel: String,
    /// The page that is written to.
    pub page: PageId,
    /// The person who writes.
    pub person: PersonId,
}

impl Conversation {
    /// Number of shard buckets that conversations are spread over.
    pub const BUCKETS: u16 = 4096;

    /// A conversation on Messenger.
    pub fn messenger(page: impl Into<String>, person: impl Into<String>) -> Self {
        Self { channel: "messenger".to_owned(), page: PageId::new(page), person: PersonId::new(person) }
    }

    /// The shard bucket (FNV-1a over page and person), the first part of every table's key.
    pub fn bucket(&self) -> u16 {
        let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
        let bytes = self.page.as_str().bytes().chain([0]).chain(self.person.as_str().bytes());
        for byte in bytes {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
        u16::try_from(hash % u64::from(Self::BUCKETS)).unwrap_or(0)
    }
}

impl fmt::Display for Conversation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}/{}", self.channel, self.page, self.person)
    }
}

impl fmt::Debug for Conversation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// One verified element of a delivery.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inbound {
    /// Whose conversation it belongs to; `None` for events about a page (policy, app roles).
    pub conversation: Option<Conversation>,
    /// What de-duplication goes by: the message id, or a key derived from the event.
    pub event_id: String,
    /// The platform's time for it; the time of receipt where the platform gave none.
    pub at: Timestamp,
    /// What happened.
    pub event: Event,
}

/// What happened in a conversation. Stored sealed, so it is serialisable.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Event {
    /// The person wrote a text, or tapped a quick reply (then `payload` is set).
    Text {
        /// The text, verbatim.
        text: String,
        /// What the tapped quick reply carries.
        payload: Option<String>,
        /// The message this one replies to.
        reply_to: Option<MessageId>,
    },
    /// The person typed a secret (a PIN, a card number …). Nothing of the message is kept but that it was one.
    Secret,
    /// The person tapped a button, a menu entry, an ice breaker or Get Started.
    Postback {
        /// The button's title, where the platform tells it.
        title: Option<String>,
        /// What the button carries; absent for buttons of other apps.
        payload: Option<String>,
        /// What the link carries by which the person came, if they came by one.
        #[serde(default)]
        reference: Option<String>,
    },
    /// The person sent something that is not text; nothing of it is downloaded.
    Attachment {
        /// The kinds, in order: `image`, `audio`, `location`, `sticker` …
        kinds: Vec<String>,
        /// Whether it is the platform's thumbs-up.
        thumbs_up: bool,
        /// Text that came along.
        text: Option<String>,
    },
    /// The person put a reaction on a message, or took it away.
    Reaction {
        /// The emoji, where the platform tells it.
        emoji: Option<String>,
        /// Whether it was put (rather than taken away).
        put: bool,
    },
    /// The person changed a message that was sent before.
    Edited {
        /// The message.
        mid: MessageId,
        /// Its new text.
        text: String,
    },
    /// The person took a message back.
    Unsent {
        /// The message.
        mid: MessageId,
    },
    /// Our own page's message came back to us.
    Echo(Echo),
    /// Messages were delivered to the person's device.
    Delivered {
        /// Which; may be empty.
        mids: Vec<MessageId>,
        /// All messages up to this platform time (ms since 1970), where given.
        watermark: Option<i64>,
    },
    /// The person has read up to a point.
    Read {
        /// All messages up to this platform time (ms since 1970), where given.
        watermark: Option<i64>,
    },
    /// Messenger's account linking ended.
    AccountLinking {
        /// Linked (rather than unlinked).
        linked: bool,
        /// Our own one-time code, handed back.
        code: Option<String>,
    },
    /// The person came through a link, an advertisement or a code.
    Referral {
        /// What the link carries. Anyone can forge it.
        reference: Option<String>,
    },
    /// The person opted in to something.
    OptIn {
        /// The kind the platform names.
        kind: Option<String>,
    },
    /// The thread changed hands between apps.
    Handover {
        /// Which way.
        way: Handover,
        /// The app that owned it before, where told.
        from_app: Option<String>,
        /// The app that owns it now, where told.
        to_app: Option<String>,
    },
    /// The platform enforced its policy on the page: `warning`, `block`, `unblock`.
    Policy {
        /// What it did.
        action: String,
    },
    /// Feedback on a message or a form.
    Feedback {
        /// The field that carried it.
        kind: String,
    },
    /// Not from the platform's webhook: the person's alerts, or their consents, are due to be looked at.
    AlertsDue,
    /// Not from the platform's webhook: the person asked the platform that their data be deleted.
    DeletionAsked,
    /// Not from the platform's webhook: the person pressed "unlink" on a page of ours.
    UnlinkAsked {
        /// The bank.
        bank: BankId,
    },
    /// Not from the platform's webhook: the person left the bank's login, or it failed.
    LinkFailed {
        /// The bank.
        bank: BankId,
    },
    /// Not from the platform's webhook: somebody else came back from the bank's login that this chat had asked for.
    LinkForeign {
        /// The bank.
        bank: BankId,
    },
    /// A known kind that needs nothing from us (payments, games, carts …).
    Known {
        /// The key it came under.
        kind: String,
    },
}

/// Which way a thread changed hands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Handover {
    /// To us.
    Passed,
    /// From us.
    Taken,
    /// Somebody asks for it.
    Requested,
    /// The roles of apps on the page changed.
    Roles,
    /// Not from the platform's webhook: it refused to take the thread from us when we passed it.
    Refused,
}

/// Our own page's message, as the platform saw it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Echo {
    /// The platform's id of it.
    pub mid: MessageId,
    /// What we put into `metadata`: our outbox id.
    pub metadata: Option<String>,
    /// The app that sent it; absent on old payloads.
    pub app_id: Option<String>,
    /// Whether a human wrote it in the page's inbox.
    pub by_human: bool,
}

impl Event {
    /// The name of the kind, for counters and listings: `text`, `postback` …
    pub fn kind(&self) -> &str {
        match self {
            Self::Text { payload: Some(_), .. } => "quick_reply",
            Self::Text { .. } => "text",
            Self::AlertsDue => "alerts_due",
            Self::DeletionAsked => "deletion",
            Self::UnlinkAsked { .. } => "unlink",
            Self::LinkFailed { .. } | Self::LinkForeign { .. } => "link",
            Self::Secret => "secret",
            Self::Postback { .. } => "postback",
            Self::Attachment { .. } => "attachment",
            Self::Reaction { .. } => "reaction",
            Self::Edited { .. } => "edit",
            Self::Unsent { .. } => "unsend",
            Self::Echo(_) => "echo",
            Self::Delivered { .. } => "delivery",
            Self::Read { .. } => "read",
            Self::AccountLinking { .. } => "account_linking",
            Self::Referral { .. } => "referral",
            Self::OptIn { .. } => "optin",
            Self::Handover { .. } => "handover",
            Self::Policy { .. } => "policy",
            Self::Feedback { .. } => "feedback",
            Self::Known { kind } => kind,
        }
    }

    /// Whether a turn must think about it (rather than it being noted and done).
    pub fn needs_turn(&self) -> bool {
        matches!(
            self,
            Self::Text { .. }
                | Self::Secret
                | Self::Postback { .. }
                | Self::Attachment { .. }
                | Self::Edited { .. }
                | Self::AccountLinking { .. }
                | Self::Echo(Echo { by_human: true, .. })
                | Self::Handover { way: Handover::Passed | Handover::Taken | Handover::Refused, .. }
        ) || matches!(self, Self::Referral { .. })
    }

    /// Whether the person expects an answer to it, and so opens the platform's answer window.
    pub fn is_from_person(&self) -> bool {
        matches!(
            self,
            Self::Text { .. }
                | Self::Secret
                | Self::Postback { .. }
                | Self::Attachment { .. }
                | Self::Reaction { .. }
                | Self::Referral { .. }
        )
    }
}

/// What goes out in a conversation, in its order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Post {
    /// The thread goes to the people of the page's inbox; the bot is silent until it comes back.
    PassThread {
        /// What they are told about it: what was asked, never a figure.
        pass_thread: String,
    },
    /// The person is told something.
    Bubble(Bubble),
}

/// One bubble that goes out. Within the platform's limits only after `channel` has split it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bubble {
    /// Plain text, already neutralised and in the person's language.
    pub text: String,
    /// Chips under the bubble; shown under the last bubble of a reply only.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub quick_replies: Vec<QuickReply>,
    /// Buttons of the bubble (at most 3).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub buttons: Vec<Button>,
    /// Where the platform fetches a picture that is shown after the text. The text says everything that is in it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub picture: Option<String>,
}

/// A chip: at most 20 characters of title.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct QuickReply {
    /// What the person sees and seems to say.
    pub title: String,
    /// What comes back when it is tapped.
    pub payload: String,
}

/// A button inside a bubble: at most 20 characters of title.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum Button {
    /// Sends `payload` back.
    Postback {
        /// What the person sees.
        title: String,
        /// What comes back.
        payload: String,
    },
    /// Opens one of our own pages.
    Web {
        /// What the person sees.
        title: String,
        /// Where it leads.
        url: String,
    },
    /// Opens one of our own pages by way of the platform's account linking, which names the button itself.
    LogIn {
        /// Where it leads.
        url: String,
    },
    /// Ends the platform's account linking; it names this button too.
    LogOut,
    /// Calls a telephone number.
    Call {
        /// What the person sees.
        title: String,
        /// The number in international form.
        number: String,
    },
}

/// What the platform writes on the buttons of its account linking, in the language of its own app.
const LOG_IN: &str = "Log In";
const LOG_OUT: &str = "Log Out";

impl Button {
    /// What the person sees.
    pub fn title(&self) -> &str {
        match self {
            Self::Postback { title, .. } | Self::Web { title, .. } | Self::Call { title, .. } => title,
            Self::LogIn { .. } => LOG_IN,
            Self::LogOut => LOG_OUT,
        }
    }
}
