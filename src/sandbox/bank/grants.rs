//! What a bank remembers of its logins: who may ask, what was asked, what people allowed, and the tokens that came of
//! it. All in memory, all on the sandbox's clock. No HTTP here.
//!
//! ```text
//! Client ──asks──▶ Asked ──person allows──▶ Grant + Code ──redeemed──▶ access and refresh tokens
//! ```
//!
//! A grant is the consent: tokens only point to it, so that ending it ends them all at once.

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::{Timestamp, Zoned};
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use super::asked::{Asked, OAuthError};
use crate::clock::later;
use crate::domain::{bank::BankId, purpose::DataClass};
use crate::privacy::random;
use crate::sandbox::world::PersonId;

/// How long a pushed request may wait for its person (RFC 9126 leaves it to the bank; FAPI 2.0 wants under 600 s).
pub(super) const REQUEST_LIVES: Duration = Duration::from_secs(300);

/// How long a person may look at the page.
const PAGE_LIVES: Duration = Duration::from_secs(900);

/// How long a code may be redeemed (FAPI 2.0: at most 60 s).
const CODE_LIVES: Duration = Duration::from_secs(60);

/// How long an access token opens anything.
pub(super) const ACCESS_LIVES: Duration = Duration::from_secs(900);

/// How long what is over is remembered, so that a second use can be told from nonsense.
const REMEMBERED: Duration = Duration::from_secs(24 * 3600);

/// Requests, codes or tokens at a time: beyond it the oldest goes, so that memory stays flat.
const KEPT_MAX: usize = 10_000;

/// Somebody who may ask people for their data: registered with every bank of the sandbox.
#[derive(Clone, Debug)]
pub struct Client {
    /// `client_id`.
    pub id: String,
    /// `client_secret`.
    pub secret: SecretString,
    /// The name that people are shown.
    pub name: String,
    /// Where people may be sent back to, each compared character by character.
    pub redirect_uris: Vec<String>,
}

/// One consent: a person lets a client read some of what a bank has.
#[derive(Clone, Debug)]
pub(in crate::sandbox) struct Grant {
    /// The bank's id of it.
    pub(in crate::sandbox) id: String,
    /// Who may read.
    pub(super) client: String,
    /// Where.
    pub(super) bank: BankId,
    /// Whose data.
    pub(super) person: PersonId,
    /// What.
    pub(super) scopes: Vec<DataClass>,
    /// Since when.
    pub(super) since: Timestamp,
    /// The end of its last day, on the person's clock.
    pub(super) ends: Zoned,
    is_revoked: bool,
}

impl Grant {
    /// Whether nothing may be read with it any more.
    pub(super) fn is_over(&self, now: Timestamp) -> bool {
        self.is_revoked || self.ends.timestamp() < now
    }
}

struct Code {
    asked: Asked,
    grant: String,
    until: Timestamp,
    is_used: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum TokenKind {
    Access,
    Refresh,
}

struct Token {
    kind: TokenKind,
    grant: String,
    until: Timestamp,
}

/// A pair of tokens, as the bank hands it out.
pub(super) struct Pair {
    pub(super) access: String,
    pub(super) refresh: String,
    pub(super) grant: Grant,
}

/// Everything that the banks remember. Keys are random, or chosen by us: nobody outside can make one collide.
#[derive(Default)]
pub(in crate::sandbox) struct Grants {
    clients: Vec<Client>,
    requests: BTreeMap<String, (Asked, Timestamp)>,
    codes: BTreeMap<String, Code>,
    tokens: BTreeMap<String, Token>,
    grants: BTreeMap<String, Grant>,
}

impl fmt::Debug for Grants {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Grants").field("grants", &self.grants.len()).finish_non_exhaustive()
    }
}

impl Grants {
    /// A client may ask from now on; one with the same id is replaced.
    pub(in crate::sandbox) fn register(&mut self, client: Client) {
        self.clients.retain(|known| known.id != client.id);
        self.clients.push(client);
    }

    /// The tokens that stand for what a person allowed at a bank.
    pub(in crate::sandbox) fn tokens_of(&self, person: &PersonId, bank: &BankId) -> Vec<String> {
        let is_theirs = |grant: &Grant| grant.person == *person && grant.bank == *bank;
        let theirs = self.tokens.iter().filter(|(_, token)| self.grants.get(&token.grant).is_some_and(is_theirs));
        theirs.map(|(token, _)| token.clone()).collect()
    }

    pub(super) fn client(&self, id: &str) -> Option<&Client> {
        self.clients.iter().find(|client| client.id == id)
    }

    /// The client that knows this secret.
    pub(super) fn authenticate(&self, id: &str, secret: &str) -> Result<Client, OAuthError> {
        let client = self.client(id).filter(|client| {
            let right = client.secret.expose_secret().as_bytes();
            !right.is_empty() && bool::from(right.ct_eq(secret.as_bytes()))
        });
        client.cloned().ok_or(OAuthError::INVALID_CLIENT)
    }

    /// Keeps a request until its person comes. Returns its handle.
    pub(super) fn keep(&mut self, asked: Asked, now: Timestamp) -> String {
        self.forget(now);
        let handle = random::id();
        self.requests.insert(handle.clone(), (asked, later(now, REQUEST_LIVES)));
        handle
    }

    /// The request of a handle, while it waits.
    pub(super) fn request(&self, bank: &BankId, handle: &str, now: Timestamp) -> Option<Asked> {
        let (asked, until) = self.requests.get(handle)?;
        (asked.bank == *bank && now < *until).then(|| asked.clone())
    }

    /// A person looks at a request and gets time to read.
    pub(super) fn show(&mut self, handle: &str, now: Timestamp) {
        if let Some((_, until)) = self.requests.get_mut(handle) {
            *until = (*until).max(later(now, PAGE_LIVES));
        }
    }

    /// The request of a handle is answered: it cannot be answered again.
    pub(super) fn close(&mut self, bank: &BankId, handle: &str, now: Timestamp) -> Option<Asked> {
        let asked = self.request(bank, handle, now)?;
        self.requests.remove(handle);
        Some(asked)
    }

    /// A person allows what was asked. Returns the code.
    pub(super) fn allow(&mut self, asked: Asked, person: PersonId, ends: Zoned, now: Timestamp) -> String {
        self.forget(now);
        let grant = Grant {
            id: random::id(),
            client: asked.client_id.clone(),
            bank: asked.bank.clone(),
            person,
            scopes: asked.scopes.clone(),
            since: now,
            ends,
            is_revoked: false,
        };
        let (code, id) = (random::id(), grant.id.clone());
        self.grants.insert(id.clone(), grant);
        self.codes.insert(code.clone(), Code { asked, grant: id, until: later(now, CODE_LIVES), is_used: false });
        code
    }

    /// A code becomes tokens, once. A second use ends what the first gave: one of the two was not the client.
    pub(super) fn redeem(
        &mut self,
        (bank, client): (&BankId, &str),
        code: &str,
        redirect_uri: &str,
        verifier: &str,
        now: Timestamp,
    ) -> Result<Pair, OAuthError> {
        let own = self.codes.get_mut(code).filter(|code| code.asked.bank == *bank && code.asked.client_id == client);
        let code = own.ok_or(OAuthError::invalid_grant("the code is unknown"))?;
        let grant = code.grant.clone();
        if std::mem::replace(&mut code.is_used, true) {
            self.end(&grant);
            return Err(OAuthError::invalid_grant("the code was used before: what it gave is revoked"));
        }
        if code.until <= now {
            return Err(OAuthError::invalid_grant("the code has expired"));
        }
        if code.asked.redirect_uri != redirect_uri {
            return Err(OAuthError::invalid_grant("the redirect_uri is not that of the request"));
        }
        let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(verifier));
        if !bool::from(challenge.as_bytes().ct_eq(code.asked.challenge.as_bytes())) {
            return Err(OAuthError::invalid_grant("the code_verifier is not that of the request"));
        }
        self.issue(&grant, now)
    }

    /// A refresh token becomes a new pair; it is void afterwards.
    pub(super) fn refresh(
        &mut self,
        (bank, client): (&BankId, &str),
        token: &str,
        now: Timestamp,
    ) -> Result<Pair, OAuthError> {
        let unknown = OAuthError::invalid_grant("the refresh token is unknown, used or revoked");
        let known = self.tokens.get(token).filter(|token| token.kind == TokenKind::Refresh && now < token.until);
        let id = known.map(|known| known.grant.clone()).ok_or(unknown)?;
        let grant = self.grants.get(&id).filter(|grant| grant.bank == *bank && grant.client == client);
        if grant.ok_or(unknown)?.is_over(now) {
            return Err(OAuthError::invalid_grant("the consent has ended"));
        }
        self.tokens.remove(token);
        self.issue(&id, now)
    }

    fn issue(&mut self, id: &str, now: Timestamp) -> Result<Pair, OAuthError> {
        self.forget(now);
        let over = OAuthError::invalid_grant("the consent has ended");
        let grant = self.grants.get(id).filter(|grant| !grant.is_over(now)).ok_or(over)?.clone();
        let pair = Pair { access: random::id(), refresh: random::id(), grant };
        let lives = [
            (&pair.access, TokenKind::Access, later(now, ACCESS_LIVES)),
            (&pair.refresh, TokenKind::Refresh, pair.grant.ends.timestamp()),
        ];
        for (token, kind, until) in lives {
            self.tokens.insert(token.clone(), Token { kind, grant: id.to_owned(), until });
        }
        Ok(pair)
    }

    /// The consent behind an access token of a bank, and whether the token still opens anything by itself.
    pub(super) fn behind(&self, bank: &BankId, token: &str, now: Timestamp) -> Option<(&Grant, bool)> {
        let token = self.tokens.get(token).filter(|token| token.kind == TokenKind::Access)?;
        let grant = self.grants.get(&token.grant).filter(|grant| grant.bank == *bank)?;
        Some((grant, now < token.until))
    }

    /// The consent behind a token of either kind.
    pub(super) fn behind_any(&self, bank: &BankId, token: &str) -> Option<&Grant> {
        self.grants.get(&self.tokens.get(token)?.grant).filter(|grant| grant.bank == *bank)
    }

    /// The consent of an id.
    pub(super) fn grant(&self, bank: &BankId, id: &str) -> Option<&Grant> {
        self.grants.get(id).filter(|grant| grant.bank == *bank)
    }

    /// A consent ends, and with it every token that came of it.
    pub(super) fn end(&mut self, id: &str) {
        if let Some(grant) = self.grants.get_mut(id) {
            grant.is_revoked = true;
        }
    }

    /// Every consent that a person gave a bank ends. Returns whether one stood.
    pub(in crate::sandbox) fn end_all(&mut self, person: &PersonId, bank: &BankId, now: Timestamp) -> bool {
        let own = self.grants.values_mut().filter(|grant| grant.person == *person && grant.bank == *bank);
        let mut any = false;
        for grant in own {
            any |= !grant.is_over(now);
            grant.is_revoked = true;
        }
        any
    }

    /// Lets go of what has been over for long.
    fn forget(&mut self, now: Timestamp) {
        self.requests.retain(|_, (_, until)| now < *until);
        self.codes.retain(|_, code| now < later(code.until, REMEMBERED));
        self.tokens.retain(|_, token| now < later(token.until, REMEMBERED));
        self.grants.retain(|_, grant| now < later(grant.ends.timestamp(), REMEMBERED));
        drop_beyond(&mut self.requests, |(_, until)| *until);
        drop_beyond(&mut self.codes, |code| code.until);
        drop_beyond(&mut self.tokens, |token| token.until);
        drop_beyond(&mut self.grants, |grant| grant.since);
    }
}

/// Drops the oldest entries of a map until there is room for another.
fn drop_beyond<T>(kept: &mut BTreeMap<String, T>, age: impl Fn(&T) -> Timestamp) {
    while kept.len() >= KEPT_MAX {
        let oldest = kept.iter().min_by_key(|(_, entry)| age(entry)).map(|(key, _)| key.clone());
        let Some(oldest) = oldest else { return };
        kept.remove(&oldest);
    }
}
