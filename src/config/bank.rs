//! `[[bank.fdx]]`, `[[bank.obuk]]`: one table a bank; the table's name is the dialect it speaks.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use secrecy::SecretString;

use super::document::{Entry, Section, Wrong};
use super::secret::secret;
use super::url::base_url;
use super::value::{count, country, duration, flag, id, in_words, line, phone};
use crate::domain::bank::{Bank, BankId};
use crate::domain::consent::{ConsentRule, YEAR_AT_MOST};

/// One configured bank.
#[derive(Clone, Debug)]
pub struct BankConfig {
    /// Who it is.
    pub bank: Bank,
    /// What it speaks.
    pub dialect: Dialect,
    /// Which version of the dialect: one of [`Dialect::versions`].
    pub version: String,
    /// Where its API begins, without a slash at its end.
    pub base_url: String,
    /// How many days back its rows go, where that is known.
    pub history_days: Option<u32>,
    /// Whether it tells offers.
    pub offers: bool,
    /// The public key (Ed25519) of the orders by which the bank stops being read.
    pub orders_key: Option<[u8; 32]>,
    /// How much of it is asked.
    pub limits: BankLimits,
    /// How long consents stand.
    pub consent: ConsentRule,
    /// Where people sign in and agree, if they link it themselves.
    pub login: Option<BankLogin>,
}

/// `[bank.*.login]`: the bank's OAuth 2.0 server, and who we are to it.
#[derive(Clone, Debug)]
pub struct BankLogin {
    /// As the bank names itself in `iss`.
    pub issuer: String,
    /// Where people sign in and agree.
    pub authorize_url: String,
    /// Where codes become tokens.
    pub token_url: String,
    /// Where requests are pushed before (RFC 9126), if the bank takes them.
    pub par_url: Option<String>,
    /// Where tokens are taken back (RFC 7009), if the bank has such a place.
    pub revoke_url: Option<String>,
    /// Who we are.
    pub client_id: String,
    /// What proves it.
    pub client_secret: SecretString,
    /// The bank's words for what may be read.
    pub scope: String,
}

/// The API standards that banks are read by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Dialect {
    /// Financial Data Exchange, United States and Canada.
    Fdx,
    /// UK Open Banking Account and Transaction API.
    Obuk,
}

/// `[bank.*.limits]`: what one bank is asked to bear, and how long it may take.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BankLimits {
    /// Time for one call, answer included.
    pub call_within: Duration,
    /// Tries of one call, the first included.
    pub attempts: u32,
    /// Calls at one time, over all people.
    pub calls: u32,
    /// Pages of one listing.
    pub pages: u32,
}

impl Dialect {
    /// Every dialect.
    pub const ALL: [Self; 2] = [Self::Fdx, Self::Obuk];

    /// The name of its tables.
    pub fn word(self) -> &'static str {
        match self {
            Self::Fdx => "fdx",
            Self::Obuk => "obuk",
        }
    }

    /// The versions that are spoken, newest first.
    pub fn versions(self) -> &'static [&'static str] {
        match self {
            Self::Fdx => &["6", "5"],
            Self::Obuk => &["4.0", "3.1"],
        }
    }
}

impl BankConfig {
    /// Reads every bank, in the order of the file. Where it is known by when people have their answer, no single call
    /// may take as long.
    pub(super) fn read_all(section: &Section<'_>, answer_by: Option<Duration>) -> Option<Vec<Self>> {
        let tables = Dialect::ALL.map(|dialect| (dialect, section.sections(dialect.word())));
        section.finish_naming("dialect");
        let mut banks: Vec<(Section<'_>, Option<Self>)> = Vec::new();
        for (dialect, tables) in tables {
            banks.extend(tables.into_iter().map(|table| {
                let bank = Self::read(&table, dialect);
                (table, bank)
            }));
        }
        banks.sort_by_key(|(table, _)| table.offset());
        for (at, (table, bank)) in banks.iter().enumerate() {
            if let (Some(bank), Some(answer_by)) = (bank, answer_by) {
                bank.limits.validate(&table.section("limits"), answer_by);
            }
            let key = bank.as_ref().and_then(|bank| bank.orders_key);
            let has_same =
                |(_, other): &(Section<'_>, Option<Self>)| other.as_ref().is_some_and(|o| o.orders_key == key);
            if key.is_some() && banks[..at].iter().any(has_same) {
                let help = "or one bank's order could be sent on as the other's";
                table.fault("orders_key", Wrong::new("is another bank's as well").help(help));
            }
            let id = |bank: &Option<Self>| bank.as_ref().map(|bank| bank.bank.id.clone());
            let Some(own) = id(bank) else { continue };
            if banks[..at].iter().any(|(_, other)| id(other).as_ref() == Some(&own)) {
                table.fault(
                    "id",
                    Wrong::new(format!("is given twice: {own}")).help("every bank needs an id of its own"),
                );
            }
        }
        banks.into_iter().map(|(_, bank)| bank).collect()
    }

    fn read(section: &Section<'_>, dialect: Dialect) -> Option<Self> {
        let id = section.required("id", id);
        let name = section.required("name", line);
        let country = section.defaulted("country", country);
        let base_url = section.required("base_url", base_url);
        let version = section.defaulted("version", |v| version(v, dialect));
        let fraud_line = section.optional("fraud_line", phone);
        let help_line = section.optional("help_line", phone);
        let history_days = section.optional("history_days", |v| count(v, 1..=36_500));
        let offers = section.defaulted("offers", flag);
        let orders_key = section.optional("orders_key", orders_key);
        let limits = BankLimits::read(&section.section("limits"));
        let consent = consent(&section.section("consent"), dialect);
        let login = section.section("login");
        let login = if login.is_given() { Some(BankLogin::read(&login)) } else { None };
        section.finish();
        let login = match login {
            Some(login) => Some(login?),
            None => None,
        };
        Some(Self {
            bank: Bank { id: BankId::new(id?), name: name?, country: country?, fraud_line, help_line },
            dialect,
            version: version?,
            base_url: base_url?,
            history_days,
            offers: offers?,
            orders_key,
            limits: limits?,
            consent: consent?,
            login,
        })
    }
}

impl BankLogin {
    fn read(section: &Section<'_>) -> Option<Self> {
        let issuer = section.required("issuer", line);
        let authorize_url = section.required("authorize_url", base_url);
        let token_url = section.required("token_url", base_url);
        let par_url = section.optional("par_url", base_url);
        let revoke_url = section.optional("revoke_url", base_url);
        let client_id = section.required("client_id", line);
        let client_secret = section.required("client_secret", secret);
        let scope = section.required("scope", line);
        section.finish();
        Some(Self {
            issuer: issuer?,
            authorize_url: authorize_url?,
            token_url: token_url?,
            par_url,
            revoke_url,
            client_id: client_id?,
            client_secret: client_secret?,
            scope: scope?,
        })
    }
}

impl BankLimits {
    fn read(section: &Section<'_>) -> Option<Self> {
        let range = Duration::from_millis(100)..=Duration::from_secs(60);
        let call_within = section.defaulted("call_within", |v| duration(v, range));
        let attempts = section.defaulted("attempts", |v| count(v, 1..=5));
        let calls = section.defaulted("calls", |v| count(v, 1..=1_000));
        let pages = section.defaulted("pages", |v| count(v, 1..=1_000));
        section.finish();
        Some(Self { call_within: call_within?, attempts: attempts?, calls: calls?, pages: pages? })
    }

    fn validate(&self, section: &Section<'_>, answer_by: Duration) {
        if self.call_within >= answer_by {
            let wrong = format!("must be shorter than `turn.answer_by` ({})", in_words(answer_by));
            section.fault("call_within", Wrong::new(wrong).help("or nobody is there any more when the bank answers"));
        }
    }
}

/// `[bank.*.consent]`. A year is the most, whatever a bank allows; and whoever is asked again must be asked before it ends.
fn consent(section: &Section<'_>, dialect: Dialect) -> Option<ConsentRule> {
    let days = section.defaulted("days", |v| count(v, 1..=YEAR_AT_MOST));
    let asked_again = |v: &Entry<'_>| count(v, 1..=YEAR_AT_MOST);
    let reconfirm_days = match dialect {
        Dialect::Obuk => section.defaulted("reconfirm_days", asked_again),
        Dialect::Fdx => section.optional("reconfirm_days", asked_again),
    };
    section.finish();
    let too_late = days.zip(reconfirm_days).is_some_and(|(days, again)| again > days);
    if section.has("reconfirm_days") && too_late {
        let wrong = Wrong::new("must not be more than `days`");
        section.fault(
            "reconfirm_days",
            wrong.help("a consent that has ended is given again at the bank, not in the chat"),
        );
    }
    Some(ConsentRule { days: days?, reconfirm_days })
}

/// An Ed25519 public key in base64: its 32 bytes, or those in the wrapping (RFC 8410) that tools such as openssl write.
fn orders_key(entry: &Entry<'_>) -> Result<[u8; 32], Wrong> {
    const WRAPPING: [u8; 12] = [0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00];
    let bytes = BASE64.decode(entry.text()?.trim()).unwrap_or_default();
    let key = bytes.strip_prefix(&WRAPPING).unwrap_or(&bytes);
    key.try_into().map_err(|_| {
        Wrong::new("is no Ed25519 public key in base64")
            .help("`openssl pkey -in key.pem -pubout -outform DER | base64` writes one")
    })
}

fn version(entry: &Entry<'_>, dialect: Dialect) -> Result<String, Wrong> {
    let text = entry.text()?;
    if dialect.versions().contains(&text) {
        return Ok(text.to_owned());
    }
    let spoken = dialect.versions().join(", ");
    Err(Wrong::new(format!("is no version of {} that is spoken here: {text:?}", dialect.word()))
        .help(format!("known versions: {spoken}")))
}
