//! `[[link]]`: consents given by config, for a bench or a trial without linking. On a loopback listener only.

use super::bank::BankConfig;
use super::document::{Entry, Section, Wrong};
use super::messenger::Messenger;
use super::secret::secret;
use super::value::{date, id, line, platform_id};
use crate::domain::bank::BankId;
use crate::domain::link::{Grant, Link};
use crate::domain::message::Conversation;
use crate::domain::purpose::DataClass;

/// `[[link]]`.
#[derive(Clone, Debug)]
pub struct ConfiguredLink {
    /// Whose bank it is.
    pub conversation: Conversation,
    /// The consent. Its directory of accounts is empty until the bank is first read.
    pub link: Link,
}

/// What links must agree with; `None` where that itself could not be read.
pub(super) struct Around<'a> {
    /// Whether the listener is on loopback.
    pub(super) loopback: Option<bool>,
    /// The pages.
    pub(super) messenger: Option<&'a Messenger>,
    /// The banks.
    pub(super) banks: Option<&'a [BankConfig]>,
}

impl ConfiguredLink {
    /// Reads every link and checks it against what stands around it.
    pub(super) fn read_all(sections: &[Section<'_>], around: &Around<'_>) -> Option<Vec<Self>> {
        let mut seen: Vec<(Conversation, BankId)> = Vec::new();
        let mut links = Vec::new();
        for section in sections {
            let link = Self::read(section);
            if let Some(link) = &link {
                link.validate(section, around);
                let key = (link.conversation.clone(), link.link.bank.clone());
                if seen.contains(&key) {
                    section.fault("bank", Wrong::new("is linked twice to the same person"));
                }
                seen.push(key);
            }
            if around.loopback == Some(false) {
                let wrong = Wrong::new("[[link]] is refused: `server.listen` is not a loopback address");
                section.fault_here(wrong.help("people link their banks themselves; remove the table"));
            }
            links.push(link);
        }
        links.into_iter().collect()
    }

    fn read(section: &Section<'_>) -> Option<Self> {
        let page = section.required("page", platform_id);
        let user = section.required("user", platform_id);
        let bank = section.required("bank", id);
        let token = section.required("token", secret);
        let until = section.required("until", date);
        let scopes = section.defaulted("scopes", scopes);
        let customer = section.optional("customer", line);
        section.finish();
        Some(Self {
            conversation: Conversation::messenger(page?, user?),
            link: Link {
                bank: BankId::new(bank?),
                until: until?,
                scopes: scopes?,
                token: token?,
                accounts: Vec::new(),
                grant: Grant { customer, ..Grant::default() },
                consent: Default::default(),
            },
        })
    }

    fn validate(&self, section: &Section<'_>, around: &Around<'_>) {
        let page = &self.conversation.page;
        if around.messenger.is_some_and(|messenger| messenger.page(page).is_none()) {
            section.fault(
                "page",
                Wrong::new(format!("is not configured: {page}")).help("add a [[messenger.page]] for it"),
            );
        }
        let bank = &self.link.bank;
        if around.banks.is_some_and(|banks| !banks.iter().any(|known| known.bank.id == *bank)) {
            section
                .fault("bank", Wrong::new(format!("is not configured: {bank}")).help("add a [[bank.…]] with this id"));
        }
    }
}

fn scopes(entry: &Entry<'_>) -> Result<Vec<DataClass>, Wrong> {
    let class = |element: &Entry<'_>| {
        let word = element.text()?;
        // Offers stand under a consent that people give in the chat, and that no file gives for them.
        let class = DataClass::parse(word).filter(|class| *class != DataClass::Offers);
        class.ok_or_else(|| {
            Wrong::new(format!("holds an unknown scope: {word:?}"))
                .help("known scopes: accounts, balances, transactions, details")
        })
    };
    entry.elements()?.iter().map(class).collect()
}
