//! Sending to many holders at once: one choice of a master and of words, one row for each holder, and one
//! certificate for each row.
//!
//! Invariant: a row is settled once. A certificate of a batch goes through the same gate as one sent alone, and is
//! written in the transaction that settles its row.

mod run;
mod start;
mod steer;

use crate::authz::Belongs;
use crate::certificates::delivery::Channel;
use crate::ids::{AgencyId, BatchId, InsuredId, MasterId, StaffUserId};
use crate::text::NonBlank;
use crate::vocabulary;
use chrono::{DateTime, Utc};

pub use run::{Finished, Halted, RowInHand, RowResult, Settled, finish, halt, settle};
pub use start::{Facts, Order, OrderRow, StartError, Started, start};
pub use steer::{Downloaded, SteerError, Steered, Steering, cancel, download, pause, resume, retry};

/// At most this many rows: what one person can still look through.
pub const MAX_ROWS: usize = 500;

vocabulary! {
    /// What a batch is for.
    pub enum BatchKind {
        /// One master to many holders.
        Bulk = "bulk",
        /// The new term to those who hold the old one.
        Renewal = "renewal",
    }
}

vocabulary! {
    /// Where a batch stands.
    pub enum BatchState {
        /// Its rows are being sent.
        Running = "running",
        /// Nothing more is sent until somebody lets it go on.
        Paused = "paused",
        /// Every row is settled.
        Finished = "finished",
        /// The rest was called off.
        Cancelled = "cancelled",
    }
}

vocabulary! {
    /// What became of a row.
    pub enum RowState {
        /// Its turn has not come.
        Waiting = "waiting",
        /// Its certificate was issued and its mail queued.
        Issued = "issued",
        /// The truth gate blocked it.
        SetAside = "set_aside",
        /// It could not be sent.
        Failed = "failed",
        /// The batch was called off before its turn.
        NotSent = "not_sent",
    }
}

/// How many rows are in each state.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// See [`RowState::Waiting`].
    pub waiting: u32,
    /// See [`RowState::Issued`].
    pub issued: u32,
    /// See [`RowState::SetAside`].
    pub set_aside: u32,
    /// See [`RowState::Failed`].
    pub failed: u32,
    /// See [`RowState::NotSent`].
    pub not_sent: u32,
}

impl Counts {
    /// All rows.
    #[must_use]
    pub const fn total(&self) -> u32 {
        self.waiting + self.issued + self.set_aside + self.failed + self.not_sent
    }

    /// Those that can be tried again: what was in their way may be gone.
    #[must_use]
    pub const fn to_retry(&self) -> u32 {
        self.failed + self.set_aside
    }

    /// Adds rows of a state.
    pub const fn add(&mut self, state: RowState, rows: u32) {
        match state {
            RowState::Waiting => self.waiting += rows,
            RowState::Issued => self.issued += rows,
            RowState::SetAside => self.set_aside += rows,
            RowState::Failed => self.failed += rows,
            RowState::NotSent => self.not_sent += rows,
        }
    }
}

/// A sending to many holders, as far as deciding about it needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Batch {
    /// The agency.
    pub agency: AgencyId,
    /// Its id.
    pub id: BatchId,
    /// What it is for.
    pub kind: BatchKind,
    /// Whose cover it shows.
    pub insured: InsuredId,
    /// From which master.
    pub master: MasterId,
    /// The master's name when it was started.
    pub master_name: String,
    /// Description of operations for all rows; the master's where there is none.
    pub description: Option<String>,
    /// Subject of the mails; one that names number, insured and holder where there is none.
    pub subject: Option<NonBlank>,
    /// A few words of the sender's own.
    pub message: String,
    /// How the mails carry the pages; as each holder prefers where nobody has said.
    pub channel: Option<Channel>,
    /// Whether the files of the endorsements go along that a certificate rests on.
    pub endorsements: bool,
    /// Where it stands.
    pub state: BatchState,
    /// With whose permissions rows are sent: who started it, or let it go on last.
    pub sender: StaffUserId,
    /// How many rows are in each state.
    pub counts: Counts,
    /// When it was started.
    pub started_at: DateTime<Utc>,
}

impl Belongs for Batch {
    fn agency(&self) -> AgencyId {
        self.agency
    }
}
