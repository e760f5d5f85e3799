//! What an operator says about one bank, and the one place where a dialect is chosen.

use std::sync::Arc;
use std::time::Duration;

use jiff::ToSpan;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::bank::address::{BadAddress, Base};
use crate::bank::login::LoginSettings;
use crate::bank::{BankConnector, fdx::Fdx, guard::Guard, obuk::Obuk, wire::Wire};
use crate::clock::Clock;
use crate::domain::{bank::Bank, consent::ConsentRule, money::Currency};
use crate::egress::Transport;

/// How to reach and read one bank.
#[derive(Clone, Debug)]
pub struct BankSettings {
    /// Who it is.
    pub bank: Bank,
    /// What it speaks.
    pub dialect: Dialect,
    /// The address above `/accounts`, without query: `https://api.northgate.example/fdx/v6`.
    pub base_url: String,
    /// The currency of accounts for which the bank names none.
    pub currency: Option<Currency>,
    /// The bank's time zone, for a bank that writes its times in UTC: a purchase of the evening then counts for its
    /// own day. Times with another offset count for the day as written.
    pub zone: Option<TimeZone>,
    /// How far back its rows go, where that is known: the dialects have no word for it, and a bank that keeps
    /// nothing of some days answers with no rows, as it does when nothing was paid.
    pub history: Option<History>,
    /// What a read may cost.
    pub limits: Limits,
    /// Whether it tells offers: `/offers` of OBUK; for FDX, whose standard has none, the same address as an extension.
    pub offers: bool,
    /// How long consents stand.
    pub consent: ConsentRule,
    /// The public key (Ed25519) of the bank's orders that it is not read.
    pub orders_key: Option<[u8; 32]>,
    /// Where people sign in and agree, if they link the bank themselves.
    pub login: Option<LoginSettings>,
}

/// How far back a bank's rows go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum History {
    /// Not before this day.
    From(Date),
    /// This many days back from the present one.
    Days(u32),
}

impl History {
    /// The first day of which the bank has rows.
    pub fn first_day(self, today: Date) -> Option<Date> {
        match self {
            Self::From(day) => Some(day),
            Self::Days(days) => today.checked_sub(i64::from(days).days()).ok(),
        }
    }
}

impl BankSettings {
    /// Settings with the usual limits and nothing assumed of the bank.
    pub fn new(bank: Bank, dialect: Dialect, base_url: impl Into<String>) -> Self {
        Self {
            bank,
            dialect,
            base_url: base_url.into(),
            currency: None,
            zone: None,
            history: None,
            limits: Limits::default(),
            offers: false,
            consent: ConsentRule::default(),
            orders_key: None,
            login: None,
        }
    }
}

/// A dialect and its version. The parsers accept every shape of their dialect, because banks mix versions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// Financial Data Exchange: wrapped objects (4.6 to 5.x) and flat ones (6.x).
    Fdx {
        /// For example `6.4`.
        version: String,
    },
    /// Open Banking UK account information: long words (3.1) and ISO codes (4.0).
    Obuk {
        /// For example `4.0`.
        version: String,
    },
}

/// A dialect or version that is not spoken here.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UnknownDialect {
    /// No such dialect.
    #[error("is not a dialect: fdx, obuk")]
    Name,
    /// No such version of it.
    #[error("is not a version of this dialect: {0}")]
    Version(&'static str),
}

impl Dialect {
    /// The dialect of a name and a version; the newest version when none is given.
    pub fn parse(name: &str, version: Option<&str>) -> Result<Self, UnknownDialect> {
        let major = |version: &str| version.split('.').next().unwrap_or_default().to_owned();
        match name {
            "fdx" => {
                let version = version.unwrap_or("6.4").to_owned();
                let known = matches!(major(&version).as_str(), "4" | "5" | "6");
                known.then_some(Self::Fdx { version }).ok_or(UnknownDialect::Version("4.6, 5.x, 6.x"))
            }
            "obuk" => {
                let version = version.unwrap_or("4.0").to_owned();
                let known = matches!(major(&version).as_str(), "3" | "4");
                known.then_some(Self::Obuk { version }).ok_or(UnknownDialect::Version("3.1, 4.0"))
            }
            _ => Err(UnknownDialect::Name),
        }
    }

    /// Its name: `fdx`, `obuk`.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Fdx { .. } => "fdx",
            Self::Obuk { .. } => "obuk",
        }
    }
}

/// What one bank may cost us, and we it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Longest time for one call, its retries and its waiting for a free place included.
    pub call_timeout: Duration,
    /// How often a call is tried again after a failure of the bank.
    pub retries_max: u32,
    /// Wait before the first retry; doubled for each further one.
    pub retry_after: Duration,
    /// Calls at one time.
    pub calls_at_once: usize,
    /// Failed calls in a row after which the bank is left alone.
    pub failures_max: u32,
    /// How long it is left alone before one call tries again.
    pub rest: Duration,
    /// Rows asked for with one page, where the dialect lets us ask.
    pub page_rows: u32,
    /// Pages of one list.
    pub pages_max: usize,
    /// Rows of one list.
    pub rows_max: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            call_timeout: Duration::from_secs(10),
            retries_max: 2,
            retry_after: Duration::from_millis(200),
            calls_at_once: 16,
            failures_max: 5,
            rest: Duration::from_secs(30),
            page_rows: 200,
            pages_max: 50,
            rows_max: 10_000,
        }
    }
}

/// Makes the connector of a bank.
///
/// # Errors
/// When the base address is not absolute, or not encrypted and not on this machine.
pub fn connect(
    settings: BankSettings,
    transport: Arc<dyn Transport>,
    clock: Arc<dyn Clock>,
) -> Result<Arc<dyn BankConnector>, BadAddress> {
    let base = Base::parse(&settings.base_url)?;
    let guard = Guard::new(&settings.limits, clock.clone());
    let wire = Wire::new(settings.bank.id.clone(), settings.limits.clone(), guard, transport, clock);
    Ok(match settings.dialect {
        Dialect::Fdx { .. } => Arc::new(Fdx::new(settings, base, wire)),
        Dialect::Obuk { .. } => Arc::new(Obuk::new(settings, base, wire)),
    })
}
