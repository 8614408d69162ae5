//! Asking for a check.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, post, web};
use countersign_domain::authz::rules::RunImports;
use countersign_domain::ids::{ImportId, JobId};
use countersign_domain::imports::run::check;
use countersign_persistence::{agencies, imports};
use uuid::Uuid;

use super::ImportView;
use crate::context::Caller;
use crate::idempotency::IdempotencyKey;
use crate::problem::{Problem, Problems};

/// Has every row read and judged by the worker; nothing is written. Poll the import for its progress.
#[utoipa::path(tag = "imports", params(IdempotencyKey, ("import" = Uuid, Path, description = "The import's id")),
    responses((status = 202, body = ImportView), Problems))]
#[post("/v1/imports/{import}/check")]
pub(crate) async fn check_import(caller: Caller, path: web::Path<Uuid>) -> Result<HttpResponse, Problem> {
    let id = ImportId::from_uuid(path.into_inner());
    let job = JobId::from_uuid(caller.fresh_id());
    let now = caller.now();
    caller
        .once(StatusCode::ACCEPTED, &(), async |desk| {
            let permit = agencies::find::<RunImports>(desk.tx, desk.actor).await?;
            let import = imports::lock(desk.tx, &permit, id).await?;
            let requested = check(&permit, &import)?;
            imports::record_check_requested(desk.tx, &requested, job, now, now).await?;
            Ok(ImportView::of(&imports::find(desk.tx, &permit, id).await?))
        })
        .await
}
