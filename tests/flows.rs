//! The promise: flow files are checked as strictly as code. Every mistake is reported, with file and line, before a
//! single message is answered with them.

use balancebot::domain::fault::{Fault, Source};
use balancebot::domain::purpose::DataClass;
use balancebot::flow::engine::Flows;
use balancebot::flow::model::CallDef;
use balancebot::flow::texts::Texts;

const CALLS: &[CallDef] = &[CallDef { name: "reckon", outcomes: &["done", "nothing"], needs: &[DataClass::Balances] }];

const TEXTS: &str = "
hello = Hello.
what-other = something
later = Later: { $what }.
needs-money = You have { $money }.
title-ok = Balance
";

const OFFERS: &str = "[ok]\ntitle = \"title-ok\"\nintent = \"balance.get\"\npayload = \"OK\"\n";
const LATER: &str = "about = \"Not built yet.\"\nintents = []\nstart = \"tell\"\n\n[step.tell]\nsay = \"later\"\n";

/// Where every question about a bank's data leads while the conversation is locked.
const SESSION: &str = "about = \"Locked.\"\nintents = []\nstart = \"locked\"\n\n[step.locked]\ncall = \"locked\"\n";

fn source(path: &str, text: &str) -> Source {
    Source { path: path.to_owned(), text: text.to_owned() }
}

fn load(files: &[(&str, &str)]) -> Result<Flows, Vec<Fault>> {
    let texts = Texts::load(&[source("texts/en.ftl", TEXTS)]).expect("texts load");
    let mut all = vec![
        source("bot-flows/offers.toml", OFFERS),
        source("bot-flows/later.toml", LATER),
        source("bot-flows/session.toml", SESSION),
    ];
    for (path, text) in files {
        all.retain(|file| file.path != *path);
        all.push(source(path, text));
    }
    Flows::load(&all, &texts, CALLS)
}

/// The faults of one flow whose steps are given; its first step is on line 4.
fn faults(steps: &str) -> Vec<String> {
    let text = format!("about = \"A test.\"\nintents = [\"balance.get\"]\nstart = \"look\"\n{steps}");
    let found = load(&[("bot-flows/test.toml", &text)]).err().unwrap_or_default();
    found.iter().map(|fault| format!("{}:{}: {}", fault.file, fault.line, fault.message)).collect()
}

const FETCH: &str =
    "[step.look]\nfetch = [\"balances\"]\nnext = \"tell\"\non.not_linked = \"none\"\non.no_answer = \"tell\"\n";
const REST: &str = "[step.tell]\ncall = \"reckon\"\noffers = [\"ok\"]\n[step.none]\nsay = \"hello\"\n";

#[test]
fn a_sound_flow_loads() {
    assert_eq!(faults(&format!("{FETCH}{REST}")), Vec::<String>::new());
}

#[test]
fn every_kind_of_mistake_has_its_line() {
    let table: &[(&str, &str, &str)] = &[
        (
            "an unknown step",
            "[step.look]\nsay = \"hello\"\nnext = \"nowhere\"\n",
            "test.toml:4: step `look` leads to `test.nowhere`",
        ),
        (
            "an unknown flow",
            "[step.look]\nsay = \"hello\"\nnext = \"other.step\"\n",
            "test.toml:4: step `look` leads to `other.step`",
        ),
        ("an unknown text", "[step.look]\nsay = \"helo\"\n", "test.toml:4: the text `helo` is missing in en"),
        ("an unknown offer", "[step.look]\nsay = \"hello\"\noffers = [\"oke\"]\n", "test.toml:4: unknown offer `oke`"),
        ("an unknown call", "[step.look]\ncall = \"recon\"\n", "test.toml:4: unknown call `recon`"),
        ("an unknown key", "[step.look]\nsay = \"hello\"\nthen = \"end\"\n", "test.toml:6: unknown key `then`"),
        ("an unknown class", "[step.look]\nfetch = [\"secrets\"]\n", "test.toml:5: unknown class of data `secrets`"),
        (
            "two verbs",
            "[step.look]\nsay = \"hello\"\ncall = \"reckon\"\n",
            "test.toml:4: a step does exactly one thing",
        ),
        ("no verb", "[step.look]\nnext = \"end\"\n", "test.toml:4: a step does exactly one thing"),
        (
            "a way that cannot be",
            "[step.look]\nsay = \"hello\"\non.rain = \"end\"\n",
            "test.toml:4: step `look` has a way for `rain`",
        ),
        (
            "a fetch without its troubles",
            "[step.look]\nfetch = [\"balances\"]\n",
            "test.toml:4: step `look` fetches but has no way for `not_linked`",
        ),
        (
            "a computation without its facts",
            "[step.look]\ncall = \"reckon\"\n",
            "test.toml:4: step `look` calls `reckon`, which needs balances; nothing in this flow fetches them",
        ),
        (
            "a step that is never reached",
            "[step.look]\nsay = \"hello\"\n[step.lost]\nsay = \"hello\"\n",
            "test.toml:6: step `lost` is never reached",
        ),
        (
            "a circle",
            "[step.look]\nsay = \"hello\"\nnext = \"on\"\n[step.on]\nsay = \"hello\"\nnext = \"look\"\n",
            "test.toml:4: no path from step `look` ever ends",
        ),
        (
            "a placeholder nobody fills",
            "[step.look]\nsay = \"needs-money\"\n",
            "test.toml:4: the text `needs-money` (en) uses `{ $money }`",
        ),
        ("text that is no TOML", "[step.look\n", "test.toml:4:"),
    ];
    for (what, steps, expected) in table {
        let found = faults(steps);
        assert!(found.iter().any(|fault| fault.contains(expected)), "{what}: {found:#?}");
    }
}

#[test]
fn mistakes_of_several_files_come_together_and_sorted() {
    let long = "[long]\ntitle = \"title-long\"\nintent = \"balance.get\"\n[what]\ntitle = \"title-ok\"\nintent = \"fly\"\n[twice]\ntitle = \"title-ok\"\n";
    let found = load(&[("bot-flows/offers.toml", long)]).err().unwrap_or_default();
    let shown: Vec<String> = found.iter().map(ToString::to_string).collect();
    assert_eq!(
        shown,
        [
            "bot-flows/offers.toml:6: unknown intent `fly`",
            "bot-flows/offers.toml:7: an offer needs `title` (a text id) and `intent`"
        ]
    );
}

#[test]
fn a_language_that_lacks_texts_is_refused_with_all_of_them() {
    let german = "hello = Hallo.\nlater = Später: { $was }.\ntitle-ok = Ein viel zu langer Titel\n";
    let texts = Texts::load(&[source("texts/en.ftl", TEXTS), source("texts/de.ftl", german)]).expect("texts load");
    let files = [
        source("bot-flows/offers.toml", OFFERS),
        source("bot-flows/later.toml", LATER),
        source("bot-flows/session.toml", SESSION),
    ];
    let found = Flows::load(&files, &texts, CALLS).err().unwrap_or_default();
    assert_eq!(
        found.iter().map(ToString::to_string).collect::<Vec<_>>(),
        [
            "texts/de.ftl:2: `later` leaves out `{ $what }`, which English says",
            "texts/de.ftl:2: `later` uses `{ $was }`, which English does not",
            "texts/de.ftl:3: `title-ok` has 24 characters; at most 20 fit",
            "texts/en.ftl:3: the text `what-other` is missing in de",
            "texts/en.ftl:5: the text `needs-money` is missing in de",
        ]
    );
}

#[test]
fn an_intent_begins_one_flow_and_the_rest_have_a_flow_to_fall_back_on() {
    let two = "about = \"Two.\"\nintents = [\"greet\"]\nstart = \"tell\"\n[step.tell]\nsay = \"hello\"\n";
    let found = load(&[("bot-flows/a.toml", two), ("bot-flows/b.toml", two)]).err().unwrap_or_default();
    assert!(found.iter().any(|fault| fault.message.contains("begins the flow `a` already")), "{found:#?}");
    let renamed = load(&[("bot-flows/later.toml", &two.replace("greet", "bye").replace("tell", "say"))]);
    assert!(renamed.is_ok(), "any flow of that name will do");
}

#[test]
fn what_is_shipped_loads() {
    let content = balancebot::app::Content::shipped();
    let faults = content.err().unwrap_or_default();
    assert!(faults.is_empty(), "{}", faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"));
}
