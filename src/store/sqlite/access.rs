//! The access log. Entries are kept whole, as JSON: a log that lost a field could not prove what it says.

use rusqlite::{Connection, params};

use super::failure::Failure;
use super::keys::key;
use crate::domain::{access::AccessEntry, message::Conversation};

/// Appends entries to the log of a conversation.
pub(super) fn append(db: &Connection, conversation: &Conversation, entries: &[AccessEntry]) -> Result<(), Failure> {
    let (bucket, channel, page, person) = key(conversation);
    let sql = "INSERT INTO access (bucket, channel, page, person, position, entry)
               VALUES (?1, ?2, ?3, ?4, 1 + (SELECT coalesce(max(position), 0) FROM access
                   WHERE (bucket, channel, page, person) = (?1, ?2, ?3, ?4)), ?5)";
    let mut statement = db.prepare_cached(sql)?;
    for entry in entries {
        let json = serde_json::to_string(entry).map_err(|_| Failure::damaged("an access entry that is no JSON"))?;
        statement.execute(params![bucket, channel, page, person, json])?;
    }
    Ok(())
}

/// The log of a conversation, oldest first.
pub(super) fn all(db: &Connection, conversation: &Conversation) -> Result<Vec<AccessEntry>, Failure> {
    let sql = "SELECT entry FROM access WHERE (bucket, channel, page, person) = (?1, ?2, ?3, ?4) ORDER BY position";
    let mut statement = db.prepare_cached(sql)?;
    let rows = statement.query_map(key(conversation), |row| row.get::<_, String>(0))?;
    rows.map(|json| serde_json::from_str(&json?).map_err(|_| Failure::damaged("access.entry"))).collect()
}
