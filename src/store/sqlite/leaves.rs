//! The leaves of the access log, and the tree over them. A turn only appends; roots and paths are made by whoever signs a
//! head or a copy. What is remembered of larger subtrees is written then, and is worth no more than the leaves that it was
//! made from: an audit looks at those.

use rusqlite::{Connection, OptionalExtension, params};
use serde_json::Value;

use super::access::parse;
use super::counters::{integer, number};
use super::failure::Failure;
use super::keys::{conversation, key};
use crate::domain::message::Conversation;
use crate::proof::tree::{self, Growing, Hash, Tree};
use crate::store::{Leaf, LeafEntry};

/// Subtrees from this level on are remembered: over 256 leaves, of which a path touches one.
const REMEMBERED: u32 = 8;

/// Appends a leaf and returns its number. Leaves never go, so that the largest number is that of the last.
pub(super) fn push(db: &Connection, hash: &Hash) -> Result<i64, Failure> {
    db.prepare_cached("INSERT INTO leaves (hash) VALUES (?1)")?.execute([hash])?;
    Ok(db.last_insert_rowid())
}

/// How many there are.
fn size(db: &Connection) -> Result<u64, Failure> {
    let sql = "SELECT coalesce(max(leaf), 0) FROM leaves";
    Ok(db.prepare_cached(sql)?.query_row([], |row| number(row, 0))?)
}

/// The tree over the first `wanted` leaves, or over all; nothing if there are fewer.
pub(super) fn tree(db: &Connection, wanted: Option<u64>) -> Result<Option<Tree>, Failure> {
    let has = size(db)?;
    let size = wanted.unwrap_or(has);
    if size > has {
        return Ok(None);
    }
    remember(db, has)?;
    let root = tree::root(0, size, &mut |level, place| full(db, level, place))?;
    Ok(Some(Tree { size, root }))
}

/// The hash over the `2^level` leaves from `place * 2^level` on.
pub(super) fn full(db: &Connection, level: u32, place: u64) -> Result<Hash, Failure> {
    if level < REMEMBERED {
        return over_leaves(db, level, place);
    }
    let sql = "SELECT hash FROM subtrees WHERE level = ?1 AND place = ?2";
    let remembered = db.prepare_cached(sql)?.query_row(params![level, integer(place)], |row| row.get(0)).optional()?;
    remembered.map_or_else(|| join(db, level, place), Ok)
}

fn join(db: &Connection, level: u32, place: u64) -> Result<Hash, Failure> {
    if level <= REMEMBERED {
        return over_leaves(db, level, place);
    }
    Ok(tree::node(&full(db, level - 1, 2 * place)?, &full(db, level - 1, 2 * place + 1)?))
}

fn over_leaves(db: &Connection, level: u32, place: u64) -> Result<Hash, Failure> {
    let (first, count) = ((place << level) + 1, 1_u64 << level);
    let mut statement = db.prepare_cached("SELECT hash FROM leaves WHERE leaf >= ?1 AND leaf < ?2 ORDER BY leaf")?;
    let mut rows = statement.query(params![integer(first), integer(first + count)])?;
    let mut growing = Growing::default();
    while let Some(row) = rows.next()? {
        growing.push(row.get(0)?);
    }
    let Tree { size, root } = growing.tree();
    if size == count { Ok(root) } else { Err(Failure::damaged("leaves: one is missing")) }
}

/// Remembers the subtrees that have become full.
fn remember(db: &Connection, leaves: u64) -> Result<(), Failure> {
    if db.is_readonly("main")? {
        return Ok(());
    }
    let mut level = REMEMBERED;
    while leaves >> level > 0 {
        let sql = "SELECT coalesce(max(place) + 1, 0) FROM subtrees WHERE level = ?1";
        let known: u64 = db.prepare_cached(sql)?.query_row([level], |row| number(row, 0))?;
        let mut insert = db.prepare_cached("INSERT INTO subtrees (level, place, hash) VALUES (?1, ?2, ?3)")?;
        for place in known..leaves >> level {
            insert.execute(params![level, integer(place), join(db, level, place)?])?;
        }
        level += 1;
    }
    Ok(())
}

/// Says of the leaves of a conversation that their entries are about to be erased.
pub(super) fn mark_erased(db: &Connection, of: &Conversation) -> Result<(), Failure> {
    let sql = "UPDATE leaves SET gone = 'erased'
               WHERE leaf IN (SELECT leaf FROM access WHERE (bucket, channel, page, person) = (?1, ?2, ?3, ?4))";
    db.execute(sql, key(of))?;
    Ok(())
}

/// Says of the leaves up to one that their entries, if they are there, are about to be swept out.
pub(super) fn mark_swept(db: &Connection, last: i64) -> Result<(), Failure> {
    let sql = "UPDATE leaves SET gone = 'swept' WHERE leaf IN (SELECT leaf FROM access WHERE leaf <= ?1)";
    db.prepare_cached(sql)?.execute([last])?;
    Ok(())
}

/// The leaves after one, with their entries.
pub(super) fn after(db: &Connection, leaf: u64, most: u32) -> Result<Vec<Leaf>, Failure> {
    let sql = "SELECT l.leaf, l.hash, l.gone, a.channel, a.page, a.person, a.position, a.salt, a.entry
               FROM leaves AS l LEFT JOIN access AS a ON a.leaf = l.leaf WHERE l.leaf > ?1 ORDER BY l.leaf LIMIT ?2";
    let mut statement = db.prepare_cached(sql)?;
    let mut rows = statement.query(params![integer(leaf), most])?;
    let mut leaves = Vec::new();
    while let Some(row) = rows.next()? {
        let entry = match row.get::<_, Option<String>>(8)? {
            Some(json) => Some(LeafEntry {
                of: conversation(row.get(3)?, row.get(4)?, row.get(5)?),
                number: number(row, 6)?,
                salt: row.get(7)?,
                // What is no JSON any more fits no leaf.
                entry: parse(&json).unwrap_or(Value::String(json)),
            }),
            None => None,
        };
        leaves.push(Leaf { leaf: number(row, 0)?, hash: row.get(1)?, entry, gone: row.get(2)? });
    }
    Ok(leaves)
}

/// How many entries have no leaf.
pub(super) fn leafless(db: &Connection) -> Result<u64, Failure> {
    let sql = "SELECT count(*) FROM access WHERE leaf NOT IN (SELECT leaf FROM leaves)";
    Ok(db.query_row(sql, [], |row| number(row, 0))?)
}
