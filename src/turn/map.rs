//! The address of a map: a configured one, with what is looked for in its query.

use std::fmt::Write;

/// The map that people who configure none get.
pub const SEARCH_URL: &str = "https://www.openstreetmap.org/search?query={query}";

/// The map of cash machines near a place, or wherever it opens. Maps understand the English words everywhere.
pub fn address(search_url: &str, place: Option<&str>) -> String {
    let query = place.map_or_else(|| "atm".to_owned(), |place| format!("atm near {place}"));
    search_url.replace("{query}", &encoded(&query))
}

/// What was typed, as it stands in the query of an address: it can end neither its parameter nor the address.
fn encoded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
            out.push(char::from(byte));
        } else {
            // Writing into a string cannot fail.
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_typed_stays_within_its_parameter() {
        let of = |place: &str| address(SEARCH_URL, Some(place));
        assert_eq!(of("union square"), "https://www.openstreetmap.org/search?query=atm%20near%20union%20square");
        let hostile = of("x&y=1#z/../?@evil.example/{query}\"><ü");
        let (_, query) = hostile.split_once("?query=").expect("the query");
        assert!(query.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._~%".contains(&b)), "{hostile}");
        assert_eq!(address(SEARCH_URL, None), "https://www.openstreetmap.org/search?query=atm");
    }
}
