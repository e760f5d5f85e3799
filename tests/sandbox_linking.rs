//! The ways between the local Messenger and a bot's pages: account linking, and links that lead back into the chat. As
//! on the real platform, what the bot learns of them is signed, and says who it was.

#[path = "support/fake_bot.rs"]
mod fake_bot;

use std::sync::Arc;
use std::time::Duration;

use balancebot::clock::WorldClock;
use balancebot::egress::{InProcess, Transport};
use balancebot::sandbox::messenger::{LocalMessenger, Tapped, Webhook};
use bytes::Bytes;
use fake_bot::{FakeBot, MAYA, PAGE, SAM, TOKEN};
use http::{Request, Response, StatusCode};
use reqwest::Url;
use serde_json::{Value, json};

const HOST: &str = "http://messenger.test";
const OK: Option<StatusCode> = Some(StatusCode::OK);

struct World {
    messenger: LocalMessenger,
    bot: FakeBot,
    clock: Arc<WorldClock>,
    door: InProcess,
}

fn world() -> World {
    let clock = Arc::new(WorldClock::starting_at("2026-11-22T19:00:00Z".parse().expect("a time")));
    let messenger = fake_bot::messenger(clock.clone());
    messenger.set_url(HOST);
    let router = messenger.router();
    let bot = FakeBot::new(Arc::new(InProcess::new(router.clone())), HOST, clock.clone());
    let transport = Arc::new(InProcess::new(bot.router()));
    messenger.set_webhook(Webhook::new(transport, "http://bot.test/webhook"));
    messenger.set_settled(Arc::new(bot.clone()));
    World { messenger, bot, clock, door: InProcess::new(router) }
}

impl World {
    async fn get(&self, address: &str, cookie: Option<&str>) -> Response<Bytes> {
        let mut request = Request::get(address);
        if let Some(cookie) = cookie {
            request = request.header("cookie", cookie);
        }
        self.door.exchange(request.body(Bytes::new()).expect("a request")).await.expect("an answer")
    }

    async fn page(&self, address: &str) -> (u16, String) {
        let response = self.get(address, None).await;
        let policy = response.headers()["content-security-policy"].to_str().expect("text");
        assert!(policy.contains("frame-ancestors 'none'"), "{policy}");
        (response.status().as_u16(), String::from_utf8(response.body().to_vec()).expect("UTF-8"))
    }

    /// The bot offers to link, and to end it; the message's id.
    async fn offer(&self) -> String {
        self.messenger.say("maya", "silence").await.expect("maya exists");
        let buttons = json!([
            {"type": "account_link", "url": "https://bot.test/link?t=1"},
            {"type": "account_unlink"},
        ]);
        let template = json!({"template_type": "button", "text": "Link your bank", "buttons": buttons});
        let message = json!({"attachment": {"type": "template", "payload": template}});
        let (status, answer) = self.bot.send(json!({"recipient": {"id": MAYA}, "message": message})).await;
        assert_eq!(status, 200, "{answer}");
        answer["message_id"].as_str().expect("an id").to_owned()
    }

    /// Maya taps Log In: where it leads, with the token and the address to come back to.
    async fn log_in(&self) -> (Url, String, String) {
        let mid = self.offer().await;
        let response = self.get(&format!("{HOST}/sandbox/messenger/log_in/{mid}"), None).await;
        assert_eq!(response.status(), 303);
        parts_of(response.headers()["location"].to_str().expect("an address"))
    }

    /// What the Graph API tells of a token.
    async fn who(&self, token: &str) -> (u16, Value) {
        let address = format!(
            "{HOST}/v25.0/me?fields=recipient&account_linking_token={token}&access_token={}",
            TOKEN.replace(' ', "%20")
        );
        let response = self.get(&address, None).await;
        (response.status().as_u16(), serde_json::from_slice(response.body()).expect("JSON"))
    }
}

fn parts_of(address: &str) -> (Url, String, String) {
    let url = Url::parse(address).expect("an address");
    let of = |name: &str| url.query_pairs().find(|(key, _)| key == name).expect(name).1.into_owned();
    let (token, back) = (of("account_linking_token"), of("redirect_uri"));
    (url, token, back)
}

#[tokio::test(start_paused = true)]
async fn log_in_leads_to_the_bot_and_back_and_the_bot_is_told_who_it_was() {
    let world = world();
    let (url, token, back) = world.log_in().await;
    assert!(url.as_str().starts_with("https://bot.test/link?t=1&"), "{url}");
    assert!(back.starts_with(&format!("{HOST}/sandbox/messenger/account_linking?")), "{back}");
    assert_eq!(world.who(&token).await, (200, json!({"id": PAGE, "recipient": MAYA})));

    let (status, page) = world.page(&format!("{back}&authorization_code=c-123%2B")).await;
    assert_eq!(status, 200);
    assert!(page.contains("You can close this window"), "{page}");
    let linked = world.bot.events_with("account_linking");
    assert_eq!(linked.len(), 1);
    assert_eq!(linked[0]["sender"]["id"], MAYA);
    assert_eq!(linked[0]["account_linking"], json!({"status": "linked", "authorization_code": "c-123+"}));

    // Used up.
    let (status, answer) = world.who(&token).await;
    assert_eq!((status, &answer["error"]["code"]), (400, &json!(10303)));
    assert_eq!(world.page(&format!("{back}&authorization_code=again")).await.0, 400);
    assert_eq!(world.bot.events_with("account_linking").len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_token_of_account_linking_lives_for_five_minutes() {
    let world = world();
    let (_, token, back) = world.log_in().await;
    world.clock.skip(Duration::from_secs(299));
    assert_eq!(world.who(&token).await.0, 200);
    world.clock.skip(Duration::from_secs(1));
    assert_eq!(world.who(&token).await.1["error"]["code"], 10303);
    let (status, page) = world.page(&format!("{back}&authorization_code=late")).await;
    assert_eq!(status, 400);
    assert!(page.contains("longer than five minutes"), "{page}");
    assert_eq!(world.who("nonsense").await.1["error"]["code"], 10303);
    assert!(world.bot.events_with("account_linking").is_empty());
}

#[tokio::test(start_paused = true)]
async fn who_comes_back_without_a_code_is_not_linked() {
    let world = world();
    let (_, token, back) = world.log_in().await;
    let (status, page) = world.page(&back).await;
    assert_eq!(status, 200);
    assert!(page.contains("Nothing was linked"), "{page}");
    assert!(world.bot.events_with("account_linking").is_empty());
    // The bot did not take the event: as on the real platform, that is a failure.
    world.bot.answer_with(503);
    let (status, page) = world.page(&format!("{back}&authorization_code=c")).await;
    assert_eq!(status, 400);
    assert!(page.contains("Account linking failed"), "{page}");
    assert_eq!(world.who(&token).await.0, 400);
}

#[tokio::test(start_paused = true)]
async fn the_buttons_of_account_linking_are_named_by_the_platform() {
    let world = world();
    let mid = world.offer().await;
    let thread = world.get(&format!("{HOST}/sandbox/thread/maya"), None).await;
    let thread: Value = serde_json::from_slice(thread.body()).expect("JSON");
    let buttons = &thread["items"].as_array().expect("items").last().expect("one")["sent"]["buttons"];
    assert_eq!(*buttons, json!([{"kind": "log_in", "title": "Log In"}, {"kind": "log_out", "title": "Log Out"}]));

    let Ok(Tapped::Opens(address)) = world.messenger.tap("maya", "Log In").await else { panic!("it opens a page") };
    assert_eq!(world.who(&parts_of(&address).1).await.1["recipient"], MAYA);
    assert_eq!(world.messenger.tap_button("maya", &mid, "Log Out").await, Ok(Tapped::Delivered(OK)));
    let events = world.bot.events_with("account_linking");
    assert_eq!(
        (&events[0]["sender"]["id"], &events[0]["account_linking"]),
        (&json!(MAYA), &json!({"status": "unlinked"}))
    );

    let nowhere = world.get(&format!("{HOST}/sandbox/messenger/log_in/m_none"), None).await;
    assert_eq!(nowhere.status(), 404);
    for button in [json!({"type": "account_link"}), json!({"type": "account_link", "url": "javascript:alert(1)"})] {
        let template = json!({"template_type": "button", "text": "Link", "buttons": [button]});
        let message = json!({"attachment": {"type": "template", "payload": template}});
        let (_, answer) = world.bot.send(json!({"recipient": {"id": MAYA}, "message": message})).await;
        assert_eq!(answer["error"]["code"], 100, "{answer}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_link_into_the_chat_is_followed_as_whoever_the_browser_shows() {
    let world = world();
    let link = format!("{HOST}/sandbox/m.me/{PAGE}");
    for person in ["maya", "sam"] {
        world.messenger.say(person, "silence").await.expect("they exist");
    }
    let response = world.get(&format!("{link}?ref=r-1&person=maya"), None).await;
    assert_eq!(response.status(), 409, "nobody is shown");
    let response = world.get(&format!("{link}?ref=r-1"), Some("sandbox_person=nobody")).await;
    assert_eq!(response.status(), 409, "nobody who lives here");
    assert!(world.bot.events_with("referral").is_empty());

    let sam = Some("other=1; sandbox_person=sam");
    let response = world.get(&format!("{link}?ref=r-1_A%3D&person=maya"), sam).await;
    assert_eq!((response.status().as_u16(), &response.headers()["location"]), (303, &"/#sam".parse().expect("text")));
    let events = world.bot.events_with("referral");
    assert_eq!(events[0]["sender"]["id"], SAM, "an address chooses nobody");
    assert_eq!(events[0]["referral"], json!({"ref": "r-1_A=", "source": "SHORTLINK", "type": "OPEN_THREAD"}));

    world.messenger.postback("sam", "BALANCE", "Balance").await.expect("sam exists");
    assert_eq!(world.bot.events_with("postback")[0]["postback"].get("referral"), None, "it was told already");

    let long = "x".repeat(2084);
    for strange in ["", "?ref=", "?ref=%3Cb%3E", &format!("?ref={long}")] {
        let response = world.get(&format!("{link}{strange}"), sam).await;
        assert_eq!(response.status(), 303, "the chat opens all the same");
    }
    assert_eq!(world.bot.events_with("referral").len(), 1);
    assert_eq!(world.get(&format!("{HOST}/sandbox/m.me/another?ref=r"), sam).await.status(), 404);
}

#[tokio::test(start_paused = true)]
async fn who_never_wrote_gets_started_with_the_reference() {
    let world = world();
    let link = format!("{HOST}/sandbox/m.me/{PAGE}?ref=welcome");
    assert_eq!(world.get(&link, Some("sandbox_person=jonas")).await.status(), 303);
    assert!(world.bot.events_with("referral").is_empty(), "there is no thread yet");
    assert_eq!(world.messenger.get_started("jonas").await, Ok(OK));
    assert_eq!(world.bot.events_with("postback")[0]["postback"]["referral"]["ref"], "welcome");
    world.messenger.postback("jonas", "BALANCE", "Balance").await.expect("jonas exists");
    assert_eq!(world.bot.events_with("postback")[1]["postback"].get("referral"), None, "once");
}
