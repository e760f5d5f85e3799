//! Setup lines (`@ key value`): how the world stands before somebody writes.

use crate::app::Bot;
use crate::app::local::WorldProfiles;
use crate::domain::message::Conversation;
use crate::flow::dialogue::Settings;
use crate::replay::evidence;
use crate::replay::script::{self, Setup};
use crate::sandbox::Sandbox;
use crate::sandbox::world::PersonId;

/// Setup that this version cannot stage: sessions, the question before linking, hidden amounts, offers.
pub(super) fn is_later(setup: &Setup) -> bool {
    match setup.key.as_str() {
        "session" => setup.value != "live" && setup.value != "none",
        "asked" => true,
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
    evidence::keep_settings(bot, &whose, Settings { masked, ..Settings::default() }).await
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
