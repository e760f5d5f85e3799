//! One fixture for each kind of event, and what becomes of it.

use std::sync::Arc;

use balancebot::channel::messenger::Messenger;
use balancebot::channel::{Channel, signature};
use balancebot::clock::WallClock;
use balancebot::domain::message::{Event, Handover, MessageId};
use balancebot::egress::InProcess;
use balancebot::store::Fate;
use http::{HeaderMap, HeaderValue};
use jiff::Timestamp;

use crate::house::{House, MAYA, PAGE, fixture, settings, signed};

/// The fixture, the kind it is counted as, and what becomes of it.
const KINDS: [(&str, &str, &str); 60] = [
    ("text", "text", "think"),
    ("text_with_reply", "text", "think"),
    ("text_with_command", "text", "think"),
    ("text_with_nlp", "text", "think"),
    ("text_with_ad_referral", "text", "think"),
    ("text_with_link_preview", "text", "think"),
    ("quick_reply", "quick_reply", "think"),
    ("image", "attachment", "think"),
    ("audio", "attachment", "think"),
    ("video", "attachment", "think"),
    ("file", "attachment", "think"),
    ("reel", "attachment", "think"),
    ("location", "attachment", "think"),
    ("appointment_booking", "attachment", "think"),
    ("fallback_without_payload", "attachment", "think"),
    ("thumbs_up", "attachment", "think"),
    ("sticker_in_both_shapes", "attachment", "think"),
    ("unsupported", "attachment", "think"),
    ("unsend", "unsend", "note"),
    ("postback", "postback", "think"),
    ("postback_without_payload", "postback", "think"),
    ("get_started_by_link", "postback", "think"),
    ("referral", "referral", "think"),
    ("optin_notification_messages", "optin", "note"),
    ("optin_user_ref", "optin", "note"),
    ("account_linked", "account_linking", "think"),
    ("account_unlinked", "account_linking", "think"),
    ("delivery", "delivery", "note"),
    ("read", "read", "note"),
    ("reaction", "reaction", "note"),
    ("unreact", "reaction", "note"),
    ("edit", "edit", "think"),
    ("pass_thread_control", "handover", "think"),
    ("take_thread_control", "handover", "think"),
    ("request_thread_control", "handover", "note"),
    ("app_roles", "handover", "note"),
    ("policy", "policy", "note"),
    ("policy_old_spelling", "policy", "note"),
    ("response_feedback", "feedback", "note"),
    ("messaging_feedback", "feedback", "note"),
    ("order", "order", "note"),
    ("game_play", "game_play", "note"),
    ("echo_own", "echo", "echo"),
    ("echo_template", "echo", "echo"),
    ("echo_human", "echo", "think"),
    ("echo_human_other_spelling", "echo", "think"),
    ("echo_other_app", "echo", "think"),
    ("echo_without_app", "echo", "echo"),
    ("standby_text", "standby.text", "note"),
    ("standby_postback", "standby.postback", "note"),
    ("standby_echo", "echo", "think"),
    ("changes_feed", "changes.feed", "note"),
    ("changes_unknown_field", "ignored", "ignore"),
    ("dashboard_test", "ignored", "ignore"),
    ("dashboard_test_bare", "ignored", "ignore"),
    ("unknown_kind", "ignored", "ignore"),
    ("unknown_object", "ignored", "ignore"),
    ("unknown_page", "ignored", "ignore"),
    ("message_without_anything", "broken", "break"),
    ("message_without_sender", "broken", "break"),
];

fn word(fate: &Fate) -> &'static str {
    match fate {
        Fate::Think(_) => "think",
        Fate::Note => "note",
        Fate::Echo { .. } => "echo",
        Fate::Ignore { .. } => "ignore",
        Fate::Break { .. } => "break",
    }
}

#[tokio::test]
async fn every_kind_has_its_fate() {
    let house = House::open().await;
    for (at, (name, kind, fate)) in KINDS.into_iter().enumerate() {
        assert_eq!(house.deliver(fixture(name)).await, 200, "{name}");
        let arrivals = house.store.arrivals();
        // One new arrival, so its id is no other event's.
        assert_eq!(arrivals.len(), at + 1, "{name}");
        assert_eq!((arrivals[at].kind.as_str(), word(&arrivals[at].fate)), (kind, fate), "{name}");
        // Whatever belongs to a person is in that person's conversation, whichever side sent it.
        if let Some(conversation) = &arrivals[at].conversation {
            assert_eq!((conversation.page.as_str(), conversation.person.as_str()), (PAGE, MAYA), "{name}");
        }
        let of_nobody = ["app_roles", "policy", "policy_old_spelling", "optin_user_ref", "changes_feed"];
        let is_aside = matches!(fate, "ignore" | "break");
        assert_eq!(arrivals[at].conversation.is_none(), is_aside || of_nobody.contains(&name), "{name}");
        // Delivered again it is the same event.
        assert_eq!(house.deliver(fixture(name)).await, 200, "{name}");
        assert_eq!(house.store.counts().duplicate, at as u64 + 1, "{name}");
    }
}

#[tokio::test]
async fn no_fixture_is_left_out() {
    let folder = format!("{}/fixtures/webhooks/messenger", env!("CARGO_MANIFEST_DIR"));
    for file in std::fs::read_dir(folder).expect("the folder") {
        let name = file.expect("a file").file_name().to_string_lossy().replace(".json", "");
        assert!(KINDS.iter().any(|(known, _, _)| *known == name), "{name}");
    }
}

async fn thought(name: &str) -> Event {
    let house = House::open().await;
    assert_eq!(house.deliver(fixture(name)).await, 200);
    house.thoughts().pop().expect("an event")
}

#[tokio::test]
async fn what_a_turn_reads_is_what_was_said() {
    let attachment = |kinds: &[&str], thumbs_up| Event::Attachment {
        kinds: kinds.iter().map(|kind| (*kind).to_owned()).collect(),
        thumbs_up,
        text: None,
    };
    let says = |text: &str| Event::Text { text: text.to_owned(), payload: None, reply_to: None };
    let text = "how much did I spend on groceries in July? café included";
    assert_eq!(thought("text").await, says(text));
    assert_eq!(thought("text_with_link_preview").await, says("is https://bank.example real?"));
    let reply_to = Some(MessageId::new("m_earlier"));
    let reply = Event::Text { text: "and this one?".to_owned(), payload: None, reply_to };
    assert_eq!(thought("text_with_reply").await, reply);
    let payload = Some("ACCOUNT:2".to_owned());
    assert_eq!(thought("quick_reply").await, Event::Text { text: "Rent pot".to_owned(), payload, reply_to: None });
    assert_eq!(thought("thumbs_up").await, attachment(&["sticker"], true));
    assert_eq!(thought("sticker_in_both_shapes").await, attachment(&["sticker"], false));
    assert_eq!(thought("location").await, attachment(&["location"], false));
    assert_eq!(thought("unsupported").await, attachment(&["unsupported"], false));
    let foreign = Event::Postback { title: Some("Other app's button".to_owned()), payload: None, reference: None };
    assert_eq!(thought("postback_without_payload").await, foreign);
    let linked = Event::AccountLinking { linked: true, code: Some("one-time-9f2c".to_owned()) };
    assert_eq!(thought("account_linked").await, linked);
    let edited = "how much did I spend in August?".to_owned();
    assert_eq!(thought("edit").await, Event::Edited { mid: MessageId::new("m_text"), text: edited });
    let from_app = Some("263902037430900".to_owned());
    let passed = Event::Handover { way: Handover::Passed, from_app, to_app: Some("555000111".to_owned()) };
    assert_eq!(thought("pass_thread_control").await, passed);
}

#[tokio::test]
async fn an_echo_confirms_the_outbox_row_that_it_names() {
    let house = House::open().await;
    assert_eq!(house.deliver(fixture("echo_own")).await, 200);
    let arrivals = house.store.arrivals();
    let Fate::Echo { outbox_id, message_id } = &arrivals[0].fate else { panic!("{arrivals:?}") };
    assert_eq!((outbox_id.as_deref(), message_id.as_str()), (Some("outbox-1"), "m_out_1"));
}

#[tokio::test]
async fn a_code_of_account_linking_stands_in_no_id() {
    let house = House::open().await;
    assert_eq!(house.deliver(fixture("account_linked")).await, 200);
    assert!(!house.store.arrivals()[0].event_id.contains("9f2c"));
}

/// What the channel itself reads in a fixture, before the store forgets what it does not need.
fn read(name: &str) -> Event {
    let transport = Arc::new(InProcess::new(axum::Router::new()));
    let messenger = Messenger::new(settings(), transport, Arc::new(WallClock));
    let body = fixture(name);
    let value = HeaderValue::from_str(&signed(&body)).expect("a header value");
    let headers = HeaderMap::from_iter([(signature::HEADER, value)]);
    let delivery = messenger.verify(&headers, body.into()).expect("signed");
    let mut parsed = messenger.parse(&delivery, Timestamp::UNIX_EPOCH);
    parsed.inbound.pop().expect("an event").event
}

#[test]
fn an_echo_tells_whether_a_human_wrote_it() {
    let by_human = |name| match read(name) {
        Event::Echo(echo) => echo.by_human,
        other => panic!("{other:?}"),
    };
    assert!(["echo_human", "echo_human_other_spelling", "echo_other_app", "standby_echo"].into_iter().all(by_human));
    assert!(!["echo_own", "echo_template", "echo_without_app"].into_iter().any(by_human));
}

#[test]
fn a_handover_goes_the_way_of_the_app_that_owns_the_thread_now() {
    let way = |name| match read(name) {
        Event::Handover { way, .. } => way,
        other => panic!("{other:?}"),
    };
    assert_eq!(way("pass_thread_control"), Handover::Passed);
    assert_eq!(way("take_thread_control"), Handover::Taken);
    assert_eq!(way("request_thread_control"), Handover::Requested);
    assert_eq!(way("app_roles"), Handover::Roles);
}
