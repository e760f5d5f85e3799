//! `/chart/<token>.png`: the picture that its own address holds. Whoever has the address has been sent it; anything
//! that does not open, or is too old, is an empty 404.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use http::{HeaderName, StatusCode, header};
use tokio::sync::Semaphore;

use crate::chart::png;
use crate::clock::Clock;
use crate::privacy::seal::Keyring;
use crate::turn::picture;

/// Most pictures that are painted at one time; further ones wait.
const PAINTED_AT_ONCE: usize = 2;

/// What pictures are opened and painted with.
#[derive(Clone)]
pub struct Pictures {
    keyring: Arc<Keyring>,
    clock: Arc<dyn Clock>,
    places: Arc<Semaphore>,
}

impl Pictures {
    /// Pictures that these keys seal.
    pub fn new(keyring: Arc<Keyring>, clock: Arc<dyn Clock>) -> Self {
        Self { keyring, clock, places: Arc::new(Semaphore::new(PAINTED_AT_ONCE)) }
    }

    /// The PNG file behind the last part of an address.
    async fn paint(&self, file: &str) -> Option<Vec<u8>> {
        let chart = picture::open(&self.keyring, file, self.clock.now())?;
        let place = Arc::clone(&self.places).acquire_owned().await.ok()?;
        let painting = tokio::task::spawn_blocking(move || {
            let painted = png::paint(&chart);
            drop(place);
            painted
        });
        match painting.await {
            Ok(Ok(png)) => Some(png),
            Ok(Err(error)) => {
                tracing::warn!(%error, "a picture was not painted");
                None
            }
            Err(_) => {
                tracing::error!("the painting of a picture broke off");
                None
            }
        }
    }
}

/// GET `/chart/<token>.png`.
pub fn router(pictures: Pictures) -> Router {
    Router::new().route("/chart/{file}", get(picture)).with_state(pictures)
}

async fn picture(State(pictures): State<Pictures>, Path(file): Path<String>) -> Response {
    let Some(png) = pictures.paint(&file).await else { return StatusCode::NOT_FOUND.into_response() };
    let headers = [
        (header::CONTENT_TYPE, "image/png"),
        (header::CACHE_CONTROL, "no-store, private"),
        (HeaderName::from_static("x-robots-tag"), "noindex"),
    ];
    (headers, png).into_response()
}
