//! L5: where everything meets. Parse → build → run: settings come in parsed, [`assemble`] builds one bot from them,
//! and `serve`, `demo`, `chat` and `replay` run it with their own clock, store, channel and banks.

pub mod audit;
pub mod demo;
pub mod destinations;
pub mod local;
pub mod page;
pub mod renewal;
pub mod run;
pub mod serve;
pub mod shelf;
pub mod talk;

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use include_dir::{Dir, include_dir};

use self::shelf::Shelf;
use crate::answer;
use crate::bank::Banks;
use crate::bank::cache::Cache;
use crate::bank::login::Login;
use crate::bank::{BankSettings, connect};
use crate::channel::Channel;
use crate::channel::messenger::{Messenger, MessengerSettings};
use crate::clock::Clock;
use crate::domain::fault::{Fault, Source};
use crate::domain::message::PageId;
use crate::egress::Transport;
use crate::flow::engine::Flows;
use crate::flow::model::CallDef;
use crate::flow::texts::Texts;
use crate::privacy::seal::Keyring;
use crate::store::{Retention, Store, StoreError};
use crate::turn::heads::Heads;
use crate::turn::{Limits, Profiles, Staff, Turn, Witness};
use crate::understand::{Parser, Ready};
use crate::wakeup::Doorbell;
use crate::web::chart::Pictures;
use crate::web::pages::Pages;
use crate::web::webhook::Webhook;

/// What the bot asks and says, compiled in.
static BOT_FLOWS: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/bot-flows");

/// Everything under `bot-flows/`, loaded and checked.
pub struct Content {
    /// Reads texts.
    pub parser: Arc<Parser>,
    /// Decides what is asked and said.
    pub flows: Arc<Flows>,
    /// Puts it into words.
    pub texts: Arc<Texts>,
}

impl Content {
    /// The content that is compiled in.
    pub fn shipped() -> Result<Self, Vec<Fault>> {
        Self::load(&Files::shipped())
    }

    /// The content of a folder laid out as `bot-flows/` is, instead of what is compiled in.
    ///
    /// # Errors
    /// Every mistake in its files, and those that cannot be read.
    pub fn of_folder(folder: &Path) -> Result<Self, Vec<Fault>> {
        Self::load(&Files::of_folder(folder)?)
    }

    /// As [`Content::of_folder`], but what must be learnt of its words is kept on a shelf for the next start.
    ///
    /// # Errors
    /// Every mistake in its files, and those that cannot be read.
    pub fn of_folder_with(folder: &Path, shelf: &Shelf) -> Result<Self, Vec<Fault>> {
        let mut files = Files::of_folder(folder)?;
        files.models.extend(shelf.of(&files.words));
        let content = Self::load(&files)?;
        if let Err(error) = shelf.keep(&content.parser, &files.words) {
            tracing::warn!(%error, "what was learnt cannot be kept; the next start learns it again");
        }
        Ok(content)
    }

    /// Loads word files with their models, texts and flows; reports every mistake in all of them.
    fn load(Files { words, models, texts, flows }: &Files) -> Result<Self, Vec<Fault>> {
        let parser = Parser::with_models(words, models);
        let texts = Texts::load(texts);
        let (parser, texts) = match (parser, texts) {
            (Ok(parser), Ok(texts)) => (parser, texts),
            (parser, texts) => return Err(parser.err().into_iter().chain(texts.err()).flatten().collect()),
        };
        let flows = Flows::load(flows, &texts, &computations())?;
        for language in parser.learnt() {
            tracing::info!(words.language = language, "words were learnt at the start, for there was no model of them");
        }
        Ok(Self { parser: Arc::new(parser), flows: Arc::new(flows), texts: Arc::new(texts) })
    }
}

/// What content is made of.
struct Files {
    words: Vec<Source>,
    models: Vec<Ready>,
    texts: Vec<Source>,
    flows: Vec<Source>,
}

impl Files {
    fn shipped() -> Self {
        let models = BOT_FLOWS.get_dir("words").into_iter().flat_map(Dir::files);
        Self {
            words: sources(&BOT_FLOWS, "words", "toml"),
            models: models
                .filter(|file| is_model(file.path()))
                .map(|file| Ready::CompiledIn(file.contents()))
                .collect(),
            texts: sources(&BOT_FLOWS, "texts", "ftl"),
            flows: sources(&BOT_FLOWS, "", "toml"),
        }
    }

    fn of_folder(folder: &Path) -> Result<Self, Vec<Fault>> {
        let read = |inside: &str, ending: &str| files(&folder.join(inside), ending);
        match (read("words", "toml"), read("texts", "ftl"), read("", "toml")) {
            (Ok(words), Ok(texts), Ok(flows)) => {
                Ok(Self { words, models: models(&folder.join("words")), texts, flows })
            }
            (words, texts, flows) => Err([words.err(), texts.err(), flows.err()].into_iter().flatten().collect()),
        }
    }
}

/// The computations that flows may call, as `answer` registers them.
fn computations() -> Vec<CallDef> {
    answer::CALLS.iter().map(|call| CallDef { name: call.name, outcomes: call.outcomes, needs: call.needs }).collect()
}

/// The files of one folder with one ending, sorted by path.
fn sources(root: &Dir<'_>, folder: &str, ending: &str) -> Vec<Source> {
    let dir = if folder.is_empty() { Some(root) } else { root.get_dir(folder) };
    let mut files: Vec<Source> = dir
        .into_iter()
        .flat_map(Dir::files)
        .filter(|file| file.path().extension().is_some_and(|extension| extension == ending))
        .filter_map(|file| {
            Some(Source {
                path: format!("bot-flows/{}", file.path().display()),
                text: file.contents_utf8()?.to_owned(),
            })
        })
        .collect();
    files.sort_by(|a, b| a.path.cmp(&b.path));
    files
}

fn is_model(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "model")
}

/// The models of a folder. What cannot be read is learnt anew, so nothing about it is a mistake.
fn models(folder: &Path) -> Vec<Ready> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
    entries
        .filter(|path| is_model(path))
        .filter_map(|path| std::fs::read(path).ok())
        .map(|bytes| Ready::Kept(bytes.into()))
        .collect()
}

/// The files of a folder on disk with one ending, sorted by path.
fn files(folder: &Path, ending: &str) -> Result<Vec<Source>, Fault> {
    let shown = |path: &Path| path.display().to_string();
    let fault = |path: &Path, error: std::io::Error| Fault::new(shown(path), 0, format!("cannot be read: {error}"));
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(|error| fault(folder, error))? {
        let path = entry.map_err(|error| fault(folder, error))?.path();
        if path.extension().is_some_and(|extension| extension == ending) {
            let text = std::fs::read_to_string(&path).map_err(|error| fault(&path, error))?;
            found.push(Source { path: shown(&path), text });
        }
    }
    found.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(found)
}

/// What one bot is made of.
pub struct Settings {
    /// The messenger's side.
    pub messenger: MessengerSettings,
    /// The banks.
    pub banks: Vec<BankSettings>,
    /// The people behind the bot.
    pub staff: Staff,
    /// Limits of a turn.
    pub limits: Limits,
    /// How long what is kept stays.
    pub retention: Retention,
    /// How long what a bank sent is reused.
    pub cache: Duration,
    /// Largest body of a delivery, in bytes.
    pub body_max: usize,
    /// Where a chat with a page is opened, without a slash at its end.
    pub chat_url: String,
    /// Where a platform on this machine has its account linking.
    pub linking_url: Option<String>,
    /// Where people look for cash machines: an address with `{query}` in it.
    pub map_search_url: String,
    /// The names under which people know the pages.
    pub page_names: BTreeMap<PageId, String>,
    /// The address under which the world reaches the bot, without a slash at its end.
    pub public_url: Option<String>,
}

/// What one bot stands on; this is what differs between `serve`, `demo` and `replay`.
pub struct Ground {
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// What is kept.
    pub store: Arc<dyn Store>,
    /// The keys that seal it.
    pub keyring: Arc<Keyring>,
    /// The way to banks.
    pub to_banks: Arc<dyn Transport>,
    /// The way to the messenger.
    pub to_messenger: Arc<dyn Transport>,
    /// Who people are.
    pub profiles: Arc<dyn Profiles>,
    /// Who signs the heads of the access log.
    pub heads: Option<Arc<Heads>>,
    /// Who watches.
    pub witness: Option<Witness>,
}

/// A bot that is built and does not run yet.
pub struct Bot {
    /// Its turns.
    pub turn: Arc<Turn>,
    /// Its adapter to the messenger.
    pub messenger: Arc<Messenger>,
    /// What its webhook works with.
    pub webhook: Webhook,
    /// What its pictures are painted with.
    pub pictures: Pictures,
    /// What its own pages are made of.
    pub pages: Pages,
}

/// Why a bot cannot be built.
#[derive(Debug, thiserror::Error)]
pub enum BuildError {
    /// A bank's address cannot be used.
    #[error("bank {bank}: {reason}")]
    Bank {
        /// The bank.
        bank: String,
        /// What is wrong with its address.
        reason: String,
    },
    /// The store cannot be used.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Builds a bot.
pub fn assemble(settings: Settings, content: &Content, ground: Ground) -> Result<Bot, BuildError> {
    let Ground { clock, store, keyring, to_banks, to_messenger, profiles, heads, witness } = ground;
    let messenger = Arc::new(Messenger::new(settings.messenger, to_messenger, Arc::clone(&clock)));
    let channel: Arc<dyn Channel> = Arc::clone(&messenger) as Arc<dyn Channel>;
    let bell = Arc::new(Doorbell::default());
    let login = |bank: &mut BankSettings| {
        let login = Login::new(bank.login.take()?, bank.consent, Arc::clone(&to_banks), Arc::clone(&clock));
        Some((bank.bank.id.clone(), Arc::new(login)))
    };
    let mut banks = settings.banks;
    let order_keys = banks.iter().filter_map(|bank| Some((bank.bank.id.clone(), bank.orders_key?))).collect();
    let logins = banks.iter_mut().filter_map(login).collect();
    let connectors = banks.into_iter().map(|bank| {
        let id = bank.bank.id.to_string();
        let connected = connect(bank, Arc::clone(&to_banks), Arc::clone(&clock));
        connected.map_err(|error| BuildError::Bank { bank: id, reason: error.to_string() })
    });
    let turn = Arc::new(Turn {
        store: Arc::clone(&store),
        channel: Arc::clone(&channel),
        clock: Arc::clone(&clock),
        keyring: Arc::clone(&keyring),
        bell: Arc::clone(&bell),
        parser: Arc::clone(&content.parser),
        flows: Arc::clone(&content.flows),
        texts: Arc::clone(&content.texts),
        banks: Banks(connectors.collect::<Result<_, _>>()?),
        cache: Arc::new(Cache::keeping(settings.cache)),
        stops: Default::default(),
        order_keys,
        profiles,
        staff: settings.staff,
        limits: settings.limits,
        retention: settings.retention,
        logins,
        map_search_url: settings.map_search_url,
        chat_url: settings.chat_url,
        linking_url: settings.linking_url,
        page_names: settings.page_names,
        public_url: settings.public_url,
        heads,
        witness,
        paused: Default::default(),
    });
    Ok(Bot {
        pages: Pages { turn: Arc::clone(&turn) },
        turn,
        messenger,
        pictures: Pictures::new(Arc::clone(&keyring), Arc::clone(&clock)),
        webhook: Webhook { channel, store, keyring, bell, crew: None, clock, body_max: settings.body_max },
    })
}
