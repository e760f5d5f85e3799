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
    CategoryRule,
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
    ButtonLogin,
    /// This page of ours was offered.
    ButtonWeb(String),
    /// A bank was linked.
    ConsentCreated(String),
    /// The consent for a bank was renewed.
    ConsentRenewed(String),
    /// The conversation was locked, or unlocked.
    Session {
        locks: bool,
    },
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
    /// Offers may be asked for from now on, or no more.
    Offers(bool),
    /// The person is answered in this language from now on.
    Lang(String),
    /// What the store keeps of the person's settings has changed.
    Kept(Change),
    /// The operator's log tells that a delivery was refused for its signature.
    RefusedSignature,
    /// In the list, but of a later version.
    Later,
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
            ["button", "login"] => Self::ButtonLogin,
            ["button", "web", page] if PAGES_LATER.contains(page) => Self::Later,
            ["button", "web", page] if PAGES.contains(page) => Self::ButtonWeb((*page).to_owned()),
            ["button", "web", page] => return Err(format!("unknown page `{page}`")),
            ["consent", "created", bank] => Self::ConsentCreated((*bank).to_owned()),
            ["consent", "renewed", bank] => Self::ConsentRenewed((*bank).to_owned()),
            ["session", "lock"] => Self::Session { locks: true },
            ["session", "unlock"] => Self::Session { locks: false },
            ["image"] => Self::Image,
            ["log", "bad_signature"] => Self::RefusedSignature,
            ["log", entry] => match logged(entry) {
                Some(kind) => Self::Log(kind),
                None if LOGGED_LATER.contains(entry) => Self::Later,
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
            ["category", "rule"] => Self::Kept(Change::CategoryRule),
            ["offers", "on"] => Self::Offers(true),
            ["offers", "off"] => Self::Offers(false),
            ["lang", language] => Self::Lang((*language).to_owned()),
            ["ignored", "attachment"] => Self::IgnoredAttachment,
            _ => return Err(format!("unknown effect `{rest}`")),
        })
    }
}

/// Our own pages, and what buttons lead to besides.
const PAGES: &[&str] = &["link", "unlock", "consent", "privacy", "access_log", "export", "map", "explain", "reveal"];

/// Pages that a later version has.
const PAGES_LATER: &[&str] = &["account_details", "lock_card"];

/// Entries of the log that a later version writes.
const LOGGED_LATER: &[&str] = &["view_details"];

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
        "export" => AccessKind::Exported,
        "erase" => AccessKind::Erased,
        _ => return None,
    })
}

fn seconds(text: &str) -> Result<Duration, String> {
    let number = text.strip_suffix('s').and_then(|number| number.parse().ok());
    number.map(Duration::from_secs).ok_or_else(|| format!("`{text}` is no time like 9s"))
}
