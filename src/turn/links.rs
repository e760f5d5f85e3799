//! Links as turns use them: opened from and sealed for the store.

use jiff::tz::TimeZone;

use crate::domain::{bank::BankId, link::Link, message::Conversation};
use crate::privacy::seal::{Keyring, Place, SealError};
use crate::privacy::vault::Vault;
use crate::store::{Store, StoreError};
use crate::turn::Turn;

impl Turn {
    /// A person's vault outside of a claim. One that is new there is kept only by [`keep_link`](Self::keep_link).
    ///
    /// # Errors
    /// When the store cannot be used, or the person's key does not open.
    pub async fn vault_of(&self, conversation: &Conversation) -> Result<Vault<'_>, StoreError> {
        vault_of(&*self.store, &self.keyring, conversation).await
    }

    /// Keeps a link outside of a commit.
    ///
    /// # Errors
    /// As [`vault_of`](Self::vault_of).
    pub async fn keep_link(&self, conversation: &Conversation, link: &Link) -> Result<(), StoreError> {
        let sealed = seal_link(&vault_to_keep(&*self.store, &self.keyring, conversation).await?, conversation, link);
        self.store.put_link(conversation, &link.bank, Some(sealed), self.clock.now()).await
    }

    /// Opens sealed links. One that does not open is left out and reported: a consent that cannot be proved is none.
    pub(super) fn open_links(
        &self,
        vault: &Vault<'_>,
        conversation: &Conversation,
        sealed: &[(BankId, Vec<u8>)],
    ) -> Vec<Link> {
        let mut links = Vec::with_capacity(sealed.len());
        for (bank, body) in sealed {
            let row = Place::link_row(conversation, bank.as_str());
            let opened = vault.open(Place::link(&row), body).ok();
            match opened.and_then(|plain| serde_json::from_slice::<Link>(&plain).ok()) {
                Some(link) => links.push(self.under_rule(link)),
                None => tracing::error!(bank.id = %bank, "a stored link does not open and is not used"),
            }
        }
        // In the order of the config, so that answers list banks the same way every time.
        links.sort_by_key(|link| self.banks.0.iter().position(|bank| bank.bank().id == link.bank));
        links
    }
}

impl Turn {
    /// A link that was made before its bank had a rule is under it, too, from the day that it was made.
    fn under_rule(&self, mut link: Link) -> Link {
        let rule = self.logins.get(&link.bank).map(|login| login.rule());
        if let (Some(rule), Some(since), None) = (rule, link.grant.since, link.consent.confirm_by) {
            link.consent.confirm_by = rule.confirm_by(since.to_zoned(TimeZone::UTC).date());
        }
        link
    }
}

async fn vault_of<'a>(store: &dyn Store, ring: &'a Keyring, of: &Conversation) -> Result<Vault<'a>, StoreError> {
    let key = store.key(of).await?;
    ring.vault(of, key.as_deref()).map_err(key_damaged)
}

/// A person's vault, to seal with outside of a commit: a new key is kept first.
///
/// # Errors
/// When the store cannot be used, or the person's key does not open.
pub async fn vault_to_keep<'a>(
    store: &dyn Store,
    ring: &'a Keyring,
    of: &Conversation,
) -> Result<Vault<'a>, StoreError> {
    let vault = vault_of(store, ring, of).await?;
    let Some(fresh) = vault.fresh() else { return Ok(vault) };
    let kept = store.keep_key(of, fresh.to_vec()).await?;
    ring.vault(of, Some(&kept)).map_err(key_damaged)
}

/// Seals a link for its conversation.
pub fn seal_link(vault: &Vault<'_>, conversation: &Conversation, link: &Link) -> Vec<u8> {
    let plain = serde_json::to_vec(link).unwrap_or_default();
    let row = Place::link_row(conversation, link.bank.as_str());
    vault.seal(Place::link(&row), &plain)
}

fn key_damaged(error: SealError) -> StoreError {
    StoreError::Damaged(format!("a person's key does not open: {error}"))
}
