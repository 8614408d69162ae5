//! What became of one attempt to mail a certificate.
//!
//! Invariant: a delivery is [`Accepted`] only by the relay's own word; whatever else happened leaves it
//! deferred or given up, with the reason.

use chrono::{DateTime, Utc};
use serde_json::json;

use crate::audit::{Action, Audited, Entry};
use crate::authz::rules::MailQueued;
use crate::authz::{By, Permit};
use crate::ids::{CertificateId, DeliveryId, InsuredId};
use crate::text::EmailAddress;

/// One attempt, taken up and counted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attempt {
    /// Which sending.
    pub delivery: DeliveryId,
    /// Counts the attempts of this sending, from 1.
    pub number: u32,
    /// An earlier attempt ended before the relay's answer was read, so this one may be a second copy.
    pub after_unanswered: bool,
    /// Which certificate.
    pub certificate: CertificateId,
    /// Whose cover it shows.
    pub insured: InsuredId,
    /// The certificate's number.
    pub certificate_number: String,
    /// Recipients.
    pub to: Vec<EmailAddress>,
    /// Recipients of a copy.
    pub cc: Vec<EmailAddress>,
}

/// The relay accepted the message.
#[derive(Debug)]
pub struct Accepted {
    attempt: Attempt,
    reply: String,
    by: By,
    at: DateTime<Utc>,
}

/// The relay could not take it now; it is tried again.
#[derive(Debug)]
pub struct Deferred {
    attempt: Attempt,
    reason: String,
    unanswered: bool,
    at: DateTime<Utc>,
}

/// It is not tried again unless a person says so.
#[derive(Debug)]
pub struct GivenUp {
    attempt: Attempt,
    reason: String,
    unanswered: bool,
    by: By,
    at: DateTime<Utc>,
}

/// The relay said that it takes responsibility for the message.
#[must_use]
pub fn accepted(permit: &Permit<MailQueued>, attempt: Attempt, reply: String, at: DateTime<Utc>) -> Accepted {
    Accepted {
        attempt,
        reply,
        by: permit.by(),
        at,
    }
}

/// The attempt failed for now. `unanswered` says that the whole message was handed over but the relay's
/// answer was never read.
#[must_use]
pub fn deferred(
    _permit: &Permit<MailQueued>,
    attempt: Attempt,
    reason: String,
    unanswered: bool,
    at: DateTime<Utc>,
) -> Deferred {
    Deferred {
        attempt,
        reason,
        unanswered,
        at,
    }
}

/// The attempt failed for good, or was the last one.
#[must_use]
pub fn given_up(
    permit: &Permit<MailQueued>,
    attempt: Attempt,
    reason: String,
    unanswered: bool,
    at: DateTime<Utc>,
) -> GivenUp {
    GivenUp {
        attempt,
        reason,
        unanswered,
        by: permit.by(),
        at,
    }
}

impl Accepted {
    /// The attempt that succeeded.
    #[must_use]
    pub const fn attempt(&self) -> &Attempt {
        &self.attempt
    }

    /// When the relay said so.
    #[must_use]
    pub const fn at(&self) -> DateTime<Utc> {
        self.at
    }
}

impl Deferred {
    /// The attempt that failed.
    #[must_use]
    pub const fn attempt(&self) -> &Attempt {
        &self.attempt
    }

    /// Why.
    #[must_use]
    pub fn reason(&self) -> &str {
        &self.reason
    }

    /// Whether the message may have arrived all the same.
    #[must_use]
    pub const fn unanswered(&self) -> bool {
        self.unanswered
    }

    /// When.
    #[must_use]
    pub const fn at(&self) -> DateTime<Utc> {
        self.at
    }
}

impl GivenUp {
    /// The attempt that failed.
    #[must_use]
    pub const fn attempt(&self) -> &Attempt {
        &self.attempt
    }

    /// Why.
    #[must_use]
    pub fn reason(&self) -> &str {
        &self.reason
    }

    /// Whether the message may have arrived all the same.
    #[must_use]
    pub const fn unanswered(&self) -> bool {
        self.unanswered
    }

    /// When.
    #[must_use]
    pub const fn at(&self) -> DateTime<Utc> {
        self.at
    }
}

impl Audited for Accepted {
    fn entry(&self) -> Entry {
        entry(
            &self.attempt,
            &self.by,
            Action::DeliveryAccepted,
            json!({ "relay": self.reply }),
        )
    }
}

impl Audited for GivenUp {
    fn entry(&self) -> Entry {
        entry(
            &self.attempt,
            &self.by,
            Action::DeliveryFailed,
            json!({ "reason": self.reason }),
        )
    }
}

/// Delivery entries name the certificate, so that its history reads as one story.
fn entry(attempt: &Attempt, by: &By, action: Action, mut detail: serde_json::Value) -> Entry {
    if let Some(facts) = detail.as_object_mut() {
        facts.insert("to".into(), json!(attempt.to));
        facts.insert("cc".into(), json!(attempt.cc));
        facts.insert("delivery".into(), json!(attempt.delivery));
        facts.insert("attempts".into(), json!(attempt.number));
        facts.insert("after_unanswered".into(), json!(attempt.after_unanswered));
    }
    Entry {
        by: by.clone(),
        action,
        insured: Some(attempt.insured),
        object_kind: "certificate",
        object_id: Some(attempt.certificate.uuid()),
        object_label: attempt.certificate_number.clone(),
        detail,
    }
}
