//! The Open Banking UK dialect: Read/Write Account and Transaction API, 3.1.x with its long words and 4.0 with ISO
//! codes. Requests are built and answers parsed by pure functions; this file only joins them.

use async_trait::async_trait;
use jiff::civil::Date;

use crate::bank::address::Base;
use crate::bank::{BankConnector, BankError, pages::Pages, rows, settings::BankSettings, wire::Wire};
use crate::domain::{
    account::{Account, Balances},
    bank::Bank,
    offer::BankOffer,
    period::Period,
    purpose::DataClass,
    transaction::Transaction,
};
use crate::privacy::permit::{OffersPermit, Permit};

mod account;
mod balance;
mod offer;
mod request;
mod shape;
mod transaction;

/// A bank that speaks Open Banking UK.
pub(crate) struct Obuk {
    settings: BankSettings,
    base: Base,
    wire: Wire,
}

impl Obuk {
    pub(crate) fn new(settings: BankSettings, base: Base, wire: Wire) -> Self {
        Self { settings, base, wire }
    }
}

#[async_trait]
impl BankConnector for Obuk {
    fn bank(&self) -> &Bank {
        &self.settings.bank
    }

    fn dialect(&self) -> &'static str {
        "obuk"
    }

    fn history_from(&self, today: Date) -> Option<Date> {
        self.settings.history.and_then(|history| history.first_day(today))
    }

    async fn accounts(&self, permit: &Permit) -> Result<Vec<Account>, BankError> {
        let mut pages = Pages::new(self.wire.limits());
        let mut cursor = None;
        loop {
            let request = request::build_accounts(&self.base, cursor.as_ref())?;
            let answer = self.wire.get(permit, DataClass::Accounts, request).await?;
            cursor = pages.take(account::parse_accounts(&self.settings, &self.base, &answer)?)?;
            if cursor.is_none() {
                return Ok(pages.into_rows());
            }
        }
    }

    async fn balances(&self, permit: &Permit, account: &Account) -> Result<Balances, BankError> {
        let request = request::build_balances(&self.base, &account.id)?;
        let answer = self.wire.get(permit, DataClass::Balances, request).await?;
        balance::parse_balances(account, &answer)
    }

    async fn transactions(
        &self,
        permit: &Permit,
        account: &Account,
        period: Option<Period>,
    ) -> Result<Vec<Transaction>, BankError> {
        let mut pages = Pages::new(self.wire.limits());
        let mut cursor = None;
        loop {
            let request = request::build_transactions(&self.base, &account.id, period, cursor.as_ref())?;
            let answer = self.wire.get(permit, DataClass::Transactions, request).await?;
            cursor = pages.take(transaction::parse_transactions(&self.settings, account, &self.base, &answer)?)?;
            if cursor.is_none() {
                return Ok(rows::arrange(pages.into_rows(), period));
            }
        }
    }

    fn tells_offers(&self) -> bool {
        self.settings.offers
    }

    async fn offers(&self, permit: &OffersPermit) -> Result<Vec<BankOffer>, BankError> {
        let mut pages = Pages::new(self.wire.limits());
        let mut cursor = None;
        loop {
            let request = offer::build_offers(&self.base, cursor.as_ref())?;
            let answer = self.wire.get(permit.inner(), DataClass::Offers, request).await?;
            cursor = pages.take(offer::parse_offers(&self.base, &answer)?)?;
            if cursor.is_none() {
                return Ok(pages.into_rows());
            }
        }
    }
}
