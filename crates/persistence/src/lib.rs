//! Storage. The promise: loads are authorized, writes are outcomes.
//!
//! Every public loader returns a permit, takes one, or takes a scope; every public writer takes a domain
//! outcome and writes rows, audit entry and jobs in the caller's transaction. Diesel is seen nowhere else.

mod admission;
pub mod agencies;
pub mod approvals;
pub mod audit;
pub mod batches;
pub mod certificates;
mod db;
pub mod deliveries;
pub mod documents;
mod error;
pub mod holders;
pub mod idempotency;
pub mod imports;
pub mod insureds;
pub mod interests;
pub mod jobs;
mod link_secrets;
pub mod mailing;
pub mod masters;
pub mod migrate;
pub mod notices;
mod page;
pub mod policies;
pub mod portal;
pub mod questions;
pub mod recipients;
pub mod reports;
mod schema;
pub mod search;
pub mod sessions;
pub mod state_rules;
pub mod sweep;
pub mod tasks;
pub mod templates;
#[cfg(feature = "testing")]
pub mod testing;
pub mod throttles;
mod word;

pub use admission::Door;
pub use db::{Db, Role, Tx};
pub use error::{Constraint, Error};
pub use page::{After, Page, PageRequest};
pub use word::Word;
