//! What happens around an alert besides its words: under which purpose banks are read, what waits in the outbox when the
//! person says STOP, how often a bank is looked at, and that a look that never ended is made again.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use balancebot::app::Content;
use balancebot::app::local::{self, LocalGround, LocalWorld, Wires, WorldProfiles};
use balancebot::clock::{Clock, WorldClock, later};
use balancebot::domain::access::{AccessEntry, AccessKind};
use balancebot::domain::fault::Source;
use balancebot::domain::purpose::{DataClass, Purpose};
use balancebot::privacy::seal::Keyring;
use balancebot::sandbox::Sandbox;
use balancebot::sandbox::messenger::{FailNext, Faults, Mark};
use balancebot::sandbox::world::World;
use balancebot::store::sqlite::SqliteStore;

const MAYA: &str = "maya";
const MINUTE: Duration = Duration::from_secs(60);
const HOUR: Duration = Duration::from_secs(3600);

struct Stage {
    local: LocalWorld,
    clock: Arc<WorldClock>,
    mark: Mark,
}

async fn stage() -> Stage {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/worlds/maya.toml");
    let text = std::fs::read_to_string(path).expect("the world");
    let world = World::load(&Source { path: "maya.toml".to_owned(), text }).expect("it loads");
    let clock = Arc::new(WorldClock::starting_at(world.now));
    let profiles = Arc::new(WorldProfiles::new(&world, true));
    let sandbox = Arc::new(Sandbox::new(world, Arc::clone(&clock) as Arc<dyn Clock>));
    let ground = LocalGround {
        clock: Arc::clone(&clock) as Arc<dyn Clock>,
        store: Arc::new(SqliteStore::in_memory().expect("a store")),
        keyring: Arc::new(Keyring::ephemeral()),
        heads: None,
        witness: None,
        dialect: None,
        staffed: Some(true),
    };
    let content = Content::shipped().expect("the shipped content");
    let local = local::build(sandbox, &content, profiles, ground, Wires::InProcess).await.expect("a world");
    Stage { local, clock, mark: Mark::default() }
}

impl Stage {
    /// Everything that the bot said since the last look, once nothing is left to do.
    async fn settle(&mut self) -> String {
        let LocalWorld { bot, messenger, .. } = &self.local;
        local::settle(&bot.turn, messenger).await.expect("it settles");
        let said = messenger.outbox_since(MAYA, self.mark).expect("maya");
        self.mark = messenger.mark(MAYA).expect("maya");
        said.iter().map(|sent| sent.text.clone()).collect::<Vec<_>>().join("\n")
    }

    async fn say(&mut self, text: &str) -> String {
        self.local.messenger.say(MAYA, text).await.expect("maya");
        self.settle().await
    }

    async fn pass(&mut self, time: Duration) -> String {
        self.clock.skip(time);
        self.settle().await
    }

    async fn log(&self) -> Vec<AccessEntry> {
        let conversation = self.local.messenger.conversation(MAYA).expect("maya");
        self.local.bot.turn.store.access_log(&conversation).await.expect("a log")
    }

    /// How many alerts and budgets the store holds.
    async fn kept(&self) -> (usize, usize) {
        let conversation = self.local.messenger.conversation(MAYA).expect("maya");
        let turn = &self.local.bot.turn;
        let settings = turn.dialogue_of(&conversation).await.expect("it opens").settings;
        (settings.alerts.len(), settings.budgets.len())
    }
}

fn fails(count: u32) -> Faults {
    let fail_next = Some(FailNext { count, code: 2, subcode: None, status: 500, is_transient: true });
    Faults { fail_next, ..Faults::default() }
}

#[tokio::test(start_paused = true)]
async fn a_look_is_logged_under_its_own_purpose_and_reads_nothing_else() {
    let mut stage = stage().await;
    stage.say("tell me if joint checking goes under 1000").await;
    assert_eq!(stage.log().await, [], "setting an alert reads nothing");
    let said = stage.pass(2 * MINUTE).await;
    assert!(said.starts_with("Joint Checking ••3305 is under your limit: $940.12"), "{said}");
    let log = stage.log().await;
    let kinds: Vec<AccessKind> = log.iter().map(|entry| entry.kind).collect();
    assert_eq!(kinds, [AccessKind::Opened, AccessKind::Fetched]);
    for entry in &log {
        assert_eq!(entry.purpose, Some(Purpose::Alert));
        assert_eq!(entry.classes, [DataClass::Balances]);
        assert_eq!(entry.bank.as_ref().map(|bank| bank.as_str()), Some("northgate"));
    }
}

#[tokio::test(start_paused = true)]
async fn stop_takes_back_an_alert_that_waits_in_the_outbox() {
    for stops in [true, false] {
        let mut stage = stage().await;
        stage.say("tell me if joint checking goes under 1000").await;
        stage.local.messenger.set_faults(fails(1));
        assert_eq!(stage.pass(2 * MINUTE).await, "", "the platform does not take it");
        stage.local.messenger.set_faults(Faults::default());
        if stops {
            let said = stage.say("STOP").await;
            assert_eq!(said, "All alerts are off. I write only when you write first.");
            assert_eq!(stage.kept().await, (0, 0));
        }
        let said = stage.pass(HOUR).await;
        assert_eq!(said.contains("3305"), !stops, "{said}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_bank_is_looked_at_a_few_times_a_day_and_never_by_night() {
    let mut stage = stage().await;
    stage.say("tell me if joint checking goes under 100").await;
    // The person writes every few hours, so the platform takes messages all the time.
    for hour in 0..48 {
        assert_eq!(stage.pass(HOUR).await, "");
        if hour % 5 == 0 {
            stage.say("thanks").await;
        }
    }
    let opened: Vec<_> = stage.log().await.into_iter().filter(|entry| entry.kind == AccessKind::Opened).collect();
    assert!((6..=8).contains(&opened.len()), "{} looks in two days", opened.len());
    for entry in opened {
        let hour = entry.at.in_tz("America/New_York").expect("a zone").hour();
        assert!((8..21).contains(&hour), "looked at {}", entry.at);
    }
}

#[tokio::test(start_paused = true)]
async fn a_look_that_was_lost_is_made_again() {
    let mut stage = stage().await;
    stage.say("tell me if joint checking goes under 1000").await;
    stage.clock.skip(2 * MINUTE);
    let turn = Arc::clone(&stage.local.bot.turn);
    assert!(turn.rouse().await.expect("a store"));
    assert!(!turn.rouse().await.expect("a store"), "one event a look");
    let claim = turn.claim_one("a worker that dies").await.expect("a store").expect("something waits");
    drop(claim);
    stage.clock.skip(later_than_lease());
    let said = stage.settle().await;
    assert_eq!(said.matches("3305").count(), 1, "{said}");
}

fn later_than_lease() -> Duration {
    balancebot::turn::Limits::default().lease + MINUTE
}

#[tokio::test(start_paused = true)]
async fn people_at_the_desk_are_not_interrupted() {
    let mut stage = stage().await;
    stage.say("tell me if joint checking goes under 1000").await;
    assert!(stage.say("talk to a human").await.contains("5 minutes"));
    assert_eq!(stage.pass(5 * HOUR).await, "");
    stage.local.messenger.desk_returns(MAYA).await.expect("they have it");
    let said = stage.settle().await;
    assert!(said.contains("I'm back") && said.contains("3305 is under your limit"), "{said}");
}

#[tokio::test(start_paused = true)]
async fn forgetting_a_person_forgets_what_they_wanted_to_be_told() {
    let mut stage = stage().await;
    stage.say("tell me if joint checking goes under 1000").await;
    stage.say("set a budget of 300 for groceries").await;
    assert_eq!(stage.kept().await, (1, 1));
    let (turn, now) = (Arc::clone(&stage.local.bot.turn), stage.clock.now());
    let conversation = stage.local.messenger.conversation(MAYA).expect("maya");
    turn.store.forget(&conversation, now).await.expect("a store");
    assert_eq!(stage.kept().await, (0, 0));
    assert_eq!(turn.store.roused(later(now, 100 * HOUR), 9).await.expect("a store"), []);
    assert_eq!(stage.pass(HOUR).await, "");
}
