//! Asking.

use chrono::{DateTime, Utc};
use serde_json::json;

use super::{AskedHolder, QUESTION_LIFE};
use crate::audit::{Action, Audited, Entry};
use crate::authz::rules::AskRenewal;
use crate::authz::{By, Permit};
use crate::certificates::delivery::Envelope;
use crate::certificates::master::Master;
use crate::ids::{InsuredId, JobId, MasterId, QuestionId};
use crate::jobs::Job;

/// Whom to ask and about whom.
#[derive(Clone, Debug)]
pub struct Wish {
    /// Who at the insured is asked, with the agency's own words.
    pub envelope: Envelope,
    /// The master whose holders it is about; loaded through the permit.
    pub master: Master,
    /// Those who hold a certificate from it.
    pub holders: Vec<AskedHolder>,
}

/// Why nobody was asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AskError {
    /// Nobody holds a certificate from the master.
    #[error("nobody holds a certificate from this master, so there is nothing to ask")]
    NoHolders,
    /// The master is another insured's.
    #[error("the master certificate is not one of this insured's")]
    MasterUnknown,
}

/// The insured was asked.
#[derive(Debug)]
pub struct Asked {
    id: QuestionId,
    insured: InsuredId,
    insured_name: String,
    wish: Wish,
    job: (JobId, Job),
    by: By,
    at: DateTime<Utc>,
}

/// Asks the insured. The link in the mail is made when it is mailed.
///
/// # Errors
/// [`AskError`].
pub fn ask(
    permit: Permit<AskRenewal>,
    wish: Wish,
    (id, job): (QuestionId, JobId),
    now: DateTime<Utc>,
) -> Result<Asked, AskError> {
    if wish.master.insured != permit.id {
        return Err(AskError::MasterUnknown);
    }
    if wish.holders.is_empty() {
        return Err(AskError::NoHolders);
    }
    Ok(Asked {
        id,
        insured: permit.id,
        insured_name: permit.profile.name.to_string(),
        wish,
        job: (job, Job::MailRenewalQuestion { question: id }),
        by: permit.by(),
        at: now,
    })
}

impl Asked {
    /// Its id.
    #[must_use]
    pub const fn id(&self) -> QuestionId {
        self.id
    }

    /// Who was asked.
    #[must_use]
    pub const fn insured(&self) -> InsuredId {
        self.insured
    }

    /// The insured's name.
    #[must_use]
    pub fn insured_name(&self) -> &str {
        &self.insured_name
    }

    /// About whose holders.
    #[must_use]
    pub const fn master(&self) -> MasterId {
        self.wish.master.id
    }

    /// Whom the mail goes to, and with which words.
    #[must_use]
    pub const fn envelope(&self) -> &Envelope {
        &self.wish.envelope
    }

    /// The holders.
    #[must_use]
    pub fn holders(&self) -> &[AskedHolder] {
        &self.wish.holders
    }

    /// Until when it can be answered.
    #[must_use]
    pub fn expires_at(&self) -> DateTime<Utc> {
        self.at + QUESTION_LIFE
    }

    /// The job that mails it.
    #[must_use]
    pub const fn job(&self) -> &(JobId, Job) {
        &self.job
    }

    /// Who asked.
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

impl Audited for Asked {
    fn entry(&self) -> Entry {
        Entry {
            by: self.by.clone(),
            action: Action::RenewalAsked,
            insured: Some(self.insured),
            object_kind: "master",
            object_id: Some(self.wish.master.id.uuid()),
            object_label: self.wish.master.selection.name.to_string(),
            detail: json!({ "to": self.wish.envelope.to(), "rows": self.wish.holders.len() }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing as cast;

    fn asked(holders: Vec<AskedHolder>) -> Result<Asked, AskError> {
        let wish = Wish {
            envelope: Envelope::new(
                vec![cast::email("office@aldercreek.example.com")],
                Vec::new(),
                None,
                "",
            )
            .unwrap(),
            master: cast::master(&cast::policies()),
            holders,
        };
        let ids = (cast::question().id, JobId::from_uuid(uuid::Uuid::from_u128(1)));
        ask(
            cast::administrator().request(cast::insured()).unwrap(),
            wish,
            ids,
            cast::now(),
        )
    }

    #[test]
    fn a_question_lives_two_weeks_and_its_job_names_nothing_but_it() {
        let asked = asked(cast::question().holders).unwrap();
        assert_eq!(asked.expires_at(), cast::now() + QUESTION_LIFE);
        let question = asked.id();
        assert_eq!(asked.job().1, Job::MailRenewalQuestion { question });
        assert_eq!(asked.entry().detail["rows"], 2);
    }

    #[test]
    fn nobody_is_asked_about_nobody() {
        assert_eq!(asked(Vec::new()).unwrap_err(), AskError::NoHolders);
    }
}
