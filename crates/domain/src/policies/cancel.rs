//! Cancelling a policy before its term is over. A cancellation that is on file already can be corrected so.

use chrono::{DateTime, NaiveDate, Utc};

use super::edit::Edited;
use super::terms::Terms;
use super::{Status, words};
use crate::audit::Action;
use crate::authz::Permit;
use crate::authz::rules::EditPolicy;
use crate::text::NonBlank;

/// Why a policy was not cancelled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CancelError {
    /// An offer covers nothing that could end.
    #[error("a policy that is only quoted has no cover to cancel")]
    OnlyQuoted,
    /// The day lies outside the term.
    #[error("must be a day of the policy's term")]
    OutsideTerm,
}

/// Cancels a policy as of a day, on which it does not cover any more.
///
/// # Errors
/// [`CancelError`].
pub fn cancel(
    permit: Permit<EditPolicy>,
    on: NaiveDate,
    reason: NonBlank,
    now: DateTime<Utc>,
) -> Result<Edited, CancelError> {
    let mut terms = Terms::from(&permit.policy);
    if terms.status.word() == words::Status::Quoted {
        return Err(CancelError::OnlyQuoted);
    }
    if !terms.reaches(on) {
        return Err(CancelError::OutsideTerm);
    }
    terms.status = Status::Cancelled {
        on,
        reason: Some(reason),
    };
    Ok(Edited::of(permit, terms, Action::PolicyCancelled, now))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audit::Audited as _;
    use crate::policies::Policy;
    use crate::testing as cast;

    fn cancelled(policy: Policy, on: &str) -> Result<Edited, CancelError> {
        let permit = cast::administrator().request(cast::on_file(policy)).unwrap();
        cancel(
            permit,
            cast::day(on),
            cast::text("Nonpayment of premium"),
            cast::now(),
        )
    }

    #[test]
    fn a_cancellation_has_a_day_of_the_term_and_a_reason() {
        let done = cancelled(cast::umbrella(), "2026-11-02").unwrap();
        assert_eq!(done.terms().status.cancelled_on(), Some(cast::day("2026-11-02")));
        assert_eq!(done.entry().action, Action::PolicyCancelled);
        assert_eq!(
            done.entry().detail["changes"][0]["after"],
            "cancelled as of 11/02/2026: Nonpayment of premium"
        );
        for outside in ["2026-02-28", "2027-03-02"] {
            assert_eq!(
                cancelled(cast::umbrella(), outside).unwrap_err(),
                CancelError::OutsideTerm,
                "{outside}"
            );
        }
        for edge in ["2026-03-01", "2027-03-01"] {
            assert!(cancelled(cast::umbrella(), edge).is_ok(), "{edge}");
        }
    }

    #[test]
    fn an_offer_is_not_cancelled_and_a_cancellation_is_corrected() {
        let mut offer = cast::umbrella();
        offer.status = Status::Quoted;
        assert_eq!(
            cancelled(offer, "2026-11-02").unwrap_err(),
            CancelError::OnlyQuoted
        );
        let mut before = cast::umbrella();
        before.status = cast::cancelled("2026-10-01");
        let done = cancelled(before, "2026-11-02").unwrap();
        assert_eq!(
            done.entry().detail["changes"][0]["before"],
            "cancelled as of 10/01/2026"
        );
    }
}
