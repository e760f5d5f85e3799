//! Offers of a bank that speaks FDX. The standard has none: this is an extension, `GET /offers`, named as FDX names
//! things, for banks whose config says that they have it.

use bytes::Bytes;
use http::Request;

use crate::bank::address::Base;
use crate::bank::fdx::{request, shape};
use crate::bank::{BankError, pages::Cursor, pages::Page, wire::Answer};
use crate::domain::offer::{BankOffer, Rule};
use crate::domain::text::{label, sentence};

/// `GET /offers`.
pub(super) fn build_offers(base: &Base, cursor: Option<&Cursor>) -> Result<Request<Bytes>, BankError> {
    request::get(base, &["offers"], &request::paging(cursor))
}

/// One page of `GET /offers`. One without words for what is offered cannot be shown and is left out.
pub(super) fn parse_offers(answer: &Answer) -> Result<Page<BankOffer>, BankError> {
    let fields = shape::accepted(answer)?.fields()?;
    let mut rows = Vec::new();
    for item in fields.need("offers")?.items()? {
        let offer = item.fields()?;
        let Some(text) = offer.word("description") else { continue };
        let until = offer.get("validUntil").map(|node| node.moment()).transpose()?;
        let told = BankOffer {
            merchant: offer.word("merchantName").map(|name| label(&name)),
            text: sentence(&text),
            until: until.map(|moment| moment.day),
            rule: offer.word("rule").map(|rule| Rule::read(&sentence(&rule))),
        };
        rows.push((offer.word("offerId"), told));
    }
    Ok(Page { rows, next: shape::next_page(&fields) })
}
