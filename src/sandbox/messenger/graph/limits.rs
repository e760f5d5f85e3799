//! Reads the body of a Send API call as strictly as the platform does. Pure.
//!
//! Limits: Meta's Send API reference, "Quick Replies", "Buttons" and "Button Template" pages of 2026. Texts are
//! counted in UTF-16 units, the stricter of the two readings of "characters"; titles in characters.

use serde_json::Value;

use crate::channel::Signal;
use crate::domain::message::{Button, QuickReply};

use super::error::GraphError;

const TEXT_MAX: usize = 2000;
const TEMPLATE_TEXT_MAX: usize = 640;
const METADATA_MAX: usize = 1000;
const QUICK_REPLIES_MAX: usize = 13;
const BUTTONS_MAX: usize = 3;
const TITLE_MAX: usize = 20;
const PAYLOAD_MAX: usize = 1000;

/// One call, read.
#[derive(Debug)]
pub(super) struct Call {
    /// The PSID that it is for.
    pub(super) recipient: String,
    pub(super) what: What,
    /// Sent as a human's answer, which has seven days.
    pub(super) by_human_agent: bool,
}

#[derive(Debug)]
pub(super) enum What {
    Signal(Signal),
    Message(Draft),
}

/// A message that fits.
#[derive(Debug, Default)]
pub(super) struct Draft {
    pub(super) text: String,
    pub(super) quick_replies: Vec<QuickReply>,
    pub(super) buttons: Vec<Button>,
    pub(super) image: Option<String>,
    pub(super) metadata: Option<String>,
}

/// Reads a call.
pub(super) fn read(body: &Value) -> Result<Call, GraphError> {
    let recipient =
        body.get("recipient").ok_or_else(|| GraphError::parameter("The parameter recipient is required"))?;
    let recipient = id(recipient.get("id")).ok_or_else(|| {
        GraphError::parameter("Param recipient must have an id; the sandbox knows no other way to address people")
    })?;
    let what = match (body.get("sender_action"), body.get("message")) {
        (Some(_), Some(_)) => {
            return Err(GraphError::parameter("A sender_action cannot be sent together with a message"));
        }
        (Some(action), None) => What::Signal(signal(action)?),
        (None, Some(message)) => What::Message(draft(message)?),
        (None, None) => return Err(GraphError::parameter("The parameter message is required")),
    };
    let by_human_agent = messaging_type(body)?;
    Ok(Call { recipient, what, by_human_agent })
}

/// An id written as a string or, as some libraries do, as a number.
fn id(value: Option<&Value>) -> Option<String> {
    match value? {
        Value::String(id) => Some(id.clone()),
        Value::Number(id) => Some(id.to_string()),
        _ => None,
    }
}

fn signal(action: &Value) -> Result<Signal, GraphError> {
    match action.as_str().map(str::to_ascii_lowercase).as_deref() {
        Some("mark_seen") => Ok(Signal::MarkSeen),
        Some("typing_on") => Ok(Signal::TypingOn),
        Some("typing_off") => Ok(Signal::TypingOff),
        _ => Err(GraphError::parameter(
            "Param sender_action must be one of {MARK_SEEN, TYPING_ON, TYPING_OFF} in the sandbox",
        )),
    }
}

/// Whether the message is a human's; an error for types and tags that the platform does not take (any more).
fn messaging_type(body: &Value) -> Result<bool, GraphError> {
    let tag = body.get("tag").and_then(Value::as_str);
    match body.get("messaging_type").map(Value::as_str) {
        // Left out, it is taken as RESPONSE, as the real platform still does.
        None | Some(Some("RESPONSE" | "UPDATE")) if tag.is_none() => Ok(false),
        Some(Some("MESSAGE_TAG")) | None if tag == Some("HUMAN_AGENT") => Ok(true),
        Some(Some("MESSAGE_TAG")) if tag.is_none() => {
            Err(GraphError::parameter("The parameter tag is required for messaging_type MESSAGE_TAG"))
        }
        // ACCOUNT_UPDATE, CONFIRMED_EVENT_UPDATE and POST_PURCHASE_UPDATE ended on 27 April 2026.
        Some(Some("MESSAGE_TAG" | "RESPONSE" | "UPDATE")) | None => {
            Err(GraphError::parameter("Param tag is not a message tag that can be used"))
        }
        Some(_) => Err(GraphError::parameter(
            "Param messaging_type must be one of {RESPONSE, UPDATE, MESSAGE_TAG} in the sandbox",
        )),
    }
}

fn draft(message: &Value) -> Result<Draft, GraphError> {
    let mut draft = match (message.get("text"), message.get("attachment")) {
        (Some(_), Some(_)) => {
            return Err(GraphError::parameter("Only one of the text and attachment fields can be specified"));
        }
        (None, None) => {
            return Err(GraphError::parameter_sub(
                2_018_034,
                "Message cannot be empty, must provide valid attachment or text",
            ));
        }
        (Some(text), None) => Draft { text: text_within("message[text]", text, TEXT_MAX)?, ..Draft::default() },
        (None, Some(attachment)) => attached(attachment)?,
    };
    if let Some(metadata) = message.get("metadata") {
        // "Must be less than 1000 characters."
        draft.metadata = Some(text_within("message[metadata]", metadata, METADATA_MAX - 1)?);
    }
    if let Some(chips) = message.get("quick_replies") {
        let chips =
            chips.as_array().ok_or_else(|| GraphError::parameter("Param message[quick_replies] must be an array"))?;
        if chips.is_empty() || chips.len() > QUICK_REPLIES_MAX {
            return Err(GraphError::parameter(format!(
                "Param message[quick_replies] must have between 1 and {QUICK_REPLIES_MAX} entries"
            )));
        }
        draft.quick_replies = chips.iter().map(quick_reply).collect::<Result<_, _>>()?;
    }
    Ok(draft)
}

/// A text that is not empty and not longer than `max` UTF-16 units.
fn text_within(name: &str, value: &Value, max: usize) -> Result<String, GraphError> {
    let text = value.as_str().ok_or_else(|| GraphError::parameter(format!("Param {name} must be a string")))?;
    if text.is_empty() {
        return Err(GraphError::parameter_sub(2_018_034, format!("Param {name} must not be empty")));
    }
    if text.encode_utf16().count() > max {
        return Err(GraphError::parameter(format!("Length of param {name} must be less than or equal to {max}")));
    }
    Ok(text.to_owned())
}

fn title(name: &str, value: &Value) -> Result<String, GraphError> {
    let title = value.get("title").and_then(Value::as_str).unwrap_or_default();
    if title.is_empty() || title.chars().count() > TITLE_MAX {
        return Err(GraphError::parameter(format!(
            "Param {name}[title] must have between 1 and {TITLE_MAX} characters"
        )));
    }
    Ok(title.to_owned())
}

fn quick_reply(value: &Value) -> Result<QuickReply, GraphError> {
    if value.get("content_type").and_then(Value::as_str) != Some("text") {
        return Err(GraphError::parameter("Param quick_replies[content_type] must be text in the sandbox"));
    }
    let title = title("quick_replies", value)?;
    let payload =
        value.get("payload").ok_or_else(|| GraphError::parameter("Param quick_replies[payload] is required"))?;
    Ok(QuickReply { title, payload: text_within("quick_replies[payload]", payload, PAYLOAD_MAX)? })
}

fn attached(attachment: &Value) -> Result<Draft, GraphError> {
    let payload = attachment.get("payload").unwrap_or(&Value::Null);
    match attachment.get("type").and_then(Value::as_str) {
        Some("image") => {
            let url = payload.get("url").and_then(Value::as_str).unwrap_or_default();
            if !is_http(url) {
                return Err(GraphError::parameter_sub(2_018_008, "Failed to fetch the file from the url"));
            }
            Ok(Draft { image: Some(url.to_owned()), ..Draft::default() })
        }
        Some("template") => template(payload),
        _ => Err(GraphError::parameter("Param attachment[type] must be one of {image, template} in the sandbox")),
    }
}

fn template(payload: &Value) -> Result<Draft, GraphError> {
    if payload.get("template_type").and_then(Value::as_str) != Some("button") {
        return Err(GraphError::parameter("Param attachment[payload][template_type] must be button in the sandbox"));
    }
    let text = text_within("name_placeholder[text]", payload.get("text").unwrap_or(&Value::Null), TEMPLATE_TEXT_MAX)?;
    let buttons = payload.get("buttons").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    if buttons.is_empty() || buttons.len() > BUTTONS_MAX {
        return Err(GraphError::parameter(format!(
            "Param name_placeholder[buttons] must have between 1 and {BUTTONS_MAX} entries"
        )));
    }
    let buttons = buttons.iter().map(button).collect::<Result<_, _>>()?;
    Ok(Draft { text, buttons, ..Draft::default() })
}

fn button(value: &Value) -> Result<Button, GraphError> {
    let field = |key: &str| value.get(key).unwrap_or(&Value::Null);
    let url = || {
        let url = field("url").as_str().filter(|url| is_http(url)).map(str::to_owned);
        url.ok_or_else(|| GraphError::parameter("Param buttons[url] should represent a valid URL"))
    };
    // The platform names the buttons of its account linking itself.
    match value.get("type").and_then(Value::as_str) {
        Some("account_link") => return Ok(Button::LogIn { url: url()? }),
        Some("account_unlink") => return Ok(Button::LogOut),
        _ => {}
    }
    let title = title("buttons", value)?;
    match value.get("type").and_then(Value::as_str) {
        Some("postback") => {
            Ok(Button::Postback { title, payload: text_within("buttons[payload]", field("payload"), PAYLOAD_MAX)? })
        }
        Some("web_url") => Ok(Button::Web { title, url: url()? }),
        Some("phone_number") => {
            let number = field("payload").as_str().unwrap_or_default().to_owned();
            if !number.starts_with('+') || !number.chars().any(|c| c.is_ascii_digit()) {
                return Err(GraphError::parameter("Param buttons[payload] must be a phone number that starts with +"));
            }
            Ok(Button::Call { title, number })
        }
        _ => Err(GraphError::parameter(
            "Param buttons[type] must be one of {postback, web_url, phone_number, account_link, account_unlink}",
        )),
    }
}

/// Addresses on loopback are plain http: the sandbox takes them, the real platform wants https.
fn is_http(url: &str) -> bool {
    url.starts_with("https://") || url.starts_with("http://")
}
