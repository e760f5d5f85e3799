//! What may happen, in any order. Who is meant by `who` is a place among the people; what is meant by `nth` is counted round
//! among what there is when it happens, so that a trace from which steps are taken out is a trace still.

use proptest::prelude::*;

use crate::town::{BANKS, PEOPLE, amount};

/// One thing that happens.
#[derive(Clone, Debug)]
pub(crate) enum Step {
    /// Somebody writes, and is answered.
    Say(usize, &'static str),
    /// All write before anybody is answered, and are thought about at the same time.
    AllSay([&'static str; 3]),
    /// Somebody wants to be told when an account goes under so many times their prime.
    Alert(usize, u64),
    /// Somebody taps what is offered; a page opens in their own browser, and its button is pressed.
    Tap(usize, usize),
    /// Somebody confirms.
    Yes(usize),
    /// In the browser of `by`, who may have been sent its address, a page of `chat` is opened that leads to the bank; `by`
    /// signs in there as themselves.
    GoToBank { by: usize, chat: usize, bank: usize, unlock: bool },
    /// A browser comes back from the bank; `cookie` is whose it is, usually that of who went.
    ComeBack { nth: usize, cookie: Option<usize> },
    /// Who came back opens a chat with what the last page showed, or types its code.
    Finish { nth: usize, chat: Option<usize>, typed: bool },
    /// Somebody has the platform delete their data.
    AskPlatform(usize),
    /// Something happens to a bank.
    Bank(usize, &'static str),
    /// A bank or an operator orders that a bank is not read, or may be again: of everyone, or of one person.
    Order { bank: usize, by_bank: bool, whom: Option<usize>, stop: bool },
    /// All ask, and while the bank has their questions before it, it is ordered not to be read.
    StopUnderWay { bank: usize, whom: Option<usize> },
    /// Somebody who is linked signs in at the bank again and comes back into the chat.
    Renew(usize, usize),
    /// Time passes, in minutes.
    Pass(u64),
    /// Everything in memory is gone.
    Crash,
    /// What somebody did last is delivered again.
    Again(usize),
}

const QUESTIONS: &[&str] = &[
    "balance",
    "balance",
    "what do i have in total",
    "how much did i spend this month",
    "spending on groceries last month",
    "last 5 transactions",
    "what did i pay at market",
    "when was i paid",
    "how did you get that?",
    "and in savings?",
    "who read my data?",
    "which banks are linked?",
    "any offers for me?",
    "my alerts",
    "more",
];

const WORDS: &[&str] = &[
    "unlink alder bank",
    "unlink birch bank",
    "link alder bank",
    "link birch bank",
    "delete all my data",
    "lock",
    "hide amounts",
    "show amounts",
    "can i get a copy of my data",
    "stop",
    "no",
    "hi",
];

const SWITCHES: &[&str] = &["up", "up", "up", "down", "killed", "rate-limited", "consent-expired", "slow 4s"];

fn who() -> impl Strategy<Value = usize> {
    0..PEOPLE.len()
}

fn bank() -> impl Strategy<Value = usize> {
    0..BANKS.len()
}

fn question() -> impl Strategy<Value = &'static str> {
    proptest::sample::select(QUESTIONS)
}

/// Usually as it should be, sometimes another's.
fn sometimes() -> impl Strategy<Value = Option<usize>> {
    prop_oneof![2 => Just(None), 1 => who().prop_map(Some)]
}

fn order() -> impl Strategy<Value = Step> {
    // What was stopped is mostly let go on: a town that is not read tells nothing.
    (bank(), any::<bool>(), sometimes(), proptest::bool::weighted(0.4))
        .prop_map(|(bank, by_bank, whom, stop)| Step::Order { bank, by_bank, whom, stop })
}

/// Any step. Questions are most of them; what leads somewhere comes more often than what ends it.
pub(crate) fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        8 => (who(), question()).prop_map(|(who, text)| Step::Say(who, text)),
        3 => [question(), question(), question()].prop_map(Step::AllSay),
        3 => (who(), proptest::sample::select(WORDS)).prop_map(|(who, text)| Step::Say(who, text)),
        1 => (who(), 1_u64..200).prop_map(|(who, times)| Step::Alert(who, times)),
        4 => (who(), 0_usize..8).prop_map(|(who, nth)| Step::Tap(who, nth)),
        2 => who().prop_map(Step::Yes),
        4 => (who(), sometimes(), bank(), proptest::bool::weighted(0.3)).prop_map(|(by, chat, bank, unlock)| {
            Step::GoToBank { by, chat: chat.unwrap_or(by), bank, unlock }
        }),
        5 => (0_usize..4, sometimes()).prop_map(|(nth, cookie)| Step::ComeBack { nth, cookie }),
        5 => (0_usize..4, sometimes(), any::<bool>())
            .prop_map(|(nth, chat, typed)| Step::Finish { nth, chat, typed }),
        2 => (bank(), proptest::sample::select(SWITCHES)).prop_map(|(bank, change)| Step::Bank(bank, change)),
        2 => proptest::sample::select(&[1_u64, 6, 20, 60 * 5, 60 * 26][..]).prop_map(Step::Pass),
        2 => order(),
        1 => (bank(), sometimes()).prop_map(|(bank, whom)| Step::StopUnderWay { bank, whom }),
        2 => (who(), bank()).prop_map(|(who, bank)| Step::Renew(who, bank)),
        1 => Just(Step::Crash),
        1 => who().prop_map(Step::Again),
        1 => who().prop_map(Step::AskPlatform),
    ]
}

/// What belongs together: somebody goes to the bank and comes back, with something in between; or takes something back and
/// confirms it.
fn errand() -> impl Strategy<Value = Vec<Step>> {
    let unlock = proptest::bool::weighted(0.3);
    let to_bank = (who(), sometimes(), bank(), unlock, (step(), sometimes()), (step(), sometimes(), any::<bool>()));
    let ends = &["unlink alder bank", "unlink birch bank", "delete all my data"][..];
    prop_oneof![
        2 => to_bank.prop_map(|(by, chat, bank, unlock, (first, cookie), (then, end, typed))| {
            let chat = chat.unwrap_or(by);
            let go = Step::GoToBank { by, chat, bank, unlock };
            // Whoever unlocks another's phone has it in their hands.
            let end = if unlock { Some(chat) } else { end };
            let (back, finish) = (Step::ComeBack { nth: 0, cookie }, Step::Finish { nth: 0, chat: end, typed });
            vec![go, first, back, then, finish]
        }),
        1 => (who(), proptest::sample::select(ends)).prop_map(|(who, text)| vec![Step::Say(who, text), Step::Yes(who)]),
        1 => (who(), bank(), step(), sometimes(), any::<bool>()).prop_map(|(who, bank, then, whom, by_bank)| {
            let order = |stop| Step::Order { bank, by_bank, whom, stop };
            let ask = || Step::Say(who, "what do i have in total");
            vec![ask(), Step::StopUnderWay { bank, whom }, then, ask(), order(false), Step::Renew(who, bank), ask()]
        }),
    ]
}

/// A trace of some length.
pub(crate) fn trace() -> impl Strategy<Value = Vec<Step>> {
    let part = prop_oneof![5 => step().prop_map(|step| vec![step]), 1 => errand()];
    proptest::collection::vec(part, 1..40).prop_map(|parts| parts.concat())
}

/// The words in which somebody asks for an alert.
pub(crate) fn alert(who: usize, times: u64) -> String {
    format!("tell me if savings go under {}", amount(who, times))
}
