//! What must be true afterwards.

use std::collections::{BTreeMap, HashMap, HashSet};

use serde_json::Value;

use crate::crowd::{self, Counts, FORGED_AMOUNT, Message};
use crate::ground::Taken;

/// What a person without a bank hears to each question.
const UNLINKED: &str = "none is linked yet";
/// The one answer to a question for which the bank, on a machine that does all of this at once, had no time.
const APOLOGY: &str = "didn't answer in time";
/// What else may be said: what the bot is, how banks are linked, and that it takes a moment.
const BESIDE: [&str; 3] = ["I'm an automated assistant", "Linking a bank from this chat", "Still waiting for"];

/// Messages whose echoes arrived after a kill.
#[derive(Default)]
pub(crate) struct Echoed {
    /// The last messages that were taken before the kill.
    pub(crate) last: Vec<Taken>,
    /// How many had been taken then.
    pub(crate) taken_before: usize,
}

/// Everything at once: once, in order, nothing for forgers, and the figures of `inbox stats`.
#[expect(clippy::print_stdout, reason = "the figures of the run belong to the test's output")]
pub(crate) fn judge(taken: &[Taken], sent: &Counts, echoed: &Echoed, stats: &Value) {
    let mut seen = HashSet::new();
    let first: Vec<&Taken> = taken.iter().filter(|taken| seen.insert(taken.id.as_str())).collect();
    let doubles = taken.len() - first.len();
    println!("          {} bubbles taken, {doubles} of them a second time", taken.len());
    let figure = |name: &str| usize::try_from(stats[name].as_u64().expect("a figure")).expect("a figure");

    let mut wrong = Vec::new();
    each_once_and_in_order(&first, sent, &mut wrong);
    for taken in taken.iter().filter(|taken| taken.text.contains(FORGED_AMOUNT)) {
        wrong.push(format!("a forged message was answered: {taken:?}"));
    }
    if doubles > figure("uncertain") {
        wrong.push(format!("{doubles} messages were sent twice, and {} are counted", figure("uncertain")));
    }
    let confirmed: HashSet<&str> = echoed.last.iter().map(|taken| taken.id.as_str()).collect();
    for taken in taken[echoed.taken_before..].iter().filter(|taken| confirmed.contains(taken.id.as_str())) {
        wrong.push(format!("sent again although its echo had come: {taken:?}"));
    }
    for name in ["waiting", "buried", "outgoing", "broken", "ignored", "refused"] {
        if figure(name) > 0 {
            wrong.push(format!("{name} is {} at the end", figure(name)));
        }
    }
    let kept = sent.messages.len() + echoed.last.len();
    if figure("kept") != kept || figure("received") != kept + figure("duplicate") {
        wrong.push(format!("{kept} events were to be kept"));
    }
    if figure("duplicate") < sent.again {
        wrong.push(format!("{} elements came again, {} are counted", sent.again, figure("duplicate")));
    }
    assert!(sent.again > 0 && sent.forged > 0, "the crowd did not do what it is for: {sent}");
    let shown = wrong.iter().take(20).cloned().collect::<Vec<_>>().join("\n");
    assert!(wrong.is_empty(), "{} things are wrong, with {stats}:\n{shown}", wrong.len());
}

/// Each message has one answer, and each person's answers come in the order of their questions.
fn each_once_and_in_order(first: &[&Taken], sent: &Counts, wrong: &mut Vec<String>) {
    let mut people: BTreeMap<usize, Vec<Message>> = BTreeMap::new();
    for message in &sent.messages {
        people.entry(message.person).or_default().push(*message);
    }
    let mut said: HashMap<&str, Vec<&str>> = HashMap::new();
    for taken in first.iter().filter(|taken| !BESIDE.iter().any(|known| taken.text.starts_with(known))) {
        said.entry(&taken.person).or_default().push(&taken.text);
    }
    let mut apologies = 0;
    for (person, messages) in people {
        let said = said.remove(crowd::psid(person).as_str()).unwrap_or_default();
        let expected = |message: &Message| match crowd::is_linked(person) {
            true => format!("${} to Corner Foods", message.amount()),
            false => UNLINKED.to_owned(),
        };
        let fits = |message: &Message, said: &str| said.contains(&expected(message)) || said.contains(APOLOGY);
        apologies += said.iter().filter(|said| said.contains(APOLOGY)).count();
        let is_right = said.len() == messages.len() && messages.iter().zip(&said).all(|(m, s)| fits(m, s));
        if is_right {
            continue;
        }
        let missing: Vec<String> =
            messages.iter().map(expected).filter(|e| !said.iter().any(|s| s.contains(e))).collect();
        let strange = messages.iter().zip(&said).find(|(message, said)| !fits(message, said));
        wrong.push(format!(
            "person {person} wrote {} messages and has {} answers; missing {missing:?}; first out of place: {strange:?}",
            messages.len(),
            said.len(),
        ));
    }
    if apologies * 50 > sent.messages.len() {
        wrong.push(format!("{apologies} answers are apologies: this run shows nothing"));
    }
    for (person, said) in said {
        wrong.push(format!("{person} wrote nothing and heard {said:?}"));
    }
}
