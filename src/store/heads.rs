//! The file in which the heads of the access log are kept, somewhere the database is not: JSON lines, appended and flushed
//! one at a time, never changed. Whoever can write to the database should not be able to write there.

use std::fs::{File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::Path;

use crate::proof::heads;

/// The end of a file in which its newest line is looked for. A head with many witnesses has a few hundred bytes.
const TAIL: u64 = 64 * 1024;

/// The file, open for appending.
#[derive(Debug)]
pub struct HeadFile {
    file: File,
    newest: Option<String>,
}

impl HeadFile {
    /// Opens the file, and makes it if there is none. A line that a crash cut off was never told to anybody: it goes.
    ///
    /// # Errors
    /// When the file cannot be read and written, or ends in something that is no head.
    pub fn open(path: &Path) -> io::Result<Self> {
        let mut file = OpenOptions::new().create(true).read(true).append(true).open(path)?;
        let length = file.metadata()?.len();
        let start = length.saturating_sub(TAIL);
        file.seek(SeekFrom::Start(start))?;
        let mut tail = Vec::new();
        file.read_to_end(&mut tail)?;
        let whole = tail.iter().rposition(|byte| *byte == b'\n').map_or(0, |end| end + 1);
        if whole < tail.len() {
            file.set_len(start + whole as u64)?;
            file.sync_all()?;
        }
        let newest = match tail[..whole].trim_ascii_end().rsplit(|byte| *byte == b'\n').next() {
            None | Some([]) => None,
            Some(line) => {
                let note = std::str::from_utf8(line).ok().and_then(heads::note);
                Some(note.ok_or_else(|| io::Error::new(io::ErrorKind::InvalidData, "its last line is no head"))?)
            }
        };
        Ok(Self { file, newest })
    }

    /// The note of the newest head.
    pub fn newest(&self) -> Option<&str> {
        self.newest.as_deref()
    }

    /// Appends a head; it is on disk when this returns.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn append(&mut self, note: &str) -> io::Result<()> {
        self.file.write_all(heads::line(note).as_bytes())?;
        self.file.sync_all()?;
        self.newest = Some(note.to_owned());
        Ok(())
    }
}
