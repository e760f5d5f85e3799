//! The webhook's promise, over real HTTP on loopback: what is not signed is refused without a word, what is signed
//! is kept once and answered 200, and each strange element costs only itself.

#[path = "../support/recording_store.rs"]
mod recording_store;

mod door;
mod elements;
mod house;
mod kinds;
mod limits;
