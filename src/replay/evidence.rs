//! What is really there behind a reply: what the store holds, what was logged, what the cache still knows. Effects are
//! judged by it, never by what the bot says of itself.

use std::io::Write;
use std::sync::{Arc, Mutex, PoisonError};

use jiff::civil::Date;
use tracing::subscriber::DefaultGuard;
use tracing_subscriber::fmt::MakeWriter;

use crate::app::Bot;
use crate::channel::Refusal;
use crate::domain::access::AccessKind;
use crate::domain::link::Link;
use crate::domain::message::{Button, Conversation};
use crate::flow::dialogue::Dialogue;
use crate::privacy::random;
use zeroize::Zeroizing;

use crate::privacy::seal::{Place, SealError};
use crate::replay::judge::{Bubble, Shown};
use crate::sandbox::Sandbox;
use crate::sandbox::messenger::Sent;
use crate::sandbox::world::PersonId;
use crate::store::{Arrival, Fate, Outcome, StoreError};
use crate::turn::picture;
use crate::turn::ticket::Ticket;
use crate::turn::{open_dialogue, seal_dialogue};

/// Most rows of the inbox that are looked at.
const ROWS_MAX: u32 = 1000;

/// Everything that is logged while it lives, at every level.
pub(super) struct Logged {
    lines: Lines,
    _guard: DefaultGuard,
}

impl Logged {
    /// Listens on this thread from now on.
    pub(super) fn listen() -> Self {
        let lines = Lines::default();
        let subscriber = tracing_subscriber::fmt()
            .with_max_level(tracing::Level::TRACE)
            .with_ansi(false)
            .with_writer(lines.clone())
            .finish();
        Self { lines, _guard: tracing::subscriber::set_default(subscriber) }
    }

    /// Whether a delivery was refused for its signature.
    pub(super) fn tells_of_a_refused_signature(&self) -> bool {
        let reasons = [Refusal::Missing, Refusal::Malformed, Refusal::Wrong].map(|refusal| format!("reason={refusal}"));
        reasons.iter().any(|reason| self.text().contains(reason))
    }

    /// What was logged so far.
    pub(super) fn text(&self) -> String {
        let bytes = self.lines.0.lock().unwrap_or_else(PoisonError::into_inner);
        String::from_utf8_lossy(&bytes).into_owned()
    }
}

#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl<'w> MakeWriter<'w> for Lines {
    type Writer = Self;

    fn make_writer(&'w self) -> Self {
        self.clone()
    }
}

/// Everything that the store holds of a conversation now, opened: messages that wait, rows as an operator sees them,
/// the dialogue, the access log.
pub(super) async fn stored(bot: &Bot, conversation: &Conversation) -> Result<Vec<String>, String> {
    let store = &bot.turn.store;
    let failed = |error: StoreError| error.to_string();
    let opened = |plain: Result<Zeroizing<Vec<u8>>, SealError>| match plain {
        Ok(plain) => Ok(String::from_utf8_lossy(&plain).into_owned()),
        Err(error) => Err(format!("what is stored does not open: {error}")),
    };
    let mut found = Vec::new();
    for row in store.list(None, ROWS_MAX).await.map_err(failed)? {
        found.push(format!("{row:?}"));
        if let Some((row, Some(sealed))) = store.show(&row.event_id).await.map_err(failed)? {
            let whose = (!row.conversation.is_empty()).then_some(conversation);
            let key = Place::inbox_row(whose, &row.event_id);
            found.push(opened(bot.turn.keyring.open(Place::inbox_body(&key), &sealed))?);
        }
    }
    if let Some(sealed) = store.dialogue(conversation).await.map_err(failed)? {
        let (vault, row) = (bot.turn.vault_of(conversation).await.map_err(failed)?, conversation.to_string());
        found.push(opened(vault.open(Place::dialogue(&row), &sealed))?);
    }
    for entry in store.access_log(conversation).await.map_err(failed)? {
        found.push(serde_json::to_string(&entry).map_err(|error| error.to_string())?);
    }
    Ok(found)
}

/// A picture that was sent, if the message is one. What is drawn in it stands in its own address.
pub(super) fn shown(bot: &Bot, sent: &Sent) -> Option<Shown> {
    let chart = picture::open(&bot.turn.keyring, sent.image.as_deref()?, sent.at);
    let amounts = chart.map(|chart| chart.bars.into_iter().map(|bar| bar.text).chain([chart.sum]).collect());
    Some(Shown { is_png: sent.picture.is_some() && amounts.is_some(), amounts: amounts.unwrap_or_default() })
}

/// What is still kept of a person who was erased, beyond the receipt; `None` when nothing is.
pub(super) async fn kept(
    bot: &Bot,
    sandbox: &Sandbox,
    conversation: &Conversation,
    person: &PersonId,
) -> Result<Option<String>, String> {
    let store = &bot.turn.store;
    let failed = |error: StoreError| error.to_string();
    let links = store.links(conversation).await.map_err(failed)?;
    if !links.is_empty() {
        return Ok(Some(format!("{} links", links.len())));
    }
    if store.dialogue(conversation).await.map_err(failed)?.is_some() {
        return Ok(Some("a dialogue".to_owned()));
    }
    let log = store.access_log(conversation).await.map_err(failed)?;
    if let Some(entry) = log.iter().find(|entry| entry.kind != AccessKind::Erased) {
        return Ok(Some(format!("the log entry {}", entry.kind.word())));
    }
    for row in store.list(None, ROWS_MAX).await.map_err(failed)? {
        let shown = store.show(&row.event_id).await.map_err(failed)?;
        if row.conversation == conversation.to_string() && shown.is_some_and(|(_, body)| body.is_some()) {
            return Ok(Some(format!("a message of kind {}", row.kind)));
        }
    }
    let in_cache = |bank: &&crate::domain::bank::BankId| {
        let link = sandbox.link(person, bank);
        link.is_some_and(|link| bot.turn.cache.holds(bank, &link.token))
    };
    let banks: Vec<_> = sandbox.consents(person).into_iter().map(|consent| consent.bank).collect();
    Ok(banks.iter().find(in_cache).map(|bank| format!("what {bank} sent, in the cache")))
}

/// The banks that are linked to a conversation, and those of which something that they sent of the person is cached.
pub(super) async fn banks(
    bot: &Bot,
    sandbox: &Sandbox,
    conversation: &Conversation,
    person: &PersonId,
) -> Result<(Vec<String>, Vec<String>), String> {
    let links = bot.turn.store.links(conversation).await.map_err(|error| error.to_string())?;
    let linked = links.into_iter().map(|(bank, _)| bank.as_str().to_owned()).collect();
    let banks = sandbox.world().institutions.iter().map(|institution| &institution.bank.id);
    let cached = banks.filter(|bank| bot.turn.cache.holds(bank, &sandbox.token(person, bank).into()));
    Ok((linked, cached.map(|bank| bank.as_str().to_owned()).collect()))
}

/// One bubble as the person got it. Which of our pages a button opens stands in its own address.
pub(super) fn bubble(bot: &Bot, sent: &Sent) -> Bubble {
    let page = |button: &Button| match button {
        Button::Web { url, .. } => {
            let token = url.rsplit('/').next().unwrap_or_default();
            let ticket = Ticket::open(&bot.turn.keyring, token, sent.at);
            Some(ticket.map_or_else(|| "map".to_owned(), |ticket| ticket.page.word().to_owned()))
        }
        _ => None,
    };
    Bubble {
        text: sent.text.clone(),
        quick_replies: sent.quick_replies.iter().map(|chip| chip.title.clone()).collect(),
        buttons: sent.buttons.iter().map(|button| button.title().to_owned()).collect(),
        calls: sent.buttons.iter().any(|button| matches!(button, Button::Call { .. })),
        logs_in: sent.buttons.iter().any(|button| matches!(button, Button::LogIn { .. })),
        pages: sent.buttons.iter().filter_map(page).collect(),
        at: sent.at,
        id: sent.metadata.clone().unwrap_or_default(),
    }
}

/// The banks that were linked meanwhile, and those whose consent was renewed.
pub(super) fn consents(before: &[Link], after: &[Link]) -> (Vec<String>, Vec<String>) {
    let earlier = |link: &&Link| before.iter().find(|other| other.bank == link.bank);
    let name = |link: &Link| link.bank.as_str().to_owned();
    let made = after.iter().filter(|link| earlier(link).is_none()).map(name).collect();
    let renewed = |link: &&Link| earlier(link).is_some_and(|other| other.grant.since != link.grant.since);
    (made, after.iter().filter(renewed).map(name).collect())
}

/// The banks of links, by name.
pub(super) fn named(links: &[Link]) -> Vec<String> {
    links.iter().map(|link| link.bank.as_str().to_owned()).collect()
}

/// The banks whose consents stand.
pub(super) fn live(links: &[Link], today: Date) -> Vec<String> {
    links.iter().filter(|link| link.is_live(today)).map(|link| link.bank.as_str().to_owned()).collect()
}

/// Changes what is remembered of a conversation as if it had come to that earlier: by a message that asks nothing, and
/// the commit of its turn.
pub(super) async fn change_dialogue(
    bot: &Bot,
    conversation: &Conversation,
    change: impl FnOnce(&mut Dialogue),
) -> Result<(), String> {
    let (turn, failed) = (&bot.turn, |error: StoreError| error.to_string());
    let now = turn.clock.now();
    let event_id = format!("an earlier setting of {conversation} {}", random::id());
    let arrival = Arrival {
        conversation: Some(conversation.clone()),
        event_id,
        at: now,
        kind: "text".to_owned(),
        fate: Fate::Think(Vec::new()),
    };
    turn.store.receive(vec![arrival], now).await.map_err(failed)?;
    let claim = turn.claim_one("stage").await.map_err(failed)?.ok_or("the setting cannot be made")?;
    let vault = turn.keyring.vault(conversation, claim.key.as_deref()).map_err(|error| error.to_string())?;
    let mut dialogue = match &claim.dialogue {
        Some(sealed) => open_dialogue(&vault, conversation, sealed).map_err(|error| error.to_string())?,
        None => Dialogue::default(),
    };
    change(&mut dialogue);
    let dialogue = seal_dialogue(&vault, conversation, &dialogue);
    let key = vault.fresh().map(<[u8]>::to_vec);
    turn.store.commit(claim, Outcome { key, dialogue, ..Outcome::default() }, now).await.map_err(failed)
}

/// What of a person's input is secret: every word with digits in it; where there is none, its last word.
pub(super) fn secrets(said: &str) -> Vec<String> {
    let words = || said.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let digits: Vec<String> =
        words().filter(|word| word.chars().any(|c| c.is_ascii_digit())).map(str::to_owned).collect();
    if digits.is_empty() { words().next_back().map(str::to_owned).into_iter().collect() } else { digits }
}

/// Whether a text holds a word, by itself.
pub(super) fn holds(text: &str, word: &str) -> bool {
    text.match_indices(word).any(|(at, found)| {
        let is_part = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
        !is_part(text[..at].chars().next_back()) && !is_part(text[at + found.len()..].chars().next())
    })
}
