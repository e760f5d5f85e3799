//! A sandbox with a door to its banks, for the tests. Its clock stands still under a paused runtime.
#![allow(dead_code, reason = "each test file that includes this uses a part of it")]

use std::sync::Arc;

use balancebot::clock::WorldClock;
use balancebot::domain::fault::Source;
use balancebot::egress::{InProcess, Transport};
use balancebot::sandbox::Sandbox;
use balancebot::sandbox::bank::{PAGE_ROWS, Shape, router};
use balancebot::sandbox::world::World;
use bytes::Bytes;
use http::{Request, Response, StatusCode};
use serde_json::Value;

pub(crate) const FAMILY: &str = include_str!("../../fixtures/worlds/family.toml");
pub(crate) const HOSTILE: &str = include_str!("../../fixtures/worlds/hostile.toml");
pub(crate) const HOST: &str = "http://bank.test:8088";

/// A sandbox, its clock, and a door to it.
pub(crate) struct Street {
    pub(crate) sandbox: Arc<Sandbox>,
    pub(crate) clock: Arc<WorldClock>,
    pub(crate) door: InProcess,
}

pub(crate) fn street(world: &str) -> Street {
    let source = Source { path: "world.toml".to_owned(), text: world.to_owned() };
    let world = World::load(&source).expect("a good world");
    let clock = Arc::new(WorldClock::starting_at(world.now));
    let sandbox = Arc::new(Sandbox::new(world, clock.clone()));
    let door = InProcess::new(router(sandbox.clone()));
    Street { sandbox, clock, door }
}

impl Street {
    /// One call with a person's own token.
    pub(crate) async fn get(&self, person: &str, bank: &str, shape: Shape, rest: &str) -> Response<Bytes> {
        let token = self.sandbox.token(&person.into(), &bank.into());
        self.call(Some(&token), &format!("{HOST}{}/{rest}", shape.base_path(&bank.into()))).await
    }

    pub(crate) async fn call(&self, token: Option<&str>, uri: &str) -> Response<Bytes> {
        let mut request = Request::get(uri).header("x-fapi-interaction-id", "i-1");
        if let Some(token) = token {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        let response = self.door.exchange(request.body(Bytes::new()).expect("a request")).await.expect("an answer");
        assert!(!response.status().is_success() || response.headers()["x-fapi-interaction-id"] == "i-1");
        response
    }

    pub(crate) async fn json(&self, person: &str, bank: &str, shape: Shape, rest: &str) -> Value {
        let response = self.get(person, bank, shape, rest).await;
        assert_eq!(response.status(), StatusCode::OK, "{shape:?} {rest}: {:?}", response.body());
        serde_json::from_slice(response.body()).expect("JSON")
    }

    /// All rows of an account, page by page, as the dialect has them (unwrapped).
    pub(crate) async fn rows(&self, person: &str, bank: &str, shape: Shape, account: &str, query: &str) -> Vec<Value> {
        let first = format!("{HOST}{}/accounts/{account}/transactions?{query}", shape.base_path(&bank.into()));
        let (mut uri, mut rows, mut pages) = (first.clone(), Vec::new(), 0);
        let token = self.sandbox.token(&person.into(), &bank.into());
        loop {
            let response = self.call(Some(&token), &uri).await;
            assert_eq!(response.status(), StatusCode::OK, "{uri}: {:?}", response.body());
            let page: Value = serde_json::from_slice(response.body()).expect("JSON");
            let list = page.get("transactions").or_else(|| page["Data"].get("Transaction")).expect("rows");
            let list = list.as_array().expect("a list").clone();
            assert!(list.len() <= PAGE_ROWS);
            rows.extend(list.into_iter().map(unwrap));
            pages += 1;
            assert!(pages < 20, "the pages end");
            uri = match shape {
                Shape::FdxFlat => match page["page"]["nextPageKey"].as_str() {
                    Some(key) => format!("{first}&pageKey={key}"),
                    None => return rows,
                },
                Shape::FdxWrapped => match page["page"]["nextOffset"].as_str() {
                    Some(offset) => format!("{first}&offset={offset}"),
                    None => return rows,
                },
                _ => match page["Links"]["Next"].as_str() {
                    Some(next) => next.to_owned(),
                    None => return rows,
                },
            };
        }
    }
}

/// The object inside `{"depositAccount": {…}}`; others as they are.
pub(crate) fn unwrap(value: Value) -> Value {
    match value.as_object().and_then(|object| object.iter().next().filter(|_| object.len() == 1)) {
        Some((name, inner)) if name.ends_with("Account") || name.ends_with("Transaction") => inner.clone(),
        _ => value,
    }
}
