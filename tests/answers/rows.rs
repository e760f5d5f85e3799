//! Rows one by one, and the buttons below.

use std::str::FromStr;

use balancebot::domain::{
    money::Currency,
    period::Period,
    reading::{AmountRange, Intent, Part, Slots},
    say::Say,
};
use balancebot::flow::texts::Reader;
use insta::assert_snapshot;
use jiff::civil::date;
use rust_decimal::Decimal;

use crate::world::{World, at, during, month, of, part, spend};

#[test]
fn lists_come_in_pages_and_mark_what_is_pending() {
    let maya = World::maya();
    let list = |slots| maya.say("txn_list", &part(Intent::TxnList, slots));
    assert_snapshot!(list(Slots::default()), @r"
    Latest activity:
    Nov 22: Luma Restaurant, $88.10, ••4821 (pending)
    Nov 21: Corner Foods, $38.40, ••4821 (pending)
    Nov 20: Brightline Electric, $121.85, ••4821
    Nov 20: PRM*HOLDINGS 402, $64.99, ••1179
    Nov 19: Bluebird Coffee, $5.25, ••1179
    [More] [Spending] [Balance]
    ");
    assert_snapshot!(list(Slots { page: 1, ..Slots::default() }), @"
    Earlier activity:
    Nov 18: MetroRide, $12.60, ••1179
    Nov 18: MetroRide, $12.60, ••1179
    Nov 17: Alster Rail, $49.50 (€45.00), ••1179
    Nov 16: ATM Main St, $60.00, ••4821
    Nov 15: Transfer to 7730, $200.00, between your accounts, ••4821
    [More] [Spending] [Balance]
    ");
    assert_snapshot!(list(Slots { page: 99, ..Slots::default() }), @r"
    That was all of it.
    => nothing
    ");
    let last_week = Period::new(date(2026, 11, 15), date(2026, 11, 22));
    assert_snapshot!(list(during(last_week, of("m_chk"))), @r"
    Activity from Everyday Checking ••4821 (Nov 15–21):
    Nov 21: Corner Foods, $38.40 (pending)
    Nov 20: Brightline Electric, $121.85
    Nov 16: ATM Main St, $60.00
    Nov 15: Transfer to 7730, $200.00, between your accounts
    [Spending] [Balance]
    ");
    assert_snapshot!(list(of("m_jnt")), @r"
    I see no payments from Joint Checking ••3305 since Oct 1.
    [Balance] [Spending]
    => nothing
    ");
    let sum = maya.answer("spend_sum", &spend(during(month(11), at("haven home"))), None);
    let see = sum.offers.first().expect("the payments are offered");
    assert_snapshot!(maya.say("txn_list", &see.asks), @r"
    Activity at Haven Home (Nov 1–22):
    Nov 11: Haven Home, $59.99 back, ••1179
    Nov 4: Haven Home, $129.99, ••1179
    [Spending] [Balance]
    ");
}

#[test]
fn which_account_is_asked_once_when_words_fit_several() {
    let maya = World::maya();
    let two = Slots { accounts: vec!["m_chk".into(), "m_jnt".into()], ..Slots::default() };
    let answer = maya.answer("which_account", &part(Intent::TxnList, two), None);
    assert_snapshot!(maya.read(&answer), @r"
    Which account do you mean? I see Everyday Checking ••4821 and Joint Checking ••3305.
    [Everyday ••4821] [Joint ••3305] [Both]
    => which
    ");
    for offer in &answer.offers {
        let again = maya.answer("which_account", &offer.asks, None);
        assert_eq!((again.outcome, again.bubbles.len()), ("done", 0), "the choice is not asked again");
    }
    assert_eq!(maya.answer("which_account", &Part::new(Intent::TxnList), None).outcome, "done");
}

#[test]
fn a_search_finds_one_as_a_sentence_and_several_as_a_list() {
    let maya = World::maya();
    let search = |slots| maya.say("txn_search", &part(Intent::TxnSearch, slots));
    let amount = |amount: &str, currency| {
        let amount = Decimal::from_str(amount).expect("a decimal");
        Slots { amount: Some(AmountRange::exactly(amount, currency)), ..Slots::default() }
    };
    assert_snapshot!(search(amount("129.99", None)), @r"
    $129.99 to Haven Home on Nov 4, Cashback Visa ••1179.
    [Recent activity] [Spending]
    ");
    assert_snapshot!(search(amount("45.00", Some(Currency::EUR))), @r"
    $49.50 to Alster Rail on Nov 17, Cashback Visa ••1179.
    [Recent activity] [Spending]
    ");
    assert_snapshot!(search(amount("59.99", None)), @r"
    $59.99 back from Haven Home on Nov 11, Cashback Visa ••1179.
    [Recent activity] [Spending]
    ");
    assert_snapshot!(search(amount("7.77", None)), @"
    I see no transaction of that amount since Oct 1.
    [Balance] [Spending]
    => none_such
    ");
    assert_snapshot!(search(at("metroride")), @"
    2 transactions match:
    Nov 18: MetroRide, $12.60, ••1179
    Nov 18: MetroRide, $12.60, ••1179
    [Recent activity] [Spending]
    ");
    assert_snapshot!(search(amount("480", None)), @"
    2 transactions match:
    Nov 5: Card payment to 1179, $480.00, between your accounts, ••4821
    Nov 5: Payment received, $480.00 in, between your accounts, ••1179
    [Recent activity] [Spending]
    ");
}

#[test]
fn every_title_fits_a_button() {
    let world = World::empty(Vec::new());
    let reader = Reader { locale: "en-US", now: &world.now, masked: false };
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/bot-flows/texts/en.ftl");
    let text = std::fs::read_to_string(path).expect("the English texts");
    let ids = text.lines().filter_map(|line| line.split_once(" =")).map(|(id, _)| id);
    let titles: Vec<&str> = ids.filter(|id| id.starts_with("title-") || id.starts_with("help-title-")).collect();
    assert!(titles.len() > 20, "{titles:?}");
    for id in titles.into_iter().filter(|id| world.texts.placeholders("en", id).is_empty()) {
        let title = world.texts.render(&Say::new(id), &reader);
        assert!(title.chars().count() <= 20, "{title}");
    }
}
