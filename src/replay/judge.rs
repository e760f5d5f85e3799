//! Whether a reply is what a transcript expects, in the words of its file.

use std::time::Duration;

use jiff::Timestamp;

use crate::clock::later;
use crate::domain::{
    access::{AccessEntry, AccessKind},
    alert::Alert,
    answer::Figure,
    reading::{AmountRange, Direction, Part, Slots},
};
use crate::flow::dialogue::Settings;
use crate::replay::effect::{Change, Effect};
use crate::replay::expr::normalise;
use crate::replay::script::{Expect, Kind, PartSpec, Title};
use crate::sandbox::messenger::Passed;

/// One bubble as the person got it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Bubble {
    pub(super) text: String,
    pub(super) quick_replies: Vec<String>,
    pub(super) buttons: Vec<String>,
    pub(super) calls: bool,
    /// Whether the platform's account linking was offered.
    pub(super) logs_in: bool,
    /// Our own pages that were offered.
    pub(super) pages: Vec<String>,
    pub(super) at: Timestamp,
    pub(super) id: String,
}

/// One picture as the person got it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Shown {
    /// Whether a PNG file was really there when the platform fetched it.
    pub(super) is_png: bool,
    /// Every amount that is drawn.
    pub(super) amounts: Vec<String>,
}

/// Everything that one input led to.
#[derive(Clone, Debug, Default)]
pub(super) struct Reply {
    pub(super) sent_at: Timestamp,
    pub(super) status: u16,
    pub(super) bubbles: Vec<Bubble>,
    /// The pictures after them.
    pub(super) pictures: Vec<Shown>,
    /// When typing was shown first.
    pub(super) typing_at: Option<Timestamp>,
    /// The banks that data was asked of, one entry a call, and when the call was answered.
    pub(super) fetched: Vec<String>,
    /// The banks that gave data for this, newly or from memory.
    pub(super) read: Vec<String>,
    /// When the last bank call was answered.
    pub(super) answered_at: Option<Timestamp>,
    /// What was understood.
    pub(super) parts: Vec<Part>,
    /// The texts that were said, by their ids.
    pub(super) said: Vec<String>,
    /// The figures that were computed for them.
    pub(super) figures: Vec<Figure>,
    /// The locale that the person was answered in, where a question was.
    pub(super) voice: Option<String>,
    /// New entries of the access log.
    pub(super) access: Vec<AccessEntry>,
    /// Banks that the question needed and that gave nothing.
    pub(super) incomplete: bool,
    /// Whether the conversation was locked before and is now.
    pub(super) locked: (bool, bool),
    /// Whether the conversation had rested for longer than a session when the input came.
    pub(super) rested: bool,
    /// The banks with a consent that stood before the input or after it.
    pub(super) agreed: Vec<String>,
    /// The banks that were linked when the input came, whether or not their consents stood.
    pub(super) links: Vec<String>,
    /// The banks that were linked, and those whose consent was renewed.
    pub(super) consents: (Vec<String>, Vec<String>),
    /// The language that the person's setting is now.
    pub(super) lang: Option<String>,
    /// What the person has asked to be kept, before and after.
    pub(super) settings: (Settings, Settings),
    /// Whether amounts are hidden from the person now.
    pub(super) masked: bool,
    /// Whether a bank was linked when the input came.
    pub(super) linked: bool,
    /// Banks whose links went with this reply.
    pub(super) unlinked: Vec<String>,
    /// Banks of which something that they sent of the person is in the cache.
    pub(super) cached: Vec<String>,
    /// The reply before, to the same person.
    pub(super) before: Option<String>,
    /// How the thread changed hands.
    pub(super) passed: Vec<Passed>,
    /// Where a secret of the input was found that nobody may keep.
    pub(super) kept_secret: Option<String>,
    /// Whether the operator's log told of a delivery that was refused for its signature; only known where it is asked for.
    pub(super) refused_signature: bool,
    /// What is still kept of the person, beyond a receipt.
    pub(super) still_kept: Option<String>,
}

/// What an expectation came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    Passed,
    Failed { kind: &'static str, expected: String, got: String },
    Unsupported,
}

impl Reply {
    /// The bubbles' text, one a line.
    pub(super) fn text(&self) -> String {
        self.bubbles.iter().map(|bubble| bubble.text.as_str()).collect::<Vec<_>>().join("\n")
    }

    /// Every title that is offered, chips and buttons.
    pub(super) fn titles(&self) -> Vec<&str> {
        let titles = self.bubbles.iter().flat_map(|bubble| bubble.quick_replies.iter().chain(&bubble.buttons));
        titles.map(String::as_str).collect()
    }

    /// Judges one expectation.
    pub(super) fn judge(&self, expect: &Expect, exact: &[&str]) -> Verdict {
        let text = normalise(&self.text(), false);
        let fail = |kind, expected: String, got: String| Verdict::Failed { kind, expected, got };
        match &expect.kind {
            Kind::Reading(parts) => match self.reads(parts) {
                Ok(()) => Verdict::Passed,
                Err(got) => fail("reading", expect.text.clone(), got),
            },
            Kind::Exact(line) => {
                let nth = exact.iter().position(|other| std::ptr::eq(*other, line.as_str())).unwrap_or(0);
                let bubble = self.bubbles.get(nth).map(|bubble| bubble.text.as_str());
                let extra = nth + 1 == exact.len() && self.bubbles.len() > exact.len();
                match bubble {
                    Some(got) if got == line && !extra => Verdict::Passed,
                    Some(got) if got == line => {
                        fail("exact", "no further bubble".to_owned(), self.bubbles[nth + 1].text.clone())
                    }
                    got => fail("exact", line.clone(), got.unwrap_or("nothing").to_owned()),
                }
            }
            Kind::Offered(titles) => {
                let missing: Vec<&Title> =
                    titles.iter().filter(|title| !self.titles().iter().any(|offered| title.fits(offered))).collect();
                if missing.is_empty() {
                    Verdict::Passed
                } else {
                    fail("offered", expect.text.clone(), offered(&self.titles()))
                }
            }
            Kind::Say(expr) if expr.holds(&text) => Verdict::Passed,
            Kind::Say(expr) => fail("say", expr.unmet(&text), self.text()),
            Kind::Never(units) => {
                let titles = normalise(&self.titles().join("\n"), false);
                match units.iter().find(|unit| unit.holds(&text) || unit.holds(&titles)) {
                    None => Verdict::Passed,
                    Some(unit) => fail("never", format!("not {unit}"), self.text()),
                }
            }
            Kind::Effect(effect) => self.effect(effect, &expect.text),
        }
    }

    fn effect(&self, effect: &Effect, line: &str) -> Verdict {
        let got = match effect {
            Effect::Later => return Verdict::Unsupported,
            Effect::Fetch(bank) => {
                (!self.fetched.contains(bank)).then(|| format!("fetched: {}", listed(&self.fetched)))
            }
            Effect::NoFetch(Some(bank)) => {
                self.fetched.contains(bank).then(|| format!("fetched: {}", listed(&self.fetched)))
            }
            Effect::NoFetch(None) => (!self.fetched.is_empty()).then(|| format!("fetched: {}", listed(&self.fetched))),
            Effect::NoReply => (!self.bubbles.is_empty()).then(|| self.text()),
            Effect::Bubbles(most) => (self.bubbles.len() > *most).then(|| format!("{} bubbles", self.bubbles.len())),
            Effect::First(expr) => {
                let first = self.bubbles.first().map(|bubble| normalise(&bubble.text, false)).unwrap_or_default();
                (!expr.holds(&first)).then_some(first)
            }
            Effect::Same => (self.before.as_deref() != Some(&self.text())).then(|| self.text()),
            Effect::Differs => (self.before.as_deref() == Some(&self.text())).then(|| self.text()),
            Effect::SentOnce => {
                let mut ids: Vec<&str> = self.bubbles.iter().map(|bubble| bubble.id.as_str()).collect();
                ids.sort_unstable();
                let twice = ids.windows(2).any(|pair| pair[0] == pair[1]);
                (twice || self.bubbles.is_empty()).then(|| format!("{} bubbles", self.bubbles.len()))
            }
            Effect::Kept(change) => self.not_kept(*change),
            Effect::Typing => {
                let first = self.bubbles.first().map(|bubble| bubble.at);
                let shown = self.typing_at.is_some_and(|typing| first.is_none_or(|first| typing <= first));
                (!shown).then(|| "no typing before the first bubble".to_owned())
            }
            Effect::Holding(within) => self.not_held(*within),
            Effect::ButtonCall => {
                (!self.bubbles.iter().any(|bubble| bubble.calls)).then(|| "no such button".to_owned())
            }
            Effect::ButtonLogin => {
                (!self.bubbles.iter().any(|bubble| bubble.logs_in)).then(|| "no such button".to_owned())
            }
            Effect::ButtonWeb(page) => {
                let pages: Vec<String> = self.bubbles.iter().flat_map(|bubble| bubble.pages.clone()).collect();
                (!pages.contains(page)).then(|| format!("pages offered: {}", listed(&pages)))
            }
            Effect::ConsentCreated(bank) => {
                (!self.consents.0.contains(bank)).then(|| format!("linked: {}", listed(&self.consents.0)))
            }
            Effect::ConsentRenewed(bank) => {
                (!self.consents.1.contains(bank)).then(|| format!("renewed: {}", listed(&self.consents.1)))
            }
            Effect::Session { locks } => {
                let so = self.locked == (!locks, *locks);
                (!so).then(|| format!("locked before: {}, now: {}", self.locked.0, self.locked.1))
            }
            Effect::Image => self.not_shown(),
            Effect::Log(kind) => self.not_logged(*kind),
            Effect::HandoffStart => self.not_passed(true),
            Effect::HandoffEnd => self.not_passed(false),
            Effect::SummaryNoAmounts => self.no_summary(),
            Effect::Redact => self.kept_secret.clone(),
            Effect::RefusedSignature => (!self.refused_signature).then(|| "no refusal in the log".to_owned()),
            Effect::Erased => self.still_kept.clone(),
            Effect::Http(status) => (self.status != *status).then(|| format!("status {}", self.status)),
            Effect::ConsentRevoked(bank) => {
                (!self.unlinked.contains(bank)).then(|| format!("unlinked: {}", listed(&self.unlinked)))
            }
            Effect::CacheDropped(bank) => {
                self.cached.contains(bank).then(|| format!("in the cache: {}", listed(&self.cached)))
            }
            Effect::Mask(hidden) => (self.masked != *hidden).then(|| format!("hidden: {}", self.masked)),
            Effect::Offers(on) => {
                let agreed = self.settings.1.offers.is_some();
                (agreed != *on).then(|| format!("agreed to offers: {agreed}"))
            }
            Effect::Lang(language) => (self.lang.as_ref() != Some(language))
                .then(|| format!("set: {}", self.lang.as_deref().unwrap_or("nothing"))),
            // Nothing in the program can download an attachment: there is no transport to that host.
            Effect::IgnoredAttachment => None,
        };
        match got {
            None => Verdict::Passed,
            Some(got) => Verdict::Failed { kind: "effect", expected: line.to_owned(), got },
        }
    }

    /// Whether the store holds what a change of settings says.
    fn not_kept(&self, change: Change) -> Option<String> {
        let (before, after) = &self.settings;
        let is_so = match change {
            Change::AlertCreated => after.alerts.iter().any(|alert| {
                let same = |other: &Alert| other.kind == alert.kind && other.accounts == alert.accounts;
                !before.alerts.iter().any(|other| same(other) && other.amount == alert.amount)
            }),
            Change::AlertsDeleted => !before.alerts.is_empty() && after.alerts.is_empty(),
            Change::BudgetSet => after.budgets.iter().any(|budget| !before.budgets.contains(budget)),
            Change::BudgetRemoved => before.budgets.iter().any(|budget| !after.budgets.contains(budget)),
            Change::CategoryRule => after.categories.iter().any(|rule| !before.categories.contains(rule)),
        };
        let kept = || format!("{} alerts and {} budgets are kept", after.alerts.len(), after.budgets.len());
        (!is_so).then(kept)
    }

    fn not_held(&self, within: Duration) -> Option<String> {
        let by = later(self.sent_at, within);
        let held = self
            .bubbles
            .first()
            .is_some_and(|first| first.at <= by && self.answered_at.is_none_or(|answered| first.at < answered));
        (!held).then(|| match self.bubbles.first() {
            Some(first) => format!("the first bubble came {} after the input", first.at.duration_since(self.sent_at)),
            None => "nothing was sent".to_owned(),
        })
    }

    /// Whether no picture arrived, or one that says more than the text.
    fn not_shown(&self) -> Option<String> {
        let text = normalise(&self.text(), false);
        let untold = |picture: &Shown| {
            let missing = picture.amounts.iter().find(|amount| !text.contains(&normalise(amount, false)));
            missing.map(|amount| format!("{amount} is in the picture alone"))
        };
        match self.pictures.as_slice() {
            [] => Some("no picture".to_owned()),
            pictures if pictures.iter().any(|picture| !picture.is_png) => Some("no PNG file".to_owned()),
            pictures => pictures.iter().find_map(untold),
        }
    }

    /// Whether the thread did not change hands, as the platform has it.
    fn not_passed(&self, to_desk: bool) -> Option<String> {
        let is_so = self.passed.last().is_some_and(|passed| passed.to_desk == to_desk);
        let now = match self.passed.last() {
            None => "the thread stayed where it was",
            Some(passed) if passed.to_desk => "the thread went to the desk",
            Some(_) => "the thread came back",
        };
        (!is_so).then(|| now.to_owned())
    }

    /// Whether what the desk got with the thread is missing, or holds a figure.
    fn no_summary(&self) -> Option<String> {
        let summary = self.passed.iter().find(|passed| passed.to_desk).and_then(|passed| passed.metadata.clone());
        match summary {
            None => Some("no summary".to_owned()),
            Some(text) if text.trim().is_empty() => Some("an empty summary".to_owned()),
            Some(text) => text.contains(|c: char| c.is_numeric()).then_some(text),
        }
    }

    fn not_logged(&self, kind: AccessKind) -> Option<String> {
        let kinds: Vec<String> = self.access.iter().map(|entry| entry.kind.word().to_owned()).collect();
        // Whatever changes a consent is an entry about consent to a transcript.
        let fits = |of: AccessKind| of == kind || (kind == AccessKind::Consent && of.is_of_consent());
        (!self.access.iter().any(|entry| fits(entry.kind))).then(|| format!("logged: {}", listed(&kinds)))
    }

    fn reads(&self, specs: &[PartSpec]) -> Result<(), String> {
        let shown = || self.parts.iter().map(show_part).collect::<Vec<_>>().join(" ; ");
        if self.parts.len() < specs.len() {
            return Err(if self.parts.is_empty() { "nothing was read".to_owned() } else { shown() });
        }
        let fits = |spec: &PartSpec, part: &Part| {
            spec.intents.contains(&part.intent)
                && spec.slots.iter().all(|(slot, values)| {
                    let said = slot_value(&part.slots, slot);
                    values.iter().any(|value| slot_fits(slot, value, said.as_deref(), &part.slots))
                })
        };
        match specs.iter().zip(&self.parts).all(|(spec, part)| fits(spec, part)) {
            true => Ok(()),
            false => Err(shown()),
        }
    }
}

fn listed(items: &[String]) -> String {
    if items.is_empty() { "nothing".to_owned() } else { items.join(", ") }
}

fn offered(titles: &[&str]) -> String {
    if titles.is_empty() {
        "nothing".to_owned()
    } else {
        titles.iter().map(|title| format!("[{title}]")).collect::<Vec<_>>().join(" ")
    }
}

/// A question as transcripts write it.
pub(super) fn show_part(part: &Part) -> String {
    let mut out = part.intent.word().to_owned();
    for slot in [
        "period",
        "than",
        "account",
        "bank",
        "merchant",
        "category",
        "except_merchant",
        "except_category",
        "amount",
        "currency",
        "count",
        "direction",
        "net",
        "lang",
        "place",
        "kind",
    ] {
        if let Some(value) = slot_value(&part.slots, slot) {
            let quoted = if value.contains(' ') { format!("\"{value}\"") } else { value };
            out.push_str(&format!(" {slot}={quoted}"));
        }
    }
    out
}

/// A slot's value as transcripts write it; `None` when it is empty.
fn slot_value(slots: &Slots, slot: &str) -> Option<String> {
    let list = |items: Vec<&str>| (!items.is_empty()).then(|| items.join("+"));
    match slot {
        "period" => slots.period.map(|period| period.to_string()),
        "than" => slots.than.map(|period| period.to_string()),
        "account" => {
            list(slots.accounts.iter().map(|id| id.as_str()).collect()).or_else(|| slots.account_words.clone())
        }
        "bank" => list(slots.banks.iter().map(|id| id.as_str()).collect()),
        "merchant" => list(slots.merchants.iter().map(String::as_str).collect()),
        "category" => list(slots.categories.iter().map(|category| category.word()).collect()),
        "except_merchant" => list(slots.except_merchants.iter().map(String::as_str).collect()),
        "except_category" => list(slots.except_categories.iter().map(|category| category.word()).collect()),
        "except_amount" => {
            let amounts: Vec<String> = slots.except_amounts.iter().map(show_amount).collect();
            list(amounts.iter().map(String::as_str).collect())
        }
        "amount" => slots.amount.as_ref().map(show_amount),
        "currency" => slots
            .currency
            .or(slots.amount.as_ref().and_then(|amount| amount.currency))
            .map(|currency| currency.code().to_owned()),
        "count" => slots.count.map(|count| count.to_string()),
        "direction" => {
            slots.direction.map(|direction| if direction == Direction::In { "in" } else { "out" }.to_owned())
        }
        "net" => slots.net.then(|| "true".to_owned()),
        "lang" => slots.lang.clone(),
        "place" => slots.place.clone(),
        _ => slots.kind.clone(),
    }
}

fn show_amount(amount: &AmountRange) -> String {
    match (amount.min, amount.max) {
        (Some(min), Some(max)) if min == max => min.to_string(),
        (Some(min), Some(max)) => format!("{min}..{max}"),
        (Some(min), None) => format!(">{min}"),
        (None, Some(max)) => format!("<{max}"),
        (None, None) => String::new(),
    }
}

fn slot_fits(slot: &str, wanted: &str, said: Option<&str>, slots: &Slots) -> bool {
    let Some(said) = said else { return wanted == "-" };
    match slot {
        "account" | "bank" | "merchant" | "category" | "except_merchant" | "except_category" => {
            let set = |text: &str| {
                let mut items: Vec<String> = text.split('+').map(|item| normalise(item.trim(), true)).collect();
                items.sort();
                items
            };
            set(wanted) == set(said)
        }
        "amount" => slots.amount.as_ref().is_some_and(|amount| numbers(wanted) == numbers(&show_amount(amount))),
        _ => normalise(wanted, true) == normalise(said, true),
    }
}

/// An amount with its numbers in one form: `500.00` is `500`.
fn numbers(text: &str) -> String {
    let plain =
        |number: &str| number.parse::<rust_decimal::Decimal>().map_or(number.to_owned(), |d| d.normalize().to_string());
    let (mark, rest) = match text.strip_prefix(['>', '<']) {
        Some(rest) => (&text[..1], rest),
        None => ("", text),
    };
    let ends: Vec<String> = rest.split("..").map(plain).collect();
    format!("{mark}{}", ends.join(".."))
}
