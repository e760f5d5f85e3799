//! Offers, asked of the banks that tell any: under the person's own consent to them, each under a permit that opens
//! nothing else. What comes is shown once and kept nowhere.

use futures_util::future::join_all;
use jiff::Timestamp;
use jiff::civil::Date;

use crate::bank::ask::{NotLogged, Sources, over, stopped, trouble};
use crate::bank::{BankConnector, wire::within};
use crate::domain::{
    access::{AccessEntry, AccessKind},
    bank::BankId,
    facts::Missing,
    link::Link,
    offer::{BankOffer, Offers, OffersConsent},
    purpose::{DataClass, Purpose},
    reading::Intent,
};
use crate::privacy::permit::{OffersPermit, offers_permit};

/// What asking for offers brought.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AskedOffers {
    /// The offers, as far as they could be had.
    pub offers: Offers,
    /// How each read ended, to be committed with the reply.
    pub closed: Vec<AccessEntry>,
}

/// Asks every linked bank that tells offers, all at the same time. Offers whose last day is before `today` are left out.
///
/// # Errors
/// When the access log cannot be written. No bank was called then.
pub async fn ask_offers(
    sources: Sources<'_>,
    consent: &OffersConsent,
    question: &str,
    links: &[Link],
    today: Date,
    deadline: Timestamp,
) -> Result<AskedOffers, NotLogged> {
    let mut asked = AskedOffers::default();
    let mut plan: Vec<(&dyn BankConnector, OffersPermit)> = Vec::new();
    let entry = |kind, bank: &BankId| AccessEntry {
        at: sources.clock.now(),
        kind,
        bank: Some(bank.clone()),
        classes: vec![DataClass::Offers],
        purpose: Some(Purpose::Offers),
        question: question.to_owned(),
        about: Some(Intent::OfferList),
    };
    for connector in &sources.banks.0 {
        let bank = connector.bank();
        let Some(link) = links.iter().find(|link| link.bank == bank.id) else { continue };
        if !connector.tells_offers() {
            asked.offers.silent.push(bank.clone());
            continue;
        }
        let cleared = match sources.stops.clear(sources.of, link) {
            Ok(cleared) => cleared,
            Err(stop) => {
                asked.closed.push(entry(AccessKind::Stopped, &bank.id));
                asked.offers.missing.push(stopped(bank, &stop));
                continue;
            }
        };
        match offers_permit(&cleared, consent, question, today) {
            Ok(permit) => plan.push((&**connector, permit)),
            Err(_) => {
                let missing = Missing { bank: bank.clone(), account: None, trouble: over(link, today) };
                asked.offers.missing.push(missing);
            }
        }
    }
    if !plan.is_empty() {
        let opened = plan.iter().map(|(connector, _)| entry(AccessKind::Opened, &connector.bank().id));
        sources.log.opened(opened.collect()).await?;
    }
    let answers = join_all(plan.into_iter().map(|(connector, permit)| async move {
        let told = tokio::select! {
            biased;
            stop = permit.inner().stopped() => Err(stop),
            told = within(sources.clock, deadline, connector.offers(&permit)) => Ok(told.and_then(|told| told)),
        };
        (connector.bank(), told)
    }))
    .await;
    for (bank, told) in answers {
        match told {
            Err(stop) => {
                asked.closed.push(entry(AccessKind::Stopped, &bank.id));
                asked.offers.missing.push(stopped(bank, &stop));
            }
            Ok(Ok(mut offers)) => {
                asked.closed.push(entry(AccessKind::Fetched, &bank.id));
                let stands = |offer: &BankOffer| offer.until.is_none_or(|until| until >= today);
                offers.retain(stands);
                asked.offers.banks.push((bank.clone(), offers));
            }
            Ok(Err(error)) => {
                tracing::warn!(bank = %bank.id, call = "offers", %error, "a bank call failed");
                asked.closed.push(entry(AccessKind::Failed, &bank.id));
                let missing = Missing { bank: bank.clone(), account: None, trouble: trouble(&error) };
                asked.offers.missing.push(missing);
            }
        }
    }
    Ok(asked)
}
