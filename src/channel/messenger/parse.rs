//! One verified delivery to its events. Every element of every `messaging`, `standby` and `changes` list is looked
//! at by itself, and a strange one costs only itself. Source: Messenger Platform, "Webhooks", section "Event".

use jiff::Timestamp;
use serde_json::value::RawValue;

use crate::channel::messenger::event::{Element, Unread};
use crate::channel::messenger::identity;
use crate::channel::messenger::wire::{self, Fields};
use crate::channel::{Aside, Parsed};
use crate::domain::message::{Conversation, Event, Inbound};
use crate::domain::text::label;

/// The lists of an entry that hold elements.
const LISTS: [&str; 3] = ["messaging", "standby", "changes"];

/// Page fields that need nothing from us.
const PAGE_FIELDS: [&str; 12] = [
    "feed",
    "inbox_labels",
    "leadgen",
    "mention",
    "ratings",
    "conversations",
    "name",
    "picture",
    "category",
    "hours",
    "website",
    "message_template_status_update",
];

/// What the reader must know of the configuration.
pub(super) struct Reader<'a> {
    /// Whether a page is configured.
    pub(super) knows: &'a dyn Fn(&str) -> bool,
    /// Our own app's id.
    pub(super) own_app: Option<&'a str>,
    /// When the delivery was received.
    pub(super) received: Timestamp,
}

/// Where an element stands.
struct Frame<'a> {
    list: &'static str,
    page: Option<&'a str>,
    at: Timestamp,
}

impl Reader<'_> {
    /// Reads a whole body.
    pub(super) fn read(&self, body: &[u8]) -> Parsed {
        let mut parsed = Parsed::default();
        let Ok(json) = serde_json::from_slice::<&RawValue>(body) else {
            let event_id = identity::of_bytes(body);
            parsed.broken.push(Aside { event_id, reason: "the body is not JSON".to_owned(), raw: body.to_vec() });
            return parsed;
        };
        let Some(top) = Fields::read(json.get()) else {
            parsed.broken.push(aside(json, "the body is not an object"));
            return parsed;
        };
        if top.text("object").as_deref() == Some("page") {
            match top.get("entry").map(wire::list) {
                Some(Some(entries)) => entries.into_iter().for_each(|entry| self.entry(entry, &mut parsed)),
                Some(None) => parsed.broken.push(aside(json, "the entries are not a list")),
                None => parsed.ignored.push(aside(json, "no entries")),
            }
        } else {
            set_aside_object(json, &top, &mut parsed);
        }
        parsed
    }

    fn entry(&self, raw: &RawValue, parsed: &mut Parsed) {
        let Some(entry) = Fields::read(raw.get()) else {
            parsed.broken.push(aside(raw, "an entry is not an object"));
            return;
        };
        let page = entry.id("id");
        let at = entry.get("time").and_then(wire::moment).unwrap_or(self.received);
        let mut has_list = false;
        for name in LISTS {
            let Some(value) = entry.get(name) else { continue };
            has_list = true;
            let Some(elements) = wire::list(value) else {
                parsed.broken.push(aside(raw, "the elements are not a list"));
                continue;
            };
            let frame = Frame { list: name, page: page.as_deref(), at };
            parsed.inbound.reserve(elements.len());
            for element in elements {
                match self.element(element, &frame) {
                    Ok(inbound) => parsed.inbound.push(inbound),
                    Err(Unread::Unknown(reason)) => parsed.ignored.push(aside(element, reason)),
                    Err(Unread::Broken(reason)) => parsed.broken.push(aside(element, reason)),
                }
            }
        }
        if !has_list {
            parsed.ignored.push(aside(raw, "an entry without messaging, standby and changes"));
        }
    }

    fn element(&self, raw: &RawValue, frame: &Frame<'_>) -> Result<Inbound, Unread> {
        let fields = Fields::read(raw.get()).ok_or(Unread::Broken("an element is not an object"))?;
        let (sender, recipient) = (fields.id_of("sender"), fields.id_of("recipient"));
        let sides = [recipient.as_deref(), sender.as_deref()];
        let page = frame.page.or_else(|| sides.into_iter().flatten().find(|id| (self.knows)(id)));
        let Some(page) = page.filter(|page| (self.knows)(page)) else {
            return Err(Unread::Unknown("page not configured".to_owned()));
        };
        if let (Some(field), Some(_)) = (fields.text("field"), fields.get("value")) {
            return changed(&field, raw, frame.at);
        }
        if frame.list == "changes" {
            return Err(Unread::Broken("a change without field and value"));
        }
        let at = fields.get("timestamp").and_then(wire::moment).unwrap_or(frame.at);
        let from_page = sender.as_deref() == Some(page);
        let is_echo = from_page || fields.object("message").is_some_and(|message| message.is_true("is_echo"));
        let person = if is_echo { recipient.as_deref() } else { sender.as_deref() };
        let element = Element {
            json: raw.get(),
            fields,
            person: person.filter(|id| *id != page),
            from_page,
            at,
            own_app: self.own_app,
        };
        let (event, event_id) = element.read()?;
        let (event, event_id) = if frame.list == "standby" { stood_by(event, event_id) } else { (event, event_id) };
        let of_page = matches!(event, Event::Policy { .. });
        let conversation = element.person.filter(|_| !of_page).map(|person| Conversation::messenger(page, person));
        Ok(Inbound { conversation, event_id, at, event })
    }
}

/// While another app owns the thread we take note and never answer. Echoes stay what they are: they confirm our own
/// messages and tell of humans. The id has its own name space, because the same message may come again as ours.
fn stood_by(event: Event, event_id: String) -> (Event, String) {
    match event {
        Event::Echo(_) => (event, event_id),
        other => (Event::Known { kind: format!("standby.{}", other.kind()) }, format!("standby:{event_id}")),
    }
}

/// A change of the page itself. The dashboard's "Test" button sends samples of messaging fields in this shape.
fn changed(field: &str, raw: &RawValue, at: Timestamp) -> Result<Inbound, Unread> {
    if PAGE_FIELDS.contains(&field) {
        let event = Event::Known { kind: format!("changes.{field}") };
        let event_id = identity::of_event(event.kind(), raw.get());
        return Ok(Inbound { conversation: None, event_id, at, event });
    }
    let is_messaging =
        ["messag", "standby", "response_feedback", "send_cart"].iter().any(|name| field.starts_with(name));
    let reason = if is_messaging {
        "a sample of the dashboard's test button".to_owned()
    } else {
        format!("unknown field \"{}\"", label(field))
    };
    Err(Unread::Unknown(reason))
}

/// Counts what an object that is no page holds; a delivery without elements counts one.
fn set_aside_object(json: &RawValue, top: &Fields<'_>, parsed: &mut Parsed) {
    let reason = match top.text("object") {
        Some(object) => format!("unknown object \"{}\"", label(&object)),
        None if top.get("field").is_some() => "a sample of the dashboard's test button".to_owned(),
        None => "no object".to_owned(),
    };
    let entries = top.get("entry").and_then(wire::list).unwrap_or_default();
    for entry in entries.into_iter().filter_map(|entry| Fields::read(entry.get())) {
        for value in LISTS.into_iter().filter_map(|list| entry.get(list)) {
            parsed
                .ignored
                .extend(wire::list(value).into_iter().flatten().map(|element| aside(element, reason.clone())));
        }
    }
    if parsed.ignored.is_empty() {
        parsed.ignored.push(aside(json, reason));
    }
}

fn aside(raw: &RawValue, reason: impl Into<String>) -> Aside {
    let raw = raw.get().as_bytes();
    Aside { event_id: identity::of_bytes(raw), reason: reason.into(), raw: raw.to_vec() }
}
