//! Which hosts a config has the process call, and what for: everything that may leave goes to one of them. Addresses that
//! people's browsers open (a bank's login page, maps, Messenger's own links) are not among them.

use crate::config::{BankConfig, Config};
use crate::egress::{Destination, Reach};

/// The hosts, in the order of the config, each once, with everything it is called for.
pub fn destinations(config: &Config) -> Vec<(Destination, Vec<String>)> {
    let mut found: Vec<(Destination, Vec<String>)> = Vec::new();
    let messenger = std::iter::once((config.messenger.graph_url.as_str(), "Messenger".to_owned()));
    let of_bank = |bank| addresses(bank).into_iter().map(|address| (address, format!("bank {}", bank.bank.id)));
    for (address, why) in messenger.chain(config.banks.iter().flat_map(of_bank)) {
        let Some(destination) = Destination::of(address) else { continue };
        match found.iter_mut().find(|(other, _)| *other == destination) {
            Some((_, whys)) if whys.contains(&why) => {}
            Some((_, whys)) => whys.push(why),
            None => found.push((destination, vec![why])),
        }
    }
    found
}

/// No further than that.
pub fn reach(config: &Config) -> Reach {
    Reach::Only(destinations(config).into_iter().map(|(destination, _)| destination).collect())
}

/// The addresses that are called for a bank.
pub fn addresses(bank: &BankConfig) -> Vec<&str> {
    let login = bank
        .login
        .iter()
        .flat_map(|login| [Some(login.token_url.as_str()), login.par_url.as_deref(), login.revoke_url.as_deref()]);
    std::iter::once(bank.base_url.as_str()).chain(login.flatten()).collect()
}
