//! The slot grammar: everything in a text that is a detail rather than a wish. It runs before intents are told apart.

use super::accounts::{self, Named};
use super::amounts::{self, Located};
use super::dates::{self, Calendar, Dated};
use super::exclusion::{self, Exclusion};
use super::merchants;
use super::own::Own;
use super::tokens::{Token, View};
use super::words::Words;
use crate::domain::reading::{Direction, Slots, Span};
use crate::domain::transaction::Category;

/// What the grammar found.
#[derive(Clone, Debug, Default)]
pub(super) struct Findings {
    pub(super) slots: Slots,
    pub(super) spans: Vec<Span>,
    /// Periods in the order they were said; the first one is in `slots`.
    pub(super) dated: Vec<Dated>,
    /// For each token the slot it belongs to, if any.
    pub(super) owner: Vec<Option<&'static str>>,
    /// "all accounts" was said: whatever accounts the last question had, they no longer hold.
    pub(super) all_accounts: bool,
    /// "with rent", "including rent": what was left out before counts again.
    pub(super) lets_in: bool,
    /// Where the text says what it leaves out.
    pub(super) exclusions: Vec<Exclusion>,
}

impl Findings {
    /// Whether any slot was found.
    pub(super) fn any(&self) -> bool {
        self.owner.iter().any(Option::is_some) || self.all_accounts
    }

    pub(super) fn taken(&self) -> Vec<bool> {
        self.owner.iter().map(Option::is_some).collect()
    }

    pub(super) fn own(&mut self, tokens: &[Token], slot: &'static str, start: usize, end: usize) {
        for owner in self.owner.iter_mut().take(end).skip(start) {
            *owner = Some(slot);
        }
        if let (Some(first), Some(last)) = (tokens.get(start), tokens.get(end.saturating_sub(1))) {
            self.spans.push(Span { slot: slot.to_owned(), from: first.from, to: last.to });
        }
    }

    /// Takes a merchant: as one that is asked for, or as one that is left out.
    pub(super) fn name_merchant(&mut self, tokens: &[Token], merchant: Located<String>) {
        let left_out = exclusion::covers(&self.exclusions, merchant.start);
        let named = if left_out { &mut self.slots.except_merchants } else { &mut self.slots.merchants };
        if !named.contains(&merchant.value) {
            named.push(merchant.value);
        }
        self.own(tokens, if left_out { "except_merchant" } else { "merchant" }, merchant.start, merchant.end);
    }

    /// "with rent": the words before a category that say that it counts.
    fn let_in_again(&mut self, view: View<'_>) {
        for at in 1..view.len() {
            let leads = view.any(at - 1, &["with", "including", "include", "incl"]) && self.owner[at - 1].is_none();
            if leads && self.owner[at] == Some("category") {
                self.lets_in = true;
                // "with" says nothing by itself; the others would be words that nobody knows what to do with.
                self.owner[at - 1] = (!view.is(at - 1, "with")).then_some("category");
            }
        }
    }

    /// "not counting transfers": a word that names a category only where it is left out.
    fn leave_out_transfers(&mut self, tokens: &[Token]) {
        for exclusion in self.exclusions.clone() {
            for at in exclusion.from..exclusion.to {
                if View(tokens).any(at, &["transfer", "transfers"]) && self.owner[at].is_none() {
                    self.slots.except_categories.push(Category::Transfer);
                    self.own(tokens, "except_category", at, at + 1);
                }
            }
        }
    }

    /// The words that begin an exclusion belong to what it leaves out, once something was found in it.
    fn own_leads(&mut self) {
        for exclusion in &self.exclusions {
            let owner = self.owner.iter().take(exclusion.to).skip(exclusion.from).flatten().next().copied();
            if let Some(slot) = owner.filter(|slot| slot.starts_with("except_")) {
                self.owner.iter_mut().take(exclusion.from).skip(exclusion.lead).for_each(|owner| *owner = Some(slot));
            }
        }
    }

    /// Slots that the classifier sees as placeholders. Account words stay: "card" and "savings" tell intents apart.
    pub(super) fn masks(&self) -> Vec<Option<&'static str>> {
        let mask = |slot: &'static str| match slot {
            "than" => "period",
            "except_merchant" => "merchant",
            "except_category" => "category",
            "except_amount" => "amount",
            slot => slot,
        };
        self.owner
            .iter()
            .map(|owner| owner.map(mask).filter(|slot| super::words::PLACEHOLDERS.contains(slot)))
            .collect()
    }
}

/// Reads all slots that need no intent to be seen.
pub(super) fn find(tokens: &[Token], own: &Own<'_>, words: &Words, calendar: &Calendar) -> Findings {
    let view = View(tokens);
    let exclusions = exclusion::find(view);
    let mut found = Findings { owner: vec![None; tokens.len()], exclusions, ..Findings::default() };
    for merchant in merchants::known(view, own, words, &found.taken()) {
        found.name_merchant(tokens, merchant);
    }
    if let Some(count) = amounts::count(view) {
        found.own(tokens, "count", count.start, count.end);
        found.slots.count = Some(count.value);
    }
    found.dated = dates::find(view, calendar, &found.taken());
    for (nth, dated) in found.dated.clone().into_iter().enumerate() {
        found.own(tokens, if nth == 0 { "period" } else { "than" }, dated.start, dated.end);
    }
    found.slots.period = found.dated.first().map(|dated| dated.period);
    let mut taken = found.taken();
    for (at, taken) in taken.iter_mut().enumerate() {
        *taken = *taken || accounts::is_last4(view, at, own.context.accounts) || accounts::called_last4(view, at);
    }
    if let Some(amount) = amounts::amount(view, &taken) {
        if exclusion::covers(&found.exclusions, amount.start) {
            found.own(tokens, "except_amount", amount.start, amount.end);
            found.slots.except_amounts.push(amount.value);
        } else {
            found.own(tokens, "amount", amount.start, amount.end);
            found.slots.amount = Some(amount.value);
        }
    }
    find_accounts(tokens, own, words, &mut found);
    find_categories(tokens, words, &mut found);
    found.leave_out_transfers(tokens);
    found.own_leads();
    found.slots.direction = direction(view).map(|said| said.value);
    found.slots.net = (0..view.len()).any(|at| {
        view.is(at, "net")
            || view.after(at, &["minus", "what", "i", "owe"]).is_some()
            || view.after(at, &["minus", "debts"]).is_some()
    });
    found.let_in_again(view);
    if let Some(currency) = amounts::wanted_currency(view) {
        found.own(tokens, "currency", currency.start, currency.end);
        found.slots.currency = Some(currency.value);
    }
    found.slots.lang = (0..view.len()).find_map(|at| words.languages.get(view.text(at)).cloned());
    found
}

fn find_accounts(tokens: &[Token], own: &Own<'_>, words: &Words, found: &mut Findings) {
    let view = View(tokens);
    for bank in accounts::banks(view, own, words, &found.taken()) {
        found.own(tokens, "bank", bank.start, bank.end);
        if !found.slots.banks.contains(&bank.value) {
            found.slots.banks.push(bank.value);
        }
    }
    for account in accounts::accounts(view, own, words, &found.taken()) {
        match account.value {
            Named::All => {
                found.all_accounts = true;
                found.owner.iter_mut().take(account.end).skip(account.start).for_each(|owner| *owner = Some("account"));
                continue;
            }
            Named::Own(ids) => {
                let new: Vec<_> = ids.into_iter().filter(|id| !found.slots.accounts.contains(id)).collect();
                found.slots.accounts.extend(new);
            }
            Named::Words(words) => found.slots.account_words = found.slots.account_words.take().or(Some(words)),
        }
        found.own(tokens, "account", account.start, account.end);
    }
    if !found.slots.accounts.is_empty() {
        found.slots.account_words = None;
    }
}

fn find_categories(tokens: &[Token], words: &Words, found: &mut Findings) {
    let view = View(tokens);
    let mut at = 0;
    while at < tokens.len() {
        let free = |end: usize, found: &Findings| found.owner.iter().take(end).skip(at).all(Option::is_none);
        let length = words.categories.at(view, at).map(|(length, _)| length).find(|length| free(at + length, found));
        let Some(length) = length else {
            at += 1;
            continue;
        };
        // A word may mean several categories: "food" is what one buys to cook and what one eats out.
        let meant = words.categories.at(view, at).filter(|(words, _)| *words == length).map(|(_, category)| *category);
        let left_out = exclusion::covers(&found.exclusions, at);
        let named = if left_out { &mut found.slots.except_categories } else { &mut found.slots.categories };
        for category in meant {
            if !named.contains(&category) {
                named.push(category);
            }
        }
        found.own(tokens, if left_out { "except_category" } else { "category" }, at, at + length);
        at += length;
    }
}

/// Which way money went, and the words that say so.
pub(super) fn direction(view: View<'_>) -> Option<Located<Direction>> {
    (0..view.len()).find_map(|at| {
        let end = if view.any(at, &["money", "came", "went"]) { at + 2 } else { at + 1 };
        if view.after(at, &["money", "in"]) == Some(view.len())
            || view.any(at, &["incoming", "deposits", "credits", "received", "inflow", "earned"])
            || view.after(at, &["came", "in"]).is_some()
        {
            Some(Located { value: Direction::In, start: at, end })
        } else if view.after(at, &["money", "out"]).is_some()
            || view.any(at, &["outgoing", "debits", "outgoings", "outflow"])
            || view.after(at, &["went", "out"]).is_some()
        {
            Some(Located { value: Direction::Out, start: at, end })
        } else {
            None
        }
    })
}
