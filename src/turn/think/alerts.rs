//! Alerts are looked at while nobody asks: under a purpose of their own, by day, a few times, and only while the platform
//! takes messages. Whatever cannot be said now is not read now either.

use std::time::Duration;

use jiff::civil::{Time, time};
use jiff::{Timestamp, ToSpan, Zoned};

use super::{ANSWER_AT_LEAST, Desk, Failed, claim_log::ClaimLog};
use crate::answer;
use crate::bank::ask::{NotLogged, ask};
use crate::clock::later;
use crate::domain::{
    account::Account,
    alert::{Alert, AlertKind},
    answer::Draft,
    facts::Facts,
    message::Post,
    period::Period,
    purpose::{DataClass, Watching},
    question::Question,
    reading::Intent,
    say::Say,
};
use crate::store::{StoreError, Waiting};
use crate::turn::Seen;

/// How often an alert is looked at by day: four times between the quiet hours.
const EVERY: Duration = Duration::from_secs(4 * 60 * 60);
/// Nobody is written to unasked before and after these hours, in their own zone.
const MORNING: Time = time(8, 0, 0, 0);
const EVENING: Time = time(21, 0, 0, 0);

impl Desk<'_> {
    /// When the alerts are to be looked at next, if ever: not while the platform takes no messages, nor while the thread is
    /// with people. The person's next message puts both right.
    pub(super) fn look_at(&self) -> Option<Timestamp> {
        if self.dialogue.at_desk.is_some() {
            return None;
        }
        let due = self.dialogue.settings.alerts.iter().map(|alert| alert.due).min()?;
        let awake = waking(&due.max(self.turn.clock.now()).to_zoned(self.profile.zone.clone()))?;
        (awake < self.window_end()?).then_some(awake)
    }

    /// When the platform stops taking messages to the person.
    fn window_end(&self) -> Option<Timestamp> {
        self.dialogue.heard.map(|heard| later(heard, self.turn.limits.window))
    }

    /// The outbox rows in which alerts were told.
    pub(super) fn alert_rows(&self) -> Vec<String> {
        self.dialogue.settings.alerts.iter().filter_map(|alert| alert.watch.row.clone()).collect()
    }

    /// Looks at every alert that is due, and says in one bubble what has come true.
    pub(super) async fn check_alerts(&mut self, waiting: &Waiting) -> Result<(), Failed> {
        let now = self.turn.clock.now();
        // Asked again here: what was due may have waited, or have ended.
        if self.look_at().is_none_or(|at| at > now) {
            return Ok(());
        }
        let due = |alert: &&Alert| alert.due <= now;
        let alerts: Vec<Alert> = self.dialogue.settings.alerts.iter().filter(due).cloned().collect();
        let (low, others): (Vec<&Alert>, Vec<&Alert>) =
            alerts.iter().partition(|alert| alert.kind == AlertKind::LowBalance);
        let balances = self.read(waiting, DataClass::Balances, &low).await?;
        let mut rows = self.read(waiting, DataClass::Transactions, &others).await?;
        answer::recount(&mut rows, &self.dialogue.settings.categories);
        // Also the accounts of consents that have ended: their alerts must say so.
        let directory: Vec<Account> = self.links.iter().flat_map(|link| link.accounts.clone()).collect();
        let today = self.now();
        let (mut lines, mut told): (Vec<Say>, Vec<usize>) = (Vec::new(), Vec::new());
        let mut figures = Vec::new();
        for (at, alert) in self.dialogue.settings.alerts.iter_mut().enumerate().filter(|(_, alert)| alert.due <= now) {
            let facts = if alert.kind == AlertKind::LowBalance { &balances } else { &rows };
            let watched =
                answer::Watched { facts, banks: &self.banks, directory: &directory, today: today.date(), now };
            let (answer, watch) = answer::look(alert, &watched);
            alert.watch = watch;
            alert.due = next(alert, &today).unwrap_or_else(|| later(now, EVERY));
            if let Some(answer) = answer {
                told.push(at);
                figures.extend(answer.provenance.figures);
                let new = answer.bubbles.into_iter().flat_map(|bubble| bubble.lines);
                new.for_each(|line| {
                    if !lines.contains(&line) {
                        lines.push(line)
                    }
                });
            }
        }
        if !lines.is_empty() {
            if let Some(witness) = &self.turn.witness {
                witness(Seen {
                    conversation: self.claim.conversation.clone(),
                    parts: Vec::new(),
                    reading: None,
                    said: lines.iter().map(|line| line.text.clone()).collect(),
                    figures,
                    voice: self.voice.clone(),
                });
            }
            self.tell(lines, &told);
        }
        Ok(())
    }

    /// Puts what came true into the outbox, and notes where it lies.
    fn tell(&mut self, mut lines: Vec<Say>, told: &[usize]) {
        let Some(expires) = self.window_end() else { return };
        lines.push(Say::new("alert-end"));
        let bubble = self.bubble(&Draft { lines, buttons: Vec::new(), picture: None });
        for bubble in self.turn.channel.fit(vec![bubble]) {
            let id = self.queue(Post::Bubble(bubble), expires);
            for at in told {
                if let Some(alert) = self.dialogue.settings.alerts.get_mut(*at) {
                    alert.watch.row = Some(id.clone());
                }
            }
        }
    }

    /// What some alerts need of one kind, in one question. Nobody waits for it, so there is no holding line.
    async fn read(
        &mut self,
        waiting: &Waiting,
        class: DataClass,
        alerts: &[&Alert],
    ) -> Result<Facts<Watching>, Failed> {
        if alerts.is_empty() {
            return Ok(Facts::default());
        }
        self.renew_tokens().await?;
        let clock = &self.turn.clock;
        // Whether a row is the person's own transfer shows in the rows of all accounts.
        let accounts = match class {
            DataClass::Balances => alerts.iter().flat_map(|alert| alert.accounts.clone()).collect(),
            _ => Vec::new(),
        };
        let today = self.now().date();
        let from = alerts.iter().map(|alert| answer::look_from(alert)).min();
        let question = Question {
            id: waiting.event_id.clone(),
            about: Some(Intent::AlertSet),
            purpose: Watching,
            classes: vec![class],
            banks: Vec::new(),
            accounts,
            period: Some(Period { from, to: None }).filter(|_| class == DataClass::Transactions),
            fresh: false,
        };
        let sink = ClaimLog { turn: self.turn, claim: self.claim };
        let sources = self.turn.sources(&self.claim.conversation, &sink);
        let asked = ask(sources, &question, &self.links, today, later(clock.now(), ANSWER_AT_LEAST)).await;
        let asked = asked.map_err(|NotLogged(reason)| Failed::Store(StoreError::Unavailable(reason)))?;
        self.outcome.access.extend(asked.closed);
        for (bank, accounts) in asked.directories {
            self.refresh_directory(&bank, accounts);
        }
        Ok(asked.facts)
    }
}

/// When an alert is looked at next: once it was told, not before the next day.
fn next(alert: &Alert, now: &Zoned) -> Option<Timestamp> {
    if alert.watch.told == Some(now.date()) {
        return morning(&now.tomorrow().ok()?);
    }
    later(now.timestamp(), EVERY).into()
}

/// The moment itself by day, else the next morning.
fn waking(at: &Zoned) -> Option<Timestamp> {
    match at.time() {
        time if time < MORNING => morning(at),
        time if time >= EVENING => morning(&at.checked_add(1.day()).ok()?),
        _ => Some(at.timestamp()),
    }
}

fn morning(day: &Zoned) -> Option<Timestamp> {
    day.date().to_datetime(MORNING).to_zoned(day.time_zone().clone()).ok().map(|at| at.timestamp())
}
