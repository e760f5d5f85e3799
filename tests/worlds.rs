//! World files through the front door: the given ones load, and a bad one is told everything that is wrong with it.

use std::fs;

use balancebot::domain::account::AccountClass;
use balancebot::domain::fault::Source;
use balancebot::domain::money::Currency;
use balancebot::sandbox::DEFAULT_WORLD;
use balancebot::sandbox::world::{Figures, Row, RowCategory, World};
use jiff::civil::date;

fn load(text: &str) -> Result<World, String> {
    let source = Source { path: "w.toml".to_owned(), text: text.to_owned() };
    World::load(&source).map_err(|faults| faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))
}

/// The default world with one piece of text replaced, and what the loader says to it.
fn broken(from: &str, to: &str) -> String {
    assert!(DEFAULT_WORLD.contains(from), "{from:?} is in the world");
    load(&DEFAULT_WORLD.replacen(from, to, 1)).err().unwrap_or_else(|| "no fault".to_owned())
}

#[test]
fn every_world_of_the_fixtures_loads() {
    let mut names = Vec::new();
    for entry in fs::read_dir("fixtures/worlds").expect("the folder is there") {
        let path = entry.expect("readable").path();
        let text = fs::read_to_string(&path).expect("readable");
        if let Err(faults) = load(&text) {
            panic!("{}: {faults}", path.display());
        }
        names.push(path.file_name().expect("a file").to_string_lossy().into_owned());
    }
    names.sort();
    assert_eq!(names, ["consents.toml", "family.toml", "habits.toml", "hostile.toml", "maya.toml", "two-cards.toml"]);
}

#[test]
fn the_default_world_is_read_in_full() {
    let world = load(DEFAULT_WORLD).expect("it loads");
    assert_eq!(world.now.to_string(), "2026-11-22T19:00:00Z");
    assert_eq!((world.institutions.len(), world.people.len(), world.consents.len()), (3, 5, 6));
    let jonas = world.person(&"jonas".into()).expect("there");
    assert_eq!((jonas.locale.as_str(), jonas.zone.iana_name()), ("de-DE", Some("Europe/Berlin")));
    let maya = world.person(&"maya".into()).expect("there");
    assert_eq!(maya.zone.iana_name(), Some("America/New_York"), "the world's zone");
    let card = world.accounts.iter().find(|account| account.class == AccountClass::CreditCard).expect("there");
    let Figures::Card { owed, due: Some(due), .. } = card.figures else { panic!("{:?}", card.figures) };
    assert_eq!((card.money(owed).plain().as_str(), due.on), ("642.18", date(2026, 12, 5)));
    let rail = card.rows.iter().find(|row| row.original.is_some()).expect("there");
    assert_eq!(rail.original.map(|money| money.to_string()).as_deref(), Some("45.00 EUR"));
    let fx = world.fx.as_ref().expect("there");
    assert_eq!(fx.rates, [(Currency::EUR, Currency::USD, "1.1000".parse().expect("decimal"))]);
    // A bank whose dialect is not built is stood in for, by its country's.
    let stand_ins: Vec<_> = world.institutions.iter().map(|bank| bank.stands_in()).collect();
    assert_eq!(stand_ins, [None, Some(("plaid", "fdx")), Some(("berlin", "obuk"))]);
}

#[test]
fn the_desk_keeps_its_hours() {
    let world = load(DEFAULT_WORLD).expect("it loads");
    let open = |at: &str| world.desk_is_open(at.parse().expect("a moment"));
    assert!(!open("2026-11-22T14:00:00-05:00"), "a Sunday");
    assert!(open("2026-11-23T09:00:00-05:00") && !open("2026-11-23T17:00:00-05:00"), "from is in, to is out");
}

/// Twelve mistakes of twelve kinds in one file.
const TWELVE: &str = r#"[world]
now = "2026-11-22 14:00"
tz = "Mars/Olympus"
locale = "en-US"
week_starts = "sunday"
history_from = "2026-10-01"
[desk]
hours = "Mon-Fri 09:00-17:00"
wait = "5 minutes"
phone = "+1-555-0190"
[[bank]]
id = "northgate"
name = "Northgate Bank"
country = "US"
currency = "USD"
dialect = "fxd"
fraud_line = "+1-555-0100"
supports = ["balance", "overdraft"]
[[person]]
id = "Maya"
name = "Maya Ortiz"
home = "USD"
nickname = "M"
[[link]]
person = "Maya"
bank = "northgaet"
until = "2027-05-01"
scopes = ["balances"]
[[account]]
id = "m_chk"
person = "Maya"
bank = "northgate"
nick = "Everyday"
last4 = "4821"
kind = "checking"
currency = "USD"
booked = "100.00"
available = "95.00"
transactions = [
  ["2026-11-01", "-5.00", "Noodle Bar", "dining", "pending", "pending"],
  ["2026-09-30", "-5.00", "Noodle Bar", "dining"],
  ["2026-11-01", -5.00, "Noodle Bar", "dining"],
]
[[account]]
id = "m_chk"
person = "Maya"
bank = "northgate"
nick = "Other"
last4 = "3305"
kind = "checking"
currency = "USD"
booked = "100.0"
available = "100.00"
"#;

#[test]
fn every_mistake_of_a_file_is_reported_with_its_line() {
    let faults = load(TWELVE).expect_err("mistakes");
    let expected = r#"w.toml:2: "2026-11-22 14:00" is no moment such as 2026-11-22T14:00:00-05:00
w.toml:3: "Mars/Olympus" is no IANA time zone such as Europe/London
w.toml:16: unknown dialect "fxd"; did you mean "fdx"?
w.toml:18: unknown word "overdraft"; it may be: balance, transactions, pending, card, due_dates
w.toml:20: "Maya" is no id: a lower-case letter, then lower-case letters, digits and underscores
w.toml:23: unknown key "nickname" in the person
    help: it may be: id, name, locale, tz, week_starts, home
w.toml:26: there is no bank "northgaet"; did you mean "northgate"?
w.toml:40: the flag "pending" stands twice
w.toml:41: 2026-09-30 is before history_from, 2026-10-01
w.toml:42: a row holds strings only, and this is a number
    help: put it in double quotes
w.toml:45: a second account "m_chk"
w.toml:52: "100.0" has 1 minor digits, USD has 2"#;
    assert_eq!(faults, expected);
}

#[test]
fn sums_that_do_not_add_up_are_mistakes() {
    let cash = broken("available = \"2184.05\"", "available = \"2184.06\"");
    assert!(cash.contains("available is 2184.06, but booked + pending rows is 2184.05"), "{cash}");
    assert!(cash.contains("pending rows sum to -126.50"), "{cash}");
    let card = broken("available_credit = \"4357.82\"", "available_credit = \"4357.80\"");
    assert!(card.contains("available_credit is 4357.80, but limit - owed + pending rows is 4357.82"), "{card}");
}

#[test]
fn each_kind_has_its_own_figures() {
    let cash = broken("available = \"2184.05\"", "available = \"2184.05\"\nowed = \"1.00\"");
    assert!(cash.contains("the account has no owed") && cash.contains("has booked, available"), "{cash}");
    let card = broken("owed = \"642.18\"", "booked = \"642.18\"");
    assert!(card.contains("the account has no booked") && card.contains("the account has no owed"), "{card}");
    // A bank that tells due dates must have them.
    let due = broken("due = \"2026-12-05\"\n", "");
    assert!(due.contains("the account has no due"), "{due}");
}

#[test]
fn single_mistakes_are_told_apart() {
    for (from, to, says) in [
        ("id = \"northgate\"", "id = \"citywide\"", "a second bank \"citywide\""),
        (
            "person = \"sam\"\nbank = \"northgate\"\nuntil",
            "person = \"maya\"\nbank = \"northgate\"\nuntil",
            "a second link \"maya northgate\"",
        ),
        ("person = \"maya\"\nmerchant", "person = \"nobody\"\nmerchant", "there is no person \"nobody\""),
        ("\"travel\", \"orig=45.00 EUR\"", "\"travel\", \"orig=45.0 EUR\"", "has 1 minor digits, EUR has 2"),
        ("\"travel\", \"orig=45.00 EUR\"", "\"travel\", \"orig=45.00 XYZ\"", "\"XYZ\" is no ISO 4217 currency code"),
        ("\"travel\", \"orig=45.00 EUR\"", "\"travel\", \"foreign\"", "unknown flag \"foreign\""),
        ("\"Parkside Rentals\", \"rent\"", "\"Parkside Rentals\", \"rents\"", "did you mean \"rent\"?"),
        ("\"Parkside Rentals\", \"rent\"", "\"Parkside Rentals\", \"mcc:65\"", "no merchant category code"),
        ("\"-1200.00\"", "\"1,200.00\"", "is no amount"),
        ("\"-1200.00\"", "\"-99999999999999.00\"", "is too large"),
        ("last4 = \"4821\"", "last4 = \"482\"", "last 4 digits"),
        ("kind = \"checking\"", "kind = \"current\"", "unknown kind \"current\""),
        ("EURUSD = \"1.1000\"", "EURUSB = \"1.1000\"", "unknown key \"EURUSB\" in [fx]"),
        ("EURUSD = \"1.1000\"", "EURUSD = \"0\"", "is no rate"),
        ("hours = \"Mon-Fri 09:00-17:00\"", "hours = \"nine to five\"", "are no hours"),
        (
            "scopes = [\"balances\", \"transactions\"]",
            "scopes = [\"balances\", \"balances\"]",
            "stands twice in scopes",
        ),
        ("[desk]\n", "[desks]\n", "unknown key \"desks\" in the file"),
        ("country = \"US\"", "country = \"usa\"", "is no country code"),
        ("until = \"2027-05-01\"", "until = 2027-05-01", "a date without quotes"),
        ("[world]\n", "[world]\n\n\tcolour = \"red\"\n", "the file holds a tab"),
        ("limit = \"5000.00\"", "limit = \"-5000.00\"", "limit is below zero"),
        ("[[bank]]\nid", "[[bank]\nid", "w.toml:20:"),
    ] {
        let faults = broken(from, to);
        assert!(faults.contains(says), "{to:?} should say {says:?}, says:\n{faults}");
    }
}

#[test]
fn a_row_alone_is_read_by_the_same_rules() {
    let read = |text: &str| Row::parse(text, Currency::USD, date(2026, 10, 1));
    let row = read(r#"["2026-11-22", "-12.50", "Noodle\u202E Bar", "mcc:5812", "pending"]"#).expect("a row");
    assert_eq!((row.booked_on, row.category), (None, RowCategory::Code(5812)));
    assert_eq!(row.text, "Noodle\u{202E} Bar", "as the bank has it");
    for bad in ["", "[", "[\"2026-11-22\"]", "[\"2026-11-22\", \"-12.5\", \"x\", \"dining\"]"] {
        assert!(read(bad).is_err(), "{bad:?}");
    }
}
