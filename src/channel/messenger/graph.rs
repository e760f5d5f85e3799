//! Calls to the Graph API: messages, sender actions, passing the thread. Source: Messenger Platform, "Send API" and
//! "Handover Protocol" references.

use std::time::Duration;

use bytes::Bytes;
use http::{Method, Request, Response, header};
use secrecy::ExposeSecret;
use serde::{Deserialize, Serialize};

use crate::channel::messenger::pacing::TooBusy;
use crate::channel::messenger::{Messenger, Page, verdict};
use crate::channel::{Outgoing, Receipt, SendError, Signal};
use crate::domain::message::{Bubble, Button, Conversation, MessageId, QuickReply};
use crate::egress::TransportError;

/// How long an answer is waited for. A person waits too, and the platform wants a reaction within 30 seconds.
const DEADLINE: Duration = Duration::from_secs(10);

#[derive(Serialize)]
struct SendRequest<'a> {
    recipient: Recipient<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    messaging_type: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<Message<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sender_action: Option<&'static str>,
}

/// The app id of the page's inbox, where people answer. Source: Messenger Platform, "Handover Protocol".
const PAGE_INBOX: &str = "263902037430900";

#[derive(Serialize)]
struct PassRequest<'a> {
    recipient: Recipient<'a>,
    target_app_id: &'static str,
    metadata: &'a str,
}

#[derive(Serialize)]
struct Recipient<'a> {
    id: &'a str,
}

#[derive(Serialize)]
struct Message<'a> {
    #[serde(flatten)]
    content: Content<'a>,
    metadata: &'a str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    quick_replies: Vec<Chip<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
enum Content<'a> {
    Text(&'a str),
    Attachment(Attachment<'a>),
}

#[derive(Serialize)]
#[serde(tag = "type", content = "payload", rename_all = "snake_case")]
enum Attachment<'a> {
    Template(ButtonTemplate<'a>),
    /// Not reusable: the platform keeps no copy beyond the message, and another person's picture is another one.
    Image {
        url: &'a str,
        is_reusable: bool,
    },
}

#[derive(Serialize)]
struct ButtonTemplate<'a> {
    template_type: &'static str,
    text: &'a str,
    buttons: Vec<WireButton<'a>>,
}

#[derive(Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum WireButton<'a> {
    Postback {
        title: &'a str,
        payload: &'a str,
    },
    /// Our pages concern one person only, so the share button is hidden.
    WebUrl {
        title: &'a str,
        url: &'a str,
        webview_share_button: &'static str,
    },
    /// The platform names this one itself ("Log In"), and the next ("Log Out").
    AccountLink {
        url: &'a str,
    },
    AccountUnlink,
    PhoneNumber {
        title: &'a str,
        payload: &'a str,
    },
}

#[derive(Serialize)]
struct Chip<'a> {
    content_type: &'static str,
    title: &'a str,
    payload: &'a str,
}

#[derive(Deserialize)]
struct SendAnswer {
    message_id: Option<String>,
}

impl<'a> Message<'a> {
    fn new(bubble: &'a Bubble, metadata: &'a str) -> Self {
        let text = bubble.text.as_str();
        let content = match bubble.picture.as_deref() {
            Some(url) => Content::Attachment(Attachment::Image { url, is_reusable: false }),
            None if bubble.buttons.is_empty() => Content::Text(text),
            None => {
                let buttons = bubble.buttons.iter().map(WireButton::from).collect();
                Content::Attachment(Attachment::Template(ButtonTemplate { template_type: "button", text, buttons }))
            }
        };
        Self { content, metadata, quick_replies: bubble.quick_replies.iter().map(Chip::from).collect() }
    }
}

impl<'a> From<&'a Button> for WireButton<'a> {
    fn from(button: &'a Button) -> Self {
        match button {
            Button::Postback { title, payload } => Self::Postback { title, payload },
            Button::Web { title, url } => Self::WebUrl { title, url, webview_share_button: "hide" },
            Button::LogIn { url } => Self::AccountLink { url },
            Button::LogOut => Self::AccountUnlink,
            Button::Call { title, number } => Self::PhoneNumber { title, payload: number },
        }
    }
}

impl<'a> From<&'a QuickReply> for Chip<'a> {
    fn from(chip: &'a QuickReply) -> Self {
        Self { content_type: "text", title: &chip.title, payload: &chip.payload }
    }
}

impl Messenger {
    /// Sends one bubble when it is its turn.
    pub(super) async fn send_bubble(&self, outgoing: &Outgoing, bubble: &Bubble) -> Result<Receipt, SendError> {
        let Conversation { page: page_id, person, .. } = &outgoing.conversation;
        let page = self.page_in_turn(page_id.as_str()).await?;
        let request = SendRequest {
            recipient: Recipient { id: person.as_str() },
            messaging_type: Some("RESPONSE"),
            message: Some(Message::new(bubble, &outgoing.id)),
            sender_action: None,
        };
        let response = self.post_message(page_id.as_str(), page, &request).await?;
        let answer = serde_json::from_slice::<SendAnswer>(response.body()).ok();
        Ok(Receipt { message_id: answer.and_then(|answer| answer.message_id).map(MessageId::new) })
    }

    /// Sends a sign now, or not at all when messages are waiting for their turn.
    pub(super) async fn send_signal(&self, conversation: &Conversation, signal: Signal) -> Result<(), SendError> {
        let page = self.page(conversation.page.as_str())?;
        page.pace.turn_now(self.clock.now()).map_err(SendError::from)?;
        let action = match signal {
            Signal::MarkSeen => "mark_seen",
            Signal::TypingOn => "typing_on",
            Signal::TypingOff => "typing_off",
        };
        let request = SendRequest {
            recipient: Recipient { id: conversation.person.as_str() },
            messaging_type: None,
            message: None,
            sender_action: Some(action),
        };
        self.post_message(conversation.page.as_str(), page, &request).await.map(drop)
    }

    /// Gives the thread to the people of the page's inbox. What was passed already may be passed again, so a call
    /// that may have arrived is simply repeated.
    pub(super) async fn pass_thread(&self, conversation: &Conversation, note: &str) -> Result<Receipt, SendError> {
        let page_id = conversation.page.as_str();
        let page = self.page_in_turn(page_id).await?;
        let recipient = Recipient { id: conversation.person.as_str() };
        let request = PassRequest { recipient, target_app_id: PAGE_INBOX, metadata: note };
        let body = serde_json::to_vec(&request).map_err(|_| SendError::Refused("cannot be written".to_owned()))?;
        self.call(page, Method::POST, &format!("{page_id}/pass_thread_control"), "", body).await?;
        Ok(Receipt { message_id: None })
    }

    /// A configured page, when it is its turn.
    async fn page_in_turn(&self, id: &str) -> Result<&Page, SendError> {
        let page = self.page(id)?;
        let turn = page.pace.turn(self.clock.now()).map_err(SendError::from)?;
        self.clock.sleep_until(turn).await;
        Ok(page)
    }

    /// A configured page.
    pub(super) fn page(&self, id: &str) -> Result<&Page, SendError> {
        self.pages.get(id).ok_or_else(|| SendError::PageStopped("page not configured".to_owned()))
    }

    async fn post_message(
        &self,
        page_id: &str,
        page: &Page,
        request: &SendRequest<'_>,
    ) -> Result<Response<Bytes>, SendError> {
        let body = serde_json::to_vec(request).map_err(|_| SendError::Refused("cannot be written".to_owned()))?;
        self.call(page, Method::POST, &format!("{page_id}/messages"), "", body).await
    }

    /// One call for a page: `path` below the version, `query` without the proof. The token travels in a header,
    /// where no access log looks.
    pub(super) async fn call(
        &self,
        page: &Page,
        method: Method,
        path: &str,
        query: &str,
        body: Vec<u8>,
    ) -> Result<Response<Bytes>, SendError> {
        let proof = page.proof.as_deref().map(|proof| format!("appsecret_proof={proof}"));
        let query = [Some(query.to_owned()), proof].into_iter().flatten().filter(|part| !part.is_empty());
        let query = query.collect::<Vec<_>>().join("&");
        let mark = if query.is_empty() { "" } else { "?" };
        let mut request = Request::builder()
            .method(method)
            .uri(format!("{}/{}/{path}{mark}{query}", self.graph_url, self.graph_version))
            .header(header::AUTHORIZATION, format!("Bearer {}", page.token.expose_secret()));
        if !body.is_empty() {
            request = request.header(header::CONTENT_TYPE, "application/json");
        }
        let request = request.body(Bytes::from(body));
        // Only a configured address or token can be wrong here, and that is the operator's to set right.
        let request = request.map_err(|_| SendError::PageStopped("bad address or token in the config".to_owned()))?;
        let deadline = self.clock.after(DEADLINE);
        let answered = tokio::select! {
            biased;
            answered = self.transport.exchange(request) => answered,
            () = self.clock.sleep_until(deadline) => return Err(SendError::Uncertain("no answer in time".to_owned())),
        };
        let response = answered.map_err(|error| match error {
            TransportError::Unreachable | TransportError::Forbidden => {
                SendError::Retry { reason: error.to_string(), not_before: None }
            }
            TransportError::Broken | TransportError::TooLarge => SendError::Uncertain(error.to_string()),
        })?;
        let now = self.clock.now();
        let regain = page.pace.observe(response.headers(), now);
        let read = verdict::read(&response, regain, now);
        if let Err(SendError::SlowDown { until, .. }) = &read {
            page.pace.hold(*until);
        }
        read.map(|()| response)
    }
}

impl From<TooBusy> for SendError {
    fn from(busy: TooBusy) -> Self {
        match busy {
            TooBusy::Held { until } => Self::SlowDown { reason: "the page rests".to_owned(), until },
            // Nothing was tried: the page rests, and senders turn to others.
            TooBusy::Queued { until } => Self::SlowDown { reason: "too many messages at once".to_owned(), until },
        }
    }
}
