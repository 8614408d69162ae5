//! Taking a certificate back.
//!
//! Invariant: withdrawing marks and never removes. The row, its bytes and its history stay as they were; what
//! ends is that it can be sent.

use chrono::{DateTime, Utc};
use serde_json::json;

use super::{Certificate, NotStanding};
use crate::audit::{Action, Audited, Entry};
use crate::authz::rules::WithdrawCertificate;
use crate::authz::{By, Permit};
use crate::ids::CertificateId;
use crate::text::{TextError, paragraphs};

/// Longest reason, in characters.
pub const MAX_REASON: usize = 500;

/// Why a certificate was not withdrawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WithdrawError {
    /// It was taken back or replaced already.
    #[error(transparent)]
    NotStanding(#[from] NotStanding),
    /// The reason is missing, too long, or not one that may stand there.
    #[error("{0}")]
    Reason(TextError),
}

/// A certificate was taken back.
#[derive(Debug)]
pub struct Withdrawn {
    certificate: Certificate,
    reason: String,
    by: By,
    at: DateTime<Utc>,
}

/// Takes a certificate back, for a reason that stands with it from then on.
///
/// # Errors
/// [`WithdrawError`].
pub fn withdraw(
    permit: Permit<WithdrawCertificate>,
    reason: &str,
    now: DateTime<Utc>,
) -> Result<Withdrawn, WithdrawError> {
    let reason = paragraphs(reason, MAX_REASON).map_err(WithdrawError::Reason)?;
    if reason.is_empty() {
        return Err(WithdrawError::Reason(TextError::Empty));
    }
    permit.stands()?;
    let by = permit.by();
    Ok(Withdrawn {
        certificate: permit.into_target(),
        reason,
        by,
        at: now,
    })
}

impl Withdrawn {
    /// Which certificate.
    #[must_use]
    pub const fn certificate(&self) -> CertificateId {
        self.certificate.id
    }

    /// Why.
    #[must_use]
    pub fn reason(&self) -> &str {
        &self.reason
    }

    /// Who took it back.
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

impl Audited for Withdrawn {
    fn entry(&self) -> Entry {
        Entry {
            by: self.by.clone(),
            action: Action::CertificateWithdrawn,
            insured: Some(self.certificate.insured),
            object_kind: "certificate",
            object_id: Some(self.certificate.id.uuid()),
            object_label: self.certificate.number.clone(),
            detail: json!({
                "holder": self.certificate.holder_name,
                "revision": self.certificate.revision,
                "reason": self.reason,
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::certificates::CertificateState;
    use crate::testing as cast;

    fn withdrawn(certificate: Certificate, reason: &str) -> Result<Withdrawn, WithdrawError> {
        let permit = cast::administrator().request(certificate).unwrap();
        withdraw(permit, reason, cast::now())
    }

    #[test]
    fn a_withdrawal_says_who_when_and_why() {
        let done = withdrawn(cast::certificate(), "  Sent for the wrong project.\r\n").unwrap();
        assert_eq!(done.certificate(), cast::certificate().id);
        assert_eq!(done.reason(), "Sent for the wrong project.");
        assert_eq!(done.at(), cast::now());
        let entry = done.entry();
        assert_eq!(entry.action, Action::CertificateWithdrawn);
        assert_eq!(entry.by, cast::administrator().by());
        assert_eq!(entry.insured, Some(cast::INSURED));
        assert_eq!(entry.detail["reason"], "Sent for the wrong project.");
    }

    #[test]
    fn a_certificate_is_not_withdrawn_without_a_reason() {
        let refused = |reason: &str| withdrawn(cast::certificate(), reason).unwrap_err();
        assert_eq!(refused(" \n "), WithdrawError::Reason(TextError::Empty));
        assert_eq!(refused("a\u{7}b"), WithdrawError::Reason(TextError::Control));
        let long = "x".repeat(MAX_REASON + 1);
        assert_eq!(
            refused(&long),
            WithdrawError::Reason(TextError::TooLong(MAX_REASON))
        );
    }

    #[test]
    fn what_does_not_stand_is_not_withdrawn_again() {
        let newer = CertificateId::from_uuid(uuid::Uuid::from_u128(9));
        let superseded = Certificate {
            state: CertificateState::Superseded,
            superseded_by: Some(newer),
            ..cast::certificate()
        };
        assert_eq!(
            withdrawn(superseded, "Why not").unwrap_err(),
            WithdrawError::NotStanding(NotStanding::Superseded(Some(newer)))
        );
        let twice = Certificate {
            state: CertificateState::Withdrawn,
            ..cast::certificate()
        };
        assert_eq!(
            withdrawn(twice, "Why not").unwrap_err(),
            WithdrawError::NotStanding(NotStanding::Withdrawn)
        );
    }
}
