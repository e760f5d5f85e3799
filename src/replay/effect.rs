//! Effects: what must be true of the world around a reply, as transcripts name it.

use std::time::Duration;

use crate::domain::access::AccessKind;
use crate::replay::expr::Expr;

/// A change of what is kept for a person.
#[derive(Clone, Copy, Debug)]
pub(super) enum Change {
    AlertCreated,
    AlertsDeleted,
    BudgetSet,
    BudgetRemoved,
}

/// An effect that this version can check.
#[derive(Debug)]
pub(super) enum Effect {
    Fetch(String),
    NoFetch(Option<String>),
    NoReply,
    Bubbles(usize),
    First(Expr),
    Same,
    Differs,
    SentOnce,
    Typing,
    Holding(Duration),
    ButtonCall,
    /// A picture was fetched and shown, and the text says all of it.
    Image,
    /// A new entry of the access log, of this kind.
    Log(AccessKind),
    /// The thread was given to the people at the desk.
    HandoffStart,
    /// The thread came back from them.
    HandoffEnd,
    /// What they got with it holds no figures.
    SummaryNoAmounts,
    /// The secret in the input was neither stored nor logged.
    Redact,
    /// Nothing is kept of the person but the receipt.
    Erased,
    Http(u16),
    IgnoredAttachment,
    /// The link to this bank is gone.
    ConsentRevoked(String),
    /// Nothing that this bank sent of the person is in the cache.
    CacheDropped(String),
    /// Amounts are hidden from now on, or shown again.
    Mask(bool),
    /// The person is answered in this language from now on.
    Lang(String),
    /// What the store keeps of the person's settings has changed.
    Kept(Change),
    /// In the list, but of a later version.
    Later {
        /// Whether it changes how the conversation goes on, so that nothing after it can be judged either.
        lasts: bool,
    },
}

impl Effect {
    /// Reads an effect.
    pub(super) fn parse(rest: &str) -> Result<Self, String> {
        let words: Vec<&str> = rest.split_whitespace().collect();
        Ok(match words.as_slice() {
            ["no", "fetch"] => Self::NoFetch(None),
            ["no", "fetch", bank] => Self::NoFetch(Some((*bank).to_owned())),
            ["fetch", bank] => Self::Fetch((*bank).to_owned()),
            ["no", "reply"] => Self::NoReply,
            ["bubbles", most] => Self::Bubbles(most.parse().map_err(|_| format!("`{most}` is no number"))?),
            ["first", ..] => Self::First(Expr::parse(rest.trim_start_matches("first"))?),
            ["same"] => Self::Same,
            ["differs"] => Self::Differs,
            ["sent", "once"] => Self::SentOnce,
            ["typing"] => Self::Typing,
            ["holding", within] => Self::Holding(seconds(within)?),
            ["button", "call"] => Self::ButtonCall,
            ["image"] => Self::Image,
            ["log", entry] => match logged(entry) {
                Some(kind) => Self::Log(kind),
                None if LOGGED_LATER.contains(entry) => Self::Later { lasts: false },
                None => return Err(format!("unknown entry `{entry}` of the log")),
            },
            ["alert", "created"] => Self::Kept(Change::AlertCreated),
            ["alerts", "deleted"] => Self::Kept(Change::AlertsDeleted),
            ["budget", "set"] => Self::Kept(Change::BudgetSet),
            ["budget", "removed"] => Self::Kept(Change::BudgetRemoved),
            ["handoff", "start"] => Self::HandoffStart,
            ["handoff", "end"] => Self::HandoffEnd,
            ["summary", "no", "amounts"] => Self::SummaryNoAmounts,
            ["redact"] => Self::Redact,
            ["erased"] => Self::Erased,
            ["http", code] => Self::Http(code.parse().map_err(|_| format!("`{code}` is no status"))?),
            ["consent", "revoked", bank] => Self::ConsentRevoked((*bank).to_owned()),
            ["cache", "dropped", bank] => Self::CacheDropped((*bank).to_owned()),
            ["mask", "on"] => Self::Mask(true),
            ["mask", "off"] => Self::Mask(false),
            ["lang", language] => Self::Lang((*language).to_owned()),
            ["ignored", "attachment"] => Self::IgnoredAttachment,
            [first, ..] if SHOWN_LATER.contains(first) => Self::Later { lasts: false },
            [first, ..] if LASTING_LATER.contains(first) => Self::Later { lasts: true },
            _ => return Err(format!("unknown effect `{rest}`")),
        })
    }
}

/// The first words of effects that a later version checks and that show in one reply only.
const SHOWN_LATER: &[&str] = &["button"];

/// Entries of the log that a later version writes.
const LOGGED_LATER: &[&str] = &["export", "view_details", "bad_signature"];

/// The kind of an entry of the access log, as transcripts name it.
fn logged(entry: &str) -> Option<AccessKind> {
    Some(match entry {
        "fetch" => AccessKind::Fetched,
        "bank_error" => AccessKind::Failed,
        "consent" => AccessKind::Consent,
        "refused" => AccessKind::Refused,
        "redacted" => AccessKind::Redacted,
        "dispute_notice" => AccessKind::DisputeNotice,
        "loss_notice" => AccessKind::LossNotice,
        "complaint_notice" => AccessKind::ComplaintNotice,
        "erase" => AccessKind::Erased,
        _ => return None,
    })
}

/// The first words of effects that a later version checks and that change how the conversation goes on.
const LASTING_LATER: &[&str] = &["consent", "session", "offers", "category"];

fn seconds(text: &str) -> Result<Duration, String> {
    let number = text.strip_suffix('s').and_then(|number| number.parse().ok());
    number.map(Duration::from_secs).ok_or_else(|| format!("`{text}` is no time like 9s"))
}
