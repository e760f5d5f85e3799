//! The one writer. What has queued is committed in one transaction (group commit), and nobody is answered before the
//! commit is on disk. One fsync then serves hundreds of callers.
//!
//! A job that fails is rolled back alone. Nearly none does, so a batch is first tried without savepoints, in which
//! SQLite would copy every page that a job touches; only when one fails is the batch done again with them.

use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::sync::{Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use rusqlite::Connection;
use tokio::sync::oneshot;

use super::Writer;
use super::failure::Failure;
use super::file::Opened;
use crate::store::StoreError;

/// Most jobs that wait. A full queue means "later" to the caller, never more memory.
const QUEUE_MAX: usize = 1024;

/// Most jobs that share a commit.
const BATCH_MAX: usize = 256;

/// Jobs in one commit from which on the next one waits for company.
const GATHER_FROM: usize = 4;

/// How long it waits.
const GATHER: Duration = Duration::from_millis(4);

/// Largest file, in pages of 4 KiB, that is rewritten while a person waits to be forgotten: 64 MiB, about half a
/// second. A larger one is rewritten by the next sweep.
const SCRUB_PAGES_MAX: i64 = 16 * 1024;

/// What follows the commit, before the caller is answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum After {
    /// Nothing.
    Nothing,
    /// What was forgotten goes from the bytes of the file too, unless that would take long: then the next
    /// [`After::Scrub`] does it.
    ScrubIfSmall,
    /// What was forgotten goes from the bytes of the file too, however long it takes.
    Scrub,
}

/// The way to the database.
pub(super) enum Lane {
    /// By an own thread.
    Thread(WriterThread),
    /// On the calling task.
    Inline(Mutex<Engine>),
}

impl Lane {
    /// Opens the lane.
    pub(super) fn start(opened: Opened, writer: Writer) -> Result<Self, StoreError> {
        let engine = Engine { opened, stopped: None };
        Ok(match writer {
            Writer::Thread => Self::Thread(WriterThread::start(engine)?),
            Writer::Inline => Self::Inline(Mutex::new(engine)),
        })
    }

    /// Does `work` in a transaction; returns when it is on disk, or was rolled back.
    pub(super) async fn run<T: Send + 'static>(
        &self,
        after: After,
        work: impl Fn(&Connection) -> Result<T, Failure> + Send + 'static,
    ) -> Result<T, StoreError> {
        let (reply, answer) = oneshot::channel();
        let job = Box::new(Task { work, result: None, after, reply });
        match self {
            Self::Thread(thread) => thread.enqueue(job)?,
            // A job that panicked left the lock poisoned and a transaction open, which the engine rolls back.
            Self::Inline(engine) => engine.lock().unwrap_or_else(PoisonError::into_inner).run(vec![job]),
        }
        answer.await.map_err(|_| StoreError::Unavailable("the writer has stopped".to_owned()))?
    }
}

/// A piece of work and the caller who waits for it.
trait Job: Send {
    /// Does the work, again if the first time was rolled back. The result is kept until it is known whether it was
    /// committed.
    fn run(&mut self, db: &Connection) -> Result<(), &Failure>;

    /// What is to follow the commit.
    fn after(&self) -> After;

    /// Tells the caller: the result, or why nothing was committed.
    fn answer(self: Box<Self>, failure: Option<&StoreError>);
}

struct Task<W, T> {
    work: W,
    result: Option<Result<T, Failure>>,
    after: After,
    reply: oneshot::Sender<Result<T, StoreError>>,
}

impl<W, T> Job for Task<W, T>
where
    W: Fn(&Connection) -> Result<T, Failure> + Send,
    T: Send,
{
    fn run(&mut self, db: &Connection) -> Result<(), &Failure> {
        match self.result.insert((self.work)(db)) {
            Ok(_) => Ok(()),
            Err(failure) => Err(failure),
        }
    }

    fn after(&self) -> After {
        self.after
    }

    fn answer(self: Box<Self>, failure: Option<&StoreError>) {
        let answer = match (failure, self.result) {
            (Some(failure), _) => Err(failure.clone()),
            (None, Some(result)) => result.map_err(StoreError::from),
            (None, None) => Err(StoreError::Unavailable("the work was not done".to_owned())),
        };
        // A caller who gave up waiting is told nothing; what is committed stays so.
        let _ = self.reply.send(answer);
    }
}

/// The thread that owns the connection.
pub(super) struct WriterThread {
    queue: Option<SyncSender<Box<dyn Job>>>,
    thread: Option<JoinHandle<()>>,
}

impl WriterThread {
    fn start(engine: Engine) -> Result<Self, StoreError> {
        let (queue, jobs) = sync_channel(QUEUE_MAX);
        let thread = std::thread::Builder::new()
            .name("store-writer".to_owned())
            .spawn(move || serve(engine, &jobs))
            .map_err(|error| StoreError::Unavailable(format!("no thread for the writer: {error}")))?;
        Ok(Self { queue: Some(queue), thread: Some(thread) })
    }

    fn enqueue(&self, job: Box<dyn Job>) -> Result<(), StoreError> {
        let Some(queue) = &self.queue else { return Err(StoreError::Unavailable("the writer has stopped".to_owned())) };
        queue.try_send(job).map_err(|error| {
            StoreError::Unavailable(match error {
                TrySendError::Full(_) => "too many writes are waiting".to_owned(),
                TrySendError::Disconnected(_) => "the writer has stopped".to_owned(),
            })
        })
    }
}

impl Drop for WriterThread {
    fn drop(&mut self) {
        drop(self.queue.take());
        if let Some(thread) = self.thread.take() {
            // Whether it panicked was answered to those who waited.
            let _ = thread.join();
        }
    }
}

/// Takes what has queued, commits it, and begins again. While one batch is being flushed the next one gathers. Under
/// load it is given a moment more, because a commit costs much the same for one job as for fifty. Source: PostgreSQL,
/// `commit_delay` and `commit_siblings`.
fn serve(mut engine: Engine, jobs: &Receiver<Box<dyn Job>>) {
    let mut company = 0;
    while let Ok(first) = jobs.recv() {
        if company >= GATHER_FROM {
            std::thread::sleep(GATHER);
        }
        let mut batch = vec![first];
        batch.extend(jobs.try_iter().take(BATCH_MAX - 1));
        company = batch.len();
        engine.run(batch);
    }
}

/// The connection, and whether it may still be trusted.
pub(super) struct Engine {
    opened: Opened,
    stopped: Option<StoreError>,
}

/// Why a whole transaction failed.
struct Failed {
    error: StoreError,
    fatal: bool,
}

impl From<&Failure> for Failed {
    fn from(failure: &Failure) -> Self {
        Self { error: StoreError::from(failure), fatal: failure.is_fatal() }
    }
}

impl From<Failure> for Failed {
    fn from(failure: Failure) -> Self {
        Self::from(&failure)
    }
}

impl Engine {
    /// Runs jobs in one transaction and answers them.
    fn run(&mut self, mut jobs: Vec<Box<dyn Job>>) {
        let failure = match &self.stopped {
            Some(stopped) => Some(stopped.clone()),
            None => self.transact(&mut jobs).err().map(|failed| self.recover(failed)),
        };
        let after = jobs.iter().map(|job| job.after()).max().unwrap_or(After::Nothing);
        if failure.is_none() && after != After::Nothing {
            self.scrub(after);
        }
        for job in jobs {
            job.answer(failure.as_ref());
        }
    }

    /// One transaction. A job that fails is rolled back alone, unless its failure took the transaction with it.
    fn transact(&self, jobs: &mut [Box<dyn Job>]) -> Result<(), Failed> {
        self.begin()?;
        if !self.all_succeed(jobs)? {
            self.begin()?;
            self.each_alone(jobs)?;
        }
        // A commit that fails for any reason but a full disk or a lock is one of which nothing is known.
        let committed = step(&self.opened.db, "COMMIT");
        committed.map_err(|failure| Failed { error: StoreError::from(&failure), fatal: !failure.is_passing() })
    }

    /// Begins a transaction; one that is open is rolled back.
    fn begin(&self) -> Result<(), Failure> {
        let db = &self.opened.db;
        if !db.is_autocommit() {
            step(db, "ROLLBACK")?;
        }
        // The write lock is taken at once: a transaction that took it halfway could find that it had read old rows.
        step(db, if self.opened.writes { "BEGIN IMMEDIATE" } else { "BEGIN" })
    }

    /// Runs the jobs up to the first that fails; whether none did.
    fn all_succeed(&self, jobs: &mut [Box<dyn Job>]) -> Result<bool, Failed> {
        for job in jobs {
            match job.run(&self.opened.db) {
                Ok(()) => {}
                Err(failure) if failure.is_fatal() => return Err(Failed::from(failure)),
                Err(_) => return Ok(false),
            }
        }
        Ok(true)
    }

    /// Runs each job in a savepoint of its own.
    fn each_alone(&self, jobs: &mut [Box<dyn Job>]) -> Result<(), Failed> {
        let db = &self.opened.db;
        for job in jobs {
            step(db, "SAVEPOINT job")?;
            if let Err(failure) = job.run(db) {
                if failure.is_fatal() || db.is_autocommit() {
                    return Err(Failed::from(failure));
                }
                step(db, "ROLLBACK TO job")?;
            }
            step(db, "RELEASE job")?;
        }
        Ok(())
    }

    /// Rolls back what is open, and stops for good when the file cannot be trusted: to flush again and acknowledge on
    /// success would acknowledge rows that may not be on disk.
    fn recover(&mut self, failed: Failed) -> StoreError {
        let db = &self.opened.db;
        let rolled_back = db.is_autocommit() || step(db, "ROLLBACK").is_ok();
        let reason = match failed.error {
            StoreError::Unavailable(reason) => reason,
            other => other.to_string(),
        };
        if !failed.fatal && rolled_back {
            return StoreError::Unavailable(reason);
        }
        tracing::error!(reason, "store.writer.stopped");
        let stopped = StoreError::Unavailable(format!("it stopped for good after: {reason}"));
        self.stopped = Some(stopped.clone());
        stopped
    }

    /// Takes what was forgotten out of the bytes of the file and its log. A failure is only told: the rows are gone, and
    /// the mark in `erasures` stays until the bytes are too.
    fn scrub(&self, after: After) {
        let scrubbed = self.vacuum_if_due(after).and_then(|()| self.empty_log());
        if let Err(failure) = scrubbed {
            tracing::warn!(error = %StoreError::from(failure), "store.scrub.failed");
        }
    }

    /// Rewrites the file when something was forgotten since the last time. `secure_delete` alone is not enough: when a
    /// page is split, the bytes of rows that moved to the new page stay in the gap of the old one, where no later
    /// deletion looks for them.
    fn vacuum_if_due(&self, after: After) -> Result<(), Failure> {
        let db = &self.opened.db;
        let due: bool = db.query_row("SELECT EXISTS (SELECT 1 FROM erasures)", [], |row| row.get(0))?;
        let pages: i64 = db.pragma_query_value(None, "page_count", |row| row.get(0))?;
        let small = pages <= SCRUB_PAGES_MAX;
        if !due || (after == After::ScrubIfSmall && !small) {
            return Ok(());
        }
        // The copy is made in memory, where it leaves nothing; a large one would leave nothing of the memory.
        db.pragma_update(None, "temp_store", if small { "MEMORY" } else { "FILE" })?;
        let vacuumed = db.execute_batch("VACUUM; DELETE FROM erasures;");
        db.pragma_update(None, "temp_store", "MEMORY")?;
        Ok(vacuumed?)
    }

    /// Copies the write-ahead log into the file and cuts it to nothing. A reader elsewhere can be in the way; then the
    /// next sweep does it. A failure loses nothing: the log stays until it was copied whole.
    fn empty_log(&self) -> Result<(), Failure> {
        let sql = "PRAGMA wal_checkpoint(TRUNCATE)";
        if self.opened.db.query_row(sql, [], |row| row.get::<_, bool>(0))? {
            tracing::warn!("store.log.in_use");
        }
        Ok(())
    }
}

impl Drop for Engine {
    fn drop(&mut self) {
        if self.opened.empties_log
            && self.stopped.is_none()
            && let Err(failure) = self.empty_log()
        {
            tracing::warn!(error = %StoreError::from(failure), "store.close.failed");
        }
    }
}

fn step(db: &Connection, statement: &str) -> Result<(), Failure> {
    db.prepare_cached(statement)?.execute([])?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::{Tuning, file};
    use super::*;

    fn inline() -> Lane {
        Lane::start(file::in_memory(Tuning::default()).expect("memory"), Writer::Inline).expect("a lane")
    }

    async fn put(lane: &Lane, name: &'static str) -> Result<(), StoreError> {
        let insert = move |db: &Connection| {
            db.execute("INSERT INTO parents VALUES (?1)", [name])?;
            Ok(())
        };
        lane.run(After::Nothing, insert).await
    }

    async fn tables(lane: &Lane) {
        let make = |db: &Connection| {
            db.execute_batch(
                "CREATE TABLE parents (name TEXT PRIMARY KEY);
                 CREATE TABLE children (parent TEXT REFERENCES parents DEFERRABLE INITIALLY DEFERRED);",
            )?;
            Ok(())
        };
        lane.run(After::Nothing, make).await.expect("tables");
    }

    #[tokio::test]
    async fn a_commit_that_fails_stops_the_writer_for_good() {
        let lane = inline();
        tables(&lane).await;
        put(&lane, "before").await.expect("a working writer");
        // A deferred constraint is the one way to make COMMIT itself fail without a broken disk.
        let orphan = |db: &Connection| Ok(db.execute("INSERT INTO children VALUES ('nobody')", [])?);
        let failed = lane.run(After::Nothing, orphan).await;
        assert!(matches!(failed, Err(StoreError::Unavailable(_))), "{failed:?}");
        let later = put(&lane, "after").await;
        assert!(matches!(later, Err(StoreError::Unavailable(_))), "acknowledged after a failed commit: {later:?}");
    }

    #[tokio::test]
    async fn a_failing_job_is_rolled_back_alone() {
        let opened = file::in_memory(Tuning::default()).expect("memory");
        let mut engine = Engine { opened, stopped: None };
        engine.opened.db.execute_batch("CREATE TABLE parents (name TEXT PRIMARY KEY)").expect("a table");
        let mut jobs: Vec<Box<dyn Job>> = Vec::new();
        let mut answers = Vec::new();
        for names in [&["a"][..], &["b", "a"], &["c"]] {
            let work = move |db: &Connection| {
                for name in names {
                    db.execute("INSERT INTO parents VALUES (?1)", [name])?;
                }
                Ok(())
            };
            let (reply, answer) = oneshot::channel();
            jobs.push(Box::new(Task { work, result: None, after: After::Nothing, reply }));
            answers.push(answer);
        }
        engine.run(jobs);
        let mut oks = Vec::new();
        for answer in answers {
            oks.push(answer.await.expect("an answer").is_ok());
        }
        assert_eq!(oks, [true, false, true]);
        let names: String = engine
            .opened
            .db
            .query_row("SELECT group_concat(name) FROM (SELECT name FROM parents ORDER BY name)", [], |row| row.get(0))
            .expect("names");
        assert_eq!(names, "a,c");
    }
}
