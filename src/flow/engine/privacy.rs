//! The calls about who sees what: the person's own access log, and amounts hidden in the chat.

use super::Run;
use super::links::data;
use crate::domain::{
    access::{AccessEntry, AccessKind},
    answer::{Draft, DraftButton, Offer},
    bank::{Bank, BankId},
    purpose::Purpose,
    reading::{Intent, Part},
    say::{Arg, Say},
    webpage::WebPage,
};
use crate::flow::dialogue::{Frame, SHOW};
use crate::flow::topics::topic;

/// Entries a page.
const PAGE: usize = 5;

impl Run<'_> {
    /// Tells who read the person's data: which bank, when, what, and for which question, newest first.
    pub(super) fn say_access_log(&mut self) -> &'static str {
        let slots = &self.asked.slots;
        let in_period = |entry: &&AccessEntry| {
            let day = entry.at.to_zoned(self.setting.zone.clone()).date();
            slots.period.is_none_or(|period| period.contains(day))
        };
        let of_banks = |entry: &&AccessEntry| {
            slots.banks.is_empty() || entry.bank.as_ref().is_some_and(|bank| slots.banks.contains(bank))
        };
        let told: Vec<&AccessEntry> = self
            .setting
            .log
            .iter()
            .rev()
            .filter(|entry| is_told(entry, self.setting.log))
            .filter(in_period)
            .filter(of_banks)
            .collect();
        let is_read = |entry: &&&AccessEntry| is_read(entry.kind);
        let reads = told.iter().filter(is_read).count();
        let today = self.setting.now.to_zoned(self.setting.zone.clone()).date();
        let when = slots.period.map_or_else(
            || Say::new("access-ever"),
            |period| Say::new("access-when").with("span", period.so_far(today)),
        );
        let page = usize::try_from(slots.page).unwrap_or(usize::MAX).saturating_mul(PAGE);
        let head = match (reads, page) {
            (0, _) => Say::new("access-none").with("when", when),
            (_, 0) => Say::new("access-head").with("when", when).with("count", reads),
            _ => Say::new("access-earlier").with("when", when),
        };
        let lines: Vec<Say> = told.iter().skip(page).take(PAGE).map(|entry| line(entry, self.setting.banks)).collect();
        if lines.is_empty() && page > 0 {
            self.drafts.push(Draft::line(Say::new("nothing-more")));
            return "done";
        }
        let mut lines: Vec<Say> = std::iter::once(head).chain(lines).collect();
        if page == 0 {
            lines.push(Say::new("access-nobody"));
        }
        let buttons = vec![DraftButton::Web { title: Say::new("title-access-log"), page: WebPage::AccessLog }];
        self.drafts.push(Draft { lines, buttons, picture: None });
        if told.len() > page.saturating_add(PAGE) {
            self.offers.push(Offer { title: Say::new("title-more"), asks: Part::new(Intent::More) });
        }
        self.dialogue.frame = Some(Frame { part: self.asked.clone(), at: self.setting.now });
        "done"
    }

    /// Hides amounts in the chat, or shows them again.
    pub(super) fn mask(&mut self) -> &'static str {
        let shows = self.asked.slots.kind.as_deref() == Some(SHOW);
        self.dialogue.settings.masked = !shows;
        if shows { "shown" } else { "done" }
    }
}

/// The reads and what else a person is told of their access log, newest first.
pub fn access_lines(log: &[AccessEntry], banks: &[Bank]) -> Vec<Say> {
    log.iter().rev().filter(|entry| is_told(entry, log)).map(|entry| line(entry, banks)).collect()
}

/// Whether something was read then, or may have been.
fn is_read(kind: AccessKind) -> bool {
    use AccessKind::{HandedOver, ResumeOrdered, StopOrdered, Stopped};
    !kind.is_of_consent() && !matches!(kind, HandedOver | Stopped | StopOrdered | ResumeOrdered)
}

/// Whether an entry is told by itself. A read that was announced and never noted as ended (the process died) may have
/// taken place, so it is told as well.
fn is_told(entry: &AccessEntry, log: &[AccessEntry]) -> bool {
    let ended = |other: &AccessEntry| {
        other.question == entry.question
            && other.bank == entry.bank
            && matches!(other.kind, AccessKind::Fetched | AccessKind::Failed | AccessKind::Stopped)
    };
    match entry.kind {
        AccessKind::Fetched | AccessKind::Failed | AccessKind::Reused => true,
        // People at the desk see the chat, with the figures in it.
        AccessKind::HandedOver => true,
        AccessKind::Stopped | AccessKind::StopOrdered | AccessKind::ResumeOrdered => true,
        kind if kind.is_of_consent() => true,
        AccessKind::Opened => !log.iter().any(ended),
        _ => false,
    }
}

fn line(entry: &AccessEntry, banks: &[Bank]) -> Say {
    let id = match entry.kind {
        AccessKind::HandedOver => return Say::new("access-desk").with("at", entry.at),
        // Given for offers it names them; taken back, nothing any more.
        AccessKind::Consent if entry.purpose == Some(Purpose::Offers) => {
            let id = if entry.classes.is_empty() { "access-offers-ended" } else { "access-offers-allowed" };
            return Say::new(id).with("at", entry.at);
        }
        AccessKind::Consent if entry.about == Some(Intent::LinkDone) => "access-linked",
        AccessKind::Consent => "access-unlinked",
        AccessKind::ConsentRenewed => "access-renewed",
        AccessKind::ConsentConfirmed => "access-confirmed",
        AccessKind::ConsentPaused => "access-paused",
        AccessKind::ConsentEnded => "access-ended",
        AccessKind::Failed => "access-failed",
        AccessKind::Reused => "access-reused",
        AccessKind::Stopped => "access-stopped",
        AccessKind::StopOrdered => "access-stop-ordered",
        AccessKind::ResumeOrdered => "access-resume-ordered",
        _ => "access-read",
    };
    let line = Say::new(id).with("at", entry.at).with("bank", bank_name(entry.bank.as_ref(), banks));
    match entry.kind {
        AccessKind::StopOrdered | AccessKind::ResumeOrdered => line,
        kind if kind.is_of_consent() => line,
        _ => {
            let about = entry.about.map_or_else(|| Say::new("topic-accounts"), topic);
            line.with("data", data(&entry.classes)).with("topic", about)
        }
    }
}

/// The name of a bank; its id where it is no longer configured.
fn bank_name(id: Option<&BankId>, banks: &[Bank]) -> Arg {
    let Some(id) = id else { return Arg::from("") };
    let bank = banks.iter().find(|bank| bank.id == *id);
    Arg::from(bank.map_or(id.as_str(), |bank| bank.name.as_str()))
}
