//! `chat`: one made-up person on the terminal. The same bot and world as in `demo`, joined in process.

use std::sync::Arc;

use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::app::Content;
use crate::app::local::{self, LocalGround, LocalWorld, Wires, WorldProfiles};
use crate::clock::{Clock, WorldClock};
use crate::domain::message::Button;
use crate::privacy::seal::Keyring;
use crate::sandbox::Sandbox;
use crate::sandbox::bank::Shape;
use crate::sandbox::messenger::{LocalMessenger, Mark, Sent, Tapped};
use crate::sandbox::world::World;
use crate::store::sqlite::{SqliteStore, Writer};
use crate::turn::{Crew, CrewSize};

/// A conversation that can be gone on with.
pub struct Talk {
    messenger: LocalMessenger,
    person: String,
    stop: CancellationToken,
    crew: TaskTracker,
    _folder: tempfile::TempDir,
}

/// One bubble of a reply.
pub struct Said {
    /// The text.
    pub text: String,
    /// The titles that may be tapped.
    pub titles: Vec<String>,
}

impl Talk {
    /// Begins a conversation with a person of a world.
    pub async fn begin(world: World, person: &str, dialect: Option<Shape>, content: &Content) -> anyhow::Result<Self> {
        let folder = tempfile::Builder::new().prefix("balancebot-").tempdir()?;
        let clock: Arc<dyn Clock> = Arc::new(WorldClock::starting_at(world.now));
        let profiles = Arc::new(WorldProfiles::new(&world, false));
        let sandbox = Arc::new(Sandbox::new(world, Arc::clone(&clock)));
        let ground = LocalGround {
            clock,
            store: Arc::new(SqliteStore::open(&folder.path().join("balancebot.db"), Writer::Thread)?),
            keyring: Arc::new(Keyring::ephemeral()),
            heads: None,
            witness: None,
            dialect,
            staffed: None,
        };
        let LocalWorld { messenger, bot, .. } =
            local::build(sandbox, content, profiles, ground, Wires::InProcess).await?;
        let (stop, crew) = (CancellationToken::new(), TaskTracker::new());
        Crew::start(&bot.turn, CrewSize { workers: 2, senders: 1 }, &crew, &stop);
        Ok(Self { messenger, person: person.to_owned(), stop, crew, _folder: folder })
    }

    /// Says something, or taps a title that is written in brackets, and returns what comes back.
    pub async fn say(&self, line: &str) -> anyhow::Result<Vec<Said>> {
        let mark: Mark = self.messenger.mark(&self.person)?;
        match line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            Some(title) => match self.messenger.tap(&self.person, title).await? {
                Tapped::Delivered(_) => {}
                Tapped::Opens(url) => return Ok(vec![aside(format!("(In Messenger this opens {url})"))]),
                Tapped::Calls(number) => return Ok(vec![aside(format!("(In Messenger this calls {number})"))]),
            },
            None => {
                self.messenger.say(&self.person, line).await?;
            }
        }
        self.messenger.settled(&self.person).await?;
        Ok(self.messenger.outbox_since(&self.person, mark)?.iter().map(said).collect())
    }

    /// Ends it.
    pub async fn end(self) {
        self.stop.cancel();
        self.crew.close();
        self.crew.wait().await;
    }
}

/// What happens on the person's device alone.
fn aside(text: String) -> Said {
    Said { text, titles: Vec::new() }
}

fn said(sent: &Sent) -> Said {
    let chips = sent.quick_replies.iter().map(|chip| chip.title.clone());
    let buttons = sent.buttons.iter().map(Button::title).map(str::to_owned);
    Said { text: sent.text.clone(), titles: chips.chain(buttons).collect() }
}
