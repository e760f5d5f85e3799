//! A thread goes to people and comes back: what the platform says about it, what the bot does, and what a crash or a
//! refusal in the middle leaves behind. The whole product runs here, on a clock that stands still.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use balancebot::app::Content;
use balancebot::app::local::{self, LocalGround, LocalWorld, Wires, WorldProfiles};
use balancebot::clock::{Clock, WorldClock};
use balancebot::domain::access::AccessKind;
use balancebot::domain::fault::Source;
use balancebot::privacy::seal::Keyring;
use balancebot::sandbox::Sandbox;
use balancebot::sandbox::messenger::{Faults, Mark};
use balancebot::sandbox::world::World;
use balancebot::store::sqlite::SqliteStore;

const MAYA: &str = "maya";

struct Stage {
    local: LocalWorld,
    clock: Arc<WorldClock>,
    mark: Mark,
}

/// Maya's world, with somebody at the desk.
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

    async fn desk_says(&mut self, text: &str) -> String {
        self.local.messenger.desk_says(MAYA, text).await.expect("maya");
        self.settle().await
    }

    async fn log(&self) -> Vec<AccessKind> {
        let conversation = self.local.messenger.conversation(MAYA).expect("maya");
        let log = self.local.bot.turn.store.access_log(&conversation).await.expect("a log");
        log.iter().map(|entry| entry.kind).collect()
    }
}

#[tokio::test(start_paused = true)]
async fn somebody_who_writes_in_the_inbox_silences_the_bot_until_they_are_long_gone() {
    let mut stage = stage().await;
    assert!(stage.say("balance of savings").await.contains("$8,450.00"));
    assert_eq!(stage.desk_says("Hi Maya, this is Ana. Let me look.").await, "");
    assert_eq!(stage.say("balance of savings").await, "");
    stage.clock.skip(Duration::from_secs(23 * 3600));
    assert_eq!(stage.desk_says("All done, I think?").await, "");
    stage.clock.skip(Duration::from_secs(23 * 3600));
    assert_eq!(stage.say("balance of savings").await, "", "23 hours after their last word");
    stage.clock.skip(Duration::from_secs(3600));
    let said = stage.say("balance of savings").await;
    assert!(said.contains("automated assistant"), "{said}");
    assert!(!said.contains("$8,450.00"), "and figures wait until the person has shown again that it is them: {said}");
    assert!(stage.log().await.contains(&AccessKind::HandedOver) && stage.log().await.contains(&AccessKind::Returned));
}

#[tokio::test(start_paused = true)]
async fn the_inbox_gets_the_thread_after_the_last_word_and_no_sign_follows() {
    let mut stage = stage().await;
    stage.say("what did i spend on groceries this month").await;
    let said = stage.say("talk to a human").await;
    assert!(said.contains("5 minutes"), "{said}");
    let messenger = &stage.local.messenger;
    assert!(messenger.at_desk(MAYA).expect("maya"));
    let passed = messenger.passed(MAYA).expect("maya");
    let note = passed[0].metadata.as_deref().expect("a note");
    assert_eq!(note, "The person asked for a human. The last question to the bot was about spending.");
    let signs = messenger.mark(MAYA).expect("maya");
    assert_eq!(stage.say("are you there? my pin is 4431").await, "");
    assert_eq!(stage.local.messenger.signals_since(MAYA, signs).expect("maya"), [], "no typing for a thread of others");
    stage.local.messenger.desk_returns(MAYA).await.expect("they have it");
    let said = stage.settle().await;
    assert!(said.contains("I'm back") && said.contains("bot"), "{said}");
    assert!(stage.say("balance of savings").await.contains("$8,450.00"));
}

#[tokio::test(start_paused = true)]
async fn a_thread_that_the_platform_does_not_take_comes_back_with_words() {
    let mut stage = stage().await;
    stage.local.messenger.set_faults(Faults { keeps_threads: true, ..Faults::default() });
    let said = stage.say("talk to a human").await;
    assert!(said.contains("passing you to a person") && said.contains("I couldn't reach our team"), "{said}");
    assert!(said.contains("+1-555-0190"), "{said}");
    assert!(!stage.local.messenger.at_desk(MAYA).expect("maya"));
    assert!(stage.say("balance of savings").await.contains("$8,450.00"), "the bot is there again");
}

#[tokio::test(start_paused = true)]
async fn a_crash_between_the_words_and_the_thread_loses_neither() {
    let mut stage = stage().await;
    stage.local.messenger.say(MAYA, "talk to a human").await.expect("maya");
    let turn = Arc::clone(&stage.local.bot.turn);
    assert!(turn.run_one("dies").await.expect("a turn"), "thought and committed");
    assert!(!stage.local.messenger.at_desk(MAYA).expect("maya"), "and nothing is sent yet");
    // Whoever thought is gone; another process finds what is in the store.
    let said = stage.settle().await;
    assert!(said.contains("passing you to a person"), "{said}");
    assert!(stage.local.messenger.at_desk(MAYA).expect("maya"));
    assert_eq!(stage.say("hello?").await, "");
}

#[tokio::test(start_paused = true)]
async fn an_uncertain_pass_is_repeated_and_a_limit_waits() {
    let mut stage = stage().await;
    stage.local.messenger.say(MAYA, "talk to a human").await.expect("maya");
    assert!(stage.local.bot.turn.run_one("one").await.expect("a turn"));
    stage.local.messenger.set_faults(Faults { rate_limited: true, ..Faults::default() });
    stage.settle().await;
    assert!(!stage.local.messenger.at_desk(MAYA).expect("maya"));
    stage.local.messenger.set_faults(Faults::default());
    stage.clock.skip(Duration::from_secs(120));
    stage.settle().await;
    assert!(stage.local.messenger.at_desk(MAYA).expect("maya"), "it was not lost");
}
