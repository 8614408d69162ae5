//! Asking for the records to be written.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, post, web};
use countersign_domain::authz::rules::RunImports;
use countersign_domain::ids::{ImportId, JobId};
use countersign_domain::imports::run::apply;
use countersign_persistence::{agencies, imports};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::ImportView;
use crate::context::Caller;
use crate::idempotency::IdempotencyKey;
use crate::problem::{Problem, Problems};

/// What to do about faulty rows.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ApplyBody {
    /// Whether to leave faulty rows out. Without it an import with a fault is refused as a whole.
    take_good_rows: bool,
}

/// Has the good rows written by the worker. Rows that say nothing new change nothing, so importing a file
/// twice is harmless. Poll the import for its progress.
#[utoipa::path(tag = "imports", params(IdempotencyKey, ("import" = Uuid, Path, description = "The import's id")),
    request_body = ApplyBody, responses((status = 202, body = ImportView), Problems))]
#[post("/v1/imports/{import}/apply")]
pub(crate) async fn apply_import(
    caller: Caller,
    path: web::Path<Uuid>,
    body: web::Json<ApplyBody>,
) -> Result<HttpResponse, Problem> {
    let id = ImportId::from_uuid(path.into_inner());
    let job = JobId::from_uuid(caller.fresh_id());
    let now = caller.now();
    caller
        .once(StatusCode::ACCEPTED, &*body, async |desk| {
            let permit = agencies::find::<RunImports>(desk.tx, desk.actor).await?;
            let import = imports::lock(desk.tx, &permit, id).await?;
            let requested = apply(&permit, &import, body.take_good_rows)?;
            imports::record_apply_requested(desk.tx, &requested, job, now, now).await?;
            Ok(ImportView::of(&imports::find(desk.tx, &permit, id).await?))
        })
        .await
}
