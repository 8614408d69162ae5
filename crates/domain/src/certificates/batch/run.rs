//! What the worker writes while a batch runs: the result of each row, and how the batch as a whole went on.

use chrono::{DateTime, Utc};
use serde_json::json;

use super::{Batch, RowState};
use crate::audit::{Action, Audited, Entry};
use crate::authz::rules::RunBatch;
use crate::authz::{By, Permit};
use crate::certificates::delivery::{Channel, Envelope, EnvelopeError};
use crate::certificates::truth::Finding;
use crate::ids::{BatchId, CertificateId, HolderId};
use crate::text::EmailAddress;

/// A row whose turn has come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowInHand {
    /// Its place in the batch.
    pub ordinal: u32,
    /// For whom.
    pub holder: HolderId,
    /// The certificate of the term before.
    pub follows: Option<CertificateId>,
    /// Recipients.
    pub to: Vec<EmailAddress>,
    /// Recipients of a copy.
    pub cc: Vec<EmailAddress>,
    /// How its mail carries the page, as it was settled at the start.
    pub channel: Channel,
}

impl RowInHand {
    /// Who receives it, with the words of the batch.
    ///
    /// # Errors
    /// [`EnvelopeError`]; it was checked at the start, so none is expected.
    pub fn envelope(&self, batch: &Batch) -> Result<Envelope, EnvelopeError> {
        let envelope = Envelope::new(
            self.to.clone(),
            self.cc.clone(),
            batch.subject.clone(),
            &batch.message,
        )?;
        Ok(envelope
            .through(Some(self.channel))
            .with_endorsements(batch.endorsements))
    }
}

/// What became of a row.
#[derive(Clone, Debug, PartialEq)]
pub enum RowResult {
    /// Its certificate was issued.
    Issued(CertificateId),
    /// The gate blocked it.
    SetAside(Vec<Finding>),
    /// It could not be sent, for a reason that stands with it.
    Failed(String),
}

impl RowResult {
    /// The state that it leads to.
    #[must_use]
    pub const fn state(&self) -> RowState {
        match self {
            Self::Issued(_) => RowState::Issued,
            Self::SetAside(_) => RowState::SetAside,
            Self::Failed(_) => RowState::Failed,
        }
    }
}

/// A row was settled.
#[derive(Debug)]
pub struct Settled {
    batch: BatchId,
    ordinal: u32,
    result: RowResult,
    at: DateTime<Utc>,
}

/// Settles a row. Its certificate speaks for itself in the trail; a row without one is counted when the batch ends.
#[must_use]
pub fn settle(permit: &Permit<RunBatch>, row: &RowInHand, result: RowResult, now: DateTime<Utc>) -> Settled {
    Settled {
        batch: permit.id,
        ordinal: row.ordinal,
        result,
        at: now,
    }
}

impl Settled {
    /// Which batch.
    #[must_use]
    pub const fn batch(&self) -> BatchId {
        self.batch
    }

    /// Which row.
    #[must_use]
    pub const fn ordinal(&self) -> u32 {
        self.ordinal
    }

    /// What became of it.
    #[must_use]
    pub const fn result(&self) -> &RowResult {
        &self.result
    }

    /// When.
    #[must_use]
    pub const fn at(&self) -> DateTime<Utc> {
        self.at
    }
}

/// A batch could not go on and waits for somebody to look.
#[derive(Debug)]
pub struct Halted {
    batch: Batch,
    reason: String,
    by: By,
    at: DateTime<Utc>,
}

/// Halts a batch that cannot go on, and says why.
#[must_use]
pub fn halt(permit: Permit<RunBatch>, reason: String, now: DateTime<Utc>) -> Halted {
    let by = permit.by();
    Halted {
        batch: permit.into_target(),
        reason,
        by,
        at: now,
    }
}

impl Halted {
    /// Which batch.
    #[must_use]
    pub const fn batch(&self) -> BatchId {
        self.batch.id
    }

    /// Why.
    #[must_use]
    pub fn reason(&self) -> &str {
        &self.reason
    }

    /// Who halted it.
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

impl Audited for Halted {
    fn entry(&self) -> Entry {
        Entry {
            by: self.by.clone(),
            action: Action::BatchHalted,
            insured: Some(self.batch.insured),
            object_kind: "batch",
            object_id: Some(self.batch.id.uuid()),
            object_label: self.batch.master_name.clone(),
            detail: json!({ "reason": self.reason, "rows": self.batch.counts.waiting }),
        }
    }
}

/// The last row of a batch was settled.
#[derive(Debug)]
pub struct Finished {
    batch: Batch,
    by: By,
    at: DateTime<Utc>,
}

/// Ends a batch that has no row left to send; `None` while one waits.
#[must_use]
pub fn finish(permit: Permit<RunBatch>, now: DateTime<Utc>) -> Option<Finished> {
    if permit.counts.waiting > 0 {
        return None;
    }
    let by = permit.by();
    Some(Finished {
        batch: permit.into_target(),
        by,
        at: now,
    })
}

impl Finished {
    /// Which batch.
    #[must_use]
    pub const fn batch(&self) -> BatchId {
        self.batch.id
    }

    /// When.
    #[must_use]
    pub const fn at(&self) -> DateTime<Utc> {
        self.at
    }
}

impl Audited for Finished {
    fn entry(&self) -> Entry {
        let counts = &self.batch.counts;
        Entry {
            by: self.by.clone(),
            action: Action::BatchFinished,
            insured: Some(self.batch.insured),
            object_kind: "batch",
            object_id: Some(self.batch.id.uuid()),
            object_label: self.batch.master_name.clone(),
            detail: json!({
                "issued": counts.issued, "set_aside": counts.set_aside, "failed": counts.failed,
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::Counts;
    use super::*;
    use crate::authz::Process;
    use crate::testing as cast;

    fn permit(waiting: u32) -> Permit<RunBatch> {
        let counts = Counts {
            waiting,
            issued: 5,
            ..Counts::default()
        };
        let batch = Batch {
            counts,
            ..cast::batch()
        };
        cast::system(Process::BulkSender).request(batch).unwrap()
    }

    #[test]
    fn a_batch_ends_with_its_last_row_and_not_before() {
        assert!(finish(permit(1), cast::now()).is_none());
        let finished = finish(permit(0), cast::now()).unwrap();
        assert_eq!(finished.entry().detail["issued"], 5);
    }

    #[test]
    fn a_halted_batch_says_why() {
        let halted = halt(permit(3), "the sender may no longer send".into(), cast::now());
        let entry = halted.entry();
        assert_eq!(entry.action, Action::BatchHalted);
        assert_eq!(entry.detail["reason"], "the sender may no longer send");
        assert_eq!(entry.by.name, "bulk_sender");
    }
}
