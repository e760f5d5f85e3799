//! The heads of the access log: signed every minute or so and whenever a person downloads their copy, and kept where the
//! database is not. Nothing is signed that does not continue what was signed before.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Mutex;

use crate::clock::Clock;
use crate::domain::message::Conversation;
use crate::proof::copy::{Proven, prove};
use crate::proof::head::Head;
use crate::proof::note::{PublicKey, Signer};
use crate::proof::wrong::Wrong;
use crate::store::heads::HeadFile;
use crate::store::{Store, StoreError};

/// Why no head is signed.
#[derive(Debug, thiserror::Error)]
pub enum Unsignable {
    /// The log is not what was signed before.
    #[error("{0}")]
    Wrong(#[from] Wrong),
    /// The newest head that was kept cannot be read with this key.
    #[error("the newest of the kept heads: {0}")]
    Newest(crate::proof::note::Unsigned),
    /// The file of heads cannot be used.
    #[error("the file of heads cannot be used: {0}")]
    File(#[from] std::io::Error),
    /// The store cannot.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Signs heads and keeps them.
pub struct Heads {
    signer: Signer,
    file: Arc<Mutex<HeadFile>>,
    /// How often.
    pub every: Duration,
}

impl Heads {
    /// Heads signed by `signer`, kept in the file at `path`.
    ///
    /// # Errors
    /// When the file cannot be used.
    pub fn open(signer: Signer, path: &Path, every: Duration) -> std::io::Result<Self> {
        Ok(Self { signer, file: Arc::new(Mutex::new(HeadFile::open(path)?)), every })
    }

    /// What others check with.
    pub fn public(&self) -> &PublicKey {
        self.signer.public()
    }

    /// Signs the tree as it is now, unless the newest head already does. Returns the head and its note.
    ///
    /// # Errors
    /// When the log does not continue what was signed before, or something cannot be used.
    pub async fn sign(&self, store: &dyn Store, clock: &dyn Clock) -> Result<(Head, String), Unsignable> {
        let mut file = Arc::clone(&self.file).lock_owned().await;
        let newest = file.newest().map(str::to_owned);
        let tree = store.tree(None).await?.ok_or_else(|| StoreError::Damaged("leaves".to_owned()))?;
        if let Some(note) = newest {
            let newest = Head::open(&note, self.public()).map_err(Unsignable::Newest)?;
            let (size, at) = (newest.tree.size, newest.at);
            let then = store.tree(Some(size)).await?;
            let then = then.ok_or(Wrong::RolledBack { has: tree.size, signed: size, at })?;
            if then.root != newest.tree.root {
                return Err(Wrong::Rewritten { size, at, same: 0 }.into());
            }
            if tree == newest.tree {
                return Ok((newest, note));
            }
        }
        let head = Head { tree, at: clock.now() };
        let note = head.signed(&self.signer);
        let kept = note.clone();
        let flushed = tokio::task::spawn_blocking(move || file.append(&kept)).await;
        flushed.map_err(std::io::Error::other)??;
        Ok((head, note))
    }

    /// Makes a copy of a person's data a proof: a head over everything so far, their log, and what joins the two.
    ///
    /// # Errors
    /// As [`sign`](Self::sign), and when the file holds what cannot be signed.
    pub async fn prove(
        &self,
        file: serde_json::Map<String, serde_json::Value>,
        of: &Conversation,
        store: &dyn Store,
        clock: &dyn Clock,
    ) -> Result<serde_json::Map<String, serde_json::Value>, Unsignable> {
        let (head, note) = self.sign(store, clock).await?;
        let proven: Vec<Proven> = store.proven(of, head.tree.size).await?;
        prove(file, of, &proven, &note, &self.signer)
            .map_err(|error| Unsignable::Store(StoreError::Damaged(error.to_string())))
    }
}
