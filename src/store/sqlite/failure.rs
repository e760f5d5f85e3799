//! What the database says, and what the caller should do about it.

use rusqlite::ErrorCode;

use crate::store::StoreError;

/// Why a piece of work failed, before it is known whether the writer survives it.
#[derive(Debug)]
pub(super) enum Failure {
    /// The work itself refuses.
    Refused(StoreError),
    /// The database does.
    Sqlite(rusqlite::Error),
}

impl Failure {
    /// A row that makes no sense. `what` names a table or column, never a value.
    pub(super) fn damaged(what: &str) -> Self {
        Self::Refused(StoreError::Damaged(what.to_owned()))
    }

    /// Whether nothing of this file can be trusted any more. After a failed fsync the kernel may have dropped the
    /// pages that were not written, so a second fsync that succeeds proves nothing.
    pub(super) fn is_fatal(&self) -> bool {
        let Self::Sqlite(error) = self else { return false };
        matches!(
            error.sqlite_error_code(),
            Some(ErrorCode::SystemIoFailure | ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase)
        )
    }

    /// Whether the same work may succeed later: another process writes, or the disk is full.
    pub(super) fn is_passing(&self) -> bool {
        let Self::Sqlite(error) = self else { return false };
        matches!(
            error.sqlite_error_code(),
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked | ErrorCode::DiskFull | ErrorCode::OutOfMemory)
        )
    }
}

impl From<rusqlite::Error> for Failure {
    fn from(error: rusqlite::Error) -> Self {
        Self::Sqlite(error)
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        Self::Refused(error)
    }
}

impl From<&Failure> for StoreError {
    fn from(failure: &Failure) -> Self {
        let error = match failure {
            Failure::Refused(error) => return error.clone(),
            Failure::Sqlite(error) => error,
        };
        // The library's messages name tables and columns, never values; the statement itself is left out.
        let message = match error {
            rusqlite::Error::SqliteFailure(_, Some(message)) => message.clone(),
            rusqlite::Error::SqlInputError { msg, .. } => msg.clone(),
            other => other.to_string(),
        };
        match error.sqlite_error_code() {
            Some(ErrorCode::SystemIoFailure | ErrorCode::CannotOpen | ErrorCode::ReadOnly) => {
                Self::Unavailable(message)
            }
            Some(ErrorCode::PermissionDenied | ErrorCode::FileLockingProtocolFailed) => Self::Unavailable(message),
            _ if failure.is_passing() => Self::Unavailable(message),
            _ => Self::Damaged(message),
        }
    }
}

impl From<Failure> for StoreError {
    fn from(failure: Failure) -> Self {
        Self::from(&failure)
    }
}
