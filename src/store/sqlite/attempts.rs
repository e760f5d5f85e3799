//! What people have begun in a browser: one under way a conversation, and the handles that were used.

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Row, params};

use super::failure::Failure;
use super::keys::{conversation, key, micros, moment};
use crate::domain::message::Conversation;
use crate::store::{Attempt, AttemptKey};

/// Keeps a new attempt, and ends the one before it. Returns whether its handle is new.
pub(super) fn begin(db: &Connection, attempt: &Attempt) -> Result<bool, Failure> {
    let (bucket, channel, page, person) = key(&attempt.conversation);
    let known: Option<i64> = db
        .prepare_cached("SELECT 1 FROM attempts WHERE id = ?1")?
        .query_row([attempt.id], |row| row.get(0))
        .optional()?;
    if known.is_some() {
        return Ok(false);
    }
    // A handle that is only used up leaves what is under way alone.
    let body = Some(&attempt.body).filter(|body| !body.is_empty());
    if body.is_some() {
        let sql =
            "UPDATE attempts SET body = NULL, next = NULL WHERE (bucket, channel, page, person) = (?1, ?2, ?3, ?4)";
        db.prepare_cached(sql)?.execute(key(&attempt.conversation))?;
    }
    let sql = "INSERT INTO attempts (bucket, channel, page, person, id, step, next, body, expires)
               VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)";
    let Attempt { id, step, next, expires, .. } = attempt;
    db.prepare_cached(sql)?.execute(params![bucket, channel, page, person, id, step, next, body, micros(*expires)])?;
    Ok(true)
}

const FIND: &str = "SELECT channel, page, person, id, step, next, body, expires FROM attempts
                    WHERE body IS NOT NULL AND expires > ";

/// The attempt that is under way.
pub(super) fn find(db: &Connection, by: &AttemptKey, now: Timestamp) -> Result<Option<Attempt>, Failure> {
    let now = micros(now);
    match by {
        AttemptKey::Next(next) => {
            let mut statement = db.prepare_cached(&format!("{FIND} ?1 AND next = ?2"))?;
            statement.query_row(params![now, next], read).optional()?
        }
        AttemptKey::Of(of) => {
            let (bucket, channel, page, person) = key(of);
            let sql = format!("{FIND} ?1 AND (bucket, channel, page, person) = (?2, ?3, ?4, ?5)");
            let mut statement = db.prepare_cached(&sql)?;
            statement.query_row(params![now, bucket, channel, page, person], read).optional()?
        }
    }
    .transpose()
}

fn read(row: &Row<'_>) -> rusqlite::Result<Result<Attempt, Failure>> {
    let of: Conversation = conversation(row.get(0)?, row.get(1)?, row.get(2)?);
    let (id, step, next, body) = (row.get(3)?, row.get(4)?, row.get(5)?, row.get(6)?);
    let expires: i64 = row.get(7)?;
    Ok(moment(expires).map(|expires| Attempt { id, conversation: of, step, next, body, expires }))
}

/// Takes the next step, if nobody else has.
pub(super) fn advance(db: &Connection, attempt: &Attempt, from: u32, now: Timestamp) -> Result<bool, Failure> {
    let sql = "UPDATE attempts SET step = ?2, next = ?3, body = ?4, expires = ?5
               WHERE id = ?1 AND step = ?6 AND body IS NOT NULL AND expires > ?7";
    let Attempt { id, step, next, body, expires, .. } = attempt;
    let rows = db.prepare_cached(sql)?.execute(params![id, step, next, body, micros(*expires), from, micros(now)])?;
    Ok(rows > 0)
}

/// The attempt is over; what was known of it goes.
pub(super) fn end(db: &Connection, id: &[u8; 32]) -> Result<(), Failure> {
    db.prepare_cached("UPDATE attempts SET body = NULL, next = NULL WHERE id = ?1")?.execute([id])?;
    Ok(())
}

/// Drops what has expired: its handle says so itself by then.
pub(super) fn sweep(db: &Connection, now: Timestamp) -> Result<u64, Failure> {
    Ok(db.prepare_cached("DELETE FROM attempts WHERE expires <= ?1")?.execute([micros(now)])? as u64)
}
