//! What every reply must keep without being told: the invariants of the transcripts' grammar, by number.

use std::collections::{BTreeMap, BTreeSet};

use regex::Regex;

use crate::domain::reading::{Intent, Part};
use crate::replay::expr::{Unit, normalise};
use crate::replay::judge::Reply;
use crate::replay::promises::{amounts, broken, figure_digits, moneys};
use crate::replay::sources::Held;

/// What is true around a reply and does not show in it.
#[derive(Clone, Debug, Default)]
pub(super) struct Around {
    /// Whether the person has linked any bank.
    pub(super) linked: bool,
    /// The input was the person showing at the bank that it is them.
    pub(super) proves: bool,
    /// The input was time passing: what the bot says then, it was told to watch for.
    pub(super) passes: bool,
    /// Whether the input was a message that had been answered already.
    pub(super) redelivered: bool,
    /// Whether balances were read of a bank whose figures are more than five minutes old.
    pub(super) stale: bool,
    /// The last four digits of other people's accounts.
    pub(super) strangers: Vec<String>,
    /// Other people's names, lower case, but for those that the person wrote or got money from.
    pub(super) people: Vec<String>,
    /// The person's own accounts: last four digits, and name.
    pub(super) accounts: Vec<(String, String)>,
    /// Every amount that the person's accounts hold, digits only.
    pub(super) literals: BTreeSet<String>,
    /// The person's rows, by the ids that their banks give them.
    pub(super) rows: BTreeMap<String, Held>,
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
const AS_OF: &str = r"\b(?:as of|stand|datos de)\b[^\n]*\d";

impl Reply {
    /// What of the invariants is broken, a sentence each.
    pub(super) fn breaches(&self, around: &Around) -> Vec<String> {
        let mut found = Vec::new();
        self.check_words(&mut found);
        self.check_formats(&mut found);
        self.check_session(around, &mut found);
        self.check_sources(around, &mut found);
        self.check_figures(around, &mut found);
        self.check_names(around, &mut found);
        self.check_size(&mut found);
        found
    }

    /// Whether a question that was about everything came without one of the person's banks.
    fn lacks_a_bank(&self) -> bool {
        let is_of_all = |part: &Part| {
            matches!(part.intent, Intent::BalanceTotal | Intent::SpendSum)
                && part.slots.accounts.is_empty()
                && part.slots.banks.is_empty()
                && part.slots.account_words.is_none()
        };
        self.parts.iter().any(is_of_all) && self.links.iter().any(|bank| !self.read.contains(bank))
    }

    /// What must not stand in any reply, nor on what is offered with it.
    fn check_words(&self, found: &mut Vec<String>) {
        let flat = normalise(&format!("{}\n{}", self.text(), self.titles().join("\n")), false);
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
        if self.incomplete || self.lacks_a_bank() {
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
    }

    /// Whether every amount is written as the person's locale writes it.
    fn check_formats(&self, found: &mut Vec<String>) {
        let Some(voice) = &self.voice else { return };
        let foreign = if voice.starts_with("de") || voice == "es-ES" {
            r"[$€£¥]\d|\d\.\d{2}(?:[^\d.]|$)[^\n]{0,1}[€$£]"
        } else {
            r"\d [€$£]|[$€£¥][\d.]*,\d{2}(?:[^\d]|$)|[$€£¥]\d{4}"
        };
        if has(&normalise(&self.text(), false), foreign) {
            found.push(format!("invariant 2: an amount is not written as in {voice}"));
        }
    }

    /// Whether a bank was asked, or a figure told, without a link, a consent that stands, or a live session.
    fn check_session(&self, around: &Around, found: &mut Vec<String>) {
        let is_live = !(self.locked.0 || self.rested) || around.proves || around.passes;
        let told = || moneys(&normalise(&self.text(), false)).into_iter().any(|it| !around.own_words.contains(&it));
        if !is_live && (!self.fetched.is_empty() || !self.figures.is_empty() || told()) {
            found.push("invariant 6: a figure or a bank call while the chat is locked".to_owned());
        }
        if let Some(bank) = self.fetched.iter().find(|bank| !self.agreed.contains(bank)) {
            found.push(format!("invariant 6: {bank} was asked without a consent that stands"));
        }
    }

    /// Whether accounts are named as their owner knows them, and nobody else is.
    fn check_names(&self, around: &Around, found: &mut Vec<String>) {
        let text = normalise(&self.text(), false).to_lowercase();
        if let Some(last4) = around.strangers.iter().find(|last4| text.contains(&format!("••{last4}"))) {
            found.push(format!("invariant 12: another person's account ••{last4}"));
        }
        if around.people.iter().any(|name| text.contains(name.as_str())) {
            found.push("invariant 12: another person's name".to_owned());
        }
        for (place, _) in text.match_indices("••") {
            let (before, after) = (&text[..place], &text[place + "••".len()..]);
            let mut own = around.accounts.iter().filter(|(last4, _)| after.starts_with(last4.as_str())).peekable();
            // A row of a list has it in a column of its own.
            let is_column = before.ends_with(", ");
            let named = |nick: &str| before.trim_end().ends_with(&normalise(nick, false).to_lowercase());
            if !is_column && own.peek().is_some() && !own.any(|(_, nick)| named(nick)) {
                found.push("invariant 3: an account is not named by its name".to_owned());
            }
        }
    }

    /// An amount that is none of the figures that were computed for this reply, and not the person's own word. Offers are
    /// told in their bank's words; an alert tells what an account holds literally.
    fn unfounded(&self, around: &Around) -> Option<String> {
        let told_apart = |part: &Part| matches!(part.intent, Intent::OfferList | Intent::OfferWhy);
        if self.parts.iter().any(told_apart) {
            return None;
        }
        let mut founded: BTreeSet<String> = self.figures.iter().map(|figure| figure_digits(figure.money)).collect();
        if self.parts.is_empty() {
            founded.extend(around.literals.iter().cloned());
        }
        let texts = self.bubbles.iter().map(|bubble| normalise(&bubble.text, false));
        texts.flat_map(|text| moneys(&text)).find(|said| !founded.contains(said) && !around.own_words.contains(said))
    }

    /// What the platform would refuse.
    fn check_size(&self, found: &mut Vec<String>) {
        let shown = format!("{}\n{}", self.text(), self.titles().join("\n"));
        if shown.contains(['\u{202A}', '\u{202B}', '\u{202C}', '\u{202D}', '\u{202E}']) {
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
pub(super) fn has(text: &str, pattern: &str) -> bool {
    Unit::pattern(pattern).is_err() || Unit::pattern(pattern).is_ok_and(|unit| unit.holds(text))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::replay::judge::Bubble;

    fn breaches(text: &str, incomplete: bool, around: &Around) -> Vec<String> {
        let bubble = Bubble { text: text.to_owned(), ..Bubble::default() };
        let reply = Reply { bubbles: vec![bubble], incomplete, ..Reply::default() };
        // Founded, as far as nothing else is asked.
        let literals = moneys(&normalise(text, false)).into_iter().collect();
        reply.breaches(&Around { literals, ..around.clone() })
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
        let locked = Reply {
            locked: (true, true),
            fetched: vec!["northgate".to_owned()],
            agreed: vec!["northgate".to_owned()],
            ..asked.clone()
        };
        assert_eq!(locked.breaches(&linked), ["invariant 6: a figure or a bank call while the chat is locked"]);
        let rested = Reply {
            rested: true,
            fetched: vec!["northgate".to_owned()],
            agreed: vec!["northgate".to_owned()],
            ..asked.clone()
        };
        assert_eq!(rested.breaches(&linked), ["invariant 6: a figure or a bank call while the chat is locked"]);
        assert_eq!(rested.breaches(&Around { proves: true, ..linked.clone() }), [""; 0]);
        let unasked = Reply { fetched: vec!["northgate".to_owned()], ..asked.clone() };
        assert_eq!(unasked.breaches(&linked), ["invariant 6: northgate was asked without a consent that stands"]);
        let without = Reply {
            links: vec!["northgate".to_owned()],
            parts: vec![Part::new(Intent::BalanceTotal)],
            ..Reply::default()
        };
        let bubble = Bubble { text: "Your total is not known.".to_owned(), ..Bubble::default() };
        let without = Reply { bubbles: vec![bubble], ..without };
        assert_eq!(without.breaches(&linked), ["invariant 5: a sum that lacks a source is called a total"]);
        let titled = Bubble { quick_replies: vec!["Pay 123456789".to_owned()], ..Bubble::default() };
        let titled = Reply { bubbles: vec![titled], ..Reply::default() };
        assert_eq!(titled.breaches(&linked), ["invariant 1: a number of nine or more digits"]);
        let own = Around {
            accounts: vec![("4821".to_owned(), "Everyday Checking".to_owned())],
            people: vec!["sam reyes".to_owned()],
            ..linked.clone()
        };
        assert_eq!(breaches("In Checking ••4821.", false, &own), ["invariant 3: an account is not named by its name"]);
        assert_eq!(breaches("In Everyday Checking ••4821.\nNov 4: Haven Home, ••4821", false, &own), [""; 0]);
        assert_eq!(breaches("Sam Reyes has one, too.", false, &own), ["invariant 12: another person's name"]);
        let voiced = |voice: &str, text: &str| {
            let bubble = Bubble { text: text.to_owned(), ..Bubble::default() };
            Reply { bubbles: vec![bubble], voice: Some(voice.to_owned()), ..Reply::default() }.breaches(&linked)
        };
        for (voice, right, wrong) in [
            ("de-DE", "1.842,37 €, 300,00 $", "$1,842.37"),
            ("de-DE", "300 €", "1842.37 €"),
            ("en-US", "$1,234.56 and €45.00", "1.842,37 €"),
            ("en-GB", "£1,234.56 and US$49.50", "£1234.56"),
            ("es-US", "$1,204.90", "$1204,90"),
        ] {
            // A founded figure is not what this is about.
            let of_format =
                |text: &str| voiced(voice, text).into_iter().filter(|it| it.starts_with("invariant 2")).count();
            assert_eq!((of_format(right), of_format(wrong)), (0, 1), "{voice}");
        }
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
