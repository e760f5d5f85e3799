//! Linking and unlocking, in the part that happens outside of the chat. A person comes with a ticket, is sent to the bank with
//! what ties the way back to the way there, and comes back with a code. What the bank gives for it is kept in quarantine:
//! it becomes a link only when the same chat says so ([`think`](crate::turn::think)), by a reference or a code that is
//! shown to whoever finished in the browser. So neither a link that was forwarded nor a code that was slipped in leads
//! anybody's bank into another person's chat.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use crate::bank::login::{Going, Login, LoginError, Tokens};
use crate::clock::later;
use crate::domain::access::AccessEntry;
use crate::domain::bank::{Bank, BankId};
use crate::domain::link::Link;
use crate::domain::message::{Conversation, Event};
use crate::domain::webpage::WebPage;
use crate::flow::dialogue::{Dialogue, Settings};
use crate::privacy::random;
use crate::privacy::seal::Place;
use crate::store::{Arrival, Attempt, AttemptKey, Fate, StoreError};
use crate::turn::ticket::Ticket;
use crate::turn::{Turn, open_dialogue};

/// How long a person may take at their bank.
const AT_BANK: Duration = Duration::from_secs(10 * 60);
/// How long a person may take to come back to the chat.
const TO_CHAT: Duration = Duration::from_secs(10 * 60);
/// Codes that may be typed wrongly before the attempt is over.
pub(super) const TRIES: u32 = 3;

/// The steps of an attempt.
const SENT: u32 = 1;
const RETURNED: u32 = 2;
/// The person has been at the bank, and must come back to the chat.
pub(super) const QUARANTINED: u32 = 3;

/// What a reference begins with that leads back into the chat. The platform takes letters, digits, `-`, `_` and `=`.
pub(super) const REFERENCE: &str = "link-";

/// The logins of the banks that have one.
pub type Logins = BTreeMap<BankId, Arc<Login>>;

/// What a person wants at their bank.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Goal {
    /// That it may be read.
    Link,
    /// To show that it is them.
    Unlock,
}

/// What is known of an attempt; sealed in the store.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Known {
    pub(super) goal: Goal,
    pub(super) bank: BankId,
    voice: String,
    state: String,
    verifier: String,
    /// SHA-256 of the cookie of the browser that began.
    browser: [u8; 32],
    /// Where the platform's own account linking wants the browser back.
    back: Option<String>,
    /// What the person may type in the chat.
    pub(super) code: String,
    pub(super) tries: u32,
    pub(super) tokens: Option<Tokens>,
}

/// A person on the way to the bank.
#[derive(Debug)]
pub struct Away {
    /// Where.
    pub url: String,
    /// What their browser must keep until it comes back.
    pub cookie: String,
}

/// A person back from the bank.
#[derive(Debug)]
pub struct Back {
    /// What they wanted there.
    pub goal: Goal,
    /// The bank.
    pub bank: Bank,
    /// Whose chat waits.
    pub conversation: Conversation,
    /// The locale of that chat.
    pub voice: String,
    /// What a link into the chat carries.
    pub reference: String,
    /// What can be typed there instead.
    pub code: String,
    /// Where the platform's own account linking ends.
    pub redirect: Option<String>,
}

/// What the bank's answer carries.
#[derive(Clone, Debug, Default)]
pub struct BankAnswer {
    /// What ties it to the way there.
    pub state: String,
    /// What tokens are given for.
    pub code: Option<String>,
    /// Who says so.
    pub issuer: Option<String>,
}

/// What is kept of a person.
#[derive(Debug)]
pub struct Kept {
    /// What is linked.
    pub links: Vec<Link>,
    /// Who read.
    pub log: Vec<AccessEntry>,
    /// What they asked to be kept.
    pub settings: Settings,
    /// The zone of their days.
    pub zone: TimeZone,
}

/// Why it does not go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stopped {
    /// The address was used before, or is of another time.
    Over,
    /// Another browser began it, or another bank answered.
    Foreign,
    /// The person said no at the bank, or the bank did.
    Declined,
    /// The bank does not answer, or not as it should.
    Bank,
    /// The chat is locked.
    Locked,
    /// Nothing can be kept at the moment.
    Store,
}

impl From<StoreError> for Stopped {
    fn from(error: StoreError) -> Self {
        tracing::warn!(store.error = %error, "a person in the browser must wait");
        Self::Store
    }
}

impl From<LoginError> for Stopped {
    fn from(error: LoginError) -> Self {
        tracing::warn!(bank.error = %error, "a bank's login failed");
        match error {
            LoginError::Refused => Self::Declined,
            _ => Self::Bank,
        }
    }
}

pub(super) fn digest(secret: &str) -> [u8; 32] {
    Sha256::digest(secret).into()
}

fn same(a: &[u8], b: &[u8]) -> bool {
    a.ct_eq(b).into()
}

/// Eight letters that are not taken for one another, in two groups. No digits: what is typed must not look like a card.
fn spoken_code() -> String {
    const LETTERS: &[u8; 16] = b"BCDFGHJKLMPRSTVX";
    let letter = |byte: &u8| char::from(LETTERS[usize::from(byte & 15)]);
    let letters: String = random::bytes::<8>().iter().map(letter).collect();
    format!("{}-{}", &letters[..4], &letters[4..])
}

impl Turn {
    /// Where the bank sends a person back to: an address of its own for each bank, so that no bank's answer can be taken
    /// for another's.
    fn redirect_uri(&self, bank: &BankId) -> String {
        format!("{}/link/return/{bank}", self.public_url.as_deref().unwrap_or_default())
    }

    /// The banks that a ticket can lead to.
    pub fn banks_of(&self, ticket: &Ticket, links: &[Link]) -> Vec<Bank> {
        let with_login = self.banks.0.iter().map(|bank| bank.bank()).filter(|bank| self.logins.contains_key(&bank.id));
        let today = self.clock.now().to_zoned(TimeZone::UTC).date();
        let fits = |bank: &&Bank| match &ticket.page {
            WebPage::Link(Some(wanted)) => bank.id == *wanted,
            WebPage::Link(None) => !links.iter().any(|link| link.bank == bank.id),
            _ => links.iter().any(|link| link.bank == bank.id && link.stands(today)),
        };
        with_login.filter(fits).cloned().collect()
    }

    /// The links of a conversation, as the store has them now.
    ///
    /// # Errors
    /// When the store cannot be used.
    pub async fn links_of(&self, conversation: &Conversation) -> Result<Vec<Link>, StoreError> {
        let sealed = self.store.links(conversation).await?;
        Ok(self.open_links(&self.vault_of(conversation).await?, conversation, &sealed))
    }

    /// Uses a ticket up for a page that opens once. Returns whether it was the first time.
    ///
    /// # Errors
    /// When the store cannot be used.
    pub async fn use_up(&self, ticket: &Ticket) -> Result<bool, StoreError> {
        let now = self.clock.now();
        let used = Attempt {
            id: digest(&ticket.handle),
            conversation: ticket.conversation.clone(),
            step: 0,
            next: digest(&random::id()),
            body: Vec::new(),
            expires: ticket.expires(),
        };
        self.store.begin_attempt(used, now).await
    }

    /// Has a bank unlinked, as a person asked on a page; the chat tells them when it is done.
    ///
    /// # Errors
    /// When the store cannot be used.
    pub async fn unlink_on_page(&self, ticket: &Ticket, bank: &BankId) -> Result<(), StoreError> {
        let event = Event::UnlinkAsked { bank: bank.clone() };
        self.tell(&ticket.conversation, &format!("unlink:{}", ticket.handle), &event).await.map(|_| ())
    }

    /// Whether a person must show first that it is them: their conversation was locked, or has rested for long. Where no
    /// linked bank has a login there is nothing to show it with, and nothing is locked.
    pub(super) fn must_show_who(
        &self,
        links: &[Link],
        locked: bool,
        last_active: Option<Timestamp>,
        today: Date,
    ) -> bool {
        let can_unlock = links.iter().any(|link| link.stands(today) && self.logins.contains_key(&link.bank));
        let rested = last_active.is_some_and(|at| {
            let idle = self.clock.now().duration_since(at);
            idle >= SignedDuration::try_from(self.limits.session).unwrap_or(SignedDuration::MAX)
        });
        can_unlock && (locked || rested)
    }

    /// What is kept of a person.
    ///
    /// # Errors
    /// When the store cannot be used.
    pub async fn kept_of(&self, conversation: &Conversation) -> Result<Kept, StoreError> {
        let links = self.links_of(conversation).await?;
        let log = self.store.access_log(conversation).await?;
        let dialogue = self.dialogue_of(conversation).await?;
        let zone = self.profile(conversation, &dialogue).zone;
        Ok(Kept { links, log, settings: dialogue.settings, zone })
    }

    /// What is remembered of a conversation.
    ///
    /// # Errors
    /// When the store cannot be used, or what it holds does not open.
    pub async fn dialogue_of(&self, conversation: &Conversation) -> Result<Dialogue, StoreError> {
        let Some(sealed) = self.store.dialogue(conversation).await? else { return Ok(Dialogue::default()) };
        let vault = self.vault_of(conversation).await?;
        open_dialogue(&vault, conversation, &sealed)
            .map_err(|error| StoreError::Damaged(format!("a dialogue does not open: {error}")))
    }

    /// The name under which people know a page; its id where it is not known.
    pub fn page_name(&self, conversation: &Conversation) -> String {
        let page = &conversation.page;
        self.page_names.get(page).cloned().unwrap_or_else(|| page.as_str().to_owned())
    }

    /// Sends a person to the bank. The ticket is used up.
    ///
    /// # Errors
    /// Why it does not go on.
    pub async fn go_to_bank(&self, ticket: &Ticket, bank: &BankId, back: Option<String>) -> Result<Away, Stopped> {
        let goal = if ticket.page == WebPage::Unlock { Goal::Unlock } else { Goal::Link };
        let login = self.logins.get(bank).ok_or(Stopped::Bank)?;
        let cookie = random::id();
        let known = Known {
            goal,
            bank: bank.clone(),
            voice: ticket.voice.clone(),
            state: format!("{}{}", random::id(), random::id()),
            verifier: format!("{}{}", random::id(), random::id()),
            browser: digest(&cookie),
            back,
            code: spoken_code(),
            tries: 0,
            tokens: None,
        };
        let redirect_uri = self.redirect_uri(bank);
        let url = login.begin(&known.going(&redirect_uri)).await?;
        let now = self.clock.now();
        let attempt = Attempt {
            id: digest(&ticket.handle),
            conversation: ticket.conversation.clone(),
            step: SENT,
            next: digest(&known.state),
            body: self.seal_known(&ticket.conversation, &known),
            expires: later(now, AT_BANK),
        };
        if !self.store.begin_attempt(attempt, now).await? {
            return Err(Stopped::Over);
        }
        Ok(Away { url, cookie })
    }

    /// Takes what the bank answered. What it gives is kept in quarantine.
    ///
    /// # Errors
    /// Why it does not go on; the chat is told of it where it was the bank's or the person's no.
    pub async fn come_back(&self, bank: &BankId, answer: &BankAnswer, cookie: &str) -> Result<Back, Stopped> {
        let now = self.clock.now();
        let found = self.store.attempt(AttemptKey::Next(digest(&answer.state)), now).await?;
        let mut attempt = found.filter(|attempt| attempt.step == SENT).ok_or(Stopped::Over)?;
        let mut known = self.open_known(&attempt).ok_or(Stopped::Over)?;
        let login = self.logins.get(&known.bank).ok_or(Stopped::Bank)?;
        let is_theirs = answer.issuer.as_deref().is_none_or(|issuer| issuer == login.issuer());
        if known.bank != *bank || !is_theirs || !same(&known.browser, &digest(cookie)) {
            self.store.end_attempt(attempt.id, now).await?;
            return Err(Stopped::Foreign);
        }
        // The code is redeemed by whoever is first.
        attempt.step = RETURNED;
        attempt.next = digest(&random::id());
        if !self.store.advance_attempt(attempt.clone(), SENT, now).await? {
            return Err(Stopped::Over);
        }
        let redeemed = match &answer.code {
            Some(code) => login.redeem(code, &known.going(&self.redirect_uri(bank))).await.map_err(Stopped::from),
            None => Err(Stopped::Declined),
        };
        let tokens = match redeemed {
            Ok(tokens) => tokens,
            Err(stopped) => {
                self.store.end_attempt(attempt.id, now).await?;
                let failed = Event::LinkFailed { bank: bank.clone() };
                self.tell(&attempt.conversation, &format!("link-failed:{}", hex::encode(attempt.id)), &failed).await?;
                return Err(stopped);
            }
        };
        known.tokens = Some(tokens);
        let secret = random::id();
        attempt.step = QUARANTINED;
        attempt.next = digest(&secret);
        attempt.body = self.seal_known(&attempt.conversation, &known);
        attempt.expires = later(now, TO_CHAT);
        if !self.store.advance_attempt(attempt.clone(), RETURNED, now).await? {
            return Err(Stopped::Over);
        }
        let name = self.banks.get(bank).map(|bank| bank.bank().clone()).ok_or(Stopped::Bank)?;
        let joint = |back: &str| if back.contains('?') { '&' } else { '?' };
        Ok(Back {
            goal: known.goal,
            bank: name,
            conversation: attempt.conversation,
            voice: known.voice,
            redirect: known.back.map(|back| format!("{back}{}authorization_code={secret}", joint(&back))),
            reference: format!("{REFERENCE}{secret}"),
            code: known.code,
        })
    }

    /// Takes back what a bank gave and nobody may have.
    pub(super) async fn give_back(&self, bank: &BankId, tokens: &Tokens) {
        self.revoke(bank, tokens.grant.refresh.as_ref().unwrap_or(&tokens.access)).await;
    }

    /// Takes back at the bank what opens a link that is no more. A link that the bank's login did not give is left alone.
    pub(super) async fn take_back(&self, link: &Link) {
        if link.grant.since.is_some() {
            self.revoke(&link.bank, link.grant.refresh.as_ref().unwrap_or(&link.token)).await;
        }
        for retired in &link.consent.retired {
            self.revoke(&link.bank, &retired.token).await;
        }
    }

    /// Has a token taken back at its bank. Returns whether nothing is left to be done about it.
    pub(super) async fn revoke(&self, bank: &BankId, token: &SecretString) -> bool {
        let Some(login) = self.logins.get(bank) else { return true };
        let revoked = login.revoke(token).await;
        if let Err(error) = &revoked {
            tracing::warn!(bank.id = %bank, bank.error = %error, "a token could not be taken back");
        }
        revoked.is_ok()
    }

    /// Puts something into a conversation's inbox that no webhook brought. The same id is told once.
    ///
    /// Returns whether it is new.
    ///
    /// # Errors
    /// When the store cannot be used.
    pub(super) async fn tell(&self, to: &Conversation, event_id: &str, event: &Event) -> Result<bool, StoreError> {
        let now = self.clock.now();
        let row = Place::inbox_row(Some(to), event_id);
        let plain = serde_json::to_vec(event).map_err(|error| StoreError::Unavailable(error.to_string()))?;
        let fate = Fate::Think(self.keyring.seal(Place::inbox_body(&row), &plain));
        let (event_id, kind) = (event_id.to_owned(), event.kind().to_owned());
        let arrival = Arrival { conversation: Some(to.clone()), event_id, at: now, kind, fate };
        let wakes = self.store.receive(vec![arrival], now).await?.wakes;
        if wakes {
            self.bell.ring_thinking();
        }
        Ok(wakes)
    }

    pub(super) fn seal_known(&self, of: &Conversation, known: &Known) -> Vec<u8> {
        let plain = serde_json::to_vec(known).unwrap_or_default();
        self.keyring.seal(Place::attempt(&of.to_string()), &plain)
    }

    pub(super) fn open_known(&self, attempt: &Attempt) -> Option<Known> {
        let plain = self.keyring.open(Place::attempt(&attempt.conversation.to_string()), &attempt.body).ok()?;
        serde_json::from_slice(&plain).ok()
    }
}

impl Known {
    fn going<'a>(&'a self, redirect_uri: &'a str) -> Going<'a> {
        Going { redirect_uri, state: &self.state, verifier: &self.verifier, sign_in_again: self.goal == Goal::Unlock }
    }

    /// Whether this is the code that was shown in the browser, however it is written.
    pub(super) fn is_code(&self, typed: &str) -> bool {
        let plain = |code: &str| code.chars().filter(|c| c.is_alphabetic()).collect::<String>().to_uppercase();
        same(plain(typed).as_bytes(), plain(&self.code).as_bytes())
    }
}
