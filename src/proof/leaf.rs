//! Leaves: what stays of an entry of the access log, whatever becomes of the entry.

use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::canonical::{NotCanonical, canonical};
use super::tree::Hash;
use crate::domain::message::Conversation;

/// Random bytes that go with an entry, and with which it is erased. Without them nobody can find out by trying which entry
/// a leaf was made from.
pub type Salt = [u8; 16];

/// SHA-256 over a zero byte (RFC 9162, section 2.1.1), the salt, and the [canonical](super::canonical) JSON of whose entry
/// it is, its number among theirs, and the entry.
///
/// # Errors
/// When the entry cannot be written in one way only.
pub fn leaf(salt: &Salt, of: &Conversation, number: u64, entry: &Value) -> Result<Hash, NotCanonical> {
    let of = [&of.channel, of.page.as_str(), of.person.as_str()];
    let document = canonical(&json!({ "entry": entry, "number": number, "of": of }))?;
    let mut hash = Sha256::new();
    hash.update([0]);
    hash.update(salt);
    hash.update(document);
    Ok(hash.finalize().into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_leaf_holds_everything_that_it_stands_for() {
        let maya = Conversation::messenger("1", "maya");
        let entry = json!({ "kind": "opened", "bank": "northgate" });
        let made = leaf(&[7; 16], &maya, 3, &entry).expect("a leaf");
        let bytes = b"\x00\x07\x07\x07\x07\x07\x07\x07\x07\x07\x07\x07\x07\x07\x07\x07\x07{\"entry\":{\"bank\":\"northgate\",\"kind\":\"opened\"},\"number\":3,\"of\":[\"messenger\",\"1\",\"maya\"]}";
        assert_eq!(made, <Hash>::from(Sha256::digest(bytes)));
        let others = [
            leaf(&[8; 16], &maya, 3, &entry),
            leaf(&[7; 16], &Conversation::messenger("1", "omar"), 3, &entry),
            leaf(&[7; 16], &maya, 4, &entry),
            leaf(&[7; 16], &maya, 3, &json!({ "kind": "fetched", "bank": "northgate" })),
        ];
        assert!(others.iter().all(|other| *other != Ok(made)));
    }
}
