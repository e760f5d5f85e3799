//! Ellipsis: a text that only names details changes those of the last question.

use super::amounts::{Located, ROWS};
use super::followup::{self, accepts};
use super::intents::{Case, Decided};
use super::merchants;
use super::slots::{self, Findings};
use super::tokens::Token;
use super::{accounts, dates};
use crate::domain::account::AccountId;
use crate::domain::period::Period;
use crate::domain::reading::{Intent, Part, Slots};

/// Words that begin a text which leans on the last question and may name what nobody knows yet.
const LEADS: &[&[&str]] = &[
    &["what", "about", "at"],
    &["what", "about"],
    &["how", "about"],
    &["same", "for"],
    &["same", "with"],
    &["same", "at"],
    &["and", "at"],
    &["and", "on"],
    &["and", "for"],
    &["and", "from"],
    &["only", "at"],
    &["just", "at"],
    &["and"],
    &["at"],
    &["meant"],
];

/// Words that only say that the last question is put right.
const PUT_RIGHT: &[&str] = &["said", "asked", "wanted", "want", "try", "but", "see", "give"];

/// Words for all of it, and for the rows behind a figure.
const OVERALL: &[&str] = &["everything", "overall", "altogether"];

/// Most words of a text that wants currencies apart.
const APART_WORDS_MAX: usize = 8;

/// Most names that are taken from it.
const NAMES_MAX: usize = 4;

/// Most words of a name that is taken from so short a text.
const NAME_MAX: usize = 3;

impl Case<'_> {
    /// Words that are neither details nor fillers.
    pub(super) fn residue(&self, found: &Findings) -> usize {
        let plain = |(token, owner): (&Token, &Option<&'static str>)| {
            owner.is_none()
                && !self.language.words.fillers.contains(&token.text)
                && !(self.last.is_some() && PUT_RIGHT.contains(&token.text.as_str()))
                && (token.is_word() || !token.text.is_ascii())
        };
        self.tokens.iter().zip(&found.owner).filter(|pair| plain((pair.0, pair.1))).count()
    }

    /// Only details were said, and there is a question they can belong to.
    pub(super) fn by_ellipsis(&self, found: &mut Findings) -> Option<Decided> {
        let last = self.last?;
        let whole = self
            .by_rate(last)
            .or_else(|| self.by_rows(last))
            .or_else(|| self.by_overall(last))
            .or_else(|| self.by_conversion(last));
        if whole.is_some() {
            return whole;
        }
        self.count_rows(last, found);
        self.own_direction(last, found);
        let moved = followup::moved(self.view(), &last.slots, self.calendar);
        if let Some((_, start, end)) = moved {
            found.own(self.tokens, "period", start, end);
        }
        self.pick_from_list(last, found);
        self.name_after_lead(last, found);
        let net = found.slots.net && matches!(last.intent, Intent::BalanceGet | Intent::BalanceTotal);
        let words = usize::from(net) + self.rows_said(last, found);
        let residue = self.residue(found).saturating_sub(words);
        let usable = found.owner.iter().flatten().all(|slot| *slot == "than" || accepts(last.intent, slot));
        if residue > 0 || !(found.any() || net) || !usable {
            return None;
        }
        let part = followup::merged(last, found, moved.map(|(period, ..)| period));
        let why = format!("details for the last question, {}", last.intent);
        Some(Decided { merged: true, bare: true, part, ..Decided::sure(last.intent, why) })
    }

    /// "per month", "each week": no answer has such steps, and the last one must not be given again as if it had.
    fn by_rate(&self, last: &Part) -> Option<Decided> {
        let view = self.view();
        let start = view.skip(view.skip(0, &["and", "so", "but"]), &["how", "much"]);
        let rate = view.any(start, &["per", "each", "every", "by"]) && dates::unit(view.text(start + 1)).is_some();
        let over = (start + 2..view.len()).all(|at| !self.tokens[at].is_word());
        let spending = matches!(last.intent, Intent::SpendSum | Intent::SpendCompare | Intent::SpendTop);
        (rate && over && spending).then(|| Decided {
            confidence: self.language.words.certainty.clarify,
            likely: vec![Intent::SpendCompare, Intent::SpendTop],
            ..Decided::sure(Intent::Unknown, "figures by steps of time, which no answer has".to_owned())
        })
    }

    /// "which ones", "show them", "list those": the rows of what was told.
    fn by_rows(&self, last: &Part) -> Option<Decided> {
        let view = self.view();
        let start = view.skip(view.skip(0, &["ok", "and", "so"]), &["can", "please"]);
        let shown = view.any(start, &["show", "list", "see"]);
        let next = view.skip(start + 1, &["me"]);
        let named = view.is(start, "which") && view.any(start + 1, &["ones", "payments", "transactions", "purchases"]);
        let rows = named || (shown && view.any(next, &["them", "those", "these"]));
        let over =
            (next + 1..view.len()).all(|at| !self.tokens[at].is_word() || view.any(at, &["please", "all", "pls"]));
        let told = matches!(last.intent, Intent::SpendSum | Intent::SpendCompare | Intent::TxnSearch | Intent::TxnList);
        (rows && over && told).then(|| Decided {
            merged: true,
            part: Part { intent: Intent::TxnList, slots: Slots { than: None, ..last.slots.clone() } },
            ..Decided::sure(Intent::TxnList, format!("the rows behind the last answer, {}", last.intent))
        })
    }

    /// "on everything", "overall": the last sum without what narrowed it to something.
    fn by_overall(&self, last: &Part) -> Option<Decided> {
        let view = self.view();
        let said = |at: usize| view.any(at, OVERALL) || view.after(at, &["in", "total"]).is_some();
        let plain = |token: &Token| {
            !token.is_word()
                || self.language.words.fillers.contains(&token.text)
                || OVERALL.contains(&token.text.as_str())
                || matches!(token.text.as_str(), "much" | "total" | "spent" | "spend")
        };
        let overall = (0..view.len()).any(said) && self.tokens.iter().all(plain);
        (overall && last.intent == Intent::SpendSum).then(|| {
            let mut part = last.clone();
            part.slots.merchants.clear();
            part.slots.categories.clear();
            Decided { merged: true, part, ..Decided::sure(last.intent, "the last question, of everything".to_owned()) }
        })
    }

    /// "without conversion", after a total: its currencies are wanted apart.
    fn by_conversion(&self, last: &Part) -> Option<Decided> {
        let view = self.view();
        let refused = |at: usize| view.any(at, &["without", "no", "not", "don't", "dont", "unconverted"]);
        let said = |at: usize| view.any(at, &["conversion", "converting", "convert", "converted", "unconverted"]);
        let apart = last.intent == Intent::BalanceTotal
            && (0..view.len()).any(refused)
            && (0..view.len()).any(said)
            && view.len() <= APART_WORDS_MAX;
        apart.then(|| {
            let mut part = last.clone();
            part.slots.currency = None;
            part.slots.kind = Some("apart".to_owned());
            Decided { merged: true, part, ..Decided::sure(last.intent, "the last total, not converted".to_owned()) }
        })
    }

    /// "make it 10", "top 3", after a list: a figure alone is how many.
    fn count_rows(&self, last: &Part, found: &mut Findings) {
        let view = self.view();
        let told = found.owner.iter().position(|owner| *owner == Some("count")).and_then(|at| at.checked_sub(1));
        if let Some(lead) = told.filter(|at| view.any(*at, &["top", "last", "first", "latest"])) {
            found.owner[lead] = Some("count");
        }
        if !accepts(last.intent, "count") || found.owner.iter().any(Option::is_some) {
            return;
        }
        let said = |token: &Token| {
            self.language.words.fillers.contains(&token.text)
                || matches!(token.text.as_str(), "top" | "last" | "first" | "latest" | "next" | "#")
        };
        let mut figures = (0..view.len()).filter(|at| !said(&self.tokens[*at]) && self.tokens[*at].is_word());
        let (Some(at), None) = (figures.next(), figures.next()) else { return };
        if let Some(count) = view.number(at).and_then(|n| u32::try_from(n).ok()).filter(|n| (1..=100).contains(n)) {
            found.own(self.tokens, "count", at, at + 1);
            // The words before it lead to it.
            found.owner.iter_mut().take(at).for_each(|owner| *owner = Some("count"));
            found.slots.count = Some(count);
        }
    }

    /// "only deposits", "and money out".
    fn own_direction(&self, last: &Part, found: &mut Findings) {
        if let Some(said) = slots::direction(self.view()).filter(|_| accepts(last.intent, "direction")) {
            found.own(self.tokens, "direction", said.start, said.end);
        }
    }

    /// "compare with november", "vs last month": a comparison that names nothing is of what was asked before.
    pub(super) fn compare_the_same(&self, found: &Findings, part: &mut Part) {
        let Some(last) = self.last.filter(|last| matches!(last.intent, Intent::SpendSum | Intent::SpendCompare)) else {
            return;
        };
        let view = self.view();
        let asks_anew = (0..view.len()).any(|at| view.any(at, &["spend", "spending", "spent", "spends", "expenses"]));
        let names = found.owner.iter().flatten().any(|slot| !matches!(*slot, "period" | "than"));
        if part.intent != Intent::SpendCompare || asks_anew || names {
            return;
        }
        let new = std::mem::take(&mut part.slots);
        part.slots = Slots { page: 0, than: new.than, ..last.slots.clone() };
        // A month against itself or against a year says nothing: then it is the month that runs.
        let days = |period: Option<Period>| period.and_then(|period| period.days());
        let alike = days(part.slots.period).zip(days(new.than)).is_some_and(|(a, b)| a.abs_diff(b) <= 3);
        let other = part.slots.period != new.than;
        if new.than.is_some() && !(alike && other && found.dated.len() < 2) {
            part.slots.period = new.period;
        }
    }

    /// "the first", "both", "the other one": of what was listed, or of the accounts like the one that was told.
    fn pick_from_list(&self, last: &Part, found: &mut Findings) {
        let view = self.view();
        let both = (0..view.len()).any(|at| view.is(at, "both"));
        if !found.slots.accounts.is_empty() || found.slots.period.is_some() || (found.all_accounts && !both) {
            return;
        }
        let own = self.context.accounts;
        let listed: Vec<AccountId> = match last.slots.accounts.as_slice() {
            [_, _, ..] => last.slots.accounts.clone(),
            _ => own.iter().map(|account| account.id.clone()).collect(),
        };
        // Of one account the others are those of its kind, else all.
        let told = |id: &&AccountId| last.slots.accounts.len() == 1 && last.slots.accounts.contains(id);
        let class = own.iter().find(|account| told(&&account.id)).map(|account| account.class);
        let alike: Vec<AccountId> =
            own.iter().filter(|account| Some(account.class) == class).map(|account| account.id.clone()).collect();
        let group = if alike.len() > 1 { &alike } else { &listed };
        let other: Vec<&AccountId> = group.iter().filter(|id| !told(id)).collect();
        let picked = accounts::other(view)
            .zip(<[_; 1]>::try_from(other).ok())
            .map(|((start, end), [other])| Located { value: vec![other.clone()], start, end })
            .or_else(|| accounts::both(view, group))
            .or_else(|| accounts::ordinal(view, &listed));
        if let Some(Located { value, start, end }) = picked {
            found.own(self.tokens, "account", start, end);
            found.all_accounts = false;
            found.slots.accounts = value;
            found.slots.count = None;
        }
    }

    /// "what about greenleaf", "and on netflix?": a name that nobody knows yet.
    fn name_after_lead(&self, last: &Part, found: &mut Findings) {
        let residue = self.residue(found);
        let other_details = found.owner.iter().flatten().any(|slot| *slot != "period");
        if other_details || !accepts(last.intent, "merchant") || residue == 0 || residue > NAME_MAX {
            return;
        }
        let view = self.view();
        if self.names_alone(last, found) {
            return;
        }
        let begins = |lead: &&&[&str]| (0..view.len().min(3)).any(|at| view.after(at, lead).is_some());
        let Some(last_word) = LEADS.iter().find(begins).and_then(|lead| lead.last()) else { return };
        let Some(name) = merchants::after(view, self.text, &[last_word], &found.taken()) else { return };
        if self.is_elsewhere(found, &name) {
            return;
        }
        found.own(self.tokens, "merchant", name.start, name.end);
        found.slots.merchants.push(name.value);
    }

    /// "lidl", "sorry, lidl i mean": after a question about a shop, words that the language does not know are another.
    fn names_alone(&self, last: &Part, found: &mut Findings) -> bool {
        let fillers = &self.language.words.fillers;
        let says = |at: &usize| self.tokens[*at].is_word() && !fillers.contains(self.view().text(*at));
        let strange = |at: &usize| {
            let word = self.view().text(*at);
            found.owner[*at].is_none() && word.chars().count() >= 4 && !self.language.knows(word)
        };
        let said: Vec<usize> = (0..self.tokens.len()).filter(says).collect();
        if last.slots.merchants.is_empty() || said.is_empty() || !said.iter().all(strange) {
            return false;
        }
        // "pret a manger" is one name.
        let joined = |a: &usize, b: &usize| a + 1 == *b || (a + 2 == *b && self.view().is(a + 1, "a"));
        for run in said.chunk_by(joined).take(NAMES_MAX) {
            let (start, end) = (run[0], run[run.len() - 1] + 1);
            let value = merchants::typed(self.view(), self.text, start, end);
            found.own(self.tokens, "merchant", start, end);
            found.slots.merchants.push(value);
        }
        true
    }

    /// "and the weather?": words of the language that ask for something of somebody else are no name.
    fn is_elsewhere(&self, found: &Findings, name: &Located<String>) -> bool {
        let known = |token: &Token| self.language.knows(&token.text);
        let article = name.start > 0 && self.view().any(name.start - 1, &["the", "a", "my"]);
        if !self.tokens.get(name.start..name.end).unwrap_or_default().iter().all(known) {
            return false;
        }
        let learnt = self.learnt(found);
        let ours = matches!(learnt.part.intent, Intent::Unknown) || accepts(learnt.part.intent, "merchant");
        article || (!ours && learnt.confidence >= self.language.words.certainty.answer)
    }

    /// "only card payments": a word for rows says nothing new where rows or sums are asked for.
    fn rows_said(&self, last: &Part, found: &Findings) -> usize {
        let asks = matches!(last.intent, Intent::SpendSum | Intent::TxnList | Intent::TxnSearch);
        let narrows = (0..2).any(|at| self.view().any(at, &["only", "just"])) && found.slots.amount.is_none();
        let short = self.residue(found) == 1 && found.any() && narrows;
        let said = self.tokens.iter().zip(&found.owner);
        let rows = said.filter(|(token, owner)| owner.is_none() && ROWS.contains(&token.text.as_str())).count();
        if asks && short { rows } else { 0 }
    }

    /// "bluebird coffee": a name nobody knows, with the kind of shop behind it. The name is what was asked for.
    pub(super) fn name_with_its_kind(&self, found: &mut Findings) {
        let owned = |at: usize| found.owner.get(at).copied().flatten() == Some("category");
        let Some(start) = (0..self.tokens.len()).find(|at| owned(*at)) else { return };
        let end = (start..self.tokens.len()).find(|at| !owned(*at)).unwrap_or(self.tokens.len());
        let strange = |at: usize| {
            self.tokens.get(at).zip(found.owner.get(at)).is_some_and(|(token, owner)| {
                owner.is_none()
                    && token.text.chars().count() >= 4
                    && token.text.chars().all(char::is_alphabetic)
                    && !self.language.words.known.contains(&token.text)
                    && !dates::is_date_word(&token.text)
            })
        };
        let first = (0..start).rev().take(2).take_while(|at| strange(*at)).last();
        let (Some(first), false) = (first, (end..self.tokens.len()).any(owned)) else { return };
        let led = first > 0 && self.view().any(first - 1, &["at", "from", "on", "about", "for", "and", "to"]);
        let alone = first == 0 && self.residue(found) == start;
        if led || alone {
            let value = merchants::typed(self.view(), self.text, first, end);
            found.slots.categories.clear();
            found.spans.retain(|span| span.slot != "category");
            found.name_merchant(self.tokens, Located { value, start: first, end });
        }
    }
}
