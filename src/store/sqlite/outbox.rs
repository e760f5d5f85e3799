//! What is to be sent: strictly in order per conversation, leased to one sender at a time, and repeated only after
//! the echo of an uncertain try had its chance.
//!
//! Only the first queued row of a conversation (its head) has a `due`, so the next row to send is found by one look
//! into an index, however much waits behind blocked heads. Whatever ends a head makes the next row the head.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use rusqlite::{Connection, OptionalExtension, params};

use super::counters::{Counter, count};
use super::failure::Failure;
use super::keys::{conversation, key, micros};
use super::schema::SWEEP_MAX;
use crate::clock::later;
use crate::domain::message::{Conversation, MessageId};
use crate::store::{Due, Outgoing, Unsent};

/// How long the ids of finished rows are kept for late echoes.
const KEPT: SignedDuration = SignedDuration::from_hours(24);

/// Queues messages behind what is queued for the conversation.
pub(super) fn push(
    db: &Connection,
    conversation: &Conversation,
    outgoing: &[Outgoing],
    now: Timestamp,
) -> Result<(), Failure> {
    outgoing.iter().try_for_each(|message| insert(db, conversation, None, message, now).map(|_| ()))
}

/// Queues the one interim message of the turn that `first` began; whether it is new.
pub(super) fn push_interim(
    db: &Connection,
    conversation: &Conversation,
    first: &str,
    outgoing: &Outgoing,
    now: Timestamp,
) -> Result<bool, Failure> {
    insert(db, conversation, Some(first), outgoing, now)
}

fn insert(
    db: &Connection,
    conversation: &Conversation,
    interim_for: Option<&str>,
    outgoing: &Outgoing,
    now: Timestamp,
) -> Result<bool, Failure> {
    let (bucket, channel, page, person) = key(conversation);
    let sql = "INSERT INTO outbox
                   (bucket, channel, page, person, position, id, state, queued, due, expires, interim_for, body)
               VALUES (?1, ?2, ?3, ?4,
                   1 + (SELECT coalesce(max(position), 0) FROM outbox
                        WHERE (bucket, channel, page, person) = (?1, ?2, ?3, ?4)),
                   ?5, 'queued', ?6,
                   CASE WHEN EXISTS (SELECT 1 FROM outbox
                        WHERE (bucket, channel, page, person) = (?1, ?2, ?3, ?4) AND state = 'queued')
                   THEN NULL ELSE ?6 END,
                   ?7, ?8, ?9)
               ON CONFLICT (bucket, channel, page, person, interim_for) WHERE interim_for IS NOT NULL DO NOTHING";
    let rows = db.prepare_cached(sql)?.execute(params![
        bucket,
        channel,
        page,
        person,
        outgoing.id,
        micros(now),
        micros(outgoing.expires),
        interim_for,
        outgoing.body
    ])?;
    Ok(rows == 1)
}

/// A head that is due.
struct Head {
    rowid: i64,
    bucket: i64,
    expires: i64,
    /// Whether the last try may have arrived: its sender said so, or never came back.
    open_try: bool,
    due: Due,
}

/// Leases the oldest due head, giving up heads past their expiry on the way.
pub(super) fn next(
    db: &Connection,
    lease: Duration,
    paused_pages: &[String],
    now: Timestamp,
) -> Result<Option<Due>, Failure> {
    while let Some(mut head) = first_due(db, paused_pages, now)? {
        if head.expires < micros(now) {
            refuse(db, head.rowid, head.bucket, "expired", now)?;
            continue;
        }
        if head.open_try {
            head.due.uncertain = true;
            count(db, head.bucket, Counter::Uncertain)?;
        }
        let sql = "UPDATE outbox SET due = ?2, attempts = attempts + 1, open_try = 1, uncertain = ?3 WHERE rowid = ?1";
        db.prepare_cached(sql)?.execute(params![head.rowid, micros(later(now, lease)), head.due.uncertain])?;
        return Ok(Some(head.due));
    }
    Ok(None)
}

fn first_due(db: &Connection, paused_pages: &[String], now: Timestamp) -> Result<Option<Head>, Failure> {
    let paused = serde_json::to_string(paused_pages).map_err(|_| Failure::damaged("a page id that is no text"))?;
    let sql = "SELECT rowid, bucket, channel, page, person, id, body, attempts, uncertain, open_try, expires
               FROM outbox
               WHERE due IS NOT NULL AND due <= ?1
                   AND (?2 = '[]' OR page NOT IN (SELECT value FROM json_each(?2)))
               ORDER BY due, rowid LIMIT 1";
    let head = db.prepare_cached(sql)?.query_row(params![micros(now), paused], |row| {
        Ok(Head {
            rowid: row.get(0)?,
            bucket: row.get(1)?,
            expires: row.get(10)?,
            open_try: row.get(9)?,
            due: Due {
                id: row.get(5)?,
                conversation: conversation(row.get(2)?, row.get(3)?, row.get(4)?),
                body: row.get(6)?,
                attempts: row.get(7)?,
                uncertain: row.get(8)?,
            },
        })
    });
    Ok(head.optional()?)
}

/// The platform took the row: its answer says so.
pub(super) fn mark_sent(
    db: &Connection,
    id: &str,
    message_id: Option<&MessageId>,
    now: Timestamp,
) -> Result<(), Failure> {
    let Some((rowid, bucket)) = queued(db, id)? else { return Ok(()) };
    finish(db, rowid, "sent", None, message_id, now)?;
    count(db, bucket, Counter::Sent)
}

/// The platform took the row: its message came back to us. Only an echo within the row's own conversation counts,
/// because whoever writes on the page can put anything into the metadata of a message.
pub(super) fn echo(
    db: &Connection,
    of: &Conversation,
    id: &str,
    message_id: &MessageId,
    now: Timestamp,
) -> Result<(), Failure> {
    let (bucket, channel, page, person) = key(of);
    let sql = "SELECT 1 FROM outbox WHERE id = ?5 AND (bucket, channel, page, person) = (?1, ?2, ?3, ?4)";
    let ours = db.prepare_cached(sql)?.exists(params![bucket, channel, page, person, id])?;
    if ours { mark_sent(db, id, Some(message_id), now) } else { Ok(()) }
}

/// A try failed, or may have.
pub(super) fn mark_unsent(db: &Connection, id: &str, unsent: &Unsent, now: Timestamp) -> Result<(), Failure> {
    let Some((rowid, bucket)) = queued(db, id)? else { return Ok(()) };
    let (at, open_try, reason) = match unsent {
        Unsent::Retry { at, reason } => (at, false, reason),
        Unsent::Uncertain { until, reason } => (until, true, reason),
        Unsent::Refused { reason } => return refuse(db, rowid, bucket, reason, now),
    };
    let sql = "UPDATE outbox SET due = ?2, open_try = ?3, reason = ?4 WHERE rowid = ?1";
    db.prepare_cached(sql)?.execute(params![rowid, micros(*at), open_try, reason])?;
    Ok(())
}

/// The row of an id while it is not finished. What is finished stays as it is, whatever comes later.
fn queued(db: &Connection, id: &str) -> Result<Option<(i64, i64)>, Failure> {
    let sql = "SELECT rowid, bucket FROM outbox WHERE id = ?1 AND state = 'queued'";
    Ok(db.prepare_cached(sql)?.query_row([id], |row| Ok((row.get(0)?, row.get(1)?))).optional()?)
}

fn refuse(db: &Connection, rowid: i64, bucket: i64, reason: &str, now: Timestamp) -> Result<(), Failure> {
    finish(db, rowid, "refused", Some(reason), None, now)?;
    count(db, bucket, Counter::Refused)
}

/// Ends a row, erases its body, and makes the next one of its conversation the head.
fn finish(
    db: &Connection,
    rowid: i64,
    state: &str,
    reason: Option<&str>,
    message_id: Option<&MessageId>,
    now: Timestamp,
) -> Result<(), Failure> {
    let sql = "UPDATE outbox SET state = ?2, reason = ?3, message_id = ?4, finished = ?5, due = NULL, open_try = 0,
                   body = NULL
               WHERE rowid = ?1";
    let message_id = message_id.map(MessageId::as_str);
    db.prepare_cached(sql)?.execute(params![rowid, state, reason, message_id, micros(now)])?;
    let sql = "UPDATE outbox SET due = queued WHERE due IS NULL AND rowid = (
                   SELECT next.rowid FROM outbox AS done JOIN outbox AS next
                       ON next.bucket = done.bucket AND next.channel = done.channel AND next.page = done.page
                       AND next.person = done.person AND next.state = 'queued'
                   WHERE done.rowid = ?1 ORDER BY next.position LIMIT 1)";
    db.prepare_cached(sql)?.execute([rowid])?;
    Ok(())
}

/// Gives up every head past its expiry, also on pages for which nothing is sent. Returns how many.
pub(super) fn give_up_expired(db: &Connection, now: Timestamp) -> Result<u64, Failure> {
    let sql = "SELECT rowid, bucket FROM outbox WHERE due IS NOT NULL AND due <= ?1 AND expires < ?1 LIMIT ?2";
    let rows: Vec<(i64, i64)> = db
        .prepare_cached(sql)?
        .query_map(params![micros(now), SWEEP_MAX], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<Result<_, _>>()?;
    for (rowid, bucket) in &rows {
        refuse(db, *rowid, *bucket, "expired", now)?;
    }
    Ok(rows.len() as u64)
}

/// Drops rows that were finished a day ago. Returns how many.
pub(super) fn sweep(db: &Connection, now: Timestamp) -> Result<u64, Failure> {
    let before = now.checked_sub(KEPT).map_or(i64::MIN, micros);
    let sql = "DELETE FROM outbox WHERE rowid IN (
                   SELECT rowid FROM outbox WHERE finished IS NOT NULL AND finished <= ?1 LIMIT ?2)";
    Ok(db.prepare_cached(sql)?.execute(params![before, SWEEP_MAX])? as u64)
}
