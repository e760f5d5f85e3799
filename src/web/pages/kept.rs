//! The pages that open once: what is kept of a person (what they agreed to, who read, all of it as a file), for which no
//! bank is asked, and answers in full, for which their banks are.

use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use serde::Serialize;
use serde_json::Value;

use super::Pages;
use super::templates::{AnswerPage, LinesPage, MineBank, MinePage, head};
use super::voice::Voice;
use crate::domain::access::AccessEntry;
use crate::domain::account::Account;
use crate::domain::bank::Bank;
use crate::domain::consent::Standing;
use crate::domain::link::Link;
use crate::domain::say::{Arg, Say};
use crate::domain::webpage::WebPage;
use crate::flow::dialogue::Settings;
use crate::flow::engine::access_lines;
use crate::store::StoreError;
use crate::turn::Turn;
use crate::turn::linking::{Kept, Stopped};
use crate::turn::stops::with_orders;
use crate::turn::ticket::Ticket;

/// So many uses of a person's data are told beside what they agreed to.
const USES_MAX: usize = 5;

/// Everything that is kept of a person. No token, and no figure of a bank: none is kept.
#[derive(Serialize)]
struct Export<'a> {
    made: jiff::Timestamp,
    links: Vec<ExportedLink<'a>>,
    settings: &'a Settings,
    access_log: &'a [AccessEntry],
}

#[derive(Serialize)]
struct ExportedLink<'a> {
    bank: &'a str,
    scopes: Vec<&'static str>,
    since: Option<jiff::Timestamp>,
    until: jiff::civil::Date,
    purposes: Vec<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    bank_until: Option<jiff::civil::Date>,
    #[serde(skip_serializing_if = "Option::is_none")]
    confirm_by: Option<jiff::civil::Date>,
    accounts: Vec<ExportedAccount<'a>>,
}

#[derive(Serialize)]
struct ExportedAccount<'a> {
    name: &'a str,
    last4: Option<&'a str>,
}

impl Pages {
    /// Opens a page of what is kept. Its address is used up.
    pub(super) async fn open(&self, ticket: &Ticket) -> Response {
        match self.opened(ticket).await {
            Ok(Some(response)) => response,
            Ok(None) => self.stopped(Some(&ticket.voice), Stopped::Over),
            Err(error) => self.stopped(Some(&ticket.voice), error.into()),
        }
    }

    async fn opened(&self, ticket: &Ticket) -> Result<Option<Response>, StoreError> {
        if !self.turn.use_up(ticket).await? {
            return Ok(None);
        }
        if matches!(ticket.page, WebPage::Explain(_) | WebPage::Reveal(_)) {
            return Ok(Some(match self.turn.answer_on_page(ticket).await {
                Ok(answer) => self.html(&AnswerPage::new(&self.voice(&ticket.voice), &ticket.page, &answer), &[]),
                Err(stopped) => self.stopped(Some(&ticket.voice), stopped),
            }));
        }
        if let WebPage::Unlink(bank) = &ticket.page {
            self.turn.unlink_on_page(ticket, bank).await?;
            let name = self.turn.banks.get(bank).map_or(bank.as_str(), |bank| bank.bank().name.as_str());
            let voice = self.voice(&ticket.voice);
            let done = voice.say(&Say::new("web-unlink-done").with("bank", name));
            let (lang, head) = (voice.lang(), voice.text(head(&ticket.page)));
            return Ok(Some(self.html(&LinesPage { lang, head, paragraphs: vec![done], lines: Vec::new() }, &[])));
        }
        let kept = self.turn.kept_of(&ticket.conversation).await?;
        let voice = self.voice(&ticket.voice).within(kept.zone.clone());
        let banks: Vec<Bank> = self.turn.banks.0.iter().map(|bank| bank.bank().clone()).collect();
        let (paragraphs, lines) = match ticket.page {
            WebPage::Export => return Ok(Some(self.export(ticket, &kept).await)),
            WebPage::AccessLog => {
                let orders = self.turn.orders_about(&ticket.conversation, &kept.links).await?;
                let log = with_orders(kept.log, orders);
                let lines: Vec<String> = access_lines(&log, &banks).iter().map(|line| voice.say(line)).collect();
                let mut paragraphs = if lines.is_empty() { vec![voice.text("web-log-none")] } else { Vec::new() };
                if let Some(heads) = &self.turn.heads {
                    paragraphs.push(voice.say(&Say::new("web-log-proof").with("key", heads.public().to_string())));
                }
                (paragraphs, lines)
            }
            WebPage::Privacy => (vec![voice.text("privacy"), voice.text("privacy-kept")], Vec::new()),
            _ => return Ok(Some(self.mine(ticket, &voice, &kept, &banks).await?)),
        };
        let page = LinesPage { lang: voice.lang(), head: voice.text(head(&ticket.page)), paragraphs, lines };
        Ok(Some(self.html(&page, &[])))
    }

    /// What was agreed to, what was read of late, and a button beside each bank that ends it.
    async fn mine(
        &self,
        ticket: &Ticket,
        voice: &Voice<'_>,
        kept: &Kept,
        banks: &[Bank],
    ) -> Result<Response, StoreError> {
        let of_bank = |link: &Link| {
            let page = WebPage::Unlink(link.bank.clone());
            let unlink = Ticket::new(page, &ticket.conversation, &ticket.voice, self.turn.clock.now());
            let bank = banks.iter().find(|bank| bank.id == link.bank);
            Some(MineBank {
                name: bank.map_or(link.bank.as_str(), |bank| bank.name.as_str()).to_owned(),
                line: agreed(voice, link),
                unlink: unlink.address(&self.turn.keyring, "")?,
            })
        };
        let orders = self.turn.orders_about(&ticket.conversation, &kept.links).await?;
        let log = with_orders(kept.log.clone(), orders);
        let uses = access_lines(&log, banks);
        let paragraphs: &[&str] = match kept.links.is_empty() {
            true => &["web-consent-none"],
            false => &["web-link-what-text", "web-link-for-text", "web-link-undo-text"],
        };
        let page = MinePage {
            lang: voice.lang(),
            head: voice.text(head(&ticket.page)),
            paragraphs: paragraphs.iter().map(|text| voice.text(text)).collect(),
            banks: kept.links.iter().filter_map(of_bank).collect(),
            unlink: voice.text("web-unlink-go"),
            uses_head: voice.text("web-uses-head"),
            uses: uses.iter().take(USES_MAX).map(|line| voice.say(line)).collect(),
            uses_more: (uses.len() > USES_MAX).then(|| voice.text("web-uses-more")),
        };
        Ok(self.html(&page, &[]))
    }

    /// Everything that is kept as a file, with the proof of its access log where heads are signed. Where one cannot be
    /// signed the person still has their data.
    async fn export(&self, ticket: &Ticket, kept: &Kept) -> Response {
        let Turn { store, clock, heads, .. } = &*self.turn;
        let links = kept.links.iter().map(exported).collect();
        let export = Export { made: clock.now(), links, settings: &kept.settings, access_log: &kept.log };
        let Ok(Value::Object(mut file)) = serde_json::to_value(&export) else {
            return StatusCode::INTERNAL_SERVER_ERROR.into_response();
        };
        if let Some(heads) = heads {
            match heads.prove(file.clone(), &ticket.conversation, store.as_ref(), clock.as_ref()).await {
                Ok(proven) => file = proven,
                Err(error) => tracing::error!(audit.error = %error, "a copy of somebody's data goes out without proof"),
            }
        }
        let Ok(json) = serde_json::to_vec_pretty(&file) else {
            return StatusCode::INTERNAL_SERVER_ERROR.into_response();
        };
        let headers = [
            (header::CONTENT_TYPE, HeaderValue::from_static("application/json")),
            (header::CONTENT_DISPOSITION, HeaderValue::from_static("attachment; filename=\"my-data.json\"")),
        ];
        (headers, json).into_response()
    }
}

/// What was agreed to at one bank, and until when.
fn agreed(voice: &Voice<'_>, link: &Link) -> String {
    let data: Vec<Arg> =
        link.scopes.iter().map(|class| Arg::from(Say::new(format!("data-{}", class.word())))).collect();
    let term = link.term();
    let left = usize::try_from(term.days_left(voice.today())).unwrap_or_default();
    let id = match term.standing(voice.today()) {
        Standing::Live if term.can_be_confirmed() => "web-consent-asked-again",
        Standing::Live => "web-consent-line",
        Standing::Unconfirmed => "web-consent-paused",
        Standing::Ended => "web-consent-ended",
    };
    let say = Say::new(id).with("data", data).with("until", link.until);
    voice.say(&say.with("last", term.last_day()).with("left", left))
}

fn exported(link: &Link) -> ExportedLink<'_> {
    ExportedLink {
        bank: link.bank.as_str(),
        scopes: link.scopes.iter().map(|class| class.word()).collect(),
        since: link.grant.since,
        until: link.until,
        purposes: link.consent.purposes.iter().map(|purpose| purpose.word()).collect(),
        bank_until: link.consent.bank_until,
        confirm_by: link.consent.confirm_by,
        accounts: link.accounts.iter().map(ExportedAccount::of).collect(),
    }
}

impl<'a> ExportedAccount<'a> {
    fn of(account: &'a Account) -> Self {
        Self { name: &account.nick, last4: account.last4.as_deref() }
    }
}
