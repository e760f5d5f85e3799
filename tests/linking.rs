//! The promise: a bank is linked to the chat whose own person signed in there, and to no other. The attacks are those of the
//! cross-device flows practice (draft-ietf-oauth-cross-device-security) and RFC 9700: each is played with two people against
//! the real program, over HTTP.

#[path = "support/demo.rs"]
mod demo;
#[path = "support/process.rs"]
mod process;

use std::collections::BTreeMap;

use balancebot::clock::{Clock, WallClock};
use demo::Demo;
use reqwest::{Response, StatusCode, header};
use serde_json::{Value, json};

/// What the owner of an account would see, and nobody else may.
const SAMS_BALANCE: &str = "415.20";

/// A person in front of a browser and a chat.
struct Person<'a> {
    demo: &'a Demo,
    handle: &'static str,
    client: reqwest::Client,
    cookies: BTreeMap<String, String>,
}

impl<'a> Person<'a> {
    fn new(demo: &'a Demo, handle: &'static str) -> Self {
        let client = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().expect("a client");
        let cookies = BTreeMap::from([("sandbox_person".to_owned(), handle.to_owned())]);
        Self { demo, handle, client, cookies }
    }

    /// Says something, and reads the replies as one text.
    async fn says(&self, text: &str) -> String {
        let url = format!("{}sandbox/say", self.demo.address);
        let said = self.client.post(url).json(&json!({"person": self.handle, "text": text}));
        let said: Value = said.send().await.expect("the demo answers").json().await.expect("JSON");
        let replies = said["replies"].as_array().expect("replies").iter();
        replies.map(|reply| reply["text"].as_str().unwrap_or_default().to_owned()).collect::<Vec<_>>().join("\n")
    }

    /// The whole thread, as text.
    async fn thread(&self) -> Value {
        let url = format!("{}sandbox/thread/{}", self.demo.address, self.handle);
        self.client.get(url).send().await.expect("the demo answers").json().await.expect("JSON")
    }

    /// Waits until the thread holds a text.
    async fn hears(&self, text: &str) {
        for _ in 0..400 {
            if self.thread().await["items"].to_string().contains(text) {
                return;
            }
            (&WallClock as &dyn Clock).sleep(std::time::Duration::from_millis(25)).await;
        }
        panic!("{} never heard {text:?}: {}", self.handle, self.thread().await["items"]);
    }

    /// The address behind the newest button that opens a page.
    async fn newest_link(&self) -> String {
        let thread = self.thread().await;
        let items = thread["items"].as_array().expect("items").iter().rev();
        let mut buttons = items.filter_map(|item| Some((&item["mid"], item["sent"]["buttons"].get(0)?)));
        let (mid, button) = buttons.next().unwrap_or_else(|| panic!("no button: {}", thread["items"]));
        if let Some(url) = button["url"].as_str() {
            return url.to_owned();
        }
        // The Messenger leads to the page behind its own Log In button, and adds what its account linking needs. Here the
        // way back is a link into the chat, as it is wherever that is not to be had.
        let log_in = format!("{}sandbox/messenger/log_in/{}", self.demo.address, mid.as_str().expect("an id"));
        let led = place(&self.client.get(log_in).send().await.expect("the demo answers"));
        led.split('?').next().expect("an address").to_owned()
    }

    async fn goes(&mut self, url: &str, form: Option<&[(&str, &str)]>) -> Response {
        let cookies = self.cookies.iter().map(|(key, value)| format!("{key}={value}")).collect::<Vec<_>>().join("; ");
        let request = match form {
            Some(form) => {
                let encoded: Vec<String> = form.iter().map(|(key, value)| format!("{key}={value}")).collect();
                let kind = "application/x-www-form-urlencoded";
                self.client.post(url).header(header::CONTENT_TYPE, kind).body(encoded.join("&"))
            }
            None => self.client.get(url),
        };
        let response = request.header(header::COOKIE, cookies).send().await.expect("an answer");
        for cookie in response.headers().get_all(header::SET_COOKIE) {
            let pair = cookie.to_str().expect("text").split(';').next().expect("a pair").to_owned();
            let (key, value) = pair.split_once('=').expect("a pair");
            self.cookies.insert(key.to_owned(), value.to_owned());
        }
        response
    }

    /// Agrees on our page, and is at the bank.
    async fn agrees(&mut self, link: &str, bank: &str) -> String {
        let sent = self.goes(link, Some(&[("bank", bank), ("agree", "yes")])).await;
        assert_eq!(sent.status(), StatusCode::SEE_OTHER, "{}", sent.text().await.unwrap_or_default());
        place(&sent)
    }

    /// Signs in at the bank as somebody and allows it. Returns where the bank sends the browser.
    async fn allows(&mut self, at_bank: &str, customer: &str) -> String {
        let page = self.goes(at_bank, None).await.text().await.expect("a page");
        let request = between(&page, "name=\"request\" value=\"", "\"");
        let form = [("person", customer), ("request", request.as_str()), ("decision", "allow")];
        place(&self.goes(at_bank, Some(&form)).await)
    }

    /// Everything up to the page that leads back into the chat. Returns that page.
    async fn signs_in(&mut self, link: &str, bank: &str, customer: &str) -> String {
        let at_bank = self.agrees(link, bank).await;
        let back = self.allows(&at_bank, customer).await;
        let last = self.goes(&back, None).await;
        assert_eq!(last.status(), StatusCode::OK);
        last.text().await.expect("a page")
    }

    /// Opens the chat by the link on the last page: the Messenger of this browser is this person's.
    async fn opens_chat(&mut self, last_page: &str) {
        let open = between(last_page, "href=\"http", "\"");
        let opened = self.goes(&format!("http{open}"), None).await;
        assert_eq!(opened.status(), StatusCode::SEE_OTHER);
    }
}

fn place(response: &Response) -> String {
    let place = response.headers().get(header::LOCATION).expect("a redirect");
    place.to_str().expect("text").to_owned()
}

fn between(text: &str, before: &str, after: &str) -> String {
    let from = text.find(before).unwrap_or_else(|| panic!("no {before:?} in {text}")) + before.len();
    let to = text[from..].find(after).expect("an end") + from;
    text[from..to].to_owned()
}

/// Sam's standing link is taken back, so that he has none.
async fn unlinked<'a>(demo: &'a Demo) -> Person<'a> {
    let sam = Person::new(demo, "sam");
    sam.says("unlink northgate").await;
    sam.says("yes").await;
    assert!(sam.says("whats my balance").await.contains("none is linked yet"));
    sam
}

#[tokio::test]
async fn what_was_asked_before_linking_is_answered_after_it() {
    let demo = Demo::start(&[]);
    let mut sam = unlinked(&demo).await;
    let link = sam.newest_link().await;
    let last = sam.signs_in(&link, "northgate", "sam").await;
    assert!(!sam.thread().await.to_string().contains(SAMS_BALANCE), "in quarantine nothing is read");
    assert!(sam.says("balance").await.contains("none is linked"), "in quarantine nothing is read");
    sam.opens_chat(&last).await;
    sam.hears(SAMS_BALANCE).await;
}

#[tokio::test]
async fn a_code_that_is_typed_leads_back_as_well_and_three_wrong_ones_end_it() {
    let demo = Demo::start(&[]);
    let mut sam = unlinked(&demo).await;
    let link = sam.newest_link().await;
    let last = sam.signs_in(&link, "northgate", "sam").await;
    let code = between(&last, "class=\"code\">", "<");
    let other = if code.starts_with("BBBB") { "CCCC-CCCC" } else { "BBBB-BBBB" };
    assert!(sam.says(other).await.contains("not the code"));
    assert!(sam.says(&code.to_lowercase()).await.contains("Northgate Bank is linked"));

    sam.says("unlink northgate").await;
    sam.says("yes").await;
    sam.says("link northgate").await;
    let link = sam.newest_link().await;
    let last = sam.signs_in(&link, "northgate", "sam").await;
    let code = between(&last, "class=\"code\">", "<");
    for _ in 0..3 {
        sam.says(other).await;
    }
    assert!(!sam.says(&code).await.contains("is linked"), "the attempt is over");
    assert!(sam.says("balance").await.contains("none is linked"));
}

/// Attack A: the attacker's link is forwarded to the victim, who signs in at their own bank. E: somebody who can read the
/// thread does the same.
#[tokio::test]
async fn a_forwarded_link_leads_no_bank_into_the_chat_that_asked() {
    let demo = Demo::start(&[]);
    let attacker = unlinked(&demo).await;
    let link = attacker.newest_link().await;
    let mut victim = Person::new(&demo, "maya");
    victim.says("hi").await;
    let last = victim.signs_in(&link, "northgate", "maya").await;
    victim.opens_chat(&last).await;
    victim.hears("was not linked").await;
    attacker.hears("was not linked").await;
    // Neither the reference nor the code is worth anything any more.
    let code = between(&last, "class=\"code\">", "<");
    assert!(!attacker.says(&code).await.contains("is linked"));
    assert!(attacker.says("whats my balance").await.contains("none is linked"));
    let thread = attacker.thread().await.to_string();
    assert!(!thread.contains("2,184.05") && !thread.contains("Everyday Checking"), "the victim's data: {thread}");
}

/// Attack B: the attacker has the victim's browser finish what the attacker began.
#[tokio::test]
async fn a_code_from_another_browser_is_not_taken() {
    let demo = Demo::start(&[]);
    let mut attacker = unlinked(&demo).await;
    let link = attacker.newest_link().await;
    let at_bank = attacker.agrees(&link, "northgate").await;
    let back = attacker.allows(&at_bank, "sam").await;
    let mut victim = Person::new(&demo, "maya");
    assert_eq!(victim.goes(&back, None).await.status(), StatusCode::FORBIDDEN);
    assert_eq!(attacker.goes(&back, None).await.status(), StatusCode::GONE, "and it is over for the other, too");
    for (replaced, with) in [("iss=", "iss=http%3A%2F%2Fevil.example&was="), ("state=", "state=0&was=")] {
        attacker.says("link northgate").await;
        let link = attacker.newest_link().await;
        let at_bank = attacker.agrees(&link, "northgate").await;
        let back = attacker.allows(&at_bank, "sam").await.replace(replaced, with);
        assert!(attacker.goes(&back, None).await.status().is_client_error(), "{replaced}");
    }
}

/// Attack C: something that only looks at the link. D: somebody who comes by an old one.
#[tokio::test]
async fn to_look_at_a_link_does_nothing_and_it_works_once() {
    let demo = Demo::start(&[]);
    let mut sam = unlinked(&demo).await;
    let old = sam.newest_link().await;
    for _ in 0..3 {
        let looked = sam.goes(&old, None).await;
        assert_eq!(looked.status(), StatusCode::OK);
        assert_eq!(looked.headers()[header::CACHE_CONTROL], "no-store");
        assert_eq!(looked.headers()[header::REFERRER_POLICY], "no-referrer");
        let page = looked.text().await.expect("a page");
        assert!(!page.contains(" checked"), "nothing is ticked beforehand");
    }
    let not_agreed = sam.goes(&old, Some(&[("bank", "northgate")])).await.text().await.expect("a page");
    assert!(not_agreed.contains("tick the box"));
    let begun = sam.agrees(&old, "northgate").await;
    assert_eq!(sam.goes(&old, Some(&[("bank", "northgate"), ("agree", "yes")])).await.status(), StatusCode::GONE);

    // A newer attempt ends the one before it.
    sam.says("link northgate").await;
    let newer = sam.newest_link().await;
    sam.agrees(&newer, "northgate").await;
    let late = sam.allows(&begun, "sam").await;
    assert_eq!(sam.goes(&late, None).await.status(), StatusCode::GONE);

    let forged = format!("{}x", &newer[..newer.len() - 1]);
    assert_eq!(sam.goes(&forged, None).await.status(), StatusCode::GONE);
}

/// Whoever holds the phone, and is a customer of the same bank, does not unlock the chat of another.
#[tokio::test]
async fn a_chat_is_unlocked_by_the_customer_whose_accounts_these_are() {
    let demo = Demo::start(&[]);
    let mut thief = Person::new(&demo, "maya");
    assert!(thief.says("lock").await.contains("Locked"));
    assert!(thief.says("balance").await.contains("confirm first"));
    let link = thief.newest_link().await;
    let last = thief.signs_in(&link, "northgate", "sam").await;
    thief.opens_chat(&last).await;
    thief.hears("Still locked").await;
    assert!(thief.says("balance").await.contains("confirm first"));

    let mut owner = Person::new(&demo, "maya");
    let link = owner.newest_link().await;
    let last = owner.signs_in(&link, "northgate", "maya").await;
    owner.opens_chat(&last).await;
    owner.hears("2,184.05").await;
}

/// What is kept of a person is shown once, to whoever presses the button first, and holds no token.
#[tokio::test]
async fn a_copy_of_ones_data_is_handed_out_once() {
    let demo = Demo::start(&[]);
    let mut maya = Person::new(&demo, "maya");
    maya.says("balance").await;
    maya.says("can i get a copy of my data").await;
    let link = maya.newest_link().await;
    assert!(maya.goes(&link, None).await.text().await.expect("a page").contains("JSON"));
    let file: Value = maya.goes(&link, Some(&[])).await.json().await.expect("a file of JSON");
    assert_eq!(file["links"][0]["bank"], "northgate");
    assert_eq!(file["access_log"][0]["kind"], "opened");
    let text = file.to_string();
    assert!(!text.contains("sandbox-maya") && !text.contains("2184.05"), "no token, no figure: {text}");
    assert_eq!(maya.goes(&link, Some(&[])).await.status(), StatusCode::GONE);
}

/// How an answer came about stands on a page in full, with all its rows, and is read under the person's own log.
#[tokio::test]
async fn an_explanation_stands_on_a_page_in_full() {
    let demo = Demo::start(&[]);
    let mut maya = Person::new(&demo, "maya");
    maya.says("how much did i spend this month").await;
    let told = maya.says("how computed?").await;
    assert!(told.contains("more: $"), "the chat cuts it short: {told}");
    let link = maya.newest_link().await;
    let page = maya.goes(&link, Some(&[])).await.text().await.expect("a page");
    assert!(page.matches("<li>").count() > 10 && !page.contains("more: $"), "{page}");
    assert!(page.contains("leave memory at"), "{page}");
    assert_eq!(maya.goes(&link, Some(&[])).await.status(), StatusCode::GONE, "and opens once");
}

/// Amounts that the chat hides are shown once on a page, and not at all when the chat was locked meanwhile.
#[tokio::test]
async fn hidden_amounts_are_shown_once_on_a_page() {
    let demo = Demo::start(&[]);
    let mut maya = Person::new(&demo, "maya");
    maya.says("hide amounts").await;
    assert!(maya.says("balance").await.contains("•••"));
    let link = maya.newest_link().await;
    let before = maya.goes(&link, None).await.text().await.expect("a page");
    assert!(!before.contains("2,184.05"), "to look at the link shows nothing");
    let page = maya.goes(&link, Some(&[])).await.text().await.expect("a page");
    assert!(page.contains("2,184.05"), "{page}");
    assert_eq!(maya.goes(&link, Some(&[])).await.status(), StatusCode::GONE);

    assert!(maya.says("balance").await.contains("•••"));
    let link = maya.newest_link().await;
    assert!(maya.says("lock").await.contains("Locked"));
    let page = maya.goes(&link, Some(&[])).await;
    assert_eq!(page.status(), StatusCode::FORBIDDEN);
    assert!(!page.text().await.expect("a page").contains("2,184.05"));
}
