//! The Graph API's way to refuse (Meta's error-codes page): HTTP 400 with a code, often a subcode.

use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use serde_json::json;

use super::super::faults::FailNext;

/// One refusal. The texts are the platform's own, since bots in the field match on them.
#[derive(Clone, Debug)]
pub(super) struct GraphError {
    status: StatusCode,
    kind: &'static str,
    message: String,
    code: u32,
    subcode: Option<u32>,
    is_transient: bool,
    usage: Option<String>,
}

impl GraphError {
    fn new(kind: &'static str, code: u32, message: impl Into<String>) -> Self {
        Self {
            status: StatusCode::BAD_REQUEST,
            kind,
            message: message.into(),
            code,
            subcode: None,
            is_transient: false,
            usage: None,
        }
    }

    fn sub(mut self, subcode: u32) -> Self {
        self.subcode = Some(subcode);
        self
    }

    /// 100: a parameter is wrong.
    pub(super) fn parameter(message: impl AsRef<str>) -> Self {
        Self::new("OAuthException", 100, format!("(#100) {}", message.as_ref()))
    }

    /// 100 with a subcode.
    pub(super) fn parameter_sub(subcode: u32, message: impl AsRef<str>) -> Self {
        Self::parameter(message).sub(subcode)
    }

    pub(super) fn no_token() -> Self {
        Self::new("OAuthException", 104, "An access token is required to request this resource.")
    }

    pub(super) fn bad_token() -> Self {
        Self::new("OAuthException", 190, "Invalid OAuth access token - Cannot parse access token")
    }

    pub(super) fn bad_proof() -> Self {
        Self::new("GraphMethodException", 100, "Invalid appsecret_proof provided in the API argument")
    }

    pub(super) fn no_proof() -> Self {
        Self::new("GraphMethodException", 100, "API calls from the server require an appsecret_proof argument")
    }

    /// 100–33: there is no such object, or the token may not see it.
    pub(super) fn no_object(verb: &str, id: &str) -> Self {
        let message = format!(
            "Unsupported {verb} request. Object with ID '{id}' does not exist, cannot be loaded due to missing \
             permissions, or does not support this operation"
        );
        Self::new("GraphMethodException", 100, message).sub(33)
    }

    pub(super) fn unknown_path() -> Self {
        let mut error = Self::new("OAuthException", 2500, "Unknown path components");
        error.status = StatusCode::NOT_FOUND;
        error
    }

    pub(super) fn unknown_recipient() -> Self {
        Self::parameter_sub(2_018_001, "No matching user found")
    }

    pub(super) fn outside_window() -> Self {
        Self::new("OAuthException", 10, "(#10) This message is sent outside of allowed window.").sub(2_018_278)
    }

    pub(super) fn not_our_thread() -> Self {
        let message = "(#10) Message failed to send because another app is controlling this thread now.";
        Self::new("OAuthException", 10, message).sub(2_018_300)
    }

    /// 10303: the token of an account linking is unknown, used or older than five minutes.
    pub(super) fn bad_linking_token() -> Self {
        Self::new("OAuthException", 10303, "(#10303) Invalid account_linking_token")
    }

    /// 613, with the header that tells the minutes until calls are taken again.
    pub(super) fn rate_limited(page_id: &str) -> Self {
        let mut error = Self::new("OAuthException", 613, "(#613) Calls to this api have exceeded the rate limit.");
        let usage = json!({page_id: [{
            "type": "messenger", "call_count": 100, "total_cputime": 100, "total_time": 100,
            "estimated_time_to_regain_access": 1,
        }]});
        error.usage = Some(usage.to_string());
        error
    }

    /// What was switched on.
    pub(super) fn asked_for(fail: &FailNext) -> Self {
        let mut error = Self::new("OAuthException", fail.code, format!("(#{}) Switched on in the sandbox", fail.code));
        error.subcode = fail.subcode;
        error.is_transient = fail.is_transient;
        error.status = StatusCode::from_u16(fail.status).unwrap_or(StatusCode::BAD_REQUEST);
        error
    }

    pub(super) fn code(&self) -> u32 {
        self.code
    }

    /// The response, with a trace id.
    pub(super) fn into_response(self, trace: u64) -> Response {
        let mut error = json!({"message": self.message, "type": self.kind, "code": self.code});
        if let Some(subcode) = self.subcode {
            error["error_subcode"] = json!(subcode);
        }
        if self.is_transient {
            error["is_transient"] = json!(true);
        }
        error["fbtrace_id"] = json!(format!("Asandbox{trace:08}"));
        let mut response = (self.status, axum::Json(json!({"error": error}))).into_response();
        if let Some(usage) = self.usage.and_then(|usage| HeaderValue::try_from(usage).ok()) {
            response.headers_mut().insert("X-Business-Use-Case-Usage", usage);
        }
        response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        response
    }
}
