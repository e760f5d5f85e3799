//! L2: what makes the promise provable. Sealing of what is at rest, permits without which no bank is called, and
//! the one source of randomness.

mod cipher;
pub mod permit;
pub mod random;
pub mod seal;
pub mod vault;
