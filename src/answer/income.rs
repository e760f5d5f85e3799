//! What came in: the latest, the sum of the asked days, from whom, and when more may be expected. Money between the
//! person's own accounts and refunds are no income; what others sent is named apart.

use crate::answer::{
    Answered, Ask, NOTHING,
    gather::{self, Gathered},
    ledger::{Entry, Kind},
    list,
    recurring::{self, ALL_DAYS},
    rhythm::{self, Series},
    spend::{self, Sum},
    telling::{Telling, all},
    when::{self, Window},
};
use crate::domain::{
    answer::Answer,
    facts::AccountFacts,
    reading::{Direction, Intent, Part, Slots},
    say::{Arg, Say},
};

/// Most rows that an answer lists, and most payers whose next payment it tells.
const ROWS: usize = 5;
const PAYERS: usize = 3;

/// Income of the asked days (or of all that the banks show), and what it is drawn from.
struct Income<'a> {
    /// The asked days.
    asked: Gathered<'a>,
    /// Everything that came in, for the rhythm.
    ever: Gathered<'a>,
}

impl<'a> Income<'a> {
    fn gather(ask: &Ask<'a>) -> Result<Self, Box<Answer>> {
        let slots = Slots { direction: Some(Direction::In), ..ask.part.slots.clone() };
        let asked = gather::rows(ask, &slots, slots.period.unwrap_or(ALL_DAYS))?;
        let ever = gather::rows(ask, &slots, ALL_DAYS)?;
        Ok(Self { asked, ever })
    }

    fn of_kind(&self, kind: Kind) -> Vec<Entry<'a>> {
        self.asked.rows.iter().filter(|entry| entry.kind == kind).copied().collect()
    }

    fn telling(&self, ask: &Ask<'a>) -> Telling<'a> {
        let mut telling = self.asked.telling(ask);
        telling.resolved.period = ask.part.slots.period;
        telling
    }
}

/// Answers `income.check`.
pub(super) fn check(ask: &Ask<'_>) -> Answered {
    let income = Income::gather(ask)?;
    let mut telling = income.telling(ask);
    let rows = income.of_kind(Kind::Income);
    let mut received = income.of_kind(Kind::Received);
    if ask.part.slots.period.is_none() {
        received.retain(|entry| when::this_month(ask.today).contains(entry.row.date));
    }
    match ask.part.slots.period {
        Some(_) => say_period(&mut telling, ask, &income.asked, &rows),
        None => say_latest(&mut telling, ask, &income.asked, &rows),
    }
    if !received.is_empty() {
        let sum = spend::over(&mut telling, &received);
        telling.say(Say::new("income-received").with("sum", sum).with("names", spend::names(&received)));
    }
    let goes_on = ask.part.slots.period.is_none_or(|_| income.asked.window.seen.contains(ask.today));
    if goes_on {
        if rows.is_empty() && ask.part.slots.period.is_some() {
            say_before(&mut telling, &income.ever);
        }
        say_next(&mut telling, ask, &income.ever);
    }
    income.asked.note_gaps(&mut telling);
    telling.offer_how();
    telling.offer(Say::new("title-recent"), Part::new(Intent::TxnList));
    telling.offer(Say::new("title-balance"), Part::new(Intent::BalanceGet));
    Ok(if rows.is_empty() && received.is_empty() { telling.end(NOTHING) } else { telling.done() })
}

/// The asked days: their sum, then its rows.
fn say_period<'a>(telling: &mut Telling<'a>, ask: &Ask<'a>, found: &Gathered<'a>, rows: &[Entry<'a>]) {
    let when = found.window.say(ask.today);
    if rows.is_empty() {
        telling.say(Say::new("income-none").with("about", found.about()).with("when", when));
        return;
    }
    let sum = added(telling, rows);
    let say = Say::new("income-sum").with("sum", sum).with("about", found.about()).with("when", when);
    telling.say(say.with("count", rows.len()));
    for entry in rows.iter().take(ROWS) {
        let line = list::line(telling, entry, found.over_several());
        telling.say(line);
    }
    let rest = rows.get(ROWS..).unwrap_or_default();
    if !rest.is_empty() {
        let sum = added(telling, rest);
        telling.say(Say::new("explain-rest").with("count", rest.len()).with("sum", sum));
    }
}

/// The latest payment, and this month's sum so far.
fn say_latest<'a>(telling: &mut Telling<'a>, ask: &Ask<'a>, found: &Gathered<'a>, rows: &[Entry<'a>]) {
    let Some(latest) = rows.first() else {
        let when = found.window.say(ask.today);
        telling.say(Say::new("income-none").with("about", found.about()).with("when", when));
        return;
    };
    let money = telling.over_rows(latest.row.money, [latest]);
    let say = Say::new("income-latest").with("money", money).with("name", latest.row.label());
    let state = if latest.row.is_pending() { "pending" } else { "booked" };
    telling.say(say.with("day", latest.row.date).with("account", latest.account).with("state", state));
    let Ok(month) = Window::new(when::this_month(ask.today), ask.today, &found.accounts) else { return };
    let of_month: Vec<Entry<'a>> = rows.iter().filter(|entry| month.seen.contains(entry.row.date)).copied().collect();
    let when = month.say(ask.today);
    match of_month.len() {
        0 => telling.say(Say::new("income-month-none").with("when", when)),
        // What lacks a source is not said to be all.
        1 if found.missing.is_empty() => telling.say(Say::new("income-month-only").with("when", when)),
        1 => telling.say(Say::new("income-month-only-partial").with("when", when)),
        count => {
            let sum = added(telling, &of_month);
            telling.say(Say::new("income-month").with("sum", sum).with("when", when).with("count", count));
        }
    }
}

/// The latest payment before the asked days, in which there was none.
fn say_before<'a>(telling: &mut Telling<'a>, ever: &Gathered<'a>) {
    if let Some(latest) = ever.rows.iter().find(|entry| entry.kind == Kind::Income) {
        let money = telling.over_rows(latest.row.money, [latest]);
        let say = Say::new("income-before").with("money", money).with("name", latest.row.label());
        telling.say(say.with("day", latest.row.date));
    }
}

/// When the next is expected, and why; where no rhythm shows, that it cannot be told.
fn say_next<'a>(telling: &mut Telling<'a>, ask: &Ask<'a>, ever: &Gathered<'a>) {
    let series: Vec<Series<'a>> = live(ask, &ever.rows, &ever.accounts);
    let had_any = ever.rows.iter().any(|entry| entry.kind == Kind::Income);
    if series.is_empty() && had_any {
        telling.say(Say::new("income-next-unknown"));
    }
    for series in series.iter().take(PAYERS) {
        let Some(day) = series.next() else { continue };
        let id = if day < ask.today { "income-next-late" } else { "income-next" };
        let say = Say::new(id).with("name", series.name()).with("day", day).with("days", days(series));
        telling.say(say.with("every", Say::new(series.rhythm.text())));
    }
}

/// The regular income that goes on today.
pub(super) fn live<'a>(ask: &Ask<'_>, rows: &[Entry<'a>], accounts: &[&AccountFacts]) -> Vec<Series<'a>> {
    let mut series = rhythm::income(rows, accounts);
    series.retain(|series| series.is_live(ask.today));
    series
}

/// The days of the latest payments of a series.
fn days(series: &Series<'_>) -> Arg {
    let latest = series.rows.iter().skip(series.rows.len().saturating_sub(3));
    all(latest.map(|entry| Arg::from(entry.row.date)).collect())
}

/// Rows added up, one amount a currency.
fn added<'a>(telling: &mut Telling<'a>, rows: &[Entry<'a>]) -> Arg {
    let sums = Sum::by_currency(rows);
    all(sums.iter().map(|sum| telling.over_rows(sum.add_up(|_| true), &sum.rows)).collect())
}

/// What counts as income, row by row, and from what the next is estimated.
pub(super) fn explain(ask: &Ask<'_>) -> Answered {
    let income = Income::gather(ask)?;
    let mut telling = income.telling(ask);
    let rows = income.of_kind(Kind::Income);
    say_period(&mut telling, ask, &income.asked, &rows);
    for series in live(ask, &income.ever.rows, &income.ever.accounts).iter().take(PAYERS) {
        let payments = recurring::payments(&mut telling, series);
        let say = Say::new("recurring-because").with("name", series.name()).with("payments", payments);
        telling.say(say.with("every", Say::new(series.rhythm.text())));
    }
    telling.say_apart(Say::new("income-rule"));
    super::explain::say_read(&mut telling, &income.asked.accounts);
    income.asked.note_gaps(&mut telling);
    Ok(telling.done())
}
