//! What went out.

use balancebot::answer::days_needed;
use balancebot::domain::{
    account::AccountClass,
    period::Period,
    reading::{Intent, Part, Slots},
    transaction::Category,
};
use insta::assert_snapshot;
use jiff::civil::date;

use crate::world::{World, account, at, bank, during, month, of, on, part, spend};

#[test]
fn what_is_left_out_is_not_summed_and_the_sentence_says_so() {
    let maya = World::maya();
    let without_rent = Slots { except_categories: vec![Category::Rent], ..Slots::default() };
    assert_snapshot!(maya.say("spend_sum", &spend(without_rent)), @r"
    You've spent $805.39 without rent so far this month (Nov 1–22), in 19 payments.
    $126.50 of it is still pending (Luma Restaurant and Corner Foods).
    Refunds of $59.99 are already taken off (Haven Home).
    [See the 19 payments] [How computed?] [vs last month]
    ");
    let elsewhere = Slots { except_merchants: vec!["greenleaf".to_owned()], ..on(Category::Groceries) };
    assert_snapshot!(maya.say("spend_sum", &spend(elsewhere)), @"
    You've spent $38.40 on groceries without Greenleaf Market so far this month (Nov 1–22), in 1 payment.
    All of it is still pending (Corner Foods).
    [See the payment] [How computed?] [vs last month]
    ");
    let nowhere = Slots { except_merchants: vec!["zorbex".to_owned()], ..on(Category::Groceries) };
    assert_eq!(
        maya.say("spend_sum", &spend(nowhere)),
        maya.say("spend_sum", &spend(on(Category::Groceries))),
        "a word that names nothing leaves nothing out"
    );
}

#[test]
fn spending_leaves_out_own_transfers_and_nets_refunds() {
    let maya = World::maya();
    assert_snapshot!(maya.say("spend_sum", &spend(Slots::default())), @r"
    You've spent $2,005.39 so far this month (Nov 1–22), in 20 payments.
    $126.50 of it is still pending (Luma Restaurant and Corner Foods).
    Refunds of $59.99 are already taken off (Haven Home).
    Transfers between your own accounts and card payments ($680.00) are not counted.
    [See the 20 payments] [How computed?] [vs last month] [Where it went]
    ");
    assert_snapshot!(maya.say("spend_sum", &spend(on(Category::Groceries))), @r"
    You've spent $214.37 on groceries so far this month (Nov 1–22), in 3 payments.
    $38.40 of it is still pending (Corner Foods).
    [See the 3 payments] [How computed?] [vs last month]
    ");
    assert_snapshot!(maya.say("spend_sum", &spend(during(month(10), at("bluebird")))), @r"
    You've spent $19.50 at Bluebird Coffee in October, in 4 payments.
    [See the 4 payments] [How computed?] [vs the month before]
    ");
    assert_snapshot!(maya.say("spend_sum", &spend(during(month(10), of("m_crd")))), @r"
    You've spent $76.98 from Cashback Visa ••1179 in October, in 7 payments.
    [See the 7 payments] [How computed?] [vs the month before] [Where it went]
    ");
    assert_snapshot!(maya.say("spend_sum", &spend(at("haven home"))), @r"
    You've spent $70.00 at Haven Home so far this month (Nov 1–22), in 1 payment.
    Refunds of $59.99 are already taken off (Haven Home).
    [See the payment] [How computed?] [vs last month]
    ");
    assert_snapshot!(maya.why("spend_sum", &spend(on(Category::Groceries))), @"
    $214.37 spent on groceries so far this month (Nov 1–22) comes from 3 payments:
    Nov 21: Corner Foods, $38.40, ••4821 (pending)
    Nov 14: Greenleaf Market, $84.75, ••4821
    Nov 7: Greenleaf Market, $91.22, ••4821
    ---
    Not counted: transfers between your own accounts, card payments and income. Refunds are taken off, pending payments count.
    Read from Northgate Bank (2:00 PM) and Citywide Credit Union (2:00 PM).
    ");
    assert_snapshot!(maya.why("spend_sum", &spend(Slots::default())), @"
    $2,005.39 spent so far this month (Nov 1–22) comes from 20 payments:
    Nov 22: Luma Restaurant, $88.10, ••4821 (pending)
    Nov 21: Corner Foods, $38.40, ••4821 (pending)
    Nov 20: Brightline Electric, $121.85, ••4821
    Nov 20: PRM*HOLDINGS 402, $64.99, ••1179
    Nov 19: Bluebird Coffee, $5.25, ••1179
    Nov 18: MetroRide, $12.60, ••1179
    Nov 18: MetroRide, $12.60, ••1179
    Nov 17: Alster Rail, $49.50 (€45.00), ••1179
    Nov 16: ATM Main St, $60.00, ••4821
    Nov 14: Greenleaf Market, $84.75, ••4821
    and 11 more: $1,467.35
    Payments $2,065.38 minus $59.99 that came back = $2,005.39.
    ---
    Left out: $200.00, Transfer to 7730 (Nov 15).
    Left out: $480.00, Card payment to 1179 (Nov 5).
    That money stayed in your own accounts. What you buy with a card counts when you buy it; counting the card payment too would count it twice.
    Not counted: transfers between your own accounts, card payments and income. Refunds are taken off, pending payments count.
    Read from Northgate Bank (2:00 PM) and Citywide Credit Union (2:00 PM).
    ");
}

#[test]
fn zero_and_nothing_and_outside_history_are_three_answers() {
    let maya = World::maya();
    assert_snapshot!(maya.say("spend_sum", &spend(on(Category::Fuel))), @r"
    $0.00 spent on fuel so far this month (Nov 1–22): no payments.
    [How computed?] [vs last month]
    ");
    assert_snapshot!(maya.say("spend_sum", &spend(at("starbucks"))), @r"
    I see no payments at “starbucks” so far this month (Nov 1–22).
    [Recent activity] [Spending]
    => none_such
    ");
    assert_snapshot!(maya.say("spend_sum", &spend(during(month(9), Slots::default()))), @r"
    Your bank shows nothing before Oct 1, so I can't tell for September.
    => outside_history
    ");
    assert_snapshot!(maya.say("spend_sum", &spend(during(Period::new(date(2026, 12, 1), date(2027, 1, 1)), Slots::default()))), @r"
    That time hasn't come yet (December), so there is nothing to show.
    => future
    ");
    let since_september = Period::new(date(2026, 9, 1), date(2026, 11, 1));
    assert_snapshot!(maya.say("spend_sum", &spend(during(since_september, on(Category::Dining)))), @r"
    You've spent $82.95 on dining (Sep 1–Oct 31), in 2 payments.
    Your bank shows nothing before Oct 1, so this starts there.
    [See the 2 payments] [How computed?] [Chart]
    ");
}

#[test]
fn comparisons_take_as_many_days_of_both() {
    let maya = World::maya();
    let compare = |slots| maya.say("spend_compare", &part(Intent::SpendCompare, slots));
    assert_snapshot!(compare(on(Category::Groceries)), @"
    $214.37 spent on groceries so far this month (Nov 1–22).
    That is $14.08 more than the $200.29 of Oct 1–22.
    $38.40 of it is still pending (Corner Foods).
    All of October: $367.92.
    [How computed?]
    ");
    assert_snapshot!(compare(during(month(10), on(Category::Groceries))), @r"
    $367.92 spent on groceries in October.
    Your bank shows nothing before Oct 1, so I can't tell for September.
    [How computed?]
    ");
    let swapped = Slots { than: Some(month(11)), ..during(month(10), on(Category::Dining)) };
    assert_snapshot!(compare(swapped), @"
    $54.20 spent on dining (Oct 1–22).
    That is $65.30 less than the $119.50 of Nov 1–22.
    All of October: $82.95.
    [How computed?]
    ");
    assert_snapshot!(maya.why("spend_compare", &part(Intent::SpendCompare, on(Category::Groceries))), @"
    $214.37 spent on groceries so far this month (Nov 1–22) comes from 3 payments:
    Nov 21: Corner Foods, $38.40, ••4821 (pending)
    Nov 14: Greenleaf Market, $84.75, ••4821
    Nov 7: Greenleaf Market, $91.22, ••4821
    ---
    That is $14.08 more than the $200.29 of Oct 1–22.
    All of October: $367.92.
    When a period isn't over, the same number of days is compared.
    Not counted: transfers between your own accounts, card payments and income. Refunds are taken off, pending payments count.
    Read from Northgate Bank (2:00 PM) and Citywide Credit Union (2:00 PM).
    ");
}

#[test]
fn where_the_money_went_biggest_first() {
    let maya = World::maya();
    assert_snapshot!(maya.say("spend_top", &Part::new(Intent::SpendTop)), @r"
    You've spent $2,005.39 so far this month (Nov 1–22). Most of it went here:
    rent: $1,200.00
    groceries: $214.37
    utilities: $121.85
    dining: $119.50
    shopping: $70.00
    and 8 more
    $126.50 of it is still pending (Luma Restaurant and Corner Foods).
    Refunds of $59.99 are already taken off (Haven Home).
    [How computed?] [Chart] [By merchant]
    ");
    let merchants = Slots { kind: Some("merchant".to_owned()), count: Some(3), ..Slots::default() };
    assert_snapshot!(maya.say("spend_top", &part(Intent::SpendTop, during(month(10), merchants))), @r"
    You've spent $1,824.25 in October. Most of it went here:
    Parkside Rentals: $1,200.00
    Greenleaf Market: $326.67
    Brightline Electric: $96.40
    and 7 more
    [How computed?] [Chart]
    ");
}

#[test]
fn a_row_is_what_it_is_to_the_person() {
    let north = bank("northgate", "Northgate Bank");
    let mut world = World::empty(vec![north.clone()]);
    let a = account("a", &north, "Daily", "1111", AccountClass::Checking);
    world.add(
        &north,
        a,
        &[],
        &[
            ("2026-11-20", "-10.00", "Transfer to John 9999", "transfer"),
            ("2026-11-19", "0.00", "Card check", "shopping"),
            ("2026-11-18", "-30.00", "Transfer", "transfer"),
            ("2026-11-11", "-30.00", "Transfer", "transfer"),
            ("2026-11-09", "5.00", "Transfer from Ann", "transfer"),
            ("2026-11-08", "-7.00", "Transfer 1111", "transfer"),
            ("2026-11-07", "-2.00", "Order 22220", "transfer"),
            ("2026-11-06", "-3.00", "To 2222", "transfer"),
        ],
    );
    let b = account("b", &north, "Savings", "2222", AccountClass::Savings);
    world.add(&north, b, &[], &[("2026-11-15", "30.00", "Deposit", "transfer")]);
    // Counted: 10 (to John), 30 (of the 11th: four days before the deposit), 7 (names its own number), 2 (not the
    // number 2222) = 49, minus 5 from Ann. Not counted: 30 of the 18th (three days after), 3 (names the savings).
    assert_snapshot!(world.say("spend_sum", &spend(Slots::default())), @r"
    You've spent $44.00 so far this month (Nov 1–22), in 4 payments.
    $5.00 that others sent you is already taken off (Transfer from Ann).
    Transfers between your own accounts and card payments ($33.00) are not counted.
    [See the 4 payments] [How computed?] [vs last month] [Where it went]
    ");
}

#[test]
fn more_refunds_than_payments_is_said_as_such() {
    let mut world = World::maya();
    world.facts.accounts[3]
        .transactions
        .as_mut()
        .expect("rows")
        .retain(|row| row.label() != "Haven Home" || !row.money.is_out());
    assert_snapshot!(world.say("spend_sum", &spend(at("haven home"))), @r"
    You got $59.99 more back than you paid at Haven Home so far this month (Nov 1–22).
    Refunds of $59.99 are already taken off (Haven Home).
    [How computed?] [vs last month]
    ");
}

#[test]
fn the_fetch_reaches_as_far_as_a_transfer_may_be_apart() {
    let today = date(2026, 11, 22);
    let needed = |part: &Part, previous: Option<&Part>| days_needed(part, previous, today).map(|days| days.to_string());
    let november = Some("2026-10-29..2026-12-04".to_owned());
    assert_eq!(needed(&Part::new(Intent::SpendSum), None), november);
    assert_eq!(needed(&Part::new(Intent::ExplainAnswer), Some(&Part::new(Intent::SpendTop))), november);
    assert_eq!(needed(&Part::new(Intent::SpendCompare), None), Some("2026-09-28..2026-12-04".to_owned()));
    assert_eq!(needed(&Part::new(Intent::TxnSearch), None), None, "a search goes back as far as the bank does");
}
