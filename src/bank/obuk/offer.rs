//! OBUK offers. Source: `OBReadOffer1`. An address in an offer is not read: nothing here leads out of the chat.

use bytes::Bytes;
use http::Request;

use crate::bank::address::Base;
use crate::bank::obuk::shape;
use crate::bank::{BankError, pages::Cursor, pages::Page, wire, wire::Answer};
use crate::domain::offer::{BankOffer, Rule};
use crate::domain::text::{label, sentence};

/// `GET /offers`: those of all accounts.
pub(super) fn build_offers(base: &Base, cursor: Option<&Cursor>) -> Result<Request<Bytes>, BankError> {
    match cursor {
        Some(cursor) => wire::get(&cursor.value),
        None => wire::get(&base.join(&["offers"], &[])),
    }
}

/// One page of `GET /offers`. One without words for what is offered cannot be shown and is left out. The place and the
/// reason have no fields in the standard: they are in `SupplementaryData`, where a bank tells them.
pub(super) fn parse_offers(base: &Base, answer: &Answer) -> Result<Page<BankOffer>, BankError> {
    let envelope = shape::accepted(answer)?;
    let mut rows = Vec::new();
    if let Some(list) = envelope.need("Data")?.fields()?.get("Offer") {
        for item in list.items()? {
            let fields = item.fields()?;
            let Some(text) = fields.word("Description") else { continue };
            let more = fields.object("SupplementaryData");
            let told = |name: &str| more.as_ref().and_then(|more| more.word(name));
            let until = fields.get("EndDateTime").map(|node| node.moment()).transpose()?;
            let offer = BankOffer {
                merchant: told("MerchantName").map(|name| label(&name)),
                text: sentence(&text),
                until: until.map(|moment| moment.day),
                rule: told("Rule").map(|rule| Rule::read(&sentence(&rule))),
            };
            rows.push((fields.word("OfferId"), offer));
        }
    }
    Ok(Page { rows, next: shape::next_page(&envelope, base)? })
}
