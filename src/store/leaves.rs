//! What an audit sees of the access log.

use serde_json::Value;

use crate::domain::message::Conversation;
use crate::proof::leaf::Salt;
use crate::proof::tree::Hash;

/// A leaf of the access log, for an audit.
#[derive(Clone, Debug)]
pub struct Leaf {
    /// Its number, from 1.
    pub leaf: u64,
    /// Its hash.
    pub hash: Hash,
    /// Its entry, unless that is gone.
    pub entry: Option<LeafEntry>,
    /// Why its entry is gone: `erased` for its person, or `swept` by retention.
    pub gone: Option<String>,
}

/// The entry of a leaf.
#[derive(Clone, Debug)]
pub struct LeafEntry {
    /// Whose.
    pub of: Conversation,
    /// Its number among theirs.
    pub number: u64,
    /// What its leaf was salted with.
    pub salt: Salt,
    /// The entry.
    pub entry: Value,
}
