//! Orders that a bank is not read, or may be again: taken, kept in the store, and obeyed by every node that shares it. The
//! node that takes one obeys at once, the others as soon as they look, which they do twice a second.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use aws_lc_rs::signature::{ED25519, UnparsedPublicKey};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use jiff::Timestamp;
use serde::Deserialize;
use sha2::{Digest, Sha256};
use tokio_util::sync::CancellationToken;

use crate::bank::ask::{AccessSink, Sources};
use crate::clock::later;
use crate::domain::{
    access::AccessEntry,
    bank::BankId,
    link::Link,
    message::Conversation,
    stop::{Order, OrderedBy, Wanted, Whom},
};
use crate::store::{Ordered, StoreError};
use crate::turn::Turn;

/// How often a node looks for stops that others took.
const LOOK_EVERY: Duration = Duration::from_millis(500);
/// How far an order's own time may be from ours: what is older was kept back by somebody.
const AGE_MAX: Duration = Duration::from_secs(5 * 60);
/// Longest id of an order, and of a customer.
const ID_MAX: usize = 128;

/// The banks' public Ed25519 keys.
pub type OrderKeys = BTreeMap<BankId, [u8; 32]>;

/// Why a bank's order is not obeyed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// There is no such bank, or it has no key.
    #[error("no orders are taken for this bank")]
    NoKey,
    /// The signature is missing, or not this bank's over these bytes.
    #[error("the signature does not fit")]
    Forged,
    /// It cannot be read.
    #[error("the order cannot be read: {0}")]
    Malformed(String),
    /// Its time is not the present, or a later order has been given.
    #[error("the order is too old, or overtaken by a later one")]
    Old,
    /// Its id belongs to another order.
    #[error("another order has this id")]
    Another,
    /// The store cannot be used.
    #[error("orders cannot be kept at the moment")]
    Store,
}

/// A bank's order as it is written.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    order: Verb,
    /// The customer's id at the bank; without one everyone is meant.
    #[serde(default)]
    person: Option<String>,
    id: String,
    at: Timestamp,
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Verb {
    Stop,
    Resume,
}

impl Turn {
    /// What questions of a conversation are answered with.
    pub(super) fn sources<'a>(&'a self, of: &'a Conversation, log: &'a dyn AccessSink) -> Sources<'a> {
        Sources { banks: &self.banks, cache: &self.cache, clock: self.clock.as_ref(), log, stops: &self.stops, of }
    }

    /// Takes a bank's own order, if the bank has signed it: `signature` is Ed25519 over the body as it came, in base64.
    ///
    /// # Errors
    /// Why it is not obeyed.
    pub async fn take_order(&self, bank: &BankId, signature: &str, body: &[u8]) -> Result<Order, Refused> {
        let key = self.order_keys.get(bank).ok_or(Refused::NoKey)?;
        let signature = BASE64.decode(signature.trim()).map_err(|_| Refused::Forged)?;
        UnparsedPublicKey::new(&ED25519, key).verify(body, &signature).map_err(|_| Refused::Forged)?;
        let order = read(bank, body)?;
        let now = self.clock.now();
        if order.at > later(now, AGE_MAX) {
            return Err(Refused::Old);
        }
        let oldest = now.checked_sub(AGE_MAX).unwrap_or(Timestamp::MIN);
        let taken = self.store.order(order.clone(), Some(oldest), now).await;
        let taken = match taken {
            Ok(Ordered::Done | Ordered::Again) => Ok(order),
            Ok(Ordered::Old) => Err(Refused::Old),
            Ok(Ordered::Another) => Err(Refused::Another),
            Err(error) => {
                tracing::error!(bank.id = %bank, store.error = %error, "a bank's order was not kept");
                return Err(Refused::Store);
            }
        };
        // The order is kept: if it cannot be looked up now, the watcher does so in a moment.
        if let Err(error) = self.read_stops().await {
            tracing::warn!(store.error = %error, "stops could not be looked up");
        }
        taken
    }

    /// Takes up the stops that stand in the store: reads that they concern end, and what was read of their banks is
    /// forgotten, when one begins as when one ends.
    ///
    /// # Errors
    /// When the store cannot be used. What stood before still does.
    pub async fn read_stops(&self) -> Result<(), StoreError> {
        let standing = self.store.stops().await?;
        for bank in self.stops.replace(standing) {
            tracing::warn!(bank.id = %bank, "stops of a bank have changed");
            self.cache.drop_bank(&bank);
        }
        Ok(())
    }

    /// Looks for stops that other nodes, or an operator's command, have put into the store.
    pub async fn watch_stops(self: Arc<Self>, rest: CancellationToken) {
        while !rest.is_cancelled() {
            if let Err(error) = self.read_stops().await {
                tracing::warn!(store.error = %error, "stops could not be looked up");
            }
            tokio::select! {
                () = rest.cancelled() => {}
                () = self.clock.sleep(LOOK_EVERY) => {}
            }
        }
    }

    /// The orders about a person's banks: those about everyone, and about them.
    ///
    /// # Errors
    /// When the store cannot be used.
    pub async fn orders_about(&self, of: &Conversation, links: &[Link]) -> Result<Vec<AccessEntry>, StoreError> {
        let mut orders = Vec::new();
        for link in links {
            for whom in Whom::of(of, link) {
                orders.extend(self.store.access_log(&Order::log(&link.bank, whom)).await?);
            }
        }
        Ok(orders)
    }
}

/// A person's log with orders in it, in the order of time.
pub fn with_orders(mut log: Vec<AccessEntry>, orders: Vec<AccessEntry>) -> Vec<AccessEntry> {
    log.extend(orders);
    log.sort_by_key(|entry| entry.at);
    log
}

fn read(bank: &BankId, body: &[u8]) -> Result<Order, Refused> {
    let Written { order, person, id, at } =
        serde_json::from_slice(body).map_err(|error| Refused::Malformed(error.to_string()))?;
    let is_id = |text: &str| (1..=ID_MAX).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic());
    if !is_id(&id) || !person.as_deref().is_none_or(is_id) {
        return Err(Refused::Malformed(format!("`id` and `person` are 1 to {ID_MAX} visible ASCII characters")));
    }
    Ok(Order {
        id,
        wanted: match order {
            Verb::Stop => Wanted::Stop,
            Verb::Resume => Wanted::Resume,
        },
        whom: person.map_or(Whom::Everyone, |person| Whom::customer(bank, &person)),
        bank: bank.clone(),
        by: OrderedBy::Bank,
        at,
        reason: None,
        digest: Sha256::digest(body).into(),
    })
}
