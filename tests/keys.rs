//! The promise: the master key can be changed while the bot serves. Nobody notices, a change that was broken off goes on
//! where it was, and afterwards the old key opens nothing and is not needed.

#[path = "support/process.rs"]
mod process;
#[path = "end_to_end/town.rs"]
#[allow(dead_code, reason = "only a part of the town is needed here")]
mod town;

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use balancebot::app::renewal::renew;
use balancebot::domain::message::Conversation;
use balancebot::privacy::seal::{Keyring, Place};
use balancebot::store::sqlite::{SqliteStore, Writer};
use balancebot::store::{Held, Store, What};
use process::balancebot;
use rusqlite::Connection;
use serde_json::Value;
use town::{MAYA, NOOR, PAGE, STORE_KEY, Town};

const NEW_KEY: &str = "c0ffee00c0ffee01c0ffee02c0ffee03c0ffee04c0ffee05c0ffee06c0ffee07";

fn file(town: &Town) -> PathBuf {
    town.folder.path().join("balancebot.db")
}

/// From now on the config names a new key, and the old one as a previous one or not at all.
fn configure(town: &Town, keep_previous: bool) {
    let folder = town.folder.path();
    fs::write(folder.join("store_key"), NEW_KEY).expect("writable");
    fs::write(folder.join("old_key"), STORE_KEY).expect("writable");
    let config = fs::read_to_string(&town.config).expect("a config");
    let previous = format!("previous_keys = [{{ file = \"{}/old_key\" }}]\n", folder.display());
    let without = config.replace(&previous, "");
    let with = without.replace("\n[messenger]", &format!("{previous}\n[messenger]"));
    fs::write(&town.config, if keep_previous { with } else { without }).expect("writable");
}

/// What `keys list` counts for a key: keys of people, what passes, what is older.
fn counts(town: &Town, role: &str) -> Option<[u64; 3]> {
    let keys: Value = serde_json::from_str(&town.run(&["keys", "list", "--json"], 0)).expect("JSON");
    let key = keys.as_array().expect("keys").iter().find(|key| key["role"] == role)?;
    Some(["people", "passing", "older"].map(|name| key[name].as_u64().expect("a count")))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_key_is_changed_while_the_bot_serves() {
    let town = Town::build().await;
    let program = town.serve();
    town.ask("maya", "how much did I spend on groceries last month?", "$367.92").await;
    town.ask("noor", "help", "").await;
    program.terminate().await;
    assert_eq!(counts(&town, "current"), Some([2, 0, 0]), "two people, and nothing on its way");

    configure(&town, true);
    let program = town.serve();
    assert_eq!((counts(&town, "current"), counts(&town, "previous")), (Some([0, 0, 0]), Some([2, 0, 0])));
    let said = town.run(&["keys", "rotate", "--most", "1"], 0);
    assert!(said.contains("1 sealed anew") && said.contains("run it again"), "{said}");
    assert_eq!((counts(&town, "current"), counts(&town, "previous")), (Some([1, 0, 0]), Some([1, 0, 0])));
    town.ask("maya", "and on dining?", "October").await;
    town.run(&["keys", "rotate"], 0);
    assert_eq!((counts(&town, "current"), counts(&town, "previous")), (Some([2, 0, 0]), Some([0, 0, 0])));
    assert!(town.run(&["keys", "list"], 0).contains("can be taken out of store.previous_keys"));
    let said = town.run(&["keys", "rotate"], 0);
    assert!(said.starts_with("0 sealed anew. All "), "{said}");
    let said = town.ask("maya", "and on groceries?", "$367.92").await;
    assert!(!said.contains("automated assistant"), "she is remembered: {said}");
    program.terminate().await;

    configure(&town, false);
    let program = town.serve();
    town.ask("maya", "and in September?", "September").await;
    program.terminate().await;
    // The old key alone opens nothing: the turn fails, and nothing is overwritten.
    fs::write(town.folder.path().join("store_key"), STORE_KEY).expect("writable");
    assert_eq!(counts(&town, "current"), Some([0, 0, 0]));
    assert_eq!(counts(&town, "missing"), Some([2, 0, 0]));
    let told = balancebot(&["keys", "rotate", "--config", &town.config]).output().expect("the program starts");
    assert_eq!(told.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&told.stderr).contains("2 do not open"), "{told:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_kept_before_people_had_keys_is_remembered_and_sealed_anew() {
    let town = Town::build().await;
    let program = town.serve();
    town.ask("maya", "how much did I spend on groceries last month?", "$367.92").await;
    program.terminate().await;
    // As an earlier version left it: sealed with the configured key itself.
    let ring = Keyring::from_hex([STORE_KEY]).expect("a key");
    let of = Conversation::messenger(PAGE, MAYA);
    let row = of.to_string();
    let db = Connection::open(file(&town)).expect("the store");
    let [wrapped, dialogue]: [Vec<u8>; 2] = ["SELECT wrapped FROM data_keys", "SELECT body FROM dialogues"]
        .map(|sql| db.query_row(sql, [], |row| row.get(0)).expect("one person"));
    let vault = ring.vault(&of, Some(&wrapped)).expect("a vault");
    let plain = vault.open(Place::dialogue(&row), &dialogue).expect("it opens");
    db.execute("UPDATE dialogues SET body = ?1", [ring.seal_address(Place::dialogue(&row), &plain)]).expect("written");
    let mut links = db.prepare("SELECT bank, body FROM links").expect("a statement");
    let links = links.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).expect("links");
    for (bank, body) in links.collect::<Result<Vec<(String, Vec<u8>)>, _>>().expect("links") {
        let row = Place::link_row(&of, &bank);
        let plain = vault.open(Place::link(&row), &body).expect("it opens");
        let sealed = ring.seal_address(Place::link(&row), &plain);
        db.execute("UPDATE links SET body = ?1 WHERE bank = ?2", rusqlite::params![sealed, bank]).expect("written");
    }
    db.execute("DELETE FROM data_keys", []).expect("written");
    assert_eq!(counts(&town, "current"), Some([0, 0, 3]), "a dialogue and two links");

    // One person's next turn gives them a key; `keys rotate` does the same for everybody.
    configure(&town, true);
    let said = town.run(&["keys", "rotate"], 0);
    assert!(said.starts_with("3 sealed anew"), "{said}");
    assert_eq!((counts(&town, "current"), counts(&town, "previous")), (Some([1, 0, 0]), Some([0, 0, 0])));
    configure(&town, false);
    let program = town.serve();
    let said = town.ask("maya", "and in September?", "groceries").await;
    assert!(!said.contains("automated assistant"), "she is remembered: {said}");
    program.terminate().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn swapped_keys_and_texts_are_refused() {
    let town = Town::build().await;
    let program = town.serve();
    for who in ["maya", "noor"] {
        town.ask(who, "help", "").await;
    }
    program.terminate().await;
    let db = Connection::open(file(&town)).expect("the store");
    for (table, column) in [("data_keys", "wrapped"), ("dialogues", "body")] {
        let kept = fs::read(file(&town)).expect("the file");
        let sql = format!(
            "UPDATE {table} SET {column} = (SELECT {column} FROM {table} WHERE person = '{MAYA}') WHERE person = '{NOOR}'"
        );
        assert_eq!(db.execute(&sql, []).expect("swapped"), 1);
        let program = town.serve();
        town.messenger.say("noor", "help").await.expect("a person");
        process::until("the turn fails", async || program.log().contains("does not open")).await;
        program.kill();
        for end in ["-wal", "-shm"] {
            let _ = fs::remove_file(format!("{}{end}", file(&town).display()));
        }
        fs::write(file(&town), kept).expect("put back");
    }
}

/// Everything sealed in a store.
async fn held(store: &dyn Store) -> Vec<Held> {
    let (mut all, mut after) = (Vec::new(), None);
    loop {
        let step = store.held(after, 1000).await.expect("a store");
        let Some(last) = step.last() else { return all };
        after = Some(last.position);
        all.extend(step);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_change_that_was_killed_goes_on_where_it_was() {
    const PEOPLE: usize = 6000;
    let town = Town::build().await;
    let old = Keyring::from_hex([STORE_KEY]).expect("a key");
    let store = SqliteStore::open(&file(&town), Writer::Thread).expect("a store");
    let people: Vec<Conversation> = (0..PEOPLE).map(|n| Conversation::messenger(PAGE, format!("person {n}"))).collect();
    for some in people.chunks(500) {
        let keep = some.iter().map(|of| {
            let wrapped = old.vault(of, None).expect("a vault").fresh().expect("a new key").to_vec();
            store.keep_key(of, wrapped)
        });
        futures_util::future::try_join_all(keep).await.expect("kept");
    }
    let before = held(&store).await;
    drop(store);

    configure(&town, true);
    let rotate = || balancebot(&["keys", "rotate", "--config", &town.config]).spawn().expect("the program starts");
    let renewed = |kept: &[Held]| {
        let old: BTreeSet<_> = before.iter().map(|held| &held.body).collect();
        kept.iter().filter(|held| !old.contains(&held.body)).count()
    };
    let looking = SqliteStore::open_read_only(&file(&town)).expect("a store");
    let mut child = rotate();
    process::until("some are wrapped anew", async || renewed(&held(&looking).await) > 0).await;
    child.kill().expect("it runs");
    child.wait().expect("it is dead");
    let done = renewed(&held(&looking).await);
    assert!(done > 0 && done < PEOPLE, "{done} of {PEOPLE}: it was not killed in the middle");
    assert!(rotate().wait().expect("it ends").success());

    // Every key is still the same person's, and the new master key alone opens it.
    let new = Keyring::from_hex([NEW_KEY]).expect("a key");
    let after = held(&looking).await;
    assert_eq!((after.len(), renewed(&after)), (PEOPLE, PEOPLE));
    let both = Keyring::from_hex([NEW_KEY, STORE_KEY]).expect("keys");
    for (before, after) in before.iter().zip(&after) {
        assert_eq!(before.what, after.what);
        let What::Key(of) = &after.what else { panic!("{:?}", after.what) };
        let row = of.to_string();
        let sealed = both.vault(of, Some(&before.body)).expect("a vault").seal(Place::dialogue(&row), b"kept");
        let vault = new.vault(of, Some(&after.body)).expect("the new key opens it");
        assert_eq!(vault.open(Place::dialogue(&row), &sealed).expect("the same key").as_slice(), b"kept");
    }
}

#[tokio::test]
async fn people_who_come_and_go_meanwhile_are_not_disturbed() {
    // In memory: each step of the change is followed by somebody who is new, and by somebody who is forgotten.
    let (old, both) = (Keyring::from_hex([STORE_KEY]), Keyring::from_hex([NEW_KEY, STORE_KEY]));
    let (old, both) = (old.expect("a key"), both.expect("keys"));
    let store = SqliteStore::in_memory().expect("memory");
    let person = |n: usize| Conversation::messenger(PAGE, format!("person {n}"));
    for n in 0..20 {
        let wrapped = old.vault(&person(n), None).expect("a vault").fresh().expect("a key").to_vec();
        store.keep_key(&person(n), wrapped).await.expect("kept");
    }
    for n in 0.. {
        if renew(&store, &both, Some(1), |_| {}).await.expect("a store").finished {
            break;
        }
        let newcomer = person(100 + n);
        let wrapped = both.vault(&newcomer, None).expect("a vault").fresh().expect("a key").to_vec();
        store.keep_key(&newcomer, wrapped).await.expect("kept");
        let now = "2026-11-22T14:00:00Z".parse().expect("a moment");
        store.forget(&person(19 - n.min(19)), now).await.expect("forgotten");
    }
    let new = Keyring::from_hex([NEW_KEY]).expect("a key");
    for Held { what, body, .. } in held(&store).await {
        let What::Key(of) = what else { panic!("{what:?}") };
        assert!(new.vault(&of, Some(&body)).is_ok(), "{of}");
    }
}
