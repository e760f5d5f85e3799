//! A client and a browser at the login of a sandbox's bank.

use balancebot::egress::Transport;
use balancebot::sandbox::DEFAULT_WORLD;
use balancebot::sandbox::bank::{Client, Shape};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use bytes::Bytes;
use http::{Method, Request, Response};
use reqwest::Url;
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::street::{HOST, Street, street};

pub(crate) const BACK: &str = "http://bot.test/oauth/callback?bank=northgate";
pub(crate) const VERIFIER: &str = "a-verifier-of-at-least-forty-three-characters-0123456789";
pub(crate) const SECRET: &str = "s3cret: with a colon, a ü and a %";

/// Maya's town, where the bot is registered, and somebody else too.
pub(crate) fn town() -> Street {
    with_clients(street(DEFAULT_WORLD))
}

pub(crate) fn with_clients(street: Street) -> Street {
    for id in ["bot", "other"] {
        street.sandbox.register(Client {
            id: id.to_owned(),
            secret: SECRET.into(),
            name: "balancebot <b>".to_owned(),
            redirect_uris: vec![BACK.to_owned(), "http://bot.test/two".to_owned()],
        });
    }
    street
}

pub(crate) fn form(pairs: &[(&str, &str)]) -> String {
    let mut url = Url::parse("http://x/").expect("an address");
    url.query_pairs_mut().extend_pairs(pairs);
    url.query().unwrap_or_default().to_owned()
}

pub(crate) fn challenge() -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(VERIFIER))
}

/// A good request for everything, changed as told: an empty value leaves a parameter out.
pub(crate) fn asks(changes: &[(&str, &str)]) -> Vec<(String, String)> {
    let challenge = challenge();
    let mut asks: Vec<(String, String)> = [
        ("response_type", "code"),
        ("client_id", "bot"),
        ("redirect_uri", BACK),
        ("scope", "accounts balances transactions"),
        ("state", "a state & more"),
        ("code_challenge", challenge.as_str()),
        ("code_challenge_method", "S256"),
    ]
    .map(|(name, value)| (name.to_owned(), value.to_owned()))
    .to_vec();
    for (name, value) in changes {
        asks.retain(|(known, _)| known != name);
        asks.push(((*name).to_owned(), (*value).to_owned()));
    }
    asks.retain(|(_, value)| !value.is_empty());
    asks
}

pub(crate) fn text_of(pairs: &[(String, String)]) -> String {
    form(&pairs.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect::<Vec<_>>())
}

/// What a browser or a client does at one bank's login.
pub(crate) struct Login<'a> {
    pub(crate) street: &'a Street,
    pub(crate) bank: &'a str,
}

impl Login<'_> {
    pub(crate) async fn call(
        &self,
        method: Method,
        uri: &str,
        headers: &[(&str, &str)],
        body: String,
    ) -> Response<Bytes> {
        let mut request = Request::builder().method(method).uri(uri);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(Bytes::from(body)).expect("a request");
        self.street.door.exchange(request).await.expect("an answer")
    }

    pub(crate) fn endpoint(&self, name: &str) -> String {
        format!("{HOST}/banks/{}/oauth/{name}", self.bank)
    }

    /// A call of the client `bot`, which proves itself in the header.
    pub(crate) async fn client_posts(&self, endpoint: &str, body: String) -> (u16, Value) {
        self.posts_as("bot", SECRET, endpoint, body).await
    }

    pub(crate) async fn posts_as(&self, id: &str, secret: &str, endpoint: &str, body: String) -> (u16, Value) {
        let encoded = |text: &str| form(&[("", text)]).trim_start_matches('=').to_owned();
        let basic = format!("Basic {}", STANDARD.encode(format!("{}:{}", encoded(id), encoded(secret))));
        let headers = [("authorization", basic.as_str()), ("content-type", "application/x-www-form-urlencoded")];
        let response = self.call(Method::POST, &self.endpoint(endpoint), &headers, body).await;
        assert_eq!(response.headers()["cache-control"], "no-store", "{endpoint}");
        (response.status().as_u16(), serde_json::from_slice(response.body()).unwrap_or_default())
    }

    pub(crate) async fn push(&self, changes: &[(&str, &str)]) -> (u16, Value) {
        self.client_posts("par", text_of(&asks(changes))).await
    }

    pub(crate) async fn get(&self, query: &str) -> Response<Bytes> {
        self.call(Method::GET, &format!("{}?{query}", self.endpoint("authorize")), &[], String::new()).await
    }

    /// The page for a pushed request: its text and the handle in its form.
    pub(crate) async fn page(&self, changes: &[(&str, &str)]) -> (String, String) {
        let (status, pushed) = self.push(changes).await;
        assert_eq!(status, 201, "{pushed}");
        let query = form(&[("client_id", "bot"), ("request_uri", pushed["request_uri"].as_str().expect("a name"))]);
        let response = self.get(&query).await;
        assert_eq!(response.status(), 200);
        handle_of(&response)
    }

    pub(crate) async fn post_page(&self, answer: &[(&str, &str)]) -> Response<Bytes> {
        let headers = [("content-type", "application/x-www-form-urlencoded")];
        self.call(Method::POST, &self.endpoint("authorize"), &headers, form(answer)).await
    }

    /// Somebody allows what is asked; the code.
    pub(crate) async fn allow(&self, person: &str, changes: &[(&str, &str)]) -> String {
        let (_, handle) = self.page(changes).await;
        let answer = [("request", handle.as_str()), ("person", person), ("password", "sandbox"), ("decision", "allow")];
        returned(&self.post_page(&answer).await, "code").expect("a code")
    }

    pub(crate) async fn redeem(&self, code: &str, changes: &[(&str, &str)]) -> (u16, Value) {
        let mut asks = vec![
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", BACK),
            ("code_verifier", VERIFIER),
        ];
        for (name, value) in changes {
            asks.retain(|(known, _)| known != name);
            asks.push((name, value));
        }
        self.client_posts("token", form(&asks)).await
    }

    pub(crate) async fn refresh(&self, token: &str) -> (u16, Value) {
        self.client_posts("token", form(&[("grant_type", "refresh_token"), ("refresh_token", token)])).await
    }

    /// Somebody links; what the client was given.
    pub(crate) async fn link(&self, person: &str) -> Tokens {
        let code = self.allow(person, &[]).await;
        let (status, granted) = self.redeem(&code, &[]).await;
        assert_eq!(status, 200, "{granted}");
        Tokens::of(&granted)
    }

    /// The status of a call for data, and its body.
    pub(crate) async fn data(&self, shape: Shape, token: &str, rest: &str) -> (u16, Value) {
        let uri = format!("{HOST}{}/{rest}", shape.base_path(&self.bank.into()));
        let response = self.street.call(Some(token), &uri).await;
        (response.status().as_u16(), serde_json::from_slice(response.body()).unwrap_or_default())
    }
}

pub(crate) struct Tokens {
    pub(crate) access: String,
    pub(crate) refresh: String,
    pub(crate) consent: String,
}

impl Tokens {
    pub(crate) fn of(granted: &Value) -> Self {
        let text = |name: &str| granted[name].as_str().unwrap_or_else(|| panic!("{name} in {granted}")).to_owned();
        Self { access: text("access_token"), refresh: text("refresh_token"), consent: text("consent_id") }
    }
}

pub(crate) fn handle_of(response: &Response<Bytes>) -> (String, String) {
    let page = String::from_utf8(response.body().to_vec()).expect("UTF-8");
    let handle = page.split_once("name=\"request\" value=\"").expect("a form").1.split('"').next().unwrap_or_default();
    (page.clone(), handle.to_owned())
}

/// A parameter of the address that a browser is sent back to.
pub(crate) fn returned(response: &Response<Bytes>, name: &str) -> Option<String> {
    assert_eq!(response.status(), 303, "{:?}", response.body());
    let address = response.headers()["location"].to_str().expect("an address");
    assert!(address.starts_with(BACK), "{address}");
    let url = Url::parse(address).expect("an address");
    url.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
}
