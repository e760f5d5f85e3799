//! Heads: the tree at one moment, signed. The form is that of C2SP `tlog-checkpoint`: the log's name, the number of
//! leaves, the root; then a line of our own, the time.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use jiff::Timestamp;

use super::note::{PublicKey, Signer, Unsigned};
use super::tree::Tree;

/// The tree at one moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Head {
    /// Its size and root.
    pub tree: Tree,
    /// When it was signed.
    pub at: Timestamp,
}

impl Head {
    /// The signed note of a head.
    pub fn signed(&self, signer: &Signer) -> String {
        let Tree { size, root } = self.tree;
        signer.sign(&format!("{}\n{size}\n{}\ntime {}\n", signer.public().name(), BASE64.encode(root), self.at))
    }

    /// The head of a signed note.
    ///
    /// # Errors
    /// Why it is not taken.
    pub fn open(note: &str, key: &PublicKey) -> Result<Self, Unsigned> {
        let text = key.open(note)?;
        Self::parse(text, key.name()).ok_or(Unsigned::NoNote)
    }

    fn parse(text: &str, name: &str) -> Option<Self> {
        let mut lines = text.lines();
        if lines.next()? != name {
            return None;
        }
        let size = lines.next()?.parse().ok()?;
        let root = BASE64.decode(lines.next()?).ok()?.try_into().ok()?;
        let at = lines.find_map(|line| line.strip_prefix("time "))?.parse().ok()?;
        Some(Self { tree: Tree { size, root }, at })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_head_is_a_note_with_the_name_of_its_log() {
        let signer = Signer::new("balancebot", &[7; 32]).expect("a key");
        let head = Head { tree: Tree { size: 40, root: [9; 32] }, at: Timestamp::UNIX_EPOCH };
        let note = head.signed(&signer);
        assert_eq!(Head::open(&note, signer.public()), Ok(head));
        let other =
            signer.sign("another log\n40\nCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQk=\ntime 1970-01-01T00:00:00Z\n");
        assert_eq!(Head::open(&other, signer.public()), Err(Unsigned::NoNote));
    }
}
