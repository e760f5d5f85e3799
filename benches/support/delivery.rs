//! Deliveries as the platform sends them, signed, as the bytes of whole requests; and the config of the server that
//! takes them.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use balancebot::channel::signature;
use balancebot::clock::{Clock, WallClock};
use secrecy::SecretString;

/// What deliveries are signed with.
const APP_SECRET: &str = "a secret of the bench";

/// The page of a person: everybody has their own, so that the pace of one page (40 calls a second) holds up nobody.
pub(crate) fn page(person: usize) -> String {
    format!("1000000{person:08}")
}

/// The page-scoped id of a person.
pub(crate) fn psid(person: usize) -> String {
    format!("7000000{person:08}")
}

/// One text message of a person as a request to the webhook. `number` makes its id.
pub(crate) fn text(page: &str, person: usize, number: usize, text: &str) -> Vec<u8> {
    // Just now: to messages of yesterday the platform takes no replies.
    let (psid, at) = (psid(person), WallClock.now().as_millisecond());
    let body = format!(
        r#"{{"object":"page","entry":[{{"id":"{page}","time":{at},"messaging":[{{"sender":{{"id":"{psid}"}},"recipient":{{"id":"{page}"}},"timestamp":{at},"message":{{"mid":"m_AbCdEfGhIjKlMnOpQrStUvWxYz0123456789-{number:032x}","text":"{text}"}}}}]}}]}}"#
    );
    let signature = signature::sign(&SecretString::from(APP_SECRET), body.as_bytes());
    format!(
        "POST /webhook/messenger HTTP/1.1\r\nHost: bot.example\r\nAccept: */*\r\n\
         User-Agent: facebookexternalua\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\
         X-Hub-Signature: sha1=0000000000000000000000000000000000000000\r\nX-Hub-Signature-256: {signature}\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}

/// What a server needs to know of the world around it.
pub(crate) struct Around<'a> {
    /// The pages it speaks for.
    pub(crate) pages: &'a [String],
    /// Where the Graph API and the bank are: `http://127.0.0.1:4000`.
    pub(crate) world: &'a str,
    /// The bank's path there, and everybody's token for it.
    pub(crate) bank: Option<(&'a str, &'a str)>,
}

/// Writes a config and its secrets into a folder, and returns where it is.
pub(crate) fn config(folder: &Path, around: &Around<'_>) -> anyhow::Result<PathBuf> {
    let secret = |name: &str, value: &str| {
        let path = folder.join(name);
        fs::write(&path, value).map(|()| format!("{{ file = {:?} }}", path.display().to_string()))
    };
    let (key, app, page_token) =
        (secret("key", &"5a".repeat(32))?, secret("app", APP_SECRET)?, secret("page", "a page token")?);
    let store = folder.join("store.db");
    let mut config = format!(
        "[server]\nlisten = \"127.0.0.1:0\"\npublic_url = \"https://bot.example\"\n\n\
         [store]\nurl = \"sqlite:{}\"\nkey = {key}\n\n\
         [messenger]\ngraph_url = \"{}\"\nverify_token = {app}\napp_secret = {app}\napp_id = \"200000000000002\"\n",
        store.display(),
        around.world
    );
    for page in around.pages {
        write!(config, "\n[[messenger.page]]\nid = \"{page}\"\ntoken = {page_token}\n")?;
    }
    if let Some((path, token)) = around.bank {
        let token = secret("bank", token)?;
        // Without the cache every turn asks the bank.
        write!(config, "\n[turn]\ncache = \"0s\"\n")?;
        write!(config, "\n[[bank.fdx]]\nid = \"northgate\"\nname = \"Northgate Bank\"\ncountry = \"US\"\n")?;
        write!(config, "base_url = \"{}{path}\"\nversion = \"6\"\n\n[bank.fdx.limits]\ncalls = 64\n", around.world)?;
        for (person, page) in around.pages.iter().enumerate() {
            let user = psid(person);
            write!(config, "\n[[link]]\npage = \"{page}\"\nuser = \"{user}\"\nbank = \"northgate\"\n")?;
            write!(config, "token = {token}\nuntil = 2999-12-31\nscopes = [\"balances\", \"transactions\"]\n")?;
        }
    }
    let path = folder.join("balancebot.toml");
    fs::write(&path, config)?;
    Ok(path)
}
