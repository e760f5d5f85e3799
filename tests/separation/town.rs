//! A town whose people's data can be told apart wherever it turns up: each has accounts, shops and digits of their own, and
//! every amount is a multiple of the person's own prime, so that sums and differences give away whose they are, too.

use std::fmt::Write as _;

use regex::Regex;

/// The people, in the order of the world.
pub(crate) const PEOPLE: [&str; 3] = ["ada", "ben", "cleo"];
/// The banks. All three people are customers of both.
pub(crate) const BANKS: [&str; 2] = ["alder", "birch"];
/// In cents. All amounts of a person are multiples of theirs.
const PRIMES: [u64; 3] = [1009, 1013, 1019];
/// Words that stand in the names of everything of a person's, and in nothing of anybody else's.
const MARKS: [&str; 3] = ["Wren", "Stork", "Heron"];
/// Digits that the numbers of a person's accounts begin with.
const DIGITS: [&str; 3] = ["41", "52", "63"];

/// An amount of a person's: so many times their prime.
pub(crate) fn amount(who: usize, times: u64) -> String {
    let cents = PRIMES[who] * times;
    format!("{}.{:02}", cents / 100, cents % 100)
}

/// The town, as a world's file. Consents end on different days, the first of them tomorrow.
pub(crate) fn world() -> String {
    let mut world = HEAD.to_owned();
    for bank in BANKS {
        let dialect = if bank == "alder" { "fdx" } else { "obuk" };
        let _ = write!(
            world,
            "[[bank]]\nid = \"{bank}\"\nname = \"{bank} bank\"\ncountry = \"US\"\ncurrency = \"USD\"\ndialect = \"{dialect}\"\n\
             fraud_line = \"+1-555-0100\"\nsupports = [\"balance\", \"transactions\", \"pending\", \"card\"]\n\n"
        );
    }
    for (who, person) in PEOPLE.iter().enumerate() {
        let _ = write!(
            world,
            "[[person]]\nid = \"{person}\"\nname = \"{person}\"\nlocale = \"en-US\"\nhome = \"USD\"\n\n\
             [[link]]\nperson = \"{person}\"\nbank = \"{}\"\nuntil = \"2026-11-2{}\"\nscopes = [\"balances\", \"transactions\"]\n\n",
            BANKS[who % 2],
            3 + who,
        );
    }
    for (who, person) in PEOPLE.iter().enumerate() {
        for (nth, bank) in BANKS.iter().enumerate() {
            world.push_str(&account(who, person, 2 * nth as u64, bank, "checking"));
            world.push_str(&account(who, person, 2 * nth as u64 + 1, bank, "savings"));
        }
    }
    for (who, person) in PEOPLE.iter().enumerate() {
        let mark = MARKS[who];
        let _ = write!(
            world,
            "[[offer]]\nid = \"o{who}\"\nperson = \"{person}\"\nmerchant = \"{mark} Market\"\ntext = \"{mark} gift\"\n\
             until = \"2026-12-15\"\nrule = \"merchant = {mark} Market in the last 60 days\"\n\n"
        );
    }
    world
}

const HEAD: &str = r#"
[world]
now = "2026-11-22T14:00:00-05:00"
tz = "America/New_York"
locale = "en-US"
week_starts = "sunday"
history_from = "2026-10-01"

[desk]
hours = "Mon-Fri 09:00-17:00"
wait = "5 minutes"
phone = "+1-555-0190"

"#;

fn account(who: usize, person: &str, nth: u64, bank: &str, kind: &str) -> String {
    let (mark, digits) = (MARKS[who], DIGITS[who]);
    let money = |times| amount(who, times);
    let booked = money(70 + 30 * nth);
    let mut text = format!(
        "[[account]]\nid = \"{person}_{nth}\"\nperson = \"{person}\"\nbank = \"{bank}\"\nnick = \"{mark} {kind}\"\n\
         last4 = \"{digits}{nth}7\"\nkind = \"{kind}\"\ncurrency = \"USD\"\nbooked = \"{booked}\"\navailable = \"{booked}\"\n\
         transactions = [\n"
    );
    let rows = [
        ("2026-10-05", "-", 2 + nth, "Market", "groceries"),
        ("2026-10-30", "", 40 + nth, "Payroll", "income"),
        ("2026-11-03", "-", 3 + nth, "Market", "groceries"),
        ("2026-11-17", "-", 5 + nth, "Cafe", "dining"),
        ("2026-11-21", "-", 1 + nth, "Market", "groceries"),
    ];
    for (day, sign, times, shop, category) in rows {
        let _ = writeln!(text, "  [\"{day}\", \"{sign}{}\", \"{mark} {shop}\", \"{category}\"],", money(times));
    }
    text.push_str("]\n\n");
    text
}

/// What in a text is somebody else's than `owner`'s: a name, or an amount that is no multiple of the owner's prime.
pub(crate) fn foreign(owner: usize, text: &str) -> Option<String> {
    for other in (0..PEOPLE.len()).filter(|other| *other != owner) {
        let digits = Regex::new(&format!(r"\b{}[0-9]7\b", DIGITS[other])).expect("a pattern");
        if text.contains(MARKS[other]) || digits.is_match(text) {
            return Some(format!("what is {}'s", PEOPLE[other]));
        }
    }
    let amounts = Regex::new(r"\$([0-9,]+)\.([0-9]{2})").expect("a pattern");
    amounts.captures_iter(text).find_map(|found| {
        let cents: u64 = format!("{}{}", &found[1], &found[2]).replace(',', "").parse().expect("digits");
        // The bot suggests round amounts for alerts; nobody here has one.
        let is_told = !cents.is_multiple_of(50_00);
        (is_told && !cents.is_multiple_of(PRIMES[owner]))
            .then(|| format!("the amount {}, which is not {}'s", &found[0], PEOPLE[owner]))
    })
}

/// Whether a text tells something of the owner's.
pub(crate) fn tells(owner: usize, text: &str) -> bool {
    text.contains(MARKS[owner])
}
