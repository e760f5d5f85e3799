//! The cipher: XChaCha20-Poly1305 (draft-irtf-cfrg-xchacha-03), whose nonces are long enough to be drawn at random.
//!
//! It is done by AWS-LC, the library that TLS uses here: each turn seals and opens a handful of short messages, for which
//! it needs a third of the time of an implementation in Rust. It knows ChaCha20-Poly1305; what makes it XChaCha is the
//! key that HChaCha20 derives from the first sixteen bytes of the nonce (section 2.3).

use aws_lc_rs::aead::{Aad, CHACHA20_POLY1305, LessSafeKey, Nonce, UnboundKey};
use aws_lc_rs::error::Unspecified;
use chacha20::{R20, hchacha};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use crate::privacy::random;

const NONCE: usize = 24;
const TAG: usize = 16;

/// By how much sealing makes a text longer.
pub(super) const OVERHEAD: usize = NONCE + TAG;

/// What a key is found by in the head of what it sealed: the first bytes of SHA-256 over it.
pub(super) type KeyId = [u8; 4];

/// A key of 256 bits. Its bytes are wiped when it goes.
pub(super) struct Key(Zeroizing<[u8; 32]>);

impl Key {
    /// A new one.
    pub(super) fn random() -> Self {
        Self(Zeroizing::new(random::bytes()))
    }

    /// The one of these bytes.
    pub(super) fn new(bytes: Zeroizing<[u8; 32]>) -> Self {
        Self(bytes)
    }

    /// The bytes, to be wrapped.
    pub(super) fn bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// What it is found by.
    pub(super) fn id(&self) -> KeyId {
        let digest = Sha256::digest(self.0.as_slice());
        [digest[0], digest[1], digest[2], digest[3]]
    }

    /// Appends a new nonce, the sealed text and its tag to `out`.
    ///
    /// # Panics
    /// When the text exceeds the cipher's limit of 256 GiB.
    pub(super) fn seal(&self, place: &[u8], plain: &[u8], out: &mut Vec<u8>) {
        let nonce = random::bytes::<NONCE>();
        out.reserve(OVERHEAD + plain.len());
        out.extend_from_slice(&nonce);
        let text = out.len();
        out.extend_from_slice(plain);
        let tag = self.encrypt(nonce, place, &mut out[text..]);
        out.extend_from_slice(&tag.expect("within the cipher's limit"));
    }

    /// Opens what [`seal`](Self::seal) appended; nothing if it is damaged or from another place.
    pub(super) fn open(&self, place: &[u8], sealed: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
        let (nonce, body) = sealed.split_first_chunk::<NONCE>()?;
        let mut plain = Zeroizing::new(body.to_vec());
        let length = self.decrypt(*nonce, place, &mut plain).ok()?;
        plain.truncate(length);
        Some(plain)
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
        let subkey = Zeroizing::new(<[u8; 32]>::from(hchacha::<R20>((&*self.0).into(), (&first).into())));
        let key = UnboundKey::new(&CHACHA20_POLY1305, subkey.as_slice())?;
        Ok((LessSafeKey::new(key), Nonce::assume_unique_for_key(rest)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The published example: draft-irtf-cfrg-xchacha-03, appendix A.3.1.
    #[test]
    fn is_xchacha20_poly1305() {
        let bytes = |text: &str| hex::decode(text).expect("hexadecimal digits");
        let key = bytes("808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9f");
        let key = Key::new(Zeroizing::new(key.try_into().expect("a key")));
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
}
