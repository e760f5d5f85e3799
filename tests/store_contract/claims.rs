//! Who holds a conversation, and what the end of a claim leaves behind.

use std::collections::HashSet;
use std::sync::{Arc, Mutex};

use balancebot::domain::access::AccessKind;
use balancebot::domain::bank::BankId;
use balancebot::store::{CLAIM_EVENTS_MAX, Claim, Outcome, StoreError};

use crate::support::{Backend, LEASE, at, body_of, claim, due, entry, idle, ids, person, quiet, reply, says, text};

pub(crate) async fn a_claim_takes_everything_that_waits_in_order(backend: Backend) {
    let store = backend.open();
    let maya = person("maya");
    store.receive(vec![text(&maya, "third", at(3)), text(&maya, "first", at(1))], at(4)).await.expect("received");
    store.receive(vec![text(&maya, "second", at(2)), text(&maya, "also third", at(3))], at(5)).await.expect("received");
    let held = claim(&*store, at(6)).await;
    assert_eq!(ids(&held), ["first", "second", "third", "also third"]);
    assert_eq!((held.conversation.clone(), held.attempts, held.dialogue.clone()), (maya, 0, None));
    assert_eq!((held.events[0].at, held.events[0].received), (at(1), at(4)));
    assert_eq!(held.events[0].body, body_of("first"));
    assert!(idle(&*store, at(6)).await, "a conversation that is held was claimed again");
}

pub(crate) async fn a_flood_is_claimed_in_portions_and_in_order(backend: Backend) {
    let store = backend.open();
    let maya = person("maya");
    let most = usize::try_from(CLAIM_EVENTS_MAX).expect("a small number");
    let flood: Vec<_> = (0..most + 3).map(|nth| text(&maya, &format!("m{nth:03}"), at(1))).collect();
    store.receive(flood, at(2)).await.expect("received");
    let first = claim(&*store, at(3)).await;
    assert_eq!((first.events.len(), ids(&first)[0].to_owned()), (most, "m000".to_owned()));
    store.commit(first, says(&["b1"]), at(4)).await.expect("committed");
    let rest = claim(&*store, at(5)).await;
    assert_eq!(ids(&rest), ["m064", "m065", "m066"]);
}

pub(crate) async fn the_one_who_waits_longest_comes_first(backend: Backend) {
    let store = backend.open();
    for (name, received) in [("cleo", 3), ("maya", 1), ("omar", 2)] {
        store.receive(vec![text(&person(name), name, at(received))], at(received)).await.expect("received");
    }
    // A later message does not move anybody to the back.
    store.receive(vec![text(&person("maya"), "again", at(9))], at(9)).await.expect("received");
    let mut order = Vec::new();
    while let Some(held) = store.claim("worker", LEASE, at(10)).await.expect("a store") {
        order.push(held.conversation.person.as_str().to_owned());
    }
    assert_eq!(order, ["maya", "omar", "cleo"]);
}

pub(crate) async fn what_arrives_during_a_claim_waits_for_the_next(backend: Backend) {
    let store = backend.open();
    let maya = person("maya");
    store.receive(vec![text(&maya, "m1", at(0))], at(0)).await.expect("received");
    let held = claim(&*store, at(1)).await;
    store.receive(vec![text(&maya, "m2", at(2))], at(2)).await.expect("received");
    assert!(idle(&*store, at(2)).await);
    store.commit(held, says(&["b1"]), at(3)).await.expect("committed");
    let next = claim(&*store, at(4)).await;
    assert_eq!((ids(&next), next.attempts), (vec!["m2"], 0));
    assert_eq!(next.dialogue.as_deref(), Some(&b"sealed dialogue"[..]));
}

pub(crate) async fn a_lease_that_ended_passes_to_another_worker(backend: Backend) {
    let store = backend.open();
    let maya = person("maya");
    store.receive(vec![text(&maya, "m1", at(0))], at(0)).await.expect("received");
    let first = claim(&*store, at(0)).await;
    assert!(idle(&*store, at(29)).await);
    store.receive(vec![text(&maya, "m2", at(29))], at(29)).await.expect("received");
    let second = claim(&*store, at(30)).await;
    assert!(second.token > first.token);
    assert_eq!((ids(&second), second.attempts), (vec!["m1", "m2"], 1));
    let (row, _) = store.show("m2").await.expect("a store").expect("a row");
    assert_eq!(row.attempts, 0, "it was not in the claim that failed");
    store.commit(second, says(&["b1"]), at(31)).await.expect("committed");
    assert_eq!(store.commit(first, says(&["b2"]), at(32)).await, Err(StoreError::Stale));
    assert_eq!(due(&*store, at(33)).await.id, "b1");
    assert!(quiet(&*store, at(33)).await);
}

pub(crate) async fn a_stale_claim_can_write_nothing(backend: Backend) {
    let store = backend.open();
    let maya = person("maya");
    store.receive(vec![text(&maya, "m1", at(0))], at(0)).await.expect("received");
    let stale = claim(&*store, at(0)).await;
    let valid = claim(&*store, at(40)).await;
    let copy = |claim: &Claim| Claim {
        conversation: claim.conversation.clone(),
        token: claim.token,
        key: None,
        dialogue: None,
        links: Vec::new(),
        events: claim.events.clone(),
        attempts: claim.attempts,
    };
    assert_eq!(store.interim(&stale, reply("i1"), at(41)).await, Err(StoreError::Stale));
    assert_eq!(store.opened(&stale, vec![entry(AccessKind::Opened, "m1")], at(41)).await, Err(StoreError::Stale));
    assert_eq!(store.postpone(copy(&stale), at(50), "slow", at(41)).await, Err(StoreError::Stale));
    assert_eq!(store.bury(copy(&stale), vec![reply("b0")], "slow", at(41)).await, Err(StoreError::Stale));
    assert_eq!(store.commit(stale, says(&["b1"]), at(41)).await, Err(StoreError::Stale));
    assert!(quiet(&*store, at(42)).await);
    assert_eq!(store.access_log(&maya).await.expect("a log"), []);
    // A claim ends once, whoever holds a copy of it.
    let again = copy(&valid);
    store.commit(valid, says(&["b2"]), at(42)).await.expect("the valid claim is untouched");
    assert_eq!(store.commit(again, says(&["b3"]), at(42)).await, Err(StoreError::Stale));
}

pub(crate) async fn a_turn_is_committed_whole_or_not_at_all(backend: Backend) {
    let store = backend.open();
    let maya = person("maya");
    store.receive(vec![text(&maya, "m1", at(0))], at(0)).await.expect("received");
    let held = claim(&*store, at(0)).await;
    // The second reply bears the id of the first: the whole turn must fail.
    let clash = Outcome {
        access: vec![entry(AccessKind::Fetched, "m1")],
        links: vec![(BankId::new("northgate"), Some(body_of("link")))],
        ..says(&["b1", "b1"])
    };
    store.commit(held, clash, at(1)).await.expect_err("two replies of one id");
    assert_eq!(store.dialogue(&maya).await.expect("a store"), None);
    assert_eq!(store.access_log(&maya).await.expect("a log"), []);
    assert_eq!(store.links(&maya).await.expect("links"), []);
    assert!(quiet(&*store, at(2)).await);
    assert_eq!(store.unsettled(&maya).await.expect("a count"), 1);
    let again = claim(&*store, at(30)).await;
    assert_eq!((ids(&again), again.attempts), (vec!["m1"], 1));
}

pub(crate) async fn a_commit_touches_only_its_own_conversation(backend: Backend) {
    let store = backend.open();
    // Tokens are counted by bucket, so that the first claims of two people may bear the same one.
    let (maya, omar) = (person("maya"), person("omar"));
    assert_ne!(maya.bucket(), omar.bucket());
    store.receive(vec![text(&maya, "m1", at(0)), text(&omar, "o1", at(0))], at(0)).await.expect("received");
    let (first, second) = (claim(&*store, at(1)).await, claim(&*store, at(1)).await);
    let other = second.conversation.clone();
    store.commit(first, says(&["a"]), at(2)).await.expect("committed");
    assert_eq!(store.unsettled(&other).await.expect("a count"), 1);
    assert_eq!(store.dialogue(&other).await.expect("a store"), None);
    store.postpone(second, at(60), "bank down", at(2)).await.expect("postponed");
    assert_eq!(claim(&*store, at(60)).await.conversation, other);
}

pub(crate) async fn postponed_events_wait_and_count_the_attempt(backend: Backend) {
    let store = backend.open();
    let maya = person("maya");
    store.receive(vec![text(&maya, "m1", at(0))], at(0)).await.expect("received");
    let held = claim(&*store, at(0)).await;
    store.postpone(held, at(60), "bank down", at(1)).await.expect("postponed");
    store.receive(vec![text(&maya, "m2", at(2))], at(2)).await.expect("received");
    assert!(idle(&*store, at(59)).await, "a person's later message overtook the earlier one");
    let (row, _) = store.show("m1").await.expect("a store").expect("a row");
    assert_eq!((row.state.as_str(), row.attempts, row.reason.as_deref()), ("waiting", 1, Some("bank down")));
    let held = claim(&*store, at(60)).await;
    assert_eq!((ids(&held), held.attempts), (vec!["m1", "m2"], 1));
    store.commit(held, says(&[]), at(61)).await.expect("committed");
    assert!(idle(&*store, at(62)).await);
}

pub(crate) async fn a_buried_claim_apologises_and_frees_the_conversation(backend: Backend) {
    let store = backend.open();
    let maya = person("maya");
    store.receive(vec![text(&maya, "m1", at(0))], at(0)).await.expect("received");
    let held = claim(&*store, at(0)).await;
    store.receive(vec![text(&maya, "m2", at(1))], at(1)).await.expect("received");
    store.bury(held, vec![reply("sorry")], "panicked", at(2)).await.expect("buried");
    assert_eq!(due(&*store, at(3)).await.id, "sorry");
    let (row, body) = store.show("m1").await.expect("a store").expect("a row");
    assert_eq!((row.state.as_str(), row.attempts, row.reason.as_deref()), ("buried", 1, Some("panicked")));
    assert_eq!(body, Some(body_of("m1")), "without its body it could not be retried");
    assert_eq!(ids(&claim(&*store, at(3)).await), ["m2"]);
}

pub(crate) async fn one_interim_message_a_turn(backend: Backend) {
    let store = backend.open();
    let maya = person("maya");
    store.receive(vec![text(&maya, "m1", at(0))], at(0)).await.expect("received");
    let held = claim(&*store, at(0)).await;
    assert!(store.interim(&held, reply("wait 1"), at(3)).await.expect("a store"));
    assert!(!store.interim(&held, reply("wait 2"), at(4)).await.expect("a store"));
    let held = claim(&*store, at(40)).await;
    assert!(!store.interim(&held, reply("wait 3"), at(43)).await.expect("a store"), "thought again, said again");
    store.commit(held, says(&["answer"]), at(44)).await.expect("committed");
    let first = due(&*store, at(45)).await;
    assert_eq!(first.id, "wait 1");
    assert!(quiet(&*store, at(45)).await, "the answer overtook the interim message");
    store.mark_sent(&first.id, None, at(46)).await.expect("marked");
    assert_eq!(due(&*store, at(46)).await.id, "answer");

    store.receive(vec![text(&maya, "m2", at(50))], at(50)).await.expect("received");
    let held = claim(&*store, at(50)).await;
    assert!(store.interim(&held, reply("wait 4"), at(53)).await.expect("a store"), "another turn has its own");
}

pub(crate) async fn what_was_opened_is_on_record_before_the_commit(backend: Backend) {
    let store = backend.open();
    let maya = person("maya");
    store.receive(vec![text(&maya, "m1", at(0))], at(0)).await.expect("received");
    let held = claim(&*store, at(0)).await;
    let opened = entry(AccessKind::Opened, "m1");
    let fetched = entry(AccessKind::Fetched, "m1");
    store.opened(&held, vec![opened.clone()], at(1)).await.expect("on disk");
    assert_eq!(store.access_log(&maya).await.expect("a log"), std::slice::from_ref(&opened));
    let outcome = Outcome { access: vec![fetched.clone()], ..says(&[]) };
    store.commit(held, outcome, at(2)).await.expect("committed");
    assert_eq!(store.access_log(&maya).await.expect("a log"), [opened, fetched]);
    assert_eq!(store.access_log(&person("omar")).await.expect("a log"), []);
}

pub(crate) async fn two_workers_never_share_a_conversation(backend: Backend) {
    let store = backend.open();
    for n in 0..200_i64 {
        let of = person(&format!("person {}", n % 20));
        store.receive(vec![text(&of, &format!("m{n}"), at(n))], at(n)).await.expect("received");
    }
    let thinking = Arc::new(Mutex::new(HashSet::new()));
    let workers: Vec<_> = (0..8)
        .map(|worker| {
            let (store, thinking) = (store.clone(), thinking.clone());
            tokio::spawn(async move {
                let mut seen = 0;
                while let Some(held) = store.claim(&format!("w{worker}"), LEASE, at(300)).await.expect("a store") {
                    let person = held.conversation.clone();
                    assert!(thinking.lock().expect("a lock").insert(person.clone()), "{person:?} is held twice");
                    tokio::task::yield_now().await;
                    seen += held.events.len();
                    thinking.lock().expect("a lock").remove(&person);
                    store.commit(held, says(&[]), at(300)).await.expect("committed");
                }
                seen
            })
        })
        .collect();
    let mut seen = 0;
    for worker in workers {
        seen += worker.await.expect("no panic");
    }
    assert_eq!(seen, 200);
}

pub(crate) async fn links_come_and_go(backend: Backend) {
    let store = backend.open();
    let (maya, north, quay) = (person("maya"), BankId::new("northgate"), BankId::new("quayside"));
    store.put_link(&maya, &north, Some(body_of("old")), at(0)).await.expect("kept");
    store.put_link(&maya, &north, Some(body_of("new")), at(1)).await.expect("replaced");
    assert_eq!(store.links(&maya).await.expect("links"), [(north.clone(), body_of("new"))]);
    assert_eq!(store.links(&person("omar")).await.expect("links"), []);

    store.receive(vec![text(&maya, "m1", at(2))], at(2)).await.expect("received");
    let held = claim(&*store, at(2)).await;
    assert_eq!(held.links, [(north.clone(), body_of("new"))], "a claim brings the links along");
    let links = vec![(north.clone(), None), (quay.clone(), Some(body_of("quay")))];
    store.commit(held, Outcome { links, ..says(&[]) }, at(3)).await.expect("committed");
    assert_eq!(store.links(&maya).await.expect("links"), [(quay.clone(), body_of("quay"))]);
    store.put_link(&maya, &quay, None, at(4)).await.expect("removed");
    assert_eq!(store.links(&maya).await.expect("links"), []);
}

pub(crate) async fn a_turn_survives_a_restart(backend: Backend) {
    let maya = person("maya");
    let store = backend.open();
    store.receive(vec![text(&maya, "m1", at(0)), text(&maya, "m2", at(1))], at(1)).await.expect("received");
    let held = claim(&*store, at(1)).await;
    store.interim(&held, reply("wait"), at(2)).await.expect("a store");
    drop(store);

    let store = backend.open();
    // At the latest when the lease runs out; a file that one process serves from knows at once that nobody holds it.
    let again = claim(&*store, at(40)).await;
    assert_eq!((ids(&again), again.attempts), (vec!["m1", "m2"], 1));
    let outcome = Outcome {
        access: vec![entry(AccessKind::Fetched, "m1")],
        links: vec![(BankId::new("northgate"), Some(body_of("link")))],
        ..says(&["answer"])
    };
    store.commit(again, outcome, at(41)).await.expect("committed");
    drop(store);

    let store = backend.open();
    assert_eq!(store.commit(held, says(&["old"]), at(42)).await, Err(StoreError::Stale));
    assert_eq!(store.dialogue(&maya).await.expect("a store").as_deref(), Some(&b"sealed dialogue"[..]));
    assert_eq!(store.access_log(&maya).await.expect("a log").len(), 1);
    assert_eq!(store.links(&maya).await.expect("links").len(), 1);
    let first = due(&*store, at(43)).await;
    assert_eq!((first.id.as_str(), first.body), ("wait", body_of("wait")));
    assert_eq!(store.unsettled(&maya).await.expect("a count"), 2);
}
