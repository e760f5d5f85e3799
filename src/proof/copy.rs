//! The copy of their data that a person downloads, made into a proof: each entry of the access log with what leads from it
//! to a signed head, and a signature over the whole file, so that nothing can be left out of it either.
//!
//! The file is one JSON object. `access_log` is the list of entries; `proof` is [`Proof`]. Its `signature` is a signed note
//! of three lines: the log's name and `/copy`, how many entries there are, and SHA-256 (base64) over the canonical JSON of
//! the file without this signature.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

use super::canonical::{NotCanonical, canonical};
use super::head::Head;
use super::heads::Kept;
use super::leaf::{Salt, leaf};
use super::note::{PublicKey, Signer, Unsigned};
use super::tree::{Hash, root_of_path};
use super::wrong::Wrong;
use crate::domain::message::Conversation;

/// An entry as it is kept, with what proves it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proven {
    /// Its number among the entries of its person, from 1.
    pub number: u64,
    /// Its leaf, from 1.
    pub leaf: u64,
    /// What the leaf was salted with.
    pub salt: Salt,
    /// The entry.
    pub entry: Value,
    /// The hashes from the leaf to the root.
    pub path: Vec<Hash>,
}

/// What stands in the file under `proof`.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Proof {
    of: Conversation,
    head: String,
    entries: Vec<Place>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    signature: Option<String>,
}

/// What leads from one entry of `access_log` to the head.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Place {
    number: u64,
    leaf: u64,
    salt: String,
    path: Vec<String>,
}

impl Place {
    fn of(proven: &Proven) -> Self {
        let Proven { number, leaf, salt, path, .. } = proven;
        Self { number: *number, leaf: *leaf, salt: hex::encode(salt), path: path.iter().map(hex::encode).collect() }
    }

    /// Whether this is the place of an entry in the tree of a head.
    fn fits(&self, entry: &Value, of: &Conversation, head: &Head) -> bool {
        let root = || {
            let mut salt = Salt::default();
            hex::decode_to_slice(&self.salt, &mut salt).ok()?;
            let hash = |text: &String| hex::decode(text).ok()?.try_into().ok();
            let path = self.path.iter().map(hash).collect::<Option<Vec<Hash>>>()?;
            let leaf = leaf(&salt, of, self.number, entry).ok()?;
            root_of_path(leaf, self.leaf.checked_sub(1)?, head.tree.size, &path)
        };
        root() == Some(head.tree.root)
    }
}

/// Puts the access log and its proof into a file. `head` is a signed head that covers all entries.
///
/// # Errors
/// When the file holds what cannot be written in one way only.
pub fn prove(
    mut file: Map<String, Value>,
    of: &Conversation,
    proven: &[Proven],
    head: &str,
    signer: &Signer,
) -> Result<Map<String, Value>, NotCanonical> {
    let entries = proven.iter().map(Place::of).collect();
    let proof = Proof { of: of.clone(), head: head.to_owned(), entries, signature: None };
    file.insert("access_log".to_owned(), proven.iter().map(|proven| proven.entry.clone()).collect());
    file.insert("proof".to_owned(), serde_json::to_value(proof).map_err(|_| NotCanonical)?);
    let statement = statement(signer.public(), proven.len() as u64, &Value::Object(file.clone()))?;
    if let Some(Value::Object(proof)) = file.get_mut("proof") {
        proof.insert("signature".to_owned(), signer.sign(&statement).into());
    }
    Ok(file)
}

fn statement(key: &PublicKey, entries: u64, unsigned: &Value) -> Result<String, NotCanonical> {
    let hash = Sha256::digest(canonical(unsigned)?);
    Ok(format!("{}/copy\nentries {entries}\nsha256 {}\n", key.name(), BASE64.encode(hash)))
}

/// What a check found.
#[derive(Clone, Debug)]
pub struct Checked {
    /// How many entries the file lists.
    pub entries: u64,
    /// The number of the first; those before it are gone by retention.
    pub first: u64,
    /// The head that proves them, if it is a good one.
    pub head: Option<Head>,
    /// What is wrong; nothing if all is as it was.
    pub wrong: Vec<Wrong>,
}

/// Checks a file offline, with the heads that were kept elsewhere if there are any.
pub fn check(text: &str, key: &PublicKey, kept: Option<&Kept>) -> Checked {
    let mut checked = Checked { entries: 0, first: 1, head: None, wrong: Vec::new() };
    if let Err(wrong) = examine(text, key, kept, &mut checked) {
        checked.wrong.push(wrong);
    }
    checked
}

/// Notes in `checked` what is wrong; an error is what keeps it from looking further.
fn examine(text: &str, key: &PublicKey, kept: Option<&Kept>, checked: &mut Checked) -> Result<(), Wrong> {
    let file = serde_json::from_str::<Value>(text);
    let file = file.map_err(|error| Wrong::NotWhole { line: error.line(), column: error.column() })?;
    let proof = file.get("proof").filter(|proof| !proof.is_null()).ok_or(Wrong::NoProof)?;
    let proof = Proof::deserialize(proof).map_err(|_| Wrong::DamagedProof)?;
    let listed = file.get("access_log").and_then(Value::as_array).ok_or(Wrong::DamagedProof)?;
    checked.entries = listed.len() as u64;
    checked.first = proof.entries.first().map_or(1, |place| place.number);
    check_signature(&file, &proof, listed.len() as u64, key, &mut checked.wrong);
    let head = Head::open(&proof.head, key).map_err(Wrong::Head)?;
    checked.head = Some(head);
    check_order(&proof.entries, &mut checked.wrong);
    check_entries(listed, &proof, &head, &mut checked.wrong);
    if let Some(kept) = kept {
        checked.wrong.extend(kept.wrong.iter().cloned());
        if !kept.heads.iter().any(|kept| kept.tree == head.tree) {
            checked.wrong.push(Wrong::NotKept { size: head.tree.size, newest: kept.newest() });
        }
    }
    Ok(())
}

/// The signature under the whole file.
fn check_signature(file: &Value, proof: &Proof, listed: u64, key: &PublicKey, wrong: &mut Vec<Wrong>) {
    let signature = proof.signature.as_deref().unwrap_or_default();
    let signed = match key.open(signature) {
        Ok(signed) => signed,
        Err(why) => return wrong.push(Wrong::Signature(why)),
    };
    let entries = signed.lines().find_map(|line| line.strip_prefix("entries ")?.parse().ok());
    let (Some(entries), true) = (entries, signed.starts_with(&format!("{}/copy\n", key.name()))) else {
        return wrong.push(Wrong::Signature(Unsigned::NoNote));
    };
    if entries != listed {
        wrong.push(Wrong::Count { signed: entries, listed });
    }
    let mut unsigned = file.clone();
    if let Some(Value::Object(proof)) = unsigned.get_mut("proof") {
        proof.shift_remove("signature");
    }
    if statement(key, entries, &unsigned).as_deref() != Ok(signed) {
        wrong.push(Wrong::Content);
    }
}

/// Entries are numbered without a gap, and later ones have later leaves.
fn check_order(places: &[Place], wrong: &mut Vec<Wrong>) {
    for pair in places.windows(2) {
        let [before, after] = pair else { continue };
        if after.number <= before.number || after.leaf <= before.leaf {
            wrong.push(Wrong::Moved(after.number));
        } else if let Some(missing) = before.number.checked_add(1).filter(|next| *next < after.number) {
            wrong.push(Wrong::Missing(missing));
        }
    }
}

/// Every entry leads from its place to the signed root. What does not is looked for elsewhere, to tell what was moved from
/// what was changed.
fn check_entries(listed: &[Value], proof: &Proof, head: &Head, wrong: &mut Vec<Wrong>) {
    let fits = |place: &Place, entry: &Value| place.fits(entry, &proof.of, head);
    let (mut astray, mut open) = (Vec::new(), Vec::new());
    for at in 0..listed.len().max(proof.entries.len()) {
        match (proof.entries.get(at), listed.get(at)) {
            (Some(place), Some(entry)) if fits(place, entry) => {}
            (place, entry) => {
                open.extend(place);
                astray.extend(entry.map(|entry| (at, entry)));
            }
        }
    }
    let (longer, shorter) = (listed.len() > proof.entries.len(), listed.len() < proof.entries.len());
    for place in open {
        let found = astray.iter().position(|(_, entry)| fits(place, entry));
        match found.map(|found| astray.remove(found)) {
            // Where one was taken out or put in, those behind it have only moved up or down.
            Some(_) if longer || shorter => {}
            Some(_) => wrong.push(Wrong::Moved(place.number)),
            None if shorter => wrong.push(Wrong::Missing(place.number)),
            None => wrong.push(Wrong::Changed(place.number)),
        }
    }
    if longer {
        wrong.extend(astray.into_iter().map(|(at, _)| Wrong::Added(at as u64 + 1)));
    }
}
