//! Which language a text is in: the one that knows most of its words; in doubt the person's own, then English.

use super::tokens::{Kind, Token};
use super::{Language, dates};

/// The place of the text's language in `languages`. The first of them is the language of last resort.
pub(super) fn of(languages: &[Language], tokens: &[Token], locale: &str) -> usize {
    let own = locale.split(['-', '_']).next().unwrap_or_default();
    let words = || tokens.iter().filter(|token| token.kind == Kind::Word);
    let all = words().count();
    let mut best = (0, 0);
    for (place, language) in languages.iter().enumerate() {
        let known = words().filter(|token| knows(language, &token.text)).count();
        // As many words as others know are enough for one's own language; another must know two more, or them all.
        let score = match language.words.language == own {
            true => 2 * known + 1,
            false if place == 0 || known == all => 2 * known,
            false => (2 * known).saturating_sub(3),
        };
        if place == 0 || score > best.0 {
            best = (score, place);
        }
    }
    best.1
}

/// The place of the language that a text is clearly in: it knows two words more than any other, or it alone knows any,
/// and at least every second one. Names and words that languages share ("total", "no") make nothing clear.
pub(super) fn clear(languages: &[Language], tokens: &[Token]) -> Option<usize> {
    let words: Vec<&str> = tokens.iter().filter(|token| token.kind == Kind::Word).map(|token| &*token.text).collect();
    let known = |language: &Language| words.iter().filter(|word| knows(language, word)).count();
    let mut counts: Vec<(usize, usize)> =
        languages.iter().enumerate().map(|(place, language)| (known(language), place)).collect();
    counts.sort_unstable_by(|a, b| b.cmp(a));
    let (most, place) = *counts.first()?;
    let next = counts.get(1).map_or(0, |(known, _)| *known);
    let alone = most > 0 && next == 0 && 2 * most >= words.len();
    (most >= next + 2 || alone).then_some(place)
}

/// Whether a word is one of the language. Words of time are known to the grammar itself, in English.
fn knows(language: &Language, word: &str) -> bool {
    let words = &language.words;
    (words.surface.contains(word) && !words.names.contains(word))
        || (words.language == "en" && dates::is_word_of_time(word))
}
