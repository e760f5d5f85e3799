//! The logins of the sandbox's banks, as a client and a browser see them: what the standards promise, and what they
//! forbid. Time stands still unless a test waits.

#[path = "support/bank_login.rs"]
mod bank_login;
mod street;

use std::time::Duration;

use balancebot::clock::Clock;
use balancebot::sandbox::bank::Shape;
use balancebot::sandbox::switch::Switch;
use bank_login::{BACK, Login, SECRET, Tokens, VERIFIER, asks, form, handle_of, returned, text_of, town, with_clients};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::Method;
use serde_json::Value;
use street::{FAMILY, HOST, HOSTILE, street};

#[tokio::test(start_paused = true)]
async fn a_bank_describes_its_login() {
    let town = town();
    let login = Login { street: &town, bank: "citywide" };
    let issuer = format!("{HOST}/banks/citywide/oauth");
    for place in [
        format!("{HOST}/.well-known/oauth-authorization-server/banks/citywide/oauth"),
        format!("{issuer}/.well-known/oauth-authorization-server"),
    ] {
        let response = login.call(Method::GET, &place, &[], String::new()).await;
        let metadata: Value = serde_json::from_slice(response.body()).expect("JSON");
        assert_eq!(metadata["issuer"], issuer.as_str());
        for (key, name) in [
            ("authorization_endpoint", "authorize"),
            ("token_endpoint", "token"),
            ("pushed_authorization_request_endpoint", "par"),
            ("revocation_endpoint", "revoke"),
        ] {
            assert_eq!(metadata[key], login.endpoint(name).as_str());
        }
        assert_eq!(metadata["code_challenge_methods_supported"], serde_json::json!(["S256"]));
        assert_eq!(metadata["scopes_supported"], serde_json::json!(["accounts", "balances", "transactions"]));
        assert_eq!(metadata["authorization_response_iss_parameter_supported"], true);
    }
    let nowhere = format!("{HOST}/.well-known/oauth-authorization-server/banks/nowhere/oauth");
    assert_eq!(login.call(Method::GET, &nowhere, &[], String::new()).await.status(), 404);
}

#[tokio::test(start_paused = true)]
async fn a_person_allows_and_the_client_reads_what_was_allowed() {
    let town = town();
    let login = Login { street: &town, bank: "northgate" };
    let (page, handle) = login.page(&[]).await;
    for words in
        ["Northgate Bank", "(sandbox)", "balancebot &lt;b&gt; asks", "Maya Ortiz", "••4821", "Transactions since"]
    {
        assert!(page.contains(words), "{words} in {page}");
    }
    assert!(!page.contains("Noor") && !page.contains("<script"), "nobody else's customers, and no script");
    let answer = [("request", handle.as_str()), ("person", "maya"), ("password", "sandbox"), ("decision", "allow")];
    let response = login.post_page(&answer).await;
    assert_eq!(returned(&response, "state").as_deref(), Some("a state & more"));
    assert_eq!(returned(&response, "iss").as_deref(), Some("http://bank.test:8088/banks/northgate/oauth"));
    assert_eq!(response.headers()["cache-control"], "no-store");
    let code = returned(&response, "code").expect("a code");
    assert_eq!(login.post_page(&answer).await.status(), 400, "a request is answered once");

    let (status, granted) = login.redeem(&code, &[]).await;
    assert_eq!(status, 200, "{granted}");
    assert_eq!(granted["token_type"], "Bearer");
    assert_eq!(granted["scope"], "accounts balances transactions");
    assert_eq!(granted["consent_expires_at"], "2027-05-01T23:59:59-04:00", "as long as the world says");
    let tokens = Tokens::of(&granted);
    let (status, accounts) = login.data(Shape::FdxFlat, &tokens.access, "accounts").await;
    assert_eq!(status, 200);
    assert_eq!(accounts["accounts"][0]["accountId"], "m_chk");
    assert_eq!(login.data(Shape::ObukShort, &tokens.access, "accounts/m_chk/transactions").await.0, 200);
    assert_eq!(town.sandbox.calls().len(), 2, "calls with such a token are on the bank's record");

    // Whose it is not, and where it is not from.
    assert_eq!(login.data(Shape::FdxFlat, &tokens.access, "accounts/m_crd").await.0, 404);
    let elsewhere = Login { street: &town, bank: "citywide" };
    assert_eq!(elsewhere.data(Shape::FdxFlat, &tokens.access, "accounts").await.0, 401);
    assert_eq!(login.data(Shape::FdxFlat, &tokens.refresh, "accounts").await.0, 401, "a refresh token opens nothing");

    // The person is the same one at the next login, and somebody else's name is another.
    let again = login.redeem(&login.allow("maya", &[]).await, &[]).await.1;
    assert_eq!(again["sub"], granted["sub"]);
    assert_ne!(again["consent_id"], granted["consent_id"]);
    assert_ne!(elsewhere.redeem(&elsewhere.allow("maya", &[]).await, &[]).await.1["sub"], granted["sub"]);
}

/// The world notes a day for the first time. Who comes back when that is near wants to go on.
#[tokio::test(start_paused = true)]
async fn who_signs_in_near_the_end_or_after_it_gets_another_half_year() {
    let town = town();
    let login = Login { street: &town, bank: "northgate" };
    let day = |days: u64| Duration::from_secs(days * 24 * 60 * 60);
    let ends = async || {
        let (_, granted) = login.redeem(&login.allow("maya", &[]).await, &[]).await;
        granted["consent_expires_at"].as_str().expect("a moment").split('T').next().expect("a day").to_owned()
    };
    town.clock.skip(day(152));
    assert_eq!(ends().await, "2027-05-01", "eight days before");
    town.clock.skip(day(1));
    assert_eq!(ends().await, "2027-10-21", "a week before");
    town.clock.skip(day(30));
    assert_eq!(ends().await, "2027-11-20", "weeks after");
}

#[tokio::test(start_paused = true)]
async fn only_what_was_asked_for_can_be_read() {
    let town = town();
    let login = Login { street: &town, bank: "northgate" };
    let code = login.allow("maya", &[("scope", "balances")]).await;
    let (_, granted) = login.redeem(&code, &[]).await;
    assert_eq!(granted["scope"], "accounts balances");
    let token = Tokens::of(&granted).access;
    assert_eq!(login.data(Shape::FdxFlat, &token, "accounts/m_chk").await.0, 200);
    assert_eq!(login.data(Shape::FdxFlat, &token, "accounts/m_chk/transactions").await.0, 403);
    assert_eq!(login.data(Shape::ObukShort, &token, "accounts/m_chk/transactions").await.0, 403);
}

#[tokio::test(start_paused = true)]
async fn a_request_without_pushing_is_answered_too_and_a_bad_one_goes_back() {
    let town = town();
    let login = Login { street: &town, bank: "northgate" };
    let response = login.get(&text_of(&asks(&[]))).await;
    let policy = response.headers()["content-security-policy"].to_str().expect("text");
    assert!(policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'"), "{policy}");
    let (_, handle) = handle_of(&response);
    let wrong = [("request", handle.as_str()), ("person", "maya"), ("password", "letmein"), ("decision", "allow")];
    let response = login.post_page(&wrong).await;
    assert_eq!(response.status(), 400);
    assert!(handle_of(&response).0.contains("role=\"alert\""));
    assert_eq!(login.post_page(&[("request", &handle), ("decision", "allow")]).await.status(), 400, "nobody chosen");
    let nobodys = [("request", handle.as_str()), ("person", "noor"), ("decision", "allow")];
    assert_eq!(login.post_page(&nobodys).await.status(), 400, "not a customer of this bank");
    let maya = [("request", handle.as_str()), ("person", "maya"), ("decision", "allow")];
    let code = returned(&login.post_page(&maya).await, "code").expect("a code");
    assert_eq!(login.redeem(&code, &[]).await.0, 200);

    for (change, error) in [
        (("response_type", "token"), "unsupported_response_type"),
        (("code_challenge_method", "plain"), "invalid_request"),
        (("code_challenge_method", ""), "invalid_request"),
        (("code_challenge", "short"), "invalid_request"),
        (("scope", "accounts payments"), "invalid_scope"),
    ] {
        let response = login.get(&text_of(&asks(&[change]))).await;
        assert_eq!(returned(&response, "error").as_deref(), Some(error), "{change:?}");
        assert_eq!(returned(&response, "state").as_deref(), Some("a state & more"));
        assert!(returned(&response, "iss").is_some() && returned(&response, "code").is_none());
        assert_eq!(login.push(&[change]).await.1["error"], error, "{change:?} pushed");
    }
}

#[tokio::test(start_paused = true)]
async fn nobody_is_sent_where_the_client_is_not_registered() {
    let town = town();
    let login = Login { street: &town, bank: "northgate" };
    for change in [
        ("redirect_uri", "http://evil.test/oauth/callback?bank=northgate"),
        ("redirect_uri", "http://bot.test/oauth/callback?bank=northgate&more"),
        ("redirect_uri", "http://bot.test/oauth/callback"),
        ("redirect_uri", ""),
        ("client_id", "nobody"),
        ("client_id", ""),
    ] {
        let response = login.get(&text_of(&asks(&[change]))).await;
        assert_eq!(response.status(), 400, "{change:?}");
        assert!(!response.headers().contains_key("location"), "{change:?}");
        if change.0 == "redirect_uri" {
            assert_eq!(login.push(&[change]).await, (400, login.push(&[change]).await.1));
            assert_eq!(login.push(&[change]).await.1["error"], "invalid_request", "{change:?} pushed");
        }
    }
    let stray = form(&[("client_id", "bot"), ("request_uri", "urn:ietf:params:oauth:request_uri:unknown")]);
    assert_eq!(login.get(&stray).await.status(), 400);
    let (_, pushed) = login.push(&[]).await;
    let foreign = form(&[("client_id", "other"), ("request_uri", pushed["request_uri"].as_str().expect("a name"))]);
    assert_eq!(login.get(&foreign).await.status(), 400, "another client's request");
    let late = form(&[("client_id", "bot"), ("request_uri", pushed["request_uri"].as_str().expect("a name"))]);
    town.clock.skip(Duration::from_secs(pushed["expires_in"].as_u64().expect("seconds")));
    assert_eq!(login.get(&late).await.status(), 400, "too late");
    // Who looks at the page has time to read it.
    let (_, handle) = login.page(&[]).await;
    town.clock.skip(Duration::from_secs(600));
    let maya = [("request", handle.as_str()), ("person", "maya"), ("decision", "allow")];
    assert!(returned(&login.post_page(&maya).await, "code").is_some());
}

#[tokio::test(start_paused = true)]
async fn who_says_no_goes_back_with_nothing() {
    let town = town();
    let login = Login { street: &town, bank: "northgate" };
    let (_, handle) = login.page(&[]).await;
    let response = login.post_page(&[("request", &handle), ("decision", "deny")]).await;
    assert_eq!(returned(&response, "error").as_deref(), Some("access_denied"));
    assert_eq!(returned(&response, "state").as_deref(), Some("a state & more"));
    assert_eq!(returned(&response, "code"), None);
    let late = [("request", handle.as_str()), ("person", "maya"), ("decision", "allow")];
    assert_eq!(login.post_page(&late).await.status(), 400, "a no stays a no");
}

#[tokio::test(start_paused = true)]
async fn a_code_is_good_once_for_who_asked_and_for_a_minute() {
    let town = town();
    let login = Login { street: &town, bank: "northgate" };
    let wrong_verifier = "b-verifier-of-at-least-forty-three-characters-0123456789";
    for change in [("code_verifier", wrong_verifier), ("redirect_uri", "http://bot.test/two")] {
        let code = login.allow("maya", &[]).await;
        let (status, refusal) = login.redeem(&code, &[change]).await;
        assert_eq!((status, refusal["error"].as_str()), (400, Some("invalid_grant")), "{change:?}");
        assert_eq!(login.redeem(&code, &[]).await.0, 400, "there is no second guess");
    }
    assert_eq!(login.redeem("nonsense", &[]).await.1["error"], "invalid_grant");
    assert_eq!(login.redeem("", &[]).await.1["error"], "invalid_request");

    let code = login.allow("maya", &[]).await;
    let asks = [
        ("grant_type", "authorization_code"),
        ("code", code.as_str()),
        ("redirect_uri", BACK),
        ("code_verifier", VERIFIER),
    ];
    let (_, refusal) = login.posts_as("other", SECRET, "token", form(&asks)).await;
    assert_eq!(refusal["error"], "invalid_grant", "another client's code");
    let elsewhere = Login { street: &town, bank: "citywide" };
    assert_eq!(elsewhere.redeem(&code, &[]).await.1["error"], "invalid_grant", "another bank's code");
    town.clock.skip(Duration::from_secs(59));
    let (status, granted) = login.redeem(&code, &[]).await;
    assert_eq!(status, 200, "{granted}");
    let tokens = Tokens::of(&granted);
    assert_eq!(login.data(Shape::FdxFlat, &tokens.access, "accounts").await.0, 200);
    let (_, refusal) = login.redeem(&code, &[]).await;
    assert_eq!(refusal["error"], "invalid_grant", "a second use");
    assert_eq!(login.data(Shape::FdxFlat, &tokens.access, "accounts").await.0, 401, "and what it gave is revoked");
    assert_eq!(login.refresh(&tokens.refresh).await.1["error"], "invalid_grant");

    let code = login.allow("maya", &[]).await;
    town.clock.skip(Duration::from_secs(60));
    assert_eq!(login.redeem(&code, &[]).await.1["error"], "invalid_grant", "expired");
}

#[tokio::test(start_paused = true)]
async fn tokens_are_renewed_and_the_old_ones_are_void() {
    let town = town();
    let login = Login { street: &town, bank: "northgate" };
    let first = login.link("maya").await;
    town.clock.skip(Duration::from_secs(900));
    let uri = format!("{HOST}{}/accounts", Shape::FdxFlat.base_path(&"northgate".into()));
    let response = town.call(Some(&first.access), &uri).await;
    assert_eq!(response.status(), 401);
    let says = response.headers()["www-authenticate"].to_str().expect("text");
    assert!(says.contains("invalid_token"), "{says}");
    assert_eq!(login.data(Shape::ObukShort, &first.access, "accounts").await.0, 401);

    let (status, granted) = login.refresh(&first.refresh).await;
    assert_eq!(status, 200, "{granted}");
    let second = Tokens::of(&granted);
    assert_eq!(second.consent, first.consent, "the consent is the same");
    assert_eq!(login.data(Shape::FdxFlat, &second.access, "accounts").await.0, 200);
    assert_eq!(login.refresh(&first.refresh).await.1["error"], "invalid_grant", "a refresh token is good once");
    assert_eq!(login.data(Shape::FdxFlat, &second.access, "accounts").await.0, 200);
    let foreign = form(&[("grant_type", "refresh_token"), ("refresh_token", &second.refresh)]);
    assert_eq!(login.posts_as("other", SECRET, "token", foreign).await.1["error"], "invalid_grant");
    assert_eq!(login.refresh(&second.access).await.1["error"], "invalid_grant");
    assert_eq!(login.refresh(&second.refresh).await.0, 200, "nobody else has used it up");

    let third = login.link("maya").await;
    town.clock.skip(Duration::from_secs(181 * 24 * 3600));
    assert_eq!(login.refresh(&third.refresh).await.1["error"], "invalid_grant", "the consent has run out");
}

#[tokio::test(start_paused = true)]
async fn a_consent_that_is_taken_back_opens_nothing() {
    let town = town();
    let login = Login { street: &town, bank: "northgate" };
    for which in ["access", "refresh", "fdx", "fdx with the token", "obuk", "the bank itself"] {
        let tokens = login.link("maya").await;
        assert_eq!(login.data(Shape::FdxFlat, &tokens.access, "accounts").await.0, 200);
        let bearer = format!("Bearer {}", tokens.access);
        let encoded = form(&[("", SECRET)]).trim_start_matches('=').to_owned();
        let basic = format!("Basic {}", STANDARD.encode(format!("bot:{encoded}")));
        let base = |shape: Shape| format!("{HOST}{}", shape.base_path(&"northgate".into()));
        let fdx = format!("{}/consents/{}/revocation", base(Shape::FdxFlat), tokens.consent);
        let obuk = format!("{}/account-access-consents/{}", base(Shape::ObukLong), tokens.consent);
        let reason = String::from(r#"{"reason":"USER_ACTION","initiator":"INDIVIDUAL"}"#);
        let status = match which {
            "access" => login.client_posts("revoke", form(&[("token", &tokens.access)])).await.0,
            "refresh" => login.client_posts("revoke", form(&[("token", &tokens.refresh)])).await.0,
            "fdx" => login.call(Method::PUT, &fdx, &[("authorization", &basic)], reason).await.status().as_u16(),
            "fdx with the token" => {
                login.call(Method::PUT, &fdx, &[("authorization", &bearer)], reason).await.status().as_u16()
            }
            "obuk" => {
                login.call(Method::DELETE, &obuk, &[("authorization", &basic)], String::new()).await.status().as_u16()
            }
            _ => u16::from(town.sandbox.revoke(&"maya".into(), &"northgate".into())) * 204,
        };
        assert!([200, 204].contains(&status), "{which}: {status}");
        assert_eq!(login.data(Shape::FdxFlat, &tokens.access, "accounts").await.0, 401, "{which}");
        let (status, refusal) = login.data(Shape::ObukShort, &tokens.access, "accounts").await;
        assert_eq!((status, &refusal["Errors"][0]["ErrorCode"]), (403, &Value::from("U028")), "{which}");
        assert_eq!(login.refresh(&tokens.refresh).await.1["error"], "invalid_grant", "{which}");
    }
    // What is unknown is revoked already; what is another client's is not ours to revoke.
    assert_eq!(login.client_posts("revoke", form(&[("token", "unknown")])).await.0, 200);
    let tokens = login.link("maya").await;
    let revoke = || form(&[("token", &tokens.access)]);
    assert_eq!(login.posts_as("other", SECRET, "revoke", revoke()).await.1["error"], "unauthorized_client");
    let uri = format!("{HOST}{}/consents/{}/revocation", Shape::FdxFlat.base_path(&"northgate".into()), tokens.consent);
    assert_eq!(login.call(Method::PUT, &uri, &[], String::new()).await.status(), 401);
    let standing = format!("Bearer {}", town.sandbox.token(&"sam".into(), &"northgate".into()));
    assert_eq!(login.call(Method::PUT, &uri, &[("authorization", &standing)], String::new()).await.status(), 401);
    assert_eq!(login.data(Shape::FdxFlat, &tokens.access, "accounts").await.0, 200, "it still stands");
}

#[tokio::test(start_paused = true)]
async fn the_token_of_a_standing_consent_can_be_revoked_too() {
    let town = town();
    let login = Login { street: &town, bank: "citywide" };
    let token = town.sandbox.token(&"maya".into(), &"citywide".into());
    assert_eq!(login.data(Shape::FdxFlat, &token, "accounts").await.0, 200);
    assert_eq!(login.client_posts("revoke", form(&[("token", &token)])).await.0, 200);
    assert_eq!(login.data(Shape::FdxFlat, &token, "accounts").await.0, 401);
    assert_eq!(town.sandbox.consent(&"maya".into(), &"citywide".into()), None);
}

#[tokio::test(start_paused = true)]
async fn the_switches_of_a_bank_hold_for_its_login() {
    let town = town();
    let login = Login { street: &town, bank: "northgate" };
    let bank = "northgate".into();
    let before = login.link("maya").await;
    town.clock.skip(Duration::from_secs(1));
    town.sandbox.switch(&bank, Switch::ConsentExpired).expect("the bank");
    assert_eq!(login.data(Shape::FdxFlat, &before.access, "accounts").await.0, 401);
    assert_eq!(login.refresh(&before.refresh).await.1["error"], "invalid_grant");
    town.clock.skip(Duration::from_secs(1));
    let renewed = login.link("maya").await;
    assert_eq!(login.data(Shape::FdxFlat, &renewed.access, "accounts").await.0, 200, "a new consent stands");
    assert_eq!(login.data(Shape::FdxFlat, &before.access, "accounts").await.0, 401);

    town.sandbox.switch(&bank, Switch::Up).expect("the bank");
    town.sandbox.switch(&bank, Switch::Slow { seconds: 9 }).expect("the bank");
    let started = town.clock.now();
    assert_eq!(login.refresh(&renewed.refresh).await.0, 200);
    assert_eq!(town.clock.now().duration_since(started).as_secs(), 9);
    for (switch, status) in [(Switch::Down, 503), (Switch::RateLimited, 429), (Switch::Killed, 400)] {
        town.sandbox.switch(&bank, switch).expect("the bank");
        assert_eq!(login.push(&[]).await.0, status, "{switch}");
        assert_eq!(login.refresh(&renewed.refresh).await.0, status, "{switch}");
        assert_eq!(login.get(&text_of(&asks(&[]))).await.status().as_u16(), status, "{switch}");
    }
}

#[tokio::test(start_paused = true)]
async fn clients_prove_who_they_are_and_say_things_once() {
    let town = town();
    let login = Login { street: &town, bank: "northgate" };
    let plain = || form(&[("token", "x")]);
    for (id, secret) in [("bot", "wrong"), ("nobody", SECRET), ("bot", ""), ("", "")] {
        let (status, refusal) = login.posts_as(id, secret, "revoke", plain()).await;
        assert_eq!((status, refusal["error"].as_str()), (401, Some("invalid_client")), "{id} {secret}");
    }
    let content = ("content-type", "application/x-www-form-urlencoded");
    let post = async |body: String| {
        let response = login.call(Method::POST, &login.endpoint("revoke"), &[content], body).await;
        (response.status().as_u16(), response.headers().contains_key("www-authenticate"))
    };
    assert_eq!(post(plain()).await, (401, true));
    assert_eq!(post(form(&[("token", "x"), ("client_id", "bot"), ("client_secret", SECRET)])).await, (200, false));
    let refused = async |body: String| login.client_posts("token", body).await.1["error"].clone();
    assert_eq!(refused(form(&[("client_id", "bot"), ("client_secret", SECRET)])).await, "invalid_request");
    assert_eq!(refused(form(&[("grant_type", "a"), ("grant_type", "a")])).await, "invalid_request");
    assert_eq!(refused(form(&[("code", &"x".repeat(3000))])).await, "invalid_request");
    assert_eq!(refused(form(&[("code", &"x".repeat(30_000))])).await, "invalid_request");
    assert_eq!(refused(form(&[("grant_type", "password")])).await, "unsupported_grant_type");
    assert_eq!(refused(String::new()).await, "invalid_request");
}

#[tokio::test(start_paused = true)]
async fn the_bank_may_remember_who_signed_in_unless_it_is_asked_not_to() {
    let town = with_clients(street(FAMILY));
    let login = Login { street: &town, bank: "thames" };
    let everybody = town.sandbox.world().people.len();
    let customers: Vec<&str> = town
        .sandbox
        .world()
        .people
        .iter()
        .map(|person| person.id.as_str())
        .filter(|id| !town.sandbox.accounts(&(*id).into(), &"thames".into()).is_empty())
        .collect();
    assert!(!customers.is_empty() && customers.len() <= everybody);
    let chosen = |page: &str, id: &str| page.contains(&format!("value=\"{id}\" required checked"));
    let last = customers[customers.len() - 1];
    assert!(chosen(&login.page(&[("login_hint", last)]).await.0, last), "the client's hint");

    let (_, handle) = login.page(&[]).await;
    let response = login.post_page(&[("request", &handle), ("person", last), ("decision", "allow")]).await;
    let cookie = response.headers()["set-cookie"].to_str().expect("text").split(';').next().unwrap_or_default();
    let returns = async |changes: &[(&str, &str)]| {
        let uri = format!("{}?{}", login.endpoint("authorize"), text_of(&asks(changes)));
        handle_of(&login.call(Method::GET, &uri, &[("cookie", cookie)], String::new()).await).0
    };
    assert!(chosen(&returns(&[]).await, last));
    if customers.len() > 1 {
        assert!(!chosen(&returns(&[("prompt", "login")]).await, last));
    }
}

#[tokio::test(start_paused = true)]
async fn names_of_people_and_accounts_are_only_text_on_the_page() {
    let town = with_clients(street(HOSTILE));
    for institution in &town.sandbox.world().institutions {
        let login = Login { street: &town, bank: institution.bank.id.as_str() };
        let (page, _) = login.page(&[("login_hint", "\"><script>alert(1)</script>")]).await;
        assert!(!page.contains("<script") && !page.contains('\u{202E}'), "{page}");
    }
}
