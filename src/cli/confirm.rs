//! What cannot be undone is asked for in words: the person types what is to happen, or gives it with `--confirm`.

use std::io::{BufRead, IsTerminal, Write};

use crate::cli::failure::{Done, Failure};

/// Goes on only if `words` were given, or are typed on a terminal.
pub fn confirm(words: &str, given: Option<&str>) -> Done {
    match given {
        Some(given) => check(words, given),
        None if std::io::stdin().is_terminal() => {
            let mut stream = anstream::stderr().lock();
            let _ = write!(stream, "This cannot be undone. Type \"{words}\" to go on: ").and_then(|()| stream.flush());
            let mut typed = String::new();
            let read = std::io::stdin().lock().read_line(&mut typed);
            read.map_err(|error| Failure::failed(format!("nothing could be read: {error}")))?;
            check(words, typed.trim())
        }
        None => Err(refusal(words)),
    }
}

fn check(words: &str, given: &str) -> Done {
    if given == words { Ok(()) } else { Err(refusal(words)) }
}

fn refusal(words: &str) -> Failure {
    Failure::usage("this cannot be undone, and was not confirmed").help(format!("add --confirm \"{words}\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_very_words_confirm() {
        assert_eq!(confirm("forget 7", Some("forget 7")), Ok(()));
        assert!(confirm("forget 7", Some("forget 8")).is_err());
        assert!(confirm("forget 7", Some("yes")).is_err());
    }
}
