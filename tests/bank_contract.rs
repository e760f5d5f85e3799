//! What every bank connector promises, whatever dialect its bank speaks. The banks are scripts behind a router in
//! this process; requests and responses are the bytes that would cross the wire.

#[path = "bank_contract/asking.rs"]
mod asking;
#[path = "bank_contract/errors.rs"]
mod errors;
#[path = "bank_contract/guard.rs"]
mod guard;
#[path = "bank_contract/mutation.rs"]
mod mutation;
#[path = "bank_contract/offers.rs"]
mod offers;
#[path = "bank_contract/same_story.rs"]
mod same_story;
#[path = "bank_contract/stage.rs"]
mod stage;
#[path = "bank_contract/traps.rs"]
mod traps;
