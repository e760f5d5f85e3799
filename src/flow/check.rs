//! Checks flows as a compiler would, before a single message is answered with them.

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::{fault::Fault, purpose::DataClass};
use crate::flow::load::Loaded;
use crate::flow::model::{ACTS, CallDef, FALLBACK, FETCH_TROUBLES, Flow, LOCKED, PROVIDED, Step, Target, Verb};
use crate::flow::texts::{LAST_RESORT, Texts};
use crate::flow::translation;

/// Longest title on a button or chip, in characters (Messenger's limit).
pub const TITLE_MAX: usize = 20;

/// Everything that is wrong with a set of flows.
pub(super) fn check(loaded: &Loaded, texts: &Texts, computations: &[CallDef]) -> Vec<Fault> {
    let mut checker = Checker { loaded, texts, computations, faults: Vec::new() };
    checker.offers();
    checker.intents();
    for flow in &loaded.flows {
        checker.flow(flow);
    }
    checker.reached();
    checker.faults.extend(translation::check(texts));
    checker.faults
}

struct Checker<'a> {
    loaded: &'a Loaded,
    texts: &'a Texts,
    computations: &'a [CallDef],
    faults: Vec<Fault>,
}

impl Checker<'_> {
    fn fault(&mut self, file: &str, line: usize, message: String) {
        self.faults.push(Fault::new(file, line, message));
    }

    fn call(&self, name: &str) -> Option<CallDef> {
        ACTS.iter().chain(self.computations).find(|call| call.name == name).copied()
    }

    fn find(&self, flow: &str, step: &str) -> Option<&Step> {
        self.loaded.flows.iter().find(|known| known.name == flow)?.steps.get(step)
    }

    /// Titles exist, and payloads are unique.
    fn offers(&mut self) {
        let mut payloads = BTreeSet::new();
        for offer in &self.loaded.offers {
            let file = "bot-flows/offers.toml";
            self.text(file, offer.line, &offer.title, &[]);
            if let Some(payload) = &offer.payload
                && !payloads.insert(payload)
            {
                self.fault(file, offer.line, format!("the payload `{payload}` is used twice"));
            }
        }
    }

    /// An intent begins one flow.
    fn intents(&mut self) {
        if !self.loaded.flows.iter().any(|flow| flow.name == FALLBACK) {
            self.fault(
                "bot-flows",
                0,
                format!("the flow `{FALLBACK}` is missing: intents without a flow of their own go there"),
            );
        }
        let mut begun = BTreeMap::new();
        for flow in &self.loaded.flows {
            for intent in &flow.intents {
                if let Some(other) = begun.insert(*intent, &flow.name) {
                    self.faults.push(Fault::new(
                        &flow.file,
                        0,
                        format!("the intent `{intent}` begins the flow `{other}` already"),
                    ));
                }
            }
        }
    }

    fn flow(&mut self, flow: &Flow) {
        if !flow.steps.contains_key(&flow.start) {
            self.fault(&flow.file, 0, format!("unknown step `{}` in `start`", flow.start));
        }
        for (name, step) in &flow.steps {
            self.step(flow, name, step);
        }
        self.ends(flow);
    }

    fn step(&mut self, flow: &Flow, name: &str, step: &Step) {
        let ways: Vec<&Target> = std::iter::once(&step.next).chain(step.on.values()).collect();
        for way in ways {
            if let Target::Step { flow: to, step: next } = way
                && self.find(to, next).is_none()
            {
                self.fault(
                    &flow.file,
                    step.line,
                    format!("step `{name}` leads to `{to}.{next}`, which does not exist"),
                );
            }
        }
        for offer in &step.offers {
            if !self.loaded.offers.iter().any(|known| known.name == *offer) {
                self.fault(&flow.file, step.line, format!("unknown offer `{offer}`"));
            }
        }
        match &step.verb {
            Verb::Say { text } => {
                self.text(&flow.file, step.line, text, PROVIDED);
                self.ways(flow, name, step, &[]);
            }
            Verb::Fetch { classes } => {
                if classes.contains(&DataClass::Offers) && classes.len() > 1 {
                    let message = format!("step `{name}` fetches offers along with something else");
                    self.fault(&flow.file, step.line, message);
                }
                for trouble in FETCH_TROUBLES {
                    if !step.on.contains_key(*trouble) {
                        self.fault(
                            &flow.file,
                            step.line,
                            format!("step `{name}` fetches but has no way for `{trouble}`"),
                        );
                    }
                }
                self.ways(flow, name, step, FETCH_TROUBLES);
            }
            Verb::Call { name: call } | Verb::Ask { by: call } => match self.call(call) {
                Some(known) => {
                    self.ways(flow, name, step, known.outcomes);
                    self.fetched(flow, name, step, &known);
                }
                None => self.fault(&flow.file, step.line, format!("unknown call `{call}`")),
            },
        }
    }

    /// What a computation needs is fetched by its flow.
    fn fetched(&mut self, flow: &Flow, name: &str, step: &Step, call: &CallDef) {
        let fetches = |class: &DataClass| {
            let of = |step: &Step| matches!(&step.verb, Verb::Fetch { classes } if classes.contains(class));
            flow.steps.values().any(of)
        };
        for class in call.needs.iter().filter(|class| !fetches(class)) {
            let message = format!(
                "step `{name}` calls `{}`, which needs {}; nothing in this flow fetches them",
                call.name,
                class.word()
            );
            self.fault(&flow.file, step.line, message);
        }
    }

    /// Ways are only for what can happen.
    fn ways(&mut self, flow: &Flow, name: &str, step: &Step, possible: &[&str]) {
        for way in step.on.keys() {
            if !possible.contains(&way.as_str()) {
                let known = if possible.is_empty() { "none".to_owned() } else { possible.join(", ") };
                self.fault(
                    &flow.file,
                    step.line,
                    format!("step `{name}` has a way for `{way}`, which cannot happen (possible: {known})"),
                );
            }
        }
    }

    /// A text exists in English and uses only values that are provided. That the other languages have it too, with the
    /// same values, is checked once for all texts.
    fn text(&mut self, file: &str, line: usize, id: &str, provided: &[&str]) {
        if !self.texts.has(LAST_RESORT, id) {
            self.fault(file, line, format!("the text `{id}` is missing in {LAST_RESORT}"));
        }
        for placeholder in self.texts.placeholders(LAST_RESORT, id) {
            if !provided.contains(&placeholder.as_str()) {
                let uses = format!("the text `{id}` ({LAST_RESORT}) uses `{{ ${placeholder} }}`");
                self.fault(file, line, format!("{uses}, which this step does not provide"));
            }
        }
    }

    /// From every step some path ends: no circle without a way out, and no circle that never asks.
    fn ends(&mut self, flow: &Flow) {
        for (name, step) in &flow.steps {
            let mut seen = BTreeSet::new();
            let mut open = vec![(flow.name.clone(), name.clone())];
            let mut ends = false;
            while let Some((in_flow, at)) = open.pop() {
                if !seen.insert((in_flow.clone(), at.clone())) {
                    continue;
                }
                let Some(step) = self.find(&in_flow, &at) else { continue };
                for way in std::iter::once(&step.next).chain(step.on.values()) {
                    match way {
                        Target::End | Target::Again => ends = true,
                        Target::Step { flow, step } => open.push((flow.clone(), step.clone())),
                    }
                }
            }
            if !ends {
                self.fault(&flow.file, step.line, format!("no path from step `{name}` ever ends"));
            }
        }
    }

    /// Every step is reached from some flow's start.
    fn reached(&mut self) {
        let mut seen = BTreeSet::new();
        let mut open: Vec<(String, String)> = self
            .loaded
            .flows
            .iter()
            .filter(|flow| !flow.intents.is_empty() || flow.name == FALLBACK)
            .map(|flow| (flow.name.clone(), flow.start.clone()))
            .collect();
        let (session, locked) = LOCKED;
        if self.find(session, locked).is_none() {
            let file = self.loaded.flows.first().map(|flow| flow.file.clone()).unwrap_or_default();
            let message = format!("no flow `{session}` with a step `{locked}`: locked conversations lead there");
            self.faults.push(Fault::new(file, 0, message));
        }
        open.push((session.to_owned(), locked.to_owned()));
        while let Some((flow, step)) = open.pop() {
            if !seen.insert((flow.clone(), step.clone())) {
                continue;
            }
            let Some(found) = self.find(&flow, &step) else { continue };
            for way in std::iter::once(&found.next).chain(found.on.values()) {
                if let Target::Step { flow, step } = way {
                    open.push((flow.clone(), step.clone()));
                }
            }
        }
        for flow in &self.loaded.flows {
            for (name, step) in &flow.steps {
                if !seen.contains(&(flow.name.clone(), name.clone())) {
                    self.faults.push(Fault::new(&flow.file, step.line, format!("step `{name}` is never reached")));
                }
            }
        }
    }
}
