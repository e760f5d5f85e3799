//! From a reply without words to what lies in the outbox: texts in the person's language, titles that fit and are
//! remembered, and the holding line while banks are slow.

use std::time::Duration;

use jiff::Timestamp;

use super::{Desk, Failed};
use crate::answer;
use crate::channel::Signal;
use crate::chart::{Bar, Chart, Layout};
use crate::clock::later;
use crate::domain::{
    answer::{Draft, DraftButton, Offer, Picture, PictureBar},
    bank::BankId,
    message::{Bubble, Button, Post, QuickReply},
    reading::{Intent, Part, Slots},
    say::{Arg, Say},
    webpage::WebPage,
};
use crate::flow::TITLE_MAX;
use crate::flow::dialogue::{Offered, SHOW};
use crate::flow::engine::Told;
use crate::flow::texts::{HIDDEN, Reader};
use crate::store::Waiting;
use crate::turn::linking::digest;
use crate::turn::ticket::Ticket;
use crate::turn::{map, picture};

/// Most titles offered under one reply; more would bury the best.
const OFFERS_MAX: usize = 6;
/// Most choices the platform shows under a question.
const CHOICES_MAX: usize = 13;
/// How long after a holding line the typing sign comes back.
const TYPING_AGAIN_AFTER: Duration = Duration::from_millis(1500);

impl Desk<'_> {
    pub(super) async fn say_interim(&self, waiting: &Waiting, banks: &[BankId]) -> Result<(), Failed> {
        let names: Vec<&str> = self
            .linked
            .iter()
            .map(|linked| &linked.bank)
            .filter(|bank| banks.is_empty() || banks.contains(&bank.id))
            .map(|bank| bank.name.as_str())
            .collect();
        let say = match names.as_slice() {
            [name] => Say::new("interim").with("bank", *name),
            _ => Say::new("interim-any"),
        };
        let bubble = Bubble { text: self.word(&say), ..Bubble::default() };
        let outgoing = self.turn.sealed(&Post::Bubble(bubble), self.expiry(waiting));
        self.turn.store.interim(self.claim, outgoing, self.turn.clock.now()).await?;
        self.turn.bell.ring_sending();
        Ok(())
    }

    /// The holding line takes the typing sign away, as any message does; a moment later it comes back, because the
    /// answer is still being worked on.
    pub(super) async fn type_on(&self) {
        self.turn.clock.sleep(TYPING_AGAIN_AFTER).await;
        // A sign that does not arrive is of no consequence.
        let _ = self.turn.channel.signal(&self.claim.conversation, Signal::TypingOn).await;
    }

    /// When the platform stops taking replies to a message.
    pub(super) fn expiry(&self, waiting: &Waiting) -> Timestamp {
        later(waiting.at, self.turn.limits.window)
    }

    pub(super) fn word(&self, say: &Say) -> String {
        self.turn
            .texts
            .render(say, &Reader { locale: &self.voice, now: &self.now(), masked: self.dialogue.settings.masked })
    }

    /// Puts a reply into words and into the outbox.
    pub(super) fn say(&mut self, waiting: &Waiting, told: Told) {
        let mut bubbles: Vec<Bubble> =
            told.drafts.iter().filter(|draft| !draft.lines.is_empty()).map(|draft| self.bubble(draft)).collect();
        let mut offers = told.offers;
        if self.is_same_trouble(&told.drafts, &bubbles) {
            if let Some(first) = bubbles.first_mut() {
                first.text = format!("{}\n{}", self.word(&Say::new("trouble-still")), first.text);
            }
            offers.push(Offer { title: Say::new("title-person"), asks: Part::new(Intent::HandoffRequest) });
        }
        let explains = told.part.intent == Intent::ExplainAnswer && offers.is_empty();
        if self.dialogue.settings.masked && bubbles.iter().any(|bubble| bubble.text.contains(HIDDEN)) {
            let slots = Slots { kind: Some(SHOW.to_owned()), ..Slots::default() };
            let asks = Part { intent: Intent::PrivacyMask, slots };
            // Before what may be asked next, after what answers a question of ours.
            let at = if self.dialogue.waiting.is_some() { offers.len() } else { 0 };
            offers.insert(at, Offer { title: Say::new("title-show-amounts"), asks });
            self.offer_reveal(&mut bubbles, told.part);
        }
        let chips = if explains { self.still_offered() } else { self.chips(offers) };
        if let Some(last) = bubbles.last_mut() {
            last.quick_replies = chips;
        }
        let expires = self.expiry(waiting);
        for bubble in self.turn.channel.fit(bubbles) {
            self.queue(Post::Bubble(bubble), expires);
        }
    }

    /// Whether a reply says, in the same words as the one before, that nothing can be had.
    fn is_same_trouble(&mut self, drafts: &[Draft], bubbles: &[Bubble]) -> bool {
        let is_trouble = |say: &Say| say.text.starts_with("trouble-") || say.text == "link-needed";
        let troubled = drafts.first().and_then(|draft| draft.lines.first()).is_some_and(is_trouble);
        let now = troubled.then(|| {
            let texts: Vec<&str> = bubbles.iter().map(|bubble| bubble.text.as_str()).collect();
            digest(&texts.join("\n"))
        });
        let is_same = now.is_some() && self.dialogue.trouble == now;
        // The third time it is the first again, and differs from the second.
        self.dialogue.trouble = now.filter(|_| !is_same);
        is_same
    }

    /// Under amounts that are hidden, the page that shows them once, where one answer stands on a page of its own.
    fn offer_reveal(&self, bubbles: &mut [Bubble], part: Part) {
        let computation = self.turn.flows.computation(part.intent);
        if computation.is_none_or(|name| name == answer::OFFERS) || part.intent == Intent::ExplainAnswer {
            return;
        }
        let page = WebPage::Reveal(Box::new(part));
        let button = self.button(&DraftButton::Web { title: Say::new("title-reveal"), page });
        if let Some(bubble) = bubbles.iter_mut().rfind(|bubble| bubble.text.contains(HIDDEN)) {
            bubble.buttons.extend(button);
        }
    }

    /// Puts a message into the outbox, and returns its id there.
    pub(super) fn queue(&mut self, post: Post, expires: Timestamp) -> String {
        let outgoing = self.turn.sealed(&post, expires);
        let id = outgoing.id.clone();
        if self.outcome.outgoing.is_empty() {
            self.first = Some(post);
        }
        self.outcome.outgoing.push(outgoing);
        id
    }

    pub(super) fn bubble(&self, draft: &Draft) -> Bubble {
        let lines: Vec<String> = draft.lines.iter().map(|line| self.word(line)).collect();
        let buttons = draft.buttons.iter().filter_map(|button| self.button(button));
        let picture = draft.picture.as_ref().and_then(|picture| self.picture(picture));
        Bubble { text: lines.join("\n"), quick_replies: Vec::new(), buttons: buttons.collect(), picture }
    }

    /// A button; `None` for a page that the world cannot reach.
    fn button(&self, button: &DraftButton) -> Option<Button> {
        let (title, page) = match button {
            DraftButton::Call { title, number } => {
                return Some(Button::Call { title: self.title(title), number: number.clone() });
            }
            DraftButton::Map { title, place } => {
                let url = map::address(&self.turn.map_search_url, place.as_deref());
                return Some(Button::Web { title: self.title(title), url });
            }
            DraftButton::Web { title, page } => (title, page),
        };
        let public_url = self.turn.public_url.as_deref()?;
        let ticket = Ticket::new(page.clone(), &self.claim.conversation, &self.voice, self.turn.clock.now());
        let url = ticket.address(&self.turn.keyring, public_url)?;
        let logs_in = matches!(page, WebPage::Link(_)) && has_account_linking(&self.profile.locale);
        Some(if logs_in { Button::LogIn { url } } else { Button::Web { title: self.title(title), url } })
    }

    /// Where a picture is to be fetched; `None` where the world cannot reach us, and the text alone says it. While amounts
    /// are hidden there is none: its bars would show them.
    fn picture(&self, picture: &Picture) -> Option<String> {
        let public_url = self.turn.public_url.as_deref().filter(|_| !self.dialogue.settings.masked)?;
        let now = self.now();
        let reader = Reader { locale: &self.voice, now: &now, masked: false };
        let words = |value: &Arg| self.turn.texts.words(value, &reader);
        let bar = |bar: &PictureBar| Bar {
            label: capitalised(&words(&bar.label)),
            amount: bar.money.amount,
            text: words(&Arg::Money(bar.money)),
            note: bar.note.as_ref().map(|note| self.word(note)).unwrap_or_default(),
        };
        let chart = Chart {
            title: self.word(&picture.title),
            sum: words(&Arg::Money(picture.sum)),
            note: picture.more.as_ref().map(|more| self.word(more)).unwrap_or_default(),
            layout: if picture.over_time { Layout::OverTime } else { Layout::Ranked },
            bars: picture.bars.iter().map(bar).collect(),
        };
        picture::address(&self.turn.keyring, public_url, &chart, now.timestamp())
    }

    /// A title within the platform's limit, so that typing it as it is shown finds it again.
    fn title(&self, say: &Say) -> String {
        let title = self.word(say);
        if title.chars().count() <= TITLE_MAX {
            return title;
        }
        let cut: String = title.chars().take(TITLE_MAX - 1).collect();
        format!("{}…", cut.trim_end())
    }

    /// What the answer that is explained offered besides its explanation: the platform takes it away with each new message.
    fn still_offered(&self) -> Vec<QuickReply> {
        let others = |offered: &Offered| offered.asks.intent != Intent::ExplainAnswer;
        let chip = |Offered { title, payload, .. }| QuickReply { title, payload };
        self.dialogue.offered_last().into_iter().filter(others).take(OFFERS_MAX).map(chip).collect()
    }

    fn chips(&mut self, offers: Vec<Offer>) -> Vec<QuickReply> {
        // Every choice of a question of ours must be there; of what may be asked next, the best are enough.
        let most = if self.dialogue.waiting.is_some() { CHOICES_MAX } else { OFFERS_MAX };
        let mut chips: Vec<QuickReply> = Vec::new();
        let mut offered = Vec::new();
        for offer in offers {
            let title = self.title(&offer.title);
            if chips.len() == most || chips.iter().any(|chip| chip.title == title) {
                continue;
            }
            self.titles += 1;
            let payload = format!("o:{}.{}", self.claim.token, self.titles);
            offered.push(Offered { payload: payload.clone(), title: title.clone(), asks: offer.asks });
            chips.push(QuickReply { title, payload });
        }
        self.dialogue.remember(offered);
        chips
    }
}

/// Whether the platform offers its account linking where the person is: not in Europe, the United Kingdom and Japan.
fn has_account_linking(locale: &str) -> bool {
    matches!(locale.rsplit(['-', '_']).next(), Some("US" | "CA" | "MX" | "AU" | "NZ" | "BR"))
}

/// A word as it stands by itself: `Groceries`.
fn capitalised(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}
