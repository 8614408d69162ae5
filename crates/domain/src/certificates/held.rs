//! What a holder held on a day: read from what certificates printed, never from the policies as they are now.

use chrono::NaiveDate;

use super::payload::{Band, CertificatePayload};

/// The bands of a certificate that printed cover for a day.
///
/// Cover begins on the first day of a term and ends at 12:01 a.m. of its last, so that the last day is not covered
/// any more.
pub fn held_on(payload: &CertificatePayload, day: NaiveDate) -> impl Iterator<Item = Band<'_>> {
    payload
        .bands()
        .filter(move |band| band.effective_on <= day && day < band.expires_on)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::authz::rules::SendCertificate;
    use crate::certificates::send;
    use crate::policies::Line;
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

    #[test]
    fn a_term_covers_its_first_day_and_not_its_last() {
        let payload = payload();
        let (from, to) = payload
            .bands()
            .find(|band| band.line == Line::GeneralLiability)
            .map(|band| (band.effective_on, band.expires_on))
            .unwrap();
        let general = |on: NaiveDate| held_on(&payload, on).any(|band| band.line == Line::GeneralLiability);
        assert!(!general(from.pred_opt().unwrap()));
        assert!(general(from));
        assert!(general(to.pred_opt().unwrap()));
        assert!(!general(to));
        assert_eq!(held_on(&payload, cast::day("1999-01-01")).count(), 0);
    }

    #[test]
    fn each_band_names_the_insurer_of_its_letter() {
        let payload = payload();
        for band in payload.bands() {
            let insurer = payload.insurer(band.insurer).unwrap();
            let policy = cast::policies()
                .into_iter()
                .find(|policy| policy.id == band.policy_id)
                .unwrap();
            assert_eq!(insurer.naic, policy.carrier.naic);
            assert_eq!(payload.coverage(band.line), Some(policy.coverage));
        }
        assert!(payload.insurer('F').is_none());
    }
}
