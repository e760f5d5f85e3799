//! Gathers the pages of a list until it ends, and knows the ways in which banks' lists do not end: a cursor that
//! repeats, a page that brings nothing new, and cursors that never stop.

use std::collections::HashSet;

use crate::bank::{BankError, json::malformed, settings::Limits};

/// One page of a list.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Page<T> {
    /// Its rows, each with the bank's id where it gave one.
    pub(crate) rows: Vec<(Option<String>, T)>,
    /// What leads to the next page.
    pub(crate) next: Option<Cursor>,
}

/// What leads to a next page.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Cursor {
    /// The field it came from, for messages.
    pub(crate) field: &'static str,
    /// The bank's words: a key, an offset, an address.
    pub(crate) value: String,
}

/// The rows so far.
#[derive(Debug)]
pub(crate) struct Pages<T> {
    rows: Vec<T>,
    ids: HashSet<String>,
    cursors: HashSet<Cursor>,
    pages_left: usize,
    rows_max: usize,
}

impl<T> Pages<T> {
    /// Nothing yet.
    pub(crate) fn new(limits: &Limits) -> Self {
        Self {
            rows: Vec::new(),
            ids: HashSet::new(),
            cursors: HashSet::new(),
            pages_left: limits.pages_max,
            rows_max: limits.rows_max,
        }
    }

    /// Takes a page. Rows whose id came before are left out: lists move while they are read. Returns the cursor of
    /// the page to read next, `None` at the end.
    ///
    /// A list that is longer than the limits is refused whole: its beginning alone would make wrong totals.
    pub(crate) fn take(&mut self, page: Page<T>) -> Result<Option<Cursor>, BankError> {
        let (had, came) = (self.rows.len(), page.rows.len());
        for (id, row) in page.rows {
            if id.is_none_or(|id| self.ids.insert(id)) {
                self.rows.push(row);
            }
        }
        self.pages_left = self.pages_left.saturating_sub(1);
        let Some(next) = page.next else { return Ok(None) };
        let nothing_new = came > 0 && self.rows.len() == had;
        if nothing_new || !self.cursors.insert(next.clone()) {
            return Ok(None);
        }
        if self.pages_left == 0 || self.rows.len() > self.rows_max {
            return Err(malformed(next.field, "the list does not end within the limits"));
        }
        Ok(Some(next))
    }

    /// All rows, each once, in the bank's order.
    pub(crate) fn into_rows(self) -> Vec<T> {
        self.rows
    }
}
