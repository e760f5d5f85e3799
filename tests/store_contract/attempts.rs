//! What a person has begun in a browser: one at a time, each step once, each handle once.

use balancebot::domain::message::Conversation;
use balancebot::store::{Attempt, AttemptKey, Outcome, Retention};

use crate::support::{Backend, at, claim, person, says, text};

fn attempt(of: &Conversation, handle: u8, next: u8) -> Attempt {
    Attempt {
        id: [handle; 32],
        conversation: of.clone(),
        step: 1,
        next: [next; 32],
        body: vec![handle],
        expires: at(600),
    }
}

pub(crate) async fn an_attempt_is_taken_step_by_step_and_each_once(backend: Backend) {
    let store = backend.open();
    let maya = person("maya");
    let begun = attempt(&maya, 1, 11);
    assert!(store.begin_attempt(begun.clone(), at(0)).await.expect("begun"));
    assert!(!store.begin_attempt(begun.clone(), at(1)).await.expect("a store"), "a handle is used once");
    let found = store.attempt(AttemptKey::Next([11; 32]), at(1)).await.expect("a store");
    assert_eq!(found.as_ref(), Some(&begun));
    assert_eq!(store.attempt(AttemptKey::Of(maya.clone()), at(1)).await.expect("a store"), found);
    assert_eq!(store.attempt(AttemptKey::Next([12; 32]), at(1)).await.expect("a store"), None);

    let further = Attempt { step: 2, next: [12; 32], body: vec![9], ..begun.clone() };
    assert!(store.advance_attempt(further.clone(), 1, at(2)).await.expect("a store"));
    assert!(!store.advance_attempt(further.clone(), 1, at(2)).await.expect("a store"), "somebody was first");
    assert_eq!(store.attempt(AttemptKey::Next([11; 32]), at(3)).await.expect("a store"), None, "that step is taken");
    assert_eq!(store.attempt(AttemptKey::Next([12; 32]), at(3)).await.expect("a store"), Some(further));
    assert_eq!(store.attempt(AttemptKey::Next([12; 32]), at(600)).await.expect("a store"), None, "it expires");

    store.end_attempt([1; 32], at(4)).await.expect("ended");
    assert_eq!(store.attempt(AttemptKey::Of(maya.clone()), at(5)).await.expect("a store"), None);
    assert!(!store.begin_attempt(attempt(&maya, 1, 13), at(5)).await.expect("a store"), "its handle stays used");
}

pub(crate) async fn one_attempt_a_conversation_is_under_way(backend: Backend) {
    let store = backend.open();
    let (maya, omar) = (person("maya"), person("omar"));
    for (of, handle) in [(&maya, 1), (&omar, 2), (&maya, 3)] {
        assert!(store.begin_attempt(attempt(of, handle, handle + 10), at(0)).await.expect("begun"));
    }
    assert_eq!(store.attempt(AttemptKey::Next([11; 32]), at(1)).await.expect("a store"), None, "a newer one was begun");
    assert!(store.attempt(AttemptKey::Next([12; 32]), at(1)).await.expect("a store").is_some(), "another person's");

    // A handle that is only used up leaves what is under way alone.
    let used = Attempt { body: Vec::new(), ..attempt(&maya, 4, 14) };
    assert!(store.begin_attempt(used.clone(), at(1)).await.expect("used up"));
    assert!(!store.begin_attempt(used, at(1)).await.expect("a store"));
    assert_eq!(store.attempt(AttemptKey::Next([14; 32]), at(1)).await.expect("a store"), None);
    let under_way = store.attempt(AttemptKey::Of(maya.clone()), at(1)).await.expect("a store").expect("one");
    assert_eq!(under_way.id, [3; 32]);

    // It ends in the commit of the turn that finishes it.
    store.receive(vec![text(&maya, "m1", at(1))], at(1)).await.expect("received");
    let held = claim(&*store, at(1)).await;
    store.commit(held, Outcome { attempts_ended: vec![[3; 32]], ..says(&[]) }, at(2)).await.expect("committed");
    assert_eq!(store.attempt(AttemptKey::Of(maya), at(2)).await.expect("a store"), None);
    assert_eq!(
        store.sweep(&Retention::default(), at(601)).await.expect("swept"),
        4,
        "what has expired goes, handles too"
    );
}
