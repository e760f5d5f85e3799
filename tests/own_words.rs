//! Words of an operator's own: what is learnt of them is kept in the data directory, so that one start learns and the
//! next ones read; and whatever happened to what was kept, texts are read the same.

use std::fs;
use std::path::{Path, PathBuf};

use balancebot::app::Content;
use balancebot::app::shelf::Shelf;
use balancebot::domain::reading::Reading;
use balancebot::understand::Context;
use jiff::civil::Weekday;

/// Copies what ships, with every twentieth line of examples of one language: enough to learn from, and quickly learnt.
fn own_words(folder: &Path) -> PathBuf {
    for (inside, ending) in [("", "toml"), ("texts", "ftl")] {
        fs::create_dir_all(folder.join(inside)).expect("a folder");
        for entry in fs::read_dir(Path::new("bot-flows").join(inside)).expect("what ships") {
            let path = entry.expect("an entry").path();
            if path.extension().is_some_and(|found| found == ending) {
                fs::copy(&path, folder.join(inside).join(path.file_name().expect("a name"))).expect("copied");
            }
        }
    }
    let shipped = fs::read_to_string("bot-flows/words/en.toml").expect("the words that ship");
    let (head, examples) = shipped.split_once("\n[examples]\n").expect("examples are last");
    let kept = examples.lines().enumerate().filter(|(nth, line)| !line.starts_with("    ") || nth % 20 == 0);
    let kept: Vec<&str> = kept.map(|(_, line)| line).collect();
    let words = folder.join("words/en.toml");
    fs::create_dir_all(folder.join("words")).expect("a folder");
    fs::write(&words, format!("{head}\n[examples]\n{}\n", kept.join("\n"))).expect("written");
    words
}

fn learnt(content: &Content) -> Vec<&str> {
    content.parser.learnt().collect()
}

fn readings(content: &Content) -> Vec<Reading> {
    let now = "2026-11-22T14:00:00-05:00[America/New_York]".parse().expect("a moment");
    let (locale, week_starts) = ("en-US", Weekday::Sunday);
    let context = Context { now, locale, week_starts, accounts: &[], banks: &[], merchants: &[], last: None };
    let texts =
        ["whats my blance", "how much did i spend on groceries last month", "tell me a joke", "last 5 payments"];
    texts.iter().map(|text| content.parser.read(text, &context)).collect()
}

/// The one model that is kept.
fn kept(data: &Path) -> PathBuf {
    let mut files = fs::read_dir(data.join("models")).expect("a folder").map(|entry| entry.expect("an entry").path());
    let file = files.next().expect("a model is kept");
    assert_eq!(files.next(), None, "one model of one language");
    file
}

#[test]
fn what_is_learnt_of_own_words_is_kept_for_the_next_start() {
    let (folder, data) = (tempfile::tempdir().expect("a folder"), tempfile::tempdir().expect("a folder"));
    let words = own_words(folder.path());
    let start = || {
        let content = Content::of_folder_with(folder.path(), &Shelf::in_data(data.path()));
        content.unwrap_or_else(|faults| panic!("own words load: {faults:?}"))
    };
    let first = start();
    assert_eq!(learnt(&first), ["en"]);
    let model = kept(data.path());
    let whole = fs::read(&model).expect("a model");

    let second = start();
    assert_eq!(learnt(&second), Vec::<&str>::new(), "a model is ready");
    assert_eq!(readings(&second), readings(&first));

    let mut damaged = whole.clone();
    damaged[whole.len() / 2] ^= 1;
    for torn in [&whole[..whole.len() / 2], &damaged, &[]] {
        fs::write(&model, torn).expect("torn");
        let again = start();
        assert_eq!(learnt(&again), ["en"], "a model of {} bytes", torn.len());
        assert_eq!(readings(&again), readings(&first));
        assert!(fs::read(kept(data.path())).expect("a model") == whole, "it is made again");
    }

    // A model of words that are no more is no use to anybody.
    let text = fs::read_to_string(&words).expect("words");
    fs::write(&words, format!("{text}# changed\n")).expect("written");
    assert_eq!(learnt(&start()), ["en"]);
    assert_ne!(kept(data.path()), model);
}

/// A folder that cannot be written to costs learning at each start, and nothing else.
#[test]
fn without_a_place_to_keep_it_words_are_learnt_each_time() {
    let folder = tempfile::tempdir().expect("a folder");
    own_words(folder.path());
    let file = folder.path().join("no folder");
    fs::write(&file, "").expect("written");
    for _ in 0..2 {
        let content = Content::of_folder_with(folder.path(), &Shelf::in_data(&file));
        let content = content.unwrap_or_else(|faults| panic!("own words load: {faults:?}"));
        assert_eq!(learnt(&content), ["en"]);
    }
}
