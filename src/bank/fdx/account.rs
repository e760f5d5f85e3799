//! FDX accounts and their balances. Source: FDX API 6, `AccountDescriptor`, `DepositAccount`, `LocAccount`,
//! `LoanAccount`.

use jiff::Timestamp;

use crate::bank::fdx::shape::{self, Shaped};
use crate::bank::json::{Fields, malformed};
use crate::bank::{AccountWithBalances, BankError, pages::Page, rows, settings::BankSettings, wire::Answer};
use crate::domain::{
    account::{Account, AccountClass, AccountId, AsOf, Balance, BalanceKind, Balances},
    money::Currency,
    text::label,
};

/// One page of `GET /accounts`. Closed accounts are left out.
pub(super) fn parse_accounts(settings: &BankSettings, answer: &Answer) -> Result<Page<Account>, BankError> {
    parse_list(settings, answer, |account, _| Ok(account))
}

/// One page of `GET /accounts`, with the figures of those that have any.
pub(super) fn parse_detailed_accounts(
    settings: &BankSettings,
    answer: &Answer,
) -> Result<Page<AccountWithBalances>, BankError> {
    parse_list(settings, answer, |account, fields| {
        // An account whose figures are not all here, or cannot be read, is asked for apart: its trouble is its own.
        let main = sources(account.class)[0].0;
        let told = balances(&account, fields, answer.received).ok();
        let told = told.filter(|told| told.figures.iter().any(|figure| figure.kind == main));
        Ok((account, told))
    })
}

fn parse_list<T>(
    settings: &BankSettings,
    answer: &Answer,
    row: impl Fn(Account, &Fields<'_>) -> Result<T, BankError>,
) -> Result<Page<T>, BankError> {
    let fields = shape::accepted(answer)?.fields()?;
    let mut rows = Vec::new();
    for item in fields.need("accounts")?.items()? {
        let Shaped { fields, category } = shape::unwrap(&item)?;
        // A closed account is checked like the others, and then not listed.
        let account = account(settings, &fields, &category)?;
        if fields.word("status").is_none_or(|status| status != "CLOSED") {
            rows.push((Some(account.id.as_str().to_owned()), row(account, &fields)?));
        }
    }
    Ok(Page { rows, next: shape::next_page(&fields) })
}

fn account(settings: &BankSettings, fields: &Fields<'_>, category: &str) -> Result<Account, BankError> {
    let kind = fields.word("accountType").unwrap_or_default();
    let class = class(category, &kind);
    let name = ["nickname", "productName", "displayName"].into_iter().find_map(|name| fields.word(name));
    Ok(Account {
        id: AccountId::new(fields.need("accountId")?.id()?),
        bank: settings.bank.id.clone(),
        nick: label(&name.unwrap_or_else(|| class.word().replace('_', " "))),
        last4: fields.word("accountNumberDisplay").and_then(|number| rows::last4(&number)),
        class,
        currency: match currency(fields)? {
            Some(currency) => currency,
            None => {
                settings.currency.ok_or_else(|| malformed(fields.path_of("currency.currencyCode"), "is missing"))?
            }
        },
    })
}

/// The currency of an account, if it tells.
fn currency(fields: &Fields<'_>) -> Result<Option<Currency>, BankError> {
    let Some(node) = fields.get("currency") else { return Ok(None) };
    if node.word().is_some() {
        return node.currency().map(Some);
    }
    node.fields()?.get("currencyCode").map(|code| code.currency()).transpose()
}

/// Our class of an FDX category and type. Types that hold money out of daily reach (certificates, investments) are
/// not added to anything.
fn class(category: &str, kind: &str) -> AccountClass {
    match (category, kind) {
        ("DEPOSIT_ACCOUNT", "CHECKING") => AccountClass::Checking,
        ("DEPOSIT_ACCOUNT", "SAVINGS" | "MONEYMARKET") => AccountClass::Savings,
        ("LOC_ACCOUNT", "CREDITCARD" | "CHARGE") => AccountClass::CreditCard,
        ("LOC_ACCOUNT" | "LOAN_ACCOUNT", _) => AccountClass::Loan,
        _ => AccountClass::Other,
    }
}

/// The figures of `GET /accounts/{accountId}`.
pub(super) fn parse_balances(account: &Account, answer: &Answer) -> Result<Balances, BankError> {
    let fields = shape::unwrap(&shape::accepted(answer)?)?.fields;
    let balances = balances(account, &fields, answer.received)?;
    if balances.figures.is_empty() && account.class != AccountClass::Other {
        return Err(malformed(fields.path_of("currentBalance"), "is missing"));
    }
    Ok(balances)
}

/// The figures that an account's members tell, if any.
fn balances(account: &Account, fields: &Fields<'_>, received: Timestamp) -> Result<Balances, BankError> {
    let currency = currency(fields)?.unwrap_or(account.currency);
    let as_of = match fields.get("balanceAsOf") {
        Some(node) => AsOf::Bank(node.moment()?.at),
        None => AsOf::Fetched(received),
    };
    let mut figures = Vec::new();
    for (kind, names) in sources(account.class) {
        if let Some(node) = fields.first(names) {
            figures.push(Balance { kind: *kind, money: node.money(currency)?, as_of });
        }
    }
    let due = match fields.get("nextPaymentDate") {
        Some(node) if account.class.is_debt() => Some(node.moment()?.day),
        _ => None,
    };
    Ok(Balances { figures, due })
}

/// Which fields give which figure; the first that is there counts. What is owed is positive in FDX as it is here.
fn sources(class: AccountClass) -> &'static [(BalanceKind, &'static [&'static str])] {
    match class {
        AccountClass::CreditCard => &[
            (BalanceKind::Owed, &["currentBalance", "principalBalance"]),
            (BalanceKind::Limit, &["creditLine"]),
            (BalanceKind::AvailableCredit, &["availableCredit"]),
            (BalanceKind::Statement, &["lastStmtBalance"]),
            (BalanceKind::MinimumDue, &["minimumPaymentAmount"]),
        ],
        AccountClass::Loan => &[
            (BalanceKind::Owed, &["principalBalance", "currentBalance"]),
            (BalanceKind::Limit, &["creditLine"]),
            (BalanceKind::AvailableCredit, &["availableCredit"]),
            (BalanceKind::Statement, &["lastStmtBalance"]),
            (BalanceKind::MinimumDue, &["minimumPaymentAmount", "nextPaymentAmount"]),
        ],
        AccountClass::Checking | AccountClass::Savings | AccountClass::Other => {
            &[(BalanceKind::Booked, &["currentBalance"]), (BalanceKind::Available, &["availableBalance"])]
        }
    }
}
