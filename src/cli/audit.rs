//! `balancebot audit`: whether the access log is what it was, for operators and for whoever has a copy of their data.

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use serde_json::{Value, json};

use crate::app::audit::{Audited, audit};
use crate::app::serve;
use crate::cli::configured::ConfigFile;
use crate::cli::failure::{Done, Failure};
use crate::cli::{engine, print};
use crate::config::Audit;
use crate::domain::message::Conversation;
use crate::privacy::random;
use crate::proof::copy::{Checked, check};
use crate::proof::heads::Kept;
use crate::proof::leaf::leaf;
use crate::proof::note::{PublicKey, Signer};
use crate::proof::wrong::Wrong;
use crate::store::{Store, StoreError};

/// Check that nothing in the access log was changed, taken out or rolled back
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  balancebot audit keygen --name bot.example/log           a key to sign with, and the public one
  balancebot audit verify                                  the database against the kept heads
  balancebot audit verify my-data.json --key bot.example/log+1a2b3c4d+AbC…
                                                           a copy that a person downloaded; offline
  balancebot audit verify my-data.json --key … --heads heads.jsonl
                                                           and whether its head is one that was kept
  balancebot audit show 100000000000001 7000000000000001   one person's log, leaf by leaf

Exit codes: 0 all is as it was, 1 something is not, 64 wrong usage.")]
pub struct AuditArgs {
    #[command(subcommand)]
    verb: AuditVerb,
}

#[derive(Debug, Subcommand)]
enum AuditVerb {
    /// Check a copy that was downloaded, or the configured database
    Verify {
        /// The copy; the database of the config if left out
        #[arg(value_name = "FILE")]
        file: Option<PathBuf>,
        /// The public key, or a file that holds it; for the database the configured one
        #[arg(long, value_name = "KEY")]
        key: Option<String>,
        /// The heads that were kept; for the database the configured ones
        #[arg(long, value_name = "FILE")]
        heads: Option<PathBuf>,
    },
    /// List the heads that were kept
    Heads {
        /// The heads; those of the config if left out
        #[arg(long, value_name = "FILE")]
        heads: Option<PathBuf>,
        /// The public key, or a file that holds it; that of the config if left out
        #[arg(long, value_name = "KEY")]
        key: Option<String>,
        /// Prints a JSON array
        #[arg(long)]
        json: bool,
    },
    /// Show one person's log with the leaf of each entry
    Show {
        /// The page they write to
        #[arg(value_name = "PAGE")]
        page: String,
        /// Their id on that page
        #[arg(value_name = "PERSON")]
        person: String,
        /// Prints a JSON array
        #[arg(long)]
        json: bool,
    },
    /// Make a key to sign with
    Keygen {
        /// The name of the log, as it will be in `audit.name`
        #[arg(long, value_name = "NAME", default_value = "balancebot")]
        name: String,
    },
}

/// Runs the verb.
pub fn run(args: &AuditArgs, config: &ConfigFile) -> Done {
    match &args.verb {
        AuditVerb::Verify { file: Some(file), key, heads } => {
            verify_copy(file, key.as_deref(), heads.as_deref(), config)
        }
        AuditVerb::Verify { file: None, key, heads } => verify_database(key.as_deref(), heads.as_deref(), config),
        AuditVerb::Heads { heads, key, json } => list(heads.as_deref(), key.as_deref(), *json, config),
        AuditVerb::Show { page, person, json } => {
            show(&Conversation::messenger(page.as_str(), person.as_str()), *json, config)
        }
        AuditVerb::Keygen { name } => keygen(name),
    }
}

fn verify_copy(file: &Path, key: Option<&str>, heads: Option<&Path>, config: &ConfigFile) -> Done {
    let key = match key {
        Some(key) => public_key(key)?,
        None if config.is_named() => configured_key(&config.audit()?.1)?,
        None => {
            return Err(Failure::usage("--key is missing")
                .help("give the bot's public key: it stands on the page of the access log"));
        }
    };
    let text = read(file)?;
    let kept = heads.map(|heads| read(heads).map(|text| Kept::read(&text, &key))).transpose()?;
    let Checked { entries, first, head, wrong } = check(&text, &key, kept.as_ref());
    complain(&file.display().to_string(), &wrong)?;
    let Some(head) = head else { return Ok(()) };
    let mut said = format!(
        "{}: {} as logged, proven by the head over {} signed by {} at {}.\n",
        file.display(),
        entries_in_words(entries),
        head.tree.size,
        key.name(),
        head.at
    );
    if first > 1 {
        said.push_str(&format!("It begins with entry {first}: earlier ones are gone, as retention wants it.\n"));
    }
    said.push_str(&match kept {
        Some(kept) => format!("That head is one of the {} that were kept.\n", kept.heads.len()),
        None => "Whether the log was rolled back since, only --heads can tell.\n".to_owned(),
    });
    print::out(&said);
    Ok(())
}

fn verify_database(key: Option<&str>, heads: Option<&Path>, config: &ConfigFile) -> Done {
    let (settings, configured) = config.audit()?;
    let store = engine::store_to_read(&settings)?;
    let heads = heads.or(configured.sink.as_deref());
    let kept = match heads {
        Some(heads) => {
            let key = key.map_or_else(|| configured_key(&configured), public_key)?;
            Kept::read(&read(heads)?, &key)
        }
        None => Kept::default(),
    };
    let audited = engine::block_on(async { audit(store.as_ref(), &kept).await.map_err(trouble) })?;
    complain("the access log", &audited.wrong)?;
    let Audited { tree, entries, erased, swept, heads: compared, .. } = audited;
    let mut said = format!(
        "{} leaves: {} as logged, {erased} erased for their persons, {swept} swept out by retention.\n",
        tree.size,
        entries_in_words(entries)
    );
    said.push_str(&match compared {
        0 => "No head was compared: without audit.key and audit.sink nobody vouches for the log.\n".to_owned(),
        heads => format!("{heads} signed heads fit, the newest over {}.\n", kept.newest()),
    });
    print::out(&said);
    Ok(())
}

fn list(heads: Option<&Path>, key: Option<&str>, json: bool, config: &ConfigFile) -> Done {
    let configured = if heads.is_some() && key.is_some() { None } else { Some(config.audit()?.1) };
    let key = match (key, &configured) {
        (Some(key), _) => public_key(key)?,
        (None, Some(audit)) => configured_key(audit)?,
        (None, None) => return Err(Failure::usage("--key is missing")),
    };
    let sink = heads.map(Path::to_owned).or_else(|| configured.and_then(|audit| audit.sink));
    let sink = sink.ok_or_else(|| Failure::usage("no heads are kept").help("set audit.sink, or give --heads FILE"))?;
    let kept = Kept::read(&read(&sink)?, &key);
    if json {
        let head = |head: &crate::proof::head::Head| json!({ "at": head.at, "size": head.tree.size, "root": hex::encode(head.tree.root) });
        print::out(&print::json(&kept.heads.iter().map(head).collect::<Vec<_>>()));
    } else {
        let row = |head: &crate::proof::head::Head| {
            vec![head.at.to_string(), head.tree.size.to_string(), hex::encode(head.tree.root)]
        };
        print::out(&print::table(&["SIGNED", "LEAVES", "ROOT"], &kept.heads.iter().map(row).collect::<Vec<_>>(), &[1]));
    }
    complain(&sink.display().to_string(), &kept.wrong)
}

fn show(of: &Conversation, json: bool, config: &ConfigFile) -> Done {
    let store = engine::store_to_read(&config.store()?)?;
    let found = engine::block_on(async { leaves_of(store.as_ref(), of).await.map_err(trouble) })?;
    let word = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    if json {
        let entry = |(leaf, number, entry, fits): &(u64, u64, Value, bool)| json!({ "leaf": leaf, "number": number, "entry": entry, "fits": fits });
        print::out(&print::json(&found.iter().map(entry).collect::<Vec<_>>()));
        return Ok(());
    }
    let row = |(leaf, number, entry, fits): &(u64, u64, Value, bool)| {
        let fits = if *fits { "fits" } else { "DOES NOT FIT" };
        let words = ["at", "kind", "bank", "purpose"].map(|field| word(&entry[field]));
        [vec![leaf.to_string(), number.to_string(), fits.to_owned()], words.to_vec()].concat()
    };
    let rows: Vec<_> = found.iter().map(row).collect();
    print::out(&print::table(&["LEAF", "NO", "", "AT", "KIND", "BANK", "PURPOSE"], &rows, &[0, 1]));
    Ok(())
}

/// The entries of a person: leaf, number, entry, and whether it is what the leaf was made from.
async fn leaves_of(store: &dyn Store, of: &Conversation) -> Result<Vec<(u64, u64, Value, bool)>, StoreError> {
    let Some(tree) = store.tree(None).await? else { return Ok(Vec::new()) };
    let mut found = Vec::new();
    for proven in store.proven(of, tree.size).await? {
        let kept = store.leaves(proven.leaf.saturating_sub(1), 1).await?;
        let made = leaf(&proven.salt, of, proven.number, &proven.entry);
        let fits = kept.first().is_some_and(|kept| made == Ok(kept.hash));
        found.push((proven.leaf, proven.number, proven.entry, fits));
    }
    Ok(found)
}

fn keygen(name: &str) -> Done {
    let seed = random::bytes();
    let signer = Signer::new(name, &seed).map_err(|error| Failure::usage(error.to_string()))?;
    print::out(&format!("{}\n", hex::encode(seed)));
    print::note(&format!(
        "The line above is the secret: keep it in a file that only the bot can read, and name that in audit.key.\n\
         The public key, for people and auditors:\n{}",
        signer.public()
    ));
    Ok(())
}

/// A key as it is written, or a file that holds it.
fn public_key(given: &str) -> Result<PublicKey, Failure> {
    if let Ok(key) = PublicKey::parse(given) {
        return Ok(key);
    }
    let in_file = std::fs::read_to_string(given).ok().and_then(|text| PublicKey::parse(&text).ok());
    in_file.ok_or_else(|| {
        Failure::usage(format!("--key {given} {}, nor a file that holds one", crate::proof::note::NoKey))
    })
}

fn configured_key(audit: &Audit) -> Result<PublicKey, Failure> {
    let signer = serve::signer(audit).map_err(|error| Failure::usage(error.to_string()))?;
    let help = "give --key KEY, or set audit.key; `balancebot audit keygen` makes one";
    signer.map(|signer| signer.public().clone()).ok_or_else(|| Failure::usage("no key is configured").help(help))
}

fn read(path: &Path) -> Result<String, Failure> {
    // What is no text is damaged, and that is for the check to say.
    let bytes = std::fs::read(path).map_err(|error| Failure::usage(format!("{}: {error}", path.display())))?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// Says everything that is wrong; fails if anything is.
fn complain(what: &str, wrong: &[Wrong]) -> Done {
    if wrong.is_empty() {
        return Ok(());
    }
    let bad = print::styled(print::BAD, "wrong:");
    print::out(&wrong.iter().map(|wrong| format!("{bad} {wrong}\n")).collect::<String>());
    Err(Failure::failed(format!("{what} is not as it was signed: {} found", things(wrong.len()))))
}

fn things(count: usize) -> String {
    if count == 1 { "1 thing".to_owned() } else { format!("{count} things") }
}

fn entries_in_words(count: u64) -> String {
    if count == 1 { "1 entry".to_owned() } else { format!("{count} entries") }
}

fn trouble(error: StoreError) -> Failure {
    Failure::failed(error.to_string())
}
