//! Halting a batch, letting it go on, calling the rest off, trying what failed again.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, post, web};
use countersign_domain::authz::Permit;
use countersign_domain::authz::rules::SteerBatch;
use countersign_domain::certificates::batch::{SteerError, Steered, cancel, pause, resume, retry};
use countersign_domain::ids::{BatchId, JobId};
use countersign_persistence::batches;
use uuid::Uuid;

use super::BatchView;
use super::start::view;
use crate::context::Caller;
use crate::idempotency::IdempotencyKey;
use crate::problem::{Problem, Problems};

async fn steer(
    caller: Caller,
    id: Uuid,
    act: impl FnOnce(Permit<SteerBatch>) -> Result<Steered, SteerError>,
) -> Result<HttpResponse, Problem> {
    let id = BatchId::from_uuid(id);
    caller
        .once(StatusCode::OK, &(), async |mut desk| {
            let permit = batches::lock::<SteerBatch>(desk.tx, desk.actor, id).await?;
            let steered = act(permit)?;
            batches::record_steered(desk.tx, &steered).await?;
            view(&mut desk, id).await
        })
        .await
}

/// Halts a batch. The row that is being sent is sent to its end; what was sent stays sent.
#[utoipa::path(tag = "batches", params(IdempotencyKey, ("batch" = Uuid, Path, description = "The batch's id")),
    responses((status = 200, body = BatchView), Problems))]
#[post("/v1/batches/{batch}/pause")]
pub(crate) async fn pause_batch(caller: Caller, path: web::Path<Uuid>) -> Result<HttpResponse, Problem> {
    let now = caller.now();
    steer(caller, path.into_inner(), |permit| pause(permit, now)).await
}

/// Lets a halted batch go on. The rest is sent in the name and with the permissions of who lets it.
#[utoipa::path(tag = "batches", params(IdempotencyKey, ("batch" = Uuid, Path, description = "The batch's id")),
    responses((status = 200, body = BatchView), Problems))]
#[post("/v1/batches/{batch}/resume")]
pub(crate) async fn resume_batch(caller: Caller, path: web::Path<Uuid>) -> Result<HttpResponse, Problem> {
    let (now, job) = (caller.now(), JobId::from_uuid(caller.fresh_id()));
    steer(caller, path.into_inner(), |permit| resume(permit, job, now)).await
}

/// Calls off the rows of a batch that were not sent yet. What was sent stays sent.
#[utoipa::path(tag = "batches", params(IdempotencyKey, ("batch" = Uuid, Path, description = "The batch's id")),
    responses((status = 200, body = BatchView), Problems))]
#[post("/v1/batches/{batch}/cancel")]
pub(crate) async fn cancel_batch(caller: Caller, path: web::Path<Uuid>) -> Result<HttpResponse, Problem> {
    let now = caller.now();
    steer(caller, path.into_inner(), |permit| cancel(permit, now)).await
}

/// Sends the rows of a batch that failed or were set aside, and only those, once more. Each passes the truth gate anew.
#[utoipa::path(tag = "batches", params(IdempotencyKey, ("batch" = Uuid, Path, description = "The batch's id")),
    responses((status = 200, body = BatchView), Problems))]
#[post("/v1/batches/{batch}/retry")]
pub(crate) async fn retry_batch(caller: Caller, path: web::Path<Uuid>) -> Result<HttpResponse, Problem> {
    let (now, job) = (caller.now(), JobId::from_uuid(caller.fresh_id()));
    steer(caller, path.into_inner(), |permit| retry(permit, job, now)).await
}
