//! What is kept of a person under a key of their own, and how it is sealed anew.

use balancebot::domain::bank::BankId;
use balancebot::store::{Anew, Outcome, Retention, StoreError, What};

use crate::support::{Backend, at, claim, converse, days, due, idle, ids, ignored, person, reply, says, text};

fn keyed(key: &[u8]) -> Outcome {
    let links = vec![(BankId::new("northgate"), Some(b"link".to_vec()))];
    Outcome { key: Some(key.to_vec()), links, ..says(&[]) }
}

pub(crate) async fn a_key_is_kept_with_the_first_turn_and_comes_with_every_claim(backend: Backend) {
    let store = backend.open();
    let maya = person("maya");
    store.receive(vec![text(&maya, "m1", at(0))], at(0)).await.expect("received");
    let held = claim(&*store, at(0)).await;
    assert_eq!(held.key, None);
    store.commit(held, keyed(b"key"), at(1)).await.expect("committed");
    assert_eq!(store.key(&maya).await.expect("a store").as_deref(), Some(&b"key"[..]));
    let arrivals = vec![text(&maya, "m2", at(2))];
    let (_, held) = store.receive_and_claim(arrivals, "worker", crate::support::LEASE, at(2)).await.expect("received");
    let held = match held {
        Some(held) => held,
        None => claim(&*store, at(2)).await,
    };
    assert_eq!(held.key.as_deref(), Some(&b"key"[..]));
    store.commit(held, says(&[]), at(3)).await.expect("committed");
    assert_eq!(store.key(&person("omar")).await.expect("a store"), None);
}

pub(crate) async fn nothing_is_committed_under_a_key_that_is_not_kept(backend: Backend) {
    let store = backend.open();
    let maya = person("maya");
    store.receive(vec![text(&maya, "m1", at(0))], at(0)).await.expect("received");
    let held = claim(&*store, at(0)).await;
    assert_eq!(store.keep_key(&maya, b"first".to_vec()).await.expect("kept"), b"first");
    assert_eq!(store.keep_key(&maya, b"second".to_vec()).await.expect("kept"), b"first", "a key is never replaced");
    assert_eq!(store.commit(held, keyed(b"third"), at(1)).await, Err(StoreError::Stale));
    assert_eq!(store.dialogue(&maya).await.expect("a store"), None);
    // When the lease ends, the turn is thought again, under the key that is kept.
    let again = claim(&*store, at(40)).await;
    assert_eq!((ids(&again), again.key.as_deref()), (vec!["m1"], Some(&b"first"[..])));
    store.commit(again, says(&[]), at(41)).await.expect("committed");
}

pub(crate) async fn a_key_goes_with_everything_else(backend: Backend) {
    let store = backend.open();
    let (maya, omar) = (person("maya"), person("omar"));
    for (of, event) in [(&maya, "m1"), (&omar, "m2")] {
        store.receive(vec![text(of, event, at(0))], at(0)).await.expect("received");
        let held = claim(&*store, at(0)).await;
        store.commit(held, keyed(event.as_bytes()), at(1)).await.expect("committed");
    }
    store.receive(vec![text(&maya, "erase me", at(2))], at(2)).await.expect("received");
    let held = claim(&*store, at(2)).await;
    store.commit(held, Outcome { erase: true, ..says(&["gone"]) }, at(3)).await.expect("committed");
    assert_eq!(store.key(&maya).await.expect("a store"), None);
    store.forget(&omar, at(4)).await.expect("forgotten");
    assert_eq!(store.key(&omar).await.expect("a store"), None);
}

pub(crate) async fn everything_sealed_is_found_and_replaced_where_it_still_stands(backend: Backend) {
    let store = backend.open();
    let maya = person("maya");
    store.receive(vec![text(&maya, "m1", at(0))], at(0)).await.expect("received");
    let held = claim(&*store, at(0)).await;
    let outgoing = vec![reply("a")];
    store.commit(held, Outcome { outgoing, ..keyed(b"key") }, at(1)).await.expect("committed");
    store.receive(vec![text(&maya, "m2", at(2)), ignored("x1")], at(2)).await.expect("received");

    let (mut after, mut found) = (None, Vec::new());
    loop {
        let step = store.held(after, 2).await.expect("a store");
        let Some(last) = step.last() else { break };
        after = Some(last.position);
        found.extend(step);
    }
    let expected = [
        What::Key(maya.clone()),
        What::Dialogue(maya.clone()),
        What::Link(maya.clone(), BankId::new("northgate")),
        What::Message(Some(maya.clone()), "m2".to_owned()),
        What::Message(None, "x1".to_owned()),
        What::Reply("a".to_owned()),
    ];
    let whats: Vec<_> = found.iter().map(|held| held.what.clone()).collect();
    assert_eq!(whats, expected, "what is done has no body any more");

    let anew = |n: usize, from: &[u8]| Anew { position: found[n].position, from: from.to_vec(), to: b"anew".to_vec() };
    let replaced = store.replace_held(vec![anew(0, b"key"), anew(1, b"not what stands there")]).await.expect("a store");
    assert_eq!(replaced, 1);
    assert_eq!(store.key(&maya).await.expect("a store").as_deref(), Some(&b"anew"[..]));
    assert_eq!(store.dialogue(&maya).await.expect("a store").as_deref(), Some(&b"sealed dialogue"[..]));
}

pub(crate) async fn who_is_silent_for_long_is_not_remembered(backend: Backend) {
    let store = backend.open();
    let (maya, omar) = (person("maya"), person("omar"));
    for (of, event) in [(&maya, "m1"), (&omar, "m2")] {
        store.receive(vec![text(of, event, at(0))], at(0)).await.expect("received");
        let held = claim(&*store, at(0)).await;
        store.commit(held, keyed(event.as_bytes()), at(0)).await.expect("committed");
    }
    converse(&*store, &omar, "m3", &[], at(days(300))).await;
    let silent = Retention { silent: std::time::Duration::from_secs(400 * 24 * 60 * 60), ..Retention::default() };
    store.sweep(&silent, at(days(400) - 1)).await.expect("swept");
    assert!(store.key(&maya).await.expect("a store").is_some());
    // A back end may count in whole days.
    store.sweep(&silent, at(days(401) + 1)).await.expect("swept");
    assert_eq!(store.key(&maya).await.expect("a store"), None);
    assert_eq!(store.dialogue(&maya).await.expect("a store"), None);
    assert_eq!(store.links(&maya).await.expect("links"), []);
    assert!(store.key(&omar).await.expect("a store").is_some(), "who wrote since is remembered");
    // Whoever waits for an answer is not silent, however old the rest is.
    store.receive(vec![text(&omar, "m4", at(days(800)))], at(days(800))).await.expect("received");
    store.sweep(&silent, at(days(800))).await.expect("swept");
    assert!(claim(&*store, at(days(800))).await.dialogue.is_some());
}

pub(crate) async fn each_class_goes_in_its_own_time(backend: Backend) {
    let store = backend.open();
    let hours = |hours: u64| std::time::Duration::from_secs(60 * 60 * hours);
    let kept = Retention {
        ids: hours(5),
        set_aside: hours(4),
        given_up: hours(3),
        replies: hours(2),
        access: hours(1),
        ..Retention::default()
    };
    let maya = person("maya");
    store.receive(vec![text(&maya, "done", at(0))], at(0)).await.expect("received");
    let held = claim(&*store, at(0)).await;
    let access = vec![crate::support::entry(balancebot::domain::access::AccessKind::Fetched, "done")];
    store.commit(held, Outcome { access, ..says(&["a"]) }, at(0)).await.expect("committed");
    due(&*store, at(0)).await;
    store.mark_sent("a", None, at(0)).await.expect("marked");
    store.receive(vec![text(&maya, "given up", at(0)), ignored("aside")], at(0)).await.expect("received");
    let held = claim(&*store, at(0)).await;
    store.bury(held, Vec::new(), "panicked", at(0)).await.expect("buried");

    let hour = 60 * 60;
    for (number, gone) in [(1, 1), (2, 1), (3, 1), (4, 1), (5, 1)] {
        assert_eq!(store.sweep(&kept, at(number * hour - 1)).await.expect("swept"), 0, "before hour {number}");
        assert_eq!(store.sweep(&kept, at(number * hour + 1)).await.expect("swept"), gone, "at hour {number}");
        let left = ["given up", "aside", "done"].map(|id| {
            (
                id,
                number
                    < if id == "given up" {
                        3
                    } else if id == "aside" {
                        4
                    } else {
                        5
                    },
            )
        });
        for (id, is_left) in left {
            assert_eq!(store.show(id).await.expect("a store").is_some(), is_left, "{id} at hour {number}");
        }
    }
    assert_eq!(store.access_log(&maya).await.expect("a log"), []);
    assert!(idle(&*store, at(days(1))).await);
}
