//! Asking a second person to lift what blocks a certificate. The whole draft waits with the request.

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use super::{blocking, written};
use crate::audit::{Action, Audited, Entry};
use crate::authz::rules::AskApproval;
use crate::authz::{By, Permit};
use crate::certificates::send::Draft;
use crate::certificates::truth::Finding;
use crate::ids::{ApprovalId, CertificateId, InsuredId};
use crate::text::TextError;

/// Why nobody was asked.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum AskError {
    /// Nothing blocks, so nothing needs to be lifted.
    #[error("nothing blocks this certificate; send it")]
    NothingBlocks,
    /// Something blocks that no person lifts.
    #[error("something blocks that nobody can approve")]
    NotLiftable(Vec<Finding>),
    /// The note is missing, too long, or not one that may stand there.
    #[error("{0}")]
    Note(TextError),
    /// The draft is of another insured.
    #[error("the draft is of another insured")]
    OtherInsured,
}

/// A second person was asked.
#[derive(Debug)]
pub struct Asked {
    id: ApprovalId,
    insured: InsuredId,
    names: Names,
    revises: Option<CertificateId>,
    request: Value,
    findings: Vec<Finding>,
    note: String,
    by: By,
    at: DateTime<Utc>,
}

/// What the request is about, in names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Names {
    /// The insured as printed.
    pub insured: String,
    /// The holder as printed.
    pub holder: String,
    /// The master.
    pub master: String,
}

/// Asks for what blocks `draft` to be lifted; `request` is what was asked to be sent.
///
/// # Errors
/// [`AskError`].
pub fn ask(
    permit: Permit<AskApproval>,
    id: ApprovalId,
    draft: &Draft,
    request: Value,
    revises: Option<CertificateId>,
    note: &str,
    now: DateTime<Utc>,
) -> Result<Asked, AskError> {
    let note = written(note).map_err(AskError::Note)?;
    if draft.insured() != permit.id {
        return Err(AskError::OtherInsured);
    }
    let findings: Vec<Finding> = blocking(draft.findings()).cloned().collect();
    if findings.is_empty() {
        return Err(AskError::NothingBlocks);
    }
    if findings.iter().any(|finding| !finding.code.liftable()) {
        return Err(AskError::NotLiftable(findings));
    }
    Ok(Asked {
        id,
        insured: permit.id,
        names: Names {
            insured: draft.payload().insured.name.to_string(),
            holder: draft.payload().holder.name.to_string(),
            master: draft.master().selection.name.to_string(),
        },
        revises,
        request,
        findings,
        note,
        by: permit.by(),
        at: now,
    })
}

impl Asked {
    /// The request's id.
    #[must_use]
    pub const fn id(&self) -> ApprovalId {
        self.id
    }

    /// Whose certificate waits.
    #[must_use]
    pub const fn insured(&self) -> InsuredId {
        self.insured
    }

    /// What it is about, in names.
    #[must_use]
    pub const fn names(&self) -> &Names {
        &self.names
    }

    /// The certificate whose next revision waits.
    #[must_use]
    pub const fn revises(&self) -> Option<CertificateId> {
        self.revises
    }

    /// What was asked to be sent.
    #[must_use]
    pub const fn request(&self) -> &Value {
        &self.request
    }

    /// What blocks.
    #[must_use]
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }

    /// What the asker said.
    #[must_use]
    pub fn note(&self) -> &str {
        &self.note
    }

    /// Who asked.
    #[must_use]
    pub const fn by(&self) -> &By {
        &self.by
    }

    /// When.
    #[must_use]
    pub const fn at(&self) -> DateTime<Utc> {
        self.at
    }
}

impl Audited for Asked {
    fn entry(&self) -> Entry {
        let codes: Vec<_> = self.findings.iter().map(|finding| finding.code).collect();
        Entry {
            by: self.by.clone(),
            action: Action::ApprovalAsked,
            insured: Some(self.insured),
            object_kind: "approval",
            object_id: Some(self.id.uuid()),
            object_label: self.names.holder.clone(),
            detail: json!({ "master": self.names.master, "findings": codes, "note": self.note }),
        }
    }
}
