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
use fantoccini::key::Key;
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

/// What is wrong with a page at the width of a phone, as a list of words; it is empty for a good one.
const FAULTS: &str = r#"(() => {
  const faults = [], shown = (one) => one.getClientRects().length > 0;
  const name = (one) => `${one.localName} "${(one.innerText || one.value || '').slice(0, 40)}"`;
  // Not innerWidth: a page that is too wide is shown smaller, and that grows along.
  const width = screen.width;
  const levels = [...document.querySelectorAll('h1, h2, h3, h4')].filter(shown).map((one) => +one.localName[1]);
  if (levels[0] !== 1 || levels.filter((level) => level === 1).length !== 1) faults.push(`headings: ${levels}`);
  levels.forEach((level, nth) => { if (nth && level > levels[nth - 1] + 1) faults.push(`headings: ${levels}`); });
  const light = (color) => {
    const [red, green, blue] = color.match(/[\d.]+/g).map((part) => part / 255)
      .map((part) => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const behind = (one) => {
    for (; one; one = one.parentElement) {
      const color = getComputedStyle(one).backgroundColor;
      if (!/, 0\)$|transparent/.test(color)) return color;
    }
    return matchMedia('(prefers-color-scheme: dark)').matches ? 'rgb(18, 18, 18)' : 'rgb(255, 255, 255)';
  };
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), seen = new Set();
  while (texts.nextNode()) {
    const text = texts.currentNode, one = text.parentElement;
    if (!text.data.trim() || !shown(one)) continue;
    const range = document.createRange();
    range.selectNodeContents(text);
    const box = range.getBoundingClientRect();
    if (box.right > width + 0.5 || box.left < -0.5) faults.push(`beyond the edge: ${name(one)}`);
    if (seen.has(one)) continue;
    seen.add(one);
    const pair = [light(getComputedStyle(one).color), light(behind(one))].sort((a, b) => b - a);
    const contrast = (pair[0] + 0.05) / (pair[1] + 0.05);
    if (contrast < 4.5) faults.push(`contrast ${contrast.toFixed(2)}: ${name(one)}`);
  }
  for (const one of document.querySelectorAll('a, button, input:not([type=hidden]), select')) {
    const target = one.closest('label') ?? one;
    const box = target.getBoundingClientRect();
    if (shown(one) && (box.height < 44 || box.width < 44)) faults.push(`tap ${box.width} by ${box.height}: ${name(target)}`);
    if (box.right > width + 0.5) faults.push(`beyond the edge: ${name(target)}`);
  }
  return faults;
})()"#;

/// Whatever the page is: it has one first heading, nothing lies beyond the edge of a phone, every text can be read, every
/// target be hit with a thumb, and who comes by keyboard sees where they are.
async fn is_fit(page: &Browser, name: &str) {
    page.wait_until("document.readyState === 'complete'", "the whole page").await;
    assert_eq!(page.evaluate(FAULTS).await, json!([]), "{name}");
    if page.evaluate("document.querySelector('a, button, input:not([type=hidden])') !== null").await == json!(true) {
        page.type_into("body", &char::from(Key::Tab).to_string()).await;
        let ring = "(() => { const look = getComputedStyle(document.activeElement); \
                    return document.activeElement !== document.body && look.outlineStyle !== 'none' \
                      && parseFloat(look.outlineWidth) >= 2; })()";
        assert_eq!(page.evaluate(ring).await, json!(true), "{name}: no ring around what has the focus");
    }
    picture(page, &format!("{name}.png")).await;
    // What is below the first screen is looked at as well.
    if page.evaluate("document.documentElement.scrollHeight > innerHeight + 1").await == json!(true) {
        page.evaluate("scrollTo(0, document.documentElement.scrollHeight)").await;
        picture(page, &format!("{name}-below.png")).await;
    }
}

/// Says yes at the bank, as one of its customers.
async fn allows(page: &Browser, person: &str, name: &str) {
    page.wait_for_text("main", "asks to read your accounts").await;
    is_fit(page, name).await;
    page.click(&format!("input[value={person}]")).await;
    page.click("#allow").await;
}

async fn live(dark: bool) {
    let shade = if dark { "dark" } else { "light" };
    let demo = Demo::start(&[]);
    let chat = format!("{}#sam", demo.address);
    let page = Browser::open(&chat, 390, 844, dark).await;
    asks(&page, "unlink northgate", "Unlink Northgate Bank?").await;
    asks(&page, "yes", "unlinked").await;

    // Asked, agreed, signed in.
    asks(&page, "what's my balance?", "you sign in at the bank itself").await;
    picture(&page, &format!("{shade}-1-asked.png")).await;
    follows_button(&page).await;
    page.wait_for_text("main", "What is read").await;
    is_fit(&page, &format!("{shade}-2-agree")).await;
    assert_eq!(page.evaluate("document.querySelectorAll(':checked').length").await, json!(0));
    page.click("input[value=northgate]").await;
    page.click("input[name=agree]").await;
    page.click("button").await;
    allows(&page, "sam", &format!("{shade}-2-bank")).await;
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
    is_fit(&page, &format!("{shade}-8-explained")).await;
    page.go(&chat).await;

    // Looked up.
    asks(&page, "what did i agree to?", "You have linked Northgate Bank").await;
    follows_button(&page).await;
    page.click("button").await;
    page.wait_for_text("main", "160 days left): balances and transactions").await;
    page.wait_for_text("main", "Northgate Bank, balances, because you asked about balances").await;
    is_fit(&page, &format!("{shade}-4-consent")).await;
    page.go(&chat).await;
    asks(&page, "who saw my data?", "Northgate Bank").await;
    follows_button(&page).await;
    page.click("button").await;
    page.wait_for_text("main", "because you asked about").await;
    is_fit(&page, &format!("{shade}-5-log")).await;

    // Locked and unlocked.
    page.go(&chat).await;
    asks(&page, "lock", "Locked").await;
    asks(&page, "balance", "confirm first").await;
    follows_button(&page).await;
    is_fit(&page, &format!("{shade}-6-unlock")).await;
    page.click("button").await;
    allows(&page, "sam", &format!("{shade}-6-bank")).await;
    page.wait_for_text("main", "Go back to your chat").await;
    is_fit(&page, &format!("{shade}-7-back")).await;
    page.click("a.button").await;
    page.wait_for_text("#log", "confirm first").await;
    replies(&page, "$415.20").await;

    renewed(&page, &demo, &chat, shade).await;
    taken_back(&page, &chat, shade).await;
    erased_by_the_platform(&page, &demo, shade).await;
    page.close().await;
}

/// Months later: what was agreed to comes to its end, is told, and goes on with one tap and the bank's word.
async fn renewed(page: &Browser, demo: &Demo, chat: &str, shade: &str) {
    // What is set about an account must still be about it afterwards.
    asks(page, "tell me if checking goes under $100", "Checking ••6604 goes under $100.00").await;
    demo.forward(155).await;
    asks(page, "what's my balance?", "confirm first").await;
    picture(page, &format!("{shade}-r1-locked.png")).await;
    follows_button(page).await;
    page.click("button").await;
    allows(page, "sam", &format!("{shade}-r1-bank")).await;
    page.wait_for_text("main", "Go back to your chat").await;
    page.click("a.button").await;
    replies(page, "$415.20").await;
    replies(page, "Your consent for Northgate Bank ends on May 1").await;
    picture(page, &format!("{shade}-r2-warned.png")).await;

    page.click_text("Renew Northgate").await;
    replies(page, "sign in at your bank").await;
    picture(page, &format!("{shade}-r3-renew.png")).await;
    follows_button(page).await;
    page.wait_for_text("main", "What is read").await;
    is_fit(page, &format!("{shade}-r4-agree")).await;
    page.click("input[name=agree]").await;
    page.click("button").await;
    allows(page, "sam", &format!("{shade}-r4-bank")).await;
    page.wait_for_text("main", "You can close this window").await;
    page.go(chat).await;
    replies(page, "transactions until Oct 23").await;
    picture(page, &format!("{shade}-r5-renewed.png")).await;

    // The same account, and what was said about it.
    asks(page, "my alerts", "Checking ••6604 goes under $100.00").await;
    asks(page, "what's my balance?", "$415.20 available in Checking ••6604").await;
    assert_eq!(
        page.evaluate("document.querySelector('#log').lastElementChild.innerText.includes('ends on')").await,
        json!(false)
    );
    asks(page, "who saw my data?", "renewed by you").await;
    picture(page, &format!("{shade}-r6-log.png")).await;
}

async fn taken_back(page: &Browser, chat: &str, shade: &str) {
    page.go(chat).await;
    asks(page, "what did i agree to?", "You have linked Northgate Bank").await;
    follows_button(page).await;
    page.click("button").await;
    page.wait_for_text("main", "Read of late").await;
    page.click("button.quiet").await;
    page.wait_for_text("main", "Northgate Bank is being unlinked").await;
    is_fit(page, &format!("{shade}-9-unlinked")).await;
    page.go(chat).await;
    replies(page, "Northgate Bank is unlinked: the access key").await;
    asks(page, "delete everything about me", "Erase everything").await;
    asks(page, "yes", "rased").await;
    asks(page, "what's my balance?", "none is linked").await;
    picture(page, &format!("{shade}-9-erased.png")).await;
}

/// Maya never wrote to the bot that she wants it: she asked the platform, which tells her where to look.
async fn erased_by_the_platform(page: &Browser, demo: &Demo, shade: &str) {
    let chat = format!("{}?#maya", demo.address);
    page.go(&chat).await;
    asks(page, "what's my balance?", "2,184.05").await;
    let told = demo.post("sandbox/messenger/deletion", &json!({"person": "maya"})).await;
    assert_eq!(told["status"], json!(200), "{told}");
    let status = told["answer"]["url"].as_str().expect("an address");
    assert!(status.contains("/deletion/"), "{status}");
    page.go(status).await;
    for _ in 0..50 {
        if page.evaluate("document.querySelector('main').innerText.includes('is erased')").await == json!(true) {
            break;
        }
        page.go(status).await;
    }
    page.wait_for_text("main", "is erased").await;
    is_fit(page, &format!("{shade}-10-deletion")).await;
    page.go(&chat).await;
    asks(page, "what's my balance?", "none is linked").await;
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
