//! The page on which a person signs in to a bank and decides. It needs no script, and it is no secret who lives here:
//! the page lists the bank's made-up customers, and the password stands in its field.

use std::fmt::Write as _;
use std::sync::Arc;

use axum::extract::rejection::FormRejection;
use axum::extract::{Form, Path, State};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Router, middleware};
use http::header::{CONTENT_TYPE, COOKIE, LOCATION, SET_COOKIE};
use http::{HeaderMap, StatusCode, Uri};
use jiff::ToSpan;
use jiff::civil::Date;

use super::asked::{Asked, OAuthError, Parameters, Return, sender};
use super::oauth::{Login, REQUEST_URI, Refused};
use crate::domain::purpose::DataClass;
use crate::domain::text::label;
use crate::sandbox::address::{pairs, with_parameters};
use crate::sandbox::markup::{self, escaped};
use crate::sandbox::world::{Consent, Person, PersonId};
use crate::sandbox::{CONSENT_DAYS, Sandbox};

/// Everybody's password.
const PASSWORD: &str = "sandbox";

/// Who signs in so few days before the end that the world notes is taken to renew.
const RENEWED_WITHIN_DAYS: i64 = 7;

pub(super) fn router() -> Router<Arc<Sandbox>> {
    Router::new()
        .route("/banks/{bank}/oauth/authorize", get(show).post(decide))
        .route(
            "/banks/{bank}/oauth/page.css",
            get(async || ([(CONTENT_TYPE, "text/css; charset=utf-8")], markup::STYLE)),
        )
        .layer(middleware::map_response(markup::guarded))
}

/// Why a person cannot be asked.
enum Stray {
    /// There is nobody to send them back to.
    Here(OAuthError),
    /// The client is told.
    Back(Return, OAuthError),
    /// The bank does not answer.
    Refused(Refused),
}

impl From<OAuthError> for Stray {
    fn from(error: OAuthError) -> Self {
        Self::Here(error)
    }
}

/// A request that waits for its person.
struct Waiting<'a> {
    login: &'a Login<'a>,
    handle: String,
    asked: Asked,
}

async fn show(State(sandbox): State<Arc<Sandbox>>, Path(bank): Path<String>, uri: Uri, headers: HeaderMap) -> Response {
    let login = match Login::open(&sandbox, &bank, &uri, &headers).await {
        Ok(login) => login,
        Err(refused) => return stray(None, Stray::Refused(refused)),
    };
    match login.waiting(uri.query().unwrap_or_default()) {
        Ok(waiting) => {
            let chosen = waiting.expected(&headers);
            waiting.page(StatusCode::OK, chosen.as_ref(), None)
        }
        Err(problem) => stray(Some(&login), problem),
    }
}

async fn decide(
    State(sandbox): State<Arc<Sandbox>>,
    Path(bank): Path<String>,
    uri: Uri,
    headers: HeaderMap,
    form: Result<Form<Vec<(String, String)>>, FormRejection>,
) -> Response {
    let login = match Login::open(&sandbox, &bank, &uri, &headers).await {
        Ok(login) => login,
        Err(refused) => return stray(None, Stray::Refused(refused)),
    };
    let unread = |_| OAuthError::invalid_request("the form cannot be read");
    let answer = form.map_err(unread).and_then(|Form(form)| Parameters::read(form));
    match answer.map_err(Stray::Here).and_then(|answer| login.decided(&answer)) {
        Ok(response) => response,
        Err(problem) => stray(Some(&login), problem),
    }
}

impl<'a> Login<'a> {
    /// The request that a person was sent here with: pushed before, or in the address.
    fn waiting(&'a self, query: &str) -> Result<Waiting<'a>, Stray> {
        let asks = Parameters::read(pairs(query))?;
        let (mut state, now) = (self.sandbox.state(), self.sandbox.clock().now());
        let client = sender(&state.grants, &asks)?.clone();
        let bank = &self.institution.bank.id;
        if let Some(request_uri) = asks.get("request_uri") {
            let handle = request_uri.strip_prefix(REQUEST_URI).unwrap_or_default();
            let known = state.grants.request(bank, handle, now).filter(|asked| asked.client_id == client.id);
            let asked = known.ok_or(OAuthError::invalid_request("the request is unknown or has expired"))?;
            state.grants.show(handle, now);
            return Ok(Waiting { login: self, handle: handle.to_owned(), asked });
        }
        let back = Return::read(&client, &asks)?;
        let asked =
            Asked::read(self.institution, &client, back.clone(), &asks).map_err(|error| Stray::Back(back, error))?;
        let handle = state.grants.keep(asked.clone(), now);
        state.grants.show(&handle, now);
        Ok(Waiting { login: self, handle, asked })
    }

    /// What the person decided.
    fn decided(&'a self, answer: &Parameters) -> Result<Response, Stray> {
        let (bank, now) = (&self.institution.bank.id, self.sandbox.clock().now());
        let handle = answer.get("request").unwrap_or_default().to_owned();
        let gone = OAuthError::invalid_request("the request is unknown, was answered, or has expired");
        let asked = self.sandbox.state().grants.request(bank, &handle, now).ok_or(gone)?;
        if answer.get("decision") != Some("allow") {
            self.sandbox.state().grants.close(bank, &handle, now);
            return Err(Stray::Back(asked.back(), OAuthError::DENIED));
        }
        let waiting = Waiting { login: self, handle, asked };
        let named = answer.get("person").map(PersonId::new);
        let Some(person) = named.filter(|id| waiting.customers().iter().any(|person| person.id == *id)) else {
            return Ok(waiting.page(StatusCode::BAD_REQUEST, None, Some("Choose first who you are.")));
        };
        // A script may leave it out; a browser sends what stands in the field.
        if answer.get("password").is_some_and(|password| password != PASSWORD) {
            let words = format!("That password is not right. Everybody's here is: {PASSWORD}");
            return Ok(waiting.page(StatusCode::BAD_REQUEST, Some(&person), Some(&words)));
        }
        // The world may say what a person allows, and for how long.
        let of_world = self.sandbox.world().consent(&person, bank);
        let until = of_world.and_then(|consent| self.sandbox.noted_end(consent));
        let ends = self.sandbox.last_moment(&person, until);
        let (back, cookie) = (waiting.asked.back(), remember(bank.as_str(), &person));
        let mut state = self.sandbox.state();
        let mut asked = state.grants.close(bank, &waiting.handle, now).ok_or(gone)?;
        if let Some(consent) = of_world {
            asked.scopes.retain(|class| *class == DataClass::Accounts || consent.scopes.contains(class));
        }
        let code = state.grants.allow(asked, person, ends, now);
        Ok(([(SET_COOKIE, cookie)], self.answered(&back, &[("code", &code)])).into_response())
    }

    /// Sends the person back with an answer; it names the bank (RFC 9207), so that no other can be taken for it.
    fn answered(&self, back: &Return, answer: &[(&str, &str)]) -> Response {
        let state = back.state.as_deref().map(|state| ("state", state));
        let answer: Vec<(&str, &str)> =
            answer.iter().copied().chain(state).chain([("iss", self.issuer.as_str())]).collect();
        (StatusCode::SEE_OTHER, [(LOCATION, with_parameters(&back.redirect_uri, &answer))]).into_response()
    }
}

/// Sends a stray person back if there is somewhere, else says here what is wrong.
fn stray(login: Option<&Login<'_>>, problem: Stray) -> Response {
    match (login, problem) {
        (Some(login), Stray::Back(back, error)) => {
            login.answered(&back, &[("error", error.code), ("error_description", error.description)])
        }
        (_, Stray::Refused(refused)) => refused.into_response(),
        (login, Stray::Here(error) | Stray::Back(_, error)) => {
            let bank = login.map_or_else(String::new, |login| label(&login.institution.bank.name));
            let style = login.map_or_else(String::new, Login::style);
            let body = format!(
                "<main>\n{}<h1>This cannot go on</h1>\n<p>{}.</p>\n<p>Go back to where you came from and begin again.</p>\n</main>\n",
                heading(&bank),
                escaped(error.description),
            );
            markup::page(StatusCode::BAD_REQUEST, &format!("{bank} (sandbox)"), &style, &body)
        }
    }
}

impl Login<'_> {
    fn style(&self) -> String {
        format!("/banks/{}/oauth/page.css", self.institution.bank.id)
    }
}

impl Waiting<'_> {
    /// The people who have accounts at the bank.
    fn customers(&self) -> Vec<&Person> {
        let Login { sandbox, institution, .. } = self.login;
        let has_accounts = |person: &&Person| !sandbox.accounts(&person.id, &institution.bank.id).is_empty();
        sandbox.world().people.iter().filter(has_accounts).collect()
    }

    /// Who the bank takes the person for: the one the client named, who signed in here last, or its only customer.
    fn expected(&self, headers: &HeaderMap) -> Option<PersonId> {
        let customers = self.customers();
        let one = |id: &str| customers.iter().map(|person| &person.id).find(|known| known.as_str() == id).cloned();
        let hinted = self.asked.hint.as_deref().and_then(one);
        let sole = || (customers.len() == 1).then(|| customers[0].id.clone());
        let signed_in = || {
            let before = remembered(headers, self.asked.bank.as_str())?;
            one(&before).filter(|_| !self.asked.signs_in_again)
        };
        hinted.or_else(signed_in).or_else(sole)
    }

    fn page(&self, status: StatusCode, chosen: Option<&PersonId>, trouble: Option<&str>) -> Response {
        let Login { sandbox, institution, .. } = self.login;
        let bank = label(&institution.bank.name);
        let client = sandbox.state().grants.client(&self.asked.client_id).map(|client| client.name.clone());
        let client = escaped(&client.unwrap_or_default());
        let mut body = format!("<main>\n{}<h1>{client} asks to read your accounts</h1>\n", heading(&bank));
        let _ = writeln!(body, "<p>It can look, and nothing else: no payment, no change.</p>");
        if let Some(trouble) = trouble {
            let _ = writeln!(body, "<p class=\"trouble\" role=\"alert\">{}</p>", escaped(trouble));
        }
        let _ = writeln!(body, "<form method=\"post\" action=\"/banks/{}/oauth/authorize\">", institution.bank.id);
        let _ = writeln!(body, "<input type=\"hidden\" name=\"request\" value=\"{}\">", escaped(&self.handle));
        body.push_str(&self.sign_in(chosen));
        body.push_str("<section>\n<h2>What it may read</h2>\n<ul>\n");
        for class in &self.asked.scopes {
            let _ = writeln!(body, "<li>{}</li>", told(*class, sandbox.world().history_from));
        }
        let _ = writeln!(
            body,
            "</ul>\n<p>{}, or until you take it back. You go on to <b>{}</b>.</p>\n</section>",
            self.how_long(),
            escaped(host(&self.asked.redirect_uri)),
        );
        body.push_str(
            "<p class=\"choice\"><button name=\"decision\" value=\"allow\" id=\"allow\">Allow</button>\n\
             <button name=\"decision\" value=\"deny\" id=\"cancel\" class=\"quiet\" formnovalidate>Cancel</button></p>\n\
             </form>\n</main>\n",
        );
        markup::page(status, &format!("{bank} (sandbox)"), &self.login.style(), &body)
    }

    /// How long it will stand, where that is the same for whoever may sign in.
    fn how_long(&self) -> String {
        let Login { sandbox, institution, .. } = self.login;
        let of_world = |person: &&Person| sandbox.world().consent(&person.id, &institution.bank.id);
        let mut days: Vec<Option<Date>> =
            self.customers().iter().map(|person| of_world(person).and_then(|one| sandbox.noted_end(one))).collect();
        days.sort_unstable();
        days.dedup();
        match days.as_slice() {
            [Some(day)] => format!("Until {}", day.strftime("%-d %B %Y")),
            [None] | [] => format!("For {CONSENT_DAYS} days"),
            _ => "Until the day that is noted for you here".to_owned(),
        }
    }

    /// Who the person is: one of the bank's customers.
    fn sign_in(&self, chosen: Option<&PersonId>) -> String {
        let Login { sandbox, institution, .. } = self.login;
        let mut out = String::from("<fieldset>\n<legend>Sign in as</legend>\n");
        for person in self.customers() {
            let checked = if chosen == Some(&person.id) { " checked" } else { "" };
            let accounts: Vec<String> = sandbox
                .accounts(&person.id, &institution.bank.id)
                .iter()
                .map(|account| {
                    format!("<li><bdi>{}</bdi> ••{}</li>", escaped(&label(&account.nick)), escaped(&account.last4))
                })
                .collect();
            let _ = writeln!(
                out,
                "<label class=\"person\"><input type=\"radio\" name=\"person\" value=\"{}\" required{checked}>\n\
                 <span><bdi>{}</bdi><ul>{}</ul></span></label>",
                escaped(person.id.as_str()),
                escaped(&label(&person.name)),
                accounts.join(""),
            );
        }
        if self.customers().is_empty() {
            out.push_str("<p>Nobody of this world has an account here.</p>\n");
        }
        let _ = writeln!(
            out,
            "<label class=\"password\">Password\n<input type=\"password\" name=\"password\" value=\"{PASSWORD}\" \
             autocomplete=\"off\" required></label>\n<p class=\"note\">Made up, as everybody here is.</p>\n</fieldset>",
        );
        out
    }
}

fn heading(bank: &str) -> String {
    let initial = bank.chars().next().unwrap_or('?').to_string();
    format!(
        "<header><span class=\"mark\" aria-hidden=\"true\">{}</span> <b><bdi>{}</bdi></b> <span class=\"tag\">(sandbox)</span></header>\n",
        escaped(&initial),
        escaped(bank),
    )
}

/// A scope in words.
fn told(class: DataClass, history_from: Date) -> String {
    match class {
        DataClass::Accounts | DataClass::Details => "Your accounts: names and last digits".to_owned(),
        DataClass::Balances => "Balances: what you have and what you owe".to_owned(),
        DataClass::Offers => "Offers of this bank".to_owned(),
        DataClass::Transactions => format!("Transactions since {}", history_from.strftime("%-d %B %Y")),
    }
}

/// The host of an address, with its port.
fn host(address: &str) -> &str {
    let after = address.split_once("://").map_or(address, |(_, rest)| rest);
    after.split(['/', '?', '#']).next().unwrap_or_default()
}

/// Who signed in here last, in this browser. It saves a tap, and proves nothing.
fn remember(bank: &str, person: &PersonId) -> String {
    format!("sandbox_bank_{bank}={person}; Path=/banks/{bank}/oauth; HttpOnly; SameSite=Lax")
}

fn remembered(headers: &HeaderMap, bank: &str) -> Option<String> {
    let name = format!("sandbox_bank_{bank}=");
    let cookies = headers.get_all(COOKIE).iter().filter_map(|value| value.to_str().ok()).flat_map(|all| all.split(';'));
    cookies.map(str::trim).find_map(|cookie| cookie.strip_prefix(&name)).map(str::to_owned)
}

impl Sandbox {
    /// The day until which the world lets a consent stand, unless that is nearly over: who signs in then renews it, and a
    /// bank would not have them back within days.
    fn noted_end(&self, consent: &Consent) -> Option<Date> {
        let renews_from = self.today(&consent.person).saturating_add(RENEWED_WITHIN_DAYS.days());
        (consent.until > renews_from).then_some(consent.until)
    }

    /// The last moment of a consent that is given now: of its last day, on the person's clock.
    fn last_moment(&self, person: &PersonId, until: Option<Date>) -> jiff::Zoned {
        let zone = self.world().person(person).map_or(&self.world().zone, |person| &person.zone);
        let day = until.unwrap_or_else(|| self.today(person).saturating_add(CONSENT_DAYS.days()));
        let midnight = day.at(23, 59, 59, 0).to_zoned(zone.clone());
        midnight.unwrap_or_else(|_| self.clock().now().to_zoned(zone.clone()))
    }
}
