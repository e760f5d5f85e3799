//! Where a bank is, and what may be called there: addresses are built under the configured base, and a link that a
//! bank sends is followed only if it stays under it.

use std::net::IpAddr;

use http::Uri;

/// A configured base address, e.g. `https://api.northgate.example/fdx/v6`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Base {
    origin: String,
    /// Begins with a slash and ends without one; empty for the root.
    path: String,
}

/// Why an address cannot be a bank's base.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadAddress {
    /// Not `scheme://host[:port][/path]`.
    #[error("is not an absolute http(s) address without query, fragment or user")]
    NotAbsolute,
    /// Plain http to another machine would show the token to everyone between.
    #[error("must be https; http is only for loopback")]
    NotEncrypted,
}

/// Checks that an address can be a bank's base: absolute, without user, query or fragment, and `https` unless the
/// host is loopback.
pub fn check_base_url(url: &str) -> Result<(), BadAddress> {
    Base::parse(url).map(|_| ())
}

impl Base {
    /// Reads and checks a base address.
    pub(crate) fn parse(url: &str) -> Result<Self, BadAddress> {
        let uri: Uri = url.trim().parse().map_err(|_| BadAddress::NotAbsolute)?;
        let origin = origin(&uri).ok_or(BadAddress::NotAbsolute)?;
        if uri.query().is_some() || url.contains('#') || leaves_upwards(uri.path()) {
            return Err(BadAddress::NotAbsolute);
        }
        if uri.scheme_str() != Some("https") && !uri.host().is_some_and(is_loopback) {
            return Err(BadAddress::NotEncrypted);
        }
        Ok(Self { origin, path: uri.path().trim_end_matches('/').to_owned() })
    }

    /// An address under the base. Segments and values are escaped: an id with a slash stays one segment.
    pub(crate) fn join(&self, segments: &[&str], query: &[(&str, &str)]) -> String {
        let mut url = format!("{}{}", self.origin, self.path);
        for segment in segments {
            url.push('/');
            escape(segment, "", &mut url);
        }
        for (at, (name, value)) in query.iter().enumerate() {
            url.push(if at == 0 { '?' } else { '&' });
            escape(name, "", &mut url);
            url.push('=');
            escape(value, ":", &mut url);
        }
        url
    }

    /// The address of a link that the bank sent, rebuilt on the configured base. `None` when the link leaves the
    /// configured origin or base path: the token must not follow it.
    pub(crate) fn pin(&self, link: &str) -> Option<String> {
        let link: Uri = link.trim().parse().ok()?;
        if link.authority().is_some() && origin(&link)? != self.origin {
            return None;
        }
        let rest = link.path().strip_prefix(self.path.as_str())?;
        if !rest.starts_with('/') || leaves_upwards(rest) {
            return None;
        }
        let query = link.query().map(|query| format!("?{query}")).unwrap_or_default();
        Some(format!("{}{}{rest}{query}", self.origin, self.path))
    }
}

/// Scheme, host and port in one spelling. `None` for what is not plain http(s).
fn origin(uri: &Uri) -> Option<String> {
    let authority = uri.authority()?;
    let scheme = uri.scheme_str()?.to_ascii_lowercase();
    let usual = match scheme.as_str() {
        "https" => 443,
        "http" => 80,
        _ => return None,
    };
    if authority.as_str().contains('@') || authority.host().is_empty() {
        return None;
    }
    let host = authority.host().to_ascii_lowercase();
    match authority.port_u16() {
        Some(port) if port != usual => Some(format!("{scheme}://{host}:{port}")),
        _ => Some(format!("{scheme}://{host}")),
    }
}

/// Whether a host can only be this machine.
fn is_loopback(host: &str) -> bool {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    bare.eq_ignore_ascii_case("localhost") || bare.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

/// Whether a path has a `.` or `..` segment, also in escaped spelling, or a backslash.
fn leaves_upwards(path: &str) -> bool {
    let plain = path.to_ascii_lowercase().replace("%2e", ".").replace("%2f", "/").replace("%5c", "\\");
    plain.contains('\\') || plain.split('/').any(|segment| matches!(segment, "." | ".."))
}

/// Percent-encodes everything but unreserved characters (RFC 3986 section 2.3) and those in `also`.
fn escape(text: &str, also: &str, out: &mut String) {
    for byte in text.bytes() {
        let c = char::from(byte);
        let plain = c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '~' | '.');
        if plain || also.contains(c) {
            out.push(c);
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bases_are_absolute_and_encrypted_unless_on_this_machine() {
        for good in ["https://bank.example/fdx/v6", "http://127.0.0.1:4105", "http://[::1]:9/x", "http://localhost/"] {
            assert_eq!(check_base_url(good), Ok(()), "{good}");
        }
        assert_eq!(check_base_url("http://bank.example"), Err(BadAddress::NotEncrypted));
        assert_eq!(check_base_url("http://localhost.evil.example"), Err(BadAddress::NotEncrypted));
        for bad in
            ["/fdx", "ftp://bank.example", "https://u:p@bank.example", "https://bank.example?x=1", "", "https://"]
        {
            assert_eq!(check_base_url(bad), Err(BadAddress::NotAbsolute), "{bad}");
        }
    }

    #[test]
    fn links_stay_under_the_base() {
        let base = Base::parse("https://bank.example/ob/v4.0/aisp/").expect("a base");
        let next = "https://bank.example/ob/v4.0/aisp/accounts/1/transactions?page=2";
        for same in [next, "https://BANK.example:443/ob/v4.0/aisp/accounts/1/transactions?page=2"] {
            assert_eq!(base.pin(same).as_deref(), Some(next));
        }
        assert_eq!(base.pin("/ob/v4.0/aisp/accounts/1/transactions?page=2").as_deref(), Some(next));
        for bad in [
            "http://example.com",
            "http://bank.example/ob/v4.0/aisp/accounts",
            "https://bank.example:8443/ob/v4.0/aisp/accounts",
            "https://bank.example.evil.example/ob/v4.0/aisp/accounts",
            "https://bank.example@evil.example/ob/v4.0/aisp/accounts",
            "https://bank.example/ob/v4.0/aisp/../../../admin",
            "https://bank.example/ob/v4.0/aisp/%2E%2e/admin",
            "https://bank.example/ob/v4.0/aispx/accounts",
            "//evil.example/ob/v4.0/aisp/accounts",
            "javascript:alert(1)",
            "",
        ] {
            assert_eq!(base.pin(bad), None, "{bad}");
        }
    }

    #[test]
    fn an_id_stays_one_segment() {
        let base = Base::parse("https://bank.example/v6").expect("a base");
        let url = base.join(&["accounts", "../a b/ü"], &[("k", "x&y=1")]);
        assert_eq!(url, "https://bank.example/v6/accounts/..%2Fa%20b%2F%C3%BC?k=x%26y%3D1");
    }
}
