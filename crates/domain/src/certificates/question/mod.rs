//! Asking the insured, before a renewal run, which holders still need a certificate.
//!
//! ```text
//! asked → answered | replaced by a newer question; expiry is computed
//! ```
//!
//! Invariants: the holders that were shown stand with the question, so that an answer means what was looked at; it is
//! answered once. An answer proposes and decides nothing: who gets a certificate is the agency's decision.

mod answer;
mod ask;

use chrono::{DateTime, TimeDelta, Utc};

use crate::authz::Belongs;
use crate::ids::{AgencyId, HolderId, InsuredId, MasterId, QuestionId};

pub use answer::{Answer, AnswerError, Answered, answer};
pub use ask::{AskError, Asked, Wish, ask};

/// How long a question can be answered.
pub const QUESTION_LIFE: TimeDelta = TimeDelta::days(14);

/// Longest note of an answer, in characters.
pub const MAX_NOTE: usize = 1_000;

/// A holder as the insured is asked about it: by name and city only.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AskedHolder {
    /// Which.
    pub id: HolderId,
    /// Its name when it was asked.
    pub name: String,
    /// Its city when it was asked.
    pub city: String,
}

/// What ended a question.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Closed {
    /// It was answered.
    #[error("this question was answered already")]
    Answered,
    /// A newer one took its place.
    #[error("a newer question has taken the place of this one")]
    Replaced,
    /// Its time is over.
    #[error("the time to answer this question is over")]
    Expired,
}

/// A question as far as answering it needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// The agency.
    pub agency: AgencyId,
    /// Its id.
    pub id: QuestionId,
    /// Who was asked.
    pub insured: InsuredId,
    /// The insured's name when it was asked.
    pub insured_name: String,
    /// About whose holders.
    pub master: MasterId,
    /// The agency's own words, possibly none.
    pub message: String,
    /// The holders that were asked about, in the order shown.
    pub holders: Vec<AskedHolder>,
    /// Until when it can be answered.
    pub expires_at: DateTime<Utc>,
    /// When it was answered.
    pub answered_at: Option<DateTime<Utc>>,
    /// When a newer one took its place.
    pub replaced_at: Option<DateTime<Utc>>,
}

impl Belongs for Question {
    fn agency(&self) -> AgencyId {
        self.agency
    }
}

impl Question {
    /// Whether it can be answered.
    ///
    /// # Errors
    /// [`Closed`].
    pub fn open(&self, now: DateTime<Utc>) -> Result<(), Closed> {
        if self.answered_at.is_some() {
            Err(Closed::Answered)
        } else if self.replaced_at.is_some() {
            Err(Closed::Replaced)
        } else if self.expires_at <= now {
            Err(Closed::Expired)
        } else {
            Ok(())
        }
    }
}
