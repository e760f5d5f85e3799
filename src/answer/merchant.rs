//! Which merchants a person means: the typed words against the names on the person's own rows.

use crate::domain::transaction::Category;

/// What a shopping word turned out to be.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Meant {
    /// Merchants, by their names on the rows.
    Merchants(Vec<String>),
    /// A category of the product.
    Category(Category),
    /// Nothing on the person's rows.
    Nothing,
}

/// Whether typed words mean the words of a label.
type Test = fn(&[String], &[String]) -> bool;

/// Finds what `typed` means among the `labels` of the rows. The first of these that finds something decides: the
/// same name; all its words, each begun; the same letters but for one slip; a category's word.
pub(super) fn resolve<'a>(typed: &str, labels: impl Iterator<Item = &'a str>) -> Meant {
    let mut labels: Vec<&str> = labels.collect();
    labels.sort_unstable();
    labels.dedup();
    let typed = words(typed);
    if typed.is_empty() {
        return Meant::Nothing;
    }
    let tests: [Test; 3] = [is_same, is_begun, is_slip];
    for matches in tests {
        let found: Vec<String> =
            labels.iter().filter(|label| matches(&typed, &words(label))).map(|label| (*label).to_owned()).collect();
        if !found.is_empty() {
            return Meant::Merchants(found);
        }
    }
    match Category::parse(&typed.join(" ")) {
        Some(category) => Meant::Category(category),
        None => Meant::Nothing,
    }
}

/// Lower-case words of letters and digits. Apostrophes fall away, so that "joes" is "Joe's".
fn words(text: &str) -> Vec<String> {
    let plain: String = text.to_lowercase().chars().filter(|c| !matches!(c, '\'' | '’')).collect();
    plain.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

fn is_same(typed: &[String], label: &[String]) -> bool {
    typed.concat() == label.concat()
}

/// Each typed word begins a word of the label, in their order: "haven home", "bluebird", "green market".
fn is_begun(typed: &[String], label: &[String]) -> bool {
    let mut rest = label.iter();
    typed.iter().all(|word| word.chars().count() > 1 && rest.any(|other| other.starts_with(word.as_str())))
}

/// One slip of the finger in the whole name, or in words from its beginning. Short words are left alone: too many
/// of them are one slip apart.
fn is_slip(typed: &[String], label: &[String]) -> bool {
    let written = typed.concat();
    if written.chars().count() < 4 {
        return false;
    }
    (1..=label.len()).any(|count| strsim::osa_distance(&written, &label[..count].concat()) <= 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    const LABELS: [&str; 7] = [
        "Bluebird Coffee",
        "Haven Home",
        "Greenleaf Market",
        "Corner Foods",
        "Joe's Diner",
        "PRM*HOLDINGS 402",
        "Corner Books",
    ];

    fn found(typed: &str) -> Meant {
        resolve(typed, LABELS.into_iter())
    }

    fn one(name: &str) -> Meant {
        Meant::Merchants(vec![name.to_owned()])
    }

    #[test]
    fn names_are_found_as_people_type_them() {
        for typed in ["bluebird", "BLUEBIRD COFFEE", "bluebrid", "bluebirdcoffee", "blue bird coffee", "bluebird cofee"]
        {
            assert_eq!(found(typed), one("Bluebird Coffee"), "{typed}");
        }
        assert_eq!(found("haven home"), one("Haven Home"));
        assert_eq!(found("joes"), one("Joe's Diner"));
        assert_eq!(found("prm holdings"), one("PRM*HOLDINGS 402"));
        assert_eq!(found("corner"), Meant::Merchants(vec!["Corner Books".to_owned(), "Corner Foods".to_owned()]));
    }

    #[test]
    fn what_is_not_there_is_not_guessed() {
        assert_eq!(found("Groceries"), Meant::Category(Category::Groceries));
        for typed in ["starbucks", "x", "", "***", "hom"] {
            assert_eq!(found(typed), if typed == "hom" { one("Haven Home") } else { Meant::Nothing }, "{typed}");
        }
    }
}
