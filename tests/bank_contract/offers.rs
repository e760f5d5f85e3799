//! Offers: asked only of banks that tell any, each read in the log first, and whatever a bank writes is only shown.

use std::time::Duration;

use balancebot::bank::Banks;
use balancebot::bank::ask::Sources;
use balancebot::bank::cache::Cache;
use balancebot::bank::offers::{AskedOffers, ask_offers};
use balancebot::clock::{Clock, later};
use balancebot::domain::access::AccessKind;
use balancebot::domain::facts::Trouble;
use balancebot::domain::link::Link;
use balancebot::domain::message::Conversation;
use balancebot::domain::offer::{OffersConsent, Rule};
use balancebot::domain::purpose::{DataClass, Purpose};
use balancebot::privacy::permit::stops::Stops;
use jiff::Timestamp;
use jiff::civil::{Date, date};

use crate::asking::{Log, link};
use crate::stage::{Call, Reply, Shape, Stage, clock};

const FDX: &str = r#"{"page": {}, "offers": [
  {"offerId": "1", "merchantName": "Blue\u202Ebird", "description": "10% back at www.evil.example",
   "validUntil": "2026-12-15", "rule": "merchant = Bluebird in the last 60 days"},
  {"offerId": "2", "description": "over", "validUntil": "2026-11-21"},
  {"offerId": "1", "description": "told twice"},
  {"offerId": "3", "merchantName": "Nobody"}]}"#;
const OBUK: &str = r#"{"Data": {"Offer": [
  {"OfferId": "1", "OfferType": "Other", "Description": "10% back at www.evil.example",
   "EndDateTime": "2026-12-15T23:59:59+00:00", "URL": "https://evil.example",
   "SupplementaryData": {"MerchantName": "Blue\u202Ebird", "Rule": "merchant = Bluebird in the last 60 days"}},
  {"OfferId": "2", "Description": "over", "EndDateTime": "2026-11-21T23:59:59+00:00"},
  {"OfferId": "1", "Description": "told twice"}, {"OfferId": "3"}]}, "Links": {}, "Meta": {}}"#;

async fn asked(stages: &[&Stage], links: &[Link], today: Date, log: &Log) -> AskedOffers {
    let (clock, cache) = (clock(), Cache::default());
    let banks = Banks(stages.iter().map(|stage| stage.bank.clone()).collect());
    let (stops, of) = (Stops::default(), Conversation::messenger("1", "2"));
    let sources = Sources { banks: &banks, cache: &cache, clock: &*clock, log, stops: &stops, of: &of };
    let consent = OffersConsent { since: Timestamp::UNIX_EPOCH };
    let deadline = later(clock.now(), Duration::from_secs(17));
    ask_offers(sources, &consent, "m.1", links, today, deadline).await.expect("the log is written")
}

fn at_offers(body: &'static str) -> impl Fn(&Call) -> Reply + Send + Sync {
    move |call| if call.target() == "/offers" { Reply::ok(body) } else { Reply::status(404, "") }
}

#[tokio::test(start_paused = true)]
async fn both_dialects_tell_the_same_offer_and_none_that_is_over() {
    for (shape, body) in [(Shape::Fdx6, FDX), (Shape::Fdx5, FDX), (Shape::Obuk4, OBUK), (Shape::Obuk3, OBUK)] {
        let stage = Stage::new("northgate", shape, clock(), at_offers(body));
        let log = Log::default();
        let asked = asked(&[&stage], &[link("northgate")], date(2026, 11, 22), &log).await;
        let [(_, offers)] = asked.offers.banks.as_slice() else { panic!("{:?}", asked.offers) };
        let [offer] = offers.as_slice() else { panic!("{offers:?}") };
        assert_eq!(offer.merchant.as_deref(), Some("Bluebird"));
        assert_eq!(offer.text, "10% back at www·evil·example", "no link");
        assert_eq!(offer.until, Some(date(2026, 12, 15)));
        assert_eq!(offer.rule, Some(Rule::Bought { merchant: "Bluebird".to_owned(), days: 60 }));
        assert_eq!(stage.targets(), ["/offers"], "and nothing else was read");
        let opened = log.opened.lock().expect("the log");
        let opened = opened.concat();
        let [entry] = opened.as_slice() else { panic!("{opened:?}") };
        assert_eq!((entry.kind, entry.purpose), (AccessKind::Opened, Some(Purpose::Offers)));
        assert_eq!(entry.classes, [DataClass::Offers]);
        assert_eq!(asked.closed[0].kind, AccessKind::Fetched);
    }
}

#[tokio::test(start_paused = true)]
async fn a_bank_that_tells_none_is_not_asked_and_a_link_that_has_ended_opens_nothing() {
    let mute = Stage::new("mute", Shape::Fdx6, clock(), at_offers(FDX));
    let ended = Stage::new("northgate", Shape::Fdx6, clock(), at_offers(FDX));
    let stranger = Stage::new("citywide", Shape::Fdx6, clock(), at_offers(FDX));
    let links = [link("mute"), Link { until: date(2026, 11, 21), ..link("northgate") }];
    let log = Log::default();
    let asked = asked(&[&mute, &ended, &stranger], &links, date(2026, 11, 22), &log).await;
    assert_eq!(asked.offers.silent.iter().map(|bank| bank.id.as_str()).collect::<Vec<_>>(), ["mute"]);
    assert_eq!(asked.offers.missing[0].trouble, Trouble::ConsentEnded);
    assert!(asked.offers.banks.is_empty() && asked.closed.is_empty());
    assert!(log.opened.lock().expect("the log").is_empty());
    assert!([&mute, &ended, &stranger].iter().all(|stage| stage.calls().is_empty()));
}

#[tokio::test(start_paused = true)]
async fn a_bank_that_fails_or_talks_nonsense_costs_its_own_share() {
    let fine = Stage::new("northgate", Shape::Fdx6, clock(), at_offers(FDX));
    let broken = Stage::new("citywide", Shape::Obuk4, clock(), |_| Reply::ok(r#"{"Data": {"Offer": 3}}"#));
    let log = Log::default();
    let links = [link("northgate"), link("citywide")];
    let asked = asked(&[&fine, &broken], &links, date(2026, 11, 22), &log).await;
    assert_eq!(asked.offers.banks.len(), 1);
    assert_eq!(asked.offers.missing[0].trouble, Trouble::Down);
    let kinds: Vec<AccessKind> = asked.closed.iter().map(|entry| entry.kind).collect();
    assert_eq!(kinds, [AccessKind::Fetched, AccessKind::Failed]);
}
