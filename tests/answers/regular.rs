//! What counts as regular, case by case: one payee's payments, and what is said of them.

use balancebot::domain::{
    account::{AccountClass, BalanceKind},
    facts::Trouble,
    reading::{Intent, Part, Slots},
};
use jiff::civil::{Date, date};

use crate::world::{World, account, at, bank, during, month, part};

/// A world of one account whose bank shows rows since `from`, with one payee's payments.
fn world(from: Date, category: &str, payments: &[(&str, &str)]) -> World {
    let north = bank("northgate", "Northgate Bank");
    let mut world = World::empty(vec![north.clone()]);
    let rows: Vec<_> = payments.iter().rev().map(|(day, amount)| (*day, *amount, "Payee", category)).collect();
    world.add(&north, account("a", &north, "Checking", "4821", AccountClass::Checking), &[], &rows);
    world.facts.accounts[0].history_from = Some(from);
    world
}

fn said(from: Date, category: &str, payments: &[(&str, &str)]) -> String {
    let text = world(from, category, payments).say("recurring", &Part::new(Intent::RecurringList));
    text.lines().filter(|line| line.starts_with("Payee")).collect::<Vec<_>>().join(" | ")
}

const SPRING: Date = date(2026, 3, 1);

#[test]
fn a_rhythm_is_heard_through_weekends_and_short_months() {
    let monthly = [("2026-08-31", "-9.00"), ("2026-09-30", "-9.00"), ("2026-10-31", "-9.00")];
    assert_eq!(said(SPRING, "services", &monthly), "Payee: $9.00 every month, last on Oct 31");
    let moved = [("2026-09-05", "-9.00"), ("2026-10-05", "-9.00"), ("2026-11-07", "-9.00")];
    assert_eq!(said(SPRING, "services", &moved), "Payee: $9.00 every month, last on Nov 7");
    let quarterly = [("2026-03-20", "-75.00"), ("2026-06-20", "-75.00"), ("2026-09-21", "-75.00")];
    assert_eq!(said(SPRING, "insurance", &quarterly), "Payee: $75.00 every 3 months, last on Sep 21");
    let weekly = [("2026-11-05", "-20.00"), ("2026-11-12", "-20.00"), ("2026-11-19", "-20.00")];
    assert_eq!(said(SPRING, "education", &weekly), "Payee: $20.00 every week, last on Nov 19");
}

#[test]
fn two_payments_are_a_rhythm_only_where_a_third_could_not_be_seen() {
    let two = [("2026-10-06", "-15.49"), ("2026-11-06", "-15.49")];
    assert_eq!(said(date(2026, 10, 1), "entertainment", &two), "Payee: $15.49 every month, last on Nov 6");
    assert_eq!(said(date(2026, 9, 1), "entertainment", &two), "", "September would show the one before");
    assert_eq!(said(date(2026, 10, 1), "shopping", &two), "", "two parcels are no subscription");
    let off = [("2026-10-06", "-15.49"), ("2026-11-09", "-15.49")];
    assert_eq!(said(date(2026, 10, 1), "entertainment", &off), "", "not the same day");
    let weekly = [("2026-11-12", "-20.00"), ("2026-11-19", "-20.00")];
    assert_eq!(said(date(2026, 11, 10), "education", &weekly), "", "a week is too short for two");
}

#[test]
fn habits_gaps_and_what_has_ended_are_not_listed() {
    let market =
        [("2026-11-01", "-80.00"), ("2026-11-08", "-84.00"), ("2026-11-15", "-79.00"), ("2026-11-22", "-90.00")];
    assert_eq!(said(SPRING, "groceries", &market), "", "another sum each week");
    let canteen = [("2026-11-03", "-5.00"), ("2026-11-10", "-5.00"), ("2026-11-17", "-5.00")];
    assert_eq!(said(SPRING, "dining", &canteen), "", "three lunches");
    let cash = [("2026-09-02", "-50.00"), ("2026-10-02", "-50.00"), ("2026-11-02", "-50.00")];
    assert_eq!(said(SPRING, "cash", &cash), "", "cash is drawn, not paid");
    let skipped = [("2026-08-02", "-50.00"), ("2026-09-02", "-50.00"), ("2026-11-02", "-50.00")];
    assert_eq!(said(SPRING, "services", &skipped), "");
    let ended = [("2026-07-02", "-50.00"), ("2026-08-02", "-50.00"), ("2026-09-02", "-50.00")];
    assert_eq!(said(SPRING, "services", &ended), "", "left in September");
}

#[test]
fn prices_change_and_meters_run() {
    let risen = [("2026-08-03", "-9.99"), ("2026-09-03", "-9.99"), ("2026-10-03", "-9.99"), ("2026-11-03", "-11.99")];
    assert_eq!(
        said(SPRING, "entertainment", &risen),
        "Payee: $11.99 every month, last on Nov 3 | \
         Payee went up by $2.00, from $9.99 to $11.99 on Nov 3."
    );
    let fallen = [("2026-08-03", "-9.99"), ("2026-09-03", "-7.99"), ("2026-10-03", "-7.99"), ("2026-11-03", "-7.99")];
    assert_eq!(
        said(SPRING, "entertainment", &fallen),
        "Payee: $7.99 every month, last on Nov 3 | \
         Payee went down by $2.00, from $9.99 to $7.99 on Sep 3."
    );
    let metered = [("2026-09-03", "-41.20"), ("2026-10-03", "-62.75"), ("2026-11-03", "-58.10")];
    assert_eq!(said(SPRING, "utilities", &metered), "Payee: every month, $58.10 on Nov 3; the amount varies");
    let amid = [
        ("2026-09-03", "-12.00"),
        ("2026-09-17", "-31.80"),
        ("2026-10-03", "-12.00"),
        ("2026-10-05", "-8.45"),
        ("2026-11-03", "-12.00"),
    ];
    assert_eq!(said(SPRING, "shopping", &amid), "Payee: $12.00 every month, last on Nov 3", "among other purchases");
}

#[test]
fn the_next_income_is_told_with_its_reason_or_not_at_all() {
    let last_line = |payments: &[(&str, &str)], slots: Slots| {
        let text = world(SPRING, "income", payments).say("income", &part(Intent::IncomeCheck, slots));
        text.lines().rfind(|line| !line.starts_with(['[', '='])).unwrap_or_default().to_owned()
    };
    let monthly = [("2026-08-31", "100.00"), ("2026-09-30", "100.00"), ("2026-10-30", "120.00")];
    assert_eq!(
        last_line(&monthly, Slots::default()),
        "The next from Payee is expected on Nov 30. That is an estimate, because it came every month (Aug 31, Sep 30 and Oct 30)."
    );
    let late = [("2026-08-20", "100.00"), ("2026-09-20", "100.00"), ("2026-10-20", "100.00")];
    assert_eq!(
        last_line(&late, Slots::default()),
        "The next from Payee was expected on Nov 20 and isn't there yet. That is an estimate, because it came every month (Aug 20, Sep 20 and Oct 20)."
    );
    assert_eq!(
        last_line(&late[..1], Slots::default()),
        "I can't tell when the next comes: I see too few earlier ones in a steady rhythm."
    );
    assert_eq!(last_line(&[], Slots::default()), "I see no income as far back as your banks show.");
    assert_eq!(
        last_line(&late, during(month(9), Slots::default())),
        "Sep 20: Payee, $100.00 in",
        "what is over has no next"
    );
    assert_eq!(last_line(&late, at("nobody")), "I see no payments at “nobody” as far back as your banks show.");
}

#[test]
fn bills_ahead_are_told_or_expected_and_late_ones_stay() {
    let bills = |category: &str, payments: &[(&str, &str)], slots: Slots| {
        let text = world(SPRING, category, payments).say("upcoming", &part(Intent::UpcomingList, slots));
        text.lines().filter(|line| !line.starts_with(['[', '='])).take(3).collect::<Vec<_>>().join(" | ")
    };
    let late = [("2026-08-20", "-30.00"), ("2026-09-20", "-30.00"), ("2026-10-20", "-30.00")];
    assert_eq!(
        bills("services", &late, Slots::default()),
        "$60.00 ahead until Dec 22, in 2 bills: | \
         Nov 20: Payee, $30.00 was expected and isn't there yet, ••4821 | \
         Dec 20: Payee, $30.00 expected, ••4821"
    );
    let at_the_end = [("2026-08-31", "-30.00"), ("2026-09-30", "-30.00"), ("2026-10-31", "-30.00")];
    assert_eq!(
        bills("services", &at_the_end, Slots::default()),
        "$30.00 ahead until Dec 22, in 1 bill: | Nov 30: Payee, $30.00 expected, ••4821 | \
         What is expected goes by earlier payments: an estimate, not a promise."
    );
    assert_eq!(
        bills("services", &at_the_end, during(month(3), Slots::default())),
        "$30.00 ahead (March 2027), in 1 bill: | Mar 31, 2027: Payee, $30.00 expected, ••4821 | \
         What is expected goes by earlier payments: an estimate, not a promise.",
        "a month by its name is the next one"
    );
    assert_eq!(
        bills("services", &at_the_end, during(month(10), Slots::default())),
        "Those days are over (October), so nothing is ahead in them."
    );
    assert_eq!(bills("services", &[], Slots::default()), "I see no bill ahead until Dec 22.");
}

#[test]
fn what_a_bank_does_not_tell_of_a_card_is_said_to_be_untold() {
    let mut maya = World::maya();
    let card = maya.facts.accounts[3].balances.as_mut().expect("figures");
    card.figures.retain(|figure| figure.kind != BalanceKind::Statement && figure.kind != BalanceKind::MinimumDue);
    let upcoming = Part::new(Intent::UpcomingList);
    let said = maya.say("upcoming", &upcoming);
    assert!(
        said.contains("Dec 5: Cashback Visa ••1179, payment due; Citywide Credit Union doesn't tell how much"),
        "{said}"
    );
    assert!(said.starts_with("$1,381.83 ahead until Dec 22, in 6 bills:"), "{said}");
    maya.facts.accounts[3].balances.as_mut().expect("figures").due = None;
    let said = maya.say("upcoming", &upcoming);
    assert!(
        said.contains("Citywide Credit Union doesn't tell when a payment is due on Cashback Visa ••1179."),
        "{said}"
    );
    let said = World::maya().without("citywide", Trouble::Down).say("upcoming", &upcoming);
    assert!(said.contains("Not included: Citywide Credit Union."), "{said}");
}
