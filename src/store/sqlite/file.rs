//! Opening the file: who may, with which settings, and the checks without which no promise of durability holds.

use std::ffi::OsString;
use std::fs::{File, OpenOptions, TryLockError};
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};

use super::failure::Failure;
use super::{Tuning, conversations, schema};
use crate::store::StoreError;

/// The first SQLite in which two connections may write and checkpoint at once without damage: in 3.7.0 to 3.51.2 a
/// reset of the write-ahead log could lose a commit (sqlite.org/wal.html, "The WAL-Reset Bug").
const SQLITE_MIN: i32 = 3_051_003;

/// How long a statement waits for another process's transaction.
const BUSY: Duration = Duration::from_secs(5);

/// Memory for pages of the file, in KiB.
const CACHE_KIB: i64 = 16 * 1024;

/// Pages of 4 KiB in the write-ahead log at which it is copied into the file: 16 MiB.
const CHECKPOINT_PAGES: i64 = 4096;

/// What a file is opened for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mode {
    /// To serve from it, alone.
    Serve,
    /// For a few writes beside the process that serves from it.
    Beside,
    /// To look.
    Look,
}

/// An open file.
pub(super) struct Opened {
    /// The connection. It stands before the lock, so that it is closed first.
    pub(super) db: Connection,
    /// Whether it may write.
    pub(super) writes: bool,
    /// Whether the write-ahead log is emptied at the end.
    pub(super) empties_log: bool,
    /// The version it had.
    pub(super) migrated_from: u32,
    /// Held for as long as the file is served from.
    pub(super) _lock: Option<File>,
}

/// Opens a file.
pub(super) fn open(path: &Path, mode: Mode, tuning: Tuning) -> Result<Opened, Failure> {
    check_library(rusqlite::version_number())?;
    let lock = if mode == Mode::Serve { Some(claim_file(path)?) } else { None };
    let flags = match mode {
        Mode::Serve | Mode::Beside => OpenFlags::SQLITE_OPEN_READ_WRITE,
        Mode::Look => OpenFlags::SQLITE_OPEN_READ_ONLY,
    };
    let db = Connection::open_with_flags(path, flags | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    set(&db, tuning)?;
    let migrated_from = if mode == Mode::Serve {
        // The version is read before anything is written: a newer or a foreign file stays as it is.
        schema::version(&db)?;
        db.pragma_update_and_check(None, "journal_mode", "WAL", |_| Ok(()))?;
        check_settings(&db, tuning)?;
        let migrated_from = schema::migrate(&db)?;
        conversations::end_leases(&db)?;
        migrated_from
    } else {
        schema::check(&db)?;
        check_settings(&db, tuning)?;
        schema::VERSION
    };
    Ok(Opened { db, writes: mode != Mode::Look, empties_log: mode == Mode::Serve, migrated_from, _lock: lock })
}

/// A store that lives as long as its connection.
pub(super) fn in_memory(tuning: Tuning) -> Result<Opened, Failure> {
    check_library(rusqlite::version_number())?;
    let db = Connection::open_in_memory()?;
    set(&db, tuning)?;
    let migrated_from = schema::migrate(&db)?;
    Ok(Opened { db, writes: true, empties_log: false, migrated_from, _lock: None })
}

/// Refuses a library with the known fault.
fn check_library(version: i32) -> Result<(), Failure> {
    if version >= SQLITE_MIN {
        return Ok(());
    }
    Err(Failure::damaged("this SQLite is older than 3.51.3, which can damage a write-ahead log: use the bundled one"))
}

/// Settings of the connection. Only the journal mode is kept in the file.
fn set(db: &Connection, tuning: Tuning) -> Result<(), Failure> {
    db.busy_timeout(BUSY)?;
    db.set_prepared_statement_cache_capacity(128);
    // A plan is made once, whatever values are bound. Otherwise SQLite compares each value with the conditions of the
    // partial indexes, and to do so prepares a statement again every time that it runs.
    db.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    db.pragma_update(None, "synchronous", if tuning.synchronous_full { "FULL" } else { "NORMAL" })?;
    db.pragma_update(None, "foreign_keys", "ON")?;
    db.pragma_update(None, "secure_delete", "ON")?;
    db.pragma_update(None, "trusted_schema", "OFF")?;
    // De-duplication looks into a large index at random places: room for those of a busy day, filled only under load.
    db.pragma_update(None, "cache_size", -CACHE_KIB)?;
    // A page that changes often is copied into the file once for many changes; it is in the log until then.
    db.pragma_update_and_check(None, "wal_autocheckpoint", CHECKPOINT_PAGES, |_| Ok(()))?;
    // Sorting never writes content to a temporary file.
    db.pragma_update(None, "temp_store", "MEMORY")?;
    if let Some(pages) = tuning.pages_max {
        db.pragma_update_and_check(None, "max_page_count", pages, |_| Ok(()))?;
    }
    Ok(())
}

/// Refuses to go on when a setting did not take: some file systems know no shared memory, and then no WAL.
fn check_settings(db: &Connection, tuning: Tuning) -> Result<(), Failure> {
    let journal: String = db.pragma_query_value(None, "journal_mode", |row| row.get(0))?;
    let synchronous: i64 = db.pragma_query_value(None, "synchronous", |row| row.get(0))?;
    let secure_delete: i64 = db.pragma_query_value(None, "secure_delete", |row| row.get(0))?;
    if !journal.eq_ignore_ascii_case("wal") {
        return Err(Failure::damaged("journal_mode=WAL did not take: the file system may not support it"));
    }
    if tuning.synchronous_full && synchronous != 2 {
        return Err(Failure::damaged("synchronous=FULL did not take"));
    }
    if secure_delete != 1 {
        return Err(Failure::damaged("secure_delete=ON did not take"));
    }
    Ok(())
}

/// Takes the file for this process, and makes it, readable by its owner only, if there is none.
fn claim_file(path: &Path) -> Result<File, Failure> {
    // The lock is a file of its own: SQLite's locks on the store would end as soon as this process closed any other
    // handle to it (POSIX advisory locks). It stays behind, because removing it would race with the next process.
    let lock = private(OpenOptions::new().create(true).truncate(false).write(true)).open(lock_path(path));
    let lock = lock.map_err(|error| cannot_open(path, &error))?;
    match lock.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => {
            let message = format!("{} is in use by another balancebot", path.display());
            return Err(StoreError::Unavailable(message).into());
        }
        Err(TryLockError::Error(error)) => return Err(cannot_open(path, &error)),
    }
    match private(OpenOptions::new().create_new(true).write(true)).open(path) {
        Ok(_) => sync_folder(path).map_err(|error| cannot_open(path, &error))?,
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {
            keep_private(path).map_err(|error| cannot_open(path, &error))?;
        }
        Err(error) => return Err(cannot_open(path, &error)),
    }
    Ok(lock)
}

/// Where the lock of a file is: beside it.
fn lock_path(path: &Path) -> PathBuf {
    let mut name: OsString = path.as_os_str().to_owned();
    name.push(".lock");
    PathBuf::from(name)
}

fn cannot_open(path: &Path, error: &std::io::Error) -> Failure {
    StoreError::Unavailable(format!("cannot open {}: {error}", path.display())).into()
}

/// Puts the new file's name on disk: a file whose folder was not flushed may be gone after a power cut.
fn sync_folder(path: &Path) -> std::io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    if cfg!(unix) { File::open(folder)?.sync_all() } else { Ok(()) }
}

#[cfg(unix)]
fn private(options: &mut OpenOptions) -> &mut OpenOptions {
    use std::os::unix::fs::OpenOptionsExt;
    options.mode(0o600)
}

#[cfg(not(unix))]
fn private(options: &mut OpenOptions) -> &mut OpenOptions {
    options
}

#[cfg(unix)]
fn keep_private(path: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o600))
}

#[cfg(not(unix))]
fn keep_private(_path: &Path) -> std::io::Result<()> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use rusqlite::StatementStatus;

    use super::*;

    #[test]
    fn an_old_library_is_refused() {
        assert!(check_library(3_051_002).is_err());
        assert!(check_library(3_051_003).is_ok());
        assert!(check_library(rusqlite::version_number()).is_ok());
    }

    #[test]
    fn a_statement_is_prepared_once() {
        let opened = in_memory(Tuning::default()).expect("memory");
        let sql = "SELECT count(*) FROM inbox WHERE bucket = ?1 AND state = ?2";
        let mut statement = opened.db.prepare(sql).expect("a statement");
        for bucket in 0..3 {
            let count: i64 = statement.query_row((bucket, "waiting"), |row| row.get(0)).expect("a count");
            assert_eq!(count, 0);
        }
        assert_eq!(statement.get_status(StatementStatus::RePrepare), 0);
    }

    #[test]
    fn settings_that_did_not_take_are_refused() {
        let tuning = Tuning::default();
        let folder = tempfile::tempdir().expect("a folder");
        let db = Connection::open(folder.path().join("store.db")).expect("a file");
        set(&db, tuning).expect("settings");
        assert!(check_settings(&db, tuning).is_err(), "the journal is no write-ahead log");
        db.pragma_update_and_check(None, "journal_mode", "WAL", |_| Ok(())).expect("a setting");
        assert!(check_settings(&db, tuning).is_ok());
        db.pragma_update(None, "synchronous", "NORMAL").expect("a setting");
        assert!(check_settings(&db, tuning).is_err());
        set(&db, tuning).expect("settings");
        db.pragma_update(None, "secure_delete", "OFF").expect("a setting");
        assert!(check_settings(&db, tuning).is_err());
    }
}
