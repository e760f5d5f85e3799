//! Asking the banks on behalf of a question, while the person waits.

use std::time::Duration;

use super::claim_log::ClaimLog;
use super::{ANSWER_AT_LEAST, Desk, Failed};
use crate::bank::ask::{Asked, NotLogged, ask};
use crate::clock::later;
use crate::domain::{account::Account, bank::BankId, facts::Facts, question::Question};
use crate::store::{StoreError, Waiting};
use crate::turn::links::seal_link;

impl Desk<'_> {
    /// Asks the banks; a person who waits too long meanwhile hears a holding line.
    pub(super) async fn fetch(&mut self, waiting: &Waiting, question: &Question) -> Result<Facts, Failed> {
        self.renew_tokens().await?;
        let clock = &self.turn.clock;
        let now = clock.now();
        let deadline = later(waiting.received, self.turn.limits.answer_by).max(later(now, ANSWER_AT_LEAST));
        let sink = ClaimLog { turn: self.turn, claim: self.claim };
        let today = self.now().date();
        let sources = self.turn.sources(&self.claim.conversation, &sink);
        let links = self.links.clone();
        let asking = ask(sources, question, &links, today, deadline);
        tokio::pin!(asking);
        let hold_at = later(waiting.received, self.turn.limits.interim_after).max(later(now, Duration::from_secs(1)));
        let asked: Result<Asked, NotLogged> = tokio::select! {
            asked = &mut asking => asked,
            () = clock.sleep_until(hold_at), if !self.interim_said => {
                self.interim_said = true;
                self.say_interim(waiting, &question.banks).await?;
                tokio::select! {
                    asked = &mut asking => asked,
                    () = self.type_on() => asking.await,
                }
            }
        };
        let asked = asked.map_err(|NotLogged(reason)| Failed::Store(StoreError::Unavailable(reason)))?;
        self.outcome.access.extend(asked.closed);
        for (bank, accounts) in asked.directories {
            self.refresh_directory(&bank, accounts);
        }
        Ok(asked.facts)
    }

    /// Keeps the link's directory of accounts as the bank told it just now.
    pub(super) fn refresh_directory(&mut self, bank: &BankId, accounts: Vec<Account>) {
        let Some(link) = self.links.iter_mut().find(|link| link.bank == *bank) else { return };
        if link.accounts == accounts {
            return;
        }
        link.accounts = accounts;
        let sealed = seal_link(&self.vault, &self.claim.conversation, link);
        self.outcome.links.retain(|(of, _)| of != bank);
        self.outcome.links.push((bank.clone(), Some(sealed)));
        self.survey();
    }
}
