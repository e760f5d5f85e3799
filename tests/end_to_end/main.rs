//! The promise: the program that people start does its job over real HTTP. `serve` stands between a Messenger and banks
//! that the test serves on loopback; `demo` brings its own.

#[path = "../support/process.rs"]
mod process;

mod demo;
mod serve;
mod town;
mod verbs;
