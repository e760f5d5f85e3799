//! The counters: written in the transaction that they count, so that they always add up.

use rusqlite::{Connection, Row};

use super::failure::Failure;
use super::schema::ASIDE;
use crate::store::Stats;

/// What is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Counter {
    Kept,
    Ignored,
    Broken,
    Duplicate,
    Sent,
    Refused,
    Uncertain,
}

impl Counter {
    /// The column that counts it, and the statement that adds one.
    fn add(self) -> &'static str {
        macro_rules! add {
            ($column:literal) => {
                concat!(
                    "INSERT INTO buckets (bucket, ",
                    $column,
                    ") VALUES (?1, 1) ON CONFLICT (bucket) DO UPDATE SET ",
                    $column,
                    " = ",
                    $column,
                    " + 1"
                )
            };
        }
        match self {
            Self::Kept => add!("kept"),
            Self::Ignored => add!("ignored"),
            Self::Broken => add!("broken"),
            Self::Duplicate => add!("duplicate"),
            Self::Sent => add!("sent"),
            Self::Refused => add!("refused"),
            Self::Uncertain => add!("uncertain"),
        }
    }
}

/// Adds one.
pub(super) fn count(db: &Connection, bucket: i64, counter: Counter) -> Result<(), Failure> {
    db.prepare_cached(counter.add())?.execute([bucket])?;
    Ok(())
}

/// The next fencing token of a bucket. It is larger than every one before, also of conversations that are forgotten.
pub(super) fn next_token(db: &Connection, bucket: i64) -> Result<i64, Failure> {
    let sql = "INSERT INTO buckets (bucket, fence) VALUES (?1, 1)
               ON CONFLICT (bucket) DO UPDATE SET fence = fence + 1";
    db.prepare_cached(sql)?.execute([bucket])?;
    token(db, bucket)
}

/// The next fencing token of a bucket in which an event was kept: both in one write.
pub(super) fn count_kept_and_next_token(db: &Connection, bucket: i64) -> Result<i64, Failure> {
    let sql = "INSERT INTO buckets (bucket, fence, kept) VALUES (?1, 1, 1)
               ON CONFLICT (bucket) DO UPDATE SET fence = fence + 1, kept = kept + 1";
    db.prepare_cached(sql)?.execute([bucket])?;
    token(db, bucket)
}

/// What was counted as kept turned out to be there already.
pub(super) fn count_duplicate_not_kept(db: &Connection, bucket: i64) -> Result<(), Failure> {
    let sql = "UPDATE buckets SET kept = kept - 1, duplicate = duplicate + 1 WHERE bucket = ?1";
    db.prepare_cached(sql)?.execute([bucket])?;
    Ok(())
}

/// The last token. `RETURNING` would tell it too, by way of a temporary table.
fn token(db: &Connection, bucket: i64) -> Result<i64, Failure> {
    let sql = "SELECT fence FROM buckets WHERE bucket = ?1";
    Ok(db.prepare_cached(sql)?.query_row([bucket], |row| row.get(0))?)
}

/// All counters, and what is open now.
pub(super) fn stats(db: &Connection) -> Result<Stats, Failure> {
    let sums = "SELECT coalesce(sum(kept), 0), coalesce(sum(ignored), 0), coalesce(sum(broken), 0),
                       coalesce(sum(duplicate), 0), coalesce(sum(sent), 0), coalesce(sum(refused), 0),
                       coalesce(sum(uncertain), 0) FROM buckets";
    let mut stats = db.prepare_cached(sums)?.query_row([], |row| {
        Ok(Stats {
            kept: number(row, 0)?,
            ignored: number(row, 1)?,
            broken: number(row, 2)?,
            duplicate: number(row, 3)?,
            sent: number(row, 4)?,
            refused: number(row, 5)?,
            uncertain: number(row, 6)?,
            ..Stats::default()
        })
    })?;
    // Each element counts once, in one of the four; their sum is what was received, and no fifth number can disagree.
    stats.received = stats.kept + stats.ignored + stats.broken + stats.duplicate;
    stats.waiting = open(db, "SELECT count(*) FROM inbox WHERE state = 'waiting'")?;
    stats.buried = open(db, &format!("SELECT count(*) FROM inbox WHERE state = 'buried' AND {ASIDE}"))?;
    stats.outgoing = open(db, "SELECT count(*) FROM outbox WHERE state = 'queued'")?;
    Ok(stats)
}

fn open(db: &Connection, sql: &str) -> Result<u64, Failure> {
    Ok(db.prepare_cached(sql)?.query_row([], |row| number(row, 0))?)
}

/// A count as it is read: the database has signed numbers only.
pub(super) fn number(row: &Row<'_>, column: usize) -> rusqlite::Result<u64> {
    let number: i64 = row.get(column)?;
    u64::try_from(number).map_err(|_| rusqlite::Error::IntegralValueOutOfRange(column, number))
}

/// A count as it is stored.
pub(super) fn integer(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}
