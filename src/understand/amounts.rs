//! Amounts of money and counts of rows. A figure is an amount only if something says so: a sign, a word of money, a
//! comparison, or two decimals.

use rust_decimal::Decimal;

use super::dates;
use super::numbers;
use super::tokens::View;
use crate::domain::money::Currency;
use crate::domain::reading::AmountRange;

/// Something found, and its tokens, half-open.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Located<T> {
    pub(super) value: T,
    pub(super) start: usize,
    pub(super) end: usize,
}

/// Words for rows, after a count.
pub(super) const ROWS: &[&str] = &[
    "transaction",
    "transactions",
    "payment",
    "payments",
    "purchase",
    "purchases",
    "charge",
    "charges",
    "rows",
    "entries",
    "items",
    "things",
    "merchants",
    "merchant",
    "shops",
    "stores",
    "categories",
    "expenses",
    "deposits",
    "transfers",
    "debits",
    "credits",
    "ones",
    "buys",
    "places",
];

/// The count of "last 5 transactions" or "top 3".
pub(super) fn count(view: View<'_>) -> Option<Located<u32>> {
    (0..view.len()).find_map(|at| {
        let led = view.any(
            at,
            &["last", "latest", "recent", "top", "first", "past", "previous", "newest", "biggest", "largest", "next"],
        );
        let (number, end) =
            numbers::count(view, if led { at + 1 } else { at }).filter(|(n, _)| (1..=1000).contains(n))?;
        let rows_at = view.skip(
            view.skip(end, &["most"]),
            &["recent", "latest", "biggest", "largest", "last", "card", "pending", "cash"],
        );
        let rows = view.any(rows_at, ROWS);
        let top = view.is(at, "top") && dates::unit(view.text(end)).is_none() && view.digits(at + 1).is_some();
        let digits = view.number(at).is_some() && at > 0 && view.any(at - 1, &["$", "€", "£", ".", "/", "-"]);
        let start = if led { at + 1 } else { at };
        let listed = led || view.any(at.wrapping_sub(1), &["show", "list", "me", "see", "my", "the"]) || at == 0;
        ((rows && listed && !digits) || (led && top))
            .then(|| Some(Located { value: u32::try_from(number).ok()?, start, end }))?
    })
}

/// A figure with its grouping, decimals and a trailing k or m.
fn figure(view: View<'_>, at: usize) -> Option<(Decimal, usize, bool)> {
    let mut digits = view.digits(at).filter(|digits| digits.len() <= 12)?.to_owned();
    let mut end = at + 1;
    let part = |end: usize, separator: &str| {
        (view.is(end, separator) && view.glued(end) && view.glued(end + 1)).then(|| view.digits(end + 1))?
    };
    let grouping = [",", ".", "'"]
        .into_iter()
        .find(|separator| part(end, separator).is_some_and(|next| next.len() == 3))
        .filter(|_| digits.len() <= 3);
    // "1.250" is a grouped number in one half of the world; only more groups or decimals make sure of a dot.
    let grouping = grouping.filter(|separator| {
        *separator != "." || part(end + 2, ".").is_some_and(|n| n.len() == 3) || part(end + 2, ",").is_some()
    });
    while let Some(group) = grouping.and_then(|separator| part(end, separator)).filter(|group| group.len() == 3) {
        digits.push_str(group);
        end += 2;
    }
    let decimal = [".", ","]
        .into_iter()
        .filter(|separator| Some(*separator) != grouping)
        .find_map(|separator| part(end, separator).filter(|n| n.len() <= 2 || separator == "."));
    let mut cents = false;
    if let Some(fraction) = decimal.filter(|fraction| fraction.len() <= 4) {
        digits.push('.');
        digits.push_str(fraction);
        cents = fraction.len() == 2;
        end += 2;
    }
    let mut value: Decimal = digits.parse().ok()?;
    let scale = match view.text(end) {
        "k" | "grand" | "thousand" => 1_000,
        "m" | "mio" | "mil" | "million" => 1_000_000,
        _ => 1,
    };
    if scale > 1 && (view.glued(end) || view.text(end).len() > 2) {
        value = value.checked_mul(Decimal::from(scale))?;
        end += 1;
        cents = true;
    }
    Some((value, end, cents))
}

/// The currency of a sign or a word of money; `None` inside means "money, currency not said".
fn currency(text: &str) -> Option<Option<Currency>> {
    Some(match text {
        "$" | "usd" => Some(Currency::USD),
        "€" | "euro" | "euros" | "eur" => Some(Currency::EUR),
        "£" | "pound" | "pounds" | "quid" | "gbp" => Some(Currency::GBP),
        "dollar" | "dollars" | "buck" | "bucks" => Some(Currency::USD),
        "¥" | "yen" => Currency::parse("JPY").ok(),
        "franc" | "francs" | "franken" => Currency::parse("CHF").ok(),
        "₹" | "rupee" | "rupees" => Currency::parse("INR").ok(),
        "zloty" | "zł" => Currency::parse("PLN").ok(),
        // Several countries call their money so; which one is meant the accounts tell.
        "peso" | "pesos" | "krona" | "kronor" | "kroner" | "kr" => None,
        // ISO 4217 codes that are no word of English, Spanish or German.
        "jpy" | "chf" | "cad" | "aud" | "nzd" | "sek" | "nok" | "dkk" | "pln" | "inr" | "mxn" | "brl" | "zar"
        | "cny" | "czk" | "huf" | "sgd" | "hkd" | "aed" | "krw" => Currency::parse(&text.to_ascii_uppercase()).ok(),
        _ => return None,
    })
}

/// "in euros", "as dollars": the currency that an answer is wanted in.
pub(super) fn wanted_currency(view: View<'_>) -> Option<Located<Currency>> {
    (1..view.len()).filter(|at| view.any(at - 1, &["in", "into", "to", "as"])).find_map(|at| {
        let value = currency(view.text(at)).flatten().filter(|_| view.digits(at + 1).is_none())?;
        Some(Located { value, start: at - 1, end: at + 1 })
    })
}

/// `a fiver`, `tenner`, `half a grand`.
fn note(view: View<'_>, at: usize) -> Option<(Decimal, usize)> {
    if let Some(end) = view.after(at, &["half", "a", "grand"]) {
        return Some((Decimal::from(500), end));
    }
    let start = view.skip(at, &["a"]);
    let value = match view.text(start) {
        "fiver" => 5,
        "tenner" => 10,
        "grand" if start > at => 1_000,
        _ => return None,
    };
    Some((Decimal::from(value), start + 1))
}

/// `99 cents`, `50p`.
fn cents(view: View<'_>, at: usize) -> Option<(Decimal, usize)> {
    let hundredths = view.number(at).filter(|n| *n < 1_000)?;
    let called = view.any(at + 1, &["cent", "cents", "pence"]) || (view.is(at + 1, "p") && view.glued(at + 1));
    called.then(|| (Decimal::new(hundredths, 2), at + 2))
}

/// `5 euros 50`, `5€50`, `20 dollars and 15 cents`: what follows a whole amount.
fn with_cents(view: View<'_>, whole: Decimal, at: usize) -> Option<(Decimal, usize)> {
    if !whole.is_integer() {
        return None;
    }
    let start = view.skip(at, &["and", "con", "und"]);
    let two = view.digits(start).is_some_and(|digits| digits.len() == 2);
    let end = view.skip(start + 1, &["cents", "cent", "pence", "p"]);
    let named = end > start + 1;
    let alone = start == at && (end == view.len() || view.glued(start));
    ((named || (two && alone)) && !view.any(end, &["-", "/", "%", ".", ","]))
        .then(|| Some((whole.checked_add(Decimal::new(view.number(start).filter(|n| *n < 100)?, 2))?, end)))?
}

/// One amount, with whether it is money beyond doubt.
fn money(view: View<'_>, at: usize) -> Option<(Decimal, Option<Currency>, usize, bool)> {
    if let Some(sign) = currency(view.text(at)) {
        let (value, end, _) = figure(view, at + 1)?;
        let end = if currency(view.text(end)) == Some(sign) { end + 1 } else { end };
        return Some((value, sign, end, true));
    }
    if let Some((value, end)) = note(view, at).or_else(|| cents(view, at)) {
        return Some((value, None, end, true));
    }
    let worded = || {
        let (number, end) = numbers::large(view, at)?;
        // "two" alone counts things; "two hundred" and "two dollars" are money.
        (number >= 100 || currency(view.text(end)).is_some()).then(|| (Decimal::from(number), end, false))
    };
    let (value, end, cents) = figure(view, at).or_else(worded)?;
    match currency(view.text(end)) {
        Some(currency) => {
            let (value, end) = with_cents(view, value, end + 1).unwrap_or((value, end + 1));
            Some((value, currency, end, true))
        }
        None => Some((value, None, end, cents)),
    }
}

/// How a comparison word bounds the amount after it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Bound {
    Above,
    AtLeast,
    Below,
    AtMost,
}

fn comparison(view: View<'_>, at: usize) -> Option<(Bound, usize)> {
    let than = |end: usize| view.is(end, "than").then_some(end + 1);
    let not_more = view.any(at, &["not", "no"]) && !view.any(at + 1, &["not", "no"]);
    if not_more && let Some((bound, end)) = comparison(view, at + 1) {
        // "not over 25" and "no more than 25" allow 25 itself.
        let turned = match bound {
            Bound::Above | Bound::AtLeast => Bound::AtMost,
            Bound::Below | Bound::AtMost => Bound::AtLeast,
        };
        return Some((turned, end));
    }
    match view.text(at) {
        "up" if view.is(at + 1, "to") => Some((Bound::AtMost, at + 2)),
        "upwards" if view.is(at + 1, "of") => Some((Bound::AtLeast, at + 2)),
        "over" | "above" | "exceeding" | "exceeds" | ">" | "beyond" => Some((Bound::Above, at + 1)),
        "more" | "greater" | "bigger" | "larger" | "higher" | "pricier" => than(at + 1).map(|end| (Bound::Above, end)),
        "under" | "below" | "<" | "beneath" => Some((Bound::Below, at + 1)),
        "less" | "lower" | "smaller" | "fewer" | "cheaper" => than(at + 1).map(|end| (Bound::Below, end)),
        "least" if view.is(at.wrapping_sub(1), "at") => Some((Bound::AtLeast, at + 1)),
        "minimum" => Some((Bound::AtLeast, view.skip(at + 1, &["of"]))),
        "most" if view.is(at.wrapping_sub(1), "at") => Some((Bound::AtMost, at + 1)),
        "max" | "maximum" => Some((Bound::AtMost, view.skip(at + 1, &["of"]))),
        _ => None,
    }
}

fn bounded(bound: Bound, value: Decimal, currency: Option<Currency>) -> AmountRange {
    let low = matches!(bound, Bound::Above | Bound::AtLeast);
    AmountRange {
        min: low.then_some(value),
        max: (!low).then_some(value),
        above: bound == Bound::Above,
        below: bound == Bound::Below,
        currency,
    }
}

/// So many tokens may stand before the first figure of an amount: "not more than".
const LEAD_MAX: usize = 4;

/// The first amount of a text. `taken` tokens belong to something else.
pub(super) fn amount(view: View<'_>, taken: &[bool]) -> Option<Located<AmountRange>> {
    // Most texts name no money at all.
    let first = (0..view.len()).find(|at| money(view, *at).is_some())?;
    let free = |found: &Located<AmountRange>| taken.iter().take(found.end).skip(found.start).all(|taken| !taken);
    (first.saturating_sub(LEAD_MAX)..view.len()).find_map(|at| {
        let bounded = between(view, at).or_else(|| compared(view, at)).or_else(|| roughly(view, at));
        bounded.or_else(|| plain(view, at)).filter(free)
    })
}

/// The first figure that could be an amount, where the intent is sure to have one: "can i afford 300".
pub(super) fn figure_at_all(view: View<'_>, taken: &[bool]) -> Option<Located<AmountRange>> {
    (0..view.len()).filter(|at| !taken.get(*at).copied().unwrap_or(true)).find_map(|at| {
        let (value, currency, end, _) = money(view, at)?;
        Some(Located { value: AmountRange::exactly(value, currency), start: at, end })
    })
}

/// `between 20 and 40`, `$20-$40`, `from 20 to 40 dollars`.
fn between(view: View<'_>, at: usize) -> Option<Located<AmountRange>> {
    let led = view.any(at, &["between", "from"]);
    let (low, first, joint, low_sure) = money(view, if led { at + 1 } else { at })?;
    if !view.any(joint, &["and", "to", "-"]) {
        return None;
    }
    let (high, second, end, high_sure) = money(view, joint + 1)?;
    let followed = dates::unit(view.text(end)).is_some()
        || view.any(end, &["of", "th", "st", "nd", "rd", "/", "-"])
        || dates::is_date_word(view.text(end));
    let dashed = view.any(joint, &["-", "to"]) && !(at > 0 && dates::is_date_word(view.text(at - 1)));
    let sure =
        low_sure && high_sure || (low_sure || high_sure) && (led || dashed) || (view.is(at, "between") && !followed);
    let (min, max) = if low <= high { (low, high) } else { (high, low) };
    let value = AmountRange { min: Some(min), max: Some(max), above: false, below: false, currency: first.or(second) };
    sure.then_some(Located { value, start: at, end })
}

fn compared(view: View<'_>, at: usize) -> Option<Located<AmountRange>> {
    let (bound, next) = comparison(view, at)?;
    let (value, currency, end, sure) = money(view, next)?;
    // "over 3 months" is a period, "more than 5 transactions" a count.
    let other = !sure
        && (dates::unit(view.text(end)).is_some()
            || view.any(end, ROWS)
            || view.any(end, &["times", "%", "years", "people"]));
    let first = bounded(bound, value, currency);
    if let Some((both, end)) = other_bound(view, &first, end) {
        return (!other).then_some(Located { value: both, start: at, end });
    }
    (!other).then_some(Located { value: first, start: at, end })
}

/// `more than 20 but less than 50`: the second bound, on the other side of the first.
fn other_bound(view: View<'_>, first: &AmountRange, at: usize) -> Option<(AmountRange, usize)> {
    let start = view.skip(view.skip(at, &[","]), &["and", "but"]);
    let (bound, next) = comparison(view, view.skip(start, &["at"])).filter(|_| start > at)?;
    let (value, currency, end, _) = money(view, next)?;
    let second = bounded(bound, value, currency.or(first.currency));
    (first.min.is_some() != second.min.is_some()).then_some((
        AmountRange {
            min: first.min.or(second.min),
            max: first.max.or(second.max),
            above: first.above || second.above,
            below: first.below || second.below,
            currency: first.currency.or(second.currency),
        },
        end,
    ))
}

/// `around 50`, `about $50`, `roughly 50 dollars`: within a tenth.
fn roughly(view: View<'_>, at: usize) -> Option<Located<AmountRange>> {
    if !view.any(at, &["around", "about", "roughly", "approximately", "approx", "circa", "nearly", "almost"]) {
        return None;
    }
    let (value, currency, end, sure) = money(view, at + 1)?;
    // "about 50 of them" and "around 5 o'clock" count something else.
    let last =
        end == view.len() || !view.0[end].is_word() || view.any(end, &["at", "on", "from", "in", "to", "last", "this"]);
    let hour = view.any(end, &[":", "am", "pm"]);
    let tenth = value.checked_div(Decimal::TEN)?;
    let (min, max) = (value.checked_sub(tenth)?, value.checked_add(tenth)?);
    let range = AmountRange { min: Some(min), max: Some(max), above: false, below: false, currency };
    ((sure || last) && !hour).then_some(Located { value: range, start: at, end })
}

fn plain(view: View<'_>, at: usize) -> Option<Located<AmountRange>> {
    if view.glued(at)
        && at > 0
        && (view.any(at - 1, &[".", ",", "/", "-", ":"]) || view.digits(at - 1).is_some())
        && view.digits(at).is_some()
    {
        return None;
    }
    let (value, currency, end, sure) = money(view, at)?;
    let asked_for = view.digits(at).is_some()
        && at > 0
        && (view.any(at - 1, &["of", "exactly"])
            || (view.is(at - 1, "for") && at > 1 && view.any(at - 2, ROWS))
            || (view.any(at - 1, &["the", "find", "that"])
                && view.any(end, &["", "one", "charge", "payment", "missing", "transaction", "?"])))
        && !view.any(end, &["st", "nd", "rd", "th", "/", "-", "%"])
        && view
            .digits(at)
            .is_some_and(|digits| digits.len() < 4 || !digits.starts_with("20") && !digits.starts_with("19"))
        && !dates::is_date_word(view.text(end));
    (sure || asked_for).then(|| Located { value: AmountRange::exactly(value, currency), start: at, end })
}
