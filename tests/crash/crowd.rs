//! The crowd: what people write, and how the platform delivers it over many connections at once: in batches, some
//! twice, with forgeries in between, and again whatever got no 200.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use balancebot::channel::signature;
use balancebot::clock::{Clock, WallClock};
use jiff::Timestamp;
use secrecy::SecretString;
use serde_json::{Value, json};
use tokio::sync::watch;

use crate::dice::Dice;
use crate::ground::{HOLDERS, Taken};

/// The pages that people write to.
pub(crate) const PAGES: [&str; 4] = ["100000000000001", "100000000000002", "100000000000003", "100000000000004"];
/// What deliveries are signed with.
pub(crate) const SECRET: &str = "the app secret of the crash test";
/// What forgers ask for. Nobody else does.
pub(crate) const FORGED_AMOUNT: &str = "999.99";

/// How long the platform waits for an answer, and before it tries again.
const ANSWER_WITHIN: Duration = Duration::from_secs(10);
const TRY_AGAIN: Duration = Duration::from_millis(50);

/// The page that a person writes to.
pub(crate) fn page(person: usize) -> &'static str {
    PAGES[person % PAGES.len()]
}

/// A person's id on their page.
pub(crate) fn psid(person: usize) -> String {
    format!("{}", 7_000_000_000_000_001_usize + person)
}

/// One in ten has linked no bank.
pub(crate) fn is_linked(person: usize) -> bool {
    person % 10 != 9
}

/// The amount that a holder's n-th payment has, and nobody else's.
pub(crate) fn amount(holder: usize, question: usize) -> String {
    format!("{}.{holder:02}", 100 + question)
}

/// One message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Message {
    /// Who writes it.
    pub(crate) person: usize,
    /// Their how many-th.
    pub(crate) number: usize,
}

impl Message {
    /// The amount that it asks for, and that its answer says.
    pub(crate) fn amount(self) -> String {
        amount(self.person % HOLDERS, self.number)
    }

    fn element(self, start: Timestamp) -> Value {
        let mid = format!("m_{}_{}", self.person, self.number);
        element(&mid, self.person, start.as_millisecond() + self.number as i64, &self.amount())
    }
}

fn element(mid: &str, person: usize, at: i64, amount: &str) -> Value {
    json!({
        "sender": {"id": psid(person)}, "recipient": {"id": page(person)}, "timestamp": at,
        "message": {"mid": mid, "text": format!("find the payment of {amount}")},
    })
}

/// The echoes of messages, as one delivery.
pub(crate) fn echoes(taken: &[Taken]) -> Value {
    let echo = |taken: &Taken| {
        let element = json!({
            "sender": {"id": taken.page}, "recipient": {"id": taken.person}, "timestamp": 1_790_000_000_000_i64,
            "message": {"mid": taken.mid, "is_echo": true, "text": taken.text, "metadata": taken.id},
        });
        (taken.page.clone(), element)
    };
    envelope(taken.iter().map(echo))
}

/// Elements in an envelope with one entry a page.
fn envelope(elements: impl Iterator<Item = (String, Value)>) -> Value {
    let mut pages: Vec<(String, Vec<Value>)> = Vec::new();
    for (page, element) in elements {
        match pages.iter_mut().find(|(known, _)| *known == page) {
            Some((_, elements)) => elements.push(element),
            None => pages.push((page, vec![element])),
        }
    }
    let entries = pages.into_iter().map(|(page, messaging)| json!({"id": page, "time": 1, "messaging": messaging}));
    json!({"object": "page", "entry": entries.collect::<Vec<_>>()})
}

/// What a connection has sent.
#[derive(Clone, Default)]
pub(crate) struct Counts {
    /// Messages, each once.
    pub(crate) messages: Vec<Message>,
    /// Elements that were delivered again after they had been acknowledged.
    pub(crate) again: usize,
    /// Deliveries that got no answer and were repeated.
    pub(crate) unanswered: usize,
    /// Forged deliveries that were refused.
    pub(crate) forged: usize,
}

impl std::fmt::Display for Counts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { messages, again, unanswered, forged } = self;
        let messages = messages.len();
        write!(f, "{messages} messages, {again} elements again, {unanswered} tries unanswered, {forged} forged")
    }
}

impl Counts {
    /// Sums up.
    pub(crate) fn add(&mut self, other: Self) {
        self.messages.extend(other.messages);
        self.again += other.again;
        self.unanswered += other.unanswered;
        self.forged += other.forged;
    }
}

/// What all connections share.
#[derive(Clone)]
pub(crate) struct Crowd {
    address: watch::Sender<Option<String>>,
    acknowledged: Arc<AtomicUsize>,
    start: Timestamp,
}

impl Crowd {
    /// People who write to the webhook at `address`, from `start` on.
    pub(crate) fn new(address: &str, start: Timestamp) -> Self {
        let address = watch::Sender::new(Some(address.to_owned()));
        Self { address, acknowledged: Arc::default(), start }
    }

    /// How many messages were acknowledged.
    pub(crate) fn acknowledged(&self) -> usize {
        self.acknowledged.load(Ordering::SeqCst)
    }

    /// The program is about to die.
    pub(crate) fn down(&self) {
        self.address.send_replace(None);
    }

    /// The program serves there now.
    pub(crate) fn up(&self, address: &str) {
        self.address.send_replace(Some(address.to_owned()));
    }

    /// Delivers one body until it is acknowledged.
    pub(crate) async fn deliver(&self, body: Value) {
        Connection::new(self.clone()).deliver(&body.to_string()).await;
    }
}

/// One connection of the platform.
struct Connection {
    crowd: Crowd,
    address: watch::Receiver<Option<String>>,
    client: reqwest::Client,
    unanswered: usize,
}

impl Connection {
    fn new(crowd: Crowd) -> Self {
        let client = reqwest::Client::builder().no_proxy().pool_max_idle_per_host(1).timeout(ANSWER_WITHIN);
        let address = crowd.address.subscribe();
        Self { crowd, address, client: client.build().expect("a client"), unanswered: 0 }
    }

    /// The status of one try; `None` when there was no answer.
    async fn post(&mut self, body: &str, secret: &str) -> Option<u16> {
        let address = self.address.wait_for(Option::is_some).await.expect("the crowd lives").clone();
        let signature = signature::sign(&SecretString::from(secret), body.as_bytes());
        let request = self.client.post(address.expect("waited for")).header("x-hub-signature-256", signature);
        Some(request.body(body.to_owned()).send().await.ok()?.status().as_u16())
    }

    /// Delivers until it is acknowledged, as the platform does.
    async fn deliver(&mut self, body: &str) {
        let clock: &dyn Clock = &WallClock;
        loop {
            match self.post(body, SECRET).await {
                Some(200) => return,
                None | Some(503) => self.unanswered += 1,
                Some(status) => panic!("a signed delivery was answered {status}"),
            }
            clock.sleep(TRY_AGAIN).await;
        }
    }
}

/// The people of one connection, and what is still to be delivered of them.
pub(crate) struct Street {
    people: Vec<usize>,
    /// How many messages each person writes.
    totals: HashMap<usize, usize>,
    dice: Dice,
}

impl Street {
    /// The people of one of `connections`.
    pub(crate) fn new(number: usize, connections: usize, people: usize, messages: usize, seed: u64) -> Self {
        let residents: Vec<usize> = (number..people).step_by(connections).collect();
        let total = |person: usize| messages / people + usize::from(person < messages % people);
        let totals = residents.iter().map(|person| (*person, total(*person))).collect();
        Self { people: residents, totals, dice: Dice::new(seed) }
    }

    /// The next message of a person who still has something to write.
    fn next(&mut self, written: &HashMap<usize, usize>) -> Option<Message> {
        let has_more = |person: &usize| written.get(person).copied().unwrap_or(0) < self.totals[person];
        let open: Vec<usize> = self.people.iter().copied().filter(has_more).collect();
        let person = *open.get(self.dice.between(0, open.len()))?;
        Some(Message { person, number: written.get(&person).copied().unwrap_or(0) })
    }

    /// Delivers everything.
    pub(crate) async fn walk(mut self, crowd: Crowd) -> Counts {
        let mut connection = Connection::new(crowd);
        let start = connection.crowd.start;
        let (mut written, mut counts) = (HashMap::new(), Counts::default());
        let mut first_body = None;
        loop {
            let mut batch = Vec::new();
            for _ in 0..self.dice.between(1, 8) {
                let Some(message) = self.next(&written) else { break };
                *written.entry(message.person).or_insert(0) += 1;
                batch.push(message);
            }
            if batch.is_empty() {
                break;
            }
            let mut elements: Vec<Message> = batch.clone();
            if !counts.messages.is_empty() && self.dice.percent(25) {
                let old = counts.messages[self.dice.between(0, counts.messages.len())];
                elements.insert(self.dice.between(0, elements.len()), old);
                counts.again += 1;
            }
            let elements = elements.iter().map(|m| (page(m.person).to_owned(), m.element(start)));
            let body = envelope(elements).to_string();
            connection.deliver(&body).await;
            connection.crowd.acknowledged.fetch_add(batch.len(), Ordering::SeqCst);
            let size = batch.len();
            counts.messages.extend(batch);
            first_body.get_or_insert((body.clone(), size));
            if self.dice.percent(5) {
                connection.deliver(&body).await;
                counts.again += size;
            }
            if self.dice.percent(5) {
                self.forge(&mut connection, &mut counts).await;
            }
        }
        // From before the first kill, most likely: de-duplication outlives the process.
        if let Some((body, size)) = first_body {
            connection.deliver(&body).await;
            counts.again += size;
        }
        counts.unanswered = connection.unanswered;
        counts
    }

    /// A delivery that is signed by somebody else.
    async fn forge(&mut self, connection: &mut Connection, counts: &mut Counts) {
        let person = self.people[self.dice.between(0, self.people.len())];
        let at = connection.crowd.start.as_millisecond();
        let forged = element(&format!("m_forged_{}", self.dice.next()), person, at, FORGED_AMOUNT);
        let body = envelope(std::iter::once((page(person).to_owned(), forged))).to_string();
        match connection.post(&body, "another secret").await {
            Some(401) => counts.forged += 1,
            None => {}
            Some(status) => panic!("a forged delivery was answered {status}"),
        }
    }
}
