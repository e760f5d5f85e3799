//! Everything sealed, table by table, for whoever seals it anew. It is looked through in small steps by `rowid`, beside
//! whatever else is written: what comes meanwhile has a later one.

use rusqlite::{Connection, Row, params};

use super::failure::Failure;
use super::keys::conversation;
use crate::domain::bank::BankId;
use crate::domain::message::Conversation;
use crate::store::{Anew, Held, Position, What};

/// Where sealed bytes stand: the table, what else of the row says what it is, and the column.
struct Table {
    name: &'static str,
    named_by: &'static str,
    column: &'static str,
    what: fn(Conversation, String) -> What,
}

/// In the order of their numbers. Keys come first: what is sealed with one may then be sealed anew.
const TABLES: [Table; 6] = [
    Table { name: "data_keys", named_by: "''", column: "wrapped", what: |of, _| What::Key(of) },
    Table { name: "dialogues", named_by: "''", column: "body", what: |of, _| What::Dialogue(of) },
    Table { name: "links", named_by: "bank", column: "body", what: |of, bank| What::Link(of, BankId::new(bank)) },
    Table { name: "attempts", named_by: "''", column: "body", what: |of, _| What::Attempt(of) },
    Table { name: "inbox", named_by: "event_id", column: "body", what: message },
    Table { name: "outbox", named_by: "id", column: "body", what: |_, id| What::Reply(id) },
];

fn message(of: Conversation, event_id: String) -> What {
    // Elements set aside belong to nobody.
    What::Message((!of.channel.is_empty()).then_some(of), event_id)
}

/// What follows a position.
pub(super) fn after(db: &Connection, after: Option<Position>, most: u32) -> Result<Vec<Held>, Failure> {
    let after = after.unwrap_or(Position { table: 0, row: i64::MIN });
    let mut found = Vec::new();
    for (number, table) in (0_u8..).zip(&TABLES).skip(usize::from(after.table)) {
        let row = if number == after.table { after.row } else { i64::MIN };
        let left = most.saturating_sub(u32::try_from(found.len()).unwrap_or(u32::MAX));
        let Table { name, named_by, column, what } = table;
        // An attempt whose body is empty only says that its handle was used.
        let sql = format!(
            "SELECT rowid, channel, page, person, {named_by}, {column} FROM {name}
             WHERE rowid > ?1 AND {column} IS NOT NULL AND length({column}) > 0 ORDER BY rowid LIMIT ?2"
        );
        let read = |row: &Row<'_>| {
            Ok(Held {
                position: Position { table: number, row: row.get(0)? },
                what: what(conversation(row.get(1)?, row.get(2)?, row.get(3)?), row.get(4)?),
                body: row.get(5)?,
            })
        };
        let mut statement = db.prepare_cached(&sql)?;
        for held in statement.query_map(params![row, left], read)? {
            found.push(held?);
        }
    }
    Ok(found)
}

/// Puts what was sealed anew in its place, where what it was made from still stands.
pub(super) fn replace(db: &Connection, anew: &[Anew]) -> Result<u64, Failure> {
    let mut replaced = 0;
    for Anew { position, from, to } in anew {
        let Some(Table { name, column, .. }) = TABLES.get(usize::from(position.table)) else { continue };
        let sql = format!("UPDATE {name} SET {column} = ?3 WHERE rowid = ?1 AND {column} = ?2");
        replaced += db.prepare_cached(&sql)?.execute(params![position.row, from, to])? as u64;
    }
    Ok(replaced)
}
