//! Damaged answers: any outcome but a panic, and never a figure without its currency.

use balancebot::domain::account::AccountClass;
use proptest::prelude::*;

use crate::stage::{Reply, Shape, Stage, account, permit};

/// What is put into an answer in place of some of it.
fn shards() -> impl Strategy<Value = String> {
    let known =
        ["null", "\"\"", "[]", "{}", "1e308", "-0", "\"string\"", "\\u0000", "\"", "}", "]", ",", "\u{202E}", "-"];
    prop_oneof![proptest::sample::select(known.to_vec()).prop_map(str::to_owned), ".{0,8}"]
}

/// The text with some characters replaced.
fn damaged(text: &str, from: usize, length: usize, shard: &str) -> String {
    let count = text.chars().count();
    let from = from % (count + 1);
    let kept = text.chars().take(from).chain(shard.chars());
    kept.chain(text.chars().skip(from + length)).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]
    #[test]
    fn nothing_panics(
        shape in proptest::sample::select(Shape::ALL.to_vec()),
        file in proptest::sample::select(vec!["accounts", "chk-balances", "crd-balances", "chk-2", "crd-1"]),
        cuts in proptest::collection::vec((0_usize..10_000, 0_usize..30, shards()), 1..4),
        status in proptest::sample::select(vec![200_u16, 200, 200, 400, 403, 429]),
    ) {
        let mut body = shape.file(file);
        for (from, length, shard) in cuts {
            body = damaged(&body, from, length, &shard);
        }
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().expect("a runtime");
        runtime.block_on(async {
            let bank = Stage::always(shape, Reply::status(status, body)).bank;
            for class in [AccountClass::Checking, AccountClass::CreditCard, AccountClass::Loan, AccountClass::Other] {
                let account = account("crd", class);
                let _balances = bank.balances(&permit(), &account).await;
                let _rows = bank.transactions(&permit(), &account, None).await;
            }
            let _accounts = bank.accounts(&permit()).await;
        });
    }
}
