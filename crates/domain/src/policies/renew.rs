//! Renewing a policy: a new term beside the old one, which stays as it is.
//!
//! Invariant: a term is renewed once, into a later term of the same line.

use chrono::{DateTime, Utc};
use serde_json::json;
use uuid::Uuid;

use super::endorsement::Endorsement;
use super::record::PolicyRecord;
use super::terms::{Terms, TermsError};
use super::{Policy, Status, Vehicle};
use crate::audit::{Action, Audited, Entry};
use crate::authz::rules::EditPolicy;
use crate::authz::{By, Permit};
use crate::ids::{EndorsementId, PolicyId, VehicleId};

/// What goes into the new term besides its own data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Carried {
    /// The forms of the old term that the new one has too.
    pub endorsements: Vec<EndorsementId>,
    /// Whether the vehicles are scheduled on the new term too.
    pub vehicles: bool,
}

/// Why a policy was not renewed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RenewError {
    /// It was renewed before.
    #[error("this term was renewed already, into {0}")]
    RenewedAlready(String),
    /// The new term does not begin later.
    #[error("must be later than the first day of the term before")]
    NotLater,
    /// A new term begins in force, not cancelled.
    #[error("a new term is not cancelled from the start")]
    Cancelled,
    /// A form is not on the old term.
    #[error("the endorsement is not on the term before")]
    NoSuchForm(usize),
    /// What the new term says was refused.
    #[error(transparent)]
    Terms(#[from] TermsError),
}

/// A policy was renewed.
#[derive(Debug)]
pub struct Renewed {
    before: PolicyRecord,
    next: Policy,
    by: By,
    at: DateTime<Utc>,
}

/// Renews a policy into a new term. `fresh` gives the ids of what is copied.
///
/// # Errors
/// [`RenewError`].
pub fn renew(
    permit: Permit<EditPolicy>,
    id: PolicyId,
    terms: Terms,
    carried: &Carried,
    mut fresh: impl FnMut() -> Uuid,
    now: DateTime<Utc>,
) -> Result<Renewed, RenewError> {
    let before = &permit.policy;
    if let Some(next) = &permit.next {
        return Err(RenewError::RenewedAlready(next.number.to_string()));
    }
    terms.check(before.line())?;
    if terms.effective_on <= before.effective_on {
        return Err(RenewError::NotLater);
    }
    if matches!(terms.status, Status::Cancelled { .. }) {
        return Err(RenewError::Cancelled);
    }
    let mut endorsements = Vec::new();
    for (place, wanted) in carried.endorsements.iter().enumerate() {
        let form = before.endorsements.iter().find(|form| form.id == *wanted);
        let form = form.ok_or(RenewError::NoSuchForm(place))?;
        // Its own days were days of the old term.
        endorsements.push(Endorsement {
            id: EndorsementId::from_uuid(fresh()),
            effective_on: None,
            ends_on: None,
            ..form.clone()
        });
    }
    let scheduled = before.vehicles.iter().filter(|_| carried.vehicles);
    let vehicles = scheduled
        .map(|vehicle| Vehicle {
            id: VehicleId::from_uuid(fresh()),
            ..vehicle.clone()
        })
        .collect();
    let next = Policy {
        id,
        insured_id: before.insured_id,
        number: terms.number,
        carrier: terms.carrier,
        named_insured: terms.named_insured,
        effective_on: terms.effective_on,
        expires_on: terms.expires_on,
        status: terms.status,
        market: terms.market,
        coverage: terms.coverage,
        endorsements,
        vehicles,
    };
    let by = permit.by();
    Ok(Renewed {
        before: permit.into_target(),
        next,
        by,
        at: now,
    })
}

impl Renewed {
    /// The term before.
    #[must_use]
    pub const fn before(&self) -> &PolicyRecord {
        &self.before
    }

    /// The new term.
    #[must_use]
    pub const fn next(&self) -> &Policy {
        &self.next
    }

    /// When.
    #[must_use]
    pub const fn at(&self) -> DateTime<Utc> {
        self.at
    }
}

impl Audited for Renewed {
    fn entry(&self) -> Entry {
        let (before, next) = (&self.before.policy, &self.next);
        Entry {
            by: self.by.clone(),
            action: Action::PolicyRenewed,
            insured: Some(before.insured_id),
            object_kind: "policy",
            object_id: Some(before.id.uuid()),
            object_label: before.number.to_string(),
            detail: json!({
                "next": { "id": next.id, "number": next.number },
                "effective_on": next.effective_on,
                "expires_on": next.expires_on,
                "endorsements": next.endorsements.iter().map(Endorsement::name).collect::<Vec<_>>(),
                "vehicles": next.vehicles.len(),
                "changes": Terms::from(next).differences_from(&Terms::from(before)),
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing as cast;

    fn next_term(policy: &Policy) -> Terms {
        let mut terms = Terms::from(policy);
        (terms.effective_on, terms.expires_on) = (cast::day("2027-03-01"), cast::day("2028-03-01"));
        terms
    }

    fn renewed(record: PolicyRecord, terms: Terms, forms: Vec<EndorsementId>) -> Result<Renewed, RenewError> {
        let permit = cast::administrator().request(record).unwrap();
        let mut last = 500_u128;
        let fresh = || {
            last += 1;
            Uuid::from_u128(last)
        };
        let carried = Carried {
            endorsements: forms,
            vehicles: true,
        };
        let id = PolicyId::from_uuid(Uuid::from_u128(500));
        renew(permit, id, terms, &carried, fresh, cast::now())
    }

    #[test]
    fn a_new_term_is_a_copy_with_what_was_chosen() {
        let mut policy = cast::general_liability();
        policy.endorsements[0].effective_on = Some(cast::day("2026-06-01"));
        let kept = policy.endorsements[0].clone();
        let record = cast::on_file(policy);
        let done = renewed(record.clone(), next_term(&record.policy), vec![kept.id]).unwrap();
        assert_eq!(done.before(), &record);
        let [form] = done.next().endorsements.as_slice() else {
            panic!("one form was chosen");
        };
        assert_ne!(form.id, kept.id);
        assert_eq!((&form.form_number, form.effective_on), (&kept.form_number, None));
        assert_eq!(done.next().coverage, record.policy.coverage);
        assert_eq!(done.entry().object_id, Some(record.policy.id.uuid()));
    }

    #[test]
    fn a_term_is_renewed_once_and_forward() {
        let record = cast::on_file(cast::general_liability());
        let terms = next_term(&record.policy);
        let mut again = record.clone();
        again.next = Some(cast::other_term("GL-8", "2027-03-01", "2028-03-01"));
        assert_eq!(
            renewed(again, terms.clone(), vec![]).unwrap_err(),
            RenewError::RenewedAlready("GL-8".to_owned())
        );
        let mut same_day = terms.clone();
        same_day.effective_on = record.policy.effective_on;
        assert_eq!(
            renewed(record.clone(), same_day, vec![]).unwrap_err(),
            RenewError::NotLater
        );
        let mut ended = terms.clone();
        ended.status = cast::cancelled("2027-06-01");
        assert_eq!(
            renewed(record.clone(), ended, vec![]).unwrap_err(),
            RenewError::Cancelled
        );
        let foreign = cast::commercial_auto().endorsements[0].id;
        assert_eq!(
            renewed(record, terms, vec![foreign]).unwrap_err(),
            RenewError::NoSuchForm(0)
        );
    }
}
