//! Signed notes: a few lines of text and under them an Ed25519 signature, as transparency logs write them
//! (C2SP `signed-note`), so that their tools can read and witness ours.
//!
//! ```text
//! balancebot
//! 40
//! 9h6…base64…=
//!
//! — balancebot Az3…base64…=
//! ```

use aws_lc_rs::signature::{ED25519, Ed25519KeyPair, KeyPair, UnparsedPublicKey};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use sha2::{Digest, Sha256};

/// What begins a line with a signature.
const SIGNED_BY: &str = "\n\u{2014} ";

/// The standard's number of Ed25519.
const ALGORITHM: u8 = 1;

/// Why a note is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unsigned {
    /// It has not the form of a signed note.
    #[error("it is no signed note")]
    NoNote,
    /// No signature is by this key.
    #[error("it is not signed with this key")]
    AnotherKey,
    /// The signature is by this key and does not fit the text.
    #[error("its signature does not fit: it was changed after it was signed")]
    Changed,
}

/// The text names no key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("is no public key: it must read like balancebot+1a2b3c4d+AbC…")]
pub struct NoKey;

/// The name cannot stand in a note.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a name for signing must not be empty nor hold blanks or `+`")]
pub struct BadName;

/// Whether a key can have this name.
pub fn is_name(name: &str) -> bool {
    !name.is_empty() && !name.contains(|c: char| c.is_whitespace() || c.is_control() || c == '+')
}

/// What signs. `Debug` shows no secret.
#[derive(Debug)]
pub struct Signer {
    pair: Ed25519KeyPair,
    public: PublicKey,
}

impl Signer {
    /// The key of a seed of 32 random bytes, under a name.
    ///
    /// # Errors
    /// When the name cannot stand in a note.
    ///
    /// # Panics
    /// Never: every seed is a key.
    pub fn new(name: &str, seed: &[u8; 32]) -> Result<Self, BadName> {
        if !is_name(name) {
            return Err(BadName);
        }
        let pair = Ed25519KeyPair::from_seed_unchecked(seed).map_err(|_| BadName)?;
        let mut bytes = [0; 32];
        bytes.copy_from_slice(pair.public_key().as_ref());
        Ok(Self { pair, public: PublicKey { name: name.to_owned(), bytes } })
    }

    /// What others check with.
    pub fn public(&self) -> &PublicKey {
        &self.public
    }

    /// Signs a text. It must end with a newline, and is the note's first part.
    pub fn sign(&self, text: &str) -> String {
        let mut signed = self.public.id().to_vec();
        signed.extend_from_slice(self.pair.sign(text.as_bytes()).as_ref());
        format!("{text}{SIGNED_BY}{} {}\n", self.public.name, BASE64.encode(signed))
    }
}

/// What signatures are checked with. Written `<name>+<id>+<key>`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicKey {
    name: String,
    bytes: [u8; 32],
}

impl PublicKey {
    /// Reads a key as it is [written](std::fmt::Display).
    ///
    /// # Errors
    /// When it is none, or was mistyped.
    pub fn parse(text: &str) -> Result<Self, NoKey> {
        let (name, rest) = text.trim().split_once('+').ok_or(NoKey)?;
        let (id, key) = rest.split_once('+').ok_or(NoKey)?;
        let key = BASE64.decode(key).map_err(|_| NoKey)?;
        let (&ALGORITHM, key) = key.split_first().ok_or(NoKey)? else { return Err(NoKey) };
        let key = Self { name: name.to_owned(), bytes: key.try_into().map_err(|_| NoKey)? };
        if is_name(name) && hex::encode(key.id()) == id { Ok(key) } else { Err(NoKey) }
    }

    /// Whose key it is.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The text of a note that is signed with this key.
    ///
    /// # Errors
    /// Why it is not taken.
    pub fn open<'n>(&self, note: &'n str) -> Result<&'n str, Unsigned> {
        // The text ends with a newline, and an empty line stands between it and the signatures.
        let (before, _) = note.split_once("\n\n\u{2014} ").ok_or(Unsigned::NoNote)?;
        let text = &note[..before.len() + 1];
        let signatures = note[text.len()..].strip_suffix('\n').ok_or(Unsigned::NoNote)?;
        for line in signatures.split(SIGNED_BY).skip(1) {
            let (name, signed) = line.split_once(' ').ok_or(Unsigned::NoNote)?;
            let signed = BASE64.decode(signed).map_err(|_| Unsigned::NoNote)?;
            let (id, signature) = signed.split_first_chunk::<4>().ok_or(Unsigned::NoNote)?;
            // Whoever witnesses a note adds a line; lines of others are passed over.
            if name == self.name && *id == self.id() {
                let key = UnparsedPublicKey::new(&ED25519, self.bytes);
                return key.verify(text.as_bytes(), signature).map(|()| text).map_err(|_| Unsigned::Changed);
            }
        }
        Err(Unsigned::AnotherKey)
    }

    /// What the key is found by among signatures.
    fn id(&self) -> [u8; 4] {
        let mut hash = Sha256::new();
        hash.update(&self.name);
        hash.update([b'\n', ALGORITHM]);
        hash.update(self.bytes);
        let hash = hash.finalize();
        [hash[0], hash[1], hash[2], hash[3]]
    }
}

impl std::fmt::Display for PublicKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let key = BASE64.encode([&[ALGORITHM], self.bytes.as_slice()].concat());
        write!(f, "{}+{}+{key}", self.name, hex::encode(self.id()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of Go's `sumdb/note`, which the standard was made from.
    #[test]
    fn notes_of_others_are_read() {
        let key =
            PublicKey::parse("PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW").expect("a key");
        let text =
            "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n";
        let note = format!(
            "{text}\n\u{2014} PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
        );
        assert_eq!(key.open(&note), Ok(text));
        assert_eq!(key.to_string(), "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW");
    }

    #[test]
    fn a_note_opens_with_its_key_and_unchanged() {
        let signer = Signer::new("balancebot", &[7; 32]).expect("a key");
        let note = signer.sign("balancebot\n40\n");
        let key = PublicKey::parse(&signer.public().to_string()).expect("a key");
        assert_eq!(key.open(&note), Ok("balancebot\n40\n"));
        let stranger = Signer::new("balancebot", &[8; 32]).expect("a key");
        assert_eq!(stranger.public().open(&note), Err(Unsigned::AnotherKey));
        assert_eq!(key.open(&note.replace("40", "41")), Err(Unsigned::Changed));
        for cut in 0..note.len() {
            assert!(note.get(..cut).is_none_or(|note| key.open(note).is_err()), "cut at {cut}");
        }
        for name in ["", "two words", "a+b", "a\nb"] {
            assert!(Signer::new(name, &[7; 32]).is_err(), "{name:?}");
        }
    }
}
