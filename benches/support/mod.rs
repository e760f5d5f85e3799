//! What the benches share: a server in a process of its own whose CPU is read, a client whose CPU is not, and rounds
//! that alternate between the anchor and the product so that the machine's moods hit both.
#![allow(dead_code, reason = "each bench that includes this uses a part of it")]

pub(crate) mod anchor;
pub(crate) mod client;
pub(crate) mod delivery;
pub(crate) mod rounds;
pub(crate) mod server;
pub(crate) mod stopwatch;
