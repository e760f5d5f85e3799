//! What is remembered of a conversation between two messages. It holds no amount and no row: figures are read
//! again when they are needed, and the store keeps these bytes sealed.

use std::borrow::Cow;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::domain::{
    alert::Alert,
    budget::Budget,
    category_rule::CategoryRule,
    consent::KEEP_READING,
    offer::OffersConsent,
    reading::{AmountRange, Intent, Part},
};
use crate::flow::voice;

/// The state of one conversation.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Dialogue {
    /// Whether the person has been told that they talk to a program.
    pub disclosed: bool,
    /// The platform's time of the person's newest message: from then on it takes replies for a day.
    pub heard: Option<Timestamp>,
    /// When something last happened in the conversation.
    pub last_active: Option<Timestamp>,
    /// The last question that was answered: what "and last month?" refers to.
    pub frame: Option<Frame>,
    /// A question of ours that waits for the person's answer.
    pub waiting: Option<Waiting>,
    /// What was offered in the last turns, newest last. Kept apart from the rest: see [`to_bytes`](Self::to_bytes).
    #[serde(skip)]
    pub offered: Vec<Batch>,
    /// Messages in a row that were not understood.
    pub misses: u32,
    /// What was said last, digested, if it was that nothing could be had: it is not said twice in the same words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub trouble: Option<[u8; 32]>,
    /// The people at the desk have the thread: the bot keeps silent.
    pub at_desk: Option<AtDesk>,
    /// What the person invoked that the desk must know of (a lost card, a dispute, a complaint), since the last time
    /// that it was told.
    pub raised: Vec<Intent>,
    /// The language the person wrote in lately, where that was clear.
    pub spoken: Option<String>,
    /// A question that waits until a bank is linked or the conversation is unlocked.
    pub asked: Option<Frame>,
    /// The person must show that it is them before anything of their bank's is told.
    pub locked: bool,
    /// What the person has asked to be kept.
    #[serde(skip_serializing_if = "Settings::is_empty")]
    pub settings: Settings,
}

/// What a person wants of every conversation until they say otherwise.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    /// The language of replies: `en`, `de`, `es`.
    pub lang: Option<String>,
    /// The IANA name of their time zone.
    pub zone: Option<String>,
    /// What they want to be told without asking.
    pub alerts: Vec<Alert>,
    /// What they mean to spend a month.
    pub budgets: Vec<Budget>,
    /// What merchants count as, other than their bank says.
    pub categories: Vec<CategoryRule>,
    /// Amounts are hidden in the chat.
    pub masked: bool,
    /// That offers may be asked for, and since when.
    pub offers: Option<OffersConsent>,
}

impl Settings {
    fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// The thread is with the people at the desk.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AtDesk {
    /// When they last gave a sign, or were given the thread.
    pub since: Timestamp,
}

/// The `kind` of a question that says yes to what was asked back.
pub const CONFIRMED: &str = "confirmed";
/// The `kind` of a question that says no to it.
pub const DECLINED: &str = "declined";
/// The `kind` of [`Intent::HandoffRequest`] that leaves a message for a desk that is not staffed.
pub const MESSAGE: &str = "message";
/// The `kind` of [`Intent::HandoffReturn`] when the platform never took the thread.
pub const REFUSED: &str = "refused";

/// The `kind` of [`Intent::OfferList`] that takes back the consent to offers.
pub const STOP: &str = "stop";

/// The `kind` of [`Intent::PrivacyMask`] that shows amounts again.
pub const SHOW: &str = "show";

/// The `kind` of [`Intent::LinkDone`] when the person left the bank's login, or it failed.
pub const FAILED: &str = "failed";
/// The `kind` of [`Intent::LinkDone`] when somebody else than who had asked came back.
pub const FOREIGN: &str = "foreign";
/// The `kind` of [`Intent::LinkDone`] when there is nothing (any more) to come back to.
pub const EXPIRED: &str = "expired";
/// The `kind` of [`Intent::LinkDone`] when the code that was typed is another one.
pub const WRONG_CODE: &str = "wrong_code";
/// The `kind` of [`Intent::LinkDone`] when another customer of the bank signed in to unlock.
pub const STRANGER: &str = "stranger";
/// The `kind` of [`Intent::LinkDone`] when the conversation was unlocked and no question waited.
pub const UNLOCKED: &str = "unlocked";

/// The `kind` of [`Intent::LinkDone`] when a question waited for the link, and is answered next.
pub const WAITED: &str = "waited";

/// The `kind` of [`Intent::LinkDone`] when the person said that reading may go on.
pub const CONFIRMED_READING: &str = "confirmed_reading";

/// A question that was answered.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Frame {
    /// The question, with the person's own words for merchants.
    pub part: Part,
    /// When it was asked.
    pub at: Timestamp,
}

/// We asked the person which one of several was meant.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Waiting {
    /// When it was asked.
    pub at: Timestamp,
    /// What may be answered.
    pub options: Vec<Choice>,
    /// The question that a bare figure completes, where an amount was asked for.
    #[serde(default)]
    pub figure: Option<Part>,
}

/// One way to answer a question of ours.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Choice {
    /// Words for it, lower case: a nickname, last digits.
    pub words: Vec<String>,
    /// The question as it reads when this is chosen.
    pub part: Part,
}

/// The titles that were offered in one turn.
#[derive(Clone, Debug)]
pub struct Batch {
    /// What their payloads begin with, up to a dot.
    turn: String,
    /// A list of [`Offered`] as JSON. Of those that are remembered one is tapped, if any: the others need not be read.
    offers: String,
}

/// An [`Offered`] whose question is not read yet.
#[derive(Deserialize)]
struct Listed<'a> {
    #[serde(borrow)]
    payload: Cow<'a, str>,
    #[serde(borrow)]
    title: Cow<'a, str>,
    #[serde(borrow)]
    asks: &'a RawValue,
}

impl Batch {
    fn offers(&self) -> Vec<Offered> {
        serde_json::from_str(&self.offers).unwrap_or_default()
    }

    /// The question of the last offer that is the one.
    fn find(&self, is_it: impl Fn(&Listed<'_>) -> bool) -> Option<Part> {
        let listed: Vec<Listed<'_>> = serde_json::from_str(&self.offers).ok()?;
        let found = listed.into_iter().rfind(is_it)?;
        serde_json::from_str(found.asks.get()).ok()
    }
}

/// A title that was offered, and what it asks.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Offered {
    /// What the platform carries for it: those offered in one turn begin alike, up to a dot.
    pub payload: String,
    /// The title as it was shown.
    pub title: String,
    /// What tapping or typing it asks.
    pub asks: Part,
}

/// Of how many turns the offered titles are remembered. Older ones are read as ordinary text.
const BATCHES_MAX: usize = 5;

impl Dialogue {
    /// As it is kept: a line of JSON, and below it a line for each turn that offered something. Those lines, most of
    /// the bytes, are carried from turn to turn unread.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = serde_json::to_vec(self).unwrap_or_default();
        for Batch { turn, offers } in &self.offered {
            for piece in ["\n", turn, " ", offers] {
                bytes.extend_from_slice(piece.as_bytes());
            }
        }
        bytes
    }

    /// What [`to_bytes`](Self::to_bytes) wrote. Bytes of another version may not read: the conversation starts afresh
    /// rather than failing.
    pub fn from_bytes(bytes: &[u8]) -> Self {
        // No JSON of ours has a line break in it, and no payload a blank.
        let mut lines = bytes.split(|byte| *byte == b'\n');
        let mut dialogue: Self = lines.next().and_then(|line| serde_json::from_slice(line).ok()).unwrap_or_default();
        let batch = |line| {
            let (turn, offers) = std::str::from_utf8(line).ok()?.split_once(' ')?;
            Some(Batch { turn: turn.to_owned(), offers: offers.to_owned() })
        };
        dialogue.offered = lines.filter_map(batch).collect();
        dialogue
    }

    /// Drops what has grown too old to refer to. Returns whether a context was dropped.
    pub fn forget_old(&mut self, now: Timestamp, context: Duration) -> bool {
        let lasts = SignedDuration::try_from(context).unwrap_or(SignedDuration::MAX);
        let is_old = |at: Timestamp| now.duration_since(at) >= lasts;
        let had = self.frame.is_some();
        self.frame.take_if(|frame| is_old(frame.at));
        self.waiting.take_if(|waiting| is_old(waiting.at));
        self.asked.take_if(|asked| is_old(asked.at));
        self.spoken.take_if(|_| self.last_active.is_none_or(is_old));
        had && self.frame.is_none()
    }

    /// The language to speak to a person whose platform says `locale`: the one they write in, else the one they asked
    /// for, else their platform's.
    pub fn language<'a>(&'a self, locale: &'a str) -> &'a str {
        let said = self.spoken.as_deref().or(self.settings.lang.as_deref());
        said.unwrap_or_else(|| voice::language(locale))
    }

    /// Remembers titles that are offered now.
    pub fn remember(&mut self, mut offered: Vec<Offered>) {
        let Some(turn) = offered.first().map(|offered| turn(&offered.payload).to_owned()) else { return };
        if let Some(earlier) = self.offered.pop_if(|batch| batch.turn == turn) {
            offered.splice(..0, earlier.offers());
        }
        let offers = serde_json::to_string(&offered).ok();
        self.offered.extend(offers.map(|offers| Batch { turn, offers }));
        let extra = self.offered.len().saturating_sub(BATCHES_MAX);
        self.offered.drain(..extra);
    }

    /// What was offered last.
    pub fn offered_last(&self) -> Vec<Offered> {
        self.offered.last().map(Batch::offers).unwrap_or_default()
    }

    /// What a payload that the platform carried back asks.
    pub fn tapped(&self, payload: &str) -> Option<Part> {
        let batch = self.offered.iter().rfind(|batch| batch.turn == turn(payload))?;
        batch.find(|offered| offered.payload == payload)
    }

    /// What a typed title asks: typing a title does what tapping it does, for the titles offered last. Older ones may
    /// have meant something else, and are read as ordinary text.
    pub fn typed(&self, text: &str) -> Option<Part> {
        let typed = plain(text);
        self.offered.last()?.find(|offered| plain(&offered.title) == typed)
    }
}

impl Waiting {
    /// The choice that says yes, or no, to what was asked; in any language that the parser reads.
    pub fn confirm(&self, yes: bool) -> Option<&Choice> {
        let kinds: &[&str] = if yes { &[CONFIRMED, KEEP_READING] } else { &[DECLINED] };
        let is_it = |choice: &&Choice| choice.part.slots.kind.as_deref().is_some_and(|kind| kinds.contains(&kind));
        self.options.iter().find(is_it)
    }

    /// The question as a bare figure completes it: digits, with a point or comma before the last two at most.
    pub fn fill(&self, text: &str) -> Option<Part> {
        let figure = text.trim().replace(',', ".");
        let is_bare = figure.chars().all(|c| c.is_ascii_digit() || c == '.');
        let minor = figure.split_once('.').map_or(0, |(_, minor)| minor.len());
        let amount: Decimal = figure.parse().ok().filter(|_| is_bare && minor < 3)?;
        let mut part = self.figure.clone()?;
        part.slots.amount = Some(AmountRange::exactly(amount, None));
        Some(part)
    }

    /// The choice that a text names: by one of its words, or by its place ("the first", "2").
    pub fn choose(&self, text: &str) -> Option<&Choice> {
        let said = plain(text);
        let words: Vec<&str> = said.split(' ').filter(|word| !FILLERS.contains(word)).collect();
        let rest = words.join(" ");
        let by_place =
            || ORDINALS.iter().find(|(word, _)| words == [*word]).and_then(|(_, nth)| self.options.get(*nth));
        let by_word = || {
            let mut hits = self.options.iter().filter(|choice| choice.words.contains(&rest));
            hits.next().filter(|_| hits.next().is_none())
        };
        let by_part = || {
            let is_in = |choice: &&Choice| {
                !words.is_empty()
                    && words.iter().all(|said| choice.words.iter().any(|word| word.split(' ').any(|w| w == *said)))
            };
            let mut hits = self.options.iter().filter(is_in);
            hits.next().filter(|_| hits.next().is_none())
        };
        // Of one alone no place says anything.
        let by_place = || by_place().filter(|_| self.options.len() > 1);
        by_word().or_else(by_place).or_else(by_part)
    }
}

/// Words that carry nothing in the answer to "which one?".
const FILLERS: &[&str] = &["the", "one", "my", "please", "just", "account", "ending", "in", "with", "a"];

/// Places in a list, as people say them.
const ORDINALS: &[(&str, usize)] = &[
    ("first", 0),
    ("1st", 0),
    ("1", 0),
    ("second", 1),
    ("2nd", 1),
    ("2", 1),
    ("third", 2),
    ("3rd", 2),
    ("3", 2),
    ("fourth", 3),
    ("4th", 3),
    ("4", 3),
    ("fifth", 4),
    ("5th", 4),
    ("5", 4),
];

/// What the payloads of one turn have in common.
fn turn(payload: &str) -> &str {
    payload.split('.').next().unwrap_or_default()
}

/// Lower case, only letters and digits, single blanks.
fn plain(text: &str) -> String {
    let lower = text.to_lowercase();
    let words: Vec<&str> = lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn choice(words: &[&str]) -> Choice {
        let words = words.iter().map(|word| (*word).to_owned()).collect();
        Choice { words, part: Part::new(Intent::TxnList) }
    }

    #[test]
    fn a_bare_figure_is_the_amount_that_was_asked_for() {
        let asked = Part::new(Intent::AlertSet);
        let waiting = Waiting { at: Timestamp::UNIX_EPOCH, options: Vec::new(), figure: Some(asked) };
        let filled = |text: &str| waiting.fill(text).and_then(|part| part.slots.amount?.min).map(|min| min.to_string());
        for (text, amount) in [("300", "300"), (" 49.99 ", "49.99"), ("49,99", "49.99")] {
            assert_eq!(filled(text).as_deref(), Some(amount), "{text}");
        }
        for text in ["", ".", "-5", "1.000", "1.2.3", "300 please", "no", "٣٠٠"] {
            assert_eq!(filled(text), None, "{text}");
        }
    }

    #[test]
    fn what_was_offered_is_found_again_in_what_was_kept() {
        let mut dialogue = Dialogue { misses: 2, ..Dialogue::default() };
        for number in 1..=7 {
            let offered = |letter: &str, title: &str, intent| Offered {
                payload: format!("o:{number}.{letter}"),
                title: title.to_owned(),
                asks: Part::new(intent),
            };
            dialogue.remember(vec![offered("1", "a \"b\"\nc", Intent::TxnList), offered("2", "é", Intent::Help)]);
        }
        let kept = Dialogue::from_bytes(&dialogue.to_bytes());
        assert_eq!(kept.misses, 2);
        assert_eq!(kept.tapped("o:7.1").map(|part| part.intent), Some(Intent::TxnList));
        assert_eq!(kept.tapped("o:3.2").map(|part| part.intent), Some(Intent::Help));
        assert_eq!(kept.tapped("o:2.2"), None, "too long ago");
        assert_eq!(kept.typed("É").map(|part| part.intent), Some(Intent::Help));
        assert_eq!(Dialogue::from_bytes(&kept.to_bytes()).to_bytes(), dialogue.to_bytes());
        assert_eq!(Dialogue::from_bytes(b"of another version").misses, 0);
    }

    #[test]
    fn a_choice_is_named_by_name_digits_place_or_part_of_its_name() {
        let waiting = Waiting {
            at: Timestamp::UNIX_EPOCH,
            options: vec![
                choice(&["everyday checking", "4821"]),
                choice(&["joint checking", "3305"]),
                choice(&["both", "all"]),
            ],
            figure: None,
        };
        let chosen = |text: &str| waiting.choose(text).map(|choice| choice.words[0].as_str());
        for (text, title) in [
            ("the first", "everyday checking"),
            ("3305", "joint checking"),
            ("the joint one please", "joint checking"),
            ("Both", "both"),
            ("everyday checking", "everyday checking"),
        ] {
            assert_eq!(chosen(text), Some(title), "{text}");
        }
        assert_eq!(chosen("checking"), None, "two fit");
        assert_eq!(chosen("what is the weather"), None);
    }
}
