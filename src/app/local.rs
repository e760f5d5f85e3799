//! The local world: one sandbox, one Messenger on this machine, and what a bot needs to be at home between them. The
//! same for `demo` and `chat` (over sockets) and for `replay` (in process).

use std::sync::{Arc, PoisonError, RwLock};

use async_trait::async_trait;
use rust_decimal::Decimal;
use secrecy::SecretString;

use crate::app::{Bot, BuildError, Content, Ground, Settings, assemble};
use crate::bank::cache::KEEP;
use crate::bank::login::LoginSettings;
use crate::bank::{BankSettings, Dialect, History};
use crate::channel::messenger::{MessengerSettings, PageSettings, SENDS_PER_SECOND};
use crate::clock::Clock;
use crate::domain::bank::Bank;
use crate::domain::consent::ConsentRule;
use crate::domain::exchange::{Exchange, Rate};
use crate::domain::message::{Conversation, PageId as MessagePageId};
use crate::domain::money::Currency;
use crate::domain::text::label;
use crate::egress::{InProcess, Transport};
use crate::privacy::random;
use crate::privacy::seal::Keyring;
use crate::sandbox::Sandbox;
use crate::sandbox::bank::{self, Client, Shape};
use crate::sandbox::messenger::{self, LocalMessenger, Settled};
use crate::sandbox::world::{Fx, Person, PersonId, Shift, World};
use crate::store::{Retention, Store, StoreError};
use crate::turn::heads::Heads;
use crate::turn::map::SEARCH_URL;
use crate::turn::{IDLE, Limits, Profile, Profiles, Staff, Turn, Witness};
use crate::web::webhook::{self, BODY_MAX};
use crate::web::{chart, pages, secured};

/// The page that everybody writes to.
pub const PAGE_ID: &str = "100000000000001";
/// The app that the bot is.
pub const APP_ID: &str = "200000000000002";
/// The client that the bot is to the banks' logins.
const CLIENT_ID: &str = "balancebot";
/// The page's name.
pub const PAGE_NAME: &str = "balancebot";

/// The secrets that the bot and the local Messenger share; new for every run.
pub struct Secrets {
    /// What the bot proves itself with at the banks' logins.
    client_secret: SecretString,
    app_secret: SecretString,
    page_token: SecretString,
    verify_token: SecretString,
}

impl Secrets {
    /// New random secrets.
    fn random() -> Self {
        let new = || SecretString::from(random::id());
        Self { client_secret: new(), app_secret: new(), page_token: new(), verify_token: new() }
    }
}

/// A person's id on the page, by their place in the world.
pub fn psid(place: usize) -> String {
    format!("{}", 7_000_000_000_000_001_usize + place)
}

/// A Messenger with the people of a world in it. Its webhook is set once the bot is there.
fn messenger(world: &World, secrets: &Secrets, mid_prefix: String, clock: Arc<dyn Clock>) -> LocalMessenger {
    let person = |(place, person): (usize, &Person)| messenger::Person {
        id: psid(place),
        name: person.name.clone(),
        handle: person.id.as_str().to_owned(),
        locale: Some(person.locale.replace('-', "_")),
        zone: person.zone.iana_name().map(str::to_owned),
    };
    let settings = messenger::Settings {
        app_id: APP_ID.to_owned(),
        page_id: PAGE_ID.to_owned(),
        page_name: PAGE_NAME.to_owned(),
        app_secret: secrets.app_secret.clone(),
        page_token: secrets.page_token.clone(),
        verify_token: secrets.verify_token.clone(),
        require_proof: true,
        mid_prefix,
        people: world.people.iter().enumerate().map(person).collect(),
    };
    LocalMessenger::new(settings, messenger::Webhook::nowhere(), clock)
}

/// A bank that the world wants in a dialect that is not built yet, and what it speaks instead.
pub struct StandIn {
    /// The bank's name.
    pub bank: String,
    /// The dialect it is to have.
    pub wanted: String,
    /// The dialect it has.
    pub spoken: &'static str,
}

/// How the parts of the local world reach each other.
#[derive(Clone)]
pub enum Wires {
    /// By calls in this process, with the bytes that would have crossed the wire.
    InProcess,
    /// Over loopback.
    Sockets {
        /// Where the Messenger and the banks are served: `http://127.0.0.1:8088`.
        world: String,
        /// Where the bot's webhook is served: `http://127.0.0.1:40000`.
        bot: String,
        /// The client of both sides.
        socket: Arc<dyn Transport>,
    },
}

/// A world with a bot in it, which does not run yet.
pub struct LocalWorld {
    /// The banks.
    pub sandbox: Arc<Sandbox>,
    /// The Messenger.
    pub messenger: LocalMessenger,
    /// The bot.
    pub bot: Bot,
    /// The banks that speak another dialect than the world wants.
    pub stand_ins: Vec<StandIn>,
    /// What another bot in this world must know.
    pub secrets: Secrets,
}

/// What a bot in a local world stands on.
#[derive(Clone)]
pub struct LocalGround {
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// What is kept.
    pub store: Arc<dyn Store>,
    /// The keys that seal it.
    pub keyring: Arc<Keyring>,
    /// Who signs the heads of the access log.
    pub heads: Option<Arc<Heads>>,
    /// Who watches.
    pub witness: Option<Witness>,
    /// The dialect that every bank speaks; the world's own if not given.
    pub dialect: Option<Shape>,
    /// Whether the desk is staffed, whatever the clock says.
    pub staffed: Option<bool>,
}

/// Builds a world: banks, Messenger and bot, joined by `wires`, with everybody's standing consents in the store.
pub async fn build(
    sandbox: Arc<Sandbox>,
    content: &Content,
    profiles: Arc<WorldProfiles>,
    ground: LocalGround,
    wires: Wires,
) -> Result<LocalWorld, BuildError> {
    let secrets = Secrets::random();
    let (world_url, _) = addresses(&wires);
    let mid_prefix = match &wires {
        Wires::InProcess => "m_".to_owned(),
        // A demo may find the store of an earlier one, which knows that one's message ids.
        Wires::Sockets { .. } => format!("m_{}_", random::id()),
    };
    let messenger = messenger(sandbox.world(), &secrets, mid_prefix, Arc::clone(&ground.clock));
    messenger.set_url(&world_url);
    let (bot, stand_ins) = awaken(&sandbox, &messenger, content, profiles, ground, &secrets, wires)?;
    let people: Vec<PersonId> = sandbox.world().people.iter().map(|person| person.id.clone()).collect();
    for (place, person) in people.iter().enumerate() {
        seed_links(&bot, &sandbox, person, place).await?;
    }
    Ok(LocalWorld { sandbox, messenger, bot, stand_ins, secrets })
}

/// Makes a bot in a world that is there already, and has the Messenger deliver to it: the first one, or another on the
/// same ground when that one has died.
///
/// # Errors
/// As [`assemble`].
pub fn awaken(
    sandbox: &Arc<Sandbox>,
    messenger: &LocalMessenger,
    content: &Content,
    profiles: Arc<WorldProfiles>,
    ground: LocalGround,
    secrets: &Secrets,
    wires: Wires,
) -> Result<(Bot, Vec<StandIn>), BuildError> {
    let (world_url, bot_url) = addresses(&wires);
    let (settings, stand_ins) = settings(sandbox.world(), secrets, &world_url, ground.dialect, ground.staffed);
    let settings = Settings { public_url: Some(bot_url.clone()), ..settings };
    let redirect_uri = |bank: &BankSettings| format!("{bot_url}/link/return/{}", bank.bank.id);
    sandbox.register(Client {
        id: CLIENT_ID.to_owned(),
        secret: secrets.client_secret.clone(),
        name: PAGE_NAME.to_owned(),
        redirect_uris: settings.banks.iter().map(redirect_uri).collect(),
    });
    let (to_banks, to_messenger): (Arc<dyn Transport>, Arc<dyn Transport>) = match &wires {
        Wires::InProcess => (
            Arc::new(InProcess::new(bank::router(Arc::clone(sandbox)))),
            Arc::new(InProcess::new(messenger.graph_router())),
        ),
        Wires::Sockets { socket, .. } => (Arc::clone(socket), Arc::clone(socket)),
    };
    let ground = Ground {
        clock: ground.clock,
        store: ground.store,
        keyring: ground.keyring,
        to_banks,
        to_messenger,
        profiles,
        heads: ground.heads,
        witness: ground.witness,
    };
    let bot = assemble(settings, content, ground)?;
    let in_process = matches!(wires, Wires::InProcess);
    let to_bot: Arc<dyn Transport> = match wires {
        Wires::InProcess => Arc::new(InProcess::new(secured(
            webhook::router(bot.webhook.clone())
                .merge(chart::router(bot.pictures.clone()))
                .merge(pages::router(bot.pages.clone())),
        ))),
        Wires::Sockets { socket, .. } => socket,
    };
    let url = format!("{bot_url}/webhook/messenger");
    messenger.set_webhook(if in_process {
        // A deadline on a clock that stands still would only make it jump.
        messenger::Webhook { answer_within: None, ..messenger::Webhook::new(to_bot, url) }
    } else {
        messenger::Webhook::new(to_bot, url)
    });
    messenger
        .set_settled(Arc::new(StoreSettled { store: Arc::clone(&bot.turn.store), clock: Arc::clone(&bot.turn.clock) }));
    Ok((bot, stand_ins))
}

/// Where the world and the bot are served.
fn addresses(wires: &Wires) -> (String, String) {
    match wires {
        Wires::InProcess => ("http://127.0.0.1:1".to_owned(), "http://127.0.0.1:2".to_owned()),
        Wires::Sockets { world, bot, .. } => (world.clone(), bot.clone()),
    }
}

/// Settings of a bot that lives in a world served at `url`; `dialect` makes every bank speak one.
fn settings(
    world: &World,
    secrets: &Secrets,
    url: &str,
    dialect: Option<Shape>,
    staffed: Option<bool>,
) -> (Settings, Vec<StandIn>) {
    let mut stand_ins = Vec::new();
    let mut bank_settings = Vec::new();
    for institution in &world.institutions {
        if dialect.is_none()
            && let Some((wanted, spoken)) = institution.stands_in()
        {
            stand_ins.push(StandIn { bank: label(&institution.bank.name), wanted: wanted.to_owned(), spoken });
        }
        let shape = dialect.or_else(|| Shape::newest(institution.default_dialect())).unwrap_or(Shape::FdxFlat);
        let spoken = match shape {
            Shape::FdxFlat => Dialect::Fdx { version: "6".to_owned() },
            Shape::FdxWrapped => Dialect::Fdx { version: "5".to_owned() },
            Shape::ObukShort => Dialect::Obuk { version: "4.0".to_owned() },
            Shape::ObukLong => Dialect::Obuk { version: "3.1".to_owned() },
        };
        bank_settings.push(BankSettings {
            bank: Bank { name: label(&institution.bank.name), ..institution.bank.clone() },
            dialect: spoken,
            base_url: format!("{url}{}", shape.base_path(&institution.bank.id)),
            currency: Some(institution.currency),
            zone: None,
            history: Some(History::From(world.history_from)),
            limits: Default::default(),
            offers: true,
            consent: rule_of(&institution.bank.country),
            orders_key: None,
            login: Some(login(&format!("{url}/banks/{}/oauth", institution.bank.id), secrets)),
        });
    }
    let messenger = MessengerSettings {
        graph_url: url.to_owned(),
        graph_version: "v25.0".to_owned(),
        verify_token: secrets.verify_token.clone(),
        app_secret: Some(secrets.app_secret.clone()),
        previous_app_secret: None,
        pages: vec![PageSettings { id: PAGE_ID.to_owned(), token: secrets.page_token.clone() }],
        own_app_id: Some(APP_ID.to_owned()),
        sends_per_second: SENDS_PER_SECOND,
    };
    let staff = Staff {
        hours: world.desk.hours.iter().map(Shift::hours).collect(),
        zone: world.zone.clone(),
        wait: Some(world.desk.wait.clone()),
        phone: Some(world.desk.phone.clone()),
        always: staffed,
        idle: IDLE,
    };
    (
        Settings {
            messenger,
            banks: bank_settings,
            staff,
            limits: Limits::default(),
            retention: Retention::default(),
            cache: KEEP,
            body_max: BODY_MAX,
            chat_url: format!("{url}/sandbox/m.me"),
            linking_url: Some(format!("{url}/sandbox/messenger/account_linking")),
            map_search_url: SEARCH_URL.to_owned(),
            page_names: [(MessagePageId::new(PAGE_ID), PAGE_NAME.to_owned())].into(),
            public_url: None,
        },
        stand_ins,
    )
}

/// The login of a sandbox bank that calls itself `issuer`.
/// How long consents stand where a bank is: in the United Kingdom people say again after 90 days that reading may go on; in
/// the European Union they sign in at the bank again after 180.
fn rule_of(country: &str) -> ConsentRule {
    match country {
        "GB" => ConsentRule { reconfirm_days: Some(90), ..ConsentRule::default() },
        "US" => ConsentRule::default(),
        _ => ConsentRule { days: 180, ..ConsentRule::default() },
    }
}

fn login(issuer: &str, secrets: &Secrets) -> LoginSettings {
    LoginSettings {
        issuer: issuer.to_owned(),
        authorize_url: format!("{issuer}/authorize"),
        token_url: format!("{issuer}/token"),
        par_url: Some(format!("{issuer}/par")),
        revoke_url: Some(format!("{issuer}/revoke")),
        client_id: CLIENT_ID.to_owned(),
        client_secret: secrets.client_secret.clone(),
        scope: "accounts balances transactions".to_owned(),
    }
}

impl std::fmt::Display for StandIn {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} speaks {} here: {} is not built yet", self.bank, self.spoken, self.wanted)
    }
}

/// The people of a world as the bot knows them.
pub struct WorldProfiles {
    people: RwLock<Vec<(String, Profile)>>,
    other: Profile,
}

impl WorldProfiles {
    /// Everybody in the world. `known` says whether they have written before.
    pub fn new(world: &World, known: bool) -> Self {
        let profile = |person: &Person| Profile {
            locale: person.locale.clone(),
            zone: person.zone.clone(),
            week_starts: person.week_starts,
            exchange: world.fx.as_ref().map(|fx| exchange(fx, person.home)),
            known,
        };
        let people = world.people.iter().enumerate().map(|(place, person)| (psid(place), profile(person)));
        let people = RwLock::new(people.collect());
        let other = Profile {
            locale: world.locale.clone(),
            zone: world.zone.clone(),
            week_starts: world.week_starts,
            exchange: None,
            known: false,
        };
        Self { people, other }
    }

    /// Changes what is known of one person, also while the bot runs.
    pub fn change(&self, place: usize, change: impl FnOnce(&mut Profile)) {
        let mut people = self.people.write().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, profile)) = people.get_mut(place) {
            change(profile);
        }
    }
}

/// The rates of a world, for a person who thinks in `home`.
fn exchange(fx: &Fx, home: Currency) -> Exchange {
    let rate = |(of, into, rate): &(Currency, Currency, Decimal)| Rate { of: *of, into: *into, rate: *rate };
    Exchange { home, day: fx.date, rates: fx.rates.iter().map(rate).collect() }
}

impl Profiles for WorldProfiles {
    fn profile(&self, conversation: &Conversation) -> Profile {
        let people = self.people.read().unwrap_or_else(PoisonError::into_inner);
        let known = people.iter().find(|(psid, _)| psid == conversation.person.as_str());
        known.map_or(&self.other, |(_, profile)| profile).clone()
    }
}

/// Puts a person's standing consents into the bot's store: the links that the world begins with.
async fn seed_links(bot: &Bot, sandbox: &Sandbox, person: &PersonId, place: usize) -> Result<(), StoreError> {
    let conversation = Conversation::messenger(PAGE_ID, psid(place));
    for consent in sandbox.consents(person) {
        if let Some(link) = sandbox.link(person, &consent.bank) {
            bot.turn.keep_link(&conversation, &link).await?;
        }
    }
    Ok(())
}

/// Knows from the store when nothing of a conversation is unfinished.
pub struct StoreSettled {
    /// The bot's store.
    pub store: Arc<dyn Store>,
    /// Time.
    pub clock: Arc<dyn Clock>,
}

#[async_trait]
impl Settled for StoreSettled {
    async fn settled(&self, conversation: &Conversation) {
        while !matches!(self.store.unsettled(conversation).await, Ok(0)) {
            self.clock.sleep(std::time::Duration::from_millis(5)).await;
        }
    }
}

/// Lets a turn run until nothing is left to do, on a clock that stands still: thinking, sending and deliveries take
/// turns on one task, so a run is the same every time.
pub async fn settle(turn: &Turn, messenger: &LocalMessenger) -> Result<(), StoreError> {
    loop {
        let ran = think_and_send(turn).await?;
        let sent = send_all(turn).await?;
        messenger.drained().await;
        if !ran && !sent && !turn.rouse().await? {
            return Ok(());
        }
    }
}

/// Thinks about one conversation; whatever it puts into the outbox meanwhile is sent meanwhile.
async fn think_and_send(turn: &Turn) -> Result<bool, StoreError> {
    let thinking = turn.run_one("local");
    tokio::pin!(thinking);
    loop {
        tokio::select! {
            biased;
            ran = &mut thinking => return ran,
            () = turn.bell.sending() => { send_all(turn).await?; }
        }
    }
}

async fn send_all(turn: &Turn) -> Result<bool, StoreError> {
    let mut any = false;
    while turn.send_one().await? == crate::turn::Sent::Taken {
        any = true;
    }
    Ok(any)
}
