//! Every read of a bank stands in the access log before its first byte leaves.

use async_trait::async_trait;

use crate::bank::ask::{AccessSink, NotLogged};
use crate::domain::access::AccessEntry;
use crate::store::Claim;
use crate::turn::Turn;

/// Writes `opened` entries under the claim, before the first byte leaves for a bank.
pub(super) struct ClaimLog<'a> {
    pub(super) turn: &'a Turn,
    pub(super) claim: &'a Claim,
}

#[async_trait]
impl AccessSink for ClaimLog<'_> {
    async fn opened(&self, entries: Vec<AccessEntry>) -> Result<(), NotLogged> {
        let now = self.turn.clock.now();
        self.turn.store.opened(self.claim, entries, now).await.map_err(|error| NotLogged(error.to_string()))
    }
}
