//! Setup lines (`@ key value`): how the world stands before somebody writes.

use crate::app::Bot;
use crate::app::local::WorldProfiles;
use crate::domain::message::Conversation;
use crate::domain::offer::OffersConsent;
use crate::replay::evidence;
use crate::replay::script::{self, Setup};
use crate::sandbox::Sandbox;
use crate::sandbox::world::PersonId;

/// `@ mask` and `@ offers`: whether the person has had amounts hidden, or agreed to offers, earlier.
pub(super) async fn settle(bot: &Bot, whose: Conversation, setup: &Setup) -> Result<(), String> {
    let on = match setup.value.as_str() {
        "on" => true,
        "off" => false,
        other => return Err(format!("`@ {}` is `on` or `off`, not `{other}`", setup.key)),
    };
    evidence::change_dialogue(bot, &whose, |dialogue| match setup.key.as_str() {
        "mask" => dialogue.settings.masked = on,
        _ => dialogue.settings.offers = on.then_some(OffersConsent { since: bot.turn.clock.now() }),
    })
    .await
}

/// `@ session expired` and `@ session locked`: how the conversation was left.
pub(super) async fn rest(bot: &Bot, whose: Conversation, how: &str) -> Result<(), String> {
    let now = bot.turn.clock.now();
    let (rested, locked) = match how {
        "live" | "none" => return Ok(()),
        "expired" => {
            let idle = bot.turn.limits.session.as_secs().saturating_add(60);
            (jiff::SignedDuration::from_secs(i64::try_from(idle).unwrap_or(i64::MAX)), false)
        }
        "locked" => (jiff::SignedDuration::ZERO, true),
        other => return Err(format!("`@ session` is live, expired, locked or none, not `{other}`")),
    };
    let last = now.checked_sub(rested).map_err(|error| error.to_string())?;
    evidence::change_dialogue(bot, &whose, |dialogue| {
        (dialogue.last_active, dialogue.locked, dialogue.disclosed) = (Some(last), locked, true);
    })
    .await
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
