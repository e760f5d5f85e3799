//! What rests of one person (what is remembered of the conversation, the links to banks) is sealed with a key that only
//! this person has: 256 random bits, kept wrapped by a master key. When the row with the wrapped key is erased, nothing
//! that was sealed with it opens any more, wherever a copy lies. A change of the master key touches the wrapped keys only.

use zeroize::Zeroizing;

use crate::domain::message::Conversation;
use crate::privacy::cipher::{Key, KeyId, OVERHEAD};
use crate::privacy::seal::{DIRECT, Keyring, OF_PERSON, Place, SealError};

/// One person's key, unwrapped for as long as a turn thinks or a page is made. It is unwrapped anew each time, from the
/// row that says that it still is: a microsecond, against keys of everybody in memory and a copy to be erased there.
pub struct Vault<'a> {
    ring: &'a Keyring,
    id: KeyId,
    key: Key,
    fresh: Option<Vec<u8>>,
}

impl Keyring {
    /// Opens the vault of a person; who has no key yet gets one, to be kept with the first thing that is sealed with it.
    pub fn vault(&self, of: &Conversation, wrapped: Option<&[u8]>) -> Result<Vault<'_>, SealError> {
        let row = of.to_string();
        let place = Place::data_key(&row);
        if let Some(wrapped) = wrapped {
            let key = self.unwrap(place, wrapped)?;
            return Ok(Vault { ring: self, id: key.id(), key, fresh: None });
        }
        let (key, mut fresh) = (Key::random(), Vec::new());
        self.wrap(place, &key, &mut fresh);
        Ok(Vault { ring: self, id: key.id(), key, fresh: Some(fresh) })
    }
}

impl Vault<'_> {
    /// The wrapped key, if it is new and must be kept.
    pub fn fresh(&self) -> Option<&[u8]> {
        self.fresh.as_deref()
    }

    /// Seals for a place of this person.
    pub fn seal(&self, place: Place<'_>, plain: &[u8]) -> Vec<u8> {
        let mut out = Vec::with_capacity(1 + self.id.len() + OVERHEAD + plain.len());
        out.push(OF_PERSON);
        out.extend_from_slice(&self.id);
        self.key.seal(&place.of_text(), plain, &mut out);
        out
    }

    /// Opens what was sealed for the same place of the same person, or what is older than this person's key.
    pub fn open(&self, place: Place<'_>, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, SealError> {
        match sealed.split_first() {
            Some((&OF_PERSON, rest)) => {
                let (id, body) = rest.split_first_chunk::<4>().ok_or(SealError::Damaged)?;
                if *id != self.id {
                    return Err(SealError::UnknownKey);
                }
                self.key.open(&place.of_text(), body).ok_or(SealError::Damaged)
            }
            Some((&DIRECT, _)) => self.ring.open(place, sealed),
            _ => Err(SealError::Damaged),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn person(id: &str) -> Conversation {
        Conversation::messenger("1", id)
    }

    #[test]
    fn a_vault_opens_for_its_person_and_no_other() {
        let ring = Keyring::ephemeral();
        let (maya, omar) = (person("maya"), person("omar"));
        let first = ring.vault(&maya, None).expect("a vault");
        let wrapped = first.fresh().expect("a new key").to_vec();
        let (row, other) = (maya.to_string(), omar.to_string());
        let sealed = first.seal(Place::dialogue(&row), b"balance");

        let again = ring.vault(&maya, Some(&wrapped)).expect("the same vault");
        assert_eq!(again.fresh(), None);
        assert_eq!(again.open(Place::dialogue(&row), &sealed).expect("opens").as_slice(), b"balance");
        assert_eq!(again.open(Place::link(&row), &sealed), Err(SealError::Damaged), "another column");
        assert_eq!(again.open(Place::dialogue(&other), &sealed), Err(SealError::Damaged), "another row");
        assert_eq!(ring.vault(&omar, Some(&wrapped)).err(), Some(SealError::Damaged), "another person's key");
        let theirs = ring.vault(&omar, None).expect("a vault");
        assert_eq!(theirs.open(Place::dialogue(&row), &sealed), Err(SealError::UnknownKey), "another key");
        assert_eq!(ring.open(Place::dialogue(&row), &sealed), Err(SealError::Damaged), "no master key opens it");
        for at in 0..wrapped.len() {
            let mut damaged = wrapped.clone();
            damaged[at] ^= 1;
            assert!(ring.vault(&maya, Some(&damaged)).is_err(), "byte {at}");
        }
    }

    #[test]
    fn what_was_kept_before_there_were_vaults_opens() {
        let ring = Keyring::ephemeral();
        let maya = person("maya");
        let row = maya.to_string();
        let sealed = ring.seal_address(Place::dialogue(&row), b"balance");
        let vault = ring.vault(&maya, None).expect("a vault");
        assert_eq!(vault.open(Place::dialogue(&row), &sealed).expect("opens").as_slice(), b"balance");
    }
}
