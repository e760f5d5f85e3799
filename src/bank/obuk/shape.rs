//! What OBUK answers have in common: the envelope, amounts, links, errors.

use crate::bank::address::Base;
use crate::bank::json::{self, Fields, malformed};
use crate::bank::{BankError, pages::Cursor, refusal::Refusal, rows, wire::Answer};
use crate::domain::money::Money;

/// Where the address of the next page stands.
pub(super) const NEXT: &str = "Links.Next";

/// The envelope of a success, or the error that another status means.
pub(super) fn accepted(answer: &Answer) -> Result<Fields<'_>, BankError> {
    if answer.status.is_success() {
        return json::body(&answer.body)?.fields();
    }
    Err(refused(&Refusal::read(answer.status, &answer.headers, &answer.body, answer.received)))
}

/// The OBUK error table: `UK.OBIE.*` words of 3.1 and the codes of 4.0. An unknown account is a 400 here, not a 404,
/// and a consent that must be authorised again is a 403.
fn refused(refusal: &Refusal<'_>) -> BankError {
    const ENDED: [&str; 9] = [
        "EXPD",
        "TKXP",
        "TKSP",
        "CANC",
        "U028",
        "UK.OBIE.Reauthenticate",
        "UK.OBIE.Resource.InvalidConsentStatus",
        "UK.OBIE.Resource.ConsentMismatch",
        "invalid_token",
    ];
    const UNKNOWN: [&str; 2] = ["UK.OBIE.Resource.NotFound", "U011"];
    let denied = refusal.is_denial();
    let says = |codes: &[&str]| denied && refusal.says(codes);
    if says(&ENDED) {
        BankError::ConsentEnded
    } else if says(&UNKNOWN) {
        BankError::AccountGone
    } else if says(&["insufficient_scope"]) {
        BankError::NotCovered
    } else {
        refusal.by_status()
    }
}

/// An `Amount` object. Amounts of OBUK have no sign; a minus that a bank sends all the same is dropped with it.
pub(super) fn amount(fields: &Fields<'_>) -> Result<Money, BankError> {
    let currency = fields.need("Currency")?.currency()?;
    Ok(fields.need("Amount")?.money(currency)?.abs())
}

/// The amount of an entry or balance with the sign of its indicator: credit is the person's.
pub(super) fn signed(fields: &Fields<'_>) -> Result<Money, BankError> {
    let amount = amount(&fields.need("Amount")?.fields()?)?;
    let indicator = fields.need("CreditDebitIndicator")?;
    match indicator.word().as_deref() {
        Some("Credit" | "CRDT") => Ok(amount),
        Some("Debit" | "DBIT") => Ok(rows::out(amount)),
        _ => Err(malformed(indicator.path(), "is neither Credit nor Debit")),
    }
}

/// The next page. A link that is the page itself is no next page; one that leaves the configured base is refused,
/// for the token would go with it.
pub(super) fn next_page(envelope: &Fields<'_>, base: &Base) -> Result<Option<Cursor>, BankError> {
    let Some(links) = envelope.object("Links") else { return Ok(None) };
    let Some(next) = links.word("Next") else { return Ok(None) };
    if links.word("Self").is_some_and(|this| this == next) {
        return Ok(None);
    }
    let value = base.pin(&next).ok_or_else(|| malformed(NEXT, "leaves the configured address"))?;
    Ok(Some(Cursor { field: NEXT, value }))
}
