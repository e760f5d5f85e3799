//! What happens in a transcript besides somebody writing: banks fail, time passes, and people link and unlock in a browser.

use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response, StatusCode, header};

use super::Stage;
use crate::clock::{Clock, later};
use crate::domain::bank::BankId;
use crate::domain::webpage::WebPage;
use crate::egress::{InProcess, Transport};
use crate::replay::script::Event;
use crate::sandbox::bank;
use crate::turn::ticket::Ticket;
use crate::web::{pages, secured};

impl Stage<'_> {
    pub(super) async fn event(&mut self, event: &Event, person: &str) -> Result<Option<StatusCode>, String> {
        let messenger = &self.messenger;
        let unsaid = |error: crate::sandbox::messenger::Unsaid| error.to_string();
        let status = match event {
            Event::Bank(bank, change) => {
                self.sandbox.switch(bank, *change).map_err(|error| error.to_string())?;
                None
            }
            Event::Clock(by) => {
                self.pass(*by).await?;
                None
            }
            Event::Postback(payload) => messenger.postback(person, payload, payload).await.map_err(unsaid)?,
            Event::Sticker(name) => messenger.sticker(person, name).await.map_err(unsaid)?,
            Event::Attachment(kind) => messenger.attachment(person, kind).await.map_err(unsaid)?,
            Event::Reaction(emoji) => messenger.react(person, emoji).await.map_err(unsaid)?,
            Event::Platform(what) => match what.as_str() {
                "read" => messenger.read(person).await,
                "delivered" => messenger.delivered(person).await,
                _ => messenger.echo(person).await,
            }
            .map_err(unsaid)?,
            Event::ThreadReturned => messenger.desk_returns(person).await.map(|()| None).map_err(unsaid)?,
            Event::Locale(locale) => {
                messenger.set_locale(person, locale).map_err(unsaid)?;
                self.profiles.change(self.place(), |profile| profile.locale.clone_from(locale));
                None
            }
            Event::Redeliver => messenger.redeliver(person).await.map_err(unsaid)?,
            Event::Forged(text) => messenger.forge(person, text).await.map_err(unsaid)?,
            Event::Linked(bank) => {
                let came_back = self.browse(WebPage::Link(Some(bank.clone())), bank, true).await?;
                let secret = came_back.ok_or("the browser was not led back into the chat")?;
                self.messenger.referral(person, &secret).await.map_err(unsaid)?
            }
            Event::LinkFailed => {
                let bank = self.some_bank().ok_or("the world has no bank")?;
                self.browse(WebPage::Link(Some(bank.clone())), &bank, false).await?;
                None
            }
            Event::Unlocked => {
                let links = self.links().await?;
                let today = self.sandbox.today(&self.speaker);
                let live = links.iter().find(|link| link.is_live(today)).or(links.first());
                let bank = live.map(|link| link.bank.clone()).ok_or("no bank is linked to unlock at")?;
                let secret = self.browse(WebPage::Unlock, &bank, true).await?;
                let secret = secret.ok_or("the browser was not led back into the chat")?;
                self.messenger.referral(person, &secret).await.map_err(unsaid)?
            }
            Event::Crash(None) => {
                self.restart()?;
                None
            }
            Event::Crash(Some(death)) => {
                self.mortal.dies(*death);
                None
            }
            Event::Row(account, row) => {
                self.sandbox.append(account, row).map_err(|error| error.to_string())?;
                None
            }
            Event::Booked(account, amount) => {
                self.sandbox.book(account, amount).map_err(|error| error.to_string())?;
                None
            }
        };
        Ok(status)
    }

    /// Lets time pass; what falls due meanwhile is done when it is due.
    async fn pass(&mut self, by: Duration) -> Result<(), String> {
        let failed = |error: crate::store::StoreError| error.to_string();
        let end = later(self.clock.now(), by);
        loop {
            let due = self.bot.turn.store.roused(end, 1).await.map_err(failed)?;
            let until = due.first().map_or(end, |(_, at)| *at);
            let left = until.duration_since(self.clock.now());
            self.clock.skip(Duration::try_from(left).unwrap_or_default());
            if due.is_empty() {
                return Ok(());
            }
            self.settle().await?;
        }
    }

    /// The bank that a person would link next, or the first.
    fn some_bank(&self) -> Option<BankId> {
        let banks = || self.sandbox.world().institutions.iter().map(|institution| &institution.bank.id);
        let unlinked = banks().find(|bank| self.sandbox.consent(&self.speaker, bank).is_none());
        unlinked.or_else(|| banks().next()).cloned()
    }

    /// What a person does in a browser: opens one of our pages, agrees, signs in at the bank and allows it or not, and is
    /// led back. Tells the reference with which the chat is opened then, if there is one.
    async fn browse(&self, page: WebPage, bank: &BankId, allow: bool) -> Result<Option<String>, String> {
        let ours = InProcess::new(secured(pages::router(self.bot.pages.clone())));
        let banks = InProcess::new(bank::router(std::sync::Arc::clone(&self.sandbox)));
        let turn = &self.bot.turn;
        let ticket = Ticket::new(page, &self.conversation(), "en-US", turn.clock.now());
        let address = ticket.address(&turn.keyring, turn.public_url.as_deref().unwrap_or_default());
        let address = address.ok_or("our page has no address")?;
        let form = format!("bank={bank}&agree=yes");
        let sent = ask(&ours, &address, Some(form), None).await?;
        let cookie = sent.headers().get(header::SET_COOKIE).and_then(|cookie| cookie.to_str().ok()?.split(';').next());
        let cookie = cookie.map(str::to_owned);
        let Some(login) = location(&sent) else { return Err(format!("our page answers {}", shown(&sent))) };
        let page = ask(&banks, &login, None, None).await?;
        let request = between(&page, "name=\"request\" value=\"", "\"").ok_or("the bank's page has no form")?;
        let decision = if allow { "allow" } else { "deny" };
        let form = format!("person={}&request={request}&decision={decision}", self.speaker);
        let allowed = ask(&banks, &login, Some(form), None).await?;
        let Some(back) = location(&allowed) else { return Err(format!("the bank answers {}", shown(&allowed))) };
        let last = ask(&ours, &back, None, cookie).await?;
        Ok(between(&last, "?ref=", "\""))
    }
}

async fn ask(
    to: &InProcess,
    url: &str,
    form: Option<String>,
    cookie: Option<String>,
) -> Result<Response<Bytes>, String> {
    let mut request = Request::builder().uri(url).method(if form.is_some() { "POST" } else { "GET" });
    if form.is_some() {
        request = request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    }
    if let Some(cookie) = cookie {
        request = request.header(header::COOKIE, cookie);
    }
    let request = request.body(Bytes::from(form.unwrap_or_default())).map_err(|error| error.to_string())?;
    to.exchange(request).await.map_err(|error| error.to_string())
}

fn location(response: &Response<Bytes>) -> Option<String> {
    response.headers().get(header::LOCATION)?.to_str().ok().map(str::to_owned)
}

fn between(response: &Response<Bytes>, before: &str, after: &str) -> Option<String> {
    let text = std::str::from_utf8(response.body()).ok()?;
    let from = text.find(before)? + before.len();
    let to = text[from..].find(after)? + from;
    Some(text[from..to].to_owned())
}

fn shown(response: &Response<Bytes>) -> String {
    format!("{}: {}", response.status(), String::from_utf8_lossy(response.body()))
}
