//! The stops that stand, as this node knows them. A permit is made of a [`Cleared`] link, which only [`Stops`] gives, and
//! carries what ends it: so no read begins under a stop, and those that run end with it.

use std::sync::Arc;

use tokio::sync::watch;

use crate::domain::{
    bank::BankId,
    link::Link,
    message::Conversation,
    stop::{Stop, Whom},
};

/// The stops that stand.
#[derive(Debug, Default)]
pub struct Stops {
    known: watch::Sender<Arc<Vec<Stop>>>,
}

/// A link that no stop held when it was asked.
#[derive(Debug)]
pub struct Cleared<'a> {
    link: &'a Link,
    watch: Watch,
}

/// Sees when a stop begins to hold.
#[derive(Clone, Debug)]
pub struct Watch {
    known: watch::Receiver<Arc<Vec<Stop>>>,
    bank: BankId,
    whom: Vec<Whom>,
}

impl Stops {
    /// Takes up what stands now: what runs under a permit that a new stop concerns ends at once. Returns the banks of
    /// which something has changed.
    pub fn replace(&self, stops: Vec<Stop>) -> Vec<BankId> {
        let mut changed: Vec<BankId> = Vec::new();
        self.known.send_if_modified(|known| {
            let gone = known.iter().filter(|stop| !stops.contains(stop));
            changed = gone.chain(stops.iter().filter(|stop| !known.contains(stop))).map(|s| s.bank.clone()).collect();
            *known = Arc::new(stops);
            !changed.is_empty()
        });
        changed.sort();
        changed.dedup();
        changed
    }

    /// The link, if it may be read: the stop that holds it, if one does.
    ///
    /// # Errors
    /// The stop: the bank's own before the operator's.
    pub fn clear<'a>(&self, of: &Conversation, link: &'a Link) -> Result<Cleared<'a>, Box<Stop>> {
        let watch = Watch { known: self.known.subscribe(), bank: link.bank.clone(), whom: Whom::of(of, link) };
        match watch.standing() {
            Some(stop) => Err(Box::new(stop)),
            None => Ok(Cleared { link, watch }),
        }
    }
}

impl<'a> Cleared<'a> {
    /// The link.
    pub fn link(&self) -> &'a Link {
        self.link
    }

    /// What sees when this no longer holds.
    pub fn watch(&self) -> Watch {
        self.watch.clone()
    }
}

impl Watch {
    /// The stop that holds now, if one does.
    pub fn standing(&self) -> Option<Stop> {
        holding(&self.known.borrow(), &self.bank, &self.whom)
    }

    /// Returns once a stop holds.
    pub async fn stopped(&self) -> Stop {
        let mut known = self.known.clone();
        let found = known.wait_for(|stops| holding(stops, &self.bank, &self.whom).is_some()).await;
        let found = found.ok().and_then(|stops| holding(&stops, &self.bank, &self.whom));
        match found {
            Some(stop) => stop,
            // Nobody is left who could order one.
            None => std::future::pending().await,
        }
    }
}

fn holding(stops: &[Stop], bank: &BankId, whom: &[Whom]) -> Option<Stop> {
    let holds = |stop: &&Stop| stop.bank == *bank && whom.contains(&stop.whom);
    stops.iter().filter(holds).min_by_key(|stop| (stop.by, stop.since)).cloned()
}
