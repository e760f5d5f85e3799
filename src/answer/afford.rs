//! What can be spent: what is available for everyday use, minus the bills before the next income. Facts to weigh, never
//! advice: everything that was subtracted is named, and what was not is said.

use jiff::civil::Date;

use crate::answer::{
    Answered, Ask, NONE_SUCH, NOTHING,
    balance::usable,
    bills::{self, Bill},
    gather::{self, Gathered},
    income,
    recurring::{self, ALL_DAYS},
    telling::{Telling, all},
    trouble, upcoming,
};
use crate::domain::{
    account::AccountClass,
    answer::Answer,
    bank::Bank,
    facts::AccountFacts,
    money::{Currency, Money},
    period::Period,
    reading::{Intent, Part, Slots},
    say::{Arg, Say},
};

/// Most bills that are listed.
const SHOWN: usize = 10;

/// What there is in one currency, and what goes off it.
struct Purse<'a> {
    currency: Currency,
    /// The accounts for everyday use, with what each has.
    cash: Vec<(&'a AccountFacts, Money)>,
    /// The bills before `until`.
    bills: Vec<Bill<'a>>,
    /// When the next income is expected.
    income: Option<Date>,
    /// The first day that is not looked at.
    until: Date,
}

impl<'a> Purse<'a> {
    fn available(&self) -> Money {
        let zero = Money::zero(self.currency);
        self.cash.iter().fold(zero, |sum, (_, money)| sum.plus(*money).unwrap_or(sum))
    }

    fn off(&self) -> Money {
        bills::sums(&self.bills).first().copied().unwrap_or(Money::zero(self.currency))
    }

    fn left(&self) -> Money {
        let available = self.available();
        available.minus(self.off()).unwrap_or(available)
    }

    fn banks(&self) -> impl Iterator<Item = &'a Bank> {
        self.cash.iter().map(|(share, _)| &share.bank)
    }
}

/// Everything that the answer rests on.
struct Looked<'a> {
    found: Gathered<'a>,
    /// The accounts that could be read for their balance.
    shares: Vec<&'a AccountFacts>,
    purses: Vec<Purse<'a>>,
}

impl<'a> Looked<'a> {
    fn at(ask: &Ask<'a>) -> Result<Self, Box<Answer>> {
        // Bills and income stand on any account; only the money is that of the accounts that were named.
        let everywhere = Slots { currency: ask.part.slots.currency, ..Slots::default() };
        let found = gather::rows(ask, &everywhere, ALL_DAYS)?;
        let mut shares = gather::accounts(ask, &Slots { accounts: Vec::new(), ..recurring::wide(&ask.part.slots) })?;
        trouble::retain_told(&mut shares, &found.missing);
        let cash = everyday(&shares, &ask.part.slots);
        let mut currencies: Vec<Currency> = Vec::new();
        for (_, money) in &cash {
            if !currencies.contains(&money.currency) {
                currencies.push(money.currency);
            }
        }
        let purse = |currency: &Currency| purse(ask, &found, &shares, &cash, *currency);
        let purses = currencies.iter().map(purse).collect();
        Ok(Self { found, shares, purses })
    }

    fn telling(&self, ask: &Ask<'a>) -> Telling<'a> {
        let mut telling = self.found.telling(ask);
        telling.resolved = ask.part.slots.clone();
        bills::rest_on(&mut telling, &self.shares);
        telling
    }
}

/// The accounts that money is spent from: those that were named, else the checking accounts, else the savings.
fn everyday<'a>(shares: &[&'a AccountFacts], slots: &Slots) -> Vec<(&'a AccountFacts, Money)> {
    let of = |fits: &dyn Fn(&AccountFacts) -> bool| -> Vec<(&'a AccountFacts, Money)> {
        let told = shares.iter().filter(|share| share.account.class.holds_cash() && fits(share));
        told.filter_map(|share| Some((*share, usable(share)?.money))).collect()
    };
    if !slots.accounts.is_empty() {
        return of(&|share| slots.accounts.contains(&share.account.id));
    }
    let checking = of(&|share| share.account.class == AccountClass::Checking);
    if checking.is_empty() { of(&|_| true) } else { checking }
}

fn purse<'a>(
    ask: &Ask<'a>,
    found: &Gathered<'a>,
    shares: &[&'a AccountFacts],
    cash: &[(&'a AccountFacts, Money)],
    currency: Currency,
) -> Purse<'a> {
    let series = income::live(ask, &found.rows, &found.accounts);
    let of_currency = series.iter().filter(|series| series.money().currency == currency);
    let far = bills::window(None, ask.today).and_then(|window| window.to).unwrap_or(ask.today);
    let income = of_currency.flat_map(|series| series.expected(far)).filter(|day| *day > ask.today).min();
    let until = income.unwrap_or(far);
    let window = Period::new(ask.today, until);
    let mut bills = bills::of_currency(&bills::bills(ask, found, shares, window), currency);
    bills.retain(|bill| !bill.is_on_credit());
    let cash = cash.iter().filter(|(_, money)| money.currency == currency).copied().collect();
    Purse { currency, cash, bills, income, until }
}

/// Answers `afford.check`.
pub(super) fn check(ask: &Ask<'_>) -> Answered {
    let looked = Looked::at(ask)?;
    let mut telling = looked.telling(ask);
    let price = price(ask, &looked.purses);
    let purses = looked.purses.iter().filter(|purse| price.is_none_or(|price| price.currency == purse.currency));
    let purses: Vec<&Purse<'_>> = purses.collect();
    if purses.is_empty() {
        return Ok(none(telling, &looked, price));
    }
    for purse in &purses {
        say_purse(&mut telling, ask, purse, price);
    }
    say_not_counted(&mut telling, &looked, &purses);
    looked.found.note_gaps(&mut telling);
    telling.offer_how();
    telling.offer(Say::new("title-upcoming"), Part::new(Intent::UpcomingList));
    telling.offer(Say::new("title-balance"), Part::new(Intent::BalanceGet));
    Ok(telling.done())
}

/// What it would cost: in the currency that was said, else that of the first purse.
fn price(ask: &Ask<'_>, purses: &[Purse<'_>]) -> Option<Money> {
    let amount = ask.part.slots.amount.as_ref()?;
    let currency = amount.currency.or_else(|| purses.first().map(|purse| purse.currency))?;
    Some(Money::new(amount.max.or(amount.min)?.abs(), currency))
}

/// No account to spend from, or none in the currency of the price.
fn none(mut telling: Telling<'_>, looked: &Looked<'_>, price: Option<Money>) -> Answer {
    if looked.purses.is_empty() && !looked.found.missing.is_empty() {
        return trouble::nothing(telling, &looked.found.missing);
    }
    let other = price.filter(|_| !looked.purses.is_empty());
    match other {
        Some(price) => telling.say(Say::new("afford-other-currency").with("currency", price.currency.code())),
        None => telling.say(Say::new("afford-no-account")),
    }
    telling.offer(Say::new("title-balance"), Part::new(Intent::BalanceGet));
    telling.end(if other.is_some() { NONE_SUCH } else { NOTHING })
}

/// The figure, then how it comes about, then the bills.
fn say_purse<'a>(telling: &mut Telling<'a>, ask: &Ask<'a>, purse: &Purse<'a>, price: Option<Money>) {
    let left = purse.left();
    if let Some(price) = price {
        let rest = left.minus(price).unwrap_or(left);
        let id = if rest.is_out() { "afford-short" } else { "afford-rest" };
        let rest = over(telling, purse, rest.abs());
        let price = over(telling, purse, price);
        telling.say(Say::new(id).with("rest", rest).with("price", price));
    }
    let when = match purse.income {
        Some(day) => Say::new("afford-until-income").with("day", day),
        None => Say::new("afford-until").with("day", purse.until.yesterday().unwrap_or(purse.until)),
    };
    let available = purse.available();
    let id = match (available.is_out(), left.is_out(), purse.bills.is_empty()) {
        (true, _, _) => "afford-overdrawn",
        (false, true, _) => "afford-below",
        (false, false, true) => "afford-all",
        (false, false, false) => "afford-left",
    };
    let left = over(telling, purse, left.abs());
    let available = telling.over_banks(available.abs(), purse.banks());
    let off = bills::sum(telling, &purse.bills);
    let say = Say::new(id).with("left", left).with("available", available).with("bills", off);
    telling.say(say.with("when", when).with("accounts", names(purse)).with("count", purse.bills.len()));
    for bill in purse.bills.iter().take(SHOWN) {
        let line = bill.line(telling, ask.today);
        telling.say(line);
    }
    if purse.bills.len() > SHOWN {
        telling.say(Say::new("top-more").with("count", purse.bills.len() - SHOWN));
    }
}

/// Savings, and the everyday spending that nobody knows yet.
fn say_not_counted<'a>(telling: &mut Telling<'a>, looked: &Looked<'a>, purses: &[&Purse<'a>]) {
    let counted = |share: &AccountFacts| {
        purses.iter().flat_map(|purse| &purse.cash).any(|(known, _)| known.account.id == share.account.id)
    };
    let others = looked.shares.iter().filter(|share| share.account.class == AccountClass::Savings && !counted(share));
    let mut aside: Vec<Arg> = Vec::new();
    for share in others {
        aside.extend(usable(share).map(|figure| telling.balance(figure.money, &share.bank)));
    }
    let id = if aside.is_empty() { "afford-not-counted" } else { "afford-not-counted-savings" };
    telling.say(Say::new(id).with("savings", all(aside)));
}

/// Money that comes of a purse's balances and bills.
fn over<'a>(telling: &mut Telling<'a>, purse: &Purse<'a>, money: Money) -> Arg {
    let rows: Vec<_> = purse.bills.iter().filter_map(Bill::row).collect();
    let told = purse.bills.iter().filter_map(Bill::bank).map(|share| &share.bank);
    telling.over_both(money, purse.banks().chain(told), &rows)
}

fn names(purse: &Purse<'_>) -> Arg {
    all(purse.cash.iter().map(|(share, _)| Arg::from(&share.account)).collect())
}

/// Account by account, bill by bill, and the rule.
pub(super) fn explain(ask: &Ask<'_>) -> Answered {
    let looked = Looked::at(ask)?;
    let mut telling = looked.telling(ask);
    if looked.purses.is_empty() {
        return Ok(none(telling, &looked, None));
    }
    for purse in &looked.purses {
        for (share, money) in &purse.cash {
            let money = telling.balance(*money, &share.bank);
            telling.say(Say::new("explain-plus").with("account", &share.account).with("money", money));
        }
        for bill in purse.bills.iter().take(SHOWN) {
            let line = bill.line(&mut telling, ask.today);
            telling.say(Say::new("afford-minus").with("bill", line));
        }
        let left = over(&mut telling, purse, purse.left());
        telling.say(Say::new("afford-sum").with("left", left));
        upcoming::say_reasons(&mut telling, &purse.bills);
    }
    telling.say_apart(Say::new("afford-rule"));
    super::explain::say_read(&mut telling, &looked.found.accounts);
    looked.found.note_gaps(&mut telling);
    Ok(telling.done())
}
