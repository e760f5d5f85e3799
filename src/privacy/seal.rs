//! Encryption at rest: XChaCha20-Poly1305 with the key's id in the header, bound to the row and column that the
//! sealed bytes stand in, so that swapped ciphertexts do not open.
//!
//! Layout: version (1 byte, `1`), key id (4 bytes, the first of SHA-256 over the key), nonce (24), ciphertext and
//! tag. Source: draft-irtf-cfrg-xchacha-03.

use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use crate::domain::message::Conversation;
use crate::privacy::random;

const VERSION: u8 = 1;
const HEADER: usize = 1 + 4;
const NONCE: usize = 24;

/// The keys that seal and open. The first seals; all open.
pub struct Keyring {
    keys: Vec<Key>,
}

struct Key {
    id: [u8; 4],
    cipher: XChaCha20Poly1305,
}

/// Sealed bytes that do not open.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SealError {
    /// Sealed with a key that is not on the ring.
    #[error("sealed with a key that is not configured")]
    UnknownKey,
    /// Damaged, or sealed for another place.
    #[error("damaged, or sealed for another row or column")]
    Damaged,
}

/// Text that is no key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a key is 32 bytes written as 64 hexadecimal digits")]
pub struct BadKey;

/// Where sealed bytes stand. They open only there.
#[derive(Clone, Copy, Debug)]
pub struct Place<'a> {
    /// The table.
    pub table: &'a str,
    /// The column.
    pub column: &'a str,
    /// The row's key.
    pub row: &'a str,
}

impl<'a> Place<'a> {
    /// Where the body of an inbox event stands; `row` is made by [`Place::inbox_row`].
    pub fn inbox_body(row: &'a str) -> Self {
        Self { table: "inbox", column: "body", row }
    }

    /// The key of an inbox row: its conversation, if it belongs to one, and what de-duplication goes by.
    pub fn inbox_row(conversation: Option<&Conversation>, event_id: &str) -> String {
        match conversation {
            // A line break stands in neither part, so no two rows share a key.
            Some(conversation) => format!("{conversation}\n{event_id}"),
            None => format!("\n{event_id}"),
        }
    }

    /// Where a chart stands: in its own address, and in no row.
    pub fn chart() -> Self {
        Self { table: "chart", column: "token", row: "" }
    }

    /// Where the ticket of a page stands: in its own address, and in no row.
    pub fn page() -> Self {
        Self { table: "page", column: "token", row: "" }
    }

    fn associated_data(&self) -> Vec<u8> {
        // Length-prefixed, so that no two places share their bytes.
        let mut out = Vec::with_capacity(32 + self.row.len());
        for part in [self.table, self.column, self.row] {
            out.extend_from_slice(&u32::try_from(part.len()).unwrap_or(u32::MAX).to_le_bytes());
            out.extend_from_slice(part.as_bytes());
        }
        out
    }
}

impl Keyring {
    /// A ring of keys written in hexadecimal; the first seals.
    pub fn from_hex<'a>(keys: impl IntoIterator<Item = &'a str>) -> Result<Self, BadKey> {
        let keys: Vec<Key> = keys.into_iter().map(Key::from_hex).collect::<Result<_, _>>()?;
        if keys.is_empty() { Err(BadKey) } else { Ok(Self { keys }) }
    }

    /// A ring with a new random key, for stores that do not outlive the process.
    pub fn ephemeral() -> Self {
        Self { keys: vec![Key::new(&random::bytes::<32>())] }
    }

    /// Seals for a place.
    ///
    /// # Panics
    /// When the message exceeds the cipher's limit of 256 GiB.
    pub fn seal(&self, place: Place<'_>, plain: &[u8]) -> Vec<u8> {
        let key = &self.keys[0];
        let nonce = random::bytes::<NONCE>();
        let payload = Payload { msg: plain, aad: &place.associated_data() };
        let sealed = key.cipher.encrypt(&XNonce::from(nonce), payload).expect("within the cipher's limit");
        let mut out = Vec::with_capacity(HEADER + NONCE + sealed.len());
        out.push(VERSION);
        out.extend_from_slice(&key.id);
        out.extend_from_slice(&nonce);
        out.extend_from_slice(&sealed);
        out
    }

    /// Opens what was sealed for the same place.
    pub fn open(&self, place: Place<'_>, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, SealError> {
        let (header, rest) = sealed.split_at_checked(HEADER).ok_or(SealError::Damaged)?;
        let (nonce, body) = rest.split_first_chunk::<NONCE>().ok_or(SealError::Damaged)?;
        if header[0] != VERSION {
            return Err(SealError::Damaged);
        }
        let key = self.keys.iter().find(|key| key.id == header[1..]).ok_or(SealError::UnknownKey)?;
        let payload = Payload { msg: body, aad: &place.associated_data() };
        key.cipher.decrypt(&XNonce::from(*nonce), payload).map(Zeroizing::new).map_err(|_| SealError::Damaged)
    }
}

impl Key {
    fn from_hex(text: &str) -> Result<Self, BadKey> {
        let mut bytes = Zeroizing::new([0_u8; 32]);
        hex::decode_to_slice(text.trim(), bytes.as_mut_slice()).map_err(|_| BadKey)?;
        Ok(Self::new(&bytes))
    }

    fn new(bytes: &[u8; 32]) -> Self {
        let digest = Sha256::digest(bytes);
        let mut id = [0; 4];
        id.copy_from_slice(&digest[..4]);
        Self { id, cipher: XChaCha20Poly1305::new(bytes.into()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HERE: Place<'_> = Place { table: "inbox", column: "body", row: "1" };

    #[test]
    fn opens_only_in_its_place_with_its_key_and_undamaged() {
        let old = "11".repeat(32);
        let new = "22".repeat(32);
        let ring = Keyring::from_hex([old.as_str()]).expect("a key");
        let sealed = ring.seal(HERE, b"balance");
        assert_ne!(sealed, ring.seal(HERE, b"balance"), "a nonce is never used twice");
        let rotated = Keyring::from_hex([new.as_str(), old.as_str()]).expect("keys");
        assert_eq!(rotated.open(HERE, &sealed).expect("opens").as_slice(), b"balance");
        let other_row = Place { row: "2", ..HERE };
        assert_eq!(ring.open(other_row, &sealed), Err(SealError::Damaged));
        let stranger = Keyring::from_hex([new.as_str()]).expect("a key");
        assert_eq!(stranger.open(HERE, &sealed), Err(SealError::UnknownKey));
        for at in 0..sealed.len() {
            let mut damaged = sealed.clone();
            damaged[at] ^= 1;
            assert!(ring.open(HERE, &damaged).is_err(), "byte {at}");
        }
        assert!(Keyring::from_hex(["abc"]).is_err());
    }
}
