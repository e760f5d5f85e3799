//! What goes because its time is over, a few rows at a time.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use rusqlite::{Connection, Row, params};

use super::failure::Failure;
use super::keys::{conversation, key, micros};
use super::schema::{ASIDE, SWEEP_MAX};
use super::{attempts, conversations, leaves, stops};
use crate::domain::access::AccessEntry;
use crate::store::Retention;

/// Most people who are given up in one transaction.
const SILENT_MAX: u32 = 200;

/// Drops a portion of what retention no longer needs. Returns how many rows went; none when nothing is left.
pub(super) fn sweep(db: &Connection, retention: &Retention, now: Timestamp) -> Result<u64, Failure> {
    let Retention { ids, set_aside, given_up, replies, silent, access } = *retention;
    let before = |kept: Duration| before(now, kept);
    let finished = "finished IS NOT NULL AND finished <= ?1";
    let aside = format!("(state = 'ignored' OR state = 'broken') AND {ASIDE} AND finished <= ?1");
    let buried = format!("state = 'buried' AND {ASIDE} AND received <= ?1");
    Ok(drop_rows(db, "inbox", &format!("state = 'done' AND {finished}"), before(ids))?
        + drop_rows(db, "inbox", &aside, before(set_aside))?
        + drop_rows(db, "inbox", &buried, before(given_up))?
        + drop_rows(db, "outbox", finished, before(replies))?
        + attempts::sweep(db, now)?
        + stops::sweep(db, before(ids))?
        + drop_silent(db, now, before(silent))?
        + drop_access(db, now, access)?)
}

fn before(now: Timestamp, kept: Duration) -> i64 {
    let kept = SignedDuration::try_from(kept).unwrap_or(SignedDuration::MAX);
    now.checked_sub(kept).map_or(i64::MIN, micros)
}

fn drop_rows(db: &Connection, table: &str, condition: &str, before: i64) -> Result<u64, Failure> {
    let sql =
        format!("DELETE FROM {table} WHERE rowid IN (SELECT rowid FROM {table} WHERE {condition} LIMIT {SWEEP_MAX})");
    Ok(db.prepare_cached(&sql)?.execute([before])? as u64)
}

/// Drops what is remembered of people with whom nothing has happened for long.
fn drop_silent(db: &Connection, now: Timestamp, before: i64) -> Result<u64, Failure> {
    let sql = "UPDATE dialogues SET touched = ?1
               WHERE rowid IN (SELECT rowid FROM dialogues WHERE touched IS NULL LIMIT ?2)";
    db.prepare_cached(sql)?.execute(params![micros(now), SWEEP_MAX])?;
    let sql = "SELECT d.channel, d.page, d.person FROM dialogues AS d
               JOIN conversations AS c USING (bucket, channel, page, person)
               WHERE d.touched <= ?1 AND c.waiting_since IS NULL AND c.claim IS NULL LIMIT ?2";
    let mut statement = db.prepare_cached(sql)?;
    let of = |row: &Row<'_>| Ok(conversation(row.get(0)?, row.get(1)?, row.get(2)?));
    let silent: Vec<_> = statement.query_map(params![before, SILENT_MAX], of)?.collect::<Result<_, _>>()?;
    let mut rows = 0;
    for person in silent {
        for table in ["data_keys", "dialogues", "links", "conversations"] {
            let sql = format!("DELETE FROM {table} WHERE (bucket, channel, page, person) = (?1, ?2, ?3, ?4)");
            rows += db.prepare_cached(&sql)?.execute(key(&person))? as u64;
        }
        conversations::mark_erasure(db, &person)?;
    }
    Ok(rows)
}

/// Drops old entries of the access log. They were written in the order of time, so the first that is young enough ends it.
fn drop_access(db: &Connection, now: Timestamp, kept: Duration) -> Result<u64, Failure> {
    let before = before(now, kept);
    let mut statement = db.prepare_cached("SELECT leaf, entry FROM access ORDER BY leaf LIMIT ?1")?;
    let entries = statement.query_map([SWEEP_MAX], |row| Ok((row.get::<_, i64>(0)?, row.get::<_, String>(1)?)))?;
    let mut last = None;
    for entry in entries {
        let (leaf, entry) = entry?;
        let entry: AccessEntry = serde_json::from_str(&entry).map_err(|_| Failure::damaged("access.entry"))?;
        if micros(entry.at) > before {
            break;
        }
        last = Some(leaf);
    }
    let Some(last) = last else { return Ok(0) };
    leaves::mark_swept(db, last)?;
    Ok(db.prepare_cached("DELETE FROM access WHERE leaf <= ?1")?.execute([last])? as u64)
}
