//! Normalising: a text becomes tokens that the grammars read, each knowing which characters it came from.

use unicode_normalization::UnicodeNormalization;
use unicode_segmentation::UnicodeSegmentation;

use super::effort;

/// Longest text that is read, in grapheme clusters; what follows is ignored. Messenger itself stops at 2,000 characters.
const READ_MAX: usize = 2_000;

/// Most characters of one cluster that are read. No letter has more marks (Unicode's stream-safe format allows 30).
const CLUSTER_MAX: usize = 32;

/// Room for the letters of most words, so that they are taken up at once.
const LETTERS: usize = 16;

/// So many characters a token has at least mostly, with the blank before it.
const LETTERS_MOSTLY: usize = 3;

/// What a token is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Letters, with apostrophes inside.
    Word,
    /// ASCII digits.
    Number,
    /// One other visible character: punctuation, a currency sign, an emoji.
    Symbol,
}

/// The smallest thing a grammar looks at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Token {
    /// Normalised: NFKC, lower case, straight quotes, repaired spelling.
    pub(super) text: String,
    /// What it is made of.
    pub(super) kind: Kind,
    /// First character in the text as typed, counted in Unicode characters.
    pub(super) from: usize,
    /// One past the last.
    pub(super) to: usize,
    /// Whether no blank stands before it.
    pub(super) glued: bool,
}

impl Token {
    /// Whether this is a word or number, so that it may carry meaning.
    pub(super) fn is_word(&self) -> bool {
        self.kind != Kind::Symbol
    }
}

/// Looking at tokens by place; outside of the text everything is the empty word.
#[derive(Clone, Copy, Debug)]
pub(super) struct View<'a>(pub(super) &'a [Token]);

impl<'a> View<'a> {
    /// The token's text, or nothing past the end.
    #[inline]
    pub(super) fn text(self, at: usize) -> &'a str {
        effort::look();
        self.0.get(at).map_or("", |token| token.text.as_str())
    }

    /// Whether the token is this text.
    #[inline]
    pub(super) fn is(self, at: usize, text: &str) -> bool {
        same(self.text(at), text)
    }

    /// Whether the token is one of these texts.
    #[inline]
    pub(super) fn any(self, at: usize, texts: &[&str]) -> bool {
        let text = self.text(at);
        !text.is_empty() && texts.iter().any(|word| same(text, word))
    }

    /// Whether the token follows the one before without a blank.
    #[inline]
    pub(super) fn glued(self, at: usize) -> bool {
        effort::look();
        self.0.get(at).is_some_and(|token| token.glued)
    }

    /// The place after the token if it is one of these texts, else the same place.
    #[inline]
    pub(super) fn skip(self, at: usize, texts: &[&str]) -> usize {
        if self.any(at, texts) { at + 1 } else { at }
    }

    /// The place after this sequence of words, if it stands here.
    #[inline]
    pub(super) fn after(self, at: usize, words: &[&str]) -> Option<usize> {
        words.iter().enumerate().all(|(i, word)| self.is(at + i, word)).then_some(at + words.len())
    }

    /// The digits of a number token.
    #[inline]
    pub(super) fn digits(self, at: usize) -> Option<&'a str> {
        effort::look();
        self.0.get(at).filter(|token| token.kind == Kind::Number).map(|token| token.text.as_str())
    }

    /// A number token's value, when it is small enough for a count or a date.
    pub(super) fn number(self, at: usize) -> Option<i64> {
        self.digits(at).filter(|digits| digits.len() <= 9).and_then(|digits| digits.parse().ok())
    }

    /// How many tokens there are.
    #[inline]
    pub(super) fn len(self) -> usize {
        self.0.len()
    }
}

/// Whether two words are the same. Most differ in length or in their first letter, which needs no call to compare.
#[inline]
fn same(a: &str, b: &str) -> bool {
    a.len() == b.len() && a.as_bytes().first() == b.as_bytes().first() && a == b
}

/// Whether a mark opens a Spanish question or call. What counts is how it begins: "¿y ayer?" begins with "y".
fn opens(c: char) -> bool {
    matches!(c, '¿' | '¡')
}

/// Splits a text into tokens. Linear in the length of the text.
pub(super) fn tokenize(text: &str) -> Vec<Token> {
    let mut tokens = plain(text).unwrap_or_else(|| composed(text));
    if tokens.iter().any(|token| token.text.contains('\'')) {
        let whole = std::mem::take(&mut tokens);
        tokens.reserve(whole.len() + 1);
        whole.into_iter().for_each(|token| split_possessive(token, &mut tokens));
    }
    tokens
}

/// The tokens of a text that is all ASCII and blanks, as most are: each run of letters or of digits is taken at once.
fn plain(text: &str) -> Option<Vec<Token>> {
    let strange = |byte: &u8| !byte.is_ascii() || (byte.is_ascii_control() && !matches!(byte, b'\n' | b'\t'));
    let bytes = text.as_bytes();
    if bytes.iter().any(strange) {
        return None;
    }
    let text = text.get(..READ_MAX).unwrap_or(text);
    let mut tokens = Vec::with_capacity(text.len() / LETTERS_MOSTLY + 1);
    let (mut from, mut glued) = (0, false);
    while let Some((first, rest)) = text.as_bytes().get(from..).and_then(<[u8]>::split_first) {
        if first.is_ascii_whitespace() {
            (from, glued) = (from + 1, false);
            continue;
        }
        let run = |more: fn(&u8) -> bool| from + 1 + rest.iter().take_while(|byte| more(byte)).count();
        let (kind, to) = match first {
            b'a'..=b'z' | b'A'..=b'Z' => (Kind::Word, run(|byte| byte.is_ascii_alphabetic() || *byte == b'\'')),
            b'0'..=b'9' => (Kind::Number, run(u8::is_ascii_digit)),
            _ => (Kind::Symbol, from + 1),
        };
        tokens.push(Token { text: text.get(from..to)?.to_ascii_lowercase(), kind, from, to, glued });
        (from, glued) = (to, true);
    }
    Some(tokens)
}

/// The tokens of any text, character by character.
fn composed(text: &str) -> Vec<Token> {
    let mut tokens: Vec<Token> = Vec::new();
    let mut at = 0;
    let mut glued = false;
    for cluster in text.graphemes(true).take(READ_MAX) {
        let mut see = |c: char, to: usize| match kind_of(c, tokens.last().filter(|_| glued)) {
            Some(kind) => {
                push(&mut tokens, c, Token { text: String::new(), kind, from: at, to, glued });
                glued = true;
            }
            None if c.is_whitespace() || opens(c) => glued = false,
            None => {}
        };
        if let [byte] = cluster.as_bytes() {
            see(char::from(byte.to_ascii_lowercase()), at + 1);
            at += 1;
            continue;
        }
        let to = at + cluster.chars().count();
        normal(cluster).for_each(|c| see(c, to));
        at = to;
    }
    tokens
}

/// A cluster's characters: NFKC, lower case, one kind of quote and dash.
fn normal(cluster: &str) -> impl Iterator<Item = char> {
    let straight = |c| match c {
        '\u{2018}' | '\u{2019}' | '\u{02BC}' | '\u{00B4}' | '`' => '\'',
        '\u{201C}' | '\u{201D}' | '\u{00AB}' | '\u{00BB}' => '"',
        '\u{2010}'..='\u{2015}' | '\u{2212}' => '-',
        other => other,
    };
    cluster.chars().take(CLUSTER_MAX).map(straight).nfkc().flat_map(char::to_lowercase)
}

/// What a character makes, given the token it touches; `None` for what is not seen.
fn kind_of(c: char, before: Option<&Token>) -> Option<Kind> {
    let in_word = before.is_some_and(|token| token.kind == Kind::Word);
    match c {
        _ if c.is_whitespace() || c.is_control() || opens(c) => None,
        '0'..='9' => Some(Kind::Number),
        '\'' if in_word => Some(Kind::Word),
        _ if c.is_alphabetic() => Some(Kind::Word),
        // Marks belong to the letter before them; variation selectors and joiners to nothing we read.
        _ if unicode_normalization::char::is_combining_mark(c) => in_word.then_some(Kind::Word),
        '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FEFF}' | '\u{FE0E}' => None,
        _ => Some(Kind::Symbol),
    }
}

/// Adds a character to the last token if it continues it, else as a new one.
fn push(tokens: &mut Vec<Token>, c: char, next: Token) {
    match tokens.last_mut() {
        Some(last) if next.glued && last.kind == next.kind && next.kind != Kind::Symbol => {
            last.text.push(c);
            last.to = next.to;
        }
        _ => {
            let mut text = String::with_capacity(LETTERS);
            text.push(c);
            tokens.push(Token { text, ..next });
        }
    }
}

/// `month's` becomes `month` and `'s`; an apostrophe at the end of a word is dropped.
fn split_possessive(mut token: Token, out: &mut Vec<Token>) {
    let quoted = token.kind == Kind::Word && token.text.contains('\'');
    while quoted && token.text.ends_with('\'') {
        token.text.pop();
        token.to = token.to.saturating_sub(1).max(token.from);
    }
    let owner = token.text.strip_suffix("'s").filter(|owner| quoted && !owner.is_empty()).map(str::len);
    let Some(letters) = owner else { return out.push(token) };
    let cut = token.to.saturating_sub(2).max(token.from);
    let tail = Token { text: "'s".to_owned(), kind: Kind::Word, from: cut, to: token.to, glued: true };
    token.text.truncate(letters);
    token.to = cut;
    out.extend([token, tail]);
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn texts(text: &str) -> Vec<String> {
        tokenize(text).into_iter().map(|token| token.text).collect()
    }

    #[test]
    fn tokens_are_normal_and_know_their_characters() {
        assert_eq!(texts("What\u{2019}s my \u{ff22}al?"), ["what", "'s", "my", "bal", "?"]);
        assert_eq!(texts("$1,204.90 nov 1\u{2013}15"), ["$", "1", ",", "204", ".", "90", "nov", "1", "-", "15"]);
        assert_eq!(texts("\u{1F4B0}\u{2753}"), ["\u{1F4B0}", "\u{2753}"]);
        let tokens = tokenize("Cafe\u{301} q3");
        assert_eq!((tokens[0].text.as_str(), tokens[0].from, tokens[0].to), ("caf\u{e9}", 0, 5));
        assert_eq!((tokens[1].text.as_str(), tokens[2].glued, tokens[2].from), ("q", true, 7));
    }

    proptest! {
        #[test]
        fn plain_texts_are_cut_as_any_text_is(text in r"[ -~\n\t]{0,60}") {
            prop_assert_eq!(plain(&text), Some(composed(&text)));
        }
    }
}
