//! Walks a TOML document and notes every mistake in it at once, each with its line.
//!
//! A [`Section`] is one table. Its keys are asked for by name: `required`, `optional` or `defaulted`. A default is
//! whatever `default.toml` says, so the reference and the program cannot drift apart: a key that the reference does
//! not show is a fault of its own, whichever config is loaded. `finish` then reports what nobody asked for.

use std::cell::RefCell;
use std::io;
use std::sync::LazyLock;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::domain::fault::{Fault, Source};

/// The commented reference of every setting; its live lines are the defaults.
pub const REFERENCE: &str = include_str!("default.toml");

/// The name under which faults of the reference itself are reported.
const REFERENCE_FILE: &str = "default.toml";

/// The environment, as a function so that tests bring their own.
pub type Env<'a> = &'a dyn Fn(&str) -> Option<String>;

/// The disk, as a function so that this room never touches it.
pub type ReadFile<'a> = &'a dyn Fn(&str) -> io::Result<String>;

static REFERENCE_LIVE: LazyLock<String> = LazyLock::new(uncommented_reference);
static REFERENCE_TABLE: LazyLock<DeTable<'static>> =
    LazyLock::new(|| DeTable::parse(REFERENCE_LIVE.as_str()).map(Spanned::into_inner).unwrap_or_default());

/// The reference with its examples made live: a `#` that a blank does not follow hides a setting, not prose.
pub fn uncommented_reference() -> String {
    let live = |line: &str| match line.strip_prefix('#') {
        Some(rest) if !rest.is_empty() && !rest.starts_with([' ', '#']) => rest.to_owned(),
        _ => line.to_owned(),
    };
    REFERENCE.lines().map(|line| live(line) + "\n").collect()
}

/// What is wrong with one value, as the rest of a sentence that begins with its key.
#[derive(Debug)]
pub(super) struct Wrong {
    message: String,
    help: Option<String>,
}

impl Wrong {
    pub(super) fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), help: None }
    }

    pub(super) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

/// One config file with the outside world it may refer to, and the faults found so far.
pub(super) struct Document<'a> {
    source: &'a Source,
    root: DeTable<'a>,
    env: Env<'a>,
    read_file: ReadFile<'a>,
    faults: RefCell<Vec<Fault>>,
}

impl<'a> Document<'a> {
    /// Parses the file. Where it is no TOML, only that is reported: what a broken file means is guesswork.
    pub(super) fn parse(source: &'a Source, env: Env<'a>, read_file: ReadFile<'a>) -> Result<Self, Vec<Fault>> {
        let (root, errors) = DeTable::parse_recoverable(&source.text);
        if errors.is_empty() {
            return Ok(Self { source, root: root.into_inner(), env, read_file, faults: RefCell::default() });
        }
        let fault = |error: toml::de::Error| {
            let line = error.span().map_or(0, |span| Fault::line_of(&source.text, span.start));
            Fault::new(&source.path, line, format!("this is not TOML: {}", error.message().replace('\n', ", ")))
        };
        Err(errors.into_iter().map(fault).collect())
    }

    /// The whole file as a section without a name.
    pub(super) fn root(&self) -> Section<'_> {
        Section {
            document: self,
            name: String::new(),
            offset: None,
            table: Some(&self.root),
            reference: Some(&REFERENCE_TABLE),
            known: RefCell::default(),
        }
    }

    /// The faults, in the order of the file; empty when all is well.
    pub(super) fn into_faults(self) -> Vec<Fault> {
        let mut faults = self.faults.into_inner();
        faults.sort();
        faults.dedup();
        faults
    }

    fn note(&self, offset: Option<usize>, message: String, help: Option<String>) {
        let line = offset.map_or(0, |offset| Fault::line_of(&self.source.text, offset));
        self.faults.borrow_mut().push(Fault { file: self.source.path.clone(), line, message, help });
    }
}

/// One value, with what it may refer to.
pub(super) struct Entry<'d> {
    pub(super) value: &'d DeValue<'d>,
    pub(super) env: Env<'d>,
    pub(super) read_file: ReadFile<'d>,
}

impl<'d> Entry<'d> {
    /// The value as text.
    pub(super) fn text(&self) -> Result<&'d str, Wrong> {
        self.value.as_str().ok_or_else(|| self.not_a("a string in quotes"))
    }

    /// The elements of an array, each as an entry.
    pub(super) fn elements(&self) -> Result<Vec<Entry<'d>>, Wrong> {
        let elements = self.value.as_array().ok_or_else(|| self.not_a("an array"))?;
        Ok(elements.iter().map(|element| self.beside(element.get_ref())).collect())
    }

    /// Another value of the same document.
    pub(super) fn beside(&self, value: &'d DeValue<'d>) -> Self {
        Entry { value, env: self.env, read_file: self.read_file }
    }

    /// The complaint about a value of another type.
    pub(super) fn not_a(&self, wanted: &str) -> Wrong {
        Wrong::new(format!("must be {wanted}, not {}", type_name(self.value)))
    }
}

/// One table of the file; also stands for a table that the file leaves out.
pub(super) struct Section<'d> {
    document: &'d Document<'d>,
    name: String,
    offset: Option<usize>,
    table: Option<&'d DeTable<'d>>,
    reference: Option<&'d DeTable<'d>>,
    known: RefCell<Vec<&'static str>>,
}

impl<'d> Section<'d> {
    /// Whether the file has this table.
    pub(super) fn is_given(&self) -> bool {
        self.table.is_some()
    }

    /// Where in the file it stands; sections in the order of this are in the order of the file.
    pub(super) fn offset(&self) -> Option<usize> {
        self.offset
    }

    /// A setting without which the program cannot work. `None` when it is missing or wrong, which is then noted.
    pub(super) fn required<T>(
        &self,
        key: &'static str,
        read: impl FnOnce(&Entry<'d>) -> Result<T, Wrong>,
    ) -> Option<T> {
        match self.find(key) {
            Some(value) => self.read(key, value, read),
            None => {
                self.note(self.offset, key, Wrong::new("is missing").help(self.example(key)));
                None
            }
        }
    }

    /// A setting that may be left out. `None` when it is left out, or wrong, which is then noted.
    pub(super) fn optional<T>(
        &self,
        key: &'static str,
        read: impl FnOnce(&Entry<'d>) -> Result<T, Wrong>,
    ) -> Option<T> {
        self.find(key).and_then(|value| self.read(key, value, read))
    }

    /// A setting that `default.toml` gives a value for. `None` when it is wrong, which is then noted.
    pub(super) fn defaulted<T>(
        &self,
        key: &'static str,
        read: impl FnOnce(&Entry<'d>) -> Result<T, Wrong>,
    ) -> Option<T> {
        let value = self.find(key).or_else(|| self.reference.and_then(|table| get(table, key)));
        value.and_then(|value| self.read(key, value, read))
    }

    /// A table inside this one; it may be left out.
    pub(super) fn section(&self, key: &'static str) -> Section<'d> {
        let found = self.find(key);
        let table = found.and_then(|value| {
            let table = value.get_ref().as_table();
            if table.is_none() {
                let wrong = format!("must be a table, not {}", type_name(value.get_ref()));
                self.note(Some(value.span().start), key, Wrong::new(wrong));
            }
            table
        });
        let reference = self.reference.and_then(|reference| get(reference, key)).and_then(|v| v.get_ref().as_table());
        self.inner(key, found.map(|value| value.span().start), table, reference)
    }

    /// The tables of an array of tables inside this one; there may be none.
    pub(super) fn sections(&self, key: &'static str) -> Vec<Section<'d>> {
        let reference = self.reference.and_then(|reference| get(reference, key)).and_then(first_table);
        let Some(value) = self.find(key) else { return Vec::new() };
        let Some(array) = value.get_ref().as_array() else {
            let wrong = Wrong::new(format!("must be tables, not {}", type_name(value.get_ref())))
                .help(format!("write [[{}]] with double brackets, once for each", self.path(key)));
            self.note(Some(value.span().start), key, wrong);
            return Vec::new();
        };
        let mut sections = Vec::new();
        for element in array.iter() {
            match element.get_ref().as_table() {
                Some(table) => sections.push(self.inner(key, Some(element.span().start), Some(table), reference)),
                None => self.note(Some(element.span().start), key, Wrong::new("must hold tables only")),
            }
        }
        sections
    }

    /// Whether the file gives a value for a key, be it a good one or not.
    pub(super) fn has(&self, key: &str) -> bool {
        self.table.is_some_and(|table| get(table, key).is_some())
    }

    /// Notes a fault of one key: at its value if it has one, else at the section.
    pub(super) fn fault(&self, key: &str, wrong: Wrong) {
        let value = self.table.and_then(|table| get(table, key)).map(|value| value.span().start);
        self.note(value.or(self.offset), key, wrong);
    }

    /// Notes a fault of the section as a whole, as a sentence of its own.
    pub(super) fn fault_here(&self, wrong: Wrong) {
        self.document.note(self.offset, wrong.message, wrong.help);
    }

    /// Reports the keys that nobody asked for. To be called when every key has been asked for.
    pub(super) fn finish(&self) {
        self.finish_naming("setting");
    }

    /// The same, for sections whose keys are called something else.
    pub(super) fn finish_naming(&self, what: &str) {
        let known = self.known.borrow();
        for (key, _) in self.table.into_iter().flat_map(|table| table.iter()) {
            let (name, offset) = (key.get_ref().as_ref(), key.span().start);
            if !known.contains(&name) {
                let message = format!("unknown {what} `{}`", self.path(name));
                self.document.note(Some(offset), message, Some(suggestion(name, &known)));
            }
        }
    }

    fn inner(
        &self,
        key: &str,
        offset: Option<usize>,
        table: Option<&'d DeTable<'d>>,
        reference: Option<&'d DeTable<'d>>,
    ) -> Section<'d> {
        let offset = offset.or(self.offset);
        Section { document: self.document, name: self.path(key), offset, table, reference, known: RefCell::default() }
    }

    /// The value of a key, if the file has one. Whatever is asked for must be in the reference.
    fn find(&self, key: &'static str) -> Option<&'d Spanned<DeValue<'d>>> {
        self.known.borrow_mut().push(key);
        if self.reference.is_none_or(|reference| get(reference, key).is_none()) {
            let message = format!("`{}` is read by the program but not described here", self.path(key));
            self.document.faults.borrow_mut().push(Fault::new(REFERENCE_FILE, 0, message));
        }
        self.table.and_then(|table| get(table, key))
    }

    fn read<T>(
        &self,
        key: &str,
        value: &'d Spanned<DeValue<'d>>,
        read: impl FnOnce(&Entry<'d>) -> Result<T, Wrong>,
    ) -> Option<T> {
        let Document { env, read_file, .. } = self.document;
        match read(&Entry { value: value.get_ref(), env, read_file }) {
            Ok(read) => Some(read),
            Err(wrong) => {
                self.fault(key, wrong);
                None
            }
        }
    }

    fn note(&self, offset: Option<usize>, key: &str, wrong: Wrong) {
        self.document.note(offset, format!("`{}` {}", self.path(key), wrong.message), wrong.help);
    }

    fn path(&self, key: &str) -> String {
        if self.name.is_empty() { key.to_owned() } else { format!("{}.{key}", self.name) }
    }

    /// How the reference writes a key.
    fn example(&self, key: &str) -> String {
        let value = self.reference.and_then(|table| get(table, key));
        let text = value.and_then(|value| REFERENCE_LIVE.get(value.span())).unwrap_or("…");
        format!("write `{key} = {text}` or the like; `balancebot check --print-default` explains every setting")
    }
}

fn get<'t, 'd>(table: &'t DeTable<'d>, key: &str) -> Option<&'t Spanned<DeValue<'d>>> {
    table.iter().find(|(name, _)| name.get_ref() == key).map(|(_, value)| value)
}

fn first_table<'t, 'd>(value: &'t Spanned<DeValue<'d>>) -> Option<&'t DeTable<'d>> {
    value.get_ref().as_array()?.iter().next()?.get_ref().as_table()
}

fn type_name(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "a string",
        DeValue::Integer(_) => "an integer",
        DeValue::Float(_) => "a decimal number",
        DeValue::Boolean(_) => "a boolean",
        DeValue::Datetime(_) => "a date",
        DeValue::Array(_) => "an array",
        DeValue::Table(_) => "a table",
    }
}

/// The known word that `written` was probably meant to be, or else all of them.
pub(super) fn suggestion(written: &str, known: &[&str]) -> String {
    let near = known.iter().map(|word| (strsim::damerau_levenshtein(written, word), word)).min();
    match near {
        Some((distance, word)) if distance <= 1 + word.len() / 4 => format!("did you mean `{word}`?"),
        _ => format!("known here: {}", known.join(", ")),
    }
}
