//! `POST /{version}/{page}/messages`: takes a message or a sign, shows it to the person, and posts what the
//! platform reports about it: the echo, that it was delivered, and, while somebody looks, that it was read.

use std::io;
use std::time::Duration;

use axum::body::Body;
use axum::extract::{Path, RawQuery, State};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use futures_util::stream;
use http::HeaderMap;
use serde_json::{Value, json};

use crate::channel::Signal;

use super::super::thread::{Content, Sent};
use super::super::{LocalMessenger, envelope};
use super::error::GraphError;
use super::limits::{self, Draft, What};

pub(super) async fn messages(
    State(messenger): State<LocalMessenger>,
    Path(path): Path<(String, String)>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let started = messenger.now();
    let slow_ms = messenger.faults().answer_after_ms;
    if slow_ms > 0 {
        messenger.platform.clock.sleep(Duration::from_millis(slow_ms)).await;
    }
    let taken = match messenger.check_page(path, query.as_deref(), &headers, &body, "post") {
        Ok(call) => messenger.take(&Value::Object(call.parameters)).await,
        Err(error) => Err(error),
    };
    let mut line = json!({
        "at": messenger.now().as_millisecond(),
        "way": "out",
        "ms": messenger.now().duration_since(started).as_millis(),
    });
    let response = match taken {
        Ok(taken) => {
            line["what"] = json!(taken.kind);
            line["person"] = json!(taken.person);
            if taken.is_answer_lost {
                line["note"] = json!("answer lost");
                broken()
            } else {
                line["status"] = json!(200);
                axum::Json(taken.answer).into_response()
            }
        }
        Err(error) => {
            line["what"] = json!("send");
            line["note"] = json!(format!("error {}", error.code()));
            let response = messenger.refuse(error);
            line["status"] = json!(response.status().as_u16());
            response
        }
    };
    messenger.platform.feed.wire(line);
    response
}

struct Taken {
    answer: Value,
    kind: &'static str,
    person: Option<String>,
    is_answer_lost: bool,
}

impl LocalMessenger {
    /// Takes one call, or refuses it.
    async fn take(&self, body: &Value) -> Result<Taken, GraphError> {
        let page_id = &self.settings().page_id;
        {
            let mut state = self.state();
            if let Some(fail) = state.faults.take_failure() {
                return Err(GraphError::asked_for(&fail));
            }
            if state.faults.rate_limited {
                return Err(GraphError::rate_limited(page_id));
            }
        }
        let call = limits::read(body)?;
        let picture = self.fetch_picture(body).await?;
        let psid = call.recipient;
        let now = self.now();
        let person = self.handle_of(&psid);
        match call.what {
            What::Signal(signal) => {
                let mut state = self.state();
                let thread = state.threads.get_mut(&psid).ok_or_else(GraphError::unknown_recipient)?;
                if thread.is_at_desk() {
                    return Err(GraphError::not_our_thread());
                }
                thread.signal(signal, now);
                drop(state);
                self.platform.feed.changed("thread", person.as_deref());
                let kind = match signal {
                    Signal::MarkSeen => "mark_seen",
                    Signal::TypingOn => "typing_on",
                    Signal::TypingOff => "typing_off",
                };
                Ok(Taken { answer: json!({"recipient_id": psid}), kind, person, is_answer_lost: false })
            }
            What::Message(draft) => {
                let (sent, is_answer_lost) = self.put(&psid, draft, picture, call.by_human_agent)?;
                self.report_sent(&psid, &sent);
                self.platform.feed.changed("thread", person.as_deref());
                let answer = json!({"recipient_id": psid, "message_id": sent.mid.as_str()});
                Ok(Taken { answer, kind: "message", person, is_answer_lost })
            }
        }
    }

    /// Puts a message into the thread, if the person can be written to.
    fn put(
        &self,
        psid: &str,
        draft: Draft,
        picture: Option<Bytes>,
        by_human_agent: bool,
    ) -> Result<(Sent, bool), GraphError> {
        let now = self.now();
        let mut state = self.state();
        let state = &mut *state;
        let thread = state.threads.get_mut(psid).ok_or_else(GraphError::unknown_recipient)?;
        if thread.is_at_desk() {
            return Err(GraphError::not_our_thread());
        }
        if !thread.is_window_open(now, by_human_agent) {
            return Err(GraphError::outside_window());
        }
        state.counter += 1;
        let sent = Sent {
            place: thread.mark(),
            mid: super::super::mid(&state.mid_prefix, state.counter),
            at: now,
            text: draft.text,
            quick_replies: draft.quick_replies,
            buttons: draft.buttons,
            image: draft.image,
            picture,
            metadata: draft.metadata,
            by_desk: false,
        };
        thread.push(sent.mid.clone(), now, Content::Sent(sent.clone()));
        thread.delivered = Some(now);
        Ok((sent, state.faults.take_lost_answer()))
    }

    /// Posts the echo, the delivery, and the read event of one message.
    fn report_sent(&self, psid: &str, sent: &Sent) {
        let settings = self.settings();
        let (page_id, app_id) = (&settings.page_id, &settings.app_id);
        if self.faults().echoes {
            self.post("message_echoes", "echo", &envelope::echo(page_id, app_id, psid, sent));
        }
        let mut delivery = envelope::from_person(page_id, psid, sent.at);
        delivery["delivery"] = json!({"mids": [sent.mid.as_str()], "watermark": sent.at.as_millisecond()});
        self.post("message_deliveries", "delivery", &delivery);
        self.report_read(psid);
    }

    /// Posts that the person has read everything, while a chat page shows the thread and there is something new.
    pub(in super::super) fn report_read(&self, psid: &str) {
        let now = self.now();
        {
            let mut state = self.state();
            let is_viewed = state.viewers.get(psid).is_some_and(|count| *count > 0);
            let Some(thread) = state.threads.get_mut(psid) else { return };
            let is_new = thread.last_sent().is_some_and(|sent| thread.read.is_none_or(|read| read < sent.at));
            if !is_viewed || !is_new {
                return;
            }
            thread.read = Some(now);
        }
        let mut read = envelope::from_person(&self.settings().page_id, psid, now);
        read["read"] = json!({"watermark": now.as_millisecond()});
        self.post("message_reads", "read", &read);
    }
}

/// An answer whose body never comes: on a socket the connection breaks, in process the read fails.
fn broken() -> Response {
    let end = io::Error::new(io::ErrorKind::ConnectionReset, "switched on in the sandbox");
    Body::from_stream(stream::iter([Err::<Bytes, _>(end)])).into_response()
}
