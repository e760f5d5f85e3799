//! `POST /sandbox/say`: one question to the bot, and everything that it answered. For scripts and tests.

use std::time::Duration;

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use serde::Deserialize;
use serde_json::{Value, json};

use super::thread::Sent;
use super::{LocalMessenger, Tapped, Unsaid, lock};

/// How long the bot may take to settle.
const SETTLES_WITHIN: Duration = Duration::from_secs(30);

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Say {
    person: String,
    text: Option<String>,
    tap: Option<String>,
}

pub(super) async fn say(State(messenger): State<LocalMessenger>, body: bytes::Bytes) -> Response {
    let say: Say = match serde_json::from_slice(&body) {
        Ok(say) => say,
        Err(error) => return problem(StatusCode::BAD_REQUEST, &error.to_string()),
    };
    match messenger.converse(&say).await {
        Ok(response) => response,
        Err(unsaid) => refusal(&unsaid),
    }
}

impl LocalMessenger {
    async fn converse(&self, say: &Say) -> Result<Response, Unsaid> {
        let psid = self.person(&say.person)?.id.clone();
        let turn = self.platform.turns.get(&psid);
        let _alone = match turn {
            Some(turn) => Some(turn.lock().await),
            None => None,
        };
        let mark = self.mark(&psid)?;
        let status = match (&say.text, &say.tap) {
            (Some(text), None) => self.say(&psid, text).await?,
            (None, Some(title)) => match self.tap(&psid, title).await? {
                Tapped::Delivered(status) => status,
                Tapped::Opens(url) => return Ok(Json(json!({"replies": [], "opens": url})).into_response()),
                Tapped::Calls(number) => return Ok(Json(json!({"replies": [], "calls": number})).into_response()),
            },
            _ => return Ok(problem(StatusCode::BAD_REQUEST, "give either \"text\" or \"tap\"")),
        };
        if status != Some(StatusCode::OK) {
            let what = status.map_or_else(|| "no answer".to_owned(), |status| status.as_u16().to_string());
            let message = format!("the bot's webhook gave {what}; the delivery will be tried again");
            return Ok(problem(StatusCode::BAD_GATEWAY, &message));
        }
        let is_settled = tokio::select! {
            () = self.settle(&psid) => true,
            () = self.platform.clock.sleep(SETTLES_WITHIN) => false,
        };
        let replies: Vec<Value> = self.outbox_since(&psid, mark)?.iter().map(reply).collect();
        if !is_settled {
            let error = format!("the bot has not settled within {} s", SETTLES_WITHIN.as_secs());
            return Ok((StatusCode::GATEWAY_TIMEOUT, Json(json!({"error": error, "replies": replies}))).into_response());
        }
        Ok(Json(json!({"replies": replies})).into_response())
    }

    /// Returns when the bot has nothing unfinished for the person and has been told everything about its messages.
    async fn settle(&self, psid: &str) {
        let settled = lock(&self.platform.settled).clone();
        let Ok(conversation) = self.conversation(psid) else { return };
        loop {
            let before = self.state().counter;
            if let Some(settled) = &settled {
                settled.settled(&conversation).await;
            }
            self.drained().await;
            // A delivery that arrived meanwhile may have set the bot to work again.
            if self.state().counter == before {
                return;
            }
        }
    }
}

/// One message in the shape that scripts rely on.
fn reply(sent: &Sent) -> Value {
    let titles: Vec<&str> = sent.quick_replies.iter().map(|chip| chip.title.as_str()).collect();
    let buttons: Vec<&str> = sent.buttons.iter().map(|button| button.title()).collect();
    let mut reply = json!({"text": sent.text, "quick_replies": titles, "buttons": buttons});
    if let Some(url) = &sent.image {
        reply["image"] = json!(url);
    }
    reply
}

pub(super) fn problem(status: StatusCode, message: &str) -> Response {
    (status, Json(json!({"error": message}))).into_response()
}

/// Says what could not be done, and what could.
pub(super) fn refusal(unsaid: &Unsaid) -> Response {
    let (status, mut body) = match unsaid {
        Unsaid::UnknownPerson { known } => (StatusCode::NOT_FOUND, json!({"people": known})),
        Unsaid::NothingToTap { offered } => (StatusCode::CONFLICT, json!({"offered": offered})),
        Unsaid::NoMessage | Unsaid::NothingToRedeliver | Unsaid::NotAtDesk => (StatusCode::CONFLICT, json!({})),
    };
    body["error"] = json!(unsaid.to_string());
    (status, Json(body)).into_response()
}
