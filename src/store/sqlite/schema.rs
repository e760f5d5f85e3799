//! The tables, and the way from older ones. Forward only: a file of a newer version is refused.
//!
//! The primary key of whatever belongs to a conversation begins with its shard bucket. Moments are microseconds since 1970. `rowid` grows
//! with arrival, and serves as the order of arrival: a new row gets a larger one than every row that is still there, and
//! `VACUUM` copies rows in its order.
//!
//! Conditions in the tables and indexes are written with `=` and `OR`, never with `IN`: SQLite makes a temporary table of
//! every list, each time that a row is written. The test below holds that.

use rusqlite::Connection;

use super::access;
use super::failure::Failure;
use crate::store::StoreError;

/// The version that this program reads and writes.
pub const VERSION: u32 = 6;

/// Most rows that one transaction of a sweep drops.
pub(super) const SWEEP_MAX: u32 = 2000;

/// The condition of the index `inbox_aside`, which a statement must repeat to use it.
pub(super) const ASIDE: &str = "state <> 'waiting' AND state <> 'done'";

/// Marks the file as ours, in the header that `file(1)` reads: "BALB".
const APPLICATION_ID: i64 = 0x4241_4c42;

/// One script a version; the script at index `n` leads from version `n` to `n + 1`.
const MIGRATIONS: [&str; VERSION as usize] = [FIRST, ROUSED, ATTEMPTS, DATA_KEYS, LEAVES, STOPS];

/// The version after which the entries of older logs get their leaves: a hash is more than a script can do.
const LEAVES_FROM: usize = 5;

const FIRST: &str = "
-- Counters since the store was made, and the last fencing token. Tokens outlive the conversations they were given
-- for, so that a claim from before a `forget` is never taken for a later one.
CREATE TABLE buckets (
    bucket    INTEGER NOT NULL PRIMARY KEY,
    fence     INTEGER NOT NULL DEFAULT 0,
    kept      INTEGER NOT NULL DEFAULT 0,
    ignored   INTEGER NOT NULL DEFAULT 0,
    broken    INTEGER NOT NULL DEFAULT 0,
    duplicate INTEGER NOT NULL DEFAULT 0,
    sent      INTEGER NOT NULL DEFAULT 0,
    refused   INTEGER NOT NULL DEFAULT 0,
    uncertain INTEGER NOT NULL DEFAULT 0
) STRICT;

-- One lane a conversation. It is ready when something waits (`waiting_since`) and nothing holds it back
-- (`held_until`: the end of a lease or a postponement). `claim` is the token of the open claim.
CREATE TABLE conversations (
    bucket        INTEGER NOT NULL,
    channel       TEXT    NOT NULL,
    page          TEXT    NOT NULL,
    person        TEXT    NOT NULL,
    waiting_since INTEGER,
    held_until    INTEGER,
    claim         INTEGER,
    worker        TEXT,
    PRIMARY KEY (bucket, channel, page, person)
) STRICT, WITHOUT ROWID;
CREATE INDEX conversations_ready ON conversations (waiting_since)
    WHERE waiting_since IS NOT NULL AND held_until IS NULL;
CREATE INDEX conversations_held ON conversations (held_until) WHERE held_until IS NOT NULL;

-- Apart from the lanes, which are rewritten three times a turn.
CREATE TABLE dialogues (
    bucket  INTEGER NOT NULL,
    channel TEXT    NOT NULL,
    page    TEXT    NOT NULL,
    person  TEXT    NOT NULL,
    body    BLOB    NOT NULL,
    PRIMARY KEY (bucket, channel, page, person)
) STRICT;

-- Every element of every delivery for as long as it may be delivered again. `claim` is the token under which a
-- waiting event was last claimed; `finished` is when its retention began. `event` is half of SHA-256 over `event_id`,
-- which the platform makes a hundred characters long: every delivery touches a page of this index at a random place,
-- so it should have few.
CREATE TABLE inbox (
    bucket   INTEGER NOT NULL,
    event    BLOB    NOT NULL,
    event_id TEXT    NOT NULL,
    channel  TEXT    NOT NULL,
    page     TEXT    NOT NULL,
    person   TEXT    NOT NULL,
    kind     TEXT    NOT NULL,
    state    TEXT    NOT NULL CHECK (state = 'waiting' OR state = 'done' OR state = 'buried' OR state = 'ignored'
                                     OR state = 'broken'),
    at       INTEGER NOT NULL,
    received INTEGER NOT NULL,
    finished INTEGER,
    attempts INTEGER NOT NULL DEFAULT 0,
    claim    INTEGER,
    reason   TEXT,
    body     BLOB,
    PRIMARY KEY (bucket, event, channel, page)
) STRICT;
CREATE INDEX inbox_waiting ON inbox (bucket, channel, page, person, at) WHERE state = 'waiting';
CREATE INDEX inbox_aside ON inbox (state) WHERE state <> 'waiting' AND state <> 'done';
CREATE INDEX inbox_finished ON inbox (finished) WHERE finished IS NOT NULL;

-- What is to be sent, in order per conversation. Only the first queued row of a conversation has a `due`: when it may
-- be leased. `open_try` is 1 while a try may have arrived; `uncertain` is 1 once such a try was repeated.
CREATE TABLE outbox (
    bucket      INTEGER NOT NULL,
    channel     TEXT    NOT NULL,
    page        TEXT    NOT NULL,
    person      TEXT    NOT NULL,
    position    INTEGER NOT NULL,
    id          TEXT    NOT NULL UNIQUE,
    state       TEXT    NOT NULL CHECK (state = 'queued' OR state = 'sent' OR state = 'refused'),
    queued      INTEGER NOT NULL,
    due         INTEGER,
    expires     INTEGER NOT NULL,
    finished    INTEGER,
    attempts    INTEGER NOT NULL DEFAULT 0,
    open_try    INTEGER NOT NULL DEFAULT 0,
    uncertain   INTEGER NOT NULL DEFAULT 0,
    reason      TEXT,
    message_id  TEXT,
    interim_for TEXT,
    body        BLOB,
    PRIMARY KEY (bucket, channel, page, person, position)
) STRICT;
CREATE INDEX outbox_queued ON outbox (bucket, channel, page, person, position) WHERE state = 'queued';
CREATE INDEX outbox_due ON outbox (due) WHERE due IS NOT NULL;
CREATE INDEX outbox_finished ON outbox (finished) WHERE finished IS NOT NULL;
CREATE UNIQUE INDEX outbox_interim ON outbox (bucket, channel, page, person, interim_for)
    WHERE interim_for IS NOT NULL;

CREATE TABLE links (
    bucket  INTEGER NOT NULL,
    channel TEXT    NOT NULL,
    page    TEXT    NOT NULL,
    person  TEXT    NOT NULL,
    bank    TEXT    NOT NULL,
    body    BLOB    NOT NULL,
    PRIMARY KEY (bucket, channel, page, person, bank)
) STRICT;

-- Who was read, when, why: entries as JSON, in order.
CREATE TABLE access (
    bucket   INTEGER NOT NULL,
    channel  TEXT    NOT NULL,
    page     TEXT    NOT NULL,
    person   TEXT    NOT NULL,
    position INTEGER NOT NULL,
    entry    TEXT    NOT NULL,
    PRIMARY KEY (bucket, channel, page, person, position)
) STRICT;

-- Buckets in which rows were erased whose bytes may still be in the file.
CREATE TABLE erasures (
    bucket INTEGER NOT NULL PRIMARY KEY
) STRICT;
";

/// When a conversation is to be looked at though nobody writes.
const ROUSED: &str = "
ALTER TABLE dialogues ADD COLUMN look_at INTEGER;
CREATE INDEX dialogues_roused ON dialogues (look_at) WHERE look_at IS NOT NULL;
";

/// What people have begun in a browser. `next` finds the one who takes the next step; of one that is over only the handle
/// stays, until it has expired by itself.
const ATTEMPTS: &str = "
CREATE TABLE attempts (
    bucket  INTEGER NOT NULL,
    channel TEXT    NOT NULL,
    page    TEXT    NOT NULL,
    person  TEXT    NOT NULL,
    id      BLOB    NOT NULL,
    step    INTEGER NOT NULL,
    next    BLOB,
    body    BLOB,
    expires INTEGER NOT NULL,
    PRIMARY KEY (bucket, channel, page, person, id)
) STRICT;
CREATE UNIQUE INDEX attempts_id ON attempts (id);
CREATE UNIQUE INDEX attempts_next ON attempts (next) WHERE next IS NOT NULL;
CREATE INDEX attempts_expires ON attempts (expires);
";

/// The keys of people, wrapped; and when a conversation was last thought about, by which what is remembered of it is
/// swept out. Of older ones it is not known: their time begins with a sweep.
const DATA_KEYS: &str = "
CREATE TABLE data_keys (
    bucket  INTEGER NOT NULL,
    channel TEXT    NOT NULL,
    page    TEXT    NOT NULL,
    person  TEXT    NOT NULL,
    wrapped BLOB    NOT NULL,
    PRIMARY KEY (bucket, channel, page, person)
) STRICT;
ALTER TABLE dialogues ADD COLUMN touched INTEGER;
CREATE INDEX dialogues_touched ON dialogues (touched);
";

/// The access log as a proof. Leaves are numbered from 1 without a gap and never go; where the entry of one went, `gone`
/// says why. `subtrees` remembers the hashes over 256 leaves and more, so that the next root costs no look at all of them:
/// those over `2^level` leaves from `place * 2^level` on. An entry has the number of its leaf.
const LEAVES: &str = "
CREATE TABLE leaves (
    leaf INTEGER NOT NULL PRIMARY KEY,
    hash BLOB    NOT NULL,
    gone TEXT
) STRICT;
CREATE TABLE subtrees (
    level INTEGER NOT NULL,
    place INTEGER NOT NULL,
    hash  BLOB    NOT NULL,
    PRIMARY KEY (level, place)
) STRICT, WITHOUT ROWID;
ALTER TABLE access RENAME TO access_before;
CREATE TABLE access (
    leaf     INTEGER NOT NULL PRIMARY KEY,
    bucket   INTEGER NOT NULL,
    channel  TEXT    NOT NULL,
    page     TEXT    NOT NULL,
    person   TEXT    NOT NULL,
    position INTEGER NOT NULL,
    salt     BLOB    NOT NULL,
    entry    TEXT    NOT NULL,
    UNIQUE (bucket, channel, page, person, position)
) STRICT;
";

/// What is not read, by whose order, and the orders that were taken. `whom` is `everyone` or the hash of a person.
const STOPS: &str = "
CREATE TABLE stops (
    bank     TEXT    NOT NULL,
    whom     TEXT    NOT NULL,
    by       TEXT    NOT NULL,
    since    INTEGER NOT NULL,
    order_id TEXT    NOT NULL,
    reason   TEXT,
    PRIMARY KEY (bank, whom, by)
) STRICT, WITHOUT ROWID;
CREATE TABLE orders (
    bank   TEXT    NOT NULL,
    by     TEXT    NOT NULL,
    id     TEXT    NOT NULL,
    whom   TEXT    NOT NULL,
    at     INTEGER NOT NULL,
    digest BLOB    NOT NULL,
    PRIMARY KEY (bank, by, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX orders_whom ON orders (bank, by, whom, at);
";

/// The version of the file.
pub(super) fn version(db: &Connection) -> Result<u32, Failure> {
    let version: i64 = db.pragma_query_value(None, "user_version", |row| row.get(0))?;
    let version = u32::try_from(version).map_err(|_| Failure::damaged("the file is no store of balancebot"))?;
    let application: i64 = db.pragma_query_value(None, "application_id", |row| row.get(0))?;
    let tables: i64 = db.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
    if application == APPLICATION_ID || (version == 0 && application == 0 && tables == 0) {
        Ok(version)
    } else {
        Err(Failure::damaged("the file is no store of balancebot"))
    }
}

/// Refuses a file of another version than this program's.
pub(super) fn check(db: &Connection) -> Result<(), Failure> {
    match version(db)? {
        VERSION => Ok(()),
        older if older < VERSION => Err(StoreError::Unavailable(format!(
            "the file has version {older}, this program needs {VERSION}: it must be migrated first"
        ))
        .into()),
        newer => Err(too_new(newer)),
    }
}

/// Brings the file to [`VERSION`], one transaction a step, and returns the version it had.
pub(super) fn migrate(db: &Connection) -> Result<u32, Failure> {
    let from = version(db)?;
    if from > VERSION {
        return Err(too_new(from));
    }
    for (step, script) in MIGRATIONS.iter().enumerate().skip(from as usize) {
        let version = step + 1;
        db.execute_batch(&format!("BEGIN IMMEDIATE; {script}"))?;
        if version == LEAVES_FROM {
            access::give_leaves_to_older(db)?;
        }
        db.execute_batch(&format!(
            "PRAGMA application_id = {APPLICATION_ID}; PRAGMA user_version = {version}; COMMIT;"
        ))?;
    }
    Ok(from)
}

fn too_new(version: u32) -> Failure {
    Failure::Refused(StoreError::Damaged(format!(
        "the file has version {version}, this program knows only up to {VERSION}: it was written by a newer balancebot"
    )))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_is_written_without_a_temporary_table() {
        let db = Connection::open_in_memory().expect("memory");
        migrate(&db).expect("tables");
        for sql in [
            "INSERT INTO inbox (bucket, event, event_id, channel, page, person, kind, state, at, received)
             VALUES (1, x'00', 'e', 'c', 'p', 'u', 'text', 'waiting', 1, 1)",
            "UPDATE inbox SET state = 'done', finished = 2 WHERE rowid = 1",
            "INSERT INTO outbox (bucket, channel, page, person, position, id, state, queued, expires)
             VALUES (1, 'c', 'p', 'u', 1, 'i', 'queued', 1, 2)",
            "UPDATE outbox SET state = 'sent', due = NULL, finished = 2 WHERE rowid = 1",
        ] {
            let mut explain = db.prepare(&format!("EXPLAIN {sql}")).expect("a plan");
            let steps = explain.query_map([], |row| row.get::<_, String>(1)).expect("steps");
            let steps: Vec<String> = steps.collect::<Result<_, _>>().expect("steps");
            assert!(!steps.iter().any(|step| step == "OpenEphemeral"), "{sql}");
        }
    }
}
