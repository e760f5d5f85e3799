//! balancebot answers questions about a person's money in Messenger, exactly, and proves what it looked at.
//!
//! > A **channel** verifies a delivery and the **store** keeps it; a **turn** claims one conversation,
//! > **understands** the text, the **flow** decides what to ask, the **bank** is asked, the **answer** is computed,
//! > and the reply is committed with the new state and sent by the channel.
//!
//! The folders under `src/` are the nouns of that sentence; `src/README.md` is the map.
#![forbid(unsafe_code)]

pub mod answer;
pub mod app;
pub mod bank;
pub mod channel;
pub mod chart;
pub mod cli;
pub mod clock;
pub mod config;
pub mod domain;
pub mod egress;
pub mod flow;
pub mod privacy;
pub mod proof;
pub mod replay;
pub mod sandbox;
pub mod store;
pub mod telemetry;
pub mod turn;
pub mod understand;
pub mod wakeup;
pub mod web;
