//! The calls about linking as it happens, and about a conversation that is locked.

use super::links::data;
use super::{LinkedBank, Run};
use crate::domain::{
    answer::{Draft, DraftButton},
    bank::{Bank, BankId},
    say::{Arg, Say},
    webpage::WebPage,
};
use crate::flow::dialogue::{CONFIRMED_READING, EXPIRED, FAILED, FOREIGN, STRANGER, UNLOCKED, WAITED, WRONG_CODE};

impl Run<'_> {
    /// Offers the way to a bank's login: the one that is named, else all that are not linked yet.
    pub(super) fn say_link_how(&mut self) -> &'static str {
        if self.setting.with_login.is_empty() {
            return "operator";
        }
        let named = &self.asked.slots.banks;
        let is_linked = |id: &BankId| self.setting.linked.iter().any(|linked| linked.bank.id == *id);
        let can = |bank: &&Bank| self.setting.with_login.contains(&bank.id);
        let banks: Vec<&Bank> = self
            .setting
            .banks
            .iter()
            .filter(can)
            .filter(|bank| if named.is_empty() { !is_linked(&bank.id) } else { named.contains(&bank.id) })
            .collect();
        if banks.is_empty() {
            return if named.is_empty() { "all" } else { "unknown" };
        }
        let names: Vec<Arg> = banks.iter().map(|bank| Arg::from(bank.name.as_str())).collect();
        let one = match banks.as_slice() {
            [bank] => Some(bank.id.clone()),
            _ => None,
        };
        let lines = vec![Say::new("link-how-login").with("banks", names), Say::new("link-how-promise")];
        let buttons = vec![to_bank("title-link", one)];
        self.drafts.push(Draft { lines, buttons, picture: None });
        "done"
    }

    /// Tells what came of linking: what may be read and until when, or why nothing did.
    pub(super) fn say_linked(&mut self) -> &'static str {
        let bank = self.asked.slots.banks.first().cloned();
        let name = bank.as_ref().and_then(|id| self.setting.banks.iter().find(|bank| bank.id == *id));
        let name = name.map(|bank| bank.name.clone()).unwrap_or_default();
        let said = match self.asked.slots.kind.as_deref() {
            Some(FAILED) => "link-failed",
            Some(FOREIGN) => "link-foreign",
            Some(EXPIRED) => "link-expired",
            Some(WRONG_CODE) => {
                self.drafts.push(Draft::line(Say::new("link-wrong-code")));
                return "done";
            }
            Some(STRANGER) => {
                self.drafts.push(unlocking("session-stranger"));
                return "done";
            }
            Some(CONFIRMED_READING) => {
                let banks = &self.asked.slots.banks;
                let kept = self.setting.linked.iter().filter(|linked| banks.contains(&linked.bank.id));
                let line = |linked: &LinkedBank| {
                    let say = Say::new("kept-reading").with("bank", linked.bank.name.as_str());
                    say.with("data", data(&linked.scopes)).with("until", linked.term.last_day())
                };
                self.drafts.push(Draft { lines: kept.map(line).collect(), ..Draft::default() });
                return "waits";
            }
            Some(UNLOCKED) => {
                self.drafts.push(Draft::line(Say::new("session-unlocked")));
                return "unlocked";
            }
            _ => {
                let linked = self.setting.linked.iter().find(|linked| Some(&linked.bank.id) == bank.as_ref());
                let Some(linked) = linked else { return "failed" };
                let say = Say::new("linked").with("bank", linked.bank.name.as_str());
                let say = say.with("data", data(&linked.scopes)).with("until", linked.term.last_day());
                let waits = self.asked.slots.kind.as_deref() == Some(WAITED);
                self.drafts.push(Draft { lines: vec![say, Say::new("linked-undo")], ..Draft::default() });
                return if waits { "waits" } else { "linked" };
            }
        };
        let say = Say::new(said).with("bank", name);
        let again =
            self.setting.with_login.iter().any(|id| Some(id) == bank.as_ref()).then(|| to_bank("title-link", bank));
        self.drafts.push(Draft { lines: vec![say], buttons: again.into_iter().collect(), picture: None });
        "failed"
    }

    /// The question waits: whoever asks must show first that it is them.
    pub(super) fn say_locked(&mut self) -> &'static str {
        self.keep_waiting();
        self.drafts.push(unlocking("session-locked"));
        "done"
    }

    /// Locks the conversation until the person shows that it is them.
    pub(super) fn lock(&mut self) -> &'static str {
        let can = self.setting.linked.iter().any(|linked| self.setting.with_login.contains(&linked.bank.id));
        if !can {
            return "nothing";
        }
        self.dialogue.locked = true;
        self.drafts.push(unlocking("session-lock"));
        "done"
    }

    /// Who sees what, what is kept, and for how long.
    pub(super) fn say_privacy(&mut self) -> &'static str {
        self.drafts.push(Draft::line(Say::new("privacy")));
        let buttons = vec![DraftButton::Web { title: Say::new("title-privacy"), page: WebPage::Privacy }];
        self.drafts.push(Draft { lines: vec![Say::new("privacy-kept")], buttons, picture: None });
        "done"
    }

    /// The person's data as a file.
    pub(super) fn say_export(&mut self) -> &'static str {
        let buttons = vec![DraftButton::Web { title: Say::new("title-export"), page: WebPage::Export }];
        self.drafts.push(Draft { lines: vec![Say::new("export")], buttons, picture: None });
        "done"
    }
}

/// The way to a bank's login.
pub(super) fn to_bank(title: &str, bank: Option<BankId>) -> DraftButton {
    DraftButton::Web { title: Say::new(title), page: WebPage::Link(bank) }
}

fn unlocking(said: &str) -> Draft {
    let buttons = vec![DraftButton::Web { title: Say::new("title-unlock"), page: WebPage::Unlock }];
    Draft { lines: vec![Say::new(said)], buttons, picture: None }
}
