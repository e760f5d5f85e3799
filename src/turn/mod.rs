//! L3: claim · think · commit · send. `serve`, `demo` and `chat` have a [`Crew`] that runs many turns at a time; `replay`
//! runs one after the other with [`Turn::run_one`] and [`Turn::send_one`]. Otherwise they differ only in the clock, store,
//! channel and banks they hand in.

mod crew;
pub mod deletion;
pub mod heads;
pub mod linking;
pub mod links;
pub mod map;
pub mod on_page;
pub mod picture;
mod rouse;
mod send;
mod staff;
pub mod stops;
mod think;
pub mod ticket;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt;
use jiff::Timestamp;
use jiff::civil::Weekday;
use jiff::tz::TimeZone;

use crate::bank::{Banks, cache::Cache};
use crate::channel::{Channel, Signal};
use crate::clock::{Clock, later};
use crate::domain::{
    answer::Figure,
    exchange::Exchange,
    message::{Bubble, Conversation, Event, PageId, Post},
    reading::{Part, Reading},
    say::Say,
};
use crate::flow::dialogue::Dialogue;
use crate::flow::engine::Flows;
use crate::flow::texts::{LAST_RESORT, Reader, Texts};
use crate::flow::voice;
use crate::privacy::permit::stops::Stops;
use crate::privacy::random;
use crate::privacy::seal::{Keyring, Place, SealError};
use crate::privacy::vault::Vault;
use crate::store::{Claim, Outgoing, Retention, Store, StoreError};
use crate::understand::Parser;
use crate::wakeup::Doorbell;

use heads::Heads;
use linking::Logins;
use stops::OrderKeys;

pub use crew::{Crew, CrewSize};
pub use send::{Leased, Sent};
pub use staff::{IDLE, Staff};
use think::Thought;

/// How long an answer waits for the platform to take typing dots: long enough that they do not come after it,
/// short enough that nobody notices.
const SIGNS_WITHIN: Duration = Duration::from_secs(2);
/// How long an answer may take before the messages are marked as seen.
const SEEN_AFTER: Duration = Duration::from_secs(1);

/// Limits of a turn, from the config.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// A person who has waited this long hears a holding line.
    pub interim_after: Duration,
    /// A person has an answer or an apology by then.
    pub answer_by: Duration,
    /// How long a claim is leased; longer than `answer_by`.
    pub lease: Duration,
    /// Claims of the same events before they are buried.
    pub attempts: u32,
    /// How long "and last month?" still has something to refer to.
    pub context: Duration,
    /// How long a conversation may rest before the person must show again that it is them.
    pub session: Duration,
    /// How long after the person's last message the platform takes replies.
    pub window: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            interim_after: Duration::from_secs(3),
            answer_by: Duration::from_secs(20),
            lease: Duration::from_secs(60),
            attempts: 5,
            context: Duration::from_secs(30 * 60),
            session: Duration::from_secs(15 * 60),
            window: Duration::from_secs(24 * 60 * 60),
        }
    }
}

/// What is known of a person besides the conversation.
#[derive(Clone, Debug)]
pub struct Profile {
    /// Their locale, e.g. `en-US`.
    pub locale: String,
    /// Their zone.
    pub zone: TimeZone,
    /// The first day of their week.
    pub week_starts: Weekday,
    /// The currency they think in and the rates that lead there, where any are named.
    pub exchange: Option<Exchange>,
    /// Whether they have written to this page before the store knows of.
    pub known: bool,
}

/// Who people are, as far as known: the page's defaults in `serve`, the world's people in `demo` and `replay`.
pub trait Profiles: Send + Sync {
    /// The profile of whoever writes in a conversation.
    fn profile(&self, conversation: &Conversation) -> Profile;
}

/// What a turn understood, for those who watch (replay).
#[derive(Clone, Debug)]
pub struct Seen {
    /// Whose message.
    pub conversation: Conversation,
    /// The questions, resolved.
    pub parts: Vec<Part>,
    /// The reading of the text, where there was one.
    pub reading: Option<Reading>,
    /// The texts that were said, by their ids.
    pub said: Vec<String>,
    /// The figures that were computed for them, with their sources.
    pub figures: Vec<Figure>,
    /// The locale that the person was answered in.
    pub voice: String,
}

/// Told of every message that a turn thinks about.
pub type Witness = Arc<dyn Fn(Seen) + Send + Sync>;

/// Everything a turn needs.
pub struct Turn {
    /// What is kept.
    pub store: Arc<dyn Store>,
    /// The messenger.
    pub channel: Arc<dyn Channel>,
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// The keys that seal what is kept.
    pub keyring: Arc<Keyring>,
    /// The bell between receivers, crew and senders.
    pub bell: Arc<Doorbell>,
    /// Reads texts.
    pub parser: Arc<Parser>,
    /// Decides what is asked and said.
    pub flows: Arc<Flows>,
    /// Puts it into words.
    pub texts: Arc<Texts>,
    /// The banks that can be asked.
    pub banks: Banks,
    /// Where people sign in at them.
    pub logins: Logins,
    /// What banks sent lately.
    pub cache: Arc<Cache>,
    /// What stands against reading them.
    pub stops: Stops,
    /// What the banks' own orders are checked with.
    pub order_keys: OrderKeys,
    /// Who people are.
    pub profiles: Arc<dyn Profiles>,
    /// The people behind the bot.
    pub staff: Staff,
    /// Limits.
    pub limits: Limits,
    /// How long what is kept stays.
    pub retention: Retention,
    /// Where a chat with a page is opened: `https://m.me`.
    pub chat_url: String,
    /// Where a platform on this machine has its account linking, besides the platform's own addresses.
    pub linking_url: Option<String>,
    /// Where people look for cash machines: an address with `{query}` in it.
    pub map_search_url: String,
    /// The names under which people know the pages.
    pub page_names: BTreeMap<PageId, String>,
    /// The address under which the world reaches us; without one nothing is sent that must be fetched.
    pub public_url: Option<String>,
    /// Who signs the heads of the access log; without anybody it is kept and not signed.
    pub heads: Option<Arc<Heads>>,
    /// Who watches, if anybody.
    pub witness: Option<Witness>,
    /// Pages that must not be sent for now, and until when.
    pub paused: send::Paused,
}

impl Turn {
    /// Claims one conversation and answers what waits in it. Returns whether there was one.
    pub async fn run_one(&self, worker: &str) -> Result<bool, StoreError> {
        match self.claim_one(worker).await? {
            Some(claim) => self.finish(claim, None, false).await.map(|_| true),
            None => Ok(false),
        }
    }

    /// Claims the conversation that waits longest, if any is ready.
    pub async fn claim_one(&self, worker: &str) -> Result<Option<Claim>, StoreError> {
        self.store.claim(worker, self.limits.lease, self.clock.now()).await
    }

    /// Answers what waits in a claim, and ends it. Who has the claim's only event in memory hands it in as `heard`, and
    /// it is not opened again. With `send_now` the first reply is returned, leased to the caller for
    /// [`send_from`](Self::send_from), if it may go out at once; otherwise a sender is rung.
    pub async fn finish(
        &self,
        claim: Claim,
        heard: Option<Event>,
        send_now: bool,
    ) -> Result<Option<Leased>, StoreError> {
        if claim.attempts >= self.limits.attempts {
            self.bury(claim).await?;
            return Ok(None);
        }
        // On the heap: a task with all of it inside is copied several times on its way to the scheduler.
        let thought = Box::pin(std::panic::AssertUnwindSafe(self.think(&claim, heard)).catch_unwind()).await;
        match thought {
            Ok(Ok(thought)) => return self.commit(claim, thought, send_now).await,
            Ok(Err(think::Failed::Store(error))) => return Err(error),
            Ok(Err(think::Failed::Damaged(what))) => self.postpone(claim, &what).await?,
            Err(_) => self.postpone(claim, "the turn panicked").await?,
        }
        Ok(None)
    }

    async fn commit(&self, claim: Claim, thought: Thought, send_now: bool) -> Result<Option<Leased>, StoreError> {
        let now = self.clock.now();
        let Thought { outcome, first } = thought;
        let speaks = !outcome.outgoing.is_empty();
        let lease = (send_now && !self.paused.holds(&claim.conversation.page, now)).then_some(send::LEASE);
        let committed = match self.store.commit_and_lease(claim, outcome, lease, now).await {
            Err(StoreError::Stale) => {
                tracing::warn!("a lease was lost before the commit");
                return Ok(None);
            }
            committed => committed?,
        };
        if committed.look_again {
            self.bell.ring_thinking();
        }
        if speaks && committed.leased.is_none() {
            self.bell.ring_sending();
        }
        Ok(committed.leased.map(|due| Leased { due, post: first }))
    }

    /// Typing dots. A failure is of no consequence, and a slow platform does not hold up the answer.
    async fn type_on(&self, conversation: &Conversation) {
        tokio::select! {
            sent = self.channel.signal(conversation, Signal::TypingOn) => {
                if let Err(error) = sent {
                    tracing::debug!(send.error = %error, "a sign was not taken");
                }
            }
            () = self.clock.sleep(SIGNS_WITHIN) => tracing::debug!("the platform is slow to take signs"),
        }
    }

    /// Marks the messages as seen when their answer takes a moment. One that is there at once says as much itself, and
    /// the platform counts calls.
    async fn mark_seen(&self, conversation: &Conversation) {
        self.clock.sleep(SEEN_AFTER).await;
        if let Err(error) = self.channel.signal(conversation, Signal::MarkSeen).await {
            tracing::debug!(send.error = %error, "a sign was not taken");
        }
    }

    async fn postpone(&self, claim: Claim, reason: &str) -> Result<(), StoreError> {
        tracing::warn!(turn.attempts = claim.attempts + 1, turn.reason = reason, "a turn failed and is thought again");
        let wait = Duration::from_secs(1 << claim.attempts.min(5));
        let now = self.clock.now();
        self.store.postpone(claim, later(now, wait), reason, now).await
    }

    /// Gives up on a claim: the person gets one apology, the operator sees it in `inbox`.
    async fn bury(&self, claim: Claim) -> Result<(), StoreError> {
        tracing::error!(turn.attempts = claim.attempts, "a turn was given up");
        let now = self.clock.now();
        let vault = self.keyring.vault(&claim.conversation, claim.key.as_deref()).ok();
        let sealed = vault.zip(claim.dialogue.as_deref());
        let dialogue = sealed.and_then(|(vault, sealed)| open_dialogue(&vault, &claim.conversation, sealed).ok());
        let dialogue = dialogue.unwrap_or_default();
        let profile = self.profile(&claim.conversation, &dialogue);
        let (local, voice) = (now.to_zoned(profile.zone.clone()), self.voice(&profile.locale, &dialogue));
        let text = self.texts.render(&Say::new("apology"), &Reader { locale: &voice, now: &local, masked: false });
        let bubble = Bubble { text, ..Bubble::default() };
        let newest = claim.events.iter().map(|event| event.at).max().unwrap_or(now);
        let apology = self.sealed(&Post::Bubble(bubble), later(newest, self.limits.window));
        self.store.bury(claim, vec![apology], "given up after too many failures", now).await?;
        // The conversation is free again for what arrived meanwhile.
        self.bell.ring_thinking();
        self.bell.ring_sending();
        Ok(())
    }

    /// What is known of a person, with what they asked to be kept in its place.
    fn profile(&self, conversation: &Conversation, dialogue: &Dialogue) -> Profile {
        let mut profile = self.profiles.profile(conversation);
        if let Some(zone) = dialogue.settings.zone.as_deref().and_then(|name| TimeZone::get(name).ok()) {
            profile.zone = zone;
        }
        profile
    }

    /// The locale to answer in: in the person's language where we speak it, else in English.
    fn voice(&self, locale: &str, dialogue: &Dialogue) -> String {
        let language = dialogue.language(locale);
        voice::locale(if self.flows.speaks(language) { language } else { LAST_RESORT }, locale)
    }

    /// Seals what is to go out for the outbox, under a new id.
    fn sealed(&self, post: &Post, expires: Timestamp) -> Outgoing {
        let id = random::id_in_order(self.clock.now());
        let plain = serde_json::to_vec(post).unwrap_or_default();
        let body = self.keyring.seal(Place::reply(&id), &plain);
        Outgoing { id, body, expires }
    }
}

/// Opens what is remembered of a conversation.
pub fn open_dialogue(vault: &Vault<'_>, conversation: &Conversation, sealed: &[u8]) -> Result<Dialogue, SealError> {
    let plain = vault.open(Place::dialogue(&conversation.to_string()), sealed)?;
    Ok(Dialogue::from_bytes(&plain))
}

/// Seals a dialogue for its conversation.
pub fn seal_dialogue(vault: &Vault<'_>, conversation: &Conversation, dialogue: &Dialogue) -> Vec<u8> {
    vault.seal(Place::dialogue(&conversation.to_string()), &dialogue.to_bytes())
}
