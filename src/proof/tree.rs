//! The tree over all leaves: RFC 9162, section 2.1, as in Certificate Transparency. A path of some twenty hashes proves
//! that one of a million leaves is in it.

use sha2::{Digest, Sha256};

/// SHA-256.
pub type Hash = [u8; 32];

/// The tree at one moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tree {
    /// How many leaves it has.
    pub size: u64,
    /// The hash over all of them.
    pub root: Hash,
}

/// The hash of two subtrees side by side.
pub fn node(left: &Hash, right: &Hash) -> Hash {
    let mut hash = Sha256::new();
    hash.update([1]);
    hash.update(left);
    hash.update(right);
    hash.finalize().into()
}

/// The root of a tree without leaves.
pub fn empty() -> Hash {
    Sha256::digest([]).into()
}

/// The root over the leaves `start..end`; `full(level, place)` knows the hash over the `2^level` leaves from
/// `place * 2^level` on. To begin with, `start` is 0.
///
/// # Errors
/// Those of `full`.
pub fn root<E>(start: u64, end: u64, full: &mut impl FnMut(u32, u64) -> Result<Hash, E>) -> Result<Hash, E> {
    let leaves = end - start;
    if leaves == 0 {
        return Ok(empty());
    }
    if leaves.is_power_of_two() {
        return full(leaves.ilog2(), start >> leaves.ilog2());
    }
    let middle = start + left_of(leaves);
    Ok(node(&root(start, middle, full)?, &root(middle, end, full)?))
}

/// The path from leaf `leaf` (counted from 0) to the root over `start..end`, nearest first.
///
/// # Errors
/// Those of `full`.
pub fn path<E>(
    leaf: u64,
    start: u64,
    end: u64,
    full: &mut impl FnMut(u32, u64) -> Result<Hash, E>,
) -> Result<Vec<Hash>, E> {
    if end - start <= 1 {
        return Ok(Vec::new());
    }
    let middle = start + left_of(end - start);
    let (mut near, far) = if leaf < middle {
        (path(leaf, start, middle, full)?, root(middle, end, full)?)
    } else {
        (path(leaf, middle, end, full)?, root(start, middle, full)?)
    };
    near.push(far);
    Ok(near)
}

/// The largest power of two below a number of leaves.
fn left_of(leaves: u64) -> u64 {
    1 << (leaves - 1).ilog2()
}

/// The root to which a path leads from a leaf (counted from 0) in a tree of `size`; nothing if the path is too long or too
/// short. Source: RFC 9162, section 2.1.3.2.
pub fn root_of_path(leaf: Hash, place: u64, size: u64, path: &[Hash]) -> Option<Hash> {
    if place >= size {
        return None;
    }
    let (mut place, mut last, mut hash) = (place, size - 1, leaf);
    for other in path {
        if last == 0 {
            return None;
        }
        if place & 1 == 1 || place == last {
            hash = node(other, &hash);
            while place & 1 == 0 && place != 0 {
                place >>= 1;
                last >>= 1;
            }
        } else {
            hash = node(&hash, other);
        }
        place >>= 1;
        last >>= 1;
    }
    (last == 0).then_some(hash)
}

/// A tree that is built leaf by leaf and holds only what it needs for the next root.
#[derive(Clone, Debug, Default)]
pub struct Growing {
    size: u64,
    /// The hashes of full subtrees, the largest first, as many as `size` has bits that are set.
    peaks: Vec<Hash>,
}

impl Growing {
    /// Adds a leaf.
    pub fn push(&mut self, leaf: Hash) {
        let joins = self.size.trailing_ones();
        let mut hash = leaf;
        for _ in 0..joins {
            if let Some(left) = self.peaks.pop() {
                hash = node(&left, &hash);
            }
        }
        self.peaks.push(hash);
        self.size += 1;
    }

    /// How many leaves were added.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// The tree over what was added so far.
    pub fn tree(&self) -> Tree {
        let mut peaks = self.peaks.iter().rev();
        let root = peaks.next().map_or_else(empty, |last| peaks.fold(*last, |right, left| node(left, &right)));
        Tree { size: self.size, root }
    }
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use super::*;

    /// The definition of RFC 9162, section 2.1.1, word by word.
    fn by_definition(leaves: &[Hash]) -> Hash {
        match leaves {
            [] => empty(),
            [only] => *only,
            _ => {
                let (left, right) = leaves.split_at(leaves.len().next_power_of_two() / 2);
                node(&by_definition(left), &by_definition(right))
            }
        }
    }

    fn leaves(size: u64) -> Vec<Hash> {
        (0..size).map(|n| Sha256::digest(n.to_be_bytes()).into()).collect()
    }

    #[test]
    fn roots_and_paths_are_those_of_the_standard() {
        for size in 0..70_u64 {
            let leaves = leaves(size);
            let wanted = by_definition(&leaves);
            let mut full = |level: u32, place: u64| -> Result<Hash, Infallible> {
                let start = usize::try_from(place << level).expect("small");
                Ok(by_definition(&leaves[start..start + (1 << level)]))
            };
            assert_eq!(root(0, size, &mut full), Ok(wanted), "size {size}");
            let mut growing = Growing::default();
            leaves.iter().for_each(|leaf| growing.push(*leaf));
            assert_eq!(growing.tree(), Tree { size, root: wanted });
            for (place, leaf) in (0..).zip(&leaves) {
                let path = path(place, 0, size, &mut full).expect("a path");
                assert_eq!(root_of_path(*leaf, place, size, &path), Some(wanted), "leaf {place} of {size}");
                if place > 0 {
                    assert_ne!(root_of_path(*leaf, place - 1, size, &path), Some(wanted), "leaf {place} of {size}");
                }
                let longer = [path.as_slice(), &[*leaf]].concat();
                assert_eq!(root_of_path(*leaf, place, size, &longer), None, "a path that is too long");
                if !path.is_empty() {
                    assert_eq!(root_of_path(*leaf, place, size, &path[1..]), None, "a path that is too short");
                }
            }
        }
    }

    #[test]
    fn the_empty_tree_is_that_of_the_standard() {
        assert_eq!(hex::encode(empty()), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    }
}
