//! How often reading looks at a token: the measure of the promise that a text costs no more than in proportion to its
//! length. It is counted in builds with debug assertions only; wall time would measure the machine.

use std::cell::Cell;

thread_local! {
    static LOOKS: Cell<u64> = const { Cell::new(0) };
}

/// Counts one look. Costs nothing in a release.
#[inline]
pub(super) fn look() {
    if cfg!(debug_assertions) {
        LOOKS.with(|looks| looks.set(looks.get().wrapping_add(1)));
    }
}

/// How many looks this thread has had at tokens; always 0 without debug assertions.
pub fn looks() -> u64 {
    LOOKS.with(Cell::get)
}
