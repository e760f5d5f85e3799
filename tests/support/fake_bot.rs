//! A bot for tests of the local Messenger: it checks signatures as the real one does, counts what arrives, and
//! answers a few words through the Graph API.
#![allow(dead_code, reason = "each test file that includes this uses a part of it")]

use std::collections::HashSet;
use std::sync::atomic::{AtomicU16, Ordering};
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use axum::Router;
use axum::extract::State;
use balancebot::clock::Clock;
use balancebot::domain::message::Conversation;
use balancebot::egress::Transport;
use balancebot::sandbox::messenger::{LocalMessenger, Person, Settings, Settled, Webhook};
use bytes::Bytes;
use hmac::{Hmac, KeyInit, Mac};
use http::{HeaderMap, Request, StatusCode};
use serde_json::{Value, json};
use sha2::Sha256;
use tokio::sync::watch;

pub(crate) const PAGE: &str = "100000000000001";
pub(crate) const APP: &str = "200000000000002";
pub(crate) const SECRET: &str = "an app secret";
pub(crate) const TOKEN: &str = "a page token";
pub(crate) const MAYA: &str = "7001";
pub(crate) const SAM: &str = "7002";

/// A Messenger with three people, not yet connected to a bot.
pub(crate) fn messenger(clock: Arc<dyn Clock>) -> LocalMessenger {
    let person = |id: &str, name: &str, handle: &str| Person {
        id: id.to_owned(),
        name: name.to_owned(),
        handle: handle.to_owned(),
        locale: Some("en_US".to_owned()),
        zone: Some("America/New_York".to_owned()),
    };
    let settings = Settings {
        app_id: APP.to_owned(),
        page_id: PAGE.to_owned(),
        page_name: "Balance Bot".to_owned(),
        app_secret: SECRET.into(),
        page_token: TOKEN.into(),
        verify_token: "a verify token &?".into(),
        require_proof: false,
        mid_prefix: "m_".to_owned(),
        people: vec![
            person(MAYA, "Maya Ortiz", "maya"),
            person(SAM, "Sam Keller", "sam"),
            person("7003", "Jonas Brandt", "jonas"),
        ],
    };
    LocalMessenger::new(settings, Webhook::nowhere(), clock)
}

/// HMAC-SHA256 in hexadecimal.
pub(crate) fn hmac_hex(message: &[u8]) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(SECRET.as_bytes()).expect("any key will do");
    mac.update(message);
    hex::encode(mac.finalize().into_bytes())
}

/// The bot. Clones are the same bot.
#[derive(Clone)]
pub(crate) struct FakeBot {
    graph: Arc<dyn Transport>,
    graph_url: String,
    clock: Arc<dyn Clock>,
    answers_with: Arc<AtomicU16>,
    deliveries: Arc<Mutex<Vec<Bytes>>>,
    answered: Arc<Mutex<HashSet<String>>>,
    unfinished: Arc<watch::Sender<usize>>,
}

impl FakeBot {
    pub(crate) fn new(graph: Arc<dyn Transport>, graph_url: &str, clock: Arc<dyn Clock>) -> Self {
        Self {
            graph,
            graph_url: graph_url.to_owned(),
            clock,
            answers_with: Arc::new(AtomicU16::new(200)),
            deliveries: Arc::default(),
            answered: Arc::default(),
            unfinished: Arc::new(watch::Sender::new(0)),
        }
    }

    /// What the webhook answers from now on, 200 at first. Anything else is refused unread, but counted.
    pub(crate) fn answer_with(&self, status: u16) {
        self.answers_with.store(status, Ordering::SeqCst);
    }

    /// The bodies of all deliveries with a right signature, in order of arrival.
    pub(crate) fn bodies(&self) -> Vec<Bytes> {
        self.deliveries.lock().expect("no panic").clone()
    }

    /// The events of all deliveries.
    pub(crate) fn events(&self) -> Vec<Value> {
        let event = |body: &Bytes| {
            let body: Value = serde_json::from_slice(body).expect("deliveries are JSON");
            assert_eq!(body["object"], "page");
            assert_eq!(body["entry"][0]["id"], PAGE);
            body["entry"][0]["messaging"][0].clone()
        };
        self.bodies().iter().map(event).collect()
    }

    /// The events that have this key, e.g. `postback`.
    pub(crate) fn events_with(&self, key: &str) -> Vec<Value> {
        self.events().into_iter().filter(|event| event.get(key).is_some()).collect()
    }

    pub(crate) fn router(&self) -> Router {
        Router::new().route("/webhook", axum::routing::post(receive).get(challenge)).with_state(self.clone())
    }

    async fn think(&self, event: Value) {
        let Some(psid) = event["sender"]["id"].as_str().filter(|id| *id != PAGE) else { return };
        let Some(mid) = event["message"]["mid"].as_str().or(event["postback"]["mid"].as_str()) else { return };
        if !self.answered.lock().expect("no panic").insert(mid.to_owned()) {
            return;
        }
        let payload = event["message"]["quick_reply"]["payload"].as_str().or(event["postback"]["payload"].as_str());
        let text = payload.or(event["message"]["text"].as_str()).unwrap_or_default().to_owned();
        self.send(json!({"recipient": {"id": psid}, "sender_action": "mark_seen"})).await;
        self.send(json!({"recipient": {"id": psid}, "sender_action": "typing_on"})).await;
        if text == "think" {
            self.clock.sleep(std::time::Duration::from_secs(600)).await;
        }
        for message in answers(&text) {
            self.send(json!({"recipient": {"id": psid}, "messaging_type": "RESPONSE", "message": message})).await;
        }
    }

    /// One call of the Send API; the status and the JSON that it answers.
    pub(crate) async fn send(&self, body: Value) -> (StatusCode, Value) {
        let request = Request::post(format!("{}/v25.0/me/messages", self.graph_url))
            .header("authorization", format!("Bearer {TOKEN}"))
            .header("content-type", "application/json")
            .body(Bytes::from(body.to_string()))
            .expect("a request");
        let response = self.graph.exchange(request).await.expect("the Graph API answers");
        (response.status(), serde_json::from_slice(response.body()).expect("the Graph API answers JSON"))
    }
}

/// What the bot answers to a text or payload.
pub(crate) fn answers(text: &str) -> Vec<Value> {
    let chip = |title: &str, payload: &str| json!({"content_type": "text", "title": title, "payload": payload});
    match text {
        "silence" => vec![],
        "GET_STARTED" => vec![json!({
            "text": "Hi Jonas 👋 Ask me about your money. I read it from your own banks and can show you what I looked at.",
            "quick_replies": [chip("Balance", "BALANCE"), chip("What can you do?", "HELP")],
        })],
        "BALANCE" | "balance" => vec![
            json!({"text": "Everyday Checking ••4821 has $2,184.05 available.", "metadata": "outbox-1"}),
            json!({
                "text": "Two payments are pending, $126.50 together.\nAs of 14:00.",
                "quick_replies": [
                    chip("Spending", "SPEND"), chip("Recent activity", "RECENT"),
                    chip("How computed?", "EXPLAIN"), chip("Hide amounts", "MASK"),
                ],
            }),
        ],
        "SPEND" => vec![json!({"attachment": {"type": "template", "payload": {
            "template_type": "button",
            "text": "You've spent $214.37 on groceries this month (Nov 1–22), in 3 payments.",
            "buttons": [
                {"type": "postback", "title": "See the 3 payments", "payload": "ROWS"},
                {"type": "web_url", "title": "Open as a page", "url": "https://bot.example/explain"},
                {"type": "phone_number", "title": "Call the bank", "payload": "+15550100"},
            ],
        }}})],
        other => vec![json!({"text": format!("You said: {other}")})],
    }
}

async fn challenge(uri: http::Uri) -> Result<String, StatusCode> {
    let query = uri.query().unwrap_or_default();
    let token_is_right = query.contains("hub.verify_token=a%20verify%20token%20%26%3F");
    let challenge = query.split('&').find_map(|pair| pair.strip_prefix("hub.challenge="));
    challenge.filter(|_| token_is_right).map(str::to_owned).ok_or(StatusCode::FORBIDDEN)
}

async fn receive(State(bot): State<FakeBot>, headers: HeaderMap, body: Bytes) -> StatusCode {
    let given = headers.get("x-hub-signature-256").and_then(|value| value.to_str().ok()).unwrap_or_default();
    if given != format!("sha256={}", hmac_hex(&body)) {
        return StatusCode::UNAUTHORIZED;
    }
    bot.deliveries.lock().expect("no panic").push(body.clone());
    let status = StatusCode::from_u16(bot.answers_with.load(Ordering::SeqCst)).expect("a status");
    if status != StatusCode::OK {
        return status;
    }
    let delivery: Value = serde_json::from_slice(&body).unwrap_or_default();
    let event = delivery["entry"][0]["messaging"][0].clone();
    bot.unfinished.send_modify(|count| *count += 1);
    tokio::spawn(async move {
        bot.think(event).await;
        bot.unfinished.send_modify(|count| *count -= 1);
    });
    status
}

#[async_trait]
impl Settled for FakeBot {
    async fn settled(&self, _conversation: &Conversation) {
        drop(self.unfinished.subscribe().wait_for(|count| *count == 0).await);
    }
}
