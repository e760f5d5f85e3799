//! What a check finds wrong, in words for whoever checks.

use super::note::Unsigned;

/// One thing that is wrong, and where.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Wrong {
    /// A file breaks off, or has bytes that cannot be there.
    #[error("line {line}, column {column}: the file was cut off or damaged there; it is no JSON any more")]
    NotWhole {
        /// Where reading ended.
        line: usize,
        /// Where reading ended.
        column: usize,
    },
    /// The bot that made it signs nothing.
    #[error("the file holds no proof: whoever made it had no key to sign with, or it was taken out")]
    NoProof,
    /// The proof has another shape.
    #[error("the proof in the file cannot be read: it was changed")]
    DamagedProof,
    /// The head in a file is not taken.
    #[error("the signed head in the file: {0}")]
    Head(Unsigned),
    /// The signature under a whole file is not taken.
    #[error("the signature of the file: {0}")]
    Signature(Unsigned),
    /// The signature is right, and under something else.
    #[error("the file was changed after it was signed: something in it is not as it was")]
    Content,
    /// More or fewer entries than there were.
    #[error("the file was signed with {signed} entries and lists {listed}: entries were {}", if listed < signed { "taken out or cut off" } else { "added" })]
    Count {
        /// How many it was signed with.
        signed: u64,
        /// How many it has.
        listed: u64,
    },
    /// An entry does not lead to the signed root.
    #[error("entry {0} was changed: it is not what was logged")]
    Changed(u64),
    /// An entry is not where it was.
    #[error("entry {0} does not stand in its place: entries were reordered")]
    Moved(u64),
    /// An entry is not there.
    #[error("entry {0} is missing")]
    Missing(u64),
    /// An entry that nothing proves.
    #[error("at place {0} stands an entry that was never logged")]
    Added(u64),
    /// A line of the kept heads is not taken.
    #[error("line {line} of the kept heads: {why}")]
    HeadLine {
        /// Which.
        line: usize,
        /// Why not.
        why: Unsigned,
    },
    /// A head is smaller than one before.
    #[error(
        "line {line} of the kept heads: the log had {before} entries and then {after}: the database was rolled back"
    )]
    Shrunk {
        /// The line of the smaller one.
        line: usize,
        /// The size before.
        before: u64,
        /// The size after.
        after: u64,
    },
    /// Two heads of one size differ.
    #[error("line {line} of the kept heads: another root over the same {size} entries: the log was rewritten")]
    Forked {
        /// The line of the later one.
        line: usize,
        /// How many entries.
        size: u64,
    },
    /// The head of a file was never kept.
    #[error("the head in the file, over {size} entries, is not among the kept heads: {}", if size > newest { "they end before it" } else { "the file comes from a log that was rolled back or rewritten" })]
    NotKept {
        /// Its size.
        size: u64,
        /// The size of the newest one that was kept.
        newest: u64,
    },
    /// The database has fewer leaves than a head.
    #[error("the database was rolled back: it has {has} entries, and a head over {signed} was signed at {at}")]
    RolledBack {
        /// How many leaves there are.
        has: u64,
        /// How many there were.
        signed: u64,
        /// When.
        at: jiff::Timestamp,
    },
    /// The leaves of the database have another root than a head.
    #[error("the first {size} leaves of the database are not those that were signed at {at}: the log was rewritten{}", after(*same))]
    Rewritten {
        /// How many leaves the head covers.
        size: u64,
        /// When it was signed.
        at: jiff::Timestamp,
        /// How many leaves are as an earlier head says.
        same: u64,
    },
    /// A leaf is not there.
    #[error("leaf {0} of the database is missing")]
    LeafGone(u64),
    /// An entry of the database is not what its leaf was made from.
    #[error("leaf {leaf} of the database: the entry of {of} was changed, or moved to another person or place")]
    Unfit {
        /// Which.
        leaf: u64,
        /// Whose entry stands there.
        of: String,
    },
    /// An entry of the database is gone, and nothing says why.
    #[error(
        "leaf {0} of the database: its entry was deleted, neither erased for its person nor swept out by retention"
    )]
    Unexplained(u64),
    /// An entry without a leaf.
    #[error("the database has {0} entries that no leaf stands for")]
    Leafless(u64),
}

fn after(same: u64) -> String {
    if same == 0 { String::new() } else { format!(", after leaf {same}") }
}
