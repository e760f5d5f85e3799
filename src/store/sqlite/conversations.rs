//! One lane a conversation: who holds it, until when, and what a claim leaves behind.
//!
//! A lane that is held (leased or postponed) is out of the index of ready lanes, and comes back when its time has
//! come. So a claim costs the same whether ten or ten thousand conversations wait for a bank.

use std::time::Duration;

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, params};

use super::counters::{next_token, number};
use super::failure::Failure;
use super::keys::{conversation, key, micros, moment};
use super::{Tuning, access, attempts, keys, leaves, links, outbox, wrapped};
use crate::clock::later;
use crate::domain::message::Conversation;
use crate::store::{CLAIM_EVENTS_MAX, Claim, Committed, Outcome, Outgoing, StoreError, Waiting};

/// Microseconds of a day.
const DAY: i64 = 24 * 3600 * 1_000_000;

/// Something waits in the conversation since `now`, unless something else has waited longer.
pub(super) fn wake(db: &Connection, conversation: &Conversation, now: Timestamp) -> Result<(), Failure> {
    let (bucket, channel, page, person) = key(conversation);
    let sql = "INSERT INTO conversations (bucket, channel, page, person, waiting_since) VALUES (?1, ?2, ?3, ?4, ?5)
               ON CONFLICT (bucket, channel, page, person) DO UPDATE
               SET waiting_since = excluded.waiting_since WHERE waiting_since IS NULL";
    db.prepare_cached(sql)?.execute(params![bucket, channel, page, person, micros(now)])?;
    Ok(())
}

/// Something waits in a conversation where nothing did and which nobody holds: leases it in the same write. Returns
/// whether it was so.
pub(super) fn wake_and_claim(
    db: &Connection,
    conversation: &Conversation,
    token: i64,
    worker: &str,
    lease: Duration,
    now: Timestamp,
) -> Result<bool, Failure> {
    let (bucket, channel, page, person) = key(conversation);
    let sql = "INSERT INTO conversations (bucket, channel, page, person, waiting_since, held_until, claim, worker)
               VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
               ON CONFLICT (bucket, channel, page, person) DO UPDATE
               SET waiting_since = excluded.waiting_since, held_until = excluded.held_until,
                   claim = excluded.claim, worker = excluded.worker
               WHERE waiting_since IS NULL AND held_until IS NULL";
    let (since, until) = (micros(now), micros(later(now, lease)));
    let rows = db.prepare_cached(sql)?.execute(params![bucket, channel, page, person, since, until, token, worker])?;
    Ok(rows > 0)
}

/// Looks up again since when something waits.
pub(super) fn refresh(db: &Connection, conversation: &Conversation) -> Result<(), Failure> {
    let sql = "UPDATE conversations SET waiting_since = (SELECT min(received) FROM inbox
                   WHERE (bucket, channel, page, person) = (?1, ?2, ?3, ?4) AND state = 'waiting')
               WHERE (bucket, channel, page, person) = (?1, ?2, ?3, ?4)";
    db.prepare_cached(sql)?.execute(key(conversation))?;
    Ok(())
}

/// Leases the ready conversation that has waited longest, with everything that waits in it.
pub(super) fn claim(db: &Connection, worker: &str, lease: Duration, now: Timestamp) -> Result<Option<Claim>, Failure> {
    let sql = "UPDATE conversations SET held_until = NULL WHERE held_until IS NOT NULL AND held_until <= ?1";
    db.prepare_cached(sql)?.execute([micros(now)])?;
    while let Some(conversation) = first_ready(db)? {
        let (bucket, channel, page, person) = key(&conversation);
        let token = next_token(db, bucket)?;
        let events = take_events(db, &conversation, token)?;
        let Some(attempts) = events.iter().map(|(_, attempts)| *attempts).max() else {
            // The lane says that something waits, and nothing does: it is put right and passed over.
            refresh(db, &conversation)?;
            continue;
        };
        let sql = "UPDATE conversations SET claim = ?5, worker = ?6, held_until = ?7
                   WHERE (bucket, channel, page, person) = (?1, ?2, ?3, ?4)";
        let until = micros(later(now, lease));
        db.prepare_cached(sql)?.execute(params![bucket, channel, page, person, token, worker, until])?;
        let key = wrapped::find(db, &conversation)?;
        let dialogue = dialogue(db, &conversation)?;
        let links = links::all(db, &conversation)?;
        let events = events.into_iter().map(|(event, _)| event).collect();
        return Ok(Some(Claim { conversation, token, key, dialogue, links, events, attempts }));
    }
    Ok(None)
}

/// Ends every lease. For the process that has just taken the file for itself: whoever held one is gone, and nobody
/// should wait for its lease to run out. The events keep the token of the lost claim, which counts as a failure, so that
/// a message that kills the process is buried in the end. Outbox rows keep theirs: an echo may still tell that a message
/// arrived.
pub(super) fn end_leases(db: &Connection) -> Result<(), Failure> {
    let sql = "UPDATE conversations SET claim = NULL, worker = NULL, held_until = NULL WHERE claim IS NOT NULL";
    db.execute(sql, [])?;
    Ok(())
}

fn first_ready(db: &Connection) -> Result<Option<Conversation>, Failure> {
    let sql = "SELECT channel, page, person FROM conversations
               WHERE waiting_since IS NOT NULL AND held_until IS NULL ORDER BY waiting_since LIMIT 1";
    let ready = |row: &rusqlite::Row<'_>| Ok(conversation(row.get(0)?, row.get(1)?, row.get(2)?));
    Ok(db.prepare_cached(sql)?.query_row([], ready).optional()?)
}

/// Marks what waits with the token and reads it, each event with the number of claims that failed before. An event
/// that still bears the token of an earlier claim was in one whose lease ended.
fn take_events(db: &Connection, conversation: &Conversation, token: i64) -> Result<Vec<(Waiting, u32)>, Failure> {
    let (bucket, channel, page, person) = key(conversation);
    let sql = "UPDATE inbox SET attempts = attempts + (claim IS NOT NULL), claim = ?5
               WHERE rowid IN (SELECT rowid FROM inbox
                               WHERE (bucket, channel, page, person) = (?1, ?2, ?3, ?4) AND state = 'waiting'
                               ORDER BY at, rowid LIMIT ?6)";
    db.prepare_cached(sql)?.execute(params![bucket, channel, page, person, token, CLAIM_EVENTS_MAX])?;
    let sql = "SELECT event_id, at, received, body, attempts FROM inbox
               WHERE (bucket, channel, page, person) = (?1, ?2, ?3, ?4) AND state = 'waiting' AND claim = ?5
               ORDER BY at, rowid";
    let mut statement = db.prepare_cached(sql)?;
    let mut rows = statement.query(params![bucket, channel, page, person, token])?;
    let mut events = Vec::new();
    while let Some(row) = rows.next()? {
        let (at, received) = (moment(row.get(1)?)?, moment(row.get(2)?)?);
        events.push((Waiting { event_id: row.get(0)?, at, received, body: row.get(3)? }, row.get(4)?));
    }
    Ok(events)
}

/// Refuses a claim that is not the open one of its conversation.
pub(super) fn check(db: &Connection, tuning: Tuning, conversation: &Conversation, token: i64) -> Result<(), Failure> {
    let sql = "SELECT claim FROM conversations WHERE (bucket, channel, page, person) = (?1, ?2, ?3, ?4)";
    let open: Option<Option<i64>> =
        db.prepare_cached(sql)?.query_row(key(conversation), |row| row.get(0)).optional()?;
    if open == Some(Some(token)) || !tuning.fence { Ok(()) } else { Err(StoreError::Stale.into()) }
}

/// Ends a claim with its result; with a lease, the first message is leased if it is the head of its conversation.
pub(super) fn commit(
    db: &Connection,
    tuning: Tuning,
    claim: &Claim,
    outcome: &Outcome,
    lease: Option<Duration>,
    now: Timestamp,
) -> Result<Committed, Failure> {
    let conversation = &claim.conversation;
    let (bucket, channel, page, person) = key(conversation);
    if outcome.erase {
        erase(db, claim)?;
    } else {
        let sql = "INSERT INTO dialogues (bucket, channel, page, person, body, look_at)
                   VALUES (?1, ?2, ?3, ?4, ?5, ?6)
                   ON CONFLICT (bucket, channel, page, person) DO UPDATE
                   SET body = excluded.body, look_at = excluded.look_at";
        let look_at = outcome.look_at.map(micros);
        db.prepare_cached(sql)?.execute(params![bucket, channel, page, person, outcome.dialogue, look_at])?;
        // Written once a day: the index on it would cost every turn as much as the dialogue itself.
        let sql = "UPDATE dialogues SET touched = ?5
                   WHERE (bucket, channel, page, person) = (?1, ?2, ?3, ?4) AND touched IS NOT ?5";
        let day_ends = micros(now).div_euclid(DAY).saturating_add(1).saturating_mul(DAY);
        db.prepare_cached(sql)?.execute(params![bucket, channel, page, person, day_ends])?;
    }
    if let Some(key) = &outcome.key
        && !wrapped::keep(db, conversation, key)?
    {
        // Somebody else has made them a key meanwhile, and what this turn sealed would never open.
        return Err(StoreError::Stale.into());
    }
    outbox::withdraw(db, conversation, &outcome.withdrawn, now)?;
    let leased = outbox::push(db, conversation, &outcome.outgoing, lease, now)?;
    access::append(db, conversation, &outcome.access)?;
    for (bank, link) in &outcome.links {
        links::put(db, conversation, bank, link.as_deref())?;
    }
    for id in &outcome.attempts_ended {
        attempts::end(db, id)?;
    }
    let sql = "UPDATE inbox SET state = 'done', claim = NULL, reason = NULL, body = NULL, finished = ?6
               WHERE (bucket, event, channel, page) = (?1, ?2, ?3, ?4) AND state = 'waiting' AND claim = ?5";
    let mut done = db.prepare_cached(sql)?;
    for event in &claim.events {
        done.execute(params![bucket, keys::event(&event.event_id), channel, page, claim.token, micros(now)])?;
    }
    let look_again = release(db, tuning, claim, None)?;
    Ok(Committed { leased, look_again })
}

/// Ends a claim without a result. The whole conversation waits, with what arrives in the meantime: a person's later
/// message is not answered before the earlier one.
pub(super) fn postpone(
    db: &Connection,
    tuning: Tuning,
    claim: &Claim,
    until: Timestamp,
    reason: &str,
) -> Result<(), Failure> {
    fail_events(db, claim, "waiting", reason)?;
    release(db, tuning, claim, Some(until)).map(|_| ())
}

/// Ends a claim for good. The bodies stay for `retry`.
pub(super) fn bury(
    db: &Connection,
    tuning: Tuning,
    claim: &Claim,
    apology: &[Outgoing],
    reason: &str,
    now: Timestamp,
) -> Result<(), Failure> {
    fail_events(db, claim, "buried", reason)?;
    outbox::push(db, &claim.conversation, apology, None, now)?;
    release(db, tuning, claim, None).map(|_| ())
}

fn fail_events(db: &Connection, claim: &Claim, state: &str, reason: &str) -> Result<(), Failure> {
    let (bucket, channel, page, person) = key(&claim.conversation);
    let sql = "UPDATE inbox SET state = ?6, attempts = attempts + 1, claim = NULL, reason = ?7
               WHERE (bucket, channel, page, person) = (?1, ?2, ?3, ?4) AND state = 'waiting' AND claim = ?5";
    db.prepare_cached(sql)?.execute(params![bucket, channel, page, person, claim.token, state, reason])?;
    Ok(())
}

/// Ends a claim: gives its lane back, held until a moment or ready. Returns whether something waits in it. A claim that
/// is not the open one of its conversation fails here, last, and takes with it all that was written for it.
fn release(db: &Connection, tuning: Tuning, claim: &Claim, until: Option<Timestamp>) -> Result<bool, Failure> {
    let (bucket, channel, page, person) = key(&claim.conversation);
    let sql = "SELECT min(received) FROM inbox
               WHERE (bucket, channel, page, person) = (?1, ?2, ?3, ?4) AND state = 'waiting'";
    let since: Option<i64> = db.prepare_cached(sql)?.query_row(key(&claim.conversation), |row| row.get(0))?;
    let sql = "UPDATE conversations SET claim = NULL, worker = NULL, held_until = ?5, waiting_since = ?6
               WHERE (bucket, channel, page, person) = (?1, ?2, ?3, ?4) AND (claim = ?7 OR ?7 IS NULL)";
    let open = tuning.fence.then_some(claim.token);
    let until = until.map(micros);
    let rows = db.prepare_cached(sql)?.execute(params![bucket, channel, page, person, until, since, open])?;
    if rows > 0 || !tuning.fence { Ok(since.is_some()) } else { Err(StoreError::Stale.into()) }
}

/// The sealed dialogue.
pub(super) fn dialogue(db: &Connection, conversation: &Conversation) -> Result<Option<Vec<u8>>, Failure> {
    let sql = "SELECT body FROM dialogues WHERE (bucket, channel, page, person) = (?1, ?2, ?3, ?4)";
    Ok(db.prepare_cached(sql)?.query_row(key(conversation), |row| row.get(0)).optional()?)
}

/// The conversations to be looked at by `until`, the earliest first.
pub(super) fn roused(db: &Connection, until: Timestamp, most: u32) -> Result<Vec<(Conversation, Timestamp)>, Failure> {
    let sql = "SELECT channel, page, person, look_at FROM dialogues
               WHERE look_at IS NOT NULL AND look_at <= ?1 ORDER BY look_at LIMIT ?2";
    let mut statement = db.prepare_cached(sql)?;
    let mut rows = statement.query(params![micros(until), most])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        found.push((conversation(row.get(0)?, row.get(1)?, row.get(2)?), moment(row.get(3)?)?));
    }
    Ok(found)
}

/// Puts a look off, unless its moment has changed meanwhile.
pub(super) fn put_off(db: &Connection, of: &Conversation, from: Timestamp, to: Timestamp) -> Result<(), Failure> {
    let (bucket, channel, page, person) = key(of);
    let sql = "UPDATE dialogues SET look_at = ?6
               WHERE (bucket, channel, page, person) = (?1, ?2, ?3, ?4) AND look_at = ?5";
    db.prepare_cached(sql)?.execute(params![bucket, channel, page, person, micros(from), micros(to)])?;
    Ok(())
}

/// How many events wait and messages are queued.
pub(super) fn unsettled(db: &Connection, conversation: &Conversation) -> Result<u64, Failure> {
    let sql = "SELECT (SELECT count(*) FROM inbox
                       WHERE (bucket, channel, page, person) = (?1, ?2, ?3, ?4) AND state = 'waiting')
                    + (SELECT count(*) FROM outbox
                       WHERE (bucket, channel, page, person) = (?1, ?2, ?3, ?4) AND state = 'queued')";
    Ok(db.prepare_cached(sql)?.query_row(key(conversation), |row| number(row, 0))?)
}

/// Erases what is kept of a conversation while it is claimed. What waits for a later turn was written afterwards, and
/// what this claim took is about to be marked done.
fn erase(db: &Connection, claim: &Claim) -> Result<(), Failure> {
    leaves::mark_erased(db, &claim.conversation)?;
    for table in ["data_keys", "outbox", "dialogues", "links", "access", "attempts"] {
        let sql = format!("DELETE FROM {table} WHERE (bucket, channel, page, person) = (?1, ?2, ?3, ?4)");
        db.execute(&sql, key(&claim.conversation))?;
    }
    let sql = "DELETE FROM inbox WHERE (bucket, channel, page, person) = (?1, ?2, ?3, ?4) AND state <> 'waiting'";
    db.execute(sql, key(&claim.conversation))?;
    mark_erasure(db, &claim.conversation)
}

pub(super) fn mark_erasure(db: &Connection, conversation: &Conversation) -> Result<(), Failure> {
    let sql = "INSERT INTO erasures (bucket) VALUES (?1) ON CONFLICT DO NOTHING";
    db.execute(sql, [i64::from(conversation.bucket())])?;
    Ok(())
}

/// Erases every row of a conversation, and marks the file to be scrubbed. Returns how many rows went.
pub(super) fn forget(db: &Connection, conversation: &Conversation) -> Result<u64, Failure> {
    leaves::mark_erased(db, conversation)?;
    let mut rows = 0;
    for table in ["data_keys", "inbox", "outbox", "dialogues", "links", "access", "attempts", "conversations"] {
        let sql = format!("DELETE FROM {table} WHERE (bucket, channel, page, person) = (?1, ?2, ?3, ?4)");
        rows += db.execute(&sql, key(conversation))? as u64;
    }
    if rows > 0 {
        mark_erasure(db, conversation)?;
    }
    Ok(rows)
}
