//! Refusing to lift what blocks a certificate. The draft stays with the request.

use chrono::{DateTime, Utc};
use serde_json::json;

use super::{Approval, Decided, written};
use crate::audit::{Action, Audited, Entry};
use crate::authz::rules::DeclineFindings;
use crate::authz::{By, Permit};
use crate::ids::{ApprovalId, TaskId};
use crate::text::TextError;

/// Why nothing was declined.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DeclineError {
    /// It was decided already.
    #[error(transparent)]
    Decided(#[from] Decided),
    /// The reason is missing, too long, or not one that may stand there.
    #[error("{0}")]
    Reason(TextError),
}

/// A request was declined.
#[derive(Debug)]
pub struct Declined {
    approval: Approval,
    reason: String,
    task: TaskId,
    by: By,
    at: DateTime<Utc>,
}

/// Declines a request, for a reason that the asker reads; `task` tells them of it.
///
/// # Errors
/// [`DeclineError`].
pub fn decline(
    permit: Permit<DeclineFindings>,
    reason: &str,
    task: TaskId,
    now: DateTime<Utc>,
) -> Result<Declined, DeclineError> {
    let reason = written(reason).map_err(DeclineError::Reason)?;
    permit.waits()?;
    let by = permit.by();
    Ok(Declined {
        approval: permit.into_target(),
        reason,
        task,
        by,
        at: now,
    })
}

impl Declined {
    /// The request.
    #[must_use]
    pub const fn id(&self) -> ApprovalId {
        self.approval.id
    }

    /// Why.
    #[must_use]
    pub fn reason(&self) -> &str {
        &self.reason
    }

    /// The task that tells whoever asked.
    #[must_use]
    pub const fn task(&self) -> TaskId {
        self.task
    }

    /// Who declined.
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

impl Audited for Declined {
    fn entry(&self) -> Entry {
        Entry {
            by: self.by.clone(),
            action: Action::ApprovalDeclined,
            insured: Some(self.approval.insured),
            object_kind: "approval",
            object_id: Some(self.approval.id.uuid()),
            object_label: self.approval.holder_name.clone(),
            detail: json!({ "asked_by": self.approval.asked_by_name, "reason": self.reason }),
        }
    }
}
