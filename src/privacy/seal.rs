//! Encryption at rest: XChaCha20-Poly1305 with the key's id in the header, bound to the row and column that the
//! sealed bytes stand in, so that swapped ciphertexts do not open.
//!
//! Layout: version (1 byte, `1`), key id (4 bytes, the first of SHA-256 over the key), nonce (24), ciphertext and
//! tag. Source: draft-irtf-cfrg-xchacha-03.
//!
//! The cipher is the one that TLS uses here (AWS-LC): each turn seals and opens a handful of short messages, for which
//! it needs a third of the time of an implementation in Rust. It knows ChaCha20-Poly1305; what makes it XChaCha is the
//! key that HChaCha20 derives from the first sixteen bytes of the nonce (section 2.3).

use aws_lc_rs::aead::{Aad, CHACHA20_POLY1305, LessSafeKey, Nonce, UnboundKey};
use aws_lc_rs::error::Unspecified;
use chacha20::{R20, hchacha};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use crate::domain::message::Conversation;
use crate::privacy::random;

const VERSION: u8 = 1;
const HEADER: usize = 1 + 4;
const NONCE: usize = 24;
const TAG: usize = 16;

/// The keys that seal and open. The first seals; all open.
pub struct Keyring {
    keys: Vec<Key>,
}

struct Key {
    id: [u8; 4],
    secret: Zeroizing<[u8; 32]>,
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
        let mut out = Vec::with_capacity(HEADER + NONCE + plain.len() + TAG);
        out.push(VERSION);
        out.extend_from_slice(&key.id);
        out.extend_from_slice(&nonce);
        out.extend_from_slice(plain);
        let tag = key.encrypt(nonce, &place.associated_data(), &mut out[HEADER + NONCE..]);
        out.extend_from_slice(&tag.expect("within the cipher's limit"));
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
        let mut plain = Zeroizing::new(body.to_vec());
        let length = key.decrypt(*nonce, &place.associated_data(), &mut plain).map_err(|_| SealError::Damaged)?;
        plain.truncate(length);
        Ok(plain)
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
        Self { id, secret: Zeroizing::new(*bytes) }
    }

    /// Encrypts in place and returns the tag.
    fn encrypt(&self, nonce: [u8; NONCE], place: &[u8], text: &mut [u8]) -> Result<[u8; TAG], Unspecified> {
        let (key, nonce) = self.derive(nonce)?;
        let tag = key.seal_in_place_separate_tag(nonce, Aad::from(place), text)?;
        tag.as_ref().try_into().map_err(|_| Unspecified)
    }

    /// Decrypts in place, if the tag at the end fits, and returns how long the text is.
    fn decrypt(&self, nonce: [u8; NONCE], place: &[u8], sealed: &mut [u8]) -> Result<usize, Unspecified> {
        let (key, nonce) = self.derive(nonce)?;
        key.open_in_place(nonce, Aad::from(place), sealed).map(|text| text.len())
    }

    /// The key and the short nonce for a long nonce.
    fn derive(&self, nonce: [u8; NONCE]) -> Result<(LessSafeKey, Nonce), Unspecified> {
        let (mut first, mut rest) = ([0; 16], [0; 12]);
        first.copy_from_slice(&nonce[..16]);
        rest[4..].copy_from_slice(&nonce[16..]);
        let subkey = Zeroizing::new(<[u8; 32]>::from(hchacha::<R20>((&*self.secret).into(), (&first).into())));
        let key = UnboundKey::new(&CHACHA20_POLY1305, subkey.as_slice())?;
        Ok((LessSafeKey::new(key), Nonce::assume_unique_for_key(rest)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HERE: Place<'_> = Place { table: "inbox", column: "body", row: "1" };

    /// The published example: draft-irtf-cfrg-xchacha-03, appendix A.3.1.
    #[test]
    fn is_xchacha20_poly1305() {
        let bytes = |text: &str| hex::decode(text).expect("hexadecimal digits");
        let key = Key::from_hex("808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9f").expect("a key");
        let nonce: [u8; NONCE] = bytes("404142434445464748494a4b4c4d4e4f5051525354555657").try_into().expect("a nonce");
        let place = bytes("50515253c0c1c2c3c4c5c6c7");
        let plain = b"Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the future, \
                      sunscreen would be it.";
        let mut text = plain.to_vec();
        let tag = key.encrypt(nonce, &place, &mut text).expect("sealed");
        assert_eq!(
            hex::encode(&text),
            "bd6d179d3e83d43b9576579493c0e939572a1700252bfaccbed2902c21396cbb731c7f1b0b4aa6440bf3a82f4eda7e39\
             ae64c6708c54c216cb96b72e1213b4522f8c9ba40db5d945b11b69b982c1bb9e3f3fac2bc369488f76b2383565d3fff9\
             21f9664c97637da9768812f615c68b13b52e"
        );
        assert_eq!(hex::encode(tag), "c0875924c1c7987947deafd8780acf49");
        text.extend_from_slice(&tag);
        let length = key.decrypt(nonce, &place, &mut text).expect("opens");
        assert_eq!(&text[..length], plain);
    }

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
