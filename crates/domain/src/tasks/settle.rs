//! Settling a task with the right address: the certificate goes there, and the holder's record follows.

use chrono::{DateTime, Utc};
use serde_json::json;

use super::{About, CertificateBack, Task, TaskError};
use crate::audit::{Action, Audited, Entry};
use crate::authz::rules::SettleTask;
use crate::authz::{By, Permit};
use crate::holders::{Holder, HolderProfile, HolderStanding};
use crate::text::EmailAddress;

/// A task was settled with another address.
#[derive(Debug)]
pub struct Settled {
    task: Task,
    certificate: CertificateBack,
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
    let About::Certificate(certificate) = &permit.about else {
        return Err(TaskError::NoCertificate);
    };
    if same(&certificate.came_back.address, &address) {
        return Err(TaskError::SameAddress);
    }
    let by = permit.by();
    Ok(Settled {
        certificate: certificate.clone(),
        task: permit.into_target(),
        address,
        by,
        at: now,
    })
}

fn same(one: &EmailAddress, other: &EmailAddress) -> bool {
    one.as_str().eq_ignore_ascii_case(other.as_str())
}

/// The holder's record with the right address in the place of the wrong one; `None` where the wrong one does not stand
/// there, or the holder is no longer in use.
#[must_use]
pub fn corrected(holder: &Holder, wrong: &EmailAddress, right: &EmailAddress) -> Option<HolderProfile> {
    let profile = &holder.profile;
    if holder.standing != HolderStanding::Listed || !profile.emails.iter().any(|own| same(own, wrong)) {
        return None;
    }
    let mut emails: Vec<EmailAddress> = Vec::new();
    for own in &profile.emails {
        let next = if same(own, wrong) { right } else { own };
        if !emails.iter().any(|known| same(known, next)) {
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

    /// The certificate that came back.
    #[must_use]
    pub const fn certificate(&self) -> &CertificateBack {
        &self.certificate
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
        Entry {
            by: self.by.clone(),
            action: Action::TaskSettled,
            insured: Some(self.task.insured),
            object_kind: "certificate",
            object_id: Some(self.certificate.certificate.uuid()),
            object_label: self.certificate.number.clone(),
            detail: json!({ "from": self.certificate.came_back.address, "to": [self.address] }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
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
