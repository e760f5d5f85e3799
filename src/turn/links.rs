//! Links as turns use them: opened from and sealed for the store.

use crate::domain::{bank::BankId, link::Link, message::Conversation};
use crate::privacy::seal::Place;
use crate::store::Claim;
use crate::turn::Turn;

impl Turn {
    /// The links that came with a claim. One that does not open is left out and reported: a consent that cannot be
    /// proved is none.
    pub(super) fn open_links(&self, claim: &Claim) -> Vec<Link> {
        self.open_sealed_links(&claim.conversation, &claim.links)
    }

    pub(super) fn open_sealed_links(&self, conversation: &Conversation, sealed: &[(BankId, Vec<u8>)]) -> Vec<Link> {
        let mut links = Vec::with_capacity(sealed.len());
        for (bank, body) in sealed {
            let row = row(conversation, bank.as_str());
            let opened = self.keyring.open(place(&row), body).ok();
            match opened.and_then(|plain| serde_json::from_slice::<Link>(&plain).ok()) {
                Some(link) => links.push(link),
                None => tracing::error!(bank.id = %bank, "a stored link does not open and is not used"),
            }
        }
        // In the order of the config, so that answers list banks the same way every time.
        links.sort_by_key(|link| self.banks.0.iter().position(|bank| bank.bank().id == link.bank));
        links
    }

    /// Seals a link for its conversation.
    pub fn seal_link(&self, conversation: &Conversation, link: &Link) -> Vec<u8> {
        let plain = serde_json::to_vec(link).unwrap_or_default();
        self.keyring.seal(place(&row(conversation, link.bank.as_str())), &plain)
    }
}

fn row(conversation: &Conversation, bank: &str) -> String {
    format!("{conversation}|{bank}")
}

fn place(row: &str) -> Place<'_> {
    Place { table: "link", column: "body", row }
}
