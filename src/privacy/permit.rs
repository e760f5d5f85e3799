//! The right to call a bank. A connector takes a [`Permit`] with every call, and only this file can make one, from
//! a live consent that no stop holds, and a purpose: no consent, no call, by type.
//!
//! A permit comes from a consent that was cleared, and from nowhere else; it is used where it was made, not kept or copied:
//! ```
//! # use balancebot::domain::purpose::{DataClass, Purpose};
//! # use balancebot::privacy::permit::{NoPermit, Permit, permit, stops::Cleared};
//! fn ask(link: &Cleared<'_>, today: jiff::civil::Date) -> Result<Permit, NoPermit> {
//!     permit(link, &[DataClass::Balances], Purpose::Answer, "m.1", today)
//! }
//! ```
//! ```compile_fail,E0451
//! # use balancebot::domain::{link::Link, purpose::{DataClass, Purpose}};
//! # use balancebot::privacy::permit::{NoPermit, Permit, permit};
//! fn make(link: &Link) -> Permit {
//!     Permit {
//!         bank: link.bank.clone(),
//!         classes: vec![DataClass::Balances],
//!         purpose: Purpose::Answer,
//!         question: "m.1".to_owned(),
//!         token: link.token.clone(),
//!         watch: None,
//!     }
//! }
//! ```
//! ```compile_fail,E0423
//! # use balancebot::privacy::permit::{OffersPermit, Permit};
//! fn make(permit: Permit) -> OffersPermit {
//!     OffersPermit(permit)
//! }
//! ```
//! ```compile_fail,E0277
//! # use balancebot::privacy::permit::{OffersPermit, Permit};
//! fn copied<T: Clone>() {}
//! copied::<Permit>();
//! ```
//! ```compile_fail,E0277
//! # use balancebot::privacy::permit::{OffersPermit, Permit};
//! fn copied<T: Clone>() {}
//! copied::<OffersPermit>();
//! ```
//! ```compile_fail,E0277
//! # use balancebot::privacy::permit::Permit;
//! fn kept<T: serde::de::DeserializeOwned>() {}
//! kept::<Permit>();
//! ```
//! What asks that of something that has it compiles, so it is the permit that does not:
//! ```
//! # use balancebot::domain::link::Link;
//! fn copied<T: Clone>() {}
//! fn kept<T: serde::de::DeserializeOwned>() {}
//! copied::<Link>();
//! kept::<Link>();
//! ```
//! Neither kind does what the other is for:
//! ```
//! # use balancebot::bank::BankConnector;
//! # use balancebot::privacy::permit::{OffersPermit, Permit};
//! async fn read(bank: &dyn BankConnector, permit: Permit, offers: OffersPermit) {
//!     let _ = bank.accounts(&permit).await;
//!     let _ = bank.offers(&offers).await;
//! }
//! ```
//! ```compile_fail,E0308
//! # use balancebot::bank::BankConnector;
//! # use balancebot::privacy::permit::{OffersPermit, Permit};
//! async fn read(bank: &dyn BankConnector, permit: Permit) {
//!     let _ = bank.offers(&permit).await;
//! }
//! ```
//! ```compile_fail,E0308
//! # use balancebot::bank::BankConnector;
//! # use balancebot::privacy::permit::{OffersPermit, Permit};
//! async fn read(bank: &dyn BankConnector, offers: OffersPermit) {
//!     let _ = bank.accounts(&offers).await;
//! }
//! ```

pub mod stops;

use jiff::civil::Date;
use secrecy::SecretString;

use crate::domain::{
    bank::BankId,
    offer::OffersConsent,
    purpose::{DataClass, Purpose},
    stop::Stop,
};
use stops::{Cleared, Watch};

/// The right to read some classes of one bank's data for one purpose. Cannot be cloned or stored.
#[derive(Debug)]
pub struct Permit {
    bank: BankId,
    classes: Vec<DataClass>,
    purpose: Purpose,
    question: String,
    token: SecretString,
    /// What may end it at any moment; nothing ends an operator's own trial.
    watch: Option<Watch>,
}

/// Why a consent yields no permit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoPermit {
    /// Its last day has passed.
    #[error("the consent has ended")]
    Ended,
    /// It does not cover what is asked, or what for.
    #[error("the consent does not cover this")]
    NotCovered,
}

/// The right to ask one bank for its offers, and nothing else. What reads accounts takes a [`Permit`] and what reads
/// offers takes this, so neither can be had with the other.
#[derive(Debug)]
pub struct OffersPermit(Permit);

/// Makes the permit for offers: from a link that stands on `today`, and from the person's own word that offers may be
/// asked for, which no link replaces.
pub fn offers_permit(
    cleared: &Cleared<'_>,
    _consent: &OffersConsent,
    question: &str,
    today: Date,
) -> Result<OffersPermit, NoPermit> {
    let link = cleared.link();
    if !link.is_live(today) {
        return Err(NoPermit::Ended);
    }
    Ok(OffersPermit(Permit {
        bank: link.bank.clone(),
        classes: vec![DataClass::Offers],
        purpose: Purpose::Offers,
        question: question.to_owned(),
        token: link.token.clone(),
        watch: Some(cleared.watch()),
    }))
}

impl OffersPermit {
    /// For the executor, which refuses every class that a permit does not name.
    pub(crate) fn inner(&self) -> &Permit {
        &self.0
    }
}

/// Makes a permit from a consent that stands on `today` and covers the purpose and every class. The directory of accounts is
/// covered by every consent; offers by none, whatever its scopes say: see [`offers_permit`].
pub fn permit(
    cleared: &Cleared<'_>,
    classes: &[DataClass],
    purpose: Purpose,
    question: &str,
    today: Date,
) -> Result<Permit, NoPermit> {
    let link = cleared.link();
    if !link.is_live(today) {
        return Err(NoPermit::Ended);
    }
    let covered = |class: &DataClass| *class == DataClass::Accounts || link.scopes.contains(class);
    let for_offers = purpose == Purpose::Offers || classes.contains(&DataClass::Offers);
    if for_offers || !link.consent.purposes.contains(&purpose) || !classes.iter().all(covered) {
        return Err(NoPermit::NotCovered);
    }
    Ok(Permit {
        bank: link.bank.clone(),
        classes: classes.to_vec(),
        purpose,
        question: question.to_owned(),
        token: link.token.clone(),
        watch: Some(cleared.watch()),
    })
}

/// A permit for an operator's own trial of a configured bank with a token of his own (`bank try`). It touches no
/// person's link.
pub fn trial(bank: &BankId, token: SecretString) -> Permit {
    Permit {
        bank: bank.clone(),
        classes: vec![DataClass::Accounts, DataClass::Balances, DataClass::Transactions],
        purpose: Purpose::Trial,
        question: "trial".to_owned(),
        token,
        watch: None,
    }
}

impl Permit {
    /// The bank that may be called.
    pub fn bank(&self) -> &BankId {
        &self.bank
    }

    /// The classes that may be read.
    pub fn classes(&self) -> &[DataClass] {
        &self.classes
    }

    /// Whether a class may be read. The directory of accounts always may, except on the way to offers.
    pub fn covers(&self, class: DataClass) -> bool {
        let along = class == DataClass::Accounts && self.purpose != Purpose::Offers;
        along || self.classes.contains(&class)
    }

    /// Why.
    pub fn purpose(&self) -> Purpose {
        self.purpose
    }

    /// The question it was made for.
    pub fn question(&self) -> &str {
        &self.question
    }

    /// Returns once a stop ends this permit: whatever is read under it is then broken off.
    pub async fn stopped(&self) -> Stop {
        match &self.watch {
            Some(watch) => watch.stopped().await,
            None => std::future::pending().await,
        }
    }

    /// What sees a stop come; none for an operator's own trial.
    pub fn watch(&self) -> Option<&Watch> {
        self.watch.as_ref()
    }

    /// The bearer token of the consent.
    pub fn token(&self) -> &SecretString {
        &self.token
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::stops::Stops;
    use super::*;
    use crate::domain::link::Link;
    use crate::domain::message::Conversation;

    fn link(scopes: &[DataClass]) -> Link {
        Link {
            bank: "northgate".into(),
            until: date(2027, 5, 1),
            scopes: scopes.to_vec(),
            token: "t".into(),
            accounts: Vec::new(),
            grant: Default::default(),
            consent: Default::default(),
        }
    }

    #[test]
    fn only_a_live_consent_that_covers_the_classes_yields_one() {
        let balances = link(&[DataClass::Balances]);
        let stops = Stops::default();
        let balances = stops.clear(&Conversation::messenger("1", "2"), &balances).expect("no stop");
        let ask = |classes: &[DataClass], today| permit(&balances, classes, Purpose::Answer, "q", today).map(|_| ());
        assert_eq!(ask(&[DataClass::Balances], date(2027, 5, 1)), Ok(()), "the last day counts");
        assert_eq!(ask(&[DataClass::Balances], date(2027, 5, 2)), Err(NoPermit::Ended));
        assert_eq!(ask(&[DataClass::Transactions], date(2027, 5, 1)), Err(NoPermit::NotCovered));
        assert_eq!(ask(&[DataClass::Accounts], date(2027, 5, 1)), Ok(()));
    }

    #[test]
    fn a_purpose_that_was_not_agreed_to_yields_none() {
        let mut link = link(&[DataClass::Balances]);
        link.consent.purposes = vec![Purpose::Answer];
        let stops = Stops::default();
        let link = stops.clear(&Conversation::messenger("1", "2"), &link).expect("no stop");
        let ask = |purpose| permit(&link, &[DataClass::Balances], purpose, "q", date(2027, 5, 1)).map(|_| ());
        assert_eq!(ask(Purpose::Answer), Ok(()));
        assert_eq!(ask(Purpose::Alert), Err(NoPermit::NotCovered));
    }

    #[test]
    fn who_must_say_again_that_it_may_be_read_yields_none_until_then() {
        let mut link = link(&[DataClass::Balances]);
        link.consent.confirm_by = Some(date(2027, 2, 1));
        let stops = Stops::default();
        let link = stops.clear(&Conversation::messenger("1", "2"), &link).expect("no stop");
        let ask = |today| permit(&link, &[DataClass::Balances], Purpose::Answer, "q", today).map(|_| ());
        assert_eq!(ask(date(2027, 2, 1)), Ok(()));
        assert_eq!(ask(date(2027, 2, 2)), Err(NoPermit::Ended));
    }

    #[test]
    fn offers_and_answers_have_permits_apart() {
        let all = link(&[DataClass::Balances, DataClass::Transactions, DataClass::Details, DataClass::Offers]);
        let stops = Stops::default();
        let all = stops.clear(&Conversation::messenger("1", "2"), &all).expect("no stop");
        let today = date(2027, 5, 1);
        let refused = |classes: &[DataClass], purpose| permit(&all, classes, purpose, "q", today).map(|_| ());
        assert_eq!(refused(&[DataClass::Offers], Purpose::Answer), Err(NoPermit::NotCovered));
        assert_eq!(refused(&[DataClass::Transactions], Purpose::Offers), Err(NoPermit::NotCovered));
        let consent = OffersConsent { since: jiff::Timestamp::UNIX_EPOCH };
        let offers = offers_permit(&all, &consent, "q", today).expect("the link stands");
        let covered = |class| offers.inner().covers(class);
        assert!(covered(DataClass::Offers));
        assert!(![DataClass::Accounts, DataClass::Balances, DataClass::Transactions].into_iter().any(covered));
        let ended = offers_permit(&all, &consent, "q", date(2027, 5, 2)).map(|_| ());
        assert_eq!(ended, Err(NoPermit::Ended));
    }
}
