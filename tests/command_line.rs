//! The promise: the program exits with 0, 1 or 64, says what is wrong and what to do, and colours nothing that is not a
//! terminal.

use std::fs;
use std::io::{Read, Write};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Command, Output};

use balancebot::config::REFERENCE;
use tempfile::TempDir;

const EXAMPLE: &str = include_str!("../deploy/balancebot.example.toml");

fn balancebot(args: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_balancebot"));
    command.args(args).env_remove("BALANCEBOT_CONFIG").env_remove("BANK_TOKEN");
    command.output().expect("the program starts")
}

fn code(output: &Output) -> i32 {
    output.status.code().expect("no signal")
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn printed(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// The example of `deploy/`, with its secrets in a folder of this test.
fn example(folder: &Path) -> String {
    for secret in ["store_key", "verify_token", "app_secret", "page_token"] {
        fs::write(folder.join(secret), format!("{}\n", "5a".repeat(32))).expect("writable");
    }
    let text = EXAMPLE.replace("/run/credentials/balancebot.service", &folder.display().to_string());
    let config = folder.join("balancebot.toml");
    fs::write(&config, text).expect("writable");
    config.display().to_string()
}

#[test]
fn wrong_usage_is_64_and_help_is_not() {
    for args in [&["demo", "--prot", "1"][..], &["dmeo"], &[], &["replay"], &["check", "--print-default", "--online"]] {
        let output = balancebot(args);
        assert_eq!(code(&output), 64, "{args:?}");
        assert!(!said(&output).is_empty() && output.stdout.is_empty(), "{args:?} is told on standard error");
    }
    for args in [&["--help"][..], &["--version"], &["bank", "try", "--help"], &["help", "inbox"]] {
        let output = balancebot(args);
        assert_eq!(code(&output), 0, "{args:?}");
        assert!(!output.stdout.is_empty() && output.stderr.is_empty(), "{args:?} is told on standard output");
    }
}

#[test]
fn a_verb_without_its_config_says_where_to_get_one() {
    for args in [&["serve"][..], &["check"], &["bank", "list"], &["inbox", "stats", "--json"], &["page", "show", "1"]] {
        let output = balancebot(args);
        assert_eq!(code(&output), 64, "{args:?}");
        assert!(said(&output).starts_with("error: no config is named\n  help: "), "{args:?}: {}", said(&output));
    }
    let output = balancebot(&["check", "--config", "/nowhere/bot.toml"]);
    assert_eq!(code(&output), 64);
    assert!(said(&output).contains("/nowhere/bot.toml cannot be read"), "{}", said(&output));
}

#[test]
fn the_reference_is_printed_whole() {
    let output = balancebot(&["check", "--print-default"]);
    assert_eq!((code(&output), printed(&output).as_str()), (0, REFERENCE));
}

#[test]
fn the_example_of_deploy_is_fine_and_is_summed_up() {
    let folder = TempDir::new().expect("a folder");
    let output = balancebot(&["check", "--config", &example(folder.path())]);
    assert_eq!(code(&output), 0, "{}", said(&output));
    let text = printed(&output);
    assert!(text.starts_with("The config is fine.\n"), "plain, as this is no terminal: {text:?}");
    for part in [
        "127.0.0.1:8080 (https://bot.example)",
        "SQLite /var/lib/balancebot/balancebot.db, sealed with 1 key",
        "page 100000000000001  en-US, America/New_York",
        "Northgate Bank, fdx 6, https://api.northgate.example/fdx/v6",
        "a word after 3s, an answer by 20s",
    ] {
        assert!(text.contains(part), "{part:?} is not in:\n{text}");
    }
    assert!(!text.contains("5a5a"), "a secret was shown");
}

#[test]
fn every_fault_of_a_config_is_told_with_its_place() {
    let folder = TempDir::new().expect("a folder");
    let config = example(folder.path());
    let broken = EXAMPLE.replace("listen =", "lisen =").replace("Mon-Fri", "always");
    fs::write(&config, broken.replace("/run/credentials/balancebot.service", &folder.path().display().to_string()))
        .expect("writable");
    let output = balancebot(&["check", "--config", &config]);
    assert_eq!(code(&output), 64);
    let text = said(&output);
    assert!(text.contains(&format!("error: unknown setting `server.lisen`\n  --> {config}:10\n")), "{text}");
    assert!(text.contains("help: did you mean `listen`?"), "{text}");
    assert!(text.contains("`desk.hours` are no hours") && text.ends_with("\n2 problems\n"), "{text}");
    assert!(!text.contains('\u{1b}'), "no colours where there is no terminal");
}

#[test]
fn banks_are_listed_without_the_secrets_of_the_service() {
    let folder = TempDir::new().expect("a folder");
    let config = example(folder.path());
    fs::remove_file(folder.path().join("store_key")).expect("was there");
    // Also where people sign in at the bank with a secret of ours.
    let login = "[bank.fdx.login]\nissuer = \"i\"\nauthorize_url = \"https://a.example\"\ntoken_url = \"https://a.example\"\n\
                 client_id = \"c\"\nclient_secret = { file = \"/missing\" }\nscope = \"s\"\n\n[[bank.obuk]]";
    let text = fs::read_to_string(&config).expect("a config");
    assert!(text.contains("[[bank.obuk]]"));
    fs::write(&config, text.replacen("[[bank.obuk]]", login, 1)).expect("writable");
    let output = balancebot(&["bank", "list", "--config", &config]);
    assert_eq!(code(&output), 0, "{}", said(&output));
    let text = printed(&output);
    let words: Vec<Vec<&str>> = text.lines().map(|line| line.split_whitespace().collect()).collect();
    assert_eq!(words[0], ["ID", "NAME", "COUNTRY", "SPEAKS", "ADDRESS"]);
    assert_eq!(words[1][..5], ["northgate", "Northgate", "Bank", "US", "fdx"]);

    let output = balancebot(&["bank", "try", "southgate", "--config", &config]);
    assert_eq!(code(&output), 64);
    assert!(said(&output).contains("help: known: northgate, kingsbridge"), "{}", said(&output));
    let output = balancebot(&["bank", "try", "northgate", "--config", &config]);
    assert_eq!(code(&output), 64);
    assert!(said(&output).contains("the environment variable BANK_TOKEN holds no token"), "{}", said(&output));
}

/// A manifest for whoever writes a network policy; `serve` itself keeps to it.
#[test]
fn every_host_that_is_called_is_told() {
    let folder = TempDir::new().expect("a folder");
    let output = balancebot(&["check", "--egress", "--config", &example(folder.path())]);
    assert_eq!(code(&output), 0, "{}", said(&output));
    let manifest = String::from_utf8(output.stdout).expect("text");
    insta::assert_snapshot!(manifest, @r"
    scheme  host                     port  for
    https   graph.facebook.com        443  Messenger
    https   api.northgate.example     443  bank northgate
    https   api.kingsbridge.example   443  bank kingsbridge
    ");
}

#[test]
fn a_health_check_sees_whether_the_listener_answers() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = listener.local_addr().expect("bound").to_string();
    let folder = TempDir::new().expect("a folder");
    let config = folder.path().join("balancebot.toml");
    fs::write(&config, format!("[server]\nlisten = \"{address}\"\n")).expect("writable");
    let alive = || balancebot(&["check", "--alive", "--config", &config.display().to_string()]);

    let answering = std::thread::spawn(move || {
        for status in ["200 OK", "503 Service Unavailable"] {
            let (mut stream, _) = listener.accept().expect("a connection");
            let mut head = [0; 1024];
            let read = stream.read(&mut head).expect("a request");
            assert!(head[..read].starts_with(b"GET /live HTTP/1.1"));
            let answer = format!("HTTP/1.1 {status}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
            stream.write_all(answer.as_bytes()).expect("taken");
        }
    });
    assert_eq!([code(&alive()), code(&alive())], [0, 1], "well, then not");
    answering.join().expect("asked twice");
    let gone = alive();
    assert_eq!(code(&gone), 1);
    assert!(said(&gone).contains(&format!("http://{address}/live does not answer: no connection")), "{}", said(&gone));
}

#[test]
fn nothing_is_erased_without_being_asked_in_words() {
    let folder = TempDir::new().expect("a folder");
    let config = example(folder.path());
    for args in [&["forget", "1", "7"][..], &["inbox", "drop", "m_1"], &["forget", "1", "7", "--confirm", "yes"]] {
        let output = balancebot(&[args, &["--config", &config]].concat());
        assert_eq!(code(&output), 64, "{args:?}");
        assert!(said(&output).contains("was not confirmed\n  help: add --confirm \""), "{}", said(&output));
    }
}

/// Words of one's own are learnt once: what was learnt is kept beside them, the same as for the words that ship.
#[test]
fn models_are_kept_beside_the_words() {
    let folder = tempfile::tempdir().expect("a folder");
    for (inside, ending) in [("", "toml"), ("words", "toml"), ("texts", "ftl")] {
        fs::create_dir_all(folder.path().join(inside)).expect("a folder");
        for entry in fs::read_dir(Path::new("bot-flows").join(inside)).expect("what ships") {
            let path = entry.expect("an entry").path();
            if path.extension().is_some_and(|found| found == ending) {
                fs::copy(&path, folder.path().join(inside).join(path.file_name().expect("a name"))).expect("copied");
            }
        }
    }
    let own = folder.path().display().to_string();
    let output = balancebot(&["check", "--flows", &own, "--write-models"]);
    assert_eq!(code(&output), 0, "{}", said(&output));
    for language in ["en", "es", "de"] {
        let model = |words: &Path| fs::read(words.join(format!("words/{language}.model"))).expect("a model");
        assert!(model(folder.path()) == model(Path::new("bot-flows")), "{language}");
    }
    let output = balancebot(&["check", "--write-models"]);
    assert_eq!(code(&output), 64, "{}", said(&output));
}

/// The line of the word file that a page of `read --explain` names in its first line with `told`.
fn place(page: &str, told: &str) -> String {
    let line = page.lines().find(|line| line.contains(told)).expect("a line that names a place");
    let number: usize = line.rsplit(':').next().and_then(|number| number.parse().ok()).expect("a line's number");
    let words = fs::read_to_string("bot-flows/words/en.toml").expect("the words are in the repository");
    words.lines().nth(number - 1).expect("a line of the file").to_owned()
}

/// Where a reading came from is a page for operators: it names each step, and the line of the word file to mend.
#[test]
fn read_explains_what_decided_and_where_to_mend_it() {
    let explain = |args: &[&str]| {
        let always = ["read", "--explain", "--now", "2026-11-22T14:00:00Z"];
        let output = balancebot(&[&always, args].concat());
        assert_eq!(code(&output), 0, "{}", said(&output));
        printed(&output)
    };
    insta::assert_snapshot!(explain(&["--after", "how much on coffee in october", "and the mnth before that?"]), @r#"
    words  read as en
      and
      the     period
      mnth    period          → month  (spelling repaired)
      before  period
      that    period
      ?

    spend.sum  100 % sure: it will be answered
      period     2026-09-01..2026-10-01   from "the mnth before that"
      category   coffee
      decided by the question before, with these details in place of its own
                 details for the last question, spend.sum
      to mend it there is nothing in it but details and `fillers` of bot-flows/words/en.toml: a word taken out of them makes it a question of its own
    "#);
    let page = explain(&["how much moolah did i spnd at tesco lst month"]);
    // How sure exactly depends on all the examples there are.
    let seen = page.lines().take_while(|line| !line.contains("decided by")).filter(|line| !line.contains("% sure"));
    insta::assert_snapshot!(seen.collect::<Vec<_>>().join("\n"), @r#"
    words  read as en
      how
      much
      moolah
      did
      i
      spnd                    → spend  (short form)
      at
      tesco   merchant
      lst     period          → last  (short form)
      month   period

      period     2026-10-01..2026-11-01   from "lst month"
      merchant   tesco   from "tesco"
    "#);
    assert!(place(&page, "  nearest  ").contains("how much"), "{page}");
    assert!(page.contains("does not know \"moolah\""), "{page}");
    let page = explain(&["dispute"]);
    assert!(place(&page, "a rule").contains("\"dispute\""), "{page}");
    // What a text holds must not steer the operator's terminal.
    assert!(!explain(&["balance \u{1b}[31m \u{7}"]).contains('\u{1b}'));
}
