//! Tasks for staff: a mail came back, and somebody must find the right address or say why not; or an insured answered,
//! and somebody must look at what it said; or a second person refused to lift what blocks a certificate, and whoever
//! asked must learn of it.
//!
//! A certificate and a courtesy notice go to the right address in the act that settles their task. A notice may be sent
//! again from its policy as well, and a question is from its renewal run, which ends their tasks; so does starting the
//! run those about its question.
//!
//! Invariant: a task is settled once, and by whom and how stands with it from then on.

mod dismiss;
mod settle;

use chrono::{DateTime, Utc};

use crate::authz::Belongs;
use crate::ids::{
    AgencyId, ApprovalId, CertificateId, DeliveryId, HolderId, InsuredId, MasterId, NoticeId, PolicyId,
    QuestionId, TaskId,
};
use crate::text::{EmailAddress, TextError};
use crate::vocabulary;

pub use dismiss::{Dismissed, dismiss};
pub use settle::{Settled, WentElsewhere, corrected, settle};

vocabulary! {
    /// Where a task stands.
    pub enum TaskState {
        /// Somebody must do something.
        Open = "open",
        /// It was done.
        Done = "done",
        /// Nothing was done, for a reason.
        Dismissed = "dismissed",
    }
}

vocabulary! {
    /// What a task is about.
    pub enum TaskKind {
        /// A certificate that came back.
        Certificate = "certificate",
        /// A courtesy notice of a cancellation that came back.
        Notice = "notice",
        /// A question to an insured that came back.
        Question = "question",
        /// An insured's answer to a question.
        Answer = "answer",
        /// A request for approval that was declined.
        Declined = "declined",
    }
}

/// From where a mail came back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CameBack {
    /// The address that sent it back.
    pub address: EmailAddress,
    /// What the other side said.
    pub reason: String,
}

/// A certificate that came back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CertificateBack {
    /// Which sending.
    pub delivery: DeliveryId,
    /// Of which certificate.
    pub certificate: CertificateId,
    /// Its number.
    pub number: String,
    /// For whom it is.
    pub holder: HolderId,
    /// The holder's name as printed.
    pub holder_name: String,
    /// From where.
    pub came_back: CameBack,
}

/// A courtesy notice of a cancellation that came back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoticeBack {
    /// Which.
    pub notice: NoticeId,
    /// Of which policy.
    pub policy: PolicyId,
    /// Its number when the notice was sent.
    pub policy_number: String,
    /// Whom it tells.
    pub holder: HolderId,
    /// The holder's name when the notice was sent.
    pub holder_name: String,
    /// From where.
    pub came_back: CameBack,
}

/// What a task is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum About {
    /// A certificate that came back.
    Certificate(CertificateBack),
    /// A courtesy notice of a cancellation that came back.
    Notice(NoticeBack),
    /// A question to an insured that came back.
    Question {
        /// Which.
        question: QuestionId,
        /// About the holders of which master.
        master: MasterId,
        /// From where.
        came_back: CameBack,
    },
    /// An insured's answer to a question.
    Answer {
        /// To which.
        question: QuestionId,
        /// About the holders of which master.
        master: MasterId,
        /// Who answered, as they wrote it.
        name: String,
        /// How many holders still need a certificate.
        wanted: usize,
        /// About how many it was asked.
        holders: usize,
        /// What else was said; possibly nothing.
        note: String,
    },
    /// A request for approval that was declined.
    Declined {
        /// Which.
        request: ApprovalId,
        /// For whom the certificate was to be, by name.
        holder_name: String,
        /// Who asked.
        asked_by: String,
        /// Who declined.
        declined_by: String,
        /// Why.
        reason: String,
    },
}

impl About {
    /// Its kind.
    #[must_use]
    pub const fn kind(&self) -> TaskKind {
        match self {
            Self::Certificate(_) => TaskKind::Certificate,
            Self::Notice(_) => TaskKind::Notice,
            Self::Question { .. } => TaskKind::Question,
            Self::Answer { .. } => TaskKind::Answer,
            Self::Declined { .. } => TaskKind::Declined,
        }
    }

    /// From where a mail came back; nowhere for an answer and a declined request.
    #[must_use]
    pub const fn came_back(&self) -> Option<&CameBack> {
        match self {
            Self::Certificate(CertificateBack { came_back, .. })
            | Self::Notice(NoticeBack { came_back, .. })
            | Self::Question { came_back, .. } => Some(came_back),
            Self::Answer { .. } | Self::Declined { .. } => None,
        }
    }
}

/// Something that staff must do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Task {
    /// The agency.
    pub agency: AgencyId,
    /// Its id.
    pub id: TaskId,
    /// Where it stands.
    pub state: TaskState,
    /// Whose cover it is about.
    pub insured: InsuredId,
    /// The insured's name when the mail was sent.
    pub insured_name: String,
    /// What it is about.
    pub about: About,
    /// Since when.
    pub created_at: DateTime<Utc>,
}

impl Belongs for Task {
    fn agency(&self) -> AgencyId {
        self.agency
    }
}

/// Why a task could not be settled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TaskError {
    /// Somebody did it already.
    #[error("somebody has settled this already")]
    SettledAlready,
    /// The reason is empty or too long.
    #[error("{0}")]
    Reason(TextError),
    /// It is the address that the mail came back from.
    #[error("is the address that the mail came back from")]
    SameAddress,
    /// It is about a question or an answer, so nothing is sent again from here.
    #[error("only a certificate and a courtesy notice are sent to another address from here")]
    NotSentFromHere,
}

impl Task {
    fn still_open(&self) -> Result<(), TaskError> {
        match self.state {
            TaskState::Open => Ok(()),
            TaskState::Done | TaskState::Dismissed => Err(TaskError::SettledAlready),
        }
    }
}
