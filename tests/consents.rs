//! What a renewal leaves behind: the old token is void at the bank, however long that takes, and what the person set is about
//! the same accounts though the bank may call them something else. And what a person can look up of it.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use balancebot::app::Content;
use balancebot::app::local::{self, LocalGround, LocalWorld, Wires, WorldProfiles};
use balancebot::clock::{Clock, WorldClock};
use balancebot::domain::access::AccessKind;
use balancebot::domain::account::AccountId;
use balancebot::domain::bank::BankId;
use balancebot::domain::fault::Source;
use balancebot::domain::link::{Grant, Link};
use balancebot::domain::message::Conversation;
use balancebot::domain::webpage::WebPage;
use balancebot::egress::{InProcess, Transport};
use balancebot::privacy::seal::Keyring;
use balancebot::sandbox::Sandbox;
use balancebot::sandbox::bank::{Shape, router};
use balancebot::sandbox::messenger::Mark;
use balancebot::sandbox::switch::Switch;
use balancebot::sandbox::world::World;
use balancebot::store::sqlite::SqliteStore;
use balancebot::turn::ticket::Ticket;
use balancebot::web::{pages, secured};
use bytes::Bytes;
use http::{Request, Response, StatusCode, header};
use secrecy::{ExposeSecret, SecretString};

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

struct Stage {
    local: LocalWorld,
    clock: Arc<WorldClock>,
    mark: Mark,
    person: &'static str,
    bank: BankId,
}

/// Nell, with the link that her world begins with.
async fn stage() -> Stage {
    stage_of("nell", "severn").await
}

async fn stage_of(person: &'static str, bank: &str) -> Stage {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/worlds/consents.toml");
    let text = std::fs::read_to_string(path).expect("the world");
    let world = World::load(&Source { path: "consents.toml".to_owned(), text }).expect("it loads");
    let clock = Arc::new(WorldClock::starting_at(world.now));
    let profiles = Arc::new(WorldProfiles::new(&world, true));
    let sandbox = Arc::new(Sandbox::new(world, Arc::clone(&clock) as Arc<dyn Clock>));
    let ground = LocalGround {
        clock: Arc::clone(&clock) as Arc<dyn Clock>,
        store: Arc::new(SqliteStore::in_memory().expect("a store")),
        keyring: Arc::new(Keyring::ephemeral()),
        heads: None,
        witness: None,
        dialect: None,
        staffed: Some(true),
    };
    let content = Content::shipped().expect("the shipped content");
    let local = local::build(sandbox, &content, profiles, ground, Wires::InProcess).await.expect("a world");
    Stage { local, clock, mark: Mark::default(), person, bank: BankId::new(bank) }
}

impl Stage {
    fn conversation(&self) -> Conversation {
        self.local.messenger.conversation(self.person).expect("a person")
    }

    async fn settle(&mut self) -> String {
        let LocalWorld { bot, messenger, .. } = &self.local;
        local::settle(&bot.turn, messenger).await.expect("it settles");
        let said = messenger.outbox_since(self.person, self.mark).expect("a person");
        self.mark = messenger.mark(self.person).expect("a person");
        said.iter().map(|sent| sent.text.clone()).collect::<Vec<_>>().join("\n")
    }

    async fn say(&mut self, text: &str) -> String {
        self.local.messenger.say(self.person, text).await.expect("a person");
        self.settle().await
    }

    async fn pass(&mut self, time: Duration) -> String {
        self.clock.skip(time);
        self.settle().await
    }

    async fn link(&self) -> Link {
        let links = self.local.bot.turn.links_of(&self.conversation()).await.expect("links");
        links.into_iter().find(|link| link.bank == self.bank).expect("it is linked")
    }

    async fn page(&self, page: WebPage, form: &str) -> Response<Bytes> {
        let turn = &self.local.bot.turn;
        let ticket = Ticket::new(page, &self.conversation(), "en-GB", turn.clock.now());
        let public_url = turn.public_url.as_deref().expect("an address");
        self.ours(&ticket.address(&turn.keyring, public_url).expect("an address"), Some(form), None).await
    }

    async fn ours(&self, url: &str, form: Option<&str>, cookie: Option<&str>) -> Response<Bytes> {
        sent(&InProcess::new(secured(pages::router(self.local.bot.pages.clone()))), url, form, cookie).await
    }

    /// Goes through the browser up to the link that leads back into the chat; what it carries.
    async fn signs_in(&self, page: WebPage) -> String {
        let begun = self.page(page, &format!("bank={}&agree=yes", self.bank)).await;
        let cookie = begun.headers()[header::SET_COOKIE].to_str().expect("text").split(';').next().expect("a pair");
        let banks = InProcess::new(router(Arc::clone(&self.local.sandbox)));
        let login = place(&begun);
        let form = sent(&banks, &login, None, None).await;
        let request = between(&form, "name=\"request\" value=\"");
        let form = format!("person={}&request={request}&decision=allow", self.person);
        let allowed = sent(&banks, &login, Some(&form), None).await;
        between(&self.ours(&place(&allowed), None, Some(cookie)).await, "?ref=")
    }

    /// Signs in and comes back into the chat.
    async fn renews(&mut self) -> String {
        let secret = self.signs_in(WebPage::Link(Some(self.bank.clone()))).await;
        self.local.messenger.referral(self.person, &secret).await.expect("a person");
        self.settle().await
    }

    /// What the bank answers to whoever holds a token.
    async fn opens(&self, token: &SecretString) -> StatusCode {
        let shape = Shape::ObukShort;
        let url = format!("http://127.0.0.1:1{}/accounts", shape.base_path(&self.bank));
        let bearer = format!("Bearer {}", token.expose_secret());
        let request = Request::get(url).header("authorization", bearer).header("x-fapi-interaction-id", "i");
        let banks = InProcess::new(router(Arc::clone(&self.local.sandbox)));
        banks.exchange(request.body(Bytes::new()).expect("a request")).await.expect("an answer").status()
    }

    async fn kinds(&self) -> Vec<AccessKind> {
        let turn = &self.local.bot.turn;
        let log = turn.store.access_log(&self.conversation()).await.expect("a log");
        log.into_iter().map(|entry| entry.kind).filter(|kind| kind.is_of_consent()).collect()
    }
}

async fn sent(to: &InProcess, url: &str, form: Option<&str>, cookie: Option<&str>) -> Response<Bytes> {
    let mut request = Request::builder().uri(url).method(if form.is_some() { "POST" } else { "GET" });
    if form.is_some() {
        request = request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    }
    if let Some(cookie) = cookie {
        request = request.header(header::COOKIE, cookie);
    }
    let request = request.body(Bytes::from(form.unwrap_or_default().to_owned())).expect("a request");
    to.exchange(request).await.expect("an answer")
}

fn place(response: &Response<Bytes>) -> String {
    response.headers().get(header::LOCATION).expect("a redirect").to_str().expect("text").to_owned()
}

fn text(response: &Response<Bytes>) -> &str {
    std::str::from_utf8(response.body()).expect("UTF-8")
}

fn between(response: &Response<Bytes>, before: &str) -> String {
    let (_, rest) = text(response).split_once(before).unwrap_or_else(|| panic!("no {before:?}: {}", text(response)));
    rest.split('"').next().expect("an end").to_owned()
}

#[tokio::test(start_paused = true)]
async fn after_a_renewal_the_old_token_opens_nothing() {
    let mut stage = stage().await;
    stage.renews().await;
    let old = stage.link().await;
    assert_eq!(stage.opens(&old.token).await, StatusCode::OK);
    stage.clock.skip(Duration::from_secs(60));
    stage.renews().await;
    let new = stage.link().await;
    assert_eq!(stage.opens(&new.token).await, StatusCode::OK);
    assert_eq!(stage.opens(&old.token).await, StatusCode::FORBIDDEN);
    assert!(new.consent.retired.is_empty(), "nothing is left to be done");
    assert_eq!(stage.kinds().await, [AccessKind::ConsentRenewed; 2]);
}

#[tokio::test(start_paused = true)]
async fn a_bank_that_is_away_is_asked_again_to_take_the_old_token_back() {
    let mut stage = stage().await;
    let severn = BankId::new("severn");
    stage.renews().await;
    let old = stage.link().await;
    stage.clock.skip(Duration::from_secs(60));
    let secret = stage.signs_in(WebPage::Link(Some(severn.clone()))).await;
    stage.local.sandbox.switch(&severn, Switch::Down).expect("a bank");
    stage.local.messenger.referral(stage.person, &secret).await.expect("a person");
    assert!(stage.settle().await.contains("Severn Bank is linked"), "nobody waits for that");
    assert_eq!(stage.link().await.consent.retired.len(), 1, "it is kept until it is done");
    assert_eq!(stage.pass(Duration::from_secs(16 * 60)).await, "");
    assert_eq!(stage.link().await.consent.retired[0].tries, 2);
    stage.local.sandbox.switch(&severn, Switch::Up).expect("a bank");
    assert_eq!(stage.pass(Duration::from_secs(31 * 60)).await, "", "the person hears nothing of it");
    assert!(stage.link().await.consent.retired.is_empty());
    // Its own life is over as well by now; what would renew it is void, too.
    let refresh = old.grant.refresh.expect("one was given");
    let refused = stage.local.bot.turn.logins[&severn].refresh(&refresh).await;
    assert!(refused.is_err(), "the old consent is over at the bank");
}

/// Each time after twice as long, ten times in all: the last is a little over five days after the first.
#[tokio::test(start_paused = true)]
async fn a_bank_that_stays_away_is_asked_ten_times_over_five_days() {
    let mut stage = stage().await;
    let severn = BankId::new("severn");
    stage.renews().await;
    let secret = stage.signs_in(WebPage::Link(Some(severn.clone()))).await;
    stage.local.sandbox.switch(&severn, Switch::Down).expect("a bank");
    stage.local.messenger.referral(stage.person, &secret).await.expect("a person");
    stage.settle().await;
    let begun = stage.clock.now();
    let mut tries = 1;
    while let Some(retired) = stage.link().await.consent.retired.first() {
        assert_eq!(retired.tries, tries);
        let left = retired.due.duration_since(stage.clock.now());
        stage.pass(Duration::try_from(left).expect("it is due later") + Duration::from_secs(1)).await;
        tries += 1;
    }
    assert_eq!(tries, 10);
    assert_eq!(stage.clock.now().duration_since(begun).as_hours(), 127);
}

/// Our rule may end a consent that the bank lets stand: then the bank hears that it is not used any more.
#[tokio::test(start_paused = true)]
async fn what_has_ended_here_is_taken_back_at_the_bank() {
    let mut stage = stage_of("jonas", "elbe").await;
    stage.renews().await;
    let link = stage.link().await;
    assert!(link.consent.bank_until > Some(link.until), "the bank says more than 180 days");
    let login = Arc::clone(&stage.local.bot.turn.logins[&stage.bank]);
    stage.pass(179 * DAY).await;
    let renewed = login.refresh(link.grant.refresh.as_ref().expect("one was given")).await.expect("it stands");
    let turn = Arc::clone(&stage.local.bot.turn);
    let grant = Grant { since: link.grant.since, ..renewed.grant };
    turn.keep_link(&stage.conversation(), &Link { token: renewed.access, grant, ..link }).await.expect("it is kept");
    stage.pass(2 * DAY).await;
    let link = stage.link().await;
    assert_eq!(stage.kinds().await, [AccessKind::ConsentRenewed, AccessKind::ConsentEnded]);
    assert!(link.consent.retired.is_empty());
    assert!(login.refresh(link.grant.refresh.as_ref().expect("one was given")).await.is_err());
}

#[tokio::test(start_paused = true)]
async fn who_unlinks_meanwhile_leaves_no_token_behind() {
    let mut stage = stage().await;
    let severn = BankId::new("severn");
    stage.renews().await;
    let old = stage.link().await;
    let secret = stage.signs_in(WebPage::Link(Some(severn.clone()))).await;
    stage.local.sandbox.switch(&severn, Switch::Down).expect("a bank");
    stage.local.messenger.referral(stage.person, &secret).await.expect("a person");
    stage.settle().await;
    let new = stage.link().await;
    stage.local.sandbox.switch(&severn, Switch::Up).expect("a bank");
    stage.say("unlink severn bank").await;
    assert!(stage.say("yes").await.contains("unlinked"));
    for link in [old, new] {
        assert_eq!(stage.opens(&link.token).await, StatusCode::FORBIDDEN);
    }
}

/// An aggregator gives its accounts other ids under each consent: an alert goes on about the same account.
#[tokio::test(start_paused = true)]
async fn what_was_set_follows_an_account_that_has_another_id_after_a_renewal() {
    let mut stage = stage().await;
    let mut earlier = stage.link().await;
    for account in &mut earlier.accounts {
        account.id = AccountId::new(format!("earlier-{}", account.id));
    }
    let of = stage.conversation();
    stage.local.bot.turn.keep_link(&of, &earlier).await.expect("it is kept");
    assert!(stage.say("tell me if current account goes under 700").await.contains("5512"));
    let alerts = |stage: &Stage| {
        let (turn, of) = (Arc::clone(&stage.local.bot.turn), stage.conversation());
        async move { turn.dialogue_of(&of).await.expect("it opens").settings.alerts }
    };
    assert_eq!(alerts(&stage).await[0].accounts[0].as_str(), earlier.accounts[0].id.as_str());

    stage.renews().await;
    assert_eq!(stage.link().await.accounts, earlier.accounts, "nothing is read before it is asked for");
    let said = stage.say("balance of my current account").await;
    assert!(said.contains("640.20") && said.contains("5512"), "it is still the person's: {said}");
    let now = stage.link().await;
    assert_ne!(now.accounts[0].id, earlier.accounts[0].id);
    assert_eq!(alerts(&stage).await[0].accounts, [now.accounts[0].id.clone()]);
    let told = stage.pass(Duration::from_secs(4 * 60 * 60)).await;
    assert!(told.contains("Current Account ••5512 is under your limit"), "{told}");
}

/// Where a consent stands, by the page, in the file, and on the page that asks for it.
#[tokio::test(start_paused = true)]
async fn the_pages_tell_where_a_consent_stands_and_the_days_that_are_left() {
    let mut stage = stage().await;
    let asked = stage.ours(&linking(&stage), None, None).await;
    assert!(text(&asked).contains("365 days at most") && text(&asked).contains("Every 90 days"), "{}", text(&asked));
    stage.renews().await;
    let agreed = stage.page(WebPage::Consent, "").await;
    assert!(text(&agreed).contains("20 February 2027 (90 days left) I need your yes again"), "{}", text(&agreed));
    let file: serde_json::Value =
        serde_json::from_slice(stage.page(WebPage::Export, "").await.body()).expect("a file of JSON");
    let link = &file["links"][0];
    assert_eq!(link["purposes"], serde_json::json!(["answer", "alert", "directory"]));
    assert_eq!((&link["bank_until"], &link["confirm_by"]), (&"2027-11-20".into(), &"2027-02-20".into()));
    assert!(!file.to_string().contains("retired"), "no token, old or new");

    stage.pass(91 * DAY).await;
    let agreed = stage.page(WebPage::Consent, "").await;
    assert!(text(&agreed).contains("Not read since 20 February"), "{}", text(&agreed));
    assert_eq!(stage.kinds().await, [AccessKind::ConsentRenewed, AccessKind::ConsentPaused]);
    stage.pass(300 * DAY).await;
    let agreed = stage.page(WebPage::Consent, "").await;
    assert!(text(&agreed).contains("Ended on 20 November"), "{}", text(&agreed));
    let kinds = [AccessKind::ConsentRenewed, AccessKind::ConsentPaused, AccessKind::ConsentEnded];
    assert_eq!(stage.kinds().await, kinds);
}

/// What was agreed to, what was read for which question, and a button that ends it: once, in a locked chat, too; and the
/// chat tells of it. To look at the button's address does nothing.
#[tokio::test(start_paused = true)]
async fn the_button_on_the_page_unlinks_the_bank_and_the_chat_tells_of_it() {
    let mut stage = stage().await;
    stage.renews().await;
    stage.say("balance of my current account").await;
    let token = stage.link().await.token;
    stage.say("lock").await;
    let mine = stage.page(WebPage::Consent, "").await;
    let (page, button) = (text(&mine), between(&mine, "action=\""));
    assert!(
        page.contains("<h2>Severn Bank</h2>") && page.contains("Severn Bank, balances, because you asked"),
        "{page}"
    );
    let looked = stage.ours(&button, None, None).await;
    assert!(text(&looked).contains("Unlink a bank") && stage.settle().await.is_empty());
    assert_eq!(stage.opens(&token).await, StatusCode::OK);

    let pressed = stage.ours(&button, Some(""), None).await;
    assert!(text(&pressed).contains("Severn Bank is being unlinked"), "{}", text(&pressed));
    let told = stage.settle().await;
    assert!(told.starts_with("Severn Bank is unlinked"), "{told}");
    assert_eq!(stage.opens(&token).await, StatusCode::FORBIDDEN);
    assert_eq!(stage.kinds().await.last(), Some(&AccessKind::Consent));
    assert!(stage.local.bot.turn.links_of(&stage.conversation()).await.expect("links").is_empty());

    assert_eq!(stage.ours(&button, Some(""), None).await.status(), StatusCode::GONE);
    assert_eq!(stage.settle().await, "");
    let none = stage.page(WebPage::Consent, "").await;
    assert!(text(&none).contains("No bank is linked.") && !text(&none).contains("<form"), "{}", text(&none));
}

/// While somebody at the desk has the thread the bot keeps silent; the reading ends all the same.
#[tokio::test(start_paused = true)]
async fn the_button_unlinks_while_the_desk_has_the_thread_and_nothing_is_said() {
    let mut stage = stage().await;
    stage.renews().await;
    stage.say("talk to a person").await;
    let button = between(&stage.page(WebPage::Consent, "").await, "action=\"");
    stage.ours(&button, Some(""), None).await;
    assert_eq!(stage.settle().await, "");
    assert!(stage.local.bot.turn.links_of(&stage.conversation()).await.expect("links").is_empty());
    assert_eq!(stage.kinds().await.last(), Some(&AccessKind::Consent));
}

fn linking(stage: &Stage) -> String {
    let turn = &stage.local.bot.turn;
    let page = WebPage::Link(Some(BankId::new("severn")));
    let ticket = Ticket::new(page, &stage.conversation(), "en-GB", turn.clock.now());
    ticket.address(&turn.keyring, turn.public_url.as_deref().expect("an address")).expect("an address")
}
