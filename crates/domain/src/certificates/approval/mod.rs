//! A block that a second person lifts: asked for with a note, decided with a reason.
//!
//! ```text
//! waiting → approved (the certificate is sent, and the lifted findings stand with it) | declined
//! ```
//!
//! Invariants: nobody decides a request of their own; what is approved is what was looked at, and a block that was
//! not there then stops it; some blocks no person lifts ([`FindingCode::liftable`]).
//!
//! [`FindingCode::liftable`]: super::truth::FindingCode::liftable

pub mod approve;
pub mod ask;
pub mod decline;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::truth::{Finding, Severity};
use crate::authz::Belongs;
use crate::ids::{AgencyId, ApprovalId, CertificateId, InsuredId, StaffUserId};
use crate::text::{TextError, paragraphs};
use crate::vocabulary;

vocabulary! {
    /// What became of a request.
    pub enum ApprovalState {
        /// Nobody has decided it.
        Waiting = "waiting",
        /// A second person lifted the findings, and the certificate was sent.
        Approved = "approved",
        /// A second person refused it.
        Declined = "declined",
    }
}

/// Longest note or reason, in characters.
pub const MAX_REASON: usize = 500;

/// A request to lift what blocks a certificate, as far as deciding about it needs.
#[derive(Clone, Debug, PartialEq)]
pub struct Approval {
    /// The agency.
    pub agency: AgencyId,
    /// Its id.
    pub id: ApprovalId,
    /// Whose certificate waits.
    pub insured: InsuredId,
    /// The insured's name at that time.
    pub insured_name: String,
    /// The holder's name at that time.
    pub holder_name: String,
    /// The certificate whose next revision waits; none for a first sending.
    pub revises: Option<CertificateId>,
    /// The request to send as it was made.
    pub draft: Value,
    /// What blocked when it was asked.
    pub findings: Vec<Finding>,
    /// What the asker said.
    pub note: String,
    /// Who asked.
    pub asked_by: StaffUserId,
    /// The asker's name at that time.
    pub asked_by_name: String,
    /// When.
    pub asked_at: DateTime<Utc>,
    /// What became of it.
    pub state: ApprovalState,
}

impl Belongs for Approval {
    fn agency(&self) -> AgencyId {
        self.agency
    }
}

/// The request was decided already.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("this request was decided already")]
pub struct Decided;

impl Approval {
    /// Whether it still waits.
    ///
    /// # Errors
    /// [`Decided`].
    pub fn waits(&self) -> Result<(), Decided> {
        match self.state {
            ApprovalState::Waiting => Ok(()),
            ApprovalState::Approved | ApprovalState::Declined => Err(Decided),
        }
    }
}

/// A finding that a second person lifted, as it stands with the certificate for good.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Override {
    /// What was found.
    pub finding: Finding,
    /// Who asked.
    pub asked_by: String,
    /// When.
    pub asked_at: DateTime<Utc>,
    /// What the asker said.
    pub note: String,
    /// Who approved.
    pub approved_by: String,
    /// When.
    pub approved_at: DateTime<Utc>,
    /// Why.
    pub reason: String,
}

/// The findings that block.
pub fn blocking(findings: &[Finding]) -> impl Iterator<Item = &Finding> {
    findings
        .iter()
        .filter(|finding| finding.severity == Severity::Block)
}

/// A note or a reason in its tidy form; one of them must always be given.
fn written(text: &str) -> Result<String, TextError> {
    let text = paragraphs(text, MAX_REASON)?;
    if text.is_empty() {
        return Err(TextError::Empty);
    }
    Ok(text)
}
