//! Addresses that the process may talk to, or is talked to at.

use std::net::IpAddr;

use http::Uri;

use super::document::{Entry, Wrong};

/// A base address without a slash at its end: `https`, or `http` to this very machine. No user, query or fragment.
pub(super) fn base_url(entry: &Entry<'_>) -> Result<String, Wrong> {
    let text = entry.text()?;
    let shape = || Wrong::new(format!("is no web address: {text:?}")).help("write it in full: \"https://host/path\"");
    let uri: Uri = text.parse().map_err(|_| shape())?;
    let (Some(scheme), Some(authority)) = (uri.scheme_str(), uri.authority()) else {
        return Err(shape());
    };
    if authority.host().is_empty() {
        return Err(shape());
    }
    if authority.as_str().contains('@') || uri.query().is_some() || text.contains('#') {
        // Not repeated: what stands before an `@` may be a password.
        return Err(Wrong::new("must be a plain base address").help("leave out user, `?query` and `#fragment`"));
    }
    match scheme {
        "https" => Ok(text.trim_end_matches('/').to_owned()),
        "http" if is_loopback(authority.host()) => Ok(text.trim_end_matches('/').to_owned()),
        "http" => Err(Wrong::new(format!("must use https: {text:?}"))
            .help("plain http is for addresses of this machine only (127.0.0.1, ::1, localhost)")),
        _ => Err(shape()),
    }
}

/// Whether a host, as it stands in an address, is this machine.
fn is_loopback(host: &str) -> bool {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    bare.eq_ignore_ascii_case("localhost") || bare.parse().is_ok_and(|ip: IpAddr| ip.is_loopback())
}
