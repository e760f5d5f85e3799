//! The promise: what the bot learns of a person stands nowhere that others read. Marks that occur nowhere else are put
//! where money, people and secrets are: tokens, account ids, amounts, merchants, typed PINs, message texts, keys. The
//! real program works with them and logs all that it can; then its log and every file of its store are searched.

#[path = "support/process.rs"]
mod process;
#[path = "end_to_end/town.rs"]
#[allow(dead_code, reason = "only a part of the town is needed here")]
mod town;

use std::fs;
use std::path::Path;

use balancebot::clock::{Clock, WallClock};
use balancebot::domain::bank::BankId;
use balancebot::domain::message::Conversation;
use balancebot::sandbox::DEFAULT_WORLD;
use balancebot::sandbox::bank::Client;
use balancebot::sandbox::messenger::{FailNext, Faults};
use balancebot::sandbox::switch::Switch;
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use process::{Running, until};
use rusqlite::{Connection, OpenFlags};
use secrecy::SecretString;
use town::{MAYA, PAGE, STORE_KEY, Town};

/// What is put into the world and into what Maya says, and must be found nowhere.
const MARKS: [(&str, &str); 17] = [
    ("a bank's token", "sandbox-maya-northgate"),
    ("another bank's token", "sandbox-maya-citywide"),
    ("an account's id", "kanary_account_q7x"),
    ("an account's name", "Kanary Nick Q7"),
    ("a balance", "73914.27"),
    ("a balance as it is shown", "73,914.27"),
    ("a balance in cents", "7391427"),
    ("a payment", "46.83"),
    ("a merchant", "Kanarienhof Zwo"),
    ("a word of a message", "zebrafinch"),
    ("a PIN that was typed", "835041"),
    ("a password that was typed", "Kanary-Pass7word"),
    ("the secret of the login", LOGIN_SECRET),
    ("a card number that was typed", "4539578763621486"),
    ("the token of the page", town::PAGE_TOKEN),
    ("the secret of the app", town::APP_SECRET),
    ("the master key", STORE_KEY),
];

/// What the bank knows us by, and where people come back to.
const LOGIN_SECRET: &str = "kanary-login-secret-7h3";
const PUBLIC: &str = "https://bot.example";

const QUESTION: &str = "how much did I pay at Kanarienhof Zwo in October?";

fn world() -> String {
    let world = DEFAULT_WORLD
        .replace("m_chk", "kanary_account_q7x")
        .replace("Everyday Checking", "Kanary Nick Q7")
        .replace("2184.05", "73914.27")
        .replace("2310.55", "74040.77")
        .replace("-54.20\", \"Luma Restaurant", "-46.83\", \"Kanarienhof Zwo");
    assert!(["kanary_account_q7x", "Kanary Nick Q7", "73914.27", "46.83"].iter().all(|mark| world.contains(mark)));
    world
}

/// A mark as it is, and as it would look in hexadecimal or base64, wherever in a longer text it stood.
fn shapes(mark: &[u8]) -> Vec<Vec<u8>> {
    let mut shapes = vec![mark.to_vec(), hex::encode(mark).into_bytes(), hex::encode_upper(mark).into_bytes()];
    for before in 0..3 {
        let padded = [&[0; 2][..before], mark].concat();
        for engine in [&STANDARD_NO_PAD, &URL_SAFE_NO_PAD] {
            let whole = engine.encode(&padded);
            // The characters at the ends share bits with what stands beside it.
            let (from, to) = ([0, 2, 3][before], padded.len() * 8 / 6);
            shapes.push(whole.as_bytes()[from..to].to_vec());
        }
    }
    shapes
}

fn holds(bytes: &[u8], mark: &[u8]) -> bool {
    shapes(mark).iter().any(|shape| memchr::memmem::find(bytes, shape).is_some())
}

/// The bytes of the store: the file, its write-ahead log and its shared memory.
fn store(folder: &Path) -> Vec<u8> {
    ["", "-wal", "-shm"]
        .iter()
        .flat_map(|end| fs::read(folder.join(format!("balancebot.db{end}"))).unwrap_or_default())
        .collect()
}

/// The marks that stand in the store or the log.
fn found(town: &Town, program: &Running) -> Vec<String> {
    let marks = MARKS.map(|(what, mark)| (what, mark.to_owned()));
    found_of(&marks, town, program)
}

/// The same of marks that nobody could know before.
fn found_of(marks: &[(&str, String)], town: &Town, program: &Running) -> Vec<String> {
    let (store, log) = (store(town.folder.path()), program.whole_log().into_bytes());
    // What must be there is there: this looks in the right places.
    assert!(holds(&store, MAYA.as_bytes()) || holds(&store, b"buckets"), "the store cannot be seen");
    assert!(holds(&log, b"TRACE"), "the log cannot be seen");
    let places = [("the store", &store), ("the log", &log)];
    let found = places.iter().flat_map(|(place, bytes)| {
        let there = marks.iter().filter(|(_, mark)| holds(bytes, mark.as_bytes()));
        there.map(move |(what, _)| format!("{what} stands in {place}"))
    });
    let ids = holds(&log, MAYA.as_bytes()).then(|| "a person's id stands in the log".to_owned());
    let raw_key = holds(&store, &hex::decode(STORE_KEY).expect("a key")).then(|| "the key itself".to_owned());
    found.chain(ids).chain(raw_key).collect()
}

/// A town whose Northgate has a login of its own.
async fn town_with_login() -> Town {
    let town = Town::of(&world()).await;
    let northgate = BankId::new("northgate");
    town.banks.register(Client {
        id: "us".to_owned(),
        secret: SecretString::from(LOGIN_SECRET),
        name: "balancebot".to_owned(),
        redirect_uris: vec![format!("{PUBLIC}/link/return/{northgate}")],
    });
    let secret = town.folder.path().join("login_secret");
    fs::write(&secret, LOGIN_SECRET).expect("writable");
    let config = fs::read_to_string(&town.config).expect("a config");
    let issuer = format!("{}/banks/{northgate}/oauth", between(&config, "graph_url = \"", "\""));
    let login = format!(
        "[bank.fdx.login]\nissuer = \"{issuer}\"\nauthorize_url = \"{issuer}/authorize\"\ntoken_url = \"{issuer}/token\"\n\
         par_url = \"{issuer}/par\"\nrevoke_url = \"{issuer}/revoke\"\nclient_id = \"us\"\n\
         client_secret = {{ file = \"{}\" }}\nscope = \"accounts balances transactions\"\n\n",
        secret.display()
    );
    let config = config.replace("[[bank.obuk]]", &format!("{login}[[bank.obuk]]"));
    let config = config.replace("drain = \"5s\"", &format!("drain = \"5s\"\npublic_url = \"{PUBLIC}\""));
    fs::write(&town.config, config).expect("writable");
    town
}

/// Maya signs in at Northgate, as somebody with a browser does. Returns all that was secret about it.
async fn signs_in(town: &Town, program: &Running) -> Vec<(&'static str, String)> {
    let browser = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().expect("a client");
    let ours = |url: &str| url.replace(PUBLIC, &program.origin());
    let form = |request: reqwest::RequestBuilder, form: String| {
        request.header("content-type", "application/x-www-form-urlencoded").body(form)
    };
    let place = |response: &reqwest::Response| {
        response.headers().get("location").expect("a redirect").to_str().expect("text").to_owned()
    };
    let mark = town.messenger.mark("maya").expect("a person");
    town.messenger.say("maya", "renew northgate").await.expect("a person");
    town.hears("maya", mark, "sign in at your bank").await;
    let sent = town.messenger.outbox_since("maya", mark).expect("a person");
    let buttons = format!("{:?}", sent.iter().map(|sent| &sent.buttons).collect::<Vec<_>>());
    let page = format!("{PUBLIC}{}", between(&buttons, PUBLIC, "\""));

    let left = form(browser.post(ours(&page)), "bank=northgate&agree=yes".to_owned()).send().await.expect("an answer");
    let cookie = left.headers()["set-cookie"].to_str().expect("text").split(';').next().expect("a pair").to_owned();
    let login = place(&left);
    let shown = browser.get(&login).send().await.expect("an answer").text().await.expect("a page");
    let request = between(&shown, "name=\"request\" value=\"", "\"");
    let allowed = form(browser.post(&login), format!("person=maya&request={request}&decision=allow"));
    let back = place(&allowed.send().await.expect("an answer"));
    let last = browser.get(ours(&back)).header("cookie", &cookie).send().await.expect("an answer");
    let last = last.text().await.expect("a page");
    let (reference, typed) = (between(&last, "?ref=", "\""), between(&last, "class=\"code\">", "<"));
    let waiting = town.banks.tokens(&"maya".into(), &"northgate".into());
    assert!(!waiting.is_empty(), "tokens wait in quarantine");

    let back = reqwest::Url::parse(&back).expect("an address");
    let of = |name: &str| back.query_pairs().find(|(key, _)| key == name).expect(name).1.into_owned();
    let mut secrets = vec![
        ("the address of a page", page.rsplit('/').next().expect("a ticket").to_owned()),
        ("a cookie", cookie.split_once('=').expect("a pair").1.to_owned()),
        ("the state", of("state")),
        ("the code of the bank", of("code")),
        ("the way back into the chat", reference.clone()),
        ("the code that is shown", typed.clone()),
    ];
    secrets.extend(waiting.into_iter().map(|token| ("a token of the login", token)));
    assert!(secrets.iter().all(|(_, secret)| secret.len() >= 8), "long enough to be found by chance nowhere");
    assert_eq!(found_of(&secrets, town, program), [""; 0], "in quarantine");
    let mark = town.messenger.mark("maya").expect("a person");
    town.messenger.referral("maya", &reference).await.expect("a person");
    town.hears("maya", mark, "Northgate Bank is linked").await;
    secrets
}

fn between(text: &str, before: &str, after: &str) -> String {
    let (_, rest) = text.split_once(before).unwrap_or_else(|| panic!("no {before:?} in {text}"));
    rest.split(after).next().expect("a part").to_owned()
}

/// What is sealed of Maya, with her wrapped key.
fn sealed(town: &Town) -> Vec<Vec<u8>> {
    let file = town.folder.path().join("balancebot.db");
    let db = Connection::open_with_flags(file, OpenFlags::SQLITE_OPEN_READ_ONLY).expect("the store");
    let sql = format!(
        "SELECT wrapped FROM data_keys WHERE person = '{MAYA}' UNION ALL
         SELECT body FROM dialogues WHERE person = '{MAYA}' UNION ALL SELECT body FROM links WHERE person = '{MAYA}'"
    );
    let mut statement = db.prepare(&sql).expect("a statement");
    let rows = statement.query_map([], |row| row.get(0)).expect("rows");
    rows.collect::<Result<_, _>>().expect("bytes")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_of_a_login_stands_in_the_clear() {
    let town = town_with_login().await;
    let program = town.serve_with(&[("RUST_LOG", "trace")]);
    let customer = town.banks.customer(&"maya".into(), &"northgate".into());
    let mut secrets = vec![("what the bank calls her", customer)];
    secrets.extend(signs_in(&town, &program).await);
    town.ask("maya", "northgate balance", "$73,914.27").await;
    // The first token is taken back, which is logged, too.
    secrets.extend(signs_in(&town, &program).await);
    town.ask("maya", "northgate balance", "$73,914.27").await;
    secrets.extend(town.banks.tokens(&"maya".into(), &"northgate".into()).into_iter().map(|token| ("a token", token)));
    assert_eq!(found_of(&secrets, &town, &program), [""; 0], "after two logins");
    assert_eq!(found(&town, &program), [""; 0]);

    // A bank that is away is told of with all that can be said.
    town.banks.switch(&BankId::new("northgate"), Switch::Down).expect("a bank");
    town.ask("maya", "northgate balance", "").await;
    town.ask("maya", "delete everything about me", "Erase everything").await;
    town.ask("maya", "yes", "rased").await;
    assert_eq!(found_of(&secrets, &town, &program), [""; 0], "after failures and erasure");
    program.terminate().await;
}

/// Where a panic happens in a process of its own, in the middle of what somebody wrote.
#[test]
fn a_panic_tells_its_place_and_not_what_it_was_about() {
    const INSIDE: &str = "CANARY_PANICS";
    if std::env::var_os(INSIDE).is_some() {
        balancebot::telemetry::start("info");
        let written = format!("zebrafinch {}é", MARKS.len());
        let cut = written.len() - 1;
        assert!(std::panic::catch_unwind(|| written[..cut].len()).is_err());
        assert!(std::panic::catch_unwind(|| -> u8 { panic!("plain words") }).is_err());
        return;
    }
    let mut child = std::process::Command::new(std::env::current_exe().expect("this program"));
    child.args(["--exact", "a_panic_tells_its_place_and_not_what_it_was_about", "--nocapture"]);
    let output = child.env(INSIDE, "1").env_remove("RUST_LOG").output().expect("it runs");
    let told = [output.stdout, output.stderr].concat();
    let told = String::from_utf8_lossy(&told);
    assert!(output.status.success(), "{told}");
    assert!(told.contains("panicked") && told.contains("canary.rs"), "the place is told: {told}");
    assert!(told.contains("plain words"), "and words of the code's own: {told}");
    assert!(!told.contains("zebrafinch"), "{told}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_of_a_person_stands_in_the_clear_and_after_erasure_nothing_stands_at_all() {
    let town = Town::of(&world()).await;
    let program = town.serve_with(&[("RUST_LOG", "trace")]);

    // Everything is read, said and typed.
    town.ask("maya", "what's my balance?", "$73,914.27").await;
    town.ask("maya", QUESTION, "$46.83").await;
    town.ask("maya", "zebrafinch", "").await;
    town.ask("maya", "my pin is 835041", "").await;
    town.ask("maya", "my password is Kanary-Pass7word", "").await;
    town.ask("maya", "4539 5787 6362 1486", "").await;
    town.ask("maya", "4539578763621486", "").await;
    town.ask("maya", "who saw my data?", "").await;
    assert_eq!(found(&town, &program), [""; 0], "after questions");

    // A message that waits, and a reply that cannot be sent.
    let northgate = BankId::new("northgate");
    town.banks.switch(&northgate, Switch::Slow { seconds: 2 }).expect("a bank");
    let fail = FailNext { count: 1000, code: 2, subcode: None, status: 500, is_transient: true };
    town.messenger.set_faults(Faults { fail_next: Some(fail), ..Faults::default() });
    let mark = town.messenger.mark("maya").expect("a person");
    town.messenger.say("maya", QUESTION).await.expect("a person");
    until("the message waits", async || town.stats()["waiting"] == 1).await;
    assert_eq!(found(&town, &program), [""; 0], "while a message waits");
    until("a reply waits", async || town.stats()["outgoing"].as_u64() > Some(0) && town.stats()["waiting"] == 0).await;
    assert_eq!(found(&town, &program), [""; 0], "while a reply waits");
    town.banks.switch(&northgate, Switch::Up).expect("a bank");
    town.messenger.set_faults(Faults::default());
    town.hears("maya", mark, "46.83").await;

    // Failures are logged, too.
    town.banks.switch(&northgate, Switch::Down).expect("a bank");
    town.ask("maya", "what's my balance?", "").await;
    town.banks.switch(&northgate, Switch::Up).expect("a bank");
    assert_eq!(found(&town, &program), [""; 0], "after failures");

    // Erased: no mark, no sealed byte and no key, within a minute.
    let before = sealed(&town);
    assert_eq!(before.len(), 4, "a key, a dialogue and two links");
    assert!(before.iter().all(|bytes| holds(&store(town.folder.path()), bytes)), "what is sealed can be seen");
    town.ask("maya", "delete everything about me", "Erase everything").await;
    let asked = WallClock.now();
    town.ask("maya", "yes", "rased").await;
    until("everything is sent", async || town.stats()["outgoing"] == 0).await;
    until("nothing of it is left", async || {
        let store = store(town.folder.path());
        sealed(&town).is_empty() && !before.iter().any(|bytes| holds(&store, bytes))
    })
    .await;
    assert!(WallClock.now().duration_since(asked).as_secs() < 60);
    assert_eq!(found(&town, &program), [""; 0], "after erasure");

    // By an operator: not even the id of the person is left.
    program.terminate().await;
    town.run(&["forget", PAGE, MAYA, "--confirm", &format!("forget {MAYA}")], 0);
    assert!(!holds(&store(town.folder.path()), MAYA.as_bytes()), "{}", Conversation::messenger(PAGE, MAYA));
}
