//! The ways that save a trip: what they do is what the two calls that they stand for do.

use balancebot::domain::message::MessageId;
use balancebot::store::Unsent;

use crate::support::{Backend, LEASE, at, body_of, claim, converse, due, echo, idle, ids, person, quiet, says, text};

pub(crate) async fn a_message_is_claimed_as_it_is_received(backend: Backend) {
    let store = backend.open();
    let maya = person("maya");
    converse(&*store, &maya, "m1", &[], at(0)).await;
    let (received, held) =
        store.receive_and_claim(vec![text(&maya, "m2", at(1))], "w", LEASE, at(2)).await.expect("received");
    assert_eq!((received.kept, received.wakes), (1, true));
    let held = held.expect("nothing else was going on");
    assert_eq!((ids(&held), held.attempts), (vec!["m2"], 0));
    assert_eq!((held.events[0].at, held.events[0].received), (at(1), at(2)));
    assert_eq!(held.events[0].body, body_of("m2"));
    assert_eq!(held.dialogue.as_deref(), Some(b"sealed dialogue".as_slice()));
    assert!(idle(&*store, at(3)).await, "a conversation that is held was claimed again");
    store.commit(held, says(&["a"]), at(4)).await.expect("the claim holds");
    let stats = store.stats().await.expect("figures");
    assert_eq!((stats.kept, stats.waiting, stats.outgoing), (2, 0, 1));
    let again = store.receive_and_claim(vec![text(&maya, "m2", at(1))], "w", LEASE, at(5)).await.expect("received");
    assert_eq!((again.0.duplicate, again.1.is_none()), (1, true), "a redelivery is thought about once");
}

pub(crate) async fn who_is_held_or_has_waited_is_not_claimed_past_the_queue(backend: Backend) {
    let store = backend.open();
    let (maya, omar) = (person("maya"), person("omar"));
    let receive = |of, id, now| store.receive_and_claim(vec![text(of, id, at(now))], "w", LEASE, at(now));
    let (_, held) = receive(&maya, "m1", 0).await.expect("received");
    let (received, second) = receive(&maya, "m2", 1).await.expect("received");
    assert!(received.wakes && second.is_none(), "two workers have the conversation");
    store.postpone(held.expect("idle"), at(30), "bank down", at(2)).await.expect("postponed");
    let (_, third) = receive(&maya, "m3", 3).await.expect("received");
    assert!(third.is_none(), "a conversation that is postponed was claimed");
    let all = claim(&*store, at(30)).await;
    assert_eq!(ids(&all), ["m1", "m2", "m3"]);
    store.receive(vec![text(&omar, "o1", at(31))], at(31)).await.expect("received");
    let (_, late) = receive(&omar, "o2", 32).await.expect("received");
    assert!(late.is_none(), "what waited before was left behind");
    assert_eq!(ids(&claim(&*store, at(33)).await), ["o1", "o2"]);
}

pub(crate) async fn a_lost_shortcut_claim_is_taken_up_again(backend: Backend) {
    let store = backend.open();
    let maya = person("maya");
    let (_, held) = store.receive_and_claim(vec![text(&maya, "m1", at(0))], "w", LEASE, at(0)).await.expect("received");
    drop(held);
    assert!(idle(&*store, at(29)).await);
    let again = claim(&*store, at(30)).await;
    assert_eq!((ids(&again), again.attempts), (vec!["m1"], 1), "the lost claim counts as a failure");
}

pub(crate) async fn a_delivery_of_many_waits_for_its_turn(backend: Backend) {
    let store = backend.open();
    let two = vec![text(&person("maya"), "m1", at(0)), text(&person("omar"), "o1", at(0))];
    let (received, held) = store.receive_and_claim(two, "w", LEASE, at(0)).await.expect("received");
    assert!(received.kept == 2 && held.is_none());
    assert_eq!(ids(&claim(&*store, at(1)).await).len(), 1);
}

pub(crate) async fn a_reply_is_leased_as_it_is_committed(backend: Backend) {
    let store = backend.open();
    let maya = person("maya");
    store.receive(vec![text(&maya, "m1", at(0))], at(0)).await.expect("received");
    let held = claim(&*store, at(1)).await;
    store.receive(vec![text(&maya, "m2", at(1))], at(1)).await.expect("received");
    let committed = store.commit_and_lease(held, says(&["a", "b"]), Some(LEASE), at(2)).await.expect("committed");
    assert!(committed.look_again, "m2 waits");
    let first = committed.leased.expect("nothing was queued");
    assert_eq!((first.id.as_str(), first.body, first.attempts, first.uncertain), ("a", body_of("a"), 0, false));
    assert!(quiet(&*store, at(3)).await, "a message that is on its way was leased again");
    let next = store.mark_sent_and_lease("a", Some(&MessageId::new("mid a")), LEASE, at(4)).await.expect("marked");
    let next = next.expect("b comes after a");
    assert_eq!((next.id.as_str(), next.body, next.attempts), ("b", body_of("b"), 0));
    assert!(quiet(&*store, at(5)).await);
    assert!(store.mark_sent_and_lease("b", None, LEASE, at(6)).await.expect("marked").is_none());
    let stats = store.stats().await.expect("figures");
    assert_eq!((stats.sent, stats.outgoing, stats.uncertain), (2, 0, 0));
}

pub(crate) async fn a_reply_behind_another_is_not_leased(backend: Backend) {
    let store = backend.open();
    let maya = person("maya");
    converse(&*store, &maya, "m1", &["a"], at(0)).await;
    store.receive(vec![text(&maya, "m2", at(1))], at(1)).await.expect("received");
    let held = claim(&*store, at(1)).await;
    let committed = store.commit_and_lease(held, says(&["b"]), Some(LEASE), at(2)).await.expect("committed");
    assert!(committed.leased.is_none() && !committed.look_again, "b would overtake a");
    assert_eq!(due(&*store, at(3)).await.id, "a");
    // The echo of the first can come before the platform's answer; then whoever looks first has the second.
    store.receive(vec![echo(&maya, "mid a", "a", at(4))], at(4)).await.expect("received");
    assert_eq!(due(&*store, at(5)).await.id, "b");
    assert!(store.mark_sent_and_lease("a", None, LEASE, at(6)).await.expect("marked").is_none(), "b was leased twice");
}

pub(crate) async fn an_echo_that_overtakes_the_answer_stops_nothing(backend: Backend) {
    let store = backend.open();
    let maya = person("maya");
    store.receive(vec![text(&maya, "m1", at(0))], at(0)).await.expect("received");
    let held = claim(&*store, at(1)).await;
    store.commit_and_lease(held, says(&["a", "b"]), Some(LEASE), at(2)).await.expect("committed");
    store.receive(vec![echo(&maya, "mid a", "a", at(3))], at(3)).await.expect("received");
    let next = store.mark_sent_and_lease("a", None, LEASE, at(4)).await.expect("marked");
    assert_eq!(next.expect("b is nobody's yet").id, "b");
    assert!(quiet(&*store, at(5)).await);
    assert_eq!(store.stats().await.expect("figures").sent, 1);
}

pub(crate) async fn a_postponed_message_keeps_its_tries(backend: Backend) {
    let store = backend.open();
    converse(&*store, &person("maya"), "m1", &["a"], at(0)).await;
    for round in 0..3 {
        let next = due(&*store, at(round * 10)).await;
        assert_eq!((next.attempts, next.uncertain), (0, false), "a rest of the page is no try");
        let rest = Unsent::Postponed { at: at(round * 10 + 10), reason: "the page rests".to_owned() };
        store.mark_unsent("a", rest, at(round * 10)).await.expect("marked");
        assert!(quiet(&*store, at(round * 10 + 9)).await);
    }
}

pub(crate) async fn a_lost_shortcut_lease_is_an_uncertain_send(backend: Backend) {
    let store = backend.open();
    let maya = person("maya");
    store.receive(vec![text(&maya, "m1", at(0))], at(0)).await.expect("received");
    let held = claim(&*store, at(1)).await;
    let committed = store.commit_and_lease(held, says(&["a", "b"]), Some(LEASE), at(2)).await.expect("committed");
    assert!(committed.leased.is_some());
    let again = due(&*store, at(32)).await;
    assert_eq!((again.id.as_str(), again.attempts, again.uncertain), ("a", 1, true), "it may have arrived");
    store.mark_unsent("a", Unsent::Refused { reason: "code 551".to_owned() }, at(33)).await.expect("marked");
    assert_eq!(due(&*store, at(34)).await.id, "b");
    assert_eq!(store.stats().await.expect("figures").uncertain, 1);
}
