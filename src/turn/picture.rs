//! Where a picture is found: at an address that holds the picture itself, sealed, with the moment until which it may be
//! fetched. Nothing is stored, nobody can guess or change such an address, and it dies by itself.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::chart::Chart;
use crate::clock::later;
use crate::privacy::seal::{Keyring, Place};

/// How long a picture can be fetched. The platform does so while it takes the message.
const KEPT: Duration = Duration::from_secs(10 * 60);
/// Longest token that is looked at. Ours are a few hundred letters.
const TOKEN_MAX: usize = 8 * 1024;
/// What stands before and after the token in an address.
const FOLDER: &str = "/chart/";
const ENDING: &str = ".png";

/// What a token holds.
#[derive(Serialize, Deserialize)]
struct Ticket {
    /// Seconds since 1970.
    #[serde(rename = "e")]
    until: i64,
    #[serde(rename = "c")]
    chart: Chart,
}

/// The address of a chart below the bot's public one; `None` for a chart that cannot be written.
pub fn address(keyring: &Keyring, public_url: &str, chart: &Chart, now: Timestamp) -> Option<String> {
    let ticket = Ticket { until: later(now, KEPT).as_second(), chart: chart.clone() };
    let sealed = keyring.seal_address(Place::chart(), &serde_json::to_vec(&ticket).ok()?);
    let token = URL_SAFE_NO_PAD.encode(sealed);
    (token.len() <= TOKEN_MAX).then(|| format!("{public_url}{FOLDER}{token}{ENDING}"))
}

/// The chart of an address, or of the last part of its path, while it lives.
pub fn open(keyring: &Keyring, address: &str, now: Timestamp) -> Option<Chart> {
    let file = address.rsplit('/').next()?;
    let token = file.strip_suffix(ENDING).filter(|token| token.len() <= TOKEN_MAX)?;
    let plain = keyring.open(Place::chart(), &URL_SAFE_NO_PAD.decode(token).ok()?).ok()?;
    let ticket: Ticket = serde_json::from_slice(&plain).ok()?;
    (now.as_second() < ticket.until).then_some(ticket.chart)
}
