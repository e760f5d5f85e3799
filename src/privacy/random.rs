//! The one source of randomness.

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
