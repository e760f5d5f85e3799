//! Models of an operator's own words, kept in the data directory by the digest of the words they were made of: a start
//! learns what has changed, and reads the rest.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use crate::domain::fault::Source;
use crate::understand::{Parser, Ready, digest};

/// A folder of models. Nothing in it is needed: what is missing, torn or damaged is learnt again.
pub struct Shelf(PathBuf);

impl Shelf {
    /// The folder `models` in the data directory.
    pub fn in_data(folder: &Path) -> Self {
        Self(folder.join("models"))
    }

    fn path(&self, digest: &str) -> PathBuf {
        self.0.join(format!("{digest}.model"))
    }

    /// The models that are kept of these words.
    pub(super) fn of(&self, words: &[Source]) -> Vec<Ready> {
        let kept = words.iter().filter_map(|source| fs::read(self.path(&digest(source))).ok());
        kept.map(|model| Ready::Kept(model.into())).collect()
    }

    /// Keeps what a parser had to learn, instead of what is here of words that are no more.
    pub(super) fn keep(&self, parser: &Parser, words: &[Source]) -> io::Result<()> {
        let mut learnt = parser.made().peekable();
        if learnt.peek().is_none() {
            return Ok(());
        }
        fs::create_dir_all(&self.0)?;
        for (digest, model) in learnt {
            // Under its name there is a whole model or none, wherever this is cut short.
            let mut file = NamedTempFile::new_in(&self.0)?;
            file.write_all(&model)?;
            file.as_file().sync_all()?;
            file.persist(self.path(&digest))?;
        }
        let in_use: Vec<PathBuf> = words.iter().map(|source| self.path(&digest(source))).collect();
        let all = fs::read_dir(&self.0)?.filter_map(|entry| Some(entry.ok()?.path()));
        let mut old =
            all.filter(|path| path.extension().is_some_and(|ending| ending == "model") && !in_use.contains(path));
        old.try_for_each(fs::remove_file)
    }
}
