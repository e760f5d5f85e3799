//! Each element costs only itself, in whatever shape it comes; and every one is counted once.

use balancebot::domain::message::Event;
use jiff::Timestamp;
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::house::{AT, House, MAYA, PAGE, delivery, text};

#[tokio::test]
async fn a_batch_of_a_thousand_with_one_broken_keeps_the_others() {
    let house = House::open().await;
    let mut batch: Vec<Value> = (0..1000).map(|at| text(&format!("m_{at}"), "balance")).collect();
    batch[500] = json!(["not an object"]);
    assert_eq!(house.deliver(delivery(&batch)).await, 200);
    let counts = house.store.counts();
    assert_eq!((counts.received, counts.kept, counts.broken, counts.ignored), (1000, 999, 1, 0));
    house.bell.thinking().await;
}

#[tokio::test]
async fn every_entry_and_every_list_is_read() {
    let house = House::open().await;
    let entry = |mid: &str| {
        json!({"id": PAGE, "time": AT, "messaging": [text(mid, "a")], "standby": [text(mid, "a")],
        "changes": [{"field": "feed", "value": {"of": mid}}], "hop_context": [{"app_id": 1}], "other": [1, 2]})
    };
    let entries =
        json!([entry("m_1"), 5, entry("m_2"), {"id": PAGE, "messaging": {}}, {"id": PAGE, "other": []}, null]);
    assert_eq!(house.deliver(json!({"object": "page", "entry": entries}).to_string()).await, 200);
    let counts = house.store.counts();
    assert_eq!((counts.received, counts.kept, counts.broken, counts.ignored), (10, 6, 3, 1));
}

#[tokio::test]
async fn ids_and_times_come_in_many_shapes() {
    let whole = Timestamp::from_millisecond(AT).expect("a moment");
    let entry_time = Timestamp::from_millisecond(AT + 350).expect("a moment");
    let times = [
        (json!(AT), whole),
        (json!(AT / 1000), whole),
        (json!(AT.to_string()), whole),
        (json!((AT / 1000).to_string()), whole),
        (json!("2026-09-21T15:06:40+00:00"), whole),
        (json!(1_790_003_200_000.0), whole),
        (json!(null), entry_time),
        (json!("soon"), entry_time),
        (json!({}), entry_time),
        (json!(-1), entry_time),
    ];
    for (time, expected) in times {
        let house = House::open().await;
        let mut element = text("m_1", "balance");
        element["timestamp"] = time.clone();
        house.element(&element).await;
        assert_eq!(house.store.arrivals()[0].at, expected, "{time}");
    }
    let house = House::open().await;
    let (page, maya): (u64, u64) = (PAGE.parse().expect("digits"), MAYA.parse().expect("digits"));
    let element = json!({"sender": {"id": maya}, "recipient": {"id": page}, "message": {"mid": 17, "text": "balance"}});
    let body = json!({"object": "page", "entry": [{"id": page, "messaging": [element]}]});
    assert_eq!(house.deliver(body.to_string()).await, 200);
    let arrivals = house.store.arrivals();
    let conversation = arrivals[0].conversation.as_ref().expect("a conversation");
    assert_eq!((conversation.person.as_str(), arrivals[0].event_id.as_str()), (MAYA, "17"));
}

#[tokio::test]
async fn duplicate_keys_deep_nesting_and_cut_emoji_do_not_cost_the_message() {
    let house = House::open().await;
    let deep = format!("{}1{}", "[".repeat(5000), "]".repeat(5000));
    let body = format!(
        r#"{{"object":"x","object":"page","entry":[{{"id":"{PAGE}","messaging":[
            {{"sender":{{"id":"{MAYA}"}},"message":{{"mid":"m_1","text":"old","text":"new"}}}},
            {{"sender":{{"id":"{MAYA}"}},"message":{{"mid":"m_2","text":"deep","nlp":{deep}}},"hop_context":{deep}}},
            {{"sender":{{"id":"{MAYA}"}},"message":{{"mid":"m_3","text":"cut \ud83c"}}}},
            {deep}
        ]}}]}}"#
    );
    assert_eq!(house.deliver(body).await, 200);
    let says = |text: &str| Event::Text { text: text.to_owned(), payload: None, reply_to: None };
    assert_eq!(house.thoughts(), [says("new"), says("deep"), says("cut \u{FFFD}")]);
    assert_eq!(house.store.counts().broken, 1);
}

#[tokio::test]
async fn a_body_that_is_no_delivery_counts_one() {
    let bodies = ["", "{", "[]", "null", "\"page\"", "{\"object\":\"page\",\"entry\":7}", "\u{feff}{}", "{} {}"];
    for body in bodies.map(str::as_bytes).into_iter().chain([&b"{\"object\":\"p\xff\"}"[..]]) {
        let house = House::open().await;
        assert_eq!(house.deliver(body).await, 200);
        assert_eq!((house.store.counts().received, house.store.counts().broken), (1, 1), "{body:?}");
    }
    for body in ["{}", "{\"object\":\"page\"}", "{\"object\":\"instagram\",\"entry\":[]}"] {
        let house = House::open().await;
        assert_eq!(house.deliver(body).await, 200);
        assert_eq!((house.store.counts().received, house.store.counts().ignored), (1, 1), "{body}");
    }
    let house = House::open().await;
    let body =
        json!({"object": "instagram", "entry": [{"messaging": [1, {}]}, {"changes": [{"a": 1}], "standby": [[]]}]});
    assert_eq!(house.deliver(body.to_string()).await, 200);
    assert_eq!(house.store.counts().ignored, 4);
}

#[tokio::test]
async fn a_text_beyond_the_platforms_limit_is_kept_whole_and_an_endless_one_is_cut() {
    let house = House::open().await;
    for (mid, length, kept) in [("m_1", 2001, 2001), ("m_2", 20_000, 20_000), ("m_3", 20_001, 20_000)] {
        house.element(&text(mid, &"é".repeat(length))).await;
        let Some(Event::Text { text, .. }) = house.thoughts().pop() else { panic!("a text") };
        assert_eq!(text.chars().count(), kept);
    }
}

#[tokio::test]
async fn one_message_in_many_roles_is_not_a_duplicate_of_itself() {
    let house = House::open().await;
    let frame = |key: &str, value: Value| json!({"sender": {"id": MAYA}, "timestamp": AT, key: value});
    house.element(&frame("message", json!({"mid": "m_1", "text": "a"}))).await;
    house.element(&frame("message", json!({"mid": "m_1", "is_deleted": true}))).await;
    house.element(&frame("message_edit", json!({"mid": "m_1", "text": "b", "num_edit": 1}))).await;
    house.element(&frame("message_edit", json!({"mid": "m_1", "text": "c", "num_edit": "2"}))).await;
    house.element(&frame("reaction", json!({"mid": "m_1", "action": "react"}))).await;
    house.element(&frame("reaction", json!({"mid": "m_1", "action": "unreact"}))).await;
    house.element(&frame("message", json!({"mid": "m_1", "text": "a", "is_echo": true}))).await;
    assert_eq!((house.store.counts().kept, house.store.counts().duplicate), (7, 0));
    house.element(&frame("message", json!({"mid": "m_1", "text": "a"}))).await;
    assert_eq!((house.store.counts().kept, house.store.counts().duplicate), (7, 1));
}

#[tokio::test]
async fn a_message_that_the_page_itself_sent_is_never_thought_about() {
    let house = House::open().await;
    let mut unmarked = text("m_1", "what the bot said");
    (unmarked["sender"], unmarked["recipient"]) = (json!({"id": PAGE}), json!({"id": MAYA}));
    house.element(&unmarked).await;
    assert!(house.thoughts().is_empty());
    assert_eq!(house.store.arrivals()[0].kind, "echo");
}

/// Any JSON, leaning towards what deliveries are made of.
fn any_json() -> impl Strategy<Value = Value> {
    let word = prop::sample::select(vec![
        "page",
        "instagram",
        PAGE,
        MAYA,
        "m_1",
        "",
        "linked",
        "image",
        "feed",
        "messages",
        "\u{202e}x",
        "1790003200",
    ]);
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        word.prop_map(Value::from),
        "\\PC{0,8}".prop_map(Value::from),
    ];
    let key = prop::sample::select(vec![
        "object",
        "entry",
        "id",
        "time",
        "messaging",
        "standby",
        "changes",
        "sender",
        "recipient",
        "timestamp",
        "message",
        "mid",
        "text",
        "attachments",
        "type",
        "payload",
        "sticker_id",
        "is_echo",
        "is_deleted",
        "app_id",
        "metadata",
        "quick_reply",
        "postback",
        "referral",
        "ref",
        "optin",
        "account_linking",
        "status",
        "delivery",
        "mids",
        "watermark",
        "read",
        "reaction",
        "message_edit",
        "num_edit",
        "pass_thread_control",
        "app_roles",
        "policy_enforcement",
        "action",
        "field",
        "value",
        "order",
        "reply_to",
        "whatever",
    ]);
    leaf.prop_recursive(6, 64, 6, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::vec((key.clone(), inner), 0..6).prop_map(|pairs| Value::Object(
                pairs.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()
            )),
        ]
    })
}

#[test]
fn whatever_comes_is_answered_and_every_element_counted_once() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let house = runtime.block_on(House::open());
    let mut runner = proptest::test_runner::TestRunner::default();
    let list = || prop::collection::vec(any_json(), 0..5);
    let strategy = (any_json(), list(), list(), list());
    let outcome = runner.run(&strategy, |(junk, messaging, standby, changes)| {
        let elements = (messaging.len() + standby.len() + changes.len()) as u64;
        let entry = json!({"id": PAGE, "messaging": messaging, "standby": standby, "changes": changes});
        let before = house.store.counts();
        prop_assert_eq!(runtime.block_on(house.deliver(junk.to_string())), 200);
        let between = house.store.counts();
        let body = json!({"object": "page", "entry": [entry]}).to_string();
        prop_assert_eq!(runtime.block_on(house.deliver(body)), 200);
        let after = house.store.counts();
        prop_assert_eq!(after.received - between.received, elements);
        prop_assert!(between.received >= before.received);
        prop_assert_eq!(after.received, after.kept + after.ignored + after.broken + after.duplicate);
        Ok(())
    });
    outcome.expect("holds for any JSON");
}
