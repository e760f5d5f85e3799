//! The error table: what each refusal means to the caller, and that nothing of it is repeated.

use balancebot::bank::{BankError, Problem};
use jiff::{SignedDuration, Timestamp};

use balancebot::clock::Clock;

use crate::stage::{Reply, Shape, Stage, clock, permit};

async fn refused(shape: Shape, reply: Reply) -> BankError {
    Stage::always(shape, reply).bank.accounts(&permit()).await.expect_err("a refusal")
}

#[tokio::test(start_paused = true)]
async fn statuses_mean_the_same_in_every_dialect() {
    use BankError::{AccountGone, ConsentEnded, Misconfigured, NotCovered, Unavailable};
    for shape in Shape::ALL {
        for body in ["", "<html>x</html>", "[]", "{}", r#"{"code":"nonsense"}"#, "{"] {
            assert_eq!(refused(shape, Reply::status(401, body)).await, ConsentEnded);
            assert_eq!(refused(shape, Reply::status(403, body)).await, NotCovered);
            assert_eq!(refused(shape, Reply::status(405, body)).await, NotCovered, "the bank has no such data");
            assert_eq!(refused(shape, Reply::status(501, body)).await, NotCovered, "the bank has no such data");
            assert_eq!(refused(shape, Reply::status(404, body)).await, AccountGone);
            assert_eq!(refused(shape, Reply::status(410, body)).await, AccountGone);
            assert_eq!(refused(shape, Reply::status(429, body)).await, BankError::RateLimited { until: None });
            for ours in [301, 302, 400, 406, 415, 422] {
                assert!(matches!(refused(shape, Reply::status(ours, body)).await, Misconfigured(_)), "{ours}");
            }
            for theirs in [500, 502, 503, 504] {
                assert!(matches!(refused(shape, Reply::status(theirs, body)).await, Unavailable(_)), "{theirs}");
            }
        }
    }
}

#[tokio::test(start_paused = true)]
async fn codes_say_more_than_statuses() {
    use BankError::{AccountGone, ConsentEnded, NotCovered};
    let fdx = [
        (404, r#"{"code":"701","message":"no"}"#, AccountGone),
        (409, r#"{"code":"705","message":"closed"}"#, AccountGone),
        (409, r#"{"code":705}"#, AccountGone),
        (403, r#"{"code":"706","message":"locked"}"#, NotCovered),
        (400, r#"{"error":"invalid_token"}"#, ConsentEnded),
    ];
    for (status, body, expected) in fdx {
        for shape in [Shape::Fdx6, Shape::Fdx5] {
            assert_eq!(refused(shape, Reply::status(status, body)).await, expected, "{body}");
        }
    }
    let obuk = [
        (403, r#"{"Errors":[{"ErrorCode":"UK.OBIE.Reauthenticate","Message":"x"}]}"#, ConsentEnded),
        (403, r#"{"Code":"403 Forbidden","Errors":[{"ErrorCode":"U028"}]}"#, ConsentEnded),
        (400, r#"{"Errors":[{"ErrorCode":"EXPD"}]}"#, ConsentEnded),
        (403, r#"[{"ErrorCode":"TKXP"}]"#, ConsentEnded),
        (400, r#"{"Errors":[{"ErrorCode":"UK.OBIE.Resource.NotFound"}]}"#, AccountGone),
    ];
    for (status, body, expected) in obuk {
        for shape in [Shape::Obuk4, Shape::Obuk3] {
            assert_eq!(refused(shape, Reply::status(status, body)).await, expected, "{body}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn t4_a_rate_limit_says_until_when_in_any_shape() {
    let now: Timestamp = clock().now();
    let hour = SignedDuration::from_hours(1);
    let bodies = ["", r#"[{"category":"ERROR","code":"ACCESS_EXCEEDED"}]"#, r#"{"code":"429"}"#];
    for (shape, body) in Shape::ALL.into_iter().flat_map(|shape| bodies.map(|body| (shape, body))) {
        for word in ["3600", "Sun, 22 Nov 2026 20:00:00 GMT"] {
            let reply = Reply::status(429, body).header("retry-after", word);
            assert_eq!(refused(shape, reply).await, BankError::RateLimited { until: Some(now + hour) }, "{word}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn messages_repeat_no_prose_and_no_token() {
    let prose = r#"{"code":"Call Bob at 555-0100","message":"token-1 is bad","Errors":[{"ErrorCode":"see http://x"}]}"#;
    for shape in Shape::ALL {
        for status in [400, 401, 403, 418, 500] {
            let error = refused(shape, Reply::status(status, prose)).await;
            let shown = format!("{error} {error:?}");
            assert!(!shown.contains("Bob") && !shown.contains("token-1") && !shown.contains("http"), "{shown}");
        }
    }
    let error = BankError::Malformed { field: "transactions[3].amount".to_owned(), message: "is missing".to_owned() };
    let problem = Problem::new("transactions", &error);
    assert_eq!((problem.field.as_deref(), &*problem.message), (Some("transactions[3].amount"), "is missing"));
    assert_eq!(Problem::new("accounts", &BankError::TooSlow).field, None);
}
