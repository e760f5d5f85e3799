//! The parser's promise about any text at all: `read` never panics, says the same twice, and costs no more than in
//! proportion to the text's length. Cost is counted in looks at tokens, not in time.

use std::sync::{Arc, OnceLock};

use balancebot::app::Content;
use balancebot::domain::account::{Account, AccountClass, AccountId};
use balancebot::domain::bank::{Bank, BankId};
use balancebot::domain::money::Currency;
use balancebot::domain::reading::{Intent, Part, Reading};
use balancebot::understand::{Context, Parser, effort};
use jiff::civil::Weekday;
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

fn parser() -> &'static Parser {
    static PARSER: OnceLock<Arc<Parser>> = OnceLock::new();
    PARSER.get_or_init(|| Content::shipped().unwrap_or_else(|faults| panic!("what ships loads: {faults:?}")).parser)
}

/// Reads a text as it may arrive: with accounts, a bank, shops and a question before.
fn read(text: &str, locale: &str, last: Option<&Part>) -> Reading {
    let now: jiff::Timestamp = "2026-11-22T19:00:00Z".parse().expect("a moment");
    let account = |id: &str, nick: &str, last4: &str, class| Account {
        id: AccountId::new(id),
        bank: BankId::new("northgate"),
        nick: nick.to_owned(),
        last4: Some(last4.to_owned()),
        class,
        currency: Currency::USD,
    };
    let accounts = [
        account("chk", "Everyday Checking", "4821", AccountClass::Checking),
        account("sav", "Rainy Day Savings", "7730", AccountClass::Savings),
    ];
    let bank = Bank {
        id: BankId::new("northgate"),
        name: "Northgate Bank".to_owned(),
        country: "US".to_owned(),
        fraud_line: None,
        help_line: None,
    };
    let context = Context {
        now: now.in_tz("America/New_York").expect("a zone"),
        locale,
        week_starts: Weekday::Sunday,
        accounts: &accounts,
        banks: &[bank],
        merchants: &["Bluebird Coffee".to_owned(), "Noodle Bar".to_owned()],
        last,
    };
    parser().read(text, &context)
}

/// How many looks at tokens one reading takes.
fn cost(text: &str, last: Option<&Part>) -> u64 {
    let before = effort::looks();
    read(text, "en-US", last);
    effort::looks() - before
}

/// What is hostile when it is said again and again: joints, ranges, figures, leads, openings of every rule of the grammar.
const PIECES: &[&str] = &[
    "and ",
    "also ",
    "? ",
    ". ",
    "and how much on coffee ",
    "what about tesco and ",
    "coffee and ",
    "except ",
    "except a ",
    "not ",
    "between ",
    "between 1 and ",
    "from 1 to ",
    "from ",
    "to ",
    "since ",
    "last ",
    "week of ",
    "the month before that ",
    "1 ",
    "9",
    "3/4/",
    "3-4-",
    "$1 ",
    "$",
    "1,000,",
    "0.",
    "4821 ",
    "balance of ",
    "my ",
    "account ",
    "maya's ",
    "bluebird ",
    "noodle ",
    "spend ",
    "the other one ",
    "both ",
    "(",
    "💰",
    "é",
    "a\u{301}\u{301}",
    "\u{202e}",
    "\u{200d}",
    "\u{fdfa}",
    "x",
    "zz ",
    "in euros ",
    "with rent ",
    "only ",
    "del mes ",
    "vor 3 wochen ",
    "3. mai bis ",
];

/// A text of some pieces, over and over, about so many characters long.
fn repeated(pieces: &[&str], length: usize) -> String {
    let unit = pieces.concat();
    unit.repeat(length.div_ceil(unit.chars().count().max(1)))
}

fn pieces() -> impl Strategy<Value = Vec<&'static str>> {
    prop::collection::vec(prop::sample::select(PIECES), 1..5)
}

fn last() -> impl Strategy<Value = Option<Part>> {
    let intents = vec![Intent::SpendSum, Intent::TxnList, Intent::BalanceGet, Intent::AlertSet];
    prop::option::of(prop::sample::select(intents).prop_map(Part::new))
}

/// Runs a property on texts that one seed gives; a failure prints it, and SEED=… runs it again.
fn holds<S: Strategy>(cases: u32, strategy: &S, property: impl Fn(S::Value) -> Result<(), TestCaseError>) {
    let seed: u64 = std::env::var("SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or_else(any_seed);
    let mut bytes = [0_u8; 32];
    bytes[..8].copy_from_slice(&seed.to_le_bytes());
    let config = Config { cases, failure_persistence: None, ..Config::default() };
    let mut runner = TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &bytes));
    if let Err(error) = runner.run(strategy, property) {
        panic!("SEED={seed}: {error}");
    }
}

/// A seed that nobody chose: the hasher of the standard library is seeded by the system.
fn any_seed() -> u64 {
    use std::hash::{BuildHasher, Hasher};
    std::hash::RandomState::new().build_hasher().finish()
}

#[test]
fn hostile_texts_are_read_safely_and_the_same_twice() {
    let noise = prop_oneof![any::<String>(), "\\PC{0,200}", "[\\p{M}\\p{Cf}\\p{N}]{0,200}"];
    let text = prop_oneof![
        (pieces(), 0_usize..4_000).prop_map(|(pieces, length)| repeated(&pieces, length)),
        (pieces(), noise).prop_map(|(pieces, noise)| format!("{}{noise}{}", pieces.concat(), pieces.concat())),
    ];
    let locale = prop::sample::select(vec!["en-US", "en-GB", "de-DE", "es-US", "", "xx-YY-zz"]);
    holds(64, &(text, locale, last()), |(text, locale, last)| {
        let reading = read(&text, locale, last.as_ref());
        prop_assert_eq!(&reading, &read(&text, locale, last.as_ref()));
        prop_assert!((0.0..=1.0).contains(&reading.confidence));
        let length = text.chars().count();
        let inside = reading.spans.iter().all(|span| span.from <= span.to && span.to <= length);
        prop_assert!(inside, "{:?} of {length} characters", reading.spans);
        for period in reading.parts().flat_map(|part| [part.slots.period, part.slots.than]).flatten() {
            prop_assert!(period.from.zip(period.to).is_none_or(|(from, to)| from < to), "{period}");
        }
        Ok(())
    });
}

/// Four times the text may cost four times as much and a bit, whatever is repeated in it; a square law costs sixteen times.
#[test]
fn a_text_costs_in_proportion_to_its_length() {
    read("balance", "en-US", None);
    let law = |pieces: &[&str], last: Option<&Part>| {
        let (short, long) = (repeated(pieces, 450), repeated(pieces, 1_800));
        let each = |text: &str| cost(text, last) / text.chars().count() as u64;
        let (before, after) = (each(&short), each(&long));
        prop_assert!(after <= before + before / 2 + 100, "{before}, then {after} looks for each character: {pieces:?}");
        Ok(())
    };
    let spending = Part::new(Intent::SpendSum);
    for piece in PIECES {
        law(&[piece], Some(&spending)).expect("each by itself");
    }
    holds(48, &(pieces(), last()), |(pieces, last)| law(&pieces, last.as_ref()));
}

/// What is longer than a message can be is cut, so that it costs no more than the longest message.
#[test]
fn what_is_too_long_is_cut() {
    let digits = "7".repeat(100_000);
    let balances = "balance ".repeat(100_000);
    let marks = format!("balance{}", "\u{301}".repeat(100_000));
    let nested = "between 1 and ".repeat(20_000);
    // What is made once, at the first reading, is no cost of a text.
    read("balance", "en-US", None);
    for text in [&digits, &balances, &marks, &nested] {
        let longest: String = text.chars().take(2_000).collect();
        let (all, cut) = (cost(text, None), cost(&longest, None));
        assert!(all <= cut + 100, "{all} looks instead of {cut}: {}", &longest[..20]);
        assert_eq!(read(text, "en-US", None), read(text, "en-US", None));
    }
    assert!(matches!(read(&digits, "en-US", None).part.intent, Intent::Unknown | Intent::OutOfScope));
}
