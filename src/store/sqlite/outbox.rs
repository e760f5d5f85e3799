//! What is to be sent: strictly in order per conversation, leased to one sender at a time, and repeated only after
//! the echo of an uncertain try had its chance.
//!
//! Only the first queued row of a conversation (its head) has a `due`, so the next row to send is found by one look
//! into an index, however much waits behind blocked heads. Whatever ends a head makes the next row the head.

use std::time::Duration;

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, params};

use super::counters::{Counter, count};
use super::failure::Failure;
use super::keys::{conversation, key, micros};
use super::schema::SWEEP_MAX;
use crate::clock::later;
use crate::domain::message::{Conversation, MessageId};
use crate::store::{Due, Outgoing, Unsent};

/// Queues messages behind what is queued for the conversation. With a lease, the first of them is leased and returned
/// if nothing was queued before it.
pub(super) fn push(
    db: &Connection,
    conversation: &Conversation,
    outgoing: &[Outgoing],
    lease: Option<Duration>,
    now: Timestamp,
) -> Result<Option<Due>, Failure> {
    let Some(first) = outgoing.first() else { return Ok(None) };
    let mut queue = Queue::of(db, conversation)?;
    let lease = lease.filter(|_| queue.is_empty && micros(first.expires) >= micros(now));
    for (number, message) in outgoing.iter().enumerate() {
        queue.insert(db, conversation, None, message, lease.filter(|_| number == 0), now)?;
    }
    Ok(lease.map(|_| Due {
        id: first.id.clone(),
        conversation: conversation.clone(),
        body: first.body.clone(),
        attempts: 0,
        uncertain: false,
    }))
}

/// Queues the one interim message of the turn that `first` began; whether it is new.
pub(super) fn push_interim(
    db: &Connection,
    conversation: &Conversation,
    first: &str,
    outgoing: &Outgoing,
    now: Timestamp,
) -> Result<bool, Failure> {
    Queue::of(db, conversation)?.insert(db, conversation, Some(first), outgoing, None, now)
}

/// The end of a conversation's queue.
struct Queue {
    last: i64,
    is_empty: bool,
}

impl Queue {
    fn of(db: &Connection, conversation: &Conversation) -> Result<Self, Failure> {
        let sql = "SELECT (SELECT coalesce(max(position), 0) FROM outbox
                           WHERE (bucket, channel, page, person) = (?1, ?2, ?3, ?4)),
                          NOT EXISTS (SELECT 1 FROM outbox
                           WHERE (bucket, channel, page, person) = (?1, ?2, ?3, ?4) AND state = 'queued')";
        let end = |row: &rusqlite::Row<'_>| Ok(Self { last: row.get(0)?, is_empty: row.get(1)? });
        Ok(db.prepare_cached(sql)?.query_row(key(conversation), end)?)
    }

    /// Adds a message, at once under a lease if there is one. Whether it is new.
    fn insert(
        &mut self,
        db: &Connection,
        conversation: &Conversation,
        interim_for: Option<&str>,
        outgoing: &Outgoing,
        lease: Option<Duration>,
        now: Timestamp,
    ) -> Result<bool, Failure> {
        let (bucket, channel, page, person) = key(conversation);
        let due = match lease {
            Some(lease) => Some(micros(later(now, lease))),
            None => self.is_empty.then(|| micros(now)),
        };
        let sql = "INSERT INTO outbox (bucket, channel, page, person, position, id, state, queued, due, expires,
                       attempts, open_try, interim_for, body)
                   VALUES (?1, ?2, ?3, ?4, ?5, ?6, 'queued', ?7, ?8, ?9, ?10, ?10, ?11, ?12)
                   ON CONFLICT (bucket, channel, page, person, interim_for) WHERE interim_for IS NOT NULL DO NOTHING";
        let rows = db.prepare_cached(sql)?.execute(params![
            bucket,
            channel,
            page,
            person,
            self.last + 1,
            outgoing.id,
            micros(now),
            due,
            micros(outgoing.expires),
            lease.is_some(),
            interim_for,
            outgoing.body
        ])?;
        if rows > 0 {
            self.last += 1;
            self.is_empty = false;
        }
        Ok(rows > 0)
    }
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

/// The columns of a [`Head`].
const HEAD: &str = "rowid, bucket, channel, page, person, id, body, attempts, uncertain, open_try, expires";

impl Head {
    fn read(row: &rusqlite::Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
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
    }

    fn lease(mut self, db: &Connection, lease: Duration, now: Timestamp) -> Result<Due, Failure> {
        if self.open_try {
            self.due.uncertain = true;
            count(db, self.bucket, Counter::Uncertain)?;
        }
        let sql = "UPDATE outbox SET due = ?2, attempts = attempts + 1, open_try = 1, uncertain = ?3 WHERE rowid = ?1";
        db.prepare_cached(sql)?.execute(params![self.rowid, micros(later(now, lease)), self.due.uncertain])?;
        Ok(self.due)
    }
}

/// Leases the oldest due head, giving up heads past their expiry on the way.
pub(super) fn next(
    db: &Connection,
    lease: Duration,
    paused_pages: &[String],
    now: Timestamp,
) -> Result<Option<Due>, Failure> {
    while let Some(head) = first_due(db, paused_pages, now)? {
        if head.expires < micros(now) {
            refuse(db, head.rowid, head.bucket, "expired", now)?;
            continue;
        }
        return head.lease(db, lease, now).map(Some);
    }
    Ok(None)
}

fn first_due(db: &Connection, paused_pages: &[String], now: Timestamp) -> Result<Option<Head>, Failure> {
    let paused = serde_json::to_string(paused_pages).map_err(|_| Failure::damaged("a page id that is no text"))?;
    let sql = format!(
        "SELECT {HEAD} FROM outbox
         WHERE due IS NOT NULL AND due <= ?1 AND (?2 = '[]' OR page NOT IN (SELECT value FROM json_each(?2)))
         ORDER BY due, rowid LIMIT 1"
    );
    Ok(db.prepare_cached(&sql)?.query_row(params![micros(now), paused], Head::read).optional()?)
}

/// The platform took the row: its answer says so.
pub(super) fn mark_sent(
    db: &Connection,
    id: &str,
    message_id: Option<&MessageId>,
    now: Timestamp,
) -> Result<(), Failure> {
    end_as_sent(db, id, message_id, now).map(|_| ())
}

/// The platform took the row; leases the next of its conversation.
pub(super) fn mark_sent_and_lease(
    db: &Connection,
    id: &str,
    message_id: Option<&MessageId>,
    lease: Duration,
    now: Timestamp,
) -> Result<Option<Due>, Failure> {
    let Some(next) = end_as_sent(db, id, message_id, now)? else { return Ok(None) };
    let sql = format!("SELECT {HEAD} FROM outbox WHERE rowid = ?1 AND due <= ?2 AND expires >= ?2");
    match db.prepare_cached(&sql)?.query_row([next, micros(now)], Head::read).optional()? {
        Some(head) => head.lease(db, lease, now).map(Some),
        None => Ok(None),
    }
}

/// Ends the row of an id as sent, unless it is finished already, and makes the next one of its conversation the head.
/// Returns that one, also when an echo was here first.
fn end_as_sent(
    db: &Connection,
    id: &str,
    message_id: Option<&MessageId>,
    now: Timestamp,
) -> Result<Option<i64>, Failure> {
    let sql = "UPDATE outbox SET state = 'sent', reason = NULL, message_id = ?2, finished = ?3, due = NULL,
                   open_try = 0, body = NULL
               WHERE id = ?1 AND state = 'queued'";
    let message_id = message_id.map(MessageId::as_str);
    let rows = db.prepare_cached(sql)?.execute(params![id, message_id, micros(now)])?;
    let sql = "SELECT bucket, (SELECT next.rowid FROM outbox AS next
                               WHERE next.bucket = done.bucket AND next.channel = done.channel
                                   AND next.page = done.page AND next.person = done.person AND next.state = 'queued'
                               ORDER BY next.position LIMIT 1)
               FROM outbox AS done WHERE id = ?1";
    let found = db.prepare_cached(sql)?.query_row([id], |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
    let Some((bucket, next)) = found else { return Ok(None) };
    if rows > 0 {
        count(db, bucket, Counter::Sent)?;
        make_head(db, next, now)?;
    }
    Ok(next)
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
    let (at, open_try, counts, reason) = match unsent {
        Unsent::Retry { at, reason } => (at, false, true, reason),
        Unsent::Uncertain { until, reason } => (until, true, true, reason),
        Unsent::Postponed { at, reason } => (at, false, false, reason),
        Unsent::Refused { reason } => return refuse(db, rowid, bucket, reason, now),
    };
    let sql = "UPDATE outbox SET due = ?2, open_try = ?3, reason = ?4, attempts = attempts - ?5 WHERE rowid = ?1";
    db.prepare_cached(sql)?.execute(params![rowid, micros(*at), open_try, reason, !counts])?;
    Ok(())
}

/// Takes back what waits to be sent. A row that is on its way may arrive all the same; it is not repeated.
pub(super) fn withdraw(db: &Connection, of: &Conversation, ids: &[String], now: Timestamp) -> Result<(), Failure> {
    let (bucket, channel, page, person) = key(of);
    for id in ids {
        let sql = "SELECT rowid FROM outbox
                   WHERE id = ?5 AND (bucket, channel, page, person) = (?1, ?2, ?3, ?4) AND state = 'queued'";
        let row = db.prepare_cached(sql)?.query_row(params![bucket, channel, page, person, id], |row| row.get(0));
        if let Some(rowid) = row.optional()? {
            refuse(db, rowid, i64::from(of.bucket()), "withdrawn", now)?;
        }
    }
    Ok(())
}

/// The row of an id while it is not finished. What is finished stays as it is, whatever comes later.
fn queued(db: &Connection, id: &str) -> Result<Option<(i64, i64)>, Failure> {
    let sql = "SELECT rowid, bucket FROM outbox WHERE id = ?1 AND state = 'queued'";
    Ok(db.prepare_cached(sql)?.query_row([id], |row| Ok((row.get(0)?, row.get(1)?))).optional()?)
}

/// Ends a row that will not be sent, erases its body, and makes the next one of its conversation the head.
fn refuse(db: &Connection, rowid: i64, bucket: i64, reason: &str, now: Timestamp) -> Result<(), Failure> {
    let sql = "UPDATE outbox SET state = 'refused', reason = ?2, message_id = NULL, finished = ?3, due = NULL,
                   open_try = 0, body = NULL
               WHERE rowid = ?1";
    db.prepare_cached(sql)?.execute(params![rowid, reason, micros(now)])?;
    let sql = "SELECT next.rowid FROM outbox AS done JOIN outbox AS next
                   ON next.bucket = done.bucket AND next.channel = done.channel AND next.page = done.page
                   AND next.person = done.person AND next.state = 'queued'
               WHERE done.rowid = ?1 ORDER BY next.position LIMIT 1";
    let next = db.prepare_cached(sql)?.query_row([rowid], |row| row.get(0)).optional()?;
    make_head(db, next, now)?;
    count(db, bucket, Counter::Refused)
}

/// The first queued row of a conversation may be leased.
fn make_head(db: &Connection, next: Option<i64>, now: Timestamp) -> Result<(), Failure> {
    if let Some(next) = next {
        let sql = "UPDATE outbox SET due = min(queued, ?2) WHERE rowid = ?1 AND due IS NULL";
        db.prepare_cached(sql)?.execute([next, micros(now)])?;
    }
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
