//! The wrapped keys of people, one each. The table has rows in the order of arrival and an index of its own for the rest,
//! so that the bytes of a key never move when a page is split: erased, they are nowhere (`secure_delete`).

use rusqlite::{Connection, OptionalExtension, params};

use super::failure::Failure;
use super::keys::key;
use crate::domain::message::Conversation;

/// The wrapped key of a person.
pub(super) fn find(db: &Connection, of: &Conversation) -> Result<Option<Vec<u8>>, Failure> {
    let sql = "SELECT wrapped FROM data_keys WHERE (bucket, channel, page, person) = (?1, ?2, ?3, ?4)";
    Ok(db.prepare_cached(sql)?.query_row(key(of), |row| row.get(0)).optional()?)
}

/// Keeps a wrapped key, unless there is one. Returns whether there was none.
pub(super) fn keep(db: &Connection, of: &Conversation, wrapped: &[u8]) -> Result<bool, Failure> {
    let (bucket, channel, page, person) = key(of);
    let sql = "INSERT INTO data_keys (bucket, channel, page, person, wrapped) VALUES (?1, ?2, ?3, ?4, ?5)
               ON CONFLICT (bucket, channel, page, person) DO NOTHING";
    Ok(db.prepare_cached(sql)?.execute(params![bucket, channel, page, person, wrapped])? > 0)
}

/// Keeps a wrapped key, unless there is one. Returns the one that is kept.
pub(super) fn keep_or_find(db: &Connection, of: &Conversation, wrapped: &[u8]) -> Result<Vec<u8>, Failure> {
    if keep(db, of, wrapped)? {
        return Ok(wrapped.to_vec());
    }
    find(db, of)?.ok_or_else(|| Failure::damaged("a key that is there and is not"))
}
