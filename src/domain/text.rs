//! Text from banks and people is data. Before it is shown it is neutralised here, once, at the edge.

use unicode_normalization::UnicodeNormalization;
use unicode_segmentation::UnicodeSegmentation;

/// Longest name or text of a bank row that is shown, in grapheme clusters.
pub const LABEL_MAX: usize = 40;
/// Longest sentence of a bank that is shown, in grapheme clusters.
pub const SENTENCE_MAX: usize = 160;

/// Makes a bank's or person's text safe to show inside a sentence: NFC, one line, no control, bidirectional or
/// zero-width characters, nothing that a messenger would turn into a link, at most [`LABEL_MAX`] graphemes.
/// A long run of digits (nine or more, separated or not by blanks or hyphens) is cut to its last four.
pub fn label(raw: &str) -> String {
    quiet(raw, LABEL_MAX)
}

/// As [`label`], for a sentence of a bank's: at most [`SENTENCE_MAX`] graphemes.
pub fn sentence(raw: &str) -> String {
    quiet(raw, SENTENCE_MAX)
}

fn quiet(raw: &str, most: usize) -> String {
    let visible: String =
        raw.nfc().map(|c| if c.is_whitespace() { ' ' } else { c }).filter(|c| !is_hidden(*c)).collect();
    let one_line = visible.split(' ').filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ");
    let safe = mask_numbers(&unlink(&one_line));
    let mut clusters = safe.graphemes(true);
    let kept: String = clusters.by_ref().take(most).collect();
    if clusters.next().is_some() { format!("{}…", kept.trim_end()) } else { kept }
}

/// Characters that change how text looks without being seen.
fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FEFF}' | '\u{00AD}' | '\u{061C}' | '\u{180E}' | '\u{FFF9}'..='\u{FFFB}' | '\u{E0000}'..='\u{E007F}')
}

/// Breaks what a messenger would make a link of: a scheme, `www.`, and a dot between two name parts.
fn unlink(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let chars: Vec<char> = text.chars().collect();
    let mut at = 0;
    while at < chars.len() {
        if chars[at] == ':' && chars.get(at + 1) == Some(&'/') && chars.get(at + 2) == Some(&'/') {
            out.push(' ');
            at += 3;
            continue;
        }
        let between_names = chars[at] == '.'
            && at > 0
            && chars[at - 1].is_alphanumeric()
            && chars.get(at + 1).is_some_and(|next| next.is_alphabetic());
        out.push(if between_names { '\u{00B7}' } else { chars[at] });
        at += 1;
    }
    out
}

/// Cuts runs of nine or more digits to their last four.
fn mask_numbers(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    while at < chars.len() {
        if !chars[at].is_ascii_digit() {
            out.push(chars[at]);
            at += 1;
            continue;
        }
        let mut end = at;
        let mut digits = Vec::new();
        while end < chars.len() {
            let joins = matches!(chars[end], ' ' | '-') && chars.get(end + 1).is_some_and(char::is_ascii_digit);
            if chars[end].is_ascii_digit() {
                digits.push(chars[end]);
            } else if !joins {
                break;
            }
            end += 1;
        }
        if digits.len() >= 9 {
            out.push('…');
            out.extend(&digits[digits.len() - 4..]);
        } else {
            out.extend(&chars[at..end]);
        }
        at = end;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::label;

    #[test]
    fn hostile_names_become_plain_ones() {
        assert_eq!(label("Blue\u{202E}Cup \n\t Caf\u{0065}\u{0301}"), "BlueCup Café");
        assert_eq!(label("see https://evil.example/x now"), "see https evil·example/x now");
        assert_eq!(label("card 4111 1111 1111 1111 ok"), "card …1111 ok");
        assert_eq!(label("PRM*HOLDINGS 402"), "PRM*HOLDINGS 402");
        assert_eq!(label(&"x".repeat(50)), format!("{}…", "x".repeat(40)));
    }
}
