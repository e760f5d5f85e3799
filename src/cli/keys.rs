//! `balancebot keys`: which master keys are in use, and the change from one to the next.

use clap::{Args, Subcommand};
use serde_json::json;

use crate::app::renewal::{Hanging, Renewed, hanging, renew};
use crate::app::serve;
use crate::cli::configured::ConfigFile;
use crate::cli::failure::{Done, Failure};
use crate::cli::{engine, print};
use crate::privacy::seal::Keyring;
use crate::store::{Store, StoreError};

/// Look after the keys that wrap everybody's keys: which are in use, and the change to a new one
#[derive(Debug, Args)]
#[command(after_help = "\
To change the key, while the bot serves:
  1. make one with `openssl rand -hex 32`; name it as store.key, the one before in store.previous_keys
  2. restart `serve`: it opens with both, and wraps with the new one
  3. balancebot keys rotate      wraps every key anew; stopped anywhere, it goes on where it was
  4. balancebot keys list        when nothing hangs on the old key, take it out of the config")]
pub struct KeysArgs {
    #[command(subcommand)]
    verb: KeysVerb,
}

#[derive(Debug, Subcommand)]
enum KeysVerb {
    /// List the keys and count what hangs on each
    List {
        /// Prints a JSON array
        #[arg(long)]
        json: bool,
    },
    /// Seal everything anew under the newest key
    Rotate {
        /// Stops after so many; the next run goes on
        #[arg(long, value_name = "N")]
        most: Option<u64>,
    },
}

/// Runs the verb.
pub fn run(args: &KeysArgs, config: &ConfigFile) -> Done {
    let settings = config.store()?;
    let ring = serve::keyring(&settings).map_err(|error| Failure::usage(error.to_string()))?;
    let store = engine::store(&settings)?;
    match &args.verb {
        KeysVerb::List { json } => {
            print::out(&engine::block_on(list(store.as_ref(), &ring, *json))?);
            Ok(())
        }
        KeysVerb::Rotate { most } => engine::block_on(rotate(store.as_ref(), &ring, *most)),
    }
}

async fn list(store: &dyn Store, ring: &Keyring, json: bool) -> Result<String, Failure> {
    let mut counts = hanging(store).await.map_err(trouble)?;
    let mut keys: Vec<(String, &str, Hanging)> = Vec::new();
    for (number, id) in ring.ids().enumerate() {
        let count = counts.remove(&id).unwrap_or_default();
        keys.push((id, if number == 0 { "current" } else { "previous" }, count));
    }
    keys.extend(counts.into_iter().map(|(id, count)| (id, "missing", count)));
    if json {
        let key = |(id, role, Hanging { people, passing, older }): &(String, &str, Hanging)| json!({ "key": id, "role": role, "people": people, "passing": passing, "older": older });
        return Ok(print::json(&keys.iter().map(key).collect::<Vec<_>>()));
    }
    let cells = |(id, role, count): &(String, &str, Hanging)| {
        let counts = [count.people, count.passing, count.older].map(|count| count.to_string());
        [vec![id.clone(), (*role).to_owned()], counts.to_vec()].concat()
    };
    let rows: Vec<_> = keys.iter().map(cells).collect();
    let mut said = print::table(&["KEY", "", "PEOPLE", "PASSING", "OLDER"], &rows, &[2, 3, 4]);
    for (id, role, count) in &keys {
        match *role {
            "previous" if *count == Hanging::default() => {
                said.push_str(&format!("Nothing hangs on {id}: it can be taken out of store.previous_keys.\n"));
            }
            "previous" => said.push_str(&format!("`balancebot keys rotate` frees {id}.\n")),
            "missing" => said.push_str(&format!("{id} is not configured: what hangs on it cannot be opened.\n")),
            _ => {}
        }
    }
    Ok(said)
}

async fn rotate(store: &dyn Store, ring: &Keyring, most: Option<u64>) -> Done {
    let bar = print::waiting("sealing anew");
    let told = |so_far: &Renewed| {
        bar.set_message(format!("{} looked at, {} sealed anew", so_far.looked, so_far.renewed));
    };
    let renewed = renew(store, ring, most, told).await;
    bar.finish_and_clear();
    let Renewed { looked, renewed, closed, finished } = renewed.map_err(trouble)?;
    print::out(&match finished {
        true => format!("{renewed} sealed anew. All {looked} are looked at.\n"),
        false => format!("{renewed} sealed anew. There may be more: run it again.\n"),
    });
    if closed == 0 {
        return Ok(());
    }
    let said = format!("{closed} do not open with the configured keys, and stay as they are");
    Err(Failure::failed(said).help("`balancebot keys list` names the keys that are missing"))
}

fn trouble(error: StoreError) -> Failure {
    Failure::failed(error.to_string())
}
