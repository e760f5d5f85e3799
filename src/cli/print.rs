//! What verbs print: colours on a terminal only, columns that line up, failures with what to do about them.

use std::fmt::Write as _;
use std::io::Write as _;
use std::time::Duration;

use anstyle::{AnsiColor, Style};
use indicatif::ProgressBar;

use crate::cli::failure::Failure;
use crate::domain::fault::Fault;

/// Something is right, or is added.
pub const GOOD: Style = AnsiColor::Green.on_default();
/// Something is wrong, or is taken away.
pub const BAD: Style = AnsiColor::Red.on_default();
/// Advice.
pub const HELP: Style = AnsiColor::Cyan.on_default();
/// Headings.
pub const HEAD: Style = Style::new().bold();

/// Puts text into a style. The streams here take the style out again where there is no terminal.
pub fn styled(style: Style, text: &str) -> String {
    format!("{style}{text}{style:#}")
}

/// Prints to standard output. A reader that has gone away is not an error.
pub fn out(text: &str) {
    let mut stream = anstream::stdout().lock();
    let _ = stream.write_all(text.as_bytes()).and_then(|()| stream.flush());
}

/// Says on standard error why a verb failed.
pub fn failure(failure: &Failure) {
    let mut stream = anstream::stderr().lock();
    let _ = stream.write_all(describe(failure).as_bytes());
}

/// Says something on standard error that is no failure.
pub fn note(text: &str) {
    let mut stream = anstream::stderr().lock();
    let _ = writeln!(stream, "{text}");
}

/// The words of a failure: `error:`, the place, `help:`.
pub fn describe(failure: &Failure) -> String {
    match failure {
        Failure::Usage { message, help } | Failure::Failed { message, help } => {
            let mut text = format!("{} {message}\n", styled(BAD.bold(), "error:"));
            advise(&mut text, help.as_deref());
            text
        }
        Failure::Faults(faults) => self::faults(faults),
        Failure::Told | Failure::ToldFaults => String::new(),
    }
}

/// Every fault with its place and advice, and how many there are.
pub fn faults(faults: &[Fault]) -> String {
    let mut text = String::new();
    for Fault { file, line, message, help } in faults {
        let place = if *line == 0 { file.clone() } else { format!("{file}:{line}") };
        // Writing to a String cannot fail.
        let _ = writeln!(text, "{} {message}\n  --> {place}", styled(BAD.bold(), "error:"));
        advise(&mut text, help.as_deref());
        text.push('\n');
    }
    let many = if faults.len() == 1 { "1 problem".to_owned() } else { format!("{} problems", faults.len()) };
    text + &many + "\n"
}

fn advise(text: &mut String, help: Option<&str>) {
    if let Some(help) = help {
        let _ = writeln!(text, "  {} {help}", styled(HELP, "help:"));
    }
}

/// A sign of life on standard error while something takes its time; nothing where that is no terminal.
pub fn waiting(what: &str) -> ProgressBar {
    let bar = ProgressBar::new_spinner().with_message(what.to_owned());
    bar.enable_steady_tick(Duration::from_millis(100));
    bar
}

/// Progress over a known number of steps on standard error; nothing where that is no terminal.
pub fn progress(steps: u64) -> ProgressBar {
    ProgressBar::new(steps)
}

/// Rows in columns under headings, two blanks apart. Columns of `right` stand at the right.
pub fn table(headings: &[&str], rows: &[Vec<String>], right: &[usize]) -> String {
    let width_of = |at: usize| {
        let cells = rows.iter().filter_map(|row| row.get(at)).map(|cell| cell.chars().count());
        cells.chain(headings.get(at).map(|heading| heading.chars().count())).max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..headings.len()).map(width_of).collect();
    let line = |cells: &[String]| {
        let mut text = String::new();
        for (at, (cell, width)) in cells.iter().zip(&widths).enumerate() {
            let gap = if at == 0 { "" } else { "  " };
            let _ = match right.contains(&at) {
                true => write!(text, "{gap}{cell:>width$}"),
                false => write!(text, "{gap}{cell:<width$}"),
            };
        }
        text.trim_end().to_owned()
    };
    let headings: Vec<String> = headings.iter().map(|&heading| heading.to_owned()).collect();
    let mut text = styled(HEAD, &line(&headings)) + "\n";
    for row in rows {
        text += &(line(row) + "\n");
    }
    text
}

/// JSON as people read it, with a newline at the end.
pub fn json(value: &impl serde::Serialize) -> String {
    // Only maps with keys that are no text cannot be written, and there are none.
    serde_json::to_string_pretty(value).unwrap_or_default() + "\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_names_the_place_and_what_to_do() {
        let fault = Fault::new("bot.toml", 7, "`store.key` is missing").help("make one");
        let text = anstream::adapter::strip_str(&faults(&[fault, Fault::new("bot.toml", 0, "empty")])).to_string();
        let wanted = "error: `store.key` is missing\n  --> bot.toml:7\n  help: make one\n\n\
                      error: empty\n  --> bot.toml\n\n2 problems\n";
        assert_eq!(text, wanted);
    }

    #[test]
    fn columns_line_up() {
        let rows = [vec!["a".to_owned(), "1.00".to_owned()], vec!["long".to_owned(), "-20.00".to_owned()]];
        let text = anstream::adapter::strip_str(&table(&["name", "sum"], &rows, &[1])).to_string();
        assert_eq!(text, "name     sum\na       1.00\nlong  -20.00\n");
    }
}
