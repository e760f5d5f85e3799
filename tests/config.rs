//! The promise: a config is either right, or everything that is wrong with it is said at once, each with its line and
//! what to do; and no secret is ever shown.

use std::collections::BTreeSet;
use std::io;
use std::path::PathBuf;
use std::time::Duration;

use balancebot::config::{Config, Dialect, REFERENCE, StoreUrl, uncommented_reference};
use balancebot::domain::consent::ConsentRule;
use balancebot::domain::fault::{Fault, Source};
use balancebot::domain::purpose::DataClass;
use jiff::civil::{Weekday, date};
use secrecy::ExposeSecret;

const KEY: &str = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";

const GOOD: &str = r#"[server]
listen = "127.0.0.1:8080"
public_url = "https://bot.example/"

[store]
url = "sqlite:/var/lib/balancebot/balancebot.db"
key = { file = "/run/secrets/store_key" }

[messenger]
verify_token = { env = "VERIFY_TOKEN" }
app_secret = { env = "APP_SECRET" }

[[messenger.page]]
id = "100000000000001"
token = { env = "PAGE_TOKEN" }

[[bank.obuk]]
id = "kingsbridge"
name = "Kingsbridge Bank"
base_url = "http://127.0.0.1:9001/open-banking/"

[[bank.fdx]]
id = "northgate"
name = "Northgate Bank"
base_url = "https://api.northgate.example/fdx/v6"

[[link]]
page = "100000000000001"
user = "7000000000000001"
bank = "northgate"
token = { env = "BANK_TOKEN" }
until = 2027-05-01
"#;

fn env(name: &str) -> Option<String> {
    match name {
        "UNSET" => None,
        "EMPTY" => Some(" ".to_owned()),
        other => Some(format!("secret-of-{other}")),
    }
}

fn read_file(path: &str) -> io::Result<String> {
    match path {
        "/missing" => Err(io::Error::from(io::ErrorKind::NotFound)),
        "/short" => Ok("abc\n".to_owned()),
        _ => Ok(format!("{KEY}\n")),
    }
}

fn load(text: &str) -> Result<Config, Vec<Fault>> {
    Config::load(&Source { path: "bot.toml".to_owned(), text: text.to_owned() }, &env, &read_file)
}

fn good() -> Config {
    load(GOOD).expect("the example is right")
}

#[test]
fn a_good_config_is_read_with_the_defaults_of_the_reference() {
    let config = good();
    assert_eq!(config.server.public_url.as_deref(), Some("https://bot.example"));
    assert_eq!(config.server.limits.body_bytes, 1 << 20);
    assert_eq!(config.store.url, StoreUrl::Sqlite(PathBuf::from("/var/lib/balancebot/balancebot.db")));
    assert_eq!(config.store.keys().collect::<Vec<_>>(), [KEY], "the newline of the file is cut");
    assert_eq!(config.messenger.graph_version, "v25.0");
    assert_eq!(config.messenger.pages[0].locale, "en-US");
    assert_eq!(config.messenger.pages[0].token.expose_secret(), "secret-of-PAGE_TOKEN");
    let banks: Vec<_> = config.banks.iter().map(|b| (b.bank.id.as_str(), b.dialect, b.version.as_str())).collect();
    assert_eq!(banks, [("kingsbridge", Dialect::Obuk, "4.0"), ("northgate", Dialect::Fdx, "6")], "in the file's order");
    assert_eq!(config.banks[0].base_url, "http://127.0.0.1:9001/open-banking");
    assert_eq!((config.banks[0].bank.country.as_str(), config.banks[1].bank.country.as_str()), ("GB", "US"));
    let turn = &config.turn;
    assert_eq!((turn.interim_after, turn.answer_by), (Duration::from_secs(3), Duration::from_secs(20)));
    assert_eq!((turn.context, turn.cache), (minutes(30), minutes(5)));
    assert_eq!(turn.attempts, 5);
    assert_eq!(config.links[0].link.until, date(2027, 5, 1));
    let scopes = [DataClass::Accounts, DataClass::Balances, DataClass::Transactions];
    assert_eq!(config.links[0].link.scopes, scopes);
    assert_eq!(config.links[0].conversation.to_string(), "messenger/100000000000001/7000000000000001");
}

fn minutes(minutes: u64) -> Duration {
    Duration::from_secs(60 * minutes)
}

#[test]
fn settings_are_read_as_they_are_written() {
    let page = "id = \"100000000000001\"\nlocale = \"de-de\"\ntz = \"Europe/Berlin\"\nweek_starts = \"monday\"";
    let text = GOOD.replace("id = \"100000000000001\"", page)
        + "\n[desk]\nhours = \"Mon-Fri 09:00-17:00\"\nwait = \"5m\"\n[turn]\ncache = \"0s\"\n";
    let text = text.replace("[messenger]\n", "[messenger]\nsends_per_second = 250\n");
    let config = load(&text).expect("right");
    assert_eq!((config.messenger.sends_per_second.get(), good().messenger.sends_per_second.get()), (250, 40));
    let page = &config.messenger.pages[0];
    assert_eq!((page.locale.as_str(), page.week_starts), ("de-DE", Some(Weekday::Monday)));
    assert_eq!(config.turn.cache, Duration::ZERO);
    let hours = config.desk.hours.expect("given");
    let open =
        |day, hour| hours.contains(&date(2026, 11, day).at(hour, 0, 0, 0).to_zoned(page.tz.clone()).expect("exists"));
    assert!(open(20, 9) && open(23, 16), "a Friday and a Monday");
    assert!(!open(20, 17) && !open(22, 12), "after closing, and on a Sunday");
}

/// How long consents stand is a bank's own rule, and a year at most.
#[test]
fn a_consent_stands_as_long_as_its_banks_rule_says() {
    let rules = |config: &Config| config.banks.iter().map(|bank| bank.consent).collect::<Vec<_>>();
    let rule = |days, reconfirm_days| ConsentRule { days, reconfirm_days };
    assert_eq!(rules(&good()), [rule(365, Some(90)), rule(365, None)], "the United Kingdom's banks, and others");
    let with = |rule: &str| GOOD.replace("id = \"northgate\"\nname", &format!("id = \"northgate\"\n{rule}\nname"));
    let given = load(&with("consent = { days = 180, reconfirm_days = 90 }")).expect("right");
    assert_eq!(rules(&given)[1], rule(180, Some(90)));
    for (wrong, words) in [
        ("consent = { days = 366 }", "`bank.fdx.consent.days` must be a whole number between 1 and 365"),
        ("consent = { days = 0 }", "`bank.fdx.consent.days` must be a whole number between 1 and 365"),
        (
            "consent = { days = 90, reconfirm_days = 91 }",
            "`bank.fdx.consent.reconfirm_days` must not be more than `days`",
        ),
        ("consent = { reconfirm = 90 }", "unknown setting `bank.fdx.consent.reconfirm`"),
    ] {
        let faults = load(&with(wrong)).expect_err(wrong);
        assert!(faults.len() == 1 && faults[0].to_string().contains(words), "{wrong}: {faults:?}");
    }
}

/// One mistake: what of the good config is replaced by what, on which line the fault is reported, and words of it.
type Mistake = (&'static str, &'static str, usize, &'static str);

#[rustfmt::skip]
const MISTAKES: &[Mistake] = &[
    ("listen =", "lisen =", 2, "unknown setting `server.lisen` | did you mean `listen`?"),
    ("[server]", "[sever]", 1, "unknown setting `sever` | did you mean `server`?"),
    ("\"127.0.0.1:8080\"", "8080", 2, "`server.listen` must be a string in quotes, not an integer"),
    ("\"127.0.0.1:8080\"", "\"localhost\"", 2, "`server.listen` is no address: \"localhost\""),
    ("https://bot.example/", "http://bot.example/", 3, "`server.public_url` must use https"),
    ("https://bot.example/", "bot.example", 3, "`server.public_url` is no web address"),
    ("https://bot.example/", "https://u:hunter2@bot.example", 3, "must be a plain base address"),
    ("https://bot.example/", "https://bot.example/?x=1", 3, "must be a plain base address"),
    ("sqlite:/var/lib/balancebot/balancebot.db", "mysql://x", 6, "`store.url` is no address of a store"),
    ("sqlite:/var/lib/balancebot/balancebot.db", "postgres://x", 6, "PostgreSQL, which this version does not support"),
    ("sqlite:/var/lib/balancebot/balancebot.db", "sqlite::memory:", 6, "must be a file"),
    ("/run/secrets/store_key", "/short", 7, "`store.key` is no key: it must be 64 hexadecimal digits"),
    ("/run/secrets/store_key", "/missing", 7, "`store.key` cannot be read from /missing"),
    ("key = { file = \"/run/secrets/store_key\" }", "", 5, "`store.key` is missing | key = { file = "),
    ("{ env = \"VERIFY_TOKEN\" }", "\"hunter2\"", 10, "must not be written into the config | { env = \"NAME\" }"),
    ("{ env = \"VERIFY_TOKEN\" }", "{ vault = \"x\" }", 10, "names an unknown place `vault`"),
    ("{ env = \"VERIFY_TOKEN\" }", "{ env = \"A\", file = \"b\" }", 10, "must name exactly one place"),
    ("\"APP_SECRET\"", "\"UNSET\"", 11, "the environment variable UNSET, which is not set | set UNSET"),
    ("\"APP_SECRET\"", "\"EMPTY\"", 11, "is empty: the environment variable EMPTY has no text"),
    ("[[messenger.page]]", "[messenger.page]", 13, "`messenger.page` must be tables, not a table | double brackets"),
    ("id = \"100000000000001\"", "id = 100000000000001", 14, "`messenger.page.id` must be a string in quotes"),
    ("token = { env = \"PAGE_TOKEN\" }", "locale = \"tlh\"", 15, "`messenger.page.locale` is no locale: \"tlh\""),
    ("token = { env = \"PAGE_TOKEN\" }", "tz = \"Mars/Base\"", 15, "`messenger.page.tz` is no time zone: \"Mars/Base\""),
    ("[[bank.obuk]]", "[[bank.obie]]", 17, "unknown dialect `bank.obie` | did you mean `obuk`?"),
    ("[[bank.obuk]]", "[[bank.plaid]]", 17, "unknown dialect `bank.plaid` | known here: fdx, obuk"),
    ("\"kingsbridge\"", "\"northgate\"", 23, "`bank.fdx.id` is given twice: northgate"),
    ("\"kingsbridge\"", "\"Kings-Bridge\"", 18, "`bank.obuk.id` is no id"),
    ("id = \"kingsbridge\"", "id = \"k\"\ncountry = \"uk\"", 19, "`bank.obuk.country` is no country: \"uk\""),
    ("id = \"kingsbridge\"", "id = \"k\"\nversion = \"6\"", 19, "no version of obuk that is spoken here | 4.0, 3.1"),
    ("id = \"kingsbridge\"", "id = \"k\"\nlimits.pages = 0", 19, "`bank.obuk.limits.pages` must be a whole number between"),
    ("id = \"kingsbridge\"", "id = \"k\"\nfraud_line = \"112\"", 19, "`bank.obuk.fraud_line` is no telephone number"),
    ("id = \"kingsbridge\"", "id = \"k\"\norders_key = \"c2hvcnQ=\"", 19, "`bank.obuk.orders_key` is no Ed25519 public key in base64"),
    ("bank = \"northgate\"", "bank = \"southgate\"", 30, "`link.bank` is not configured: southgate"),
    ("page = \"100000000000001\"", "page = \"1\"", 28, "`link.page` is not configured: 1"),
    ("127.0.0.1:8080", "0.0.0.0:8080", 27, "[[link]] is refused: `server.listen` is not a loopback address"),
    ("2027-05-01", "\"soon\"", 32, "`link.until` is no date: \"soon\""),
    ("until = 2027-05-01", "until = 2027-05-01\nscopes = [\"payments\"]", 33, "unknown scope: \"payments\""),
    ("until = 2027-05-01", "until = 2027-05-01\n[turn]\nlease = \"20s\"", 34, "`turn.lease` must be longer than `answer_by` (20s)"),
    ("until = 2027-05-01", "until = 2027-05-01\n[turn]\ninterim_after = \"20s\"", 34, "must be shorter than `answer_by` (20s)"),
    ("until = 2027-05-01", "until = 2027-05-01\n[turn]\nanswer_by = \"20\"", 34, "`turn.answer_by` is no duration: \"20\""),
    ("until = 2027-05-01", "until = 2027-05-01\n[turn]\nanswer_by = \"31s\"", 34, "must be between 1s and 30s, not 31s"),
    ("until = 2027-05-01", "until = 2027-05-01\n[turn]\nanswer_by = \"8s\"", 17, "`bank.obuk.limits.call_within` must be shorter than `turn.answer_by` (8s)"),
    ("until = 2027-05-01", "until = 2027-05-01\n[desk]\nhours = \"always\"", 34, "`desk.hours` are no hours: \"always\""),
    ("[server]", "[server", 1, "this is not TOML"),
];

#[test]
fn every_mistake_is_named_with_its_line_and_what_to_do() {
    for (from, to, line, wanted) in MISTAKES {
        assert!(GOOD.contains(from), "{from:?} is not in the example");
        let faults = load(&GOOD.replacen(from, to, 1)).expect_err(wanted);
        let said = |fault: &Fault| {
            let text = fault.to_string();
            fault.line == *line && wanted.split(" | ").all(|words| text.contains(words))
        };
        let all = faults.iter().map(Fault::to_string).collect::<Vec<_>>().join("\n");
        assert!(faults.iter().any(said), "{to:?}: wanted line {line}, {wanted:?}; said:\n{all}");
        assert!(faults.iter().all(|fault| fault.file == "bot.toml"), "{all}");
        assert!(!all.contains("hunter2") && !all.contains("secret-of"), "a secret was shown:\n{all}");
    }
}

#[test]
fn all_mistakes_are_reported_at_once_in_the_order_of_the_file() {
    let text = GOOD
        .replace("\"127.0.0.1:8080\"", "8080")
        .replace("/run/secrets/store_key", "/short")
        .replace("\"APP_SECRET\"", "\"UNSET\"")
        .replace("until = 2027-05-01", "till = 2027-05-01");
    let faults = load(&text).expect_err("wrong");
    let lines: Vec<usize> = faults.iter().map(|fault| fault.line).collect();
    assert_eq!(lines, [2, 7, 11, 27, 32], "{faults:#?}");
}

#[test]
fn missing_sections_are_named_once() {
    let faults = load("").expect_err("nothing is configured");
    let messages: Vec<&str> = faults.iter().map(|fault| fault.message.as_str()).collect();
    assert_eq!(messages, ["[messenger] is missing", "[store] is missing"]);
}

#[test]
fn secrets_do_not_show_in_debug() {
    let shown = format!("{:?}", good());
    assert!(!shown.contains("secret-of") && !shown.contains(KEY), "{shown}");
}

#[test]
fn banks_are_read_without_any_secret_of_the_service() {
    let source = Source { path: "bot.toml".to_owned(), text: GOOD.to_owned() };
    let banks = Config::load_banks(&source).expect("the banks are right");
    assert_eq!(banks.len(), 2);
    assert!(Config::load_store(&source, &|_| None, &read_file).is_ok());
}

#[test]
fn the_reference_is_right_when_uncommented_and_says_what_every_key_means() {
    // Loading also fails for any key that the program reads and the reference does not show.
    let live = uncommented_reference();
    let reference = load(&live).expect("the reference, uncommented, is a good config");
    assert_eq!(reference.banks.len(), Dialect::ALL.len(), "one example a dialect");

    let keys = |text: &str| -> BTreeSet<String> {
        let key = |line: &str| line.split_once(" = ").map(|(key, _)| key.trim_start_matches('#').to_owned());
        text.lines().filter(|line| !line.starts_with("# ")).filter_map(key).collect()
    };
    assert_eq!(keys(REFERENCE), keys(&live), "uncommenting neither loses nor makes up a setting");
}

#[test]
fn the_reference_as_it_stands_holds_the_defaults() {
    let commented = load(&format!("{REFERENCE}\n")).expect_err("it lacks what only the operator knows");
    let missing: Vec<&str> = commented.iter().map(|fault| fault.message.as_str()).collect();
    assert_eq!(
        missing,
        [
            "`store.key` is missing",
            "`store.url` is missing",
            "`messenger.app_secret` is missing",
            "`messenger.verify_token` is missing",
            "no page is configured",
        ]
    );
    let (plain, full) = (good(), load(&uncommented_reference()).expect("right"));
    assert_eq!(plain.turn, full.turn);
    assert_eq!(plain.server.limits, full.server.limits);
    assert_eq!(plain.banks[1].limits, full.banks[0].limits);
}

proptest::proptest! {
    #[test]
    fn no_text_makes_the_loader_panic(at in 0..GOOD.len(), cut in 0..40_usize, put in "[\\[\\]{}=\"'a-z0-9.:/#\n\u{e9} -]{0,12}") {
        let end = (at + cut).min(GOOD.len());
        let text = [&GOOD[..at], &put, &GOOD[end..]].concat();
        if let Err(faults) = load(&text) {
            proptest::prop_assert!(!faults.is_empty() && faults.iter().all(|fault| fault.line <= text.lines().count() + 1));
        }
    }
}
