//! Whether an alert has come true since it was looked at last. What was told once is not told again: a low balance
//! when it is crossed, a payment or income when its row first appears.

use jiff::ToSpan;
use jiff::civil::Date;
use sha2::{Digest, Sha256};

use crate::answer::{
    Answered, Ask, DONE, WHICH,
    balance::usable,
    gather,
    ledger::{self, Entry, Kind},
    list,
    telling::Telling,
    trouble,
};
use crate::domain::{
    account::Account,
    alert::{Alert, AlertKind, Watch},
    answer::Answer,
    facts::{Missing, Trouble},
    money::Money,
    reading::Slots,
    say::{Arg, Say},
};

/// A row that appears this many days after its own day is still news; older ones are not.
const LATE_DAYS: i32 = 7;
/// Most rows that one alert names.
const ROWS: usize = 3;

/// Asks which account a low balance is watched on when several fit; needs no bank.
pub(super) fn which(ask: &Ask<'_>) -> Answered {
    let slots = &ask.part.slots;
    let mut telling = Telling::new(ask);
    if slots.kind.as_deref() != Some(AlertKind::LowBalance.word()) {
        return Ok(telling.end(DONE));
    }
    if slots.accounts.is_empty() && slots.account_words.is_some() {
        gather::accounts(ask, slots)?;
    }
    let is_meant = |own: &&Account| {
        if slots.accounts.is_empty() { own.class.holds_cash() } else { slots.accounts.contains(&own.id) }
    };
    let (cash, debts): (Vec<&Account>, Vec<&Account>) =
        ask.directory.iter().filter(is_meant).partition(|own| !own.class.is_debt());
    match (cash.as_slice(), debts.as_slice()) {
        ([_], []) => return Ok(telling.end(DONE)),
        ([], _) => {
            telling.say(Say::new("alert-no-account"));
            return Ok(telling.end(WHICH));
        }
        _ => {}
    }
    let range = slots.amount.as_ref();
    let amount = range.and_then(|range| {
        Some(Money::new(range.min.or(range.max)?, range.currency.or_else(|| cash.first().map(|own| own.currency))?))
    });
    let names: Vec<Arg> = cash.iter().map(|account| Arg::from(*account)).collect();
    let amount = amount.map_or_else(|| Arg::from(""), |money| telling.over_banks(money, []));
    telling.say(Say::new("alert-which-account").with("accounts", names).with("amount", amount));
    for account in &cash {
        let one = Slots { accounts: vec![account.id.clone()], account_words: None, ..slots.clone() };
        telling.offer(Say::new("title-account").with("account", list::title(account)), list::part(ask, one));
    }
    Ok(telling.end(WHICH))
}

/// What an alert has to say, if anything, and how far it has looked now. A bank in trouble leaves everything as it
/// was: it is looked at again next time, in silence.
pub(super) fn look(alert: &Alert, ask: &Ask<'_>) -> (Option<Answer>, Watch) {
    let slots = Slots { accounts: alert.accounts.clone(), ..Slots::default() };
    let missing = trouble::relevant(ask, &slots);
    let is_over = |trouble: &Trouble| {
        matches!(trouble, Trouble::ConsentEnded | Trouble::Unconfirmed { .. } | Trouble::NotCovered)
    };
    let (ended, troubled): (Vec<&Missing>, Vec<&Missing>) =
        missing.iter().partition(|missing| is_over(&missing.trouble));
    let mut watch = alert.watch.clone();
    if !troubled.is_empty() {
        return (None, watch);
    }
    let mut telling = Telling::new(ask);
    let mut says = false;
    for missing in ended.iter().filter(|_| !alert.watch.told_ended) {
        let id = if matches!(missing.trouble, Trouble::Unconfirmed { .. }) { "alert-paused" } else { "alert-ended" };
        telling.say(Say::new(id).with("bank", missing.bank.name.as_str()));
        says = true;
    }
    watch.told_ended = !ended.is_empty();
    says |= match alert.kind {
        AlertKind::LowBalance => low_balance(alert, ask, &mut telling, &mut watch),
        AlertKind::LargePayment | AlertKind::Income => rows(alert, ask, &mut telling, &mut watch),
    };
    (says.then(|| telling.done()), watch)
}

fn low_balance<'a>(alert: &Alert, ask: &Ask<'a>, telling: &mut Telling<'a>, watch: &mut Watch) -> bool {
    let mut shares = ask.facts.accounts.iter().filter(|share| alert.accounts.contains(&share.account.id));
    let Some((share, limit)) = shares.next().zip(alert.amount) else { return false };
    let Some(figure) = usable(share).filter(|figure| figure.money.currency == limit.currency) else { return false };
    let crossed = figure.money.amount < limit.amount && !watch.is_under;
    watch.is_under = figure.money.amount < limit.amount;
    watch.looked = Some(ask.today);
    if crossed {
        telling.rests_on(&share.bank, figure.as_of.at());
        let (money, limit) = (telling.balance(figure.money, &share.bank), telling.over_banks(limit, []));
        telling.say(Say::new("alert-low").with("account", &share.account).with("money", money).with("limit", limit));
        watch.told = Some(ask.today);
    }
    crossed
}

fn rows<'a>(alert: &Alert, ask: &Ask<'a>, telling: &mut Telling<'a>, watch: &mut Watch) -> bool {
    let is_first = watch.looked.is_none();
    let from = first_day(alert);
    let entries = ledger::entries(ask.facts, ask.directory);
    let meant: Vec<&Entry<'a>> =
        entries.iter().filter(|entry| entry.row.date >= from && is_meant(alert, entry)).collect();
    let mut known = std::mem::take(&mut watch.marks);
    let is_news = |entry: &&&Entry<'a>| {
        let mark = mark(entry);
        match known.iter().position(|other| *other == mark) {
            Some(at) => {
                known.swap_remove(at);
                false
            }
            None => !is_first || entry.row.date > alert.since,
        }
    };
    let news: Vec<&Entry<'a>> = meant.iter().filter(is_news).copied().collect();
    watch.marks = meant.iter().map(|entry| mark(entry)).collect();
    watch.looked = Some(ask.today);
    let id = if alert.kind == AlertKind::Income { "alert-income" } else { "alert-large" };
    for entry in news.iter().take(ROWS) {
        if let Some(share) = ask.facts.accounts.iter().find(|share| share.account.id == entry.account.id) {
            telling.rests_on(&share.bank, share.read_at);
        }
        let money = telling.over_rows(entry.row.money.abs(), [*entry]);
        let state = if entry.row.is_pending() { "pending" } else { "booked" };
        let say = Say::new(id).with("account", entry.account).with("money", money).with("name", entry.row.label());
        telling.say(say.with("day", entry.row.date).with("state", state));
    }
    if news.len() > ROWS {
        telling.say(Say::new("alert-more").with("count", news.len() - ROWS));
    }
    if !news.is_empty() {
        watch.told = Some(ask.today);
    }
    !news.is_empty()
}

/// The first day whose rows an alert looks at.
pub(super) fn first_day(alert: &Alert) -> Date {
    let since = alert.watch.looked.unwrap_or(alert.since);
    since.checked_sub(LATE_DAYS.days()).unwrap_or(since)
}

/// Whether a row is what an alert watches for. The person's own transfers are no payments; income has arrived once it
/// is booked.
fn is_meant(alert: &Alert, entry: &Entry<'_>) -> bool {
    let on = alert.accounts.is_empty() || alert.accounts.contains(&entry.account.id);
    let money = entry.row.money;
    let over = |limit: Money| limit.currency == money.currency && money.amount.abs() > limit.amount;
    on && match alert.kind {
        AlertKind::Income => entry.kind == Kind::Income && !money.is_out() && !entry.row.is_pending(),
        _ => entry.kind == Kind::Payment && alert.amount.is_some_and(over),
    }
}

/// The mark of a row: the same while it is pending and once it is booked, whatever id and day the bank gives it. Nothing
/// can be read from it.
fn mark(entry: &Entry<'_>) -> u64 {
    let money = entry.row.money;
    let text = format!("{}\n{}\n{}\n{}", entry.account.id, money.amount.normalize(), money.currency, entry.row.label());
    let digest: [u8; 32] = Sha256::digest(text.as_bytes()).into();
    digest.iter().take(8).fold(0, |mark, byte| (mark << 8) | u64::from(*byte))
}
