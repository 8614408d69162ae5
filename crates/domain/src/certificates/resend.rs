//! Sending a certificate again: the same bytes, never the same print with other words.
//!
//! Invariant: a resend cannot change coverage, limits or dates; once the policies say something else, by a
//! renewal or by a change, it is refused, and a new certificate is sent instead (checklist A2.19).

use chrono::{DateTime, NaiveDate, Utc};
use serde_json::json;

use super::delivery::{DeliveryKind, Envelope, EnvelopeError, NewDelivery, default_subject};
use super::payload::CertificatePayload;
use super::truth::{self, Severity};
use super::{Certificate, CertificateState};
use crate::audit::{Action, Audited, Entry};
use crate::authz::rules::ResendCertificate;
use crate::authz::{By, Permit};
use crate::ids::{CertificateId, DeliveryId, JobId};
use crate::jobs::Job;
use crate::policies::{Policy, Standing};
use crate::text::{EmailAddress, NonBlank};

/// How to send it again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Resend {
    /// To whom it went last, with the same words.
    ExactCopy,
    /// To other people or with other words; the print stays.
    Edited(Envelope),
}

/// What resending must know.
#[derive(Clone, Debug)]
pub struct Facts {
    /// What the certificate prints.
    pub payload: CertificatePayload,
    /// The policies the certificate names, as they are now.
    pub policies: Vec<Policy>,
    /// Recipients of the last sending.
    pub last_to: Vec<EmailAddress>,
    /// Copied recipients of the last sending.
    pub last_cc: Vec<EmailAddress>,
    /// Subject of the last sending.
    pub last_subject: NonBlank,
    /// Message of the last sending.
    pub last_message: String,
    /// The day, in the agency's zone.
    pub today: NaiveDate,
}

/// Why a certificate was not sent again.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ResendError {
    /// A policy it names has ended, was cancelled, or says something else by now.
    #[error("policy {number} {what}; send a new certificate instead")]
    TermEnded {
        /// The policy's number.
        number: String,
        /// What became of it.
        what: String,
    },
    /// It was taken back or replaced.
    #[error("this certificate was {0}; send the one that stands in its place")]
    NotStanding(CertificateState),
    /// The recipients or words were refused.
    #[error(transparent)]
    Envelope(#[from] EnvelopeError),
}

/// A certificate was queued once more.
#[derive(Debug)]
pub struct Resent {
    certificate: Certificate,
    delivery: NewDelivery,
    job: (JobId, Job),
    previous_to: Vec<EmailAddress>,
    by: By,
}

/// Why a certificate that names these policies may not be sent again today.
#[must_use]
pub fn ended(policies: &[Policy], today: NaiveDate) -> Option<ResendError> {
    policies.iter().find_map(|policy| {
        let us = |day: NaiveDate| day.format("%m/%d/%Y").to_string();
        let what = match policy.standing(today) {
            Standing::Expired => format!("ended on {}", us(policy.expires_on)),
            Standing::Cancelled => policy.cancelled_on.map_or_else(
                || "was cancelled".to_owned(),
                |day| format!("was cancelled as of {}", us(day)),
            ),
            Standing::NotBound => "is no longer bound".to_owned(),
            Standing::InForce | Standing::Upcoming => return None,
        };
        Some(ResendError::TermEnded {
            number: policy.number.to_string(),
            what,
        })
    })
}

/// Why a certificate may not be sent again today: a policy has ended, or the truth gate would no longer
/// let this print pass.
#[must_use]
pub fn outdated(payload: &CertificatePayload, policies: &[Policy], today: NaiveDate) -> Option<ResendError> {
    let gate = truth::Draft {
        payload,
        unsupported_marks: &[],
        policies,
    };
    ended(policies, today).or_else(|| {
        let findings = truth::evaluate(&gate, today);
        let first = findings
            .iter()
            .find(|finding| finding.severity == Severity::Block)?;
        let printed = payload.policies();
        let number = printed
            .iter()
            .find(|named| first.field.starts_with(&format!("/{}/", named.line)))
            .or(printed.first())
            .map(|named| named.number.to_string())
            .unwrap_or_default();
        Some(ResendError::TermEnded {
            number,
            what: "was changed since this certificate was issued".to_owned(),
        })
    })
}

/// Queues the stored bytes once more.
///
/// # Errors
/// [`ResendError`].
pub fn resend(
    permit: Permit<ResendCertificate>,
    how: Resend,
    facts: Facts,
    delivery: DeliveryId,
    job: JobId,
    now: DateTime<Utc>,
) -> Result<Resent, ResendError> {
    if permit.state != CertificateState::Issued {
        return Err(ResendError::NotStanding(permit.state));
    }
    if let Some(refusal) = outdated(&facts.payload, &facts.policies, facts.today) {
        return Err(refusal);
    }
    let previous_to = facts.last_to.clone();
    let (kind, envelope) = match how {
        Resend::ExactCopy => (
            DeliveryKind::ExactCopy,
            Envelope::new(
                facts.last_to,
                facts.last_cc,
                Some(facts.last_subject),
                &facts.last_message,
            )?,
        ),
        Resend::Edited(envelope) => (DeliveryKind::Edited, envelope),
    };
    let subject = envelope.subject().map_or_else(
        || default_subject(&permit.insured_name, &permit.holder_name, &permit.number),
        ToString::to_string,
    );
    let by = permit.by();
    Ok(Resent {
        delivery: NewDelivery {
            id: delivery,
            kind,
            envelope,
            subject,
            by: by.clone(),
            queued_at: now,
        },
        job: (job, Job::DeliverCertificate { delivery }),
        previous_to,
        certificate: permit.into_target(),
        by,
    })
}

impl Resent {
    /// Which certificate.
    #[must_use]
    pub const fn certificate(&self) -> CertificateId {
        self.certificate.id
    }

    /// The new delivery.
    #[must_use]
    pub const fn delivery(&self) -> &NewDelivery {
        &self.delivery
    }

    /// The job that mails it.
    #[must_use]
    pub const fn job(&self) -> &(JobId, Job) {
        &self.job
    }
}

impl Audited for Resent {
    fn entry(&self) -> Entry {
        Entry {
            by: self.by.clone(),
            action: Action::CertificateResent,
            insured: Some(self.certificate.insured),
            object_kind: "certificate",
            object_id: Some(self.certificate.id.uuid()),
            object_label: self.certificate.number.clone(),
            detail: json!({
                "kind": self.delivery.kind,
                "holder": self.certificate.holder_name,
                "to": self.delivery.envelope.to(),
                "cc": self.delivery.envelope.cc(),
                "previous_to": self.previous_to,
            }),
        }
    }
}
