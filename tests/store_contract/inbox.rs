//! What comes in is kept once, counted once, and can be looked at.

use balancebot::domain::message::Conversation;
use balancebot::store::{Fate, Received};

use crate::support::{
    Backend, arrival, at, body_of, broken, claim, echo, idle, ids, ignored, person, reply, says, text,
};

pub(crate) async fn an_event_is_kept_once(backend: Backend) {
    let store = backend.open();
    let maya = person("maya");
    let twice = vec![text(&maya, "m1", at(0)), text(&maya, "m1", at(0)), text(&maya, "m2", at(1))];
    let received = store.receive(twice, at(1)).await.expect("received");
    assert_eq!(received, Received { kept: 2, duplicate: 1, wakes: true, ..Received::default() });

    let again = store.receive(vec![text(&maya, "m1", at(0))], at(2)).await.expect("received");
    assert_eq!(again, Received { duplicate: 1, ..Received::default() });

    let held = claim(&*store, at(2)).await;
    assert_eq!(ids(&held), ["m1", "m2"]);
    store.commit(held, says(&[]), at(3)).await.expect("committed");
    let late = store.receive(vec![text(&maya, "m2", at(1))], at(4)).await.expect("received");
    assert_eq!(late.duplicate, 1, "an event that was answered came again and was taken for new");
    assert!(idle(&*store, at(5)).await);
}

pub(crate) async fn ids_are_known_after_a_restart(backend: Backend) {
    let maya = person("maya");
    let store = backend.open();
    store.receive(vec![text(&maya, "m1", at(0)), ignored("x1")], at(0)).await.expect("received");
    drop(store);
    let store = backend.open();
    let again = store.receive(vec![text(&maya, "m1", at(0)), ignored("x1")], at(1)).await.expect("received");
    assert_eq!(again.duplicate, 2);
    assert_eq!(ids(&claim(&*store, at(2)).await), ["m1"]);
}

pub(crate) async fn pages_and_channels_do_not_share_ids(backend: Backend) {
    let store = backend.open();
    let here = person("maya");
    let there = Conversation::messenger("100000000000002", "maya");
    let elsewhere = Conversation { channel: "other".to_owned(), ..here.clone() };
    let all = [&here, &there, &elsewhere].map(|of| text(of, "m1", at(0)));
    let received = store.receive(all.to_vec(), at(0)).await.expect("received");
    assert_eq!(received.kept, 3);
}

pub(crate) async fn every_element_is_counted_once(backend: Backend) {
    let store = backend.open();
    let maya = person("maya");
    let delivery = vec![
        text(&maya, "m1", at(0)),
        arrival(Some(&maya), "r1", at(0), Fate::Note),
        echo(&maya, "e1", "nobody's", at(0)),
        ignored("x1"),
        broken("y1"),
        broken("y1"),
        arrival(None, "z1", at(0), Fate::Think(body_of("z1"))),
    ];
    let received = store.receive(delivery, at(0)).await.expect("received");
    // An event that must be thought about but belongs to nobody could never be claimed: it is set aside.
    assert_eq!(received, Received { kept: 3, duplicate: 1, ignored: 1, broken: 2, wakes: true });
    let stats = store.stats().await.expect("figures");
    assert_eq!((stats.received, stats.kept, stats.duplicate), (7, 3, 1));
    assert_eq!((stats.ignored, stats.broken, stats.waiting), (1, 2, 1));

    let notes = vec![arrival(Some(&maya), "r2", at(1), Fate::Note)];
    assert!(!store.receive(notes, at(1)).await.expect("received").wakes, "nothing waits for a turn");
}

pub(crate) async fn a_thousand_deliveries_at_once_are_all_kept(backend: Backend) {
    let store = backend.open();
    let calls: Vec<_> = (0..1000)
        .map(|n| {
            let store = store.clone();
            let of = person(&format!("person {}", n % 50));
            tokio::spawn(async move { store.receive(vec![text(&of, &format!("m{n}"), at(n))], at(n)).await })
        })
        .collect();
    for call in calls {
        assert_eq!(call.await.expect("no panic").expect("received").kept, 1);
    }
    assert_eq!(store.stats().await.expect("figures").waiting, 1000);
    let mut seen = 0;
    while let Some(held) = store.claim("worker", crate::support::LEASE, at(2000)).await.expect("a store") {
        seen += held.events.len();
        store.commit(held, says(&[]), at(2000)).await.expect("committed");
    }
    assert_eq!(seen, 1000);
}

pub(crate) async fn an_operator_sees_rows_without_content(backend: Backend) {
    let store = backend.open();
    let maya = person("maya");
    store.receive(vec![text(&maya, "m1", at(0)), ignored("x1"), broken("y1")], at(0)).await.expect("received");
    store.receive(vec![text(&maya, "m2", at(1))], at(1)).await.expect("received");

    let rows = store.list(None, 10).await.expect("rows");
    let names: Vec<_> = rows.iter().map(|row| (row.event_id.as_str(), row.state.as_str())).collect();
    assert_eq!(names, [("m2", "waiting"), ("y1", "broken"), ("x1", "ignored"), ("m1", "waiting")]);
    assert_eq!(rows[0].conversation, "messenger/100000000000001/maya");
    assert_eq!(rows[0].received, at(1));
    assert_eq!((rows[1].conversation.as_str(), rows[1].reason.as_deref()), ("", Some("no sender")));

    assert_eq!(store.list(Some("waiting"), 1).await.expect("rows").len(), 1);
    assert_eq!(store.list(Some("ignored"), 10).await.expect("rows")[0].event_id, "x1");
    assert_eq!(store.list(Some("no such state"), 10).await.expect("rows"), []);

    let (row, body) = store.show("m1").await.expect("a store").expect("a row");
    assert_eq!((row.state.as_str(), body), ("waiting", Some(body_of("m1"))));
    assert!(store.show("m9").await.expect("a store").is_none());
}

pub(crate) async fn a_buried_event_can_be_retried_or_dropped(backend: Backend) {
    let store = backend.open();
    let maya = person("maya");
    store.receive(vec![text(&maya, "m1", at(0)), text(&maya, "m2", at(1))], at(1)).await.expect("received");
    let held = claim(&*store, at(1)).await;
    store.bury(held, vec![reply("sorry")], "panicked", at(2)).await.expect("buried");
    assert_eq!(store.stats().await.expect("figures").buried, 2);
    assert!(idle(&*store, at(3)).await);

    assert!(store.retry("m1", at(4)).await.expect("a store"));
    assert!(!store.retry("m1", at(4)).await.expect("a store"), "it is not buried any more");
    assert!(store.drop_event("m2", at(4)).await.expect("a store"));
    assert!(!store.drop_event("m2", at(4)).await.expect("a store"), "it is done");
    assert!(!store.retry("m9", at(4)).await.expect("a store"));

    let held = claim(&*store, at(5)).await;
    assert_eq!((ids(&held), held.attempts), (vec!["m1"], 0));
    store.commit(held, says(&[]), at(6)).await.expect("committed");
    let (row, body) = store.show("m2").await.expect("a store").expect("a row");
    assert_eq!((row.state.as_str(), body), ("done", None));
}

pub(crate) async fn a_waiting_event_can_be_dropped(backend: Backend) {
    let store = backend.open();
    let maya = person("maya");
    store.receive(vec![text(&maya, "m1", at(0)), text(&maya, "m2", at(1))], at(1)).await.expect("received");
    assert!(store.drop_event("m1", at(2)).await.expect("a store"));
    let held = claim(&*store, at(3)).await;
    assert_eq!(ids(&held), ["m2"]);
    // Dropped while somebody thinks about it: the commit finds it done already.
    assert!(store.drop_event("m2", at(4)).await.expect("a store"));
    store.commit(held, says(&["b1"]), at(5)).await.expect("committed");
    assert!(idle(&*store, at(6)).await);
}
