//! Settling a task with the right address: the mail goes there, and the holder's record follows.

use chrono::{DateTime, Utc};
use serde_json::json;

use super::{About, CameBack, CertificateBack, NoticeBack, Task, TaskError};
use crate::audit::{Action, Audited, Entry};
use crate::authz::rules::SettleTask;
use crate::authz::{By, Permit};
use crate::holders::{Holder, HolderProfile, HolderStanding};
use crate::text::EmailAddress;

/// What goes to another address than the one that it came back from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WentElsewhere {
    /// A certificate.
    Certificate(CertificateBack),
    /// A courtesy notice of a cancellation.
    Notice(NoticeBack),
}

impl WentElsewhere {
    /// From where it came back.
    #[must_use]
    pub const fn came_back(&self) -> &CameBack {
        match self {
            Self::Certificate(CertificateBack { came_back, .. })
            | Self::Notice(NoticeBack { came_back, .. }) => came_back,
        }
    }
}

/// A task was settled with another address.
#[derive(Debug)]
pub struct Settled {
    task: Task,
    mail: WentElsewhere,
    address: EmailAddress,
    by: By,
    at: DateTime<Utc>,
}

/// Notes the right address. The sending to it and the change of the holder are outcomes of their own, written in the
/// same transaction.
///
/// # Errors
/// [`TaskError`].
pub fn settle(
    permit: Permit<SettleTask>,
    address: EmailAddress,
    now: DateTime<Utc>,
) -> Result<Settled, TaskError> {
    permit.still_open()?;
    let mail = match &permit.about {
        About::Certificate(back) => WentElsewhere::Certificate(back.clone()),
        About::Notice(back) => WentElsewhere::Notice(back.clone()),
        About::Question { .. } | About::Answer { .. } | About::Declined { .. } => {
            return Err(TaskError::NotSentFromHere);
        }
    };
    if mail.came_back().address.is_same(&address) {
        return Err(TaskError::SameAddress);
    }
    let by = permit.by();
    Ok(Settled {
        mail,
        task: permit.into_target(),
        address,
        by,
        at: now,
    })
}

/// The holder's record with the right address in the place of the wrong one; `None` where the wrong one does not stand
/// there, or the holder is no longer in use.
#[must_use]
pub fn corrected(holder: &Holder, wrong: &EmailAddress, right: &EmailAddress) -> Option<HolderProfile> {
    let profile = &holder.profile;
    if holder.standing != HolderStanding::Listed || !profile.emails.iter().any(|own| own.is_same(wrong)) {
        return None;
    }
    let mut emails: Vec<EmailAddress> = Vec::new();
    for own in &profile.emails {
        let next = if own.is_same(wrong) { right } else { own };
        if !emails.iter().any(|known| known.is_same(next)) {
            emails.push(next.clone());
        }
    }
    Some(HolderProfile {
        emails,
        ..profile.clone()
    })
}

impl Settled {
    /// The task as it was.
    #[must_use]
    pub const fn task(&self) -> &Task {
        &self.task
    }

    /// What came back, and goes to the right address now.
    #[must_use]
    pub const fn mail(&self) -> &WentElsewhere {
        &self.mail
    }

    /// The right address.
    #[must_use]
    pub const fn address(&self) -> &EmailAddress {
        &self.address
    }

    /// Who found it.
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

impl Audited for Settled {
    fn entry(&self) -> Entry {
        let (object_kind, object, label, mut facts) = match &self.mail {
            WentElsewhere::Certificate(CertificateBack {
                certificate, number, ..
            }) => ("certificate", certificate.uuid(), number, Vec::new()),
            WentElsewhere::Notice(NoticeBack {
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
        };
        facts.push(("from", json!(self.mail.came_back().address)));
        facts.push(("to", json!([self.address])));
        Entry {
            by: self.by.clone(),
            action: Action::TaskSettled,
            insured: Some(self.task.insured),
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
    use crate::tasks::{TaskState, dismiss};
    use crate::testing as cast;
    use crate::text::TextError;

    fn permit(task: Task) -> Permit<SettleTask> {
        cast::administrator().request(task).unwrap()
    }

    #[test]
    fn a_task_is_settled_once_and_with_another_address() {
        let right = cast::email("certs@northgate.example.com");
        let settled = settle(permit(cast::task()), right.clone(), cast::now()).unwrap();
        assert_eq!(settled.entry().action, Action::TaskSettled);
        let wrong = cast::email("OLD@northgate.example.com");
        let refused = settle(permit(cast::task()), wrong, cast::now()).unwrap_err();
        assert_eq!(refused, TaskError::SameAddress);
        let mut done = cast::task();
        done.state = TaskState::Done;
        let again = settle(permit(done.clone()), right, cast::now()).unwrap_err();
        assert_eq!(again, TaskError::SettledAlready);
        let again = dismiss(permit(done), "why", cast::now()).unwrap_err();
        assert_eq!(again, TaskError::SettledAlready);
        let unsaid = dismiss(permit(cast::task()), " ", cast::now()).unwrap_err();
        assert_eq!(unsaid, TaskError::Reason(TextError::Empty));
    }

    #[test]
    fn a_notice_is_settled_as_a_certificate_is_and_a_question_is_not() {
        let right = cast::email("certs@northgate.example.com");
        let notice = cast::notice_back();
        let task = Task {
            about: About::Notice(notice.clone()),
            ..cast::task()
        };
        let settled = settle(permit(task.clone()), right.clone(), cast::now()).unwrap();
        assert_eq!(settled.mail(), &WentElsewhere::Notice(notice.clone()));
        let entry = settled.entry();
        assert_eq!(
            (entry.object_kind, entry.object_label.as_str(), entry.insured),
            ("policy", "UMB-5512", Some(cast::INSURED))
        );
        assert_eq!(
            entry.detail,
            json!({
                "mail": "notice", "holder": "Northgate Builders, Inc.", "from": "old@northgate.example.com",
                "to": ["certs@northgate.example.com"],
            })
        );
        let wrong = notice.came_back.address.clone();
        let refused = settle(permit(task), wrong, cast::now()).unwrap_err();
        assert_eq!(refused, TaskError::SameAddress);
        let question = Task {
            about: About::Question {
                question: QuestionId::from_uuid(uuid::Uuid::from_u128(1)),
                master: MasterId::from_uuid(uuid::Uuid::from_u128(2)),
                came_back: notice.came_back,
            },
            ..cast::task()
        };
        let refused = settle(permit(question), right, cast::now()).unwrap_err();
        assert_eq!(refused, TaskError::NotSentFromHere);
    }

    #[test]
    fn the_holders_record_follows_where_the_wrong_address_stood_there() {
        let wrong = cast::task().about.came_back().unwrap().address.clone();
        let right = cast::email("certs@northgate.example.com");
        let mut holder = cast::holder();
        holder.profile.emails = vec![cast::email("pm@northgate.example.com"), wrong.clone()];
        let emails = |holder: &Holder| corrected(holder, &wrong, &right).map(|profile| profile.emails);
        assert_eq!(
            emails(&holder),
            Some(vec![cast::email("pm@northgate.example.com"), right.clone()])
        );
        holder.profile.emails = vec![right.clone(), wrong.clone()];
        assert_eq!(emails(&holder), Some(vec![right.clone()]));
        holder.profile.emails = vec![right.clone()];
        assert_eq!(emails(&holder), None);
        holder.profile.emails = vec![wrong.clone()];
        holder.standing = HolderStanding::Archived { at: cast::now() };
        assert_eq!(emails(&holder), None);
    }
}
