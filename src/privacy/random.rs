//! The one source of randomness.

use jiff::Timestamp;

/// Fills `out` from the operating system.
///
/// # Panics
/// When the operating system has no randomness to give: nothing may be sealed or signed then.
#[expect(clippy::disallowed_methods, reason = "the one place where randomness is drawn")]
pub fn fill(out: &mut [u8]) {
    getrandom::fill(out).expect("the operating system gives randomness");
}

/// `N` random bytes.
pub fn bytes<const N: usize>() -> [u8; N] {
    let mut out = [0; N];
    fill(&mut out);
    out
}

/// 128 random bits as 32 hexadecimal digits: an id that cannot be guessed.
pub fn id() -> String {
    hex::encode(bytes::<16>())
}

/// An id that cannot be guessed, and is larger than those of earlier milliseconds: 48 bits of time and 80 random bits,
/// as 32 hexadecimal digits. In an index such ids stand side by side, where wholly random ones touch a page each.
/// Source: RFC 9562, section 5.7 (the layout of version 7, without its version bits).
pub fn id_in_order(now: Timestamp) -> String {
    let mut id = [0; 16];
    id[..6].copy_from_slice(&now.as_millisecond().to_be_bytes()[2..]);
    fill(&mut id[6..]);
    hex::encode(id)
}
