//! The promise: one command, one question typed into the chat page, and the right figures come back over the whole real
//! path. The program is the real one and so is the browser; what the page itself can do is in `sandbox_page.rs`.

#[path = "support/browser.rs"]
mod browser;
#[path = "support/demo.rs"]
mod demo;
#[path = "support/process.rs"]
mod process;

use std::path::PathBuf;

use browser::Browser;
use demo::Demo;
use serde_json::json;

/// Writes the picture of the README to the file that `CHAT_PAGE_PICTURE` names, if any:
/// `CHAT_PAGE_PICTURE=deploy/chat-page.png cargo test --test browser figures`.
async fn picture_for_the_readme(page: &Browser) {
    if let Some(file) = std::env::var_os("CHAT_PAGE_PICTURE") {
        page.screenshot(PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(file)).await;
    }
}

/// Waits until the bot's last reply holds all of these, and nothing is being typed any more.
async fn replies(page: &Browser, parts: &[&str]) {
    let last = "[...document.querySelectorAll('#log .row')].reverse()";
    for part in parts {
        let reply = format!(
            "(() => {{ const rows = {last}; const asked = rows.findIndex((row) => row.matches('.person'));
              return rows.slice(0, asked).some((row) => row.innerText.includes({})); }})()",
            json!(part)
        );
        page.wait_until(&reply, &format!("{part:?} in the reply")).await;
    }
    page.wait_until("document.getElementById('typing').hidden", "the end of typing").await;
}

async fn asks(page: &Browser, question: &str, parts: &[&str]) {
    page.enter("#text", question).await;
    let last = "[...document.querySelectorAll('#log .row.person')].at(-1)?.innerText";
    page.wait_until(&format!("{last}?.includes({})", json!(question)), "the question in the thread").await;
    replies(page, parts).await;
}

async fn switches(page: &Browser, bank: &str, to: &str) {
    page.click(&format!("#bank-{bank} option[value={to}]")).await;
    let set = format!(
        "document.querySelector('#bank-{bank}').value === {to:?} && !document.querySelector('#banks').contains(document.activeElement)"
    );
    page.wait_until(&set, &format!("{bank} is {to}")).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn maya_asks_and_reads_her_figures() {
    if browser::left_out() {
        return;
    }
    let demo = Demo::start(&[]);
    let page = Browser::open(&demo.address, 1200, 840, false).await;

    // What a page shows before anybody writes comes from `page apply`'s own code.
    page.wait_for_text("#greeting", "automated assistant").await;
    page.wait_for_text("#breakers", "What did I spend this month?").await;

    asks(&page, "what's my balance?", &["Everyday Checking ••4821: $2,184.05", "$8,450.00", "$642.18 owed"]).await;
    assert_eq!(page.evaluate("document.querySelectorAll('#breakers button').length").await, json!(0));
    let time = page.evaluate("document.querySelector('#log .time').innerText").await;
    assert!(time.as_str().is_some_and(|time| time.starts_with("2:0")), "her clock, which is the world's: {time}");

    asks(&page, "how much did I spend on groceries last month?", &["$367.92", "October"]).await;
    asks(&page, "and this month?", &["$214.37", "Nov 1–22", "in 3 payments"]).await;
    asks(&page, "last 5 transactions", &["Luma Restaurant", "$88.10", "(pending)", "Bluebird Coffee"]).await;
    asks(&page, "how much did I spend on coffee this month?", &["$20.00", "in 4 payments"]).await;
    picture_for_the_readme(&page).await;

    // The end of the thread stays in sight while the message box grows.
    let end = "(() => { const s = document.getElementById('scroll'); return s.scrollHeight - s.scrollTop - s.clientHeight < 2; })()";
    page.type_into("#text", &"a long question ".repeat(20)).await;
    page.wait_until("document.getElementById('text').clientHeight > 60", "a message box of several lines").await;
    page.wait_until(end, "the thread is still at its end").await;
    page.evaluate("document.getElementById('text').value = ''").await;

    // A chip asks what it says, and is gone with the reply that it stood under.
    let chips = "[...document.querySelectorAll('#chips button')].map((chip) => chip.innerText)";
    page.wait_for_text("#chips", "vs last month").await;
    page.click_text("vs last month").await;
    replies(&page, &["of Oct 1–22"]).await;
    let now = page.evaluate(chips).await;
    assert!(!now.as_array().expect("a list").contains(&json!("vs last month")), "the tapped chip is gone: {now}");

    page.click("#menu-toggle").await;
    page.click("#menu li:nth-child(4) button").await;
    replies(&page, &["$11,574.17", "You owe $642.18"]).await;
    page.wait_until("document.getElementById('menu').hidden", "the menu closes").await;
    page.wait_until(end, "the thread scrolls to its end").await;
    page.wait_for_text("#people li:first-child", "$").await;
    page.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn everybody_has_a_thread_and_accounts_of_their_own() {
    if browser::left_out() {
        return;
    }
    let demo = Demo::start(&[]);
    let page = Browser::open(&demo.address, 1280, 800, true).await;
    asks(&page, "what's my balance?", &["••4821"]).await;

    page.click("#people li:nth-child(3) button").await;
    page.wait_until("document.querySelectorAll('#log .row').length === 0", "an empty thread").await;
    asks(&page, "wie ist mein kontostand?", &["Girokonto ••0912: 1.842,37", "automatischer Assistent"]).await;
    let time = page.evaluate("document.querySelector('#log .time').innerText").await;
    assert!(time.as_str().is_some_and(|time| time.starts_with("8:0")), "it is evening in Berlin: {time}");

    page.click("#people li:nth-child(5) button").await;
    page.click("#start").await;
    replies(&page, &["Ask me about your balances", "automated assistant"]).await;
    asks(&page, "what's my balance?", &["none is linked yet"]).await;
    let log = page.evaluate("document.getElementById('log').innerText").await;
    assert!(!log.as_str().expect("a text").contains(['$', '€', '•']), "nobody else's figures: {log}");

    page.click("#people li:first-child button").await;
    page.wait_for_text("#log", "••4821").await;
    page.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bank_that_fails_is_named_and_is_tried_again() {
    if browser::left_out() {
        return;
    }
    let demo = Demo::start(&[]);
    let page = Browser::open(&demo.address, 1280, 900, false).await;
    page.wait_for_text("#banks", "Citywide Credit Union").await;

    switches(&page, "citywide", "down").await;
    asks(&page, "what's my total?", &["$11,574.17", "Citywide Credit Union isn't answering", "Not included: Citywide"])
        .await;
    let text = page.evaluate("document.getElementById('log').innerText").await;
    assert!(!text.as_str().expect("a text").contains("Your total"), "a sum that lacks a bank is no total: {text}");
    page.wait_for_text("#chips", "Try Citywide again").await;

    switches(&page, "citywide", "slow").await;
    page.click_text("Try Citywide again").await;
    page.wait_until("!document.getElementById('typing').hidden", "the typing dots").await;
    replies(&page, &["Still waiting for your bank"]).await;
    page.wait_until("!document.getElementById('typing').hidden", "the dots again, after the holding line").await;
    page.wait_for_text("#log", "You owe $642.18").await;
    replies(&page, &["Your total is $11,574.17"]).await;
    page.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn it_fits_a_phone_for_everybody_in_the_dark() {
    if browser::left_out() {
        return;
    }
    let demo = Demo::start(&[]);
    for person in ["maya", "sam", "jonas", "lucia", "noor"] {
        let page = Browser::open(&format!("{}#{person}", demo.address), 360, 740, true).await;
        page.click_text("What did I spend this month?").await;
        page.wait_until("document.querySelectorAll('#log .row.page').length > 0", "an answer").await;
        asks(&page, "my card is stolen", &["Call"]).await;
        let wide = "document.documentElement.scrollWidth > 360 || [...document.querySelectorAll('main *:not(.sr)')]
            .some((element) => element.getBoundingClientRect().right > 361)";
        assert_eq!(page.evaluate(wide).await, json!(false), "{person}: nothing is wider than the phone");
        let ground = page.evaluate("getComputedStyle(document.body).backgroundColor").await;
        assert_eq!(ground, json!("rgb(28, 28, 29)"), "dark where the device is");
        if person == "maya" {
            let numbers = "[...document.querySelectorAll('.card a')].map((call) => call.getAttribute('href'))";
            assert_eq!(page.evaluate(numbers).await, json!(["tel:+15550111", "tel:+15550100"]));
        }
        page.close().await;
    }
}
