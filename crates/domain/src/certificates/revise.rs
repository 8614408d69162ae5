//! Issuing the next revision of a certificate: the same number, a changed print, from the policies as they are
//! now, through the same truth gate as a first sending.
//!
//! ```text
//! draft() ── Draft ── clear() ── Cleared ── rendered outside ── seal() ── Revised
//! ```
//!
//! Invariant: a [`Revised`] holds both ends of the link, so the old certificate is superseded by exactly the one
//! that names it.

use chrono::{DateTime, Utc};
use serde_json::json;

use super::delivery::Envelope;
use super::payload::CertificatePayload;
use super::send::{self, Facts, FreshIds, HolderChoice, Page, SendError, Sent, Wish};
use super::truth::Printable;
use super::{Certificate, NotStanding};
use crate::audit::{Action, Audited, Entry};
use crate::authz::Permit;
use crate::authz::rules::{ReviseCertificate, SendCertificate};
use crate::ids::CertificateId;
use crate::text::NonBlank;

/// Why a certificate was not revised.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum ReviseError {
    /// It was taken back or replaced already.
    #[error(transparent)]
    NotStanding(#[from] NotStanding),
    /// What a first sending would be refused for.
    #[error(transparent)]
    Send(#[from] SendError),
}

/// A revision as it would be printed.
#[derive(Debug)]
pub struct Draft {
    draft: send::Draft,
    replaced: Certificate,
}

/// Composes what the next revision would print and asks the truth gate.
///
/// # Errors
/// [`ReviseError`], except [`SendError::Blocked`]: a draft with blocking findings can still be looked at.
pub fn draft(
    permit: Permit<ReviseCertificate>,
    send: Permit<SendCertificate>,
    wish: Wish,
    facts: Facts,
    printable: Printable,
) -> Result<Draft, ReviseError> {
    permit.stands()?;
    if send.id != permit.insured {
        return Err(SendError::MasterUnknown.into());
    }
    let number = NonBlank::parse(&permit.number).map_err(|_| SendError::Encoding)?;
    let revision = permit.revision.checked_add(1).ok_or(SendError::Encoding)?;
    // A revision for the same holder is still the interest's certificate.
    let kept = permit
        .interest
        .filter(|_| wish.holder == HolderChoice::Known(permit.holder));
    let draft = send::compose(send, wish, facts, (number, revision), printable)?;
    Ok(Draft {
        draft: match kept {
            Some(interest) => draft.of_interest(interest),
            None => draft,
        },
        replaced: permit.into_target(),
    })
}

impl Draft {
    /// What would be printed, and what the gate found.
    #[must_use]
    pub const fn print(&self) -> &send::Draft {
        &self.draft
    }

    /// Takes the print and the certificate whose place it is to take apart, for an approval to decide on the print.
    #[must_use]
    pub fn apart(self) -> (send::Draft, Replaced) {
        (self.draft, Replaced(self.replaced))
    }

    /// Lets the draft through if nothing blocks.
    ///
    /// # Errors
    /// [`SendError::Blocked`] with everything the gate found.
    pub fn clear(self) -> Result<Cleared, SendError> {
        Ok(Cleared {
            cleared: self.draft.clear()?,
            replaced: self.replaced,
        })
    }
}

/// The certificate whose place a revision is to take.
#[derive(Debug)]
pub struct Replaced(Certificate);

impl Replaced {
    /// Puts a cleared print in its place.
    #[must_use]
    pub fn by(self, cleared: send::Cleared) -> Cleared {
        Cleared {
            cleared,
            replaced: self.0,
        }
    }
}

/// A revision in which nothing blocks; it may be rendered and sealed.
#[derive(Debug)]
pub struct Cleared {
    cleared: send::Cleared,
    replaced: Certificate,
}

impl Cleared {
    /// What is to be rendered.
    #[must_use]
    pub const fn payload(&self) -> &CertificatePayload {
        self.cleared.payload()
    }

    /// Takes the rendered page and makes the outcome.
    ///
    /// # Errors
    /// [`SendError::Encoding`] when the payload has no canonical form.
    pub fn seal(
        self,
        page: Page,
        envelope: Envelope,
        ids: FreshIds,
        now: DateTime<Utc>,
    ) -> Result<Revised, SendError> {
        Ok(Revised {
            sent: self.cleared.seal(page, envelope, ids, now)?,
            replaced: self.replaced,
        })
    }
}

/// The next revision was issued and its first delivery queued; the one before is superseded.
#[derive(Debug)]
pub struct Revised {
    sent: Sent,
    replaced: Certificate,
}

impl Revised {
    /// The new revision.
    #[must_use]
    pub const fn sent(&self) -> &Sent {
        &self.sent
    }

    /// The certificate whose place it takes.
    #[must_use]
    pub const fn replaced(&self) -> CertificateId {
        self.replaced.id
    }
}

impl Audited for Revised {
    fn entry(&self) -> Entry {
        let mut entry = self.sent.entry();
        entry.action = Action::CertificateRevised;
        if let Some(facts) = entry.detail.as_object_mut() {
            facts.insert("revision".into(), json!(self.sent.payload().revision));
            facts.insert("supersedes".into(), json!(self.replaced.id));
        }
        entry
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::certificates::CertificateState;
    use crate::certificates::truth::FindingCode;
    use crate::ids::{DeliveryId, HolderId, JobId};
    use crate::policies::Status;
    use crate::testing as cast;

    fn ids() -> FreshIds {
        let id = uuid::Uuid::from_u128;
        FreshIds {
            certificate: CertificateId::from_uuid(id(21)),
            delivery: DeliveryId::from_uuid(id(22)),
            holder: HolderId::from_uuid(id(23)),
            job: JobId::from_uuid(id(24)),
        }
    }

    fn drafted(certificate: Certificate, facts: Facts, wish: Wish) -> Result<Draft, ReviseError> {
        let staff = cast::administrator();
        draft(
            staff.request(certificate).unwrap(),
            staff.request(cast::insured()).unwrap(),
            wish,
            facts,
            cast::printable,
        )
    }

    fn facts() -> Facts {
        cast::send_facts(&cast::policies())
    }

    fn sealed(wish: Wish) -> Revised {
        let to = vec![cast::email("certificates@northgate.example.com")];
        let envelope = Envelope::new(to, Vec::new(), None, "").unwrap();
        let page = Page {
            bytes: b"%PDF-1.7 another page".to_vec(),
            pages: 1,
        };
        let cleared = drafted(cast::certificate(), facts(), wish)
            .unwrap()
            .clear()
            .unwrap();
        cleared.seal(page, envelope, ids(), cast::now()).unwrap()
    }

    #[test]
    fn a_revision_keeps_the_number_and_counts_on() {
        let words = Wish {
            description: Some("Job 4471, second phase.".to_owned()),
            ..cast::wish()
        };
        let revised = sealed(words);
        let payload = revised.sent().payload();
        assert_eq!(
            (payload.number.as_str(), payload.revision),
            (cast::certificate().number.as_str(), 1)
        );
        assert_eq!(payload.description, "Job 4471, second phase.");
        assert_eq!(revised.replaced(), cast::certificate().id);
        assert_eq!(revised.sent().id(), ids().certificate);
        assert_eq!(
            revised.sent().delivery().subject,
            "Certificate of insurance 26-000001, revision 1: Alder Creek Roofing LLC for Northgate Builders, Inc."
        );
        let entry = revised.entry();
        assert_eq!(entry.action, Action::CertificateRevised);
        assert_eq!(entry.object_id, Some(ids().certificate.uuid()));
        assert_eq!(entry.detail["revision"], 1);
        assert_eq!(entry.detail["supersedes"], json!(cast::certificate().id));
    }

    #[test]
    fn a_revision_prints_the_policies_as_they_are_now_and_passes_the_same_gate() {
        let mut renewed = facts();
        renewed.policies[0].expires_on = cast::day("2027-06-01");
        let draft = drafted(cast::certificate(), renewed, cast::wish()).unwrap();
        let printed = draft.print().payload().general_liability.as_ref().unwrap();
        assert_eq!(printed.expires_on, cast::day("2027-06-01"));
        assert!(draft.clear().is_ok());

        let mut quoted = facts();
        quoted.policies[0].status = Status::Quoted;
        let refused = drafted(cast::certificate(), quoted, cast::wish())
            .unwrap()
            .clear();
        assert!(
            matches!(refused, Err(SendError::Blocked(findings)) if findings[0].code == FindingCode::PolicyNotBound)
        );
    }

    #[test]
    fn only_the_certificate_that_stands_is_revised() {
        let newer = Some(CertificateId::from_uuid(uuid::Uuid::from_u128(9)));
        for (state, superseded_by, refusal) in [
            (
                CertificateState::Superseded,
                newer,
                NotStanding::Superseded(newer),
            ),
            (CertificateState::Withdrawn, None, NotStanding::Withdrawn),
        ] {
            let certificate = Certificate {
                state,
                superseded_by,
                ..cast::certificate()
            };
            let refused = drafted(certificate, facts(), cast::wish()).unwrap_err();
            assert_eq!(refused, ReviseError::NotStanding(refusal));
        }
    }

    #[test]
    fn a_revision_is_of_the_same_insured() {
        let elsewhere = Certificate {
            insured: cast::OTHER_INSURED,
            ..cast::certificate()
        };
        let refused = drafted(elsewhere, facts(), cast::wish()).unwrap_err();
        assert_eq!(refused, ReviseError::Send(SendError::MasterUnknown));
    }
}
