//! The rows of a batch, each with its own result.

use actix_web::{get, web};
use countersign_domain::authz::rules::ViewBatch;
use countersign_domain::certificates::delivery::DeliveryState;
use countersign_domain::ids::BatchId;
use countersign_persistence::batches::{self, RowRecord};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::BatchRowState;
use crate::certificates::{DeliveryStateWord, OutcomeWord, outcome};
use crate::context::Caller;
use crate::cursor::Purpose;
use crate::problem::{Problem, Problems, sentence};
use crate::wire::{ChannelWord, DateTime, FindingView, PageInfo, Utc};

/// Which rows.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct RowsQuery {
    /// In this state.
    state: Option<BatchRowState>,
    /// At most this many rows, 20 unless given, 200 at most.
    limit: Option<u32>,
    /// Where the page before ended.
    cursor: Option<String>,
}

/// The newest mail of a row's certificate.
#[derive(Serialize, ToSchema)]
pub(crate) struct BatchRowDelivery {
    state: DeliveryStateWord,
    /// When it was accepted, or else asked for.
    at: DateTime<Utc>,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_error: Option<String>,
    /// What became of it after the relay took it, as far as it was told; the worst of all recipients.
    #[serde(skip_serializing_if = "Option::is_none")]
    outcome: Option<OutcomeWord>,
    /// It was taken back before it left; `state` is `failed`.
    undone: bool,
}

/// A row of a batch.
#[derive(Serialize, ToSchema)]
#[schema(as = BatchRow)]
pub(crate) struct BatchRowView {
    /// Its place, from 1.
    ordinal: u32,
    holder_id: Uuid,
    /// The holder's name when the batch was started.
    holder_name: String,
    to: Vec<String>,
    cc: Vec<String>,
    /// How its mail carries the page, as it was settled when the batch was started.
    channel: ChannelWord,
    state: BatchRowState,
    /// What the truth gate found when the row was set aside.
    findings: Vec<FindingView>,
    /// Why it failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    settled_at: Option<DateTime<Utc>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    certificate_id: Option<Uuid>,
    #[serde(skip_serializing_if = "Option::is_none")]
    certificate_number: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    delivery: Option<BatchRowDelivery>,
}

impl BatchRowView {
    fn of(row: RowRecord) -> Result<Self, Problem> {
        let delivery = row
            .delivery
            .map(|latest| {
                let state: DeliveryState = latest.state.parse().map_err(Problem::internal)?;
                Ok::<_, Problem>(BatchRowDelivery {
                    state: state.into(),
                    at: latest.accepted_at.unwrap_or(latest.queued_at),
                    last_error: latest.last_error,
                    outcome: outcome(latest.outcome.as_deref())?,
                    undone: latest.undone_at.is_some(),
                })
            })
            .transpose()?;
        let (certificate_id, certificate_number) = row.certificate.unzip();
        Ok(Self {
            ordinal: row.ordinal,
            holder_id: row.holder_id,
            holder_name: row.holder_name,
            to: row.to,
            cc: row.cc,
            channel: row.channel.into(),
            state: row.state.into(),
            findings: row.findings.into_iter().map(FindingView::from).collect(),
            reason: row.reason.map(|reason| sentence(&reason)),
            settled_at: row.settled_at,
            certificate_id,
            certificate_number,
            delivery,
        })
    }
}

/// A page of rows.
#[derive(Serialize, ToSchema)]
pub(crate) struct BatchRowPage {
    data: Vec<BatchRowView>,
    page: PageInfo,
}

/// Lists the rows of a batch in their order, each with what became of it.
#[utoipa::path(tag = "batches", params(("batch" = Uuid, Path, description = "The batch's id"), RowsQuery),
    responses((status = 200, body = BatchRowPage), Problems))]
#[get("/v1/batches/{batch}/rows")]
pub(crate) async fn list_batch_rows(
    caller: Caller,
    path: web::Path<Uuid>,
    query: web::Query<RowsQuery>,
) -> Result<web::Json<BatchRowPage>, Problem> {
    let id = BatchId::from_uuid(path.into_inner());
    let page = caller
        .read(async |desk| {
            let permit = batches::find::<ViewBatch>(desk.tx, desk.actor, id).await?;
            let purpose = Purpose::of("batch_rows", desk.actor.agency(), &(id, query.state));
            let request = caller
                .cursors()
                .request(query.limit, query.cursor.as_deref(), &purpose)?;
            let state = query.state.map(Into::into);
            let found = batches::rows(desk.tx, &permit, state, &request).await?;
            let info = caller.cursors().info(&found, &purpose)?;
            let rows = found.rows.into_iter().map(BatchRowView::of);
            Ok::<_, Problem>(BatchRowPage {
                data: rows.collect::<Result<_, _>>()?,
                page: info,
            })
        })
        .await?;
    Ok(web::Json(page))
}
