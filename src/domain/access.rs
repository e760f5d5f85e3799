//! Entries of the access log: who was read, when, why, and for which question. Never what was read.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::domain::{
    bank::BankId,
    purpose::{DataClass, Purpose},
    reading::Intent,
};

/// One entry. `Opened` is on disk before the first byte leaves for a bank; `Closed` follows with the commit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccessEntry {
    /// When.
    pub at: Timestamp,
    /// What happened.
    pub kind: AccessKind,
    /// The bank it is about, if one.
    pub bank: Option<BankId>,
    /// The classes of data a read covers.
    pub classes: Vec<DataClass>,
    /// Why it was read.
    pub purpose: Option<Purpose>,
    /// The event that asked the question.
    pub question: String,
    /// What was wanted with it, never the person's words. Older entries have none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub about: Option<Intent>,
}

/// What an access-log entry records.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AccessKind {
    /// A read is about to leave.
    Opened,
    /// The read came back with data.
    Fetched,
    /// The read came back without.
    Failed,
    /// The answer was reused from memory; no call was made.
    Reused,
    /// Nothing was read, or a read was broken off, because a stop holds.
    Stopped,
    /// The bank or the operator ordered that nothing is read any more.
    StopOrdered,
    /// They ordered that reading may go on.
    ResumeOrdered,
    /// A consent was given or taken back.
    Consent,
    /// A consent was renewed at the bank.
    ConsentRenewed,
    /// The person said again that reading may go on.
    ConsentConfirmed,
    /// Reading stopped until the person says that it may go on.
    ConsentPaused,
    /// A consent has run out.
    ConsentEnded,
    /// Something was refused: another person's data, an action out of reach.
    Refused,
    /// The person said that a payment is not theirs.
    DisputeNotice,
    /// The person said that a card is lost or stolen.
    LossNotice,
    /// The person complained.
    ComplaintNotice,
    /// The person typed a secret; nothing of the message was kept.
    Redacted,
    /// The person asked for a copy of their data.
    Exported,
    /// The thread was given to the people at the desk.
    HandedOver,
    /// The thread came back from them.
    Returned,
    /// Everything of the person was erased: the one entry that stays, as the receipt.
    Erased,
}

impl AccessKind {
    /// Whether it is about a consent and no read.
    pub fn is_of_consent(self) -> bool {
        matches!(
            self,
            Self::Consent | Self::ConsentRenewed | Self::ConsentConfirmed | Self::ConsentPaused | Self::ConsentEnded
        )
    }

    /// The word of this kind.
    pub fn word(self) -> &'static str {
        match self {
            Self::Opened => "opened",
            Self::Fetched => "fetched",
            Self::Failed => "failed",
            Self::Reused => "reused",
            Self::Stopped => "stopped",
            Self::StopOrdered => "stop_ordered",
            Self::ResumeOrdered => "resume_ordered",
            Self::Consent => "consent",
            Self::ConsentRenewed => "consent_renewed",
            Self::ConsentConfirmed => "consent_confirmed",
            Self::ConsentPaused => "consent_paused",
            Self::ConsentEnded => "consent_ended",
            Self::Refused => "refused",
            Self::DisputeNotice => "dispute_notice",
            Self::LossNotice => "loss_notice",
            Self::ComplaintNotice => "complaint_notice",
            Self::Redacted => "redacted",
            Self::Exported => "export",
            Self::HandedOver => "handed_over",
            Self::Returned => "returned",
            Self::Erased => "erased",
        }
    }
}
