//! Numbers in digits and in words, as dates and counts use them.

use super::tokens::View;

const UNITS: [&str; 20] = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
];
const TENS: [&str; 10] = ["", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"];
const ORDINALS: [&str; 20] = [
    "zeroth",
    "first",
    "second",
    "third",
    "fourth",
    "fifth",
    "sixth",
    "seventh",
    "eighth",
    "ninth",
    "tenth",
    "eleventh",
    "twelfth",
    "thirteenth",
    "fourteenth",
    "fifteenth",
    "sixteenth",
    "seventeenth",
    "eighteenth",
    "nineteenth",
];

fn place(words: &[&str], word: &str) -> Option<i64> {
    if word.is_empty() {
        return None;
    }
    words.iter().position(|known| *known == word).and_then(|at| i64::try_from(at).ok())
}

/// `twenty`, and where the next word of the number stands (a hyphen may join it).
fn tens(view: View<'_>, at: usize) -> Option<(i64, usize)> {
    let tens = place(&TENS, view.text(at))?;
    let joined = view.is(at + 1, "-") && view.glued(at + 1);
    Some((tens * 10, if joined { at + 2 } else { at + 1 }))
}

/// A number from 0 to 99 in words.
pub(super) fn in_words(view: View<'_>, at: usize) -> Option<(i64, usize)> {
    if let Some((tens, next)) = tens(view, at) {
        return match place(&UNITS[..10], view.text(next)).filter(|unit| *unit > 0) {
            Some(unit) => Some((tens + unit, next + 1)),
            None => Some((tens, at + 1)),
        };
    }
    place(&UNITS, view.text(at)).map(|number| (number, at + 1))
}

/// A whole number in words up to the millions: `a hundred`, `one hundred and fifty`, `two thousand five hundred`.
pub(super) fn large(view: View<'_>, at: usize) -> Option<(i64, usize)> {
    let hundreds = |at: usize| -> Option<(i64, usize)> {
        let one = view.any(at, &["a", "an"]) && view.any(at + 1, &["hundred", "thousand", "million"]);
        let (mut number, mut next) = if one { (1, at + 1) } else { in_words(view, at)? };
        if view.is(next, "hundred") {
            number *= 100;
            next += 1;
            if let Some((rest, end)) = in_words(view, view.skip(next, &["and"])) {
                (number, next) = (number + rest, end);
            }
        }
        Some((number, next))
    };
    let (mut number, mut next) = hundreds(at)?;
    for (word, scale) in [("million", 1_000_000), ("thousand", 1_000)] {
        if view.is(next, word) {
            number = number.checked_mul(scale)?;
            next += 1;
            if let Some((rest, end)) = hundreds(view.skip(next, &["and"])) {
                (number, next) = (number + rest, end);
            }
        }
    }
    Some((number, next))
}

/// Every word that is part of a number or of an ordinal.
pub(super) fn words() -> impl Iterator<Item = &'static str> {
    let named = [&UNITS[..], &TENS, &ORDINALS].into_iter().flatten().copied().filter(|word| !word.is_empty());
    named.chain(["twentieth", "thirtieth", "hundred", "thousand"])
}

/// A count in digits or words: `3`, `three`, `a`, `a couple of`, `a few`, `several` (three).
pub(super) fn count(view: View<'_>, at: usize) -> Option<(i64, usize)> {
    if let Some(number) = view.number(at) {
        return Some((number, at + 1));
    }
    let after_article = view.skip(at, &["a"]);
    match view.text(after_article) {
        "couple" => return Some((2, view.skip(after_article + 1, &["of"]))),
        "few" | "several" => return Some((3, after_article + 1)),
        "dozen" => return Some((12, after_article + 1)),
        _ => {}
    }
    in_words(view, at)
}

/// An ordinal: `1st`, `21 st`, `first`, `twenty-first`, `thirtieth`.
pub(super) fn ordinal(view: View<'_>, at: usize) -> Option<(i64, usize)> {
    if let Some(number) = view.number(at) {
        return view.any(at + 1, &["st", "nd", "rd", "th"]).then_some((number, at + 2));
    }
    match view.text(at) {
        "twentieth" => return Some((20, at + 1)),
        "thirtieth" => return Some((30, at + 1)),
        _ => {}
    }
    if let Some((tens, next)) = tens(view, at) {
        return place(&ORDINALS[..10], view.text(next)).filter(|unit| *unit > 0).map(|unit| (tens + unit, next + 1));
    }
    place(&ORDINALS, view.text(at)).filter(|number| *number > 0).map(|number| (number, at + 1))
}

/// A year in words: `nineteen seventy eight`, `nineteen hundred ninety three`, `two thousand [and] ten`.
pub(super) fn year_in_words(view: View<'_>, at: usize) -> Option<(i64, usize)> {
    let (head, next) = in_words(view, at)?;
    if head == 2 && view.is(next, "thousand") {
        let tail_at = view.skip(next + 1, &["and"]);
        let (tail, end) = in_words(view, tail_at).unwrap_or((0, next + 1));
        return Some((2000 + tail, end));
    }
    if !(15..=20).contains(&head) {
        return None;
    }
    let hundred = view.is(next, "hundred");
    let tail_at = if hundred { view.skip(next + 1, &["and"]) } else { next };
    if view.any(tail_at, &["zero", "oh"]) {
        let (unit, end) = in_words(view, tail_at + 1)?;
        return Some((head * 100 + unit, end));
    }
    match in_words(view, tail_at) {
        Some((tail, end)) if tail >= 10 || hundred => Some((head * 100 + tail, end)),
        _ => hundred.then_some((head * 100, next + 1)),
    }
}

#[cfg(test)]
mod tests {
    use super::super::tokens::tokenize;
    use super::*;

    #[test]
    fn numbers_are_read_in_digits_and_words() {
        let read = |text: &str| {
            let tokens = tokenize(text);
            let view = View(&tokens);
            (ordinal(view, 0), count(view, 0), year_in_words(view, 0))
        };
        assert_eq!(read("twenty-first").0, Some((21, 3)));
        assert_eq!(read("3rd").0, Some((3, 2)));
        assert_eq!(read("a couple of").1, Some((2, 3)));
        assert_eq!(read("thirty one").1, Some((31, 2)));
        assert_eq!(read("nineteen seventy eight").2, Some((1978, 3)));
        assert_eq!(read("two thousand ten").2, Some((2010, 3)));
        assert_eq!(read("stuff"), (None, None, None));
    }
}
