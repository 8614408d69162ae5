//! How long a certificate shows cover that its policies give.
//!
//! Invariant: what was printed is never changed by it. A certificate stays as issued; that a policy on it has ended since
//! is said beside it.

use chrono::NaiveDate;

use super::payload::{Band, CertificatePayload};
use crate::ids::PolicyId;
use crate::policies::{Line, Policy};
use crate::vocabulary;

vocabulary! {
    /// Why a policy no longer covers.
    pub enum EndReason {
        /// It was cancelled before its term was over.
        Cancelled = "cancelled",
        /// Its term is over.
        Expired = "expired",
    }
}

/// A printed policy that no longer covers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ended {
    /// In which band.
    pub line: Line,
    /// Which one.
    pub policy: PolicyId,
    /// Its number as printed.
    pub number: String,
    /// The first day without cover.
    pub on: NaiveDate,
    /// Why.
    pub reason: EndReason,
}

/// The first day on which a printed policy does not cover any more, and why: the day of its cancellation, or else the
/// end of the printed term, or of the policy's own where that was made shorter.
fn end(band: &Band<'_>, policies: &[Policy]) -> (NaiveDate, EndReason) {
    let policy = policies.iter().find(|policy| policy.id == band.policy_id);
    let term = policy.map_or(band.expires_on, |policy| policy.expires_on.min(band.expires_on));
    match policy.and_then(|policy| policy.status.cancelled_on()) {
        Some(cancelled) if cancelled < term => (cancelled, EndReason::Cancelled),
        _ => (term, EndReason::Expired),
    }
}

/// The first day on which one of the printed policies no longer covers. A page that prints none shows no cover from its
/// first day on.
#[must_use]
pub fn ends_on(payload: &CertificatePayload, policies: &[Policy]) -> NaiveDate {
    let days = payload.bands().map(|band| end(&band, policies).0);
    days.min().unwrap_or(payload.issued_on)
}

/// The printed policies that do not cover `day` any more, in the order of the page.
#[must_use]
pub fn ended(payload: &CertificatePayload, policies: &[Policy], day: NaiveDate) -> Vec<Ended> {
    let bands = payload.bands().map(|band| {
        let (on, reason) = end(&band, policies);
        Ended {
            line: band.line,
            policy: band.policy_id,
            number: band.policy_number.to_string(),
            on,
            reason,
        }
    });
    bands.filter(|ended| ended.on <= day).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::authz::rules::SendCertificate;
    use crate::certificates::send;
    use crate::testing as cast;

    fn payload() -> CertificatePayload {
        let permit = cast::administrator()
            .request::<SendCertificate>(cast::insured())
            .unwrap();
        let facts = cast::send_facts(&cast::policies());
        let number = cast::text("26-000001");
        let draft = send::draft(permit, cast::wish(), facts, number, cast::printable).unwrap();
        draft.payload().clone()
    }

    /// The policies that are printed, with the umbrella changed.
    fn with_umbrella(change: impl Fn(&mut Policy)) -> Vec<Policy> {
        let mut policies = cast::policies();
        let umbrella = policies
            .iter_mut()
            .find(|policy| policy.line() == Line::UmbrellaExcess);
        change(umbrella.unwrap());
        policies
    }

    fn first_expiry(payload: &CertificatePayload) -> NaiveDate {
        payload.bands().map(|band| band.expires_on).min().unwrap()
    }

    #[test]
    fn it_ends_with_the_first_printed_term() {
        let payload = payload();
        let first = first_expiry(&payload);
        assert_eq!(ends_on(&payload, &cast::policies()), first);
        assert!(ended(&payload, &cast::policies(), first.pred_opt().unwrap()).is_empty());
        let over = ended(&payload, &cast::policies(), first);
        assert!(!over.is_empty());
        assert!(
            over.iter()
                .all(|ended| ended.reason == EndReason::Expired && ended.on == first)
        );
    }

    #[test]
    fn a_cancellation_ends_it_before_the_term() {
        let payload = payload();
        let day = first_expiry(&payload).pred_opt().unwrap();
        let policies = with_umbrella(|umbrella| umbrella.status = cast::cancelled(&day.to_string()));
        assert_eq!(ends_on(&payload, &policies), day);
        let over = ended(&payload, &policies, day);
        assert_eq!(over.len(), 1);
        assert_eq!(
            (over[0].line, over[0].on, over[0].reason),
            (Line::UmbrellaExcess, day, EndReason::Cancelled)
        );
        assert_eq!(over[0].number, cast::umbrella().number.to_string());
    }

    /// The printed term counts even where the policy was written longer since; a shorter one counts as it is now.
    #[test]
    fn a_term_that_was_changed_since_never_makes_the_print_last_longer() {
        let payload = payload();
        let first = first_expiry(&payload);
        let mut longer = cast::policies();
        for policy in &mut longer {
            policy.expires_on = cast::day("2031-01-01");
        }
        assert_eq!(ends_on(&payload, &longer), first);
        let early = first.pred_opt().unwrap();
        assert_eq!(
            ends_on(&payload, &with_umbrella(|umbrella| umbrella.expires_on = early)),
            early
        );
    }

    /// A policy that is cancelled as of the day its term ends has run its term.
    #[test]
    fn a_cancellation_after_the_term_is_no_cancellation() {
        let payload = payload();
        let policies = with_umbrella(|umbrella| {
            umbrella.status = cast::cancelled(&umbrella.expires_on.to_string());
        });
        let over = ended(&payload, &policies, cast::day("2031-01-01"));
        assert!(over.iter().all(|ended| ended.reason == EndReason::Expired));
    }
}
