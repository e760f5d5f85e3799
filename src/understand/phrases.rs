//! Phrase patterns of the word files: plain words, `a/b` for either, `word?` for optional, `*` for up to four words
//! between, `^` and `$` for the ends of the text.

use super::tokens::{Token, View};

/// How many words a `*` may stand for.
const GAP_MAX: usize = 4;

/// One compiled pattern.
#[derive(Clone, Debug)]
pub(super) struct Phrase {
    steps: Vec<Step>,
}

#[derive(Clone, Debug)]
enum Step {
    Start,
    End,
    Gap,
    Word { any: Vec<String>, optional: bool },
}

impl Phrase {
    /// Compiles a pattern; the error says what is wrong with it.
    pub(super) fn parse(pattern: &str) -> Result<Self, String> {
        let mut steps = Vec::new();
        for part in pattern.split_whitespace() {
            steps.push(match part {
                "^" => Step::Start,
                "$" => Step::End,
                "*" => Step::Gap,
                _ => {
                    let (words, optional) =
                        part.strip_suffix('?').filter(|w| !w.is_empty()).map_or((part, false), |w| (w, true));
                    Step::Word { any: words.split('/').map(str::to_lowercase).collect(), optional }
                }
            });
        }
        let says_something = steps
            .iter()
            .any(|step| matches!(step, Step::Word { any, optional: false } if any.iter().all(|word| !word.is_empty())));
        if says_something {
            Ok(Self { steps })
        } else {
            Err(format!("the pattern {pattern:?} has no word that must stand in the text"))
        }
    }

    /// The tokens that match, half-open, at the first place where the pattern does.
    pub(super) fn find(&self, view: View<'_>) -> Option<(usize, usize)> {
        (0..view.len()).find_map(|at| matched(&self.steps, view, at).map(|end| (at, end)))
    }

    /// Words of which one must stand in a text where the pattern does: of all such choices the rarest.
    pub(super) fn anchor(&self, rarity: impl Fn(&str) -> usize) -> &[String] {
        let needed = self.steps.iter().filter_map(|step| match step {
            Step::Word { any, optional: false } => Some(any.as_slice()),
            _ => None,
        });
        let common = |any: &&[String]| any.iter().map(|word| rarity(word)).sum::<usize>();
        needed.min_by_key(common).unwrap_or_default()
    }

    /// The words that the pattern knows.
    pub(super) fn words(&self) -> impl Iterator<Item = &str> {
        self.steps
            .iter()
            .filter_map(|step| if let Step::Word { any, .. } = step { Some(any) } else { None })
            .flatten()
            .map(String::as_str)
    }
}

/// Where a match of all steps that begins at `at` ends. Steps are few and gaps short, so trying is cheap.
fn matched(steps: &[Step], view: View<'_>, at: usize) -> Option<usize> {
    let Some((step, rest)) = steps.split_first() else { return Some(at) };
    match step {
        Step::Start => (at == 0).then(|| matched(rest, view, at))?,
        Step::End => {
            let end = (at..view.len()).find(|place| view.0.get(*place).is_some_and(Token::is_word));
            end.is_none().then(|| matched(rest, view, at))?
        }
        Step::Gap => (at..=(at + GAP_MAX).min(view.len())).find_map(|next| matched(rest, view, next)),
        Step::Word { any, optional } => {
            let here = any.iter().any(|word| view.is(at, word));
            here.then(|| matched(rest, view, at + 1))
                .flatten()
                .or_else(|| optional.then(|| matched(rest, view, at)).flatten())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tokens::tokenize;
    use super::*;

    #[test]
    fn patterns_match_words_with_choices_and_gaps() {
        let found = |pattern: &str, text: &str| {
            let tokens = tokenize(text);
            Phrase::parse(pattern).expect("good pattern").find(View(&tokens))
        };
        assert_eq!(found("card/visa * stolen", "my card just got stolen!!"), Some((1, 5)));
        assert_eq!(found("^ stop $", "STOP!"), Some((0, 1)));
        assert_eq!(found("^ stop $", "stop it"), None);
        assert_eq!(found("a real? person", "a person please"), Some((0, 2)));
        assert!(Phrase::parse("* $").is_err() && Phrase::parse("a//b").is_err());
    }
}
