//! Plays one transcript: a world, a sandbox, a Messenger and a bot in one process, on a clock that stands still.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use http::StatusCode;

use crate::app::local::{self, LocalGround, LocalWorld, Secrets, Wires, WorldProfiles};
use crate::app::{Bot, Content};
use crate::channel::Signal;
use crate::clock::{Clock, WorldClock, later};
use crate::domain::access::{AccessEntry, AccessKind};
use crate::domain::fault::{Fault, Source};
use crate::domain::link::Link;
use crate::domain::message::Conversation;
use crate::flow::dialogue::Dialogue;
use crate::privacy::seal::Keyring;
use crate::replay::Options;
use crate::replay::effect::Effect;
use crate::replay::evidence::{self, Logged};
use crate::replay::golden::{bless, exact, shown};
use crate::replay::judge::{Reply, Verdict};
use crate::replay::mortal::{Death, Mortal};
use crate::replay::report::{Failure, FileReport};
use crate::replay::script::{self, Expect, Input, Kind, Script, Setup, Turn};
use crate::replay::setup::{asked, relink, report_as, rest, settle, switch};
use crate::sandbox::Sandbox;
use crate::sandbox::messenger::{LocalMessenger, Tapped};
use crate::sandbox::world::{PersonId, World};
use crate::store::{Store, StoreError, sqlite::SqliteStore};
use crate::turn::Seen;

mod around;
mod happening;

/// Longest that what a dead process left behind may wait for another: leases end within a minute, and an echo that is
/// waited for comes or does not within another.
const LEFT_BEHIND_MAX: Duration = Duration::from_secs(180);

/// Plays a file and judges it.
pub(super) async fn play(
    path: String,
    source: &Source,
    script: &Script,
    world: World,
    content: &Content,
    options: &Options,
) -> FileReport {
    let mut report = FileReport { path, turns: script.turns.len(), ..FileReport::default() };
    let mut stage = match Stage::set_up(source, script, world, content, options).await {
        Ok(stage) => stage,
        Err(faults) => return FileReport::unreadable(report.path, &faults),
    };
    report.stand_ins = std::mem::take(&mut stage.stand_ins);
    let mut blessed: BTreeMap<usize, Vec<String>> = BTreeMap::new();
    for turn in &script.turns {
        if let Err(message) = stage.before(&turn.before).await {
            report.error = Some(Fault::new(&source.path, turn.line, message).to_string());
            return report;
        }
        if stage.is_later {
            report.unsupported += turn.expects.len();
            continue;
        }
        match stage.play(turn).await {
            Err(message) => {
                report.failed += 1;
                report.failures.push(Failure {
                    line: turn.line,
                    kind: "event",
                    expected: shown(turn),
                    got: message,
                    input: shown(turn),
                });
            }
            Ok(reply) => {
                stage.judge(turn, &reply, content, &mut report);
                report.replies.push(format!("{}\n[{}]", reply.text(), reply.titles().join("] [")));
                report.covered.extend(reply.covered());
                report.intents.extend(reply.parts.iter().map(|part| part.intent));
                blessed.insert(turn.line, reply.bubbles.iter().map(|bubble| bubble.text.clone()).collect());
            }
        }
    }
    if stage.mortal.is_doomed() {
        report.error = Some(format!("{}: the process was to die in a turn, and none came to that point", source.path));
    }
    if options.bless {
        report.blessed = bless(source, script, &blessed);
    }
    report
}

/// How long a session may rest before the person must show again that it is them, as transcripts have it.
const SESSION: jiff::SignedDuration = jiff::SignedDuration::from_mins(15);

/// One world with everybody in it.
struct Stage<'c> {
    content: &'c Content,
    clock: Arc<WorldClock>,
    sandbox: Arc<Sandbox>,
    messenger: LocalMessenger,
    bot: Bot,
    /// What the bot stands on; it outlives the process.
    ground: LocalGround,
    /// The same store, as the process sees it.
    mortal: Arc<Mortal>,
    secrets: Secrets,
    seen: Arc<Mutex<Vec<Seen>>>,
    /// Who speaks.
    speaker: PersonId,
    /// What each person was told last.
    told: BTreeMap<PersonId, String>,
    /// The ids of all bubbles so far.
    sent: BTreeSet<String>,
    /// Expectations for every reply.
    always: Vec<Expect>,
    /// What the platform tells of each person.
    profiles: Arc<WorldProfiles>,
    /// The file has come to something that this version cannot do: whatever follows is unsupported.
    is_later: bool,
    /// Banks that speak another dialect than the world wants.
    stand_ins: Vec<String>,
}

impl<'c> Stage<'c> {
    async fn set_up(
        source: &Source,
        script: &Script,
        world: World,
        content: &'c Content,
        options: &Options,
    ) -> Result<Self, Vec<Fault>> {
        let fault = |setup: &Setup, message: String| vec![Fault::new(&source.path, setup.line, message)];
        let start = script.setup.iter().find(|setup| setup.key == "now");
        let now = match start {
            Some(setup) => setup.value.parse().map_err(|_| fault(setup, "`@ now` is an RFC 3339 time".to_owned()))?,
            None => world.now,
        };
        let clock = Arc::new(WorldClock::starting_at(now));
        let people: Vec<PersonId> = world.people.iter().map(|person| person.id.clone()).collect();
        let profiles = Arc::new(WorldProfiles::new(&world, true));
        let mut speaker = None;
        let sandbox = Arc::new(Sandbox::new(world, Arc::clone(&clock) as Arc<dyn Clock>));
        let mut always = Vec::new();
        for setup in &script.setup {
            let place = || people.iter().position(|id| Some(id) == speaker.as_ref()).ok_or("name a person first");
            let done: Result<(), String> = match setup.key.as_str() {
                "person" => match people.iter().find(|id| id.as_str() == setup.value) {
                    Some(id) => {
                        speaker = Some(id.clone());
                        Ok(())
                    }
                    None => Err(format!("the world has no person `{}`", setup.value)),
                },
                "locale" | "tz" => place().map_err(str::to_owned).and_then(|place| report_as(&profiles, place, setup)),
                "session" if setup.value == "none" => place()
                    .map(|place| {
                        profiles.change(place, |profile| profile.known = false);
                        let banks = sandbox.world().institutions.iter().map(|institution| institution.bank.id.clone());
                        for (bank, person) in banks.zip(std::iter::repeat(&people[place])) {
                            sandbox.revoke(person, &bank);
                        }
                    })
                    .map_err(str::to_owned),
                "linked" => {
                    place().map_err(str::to_owned).and_then(|place| relink(&sandbox, &people[place], &setup.value))
                }
                "bank" => switch(&sandbox, &setup.value),
                "hours" if !matches!(setup.value.as_str(), "open" | "closed") => {
                    Err("`@ hours` are `open` or `closed`".to_owned())
                }
                "always" => script::always(setup).map(|expect| always.push(expect)),
                _ => Ok(()),
            };
            done.map_err(|message| fault(setup, message))?;
        }
        let speaker = speaker.ok_or_else(|| vec![Fault::new(&source.path, 0, "nobody speaks")])?;

        let store = SqliteStore::in_memory().map_err(|error| vec![Fault::new(&source.path, 0, error.to_string())])?;
        let mortal = Arc::new(Mortal::new(Arc::new(store)));
        let seen = Arc::new(Mutex::new(Vec::new()));
        let witness = Arc::clone(&seen);
        let ground = LocalGround {
            clock: Arc::clone(&clock) as Arc<dyn Clock>,
            store: Arc::clone(&mortal) as Arc<dyn Store>,
            keyring: Arc::new(Keyring::ephemeral()),
            heads: None,
            witness: Some(Arc::new(move |told| witness.lock().unwrap_or_else(PoisonError::into_inner).push(told))),
            dialect: options.dialect,
            staffed: script.setup.iter().rfind(|setup| setup.key == "hours").map(|setup| setup.value == "open"),
        };
        let built = local::build(sandbox, content, Arc::clone(&profiles), ground.clone(), Wires::InProcess).await;
        let LocalWorld { sandbox, messenger, bot, stand_ins, secrets } =
            built.map_err(|error| vec![Fault::new(&source.path, 0, error.to_string())])?;
        for person in &people {
            // They have written before, if not lately: the platform's answer window is open.
            let _ = messenger.open_window(person.as_str());
        }
        let mut place = 0;
        for setup in &script.setup {
            match setup.key.as_str() {
                "person" => place = people.iter().position(|id| id.as_str() == setup.value).unwrap_or(0),
                "mask" | "offers" => {
                    let whose = Conversation::messenger(local::PAGE_ID, local::psid(place));
                    settle(&bot, whose, setup).await.map_err(|message| fault(setup, message))?;
                }
                "session" => {
                    let whose = Conversation::messenger(local::PAGE_ID, local::psid(place));
                    let done = rest(&bot, whose, &setup.value).await;
                    done.map_err(|message| fault(setup, message))?;
                }
                "asked" => {
                    let asked = async {
                        messenger
                            .say(people[place].as_str(), &asked(&setup.value)?)
                            .await
                            .map_err(|e| e.to_string())?;
                        local::settle(&bot.turn, &messenger).await.map_err(|error| error.to_string())
                    };
                    asked.await.map_err(|message| fault(setup, message))?;
                }
                _ => {}
            }
        }
        Ok(Self {
            content,
            clock,
            sandbox,
            messenger,
            bot,
            ground,
            mortal,
            secrets,
            seen,
            speaker,
            told: BTreeMap::new(),
            sent: BTreeSet::new(),
            always,
            profiles,
            is_later: false,
            stand_ins: stand_ins.iter().map(ToString::to_string).collect(),
        })
    }

    /// A change of speaker between two turns.
    async fn before(&mut self, setups: &[Setup]) -> Result<(), String> {
        for setup in setups {
            match setup.key.as_str() {
                "person" => {
                    let known = self.sandbox.world().people.iter().find(|person| person.id.as_str() == setup.value);
                    let person = known.ok_or_else(|| format!("the world has no person `{}`", setup.value))?;
                    self.speaker = person.id.clone();
                }
                "bank" => switch(&self.sandbox, &setup.value)?,
                "mask" | "offers" => settle(&self.bot, self.conversation(), setup).await?,
                "locale" | "tz" => report_as(&self.profiles, self.place(), setup)?,
                _ => {}
            }
        }
        Ok(())
    }

    /// The place of the speaker among the world's people.
    fn place(&self) -> usize {
        self.sandbox.world().people.iter().position(|person| person.id == self.speaker).unwrap_or(0)
    }

    fn conversation(&self) -> Conversation {
        Conversation::messenger(local::PAGE_ID, local::psid(self.place()))
    }

    /// What is remembered of the speaker, as the store has it.
    async fn dialogue(&self) -> Result<Dialogue, String> {
        let conversation = self.conversation();
        self.bot.turn.dialogue_of(&conversation).await.map_err(|error| error.to_string())
    }

    /// The speaker's links, as the store has them.
    async fn links(&self) -> Result<Vec<Link>, String> {
        self.bot.turn.links_of(&self.conversation()).await.map_err(|error| error.to_string())
    }

    /// Lets everything run until nothing is left to do. Where the process dies meanwhile, another takes up what it left, as
    /// soon as the time is over for which that one had taken it.
    async fn settle(&mut self) -> Result<(), String> {
        let failed = |error: StoreError| error.to_string();
        let death = tokio::select! {
            biased;
            settled = local::settle(&self.bot.turn, &self.messenger) => return settled.map_err(failed),
            death = self.mortal.died() => death,
        };
        self.restart()?;
        if death == Some(Death::BeforeCommit) {
            // Nobody was told of what was thought.
            self.seen().clear();
        }
        let patience = later(self.clock.now(), LEFT_BEHIND_MAX);
        while self.clock.now() <= patience {
            local::settle(&self.bot.turn, &self.messenger).await.map_err(failed)?;
            if self.bot.turn.store.unsettled(&self.conversation()).await.map_err(failed)? == 0 {
                return Ok(());
            }
            self.clock.skip(Duration::from_secs(1));
        }
        Err("what the process left behind was never finished".to_owned())
    }

    /// The process dies and starts again: all that is left of it is what is in the store.
    fn restart(&mut self) -> Result<(), String> {
        let (ground, profiles) = (self.ground.clone(), Arc::clone(&self.profiles));
        let again = local::awaken(
            &self.sandbox,
            &self.messenger,
            self.content,
            profiles,
            ground,
            &self.secrets,
            Wires::InProcess,
        );
        (self.bot, _) = again.map_err(|error| error.to_string())?;
        Ok(())
    }

    /// Plays one turn.
    async fn play(&mut self, turn: &Turn) -> Result<Reply, String> {
        let person = self.speaker.as_str().to_owned();
        let mark = self.messenger.mark(&person).map_err(|error| error.to_string())?;
        let sent_at = self.clock.now();
        let day_before = self.sandbox.today(&self.speaker);
        let logged = self.access().await?.len();
        let passed = self.messenger.passed(&person).map_err(|error| error.to_string())?.len();
        let before = self.dialogue().await?;
        let links_before = self.links().await?;
        let (linked_before, _) = evidence::banks(&self.bot, &self.sandbox, &self.conversation(), &self.speaker).await?;
        self.sandbox.take_calls();
        self.seen().clear();

        let wants = |effect: fn(&Effect) -> bool| {
            turn.expects.iter().any(|expect| matches!(&expect.kind, Kind::Effect(wanted) if effect(wanted)))
        };
        let logs = wants(|effect| matches!(effect, Effect::Redact | Effect::RefusedSignature)).then(Logged::listen);
        let status = self.input(&turn.input, &person).await?;
        // Between the delivery and the turn: that is when a message lies in the store.
        let mut kept = Vec::new();
        if logs.is_some() {
            kept = evidence::stored(&self.bot, &self.conversation()).await?;
        }
        self.settle().await?;

        let sent = self.messenger.outbox_since(&person, mark).map_err(|error| error.to_string())?;
        let signals = self.messenger.signals_since(&person, mark).map_err(|error| error.to_string())?;
        let mut access = self.access().await?;
        // A log that begins with the receipt of an erasure and did not grow is a new one.
        let is_new = access.len() <= logged && access.first().is_some_and(|entry| entry.kind == AccessKind::Erased);
        let access = if is_new { access } else { access.split_off(logged.min(access.len())) };
        let refused_signature = logs.as_ref().is_some_and(Logged::tells_of_a_refused_signature);
        let mut kept_secret = None;
        if let Some(logs) = logs {
            kept.extend(evidence::stored(&self.bot, &self.conversation()).await?);
            kept.push(logs.text());
            kept.extend(sent.iter().map(|sent| sent.text.clone()));
            let secrets = if let Input::Say(text) = &turn.input { evidence::secrets(text) } else { Vec::new() };
            kept_secret = kept.into_iter().find(|text| secrets.iter().any(|secret| evidence::holds(text, secret)));
        }
        let still_kept = if wants(|effect| matches!(effect, Effect::Erased)) {
            evidence::kept(&self.bot, &self.sandbox, &self.conversation(), &self.speaker).await?
        } else {
            None
        };
        let closed = |kind: AccessKind| access.iter().filter(move |entry| entry.kind == kind);
        let dialogue = self.dialogue().await?;
        let links = self.links().await?;
        let consents = evidence::consents(&links_before, &links);
        let locked = (before.locked, dialogue.locked);
        let rested = before.last_active.is_some_and(|at| sent_at.duration_since(at) >= SESSION);
        let (before, settings) = (before.settings, dialogue.settings);
        let (linked, cached) = evidence::banks(&self.bot, &self.sandbox, &self.conversation(), &self.speaker).await?;
        let seen = self.seen().clone();
        let reply = Reply {
            sent_at,
            status: status.map_or(0, |status| status.as_u16()),
            bubbles: sent
                .iter()
                .filter(|sent| sent.image.is_none())
                .map(|sent| evidence::bubble(&self.bot, sent))
                .collect(),
            pictures: sent.iter().filter_map(|sent| evidence::shown(&self.bot, sent)).collect(),
            typing_at: signals.iter().find(|sign| sign.signal == Signal::TypingOn).map(|sign| sign.at),
            fetched: self.sandbox.take_calls().iter().map(|call| call.bank.as_str().to_owned()).collect(),
            read: [AccessKind::Fetched, AccessKind::Reused]
                .into_iter()
                .flat_map(closed)
                .filter_map(|entry| Some(entry.bank.as_ref()?.as_str().to_owned()))
                .collect(),
            answered_at: closed(AccessKind::Fetched).map(|entry| entry.at).max(),
            parts: seen.iter().flat_map(|seen| seen.parts.clone()).collect(),
            said: seen.iter().flat_map(|seen| seen.said.clone()).collect(),
            figures: seen.iter().flat_map(|seen| seen.figures.clone()).collect(),
            voice: seen.last().map(|seen| seen.voice.clone()),
            incomplete: closed(AccessKind::Failed).next().is_some(),
            access,
            lang: settings.lang.clone(),
            masked: settings.masked,
            settings: (before, settings),
            locked,
            rested,
            agreed: [
                evidence::live(&links_before, day_before),
                evidence::live(&links, self.sandbox.today(&self.speaker)),
            ]
            .concat(),
            links: evidence::named(&links_before),
            consents,
            linked: !linked_before.is_empty() || !linked.is_empty(),
            unlinked: linked_before.into_iter().filter(|bank| !linked.contains(bank)).collect(),
            cached,
            before: self.told.get(&self.speaker).cloned(),
            passed: self.messenger.passed(&person).map_err(|error| error.to_string())?.split_off(passed),
            kept_secret,
            refused_signature,
            still_kept,
        };
        if !reply.bubbles.is_empty() {
            self.told.insert(self.speaker.clone(), reply.text());
        }
        Ok(reply)
    }

    fn seen(&self) -> std::sync::MutexGuard<'_, Vec<Seen>> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn access(&self) -> Result<Vec<AccessEntry>, String> {
        self.bot.turn.store.access_log(&self.conversation()).await.map_err(|error| error.to_string())
    }

    /// Makes the input happen; `None` when no delivery was made.
    async fn input(&mut self, input: &Input, person: &str) -> Result<Option<StatusCode>, String> {
        let messenger = &self.messenger;
        let unsaid = |error: crate::sandbox::messenger::Unsaid| error.to_string();
        Ok(match input {
            Input::Say(text) => messenger.say(person, text).await.map_err(unsaid)?,
            Input::Tap(title) => {
                let offered = messenger.offered(person).map_err(unsaid)?;
                let Some(wanted) = offered.iter().find(|offered| title.fits(offered)) else {
                    return Err(format!("nothing offered fits; offered: {}", offered.join(", ")));
                };
                match messenger.tap(person, wanted).await.map_err(unsaid)? {
                    Tapped::Delivered(status) => status,
                    _ => None,
                }
            }
            Input::Event(event) => return self.event(event, person).await,
        })
    }

    /// Judges a reply. A turn whose expected readings have no flow yet is unsupported, whatever came back.
    fn judge(&mut self, turn: &Turn, reply: &Reply, content: &Content, report: &mut FileReport) {
        let is_later = turn.expects.iter().any(|expect| match &expect.kind {
            Kind::Reading(parts) => {
                parts.iter().any(|part| !part.intents.iter().any(|intent| content.flows.handles(*intent)))
            }
            _ => false,
        });
        if is_later {
            // The conversation would have gone another way from here.
            self.is_later = true;
            report.unsupported += turn.expects.len();
            return;
        }
        let around = self.around(turn, reply);
        let input = shown(turn);
        let mut fail = |line: usize, kind: &'static str, expected: String, got: String| {
            report.failed += 1;
            report.failures.push(Failure { line, kind, expected, got, input: input.clone() });
        };
        let mut passed = 0;
        let mut unsupported = 0;
        let exact: Vec<&str> = turn.expects.iter().filter_map(|expect| exact(expect)).collect();
        for expect in turn.expects.iter().chain(self.always.iter().filter(|_| !reply.bubbles.is_empty())) {
            match reply.judge(expect, &exact) {
                Verdict::Passed => passed += 1,
                Verdict::Unsupported => unsupported += 1,
                Verdict::Failed { kind, expected, got } => fail(expect.line, kind, expected, got),
            }
        }
        let silent = turn.expects.iter().any(|expect| expect.text == "no reply");
        if matches!(turn.input, Input::Say(_) | Input::Tap(_)) && reply.bubbles.is_empty() && !silent {
            fail(turn.line, "effect", "a reply".to_owned(), "nothing was sent".to_owned());
        }
        for breach in reply.breaches(&around) {
            fail(turn.line, "invariant", breach, reply.text());
        }
        report.passed += passed;
        report.unsupported += unsupported;
    }
}
