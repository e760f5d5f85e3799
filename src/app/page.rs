//! What a page of this bot shows around a conversation, in the words of `bot-flows/`. `page apply` sets it on a real
//! page, and the demo on its local one, by the same calls.

use jiff::tz::TimeZone;

use crate::app::Content;
use crate::channel::messenger::profile::{self, Graph, Profile, Tap};
use crate::domain::say::Say;
use crate::flow::texts::Reader;

/// The payload of the Get Started button, which is no entry of the menu.
const GET_STARTED: &str = "GET_STARTED";

/// The profile that a page should have. The menu holds every standing offer, in the order of `offers.toml`; those that
/// are also put as a question (a text `ask-…`) are the ice breakers.
pub fn wanted(content: &Content, locale: &str, zone: &TimeZone) -> Profile {
    let now = jiff::Timestamp::UNIX_EPOCH.to_zoned(zone.clone());
    let word = |id: &str| content.texts.render(&Say::new(id), &Reader { locale, now: &now, masked: false });
    let standing: Vec<(&str, &str)> = content.flows.standing().filter(|(payload, _)| *payload != GET_STARTED).collect();
    let menu = standing.iter().map(|(payload, title)| tap(word(title), payload)).collect();
    let question = |payload: &str| format!("ask-{}", payload.to_lowercase().replace('_', "-"));
    let asked = standing.iter().filter(|(payload, _)| content.texts.has(locale, &question(payload)));
    let ice_breakers = asked.map(|(payload, _)| tap(word(&question(payload)), payload)).collect();
    // One language is shipped so far, so it is the one for everybody.
    let default = || "default".to_owned();
    Profile::wanted(
        [(default(), word("page-greeting"))].into(),
        [(default(), ice_breakers)].into(),
        [(default(), menu)].into(),
    )
}

fn tap(title: String, payload: &str) -> Tap {
    Tap { title, payload: payload.to_owned() }
}

/// Makes a page as it should be.
pub async fn apply(graph: &dyn Graph, page: &str, app_id: Option<&str>, wanted: &Profile) -> Result<(), String> {
    let changes = profile::fetch(graph, page, app_id).await?.changes_to(wanted);
    profile::apply(graph, page, wanted, &changes).await
}
