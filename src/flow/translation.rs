//! Whether every language says what English says: the same texts with the same values, and titles that fit.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::domain::{
    fault::Fault,
    say::{Arg, Say},
};
use crate::flow::check::TITLE_MAX;
use crate::flow::texts::{LAST_RESORT, Reader, Texts};

/// Longest greeting of a page, in characters (Messenger's limit).
const GREETING_MAX: usize = 160;

/// Everything by which a language falls short of English, each with its file and line: what is to be translated stands
/// in the English file, what is wrong in the file of the language.
pub(super) fn check(texts: &Texts) -> Vec<Fault> {
    let mut faults = Vec::new();
    for locale in texts.locales().iter().filter(|locale| *locale != LAST_RESORT) {
        missing(texts, locale, &mut faults);
        different(texts, locale, &mut faults);
    }
    for locale in texts.locales() {
        too_long(texts, &locale, &mut faults);
    }
    faults
}

/// Texts that English has and the language has not. The file of a region (`en-GB`) may leave out what its language says.
fn missing(texts: &Texts, locale: &str, faults: &mut Vec<Fault>) {
    let Some((path, english)) = texts.file(LAST_RESORT) else { return };
    if locale.contains('-') {
        return;
    }
    for (id, entry) in english.iter().filter(|(id, _)| !texts.has(locale, id)) {
        faults.push(Fault::new(path, entry.line, format!("the text `{id}` is missing in {locale}")));
    }
}

/// Texts that English does not have, and those that use other values than the English ones.
fn different(texts: &Texts, locale: &str, faults: &mut Vec<Fault>) {
    let (Some((_, english)), Some((path, own))) = (texts.file(LAST_RESORT), texts.file(locale)) else { return };
    for (id, entry) in own {
        let Some(measure) = english.get(id) else {
            faults.push(Fault::new(path, entry.line, format!("English has no text `{id}`")));
            continue;
        };
        for value in entry.values.difference(&measure.values) {
            faults.push(Fault::new(path, entry.line, format!("`{id}` uses `{{ ${value} }}`, which English does not")));
        }
        for value in measure.values.difference(&entry.values) {
            faults.push(Fault::new(
                path,
                entry.line,
                format!("`{id}` leaves out `{{ ${value} }}`, which English says"),
            ));
        }
    }
}

/// Titles that no button takes, and a greeting that no page takes. A name within a title is cut where it is too long; a
/// count of three digits must fit.
fn too_long(texts: &Texts, locale: &str, faults: &mut Vec<Fault>) {
    let Some((path, own)) = texts.file(locale) else { return };
    let now = Timestamp::UNIX_EPOCH.to_zoned(TimeZone::UTC);
    for (id, entry) in own {
        let most = match id.as_str() {
            "page-greeting" => GREETING_MAX,
            id if id.starts_with("title-") => TITLE_MAX,
            _ => continue,
        };
        let say = entry.values.iter().fold(Say::new(id), |say, value| match value.as_str() {
            "count" => say.with("count", Arg::Count(100)),
            name => say.with(name, ""),
        });
        let length = texts.render(&say, &Reader { locale, now: &now, masked: false }).chars().count();
        if length > most {
            faults.push(Fault::new(path, entry.line, format!("`{id}` has {length} characters; at most {most} fit")));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::fault::Source;

    fn told(files: &[(&str, &str)]) -> String {
        let source = |(path, text): &(&str, &str)| Source { path: format!("texts/{path}"), text: (*text).to_owned() };
        let files: Vec<Source> = files.iter().map(source).collect();
        let texts = Texts::load(&files).unwrap_or_else(|faults| panic!("{faults:?}"));
        let mut faults = check(&texts);
        faults.sort();
        faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn every_text_that_a_language_lacks_is_told_at_once_and_where() {
        let english = "a = A\nb = B { $x }\nc = C\ntitle-d = D\n";
        let german = "b = B { $y }\ntitle-d = Dieser Titel ist viel zu lang\nextra = E\n";
        insta::assert_snapshot!(told(&[("en.ftl", english), ("de.ftl", german)]), @r"
        texts/de.ftl:1: `b` leaves out `{ $x }`, which English says
        texts/de.ftl:1: `b` uses `{ $y }`, which English does not
        texts/de.ftl:2: `title-d` has 29 characters; at most 20 fit
        texts/de.ftl:3: English has no text `extra`
        texts/en.ftl:1: the text `a` is missing in de
        texts/en.ftl:3: the text `c` is missing in de
        ");
    }

    #[test]
    fn the_file_of_a_region_says_only_what_differs() {
        let english = "a = color\nb = B { $x }\n";
        assert_eq!(told(&[("en.ftl", english), ("en-GB.ftl", "a = colour\n")]), "");
        let other = told(&[("en.ftl", english), ("en-GB.ftl", "b = B\n")]);
        assert_eq!(other, "texts/en-GB.ftl:1: `b` leaves out `{ $x }`, which English says");
    }

    #[test]
    fn counts_of_three_digits_fit_on_a_title_and_the_greeting_on_a_page() {
        let long = format!("page-greeting = {}\ntitle-see = Show all the {{ $count }} of it\n", "x".repeat(161));
        insta::assert_snapshot!(told(&[("en.ftl", &long)]), @r"
        texts/en.ftl:1: `page-greeting` has 161 characters; at most 160 fit
        texts/en.ftl:2: `title-see` has 22 characters; at most 20 fit
        ");
    }
}
