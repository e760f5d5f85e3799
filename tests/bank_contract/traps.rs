//! What real banks and their published examples do, and what must not come of it.

use std::sync::Arc;

use balancebot::bank::{BankError, BankSettings, connect};
use balancebot::domain::account::AccountClass;
use balancebot::domain::transaction::Status;
use balancebot::egress::InProcess;
use jiff::civil::date;
use jiff::tz::TimeZone;

use crate::stage::{BASE, Call, Reply, Shape, Stage, account, bank, clock, permit};

/// Reads the rows of a checking account from a bank that always answers `body`.
async fn rows_of(shape: Shape, body: &str) -> Result<usize, BankError> {
    let stage = Stage::always(shape, Reply::ok(body));
    stage.bank.transactions(&permit(), &account("chk", AccountClass::Checking), None).await.map(|rows| rows.len())
}

fn field(outcome: Result<usize, BankError>) -> String {
    match outcome {
        Err(BankError::Malformed { field, .. }) => field,
        other => panic!("{other:?}"),
    }
}

fn fdx_row(amount: &str) -> String {
    format!(
        r#"{{"transactionId":"a","transactionTimestamp":"2026-11-02T08:00:00Z","debitCreditMemo":"DEBIT","status":"POSTED","description":"X","amount":{amount}}}"#
    )
}

fn obuk_row(amount: &str, date: &str, more: &str) -> String {
    format!(
        r#"{{"TransactionId":"a","Status":"BOOK","BookingDateTime":"{date}","CreditDebitIndicator":"Debit","Amount":{{"Amount":{amount},"Currency":"GBP"}}{more}}}"#
    )
}

fn obuk(rows: &str, links: &str) -> String {
    format!(r#"{{"Data":{{"Transaction":[{rows}]}},"Links":{links},"Meta":{{"TotalPages":-2147483648}}}}"#)
}

#[tokio::test(start_paused = true)]
async fn t1_a_cursor_that_repeats_ends_the_list() {
    for cursor in [r#""nextOffset":"2""#, r#""nextOffset":2"#, r#""nextPageKey":"2""#] {
        let body = format!(r#"{{"page":{{{cursor}}},"transactions":[{}]}}"#, fdx_row("1"));
        let stage = Stage::always(Shape::Fdx6, Reply::ok(body));
        let rows = stage.bank.transactions(&permit(), &account("chk", AccountClass::Checking), None).await;
        assert_eq!(rows.map(|rows| rows.len()), Ok(1));
        assert_eq!(stage.calls().len(), 2);
    }
    let empty = Stage::always(Shape::Fdx6, Reply::ok(r#"{"page":{"nextOffset":"2"},"transactions":[]}"#));
    assert!(empty.bank.transactions(&permit(), &account("chk", AccountClass::Checking), None).await.is_ok());
    assert_eq!(empty.calls().len(), 2);
}

#[tokio::test(start_paused = true)]
async fn t1_a_list_without_end_is_refused_rather_than_cut() {
    let endless = |call: &Call| {
        let page = call.target().rsplit_once("pageKey=").map_or(0, |(_, page)| page.parse::<u32>().expect("a page"));
        let row = fdx_row("1").replace("\"a\"", &format!("\"a{page}\""));
        Reply::ok(format!(r#"{{"page":{{"nextPageKey":"{}"}},"transactions":[{row}]}}"#, page + 1))
    };
    let stage = Stage::new("northgate", Shape::Fdx6, clock(), endless);
    let rows = stage.bank.transactions(&permit(), &account("chk", AccountClass::Checking), None).await;
    assert_eq!(field(rows.map(|rows| rows.len())), "page.nextPageKey");
    assert_eq!(stage.calls().len(), 50);
}

#[tokio::test(start_paused = true)]
async fn t2_a_next_link_never_leaves_the_configured_address() {
    let row = obuk_row("\"1.00\"", "2026-11-02T08:00:00Z", "");
    for next in ["http://example.com", "https://evil.example/open-banking/aisp/accounts", "https://bank.example/admin"]
    {
        let links = format!(r#"{{"Self":"{BASE}/accounts/chk/transactions","Next":"{next}"}}"#);
        let stage = Stage::always(Shape::Obuk4, Reply::ok(obuk(&row, &links)));
        let rows = stage.bank.transactions(&permit(), &account("chk", AccountClass::Checking), None).await;
        assert_eq!(field(rows.map(|rows| rows.len())), "Links.Next");
        assert_eq!(stage.calls().len(), 1, "the token followed {next}");
    }
    // Examples that name one address for every link mean a single page.
    let links = r#"{"Self":"http://example.com","Next":"http://example.com"}"#;
    let stage = Stage::always(Shape::Obuk4, Reply::ok(obuk(&row, links)));
    let rows = stage.bank.transactions(&permit(), &account("chk", AccountClass::Checking), None).await;
    assert_eq!(rows.map(|rows| rows.len()), Ok(1));
    assert_eq!(stage.calls().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn t3_accounts_are_addressed_by_id_whatever_it_holds() {
    let stage = Stage::always(Shape::Obuk4, Reply::status(404, ""));
    let _gone = stage.bank.balances(&permit(), &account("a/../../b?c#d", AccountClass::Checking)).await;
    assert_eq!(stage.targets(), ["/accounts/a%2F..%2F..%2Fb%3Fc%23d/balances"]);
    let dots = r#"{"accounts":[{"accountId":"..","accountCategory":"DEPOSIT_ACCOUNT"}]}"#;
    let stage = Stage::always(Shape::Fdx6, Reply::ok(dots));
    assert_eq!(field(stage.bank.accounts(&permit()).await.map(|list| list.len())), "accounts[0].accountId");
}

#[tokio::test(start_paused = true)]
async fn t5_t7_placeholders_and_absurd_numbers_are_named() {
    for amount in [r#""string""#, r#""""#, "null", "1e308", "-1.7976931348623157e+308", "true", "{}", r#""1,234.50""#] {
        let two = format!(r#"{{"transactions":[{},{}]}}"#, fdx_row("1"), fdx_row(amount));
        assert_eq!(field(rows_of(Shape::Fdx6, &two).await), "transactions[1].amount", "{amount}");
        let two = obuk(&obuk_row(amount, "2026-11-02T08:00:00Z", ""), "{}");
        assert_eq!(field(rows_of(Shape::Obuk4, &two).await), "Data.Transaction[0].Amount.Amount", "{amount}");
    }
    let wrapped = format!(r#"{{"transactions":[{{"depositTransaction":{}}}]}}"#, fdx_row("\"x\""));
    assert_eq!(field(rows_of(Shape::Fdx5, &wrapped).await), "transactions[0].depositTransaction.amount");
    let currency = obuk(&obuk_row("\"1\"", "2026-11-02", "").replace("GBP", "string"), "{}");
    assert_eq!(field(rows_of(Shape::Obuk4, &currency).await), "Data.Transaction[0].Amount.Currency");
    let gone = r#"{"Data":{"Account":[{"AccountId":"1","Status":"Deleted","Currency":"string"}]}}"#;
    let gone = Stage::always(Shape::Obuk4, Reply::ok(gone)).bank.accounts(&permit()).await;
    assert_eq!(field(gone.map(|list| list.len())), "Data.Account[0].Currency");
    let day = obuk(&obuk_row("\"1\"", "string", ""), "{}");
    assert_eq!(field(rows_of(Shape::Obuk4, &day).await), "Data.Transaction[0].BookingDateTime");
    let sign = fdx_row("1").replace("DEBIT", "OTHER");
    let sign = rows_of(Shape::Fdx6, &format!(r#"{{"transactions":[{sign}]}}"#)).await;
    assert_eq!(field(sign), "transactions[0].debitCreditMemo");
}

#[tokio::test(start_paused = true)]
async fn t6_unknown_fields_and_words_are_no_trouble() {
    let row =
        fdx_row("1").replace("POSTED", "FUTURISTIC").replace('}', r#","fiAttributes":[{"x":null}],"category":17}"#);
    let stage = Stage::always(Shape::Fdx6, Reply::ok(format!(r#"{{"extra":1,"transactions":[{row}]}}"#)));
    let checking = account("chk", AccountClass::Checking);
    let rows = stage.bank.transactions(&permit(), &checking, None).await.expect("rows");
    assert_eq!(rows[0].status, Status::Pending, "nothing says that it is final");
    let accounts = r#"{"accounts":[{"accountId":"a","accountCategory":"LUNAR_ACCOUNT","currency":{"currencyCode":"USD"},"x":{}}]}"#;
    let stage = Stage::always(Shape::Fdx6, Reply::ok(accounts));
    assert_eq!(stage.bank.accounts(&permit()).await.expect("accounts")[0].class, AccountClass::Other);
    for status in ["FUTR", "INFO", "RJCT", "Rejected", "Unheard"] {
        let row = obuk_row("\"1\"", "2026-11-02", "").replace("BOOK", status);
        assert_eq!(rows_of(Shape::Obuk4, &obuk(&row, "{}")).await, Ok(0), "{status}");
    }
}

#[tokio::test(start_paused = true)]
async fn t8_odd_dates_are_dates() {
    for (word, day) in [
        ("1893-05-06T07:08:09.0Z", date(1893, 5, 6)),
        ("1995-12-31T23:59:59.999999Z", date(1995, 12, 31)),
        ("2026-11-02", date(2026, 11, 2)),
        ("2026-11-02T23:59:00-08:00", date(2026, 11, 2)),
    ] {
        let stage = Stage::always(Shape::Obuk4, Reply::ok(obuk(&obuk_row("\"1\"", word, ""), "{}")));
        let checking = account("chk", AccountClass::Checking);
        let rows = stage.bank.transactions(&permit(), &checking, None).await.expect("rows");
        assert_eq!(rows[0].date, day, "{word}");
    }
}

#[tokio::test(start_paused = true)]
async fn an_evening_written_in_utc_counts_for_the_banks_own_day() {
    let row = fdx_row("1").replace("2026-11-02T08:00:00Z", "2026-11-02T01:30:00Z");
    let body = format!(r#"{{"transactions":[{row}]}}"#);
    for (zone, day) in [(None, date(2026, 11, 2)), (Some("America/New_York"), date(2026, 11, 1))] {
        let router = axum::Router::new().fallback({
            let body = body.clone();
            move || async move { body }
        });
        let mut settings = BankSettings::new(bank("northgate"), Shape::Fdx6.dialect(), BASE);
        settings.zone = zone.map(|name| TimeZone::get(name).expect("a zone"));
        let bank = connect(settings, Arc::new(InProcess::new(router)), clock()).expect("a good address");
        let rows = bank.transactions(&permit(), &account("chk", AccountClass::Checking), None).await.expect("rows");
        assert_eq!(rows[0].date, day, "{zone:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn t9_bodies_that_are_no_json_are_malformed() {
    for body in ["", "  ", "<html>busy</html>", r#"{"transactions":[],}"#, r#"{"transactions":["#, "[]", "3", "null"] {
        for shape in Shape::ALL {
            let outcome = field(rows_of(shape, body).await);
            assert_eq!(outcome, "body", "{shape:?} {body:?}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn equal_rows_without_ids_stay_two_and_keep_their_ids() {
    let row = fdx_row("4.75").replace("\"a\"", "\" \"");
    let body = format!(r#"{{"transactions":[{row},{row}]}}"#);
    let stage = Stage::always(Shape::Fdx6, Reply::ok(body));
    let checking = account("chk", AccountClass::Checking);
    let first = stage.bank.transactions(&permit(), &checking, None).await.expect("rows");
    assert_eq!(first.len(), 2);
    assert_ne!(first[0].id, first[1].id);
    assert_eq!(stage.bank.transactions(&permit(), &checking, None).await, Ok(first));
}

#[tokio::test(start_paused = true)]
async fn rows_of_one_day_are_latest_first_whichever_way_the_bank_lists() {
    let row =
        |id: &str, at: &str| fdx_row("1").replace("\"a\"", &format!("\"{id}\"")).replace("2026-11-02T08:00:00Z", at);
    let old_to_new = [row("a", "2026-11-01"), row("b", "2026-11-02"), row("c", "2026-11-02"), row("d", "2026-11-03")];
    let mut new_to_old = old_to_new.clone();
    new_to_old.reverse();
    for list in [old_to_new, new_to_old] {
        let body = format!(r#"{{"transactions":[{}]}}"#, list.join(","));
        let stage = Stage::always(Shape::Fdx6, Reply::ok(body));
        let checking = account("chk", AccountClass::Checking);
        let rows = stage.bank.transactions(&permit(), &checking, None).await.expect("rows");
        assert_eq!(rows.iter().map(|row| row.id.as_str()).collect::<Vec<_>>(), ["d", "c", "b", "a"]);
    }
}
