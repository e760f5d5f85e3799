//! One element of `messaging` or `standby` to one domain event. Source: Messenger Platform, "Webhook Events".

use jiff::Timestamp;

use crate::channel::messenger::identity;
use crate::channel::messenger::wire::{self, Fields};
use crate::domain::message::{Echo, Event, Handover, MessageId};
use crate::domain::text::label;

/// Longest text that is kept, in characters. The platform's own limit is 2,000; this is for what may come.
pub(super) const TEXT_MAX: usize = 20_000;

/// The app ids of the page inbox, where humans answer, in the two spellings that the platform's pages print.
const INBOX_APPS: [&str; 2] = ["26390203743090", "263902037430900"];

/// The thumbs-up in its three sizes.
const THUMBS_UP: [&str; 3] = ["369239263222822", "369239343222814", "369239383222810"];

/// Kinds that are documented and need nothing from us.
const QUIET: [&str; 22] = [
    "order",
    "game_play",
    "payment",
    "pre_checkout",
    "checkout_update",
    "message_request",
    "message_context",
    "prior_message",
    "leadgen",
    "branded_camera",
    "brandedCamera",
    "appointment",
    "optout",
    "product",
    "messaging_customer_information",
    "messaging_fblogin_account_linking",
    "messaging_direct_sends",
    "messaging_integrity",
    "messaging_in_thread_lead_form_submit",
    "marketing_message_delivery_failed",
    "message_template_status_update",
    "call_permission_reply",
];

/// Why an element gave no event.
pub(super) enum Unread {
    /// It is whole, but nothing we know.
    Unknown(String),
    /// It lacks what its kind needs.
    Broken(&'static str),
}

/// An element and what its surroundings tell about it.
pub(super) struct Element<'a> {
    /// Its own JSON text.
    pub(super) json: &'a str,
    /// Its keys.
    pub(super) fields: Fields<'a>,
    /// The person's side, where it is told.
    pub(super) person: Option<&'a str>,
    /// Whether the page is the sender: then it can only be an echo, however it is marked.
    pub(super) from_page: bool,
    /// The platform's time.
    pub(super) at: Timestamp,
    /// Our own app's id, where it is configured.
    pub(super) own_app: Option<&'a str>,
}

/// An event and what de-duplication goes by.
pub(super) type Read = (Event, String);

/// Reads the object under a kind's key.
type Part<'a> = fn(&Element<'a>, Fields<'a>) -> Result<Read, Unread>;

impl<'a> Element<'a> {
    /// Reads the event. An element with several kinds is the first of them in this order.
    pub(super) fn read(&self) -> Result<Read, Unread> {
        let parts: [(&str, Part<'a>); 9] = [
            ("message", Self::message),
            ("postback", Self::postback),
            ("message_edit", Self::edit),
            ("reaction", Self::reaction),
            ("account_linking", Self::account_linking),
            ("delivery", Self::delivery),
            ("read", Self::seen),
            ("policy_enforcement", Self::policy),
            ("policy-enforcement", Self::policy),
        ];
        for (key, read) in parts {
            if let Some(value) = self.fields.get(key) {
                return read(self, Fields::read(value.get()).ok_or(Unread::Broken("the event is not an object"))?);
            }
        }
        self.note()
    }

    /// The kinds that go by the hash of the whole element.
    fn note(&self) -> Result<Read, Unread> {
        let object = |key| self.fields.object(key);
        let event = if let Some(referral) = object("referral") {
            self.needs_person()?;
            Event::Referral { reference: referral.text("ref").or_else(|| referral.id("ref")) }
        } else if let Some(optin) = object("optin") {
            Event::OptIn { kind: optin.text("type") }
        } else if let Some(control) = object("pass_thread_control") {
            self.handover(Handover::Passed, &control)
        } else if let Some(control) = object("take_thread_control") {
            self.handover(Handover::Taken, &control)
        } else if let Some(control) = object("request_thread_control") {
            Event::Handover { way: Handover::Requested, from_app: None, to_app: control.id("requested_owner_app_id") }
        } else if object("app_roles").is_some() {
            Event::Handover { way: Handover::Roles, from_app: None, to_app: None }
        } else if let Some(key) =
            ["response_feedback", "messaging_feedback"].into_iter().find(|key| object(key).is_some())
        {
            Event::Feedback { kind: key.to_owned() }
        } else if let Some(key) = QUIET.into_iter().find(|key| self.fields.get(key).is_some()) {
            Event::Known { kind: key.to_owned() }
        } else {
            return Err(Unread::Unknown(self.unknown()));
        };
        let id = identity::of_event(event.kind(), self.json);
        Ok((event, id))
    }

    fn message(&self, message: Fields<'a>) -> Result<Read, Unread> {
        let mid = message.id("mid");
        if self.from_page || message.is_true("is_echo") {
            return self.echo(&message, mid.ok_or(Unread::Broken("an echo without an id"))?);
        }
        self.needs_person()?;
        if message.is_true("is_deleted") {
            let mid = mid.ok_or(Unread::Broken("an unsend without an id"))?;
            let id = identity::of_message("unsend", &mid);
            return Ok((Event::Unsent { mid: MessageId::new(mid) }, id));
        }
        let event = said(&message, mid.is_some())?;
        let id = match mid {
            Some(mid) => identity::of_message("", &mid),
            None => identity::of_event("message", self.json),
        };
        Ok((event, id))
    }

    fn echo(&self, message: &Fields<'a>, mid: String) -> Result<Read, Unread> {
        let app_id = message.id("app_id");
        let by_human = app_id.as_deref().is_some_and(|app| {
            INBOX_APPS.contains(&app) || self.own_app.is_some_and(|own| !own.is_empty() && own != app)
        });
        let id = identity::of_message("echo", &mid);
        let metadata = message.text("metadata");
        Ok((Event::Echo(Echo { mid: MessageId::new(mid), metadata, app_id, by_human }), id))
    }

    fn postback(&self, postback: Fields<'a>) -> Result<Read, Unread> {
        self.needs_person()?;
        let id = match postback.id("mid") {
            Some(mid) => identity::of_message("", &mid),
            None => identity::of_event("postback", self.json),
        };
        // Get Started tells by which link somebody came who has never written.
        let referral = postback.get("referral").and_then(|referral| Fields::read(referral.get()));
        let reference = referral.and_then(|referral| referral.text("ref"));
        Ok((Event::Postback { title: postback.text("title"), payload: postback.text("payload"), reference }, id))
    }

    fn edit(&self, edit: Fields<'a>) -> Result<Read, Unread> {
        self.needs_person()?;
        let mid = edit.id("mid").ok_or(Unread::Broken("an edit without an id"))?;
        let text = cut(edit.text("text").ok_or(Unread::Broken("an edit without text"))?);
        let count = edit.get("num_edit").and_then(wire::integer);
        let id = match count {
            Some(count) => identity::of_message("edit", &format!("{mid}:{count}")),
            None => identity::of_event("edit", self.json),
        };
        Ok((Event::Edited { mid: MessageId::new(mid), text }, id))
    }

    fn reaction(&self, reaction: Fields<'a>) -> Result<Read, Unread> {
        let person = self.needs_person()?;
        let put = reaction.text("action").as_deref() != Some("unreact");
        let mid = reaction.id("mid").unwrap_or_default();
        let at = self.at.as_millisecond();
        let id = identity::of_message("reaction", &format!("{mid}:{put}:{person}:{at}"));
        Ok((Event::Reaction { emoji: reaction.text("emoji"), put }, id))
    }

    fn account_linking(&self, linking: Fields<'a>) -> Result<Read, Unread> {
        let person = self.needs_person()?;
        let status = linking.text("status").ok_or(Unread::Broken("account linking without a status"))?;
        let linked = match status.as_str() {
            "linked" => true,
            "unlinked" => false,
            _ => return Err(Unread::Unknown("unknown status of account linking".to_owned())),
        };
        let code = linking.text("authorization_code").filter(|code| !code.is_empty());
        // The code is a secret until it is used up, and ids are not sealed: only its hash goes into the id.
        let mark = code.as_deref().map(|code| identity::digest(code.as_bytes())).unwrap_or_default();
        let at = self.at.as_millisecond();
        let id = identity::of_message("account_linking", &format!("{person}:{status}:{at}:{mark}"));
        Ok((Event::AccountLinking { linked, code }, id))
    }

    fn delivery(&self, delivery: Fields<'a>) -> Result<Read, Unread> {
        let mids = delivery.get("mids").and_then(wire::list).unwrap_or_default();
        let mids: Vec<_> =
            mids.into_iter().chain(delivery.get("mid")).filter_map(wire::id).map(MessageId::new).collect();
        let watermark = delivery.get("watermark").and_then(wire::integer);
        let id = match (watermark, self.person, mids.as_slice()) {
            (Some(watermark), Some(person), [] | [_]) => {
                let mid = mids.first().map_or("", MessageId::as_str);
                identity::of_message("delivery", &format!("{person}:{watermark}:{mid}"))
            }
            _ => identity::of_event("delivery", self.json),
        };
        Ok((Event::Delivered { mids, watermark }, id))
    }

    fn seen(&self, read: Fields<'a>) -> Result<Read, Unread> {
        let watermark = read.get("watermark").and_then(wire::integer);
        let id = match (watermark, self.person) {
            (Some(watermark), Some(person)) => identity::of_message("read", &format!("{person}:{watermark}")),
            _ => identity::of_event("read", self.json),
        };
        Ok((Event::Read { watermark }, id))
    }

    fn policy(&self, policy: Fields<'a>) -> Result<Read, Unread> {
        let action = policy.text("action").ok_or(Unread::Broken("a policy event without an action"))?;
        Ok((Event::Policy { action }, identity::of_event("policy", self.json)))
    }

    /// Control that is passed to another app, or taken by ours, goes the other way than the key says.
    fn handover(&self, named: Handover, control: &Fields<'a>) -> Event {
        let (from_app, to_app) = (control.id("previous_owner_app_id"), control.id("new_owner_app_id"));
        let way = match (self.own_app, to_app.as_deref()) {
            (Some(own), Some(to)) if own == to => Handover::Passed,
            (Some(own), Some(_)) if !own.is_empty() => Handover::Taken,
            _ => named,
        };
        Event::Handover { way, from_app, to_app }
    }

    fn needs_person(&self) -> Result<&'a str, Unread> {
        self.person.ok_or(Unread::Broken("no sender"))
    }

    /// The reason for the operator: the key that was not known, made harmless, never its content.
    fn unknown(&self) -> String {
        let frame = ["sender", "recipient", "timestamp", "id", "time", "hop_context"];
        match self.fields.keys().find(|key| !frame.contains(key)) {
            Some(key) => format!("unknown kind \"{}\"", label(key)),
            None => "no kind".to_owned(),
        }
    }
}

/// What a person's message says.
fn said(message: &Fields<'_>, has_id: bool) -> Result<Event, Unread> {
    let text = match message.get("text") {
        Some(value) => Some(cut(wire::text(value).ok_or(Unread::Broken("the text is not a string"))?)),
        None => None,
    };
    let attached = match message.get("attachments") {
        Some(value) => wire::list(value).ok_or(Unread::Broken("the attachments are not a list"))?,
        None => Vec::new(),
    };
    let payload = message.object("quick_reply").and_then(|tapped| tapped.text("payload"));
    let mut kinds = Vec::with_capacity(attached.len());
    let mut stickers: Vec<String> = message.id("sticker_id").into_iter().collect();
    for attachment in attached {
        let kind = attachment_kind(attachment.get(), &mut stickers);
        // A sticker may come as an image and again as a sticker, and is one all the same.
        if kind != "sticker" || !kinds.contains(&kind) {
            kinds.push(kind);
        }
    }
    if kinds.is_empty() && !stickers.is_empty() {
        kinds.push("sticker".to_owned());
    }
    // A link in a text brings its preview along as a `fallback`; what was said is the text.
    let only_preview = kinds.iter().all(|kind| kind == "fallback");
    let reply_to = message.object("reply_to").and_then(|to| to.id("mid")).map(MessageId::new);
    match text {
        Some(text) if only_preview => Ok(Event::Text { text, payload, reply_to }),
        None if payload.is_some() => Ok(Event::Text { text: String::new(), payload, reply_to }),
        None if kinds.is_empty() && !has_id => Err(Unread::Broken("a message without id, text and attachments")),
        text => {
            if kinds.is_empty() || message.is_true("is_unsupported") {
                kinds = vec!["unsupported".to_owned()];
            }
            let thumbs_up = stickers.iter().any(|id| THUMBS_UP.contains(&id.as_str()));
            Ok(Event::Attachment { kinds, thumbs_up, text })
        }
    }
}

fn attachment_kind(json: &str, stickers: &mut Vec<String>) -> String {
    let fields = Fields::read(json);
    let sticker = fields.as_ref().and_then(|fields| fields.object("payload")).and_then(|load| load.id("sticker_id"));
    let is_sticker = sticker.is_some();
    stickers.extend(sticker);
    match fields.and_then(|fields| fields.text("type")) {
        _ if is_sticker => "sticker".to_owned(),
        Some(kind) => label(&kind),
        None => "unknown".to_owned(),
    }
}

/// Cuts a text that is longer than any that the platform lets a person write.
fn cut(mut text: String) -> String {
    if text.len() > TEXT_MAX
        && let Some((end, _)) = text.char_indices().nth(TEXT_MAX)
    {
        tracing::warn!(text_bytes = text.len(), kept_bytes = end, "a text beyond the limit was cut");
        text.truncate(end);
    }
    text
}
