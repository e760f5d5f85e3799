//! The local Messenger is as strict as the real one to the bot, and delivers as the real one does: signed, spelled
//! Meta's way, at least once. Time stands still unless a test waits, so nothing here depends on the machine.

#[path = "support/fake_bot.rs"]
mod fake_bot;

use std::sync::Arc;
use std::time::Duration;

use balancebot::channel::Signal;
use balancebot::clock::{Clock, WorldClock};
use balancebot::egress::{InProcess, Reach, Socket, Transport, TransportError};
use balancebot::sandbox::messenger::{FailNext, Faults, LocalMessenger, Mark, Tapped, Unsaid, Webhook};
use bytes::Bytes;
use fake_bot::{APP, FakeBot, MAYA, PAGE, SAM, TOKEN, hmac_hex};
use http::{Method, Request, Response, StatusCode};
use serde_json::{Value, json};

const OK: Option<StatusCode> = Some(StatusCode::OK);

struct World {
    messenger: LocalMessenger,
    bot: FakeBot,
    clock: Arc<WorldClock>,
    graph: InProcess,
}

/// A Messenger and a bot that call each other in this process.
fn world() -> World {
    let start = "2026-11-22T19:00:00Z".parse().expect("a time");
    let clock = Arc::new(WorldClock::starting_at(start));
    let messenger = fake_bot::messenger(clock.clone());
    let router = messenger.router();
    let bot = FakeBot::new(Arc::new(InProcess::new(router.clone())), "http://graph.test", clock.clone());
    let transport = Arc::new(InProcess::new(bot.router()));
    messenger.set_webhook(Webhook::new(transport, "http://bot.test/webhook"));
    messenger.set_settled(Arc::new(bot.clone()));
    World { messenger, bot, clock, graph: InProcess::new(router) }
}

impl World {
    async fn call(&self, method: Method, path: &str, body: Option<Value>) -> Response<Bytes> {
        let request = Request::builder().method(method).uri(format!("http://graph.test{path}"));
        let request = request.header("content-type", "application/json");
        let body = body.map(|body| Bytes::from(body.to_string())).unwrap_or_default();
        self.graph.exchange(request.body(body).expect("a request")).await.expect("an answer")
    }

    async fn json(&self, method: Method, path: &str, body: Option<Value>) -> (u16, Value) {
        let response = self.call(method, path, body).await;
        (response.status().as_u16(), serde_json::from_slice(response.body()).expect("JSON"))
    }

    /// Sends a message to Maya as the bot would; the error's code and subcode, or `None` when it was taken.
    async fn send(&self, message: Value) -> Option<(u64, u64)> {
        let (_, answer) = self.bot.send(json!({"recipient": {"id": MAYA}, "message": message})).await;
        let error = answer.get("error")?;
        assert!(error["fbtrace_id"].is_string() && error["message"].is_string() && error["type"].is_string());
        Some((error["code"].as_u64().unwrap_or(0), error["error_subcode"].as_u64().unwrap_or(0)))
    }
}

#[tokio::test(start_paused = true)]
async fn a_script_asks_and_taps_and_reads_what_the_bot_answered() {
    let world = world();
    let say = async |body: Value| world.json(Method::POST, "/sandbox/say", Some(body)).await;

    let (status, answer) = say(json!({"person": "maya", "text": "balance"})).await;
    assert_eq!(status, 200);
    assert_eq!(answer["replies"][0]["text"], "Everyday Checking ••4821 has $2,184.05 available.");
    assert_eq!(answer["replies"][0]["quick_replies"], json!([]));
    assert_eq!(
        answer["replies"][1]["quick_replies"],
        json!(["Spending", "Recent activity", "How computed?", "Hide amounts"])
    );

    let (_, answer) = say(json!({"person": "maya", "tap": "spending"})).await;
    assert_eq!(answer["replies"][0]["buttons"], json!(["See the 3 payments", "Open as a page", "Call the bank"]));
    let (_, answer) = say(json!({"person": "maya", "tap": "Open as a page"})).await;
    assert_eq!(answer, json!({"replies": [], "opens": "https://bot.example/explain"}));

    let (status, answer) = say(json!({"person": "maya", "tap": "Buy shares"})).await;
    assert_eq!(status, 409);
    assert_eq!(answer["offered"], json!(["See the 3 payments", "Open as a page", "Call the bank"]));
    let (status, answer) = say(json!({"person": "nobody", "text": "hi"})).await;
    assert_eq!((status, &answer["people"]), (404, &json!(["maya", "sam", "jonas"])));
    assert_eq!(say(json!({"person": "maya"})).await.0, 400);
    assert_eq!(say(json!({"person": "maya", "text": "silence"})).await, (200, json!({"replies": []})));

    // A bot that hangs is reported after half a minute, not waited for.
    let (status, answer) = say(json!({"person": "sam", "text": "think"})).await;
    assert_eq!(status, 504, "{answer}");
}

#[tokio::test(start_paused = true)]
async fn deliveries_are_signed_and_spelled_as_meta_spells_them() {
    let world = world();
    assert!(world.messenger.verify_webhook().await);
    assert_eq!(world.messenger.say("maya", "silence äöå 👍 1/2").await, Ok(OK));

    // The bot keeps only what carries a right signature.
    let body = world.bot.bodies().remove(0);
    let body = String::from_utf8(body.to_vec()).expect("ASCII");
    assert!(body.is_ascii());
    assert!(body.contains(r#""text":"silence \u00e4\u00f6\u00e5 \ud83d\udc4d 1\/2""#), "{body}");
    let event = &world.bot.events()[0];
    assert_eq!(event["sender"]["id"], MAYA);
    assert_eq!(event["recipient"]["id"], PAGE);
    assert_eq!(event["timestamp"], 1_795_374_000_000_i64);
    assert_eq!(event["message"]["mid"], "m_2");

    assert_eq!(world.messenger.forge("maya", "send me her balance").await, Ok(Some(StatusCode::UNAUTHORIZED)));
    assert_eq!(world.bot.events_with("message").len(), 2, "the text and the answer's echo");
}

#[tokio::test(start_paused = true)]
async fn a_sent_message_comes_back_as_echo_and_delivery_and_is_read_by_who_looks() {
    let world = world();
    let start = Mark::default();
    world.messenger.say("maya", "balance").await.expect("maya exists");
    world.clock.sleep_until(world.clock.now() + Duration::from_millis(5)).await;
    world.messenger.drained().await;

    let sent = world.messenger.outbox_since("maya", start).expect("maya exists");
    assert_eq!(sent.len(), 2);
    assert_eq!(sent[1].quick_replies[0].payload, "SPEND");
    let signals = world.messenger.signals_since("maya", start).expect("maya exists");
    assert!(signals.iter().all(|seen| seen.place < sent[0].place), "typing was shown before the first bubble");
    let signals: Vec<Signal> = signals.iter().map(|seen| seen.signal).collect();
    assert_eq!(signals, [Signal::MarkSeen, Signal::TypingOn]);
    assert_eq!(world.messenger.outbox_since("maya", world.messenger.mark("maya").expect("maya")), Ok(vec![]));

    let echo = &world.bot.events_with("message")[1];
    assert_eq!(echo["sender"]["id"], PAGE);
    assert_eq!(echo["recipient"]["id"], MAYA);
    assert_eq!(echo["message"]["is_echo"], true);
    assert_eq!(echo["message"]["app_id"].to_string(), APP);
    assert_eq!(echo["message"]["metadata"], "outbox-1");
    assert_eq!(echo["message"]["mid"], sent[0].mid.as_str());
    let deliveries = world.bot.events_with("delivery");
    assert_eq!(deliveries[0]["delivery"]["mids"], json!([sent[0].mid.as_str()]));

    assert!(world.bot.events_with("read").is_empty(), "nobody looks");
    let page = world
        .graph
        .exchange(Request::get("http://graph.test/sandbox/events?person=maya").body(Bytes::new()).expect("a request"));
    let opened = tokio::spawn({
        let messenger = world.messenger.clone();
        async move {
            tokio::task::yield_now().await;
            messenger.drained().await;
            messenger.close();
        }
    });
    let (page, opened) = tokio::join!(page, opened);
    assert_eq!(page.expect("the stream ends when the sandbox closes").headers()["content-type"], "text/event-stream");
    opened.expect("no panic");
    assert_eq!(world.bot.events_with("read").len(), 1);
}

#[tokio::test(start_paused = true)]
async fn what_is_not_answered_200_is_tried_again_at_once_and_then_later() {
    let world = world();
    world.bot.answer_with(503);
    assert_eq!(world.messenger.say("maya", "silence").await, Ok(Some(StatusCode::SERVICE_UNAVAILABLE)));
    assert_eq!(world.bot.bodies().len(), 3);
    world.bot.answer_with(200);
    world.clock.sleep_until(world.clock.now() + Duration::from_secs(3)).await;
    let bodies = world.bot.bodies();
    assert_eq!(bodies.len(), 4);
    assert!(bodies.iter().all(|body| *body == bodies[0]), "byte for byte the same");
    world.clock.sleep_until(world.clock.now() + Duration::from_secs(7200)).await;
    assert_eq!(world.bot.bodies().len(), 4);

    // A bot that cannot be reached is no other case, and in the end the platform gives up.
    world.messenger.set_webhook(Webhook::nowhere());
    assert_eq!(world.messenger.redeliver("maya").await, Ok(None));
    world.clock.sleep_until(world.clock.now() + Duration::from_secs(7200)).await;
    let (_, lines) = world.json(Method::GET, "/sandbox/messenger/wire", None).await;
    assert_eq!(lines.as_array().and_then(|lines| lines.last()).expect("a line")["note"], "given up");
}

#[tokio::test(start_paused = true)]
async fn deliveries_can_come_twice_in_another_order_and_without_echoes() {
    let world = world();
    world.messenger.set_faults(Faults { deliver_twice: true, ..Faults::default() });
    world.messenger.say("maya", "silence").await.expect("maya exists");
    assert_eq!(world.bot.bodies().len(), 2);
    assert_eq!(world.messenger.redeliver("maya").await, Ok(OK));
    let bodies = world.bot.bodies();
    assert!(bodies.len() == 4 && bodies.iter().all(|body| *body == bodies[0]));
    assert_eq!(world.messenger.redeliver("sam").await, Err(Unsaid::NothingToRedeliver));

    world.messenger.set_faults(Faults { reorder: true, ..Faults::default() });
    let (first, second) =
        tokio::join!(world.messenger.say("maya", "silence 1"), world.messenger.say("maya", "silence 2"));
    assert_eq!((first, second), (Ok(OK), Ok(OK)));
    let texts: Vec<Value> =
        world.bot.events_with("message").iter().skip(4).map(|e| e["message"]["text"].clone()).collect();
    assert_eq!(texts[..2], [json!("silence 2"), json!("silence 1")]);

    world.messenger.set_faults(Faults { echoes: false, ..Faults::default() });
    let (_, answer) = world.json(Method::POST, "/sandbox/say", Some(json!({"person": "sam", "text": "hi"}))).await;
    assert_eq!(answer["replies"][0]["text"], "You said: hi");
    assert!(!world.bot.events().iter().any(|event| event["recipient"]["id"] == SAM));
}

#[tokio::test(start_paused = true)]
async fn people_can_do_everything_that_messenger_lets_them() {
    let world = world();
    let messenger = &world.messenger;
    assert_eq!(messenger.react("maya", "❤").await, Err(Unsaid::NoMessage));
    assert_eq!(messenger.get_started("maya").await, Ok(OK));
    world.clock.sleep_until(world.clock.now() + Duration::from_millis(5)).await;
    assert_eq!(messenger.tap("maya", "BALANCE").await, Ok(Tapped::Delivered(OK)));
    assert_eq!(messenger.sticker("maya", "thumbs_up").await, Ok(OK));
    assert_eq!(messenger.attachment("maya", "location").await, Ok(OK));
    assert_eq!(messenger.react("maya", "👍").await, Ok(OK));
    assert_eq!(messenger.read("maya").await, Ok(OK));
    assert_eq!(messenger.delivered("maya").await, Ok(OK));
    assert_eq!(messenger.postback("maya", "HELP", "Help").await, Ok(OK));
    assert_eq!(messenger.deliver(json!({"sender": {"id": MAYA}, "surprise": {}})).await, OK);
    assert_eq!(messenger.deliver_raw(Bytes::from_static(b"{}")).await, OK);

    let mut bodies = world.bot.bodies();
    assert_eq!(bodies.pop().as_deref(), Some(&b"{}"[..]));
    let messages = world.bot.bodies().len();
    assert!(messages > 9);
    let events: Vec<Value> = bodies
        .iter()
        .map(|body| serde_json::from_slice::<Value>(body).expect("JSON")["entry"][0]["messaging"][0].clone())
        .filter(|event| event["sender"]["id"] == MAYA)
        .collect();
    let has = |pointer: &str, value: Value| events.iter().any(|event| event.pointer(pointer) == Some(&value));
    assert!(has("/postback/payload", json!("GET_STARTED")));
    assert!(has("/message/quick_reply/payload", json!("BALANCE")));
    assert!(has("/message/attachments/0/payload/sticker_id", json!(369_239_263_222_822_u64)));
    assert!(has("/message/attachments/0/type", json!("location")));
    assert!(has("/reaction/reaction", json!("like")));
    assert!(has("/postback/title", json!("Help")));
    assert!(has("/surprise", json!({})));
}

#[tokio::test(start_paused = true)]
async fn the_send_api_keeps_every_limit() {
    let world = world();
    world.messenger.open_window("maya").expect("maya exists");
    let chips = |count: usize, title: &str| {
        let chip = json!({"content_type": "text", "title": title, "payload": "P"});
        json!({"text": "x", "quick_replies": vec![chip; count]})
    };
    let template = |text: String, count: usize, title: &str| {
        let button = json!({"type": "postback", "title": title, "payload": "P"});
        json!({"attachment": {"type": "template",
            "payload": {"template_type": "button", "text": text, "buttons": vec![button; count]}}})
    };
    let image = |url: &str| json!({"attachment": {"type": "image", "payload": {"url": url}}});
    let metadata = |length: usize| json!({"text": "x", "metadata": "m".repeat(length)});
    let twenty = "12345678901234567890";

    for (message, refused) in [
        (json!({"text": "x".repeat(2000)}), None),
        (json!({"text": "x".repeat(2001)}), Some((100, 0))),
        (json!({"text": "👍".repeat(1001)}), Some((100, 0))),
        (json!({"text": ""}), Some((100, 2_018_034))),
        (json!({}), Some((100, 2_018_034))),
        (chips(13, twenty), None),
        (chips(14, "x"), Some((100, 0))),
        (chips(1, "123456789012345678901"), Some((100, 0))),
        (template("x".repeat(640), 3, twenty), None),
        (template("x".repeat(641), 3, "x"), Some((100, 0))),
        (template("x".to_owned(), 4, "x"), Some((100, 0))),
        (template("x".to_owned(), 0, "x"), Some((100, 0))),
        (template("x".to_owned(), 1, "123456789012345678901"), Some((100, 0))),
        (metadata(999), None),
        (metadata(1000), Some((100, 0))),
        // The sandbox fetches pictures as the platform does, but only from this machine, and this bot has none.
        (image("https://bot.example/chart.png"), Some((100, 2_018_008))),
        (image("http://127.0.0.1:2/chart/x.png"), Some((100, 2_018_008))),
        (image("file:///etc/passwd"), Some((100, 2_018_008))),
    ] {
        assert_eq!(world.send(message.clone()).await, refused, "{message}");
    }
    let (_, taken) = world.bot.send(json!({"recipient": {"id": MAYA}, "message": {"text": "x"}})).await;
    assert_eq!(taken["recipient_id"], MAYA);
    assert!(taken["message_id"].as_str().is_some_and(|mid| mid.starts_with("m_")));
    let (_, signed) = world.bot.send(json!({"recipient": {"id": MAYA}, "sender_action": "typing_on"})).await;
    assert_eq!(signed, json!({"recipient_id": MAYA}));
    let (status, dead) = world
        .bot
        .send(json!({"recipient": {"id": MAYA}, "messaging_type": "MESSAGE_TAG", "tag": "ACCOUNT_UPDATE",
            "message": {"text": "x"}}))
        .await;
    assert_eq!((status.as_u16(), &dead["error"]["code"]), (400, &json!(100)));
}

#[tokio::test(start_paused = true)]
async fn the_send_api_asks_who_calls_and_whom_and_when() {
    let world = world();
    let post = async |path: &str| {
        let message = json!({"recipient": {"id": MAYA}, "message": {"text": "x"}});
        let (status, answer) = world.json(Method::POST, path, Some(message)).await;
        (status, answer["error"]["code"].as_u64(), answer["error"]["error_subcode"].as_u64())
    };
    let proof = hmac_hex(TOKEN.as_bytes());
    let good = format!("/v25.0/{PAGE}/messages?access_token=a%20page%20token");
    assert_eq!(post("/v25.0/me/messages").await, (400, Some(104), None));
    assert_eq!(post("/v25.0/me/messages?access_token=stolen").await, (400, Some(190), None));
    assert_eq!(post(&format!("{good}&appsecret_proof=00")).await, (400, Some(100), None));
    assert_eq!(post("/v25.0/42/messages?access_token=a%20page%20token").await, (400, Some(100), Some(33)));
    assert_eq!(post("/latest/me/messages?access_token=a%20page%20token").await, (404, Some(2500), None));

    // Maya never wrote; then she does, and a day later the window is shut again.
    assert_eq!(post(&good).await, (400, Some(10), Some(2_018_278)));
    world.messenger.say("maya", "silence").await.expect("maya exists");
    assert_eq!(post(&format!("{good}&appsecret_proof={proof}")).await, (200, None, None));
    world.clock.skip(Duration::from_secs(24 * 3600 - 1));
    assert_eq!(post(&good).await, (200, None, None));
    world.clock.skip(Duration::from_secs(1));
    assert_eq!(post(&good).await, (400, Some(10), Some(2_018_278)));

    let (_, stranger) = world.bot.send(json!({"recipient": {"id": "666"}, "message": {"text": "x"}})).await;
    assert_eq!(stranger["error"]["error_subcode"], 2_018_001);
}

#[tokio::test(start_paused = true)]
async fn sends_fail_when_they_are_told_to() {
    let world = world();
    world.messenger.open_window("maya").expect("maya exists");
    let fail = FailNext { count: 2, code: 551, subcode: Some(1_545_041), status: 400, is_transient: false };
    world.messenger.set_faults(Faults { fail_next: Some(fail), ..Faults::default() });
    let hello = json!({"text": "hello"});
    assert_eq!(world.send(hello.clone()).await, Some((551, 1_545_041)));
    assert_eq!(world.send(hello.clone()).await, Some((551, 1_545_041)));
    assert_eq!(world.send(hello.clone()).await, None);

    let switch = async |patch: Value| world.json(Method::POST, "/sandbox/messenger/faults", Some(patch)).await;
    assert_eq!(switch(json!({"rate_limited": true})).await.1["rate_limited"], true);
    assert_eq!(world.send(hello.clone()).await, Some((613, 0)));
    assert_eq!(switch(json!({"rate_limited": false, "answer_after_ms": 4000})).await.0, 200);
    let before = world.clock.now();
    assert_eq!(world.send(hello).await, None);
    assert!(world.clock.now() >= before + Duration::from_secs(4));
    assert_eq!(switch(json!({"rate_limitted": true})).await.0, 400, "an unknown switch is an error");
}

#[tokio::test]
async fn an_answer_can_be_lost_although_the_message_was_taken() {
    // Over a socket: here the connection really breaks.
    let world = world();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("an address");
    let router = world.messenger.router();
    tokio::spawn(async move { axum::serve(listener, router).await });
    world.messenger.open_window("maya").expect("maya exists");
    world.messenger.set_faults(Faults { lose_answers: 1, ..Faults::default() });

    let message = json!({"recipient": {"id": MAYA}, "message": {"text": "hello", "metadata": "outbox-9"}}).to_string();
    let request = Request::post(format!("http://{address}/v25.0/me/messages?access_token=a%20page%20token"))
        .header("content-type", "application/json")
        .body(Bytes::from(message))
        .expect("a request");
    let answer =
        Socket::new(Reach::Loopback).expect("a transport").exchange(request).await.map(|response| response.status());
    assert_eq!(answer, Err(TransportError::Broken));
    world.messenger.drained().await;
    let echo = &world.bot.events_with("message")[0];
    assert_eq!(echo["message"]["metadata"], "outbox-9", "the echo tells the truth");
}

#[tokio::test(start_paused = true)]
async fn the_profile_and_the_subscriptions_are_kept() {
    let world = world();
    let token = "access_token=a%20page%20token";
    let profile = format!("/v25.0/me/messenger_profile?fields=get_started,greeting&{token}");
    assert_eq!(world.json(Method::GET, &profile, None).await.1, json!({"data": []}));
    let menu = json!({"persistent_menu": [{"locale": "default", "call_to_actions": []}]});
    let (_, refused) = world.json(Method::POST, &profile, Some(menu)).await;
    assert_eq!(refused["error"]["error_subcode"], 2_018_145);
    let start = json!({"get_started": {"payload": "GO"}});
    assert_eq!(world.json(Method::POST, &profile, Some(start.clone())).await.1, json!({"result": "success"}));
    assert_eq!(world.json(Method::GET, &profile, None).await.1, json!({"data": [start]}));
    let tap = json!({"person": "maya", "text": "hi"});
    world.messenger.get_started("maya").await.expect("maya exists");
    assert_eq!(world.json(Method::POST, "/sandbox/say", Some(tap)).await.0, 200, "and the bot has settled");
    assert_eq!(world.bot.events()[0]["postback"]["payload"], "GO");
    let gone = json!({"fields": ["get_started"]});
    assert_eq!(world.json(Method::DELETE, &profile, Some(gone)).await.1, json!({"result": "success"}));
    assert_eq!(world.json(Method::GET, &profile, None).await.1, json!({"data": []}));

    let apps = format!("/v25.0/{PAGE}/subscribed_apps?{token}");
    let fields = json!({"subscribed_fields": ["messages", "message_reads"]});
    assert_eq!(world.json(Method::POST, &apps, Some(fields.clone())).await.1, json!({"success": true}));
    let (_, listed) = world.json(Method::GET, &apps, None).await;
    assert_eq!(listed["data"][0]["subscribed_fields"], fields["subscribed_fields"]);
    let deliveries = world.bot.events_with("delivery").len();
    assert_eq!(world.send(json!({"text": "x"})).await, None);
    world.messenger.drained().await;
    assert_eq!(world.bot.events_with("delivery").len(), deliveries, "no longer subscribed");

    let (_, me) = world.json(Method::GET, &format!("/v25.0/me?fields=id,name&{token}"), None).await;
    assert_eq!(me, json!({"id": PAGE, "name": "Balance Bot"}));
    world.messenger.set_locale("maya", "de-DE").expect("maya exists");
    let fields = format!("/v25.0/{MAYA}?fields=first_name,locale&{token}");
    let (_, maya) = world.json(Method::GET, &fields, None).await;
    assert_eq!(maya, json!({"first_name": "Maya", "locale": "de_DE", "id": MAYA}));
}

#[tokio::test(start_paused = true)]
async fn the_page_is_served_under_a_strict_policy() {
    let world = world();
    for (path, kind) in [("/", "text/html"), ("/style.css", "text/css"), ("/chat.js", "text/javascript")] {
        let response = world.call(Method::GET, path, None).await;
        assert_eq!(response.status(), 200);
        let header = |name: &str| response.headers()[name].to_str().unwrap_or_default().to_owned();
        assert!(header("content-type").starts_with(kind));
        assert!(header("content-security-policy").starts_with("default-src 'self'"));
        assert_eq!(header("x-content-type-options"), "nosniff");
    }
    // What the policy forbids anyway must not stand in the files.
    let page = String::from_utf8(world.call(Method::GET, "/", None).await.body().to_vec()).expect("UTF-8");
    let script = String::from_utf8(world.call(Method::GET, "/chat.js", None).await.body().to_vec()).expect("UTF-8");
    assert!(!page.contains(" style=") && !page.contains("onclick="));
    assert!(!script.contains("innerHTML") && !script.contains("insertAdjacentHTML"));

    // A page elsewhere can post plain text to loopback, but nothing comes of it.
    let request = Request::post("http://graph.test/sandbox/say").header("content-type", "text/plain");
    let request = request.body(Bytes::from_static(br#"{"person":"maya","text":"hi"}"#)).expect("a request");
    assert_eq!(world.graph.exchange(request).await.expect("an answer").status(), 415);

    world.messenger.say("maya", "silence").await.expect("maya exists");
    let (_, people) = world.json(Method::GET, "/sandbox/people", None).await;
    let maya = json!({"id": MAYA, "handle": "maya", "name": "Maya Ortiz", "zone": "America/New_York", "begun": true, "last": "You: silence"});
    assert_eq!(people[0], maya);
    let (_, thread) = world.json(Method::GET, "/sandbox/thread/maya", None).await;
    assert_eq!(thread["items"][0]["text"], "silence");
    assert_eq!(world.call(Method::GET, "/sandbox/thread/nobody", None).await.status(), 404);
}

#[tokio::test(start_paused = true)]
async fn a_thread_is_passed_taken_and_given_back_as_on_the_platform() {
    let world = world();
    let hand = async |edge: &str, mut body: Value| {
        body["access_token"] = json!(TOKEN);
        body["appsecret_proof"] = json!(hmac_hex(TOKEN.as_bytes()));
        world.json(Method::POST, &format!("/v25.0/{PAGE}/{edge}"), Some(body)).await
    };
    world.messenger.say("maya", "hello").await.expect("maya");
    let inbox = json!({"recipient": {"id": MAYA}, "target_app_id": "263902037430900", "metadata": "why"});

    let (status, answer) = hand("pass_thread_control", json!({"recipient": {"id": MAYA}, "target_app_id": "1"})).await;
    assert_eq!((status, answer["error"]["code"].as_u64()), (400, Some(100)), "only the inbox can take it");
    assert_eq!(hand("pass_thread_control", inbox.clone()).await, (200, json!({"success": true})));
    assert_eq!(hand("pass_thread_control", inbox).await.0, 200, "twice is as good as once");
    assert!(world.messenger.at_desk("maya").expect("maya"));
    assert_eq!(world.messenger.passed("maya").expect("maya").len(), 1);
    assert_eq!(world.send(json!({"text": "Still me."})).await, Some((10, 2_018_300)));

    let desk = async |body: Value| world.json(Method::POST, "/sandbox/messenger/desk", Some(body)).await.0;
    assert_eq!(desk(json!({"act": "say", "person": "maya", "text": "Ana here."})).await, 200);
    let (_, thread) = world.json(Method::GET, "/sandbox/thread/maya", None).await;
    let last = thread["items"].as_array().and_then(|items| items.last()).expect("an item");
    assert_eq!((&thread["at_desk"], &last["sent"]["by_desk"]), (&json!(true), &json!(true)));
    assert_eq!(desk(json!({"act": "return", "person": "maya"})).await, 200);
    assert_eq!(desk(json!({"act": "return", "person": "maya"})).await, 409, "they have it no more");
    assert_eq!(
        hand("pass_thread_control", json!({"recipient": {"id": MAYA}, "target_app_id": 263_902_037_430_900_u64}))
            .await
            .0,
        200
    );

    assert_eq!(hand("take_thread_control", json!({"recipient": {"id": MAYA}})).await.0, 200);
    assert_eq!(world.send(json!({"text": "Me again."})).await, None);
    assert!(matches!(world.messenger.desk_returns("maya").await, Err(Unsaid::NotAtDesk)));
}
