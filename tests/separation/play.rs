//! Plays a trace against the real engine, several turns at a time, on a clock that stands still; and looks at everything that
//! anybody gets to see.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use balancebot::app::local::{self, LocalGround, LocalWorld, Wires, WorldProfiles};
use balancebot::app::{Bot, Content};
use balancebot::clock::{Clock, WorldClock, later};
use balancebot::domain::bank::BankId;
use balancebot::domain::fault::Source;
use balancebot::domain::message::Conversation;
use balancebot::domain::stop::{Order, OrderedBy, Wanted, Whom};
use balancebot::domain::webpage::WebPage;
use balancebot::egress::{InProcess, Transport};
use balancebot::privacy::seal::Keyring;
use balancebot::sandbox::Sandbox;
use balancebot::sandbox::bank;
use balancebot::sandbox::messenger::{LocalMessenger, Mark, Tapped};
use balancebot::sandbox::switch::Switch;
use balancebot::sandbox::world::World;
use balancebot::store::sqlite::SqliteStore;
use balancebot::turn::ticket::Ticket;
use balancebot::turn::{Sent, picture};
use balancebot::web::{pages, secured};
use bytes::Bytes;
use http::{Request, Response, header};

use crate::steps::{Step, alert};
use crate::town::{BANKS, PEOPLE, foreign, tells, world};

/// What traces came to, so that a run in which nothing happened is not taken for one in which nothing went wrong.
#[derive(Debug, Default)]
pub(crate) struct Tally(BTreeMap<&'static str, usize>);

impl Tally {
    fn count(&mut self, what: &'static str) {
        *self.0.entry(what).or_default() += 1;
    }

    /// How often it came to that.
    pub(crate) fn of(&self, what: &str) -> usize {
        self.0.get(what).copied().unwrap_or_default()
    }

    /// Adds another's counts.
    pub(crate) fn add(&mut self, other: &Self) {
        for (what, times) in &other.0 {
            *self.0.entry(what).or_default() += times;
        }
    }
}

/// A browser on its way back from the bank.
struct OnTheWay {
    by: usize,
    chat: usize,
    unlock: bool,
    back: String,
    cookie: String,
}

/// What the last page showed to a browser.
struct Shown {
    by: usize,
    chat: usize,
    unlock: bool,
    reference: String,
    code: String,
}

struct Play {
    clock: Arc<WorldClock>,
    sandbox: Arc<Sandbox>,
    messenger: LocalMessenger,
    bot: Bot,
    ours: InProcess,
    banks: InProcess,
    read_up_to: Vec<Mark>,
    away: Vec<OnTheWay>,
    shown: Vec<Shown>,
    orders: u64,
    tally: Tally,
}

/// Plays a trace. What went wrong names the step.
pub(crate) fn play(trace: &[Step], content: &Content) -> Result<Tally, String> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build();
    runtime.expect("a runtime").block_on(async {
        let mut play = Play::begin(content).await;
        for (nth, step) in trace.iter().enumerate() {
            let stopped = play.stopped().await;
            play.sandbox.take_calls();
            play.step(step).await;
            play.settle().await;
            let looked = play.look().await.and(play.left_alone(&stopped).await);
            looked.map_err(|wrong| format!("after step {nth}, {step:?}: {wrong}"))?;
        }
        Ok(play.tally)
    })
}

impl Play {
    async fn begin(content: &Content) -> Self {
        let world = World::load(&Source { path: "town.toml".to_owned(), text: world() }).expect("a good world");
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
            staffed: None,
        };
        let built = local::build(sandbox, content, profiles, ground, Wires::InProcess).await;
        let LocalWorld { sandbox, messenger, bot, .. } = built.expect("a bot");
        let mut read_up_to = Vec::new();
        for person in PEOPLE {
            messenger.open_window(person).expect("a person");
            read_up_to.push(messenger.mark(person).expect("a person"));
        }
        let ours = InProcess::new(secured(pages::router(bot.pages.clone())));
        let banks = InProcess::new(bank::router(Arc::clone(&sandbox)));
        let (away, shown, orders, tally) = (Vec::new(), Vec::new(), 0, Tally::default());
        Self { clock, sandbox, messenger, bot, ours, banks, read_up_to, away, shown, orders, tally }
    }

    /// The banks that are not to be read, of anybody.
    async fn stopped(&self) -> Vec<BankId> {
        let stops = self.bot.turn.store.stops().await.expect("the store answers");
        stops.into_iter().filter(|stop| stop.whom == Whom::Everyone).map(|stop| stop.bank).collect()
    }

    /// What was stopped before a step, and still is, was asked for nothing.
    async fn left_alone(&mut self, before: &[BankId]) -> Result<(), String> {
        let (still, calls) = (self.stopped().await, self.sandbox.take_calls());
        for bank in before.iter().filter(|bank| still.contains(bank)) {
            if let Some(call) = calls.iter().find(|call| call.bank == *bank) {
                return Err(format!("{bank} was asked for {} of {} under a stop", call.call, call.person));
            }
            self.tally.count("left alone");
        }
        Ok(())
    }

    async fn step(&mut self, step: &Step) {
        match step {
            Step::Say(who, text) => self.say(*who, text).await,
            Step::Yes(who) => self.say(*who, "yes").await,
            Step::Alert(who, times) => self.say(*who, &alert(*who, *times)).await,
            Step::AllSay(texts) => {
                for (who, text) in texts.iter().enumerate() {
                    self.say(who, text).await;
                }
            }
            Step::Tap(who, nth) => self.tap(*who, *nth).await,
            Step::GoToBank { by, chat, bank, unlock } => {
                let page = if *unlock { WebPage::Unlock } else { WebPage::Link(Some(BANKS[*bank].into())) };
                self.go_to_bank(*by, *chat, BANKS[*bank], page).await;
            }
            Step::ComeBack { nth, cookie } => self.come_back(*nth, *cookie).await,
            Step::Finish { nth, chat, typed } => self.finish(*nth, *chat, *typed).await,
            Step::Bank(bank, change) => {
                let change = Switch::parse(change).expect("a switch");
                self.sandbox.switch(&BANKS[*bank].into(), change).expect("a bank");
            }
            Step::Order { bank, by_bank, whom, stop } => self.order(*bank, *by_bank, *whom, *stop).await,
            Step::StopUnderWay { bank, whom } => self.stop_under_way(*bank, *whom).await,
            Step::Renew(who, bank) => self.renew(*who, BANKS[*bank]).await,
            Step::Pass(minutes) => self.pass(Duration::from_secs(60 * minutes)).await,
            Step::Crash => self.bot.turn.cache.clear(),
            Step::AskPlatform(who) => {
                let answered = self.messenger.ask_deletion(PEOPLE[*who]).await.expect("a person");
                assert_eq!(answered.0, Some(200), "a request to delete is taken");
            }
            Step::Again(who) => drop(self.messenger.redeliver(PEOPLE[*who]).await),
        }
    }

    async fn say(&self, who: usize, text: &str) {
        self.messenger.say(PEOPLE[who], text).await.expect("a person");
    }

    /// Time passes; what falls due meanwhile is done when it is due.
    async fn pass(&self, by: Duration) {
        let end = later(self.clock.now(), by);
        loop {
            let due = self.bot.turn.store.roused(end, 1).await.expect("the store answers");
            let until = due.first().map_or(end, |(_, at)| *at);
            self.clock.skip(Duration::try_from(until.duration_since(self.clock.now())).unwrap_or_default());
            if due.is_empty() {
                return;
            }
            self.settle().await;
        }
    }

    /// Lets everything be answered that waits: by as many workers as there are people, so that turns overlap at the banks and
    /// in the cache.
    async fn settle(&self) {
        let turn = &self.bot.turn;
        loop {
            let (a, b, c) = tokio::join!(turn.run_one("a"), turn.run_one("b"), turn.run_one("c"));
            let mut any = [a, b, c].into_iter().any(|ran| ran.expect("the store answers"));
            while turn.send_one().await.expect("the store answers") == Sent::Taken {
                any = true;
            }
            self.messenger.drained().await;
            if !any && !turn.rouse().await.expect("the store answers") {
                return;
            }
        }
    }

    fn conversation(&self, who: usize) -> Conversation {
        Conversation::messenger(local::PAGE_ID, local::psid(who))
    }

    async fn tap(&mut self, who: usize, nth: usize) {
        let offered = self.messenger.offered(PEOPLE[who]).expect("a person");
        let Some(title) = (!offered.is_empty()).then(|| &offered[nth % offered.len()]) else { return };
        let Ok(Tapped::Opens(url)) = self.messenger.tap(PEOPLE[who], title).await else { return };
        if !url.contains("/p/") {
            return;
        }
        for form in [None, Some(String::new())] {
            let page = ask(&self.ours, &url, form, None).await;
            self.see(who, "a page", &text_of(&page)).unwrap_or_else(|wrong| panic!("{wrong}"));
        }
    }

    /// As `bank stop` and a bank's signed order do it: kept in the store, and taken up by the node that looks.
    async fn order(&mut self, bank: usize, by_bank: bool, whom: Option<usize>, stop: bool) {
        let bank: BankId = BANKS[bank].into();
        let turn = &self.bot.turn;
        let whom = match whom {
            None => Whom::Everyone,
            Some(who) if by_bank => Whom::customer(&bank, &self.sandbox.customer(&PEOPLE[who].into(), &bank)),
            Some(who) => Whom::chat(&self.conversation(who)),
        };
        self.orders += 1;
        let (wanted, id, at) = (if stop { Wanted::Stop } else { Wanted::Resume }, self.orders, turn.clock.now());
        let by = if by_bank { OrderedBy::Bank } else { OrderedBy::Operator };
        let mut digest = [0; 32];
        digest[..8].copy_from_slice(&id.to_le_bytes());
        let order = Order { id: format!("o-{id}"), wanted, bank, whom, by, at, reason: None, digest };
        turn.store.order(order, None, at).await.expect("the store answers");
        turn.read_stops().await.expect("the store answers");
        self.tally.count(if stop { "stopped" } else { "resumed" });
    }

    /// The bank is slow, so that the questions are before it when the order comes.
    async fn stop_under_way(&mut self, bank: usize, whom: Option<usize>) {
        let id = BANKS[bank].into();
        self.sandbox.switch(&id, Switch::parse("slow 4s").expect("a switch")).expect("a bank");
        self.bot.turn.cache.clear();
        for who in 0..PEOPLE.len() {
            self.say(who, "what do i have in total").await;
        }
        self.sandbox.take_calls();
        let turn = Arc::clone(&self.bot.turn);
        let clock = Arc::clone(&self.clock);
        let work = async { tokio::join!(turn.run_one("a"), turn.run_one("b"), turn.run_one("c")) };
        let order = async {
            clock.sleep_until(later(clock.now(), Duration::from_secs(1))).await;
            if self.sandbox.calls().iter().any(|call| call.bank == id) {
                self.tally.count("stopped under way");
            }
            self.order(bank, true, whom, true).await;
        };
        let ((a, b, c), ()) = tokio::join!(work, order);
        for ran in [a, b, c] {
            ran.expect("the store answers");
        }
        self.sandbox.switch(&id, Switch::Up).expect("a bank");
    }

    /// In one go, as themselves, if they are linked; what else is on its way stays there.
    async fn renew(&mut self, who: usize, bank: &'static str) {
        let links = self.bot.turn.links_of(&self.conversation(who)).await.expect("the store answers");
        let Some(before) = links.into_iter().find(|link| link.bank.as_str() == bank) else { return };
        let known = self.away.len();
        self.go_to_bank(who, who, bank, WebPage::Link(Some(bank.into()))).await;
        if self.away.len() == known {
            return;
        }
        let known = self.shown.len();
        self.come_back(self.away.len() - 1, None).await;
        if self.shown.len() == known {
            return;
        }
        self.finish(self.shown.len() - 1, None, false).await;
        self.settle().await;
        let links = self.bot.turn.links_of(&self.conversation(who)).await.expect("the store answers");
        let after = links.into_iter().find(|link| link.bank == before.bank);
        if after.is_some_and(|after| after.grant.since.is_some() && after.grant.since != before.grant.since) {
            self.tally.count("renewed");
        }
    }

    async fn go_to_bank(&mut self, by: usize, chat: usize, bank: &str, page: WebPage) {
        let turn = &self.bot.turn;
        let unlock = page == WebPage::Unlock;
        let ticket = Ticket::new(page, &self.conversation(chat), "en-US", turn.clock.now());
        let address = ticket.address(&turn.keyring, turn.public_url.as_deref().unwrap_or_default());
        let address = address.expect("a short address");
        let sent = ask(&self.ours, &address, Some(format!("bank={bank}&agree=yes")), None).await;
        let cookie = sent.headers().get(header::SET_COOKIE).and_then(|cookie| cookie.to_str().ok()?.split(';').next());
        let (Some(cookie), Some(login)) = (cookie.map(str::to_owned), location(&sent)) else { return };
        let page = ask(&self.banks, &login, None, None).await;
        let Some(request) = between(&text_of(&page), "name=\"request\" value=\"", "\"") else { return };
        let form = format!("person={}&request={request}&decision=allow", PEOPLE[by]);
        let Some(back) = location(&ask(&self.banks, &login, Some(form), None).await) else { return };
        self.away.push(OnTheWay { by, chat, unlock, back, cookie });
    }

    async fn come_back(&mut self, nth: usize, cookie: Option<usize>) {
        if self.away.is_empty() {
            return;
        }
        let way = self.away.remove(nth % self.away.len());
        // Another browser has a cookie of its own, from where it last went.
        let by = cookie.unwrap_or(way.by);
        let cookie = match by == way.by {
            true => Some(way.cookie),
            false => self.away.iter().rfind(|other| other.by == by).map(|other| other.cookie.clone()),
        };
        let page = text_of(&ask(&self.ours, &way.back, None, cookie).await);
        let reference = between(&page, "?ref=", "\"");
        let code = between(&page, "class=\"code\">", "<");
        if let (Some(reference), Some(code)) = (reference, code) {
            assert_eq!(by, way.by, "another browser was let in");
            self.tally.count("returned");
            self.shown.push(Shown { by, chat: way.chat, unlock: way.unlock, reference, code });
        }
    }

    async fn finish(&mut self, nth: usize, chat: Option<usize>, typed: bool) {
        if self.shown.is_empty() {
            return;
        }
        let shown = self.shown.remove(nth % self.shown.len());
        let mut chat = chat.unwrap_or(shown.by);
        if chat == shown.chat && chat != shown.by && !shown.unlock {
            // Who hands the last secret, too, to whoever sent them the link has given away their own account: no chat can
            // tell. Everything short of that must not do it; and to unlock, the bank must know the customer.
            chat = shown.by;
        }
        self.tally.count(if shown.chat == shown.by { "finished" } else { "finished by a stranger" });
        if typed {
            self.say(chat, &shown.code).await;
        } else {
            self.messenger.referral(PEOPLE[chat], &shown.reference).await.expect("a person");
        }
    }

    /// Everything that came meanwhile, in all chats, and what each is linked to.
    async fn look(&mut self) -> Result<(), String> {
        for (who, person) in PEOPLE.into_iter().enumerate() {
            let sent = self.messenger.outbox_since(person, self.read_up_to[who]).expect("a person");
            self.read_up_to[who] = self.messenger.mark(person).expect("a person");
            for sent in sent {
                if sent.text.contains("bank is linked") {
                    self.tally.count("linked");
                }
                if sent.text.contains("stopped my access") || sent.text.contains("stopped reading") {
                    self.tally.count("told of a stop");
                }
                if sent.text.contains("is erased") {
                    self.tally.count("erased");
                }
                let chart = sent.image.as_deref().and_then(|url| picture::open(&self.bot.turn.keyring, url, sent.at));
                self.see(
                    who,
                    "a message",
                    &format!("{} {:?} {:?} {chart:?}", sent.text, sent.quick_replies, sent.buttons),
                )?;
            }
            for link in self.bot.turn.links_of(&self.conversation(who)).await.expect("the store answers") {
                self.see(who, "a link", &format!("{:?}", link.accounts))?;
            }
        }
        Ok(())
    }

    fn see(&mut self, who: usize, what: &str, text: &str) -> Result<(), String> {
        if tells(who, text) {
            self.tally.count(PEOPLE[who]);
        }
        match foreign(who, text) {
            Some(wrong) => Err(format!("{} got {what} with {wrong}: {text}", PEOPLE[who])),
            None => Ok(()),
        }
    }
}

async fn ask(to: &InProcess, url: &str, form: Option<String>, cookie: Option<String>) -> Response<Bytes> {
    let mut request = Request::builder().uri(url).method(if form.is_some() { "POST" } else { "GET" });
    if form.is_some() {
        request = request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    }
    if let Some(cookie) = cookie {
        request = request.header(header::COOKIE, cookie);
    }
    let request = request.body(Bytes::from(form.unwrap_or_default())).expect("a request");
    to.exchange(request).await.expect("an answer")
}

fn location(response: &Response<Bytes>) -> Option<String> {
    response.headers().get(header::LOCATION)?.to_str().ok().map(str::to_owned)
}

fn text_of(response: &Response<Bytes>) -> String {
    String::from_utf8_lossy(response.body()).into_owned()
}

fn between(text: &str, before: &str, after: &str) -> Option<String> {
    let from = text.find(before)? + before.len();
    let to = text[from..].find(after)? + from;
    Some(text[from..to].to_owned())
}
