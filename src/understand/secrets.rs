//! Secrets that people type although nobody asked: they must be recognised before anything else looks at the text.

use super::tokens::{Kind, View};

/// Words that announce a secret.
const NAMES: &[&str] = &[
    "pin",
    "password",
    "passcode",
    "cvv",
    "cvc",
    "otp",
    "passwd",
    "tan",
    "passwort",
    "kennwort",
    "geheimzahl",
    "contraseña",
    "contrasena",
];

/// Words between a secret's name and the secret, in the languages that are read.
const SAYING: &[&str] = &["is", "=", ":", "'s", "es", "ist", "lautet"];

/// Why the text holds a secret, if it does.
pub(super) fn find(view: View<'_>) -> Option<&'static str> {
    if card_number(view) {
        return Some("a card number (Luhn)");
    }
    let words = view.0.iter().filter(|token| token.is_word()).count();
    let code = words == 1
        && view
            .0
            .iter()
            .any(|token| token.kind == Kind::Number && (6..=8).contains(&token.text.len()) && !is_date(&token.text));
    if code {
        return Some("a one-time code");
    }
    (0..view.len()).find_map(|at| announced(view, at))
}

/// `20261122` is a day, not a code.
fn is_date(digits: &str) -> bool {
    digits.len() == 8 && (digits.starts_with("19") || digits.starts_with("20"))
}

/// "my pin is 4431", "password: hunter2", "the code is 123 456".
fn announced(view: View<'_>, at: usize) -> Option<&'static str> {
    let name = view.text(at);
    let code = name == "code" && view.any(at.wrapping_sub(1), &["security", "my", "the", "access", "verification"]);
    if !(NAMES.contains(&name) || code) {
        return None;
    }
    let tail = view.skip(at + 1, &["number", "code"]);
    let said = view.any(tail, SAYING);
    let value = view.0.get(view.skip(tail, SAYING))?;
    let digits = value.kind == Kind::Number && (3..=8).contains(&value.text.len());
    let not_a_secret = [
        "not",
        "wrong",
        "blocked",
        "incorrect",
        "needed",
        "required",
        "it",
        "my",
        "the",
        "safe",
        "secure",
        "a",
        "to",
        "in",
        "locked",
        "broken",
        "expired",
    ];
    let word =
        said && name != "pin" && !code && value.kind == Kind::Word && !not_a_secret.contains(&value.text.as_str());
    (digits || word).then_some("a word for a secret, and then one")
}

/// 13 to 19 digits, perhaps in groups, that pass the check of ISO/IEC 7812.
fn card_number(view: View<'_>) -> bool {
    let mut run = String::new();
    let mut groups: Vec<usize> = Vec::new();
    for token in view.0 {
        match token.kind {
            Kind::Number => {
                run.push_str(&token.text);
                groups.push(token.text.len());
            }
            Kind::Symbol if matches!(token.text.as_str(), "-" | "." | "/") => {}
            _ => {
                if is_card(&run) && !are_dates(&groups) {
                    return true;
                }
                run.clear();
                groups.clear();
            }
        }
    }
    is_card(&run) && !are_dates(&groups)
}

/// Two whole dates in figures, "01.10.2026 - 15.10.2026": their digits may add up as those of a card.
fn are_dates(groups: &[usize]) -> bool {
    let year_last = |date: &[usize]| matches!(date, [1..=2, 1..=2, 4]);
    let year_first = |date: &[usize]| matches!(date, [4, 1..=2, 1..=2]);
    groups.len() == 6 && groups.chunks(3).all(|date| year_last(date) || year_first(date))
}

fn is_card(digits: &str) -> bool {
    if !(13..=19).contains(&digits.len()) || digits.bytes().all(|byte| byte == b'0') {
        return false;
    }
    let sum: u32 = digits
        .bytes()
        .rev()
        .enumerate()
        .map(|(place, byte)| {
            let digit = u32::from(byte - b'0') * if place % 2 == 1 { 2 } else { 1 };
            if digit > 9 { digit - 9 } else { digit }
        })
        .sum();
    sum.is_multiple_of(10)
}

#[cfg(test)]
mod tests {
    use super::super::tokens::tokenize;
    use super::*;

    #[test]
    fn secrets_are_seen_and_questions_about_them_are_not() {
        let secret = |text: &str| find(View(&tokenize(text))).is_some();
        assert!(secret("my pin is 4431") && secret("4111 1111 1111 1111") && secret("4111-1111-1111-1111"));
        assert!(secret("password: hunter2") && secret("483920"));
        assert!(secret("mein Passwort ist hunter2") && secret("mi contraseña es hunter2"));
        assert!(
            !secret("i forgot my pin")
                && !secret("my pin is not working")
                && !secret("4111 1111 1111 1112")
                && !secret("129.99")
        );
    }
}
