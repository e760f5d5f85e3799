//! The promise: the whole life of a consent, in a real browser against the real program: asked, agreed, signed in at the bank,
//! answered in the chat, looked up, locked and unlocked, taken back, erased.

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

/// Writes what the browser shows to the folder that `LIFE_PICTURES` names, if any.
async fn picture(page: &Browser, name: &str) {
    if let Some(folder) = std::env::var_os("LIFE_PICTURES") {
        page.screenshot(PathBuf::from(folder).join(name)).await;
    }
}

/// Waits until the bot's last reply holds a text.
async fn replies(page: &Browser, part: &str) {
    let reply = format!(
        "(() => {{ const rows = [...document.querySelectorAll('#log .row')].reverse();
          const asked = rows.findIndex((row) => row.matches('.person'));
          return rows.slice(0, asked < 0 ? rows.length : asked).some((row) => row.innerText.includes({})); }})()",
        json!(part)
    );
    page.wait_until(&reply, &format!("{part:?} in the reply")).await;
}

async fn asks(page: &Browser, question: &str, part: &str) {
    page.enter("#text", question).await;
    let last = "[...document.querySelectorAll('#log .row.person')].at(-1)?.innerText";
    page.wait_until(&format!("{last}?.includes({})", json!(question)), "the question in the thread").await;
    replies(page, part).await;
    page.wait_until("document.getElementById('typing').hidden", "the end of typing").await;
}

/// Goes where the newest button of the chat leads; a person would have a new tab.
async fn follows_button(page: &Browser) {
    let link = page.evaluate("[...document.querySelectorAll('#log a.button')].at(-1).href").await;
    page.go(link.as_str().expect("an address")).await;
}

/// Whatever the page is, nothing of it may lie beyond the edge of a phone, and it must have a heading.
async fn fits(page: &Browser) {
    assert_eq!(page.evaluate("document.documentElement.scrollWidth > innerWidth").await, json!(false));
    assert_eq!(page.evaluate("document.querySelectorAll('h1').length").await, json!(1));
}

async fn live(dark: bool) {
    let shade = if dark { "dark" } else { "light" };
    let demo = Demo::start(&[]);
    let chat = format!("{}#sam", demo.address);
    let page = Browser::open(&chat, 390, 780, dark).await;
    asks(&page, "unlink northgate", "Unlink Northgate Bank?").await;
    asks(&page, "yes", "unlinked").await;

    // Asked, agreed, signed in.
    asks(&page, "what's my balance?", "you sign in at the bank itself").await;
    picture(&page, &format!("{shade}-1-asked.png")).await;
    follows_button(&page).await;
    page.wait_for_text("main", "What is read").await;
    fits(&page).await;
    picture(&page, &format!("{shade}-2-agree.png")).await;
    assert_eq!(page.evaluate("document.querySelectorAll(':checked').length").await, json!(0));
    page.click("input[value=northgate]").await;
    page.click("input[name=agree]").await;
    page.click("button").await;
    page.wait_for_text("main", "asks to read your accounts").await;
    page.click("input[value=sam]").await;
    page.click("#allow").await;
    // Messenger's own account linking leads back.
    page.wait_for_text("main", "You can close this window").await;
    page.go(&chat).await;
    replies(&page, "$415.20").await;
    replies(&page, "Northgate Bank is linked").await;
    picture(&page, &format!("{shade}-3-answered.png")).await;

    // Explained in full.
    asks(&page, "how much did i spend this month", "$").await;
    asks(&page, "how computed?", "Read from Northgate Bank").await;
    follows_button(&page).await;
    page.click("button").await;
    page.wait_for_text("main", "leave memory at").await;
    fits(&page).await;
    picture(&page, &format!("{shade}-8-explained.png")).await;
    page.go(&chat).await;

    // Looked up.
    asks(&page, "what did i agree to?", "You have linked Northgate Bank").await;
    follows_button(&page).await;
    page.click("button").await;
    page.wait_for_text("main", "Northgate Bank: balances and transactions").await;
    fits(&page).await;
    picture(&page, &format!("{shade}-4-consent.png")).await;
    page.go(&chat).await;
    asks(&page, "who saw my data?", "Northgate Bank").await;
    follows_button(&page).await;
    page.click("button").await;
    page.wait_for_text("main", "because you asked about").await;
    fits(&page).await;
    picture(&page, &format!("{shade}-5-log.png")).await;

    // Locked and unlocked.
    page.go(&chat).await;
    asks(&page, "lock", "Locked").await;
    asks(&page, "balance", "confirm first").await;
    follows_button(&page).await;
    fits(&page).await;
    picture(&page, &format!("{shade}-6-unlock.png")).await;
    page.click("button").await;
    page.wait_for_text("main", "asks to read your accounts").await;
    page.click("input[value=sam]").await;
    page.click("#allow").await;
    page.wait_for_text("main", "Go back to your chat").await;
    fits(&page).await;
    picture(&page, &format!("{shade}-7-back.png")).await;
    page.click("a.button").await;
    page.wait_for_text("#log", "confirm first").await;
    replies(&page, "$415.20").await;

    // Taken back, erased.
    asks(&page, "delete everything about me", "Erase everything").await;
    asks(&page, "yes", "rased").await;
    asks(&page, "what's my balance?", "none is linked").await;
    page.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_consent_is_lived_through_in_light() {
    if !browser::left_out() {
        live(false).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_consent_is_lived_through_in_dark() {
    if !browser::left_out() {
        live(true).await;
    }
}
