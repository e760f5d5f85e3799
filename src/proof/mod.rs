//! L0: the access log as a proof that anyone can check offline. Pure: no I/O, no clock, no randomness.
//!
//! Each entry is a [leaf](leaf::leaf) of one [tree] over the whole store; the tree's root is signed as a
//! [head](head::Head) from time to time, and the [heads] are kept where the database is not. A person's [copy] of their
//! data carries their entries with a short path from each to a signed root. Whoever holds the heads can tell that
//! nothing was changed, taken out, moved or rolled back since; and an entry can be erased without breaking any of that,
//! because a leaf tells nothing without the salt that goes with the entry.

pub mod canonical;
pub mod copy;
pub mod head;
pub mod heads;
pub mod leaf;
pub mod note;
pub mod tree;
pub mod wrong;
