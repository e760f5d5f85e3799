//! The promise: the access log is a proof. What a person downloads is checked offline, by somebody who trusts neither the
//! bot nor its operator; the database is checked against heads that were kept elsewhere. Each kind of tampering is tried on
//! what the real program wrote, is found, and is named.

#[path = "audit/written.rs"]
mod written;

#[path = "support/process.rs"]
mod process;
#[path = "end_to_end/town.rs"]
#[allow(dead_code, reason = "only a part of the town is needed here")]
mod town;

use std::fs;

use process::{balancebot, until};
use proptest::test_runner::{Config, TestRunner};
use rusqlite::Connection;
use serde_json::Value;
use town::Town;
use written::{Database, verify, written};

/// The parsed copy, changed, as text again.
fn changed(change: impl FnOnce(&mut Value)) -> String {
    let mut file: Value = serde_json::from_str(&written().copy).expect("JSON");
    change(&mut file);
    serde_json::to_string_pretty(&file).expect("JSON")
}

fn entries(file: &mut Value) -> &mut Vec<Value> {
    file["access_log"].as_array_mut().expect("entries")
}

fn places(file: &mut Value) -> &mut Vec<Value> {
    file["proof"]["entries"].as_array_mut().expect("places")
}

#[test]
fn what_was_downloaded_is_proven() {
    let written = written();
    let said = verify(&written.copy, &[], 0);
    assert!(said.contains("entries as logged, proven by the head over"), "{said}");
    let said = verify(&written.copy, &["--heads", &written.heads()], 0);
    assert!(said.contains("That head is one of the"), "{said}");
    // Formatted otherwise it is the same.
    let file: Value = serde_json::from_str(&written.copy).expect("JSON");
    verify(&file.to_string(), &[], 0);
    let other = written.copy.split("noor").count();
    assert_eq!(other, 1, "it holds nothing of anybody else");
    assert!(file["access_log"].as_array().expect("entries").len() >= 6, "{file}");
}

#[test]
fn an_entry_that_was_changed_is_named() {
    let copy = changed(|file| entries(file)[2]["bank"] = "kingsbridge".into());
    let said = verify(&copy, &[], 1);
    assert!(said.contains("entry 3 was changed"), "{said}");
    assert!(!said.contains("entry 2") && !said.contains("entry 4"), "{said}");
    // A purpose is a reason that somebody may want to be another.
    let copy = changed(|file| entries(file)[0]["purpose"] = "alert".into());
    assert!(verify(&copy, &[], 1).contains("entry 1 was changed"));
    // Under another person's name.
    let copy = changed(|file| file["proof"]["of"]["person"] = "somebody".into());
    assert!(verify(&copy, &[], 1).contains("entry 1 was changed"));
    // What is proven besides: the links, the settings, when it was made.
    let copy = changed(|file| file["made"] = "2020-01-01T00:00:00Z".into());
    assert!(verify(&copy, &[], 1).contains("changed after it was signed"));
}

#[test]
fn an_entry_that_was_deleted_is_missed() {
    let copy = changed(|file| drop(entries(file).remove(1)));
    let said = verify(&copy, &[], 1);
    assert!(said.contains("entry 2 is missing") && said.contains("taken out or cut off"), "{said}");
    // With all that proves it, too.
    let copy = changed(|file| {
        entries(file).remove(1);
        places(file).remove(1);
    });
    let said = verify(&copy, &[], 1);
    assert!(said.contains("entry 2 is missing"), "{said}");
}

#[test]
fn entries_that_were_reordered_are_named() {
    let copy = changed(|file| entries(file).swap(0, 3));
    let said = verify(&copy, &[], 1);
    assert!(said.contains("entry 1 does not stand in its place") && said.contains("entry 4 does not stand"), "{said}");
    let copy = changed(|file| {
        entries(file).swap(0, 3);
        places(file).swap(0, 3);
    });
    assert!(verify(&copy, &[], 1).contains("does not stand in its place"));
}

#[test]
fn entries_that_were_cut_off_are_missed() {
    let copy = changed(|file| {
        entries(file).pop();
        places(file).pop();
    });
    let said = verify(&copy, &[], 1);
    assert!(said.contains("entries were taken out or cut off"), "{said}");
    let half = &written().copy[..written().copy.len() / 2];
    let said = verify(half, &[], 1);
    assert!(said.contains("line ") && said.contains("cut off or damaged there"), "{said}");
}

#[test]
fn an_entry_that_never_was_is_named() {
    let copy = changed(|file| {
        let last = entries(file).last().cloned().expect("an entry");
        entries(file).push(last);
    });
    let said = verify(&copy, &[], 1);
    assert!(said.contains("stands an entry that was never logged") && said.contains("were added"), "{said}");
}

#[test]
fn a_proof_that_is_not_there_or_of_others_is_none() {
    let copy = changed(|file| drop(file.as_object_mut().expect("an object").shift_remove("proof")));
    assert!(verify(&copy, &[], 1).contains("holds no proof"));
    let copy = changed(|file| drop(file["proof"].as_object_mut().expect("a proof").shift_remove("signature")));
    assert!(verify(&copy, &[], 1).contains("the signature of the file"));
    // Signed by somebody else, under the same name.
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("my-data.json").display().to_string();
    fs::write(&path, &written().copy).expect("writable");
    let made = balancebot(&["audit", "keygen", "--name", "balancebot-demo"]).output().expect("it starts");
    let told = String::from_utf8_lossy(&made.stderr).into_owned();
    let other = told.lines().find(|line| line.starts_with("balancebot-demo+")).expect("a public key").to_owned();
    assert_eq!(String::from_utf8_lossy(&made.stdout).trim().len(), 64, "the secret alone can be piped into a file");
    let said = process::run(&["audit", "verify", &path, "--key", &other], 1);
    assert!(said.contains("not signed with this key"), "{said}");
    process::run(&["audit", "verify", &path, "--key", "no key"], 64);
    process::run(&["audit", "verify", &path], 64);
    process::run(&["audit", "verify", "/nowhere", "--key", &other], 64);
}

/// Whatever is changed in the text of a copy is found, unless it still means the same.
#[test]
fn random_tampering_is_found() {
    let (copy, key) = (written().copy.as_bytes(), written().key());
    let meaning: Value = serde_json::from_slice(copy).expect("JSON");
    let seed = std::env::var("PROPTEST_RNG_SEED").unwrap_or_else(|_| "20260501".to_owned());
    eprintln!("PROPTEST_RNG_SEED={seed}");
    let seed = seed.parse().expect("a number");
    let config = Config { cases: 400, rng_seed: proptest::test_runner::RngSeed::Fixed(seed), ..Config::default() };
    let tampering = (0_u8..5, 0..copy.len(), 0..copy.len(), 1_u8..=255);
    let outcome = TestRunner::new(config).run(&tampering, |(kind, at, other, bits)| {
        let (from, to) = (at.min(other), at.max(other));
        let mut bytes = copy.to_vec();
        match kind {
            0 => bytes[at] ^= bits,
            1 => drop(bytes.drain(from..to)),
            2 => bytes.truncate(at),
            3 => bytes.swap(at, other),
            _ => bytes.splice(at..at, copy[from..to].iter().copied()).for_each(drop),
        }
        let text = String::from_utf8_lossy(&bytes);
        let same = serde_json::from_str::<Value>(&text).is_ok_and(|tampered| tampered == meaning);
        let found = !balancebot::proof::copy::check(&text, &key, None).wrong.is_empty();
        proptest::prop_assert_eq!(found, !same, "kind {} at {} and {}, bits {}", kind, at, other, bits);
        Ok(())
    });
    outcome.unwrap_or_else(|failure| panic!("seed {seed}: {failure}"));
}

#[test]
fn the_database_is_what_was_signed() {
    let database = Database::copied();
    let said = database.verify(0);
    assert!(said.contains("0 erased for their persons") && said.contains("signed heads fit"), "{said}");
    let heads: Value = serde_json::from_str(&database.run(&["audit", "heads", "--json"], 0)).expect("JSON");
    let sizes: Vec<u64> = heads.as_array().expect("heads").iter().map(|head| head["size"].as_u64().unwrap()).collect();
    assert!(sizes.is_sorted() && sizes.last() > Some(&6), "{sizes:?}");
    let shown = database.run(&["audit", "show", &database.page, &database.maya], 0);
    assert!(shown.contains("fits") && !shown.contains("DOES NOT FIT"), "{shown}");
}

#[test]
fn each_way_to_write_into_the_database_is_found() {
    let tampered: [(&str, &str); 11] = [
        (
            "UPDATE access SET entry = replace(entry, 'northgate', 'kingsbridge') WHERE leaf = 1",
            "leaf 1 of the database: the entry of messenger/",
        ),
        ("UPDATE access SET entry = 'no JSON' WHERE leaf = 2", "leaf 2 of the database: the entry of"),
        ("UPDATE access SET person = 'somebody' WHERE leaf = 2", "leaf 2 of the database: the entry of"),
        ("UPDATE access SET salt = zeroblob(16) WHERE leaf = 3", "leaf 3 of the database: the entry of"),
        ("DELETE FROM access WHERE leaf = 2", "leaf 2 of the database: its entry was deleted"),
        ("DELETE FROM access WHERE leaf = 2; DELETE FROM leaves WHERE leaf = 2", "leaf 2 of the database is missing"),
        ("DELETE FROM leaves WHERE leaf = 2", "1 entries that no leaf stands for"),
        (
            "UPDATE leaves SET hash = zeroblob(32), gone = 'erased' WHERE leaf = 1; DELETE FROM access WHERE leaf = 1",
            "are not those that were signed",
        ),
        // Two leaves change places with their entries.
        (
            "UPDATE leaves SET hash = (SELECT o.hash FROM leaves AS o WHERE o.leaf = 3 - leaves.leaf) WHERE leaf <= 2;
          UPDATE access SET leaf = -leaf WHERE leaf <= 2; UPDATE access SET leaf = 3 + leaf WHERE leaf < 0",
            "are not those that were signed",
        ),
        (
            "DELETE FROM access WHERE leaf > 2; DELETE FROM leaves WHERE leaf > 2",
            "the database was rolled back: it has 2",
        ),
        ("DELETE FROM access; DELETE FROM leaves", "the database was rolled back: it has 0"),
    ];
    for (sql, named) in tampered {
        let database = Database::copied();
        Connection::open(database.file()).expect("a file").execute_batch(sql).expect("tampered with");
        let said = database.verify(1);
        assert!(said.contains(named), "{sql}\n{said}");
    }
}

#[test]
fn heads_that_were_tampered_with_are_named() {
    let good = fs::read_to_string(written().heads()).expect("heads");
    let lines: Vec<&str> = good.lines().collect();
    assert!(lines.len() >= 2, "{good}");
    let changed = good.replacen("\\n", "\\n1", 1);
    let backwards = format!("{}\n{}\n", lines[lines.len() - 1], lines[0]);
    for (heads, named) in [
        (changed, "line 1 of the kept heads: its signature does not fit"),
        (format!("{good}no head\n"), "of the kept heads: it is no signed note"),
        (backwards, "line 2 of the kept heads: the log had"),
    ] {
        let database = Database::copied();
        fs::write(database.heads(), heads).expect("writable");
        let said = database.verify(1);
        assert!(said.contains(named), "{said}");
    }
    // A line that was being written is no line yet.
    let database = Database::copied();
    fs::write(database.heads(), format!("{good}{}", &lines[0][..20])).expect("writable");
    database.verify(0);
}

/// A copy that the bot made after its database was taken back: all in it is signed, and the heads tell.
#[test]
fn a_copy_of_a_log_that_was_rolled_back_is_found() {
    let heads = fs::read_to_string(written().heads()).expect("heads");
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("heads.jsonl");
    let newest = heads.lines().last().expect("a head");
    let without: String = heads.lines().filter(|line| *line != newest).map(|line| format!("{line}\n")).collect();
    fs::write(&path, without).expect("writable");
    let said = verify(&written().copy, &["--heads", &path.display().to_string()], 1);
    assert!(said.contains("is not among the kept heads"), "{said}");
}

/// What is erased goes, salt and all; what was signed before still fits, and says that something was erased.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn erasing_keeps_the_proof() {
    let database = tokio::task::spawn_blocking(Database::copied).await.expect("a database");
    database.run(&["forget", &database.page, &database.maya, "--confirm", &format!("forget {}", database.maya)], 0);
    let said = database.verify(0);
    assert!(!said.contains(" 0 erased for their persons") && said.contains("signed heads fit"), "{said}");
    let db = Connection::open(database.file()).expect("a file");
    let left =
        "SELECT (SELECT count(*) FROM access WHERE person = ?1), (SELECT count(*) FROM leaves WHERE gone IS NOT NULL)";
    let (entries, gone): (i64, i64) =
        db.query_row(left, [&database.maya], |row| Ok((row.get(0)?, row.get(1)?))).expect("counts");
    assert!(entries == 0 && gone >= 6, "{entries} entries are left, {gone} leaves say that theirs went");
    drop(db);
    assert!(database.run(&["audit", "show", &database.page, &database.maya], 0).lines().count() <= 1);
}

/// Whoever puts yesterday's database back does not get the bot to sign it, and an audit tells.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_bot_does_not_serve_from_a_database_that_was_rolled_back() {
    let town = Town::build().await;
    let folder = town.folder.path();
    let sink = tempfile::tempdir().expect("a folder");
    let heads = sink.path().join("heads.jsonl");
    fs::write(folder.join("audit_key"), "7".repeat(64)).expect("writable");
    let audit = format!(
        "[audit]\nkey = {{ file = \"{}/audit_key\" }}\nsink = \"{}\"\nevery = \"1s\"\n\n[messenger]",
        folder.display(),
        heads.display()
    );
    let config = fs::read_to_string(&town.config).expect("a config").replacen("[messenger]", &audit, 1);
    fs::write(&town.config, config).expect("writable");

    let program = town.serve();
    town.ask("maya", "how much did I spend on groceries last month?", "$367.92").await;
    let lines = || fs::read_to_string(&heads).expect("heads").lines().count();
    until("the reads of the question are signed, while the bot serves", async || lines() >= 2).await;
    let checked = town.run(&["audit", "verify"], 0);
    assert!(checked.contains("signed heads fit"), "beside the running bot: {checked}");
    program.terminate().await;
    let yesterday = fs::read(folder.join("balancebot.db")).expect("a database");

    let program = town.serve();
    town.ask("maya", "what did I spend yesterday?", "").await;
    program.terminate().await;
    let said = town.run(&["audit", "verify"], 0);
    assert!(said.contains("leaves: "), "{said}");

    fs::write(folder.join("balancebot.db"), yesterday).expect("writable");
    let said = town.run(&["audit", "verify"], 1);
    assert!(said.contains("the database was rolled back: it has"), "{said}");
    let refused = balancebot(&["serve", "--config", &town.config]).output().expect("the program starts");
    let told = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert_eq!(refused.status.code(), Some(1), "{told}");
    assert!(told.contains("the database was rolled back") && told.contains("audit.sink"), "{told}");
}
