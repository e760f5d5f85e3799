//! Sealed links, one a bank and conversation.

use rusqlite::{Connection, params};

use super::failure::Failure;
use super::keys::key;
use crate::domain::{bank::BankId, message::Conversation};

/// All links of a conversation, by bank.
pub(super) fn all(db: &Connection, conversation: &Conversation) -> Result<Vec<(BankId, Vec<u8>)>, Failure> {
    let sql = "SELECT bank, body FROM links WHERE (bucket, channel, page, person) = (?1, ?2, ?3, ?4) ORDER BY bank";
    let mut statement = db.prepare_cached(sql)?;
    let rows =
        statement.query_map(key(conversation), |row| Ok((BankId::new(row.get::<_, String>(0)?), row.get(1)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Makes, replaces or removes a link.
pub(super) fn put(
    db: &Connection,
    conversation: &Conversation,
    bank: &BankId,
    link: Option<&[u8]>,
) -> Result<(), Failure> {
    let (bucket, channel, page, person) = key(conversation);
    if let Some(body) = link {
        let sql = "INSERT INTO links (bucket, channel, page, person, bank, body) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
                   ON CONFLICT (bucket, channel, page, person, bank) DO UPDATE SET body = excluded.body";
        db.prepare_cached(sql)?.execute(params![bucket, channel, page, person, bank.as_str(), body])?;
    } else {
        let sql = "DELETE FROM links WHERE (bucket, channel, page, person, bank) = (?1, ?2, ?3, ?4, ?5)";
        db.prepare_cached(sql)?.execute(params![bucket, channel, page, person, bank.as_str()])?;
    }
    Ok(())
}
