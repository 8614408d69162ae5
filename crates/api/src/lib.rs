//! The HTTP API: sessions, handlers, problems, and the contract that is generated from them.
//!
//! A handler parses, asks for a permit, lets the domain decide, records the outcome and shows a view; it owns
//! the transaction and nothing else. `routes.rs` is the table of contents.

mod activity;
mod agency;
mod approvals;
mod batches;
mod certificates;
mod client;
mod context;
mod csv;
mod cursor;
mod faults;
mod guard;
mod health;
mod holders;
mod idempotency;
mod imports;
mod insureds;
mod interests;
mod json;
mod links;
mod mail;
mod masters;
mod openapi;
mod passwords;
mod policies;
mod portal;
mod problem;
mod routes;
mod server;
mod session;
mod tasks;
mod templates;
mod version;
mod web_apps;
mod wire;

pub use context::{Clock, Origins, State};
pub use passwords::{Hashing, Peppers, hash_now, is_common};
pub use problem::ProblemType;
pub use server::{contract, serve};
