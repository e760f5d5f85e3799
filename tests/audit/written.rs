//! What the real program wrote: two people talked to a demo, one of them downloaded a copy, and the demo was ended.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use balancebot::proof::note::PublicKey;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::process::{Running, run};

/// What is left of the demo.
pub(crate) struct Written {
    /// The file that Maya downloaded.
    pub(crate) copy: String,
    folder: TempDir,
}

impl Written {
    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join("data").join(name)
    }

    /// Where the heads are kept.
    pub(crate) fn heads(&self) -> String {
        self.path("heads.jsonl").display().to_string()
    }

    /// The public key.
    pub(crate) fn key(&self) -> PublicKey {
        PublicKey::parse(&fs::read_to_string(self.path("audit.pub")).expect("a key")).expect("a key")
    }
}

/// What was written, once for all tests.
pub(crate) fn written() -> &'static Written {
    static WRITTEN: LazyLock<Written> = LazyLock::new(|| {
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
        std::thread::scope(|scope| scope.spawn(|| runtime.block_on(write())).join().expect("the demo works"))
    });
    &WRITTEN
}

async fn write() -> Written {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("data").display().to_string();
    let demo = Running::start(&["demo", "--no-open", "--port", "0", "--data-dir", &data], folder.path());
    let client = reqwest::Client::new();
    let say = async |person: &str, text: &str| -> Value {
        let said = client.post(format!("{}sandbox/say", demo.address)).json(&json!({"person": person, "text": text}));
        said.send().await.expect("the demo answers").json().await.expect("JSON")
    };
    say("maya", "balance").await;
    say("noor", "balance").await;
    say("maya", "how much did I spend on groceries last month").await;
    say("noor", "balance").await;
    say("maya", "what did I spend yesterday").await;
    say("maya", "can i get a copy of my data").await;
    let thread = client.get(format!("{}sandbox/thread/maya", demo.address)).send().await.expect("the demo answers");
    let thread: Value = thread.json().await.expect("JSON");
    let links = thread["items"].as_array().expect("items").iter().rev();
    let link = links.filter_map(|item| item["sent"]["buttons"][0]["url"].as_str()).next().expect("a button");
    let form = client.post(link).header("content-type", "application/x-www-form-urlencoded");
    let copy = form.send().await.expect("the page answers").text().await.expect("a file");
    say("noor", "balance").await;
    demo.terminate().await;
    Written { copy, folder }
}

/// Checks a copy with the demo's key; the check must end with `code`. Returns what it said.
pub(crate) fn verify(copy: &str, flags: &[&str], code: i32) -> String {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("my-data.json");
    fs::write(&file, copy).expect("writable");
    let key = written().path("audit.pub").display().to_string();
    run(&[&["audit", "verify", &file.display().to_string(), "--key", &key], flags].concat(), code)
}

/// A copy of the database, the heads elsewhere, and a config for both.
pub(crate) struct Database {
    folder: TempDir,
    /// Of Maya's chat.
    pub(crate) page: String,
    /// Her id there.
    pub(crate) maya: String,
}

impl Database {
    /// As the demo left it.
    pub(crate) fn copied() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let (data, logs) = (folder.path().join("data"), folder.path().join("logs"));
        fs::create_dir_all(&data).and_then(|()| fs::create_dir_all(&logs)).expect("folders");
        for name in ["balancebot.db", "store.key", "audit.key"] {
            fs::copy(written().path(name), data.join(name)).expect("copied");
        }
        fs::copy(written().path("heads.jsonl"), logs.join("heads.jsonl")).expect("copied");
        let (at, logs) = (data.display(), logs.display());
        let config = format!(
            "[store]\nurl = \"sqlite:{at}/balancebot.db\"\nkey = {{ file = \"{at}/store.key\" }}\n\
             [audit]\nname = \"balancebot-demo\"\nkey = {{ file = \"{at}/audit.key\" }}\nsink = \"{logs}/heads.jsonl\"\n"
        );
        fs::write(folder.path().join("bot.toml"), config).expect("writable");
        let file: Value = serde_json::from_str(&written().copy).expect("JSON");
        let of = |field: &str| file["proof"]["of"][field].as_str().expect("a name").to_owned();
        Self { page: of("page"), maya: of("person"), folder }
    }

    /// Where it is.
    pub(crate) fn file(&self) -> PathBuf {
        self.folder.path().join("data/balancebot.db")
    }

    /// Where its heads are.
    pub(crate) fn heads(&self) -> PathBuf {
        self.folder.path().join("logs/heads.jsonl")
    }

    /// Runs a verb with its config; it must end with `code`.
    pub(crate) fn run(&self, args: &[&str], code: i32) -> String {
        let config: &Path = &self.folder.path().join("bot.toml");
        run(&[args, &["--config", &config.display().to_string()]].concat(), code)
    }

    /// Audits it.
    pub(crate) fn verify(&self, code: i32) -> String {
        self.run(&["audit", "verify"], code)
    }
}
