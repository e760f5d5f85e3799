//! Orders: each once, none that is old or overtaken, and all in the access log.

use std::time::Duration;

use balancebot::domain::access::AccessKind;
use balancebot::domain::stop::{Order, OrderedBy, Wanted, Whom};
use balancebot::store::{Ordered, Retention};

use crate::support::{Backend, at, person};

fn order(id: &str, wanted: Wanted, by: OrderedBy, seconds: i64) -> Order {
    Order {
        id: id.to_owned(),
        wanted,
        bank: "northgate".into(),
        whom: Whom::Everyone,
        by,
        at: at(seconds),
        reason: None,
        digest: [u8::try_from(seconds).expect("a small number"); 32],
    }
}

pub(crate) async fn an_order_counts_once_and_each_side_lifts_its_own(backend: Backend) {
    let store = backend.open();
    let bank = |id, wanted, seconds| order(id, wanted, OrderedBy::Bank, seconds);
    let take = async |order: Order| store.order(order, None, at(50)).await.expect("a store");
    assert_eq!(take(bank("1", Wanted::Stop, 10)).await, Ordered::Done);
    assert_eq!(take(bank("1", Wanted::Stop, 10)).await, Ordered::Again);
    assert_eq!(take(bank("1", Wanted::Stop, 11)).await, Ordered::Another);
    assert_eq!(take(bank("2", Wanted::Resume, 9)).await, Ordered::Old, "overtaken");
    assert_eq!(take(bank("2", Wanted::Resume, 10)).await, Ordered::Old, "of one moment the stop counts");
    assert_eq!(store.order(bank("2", Wanted::Resume, 20), Some(at(21)), at(50)).await, Ok(Ordered::Old));

    let by_operator = order("1", Wanted::Stop, OrderedBy::Operator, 12);
    assert_eq!(take(by_operator).await, Ordered::Done, "ids of the two sides are not mixed up");
    let one = Order { whom: Whom::chat(&person("maya")), ..bank("3", Wanted::Stop, 13) };
    assert_eq!(take(one.clone()).await, Ordered::Done);
    assert_eq!(take(bank("4", Wanted::Resume, 20)).await, Ordered::Done);
    let left: Vec<_> =
        store.stops().await.expect("a store").into_iter().map(|stop| (stop.by, stop.whom, stop.since)).collect();
    assert_eq!(left.len(), 2, "{left:?}");
    assert!(left.contains(&(OrderedBy::Operator, Whom::Everyone, at(50))));
    assert!(left.contains(&(OrderedBy::Bank, one.whom, at(50))));

    let log = store.access_log(&Order::log(&"northgate".into(), Whom::Everyone)).await.expect("a log");
    let log: Vec<_> = log.iter().map(|entry| (entry.kind, entry.question.as_str())).collect();
    let (stop, resume) = (AccessKind::StopOrdered, AccessKind::ResumeOrdered);
    assert_eq!(log, [(stop, "bank:1"), (stop, "operator:1"), (resume, "bank:4")], "what is refused is no order");
    assert_eq!(store.leafless().await, Ok(0));

    // Ids go with those of messages; what stands stays.
    store.sweep(&Retention { ids: Duration::ZERO, ..Retention::default() }, at(60)).await.expect("swept");
    assert_eq!(store.order(bank("1", Wanted::Stop, 10), Some(at(55)), at(60)).await, Ok(Ordered::Old));
    assert_eq!(store.stops().await.expect("a store").len(), 2);
}

pub(crate) async fn a_stop_survives_a_restart(backend: Backend) {
    let store = backend.open();
    store.order(order("1", Wanted::Stop, OrderedBy::Bank, 10), None, at(10)).await.expect("kept");
    let before = store.stops().await;
    drop(store);
    let store = backend.open();
    assert_eq!(store.stops().await, before);
    assert_eq!(store.stops().await.expect("a store").len(), 1);
}
