//! What FDX answers have in common: wrapped and flat objects, pages, errors.

use crate::bank::json::{self, Fields, Node};
use crate::bank::{BankError, pages::Cursor, refusal::Refusal, wire::Answer};

/// The cursor field of 6.4 and later.
pub(super) const PAGE_KEY: &str = "page.nextPageKey";
/// The cursor field before.
pub(super) const OFFSET: &str = "page.nextOffset";

/// An object of an answer, out of its wrapping if it has one.
pub(super) struct Shaped<'a> {
    /// The members.
    pub(super) fields: Fields<'a>,
    /// `DEPOSIT_ACCOUNT` and the like: told by the flat shape, derived from the name of the wrapping
    /// (`depositAccount`, `locTransaction`) of the other.
    pub(super) category: String,
}

/// The body of a success, or the error that another status means.
pub(super) fn accepted(answer: &Answer) -> Result<Node<'_>, BankError> {
    if answer.status.is_success() {
        return json::body(&answer.body);
    }
    Err(refused(&Refusal::read(answer.status, &answer.headers, &answer.body, answer.received)))
}

/// The FDX error table. `code` is a number of its own, not the HTTP status (FDX 6, section "Errors").
fn refused(refusal: &Refusal<'_>) -> BankError {
    let denied = refusal.is_denial();
    let says = |codes: &[&str]| denied && refusal.says(codes);
    if says(&["701", "705"]) {
        BankError::AccountGone
    } else if says(&["invalid_token", "expired_token"]) {
        BankError::ConsentEnded
    } else if says(&["706", "insufficient_scope"]) {
        BankError::NotCovered
    } else {
        refusal.by_status()
    }
}

/// Takes an object out of its wrapping: 4.6 to 5.x send `{"depositAccount": {…}}`, 6.x the inner object alone.
pub(super) fn unwrap<'a>(node: &Node<'a>) -> Result<Shaped<'a>, BankError> {
    let fields = node.fields()?;
    let inner = fields.only().and_then(|(name, inner)| {
        let kind = name.strip_suffix("Account").or_else(|| name.strip_suffix("Transaction"))?;
        Some((format!("{}_ACCOUNT", kind.to_ascii_uppercase()), inner))
    });
    match inner {
        Some((category, inner)) => Ok(Shaped { fields: inner.fields()?, category }),
        None => {
            let category = fields.word("accountCategory").unwrap_or_default();
            Ok(Shaped { fields, category })
        }
    }
}

/// What leads to the next page. Both fields may stand in one answer; the newer one counts.
pub(super) fn next_page(answer: &Fields<'_>) -> Option<Cursor> {
    let page = answer.object("page")?;
    let cursor = |name, field| page.word(name).map(|value| Cursor { field, value });
    cursor("nextPageKey", PAGE_KEY).or_else(|| cursor("nextOffset", OFFSET))
}
