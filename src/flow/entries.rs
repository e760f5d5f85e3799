//! Reads the entries of one file of texts: which values each uses, and where it stands.

use std::collections::{BTreeMap, BTreeSet};

use fluent_bundle::FluentResource;
use fluent_syntax::ast;

use crate::domain::fault::{Fault, Source};

/// One text of a file.
#[derive(Debug)]
pub(super) struct Entry {
    /// The values that it uses, those of the texts it refers to included.
    pub(super) values: BTreeSet<String>,
    /// The line (from 1) that it begins in.
    pub(super) line: usize,
}

/// Every text by its id; or what is wrong with them.
pub(super) fn read(file: &Source, resource: &FluentResource) -> Result<BTreeMap<String, Entry>, Vec<Fault>> {
    let mut faults = Vec::new();
    let mut found: BTreeMap<String, Found> = BTreeMap::new();
    for entry in resource.entries() {
        let (id, value) = match entry {
            ast::Entry::Message(message) => (message.id.name.to_owned(), message.value.as_ref()),
            ast::Entry::Term(term) => (format!("-{}", term.id.name), Some(&term.value)),
            _ => continue,
        };
        let mut here = Found::default();
        value.into_iter().for_each(|pattern| here.pattern(pattern));
        if value.is_none() {
            faults.push(Fault::new(&file.path, line_of_nth(&file.text, &id, 1), format!("`{id}` has no text")));
        }
        if found.insert(id.clone(), here).is_some() {
            let line = line_of_nth(&file.text, &id, 2);
            let first = line_of_nth(&file.text, &id, 1);
            faults.push(Fault::new(&file.path, line, format!("`{id}` is already in line {first}")));
        }
    }
    for (id, here) in &found {
        for other in here.texts.iter().filter(|other| !found.contains_key(*other)) {
            let line = line_of_nth(&file.text, id, 1);
            faults.push(Fault::new(&file.path, line, format!("`{id}` refers to `{other}`, which is not here")));
        }
    }
    if !faults.is_empty() {
        return Err(faults);
    }
    let ids = found.keys().filter(|id| !id.starts_with('-'));
    let entry = |id: &str| Entry { values: all_values(id, &found), line: line_of_nth(&file.text, id, 1) };
    Ok(ids.map(|id| (id.clone(), entry(id))).collect())
}

/// What a text mentions.
#[derive(Default)]
struct Found {
    values: BTreeSet<String>,
    texts: BTreeSet<String>,
}

impl Found {
    fn pattern(&mut self, pattern: &ast::Pattern<&str>) {
        for element in &pattern.elements {
            if let ast::PatternElement::Placeable { expression } = element {
                self.expression(expression);
            }
        }
    }

    fn expression(&mut self, expression: &ast::Expression<&str>) {
        match expression {
            ast::Expression::Inline(inline) => self.inline(inline),
            ast::Expression::Select { selector, variants } => {
                self.inline(selector);
                variants.iter().for_each(|variant| self.pattern(&variant.value));
            }
        }
    }

    fn inline(&mut self, inline: &ast::InlineExpression<&str>) {
        match inline {
            ast::InlineExpression::VariableReference { id } => {
                self.values.insert(id.name.to_owned());
            }
            ast::InlineExpression::MessageReference { id, .. } => {
                self.texts.insert(id.name.to_owned());
            }
            ast::InlineExpression::TermReference { id, .. } => {
                self.texts.insert(format!("-{}", id.name));
            }
            ast::InlineExpression::FunctionReference { arguments, .. } => {
                arguments.positional.iter().for_each(|argument| self.inline(argument));
            }
            ast::InlineExpression::Placeable { expression } => self.expression(expression),
            ast::InlineExpression::StringLiteral { .. } | ast::InlineExpression::NumberLiteral { .. } => {}
        }
    }
}

fn all_values(id: &str, found: &BTreeMap<String, Found>) -> BTreeSet<String> {
    let mut values = BTreeSet::new();
    let mut seen = BTreeSet::new();
    let mut open = vec![id];
    while let Some(id) = open.pop() {
        let Some(here) = found.get(id).filter(|_| seen.insert(id)) else { continue };
        values.extend(here.values.iter().cloned());
        open.extend(here.texts.iter().map(String::as_str));
    }
    values
}

/// The line (from 1) in which `id` is defined for the `nth` time; 0 when it is not.
fn line_of_nth(text: &str, id: &str, nth: usize) -> usize {
    let defines = |line: &str| line.strip_prefix(id).is_some_and(|rest| rest.trim_start().starts_with('='));
    text.lines().enumerate().filter(|(_, line)| defines(line)).nth(nth - 1).map_or(0, |(at, _)| at + 1)
}
