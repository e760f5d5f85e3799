//! Addresses as the sandbox reads and writes them.

use std::fmt::Write as _;

use http::header::HOST;
use http::{HeaderMap, Uri};

/// Scheme and host as the caller of a request has them: `http://127.0.0.1:8088`. Links in an answer begin with it.
pub(super) fn origin(uri: &Uri, headers: &HeaderMap) -> String {
    let scheme = uri.scheme_str().unwrap_or("http");
    let named = headers.get(HOST).and_then(|host| host.to_str().ok());
    let host = named.or_else(|| uri.authority().map(http::uri::Authority::as_str)).unwrap_or("localhost");
    format!("{scheme}://{host}")
}

/// Percent-encodes everything that is not unreserved (RFC 3986, 2.3).
pub(super) fn percent_encoded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            // Writing to a String does not fail.
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

/// An address with parameters added to whatever query it has.
pub(super) fn with_parameters(address: &str, parameters: &[(&str, &str)]) -> String {
    let mut out = address.to_owned();
    for (name, value) in parameters {
        out.push(if out.contains('?') { '&' } else { '?' });
        // Writing to a String does not fail.
        let _ = write!(out, "{name}={}", percent_encoded(value));
    }
    out
}

/// The pairs of a form or a query, decoded; none when it cannot be read.
pub(super) fn pairs(text: &str) -> Vec<(String, String)> {
    let uri = format!("/?{text}").parse::<Uri>().ok();
    let read = uri.and_then(|uri| axum::extract::Query::<Vec<(String, String)>>::try_from_uri(&uri).ok());
    read.map(|query| query.0).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::{pairs, with_parameters};

    #[test]
    fn parameters_join_a_query_and_come_back_as_they_were() {
        let address = with_parameters("http://bot.test/back?bank=a", &[("state", "a&b=ü +%"), ("iss", "http://b/x")]);
        assert_eq!(address, "http://bot.test/back?bank=a&state=a%26b%3D%C3%BC%20%2B%25&iss=http%3A%2F%2Fb%2Fx");
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let read = pairs(address.split_once('?').expect("a query").1);
        assert_eq!(read, [pair("bank", "a"), pair("state", "a&b=ü +%"), pair("iss", "http://b/x")]);
        assert_eq!(with_parameters("http://bot.test/", &[("a", "1"), ("b", "2")]), "http://bot.test/?a=1&b=2");
    }
}
