//! Settling a task without doing anything about it, or by having looked at what it tells.

use chrono::{DateTime, Utc};
use serde_json::json;

use super::{About, CertificateBack, NoticeBack, Task, TaskError};
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

/// Says why nothing is done. An answer or a declined request was looked at, and that needs no reason.
///
/// # Errors
/// [`TaskError`].
pub fn dismiss(permit: Permit<SettleTask>, reason: &str, now: DateTime<Utc>) -> Result<Dismissed, TaskError> {
    permit.still_open()?;
    let reason = paragraphs(reason, 500).map_err(TaskError::Reason)?;
    if reason.is_empty() && permit.about.came_back().is_some() {
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
        let Task {
            insured,
            insured_name,
            about,
            ..
        } = &self.task;
        let (object_kind, object, label, mut facts) = match about {
            About::Certificate(CertificateBack {
                certificate, number, ..
            }) => ("certificate", certificate.uuid(), number, Vec::new()),
            About::Notice(NoticeBack {
                policy,
                policy_number,
                holder_name,
                ..
            }) => (
                "policy",
                policy.uuid(),
                policy_number,
                vec![("mail", json!("notice")), ("holder", json!(holder_name))],
            ),
            About::Question { master, .. } => (
                "master",
                master.uuid(),
                insured_name,
                vec![("mail", json!("question"))],
            ),
            About::Answer { master, name, .. } => (
                "master",
                master.uuid(),
                insured_name,
                vec![("mail", json!("answer")), ("name", json!(name))],
            ),
            About::Declined {
                request,
                holder_name,
                asked_by,
                ..
            } => (
                "approval",
                request.uuid(),
                holder_name,
                vec![("declined", json!(true)), ("asked_by", json!(asked_by))],
            ),
        };
        if let Some(came_back) = about.came_back() {
            facts.push(("address", json!(came_back.address)));
        }
        facts.push(("reason", json!(self.reason)));
        Entry {
            by: self.by.clone(),
            action: Action::TaskDismissed,
            insured: Some(*insured),
            object_kind,
            object_id: Some(object),
            object_label: label.clone(),
            detail: facts.into_iter().collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::{MasterId, QuestionId};
    use crate::testing as cast;

    fn answer() -> Task {
        let about = About::Answer {
            question: QuestionId::from_uuid(uuid::Uuid::from_u128(1)),
            master: MasterId::from_uuid(uuid::Uuid::from_u128(2)),
            name: "Pat Rivera".to_owned(),
            wanted: 1,
            holders: 2,
            note: String::new(),
        };
        Task {
            about,
            ..cast::task()
        }
    }

    #[test]
    fn what_only_tells_is_looked_at_without_a_reason_and_mail_that_came_back_needs_one() {
        let permit = cast::administrator().request(answer()).unwrap();
        let seen = dismiss(permit, "", cast::now()).unwrap();
        let entry = seen.entry();
        assert_eq!(
            (entry.object_kind, entry.insured),
            ("master", Some(cast::INSURED))
        );
        assert_eq!(
            entry.detail,
            json!({ "mail": "answer", "name": "Pat Rivera", "reason": "" })
        );
        let about = About::Declined {
            request: cast::approval().id,
            holder_name: "Northgate Builders, Inc.".to_owned(),
            asked_by: "Ines Calder".to_owned(),
            declined_by: "Theo Brandt".to_owned(),
            reason: "Take the sentence out.".to_owned(),
        };
        let declined = Task {
            about,
            ..cast::task()
        };
        let permit = cast::administrator().request(declined).unwrap();
        let entry = dismiss(permit, "", cast::now()).unwrap().entry();
        assert_eq!(
            (entry.object_kind, entry.object_label.as_str()),
            ("approval", "Northgate Builders, Inc.")
        );
        let permit = cast::administrator().request(cast::task()).unwrap();
        let unsaid = dismiss(permit, "", cast::now()).unwrap_err();
        assert_eq!(unsaid, TaskError::Reason(TextError::Empty));
    }
}
