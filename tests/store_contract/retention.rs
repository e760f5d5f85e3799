//! What is kept how long, and that forgetting leaves nothing.

use balancebot::domain::access::AccessKind;
use balancebot::domain::bank::BankId;
use balancebot::store::{Outcome, Retention, StoreError};

use crate::support::{
    Backend, at, broken, claim, converse, days, due, entry, idle, ids, ignored, person, quiet, reply, says, text,
};

pub(crate) async fn sweeping_keeps_ids_for_a_week(backend: Backend) {
    let store = backend.open();
    let maya = person("maya");
    converse(&*store, &maya, "m1", &["a"], at(0)).await;
    due(&*store, at(1)).await;
    store.mark_sent("a", None, at(1)).await.expect("marked");
    store.receive(vec![ignored("x1"), broken("y1")], at(1)).await.expect("received");
    store.receive(vec![text(&person("omar"), "m2", at(1))], at(1)).await.expect("received");
    let held = claim(&*store, at(1)).await;
    store.bury(held, Vec::new(), "panicked", at(1)).await.expect("buried");
    store.receive(vec![text(&person("cleo"), "m3", at(1))], at(1)).await.expect("received");

    assert_eq!(store.sweep(&Retention::default(), at(days(1) - 1)).await.expect("swept"), 0);
    assert_eq!(store.sweep(&Retention::default(), at(days(1) + 1)).await.expect("swept"), 1, "the sent row");
    assert_eq!(store.sweep(&Retention::default(), at(days(7) - 1)).await.expect("swept"), 0);
    assert_eq!(store.receive(vec![text(&maya, "m1", at(0))], at(days(7) - 1)).await.expect("received").duplicate, 1);
    assert!(store.show("x1").await.expect("a store").expect("a row").1.is_some(), "kept for the operator");
    assert_eq!(store.sweep(&Retention::default(), at(days(7) + 1)).await.expect("swept"), 3, "one done, two set aside");
    assert!(store.show("x1").await.expect("a store").is_none());
    // What is not finished stays, however old.
    assert_eq!(ids(&claim(&*store, at(days(8))).await), ["m3"]);
    assert!(store.retry("m2", at(days(8))).await.expect("a store"));
}

pub(crate) async fn bodies_go_when_they_are_not_needed(backend: Backend) {
    let store = backend.open();
    let maya = person("maya");
    converse(&*store, &maya, "m1", &[], at(0)).await;
    let (row, body) = store.show("m1").await.expect("a store").expect("a row");
    assert_eq!((row.state.as_str(), body), ("done", None));
}

pub(crate) async fn a_person_is_forgotten_whole(backend: Backend) {
    let store = backend.open();
    let (maya, omar) = (person("maya"), person("omar"));
    for of in [&maya, &omar] {
        let name = of.person.as_str();
        store.receive(vec![text(of, &format!("{name} 1"), at(0))], at(0)).await.expect("received");
        let held = claim(&*store, at(0)).await;
        let outcome = Outcome {
            access: vec![entry(AccessKind::Fetched, name)],
            links: vec![(BankId::new("northgate"), Some(b"link".to_vec()))],
            ..says(&[])
        };
        let outcome = Outcome { outgoing: vec![reply(&format!("{name} a"))], ..outcome };
        store.commit(held, outcome, at(1)).await.expect("committed");
        store.receive(vec![text(of, &format!("{name} 2"), at(2))], at(2)).await.expect("received");
    }
    let rows = store.forget(&maya, at(3)).await.expect("forgotten");
    assert_eq!(rows, 7, "two events, a reply, a lane, a dialogue, a link, an access entry");
    assert_eq!(store.forget(&maya, at(3)).await.expect("forgotten"), 0);
    assert_eq!(store.dialogue(&maya).await.expect("a store"), None);
    assert_eq!(store.links(&maya).await.expect("links"), []);
    assert_eq!(store.access_log(&maya).await.expect("a log"), []);
    assert_eq!(store.unsettled(&maya).await.expect("a count"), 0);
    assert!(store.show("maya 1").await.expect("a store").is_none());

    // Nobody else has lost anything.
    assert_eq!(ids(&claim(&*store, at(4)).await), ["omar 2"]);
    assert!(idle(&*store, at(4)).await);
    assert_eq!(due(&*store, at(4)).await.id, "omar a");
    assert!(quiet(&*store, at(4)).await);
    assert_eq!(store.access_log(&omar).await.expect("a log").len(), 1);
}

pub(crate) async fn a_claim_from_before_forgetting_is_stale(backend: Backend) {
    let store = backend.open();
    let maya = person("maya");
    store.receive(vec![text(&maya, "m1", at(0))], at(0)).await.expect("received");
    let before = claim(&*store, at(0)).await;
    store.forget(&maya, at(1)).await.expect("forgotten");
    store.receive(vec![text(&maya, "m2", at(2))], at(2)).await.expect("received");
    let after = claim(&*store, at(2)).await;
    assert_eq!((ids(&after), after.dialogue.clone()), (vec!["m2"], None));
    assert_eq!(store.commit(before, says(&["a"]), at(3)).await, Err(StoreError::Stale));
    store.commit(after, says(&["b"]), at(3)).await.expect("committed");
    assert_eq!(due(&*store, at(4)).await.id, "b");
}

pub(crate) async fn the_figures_add_up(backend: Backend) {
    let store = backend.open();
    let mut elements = 0;
    for round in 0..30_i64 {
        let of = person(&format!("person {}", round % 7));
        let delivery = vec![
            text(&of, &format!("m{round}"), at(round)),
            text(&of, &format!("m{}", round / 2), at(round)),
            ignored(&format!("x{}", round % 5)),
            broken(&format!("y{round}")),
        ];
        elements += delivery.len() as u64;
        store.receive(delivery, at(round)).await.expect("received");
        let stats = store.stats().await.expect("figures");
        assert_eq!(stats.received, elements);
        assert_eq!(stats.received, stats.kept + stats.ignored + stats.broken + stats.duplicate);
    }
    // Forgetting and sweeping take rows, not history.
    let before = store.stats().await.expect("figures");
    store.forget(&person("person 1"), at(40)).await.expect("forgotten");
    store.sweep(&Retention::default(), at(days(9))).await.expect("swept");
    let after = store.stats().await.expect("figures");
    assert_eq!((after.received, after.kept, after.duplicate), (before.received, before.kept, before.duplicate));
}
