//! The access log. Entries are kept whole, as JSON: a log that lost a field could not prove what it says. Each is written
//! with its leaf, in the same transaction.

use rusqlite::{CachedStatement, Connection, params};
use serde_json::Value;

use super::counters::{integer, number};
use super::failure::Failure;
use super::keys::{conversation, key};
use super::leaves;
use crate::domain::{access::AccessEntry, message::Conversation};
use crate::privacy::random;
use crate::proof::copy::Proven;
use crate::proof::leaf::{Salt, leaf};
use crate::proof::tree;

const INSERT: &str = "INSERT INTO access (leaf, bucket, channel, page, person, position, salt, entry)
                      VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";

/// Appends entries to the log of a conversation.
pub(super) fn append(db: &Connection, conversation: &Conversation, entries: &[AccessEntry]) -> Result<(), Failure> {
    if entries.is_empty() {
        return Ok(());
    }
    let sql = "SELECT coalesce(max(position), 0) FROM access WHERE (bucket, channel, page, person) = (?1, ?2, ?3, ?4)";
    let mut last: u64 = db.prepare_cached(sql)?.query_row(key(conversation), |row| number(row, 0))?;
    let mut insert = db.prepare_cached(INSERT)?;
    for entry in entries {
        last += 1;
        let entry = serde_json::to_value(entry).map_err(|_| Failure::damaged("an access entry that is no JSON"))?;
        put(db, &mut insert, conversation, last, &entry)?;
    }
    Ok(())
}

/// Writes one entry and its leaf.
fn put(
    db: &Connection,
    insert: &mut CachedStatement<'_>,
    of: &Conversation,
    number: u64,
    entry: &Value,
) -> Result<(), Failure> {
    let salt: Salt = random::bytes();
    let hash = leaf(&salt, of, number, entry).map_err(|_| Failure::damaged("an access entry with a broken number"))?;
    let leaf = leaves::push(db, &hash)?;
    let (bucket, channel, page, person) = key(of);
    insert.execute(params![leaf, bucket, channel, page, person, integer(number), salt, entry.to_string()])?;
    Ok(())
}

/// The log of a conversation, oldest first.
pub(super) fn all(db: &Connection, conversation: &Conversation) -> Result<Vec<AccessEntry>, Failure> {
    let sql = "SELECT entry FROM access WHERE (bucket, channel, page, person) = (?1, ?2, ?3, ?4) ORDER BY position";
    let mut statement = db.prepare_cached(sql)?;
    let rows = statement.query_map(key(conversation), |row| row.get::<_, String>(0))?;
    rows.map(|json| serde_json::from_str(&json?).map_err(|_| Failure::damaged("access.entry"))).collect()
}

/// The log of a conversation, each entry with what proves it in the tree over the first `size` leaves.
pub(super) fn proven(db: &Connection, conversation: &Conversation, size: u64) -> Result<Vec<Proven>, Failure> {
    let (bucket, channel, page, person) = key(conversation);
    let sql = "SELECT position, leaf, salt, entry FROM access
               WHERE (bucket, channel, page, person) = (?1, ?2, ?3, ?4) AND leaf <= ?5 ORDER BY position";
    let mut statement = db.prepare_cached(sql)?;
    let mut rows = statement.query(params![bucket, channel, page, person, integer(size)])?;
    let mut proven = Vec::new();
    while let Some(row) = rows.next()? {
        let leaf = number(row, 1)?;
        let path = tree::path(leaf.saturating_sub(1), 0, size, &mut |level, place| leaves::full(db, level, place))?;
        let entry = parse(&row.get::<_, String>(3)?)?;
        proven.push(Proven { number: number(row, 0)?, leaf, salt: row.get(2)?, entry, path });
    }
    Ok(proven)
}

/// An entry as it is kept.
pub(super) fn parse(json: &str) -> Result<Value, Failure> {
    serde_json::from_str(json).map_err(|_| Failure::damaged("access.entry"))
}

/// Gives leaves to the entries of a log from before there were any, in the order in which they were written.
pub(super) fn give_leaves_to_older(db: &Connection) -> Result<(), Failure> {
    let mut insert = db.prepare_cached(INSERT)?;
    let mut statement =
        db.prepare("SELECT channel, page, person, position, entry FROM access_before ORDER BY rowid")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let of = conversation(row.get(0)?, row.get(1)?, row.get(2)?);
        put(db, &mut insert, &of, number(row, 3)?, &parse(&row.get::<_, String>(4)?)?)?;
    }
    drop(rows);
    drop(statement);
    db.execute_batch("DROP TABLE access_before")?;
    Ok(())
}
