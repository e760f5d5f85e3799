//! Makes bubbles fit the platform's limits. Source: Messenger Platform, "Send API", "Quick Replies" and "Button
//! Template" reference pages. Lengths are counted in UTF-16 units, the strictest of the readings of "characters".

use unicode_segmentation::UnicodeSegmentation;

use crate::domain::message::{Bubble, Button, QuickReply};

/// Longest text of a plain bubble: the platform says 2,000, and on another page "below 2,000".
const TEXT_MAX: usize = 1999;
/// Longest text over buttons.
const TEMPLATE_TEXT_MAX: usize = 640;
/// Most buttons in one bubble.
const BUTTONS_MAX: usize = 3;
/// Most chips.
const QUICK_REPLIES_MAX: usize = 13;
/// Longest title of a chip or button.
const TITLE_MAX: usize = 20;
/// Longest payload of a chip or button.
const PAYLOAD_MAX: usize = 1000;
/// What stands over buttons that have no text of their own: the platform demands some.
const CONTINUED: &str = "…";

/// The bubbles of one reply, cut and spread so that each can be sent.
pub(super) fn fit(bubbles: Vec<Bubble>) -> Vec<Bubble> {
    let mut fitted: Vec<Bubble> = Vec::with_capacity(bubbles.len());
    let mut chips = Vec::new();
    let mut picture = None;
    for bubble in bubbles {
        picture = bubble.picture.or(picture);
        chips.extend(bubble.quick_replies.into_iter().filter_map(chip));
        let buttons: Vec<Button> = bubble.buttons.into_iter().filter_map(button).collect();
        if buttons.is_empty() {
            fitted.extend(split(&bubble.text, TEXT_MAX).into_iter().map(plain));
        } else {
            with_buttons(&bubble.text, buttons, &mut fitted);
        }
    }
    chips.truncate(QUICK_REPLIES_MAX);
    if !chips.is_empty() {
        if fitted.is_empty() {
            fitted.push(plain(CONTINUED.to_owned()));
        }
        if let Some(last) = fitted.last_mut() {
            last.quick_replies = chips;
        }
    }
    if let Some(url) = picture {
        // A message takes the chips of the one before it away, so a picture has them too; where it does not arrive,
        // those under the text stay.
        let quick_replies = fitted.last().map(|last| last.quick_replies.clone()).unwrap_or_default();
        fitted.push(Bubble { quick_replies, picture: Some(url), ..Bubble::default() });
    }
    fitted
}

/// A long text goes ahead in plain bubbles; its end stands over the first buttons.
fn with_buttons(text: &str, buttons: Vec<Button>, fitted: &mut Vec<Bubble>) {
    let mut ahead = split(text, TEXT_MAX);
    let mut over = ahead.pop().unwrap_or_else(|| CONTINUED.to_owned());
    if units(&over) > TEMPLATE_TEXT_MAX {
        let end = split(&over, TEMPLATE_TEXT_MAX).pop().unwrap_or_else(|| CONTINUED.to_owned());
        over.truncate(over.trim_end().len() - end.len());
        ahead.push(over.trim_end().to_owned());
        over = end;
    }
    fitted.extend(ahead.into_iter().map(plain));
    for group in buttons.chunks(BUTTONS_MAX) {
        fitted.push(Bubble { text: over, buttons: group.to_vec(), ..Bubble::default() });
        over = CONTINUED.to_owned();
    }
}

fn plain(text: String) -> Bubble {
    Bubble { text, ..Bubble::default() }
}

/// A payload that is too long is dropped with its chip: cut, it would mean something else.
fn chip(chip: QuickReply) -> Option<QuickReply> {
    let fits = !chip.title.trim().is_empty() && payload_fits(&chip.payload);
    fits.then(|| QuickReply { title: title(&chip.title), payload: chip.payload })
}

fn button(button: Button) -> Option<Button> {
    if button.title().trim().is_empty() {
        return None;
    }
    match button {
        Button::Postback { title: long, payload } => {
            payload_fits(&payload).then(|| Button::Postback { title: title(&long), payload })
        }
        Button::Web { title: long, url } => Some(Button::Web { title: title(&long), url }),
        button @ (Button::LogIn { .. } | Button::LogOut) => Some(button),
        Button::Call { title: long, number } => Some(Button::Call { title: title(&long), number }),
    }
}

fn payload_fits(payload: &str) -> bool {
    let fits = units(payload) <= PAYLOAD_MAX;
    if !fits {
        tracing::warn!(payload_bytes = payload.len(), "a chip or button with too long a payload was dropped");
    }
    fits
}

/// A title of at most 20 units, cut between graphemes with an ellipsis.
fn title(text: &str) -> String {
    let text = text.trim();
    if units(text) <= TITLE_MAX {
        return text.to_owned();
    }
    let mut room = TITLE_MAX - units("…");
    let kept = text.graphemes(true).take_while(|grapheme| {
        let fits = units(grapheme) <= room;
        room = room.saturating_sub(units(grapheme));
        fits
    });
    let kept: String = kept.collect();
    format!("{}…", kept.trim_end())
}

fn units(text: &str) -> usize {
    text.encode_utf16().count()
}

/// Splits a text into pieces of at most `most` units, none empty, each a run of the text without the blanks at its
/// ends. The cut is at the last line break, else the last sentence end, else the last blank, else between graphemes.
fn split(text: &str, most: usize) -> Vec<String> {
    let mut pieces = Vec::new();
    let mut rest = text.trim();
    // Bytes are never fewer than UTF-16 units, so most texts are not counted at all.
    while rest.len() > most && units(rest) > most {
        let (piece, after) = rest.split_at(cut_at(rest, most));
        pieces.push(piece.trim_end().to_owned());
        rest = after.trim_start();
    }
    if !rest.is_empty() {
        pieces.push(rest.to_owned());
    }
    pieces
}

/// Where to cut a text that is longer than `most`: a byte offset above 0. A line break or sentence end in the first
/// half is passed over for a later blank, so that pieces do not become crumbs.
fn cut_at(text: &str, most: usize) -> usize {
    let (mut line, mut sentence, mut blank, mut end, mut used) = (0, 0, 0, 0, 0);
    let mut before = "";
    for (at, grapheme) in text.grapheme_indices(true) {
        let is_blank = grapheme.chars().all(char::is_whitespace);
        if is_blank && at > 0 {
            blank = at;
            let in_second_half = used * 2 >= most;
            if grapheme.contains('\n') && in_second_half {
                line = at;
            } else if before.ends_with(['.', '!', '?', '…', '。']) && in_second_half {
                sentence = at;
            }
        }
        used += units(grapheme);
        if used > most {
            break;
        }
        end = at + grapheme.len();
        before = grapheme;
    }
    [line, sentence, blank, end].into_iter().find(|at| *at > 0).unwrap_or_else(|| inside_grapheme(text, most))
}

/// Only for a single "letter" longer than a whole bubble, which nobody writes in earnest.
fn inside_grapheme(text: &str, most: usize) -> usize {
    let mut used = 0;
    let fits = text.chars().take_while(|c| {
        used += c.len_utf16();
        used <= most
    });
    fits.map(char::len_utf8).sum::<usize>().max(text.chars().next().map_or(0, char::len_utf8))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn postback(title: &str) -> Button {
        Button::Postback { title: title.to_owned(), payload: "P".to_owned() }
    }

    fn bubble(text: &str, chips: usize, buttons: usize) -> Bubble {
        let chip = |at: usize| QuickReply { title: format!("chip {at}"), payload: at.to_string() };
        let buttons = (0..buttons).map(|at| postback(&format!("button {at}"))).collect();
        Bubble { text: text.to_owned(), quick_replies: (0..chips).map(chip).collect(), buttons, ..Bubble::default() }
    }

    #[test]
    fn what_fits_is_left_alone() {
        let small = vec![bubble("Hello.\nYour balance is $5.", 0, 2), bubble("Anything else?", 13, 0)];
        assert_eq!(fit(small.clone()), small);
    }

    #[test]
    fn texts_are_cut_at_lines_then_sentences_then_blanks_then_graphemes() {
        let line = format!("{}\n{}", "a b. ".repeat(300), "c ".repeat(400));
        assert_eq!(split(&line, TEXT_MAX)[0], "a b. ".repeat(300).trim_end());
        let sentence = format!("{}. {}", "word ".repeat(300).trim_end(), "tail ".repeat(300));
        assert!(split(&sentence, TEXT_MAX)[0].ends_with("word."));
        assert!(split(&"word ".repeat(600), TEXT_MAX)[0].ends_with("word"));
        let family = "👨‍👩‍👧‍👦";
        for piece in split(&family.repeat(500), TEXT_MAX) {
            assert_eq!(piece.graphemes(true).filter(|grapheme| *grapheme != family).count(), 0);
        }
        for length in [1999, 2000, 2001] {
            let pieces = split(&"x".repeat(length), TEXT_MAX);
            assert_eq!(pieces.len(), if length <= TEXT_MAX { 1 } else { 2 });
        }
        assert_eq!(split(&format!("e{}", "\u{301}".repeat(3000)), TEXT_MAX).len(), 2);
    }

    #[test]
    fn more_buttons_and_long_texts_take_more_bubbles() {
        let text = format!("{}The end of it.", "A sentence of some length. ".repeat(60));
        let fitted = fit(vec![bubble(&text, 2, 7)]);
        let shape: Vec<_> = fitted.iter().map(|bubble| bubble.buttons.len()).collect();
        assert_eq!(shape, [0, 3, 3, 1]);
        assert!(fitted[1].text.ends_with("The end of it.") && units(&fitted[1].text) <= TEMPLATE_TEXT_MAX);
        assert_eq!(format!("{} {}", fitted[0].text, fitted[1].text), text);
        assert_eq!(fitted.iter().map(|bubble| bubble.quick_replies.len()).collect::<Vec<_>>(), [0, 0, 0, 2]);
    }

    #[test]
    fn chips_stay_under_the_last_bubble_and_titles_are_short() {
        let fitted = fit(vec![bubble("one", 10, 0), bubble("two", 10, 0)]);
        assert_eq!(fitted.iter().map(|bubble| bubble.quick_replies.len()).collect::<Vec<_>>(), [0, 13]);
        assert_eq!(title("Everyday spending 2026"), "Everyday spending 2…");
        assert_eq!(title(&"👍".repeat(11)), format!("{}…", "👍".repeat(9)));
        assert_eq!(title("exactly twenty chars"), "exactly twenty chars");
        let long = QuickReply { title: "x".to_owned(), payload: "p".repeat(1001) };
        assert_eq!(chip(long), None);
        assert!(fit(vec![Bubble::default()]).is_empty());
    }

    #[test]
    fn a_picture_comes_after_the_text_and_takes_its_chips_along() {
        let with_picture =
            Bubble { picture: Some("https://bot.example/chart/x.png".to_owned()), ..bubble("one", 2, 0) };
        let fitted = fit(vec![with_picture, bubble("two", 1, 0)]);
        let shape: Vec<_> = fitted
            .iter()
            .map(|bubble| (bubble.text.as_str(), bubble.picture.is_some(), bubble.quick_replies.len()))
            .collect();
        assert_eq!(shape, [("one", false, 0), ("two", false, 3), ("", true, 3)]);
    }

    proptest! {
        #[test]
        fn every_piece_fits_and_no_letter_is_lost(text in "[a-z\\. \n👍é\u{301}🇩🇪]{0,300}", most in 5_usize..60) {
            let pieces = split(&text, most);
            prop_assert!(pieces.iter().all(|piece| !piece.is_empty() && units(piece) <= most));
            let letters = |text: &str| text.chars().filter(|c| !c.is_whitespace()).collect::<String>();
            prop_assert_eq!(letters(&pieces.concat()), letters(&text));
        }

        #[test]
        fn every_bubble_fits(text in "[a-zA-Z\\. \n👍]{0,4000}", buttons in 0_usize..8, chips in 0_usize..20) {
            for bubble in fit(vec![bubble(&text, chips, buttons)]) {
                let most = if bubble.buttons.is_empty() { TEXT_MAX } else { TEMPLATE_TEXT_MAX };
                prop_assert!((1..=most).contains(&units(&bubble.text)));
                prop_assert!(bubble.buttons.len() <= BUTTONS_MAX && bubble.quick_replies.len() <= QUICK_REPLIES_MAX);
            }
        }
    }
}
