//! The chat page of the local Messenger, in a real browser: what a person sees and can do.

#[path = "support/browser.rs"]
mod browser;
#[path = "support/fake_bot.rs"]
mod fake_bot;

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;

use axum::routing::{get, post};
use balancebot::clock::{Clock, WallClock};
use balancebot::domain::fault::Source;
use balancebot::egress::{Reach, Socket};
use balancebot::sandbox::bank::{self, Client};
use balancebot::sandbox::messenger::{LocalMessenger, Webhook};
use balancebot::sandbox::world::World;
use balancebot::sandbox::{DEFAULT_WORLD, Sandbox};
use browser::Browser;
use fake_bot::{FakeBot, MAYA, PAGE};
use serde_json::json;

/// A Messenger and a bot on loopback; the address of the page.
async fn world() -> (LocalMessenger, FakeBot, String) {
    world_with(axum::Router::new()).await
}

/// The same, with something beside the Messenger on its listener.
async fn world_with(beside: axum::Router) -> (LocalMessenger, FakeBot, String) {
    let clock: Arc<dyn Clock> = Arc::new(WallClock);
    let messenger = fake_bot::messenger(clock.clone());
    let url = serve(messenger.router().merge(beside)).await;
    let bot = FakeBot::new(Arc::new(Socket::new(Reach::Loopback).expect("a transport")), &url, clock);
    let webhook = format!("{}/webhook", serve(bot.router()).await);
    messenger.set_webhook(Webhook::new(Arc::new(Socket::new(Reach::Loopback).expect("a transport")), webhook));
    messenger.set_settled(Arc::new(bot.clone()));
    (messenger, bot, url)
}

async fn serve(router: axum::Router) -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    tokio::spawn(async move { axum::serve(listener, router).await });
    url
}

/// Where pictures go for whoever wants to look: the folder that `SANDBOX_PAGE_PICTURES` names, if any.
async fn picture(browser: &Browser, name: &str) {
    if let Some(folder) = std::env::var_os("SANDBOX_PAGE_PICTURES") {
        browser.screenshot(PathBuf::from(folder).join(name)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_chats_at_a_desk() {
    if browser::left_out() {
        return;
    }
    let (messenger, bot, url) = world().await;
    let page = Browser::open(&url, 1280, 800, false).await;

    page.enter("#text", "balance").await;
    page.wait_for_text("#log", "$2,184.05 available").await;
    page.wait_for_text("#chips", "Recent activity").await;
    picture(&page, "desk-light-chips.png").await;

    page.click_text("Spending").await;
    page.wait_for_text("#log", "on groceries this month").await;
    page.wait_until("document.querySelectorAll('#chips button').length === 0", "the used chips vanish").await;
    page.click_text("See the 3 payments").await;
    page.wait_for_text("#log", "You said: ROWS").await;
    assert_eq!(bot.events_with("postback").len(), 1);

    // Whatever is written is text.
    page.enter("#text", "<img src=x onerror=document.title='owned'> <b>bold</b>").await;
    page.wait_for_text("#log", "You said: <img src=x").await;
    assert_eq!(page.evaluate("document.querySelectorAll('#log img, #log b').length").await, json!(0));

    page.click("#send").await;
    page.wait_until("document.querySelector('.bubble.like')", "the thumbs-up").await;
    page.wait_for_text("#wire", "echo maya · signed").await;
    page.wait_until("document.querySelector('.mark')?.title === 'Seen'", "the page has seen it").await;
    // Somebody looks at the thread, so the bot hears that it was read.
    assert!(!bot.events_with("read").is_empty());
    picture(&page, "desk-light.png").await;
    page.close().await;
    messenger.close();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_chats_on_a_phone_in_the_dark() {
    if browser::left_out() {
        return;
    }
    let (messenger, bot, url) = world().await;
    let greeting = json!({
        "get_started": {"payload": "GET_STARTED"},
        "greeting": [{"locale": "default", "text": "Hello {{user_first_name}}, I answer from your own banks."}],
        "ice_breakers": [{"locale": "default", "call_to_actions": [
            {"question": "What is my balance?", "payload": "BALANCE"}, {"question": "Is this safe?", "payload": "SAFE"}]}],
    });
    set_profile(&url, &greeting).await;
    let page = Browser::open(&format!("{url}/#jonas"), 360, 740, true).await;

    page.wait_for_text(".intro", "Hello Jonas").await;
    picture(&page, "phone-dark-start.png").await;
    page.click("#start").await;
    page.wait_for_text("#log", "Ask me about your money").await;
    assert_eq!(bot.events_with("postback")[0]["postback"]["payload"], "GET_STARTED");
    page.click_text("Balance").await;
    page.wait_for_text("#log", "Two payments are pending").await;
    page.click_text("Spending").await;
    page.wait_for_text("#log", "See the 3 payments").await;
    page.click("#emoji-toggle").await;
    page.click_text("👍").await;
    page.enter("#text", "").await;
    page.wait_for_text("#log", "You said: 👍").await;
    page.enter("#text", "think").await;
    page.wait_until("!document.getElementById('typing').hidden", "the typing dots").await;
    picture(&page, "phone-dark.png").await;

    let overflows = "document.documentElement.scrollWidth > 360";
    assert_eq!(page.evaluate(overflows).await, json!(false), "nothing is wider than the phone");
    page.click("#panel-toggle").await;
    page.wait_until("document.getElementById('panel').getBoundingClientRect().right === innerWidth", "the panel").await;
    picture(&page, "phone-dark-panel.png").await;
    page.close().await;
    messenger.close();
}

#[tokio::test(flavor = "multi_thread")]
async fn people_have_threads_of_their_own_and_trouble_is_shown() {
    if browser::left_out() {
        return;
    }
    let (messenger, bot, url) = world().await;
    let page = Browser::open(&url, 1280, 800, true).await;
    page.enter("#text", "hello from maya").await;
    page.wait_for_text("#log", "You said: hello from maya").await;
    page.click("#people li:nth-child(2) button").await;
    page.wait_until("document.querySelectorAll('#log .row').length === 0", "an empty thread").await;

    bot.answer_with(503);
    page.enter("#text", "anybody there?").await;
    page.wait_for_text("#notice", "answered 503").await;
    picture(&page, "desk-dark-trouble.png").await;
    bot.answer_with(200);
    page.wait_for_text("#log", "You said: anybody there?").await;

    page.click("[data-fault=deliver_twice]").await;
    page.wait_until("document.querySelector('[data-fault=deliver_twice]').checked", "the switch is on").await;
    page.enter("#text", "once or twice").await;
    page.wait_for_text("#wire", "(try 2)").await;
    assert!(messenger.faults().deliver_twice);
    page.close().await;
    messenger.close();
}

#[tokio::test(flavor = "multi_thread")]
async fn banks_are_switched_behind_the_scenes() {
    if browser::left_out() {
        return;
    }
    let switched = Arc::new(std::sync::Mutex::new(Vec::new()));
    let banks = json!([
        {"id": "northgate", "name": "Northgate Bank", "switch": "up"},
        {"id": "citywide", "name": "Citywide Credit Union", "switch": "down"},
    ]);
    let keep = switched.clone();
    let switch = async move |axum::extract::Path(id): axum::extract::Path<String>,
                             body: axum::Json<serde_json::Value>| {
        keep.lock().expect("no panic").push((id, body.0));
        axum::Json(json!({}))
    };
    let beside = axum::Router::new()
        .route("/sandbox/banks", get(async move || axum::Json(banks)))
        .route("/sandbox/bank/{id}", post(switch));
    let (messenger, _bot, url) = world_with(beside).await;

    let page = Browser::open(&url, 900, 800, false).await;
    page.enter("#text", "balance").await;
    page.wait_for_text("#log", "Two payments are pending").await;
    messenger.react("maya", "❤️").await.expect("maya exists");
    page.wait_until("document.querySelector('.reaction')", "the reaction").await;
    page.click("#panel-toggle").await;
    page.wait_until("document.getElementById('panel').getBoundingClientRect().right === innerWidth", "the panel").await;
    page.click("#bank-northgate option[value=slow]").await;
    page.wait_until("document.querySelectorAll('#banks .lamp.off').length === 1", "the list is read again").await;
    assert_eq!(
        *switched.lock().expect("no panic"),
        [json!({"switch": "up"}), json!({"switch": "slow", "seconds": 9})]
            .map(|switch| ("northgate".to_owned(), switch)),
        "what was set before is cleared first"
    );
    picture(&page, "tablet-light-panel.png").await;
    page.close().await;
    messenger.close();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_goes_to_the_bots_pages_and_the_bank_and_comes_back() {
    if browser::left_out() {
        return;
    }
    let source = Source { path: "maya.toml".to_owned(), text: DEFAULT_WORLD.to_owned() };
    let sandbox = Arc::new(Sandbox::new(World::load(&source).expect("a good world"), Arc::new(WallClock)));
    let (messenger, bot, url) = world_with(bank::router(sandbox.clone())).await;
    messenger.set_url(&url);
    // The bot's pages are elsewhere, as they are in life: one leads back to the Messenger, one is where the bank answers.
    let link = async |axum::extract::Query(from): axum::extract::Query<HashMap<String, String>>| {
        axum::response::Html(format!("<a id=back href=\"{}&authorization_code=c-1\">Link</a>", from["redirect_uri"]))
    };
    let came = async |uri: http::Uri| axum::response::Html(format!("<p id=came>{}</p>", uri.query().unwrap_or("")));
    let pages = axum::Router::new().route("/link", get(link)).route("/came", get(came));
    let pages = serve(pages).await;
    let redirect_uri = format!("{pages}/came");
    sandbox.register(Client {
        id: "bot".to_owned(),
        secret: "secret".into(),
        name: "balancebot".to_owned(),
        redirect_uris: vec![redirect_uri.clone()],
    });

    let page = Browser::open(&url, 390, 780, false).await;
    page.enter("#text", "silence").await;
    page.wait_for_text("#log", "silence").await;
    let buttons = json!([{"type": "account_link", "url": format!("{pages}/link?t=1")}, {"type": "account_unlink"}]);
    let template = json!({"template_type": "button", "text": "Link your bank to see figures.", "buttons": buttons});
    let message = json!({"attachment": {"type": "template", "payload": template}});
    let (status, _) = bot.send(json!({"recipient": {"id": MAYA}, "message": message})).await;
    assert_eq!(status, 200);
    page.wait_for_text("#log", "Log Out").await;
    picture(&page, "phone-light-log-in.png").await;
    page.click_text("Log Out").await;
    let link = "document.querySelector('#log a.button')";
    for (attribute, value) in [("target", "_blank"), ("rel", "noopener noreferrer")] {
        assert_eq!(page.evaluate(&format!("{link}.getAttribute('{attribute}')")).await, json!(value));
    }
    let address = page.evaluate(&format!("{link}.href")).await.as_str().expect("an address").to_owned();
    page.go(&address).await;
    page.click("#back").await;
    page.wait_for_text("main", "You can close this window").await;
    picture(&page, "phone-light-linked.png").await;
    let linked = bot.events_with("account_linking");
    let told: Vec<&str> = linked.iter().filter_map(|event| event["account_linking"]["status"].as_str()).collect();
    assert_eq!(told, ["unlinked", "linked"]);

    let challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
    let asks = format!(
        "response_type=code&client_id=bot&redirect_uri={redirect_uri}&state=s&code_challenge={challenge}&code_challenge_method=S256"
    );
    page.go(&format!("{url}/banks/northgate/oauth/authorize?{asks}")).await;
    page.wait_for_text("main", "balancebot asks to read your accounts").await;
    picture(&page, "phone-light-bank.png").await;
    assert_eq!(page.evaluate("document.documentElement.scrollWidth > innerWidth").await, json!(false));
    page.click("input[value=maya]").await;
    page.click("#allow").await;
    page.wait_for_text("#came", "code=").await;
    page.wait_for_text("#came", "state=s").await;

    page.go(&format!("{url}/sandbox/m.me/{PAGE}?ref=r-1")).await;
    page.wait_for_text("#log", "Link your bank").await;
    assert_eq!(bot.events_with("referral")[0]["sender"]["id"], MAYA);
    page.close().await;
    messenger.close();
}

async fn set_profile(url: &str, profile: &serde_json::Value) {
    use balancebot::egress::Transport;
    let request = http::Request::post(format!("{url}/v25.0/me/messenger_profile?access_token=a%20page%20token"))
        .header("content-type", "application/json")
        .body(bytes::Bytes::from(profile.to_string()))
        .expect("a request");
    let response = Socket::new(Reach::Loopback).expect("a transport").exchange(request).await.expect("an answer");
    assert_eq!(response.status(), 200);
}
