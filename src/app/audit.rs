//! The audit of a database: whether its leaves are those that were signed, and its entries those of the leaves.

use std::iter::Peekable;

use crate::proof::head::Head;
use crate::proof::heads::Kept;
use crate::proof::leaf::leaf;
use crate::proof::tree::{Growing, Tree};
use crate::proof::wrong::Wrong;
use crate::store::{Leaf, Store, StoreError};

/// Leaves that are looked at in one go.
const PORTION: u32 = 5_000;

/// What an audit found.
#[derive(Clone, Debug)]
pub struct Audited {
    /// The tree over all leaves.
    pub tree: Tree,
    /// How many entries are there, and are what was logged.
    pub entries: u64,
    /// How many were erased for their persons.
    pub erased: u64,
    /// How many retention has swept out.
    pub swept: u64,
    /// How many heads were compared.
    pub heads: u64,
    /// What is wrong; nothing if all is as it was.
    pub wrong: Vec<Wrong>,
}

/// Compares a database with the heads that were kept elsewhere, and each of its leaves with the entry.
///
/// # Errors
/// When the store cannot be read.
pub async fn audit(store: &dyn Store, kept: &Kept) -> Result<Audited, StoreError> {
    let mut heads: Vec<Head> = kept.heads.clone();
    heads.sort_by_key(|head| head.tree.size);
    let mut walk = Walk {
        growing: Growing::default(),
        heads: heads.into_iter().peekable(),
        same: 0,
        parted: false,
        found: Audited {
            tree: Growing::default().tree(),
            entries: 0,
            erased: 0,
            swept: 0,
            heads: 0,
            wrong: kept.wrong.clone(),
        },
    };
    walk.compare();
    let mut last = 0;
    loop {
        let leaves = store.leaves(last, PORTION).await?;
        let Some(end) = leaves.last().map(|leaf| leaf.leaf) else { break };
        for leaf in &leaves {
            walk.look_at(leaf, last + 1);
            last = leaf.leaf;
        }
        last = end;
    }
    let leafless = store.leafless().await?;
    Ok(walk.end(leafless))
}

/// The way from the first leaf to the last.
struct Walk<H: Iterator<Item = Head>> {
    growing: Growing,
    heads: Peekable<H>,
    /// How many leaves the last head covers that fitted.
    same: u64,
    /// Whether a head did not fit. Later ones then do not either.
    parted: bool,
    found: Audited,
}

impl<H: Iterator<Item = Head>> Walk<H> {
    fn look_at(&mut self, leaf: &Leaf, wanted: u64) {
        let wrong = &mut self.found.wrong;
        if leaf.leaf != wanted {
            wrong.push(Wrong::LeafGone(wanted));
        }
        match (&leaf.entry, leaf.gone.as_deref()) {
            (Some(entry), _) if self::leaf(&entry.salt, &entry.of, entry.number, &entry.entry) == Ok(leaf.hash) => {
                self.found.entries += 1;
            }
            (Some(entry), _) => wrong.push(Wrong::Unfit { leaf: leaf.leaf, of: entry.of.to_string() }),
            (None, Some("erased")) => self.found.erased += 1,
            (None, Some("swept")) => self.found.swept += 1,
            (None, _) => wrong.push(Wrong::Unexplained(leaf.leaf)),
        }
        self.growing.push(leaf.hash);
        self.compare();
    }

    /// Compares the tree so far with the heads over as many leaves.
    fn compare(&mut self) {
        let size = self.growing.size();
        let Some(next) = self.heads.peek() else { return };
        if next.tree.size != size {
            return;
        }
        let tree = self.growing.tree();
        while let Some(head) = self.heads.next_if(|head| head.tree.size == size) {
            self.found.heads += 1;
            if head.tree == tree {
                self.same = size;
            } else if !std::mem::replace(&mut self.parted, true) {
                self.found.wrong.push(Wrong::Rewritten { size, at: head.at, same: self.same });
            }
        }
    }

    fn end(mut self, leafless: u64) -> Audited {
        self.found.tree = self.growing.tree();
        if let Some(head) = self.heads.last() {
            let has = self.found.tree.size;
            self.found.wrong.push(Wrong::RolledBack { has, signed: head.tree.size, at: head.at });
        }
        if leafless > 0 {
            self.found.wrong.push(Wrong::Leafless(leafless));
        }
        self.found
    }
}
