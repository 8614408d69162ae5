//! What people do with a batch after it was started: halt it, let it go on, call the rest off, try what failed
//! again, take its certificates out.
//!
//! Invariant: what was sent stays sent, whatever is done with the rest.

use chrono::{DateTime, Utc};
use serde_json::json;

use super::{Batch, BatchState};
use crate::audit::{Action, Audited, Entry};
use crate::authz::rules::{DownloadBatch, SteerBatch};
use crate::authz::{Actor, By, Permit};
use crate::ids::{BatchId, JobId, StaffUserId};
use crate::jobs::Job;

/// What was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Steering {
    /// Nothing more is sent for now.
    Paused,
    /// It goes on.
    Resumed,
    /// The rows that wait are not sent.
    Cancelled,
    /// The rows that failed or were set aside wait again.
    Retried,
}

/// Why nothing was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SteerError {
    /// The batch is in another state than this needs.
    #[error("{}", told(*.0))]
    WrongState(BatchState),
    /// No row failed or was set aside.
    #[error("no row of this batch failed or was set aside")]
    NothingFailed,
    /// The batch is under way, so its certificates are not all there.
    #[error("wait until the batch has ended, then take its certificates out")]
    NotEnded,
    /// A process cannot be asked later what it may.
    #[error("a batch is sent by a person of the agency")]
    NotAPerson,
}

const fn told(state: BatchState) -> &'static str {
    match state {
        BatchState::Running => "the batch is being sent",
        BatchState::Paused => "the batch is paused",
        BatchState::Finished => "the batch is finished",
        BatchState::Cancelled => "the rest of the batch was called off",
    }
}

/// A batch was steered.
#[derive(Debug)]
pub struct Steered {
    batch: Batch,
    act: Steering,
    sender: Option<StaffUserId>,
    job: Option<(JobId, Job)>,
    by: By,
    at: DateTime<Utc>,
}

/// Halts a batch: the row that is being sent is sent to its end, and no further one.
///
/// # Errors
/// [`SteerError::WrongState`] unless it is running.
pub fn pause(permit: Permit<SteerBatch>, now: DateTime<Utc>) -> Result<Steered, SteerError> {
    if permit.state != BatchState::Running {
        return Err(SteerError::WrongState(permit.state));
    }
    Ok(steered(permit, Steering::Paused, None, None, now))
}

/// Lets a halted batch go on, with the permissions of who says so.
///
/// # Errors
/// [`SteerError::WrongState`] unless it is paused.
pub fn resume(permit: Permit<SteerBatch>, job: JobId, now: DateTime<Utc>) -> Result<Steered, SteerError> {
    if permit.state != BatchState::Paused {
        return Err(SteerError::WrongState(permit.state));
    }
    let sender = person(&permit)?;
    Ok(steered(permit, Steering::Resumed, Some(sender), Some(job), now))
}

/// Calls off what was not sent yet.
///
/// # Errors
/// [`SteerError::WrongState`] when the batch has ended.
pub fn cancel(permit: Permit<SteerBatch>, now: DateTime<Utc>) -> Result<Steered, SteerError> {
    match permit.state {
        BatchState::Running | BatchState::Paused => Ok(steered(permit, Steering::Cancelled, None, None, now)),
        ended @ (BatchState::Finished | BatchState::Cancelled) => Err(SteerError::WrongState(ended)),
    }
}

/// Puts the rows that failed or were set aside, and only those, into the line again, where each passes the gate anew.
///
/// # Errors
/// [`SteerError`] while the batch runs, after it was called off, and when there is no such row.
pub fn retry(permit: Permit<SteerBatch>, job: JobId, now: DateTime<Utc>) -> Result<Steered, SteerError> {
    match permit.state {
        BatchState::Finished | BatchState::Paused => {}
        other @ (BatchState::Running | BatchState::Cancelled) => return Err(SteerError::WrongState(other)),
    }
    if permit.counts.to_retry() == 0 {
        return Err(SteerError::NothingFailed);
    }
    let sender = person(&permit)?;
    Ok(steered(permit, Steering::Retried, Some(sender), Some(job), now))
}

fn person(permit: &Permit<SteerBatch>) -> Result<StaffUserId, SteerError> {
    match permit.actor() {
        Actor::Staff(staff) => Ok(staff.id),
        Actor::Portal(_) | Actor::System { .. } => Err(SteerError::NotAPerson),
    }
}

fn steered(
    permit: Permit<SteerBatch>,
    act: Steering,
    sender: Option<StaffUserId>,
    job: Option<JobId>,
    at: DateTime<Utc>,
) -> Steered {
    let by = permit.by();
    let batch = permit.into_target();
    Steered {
        job: job.map(|id| (id, Job::SendBatch { batch: batch.id })),
        batch,
        act,
        sender,
        by,
        at,
    }
}

impl Steered {
    /// Which batch.
    #[must_use]
    pub const fn batch(&self) -> BatchId {
        self.batch.id
    }

    /// What was done.
    #[must_use]
    pub const fn act(&self) -> Steering {
        self.act
    }

    /// Who sends from now on, where that changes.
    #[must_use]
    pub const fn sender(&self) -> Option<StaffUserId> {
        self.sender
    }

    /// The job that goes on with it.
    #[must_use]
    pub const fn job(&self) -> Option<&(JobId, Job)> {
        self.job.as_ref()
    }

    /// Who did it.
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

impl Audited for Steered {
    fn entry(&self) -> Entry {
        let counts = &self.batch.counts;
        let (action, rows) = match self.act {
            Steering::Paused => (Action::BatchPaused, counts.waiting),
            Steering::Resumed => (Action::BatchResumed, counts.waiting),
            Steering::Cancelled => (Action::BatchCancelled, counts.waiting),
            Steering::Retried => (Action::BatchRetried, counts.to_retry()),
        };
        Entry {
            by: self.by.clone(),
            action,
            insured: Some(self.batch.insured),
            object_kind: "batch",
            object_id: Some(self.batch.id.uuid()),
            object_label: self.batch.master_name.clone(),
            detail: json!({ "rows": rows, "issued": counts.issued }),
        }
    }
}

/// The certificates of a batch were taken out as one file.
#[derive(Debug)]
pub struct Downloaded {
    batch: Batch,
    form: &'static str,
    by: By,
}

/// Takes the certificates of a batch that has ended out as one file, of the form `zip` or `pdf`.
///
/// # Errors
/// [`SteerError::NotEnded`].
pub fn download(permit: Permit<DownloadBatch>, form: &'static str) -> Result<Downloaded, SteerError> {
    match permit.state {
        BatchState::Finished | BatchState::Cancelled => {}
        BatchState::Running | BatchState::Paused => return Err(SteerError::NotEnded),
    }
    let by = permit.by();
    Ok(Downloaded {
        batch: permit.into_target(),
        form,
        by,
    })
}

impl Audited for Downloaded {
    fn entry(&self) -> Entry {
        Entry {
            by: self.by.clone(),
            action: Action::BatchDownloaded,
            insured: Some(self.batch.insured),
            object_kind: "batch",
            object_id: Some(self.batch.id.uuid()),
            object_label: self.batch.master_name.clone(),
            detail: json!({ "form": self.form, "certificates": self.batch.counts.issued }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::Counts;
    use super::*;
    use crate::testing as cast;

    fn permit(state: BatchState, failed: u32) -> Permit<SteerBatch> {
        let counts = Counts {
            waiting: 3,
            issued: 2,
            failed,
            ..Counts::default()
        };
        let batch = Batch {
            state,
            counts,
            ..cast::batch()
        };
        cast::administrator().request(batch).unwrap()
    }

    fn job() -> JobId {
        JobId::from_uuid(uuid::Uuid::from_u128(7))
    }

    #[test]
    fn only_what_runs_is_halted_and_only_what_is_halted_goes_on() {
        use BatchState::{Cancelled, Finished, Paused, Running};
        for state in [Running, Paused, Finished, Cancelled] {
            let (paused, resumed) = (
                pause(permit(state, 0), cast::now()),
                resume(permit(state, 0), job(), cast::now()),
            );
            assert_eq!(paused.is_ok(), state == Running, "{state}");
            assert_eq!(resumed.is_ok(), state == Paused, "{state}");
            let cancelled = cancel(permit(state, 0), cast::now());
            assert_eq!(cancelled.is_ok(), matches!(state, Running | Paused), "{state}");
        }
    }

    #[test]
    fn who_lets_it_go_on_sends_the_rest() {
        let resumed = resume(permit(BatchState::Paused, 0), job(), cast::now()).unwrap();
        assert_eq!(
            resumed.sender().map(StaffUserId::uuid),
            cast::administrator().by().id
        );
        assert!(resumed.job().is_some());
        assert_eq!(resumed.entry().action, Action::BatchResumed);
        let paused = pause(permit(BatchState::Running, 0), cast::now()).unwrap();
        assert!(paused.job().is_none() && paused.sender().is_none());
    }

    #[test]
    fn a_retry_takes_failed_rows_and_needs_some() {
        let retried = retry(permit(BatchState::Finished, 4), job(), cast::now()).unwrap();
        assert_eq!(retried.entry().detail["rows"], 4);
        assert_eq!(
            retry(permit(BatchState::Finished, 0), job(), cast::now()).unwrap_err(),
            SteerError::NothingFailed
        );
        // What blocked a row may have been put right.
        let mut blocked = permit(BatchState::Finished, 0).into_target();
        blocked.counts.set_aside = 3;
        let retried = retry(
            cast::administrator().request(blocked).unwrap(),
            job(),
            cast::now(),
        )
        .unwrap();
        assert_eq!(retried.entry().detail["rows"], 3);
        for state in [BatchState::Running, BatchState::Cancelled] {
            assert_eq!(
                retry(permit(state, 4), job(), cast::now()).unwrap_err(),
                SteerError::WrongState(state)
            );
        }
    }
}
