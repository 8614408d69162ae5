//! A policy as it is on file: under its version, and with the terms before and after it.

use chrono::NaiveDate;

use super::Policy;
use crate::authz::Belongs;
use crate::ids::{AgencyId, PolicyId};
use crate::text::NonBlank;

/// Another term of the same policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OtherTerm {
    /// Its id.
    pub id: PolicyId,
    /// Its number.
    pub number: NonBlank,
    /// First day of the term.
    pub effective_on: NaiveDate,
    /// Day on which the term ends.
    pub expires_on: NaiveDate,
}

/// A policy as it is on file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PolicyRecord {
    /// The agency.
    pub agency: AgencyId,
    /// Counts changes of the policy, its forms and its vehicles.
    pub version: i32,
    /// The policy.
    pub policy: Policy,
    /// The term that it renews.
    pub prior: Option<OtherTerm>,
    /// The term that renews it.
    pub next: Option<OtherTerm>,
}

impl Belongs for PolicyRecord {
    fn agency(&self) -> AgencyId {
        self.agency
    }
}
