//! Which accounts and rows a question means: the person's words against what the banks gave.

use jiff::civil::Date;

use crate::answer::{
    Ask, FUTURE, NONE_SUCH, OUTSIDE_HISTORY,
    ledger::{self, Entry, Kind},
    merchant::{self, Meant},
    telling::{Telling, all},
    trouble,
    when::{NoDays, Window},
};
use crate::domain::{
    answer::Answer,
    facts::{AccountFacts, Missing},
    money::Money,
    period::Period,
    reading::{AmountRange, Direction, Intent, Part, Slots},
    say::{Arg, Say},
};

/// The rows that a question means.
pub(super) struct Gathered<'a> {
    /// The accounts that were looked at.
    pub(super) accounts: Vec<&'a AccountFacts>,
    /// The sources that are missing.
    pub(super) missing: Vec<&'a Missing>,
    /// The days.
    pub(super) window: Window,
    /// Every row that the words name, newest first, whatever it is.
    pub(super) rows: Vec<Entry<'a>>,
    /// Words that name no merchant, where others did.
    unknown: Vec<String>,
    /// The slots with merchants by the names on the rows, and with the period that was taken.
    pub(super) resolved: Slots,
}

impl<'a> Gathered<'a> {
    /// Begins an answer that rests on these rows.
    pub(super) fn telling(&self, ask: &Ask<'a>) -> Telling<'a> {
        let mut telling = Telling::new(ask);
        telling.resolved = self.resolved.clone();
        self.accounts.iter().for_each(|share| telling.rests_on(&share.bank, share.read_at));
        telling
    }

    /// The rows that are part of what was spent.
    pub(super) fn spending(&self) -> Vec<Entry<'a>> {
        self.rows.iter().filter(|entry| entry.is_spending()).copied().collect()
    }

    /// The outgoing halves of the person's own transfers and card payments: no part of what was spent.
    pub(super) fn own_transfers(&self) -> Vec<Entry<'a>> {
        let is_out = |entry: &&Entry<'a>| entry.kind == Kind::Internal && entry.row.money.is_out();
        self.rows.iter().filter(is_out).copied().collect()
    }

    /// Whether the question is about everything, rather than some merchants, categories or amounts.
    pub(super) fn is_about_all(&self) -> bool {
        let slots = &self.resolved;
        let left_out = !slots.except_merchants.is_empty()
            || !slots.except_categories.is_empty()
            || !slots.except_amounts.is_empty();
        slots.merchants.is_empty() && slots.categories.is_empty() && slots.amount.is_none() && !left_out
    }

    /// Whether several accounts were looked at, so that a row must say on which it stands.
    pub(super) fn over_several(&self) -> bool {
        self.accounts.len() > 1
    }

    /// An amount that was said, in the currency it was said in or that of the accounts.
    fn as_money(&self, range: &AmountRange) -> Option<Arg> {
        let own = || self.accounts.first().map(|share| share.account.currency);
        Some(Arg::from(Money::new(range.min.or(range.max)?, range.currency.or_else(own)?)))
    }

    /// What the rows are about, ready to stand after "You've spent $5.00": ` on coffee from Cashback Visa ••1179`.
    pub(super) fn about(&self) -> Arg {
        let slots = &self.resolved;
        let mut what: Vec<(&str, Arg)> = Vec::new();
        if !slots.merchants.is_empty() {
            what.push(("about-merchant", all(slots.merchants.iter().map(|name| Arg::from(name.as_str())).collect())));
        }
        if !slots.categories.is_empty() {
            what.push(("about-category", all(slots.categories.iter().map(|category| Arg::from(*category)).collect())));
        }
        let merchants = slots.except_merchants.iter().map(|name| Arg::from(name.as_str()));
        let categories = slots.except_categories.iter().map(|c| Arg::from(*c));
        let amounts = slots.except_amounts.iter().filter_map(|range| self.as_money(range));
        let left_out: Vec<Arg> = merchants.chain(categories).chain(amounts).collect();
        if !left_out.is_empty() {
            what.push(("about-except", all(left_out)));
        }
        if !slots.accounts.is_empty() {
            what.push(("about-account", all(self.accounts.iter().map(|share| Arg::from(&share.account)).collect())));
        } else if !slots.banks.is_empty() {
            let banks = self.accounts.iter().map(|share| &share.bank);
            what.push(("about-account", crate::answer::telling::bank_names(banks)));
        }
        let mut words: Option<Say> = None;
        for (id, value) in what.into_iter().rev() {
            let rest = words.take().map_or_else(|| Arg::from(""), Arg::from);
            words = Some(Say::new(id).with("what", value).with("rest", rest));
        }
        words.map_or_else(|| Arg::from(""), Arg::from)
    }

    /// Notes what the figures leave out: days before the banks' memory, words that name nothing, missing sources.
    pub(super) fn note_gaps(&self, telling: &mut Telling<'_>) {
        if let Some(day) = self.window.kept_from {
            telling.note(Say::new("kept-from").with("day", day));
        }
        for word in &self.unknown {
            telling.note(Say::new("no-such-merchant").with("word", word.as_str()).with("when", ""));
        }
        trouble::not_included(telling, &self.missing);
    }
}

/// The accounts that the slots mean, in the facts' order. Otherwise the answer that says why there are none.
pub(super) fn accounts<'a>(ask: &Ask<'a>, slots: &Slots) -> Result<Vec<&'a AccountFacts>, Box<Answer>> {
    let is_meant = |share: &&AccountFacts| {
        (slots.accounts.is_empty() || slots.accounts.contains(&share.account.id))
            && (slots.banks.is_empty() || slots.banks.contains(&share.bank.id))
    };
    if let Some(words) = slots.account_words.as_deref().filter(|_| slots.accounts.is_empty()) {
        return Err(Box::new(no_such_account(ask, Some(words))));
    }
    let facts: &'a [AccountFacts] = ask.facts.accounts;
    let found: Vec<&AccountFacts> = facts.iter().filter(is_meant).collect();
    if !found.is_empty() {
        return Ok(found);
    }
    let missing = trouble::relevant(ask, slots);
    if !missing.is_empty() {
        return Err(Box::new(trouble::nothing(Telling::new(ask), &missing)));
    }
    Err(Box::new(no_such_account(ask, None)))
}

/// The answer when what was named is none of the person's accounts or banks.
fn no_such_account(ask: &Ask<'_>, words: Option<&str>) -> Answer {
    let mut telling = Telling::new(ask);
    let slots = &ask.part.slots;
    let unlinked = ask.banks.iter().find(|bank| slots.banks.contains(&bank.id));
    match (words, unlinked) {
        (Some(words), _) => telling.say(Say::new("no-such-account").with("words", words)),
        (None, Some(bank)) => telling.say(Say::new("bank-not-linked").with("bank", bank.name.as_str())),
        (None, None) => telling.say(Say::new("no-accounts")),
    }
    if !ask.directory.is_empty() {
        let own = all(ask.directory.iter().map(Arg::from).collect());
        telling.say(Say::new("your-accounts").with("accounts", own));
    }
    telling.offer(Say::new("title-balance"), Part::new(Intent::BalanceGet));
    telling.end(NONE_SUCH)
}

/// The rows of `asked` that the slots mean, or the answer that says why there are none to look at.
pub(super) fn rows<'a>(ask: &Ask<'a>, slots: &Slots, asked: Period) -> Result<Gathered<'a>, Box<Answer>> {
    let mut accounts = accounts(ask, slots)?;
    let missing = trouble::relevant(ask, slots);
    accounts.retain(|share| share.transactions.is_some());
    if accounts.is_empty() {
        return Err(Box::new(trouble::nothing(Telling::new(ask), &missing)));
    }
    let window = Window::new(asked, ask.today, &accounts).map_err(|none| Box::new(no_days(ask, asked, none)))?;
    let mut rows = ledger::entries(ask.facts, ask.directory);
    rows.retain(|entry| accounts.iter().any(|share| share.account.id == entry.account.id));
    let (resolved, unknown) = resolve(slots, asked, &rows);
    if resolved.merchants.is_empty() && resolved.categories.is_empty() && !unknown.is_empty() {
        return Err(Box::new(no_such_merchant(ask, &window, &unknown, &missing)));
    }
    rows.retain(|entry| window.seen.contains(entry.row.date) && matches(entry, &resolved));
    Ok(Gathered { accounts, missing, window, rows, unknown, resolved })
}

/// The slots with every shopping word replaced by what it means, and the words that mean nothing here.
fn resolve(slots: &Slots, asked: Period, rows: &[Entry<'_>]) -> (Slots, Vec<String>) {
    let (merchants, except_merchants) = (Vec::new(), Vec::new());
    let mut resolved = Slots { period: Some(asked), merchants, except_merchants, ..slots.clone() };
    let mut unknown = Vec::new();
    for word in &slots.merchants {
        match merchant::resolve(word, rows.iter().map(|entry| entry.row.label())) {
            Meant::Merchants(names) => resolved.merchants.extend(names),
            Meant::Category(category) => resolved.categories.push(category),
            Meant::Nothing => unknown.push(word.clone()),
        }
    }
    // A word that names nothing leaves nothing out; the sentence then does not say that it did.
    for word in &slots.except_merchants {
        match merchant::resolve(word, rows.iter().map(|entry| entry.row.label())) {
            Meant::Merchants(names) => resolved.except_merchants.extend(names),
            Meant::Category(category) => resolved.except_categories.push(category),
            Meant::Nothing => {}
        }
    }
    for names in [&mut resolved.merchants, &mut resolved.except_merchants] {
        names.sort_unstable();
        names.dedup();
    }
    (resolved, unknown)
}

fn matches(entry: &Entry<'_>, slots: &Slots) -> bool {
    let row = entry.row;
    let merchant = slots.merchants.is_empty() || slots.merchants.iter().any(|name| name == row.label());
    let category = slots.categories.is_empty() || slots.categories.contains(&row.category);
    let has = |range: &AmountRange| {
        let in_range = |money: &Money| {
            range.currency.is_none_or(|currency| currency == money.currency) && range.contains(money.amount)
        };
        in_range(&row.money) || row.original.as_ref().is_some_and(in_range)
    };
    let amount = slots.amount.as_ref().is_none_or(has);
    let direction = match slots.direction {
        None => true,
        Some(Direction::In) => !row.money.is_out(),
        Some(Direction::Out) => row.money.is_out(),
    };
    let left_out = slots.except_categories.contains(&row.category)
        || slots.except_merchants.iter().any(|name| name == row.label())
        || slots.except_amounts.iter().any(has);
    merchant && category && amount && direction && !left_out
}

fn no_days(ask: &Ask<'_>, asked: Period, none: NoDays) -> Answer {
    let mut telling = Telling::new(ask);
    match none {
        NoDays::Future => {
            telling.say(Say::new("period-future").with("span", asked));
            telling.end(FUTURE)
        }
        NoDays::OutsideHistory(oldest) => {
            telling.say(outside_history(asked, oldest));
            telling.end(OUTSIDE_HISTORY)
        }
    }
}

/// The sentence for days that are older than anything the banks keep.
pub(super) fn outside_history(asked: Period, oldest: Date) -> Say {
    Say::new("outside-history").with("span", asked).with("day", oldest)
}

fn no_such_merchant(ask: &Ask<'_>, window: &Window, unknown: &[String], missing: &[&Missing]) -> Answer {
    let mut telling = Telling::new(ask);
    let words = all(unknown.iter().map(|word| Arg::from(word.as_str())).collect());
    let when = Say::new("no-such-merchant-when").with("when", window.say(ask.today));
    telling.say(Say::new("no-such-merchant").with("word", words).with("when", when));
    trouble::not_included(&mut telling, missing);
    telling.offer(Say::new("title-recent"), Part::new(Intent::TxnList));
    telling.offer(Say::new("title-spending"), Part::new(Intent::SpendSum));
    telling.end(NONE_SUCH)
}
