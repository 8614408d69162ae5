//! Authorization, in one place.
//!
//! Data says what a person *holds* (a group's permissions, a portal user's rights); code says what an act
//! *requires*. The second is one file, [`rules`], and there is no other door:
//!
//! ```text
//! Actor ── request::<O>(target) ──► Permit<O> ── transition ──► outcome ── record ──► rows + audit + jobs
//! ```
//!
//! A handler cannot forget the check, because loaders return permits and writers accept only outcomes.

pub mod actor;
pub mod capability;
pub mod operation;
pub mod rules;

pub use actor::{AccountState, Actor, ActorKind, By, Portal, Process, Staff};
pub use capability::{Permission, Right, RightKind};
pub use operation::{Belongs, Listing, Operation, Permit, Reach, Rule, Scope, Verdict};
