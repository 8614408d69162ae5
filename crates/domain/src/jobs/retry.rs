//! Trying a buried job again, on a person's word.
//!
//! Invariant: what is tried again starts afresh: its claims are counted from zero, and so is its patience.

use chrono::{DateTime, Utc};
use serde_json::json;

use super::Job;
use crate::audit::{Action, Audited, Entry};
use crate::authz::rules::RetryMail;
use crate::authz::{By, Permit};
use crate::ids::{CertificateId, InsuredId, JobId};
use crate::portal::LinkPurpose;
use crate::text::EmailAddress;

/// What a buried job was about, as far as a list tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum About {
    /// A certificate's mail.
    Certificate {
        /// Which one.
        id: CertificateId,
        /// Its number.
        number: String,
        /// For whom, as printed.
        holder: String,
        /// Recipients.
        to: Vec<EmailAddress>,
    },
    /// A link for choosing a password.
    Link {
        /// Why it was to be mailed.
        purpose: LinkPurpose,
        /// Whose account.
        username: String,
    },
    /// The notice that a password was changed.
    Notice {
        /// Whose account.
        username: String,
    },
    /// A courtesy notice of a cancellation.
    CourtesyNotice {
        /// Of which policy.
        policy_number: String,
        /// Whom it tells.
        holder: String,
        /// Recipients.
        to: Vec<EmailAddress>,
    },
    /// A question to an insured before a renewal run.
    RenewalQuestion {
        /// Who is asked.
        insured: String,
        /// Recipients.
        to: Vec<EmailAddress>,
    },
    /// Something that this version does not know, or whose record is gone.
    Unknown,
}

/// A job that was given up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BuriedJob {
    /// Its id.
    pub id: JobId,
    /// The kind's word; a text, because a job of a newer version is shown too.
    pub kind: String,
    /// What it was to do; `None` when this version cannot read it.
    pub job: Option<Job>,
    /// What it was about.
    pub about: About,
    /// On whose profile it belongs.
    pub insured: Option<InsuredId>,
    /// When it was given up.
    pub failed_at: DateTime<Utc>,
    /// How often it was tried.
    pub attempts: u32,
    /// Why the last attempt failed.
    pub last_error: String,
}

impl BuriedJob {
    /// The job in one line, for people.
    #[must_use]
    pub fn summary(&self) -> String {
        match &self.about {
            About::Certificate {
                number, holder, to, ..
            } => {
                let to: Vec<_> = to.iter().map(EmailAddress::as_str).collect();
                format!("Certificate {number} for {holder}, to {}", to.join(", "))
            }
            About::Link {
                purpose: LinkPurpose::Invitation,
                username,
            } => format!("Invitation of {username}"),
            About::Link {
                purpose: LinkPurpose::Reset,
                username,
            } => format!("Password link for {username}"),
            About::Notice { username } => format!("Notice to {username} of a changed password"),
            About::CourtesyNotice {
                policy_number,
                holder,
                to,
            } => {
                let to: Vec<_> = to.iter().map(EmailAddress::as_str).collect();
                format!(
                    "Courtesy notice of policy {policy_number} for {holder}, to {}",
                    to.join(", ")
                )
            }
            About::RenewalQuestion { insured, to } => {
                let to: Vec<_> = to.iter().map(EmailAddress::as_str).collect();
                format!(
                    "Question to {insured} about its certificates, to {}",
                    to.join(", ")
                )
            }
            About::Unknown => format!("Unknown work ({})", self.kind),
        }
    }
}

/// A buried job is tried again.
#[derive(Debug)]
pub struct Retried {
    buried: BuriedJob,
    by: By,
    at: DateTime<Utc>,
}

/// Tries a buried job again, now.
#[must_use]
pub fn retry(permit: &Permit<RetryMail>, buried: BuriedJob, now: DateTime<Utc>) -> Retried {
    Retried {
        buried,
        by: permit.by(),
        at: now,
    }
}

impl Retried {
    /// The job as it was buried.
    #[must_use]
    pub const fn buried(&self) -> &BuriedJob {
        &self.buried
    }

    /// When.
    #[must_use]
    pub const fn at(&self) -> DateTime<Utc> {
        self.at
    }
}

impl Audited for Retried {
    fn entry(&self) -> Entry {
        Entry {
            by: self.by.clone(),
            action: Action::JobRetried,
            insured: self.buried.insured,
            object_kind: "job",
            object_id: Some(self.buried.id.uuid()),
            object_label: self.buried.summary(),
            detail: json!({ "attempts": self.buried.attempts, "last_error": self.buried.last_error }),
        }
    }
}
