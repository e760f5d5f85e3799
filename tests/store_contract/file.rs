//! What only a store in a file promises: who may open it, what is in its bytes, and what a full disk does.

use std::path::Path;
use std::sync::Arc;

use balancebot::app::audit::audit;
use balancebot::domain::access::AccessKind;
use balancebot::domain::bank::BankId;
use balancebot::proof;
use balancebot::proof::copy::Proven;
use balancebot::proof::heads::Kept;
use balancebot::store::sqlite::{SqliteStore, Tuning, VERSION, Writer};
use balancebot::store::{Arrival, Fate, Outcome, Retention, Store, StoreError, Unsent};

use crate::support::{
    Backend, Folder, arrival, at, claim, converse, days, due, entry, idle, ids, on_file, person, reply, says, text,
};

fn open(folder: &Folder) -> SqliteStore {
    SqliteStore::open(&folder.file(), Writer::Thread).expect("a store")
}

#[tokio::test]
async fn one_process_serves_from_a_file() {
    let folder = Folder::new();
    let store = open(&folder);
    let second = SqliteStore::open(&folder.file(), Writer::Inline);
    assert!(matches!(second.err(), Some(StoreError::Unavailable(reason)) if reason.contains("in use")));
    drop(store);
    open(&folder);
}

#[tokio::test]
async fn who_serves_next_does_not_wait_for_the_leases_of_the_dead() {
    let folder = Folder::new();
    let (maya, sam) = (person("maya"), person("sam"));
    let store = open(&folder);
    for of in [&maya, &sam] {
        store.receive(vec![text(of, of.person.as_str(), at(0))], at(0)).await.expect("received");
    }
    let postponed = claim(&store, at(0)).await;
    store.postpone(postponed, at(30), "a reason", at(1)).await.expect("postponed");
    let lost = claim(&store, at(1)).await;
    drop(store);

    let store = open(&folder);
    let again = claim(&store, at(2)).await;
    assert_eq!((&again.conversation, again.attempts), (&lost.conversation, 1), "the lost claim counts as a failure");
    assert!(idle(&store, at(2)).await, "what was postponed still waits");
    assert_eq!(store.commit(lost, says(&["a"]), at(2)).await, Err(StoreError::Stale));
    // Beside a server nobody is presumed dead.
    SqliteStore::open_beside(&folder.file()).expect("a store");
    store.commit(again, says(&["b"]), at(3)).await.expect("the claim holds");
}

#[tokio::test]
async fn an_operator_works_beside_the_server() {
    let folder = Folder::new();
    let server = open(&folder);
    let maya = person("maya");
    server.receive(vec![text(&maya, "m1", at(0))], at(0)).await.expect("received");
    let held = claim(&server, at(0)).await;
    server.bury(held, Vec::new(), "panicked", at(1)).await.expect("buried");

    let looker = SqliteStore::open_read_only(&folder.file()).expect("a store");
    assert_eq!(looker.stats().await.expect("figures").buried, 1);
    assert_eq!(looker.list(Some("buried"), 9).await.expect("rows").len(), 1);
    assert!(matches!(looker.retry("m1", at(2)).await, Err(StoreError::Unavailable(_))));

    let beside = SqliteStore::open_beside(&folder.file()).expect("a store");
    assert!(beside.retry("m1", at(2)).await.expect("a store"));
    let held = claim(&server, at(3)).await;
    assert_eq!(ids(&held), ["m1"]);
    beside.forget(&maya, at(4)).await.expect("forgotten");
    assert_eq!(server.commit(held, says(&["a"]), at(5)).await, Err(StoreError::Stale));
}

#[tokio::test]
async fn two_writers_at_once_lose_nothing() {
    let folder = Folder::new();
    let stores: [Arc<dyn Store>; 2] =
        [Arc::new(open(&folder)), Arc::new(SqliteStore::open_beside(&folder.file()).expect("a store"))];
    let (server, beside) = (stores[0].clone(), stores[1].clone());
    let deliveries = tokio::spawn(async move {
        for n in 0..100 {
            server.receive(vec![text(&person("maya"), &format!("m{n}"), at(n))], at(n)).await.expect("received");
        }
    });
    let forgetting = tokio::task::spawn_blocking(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
        for n in 0..20 {
            runtime.block_on(beside.forget(&person(&format!("nobody {n}")), at(n))).expect("forgotten");
        }
    });
    deliveries.await.expect("no panic");
    forgetting.await.expect("no panic");
    assert_eq!(stores[0].stats().await.expect("figures").waiting, 100);
}

#[tokio::test]
async fn looking_needs_a_store_that_is_there() {
    let folder = Folder::new();
    assert!(matches!(SqliteStore::open_read_only(&folder.file()).err(), Some(StoreError::Unavailable(_))));
    assert!(matches!(SqliteStore::open_beside(&folder.file()).err(), Some(StoreError::Unavailable(_))));
    assert!(!folder.file().exists());
}

#[cfg(unix)]
#[tokio::test]
async fn the_file_is_its_owners_alone() {
    use std::os::unix::fs::PermissionsExt;
    let folder = Folder::new();
    let _store = open(&folder);
    let files = ["", "-wal", "-shm", ".lock"].map(|end| format!("{}{end}", folder.file().display()));
    for file in files {
        let mode = std::fs::metadata(&file).expect("a file").permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{file}");
    }
}

/// The entries that were there before there were leaves have some, in the order in which they were written.
async fn older_entries_are_proven(store: &SqliteStore) {
    let tree = store.tree(None).await.expect("a store").expect("a tree");
    assert_eq!(tree.size, 600);
    let before = store.tree(Some(599)).await.expect("a store").expect("a tree");
    for (of, first) in [("maya", 1), ("omar", 2)] {
        let proven = store.proven(&person(of), tree.size).await.expect("a log");
        let leaves: Vec<u64> = proven.iter().map(|proven| proven.leaf).collect();
        assert_eq!(leaves, (0..300).map(|n| first + 2 * n).collect::<Vec<_>>());
        for Proven { number, leaf, salt, entry, path } in &proven {
            let hash = proof::leaf::leaf(salt, &person(of), *number, entry).expect("a leaf");
            assert_eq!(proof::tree::root_of_path(hash, leaf - 1, tree.size, path), Some(tree.root), "leaf {leaf}");
        }
        assert_eq!(
            store.proven(&person(of), before.size).await.expect("a log").len(),
            if of == "maya" { 300 } else { 299 }
        );
    }
    let audited = audit(store, &Kept::default()).await.expect("a store");
    assert_eq!((audited.tree, audited.entries, audited.wrong), (tree, 600, Vec::new()));
}

#[tokio::test]
async fn versions_go_forward_only() {
    let folder = Folder::new();
    assert_eq!(SqliteStore::migrate(&folder.file()), Ok((0, VERSION)));
    assert_eq!(SqliteStore::migrate(&folder.file()), Ok((VERSION, VERSION)));
    let db = rusqlite::Connection::open(folder.file()).expect("a file");
    let as_it_was = "DROP TABLE data_keys; DROP INDEX dialogues_touched;
                     ALTER TABLE dialogues DROP COLUMN touched; DROP TABLE attempts; DROP INDEX dialogues_roused; ALTER TABLE dialogues DROP COLUMN look_at; PRAGMA user_version = 1;
                     DROP TABLE access; DROP TABLE leaves; DROP TABLE subtrees;
                     DROP TABLE stops; DROP TABLE orders;
                     CREATE TABLE access (bucket INTEGER NOT NULL, channel TEXT NOT NULL, page TEXT NOT NULL,
                         person TEXT NOT NULL, position INTEGER NOT NULL, entry TEXT NOT NULL,
                         PRIMARY KEY (bucket, channel, page, person, position)) STRICT;
                     INSERT INTO dialogues VALUES (1, 'messenger', 'page', 'maya', x'00');";
    db.execute_batch(as_it_was).expect("the file of an older version");
    // Two people by turns: more than one remembered subtree, and an end that is none.
    for n in 0..600_u16 {
        let (of, entry) = (person(["maya", "omar"][usize::from(n % 2)]), entry(AccessKind::Opened, &format!("m{n}")));
        let json = serde_json::to_string(&entry).expect("JSON");
        let key = (of.bucket(), of.page.as_str(), of.person.as_str(), n / 2 + 1, json);
        db.execute("INSERT INTO access VALUES (?1, 'messenger', ?2, ?3, ?4, ?5)", key).expect("an older entry");
    }
    assert_eq!(SqliteStore::migrate(&folder.file()), Ok((1, VERSION)));
    let rows: i64 = db.query_row("SELECT count(*) FROM dialogues", [], |row| row.get(0)).expect("a count");
    assert_eq!(rows, 1, "what was kept is kept");
    let store = open(&folder);
    let log = store.access_log(&person("omar")).await.expect("a log");
    assert_eq!((log.len(), log[299].question.as_str()), (300, "m599"));
    older_entries_are_proven(&store).await;
    drop(store);
    db.pragma_update(None, "user_version", 99).expect("a version");
    drop(db);
    for refused in [
        SqliteStore::open(&folder.file(), Writer::Inline),
        SqliteStore::open_read_only(&folder.file()),
        SqliteStore::open_beside(&folder.file()),
    ] {
        assert!(matches!(refused.err(), Some(StoreError::Damaged(reason)) if reason.contains("newer")));
    }
}

#[tokio::test]
async fn somebody_elses_file_is_left_alone() {
    let folder = Folder::new();
    let db = rusqlite::Connection::open(folder.file()).expect("a file");
    db.execute_batch("CREATE TABLE songs (title TEXT)").expect("a table");
    drop(db);
    let before = std::fs::read(folder.file()).expect("bytes");
    assert!(matches!(SqliteStore::open(&folder.file(), Writer::Thread).err(), Some(StoreError::Damaged(_))));
    assert_eq!(std::fs::read(folder.file()).expect("bytes"), before);

    std::fs::write(folder.file(), b"no database at all, but long enough to be taken for one").expect("written");
    assert!(SqliteStore::open(&folder.file(), Writer::Thread).is_err());
}

/// The bytes of the file and everything SQLite keeps beside it.
fn bytes(file: &Path) -> Vec<u8> {
    let folder = file.parent().expect("a folder");
    std::fs::read_dir(folder)
        .expect("a folder")
        .flat_map(|entry| std::fs::read(entry.expect("an entry").path()).expect("bytes"))
        .collect()
}

fn holds(file: &Path, canary: &str) -> bool {
    bytes(file).windows(canary.len()).any(|window| window == canary.as_bytes())
}

#[tokio::test]
async fn forgetting_leaves_no_byte_behind() {
    const CANARY: &str = "canary-7f3a";
    let folder = Folder::new();
    let store = open(&folder);
    // Among many others, so that pages were split and joined with the rows on them.
    for n in 0..600_i64 {
        let name = if n % 3 == 0 { format!("{CANARY} person") } else { format!("person {}", n % 40) };
        let of = person(&name);
        let canary = if n % 3 == 0 { CANARY } else { "plain" };
        let body = format!("{canary} body {n} ").repeat(usize::try_from(n % 11 * 40 + 1).expect("small"));
        let message = arrival(Some(&of), &format!("{canary} m{n}"), at(n), Fate::Think(body.clone().into_bytes()));
        store.receive(vec![message], at(n)).await.expect("received");
        let held = claim(&store, at(n)).await;
        let outgoing = vec![balancebot::store::Outgoing {
            body: body.clone().into_bytes(),
            ..reply(&format!("{canary} reply {n}"))
        }];
        let outcome = Outcome {
            dialogue: body.into_bytes(),
            outgoing,
            access: vec![entry(AccessKind::Fetched, &format!("{canary} m{n}"))],
            links: vec![(BankId::new("northgate"), Some(format!("{canary} link").into_bytes()))],
            ..Outcome::default()
        };
        store.commit(held, outcome, at(n)).await.expect("committed");
    }
    assert!(holds(&folder.file(), CANARY), "the test looks in the wrong place");
    let gone = person(&format!("{CANARY} person"));
    assert!(store.forget(&gone, at(1000)).await.expect("forgotten") > 600);
    assert!(!holds(&folder.file(), CANARY), "while the store is open");
    drop(store);
    assert!(!holds(&folder.file(), CANARY), "after it was closed");
}

#[tokio::test]
async fn erasing_in_a_commit_leaves_no_byte_behind_but_the_receipt() {
    const CANARY: &str = "canary-9c1e";
    let folder = Folder::new();
    let store = open(&folder);
    let maya = person("maya");
    for n in 0..40_i64 {
        let body = format!("{CANARY} body {n} ").repeat(30).into_bytes();
        let message = arrival(Some(&maya), &format!("m{n}"), at(n), Fate::Think(body.clone()));
        store.receive(vec![message], at(n)).await.expect("received");
        let held = claim(&store, at(n)).await;
        let outgoing = vec![balancebot::store::Outgoing { body: body.clone(), ..reply(&format!("r{n}")) }];
        let links = vec![(BankId::new("northgate"), Some(body.clone()))];
        let access = vec![entry(AccessKind::Fetched, CANARY)];
        let outcome = Outcome { dialogue: body, outgoing, access, links, ..Outcome::default() };
        store.commit(held, outcome, at(n)).await.expect("committed");
    }
    assert!(holds(&folder.file(), CANARY), "the test looks in the wrong place");
    let ask = arrival(Some(&maya), "erase me", at(50), Fate::Think(CANARY.as_bytes().to_vec()));
    store.receive(vec![ask.clone()], at(50)).await.expect("received");
    let held = claim(&store, at(50)).await;
    let outcome = Outcome { access: vec![entry(AccessKind::Erased, "erase me")], erase: true, ..says(&["gone"]) };
    store.commit(held, outcome, at(51)).await.expect("committed");
    assert!(!holds(&folder.file(), CANARY), "while the store is open");
    assert_eq!(store.dialogue(&maya).await.expect("a store"), None);
    assert_eq!(store.links(&maya).await.expect("links"), []);
    let log = store.access_log(&maya).await.expect("a log");
    assert_eq!(log.iter().map(|entry| entry.kind).collect::<Vec<_>>(), [AccessKind::Erased]);
    assert_eq!(due(&store, at(52)).await.id, "gone", "the replies from before are not sent any more");
    let again = store.receive(vec![ask], at(53)).await.expect("received");
    assert_eq!(again.duplicate, 1, "it is not done twice");
}

#[tokio::test]
async fn what_is_finished_keeps_no_body() {
    let folder = Folder::new();
    let store = open(&folder);
    converse(&store, &person("maya"), "m1", &["a", "b"], at(0)).await;
    due(&store, at(1)).await;
    store.mark_sent("a", None, at(1)).await.expect("marked");
    due(&store, at(2)).await;
    store.mark_unsent("b", Unsent::Refused { reason: "code 551".to_owned() }, at(2)).await.expect("marked");
    let db = rusqlite::Connection::open(folder.file()).expect("a file");
    let bodies = "SELECT (SELECT count(body) FROM inbox) + (SELECT count(body) FROM outbox)";
    assert_eq!(db.query_row(bodies, [], |row| row.get::<_, i64>(0)), Ok(0));
}

#[tokio::test]
async fn a_large_file_is_scrubbed_by_the_sweep_and_a_key_at_once() {
    const KEY: &str = "wrapped key";
    let folder = Folder::new();
    let store = open(&folder);
    for n in 0..70 {
        let fate = Fate::Ignore { reason: "unknown kind".to_owned(), raw: vec![7; 1 << 20] };
        store.receive(vec![arrival(None, &format!("x{n}"), at(0), fate)], at(0)).await.expect("received");
    }
    // Their key among those of many others, so that pages were split around it.
    for n in 0..300 {
        let of = if n == 150 { person("maya") } else { person(&format!("person {n}")) };
        store.keep_key(&of, format!("{KEY} {} {:>60}", of.person, n).into_bytes()).await.expect("kept");
    }
    let mayas = format!("{KEY} maya");
    converse(&store, &person("maya"), "m1", &["a"], at(1)).await;
    assert!(holds(&folder.file(), &mayas), "the test looks in the wrong place");
    store.forget(&person("maya"), at(2)).await.expect("forgotten");
    assert!(!holds(&folder.file(), &mayas), "a key is gone from the bytes at once");
    assert!(holds(&folder.file(), KEY), "and nobody else's");
    let erasures = || -> i64 {
        let db = rusqlite::Connection::open(folder.file()).expect("a file");
        db.query_row("SELECT count(*) FROM erasures", [], |row| row.get(0)).expect("a count")
    };
    assert_eq!(erasures(), 1, "it was rewritten while a person waited");
    store.sweep(&Retention::default(), at(3)).await.expect("swept");
    assert_eq!(erasures(), 0);
    assert_eq!(store.stats().await.expect("figures").received, 71);
}

#[tokio::test]
async fn too_many_writes_are_refused_and_none_of_the_others_lost() {
    let folder = Folder::new();
    let store = Arc::new(open(&folder));
    // Another process writes for a while, so that the queue fills.
    let other = rusqlite::Connection::open(folder.file()).expect("a file");
    other.execute_batch("BEGIN IMMEDIATE").expect("the write lock");
    let calls: Vec<_> = (0..2000)
        .map(|n| {
            let store = store.clone();
            tokio::spawn(
                async move { store.receive(vec![text(&person("maya"), &format!("m{n}"), at(n))], at(n)).await },
            )
        })
        .collect();
    // Each round lets some of them get as far as the queue.
    for _ in 0..100 {
        tokio::task::yield_now().await;
    }
    other.execute_batch("COMMIT").expect("the lock is given back");
    let (mut kept, mut refused) = (0, 0);
    for call in calls {
        match call.await.expect("no panic") {
            Ok(received) => kept += received.kept,
            Err(StoreError::Unavailable(_)) => refused += 1,
            Err(other) => panic!("{other:?}"),
        }
    }
    assert!(refused > 0 && kept >= 1024, "{kept} kept, {refused} refused");
    assert_eq!(kept + refused, 2000);
    assert_eq!(store.stats().await.expect("figures").kept, kept);
}

#[tokio::test]
async fn what_was_acknowledged_is_in_the_files_at_once() {
    let (folder, after_crash) = (Folder::new(), Folder::new());
    let store = open(&folder);
    converse(&store, &person("maya"), "m1", &["a"], at(0)).await;
    store.receive(vec![text(&person("omar"), "m2", at(1))], at(1)).await.expect("received");
    // What a process that died at this moment would find: the file and its log, nothing was closed.
    for end in ["", "-wal"] {
        let copy = |folder: &Folder| format!("{}{end}", folder.file().display());
        std::fs::copy(copy(&folder), copy(&after_crash)).expect("copied");
    }
    let found = open(&after_crash);
    assert_eq!(ids(&claim(&found, at(2)).await), ["m2"]);
    assert_eq!(due(&found, at(2)).await.id, "a");
    assert_eq!(found.stats().await.expect("figures").kept, 2);
}

fn large(n: i64) -> Vec<Arrival> {
    (0..20).map(|m| arrival(Some(&person("maya")), &format!("m{n}-{m}"), at(n), Fate::Think(vec![7; 3000]))).collect()
}

#[tokio::test]
async fn a_full_disk_refuses_whole_deliveries_and_recovers() {
    for writer in [Writer::Thread, Writer::Inline] {
        let tuning = Tuning { pages_max: Some(120), ..Tuning::default() };
        let folder = Folder::new();
        let store = SqliteStore::open_with(&folder.file(), writer, tuning).expect("a store");
        let mut kept = 0;
        for n in 0..20 {
            match store.receive(large(n), at(n)).await {
                Ok(received) => kept += received.kept,
                Err(error) => assert!(matches!(error, StoreError::Unavailable(_)), "{error:?}"),
            }
        }
        assert!(kept > 0 && kept < 400, "{kept}");
        assert_eq!(kept % 20, 0, "half a delivery was kept");
        let stats = store.stats().await.expect("the store still answers");
        assert_eq!((stats.waiting, stats.received), (kept, kept));
        // Room comes back when a turn is done with what waits.
        let held = claim(&store, at(30)).await;
        store.commit(held, says(&[]), at(31)).await.expect("committed");
        store.sweep(&Retention::default(), at(days(8))).await.expect("swept");
        assert_eq!(store.receive(large(99), at(days(8))).await.expect("received").kept, 20);
    }
}

/// Whether a story notices that the product is broken.
async fn bites<S>(story: impl FnOnce(Backend) -> S, tuning: Tuning) -> bool
where
    S: Future<Output = ()> + Send + 'static,
{
    tokio::spawn(story(on_file(Writer::Thread, tuning))).await.is_err()
}

#[tokio::test]
async fn the_stories_notice_a_broken_promise() {
    let no_dedupe = Tuning { dedupe: false, ..Tuning::default() };
    assert!(bites(crate::inbox::an_event_is_kept_once, no_dedupe).await);
    let no_fence = Tuning { fence: false, ..Tuning::default() };
    assert!(bites(crate::claims::a_stale_claim_can_write_nothing, no_fence).await);
    assert!(bites(crate::retention::a_claim_from_before_forgetting_is_stale, no_fence).await);
    assert!(!bites(crate::claims::a_stale_claim_can_write_nothing, Tuning::default()).await);
}

#[tokio::test(start_paused = true)]
async fn inline_work_takes_no_virtual_time() {
    let clock = balancebot::clock::WorldClock::starting_at(at(0));
    let clock: &dyn balancebot::clock::Clock = &clock;
    let store = SqliteStore::in_memory().expect("memory");
    for n in 0..50 {
        converse(&store, &person("maya"), &format!("m{n}"), &[], clock.now()).await;
    }
    assert!(idle(&store, clock.now()).await);
    assert_eq!(clock.now(), at(0));
}
