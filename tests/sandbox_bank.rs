//! The sandbox's banks over the bytes of their dialects: the same money in four shapes, paging, periods, links.

mod street;

use std::collections::BTreeMap;

use balancebot::egress::Transport;
use balancebot::sandbox::DEFAULT_WORLD;
use balancebot::sandbox::bank::Shape;
use bytes::Bytes;
use http::{Request, StatusCode};
use serde_json::Value;
use serde_json::value::RawValue;
use street::{FAMILY, HOST, HOSTILE, street, unwrap};

/// A row in one notation for all dialects: day, signed amount, status, text, category.
fn plain(shape: Shape, row: &Value, digits: usize) -> String {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let fdx = matches!(shape, Shape::FdxFlat | Shape::FdxWrapped);
    if fdx {
        let sign = if row["debitCreditMemo"] == "DEBIT" { "-" } else { "" };
        let status = if row["status"] == "PENDING" { "P" } else { "B" };
        let amount = row["amount"].as_f64().expect("a number");
        let day = text(&row["transactionTimestamp"]);
        return format!(
            "{} {sign}{amount:.digits$} {status} {} {}",
            &day[..10],
            text(&row["description"]),
            text(&row["category"])
        );
    }
    let sign = if row["CreditDebitIndicator"] == "Debit" { "-" } else { "" };
    let status = if row["Status"] == "PDNG" || row["Status"] == "Pending" { "P" } else { "B" };
    let code = &row["MerchantDetails"]["MerchantCategoryCode"];
    let category = if code.is_null() { &row["SupplementaryData"]["Category"] } else { code };
    let day = text(&row["ValueDateTime"]);
    let amount = text(&row["Amount"]["Amount"]);
    format!("{} {sign}{amount} {status} {} {}", &day[..10], text(&row["TransactionInformation"]), text(category))
}

#[tokio::test(start_paused = true)]
async fn four_shapes_tell_the_same_rows() {
    for (world, person, bank, account, digits, count) in [
        (DEFAULT_WORLD, "maya", "northgate", "m_chk", 2, 22),
        (DEFAULT_WORLD, "maya", "citywide", "m_crd", 2, 21),
        (FAMILY, "priya", "thames", "p_current", 2, 16),
        (FAMILY, "priya", "thames", "p_card", 2, 5),
        (HOSTILE, "rin", "sakura", "r_yen", 0, 6),
        (HOSTILE, "rin2", "gulf_1", "k_dinar", 3, 2),
    ] {
        let street = street(world);
        let mut told = Vec::new();
        for shape in Shape::ALL {
            let rows = street.rows(person, bank, shape, account, "").await;
            let ids: std::collections::BTreeSet<String> =
                rows.iter().map(|row| row.get("transactionId").unwrap_or(&row["TransactionId"]).to_string()).collect();
            assert_eq!(ids.len(), count, "{account} {shape:?}");
            told.push(rows.iter().map(|row| plain(shape, row, digits)).collect::<Vec<_>>());
        }
        assert!(told.iter().all(|rows| *rows == told[0]), "{account}: {told:#?}");
    }
}

/// Booked (or owed) and usable figures of an account, told by each dialect in its own place.
#[tokio::test(start_paused = true)]
async fn four_shapes_tell_the_same_figures() {
    for (world, person, bank, account, told) in [
        (DEFAULT_WORLD, "maya", "northgate", "m_chk", ["2310.55", "2184.05"]),
        (DEFAULT_WORLD, "maya", "citywide", "m_crd", ["642.18", "4357.82"]),
        (FAMILY, "priya", "thames", "p_current", ["-142.36", "-166.85"]),
        (FAMILY, "priya", "thames", "p_card", ["312.46", "1112.54"]),
    ] {
        let street = street(world);
        let is_card = account.ends_with("rd");
        for shape in [Shape::FdxFlat, Shape::FdxWrapped] {
            let figures = unwrap(street.json(person, bank, shape, &format!("accounts/{account}")).await);
            let usable = if is_card { &figures["availableCredit"] } else { &figures["availableBalance"] };
            assert_eq!([figures["currentBalance"].to_string(), usable.to_string()], told, "{account} {shape:?}");
        }
        for shape in [Shape::ObukShort, Shape::ObukLong] {
            let document = street.json(person, bank, shape, &format!("accounts/{account}/balances")).await;
            let balances = document["Data"]["Balance"].as_array().expect("balances").clone();
            let of =
                |kinds: [&str; 2]| balances.iter().find(|one| kinds.iter().any(|kind| one["Type"] == *kind)).cloned();
            let signed = |one: &Value, below_zero: &str| {
                let sign = if one["CreditDebitIndicator"] == below_zero { "-" } else { "" };
                format!("{sign}{}", one["Amount"]["Amount"].as_str().unwrap_or_default())
            };
            let booked = of(["ITBD", "InterimBooked"]).expect("a booked balance");
            let figures = if is_card {
                // A debit balance of a card is a debt, which is positive here.
                let left = booked["CreditLine"][1]["Amount"]["Amount"].as_str().unwrap_or_default().to_owned();
                [signed(&booked, "Credit"), left]
            } else {
                let available = of(["ITAV", "InterimAvailable"]).expect("an available balance");
                [signed(&booked, "Debit"), signed(&available, "Debit")]
            };
            assert_eq!(figures, told, "{account} {shape:?}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn rows_come_newest_first_in_the_order_they_happened() {
    let street = street(FAMILY);
    let rows = street.rows("priya", "thames", Shape::ObukShort, "p_current", "").await;
    let stamp = |index: usize| rows[index]["BookingDateTime"].as_str().expect("a time");
    assert_eq!(rows[0]["TransactionInformation"], "Harbour Bakery");
    assert_eq!((rows[0]["Status"].as_str(), rows[2]["Status"].as_str()), (Some("PDNG"), Some("BOOK")));
    // The clocks went forward on 29 March.
    assert_eq!((stamp(0), stamp(3)), ("2026-03-31T12:00:00+01:00", "2026-03-28T12:00:00+00:00"));
    // Two of one day: the later one first, a second apart.
    let first_of_march: Vec<_> = rows
        .iter()
        .filter(|row| row["BookingDateTime"].as_str().is_some_and(|at| at.starts_with("2026-03-01")))
        .collect();
    let told: Vec<_> =
        first_of_march.iter().map(|row| (row["Amount"]["Amount"].as_str(), row["BookingDateTime"].as_str())).collect();
    assert_eq!(
        told,
        [(Some("3.40"), Some("2026-03-01T12:00:01+00:00")), (Some("62.18"), Some("2026-03-01T12:00:00+00:00"))]
    );
}

#[tokio::test(start_paused = true)]
async fn periods_are_cut_as_each_dialect_has_it() {
    let street = street(DEFAULT_WORLD);
    for (shape, query) in [
        (Shape::FdxFlat, "startTime=2026-11-15&endTime=2026-11-20"),
        (Shape::FdxWrapped, "startTime=2026-11-15&endTime=2026-11-20&limit=500"),
        (Shape::ObukShort, "fromBookingDateTime=2026-11-15T00:00:00&toBookingDateTime=2026-11-20T23:59:59"),
        (Shape::ObukLong, "fromBookingDateTime=2026-11-15T00:00:00Z&toBookingDateTime=2026-11-21"),
    ] {
        let rows = street.rows("maya", "northgate", shape, "m_chk", query).await;
        let told: Vec<String> = rows.iter().map(|row| plain(shape, row, 2)).collect();
        assert_eq!(
            told,
            [
                "2026-11-20 -121.85 B Brightline Electric 4900",
                "2026-11-16 -60.00 B ATM Main St 6011",
                "2026-11-15 -200.00 B Transfer to 7730 transfer",
            ],
            "{shape:?}"
        );
    }
    for (shape, query) in [
        (Shape::FdxFlat, "startTime=yesterday"),
        (Shape::FdxFlat, "pageKey=10"),
        (Shape::FdxFlat, "limit=0"),
        (Shape::FdxWrapped, "offset=-1"),
        (Shape::ObukShort, "fromBookingDateTime=11/15/2026"),
        (Shape::ObukLong, "page=0"),
    ] {
        let response = street.get("maya", "northgate", shape, &format!("accounts/m_chk/transactions?{query}")).await;
        assert_eq!(response.status(), StatusCode::BAD_REQUEST, "{shape:?} {query}");
    }
    // A page far beyond the end is empty, not an error of the server.
    let far = format!("accounts/m_chk/transactions?page={}", usize::MAX);
    let page = street.json("maya", "northgate", Shape::ObukShort, &far).await;
    assert_eq!(page["Data"]["Transaction"].as_array().map(Vec::len), Some(0));
    let far = format!("accounts/m_chk/transactions?pageKey=after-{}", usize::MAX);
    let page = street.json("maya", "northgate", Shape::FdxFlat, &far).await;
    assert_eq!(page["transactions"].as_array().map(Vec::len), Some(0));
}

#[tokio::test(start_paused = true)]
async fn fdx_writes_amounts_digit_for_digit() {
    let street = street(HOSTILE);
    #[derive(serde::Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Exact<'a> {
        #[serde(borrow)]
        current_balance: &'a RawValue,
        #[serde(borrow)]
        available_balance: &'a RawValue,
    }
    let exact = async |person, bank, account: &str| {
        let response = street.get(person, bank, Shape::FdxFlat, &format!("accounts/{account}")).await;
        let read: Exact<'_> = serde_json::from_slice(response.body()).expect("the figures");
        (read.current_balance.get().to_owned(), read.available_balance.get().to_owned())
    };
    let told = |booked: &str, available: &str| (booked.to_owned(), available.to_owned());
    assert_eq!(exact("rin2", "gulf_1", "k_dinar").await, told("1250.375", "1250.375"));
    assert_eq!(exact("rin2", "gulf_1", "k_empty").await, told("0.000", "0.000"));
    assert_eq!(exact("rin", "sakura", "r_yen").await, told("184500", "184020"));
}

#[tokio::test(start_paused = true)]
async fn fdx_accounts_are_as_core_exchange_has_them() {
    let street = street(DEFAULT_WORLD);
    let list = street.json("maya", "northgate", Shape::FdxFlat, "accounts").await;
    assert_eq!(list["accounts"].as_array().map(Vec::len), Some(3));
    let expected = serde_json::json!({
        "accountCategory": "DEPOSIT_ACCOUNT", "accountType": "CHECKING", "accountId": "m_chk",
        "nickname": "Everyday Checking", "accountNumberDisplay": "****4821", "status": "OPEN",
        "currency": {"currencyCode": "USD"}
    });
    assert_eq!(list["accounts"][0], expected, "lightweight: no figures");
    let wrapped = street.json("maya", "northgate", Shape::FdxWrapped, "accounts").await;
    assert_eq!(wrapped["accounts"][0]["depositAccount"], expected);

    let card = street.json("maya", "citywide", Shape::FdxWrapped, "accounts/m_crd").await;
    let card = &card["locAccount"];
    let told: Vec<String> = [
        "currentBalance",
        "creditLine",
        "availableCredit",
        "lastStmtBalance",
        "minimumPaymentAmount",
        "nextPaymentDate",
        "balanceAsOf",
    ]
    .iter()
    .map(|key| card[key].to_string())
    .collect();
    assert_eq!(told[5..], ["\"2026-12-05\"", "\"2026-11-22T14:00:00-05:00\""]);
    let amounts: Vec<f64> = told[..5].iter().map(|text| text.parse().expect("a number")).collect();
    assert_eq!(amounts, [642.18, 5000.0, 4357.82, 511.4, 35.0]);
    let rows = street.rows("maya", "citywide", Shape::FdxFlat, "m_crd", "").await;
    let rail = rows.iter().find(|row| row["description"] == "Alster Rail").expect("there");
    assert_eq!((rail["foreignAmount"].as_f64(), rail["foreignCurrency"].as_str()), (Some(45.0), Some("EUR")));
    let payment = rows.iter().find(|row| row["description"] == "Payment received").expect("there");
    assert_eq!(
        (payment["transactionType"].as_str(), payment["debitCreditMemo"].as_str()),
        (Some("TRANSFER"), Some("CREDIT"))
    );
}

#[tokio::test(start_paused = true)]
async fn obuk_balances_are_unsigned_with_an_indicator() {
    let street = street(FAMILY);
    let figures = async |person, bank, shape, account: &str| {
        let document = street.json(person, bank, shape, &format!("accounts/{account}/balances")).await;
        let balances = document["Data"]["Balance"].as_array().expect("balances").clone();
        let told = |balance: &Value| {
            let word = |key: &str| balance[key].as_str().unwrap_or_default().to_owned();
            format!(
                "{} {} {}",
                word("Type"),
                word("CreditDebitIndicator"),
                balance["Amount"]["Amount"].as_str().unwrap_or_default()
            )
        };
        (balances.iter().map(told).collect::<Vec<_>>(), balances[0].clone())
    };
    let (current, first) = figures("priya", "thames", Shape::ObukShort, "p_current").await;
    assert_eq!(current, ["ITAV Debit 166.85", "ITBD Debit 142.36"], "overdrawn");
    assert_eq!(first["DateTime"], "2026-03-31T09:15:00+01:00");
    street.clock.skip(std::time::Duration::from_secs(60));
    let (_, first) = figures("priya", "thames", Shape::ObukShort, "p_current").await;
    assert_eq!(first["DateTime"], "2026-03-31T09:16:00+01:00");
    let (loan, _) = figures("priya", "thames", Shape::ObukLong, "p_loan").await;
    assert_eq!(loan, ["InterimBooked Debit 6120.75"]);
    let (card, first) = figures("priya", "thames", Shape::ObukShort, "p_card").await;
    assert_eq!(card, ["ITBD Debit 312.46"]);
    let line = |kind: &str, amount: &str| serde_json::json!({"Included": false, "Type": kind, "Amount": {"Amount": amount, "Currency": "GBP"}});
    assert_eq!(first["CreditLine"], serde_json::json!([line("Credit", "1500.00"), line("Available", "1112.54")]));
    let payment = serde_json::json!({"DueDate": "2026-04-14", "MinimumDue": "25.00", "StatementBalance": "298.10"});
    assert_eq!(first["SupplementaryData"], payment);

    let kinds = async |shape| {
        let list = street.json("priya", "thames", shape, "accounts").await;
        let accounts = list["Data"]["Account"].as_array().expect("accounts").clone();
        let kind = |account: &Value| {
            account.get("AccountTypeCode").unwrap_or(&account["AccountSubType"]).as_str().map(str::to_owned)
        };
        assert_eq!(accounts[0]["Account"][0]["Identification"], "xxxx7710");
        accounts.iter().filter_map(kind).collect::<Vec<_>>()
    };
    assert_eq!(kinds(Shape::ObukShort).await, ["CACC", "CARD", "LOAN"]);
    assert_eq!(kinds(Shape::ObukLong).await, ["CurrentAccount", "CreditCard", "Loan"]);
}

#[tokio::test(start_paused = true)]
async fn a_bank_tells_only_what_it_supports() {
    let street = street(HOSTILE);
    // Sakura has cards but no due dates, and its card is over the limit: there is no unsigned way to say that.
    let card = street.json("rin", "sakura", Shape::FdxFlat, "accounts/r_card").await;
    assert_eq!((card["availableCredit"].as_i64(), card.get("nextPaymentDate")), (Some(-1000), None));
    let card = street.json("rin", "sakura", Shape::ObukShort, "accounts/r_card/balances").await;
    let lines = card["Data"]["Balance"][0]["CreditLine"].as_array().expect("lines").clone();
    assert_eq!(lines.iter().map(|line| line["Type"].as_str()).collect::<Vec<_>>(), [Some("Credit")]);
    assert!(card["Data"]["Balance"][0].get("SupplementaryData").is_none());
    // Gulf does not tell pending rows; the available balance follows them all the same.
    street.sandbox.append(&"k_dinar".into(), r#"["2026-10-31", "-0.375", "Tea", "coffee", "pending"]"#).expect("a row");
    assert_eq!(street.rows("rin2", "gulf_1", Shape::FdxFlat, "k_dinar", "").await.len(), 2);
    let account = street.json("rin2", "gulf_1", Shape::FdxFlat, "accounts/k_dinar").await;
    assert_eq!(account["availableBalance"].as_f64(), Some(1250.0));
}

#[tokio::test(start_paused = true)]
async fn names_come_as_the_bank_has_them() {
    let street = street(HOSTILE);
    for shape in Shape::ALL {
        let rows = street.rows("rin", "sakura", shape, "r_yen", "").await;
        let text = |row: &Value| {
            row.get("description")
                .or(row.get("TransactionInformation"))
                .and_then(|text| text.as_str().map(str::to_owned))
        };
        assert!(rows.iter().filter_map(text).any(|text| text.starts_with('\u{202E}')), "{shape:?}");
    }
    // What the bot keeps with the link is neutralised.
    let link = street.sandbox.link(&"rin".into(), &"sakura".into()).expect("linked");
    assert_eq!(link.accounts[0].nick, "Ordinary deposit Total: ¥9,999,999");
}

#[tokio::test(start_paused = true)]
async fn links_lead_back_to_the_address_that_was_called() {
    let street = street(DEFAULT_WORLD);
    let rest = "accounts/m_chk/transactions?fromBookingDateTime=2026-10-01T00:00:00";
    let page = street.json("maya", "northgate", Shape::ObukShort, rest).await;
    let base = format!("{HOST}{}", Shape::ObukShort.base_path(&"northgate".into()));
    assert_eq!(page["Links"]["Self"], format!("{base}/{rest}"));
    assert_eq!(page["Links"]["Next"], format!("{base}/{rest}&page=2"));
    let second = street.json("maya", "northgate", Shape::ObukShort, &format!("{rest}&page=2")).await;
    assert_eq!(second["Links"]["Next"], format!("{base}/{rest}&page=3"));
    let last = street.json("maya", "northgate", Shape::ObukShort, &format!("{rest}&page=3")).await;
    assert_eq!(last["Links"].get("Next"), None);
    assert_eq!(
        page["Meta"],
        serde_json::json!({"TotalPages": 3, "FirstAvailableDateTime": "2026-10-01T00:00:00-04:00"})
    );
    // Over a socket the host comes in its header, and wins.
    let request = Request::get(format!("{}/accounts", Shape::ObukLong.base_path(&"northgate".into())))
        .header("host", "127.0.0.1:9999")
        .header("authorization", "Bearer sandbox-maya-northgate")
        .body(Bytes::new());
    let answer = street.door.exchange(request.expect("a request")).await.expect("an answer");
    let list: BTreeMap<String, Value> = serde_json::from_slice(answer.body()).expect("JSON");
    assert_eq!(list["Links"]["Self"], "http://127.0.0.1:9999/banks/northgate/obuk/v3.1/accounts");
}
