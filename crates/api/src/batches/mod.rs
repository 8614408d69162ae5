//! Sending to many holders at once: look, start, follow, steer, take out; and the same for a new term.

mod check;
mod download;
mod events;
mod get;
mod list;
mod matching;
mod question;
mod renewal;
mod rows;
mod start;
mod steer;

pub(crate) use events::Progress;

use countersign_domain::authz::Actor;
use countersign_domain::authz::rules::{DownloadBatch, SteerBatch};
use countersign_domain::certificates::batch::{BatchKind, BatchState, Counts, RowState, SteerError};
use countersign_persistence::batches::BatchRecord;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use crate::problem::{Problem, ProblemType, sentence};
use crate::wire::{ChannelWord, DateTime, Utc, wire_enum};

/// Registers the operations on batches.
pub(crate) fn routes(routes: &mut ServiceConfig<'_>) {
    routes
        .service(check::check_batch)
        .service(matching::match_batch_holders)
        .service(renewal::check_renewal)
        .service(question::ask_renewal)
        .service(start::start_batch)
        .service(list::list_batches)
        .service(get::get_batch)
        .service(rows::list_batch_rows)
        .service(events::follow_batch)
        .service(steer::pause_batch)
        .service(steer::resume_batch)
        .service(steer::cancel_batch)
        .service(steer::retry_batch)
        .service(download::download_batch_zip)
        .service(download::download_batch_pdf);
}

wire_enum! {
    /// What a batch is for.
    BatchKindWord for BatchKind { Bulk = "bulk", Renewal = "renewal", }
}

wire_enum! {
    /// Where a batch stands.
    BatchStateWord for BatchState {
        Running = "running",
        Paused = "paused",
        Finished = "finished",
        Cancelled = "cancelled",
    }
}

wire_enum! {
    /// What became of a row: `set_aside` by the truth gate, `not_sent` because the rest was called off.
    BatchRowState for RowState {
        Waiting = "waiting",
        Issued = "issued",
        SetAside = "set_aside",
        Failed = "failed",
        NotSent = "not_sent",
    }
}

/// How many rows are in each state.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = BatchCounts)]
pub(crate) struct CountsView {
    waiting: u32,
    issued: u32,
    set_aside: u32,
    failed: u32,
    not_sent: u32,
    total: u32,
}

impl From<Counts> for CountsView {
    fn from(counts: Counts) -> Self {
        Self {
            waiting: counts.waiting,
            issued: counts.issued,
            set_aside: counts.set_aside,
            failed: counts.failed,
            not_sent: counts.not_sent,
            total: counts.total(),
        }
    }
}

/// The master that a batch sends from, under its name when it was started.
#[derive(Serialize, ToSchema)]
pub(crate) struct BatchMaster {
    id: Uuid,
    name: String,
}

/// A sending to many holders.
#[derive(Serialize, ToSchema)]
#[schema(as = Batch)]
pub(crate) struct BatchView {
    id: Uuid,
    kind: BatchKindWord,
    state: BatchStateWord,
    insured_id: Uuid,
    insured_name: String,
    master: BatchMaster,
    /// For every row; the master's when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    subject: Option<String>,
    message: String,
    /// How the mails carry the pages; absent where each goes as its holder prefers, which its row tells.
    #[serde(skip_serializing_if = "Option::is_none")]
    channel: Option<ChannelWord>,
    /// Whether the files of the endorsements go along that a certificate rests on.
    attach_endorsements: bool,
    counts: CountsView,
    /// Who started it; the name outlives the account.
    started_by_name: String,
    created_at: DateTime<Utc>,
    /// When its state changed last, and by whom.
    state_changed_at: DateTime<Utc>,
    state_changed_by_name: String,
    /// Why it stopped by itself; absent when a person paused it.
    #[serde(skip_serializing_if = "Option::is_none")]
    halted_reason: Option<String>,
    /// What the caller may do now: `pause`, `resume`, `cancel`, `retry`, `download`.
    may: Vec<&'static str>,
}

impl BatchView {
    pub(crate) fn of(record: BatchRecord, actor: &Actor) -> Self {
        let batch = &record.batch;
        let mut may = Vec::new();
        if actor.may::<SteerBatch>(batch) {
            match batch.state {
                BatchState::Running => may.extend(["pause", "cancel"]),
                BatchState::Paused => may.extend(["resume", "cancel"]),
                BatchState::Finished | BatchState::Cancelled => {}
            }
            let rests = matches!(batch.state, BatchState::Paused | BatchState::Finished);
            if rests && batch.counts.to_retry() > 0 {
                may.push("retry");
            }
        }
        let ended = matches!(batch.state, BatchState::Finished | BatchState::Cancelled);
        if ended && batch.counts.issued > 0 && actor.may::<DownloadBatch>(batch) {
            may.push("download");
        }
        Self {
            id: batch.id.uuid(),
            kind: batch.kind.into(),
            state: batch.state.into(),
            insured_id: batch.insured.uuid(),
            insured_name: record.insured_name,
            master: BatchMaster {
                id: batch.master.uuid(),
                name: record.batch.master_name,
            },
            description: record.batch.description,
            subject: record.batch.subject.map(|subject| subject.to_string()),
            message: record.batch.message,
            channel: record.batch.channel.map(Into::into),
            attach_endorsements: record.batch.endorsements,
            counts: record.batch.counts.into(),
            started_by_name: record.started_by_name,
            created_at: record.created_at,
            state_changed_at: record.state_changed_at,
            state_changed_by_name: match record.state_changed_by_name.as_str() {
                "bulk_sender" => "Bulk sending".to_owned(),
                _ => record.state_changed_by_name,
            },
            halted_reason: record.halted_reason.map(|reason| sentence(&reason)),
            may,
        }
    }
}

impl From<SteerError> for Problem {
    fn from(error: SteerError) -> Self {
        match error {
            SteerError::NotAPerson => Self::internal("a batch was steered by nobody"),
            SteerError::WrongState(_) | SteerError::NothingFailed | SteerError::NotEnded => {
                Self::new(ProblemType::WrongBatchState).detail(sentence(&error.to_string()))
            }
        }
    }
}
