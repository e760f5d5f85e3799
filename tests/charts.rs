//! Pictures: the same figures give the same bytes, an address lives for ten minutes and for nobody's guess, and what is
//! drawn is what was asked.

use std::str::FromStr;
use std::sync::Arc;

use axum::body::to_bytes;
use balancebot::chart::{Bar, Chart, Layout, png, svg};
use balancebot::clock::{Clock, WorldClock};
use balancebot::privacy::seal::Keyring;
use balancebot::turn::picture;
use balancebot::web::chart::{Pictures, router};
use balancebot::web::secured;
use http::{HeaderMap, Request, StatusCode};
use jiff::Timestamp;
use rust_decimal::Decimal;
use sha2::{Digest, Sha256};
use tower::ServiceExt;

fn bar(label: &str, amount: &str, note: &str) -> Bar {
    let number = Decimal::from_str(amount).expect("a decimal");
    Bar { label: label.to_owned(), amount: number, text: format!("${amount}"), note: note.to_owned() }
}

fn ranked() -> Chart {
    Chart {
        title: "Spending · Nov 1–22".to_owned(),
        sum: "$1,943.32".to_owned(),
        note: "and 3 more".to_owned(),
        layout: Layout::Ranked,
        bars: vec![
            bar("Rent", "1450.00", ""),
            bar("Groceries", "214.37", ""),
            bar("Tom & Jerry's <b>Very</b> \u{7}Long Name of a Shop", "88.01", ""),
            bar("Refunds", "-59.99", ""),
        ],
    }
}

fn over_time() -> Chart {
    Chart {
        title: "Spending on groceries · Sep 1–Nov 22".to_owned(),
        sum: "$1,012.29".to_owned(),
        note: String::new(),
        layout: Layout::OverTime,
        bars: vec![bar("Sep", "430.00", ""), bar("Oct", "367.92", ""), bar("Nov", "214.37", "so far")],
    }
}

#[test]
fn the_same_chart_gives_the_same_bytes() {
    let digest = |chart: &Chart| hex::encode(Sha256::digest(png::paint(chart).expect("painted")));
    insta::assert_snapshot!("ranked", svg::draw(&ranked()));
    insta::assert_snapshot!("over_time", svg::draw(&over_time()));
    let digests = format!("{}\n{}", digest(&ranked()), digest(&over_time()));
    insta::assert_snapshot!("digests", digests);
    assert_eq!(digest(&ranked()), digest(&ranked()));
    let mut other = ranked();
    other.bars[0].amount += Decimal::ONE_HUNDRED;
    assert_ne!(digest(&ranked()), digest(&other));
}

#[test]
fn whatever_is_drawn_is_a_picture_of_a_size_for_telephones() {
    let name = "\u{202E}<&\">'\u{FFFE}\0Ω漢字👍".repeat(9);
    for count in [0, 1, 2, 7, 13, 24, 60] {
        for layout in [Layout::Ranked, Layout::OverTime] {
            let amounts = ["0", "-3.50", "79228162514264337593543950335", "0.0000000001"];
            let bars = (0..count).map(|at| bar(&name, amounts[at % amounts.len()], "so far")).collect();
            let chart = Chart { title: name.clone(), sum: name.clone(), note: name.clone(), layout, bars };
            let png = png::paint(&chart).unwrap_or_else(|error| panic!("{count} bars {layout:?}: {error}"));
            assert!(png.starts_with(b"\x89PNG\r\n\x1a\n") && png.len() < 1 << 20, "{count} bars: {} bytes", png.len());
        }
    }
}

/// A bot's pictures, and its clock.
struct Desk {
    keyring: Arc<Keyring>,
    clock: Arc<WorldClock>,
}

impl Desk {
    fn new() -> Self {
        let start: Timestamp = "2026-11-22T19:00:00Z".parse().expect("a moment");
        Self { keyring: Arc::new(Keyring::ephemeral()), clock: Arc::new(WorldClock::starting_at(start)) }
    }

    fn address(&self) -> String {
        let address = picture::address(&self.keyring, "https://bot.example", &ranked(), self.clock.now());
        address.expect("an address")
    }

    async fn get(&self, path: &str) -> (StatusCode, HeaderMap, Vec<u8>) {
        let pictures = Pictures::new(Arc::clone(&self.keyring), Arc::clone(&self.clock) as Arc<dyn Clock>);
        let request = Request::get(path).body(axum::body::Body::empty()).expect("a request");
        let response = secured(router(pictures)).oneshot(request).await.expect("an answer");
        let (head, body) = response.into_parts();
        (head.status, head.headers, to_bytes(body, 1 << 20).await.expect("a body").to_vec())
    }
}

#[tokio::test(start_paused = true)]
async fn an_address_shows_its_picture_for_ten_minutes_and_to_no_cache() {
    let desk = Desk::new();
    let address = desk.address();
    assert!(address.len() < 2000, "{} letters", address.len());
    assert_ne!(address, desk.address(), "an address is never made twice");
    let path = address.strip_prefix("https://bot.example").expect("below the public address");
    let (status, headers, body) = desk.get(path).await;
    assert_eq!((status, &headers["content-type"]), (StatusCode::OK, &"image/png".parse().expect("a value")));
    assert_eq!(headers["cache-control"], "no-store, private");
    assert_eq!(headers["x-robots-tag"], "noindex");
    assert_eq!(body, png::paint(&ranked()).expect("painted"));
    desk.clock.skip(std::time::Duration::from_secs(599));
    assert_eq!(desk.get(path).await.0, StatusCode::OK);
    desk.clock.skip(std::time::Duration::from_secs(1));
    let (status, _, body) = desk.get(path).await;
    assert_eq!((status, body.len()), (StatusCode::NOT_FOUND, 0));
}

#[tokio::test(start_paused = true)]
async fn nothing_but_the_address_itself_opens() {
    let desk = Desk::new();
    let address = desk.address();
    let path = address.strip_prefix("https://bot.example").expect("below the public address");
    let token = path.strip_prefix("/chart/").and_then(|file| file.strip_suffix(".png")).expect("a token");
    let mut wrong: Vec<String> = (0..token.len() - 1)
        .step_by(7)
        .map(|at| {
            let other = if token.as_bytes()[at] == b'A' { "B" } else { "A" };
            format!("/chart/{}{other}{}.png", &token[..at], &token[at + 1..])
        })
        .collect();
    let stranger = Desk::new().address();
    wrong.push(stranger.strip_prefix("https://bot.example").expect("the same").to_owned());
    wrong.extend([format!("/chart/{token}"), format!("/chart/{token}.svg"), format!("/chart/{token}/.png")]);
    wrong.extend(["/chart/.png", "/chart/", "/chart", "/chart/%00.png", "/chart/..%2F..%2Fetc.png"].map(str::to_owned));
    wrong.push(format!("/chart/{}.png", "A".repeat(60_000)));
    for path in wrong {
        let (status, _, body) = desk.get(&path).await;
        assert_eq!((status, body.len()), (StatusCode::NOT_FOUND, 0), "{}", &path[..path.len().min(80)]);
    }
}
