//! Reads flow files. Every mistake is reported, with its line; nothing is guessed.

use std::collections::BTreeMap;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::domain::{
    fault::{Fault, Source},
    purpose::DataClass,
    reading::{Intent, Part, Slots},
};
use crate::flow::model::{Flow, OfferDef, Step, Target, Verb};

type Key<'a> = Spanned<std::borrow::Cow<'a, str>>;

/// What a set of flow files says, before it is checked as a whole.
#[derive(Default)]
pub(super) struct Loaded {
    pub(super) flows: Vec<Flow>,
    pub(super) offers: Vec<OfferDef>,
    pub(super) faults: Vec<Fault>,
}

/// Reads `bot-flows/*.toml`. The file `offers.toml` defines titles; every other file is one flow.
pub(super) fn read(files: &[Source]) -> Loaded {
    let mut loaded = Loaded::default();
    for file in files {
        let name = file.path.rsplit('/').next().unwrap_or(&file.path).trim_end_matches(".toml").to_owned();
        let mut reader = Reader { file, faults: Vec::new() };
        let (document, errors) = DeTable::parse_recoverable(&file.text);
        for error in errors {
            let at = error.span().map_or(0, |span| span.start);
            reader.fault(at, error.message(), None);
        }
        if name == "offers" {
            loaded.offers.extend(reader.offers(document.get_ref()));
        } else if reader.faults.is_empty() {
            loaded.flows.extend(reader.flow(name, document.get_ref()));
        }
        loaded.faults.append(&mut reader.faults);
    }
    loaded
}

/// Reads one file and collects its mistakes.
struct Reader<'s> {
    file: &'s Source,
    faults: Vec<Fault>,
}

impl Reader<'_> {
    fn line(&self, at: usize) -> usize {
        Fault::line_of(&self.file.text, at)
    }

    fn fault(&mut self, at: usize, message: impl Into<String>, help: Option<&str>) {
        let mut fault = Fault::new(&self.file.path, self.line(at), message);
        fault.help = help.map(str::to_owned);
        self.faults.push(fault);
    }

    /// Reports keys that nobody reads.
    fn only(&mut self, table: &DeTable<'_>, known: &[&str]) {
        for key in table.keys() {
            if !known.contains(&key.get_ref().as_ref()) {
                let help = format!("known here: {}", known.join(", "));
                self.fault(key.span().start, format!("unknown key `{}`", key.get_ref()), Some(&help));
            }
        }
    }

    fn text(&mut self, value: &Spanned<DeValue<'_>>, what: &str) -> Option<String> {
        let text = value.get_ref().as_str().map(str::to_owned);
        if text.is_none() {
            self.fault(value.span().start, format!("{what} must be a text in quotes"), None);
        }
        text
    }

    fn texts(&mut self, value: &Spanned<DeValue<'_>>, what: &str) -> Vec<(usize, String)> {
        let Some(items) = value.get_ref().as_array() else {
            self.fault(value.span().start, format!("{what} must be a list of texts"), None);
            return Vec::new();
        };
        items.iter().filter_map(|item| Some((item.span().start, self.text(item, what)?))).collect()
    }

    fn flow(&mut self, name: String, root: &DeTable<'_>) -> Option<Flow> {
        self.only(root, &["about", "intents", "start", "step"]);
        let mut intents = Vec::new();
        if let Some(value) = get(root, "intents") {
            for (at, word) in self.texts(value, "`intents`") {
                match Intent::parse(&word) {
                    Some(intent) => intents.push(intent),
                    None => self.fault(at, format!("unknown intent `{word}`"), None),
                }
            }
        }
        if get(root, "about").is_none() {
            self.fault(0, "a flow needs `about`: one sentence that says what it is for", None);
        }
        let start = match get(root, "start") {
            Some(value) => self.text(value, "`start`")?,
            None => {
                self.fault(0, "a flow needs `start`: the name of its first step", None);
                return None;
            }
        };
        let Some(steps) = get(root, "step").and_then(|value| value.get_ref().as_table()) else {
            self.fault(0, "a flow needs steps: `[step.NAME]`", None);
            return None;
        };
        let mut read = BTreeMap::new();
        for (key, value) in steps {
            let Some(table) = value.get_ref().as_table() else {
                self.fault(key.span().start, "a step is a table: `[step.NAME]`", None);
                continue;
            };
            if let Some(step) = self.step(&name, key, table) {
                read.insert(key.get_ref().to_string(), step);
            }
        }
        Some(Flow { name, file: self.file.path.clone(), intents, start, steps: read })
    }

    fn step(&mut self, flow: &str, key: &Key<'_>, table: &DeTable<'_>) -> Option<Step> {
        let at = key.span().start;
        self.only(table, &["ask", "say", "fetch", "call", "next", "on", "offers"]);
        let verb = self.verb(at, table);
        let next = match get(table, "next") {
            Some(value) => target(flow, &self.text(value, "`next`")?),
            None => Target::End,
        };
        let mut on = BTreeMap::new();
        if let Some(value) = get(table, "on") {
            match value.get_ref().as_table() {
                Some(ways) => {
                    for (way, value) in ways {
                        if let Some(to) = self.text(value, "a way") {
                            on.insert(way.get_ref().to_string(), target(flow, &to));
                        }
                    }
                }
                None => self.fault(value.span().start, "`on` is a table: on.TROUBLE = \"step\"", None),
            }
        }
        let offers = get(table, "offers")
            .map(|value| self.texts(value, "`offers`").into_iter().map(|(_, name)| name).collect())
            .unwrap_or_default();
        Some(Step { line: self.line(at), verb: verb?, next, on, offers })
    }

    fn verb(&mut self, at: usize, table: &DeTable<'_>) -> Option<Verb> {
        let (ask, fetch, call, say) = (get(table, "ask"), get(table, "fetch"), get(table, "call"), get(table, "say"));
        match (ask, fetch, call, say) {
            (Some(ask), None, None, None) => Some(Verb::Ask { by: self.text(ask, "`ask`")? }),
            (None, Some(fetch), None, None) => {
                let mut classes = Vec::new();
                for (at, word) in self.texts(fetch, "`fetch`") {
                    match DataClass::parse(&word) {
                        Some(class) => classes.push(class),
                        None => {
                            self.fault(at, format!("unknown class of data `{word}`"), Some("balances, transactions"))
                        }
                    }
                }
                Some(Verb::Fetch { classes })
            }
            (None, None, Some(call), None) => Some(Verb::Call { name: self.text(call, "`call`")? }),
            (None, None, None, Some(say)) => Some(Verb::Say { text: self.text(say, "`say`")? }),
            _ => {
                let help = "one of: ask, fetch, say, call";
                self.fault(at, "a step does exactly one thing", Some(help));
                None
            }
        }
    }

    fn offers(&mut self, root: &DeTable<'_>) -> Vec<OfferDef> {
        let mut offers = Vec::new();
        for (key, value) in root {
            let Some(table) = value.get_ref().as_table() else {
                self.fault(key.span().start, "an offer is a table: `[NAME]`", None);
                continue;
            };
            offers.extend(self.offer(key, table));
        }
        offers
    }

    fn offer(&mut self, key: &Key<'_>, table: &DeTable<'_>) -> Option<OfferDef> {
        let at = key.span().start;
        self.only(table, &["title", "intent", "slots", "payload"]);
        let (Some(title), Some(intent)) = (get(table, "title"), get(table, "intent")) else {
            self.fault(at, "an offer needs `title` (a text id) and `intent`", None);
            return None;
        };
        let title = self.text(title, "`title`")?;
        let word = self.text(intent, "`intent`")?;
        let Some(known) = Intent::parse(&word) else {
            self.fault(intent.span().start, format!("unknown intent `{word}`"), None);
            return None;
        };
        let slots = match get(table, "slots") {
            Some(slots) => self.slots(slots)?,
            None => Slots::default(),
        };
        let payload = get(table, "payload").and_then(|value| self.text(value, "`payload`"));
        let asks = Part { intent: known, slots };
        Some(OfferDef { name: key.get_ref().to_string(), title, asks, payload, line: self.line(at) })
    }

    fn slots(&mut self, value: &Spanned<DeValue<'_>>) -> Option<Slots> {
        let text = self.file.text.get(value.span()).unwrap_or_default();
        let read = text.parse::<toml::Table>().or_else(|_| format!("slots = {text}").parse::<toml::Table>());
        let slots = read.map_err(|error| error.message().to_owned()).and_then(|table| {
            let inner = table.get("slots").cloned().unwrap_or(toml::Value::Table(table));
            Slots::deserialize_strictly(inner)
        });
        slots.map_err(|message| self.fault(value.span().start, format!("bad slots: {message}"), None)).ok()
    }
}

impl Slots {
    /// Reads slots as a flow file gives them; a key that is no slot is a mistake.
    fn deserialize_strictly(value: toml::Value) -> Result<Self, String> {
        let keys: Vec<String> = value.as_table().map(|table| table.keys().cloned().collect()).unwrap_or_default();
        let slots: Self = value.try_into().map_err(|error: toml::de::Error| error.message().to_owned())?;
        let read = serde_json::to_value(&slots).map_err(|error| error.to_string())?;
        match keys.iter().find(|key| read.get(key.as_str()).is_none()) {
            Some(unknown) => Err(format!("`{unknown}` is no slot, or says nothing")),
            None => Ok(slots),
        }
    }
}

fn get<'t, 'i>(table: &'t DeTable<'i>, key: &str) -> Option<&'t Spanned<DeValue<'i>>> {
    table.iter().find(|(name, _)| name.get_ref() == key).map(|(_, value)| value)
}

/// Reads `step`, `flow.step`, `end` and `again`.
fn target(flow: &str, text: &str) -> Target {
    match text.split_once('.') {
        _ if text == "end" => Target::End,
        _ if text == "again" => Target::Again,
        Some((flow, step)) => Target::Step { flow: flow.to_owned(), step: step.to_owned() },
        None => Target::Step { flow: flow.to_owned(), step: text.to_owned() },
    }
}
