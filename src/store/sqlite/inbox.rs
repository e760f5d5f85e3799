//! What came in. Each event once, for as long as the platform may deliver it again.

use std::time::Duration;

use jiff::Timestamp;
use rusqlite::{Connection, params};

use super::counters::{Counter, count, count_duplicate_not_kept, count_kept_and_next_token};
use super::failure::Failure;
use super::keys::{NOBODY, conversation, event, key, micros, moment};
use super::schema::ASIDE;
use super::{Tuning, conversations, links, outbox, wrapped};
use crate::store::{Arrival, Claim, Fate, Received, Row, Waiting};

/// Keeps the elements of one delivery.
pub(super) fn receive(
    db: &Connection,
    tuning: Tuning,
    arrivals: &[Arrival],
    now: Timestamp,
) -> Result<Received, Failure> {
    let mut received = Received::default();
    for arrival in arrivals {
        let (bucket, ..) = arrival.conversation.as_ref().map_or(NOBODY, key);
        let counter = keep(db, tuning, arrival, now)?;
        count(db, bucket, counter)?;
        match counter {
            Counter::Ignored => received.ignored += 1,
            Counter::Broken => received.broken += 1,
            Counter::Duplicate => received.duplicate += 1,
            _ => {
                received.kept += 1;
                received.wakes |= matches!(arrival.fate, Fate::Think(_));
            }
        }
    }
    Ok(received)
}

/// Keeps the elements of one delivery, and claims the conversation of a single one if nothing else is going on there.
pub(super) fn receive_and_claim(
    db: &Connection,
    tuning: Tuning,
    arrivals: &[Arrival],
    worker: &str,
    lease: Duration,
    now: Timestamp,
) -> Result<(Received, Option<Claim>), Failure> {
    let [arrival @ Arrival { conversation: Some(conversation), fate: Fate::Think(body), .. }] = arrivals else {
        return Ok((receive(db, tuning, arrivals, now)?, None));
    };
    let (bucket, ..) = key(conversation);
    // The usual case takes the fewest writes: the row is written as one that is claimed, and put right if it was not.
    let token = count_kept_and_next_token(db, bucket)?;
    if !insert(db, tuning, arrival, Some(token), now)? {
        count_duplicate_not_kept(db, bucket)?;
        return Ok((Received { duplicate: 1, ..Received::default() }, None));
    }
    let received = Received { kept: 1, wakes: true, ..Received::default() };
    if !conversations::wake_and_claim(db, conversation, token, worker, lease, now)? {
        let rowid = db.last_insert_rowid();
        db.prepare_cached("UPDATE inbox SET claim = NULL WHERE rowid = ?1")?.execute([rowid])?;
        conversations::wake(db, conversation, now)?;
        return Ok((received, None));
    }
    let claim = Claim {
        conversation: conversation.clone(),
        token,
        key: wrapped::find(db, conversation)?,
        dialogue: conversations::dialogue(db, conversation)?,
        links: links::all(db, conversation)?,
        events: vec![Waiting { event_id: arrival.event_id.clone(), at: arrival.at, received: now, body: body.clone() }],
        attempts: 0,
    };
    Ok((received, Some(claim)))
}

/// Keeps one element, and says what it counts as.
fn keep(db: &Connection, tuning: Tuning, arrival: &Arrival, now: Timestamp) -> Result<Counter, Failure> {
    if !insert(db, tuning, arrival, None, now)? {
        return Ok(Counter::Duplicate);
    }
    match (&arrival.fate, &arrival.conversation) {
        (Fate::Think(_), Some(conversation)) => conversations::wake(db, conversation, now)?,
        (Fate::Echo { outbox_id: Some(id), message_id }, Some(conversation)) => {
            outbox::echo(db, conversation, id, message_id, now)?;
        }
        _ => {}
    }
    Ok(match &arrival.fate {
        Fate::Think(_) if arrival.conversation.is_some() => Counter::Kept,
        Fate::Note | Fate::Echo { .. } => Counter::Kept,
        Fate::Ignore { .. } => Counter::Ignored,
        Fate::Think(_) | Fate::Break { .. } => Counter::Broken,
    })
}

/// Writes the row of an element, as taken by a claim if there is one; `false` when its id is there already.
fn insert(
    db: &Connection,
    tuning: Tuning,
    arrival: &Arrival,
    claim: Option<i64>,
    now: Timestamp,
) -> Result<bool, Failure> {
    let (state, reason, body) = match &arrival.fate {
        Fate::Think(body) if arrival.conversation.is_some() => ("waiting", None, Some(body)),
        // Nobody could ever claim it.
        Fate::Think(body) => ("broken", Some("an event of no conversation"), Some(body)),
        Fate::Note | Fate::Echo { .. } => ("done", None, None),
        Fate::Ignore { reason, raw } => ("ignored", Some(reason.as_str()), Some(raw)),
        Fate::Break { reason, raw } => ("broken", Some(reason.as_str()), Some(raw)),
    };
    let (bucket, channel, page, person) = arrival.conversation.as_ref().map_or(NOBODY, key);
    let finished = if state == "waiting" { None } else { Some(micros(now)) };
    let sql = if tuning.dedupe {
        "INSERT INTO inbox
             (bucket, event_id, channel, page, person, kind, state, at, received, finished, reason, body, event,
              claim)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)
         ON CONFLICT (bucket, event, channel, page) DO NOTHING"
    } else {
        "REPLACE INTO inbox
             (bucket, event_id, channel, page, person, kind, state, at, received, finished, reason, body, event,
              claim)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)"
    };
    let rows = db.prepare_cached(sql)?.execute(params![
        bucket,
        arrival.event_id,
        channel,
        page,
        person,
        arrival.kind,
        state,
        micros(arrival.at),
        micros(now),
        finished,
        reason,
        body,
        event(&arrival.event_id),
        claim
    ])?;
    Ok(rows > 0)
}

const ROW: &str = "event_id, channel, page, person, kind, state, received, attempts, reason";

/// A row as it is read: the moment is still a number.
fn read(row: &rusqlite::Row<'_>) -> rusqlite::Result<(Row, i64)> {
    let channel: String = row.get(1)?;
    let conversation =
        if channel.is_empty() { String::new() } else { conversation(channel, row.get(2)?, row.get(3)?).to_string() };
    let listed = Row {
        event_id: row.get(0)?,
        conversation,
        kind: row.get(4)?,
        state: row.get(5)?,
        received: Timestamp::UNIX_EPOCH,
        attempts: row.get(7)?,
        reason: row.get(8)?,
    };
    Ok((listed, row.get(6)?))
}

/// The newest rows.
pub(super) fn list(db: &Connection, state: Option<&str>, most: u32) -> Result<Vec<Row>, Failure> {
    // Written out, from a closed list, so that the index of what was set aside applies. Of the other states the newest
    // rows are soon found.
    let condition = match state {
        None => "TRUE".to_owned(),
        Some(state @ ("buried" | "ignored" | "broken")) => format!("state = '{state}' AND {ASIDE}"),
        Some(state @ ("waiting" | "done")) => format!("state = '{state}'"),
        Some(_) => return Ok(Vec::new()),
    };
    let sql = format!("SELECT {ROW} FROM inbox WHERE {condition} ORDER BY rowid DESC LIMIT ?1");
    let mut statement = db.prepare(&sql)?;
    let rows = statement.query_map([most], read)?;
    rows.map(|row| {
        let (row, received) = row?;
        Ok(Row { received: moment(received)?, ..row })
    })
    .collect()
}

/// The rows of an event id, newest first. The operator does not know the bucket, so each one in use is asked.
fn find(db: &Connection, event_id: &str) -> Result<Vec<i64>, Failure> {
    let sql = "SELECT inbox.rowid FROM buckets CROSS JOIN inbox ON inbox.bucket = buckets.bucket
               WHERE inbox.event = ?1 ORDER BY inbox.rowid DESC";
    let mut statement = db.prepare_cached(sql)?;
    let rows = statement.query_map([event(event_id)], |row| row.get(0))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// A row and its sealed body, if it still has one.
pub(super) type Shown = (Row, Option<Vec<u8>>);

/// One row and its sealed body.
pub(super) fn show(db: &Connection, event_id: &str) -> Result<Option<Shown>, Failure> {
    let Some(rowid) = find(db, event_id)?.first().copied() else { return Ok(None) };
    let sql = format!("SELECT {ROW}, body FROM inbox WHERE rowid = ?1");
    let ((row, received), body) = db.query_row(&sql, [rowid], |row| Ok((read(row)?, row.get(9)?)))?;
    Ok(Some((Row { received: moment(received)?, ..row }, body)))
}

/// Lets a buried event be claimed again, with all its attempts before it.
pub(super) fn retry(db: &Connection, event_id: &str) -> Result<bool, Failure> {
    let sql = "UPDATE inbox SET state = 'waiting', attempts = 0, reason = NULL, claim = NULL, finished = NULL
               WHERE rowid = ?1 AND state = 'buried'";
    change(db, event_id, |rowid| Ok(db.prepare_cached(sql)?.execute([rowid])? > 0))
}

/// Marks a waiting or buried event done without thinking about it.
pub(super) fn drop_event(db: &Connection, event_id: &str, now: Timestamp) -> Result<bool, Failure> {
    let sql = "UPDATE inbox SET state = 'done', claim = NULL, body = NULL, finished = ?2
               WHERE rowid = ?1 AND state IN ('waiting', 'buried')";
    change(db, event_id, |rowid| Ok(db.prepare_cached(sql)?.execute(params![rowid, micros(now)])? > 0))
}

/// Applies `update` to the rows of an event id, and tells their lanes what waits now.
fn change(db: &Connection, event_id: &str, update: impl Fn(i64) -> Result<bool, Failure>) -> Result<bool, Failure> {
    let mut any = false;
    for rowid in find(db, event_id)? {
        if !update(rowid)? {
            continue;
        }
        any = true;
        let sql = "SELECT channel, page, person FROM inbox WHERE rowid = ?1";
        let of = db
            .prepare_cached(sql)?
            .query_row([rowid], |row| Ok(conversation(row.get(0)?, row.get(1)?, row.get(2)?)))?;
        conversations::refresh(db, &of)?;
    }
    Ok(any)
}
