//! The calls for what people have a right to: a person, the bank's own line, their data erased.

use super::{Deed, Desk, Run};
use crate::domain::{
    account::{Account, AccountClass},
    answer::{Draft, DraftButton},
    bank::Bank,
    reading::{Intent, Part, Slots},
    say::{Arg, Say},
};
use crate::flow::dialogue::{CONFIRMED, Choice, DECLINED, MESSAGE, REFUSED, Waiting};

impl Run<'_> {
    /// Gives the thread to the people at the desk, if somebody is there or the person leaves a message for them.
    pub(super) fn hand_over(&mut self) -> &'static str {
        let Desk { is_there, is_open, hours, wait, .. } = self.setting.desk;
        let is_message = self.asked.slots.kind.as_deref() == Some(MESSAGE);
        let mut lines = match (is_there, is_open) {
            (false, _) => return "none",
            (true, false) if !is_message => return "closed",
            (true, true) => vec![Say::new("handoff-now")],
            (true, false) => vec![Say::new("handoff-message")],
        };
        match (is_open, wait, hours) {
            (true, Some(wait), _) => lines.push(Say::new("desk-wait").with("wait", Arg::Desk(wait.clone()))),
            (false, _, Some(hours)) => lines.push(Say::new("desk-hours").with("hours", Arg::Desk(hours.clone()))),
            _ => {}
        }
        lines.push(Say::new("handoff-quiet"));
        self.drafts.push(Draft { lines, ..Draft::default() });
        self.deed = Some(Deed::HandOver);
        "done"
    }

    /// The thread is ours again: given back by the desk, or never taken by it.
    pub(super) fn returned(&mut self) -> &'static str {
        if self.asked.slots.kind.as_deref() == Some(REFUSED) { "refused" } else { "done" }
    }

    /// Says how a person can be reached, as far as the operator has told.
    pub(super) fn say_desk(&mut self) -> &'static str {
        let Desk { is_there, hours, phone, .. } = self.setting.desk;
        if !is_there {
            return "none";
        }
        let mut lines = Vec::new();
        lines.extend(hours.as_ref().map(|hours| Say::new("desk-hours").with("hours", Arg::Desk(hours.clone()))));
        lines.extend(phone.as_ref().map(|phone| Say::new("desk-phone").with("phone", phone.as_str())));
        let call = |phone: &String| DraftButton::Call { title: Say::new("title-call-person"), number: phone.clone() };
        let buttons = phone.iter().map(call).collect();
        match self.drafts.last_mut() {
            // It goes on from the sentence before, so that the whole stays one bubble.
            Some(last) if last.buttons.is_empty() => {
                last.lines.extend(lines);
                last.buttons = buttons;
            }
            _ => self.drafts.push(Draft { lines, buttons, ..Draft::default() }),
        }
        "done"
    }

    /// Whether a payment is meant that the banks could show: one that was named, or the one that was just looked at.
    pub(super) fn meant(&mut self, frame: Option<Part>) -> &'static str {
        let names_one = |slots: &Slots| slots.amount.is_some() || !slots.merchants.is_empty() || slots.period.is_some();
        let looked_at = |part: &Part| matches!(part.intent, Intent::TxnStatus | Intent::TxnSearch);
        if names_one(&self.asked.slots) {
            return "done";
        }
        match frame.filter(looked_at).filter(|part| names_one(&part.slots)) {
            Some(part) => {
                self.asked.slots = Slots { direction: None, count: None, ..part.slots };
                "done"
            }
            None => "nothing",
        }
    }

    /// Erases everything, once the person has said yes to it.
    pub(super) fn erase(&mut self) -> &'static str {
        match self.asked.slots.kind.as_deref() {
            Some(CONFIRMED) => {
                self.deed = Some(Deed::Erase);
                "done"
            }
            Some(DECLINED) => "declined",
            _ => {
                let choice = |words: &[&str], kind: &str| Choice {
                    words: words.iter().map(|word| (*word).to_owned()).collect(),
                    part: Part {
                        intent: Intent::DataDelete,
                        slots: Slots { kind: Some(kind.to_owned()), ..Slots::default() },
                    },
                };
                let yes = ["yes delete all", "yes", "yes delete everything", "yes delete it all", "yes do it"];
                let no = ["no", "no thanks", "keep it", "keep it all", "don t", "cancel", "stop", "never mind"];
                let options = vec![choice(&yes, CONFIRMED), choice(&no, DECLINED)];
                self.dialogue.waiting = Some(Waiting { at: self.setting.now, options, figure: None });
                "ask"
            }
        }
    }

    /// Says the telephone lines of the person's banks (of all, where none is linked), those with a card first, with a
    /// button each.
    pub(super) fn say_lines(&mut self) -> &'static str {
        let about = if self.asked.intent == Intent::DisputeStart { "dispute" } else { "card-lost" };
        let linked: Vec<&Bank> = self.setting.linked.iter().map(|linked| &linked.bank).collect();
        let mut banks = if linked.is_empty() { self.setting.banks.iter().collect() } else { linked };
        // A payment that was found is one bank's business.
        let of_payment = self.resolved.as_ref().map(|slots| slots.banks.as_slice()).unwrap_or_default();
        if !of_payment.is_empty() {
            banks.retain(|bank| of_payment.contains(&bank.id));
        }
        let is_card = |account: &&Account| account.class == AccountClass::CreditCard;
        let has_card =
            |bank: &Bank| self.setting.directory.iter().filter(is_card).any(|account| account.bank == bank.id);
        banks.sort_by_key(|bank| !has_card(bank));
        if !banks.iter().any(|bank| bank.fraud_line.is_some()) {
            return "none";
        }
        let line = |bank: &&Bank| match &bank.fraud_line {
            Some(phone) => {
                Say::new(format!("{about}-bank")).with("bank", bank.name.as_str()).with("phone", phone.as_str())
            }
            None => Say::new(format!("{about}-no-line")).with("bank", bank.name.as_str()),
        };
        let lines = std::iter::once(Say::new(about)).chain(banks.iter().map(line)).collect();
        let button = |bank: &&Bank| {
            let title = Say::new("title-call-bank").with("bank", first_word(&bank.name));
            Some(DraftButton::Call { title, number: bank.fraud_line.clone()? })
        };
        let buttons = banks.iter().filter_map(button).take(3).collect();
        self.drafts.push(Draft { lines, buttons, ..Draft::default() });
        "done"
    }
}

fn first_word(name: &str) -> String {
    name.split(' ').next().unwrap_or(name).chars().take(14).collect()
}
