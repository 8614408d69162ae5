//! Settling a task without doing anything about it.

use chrono::{DateTime, Utc};
use serde_json::json;

use super::{Task, TaskError};
use crate::audit::{Action, Audited, Entry};
use crate::authz::rules::SettleTask;
use crate::authz::{By, Permit};
use crate::text::{TextError, paragraphs};

/// A task was dismissed.
#[derive(Debug)]
pub struct Dismissed {
    task: Task,
    reason: String,
    by: By,
    at: DateTime<Utc>,
}

/// Says why nothing is done.
///
/// # Errors
/// [`TaskError`].
pub fn dismiss(permit: Permit<SettleTask>, reason: &str, now: DateTime<Utc>) -> Result<Dismissed, TaskError> {
    permit.still_open()?;
    let reason = paragraphs(reason, 500).map_err(TaskError::Reason)?;
    if reason.is_empty() {
        return Err(TaskError::Reason(TextError::Empty));
    }
    let by = permit.by();
    Ok(Dismissed {
        task: permit.into_target(),
        reason,
        by,
        at: now,
    })
}

impl Dismissed {
    /// The task as it was.
    #[must_use]
    pub const fn task(&self) -> &Task {
        &self.task
    }

    /// Why.
    #[must_use]
    pub fn reason(&self) -> &str {
        &self.reason
    }

    /// Who said so.
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

impl Audited for Dismissed {
    fn entry(&self) -> Entry {
        Entry {
            by: self.by.clone(),
            action: Action::TaskDismissed,
            insured: Some(self.task.insured),
            object_kind: "certificate",
            object_id: Some(self.task.certificate.uuid()),
            object_label: self.task.number.clone(),
            detail: json!({ "address": self.task.address, "reason": self.reason }),
        }
    }
}
