//! Stops, and the orders that they come of. There are few, and every node looks at all of them: no key begins with a bucket.

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, params};

use super::access;
use super::failure::Failure;
use super::keys::{micros, moment};
use crate::domain::access::{AccessEntry, AccessKind};
use crate::domain::bank::BankId;
use crate::domain::stop::{Order, OrderedBy, Stop, Wanted, Whom};
use crate::store::Ordered;

/// Obeys an order, once, and writes it into the access log.
pub(super) fn order(
    db: &Connection,
    order: &Order,
    oldest: Option<Timestamp>,
    now: Timestamp,
) -> Result<Ordered, Failure> {
    let (bank, by, whom) = (order.bank.as_str(), order.by.word(), order.whom.word());
    let sql = "SELECT digest FROM orders WHERE (bank, by, id) = (?1, ?2, ?3)";
    let known = db.prepare_cached(sql)?.query_row(params![bank, by, order.id], |row| row.get::<_, [u8; 32]>(0));
    if let Some(digest) = known.optional()? {
        return Ok(if digest == order.digest { Ordered::Again } else { Ordered::Another });
    }
    let sql = "SELECT max(at) FROM orders WHERE (bank, by, whom) = (?1, ?2, ?3)";
    let last: Option<i64> = db.prepare_cached(sql)?.query_row(params![bank, by, whom], |row| row.get(0))?;
    // Of two orders of one moment the stop counts, whichever came first.
    let overtaken = |last| micros(order.at) < last || (micros(order.at) == last && order.wanted == Wanted::Resume);
    if oldest.is_some_and(|oldest| order.at < oldest) || last.is_some_and(overtaken) {
        return Ok(Ordered::Old);
    }
    let sql = "INSERT INTO orders (bank, by, id, whom, at, digest) VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
    db.prepare_cached(sql)?.execute(params![bank, by, order.id, whom, micros(order.at), order.digest])?;
    let kind = match order.wanted {
        Wanted::Stop => {
            let sql = "INSERT INTO stops (bank, whom, by, since, order_id, reason) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
                       ON CONFLICT DO NOTHING";
            db.prepare_cached(sql)?.execute(params![bank, whom, by, micros(now), order.id, order.reason])?;
            AccessKind::StopOrdered
        }
        Wanted::Resume => {
            let sql = "DELETE FROM stops WHERE (bank, whom, by) = (?1, ?2, ?3)";
            db.prepare_cached(sql)?.execute(params![bank, whom, by])?;
            AccessKind::ResumeOrdered
        }
    };
    let entry = AccessEntry {
        at: now,
        kind,
        bank: Some(order.bank.clone()),
        classes: Vec::new(),
        purpose: None,
        question: format!("{by}:{}", order.id),
        about: None,
    };
    access::append(db, &Order::log(&order.bank, order.whom), &[entry])?;
    Ok(Ordered::Done)
}

/// The stops that stand, the oldest first.
pub(super) fn all(db: &Connection) -> Result<Vec<Stop>, Failure> {
    let sql = "SELECT bank, whom, by, since, order_id, reason FROM stops ORDER BY since, bank, whom, by";
    let mut statement = db.prepare_cached(sql)?;
    let mut rows = statement.query([])?;
    let mut stops = Vec::new();
    while let Some(row) = rows.next()? {
        stops.push(Stop {
            bank: BankId::new(row.get::<_, String>(0)?),
            whom: Whom::parse(&row.get::<_, String>(1)?).ok_or_else(|| Failure::damaged("stops.whom"))?,
            by: OrderedBy::parse(&row.get::<_, String>(2)?).ok_or_else(|| Failure::damaged("stops.by"))?,
            since: moment(row.get(3)?)?,
            order: row.get(4)?,
            reason: row.get(5)?,
        });
    }
    Ok(stops)
}

/// Drops the ids of orders that would be too old by now to be taken again.
pub(super) fn sweep(db: &Connection, before: i64) -> Result<u64, Failure> {
    Ok(db.prepare_cached("DELETE FROM orders WHERE at <= ?1")?.execute([before])? as u64)
}
