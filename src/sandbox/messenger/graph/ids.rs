//! Which ids a person has with pages, by the one that they have with the app.

use axum::extract::{Path, RawQuery, State};
use axum::response::Response;
use http::HeaderMap;
use serde_json::json;

use super::super::LocalMessenger;
use super::super::deletion::OF_APP;
use super::error::GraphError;

/// `GET /{version}/{id of the app's}/ids_for_pages`: the ids of the same person with pages.
pub(super) async fn ids_for_pages(
    State(messenger): State<LocalMessenger>,
    Path(path): Path<(String, String)>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    let answer = messenger.check(path, query.as_deref(), &headers, &[]).and_then(|call| {
        let settings = messenger.settings();
        let psid = call.node.strip_prefix(OF_APP).filter(|_| !messenger.faults().matches_no_ids);
        let known = psid.filter(|psid| settings.people.iter().any(|person| person.id == **psid));
        let psid = known.ok_or_else(|| GraphError::no_object("get", &call.node))?;
        Ok(json!({"data": [{"id": psid, "page": {"id": settings.page_id, "name": settings.page_name}}]}))
    });
    messenger.answer(answer)
}
