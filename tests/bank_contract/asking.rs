//! One question to many banks: partial answers, consents, the access log before the first byte, and the cache.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use balancebot::bank::Banks;
use balancebot::bank::ask::{AccessSink, Asked, NotLogged, Sources, ask};
use balancebot::bank::cache::Cache;
use balancebot::clock::{Clock, WorldClock};
use balancebot::domain::access::{AccessEntry, AccessKind};
use balancebot::domain::account::{AccountClass, BalanceKind};
use balancebot::domain::facts::Trouble;
use balancebot::domain::link::Link;
use balancebot::domain::message::Conversation;
use balancebot::domain::period::Period;
use balancebot::domain::purpose::{Answering, DataClass, Purpose};
use balancebot::domain::question::Question;
use balancebot::privacy::permit::stops::Stops;
use jiff::civil::{Date, date};

use crate::stage::{Call, Reply, Shape, Stage, account, clock};

const TODAY: Date = date(2026, 11, 22);

/// Keeps what it is given, and how many calls had left by then.
#[derive(Default)]
pub(crate) struct Log {
    pub(crate) opened: Mutex<Vec<Vec<AccessEntry>>>,
    broken: bool,
}

#[async_trait]
impl AccessSink for Log {
    async fn opened(&self, entries: Vec<AccessEntry>) -> Result<(), NotLogged> {
        if self.broken {
            return Err(NotLogged("disk full".to_owned()));
        }
        self.opened.lock().expect("the log").push(entries);
        Ok(())
    }
}

/// Banks, links and all that a question needs.
struct World {
    clock: Arc<WorldClock>,
    stages: Vec<Stage>,
    links: Vec<Link>,
    cache: Cache,
    log: Log,
    stops: Stops,
    of: Conversation,
}

impl World {
    fn new(stages: impl FnOnce(Arc<WorldClock>) -> Vec<Stage>) -> Self {
        let clock = clock();
        let stages = stages(clock.clone());
        let links = stages.iter().map(|stage| link(stage.bank.bank().id.as_str())).collect();
        Self {
            clock,
            stages,
            links,
            cache: Cache::default(),
            log: Log::default(),
            stops: Stops::default(),
            of: Conversation::messenger("1", "2"),
        }
    }

    /// Two banks, each with the same story in another dialect.
    fn two() -> Self {
        Self::new(|clock| {
            vec![Stage::story("northgate", Shape::Fdx6, clock.clone()), Stage::story("citywide", Shape::Obuk4, clock)]
        })
    }

    async fn ask(&self, question: &Question) -> Result<Asked, NotLogged> {
        let banks = Banks(self.stages.iter().map(|stage| stage.bank.clone()).collect());
        let sources = Sources {
            banks: &banks,
            cache: &self.cache,
            clock: &*self.clock,
            log: &self.log,
            stops: &self.stops,
            of: &self.of,
        };
        let deadline = balancebot::clock::later(self.clock.now(), Duration::from_secs(17));
        ask(sources, question, &self.links, TODAY, deadline).await
    }

    fn calls(&self) -> usize {
        self.stages.iter().map(|stage| stage.calls().len()).sum()
    }
}

pub(crate) fn link(bank: &str) -> Link {
    Link {
        bank: bank.into(),
        until: date(2027, 5, 1),
        scopes: vec![DataClass::Balances, DataClass::Transactions],
        token: format!("token-{bank}").as_str().into(),
        accounts: Vec::new(),
        grant: Default::default(),
        consent: Default::default(),
    }
}

fn balances() -> Question {
    Question {
        id: "m.1".to_owned(),
        about: None,
        purpose: Answering,
        classes: vec![DataClass::Balances],
        banks: Vec::new(),
        accounts: Vec::new(),
        period: None,
        fresh: false,
    }
}

fn kinds(asked: &Asked) -> Vec<(&str, AccessKind)> {
    asked.closed.iter().map(|entry| (entry.bank.as_ref().map_or("", |bank| bank.as_str()), entry.kind)).collect()
}

fn read(asked: &Asked) -> Vec<(&str, &str)> {
    asked.facts.accounts.iter().map(|facts| (facts.bank.id.as_str(), facts.account.id.as_str())).collect()
}

#[tokio::test(start_paused = true)]
async fn all_banks_in_order_with_their_directories() {
    let mut world = World::two();
    world.links.reverse();
    let asked = world.ask(&balances()).await.expect("facts");
    let ids = ["chk", "crd", "lon", "sav"];
    let both: Vec<_> = ["northgate", "citywide"].into_iter().flat_map(|bank| ids.map(|id| (bank, id))).collect();
    assert_eq!(read(&asked), both, "the config's order, then the directory's");
    assert!(asked.facts.is_complete());
    assert!(asked.facts.accounts.iter().all(|facts| facts.balances.is_some() && facts.transactions.is_none()));
    assert_eq!(kinds(&asked), [("northgate", AccessKind::Fetched), ("citywide", AccessKind::Fetched)]);
    let directories: Vec<_> = asked.directories.iter().map(|(bank, list)| (bank.as_str(), list.len())).collect();
    assert_eq!(directories, [("northgate", 4), ("citywide", 4)]);
    let opened = world.log.opened.lock().expect("the log").clone();
    assert_eq!(opened.len(), 1, "once for all banks");
    let entry = &opened[0][0];
    assert_eq!((entry.kind, &*entry.question, entry.purpose), (AccessKind::Opened, "m.1", Some(Purpose::Answer)));
    assert_eq!(entry.classes, [DataClass::Balances]);
}

#[tokio::test(start_paused = true)]
async fn a_bank_that_fails_costs_only_its_own_share() {
    let world = World::new(|clock| {
        vec![
            Stage::story("northgate", Shape::Fdx5, clock.clone()),
            Stage::new("citywide", Shape::Obuk3, clock, |_| Reply::status(503, "")),
        ]
    });
    let asked = world.ask(&balances()).await.expect("facts");
    assert_eq!(asked.facts.accounts.len(), 4);
    let [missing] = &asked.facts.missing[..] else { panic!("{:?}", asked.facts.missing) };
    assert_eq!((missing.bank.id.as_str(), &missing.account, &missing.trouble), ("citywide", &None, &Trouble::Down));
    assert_eq!(kinds(&asked), [("northgate", AccessKind::Fetched), ("citywide", AccessKind::Failed)]);
}

#[tokio::test(start_paused = true)]
async fn an_account_that_fails_is_named() {
    let world = World::new(|clock| {
        vec![Stage::new("northgate", Shape::Fdx6, clock, |call: &Call| match call.target().as_str() {
            "/accounts/crd" => Reply::ok(r#"{"currentBalance":"string"}"#),
            _ => Shape::Fdx6.story(call),
        })]
    });
    let asked = world.ask(&balances()).await.expect("facts");
    assert_eq!(read(&asked), [("northgate", "chk"), ("northgate", "lon"), ("northgate", "sav")]);
    let [missing] = &asked.facts.missing[..] else { panic!("{:?}", asked.facts.missing) };
    assert_eq!(missing.account.as_ref().map(|account| account.id.as_str()), Some("crd"));
    assert_eq!(missing.trouble, Trouble::Down);
}

#[tokio::test(start_paused = true)]
async fn each_trouble_keeps_its_name() {
    let until = clock().now() + jiff::SignedDuration::from_hours(1);
    let cases = [
        (Reply::status(401, ""), Trouble::ConsentEnded),
        (Reply::status(403, ""), Trouble::NotCovered),
        (Reply::status(429, "").header("retry-after", "3600"), Trouble::RateLimited { until: Some(until) }),
        (Reply::ok("<html>"), Trouble::Down),
        (Reply::status(500, "").after(11), Trouble::Slow),
    ];
    for (reply, trouble) in cases {
        let world = World::new(|clock| vec![Stage::new("northgate", Shape::Fdx6, clock, move |_| reply.clone())]);
        let asked = world.ask(&balances()).await.expect("facts");
        let troubles: Vec<_> = asked.facts.missing.iter().map(|missing| &missing.trouble).collect();
        assert_eq!(troubles, [&trouble]);
    }
}

#[tokio::test(start_paused = true)]
async fn a_bank_that_outlasts_the_person_is_slow() {
    let world = World::new(|clock| {
        let slow = |call: &Call| Shape::Fdx6.story(call).after(9);
        vec![Stage::new("northgate", Shape::Fdx6, clock.clone(), slow), Stage::story("citywide", Shape::Obuk4, clock)]
    });
    let asked = world.ask(&balances()).await.expect("facts");
    assert_eq!(asked.facts.accounts.len(), 4, "the quick bank's");
    assert_eq!(asked.facts.missing[0].trouble, Trouble::Slow, "directory and balances take 18 s of 17");
}

#[tokio::test(start_paused = true)]
async fn a_slow_bank_whose_accounts_are_known_is_waited_for_once() {
    let mut world = World::new(|clock| {
        vec![Stage::new("northgate", Shape::Fdx6, clock, |call: &Call| Shape::Fdx6.story(call).after(9))]
    });
    let start = world.clock.now();
    world.links[0].accounts = vec![
        account("chk", AccountClass::Checking),
        account("crd", AccountClass::CreditCard),
        account("lon", AccountClass::Loan),
        account("sav", AccountClass::Savings),
    ];
    let asked = world.ask(&balances()).await.expect("facts");
    assert_eq!(asked.facts.accounts.len(), 4);
    assert_eq!(world.clock.now().duration_since(start).as_secs(), 9);
}

#[tokio::test(start_paused = true)]
async fn an_account_that_became_a_card_is_read_as_a_card() {
    let mut world = World::two();
    world.links.truncate(1);
    world.links[0].accounts = vec![account("crd", AccountClass::Checking), account("gone", AccountClass::Checking)];
    for _ in 0..2 {
        let asked = world.ask(&balances()).await.expect("facts");
        let card = asked.facts.accounts.iter().find(|facts| facts.account.id.as_str() == "crd").expect("the card");
        let figures = card.balances.as_ref().expect("balances");
        assert!(figures.get(BalanceKind::Owed).is_some() && figures.get(BalanceKind::Booked).is_none());
        assert!(asked.facts.is_complete(), "an account that the bank no longer lists is no longer wanted");
    }
}

#[tokio::test(start_paused = true)]
async fn without_a_consent_nothing_leaves() {
    let mut world = World::two();
    world.links[0].until = date(2026, 11, 21);
    world.links[1].scopes = vec![DataClass::Transactions];
    world.links.push(link("unheard"));
    let asked = world.ask(&balances()).await.expect("facts");
    let troubles: Vec<_> = asked.facts.missing.iter().map(|m| (m.bank.id.as_str(), &m.trouble)).collect();
    let expected =
        [("northgate", &Trouble::ConsentEnded), ("citywide", &Trouble::NotCovered), ("unheard", &Trouble::SwitchedOff)];
    assert_eq!(troubles, expected);
    assert_eq!((world.calls(), asked.closed.len()), (0, 0));
    assert!(world.log.opened.lock().expect("the log").is_empty(), "nothing to announce");
}

#[tokio::test(start_paused = true)]
async fn a_read_that_cannot_be_logged_is_not_made() {
    let mut world = World::two();
    world.log.broken = true;
    assert_eq!(world.ask(&balances()).await, Err(NotLogged("disk full".to_owned())));
    assert_eq!(world.calls(), 0);
}

#[tokio::test(start_paused = true)]
async fn recent_answers_are_reused_until_they_age_or_fresh_ones_are_wanted() {
    let world = World::two();
    let first = world.ask(&balances()).await.expect("facts");
    let calls = world.calls();
    world.clock.skip(Duration::from_secs(299));
    let again = world.ask(&balances()).await.expect("facts");
    assert_eq!(world.calls(), calls, "no call");
    assert_eq!(again.facts, first.facts, "figures keep the time of their reading");
    assert_eq!(kinds(&again), [("northgate", AccessKind::Reused), ("citywide", AccessKind::Reused)]);
    assert_eq!(world.log.opened.lock().expect("the log").len(), 1, "no read was announced");
    let fresh = world.ask(&Question { fresh: true, ..balances() }).await.expect("facts");
    assert_eq!(world.calls(), calls * 2);
    assert!(fresh.facts.accounts[0].read_at > first.facts.accounts[0].read_at);
    let last = world.ask(&balances()).await.expect("facts");
    assert_eq!(last.facts.accounts[0].read_at, fresh.facts.accounts[0].read_at, "never past a refresh");
    world.clock.skip(Duration::from_secs(300));
    world.ask(&balances()).await.expect("facts");
    assert_eq!(world.calls(), calls * 3);
    world.cache.drop_bank(&"northgate".into());
    world.cache.drop_link(&"citywide".into(), &world.links[1].token);
    world.ask(&balances()).await.expect("facts");
    assert_eq!(world.calls(), calls * 4);
}

#[tokio::test(start_paused = true)]
async fn a_failure_is_not_remembered() {
    let calls = std::sync::atomic::AtomicUsize::new(0);
    let world = World::new(|clock| {
        vec![Stage::new("northgate", Shape::Fdx6, clock, move |call: &Call| {
            // The second is the plain list, which is asked for when the detailed one is refused.
            let first = calls.fetch_add(1, std::sync::atomic::Ordering::SeqCst) < 2;
            if first { Reply::status(400, "") } else { Shape::Fdx6.story(call) }
        })]
    });
    assert_eq!(world.ask(&balances()).await.expect("facts").facts.missing.len(), 1);
    assert!(world.ask(&balances()).await.expect("facts").facts.is_complete());
}

#[tokio::test(start_paused = true)]
async fn a_question_about_one_account_touches_only_its_bank() {
    let mut world = World::two();
    world.links[0].accounts = vec![account("chk", AccountClass::Checking)];
    world.links[1].accounts = vec![account("crd", AccountClass::CreditCard)];
    let question = Question { accounts: vec!["crd".into()], ..balances() };
    let asked = world.ask(&question).await.expect("facts");
    assert_eq!(read(&asked), [("citywide", "crd")]);
    assert!(world.stages[0].calls().is_empty());
    assert_eq!(world.stages[1].targets(), ["/accounts", "/accounts/crd/balances"]);
    let question = Question { banks: vec!["northgate".into()], fresh: true, ..balances() };
    assert_eq!(world.ask(&question).await.expect("facts").facts.accounts.len(), 4, "new accounts are found");
}

#[tokio::test(start_paused = true)]
async fn rows_are_those_of_the_period_and_never_of_tomorrow() {
    let world = World::new(|clock| {
        vec![Stage::new("northgate", Shape::Fdx6, clock, |call: &Call| {
            let mut reply = Shape::Fdx6.story(call);
            reply.body = reply.body.replace("2026-11-22T12:10:00-05:00", "2026-11-23T12:10:00-05:00");
            reply
        })]
    });
    let classes = vec![DataClass::Balances, DataClass::Transactions];
    let all = Question { classes, accounts: vec!["chk".into()], ..balances() };
    let asked = world.ask(&all).await.expect("facts");
    let ids = |asked: &Asked| -> Vec<String> {
        let rows = asked.facts.accounts[0].transactions.as_ref().expect("rows");
        rows.iter().map(|row| row.id.as_str().to_owned()).collect()
    };
    assert_eq!(ids(&asked), ["t4", "t3", "t2", "t1"]);
    assert!(asked.facts.accounts[0].balances.is_some());
    let month = Period::new(date(2026, 11, 5), date(2026, 12, 1));
    let asked = world.ask(&Question { period: Some(month), ..all.clone() }).await.expect("facts");
    assert_eq!(ids(&asked), ["t4", "t3", "t2"]);
    let ahead = Period::new(date(2027, 1, 1), date(2027, 2, 1));
    let asked = world.ask(&Question { period: Some(ahead), ..all }).await.expect("facts");
    assert_eq!(ids(&asked), Vec::<String>::new());
}

/// The story of a bank that lists its accounts with everything it knows of them.
fn detailed(call: &Call) -> Reply {
    if !call.target().contains("resultType=details") {
        return Shape::Fdx6.story(call);
    }
    let accounts = ["chk", "crd", "lon", "sav"].map(|id| Shape::Fdx6.file(&format!("{id}-balances")));
    Reply::ok(format!(r#"{{"page": {{}}, "accounts": [{}]}}"#, accounts.join(",")))
}

#[tokio::test(start_paused = true)]
async fn accounts_and_balances_come_in_one_call_where_the_bank_tells_both() {
    let plain = World::new(|clock| vec![Stage::story("northgate", Shape::Fdx6, clock)]);
    let apart = plain.ask(&balances()).await.expect("facts");
    let world = World::new(|clock| vec![Stage::new("northgate", Shape::Fdx6, clock, detailed)]);
    let together = world.ask(&balances()).await.expect("facts");
    assert_eq!(world.calls(), 1, "one call for four accounts");
    assert_eq!(together.facts, apart.facts, "and the same facts");
    let fresh = Question { fresh: true, ..balances() };
    world.ask(&fresh).await.expect("facts");
    plain.ask(&fresh).await.expect("facts");
    assert_eq!((world.calls(), plain.calls()), (2, 10), "a list and four accounts apart");
    let one = Question { accounts: vec!["sav".into()], ..fresh };
    world.ask(&one).await.expect("facts");
    assert!(
        world.stages[0].calls().iter().skip(2).all(|call| !call.target().contains("details")),
        "no more than asked"
    );
}

#[tokio::test(start_paused = true)]
async fn a_bank_that_refuses_details_is_asked_without() {
    let world = World::new(|clock| {
        vec![Stage::new("northgate", Shape::Fdx6, clock, |call: &Call| {
            if call.target().contains("resultType") { Reply::status(400, "") } else { Shape::Fdx6.story(call) }
        })]
    });
    assert!(world.ask(&balances()).await.expect("facts").facts.is_complete());
    let before = world.calls();
    world.ask(&Question { fresh: true, ..balances() }).await.expect("facts");
    assert_eq!(world.calls() - before, 5, "once is enough to know");
}

#[tokio::test(start_paused = true)]
async fn an_account_whose_details_cannot_be_read_costs_only_itself() {
    let world = World::new(|clock| {
        vec![Stage::new("northgate", Shape::Fdx6, clock, |call: &Call| {
            let Reply { body, .. } = detailed(call);
            Reply::ok(body.replacen("\"balanceAsOf\"", "\"balanceAsOf\": \"yesterday\", \"was\"", 1))
        })]
    });
    for round in 0..2 {
        let asked = world.ask(&Question { fresh: true, ..balances() }).await.expect("facts");
        assert_eq!((asked.facts.accounts.len(), asked.facts.missing.len()), (3, 1), "round {round}");
        assert_eq!(asked.facts.missing[0].account.as_ref().map(|account| account.id.as_str()), Some("chk"));
    }
}
