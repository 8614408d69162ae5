//! Tasks for staff: a mail came back, and somebody must find the right address or say why not.
//!
//! Invariant: a task is settled once, and by whom and how stands with it from then on.

mod dismiss;
mod settle;

use chrono::{DateTime, Utc};

use crate::authz::Belongs;
use crate::ids::{AgencyId, CertificateId, DeliveryId, HolderId, InsuredId, TaskId};
use crate::text::{EmailAddress, TextError};
use crate::vocabulary;

pub use dismiss::{Dismissed, dismiss};
pub use settle::{Settled, corrected, settle};

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

/// A mail that came back from an address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Task {
    /// The agency.
    pub agency: AgencyId,
    /// Its id.
    pub id: TaskId,
    /// Where it stands.
    pub state: TaskState,
    /// Which sending came back.
    pub delivery: DeliveryId,
    /// Of which certificate.
    pub certificate: CertificateId,
    /// Its number.
    pub number: String,
    /// Whose cover it shows.
    pub insured: InsuredId,
    /// The insured's name as printed.
    pub insured_name: String,
    /// For whom it is.
    pub holder: HolderId,
    /// The holder's name as printed.
    pub holder_name: String,
    /// The address that sent it back.
    pub address: EmailAddress,
    /// What the other side said.
    pub reason: String,
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
}

impl Task {
    fn still_open(&self) -> Result<(), TaskError> {
        match self.state {
            TaskState::Open => Ok(()),
            TaskState::Done | TaskState::Dismissed => Err(TaskError::SettledAlready),
        }
    }
}
