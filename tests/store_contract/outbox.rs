//! What goes out: in order, once if the platform can be asked, and counted where it may be twice.

use balancebot::domain::message::{Conversation, MessageId};
use balancebot::store::{Outcome, Outgoing, Retention, Store, Unsent};

use crate::support::{Backend, LEASE, at, body_of, claim, converse, days, due, echo, person, quiet, reply, says, text};

fn uncertain(until: i64) -> Unsent {
    Unsent::Uncertain { until: at(until), reason: "timeout".to_owned() }
}

fn retry(until: i64) -> Unsent {
    Unsent::Retry { at: at(until), reason: "code 2".to_owned() }
}

async fn sent(store: &dyn Store) -> u64 {
    store.stats().await.expect("figures").sent
}

pub(crate) async fn replies_leave_in_order_and_one_at_a_time(backend: Backend) {
    let store = backend.open();
    let maya = person("maya");
    converse(&*store, &maya, "m1", &["a", "b"], at(0)).await;
    converse(&*store, &maya, "m2", &["c"], at(1)).await;
    for (n, id) in [(2, "a"), (3, "b"), (4, "c")] {
        let next = due(&*store, at(n)).await;
        assert_eq!((next.id.as_str(), next.body, next.attempts, next.uncertain), (id, body_of(id), 0, false));
        assert_eq!(next.conversation, maya);
        assert!(quiet(&*store, at(n)).await, "{id} is on its way, nothing may overtake it");
        store.mark_sent(id, Some(&MessageId::new(format!("mid {id}"))), at(n)).await.expect("marked");
    }
    assert!(quiet(&*store, at(5)).await);
    let stats = store.stats().await.expect("figures");
    assert_eq!((stats.sent, stats.outgoing, stats.uncertain, stats.refused), (3, 0, 0, 0));
}

pub(crate) async fn conversations_do_not_wait_for_each_other(backend: Backend) {
    let store = backend.open();
    converse(&*store, &person("maya"), "m1", &["a1", "a2"], at(0)).await;
    converse(&*store, &person("omar"), "m2", &["b1"], at(1)).await;
    assert_eq!(due(&*store, at(2)).await.id, "a1");
    assert_eq!(due(&*store, at(2)).await.id, "b1");
    store.mark_unsent("a1", retry(60), at(3)).await.expect("marked");
    store.mark_sent("b1", None, at(3)).await.expect("marked");
    converse(&*store, &person("omar"), "m3", &["b2"], at(4)).await;
    assert_eq!(due(&*store, at(5)).await.id, "b2");
    assert!(quiet(&*store, at(5)).await, "a2 waits for a1");
}

pub(crate) async fn a_retry_keeps_its_place(backend: Backend) {
    let store = backend.open();
    converse(&*store, &person("maya"), "m1", &["a", "b"], at(0)).await;
    due(&*store, at(1)).await;
    store.mark_unsent("a", retry(10), at(2)).await.expect("marked");
    assert!(quiet(&*store, at(9)).await);
    let again = due(&*store, at(10)).await;
    assert_eq!((again.id.as_str(), again.attempts, again.uncertain), ("a", 1, false));
    store.mark_unsent("a", Unsent::Refused { reason: "code 551".to_owned() }, at(11)).await.expect("marked");
    let next = due(&*store, at(12)).await;
    assert_eq!((next.id.as_str(), next.attempts), ("b", 0));
    let stats = store.stats().await.expect("figures");
    assert_eq!((stats.sent, stats.refused, stats.uncertain), (0, 1, 0));
}

pub(crate) async fn an_echo_settles_an_uncertain_try(backend: Backend) {
    let store = backend.open();
    let maya = person("maya");
    converse(&*store, &maya, "m1", &["a", "b"], at(0)).await;
    due(&*store, at(1)).await;
    store.mark_unsent("a", uncertain(31), at(2)).await.expect("marked");
    assert!(quiet(&*store, at(30)).await, "it may have arrived: its echo is waited for");
    store.receive(vec![echo(&maya, "mid a", "a", at(3))], at(30)).await.expect("received");
    assert_eq!(due(&*store, at(30)).await.id, "b");
    let stats = store.stats().await.expect("figures");
    assert_eq!((stats.sent, stats.uncertain, stats.outgoing), (1, 0, 1));
}

pub(crate) async fn an_echo_counts_whenever_it_comes(backend: Backend) {
    let store = backend.open();
    let maya = person("maya");
    converse(&*store, &maya, "m1", &["a", "b", "c"], at(0)).await;
    // Before the platform's answer.
    due(&*store, at(1)).await;
    store.receive(vec![echo(&maya, "mid a", "a", at(1))], at(1)).await.expect("received");
    assert_eq!(sent(&*store).await, 1);
    store.mark_sent("a", Some(&MessageId::new("mid a")), at(2)).await.expect("marked");
    assert_eq!(sent(&*store).await, 1, "counted twice");
    // Before the news that nobody knows.
    due(&*store, at(2)).await;
    store.receive(vec![echo(&maya, "mid b", "b", at(2))], at(2)).await.expect("received");
    store.mark_unsent("b", uncertain(30), at(3)).await.expect("marked");
    assert_eq!(sent(&*store).await, 2);
    // While it is being sent again.
    due(&*store, at(3)).await;
    store.mark_unsent("c", uncertain(10), at(4)).await.expect("marked");
    assert!(due(&*store, at(10)).await.uncertain);
    store.receive(vec![echo(&maya, "mid c", "c", at(4))], at(11)).await.expect("received");
    store.mark_unsent("c", retry(20), at(12)).await.expect("marked");
    assert!(quiet(&*store, at(100)).await);
    // After everything, twice.
    let late = vec![echo(&maya, "mid c 2", "c", at(13)), echo(&maya, "mid a", "a", at(1))];
    assert_eq!(store.receive(late, at(14)).await.expect("received").duplicate, 1);
    let stats = store.stats().await.expect("figures");
    assert_eq!((stats.sent, stats.uncertain, stats.refused, stats.outgoing), (3, 1, 0, 0));
}

pub(crate) async fn an_echo_of_somebody_else_settles_nothing(backend: Backend) {
    let store = backend.open();
    let (maya, omar) = (person("maya"), person("omar"));
    converse(&*store, &maya, "m1", &["a"], at(0)).await;
    let strange = vec![echo(&omar, "mid 1", "a", at(1)), echo(&maya, "mid 2", "never heard of", at(1))];
    let received = store.receive(strange, at(1)).await.expect("received");
    assert_eq!((received.kept, received.wakes), (2, false));
    assert_eq!(due(&*store, at(2)).await.id, "a");
    store.mark_sent("never heard of", None, at(3)).await.expect("noted");
    store.mark_unsent("never heard of", retry(9), at(3)).await.expect("noted");
    assert_eq!(sent(&*store).await, 0);
}

pub(crate) async fn an_uncertain_try_without_echo_is_repeated_and_counted(backend: Backend) {
    let store = backend.open();
    converse(&*store, &person("maya"), "m1", &["a"], at(0)).await;
    due(&*store, at(1)).await;
    store.mark_unsent("a", uncertain(31), at(2)).await.expect("marked");
    assert_eq!(store.stats().await.expect("figures").uncertain, 0, "not repeated yet");
    let again = due(&*store, at(31)).await;
    assert_eq!((again.id.as_str(), again.attempts, again.uncertain), ("a", 1, true));
    assert_eq!(store.stats().await.expect("figures").uncertain, 1);
    // The second try surely failed; the first may still have arrived, but is not counted again.
    store.mark_unsent("a", retry(40), at(32)).await.expect("marked");
    let third = due(&*store, at(40)).await;
    assert_eq!((third.attempts, third.uncertain), (2, true));
    store.mark_sent("a", None, at(41)).await.expect("marked");
    let stats = store.stats().await.expect("figures");
    assert_eq!((stats.sent, stats.uncertain), (1, 1));
}

pub(crate) async fn a_sender_that_never_came_back_is_an_uncertain_try(backend: Backend) {
    let store = backend.open();
    converse(&*store, &person("maya"), "m1", &["a"], at(0)).await;
    assert!(!due(&*store, at(1)).await.uncertain);
    assert!(quiet(&*store, at(30)).await);
    let again = due(&*store, at(31)).await;
    assert_eq!((again.attempts, again.uncertain), (1, true));
    assert_eq!(store.stats().await.expect("figures").uncertain, 1);
}

pub(crate) async fn a_lease_survives_a_restart(backend: Backend) {
    let maya = person("maya");
    let store = backend.open();
    converse(&*store, &maya, "m1", &["a", "b"], at(0)).await;
    due(&*store, at(1)).await;
    drop(store);
    let store = backend.open();
    assert!(quiet(&*store, at(2)).await);
    store.receive(vec![echo(&maya, "mid a", "a", at(1))], at(3)).await.expect("received");
    let next = due(&*store, at(3)).await;
    assert_eq!((next.id.as_str(), next.uncertain), ("b", false));
}

pub(crate) async fn expired_replies_are_given_up(backend: Backend) {
    let store = backend.open();
    let maya = person("maya");
    store.receive(vec![text(&maya, "m1", at(0))], at(0)).await.expect("received");
    let held = claim(&*store, at(0)).await;
    let short = |id: &str| Outgoing { expires: at(10), ..reply(id) };
    let outgoing = vec![short("a"), short("b"), reply("c")];
    store.commit(held, Outcome { outgoing, ..says(&[]) }, at(1)).await.expect("committed");
    assert_eq!(due(&*store, at(2)).await.id, "a");
    store.mark_unsent("a", retry(10), at(3)).await.expect("marked");
    assert_eq!(due(&*store, at(10)).await.id, "a", "its last moment");
    store.mark_unsent("a", retry(11), at(10)).await.expect("marked");
    assert_eq!(due(&*store, at(11)).await.id, "c");
    assert_eq!(store.stats().await.expect("figures").refused, 2);
}

pub(crate) async fn paused_pages_are_passed_over(backend: Backend) {
    let store = backend.open();
    let elsewhere = Conversation::messenger("100000000000002", "omar");
    converse(&*store, &person("maya"), "m1", &["a"], at(0)).await;
    converse(&*store, &elsewhere, "m2", &["b"], at(1)).await;
    let paused = ["100000000000001".to_owned()];
    let next = store.next_outgoing(LEASE, &paused, at(2)).await.expect("a store").expect("something is due");
    assert_eq!(next.id, "b");
    assert!(store.next_outgoing(LEASE, &paused, at(2)).await.expect("a store").is_none());
    assert_eq!(due(&*store, at(3)).await.id, "a");
    // On a page that stays paused, what is past its window is given up by the sweep.
    converse(&*store, &person("cleo"), "m3", &["c"], at(4)).await;
    store.sweep(&Retention::default(), at(days(2))).await.expect("swept");
    assert_eq!(store.stats().await.expect("figures").outgoing, 0);
}

pub(crate) async fn what_is_withdrawn_is_not_sent(backend: Backend) {
    let store = backend.open();
    let maya = person("maya");
    converse(&*store, &maya, "m1", &["a", "b", "c"], at(0)).await;
    due(&*store, at(1)).await;
    store.mark_unsent("a", retry(10), at(1)).await.expect("marked");
    store.receive(vec![text(&maya, "m2", at(2))], at(2)).await.expect("received");
    let claimed = claim(&*store, at(2)).await;
    let withdrawn = ["a", "b", "nobody's"].map(str::to_owned).to_vec();
    store.commit(claimed, Outcome { withdrawn, ..says(&["d"]) }, at(2)).await.expect("committed");
    for id in ["c", "d"] {
        assert_eq!(due(&*store, at(3)).await.id, id);
        store.mark_sent(id, None, at(3)).await.expect("marked");
    }
    assert!(quiet(&*store, at(days(1))).await);
    // Nobody takes back another person's message.
    converse(&*store, &person("omar"), "m3", &["e"], at(4)).await;
    store.receive(vec![text(&maya, "m4", at(5))], at(5)).await.expect("received");
    let claimed = claim(&*store, at(5)).await;
    store.commit(claimed, Outcome { withdrawn: vec!["e".to_owned()], ..says(&[]) }, at(5)).await.expect("committed");
    assert_eq!(due(&*store, at(6)).await.id, "e");
}

pub(crate) async fn a_conversation_is_roused_at_its_moment(backend: Backend) {
    let store = backend.open();
    for (name, event, look_at) in [("maya", "m1", Some(at(50))), ("omar", "m2", Some(at(20))), ("noor", "m3", None)] {
        store.receive(vec![text(&person(name), event, at(0))], at(0)).await.expect("received");
        let claimed = claim(&*store, at(0)).await;
        store.commit(claimed, Outcome { look_at, ..says(&[]) }, at(0)).await.expect("committed");
    }
    let roused = async |until: i64| {
        let found = store.roused(at(until), 9).await.expect("a store");
        found.into_iter().map(|(of, at)| (of.person.as_str().to_owned(), at)).collect::<Vec<_>>()
    };
    assert_eq!(roused(19).await, []);
    assert_eq!(roused(60).await, [("omar".to_owned(), at(20)), ("maya".to_owned(), at(50))]);
    store.put_off(&person("omar"), at(20), at(70)).await.expect("put off");
    store.put_off(&person("maya"), at(20), at(70)).await.expect("nothing");
    assert_eq!(roused(60).await, [("maya".to_owned(), at(50))], "another moment than was seen stays");
    converse(&*store, &person("maya"), "m4", &[], at(2)).await;
    assert_eq!(roused(60).await, [], "the last commit counts");
    store.forget(&person("omar"), at(3)).await.expect("forgotten");
    assert_eq!(roused(100).await, []);
}
