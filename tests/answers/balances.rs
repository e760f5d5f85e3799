//! What is there and what is owed.

use balancebot::domain::{
    account::{AccountClass, AsOf, BalanceKind, Balances},
    facts::{Missing, Trouble},
    money::Currency,
    reading::{Intent, Part, Slots},
    transaction::Category,
};
use insta::assert_snapshot;
use jiff::SignedDuration;
use rust_decimal::Decimal;

use crate::world::{World, account, bank, of, on, part, spend};

#[test]
fn balances_lead_with_the_figure_and_keep_debts_apart() {
    let maya = World::maya();
    let get = |slots| maya.say("balance", &part(Intent::BalanceGet, slots));
    assert_snapshot!(get(Slots::default()), @r"
    Everyday Checking ••4821: $2,184.05 available
    Joint Checking ••3305: $940.12 available
    Rainy Day Savings ••7730: $8,450.00 available
    ---
    Cashback Visa ••1179: $642.18 owed
    [Total] [Recent activity] [Spending]
    ");
    assert_snapshot!(get(of("m_chk")), @r"
    $2,184.05 available in Everyday Checking ••4821.
    Booked balance: $2,310.55.
    [Recent activity] [How computed?] [Spending]
    ");
    assert_snapshot!(get(of("m_crd")), @r"
    $642.18 owed on Cashback Visa ••1179.
    [Recent activity] [How computed?] [Spending]
    ");
    assert_snapshot!(get(Slots { account_words: Some("boat fund".to_owned()), ..Slots::default() }), @r"
    I see no account of yours called “boat fund”.
    Yours are Everyday Checking ••4821, Joint Checking ••3305, Rainy Day Savings ••7730 and Cashback Visa ••1179.
    [Balance]
    => none_such
    ");
    assert_snapshot!(maya.why("balance", &part(Intent::BalanceGet, of("m_chk"))), @r"
    Everyday Checking ••4821: $2,310.55 is booked, $2,184.05 is available.
    The difference is pending: $126.50, in 2 payments your bank hasn't booked yet:
    Nov 22: Luma Restaurant, $88.10 (pending)
    Nov 21: Corner Foods, $38.40 (pending)
    ---
    Read from Northgate Bank (2:00 PM).
    ");
    assert_snapshot!(maya.why("balance", &part(Intent::BalanceGet, Slots::default())), @r"
    Everyday Checking ••4821: $2,310.55 is booked, $2,184.05 is available.
    The difference is pending: $126.50, in 2 payments your bank hasn't booked yet:
    Nov 22: Luma Restaurant, $88.10 (pending)
    Nov 21: Corner Foods, $38.40 (pending)
    Joint Checking ••3305: $940.12 is available, as Northgate Bank tells it.
    Rainy Day Savings ••7730: $8,450.00 is available, as Northgate Bank tells it.
    Cashback Visa ••1179: $642.18 is owed, as Citywide Credit Union tells it.
    ---
    Read from Northgate Bank (2:00 PM) and Citywide Credit Union (2:00 PM).
    ");
}

#[test]
fn a_total_is_cash_with_debts_apart_and_net_when_asked() {
    let maya = World::maya();
    let total = part(Intent::BalanceTotal, Slots::default());
    assert_snapshot!(maya.say("total", &total), @r"
    Your total is $11,574.17, available at Northgate Bank.
    You owe $642.18 at Citywide Credit Union; that is not taken off.
    [How computed?] [Net of debts] [Spending] [Recent activity]
    ");
    assert_snapshot!(maya.why("total", &total), @r"
    Everyday Checking ••4821: $2,184.05
    Joint Checking ••3305: $940.12
    Rainy Day Savings ••7730: $8,450.00
    Cashback Visa ••1179: $642.18 owed, not taken off
    The available amounts added up: $11,574.17.
    ---
    Read from Northgate Bank (2:00 PM) and Citywide Credit Union (2:00 PM).
    ");
    let net = part(Intent::BalanceTotal, Slots { net: true, ..Slots::default() });
    assert_snapshot!(maya.say("total", &net), @r"
    $10,931.99 net: $11,574.17 available minus $642.18 owed.
    From Northgate Bank and Citywide Credit Union.
    [How computed?] [Spending] [Recent activity]
    ");
    assert_snapshot!(maya.why("total", &net), @r"
    Everyday Checking ••4821: $2,184.05
    Joint Checking ••3305: $940.12
    Rainy Day Savings ••7730: $8,450.00
    minus owed on Cashback Visa ••1179: $642.18
    Added up, minus what is owed: $10,931.99.
    ---
    Read from Northgate Bank (2:00 PM) and Citywide Credit Union (2:00 PM).
    ");
    let at_citywide = part(Intent::BalanceTotal, Slots { banks: vec!["citywide".into()], ..Slots::default() });
    assert_snapshot!(maya.say("total", &at_citywide), @r"
    You owe $642.18 at Citywide Credit Union.
    [How computed?] [Spending] [Recent activity]
    ");
}

#[test]
fn what_lacks_a_source_is_not_called_a_total() {
    let total = part(Intent::BalanceTotal, Slots::default());
    let down = World::maya().without("citywide", Trouble::Down);
    assert_snapshot!(down.say("total", &total), @r"
    $11,574.17 available at Northgate Bank.
    Citywide Credit Union isn't answering right now.
    Not included: Citywide Credit Union.
    [Try Citywide again] [How computed?] [Spending] [Recent activity]
    ");
    let ended = World::maya().without("citywide", Trouble::ConsentEnded);
    assert_snapshot!(ended.say("total", &total), @r"
    $11,574.17 available at Northgate Bank.
    Your consent for Citywide Credit Union has ended.
    Not included: Citywide Credit Union.
    [Renew Citywide] [How computed?] [Spending] [Recent activity]
    ");
    let net = part(Intent::BalanceTotal, Slots { net: true, ..Slots::default() });
    assert_snapshot!(down.say("total", &net), @r"
    $11,574.17 net of what I can see: $11,574.17 available minus $0.00 owed.
    From Northgate Bank.
    Citywide Credit Union isn't answering right now.
    Not included: Citywide Credit Union.
    [Try Citywide again] [How computed?] [Spending] [Recent activity]
    ");
    let until = Some(down.now.timestamp() + SignedDuration::from_hours(1));
    let nothing = World::maya().without("citywide", Trouble::Slow).without("northgate", Trouble::RateLimited { until });
    assert_snapshot!(nothing.say("total", &total), @r"
    Citywide Credit Union didn't answer in time.
    Northgate Bank won't let me ask again before 3:00 PM.
    So I have no figure to show you.
    [Try again]
    => nothing
    ");
    assert_snapshot!(nothing.say("spend_sum", &spend(Slots::default())), @r"
    Citywide Credit Union didn't answer in time.
    Northgate Bank won't let me ask again before 3:00 PM.
    So I have no figure to show you.
    [Try again]
    => nothing
    ");
    assert!(nothing.answer("total", &total, None).provenance.figures.is_empty());
}

#[test]
fn one_account_may_be_missing_and_a_bank_may_tell_nothing() {
    let mut world = World::maya();
    let savings = world.facts.accounts.remove(2);
    world.facts.missing.push(Missing { bank: savings.bank, account: Some(savings.account), trouble: Trouble::Down });
    world.facts.accounts[1].balances = Some(Balances::default());
    world.facts.accounts[2].balances.as_mut().expect("figures").figures[0].money.amount = Decimal::new(-500, 2);
    assert_snapshot!(world.say("balance", &Part::new(Intent::BalanceGet)), @r"
    Everyday Checking ••4821: $2,184.05 available
    Joint Checking ••3305: Northgate Bank doesn't tell a balance
    Northgate Bank gave nothing for Rainy Day Savings ••7730 just now.
    Not included: Rainy Day Savings ••7730.
    ---
    Cashback Visa ••1179: $5.00 overpaid, nothing owed
    [Try Northgate again] [Total] [Recent activity] [Spending]
    ");
    assert_snapshot!(world.say("total", &Part::new(Intent::BalanceTotal)), @r"
    $2,184.05 available at Northgate Bank.
    $5.00 is overpaid at Citywide Credit Union; that is not added.
    Northgate Bank doesn't tell a balance for Joint Checking ••3305, so it is not included.
    Northgate Bank gave nothing for Rainy Day Savings ••7730 just now.
    Not included: Rainy Day Savings ••7730.
    [Try Northgate again] [How computed?] [Net of debts] [Spending] [Recent activity]
    ");
}

#[test]
fn currencies_stand_apart() {
    let alster = bank("alster", "Alster Bank");
    let mut jonas = World::empty(vec![alster.clone()]);
    let mut euros = account("j_gir", &alster, "Girokonto", "0912", AccountClass::Checking);
    euros.currency = Currency::EUR;
    jonas.add(
        &alster,
        euros,
        &[(BalanceKind::Available, "1842.37")],
        &[("2026-11-03", "-64.30", "Edeka", "groceries")],
    );
    let dollars = account("j_usd", &alster, "US Checking", "5501", AccountClass::Checking);
    jonas.add(
        &alster,
        dollars,
        &[(BalanceKind::Available, "300.00")],
        &[("2026-11-04", "-5.00", "Edeka", "groceries")],
    );
    assert_snapshot!(jonas.say("total", &part(Intent::BalanceTotal, Slots::default())), @r"
    €1,842.37 and $300.00 available at Alster Bank. The currencies are kept apart.
    [How computed?] [Spending] [Recent activity]
    ");
    assert_snapshot!(jonas.say("spend_sum", &spend(on(Category::Groceries))), @r"
    You've spent €64.30 and $5.00 on groceries so far this month (Nov 1–22), in 2 payments.
    [See the 2 payments] [How computed?] [vs last month]
    ");
    assert_snapshot!(jonas.say("spend_compare", &part(Intent::SpendCompare, on(Category::Groceries))), @"
    €64.30 and $5.00 spent on groceries so far this month (Nov 1–22).
    That is €64.30 more than the €0.00 of Oct 1–22.
    That is $5.00 more than the $0.00 of Oct 1–22.
    All of October: €0.00.
    [How computed?]
    ");
}

#[test]
fn cards_tell_what_is_owed_and_due_and_their_limit() {
    let maya = World::maya();
    for intent in [Intent::CardSummary, Intent::CardDue, Intent::CardLimit] {
        let said = maya.say("card", &Part::new(intent));
        match intent {
            Intent::CardSummary => assert_snapshot!(said, @"
            $642.18 owed on Cashback Visa ••1179.
            Dec 5: next payment due on Cashback Visa ••1179.
            The minimum payment is $35.00.
            The statement balance is $511.40.
            [Payment due] [Credit limit] [Recent activity]
            "),
            Intent::CardDue => assert_snapshot!(said, @"
            Dec 5: next payment due on Cashback Visa ••1179.
            The minimum payment is $35.00.
            The statement balance is $511.40.
            [What I owe] [Credit limit] [Recent activity]
            "),
            _ => assert_snapshot!(said, @r"
            $5,000.00 is the credit limit of Cashback Visa ••1179.
            $4,357.82 of it is unused credit.
            [Payment due] [What I owe] [Recent activity]
            "),
        }
    }
    let mut silent = World::maya();
    silent.facts.accounts[3].balances = Some(Balances::default());
    assert_snapshot!(silent.say("card", &Part::new(Intent::CardDue)), @r"
    Citywide Credit Union doesn't tell when a payment is due on Cashback Visa ••1179.
    [What I owe] [Credit limit] [Recent activity]
    ");
    assert_snapshot!(maya.say("card", &part(Intent::CardDue, of("m_sav"))), @r"
    I see no card or loan among your linked accounts.
    => none_such
    ");
}

#[test]
fn figures_older_than_five_minutes_carry_their_time() {
    let total = part(Intent::BalanceTotal, Slots::default());
    let fresh = World::maya().read_ago(SignedDuration::from_mins(5));
    assert!(!fresh.say("total", &total).contains("As of"));
    let stale = World::maya().read_ago(SignedDuration::from_mins(6));
    assert_snapshot!(stale.say("total", &total), @r"
    Your total is $11,574.17, available at Northgate Bank.
    You owe $642.18 at Citywide Credit Union; that is not taken off.
    As of 1:54 PM.
    [How computed?] [Net of debts] [Spending] [Recent activity]
    ");
    assert_snapshot!(stale.say("spend_sum", &spend(on(Category::Groceries))), @r"
    You've spent $214.37 on groceries so far this month (Nov 1–22), in 3 payments.
    $38.40 of it is still pending (Corner Foods).
    As of 1:54 PM.
    [See the 3 payments] [How computed?] [vs last month]
    ");
    let mut half = World::maya();
    half.facts.accounts[3].balances.as_mut().expect("figures").figures[0].as_of =
        AsOf::Bank(half.now.timestamp() - SignedDuration::from_hours(26));
    assert_snapshot!(half.say("total", &total), @r"
    Your total is $11,574.17, available at Northgate Bank.
    You owe $642.18 at Citywide Credit Union; that is not taken off.
    Citywide Credit Union: as of Nov 21, 12:00 PM.
    [How computed?] [Net of debts] [Spending] [Recent activity]
    ");
}
