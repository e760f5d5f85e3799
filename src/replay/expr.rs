//! What must be said: strings and patterns, joined by `&` and `|`, matched on normalised text.

use std::fmt;

use regex::{Regex, RegexBuilder};
use unicode_normalization::UnicodeNormalization;

/// A condition on a reply.
#[derive(Clone, Debug)]
pub(super) enum Expr {
    /// Any one.
    Any(Vec<Expr>),
    /// All of them.
    All(Vec<Expr>),
    /// One string or pattern.
    Unit(Unit),
}

/// One string or pattern.
#[derive(Clone, Debug)]
pub(super) enum Unit {
    /// A string, normalised.
    Text(String),
    /// A pattern, as written and compiled.
    Pattern(String, Regex),
}

impl fmt::Display for Unit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => write!(f, "{text:?}"),
            Self::Pattern(source, _) => write!(f, "/{source}/"),
        }
    }
}

impl fmt::Display for Expr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let join = |parts: &[Self], with: &str, f: &mut fmt::Formatter<'_>| {
            for (nth, part) in parts.iter().enumerate() {
                if nth > 0 {
                    f.write_str(with)?;
                }
                match part {
                    Self::Any(_) if with == " & " => write!(f, "({part})")?,
                    part => write!(f, "{part}")?,
                }
            }
            Ok(())
        };
        match self {
            Self::Any(parts) => join(parts, " | ", f),
            Self::All(parts) => join(parts, " & ", f),
            Self::Unit(unit) => unit.fmt(f),
        }
    }
}

impl Expr {
    /// Reads an expression.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let mut scanner = Scanner { rest: text.trim() };
        let expr = scanner.any()?;
        match scanner.rest {
            "" => Ok(expr),
            rest => Err(format!("cannot read `{rest}`")),
        }
    }

    /// Whether normalised text satisfies it.
    pub(super) fn holds(&self, text: &str) -> bool {
        match self {
            Self::Any(parts) => parts.iter().any(|part| part.holds(text)),
            Self::All(parts) => parts.iter().all(|part| part.holds(text)),
            Self::Unit(unit) => unit.holds(text),
        }
    }

    /// The parts that are not satisfied, for messages: of several that must all hold, only those that do not.
    pub(super) fn unmet(&self, text: &str) -> String {
        match self {
            Self::All(parts) => {
                let unmet: Vec<String> =
                    parts.iter().filter(|part| !part.holds(text)).map(|part| part.unmet(text)).collect();
                unmet.join(" & ")
            }
            other => other.to_string(),
        }
    }
}

/// Reads a list of units joined by `&`: each is forbidden by itself.
pub(super) fn units(text: &str) -> Result<Vec<Unit>, String> {
    match Expr::parse(text)? {
        Expr::Unit(unit) => Ok(vec![unit]),
        Expr::All(parts) => parts
            .into_iter()
            .map(|part| match part {
                Expr::Unit(unit) => Ok(unit),
                _ => Err("only strings and patterns joined by & may be forbidden".to_owned()),
            })
            .collect(),
        Expr::Any(_) => Err("only strings and patterns joined by & may be forbidden".to_owned()),
    }
}

struct Scanner<'t> {
    rest: &'t str,
}

impl Scanner<'_> {
    fn skip(&mut self) {
        self.rest = self.rest.trim_start();
    }

    fn eat(&mut self, mark: char) -> bool {
        self.skip();
        let eaten = self.rest.strip_prefix(mark);
        self.rest = eaten.unwrap_or(self.rest);
        eaten.is_some()
    }

    fn any(&mut self) -> Result<Expr, String> {
        let mut parts = vec![self.all()?];
        while self.eat('|') {
            parts.push(self.all()?);
        }
        Ok(one_or(parts, Expr::Any))
    }

    fn all(&mut self) -> Result<Expr, String> {
        let mut parts = vec![self.unit()?];
        while self.eat('&') {
            parts.push(self.unit()?);
        }
        Ok(one_or(parts, Expr::All))
    }

    fn unit(&mut self) -> Result<Expr, String> {
        if self.eat('(') {
            let inner = self.any()?;
            return if self.eat(')') { Ok(inner) } else { Err("a bracket is not closed".to_owned()) };
        }
        if self.eat('"') {
            let text = unescape(self.until('"')?)?;
            return Ok(Expr::Unit(Unit::Text(normalise(&text, true))));
        }
        if self.eat('/') {
            let source = self.until('/')?.replace("\\/", "/");
            return Ok(Expr::Unit(Unit::pattern(&source)?));
        }
        Err(format!("expected a string, a /pattern/ or a bracket at `{}`", self.rest))
    }

    /// Everything up to an unescaped mark.
    fn until(&mut self, mark: char) -> Result<&str, String> {
        let mut escaped = false;
        for (at, c) in self.rest.char_indices() {
            if c == mark && !escaped {
                let (inside, rest) = self.rest.split_at(at);
                self.rest = &rest[mark.len_utf8()..];
                return Ok(inside);
            }
            escaped = c == '\\' && !escaped;
        }
        Err(format!("`{mark}` is not closed"))
    }
}

fn one_or(mut parts: Vec<Expr>, many: fn(Vec<Expr>) -> Expr) -> Expr {
    match parts.len() {
        1 => parts.remove(0),
        _ => many(parts),
    }
}

impl Unit {
    /// Compiles a pattern: RE2 style, without case, `^` and `$` at line ends.
    pub(super) fn pattern(source: &str) -> Result<Self, String> {
        let built = RegexBuilder::new(source).case_insensitive(true).multi_line(true).size_limit(1 << 20).build();
        built
            .map(|regex| Self::Pattern(source.to_owned(), regex))
            .map_err(|error| format!("bad pattern /{source}/: {error}"))
    }

    /// Whether normalised text (line breaks kept) has it.
    pub(super) fn holds(&self, text: &str) -> bool {
        match self {
            Self::Pattern(_, regex) => regex.is_match(text),
            Self::Text(wanted) => contains(&text.replace('\n', " "), wanted),
        }
    }
}

/// Whether `text` holds `wanted`; a string that begins or ends with a digit does not match inside a longer number.
fn contains(text: &str, wanted: &str) -> bool {
    if wanted.is_empty() {
        return true;
    }
    let starts_with_digit = wanted.starts_with(|c: char| c.is_ascii_digit());
    let ends_with_digit = wanted.ends_with(|c: char| c.is_ascii_digit());
    text.match_indices(wanted).any(|(at, found)| {
        let before = &text[..at];
        let after = &text[at + found.len()..];
        !(starts_with_digit && number_goes_on(before.chars().rev()) || ends_with_digit && number_goes_on(after.chars()))
    })
}

/// Whether a number goes on: a digit, or `.` or `,` and then a digit.
fn number_goes_on(mut chars: impl Iterator<Item = char>) -> bool {
    match chars.next() {
        Some(c) if c.is_ascii_digit() => true,
        Some('.' | ',') => chars.next().is_some_and(|c| c.is_ascii_digit()),
        _ => false,
    }
}

/// Makes text and strings comparable: NFC, one kind of space, quote and dash, no directional marks, lower case.
/// Line breaks are kept for patterns unless `flat`.
pub(super) fn normalise(text: &str, flat: bool) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.nfc() {
        let c = match c {
            '\u{A0}' | '\u{202F}' | '\u{2009}' => ' ',
            '\u{2019}' => '\'',
            '\u{2013}' | '\u{2014}' | '\u{2212}' | '\u{2011}' => '-',
            '\u{200E}' | '\u{200F}' | '\u{61C}' | '\u{2066}'..='\u{2069}' => continue,
            '\n' if flat => ' ',
            other => other,
        };
        if c == ' ' && out.ends_with(' ') {
            continue;
        }
        out.push(c);
    }
    out.to_lowercase()
}

/// Reads the escapes of texts and strings: `\n`, `\\`, `\[`, `\"`, `\u{202E}`.
pub(super) fn unescape(text: &str) -> Result<String, String> {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        if c != '\\' {
            out.push(c);
            continue;
        }
        match chars.next() {
            Some('n') => out.push('\n'),
            Some(c @ ('\\' | '[' | '"')) => out.push(c),
            Some('u') => {
                let code: String = chars.by_ref().skip_while(|c| *c == '{').take_while(|c| *c != '}').collect();
                let code = u32::from_str_radix(&code, 16).ok().and_then(char::from_u32);
                out.push(code.ok_or("bad escape \\u{…}")?);
            }
            other => return Err(format!("unknown escape `\\{}`", other.map(String::from).unwrap_or_default())),
        }
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn holds(expr: &str, text: &str) -> bool {
        Expr::parse(expr).expect("reads").holds(&normalise(text, false))
    }

    #[test]
    fn numbers_do_not_match_inside_longer_numbers() {
        for (expr, text, expected) in [
            ("\"20.00\"", "you spent 20.00", true),
            ("\"20.00\"", "120.00", false),
            ("\"20.00\"", "20.005", false),
            ("\"$5\"", "$5.25", false),
            ("\"$5\"", "$5.", true),
            ("\"4821\"", "••4821", true),
            ("\"$415.20\" & /owe[ds]?/", "you owe\n$415.20", true),
            ("\"a\" & (\"x\" | \"b\")", "a b", true),
            ("\"x\" | \"b\" & \"c\"", "b", false),
            ("/^total/", "one\nTOTAL", true),
            ("\"nov 1-22\"", "Nov\u{a0}1–22", true),
        ] {
            assert_eq!(holds(expr, text), expected, "{expr} in {text:?}");
        }
        assert!(Expr::parse("\"a\" &").is_err() && Expr::parse("\"a").is_err() && Expr::parse("/(/").is_err());
    }

    #[test]
    fn what_is_unmet_is_named_alone() {
        let expr = Expr::parse("\"a\" & (\"x\" | \"y\") & /z+/").expect("reads");
        assert_eq!(expr.unmet("a z"), "\"x\" | \"y\"");
    }
}
