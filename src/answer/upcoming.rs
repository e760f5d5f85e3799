//! The bills ahead, day by day: those that banks tell and those that are expected, each said to be what it is.

use crate::answer::{
    Answered, Ask, DONE, NOTHING,
    bills::{self, Bill, Known},
    gather::{self, Gathered},
    recurring::{self, ALL_DAYS},
    telling::Telling,
    trouble,
};
use crate::domain::{
    account::BalanceKind,
    answer::Answer,
    facts::AccountFacts,
    period::Period,
    reading::{Intent, Part, Slots},
    say::{Arg, Say},
};

/// Most bills that are listed.
const SHOWN: usize = 15;

/// The bills that a question means, and what they are drawn from.
struct Ahead<'a> {
    asked: Option<Period>,
    found: Gathered<'a>,
    shares: Vec<&'a AccountFacts>,
    window: Period,
    bills: Vec<Bill<'a>>,
}

impl<'a> Ahead<'a> {
    fn gather(ask: &Ask<'a>) -> Result<Self, Box<Answer>> {
        let asked = bills::meant(ask.part.slots.period, ask.today);
        let Some(window) = bills::window(asked, ask.today) else { return Err(Box::new(over(ask))) };
        let slots = recurring::wide(&ask.part.slots);
        let found = gather::rows(ask, &slots, ALL_DAYS)?;
        let mut shares = gather::accounts(ask, &slots)?;
        trouble::retain_told(&mut shares, &found.missing);
        // Who asks about one payee does not ask about a card's statement.
        if !found.is_about_all() {
            shares.clear();
        }
        let bills = bills::bills(ask, &found, &shares, window);
        Ok(Self { asked, found, shares, window, bills })
    }

    fn telling(&self, ask: &Ask<'a>) -> Telling<'a> {
        let mut telling = self.found.telling(ask);
        bills::rest_on(&mut telling, &self.shares);
        telling.resolved.period = self.asked;
        telling
    }

    fn expects_any(&self) -> bool {
        self.bills.iter().any(|bill| matches!(bill.known, Known::Expected(_)))
    }
}

/// The answer for days that are over: what was paid then is another question.
fn over(ask: &Ask<'_>) -> Answer {
    let mut telling = Telling::new(ask);
    let asked = ask.part.slots.period.unwrap_or(ALL_DAYS);
    telling.say(Say::new("upcoming-over").with("span", asked));
    let slots = Slots { period: Some(asked), ..recurring::wide(&ask.part.slots) };
    telling.offer(Say::new("title-spending"), Part { intent: Intent::SpendSum, slots });
    telling.offer(Say::new("title-upcoming"), Part::new(Intent::UpcomingList));
    telling.end(NOTHING)
}

/// Answers `upcoming.list`.
pub(super) fn list(ask: &Ask<'_>) -> Answered {
    let ahead = Ahead::gather(ask)?;
    let mut telling = ahead.telling(ask);
    let outcome = say_bills(&mut telling, ask, &ahead);
    say_untold(&mut telling, &ahead.shares);
    ahead.found.note_gaps(&mut telling);
    telling.offer_how();
    telling.offer(Say::new("title-regular"), Part::new(Intent::RecurringList));
    telling.offer(Say::new("title-balance"), Part::new(Intent::BalanceGet));
    Ok(telling.end(outcome))
}

fn say_bills<'a>(telling: &mut Telling<'a>, ask: &Ask<'a>, ahead: &Ahead<'a>) -> &'static str {
    let until = ahead.window.last_day().unwrap_or(ask.today);
    let from = ahead.window.from.filter(|from| *from > ask.today);
    let when = match from {
        Some(_) => Say::new("upcoming-between").with("span", ahead.window),
        None => Say::new("upcoming-until").with("day", until),
    };
    if ahead.bills.is_empty() {
        telling.say(Say::new("upcoming-none").with("about", ahead.found.about()).with("when", when));
        return NOTHING;
    }
    let sum = bills::sum(telling, &ahead.bills);
    let id = if matches!(&sum, Arg::All(sums) if sums.is_empty()) { "upcoming-head-untold" } else { "upcoming-head" };
    let head = Say::new(id).with("sum", sum).with("about", ahead.found.about()).with("when", when);
    telling.say(head.with("count", ahead.bills.len()));
    for bill in ahead.bills.iter().take(SHOWN) {
        let line = bill.line(telling, ask.today);
        telling.say(line);
    }
    let rest = ahead.bills.get(SHOWN..).unwrap_or_default();
    if !rest.is_empty() {
        let sum = bills::sum(telling, rest);
        telling.say(Say::new("explain-rest").with("count", rest.len()).with("sum", sum));
    }
    if ahead.expects_any() {
        telling.say(Say::new("upcoming-estimate"));
    }
    DONE
}

/// Cards and loans on which something is owed and whose banks do not tell when it is due.
fn say_untold(telling: &mut Telling<'_>, shares: &[&AccountFacts]) {
    for share in shares.iter().filter(|share| share.account.class.is_debt()) {
        let Some(balances) = &share.balances else { continue };
        let owes = balances.get(BalanceKind::Owed).is_some_and(|owed| !owed.money.is_zero() && !owed.money.is_out());
        if owes && balances.due.is_none() {
            let say = Say::new("card-untold-due").with("bank", share.bank.name.as_str());
            telling.note(say.with("account", &share.account));
        }
    }
}

/// From which payments each expectation comes, and which bank tells each due day.
pub(super) fn explain(ask: &Ask<'_>) -> Answered {
    let ahead = Ahead::gather(ask)?;
    let mut telling = ahead.telling(ask);
    if ahead.bills.is_empty() {
        say_bills(&mut telling, ask, &ahead);
    }
    say_reasons(&mut telling, &ahead.bills);
    telling.say_apart(Say::new("upcoming-rule"));
    super::explain::say_read(&mut telling, &ahead.found.accounts);
    ahead.found.note_gaps(&mut telling);
    Ok(telling.done())
}

/// Each bill with what it rests on, a payee or account once.
pub(super) fn say_reasons<'a>(telling: &mut Telling<'a>, bills: &[Bill<'a>]) {
    let mut seen: Vec<&str> = Vec::new();
    for bill in bills.iter().take(SHOWN) {
        match &bill.known {
            Known::Told(share) => {
                let money = bill.money.map(|money| bills::amount(telling, money, std::slice::from_ref(bill)));
                let id = if money.is_some() { "upcoming-told" } else { "upcoming-told-day" };
                let say = Say::new(id).with("account", &share.account).with("bank", share.bank.name.as_str());
                telling.say(say.with("day", bill.day).with("money", money.unwrap_or_else(|| Arg::from(""))));
            }
            Known::Expected(series) if !seen.contains(&series.name()) => {
                seen.push(series.name());
                let payments = recurring::payments(telling, series);
                let say = Say::new("recurring-because").with("name", series.name()).with("payments", payments);
                telling.say(say.with("every", Say::new(series.rhythm.text())));
            }
            Known::Expected(_) => {}
        }
    }
}
