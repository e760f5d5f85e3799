//! Setup lines (`@ key value`): how the world stands before somebody writes.

use crate::app::Bot;
use crate::app::local::WorldProfiles;
use crate::domain::message::Conversation;
use crate::flow::dialogue::{Dialogue, Settings};
use crate::replay::evidence;
use crate::replay::script::{self, Setup};
use crate::sandbox::Sandbox;
use crate::sandbox::world::PersonId;

/// Setup that this version cannot stage: offers.
pub(super) fn is_later(setup: &Setup) -> bool {
    match setup.key.as_str() {
        "offers" => setup.value != "off",
        _ => false,
    }
}

/// `@ mask`: whether the person has had amounts hidden earlier.
pub(super) async fn hide(bot: &Bot, whose: Conversation, setup: &Setup) -> Result<(), String> {
    let masked = match setup.value.as_str() {
        "on" => true,
        "off" => return Ok(()),
        other => return Err(format!("`@ mask` is `on` or `off`, not `{other}`")),
    };
    let settings = Settings { masked, ..Settings::default() };
    evidence::keep_dialogue(bot, &whose, Dialogue { settings, ..Dialogue::default() }).await
}

/// `@ session expired` and `@ session locked`: how the conversation was left.
pub(super) async fn rest(bot: &Bot, whose: Conversation, how: &str) -> Result<(), String> {
    let now = bot.turn.clock.now();
    let dialogue = match how {
        "live" | "none" => return Ok(()),
        "expired" => {
            let idle = bot.turn.limits.session.as_secs().saturating_add(60);
            let ago = jiff::SignedDuration::from_secs(i64::try_from(idle).unwrap_or(i64::MAX));
            let last = now.checked_sub(ago).map_err(|error| error.to_string())?;
            Dialogue { last_active: Some(last), disclosed: true, ..Dialogue::default() }
        }
        "locked" => Dialogue { last_active: Some(now), locked: true, disclosed: true, ..Dialogue::default() },
        other => return Err(format!("`@ session` is live, expired, locked or none, not `{other}`")),
    };
    evidence::keep_dialogue(bot, &whose, dialogue).await
}

/// The text of `@ asked`, without its quotation marks.
pub(super) fn asked(value: &str) -> Result<String, String> {
    let inside = value.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
    inside.map(str::to_owned).ok_or_else(|| "`@ asked` needs a text in quotation marks".to_owned())
}

/// `@ locale` and `@ tz`: what the platform tells of a person.
pub(super) fn report_as(profiles: &WorldProfiles, place: usize, setup: &Setup) -> Result<(), String> {
    if setup.key == "locale" {
        profiles.change(place, |profile| profile.locale.clone_from(&setup.value));
        return Ok(());
    }
    let zone = jiff::tz::TimeZone::get(&setup.value).map_err(|_| format!("`{}` is no time zone", setup.value))?;
    profiles.change(place, |profile| profile.zone = zone);
    Ok(())
}

/// `@ linked`: only these links stand.
pub(super) fn relink(sandbox: &Sandbox, person: &PersonId, banks: &str) -> Result<(), String> {
    let wanted: Vec<&str> = banks.split_whitespace().filter(|bank| *bank != "none").collect();
    let known: Vec<_> = sandbox.world().institutions.iter().map(|institution| institution.bank.id.clone()).collect();
    if let Some(unknown) = wanted.iter().find(|bank| !known.iter().any(|id| id.as_str() == **bank)) {
        return Err(format!("the world has no bank `{unknown}`"));
    }
    for bank in &known {
        if wanted.contains(&bank.as_str()) {
            sandbox.grant(person, bank);
        } else {
            sandbox.revoke(person, bank);
        }
    }
    Ok(())
}

/// `@ bank ID CHANGE`
pub(super) fn switch(sandbox: &Sandbox, value: &str) -> Result<(), String> {
    let (bank, change) = value.split_once(' ').ok_or("`@ bank` needs a bank and what happens to it")?;
    sandbox.switch(&bank.into(), script::switch(change)?).map_err(|error| error.to_string())
}
