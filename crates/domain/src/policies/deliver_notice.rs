//! What became of one attempt to mail a courtesy notice.
//!
//! Invariant: a notice is [`Accepted`] only by the relay's own word.

use chrono::{DateTime, Utc};
use serde_json::json;

use crate::audit::{Action, Audited, Entry};
use crate::authz::rules::MailQueued;
use crate::authz::{By, Permit};
use crate::ids::{InsuredId, NoticeId, PolicyId};
use crate::text::EmailAddress;

/// One attempt, taken up and counted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attempt {
    /// Which notice.
    pub notice: NoticeId,
    /// Counts the attempts, from 1.
    pub number: u32,
    /// An earlier attempt ended before the relay's answer was read, so this one may be a second copy.
    pub after_unanswered: bool,
    /// Of which policy.
    pub policy: PolicyId,
    /// Its number when the notice was sent.
    pub policy_number: String,
    /// Whose policy it is.
    pub insured: InsuredId,
    /// Whom it tells.
    pub holder: String,
    /// Recipients.
    pub to: Vec<EmailAddress>,
}

/// The relay accepted the notice.
#[derive(Debug)]
pub struct Accepted {
    attempt: Attempt,
    by: By,
    at: DateTime<Utc>,
}

/// The notice is not tried again unless a person says so.
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
pub fn accepted(permit: &Permit<MailQueued>, attempt: Attempt, at: DateTime<Utc>) -> Accepted {
    Accepted {
        attempt,
        by: permit.by(),
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

fn entry(attempt: &Attempt, by: &By, action: Action, reason: Option<&str>) -> Entry {
    Entry {
        by: by.clone(),
        action,
        insured: Some(attempt.insured),
        object_kind: "policy",
        object_id: Some(attempt.policy.uuid()),
        object_label: attempt.policy_number.clone(),
        detail: json!({
            "notice": attempt.notice,
            "holder": attempt.holder,
            "to": attempt.to,
            "reason": reason,
        }),
    }
}

impl Audited for Accepted {
    fn entry(&self) -> Entry {
        entry(&self.attempt, &self.by, Action::CourtesyNoticeAccepted, None)
    }
}

impl Audited for GivenUp {
    fn entry(&self) -> Entry {
        let reason = Some(self.reason.as_str());
        entry(&self.attempt, &self.by, Action::CourtesyNoticeFailed, reason)
    }
}
