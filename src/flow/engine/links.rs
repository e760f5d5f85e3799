//! The calls about what is linked: which banks, what they may be asked, until when, and taking it back.

use super::session::to_bank;
use super::{Deed, LinkedBank, Run};
use crate::domain::{
    answer::{Draft, DraftButton, Offer},
    bank::BankId,
    consent::{KEEP_READING, Standing},
    purpose::DataClass,
    reading::{Intent, Part, Slots},
    say::{Arg, Say},
    webpage::WebPage,
};
use crate::flow::dialogue::{CONFIRMED, Choice, DECLINED, Waiting};

impl<'a> Run<'a> {
    /// Tells which banks are linked, what may be read of each, and until when.
    pub(super) fn say_links(&mut self) -> &'static str {
        if self.setting.linked.is_empty() {
            return "none";
        }
        let (live, ended): (Vec<&LinkedBank>, Vec<&LinkedBank>) =
            self.setting.linked.iter().partition(|linked| self.is_live(linked));
        let link = |linked: &&LinkedBank| {
            let say = Say::new("link-status-bank").with("bank", linked.bank.name.as_str());
            Arg::from(say.with("data", data(&linked.scopes)).with("until", linked.term.last_day()))
        };
        let mut lines = Vec::new();
        if !live.is_empty() {
            lines.push(Say::new("link-status").with("banks", live.iter().map(link).collect::<Vec<_>>()));
        }
        lines.extend(ended.iter().map(|linked| self.stopped(linked)));
        self.offer_to_keep(&ended);
        lines.push(Say::new("link-status-limits"));
        let buttons = vec![DraftButton::Web { title: Say::new("title-consent"), page: WebPage::Consent }];
        self.drafts.push(Draft { lines, buttons, picture: None });
        "done"
    }

    /// Tells how the consents stand that are to be renewed: those of the banks that are named, else those that have
    /// ended, else all.
    pub(super) fn say_renewal(&mut self) -> &'static str {
        if self.asked.slots.kind.as_deref() == Some(KEEP_READING) && self.dialogue.locked {
            return self.say_locked();
        }
        // What was asked last is answered again once it can be answered whole.
        if self.dialogue.asked.is_none() {
            self.dialogue.asked = self.dialogue.frame.clone();
        }
        let named = self.named();
        let ended: Vec<&LinkedBank> = self.setting.linked.iter().filter(|linked| !self.is_live(linked)).collect();
        let which = match (named.is_empty(), ended.is_empty()) {
            (false, _) => named,
            (true, false) => ended,
            (true, true) => self.setting.linked.iter().collect(),
        };
        if which.is_empty() {
            return "none";
        }
        let line = |linked: &LinkedBank| {
            if self.is_live(linked) {
                Say::new("renew-stands").with("bank", linked.bank.name.as_str()).with("until", linked.term.last_day())
            } else {
                self.stopped(linked)
            }
        };
        let mut lines: Vec<Say> = which.iter().map(|linked| line(linked)).collect();
        if self.offer_to_keep(&which) && which.iter().all(|linked| self.standing(linked) == Standing::Unconfirmed) {
            lines.push(Say::new("renew-keep"));
            let options = self.offers.last().map(|offer| Choice { words: Vec::new(), part: offer.asks.clone() });
            self.dialogue.waiting =
                Some(Waiting { at: self.setting.now, options: options.into_iter().collect(), figure: None });
            self.drafts.push(Draft { lines, ..Draft::default() });
            return "done";
        }
        let has_login = |linked: &&&LinkedBank| {
            let at_bank = self.standing(linked) != Standing::Unconfirmed;
            at_bank && self.setting.with_login.contains(&linked.bank.id)
        };
        let logins: Vec<BankId> = which.iter().filter(has_login).map(|linked| linked.bank.id.clone()).collect();
        let how = if logins.is_empty() { "renew-how" } else { "renew-login" };
        lines.push(Say::new(how));
        if let [bank] = logins.as_slice() {
            self.asked.slots.banks = vec![bank.clone()];
        }
        // A bubble has room for three.
        let buttons = logins.into_iter().take(3).map(|bank| to_bank("title-renew", Some(bank))).collect();
        self.drafts.push(Draft { lines, buttons, picture: None });
        "done"
    }

    /// Takes links back, once it is clear which and the person has said yes to it.
    pub(super) fn unlink(&mut self) -> &'static str {
        let named = self.named();
        let (is_named, kind) = (!self.asked.slots.banks.is_empty(), self.asked.slots.kind.clone());
        let which = match (self.setting.linked, is_named) {
            ([], _) => return "none",
            (_, true) if named.is_empty() => {
                let bank = self.setting.banks.iter().find(|bank| self.asked.slots.banks.contains(&bank.id));
                let name = bank.map_or_else(String::new, |bank| bank.name.clone());
                self.drafts.push(Draft::line(Say::new("bank-not-linked").with("bank", name)));
                return "unlinked";
            }
            (_, true) => named,
            ([only], false) => vec![only],
            (several, false) => {
                self.ask_which_bank(several);
                return "which";
            }
        };
        let names: Vec<Arg> = which.iter().map(|linked| Arg::from(linked.bank.name.as_str())).collect();
        let say = |id: &str| Say::new(id).with("banks", names.clone()).with("count", names.len());
        let ids: Vec<BankId> = which.iter().map(|linked| linked.bank.id.clone()).collect();
        self.asked.slots.banks.clone_from(&ids);
        match kind.as_deref() {
            Some(CONFIRMED) => {
                self.drafts.push(Draft::line(say("unlink-done")));
                self.deed = Some(Deed::Unlink);
                "done"
            }
            Some(DECLINED) => {
                self.drafts.push(Draft::line(say("unlink-kept")));
                "declined"
            }
            _ => {
                self.drafts.push(Draft::line(say("unlink-ask")));
                let yes = ["yes unlink", "yes", "yes please", "unlink", "unlink it", "do it"];
                let no = ["keep it", "keep", "no", "no thanks", "don t", "cancel", "stop", "never mind"];
                let options = vec![
                    self.offer_choice("title-unlink", &yes, unlinking(ids.clone(), Some(CONFIRMED))),
                    self.offer_choice("title-keep", &no, unlinking(ids, Some(DECLINED))),
                ];
                self.dialogue.waiting = Some(Waiting { at: self.setting.now, options, figure: None });
                "ask"
            }
        }
    }

    fn ask_which_bank(&mut self, several: &[LinkedBank]) {
        self.drafts.push(Draft::line(Say::new("unlink-which")));
        let mut options = Vec::new();
        for LinkedBank { bank, .. } in several {
            let title = Say::new("title-bank").with("bank", bank.name.as_str());
            let name = bank.name.to_lowercase();
            options.push(self.offer_say(title, &[&name], unlinking(vec![bank.id.clone()], None)));
        }
        let every = several.iter().map(|linked| linked.bank.id.clone()).collect();
        options.push(self.offer_choice(
            "title-all",
            &["all", "all of them", "both", "every one"],
            unlinking(every, None),
        ));
        self.dialogue.waiting = Some(Waiting { at: self.setting.now, options, figure: None });
    }

    /// As [`offer_say`](Self::offer_say), by a title without values.
    pub(super) fn offer_choice(&mut self, title: &str, words: &[&str], part: Part) -> Choice {
        self.offer_say(Say::new(title), words, part)
    }

    /// Offers an answer to our question, and tells by which words it is given as well.
    fn offer_say(&mut self, title: Say, words: &[&str], part: Part) -> Choice {
        self.offers.push(Offer { title, asks: part.clone() });
        Choice { words: words.iter().map(|word| (*word).to_owned()).collect(), part }
    }

    /// The linked banks that the question names.
    fn named(&self) -> Vec<&'a LinkedBank> {
        let setting = self.setting;
        setting.linked.iter().filter(|linked| self.asked.slots.banks.contains(&linked.bank.id)).collect()
    }

    fn standing(&self, linked: &LinkedBank) -> Standing {
        linked.term.standing(self.setting.now.to_zoned(self.setting.zone.clone()).date())
    }

    fn is_live(&self, linked: &LinkedBank) -> bool {
        self.standing(linked) == Standing::Live
    }

    /// Why a bank that is linked is not read.
    fn stopped(&self, linked: &LinkedBank) -> Say {
        let id = if self.standing(linked) == Standing::Unconfirmed { "trouble-unconfirmed" } else { "renew-ended" };
        Say::new(id).with("bank", linked.bank.name.as_str()).with("until", linked.term.last_day())
    }

    /// Offers to go on reading the banks where a word is enough for it. Returns whether there are any.
    fn offer_to_keep(&mut self, of: &[&LinkedBank]) -> bool {
        let unconfirmed = of.iter().filter(|linked| self.standing(linked) == Standing::Unconfirmed);
        let banks: Vec<BankId> = unconfirmed.map(|linked| linked.bank.id.clone()).collect();
        if banks.is_empty() {
            return false;
        }
        self.offers.push(keep_reading(banks));
        true
    }
}

/// The tap by which a person says that reading may go on.
pub fn keep_reading(banks: Vec<BankId>) -> Offer {
    let slots = Slots { banks, kind: Some(KEEP_READING.to_owned()), ..Slots::default() };
    Offer { title: Say::new("title-keep-reading"), asks: Part { intent: Intent::ConsentRenew, slots } }
}

/// What the button beside a bank on a page asks: it needs no question back, for the page says what it does.
pub fn unlinked(bank: BankId) -> Part {
    unlinking(vec![bank], Some(CONFIRMED))
}

fn unlinking(banks: Vec<BankId>, kind: Option<&str>) -> Part {
    Part { intent: Intent::Unlink, slots: Slots { banks, kind: kind.map(str::to_owned), ..Slots::default() } }
}

/// Kinds of data, in words.
pub(super) fn data(classes: &[DataClass]) -> Vec<Arg> {
    classes.iter().map(|class| Arg::from(Say::new(format!("data-{}", class.word())))).collect()
}
