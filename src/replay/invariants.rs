//! What every reply must keep without being told: the invariants of the transcripts' grammar, by number.

use std::collections::BTreeSet;

use regex::Regex;

use crate::domain::reading::{Intent, Part};
use crate::replay::expr::{Unit, normalise};
use crate::replay::judge::Reply;
use crate::replay::promises::{amounts, broken, figure_digits, moneys};

/// What is true around a reply and does not show in it.
#[derive(Clone, Debug, Default)]
pub(super) struct Around {
    /// Whether the person has linked any bank.
    pub(super) linked: bool,
    /// Whether the input was a message that had been answered already.
    pub(super) redelivered: bool,
    /// Whether balances were read of a bank whose figures are more than five minutes old.
    pub(super) stale: bool,
    /// The last four digits of other people's accounts.
    pub(super) strangers: Vec<String>,
    /// Sums of what the person has and what they are lent, digits only.
    pub(super) blurred: BTreeSet<String>,
    /// Amounts are hidden from the person.
    pub(super) masked: bool,
    /// Amounts that are the person's own words, digits only: in this message, in what they asked to be kept, and in what they
    /// call their accounts.
    pub(super) own_words: BTreeSet<String>,
    /// A bubble of this reply that the person had got before.
    pub(super) repeated: bool,
}

/// Money as any locale that we speak writes it.
const MONEY: &str = r"[$€£¥]\d|\b[a-z]{3} \d[\d,]*\.\d{3}\b|\d [€$£]";

/// How each language says when a figure was true.
const AS_OF: &str = r"\bas of\b|\bstand\b|\bdatos de\b";

impl Reply {
    /// What of the invariants is broken, a sentence each.
    pub(super) fn breaches(&self, around: &Around) -> Vec<String> {
        let mut found = Vec::new();
        self.check_words(&mut found);
        self.check_sources(around, &mut found);
        self.check_size(&mut found);
        found
    }

    /// What must not stand in any reply.
    fn check_words(&self, found: &mut Vec<String>) {
        let flat = normalise(&self.text(), false);
        if has_bare_amount(&flat) {
            found.push("invariant 2: an amount without its currency".to_owned());
        }
        found.extend(broken(&flat));
        let mut forbid = |number: u8, why: &str, pattern: &str| {
            if has(&flat, pattern) {
                found.push(format!("invariant {number}: {why}"));
            }
        };
        forbid(1, "a number of nine or more digits", r"\b\d{9,}\b");
        forbid(1, "something like a card number", r"\b\d{4}[ -]\d{4}[ -]\d{4}\b");
        forbid(1, "something like a secret", r"\b(password|cvv)\s*[:=]");
        forbid(3, "more than four digits of an account", r"••\d{5,}");
        forbid(10, "an address in the text", r"https?://");
        if self.incomplete {
            forbid(
                5,
                "a sum that lacks a source is called a total",
                r"\b(your|grand) total\b|\btotal( is|:)|\b(insgesamt|gesamtsumme)( beträgt| sind es|:)|\btotal( es|:)",
            );
        }
    }

    /// What depends on where the figures come from and whose they are.
    fn check_sources(&self, around: &Around, found: &mut Vec<String>) {
        let text = self.text();
        let has_money = has(&normalise(&text, false), MONEY);
        if around.stale && has_money && !has(&normalise(&text, false), AS_OF) {
            found.push("invariant 4: a figure older than five minutes without its time".to_owned());
        }
        if !around.linked && (has_money || !self.fetched.is_empty()) {
            found.push("invariant 6: a figure or a bank call before any link".to_owned());
        }
        if self.locked == (true, true)
            && !self.parts.is_empty()
            && !(self.fetched.is_empty() && self.figures.is_empty())
        {
            found.push("invariant 6: a figure or a bank call while the chat is locked".to_owned());
        }
        if let Some(amount) = self.unfounded(around) {
            found.push(format!("invariant 7: {amount} rests on nothing that a bank said"));
        }
        if around.masked && has_money {
            found.push("an amount is shown although the person hid them".to_owned());
        }
        if let Some(sum) = amounts(&normalise(&text, false)).intersection(&around.blurred).next() {
            found.push(format!("invariant 11: cash and credit added up ({sum})"));
        }
        if around.redelivered && !self.bubbles.is_empty() {
            found.push("invariant 9: a message that had been answered is answered again".to_owned());
        }
        if around.repeated {
            found.push("invariant 9: a bubble reached the person twice".to_owned());
        }
        if let Some(last4) = around.strangers.iter().find(|last4| text.contains(&format!("••{last4}"))) {
            found.push(format!("invariant 12: another person's account ••{last4}"));
        }
    }

    /// An amount that is none of the figures that were computed for this reply, and not the person's own word. Offers are
    /// told in their bank's words, and alerts are computed apart.
    fn unfounded(&self, around: &Around) -> Option<String> {
        let told_apart = |part: &Part| matches!(part.intent, Intent::OfferList | Intent::OfferWhy);
        if self.parts.is_empty() || self.parts.iter().any(told_apart) {
            return None;
        }
        let founded: BTreeSet<String> = self.figures.iter().map(|figure| figure_digits(figure.money)).collect();
        let texts = self.bubbles.iter().map(|bubble| normalise(&bubble.text, false));
        texts.flat_map(|text| moneys(&text)).find(|said| !founded.contains(said) && !around.own_words.contains(said))
    }

    /// What the platform would refuse.
    fn check_size(&self, found: &mut Vec<String>) {
        if self.text().contains(['\u{202A}', '\u{202B}', '\u{202C}', '\u{202D}', '\u{202E}']) {
            found.push("invariant 10: a directional override".to_owned());
        }
        for bubble in &self.bubbles {
            let most = if bubble.buttons.is_empty() { 1999 } else { 640 };
            if bubble.text.encode_utf16().count() > most || bubble.quick_replies.len() > 13 || bubble.buttons.len() > 3
            {
                found.push("invariant 10: more than the platform takes".to_owned());
            }
        }
        if let Some(title) = self.titles().iter().find(|title| title.chars().count() > 20) {
            found.push(format!("invariant 10: the title {title:?} is too long"));
        }
    }
}

/// Whether digits with minor ones stand without a currency's sign or code before them, and without a sign or `%` after.
fn has_bare_amount(flat: &str) -> bool {
    let Ok(amount) = Regex::new(r"\d[\d,]*\.\d{2}\b|\d[\d.]*,\d{2}\b") else { return true };
    amount.find_iter(flat).any(|found| {
        let (before, after) = (&flat[..found.start()], &flat[found.end()..]);
        let code = before.strip_suffix(' ').map(|rest| rest.chars().rev().take_while(|c| c.is_alphabetic()).count());
        let signed = before.ends_with(['$', '€', '£', '¥']) || code == Some(3);
        !signed && !after.trim_start().starts_with(['€', '$', '£', '%'])
    })
}

/// Whether a pattern is found. One that cannot be compiled finds everything: a check must not be lost in silence.
fn has(text: &str, pattern: &str) -> bool {
    Unit::pattern(pattern).is_err() || Unit::pattern(pattern).is_ok_and(|unit| unit.holds(text))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::replay::judge::Bubble;

    fn breaches(text: &str, incomplete: bool, around: &Around) -> Vec<String> {
        let bubble = Bubble { text: text.to_owned(), ..Bubble::default() };
        let reply = Reply { bubbles: vec![bubble], incomplete, ..Reply::default() };
        reply.breaches(around)
    }

    #[test]
    fn every_invariant_can_be_broken() {
        let linked = Around { linked: true, ..Around::default() };
        let stale = Around { stale: true, ..linked.clone() };
        let strangers = Around { strangers: vec!["6604".to_owned()], ..linked.clone() };
        let again = Around { redelivered: true, ..linked.clone() };
        let twice = Around { repeated: true, ..linked.clone() };
        let masked = Around { masked: true, ..linked.clone() };
        assert_eq!(breaches("$5.00 available.", false, &masked).len(), 1);
        assert!(breaches("••• available in Checking ••4821.", false, &masked).is_empty());
        let blurred = Around { blurred: ["1221635".to_owned()].into(), ..linked.clone() };
        let nobody = Around::default();
        let asked = Reply { parts: vec![Part::new(Intent::BalanceGet)], ..Reply::default() };
        let says = |text: &str| {
            let bubble = Bubble { text: text.to_owned(), ..Bubble::default() };
            Reply { bubbles: vec![bubble], ..asked.clone() }.breaches(&linked)
        };
        assert_eq!(says("$5.00 available."), ["invariant 7: 500 rests on nothing that a bank said"]);
        let locked = Reply { locked: (true, true), fetched: vec!["northgate".to_owned()], ..asked.clone() };
        assert_eq!(locked.breaches(&linked), ["invariant 6: a figure or a bank call while the chat is locked"]);
        for (number, text, incomplete, around) in [
            (1, "number 123456789", false, &linked),
            (2, "you have 12.50 left", false, &linked),
            (2, "12.50", false, &linked),
            (2, "Das sind 1.842,37 insgesamt.", false, &linked),
            (2, "it is 1,234.50.", false, &linked),
            (3, "Checking ••48215", false, &linked),
            (4, "$5.00 available.", false, &stale),
            (5, "Your total is $5.00.", true, &linked),
            (6, "$5.00 available.", false, &nobody),
            (6, "KWD 1,250.375 available.", false, &nobody),
            (9, "Again.", false, &again),
            (9, "Again.", false, &twice),
            (10, "see https://x.example", false, &linked),
            (10, "a\u{202E}b", false, &linked),
            (11, "$12,216.35 at your banks.", false, &blurred),
            (12, "$5.00 in Checking ••6604", false, &strangers),
        ] {
            let found = breaches(text, incomplete, around);
            let wanted = format!("invariant {number}:");
            assert!(found.len() == 1 && found[0].starts_with(&wanted), "{text:?}: {found:?}");
        }
        for aged in
            ["$5.00 available.\nAs of 8:00 AM.", "5,00 € verfügbar.\nStand: 08:00.", "$5.00.\nDatos de: 8:00 a. m."]
        {
            assert_eq!(breaches(aged, false, &stale), [""; 0], "{aged}");
        }
        assert!(breaches("Your total is $1,234.50, in Checking ••4821.", false, &strangers).is_empty());
        for fine in [
            "$12.50 left",
            "US$1,234.50.",
            "CHF 12.50 left",
            "12.50% more",
            "5.00 €",
            "1.842,37 €",
            "KWD 1,250.375.",
            "v 8:00",
        ] {
            assert_eq!(breaches(fine, false, &linked), [""; 0], "{fine}");
        }
        assert!(breaches("Find the payment of 5 dollars.", false, &nobody).is_empty());
    }
}
