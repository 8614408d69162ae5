//! Changing what a policy says of itself.

use chrono::{DateTime, Utc};
use serde_json::json;

use super::record::PolicyRecord;
use super::terms::{Terms, TermsError};
use crate::audit::{Action, Audited, Entry};
use crate::authz::rules::EditPolicy;
use crate::authz::{By, Permit};

/// A policy says something else by now.
#[derive(Debug)]
pub struct Edited {
    before: PolicyRecord,
    terms: Terms,
    action: Action,
    by: By,
    at: DateTime<Utc>,
}

/// Changes a policy's own data. Certificates issued from it keep what they printed, and are not sent again.
///
/// # Errors
/// [`TermsError`].
pub fn edit(permit: Permit<EditPolicy>, terms: Terms, now: DateTime<Utc>) -> Result<Edited, TermsError> {
    let policy = &permit.policy;
    terms.check(policy.line())?;
    let own_days = policy.endorsements.iter().find(|form| {
        let mut days = form.effective_on.into_iter().chain(form.ends_on);
        days.any(|day| !terms.reaches(day))
    });
    if let Some(form) = own_days {
        return Err(TermsError::FormOutsideTerm(form.name()));
    }
    Ok(Edited::of(permit, terms, Action::PolicyEdited, now))
}

impl Edited {
    pub(super) fn of(permit: Permit<EditPolicy>, terms: Terms, action: Action, now: DateTime<Utc>) -> Self {
        let by = permit.by();
        Self {
            before: permit.into_target(),
            terms,
            action,
            by,
            at: now,
        }
    }

    /// The policy as it was.
    #[must_use]
    pub const fn before(&self) -> &PolicyRecord {
        &self.before
    }

    /// What it says now.
    #[must_use]
    pub const fn terms(&self) -> &Terms {
        &self.terms
    }

    /// When.
    #[must_use]
    pub const fn at(&self) -> DateTime<Utc> {
        self.at
    }
}

impl Audited for Edited {
    fn entry(&self) -> Entry {
        let policy = &self.before.policy;
        Entry {
            by: self.by.clone(),
            action: self.action,
            insured: Some(policy.insured_id),
            object_kind: "policy",
            object_id: Some(policy.id.uuid()),
            object_label: self.terms.number.to_string(),
            detail: json!({ "changes": self.terms.differences_from(&Terms::from(policy)) }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policies::Status;
    use crate::testing as cast;

    fn permit(record: PolicyRecord) -> Permit<EditPolicy> {
        cast::administrator().request(record).unwrap()
    }

    #[test]
    fn a_change_is_told_with_what_was_before() {
        let record = cast::on_file(cast::general_liability());
        let mut terms = Terms::from(&record.policy);
        terms.status = Status::NonRenewed;
        let edited = edit(permit(record.clone()), terms, cast::now()).unwrap();
        assert_eq!(edited.before(), &record);
        let entry = edited.entry();
        assert_eq!(entry.action, Action::PolicyEdited);
        assert_eq!(
            (entry.object_kind, entry.object_id),
            ("policy", Some(record.policy.id.uuid()))
        );
        assert_eq!(
            entry.detail,
            json!({ "changes": [
                { "field": "status", "label": "Status", "before": "active", "after": "non renewed" },
            ]})
        );
    }

    #[test]
    fn a_term_keeps_the_days_of_its_forms_within_it() {
        let mut policy = cast::general_liability();
        policy.endorsements[0].ends_on = Some(cast::day("2027-02-01"));
        let record = cast::on_file(policy);
        let mut terms = Terms::from(&record.policy);
        terms.expires_on = cast::day("2027-01-31");
        assert_eq!(
            edit(permit(record.clone()), terms.clone(), cast::now()).unwrap_err(),
            TermsError::FormOutsideTerm("CG 20 10 04 13".to_owned())
        );
        terms.expires_on = cast::day("2027-02-01");
        assert!(edit(permit(record), terms, cast::now()).is_ok());
    }
}
