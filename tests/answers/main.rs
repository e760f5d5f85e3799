//! Answers to one person's questions, computed from facts written by hand and read in English as the person would
//! read them. Replies are kept here word for word, so that a change of wording is a diff to be read.

mod balances;
mod regular;
mod rows;
mod spending;
mod world;
