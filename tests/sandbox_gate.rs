//! What stands between a caller and a bank of the sandbox: tokens, consents, switches; and a ledger that moves.

mod street;

use balancebot::clock::Clock;
use balancebot::domain::purpose::DataClass;
use balancebot::egress::Transport;
use balancebot::sandbox::bank::Shape;
use balancebot::sandbox::switch::Switch;
use balancebot::sandbox::{DEFAULT_WORLD, LedgerError};
use bytes::Bytes;
use http::{Request, StatusCode};
use jiff::civil::date;
use serde_json::Value;
use street::{FAMILY, HOST, HOSTILE, Street, street};

/// What Maya's bank answers to the plainest call.
async fn status(street: &Street, shape: Shape) -> u16 {
    street.get("maya", "northgate", shape, "accounts").await.status().as_u16()
}

#[tokio::test(start_paused = true)]
async fn a_token_opens_its_own_persons_accounts_at_its_own_bank() {
    let street = street(DEFAULT_WORLD);
    for shape in Shape::ALL {
        let base = format!("{HOST}{}", shape.base_path(&"northgate".into()));
        for token in
            [None, Some(""), Some("sandbox-maya-citywide"), Some("sandbox-nobody-northgate"), Some("sandbox-maya")]
        {
            let response = street.call(token, &format!("{base}/accounts")).await;
            assert_eq!(response.status(), StatusCode::UNAUTHORIZED, "{shape:?} {token:?}");
            let body: Value = serde_json::from_slice(response.body()).expect("the dialect's own error");
            assert!(body.get("code").or_else(|| body["Errors"][0].get("ErrorCode")).is_some(), "{body}");
        }
        let mine = street.json("sam", "northgate", shape, "accounts").await.to_string();
        assert!(mine.contains("s_chk") && !mine.contains("m_chk"), "{mine}");
        // Another person's account and one that never was are the same to the caller.
        let (status, tail) = match shape {
            Shape::FdxFlat | Shape::FdxWrapped => (StatusCode::NOT_FOUND, "transactions"),
            _ => (StatusCode::BAD_REQUEST, "balances"),
        };
        let others = street.get("sam", "northgate", shape, &format!("accounts/m_chk/{tail}")).await;
        let nobodys = street.get("sam", "northgate", shape, &format!("accounts/zzz/{tail}")).await;
        assert_eq!((others.status(), others.body()), (status, nobodys.body()), "{shape:?}");
    }
    assert!(street.call(None, &format!("{HOST}/banks/northgate/fdx/v7/accounts")).await.status().is_client_error());
    assert!(street.call(None, &format!("{HOST}/banks/nowhere/fdx/v6/accounts")).await.status().is_client_error());
}

#[tokio::test(start_paused = true)]
async fn a_consent_bounds_what_is_read_and_for_how_long() {
    let street = street(FAMILY);
    let (tom, thames) = ("tom".into(), "thames".into());
    let status = async |shape, rest: &str| street.get("tom", "thames", shape, rest).await.status().as_u16();
    // Tom agreed to balances only.
    assert_eq!(status(Shape::ObukShort, "accounts/t_saver/balances").await, 200);
    assert_eq!(status(Shape::ObukShort, "accounts/t_saver/transactions").await, 403);
    assert_eq!(status(Shape::FdxFlat, "accounts/t_saver/transactions").await, 403);
    // His consent ends with this day, in his own zone.
    street.clock.skip(std::time::Duration::from_secs(15 * 3600));
    let ended = street.get("tom", "thames", Shape::ObukShort, "accounts").await;
    let body: Value = serde_json::from_slice(ended.body()).expect("JSON");
    assert_eq!((ended.status().as_u16(), body["Errors"][0]["ErrorCode"].as_str()), (403, Some("U028")));
    assert_eq!(status(Shape::FdxFlat, "accounts").await, 401);
    // One that was taken back has ended too; a new one where the world has none lasts 180 days, with both scopes.
    assert!(street.sandbox.revoke(&"priya".into(), &thames) && !street.sandbox.revoke(&"priya".into(), &thames));
    assert_eq!(street.get("priya", "thames", Shape::FdxFlat, "accounts").await.status().as_u16(), 401);
    assert_eq!(street.sandbox.grant(&"priya".into(), &thames).until, date(2026, 6, 28), "the world's");
    assert_eq!(street.get("priya", "thames", Shape::FdxFlat, "accounts").await.status().as_u16(), 200);
    let fresh = street.sandbox.grant(&"priya".into(), &"liffey".into());
    assert_eq!(fresh.until, date(2026, 9, 28));
    assert_eq!(fresh.scopes, [DataClass::Balances, DataClass::Transactions]);
    assert_eq!(street.sandbox.consents(&tom).len(), 2);
}

#[tokio::test(start_paused = true)]
async fn switches_make_a_bank_fail_and_work_again() {
    let street = street(DEFAULT_WORLD);
    let bank = "northgate".into();
    let set = |switch| street.sandbox.switch(&bank, switch).expect("a bank");
    for shape in Shape::ALL {
        let fdx = matches!(shape, Shape::FdxFlat | Shape::FdxWrapped);
        set(Switch::Down);
        let down = street.get("maya", "northgate", shape, "accounts").await;
        assert_eq!(
            (down.status().as_u16(), &down.headers()["content-type"]),
            (503, &"text/html".parse().expect("a value"))
        );
        set(Switch::Killed);
        assert_eq!(status(&street, shape).await, 403);
        set(Switch::ConsentExpired);
        assert_eq!(status(&street, shape).await, if fdx { 401 } else { 403 });
        set(Switch::RateLimited);
        let limited = street.get("maya", "northgate", shape, "accounts").await;
        assert_eq!(
            (limited.status().as_u16(), &limited.headers()["retry-after"]),
            (429, &"3600".parse().expect("a value"))
        );
        set(Switch::Up);
        assert_eq!(status(&street, shape).await, 200);
    }
    // A rate limit passes after its hour, by the clock alone.
    set(Switch::RateLimited);
    street.clock.skip(std::time::Duration::from_secs(3599));
    let limited = street.get("maya", "northgate", Shape::FdxFlat, "accounts").await;
    assert_eq!(limited.headers()["retry-after"], "1");
    street.clock.skip(std::time::Duration::from_secs(1));
    assert_eq!(status(&street, Shape::FdxFlat).await, 200);
    // Slow is told by the clock; another bank is not slow.
    set(Switch::Slow { seconds: 9 });
    let before = street.clock.now();
    assert_eq!(street.get("maya", "citywide", Shape::FdxFlat, "accounts").await.status(), StatusCode::OK);
    assert_eq!(street.clock.now(), before);
    assert_eq!(status(&street, Shape::FdxFlat).await, 200);
    assert_eq!(street.clock.now().duration_since(before).as_secs(), 9);
    // Stale figures say so.
    set(Switch::Up);
    set(Switch::Stale { as_of: "2026-11-22T08:00:00-05:00".parse().expect("a moment") });
    let account = street.json("maya", "northgate", Shape::FdxFlat, "accounts/m_chk").await;
    assert_eq!(account["balanceAsOf"], "2026-11-22T08:00:00-05:00");
    assert!(street.sandbox.switch(&"nowhere".into(), Switch::Up).is_err());
}

#[tokio::test(start_paused = true)]
async fn the_banks_are_listed_with_what_a_caller_meets() {
    let street = street(DEFAULT_WORLD);
    let set = |words: &str| {
        street.sandbox.switch(&"citywide".into(), Switch::parse(words).expect(words)).expect("there is one");
    };
    let listed = async || {
        let request = Request::get(format!("{HOST}/sandbox/banks")).body(Bytes::new()).expect("a request");
        let response = street.door.exchange(request).await.expect("an answer");
        let banks: Vec<Value> = serde_json::from_slice(response.body()).expect("JSON");
        assert_eq!(banks.iter().map(|bank| &bank["id"]).collect::<Vec<_>>(), ["northgate", "citywide", "alster"]);
        assert_eq!((&banks[0]["switch"], &banks[1]["name"]), (&"up".into(), &"Citywide Credit Union".into()));
        banks[1]["switch"].as_str().expect("a text").to_owned()
    };
    assert_eq!(listed().await, "up");
    for words in ["slow 9s", "down", "consent-expired", "killed", "rate-limited"] {
        set(words);
        assert_eq!(listed().await, words);
    }
    // A rate limit passes by itself, and the slowness that was set first shows again.
    street.clock.skip(std::time::Duration::from_secs(3600));
    assert_eq!(listed().await, "slow 9s");
    set("up");
    set("stale 2026-11-22T13:00:00Z");
    assert_eq!(listed().await, "stale 2026-11-22T13:00:00Z");
}

#[tokio::test(start_paused = true)]
async fn switches_are_thrown_over_http_too() {
    let street = street(DEFAULT_WORLD);
    let throw = async |bank: &str, body: &'static str| {
        let request = Request::post(format!("{HOST}/sandbox/bank/{bank}")).body(Bytes::from_static(body.as_bytes()));
        street.door.exchange(request.expect("a request")).await.expect("an answer").status().as_u16()
    };
    for (body, bank_answers) in [
        (r#"{"switch": "down"}"#, 503),
        (r#"{"switch": "consent_expired"}"#, 401),
        (r#"{"switch": "rate-limited"}"#, 429),
        (r#"{"switch": "killed"}"#, 403),
        (r#"{"switch": "up"}"#, 200),
        (r#"{"switch": "slow", "seconds": 0}"#, 200),
        (r#"{"switch": "stale", "as_of": "2026-11-22T08:00:00-05:00"}"#, 200),
    ] {
        assert_eq!(throw("northgate", body).await, 200, "{body}");
        assert_eq!(status(&street, Shape::FdxFlat).await, bank_answers, "{body}");
    }
    assert_eq!(throw("nowhere", r#"{"switch": "down"}"#).await, 404);
    for bad in ["", "down", r#"{"switch": "off"}"#, r#"{"switch": "slow"}"#] {
        assert_eq!(throw("northgate", bad).await, 400, "{bad:?}");
    }
    let words =
        ["up", "down", "slow 9s", "rate-limited", "consent-expired", "killed", "stale 2026-11-22T08:00:00-05:00"];
    assert!(words.iter().all(|words| Switch::parse(words).is_some()));
    assert!(["slow", "slow 9", "stale soon", "up 3s", ""].iter().all(|words| Switch::parse(words).is_none()));
}

#[tokio::test(start_paused = true)]
async fn every_call_with_a_token_is_logged() {
    let street = street(DEFAULT_WORLD);
    street.sandbox.switch(&"citywide".into(), Switch::Down).expect("a bank");
    street.get("maya", "northgate", Shape::FdxFlat, "accounts/m_chk/transactions").await;
    street.get("sam", "northgate", Shape::ObukShort, "accounts/s_chk/balances").await;
    street.get("maya", "citywide", Shape::FdxFlat, "accounts").await;
    street.call(Some("wrong"), &format!("{HOST}/banks/alster/fdx/v6/accounts")).await;
    let told = |call: &balancebot::sandbox::Call| format!("{} {} {}", call.bank, call.person, call.call);
    let calls: Vec<String> = street.sandbox.calls().iter().map(told).collect();
    assert_eq!(calls, ["northgate maya transactions", "northgate sam balances", "citywide maya accounts"]);
    assert_eq!(street.sandbox.take_calls().len(), 3);
    assert!(street.sandbox.calls().is_empty());
}

#[tokio::test(start_paused = true)]
async fn the_ledger_moves_and_balances_follow() {
    let street = street(DEFAULT_WORLD);
    let (checking, card) = ("m_chk".into(), "m_crd".into());
    let cash = async || {
        let account = street.json("maya", "northgate", Shape::FdxFlat, "accounts/m_chk").await;
        (account["currentBalance"].to_string(), account["availableBalance"].to_string())
    };
    let told = |booked: &str, available: &str| (booked.to_owned(), available.to_owned());
    assert_eq!(cash().await, told("2310.55", "2184.05"));
    street.sandbox.append(&checking, r#"["2026-11-22", "-10.05", "Noodle Bar", "dining", "pending"]"#).expect("a row");
    assert_eq!(cash().await, told("2310.55", "2174.0"));
    street.sandbox.book(&checking, "-38.40").expect("pending since yesterday");
    assert_eq!(cash().await, told("2272.15", "2174.0"));
    let rows = street.rows("maya", "northgate", Shape::FdxFlat, "m_chk", "").await;
    assert_eq!(rows[0]["description"], "Noodle Bar", "the latest of the day");
    let booked = rows.iter().find(|row| row["description"] == "Corner Foods" && row["amount"] == 38.4).expect("there");
    let (happened, posted) = (booked["transactionTimestamp"].as_str(), booked["postedTimestamp"].as_str());
    assert!(
        happened.is_some_and(|at| at.starts_with("2026-11-21"))
            && posted.is_some_and(|at| at.starts_with("2026-11-22"))
    );
    assert_eq!((booked["status"].as_str(), booked["transactionId"].as_str()), (Some("POSTED"), Some("m_chk-0021")));

    street.sandbox.append(&card, r#"["2026-11-22", "-20.00", "Haven Home", "shopping"]"#).expect("a row");
    let account = street.json("maya", "citywide", Shape::FdxFlat, "accounts/m_crd").await;
    assert_eq!(
        (account["currentBalance"].as_f64(), account["availableCredit"].as_f64()),
        (Some(662.18), Some(4337.82))
    );

    assert!(matches!(street.sandbox.book(&checking, "-38.40"), Err(LedgerError::NothingPending(..))));
    assert!(matches!(street.sandbox.book(&checking, "38,40"), Err(LedgerError::BadAmount(_))));
    assert!(matches!(street.sandbox.append(&"zzz".into(), "[]"), Err(LedgerError::UnknownAccount(_))));
    assert!(matches!(street.sandbox.append(&checking, "[]"), Err(LedgerError::BadRow(_))));
}

#[tokio::test(start_paused = true)]
async fn days_to_come_are_not_shown_before_they_come() {
    let street = street(HOSTILE);
    let texts = async || {
        let rows = street.rows("rin", "sakura", Shape::FdxFlat, "r_yen", "").await;
        rows.iter().filter_map(|row| row["description"].as_str().map(str::to_owned)).collect::<Vec<_>>()
    };
    let today = texts().await;
    assert_eq!((today.len(), today[0].as_str()), (6, "Ramen"), "in Tokyo it is November");
    street.clock.skip(std::time::Duration::from_secs(24 * 3600));
    assert_eq!(texts().await[0], "Tomorrow's rent");
}
