//! Encryption at rest, in envelopes: the configured keys (the *master keys*) only wrap other keys. What passes through (a
//! message, a reply, an attempt in a browser) has a key of its own, wrapped in its head: nothing need be looked up to
//! seal it, and it is gone when its row is. What rests of a person has that person's key: see [`vault`](super::vault).
//!
//! Everything sealed is bound to the row and column that it stands in, so that swapped ciphertexts do not open. Layouts,
//! by the first byte:
//!
//! - `1`: id of a master key (4 bytes, the first of SHA-256 over it), nonce (24), ciphertext and tag (16). Addresses, and
//!   what was kept before there were envelopes.
//! - `2`: id of a person's key (4), nonce, ciphertext and tag.
//! - `3`: a wrapped key (76), nonce, ciphertext and tag.
//!
//! A wrapped key is the id of a master key (4), nonce (24), the key (32) and tag (16).

use zeroize::Zeroizing;

use crate::domain::message::Conversation;
use crate::privacy::cipher::{Key, KeyId, OVERHEAD};

pub(super) const DIRECT: u8 = 1;
pub(super) const OF_PERSON: u8 = 2;
const OF_ITS_OWN: u8 = 3;

/// How long a wrapped key is.
const WRAPPED: usize = 4 + OVERHEAD + 32;

/// The master keys. The first wraps; all unwrap.
pub struct Keyring {
    keys: Vec<(KeyId, Key)>,
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

    /// Where a reply stands, by its own id.
    pub fn reply(id: &'a str) -> Self {
        Self { table: "outbox", column: "body", row: id }
    }

    /// Where an attempt in a browser stands, by the conversation that it belongs to.
    pub fn attempt(conversation: &'a str) -> Self {
        Self { table: "attempt", column: "body", row: conversation }
    }

    /// Where a person's wrapped key stands.
    pub fn data_key(conversation: &'a str) -> Self {
        Self { table: "data_key", column: "wrapped", row: conversation }
    }

    /// Where what is remembered of a conversation stands.
    pub fn dialogue(conversation: &'a str) -> Self {
        Self { table: "conversation", column: "dialogue", row: conversation }
    }

    /// Where a link to a bank stands; `row` is made by [`Place::link_row`].
    pub fn link(row: &'a str) -> Self {
        Self { table: "link", column: "body", row }
    }

    /// The key of a link's row.
    pub fn link_row(conversation: &Conversation, bank: &str) -> String {
        format!("{conversation}|{bank}")
    }

    /// Where a chart stands: in its own address, and in no row.
    pub fn chart() -> Self {
        Self { table: "chart", column: "token", row: "" }
    }

    /// Where the ticket of a page stands: in its own address, and in no row.
    pub fn page() -> Self {
        Self { table: "page", column: "token", row: "" }
    }

    /// What a text is bound to.
    pub(super) fn of_text(&self) -> Vec<u8> {
        self.bound(&[])
    }

    /// What a key is bound to: never taken for the text beside it.
    fn of_key(&self) -> Vec<u8> {
        self.bound(&["key"])
    }

    fn bound(&self, more: &[&str]) -> Vec<u8> {
        // Length-prefixed, so that no two places share their bytes.
        let mut out = Vec::with_capacity(48 + self.row.len());
        for part in [self.table, self.column, self.row].iter().chain(more) {
            out.extend_from_slice(&u32::try_from(part.len()).unwrap_or(u32::MAX).to_le_bytes());
            out.extend_from_slice(part.as_bytes());
        }
        out
    }
}

impl Keyring {
    /// A ring of keys written in hexadecimal; the first wraps.
    pub fn from_hex<'a>(keys: impl IntoIterator<Item = &'a str>) -> Result<Self, BadKey> {
        let keys: Vec<Key> = keys.into_iter().map(from_hex).collect::<Result<_, _>>()?;
        if keys.is_empty() { Err(BadKey) } else { Ok(Self::of(keys)) }
    }

    /// A ring with a new random key, for stores that do not outlive the process.
    pub fn ephemeral() -> Self {
        Self::of(vec![Key::random()])
    }

    fn of(keys: Vec<Key>) -> Self {
        Self { keys: keys.into_iter().map(|key| (key.id(), key)).collect() }
    }

    /// The ids of the keys, in hexadecimal; the first is the one that wraps.
    pub fn ids(&self) -> impl Iterator<Item = String> {
        self.keys.iter().map(|(id, _)| hex::encode(id))
    }

    /// Seals for a place, with a key that is made for this alone.
    pub fn seal(&self, place: Place<'_>, plain: &[u8]) -> Vec<u8> {
        let key = Key::random();
        let mut out = Vec::with_capacity(1 + WRAPPED + OVERHEAD + plain.len());
        out.push(OF_ITS_OWN);
        self.wrap(place, &key, &mut out);
        key.seal(&place.of_text(), plain, &mut out);
        out
    }

    /// Opens what was sealed for the same place, with a key of its own or, as in earlier versions, without one.
    pub fn open(&self, place: Place<'_>, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, SealError> {
        match sealed.split_first() {
            Some((&DIRECT, rest)) => self.open_direct(place, rest),
            Some((&OF_ITS_OWN, rest)) => {
                let (wrapped, body) = rest.split_at_checked(WRAPPED).ok_or(SealError::Damaged)?;
                self.unwrap(place, wrapped)?.open(&place.of_text(), body).ok_or(SealError::Damaged)
            }
            _ => Err(SealError::Damaged),
        }
    }

    /// Seals for an address, with the first master key itself: an address should be short, and is kept nowhere.
    pub fn seal_address(&self, place: Place<'_>, plain: &[u8]) -> Vec<u8> {
        let (id, key) = &self.keys[0];
        let mut out = Vec::with_capacity(1 + id.len() + OVERHEAD + plain.len());
        out.push(DIRECT);
        out.extend_from_slice(id);
        key.seal(&place.of_text(), plain, &mut out);
        out
    }

    /// Seals anew, under the first master key, what stands under another one or under none. `None` when nothing is to be
    /// done: it has a key of its own that is wrapped by the first, or belongs to a [`vault`](super::vault).
    pub fn renew(&self, place: Place<'_>, sealed: &[u8]) -> Result<Option<Vec<u8>>, SealError> {
        match sealed.split_first() {
            Some((&DIRECT, _)) => Ok(Some(self.seal(place, &self.open(place, sealed)?))),
            Some((&OF_ITS_OWN, rest)) => {
                let (wrapped, body) = rest.split_at_checked(WRAPPED).ok_or(SealError::Damaged)?;
                let Some(wrapped) = self.rewrap(place, wrapped)? else { return Ok(None) };
                Ok(Some([&[OF_ITS_OWN], wrapped.as_slice(), body].concat()))
            }
            Some((&OF_PERSON, _)) => Ok(None),
            _ => Err(SealError::Damaged),
        }
    }

    /// Wraps a key anew under the first master key. `None` when it is that already.
    pub fn rewrap(&self, place: Place<'_>, wrapped: &[u8]) -> Result<Option<Vec<u8>>, SealError> {
        let key = self.unwrap(place, wrapped)?;
        if wrapped.starts_with(&self.keys[0].0) {
            return Ok(None);
        }
        let mut out = Vec::with_capacity(WRAPPED);
        self.wrap(place, &key, &mut out);
        Ok(Some(out))
    }

    /// The id, in hexadecimal, of the master key that something sealed hangs on; `None` if that is a person's key.
    pub fn master_of(sealed: &[u8]) -> Option<String> {
        match sealed {
            [DIRECT | OF_ITS_OWN, id @ ..] => id.first_chunk::<4>().map(hex::encode),
            _ => None,
        }
    }

    /// The id, in hexadecimal, of the master key that wraps a key.
    pub fn master_of_key(wrapped: &[u8]) -> Option<String> {
        wrapped.first_chunk::<4>().map(hex::encode)
    }

    /// Whether something hangs on a master key directly, as in versions before there were envelopes.
    pub fn is_direct(sealed: &[u8]) -> bool {
        sealed.first() == Some(&DIRECT)
    }

    fn open_direct(&self, place: Place<'_>, rest: &[u8]) -> Result<Zeroizing<Vec<u8>>, SealError> {
        let (id, body) = rest.split_first_chunk::<4>().ok_or(SealError::Damaged)?;
        self.key(*id)?.open(&place.of_text(), body).ok_or(SealError::Damaged)
    }

    /// Appends a key, wrapped by the first master key, to `out`.
    pub(super) fn wrap(&self, place: Place<'_>, key: &Key, out: &mut Vec<u8>) {
        let (id, master) = &self.keys[0];
        out.extend_from_slice(id);
        master.seal(&place.of_key(), key.bytes(), out);
    }

    /// Unwraps a key.
    pub(super) fn unwrap(&self, place: Place<'_>, wrapped: &[u8]) -> Result<Key, SealError> {
        let (id, body) = wrapped.split_first_chunk::<4>().ok_or(SealError::Damaged)?;
        let bytes = self.key(*id)?.open(&place.of_key(), body).ok_or(SealError::Damaged)?;
        let bytes = <[u8; 32]>::try_from(bytes.as_slice()).map_err(|_| SealError::Damaged)?;
        Ok(Key::new(Zeroizing::new(bytes)))
    }

    fn key(&self, wanted: KeyId) -> Result<&Key, SealError> {
        let found = self.keys.iter().find(|(id, _)| *id == wanted);
        found.map(|(_, key)| key).ok_or(SealError::UnknownKey)
    }
}

fn from_hex(text: &str) -> Result<Key, BadKey> {
    let mut bytes = Zeroizing::new([0_u8; 32]);
    hex::decode_to_slice(text.trim(), bytes.as_mut_slice()).map_err(|_| BadKey)?;
    Ok(Key::new(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    const HERE: Place<'_> = Place { table: "inbox", column: "body", row: "1" };

    fn ring(keys: &[&str]) -> Keyring {
        Keyring::from_hex(keys.iter().map(|digits| digits.repeat(32)).collect::<Vec<_>>().iter().map(String::as_str))
            .expect("keys")
    }

    #[test]
    fn opens_only_in_its_place_with_its_key_and_undamaged() {
        let (old, rotated, stranger) = (ring(&["11"]), ring(&["22", "11"]), ring(&["22"]));
        for seal in [Keyring::seal, Keyring::seal_address] {
            let sealed = seal(&old, HERE, b"balance");
            assert_ne!(sealed, seal(&old, HERE, b"balance"), "a nonce is never used twice");
            assert_eq!(rotated.open(HERE, &sealed).expect("opens").as_slice(), b"balance");
            for there in [Place { row: "2", ..HERE }, Place { column: "key", ..HERE }, Place { table: "links", ..HERE }]
            {
                assert_eq!(old.open(there, &sealed), Err(SealError::Damaged));
            }
            assert_eq!(stranger.open(HERE, &sealed), Err(SealError::UnknownKey));
            for at in 0..sealed.len() {
                let mut damaged = sealed.clone();
                damaged[at] ^= 1;
                assert!(old.open(HERE, &damaged).is_err(), "byte {at}");
                assert!(old.open(HERE, &sealed[..at]).is_err(), "cut at {at}");
            }
        }
        assert!(Keyring::from_hex(["abc"]).is_err());
    }

    #[test]
    fn what_is_renewed_opens_without_the_old_key() {
        let (old, rotated, new) = (ring(&["11"]), ring(&["22", "11"]), ring(&["22"]));
        for sealed in [old.seal(HERE, b"balance"), old.seal_address(HERE, b"balance")] {
            let renewed = rotated.renew(HERE, &sealed).expect("opens").expect("something to do");
            assert_eq!(new.open(HERE, &renewed).expect("opens").as_slice(), b"balance");
            assert_eq!(rotated.renew(HERE, &renewed), Ok(None), "once is enough");
            assert_eq!(rotated.renew(Place { row: "2", ..HERE }, &sealed), Err(SealError::Damaged));
        }
    }
}
