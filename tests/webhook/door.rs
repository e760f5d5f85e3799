//! The GET check, the signature, and what a stranger learns.

use balancebot::channel::signature;
use balancebot::store::Fate;
use secrecy::SecretString;

use crate::house::{House, PREVIOUS_SECRET, SECRET, delivery, settings, signed, text};

#[tokio::test]
async fn the_get_check_echoes_the_challenge_to_who_knows_the_token() {
    let house = House::open().await;
    let good = "hub.mode=subscribe&hub.verify_token=verify%20me&hub.challenge=1158201444";
    let response = house.get(&format!("/webhook/messenger?{good}")).await;
    assert_eq!(response.status(), 200);
    assert!(response.headers()["content-type"].to_str().is_ok_and(|kind| kind.starts_with("text/plain")));
    assert_eq!(response.headers()["x-content-type-options"], "nosniff");
    assert_eq!(response.text().await.expect("a body"), "1158201444");
    let refused = [
        String::new(),
        good.replace("subscribe", "unsubscribe"),
        good.replace("verify%20me", "verify%20m"),
        good.replace("verify%20me", ""),
        good.replace("1158201444", ""),
        good.replace("1158201444", "%3Cscript%3E"),
        good.replace("1158201444", &"1".repeat(257)),
        good.replace("&hub.challenge=1158201444", ""),
        good.replace("hub.mode=subscribe&", ""),
        format!("{good}&hub.verify_token=verify%20me"),
        "%zz".to_owned(),
    ];
    for query in refused {
        let response = house.get(&format!("/webhook/messenger?{query}")).await;
        assert_eq!(response.status(), 403, "{query}");
        assert!(response.bytes().await.expect("a body").is_empty(), "{query}");
    }
}

#[tokio::test]
async fn an_empty_configured_token_verifies_nothing() {
    let mut settings = settings();
    settings.verify_token = SecretString::from("");
    let house = House::with(settings, Default::default()).await;
    let query = "hub.mode=subscribe&hub.verify_token=&hub.challenge=1";
    assert_eq!(house.get(&format!("/webhook/messenger?{query}")).await.status(), 403);
}

#[tokio::test]
async fn only_a_signed_body_is_kept_and_a_refusal_says_nothing() {
    let house = House::open().await;
    let body = delivery(&[text("m_1", "balance")]).into_bytes();
    let good = signed(&body);
    let digits = good.trim_start_matches("sha256=").to_owned();
    const HEADER: &str = "x-hub-signature-256";
    let shapes: Vec<Vec<(&str, String)>> = vec![
        vec![],
        vec![(HEADER, String::new())],
        vec![(HEADER, "sha256=".to_owned())],
        vec![(HEADER, "sha256".to_owned())],
        vec![(HEADER, "=abc".to_owned())],
        vec![(HEADER, "sha256=invalid".to_owned())],
        vec![(HEADER, format!("sha256={}", "é".repeat(32)))],
        vec![(HEADER, format!("sha256={}", "0".repeat(63)))],
        vec![(HEADER, format!("sha256={}", "0".repeat(64)))],
        vec![(HEADER, format!("sha256={}", "0".repeat(65)))],
        vec![(HEADER, format!("SHA256={digits}"))],
        vec![(HEADER, format!("sha256={}", digits.to_uppercase()))],
        vec![(HEADER, format!("sha256= {digits}"))],
        vec![(HEADER, format!("md5={digits}"))],
        vec![(HEADER, format!("sha1={digits}"))],
        vec![("x-hub-signature", format!("sha1={}", &digits[..40]))],
        vec![("x-hub-signature", good.clone())],
        vec![(HEADER, digits.clone())],
        vec![(HEADER, format!("{good},{good}"))],
        vec![(HEADER, good.clone()), (HEADER, good.clone())],
        vec![(HEADER, good.clone()), (HEADER, format!("sha256={}", "0".repeat(64)))],
        vec![(HEADER, signature::sign(&SecretString::from("another secret"), &body))],
        vec![(HEADER, signature::sign(&SecretString::from(""), &body))],
        vec![(HEADER, signed(b"another body"))],
    ];
    for headers in shapes {
        let response = house.post(&headers, body.clone()).await;
        assert_eq!(response.status(), 401, "{headers:?}");
        assert!(!response.headers().contains_key("www-authenticate"));
        assert!(response.bytes().await.expect("a body").is_empty(), "{headers:?}");
    }
    assert!(house.store.arrivals().is_empty());
    let response = house.post(&[(HEADER, good)], body).await;
    assert_eq!((response.status().as_u16(), response.text().await.expect("a body").as_str()), (200, "EVENT_RECEIVED"));
    assert_eq!(house.store.arrivals().len(), 1);
}

#[tokio::test]
async fn the_raw_bytes_are_signed_escapes_and_all() {
    let house = House::open().await;
    let body = delivery(&[text("m_1", "caf\u{e9} @ 5% </b> \u{1f355}")]);
    let escaped = body.replace('\u{e9}', "\\u00e9").replace('\u{1f355}', "\\ud83c\\udf55").replace('/', "\\/");
    assert_eq!(house.deliver(escaped.clone()).await, 200);
    let other_bytes = house.post(&[("x-hub-signature-256", signed(escaped.as_bytes()))], body.into_bytes()).await;
    assert_eq!(other_bytes.status(), 401, "the same JSON in other bytes is another body");
    assert_eq!(house.thoughts().len(), 1);
}

#[tokio::test]
async fn the_previous_secret_is_accepted_and_a_missing_one_refuses_everything() {
    let house = House::open().await;
    let body = delivery(&[text("m_1", "balance")]).into_bytes();
    let old = signature::sign(&SecretString::from(PREVIOUS_SECRET), &body);
    assert_eq!(house.post(&[("x-hub-signature-256", old)], body.clone()).await.status(), 200);

    for missing in [None, Some(SecretString::from(""))] {
        let mut settings = settings();
        settings.app_secret = missing;
        let house = House::with(settings, Default::default()).await;
        for secret in ["", SECRET, PREVIOUS_SECRET] {
            let header = signature::sign(&SecretString::from(secret), &body);
            assert_eq!(house.post(&[("x-hub-signature-256", header)], body.clone()).await.status(), 401);
        }
        assert!(house.store.arrivals().is_empty());
    }
}

#[tokio::test]
async fn what_is_kept_is_sealed_for_its_own_row() {
    let house = House::open().await;
    house.element(&text("m_1", "my secret question")).await;
    house.element(&serde_json::json!({"sender": {"id": "1"}, "hologram": {"of": "my secret"}})).await;
    let arrivals = house.store.arrivals();
    let (Fate::Think(thought), Fate::Ignore { raw, reason }) = (&arrivals[0].fate, &arrivals[1].fate) else {
        panic!("{arrivals:?}")
    };
    assert_eq!(reason, "unknown kind \"hologram\"");
    for sealed in [thought, raw] {
        assert!(!sealed.windows(6).any(|window| window == b"secret"));
    }
    assert!(house.open_sealed(&arrivals[1], raw).windows(6).any(|window| window == b"secret"));
}

#[tokio::test]
async fn other_paths_and_methods_tell_nothing() {
    let house = House::open().await;
    let response = house.get("/.env").await;
    assert_eq!(response.status(), 404);
    assert_eq!(response.headers()["cache-control"], "no-store");
    assert_eq!(response.headers()["referrer-policy"], "no-referrer");
    assert!(response.headers()["content-security-policy"].to_str().is_ok_and(|csp| csp.contains("default-src 'none'")));
    assert!(response.bytes().await.expect("a body").is_empty());
    let deleted = reqwest::Client::new().delete(house.url("/webhook/messenger")).send().await.expect("an answer");
    assert_eq!(deleted.status(), 405);
}
