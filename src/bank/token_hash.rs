//! A person's consent as caches and limits know it: by a hash, so that no token lies about in memory as a key.

use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};

/// The first half of SHA-256 over a bearer token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct TokenHash([u8; 16]);

impl TokenHash {
    /// The hash of a token.
    pub(crate) fn of(token: &SecretString) -> Self {
        let digest = Sha256::digest(token.expose_secret().as_bytes());
        let mut hash = [0; 16];
        hash.copy_from_slice(&digest[..16]);
        Self(hash)
    }
}
