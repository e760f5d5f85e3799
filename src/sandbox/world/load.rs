//! Reading a whole world file: tables in order, references between them, and what may stand only once.

use std::collections::BTreeSet;

use jiff::civil::Date;
use toml::de::{DeTable, DeValue};

use super::fields::{At, Faults, Fields, choose, day, kind_of};
use super::{LedgerAccount, World, account, entry};
use crate::domain::fault::{Fault, Source};

const TABLES: [&str; 8] = ["world", "desk", "fx", "bank", "person", "link", "account", "offer"];

/// What entries may refer to, read ahead of them: a mistake in a bank is reported once, not again at each account.
pub(super) struct Known {
    people: BTreeSet<String>,
    banks: BTreeSet<String>,
    due_dates: BTreeSet<String>,
    /// The first day of the banks' history, where it can be read.
    pub(super) history_from: Option<Date>,
}

/// Reads a world file; every mistake is reported.
pub(super) fn world(source: &Source) -> Result<World, Vec<Fault>> {
    let mut faults = Faults::new(source);
    plain_text(source, &mut faults);
    let (root, broken) = DeTable::parse_recoverable(&source.text);
    for error in &broken {
        faults.add(&error.span().unwrap_or(0..0), error.message().to_owned());
    }
    // After a mistake of syntax the tree has gaps, and each gap would look like a mistake of its own.
    let world = if broken.is_empty() { tables(root.get_ref(), &mut faults) } else { None };
    match world {
        Some(world) if faults.count() == 0 => Ok(world),
        _ => Err(faults.into_sorted()),
    }
}

/// UTF-8 is given; line feeds and no tabs are checked here.
fn plain_text(source: &Source, faults: &mut Faults<'_>) {
    for (bad, name) in [('\t', "a tab"), ('\r', "a carriage return")] {
        if let Some(at) = source.text.find(bad) {
            faults.add_with_help(&(at..at + 1), format!("the file holds {name}"), "use spaces and plain line feeds");
        }
    }
}

fn tables(root: &DeTable<'_>, faults: &mut Faults<'_>) -> Option<World> {
    let top = Fields::open(root, 0..0, "the file", &TABLES, faults);
    let known = Known {
        people: ids(&top, "person"),
        banks: ids(&top, "bank"),
        due_dates: banks_with_due_dates(&top),
        history_from: history_from(&top),
    };
    let calendar = table(&top, "world", &["now", "tz", "locale", "week_starts", "history_from"], faults)
        .and_then(|fields| entry::calendar(&fields, faults));
    let desk = table(&top, "desk", &["hours", "wait", "phone"], faults).and_then(|fields| entry::desk(&fields, faults));
    let pairs = currency_pairs(&top);
    let fx_keys: Vec<&str> = ["date", "source"].into_iter().chain(pairs.iter().copied()).collect();
    let fx = top.get("fx").and_then(|_| table(&top, "fx", &fx_keys, faults));
    let fx = fx.and_then(|fields| entry::fx(&fields, &pairs, faults));

    let bank_keys = ["id", "name", "country", "currency", "dialect", "fraud_line", "help_line", "supports"];
    let institutions = entries(&top, "bank", &bank_keys, faults, entry::institution);
    let person_keys = ["id", "name", "locale", "tz", "week_starts", "home"];
    let people = entries(&top, "person", &person_keys, faults, |fields, faults| {
        entry::person(fields, calendar.as_ref(), faults)
    });
    let consents = entries(&top, "link", &["person", "bank", "until", "scopes"], faults, |fields, faults| {
        entry::consent(fields, &known, faults)
    });
    let accounts: Vec<LedgerAccount> =
        entries(&top, "account", &account::KEYS, faults, |fields, faults| account::account(fields, &known, faults));
    let offer_keys = ["id", "person", "merchant", "text", "until", "rule"];
    let offers = entries(&top, "offer", &offer_keys, faults, |fields, faults| entry::offer(fields, &known, faults));
    for name in ["bank", "person", "account", "offer"] {
        unique(&top, name, &["id"], faults);
    }
    unique(&top, "link", &["person", "bank"], faults);

    let entry::Calendar { now, zone, locale, week_starts, history_from } = calendar?;
    let desk = desk?;
    Some(World {
        now,
        zone,
        locale,
        week_starts,
        history_from,
        desk,
        fx,
        institutions,
        people,
        consents,
        accounts,
        offers,
    })
}

/// Opens a table that must be there.
fn table<'t, 's>(
    top: &Fields<'t, 's>,
    name: &'static str,
    keys: &[&str],
    faults: &mut Faults<'_>,
) -> Option<Fields<'t, 's>> {
    top.require(name, faults);
    let value = top.get(name)?;
    match value.get_ref() {
        DeValue::Table(table) => Some(Fields::open(table, value.span(), title(name), keys, faults)),
        other => {
            faults.add(&value.span(), format!("{name} must be a table, not {}", kind_of(other)));
            None
        }
    }
}

/// How a table is named in messages.
fn title(name: &'static str) -> &'static str {
    match name {
        "world" => "[world]",
        "desk" => "[desk]",
        "fx" => "[fx]",
        "bank" => "the bank",
        "person" => "the person",
        "link" => "the link",
        "account" => "the account",
        "offer" => "the offer",
        other => other,
    }
}

/// Reads each entry of an array of tables; those with mistakes are reported and left out.
fn entries<'t, 's, T>(
    top: &Fields<'t, 's>,
    name: &'static str,
    keys: &[&str],
    faults: &mut Faults<'_>,
    mut read: impl FnMut(&Fields<'t, 's>, &mut Faults<'_>) -> Option<T>,
) -> Vec<T> {
    let Some(value) = top.get(name) else { return Vec::new() };
    let DeValue::Array(items) = value.get_ref() else {
        faults.add_with_help(&value.span(), format!("{name} must be a list of tables"), format!("write [[{name}]]"));
        return Vec::new();
    };
    let mut all = Vec::new();
    for item in items {
        match item.get_ref() {
            DeValue::Table(table) => {
                let fields = Fields::open(table, item.span(), title(name), keys, faults);
                all.extend(read(&fields, faults));
            }
            other => faults.add(&item.span(), format!("{name} must be a table, not {}", kind_of(other))),
        }
    }
    all
}

/// The tables of an array of tables, without judging them.
fn raw<'t, 's>(top: &Fields<'t, 's>, name: &str) -> impl Iterator<Item = &'t DeTable<'s>> {
    let items = match top.get(name).map(toml::Spanned::get_ref) {
        Some(DeValue::Array(items)) => Some(items),
        _ => None,
    };
    items.into_iter().flat_map(|items| items.iter()).filter_map(|item| item.get_ref().as_table())
}

fn ids(top: &Fields<'_, '_>, name: &str) -> BTreeSet<String> {
    raw(top, name).filter_map(|table| table.get("id")?.get_ref().as_str().map(str::to_owned)).collect()
}

fn banks_with_due_dates(top: &Fields<'_, '_>) -> BTreeSet<String> {
    let tells = |table: &&DeTable<'_>| {
        let supports = table.get("supports").and_then(|value| value.get_ref().as_array());
        supports.is_some_and(|words| words.iter().any(|word| word.get_ref().as_str() == Some("due_dates")))
    };
    raw(top, "bank").filter(tells).filter_map(|table| table.get("id")?.get_ref().as_str().map(str::to_owned)).collect()
}

/// The keys of `[fx]` that name two currencies.
fn currency_pairs<'t>(top: &Fields<'t, '_>) -> Vec<&'t str> {
    let table = top.get("fx").and_then(|value| value.get_ref().as_table());
    let keys = table.into_iter().flat_map(|table| table.keys()).map(|key| key.get_ref().as_ref());
    keys.filter(|key| entry::currencies(key).is_some()).collect()
}

fn history_from(top: &Fields<'_, '_>) -> Option<Date> {
    let world = top.get("world")?.get_ref().as_table()?;
    day(world.get("history_from")?.get_ref().as_str()?).ok()
}

/// Reports entries that have the same keys as an earlier one.
fn unique(top: &Fields<'_, '_>, name: &'static str, keys: &[&str], faults: &mut Faults<'_>) {
    let mut seen = BTreeSet::new();
    for table in raw(top, name) {
        let parts: Vec<_> = keys.iter().filter_map(|key| table.get(*key)).collect();
        let words: Vec<_> = parts.iter().filter_map(|part| part.get_ref().as_str()).collect();
        if words.len() == keys.len() && !seen.insert(words.clone()) {
            faults.add(&parts[0].span(), format!("a second {name} {:?}", words.join(" ")));
        }
    }
}

impl Known {
    /// The person that an entry names.
    pub(super) fn person(&self, fields: &Fields<'_, '_>, faults: &mut Faults<'_>) -> Option<At<String>> {
        fields.read("person", |text| refer(text, "person", &self.people), faults)
    }

    /// The bank that an entry names.
    pub(super) fn bank(&self, fields: &Fields<'_, '_>, faults: &mut Faults<'_>) -> Option<At<String>> {
        fields.read("bank", |text| refer(text, "bank", &self.banks), faults)
    }

    /// Whether a bank tells statements and due dates.
    pub(super) fn tells_due_dates(&self, bank: &str) -> bool {
        self.due_dates.contains(bank)
    }
}

fn refer(text: &str, what: &str, known: &BTreeSet<String>) -> Result<String, String> {
    if known.contains(text) {
        return Ok(text.to_owned());
    }
    let list: Vec<&str> = known.iter().map(String::as_str).collect();
    Err(format!("there is no {what} {text:?}; {}", choose(text, &list)))
}
