//! What stands on each page; how it looks is in the `.html` files beside this one.

use askama::Template;

use super::voice::Voice;
use crate::domain::bank::Bank;
use crate::domain::consent::ConsentRule;
use crate::domain::say::Say;
use crate::domain::webpage::WebPage;
use crate::turn::on_page::PageAnswer;
use crate::turn::ticket::Ticket;

/// Agree, or show that it is you, and go to the bank.
#[derive(Template)]
#[template(path = "link.html")]
pub(super) struct LinkPage<'a> {
    lang: String,
    head: String,
    trouble: Option<String>,
    who: String,
    rows: Vec<(String, String)>,
    choose: String,
    banks: &'a [Bank],
    agree: Option<String>,
    go: String,
}

impl<'a> LinkPage<'a> {
    pub(super) fn new(
        voice: &Voice<'_>,
        ticket: &Ticket,
        banks: &'a [Bank],
        page: &str,
        rule: Option<ConsentRule>,
        trouble: Option<&str>,
    ) -> Self {
        let links = ticket.page != WebPage::Unlock;
        let head = match banks {
            _ if !links => Say::new("web-unlock-head"),
            [bank] => Say::new("web-link-head").with("bank", bank.name.as_str()),
            _ => Say::new("web-link-choose"),
        };
        let who = if links { "web-link-who" } else { "web-unlock-text" };
        let who = Say::new(who).with("page", page).with("at", ticket.given);
        let row = |term: &str| {
            let said = if term == "web-link-long" { how_long(rule) } else { Say::new(format!("{term}-text")) };
            (voice.text(term), voice.say(&said))
        };
        let rows = ["web-link-what", "web-link-for", "web-link-long", "web-link-undo"];
        Self {
            lang: voice.lang(),
            head: voice.say(&head),
            trouble: trouble.map(|trouble| voice.text(trouble)),
            who: voice.say(&who),
            rows: if links { rows.into_iter().map(row).collect() } else { Vec::new() },
            choose: voice.text("web-choose"),
            banks,
            agree: links.then(|| voice.text("web-link-agree")),
            go: voice.text("web-link-go"),
        }
    }
}

/// How long a consent stands, as exactly as it can be said before a bank is chosen.
fn how_long(rule: Option<ConsentRule>) -> Say {
    let days = |days: u32| usize::try_from(days).unwrap_or(usize::MAX);
    match rule {
        None => Say::new("web-link-long-text"),
        Some(ConsentRule { days: most, reconfirm_days: Some(again) }) if again < most => {
            Say::new("web-link-long-again").with("days", days(most)).with("again", days(again))
        }
        Some(ConsentRule { days: most, .. }) => Say::new("web-link-long-days").with("days", days(most)),
    }
}

/// Back from the bank: now back to the chat.
#[derive(Template)]
#[template(path = "back.html")]
pub(super) struct BackPage {
    lang: String,
    head: String,
    text: String,
    open_url: String,
    open: String,
    code_text: String,
    code: String,
}

impl BackPage {
    pub(super) fn new(voice: &Voice<'_>, open_url: String, code: String) -> Self {
        Self {
            lang: voice.lang(),
            head: voice.text("web-back-head"),
            text: voice.text("web-back-text"),
            open_url,
            open: voice.text("web-back-open"),
            code_text: voice.text("web-back-code"),
            code,
        }
    }
}

/// What stands before a page that opens once.
#[derive(Template)]
#[template(path = "cover.html")]
pub(super) struct CoverPage {
    lang: String,
    head: String,
    text: String,
    go: String,
}

impl CoverPage {
    pub(super) fn new(voice: &Voice<'_>, page: &WebPage) -> Self {
        let (text, go) = match page {
            WebPage::Export => ("web-export-text", "web-export-go"),
            WebPage::Unlink(_) => ("web-unlink-text", "web-unlink-go"),
            _ => ("web-once", "web-open"),
        };
        Self { lang: voice.lang(), head: voice.text(head(page)), text: voice.text(text), go: voice.text(go) }
    }
}

/// The heading of a page of what is kept.
pub(super) fn head(page: &WebPage) -> &'static str {
    match page {
        WebPage::Link(_) => "web-link-choose",
        WebPage::Unlock => "web-unlock-head",
        WebPage::Consent => "web-consent-head",
        WebPage::Unlink(_) => "web-unlink-head",
        WebPage::AccessLog => "web-log-head",
        WebPage::Export => "web-export-head",
        WebPage::Privacy => "web-privacy-head",
        WebPage::Explain(_) => "web-explain-head",
        WebPage::Reveal(_) => "web-reveal-head",
    }
}

/// An answer: its sentences, and its rows as lists.
#[derive(Template)]
#[template(path = "answer.html")]
pub(super) struct AnswerPage {
    lang: String,
    head: String,
    /// Lines in order; those that are rows of an account stand in a list.
    blocks: Vec<Block>,
    forgotten: String,
}

/// Lines of one kind.
struct Block {
    rows: bool,
    lines: Vec<String>,
}

impl AnswerPage {
    pub(super) fn new(voice: &Voice<'_>, page: &WebPage, answer: &PageAnswer) -> Self {
        let voice = voice.at(&answer.now);
        let lines: Vec<&Say> = answer.drafts.iter().flat_map(|draft| &draft.lines).collect();
        let block = |lines: &[&Say]| Block {
            rows: lines.first().is_some_and(is_row),
            lines: lines.iter().map(|line| voice.say(line)).collect(),
        };
        let forgotten = match answer.forgotten {
            Some(at) => voice.say(&Say::new("web-answer-forgotten").with("at", at)),
            None => String::new(),
        };
        Self {
            lang: voice.lang(),
            head: voice.text(head(page)),
            blocks: lines.chunk_by(|a, b| is_row(a) == is_row(b)).map(block).collect(),
            forgotten,
        }
    }
}

/// Whether a line is a row of an account.
fn is_row(line: &&Say) -> bool {
    line.text == "row"
}

/// What a person agreed to, bank by bank, and what was read of late.
#[derive(Template)]
#[template(path = "mine.html")]
pub(super) struct MinePage {
    pub(super) lang: String,
    pub(super) head: String,
    pub(super) paragraphs: Vec<String>,
    pub(super) banks: Vec<MineBank>,
    pub(super) unlink: String,
    pub(super) uses_head: String,
    pub(super) uses: Vec<String>,
    /// Where all of them are told, if these are not all.
    pub(super) uses_more: Option<String>,
}

/// One of the banks.
pub(super) struct MineBank {
    pub(super) name: String,
    pub(super) line: String,
    /// The address that its button sends to; the same person's, and as short-lived as this page's.
    pub(super) unlink: String,
}

/// Paragraphs and a list.
#[derive(Template)]
#[template(path = "lines.html")]
pub(super) struct LinesPage {
    pub(super) lang: String,
    pub(super) head: String,
    pub(super) paragraphs: Vec<String>,
    pub(super) lines: Vec<String>,
}
