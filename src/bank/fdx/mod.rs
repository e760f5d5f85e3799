//! The FDX dialect: Financial Data Exchange API 4.6 to 6.x, as far as Plaid Core Exchange publishes it. Requests are
//! built and answers parsed by pure functions; this file only joins them.

use std::sync::OnceLock;

use async_trait::async_trait;
use jiff::civil::Date;

use crate::bank::address::Base;
use crate::bank::{
    AccountWithBalances, BankConnector, BankError, Together, pages::Pages, rows, settings::BankSettings, wire::Wire,
};
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
mod offer;
mod request;
mod shape;
mod transaction;

/// A bank that speaks FDX.
pub(crate) struct Fdx {
    settings: BankSettings,
    base: Base,
    wire: Wire,
    /// Whether the list of accounts holds their figures, as the bank's first list showed.
    tells_details: OnceLock<bool>,
}

impl Fdx {
    pub(crate) fn new(settings: BankSettings, base: Base, wire: Wire) -> Self {
        Self { settings, base, wire, tells_details: OnceLock::new() }
    }

    async fn detailed_accounts(&self, permit: &Permit) -> Result<Vec<AccountWithBalances>, BankError> {
        let mut pages = Pages::new(self.wire.limits());
        let mut cursor = None;
        loop {
            let request = request::build_detailed_accounts(&self.base, cursor.as_ref())?;
            let answer = self.wire.get(permit, DataClass::Balances, request).await?;
            cursor = pages.take(account::parse_detailed_accounts(&self.settings, &answer)?)?;
            if cursor.is_none() {
                return Ok(pages.into_rows());
            }
        }
    }
}

#[async_trait]
impl BankConnector for Fdx {
    fn bank(&self) -> &Bank {
        &self.settings.bank
    }

    fn dialect(&self) -> &'static str {
        "fdx"
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
            cursor = pages.take(account::parse_accounts(&self.settings, &answer)?)?;
            if cursor.is_none() {
                return Ok(pages.into_rows());
            }
        }
    }

    fn tells_together(&self) -> Together {
        match self.tells_details.get() {
            Some(true) => Together::Yes,
            Some(false) => Together::No,
            None => Together::Unknown,
        }
    }

    async fn accounts_with_balances(&self, permit: &Permit) -> Result<Vec<AccountWithBalances>, BankError> {
        let told = match self.detailed_accounts(permit).await {
            Ok(accounts) => accounts,
            Err(error @ (BankError::TooSlow | BankError::RateLimited { .. } | BankError::ConsentEnded)) => {
                return Err(error);
            }
            // A bank that does not know `resultType` may refuse it or stumble over it. Whatever else is wrong shows in the
            // plain call.
            Err(_) if self.tells_details.get().is_none() => {
                let accounts = self.accounts(permit).await?;
                accounts.into_iter().map(|account| (account, None)).collect()
            }
            Err(error) => return Err(error),
        };
        if !told.is_empty() {
            // Once is enough to know: an account without figures is asked for apart in any case.
            self.tells_details.get_or_init(|| told.iter().any(|(_, balances)| balances.is_some()));
        }
        Ok(told)
    }

    async fn balances(&self, permit: &Permit, account: &Account) -> Result<Balances, BankError> {
        let request = request::build_account(&self.base, &account.id)?;
        let answer = self.wire.get(permit, DataClass::Balances, request).await?;
        account::parse_balances(account, &answer)
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
            let page_rows = self.wire.limits().page_rows;
            let request = request::build_transactions(&self.base, &account.id, period, page_rows, cursor.as_ref())?;
            let answer = self.wire.get(permit, DataClass::Transactions, request).await?;
            cursor = pages.take(transaction::parse_transactions(&self.settings, account, &answer)?)?;
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
            cursor = pages.take(offer::parse_offers(&answer)?)?;
            if cursor.is_none() {
                return Ok(pages.into_rows());
            }
        }
    }
}
