//! A change of the master key. What is wrapped by an older one, or was sealed with one before people had keys of their
//! own, is sealed anew under the newest, a little at a time, while the bot serves. Every step stands by itself: stopped
//! anywhere, it goes on where it was.

use std::collections::BTreeMap;

use crate::domain::message::Conversation;
use crate::privacy::seal::{Keyring, Place, SealError};
use crate::store::{Anew, Held, Store, StoreError, What};
use crate::turn::links::vault_to_keep;

/// What is looked at in one step.
const STEP: u32 = 200;
/// Times that everything is looked at: while something is erased elsewhere, one look can miss a row.
const ROUNDS: u32 = 10;

/// How far a renewal has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Renewed {
    /// What was looked at in this round.
    pub looked: u64,
    /// What was sealed anew.
    pub renewed: u64,
    /// What does not open with any key that is configured, and stays as it is.
    pub closed: u64,
    /// Whether nothing is left to be done but what does not open.
    pub finished: bool,
}

/// What hangs on one master key.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Hanging {
    /// Keys of people.
    pub people: u64,
    /// Messages, replies and attempts, each with a key of its own.
    pub passing: u64,
    /// What is older than people's keys.
    pub older: u64,
}

/// Seals everything anew under the first key of the ring; at most `most` of it, if given. `tell` hears how far it is.
///
/// # Errors
/// When the store cannot be used.
pub async fn renew(
    store: &dyn Store,
    ring: &Keyring,
    most: Option<u64>,
    mut tell: impl FnMut(&Renewed),
) -> Result<Renewed, StoreError> {
    let mut so_far = Renewed::default();
    for _ in 0..ROUNDS {
        let (before, mut after) = (so_far.renewed, None);
        (so_far.looked, so_far.closed) = (0, 0);
        loop {
            let held = store.held(after, STEP).await?;
            let Some(last) = held.last() else { break };
            after = Some(last.position);
            let left = most.map_or(u64::MAX, |most| most.saturating_sub(so_far.renewed));
            let mut anew = Vec::new();
            for held in held {
                if anew.len() as u64 >= left {
                    break;
                }
                so_far.looked += 1;
                match renewed(store, ring, &held).await? {
                    Ok(Some(to)) => anew.push(Anew { position: held.position, from: held.body, to }),
                    Ok(None) => {}
                    Err(_) => so_far.closed += 1,
                }
            }
            so_far.renewed += store.replace_held(anew).await?;
            tell(&so_far);
            if most.is_some_and(|most| so_far.renewed >= most) {
                return Ok(so_far);
            }
        }
        if so_far.renewed == before {
            so_far.finished = true;
            break;
        }
    }
    Ok(so_far)
}

/// The new bytes of one thing, if it needs any.
async fn renewed(
    store: &dyn Store,
    ring: &Keyring,
    held: &Held,
) -> Result<Result<Option<Vec<u8>>, SealError>, StoreError> {
    Ok(match &held.what {
        What::Key(of) => ring.rewrap(Place::data_key(&of.to_string()), &held.body),
        What::Dialogue(of) => return into_vault(store, ring, of, Place::dialogue(&of.to_string()), &held.body).await,
        What::Link(of, bank) => {
            let row = Place::link_row(of, bank.as_str());
            return into_vault(store, ring, of, Place::link(&row), &held.body).await;
        }
        What::Attempt(of) => ring.renew(Place::attempt(&of.to_string()), &held.body),
        What::Message(of, event_id) => {
            ring.renew(Place::inbox_body(&Place::inbox_row(of.as_ref(), event_id)), &held.body)
        }
        What::Reply(id) => ring.renew(Place::reply(id), &held.body),
    })
}

/// What rests of a person and is older than their key is sealed with it.
async fn into_vault(
    store: &dyn Store,
    ring: &Keyring,
    of: &Conversation,
    place: Place<'_>,
    sealed: &[u8],
) -> Result<Result<Option<Vec<u8>>, SealError>, StoreError> {
    if !Keyring::is_direct(sealed) {
        return Ok(Ok(None));
    }
    let plain = match ring.open(place, sealed) {
        Ok(plain) => plain,
        Err(closed) => return Ok(Err(closed)),
    };
    Ok(Ok(Some(vault_to_keep(store, ring, of).await?.seal(place, &plain))))
}

/// Counts what hangs on which master key, by the keys' ids.
///
/// # Errors
/// When the store cannot be used.
pub async fn hanging(store: &dyn Store) -> Result<BTreeMap<String, Hanging>, StoreError> {
    let (mut counts, mut after) = (BTreeMap::<String, Hanging>::new(), None);
    loop {
        let held = store.held(after, STEP).await?;
        let Some(last) = held.last() else { return Ok(counts) };
        after = Some(last.position);
        for Held { what, body, .. } in &held {
            let is_key = matches!(what, What::Key(_));
            let id = if is_key { Keyring::master_of_key(body) } else { Keyring::master_of(body) };
            let Some(id) = id else { continue };
            let count = counts.entry(id).or_default();
            match () {
                () if is_key => count.people += 1,
                () if Keyring::is_direct(body) => count.older += 1,
                () => count.passing += 1,
            }
        }
    }
}
