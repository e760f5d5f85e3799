//! What goes out to Messenger: the bytes of a call, and what each kind of answer means for the message. The platform
//! is a stub that answers from a script; time stands still except while everybody waits.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use balancebot::channel::messenger::{Messenger, MessengerSettings, PageSettings, SENDS_PER_SECOND};
use balancebot::channel::{Channel, Outgoing, SendError, Signal, signature};
use balancebot::clock::{Clock, WorldClock, later};
use balancebot::domain::message::{Bubble, Button, Conversation, PageId, Post, QuickReply};
use balancebot::egress::{Transport, TransportError};
use bytes::Bytes;
use http::{Method, Request, Response};
use jiff::Timestamp;
use secrecy::SecretString;
use serde_json::{Value, json};

const SENT: &str = r#"{"recipient_id":"77","message_id":"m_out"}"#;

/// What the stub does with the next call. After the last one it takes every message.
enum Step {
    Answer(u16, &'static str),
    AnswerWith(&'static str, &'static str),
    Fail(TransportError),
    Hang,
}

#[derive(Default)]
struct Stub {
    steps: Mutex<VecDeque<Step>>,
    calls: Mutex<Vec<Request<Bytes>>>,
}

#[async_trait]
impl Transport for Stub {
    async fn exchange(&self, request: Request<Bytes>) -> Result<Response<Bytes>, TransportError> {
        self.calls.lock().expect("not poisoned").push(request);
        let step = self.steps.lock().expect("not poisoned").pop_front();
        let answer = Response::builder();
        let (answer, body) = match step.unwrap_or(Step::Answer(200, SENT)) {
            Step::Answer(status, body) => (answer.status(status), body),
            Step::AnswerWith(header, value) => (answer.header(header, value), SENT),
            Step::Fail(error) => return Err(error),
            Step::Hang => std::future::pending().await,
        };
        Ok(answer.body(Bytes::from_static(body.as_bytes())).expect("a response"))
    }
}

struct Desk {
    messenger: Messenger,
    stub: Arc<Stub>,
    clock: Arc<dyn Clock>,
}

fn desk(steps: impl IntoIterator<Item = Step>) -> Desk {
    let stub = Arc::new(Stub { steps: Mutex::new(steps.into_iter().collect()), calls: Mutex::default() });
    let start = "2026-11-22T10:00:00Z".parse().expect("a moment");
    let clock: Arc<dyn Clock> = Arc::new(WorldClock::starting_at(start));
    let settings = MessengerSettings {
        graph_url: "https://graph.example/".to_owned(),
        graph_version: "v25.0".to_owned(),
        verify_token: SecretString::from("v"),
        app_secret: Some(SecretString::from("app secret")),
        previous_app_secret: None,
        pages: vec![PageSettings { id: "100".to_owned(), token: SecretString::from("page-token") }],
        own_app_id: None,
        sends_per_second: SENDS_PER_SECOND,
    };
    Desk { messenger: Messenger::new(settings, stub.clone(), Arc::clone(&clock)), stub, clock }
}

impl Desk {
    async fn send(&self, bubble: Bubble) -> Result<Option<String>, SendError> {
        let outgoing = Outgoing {
            id: "outbox-1".to_owned(),
            conversation: Conversation::messenger("100", "77"),
            post: Post::Bubble(bubble),
        };
        let receipt = self.messenger.send(&outgoing).await?;
        Ok(receipt.message_id.map(|id| id.as_str().to_owned()))
    }

    async fn pass(&self, note: &str) -> Result<Option<String>, SendError> {
        let post = Post::PassThread { pass_thread: note.to_owned() };
        let conversation = Conversation::messenger("100", "77");
        let receipt = self.messenger.send(&Outgoing { id: "outbox-2".to_owned(), conversation, post }).await?;
        Ok(receipt.message_id.map(|id| id.as_str().to_owned()))
    }

    async fn say(&self) -> Result<Option<String>, SendError> {
        self.send(Bubble { text: "You have €12.50.".to_owned(), ..Bubble::default() }).await
    }

    fn calls(&self) -> Vec<Request<Bytes>> {
        self.stub.calls.lock().expect("not poisoned").clone()
    }

    fn body(&self, at: usize) -> Value {
        serde_json::from_slice(self.calls()[at].body()).expect("JSON")
    }

    fn since(&self, start: Timestamp) -> Duration {
        self.clock.now().duration_since(start).unsigned_abs()
    }
}

#[tokio::test(start_paused = true)]
async fn a_thread_is_passed_to_the_inbox_of_the_page() {
    let desk = desk([]);
    assert_eq!(desk.pass("The person asked for a human.").await, Ok(None));
    assert!(desk.calls()[0].uri().path().ends_with("/v25.0/100/pass_thread_control"));
    let body = json!({
        "recipient": {"id": "77"}, "target_app_id": "263902037430900", "metadata": "The person asked for a human.",
    });
    assert_eq!(desk.body(0), body);
}

#[tokio::test(start_paused = true)]
async fn a_text_goes_out_with_its_token_in_a_header_and_its_id_in_the_metadata() {
    let desk = desk([]);
    let chip = QuickReply { title: "Spending".to_owned(), payload: "SPEND".to_owned() };
    let bubble = Bubble { text: "Hello.".to_owned(), quick_replies: vec![chip], ..Bubble::default() };
    assert_eq!(desk.send(bubble).await, Ok(Some("m_out".to_owned())));
    let calls = desk.calls();
    let proof = signature::hmac_hex(&SecretString::from("app secret"), b"page-token");
    let address = format!("https://graph.example/v25.0/100/messages?appsecret_proof={proof}");
    assert_eq!((calls[0].method().as_str(), calls[0].uri().to_string()), ("POST", address));
    assert_eq!(calls[0].headers()["authorization"], "Bearer page-token");
    assert_eq!(calls[0].headers()["content-type"], "application/json");
    let expected = json!({
        "recipient": {"id": "77"}, "messaging_type": "RESPONSE",
        "message": {"text": "Hello.", "metadata": "outbox-1",
            "quick_replies": [{"content_type": "text", "title": "Spending", "payload": "SPEND"}]},
    });
    assert_eq!(desk.body(0), expected);
}

#[tokio::test(start_paused = true)]
async fn buttons_go_out_as_a_template() {
    let desk = desk([]);
    let buttons = vec![
        Button::Postback { title: "More".to_owned(), payload: "MORE".to_owned() },
        Button::Web { title: "Link".to_owned(), url: "https://bot.example/l".to_owned() },
        Button::Call { title: "Call".to_owned(), number: "+15550100".to_owned() },
    ];
    desk.send(Bubble { text: "Which?".to_owned(), buttons, ..Bubble::default() }).await.expect("sent");
    let expected = json!({"type": "template", "payload": {"template_type": "button", "text": "Which?", "buttons": [
        {"type": "postback", "title": "More", "payload": "MORE"},
        {"type": "web_url", "title": "Link", "url": "https://bot.example/l", "webview_share_button": "hide"},
        {"type": "phone_number", "title": "Call", "payload": "+15550100"},
    ]}});
    assert_eq!(desk.body(0)["message"], json!({"attachment": expected, "metadata": "outbox-1"}));
}

#[tokio::test(start_paused = true)]
async fn signs_carry_nothing_but_themselves() {
    let desk = desk([]);
    let maya = Conversation::messenger("100", "77");
    for (at, (signal, word)) in
        [(Signal::MarkSeen, "mark_seen"), (Signal::TypingOn, "typing_on"), (Signal::TypingOff, "typing_off")]
            .into_iter()
            .enumerate()
    {
        desk.messenger.signal(&maya, signal).await.expect("sent");
        assert_eq!(desk.body(at), json!({"recipient": {"id": "77"}, "sender_action": word}));
    }
}

#[tokio::test(start_paused = true)]
async fn what_the_answer_means() {
    let kind = |error: &SendError| match error {
        SendError::Uncertain(_) => "uncertain",
        SendError::Retry { .. } => "retry",
        SendError::SlowDown { .. } => "slow down",
        SendError::SentAnyway(_) => "sent anyway",
        SendError::Refused(_) => "refused",
        SendError::PageStopped(_) => "page stopped",
    };
    let cases = [
        (Step::Answer(400, r#"{"error":{"code":10,"error_subcode":2018278}}"#), "refused"),
        (Step::Answer(400, r#"{"error":{"code":551,"error_subcode":1545041}}"#), "refused"),
        (Step::Answer(400, r#"{"error":{"code":190,"error_subcode":463,"fbtrace_id":"A1"}}"#), "page stopped"),
        (Step::Answer(400, r#"{"error":{"code":100,"is_transient":true}}"#), "retry"),
        (Step::Answer(400, r#"{"error":{"code":1,"error_subcode":1357046}}"#), "sent anyway"),
        (Step::Answer(400, r#"{"error":{"code":613}}"#), "slow down"),
        (Step::Answer(500, r#"{"error":{"code":1200}}"#), "retry"),
        (Step::Answer(503, "<html>"), "retry"),
        (Step::Answer(504, ""), "uncertain"),
        (Step::Answer(200, "<html>"), "uncertain"),
        (Step::Answer(429, "slow down"), "slow down"),
        (Step::Fail(TransportError::Unreachable), "retry"),
        (Step::Fail(TransportError::Broken), "uncertain"),
        (Step::Fail(TransportError::TooLarge), "uncertain"),
        (Step::Hang, "uncertain"),
    ];
    for (at, (step, expected)) in cases.into_iter().enumerate() {
        let desk = desk([step]);
        let error = desk.say().await.expect_err("an error");
        assert_eq!(kind(&error), expected, "case {at}");
        assert!(!format!("{error:?}").contains("12.50"), "no content in a reason");
    }
    let elsewhere = Outgoing {
        id: "x".to_owned(),
        conversation: Conversation::messenger("999", "77"),
        post: Post::Bubble(Bubble::default()),
    };
    let error = desk([]).messenger.send(&elsewhere).await.expect_err("an error");
    assert_eq!(kind(&error), "page stopped");
}

#[tokio::test(start_paused = true)]
async fn ten_seconds_are_waited_for_an_answer() {
    let desk = desk([Step::Hang]);
    let start = desk.clock.now();
    desk.say().await.expect_err("an error");
    let waited = desk.since(start);
    assert!((Duration::from_secs(10)..Duration::from_millis(10_100)).contains(&waited), "{waited:?}");
}

#[tokio::test(start_paused = true)]
async fn a_burst_is_spread_and_high_usage_spreads_it_further() {
    let desk = desk([]);
    let start = desk.clock.now();
    for _ in 0..81 {
        desk.say().await.expect("sent");
    }
    let spent = desk.since(start);
    assert!((Duration::from_secs(2)..Duration::from_millis(2200)).contains(&spent), "{spent:?}");

    let busy = self::desk([Step::AnswerWith("x-app-usage", r#"{"call_count":85,"total_time":1,"total_cputime":1}"#)]);
    for _ in 0..40 {
        busy.say().await.expect("a receipt stays a receipt");
    }
    let error = busy.say().await.expect_err("beyond patience");
    assert!(matches!(error, SendError::SlowDown { .. }), "{error:?}");
    assert_eq!(busy.calls().len(), 40, "what would wait too long is not sent");
    assert!(busy.messenger.signal(&Conversation::messenger("100", "77"), Signal::TypingOn).await.is_err());
}

#[tokio::test(start_paused = true)]
async fn a_page_that_must_slow_down_rests_until_then() {
    let desk = desk([Step::Answer(400, r#"{"error":{"code":32}}"#)]);
    let start = desk.clock.now();
    let until = later(start, Duration::from_secs(60));
    let expect = |error| matches!(error, Err(SendError::SlowDown { until: told, .. }) if told == until);
    assert!(expect(desk.say().await) && expect(desk.say().await));
    assert_eq!(desk.calls().len(), 1);
    desk.clock.sleep_until(until).await;
    assert!(desk.say().await.is_ok());
}

#[tokio::test(start_paused = true)]
async fn calls_about_a_page_carry_its_token_and_give_the_json_back() {
    let page = PageId::new("100");
    let desk = desk([
        Step::Answer(200, r#"{"data":[]}"#),
        Step::Answer(200, r#"{"result":"success"}"#),
        Step::Answer(400, r#"{"error":{"code":190}}"#),
    ]);
    let profile = json!({"get_started": {"payload": "GET_STARTED"}});
    let edge = "me/messenger_profile";
    let get = || desk.messenger.graph(&page, Method::GET, edge, "fields=get_started", None);
    assert_eq!(get().await, Ok(json!({"data": []})));
    assert_eq!(
        desk.messenger.graph(&page, Method::POST, edge, "", Some(&profile)).await,
        Ok(json!({"result": "success"}))
    );
    assert!(matches!(get().await, Err(SendError::PageStopped(_))));
    let calls = desk.calls();
    assert_eq!(calls[0].uri().path(), "/v25.0/me/messenger_profile");
    assert!(calls[0].uri().query().is_some_and(|query| query.starts_with("fields=get_started&appsecret_proof=")));
    assert_eq!((calls[1].method(), desk.body(1)), (&Method::POST, profile));
}
